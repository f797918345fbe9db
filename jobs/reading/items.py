"""From paragraphs to items: what belongs together, and under which heading it stands.

An item is a numbered paragraph or any other; lines below it that only say who and when belong to it, as do the quarters
of a task. A closing label under several sub-items is for all of them. A stage's heading that tells when it ends is kept
beside the items under it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from jobs.reading.blocks import Paragraph
from jobs.reading.brackets import brackets, is_list
from jobs.reading.by_number import shares, speaks_of_items
from jobs.reading.captions import is_bracket, is_called, is_stage_of_items, leading, owed
from jobs.reading.deadlines import Frame, Setting
from jobs.reading.document import Place
from jobs.reading.labels import TIME_LINE, belongs
from jobs.reading.parting import PERIOD, apart
from jobs.reading.records import beginnings, fields
from jobs.reading.sections import MONTH, heads, is_stage
from jobs.reading.styles import ITEM_STYLES, level, numbered
from jobs.reading.subjects import charged, has_subject
from jobs.reading.units import by_label

_SHARING = ("（1）", "①", "一是")
"""Styles of sub-items: a closing label under the last of them is for all."""

_FIELD = re.compile(
    r"^[【\[]?\s*[\u4e00-\u9fff]{0,6}(?:时间|日期|目标|要求|措施|举措|内容|资金|预案|标准|成效|任务|节点|进度|安排|计划|情况|领导|意见|建议|联系人|电话|方式|备注|依据|来源|材料|成果)[】\]]?\s*[:：]"
)
"""A line of a form, under an item that says whose it is: 交办时间：…, 整改目标：…, 联系人：…"""
_FORM = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}[.、．])?\s*(?:反馈|反映|存在|具体|主要|交办|督办)?(?:问题|事项|情况|隐患)(?:名称|描述|内容|表现|概述)?[:：]"
)
"""The first line of a form: 反馈问题：…, 交办事项：…"""
_WAS_THERE = re.compile(r"^(?:出席|列席|缺席|请假|参会|参加|主持|记录|与会)(?:人员|单位|会议|领导|人)?\s*[:：]")
"""Who was at a meeting owes nothing for that."""
_DRAWN = re.compile(r"[—－\-_=*·.~～─━ ]{2,}")
"""A line drawn between two records."""


@dataclass(slots=True)
class Item:
    """One paragraph, or several that belong together: number, heading, text.

    ``places`` says from which offset of the text on each paragraph stands where. ``stage`` is the text of the heading
    above with its place, where that may tell when everything under it ends; ``owed`` that of one which names units.
    """

    style: str
    number: str
    section: str
    text: str
    places: list[tuple[int, Place]]
    stage: tuple[str, Place] | None = None
    owed: str = ""
    shared: bool = False
    ends_list: bool = False
    """Whether it is the last of several above a line of when: 答复时限：…, which may be that of all of them."""
    labelled: bool = field(default=False, repr=False)
    opens: bool = field(default=False, repr=False)
    """Whether it is a record that begins with its label of units, and what is to be done is still to come."""

    @property
    def place(self) -> Place:
        """Where the item begins."""
        return self.places[0][1]

    def place_of(self, at: int) -> Place:
        """Return where a character of the text stands."""
        return next(place for start, place in reversed(self.places) if start <= at)

    def add(self, paragraph: Paragraph, mark: str = "\n") -> None:
        """Take a further paragraph in."""
        self.text += mark
        self.places.append((len(self.text), paragraph.place))
        self.text += paragraph.text

    @property
    def unnumbered(self) -> str:
        """The text with its number covered, so that 1、6月底前 is no list of months; places stay what they are."""
        _style, _number, body = numbered(self.text)
        return "。" * (len(self.text) - len(body)) + body


@dataclass(slots=True)
class _Heading:
    style: str
    text: str
    place: Place
    owed: str = ""


def items(paragraphs: Iterable[Paragraph]) -> Iterator[Item]:
    """Yield the paragraphs that are more than a heading, each with its number and the heading that it stands under."""
    lines = [one for one in apart(paragraphs) if not _WAS_THERE.match(one.text) and not _DRAWN.fullmatch(one.text)]
    lists = sum(one.text[-1:] in "：:" and is_list(one.text[:-1]) for one in lines) > 1
    sorter, above_items = _Sorter(beginnings(lines), fields(lines)), leading(lines)
    for at, paragraph in enumerate(lines):
        style, number, body = numbered(paragraph.text)
        below = lines[at + 1].text if at + 1 < len(lines) else ""
        bare = paragraph.text.rstrip("：:")
        calls = bare != paragraph.text and not lists and (bool(style) or is_called(bare))  # 市交通运输局： once
        named = above_items.get(paragraph.place)
        owes = named or ("" if calls else owed(paragraph.text, style, below))
        staged = is_stage_of_items(paragraph.text, style, below, after_item=sorter.is_within_item)
        if named == "" or (not named and not staged and sorter.goes_on(paragraph, style, owes)):
            continue
        alone = _stands_alone(style, below) and is_stage(paragraph.text)
        if owes or staged or (heads(paragraph.text, style) and not alone):
            yield from sorter.heading(paragraph, style, number, owes)
        else:
            yield from sorter.item(paragraph, style, number, body)
    yield from sorter.rest()


def _stands_alone(style: str, following: str) -> bool:
    """Tell whether an item has nothing below it: the next of its kind follows, a unit's line, or the end."""
    return style in ITEM_STYLES and (
        not following or numbered(following)[0] == style or is_list(following.rstrip("：:"))
    )


