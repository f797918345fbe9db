"""Which notices are tried now, by whom, and when the next ones are."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, case, func, literal, or_, union_all, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from db.kinds import EDIT_PRIORITY
from db.many import among
from db.models import IS_CHANGING, Chat, Message, Notice, UtcDateTime, table_of
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
    times = _times(now, real)
    claimed: list[Claimed] = []
    if rooms is None:
        claimed = _pick(session, [_DUE, _STALE], times, limit, free)
    else:
        for channel, room in rooms.items():
            theirs = times | {"channel": channel}
            if room.slots > 0:
                claimed += _pick(session, [_DUE_THERE, _STALE_THERE], theirs, room.slots, free)
            elif room.urgent:
                claimed += _pick(session, [_URGENT_THERE], theirs, 1, free)
    _lease(session, claimed, worker, real)
    return claimed


def claim_elsewhere(
    session: Session, now: datetime, worker: str, channels: Iterable[str], limit: int, real: datetime
) -> list[Claimed]:
    """Lease notices that are for none of these ``channels``, to say of them why they wait."""
    elsewhere = _times(now, real) | {"channels": list(channels)}
    claimed = _pick(session, [_DUE_ELSEWHERE], elsewhere, limit, None)
    _lease(session, claimed, worker, real)
    return claimed


_NOTICE, _MESSAGE, _CHAT = table_of(Notice), table_of(Message), table_of(Chat)

_NOW, _REAL, _BEYOND_LEASES, _BEYOND_WAITS, _BEYOND_WAITS_FOR_A_SERVICE = (
    bindparam(name, type_=UtcDateTime()) for name in ("now", "real", "leased_beyond", "waits_beyond", "asked_beyond")
)


def _times(now: datetime, real: datetime) -> dict[str, Any]:
    """Return the times that the statements below take: what runs beyond the last three was written by a clock that ran ahead."""
    return {
        "now": now,
        "real": real,
        "leased_beyond": real + STRANGE_LEASE,
        "waits_beyond": now + LONGEST_WAIT,
        "asked_beyond": real + LONGEST_WAIT,
    }


def _may_go(table: Any) -> list[Any]:
    """Return what must hold of a notice, or of a message that is to be changed, and of its chat."""
    row, chat = table.c, _CHAT.c
    return [
        row.not_before <= _NOW,
        _is_over(row.retry_at, _REAL, _BEYOND_WAITS_FOR_A_SERVICE),
        or_(row.lease_until.is_(None), row.lease_until < _REAL, row.lease_until > _BEYOND_LEASES),
        _is_over(chat.not_before, _NOW, _BEYOND_WAITS),
        _is_taken(_REAL, _BEYOND_WAITS_FOR_A_SERVICE),
        row.chat_id.not_in(_FLYING),
    ]


_FLYING = union_all(
    select_columns(_NOTICE.c.chat_id).where(
        _NOTICE.c.state == DeliveryState.SENDING, _NOTICE.c.lease_until.between(_REAL, _BEYOND_LEASES)
    ),
    select_columns(_MESSAGE.c.chat_id).where(IS_CHANGING, _MESSAGE.c.lease_until.between(_REAL, _BEYOND_LEASES)),
)
"""The chats to which something is on its way, a message or the change of one."""


def _is_over(until: Any, moment: Any, beyond: Any) -> Any:
    return or_(until.is_(None), until <= moment, until > beyond)


def _is_taken(real: Any, beyond: Any) -> Any:
    chat = _CHAT.c
    return or_(chat.retry_at.is_(None), chat.retry_at <= real, func.coalesce(chat.retry_from, chat.retry_at) > beyond)


_DUE: Select[Any] = (
    select_columns(_NOTICE.c.id, _NOTICE.c.chat_id, _CHAT.c.channel, _NOTICE.c.priority, literal(False))
    .join(_CHAT, _CHAT.c.id == _NOTICE.c.chat_id)
    .where(_NOTICE.c.state.in_(WAITING), *_may_go(_NOTICE))
    .order_by(_NOTICE.c.priority, _NOTICE.c.id)
    .limit(bindparam("most"))
    .with_for_update(key_share=True, skip_locked=True, of=_NOTICE)
)
"""The notices that may go out now, the most urgent first."""

_IS_STALE = [_MESSAGE.c.stale_since.is_not(None), _MESSAGE.c.out_at.is_not(None), _MESSAGE.c.changing.is_(False)]

_STALE: Select[Any] = (
    select_columns(_MESSAGE.c.id, _MESSAGE.c.chat_id, _CHAT.c.channel, literal(EDIT_PRIORITY), literal(True))
    .join(_CHAT, _CHAT.c.id == _MESSAGE.c.chat_id)
    .where(*_IS_STALE, *_may_go(_MESSAGE))
    .order_by(_MESSAGE.c.id)
    .limit(bindparam("most"))
    .with_for_update(key_share=True, skip_locked=True, of=_MESSAGE)
)
"""The messages that may be changed now."""

_THERE = _CHAT.c.channel == bindparam("channel")

_DUE_THERE, _STALE_THERE = _DUE.where(_THERE), _STALE.where(_THERE)

_URGENT_THERE = _DUE_THERE.where(_NOTICE.c.kind == NoticeKind.URGENT)

_DUE_ELSEWHERE = _DUE.where(_CHAT.c.channel.not_in(bindparam("channels", expanding=True)))


def is_over(until: Any, moment: datetime) -> Any:
    """Tell whether a wait is over at ``moment``; one that is longer than any of ours holds nobody."""
    return _is_over(until, moment, moment + LONGEST_WAIT)


def is_taken(real: datetime) -> Any:
    """Tell whether a chat's service takes messages; what a clock that ran ahead wrote down holds nobody."""
    return _is_taken(real, real + LONGEST_WAIT)


