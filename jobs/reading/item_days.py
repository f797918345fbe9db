"""When an item falls due: by its brackets of units, by its labels of time, in its own words, and by its stage."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from db.words import DeadlineKind
from jobs.reading.acting import is_anybody
from jobs.reading.brackets import Bracket, moved
from jobs.reading.cells import BLANK
from jobs.reading.deadlines import Deadline, Frame, find_deadlines
from jobs.reading.deadlines.shown import PERHAPS
from jobs.reading.deliverables import closed_by, deliverable, within
from jobs.reading.document import MilestoneRead, Problem
from jobs.reading.due import NOT_UNDERSTOOD, ONLY_BEGAN, ONLY_BEGINS, TIME_LABEL, is_due, milestone
from jobs.reading.in_stage import stage_of, within_stage
from jobs.reading.items import Item
from jobs.reading.judging import judged
from jobs.reading.owing import ANOTHER, subjects
from jobs.reading.roles import roles
from jobs.reading.sections import MONTH
from jobs.reading.subjects import LEADS_OTHERS, Others, spoken_to

OF_LIST = "时限写在几项之后，请核对是哪一项的"
OWN_DAY = "任务文字另写有日子，请核对"
_DAY = re.compile(r"\d{1,2}月\d{1,2}[日号]")
_DOTTED = re.compile(r"[。\s]*\d{1,2}[.．]\d{1,2}(?![\d万亿千百个倍%％公米亩吨元])")
"""5.12护士节: a day with which an item opens under the heading of a month."""
IN_STAGE = "写在某一阶段里，从哪天算起没有写明，请核对"
_ANCHOR = re.compile(r"[起后自从]|收到|印发")
LATER_THAN_LABEL = "任务文字中的期限晚于时限一栏，请核对"


class ItemDays:
    """Reads the deadlines of items; what of a label cannot be read goes to ``problems``."""

    def __init__(self, frame: Frame, cell: Frame, problems: list[Problem]) -> None:
        """Read sentences against ``frame``, labels and brackets against ``cell``."""
        self._frame, self._cell, self.problems = frame, cell, problems

    def of(self, item: Item, marks: list[Bracket]) -> list[MilestoneRead]:
        """Return the item's deadlines, each bound to the units of the bracket that closes its part of the text."""
        hidden = judged(item.unnumbered, assigned=bool(marks))
        for mark in marks:
            hidden = _covered(hidden, mark.start, mark.end)
        opened = list(self._opening(hidden, marks))
        labelled: list[Deadline] = []
        for label in list(TIME_LABEL.finditer(hidden)):
            when = find_deadlines(label["when"], self._cell)
            hidden = _covered(hidden, *label.span("when"))
            if is_due(label["label"], label["when"]):
                labelled += [moved(one, label.start("when")) for one in when]
                self._not_understood(item, label["when"], when)
        for label in (one for mark in marks for one in TIME_LABEL.finditer(item.text[mark.start : mark.end])):
            if is_due(label["label"], label["when"]):
                self._not_understood(item, label["when"], find_deadlines(label["when"], self._cell))
        told = [*labelled, *(one for mark in marks for one in mark.deadlines)]
        sure = {one.due for one in told if one.due and one.uncertain is None}
        said = [
            replace(one, uncertain=None) if one.due in sure else one for one in find_deadlines(hidden, self._frame)
        ]  # the bracket confirms the text
        taken = {one.start for one in said}
        said += [one for one in opened if one.start not in taken]
        rhythms = {_rhythm(one.rule) for one in told if one.rule}
        said = [one for one in said if not (one.rule and _rhythm(one.rule) in rhythms)]  # 每月, which the label dates
        said = [_against(one, labelled) for one in said]
        known = {one.due for one in said if one.due}
        inside = [one for mark in marks for one in mark.deadlines if one.due not in known]
        whole = len(known) > 1  # with stages on the way, the label still says when all of it is due
        inside += [one for one in labelled if whole or one.due is None or one.due not in known]
        found, others, in_words = [], Others(hidden), frozenset(said)
        told_apart = _told_apart(hidden, said, marks[0]) if len(marks) == 1 else {}
        for one in sorted([*said, *inside], key=lambda one: one.start):
            closing = next((mark for mark in marks if one.start < mark.end), None)
            bound = tuple(closing.standing.everybody) if closing and len(marks) > 1 else None
            beside = deliverable(hidden, one) if one in in_words else within(item.text, one)
            beside = beside or (bound and closing and closed_by(hidden, closing)) or ""
            doubt = None
            if marks and closing is None:
                bound, doubt = _behind(hidden, one, marks[-1], others)
            elif closing and one in in_words and _STOP.search(hidden, one.end, closing.start):
                said_of, doubt = _in_part(hidden, one, len(marks) > 1)
                bound = said_of or bound
            if one.start in told_apart:
                bound, doubt = told_apart[one.start], ANOTHER
            found.append(self.one(item, one, beside, bound, doubt))
        if len(marks) == 1 and any(one.units for one in found):  # what no part gives to others is theirs
            theirs = tuple(marks[0].standing.everybody) or None
            found = [one if one.units or one.uncertain == ANOTHER else replace(one, units=theirs) for one in found]
        at_once = [] if found else find_deadlines(hidden, self._cell)
        return found or [milestone(one) for one in at_once if one.kind is DeadlineKind.IMMEDIATE]

    def _opening(self, hidden: str, marks: list[Bracket]) -> Iterator[Deadline]:
        """Yield what opens the part that a bracket of units closes, and nothing else shows to be a deadline: 7月底，提请审议（综合科）."""
        begin = 0
        for mark in marks:
            part = hidden[begin : mark.start]
            bare = part.lstrip("。；;，, \n")
            begin, start = mark.end, mark.start - len(bare)
            if bare and not find_deadlines(bare, self._frame):
                one = next(iter(find_deadlines(bare[:_LONGEST_DAY], self._cell)), None)
                if one and one.start == 0 and one.kind is DeadlineKind.DATE and not _ONLY_BEGUN.match(bare, one.end):
                    yield replace(moved(one, start), uncertain=one.uncertain or PERHAPS)

    def _not_understood(self, item: Item, when: str, found: list[Deadline]) -> None:
        """Tell of a label of when that no day, rule or span could be read from."""
        if not found and not BLANK.match(when.strip()):
            why = ONLY_BEGAN if ONLY_BEGINS.search(when.strip()) else NOT_UNDERSTOOD
            self.problems.append(Problem(item.place, when.strip()[:120], why))

    def one(
        self, item: Item, one: Deadline, due_thing: str, units: tuple[str, ...] | None, doubt: str | None = None
    ) -> MilestoneRead:
        place = item.place_of(one.start)
        one = within_stage(one, stage_of(item.text, item.stage[0] if item.stage else None), self._cell)
        if item.ends_list and place != item.place:
            doubt = doubt or OF_LIST
        if item.stage and one.kind is DeadlineKind.RELATIVE and not _ANCHOR.search(one.text):
            doubt = doubt or IN_STAGE
        told = milestone(one, due_thing, units, one.uncertain or doubt)
        return replace(told, place=None if place == item.place else place)

    def of_stage(self, item: Item, told: Sequence[MilestoneRead] = ()) -> Iterator[MilestoneRead]:
        """Yield the end of the stage that an item stands under, where the item itself says no day; ``told`` is what was read
        from it all the same, such as 6.16 with which it opens.
        """
        if (
            item.stage is None
            or (told and _DOTTED.match(item.unnumbered))
            or find_deadlines(item.unnumbered, self._frame)
        ):
            return
        text, place = item.stage
        own = OWN_DAY if _DOTTED.match(item.unnumbered) or _DAY.search(item.unnumbered) else None
        closing = _CLOSING.search(text)
        found = find_deadlines(text, self._cell if MONTH.match(text) else self._frame)
        for one in found or (find_deadlines(closing["when"], self._cell) if closing else []):
            yield replace(milestone(one, uncertain=own), place=place)


