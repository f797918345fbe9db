"""From prose to tasks: which items are duties, whose they are and when they fall due.

First everything that may be a duty is a candidate: units with a role, a dated duty, a unit that has to do something. Then it
is judged: what only introduces, tells of the past or sets out a policy is none; what lacks a unit or a day keeps the gap.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from db.words import DeadlineKind, Role
from jobs.reading.acting import beside, opens_unheard, told_besides, undated
from jobs.reading.address import above, addressees, in_place_of_above, named, named_last, unsaid
from jobs.reading.articles import articles
from jobs.reading.blocks import Paragraph
from jobs.reading.brackets import Bracket, brackets, moved
from jobs.reading.captions import COUNTED
from jobs.reading.deadlines import Deadline, Frame, Setting, find_deadlines
from jobs.reading.deliverables import deliverable
from jobs.reading.document import MilestoneRead, Place, Problem, TaskRead
from jobs.reading.due import milestone
from jobs.reading.heading import is_stamp, unsigned
from jobs.reading.item_days import ItemDays
from jobs.reading.items import Item, items
from jobs.reading.judging import SENTENCE, is_duty, judged
from jobs.reading.legend import Legend
from jobs.reading.naming import names
from jobs.reading.owing import Owed, subjects
from jobs.reading.roles import LENT, NOT_SAID, Roles, Shares, assisting, lends, names_somebody, roles
from jobs.reading.schedule import scheduled
from jobs.reading.styles import ITEM_STYLES
from jobs.reading.subjects import charged, named_first, opening
from jobs.reading.units import Standing, as_marked, label_at

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

_SHARES_OUT = re.compile(r"职责|分工")
"""How a heading reads below which each line says whose part is what."""
_GLUED = re.compile(
    r"[序编]号[\u4e00-\u9fff]{0,12}?(?:任务|事项|内容|措施|问题)[\u4e00-\u9fff]{0,12}?(?:单位|部门|科室)[\u4e00-\u9fff]{0,12}?(?:时限|时间|期限|节点)"
)
"""序号工作任务责任单位完成时限1更换…: a table of which a copy left nothing between the cells."""
GLUED = "像是一张表格被并成了一行，分不出各栏，请改用原来的表格"
OF_HEADING = "责任单位取自上级标题，请核对"
CALLED = "没有写由谁办理，按收文单位处理，请核对"
UNDATED = "没有写期限，请核对是否列入"
NO_UNIT = "有期限，但看不出由谁办理"
AS_ABOVE = "“上述单位”按前文所列单位处理，请核对"
WHOSE = NOT_SAID
NO_UNIT_WRITTEN = "没有写责任单位"
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
        self._paragraphs: list[Paragraph] = []
        self.problems: list[Problem] = []
        self._days = ItemDays(frame, self._cell, self.problems)

    def tasks(self, paragraphs: Iterable[Paragraph]) -> Iterator[TaskRead]:
        """Yield the tasks among the paragraphs."""
        paragraphs = [one for one in unsigned(paragraphs) if not _FOOT.search(one.text) and not is_stamp(one.text)]
        self._paragraphs = paragraphs
        self._narrative = sum(len(_NEWS.findall(paragraph.text)) for paragraph in paragraphs) > 1
        every = list(items(paragraphs))  # a closing label may add to those before it
        found = [(item, brackets(item.text, self._cell)) for item in every]
        rules = articles(paragraphs)
        styles = {item.style for item, marks in found if marks and item.style}
        for item, marks in found:
            if item.place in rules and not self._is_of_now(item):
                continue
            if _GLUED.search(item.text):
                self._problem(item, GLUED)
                continue
            self._called = addressees(item.text) or self._called
            if (asked := _ASKS_FOR_ALL.search(item.text)) and (listed := names(asked["who"])[0]):
                self._called, self._asked = listed, True
            self._carry(item)
            self._left_out(item)
            if marks and not scheduled(item.text, self._cell):
                yield self._with_units(item, marks)
            elif item.owed and not names_somebody(item.unnumbered):
                yield self._of_heading(item)
            elif not _CARRIED.match(item.text):
                told = list(self._told(item, item.style in styles))
                yield from told or ([self._of_heading(item)] if item.owed else [])

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
        days = self._days.of(item, marks)
        milestones = (*days, *self._days.of_stage(item, days))
        for one in milestones:
            standing.add(Role.RESPONSIBLE, [name for name in one.units or () if name not in standing.everybody])
        if item.shared:
            self._problem(item, SHARED)
        told = "；".join(item.text[mark.start : mark.end] for mark in marks)
        how = f"单位：写在“{told}”"
        if not (
            standing.lead or standing.responsible or implied
        ):  # who only assists does so for whoever the sentence says leads, or is its subject
            said = Standing()
            for given in roles(_outside(item.unnumbered, marks)):
                said.take(given.standing)
            said.take(standing)
            standing = said
        if not (standing.lead or standing.responsible or implied):
            standing.add(Role.RESPONSIBLE, [name for name in opening(item.unnumbered) if name not in standing.assist])
        of_heading = bool(item.owed) and not (standing.lead or standing.responsible or implied)
        if of_heading:
            standing.take(self._named_above(item))
        if not standing.lead and any(label_at(item.text[mark.start : mark.end].lstrip("（(")) == 0 for mark in marks):
            _led(standing, _outside(item.unnumbered, marks))
        if standing.lead and not standing.responsible:  # 甲完成补植（乙牵头）: 甲 is told it as well
            standing.add(Role.RESPONSIBLE, told_besides(_outside(item.unnumbered, marks), standing.everybody))
        doubt = SHARED if item.shared else OF_HEADING if of_heading else None
        return self._task(item, self._legend.applied(standing), implied, milestones, how, doubt)

    def _of_heading(self, item: Item) -> TaskRead:
        """Read an item that names nobody under a heading that does: （一）加强监管（牵头单位：甲；责任单位：乙）."""
        standing = self._named_above(item)
        standing.add(Role.ASSIST, [name for name in assisting(item.unnumbered) if name not in standing.everybody])
        milestones = (*self._days.of(item, []), *self._days.of_stage(item))
        how = f"单位：上级标题“{item.owed[:60]}”"
        return self._task(item, self._legend.applied(standing), self._carried(item), milestones, how, OF_HEADING)

    def _named_above(self, item: Item) -> Standing:
        """Return who the heading that an item stands under names."""
        standing = Standing()
        for mark in brackets(item.owed, self._cell):
            standing.take(mark.standing)
        if not standing.everybody:
            standing.add(Role.RESPONSIBLE, names(COUNTED.sub("", item.owed))[0])
        return standing

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
            yield from self._of_roles(item, text, given, dated or self._lasting(text, given))
            return
        task = self._of_subjects(item, text, dated, among_items)
        if task is not None:
            yield task

    def _lasting(self, text: str, given: list[Roles]) -> list[Deadline]:
        """Return what stands in the place of a day in a sentence of roles: 甲、乙按职责分工负责，长期坚持."""
        found = ((one.start, find_deadlines(text[one.start : one.end], self._cell)) for one in given)
        return [moved(one, at) for at, listed in found for one in listed if one.kind is DeadlineKind.ONGOING]

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
                self._days.one(
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
                (*milestones, *self._days.of_stage(item)),
                "单位：所在句子写明的牵头和配合",
                LENT if standing.assist and lends(text[start:end]) else None,
            )

    def _of_subjects(self, item: Item, text: str, dated: list[Deadline], among_items: bool) -> TaskRead | None:
        """Read a task where a unit is the subject of a dated duty; a dated duty of nobody is one whose unit is open."""
        who = subjects(text, dated)
        # 各科室：为做好…，现制定本方案 introduces, and charges nobody
        told = charged(text.lstrip("。")) and charged(item.text)
        if not dated and item.text[-1:] not in "：:" and (listed := told):
            return self._task(item, Standing(responsible=listed), self._carried(item), (), "单位：冒号前的单位")
        if not dated and (task := self._without_day(item, text)) is not None:
            return task
        everybody = list(dict.fromkeys(name for one in who for name in one.who))
        helping = [name for name in assisting(text) if name not in everybody] if everybody else []
        listens = bool(everybody) or (bool(item.style) and not self._narrative)
        besides = beside(text, {*everybody, *helping}) if dated and listens else []
        is_none = (
            self._narrative
            or _ONLY_WHEN.match(item.unnumbered.lstrip("。"))
            or not any(is_duty(text, one, numbered=item.style in ITEM_STYLES) for one in dated)
        )
        if not everybody and not besides and is_none:
            if among_items and item.style == "1.":
                self._problem(item, NO_UNIT_WRITTEN)
            return None
        called = self._called if _ASKS.search(text) or _CALLS_YOU.search(text) or (self._asked and item.style) else []
        # 请于6月14日前报送…，乙6月20日前汇总: first whom the paper calls, then 乙
        if everybody and called and _ASKS.match(text):
            who = [one if one.who else Owed(called, CALLED) for one in who]
            everybody = list(dict.fromkeys(name for one in who for name in one.who))
        called = [] if everybody or besides else called
        if not everybody and not called and not besides:
            self._problem(item, NO_UNIT)
        several = len({tuple(one.who) for one in who}) > 1 or bool(besides)
        milestones = tuple(
            self._days.one(
                item,
                one,
                deliverable(item.text, one),
                tuple(owed.who) if several and owed.who else None,
                owed.uncertain or (None if owed.who or not (everybody or besides) else WHOSE),
            )
            for one, owed in zip(dated, who, strict=True)
        )
        return self._task(
            item,
            Standing(responsible=[*everybody, *besides] or called, assist=helping),
            self._carried(item),
            milestones,
            "单位：所在句子的主语"
            if everybody or besides
            else "单位：文首所称的收文单位"
            if called
            else "单位：没有写明",
            None if everybody or besides else CALLED if called else NO_UNIT,
        )

    def _without_day(self, item: Item, text: str) -> TaskRead | None:
        """Read a task of an item that says no day: by the end of the stage it stands in, else by none where a unit opens it."""
        if item.style and (days := tuple(self._days.of_stage(item))):
            listed = opening(text) or names(named_first(text.lstrip("。"), more=3))[0]
            if not listed:
                self._problem(item, NO_UNIT)
            how = "单位：所在句子的主语" if listed else "单位：没有写明"
            doubt = None if listed else NO_UNIT
            return self._task(item, Standing(responsible=listed), self._carried(item), days, how, doubt)
        plainly = not self._narrative
        listed = undated(text, numbered=plainly and bool(item.style or _SHARES_OUT.search(item.section)))
        listed = listed or opens_unheard(text, plainly and item.style in ITEM_STYLES)
        how = "单位：所在句子的主语"
        return self._task(item, Standing(responsible=listed), self._carried(item), (), how, UNDATED) if listed else None

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
        standing = as_marked(named(standing, self._called))
        if above(standing):
            standing, milestones = self._as_above(item, standing, milestones)
            uncertain = uncertain or (None if above(standing) else AS_ABOVE)
        uncertain = uncertain or unsaid(standing)
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

    def _as_above(
        self, item: Item, standing: Standing, milestones: tuple[MilestoneRead, ...]
    ) -> tuple[Standing, tuple[MilestoneRead, ...]]:
        """Return what 上述单位 owes as what the units owe that the lines before the item name."""
        meant = named_last([one.text for one in self._paragraphs if _is_before(one.place, item.place)])
        if not meant:
            return standing, milestones
        of = partial(in_place_of_above, meant=meant)
        told = Standing(of(standing.lead), of(standing.responsible), of(standing.assist), standing.implied)
        bound = (one if one.units is None else replace(one, units=tuple(of(one.units))) for one in milestones)
        return told, tuple(bound)

    def _problem(self, item: Item, why: str) -> None:
        self.problems.append(Problem(item.place, item.text[:120], why))


def _is_before(one: Place, other: Place) -> bool:
    return one.line is not None and other.line is not None and one.line < other.line


def _led(standing: Standing, text: str) -> None:
    """Make those leads who a label names as responsible and a sentence above it says lead: 甲、乙牵头，开展…⏎责任单位：甲、丙."""
    for given in roles(text):
        standing.add(Role.LEAD, given.standing.lead)
    standing.responsible[:] = [name for name in standing.responsible if name not in standing.lead]


def _outside(text: str, marks: list[Bracket]) -> str:
    """Return a text with its brackets of units covered; places stay what they are."""
    for mark in marks:
        text = text[: mark.start] + "，" * (mark.end - mark.start) + text[mark.end :]
    return text


_ONLY_WHEN = re.compile(
    r"[（(【]?(?:活动|会议|培训|考试|报名|比赛|检查|受检|召开|举办|开会)?(?:时间|日期)[】]?\s*[:：]"
)
"""活动时间：11月1日至30日 says when something is held, and no duty."""
_ASKS_FOR_ALL = re.compile(
    r"请(?P<who>各[^，。；：:]{1,30}?)(?:切实|认真)?(?:做好|抓好|落实|完成|做到)?(?:以下|如下|下列)?(?:[几各]项)?(?:工作|事项|要求)?[:：]$"
)
"""请各单位做好以下工作：— whom the items below ask."""
_CALLS_YOU = re.compile(r"(?:你[们局委办厅镇乡县区市校院公街]|贵[局委办厅镇乡县区市校院公单])")
_ASKS = re.compile(r"请(?!示|假|求|柬|教)|务必|务请")
"""Whom a paper calls is asked to do what it says nobody else does."""


def _opens(text: str, given: list[Roles]) -> bool:
    """Tell whether a text begins with the sentence that gives roles."""
    return not re.search(r"[\u4e00-\u9fff]", text[: given[0].start])


def _heading_of(item: Item) -> str:
    """Return the heading with which an unnumbered paragraph opens: its number and first sentence if that is short."""
    if not item.style:
        return ""
    first = SENTENCE.match(item.text.partition("\n")[0])
    return first[0] if first and len(first[0]) <= 30 else item.number
