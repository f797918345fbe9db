"""From paragraphs to items: what belongs together, and under which heading it stands.

An item is a numbered paragraph or any other; lines below it that only say who and when belong to it, as do the quarters
of a task. A closing label under several sub-items is for all of them. A stage's heading that tells when it ends is kept
beside the items under it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from jobs.reading.blocks import Paragraph
from jobs.reading.brackets import brackets
from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.document import Place
from jobs.reading.subjects import charged, has_subject
from jobs.reading.units import by_label, label_at

_STYLES = (
    ("chapter", re.compile(r"^第[一二三四五六七八九十百\d]+[章节篇部分]+[、\s]*")),
    ("问题1", re.compile(r"^(?:问题|任务|事项|项目|议题)(?P<n>[一二三四五六七八九十]{1,3}|\d{1,3})\s*[：:、.．]\s*")),
    ("一、", re.compile(r"^(?P<n>[一二三四五六七八九十]{1,3})[、.．]\s*")),
    ("A.", re.compile(r"^(?P<n>[A-Z])[.、．]\s*(?=[\u4e00-\u9fff])")),
    ("（一）", re.compile(r"^[（(](?P<n>[一二三四五六七八九十]{1,3})[）)]\s*[、.]?\s*")),
    ("A1", re.compile(r"^(?P<n>[A-Z]\d{1,3}(?:[.\-]\d{1,3})?)(?:[.、．]|\s)\s*(?=[“\u4e00-\u9fff\d])")),
    ("1.", re.compile(r"^(?:[★☆▲△※◆■●○]\s*)?(?P<n>\d{1,3})\s*[.．、]\s*(?!\d(?!\d{3}年|\d?月))")),
    ("（1）", re.compile(r"^[（(](?P<n>\d{1,3})[）)]\s*[、.]?\s*")),
    ("①", re.compile(r"^(?P<n>[①-⑳])\s*")),
    ("第一条", re.compile(r"^第(?P<n>[一二三四五六七八九十百\d]+)[条项]\s*[、.]?\s*")),
    ("一是", re.compile(r"^(?P<n>[一二三四五六七八九十]{1,2})是")),
)
"""Numbering styles of official documents, each with what it prints, the highest level first."""
_ORDER = [style for style, _pattern in _STYLES]
ITEM_STYLES = ("问题1", "A1", "1.", "（1）", "①", "第一条")
"""Styles whose number is the number of a task; the others number headings."""
_SHARING = ("（1）", "①", "一是")
"""Styles of sub-items: a closing label under the last of them is for all."""

_CIRCLED = {chr(0x2460 + place): str(place + 1) for place in range(20)}

_TIME_LABEL = re.compile(
    r"^[（(【\[]?\s*(?:\d{4}年)?(?:完成|办结|整改|推进|时间|进度|计划|工作|任务|落实|实施|要求)*(?:时限|时间|期限|节点|进度|日期)[^。:：】]{0,6}(?:[】\]]\s*[:：]?|\s*[:：])"
)
_PERSON_LABEL = re.compile(
    r"^[（(【\[]?\s*(?:[\u4e00-\u9fff]{0,4}责任人|责任领导|分管领导|市领导|县领导|领衔领导|包[保抓]领导|协调人|负责人|牵头领导|配合领导|(?:督[导办查]|验收|监督|监管|核查|销号|考核)(?:单位|部门|责任人))[】\]]?\s*[:：]"
)
_FIELD = re.compile(
    r"^[【\[]?\s*[\u4e00-\u9fff]{0,6}(?:时间|日期|目标|要求|措施|举措|内容|标准|成效|情况|领导|联系人|电话|方式|备注|依据|来源|材料|成果)[】\]]?\s*[:：]"
)
"""A line of a form, under an item that says whose it is: 交办时间：…, 整改目标：…, 联系人：…"""
_WAS_THERE = re.compile(r"^(?:出席|列席|缺席|请假|参会|参加|主持|记录|与会)(?:人员|单位|会议|领导|人)?\s*[:：]")
"""Who was at a meeting owes nothing for that."""
_PERIOD = re.compile(
    r"^(?:(?:\d{4}年)?第?[一二三四1-4]季度(?:末|底)?|(?:\d{4}年)?\d{1,2}(?:[—–－\-~至到]\d{1,2})?月(?:份|底|末|上旬|中旬|下旬)?前?|[上下]半年|(?:\d{4}年)?年[底中]前?)\s*[:：]"
)
"""A line that says what of a task falls due in a quarter or by a month."""
_LONGEST_LABEL = 300


@dataclass(slots=True)
class Item:
    """One paragraph, or several that belong together: number, heading, text.

    ``places`` says from which offset of the text on each paragraph stands where. ``stage`` is the text of the heading
    above with its place, where that may tell when everything under it ends.
    """

    style: str
    number: str
    section: str
    text: str
    places: list[tuple[int, Place]]
    stage: tuple[str, Place] | None = None
    shared: bool = False
    labelled: bool = field(default=False, repr=False)

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
        _style, _number, body = _numbered(self.text)
        return "。" * (len(self.text) - len(body)) + body


@dataclass(slots=True)
class _Heading:
    style: str
    text: str
    place: Place


def items(paragraphs: Iterable[Paragraph]) -> Iterator[Item]:
    """Yield the paragraphs that are more than a heading, each with its number and the heading that it stands under."""
    headings: dict[str, _Heading] = {}
    run: list[Item] = []  # the last item, after its siblings that nobody is named in yet
    above: Item | None = None  # a heading, as long as nothing has followed it
    led = False  # whether the items are measures that a line such as 整改措施： leads in
    form: Item | None = None  # an item whose lines go on: 整改措施： and what is listed below
    for paragraph in _apart(paragraphs):
        style, number, body = _numbered(paragraph.text)
        if _WAS_THERE.match(paragraph.text):
            continue
        if run and _is_line_of(run[-1], paragraph.text):
            run[-1].add(paragraph)
            form = run[-1] if paragraph.text[-1] in "：:" else None
            continue
        if form and style and (not form.style or _level(style) > _level(form.style)) and not _is_named(paragraph.text):
            form.add(paragraph)
            continue
        form = None
        if belongs(paragraph.text) and (run or above):
            run, above = run or [above] if above else run, None
            _close(run, paragraph, led)
            continue
        led = paragraph.text[-1:] in "：:" or (led and bool(style))
        if above and not style and is_stage(above.text):
            above.add(paragraph)
            run, above = [above], None
            continue
        if run and not style and _goes_on(run[-1], paragraph.text):
            run[-1].add(paragraph, "\n" if _PERIOD.match(paragraph.text) or is_stage(run[-1].text) else "")
            continue
        if _is_heading(paragraph.text, style):
            yield from run
            run = []
            if above and is_stage(above.text) and _ORDER.index(above.style) >= _level(style):
                yield above  # nothing stands under it: it says itself what is to be done by when
            over = _over(headings)
            _enter(headings, _Heading(style, paragraph.text, paragraph.place))
            section = over.text if over and over in headings.values() else ""
            above = Item(style, number, section, paragraph.text, [(0, paragraph.place)])
            continue
        above, over = None, _over(headings)
        text = body if style == "1." and not body else paragraph.text
        stage = (over.text, over.place) if over and is_stage(over.text) else None
        item = Item(style, number, over.text if over else "", text, [(0, paragraph.place)], stage)
        if run and not (style and style == run[-1].style and not run[-1].labelled and not _is_named(run[-1].text)):
            yield from run
            run = []
        run.append(item)
    yield from run
    if above and is_stage(above.text):
        yield above


def _apart(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Yield paragraphs, each cut where the next number goes on in the same line: …（市林业局）3、搞好…"""
    for paragraph in paragraphs:
        style, number, _body = _numbered(paragraph.text)
        begin = 0
        while style in ("1.", "（一）", "（1）") and (cut := _next(paragraph.text, begin, style, number)):
            yield Paragraph(paragraph.text[begin:cut].strip(), paragraph.place)
            begin = cut
            number = _numbered(paragraph.text[begin:])[1]
        yield Paragraph(paragraph.text[begin:], paragraph.place, paragraph.heading) if begin else paragraph


