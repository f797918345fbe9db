"""Reading a document: file → text → blocks → tasks, with everything that was not understood as problems."""

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path

from jobs.reading import chat, corrected, duty_sheet, leaders, roster
from jobs.reading.account import unread
from jobs.reading.blocks import Aside, Block, Grid, Paragraph, Sight, numbered
from jobs.reading.cells import Look, look
from jobs.reading.changed import settled
from jobs.reading.deadlines import Frame, Setting
from jobs.reading.document import Document, MilestoneRead, Place, Problem, TaskRead
from jobs.reading.doubting import (
    OF_MIXED,
    OF_NEXT,
    OF_ONE,
    OF_OVER,
    OF_PAGE,
    OF_SEVERAL,
    if_past,
    if_written_off,
    not_counted_from_a_meeting,
    of_a_year_gone,
    of_some_year,
)
from jobs.reading.expiries import RegisterReader, find_register
from jobs.reading.files import MAX_BYTES, UnreadableFile, open_file, text_blocks
from jobs.reading.form import CROSSED, crossed, paired, side_by_side, staged, transposed
from jobs.reading.groups import groups
from jobs.reading.header import Header, find_header, guessed_header, is_another, names_its_own
from jobs.reading.heading import held, is_title, title
from jobs.reading.heading import issued as day_of_issue
from jobs.reading.legend import Legend, find_legend
from jobs.reading.margins import said_beside
from jobs.reading.preparing import bounded, by_place, in_simplified, lifted, lost, with_whole_days
from jobs.reading.prose import ProseReader
from jobs.reading.reference import (
    IN_THE_TEXT,
    MIXED,
    NEXT_YEAR,
    OF_THE_PAGE,
    ONCE,
    OVER,
    SEVERAL_YEARS,
    month_meant,
    reference,
)
from jobs.reading.repair import repair_encoding
from jobs.reading.sections import is_heading
from jobs.reading.severally import severally
from jobs.reading.table import TableReader
from jobs.reading.units import label_at
from jobs.reading.years_above import in_its_year, periods

