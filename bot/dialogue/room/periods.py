"""A stretch of days by its word, 下周, 上上月, 6月30日前, 最近三天, and what befell in it: what falls due, was closed, was reported."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.dialogue.phrases import Phrase, Pieces
from db.words import State
from jobs.reading.deadlines.resolve import number

Stretch = tuple[date, date]


def _week(ahead: int) -> Callable[[date], Stretch]:
    def within(today: date) -> Stretch:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
        return monday, monday + timedelta(days=6)

    return within


def _day(ahead: int) -> Callable[[date], Stretch]:
    return lambda today: (today + timedelta(days=ahead), today + timedelta(days=ahead))


def _days(text: str, today: date) -> tuple[str, str]:
    """Return the stretch that a text counts from today, 三天内, or names by two days or a day of a week, in days of the calendar, and its words."""
    counted = _COUNTED.search(text)
    if counted is not None:
        much = number((counted["n"] or counted["m"]).replace("两", "二")) * (7 if counted["u"] or counted["v"] else 1)
        ahead = _AHEAD.search(counted[0]) is not None or any(
            said.search(text) for name, said, _ in _BEFELL if name == DUE
        )
        first, last = (today, today + timedelta(days=much)) if ahead else (today - timedelta(days=much - 1), today)
        return f"{first:%-m月%-d日}至{last:%-m月%-d日}", counted[0]
    both = _FROM_TO.search(text)
    if both is not None:
        return f"{both['m']}{both['d']}日至{both['n'] or both['m']}{both['e']}日", both[0]
    weekday = _WEEKDAY.search(text)
    if weekday is None:
        return "", ""
    weeks = {"上": -1, "下": 1}.get(weekday["week"][0], 0) * len(weekday["week"])
    place = min("一二三四五六日".find(weekday["day"].replace("天", "日").replace("末", "六")), 6)
    day = today + timedelta(weeks=weeks, days=place - today.weekday())
    return f"{day:%-m月%-d日}", weekday[0]


def _month(ahead: int) -> Callable[[date], Stretch]:
    def within(today: date) -> Stretch:
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])

    return within


def _year(today: date) -> Stretch:
    return today.replace(month=1, day=1), today.replace(month=12, day=31)


_MONTH_OF, _DAY_OF = r"(?<!\d)(?:1[0-2]|0?[1-9])月", r"(?:[12]\d|3[01]|0?[1-9])(?!\d)"
_SAY = Pieces(
    "periods",
    month_of=_MONTH_OF,
    day_of=_DAY_OF,
    week="个?(?:周|星期|礼拜)(?![一二三四五六日天末])",
    month="个?月(?![初中底末])",
    weeks="个?(?:周|星期|礼拜)",
    much=r"\d{1,3}|[一二两三四五六七八九十]{1,3}",
    within="[里之以]?内",
    a_day=r"(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号]|(?P<end>底|末|份)?)",
)
_COUNTED = _SAY(
    r"{lately}这?(?P<n>{much})(?:[天日]|(?P<u>{weeks}))(?:{within})?|(?<![\d第])(?P<m>{much})(?:[天日]|(?P<v>{weeks})){within}"
)
_AHEAD = re.compile("未来|今后")
_FROM_TO = _SAY("从?(?P<m>{month_of})(?P<d>{day_of})[日号]?[到至—~-](?P<n>{month_of})?(?P<e>{day_of})[日号]?(?:之?间)?")
_WEEKDAY = re.compile("(?P<week>上{1,2}|下{1,2}|本|这)个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])")
_STRETCHES: tuple[tuple[str, Phrase, Callable[[date], Stretch]], ...] = (
    ("上上周", _SAY("(?:上|大)上{week}"), _week(-2)),
    ("上周", _SAY("上{week}"), _week(-1)),
    ("本周", _SAY("[本这]{week}"), _week(0)),
    ("下下周", _SAY("下下{week}"), _week(2)),
    ("下周", _SAY("下{week}"), _week(1)),
    ("上上月", _SAY("(?:上|大)上{month}"), _month(-2)),
    ("上月", _SAY("上{month}"), _month(-1)),
    ("本月", _SAY("[本这]{month}|(?:[本这]个?)?月底前?|月内"), _month(0)),
    ("下下月", _SAY("下下{month}"), _month(2)),
    ("下月", _SAY("下{month}"), _month(1)),
    ("今年", _SAY("今年|本年度?|全年"), _year),
    ("大前天", _SAY("大前[天日]"), _day(-3)),
    ("前天", _SAY("前[天日]"), _day(-2)),
    ("昨天", _SAY("昨[天日晚]"), _day(-1)),
    ("今天", _SAY("(?<!到)(?<!截[至止])今[天日](?!为止)"), _day(0)),
    ("明天", _SAY("明[天日]"), _day(1)),
    ("大后天", _SAY("大后天"), _day(3)),
    ("后天", _SAY("后天"), _day(2)),
)

_BEFORE = _SAY("(?P<until>截[至止]到?)?{a_day}(?:(?P<before>之?以?前)|(?P<since>[之以]后|起|后))?")

DUE, CLOSED, REPORTED, SIGNED, GIVEN = "到期", "销号", "上报", "签收", "交办"

_BEFELL: tuple[tuple[str, Phrase, str], ...] = (
    (DUE, _SAY("{due}"), ""),
    (GIVEN, _SAY("{given}"), "born_at"),
    (REPORTED, _SAY("{reported}"), "reported_at"),
    (SIGNED, _SAY("{signed}"), "acknowledged_at"),
    (CLOSED, _SAY("{closed}(?!率|情况)"), "closed_at"),
)
"""What befalls in a stretch of days: how it is called, said, and where its moment is kept."""


def named_in(text: str, today: date) -> tuple[str, str]:
    """Return how a list is asked for of what befalls in the stretch of days that a text names, 下周到期, and the text without these
    words; "" where it names none, or it is not said what.
    """
    when, words = _when(text, today)
    what, said = next(
        ((name, found[0]) for name, said, _column in _BEFELL if (found := said.search(text)) is not None), ("", "")
    )
    if not (when and what and (what == DUE or _begins(when, today) <= today)):
        return "", text
    return f"{when}{what}", text.replace(words, " ").replace(said, " ")


def names_one(text: str, today: date) -> bool:
    """Tell whether a text names a stretch of days."""
    return bool(_when(text, today)[0])


def _when(text: str, today: date) -> tuple[str, str]:
    """Return a stretch that a text names, as a list's command has it, and its words there."""
    when, words = _days(text, today)
    if when:
        return when, words
    named = _BEFORE.search(text)
    if named is None:
        return next(
            ((name, found[0]) for name, said, _within in _STRETCHES if (found := said.search(text)) is not None),
            ("", ""),
        )
    month = int(named["month"])
    if not 1 <= month <= 12 or (named["since"] not in (None, "起") and not named["day"]):
        return "", ""
    last = monthrange(today.year, month)[1]
    day = int(named["day"] or (1 if named["since"] and not named["end"] else last))
    if named["before"] or named["since"] or named["day"] or named["until"]:
        side = "前" if named["before"] or named["until"] else "起" if named["since"] else ""
        return (f"{month}月{day}日{side}", named[0]) if 1 <= day <= last else ("", "")
    return f"{month}月", named[0]


