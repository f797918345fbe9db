"""Reading a document: file → text → blocks → tasks, with everything that was not understood as problems."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from jobs.reading.account import unread
from jobs.reading.blocks import Block, Grid, Paragraph, Sight, numbered
from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.document import Document, Place, Problem, TaskRead
from jobs.reading.expiries import RegisterReader, find_register
from jobs.reading.files import UnreadableFile, open_file, text_blocks
from jobs.reading.header import Header, find_header, guessed_header, transposed
from jobs.reading.legend import Legend, find_legend
from jobs.reading.prose import ProseReader, groups, is_heading
from jobs.reading.repair import is_traditional, lost_characters, repair_encoding, simplified
from jobs.reading.table import TableReader

__all__ = ["UnreadableFile", "read_document", "read_text"]

MAX_TEXT = 20_000
"""The longest paragraph that is read, in characters."""

_TITLE_LINES = 4
_NO_TITLE = re.compile(
    r"^(?:附件|附表|附|表)\s*[\d一二三四五六七八九十]*\s*[:：]?$|^[（(][^）)]{0,12}(?:印发|通过)|^.{0,24}[〔﹝\[（(](?:19|20)\d\d[〕﹞\]）)]\s*\d+\s*号$|文件$|^索引号|"
    r"^(?:填报|制表|填表|编制|报送)(?:单位|日期|时间|人)|^(?:计量)?单位[:：]|^(?:密级|紧急程度|签发人)"
)
"""Lines above a document's title, or beside it, that are no part of it."""
_ANNEX = re.compile(r"^附件?\s*\d*\s*[:：]\s*(?=\S)")
_NUMBER_YEAR = re.compile(r"[〔﹝\[]((?:19|20)\d\d)[〕﹞\]]\s*\d+\s*号")
_ENDS_TITLE = re.compile(r"[。；：:！？，,]$")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d{1,3}[.．、])")
_ISSUED = re.compile(r"^[（(]?((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日(?:印发)?[）)]?$")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_CELL_YEAR = re.compile(r"((?:19|20)\d\d)\s*[年.\-/]")


Tell = Callable[[int, int], None]
"""Hears how much of a document was read: so many of all its rows and paragraphs."""


def read_document(
    path: Path,
    year: int | None = None,
    issued: date | None = None,
    tell: Tell | None = None,
    tell_of_page: Tell = lambda _page, _pages: None,
) -> Document:
    """Read a file. ``year`` is the reference year, ``issued`` the day of issue, where the caller knows them; ``tell``
    hears how far it is, ``tell_of_page`` how many pages of a scan have been looked at.

    Raise ``UnreadableFile`` in one line for what cannot be read.
    """
    opened = open_file(path, tell_of_page)
    return read_blocks(opened.blocks, path.stem, year, issued, opened.problems, tell)


def read_text(text: str, name: str = "", year: int | None = None, issued: date | None = None) -> Document:
    """Read a text that is already at hand; never raises for any text. ``name`` stands in for a missing title."""
    return read_blocks(numbered(text_blocks(repair_encoding(text))), name, year, issued)


def read_blocks(
    printed: list[Block],
    name: str,
    year: int | None,
    issued: date | None,
    problems: Iterable[Problem] = (),
    tell: Tell | None = None,
) -> Document:
    """Read a document that was opened; ``problems`` are those that opening it met."""
    refused: list[Problem] = []
    printed = list(_bounded(printed, refused))
    found = in_simplified(printed)
    changed = {} if found is printed else {_place(one): one for one in printed}
    found = list(_lifted(found))
    issued = issued or _issued(found)
    reference, basis = _reference(found, year, issued)
    reader = _Reader(reference, issued, [*problems, *refused, *_lost(found)])
    tasks = reader.read(found, tell or (lambda _done, _all: None))
    if not tasks:
        reader.problems.append(_nothing(found))
    if changed:
        tasks = [replace(task, original=_original(changed, task.place)) for task in tasks]
    sights = dict(_sights(printed))
    if sights:
        tasks = [_as_seen(task, sights.get(task.place)) for task in tasks]
        least = min(sight.sure for sight in sights.values())
        reader.problems.append(Problem(Place(), "", f"由图片识别，最低把握{least:.0%}；请对照原件核对"))
    named = groups(block.text for block in found if isinstance(block, Paragraph))
    left = unread(found, tasks, Frame(Setting.CELL, reference, issued, issued))
    return Document(
        _title(found) or name, reference, basis, issued, tuple(tasks), tuple(reader.problems), tuple(named), tuple(left)
    )