_CLOSING = re.compile(r"[（(](?P<when>[^（）()]+)[）)][。：:]?$")
"""第二步，整治（4月21日至6月30日）: the bracket that closes the heading of a stage."""


def _told_apart(text: str, said: Sequence[Deadline], mark: Bracket) -> dict[int, tuple[str, ...]]:
    """Return, by where a day stands, who is told something by then that the one bracket does not name, where it names who is
    told something by another day: 4月底前，各镇完成调整，市食安办5月10日前核验（市食安办负责）.
    """
    days = [one for one in said if one.kind in (DeadlineKind.DATE, DeadlineKind.RECURRING)]
    if not days or len(days) > _FEW:
        return {}
    theirs = {one.start: tuple(owed.who) for one, owed in zip(days, subjects(text, days), strict=True)}
    known, told = set(mark.standing.everybody), list(spoken_to(text))
    named = [who for who in theirs.values() if known.intersection(who)]
    within = {at for at in theirs for one in told if one.start < at < one.end and one.who == list(theirs[at])}
    return {
        at: who
        for at, who in theirs.items()
        if who and not known.intersection(who) and (named or (at in within and not is_anybody(list(who))))
    }


_FEW = 12
"""Days of one item of which it is asked whose each is."""
_LONGEST_DAY = 24


