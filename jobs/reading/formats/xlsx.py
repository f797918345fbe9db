"""Excel workbooks: each visible sheet a grid, merged cells spread, real dates written as a reader sees them; last what stands
beside the cells: comments, heads and feet of pages, text boxes.

What is hidden (a sheet, rows that a filter left out, a column) is not read, and is told.
"""

import contextlib
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils.cell import get_column_letter
from openpyxl.utils.datetime import from_excel

from jobs.reading.blocks import MAX_COLUMNS, Aside, Block, Grid, Paragraph, Span, spread
from jobs.reading.document import STRUCK, Place, Problem
from jobs.reading.repair import repair

MAX_ROWS = 50_000
"""Rows of a sheet that are read."""

_MAX_MERGED = 20_000

_MONTH, _DAY = 'yyyy"年"m"月"', 'yyyy"年"m"月"d"日"'
_CHINESE_FORMATS = {
    **dict.fromkeys((27, 36, 50, 52, 57), _MONTH),
    **dict.fromkeys((28, 29, 30, 31, 51, 53, 54, 58), _DAY),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), _DAY),  # of the hour; in other languages of the day
}
"""Formats that a Chinese Excel or WPS knows by number alone (ECMA-376, part 1, 18.8.30), by whether they show the day.

openpyxl takes them for no dates and hands over a bare number of days.
"""


def read(data: bytes, problems: list[Problem]) -> list[Block]:
    """Return the blocks of an .xlsx or .xlsm; what is left out is told in ``problems``."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data), data_only=True, keep_links=False, rich_text=True)
    found: list[Block] = []
    asides: list[Aside] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            problems.append(Problem(Place(sheet=sheet.title), "", "隐藏的工作表未读取"))
            continue
        asides += _beside(sheet)
        found += _sheet(sheet, problems)
    return [*found, *asides, *_drawn(data, problems)]


def _beside(sheet: Any) -> Iterator[Aside]:
    """Yield the comments on a sheet's cells, and what its pages have at their head and foot."""
    for (row, _column), cell in sorted(sheet._cells.items()):
        if cell.comment is not None and cell.comment.text:
            yield Aside(repair(cell.comment.text.strip()), Place(row=row, sheet=sheet.title, part="批注"))
    for name, kind in (("页眉", "Header"), ("页脚", "Footer")):
        sides = [getattr(sheet, f"{which}{kind}") for which in ("odd", "even", "first")]
        texts = (part.text for side in sides for part in (side.left, side.center, side.right) if part.text)
        yield from (Aside(repair(text), Place(sheet=sheet.title, part=name)) for text in dict.fromkeys(texts))


_DRAWING = re.compile(r"xl/drawings/drawing\d+\.xml")
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def _drawn(data: bytes, problems: list[Problem]) -> Iterator[Aside]:
    """Yield the texts of shapes, which lie over the cells."""
    from openpyxl.xml.functions import fromstring

    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in filter(_DRAWING.fullmatch, archive.namelist()):
            try:
                root = fromstring(archive.read(name))
            except (ValueError, SyntaxError):  # what lxml raises for no XML is one of the latter
                problems.append(Problem(Place(part="文本框"), "", "已损坏，未读取"))
                continue
            for paragraph in root.iter(f"{_A}p"):
                text = "".join(one.text or "" for one in paragraph.iter(f"{_A}t")).strip()
                if text:
                    yield Aside(repair(text), Place(part="文本框"))


def _sheet(sheet: Any, problems: list[Problem]) -> Iterator[Block]:
    written = {
        at: cell for at, cell in sheet._cells.items() if cell.value is not None
    }  # touching others would make them
    cells = _shown(sheet, _standing(sheet, written, problems), problems)
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


