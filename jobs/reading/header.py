"""Which column of a table holds what: told by its heading, in one line or in two, and by what its cells look like."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jobs.reading.blocks import Grid, Row
from jobs.reading.cells import NUMBER, Look, Profile, look, profile
from jobs.reading.columns import (
    BOTH,
    LONGEST,
    TASK_HEADINGS,
    UNITS,
    columns_of,
    meaning_of,
    plain_heading,
    rank,
    says_something,
    stage_of,
)
from jobs.reading.deadlines import Deadline, Frame
from jobs.reading.laying import expected, straightened
from jobs.reading.units import by_label, label_at

_KNOWN = {"number", "deadline", "lead", "responsible", "assist", "mixed"}

_ROWS = 10
_ENOUGH = 2
_SAMPLE = 60
"""Rows that are looked at to say what a column holds."""


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
        if len(row.filled) < _ENOUGH or any(_is_no_heading(cell) for cell in row.filled.values()):
            continue
        candidates = [(at, _spread(row.cells, grid.rows[at + 1 :]))]
        if at + 1 < len(grid.rows) and _has_second_line(row, grid.rows[at + 1]):
            candidates.insert(0, (at + 1, _together(row, grid.rows[at + 1])))
        for last, headings in candidates:
            header = _header(at, last, headings, grid.rows[last + 1 :], frame)
            if header is not None:
                return header
    return None


def _is_no_heading(cell: str) -> bool:
    """Tell what stands in no header: a row's number, a sentence."""
    return bool(NUMBER.match(re.sub(r"\s", "", cell))) or (len(cell) > 4 and cell[-1] in "。；;")


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
    if len(stages) > 1 and set(columns.get("deadline", ())) <= stages.keys():
        columns.pop("deadline", None)
    taken = {place for places in columns.values() for place in places}
    roles = expected(columns, stages, len(headings))
    rows = [straightened(row, roles) for row in rows[:_SAMPLE]]
    judge = _Judge(columns, headings, rows, free=set(range(len(headings))) - taken - stages.keys())
    judge.judge(staged=bool(stages))
    offices = judge.offices()
    told = ["responsible", "deadline"] if sum(map(_tells_itself, rows)) * 2 > len(rows) else []
    both = any(BOTH.search(plain_heading(heading)) for heading in headings)
    if not judge.is_of_tasks(
        ["deadline"] * (len(stages) > 1) + ["deadline"] * both + ["responsible"] * bool(offices) + told
    ):
        return None
    taken = {place for places in columns.values() for place in places}
    stages = {place: deadline for place, deadline in stages.items() if place not in taken}
    return Header(columns, first, last, headings, stages, tuple(judge.guesses), offices)


def _tells_itself(row: Row) -> bool:
    """Tell whether a row says in its cells, by labels, whose it is: 整改措施：…；责任单位：…"""
    standings = (by_label(cell) for cell in row.filled.values() if label_at(cell) is not None)
    return any(one is not None and one.everybody for one in standings)


def guessed_header(grid: Grid) -> Header | None:
    """Return what the columns of a table without any header hold, where their cells leave little doubt; else None."""
    width = max(len(row.cells) for row in grid.rows)
    first = grid.rows[0].filled.values()
    if sum(map(says_something, first)) * 2 > len(first) and not any(map(_is_no_heading, first)):
        return None  # it has a header, and that names nothing which anybody owes
    judge = _Judge({}, ("",) * width, grid.rows, free=set(range(width)))
    return judge.without_header()


