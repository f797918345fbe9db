"""From prose to tasks: which items are duties, whose they are and when they fall due.

First everything that may be a duty is a candidate: units with a role, a dated duty, a unit that has to do something. Then it
is judged: what only introduces, tells of the past or sets out a policy is none; what lacks a unit or a day keeps the gap.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from db.words import DeadlineKind, Role
from jobs.reading.address import addressees, named
from jobs.reading.articles import articles
from jobs.reading.blocks import Paragraph
from jobs.reading.brackets import Bracket, brackets, moved
from jobs.reading.cells import BLANK
from jobs.reading.deadlines import Deadline, Frame, Setting, find_deadlines
from jobs.reading.deadlines.shown import PERHAPS
from jobs.reading.deliverables import closed_by, deliverable, within
from jobs.reading.document import MilestoneRead, Problem, TaskRead
from jobs.reading.due import NOT_UNDERSTOOD, ONLY_BEGAN, ONLY_BEGINS, TIME_LABEL, is_due, milestone
from jobs.reading.heading import unsigned
from jobs.reading.items import COUNTED, MONTH, Item, items
from jobs.reading.judging import SENTENCE, is_duty, judged
from jobs.reading.legend import Legend
from jobs.reading.naming import names
from jobs.reading.roles import Roles, Shares, assisting, names_somebody, roles
from jobs.reading.schedule import scheduled
from jobs.reading.styles import ITEM_STYLES
from jobs.reading.subjects import ANOTHER, Owed, charged, names_another, opening, subjects
from jobs.reading.units import Standing

_CARRIED = re.compile(
    r"^[^。]{0,6}?(?:以下|下列|上述以外)(?:各项|任务|各条|内容|工作|措施)*(?:均|都)(?:需|由|须|应|应当)+(?P<who>[^。，]{3,80}?)(?:负责|组织|具体|抓好)*(?:落实|负责|实施|配合)[^。]{0,4}。?$"
)


_OF_ISSUE = re.compile(r"印发|发布|施行|实施|公布|下发")
"""What a span counts from that is the day of the rules themselves."""
_FOOT = re.compile(r"备案号|ICP备|公网安备|网站标识码|版权所有")
"""What stands at the foot of a web page."""
_LEFT_OUT = re.compile(r"^附[件表][^。]{0,60}[（(]略[）)]")
_NEWS = re.compile(r"记者|新闻发布|发布会|本报讯|责任编辑|谢谢")
"""Words of news and speeches: what they say of days without a unit is no duty."""

OF_HEADING = "责任单位取自上级标题，请核对"
CALLED = "没有写由谁办理，按收文单位处理，请核对"
NO_UNIT = "有期限，但看不出由谁办理"
WHOSE = "这一期限由谁办理没有写明，请核对"
NO_UNIT_WRITTEN = "没有写责任单位"
LATER_THAN_LABEL = "任务文字中的期限晚于时限一栏，请核对"
SHARED = "单位写在几项之后，按几项共用处理，请核对"


class ProseReader:
    """Reads the paragraphs of a plan, in order; a carry-forward clause holds for all numbered items after it."""

    def __init__(self, frame: Frame, legend: Legend) -> None:
        """Read deadlines against ``frame``, a frame of prose."""
        self._frame, self._cell, self._legend = frame, replace(frame, setting=Setting.CELL), legend
        self._implied: list[str] = []
        self._called: list[str] = []
        self._asked = False
        self._keys: set[str] = set()
        self._narrative = False
        self.problems: list[Problem] = []

    def tasks(self, paragraphs: Iterable[Paragraph]) -> Iterator[TaskRead]:
        """Yield the tasks among the paragraphs."""
        paragraphs = [one for one in unsigned(paragraphs) if not _FOOT.search(one.text)]
        self._narrative = sum(len(_NEWS.findall(paragraph.text)) for paragraph in paragraphs) > 1
        found = [(item, brackets(item.text, self._cell)) for item in items(paragraphs)]
        rules = articles(paragraphs)
        styles = {item.style for item, marks in found if marks and item.style}
        for item, marks in found:
            if item.place in rules and not self._is_of_now(item):
                continue
            self._called = addressees(item.text) or self._called
            if (asked := _ASKS_FOR_ALL.search(item.text)) and (listed := names(asked["who"])[0]):
                self._called, self._asked = listed, True
            self._carry(item)
            self._left_out(item)
            if marks:
                yield self._with_units(item, marks)
            elif item.owed and not names_somebody(item.unnumbered):
                yield self._of_heading(item)
            elif not _CARRIED.match(item.text):
                yield from self._told(item, item.style in styles)

    def _is_of_now(self, item: Item) -> bool:
        """Tell whether an article of a set of rules gives somebody a duty of this document: by a day, or counted from its
        issue. What falls due whenever something happens, or who is in charge of what, is a rule.
        """
        return any(
            one.kind is DeadlineKind.DATE or (one.kind is DeadlineKind.RELATIVE and _OF_ISSUE.search(one.text))
            for one in find_deadlines(item.unnumbered, self._frame)
        )

    def _left_out(self, item: Item) -> None:
        """Tell of an annex that the document names and does not bring."""
        if _LEFT_OUT.search(item.text):
            self._problem(item, "附件没有随文，未读取")

    def _carry(self, item: Item) -> None:
        """Remember a paragraph of its own that says who owes everything after it: 以下任务均由…负责落实."""
        said = _CARRIED.match(item.text)
        if said:
            self._implied += [name for name in names(said["who"])[0] if name not in self._implied]

    # ------------------------------------------------------------ units in brackets and labels

    def _with_units(self, item: Item, marks: list[Bracket]) -> TaskRead:
        standing = Standing()
        for mark in marks:
            standing.take(mark.standing)
        implied = tuple(self._implied) if item.style else ()
        self._implied += [name for name in standing.implied if name not in self._implied]
        milestones = (*self._milestones(item, marks), *self._of_stage(item))
        if item.shared:
            self._problem(item, SHARED)
        told = "；".join(item.text[mark.start : mark.end] for mark in marks)
        how = f"单位：写在“{told}”"
        if not (
            standing.lead or standing.responsible or implied
        ):  # who only assists does so for whoever is the subject
            standing.add(Role.RESPONSIBLE, [name for name in opening(item.unnumbered) if name not in standing.assist])
        return self._task(
            item, self._legend.applied(standing), implied, milestones, how, SHARED if item.shared else None
        )

    def _milestones(self, item: Item, marks: list[Bracket]) -> list[MilestoneRead]:
        """Return the item's deadlines, each bound to the units of the bracket that closes its part of the text."""
        hidden = judged(item.unnumbered)
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
        found = []
        for one in sorted([*said, *inside], key=lambda one: one.start):
            closing = next((mark for mark in marks if one.start < mark.end), None)
            bound = tuple(closing.standing.everybody) if closing and len(marks) > 1 else None
            beside = deliverable(hidden, one) if one in said else within(item.text, one)
            beside = beside or (bound and closing and closed_by(hidden, closing)) or ""
            behind = item.text[marks[-1].end : one.start] if marks and closing is None else ""
            doubt = ANOTHER if behind and names_another(behind, marks[-1].standing.everybody) else None
            found.append(self._milestone(item, one, beside, bound, doubt))
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

    def _milestone(
        self, item: Item, one: Deadline, due_thing: str, units: tuple[str, ...] | None, doubt: str | None = None
    ) -> MilestoneRead:
        place = item.place_of(one.start)
        told = milestone(one, due_thing, units, one.uncertain or doubt)
        return replace(told, place=None if place == item.place else place)

    def _of_stage(self, item: Item) -> Iterator[MilestoneRead]:
        """Yield the end of the stage that an item stands under, where the item itself says no day."""
        if item.stage is None or find_deadlines(item.unnumbered, self._frame):
            return
        text, place = item.stage
        for one in find_deadlines(text, self._cell if MONTH.match(text) else self._frame):
            yield replace(milestone(one), place=place)

    def _of_heading(self, item: Item) -> TaskRead:
        """Read an item that names nobody under a heading that does: （一）加强监管（牵头单位：甲；责任单位：乙）."""
        standing = Standing()
        for mark in brackets(item.owed, self._cell):
            standing.take(mark.standing)
        if not standing.everybody:
            standing.add(Role.RESPONSIBLE, names(COUNTED.sub("", item.owed))[0])
        milestones = (*self._milestones(item, []), *self._of_stage(item))
        how = f"单位：上级标题“{item.owed[:60]}”"
        return self._task(item, self._legend.applied(standing), self._carried(item), milestones, how, OF_HEADING)

    # ------------------------------------------------------------ units in sentences

    def _told(self, item: Item, among_items: bool) -> Iterator[TaskRead]:
        """Yield what an item without brackets makes: a task of each sentence that gives roles, one of a dated duty."""
        if (line := scheduled(item.text, self._cell)) is not None:
            listed = Standing(responsible=line.who)
            yield self._task(item, listed, (), (milestone(line.when, line.what),), "单位和期限：一行里以空格分开")
            return
        text = judged(item.unnumbered)
        given = roles(text)
        dated = [one for one in find_deadlines(text, self._frame) if one.kind is not DeadlineKind.ONGOING]
        if given and (dated or item.style or _opens(text, given)):
            yield from self._of_roles(item, text, given, dated)
            return
        task = self._of_subjects(item, text, dated, among_items)
        if task is not None:
            yield task

    def _of_roles(self, item: Item, text: str, given: list[Roles], dated: list[Deadline]) -> Iterator[TaskRead]:
        """Yield a task of each sentence where every one says its own roles, else one of the whole item."""
        apart = len(given) > 1 and all(one.standing.lead for one in given) and not item.style
        for at, one in enumerate(given if apart else given[:1]):
            end = given[at + 1].start if apart and at + 1 < len(given) else len(text)
            start = one.start if apart else 0
            standing = one.standing
            for other in () if apart else given[1:]:
                standing.take(other.standing)
            bound = Shares(text[start:end], standing, dated, start)
            milestones = [
                self._milestone(
                    item, deadline, deliverable(item.text, deadline), bound.of(deadline), bound.doubt(deadline)
                )
                for deadline in dated
                if start <= deadline.start < end or not apart
            ]
            part = replace(item, text=item.text[start:end].strip("。 "), places=item.places) if apart else item
            yield self._task(
                part,
                standing,
                self._carried(item),
                (*milestones, *self._of_stage(item)),
                "单位：所在句子写明的牵头和配合",
            )

    def _of_subjects(self, item: Item, text: str, dated: list[Deadline], among_items: bool) -> TaskRead | None:
        """Read a task where a unit is the subject of a dated duty; a dated duty of nobody is one whose unit is open."""
        who = subjects(text, dated)
        if not dated and (listed := charged(item.text)):
            return self._task(item, Standing(responsible=listed), self._carried(item), (), "单位：冒号前的单位")
        everybody = list(dict.fromkeys(name for one in who for name in one.who))
        if not everybody and (self._narrative or not any(is_duty(text, one) for one in dated)):
            if among_items and item.style == "1.":
                self._problem(item, NO_UNIT_WRITTEN)
            return None
        called = self._called if _ASKS.search(text) or (self._asked and item.style) else []
        # 请于6月14日前报送…，乙6月20日前汇总: first whom the paper calls, then 乙
        if everybody and called and _ASKS.match(text):
            who = [one if one.who else Owed(called, CALLED) for one in who]
            everybody = list(dict.fromkeys(name for one in who for name in one.who))
        called = [] if everybody else called
        if not everybody and not called:
            self._problem(item, NO_UNIT)
        several = len({tuple(one.who) for one in who}) > 1
        milestones = tuple(
            self._milestone(
                item,
                one,
                deliverable(item.text, one),
                tuple(owed.who) if several and owed.who else None,
                owed.uncertain or (None if owed.who or not everybody else WHOSE),
            )
            for one, owed in zip(dated, who, strict=True)
        )
        assist = [name for name in assisting(text) if name not in everybody] if everybody else []
        return self._task(
            item,
            Standing(responsible=everybody or called, assist=assist),
            self._carried(item),
            milestones,
            "单位：所在句子的主语" if everybody else "单位：文首所称的收文单位" if called else "单位：没有写明",
            None if everybody else CALLED if called else NO_UNIT,
        )

    def _carried(self, item: Item) -> tuple[str, ...]:
        return tuple(self._implied) if item.style == "1." else ()

    # ------------------------------------------------------------ a task

    def _task(
        self,
        item: Item,
        standing: Standing,
        implied: tuple[str, ...],
        milestones: tuple[MilestoneRead, ...],
        how: str,
        uncertain: str | None = None,
    ) -> TaskRead:
        standing = named(standing, self._called)
        number = item.number if item.style in ITEM_STYLES else _heading_of(item)
        key = number or f"p{item.place.line}"
        if key in self._keys:
            if item.style == "1.":
                self._problem(item, f"编号 {number} 重复")
            key = f"{key}-{item.place.line}"
        self._keys.add(key)
        return TaskRead(
            key=key,
            number=number,
            section=item.section,
            text=item.text,
            lead=tuple(standing.lead),
            responsible=tuple(standing.responsible),
            assist=tuple(standing.assist),
            implied=tuple(name for name in implied if name not in standing.everybody),
            open_ended=standing.open_ended,
            milestones=milestones,
            place=item.place,
            uncertain=uncertain,
            how=(how, *(("另加：前文“以下各项”所列单位",) if implied else ())),
        )

    def _problem(self, item: Item, why: str) -> None:
        self.problems.append(Problem(item.place, item.text[:120], why))


_LONGEST_DAY = 24
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


_ASKS_FOR_ALL = re.compile(
    r"请(?P<who>各[^，。；：:]{1,30}?)(?:切实|认真)?(?:做好|抓好|落实|完成|做到)?(?:以下|如下|下列)?(?:[几各]项)?(?:工作|事项|要求)?[:：]$"
)
"""请各单位做好以下工作：— whom the items below ask."""
_ASKS = re.compile(r"请(?!示|假|求|柬|教)|务必|务请")
"""Whom a paper calls is asked to do what it says nobody else does."""


def _opens(text: str, given: list[Roles]) -> bool:
    """Tell whether a text begins with the sentence that gives roles."""
    return not re.search(r"[\u4e00-\u9fff]", text[: given[0].start])


def _heading_of(item: Item) -> str:
    """Return the heading with which an unnumbered paragraph opens: its number and first sentence if that is short."""
    if not item.style:
        return ""
    first = SENTENCE.match(item.text)
    return first[0] if first and len(first[0]) <= 30 else item.number