class _Sorter:
    """Puts paragraphs under headings and to items, in order."""

    def __init__(self, begin: set[Place], fields: dict[Place, str]) -> None:
        """Begin above everything; at the places ``begin`` a record begins with its label of units, at ``fields`` stands a
        numbered line of one.
        """
        self._begin, self._fields = begin, fields
        self._headings: dict[str, _Heading] = {}
        self._run: list[Item] = []
        """The last item, after its siblings that nobody is named in yet."""
        self._above: Item | None = None
        """A heading, as long as nothing has followed it."""
        self._led = False
        """Whether the items are measures that a line such as 整改措施： leads in."""
        self._form: Item | None = None
        """An item whose lines go on: 整改措施： and what is listed below."""
        self._timed: set[str] = set()
        """Styles of items that a line of when stood under, since the last heading."""
        self._listed: dict[str, list[Item]] = {}
        """Items that were done with, by their styles, since the last heading."""

    @property
    def is_within_item(self) -> bool:
        """Whether an item stands above under no stage that heads items."""
        over = _over(self._headings)
        return bool(self._run) and bool(self._run[-1].style) and not (over and not over.style and is_stage(over.text))

    def goes_on(self, paragraph: Paragraph, style: str, owed: str) -> bool:
        """Take in a paragraph that belongs to what stands before it; tell whether it did."""
        text, run, above = paragraph.text, self._run, self._above
        if paragraph.place in self._begin:
            self._form = None
            return False
        if paragraph.place in self._fields and (run or above):
            self._fill_in(run[-1] if run else above, replace(paragraph, text=self._fields[paragraph.place]))
            return True
        if run and run[-1].opens and not style:
            run[-1].add(paragraph)
            run[-1].opens, run[-1].labelled = belongs(text), True
            return True
        if run and _begins_anew(run[-1], text):
            self._form = None
            return False
        if run and _is_line_of(run[-1], text):
            run[-1].add(paragraph)
            self._form = run[-1] if text[-1] in "：:" else None
            return True
        if self._form and style and _is_below(style, self._form) and not _is_named(text):
            self._form.add(paragraph)
            return True
        self._form = None
        if belongs(text) and (run or above):
            self._run, self._above = run or [above] if above else run, None
            self._time(self._run[-1], text)
            last = self._run[-1]
            _close(self._run, self._listed.get(last.style, []) if last.style else [], paragraph, self._led)
            return True
        self._led = text[-1:] in "：:" or (self._led and bool(style))
        if above and not style and _takes_in(above, text, owed):
            above.add(paragraph)
            self._run, self._above = [above], None
            return True
        if run and not style and not owed and _goes_on(run[-1], text):
            run[-1].add(paragraph, "\n" if PERIOD.match(text) or is_stage(run[-1].text) else "")
            return True
        return False

    def _fill_in(self, item: Item | None, paragraph: Paragraph) -> None:
        """Take a numbered line of a record in."""
        if item is not None:
            item.add(paragraph)
            item.labelled = True
            self._run, self._above = [item], None

    def _time(self, item: Item, text: str) -> None:
        """Remember of a list whose items name somebody each whether each of them has a line of when, or only its last."""
        if TIME_LINE.match(text):
            alone = len(self._run) == 1 and not self._led and not item.labelled
            item.ends_list = alone and item.style in self._listed and item.style not in self._timed
            self._timed.add(item.style)

    def heading(self, paragraph: Paragraph, style: str, number: str, owed: str) -> Iterator[Item]:
        """Begin a heading, and yield what is over."""
        self._timed.clear()
        self._listed.clear()
        yield from self._over(style)
        over = _over(self._headings)
        closed = bool(style) and is_bracket(owed)
        named = paragraph.text[: -len(owed)] if closed else paragraph.text
        _enter(self._headings, _Heading(style, named, paragraph.place, owed))
        section = over.text if over and over in self._headings.values() else ""
        self._above = Item(style, number, section, paragraph.text, [(0, paragraph.place)], owed=owed if style else "")

    def item(self, paragraph: Paragraph, style: str, number: str, body: str) -> Iterator[Item]:
        """Begin an item, and yield what is over."""
        if style:
            _leave(self._headings, style)
        above, over = self._above, _over(self._headings)
        if above and above.owed and not _is_below(style, above):
            yield above
        self._above = None
        text = body if style == "1." and not body else paragraph.text
        stage = (over.text, over.place) if over and is_stage(over.text) else None
        owed = next((one.owed for one in reversed(self._headings.values()) if one.owed), "")
        owed = owed if style or (owed and not is_bracket(owed)) else ""
        begins = paragraph.place in self._begin
        item = Item(style, number, over.text if over else "", text, [(0, paragraph.place)], stage, owed, opens=begins)
        last = self._run[-1] if self._run else None
        if last and not (style and style == last.style and not last.labelled and not _is_named(last.text)):
            yield from self._run
            self._listed.setdefault(last.style, []).extend(self._run)
            self._run = []
        self._run.append(item)

    def rest(self) -> Iterator[Item]:
        """Yield what is left at the end."""
        yield from self._over("chapter")

    def _over(self, style: str) -> Iterator[Item]:
        """Yield the items before a heading of a style, and the heading before it that says itself who or when."""
        yield from self._run
        self._run = []
        above, self._above = self._above, None
        if above and _says_itself(above) and not _is_below(style, above):
            yield above


