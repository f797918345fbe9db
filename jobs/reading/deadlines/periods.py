"""The period that a heading names: 2023年工作安排, 检查验收阶段（2019年10月）, 第三阶段（2022年11月至2023年2月）."""

import re
from datetime import date

from jobs.reading.deadlines.beside import first_day
from jobs.reading.deadlines.frame import Frame
from jobs.reading.deadlines.groups import Group, days_of, groups_in
from jobs.reading.deadlines.normal import normal

_OPENS = re.compile(r"(?:^|[(:,、\s]|阶段|步骤|环节|推进|开展|实施|时间)$")
_HEADED = re.compile(
    r"年?度?(?:的?(?:主要|重点|年度|工作|目标|任务|安排|计划|措施|要点|行动|项目|清单|部分|阶段)|[):,。\s]|$)"
)
"""What stands before, and behind, a year that is when all below takes place: 落实2018年中央一号文件精神 names a paper."""


def period(heading: str, frame: Frame) -> tuple[date, date] | None:
    """Return the first and the last day, both inclusive, of the period that a heading gives with its year; None without one."""
    text = normal(heading).text
    for group in groups_in(text):
        if not (group.last.has_year or group.from_year) or not _is_when(text, group):
            continue
        if group.last.unit == "day" and not group.is_range:
            continue  # what was signed on a day
        last = days_of(group, frame, None)[-1].due
        first = _begin(group) or first_day(group, frame)
        if first and last and first <= last:
            return first, last
    return None


def _is_when(text: str, group: Group) -> bool:
    return bool(_OPENS.search(text, 0, group.start) and _HEADED.match(text, group.end))


def _begin(group: Group) -> date | None:
    """Return the first day of a range's first month, or of its first year."""
    year = group.from_year or group.last.year
    return date(year, group.from_month or 1, 1) if year and group.is_range else None
