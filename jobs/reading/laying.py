"""Laying cells out under the headings that they belong to, where a copy has lost which cell stands under which.

Each cell has a look, each column expects one; of all ways to lay the cells out in order the one that fits best is taken
(Viterbi's dynamic programme). A row may leave columns out, as where a merged cell was printed once for several rows,
and a column may take several cells, as where the lines of a cell were taken for cells.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jobs.reading.blocks import Row
from jobs.reading.cells import Look, look
from jobs.reading.likely import looks_like_unit

_FITS: dict[str, dict[Look, float]] = {
    "number": {Look.NUMBER: 3},
    "deadline": {Look.DAY: 3, Look.BLANK: 0, Look.WORDS: -1, Look.MEASURE: -2, Look.NUMBER: -2},
    "units": {Look.UNITS: 3, Look.BLANK: 0, Look.WORDS: -1, Look.LONG: -2},
    "task": {Look.LONG: 3, Look.WORDS: 1.5, Look.UNITS: -6, Look.BLANK: -1, Look.MEASURE: -1, Look.DAY: -2},
    "section": {
        Look.WORDS: 1,
        Look.LONG: 0.5,
        Look.UNITS: 0,
        Look.BLANK: 0,
        Look.MEASURE: -1,
        Look.DAY: -2,
        Look.NUMBER: -2,
    },
    "stage": {Look.WORDS: 1, Look.LONG: 1, Look.MEASURE: 1, Look.DAY: 0, Look.NUMBER: 0, Look.BLANK: 0, Look.UNITS: -1},
    "any": {
        Look.WORDS: 0.5,
        Look.LONG: 0.5,
        Look.MEASURE: 0.5,
        Look.BLANK: 0,
        Look.UNITS: 0,
        Look.DAY: 0,
        Look.NUMBER: 0,
    },
}
"""How well a look fits what a column expects; what is not named does not fit."""

_MISFIT = -3.0
_LEFT_OUT = {"number": 1.5, "deadline": 1.0, "units": 1.0, "task": 3.0}
"""What it costs to leave a column out of a row, by what it expects."""

_LEFT_OUT_ELSE = 0.3
_FIRST = 0.2
_BARE = 3.0
"""What it costs to have nothing after a task where there are columns of units or days: a paragraph looks like that."""

_AGAIN = {"number": 9.0, "deadline": 1.5, "units": 0.3, "task": 1.0, "section": 1.0}
"""What it costs to give a column one cell more."""

_AGAIN_ELSE = 0.5
_COUNTED = -0.5
"""The same for a cell that counts on from the one before: 2、 after 1、."""
_IN_LINE = 0.4
"""The part of that for a cell that stands in the same line as the one before: a blank inside a text."""

_SURELY = 2.0
"""How much better a row must fit elsewhere to be moved."""

_OUTSIDE = -1
_BETWEEN = -2


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a flattened table; ``begins`` where a row may begin with it. ``line`` counts from 1.

    ``plain`` is what is looked at, where the text itself is in Traditional script.
    """

    text: str
    line: int
    begins: bool = True
    plain: str = ""

    @property
    def read(self) -> str:
        """The text as it is looked at."""
        return self.plain or self.text


@dataclass(frozen=True, slots=True)
class Laid:
    """A row as laid out: the cell of each column; ``heading`` for a line between rows. ``line`` is where it begins."""

    cells: tuple[str, ...]
    line: int
    heading: bool = False


def expected(columns: Mapping[str, Sequence[int]], stages: Iterable[int], width: int) -> list[str]:
    """Return what each of ``width`` columns expects, of those that ``columns`` and ``stages`` name."""
    kinds = {"lead": "units", "responsible": "units", "assist": "units", "mixed": "units"}
    roles = ["any"] * width
    for name, places in columns.items():
        for place in places:
            kind = kinds.get(name, name)
            roles[place] = kind if kind in _FITS else "any"
    for place in stages:
        roles[place] = "stage"
    return roles


