"""Errands: what a coordinator asked for that takes seconds, done beside everything else; its answer follows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from bot.tools.rehearsal import rehearse_stored
from db import ledger, outbox
from db.bodies import ReplyBody
from db.models import Assignment, Campaign, Errand
from db.session import Store
from db.words import CampaignStatus, PastChoice
from jobs.desk import Desk
from jobs.notices.render import say
from jobs.rehearsal import Report

AFTER = timedelta(days=40)
"""How far beyond the last deadline a rehearsal goes: to where the ladder has been climbed."""

AT_MOST = timedelta(days=366)

MORNING = time(9)
EVENING = time(18)

SHOWN = 5
"""Kinds of thing that a summary lists at most so many of."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    errand: int
    campaign: int
    title: str
    start: datetime
    end: datetime


class _Stopped(Exception):
    """The program ends; the errand is done when it runs again."""


def run_next(store: Store, desk: Desk, now: datetime, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Do one errand and answer it; tell whether one was done. No transaction is open while it takes its time."""

    def look_up(_moment: datetime) -> None:
        if stopping():
            raise _Stopped

    with store.read() as session:
        wanted = _next(session, desk, now)
    if wanted is None:
        return False
    own_desk = Desk(desk.policy_text, desk.timezone, desk.workdays)
    try:
        outcome = rehearse_stored(
            store,
            own_desk,
            wanted.start,
            wanted.end,
            past=PastChoice.SUMMARY,
            answers=None,
            progress=look_up,
            only=wanted.campaign,
        )
    except _Stopped:
        return False
    text = summary(wanted.title, wanted.start.date(), wanted.end.date(), outcome.report)
    with store.write() as session:
        errand = session.get_one(Errand, wanted.errand)
        if errand.done_at is None:
            errand.done_at = now
            outbox.answer(session, errand.chat_id, ReplyBody(text), now, reply_to=errand.reply_to)
    return True


def _next(session: Session, desk: Desk, now: datetime) -> _Wanted | None:
    over = select(Campaign.id).where(Campaign.status == CampaignStatus.ENDED)
    query = select(Errand).where(col(Errand.done_at).is_(None), col(Errand.campaign_id).not_in(over))
    errand = session.exec(query.order_by(col(Errand.id))).first()
    if errand is None:
        return None
    campaign = session.get_one(Campaign, errand.campaign_id)
    last = session.exec(select(func.max(Assignment.due)).where(Assignment.campaign_id == campaign.id)).one()
    today = ledger.local_day(now, desk.timezone)
    until = min(max(last or today, today) + AFTER, today + AT_MOST)
    start = max(datetime.combine(today, MORNING, desk.zone), now.astimezone(desk.zone))
    end = datetime.combine(until, EVENING, desk.zone)
    return _Wanted(errand.id, campaign.id, campaign.title, start, end)


def summary(title: str, first: date, last: date, report: Report) -> str:
    """Write what a rehearsal found, for a chat."""
    by_day, by_kind = report.by_day(), report.by_kind()
    months: dict[int, int] = {}
    for day, count in by_day.items():
        months[day.month] = months.get(day.month, 0) + count
    busiest = max(by_day, key=lambda day: by_day[day], default=first)
    values: dict[str, Any] = {
        "title": title,
        "first": first,
        "last": last,
        "total": len(report.messages),
        "busiest": busiest,
        "busiest_count": by_day.get(busiest, 0),
        "kinds": [(kind.zh, count) for kind, count in by_kind.items()],
        "months": list(months.items()),
        "chats": list(report.by_chat().items())[:SHOWN],
    }
    return say("rehearsed", **values)
