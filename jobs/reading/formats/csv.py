"""Tables as text: the separator is the one that cuts the most lines into the same number of cells."""

import csv
import io
import re
from collections import Counter

from jobs.reading.blocks import MAX_COLUMNS, Block, Grid, Row
from jobs.reading.columns import columns_of
from jobs.reading.document import Place
from jobs.reading.repair import repair

_COMMA = re.compile(r"[,，]")
_HEADING = 10
"""Characters of a heading at the most, where a table stands among other lines."""


def rows_in(lines: list[str], printed: list[str], at: int) -> list[Row]:
    """Return the rows of a table that was pasted with commas between its cells and begins at a line; none where that line is
    not its header: the headings of a task and of units or days. As ``printed``, two commas are a cell that is blank.
    """
    header = [cell.strip() for cell in _COMMA.split(lines[at])]
    meant = columns_of(tuple(header)).keys() if max(map(len, header)) <= _HEADING else set()
    if (
        len(header) < 3
        or ("task" not in meant and header[0])
        or not meant & {"lead", "responsible", "mixed", "deadline"}
    ):
        return []
    rows, comma = [], "，" if "，" in lines[at] else ","
    for number, line in enumerate(lines[at:], at + 1):
        both = (next(csv.reader([one], delimiter=comma), []) for one in (printed[number - 1], line))
        cells = next((one for one in both if len(one) == len(header)), None)
        if cells is None:
            break
        rows.append(Row(tuple(repair(cell.strip()) for cell in cells), Place(line=number)))
    return rows if len(rows) > 1 else []


_SEPARATORS = ",\t;|，"
_SAMPLE = 50


def read(text: str) -> list[Block]:
    """Return the rows of a .csv or .tsv as one grid."""
    csv.field_size_limit(10 * 2**20)
    separator = max(_SEPARATORS, key=lambda one: _fit(text, one))
    grid = Grid(0)
    for number, cells in enumerate(_cut(text, separator), 1):
        if any(cell.strip() for cell in cells):
            printed = tuple(repair(cell.strip()) for cell in cells[:MAX_COLUMNS])
            grid.rows.append(Row(printed, Place(line=number, row=len(grid.rows) + 1)))
    return [grid] if grid.rows else []


def _fit(text: str, separator: str) -> int:
    """Return how many cells the rows of the commonest width have, of a sample from the beginning."""
    sample = "\n".join(text.splitlines()[:_SAMPLE])
    widths = Counter(len(cells) for cells in _cut(sample, separator))
    return max(((width - 1) * count for width, count in widths.items()), default=0)


def _cut(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True))
    except csv.Error:
        return [line.split(separator) for line in text.splitlines()]
