"""Who is to set a problem right, where that is said as one says it, 请住建局核实处理, 让应急局三天内整改; and what tells when it was found."""

import re
from collections.abc import Iterable

from jobs.reading.likely import OFFICE_FOR_SHORT

_CLAUSE = re.compile(r"[，,；;。！!\n：:]+")
_ASKED = re.compile(r"^(?:就|并|再|也|先|同时)?(?:请|由|让|叫|责令|责成|交由?|转|要求|安排|督促)")
_SET_RIGHT = re.compile(r"整改|处[理置]|核[实查]|落实|立行立改|即知即改|负责|牵头|督促|查处|办理|解决|跟进")
_TOLD = r"(?:举报|反映|投诉|检查|发现|暗访|巡[查检]|排查|接报|接到|曝光|督查|抽查|来电|来信)"
_FINDS = re.compile(_TOLD)
_DAY = re.compile(
    r"(?:^|(?<=[，,。；;：:\s]))(?:[今昨前][天日早晚]|上?周[一二三四五六日天]|(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]|\d{1,2}[日号])"
    rf"(?:上午|下午|晚上|夜间|凌晨|早上|中午)?[，,]?(?=[^，,。；;：:前内底止\n]{{0,12}}?{_TOLD})"
)


def offices(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the offices to which a clause of a sentence gives a problem to be set right, as written: one of the ``known`` names, or
    what people call an office of their own; not those that found it.
    """
    names = sorted(known, key=len, reverse=True)
    for clause in _CLAUSE.split(text):
        if _ASKED.match(clause) is None and (_SET_RIGHT.search(clause) is None or _FINDS.search(clause)):
            continue
        found = [name for name in names if name in clause] or [one[0] for one in OFFICE_FOR_SHORT.finditer(clause)]
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def without_day_of_find(text: str) -> str:
    """Return a text without the days on which something was found or told, 今天群众举报…: none of them is a deadline."""
    return _DAY.sub("", text)


def with_day_of_find(text: str, words: str) -> str:
    """Return a text that was read from ``words`` without such days with them in their places again."""
    for day in _DAY.finditer(words):
        behind = words[day.end() : day.end() + _KNOWN_BY]
        text = text.replace(behind, f"{day[0]}{behind}", 1) if day[0] not in text else text
    return text


_KNOWN_BY = 4
"""Characters behind a day by which its place is known."""
