"""How a clause says what it speaks of: as a fact, a hope, a plan, a wish, a question, somebody else's word."""

import re
from itertools import pairwise

from bot.dialogue.phrases import Pieces
from bot.dialogue.understanding.charge import is_answered
from bot.dialogue.understanding.clauses import PROOFS, Clause, says_which, word_before
from bot.dialogue.understanding.lexicon import Sense, Word, of_kind
from bot.dialogue.understanding.orders import calls, has_to_be, is_an_order, orders_others
from bot.dialogue.understanding.plans import RESULT_TOLD, THAT_DAY, goes_on, is_to_come
from bot.dialogue.understanding.speaking import US, works_on
from bot.dialogue.understanding.what import Sure, What

_PLANS = frozenset({Sense.DUTY_BOUND, Sense.FUTURE})


def sure_of(clause: Clause, what: What, at: int) -> Sure:
    """Return how a clause says what it speaks of, whose chief word stands ``at`` its place."""
    has = clause.senses
    if what is What.MORE_TIME and _begs(clause):
        return Sure.BEGGED
    if what is What.CHAT and not has & _OF_A_DUTY:  # 今天天气怎么样
        return Sure.STATED
    if (
        has & {Sense.WHICH, Sense.MAY}
        or _has_a_question(clause.words)
        or _ends_open(clause, at)
        or _offers_a_choice(clause)
        or _asks(clause, what)
    ):
        return Sure.ASKED
    if (clause.quoted and (_is_called_for(clause, at) or has_to_be(clause))) or is_an_order(clause):
        return Sure.WISHED
    if (
        clause.quoted
        or _is_attribute(clause, what, at)
        or (Sense.LINK in has and not _is_of_a_system(clause))
        or _is_hearsay(clause)
        or _is_earlier(clause)
    ):
        return Sure.QUOTED
    if clause.words[0].text in _DO_NOT and Sense.CONDITION in has:  # 别等点名才办
        return Sure.WISHED
    if Sense.CONDITION in has or (what is What.FINISHED and _comes_first(clause.words, at)):
        return Sure.CONDITIONAL
    sent_to_me = any(one.sense is Sense.SEND and then.text[0] == "我" for one, then in pairwise(clause.words))
    seen_and_called = what is What.SEEN and any(word.text == "请" for word in clause.words)
    wished = has & {Sense.WISH, Sense.ALL} or calls(clause.words[:at])
    if wished or seen_and_called or sent_to_me:
        return Sure.WISHED
    if what is What.UNDER_WAY and _is_going_on(clause.words, at):
        return Sure.STATED
    if _is_later(clause) or is_to_come(clause.words, what, at) or _is_for_a_day(clause.words):
        vows = any(word.sense is Sense.PLAN and not _ONLY_MEANT.fullmatch(word.text) for word in clause.words)
        return Sure.DATED if has & _DATING else Sure.PLANNED if vows else Sure.MEANT
    if (
        what is What.FINISHED
        and all(word.sense is not Sense.PAST and word.text not in RESULT_TOLD for word in clause.words)
        and any(word.text in _LATER_TODAY for word in clause.words)
    ):
        return Sure.DATED
    if what is What.TO_DO and Sense.NOW in has and Sense.PAST not in has:
        return Sure.DATED
    return Sure.HEDGED if Sense.HEDGE in has else Sure.STATED


_DO_NOT = ("别", "不要", "莫", "甭", "莫要", "千万别", "都别")


def _is_of_a_system(clause: Clause) -> bool:
    """Tell whether a page or a program is where a paper was sent, 材料已上传系统, or what was worked on, 系统升级完成."""
    has = clause.senses
    sent = bool(has & _HANDED) and {Sense.PAPER, Sense.PAST} <= has
    worked_on = (
        clause.words[0].text in ("系统", "网络") and Sense.WORK in has and bool(has & {Sense.FINISH, Sense.RESULT})
    )
    return sent or worked_on


def _is_called_for(clause: Clause, at: int) -> bool:
    called = bool(clause.senses & {Sense.WISH, Sense.ALL}) or calls(clause.words[: at + 1])
    return called or orders_others(clause.words)


