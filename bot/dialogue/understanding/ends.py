"""Where a clause says that something came to its end."""

from bot.dialogue.understanding.clauses import BESIDE, Clause, word_before
from bot.dialogue.understanding.lexicon import Sense, Word, ends_in, of_kind

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
    again = next((n for n, word in enumerate(words) if word.sense is Sense.RETURN and word.text[:2] == "重新"), None)
    told = again is not None and words[-1].text == "了" and words[again].text[-1] in "报交送"
    along = (
        again is not None
        and words[again - 1].text in ("并", "并且")
        and any(w.text.startswith("已") for w in words[:again])
    )
    if again is not None and (told or along or word_before(words, again)[:1] == "已"):  # 已重新上报, 重新报上去了
        return again
    for place in finishing:
        if not is_tick(words[place]):
            return place
    results = [place for place, word in enumerate(words) if word.sense is Sense.RESULT and not _came_down(words, place)]
    for place in results:
        bare = has <= BARELY and (has & {Sense.PAST, Sense.NO} or len(words[place].text) > 1)
        bare = bare or (has <= BARELY | _SEEING and _is_told_as_past(words, place))
        able = word_before(words, place) in _ABLE or (
            words[place - 1].sense in DAYS
            and (Sense.PLAN in has or (words[place].text == "完" and Sense.PAST not in has))
        )  # 预计周五完, 周五完
        bare = bare or (able and words[place].text in ("完", "好", "妥"))
        all_of_it = any(word.sense is Sense.WHOLE for word in words[:place])
        told = all_of_it or bool(has & _NOT_AT_AN_END) or _is_told_as_past(words, place)
        bare = bare or (told and _works_by_hand(words, place))
        bare = bare or _ends_an_act(words, place)
        if bare or any(word.sense in _FINISHING for word in words[:place]):
            return place
    if Sense.SETTLE in has:
        place = clause.first(Sense.SETTLE)
        if words[place].text.endswith(_PAST_BY_ITSELF):
            return place
        if [word.text for word in words[place + 1 : place + 2]] == ["前"]:  # 整改前照片
            return None
        if any(word.sense in (Sense.WORK, Sense.STEP, Sense.URGE) for word in words[:place]):
            return None
        if any(word.sense in (Sense.PAST, Sense.WHOLE) for word in words[:place]) or words[-1].sense is Sense.PAST:
            return place
    return finishing[0] if finishing and Sense.RECEIVE not in has else None


_PAST_BY_ITSELF = ("合格", "新的", "正常", "干净", "完", "了")
"""Ends of verbs that say by themselves that it is past: 验收合格, 恢复正常, 清干净, 装完, 清了."""
_NOT_AT_AN_END = frozenset(
    {Sense.PLAN, Sense.DUTY_BOUND, Sense.CONDITION, Sense.HEDGE, Sense.NO, Sense.LATER, Sense.FUTURE, Sense.DAY}
)
BY_HAND = frozenset(
    "包捞打剪绑扎吊垫抹涂喷敷拧焚拉抽排搭装铺挂贴签填补封搬撤运刷架砌栽种浇焊堵埋挖扫割接通围盖洗擦立竖钉浇灌挪砍锯割划画亮清掏扒捡缝"
)
"""Verbs of one sign that are parts of other words too often to be words of the lexicon; before a result they are verbs."""


def _works_by_hand(words: tuple[Word, ...], place: int) -> bool:
    before = words[place - 1] if place else None
    return before is not None and before.sense is Sense.UNKNOWN and before.text[-1] in BY_HAND


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


def is_arranged(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether what came to its end is no more than that somebody was set on it: 安排好了, 和住建局协调妥了; but 已安排整改到位."""
    acts = [word.text for word in words[:at] if word.sense in (Sense.WORK, Sense.SETTLE)]
    return bool(acts) and acts[-1] in of_kind("arranges")


def is_tick(word: Word) -> bool:
    """Tell whether a word that says that something is finished is a mark, which beside 收到 says no more than 收到."""
    return word.sense is Sense.FINISH and not word.text[0].isalnum()


def tended_at(words: tuple[Word, ...]) -> int | None:
    """Return where a verb stands by which it is told of a thing that something was done with it, which may be the duty: by one of upkeep, 农机已年检,
    by one that nobody listed, 电缆已吊挂; or that all of them were gone through, 加油站都查过了. Nobody does anything by it.
    """
    told = [(place, word) for place, word in enumerate(words) if word.sense not in BESIDE]
    past = next((n for n, (_place, word) in enumerate(told) if word.text.startswith(("已", "业已", "现已"))), None)
    put_up = next((n for n, (_place, word) in enumerate(told) if word.text == "安装"), None)
    if past is not None and put_up is not None and any(word.text in of_kind("fittings") for _at, word in told[put_up:]):
        return told[put_up][0]
    moved = next((n for n, (_place, word) in enumerate(told) if word.text in _MOVED), 0)
    if moved and {word.sense for _place, word in told[:moved]} <= _THINGS | {Sense.PAST}:
        where = [word.sense for _place, word in told[moved + 1 :]]
        is_past = {Sense.PAST, Sense.WHOLE} & {word.sense for _place, word in told}
        if is_past and where[:1] == [Sense.UNKNOWN] and {*where[1:]} <= {Sense.PAST}:  # 货架都移到仓库了
            return told[moved][0]
    whole = any(word.sense is Sense.WHOLE for _place, word in told)
    if whole and len(told) > 2 and [word.text for _place, word in told[-1:]] in (["过了"], ["过"]):
        return told[-2][0] if told[-2][1].sense is Sense.WORK else None
    tended = len(told) > 2 and told[-1][1].text == "了" and told[-2][1].text in of_kind("upkeep")  # 公示栏更新了
    if tended and {word.sense for _place, word in told[:-2]} <= _THINGS:
        return told[-2][0]
    if not past or past + 1 >= len(told):
        return None
    things, after = (
        [word for _place, word in told[:past]],
        [one for one in told[past + 1 :] if one[1].sense is not Sense.WHOLE],
    )
    if not {word.sense for word in things} <= _THINGS or ends_in("people", things[-1].text) or len(after) != 1:
        return None
    place, verb = after[0]
    acts = verb.text in of_kind("upkeep") or (verb.sense is Sense.UNKNOWN and 2 <= len(verb.text) <= 4)
    return place if acts and len("".join(word.text for word in things)) > 1 else None


_MOVED = ("移到", "挪到", "放到", "换到")
"""What is said of a thing that was moved, and of a day that is to be."""
_THINGS = frozenset({Sense.UNKNOWN, Sense.PLAIN, Sense.OBJECT, Sense.WHOLE})
