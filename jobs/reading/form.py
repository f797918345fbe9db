"""Forms: a duty whose headings stand beside what was filled in, and not above it."""

from jobs.reading.blocks import Grid, Row
from jobs.reading.cells import Look, look
from jobs.reading.columns import LONGEST, plain_heading, says_something


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
