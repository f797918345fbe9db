"""Where a clause says that something came to its end."""

from bot.dialogue.understanding.clauses import BESIDE, Clause, word_before
from bot.dialogue.understanding.lexicon import Sense, Word

_FINISHING = frozenset({Sense.SETTLE, Sense.WORK, Sense.HAND, Sense.STEP, Sense.DUTY, Sense.PAPER, Sense.SEND})
BARELY = (
    BESIDE
    | {Sense.POLITE, Sense.PAST, Sense.WHOLE, Sense.RESULT, Sense.HEDGE}
    | {Sense.NO, Sense.UNIT, Sense.DAY, Sense.THANKS, Sense.ASK}
)
DAYS = frozenset({Sense.DAY, Sense.LATER, Sense.FUTURE})

_ABLE = ("才算", "就算", "能", "可", "就", "就能", "能够", "肯定", "马上")
"""What makes a plan of 完: 周五能完."""


def finished_at(clause: Clause) -> int | None:
    """Return where a clause says that something is finished: by one word, by a verb and its result, by 已 and a verb."""
    words, has = clause.words, clause.senses
    finishing = [place for place, word in enumerate(words) if word.sense is Sense.FINISH]
    for place in finishing:
        if not is_tick(words[place]):
            return place
    results = [place for place, word in enumerate(words) if word.sense is Sense.RESULT and not _came_down(words, place)]
    for place in results:
        bare = has <= BARELY and (has & {Sense.PAST, Sense.NO} or len(words[place].text) > 1)
        bare = bare or (has <= BARELY | _SEEING and _is_told_as_past(words, place))
        bare = bare or (word_before(words, place) in _ABLE and words[place].text in ("完", "好", "妥"))
        all_of_it = any(word.sense is Sense.WHOLE for word in words[:place])
        told = all_of_it or bool(has & _NOT_AT_AN_END) or _is_told_as_past(words, place)
        bare = bare or (told and _works_by_hand(words, place))
        bare = bare or _ends_an_act(words, place)
        if bare or any(word.sense in _FINISHING for word in words[:place]):
            return place
    if Sense.SETTLE in has:
        place = clause.first(Sense.SETTLE)
        if [word.text for word in words[place + 1 : place + 2]] == ["前"]:  # 整改前照片
            return None
        if any(word.sense in (Sense.WORK, Sense.STEP, Sense.URGE) for word in words[:place]):
            return None
        if any(word.sense in (Sense.PAST, Sense.WHOLE) for word in words[:place]) or words[-1].sense is Sense.PAST:
            return place
    return finishing[0] if finishing and Sense.RECEIVE not in has else None


_NOT_AT_AN_END = frozenset(
    {Sense.PLAN, Sense.DUTY_BOUND, Sense.CONDITION, Sense.HEDGE, Sense.NO, Sense.LATER, Sense.FUTURE, Sense.DAY}
)
_BY_HAND = frozenset("拉抽排搭装铺挂贴签填补封搬撤运刷架砌栽种浇焊堵埋挖扫割接通围盖洗擦立竖钉浇灌挪砍锯割")
"""Verbs of one sign that are parts of other words too often to be words of the lexicon; before a result they are verbs."""


def _works_by_hand(words: tuple[Word, ...], place: int) -> bool:
    before = words[place - 1] if place else None
    return before is not None and before.sense is Sense.UNKNOWN and before.text[-1] in _BY_HAND


def _ends_an_act(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether a result ends a verb that is no word of ours, and is told as past: 已开设完毕."""
    return (
        place > 1
        and len(words[place].text) > 1
        and len(words[place - 1].text) == 2
        and words[place - 1].sense is Sense.UNKNOWN
        and words[place - 2].sense in (Sense.PAST, Sense.WHOLE)
    )


def _came_down(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether what 下来了 tells is no end of the duty: 任务下来了, 整改停下来了; but 办下来了."""
    return words[place].text == "下来了" and not (place and words[place - 1].sense is Sense.SETTLE)


_SEEING = frozenset({Sense.RECEIVE, Sense.DUTY})
"""What stands with what was seen: 收到好了, 任务收到妥了."""


def _is_told_as_past(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether a result is past by itself, 好了, or by the word after it, 完 了; 嗯好 知道啦 is neither."""
    return len(words[place].text) > 1 or [word.sense for word in words[place + 1 : place + 2]] == [Sense.PAST]


def is_tick(word: Word) -> bool:
    """Tell whether a word that says that something is finished is a mark, which beside 收到 says no more than 收到."""
    return word.sense is Sense.FINISH and not word.text[0].isalnum()
