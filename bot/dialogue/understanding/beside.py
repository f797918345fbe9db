"""What clauses say beside one another: what led up to an end, what goes along with it, and what is said against it."""

import re
from dataclasses import replace
from itertools import pairwise

from bot.dialogue.understanding.against import finds_fault, is_left, is_signed
from bot.dialogue.understanding.beside_an_end import follows, goes_as_it_should, is_kept_up
from bot.dialogue.understanding.clauses import BESIDE
from bot.dialogue.understanding.closing import (
    CONCLUDES,
    OVER,
    TOLD_THEM,
    asks_to_close,
    is_left_to_the_office,
    is_passed_by_others,
)
from bot.dialogue.understanding.lexicon import Sense
from bot.dialogue.understanding.meaning import Says, said_by
from bot.dialogue.understanding.nothing_new import may_tell_of_nothing
from bot.dialogue.understanding.orders import is_an_order
from bot.dialogue.understanding.passing import is_of_what_is_less
from bot.dialogue.understanding.promised import Heard
from bot.dialogue.understanding.things import may_be_one_of_many
from bot.dialogue.understanding.what import Extent, Sure, What, Whether, Whose


def weighed(parts: list[Heard]) -> tuple[Heard, ...]:
    """Return the clauses of a message with what each says beside the others, without those that say nothing of their own there."""
    closes = any(asks_to_close(part.clause) for part in parts)
    if len(parts) == 1:
        return (_by_itself(parts[0], closes=closes),)
    parts = [part for part in parts if not _tells_how(part)] or parts
    parts = [_as_handed_in(part, then) for part, then in zip(parts, (*parts[1:], None), strict=False)]
    if any(part.says is Says.UNFINISHED for part in parts):
        parts = [replace(part, says=Says.SLIPPED) if _remarks_on_a_slip(part) else part for part in parts]
    last = next((part for part in reversed(parts) if part.says is not Says.NOTHING), None)
    if last is not None and _concludes(last):
        parts = [part for part in parts if not _led_up(part)]
    parts = [_as_troubling_no_more(part, closes=closes) for part in parts]
    if closes or any(_none_is_left(part) for part in parts):
        parts = [_as_reported(part) for part in parts]
    parts = [_as_of_what_passed(part, parts[:place]) for place, part in enumerate(parts)]
    if any(part.says in _ENDED for part in parts):
        parts = [part for part in parts if not is_left_to_the_office(part.clause)]
    parts = [_as_concluded(part, parts[:place]) for place, part in enumerate(parts)]
    parts = _without_what_goes_along(parts)
    parts = _without_own_question(parts)
    if any(part.says in (Says.UNFINISHED, Says.DENIES) for part in parts):
        parts = [replace(part, says=Says.PARTLY) if _came_already(part) else part for part in parts]
    parts = [replace(part, says=Says.PARTLY) if _is_put_off(part) else part for part in parts]
    parts = _without_what_was_before(parts)
    if any(part.says is Says.FINISHED for part in parts):
        parts = [part for part in parts if not (goes_as_it_should(part) or is_kept_up(part) or follows(part))]
        parts = [part for part in parts if not (is_signed(part.clause) or _says_none_is_left(part, parts))]
        parts = [part for part in parts if not (_is_passed_by_others(part) or _tells_how_many(part, parts))]
        parts = [replace(part, says=Says.SLIPPED) if _speaks_against(part) else part for part in parts]
    return tuple(parts)


def _by_itself(part: Heard, *, closes: bool) -> Heard:
    """Return the one clause of a message with what it says."""
    if part.says is Says.UNFINISHED and _remarks_on_a_slip(part):
        return replace(part, says=Says.SLIPPED)
    part = _as_troubling_no_more(part, closes=False)
    part = _as_reported(part) if closes else part
    return replace(part, says=Says.PARTLY) if _is_put_off(part) else part


def _remarks_on_a_slip(part: Heard) -> bool:
    """Tell whether a slip of the office is only told: 没弄完，你们写错了; 是不是写错了 asks."""
    return part.features.what is What.SLIPPED and not part.clause.senses & {Sense.ASK, Sense.MAY}


def _tells_how(part: Heard) -> bool:
    """Tell whether a clause says no more than how it came about: 经全力整治，…."""
    return part.clause.words[0].text in ("经", "经过") and part.clause.mark == "," and not part.clause.senses & _ENDS


def _as_handed_in(part: Heard, then: Heard | None) -> Heard:
    """Return a clause that tells of a paper as said of the whole duty, where it was handed in, too: 表已填好并上报."""
    if then is None or part.says is not Says.PERHAPS_FINISHED or Sense.PAPER not in part.clause.senses:
        return part
    handed = then.clause.words[0].text in ("并", "并且") and then.clause.senses <= _OF_HANDING_IN
    return replace(part, says=Says.FINISHED) if handed and Sense.HAND in then.clause.senses else part


