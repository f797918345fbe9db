"""From prose to tasks: headings, numbered items, unit brackets, deadlines bound to the units of their part of the text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from db.words import DeadlineKind, Role
from jobs.reading.blocks import Paragraph
from jobs.reading.brackets import Bracket, brackets
from jobs.reading.deadlines import Deadline, Frame, Setting, find_deadlines
from jobs.reading.document import Group, MilestoneRead, Place, Problem, TaskRead
from jobs.reading.legend import Legend
from jobs.reading.table import milestone
from jobs.reading.units import Standing, by_label, looks_like_unit, names, split

_STYLES = (
    ("chapter", re.compile(r"^第[一二三四五六七八九十百\d]+[章节篇部分]+[、\s]*")),
    ("一、", re.compile(r"^(?P<n>[一二三四五六七八九十]{1,3})[、.．]\s*")),
    ("（一）", re.compile(r"^[（(](?P<n>[一二三四五六七八九十]{1,3})[）)]\s*[、.]?\s*")),
    ("1.", re.compile(r"^(?P<n>\d{1,3})\s*[.．、]\s*(?!\d(?!\d{3}年|\d?月))")),
    ("（1）", re.compile(r"^[（(](?P<n>\d{1,3})[）)]\s*[、.]?\s*")),
    ("①", re.compile(r"^(?P<n>[①-⑳])\s*")),
    ("第一条", re.compile(r"^第(?P<n>[一二三四五六七八九十百\d]+)[条项]\s*[、.]?\s*")),
    ("一是", re.compile(r"^(?P<n>[一二三四五六七八九十]{1,2})是")),
)
"""Numbering styles of official documents, each with what it prints."""


_CIRCLED = {chr(0x2460 + place): str(place + 1) for place in range(20)}


_ENDS_SENTENCE = "。！？；;!?"


_BRACKET_ONLY = re.compile(
    r"^[（(【\[]?\s*(?:(?:牵头|责任|配合|主责|承办|协办|落实|实施|完成)[^。]{0,8}[:：]|(?:完成)?(?:时限|时间)[^。]{0,4}[:：])"
)


@dataclass(slots=True)
class Item:
    """One paragraph, or an item of several: its number, what it stands under, its text."""

    style: str
    number: str
    section: str
    text: str
    place: Place

    @property
    def unnumbered(self) -> str:
        """The text with its number covered, so that 1、6月底前 is no list of months; places stay what they are."""
        _style, _number, body = _numbered(self.text)
        return "。" * (len(self.text) - len(body)) + body


def items(paragraphs: Iterable[Paragraph]) -> Iterator[Item]:
    """Yield the paragraphs that are more than a heading, each with its number and the heading that it stands under."""
    headings: dict[str, str] = {}
    held: Item | None = None
    above: Item | None = None  # a heading, as long as nothing has followed it
    for paragraph in paragraphs:
        style, number, body = _numbered(paragraph.text)
        if held is None and above is not None and _belongs(paragraph.text):
            held, above = above, None
        if held is not None and (_belongs(paragraph.text) or (not style and _open(held))):
            held.text += ("\n" if _belongs(paragraph.text) else "") + paragraph.text
            continue
        if held is not None:
            yield held
        held = None
        if _is_heading(paragraph.text, style):
            section = next(reversed(headings.values()), "")
            _enter(headings, style, paragraph.text)
            above = Item(
                style, number, section if section in headings.values() else "", paragraph.text, paragraph.place
            )
            continue
        above = None
        text = body if style == "1." and not body else paragraph.text
        held = Item(style, number, next(reversed(headings.values()), ""), text, paragraph.place)
    if held is not None:
        yield held


def _numbered(text: str) -> tuple[str, str, str]:
    for style, pattern in _STYLES:
        match = pattern.match(text)
        if match:
            number = match.groupdict().get("n") or ""
            return style, _CIRCLED.get(number, number), text[match.end() :]
    return "", "", text


def _belongs(text: str) -> bool:
    """Tell whether a paragraph only says who and when of the one before."""
    return bool(_BRACKET_ONLY.match(text)) and len(text) <= 200


def _open(item: Item) -> bool:
    """Tell whether an item may go on in the next paragraph: it is numbered and nobody is named yet."""
    return (
        item.style in ("1.", "（1）", "①", "第一条")
        and not brackets(item.text, Frame(Setting.CELL))
        and not _named(item.text)
    )


def _named(text: str) -> bool:
    return by_label(text) is not None or bool(text and text[-1] in "。" and any(_subjects_of(text)))


def _is_heading(text: str, style: str) -> bool:
    return (
        len(text) <= (48 if style else 30)
        and text[-1] not in "）)"
        and not any(mark in text for mark in "。！？；;!?：:")
    )


def is_heading(text: str) -> bool:
    """Tell whether a paragraph is a numbered heading."""
    style, _number, _body = _numbered(text)
    return bool(style) and _is_heading(text, style)


def _enter(headings: dict[str, str], style: str, text: str) -> None:
    """Take a heading in: it closes its own level and everything below."""
    order = [name for name, _pattern in _STYLES]
    level = order.index(style) if style else len(order)
    for name in list(headings):
        if (order.index(name) if name else len(order)) >= level:
            del headings[name]
    headings[style] = text


_SENTENCE = re.compile(r"[^。；;！!？?]+")


_VERBS = (
    r"制定|研究|组织|开展|完成|建立|加强|落实|推进|推动|牵头|编制|提交|上报|报送|汇总|梳理|修订|出台|印发|召开|成立|明确|细化|形成|实现|指导|督促|做好|抓好|全面|认真|及时|继续|"
    r"进一步|切实|严格|定期|启动|完善|健全|排查|整改|检查|核查|备案|公布|发布|向|把|力争|确保|争取|原则上|至少|最迟|均|都"
)


_SUBJECT = re.compile(
    rf"^(?:[（(]?[一二三四五六七八九十\d]+[）)、.．是]+|[①-⑳]|第[一二三四五六七八九十百\d]+[条项]\s*)?(?:同时，|此外，|其中，|请)?(?P<who>[^，,：:。]{{2,60}}?)"
    rf"(?=(?:主要负责同志)?(?:要|应当?(?!急)|须|需|务必|负责|于|在|对照|对|将|按照?|根据|结合|分别|\d|[一二三四五六七八九十]+月|每|，|,|：|{_VERBS}))"
)


_CARRIED = re.compile(
    r"^[^。]{0,6}?(?:以下|下列|上述以外)(?:各项|任务|各条|内容|工作|措施)*(?:均|都)(?:需|由|须|应|应当)+(?P<who>[^。，]{3,80}?)(?:负责|组织|具体|抓好)*(?:落实|负责|实施|配合)[^。]{0,4}。?$"
)


_ENTERPRISE = re.compile(r"(?:公司|企业|厂|集团|园区|集中区|开发区|商户|学校|医院)$")
"""Whoever is inspected is not who owes the duty to the office."""


def _subjects_of(sentence: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the units that are the grammatical subject of a clause, with where the clause begins."""
    at = 0
    for clause in split(sentence, "，,；;"):
        bare = clause.strip()
        match = _SUBJECT.match(bare + "，") if bare else None
        if match is not None:
            listed, _open_ended = names(match["who"])
            if listed and all(looks_like_unit(name) and not _ENTERPRISE.search(name) for name in listed):
                yield at, listed
        at += len(clause) + 1


