"""How much of the duty a clause speaks of: the whole, a part, a step, or what nobody can tell."""

from itertools import pairwise

from bot.dialogue.understanding import quantities
from bot.dialogue.understanding.clauses import BESIDE, Clause
from bot.dialogue.understanding.ends import is_arranged, is_tick
from bot.dialogue.understanding.lexicon import Sense, Word, ends_in, of_kind
from bot.dialogue.understanding.papers import is_of_papers, is_only_said, is_sent_to_us, sends_a_paper, sends_then
from bot.dialogue.understanding.plans import PARTS_GONE, RESULT_TOLD, is_possible
from bot.dialogue.understanding.speaking import US
from bot.dialogue.understanding.steps import has_a_step, is_before, may_lay_the_ground, puts_up
from bot.dialogue.understanding.sureness import LIGHT
from bot.dialogue.understanding.things import is_named, is_place_of_many, is_strange, narrows, signs
from bot.dialogue.understanding.times import (
    BY_ITSELF,
    BY_THE_CALENDAR,
    is_of_a_period,
    is_of_things_of_a_period,
    is_one_time_of_many,
    is_what_a_stretch_had,
)
from bot.dialogue.understanding.what import Extent, What

_BARE = ("同意", "不同意", "批了", "行", "可以", "准")
"""What grants a request, or agrees to anything else."""


_TOLD = (What.FINISHED, What.HANDED_IN, What.TAKEN, What.SHARE, What.REST)
_MEASURED = frozenset({*_TOLD, What.UNDER_WAY, What.TO_DO, What.PERMIT, What.DENY})
"""What may be told of a part; nobody asks how much of anything else."""


def extent_of(clause: Clause, what: What, at: int, about: str = "") -> Extent:
    """Return how much of the duty a clause speaks of, whose chief word stands ``at`` its place: nothing is strange that the words of the
    task ``about`` which it is said name.
    """
    if what not in _MEASURED:
        return Extent.WHOLE
    has, words = clause.senses, clause.words
    if what is What.FINISHED and _is_bare(words, at):
        alone = Sense.RECEIVE not in has and sum(word.sense is Sense.RESULT for word in words) <= 1
        return Extent.BARE if alone else Extent.UNKNOWN
    if what in (What.PERMIT, What.DENY):
        return Extent.WHOLE if Sense.MOVE in has or clause.words[at].text not in _BARE else Extent.UNKNOWN
    shares = [quantities.percent(word.text) for word in words if word.sense is Sense.SHARE]
    counted_after = any(word.sense is Sense.COUNT for word in words[at:])
    rest = Sense.REST in has and not _is_owed(words, at)
    part = Sense.PART in has and not _is_ones_own_part(words)
    if any(share is not None and share < 100 for share in shares) or part or rest:
        return Extent.UNKNOWN if rest and not shares and _is_the_last_bit(words, at) else Extent.PART
    if (
        has & {Sense.URGE, Sense.BEGIN, Sense.GO}
        or (what is What.FINISHED and is_arranged(words, at))
        or has_a_step(words, about, handed=what is What.HANDED_IN or Sense.HAND in has)
        or (what is What.HANDED_IN and (_goes_to_others(clause, at) or _is_applied_for(words)))
    ):
        return Extent.STEP
    counts = sum(word.sense is Sense.COUNT for word in words)
    counts -= Sense.NO in has and _is_not_one(words)
    if (counted_after or counts > 1 or (counts and Sense.NO in has)) and Sense.WHOLE not in has:
        return Extent.PART
    of_a_period = is_of_a_period(words) or is_what_a_stretch_had(words) or is_one_time_of_many(words, BY_THE_CALENDAR)
    if Sense.NO not in has and of_a_period:
        return Extent.PART
    if what is What.FINISHED and (goes_on_at_the_end(words) or _is_gone_on_with(words, at)):
        return Extent.STEP
    if what is What.FINISHED and _is_conceded(words, at):
        return Extent.PART
    if clause.in_doubt or (Sense.RECEIVE in has and what is What.FINISHED and _only_seen(words, at)):
        return Extent.UNKNOWN
    if what is What.FINISHED and words[at].sense is Sense.RECEIVE and not _is_obeyed_to_the_end(words, at):
        return Extent.UNKNOWN
    if Sense.MANNER in has and not _is_told_as_past(words):
        return Extent.UNKNOWN
    supposed = what is What.FINISHED and words[-1].text == "吧" and _is_told_as_past(words)  # 办完了吧
    if (
        supposed
        or is_of_things_of_a_period(words)
        or is_one_time_of_many(words, BY_ITSELF)
        or _may_be_to_come(words, at)
        or _is_only_applied_for(words, at)
        or (what is What.HANDED_IN and (_is_only_told_of(words) or is_only_said(words, about)))
    ):
        return Extent.UNKNOWN
    doubtful = _may_be_of_something_else(clause, what, at, about, of_a_share=None in shares) or _is_a_share_of_others(
        words
    )
    doubtful = doubtful or _is_told_of_anything(words, at) or _may_be_a_step(words, about)
    papers = _is_only_a_paper(words, what, at, about)
    uncounted = Sense.COUNT in has and Sense.WHOLE not in has
    new = what is What.FINISHED and not about and puts_up(words, at)
    return Extent.UNKNOWN if doubtful or papers or uncounted or new else Extent.WHOLE


