"""Tables of a text that lost their header, or the heading of their first column: rows that look alike, one after the other.

A row is a line whose cells blanks part, or so many lines of a cell each; it says what, by whom and by when.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from jobs.reading.blocks import Row
from jobs.reading.cells import Look, look
from jobs.reading.columns import UNITS, meaning_of, plain_heading
from jobs.reading.document import Place
from jobs.reading.formats.flat import Flattened
from jobs.reading.laying import Cell

_WIDTHS = range(3, 7)
_ROWS, _HEADED = 3, 2
"""Rows that look alike at the least, and where headings say what their cells are."""
_LONGEST, _HEADING = 60, 8
_AT_FIRST, _MOST = 24, 20_000
"""Lines that are looked at first, and where a table begins there; the first decide whether it is one."""
_NO_CELL = re.compile(r"[\t|｜│：:；;]|。\S|^(?:\d{1,3}[.、．](?!\d)|[（(]?[一二三四五六七八九十]{1,3}[）)、])\s*\S")
"""What no cell of such a table is: a sentence, or an item that has its number in its own line."""
_WRITTEN_OUT = re.compile(r"(?:19|20)\d\d\s?[年.\-/]")
"""2024-03-05: when what a page lists was put out, and no duty."""


def headless(lines: Sequence[str], plain: Sequence[str], at: int, number: int) -> Flattened | None:
    """Return the table without a whole header that begins at a line, as the document's table ``number``; None where none does.

    ``plain`` are the lines in Simplified script, by which they are read.
    """
    for reach in (_AT_FIRST, _MOST):
        headings, found = _seen(lines, plain, at, min(len(lines), at + reach))
        if len(found) < (_HEADED if headings else _ROWS) or (reach == _AT_FIRST and _is_of_the_past(found)):
            return None  # by its first lines alone: what is refused only after the whole was read is read anew from each next line
    header = [("", *(cell.text for cell in headings))] if headings else []
    cells = [*header, *(tuple(cell.text for cell in row) for row in found)]
    places = [*([at + 1] if headings else []), *(row[0].line for row in found)]
    made = [
        Row(row, Place(line=line, table=number, row=place))
        for place, (row, line) in enumerate(zip(cells, places, strict=True), 1)
    ]
    return Flattened(made, found[-1][-1].line)


def _seen(
    lines: Sequence[str], plain: Sequence[str], at: int, end: int
) -> tuple[Sequence[Cell], Sequence[Sequence[Cell]]]:
    """Return the headings of all columns but the first, if they stand at a line, and the rows of cells until ``end`` (exclusive)."""
    filled = (Cell(lines[line].strip(), line + 1, plain=plain[line].strip()) for line in range(at, end))
    column = list(takewhile(lambda cell: _is_part(cell.read), (cell for cell in filled if cell.text)))
    if not column or column[0].line != at + 1:
        return [], []
    rows = [_by_blanks(cell) for cell in column]
    headings = rows[0] if len(rows[0]) > 1 and all(map(_says_who_or_when, rows[0])) else []
    found = _alike(rows[1:] if headings else rows, len(headings) + 1 if headings else 0)
    if not found:
        headings = list(takewhile(_says_who_or_when, column))
        rest = column[len(headings) :]
        widths = [len(headings) + 1] if len(headings) > 1 else [] if headings else _WIDTHS
        parted = ([rest[begin : begin + width] for begin in range(0, len(rest), width)] for width in widths)
        found = next((alike for rows in parted if (alike := _alike(rows, 0))), [])
    return headings, found


def _is_part(line: str) -> bool:
    """Tell whether a line may hold cells and is no sentence."""
    return len(line.strip()) <= _LONGEST and not _NO_CELL.search(line)


def _by_blanks(cell: Cell) -> list[Cell]:
    pairs = zip(cell.text.split(), cell.read.split(), strict=True)
    return [Cell(text, cell.line, plain=read) for text, read in pairs]


def _says_who_or_when(cell: Cell) -> bool:
    return len(cell.read) <= _HEADING and meaning_of(plain_heading(cell.read)) in (*UNITS, "deadline")


def _alike(rows: Sequence[Sequence[Cell]], width: int) -> list[Sequence[Cell]]:
    """Return the first rows that look alike as records do, of a ``width`` where that is known; none where the first is no record."""
    sorts = [_sort(cell) for cell in rows[0]] if rows else []
    if not _is_record(sorts) or len(sorts) not in _WIDTHS or width not in (0, len(sorts)):
        return []
    return list(takewhile(lambda row: [_sort(cell) for cell in row] == sorts, rows))


def _sort(cell: Cell) -> Look:
    one = look(cell.read)
    return Look.WORDS if one is Look.LONG else one


def _is_record(sorts: Sequence[Look]) -> bool:
    """Tell whether cells say, behind a number or not, once what and once when, and by whom."""
    rest = sorts[1:] if sorts[:1] == [Look.NUMBER] else sorts
    says = Counter(rest)
    return says.keys() == {Look.WORDS, Look.UNITS, Look.DAY} and says[Look.WORDS] == says[Look.DAY] == 1


def _is_of_the_past(rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether the days are those of what a page lists: 2024-03-05."""
    days = [cell.read for row in rows for cell in row if _sort(cell) is Look.DAY]
    return sum(map(bool, map(_WRITTEN_OUT.match, days))) * 2 > len(days)