_HANDED = frozenset({Sense.SEND, Sense.HAND})
_OF_A_DUTY = _HANDED | {
    Sense.DUTY,
    Sense.TASK,
    Sense.SETTLE,
    Sense.WORK,
    Sense.FINISH,
    Sense.DEADLINE,
    Sense.DAY,
    Sense.MOVE,
    Sense.STEP,
}
"""Of what people talk to the office, and not among themselves."""


def _has_a_question(words: tuple[Word, ...]) -> bool:
    """Tell whether a word makes a question of its clause; 什么 right behind a denial is none: 没有什么特别情况, 没怎么动."""
    return any(
        word.sense is Sense.ASK
        and not (word.text in of_kind("indefinite") and _is_nobody(words, place))
        and not (word.text[0] == "几" and place and words[place - 1].text.endswith("了"))  # 催了几家
        and not (word.text == "怎么" and _is_whatever_comes(words, place))
        and not (word.text in GRUDGING and _is_given_a_day(words))
        for place, word in enumerate(words)
    )


GRUDGING = ("行了吧", "可以了吧", "满意了吧")
_GIVEN = frozenset({Sense.HAND, Sense.SEND, Sense.SETTLE, Sense.FINISH, Sense.RESULT, Sense.WORK})


def _is_given_a_day(words: tuple[Word, ...]) -> bool:
    """Tell whether a day is promised to be left alone, and nothing asked: 明天给你交上行了吧; but 延到8号行了吧."""
    senses = {word.sense for word in words}
    return bool(senses & _GIVEN) and bool(senses & _DATING) and Sense.MOVE not in senses


