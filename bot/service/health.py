"""How this program does: whether it turns, whether it can work, whether all is well.

Three questions, each a list of what speaks against it, by a key that names the thing and no person: ``hung`` (nothing but a
restart helps), ``unready`` (it cannot work now), ``unwell`` (something that should have been done was not).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.service.connections import Connection
from bot.service.cranks import Cranks
from bot.wiring import House
from db import clock, migrate
from db.session import StoreError
from jobs import vitals
from jobs.vitals import Vitals
from jobs.watch import LATE, STUCK

HUNG = 300.0
"""Real seconds without a sign of life after which a crank hangs."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was wrong at one look, and what the store showed; None where it could not be asked."""

    wrong: tuple[str, ...]
    vitals: Vitals | None = None


class Health:
    """Looks at the program, its store and its services; the looks read the store and belong into a thread."""

    def __init__(
        self,
        house: House,
        cranks: Cranks,
        connections: Sequence[Connection],
        worker: str,
        monotonic: Callable[[], float],
    ) -> None:
        """``worker`` is this program's name in leases; ``monotonic`` tells real seconds."""
        self._house, self.cranks, self._connections = house, cranks, connections
        self.worker, self._monotonic = worker, monotonic

    def now(self) -> datetime:
        """Return the present instant of the house's clock, in UTC."""
        return self._house.now()

    def hung(self) -> tuple[str, ...]:
        """Return the cranks that have given no sign of life for too long; asks nobody."""
        return tuple(f"crank:{name}" for name in self.cranks.silent_for(HUNG, self._monotonic()))

    def unready(self) -> tuple[str, ...]:
        """Return what keeps this program from working now."""
        try:
            stands = migrate.stands(self._house.store) and not self.cranks.is_outdated
        except StoreError:
            return (*self._of_the_program(), "store")
        return self._of_the_program() if stands else (*self._of_the_program(), "schema")

    def check(self) -> Checked:
        """Look at everything; what speaks against it that all is well, and the store's figures."""
        wrong = self.unready()
        try:
            found = self.vitals()
        except StoreError:
            return Checked(wrong)
        now = self._house.now()
        late = ("late",) if found.late > self._slack(LATE) else ()
        stuck = tuple(
            f"queue:{channel}"
            for channel, queue in sorted({**found.untaken, **found.queues}.items())
            if channel in self._house.channels
            and max(queue.age(now), found.untaken.get(channel, queue).age(now)) > self._slack(STUCK)
        )
        return Checked((*wrong, *late, *stuck), found)

    def vitals(self) -> Vitals:
        """Return what the store shows; raise ``StoreError`` where it cannot be asked."""
        with self._house.store.read() as session:
            return vitals.look(session, self._house.now(), clock.shared(session))

    @property
    def gave_way(self) -> int:
        """How often a transaction of this program had to give way to another since it started."""
        return self._house.store.gave_way

    def _of_the_program(self) -> tuple[str, ...]:
        failing = tuple(f"crank:{name}" for name in self.cranks.failing)
        away = tuple(f"channel:{one.service.name}" for one in self._connections if not (one.works or one.standby))
        return (*self.hung(), *(key for key in failing if key not in self.hung()), *away)

    def _slack(self, real: timedelta) -> timedelta:
        """Return how much of the house's time goes by in so much real time."""
        return real * self.cranks.speed
