"""What is said against an end by what stands beside it: 5家有隐患, 垃圾明天清."""

import re
from itertools import pairwise

from bot.dialogue.understanding.clauses import BESIDE, Clause
from bot.dialogue.understanding.extents import goes_on_at_the_end
from bot.dialogue.understanding.lexicon import Sense, of_kind


def finds_fault(clause: Clause) -> bool:
    """Tell whether a clause counts what is still wrong: 5家有隐患, 存在问题3处."""
    fault = any(word.text in of_kind("problem") or word.text == "存在问题" for word in clause.words)
    there = any(word.text in ("有", "在", "存在问题") for word in clause.words)
    return fault and there and Sense.COUNT in clause.senses and Sense.NO not in clause.senses


def is_signed(clause: Clause) -> bool:
    """Tell whether a clause says no more than that whoever it is about signed what came to its end: 本人签字认可, 业主已签字确认."""
    signed = any(word.text in _SIGNED for word in clause.words)
    return signed and all(word.sense in _WHO_SIGNS or word.text in _SIGNED for word in clause.words)


_SIGNED = ("签字认可", "签字确认")
_WHO_SIGNS = BESIDE | {Sense.PAST, Sense.WHOLE, Sense.THEIRS, Sense.PLAIN, Sense.UNKNOWN, Sense.DUTY}


def is_left(clause: Clause) -> bool:
    """Tell whether something about another thing is still to come, or goes on: 垃圾明天清, 垃圾在清."""
    has, words = clause.senses, clause.words
    named = has & {Sense.UNKNOWN, Sense.OBJECT, Sense.STEP} and not has & {Sense.PAPER, Sense.POLITE, Sense.THANKS}
    if goes_on_at_the_end(words) and not has & {Sense.PAPER, Sense.POLITE, Sense.THANKS}:
        return True
    goes_on = any(one.text == "在" and then.sense is Sense.UNKNOWN for one, then in pairwise(words[1:]))
    told = "".join(word.text for word in words)
    later = _LATER_TODAY.search(told) is not None and Sense.PAST not in has
    later = later and _WORKS.search(told) is None
    left = later or goes_on or _KEPT.search(told) is not None
    if _WORKS.search(told) is not None:
        return False
    return bool(named) and (left or bool(has & {Sense.FUTURE, Sense.LATER, Sense.DUTY_BOUND, Sense.PLAN}))


_LATER_TODAY = re.compile(
    "上午|中午|下午|傍晚|晚上|今晚|夜里|夜间|入夜|晚间|午后|饭后|一会|待会|等会|稍晚|晚些|晚点|改日|择日|回头"
)
_WORKS = re.compile(
    "(?:亮着?|能用|好用|通水|出水|畅通|不漏|正常|有水|有电|不堵|(?:能|可以)(?:过|走|用|开|通行|通车|停|进|住)[人车]?)了?$"
)
"""What was set right and works, whenever that is: 晚上都亮."""
_KEPT = re.compile("另(?:选|改|做|排|换|找|行安排|行处理)|留[着了下有]|保留|暂留|搁着|堆着|放着|没[动拆清修换]|还在")
"""What says of another thing that it is still there, or comes later in the day: 垃圾下午清, 杆子留着."""
