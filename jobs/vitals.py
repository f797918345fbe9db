"""How the program does, as the store shows it: whether planning is late, what waits on each channel and since when, what
never arrived, who holds a lease, who waits for a lock.

Who watches from outside reads the same figures as the watch itself (`jobs.watch`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import exists, text
from sqlmodel import Session, col, func, select

from db import leases, outbox
from db.models import Assignment, Chat, Delivery, Notice
from db.words import DeliveryState, NoticeKind

TROUBLED = (DeliveryState.UNKNOWN, DeliveryState.FAILED, DeliveryState.NO_ROUTE)
"""What has not arrived, or nobody knows whether it has, and a person may have to look at."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What may go out on a channel and has not: how much, and since when the first of it could have (None: unknown)."""

    count: int
    since: datetime | None = None

    def age(self, now: datetime) -> timedelta:
        """Return how long the first of it waits."""
        return max(now - self.since, timedelta()) if self.since is not None else timedelta()


@dataclass(frozen=True, slots=True)
class Vitals:
    """One look: ``late`` is how long the first assignment waits to be planned; ``held`` who holds which lease; ``blocked``
    how many wait for a lock of the database's (0 where it cannot tell), ``programs`` how many run on the store; ``untaken`` is by
    channel what waits, also for its next try, while the service has taken nothing since the first of it was to go out.
    """

    late: timedelta
    queues: Mapping[str, Queue]
    troubled: Mapping[DeliveryState, int]
    held: Mapping[str, str]
    blocked: int
    programs: int
    untaken: Mapping[str, Queue] = field(default_factory=dict)


def look(session: Session, now: datetime, real: datetime) -> Vitals:
    """Look once; ``now`` is the clock that people live by, ``real`` the one of leases and waits."""
    states = select(Notice.state, func.count()).where(col(Notice.state).in_(TROUBLED)).group_by(col(Notice.state))
    counts = {DeliveryState(state): count for state, count in session.exec(states).all()}
    return Vitals(
        late=late(session, now),
        queues=waiting(session, now, real),
        troubled={state: counts.get(state, 0) for state in TROUBLED},
        held={lease.name: lease.holder for lease in leases.held(session, real)},
        blocked=_blocked(session),
        programs=leases.living(session, real),
        untaken={
            channel: queue
            for channel, queue in waiting(session, now, real, tried=True).items()
            if queue.since is not None and not has_sent(session, channel, queue.since)
        },
    )


def late(session: Session, now: datetime) -> timedelta:
    """Return how long the first assignment waits to be planned."""
    first = session.exec(select(func.min(Assignment.next_action_at)).where(col(Assignment.next_action_at) <= now)).one()
    return now - first if first is not None else timedelta()


def waiting(session: Session, now: datetime, real: datetime, *, tried: bool = False) -> dict[str, Queue]:
    """Return by channel what may go out now and has not; alarms of our own do not count.

    With ``tried`` also what a service did not take and waits for its next try: one that cannot be reached takes nothing.
    """
    query = (
        select(Chat.channel, func.count(), func.min(Notice.not_before))
        .select_from(Notice)
        .join(Chat, col(Chat.id) == Notice.chat_id)
        .where(
            col(Notice.state).in_(outbox.WAITING),
            Notice.not_before <= now,
            col(Chat.dead_why).is_(None),
            *([] if tried else [outbox.is_over(col(Notice.retry_at), real)]),
            outbox.is_over(col(Chat.not_before), now),
            outbox.is_taken(real),
            Notice.kind != NoticeKind.FAILURE,
        )
        .group_by(Chat.channel)
    )
    queues = {channel: Queue(count, since) for channel, count, since in session.exec(query).all()}
    for channel, count in outbox.stale_by_channel(session, now, real).items():
        notices = queues.get(channel, Queue(0))
        queues[channel] = Queue(notices.count + count, notices.since)
    return queues


def has_sent(session: Session, channel: str, since: datetime) -> bool:
    """Tell whether a channel's service has taken anything since an instant."""
    sent = exists().where(
        col(Delivery.at) >= since,
        col(Delivery.outcome) == DeliveryState.SENT,
        col(Delivery.chat_id) == col(Chat.id),
        col(Chat.channel) == channel,
    )
    return bool(session.scalar(select(sent)))


def _blocked(session: Session) -> int:
    """Count who waits for a lock on PostgreSQL; SQLite has one writer, and whoever waits there waits in its own program."""
    if session.get_bind().dialect.name != "postgresql":
        return 0
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND (database IS NULL OR database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
    return int(session.connection().execute(text(query)).scalar_one())
