"""From a grid to tasks: rows torn by a page break are joined, sections filled down, units and deadlines read cell by cell."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from jobs.reading import leaders
from jobs.reading.address import unsaid
from jobs.reading.blocks import Grid, Row
from jobs.reading.cells import NUMBER, Look, look
from jobs.reading.columns import UNITS, columns_of, meaning_of, plain_heading
from jobs.reading.deadlines import Frame, Setting
from jobs.reading.document import MilestoneRead, Problem, TaskRead
from jobs.reading.header import Header
from jobs.reading.laying import expected, straightened
from jobs.reading.legend import Legend
from jobs.reading.table_days import NO_DAY, Days
from jobs.reading.table_units import Owners
from jobs.reading.units import Standing
from jobs.reading.weighing import NO_TASK

_HEADING = re.compile(r"^[一二三四五六七八九十]+、|^[（(][一二三四五六七八九十]+[)）]")
_FOOTER = re.compile(r"^(?:注|备注|说明|填表|制表|审核|合计|小计|总计|附注|联系人|填报|单位负责人)\s*[:：\d]?")
_SIGNS = re.compile(r"^(?:填表|制表|填报|审核|抄送|抄报|主送|联系|单位负责)[\u4e00-\u9fff]{0,3}\s*[:：]")
"""Who filled a sheet in, who looked at it and who is sent it: below its rows, and no row."""
_NOTE = re.compile(r"^(?:备注|注|说明|附注)\s*[:：]?$")
"""A cell that heads a note below the rows, whose text stands in the cells beside it."""
_TOTAL = re.compile(r"^(?:合\s*计|小\s*计|总\s*计|共\s*计)(?:[:：\d共]|$)")
_DITTO = re.compile(r"^(?:同上|同前|〃|\"|″|“|”|上同|同)$")
_WANTS = re.compile(r"需|协调|困难|建议")
"""A column of what somebody wants help with holds no findings."""
_ENDS = "。；;！!？?"
LINES_OF_A_CELL = "一格里的几行被拆成了几格，请核对各单位"


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
        self._above: dict[int, str] = {}
        self.problems = [
            Problem(
                grid.rows[max(0, header.first)].place,
                " ".join(grid.rows[max(0, header.first)].filled.values())[:120],
                guess,
            )
            for guess in header.guesses
        ]
        self._owners = Owners(header, self._rows, frame, legend)
        self._days = Days(header, self._frame, self._prose, self.problems)

    def tasks(self) -> Iterator[TaskRead]:
        """Yield the rows as tasks, in order."""
        held = None
        rows = list(self._resolved(self._joined(self._straight(row) for row in self._rows)))
        for row, below in zip(rows, [*rows[1:], None], strict=False):
            heading = self._over(row, below) or self._heading(row)
            if heading is not None:
                self.section = self.section if _FOOTER.match(heading) else heading
                continue
            self.section = self._header.cell(row, "section") or self.section
            if held is not None and self._goes_on(row):
                held = self._with_more(held, row)
                continue
            if held is not None:
                yield held
            lent, row = self._lent(row)
            held = self._task(row, self.section)
            held = held and replace(held, uncertain=held.uncertain or lent)
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
        if "number" in self._header.columns and self._header.cell(row, "number"):
            return False
        whole = self._header.cell(row, "task") and self._header.cell(row, "deadline") and self._everybody(row)
        return not whole or self._header.cell(before, "task")[-1:] not in _ENDS

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

    def _heading(self, row: Row) -> str | None:
        """Return the text of a row that has only one filled cell and is no task: a heading between rows, a footer."""
        first, spread = next(iter(row.filled.values())), self._spread_heading(row)
        if spread is not None:
            return spread
        if _TOTAL.match(first) or _NOTE.match(first):
            return first
        if len(row.filled) != 1:
            foots = _FOOTER.match(first) and (not self._header.cell(row, "task") or _SIGNS.match(first))
            return first if foots else self._numbered_heading(row)
        at, alone = next(iter(row.filled.items()))
        if at in row.down or at == self._header.column("deadline"):
            return None
        merged = bool(row.right)
        if at == self._header.column("task") and not merged and not _HEADING.match(alone):
            return alone if _FOOTER.match(alone) else None
        return alone.replace("\n", "")

    def _over(self, row: Row, below: Row | None) -> str | None:
        """Return 2 | 推进科技兴安 as a heading where nothing else stands in its row and 2.1 follows."""
        number = self._header.cell(row, "number").rstrip(".．、")
        if below is None or not number or len(row.filled) != 2 or not self._header.cell(row, "task"):
            return None
        follows = self._header.cell(below, "number").startswith(tuple(f"{number}{mark}" for mark in ".．-—－"))
        return f"{number}、{self._header.cell(row, 'task')}" if follows else None

    def _spread_heading(self, row: Row) -> str | None:
        """Return 一 | 党建方面 as a heading where one merged cell stands under the task and all that follows it."""
        cells = list(row.filled.items())
        task, units = (
            self._header.column("task"),
            [at for name in (*UNITS, "mixed") for at in self._header.columns.get(name, ())],
        )
        if len(cells) != 2 or task is None or not NUMBER.match(cells[0][1]):
            return None
        at, text = cells[1]
        covered = {place for place in (task, *units) if place == at or (place in row.right and place > at)}
        return f"{cells[0][1].rstrip('、.')}、{text}" if units and covered == {task, *units} else None

    def _numbered_heading(self, row: Row) -> str | None:
        """Return 一 | 强化责任 as a heading: a Chinese number, one more cell, and nobody and no day."""
        number = self._header.cell(row, "number")
        if len(row.filled) != 2 or not re.fullmatch(r"[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.]?", number):
            return None
        other = next(cell for at, cell in row.filled.items() if at != self._header.column("number"))
        at = next(at for at in row.filled if at != self._header.column("number"))
        if at in (self._header.column("task"), self._header.column("section")) or row.right:
            return f"{number.rstrip('、.')}、{other}" if number[0] not in "（(" else f"{number}{other}"
        return None

    def _goes_on(self, row: Row) -> bool:
        """Tell whether a row only adds units or a deadline to the task above: its number and its text are the same cells."""
        task, number = self._header.column("task"), self._header.column("number")
        if task in row.down:
            return number is None or number in row.down or not self._header.cell(row, "number")
        return (
            not self._header.cell(row, "task") and not self._header.cell(row, "number") and not self._own_section(row)
        )

    def _own_section(self, row: Row) -> bool:
        place = self._header.column("section")
        return place is not None and bool(self._header.cell(row, "section")) and place not in row.down

    def _lent(self, row: Row) -> tuple[str | None, Row]:
        """Return a row that has no number of its own with the units and the day of the numbered row above where it leaves
        them out, and what is to be said of that: a copy prints a merged cell once. Units to the left of the task are those of
        a group of rows, numbered or not.
        """
        begins = self._header.cell(row, "number") or self._own_section(row)
        task = self._header.column("task") or 0
        goes_on = not begins and "number" in self._header.columns
        above = self._above if goes_on else {at: cell for at, cell in self._above.items() if at < task}
        own, lent = {at: cell for at, cell in enumerate(row.cells) if cell}, []
        for names, zh in (((*UNITS, "mixed"), "责任单位"), (("deadline",), "期限")):
            places = [at for name in names for at in self._header.columns.get(name, ())]
            borrowed = {at: above[at] for at in places if at in above}
            if borrowed and not own.keys() & {*places} and self._header.cell(row, "task"):
                own |= borrowed
                lent.append(zh)
        self._above = above | own
        if not lent:
            return None, row
        width = max(len(row.cells), *(at + 1 for at in own))
        return f"{'和'.join(lent)}取自上一行，请核对", replace(row, cells=tuple(own.get(at, "") for at in range(width)))

    # ------------------------------------------------------------ a task

    def _task(self, row: Row, section: str) -> TaskRead | None:
        row = self._uncovered(row)
        text, number = self._header.cell(row, "task"), self._number(row)
        if not text and self._own_section(row):
            text = self._header.cell(row, "section")
        if not text:
            self._problem(row, " ".join(row.filled.values()), "这一行没有任务文字")
            return None
        if len(row.cells) > self._header.width:
            self._problem(row, " ".join(row.cells), "这一行的格数比表头多，请核对各列")
        if number and (section, number) in self._numbers and self._header.column("number") not in row.down:
            self._problem(row, text, f"编号 {number} 重复")
        self._numbers.add((section, number))
        standing, doubt = self._owners.of(row, text, section)
        doubt = doubt or unsaid(standing)
        doubt = doubt or next((why for why in self._header.guesses if why.startswith(NO_TASK)), None)
        if look(text) in (Look.NUMBER, Look.MEASURE, Look.BLANK):
            doubt = doubt or f"“{text[:20]}”看不出要办什么，请核对"
        if not standing.everybody:
            said = self._owners.said(row)
            self._problem(row, text, f"“{said[:20]}”没有读出单位，请核对" if said else "没有写责任单位")
        finding = self._finding(row, text)
        return TaskRead(
            key=number or f"t{row.place.table}r{row.place.row}",
            number=number,
            section=section.replace("\n", ""),
            text=text,
            lead=tuple(standing.lead),
            responsible=tuple(standing.responsible),
            assist=tuple(standing.assist),
            open_ended=standing.open_ended,
            milestones=tuple(_of_finding(finding, text, self._days.of(row, text, standing))),
            place=row.place,
            how=tuple(self._how()),
            uncertain=doubt,
            leaders=tuple(self._leaders(row)),
            finding=finding,
        )

    def _uncovered(self, row: Row) -> Row:
        """Return a row without what a merged text only covers: the columns of units and days to its right are blank."""
        task = self._header.column("task")
        covered = {
            at
            for at in row.right
            if task is not None and at > task and all(to in row.right for to in range(task + 1, at + 1))
        }
        return (
            replace(row, cells=tuple("" if at in covered else cell for at, cell in enumerate(row.cells)))
            if covered
            else row
        )

    def _finding(self, row: Row, text: str) -> str:
        """Return what was found, by the column of problems; where the task is that column itself, its text."""
        task = self._header.column("task")
        if task is not None and meaning_of(plain_heading(self._header.headings[task])) == "problem":
            return text
        place = self._header.column("problem")
        return "" if place is None or _WANTS.search(self._header.headings[place]) else self._header.cell(row, "problem")

    def _leaders(self, row: Row) -> Iterator[leaders.Leader]:
        """Yield who answers for the task by name, by the columns of people."""
        for place in self._header.columns.get("person", ()):
            heading = plain_heading(self._header.headings[place])
            if leaders.is_heading(heading) and place < len(row.cells):
                yield from leaders.of_cell(heading, row.cells[place])

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
        printed = self._header.cell(row, "number")
        match = NUMBER.match(printed)
        return match[1] if match else printed

    def _everybody(self, row: Row) -> list[str]:
        return self._owners.standing(row).everybody

    def _with_more(self, task: TaskRead, row: Row) -> TaskRead:
        """Add a row that goes on with a task: its units, and its deadline bound to them."""
        standing, mine = (
            self._owners.standing(row),
            Standing(list(task.lead), list(task.responsible), list(task.assist)),
        )
        found = [replace(one, units=tuple(standing.everybody) or None) for one in self._days.of(row, "", standing)]
        bound = [
            one if one.units is not None or not found else replace(one, units=tuple(mine.everybody) or None)
            for one in task.milestones
        ]
        if [one.due for one in found] == [one.due for one in task.milestones]:
            bound, found = list(task.milestones), []  # one deadline for all
        if found and not task.milestones:
            return self._of_one_row(task, standing, found)
        mine.take(standing)
        return replace(
            task,
            lead=tuple(mine.lead),
            responsible=tuple(mine.responsible),
            assist=tuple(mine.assist),
            open_ended=task.open_ended or standing.open_ended,
            milestones=(*bound, *found),
        )

    def _of_one_row(self, task: TaskRead, standing: Standing, found: list[MilestoneRead]) -> TaskRead:
        """Return a task whose day stands only beside further units: a copy took the lines of one cell for cells. Whose line
        it is, if one leads and others assist, nobody says: those behind the first go on with the last column.
        """
        self.problems[:] = [one for one in self.problems if one.why != NO_DAY or (one.place != task.place and one.text)]
        others = [name for name in standing.everybody if name not in (*task.lead, *task.responsible, *task.assist)]
        role = next((name for name in ("assist", "responsible", "lead") if getattr(task, name)), "responsible")
        return replace(
            task,
            **{role: (*getattr(task, role), *others)},  # type: ignore[arg-type]
            milestones=tuple(replace(one, units=None) for one in found),
            uncertain=task.uncertain or LINES_OF_A_CELL,
        )

    def _problem(self, row: Row, text: str, why: str) -> None:
        self.problems.append(Problem(row.place, text[:120], why))


def _of_finding(finding: str, text: str, milestones: Iterable[MilestoneRead]) -> Iterator[MilestoneRead]:
    """Yield what falls due with what was found before the measure: 更换接地线 alone does not say where."""
    for one in milestones:
        whole = f"{finding}：{text}" if finding not in ("", text) and not one.deliverable else one.deliverable
        yield replace(one, deliverable=whole)
