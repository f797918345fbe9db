"""Which notices are tried now, by whom, and when the next ones are."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import case, func, literal, or_, union_all, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from db.kinds import EDIT_PRIORITY
from db.models import Chat, Message, Notice
from db.outbox.states import WAITING
from db.words import DeliveryState, NoticeKind

LEASE = timedelta(seconds=60)
"""How long a claim holds, in real time; longer than any channel's own time-out."""


STRANGE_LEASE = 5 * LEASE
"""A lease that runs longer than this from now was given by a clock that ran ahead, and holds nobody."""


LONGEST_WAIT = timedelta(minutes=70)
"""No wait of our own is longer: an hour's pace, or an hour's back-off with what spreads it. What is said to wait longer
comes of a clock that ran ahead, and waits no more."""


LONGEST_ASKED = timedelta(days=1)
"""So long a service is left alone that asks for it; one that wants longer is asked once a day."""


BEGUN = -1
"""What has begun is finished first: the later parts of a message in several."""


LOOK_FURTHER = 8
"""How many more rows than wanted a claim looks at, since it takes one a chat."""


class Claimed(NamedTuple):
    """A notice that was leased, or a message that is to be changed: only what the claim itself looked at, so that a row
    that cannot be read hinders no other."""

    id: int
    chat_id: int
    channel: str
    priority: int
    is_change: bool


@dataclass(frozen=True, slots=True)
class Room:
    """How many notices a channel takes now, and whether an urgent call finds a slot of its own beside them."""

    slots: int
    urgent: bool = False


def claim(
    session: Session,
    now: datetime,
    worker: str,
    limit: int = 1,
    free: Callable[[str], int] | None = None,
    rooms: Mapping[str, Room] | None = None,
    real: datetime | None = None,
) -> list[Claimed]:
    """Lease notices that may be sent at ``now``, the most urgent first; call it in a writing transaction.

    At most one a chat, and none of a chat to which something is on its way, so that a chat hears things in their
    order. With ``rooms`` each channel is asked for by itself and gives as many as it has room for, so that one that hangs
    or is full keeps no other waiting; without, up to ``limit`` of all together. ``free`` says how many a channel's own
    pace lets out. Leases and waits for a service run in ``real`` time, the same as ``now`` where none is given. On
    PostgreSQL rows that another worker holds are skipped; SQLite has one writer at a time.
    """
    real = real or now
    due, stale = _due(now, real), _stale(now, real)
    claimed: list[Claimed] = []
    if rooms is None:
        claimed = _pick(session, [due, stale], limit, free)
    else:
        for channel, room in rooms.items():
            theirs = Chat.channel == channel
            if room.slots > 0:
                claimed += _pick(session, [due.where(theirs), stale.where(theirs)], room.slots, free)
            elif room.urgent:
                claimed += _pick(session, [due.where(theirs, Notice.kind == NoticeKind.URGENT)], 1, free)
    _lease(session, claimed, worker, real)
    return claimed


def claim_elsewhere(
    session: Session, now: datetime, worker: str, channels: Iterable[str], limit: int, real: datetime
) -> list[Claimed]:
    """Lease notices that are for none of these ``channels``, to say of them why they wait."""
    claimed = _pick(session, [_due(now, real).where(col(Chat.channel).not_in(list(channels)))], limit, None)
    _lease(session, claimed, worker, real)
    return claimed


def _due(now: datetime, real: datetime) -> Any:
    return (
        select_columns(
            col(Notice.id),
            col(Notice.chat_id),
            col(Chat.channel),
            col(Notice.priority).label("priority"),
            literal(False),
        )
        .join(Chat, col(Chat.id) == Notice.chat_id)
        .where(
            col(Notice.state).in_(WAITING),
            col(Notice.not_before) <= now,
            is_over(col(Notice.retry_at), real),
            _is_unleased(col(Notice.lease_until), real),
            is_over(col(Chat.not_before), now),
            is_taken(real),
            col(Notice.chat_id).not_in(_flying(real)),
        )
        .order_by(col(Notice.priority), col(Notice.id))
        .with_for_update(key_share=True, skip_locked=True, of=Notice)
    )


def _stale(now: datetime, real: datetime) -> Any:
    """Return the messages that are to be changed, as ``_due`` does notices."""
    return (
        select_columns(col(Message.id), col(Message.chat_id), col(Chat.channel), literal(EDIT_PRIORITY), literal(True))
        .join(Chat, col(Chat.id) == Message.chat_id)
        .where(
            *_waits_for_change(),
            col(Message.not_before) <= now,
            is_over(col(Message.retry_at), real),
            _is_unleased(col(Message.lease_until), real),
            is_over(col(Chat.not_before), now),
            is_taken(real),
            col(Message.chat_id).not_in(_flying(real)),
        )
        .order_by(col(Message.id))
        .with_for_update(key_share=True, skip_locked=True, of=Message)
    )


def _waits_for_change() -> list[Any]:
    return [col(Message.stale_since).is_not(None), col(Message.out_at).is_not(None), col(Message.changing).is_(False)]


def _flying(real: datetime) -> Any:
    """Return the chats to which something is on its way, a message or the change of one."""
    sent = select(Notice.chat_id).where(
        Notice.state == DeliveryState.SENDING, col(Notice.lease_until).between(real, real + STRANGE_LEASE)
    )
    changed = select(Message.chat_id).where(
        col(Message.changing), col(Message.lease_until).between(real, real + STRANGE_LEASE)
    )
    return union_all(sent, changed)


