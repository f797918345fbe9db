"""What a clause speaks of, told by its words together: an act and its end, who sees to it, and what is wanted."""

import re
from collections.abc import Callable
from itertools import pairwise

from bot.dialogue.understanding.asked_time import of_time
from bot.dialogue.understanding.came_back import of_what_came_back
from bot.dialogue.understanding.charge import of_who_sees_to_it
from bot.dialogue.understanding.clauses import BESIDE, PROOFS, Clause, word_before
from bot.dialogue.understanding.closing import is_for_the_office
from bot.dialogue.understanding.ends import BARELY, BY_HAND, DAYS, finished_at, tended_at
from bot.dialogue.understanding.lexicon import Sense, Word, of_kind
from bot.dialogue.understanding.nothing_new import tells_of_nothing
from bot.dialogue.understanding.talk import of_talk
from bot.dialogue.understanding.wanting import of_a_decision, of_the_bot, slip_in_the_work, suffered
from bot.dialogue.understanding.what import What


def what_of(clause: Clause, *, coordinator: bool) -> tuple[What, int]:
    """Return what a clause speaks of, and where its chief word stands among the words."""
    for looks in _OF_COORDINATORS if coordinator else _OF_CONTACTS:
        found = looks(clause)
        if found is not None:
            return found
    return _of_an_act(clause)


def _whatever_else_it_says(clause: Clause) -> tuple[What, int] | None:
    """Return what a clause speaks of by one word that stands above all others."""
    has, words = clause.senses, clause.words
    if Sense.ABOUT in has and Sense.SHARE in has and not has & {Sense.FINISH, Sense.HAND}:
        return What.SHARE, clause.first(Sense.SHARE)
    talk = of_talk(clause)
    if talk is not None:
        return talk, 0
    if Sense.ABOUT in has and Sense.SHARE not in has:
        return What.NOTHING, 0
    if tells_of_nothing(clause):
        return What.NIL, 0
    for sense, what in (
        (Sense.LEAVE, What.LEAVES),
        (Sense.CRY, What.CRIES),
        (Sense.FOREIGN, What.FOREIGN),
        (Sense.STUCK, What.STUCK),
    ):
        if sense in has and not (sense is Sense.STUCK and _was_stuck(words, clause.first(sense))):
            return what, clause.first(sense)
    if Sense.DENY in has and has & {Sense.THEIRS, Sense.UNIT, Sense.LEADER} and not has & {Sense.MOVE, Sense.TASK}:
        return What.STUCK, clause.first(Sense.DENY)
    slipped = slip_in_the_work(clause)
    if slipped is not None:
        return What.SLIPPED, slipped
    if Sense.NO in has and has & _HANDED_IN and has <= _OWED and any(word.text in PROOFS for word in words):
        return What.PROOF_OWED, clause.first(Sense.NO)
    if Sense.RETURN in has and suffered(words, clause.first(Sense.RETURN)):
        return What.STUCK, clause.first(Sense.RETURN)
    if _did_not_pass(clause):
        return What.STUCK, clause.first(Sense.RETURN)
    heads_a_notice = clause.mark == ":" and has <= BESIDE | {Sense.URGE, Sense.PERSON, Sense.LEADER, Sense.THEIRS}
    of_things = has & {Sense.EVENT, Sense.LINK} and not has & {Sense.BEGIN, Sense.STEP, Sense.WORK, Sense.FINISH}
    of_things = of_things and not ({Sense.SETTLE, Sense.PAST} <= has and any(word.text == "值班" for word in words))
    of_things = of_things and not (has & _HANDED_IN and {Sense.PAPER, Sense.PAST} <= has)  # 值班表已报送, 表已上传系统
    return (What.NOTHING, 0) if heads_a_notice or of_things or is_for_the_office(clause) else None


