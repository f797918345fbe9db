"""Brackets that name units: （市应急管理局牵头，市住建局配合，6月底前完成）."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from db.words import Role
from jobs.reading.deadlines import Deadline, Frame, Setting, find_deadlines
from jobs.reading.due import is_due
from jobs.reading.legend import MARKS
from jobs.reading.likely import is_person, looks_like_unit
from jobs.reading.marking import in_one_way, in_round_brackets
from jobs.reading.naming import names, split
from jobs.reading.subjects import NUMBERED, has_subject
from jobs.reading.units import LOOKS_ON, Standing, by_label, by_marks, by_words, label_at
from jobs.reading.verbs import DOES


@dataclass(slots=True)
class Bracket:
    """A bracket that names units, at ``start`` (inclusive) to ``end`` (exclusive) of the item's text."""

    start: int
    end: int
    standing: Standing
    deadlines: list[Deadline] = field(default_factory=list)


def brackets(text: str, frame: Frame) -> list[Bracket]:
    """Return the brackets that name units, and a trailing 责任单位：… without brackets, in order."""
    text = in_round_brackets(text)
    found = [
        made
        for start, end in _spans(text)
        if not _is_of_label(text, start) and not _is_contact(text, start, end)
        for made in _parts(text, start, end, frame)
    ]
    tail = found[-1].end if found else 0
    closing = None if found else _CLOSING.search(text)
    if closing is not None and is_list(closing["who"]):
        listed, open_ended = names(closing["who"])
        found.append(Bracket(*closing.span("who"), Standing(responsible=listed, open_ended=open_ended)))
        return found
    dated = None if found else _CLOSING_DATED.search(text)
    if dated is not None and is_list(dated["who"].translate(_NO_MARKS)):
        when = find_deadlines(dated["when"], frame)
        if when and len(when[0].text) == len(dated["when"]):
            listed, open_ended = names(dated["who"])
            who = Standing(responsible=listed, open_ended=open_ended)
            found.append(Bracket(*dated.span(), who, [moved(one, dated.start("when")) for one in when]))
            return found
    label = label_at(text, tail)
    if label is not None:
        rest = text[label : _end_of_labels(text, label)]
        standing = by_label(rest)
        if standing is not None and standing.everybody:
            due = [moved(one, label) for one in find_deadlines(rest, frame) if _is_due(rest, one)]
            found.append(Bracket(label, label + len(rest), standing, due))
    return found


def _is_of_label(text: str, start: int) -> bool:
    """Tell whether a bracket stands among the units of a label: 责任部门：县环保办（县规建局配合）."""
    near = max(0, start - _NEAR)
    begin = max(near - 1, *(text.rfind(mark, near, start) for mark in "。；;\n")) + 1
    return label_at(text[begin:start]) is not None


_HANDED_TO = re.compile(
    r"(?:报送?|上报|呈|送|提?交|反馈[给至到]?|报告|发[给至到]|联系)(?P<who>[\u4e00-\u9fff]{2,14}(?:[局委办厅府部院会镇乡室组]|专班))$"
)
_TO_TURN_TO = (
    r"[\u4e00-\u9fff]{2,10}[科股室处][ \u3000：:，,]*[\u4e00-\u9fff]{2,3}[ \u3000：:，,]*(?:[\d-]{7,12})?",
    r"(?![省市县区州])[\u4e00-\u9fff]{2,10}[科股室处]",
)
"""（综合三科 李静 6221001）, （综合三科） behind whoever it is handed to: where to turn there, and not who owes it."""
_CONTACT = re.compile(rf"[（(【\[](?:{'|'.join(_TO_TURN_TO)})[）)】\]]$")
_BODY = re.compile(r"(?:办公?室?|组|专班|指挥部|委员会)$")
"""市安委办（市应急局）: a body that sits with an office."""
_SEAT = re.compile(r"[（(](?:其?办公室)?(?P<set>均?设在|挂靠在?|设于)?(?P<who>[\u4e00-\u9fff、]{3,24})[）)]$")


def _is_contact(text: str, start: int, end: int) -> bool:
    """Tell whether a bracket says to whom of the unit before it something is handed in, or where that body sits, in a text
    that says whose duty it is.
    """
    seat = _SEAT.match(inside := text[start:end])
    if seat and seat["set"]:
        return True
    handed = _HANDED_TO.search(text, max(0, start - 20), start)
    if handed is None or not (
        _CONTACT.match(inside)
        or (seat and _BODY.search(handed["who"]) and all(map(looks_like_unit, seat["who"].split("、"))))
    ):
        return False
    return has_subject(text[:start])


_NEAR = 120
"""So many characters before a bracket a label of its units is looked for."""


_CLOSING = re.compile(r"(?<=[。；;，,])(?:\n|[ \u3000\xa0]{2,})(?P<who>[^\n。；;：: ]{3,120})[。；;]?$")
"""Units without a bracket after a duty, in a line of their own or after wide blanks."""


