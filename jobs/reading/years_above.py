"""The year of the heading above: a day without one is of the stage, or the part of a plan, that it stands under."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from jobs.reading.blocks import Block, Grid, Paragraph
from jobs.reading.deadlines import Frame
from jobs.reading.deadlines.periods import period
from jobs.reading.deadlines.resolve import PAST_MONTH, make
from jobs.reading.document import MilestoneRead, Place, TaskRead
from jobs.reading.doubting import ASSUMED, CARRIED
from jobs.reading.heading import is_title
from jobs.reading.sections import heads, is_stage
from jobs.reading.styles import level, numbered

Period = tuple[date, date]

OUTSIDE = "不在标题写的时间里，年份请核对"
_FIRST_WORDS = re.compile(r"[^。；;\n]{1,60}")
_ANNEX = re.compile(r"附[件表录]")
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d年度?[:：]?")


def periods(found: Sequence[Block], frame: Frame, named: str) -> dict[Place, Period]:
    """Return, by the place of a paragraph or a row, the period that the nearest heading above it gives with its year; what the
    title gives, ``named``, is the document's.
    """
    told: dict[Place, Period] = {}
    above = _Above(frame)
    for block in found:
        if isinstance(block, Paragraph) and is_title(block.text, named):
            continue
        if isinstance(block, Grid):
            within = above.within()
            for row in block.rows:
                filled = set(row.filled.values())
                if len(filled) == 1:  # a heading over the rows below it
                    within.pass_by(filled.pop())
                if within.said:
                    told[row.place] = within.said
            continue
        above.pass_by(block.text)
        if above.said:
            told[block.place] = above.said
    return told


class _Above:
    """The headings over a line, the highest level first, each with the period that it gives."""

    def __init__(self, frame: Frame, over: Iterable[tuple[int, Period | None]] = ()) -> None:
        self._frame, self._over = frame, list(over)

    def within(self) -> "_Above":
        """Return the same for the rows of a table: what heads some of them heads nothing behind it."""
        return _Above(self._frame, self._over)

    @property
    def said(self) -> Period | None:
        return next((said for _depth, said in reversed(self._over) if said), None)

    def pass_by(self, text: str) -> None:
        """Take a line for what is over the next, where it is a heading."""
        if _ANNEX.match(text):
            self._over = []
        style, _number, body = numbered(text)
        if not (heads(text, style) or is_stage(text) or _YEAR_ALONE.fullmatch(text)):
            return
        depth = level(style)
        self._over = [one for one in self._over if one[0] < depth]
        self._over.append((depth, period(body, self._frame)))


def in_its_year(task: TaskRead, above: Mapping[Place, Period], frame: Frame) -> TaskRead:
    """Return a task whose days without a year are of the period that its own heading, or the one above it, gives."""
    said = _own(task, frame) or above.get(task.place)
    if said is None or not any(ASSUMED in one.how for one in task.milestones):
        return task
    return replace(task, milestones=tuple(_within(task.milestones, said, asks=task.place.table is None)))


def _own(task: TaskRead, frame: Frame) -> Period | None:
    """Return the period of a heading with which the text of a task opens: （三）验收阶段（2019年10月）。10月20日前…"""
    first = _FIRST_WORDS.match(numbered(task.text)[2])
    return period(first[0], frame) if first and is_stage(first[0]) else None


def _within(milestones: Sequence[MilestoneRead], said: Period, *, asks: bool) -> Iterator[MilestoneRead]:
    """Yield milestones, each in the period; what no year of it has is asked about where it ``asks``: a table may stand below a
    stage and be of all.
    """
    assumed = False
    for one in milestones:
        assumed = ASSUMED in one.how or (assumed and CARRIED in one.how)
        moved = _moved(one, one.due, said) if assumed and one.due else one
        yield moved if asks or moved.uncertain != OUTSIDE else one


def _moved(one: MilestoneRead, due: date, said: Period) -> MilestoneRead:
    """Return a milestone on its day in the year in which the period has it; in doubt, in the period's last, where it has none."""
    first, last = said
    if first <= due <= last:
        return one
    days = (make(year, due.month, due.day) or make(year, due.month, -1) for year in range(first.year, last.year + 1))
    found = [day for day in days if day]
    inside = next((day for day in found if first <= day <= last), None)
    how = f"{one.how.split('；年份')[0]}；年份取上面标题的"
    if inside is None:
        return replace(one, due=found[-1], uncertain=OUTSIDE, how=how)
    return replace(one, due=inside, uncertain=None if one.uncertain == PAST_MONTH else one.uncertain, how=how)
