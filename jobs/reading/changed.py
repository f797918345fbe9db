"""Columns of what was before and what is now: 原定时限 | 调整后时限, 原责任单位 | 现责任单位. What is now holds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from jobs.reading.blocks import Grid, Row
from jobs.reading.columns import UNITS, meaning_of, plain_heading
from jobs.reading.header import BEFORE_AND_NOW, Header

_CHANGED = r"(?:调整|变更|变动|延期|展期|顺延|修[改订]|更[改新换])"
_FORMER = re.compile(rf"(?:^|\n)(?:原(?![因料则文始材理件])|先前|此前)|{_CHANGED}之?前")
_LATER = re.compile(
    rf"(?:^|\n)(?:现(?![状场金有])(?:在|定)?|新(?![增建开址房])|最新|最终)(?=\S)|{_CHANGED}(?:之?后|[至到为])"
    rf"|延[期长][至到后]|(?:^|\n){_CHANGED}(?:的)?(?:时限|期限|时间|日期)|第[一二三四1-4]次{_CHANGED}"
)
_OF_DAYS = re.compile(r"延[期长]|展期|顺延|第.次")
_UNCHANGED = re.compile(
    r"\s*(?:/|-+|—+|无|否|\\|不变|未变|无变化|不[作做]?调整|未调整|维持(?:不变|原[定状])?|保持不变|同[左前原]|原[定时限]*)?\s*"
)
_PARTS = (*UNITS, "mixed", "deadline")


def former_and_later(headings: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the columns of a former and a later state with the part of a task that they hold, in the order of the later."""
    parts = {at: _part(heading) for at, heading in enumerate(headings)}
    former = {at for at in parts if _FORMER.search(headings[at])}
    later = {at for at in parts if at not in former and _LATER.search(headings[at])}
    yielded: set[int] = set()
    for at in sorted(later):
        own = parts[at]
        alike = [other for other, part in parts.items() if other != at and part in _PARTS and part == (own or part)]
        before = [other for other in alike if other < at]
        named = [other for other in alike if other in former and other not in yielded]
        found = [other for other in before if other in later] or named or before
        if found and (own is None or own in _PARTS):
            yielded.add(found[-1])
            yield found[-1], at, own or str(parts[found[-1]])
    for at in sorted(former - yielded):
        alike = [other for other in parts if other != at and parts[other] == parts[at] and other not in former | later]
        behind = [other for other in alike if other > at]
        if parts[at] in _PARTS and alike:
            yield at, (behind or alike)[0], str(parts[at])


def in_two_lines(rows: Sequence[Row]) -> dict[int, str]:
    """Return the headings of a row, by column, with what the row below says of before and now: 责任单位 / 原, 现."""
    head, below = (
        rows[0].filled,
        {at: cell for row in rows[1:2] for at, cell in row.filled.items() if at not in row.down},
    )
    if not any(cell in BEFORE_AND_NOW for cell in below.values()):
        return head
    return head | {at: f"{''.join(rows[0].cells[at : at + 1])}\n{cell}" for at, cell in below.items()}


@lru_cache(maxsize=32)
def replaced(head: tuple[tuple[int, str], ...]) -> frozenset[int]:
    """Return the columns of what was before another column changed it; ``head`` holds the headings by column."""
    headings = dict(head)
    listed = [headings.get(at, "") for at in range(max(headings, default=-1) + 1)]
    return frozenset(former for former, _later, _part in former_and_later(listed))


def _part(heading: str) -> str | None:
    """Return what part of a task a column holds; 延期至 days, and 调整为 whatever stands before it."""
    meaning = meaning_of(plain_heading(heading))
    return "deadline" if meaning is None and _OF_DAYS.search(heading) and _LATER.search(heading) else meaning


def settled(grid: Grid, header: Header) -> tuple[Grid, Header]:
    """Return a table whose columns of a later state hold in every row: where a cell says that nothing changed, what was before;
    and its header, in which what was before is no part of a task.
    """
    pairs = list(former_and_later(header.headings))
    if not pairs:
        return grid, header
    gone = {former for former, _later, _part in pairs}
    columns = {name: tuple(at for at in places if at not in gone) for name, places in header.columns.items()}
    for _former, later, part in pairs:
        if later not in gone:
            kept = tuple(at for at in columns.get(part, ()) if at != later)
            columns[part] = (later, *kept) if part == "deadline" else (*kept, later)
    columns = {name: places for name, places in columns.items() if places} | {"former": tuple(sorted(gone))}
    stages = {at: stage for at, stage in header.stages.items() if at not in gone}
    start = header.last + 1
    rows = [*grid.rows[:start], *(_settled(row, pairs) for row in grid.rows[start:])]
    return Grid(grid.number, rows), replace(header, columns=columns, stages=stages)


def _settled(row: Row, pairs: Sequence[tuple[int, int, str]]) -> Row:
    """Return a row in which a later state that is blank is the former."""
    cells = list(row.cells)
    for former, later, _part in pairs:
        if former < len(cells) and cells[former] and former not in row.right:
            cells += [""] * (later + 1 - len(cells))
            if _UNCHANGED.fullmatch(cells[later]):
                cells[later] = cells[former]
    return replace(row, cells=tuple(cells))