def _is_whatever_comes(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether it is vowed for a day, whatever comes: 到20号怎么也弄完了."""
    too = [word.text for word in words[place + 1 : place + 2]] in (["也"], ["都"])
    ends = any(word.sense in (Sense.RESULT, Sense.FINISH, Sense.HAND) for word in words[place:])
    return too and ends and any(word.sense is Sense.DAY for word in words[:place])


def _is_nobody(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether what would ask stands right behind a denial, or before one that is said of all of them: 没怎么动, 谁也没跟我们说."""
    denied = place > 0 and (words[place - 1].sense is Sense.NO or words[place - 1].text[0] in "没未无")
    then = words[place + 1 : place + 3]
    all_of_them = [word.text for word in then[:1]] in (["也"], ["都"]) and len(then) > 1
    return denied or (all_of_them and (then[1].sense in (Sense.NO, Sense.STUCK) or then[1].text[0] in "没不"))


_ONLY_MEANT = re.compile(
    "就|将|能够?|可望|打算|准备|预备|计划|拟|[待等]会儿?|一会儿|下一?步|后续|接下来|随后|稍后|回头|之后|以后|再过|往后|想|(?:紧?接|跟)着|然后|就能|才会|再有"
)
"""What tells what comes next, and is no vow by which somebody says that it was seen: 批了就发."""
_LATER_TODAY = ("下午", "今晚", "中午")


def _is_going_on(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether it goes on by the word itself, whatever else is vowed: 抓紧在做, 努力推进中."""
    told = words[at].text
    told += words[at + 1].text if at + 1 < len(words) and words[at + 1].text in ("中", "着") else ""
    return told.startswith(("在", "正", "还在", "仍在")) or told.endswith(("中", "着")) or goes_on(words[:at])


def _comes_first(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether an end is only what comes before something else: 办好了再报; what is 已 past comes before nothing."""
    if word_before(words, at) == "再" or _only_after(words, at):
        return True
    if [word.text for word in words[at + 1 : at + 2]] == ["后"] and any(
        one.sense in _TO_COME for one in words[at + 2 :]
    ):
        return True
    return not any(word.text.startswith("已") for word in words[:at]) and any(
        one.text == "再" and following.sense in _TO_COME for one, following in pairwise(words[at:])
    )


def _only_after(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether an end comes after another, and neither is told as past: 整改完毕后销号."""
    ends = (Sense.FINISH, Sense.RESULT, Sense.SETTLE, Sense.WORK, Sense.VERIFY)
    after = any(one.sense in ends and then.text == "后" for one, then in pairwise(words))
    return after and all(word.sense not in (Sense.PAST, Sense.WHOLE) for word in words)


_TO_COME = frozenset({Sense.HAND, Sense.SEND, Sense.SETTLE, Sense.WORK, Sense.STEP})


def _is_later(clause: Clause) -> bool:
    """Tell whether it is for a time to come; 汛前已整改完 is past."""
    later = [word.text for word in clause.words if word.sense is Sense.LATER]
    past = any(word.sense is Sense.PAST and word.text.startswith(("已", "早", "老早")) for word in clause.words)
    ahead = any(
        word.sense in _PLANS and not _is_of_a_day_gone(clause.words, at) for at, word in enumerate(clause.words)
    )
    return ahead or any(not (past and text.endswith("前")) for text in later)


def _is_of_a_day_gone(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether an hour or a stretch is one of a day that is gone: 昨天下班前, 当天就改好了."""
    then = [word.text for word in words[place + 1 : place + 2]] == ["就"] and words[-1].sense in (
        Sense.PAST,
        Sense.RESULT,
    )
    that_day = words[place].text in THAT_DAY and then and all(word.text not in of_kind("able") for word in words)
    return that_day or (words[place].sense is Sense.FUTURE and place > 0 and words[place - 1].text[0] in "昨前上")


def _is_for_a_day(words: tuple[Word, ...]) -> bool:
    """Tell whether a day is one to come: nothing past is told of it, or only what another verb says before it, 已安排李工 18日办结."""
    if any(word.text == "怎么" and _is_whatever_comes(words, place) for place, word in enumerate(words)):
        return True
    day = next((place for place in reversed(range(len(words))) if words[place].sense is Sense.DAY), None)
    if day is None:
        return False
    past = [place for place, word in enumerate(words) if word.sense is Sense.PAST]
    return not past or (past[-1] < day and any(word.sense in _GIVEN_OUT for word in words[past[-1] : day]))


_GIVEN_OUT = frozenset({Sense.WORK, Sense.URGE, Sense.CHARGE, Sense.BEGIN, Sense.GO, Sense.PERSON, Sense.RECEIVE})
"""What is done first, so that somebody sees to it by a day."""


def _is_hearsay(clause: Clause) -> bool:
    """Tell whether somebody else says it; in 群众反映的问题 it only says which."""
    words = clause.words
    if _ACCORDING.match(words[0].text) and any(_TOLD.search(word.text) for word in words[:-1]):
        return True
    if any(word.sense is Sense.UNKNOWN and _SAYING.search(word.text) for word in words):
        return True
    if words[0].text in PROOFS and [word.text[0] for word in words[1:2]] in (["上"], ["里"], ["中"]):  # 图片上已拆除
        return True
    if is_answered(words):
        return False
    for place, word in enumerate(words):
        if place and word.text in _SHOWN and place < len(words) - 1:
            return True
        if word.sense is Sense.HEARSAY:
            after = words[place + 1 : place + 3]
            if word.text == "反映" and after and after[0].sense is Sense.DUTY:  # 所反映问题
                continue
            if [one.text for one in after[:1]] != ["的"] or [one.sense for one in after[1:]] != [Sense.DUTY]:
                return True
    return False


_SHOWN = ("显示", "表明", "可见", "看出", "看到", "看见", "看")
"""What somebody goes by who has not seen it: 照片显示牛棚已拆除."""
_ACCORDING = re.compile("据(?![实理])")
_TOLD = re.compile("反馈|反映|报告|汇报|上报|了解|介绍|回复|答复|[说讲称]")
"""What somebody goes by: 据园区反馈直排口已封堵."""
_SAYING = re.compile(".[说讲](?![稿座台解堂课师义述法明辞])")
"""Somebody, and what they say: 村支书讲粪污已清运."""


def _is_earlier(clause: Clause) -> bool:
    """Tell whether a clause speaks of another time than now; 周五之前 is a day, and 上次通报的问题 are those of now."""
    days = (Sense.DAY, Sense.FUTURE, Sense.LATER)
    return any(
        word.sense is Sense.EARLIER
        and not (word.text in ("之前", "以前") and place and clause.words[place - 1].sense in days)
        and not any(says_which(after) for after in clause.words[place + 1 : place + 3])
        and not any(
            one.text in _THAT and then.sense is Sense.TASK
            for one, then in pairwise(clause.words[place + 1 : place + 4])
        )
        for place, word in enumerate(clause.words)
    )


_THAT = ("那个", "那项", "那件", "那件事", "那个事", "那条")
"""With what it is said which duty of those that are known is meant: 上次那个#8已办结."""


def _begs(clause: Clause) -> bool:
    """Tell whether it is asked for leave, and not how, when or of whom to ask for it."""
    leave = clause.senses & {Sense.BEG, Sense.MAY} or any(word.text in ("能", "可以", "可") for word in clause.words)
    return bool(leave) and all(word.sense is not Sense.ASK or word.text in ("吗", "?", "么") for word in clause.words)


def _asks(clause: Clause, what: What) -> bool:
    """Tell whether it is the office that is asked, 你们的数字有误, 你们收到了吧, or a last sign asks what may be, 可以报办结了吧, or
    where something is, 模板呢.
    """
    first, last = clause.words[0], clause.words[-1].text
    if clause.senses & {Sense.DEADLINE, Sense.THEIRS} and _MISPRINTED.search(
        "".join(word.text for word in clause.words)
    ):
        return True
    if first.text in US and (what is What.SLIPPED or (what is What.NOTHING and Sense.NO in clause.senses)):
        return True
    if last == "吧":
        told = "".join(word.text for word in clause.words)
        return (
            first.text in US
            or any(word.text == "可以" for word in clause.words[:-2])
            or "不用" in told
            or "不是" in told
            or _STILL_SO.search(told) is not None
        )
    return last == "呢" and clause.senses <= _THINGS and not works_on(clause.words)


_STILL_SO = Pieces("asked_back")(
    "(?:没有?|不会?|未)(?:再|又)?{becomes}[过了]?吧$|^(?:那|这|也)?还是{does}[一-龥]{1,8}吧$"
)
_MISPRINTED = re.compile(
    "(?:时限|期限|完成时间|办结时间|截止时间|截止日期|牵头单位|责任单位|配合单位)(?:是不是|好像|应该)?"
    "(?:(?:[写印打标填弄搞]错|错|不对|有误)(?:了|$)|[写印打标填]成)"
)
"""What in the list itself is said to be wrong, which the office is to set right: 完成时间写成6月3日了."""
_THINGS = frozenset(
    {Sense.PAPER, Sense.DUTY, Sense.STEP, Sense.UNKNOWN, Sense.PLAIN, Sense.FILLER, Sense.HEARSAY, Sense.LIST}
)


def _ends_open(clause: Clause, at: int) -> bool:
    """Tell whether a clause ends in 没有 after what it speaks of: 完成没有, 好了没."""
    last = next(
        (
            place
            for place in reversed(range(len(clause.words)))
            if clause.words[place].sense is not Sense.FILLER or clause.words[place].text in _DENIED
        ),
        0,
    )
    before = clause.words[:last]
    ended = _has_ended(clause.words[:last]) and Sense.PART not in clause.senses and not _turns_to_another(before)
    if (word_before(clause.words, last) in _NOT_YET and not ended) or any(one.text[0] == "连" for one in before):
        return False
    if before and before[-1].sense is Sense.DUTY and before[-1].text[0] in "这那" and len(before) == 1:  # 这项没有
        return False
    if any(one.text in ("其实", "实际", "实际上", "根本", "压根") for one in before[-2:]):  # 其实没有
        return False
    if clause.words[last].text == "不" and any(one.text[0] not in "啊呀呢嘛哈了的" for one in clause.words[last + 1 :]):
        return False  # 还有几户不在家
    told = any(word.sense not in _BESIDE_A_DENIAL and word.text != "不" for word in before) and (
        clause.words[last].text == "不" or all(word.text not in _LEAST for word in before)
    )
    return told and last > at and clause.words[last].text in ("没有", "没", "未", "不")


_NOT_YET = ("还", "尚", "仍", "也", "都", "均", "全", "全都")
"""What makes a denial of 没 where no end is told before it: 他们的还没, 病例都没有, but 好了还没."""


def _turns_to_another(before: tuple[Word, ...]) -> bool:
    """Tell whether something else is named behind an end: 东边弄好了西边(还没), 邻县都结了我们(还没)."""
    ends = [n for n, word in enumerate(before) if word.sense in (Sense.FINISH, Sense.RESULT)]
    things = (Sense.UNKNOWN, Sense.OBJECT, Sense.PLAIN, Sense.THEIRS, Sense.UNIT, Sense.OURS)
    return any(word.sense in things for word in before[ends[-1] + 1 :]) if ends else False


def _has_ended(words: tuple[Word, ...]) -> bool:
    return any(word.sense in (Sense.FINISH, Sense.RESULT) for word in words)


_DENIED = ("到", "来", "发来", "报来")
"""What is no particle after 没: 设备没到 asks nothing."""

_BESIDE_A_DENIAL = frozenset({Sense.FILLER, Sense.NOW, Sense.PERIOD, Sense.TASK, Sense.OURS, Sense.THANKS})
"""What stands before a bare 没有 and leaves it a denial: 目前还没有."""

_LEAST = ("一点", "一点儿", "半点", "丁点", "丝毫", "一个", "一家", "一项", "一处", "一户", "啥", "一分钱")
"""The least there is: of it 没有 is no question, 一点进展没有."""


def _offers_a_choice(clause: Clause) -> bool:
    """Tell whether 还是 stands between two things that are alike at an end: 纸质的还是电子的, 发邮箱还是发群里; not 还是没弄."""
    one, or_, other = "".join(word.text for word in clause.words).partition("还是")
    if not or_ or not one or not other:
        return False
    alike = one[0] == "是" or one[-1] == other[-1] or other[0] in one[-4:] or _OFFERED.search(one) is not None
    past = any(word.sense is Sense.PAST for word in clause.words)
    alike = alike or (other[-1] in one[-2:] and other[0] not in "没未不")  # 科长签字还是局长签
    alike = alike or (not past and _IS_ONE.search(one) is not None and _CHOSEN.fullmatch(other) is not None)
    return alike or (not past and _CHOOSES.search(one) is not None and _CHOSEN.fullmatch(other) is not None)


_IS_ONE = re.compile("是[一-龥]{1,5}$")
_CHOOSES = re.compile("[报发交送找盖用填写走归寄给属][一-龥]{1,6}$")
_CHOSEN = re.compile("(?![没不未要得老那这很太在有需差缺])[一-龥A-Za-z]{1,8}[呢啊呀]?")
"""What is to be chosen between by one verb: 报民政还是组织部; but 报了几次还是没批."""
_OFFERED = re.compile("是[指算今明后本下上周月要用交报发写填盖走送给按去找等你您我各]")
"""Between what it is that is to be chosen: 这个是要照片还是盖章的."""


def _is_attribute(clause: Clause, what: What, at: int) -> bool:
    """Tell whether what is finished only says of what else is spoken: 已完成的标准."""
    after = clause.words[at + 1 :]
    of = next((place for place, word in enumerate(after) if word.text == "的"), len(after))
    named = any(word.sense not in LIGHT for word in after[of + 1 :])
    return what in (What.FINISHED, What.HANDED_IN) and named and not _is_what_was_done(after, of)


def _is_what_was_done(after: tuple[Word, ...], of: int) -> bool:
    """Tell whether 的 stands inside the name of what is finished: 完成37个村的排查; not 完成整改的企业, nor 已完成的标准."""
    acts = (Sense.WORK, Sense.SETTLE)
    said = [word for word in after if word.sense not in LIGHT or word.text == "的"]
    return of > 0 and said[-1].sense in acts and all(word.sense not in (*acts, Sense.STEP) for word in after[:of])


LIGHT = frozenset({Sense.FILLER, Sense.MANNER, Sense.POLITE, Sense.THANKS, Sense.PAST})


_DATING = frozenset({Sense.DAY, Sense.FUTURE, Sense.LATER, Sense.NOW, Sense.PERIOD})
