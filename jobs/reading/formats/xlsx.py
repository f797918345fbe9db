"""Excel workbooks: each visible sheet a grid, merged cells spread, real dates written as a reader sees them."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from jobs.reading.blocks import MAX_COLUMNS, Block, Grid, Paragraph, Span, spread
from jobs.reading.document import Place, Problem
from jobs.reading.repair import repair

MAX_ROWS = 50_000
"""Rows of a sheet that are read."""

_MAX_MERGED = 20_000


def read(data: bytes, problems: list[Problem]) -> list[Block]:
    """Return the blocks of an .xlsx or .xlsm; what is left out is told in ``problems``."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data), data_only=True, keep_links=False)
    found: list[Block] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            problems.append(Problem(Place(sheet=sheet.title), "", "隐藏的工作表未读取"))
            continue
        found += _sheet(sheet, problems)
    return found


def _sheet(sheet: Any, problems: list[Problem]) -> Iterator[Block]:
    cells = {at: cell for at, cell in sheet._cells.items() if cell.value is not None}  # touching others would make them
    rows = sorted({row for row, _column in cells})[:MAX_ROWS]
    if not rows:
        return
    if rows[-1] < max(row for row, _column in cells):
        problems.append(Problem(Place(sheet=sheet.title), "", f"超过 {MAX_ROWS} 行，其后的未读取"))
    places = {row: at for at, row in enumerate(rows)}
    grid = Grid(0)
    where = [Place(row=row, sheet=sheet.title) for row in rows]
    grid.rows = spread(_spans(sheet, cells, places, rows), where)
    if max(len(row.filled) for row in grid.rows) <= 1:  # a text that was typed into a sheet
        for row in grid.rows:
            for line in "".join(row.filled.values()).split("\n"):
                if line.strip():
                    yield Paragraph(line.strip(), row.place)
        return
    yield grid


def _spans(sheet: Any, cells: dict[tuple[int, int], Any], places: dict[int, int], rows: list[int]) -> Iterator[Span]:
    merged = {
        (one.min_row, one.min_col): (min(one.max_row, rows[-1]), one.max_col)
        for one in list(sheet.merged_cells.ranges)[:_MAX_MERGED]
    }
    for (row, column), cell in cells.items():
        if row in places and column <= MAX_COLUMNS:
            last, right = merged.get((row, column), (row, column))
            covered = sum(1 for one in rows[places[row] :] if one <= last) if last > row else 1
            yield Span(places[row], column - 1, printed(cell.value, cell.number_format), covered, right - column + 1)


def printed(value: object, number_format: str) -> str:
    """Return a cell's value as a reader sees it: a date to the day, or to the month where its format shows no day."""
    if isinstance(value, datetime | date):
        shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", number_format.lower())
        if "d" in shown or ("y" not in shown and "m" not in shown):
            return f"{value.year}年{value.month}月{value.day}日"
        return f"{value.year}年{value.month}月" if "m" in shown else f"{value.year}年"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        places = re.match(r"0\.(0+)(?:_|$|;)", number_format)
        return f"{value:.{len(places[1])}f}" if places else f"{value:.10g}"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    text = str(value).strip()
    return (
        ""
        if text.startswith("#") and text.rstrip("!?/0A").isupper()
        else "\n".join(repair(line) for line in text.splitlines())
    )