@dataclass(frozen=True, slots=True)
class _Subject:
    """Who is the subject of a clause that begins at ``start``, in the sentence that begins at ``sentence``."""

    sentence: int
    start: int
    who: list[str]


def subjects(text: str, deadlines: list[Deadline]) -> list[list[str]]:
    """Return, for each deadline, who owes what falls due then.

    That is the subject of its clause or of the last one before it; for a deadline that opens its sentence (4月底前，
    各部门制定计划) the subject that follows in the same sentence; for one in a heading's bracket that of the sentence after it.
    """
    sentences = list(re.finditer(r"[^。！!？?]+", text))
    told = [
        _Subject(sentence.start(), sentence.start() + at, who)
        for sentence in sentences
        for at, who in _subjects_of(sentence[0])
    ]
    return [_owing(text, one, told, [sentence.start() for sentence in sentences]) for one in deadlines]


def _owing(text: str, one: Deadline, told: list[_Subject], sentences: list[int]) -> list[str]:
    sentence = max((start for start in sentences if start <= one.start), default=0)
    before = [subject for subject in told if subject.start <= one.start]
    if not any(subject.sentence == sentence for subject in before):
        opens = not re.search(r"[\u4e00-\u9fff]", _OPENING.sub("", text[sentence : one.start]))
        following = [subject.who for subject in told if subject.sentence == sentence and subject.start > one.start]
        if opens and following:
            return following[0]
        heads = sentence == sentences[0] and text[one.end : one.end + 1] in "）)" and len(sentences) > 1
        if heads and not before:
            return next((subject.who for subject in told if subject.sentence == sentences[1]), [])
    return before[-1].who if before else []


