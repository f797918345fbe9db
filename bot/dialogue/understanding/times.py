"""What is done again and again: an end that is told of one time, or of one stretch of time, may be one of many."""

from itertools import pairwise

from bot.dialogue.understanding.clauses import BESIDE
from bot.dialogue.understanding.lexicon import Sense, Word


def is_of_a_period(words: tuple[Word, ...]) -> bool:
    """本月任务, 四月份的任务 and 一季度的量 are a part of a year's; 本月已完成 only says when."""
    return any(
        (
            word.sense is Sense.PERIOD
            and following.sense in (Sense.DUTY, *_NAMES_OF_ACTS)
            and not _once_a_year(word, following)
        )
        or (_is_a_stretch(word) and (following.sense is Sense.DUTY or following.text in _SHARES))
        for word, following in pairwise([word for word in words if word.text != "的"])
    )


_NAMES_OF_ACTS = (Sense.WORK, Sense.SETTLE)


def _once_a_year(season: Word, what: Word) -> bool:
    """Tell whether a season only says which duty it is, that comes once a year: 秋季开学检查; not 秋季任务."""
    return season.text in _SEASONS and what.sense in _NAMES_OF_ACTS


_SEASONS = ("春季", "夏季", "秋季", "冬季", "今春", "今夏", "今秋", "今冬")
_SHARES = ("量", "份额", "额度", "定额", "任务量", "工作量", "计划量")
"""What a stretch of time has of a whole, by a word of its own."""


def is_what_a_stretch_had(words: tuple[Word, ...]) -> bool:
    """Tell whether what came to its end is named by the stretch of time alone that it was due for: 一季度的完成了, 三月份的交了; 本月的 is a part of a year's."""
    of = next((n for n, word in enumerate(words) if n and word.text == "的" and _is_a_stretch(words[n - 1])), None)
    if of is None or any(word.sense not in BESIDE | {Sense.PAST} for word in words[: of - 1]):
        return False
    then = next((word for word in words[of + 1 :] if word.sense not in BESIDE), None)
    return then is not None and then.sense in _TOLD


_TOLD = frozenset(
    {Sense.PAST, Sense.WHOLE, Sense.SETTLE, Sense.FINISH, Sense.RESULT, Sense.HAND, Sense.SEND, Sense.WORK}
)


def _is_a_stretch(word: Word) -> bool:
    month = word.sense in (Sense.DAY, Sense.PAST) and word.text.endswith(("月", "月份", "旬"))
    return word.sense is Sense.PERIOD or month or word.text in ("上周", "上月", "上个月", "上礼拜", "上季度")


def is_one_time_of_many(words: tuple[Word, ...], when: frozenset[Sense]) -> bool:
    """Tell whether it is told of one time, ``when`` it was, of what is done again and again: 本周的巡查做完了, 这次的检查做完了."""
    of = next((n for n, word in enumerate(words) if n and word.text == "的" and _says_when(words[n - 1], when)), None)
    if of is None:
        return False
    done = next((n for n, word in enumerate(words) if n > of and _is_done_anew(word)), len(words))
    named = all(word.sense in _ADDED_TO_A_NAME for word in words[of + 1 : done])
    rest = [word for word in words[done + 1 :] if word.text not in ("任务", "工作")]
    return named and done < len(words) and all(word.sense in _ENDING_IT for word in rest)


def _is_done_anew(word: Word) -> bool:
    return word.sense is Sense.WORK or (word.sense is Sense.UNKNOWN and word.text.endswith(_ROUNDS))


_ROUNDS = ("检查", "巡查", "抽查", "排查", "督查", "巡检", "走访", "暗访", "夜查", "巡河", "巡山", "巡林", "演练")


def _says_when(word: Word, when: frozenset[Sense]) -> bool:
    return word.sense in when and (word.sense is not Sense.UNKNOWN or word.text in ("次", "轮", "回", "趟"))


BY_THE_CALENDAR = frozenset({Sense.PERIOD, Sense.NOW, Sense.PAST})
BY_ITSELF = frozenset({Sense.UNKNOWN, Sense.EARLIER})
_ADDED_TO_A_NAME = frozenset({Sense.UNKNOWN, Sense.PLAIN, Sense.MANNER, Sense.WORK})
_ENDING_IT = BESIDE | {Sense.PAST, Sense.WHOLE, Sense.SETTLE, Sense.RESULT, Sense.FINISH, Sense.WORK}


def is_of_things_of_a_period(words: tuple[Word, ...]) -> bool:
    """Tell whether it is told of the things of a period, which may not be all: 上半年餐馆全部检查完毕, 五月份的店铺查完了."""
    names = (Sense.UNKNOWN, Sense.PLAIN, Sense.OBJECT, Sense.COUNT, Sense.THEIRS)
    told = [word for word in words if word.text != "的"]
    of_it = {n for n, word in enumerate(words) if n and word.text == "的" and _is_a_stretch(words[n - 1])}
    named = any(words[n + 1].sense in names for n in of_it if n + 1 < len(words))
    return named or any(
        word.sense is Sense.PERIOD and following.sense in names and not _once_a_year(word, (*told, word)[place + 2])
        for place, (word, following) in enumerate(pairwise(told))
    )
