"""Another line: units that answered no urgent call, or that none could reach, are called by the operator's command.

What is wanted is a row, written with the message to the person above; what came of it is written there, and told in the room.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from db import outbox, register
from db.bodies import ReplyBody
from db.broadcasts import is_owed
from db.models import Broadcast, BroadcastUnit, PhoneCall, Unit
from db.plain import one_line
from db.words import Reason
from jobs.desk import Desk
from jobs.duties import calling
from jobs.notices.render import say

LOST = timedelta(minutes=10)
"""A call that was begun so long ago and never ended was cut short: nobody knows what came of it."""

LONGEST = 200
"""Characters of an outcome."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One call that is to be made: its row, the unit, its contacts, what they are to be told, and who is on duty there, each with
    the telephone number, "" where nobody told it.
    """

    number: int
    unit: str
    contacts: tuple[str, ...]
    words: str
    who: str
    on_duty: tuple[tuple[str, str], ...] = ()


def ask(session: Session, broadcast: Broadcast, units: Sequence[Unit], now: datetime) -> None:
    """Want these units to be called on the other line, each once an urgent call."""
    known = set(session.exec(select(PhoneCall.unit_id).where(PhoneCall.broadcast_id == broadcast.id)))
    for unit in units:
        if unit.id not in known:
            session.add(PhoneCall(at=now, broadcast_id=broadcast.id, unit_id=unit.id))
    session.flush()


def begin(session: Session, desk: Desk, now: datetime) -> Wanted | None:
    """Take the next call that is to be made, so that no other program makes it; None where there is none.

    Whoever has answered meanwhile, or is called for nothing any more, is not called.
    """
    query = select(PhoneCall).where(col(PhoneCall.begun_at).is_(None)).order_by(col(PhoneCall.id))
    for call in session.exec(query.with_for_update(key_share=True, skip_locked=True)):
        broadcast, unit = session.get_one(Broadcast, call.broadcast_id), session.get_one(Unit, call.unit_id)
        receipt = session.get(BroadcastUnit, (broadcast.id, unit.id))
        if broadcast.closed_at is None and (receipt is None or is_owed(broadcast, receipt)):
            break
        call.begun_at = call.done_at = now
    else:
        return None
    call.begun_at = now
    session.flush()
    contacts = tuple(register.contacts_of(session, unit.id))
    on_duty = tuple((one.name, one.phone or "") for one in calling.at(session, desk, unit.id, now))
    return Wanted(call.id, unit.name, contacts, broadcast.words, broadcast.who, on_duty)


def end(session: Session, number: int, reached: bool | None, outcome: str, now: datetime) -> None:
    """Write down what came of a call, and tell it where the urgent call was made; the first outcome stands."""
    call = session.exec(select(PhoneCall).where(PhoneCall.id == number).with_for_update(key_share=True)).one()
    if call.done_at is not None:
        return
    call.done_at, call.reached, call.outcome = now, reached, one_line(outcome)[:LONGEST]
    broadcast, unit = session.get_one(Broadcast, call.broadcast_id), session.get_one(Unit, call.unit_id)
    text = say("telephoned", unit=unit.name, reached=reached, outcome=call.outcome)
    outbox.answer(session, broadcast.room_id, ReplyBody(text), now, reason=Reason.CHANGED)


def give_up(session: Session, now: datetime) -> None:
    """Say of calls that were cut short that nobody knows what came of them; they are not made again on their own."""
    query = select(PhoneCall.id).where(col(PhoneCall.done_at).is_(None), col(PhoneCall.begun_at) < now - LOST)
    for number in session.exec(query).all():
        end(session, number, None, "", now)