_WRITTEN = Pieces(
    "periods",
    named=tuple(name for name, _said, _within in _STRETCHES),
    day=f"{_MONTH_OF}{_DAY_OF}日",
    what=(DUE, CLOSED, REPORTED, SIGNED, GIVEN),
)
_ASKED = _WRITTEN(r"(?P<when>{named}|{day}至{day}|{day}[前起]?|\d{1,2}月)(?P<what>{what})")


def _begins(when: str, today: date) -> date:
    return _stretch(when, today)[0]


def _stretch(when: str, today: date) -> Stretch:
    found = next((within for name, _said, within in _STRETCHES if name == when), None)
    if found is not None:
        return found(today)
    if "至" in when:
        first, last = (_stretch(one, today)[0] for one in when.split("至"))
        return (first, last) if first <= last else (first.replace(year=first.year - 1), last)
    month, _, rest = when.partition("月")
    first = date(today.year, int(month), 1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    if not rest:
        return first, last
    day = first.replace(day=min(int(rest.rstrip("日前起")), last.day))
    return (date.min if rest.endswith("前") else day), (date.max if rest.endswith("起") else day)


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
        datetime.combine(day, time(), zone)
        for day in (max(first, date(1970, 1, 1)), min(last, date(9998, 12, 31)) + timedelta(days=1))
    )
    states = {"states": [State.CLOSED]} if found["what"] == CLOSED else {}
    return {"acted": (column, begins, ends), **states}, rest
