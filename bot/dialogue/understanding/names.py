"""The name of what a clause speaks of: what stands inside it says which it is, and nothing of its own."""

from bot.dialogue.understanding.lexicon import Sense, Word, of_kind


def without_whence(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return a clause's words, of which what only says by whom and when the duty was given out is one that says which: 贵办5月20日转来的信访件,
    上次检查通报的问题.
    """
    told = next((at for at, word in enumerate(words) if at and _says_which(word) and words[0].sense in _CHECKS), None)
    if told is not None and told <= 2:
        return (Word(words[0].start, words[told].end, words[told].text, Sense.FILLER), *words[told + 1 :])
    of = next(
        (at for at, word in enumerate(words) if word.text == "的" and at and _gives_out(words[at - 1].text)), None
    )
    first = next((at for at, word in enumerate(words[:of]) if word.sense in _BY_WHOM), None)
    if of is None or first is None or not any(word.sense in _GIVEN_OUT for word in words[of + 1 : of + 3]):
        return words
    if any(word.sense in _UNSAID for word in words[first:of]):
        return words
    start, end = words[first].start, words[of].end
    whence = "".join(word.text for word in words[first : of + 1])
    return (*words[:first], Word(start, end, whence, Sense.FILLER), *words[of + 1 :])


_CHECKS = frozenset({Sense.URGE, Sense.UNKNOWN, Sense.PLAIN, Sense.STEP})
"""What may stand at the head of a clause for who looked, or how: 督导反馈的, 巡察指出的."""


def _says_which(word: Word) -> bool:
    return word.sense is Sense.FILLER and len(word.text) > 2 and word.text.endswith("的")


def _gives_out(verb: str) -> bool:
    return verb in _GIVES_OUT or (len(verb) > 1 and verb[-1] in _GIVING)


_GIVES_OUT = ("来", "说", "派", "转", "分", "给")
_GIVING = frozenset("来办报发达出交送映馈置排代查光名诉解到")
"""Verbs by which a duty is given out, those of more signs by the last of them: 交办, 通报, 下达, 转来, 反映."""
_BY_WHOM = frozenset({Sense.THEIRS, Sense.UNIT, Sense.EARLIER, Sense.DAY, Sense.PAST, Sense.LEADER, Sense.PERSON})
_GIVEN_OUT = frozenset({Sense.DUTY, Sense.OBJECT})
_UNSAID = frozenset({Sense.NO, Sense.ASK, Sense.MAY, Sense.TASK, Sense.FINISH, Sense.RESULT, Sense.FUTURE, Sense.LATER})
"""Who gave a duty out, how, and what; and what makes more of it than whence it came."""


# ---------------------------------------------------------------- words inside a name

_BEGINS_TO_TELL = frozenset({Sense.PAST, Sense.WHOLE})
_TOLD_OF = frozenset(
    {
        Sense.SETTLE,
        Sense.WORK,
        Sense.RESULT,
        Sense.FINISH,
        Sense.PAST,
        Sense.WHOLE,
        Sense.FILLER,
        Sense.MANNER,
        Sense.NOW,
    }
)
_HEADS = frozenset({Sense.UNKNOWN, Sense.PLAIN, Sense.OBJECT, Sense.DUTY})
_INSIDE = frozenset(
    {
        Sense.UNKNOWN,
        Sense.PLAIN,
        Sense.OBJECT,
        Sense.LINK,
        Sense.WORK,
        Sense.SETTLE,
        Sense.PAPER,
        Sense.LIST,
        Sense.EVENT,
        Sense.GO,
        Sense.FIND,
    }
)
"""Senses of words that are as often a part of a name: 电影 in 电影院安全出口."""
_SIGNS_INSIDE = frozenset(
    {
        Sense.PLAN,
        Sense.HEDGE,
        Sense.FILLER,
        Sense.NO,
        Sense.STEP,
        Sense.PAST,
        Sense.RESULT,
        Sense.RECEIVE,
        Sense.DUTY_BOUND,
    }
)
"""Senses of which words of one sign are a part of a name where signs stand on both sides of it: 会 in 红十字会库房, 吧 in 网吧接线."""


def as_names(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return a clause's words, of which those that are only parts of what was set right, 电影院安全出口堵塞物已清除, are one that nobody knows."""
    tells = next((at for at, word in enumerate(words) if word.sense in _BEGINS_TO_TELL and _is_told(words, at)), None)
    if not tells:
        return words
    if words[tells - 1].sense in _HEADS and _acts(words[tells:]):
        head = tells - 1
    elif any(word.sense is Sense.FINISH for word in words[tells:]):
        head = tells - 1 - (words[tells - 1].text in _WORK)
        if (
            head < 1
            or words[head].sense not in (Sense.WORK, Sense.SETTLE)
            or len(words[head].text) == 1
            or words[head].text in _OF_A_STEP
        ):
            return words
    else:
        return words
    first = head
    while first and words[first - 1].end == words[first].start and _is_inside(words, first - 1):
        first -= 1
    if first == head or all(word.sense in _HEADS for word in words[first:head]):
        return words
    inside = words[first:head]
    name = Word(inside[0].start, inside[-1].end, "".join(word.text for word in inside), Sense.UNKNOWN)
    return (*words[:first], name, *words[head:])


_WORK = ("工作", "任务", "行动", "工程", "项目")
_OF_A_STEP = ("办理", "落实", "办", "执行", "处理", "解决", "组织", "安排", "统计", "写", "填", "录入")


def _is_told(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether from a place on a clause tells of nothing but an end."""
    return all(word.sense in _TOLD_OF for word in words[at:])


def _acts(told: tuple[Word, ...]) -> bool:
    """Tell whether it is told that something was set right, or gone through to the end."""
    senses = {word.sense for word in told}
    return Sense.SETTLE in senses or {Sense.WORK, Sense.RESULT} <= senses


def _is_inside(words: tuple[Word, ...], at: int) -> bool:
    word = words[at]
    if word.sense in _INSIDE or word.text in of_kind("things"):
        return word.sense is not Sense.PAPER or words[at + 1].sense in (Sense.UNKNOWN, Sense.PLAIN, Sense.OBJECT)
    between = at > 0 and words[at - 1].end == word.start and words[at - 1].sense in _INSIDE
    return len(word.text) == 1 and word.sense in _SIGNS_INSIDE and word.text != "的" and between