def _goes_to_others(clause: Clause, at: int) -> bool:
    """Tell whether what was handed in went to somebody else than the office."""
    others = any(word.sense is Sense.THEIRS and word.text not in US for word in clause.words[at:])
    return others or bool(clause.senses & {Sense.LEADER, Sense.PERSON})


def _is_not_one(words: tuple[Word, ...]) -> bool:
    """Tell whether it is denied of as much as one, so of all of it: 一条没改, 一个字没写; but 一家没改成 may be one of many."""
    least = any(one.text[0] == "一" and then.text in of_kind("least") for one, then in pairwise(words))
    return least or any(
        place == 0 and one.sense is Sense.COUNT and one.text[0] == "一" and no.sense is Sense.NO
        for place, (one, no) in enumerate(pairwise(words))
    )


def _is_ones_own_part(words: tuple[Word, ...]) -> bool:
    """Tell whether the part that is told of is all that is one's own: 我们负责的部分."""
    told = [(word.sense, word.text) for word in words]
    return any(
        who[0] is Sense.OURS
        and who[1] != "我"
        and does[1] in ("负责", "涉及", "承担", "牵头")
        and of[1] == "的"
        and part[1] == "部分"
        for who, does, of, part in zip(told, told[1:], told[2:], told[3:], strict=False)
    )


def _may_be_of_something_else(clause: Clause, what: What, at: int, about: str, *, of_a_share: bool) -> bool:
    """Tell whether an end is told of what may be anything, or one of many, and is not named by the words of the task ``about`` which it is said."""
    words = clause.words
    strange = [n for n in range(len(words)) if is_strange(words, n, at) and not is_named(words, n, about)]
    if what is What.HANDED_IN:
        strange = [n for n in strange if not _names_a_paper(words, n)]
    unknown = sum(signs(words, place) for place in strange)
    some = any(narrows(words[place].text) or is_place_of_many(words[place].text) for place in strange)
    all_seen_to = Sense.WHOLE in clause.senses and _is_seen_to(words, at)
    return (unknown >= 2 or of_a_share) and (some or not all_seen_to)


def _is_only_a_paper(words: tuple[Word, ...], what: What, at: int, about: str) -> bool:
    """Tell whether it may be no more than a paper that came to its end, or was sent to nobody knows whom."""
    if what is What.HANDED_IN and _is_of_pictures(words[:at], about):
        return True
    if what is What.HANDED_IN:
        return words[at].sense is Sense.SEND and not (sends_a_paper(words) and is_sent_to_us(words))
    if what is not What.FINISHED:
        return False
    if sends_then(words[at:]) and not any(one.text.startswith("已") for one in words[:at]):
        return True
    handed_in = at > 0 and words[at - 1].sense is Sense.HAND  # 材料提交完毕
    settled = words[at].sense is Sense.SETTLE and words[at].text != "填了"  # 表格填了
    return is_of_papers(words) and not settled and not handed_in


