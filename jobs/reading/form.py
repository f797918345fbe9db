"""Forms and cross tables: duties whose headings stand beside what was filled in, or on two sides of it, and not above it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from jobs.reading.blocks import Grid, Row
from jobs.reading.cells import BLANK, NUMBER, Look, look, profile
from jobs.reading.columns import LONGEST, columns_of, plain_heading, says_something, stage_of
from jobs.reading.deadlines import Frame
from jobs.reading.document import Place


def _is_label(cell: str) -> bool:
    """Tell whether a cell may name what was filled in beside it: a few words, and neither a day, a number nor a unit."""
    return says_something(cell) or (len(plain_heading(cell)) <= LONGEST // 2 and look(cell) is Look.WORDS)


# ---------------------------------------------------------------- forms

_FORMS = 2
_LABELS = 3
"""Labels that each of several forms in one table has at least."""


def paired(grid: Grid) -> Grid | None:
    """Return a form whose headings each stand to the left of what was filled in, two or more pairs a row, as a table of
    one row; of several such forms, one below the other in one table, each is a row, and so is each of numbered lines in it
    (问题一, 问题二), for which what stands above them holds. None for any other table.
    """
    rows = list(_rows(grid))
    first = next((cells[0] for _place, cells in rows if len(cells) > 1), "")
    forms: list[tuple[Place, dict[str, str]]] = []
    shared: dict[str, str] = {}
    wide = False
    for (place, cells), below in pairwise([*rows, (Place(), [""])]):
        if len(cells) == 1 and below[1][0] == first:
            continue  # the form's own name, over it
        if len(cells) % 2 or not all(map(_is_label, cells[::2])):
            return None
        if not forms or (cells[0] == first and first in forms[-1][1]):
            forms.append((place, {}))
            shared = {}
        counted = _COUNTED.sub("", cells[0])
        if counted != cells[0]:
            cells[0] = counted
            shared = shared or dict(forms[-1][1])
            if counted in forms[-1][1]:
                forms.append((place, dict(shared)))
        wide = wide or len(cells) > 2
        for label, filled in zip(cells[::2], cells[1::2], strict=True):
            if label in forms[-1][1]:
                return None
            forms[-1][1][label] = filled
    labels = list(dict.fromkeys(label for _place, form in forms for label in form))
    stacked = len(forms) >= _FORMS and all(len(form) >= _LABELS for _place, form in forms)
    if not (wide or stacked) or sum(map(says_something, labels)) * 3 < len(labels) * 2:
        return None
    filled_in = [Row(tuple(form.get(label, "") for label in labels), place) for place, form in forms]
    return Grid(grid.number, [Row(tuple(labels), grid.rows[0].place), *filled_in])


_COUNTED = re.compile(r"(?<=[\u4e00-\u9fff]{2})[（(]?[一二三四五六七八九十\d]{1,2}[）)]?$")


def _rows(grid: Grid) -> Iterator[tuple[Place, list[str]]]:
    """Yield the rows of a form, each with its place and its cells: without what only goes on, and without the name over several labels
    (责任分工, beside 牵头单位 and 配合单位) that leaves one of them alone.
    """
    for row, below in zip(grid.rows, [*grid.rows[1:], None], strict=False):
        places = [at for at in range(len(row.cells)) if at not in row.right and at not in row.down]
        if len(places) % 2 and below is not None and places[0] in below.down:
            places = places[1:]
        cells = [row.cells[at] for at in places]
        while len(cells) > 2 and not cells[-1] and not cells[-2]:
            cells = cells[:-2]
        if any(cells):
            yield row.place, cells


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


# ---------------------------------------------------------------- side by side


def side_by_side(grid: Grid) -> list[tuple[str, Grid]]:
    """Return the tables that stand side by side under the same headings, each with the name above it and the columns to
    the left and right that hold for all; none where the headings are not repeated.
    """
    for row in grid.rows[:_HEADS]:
        places = [at for at, cell in enumerate(row.cells) if cell and at not in row.right]
        names = [_OF_PERIOD.sub("", plain_heading(row.cells[at])) or row.cells[at] for at in places]
        for last in range(len(names), max(0, len(names) - _MOST_BESIDE) - 1, -1):
            for size in range(_FORMS, last // 2 + 1):
                if names[last - size : last] != names[last - 2 * size : last - size]:
                    continue
                block = columns_of(tuple(names[last - size : last]))
                if "task" not in block or len(block) < _FORMS:
                    return []
                first = last
                while first >= size and names[first - size : first] == names[last - size : last]:
                    first -= size
                starts = places[first:last:size]
                end = min(starts[-1] + starts[1] - starts[0], *places[last : last + 1], len(row.cells))
                return [
                    _part(grid, starts[0], start, stop, end)
                    for start, stop in zip(starts, [*starts[1:], end], strict=True)
                ]
    return []


def staged(grid: Grid) -> list[tuple[str, Grid]]:
    """Return the tasks of each period apart, 一季度任务 | 二季度任务, each beside the columns that hold for all and with the
    period as its day; none where another column names what is to be done, of which the periods are the steps.
    """
    for at, row in enumerate(grid.rows[:_HEADS]):
        headed = {place: match for place, cell in enumerate(row.cells) if (match := _TASK_OF_PERIOD.match(cell))}
        others = tuple("" if place in headed else cell for place, cell in enumerate(row.cells))
        if len(headed) > 1 and "deadline" not in columns_of(others) and not _NAMES_TASK & columns_of(others).keys():
            below = Grid(grid.number, grid.rows[at:])
            return [("", _of_period(below, place, set(headed) - {place}, match[1])) for place, match in headed.items()]
    return []


_NAMES_TASK = {"task", "problem"}
_TASK_OF_PERIOD = re.compile(r"^\s*((?:第?[一二三四1-4]季度|[上下]半年|\d{1,2}月份?))(?:主要|重点|工作)*任务\s*$")


def _of_period(grid: Grid, place: int, others: set[int], period: str) -> Grid:
    """Return the rows that have a task in one period's column, with the period in a column of its own."""
    width = len(grid.rows[0].cells)
    kept = [at for at in range(width) if at not in others]
    rows = [
        replace(
            row,
            cells=(*(row.cells[at] if at < len(row.cells) else "" for at in kept), period if number else "完成时限"),
            right=frozenset(to for to, at in enumerate(kept) if at in row.right),
            down=frozenset(to for to, at in enumerate(kept) if at in row.down),
        )
        for number, row in enumerate(grid.rows)
        if number == 0 or (place < len(row.cells) and row.cells[place])
    ]
    return Grid(grid.number, rows)