__all__ = ["UnreadableFile", "read_document", "read_text"]

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
    hears how far it is (pages first, then rows), ``tell_of_page`` how many pages of a scan have been looked at.

    Raise ``UnreadableFile`` in one line for what cannot be read.
    """
    checked = _checked(path, year)
    if checked is not None:
        return checked
    opened = open_file(path, tell_of_page, tell or (lambda _page, _pages: None))
    return read_blocks(opened.blocks, path.stem, year, issued, opened.problems, tell)


def _checked(path: Path, year: int | None) -> Document | None:
    """Return the document of a 核对表 that came back, None for any other file. Its days are told: it has no other year."""
    data = path.read_bytes() if path.is_file() and path.stat().st_size <= MAX_BYTES else b""
    if roster.is_roster(data):
        return _roster(path, data)
    duties = duty_sheet.read(data)
    if duties is not None:
        return Document(path.stem, None, "", None, (), duties=duties)
    if not corrected.is_checklist(data):
        return None
    try:
        document = corrected.read(data)
    except corrected.NoText as error:
        raise UnreadableFile(f"{path} 是核对表，但{error}") from error
    except Exception as error:  # whatever was done to the sheet
        raise UnreadableFile(f"{path} 是核对表，但已损坏；请重新导出一份再改") from error
    if year not in (None, document.reference_year):
        read_in = f"按{document.reference_year}年读" if document.reference_year else "没有定年份"
        raise UnreadableFile(f"{path} 是核对表，{read_in}，不能改按{year}年；请把原文件按{year}年重读后再导出核对表")
    return document


def _roster(path: Path, data: bytes) -> Document:
    """Return a 名录 that came back: no tasks, but what it says of units and people."""
    try:
        return Document(path.stem, None, "", None, (), roster=roster.read(data))
    except Exception as error:  # whatever was done to the sheet
        raise UnreadableFile(f"{path} 是名录，但读不出来（{error}）；请重新导出一份再改") from error


def _contradicts(found: list[Block], year: int | None, issued: date | None, named: str) -> bool:
    """Tell whether a year that was given contradicts what the document says of itself: that is asked about as a whole."""
    if year is None:
        return False
    own, basis = reference(found, None, issued, named)
    return own not in (None, year) and not basis.startswith((IN_THE_TEXT, ONCE, OVER, MIXED, OF_THE_PAGE))


_OF_WHICH_YEAR = (
    (SEVERAL_YEARS, OF_SEVERAL),
    (ONCE, OF_ONE),
    (OVER, OF_OVER),
    (MIXED, OF_MIXED),
    (OF_THE_PAGE, OF_PAGE),
    (NEXT_YEAR, OF_NEXT),
)
"""What a year rests on that days without one need not be of, and what is asked of them."""


def read_text(text: str, name: str = "", year: int | None = None, issued: date | None = None) -> Document:
    """Read a text that is already at hand; never raises for any text. ``name`` stands in for a missing title."""
    problems: list[Problem] = []
    found = numbered(text_blocks(repair_encoding(text), problems))
    return read_blocks(found, name, year, issued, problems)


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
    margins = [one for one in printed if isinstance(one, Aside)]
    printed = [one for one in printed if not isinstance(one, Aside)]
    printed = list(bounded(with_whole_days(printed), refused))
    found = in_simplified(printed)
    sources, rewritten = by_place(printed), found is not printed
    found = list(lifted(found))
    lines = chat.lines_of(found)
    chatted = chat.is_chat(lines)
    named = "" if chatted else title(found)
    issued = issued or chat.said_on(lines, year) or day_of_issue(found)
    meeting = None if issued else held(found)
    meant, basis = reference(found, year, issued, named, meeting)
    on = issued or (meeting if meeting and meeting.year == meant else None)
    reader = _Reader(meant, on, [*problems, *refused, *lost(found)], named, chatted=chatted)
    tasks = reader.read(found, tell or (lambda _done, _all: None))
    if not tasks:
        reader.problems.append(_nothing(found))
    tasks = [severally(_beside(task, sources.get(task.place, ""), rewritten=rewritten)) for task in tasks]
    since = None if _contradicts(found, year, issued, named) else meant
    frame = Frame(Setting.PROSE, meant, on, issued)
    above = periods(found, frame, named)
    tasks = [of_a_year_gone(in_its_year(task, above, frame), since) for task in tasks]
    unsure = next((why for said, why in _OF_WHICH_YEAR if basis.startswith(said)), None)
    if unsure is not None:
        tasks = [of_some_year(task, unsure) for task in tasks]
    if on != issued:
        tasks = [not_counted_from_a_meeting(task) for task in tasks]
    tasks = [if_written_off(if_past(task, named)) for task in tasks]
    sights = dict(_sights(printed))
    if sights:
        tasks = [_as_seen(task, sights.get(task.place)) for task in tasks]
        least = min(sight.sure for sight in sights.values())
        reader.problems.append(Problem(Place(), "", f"由图片识别，最低把握{least:.0%}；请对照原件核对"))
    collectives = groups(block.text for block in found if isinstance(block, Paragraph))
    cells = Frame(Setting.CELL, meant, month_meant(named, on), on)
    left = [*unread(found, tasks, cells, named), *said_beside(margins, cells)]
    return Document(
        named or name, meant, basis, issued, tuple(tasks), tuple(reader.problems), tuple(collectives), tuple(left)
    )


_PLAN = re.compile(
    r"(?:方案|安排|计划|日程|步骤|要点|提示|分工|分解|部署)(?:表)?(?:[（(][^（）()]{1,12}[）)])?(?:》[^《》]{0,8}通知)?$"
)
"""How the title of a document ends that sets out what comes."""


class _Reader:
    """Reads the blocks of one document in their order."""

    def __init__(
        self, year: int | None, issued: date | None, problems: list[Problem], named: str, *, chatted: bool
    ) -> None:
        self.problems, self._named = problems, named
        self._chatted = chatted and issued is not None
        self._cell = Frame(Setting.CELL, year, month_meant(named, issued), issued)
        self._header: Header | None = None
        self._seen: set[str] = set()

    def read(self, found: list[Block], tell: Tell) -> list[TaskRead]:
        legend = find_legend(found)
        setting = Setting.CHAT if self._chatted else Setting.PROSE
        plan = _PLAN.search(self._named) is not None
        prose = ProseReader(replace(self._cell, setting=setting, plan=plan), legend)
        heading = ""
        tasks: list[TaskRead] = []
        rows = sum(len(block.rows) for block in found if isinstance(block, Grid))
        for block in found:
            if isinstance(block, Grid):
                for task in self._unique(self._grid(block, legend, heading)):
                    tasks.append(task)
                    tell(len(tasks), rows)
                heading = ""
            elif is_heading(block.text) or label_at(block.text) == 0:
                heading = block.text
        told = [
            block
            for block, below in pairwise([*found, None])
            if isinstance(block, Paragraph)
            and not is_title(block.text, self._named)
            and not (isinstance(below, Grid) and label_at(block.text) == 0)  # 责任单位：某局, above its table
        ]
        sheets = [list(some) for _sheet, some in groupby(told, key=lambda block: block.place.sheet)]
        for some in chat.messages(told) if self._chatted else sheets:
            tasks += self._unique(prose.tasks(some))
        self.problems += prose.problems
        return tasks

    def _grid(self, grid: Grid, legend: Legend, heading: str) -> Iterator[TaskRead]:
        """Read the tables that stand one below the other in a grid, each under its own header."""
        below: Grid | None = grid
        while below is not None and below.rows:
            heading, below = yield from self._table(below, legend, heading)

    def _table(self, grid: Grid, legend: Legend, heading: str) -> Generator[TaskRead, None, tuple[str, Grid | None]]:
        """Read the first table of a grid; return the heading that goes on, and what stands below it with a header of its own."""
        expiring = find_register(grid)
        if expiring is not None:
            register = RegisterReader(grid, expiring, self._cell)
            yield from register.tasks()
            self.problems += register.problems
            return heading, None
        beside = side_by_side(grid) or staged(grid)
        if beside:
            for name, part in beside:
                yield from self._grid(part, legend, name or heading)
            return heading, None
        grid, header = self._headed(grid)
        if header is None:
            first = grid.rows[0]
            self.problems.append(
                Problem(first.place, " ".join(first.filled.values())[:120], "表格没有可识别的表头，未读取")
            )
            return heading, None
        grid, header = settled(grid, header)
        below = next((at for at in range(header.last + 2, len(grid.rows)) if is_another(grid.rows[at], header)), None)
        reader = TableReader(Grid(grid.number, grid.rows[:below]), header, self._cell, legend, heading)
        yield from reader.tasks()
        self.problems += reader.problems
        return reader.section, None if below is None else Grid(grid.number, grid.rows[below:])

    def _headed(self, grid: Grid) -> tuple[Grid, Header | None]:
        """Return a table with its header: in the first rows, in the first column, of the table before it that was cut
        in two, or told by the cells alone; None for a table that holds no tasks.
        """
        cells = crossed(grid, self._cell)
        if cells is not None:
            header = find_header(cells, self._cell)
            return cells, header and replace(header, guesses=(CROSSED,))
        header = find_header(grid, self._cell)
        if header is None and self._header and _width(grid) == self._header.width and not names_its_own(grid):
            header = replace(self._header, first=-1, last=-1)
        filled_in = paired(grid)
        form = find_header(filled_in, self._cell) if filled_in is not None else None
        if filled_in is not None and form is not None:
            return filled_in, form
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


# ---------------------------------------------------------------- after reading


def _beside(task: TaskRead, source: str, *, rewritten: bool) -> TaskRead:
    """Return a task with what stands in its place; where the script was changed that is the original too."""
    named = task.leaders or tuple(leaders.of_text(task.text))
    return replace(task, source=source, original=source if rewritten else task.original, leaders=named)


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
    each = "、".join(f"“{text[:8]}”{sure:.0%}" for text, sure in sight.read if text)
    how = (*task.how, f"由图片识别，把握{sight.sure:.0%}：{each}")
    task = replace(task, milestones=tuple(_day_as_seen(one, sight) for one in task.milestones))
    if task.place.row and task.number and look(task.number) is not Look.NUMBER:
        task = replace(task, uncertain=task.uncertain or f"图片中编号“{task.number[:20]}”看不清，请核对")
    if not sight.doubtful:
        return replace(task, how=how)
    why = f"图片中“{sight.doubtful[0][:20]}”等字迹看不清，请核对"
    milestones = tuple(
        replace(one, uncertain=one.uncertain or why) if any(one.text in text for text in sight.doubtful) else one
        for one in task.milestones
    )
    return replace(task, how=how, milestones=milestones, uncertain=task.uncertain or why)


def _day_as_seen(told: MilestoneRead, sight: Sight) -> MilestoneRead:
    """Return a deadline that says how surely its words were read, or else all that stand with them."""
    sure = min((sure for text, sure in sight.read if told.text in text), default=sight.sure)
    return replace(told, how="，".join(part for part in (told.how, f"由图片识别，把握{sure:.0%}") if part))


def _nothing(found: list[Block]) -> Problem:
    grids = sum(isinstance(block, Grid) for block in found)
    looked = f"看过 {len(found) - grids} 段文字、{grids} 个表格，没有写明责任单位和期限的任务"
    return Problem(Place(), "", f"未找到任务（{looked}）")
