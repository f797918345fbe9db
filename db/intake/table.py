"""From a grid to tasks: the header is found by meaning, only the section column is filled down."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from db.intake.blocks import Grid, Row
from db.intake.deadlines import Deadline, Frame, Setting, find_deadlines
from db.intake.document import MilestoneRead, Problem, TaskRead
from db.intake.units import Standing, of_cell
from db.words import DeadlineKind, Role

_COLUMNS = (
    ("number", re.compile(r"^(?:序号?|编号|项号|号|No\.?)$", re.IGNORECASE)),
    ("deadline", re.compile(r"时限|时间|期限|节点|进度安排|完成日期|截止|办结日|到期")),
    ("person", re.compile(r"^(?!.*(?:单位|部门)).*(?:责任人|领导|联系人|负责人|电话|联系方式)")),
    ("lead", re.compile(r"牵头|主责|主办|第一责任")),
    ("assist", re.compile(r"配合|协办|协助|参与|协同")),
    ("responsible", re.compile(r"责任(?:单位|部门|主体|处室)?$|承办|落实单位|实施单位|实施主体|整改单位|整改主体|主管|负责(?:单位|部门)|单位$|部门$|责任分工|分工")),
    ("other", re.compile(r"备注|进展|验收标准|标准|依据|来源|状态|完成情况|佐证|成果|资金|问题描述|存在问题|问题$|目标值")),
)  # fmt: skip
"""What a heading means; the first that fits decides. What is left is a task's text or its section."""

_TASK_HEADINGS = (
    r"具体(?:任务|措施|举措|内容|工作|事项)", r"(?:任务|工作|整改|事项)(?:内容|措施|举措|要求)|主要(?:举措|措施|内容)|治理内容|落实措施",
    r"(?:工作|主要)任务|任务事项", r"任务|事项|工作$", r"重点任务", r"措施|举措|内容|要求", r"项目|目标",
)  # fmt: skip
"""Headings of the column that holds the task, the surest first."""

_SECTION_HEADINGS = re.compile(
    r"类别|分类|领域|治理措施|方面|板块|重点|项目|指标|环节|专项|任务|措施|目标|名称|内容|工作|行动|事项|问题"
)
_HEADER_WORDS = 2
_NUMBER = re.compile(r"^[（(]?(\d{1,4}(?:[.．\-]\d{1,3})*|[一二三四五六七八九十百]{1,4})[)）]?[.、．。]?$")
_FOOTER = re.compile(r"^(?:注|备注|说明|填表|制表|审核|合计|附注|联系人)\s*[:：]?")
_BLANK_DEADLINE = re.compile(r"^(?:/|-+|—+|无)?$")


@dataclass(frozen=True, slots=True)
class Header:
    """Which column holds what; a column that says nothing to us has no entry."""

    columns: dict[str, int]
    row: int
    headings: tuple[str, ...]


def find_header(grid: Grid) -> Header | None:
    """Return the first row that reads like a header of a task table; None for any other table."""
    for place, row in enumerate(grid.rows[:6]):
        columns = _columns(row.cells)
        known = set(columns) & {"number", "deadline", "lead", "responsible", "assist"}
        if "task" in columns and len(known) >= _HEADER_WORDS:
            return Header(columns, place, row.cells)
    return None


def _columns(cells: tuple[str, ...]) -> dict[str, int]:
    columns: dict[str, int] = {}
    rest: list[int] = []
    for place, cell in enumerate(cells):
        heading = re.sub(r"\s", "", cell)
        if not heading or len(heading) > 16:
            continue
        meaning = next((name for name, pattern in _COLUMNS if pattern.search(heading)), None)
        if meaning is None:
            rest.append(place)
        else:
            columns.setdefault(meaning, place)
    task = _task_column(cells, rest)
    if task is not None:
        columns["task"] = task
        before = [place for place in rest if place < task and _SECTION_HEADINGS.search(cells[place])]
        if before:
            columns["section"] = before[-1]
    return columns


def _task_column(cells: tuple[str, ...], rest: list[int]) -> int | None:
    for words in _TASK_HEADINGS:
        for place in reversed(rest):
            if re.search(words, re.sub(r"\s", "", cells[place])):
                return place
    return None


# ---------------------------------------------------------------- rows