def _part(text: str, one: Deadline) -> str:
    """Return what stands from the last full stop or semicolon before a day to the next behind it."""
    far = max(0, one.start - _FAR)
    begin = max(text.rfind(mark, far, one.start) for mark in "；;。\n") + 1
    begin = begin or max(far, text.find("，", far, one.start) + 1 if far else 0)
    ending = _STOP.search(text, one.end, one.end + _FAR)
    return text[begin : ending.start() if ending else one.end + _FAR]


def _in_part(text: str, one: Deadline, several: bool = True) -> tuple[tuple[str, ...] | None, str | None]:
    """Return who is told something in the part of a text where a day stands, outside brackets, and that it is to be asked.

    Where not ``several`` brackets but one closes all of the text, a mere subject leaves the day to it, in doubt in one sentence.
    """
    part = _part(text, one)
    said = [name for given in roles(part) for name in given.standing.everybody]
    if said:
        return tuple(dict.fromkeys(said)), ANOTHER
    told = [one for one in spoken_to(part) if not LEADS_OTHERS.match(part[one.start : one.end].strip())]
    subject = [name for one in told for name in one.who]
    ending = _STOP.search(text, one.end, one.end + _FAR)
    if not subject or not (several or (ending and ending[0] in "；;")):
        return None, None
    return tuple(dict.fromkeys(subject)) if several else None, ANOTHER


_FAR = 200
_STOP = re.compile(r"[；;。\n]")


def _behind(text: str, one: Deadline, last: Bracket, others: Others) -> tuple[tuple[str, ...] | None, str | None]:
    """Return whose a day behind the last bracket of units is, where its part says so, and why a person should look."""
    said, doubt = _in_part(text, one)
    if said:
        return said, doubt
    another = others.are_named(last.end, one.start, last.standing.everybody)
    return None, ANOTHER if another else None


_ONLY_BEGUN = re.compile(r"[^，,。；;]{0,8}?(?:起|以来|已|启动|开工|动工|发布|印发的|施行)")


def _rhythm(rule: str) -> str:
    """Return how often a rule comes again, without its day."""
    return ";".join(part for part in rule.split(";") if part.startswith(("FREQ", "INTERVAL")))


def _against(one: Deadline, labelled: list[Deadline]) -> Deadline:
    """Return a day of the sentence, in doubt where the label says that all of it is due before then."""
    days = [other.due for other in labelled if other.due and other.uncertain is None]
    late = one.due is not None and bool(days) and one.due > max(days)
    return replace(one, uncertain=one.uncertain or LATER_THAN_LABEL) if late else one


def _covered(text: str, start: int, end: int) -> str:
    return text[:start] + "。" * (end - start) + text[end:]
