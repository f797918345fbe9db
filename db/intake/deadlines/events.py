"""Deadlines before an event: 国庆前, 党的二十大召开前 — the day before it, where the calendar knows the day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from db.intake.deadlines import Frame, Setting
from db.intake.deadlines.relative import duration
from db.intake.deadlines.resolve import Answer, make
from db.intake.deadlines.vocabulary import (
    FIXED_EVENTS,
    HAPPENS,
    KNOWN_EVENTS,
    LUNAR_EVENTS,
    UNKNOWN_EVENTS,
    YEARS,
)

_NAMES = sorted(
    {name.replace("两", "二") for name in (*FIXED_EVENTS, *LUNAR_EVENTS, *KNOWN_EVENTS, *UNKNOWN_EVENTS)},
    key=len,
    reverse=True,
)
"""Longest first, and as normal text writes them."""

_EVENT = re.compile(
    rf"(?:(?P<year>(?:19|20)\d\d)年|(?P<shift>{'|'.join(YEARS)}))?[“\"‘']?(?<![\d一二三四五六七八九十])(?P<name>{'|'.join(_NAMES)})[”\"’']?"
    rf"(?:、(?:{'|'.join(_NAMES)}))*{HAPPENS}(?:之前|以前|前(?![期述往景沿列台瞻身端后]|提(?![交出供升报请前])))"
)

_N = r"(?:\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九半])"
_EXPIRY = re.compile(
    rf"(?:(?:许可证?|证书|资质|合同|评价(?:报告)?|检验|检测)?(?:有效期|期限)?(?:届满|期满|到期|满期)(?:之)?前?(?:的)?(?:提前|至少)?"
    rf"|(?:至少)?提前)(?P<count>{_N})(?:个)?(?P<unit>工作日|月|日|天|周|年)(?:内|之?前|以前)?"
)
"""A window before an expiry: 有效期届满前3个月, 到期前30日, 提前3个月."""

_UNKNOWN_EXPIRY = "以各自的到期日为准，须按到期台账逐项确定"
_UNKNOWN_DAY = "事件的日期不明，须人工确定"
_PUBLIC = "节假日安排尚未公布，须人工确定"


@dataclass(frozen=True, slots=True)
class Event:
    """A deadline before an event in normal text."""

    start: int
    end: int
    answer: Answer
    shift: str | None = None


def events(text: str, frame: Frame) -> Iterator[Event]:
    """Yield the deadlines before events of a normal text in order."""
    if "前" not in text:
        return
    for match in _EXPIRY.finditer(text):
        length = duration(match["count"], match["unit"])
        if length is not None:
            yield Event(match.start(), match.end(), Answer(None, _UNKNOWN_EXPIRY), f"-{length}")
    for match in _EVENT.finditer(text):
        if match["name"] == "年前" and frame.setting is Setting.PROSE:
            continue
        yield Event(match.start(), match.end(), _answer(match, frame))


def _answer(match: re.Match[str], frame: Frame) -> Answer:
    name = match["name"]
    if name in KNOWN_EVENTS:
        return Answer(date(*KNOWN_EVENTS[name]) - timedelta(days=1))
    if name not in FIXED_EVENTS and name not in LUNAR_EVENTS:
        return Answer(None, _UNKNOWN_DAY)
    base = frame.year or (frame.issued or frame.on or date(1, 1, 1)).year
    year = int(match["year"]) if match["year"] else base + YEARS.get(match["shift"] or "", 0)
    found = _day_of(name, year)
    reference = frame.on or frame.issued
    stated = match["year"] or match["shift"]
    moved = bool(not stated and reference and found and found <= reference)
    if moved:
        found = _day_of(name, year + 1)
    if found is None:
        return Answer(None, _PUBLIC)
    day = found - timedelta(days=1)
    return Answer(make(day.year, day.month, day.day), f"当年的{name}已过，按次年计算" if moved else None)


def _day_of(name: str, year: int) -> date | None:
    if name in FIXED_EVENTS:
        return make(year, *FIXED_EVENTS[name])
    return lunar(LUNAR_EVENTS[name], year)


def lunar(holiday: str, year: int) -> date | None:
    """Return the first day off of a lunar holiday in a year that the calendar of public holidays knows."""
    from chinese_calendar.constants import holidays

    days = [day for day, found in holidays.items() if day.year == year and found == holiday]
    return min(days, default=None)
