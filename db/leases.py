"""Leases: what only one program may use at a time, and since when it did not work; and which programs live.

Instants here are real ones, also where the store lives on a virtual clock: connections know no other time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from db import locking
from db.models import Lease

LIFE = timedelta(seconds=9)
"""How long a lease holds that is not renewed; a program that was killed is followed by the next one after that."""


_PROGRAM = "program:"
"""How the leases are called that programs hold on nothing but their own life."""


class Ended(Exception):
    """Somebody lost the thing for good after we began to wait; the message says why, in one line."""


def acquire(session: Session, name: str, holder: str, now: datetime, since: datetime) -> bool:
    """Take the lease, or renew it; tell whether ``holder`` has it now. Call it in a writing transaction.

    ``since`` is when this holder began; raise ``Ended`` where another lost the thing for good after that.
    """
    lease = locking.first_or_found(session, Lease(name=name, holder=holder, until=now + LIFE))
    if lease.ended_at is not None and lease.ended_at >= since and lease.holder != holder:
        raise Ended(lease.ended_why or "")
    if lease.holder != holder and lease.until > now:
        return False
    lease.holder, lease.until = holder, now + LIFE
    lease.ended_at = lease.ended_why = None
    return True


def release(session: Session, name: str, holder: str, now: datetime) -> None:
    """Let the next one have it at once."""
    lease = session.get(Lease, name, with_for_update={"key_share": True})
    if lease is not None and lease.holder == holder:
        lease.until = now


def end(session: Session, name: str, holder: str, now: datetime, why: str) -> None:
    """Say that the thing was lost for good, so that who waits for it does not try either."""
    lease = session.get(Lease, name, with_for_update={"key_share": True})
    if lease is not None and lease.holder == holder:
        lease.until, lease.ended_at, lease.ended_why = now, now, why


def seen(session: Session, name: str, now: datetime) -> timedelta | None:
    """Note that the thing works now; return for how long it had not, None where it never had."""
    lease = session.get_one(Lease, name, with_for_update={"key_share": True})
    gap = None if lease.seen_at is None else now - lease.seen_at
    lease.seen_at = now
    return gap


def held(session: Session, now: datetime) -> list[Lease]:
    """Return the leases that somebody holds now."""
    query = select(Lease).where(col(Lease.until) > now, ~_IS_OF_A_PROGRAM).order_by(Lease.name)
    return list(session.exec(query))


_IS_OF_A_PROGRAM = col(Lease.name).startswith(_PROGRAM, autoescape=True)


def lives(session: Session, worker: str, now: datetime) -> bool:
    """Write down that a program lives, for another ``LIFE``; call it in a writing transaction.

    Tell whether nobody took it for gone since its last sign of life: False for the first one, and after it was buried.
    """
    was_there = session.get(Lease, _PROGRAM + worker, with_for_update={"key_share": True}) is not None
    session.merge(Lease(name=_PROGRAM + worker, holder=worker, until=now + LIFE))
    return was_there


@dataclass(slots=True)
class Life:
    """For how long a program has lived without a break, in seconds of a clock that only ever grows."""

    since: float = inf
    last: float = -inf

    def goes_on(self, at: float, *, unbroken: bool) -> None:
        """Take down a sign of life that was begun ``at`` and is in the store now; ``unbroken`` as ``lives`` tells."""
        self.since, self.last = self.since if unbroken else at, at

    def has_lasted(self, since: float, now: float) -> bool:
        """Tell whether nobody took it for gone from ``since`` on, nor can for a moment yet."""
        return self.since <= since and now - self.last <= LIFE.total_seconds() * SURELY


SURELY = 0.6
"""For how much of its lease a program relies on it: the rest is for what it begins now."""


def living(session: Session, now: datetime) -> int:
    """Count the programs that live."""
    return session.exec(select(func.count()).where(_IS_OF_A_PROGRAM, col(Lease.until) > now)).one()


def bury(session: Session, now: datetime, worker: str) -> list[str]:
    """Return the other programs that gave no sign of life in time, each to one caller only.

    What they had taken on is nobody's then. One that merely hung comes back to life with its next sign.
    """
    gone = select(Lease).where(_IS_OF_A_PROGRAM, col(Lease.until) <= now, Lease.holder != worker)
    dead = session.exec(gone.with_for_update(key_share=True, skip_locked=True)).all()
    for lease in dead:
        session.delete(lease)
    return sorted(lease.holder for lease in dead)


def leaves(session: Session, worker: str) -> None:
    """Write down that a program ended as it should: it leaves nothing behind."""
    session.execute(delete(Lease).where(_IS_OF_A_PROGRAM, col(Lease.holder) == worker))
