"""Days that are perhaps not those by which something is due, by the words around them: 力争6月底、确保7月底, 特殊情况可延至, 4月15日左右."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from db.words import DeadlineKind
from jobs.reading.deadlines.frame import Deadline, Frame, Setting
from jobs.reading.deadlines.halves import DAY_LEFT_OUT, DAY_NOT_READ, EARLIEST
from jobs.reading.deadlines.resolve import FROM_BEFORE, PAST_MONTH, N, make, number
from jobs.reading.deadlines.said import is_another_weekday
from jobs.reading.deadlines.shown import ABOUT


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Words in front of a day, up to it, and behind it that let it be doubted; ``beside`` where another day stands in the sentence."""

    why: str
    before: str = ""
    after: str = ""
    beside: bool = False
    said: str = ""
    """What is said of the other day."""


_CONDITION = r"(?:困难|特殊情况|特殊原因|情况[复特][杂殊]|确需|如需|因故|逾期)"
UNDER_A_CONDITION = "写的是在什么情况下可以到这一天，请核对"

_DOUBTS = tuple(
    (one, re.compile(rf"(?:{one.before})[于在到至]?$"), re.compile(one.after))
    for one in (
        _Doubt(ABOUT, after=r"左右|上下|前后"),
        _Doubt(ABOUT, before=r"大约|大概|差不多|(?<![契条合节公制签预])约"),
        _Doubt(EARLIEST, before=r"最[快早](?:也?[要得])?"),
        _Doubt(DAY_LEFT_OUT, before=r"不包?含|不包括"),
        _Doubt(DAY_LEFT_OUT, after=r"[,(]?不包?含|[,(]?不包括"),
        _Doubt("写的是这一天的前一天或后一天，请核对", after=r"的?(?:前|后|次|第)[一二三]?[天日](?![内起])"),
        _Doubt(
            DAY_NOT_READ, after=r"(?:[上下前后]半个?月|[头前].{1,2}天|[前中后]期(?!工作|准备)|最后一?个?(?:周|星期))"
        ),
        _Doubt("写的是这一天的事之前，是否含当天请核对", after=r"[\u4e00-\u9fff“”]{2,10}?前(?=完成|[,报办])"),
        _Doubt("写的是几天，请核对是哪一天", after=r"这?[二三四五六七]天(?!内)"),
        _Doubt(
            UNDER_A_CONDITION,
            before=rf"{_CONDITION}[^。;]{{0,10}}?(?:可|最[长迟晚]|不(?:得|能)?(?:超过|晚于|迟于)|延)(?:延|放宽|推迟)?[长期迟]?",
        ),
        _Doubt(UNDER_A_CONDITION, before=r"[遇逢][^,。;]{1,12}?(?:顺延|提前|推迟|延后)[到至]"),
        _Doubt(
            "写的是力争，另有确保的日子，请核对",
            before=r"力争|争取|力求",
            beside=True,
            said=r"确保|保证|务必|必须|最迟",
        ),
        _Doubt(
            "写的是上级要求的日子，请核对",
            before=r"(?:[省市县区部厅]|国家|中央|上级)[里级委局]?(?:政府)?要求",
            beside=True,
        ),
        _Doubt(
            "写的是比这一天早或晚多久，请核对",
            before=r"[较比](?:原|原定|原计划|计划|预定|规定|要求)?的?(?:时间)?",
            after=r"[^,。;]{0,6}?(?:提前|推迟|延后|晚|早)",
        ),
    )
)
"""What is looked for around each day, the first that is found says why."""

EITHER = "写了两个日子，请核对以哪一个为准"
OTHER_WEEKDAY = "写的星期与这一天对不上，请核对"
_EITHER = re.compile(r"(?:或者?|还是)?[于在]?")
_DAY = rf"(?:(?P<month>{N})月)?(?P<day>{N})[日号](?!内)"
_SAID_ANEW = "后面又说了另一个日子，请核对以哪一个为准"
_ANEW = (
    re.compile(rf"[之以]?前?[,、]?\(?(?:即|也就是|亦即|就是|最[晚迟]|至[迟晚])[于在到至是为]?{_DAY}"),
    re.compile(rf"\({_DAY}[之以]?前?\)"),
)
"""7月中旬前，即15日前: a day that says another anew."""
_STOP = re.compile(r"[。!?\n]")
_FAR = 24


_WITHOUT_MONTH = re.compile(rf"月[底末]|(?P<day>{N})[日号]")


def of_the_month_before(days: Sequence[Deadline], text: str) -> list[Deadline]:
    """Return days in order, those that name no month in that of the day before them in the sentence: 5月8日前…，月底前."""
    told = list(days)
    for at, (last, one) in enumerate(pairwise(told), 1):
        last = told[at - 1]
        named = _WITHOUT_MONTH.match(text, one.start)
        if named is None or last.due is None or one.start < last.end or _STOP.search(text, last.end, one.start):
            continue
        due = make(last.due.year, last.due.month, number(named["day"]) if named["day"] else -1)
        if due is not None and due >= last.due and due != one.due:
            told[at] = replace(one, due=due, uncertain=FROM_BEFORE)
    return told


def doubted(found: Sequence[Deadline], text: str, frame: Frame) -> list[Deadline]:
    """Return deadlines in order, days in doubt where the words around them say that they are perhaps not those that count."""
    if frame.setting is Setting.CHAT:
        return list(found)
    days = [one for one in found if one.kind is DeadlineKind.DATE and one.due]
    either = {
        place
        for one, other in pairwise(days)
        if one.end <= other.start and _EITHER.fullmatch(text, one.end, other.start)
        for place in (one.start, other.start)
    }
    following = {one.start: days[at + 1 : at + 1 + _NEXT] for at, one in enumerate(days)}
    return [
        replace(one, uncertain=EITHER if one.start in either else _why(one, following[one.start], text, frame))
        if one.start in following and one.kind is DeadlineKind.DATE and not one.uncertain
        else one
        for one in found
    ]


_NEXT = 3
"""Days behind one that are looked at."""


def _why(one: Deadline, following: Sequence[Deadline], text: str, frame: Frame) -> str | None:
    """Say why a day is to be looked at; None where nothing speaks against it."""
    if "年份承前" in one.how and one.due and frame.reference and one.due < frame.reference:
        return PAST_MONTH
    if one.due and is_another_weekday(one.due, text[one.start : one.end + 8], frame.reference):
        return OTHER_WEEKDAY
    before = text[max(0, one.start - _FAR) : one.start]
    for doubt, led, followed in _DOUBTS:
        shown = (not doubt.before or led.search(before)) and (not doubt.after or followed.match(text, one.end))
        if shown and (not doubt.beside or any(_is_beside(one, other, text, doubt.said) for other in following)):
            return doubt.why
    anew = one.due is not None and any(_is_another(one.due, said.match(text, one.end)) for said in _ANEW)
    return _SAID_ANEW if anew else None


def _is_another(due: date, said: re.Match[str] | None) -> bool:
    """Tell whether a day that was said anew is another."""
    return said is not None and (
        number(said["day"]) != due.day or (said["month"] is not None and number(said["month"]) != due.month)
    )


def _is_beside(one: Deadline, other: Deadline, text: str, said: str) -> bool:
    """Tell whether another day stands behind one in its sentence, and ``said`` before it."""
    apart = other.start >= one.end and other.due != one.due and not _STOP.search(text, one.end, other.start)
    return apart and bool(re.search(said, text[one.end : other.start]))
