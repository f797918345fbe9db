"""Registers of expiries: licences, certificates and periodic assessments, one a row, each with the day on which it ends.

A row gives two milestones: the day by which renewal must be asked for, and the expiry itself. Where the register does not
say how long before, it is three months, as the regulations on work-safety licences ask (安全生产许可证条例第九条:
期满前3个月). A periodic duty (每三年一次) gives its next day, counted from when it was last done, where no day is written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from db.words import RENEWED, DeadlineKind, Role
from jobs.reading.blocks import Grid, Row
from jobs.reading.deadlines import Frame, find_deadlines
from jobs.reading.deadlines.relative import duration, later
from jobs.reading.deadlines.resolve import add_days, add_months
from jobs.reading.document import MilestoneRead, Problem, Renewal, TaskRead
from jobs.reading.units import Standing, of_cell

_COLUMNS = (
    ("number", re.compile(r"^(?:序号?|编号)$")),
    (
        "expiry",
        re.compile(r"有效期(?:限)?(?:至|止|截止)|到期(?:日|时间)?|失效|届满|截止日期|终止日期|有效期$|有效期限$|下次"),
    ),
    ("last", re.compile(r"发证(?:日期|时间)|上次|最近一次|评价日期|检测日期|取得时间|完成日期|起始")),
    ("period", re.compile(r"周期|频次|每.*次|间隔")),
    ("advance", re.compile(r"提前")),
    ("remark", re.compile(r"^(?:备注|说明|附注|有关要求|管理要求)$")),
    ("unit", re.compile(r"(?:责任|监管|主管|负责|牵头)(?:单位|部门|处室)|监管责任")),
    ("item", re.compile(r"证[照书件]|许可|事项|项目|类别|种类|资质|评价|评估|检测")),
    ("holder", re.compile(r"企业|持有|持证|单位名称|名称$|单位$|对象")),
)
"""What a heading means; the first that fits decides."""

_EXPIRES = re.compile(r"有效期|到期|失效|届满|证[照书件]|证$|许可|资质|评价|评估|检[测验]|保险|合同|周期")
"""What a register says of itself: 单位名称, 事项 and 截止日期 alone are a list of tasks."""

ADVANCE = "P3M"
"""How long before the expiry renewal is to be asked for, where the register does not say."""

_ADVANCE = re.compile(r"(\d{1,3}|[一二三四五六七八九十半]{1,3})\s{0,4}(?:个)?(工作日|天|日|周|月|年)")
_EVERY = re.compile(r"每?\s{0,4}(?:(\d{1,2}|[一二三四五六七八九十两半]{1,3})\s{0,4})?(?:个)?(年|月|季度|周)")
_ANEW = re.compile(
    r"每\s{0,2}(?:\d{1,2}|[一二三四五六七八九十两半]{1,3})?\s{0,2}(?:个)?(?:年|月|季度)\s{0,2}(?:内|须|应|需|至少|重新|开展|进行|组织|做|一次|1次){0,4}(?:再|复|重新)?(?:评[估价审]|检[测验]|换证|换发|延续|年审|复审|审验)"
)
"""How often something is done anew, as a remark says it: 每三年评估一次. What else is done every year (每年检查) is another matter."""
_NEVER = re.compile(r"^(?:长期(?:有效)?|永久|无|/|-+)?$")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a register keeps what; ``header`` is the row of its headings, from 0."""

    places: dict[str, int]
    header: int


def find_register(grid: Grid) -> Columns | None:
    """Return the columns of a register of expiries; None for any other table."""
    for at, row in enumerate(grid.rows[:5]):
        places: dict[str, int] = {}
        for place, cell in enumerate(row.cells):
            heading = re.sub(r"\s|[（(].*", "", cell)
            meaning = next(
                (name for name, pattern in _COLUMNS if 0 < len(heading) <= 16 and pattern.search(heading)), None
            )
            if meaning is not None:
                places.setdefault(meaning, place)
        dated = "expiry" in places or {"last", "period"} <= places.keys()
        if dated and {"holder", "item"} <= places.keys():
            headings = "".join(row.cells[place] for place in places.values())
            return Columns(places, at) if _EXPIRES.search(headings) else None
    return None


