"""What clauses say beside one another: what led up to an end, what goes along with it, and what is said against it."""

import re
from dataclasses import replace
from itertools import pairwise

from bot.dialogue.understanding.against import finds_fault, is_left, is_signed
from bot.dialogue.understanding.before_an_end import concludes, led_up, without_what_was_before
from bot.dialogue.understanding.beside_an_end import (
    OBJECTED,
    follows,
    goes_along,
    goes_as_it_should,
    is_kept_up,
    leaves_it_open,
)
from bot.dialogue.understanding.clauses import BESIDE
from bot.dialogue.understanding.closing import (
    CONCLUDES,
    OVER,
    TOLD_THEM,
    asks_to_close,
    is_left_to_the_office,
    is_passed_by_others,
)
from bot.dialogue.understanding.lexicon import Sense, of_kind
from bot.dialogue.understanding.listing import names_a_kind
from bot.dialogue.understanding.meaning import Says, said_by
from bot.dialogue.understanding.nothing_new import may_tell_of_nothing
from bot.dialogue.understanding.passing import is_of_what_is_less
from bot.dialogue.understanding.promised import Heard
from bot.dialogue.understanding.sureness import GRUDGING
from bot.dialogue.understanding.things import may_be_one_of_many
from bot.dialogue.understanding.what import Extent, Sure, What, Whether, Whose


def weighed(parts: list[Heard]) -> tuple[Heard, ...]:
    """Return the clauses of a message with what each says beside the others, without those that say nothing of their own there."""
    closes = any(asks_to_close(part.clause) for part in parts)
    if len(parts) == 1:
        return (_by_itself(parts[0], closes=closes),)
    parts = [_as_no_vow(part) for part in parts] if closes else parts
    parts = [part for part in parts if not _tells_how(part)] or parts
    if parts and parts[-1].says is Says.WANTS_LIST:
        parts = [part for part in parts if not names_a_kind(part.clause)]
    parts = [part for place, part in enumerate(parts) if not _is_listed(part, parts[place + 1 :])]
    parts = [_as_of_two(part, before) for part, before in zip(parts, (None, *parts), strict=False)]
    parts = [_as_handed_in(part, then) for part, then in zip(parts, (*parts[1:], None), strict=False)]
    if any(part.says is Says.UNFINISHED for part in parts):
        parts = [replace(part, says=Says.SLIPPED) if _remarks_on_a_slip(part) else part for part in parts]
    last = next((part for part in reversed(parts) if part.says is not Says.NOTHING), None)
    if last is not None and concludes(last):
        parts = [part for part in parts if not led_up(part)]
    parts = [_as_troubling_no_more(part, closes=closes) for part in parts]
    if closes or any(_none_is_left(part) for part in parts):
        parts = [_as_reported(part) for part in parts]
    parts = [_as_of_what_passed(part, parts[:place]) for place, part in enumerate(parts)]
    if any(part.says in _ENDED for part in parts):
        parts = [part for part in parts if not is_left_to_the_office(part.clause)]
    parts = [_as_bound(part, parts[place - 1] if place else None) for place, part in enumerate(parts)]
    parts = [_as_concluded(part, parts[:place]) for place, part in enumerate(parts)]
    parts = _without_what_goes_along(parts)
    parts = _without_own_question(parts)
    if any(part.says in (Says.UNFINISHED, Says.DENIES) for part in parts):
        parts = [replace(part, says=Says.PARTLY) if _came_already(part) else part for part in parts]
    parts = [replace(part, says=Says.PARTLY) if _is_put_off(part) else part for part in parts]
    parts = without_what_was_before(parts)
    if any(part.says in _ENDED for part in parts):
        parts = [part for part in parts if not goes_as_it_should(part)]
    if any(part.says is Says.FINISHED for part in parts):
        parts = [part for part in parts if not (is_kept_up(part) or follows(part))]
        parts = [part for part in parts if not (is_signed(part.clause) or _says_none_is_left(part, parts))]
        parts = [part for part in parts if not (_is_passed_by_others(part) or _tells_how_many(part, parts))]
        parts = [replace(part, says=Says.SLIPPED) if _speaks_against(part) else part for part in parts]
    return tuple(parts)


def _by_itself(part: Heard, *, closes: bool) -> Heard:
    """Return the one clause of a message with what it says."""
    if part.says is Says.UNFINISHED and _remarks_on_a_slip(part):
        return replace(part, says=Says.SLIPPED)
    part = _as_troubling_no_more(part, closes=False)
    part = (
        _as_reported(part) if closes and not is_left_to_the_office(part.clause) else part
    )  # 可以销掉了 reports nothing
    return replace(part, says=Says.PARTLY) if _is_put_off(part) else part


