"""The name of what a clause speaks of: what stands inside it says which it is, and nothing of its own."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from bot.dialogue.understanding.lexicon import Sense, Word, bears, of_kind


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
_GIVING = frozenset("来办报发达出交送映馈置排代查光名诉解到知醒")
"""Verbs by which a duty is given out, those of more signs by the last of them: 交办, 通报, 下达, 转来, 反映."""
_BY_WHOM = frozenset(
    {Sense.URGE, Sense.THEIRS, Sense.UNIT, Sense.EARLIER, Sense.DAY, Sense.PAST, Sense.LEADER, Sense.PERSON}
)
_GIVEN_OUT = frozenset({Sense.DUTY, Sense.OBJECT})
_UNSAID = frozenset({Sense.NO, Sense.ASK, Sense.MAY, Sense.TASK, Sense.FINISH, Sense.RESULT, Sense.FUTURE, Sense.LATER})
"""Who gave a duty out, how, and what; and what makes more of it than whence it came."""


def _with_ends(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return a clause's words, of which a nod right behind a verb is its end: 整好嘞."""
    return tuple(
        replace(word, sense=Sense.RESULT)
        if word.text in ("好嘞", "好滴", "好哒") and at and words[at - 1].sense in (Sense.SETTLE, Sense.WORK)
        else word
        for at, word in enumerate(words)
    )


