"""Whether an end is told of the whole of the task that is meant, by its own words: of one of several things that it joins, or of an act that it
does not name, it may be less.
"""

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

from bot.dialogue.understanding.clauses import BESIDE, Clause, words_of
from bot.dialogue.understanding.ends import BY_HAND
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import Sense, Word, lexicon, of_kind
from bot.dialogue.understanding.things import KINDS, is_one_thing, pairs_of


def tells_of_less(words: tuple[Word, ...], about: str) -> bool:
    """Tell whether words that tell of an end may tell of less than the task ``about`` which they are said, "" where nobody knows."""
    less = names_one_of_several(words, about) or names_the_first_act(words, about) or names_another_act(words, about)
    return bool(about) and less


def with_its_acts(clause: Clause, about: str) -> Clause:
    """Return a clause in which what no lexicon knows and the words of the task ``about`` which it is said name is an act of the duty, where an
    end is told of it: 献血活动已圆满结束, 献完了 of 组织干部献血.
    """
    if not about or Sense.UNKNOWN not in clause.senses:
        return clause
    done = next((n for n in range(len(clause.words)) if _is_done_by_its_act(clause.words, n, about)), None)
    if done is not None and clause.words[done].sense is Sense.UNKNOWN:
        words = tuple(replace(word, sense=Sense.SETTLE) if n == done else word for n, word in enumerate(clause.words))
        return replace(clause, words=words, senses=frozenset(word.sense for word in words))
    words = tuple(
        replace(word, sense=Sense.WORK if word.sense is Sense.UNKNOWN else Sense.DUTY)
        if _is_its_act(clause.words, place - (place > 0 and word.text == "活动"), about)
        else word
        for place, word in enumerate(clause.words)
    )
    return replace(clause, words=words, senses=frozenset(word.sense for word in words))


def _is_done_by_its_act(words: tuple[Word, ...], place: int, about: str) -> bool:
    """Tell whether no more is told than that it was done by the first sign of an act of the task: 签了 of 签订协议."""
    behind = [word.text for word in words[place + 1 :] if word.sense is not Sense.FILLER]
    alone = behind == ["了"] and all(word.sense in BESIDE | {Sense.PAST} for word in words[:place])
    return alone and len(words[place].text) == 1 and any(act[0] == words[place].text for act in _acts_of(about))


def _is_its_act(words: tuple[Word, ...], place: int, about: str) -> bool:
    word, then = words[place], [one for one in words[place + 1 :] if one.sense not in _BEFORE_AN_END]
    if word.sense is not Sense.UNKNOWN or not then or then[0].sense not in (Sense.RESULT, Sense.FINISH):
        return False
    if len(word.text) > 1:
        return word.text in about and is_one_thing(word.text)
    told = words_of(heard(about.replace("\n", ",")), lexicon())
    if then[0].sense is Sense.RESULT and any(act[0] == word.text for act in _acts_of(about)):
        return True
    return then[0].sense is Sense.RESULT and any(
        one.sense is Sense.UNKNOWN and len(one.text) > 1 and word.text in one.text[-2:] for one in told
    )


_BEFORE_AN_END = frozenset({Sense.PAST, Sense.WHOLE, Sense.FILLER, Sense.DUTY, Sense.PLAIN})


def names_the_first_act(words: tuple[Word, ...], about: str) -> bool:
    """Tell whether words name only the first of two acts that stand side by side in a task: 排查完了 of 排查整治消防隐患."""
    told = tuple(words_of(heard(about.replace("\n", ",")), lexicon()))
    acts = [word.text for word in words if word.sense in _ACTS]
    return any(
        one.sense in _ACTS
        and then.sense is Sense.SETTLE
        and len(then.text) > 1
        and acts
        and all(act == one.text for act in acts)
        for one, then in pairwise(told)
    )


def names_another_act(words: tuple[Word, ...], about: str) -> bool:
    """Tell whether words name an act, and nothing else of the task, which that does not name though it names others: 演练完成了 of 更换井盖; or a
    verb of one sign that it does not have: 换了 of 改造泵房. What is said of any duty, 办了 or 整改完了, names none.
    """
    if not _acts_of(about) or any(_is_of_it(word, about) for word in words):
        return False
    acts = [word for word in words if word.sense is Sense.WORK and len(word.text) > 1]
    if acts:
        return not any(word.text in of_kind("of_a_step") for word in acts)
    named = [word for word in words if word.sense in _NAMING]
    if [word.text in BY_HAND and word.text not in about for word in named] == [True]:  # 焊好了
        return True
    if named:
        return False
    verb = next((word for word in words if word.sense is Sense.SETTLE), None)
    return verb is not None and verb.text[:1] in _BY_ONE_SIGN and len(verb.text.rstrip("了掉上好完")) == 1


