"""Who reads the board: by the sign-in that their link gave them, with the rights that their ranks give them now."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from db import ledger, register
from db.ledger import Which
from db.models import Person
from db.register import Held, passes
from db.words import Purpose, Rank


class Outside(Exception):
    """Whoever asks has not signed in, or may read nothing any more."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: all of it where ``units`` is None, else what is of those units.

    ``person`` is None for whoever is at this machine, where nobody need sign in. ``coordinates`` and ``leads`` are the
    ranks that they hold for the whole office.
    """

    person: Person | None
    units: frozenset[int] | None
    coordinates: bool = False
    leads: bool = False

    @property
    def name(self) -> str:
        """What they are called, "" of whoever is at this machine."""
        return self.person.name if self.person is not None else ""

    @property
    def reads_all(self) -> bool:
        """Tell whether every unit's tasks are theirs to read."""
        return self.units is None

    def among(self, unit: int | None) -> tuple[int, ...] | None:
        """Return the units to which a reading is narrowed that asks for one, or for all that there are; None for all."""
        if self.units is None:
            return None if unit is None else (unit,)
        return tuple(self.units) if unit is None else tuple(self.units & {unit})

    def may_read(self, session: Session, which: Which) -> bool:
        """Tell whether any of these assignments is theirs to read."""
        return any(self.units is None or line.unit.id in self.units for line in ledger.lines(session, which))


AT_THIS_MACHINE = Reader(None, None)
"""Who reaches a page that only this machine reaches: they could read the store itself."""


class Readers:
    """Knows readers by the key that their browser brings."""

    def __init__(self, *, is_open: bool) -> None:
        """Where it ``is_open``, who brings no key is at this machine, and reads all."""
        self._is_open = is_open

    def of(self, session: Session, key: str, now: datetime) -> Reader:
        """Return who reads; raise ``Outside`` for who may not."""
        held = passes.holding(session, Purpose.SESSION, key, now)
        reader = as_ranked(session, session.get_one(Person, held.person_id)) if held is not None else None
        if reader is None and not self._is_open:
            raise Outside
        return reader or AT_THIS_MACHINE


def as_ranked(session: Session, person: Person) -> Reader | None:
    """Return what a person may read by their ranks, None for nothing: as in a private chat with the bot."""
    ranks = register.ranks(session, person)
    coordinates, leads = Held(Rank.COORDINATOR) in ranks, Held(Rank.LEADER) in ranks
    units = frozenset(held.unit_id for held in ranks if held.unit_id is not None)
    if coordinates or leads:
        return Reader(person, None, coordinates, leads)
    return Reader(person, units) if units else None