def _is_told_of_anything(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether an end names nothing of which it would be one: 标段拿下了, 假已销了; of what is handed out, nothing that is due to anybody:
    督办函发下去了; or a paper that is only put away: 档案归位.
    """
    chief = words[at - 1] if at and words[at].sense is Sense.RESULT else words[at]
    if chief.text in of_kind("of_a_duty"):
        won = any(word.text in _CONTRACTS for word in words)
        return won or all(word.sense not in (Sense.DUTY, Sense.TASK) for word in words)
    if chief.text in of_kind("light") and all(word.sense in _BARELY_DONE for word in words):  # 我们弄了
        return True
    if chief.text in of_kind("closed") and is_possible(words, at):  # 可以销号了
        return True
    if chief.text in of_kind("of_a_thing") and all(word.sense is not Sense.OBJECT for word in words):
        return True
    if chief.text == "转移" and any(word.sense is Sense.DUTY for word in words):  # 案件已转移: somebody else has it
        return True
    if any(one.text in ("施工", "临时") and then.sense in _OF_A_SITE for one, then in pairwise(words[:at])):
        return True  # 施工便道修好了, 临时围挡已加固
    if [word.text for word in words[at + 1 :] if word.sense is not Sense.FILLER][:1] in (["填报"], ["申报"]):
        return True  # 申报书已完成网上填报: it may wait for its approval
    if chief.text in of_kind("makes") and any(word.sense in (Sense.UNKNOWN, Sense.PLAIN) for word in words[:at]):
        return True  # 稿子写完了, 登记卡填完了
    if chief.sense is Sense.SETTLE and any(
        word.text in of_kind("whereabouts") for word in words[:at]
    ):  # 联系人换成新的
        return True
    if chief.text in of_kind("of_papers") and any(word.sense in (Sense.PAPER, Sense.LIST) for word in words):
        return True
    dues = (word for word in words if ends_in("dues", word.text))
    return chief.text in of_kind("hands_out") and not any(dues)


def _may_be_a_step(words: tuple[Word, ...], about: str) -> bool:
    return _is_an_event(words, about) or may_lay_the_ground(words, about)


def _is_an_event(words: tuple[Word, ...], about: str) -> bool:
    """Tell whether what was held may be the duty or a step of it, where nobody knows of which task it is said and it has no longer name:
    应急演练已搞完, but 我乡夏季防汛演练.
    """
    names = "".join(word.text for word in words if word.sense in (Sense.UNKNOWN, Sense.PLAIN, Sense.PERIOD))
    return not about and len(names) <= len("消防") and any(word.text in of_kind("events") for word in words)


_BARELY_DONE = BESIDE | {Sense.SETTLE, Sense.PAST, Sense.POLITE, Sense.THANKS}
_OF_A_SITE = (Sense.OBJECT, Sense.UNKNOWN, Sense.STEP, Sense.PLAIN)
_CONTRACTS = ("项目", "工程")
"""Duties by name that may be no more than won: 项目拿下了."""


def _is_gone_on_with(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether it is the work itself that is as it was, and so goes on: 工程恢复正常."""
    return words[at].text.startswith("恢复") and any(word.text in _WORKS for word in words[:at])


_WORKS = ("工作", "工程", "项目", "任务")


def _is_of_pictures(words: tuple[Word, ...], about: str) -> bool:
    return any(word.text in of_kind("pictures") and word.text not in about for word in words)


def _names_a_paper(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether a name says no more than of what a paper tells that was asked for: 安全生产月总结已提交."""
    then = next((word for word in words[place:] if word.sense not in (Sense.UNKNOWN, Sense.PLAIN, Sense.WORK)), None)
    name = words[place].text
    return then is not None and then.text in of_kind("asked_for") and not (narrows(name) or is_place_of_many(name))


def _is_the_last_bit(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether what was left came to its end, too, which may be all of it: 剩下的也弄完了, 尾巴也扫干净了."""
    left = next(place for place, word in enumerate(words) if word.sense is Sense.REST)
    too = any(word.text in ("也", "都", "全部", "全") for word in words[left:at])
    counted = any(word.sense in (Sense.COUNT, Sense.NO, Sense.PART, Sense.ASK) for word in words)
    return words[left].text in _LEFT_OVER and too and not counted and _is_told_as_past(words)


_LEFT_OVER = ("剩下", "剩余", "余下", "其余", "尾巴", "遗留")


def _is_obeyed_to_the_end(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether what was asked for is told to be done to the end: 已按要求落实到位."""
    past = any(word.text.startswith("已") for word in words[:at])
    return past and any(word.sense is Sense.RESULT for word in words[at + 1 : at + 2])


def _is_a_share_of_others(words: tuple[Word, ...]) -> bool:
    """Tell whether what came to its end is what somebody else has of it: 水利局负责的那段."""
    return any(
        who.sense in (Sense.UNKNOWN, Sense.THEIRS) and does.text in ("负责", "承担", "牵头") and of.text == "的"
        for who, does, of in zip(words, words[1:], words[2:], strict=False)
    )


def _is_seen_to(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether an end is told by a verb of the duty, which may be all of it whatever it is about: 餐馆全部完成检查, 棚全拆了."""
    chief = words[at - 1 if words[at].sense is Sense.RESULT else at].sense
    after = [word.sense for word in words[at + 1 : at + 2]]
    gone_through = chief is Sense.WORK and [word.text for word in words[at + 1 : at + 2]] == ["过了"]  # 都查过了
    return chief is Sense.SETTLE or gone_through or (chief is Sense.FINISH and after in ([Sense.WORK], [Sense.SETTLE]))


_LACKED = ("缺", "欠", "差", "漏")


def _is_owed(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether what is left only says which debt was paid: 欠农民工的钱都结清了."""
    rest = [place for place, word in enumerate(words) if word.sense is Sense.REST]
    chief = words[at - 1 if words[at].sense is Sense.RESULT and at else at].text
    paid = all(word.sense is not Sense.PAPER for word in words)
    if (
        paid
        and rest
        and chief[0] in "补配添加装换"
        and all(
            words[place].text in _LACKED and [one.text for one in words[place + 1 : place + 2]] == ["的"]
            for place in rest
        )
    ):
        return True  # 缺的灭火器都补齐了
    return paid and all(
        words[place].text == "欠" and any(word.text == "的" for word in words[place:at]) for place in rest
    )


def _is_applied_for(words: tuple[Word, ...]) -> bool:
    """Tell whether it is an application that was handed in, or what is to be passed: 补贴申请已提交, 验收资料已报送."""
    return any(word.text in ("申请", "验收") for word in words)


def _is_only_applied_for(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether an end is what was applied for, and was not reached: 已申请验收, 销号申请已提交."""
    asked = [place for place, word in enumerate(words) if word.text == "申请"]
    past = next((place for place, word in enumerate(words) if word.sense is Sense.PAST), None)
    return past is not None and any(place == at + 1 or past < place < at for place in asked)


def _is_only_told_of(words: tuple[Word, ...]) -> bool:
    """Tell whether what was handed in may be no more than how things stand, 完成情况已上报, or is named by nothing, 早上交的."""
    if all(word.sense is not Sense.PAST for word in words):
        return all(word.sense in _NAMES_NOTHING for word in words)
    return any(
        word.sense is Sense.PAPER and word.text.endswith("情况") and not is_before(words, place, Sense.PAPER)
        for place, word in enumerate(words)
    )


_NAMES_NOTHING = BESIDE | {Sense.HAND}


def _may_be_to_come(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether an end may be ordered, 限期完成, 把沟清干净, still be gone on with, 继续完成, or come before the day ends, 任务今天完成."""
    if any(word.text == "把" for word in words[:at]) and not words[at].text.endswith("了"):
        return not _is_told_as_past(words) and words[-1].text not in ("的", "呢")
    if any(one.text in PARTS_GONE and then.text == "就" for one, then in pairwise(words[: at + 1])):  # 中午就弄好了
        return True
    since = next((place for place, word in enumerate(words[:at]) if word.text in _MAY_COME), None)
    if since is None or any(word.text.startswith("已") for word in words):
        return False
    return all(word.sense is not Sense.PAST and word.text not in RESULT_TOLD for word in words[since:])


_MAY_COME = frozenset({"今天", "今日", "今儿", "今儿个", "继续", "持续", "接着", "限期"})


def _is_conceded(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether an end is admitted, so that something else is said against it, comes first, or did not last: 拆是拆了, 先弄完东边, 换好了又丢了."""
    before = [word.text for word in words[:at]]
    if any(word.text == "又" for word in words[at + 1 :]):
        return True
    if any(
        be.text == "是" and one.text == then.text for one, be, then in zip(words, words[1:], words[2:], strict=False)
    ):
        return True
    first = "先" in before and not any(text.startswith("已") for text in before)
    return first or (before[-1:] == ["是"] and words[at].text in before)


def _only_seen(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether an end stands behind a receipt and nothing after that tells it as past: 已签收 按期办结, 收到 将完成."""
    seen = [place for place, word in enumerate(words[:at]) if word.sense is Sense.RECEIVE]
    if seen and _is_obeyed_to_the_end(words, seen[-1]):
        return False
    return bool(seen) and all(
        word.sense is not Sense.PAST and word.text not in RESULT_TOLD for word in words[seen[-1] :]
    )


def _is_told_as_past(words: tuple[Word, ...]) -> bool:
    """Tell whether how it is done is told as past; of 按期完成 and 按要求整改到位 nobody knows whether it is asked for or promised."""
    return any(word.sense in (Sense.PAST, Sense.NOW) or word.text in RESULT_TOLD for word in words)


_BESIDE_AN_END = LIGHT | {Sense.RESULT}
_OF_A_RECEIPT = _BESIDE_AN_END | {Sense.RECEIVE, Sense.OURS, Sense.TASK, Sense.DUTY, Sense.NOW}


def _is_bare(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether an end is told of nothing: 好了; but 已好, 都好了, Z-7好了 tell it of something. Beside 收到 these are what was seen."""
    seen = any(word.sense is Sense.RECEIVE for word in words)
    if is_tick(words[at]):
        return all(word.sense in LIGHT for word in words if not is_tick(word))
    if words[at].sense is not Sense.RESULT:
        return False
    beside = _OF_A_RECEIPT if seen else _BESIDE_AN_END
    return all(word.sense in beside and not word.text.startswith("已") for word in words)


_ACTS = frozenset({Sense.SETTLE, Sense.WORK})
_LAST = frozenset({"呢", "了", "啊", "呀", "哦", "啦", "的", "吧"})


def goes_on_at_the_end(words: tuple[Word, ...]) -> bool:
    """Tell whether the last act of a clause is going on, or was only begun: 已拆除重建中, 在拆了, 开拆了."""
    told = list(words)
    while len(told) > 1 and told[-1].text in _LAST:
        told.pop()
    if len(told) > 1 and told[-1].text in ("中", "着", "当中"):
        return told[-2].sense in (*_ACTS, Sense.UNKNOWN)
    if len(told) < 2 or told[-1].sense not in _ACTS:
        return False
    begun = told[-2].sense is Sense.UNKNOWN and told[-2].text[-1] == "开" and len(told[-1].text) == 1
    return begun or told[-2].text in ("在", "还在", "正", "正在")
