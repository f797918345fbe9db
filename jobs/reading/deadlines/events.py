"""Deadlines before an event: 国庆前, 党的二十大召开前 — the day before it, where the calendar knows the day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jobs.reading.deadlines.frame import Frame
from jobs.reading.deadlines.relative import N, duration
from jobs.reading.deadlines.resolve import NO_YEAR, SHORT_YEAR, Answer, add_days, full_year, make
from jobs.reading.deadlines.vocabulary import (
    BEFORE,
    FIXED_EVENTS,
    HAPPENS,
    KNOWN_EVENTS,
    LUNAR_EVENTS,
    UNKNOWN_EVENTS,
    YEARS,
)

_NAMES = "|".join((*FIXED_EVENTS, *LUNAR_EVENTS, *KNOWN_EVENTS, *UNKNOWN_EVENTS))

_SEVERAL = rf"(?:[、和及与]?(?:{_NAMES})节?)*(?:[二双三]节)?"
"""国庆、中秋两节: by the earlier one."""

_EVENT = re.compile(
    rf"(?:(?P<year>[12]\d{{3}}|(?<!\d)\d\d|(?<![零一二三四五六七八九]){SHORT_YEAR})年|(?P<shift>{'|'.join(YEARS)})度?)?[“\"‘']?(?:党的)?(?<![\d一二三四五六七八九十])(?<!每年)(?P<name>{_NAMES})[”\"’']?(?:节日?|假期)?[”\"’']?"
    rf"{_SEVERAL}{HAPPENS}{BEFORE}"
)

_SAID_WHEN = re.compile(r"\((?:即|于)?(?:[12]\d{3}年)?\d{1,2}月")
"""汛前（5月15日前）: the bracket says which day that is."""

_OF_THE_MOON = re.compile(
    rf"(?:(?:农历|阴历|旧历)(?:{N}|正|冬|腊)月|(?<![\u4e00-\u9fff])(?:正|冬|腊)月)(?:[初十廿卅二三]?{N}(?:[日号])?|底|末)?(?:{BEFORE})?"
)
"""A day of the lunar calendar, which no list of public holidays tells: 农历八月十五前, 腊月二十三前."""

_EXPIRY = re.compile(
    rf"(?:(?:许可证?|证书|资质|合同|评价(?:报告)?|检验|检测)?(?:有效期|期限)?(?:届满|期满|到期|满期)(?:之)?前?(?:的)?(?:提前|至少)?"
    rf"|(?:至少)?提前)(?P<count>{N})(?:个)?(?P<unit>工作日|月|日|天|周|年)(?:内|之?前|以前)?"
)
"""A window before an expiry: 有效期届满前3个月, 到期前30日, 提前3个月."""

_ASKS = re.compile(r"[^,。;]{0,8}?(?:申请|提出|换|续|办理|预警|提醒|告知|报)|\s*$|[,。;)]")

_UNKNOWN_EXPIRY = "以各自的到期日为准，须按到期台账逐项确定"
_UNKNOWN_DAY = "事件的日期不明，须人工确定"
_LUNAR = "农历的日子，须人工换算"
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
    for match in _OF_THE_MOON.finditer(text):
        yield Event(match.start(), match.end(), Answer(None, _LUNAR))
    if "前" not in text:
        return
    for match in _EXPIRY.finditer(text):
        if match[0].startswith(("提前", "至少提前")) and not _ASKS.match(text, match.end()):
            continue  # 提前一个月做完: sooner than planned
        length = duration(match["count"], match["unit"])
        if length is not None:
            yield Event(match.start(), match.end(), Answer(None, _UNKNOWN_EXPIRY), f"-{length}")
    for match in _EVENT.finditer(text):
        answer = _answer(match, frame)
        if answer.due is not None or not _SAID_WHEN.match(text, match.end()):
            yield Event(match.start(), match.end(), answer)


def _answer(match: re.Match[str], frame: Frame) -> Answer:
    name = match["name"]
    if name in KNOWN_EVENTS:
        return Answer(add_days(date(*KNOWN_EVENTS[name]), -1))
    if name not in FIXED_EVENTS and name not in LUNAR_EVENTS:
        return Answer(None, _UNKNOWN_DAY)
    stated = match["year"] or match["shift"]
    year = (full_year(match["year"]) if match["year"] else frame.year_meant or 0) + YEARS.get(match["shift"], 0)
    if not year:
        return Answer(None, NO_YEAR)
    named = [one for one in re.findall(_NAMES, match[0]) if one in FIXED_EVENTS or one in LUNAR_EVENTS]
    day = _earliest(named, year)
    moved = not stated and frame.reference is not None and day is not None and day <= frame.reference
    if moved:
        day = _earliest(named, year + 1)
    if day is None:
        return Answer(None, _PUBLIC)
    return Answer(add_days(day, -1), f"当年的{name}已过，按次年计算" if moved else None)


def _earliest(names: list[str], year: int) -> date | None:
    """Return the first of several days off that a year has, None where the day of one is not known."""
    days = [day for name in names if (day := _day_of(name, year)) is not None]
    return min(days) if len(days) == len(names) else None


def _day_of(name: str, year: int) -> date | None:
    if name in FIXED_EVENTS:
        return make(year, *FIXED_EVENTS[name])
    return lunar(LUNAR_EVENTS[name], year)


def lunar(holiday: str, year: int) -> date | None:
    """Return the first day off of a lunar holiday in a year that the calendar of public holidays knows."""
    from chinese_calendar.constants import holidays

    return min((day for day, name in holidays.items() if day.year == year and name == holiday), default=None)