def fit(role: str, cell: str) -> float:
    """Return how well a cell fits a column."""
    return _FITS[role].get(look(cell), _MISFIT)


def lay_row(cells: Sequence[str], roles: Sequence[str]) -> tuple[str, ...] | None:
    """Return the cells of one row under the columns where they fit best; None where they already stand well enough.

    A row as long as the header is never touched, and a shorter one only where that fits far better.
    """
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    if len(kept) in (0, 1, len(roles)) or (len(cells) == len(roles) and _stands(kept, roles)):
        return None
    programme = _Programme([Cell(text, 1, at == 0) for at, text in enumerate(kept)], roles, _never, in_line=1.0)
    (laid,), _taken = programme.rows()
    better = len(kept) > len(roles) or programme.total > programme.straight() + _SURELY
    return laid.cells if better else None


def _stands(kept: Sequence[str], roles: Sequence[str]) -> bool:
    """Tell whether the cells of a row as wide as its header fit where they stand: what is blank at its end is blank."""
    standing = [
        (role, fit(role, cell)) for cell, role in zip(kept, roles, strict=False) if look(cell) is not Look.BLANK
    ]
    known = [value for role, value in standing if role in ("number", "units", "deadline")]
    says = len(known) > 1 or any(role == "task" and value > 0 for role, value in standing)
    return says and all(value >= 0 for value in known)


def _never(_text: str) -> float:
    return _MISFIT


def straightened(row: Row, roles: Sequence[str]) -> Row:
    """Return a row whose cells a copy has moved, as where it left merged ones out, with each under its heading."""
    laid = None if row.right or row.down else lay_row(row.cells, roles)
    return row if laid is None else replace(row, cells=laid)


def lay_out(cells: Sequence[Cell], roles: Sequence[str], heading: Callable[[str], float]) -> tuple[list[Laid], int]:
    """Return the rows of a flattened table, and how many of the cells they took.

    What follows the table is left: ``cells`` may reach as far as the text does. ``heading`` says how much a line looks
    like a heading between rows.
    """
    return _Programme(cells, roles, heading, _IN_LINE, may_end=True).rows()


# ---------------------------------------------------------------- the programme


