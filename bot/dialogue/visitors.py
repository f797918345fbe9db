"""Visitors: who speaks, in which chat, and what they stand for there."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from bot.channels.incoming import Incoming
from db import register
from db.history import Actor
from db.ledger import Line
from db.models import Chat, Person, Unit
from db.register import Held
from db.words import ChatRole, Rank


@dataclass(frozen=True, slots=True, eq=False)
class Visitor:
    """A person in a chat, with what they stand for there.

    ``units`` are the units they act for, ``led`` those that they lead and may read about; ``steers`` tells whether
    they act as a coordinator here, ``leads`` as a leader of the whole.
    """

    person: Person
    chat: Chat
    units: tuple[Unit, ...]
    ranks: frozenset[Held]
    message: str | None = None
    led: tuple[Unit, ...] = ()
    granted: dict[int, Line] = field(default_factory=dict)
    """What they were given to act on in this transaction, locked since: nothing about it can have changed."""

    @property
    def steers(self) -> bool:
        """Coordinators act in their room and in private; in a unit's chat nobody steers."""
        return Held(Rank.COORDINATOR) in self.ranks and self.chat.role in (None, ChatRole.COORDINATORS)

    @property
    def leads(self) -> bool:
        """Leaders of the whole act in their room, in the coordinators' room and in private."""
        return Held(Rank.LEADER) in self.ranks and self.chat.role is not ChatRole.UNIT

    @property
    def reads(self) -> tuple[Unit, ...]:
        """The units whose tasks they may look at: their own, and those that they lead."""
        return self.units + tuple(unit for unit in self.led if unit not in self.units)

    @property
    def actor(self) -> Actor:
        """The visitor as the history records them."""
        return Actor(self.person.name, self.person.id, self.chat.id, self.message)


def greet(session: Session, incoming: Incoming) -> Visitor | None:
    """Find out who speaks and where; None where the chat is not bound and the person is nobody known.

    Of a stranger nothing is written down.
    """
    chat, known, ranks = register.meet(session, _meeting(incoming))
    if (chat is None or chat.role is None) and not ranks:
        return None
    if incoming.private and ranks:
        chat = register.ensure_chat(session, incoming.channel, incoming.chat, incoming.chat_title)
        chat.person_id, chat.dead_why = known.id if known else None, None
    if chat is None:
        return None
    person = known
    if person is None or person.nameless:
        person = register.person_of(session, incoming.accounts, incoming.person, incoming.person_name)
    return _visitor(session, incoming, chat, person, ranks)


def greet_ahead(session: Session, waiting: Sequence[Incoming]) -> None:
    """Find out at once who speaks and where in all of these; who is new is written down before anybody acts."""
    register.meet_ahead(session, [_meeting(one) for one in waiting])
    for one in waiting:
        visitor = greet(session, one)
        if visitor is not None:
            register.met(session, _meeting(one), register.Met(visitor.chat, visitor.person, visitor.ranks))


def known(session: Session, incoming: Incoming) -> Visitor | None:
    """Find out who speaks without writing anything down; None also where the person's name is still to be told."""
    chat, person, ranks = register.meet(session, _meeting(incoming))
    if chat is None or person is None or person.nameless:
        return None
    return _visitor(session, incoming, chat, person, ranks) if chat.role is not None or ranks else None


def _meeting(incoming: Incoming) -> register.Meeting:
    """Return where an update meets whom."""
    return register.Meeting(incoming.channel, incoming.chat, incoming.accounts, incoming.person)


def _visitor(session: Session, incoming: Incoming, chat: Chat, person: Person, ranks: frozenset[Held]) -> Visitor:
    units = tuple(register.units_of(session, chat.id)) if chat.role is ChatRole.UNIT else ()
    if chat.role is None:
        units = tuple(register.units_held(session, person, Rank.CONTACT))
    led = () if chat.role is ChatRole.UNIT else tuple(register.units_held(session, person, Rank.LEADER))
    return Visitor(person, chat, units, ranks, incoming.message_id or incoming.external_id, led)