class _Judge:
    """Sets what headings say against what the cells below look like; ``columns`` is changed to what holds."""

    def __init__(
        self, columns: dict[str, tuple[int, ...]], headings: tuple[str, ...], rows: Sequence[Row], free: set[int]
    ) -> None:
        """``free`` are the places whose heading says nothing of a part."""
        self.columns, self._headings, self._free = columns, headings, free
        self.guesses: list[str] = []
        sample = [
            row for row in rows[:_SAMPLE] if len(row.filled) > 1
        ]  # a heading between rows says nothing of a column
        self._profiles = [profile(_column(sample, place)) for place in range(len(headings))]

    def judge(self, staged: bool) -> None:
        """Take parts from columns whose cells contradict them, and give open parts to columns whose cells fit."""
        self._drop_contradicted()
        self._choose_deadlines(staged)
        self._find_units()
        self._find_number()
        self._find_task()

    def is_of_tasks(self, more: list[str]) -> bool:
        """Tell whether this is a table of tasks: a task, and enough that says who or when; ``more`` are parts known besides.

        Of a heading that names the task, one column of units or days that look so is enough.
        """
        known = [name for name in self.columns if name in _KNOWN] + more
        if "task" not in self.columns:
            return False
        if len(known) >= _ENOUGH and any(name != "number" for name in known):
            return True
        heading = plain_heading(self._headings[self.columns["task"][0]])
        named = any(re.search(words, heading) for words in TASK_HEADINGS[:2]) and "职责" not in heading
        named = named or any(meaning_of(plain_heading(one)) == "problem" for one in self._headings)
        return named and any(
            self._profiles[place].mostly(Look.DAY if name == "deadline" else Look.UNITS)
            for name in ("deadline", *UNITS, "mixed")
            for place in self.columns.get(name, ())
        )

    def offices(self) -> dict[int, str]:
        """Return the columns of a matrix: headed by a unit, of cells that only mark or name its role; there are several."""
        found = {
            at: heading
            for at, heading in enumerate(self._headings)
            if at in self._free and _is_of_matrix(self._profiles[at]) and look(heading) is Look.UNITS
        }
        return found if len(found) > 1 else {}

    def without_header(self) -> Header | None:
        """Return the columns by their cells alone."""
        units = tuple(at for at, one in enumerate(self._profiles) if one.share(Look.UNITS) >= 0.6)
        days = tuple(at for at, one in enumerate(self._profiles) if one.share(Look.DAY) >= 0.6)
        self._find_number()
        rest = [
            at for at, one in enumerate(self._profiles) if one.mostly(Look.LONG, Look.WORDS) and at not in units + days
        ]
        if not rest or not (units or days):
            return None
        task = max(rest, key=lambda at: self._profiles[at].length)
        if not self._profiles[task].mostly(Look.LONG) and not (units and days):
            return None
        if not units and "number" not in self.columns:
            return None
        columns = {"task": (task,), "responsible": units, "deadline": days[-1:], **self.columns}
        section = [at for at in rest if at < task]
        if section:
            columns["section"] = (section[-1],)
        columns = {name: places for name, places in columns.items() if places}
        guess = "表格没有表头，各栏按内容判断，请核对"
        return Header(columns, -1, -1, self._headings, {}, (guess,))

    # ------------------------------------------------------------ parts

    def _drop_contradicted(self) -> None:
        """Take the part of units from a column of measures or days: 单位 over 万亩."""
        for name in (*UNITS, "mixed"):
            kept = []
            for place in self.columns.get(name, ()):
                one = self._profiles[place]
                vague = plain_heading(self._headings[place]) in ("单位", "部门") and one.filled > 0
                if BOTH.search(plain_heading(self._headings[place])):
                    kept.append(place)
                    continue
                if one.share(Look.UNITS) == 0 and (vague or one.mostly(Look.MEASURE, Look.NUMBER, Look.DAY)):
                    continue
                kept.append(place)
            self._keep(name, kept)

    def _keep(self, name: str, places: Sequence[int]) -> None:
        if places:
            self.columns[name] = tuple(places)
        else:
            self.columns.pop(name, None)

    def _choose_deadlines(self, staged: bool) -> None:
        """Put the deadline of the whole task first; a beginning is one only where nothing else is."""
        places = sorted(
            self.columns.get("deadline", ()),
            key=lambda at: (
                self._profiles[at].filled and not self._profiles[at].mostly(Look.DAY),
                rank(self._headings[at]),
                at,
            ),
        )
        started = self.columns.pop("start", ())
        if not places and not staged:
            dated = [at for at in sorted(self._free) if self._profiles[at].mostly(Look.DAY)]
            ahead = [at for at in self.columns.get("other", ()) if self._profiles[at].ahead]
            places = [*dated[-1:], *dated[:-1]] or list(started[:1]) or ahead[-1:]
            self._free -= set(places)
            self._keep("other", [at for at in self.columns.get("other", ()) if at not in places])
            self.guesses += [f"表头“{self._named(at)}”一栏按期限读取，请核对" for at in places]
        self._keep("deadline", places)

    def _find_units(self) -> None:
        """Let columns of units without such a heading have them, where no heading names anybody."""
        if any(name in self.columns for name in (*UNITS, "mixed")):
            return
        places = [
            at
            for at in sorted(self._free | set(self.columns.get("person", ())))
            if self._profiles[at].share(Look.UNITS) >= 0.6 and (at,) != self.columns.get("task")
        ]
        self._free -= set(places)
        self._keep("responsible", places)
        self.guesses += [f"表头“{self._named(at)}”一栏按责任单位读取，请核对" for at in places]

    def _find_number(self) -> None:
        if "number" not in self.columns and self._profiles and 0 in self._free and self._profiles[0].counts_up:
            self.columns["number"] = (0,)
            self._free.discard(0)

    def _find_task(self) -> None:
        """Keep the task that the headings name, unless its cells are none; else take the column of the longest texts."""
        chosen = self.columns.get("task", ())
        taken = {place for name, places in self.columns.items() if name not in ("task", "section") for place in places}
        if chosen and chosen[0] not in taken and not self._is_no_text(chosen[0]):
            return
        sure = {"deadline", *UNITS, "mixed"} & self.columns.keys()
        texts = [
            at
            for at in sorted({*self._free, *self.columns.get("section", ())} - taken)
            if self._profiles[at].mostly(Look.LONG)
            or (len(sure) > 1 and self._profiles[at].mostly(Look.LONG, Look.WORDS))
        ]
        if texts and sure:
            self.columns["task"] = (max(texts, key=lambda at: self._profiles[at].length),)
            if self.columns.get("section") == self.columns["task"]:
                del self.columns["section"]

    def _is_no_text(self, place: int) -> bool:
        one = self._profiles[place]
        return (
            one.filled > 0 and one.share(Look.LONG, Look.WORDS) == 0 and one.mostly(Look.NUMBER, Look.DAY, Look.MEASURE)
        )

    def _named(self, place: int) -> str:
        return self._headings[place].replace("\n", "") or f"第{place + 1}列"