_OF_HANDING_IN = BESIDE | {Sense.HAND, Sense.PAST, Sense.POLITE}


def _as_reported(part: Heard) -> Heard:
    """Return a clause as said of the whole duty, where the office is asked to close it and only what it is about is unknown."""
    told, has = part.features, part.clause.senses
    if part.says is not Says.PERHAPS_FINISHED or told.whose is not Whose.OWN or not has & _ENDS:
        return part
    parts = {Sense.PART} if Sense.WHOLE in has else _OF_PARTS
    if part.clause.in_doubt or has & parts or not has & _OF_THE_DUTY or may_be_one_of_many(part.clause.words):
        return part
    whole = replace(told, extent=Extent.WHOLE)
    return Heard(part.clause, whole, said_by(whole))


def _as_of_what_passed(part: Heard, before: list[Heard]) -> Heard:
    """Return a clause that says only that something passed as said of what was told before: 隔壁镇已通水，验收合格."""
    told = [(one.clause, one.features) for one in before if one.says is not Says.FINISHED]
    less = part.says is Says.FINISHED and is_of_what_is_less(part.clause, told)
    return replace(part, says=Says.PERHAPS_FINISHED) if less else part


def _says_none_is_left(part: Heard, parts: list[Heard]) -> bool:
    """Tell whether a clause says of the same task beside an end that there is no more of it: 已整改完，没有此类情况了."""
    ended = any(one.says is Says.FINISHED and one.clause.tasks == part.clause.tasks for one in parts)
    return part.says is Says.NOT_OURS and ended and may_tell_of_nothing(part.clause)


def _as_troubling_no_more(part: Heard, *, closes: bool) -> Heard:
    """Return a clause that tells that what troubled is over, 不漏水了, as of an end; a sure one where the office is asked to close it."""
    over = part.says in (Says.NOTHING, Says.DENIES) and OVER.fullmatch("".join(word.text for word in part.clause.words))
    return replace(part, says=Says.FINISHED if closes else Says.PERHAPS_FINISHED) if over else part


def _none_is_left(part: Heard) -> bool:
    """Tell whether a clause says no more than that none of it is left: 一户没落, 没有剩的."""
    clean = any(word.sense is Sense.CLEAN and _LEFT.search(word.text) for word in part.clause.words)
    return clean and part.clause.senses <= _BESIDE_NONE_LEFT


_LEFT = re.compile("[剩落漏少留缺差丢]|遗|尾巴|死角|例外|掉队|[未没不].*[成改办弄做标号]")
_BESIDE_NONE_LEFT = BESIDE | {Sense.CLEAN, Sense.WHOLE, Sense.COUNT, Sense.PAST, Sense.POLITE, Sense.THANKS}


def _is_put_off(part: Heard) -> bool:
    """Tell whether something is only to be done at another time, or is waited for from others: 二车间停产检修时再改, 结论下周出."""
    if part.says is not Says.NOTHING or part.clause.senses & {Sense.PAST, Sense.ASK, Sense.MAY, Sense.POLITE}:
        return False
    told = "".join(word.text for word in part.clause.words)
    to_come = part.clause.senses & {Sense.LATER, Sense.FUTURE, Sense.DAY}
    return _ANOTHER_TIME.search(told) is not None or (bool(to_come) and _AWAITED.search(told) is not None)


_ANOTHER_TIME = re.compile(
    "(?:[时后回次晴假停年月天]|以后|到时候)再(?![次三也度看说联沟汇报反补来聊通告跟向商])[一-龥]{1,4}$"
)
_AWAITED = re.compile(
    "(?:意见|结论|结果|批复|批文|报告|证书|文件|通知|数据|鉴定)[一-龥\\d]{0,6}(?:出|出来|下来|给|反馈|到)$"
)


def _without_what_was_before(parts: list[Heard]) -> list[Heard]:
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


def _is_passed_by_others(part: Heard) -> bool:
    return part.says not in _ENDED and is_passed_by_others(part.clause)


def _tells_how_many(part: Heard, parts: list[Heard]) -> bool:
    """Tell whether a clause only tells of how many all was that came to its end: 换届全部结束，12个村一次成功."""
    whole = any(one.says is Says.FINISHED and Sense.WHOLE in one.clause.senses for one in parts)
    has = part.clause.senses
    told = part.features.whether is Whether.SO and part.features.sure is Sure.STATED and Sense.COUNT in has
    return (
        whole
        and told
        and part.says is Says.PARTLY
        and not has & _SOME
        and not any(w.text in ("才", "只", "还") for w in part.clause.words)
    )


_SOME = frozenset({Sense.REST, Sense.PART, Sense.NO, Sense.HEDGE, Sense.TASK, Sense.SHARE})