def is_an_act_of(step: str, about: str) -> bool:
    """Tell whether the words of a task ask for what elsewhere is a step of a work, as the end of what they ask for: 抽检并公示结果, 开展培训."""
    return (
        bool(about)
        and re.search(rf"{re.escape(step)}(?:工作|任务|活动|班|会|结果)?(?:[、，,；;。\n和并及与]|$)", about)
        is not None
    )


_BY_ONE_SIGN = frozenset("修拆换装补关封填堵撤清栽扒拔砸砍推消")
_NAMING = KINDS | {Sense.DUTY, Sense.TASK, Sense.PAPER, Sense.STEP}


@cache
def _acts_of(about: str) -> frozenset[str]:
    """Return the acts that the words of a task name."""
    told = words_of(heard(about.replace("\n", ",")), lexicon())
    return frozenset(word.text for word in told if word.sense in _ACTS and len(word.text) > 1)


def _is_of_it(word: Word, about: str) -> bool:
    """Tell whether a word shares a pair of signs with the words of a task, an act its last one with an act of it, a verb of one sign that."""
    if word.sense is Sense.SETTLE and word.text[0] in about:
        return True
    if word.sense in _ACTS and any(act[-1] == word.text[-1] for act in _acts_of(about)):
        return True
    return word.sense in _ACTS | _THINGS and any(pair in about for pair in pairs_of(word.text))


_MARKS = re.compile(r"[、，,；;。\n+/＋（(）)①-⑳]|(?<=[一-龥])[ \u3000]+(?=[一-龥])")
_JOINTS = re.compile(
    "以及|(?<![涉普提触])及(?![时格])|和(?![平谐睦解])|(?<!参)与|(?<![合兼])并(?![网轨联])|[暨兼]|同[时步](?!代)"
)
"""What joins one thing of a task to another: 拆除牛棚、猪圈, 更换井盖和护栏."""
_NO_THING = re.compile("^(?:确保|保障|切实|防止|避免|保证)|[前内底]$|^[^一-龥]*$|^.?$")
"""What stands between such joints and is nothing to be done: what it is for, and by when."""
_ACTS = frozenset({Sense.SETTLE, Sense.WORK, Sense.STEP})
_THINGS = KINDS | {Sense.PAPER}


def names_one_of_several(words: tuple[Word, ...], about: str) -> bool:
    """Tell whether words name a thing or an act of the task ``about`` which they are said, and leave out another that it joins to it: 井盖已更换 of
    更换井盖和护栏. A verb of several things names none by itself.
    """
    text, _, form = about.rpartition("\n")
    for told_of in (text, form):
        parts = [part.strip(" 　\t") for some in _MARKS.split(told_of) for part in _JOINTS.split(some)]
        parts = [part for part in parts if not _NO_THING.search(part)]
        named = [any(_names(word, part) for word in words) for part in parts]
        told = [yes or any(_shares(word, part) for word in words) for yes, part in zip(named, parts, strict=True)]
        if (any(named) and not all(told)) or _names_one_of_their_acts(words, parts):
            return True
    return False


def _names_one_of_their_acts(words: tuple[Word, ...], parts: list[str]) -> bool:
    """Tell whether words name the act with which one part of a task begins, and neither the act nor a thing of another that begins with one of its
    own: 核查完毕 of 核查自建房并录入系统.
    """
    begun = [(act, part) for part in parts if (act := _leading_act(part))]
    acts = [word.text for word in words if word.sense in _ACTS]
    said = [any(_is_act(told, act) for told in acts) for act, _part in begun]
    beside = [yes or any(_shares(word, part) for word in words) for yes, (_act, part) in zip(said, begun, strict=True)]
    return len({act for act, _part in begun}) > 1 and any(said) and not all(beside)


def _leading_act(part: str) -> str:
    first = next((word for word in words_of(heard(part), lexicon()) if word.sense is not Sense.FILLER), None)
    return first.text if first is not None and first.sense in _ACTS and len(first.text) > 1 else ""


def _is_act(told: str, act: str) -> bool:
    return told.startswith(act) or told == act[0]


def _shares(word: Word, part: str) -> bool:
    """Tell whether a thing bears two signs of a part of a task; a verb may be that of several."""
    return word.sense in _THINGS and any(pair in part for pair in pairs_of(word.text))


def _names(word: Word, part: str) -> bool:
    """Tell whether a word names a part of a task: a thing by half of its pairs of signs, an act where the part ends with it."""
    if len(word.text) < 2:
        return False
    if word.sense in _ACTS:
        name = re.escape(word.text[-2:] if word.sense is Sense.WORK else word.text)  # 应急演练 of 组织演练
        return re.search(f"{name}(?:工作|任务|事项|活动|结果)?$", part) is not None
    pairs = pairs_of(word.text)
    return word.sense in _THINGS and 2 * sum(pair in part for pair in pairs) >= len(pairs)