class RegisterReader:
    """Reads the rows of one register."""

    def __init__(self, grid: Grid, columns: Columns, frame: Frame) -> None:
        """Read days against ``frame``, a frame of cells."""
        self._rows, self._places, self._frame = grid.rows[columns.header + 1 :], columns.places, frame
        self.problems: list[Problem] = []

    def tasks(self) -> Iterator[TaskRead]:
        """Yield a task a row."""
        for row in self._rows:
            holder, item = self._cell(row, "holder"), self._cell(row, "item")
            if not holder or not item:
                if row.filled:
                    self._problem(row, "没有写持有单位或证照名称")
                continue
            standing = of_cell(self._cell(row, "unit"), Role.RESPONSIBLE) if self._cell(row, "unit") else Standing()
            if not standing.everybody:
                self._problem(row, "没有写责任单位")
            number = self._cell(row, "number").rstrip(".、")
            yield TaskRead(
                key=number or f"t{row.place.table}r{row.place.row}",
                number=number,
                section=item,
                text=f"{holder}：{item}{RENEWED}",
                lead=tuple(standing.lead),
                responsible=tuple(standing.responsible),
                assist=tuple(standing.assist),
                open_ended=standing.open_ended,
                milestones=tuple(self._milestones(row)),
                place=row.place,
                how=("到期台账：按到期日和提前期推算",),
                renewal=Renewal(_length(self._cell(row, "advance")), self._every(row) or ""),
            )

    def _milestones(self, row: Row) -> Iterator[MilestoneRead]:
        printed = self._cell(row, "expiry")
        expiry, text, why = self._expiry(row, printed)
        if expiry is None:
            if why:
                self._problem(row, why)
                yield MilestoneRead(text=text, kind=DeadlineKind.DATE, uncertain=why)
            return
        ahead = _before(expiry, self._cell(row, "advance"))
        if ahead is not None:
            yield MilestoneRead(
                text=text,
                kind=DeadlineKind.DATE,
                due=ahead,
                deliverable="提出延续申请或安排重新评估",
                uncertain=why,
                how="到期日之前的提前期",
            )
        yield MilestoneRead(
            text=text, kind=DeadlineKind.DATE, due=expiry, deliverable="到期前办结", uncertain=why, how="到期日"
        )

    def _expiry(self, row: Row, printed: str) -> tuple[date | None, str, str | None]:
        """Return the day of expiry, what it was read from, and why a person should look."""
        if printed and not _NEVER.match(printed):
            days = [one for one in find_deadlines(printed, self._frame) if one.due]
            if days:
                last = max(days, key=lambda one: one.due or date.min)
                return last.due, last.text, last.uncertain
            return None, printed, "到期日没有读懂，请人工确定"
        done, told, length = self._cell(row, "last"), self._period(row), self._every(row)
        days = [one for one in find_deadlines(done, self._frame) if one.due] if done else []
        if days and days[0].due and length:
            return later(days[0].due, length), f"{told}，上次{done}", days[0].uncertain
        if printed and _NEVER.match(printed):
            return None, printed, None
        return None, printed, "没有写到期日"

    def _period(self, row: Row) -> str:
        """Return how often something is done anew, as its column, its name or a remark says it: 每三年."""
        inside = re.search(r"每.{1,2}年", self._cell(row, "item")) or _ANEW.search(self._cell(row, "remark"))
        return self._cell(row, "period") or (inside[0] if inside else "")

    def _every(self, row: Row) -> str | None:
        every = _EVERY.search(self._period(row))
        return duration((every[1] or "1").replace("两", "二"), every[2]) if every else None

    def _cell(self, row: Row, name: str) -> str:
        place = self._places.get(name)
        return row.cells[place] if place is not None and place < len(row.cells) else ""

    def _problem(self, row: Row, why: str) -> None:
        self.problems.append(Problem(row.place, " ".join(row.filled.values())[:120], why))


def _length(told: str) -> str:
    """Return how long before an expiry renewal is to be asked for."""
    found = _ADVANCE.search(told)
    return (duration(found[1], found[2]) if found else None) or ADVANCE


def _before(expiry: date, told: str) -> date | None:
    """Return the day that lies the advance before an expiry."""
    length = _length(told)
    count, unit = int(length[1:-1]), length[-1]
    if unit in "MY":
        return add_months(expiry, -count * (12 if unit == "Y" else 1))
    return add_days(expiry, -count * (7 if unit == "W" else 1))