_OPENING = re.compile(
    r"^[。\s]*(?:[（(]?[一二三四五六七八九十\d]+[）)、.．是]+)?(?:其中|力争|争取|确保|于|在|到|至|自|从|，)*"
)


def _roles_inline(text: str, at: int) -> Standing | None:
    """Read 由甲牵头，乙、丙配合，于8月底前… around a place: the roles that the clauses of its sentence give."""
    begin = max((match.end() for match in re.finditer(r"[。！!？?]", text[:at])), default=0)
    sentence = re.split(r"[。！!？?]", text[begin:])[0]
    standing = Standing()
    for clause in split(sentence, "，,；;"):
        said = _INLINE.match(clause.strip())
        listed = names(said["who"])[0] if said else []
        if said and listed and all(looks_like_unit(name) for name in listed):
            standing.add(Role.LEAD if said["role"] in ("牵头", "主办") else Role.ASSIST, listed)
    return standing if standing.lead else None


_INLINE = re.compile(
    r"^(?:由|请)?(?P<who>.{2,80}?)(?:负责)?(?P<role>牵头|主办|配合|协助|参与|协同)(?:组织|实施|落实|做好)?$"
)


class ProseReader:
    """Reads the paragraphs of a plan, in order; a carry-forward clause holds for all numbered items after it."""

    def __init__(self, frame: Frame, legend: Legend) -> None:
        """Read deadlines against ``frame``, a frame of prose."""
        self._frame, self._cell, self._legend = frame, replace(frame, setting=Setting.CELL), legend
        self._implied: list[str] = []
        self._keys: set[str] = set()
        self.problems: list[Problem] = []

    def tasks(self, paragraphs: Iterable[Paragraph]) -> Iterator[TaskRead]:
        """Yield the tasks among the paragraphs."""
        found = [(item, brackets(item.text, self._cell)) for item in items(paragraphs)]
        styles = {item.style for item, marks in found if marks and item.style}
        for item, marks in found:
            self._carry(item)
            task = self._with_units(item, marks) if marks else self._without_units(item, item.style in styles)
            if task is not None:
                yield task

    def _carry(self, item: Item) -> None:
        """Remember a paragraph of its own that says who owes everything after it: 以下任务均由…负责落实."""
        said = _CARRIED.match(item.text)
        if said:
            self._implied += [name for name in names(said["who"])[0] if name not in self._implied]

    def _with_units(self, item: Item, marks: list[Bracket]) -> TaskRead:
        standing = Standing()
        for mark in marks:
            standing.take(mark.standing)
        standing = self._legend.applied(standing)
        implied = tuple(self._implied) if item.style else ()
        self._implied += [name for mark in marks for name in mark.standing.implied if name not in self._implied]
        milestones = tuple(self._milestones(item, marks))
        told = "；".join(item.text[mark.start : mark.end] for mark in marks)
        return self._task(item, standing, implied, milestones, f"单位：写在“{told}”")

    def _milestones(self, item: Item, marks: list[Bracket]) -> Iterator[MilestoneRead]:
        """Yield the item's deadlines, each bound to the units of the bracket that closes its part of the text."""
        hidden = item.unnumbered
        for mark in marks:
            hidden = hidden[: mark.start] + "。" * (mark.end - mark.start) + hidden[mark.end :]
        said = find_deadlines(hidden, self._frame)
        sure = {one.due for mark in marks for one in mark.deadlines if one.due and one.uncertain is None}
        said = [
            replace(one, uncertain=None) if one.due in sure else one for one in said
        ]  # the bracket confirms the text
        known = {one.due for one in said if one.due}
        inside = [one for mark in marks for one in mark.deadlines if one.due not in known]
        for one in sorted([*said, *inside], key=lambda one: one.start):
            closing = next((mark for mark in marks if one.start < mark.end), None)
            bound = tuple(closing.standing.everybody) if closing and len(marks) > 1 else None
            yield milestone(one, deliverable(hidden, one), bound)

    def _without_units(self, item: Item, among_items: bool) -> TaskRead | None:
        """Read a paragraph without brackets: a task where a unit is the subject of a dated duty, or its like are tasks."""
        deadlines = find_deadlines(item.unnumbered, self._frame)
        dated = [one for one in deadlines if one.kind is not DeadlineKind.ONGOING]
        inline = next((found for one in dated if (found := _roles_inline(item.text, one.start))), None)
        who = [inline.everybody] * len(dated) if inline else subjects(item.text, dated)
        everybody = list(dict.fromkeys(name for names_ in who for name in names_))
        if among_items and item.style == "1." and not everybody:
            self._problem(item, "没有写责任单位")
        elif not everybody:
            if any(one.due and one.uncertain is None for one in dated):
                self._problem(item, "有期限，但看不出由谁办理")
            return None
        several = len({tuple(names_) for names_ in who}) > 1
        milestones = tuple(
            milestone(one, deliverable(item.text, one), tuple(names_) if several and names_ else None)
            for one, names_ in zip(dated, who, strict=True)
        )
        return self._task(
            item,
            inline or Standing(responsible=everybody),
            tuple(self._implied) if item.style == "1." else (),
            milestones,
            "单位：所在句子写明的牵头和配合" if inline else "单位：所在句子的主语",
        )

    def _task(
        self, item: Item, standing: Standing, implied: tuple[str, ...], milestones: tuple[MilestoneRead, ...], how: str
    ) -> TaskRead:
        number = item.number if item.style in ("1.", "（1）", "①", "第一条") else _heading_of(item)
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
            how=(how, *(("另加：前文“以下各项”所列单位",) if implied else ())),
        )

    def _problem(self, item: Item, why: str) -> None:
        self.problems.append(Problem(item.place, item.text[:120], why))