class _Reader:
    """Reads the blocks of one document in their order."""

    def __init__(self, year: int | None, issued: date | None, problems: list[Problem]) -> None:
        self.problems = problems
        self._cell = Frame(Setting.CELL, year, issued, issued)
        self._header: Header | None = None
        self._seen: set[str] = set()

    def read(self, found: list[Block], tell: Tell) -> list[TaskRead]:
        legend = find_legend(found)
        prose = ProseReader(replace(self._cell, setting=Setting.PROSE), legend)
        heading = ""
        tasks: list[TaskRead] = []
        rows = sum(len(block.rows) for block in found if isinstance(block, Grid))
        for block in found:
            if isinstance(block, Grid):
                for task in self._unique(self._grid(block, legend, heading)):
                    tasks.append(task)
                    tell(len(tasks), rows)
                heading = ""
            elif is_heading(block.text):
                heading = block.text
        tasks += self._unique(prose.tasks([block for block in found if isinstance(block, Paragraph)]))
        self.problems += prose.problems
        return tasks

    def _grid(self, grid: Grid, legend: Legend, heading: str) -> Iterator[TaskRead]:
        if not grid.rows:
            return
        expiring = find_register(grid)
        if expiring is not None:
            register = RegisterReader(grid, expiring, self._cell)
            yield from register.tasks()
            self.problems += register.problems
            return
        grid, header = self._headed(grid)
        if header is None:
            first = grid.rows[0]
            self.problems.append(
                Problem(first.place, " ".join(first.filled.values())[:120], "表格没有可识别的表头，未读取")
            )
            return
        reader = TableReader(grid, header, self._cell, legend, heading)
        yield from reader.tasks()
        self.problems += reader.problems

    def _headed(self, grid: Grid) -> tuple[Grid, Header | None]:
        """Return a table with its header: in the first rows, in the first column, of the table before it that was cut
        in two, or told by the cells alone; None for a table that holds no tasks.
        """
        header = find_header(grid, self._cell)
        if header is None and self._header is not None and _width(grid) == self._header.width:
            header = replace(self._header, first=-1, last=-1)
        if header is None or header.guesses:
            turned = transposed(grid)
            form = find_header(turned, self._cell)
            if form is not None and form.first == 0 and not form.guesses and "deadline" in form.columns:
                return turned, form
        self._header = header or self._header
        return grid, header or guessed_header(grid)

    def _unique(self, tasks: Iterable[TaskRead]) -> Iterator[TaskRead]:
        """Yield tasks each with a key of its own."""
        for task in tasks:
            key, again = task.key, 1
            while key in self._seen:
                again += 1
                key = f"{task.key}-{again}"
            self._seen.add(key)
            yield replace(task, key=key)


def _width(grid: Grid) -> int:
    return max(len(row.cells) for row in grid.rows)


# ---------------------------------------------------------------- before reading


def _bounded(found: Iterable[Block], problems: list[Problem]) -> Iterator[Block]:
    """Yield blocks without what is too long to be a task: it is told and not read."""
    for block in found:
        if isinstance(block, Grid):
            yield Grid(
                block.number, [replace(row, cells=tuple(cell[:MAX_TEXT] for cell in row.cells)) for row in block.rows]
            )
        elif len(block.text) <= MAX_TEXT:
            yield block
        else:
            problems.append(Problem(block.place, block.text[:60], f"这一段超过 {MAX_TEXT} 字，未读取"))


def in_simplified(found: list[Block]) -> list[Block]:
    """Return blocks in Simplified script; the very same list where they are in it already."""
    if not is_traditional("".join(_texts(found))):
        return found
    return [
        Grid(one.number, [replace(row, cells=tuple(map(simplified, row.cells))) for row in one.rows])
        if isinstance(one, Grid)
        else replace(one, text=simplified(one.text))
        for one in found
    ]


def _texts(found: Iterable[Block]) -> Iterator[str]:
    for block in found:
        if isinstance(block, Grid):
            for row in block.rows:
                yield from row.cells
        else:
            yield block.text


