"""Which option of a broadcast somebody answers with, purely: 转移完毕 is 已转移, 我局没有隐患 is 无隐患, and 还有2户没转移 none of them.

What is negated, partial, planned or asked is never the option that says all is well: then no option is told, and the unit is asked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial

from bot.dialogue.phrases import Pieces
from bot.dialogue.understanding.clauses import words_of
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import Sense, lexicon

_MARKS = re.compile(r"[\s,，。.;；:：!！、]+")
_ASKS = re.compile(r"[?？]|[吗呢么](?:$|[\s,，。])")


class Sign(Enum):
    """What stands before the core of an option: 已转移 is done, 未转移 not; 有隐患 is there, 无隐患 not."""

    DONE = "done"
    THERE = "there"
    NOT = "not"
    PLAIN = "plain"


_SIGNS = (
    (Sign.DONE, re.compile(r"(?:均|都|全部|全)?已经?|(?:均|都|全部?)")),
    (Sign.NOT, re.compile(r"还?(?:没有?|未)|尚未|暂无|不存在|无|不")),
    (Sign.THERE, re.compile(r"存在|有")),
)
_FILLERS = re.compile(
    r"(?:报告|领导)|(?:目前|现在|今天|暂时|确实|其实|刚[刚才]?|改(?:成|为|到|回)?)|(?:我们?|本|咱们?)(?:这边|单位|[局厅委办镇乡县区市村队院校]|街道|公司)?|这边|的|也|就|早就?"
)
_AT_WILL = re.compile("参加|参会|出席|列席|到会|到场|请假|派[人员车]|前往|报名")
"""What one decides to do or not: with such an option 能参加了 and 还是请假吧 are it, while 能完成 is no 完成."""
_DECIDED = re.compile("还是|可以|能够?|会|一定|肯定|确定|决定|准时|按时|又")
_ENDED = re.compile(r"(?:完毕|完成|完|结束|到位|好)?(?:了|啦|的|吧)?")
_NO_MORE = ("", "了", "啦", "吧")
"""How what is no state may end: 参加了, 请假吧."""
_PARTS = re.compile(
    r"还[有差剩缺]|[只仅]|剩|另有|尚有|差|不|没|未|除|部分|大半|一半|多数|基本|但|正在|继续|准备|明[天早]|今晚"
)
"""What beside an option says that it is not all: 已转移，还有2户没走."""
_CHANGED = re.compile("改[成为由派]")
"""What beside an option says that it is another by now: 请假，改成李科长参加."""
_ADMITS = re.compile(r"未|没|尚|不|否|需|请|待|部分|正在|有|存在|已部分")
"""How an option begins that says all is not well: what is said beside it takes nothing from it."""


@dataclass(frozen=True, slots=True)
class _Option:
    sign: Sign
    core: str


def choice_in(text: str, options: Sequence[str], about: str = "") -> str:
    """Return the option that somebody answers with, "" for none or several: one that stands by itself between marks, or whose core a
    clause says with the same sign; ``about`` are the broadcast's words, which may stand around it.

    已转移，共120人 is 已转移; 未全部转移, 还没转移完 and 已转移，还有2户没走 are none.
    """
    clean = _as_it_is_now(_short(text), options)
    if _ASKS.search(clean):
        return ""
    clauses = [part for part in _MARKS.split(clean) if part]
    meant = [option for option in options if _short(option) in clauses]
    meant = meant or [option for option in options if any(_says(one, _short(option), heard(about)) for one in clauses)]
    if len(meant) != 1:
        return ""
    option = _short(meant[0])
    beside = [one for one in clauses if one != option and not _says(one, option, heard(about))]
    if any(_CHANGED.search(one) for one in beside):
        return ""
    if not _ADMITS.match(option) and any(_PARTS.search(one) for one in beside):
        return ""
    return meant[0]


def denial_of(chosen: str, options: Sequence[str]) -> str:
    """Return the option that says of what was chosen that it is not so, 未转移 of 已转移, where there is no third; else ""."""
    others = [option for option in options if option != chosen]
    if len(others) != 1:
        return ""
    was, other = _read(_short(chosen)), _read(_short(others[0]))
    denies = was.sign is not Sign.NOT and other.sign is Sign.NOT
    return others[0] if denies and was.core == other.core else ""


def says_no_more(text: str, choice: str, about: str = "") -> bool:
    """Tell whether a text is its option and nothing beside it."""
    clauses = [part for part in _MARKS.split(_short(text)) if part]
    return all(one == _short(choice) or _says(one, _short(choice), heard(about)) for one in clauses)


def _short(text: str) -> str:
    return heard(text).replace("需要", "需")


def _as_it_is_now(text: str, options: Sequence[str]) -> str:
    """Return a text without what was chosen before and is no more: 刚才说请假，现在能参加了; 不请假了，参加; 未转移改为已转移; 原来未转移的已全部转移."""
    named = [_short(option) for option in options]
    for option in named:
        was = replace(_WAS, pieces={**_WAS.pieces, "option": (option,), "core": (option.removeprefix("需"),)})
        longer = [one for one in named if option in one and one != option]  # as 不参加, which denies no 参加
        text = was.sub(partial(_unless_of, longer), text)
    return text


def _unless_of(others: list[str], match: re.Match[str]) -> str:
    return match[0] if any(one in match[0] for one in others) else ""


_WAS = Pieces(
    "options",
    option=("OPTION",),
    core=("CORE",),
    chosen="(?:{before}(?:我们?)?(?:[说报选填回]的?|的)[是为]?{option}的?(?![完毕])|原[来先本]{option}的?)",
    let_go="不是{option}[,，]?是?|由?{option}(?=改)|{option}(?:取消|作废|撤回|不算)了?|不[用需再要必]?{core}了?",
    of_them="{option}的(?:那[批些几]|[0-9]+[户人家])?(?=[也已]*[全都也])",
)("{chosen}|{let_go}|{of_them}")
"""How what was chosen before is named, so that the rest says what is so now."""


def _read(option: str) -> _Option:
    for sign, pattern in _SIGNS:
        found = pattern.match(option)
        if found and found.end() < len(option):
            return _Option(sign, option[found.end() :])
    return _Option(Sign.PLAIN, option)


def _says(clause: str, option: str, about: str) -> bool:
    """Tell whether a clause says an option's core with its sign, and beside it nothing but what fills, ends or was asked about."""
    read = _read(option)
    at_will = _AT_WILL.match(read.core) is not None
    place = clause.rfind(read.core)
    if place < 0 or len(read.core) < 2:
        return False
    before, after = clause[:place], clause[place + len(read.core) :]
    ended = _ENDED.match(after)
    assert ended is not None, "the pattern matches nothing, too"
    left = after[ended.end() :]
    if left and left not in about:
        return False
    match read.sign:
        case Sign.NOT:
            return (ended[0] in _NO_MORE if at_will else not ended[0]) and _is_around(before, Sign.NOT, about)
        case Sign.DONE:
            told = bool(ended[0]) or _signed(before, Sign.DONE)
            return told and (_is_around(before, Sign.DONE, about) or _is_around(before, None, about))
        case Sign.THERE:
            return not ended[0] and _is_around(before, Sign.THERE, about)
        case Sign.PLAIN:
            before = _DECIDED.sub("", before) if at_will else before
            return (ended[0] in _NO_MORE if at_will else not ended[0]) and _is_around(before, None, about)


