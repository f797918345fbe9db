"""Days whose parts stand in columns of their own, 年 | 月 | 日: put together as one column before anything is read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from jobs.reading.blocks import Grid, Row
from jobs.reading.columns import plain_heading

_HEADS = 6
"""Rows within which the headings of such columns stand."""
_PARTS = {"年": "年", "年份": "年", "月": "月", "月份": "月", "日": "日", "日期": "日"}
_MONTH = re.compile(r"(?:1[0-2]|0?[1-9])月?")
_DAYS = re.compile(r"\d{1,2}(?:[-—–~至、,，]\d{1,2})*日?")
_TOGETHER = "日期"
"""What such columns are called together."""


def in_one(grid: Grid) -> Grid:
    """Return a table whose columns 月 and 日 are one of days, the second of them blank; any other table as it is.

    A month or a year that is blank, or only goes on from above, is that of the row above.
    """
    for at, row in enumerate(grid.rows[:_HEADS]):
        for month in range(len(row.cells) - 1):
            if (_part(row, month), _part(row, month + 1)) != ("月", "日"):
                continue
            body = list(_put_together(grid.rows[at + 1 :], month, dated=month > 0 and _part(row, month - 1) == "年"))
            if body:
                heads = [_headed(one, month) if number == at else one for number, one in enumerate(grid.rows[: at + 1])]
                return Grid(grid.number, [*heads, *body])
    return grid


def _part(row: Row, at: int) -> str | None:
    return _PARTS.get(plain_heading(row.cells[at].rsplit("\n")[-1]))


def _headed(row: Row, month: int) -> Row:
    return replace(row, cells=(*row.cells[:month], _TOGETHER, "", *row.cells[month + 2 :]))


def _put_together(rows: Sequence[Row], month: int, *, dated: bool) -> Iterator[Row]:
    """Yield rows with their days put together; none where most of them hold no days."""
    told = [_whole(row, month) for row in rows]
    if sum(map(bool, told)) * 2 <= len(rows):
        return
    begins, years = "", ""
    for row, days in zip(rows, told, strict=True):
        if days is None:
            yield row
            continue
        begins, years = days[0] or begins, (row.cells[month - 1].rstrip("年") if dated else "") or years
        said = f"{begins}月{days[1]}" if begins else ""
        cells = (*row.cells[:month], f"{years}年{said}" if years and said else said, "", *row.cells[month + 2 :])
        yield replace(row, cells=cells, down=row.down - {month, month + 1}, right=row.right - {month, month + 1})


def _whole(row: Row, month: int) -> tuple[str, str] | None:
    """Return the month of a row, blank where it goes on, and its days, 22日; None where these cells hold no day."""
    if month + 1 >= len(row.cells) or month + 1 in row.right:
        return None
    first, second = (re.sub(r"\s", "", cell) for cell in row.cells[month : month + 2])
    if not (first or second) or (first and not _MONTH.fullmatch(first)):
        return None
    if second and not (_DAYS.fullmatch(second) or second in ("上旬", "中旬", "下旬", "初", "底", "末")):
        return None
    return first.rstrip("月"), f"{second.rstrip('日')}日" if second[:1].isdigit() else second