class _Programme:
    """The best way to lay out a chain of cells, and its score, ``total``.

    A state is the column of the cell at hand, ``_BETWEEN`` for a heading between rows, ``_OUTSIDE`` for what follows the
    table. Of every cell and state the state before is kept, with whether a row begins.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        roles: Sequence[str],
        heading: Callable[[str], float],
        in_line: float,
        may_end: bool = False,
    ) -> None:
        self._cells, self._roles, self._heading = cells, roles, heading
        self._in_line, self._many = in_line, may_end
        costs = [_LEFT_OUT.get(role, _LEFT_OUT_ELSE) for role in roles]
        if "units" in roles:
            costs[list(roles).index("units")] += _FIRST  # of one name under two columns, it is that of the first
        self._before = [sum(costs[:at]) for at in range(len(roles) + 1)]
        """What it costs to leave out all columns before this one."""
        self._bare = {
            at for at, role in enumerate(roles) if role == "task" and {"units", "deadline"} & set(roles[at + 1 :])
        }
        self._came: list[dict[int, tuple[int, bool]]] = []
        score: dict[int, float] = {}
        for at, cell in enumerate(cells):
            score = self._step(at, cell, score)
        self._last = max(score, key=lambda state: self._closed(state, score[state]), default=_OUTSIDE)
        self.total = self._closed(self._last, score[self._last]) if score else 0.0

    def _closed(self, state: int, value: float) -> float:
        """Return a score once the row is over."""
        if state < 0:
            return value
        return value - (self._before[-1] - self._before[state + 1]) - (_BARE if state in self._bare else 0.0)

    def _step(self, at: int, cell: Cell, score: dict[int, float]) -> dict[int, float]:
        """Return the scores after one cell more."""
        over = [(self._closed(state, value), state) for state, value in score.items() if state != _OUTSIDE]
        ended = max(over, default=(0.0, _OUTSIDE))
        now: dict[int, float] = {}
        back: dict[int, tuple[int, bool]] = {}
        for column, role in enumerate(self._roles):
            fits = fit(role, cell.read)
            ways = list(self._ways(at, column, fits, score))
            if at == 0 or (cell.begins and self._many):
                ways.append((ended[0] - self._before[column] + fits, ended[1], True))
            if ways:
                value, state, begins = max(ways)
                now[column] = value
                back[column] = (state, begins)
        if self._many and cell.begins:
            now[_BETWEEN], back[_BETWEEN] = ended[0] + self._heading(cell.read), (ended[1], True)
        leaves = [(score[_OUTSIDE], _OUTSIDE)] if _OUTSIDE in score else []
        leaves += [ended] if self._many and cell.begins and at else []
        if leaves:
            now[_OUTSIDE], back[_OUTSIDE] = max(leaves)[0], (max(leaves)[1], True)
        self._came.append(back)
        return now

    def _ways(self, at: int, column: int, fits: float, score: dict[int, float]) -> Iterator[tuple[float, int, bool]]:
        """Yield the ways on within a row: from a column further left, or one cell more for the same, which gains nothing."""
        cell = self._cells[at]
        for state, value in score.items():
            if 0 <= state < column:
                yield value - (self._before[column] - self._before[state + 1]) + fits, state, False
            elif state == column:
                again = _AGAIN.get(self._roles[column], _AGAIN_ELSE) * (1.0 if cell.begins else self._in_line)
                again = _COUNTED if _counts_on(self._cells[at - 1].read, cell.read) else again
                yield value - again + column * 0.01 + min(fits, 0.0), state, False

    def straight(self) -> float:
        """Return how well the cells of one row fit where they stand."""
        fits = sum(fit(role, cell.read) for role, cell in zip(self._roles, self._cells, strict=False))
        return self._closed(min(len(self._cells), len(self._roles)) - 1, fits)

    def rows(self) -> tuple[list[Laid], int]:
        """Return the rows of the best way, and how many cells are in them."""
        states: list[tuple[int, bool]] = []
        state = self._last
        for back in reversed(self._came):
            before, begins = back[state]
            states.append((state, begins))
            state = before
        states.reverse()
        rows: list[Laid] = []
        for at, (cell, (column, begins)) in enumerate(zip(self._cells, states, strict=True)):
            if column == _OUTSIDE:
                return rows, at
            if column == _BETWEEN:
                rows.append(Laid((cell.text, *[""] * (len(self._roles) - 1)), cell.line, heading=True))
                continue
            if begins:
                rows.append(Laid(("",) * len(self._roles), cell.line))
            laid = list(rows[-1].cells)
            laid[column] = _joined(laid[column], cell.text, self._roles[column])
            rows[-1] = replace(rows[-1], cells=tuple(laid))
        return rows, len(self._cells)


_NUMBERED = re.compile(r"[（(]?(\d{1,2})(?:[)）]|[、.．](?!\d))(?=\S{2})")


def _counts_on(before: str, text: str) -> bool:
    """Tell whether two cells are the points of a list, one after the other: 1、核查资质 and 2、抽查成果."""
    first, second = _NUMBERED.match(before), _NUMBERED.match(text)
    return bool(first and second and int(first[1]) + 1 == int(second[1]))


def _joined(first: str, second: str, role: str) -> str:
    """Put a cell's next line to it: names stay names of their own, a wrapped text is one."""
    if not first or not second:
        return first or second
    if role == "units" and looks_like_unit(second) and looks_like_unit(first):
        return f"{first}、{second}"
    return f"{first}\n{second}" if first[-1] in "。；;" else first + second
