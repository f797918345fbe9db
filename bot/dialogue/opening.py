"""When what is decided now goes out: at once in office hours, else when the office opens. Whoever decides is told."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bot.dialogue.turn import Turn
from db import days
from jobs.delivery.pace import next_allowed
from jobs.notices.render import moment

NO_NEWS = timedelta(minutes=5)
"""So soon is at once: a few minutes that a service wants are not worth a sentence."""


def opens(turn: Turn, campaign: int | None = None) -> datetime:
    """Return when what is decided now goes out, by the hours of a campaign, or of the desk without one."""
    return next_allowed(turn.desk.next_open(turn.session, campaign, turn.now), turn.abilities.pace.avoid)


def told(turn: Turn, goes_at: datetime | None) -> str:
    """Write when it goes out, "" where that is at once."""
    return moment(goes_at, turn.desk.zone) if goes_at is not None and goes_at - turn.now >= NO_NEWS else ""


def late(turn: Turn, goes_at: datetime | None, dues: Iterable[date | None]) -> str:
    """Write the first of some local days that is over before what is decided now goes out, "" where none is."""
    first = min((due for due in dues if due is not None), default=None)
    if first is None or goes_at is None or first >= goes_at.astimezone(turn.desk.zone).date():
        return ""
    return days.short(first, turn.today())
