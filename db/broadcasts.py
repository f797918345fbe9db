"""How a broadcast stands: its units, their receipts, what went out to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from db import stored
from db.bodies import CallBody
from db.kinds import CALLS, legible
from db.models import Broadcast, BroadcastUnit, Notice, Unit
from db.words import DeliveryState

_WAITING = frozenset({DeliveryState.QUEUED, DeliveryState.RETRYING, DeliveryState.SENDING})
_NOT_OUT = frozenset({DeliveryState.FAILED, DeliveryState.NO_ROUTE, DeliveryState.WITHDRAWN})


def units_of(session: Session, broadcast: Broadcast) -> list[tuple[BroadcastUnit, Unit]]:
    """Return the units that a broadcast is for, in the register's order."""
    query = (
        select(BroadcastUnit, Unit)
        .join(Unit, col(Unit.id) == BroadcastUnit.unit_id)
        .where(BroadcastUnit.broadcast_id == broadcast.id)
        .order_by(col(Unit.id))
    )
    return list(session.exec(query).all())


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody chose for a unit, and when."""

    choice: str
    who: str
    at: datetime


def answers_of(row: BroadcastUnit) -> list[Answer]:
    """Return what was chosen for a unit, the latest last: that one counts."""
    return [stored.read(Answer, kept) for kept in row.answers]


def is_owed(broadcast: Broadcast, row: BroadcastUnit) -> bool:
    """Tell whether a unit still owes what a broadcast asks for: a receipt, or the choice of an option."""
    return not row.answers if broadcast.options else row.confirmed_at is None


def notices_of(session: Session, broadcast: Broadcast) -> list[Notice]:
    """Return a broadcast's messages to units, without what brings them up to date."""
    query = select(Notice).where(Notice.broadcast_id == broadcast.id, col(Notice.kind).in_(CALLS))
    return list(session.exec(query.order_by(col(Notice.id))))


def unconfirmed(session: Session, chat_id: int, units: Sequence[int]) -> Broadcast | None:
    """Return what a chat was called for last that still runs and that some of its units have not confirmed; an urgent
    call before any other.
    """
    return next((made for made, row in running(session, chat_id, units) if row.confirmed_at is None), None)


def running(session: Session, chat_id: int, units: Sequence[int]) -> list[tuple[Broadcast, BroadcastUnit]]:
    """Return what a chat was called for that still runs, with the rows of its units; urgent calls first, the latest first."""
    query = (
        select(Broadcast, BroadcastUnit)
        .join(BroadcastUnit, col(BroadcastUnit.broadcast_id) == Broadcast.id)
        .join(Notice, col(Notice.broadcast_id) == Broadcast.id)
        .where(
            col(BroadcastUnit.unit_id).in_(units),
            col(Broadcast.sent_at).is_not(None),
            col(Broadcast.closed_at).is_(None),
            Notice.chat_id == chat_id,
            Notice.state == DeliveryState.SENT,
            col(Notice.kind).in_(CALLS),
        )
        .order_by(col(Broadcast.urgent).desc(), col(Broadcast.id).desc())
    )
    return list(session.exec(query).all())


def set_for_later(session: Session, room_id: int | None, now: datetime) -> list[Broadcast]:
    """Return what was confirmed in a room, or in any (None), and is still to go out at the time that it was given, the first first."""
    query = select(Broadcast).where(
        *([] if room_id is None else [Broadcast.room_id == room_id]),
        col(Broadcast.sent_at).is_not(None),
        col(Broadcast.closed_at).is_(None),
        col(Broadcast.send_at) > now,
    )
    return list(session.exec(query.order_by(col(Broadcast.send_at))))


def is_late(broadcast: Broadcast, row: BroadcastUnit) -> bool:
    """Tell whether a receipt came after the time that was given for it."""
    return row.confirmed_at is not None and broadcast.due_at is not None and row.confirmed_at > broadcast.due_at


@dataclass(frozen=True, slots=True)
class Figures:
    """How a broadcast stands, in units; ``waiting`` has not gone out yet, and will not before ``goes_at``.

    ``confirmed`` have given what was asked for. Of one with options, ``choices`` are the units of each, in their order, and
    who only said 收到 stands in ``received``.
    """

    total: int
    delivered: int
    confirmed: int
    late: int
    silent: tuple[str, ...]
    unreachable: tuple[str, ...]
    unknown: tuple[str, ...]
    waiting: int
    goes_at: datetime | None
    received: tuple[str, ...] = ()
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    withdrawn: int = 0


