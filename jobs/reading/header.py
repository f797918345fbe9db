"""Which column of a table holds what: told by its heading, in one line or in two, and by what its cells look like."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from jobs.reading.blocks import Grid, Row
from jobs.reading.cells import NUMBER, Look, look
from jobs.reading.columns import (
    BOTH,
    LONGEST,
    ROLES,
    UNITS,
    columns_of,
    meaning_of,
    plain_heading,
    says_something,
    stage_of,
)
from jobs.reading.deadlines import Deadline, Frame
from jobs.reading.laying import expected, straightened
from jobs.reading.units import by_label, label_at
from jobs.reading.weighing import ENOUGH, KNOWN, SAMPLE, Weighed

_ROWS = 10
_LINES = 3
"""Lines that a header has at the most."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which columns hold what; one that says nothing to us is in none. ``last`` is the header's last row, from 0.

    ``stages`` are columns headed by a deadline of their own, whose cells say what falls due. Of several columns of
    deadlines the first in ``columns`` is that of the whole task. ``guesses`` say what was told by the cells alone.
    ``offices`` are columns headed by a unit each, whose cells mark what it has to do with the task.
    """

    columns: dict[str, tuple[int, ...]]
    first: int
    last: int
    headings: tuple[str, ...]
    stages: dict[int, Deadline]
    guesses: tuple[str, ...] = ()
    offices: dict[int, str] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """How many columns the header has."""
        return len(self.headings)

    def column(self, name: str) -> int | None:
        """Return the place of the first column of a part."""
        places = self.columns.get(name)
        return places[0] if places else None

    def cell(self, row: Row, name: str) -> str:
        """Return what a row says of a part; nothing where it has no such cell."""
        place = self.column(name)
        return row.cells[place] if place is not None and place < len(row.cells) else ""


def find_header(grid: Grid, frame: Frame) -> Header | None:
    """Return the first row or two that read like the header of a task table; None for any other table."""
    for at, row in enumerate(grid.rows[:_ROWS]):
        if len(row.filled) < ENOUGH or _is_filled_in(row) or any(_is_no_heading(cell) for cell in row.filled.values()):
            continue
        candidates = [(at, _spread(row.cells, grid.rows[at + 1 :]))]
        last, above = at, row
        while last < at + _LINES - 1 and last + 1 < len(grid.rows) and _has_second_line(above, grid.rows[last + 1]):
            last += 1
            above = replace(grid.rows[last], cells=_together(above, grid.rows[last]))
            candidates.insert(0, (last, above.cells))
        for last, headings in candidates:
            header = _header(at, last, headings, grid.rows[last + 1 :], frame)
            if header is not None:
                return header
    return None


def _is_no_heading(cell: str) -> bool:
    """Tell what stands in no header: a row's number, a sentence."""
    return bool(_WHOLE_DAY.fullmatch(cell) or NUMBER.match(re.sub(r"\s", "", cell))) or (
        len(cell) > 4 and cell[-1] in "。；;"
    )


_WHOLE_DAY = re.compile(r"\s*(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}\s*")
_LEVELS = "省市县区州"


def _is_filled_in(row: Row) -> bool:
    """Tell the row of a form from a header: its headings stand beside what was filled in, such as one unit's name."""
    named = [
        cell
        for cell in row.filled.values()
        if look(cell) is Look.UNITS
        and not columns_of((cell,))
        and not re.search("责任|^所", cell)
        and (len(cell) > 4 or (len(cell) == 4 and cell[0] in _LEVELS))
    ]
    return len(named) == 1 and says_something(next(iter(row.filled.values())))


def _spread(headings: tuple[str, ...], rows: list[Row]) -> tuple[str, ...]:
    """Give a column without a heading that of the one to its left, where most rows have something in it."""
    found = list(headings)
    for at in range(1, len(found)):
        filled = sum(at < len(row.cells) and bool(row.cells[at]) and at not in row.right for row in rows)
        if not found[at] and found[at - 1] and filled * 2 > len(rows):
            found[at] = found[at - 1]
    return tuple(found)