def _standing(sheet: Any, cells: dict[tuple[int, int], Any], problems: list[Problem]) -> dict[tuple[int, int], Any]:
    """Return the cells without what is struck through, which is told by row."""
    crossed = {at for at, font in enumerate(sheet.parent._fonts) if font.strike}
    kept, gone = {}, defaultdict(list)
    for at, cell in sorted(cells.items()):
        parts = cell.value if isinstance(cell.value, CellRichText) else ()
        whole = cell._style.fontId in crossed
        struck = [one for one in parts if (one.font.strike if isinstance(one, TextBlock) else whole)]
        if whole and not parts:
            gone[at[0]].append(printed(cell))
            continue
        if struck:
            gone[at[0]] += map(str, struck)
            cell.value = "".join(str(one) for one in parts if not any(one is other for other in struck))
        kept[at] = cell
    problems += (Problem(Place(row=row, sheet=sheet.title), " ".join(said)[:120], STRUCK) for row, said in gone.items())
    return kept


def _shown(sheet: Any, cells: dict[tuple[int, int], Any], problems: list[Problem]) -> dict[tuple[int, int], Any]:
    """Return the cells that a reader sees; hidden rows and columns with anything in them are told.

    The first cell of an area that is merged over a hidden row or column stays: it is seen in the rest of it.
    """
    rows = {row for row, one in sheet.row_dimensions.items() if one.hidden} & {row for row, _column in cells}
    columns = {
        column
        for one in sheet.column_dimensions.values()
        if one.hidden and one.min and one.max
        for column in range(one.min, min(one.max, MAX_COLUMNS) + 1)
    } & {column for _row, column in cells}
    if not rows and not columns:
        return cells
    for first, last in _runs(rows):
        said = " ".join(printed(cells[at]) for at in sorted(cells) if at[0] == first)
        place = Place(row=first, sheet=sheet.title)
        problems.append(
            Problem(place, said[:120], f"隐藏的第{_from_to(first, last)}行未读取；要读取请先取消隐藏或筛选")
        )
    for first, last in _runs(columns):
        said = next(printed(cells[at]) for at in sorted(cells) if at[1] == first)
        name = _from_to(get_column_letter(first), get_column_letter(last))
        problems.append(Problem(Place(sheet=sheet.title), said[:120], f"隐藏的 {name} 列未读取；要读取请先取消隐藏"))
    merged = {
        (one.min_row, one.min_col)
        for one in list(sheet.merged_cells.ranges)[:_MAX_MERGED]
        if any(row not in rows for row in range(one.min_row, one.max_row + 1))
        and any(column not in columns for column in range(one.min_col, one.max_col + 1))
    }
    return {at: cell for at, cell in cells.items() if (at[0] not in rows and at[1] not in columns) or at in merged}


def _runs(numbers: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of each run of numbers that follow one another."""
    for number in sorted(numbers):
        if number - 1 not in numbers:
            last = number
            while last + 1 in numbers:
                last += 1
            yield number, last


def _from_to(first: object, last: object) -> str:
    return str(first) if first == last else f"{first}至{last}"


def _spans(sheet: Any, cells: dict[tuple[int, int], Any], places: dict[int, int], rows: list[int]) -> Iterator[Span]:
    merged = {
        (one.min_row, one.min_col): (min(one.max_row, rows[-1]), one.max_col)
        for one in list(sheet.merged_cells.ranges)[:_MAX_MERGED]
    }
    for (row, column), cell in cells.items():
        if row in places and column <= MAX_COLUMNS:
            last, right = merged.get((row, column), (row, column))
            covered = sum(1 for one in rows[places[row] :] if one <= last) if last > row else 1
            yield Span(places[row], column - 1, printed(cell), covered, right - column + 1)


def printed(cell: Any) -> str:
    """Return a cell's value as a reader sees it, a date that only a Chinese Excel knows for one included."""
    value, number_format = cell.value, cell.number_format
    chinese = _CHINESE_FORMATS.get(cell._style.numFmtId)
    if chinese is not None:
        number_format = chinese
        if isinstance(value, int | float) and not isinstance(value, bool):
            with contextlib.suppress(ValueError, OverflowError):
                value = from_excel(value, cell.parent.parent.epoch)
    return _in_format(value, number_format)


def _in_format(value: object, number_format: str) -> str:
    """Return a value as its format shows it: a date to the day, or to the month where its format shows no day."""
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
