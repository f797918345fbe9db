"""What comes again only until a day that stands beside it: 至年底前每月5日报送, 3月至9月每周一报送, 每周五报送，直至年底."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from db.periods import due_days
from db.words import DeadlineKind
from jobs.reading.deadlines.beside import first_day
from jobs.reading.deadlines.frame import Deadline, Frame, Setting
from jobs.reading.deadlines.groups import Group
from jobs.reading.deadlines.shown import PERHAPS

_WHO = r"(?:各|[\u4e00-\u9fff、]{1,24}(?=[局委办厅科室站所队镇乡])|各?[\u4e00-\u9fff、]{0,20}(?=单位|部门|街道|公司|企业|县区|区县|村))[\u4e00-\u9fff]{1,4}"
_AHEAD_OF_IT = re.compile(rf"[)）]?(?:期间|为止|止)?,?(?:{_WHO})?(?:都|均|应当?|须|必须|需|要|按|于|在)*")
"""Between the day and what comes again until then nothing stands but who is told so."""
_AT_ONCE = re.compile(r"[)）]?(?:期间|为止|止)?")
"""7月底前，每月25日前报进展 of a cell are two deadlines."""
_BEHIND_IT = re.compile(r"[^,。;!?\n]{0,16}[,(]?(?:一直|直|持续|延续)?(?:到|至)?")
_CLOSES = re.compile(r"(?:为止|止|结束|期满)?(?:[,。;)\n]|$)")


def ends(found: Sequence[Deadline], groups: Iterable[Group], text: str, frame: Frame) -> list[Deadline]:
    """Return deadlines in order, what comes again with the day until which it does where that stands beside it, and without that
    day, by which nothing else is due.
    """
    spans = {group.start: group for group in groups if group.last.unit != "year" or group.is_range}
    days = [one for one in found if one.kind is DeadlineKind.DATE and one.due]
    starts = [one.start for one in days]
    told, over = list(found), set[int]()
    for at, one in enumerate(found):
        if not days or one.kind is not DeadlineKind.RECURRING or one.rule is None:
            continue
        place = bisect_right(starts, one.start)
        ahead = _ahead_of(one, days[max(0, place - _MOST) : place], text, frame)
        beside = ahead or _behind(one, days[place : place + 1], text)
        group = spans.get(beside[0].start) if beside else None
        begun = _begins(group, beside, text, frame) if group is not None and ahead else None
        ended = _ended(one, beside, begun, frame) if group is not None else None
        if ended is not None:
            told[at] = ended
            over |= {day.start for day in beside} if one.rule != "FREQ=DAILY" else set()
    return [one for one in told if one.kind is not DeadlineKind.DATE or one.start not in over]


_AHEAD = timedelta(days=800)
"""In so long what comes again falls due once at least, or where it does not is left alone."""
_MOST = 12
"""Days of one list, as many as a year has months."""


def _ahead_of(one: Deadline, days: Sequence[Deadline], text: str, frame: Frame) -> list[Deadline]:
    last = [day for day in days if day.start == days[-1].start and day.end <= one.start]
    between = _AT_ONCE if frame.setting is Setting.CELL else _AHEAD_OF_IT
    return last if last and between.fullmatch(text, last[0].end, one.start) else []


def _behind(one: Deadline, days: Sequence[Deadline], text: str) -> list[Deadline]:
    day = days[0] if days and days[0].start >= one.end else None
    closed = _CLOSES.match(text, day.end) if day is not None else None
    if day is None or closed is None or not _BEHIND_IT.fullmatch(text, one.end, day.start):
        return []
    led = text[one.end : day.start].endswith(("到", "至")) or text[day.start : day.end].endswith("止")
    return [day] if led or closed[0][:1] in ("为", "止", "结", "期") else []


def _ended(one: Deadline, days: Sequence[Deadline], begun: date | None, frame: Frame) -> Deadline | None:
    """Return what comes again with its end, and its first day from when it ``begun``; None where no day falls between."""
    dues = [day.due for day in days if day.due]
    if (one.rule or "").startswith("FREQ=YEARLY") and max(dues).year <= (frame.year_meant or 0):
        return None  # what comes again each year does not end within this one
    floor = max(filter(None, (begun, frame.reference)), default=None)
    near = min(max(dues), floor + _AHEAD) if floor else None
    coming = due_days(one.rule or "", one.next, floor - timedelta(days=1), near) if floor and near else []
    if floor is not None and not coming:
        return None
    why = next((day.uncertain for day in days if day.uncertain and day.uncertain != PERHAPS), None)
    rule = f"{one.rule};UNTIL={max(dues):%Y%m%d}"
    first = coming[0] if coming else None
    return replace(one, rule=rule, next=first, uncertain=one.uncertain or why, how=f"{one.how}；到所写的日子为止")


def _begins(group: Group, days: Sequence[Deadline], text: str, frame: Frame) -> date | None:
    """Return when a span begins: with its first month, or the month, quarter or half year that it is; 至9月 and 9月前 begin nowhere."""
    dues = [day.due for day in days if day.due]
    if group.last.unit == "year":
        return date(group.from_year, 1, 1) if group.from_year else None
    if group.from_month:
        year = max(dues).year - (group.from_month > max(dues).month)
        return date(year, group.from_month, 1)
    if group.is_range or group.end < days[0].end or text[max(0, group.start - 1) : group.start].endswith(("到", "至")):
        return None
    if group.last.unit == "month":
        return min(dues).replace(day=1)
    return first_day(group, frame) if group.last.unit in ("quarter", "half") else None