_MOST_BESIDE = 3
"""Columns to the right that may hold for all."""
_HEADS = 5
_OF_PERIOD = re.compile(
    r"^(?:第?[一二三四1-4]季度|[上下]半年|\d{1,2}月份?|任务[一二三四五\d]|第[一二三四五]项|[一二三四五]期)(?=[\u4e00-\u9fff])"
)
"""一季度任务, 完成时间, 二季度任务, 完成时间 are two tables side by side."""


def _part(grid: Grid, shared: int, start: int, stop: int, end: int) -> tuple[str, Grid]:
    """Return the columns before ``shared``, those from ``start`` to ``stop`` (exclusive) and those from ``end`` on, and what
    stands alone above them.
    """
    width = max(len(row.cells) for row in grid.rows)
    kept = [*range(shared), *range(start, stop), *range(end, width)]
    rows = [
        replace(
            row,
            cells=tuple(row.cells[at] if at < len(row.cells) else "" for at in kept),
            right=frozenset(to for to, at in enumerate(kept) if at in row.right and at not in (start, end)),
            down=frozenset(to for to, at in enumerate(kept) if at in row.down),
        )
        for row in grid.rows
    ]
    name = ""
    while len(rows) > 1 and len(rows[0].filled) <= 1:
        name = next(iter(rows.pop(0).filled.values()), name)
    return name, Grid(grid.number, [row for row in rows if any(row.cells[shared : shared + stop - start])])


# ---------------------------------------------------------------- cross tables

CROSSED = "每格一项任务，单位和时间取自所在的行和列，请核对"
_UNITS_LEFT = ("工作内容（各格）", "责任单位（左起一栏）", "完成时限（表头）")
_UNITS_ABOVE = ("工作内容（各格）", "责任单位（表头）", "完成时限（左起一栏）")
"""What the parts of such a table are, told as headings."""


def crossed(grid: Grid, frame: Frame) -> Grid | None:
    """Return a table of units against months, or of months against units, whose cells say what is to be done, as a table
    of tasks with a row for each of these cells; None for any other table.
    """
    head, *body = grid.rows
    if "task" in columns_of(head.cells) or len(body) < _FORMS:
        return None
    months = [at for at, cell in enumerate(head.cells) if cell and stage_of(cell, frame) is not None]
    offices = [at for at, cell in enumerate(head.cells) if look(cell) is Look.UNITS and not says_something(cell)]
    for across, wanted in ((months, Look.UNITS), (offices, Look.DAY)):
        if (
            len(across) < _FORMS
            or head.right & {*across}
            or not _are_texts(row.cells[at] for row in body for at in across if at < len(row.cells))
        ):
            continue
        beside = [at for at in range(across[0]) if _is_mostly(wanted, at, body)]
        rest = {at for at, cell in enumerate(head.cells) if cell} - {*across, *beside}
        if len(beside) != 1 or any(
            not _counts(at, body) and columns_of((head.cells[at],)).keys() != {"other"} for at in rest
        ):
            continue
        made = _duties(body, head, across, beside[0])
        if across is months:
            rows = [
                Row((text, left, stage.text), at)
                for text, left, above, at in made
                if (stage := stage_of(above, frame)) is not None
            ]
            return Grid(grid.number, [Row(_UNITS_LEFT, head.place), *rows])
        rows = [Row((text, above, left), at) for text, left, above, at in made]
        return Grid(grid.number, [Row(_UNITS_ABOVE, head.place), *rows])
    return None


def _duties(
    body: Sequence[Row], head: Row, across: Sequence[int], beside: int
) -> Iterator[tuple[str, str, str, Place]]:
    """Yield what each cell says, what stands to its left, and what above it; of a merged cell, above its end."""
    for row in body:
        for at in across:
            cell = row.cells[at] if at < len(row.cells) else ""
            if not BLANK.match(cell.strip()) and at + 1 not in row.right:
                yield cell, row.cells[beside], head.cells[at], row.place


def _are_texts(cells: Iterable[str]) -> bool:
    return profile(cells).share(Look.LONG, Look.WORDS) >= 0.6


def _is_mostly(wanted: Look, at: int, body: Sequence[Row]) -> bool:
    return profile(row.cells[at] for row in body if at < len(row.cells)).share(wanted) >= 0.8


def _counts(at: int, body: Sequence[Row]) -> bool:
    return all(not row.cells[at] or NUMBER.match(row.cells[at]) for row in body if at < len(row.cells))