class TableReader:
    """Reads one grid with its header."""

    def __init__(self, grid: Grid, header: Header, year: int | None, frame: Frame) -> None:
        """Read deadlines against ``frame``, a frame of cells."""
        self._grid, self._header, self._frame = grid, header, frame
        self._prose = Frame(Setting.PROSE, year, frame.on, frame.issued)
        self.problems: list[Problem] = []
        self.footer: list[Row] = []

    def tasks(self) -> Iterator[TaskRead]:
        """Yield the rows as tasks, in order."""
        section = ""
        for row in self._grid.rows[self._header.row + 1 :]:
            if self._is_header_again(row):
                continue
            heading = self._heading(row)
            if heading is not None:
                if _FOOTER.match(heading):
                    self.footer.append(row)
                else:
                    section = heading
                continue
            section = self._cell(row, "section") or section
            task = self._task(row, section)
            if task is not None:
                yield task

    def _is_header_again(self, row: Row) -> bool:
        return row.cells == self._header.headings or _columns(row.cells).keys() >= {"number", "task", "deadline"}

    def _cell(self, row: Row, name: str) -> str:
        place = self._header.columns.get(name)
        return row.cells[place] if place is not None and place < len(row.cells) else ""

    def _heading(self, row: Row) -> str | None:
        """Return the text of a row that has only one filled cell and is no task: a heading between rows, a footer."""
        filled = [cell for cell in row.cells if cell]
        if len(filled) != 1 or self._cell(row, "deadline"):
            return None
        alone = filled[0]
        if self._cell(row, "task") == alone and not re.match(
            r"^[一二三四五六七八九十]+、|^[（(][一二三四五六七八九十]+[)）]", alone
        ):
            return alone if _FOOTER.match(alone) else None
        return alone

    def _task(self, row: Row, section: str) -> TaskRead | None:
        text = self._cell(row, "task")
        number = self._number(row)
        if not text:
            self._problem(row, " ".join(row.cells), "这一行没有任务文字")
            return None
        if len(row.cells) > len(self._header.headings):
            self._problem(row, " ".join(row.cells), "这一行的格数比表头多，请核对各列")
        standing = self._standing(row)
        if not standing.everybody:
            self._problem(row, text, "没有写责任单位")
        milestones = self._milestones(row, text)
        return TaskRead(
            key=number or f"t{row.place.table}r{row.place.row}",
            number=number,
            section=section,
            text=text,
            lead=tuple(standing.lead),
            responsible=tuple(standing.responsible),
            assist=tuple(standing.assist),
            open_ended=standing.open_ended,
            milestones=milestones,
            place=row.place,
        )

    def _number(self, row: Row) -> str:
        printed = self._cell(row, "number")
        match = _NUMBER.match(printed)
        return match[1] if match else printed

    def _standing(self, row: Row) -> Standing:
        standing = Standing()
        for name, role in (("lead", Role.LEAD), ("responsible", Role.RESPONSIBLE), ("assist", Role.ASSIST)):
            text = self._cell(row, name)
            if text:
                standing.take(of_cell(text, role))
        return standing

    # ------------------------------------------------------------ deadlines

    def _milestones(self, row: Row, text: str) -> tuple[MilestoneRead, ...]:
        inside = [one for one in find_deadlines(text, self._prose) if one.due and one.uncertain is None]
        cell = self._cell(row, "deadline")
        if "deadline" not in self._header.columns:
            return tuple(milestone(one) for one in find_deadlines(text, self._prose))
        if _BLANK_DEADLINE.match(cell):
            if not inside:
                self._problem(row, text, "没有写完成时限")
            return tuple(milestone(one) for one in inside)
        found = find_deadlines(cell, self._frame)
        if not found:
            self._problem(row, cell, "时限没有读懂")
            return (MilestoneRead(text=cell, kind=DeadlineKind.DATE, uncertain="时限没有读懂，请人工确定"),)
        return (*(milestone(one) for one in found), *self._also_inside(row, found, inside))

    def _also_inside(self, row: Row, found: list[Deadline], inside: list[Deadline]) -> Iterator[MilestoneRead]:
        """Yield days that the task's own text names beside those of the cell: both are told."""
        known = {one.due for one in found}
        for one in inside:
            if one.kind is DeadlineKind.DATE and one.due not in known:
                self._problem(row, one.text, "任务文字中另有期限，与时限一栏不同")
                yield milestone(one, uncertain="任务文字中的期限，与时限一栏不同，请核对")

    def _problem(self, row: Row, text: str, why: str) -> None:
        self.problems.append(Problem(row.place, text[:120], why))


def milestone(
    one: Deadline, deliverable: str = "", units: tuple[str, ...] | None = None, uncertain: str | None = None
) -> MilestoneRead:
    """Return a deadline as a milestone of a task."""
    return MilestoneRead(
        text=one.text, kind=one.kind, due=one.due, rule=one.rule, next=one.next, shift=one.shift,
        deliverable=deliverable, units=units, uncertain=uncertain or one.uncertain,
    )  # fmt: skip
