"""What was told before an end that takes nothing from it: the last bit that was done, what hindered it at first, who wanted it."""

from bot.dialogue.understanding.lexicon import Sense
from bot.dialogue.understanding.meaning import Says
from bot.dialogue.understanding.orders import is_an_order
from bot.dialogue.understanding.promised import Heard
from bot.dialogue.understanding.what import Extent, Sure, Whether


def without_what_was_before(parts: list[Heard]) -> list[Heard]:
    """Return the clauses without those that tell how things stood before it came to an end, by which nothing is left: 原来没钱, 上面要求今天交."""
    parts = [part for place, part in enumerate(parts) if not _was_so_at_first(part, parts[place + 1 :])]
    ends = [place for place, part in enumerate(parts) if part.says is Says.FINISHED]
    if not ends or any(part.says in _AGAINST for part in parts[ends[-1] + 1 :]):
        return parts
    return [part for place, part in enumerate(parts) if place > ends[-1] or not _was_before(part, parts[place:])]


def _was_so_at_first(part: Heard, then: list[Heard]) -> bool:
    """Tell whether a clause says what hindered it at first, and the next ones how it goes now: 原来没钱，现在开工了."""
    at_first = any(word.text.startswith(_AT_FIRST) for word in part.clause.words[:2])
    return at_first and part.says in _HINDERED and any(one.says in _GOES_NOW for one in then)


_HINDERED = (Says.UNFINISHED, Says.DENIES, Says.OTHERS_LACK, Says.REFUSES, Says.REFUSES_PERHAPS)
_GOES_NOW = (
    Says.UNDER_WAY,
    Says.STEP,
    Says.PARTLY,
    Says.PROMISES,
    Says.PROMISES_DAY,
    Says.FINISHED,
    Says.PERHAPS_FINISHED,
)


def _was_before(part: Heard, since: list[Heard]) -> bool:
    busy = part.says is Says.UNDER_WAY and {word.text for word in part.clause.words} & _BUSY
    if busy and Sense.PAST in part.clause.senses and not part.clause.senses & {*_NOT_YET, Sense.NOW}:
        return True  # 加班赶出来了，已经完成
    said_to_be_done = any(
        one.says is Says.FINISHED and one.clause.senses & {Sense.WHOLE, Sense.NOW, Sense.PAST} for one in since
    )
    eager = all(word.text in _EAGERLY for word in part.clause.words if word.sense is Sense.PLAN)
    if part.says is Says.WILL and said_to_be_done and eager and not part.clause.senses & _TO_COME:
        return Sense.TASK not in part.clause.senses  # 认真整改，目前已全部到位
    passed = (
        part.says is Says.UNDER_WAY
        and part.features.extent is Extent.STEP
        and bool(part.clause.senses & {Sense.PAST, Sense.PERMIT})
    )
    if passed and not part.clause.senses & {*_NOT_YET, Sense.NOW, Sense.GO, Sense.BEGIN, Sense.COUNT}:
        return True  # 批了经费，路已修好
    at_first = any(word.text.startswith(_AT_FIRST) for word in part.clause.words[:2])
    if part.says is Says.NOT_SEEN or (part.says is Says.CALLS and is_an_order(part.clause)):
        return Sense.TASK not in part.clause.senses
    now = any(
        word.text.startswith(("现", "目前", "如今", "后来", "已")) for one in since[1:] for word in one.clause.words[:3]
    )
    return (at_first or (now and Sense.EARLIER in part.clause.senses)) and part.says in _WAS_SO


_EAGERLY = frozenset(
    {"认真", "立即", "立刻", "马上", "抓紧", "全力", "全力以赴", "努力", "着力", "加紧", "火速", "尽快", "这就", "积极"}
)
_TO_COME = frozenset({Sense.FUTURE, Sense.LATER, Sense.DAY, Sense.DUTY_BOUND, Sense.NO, Sense.BEG})
_AT_FIRST = (
    "原来",
    "原先",
    "起初",
    "一开始",
    "起先",
    "本来",
    "当初",
    "早先",
    "前期",
    "前阵",
    "前段",
    "前面",
    "开始时",
    "刚开始",
)
_WAS_SO = frozenset(
    {
        Says.UNFINISHED,
        Says.DENIES,
        Says.UNDER_WAY,
        Says.OTHERS_LACK,
        Says.OF_OTHERS,
        Says.PROMISES,
        Says.PARTLY,
        Says.STEP,
    }
)
_AGAINST = frozenset({Says.UNFINISHED, Says.DENIES, Says.PARTLY, Says.UNDER_WAY, Says.OTHERS_LACK, Says.OWES_PROOF})


def concludes(part: Heard) -> bool:
    """Tell whether a clause says no more than that all of it is finished: 全部完成了, 任务完成."""
    all_of_it = part.says is Says.FINISHED and part.clause.senses <= _ALL_OF_IT
    at_last = any(word.text in ("总算", "终于") for word in part.clause.words)
    return all_of_it and (at_last or bool(part.clause.senses & _NAMING_IT))


def led_up(part: Heard) -> bool:
    """Tell whether a clause tells of the last bit that was done, before all of it is said to be: 把剩下的两户也签了, 刚收尾, 企业已关停."""
    counts = sum(word.sense is Sense.COUNT for word in part.clause.words)
    has, words = part.clause.senses, {word.text for word in part.clause.words}
    past = Sense.PAST in has and part.features.whether is Whether.SO and not part.clause.quoted
    past = past and not has & _NOT_YET and not words & {"再", "吧"}
    bit = part.says is Says.PARTLY and bool(words & _LAST_BITS) and "只" not in words and counts < 2  # 剩下两户已签一户
    end = part.says is Says.UNDER_WAY and bool(words & {"收尾", "扫尾"})
    busy = words & _BUSY and not has & {*_NOT_YET, Sense.NOW} and bool(has & {Sense.PAST, Sense.LENGTH})
    if (part.says is Says.UNDER_WAY and busy) or (
        part.says is Says.UNFINISHED and words & _LATE and not has & _NOT_YET
    ):
        return True  # 忙了一个月，总算全部办结
    theirs = part.says is Says.OF_OTHERS and part.features.sure is Sure.STATED and not counts
    return past and (bit or end or theirs)


_ALL_OF_IT = frozenset(
    {Sense.NOW, Sense.WHOLE, Sense.DUTY, Sense.FINISH, Sense.PAST, Sense.FILLER, Sense.RESULT, Sense.SETTLE}
)
_NAMING_IT = frozenset({Sense.WHOLE, Sense.DUTY})
_NOT_YET = frozenset(
    {Sense.PLAN, Sense.DUTY_BOUND, Sense.CONDITION, Sense.WISH, Sense.FUTURE, Sense.LATER, Sense.DAY, Sense.BEG}
)
"""What says that a bit is still to be done, though 了 stands behind it: 下周把剩下的两户签了; a day may be to come."""
_LATE = frozenset({"拖了", "耽误", "耽搁", "延误", "拖延"})
_BUSY = frozenset({"忙", "赶", "赶工", "抢工", "攻坚", "冲刺"})
_LAST_BITS = frozenset({"剩下", "剩余", "余下", "其余"})