def _is_below(style: str, item: Item) -> bool:
    """Tell whether a style is that of what stands under an item; under one without a number anything may."""
    return not item.style or level(style) > level(item.style)


def _takes_in(above: Item, text: str, owed: str) -> bool:
    """Tell whether a heading is one with the paragraph below it, which has no number."""
    stage = is_stage(above.text) and not MONTH.match(above.text)
    return not owed and (stage or (is_bracket(above.owed) and not _is_named(text)))


def _says_itself(heading: Item) -> bool:
    return bool(heading.owed) or (is_stage(heading.text) and not MONTH.match(heading.text))


_LABEL = re.compile(r"[【\[]?(?P<label>[\u4e00-\u9fff]{2,8})[】\]]?\s*[:：]")


def _begins_anew(item: Item, text: str) -> bool:
    """Tell whether a line bears the label with which an item of several lines began: the next 任务：… of a list of them."""
    first, here = _LABEL.match(item.text), _LABEL.match(text)
    return bool(first and here and first["label"] == here["label"] and "\n" in item.text)


def _is_line_of(item: Item, text: str) -> bool:
    """Tell whether a line fills in the form that an item is: units are named in it already, or it is a problem."""
    if (
        not (item.labelled or item.style == "问题1" or _FORM.match(item.text))
        or TIME_LINE.match(text)
        or not _FIELD.match(text)
    ):
        return False
    return (item.labelled and _ASKED.match(text) is not None) or not has_subject(_FIELD.sub("", text))