def _remarks_on_a_slip(part: Heard) -> bool:
    """Tell whether a slip of the office is only told: 没弄完，你们写错了; 是不是写错了 asks."""
    return part.features.what is What.SLIPPED and not part.clause.senses & {Sense.ASK, Sense.MAY}


def _tells_how(part: Heard) -> bool:
    """Tell whether a clause says no more than how it came about: 经全力整治，…."""
    return part.clause.words[0].text in ("经", "经过") and part.clause.mark == "," and not part.clause.senses & _ENDS


def _is_listed(part: Heard, then: list[Heard]) -> bool:
    """Tell whether a clause only names one of several things of which all is told then: (泵房、)管网、(闸门都修好了), 清单、(表都交了)."""
    if part.clause.mark != "、" or part.says not in (Says.UNDER_WAY, Says.WANTS_LIST) or not then:
        return False
    names = all(word.sense is Sense.LIST or word.text in of_kind("things") for word in part.clause.words)
    last = next((one for one in then if one.clause.mark != "、"), then[-1])
    return names and bool(last.clause.senses & {Sense.WHOLE, Sense.PAST})


def _as_of_two(part: Heard, before: Heard | None) -> Heard:
    """Return an end that is told of one counted thing and of another before it as told of two of many: 一村、二村都改完了."""
    if before is None or before.clause.mark != "、" or not before.clause.senses <= BESIDE | {Sense.COUNT}:
        return part
    of_two = part.says is Says.FINISHED and Sense.COUNT in part.clause.senses & before.clause.senses
    return replace(part, says=Says.PERHAPS_FINISHED) if of_two else part


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
    parts = {Sense.HAND} | ({Sense.PART} if Sense.WHOLE in has else _OF_PARTS)
    if part.clause.in_doubt or has & parts or not has & _OF_THE_DUTY or may_be_one_of_many(part.clause.words):
        return part
    whole = replace(told, extent=Extent.WHOLE)
    return Heard(part.clause, whole, said_by(whole))


def _as_no_vow(part: Heard) -> Heard:
    """Return a clause that only says how sure its end is as told of it, where the office is asked to close it: 妥妥搞定，求销号."""
    vows = [word.text for word in part.clause.words if word.sense is Sense.PLAN]
    vowed = part.says is Says.PROMISES and vows == ["妥妥"] and part.features.what is What.FINISHED
    return replace(part, says=Says.FINISHED) if vowed else part


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


def _is_passed_by_others(part: Heard) -> bool:
    return part.says not in _ENDED and is_passed_by_others(part.clause)


def _tells_how_many(part: Heard, parts: list[Heard]) -> bool:
    """Tell whether a clause only tells of how many all was that came to its end: 换届全部结束，12个村一次成功."""
    whole = any(one.says is Says.FINISHED and Sense.WHOLE in one.clause.senses for one in parts)
    has = part.clause.senses
    counted = sum(word.sense is Sense.COUNT for one in parts for word in one.clause.words)
    told = part.features.whether is Whether.SO and part.features.sure is Sure.STATED and Sense.COUNT in has
    told = told and counted < 3 and sum(word.sense is Sense.COUNT for word in part.clause.words) == 1
    told = told and not any(
        one is not part and one.says is Says.NOTHING and Sense.COUNT in one.clause.senses for one in parts
    )
    return (
        whole
        and told
        and part.says is Says.PARTLY
        and not has & _SOME
        and not any(w.text in ("才", "只", "还") for w in part.clause.words)
    )


_SOME = frozenset({Sense.REST, Sense.PART, Sense.NO, Sense.HEDGE, Sense.TASK, Sense.SHARE})


def _as_bound(part: Heard, before: Heard | None) -> Heard:
    """Return an end that nothing tells as past behind what only says that something has to be, as meant to be: 要求一户不落，全部完成."""
    if before is None or part.says not in _ENDED or Sense.PAST in part.clause.senses:
        return part
    has = before.clause.senses
    bound = has & {Sense.PLAN, Sense.DUTY_BOUND} and has <= _BESIDE_NONE_LEFT | {
        Sense.PLAN,
        Sense.DUTY_BOUND,
        Sense.WISH,
    }
    return replace(part, says=Says.PROMISES) if bound else part


def _as_concluded(part: Heard, before: list[Heard]) -> Heard:
    """Return a clause that says no more than that with what was told before it all is over, 这事就结了, as said so."""
    told_of = [one for one in before if one.says is not Says.NOTHING]
    over = told_of[-1:] and told_of[-1].says in _ENDED and told_of[-1].features.sure is Sure.STATED
    if not over or Sense.DUTY not in part.clause.senses:
        return part
    over = CONCLUDES.fullmatch("".join(word.text for word in part.clause.words)) is not None
    return replace(part, says=Says.FINISHED) if over else part


