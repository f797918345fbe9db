"""A stretch of days by its word, 下周, 本月, 6月30日前, and what befell in it: what falls due, was closed, was reported."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.dialogue.phrases import Phrase, Pieces
from db.words import State

Stretch = tuple[date, date]


def _week(ahead: int) -> Callable[[date], Stretch]:
    def within(today: date) -> Stretch:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
        return monday, monday + timedelta(days=6)

    return within


def _day(ahead: int) -> Callable[[date], Stretch]:
    return lambda today: (today + timedelta(days=ahead), today + timedelta(days=ahead))


def _month(ahead: int) -> Callable[[date], Stretch]:
    def within(today: date) -> Stretch:
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])

    return within


_SAY = Pieces(
    "periods",
    week="个?(?:周|星期|礼拜)(?![一二三四五六日天末])",
    month="个?月(?![初中底末])",
)
_STRETCHES: tuple[tuple[str, Phrase, Callable[[date], Stretch]], ...] = (
    ("上周", _SAY("上{week}"), _week(-1)),
    ("本周", _SAY("[本这]{week}"), _week(0)),
    ("下周", _SAY("下{week}"), _week(1)),
    ("上月", _SAY("上{month}"), _month(-1)),
    ("本月", _SAY("[本这]{month}|(?:[本这]个?)?月底前?|月内"), _month(0)),
    ("下月", _SAY("下{month}"), _month(1)),
    ("前天", _SAY("前[天日]"), _day(-2)),
    ("昨天", _SAY("昨[天日晚]"), _day(-1)),
    ("今天", _SAY("今[天日]"), _day(0)),
    ("明天", _SAY("明[天日]"), _day(1)),
    ("后天", _SAY("后天"), _day(2)),
)

_BEFORE = re.compile(r"(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号]|(?P<end>底|末|份)?)(?P<before>之?以?前)?")

DUE, CLOSED, REPORTED, SIGNED, GIVEN = "到期", "销号", "上报", "签收", "交办"

_BEFELL: tuple[tuple[str, Phrase, str], ...] = (
    (DUE, _SAY("{due}"), ""),
    (GIVEN, _SAY("{given}"), "born_at"),
    (REPORTED, _SAY("{reported}"), "reported_at"),
    (SIGNED, _SAY("{signed}"), "acknowledged_at"),
    (CLOSED, _SAY("{closed}(?!率|情况)"), "closed_at"),
)
"""What befalls in a stretch of days: how it is called, said, and where its moment is kept."""


def named_in(text: str, today: date) -> str:
    """Return how a list is asked for of what befalls in the stretch of days that a text names: 下周到期; "" where it names none, or
    it is not said what.
    """
    when = _when(text, today)
    what = next((name for name, said, _column in _BEFELL if said.search(text)), "")
    return f"{when}{what}" if when and what and (what == DUE or _begins(when, today) <= today) else ""


def names_one(text: str, today: date) -> bool:
    """Tell whether a text names a stretch of days."""
    return bool(_when(text, today))


def _when(text: str, today: date) -> str:
    before = _BEFORE.search(text)
    if before is None:
        return next((name for name, said, _within in _STRETCHES if said.search(text)), "")
    month = int(before["month"])
    if not 1 <= month <= 12:
        return ""
    last = monthrange(today.year, month)[1]
    day = int(before["day"] or last)
    if before["before"] or before["day"]:
        return f"{month}月{day}日{'前' if before['before'] else ''}" if 1 <= day <= last else ""
    return f"{month}月"


_ASKED = re.compile(
    rf"(?P<when>{'|'.join(name for name, _said, _within in _STRETCHES)}|\d{{1,2}}月(?:\d{{1,2}}日前?)?)"
    rf"(?P<what>{DUE}|{CLOSED}|{REPORTED}|{SIGNED}|{GIVEN})"
)


def _begins(when: str, today: date) -> date:
    return _stretch(when, today)[0]


def _stretch(when: str, today: date) -> Stretch:
    found = next((within for name, _said, within in _STRETCHES if name == when), None)
    if found is not None:
        return found(today)
    month, _, rest = when.partition("月")
    first = date(today.year, int(month), 1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    if not rest:
        return first, last
    day = first.replace(day=min(int(rest.rstrip("日前")), last.day))
    return (date.min if rest.endswith("前") else day), day


def asked_for(words: str, today: date, zone: ZoneInfo) -> tuple[dict[str, Any], str]:
    """Return how the stretch of days narrows a list that its words ask for, in nothing without one, and the other words."""
    found = _ASKED.search(words)
    if found is None or not 1 <= int((re.match(r"\d+", found["when"]) or ("1",))[0]) <= 12:
        return {}, words
    first, last = _stretch(found["when"], today)
    rest = words.replace(found[0], " ")
    if found["what"] == DUE:
        return {"within": (first, last)}, rest
    column = next(column for name, _said, column in _BEFELL if name == found["what"])
    begins, ends = (
        datetime.combine(day, time(), zone) for day in (max(first, date(1970, 1, 1)), last + timedelta(days=1))
    )
    states = {"states": [State.CLOSED]} if found["what"] == CLOSED else {}
    return {"acted": (column, begins, ends), **states}, rest