def _is_of_matrix(one: Profile) -> bool:
    """Tell whether a column headed by a unit says what is its part: by marks, or by how much of it."""
    return one.marked or one.share(Look.NUMBER, Look.MEASURE) == 1


def _column(rows: Sequence[Row], place: int) -> Iterator[str]:
    for row in rows:
        if place < len(row.cells) and place not in row.right and place not in row.down:
            yield row.cells[place]


def _has_second_line(row: Row, below: Row) -> bool:
    """Tell whether a header goes on in the next line: what is new there reads like headings, under a merged cell or,
    in a format that knows no merged cells, under one with an empty place to its right.
    """
    new = [plain_heading(cell) for at, cell in enumerate(below.cells) if cell and at not in below.down]
    if not new or any(len(cell) > LONGEST for cell in new):
        return False
    if row.right:
        return not any(re.search(r"[。；]", cell) for cell in new)
    return "" in row.cells and all(
        meaning_of(cell) in (*UNITS, "mixed", "deadline", "person") or cell in _BEGIN_AND_END for cell in new
    )


_BEGIN_AND_END = ("启动", "开始", "开工", "起始", "完成", "结束", "截止", "完工", "竣工")
"""What stands below 时间安排."""


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
    known = columns.keys() & (_KNOWN - {"mixed"})
    return (
        "task" in columns
        and len(known) >= _ENOUGH + 1
        and not any(_is_no_heading(cell) or look(cell) is Look.DAY for cell in row.filled.values())
        and any(header.columns.get(name) != columns[name] for name in known)
    )


def _is_label(cell: str) -> bool:
    """Tell whether a cell may name what was filled in beside it: a few words, and neither a day, a number nor a unit."""
    return says_something(cell) or (len(plain_heading(cell)) <= LONGEST // 2 and look(cell) is Look.WORDS)


def paired(grid: Grid) -> Grid | None:
    """Return a form whose headings each stand to the left of what was filled in, two or more pairs a row, as a table of
    one row; None for any other table.
    """
    pairs: dict[str, str] = {}
    wide = False
    for row in grid.rows:
        cells = [cell for at, cell in enumerate(row.cells) if at not in row.right and at not in row.down]
        while len(cells) > 2 and not cells[-1] and not cells[-2]:
            cells = cells[:-2]
        if len(cells) % 2 or not all(map(_is_label, cells[::2])):
            return None
        wide = wide or len(cells) > 2
        for label, filled in zip(cells[::2], cells[1::2], strict=True):
            if label in pairs:
                return None
            pairs[label] = filled
    if not wide or sum(map(says_something, pairs)) * 3 < len(pairs) * 2:
        return None
    place = grid.rows[0].place
    return Grid(grid.number, [Row(tuple(pairs), place), Row(tuple(pairs.values()), place)])


def transposed(grid: Grid) -> Grid:
    """Return a form, whose headings stand in its first column, as a table with the headings in its first row."""
    width = max((len(row.cells) for row in grid.rows), default=0)
    return Grid(
        grid.number,
        [
            Row(
                tuple(
                    row.cells[at] if at < len(row.cells) and (at == 0 or at not in row.right) else ""
                    for row in grid.rows
                ),
                grid.rows[0].place,
            )
            for at in range(width)
        ],
    )
