"""The days off of a feast, 国庆期间: as the calendar of public holidays has them, with the weekend that joins them."""

import re
from datetime import date, timedelta

from db.workdays import china
from jobs.reading.deadlines.events import lunar
from jobs.reading.deadlines.vocabulary import FIXED_EVENTS, LUNAR_EVENTS

_NAMES = ("元旦", "春节", "过年", "清明", "五一", "劳动节", "端午", "中秋", "国庆", "十一(?=期间|[长小]?长?假|放假)")
_FEAST = re.compile(
    rf"(?:(?P<year>20\d\d)年)?(?P<name>{'|'.join(_NAMES)})节?(?:小?长?假期?|放假|假日|期间|当天|那几天){{0,3}}(?:的时候)?"
)
_LONGEST = 20
"""Characters of how a feast is called."""


def days_off(text: str, today: date) -> tuple[date, ...] | None:
    """Return the days off, from ``today`` on, of the feast that the whole of a text names, the next one that ends no earlier; none
    where no calendar tells them yet, and None where it names no feast.
    """
    found = _FEAST.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    years = (int(found["year"]),) if found["year"] else (today.year, today.year + 1)
    for year in years:
        day = _day(found["name"], year)
        if day is None or china().provisional(day):
            return ()
        run = (day,) if "当天" in found[0] else _run(day)
        if run[-1] >= today:
            return tuple(one for one in run if one >= today)
    return ()


def unpublished(text: str, today: date) -> str:
    """Return the feast that a text names and whose days off no calendar tells yet, "" where there is none."""
    return next((found[0] for found in _FEAST.finditer(text[:200]) if days_off(found[0], today) == ()), "")


def _day(name: str, year: int) -> date | None:
    return lunar(LUNAR_EVENTS[name], year) if name in LUNAR_EVENTS else date(year, *FIXED_EVENTS[name])


def _run(day: date) -> tuple[date, ...]:
    """Return the days off one after the other among which a day is."""
    calendar, one = china(), timedelta(days=1)
    first = last = day
    while not calendar.is_workday(first - one) and not calendar.provisional(first - one):
        first -= one
    while not calendar.is_workday(last + one) and not calendar.provisional(last + one):
        last += one
    return tuple(first + one * count for count in range((last - first).days + 1))