def _is_unleased(until: Any, real: datetime) -> Any:
    return or_(until.is_(None), until < real, until > real + STRANGE_LEASE)


def is_over(until: Any, moment: datetime) -> Any:
    """Tell whether a wait is over at ``moment``; one that is longer than any of ours holds nobody."""
    return or_(until.is_(None), until <= moment, until > moment + LONGEST_WAIT)


def is_taken(real: datetime) -> Any:
    """Tell whether a chat's service takes messages; what a clock that ran ahead wrote down holds nobody."""
    asked: Any = func.coalesce(col(Chat.retry_from), col(Chat.retry_at))
    return or_(col(Chat.retry_at).is_(None), col(Chat.retry_at) <= real, asked > real + LONGEST_WAIT)


def _pick(session: Session, due: Sequence[Any], limit: int, free: Callable[[str], int] | None) -> list[Claimed]:
    picked: dict[int, Claimed] = {}
    left: dict[str, int] = {}
    found = [Claimed(*row) for query in due for row in session.execute(query.limit(limit * LOOK_FURTHER))]
    for one in sorted(found, key=lambda one: one.priority):  # each query's rows are in their order
        if one.channel not in left:
            left[one.channel] = free(one.channel) if free else limit
        if len(picked) < limit and left[one.channel] > 0 and one.chat_id not in picked:
            picked[one.chat_id] = one
            left[one.channel] -= 1
    return list(picked.values())


def _lease(session: Session, claimed: Sequence[Claimed], worker: str, real: datetime) -> None:
    for table, is_change in ((Notice, False), (Message, True)):
        ids = [one.id for one in claimed if one.is_change is is_change]
        if ids:
            session.execute(
                update(table)
                .where(col(table.id).in_(ids))
                .values(lease_until=real + LEASE, leased_by=worker)
                .execution_options(synchronize_session=False)
            )


def next_at(
    session: Session, channels: Sequence[str] | None = None, real: datetime | None = None, now: datetime | None = None
) -> datetime | None:
    """Return when the first waiting notice may go out, as far as its own time and its chat's tell.

    Only what is for these ``channels`` counts. With ``real`` the waits for a service run on another clock than ``now``
    and the rest, and what still waits for one does not count.
    """
    times = (
        _next_of(session, table, channels, real, now, waiting)
        for table, waiting in ((Notice, [col(Notice.state).in_(WAITING)]), (Message, _waits_for_change()))
    )
    return min((time for time in times if time is not None), default=None)


def _next_of(
    session: Session,
    table: type[Notice] | type[Message],
    channels: Sequence[str] | None,
    real: datetime | None,
    now: datetime | None,
    waiting: Sequence[Any],
) -> datetime | None:
    waits = [col(table.not_before), col(Chat.not_before)]
    query = select(table.id).join(Chat, col(Chat.id) == table.chat_id).where(*waiting)
    if real is None:
        waits += [col(table.retry_at), col(Chat.retry_at)]
    else:
        query = query.where(is_over(col(table.retry_at), real), is_taken(real))
    if now is not None:
        query = query.where(or_(col(Chat.not_before).is_(None), col(Chat.not_before) <= now + LONGEST_WAIT))
    if channels is not None:
        query = query.where(col(Chat.channel).in_(list(channels)))
    later: Any = waits[0]
    for wait in waits[1:]:
        later = case((wait > later, wait), else_=later)
    found: datetime | None = session.execute(query.with_only_columns(func.min(later))).scalar_one()
    return found


def abandoned(session: Session, real: datetime, flying: Collection[int] = ()) -> list[int]:
    """Return notices that were being sent when their worker went away: nobody knows whether they arrived.

    ``flying`` are those that the asking worker itself has on their way. Leases run in ``real`` time.
    """
    query = select(Notice.id).where(
        Notice.state == DeliveryState.SENDING,
        or_(col(Notice.lease_until) < real, col(Notice.lease_until) > real + STRANGE_LEASE),
        col(Notice.id).not_in(list(flying)),
    )
    return [number or 0 for number in session.exec(query.with_for_update(key_share=True, skip_locked=True))]


def lease_free(session: Session, worker: str) -> None:
    """Give back what a worker had claimed and not begun to send, so that a clean stop delays nothing."""
    session.execute(
        update(Message)
        .where(col(Message.leased_by) == worker, col(Message.changing).is_(False))
        .values(lease_until=None, leased_by=None)
    )
    session.execute(
        update(Notice)
        .where(col(Notice.leased_by) == worker, col(Notice.state).in_(WAITING))
        .values(lease_until=None, leased_by=None)
    )


def stale_by_channel(session: Session, now: datetime, real: datetime) -> Counter[str]:
    """Count by channel the messages that may be changed now and have not been; alarms like ours do not count."""
    query = (
        select_columns(col(Chat.channel), func.count())
        .select_from(Message)
        .join(Chat, col(Chat.id) == Message.chat_id)
        .join(Notice, col(Notice.id) == Message.notice_id)
        .where(
            *_waits_for_change(),
            col(Message.not_before) <= now,
            col(Chat.dead_why).is_(None),
            is_over(col(Message.retry_at), real),
            is_over(col(Chat.not_before), now),
            is_taken(real),
            col(Notice.kind) != NoticeKind.FAILURE,
        )
        .group_by(col(Chat.channel))
    )
    return Counter({channel: count for channel, count in session.execute(query)})  # noqa: C416 - rows are no pairs