def _without_what_goes_along(parts: list[Heard]) -> list[Heard]:
    """Return the clauses without those by which something goes along with an end: (已整改)并公示, 已回复投诉人."""
    ended = next((place for place, part in enumerate(parts) if part.says in _ENDED), len(parts))
    rest = parts[ended + 1 :]
    kept = [part for part in rest if not (_told_them(part) or goes_along(part) or _is_fine(part))]
    ends_anew = [place for place, part in enumerate(kept) if part.says is Says.FINISHED]
    return parts[: ended + 1] + [
        replace(part, says=Says.SLIPPED) if leaves_it_open(part) and not any(n > place for n in ends_anew) else part
        for place, part in enumerate(kept)
    ]


def _told_them(part: Heard) -> bool:
    return TOLD_THEM.fullmatch("".join(word.text for word in part.clause.words)) is not None


def _is_fine(part: Heard) -> bool:
    return part.clause.words[0].text in ("并", "并且") and goes_as_it_should(part)


def _without_own_question(parts: list[Heard]) -> list[Heard]:
    """Return the clauses without a question after an end that who asks it denies at once, 弄好了吗？没呢, or that only grumbles behind
    what is promised: 明天给你送去，满意了吧.
    """
    if any(part.says is Says.PROMISES_DAY for part in parts):
        parts = [part for part in parts if any(word.text not in GRUDGING for word in part.clause.words)]
    denied = [
        place
        for place, (one, then) in enumerate(pairwise(parts))
        if one.says is Says.ASKS
        and one.clause.mark == "?"
        and one.clause.senses & _ENDS
        and then.says in (Says.UNFINISHED, Says.DENIES)
        and then.clause.words[0].text[0] in "没还早"
    ]
    return [part for place, part in enumerate(parts) if place not in denied and not _says_why(part, parts[:place])]


def _says_why(part: Heard, before: list[Heard]) -> bool:
    """Tell whether what would ask for something only says why it was not done: 还没弄，孩子高考呢; but 还没弄，模板呢."""
    undone = before[-1:] and before[-1].says in (Says.UNFINISHED, Says.DENIES)
    asks = part.says is Says.ASKS and part.clause.words[-1].text == "呢"
    asks = asks and not part.clause.senses & {Sense.ASK, Sense.MAY, Sense.PAPER, Sense.LIST, Sense.DUTY, Sense.STEP}
    return bool(undone) and asks and _WANTED.search("".join(word.text for word in part.clause.words)) is None


_WANTED = re.compile("[表板版件单函人钱款证章]呢$|链接|文件|通知|范本")
"""What somebody misses who asks where it is: (没弄，)模板呢."""


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


_ENDED = (Says.FINISHED, Says.PERHAPS_FINISHED, Says.BARELY_FINISHED)
_ENDS = frozenset({Sense.PAST, Sense.RESULT, Sense.FINISH})
_OF_PARTS = frozenset({Sense.COUNT, Sense.PAPER, Sense.PART})
_OF_THE_DUTY = frozenset({Sense.SETTLE, Sense.FINISH, Sense.HAND})
"""What asking to close leaves in doubt, 5处已整改完 and 表填好了, and what else it needs: 基坑挖好了 may be a step."""


_COMES_UP = ("出现", "发生", "新增", "反弹", "复发", "回潮")
"""What says of trouble that it is there, without a sign of the past: 又出现新问题."""


_MORE_CAME = re.compile("(?:多|冒|又)(?:出|了|出来|出了)(?:来|新)?[一两二三四五六七八九十几\\d]{1,3}[件项处个家户条宗]")
"""What says that there is more to do than was: 多出来两件."""


def _speaks_against(part: Heard) -> bool:
    """Tell whether a clause that says nothing of its own says something against an end beside it: 又坏了, 市里不认可."""
    words = part.clause.words
    comes_up = any(word.text in _COMES_UP for word in words)
    again = (Sense.PAST in part.clause.senses or comes_up) and any(word.text == "又" for word in words)
    again = again and not any(
        word.text.endswith(("核", "查", "看", "核对", "一遍", "一次")) for word in words
    )  # 又核了一遍
    against = (again and Sense.PAPER not in part.clause.senses) or Sense.RETURN in part.clause.senses
    objected = OBJECTED.fullmatch("".join(word.text for word in words)) is not None
    more = _MORE_CAME.search("".join(word.text for word in words))
    found = finds_fault(part.clause) or more or (objected and not part.clause.senses & {Sense.CLEAN, Sense.NO})
    return part.says is Says.NOTHING and (against or bool(found) or is_left(part.clause))
