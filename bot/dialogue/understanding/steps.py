"""Whether a clause speaks of a step of a work, by what it names, which is not the work."""

from itertools import pairwise

from bot.dialogue.understanding.clauses import BESIDE, PROOFS
from bot.dialogue.understanding.lexicon import Sense, Word, bears, ends_in, of_kind
from bot.dialogue.understanding.of_the_task import is_an_act_of

_DEBTS = ("欠", "拖欠", "欠缴", "尾欠")
_READIED = ("盖章", "签字", "打印", "复印", "会签", "签批", "排版", "校对")


def has_a_step(words: tuple[Word, ...], about: str, *, handed: bool) -> bool:
    """Tell whether a step is spoken of; to pay is none where it is what is owed, 拖欠的工程款已支付, nor is what readies a paper that was
    handed in: 报告已盖章交到你们那里.
    """
    if not handed and _lays_the_ground(words, about):
        return True
    owes = any(word.text in _DEBTS for word in words)
    none = ("支付",) if owes else _READIED if handed else ()
    return any(
        word.sense is Sense.STEP
        and word.text not in none
        and not is_an_act_of(word.text, about)
        and not _is_the_task(words, place)
        and not _is_what_was_mended(words, place)
        and not (handed and _is_told_by_a_paper(words, place, about))
        for place, word in enumerate(words)
    )


_LOOKS = ("自查", "自评")


def _is_the_task(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether a search is called the task itself: 自查这项任务; 自查任务 may be one of several, 招标这项任务 is a step all the same."""
    then = words[place + 1].text if place + 1 < len(words) else ""
    searches = words[place].text in (*of_kind("searches"), *_LOOKS)
    return searches and then.startswith(("这", "该", "此", "本")) and then.endswith("任务")


_SETS_UP = frozenset("建立编理组")
"""How verbs begin by which it is set up."""
_MAKES = frozenset("做弄搞整")
"""How verbs begin that may say so, and as well that it is all that was asked for."""
_BETWEEN = BESIDE | {Sense.PAST, Sense.WHOLE}


def may_lay_the_ground(words: tuple[Word, ...], about: str) -> bool:
    """Tell whether what came to its end may be no more than that: 台账做好了."""
    return _lays_the_ground(words, about, _MAKES)


def _lays_the_ground(words: tuple[Word, ...], about: str, verbs: frozenset[str] = _SETS_UP) -> bool:
    """Tell whether what came to its end is what a work goes on with, and not asked for by the task ``about`` which it is said: 台账已建好."""
    told = [word.text for word in words if word.sense not in _BETWEEN]
    return any(
        ends_in("groundwork", one) and then[0] in verbs and one[-2:] not in about for one, then in pairwise(told)
    )


def _is_told_by_a_paper(words: tuple[Word, ...], place: int, about: str) -> bool:
    """Tell whether a step only says of what a paper tells that was asked for, once it is over: 培训总结, 自评材料; or that the words of the
    task ``about`` which it is said name: 中期报告.
    """
    if not is_before(words, place, Sense.PAPER):
        return False
    step, paper = words[place].text, words[place + 1].text
    told = paper in of_kind("asked_for") or paper == "报告" or (step[0] == "自" and paper not in PROOFS)
    return f"{step}{paper}" in about or (told and step in of_kind("of_a_paper"))


def is_before(words: tuple[Word, ...], place: int, sense: Sense) -> bool:
    """Tell whether a word stands right before one of a sense."""
    return place + 1 < len(words) and words[place + 1].sense is sense


def _is_what_was_mended(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether a thing of a step, or its name, only says what was set right: 设备隐患已整改, 围挡已修好, 护栏安装到位."""
    if words[place].text in of_kind("searches"):
        return is_before(words, place, Sense.SETTLE)
    if words[place].text in of_kind("things"):
        return any(one.text in of_kind("defects") for one in words[place + 1 : place + 2])
    beside = (*words[max(place - 3, 0) : place], *words[place + 1 : place + 2])
    return words[place].text == "安装" and any(word.text in of_kind("fittings") for word in beside)


_PUTS = frozenset("装铺挂立竖钉浇画挖砌搭架吊")
"""Verbs of one sign by which something new is made or put somewhere."""


def puts_up(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether no more is told than that something new was made or put somewhere, which may be a step of any duty: 水表换好了, 护栏焊上了;
    not where it is named as the duty, or something was wrong before: 破损井盖已更换.
    """
    if any(word.sense is Sense.DUTY or bears("worn", word.text) for word in words):
        return False
    light = of_kind("light")
    verb = next((n for n in range(at, -1, -1) if words[n].sense in _VERBS and words[n].text not in light), None)
    if verb is None or not any(word.sense in _THINGS for n, word in enumerate(words) if n != verb):
        return False
    by_hand = words[verb].sense is Sense.UNKNOWN and words[verb].text[-1] in _PUTS
    return by_hand or words[verb].text in of_kind("puts_up")


_THINGS = frozenset({Sense.UNKNOWN, Sense.PLAIN, Sense.OBJECT, Sense.STEP, Sense.PAPER, Sense.EVENT, Sense.PERSON})
_VERBS = frozenset({Sense.SETTLE, Sense.WORK, Sense.STEP, Sense.UNKNOWN})
