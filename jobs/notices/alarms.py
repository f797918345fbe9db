"""Alarms: what is wrong, in front of the coordinators; one trouble is one message that counts up.

Two troubles are the same where cause and chat are; what befalls more than ``SEPARATE`` chats for one cause is told of all of
them together. Where a message can be changed it shows the new count, at most once in ``EDIT_EVERY``; elsewhere it is told
again once the count has doubled, at most once in ``AGAIN_EVERY``.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from db import outbox
from db.bodies import AlarmBody
from db.models import Alarm, Notice
from db.words import ChatRole, DeliveryState, NoticeKind, Reason

log = logging.getLogger(__name__)

QUIET = timedelta(hours=6)
"""After so long without another one, the same trouble is a new one."""

SEPARATE = 5
EDIT_EVERY = timedelta(minutes=1)
AGAIN_EVERY = timedelta(hours=1)

_DIGITS = str.maketrans("0123456789", "#" * 10)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is told of a trouble: ``what`` it is, ``why``, and what to do.

    What has the same ``cause`` is counted together; numbers in it make no other cause of it. ``of`` is what it befell (counted by
    that name), ``everywhere`` what is said in place of ``what`` when it befalls many chats. ``heading`` is the title, where
    it is no trouble of sending.
    """

    cause: str
    what: str
    why: str
    advice: str
    of: str = ""
    everywhere: str = ""
    heading: str = ""


def fails(
    session: Session, part: str, what: str, error: Exception, now: datetime, campaign_id: int | None = None
) -> None:
    """Tell the room ``what`` could not be done by itself; the log hears of the ``part`` alone, since rooms have people's names."""
    log.error("routine-failed part=%s campaign=%s error=%s", part, campaign_id, type(error).__name__)
    log.debug("routine-failed part=%s", part, exc_info=error)
    trouble = Trouble(
        cause=f"{what}|{campaign_id}|{type(error).__name__}",
        what=what,
        why=f"原因：记录的内容有误（{type(error).__name__}）。",
        advice="其余照常；请系统管理员检查。",
    )
    sound(session, trouble, now, campaign_id=campaign_id)


def sound(
    session: Session, trouble: Trouble, now: datetime, *, chat_id: int | None = None, campaign_id: int | None = None
) -> None:
    """Tell the coordinators' room of a trouble, or count it to the one that was told already."""
    cause, what = trouble.cause.translate(_DIGITS)[:200], trouble.what
    alarm = _open(session, cause, chat_id, now)
    if alarm is None and chat_id is not None and _chats_with(session, cause, now) >= SEPARATE:
        chat_id, what = None, trouble.everywhere or what
        alarm = _open(session, cause, None, now)
    if alarm is not None:
        _count(session, alarm, trouble.of, now)
        return
    counts = {trouble.of: 1}
    alarm = Alarm(cause=cause, chat_id=chat_id, counts=counts, first_at=now, last_at=now, told=1, told_at=now)
    session.add(alarm)
    session.flush()
    body = AlarmBody(what, trouble.why, trouble.advice, alarm.id, trouble.heading)
    told = outbox.tell_room(
        session,
        ChatRole.COORDINATORS,
        now=now,
        kind=NoticeKind.FAILURE,
        reason=Reason.CHANGED,
        campaign_id=campaign_id,
        body=body,
    )
    alarm.notices = [notice.id for notice in told]
    session.flush()


def _open(session: Session, cause: str, chat_id: int | None, now: datetime) -> Alarm | None:
    query = select(Alarm).where(Alarm.cause == cause, Alarm.chat_id == chat_id, Alarm.last_at > now - QUIET)
    query = query.order_by(col(Alarm.id).desc()).with_for_update(key_share=True)
    return session.exec(query.execution_options(populate_existing=True)).first()  # what another has counted meanwhile


def _chats_with(session: Session, cause: str, now: datetime) -> int:
    query = select(func.count()).select_from(Alarm).where(Alarm.cause == cause, Alarm.last_at > now - QUIET)
    return session.exec(query).one()


def _count(session: Session, alarm: Alarm, of: str, now: datetime) -> None:
    alarm.counts = {**alarm.counts, of: alarm.counts.get(of, 0) + 1}
    alarm.last_at = now
    for number in alarm.notices:
        notice = session.get(Notice, number)
        if notice is not None and notice.state is DeliveryState.SENT:
            outbox.refresh(session, notice, 1, now, after=EDIT_EVERY)
    session.flush()


def total(counts: dict[str, int]) -> int:
    """Return how often a trouble happened, whatever it befell."""
    return sum(counts.values())


def tell_again(session: Session, notice: Notice, now: datetime) -> None:
    """Tell the count in a new message, where the old one cannot be changed; seldom."""
    alarm = of_notice(session, notice)
    if alarm is None or notice.id not in alarm.notices:
        return
    if total(alarm.counts) < 2 * alarm.told or now - alarm.told_at < AGAIN_EVERY:
        return
    alarm.told, alarm.told_at = total(alarm.counts), now
    _again(session, alarm, notice, now)


def tell_later(session: Session, notice: Notice, chat_id: int, now: datetime) -> None:
    """Tell an alarm for which there was no room in one that was bound since; not one that was told anew meanwhile."""
    alarm = of_notice(session, notice)
    if alarm is None:
        outbox.again(session, notice, now, chat_id=chat_id)
    elif notice.id in alarm.notices:
        _again(session, alarm, notice, now, chat_id=chat_id)


def of_notice(session: Session, notice: Notice) -> Alarm | None:
    """Return the trouble that a message tells of; None where it is not counted."""
    body = notice.legible
    number = body.alarm if isinstance(body, AlarmBody) else None
    return session.get(Alarm, number) if number is not None else None


def _again(session: Session, alarm: Alarm, notice: Notice, now: datetime, chat_id: int | None = None) -> None:
    made = outbox.again(session, notice, now, chat_id=chat_id)
    alarm.notices = [made.id if number == notice.id else number for number in alarm.notices]