def _signed(before: str, sign: Sign) -> bool:
    return next(pattern for one, pattern in _SIGNS if one is sign).search(before) is not None


def _is_around(before: str, sign: Sign | None, about: str) -> bool:
    """Tell whether what stands before a core is its sign and fillers, or the name of what was asked about."""
    if sign is not None:
        found = list(next(pattern for one, pattern in _SIGNS if one is sign).finditer(before))
        if not found:
            return False
        for one in reversed(found):
            before = before[: one.start()] + before[one.end() :]
    before = _FILLERS.sub("", before)
    return not before or (len(before) > 1 and before in about)


_TELLING = frozenset({Sense.UNKNOWN, Sense.PLAIN, Sense.OBJECT, Sense.DUTY, Sense.CLEAN, Sense.STEP, Sense.SETTLE})


def share_words(text: str, others: str) -> bool:
    """Tell whether a text has a word of some matter, of two signs or more, that ``others`` have as well."""
    known = heard(others)
    told = [word.text for word in words_of(heard(text), lexicon()) if word.sense in _TELLING]
    return any(len(word) > 1 and word in known for word in told if word not in _OF_ANYTHING)


_OF_ANYTHING = frozenset(
    [
        "单位",
        "情况",
        "工作",
        "任务",
        "事项",
        "我们",
        "人员",
        "有关",
        "相关",
        "落实",
        "今天",
        "立即",
        "整改",
        "处理",
        "解决",
    ]
)