_CLOSING_DATED = re.compile(
    rf"(?<=[。；;])\s?(?P<who>[{MARKS}]?[\u4e00-\u9fff][^\n。；;：:，,]{{2,120}}(?:[，,][{MARKS}][^\n。；;：:，,]{{2,60}}){{0,8}})[，,；;]\s?(?P<when>[^\n。；;，,]{{2,20}})[。；;]?$"
)
"""…违建。市城管局、市水利局，6月底。: units and a day as the last sentence of a duty, and nothing else in it."""
_NO_MARKS = str.maketrans(MARKS, " " * len(MARKS))


def is_list(text: str) -> bool:
    """Tell whether a text is nothing but names of units."""
    listed, _open_ended = names(text)
    return bool(listed) and all(looks_like_unit(name) for name in listed)


def _end_of_labels(text: str, label: int) -> int:
    """Return where the line of the last label of units ends; what a form says in the lines below is read by itself."""
    while (further := label_at(text, label + 1)) is not None:
        label = further
    line = text.find("\n", label)
    while line >= 0 and is_list(text[line + 1 :].partition("\n")[0].rstrip("。；;、，, ")):
        line = text.find("\n", line + 1)
    return len(text) if line < 0 else line


_LABEL_BEFORE = re.compile(r"(?P<label>[\u4e00-\u9fff]{2,8})[:：][^:：]*$")