def _pick(
    session: Session,
    due: Sequence[Select[Any]],
    values: Mapping[str, Any],
    limit: int,
    free: Callable[[str], int] | None,
) -> list[Claimed]:
    picked: dict[int, Claimed] = {}
    left: dict[str, int] = {}
    values = {**values, "most": limit * LOOK_FURTHER}
    found = [Claimed(*row) for query in due for row in session.execute(query, values)]
    for one in sorted(found, key=lambda one: one.priority):  # each query's rows are in their order
        if one.channel not in left:
            left[one.channel] = free(one.channel) if free else limit
        if len(picked) < limit and left[one.channel] > 0 and one.chat_id not in picked:
            picked[one.chat_id] = one
            left[one.channel] -= 1
    return list(picked.values())


def _lease(session: Session, claimed: Sequence[Claimed], worker: str, real: datetime) -> None:
    for lease, is_change in ((_LEASE_NOTICES, False), (_LEASE_MESSAGES, True)):
        ids = [one.id for one in claimed if one.is_change is is_change]
        if ids:
            session.execute(lease, {"ids": ids, "until": real + LEASE, "worker": worker})


_LEASE_NOTICES, _LEASE_MESSAGES = (
    update(table).where(among(table.c.id, "ids")).values(lease_until=bindparam("until"), leased_by=bindparam("worker"))
    for table in (_NOTICE, _MESSAGE)
)


def next_at(
    session: Session, channels: Sequence[str] | None = None, real: datetime | None = None, now: datetime | None = None
) -> datetime | None:
    """Return when the first waiting notice may go out, as far as its own time and its chat's tell.

    Only what is for these ``channels`` counts. With ``real`` the waits for a service run on another clock than ``now``
    and the rest, and what still waits for one does not count.
    """
    values: dict[str, Any] = {"channels": None if channels is None else list(channels)}
    if real is not None:
        values |= {"real": real, "asked_beyond": real + LONGEST_WAIT}
    if now is not None:
        values |= {"waits_beyond": now + LONGEST_WAIT}
    asked = {name: value for name, value in values.items() if value is not None}
    times = session.execute(_next(frozenset(asked)), asked).scalars()
    return min((time for time in times if time is not None), default=None)


def first_waits(asked: frozenset[str] = frozenset()) -> tuple[Select[Any], Select[Any]]:
    """Return the queries of the next notice's time and the next change's, by what ``next_at`` is given."""
    notices = _next_of(_NOTICE, [_NOTICE.c.state.in_(WAITING)], asked)
    return notices, _next_of(_MESSAGE, _IS_STALE, asked)


@cache
def _next(asked: frozenset[str]) -> Any:
    return union_all(*first_waits(asked))


def _next_of(table: Any, which: Sequence[Any], asked: frozenset[str]) -> Select[Any]:
    row, chat = table.c, _CHAT.c
    waits, conditions = [row.not_before, chat.not_before], list(which)
    if "real" in asked:
        conditions += [
            _is_over(row.retry_at, _REAL, _BEYOND_WAITS_FOR_A_SERVICE),
            _is_taken(_REAL, _BEYOND_WAITS_FOR_A_SERVICE),
        ]
    else:
        waits += [row.retry_at, chat.retry_at]
    if "waits_beyond" in asked:
        conditions += [or_(chat.not_before.is_(None), chat.not_before <= _BEYOND_WAITS)]
    if "channels" in asked:
        conditions += [chat.channel.in_(bindparam("channels", expanding=True))]
    later: Any = waits[0]
    for wait in waits[1:]:
        later = case((wait > later, wait), else_=later)
    return select_columns(func.min(later)).join(_CHAT, chat.id == row.chat_id).where(*conditions).select_from(table)


def abandoned(session: Session, real: datetime, flying: Collection[int] = ()) -> list[int]:
    """Return notices that were being sent when their worker went away: nobody knows whether they arrived.

    ``flying`` are those that the asking worker itself has on their way. Leases run in ``real`` time.
    """
    query = select(Notice.id).where(
        Notice.state == DeliveryState.SENDING,
        or_(col(Notice.lease_until) < real, col(Notice.lease_until) > real + STRANGE_LEASE),
        col(Notice.id).not_in(list(flying)),
    )
    return list(session.exec(query.with_for_update(key_share=True, skip_locked=True)))


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


def cut_short(session: Session, workers: Collection[str], real: datetime) -> None:
    """Let nobody wait for what these workers, which are gone, had claimed: their chats are free, and ``abandoned`` finds
    what was on its way.
    """
    over = real - timedelta(microseconds=1)
    for table, taken in (
        (_NOTICE, _NOTICE.c.state.in_((*WAITING, DeliveryState.SENDING))),
        (_MESSAGE, or_(IS_CHANGING, _MESSAGE.c.stale_since.is_not(None))),
    ):
        theirs = table.c.leased_by.in_(list(workers))
        session.execute(
            update(table)
            .where(taken, theirs, table.c.lease_until > over)
            .values(lease_until=over)
            .execution_options(synchronize_session=False)
        )


def stale_by_channel(session: Session, now: datetime, real: datetime) -> Counter[str]:
    """Count by channel the messages that may be changed now and have not been; alarms like ours do not count."""
    query = (
        select_columns(col(Chat.channel), func.count())
        .select_from(Message)
        .join(Chat, col(Chat.id) == Message.chat_id)
        .join(Notice, col(Notice.id) == Message.notice_id)
        .where(
            *_IS_STALE,
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
