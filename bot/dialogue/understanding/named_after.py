"""What is named after an act and is none: the paper, record or state that a word of command makes with the noun right behind it."""

import re
from functools import cache

from bot.dialogue.understanding.lexicon import of_kind

_OTHERS = re.compile("单[位独]|率先")
"""Words that begin like a paper and are none."""
_FAULT = re.compile(r"\s*[:：]|[^，,。；;！!\n]*(?:[不没未缺少漏错误假差无]|重复)")
"""What makes a reason of a matter: 退回材料不全, 撤销原因：重复."""


def makes_a_name(behind: str, *, of_a_refusal: bool) -> bool:
    """Tell whether what stands right behind a word of command makes a name of it: 核查(记录 A-7), 催办(单). Behind what sends back or
    ends something a reason may begin at once, and what finds fault is one: 退回(材料不全).
    """
    if behind.startswith(tuple(of_kind("papers"))):
        return _OTHERS.match(behind) is None
    matter = max((one for one in of_kind("matters") if behind.startswith(one)), key=len, default="")
    return bool(matter) and not (of_a_refusal and _FAULT.match(behind, len(matter)))


@cache
def _acts() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(sorted(of_kind('acts'), key=len, reverse=True))})的?")


def names_one(text: str) -> bool:
    """Tell whether an act is only named somewhere in a text: A-7销号单打印一份, B-2的免办依据."""
    return any(makes_a_name(text[act.end() :], of_a_refusal=True) for act in _acts().finditer(text))
