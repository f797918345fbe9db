"""From a grid to tasks: rows torn by a page break are joined, sections filled down, units and deadlines read cell by cell."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from db.words import DeadlineKind, Role
from jobs.reading.blocks import Grid, Row
from jobs.reading.brackets import brackets
from jobs.reading.cells import MARKS, NUMBER, Look, look, parted
from jobs.reading.columns import columns_of
from jobs.reading.deadlines import Deadline, Frame, Setting, find_deadlines
from jobs.reading.document import MilestoneRead, Problem, TaskRead
from jobs.reading.due import (
    BLANK_DEADLINE,
    NOT_UNDERSTOOD,
    ONLY_BEGAN,
    ONLY_BEGINS,
    counted,
    doubt,
    milestone,
    said_beside,
)
from jobs.reading.header import Header
from jobs.reading.laying import expected, straightened
from jobs.reading.legend import Legend
from jobs.reading.units import Standing, mixed_cell, of_cell

_HEADING = re.compile(r"^[一二三四五六七八九十]+、|^[（(][一二三四五六七八九十]+[)）]")
_FOOTER = re.compile(r"^(?:注|备注|说明|填表|制表|审核|合计|小计|总计|附注|联系人|填报|单位负责人)\s*[:：\d]?")
_TOTAL = re.compile(r"^(?:合\s*计|小\s*计|总\s*计|共\s*计)(?:[:：\d共]|$)")
_DITTO = re.compile(r"^(?:同上|同前|〃|\"|″|“|”|上同|同)$")
_ITEM = re.compile(r"^(?:[一二三四五六七八九十]+[、.]|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、])\s*")
_ENDS = "。；;！!？?"


_PARTS_ZH = (
    ("number", "序号"),
    ("section", "上级标题"),
    ("task", "任务"),
    ("lead", "牵头单位"),
    ("mixed", "牵头及配合单位"),
    ("responsible", "责任单位"),
    ("assist", "配合单位"),
    ("deadline", "期限"),
)


class TableReader:
    """Reads one grid with its header."""

    def __init__(self, grid: Grid, header: Header, frame: Frame, legend: Legend, section: str = "") -> None:
        """Read deadlines against ``frame``, a frame of cells; ``section`` is the heading that the table stands under."""
        self._rows = grid.rows[header.last + 1 :]
        self._roles = expected(header.columns, header.stages, header.width)
        self._header, self._frame, self._legend, self.section = header, frame, legend, section
        self._prose = replace(frame, setting=Setting.PROSE)
        self._numbers: set[tuple[str, str]] = set()
        self.problems = [
            Problem(
                grid.rows[max(0, header.first)].place,
                " ".join(grid.rows[max(0, header.first)].filled.values())[:120],
                guess,
            )
            for guess in header.guesses
        ]

    def tasks(self) -> Iterator[TaskRead]:
        """Yield the rows as tasks, in order."""
        held = None
        for row in self._resolved(self._joined(self._straight(row) for row in self._rows)):
            heading = self._heading(row)
            if heading is not None:
                self.section = self.section if _FOOTER.match(heading) else heading
                continue
            self.section = self._cell(row, "section") or self.section
            if held is not None and self._goes_on(row):
                held = self._with_more(held, row)
                continue
            if held is not None:
                yield held
            held = self._task(row, self.section)
        if held is not None:
            yield held

    # ------------------------------------------------------------ rows

    def _straight(self, row: Row) -> Row:
        foots = any(_TOTAL.match(cell) or _FOOTER.match(cell) for cell in row.cells[:2])
        return row if foots else straightened(row, self._roles)

    def _joined(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows without headers that are printed again, and a row torn by a page break as one."""
        held: Row | None = None
        for row in rows:
            if self._is_header_again(row) or not row.filled:
                continue
            if held is not None and row.torn and self._is_torn(held, row):
                cells = tuple(
                    first if at in row.down and first == second else first + second
                    for at, (first, second) in enumerate(zip(held.cells, row.cells, strict=False))
                )
                held = replace(held, cells=cells)
                continue
            if held is not None:
                yield held
            held = row
        if held is not None:
            yield held

    def _is_torn(self, before: Row, row: Row) -> bool:
        """Tell whether the first row of a page goes on with the last of the page before."""
        if len(row.filled) == 1 and _HEADING.match(next(iter(row.filled.values()))):
            return False
        if "number" in self._header.columns and self._cell(row, "number"):
            return False
        whole = self._cell(row, "task") and self._cell(row, "deadline") and self._everybody(row)
        return not whole or self._cell(before, "task")[-1:] not in _ENDS

    def _is_header_again(self, row: Row) -> bool:
        if row.cells == self._header.headings:
            return True
        columns = columns_of(row.cells)
        return "task" in columns and len(columns.keys() & {"number", "deadline", "lead", "responsible", "assist"}) >= 3

    def _resolved(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Yield rows with 同上 replaced by what it means."""
        above: tuple[str, ...] = ()
        for row in rows:
            if any(_DITTO.match(cell) for cell in row.cells):
                cells = tuple(
                    above[at] if _DITTO.match(cell) and at < len(above) else cell for at, cell in enumerate(row.cells)
                )
                row = replace(row, cells=cells)
            above = row.cells
            yield row

    def _column(self, name: str) -> int | None:
        places = self._header.columns.get(name)
        return places[0] if places else None

    def _cell(self, row: Row, name: str) -> str:
        place = self._column(name)
        return row.cells[place] if place is not None and place < len(row.cells) else ""

    def _heading(self, row: Row) -> str | None:
        """Return the text of a row that has only one filled cell and is no task: a heading between rows, a footer."""
        first = next(iter(row.filled.values()))
        if _TOTAL.match(first):
            return first
        if len(row.filled) != 1:
            return first if _FOOTER.match(first) and not self._cell(row, "task") else self._numbered_heading(row)
        at, alone = next(iter(row.filled.items()))
        if at in row.down or at == self._column("deadline"):
            return None
        merged = bool(row.right)
        if at == self._column("task") and not merged and not _HEADING.match(alone):
            return alone if _FOOTER.match(alone) else None
        return alone.replace("\n", "")

    def _numbered_heading(self, row: Row) -> str | None:
        """Return 一 | 强化责任 as a heading: a Chinese number, one more cell, and nobody and no day."""
        number = self._cell(row, "number")
        if len(row.filled) != 2 or not re.fullmatch(r"[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.]?", number):
            return None
        other = next(cell for at, cell in row.filled.items() if at != self._column("number"))
        at = next(at for at in row.filled if at != self._column("number"))
        if at in (self._column("task"), self._column("section")) or row.right:
            return f"{number.rstrip('、.')}、{other}" if number[0] not in "（(" else f"{number}{other}"
        return None

    def _goes_on(self, row: Row) -> bool:
        """Tell whether a row only adds units or a deadline to the task above: its number and its text are the same cells."""
        task, number = self._column("task"), self._column("number")
        if task in row.down:
            return number is None or number in row.down or not self._cell(row, "number")
        return not self._cell(row, "task") and not self._cell(row, "number") and not self._own_section(row)

    def _own_section(self, row: Row) -> bool:
        place = self._column("section")
        return place is not None and bool(self._cell(row, "section")) and place not in row.down

    # ------------------------------------------------------------ a task

    def _task(self, row: Row, section: str) -> TaskRead | None:
        text, number = self._cell(row, "task"), self._number(row)
        if not text and self._own_section(row):
            text = self._cell(row, "section")
        if not text:
            self._problem(row, " ".join(row.filled.values()), "这一行没有任务文字")
            return None
        if len(row.cells) > self._header.width:
            self._problem(row, " ".join(row.cells), "这一行的格数比表头多，请核对各列")
        if number and (section, number) in self._numbers and self._column("number") not in row.down:
            self._problem(row, text, f"编号 {number} 重复")
        self._numbers.add((section, number))
        standing = self._standing(row)
        if not standing.everybody:
            standing = self._inside(text)
        above = not standing.everybody
        if above:
            standing = self._of_section(section)
        if not standing.everybody:
            self._problem(row, text, "没有写责任单位")
        return TaskRead(
            key=number or f"t{row.place.table}r{row.place.row}",
            number=number,
            section=section.replace("\n", ""),
            text=text,
            lead=tuple(standing.lead),
            responsible=tuple(standing.responsible),
            assist=tuple(standing.assist),
            open_ended=standing.open_ended,
            milestones=tuple(self._milestones(row, text, standing)),
            place=row.place,
            how=tuple(self._how()),
            uncertain="责任单位取自上级标题，请核对" if above and standing.everybody else None,
        )

    def _how(self) -> Iterator[str]:
        """Say which column each part of a task was read from."""
        for name, zh in _PARTS_ZH:
            places = self._header.columns.get(name, ())
            headings = [self._header.headings[at].replace("\n", "") or f"第{at + 1}栏" for at in places]
            if headings:
                yield f"{zh}：表头“{'”“'.join(headings)}”一栏"
        for place in self._header.stages:
            yield f"期限：表头“{self._header.headings[place]}”本身就是期限"
        if self._header.offices:
            yield f"单位：以单位为表头的各栏（{'、'.join(self._header.offices.values())}）中的标记"
        if self._legend.first or self._legend.mark:
            yield "牵头单位：按文中说明，" + (
                "排在第一位的牵头" if self._legend.first else f"带“{self._legend.mark}”的牵头"
            )

    def _number(self, row: Row) -> str:
        printed = self._cell(row, "number")
        match = NUMBER.match(printed)
        return match[1] if match else printed

    def _everybody(self, row: Row) -> list[str]:
        return self._standing(row).everybody

    def _standing(self, row: Row) -> Standing:
        standing = Standing()
        for name, role in (("lead", Role.LEAD), ("responsible", Role.RESPONSIBLE), ("assist", Role.ASSIST)):
            for place in self._header.columns.get(name, ()):
                text = row.cells[place] if place < len(row.cells) else ""
                if text:
                    standing.take(of_cell(parted(self._without_days(text)), role))
        for place in self._header.columns.get("mixed", ()):
            if place < len(row.cells) and row.cells[place]:
                standing.take(mixed_cell(parted(self._without_days(row.cells[place]))))
        standing = self._legend.applied(standing)
        for place, office in self._header.offices.items():
            mark = row.cells[place].strip() if place < len(row.cells) else ""
            if mark:
                standing.take(of_cell(office, self._marked(mark)))
        return standing

    def _marked(self, mark: str) -> Role:
        """Return the role that a cell of a matrix gives to the unit above it."""
        if mark == self._legend.mark or re.search("牵头|主", mark):
            return Role.LEAD
        return Role.ASSIST if re.search("配|协|参", mark) else Role.RESPONSIBLE

    def _without_days(self, cell: str) -> str:
        """Return a cell of units without the deadlines that stand among them."""
        if not any(char.isdigit() for char in cell):
            return cell
        for one in reversed(find_deadlines(cell, self._frame)):
            cell = f"{cell[: one.start]}，{cell[one.end :]}"
        return re.sub(r"，(?:完成|办结|报送|前)+(?=$|[，,；;。\n])", "，", cell)

    def _inside(self, text: str) -> Standing:
        """Return who is named in brackets inside the task's own text, where the table has no column for it."""
        if self._header.columns.keys() & {"lead", "responsible", "assist", "mixed"}:
            return Standing()
        standing = Standing()
        for mark in brackets(text, self._frame):
            standing.take(mark.standing)
        return standing

    def _of_section(self, section: str) -> Standing:
        """Return the unit that a heading between the rows is, where the table has no column for units: 一、市教育局（2项）."""
        standing = Standing()
        bare = re.sub(r"[（(]\s*(?:共)?\d+\s*[项条件个][）)]$", "", _ITEM.sub("", section.replace("\n", "")))
        if not self._header.columns.keys() & {"lead", "responsible", "assist", "mixed"} and look(bare) is Look.UNITS:
            standing.take(of_cell(parted(bare), Role.RESPONSIBLE))
        return standing

    def _with_more(self, task: TaskRead, row: Row) -> TaskRead:
        """Add a row that goes on with a task: its units, and its deadline bound to them."""
        standing, mine = self._standing(row), Standing(list(task.lead), list(task.responsible), list(task.assist))
        found = [replace(one, units=tuple(standing.everybody) or None) for one in self._milestones(row, "", standing)]
        bound = [
            one if one.units is not None or not found else replace(one, units=tuple(mine.everybody) or None)
            for one in task.milestones
        ]
        if [one.due for one in found] == [one.due for one in task.milestones]:
            bound, found = list(task.milestones), []  # one deadline for all
        mine.take(standing)
        return replace(
            task,
            lead=tuple(mine.lead),
            responsible=tuple(mine.responsible),
            assist=tuple(mine.assist),
            open_ended=task.open_ended or standing.open_ended,
            milestones=(*bound, *found),
        )

    # ------------------------------------------------------------ deadlines

    def _milestones(self, row: Row, text: str, standing: Standing) -> Iterator[MilestoneRead]:
        yield from self._stages(row)
        yield from self._others(row)
        inside = [one for one in find_deadlines(text, self._prose) if one.due and one.uncertain is None]
        cell = self._cell(row, "deadline")
        if self._column("deadline") is None:
            yield from self._of_text(row, text)
            return
        if BLANK_DEADLINE.match(cell):
            if not inside and not self._header.stages:
                self._problem(row, text, "没有写完成时限")
            yield from (milestone(one) for one in inside)
            return
        found = find_deadlines(cell, self._frame) or counted(cell, self._frame)
        if not found and ONLY_BEGINS.search(cell):
            self._problem(row, cell, ONLY_BEGAN)
            return
        if not found:
            self._problem(row, cell, NOT_UNDERSTOOD)
            yield MilestoneRead(text=cell, kind=DeadlineKind.DATE, uncertain="时限没有读懂，请人工确定")
            return
        differs = self._differs(row, text, found, inside)
        for one in found:
            yield milestone(one, *said_beside(cell, one, found, standing), uncertain=doubt(cell) or differs)
        known = {one.due for one in found}
        for one in inside:
            if one.kind is DeadlineKind.DATE and one.due not in known:
                yield milestone(one, uncertain="任务文字中的期限，与时限一栏不同，请核对")

    def _of_text(self, row: Row, text: str) -> Iterator[MilestoneRead]:
        """Yield deadlines of a table without a column for them: in the text, or beside the units."""
        units = [
            row.cells[place]
            for name in ("lead", "responsible", "assist", "mixed")
            for place in self._header.columns.get(name, ())
            if place < len(row.cells)
        ]
        seen = set()
        for one in [
            *find_deadlines(text, self._prose),
            *(one for cell in units for one in find_deadlines(cell, self._frame)),
        ]:
            if (one.due, one.rule, one.text) not in seen:
                seen.add((one.due, one.rule, one.text))
                yield milestone(one)

    def _stages(self, row: Row) -> Iterator[MilestoneRead]:
        """Yield what falls due by the headings: what the cell below says, or that marks in columns side by side end there."""
        stages = self._header.stages
        for place, deadline in stages.items():
            cell = row.cells[place] if place < len(row.cells) else ""
            marked = bool(MARKS.match(cell))
            goes_on = marked and place + 1 in stages and MARKS.match("".join(row.cells[place + 1 : place + 2]))
            if not BLANK_DEADLINE.match(cell) and not goes_on:
                yield milestone(deadline, "" if marked else cell[:80])

    def _others(self, row: Row) -> Iterator[MilestoneRead]:
        """Yield the days of further columns of deadlines, such as 方案报送时间: each for what its heading says."""
        for place in self._header.columns.get("deadline", ())[1:]:
            cell = row.cells[place] if place < len(row.cells) else ""
            heading = self._header.headings[place].replace("\n", "")
            for one in find_deadlines(cell, self._frame):
                what = re.sub(r"(?:时间|时限|日期|期限|节点)(?:要求|安排)?$", "", heading)
                yield milestone(one, what, uncertain=f"另有一栏期限“{heading}”，请核对")

    def _differs(self, row: Row, text: str, found: list[Deadline], inside: list[Deadline]) -> str | None:
        """Say why the cell's only day is in doubt: the text's only day is later, or is that of the whole task.

        A day in the text after which more is to be done is a stage on the way to the cell's.
        """
        days = {one.due for one in found if one.kind is DeadlineKind.DATE and one.due}
        others = {one.due: one for one in inside if one.kind is DeadlineKind.DATE and one.due}
        if others.keys() - days:
            self._problem(row, inside[0].text, "任务文字中另有期限，与时限一栏不同")
        if len(days) != 1 or len(others) != 1 or days == others.keys():
            return None
        (other,) = others.values()
        assert other.due is not None
        whole = not re.search(r"[，,；;。].{4,}", text[other.end :], re.DOTALL)
        return "与任务文字中的期限不同，请核对" if whole or other.due > max(days) else None

    def _problem(self, row: Row, text: str, why: str) -> None:
        self.problems.append(Problem(row.place, text[:120], why))