_NUMERALS = "一二三四五六七八九十"
_CUT = re.compile(r"(?<=[。；;）)】\]])\s*(?=\d{1,3}[.．、](?!\d)|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,3})[）)])")


def _next(text: str, begin: int, style: str, number: str) -> int | None:
    """Return where the item after ``number`` begins in the same line; None where it does not."""
    if number.isdecimal():
        following = str(int(number) + 1)
    elif number in _NUMERALS[:-1]:
        following = _NUMERALS[_NUMERALS.index(number) + 1]
    else:
        return None
    for match in _CUT.finditer(text, begin + 1):
        if _numbered(text[match.end() : match.end() + 12])[:2] == (style, following):
            return match.end()
    return None


def _numbered(text: str) -> tuple[str, str, str]:
    for style, pattern in _STYLES:
        match = pattern.match(text)
        if match:
            number = match.groupdict().get("n") or ""
            return style, _CIRCLED.get(number, number), text[match.end() :]
    return "", "", text


def belongs(text: str) -> bool:
    """Tell whether a paragraph only says who and when of the one before: a label, or a bracket that names units."""
    if len(text) > _LONGEST_LABEL or not text:
        return False
    inner = text[1:] if text[0] in "（([" else text
    if label_at(inner.lstrip()) == 0 or _TIME_LABEL.match(text) or _PERSON_LABEL.match(text):
        return True
    bare = text.rstrip("。；; ")
    return text[0] in "（(" and any(
        (mark.start, mark.end) == (0, len(bare)) for mark in brackets(bare, Frame(Setting.CELL))
    )


