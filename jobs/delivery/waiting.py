"""Why a notice has not gone out yet, in words, with the moment until which it waits."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db import days, outbox
from db.models import Chat, Notice
from db.words import NoticeKind
from jobs.desk import Desk

_FOR_ITS_TIME = {NoticeKind.BROADCAST: "待上班时间 {}", NoticeKind.TALLY: "{}仍有未确认的单位才发"}
"""What is said of a kind that was decided for later; of others when they go out."""


def for_the_office(session: Session, desk: Desk, campaign_id: int | None, opening: datetime, now: datetime) -> str:
    """Say that something waits for the office to open at ``opening``."""
    return _FOR_ITS_TIME[NoticeKind.BROADCAST].format(_written(session, desk, campaign_id, opening, now))


def why(session: Session, desk: Desk, notice: Notice, now: datetime, real: datetime) -> str | None:
    """Say why a notice stands where it stands; of one that waits, until when: for its service, in ``real`` time, too."""
    if notice.state not in outbox.WAITING:
        return notice.why
    chat = session.get(Chat, notice.chat_id) if notice.chat_id else None
    closed_until = outbox.asked_until(chat, real) if chat else None
    if closed_until is not None:
        when = _written(session, desk, notice.campaign_id, closed_until, real)
        return f"{notice.why or '服务要求暂停发送'}，{when}后再试"
    if notice.why is not None or notice.not_before <= now:
        return notice.why
    when = _written(session, desk, notice.campaign_id, notice.not_before, now)
    return _FOR_ITS_TIME.get(notice.kind, "定于{}发出").format(when)


def _written(session: Session, desk: Desk, campaign_id: int | None, moment: datetime, now: datetime) -> str:
    return days.awaited(moment, ZoneInfo(desk.timezone_of(session, campaign_id)), now)