STANDINGS = {
    "confirmed": "已确认",
    "late": "超时确认",
    "received": "已收到未选",
    "silent": "未确认",
    "unreachable": "未送达",
    "unknown": "结果不明",
    "waiting": "待发",
    "withdrawn": "未发出",
}
"""Silent is only who was reached: the service accepted the message and nobody answered."""


def standings(session: Session, broadcast: Broadcast) -> list[tuple[Unit, BroadcastUnit, str]]:
    """Return every unit with its receipt and a key of ``STANDINGS``."""
    states: dict[int, set[DeliveryState]] = {}
    for call, state in _calls(session, broadcast):
        for unit in call.units:
            states.setdefault(unit, set()).add(state)
    return [
        (unit, row, _standing(broadcast, row, states.get(unit.id, set()))) for row, unit in units_of(session, broadcast)
    ]


def _standing(broadcast: Broadcast, row: BroadcastUnit, states: set[DeliveryState]) -> str:
    if row.confirmed_at is not None and is_owed(broadcast, row):
        return "received"
    if row.confirmed_at is not None:
        return "late" if is_late(broadcast, row) else "confirmed"
    if DeliveryState.SENT in states:
        return "silent"
    if states & _WAITING:
        return "waiting"
    if broadcast.closed_at is not None and states == {DeliveryState.WITHDRAWN}:
        return "withdrawn"
    return "unreachable" if states <= _NOT_OUT else "unknown"


def times_called(session: Session, broadcast: Broadcast) -> dict[int, int]:
    """Return in how many rounds the service accepted a message for each unit."""
    rounds: dict[int, set[int]] = {}
    for call, state in _calls(session, broadcast):
        for unit in call.units if state is DeliveryState.SENT else ():
            rounds.setdefault(unit, set()).add(call.round)
    return {unit: len(heard) for unit, heard in rounds.items()}


def _calls(session: Session, broadcast: Broadcast) -> Iterator[tuple[CallBody, DeliveryState]]:
    """Yield what went to units and what became of it; of a damaged row its first unit is known, which stands beside."""
    columns = (Notice.id, Notice.kind, Notice.state, Notice.unit_id, Notice.body_json)
    query = select(*map(col, columns)).where(Notice.broadcast_id == broadcast.id, col(Notice.kind).in_(CALLS))
    for number, kind, state, unit, kept in session.execute(query):
        call = legible(kind, kept, number)
        yield call if isinstance(call, CallBody) else CallBody("", units=() if unit is None else (unit,)), state


def figures(session: Session, broadcast: Broadcast) -> Figures:
    """Count how a broadcast stands."""
    found = standings(session, broadcast)
    names: dict[str, list[str]] = {key: [] for key in STANDINGS}
    choices: dict[str, list[str]] = {option: [] for option in broadcast.options}
    for unit, row, key in found:
        names[key].append(unit.name)
        if row.answers:
            choices[answers_of(row)[-1].choice].append(unit.name)
    confirmed = len(names["confirmed"]) + len(names["late"])
    return Figures(
        total=len(found),
        delivered=confirmed + len(names["silent"]) + len(names["received"]),
        confirmed=confirmed,
        late=len(names["late"]),
        silent=tuple(names["silent"]),
        unreachable=tuple(names["unreachable"]),
        unknown=tuple(names["unknown"]),
        waiting=len(names["waiting"]),
        goes_at=_goes_at(session, broadcast) if names["waiting"] else None,
        received=tuple(names["received"]),
        choices=tuple((option, tuple(units)) for option, units in choices.items()),
        withdrawn=len(names["withdrawn"]),
    )


def _goes_at(session: Session, broadcast: Broadcast) -> datetime | None:
    """Return when the first of what waits may go out, where that is later than it was asked for."""
    query = select(func.min(Notice.not_before)).where(
        Notice.broadcast_id == broadcast.id,
        col(Notice.kind).in_(CALLS),
        col(Notice.state).in_((DeliveryState.QUEUED, DeliveryState.RETRYING)),
    )
    first: datetime | None = session.exec(query).one()
    asked = broadcast.chased_at or broadcast.sent_at
    return first if first is not None and asked is not None and first > asked else None
