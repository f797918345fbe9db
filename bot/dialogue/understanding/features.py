"""From a clause's words to its features: what · whether · how sure · whose · how much."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from bot.dialogue.understanding import quantities
from bot.dialogue.understanding.clauses import Clause
from bot.dialogue.understanding.lexicon import Sense, Word
from bot.dialogue.understanding.speaking import What, is_tick, what_of


class Whether(StrEnum):
    """Whether it is so."""

    SO = "so"
    NOT = "not"


class Sure(StrEnum):
    """How it is said."""

    STATED = "stated"
    HEDGED = "hedged"
    PLANNED = "planned"
    DATED = "planned for a day"
    CONDITIONAL = "conditional"
    WISHED = "wished"
    QUOTED = "quoted"
    BEGGED = "begged"
    ASKED = "asked"


class Whose(StrEnum):
    """Whose doing it is."""

    OWN = "own"
    NAMED = "an office's"
    OTHERS = "others'"


class Extent(StrEnum):
    """How much of the duty it is."""

    WHOLE = "whole"
    BARE = "bare"
    """Nothing says of what: 好了, 妥了, a tick."""
    UNKNOWN = "unknown"
    PART = "part"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Features:
    """The five features of a clause."""

    what: What
    whether: Whether = Whether.SO
    sure: Sure = Sure.STATED
    whose: Whose = Whose.OWN
    extent: Extent = Extent.WHOLE


def features(clause: Clause, *, coordinator: bool) -> Features:
    """Return a clause's features; ``coordinator`` admits what only coordinators decide."""
    what, at = what_of(clause, coordinator=coordinator)
    return Features(
        what, _whether(clause, what, at), _sure(clause, what, at), _whose(clause, at), _extent(clause, what, at)
    )


def _whether(clause: Clause, what: What, at: int) -> Whether:
    if Sense.NO not in clause.senses or (what is What.MORE_TIME and not _denied(clause.words, at)):
        return Whether.SO
    return Whether.NOT if what is not What.NOTHING or len(clause.words) <= 3 else Whether.SO