def _heading_of(item: Item) -> str:
    """Return the heading with which an unnumbered paragraph opens: its number and first sentence if that is short."""
    if not item.style:
        return ""
    first = _SENTENCE.match(item.text)
    return first[0] if first and len(first[0]) <= 30 else item.number


_GROUP = re.compile(
    r"(?P<name>(?:自由|(?!由)[\u4e00-\u9fff]){2,24}?)(?:[（(](?:以下)?(?:简称)?[:：]?[“\"]?(?P<short>[^（）()“”\"]{2,12})[”\"]?[）)])?[，,]?由"
    r"(?P<members>[^。；;]{4,400}?)(?:等(?:部门|单位)?)?(?:为|作为|担任|组成|参加|构成)"
)


def groups(texts: Iterable[str]) -> Iterator[Group]:
    """Yield the collective units whose members a text names: 工作专班由甲、乙、丙为成员单位; under its short name too."""
    for text in texts:
        for match in _GROUP.finditer(text):
            listed = tuple(name for name in names(match["members"])[0] if looks_like_unit(name))
            name = re.split(r"成立|设立|建立|组建|的", match["name"])[-1]
            for called in (name, match["short"]):
                if len(listed) > 1 and called and len(called) > 1:
                    yield Group(called, listed)


_STOPS = "，,。；;！!？?"


def deliverable(text: str, one: Deadline) -> str:
    """Return what falls due: the clause after the deadline, or the one before it where nothing follows."""
    rest = text[one.end :].lstrip("，, 、")
    end = next((at for at, char in enumerate(rest) if char in _STOPS), len(rest))
    after = rest[:end].strip()
    if len(after) >= 4:
        return after[:80]
    before = re.split(rf"[{_STOPS}]", text[: one.start].rstrip("，,于在到至 "))[-1].strip()
    return (before or after)[:80]