def _is_line_of(item: Item, text: str) -> bool:
    """Tell whether a line fills in the form that an item is: units are named in it already, or it is a problem."""
    if not (item.labelled or item.style == "问题1") or _TIME_LABEL.match(text) or not _FIELD.match(text):
        return False
    return not has_subject(_FIELD.sub("", text))


def _close(run: list[Item], paragraph: Paragraph, led: bool) -> None:
    """Give a closing label to the last item, and to its siblings that nobody is named in where it is for all of them."""
    together = run if len(run) > 1 and (led or run[-1].style in _SHARING) else run[-1:]
    own = _own_parts(paragraph)
    for item in together:
        if item.number in own and len(together) > 1:
            item.add(own[item.number])
            continue
        item.add(paragraph)
        item.labelled, item.shared = True, item is not run[-1] or item.shared


_PART = re.compile(r"[（(](?P<n>\d{1,2})[）)]|(?P<c>[①-⑳])")


def _own_parts(paragraph: Paragraph) -> dict[str, Paragraph]:
    """Return, by number, what a closing label of days says of each sub-item: 时限：（1）12月底前，（2）9月底前."""
    label = _TIME_LABEL.match(paragraph.text)
    found = list(_PART.finditer(paragraph.text, label.end())) if label else []
    if not label or not found or paragraph.text[label.end() : found[0].start()].strip():
        return {}
    ends = [*(one.start() for one in found[1:]), len(paragraph.text)]
    return {
        one["n"] or _CIRCLED[one["c"]]: Paragraph(
            label[0] + paragraph.text[one.end() : end].strip("，,；;。、 "), paragraph.place
        )
        for one, end in zip(found, ends, strict=True)
    }


def _goes_on(item: Item, text: str) -> bool:
    """Tell whether an item may go on in the next paragraph, which has no number: nobody is named yet, or it is a period."""
    if item.style and _PERIOD.match(text):
        return True
    if is_stage(item.text):
        return not item.labelled
    return item.style in ITEM_STYLES and not item.labelled and not _is_named(item.text)


def _is_named(text: str) -> bool:
    if brackets(text, Frame(Setting.CELL)) or by_label(text) is not None:
        return True
    return bool(text and text[-1] in "。" and has_subject(text))


# ---------------------------------------------------------------- headings

_STAGE = re.compile(r"[（(](?P<when>[^（）()]*[\d一二三四五六七八九十底末][^（）()]*)[）)][。：:]?$")
_WHEN = re.compile(r"[年月日季旬底末前]")


def is_stage(text: str) -> bool:
    """Tell whether a text is the heading of a stage that says when it is: （一）动员部署阶段（4月8日至20日）."""
    match = _STAGE.search(text)
    return (
        len(text) <= 60 and match is not None and bool(_WHEN.search(match["when"])) and not re.search(r"[。；;].", text)
    )


def _is_heading(text: str, style: str) -> bool:
    if style and is_stage(text) and text[-1] in "）)":
        return not brackets(text, Frame(Setting.CELL))
    if _DOCUMENT_NUMBER.search(text) or ("——" in text and charged(text)):
        return False
    if style in ("一、", "（一）"):
        text = text.rstrip("：:")
    return not _tells_a_duty(text) and (
        len(text) <= (48 if style else 30)
        and text[-1] not in "）)"
        and not any(mark in text for mark in "。！？；;!?：:")
    )


_DOCUMENT_NUMBER = re.compile(r"^[^，。]{0,24}[〔﹝\[](?:19|20)\d\d[〕﹞\]]\s*第?\d+\s*号$")


def _tells_a_duty(text: str) -> bool:
    """Tell a line whose full stop was left out, as people do in a chat, from a heading: who is to do it by when."""
    return "，" in text and bool(find_deadlines(text, _PROSE)) and has_subject(text)


_PROSE = Frame(Setting.PROSE, 2000)
"""Of whatever year: it is only asked whether there is a deadline."""


def is_heading(text: str) -> bool:
    """Tell whether a paragraph is a numbered heading."""
    style, _number, _body = _numbered(text)
    return bool(style) and _is_heading(text, style)


def _over(headings: dict[str, _Heading]) -> _Heading | None:
    return next(reversed(headings.values()), None)


def _enter(headings: dict[str, _Heading], heading: _Heading) -> None:
    """Take a heading in: it closes its own level and everything below."""
    for name in list(headings):
        if _level(name) >= _level(heading.style):
            del headings[name]
    headings[heading.style] = heading


def _level(style: str) -> int:
    return _ORDER.index(style) if style else len(_ORDER)
