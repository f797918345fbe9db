"""Points that belong together: a list of days, or a range of which the last counts, and the days that they name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from jobs.reading.deadlines.frame import Frame
from jobs.reading.deadlines.points import Point, last_days, points
from jobs.reading.deadlines.resolve import Answer, make

_RANGE = re.compile(r"^(?:开始|起|启动)?,?(?:持续|延续|一直)?(?:至|到|-+)$")

_RANGE_START = re.compile(
    r"(?:(?P<iso>20\d\d)[./]\d{1,2}|(?P<year>20\d\d)年?|(?P<month>\d{1,2}|(?:(?<![\u4e00-\u9fff])|(?<=[于在从自由年月日号]))[一二三四五六七八九十]{1,2}))[-至到]+$"
)

_JOIN = re.compile(r"^(?:、|和|及|与|以及|,)$")


@dataclass(frozen=True, slots=True)
class Group:
    """Points that share one deadline's words: a list, or a range of which the last counts."""

    points: tuple[Point, ...]
    start: int
    end: int
    from_year: int | None = None
    from_month: int | None = None

    @property
    def is_range(self) -> bool:
        """Tell whether the group begins before its first point: then 从 is a part of it."""
        return self.start < self.points[0].start or self.from_month is not None

    @property
    def last(self) -> Point:
        """The point that governs the others."""
        return self.points[-1]


_MOST = 40
"""Points that one list has at the most: each is told with the words of the whole list."""


def groups_in(text: str) -> Iterator[Group]:
    """Join points that stand in a list or a range."""
    group: Group | None = None
    for point in points(text):
        joined = group and _joined(group, text[group.end : point.start], point)
        if group and not joined:
            yield group
        group = joined or _from_range(text, point)
    if group:
        yield group


def _joined(group: Group, gap: str, point: Point) -> Group | None:
    """Take a further point into a group, where it ends a range or continues a list."""
    if _RANGE.match(gap):
        first = group.points[0]
        month = first.months[-1] if first.months else None
        if point.unit == "bday" and month is not None:  # 9月15日至30日: the month stands at the beginning
            point = replace(point, unit="day", months=(month,), year=first.year)
        *before, begin = group.points  # 3月-5月、9月-11月: a list of ranges, each of which ends
        before += [replace(begin, months=begin.months[:-1])] if len(begin.months) > 1 else []
        return Group((*before, point), group.start, point.end, first.year, month)
    if point.unit == group.last.unit == "week" and not point.months:  # 下周一、周五 are of one week
        point = replace(point, months=group.last.months)
    listed = _JOIN.match(gap) and (gap != "," or group.last.unit == point.unit == "month")
    if listed and len(group.points) < _MOST:
        return replace(group, points=(*group.points, point), end=point.end)
    return None


NEAR = 12
"""So far before a point stands what shows what it is."""


def in_front(text: str, start: int) -> str:
    return text[max(0, start - NEAR) : start]


_CONTINUES: dict[str | None, tuple[str, ...]] = {
    "iso": ("month", "day"),
    "year": ("year", "yend"),
    "month": ("month", "part", "day"),
}
"""Where a range began with a bare number: what may be its end."""


def _from_range(text: str, point: Point) -> Group:
    """Begin a group, taking in the bare number of 4—6月 and 2022—2024年."""
    began = _RANGE_START.search(in_front(text, point.start))
    if began is None or point.unit not in _CONTINUES[began.lastgroup]:
        return Group((point,), point.start, point.end, from_month=point.first_month)
    start = point.start - len(began[0])
    return Group((point,), start, point.end, int(began["iso"]) if began["iso"] else None, point.first_month)


def days_of(group: Group, frame: Frame, carried: int | None) -> list[Answer]:
    """Return the days that a group names; what stands after the last one governs all that say less."""
    last = group.last
    year = group.from_year or carried
    found: list[Answer] = []
    for point in group.points:
        if point.unit == "month" and last.unit in ("part", "day") and len(last.days) == 1:
            point = replace(point, unit=last.unit, days=last.days, why=last.why)
        answers = last_days(point, frame, year)
        found += [_after_start(group, answer) for answer in answers] if point.end == last.end else answers
        if point.year is not None:
            year = point.year
    return found


def _after_start(group: Group, answer: Answer) -> Answer:
    """Move 3月 of 2022年12月至3月 into the next year, and say so."""
    last = group.last
    stated = last.has_year and last.first_month is None
    if stated or not group.from_month or last.unit not in ("month", "part", "day"):
        return answer
    if answer.due is None or answer.due.month >= group.from_month:
        return answer
    day = -1 if -1 in last.days else answer.due.day
    return Answer(make(answer.due.year + 1, answer.due.month, day), "跨年的区间，年份请核对")
