"""Which notices are tried now, by whom, and when the next ones are."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import case, func, or_, update
from sqlmodel import Session, col, select

from db.models import Chat, Notice
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
    """A notice that was leased: only what the claim itself looked at, so that a row that cannot be read hinders no other."""

    id: int
    chat_id: int
    channel: str


@dataclass(frozen=True, slots=True)
class Room:
    """How many notices a channel takes now, and whether an urgent call finds a slot of its own beside them."""

    slots: int
    urgent: bool = False


def claim(
    session: Session, now: datetime, worker: str, limit: int = 1, free: Callable[[str], int] | None = None,
    rooms: Mapping[str, Room] | None = None, real: datetime | None = None,
) -> list[Claimed]:  # fmt: skip
    """Lease notices that may be sent at ``now``, the most urgent first; call it in a writing transaction.

    At most one a chat, and none of a chat to which something is on its way, so that a chat hears things in their
    order. With ``rooms`` each channel is asked for by itself and gives as many as it has room for, so that one that hangs
    or is full keeps no other waiting; without, up to ``limit`` of all together. ``free`` says how many a channel's own
    pace lets out. Leases and waits for a service run in ``real`` time, the same as ``now`` where none is given. On
    PostgreSQL rows that another worker holds are skipped; SQLite has one writer at a time.
    """
    real = real or now
    due = _due(now, real)
    claimed: list[Claimed] = []
    if rooms is None:
        claimed = _pick(session, due, limit, free)
    else:
        for channel, room in rooms.items():
            theirs = due.where(Chat.channel == channel)
            if room.slots > 0:
                claimed += _pick(session, theirs, room.slots, free)
            elif room.urgent:
                claimed += _pick(session, theirs.where(Notice.kind == NoticeKind.URGENT), 1, free)
    _lease(session, claimed, worker, real)
    return claimed


def claim_elsewhere(
    session: Session, now: datetime, worker: str, channels: Iterable[str], limit: int, real: datetime
) -> list[Claimed]:
    """Lease notices that are for none of these ``channels``, to say of them why they wait."""
    claimed = _pick(session, _due(now, real).where(col(Chat.channel).not_in(list(channels))), limit, None)
    _lease(session, claimed, worker, real)
    return claimed


def _due(now: datetime, real: datetime) -> Any:
    flying = select(Notice.chat_id).where(
        Notice.state == DeliveryState.SENDING, col(Notice.lease_until).between(real, real + STRANGE_LEASE)
    )
    return (
        select(Notice.id, Notice.chat_id, Chat.channel)
        .join(Chat, col(Chat.id) == Notice.chat_id)
        .where(
            col(Notice.state).in_(WAITING),
            Notice.not_before <= now,
            is_over(col(Notice.retry_at), real),
            or_(
                col(Notice.lease_until).is_(None),
                col(Notice.lease_until) < real,
                col(Notice.lease_until) > real + STRANGE_LEASE,
            ),
            is_over(col(Chat.not_before), now),
            is_taken(real),
            col(Notice.chat_id).not_in(flying),
        )
        .order_by(col(Notice.priority), col(Notice.id))
        .with_for_update(key_share=True, skip_locked=True, of=Notice)
    )


def is_over(until: Any, moment: datetime) -> Any:
    """Tell whether a wait is over at ``moment``; one that is longer than any of ours holds nobody."""
    return or_(until.is_(None), until <= moment, until > moment + LONGEST_WAIT)


def is_taken(real: datetime) -> Any:
    """Tell whether a chat's service takes messages; what a clock that ran ahead wrote down holds nobody."""
    asked: Any = func.coalesce(col(Chat.retry_from), col(Chat.retry_at))
    return or_(col(Chat.retry_at).is_(None), col(Chat.retry_at) <= real, asked > real + LONGEST_WAIT)


def _pick(session: Session, due: Any, limit: int, free: Callable[[str], int] | None) -> list[Claimed]:
    picked: dict[int, Claimed] = {}
    left: dict[str, int] = {}
    for row in session.execute(due.limit(limit * LOOK_FURTHER)):
        one = Claimed(*row)
        if one.channel not in left:
            left[one.channel] = free(one.channel) if free else limit
        if len(picked) < limit and left[one.channel] > 0 and one.chat_id not in picked:
            picked[one.chat_id] = one
            left[one.channel] -= 1
    return list(picked.values())


def _lease(session: Session, claimed: Sequence[Claimed], worker: str, real: datetime) -> None:
    if claimed:
        session.execute(
            update(Notice)
            .where(col(Notice.id).in_([one.id for one in claimed]))
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
    waits = [col(Notice.not_before), col(Chat.not_before)]
    query = select(Notice.id).join(Chat, col(Chat.id) == Notice.chat_id).where(col(Notice.state).in_(WAITING))
    if real is None:
        waits += [col(Notice.retry_at), col(Chat.retry_at)]
    else:
        query = query.where(is_over(col(Notice.retry_at), real), is_taken(real))
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
        update(Notice)
        .where(col(Notice.leased_by) == worker, col(Notice.state).in_(WAITING))
        .values(lease_until=None, leased_by=None)
    )
