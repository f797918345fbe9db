"""What is only planned, hoped for or possible: what will be done, what can be done now, what somebody is sure to do."""

from itertools import pairwise

from bot.dialogue.understanding.clauses import word_before
from bot.dialogue.understanding.lexicon import Sense, Word, of_kind
from bot.dialogue.understanding.what import What


def is_to_come(words: tuple[Word, ...], what: What, at: int) -> bool:
    """Tell whether a clause, whose chief word stands ``at`` its place, says no more than what will or can be: 下周能完成, 现在可以交了. That it can
    be closed, 可以销号了, is said of what is finished as well.
    """
    ends = what in (What.FINISHED, What.HANDED_IN) and words[at].text not in of_kind("closed")
    return _plans(words) or (ends and is_possible(words, at))


def is_possible(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether an end is only one that can be reached: 可以交了, 已可完成, 可以把表都报了, 办得完了."""
    able = next((n for n in reversed(range(at)) if words[n].text in of_kind("possible")), None)
    if able is not None and words[able + 1].start == words[able].end:
        told = [word.sense for word in words[able + 1 : at]]
        near = able == at - 1 or (able == at - 2 and (told[0] in _VERBS or told[0] is Sense.UNKNOWN))
        return near or (words[able].text == "可以" and Sense.PAST not in told)
    able_to = [then for one, then in pairwise(words) if one.text in of_kind("possible")]
    if any(one.sense is Sense.VERIFY or one.text == words[at].text for one in able_to):
        return True  # 验收可以通过了, 完成是可以完成了
    inside = zip(words, words[1:], words[2:], strict=False)
    return any(one.sense in _VERBS and of.text == "得" and end.text in _REACHED for one, of, end in inside)


_VERBS = frozenset({Sense.SETTLE, Sense.WORK, Sense.HAND})
_REACHED = ("完", "了了", "成", "齐")
"""With what a verb says what can be done: 办得完."""


def _plans(words: tuple[Word, ...]) -> bool:
    """Tell whether a word plans; 就 between what is past does not: 昨天就交了, 上周就报过. What is no problem will be: 完成没问题."""
    past = [place for place, word in enumerate(words) if word.sense is Sense.PAST or _is_past(word)]
    return any(
        (
            word.sense is Sense.PLAN
            and not (
                word.text == "就" and past and place in range(past[0], past[-1]) and not _comes_of_it(words, place)
            )
            and not (word.text == "就" and "".join(one.text for one in words[place + 1 : place + 2]).startswith("已"))
            and not (word.text == "就" and _was_earlier_today(words, place, past))
            and not (word.text == "将" and past and place > past[0])
            and not (word.text == "妥妥" and past and _is_how(words, place))
            and not goes_on(words[:place])
        )
        or (word.text in _NO_PROBLEM and not past)
        for place, word in enumerate(words)
    )


def _is_past(word: Word) -> bool:
    """Tell whether a word of a duty is told as past by its own end: 好了, 报过."""
    went = word.sense in (Sense.HAND, Sense.SEND) and word.text.endswith("过")
    return went or word.text in (*RESULT_TOLD, "结了", "了了")


def _comes_of_it(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether 就 says what comes of what was told before the duty: 验收过了这事就结了; but 这事前天就结了."""
    before = words[place - 1] if place else None
    return (
        before is not None and before.sense is Sense.DUTY and any(one.sense is Sense.PAST for one in words[: place - 1])
    )


def _is_how(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether what would vow only says how it came to its end: 妥妥地搞定了, but 妥妥能搞定了."""
    then = words[place + 1 : place + 3]
    return len(then) > 1 and then[0].text in "的地滴" and then[1].sense in (Sense.FINISH, Sense.SETTLE)


def _was_earlier_today(words: tuple[Word, ...], place: int, past: list[int]) -> bool:
    """Tell whether 就 stands between a part of today that may be gone and what is told as past: 早上就交了."""
    return word_before(words, place) in (*PARTS_GONE, *THAT_DAY) and any(place < told for told in past)


PARTS_GONE = ("早上", "今早", "上午", "中午")
"""Parts of today of which it may be told what was done then."""


THAT_DAY = ("当场", "当即", "当天", "当日", "当晚", "第二天", "次日")
"""Days and moments that are gone where 就 stands behind them and what is told is past: 当天就改好了."""


def goes_on(before: tuple[Word, ...]) -> bool:
    """Tell whether what would plan is under way: 正在准备; what can be 现在 is not."""
    return bool(before) and before[-1].text in ("在", "正在", "还在", "仍在")


RESULT_TOLD = ("好了", "好咯", "好啦", "好嘞", "好滴", "好哒", "妥了", "掉了", "结束了")
"""Results that are past by themselves."""

_NO_PROBLEM = ("没问题", "没有问题", "没问题了", "没有问题了")
