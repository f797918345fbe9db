"""Whether a clause asks for more time, or only tells of it."""

from itertools import pairwise

from bot.dialogue.understanding.clauses import BESIDE, PROOFS, Clause
from bot.dialogue.understanding.lexicon import Sense, Word
from bot.dialogue.understanding.what import What


def of_time(clause: Clause) -> tuple[What, int] | None:
    has, words = clause.senses, clause.words
    if _is_told_of_time(clause) or (Sense.EVENT in has and not has & {Sense.BEG, Sense.MAY, Sense.DEADLINE}):
        return None
    begged = has & {Sense.BEG, Sense.MAY, Sense.DEADLINE} or words[0].text in ("敬请", "烦请", "务请")
    if has & {Sense.ABOUT, Sense.PERMIT} and not begged:
        return (What.MORE_TIME, clause.first(Sense.MOVE)) if clause.has_before(Sense.MOVE, Sense.DAY) else None
    before = words[: clause.first(Sense.LENGTH)] if Sense.LENGTH in has else ()
    if before and (has & {Sense.BEG, Sense.MAY} or any(word.text in ("给", "多", "再", "等我") for word in before)):
        return What.MORE_TIME, clause.first(Sense.LENGTH)
    if Sense.MOVE in has and not (words[0].text in PROOFS and Sense.SEND in has):
        return What.MORE_TIME, clause.first(Sense.MOVE)
    if {Sense.MAY, Sense.CONDITION} <= has and _waits_to_report(words):
        return What.MORE_TIME, clause.first(Sense.MAY)
    if _changes_the_day(clause):
        return What.MORE_TIME, clause.first(Sense.DAY)
    to_a_day = any(one.text == "申请到" and then.sense is Sense.DAY for one, then in pairwise(words))  # 申请到25号
    if (
        Sense.SHIFT in has
        and (to_a_day or has & {Sense.DEADLINE, Sense.BEG, Sense.MAY} or _is_asked_for_us(words) or _is_wanted(words))
        and has & {Sense.DAY, Sense.DEADLINE, Sense.FUTURE, Sense.LATER}
    ):
        return What.MORE_TIME, clause.first(Sense.SHIFT)
    asks_leave_for_a_day = Sense.MAY in has and has & {Sense.DAY, Sense.FUTURE, Sense.LATER} and has <= _LEAVE_FOR_A_DAY
    return (What.MORE_TIME, clause.first(Sense.MAY)) if asks_leave_for_a_day else None


def _is_wanted(words: tuple[Word, ...]) -> bool:
    """Tell whether who speaks wants it: 想挪到5月20日; 演练定了，挪到28号 only tells of it."""
    return any(one.text in ("想", "打算") and then.sense is Sense.SHIFT for one, then in pairwise(words))


def _changes_the_day(clause: Clause) -> bool:
    """Tell whether another day is asked for by barely naming it: 请改7月3日, 改6月30日行不."""
    last = clause.words[-1] if clause.words[-1].sense not in (Sense.MAY, Sense.FILLER) else clause.words[-2:][0]
    asks = clause.senses & {Sense.BEG, Sense.MAY} and last.sense is Sense.DAY
    return bool(asks) and any(one.text == "改" and then.sense is Sense.DAY for one, then in pairwise(clause.words))


def _is_asked_for_us(words: tuple[Word, ...]) -> bool:
    """Tell whether it is asked to be done for those who speak: 给我们放到月底吧."""
    for_us = any(one.text in ("给", "帮", "替") and then.sense is Sense.OURS for one, then in pairwise(words))
    return for_us and words[-1].text in ("吧", "呗")


def _waits_to_report(words: tuple[Word, ...]) -> bool:
    """Tell whether leave is asked to report only once something else is over: 等演练结束再报行不行."""
    waits = any(word.text in ("等", "等到") for word in words)
    return waits and any(
        one.text == "再" and then.sense in (Sense.HAND, Sense.SEND, Sense.SETTLE) for one, then in pairwise(words)
    )


def _is_told_of_time(clause: Clause) -> bool:
    """Tell whether it is told that something was moved, or that others want it, and nobody asks for it: 公示期延长了三天, 企业申请延期,
    学校延迟开学, 高考期间暂缓施工, 我们没申请延期.
    """
    words = [word for word in clause.words if word.sense is not Sense.FILLER]
    moves = next((place for place, word in enumerate(words) if word.sense is Sense.MOVE), None)
    if moves is None:
        return False
    before, after = words[:moves], words[moves + 1 :]
    asked = clause.senses & _ASKED_FOR
    denied = any(one.sense is Sense.NO and then.sense is Sense.BEG for one, then in pairwise(before))
    happened = (
        denied or _was_asked_before(clause.words) or (bool(after) and after[0].text in ("了", "过") and not asked)
    )
    happened = happened or [one.text for one in after[:1]] in (["现在"], ["今天"], ["目前"])  # 拖到现在还没弄
    of_a_step = bool(after) and after[0].sense in _STEPS and not asked
    wants = next((one for one in reversed(before) if one.sense not in _WANTING), None)
    return happened or of_a_step or (wants is not None and wants.sense in (Sense.THEIRS, Sense.UNIT))


def _was_asked_before(words: tuple[Word, ...]) -> bool:
    """Tell whether it is told, or asked, of more time that was asked for before: 上次申请缓几天, 前几天申请的延期; not 6月20日之前申请."""
    asks = next((place for place, word in enumerate(words) if word.sense is Sense.BEG), None)
    if asks is None:
        return False
    behind = [word.text for word in words[asks + 1 : asks + 2]]
    before = [n for n, word in enumerate(words[:asks]) if word.sense is Sense.EARLIER or word.text in _DAYS_AGO]
    return any(n == 0 or words[n - 1].sense is not Sense.DAY for n in before) or (behind == ["的"] and asks > 0)


_DAYS_AGO = frozenset({"昨天", "前天", "上周", "上月", "上个月", "前几天", "前些天", "前日", "昨日", "上礼拜"})


_ASKED_FOR = frozenset({Sense.BEG, Sense.MAY, Sense.PLAN, Sense.DUTY_BOUND, Sense.ASK, Sense.HEDGE, Sense.DEADLINE})
_STEPS = frozenset({Sense.WORK, Sense.BEGIN, Sense.GO, Sense.STEP})
_WANTING = _ASKED_FOR | {Sense.PAST, Sense.NOW, Sense.HEARSAY, Sense.WISH, Sense.GO}
"""What stands between who wants more time and the wish."""

_LEAVE_FOR_A_DAY = (
    BESIDE
    | {Sense.MAY, Sense.DAY, Sense.FUTURE, Sense.LATER, Sense.POLITE, Sense.HAND, Sense.DUTY, Sense.PAPER}
    | {Sense.BEG, Sense.HEDGE, Sense.ASK, Sense.THANKS, Sense.EARLIER, Sense.PERIOD}
)
"""What is said where leave is asked for a later day: 下月中旬行吗, 材料下周三交可以吗."""