def _without_what_ought_to_be(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return a clause's words, of which what only says what is to be done binds nobody to it: 应公示的都公示了."""
    told = [word.text for word in words[:3]]
    if len(words) < 5 or told[0] not in _OUGHT or told[2] != "的":
        return words
    then = next((word for word in words[3:] if word.sense not in _WHAT_OUGHT_TO_BE), words[3])
    if then.sense not in _BEGINS_TO_TELL:
        return words
    return (Word(words[0].start, words[2].end, "".join(told), Sense.FILLER), *words[3:])


_WHAT_OUGHT_TO_BE = frozenset({Sense.FILLER, Sense.COUNT, Sense.OBJECT, Sense.UNKNOWN, Sense.PLAIN, Sense.DUTY})
_OUGHT = ("应", "该", "要", "应该", "需", "须", "需要")


def _with_nothing_left(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return a clause's words, of which a no and what would be left are one that takes nothing back: 没有漏的; but 没剩几家."""
    for at, (no, left) in enumerate(pairwise(words)):
        if no.text in _LACKING and left.text in _LEFT and all(word.sense is Sense.FILLER for word in words[at + 2 :]):
            return (*words[:at], Word(no.start, left.end, no.text + left.text, Sense.CLEAN), *words[at + 2 :])
    return words


_LEFT = ("剩", "剩下", "剩余", "漏", "遗漏", "尾巴", "遗留", "余")


def _without_what_was_lacking(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return a clause's words, of which what only says who or what lacked something denies nothing: 没证的电工已持证."""
    of = len(words) > 4 and words[2].text == "的" and words[0].text in _LACKING
    lacks = of and words[1].sense in _LACKED and words[3].sense in _LACKED
    if not lacks or all(word.sense not in _BEGINS_TO_TELL for word in words[4:]):
        return words
    start, end = words[0].start, words[2].end
    which = "".join(word.text for word in words[:3])
    return (Word(start, end, which, Sense.FILLER), *words[3:])


_LACKING = ("没", "没有", "未", "没得")
_LACKED = (Sense.UNKNOWN, Sense.WORK, Sense.OBJECT, Sense.PLAIN)


# ---------------------------------------------------------------- words inside a name

_BEGINS_TO_TELL = frozenset({Sense.PAST, Sense.WHOLE})
_TOLD_OF = _BEGINS_TO_TELL | {
    Sense.SETTLE,
    Sense.WORK,
    Sense.RESULT,
    Sense.FINISH,
    Sense.FILLER,
    Sense.MANNER,
    Sense.NOW,
}
_THINGS = frozenset({Sense.UNKNOWN, Sense.PLAIN, Sense.OBJECT})
_HEADS = _THINGS | {Sense.DUTY}
_INSIDE = _THINGS | {
    Sense.LINK,
    Sense.WORK,
    Sense.SETTLE,
    Sense.PAPER,
    Sense.LIST,
    Sense.EVENT,
    Sense.GO,
    Sense.FIND,
    Sense.LEADER,
}
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
        Sense.REST,
        Sense.SEND,
    }
)
"""Senses of which words of one sign are a part of a name where signs stand on both sides of it: 会 in 红十字会库房, 吧 in 网吧接线."""


def as_names(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return a clause's words, of which those that are only parts of what was set right, 电影院安全出口堵塞物已清除, are one that nobody knows."""
    if any(word.text in _GLUED for word in words):
        words = tuple(_counted_alike(words))
    words = _without_what_ought_to_be(words)
    if any(word.sense is Sense.REST for word in words):
        words = _with_nothing_left(words)
    words = _with_what_was_mended(_without_what_was_lacking(_with_ends(words)))
    if all(word.sense not in _BEGINS_TO_TELL for word in words[1:]):
        return words
    words = _with_verbs(words)
    head = _head_of(words)
    if not head or any(bears("says", word.text) for word in words[: head + 1]):
        return words
    told: list[Word] = []
    group: list[Word] = []
    for at, word in enumerate(words[: head + 1]):
        inside = at < head and _is_inside(words, at, head, begun=bool(group) and group[-1].end == word.start)
        if group and not (inside and group[-1].end == word.start):
            told += _joined(group, words[at])
            group = []
        if at == head and word.sense is Sense.UNKNOWN and told and _is_glued_on(words, at, told[-1]):
            told[-1] = Word(told[-1].start, word.end, told[-1].text + word.text, Sense.UNKNOWN)
        elif inside:
            group.append(word)
        else:
            told.append(word)
    return (*told, *words[head + 1 :])


def _joined(group: list[Word], then: Word) -> list[Word]:
    theirs = len(group) == 1 and group[0].sense is Sense.THEIRS and then.sense not in _THINGS
    if theirs or all(word.sense in _HEADS for word in group):
        return group
    return [Word(group[0].start, group[-1].end, "".join(word.text for word in group), Sense.UNKNOWN)]


def _is_glued_on(words: tuple[Word, ...], head: int, name: Word) -> bool:
    """Tell whether the head of a name is the last sign of one with a sign inside that is a word elsewhere: 内墙, 附着物."""
    return name.end == words[head].start and words[head - 1].sense is Sense.FILLER and words[head - 1].text != "的"


_COUNTS = frozenset("件家户号份处项条")
_WHERE = frozenset("上中下前后里")
_GLUED = _COUNTS | _WHERE


def _counted_alike(words: tuple[Word, ...]) -> Iterator[Word]:
    """Yield a clause's words, of which a sign that counts elsewhere belongs to the name right before it: 配件, 窗户, 账号; and one that says
    where something is to the name right after it at the head of the clause: 上游, 后院.
    """
    before: Word | None = None
    for place, word in enumerate(words):
        if before is not None and before.sense is Sense.UNKNOWN and word.text in _COUNTS and word.start == before.end:
            before = replace(before, end=word.end, text=before.text + word.text)
            continue
        where = before is not None and place == 1 and before.text in _WHERE and word.start == before.end
        if before is not None and where and word.sense is Sense.UNKNOWN:
            before = replace(word, start=before.start, text=before.text + word.text)
            continue
        if before is not None:
            yield before
        before = word
    if before is not None:
        yield before


def _head_of(words: tuple[Word, ...]) -> int:
    """Return where the name ends of what came to an end, 0 where nothing tells so: a thing that was set right, or work that is finished."""
    tells = next((at for at, word in enumerate(words) if word.sense in _BEGINS_TO_TELL and _is_told(words[at:])), 0)
    counted = Sense.COUNT if any(word.sense is Sense.WHOLE for word in words[tells:]) else Sense.UNKNOWN
    if tells and words[tells - 1].sense in (*_HEADS, counted) and _acts(words[tells:]):
        return tells - 1
    if tells and any(word.sense is Sense.FINISH for word in words[tells:]):
        head = tells - 1 - (words[tells - 1].text in _WORK)
        works = words[head].sense in (Sense.WORK, Sense.SETTLE) and len(words[head].text) > 1
        return head if works and words[head].text not in of_kind("of_a_step") else 0
    return 0


_WORK = ("工作", "任务", "行动", "工程", "项目")


def _is_told(told: tuple[Word, ...]) -> bool:
    """Tell whether nothing but an end is told."""
    return all(word.sense in _TOLD_OF or _comes_to_an_end(told, at) for at, word in enumerate(told))


def _acts(told: tuple[Word, ...]) -> bool:
    """Tell whether it is told that something was set right, or gone through to the end."""
    senses = {word.sense for word in told}
    return Sense.SETTLE in senses or (Sense.RESULT in senses and bool(senses & {Sense.WORK, Sense.UNKNOWN}))


def _is_inside(words: tuple[Word, ...], at: int, head: int, *, begun: bool) -> bool:
    """Tell whether a word before the head of a name may be a part of the name, which has ``begun`` with the sign right before it or not."""
    word, then = words[at], words[at + 1]
    if word.sense is Sense.PAPER:
        return then.sense in _THINGS
    if word.sense in _INSIDE or word.text in of_kind("things") or word.text in of_kind("institutions"):
        return True
    if word.sense is Sense.STEP and any(one.sense is Sense.OBJECT for one in words[at + 1 : head + 1]):
        return True
    if word.text == "的":
        return begun and words[head].sense in (*_THINGS, Sense.COUNT) and at + 1 == head
    return begun and len(word.text) == 1 and word.sense in _SIGNS_INSIDE and then.start == word.end


# ---------------------------------------------------------------- verbs by their signs

_SETS_RIGHT = frozenset("拆清修补换撤封堵填排抽铲砍伐移搬退还拔扫洗刷灭销焚疏整治更缝遮盖扑捞剪挖割锄焊")
_AND_SO = _SETS_RIGHT | frozenset("通离足齐满平净掉走除光死毁空固实稳")
"""Signs of which verbs of setting right are made: 抽排, 补足, 封死."""


def _with_verbs(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return a clause's words, of which a verb that nobody listed is one of setting right where both its signs say so: 已抽排完毕, 均已补足."""
    words = tuple(_with_verbs_cut_off(words))
    return tuple(
        replace(word, sense=Sense.SETTLE)
        if word.sense is Sense.UNKNOWN
        and at
        and words[at - 1].sense in _BEGINS_TO_TELL
        and len(word.text) == 2
        and word.text[0] in _SETS_RIGHT
        and word.text[1] in _AND_SO
        and all(one.sense in _TOLD_OF for one in words[at + 1 :])
        else word
        for at, word in enumerate(words)
    )


_BY_ONE_SIGN = frozenset("补拆换修清封堵填撤")
"""Verbs of one sign that are told of a thing at the end of a clause: 纱窗补了."""


def _with_verbs_cut_off(words: tuple[Word, ...]) -> Iterator[Word]:
    """Yield a clause's words, of which a verb of setting right at the end of what nobody knows stands by itself: 口子封死了."""
    for at, word in enumerate(words):
        verb = word.text[-2:]
        told = at + 1 < len(words) and words[at + 1].text in ("了", "啦", "咯")
        if (
            told
            and word.sense is Sense.UNKNOWN
            and len(word.text) > 3
            and verb[0] in _SETS_RIGHT
            and verb[1] in _AND_SO
            and verb != "堵死"  # 路上堵死了
        ):
            yield Word(word.start, word.end - 2, word.text[:-2], Sense.UNKNOWN)
            yield Word(word.end - 2, word.end, verb, Sense.SETTLE)
        elif (
            told
            and word.sense is Sense.UNKNOWN
            and len(word.text) > 2
            and verb[1] in _BY_ONE_SIGN
            and at + 2 == len(words)
        ):
            yield Word(word.start, word.end - 1, word.text[:-1], Sense.UNKNOWN)
            yield Word(word.end - 1, word.end, verb[1], Sense.SETTLE)
        else:
            yield word


def _with_what_was_mended(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return a clause's words, of which a thing of a step is what a duty is about where it was mended: 围挡已修好, 设备检修完毕."""
    for at, word in enumerate(words):
        if word.sense is Sense.STEP and word.text in of_kind("things"):
            then = next((one for one in words[at + 1 :] if one.sense not in _BESIDE_A_MEND), None)
            named = at + 1 < len(words) and words[at + 1].sense is Sense.OBJECT and words[at + 1].start == word.end
            if named or (then is not None and then.text in of_kind("mends")):  # 车辆安全带
                words = (*words[:at], replace(word, sense=Sense.OBJECT), *words[at + 1 :])
    return words


_BESIDE_A_MEND = frozenset({Sense.FILLER, Sense.MANNER, Sense.NOW, Sense.PAST, Sense.WHOLE})


def _comes_to_an_end(told: tuple[Word, ...], at: int) -> bool:
    """Tell whether a verb that nobody listed is told as come to its end: 已开设完毕."""
    return (
        at > 0
        and told[at].sense is Sense.UNKNOWN
        and len(told[at].text) == 2
        and told[at - 1].sense in _BEGINS_TO_TELL
        and [one.sense for one in told[at + 1 : at + 2]] == [Sense.RESULT]
    )