def _denied(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether more time is what is said not to be, and no reason behind a blank: 不延期, but 延三天 设备没到."""
    gap = next((place for place in range(at + 1, len(words)) if words[place].start > words[place - 1].end), len(words))
    return any(word.sense is Sense.NO for word in words[:gap])


_PLANS = frozenset({Sense.DUTY_BOUND, Sense.FUTURE})


def _sure(clause: Clause, what: What, at: int) -> Sure:
    has = clause.senses
    if what is What.MORE_TIME and _begs(clause):
        return Sure.BEGGED
    if has & {Sense.WHICH, Sense.ASK, Sense.MAY} or _ends_open(clause, at) or _offers_a_choice(clause):
        return Sure.ASKED
    if (
        clause.quoted
        or _is_attribute(clause, what, at)
        or Sense.LINK in has
        or _is_hearsay(clause)
        or _is_earlier(clause)
    ):
        return Sure.QUOTED
    if Sense.CONDITION in has or (what is What.FINISHED and _comes_first(clause.words, at)):
        return Sure.CONDITIONAL
    if has & {Sense.WISH, Sense.ALL} or _calls(clause.words[:at]):
        return Sure.WISHED
    if _is_later(clause) or _plans(clause.words) or _is_for_a_day(clause.words):
        return Sure.DATED if has & _DATING else Sure.PLANNED
    if what is What.TO_DO and Sense.NOW in has and Sense.PAST not in has:
        return Sure.DATED
    return Sure.HEDGED if Sense.HEDGE in has else Sure.STATED


def _comes_first(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether an end is only what comes before something else: 办好了再报; what is 已 past comes before nothing."""
    return not any(word.text.startswith("已") for word in words[:at]) and any(
        one.text == "再" and following.sense in _TO_COME for one, following in pairwise(words[at:])
    )


_TO_COME = frozenset({Sense.HAND, Sense.SEND, Sense.SETTLE, Sense.WORK, Sense.STEP})


def _is_later(clause: Clause) -> bool:
    """Tell whether it is for a time to come; 汛前已整改完 is past."""
    later = [word.text for word in clause.words if word.sense is Sense.LATER]
    past = any(word.sense is Sense.PAST and word.text.startswith("已") for word in clause.words)
    return bool(clause.senses & _PLANS) or any(not (past and text.endswith("前")) for text in later)


def _is_for_a_day(words: tuple[Word, ...]) -> bool:
    """Tell whether a day is one to come: nothing past is told of it, or only what another verb says before it, 已安排李工 18日办结."""
    day = next((place for place in reversed(range(len(words))) if words[place].sense is Sense.DAY), None)
    if day is None:
        return False
    past = [place for place, word in enumerate(words) if word.sense is Sense.PAST]
    return not past or (past[-1] < day and any(word.sense in _GIVEN_OUT for word in words[past[-1] : day]))


_GIVEN_OUT = frozenset({Sense.WORK, Sense.URGE, Sense.CHARGE, Sense.BEGIN, Sense.GO, Sense.PERSON, Sense.RECEIVE})
"""What is done first, so that somebody sees to it by a day."""


def _is_hearsay(clause: Clause) -> bool:
    """Tell whether somebody else says it; in 群众反映的问题 it only says which."""
    words = clause.words
    for place, word in enumerate(words):
        if word.sense is Sense.HEARSAY:
            after = words[place + 1 : place + 3]
            if [one.text for one in after[:1]] != ["的"] or [one.sense for one in after[1:]] != [Sense.DUTY]:
                return True
    return False


def _is_earlier(clause: Clause) -> bool:
    """Tell whether a clause speaks of another time than now; 周五之前 is a day."""
    days = (Sense.DAY, Sense.FUTURE, Sense.LATER)
    return any(
        word.sense is Sense.EARLIER and not (word.text == "之前" and place and clause.words[place - 1].sense in days)
        for place, word in enumerate(clause.words)
    )


def _begs(clause: Clause) -> bool:
    """Tell whether it is asked for leave, and not how, when or of whom to ask for it."""
    leave = clause.senses & {Sense.BEG, Sense.MAY} or any(word.text in ("能", "可以", "可") for word in clause.words)
    return bool(leave) and all(word.sense is not Sense.ASK or word.text in ("吗", "?", "么") for word in clause.words)


def _ends_open(clause: Clause, at: int) -> bool:
    """Tell whether a clause ends in 没有 after what it speaks of: 完成没有, 好了没."""
    last = next(
        (
            place
            for place in reversed(range(len(clause.words)))
            if clause.words[place].sense is not Sense.FILLER or clause.words[place].text in _DENIED
        ),
        0,
    )
    before = clause.words[:last]
    told = any(word.sense not in _BESIDE_A_DENIAL and word.text != "不" for word in before) and all(
        word.text not in _LEAST for word in before
    )
    return told and last > at and clause.words[last].text in ("没有", "没", "未", "不")


_DENIED = ("到", "来", "发来", "报来")
"""What is no particle after 没: 设备没到 asks nothing."""

_BESIDE_A_DENIAL = frozenset({Sense.FILLER, Sense.NOW, Sense.TASK, Sense.OURS, Sense.THANKS})
"""What stands before a bare 没有 and leaves it a denial: 目前还没有."""

_LEAST = ("一点", "一点儿", "半点", "丁点", "丝毫", "一个", "一家", "一项", "一处", "一户", "啥", "一分钱")
"""The least there is: of it 没有 is no question, 一点进展没有."""


def _offers_a_choice(clause: Clause) -> bool:
    """Tell whether 还是 stands between two things that are alike at an end: 纸质的还是电子的, 发邮箱还是发群里; not 还是没弄."""
    one, or_, other = "".join(word.text for word in clause.words).partition("还是")
    if not or_ or not one or not other:
        return False
    return one[-1] == other[-1] or other[0] in one[-4:]


def _is_attribute(clause: Clause, what: What, at: int) -> bool:
    """Tell whether what is finished only says of what else is spoken: 已完成的标准."""
    after = clause.words[at + 1 :]
    of = next((place for place, word in enumerate(after) if word.text == "的"), len(after))
    return what in (What.FINISHED, What.HANDED_IN) and any(word.sense not in _LIGHT for word in after[of + 1 :])


_LIGHT = frozenset({Sense.FILLER, Sense.MANNER, Sense.POLITE, Sense.THANKS, Sense.PAST})


def _calls(before: tuple[Word, ...]) -> bool:
    """Tell whether others are asked to do it: 请完成; whom one asked in the past did it: 昨天请人做完了."""
    past = next((place for place, word in enumerate(before) if word.sense is Sense.PAST), len(before))
    return any(word.text in ("请", "望") for word in before[:past])


_DATING = frozenset({Sense.DAY, Sense.FUTURE, Sense.LATER, Sense.NOW})


def _plans(words: tuple[Word, ...]) -> bool:
    """Tell whether a word plans; 就 between what is past does not: 昨天就交了. What is no problem will be: 完成没问题."""
    past = [place for place, word in enumerate(words) if word.sense is Sense.PAST or word.text in _RESULT_TOLD]
    return any(
        (
            word.sense is Sense.PLAN
            and not (word.text == "就" and past and place in range(past[0], past[-1]))
            and not (word.text == "将" and past and place > past[0])
            and not _goes_on(words[:place])
        )
        or (word.text in _NO_PROBLEM and not past)
        for place, word in enumerate(words)
    )


def _goes_on(before: tuple[Word, ...]) -> bool:
    """Tell whether what would plan is under way: 正在准备."""
    return bool(before) and before[-1].text.endswith("在")


_RESULT_TOLD = ("好了", "妥了", "掉了", "结束了")
"""Results that are past by themselves."""

_NO_PROBLEM = ("没问题", "没有问题")


def _whose(clause: Clause, at: int) -> Whose:
    has = clause.senses
    if Sense.OURS in has:
        return Whose.OWN
    others = [place for place, word in enumerate(clause.words[: at + 1]) if word.sense is Sense.THEIRS]
    acting = [place for place in others if not _is_given(clause.words, place)]
    if any(not _is_attribute_of_a_duty(clause.words, place) for place in acting):
        return Whose.OTHERS
    return Whose.NAMED if Sense.UNIT in has or acting else Whose.OWN


def _is_given(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether those who are named are given something, and do nothing: 给你们送过去了."""
    return place > 0 and words[place - 1].text in ("给", "向", "往")


def _is_attribute_of_a_duty(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether those who are named only say of whom the duty is: 企业欠薪已全部发放."""
    return place + 1 < len(words) and words[place + 1].sense is Sense.DUTY


_BARE = ("同意", "不同意", "批了", "行", "可以", "准")
"""What grants a request, or agrees to anything else."""


def _extent(clause: Clause, what: What, at: int) -> Extent:
    has, words = clause.senses, clause.words
    if what is What.FINISHED and _is_bare(words, at):
        alone = Sense.RECEIVE not in has and sum(word.sense is Sense.RESULT for word in words) <= 1
        return Extent.BARE if alone else Extent.UNKNOWN
    if what in (What.PERMIT, What.DENY):
        return Extent.WHOLE if Sense.MOVE in has or clause.words[at].text not in _BARE else Extent.UNKNOWN
    shares = [quantities.percent(word.text) for word in words if word.sense is Sense.SHARE]
    counted_after = any(word.sense is Sense.COUNT for word in words[at:])
    if any(share is not None and share < 100 for share in shares) or has & {Sense.PART, Sense.REST}:
        return Extent.PART
    if has & {Sense.STEP, Sense.URGE, Sense.BEGIN, Sense.GO} or (
        what is What.HANDED_IN and has & {Sense.LEADER, Sense.PERSON}
    ):
        return Extent.STEP
    counts = sum(word.sense is Sense.COUNT for word in words)
    if (counted_after or counts > 1 or (counts and Sense.NO in has)) and Sense.WHOLE not in has:
        return Extent.PART
    if _is_of_a_period(words):
        return Extent.PART
    if Sense.RECEIVE in has and what is What.FINISHED and _only_seen(words, at):
        return Extent.UNKNOWN
    if Sense.MANNER in has and not has & _TOLD_AS_PAST and words[at].sense is Sense.FINISH:
        return Extent.UNKNOWN
    strange = [word.text for place, word in enumerate(words) if _is_strange(words, place, at)]
    unknown = sum(len(text) + text.isdecimal() for text in strange)
    chief = words[at - 1 if words[at].sense is Sense.RESULT else at].sense
    if (unknown >= 2 or None in shares) and not (Sense.WHOLE in has and chief is Sense.SETTLE):
        return Extent.UNKNOWN
    if (what is What.HANDED_IN and words[at].sense is Sense.SEND) or (
        what is What.FINISHED and _sends_then(words[at:])
    ):
        return Extent.UNKNOWN
    papers = what is What.FINISHED and Sense.PAPER in has and words[at].sense is not Sense.SETTLE
    return Extent.UNKNOWN if papers or (Sense.COUNT in has and Sense.WHOLE not in has) else Extent.WHOLE


def _only_seen(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether an end stands behind a receipt and nothing after that tells it as past: 已签收 按期办结, 收到 将完成."""
    seen = [place for place, word in enumerate(words[:at]) if word.sense is Sense.RECEIVE]
    return bool(seen) and all(
        word.sense is not Sense.PAST and word.text not in _RESULT_TOLD for word in words[seen[-1] :]
    )


_TOLD_AS_PAST = frozenset({Sense.PAST, Sense.RESULT, Sense.WHOLE, Sense.NOW})
"""What tells 按期完成 as past; without it nobody knows whether it is promised."""


def _sends_then(after: tuple[Word, ...]) -> bool:
    """Tell whether what follows an end is sent, or is only to be sent then: 弄好了发您."""
    place = next((place for place, word in enumerate(after) if word.sense is Sense.SEND), None)
    if place is None or after[place - 1].text.startswith("已"):
        return False
    return all(word.sense not in (Sense.PAST, Sense.RESULT) for word in after[place:])


_BESIDE_AN_END = _LIGHT | {Sense.RESULT}
_OF_A_RECEIPT = _BESIDE_AN_END | {Sense.RECEIVE, Sense.OURS, Sense.TASK, Sense.DUTY, Sense.NOW}


def _is_bare(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether an end is told of nothing: 好了; but 已好, 都好了, Z-7好了 tell it of something. Beside 收到 these are what was seen."""
    seen = any(word.sense is Sense.RECEIVE for word in words)
    if is_tick(words[at]):
        return all(word.sense in _LIGHT for word in words if not is_tick(word))
    if words[at].sense is not Sense.RESULT:
        return False
    beside = _OF_A_RECEIPT if seen else _BESIDE_AN_END
    return all(word.sense in beside and not word.text.startswith("已") for word in words)


_STRANGE = frozenset({Sense.UNKNOWN, Sense.PLAIN, Sense.EVENT, Sense.LENGTH, Sense.PERSON})


def _is_strange(words: tuple[Word, ...], place: int, at: int) -> bool:
    """Tell whether a word may make something else of the clause; before a verb of the duty it only says which: 小区改造已完成."""
    following = words[place + 1].sense if place + 1 < at else None
    return words[place].sense in _STRANGE and following not in (Sense.WORK, Sense.SETTLE)


def _is_of_a_period(words: tuple[Word, ...]) -> bool:
    """本月任务 is a part of a year's; 本月已完成 only says when."""
    return any(
        word.sense is Sense.PERIOD and following.sense in (Sense.DUTY, Sense.WORK, Sense.SETTLE)
        for word, following in pairwise(words)
    )