def _did_not_pass(clause: Clause) -> bool:
    """Tell whether something of the unit's own was found not to pass: 有两项不合格; not what only says which, 不合格的已重做."""
    place = next((n for n, word in enumerate(clause.words) if word.text == "不合格"), None)
    if place is None or clause.senses & {Sense.NO, Sense.CLEAN, Sense.FINISH, Sense.RESULT, Sense.SETTLE, Sense.SHOW}:
        return False
    return all(word.sense in (Sense.PAST, Sense.FILLER) and word.text != "的" for word in clause.words[place + 1 :])


def _was_stuck(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether what does not go on only says which duty came to its end, 拖了好久的那个事终于办下来了, or which did not: 除一家拒不配合外."""
    if words[0].text in ("除", "除了") and any(word.text[-1] == "外" for word in words[place + 1 : place + 2]):
        return True
    of = next((at for at, word in enumerate(words) if at > place and word.text == "的"), len(words))
    of_a_duty = any(word.sense in (Sense.DUTY, Sense.OBJECT) for word in words[of + 1 : of + 2])
    return of_a_duty and any(word.sense in (Sense.FINISH, Sense.RESULT) for word in words[of:])


_HANDED_IN = frozenset({Sense.SEND, Sense.HAND})
_OWED = BESIDE | _HANDED_IN | {Sense.NO, Sense.PAPER, Sense.PAST, Sense.THEIRS}
"""What is said of a proof that is still to come, which leaves the duty as it is: 照片还没传."""


def _of_an_end(clause: Clause) -> tuple[What, int] | None:
    finished = finished_at(clause)
    if finished is None:
        return None
    if [word.text for word in clause.words[finished + 1 :]] == ["中"]:  # 完成中: it goes on
        return What.UNDER_WAY, finished
    goes_on = clause.senses & {Sense.GO, Sense.BEGIN} and clause.words[finished].sense is not Sense.FINISH
    return None if goes_on else (What.FINISHED, finished)


def _of_what_was_seen(clause: Clause) -> tuple[What, int] | None:
    """Return whether a clause says that something was seen, or barely that it is not so."""
    has, words = clause.senses, clause.words
    if [word.text for word in words] in (["中"], ["成"]):
        return What.SEEN, 0
    if [word.text for word in words] in (["没办法"], ["没法"]):
        return What.STUCK, 0
    if _is_taken_on(words):
        return What.SEEN, 0
    if _is_promised(clause):
        return What.TO_DO, clause.first(Sense.RECEIVE)
    if words[0].sense is Sense.RECEIVE and _has_handed_in(words[1:]):
        return What.HANDED_IN, clause.first(Sense.HAND)
    if Sense.RECEIVE in has and not has & {Sense.GO, Sense.BEGIN, Sense.STEP} and not _is_able(clause):
        if Sense.NO in has and _awaits(words, clause.first(Sense.RECEIVE)):
            return What.STUCK, clause.first(Sense.RECEIVE)
        obeyed = _obeyed_at(clause)
        seen = What.TAKEN if Sense.COUNT in has and not has & {Sense.DUTY, Sense.TASK} else What.SEEN
        return (What.FINISHED, obeyed) if obeyed is not None else (seen, clause.first(Sense.RECEIVE))
    denies = any(word.text in ("没", "没有", "尚未", "未", "没得") for word in words)
    barely = denies and {Sense.NO} < has <= _NOT_YET | {Sense.THEIRS, Sense.UNIT}
    return (What.STUCK, clause.first(Sense.NO)) if barely or _is_not_yet(words) else None


def _is_taken_on(words: tuple[Word, ...]) -> bool:
    """Tell whether no more is told than that a task was taken: 任务8领了, 这项我乡接了."""
    named = any(word.sense in (Sense.TASK, Sense.DUTY) for word in words)
    told = "".join(word.text for word in words if word.sense not in BESIDE | {Sense.DUTY})
    return named and told in ("领了", "接了", "领啦", "接着了", "领走了")


_Looks = Callable[[Clause], tuple[What, int] | None]
_OF_COORDINATORS: tuple[_Looks, ...] = (
    of_the_bot,
    of_a_decision,
    of_time,
    of_who_sees_to_it,
    _whatever_else_it_says,
    _of_an_end,
    _of_what_was_seen,
)
_OF_CONTACTS = (
    *(looks for looks in _OF_COORDINATORS if looks is not of_a_decision),
    of_what_came_back,
)
"""Who tells first what a clause speaks of is believed; none is asked after that."""


def _of_an_act(clause: Clause) -> tuple[What, int]:
    """Return what a clause tells of an act that is no end of the duty."""
    has, words = clause.senses, clause.words
    if Sense.HAND in has and (Sense.PAST in has or _was_this_morning(words)):
        return What.HANDED_IN, clause.first(Sense.HAND)
    to_us = any(
        word.text in US or (has & {Sense.PAPER, Sense.LIST} and word.text in of_kind("to_the_office")) for word in words
    )
    if Sense.SEND in has and Sense.PAST in has and to_us:
        return What.HANDED_IN, clause.first(Sense.SEND)
    if {Sense.SEND, Sense.PAPER, Sense.PAST} <= has <= _SENT and any(word.text[0] in "已早昨前" for word in words):
        return What.HANDED_IN, clause.first(Sense.SEND)
    if Sense.PAPER in has and any(word.text in ("出来", "下来", "出炉") for word in words) and Sense.PAST in has:
        return What.TAKEN, clause.first(Sense.PAPER)
    for sense in (Sense.GO, Sense.BEGIN):
        if sense in has and not (has <= _OF_A_SHARE and Sense.SHARE in has):
            return What.UNDER_WAY, clause.first(sense)
    if Sense.SEND in has and Sense.PAST in has and has & {Sense.THEIRS, Sense.STEP, Sense.UNKNOWN}:
        return What.TAKEN, clause.first(Sense.SEND)
    if Sense.FIND in has and Sense.NO not in has:
        return What.TAKEN, clause.first(Sense.FIND)
    tended = tended_at(words)
    if tended is not None:
        return What.FINISHED, tended
    for sense in (Sense.STEP, Sense.SETTLE, Sense.WORK, Sense.URGE):
        if sense in has and has & {Sense.PAST, Sense.COUNT} and not _names_a_paper(words, clause.first(sense)):
            return What.TAKEN, clause.first(sense)
    if _is_amid(words):
        return What.UNDER_WAY, len(words) - 1
    doing = [place for place, one in enumerate(words) if one.sense in _ACTING and word_before(words, place) == "在"]
    if doing or works_on(words):
        return What.UNDER_WAY, doing[0] if doing else 0
    if Sense.STEP in has and Sense.WHOLE in has:
        return What.TAKEN, clause.first(Sense.STEP)
    for sense, what in _DOING.items():
        if sense in has and not _names_a_paper(words, clause.first(sense)):
            return what, clause.first(sense)
    return _of_an_extent(clause)


def _is_amid(words: tuple[Word, ...]) -> bool:
    """Tell whether a clause ends in that something goes on: 清淤中, 管沟回灌中."""
    if len(words) < 2 or words[-1].text != "中":
        return False
    alone = len(words) == 2 and words[0].sense is Sense.UNKNOWN and len(words[0].text) == 2
    return alone or words[-2].sense in (Sense.SETTLE, Sense.WORK)


def works_on(words: tuple[Word, ...]) -> bool:
    """Tell whether something is being done by hand: 二组在刷墙, 在铺管呢, 沥青在铺; not 在打印店里."""
    told = [word for word in words if word.text not in ("呢", "啊", "了", "着")]
    if [word.text for word in told[-2:-1]] != ["在"]:
        return False
    return told[-1].sense is Sense.UNKNOWN and told[-1].text[0] in BY_HAND and len(told[-1].text) < 4


_SENT = BESIDE | {Sense.SEND, Sense.PAPER, Sense.PAST, Sense.WHOLE, Sense.POLITE, Sense.PLAN}
"""What is said where a paper was sent, and to whom is left out: 电子版已发."""


def _has_handed_in(words: tuple[Word, ...]) -> bool:
    """Tell whether no more is told than that it was handed in, behind a nod: (嗯嗯)已经报了."""
    told = [word for word in words if word.sense not in BESIDE]
    senses = [word.sense for word in told]
    return senses[:2] == [Sense.PAST, Sense.HAND] and told[0].text[0] in "已早昨" and {*senses[2:]} <= {Sense.PAST}


def _awaits(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether what has not come is no message of ours: 没接到钱, 没收到批复."""
    after = words[place + 1] if place + 1 < len(words) else None
    return (
        words[place].text in ("收到", "接到", "看到")
        and after is not None
        and after.sense in (Sense.UNKNOWN, Sense.STEP)
    )


def _was_this_morning(words: tuple[Word, ...]) -> bool:
    """Tell whether it is told when it was handed in: 早上交的."""
    return words[-1].text == "的" and any(word.text in ("早上", "上午", "今早") for word in words)


def _obeyed_at(clause: Clause) -> int | None:
    """Return where it is told as past that what was asked for is done, which may be all of it: 已按要求落实, 照办了."""
    told = [(place, word) for place, word in enumerate(clause.words) if word.sense is not Sense.FILLER]
    past = (Sense.PAST, Sense.WHOLE)
    return next(
        (
            place
            for number, (place, word) in enumerate(told)
            if _OBEYING.fullmatch(word.text)
            and any(
                other.sense in past for _place, other in (*told[number - 1 : number], *told[number + 1 : number + 2])
            )
        ),
        None,
    )


_OBEYING = re.compile("遵照|遵办|照办|按要求执行|按要求办理|按要求落实|贯彻执行|抓好落实|照此办理|照此执行")
"""What nods, and tells of an act where it is past."""

_ACTING = frozenset({Sense.SETTLE, Sense.WORK, Sense.HAND})
_OF_A_SHARE = BESIDE | {Sense.GO, Sense.SHARE, Sense.PAST}
"""What tells no more than how far it is: 进度六成了."""


def _is_able(clause: Clause) -> bool:
    """Tell whether 可以 says what can be done, and nods at nothing: 下周三之前可以报."""
    nods = {word.text for word in clause.words if word.sense is Sense.RECEIVE}
    does = any(one.text == "可以" and then.sense is Sense.UNKNOWN for one, then in pairwise(clause.words))  # 可以进了
    return nods == {"可以"} and (does or bool(clause.senses & {Sense.HAND, Sense.SEND}))


_FOR_SURE = frozenset({"行", "可以", "没问题", "没有问题"})


def _is_promised(clause: Clause) -> bool:
    """Tell whether somebody nods to a day, by which it will be: 月底肯定行."""
    nods = {word.text for word in clause.words if word.sense is Sense.RECEIVE}
    return bool(nods) and nods <= _FOR_SURE and bool(clause.senses & (DAYS | {Sense.PERIOD}))


_AT_THE_OFFICE = ("督查室", "督办室", "督办科", "督查科", "督查办", "安委办")
US = ("你们办公室", "贵办公室", "你们", "贵办", "贵局", "你办", "你局", "督办办", "您", "你", *_AT_THE_OFFICE)
"""To whom something is sent that may be what was to be handed in."""


def _is_not_yet(words: tuple[Word, ...]) -> bool:
    """Tell whether it ends in something that has not come about: 报告还没出."""
    if words[-1].sense is Sense.OURS and any(word.sense is Sense.THEIRS for word in words):  # 别的科还没给我
        return [word.text for word in words[-2:-1]] == ["给"] and words[-3].sense is Sense.NO
    last = [word for word in words if word.sense not in (Sense.FILLER, Sense.PAST) or word.text in _YET]
    if [word.text for word in last[-2:]] in (["还", "没"], ["还", "没有"]):
        return all(word.sense not in (Sense.PAST, Sense.FINISH, Sense.RESULT) for word in last)
    least = any(word.sense is Sense.COUNT and word.text[0] == "一" for word in last[:-2])
    last = last[:-1] if least and last[-1].text in ("出来", "下去", "起来", "进来") else last
    if least and last[-2].sense is Sense.NO and last[-1].sense is Sense.UNKNOWN:  # 一户都没签
        return len(last[-1].text) < 4 and last[-1].text[0] not in "少剩丢落漏错差忘缺"
    if len(last) > 2 and last[-2].sense is Sense.NO and last[-1].sense in (Sense.RESULT, Sense.SHIFT):  # 监控还没调
        return last[-3].text in _YET
    if len(last) < 2 or last[-2].sense is not Sense.NO or last[-1].sense is not Sense.UNKNOWN:
        return False
    by_hand = len(last) > 2 and last[-1].text in BY_HAND and last[-3].sense in _LEFT_UNDONE  # 护栏没装
    return by_hand or last[-2].text[0] in "尚仍暂" or (len(last) > 2 and last[-3].text in _YET)


_LEFT_UNDONE = frozenset({Sense.UNKNOWN, Sense.OBJECT, Sense.STEP, Sense.PLAIN, Sense.PAPER})
_YET = ("还", "仍", "也")
_NOT_YET = BESIDE | {Sense.NO}
"""What may stand beside a bare denial: 还没呢, 目前还没有."""

_DOING = {Sense.STEP: What.UNDER_WAY, Sense.SETTLE: What.TO_DO, Sense.WORK: What.TO_DO, Sense.HAND: What.TO_DO,
          Sense.SEND: What.TO_DO, Sense.URGE: What.UNDER_WAY}  # fmt: skip
"""What a verb says that is not told as past."""


_FOR_A_DAY = BESIDE | DAYS | {Sense.PLAN, Sense.HEDGE, Sense.DUTY_BOUND, Sense.PAST, Sense.PERIOD, Sense.EARLIER}
"""What is said where somebody tells no more than until when it will take: 预计要到九月了."""


def _names_a_paper(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether a verb only says which paper it is: 验收报告."""
    return words[at].sense in (Sense.SETTLE, Sense.WORK) and words[min(at + 1, len(words) - 1)].sense is Sense.PAPER


_ABLE_BY_A_DAY = _FOR_A_DAY | {Sense.UNKNOWN, Sense.PLAIN, Sense.LENGTH}
_COMES_AND_GOES = re.compile("[回过去来到走]|见面|上班|参加|休息|出门|出差|出院|吃|玩|聚|喝")
"""What people can do by a day, and no duty."""


_OF_A_THING = frozenset({Sense.OBJECT, Sense.WORK, Sense.STEP, Sense.WHOLE, Sense.DUTY, Sense.PAPER})


def _ends_by(words: tuple[Word, ...]) -> bool:
    """Tell whether a verb that nobody listed, with which works end, stands behind a day to come: 大后天收口, 周五合龙."""
    return "".join(word.text for word in words).rstrip("了的吧").endswith(tuple(of_kind("ends_by")))


def _is_able_to(words: tuple[Word, ...]) -> bool:
    """Tell whether a verb that nobody listed is what can be by a day: 25号能收工, 3月20号能拿出来."""
    able = next((at for at, word in enumerate(words) if word.text in of_kind("able")), None)
    does = "".join(word.text for word in words[able + 1 :]) if able is not None else ""
    people = _COMES_AND_GOES.match(does.removesuffix("出来").removesuffix("下来"))
    return bool(does.strip("了的吧")) and people is None


_FOR_SO_LONG = _FOR_A_DAY | {Sense.LENGTH, Sense.UNKNOWN, Sense.RESULT}
_STILL = ("还要", "还得", "还需", "仍需", "尚需", "还须", "有待")
"""What is left, whatever it is: 效果还要看."""


def _takes_so_long(clause: Clause) -> bool:
    """Tell whether it is said how long it will take: 铺砖还得几天; not how long it took."""
    if Sense.LENGTH not in clause.senses or not clause.senses & {Sense.DUTY_BOUND, Sense.PLAN, Sense.HEDGE}:
        return False
    past = any(word.sense is Sense.PAST for word in clause.words[: clause.first(Sense.LENGTH)])
    return not past and clause.senses <= _FOR_SO_LONG


def _tells_of_something_done(clause: Clause) -> bool:
    """Tell whether a verb that is no word of ours is told as past: by 已, 人已到岗, or with a count, 签了28户."""
    past = [word.text for word in clause.words if word.sense is Sense.PAST]
    strange = any(word.sense in (Sense.UNKNOWN, Sense.PLAIN, Sense.LEADER) for word in clause.words)
    return (
        bool(past)
        and strange
        and not clause.senses & {Sense.MOVE, Sense.ABOUT, Sense.EVENT}
        and (Sense.COUNT in clause.senses or any(text.startswith(("已", "业已", "现已")) for text in past))
    )


def _lasts_until(words: tuple[Word, ...]) -> bool:
    """Tell whether it is told until when it takes: 要到9月20日, 得到年底."""
    return any(
        one.sense is Sense.DUTY_BOUND and to.text in ("到", "至", "等到") and day.sense in DAYS
        for one, to, day in zip(words, words[1:], words[2:], strict=False)
    ) or any(one.text == "得到" and then.sense in DAYS for one, then in pairwise(words))


def _of_an_extent(clause: Clause) -> tuple[What, int]:
    if Sense.REST in clause.senses:
        return What.REST, clause.first(Sense.REST)
    still = next((place for place, word in enumerate(clause.words) if word.text in _STILL), None)
    if still is not None or _takes_so_long(clause):
        return What.REST, still or 0
    if _tells_of_something_done(clause):
        return What.TAKEN, clause.first(Sense.PAST)
    if Sense.SHARE in clause.senses:
        return What.SHARE, clause.first(Sense.SHARE)
    takes_until = clause.senses & {Sense.PLAN, Sense.HEDGE, Sense.TASK} or _lasts_until(clause.words)
    if clause.senses <= _FOR_A_DAY and takes_until and clause.senses & DAYS:
        return What.TO_DO, 0
    by_a_day = clause.senses & DAYS and clause.senses <= _ABLE_BY_A_DAY
    if by_a_day and (_is_able_to(clause.words) or _ends_by(clause.words)):
        return What.TO_DO, 0
    if clause.senses <= _ABLE_BY_A_DAY | _OF_A_THING and _lasts_until(clause.words):
        return What.TO_DO, 0
    given = any(one.text == "给" and then.text in US for one, then in pairwise(clause.words))
    given = given or (clause.words[-1].text == "给" and clause.senses <= _FOR_A_DAY)  # 周五前给
    if given and clause.senses & DAYS and not clause.senses & {Sense.PAST, Sense.NO}:  # 明天给您
        return What.TO_DO, 0
    if clause.senses & {Sense.HEDGE, Sense.PART}:
        return What.SHARE, 0
    if Sense.RESULT in clause.senses and clause.senses <= BARELY:
        return What.SEEN, 0
    if Sense.THANKS in clause.senses:
        return What.CHAT, 0
    told = [place for place, word in enumerate(clause.words) if word.sense not in BESIDE]
    if len(told) > 1 and clause.words[told[0]].text == "等":  # 等公安的数据
        return What.UNDER_WAY, told[0]
    return What.NOTHING, 0
