"""What may not wait reaches who is on duty: an urgent call to their unit, and what a unit says while the office is closed."""

from collections.abc import Collection
from datetime import datetime, time, timedelta

from sqlmodel import Session, col, or_, select

from db import outbox
from db.bodies import ReplyBody
from db.broadcasts import units_of
from db.models import Appointment, Broadcast, Chat, Duty, Person
from db.words import DayPart
from jobs.desk import Desk
from jobs.duties.keeping import on
from jobs.notices.press import Verb, button
from jobs.notices.render import say, shorten

NOON = time(12)
"""When a morning of duty ends."""


def at(session: Session, desk: Desk, unit: int | None, now: datetime) -> list[Duty]:
    """Return who is on duty at a moment, an aware one: mornings end at noon, and a night goes on until the office opens on the next
    day, that of the whole day before, too, where neither that night is somebody's apart nor the next day anybody's whole. Where that
    part is nobody's, it is everybody of the day: better one too many is told than nobody.
    """
    local, policy = now.astimezone(desk.zone), desk.policy
    there = on(session, unit, local.date())
    if local.time() < policy.opens:
        of_yesterday = on(session, unit, local.date() - timedelta(days=1))
        night = [one for one in of_yesterday if one.part & DayPart.NIGHT and one.part != DayPart.WHOLE]
        apart = night + [one for one in there if one.part == DayPart.WHOLE]
        return apart or [one for one in of_yesterday if one.part == DayPart.WHOLE] or there
    of_day = DayPart.MORNING if local.time() < NOON else DayPart.AFTERNOON
    part = of_day if local.time() < policy.closes else DayPart.NIGHT
    return [one for one in there if one.part & part] or there


def chats_on_duty(session: Session, desk: Desk, unit: int | None, now: datetime) -> list[Chat]:
    """Return the living private chats of who is on duty at a moment. A name alone proves nothing: it counts for who holds a rank
    there, or for the whole office.
    """
    people = [one.name for one in at(session, desk, unit, now)]
    query = (
        select(Chat)
        .join(Person, col(Person.id) == Chat.person_id)
        .join(Appointment, col(Appointment.person_id) == Person.id)
        .where(
            col(Person.name).in_(people),
            col(Person.nameless).is_(False),
            col(Appointment.ended_at).is_(None),
            or_(col(Appointment.unit_id) == unit, col(Appointment.unit_id).is_(None)),
            col(Chat.dead_why).is_(None),
        )
        .order_by(col(Chat.id))
    )
    return list({chat.id: chat for chat in session.exec(query)}.values()) if people else []


def call_out(session: Session, desk: Desk, broadcast: Broadcast, now: datetime) -> list[str]:
    """Write an urgent call to who is on duty in its units, to each in private, where it is answered too; return their names."""
    called: list[str] = []
    for _row, unit in units_of(session, broadcast):
        for chat in chats_on_duty(session, desk, unit.id, now):
            text = say("duty_called", words=broadcast.words, who=broadcast.who, unit=unit.name)
            receives = () if broadcast.options else (button(Verb.RECEIVE, broadcast.id),)
            body = ReplyBody(text, buttons=receives)
            outbox.answer(session, chat.id, body, now, broadcast_id=broadcast.id)
            called.append(chat.title)
    return called


def tell_office(
    session: Session, desk: Desk, unit: str, words: str, now: datetime, besides: Collection[int] = ()
) -> None:
    """Write to who is on duty in the office what a unit says that may not wait for it to open; nothing while it is open."""
    if desk.next_open(session, None, now) <= now:
        return
    for chat in chats_on_duty(session, desk, None, now):
        if chat.id not in besides:
            text = say("duty_told", unit=unit, words=shorten(words, 300))
            outbox.answer(session, chat.id, ReplyBody(text), now)