def _place(block: Block) -> Place:
    return block.rows[0].place if isinstance(block, Grid) else block.place


def _original(printed: dict[Place, Block], place: Place) -> str | None:
    """Return what stood at a place before the script was changed."""
    for block in printed.values():
        if isinstance(block, Grid):
            row = next((row for row in block.rows if row.place == place), None)
            if row is not None:
                return " | ".join(row.filled.values())
        elif block.place == place:
            return block.text
    return None


def _sights(printed: Iterable[Block]) -> Iterator[tuple[Place, Sight]]:
    """Yield where something was read from a picture, and how."""
    for block in printed:
        for one in block.rows if isinstance(block, Grid) else (block,):
            if one.sight is not None:
                yield one.place, one.sight


def _as_seen(task: TaskRead, sight: Sight | None) -> TaskRead:
    """Return a task that says how surely it was read from a picture; what is in doubt, and days in it, are uncertain."""
    if sight is None:
        return task
    how = (*task.how, f"由图片识别，把握{sight.sure:.0%}")
    if not sight.doubtful:
        return replace(task, how=how)
    why = f"图片中“{sight.doubtful[0][:20]}”等字迹看不清，请核对"
    milestones = tuple(
        replace(one, uncertain=one.uncertain or why) if any(one.text in text for text in sight.doubtful) else one
        for one in task.milestones
    )
    return replace(task, how=how, milestones=milestones, uncertain=task.uncertain or why)


def _lifted(found: list[Block]) -> Iterator[Block]:
    """Yield blocks with the lines above a table's header, which spreadsheets keep inside it, before it as paragraphs."""
    for block in found:
        if not isinstance(block, Grid):
            yield block
            continue
        at = 0
        while at < len(block.rows) - 1 and len(block.rows[at].filled) <= 1:
            for text in block.rows[at].filled.values():
                for line in text.split("\n"):
                    yield Paragraph(line, block.rows[at].place)
            at += 1
        yield Grid(block.number, block.rows[at:])


def _lost(found: list[Block]) -> Iterator[Problem]:
    lost = sum(lost_characters(text) for text in _texts(found))
    if lost:
        yield Problem(Place(), "", f"文中有 {lost} 处乱码，可能缺字，请对照原件")


def _nothing(found: list[Block]) -> Problem:
    grids = sum(isinstance(block, Grid) for block in found)
    looked = f"看过 {len(found) - grids} 段文字、{grids} 个表格，没有写明责任单位和期限的任务"
    return Problem(Place(), "", f"未找到任务（{looked}）")


# ---------------------------------------------------------------- title, day of issue, year


def _title(found: list[Block]) -> str:
    """Return the lines before the first sentence, heading or table, joined."""
    lines: list[str] = []
    told = False
    for block in found:
        if isinstance(block, Grid) or (told and not block.heading):
            break
        text = block.text
        told = told or block.heading
        if _NO_TITLE.search(text) and len(text) <= 60:
            continue
        text = _ANNEX.sub("", text)
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


def _reference(found: list[Block], year: int | None, issued: date | None) -> tuple[int | None, str]:
    """Return the reference year and what it rests on."""
    if year is not None:
        return year, "由 --year 指定"
    if issued is not None:
        return issued.year, f"印发日期 {issued}"
    in_title = _YEAR.search(_title(found))
    if in_title:
        return int(in_title[1]), "标题中的年份"
    heads = (block.text for block in found[:8] if isinstance(block, Paragraph) and len(block.text) <= 40)
    in_number = next((match for text in heads if (match := _NUMBER_YEAR.search(text))), None)
    if in_number:
        return int(in_number[1]), f"文号{in_number[0]}"
    years = [
        one.due.year
        for one in find_deadlines("\n".join(_texts(found))[:200_000], Frame(Setting.PROSE))
        if one.due and str(one.due.year) in one.text
    ]
    years += [
        int(match[1])
        for block in found
        if isinstance(block, Grid)
        for row in block.rows
        for cell in row.cells[-2:]
        if (match := _CELL_YEAR.match(cell))
    ]
    if years:
        common = min(set(years), key=lambda one: (-years.count(one), one))
        return common, f"文中期限多写 {common} 年（{years.count(common)} 处）"
    return None, "文中没有年份，请用 --year 指定"
