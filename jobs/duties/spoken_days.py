"""The days that people write of duty, purely: one, all from one to another, of a week, a month or a feast, each from today on."""

import re
from datetime import date, timedelta

from jobs.duties.feasts import days_off
from jobs.reading.deadlines import Frame, Setting, read_deadline
from jobs.reading.deadlines.resolve import LAST_YEAR, number

LONGEST = 31
"""Days that one sentence may speak of."""

_RANGE = re.compile(r"^(?P<first>.+?)\s*(?:至|到|—+|–|-|~)\s*(?P<last>.+)$")
_WEEK = re.compile(
    r"(?:(?P<next>下)个?|[本这]个?)(?:周|星期|礼拜)(?P<rest>一?[到至—-](?:周|星期|礼拜)?[五六日天])?(?P<end>末)?$"
)
_WEEKEND = re.compile(r"(?:这个?|本个?)?周末$")
_MONTH = re.compile(
    r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])月份?|(?P<this>[本这当]个?月)|(?P<next>下个?月))(?:份)?$"
)
_NO_ONE_DAY = re.compile(
    r"(?:[周月年旬季末内底初]|星期|礼拜|季度|假期|期间|以?前|之前|上旬|中旬|下旬|节|国庆|春节|五一)$"
)
"""What is read as its last day where a deadline is meant, and is a time of several days for who is on duty."""


def _span(text: str, today: date) -> tuple[date, ...] | None:
    """Return the days, from ``today`` on, of a week, a weekend, a month or a feast; None where the text names none."""
    feast = days_off(text, today)
    if feast is not None:
        return feast
    monday = today - timedelta(days=today.weekday())
    week, month = _WEEK.match(text), _MONTH.match(text)
    if _WEEKEND.match(text):
        first, last = monday + timedelta(days=5), monday + timedelta(days=6)
    elif week is not None:
        monday += timedelta(days=7 if week["next"] else 0)
        last = monday + timedelta(
            days="一二三四五六日".index(week["rest"][-1].replace("天", "日")) if week["rest"] else 6
        )
        first = monday + timedelta(days=5) if week["end"] else monday
    elif month is not None:
        first = today.replace(day=1)
        if month["next"]:
            first = following(first)
        elif month["month"]:
            count = number(month["month"])
            year = int(month["year"] or today.year) + (1 if not month["year"] and count < today.month else 0)
            if not (1 <= count <= 12 and today.year <= year <= LAST_YEAR):
                return ()
            first = date(year, count, 1)
        last = following(first) - timedelta(days=1)
    else:
        return None
    return tuple(day for count in range((last - first).days + 1) if (day := first + timedelta(days=count)) >= today)


def following(first: date) -> date:
    """Return the first day of the next month."""
    return (first + timedelta(days=31)).replace(day=1)


def days_of(text: str, today: date) -> tuple[date, ...]:
    """Return the days that the whole of a text names: one, all from one to another (inclusive), or of a week or a month."""
    span = _span(text.strip(), today)
    if span is not None:
        return span
    ends = _RANGE.match(text)
    if ends is not None:
        begun = f"{ends['first']}日" if ends["first"][-1].isdigit() and ends["last"][-1] in "日号" else ends["first"]
        first, last = _day(begun, today), ends["last"]
        month = re.match(r".*?\d{1,2}月", ends["first"])
        week = re.match(r"下个?(?=周|星期|礼拜)", ends["first"])
        last = f"{month[0]}{last}" if month is not None and "月" not in last else last
        final = _day(f"{week[0]}{last}" if week is not None and not last.startswith("下") else last, today)
        if first is None or final is None or not 0 <= (final - first).days < LONGEST:
            return ()
        return tuple(first + timedelta(days=count) for count in range((final - first).days + 1))
    day = _day(text, today)
    return (day,) if day is not None else ()


def _day(text: str, today: date) -> date | None:
    text = text.strip()
    if not text or _NO_ONE_DAY.search(text):
        return None
    found = read_deadline(text, Frame(Setting.CHAT, on=today))
    due = found.due if found is not None and found.uncertain is None else None
    over = due is not None and (due.year, due.month) == (today.year + 1, today.month) and due.day < today.day
    return due.replace(year=today.year) if due is not None and over and not _YEAR.search(text) else due


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d|明年|来年|次年")
"""What says of which year a day is; without it one of this month that is over is no day of the next year."""