def _as_concluded(part: Heard, before: list[Heard]) -> Heard:
    """Return a clause that says no more than that with what was told before it all is over, 这事就结了, as said so."""
    told_of = [one for one in before if one.says is not Says.NOTHING]
    over = told_of[-1:] and told_of[-1].says in _ENDED and told_of[-1].features.sure is Sure.STATED
    if not over or Sense.DUTY not in part.clause.senses:
        return part
    concludes = CONCLUDES.fullmatch("".join(word.text for word in part.clause.words)) is not None
    return replace(part, says=Says.FINISHED) if concludes else part


def _without_what_goes_along(parts: list[Heard]) -> list[Heard]:
    """Return the clauses without those by which something goes along with an end: (已整改)并公示, 已回复投诉人."""
    ended = next((place for place, part in enumerate(parts) if part.says in _ENDED), len(parts))
    rest = parts[ended + 1 :]
    kept = [
        part
        for part in rest
        if not (_goes_along(part) or TOLD_THEM.fullmatch("".join(word.text for word in part.clause.words)))
    ]
    return parts[: ended + 1] + kept


def _goes_along(part: Heard) -> bool:
    if part.clause.words[0].text in ("并", "并且") and goes_as_it_should(part):
        return True
    along = part.clause.words[0].text in ("并", "并且") and not part.clause.senses & _STILL_OPEN
    return along and part.says in (Says.NOTHING, Says.STEP, Says.UNDER_WAY, Says.OF_OTHERS, Says.PERHAPS_FINISHED)


_STILL_OPEN = frozenset(
    {
        Sense.GO,
        Sense.BEGIN,
        Sense.NO,
        Sense.PLAN,
        Sense.DUTY_BOUND,
        Sense.FUTURE,
        Sense.LATER,
        Sense.BEG,
        Sense.REST,
        Sense.CONDITION,
    }
)


def _without_own_question(parts: list[Heard]) -> list[Heard]:
    """Return the clauses without a question after an end that who asks it denies at once: 弄好了吗？没呢."""
    denied = [
        place
        for place, (one, then) in enumerate(pairwise(parts))
        if one.says is Says.ASKS
        and one.clause.mark == "?"
        and one.clause.senses & _ENDS
        and then.says in (Says.UNFINISHED, Says.DENIES)
        and then.clause.words[0].text[0] in "没还早"
    ]
    return [part for place, part in enumerate(parts) if place not in denied]


def _came_already(part: Heard) -> bool:
    """Tell whether a clause tells of one thing that it came or was put up, where another is still to come: 主管道通了，支管还没接."""
    if part.says is not Says.NOTHING or Sense.NO in part.clause.senses:
        return False
    words = [word for word in part.clause.words if word.sense is not Sense.FILLER or word.text == "到"]
    told = "".join(word.text for word in words)
    came = _CAME.search(told) or _PUT_UP.match(told)
    return came is not None


_PUT_UP = re.compile("[装挂换铺接立搭架建砌刷]了[一-龥]{2,8}$")
_CAME = re.compile("[一-龥]{1,6}(?<![人雨雪天])(?:[通亮齐接装挖铺浇立打焊吊架种栽盖砌贴刷封批]|到)了$")


def _concludes(part: Heard) -> bool:
    """Tell whether a clause says no more than that all of it is finished: 全部完成了, 任务完成."""
    all_of_it = part.says is Says.FINISHED and part.clause.senses <= _ALL_OF_IT
    at_last = any(word.text in ("总算", "终于") for word in part.clause.words)
    return all_of_it and (at_last or bool(part.clause.senses & _NAMING_IT))


def _led_up(part: Heard) -> bool:
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


_ENDED = (Says.FINISHED, Says.PERHAPS_FINISHED, Says.BARELY_FINISHED)
_ENDS = frozenset({Sense.PAST, Sense.RESULT, Sense.FINISH})
_OF_PARTS = frozenset({Sense.COUNT, Sense.PAPER, Sense.PART})
_OF_THE_DUTY = frozenset({Sense.SETTLE, Sense.FINISH, Sense.HAND})
"""What asking to close leaves in doubt, 5处已整改完 and 表填好了, and what else it needs: 基坑挖好了 may be a step."""


def _speaks_against(part: Heard) -> bool:
    """Tell whether a clause that says nothing of its own says something against an end beside it: 又坏了, 市里不认可."""
    words = part.clause.words
    again = Sense.PAST in part.clause.senses and any(word.text == "又" for word in words)
    again = again and not any(
        word.text.endswith(("核", "查", "看", "核对", "一遍", "一次")) for word in words
    )  # 又核了一遍
    against = (again and Sense.PAPER not in part.clause.senses) or Sense.RETURN in part.clause.senses
    found = finds_fault(part.clause)
    return part.says is Says.NOTHING and (against or found or is_left(part.clause))
