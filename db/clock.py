"""The one module that reads the clock. Everything else is handed ``now``, aware and in UTC."""

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def passed() -> float:
    """Return real seconds that go on whatever is done to the machine's clock, and where the system tells it also while it sleeps."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(boot) if boot is not None else time.monotonic()


class Clock(Protocol):
    """Something that tells the time; never goes back."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""


class WallClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


def shared(session: "Session") -> datetime:
    """Return the real time that all programs on one store share (UTC): leases and waits are judged by it.

    Machines' clocks differ, PostgreSQL has one; a store in SQLite has one machine. It goes on within a transaction.
    """
    if session.get_bind().dialect.name != "postgresql":
        return WallClock().now()
    from sqlalchemy import func, select  # who reads the clock and has no store need not load it

    moment: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return aware(moment)


class VirtualClock:
    """A clock that stands where it was put; rehearsals, tests and virtual stores turn it."""

    def __init__(self, start: datetime) -> None:
        """Stand at ``start`` (aware)."""
        self._now = aware(start)

    def now(self) -> datetime:
        """Return the instant at which the clock stands, in UTC."""
        return self._now

    def turn_to(self, instant: datetime) -> None:
        """Go forward to ``instant`` (aware); an earlier one leaves the clock where it is."""
        self._now = max(self._now, aware(instant))


class FastClock:
    """A clock that starts at a given instant and runs ``speed`` times as fast as the machine's."""

    def __init__(self, start: datetime, speed: float) -> None:
        """Start at ``start`` (aware) now; ``speed`` is virtual seconds a real second."""
        self._start = aware(start)
        self._speed = speed
        self._began = datetime.now(UTC)

    def now(self) -> datetime:
        """Return the virtual instant, aware, in UTC."""
        elapsed: timedelta = datetime.now(UTC) - self._began
        return self._start + elapsed * self._speed


def aware(instant: datetime) -> datetime:
    """Return ``instant`` in UTC; raise ``ValueError`` when it carries no zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone means nothing here; give an offset")
    return instant.astimezone(UTC)