def _header(first: int, last: int, headings: tuple[str, ...], rows: Sequence[Row], frame: Frame) -> Header | None:
    columns = columns_of(headings)
    stages = {
        place: deadline for place, heading in enumerate(headings) if (deadline := stage_of(heading, frame)) is not None
    }
    if len(stages) > 1 and stages.keys() & columns.get("task", ()):  # 项目名称 | 一季度任务 | 二季度任务
        without = columns_of(tuple("" if at in stages else heading for at, heading in enumerate(headings)))
        columns = without if "task" in without else columns
    if len(stages) > 1 and set(columns.get("deadline", ())) <= stages.keys():
        columns.pop("deadline", None)
    if len(stages) > 1:  # 检查时间安排 above 一季度 says when, and not when somebody looked
        left = {name: tuple(at for at in columns.get(name, ()) if at not in stages) for name in ("other", "start")}
        columns = {name: left.get(name, places) for name, places in columns.items() if left.get(name, places)}
    taken = {place for places in columns.values() for place in places}
    roles = expected(columns, stages, len(headings))
    rows = [straightened(row, roles) for row in rows[:SAMPLE]]
    weighed = Weighed(columns, headings, rows, free=set(range(len(headings))) - taken - stages.keys())
    offices = weighed.offices()
    weighed.weigh(staged=stages)
    told = ["responsible", "deadline"] if sum(map(_tells_itself, rows)) * 2 > len(rows) else []
    both = any(BOTH.search(plain_heading(heading)) for heading in headings)
    if not weighed.is_of_tasks(
        ["deadline"] * (len(stages) > 1) + ["deadline"] * both + ["responsible"] * bool(offices) + told
    ):
        return None
    taken = {place for places in columns.values() for place in places}
    stages = {place: deadline for place, deadline in stages.items() if place not in taken}
    return Header(columns, first, last, headings, stages, tuple(weighed.guesses), offices)


def _tells_itself(row: Row) -> bool:
    """Tell whether a row says in its cells, by labels, whose it is: 整改措施：…；责任单位：…"""
    standings = (by_label(cell) for cell in row.filled.values() if label_at(cell) is not None)
    return any(one is not None and one.everybody for one in standings)


def names_its_own(grid: Grid) -> bool:
    """Tell whether the first row of a table that is none of tasks is its header: 指标 | 计量单位 | 目标值."""
    first = grid.rows[0].filled.values()
    return sum(map(says_something, first)) * 2 > len(first) and not any(map(_is_no_heading, first))


def guessed_header(grid: Grid) -> Header | None:
    """Return what the columns of a table without any header hold, where their cells leave little doubt; else None."""
    width = max(len(row.cells) for row in grid.rows)
    if names_its_own(grid):
        return None
    weighed = Weighed({}, ("",) * width, grid.rows, free=set(range(width)))
    if not weighed.without_header():
        return None
    return Header(weighed.columns, -1, -1, ("",) * width, {}, tuple(weighed.guesses))


def _has_second_line(row: Row, below: Row) -> bool:
    """Tell whether a header goes on in the next line: what is new there reads like headings, under a merged cell or,
    in a format that knows no merged cells, under one with an empty place to its right.
    """
    places = [at for at, cell in enumerate(below.cells) if cell and at not in below.down]
    new = [plain_heading(below.cells[at]) for at in places]
    if not new or any(len(cell) > LONGEST for cell in new):
        return False
    if row.right:
        above = [at for at, cell in enumerate(row.cells) if cell and not {at, at + 1} & row.right]
        return not any(re.search(r"[。；]", cell) for cell in new) and not any(
            at in places and below.cells[at] != row.cells[at] and not says_something(below.cells[at]) for at in above
        )
    return "" in row.cells and all(
        meaning_of(cell) in (*UNITS, "mixed", "deadline", "person")
        or cell in (*_BEGIN_AND_END, *BEFORE_AND_NOW, *ROLES)
        for cell in new
    )


_BEGIN_AND_END = ("启动", "开始", "开工", "起始", "完成", "结束", "截止", "完工", "竣工")
BEFORE_AND_NOW = (
    "原",
    "原定",
    "原计划",
    "现",
    "现定",
    "现计划",
    "计划",
    "实际",
    "调整前",
    "调整后",
    "变更前",
    "变更后",
)
"""What stands below 时间安排, or 完成时限."""


def _together(row: Row, below: Row) -> tuple[str, ...]:
    """Put both lines of a header together, column by column."""
    width = max(len(row.cells), len(below.cells))
    above = list(row.cells)
    for at in range(1, len(above)):
        if not above[at] and not row.right and at < len(below.cells) and below.cells[at]:
            above[at] = above[at - 1]
    row = Row(tuple(above), row.place)
    pairs = [
        (
            row.cells[at] if at < len(row.cells) else "",
            below.cells[at] if at < len(below.cells) and at not in below.down else "",
        )
        for at in range(width)
    ]
    return tuple(upper if upper == lower else f"{upper}\n{lower}".strip() for upper, lower in pairs)


def is_another(row: Row, header: Header) -> bool:
    """Tell whether a row is the header of another table that goes on below the first, with its columns elsewhere."""
    columns = columns_of(row.cells)
    known = columns.keys() & (KNOWN - {"mixed"})
    return (
        "task" in columns
        and len(known) >= ENOUGH + 1
        and not any(_is_no_heading(cell) or look(cell) is Look.DAY for cell in row.filled.values())
        and any(header.columns.get(name) != columns[name] for name in known)
    )
