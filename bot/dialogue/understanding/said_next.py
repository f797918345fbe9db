"""What stands right after a number, by which it is a task that is told of, and no count and no day: 7已办结, 3还差两家."""

from bot.dialogue.understanding import quantities
from bot.dialogue.understanding.lexicon import Lexicon, Sense, Word

MEASURE = frozenset(
    "个家月年天级日项处件户条次台套份周点楼人名万千亿公米吨亩元块类种批期阶层度成栋幢座所辆页张篇轮季小分多余%号村镇县区岁部标"
)

TELLING = frozenset({
    Sense.PAST, Sense.NO, Sense.FINISH, Sense.RECEIVE, Sense.WHOLE, Sense.GO, Sense.MOVE, Sense.HEDGE, Sense.SHOW, Sense.STUCK,
    Sense.UNDO, Sense.BEG, Sense.SETTLE, Sense.HAND, Sense.RETURN, Sense.VERIFY, Sense.PERMIT, Sense.ASK, Sense.DEADLINE,
    Sense.FOREIGN, Sense.REST,
})  # fmt: skip
"""What is said of a task right after its number."""

_DATED = frozenset({Sense.FINISH, Sense.SETTLE, Sense.HAND, Sense.MOVE, Sense.GO})
"""What a day, too, may stand before: 7号完成 promises a day, 7号已完成 tells of a task."""


def state_at(text: str, at: int, words: Lexicon) -> str:
    """Return whether something is told of a task there: "now" of what goes on or is not begun, "told" of all else, or ""."""
    if text[at : at + 2].strip(" ,、") == "":
        return ""
    said = word_at(text, at + (text[at : at + 1] == " "), words)
    if text[at : at + 1] in MEASURE - {"号"} or said is None:
        return ""
    if said.sense in _NOW or said.text.startswith(("还", "仍", "正", "在", "没", "未")):
        return "now"
    put_off = asks_for_time(said, word_at(text, said.end, words))
    return "told" if put_off or said.sense in TELLING or said.sense in (Sense.RESULT, Sense.ALL) else ""


_NOW = frozenset({Sense.GO, Sense.NO, Sense.STUCK})
_DAYS_TO_COME = frozenset({Sense.LATER, Sense.FUTURE})


def tells_of_a_task(said: Word, then: Word | None) -> bool:
    """Tell whether what follows 7号 makes a task of it: what is told of one, what still goes on, a day of its own, 要晚几天."""
    if said.sense in (Sense.DUTY_BOUND, Sense.PLAN, Sense.MAY):
        return then is not None and (
            then.sense is Sense.MOVE or (said.sense is Sense.PLAN and then.sense in _DAYS_TO_COME)
        )
    if said.text in ("还要", "还得", "还需"):
        return True
    if said.text in ("还", "仍", "也", "一直") or said.sense is Sense.OURS:
        return then is not None and then.sense in TELLING - _DATED
    on_its_way = said.sense is Sense.GO and said.text.startswith(("还", "仍", "正"))
    another_day = said.sense in (Sense.FUTURE, Sense.LATER) or said.text in ("今天", "今日", "目前")
    return (
        said.text in ("进展", "进度")
        or (said.sense in TELLING and said.sense not in _DATED)
        or on_its_way
        or another_day
    )


def tells_at(text: str, at: int, words: Lexicon) -> bool:
    """Tell whether what follows a number, at most a blank after it, is what is said of a task."""
    said = word_at(text, at + (text[at : at + 1] == " "), words)
    return said is not None and (said.sense in TELLING or said.text.startswith(("还", "仍", "正", "在")))


def tells_what_became(text: str, at: int, words: Lexicon) -> bool:
    """Tell whether more time is asked for there, or something came to its end; that it is to come to it is said of a day."""
    said = word_at(text, at, words)
    then = word_at(text, said.end, words) if said is not None else None
    if said is None or said.sense is Sense.MOVE:
        return said is not None
    if said.text == "等":  # 3号等公安的数据; of 1号、3号等任务 no more is told here
        return then is None or then.sense is not Sense.DUTY
    if said.sense is Sense.FINISH and text[said.end : said.end + 1] in ("", *",;。 "):
        return True
    return said.sense in _DATED and then is not None and then.sense in (Sense.RESULT, Sense.PAST)


ENDS = frozenset({Sense.SETTLE, Sense.FINISH})


def came_to_its_end(text: str, said: Word, words: Lexicon) -> bool:
    """Tell whether what is said is told as past, as it is of a task and of no day to come, 12号办好了, 1号办结了, or with a share: 6号完成七成."""
    then = word_at(text, said.end, words)
    after = word_at(text, then.end, words) if then is not None else None
    past = then is not None and (then.sense is Sense.PAST or then.text[-1] in "了啦")
    return past or quantities.share_at(text, said.end) or (after is not None and after.sense is Sense.PAST)


def asks_for_time(said: Word, then: Word | None) -> bool:
    """Tell whether more time is what has to be, or is wanted: 要延到月底, 想缓几天."""
    wants = said.sense in (Sense.DUTY_BOUND, Sense.PLAN)
    return wants and then is not None and then.sense is Sense.MOVE


def word_at(text: str, at: int, words: Lexicon) -> Word | None:
    """Return the word that begins at a place of a text, one that asks for more time by so much, too; None at its end."""
    return (words.at(text, at) or quantities.put_off_at(text, at)) if at < len(text) else None
