"""When the rows of a table fall due: by their cell of deadlines, by headings that are days, in the task's own words, and
beside them.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from db.words import DeadlineKind
from jobs.reading.blocks import Row
from jobs.reading.cells import BLANK, MARKS, Look, is_ahead, look
from jobs.reading.columns import BESIDE, plain_heading
from jobs.reading.deadlines import Deadline, Frame, Setting, find_deadlines
from jobs.reading.document import MilestoneRead, Problem
from jobs.reading.due import (
    NOT_UNDERSTOOD,
    ONLY_BEGAN,
    ONLY_BEGINS,
    TIME_LABEL,
    counted,
    days_in,
    doubt,
    is_due,
    milestone,
    said_beside,
)
from jobs.reading.header import Header
from jobs.reading.naming import names
from jobs.reading.owing import subjects
from jobs.reading.units import Standing

_IN_MONTH = re.compile(r"(?:\d{1,2}[日号][、,，和]?)+(?:之?前)?$|[上中下]旬(?:之?前)?$")
"""Under a month: the day of it."""


NO_DAY = "没有写完成时限"
IN_WORDS = "时限一栏没有读懂，取任务文字中的期限，请核对"
EXPIRES = "这一栏写的可能是到期的日子，不是办理的期限，请核对"
_OF_GOODS = (
    (re.compile(r"到期|有效|保质|质保"), EXPIRES),
    (re.compile(r"交货|到货|供货|收货|送货"), "这一栏写的是货物交付的日子，请核对是否期限"),
)
LATER_THAN_STAGE = "格中的日子晚于表头写的时间，请核对"


_EACH_BRACKETED = re.compile(r"(?<=[）)])\s*[、，,]\s*(?=[^、，,；;（）()\n]{2,30}[（(][^（）()]*\d)")


def _apart(cell: str) -> str:
    """Return a cell of units with what stands between those that each bear a day in brackets as a mark that parts them:
    甲局（9月底）、乙镇（10月底）.
    """
    return _EACH_BRACKETED.sub("；", cell)


class Days:
    """Reads the deadlines of rows under one header; what cannot be read goes to ``problems``."""

    def __init__(self, header: Header, frame: Frame, prose: Frame, problems: list[Problem]) -> None:
        """Read cells against ``frame``, sentences against ``prose``."""
        self._header, self._frame, self._prose, self._problems = header, frame, prose, problems

    def of(self, row: Row, text: str, standing: Standing) -> Iterator[MilestoneRead]:
        """Yield the deadlines of a row whose task is ``text`` and which ``standing`` owes."""
        told = [*self._stages(row), *self._others(row), *self._of_row(row, text, standing)]
        yield from told
        yield from self._beside(row, {one.due for one in told})

    def _of_row(self, row: Row, text: str, standing: Standing) -> Iterator[MilestoneRead]:
        """Yield what the cell of deadlines says, and the task's own words where they say more."""
        inside = [one for one in find_deadlines(text, self._prose) if one.due and one.uncertain is None]
        cell = self._header.cell(row, "deadline")
        if self._header.column("deadline") is None:
            yield from self._of_text(row, text, standing)
            return
        if BLANK.match(cell):
            if not inside and not self._header.stages:
                self._problem(row, text, NO_DAY)
            yield from self._said(text, inside, standing)
            return
        found = days_in(cell, self._frame) or counted(cell, self._frame)
        if not found and ONLY_BEGINS.search(cell):
            self._problem(row, cell, ONLY_BEGAN)
            return
        if not found:
            self._problem(row, cell, NOT_UNDERSTOOD)
            if inside:
                yield from (replace(one, uncertain=IN_WORDS) for one in self._said(text, inside, standing))
                return
            yield MilestoneRead(text=cell, kind=DeadlineKind.DATE, uncertain="时限没有读懂，请人工确定")
            return
        heading = self._header.headings[self._header.columns["deadline"][0]]
        differs = next((why for pattern, why in _OF_GOODS if pattern.search(heading)), None) or self._differs(
            row, text, found, inside
        )
        why = doubt(cell, found) or differs
        for one in found:
            yield milestone(one, *said_beside(cell, one, found, standing), uncertain=why)
        known = {one.due for one in found}
        for one in inside:
            if one.kind is DeadlineKind.DATE and one.due not in known:
                yield milestone(one, uncertain="任务文字中的期限，与时限一栏不同，请核对")

    @staticmethod
    def _said(text: str, found: list[Deadline], standing: Standing) -> Iterator[MilestoneRead]:
        """Yield the days of a task's own words, each for those of its units that the words say: 甲局4月底前…，乙局5月底前…."""
        for one, owed in zip(found, subjects(text, found), strict=True):
            theirs = tuple(name for name in owed.who if name in standing.everybody)
            yield milestone(one, units=theirs if 0 < len(theirs) < len(standing.everybody) else None)

    def _of_text(self, row: Row, text: str, standing: Standing) -> Iterator[MilestoneRead]:
        """Yield deadlines of a table without a column for them: in the text, or beside the units."""
        units = [
            row.cells[place]
            for name in ("lead", "responsible", "assist", "mixed")
            for place in self._header.columns.get(name, ())
            if place < len(row.cells)
        ]
        seen: set[tuple[object, ...]] = set()
        labelled = [milestone(one) for one in self._labelled(row)]
        for told in [*labelled, *self._said(text, find_deadlines(text, self._prose), standing)]:
            if (told.due, told.rule, told.text) not in seen:
                seen.add((told.due, told.rule, told.text))
                yield told
        for one, who in [beside for cell in units for beside in self._beside_units(cell)]:
            if (one.due, one.rule, one.text, *who) not in seen and (one.due, one.rule, one.text) not in seen:
                seen.add((one.due, one.rule, one.text, *who))
                yield milestone(one, units=who or None)

    def _beside_units(self, cell: str) -> Iterator[tuple[Deadline, tuple[str, ...]]]:
        """Yield the days among units: 甲局（4月底前）；乙局（5月底前） gives each its own, 甲局、乙局 6月底前 both the one."""
        parts = [(part, find_deadlines(part, self._frame)) for part in re.split(r"[；;\n]", _apart(cell))]
        apart = sum(bool(found) for _part, found in parts) > 1
        for part, found in parts:
            bare = part
            for one in reversed(found):
                bare = bare[: one.start] + "，" + bare[one.end :]
            who, _open = names(re.sub(r"[（(][，,\s]*[）)]", "", bare))
            for one in found:
                yield one, tuple(who) if apart else ()

    def _labelled(self, row: Row) -> Iterator[Deadline]:
        """Yield what labels inside the cells of a row say of when: 整改措施：…；整改时限：立行立改."""
        for cell in row.filled.values():
            for label in TIME_LABEL.finditer(cell):
                if is_due(label["label"], label["when"]):
                    yield from find_deadlines(label["when"], self._frame)

    def _stages(self, row: Row) -> Iterator[MilestoneRead]:
        """Yield what falls due by the headings: what the cell below says, or that marks in columns side by side, all of which
        are told, end there.
        """
        stages = self._header.stages
        since: list[str] = []
        for place, deadline in stages.items():
            cell = row.cells[place] if place < len(row.cells) else ""
            marked = bool(MARKS.match(cell))
            goes_on = marked and place + 1 in stages and MARKS.match("".join(row.cells[place + 1 : place + 2]))
            within = find_deadlines(deadline.text.rstrip("前底末") + cell, self._frame) if _IN_MONTH.match(cell) else []
            own = [] if within else self._own(cell, deadline)
            if within:
                yield from map(milestone, within)
            elif own:
                yield from own
                since = []
            elif goes_on:
                since.append(deadline.text)
            elif not BLANK.match(cell):
                told = milestone(deadline, "" if marked else cell[:80])
                yield replace(told, text="、".join([*since, deadline.text])) if marked and since else told
                since = []

    def _own(self, cell: str, stage: Deadline) -> list[MilestoneRead]:
        """Return the days that a cell under a stage says itself; one that is later than the stage is to be looked at."""
        frame = self._prose if stage.due is None else replace(self._prose, year=stage.due.year)
        found = (
            days_in(cell, replace(frame, setting=Setting.CELL))
            if look(cell) is Look.DAY
            else find_deadlines(cell, frame)
        )
        found = [one for one in found if one.due and one.kind is DeadlineKind.DATE]
        late = [stage.due is not None and one.due is not None and one.due > stage.due for one in found]
        return [
            milestone(
                one, said_beside(cell, one, found, Standing())[0], uncertain=LATER_THAN_STAGE if is_late else None
            )
            for one, is_late in zip(found, late, strict=True)
        ]

    def _others(self, row: Row) -> Iterator[MilestoneRead]:
        """Yield the days of further columns of deadlines, such as 方案报送时间: each for what its heading says."""
        for place in self._header.columns.get("deadline", ())[1:]:
            cell = row.cells[place] if place < len(row.cells) else ""
            heading = self._header.headings[place]
            whole = heading.replace("\n", "")
            found = days_in(cell, self._frame)
            for one in found:
                what = re.sub(r"(?:时间|时限|日期|期限|节点)(?:要求|安排)?$", "", heading.rsplit("\n")[-1])
                said, _units = said_beside(cell, one, found, Standing())
                yield milestone(one, said or what or whole, uncertain=f"另有一栏期限“{whole}”，请核对")

    def _beside(self, row: Row, known: set[date | None]) -> Iterator[MilestoneRead]:
        """Yield further days that other columns of words say: 办理要求, 备注; and a day to come under 反馈时间."""
        taken = {place for name, places in self._header.columns.items() if name != "other" for place in places}
        for place, heading in enumerate(self._header.headings):
            cell = row.cells[place] if place < len(row.cells) and place not in row.right else ""
            bare = plain_heading(heading)
            if not cell or place in taken or place in self._header.stages or not BESIDE.search(bare):
                continue
            told = find_deadlines(cell, self._prose) or (find_deadlines(cell, self._frame) if is_ahead(cell) else [])
            for one in told:
                if (one.due and one.due not in known) or (one.rule and is_ahead(cell)):
                    yield milestone(one, uncertain=f"“{bare}”一栏另有期限，请核对")

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
        self._problems.append(Problem(row.place, text[:120], why))
