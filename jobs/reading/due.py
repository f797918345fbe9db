"""What falls due by a cell of days: its days read as a spreadsheet wrote them, and each as a milestone of the task."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from jobs.reading.cells import is_ahead
from jobs.reading.columns import meaning_of, plain_heading
from jobs.reading.deadlines import Deadline, Frame, find_deadlines
from jobs.reading.document import MilestoneRead
from jobs.reading.units import Standing

ONLY_BEGINS = re.compile(r"^(?:自.*起(?:施行|实施|执行|生效|试行)?|.*\d[日月]起(?:施行|实施|执行|生效|试行)?)[。；]?$")
ONLY_BEGAN = "只写了从哪天起，没有写到哪天为止"
NOT_UNDERSTOOD = "时限没有读懂"


TIME_LABEL = re.compile(
    r"(?:^|(?<=[\n。；;，,]))(?P<label>[^\n。；;，,:：]{0,8}(?:时限|期限|时间|节点|日期|频次|频率)(?:[】\]〕]|(?=[:：])))[:：]?(?P<when>[^\n。；;]*(?:[；;]\s{0,4}(?=\d|第?[一二三四]季度|[上下]半年|年[中底])[^\n。；;:：]*)*)"
)
"""A label of when inside a text: what stands after it is read as a cell is."""


def is_due(label: str, when: str) -> bool:
    """Tell whether what stands under a label of time is a deadline, and not when something was handed out or found."""
    return meaning_of(plain_heading(label)) not in ("other", "start") or is_ahead(when)


_DROPPED_ZERO = re.compile(r"^\s*(?:19|20)\d\d\.1\s*$")

_SERIAL = re.compile(r"^4\d{4}$")


def counted(cell: str, frame: Frame) -> list[Deadline]:
    """Return the day that a bare number of days is in a spreadsheet, counted as Excel does; none for any other cell."""
    if not _SERIAL.match(cell.strip()):
        return []
    day = date(1899, 12, 30) + timedelta(days=int(cell))
    found = find_deadlines(day.isoformat(), frame)
    return [replace(one, text=cell, start=0, end=len(cell), how=f"表格软件的第 {cell} 天是 {day}") for one in found]


_DOTTED = re.compile(
    r"(?:^|(?<=[；;，,、\s]))\d{1,2}[.．]\d{1,2}(?=\s?[\u4e00-\u9fff]{2})(?!\s?(?:万|亿|元|公里|米|吨|亩|平方|个|倍|级|版|条|款|项|人|户))"
)
"""A day as 9.30 before what is due then; in a sentence it may be the number of an item."""


_HOW_LONG = re.compile(
    r"^\s*(?:\d{1,3}|[一二三四五六七八九十两半]{1,3})个?(?:工作日|天|月|星期|周)\s*$(?<![\d一二三四五六七八九十]月)"
)
"""A bare span as a form has it: 5个工作日; 5月 is a month."""
SINCE_WHEN = "只写了多久，请核对从哪天算起"


def days_in(cell: str, frame: Frame) -> list[Deadline]:
    """Return the deadlines of a cell of days, those that are written as 9.30 before what is due then included."""
    found = find_deadlines(cell, frame)
    if not found and _HOW_LONG.match(cell):
        within = find_deadlines(f"{cell.strip()}内", frame)
        return [replace(one, text=cell.strip(), end=len(cell), uncertain=one.uncertain or SINCE_WHEN) for one in within]
    for match in _DOTTED.finditer(cell):
        if not any(match.start() < one.end and one.start < match.end() for one in found):
            more = (one for one in find_deadlines(match[0], frame) if one.due)
            found += [replace(one, start=match.start(), end=match.end()) for one in more]
    return sorted(found, key=lambda one: one.start)


SEVERALLY = "写的是“分别”，请核对各单位的期限"


IN_BRACKETS = "括号里另有日子，请核对以哪一个为准"


def _says_another(cell: str, found: Sequence[Deadline]) -> bool:
    """Tell whether a bracket says another day than stands outside of it: 4月20日（省厅要求4月30日）."""
    within = {at for match in _BRACKET.finditer(cell) for at in range(*match.span())}
    inside = {one.due for one in found if one.start in within}
    outside = {one.due for one in found if one.start not in within}
    return bool(inside and outside and inside - outside)


_BRACKET = re.compile(r"[（(][^（）()]*[）)]")


def doubt(cell: str, found: Sequence[Deadline] = ()) -> str | None:
    """Say why the days of a cell are to be looked at: what a spreadsheet may have done to them, or whose they are."""
    if _says_another(cell, found):
        return IN_BRACKETS
    if _DROPPED_ZERO.match(cell):
        return "可能是10月而末位的0被表格软件省去，请核对"
    if "分别" in cell:
        return SEVERALLY
    return "单元格是数字而不是日期，请核对" if _SERIAL.match(cell.strip()) else None


_PARTS = re.compile(r"[；;。\n]")
_CLAUSES = re.compile(r"[；;。\n，,]")
"""What parts the stages of one cell: 5月底前完成勘查，9月底前完成治理."""

_LABEL = re.compile(r"^\s*(?:[（(]?\d{1,2}[)）.、．]\s*(?!\d))?")

_STAGES = 40
"""Deadlines in one cell that can be stages of one task; of more nobody says what each is for."""


def said_beside(
    cell: str, one: Deadline, found: list[Deadline], standing: Standing
) -> tuple[str, tuple[str, ...] | None]:
    """Return what a cell with several deadlines says beside one: what falls due, and the units it names."""
    if len(found) > _STAGES:
        return "", None
    parts = _CLAUSES if len({other.start for other in found}) > 1 else _PARTS
    begin = max((match.end() for match in parts.finditer(cell, 0, one.start)), default=0)
    ending = parts.search(cell, one.end)
    part = cell[begin : one.start] + cell[one.end : ending.start() if ending else len(cell)]
    named = tuple(name for name in standing.everybody if name in part)
    bare = _LABEL.sub("", part).strip(" ，,、：:（）()")
    for word in (*named, *(other.text for other in found), "完成"):
        bare = bare.replace(word, "").strip(" ，,、：:（）()").removeprefix("分别").lstrip("于在")
    return (bare[:80] if len(bare) >= 2 else ""), (named or None)


def milestone(
    one: Deadline, deliverable: str = "", units: tuple[str, ...] | None = None, uncertain: str | None = None
) -> MilestoneRead:
    """Return a deadline as a milestone of a task."""
    return MilestoneRead(
        text=one.text,
        kind=one.kind,
        due=one.due,
        rule=one.rule,
        next=one.next,
        shift=one.shift,
        deliverable=deliverable,
        units=units,
        uncertain=uncertain or one.uncertain,
        how=one.how,
    )
