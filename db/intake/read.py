"""Reading a document: file → text → blocks → tasks, with everything that was not understood as problems."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from db.intake.blocks import Block, Grid, Paragraph, blocks
from db.intake.deadlines import Frame, Setting, find_deadlines
from db.intake.document import Document, Place, Problem, TaskRead
from db.intake.files import UnreadableFile, read_file
from db.intake.prose import ProseReader
from db.intake.table import TableReader, find_header

__all__ = ["UnreadableFile", "read_document", "read_text"]

_TITLE_LINES = 4
_NO_TITLE = re.compile(r"^(?:附件|附表|附)\s*\d*\s*[:：]?$|^[（(]")
_ENDS_TITLE = re.compile(r"[。；：:！？，,]$")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d{1,3}[.．、])")
_ISSUED = re.compile(r"^[（(]?((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日(?:印发)?[）)]?$")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_CELL_YEAR = re.compile(r"((?:19|20)\d\d)\s*[年.\-/]")


def read_document(path: Path, year: int | None = None, issued: date | None = None) -> Document:
    """Read a file. ``year`` is the reference year, ``issued`` the day of issue, where the caller knows them.

    Raise ``UnreadableFile`` in one line for what cannot be read.
    """
    return read_text(read_file(path), path.name, year, issued)


def read_text(text: str, name: str = "", year: int | None = None, issued: date | None = None) -> Document:
    """Read a text that is already at hand; never raises for any text. ``name`` stands in for a missing title."""
    found = blocks(text)
    issued = issued or _issued(found)
    reference, basis = _reference(found, text, year, issued)
    on = issued
    tasks: list[TaskRead] = []
    problems: list[Problem] = []
    for block in found:
        if isinstance(block, Grid):
            _read_grid(block, Frame(Setting.CELL, reference, on, issued), tasks, problems)
    reader = ProseReader(reference, Frame(Setting.PROSE, reference, on, issued))
    tasks += reader.tasks([block for block in found if isinstance(block, Paragraph)])
    problems += reader.problems
    tasks = _unique(tasks, problems)
    if not tasks:
        problems.append(_nothing(found))
    return Document(_title(found) or name, reference, basis, issued, tuple(tasks), tuple(problems))


def _read_grid(grid: Grid, frame: Frame, tasks: list[TaskRead], problems: list[Problem]) -> None:
    header = find_header(grid)
    if header is None:
        first = grid.rows[0]
        problems.append(Problem(first.place, " ".join(first.cells)[:120], "表格没有可识别的表头，未读取"))
        return
    reader = TableReader(grid, header, frame.year, frame)
    tasks += reader.tasks()
    problems += reader.problems


def _unique(tasks: list[TaskRead], problems: list[Problem]) -> list[TaskRead]:
    """Give every task a key of its own; a number that is printed twice is a problem."""
    seen: set[str] = set()
    kept = []
    for task in tasks:
        key = task.key
        if key in seen:
            if task.number:
                problems.append(Problem(task.place, task.text[:120], f"编号 {task.number} 重复"))
            key = f"{key}@{task.place.line}"
        seen.add(key)
        kept.append(replace(task, key=key))
    return kept


def _nothing(found: list[Block]) -> Problem:
    grids = sum(isinstance(block, Grid) for block in found)
    looked = f"看过 {len(found) - grids} 段文字、{grids} 个表格，没有写明责任单位和期限的任务"
    return Problem(Place(), "", f"未找到任务（{looked}）")


# ---------------------------------------------------------------- title, day of issue, year


def _title(found: list[Block]) -> str:
    """Return the lines before the first sentence, heading or table, joined."""
    lines: list[str] = []
    for block in found:
        if isinstance(block, Grid):
            break
        text = block.text
        if _NO_TITLE.match(text) and not lines:
            continue
        if (
            len(lines) == _TITLE_LINES
            or len(text) > 60
            or _ENDS_TITLE.search(text)
            or _NUMBERED.match(text)
            or _ISSUED.match(text)
        ):
            break
        lines.append(text)
    return "".join(lines)


def _issued(found: list[Block]) -> date | None:
    """Return the day of issue: the last line that is nothing but a date."""
    for block in reversed(found):
        match = _ISSUED.match(block.text) if isinstance(block, Paragraph) else None
        if match:
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                return None
    return None


def _reference(found: list[Block], text: str, year: int | None, issued: date | None) -> tuple[int | None, str]:
    """Return the reference year and what it rests on."""
    if year is not None:
        return year, "由 --year 指定"
    if issued is not None:
        return issued.year, f"印发日期 {issued}"
    in_title = _YEAR.search(_title(found))
    if in_title:
        return int(in_title[1]), "标题中的年份"
    years = [
        one.due.year
        for one in find_deadlines(text[:200_000], Frame(Setting.PROSE))
        if one.due and str(one.due.year) in one.text
    ]
    years += [int(match[1]) for block in found if isinstance(block, Grid) for row in block.rows for cell in row.cells[-2:]
              if (match := _CELL_YEAR.match(cell))]  # fmt: skip
    if years:
        common = min(set(years), key=lambda one: (-years.count(one), one))
        return common, f"文中期限多写 {common} 年（{years.count(common)} 处）"
    return None, "文中没有年份，请用 --year 指定"
