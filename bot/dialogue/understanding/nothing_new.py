"""What tells that there was nothing to tell: 零报告, 本月无此类情况, 本月没有新增. Of a period it is the answer."""

import re
from itertools import pairwise

from bot.dialogue.understanding.clauses import BESIDE, Clause
from bot.dialogue.understanding.lexicon import Sense, Word, of_kind

_NONE = frozenset({"无", "暂无", "均无", "都无", "皆无"})
_NAMES = frozenset({Sense.UNKNOWN, Sense.PLAIN, Sense.DUTY, Sense.OBJECT, Sense.PAPER, Sense.WHOLE})
_BESIDE_NONE = BESIDE | _NAMES | {Sense.PERIOD, Sense.CLEAN, Sense.NO, Sense.FOREIGN, Sense.THEIRS, Sense.NIL}


def tells_of_nothing(clause: Clause) -> bool:
    """Tell whether no more is told than that there was nothing: by its word, or of a period, 本月无此类情况, 本季度无."""
    has, words = clause.senses, clause.words
    if Sense.NIL in has:
        return True
    if Sense.PERIOD in has and has <= _BESIDE_NONE | {Sense.EVENT, Sense.FIND, Sense.STUCK} and _had_no_case(words):
        return True
    if not has <= _BESIDE_NONE:
        return False
    new = any(word.text in of_kind("nothing_new") for word in words)
    if new and not has & {Sense.NO, Sense.FOREIGN, Sense.THEIRS}:
        return has <= BESIDE | _NAMES | {Sense.PERIOD, Sense.CLEAN}
    if Sense.PERIOD not in has:
        return False
    none_such = any(word.text in of_kind("none_such") for word in words)
    return none_such or any(word.text in _NONE for word in words) or _did_not_happen(words)


_A_CASE = re.compile("(?:病例|事故|险情|灾情|疫情|警情|火情|案件|投诉|纠纷|举报|死亡|伤亡|事件)$")


def _had_no_case(words: tuple[Word, ...]) -> bool:
    """Tell whether there was no case of what is counted: 本周没有中暑病例, 本月无投诉."""
    denied = next((place for place, word in enumerate(words) if word.sense is Sense.NO), None)
    bare = denied is not None and words[denied].text in (*_NONE, "没有", "没")
    return bare and _A_CASE.search("".join(word.text for word in words)) is not None


def may_tell_of_nothing(clause: Clause) -> bool:
    """Tell whether a clause that says of a task that it is not theirs, 我镇不涉及, or barely no, may say of a period that there was nothing.

    What names the task, 不涉及该项工作, says it of that.
    """
    has, words = clause.senses, clause.words
    if any(word.text in of_kind("none_such") for word in words):
        return has <= _BESIDE_NONE | {Sense.PAST} and all(word.text not in _THE_TASK for word in words)
    told = [word.text for word in words if word.sense not in BESIDE | {Sense.PAPER, Sense.PERIOD}]
    return len(told) == 1 and (told[0] in _NONE or (told[0] == "没有" and Sense.PERIOD in has))


_THE_TASK = frozenset(
    {
        "任务",
        "工作",
        "事项",
        "项目",
        "该项",
        "此项",
        "这项",
        "本项",
        "该任务",
        "此任务",
        "该工作",
        "这项工作",
        "此项工作",
        "这项任务",
        "此项任务",
    }
)


def _did_not_happen(words: tuple[Word, ...]) -> bool:
    """Tell whether something did not come about: 本月未发生安全事故."""
    return any(one.sense is Sense.NO and then.text.startswith(("发生", "出现")) for one, then in pairwise(words))