def _is_due(text: str, one: Deadline) -> bool:
    before = _LABEL_BEFORE.search(text[: one.start])
    return before is None or is_due(before["label"], one.text)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the outermost brackets, with their marks."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        if char in "（(【[［〔":
            start = at if depth == 0 else start
            depth += 1
        elif char in "）)】]］〕" and depth:
            depth -= 1
            if depth == 0:
                yield start, at + 1


def _parts(text: str, start: int, end: int, frame: Frame) -> list[Bracket]:
    """Return what a bracket names: each of its parts where every one gives roles and a day, （甲牵头、乙，5月底前；丙牵头，6月底前）."""
    whole = _bracket(text, start, end, frame)
    if whole is None or len(whole.deadlines) < 2:
        return [whole] if whole else []
    stops = [at for at in range(start + 1, end - 1) if text[at] in "；;"]
    cuts = list(zip([start, *stops], [*stops, end - 1], strict=True))
    told = [by_words(without(part := text[begin + 1 : to], find_deadlines(part, frame))) for begin, to in cuts]
    if len(cuts) < 2 or not all(one and one.lead and _only_units(one) for one in told):
        return [whole]
    parts = [
        Bracket(begin, to + (to == end - 1), one, [day for day in whole.deadlines if begin <= day.start < to])
        for (begin, to), one in zip(cuts, told, strict=True)
        if one
    ]
    return parts if all(part.deadlines for part in parts) else [whole]


def _listed_before(text: str, start: int, lead: list[str]) -> list[str]:
    """Return the others of the list that a bracket says who leads of, 甲、乙、丙（由乙牵头）."""
    before = _LIST_BEFORE.search(text, max(0, start - _NEAR), start)
    listed = names(before["who"])[0] if before else []
    of_it = len(listed) > 1 and set(lead) <= set(listed) and all(map(looks_like_unit, listed))
    return [name for name in listed if name not in lead] if of_it else []


_LIST_BEFORE = re.compile(
    rf"(?:^|[，,。；;：:\n])(?:{NUMBERED})?(?:[^，,。；;：:（）()\n由]{{0,30}}由|请)?(?P<who>[^，,。；;：:（）()\n]+)$"
)


def _bracket(text: str, start: int, end: int, frame: Frame) -> Bracket | None:
    inner = _LABEL_IS.sub("：", text[start + 1 : end - 1].strip())
    if len(inner) < 3:
        return None
    deadlines = find_deadlines(inner, frame)
    bare = in_one_way(_WHO_PAYS.sub("", without(inner, deadlines)))
    standing = by_label(bare) or by_marks(bare) or by_words(bare) or _bare_list(text, start, end, bare, bool(deadlines))
    if standing is None and _CLOSES.match(text, end):
        head, _, rest = inner.partition("，")
        standing = Standing(responsible=names(head)[0]) if is_list(head) and find_deadlines(rest, frame) else None
    if standing is None or not (standing.everybody or standing.implied) or not _only_units(standing):
        return None
    if standing.lead and not standing.responsible:
        standing.add(Role.RESPONSIBLE, _listed_before(text, start, standing.lead))
    shifted = [moved(one, start + 1 + text[start + 1 :].index(inner[0])) for one in deadlines]
    return Bracket(start, end, standing, shifted)


_LABEL_IS = re.compile(r"(?<=(?:牵头|责任|配合|主办|协办|承办)(?:单位|部门))[为是](?=[\u4e00-\u9fff]{2})")
_WHO_PAYS = re.compile(
    r"[，,；;](?:经费|资金|费用|所需[^，,；;]{1,6})(?:由|从)[^，,；;。]{2,24}(?:保障|解决|承担|列支|安排|统筹)$"
)
"""（县交通局，资金由县财政局保障）: who pays for it is not who owes it."""

_CLOSES = re.compile(r"[。；;]?\s{0,9}(?:\n|$)|[；;]")
"""After a bracket that closes a line: （高技术科，9月底前报市政府审议）."""


def _bare_list(text: str, start: int, end: int, inner: str, dated: bool) -> Standing | None:
    """Read （市司法局、市住建局） at the end of a line, or before the next number: units and nothing else, and not another
    name of a unit before it, nor where a person who stands before it is from.

    Where a day stands beside them, （区商务局，三季度）, there is no doubt whose duty it is, and it may open the line as well.
    """
    opens = dated and not re.sub(r"^\d{1,3}\s*[.、．]", "", text[:start]).strip()
    last = not text[end:].split("\n")[0].strip("。；; ")
    parted = (text[end : end + 1] in ("；", ";", "。", "，") or (dated and text[end : end + 1] == "、")) and (
        dated or _opens_with_day(text, start)
    )
    if not last and not _NEXT.match(text, end) and not opens and not parted:
        return None
    listed, open_ended = names(inner)
    if (
        not dated
        and len(listed) < 2
        and text[start - 1 : start] not in ("。", "；", "，", "")
        and (
            _ends_with_unit(text[:start])
            or (_FACILITY.search(text[max(0, start - 8) : start]) and all(map(_OF_FACILITY.match, listed)))
        )
    ):
        return None
    known = sum(looks_like_unit(name) or _EVERY.match(name) is not None for name in listed)
    if LOOKS_ON.search(inner):
        return None  # （市安委办督导）: not who owes it
    if not known or (known < len(listed) and (known < 2 or known * 3 < len(listed) * 2)):
        return None
    told = [name for name in listed if looks_like_unit(name) or not _SAYS_WHAT.match(name)]
    return Standing(responsible=told, open_ended=open_ended)


_EVERY = re.compile(r"各[\u4e00-\u9fff]{1,6}$")
"""（公卫科，各村医）: whoever they are."""
_SAYS_WHAT = re.compile(rf"{DOES}|[^\d]*\d")
"""（甲局、乙局，上半年完成10场）: how much of it is no unit."""


def _opens_with_day(text: str, end: int) -> bool:
    """Tell whether the clause before a bracket, or the part, opens with its day: 5月完成测算（市财政局），6月实施（各区）."""
    for marks in ("，；;。\n：:", "；;。\n"):
        begin = max((text.rfind(mark, max(0, end - _NEAR), end) for mark in marks), default=-1) + 1
        found = find_deadlines(text[begin : begin + 24], Frame(Setting.CELL))
        if found and found[0].start <= 1 and begin + found[0].end < end:
            return True
    return False


_NEXT = re.compile(r"[。；;，,]?\s*(?:\d{1,3}[.、．](?!\d)|[①-⑳]|[（(]\d{1,2}[）)])")
"""After a bracket: the next of several duties in one line."""


def _ends_with_unit(text: str) -> bool:
    """Tell whether a bracket may give another name of what stands before it, 市发改委（市粮食和物资储备局）, or says where
    somebody is from: 李明（市财政局）.
    """
    last = re.sub(r"^\d{1,3}[.、．]", "", re.split(r"[，,。；;：:、\n]", text)[-1])
    return (looks_like_unit(last[-12:]) and not _IS_DONE_SOMETHING.search(last)) or is_person(last)


_FACILITY = re.compile(r"(?:综合体|平台|设施|场所|站点|驿站|基地|载体|窗口|大厅|阵地|空间)$")
_OF_FACILITY = re.compile(r"(?![省市县区州旗镇乡各])[\u4e00-\u9fff]{2,8}(?:中心|站|所|园|馆|院)$")


_IS_DONE_SOMETHING = re.compile(rf"(?:场所|[站园校馆库厂])$|^(?:{DOES}|整治|治理|规范|新增|升级|提升|关闭)")
"""整治娱乐场所（市文旅局）, 规范网格办（市公安局）: what is looked after ends as a unit's name may, and is none."""


def _only_units(standing: Standing) -> bool:
    """Tell a bracket of units from one of words that happens to end in 落实."""
    everybody = [*standing.everybody, *standing.implied]
    return sum(looks_like_unit(name) for name in everybody) * 2 >= len(everybody)


def without(text: str, deadlines: list[Deadline]) -> str:
    """Return a bracket's text without the segments that only say when."""
    for one in reversed(deadlines):
        text = text[: one.start] + text[one.end :]
    kept = [
        _owing(part)
        for part in split(text, "，,；;")
        if not re.fullmatch(r"\s*(?:完成|办结|前完成|(?:完成)?(?:时限|时间)[:：]?)?\s*", part)
    ]
    return "；".join(kept) if deadlines else text


_IS_DONE_BY = re.compile(r"\s*(?P<who>[\u4e00-\u9fff]{3,20}?)(?:完成|办结|落实)\s*")


def _owing(part: str) -> str:
    """Return what is left of 县水利局9月底前完成 as 县水利局负责."""
    done = _IS_DONE_BY.fullmatch(part)
    return f"{done['who']}负责" if done and looks_like_unit(done["who"]) else part


def moved(one: Deadline, by: int) -> Deadline:
    return Deadline(
        one.text, one.start + by, one.end + by, one.kind, one.due, one.rule, one.next, one.shift, one.uncertain, one.how
    )