_ASKED = re.compile(r"^[【\[]?\s*(?:办理|工作|具体|落实|整改|时限|有关|交办)要求[】\]]?\s*[:：]")
"""办理要求：…: of the form above it, whoever else is told something in it."""


def _close(run: list[Item], before: list[Item], paragraph: Paragraph, led: bool) -> None:
    """Give a closing label to the last item, and to its siblings that nobody is named in where it is for all of them; where it
    gives each its own by its number, that, also to those ``before``.
    """
    label, siblings, body = _LABEL_OF.match(paragraph.text), [*before, *run], ""
    if label and len(siblings) > 1:
        body = paragraph.text[label.end() :]
        own = shares(body, run[-1].style, [item.number for item in siblings])
        for item in siblings if own else ():
            if item.number in own:
                item.add(replace(paragraph, text=label[0] + own[item.number]))
                item.labelled, item.ends_list = True, False
        if own:
            return
    together = run if len(run) > 1 and (led or run[-1].style in _SHARING) else run[-1:]
    unclear = speaks_of_items(body)
    for item in together:
        item.add(paragraph)
        item.labelled, item.shared = True, unclear or item is not run[-1] or item.shared
        item.ends_list = item.ends_list or (unclear and TIME_LINE.match(paragraph.text) is not None)


_LABEL_OF = re.compile(r"[（(【\[]?[^，,。；;：:（(【\[]{2,12}[】\]]?\s*[:：]\s*")


def _goes_on(item: Item, text: str) -> bool:
    """Tell whether an item may go on in the next paragraph, which has no number: nobody is named yet, or it is a period."""
    if item.style and PERIOD.match(text):
        return True
    if MONTH.match(text):
        return False
    if is_stage(item.text):
        return not item.labelled
    if _ASKS_ANEW.match(text) and item.text[-1] in "。；;":
        return False
    return item.style in ITEM_STYLES and not item.labelled and not _is_named(item.text)


_ASKS_ANEW = re.compile(r"请(?:你|各|贵|以上|上述|于|在|按|将|认真|抓紧|立即|对)|(?:以上|上述)|特此|望(?:你|各|贵)")
"""Below the last item of a list: what the paper asks of whom it calls."""


def _is_named(text: str) -> bool:
    if brackets(text, Frame(Setting.CELL)) or by_label(text) is not None:
        return True
    return bool(text and text[-1] in "。" and (has_subject(text) or charged(text)))


# ---------------------------------------------------------------- headings above an item


def _over(headings: dict[str, _Heading]) -> _Heading | None:
    return next(reversed(headings.values()), None)


def _leave(headings: dict[str, _Heading], style: str) -> None:
    """Close the headings that are numbered as an item is, or deeper: 3. does not stand under 2."""
    for name in [name for name in headings if name and level(name) >= level(style)]:
        del headings[name]


def _enter(headings: dict[str, _Heading], heading: _Heading) -> None:
    """Take a heading in: it closes its own level and everything below."""
    for name in list(headings):
        if level(name) >= level(heading.style):
            del headings[name]
    headings[heading.style] = heading
