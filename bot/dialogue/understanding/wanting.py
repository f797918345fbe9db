"""What a clause wants: of the bot, of the office, of time; and what a coordinator decides by it."""

import re

from bot.dialogue.phrases import Pieces
from bot.dialogue.understanding.clauses import BESIDE, Clause, word_before
from bot.dialogue.understanding.lexicon import Sense, Word, of_kind
from bot.dialogue.understanding.listing import asks_for_a_list
from bot.dialogue.understanding.named_after import makes_a_name
from bot.dialogue.understanding.what import What

_LISTING = frozenset(
    {
        Sense.LIST,
        Sense.OURS,
        Sense.SHOW,
        Sense.ASK,
        Sense.FILLER,
        Sense.POLITE,
        Sense.DUTY,
        Sense.SEND,
        Sense.BEG,
        Sense.NOW,
        Sense.PERIOD,
        Sense.NO,
        Sense.FINISH,
        Sense.RECEIVE,
    }
)
_OWN_DUTIES = frozenset(
    {Sense.OURS, Sense.SHOW, Sense.DUTY, Sense.FILLER, Sense.POLITE, Sense.ASK, Sense.SEND, Sense.COUNT, Sense.WHOLE}
)
_ASKS_TO_SEE = frozenset({Sense.SHOW, Sense.ASK, Sense.SEND})
_SHOWING = frozenset(
    {
        Sense.SHOW,
        Sense.TASK,
        Sense.FILLER,
        Sense.POLITE,
        Sense.DUTY,
        Sense.SEND,
        Sense.ASK,
        Sense.DEADLINE,
        Sense.BEG,
        Sense.OURS,
        Sense.DUTY_BOUND,
    }
)


def of_the_bot(clause: Clause) -> tuple[What, int] | None:
    has = clause.senses
    if Sense.HELP in has:
        return What.HELP, clause.first(Sense.HELP)
    if {Sense.DUTY, Sense.SHOW} <= has and Sense.TASK not in has and _wants_its_words(clause):
        return What.SHOW, clause.first(Sense.DUTY)
    if _does_not_count(clause):
        return What.UNDO, clause.first(Sense.NO)
    wrong = _told_wrong_at(clause)
    if wrong is not None:
        return What.UNDO, wrong
    taken_back = next((sense for sense in (Sense.SLIP, Sense.UNDO) if sense in has), None)
    if taken_back is not None and _takes_back(clause, taken_back):
        return What.UNDO, clause.first(taken_back)
    if Sense.WHICH in has and not has & {Sense.PAPER, Sense.LEADER, Sense.TASK, Sense.LINK}:
        return What.LIST, clause.first(Sense.WHICH)
    told = {word.sense for word in clause.words if word.text not in _AROUND_A_LIST}
    unseen = {Sense.ASK, Sense.NO, Sense.RECEIVE} <= has  # 怎么没看到我们的任务
    if (
        Sense.LIST in has
        and not unseen
        and not any(word.text in _GIVEN_AWAY for word in clause.words)
        and (told <= _LISTING or (told <= _LISTING | _OPEN and _is_called_by_what_is_open(clause)))
    ):
        return What.LIST, clause.first(Sense.LIST)
    if (
        (has & (_ASKS_TO_SEE if Sense.WHOLE in has else {Sense.OURS, *_ASKS_TO_SEE}) or clause.words[-1].text == "发来")
        and has <= _OWN_DUTIES
        and any(word.text.endswith(("任务", "事项")) for word in clause.words)
    ):
        return What.LIST, clause.first(Sense.DUTY)
    if has & _ASKS_TO_SEE and _ours_to_see(clause):
        return What.LIST, 0
    listed = has & {Sense.NO, Sense.REST, Sense.ABOUT} and any(word.text == "的" for word in clause.words)
    if Sense.LIST in has and listed and has <= _WANTED_SENT | {Sense.WHOLE}:  # 我们欠的都列出来
        return What.LIST, clause.first(Sense.LIST)
    if asks_for_a_list(clause):
        return What.LIST, 0
    sent = _sends_at(clause)
    if sent is not None:
        return What.LIST, sent
    if Sense.ABOUT in has and Sense.LIST in has:
        return What.LIST, clause.first(Sense.LIST)
    if Sense.SHOW in has and has <= _LISTING | {Sense.ABOUT} and clause.words[-1].text.endswith("的"):
        return What.LIST, clause.first(Sense.SHOW)
    if Sense.SHOW in has and Sense.TASK in has and has <= _SHOWING:
        return What.SHOW, clause.first(Sense.SHOW)
    if Sense.TASK in has and _CONTENTS.fullmatch("".join(word.text for word in clause.words)) is not None:
        return What.SHOW, clause.first(Sense.TASK)
    if {Sense.SEND, Sense.TASK, Sense.DUTY_BOUND} <= has <= _SHOWING:
        return What.SHOW, clause.first(Sense.SEND)
    return None


_GIVEN_AWAY = ("送过去", "送去", "送到", "送上去", "给过去", "拿过去")
"""What is done with a list by whoever has it: 今晚把台账送过去."""
_SAY = Pieces("wanting", task="\0的?(?:具体|详细|全部)?{contents}")
_CONTENTS = _SAY("[请把调看查翻找拿发一下出来的]{0,5}{task}[发给传调拿][一-龥]{1,5}|[调翻找][出一下来]{0,3}{task}")
_OF_A_DUTY = _SAY("(?:任务|事项|那项|这项|那条)的?(?:原文|全文|原话)[发给传]我(?:看看|看下|一下|一份)?$")
"""What of a task is wanted sent: 第5项原文发我, 调一下第6项的内容."""


_OURS_TO_SEE = _LISTING | {Sense.UNKNOWN, Sense.PLAIN, Sense.THEIRS, Sense.ABOUT, Sense.SETTLE, Sense.RESULT}


def _wants_its_words(clause: Clause) -> bool:
    return _OF_A_DUTY.search("".join(word.text for word in clause.words)) is not None


def _ours_to_see(clause: Clause) -> bool:
    """Tell whether it is asked for the duties of an office that is called by what it is: 查一下我们酒店的事项, 看下我们厂的待办."""
    words = clause.words
    ours = next((at for at, word in enumerate(words) if word.sense is Sense.OURS), None)
    duties = [word for word in words if word.text.endswith(("任务", "事项", "待办", "清单", "台账"))]
    by_how_it_stands = words[-1].sense is Sense.ABOUT or (words[-1].text == "的" and Sense.NO in clause.senses)
    if ours is None or not (duties or by_how_it_stands) or not clause.senses <= _OURS_TO_SEE:
        return False
    strange = [at for at, word in enumerate(words) if word.sense in (Sense.UNKNOWN, Sense.PLAIN, Sense.THEIRS)]
    named = all(at == ours + 1 and len(words[at].text) < 6 for at in strange if words[at].text not in _STANDS)
    return named and (bool(duties) or len(strange) > 0)


_STANDS = ("销", "弄", "搞")
"""Verbs of one sign by which duties are called by how they stand: 没销的."""


def _sends_at(clause: Clause) -> int | None:
    """Return where a clause wants sent what it calls by how it stands with it: 没报的发我, 把逾期的发一下, 把欠的列给我."""
    words = clause.words
    sent = next((place for place, word in enumerate(words) if word.sense is Sense.SEND or word.text == "发来"), None)
    if sent is None or not clause.senses <= _WANTED_SENT or any(word.text in ("您", "你") for word in words):
        return None
    which = any(word.text == "的" or word.text in _ONES_THAT_STAND for word in words)
    return sent if which and clause.senses & {Sense.NO, Sense.REST, Sense.ABOUT} else None


_WANTED_SENT = _LISTING | {Sense.SETTLE, Sense.RESULT, Sense.COUNT, Sense.HAND, Sense.REST, Sense.ABOUT}
_ONES_THAT_STAND = ("逾期的", "到期的", "快到期的", "要报的", "要交的")
"""Duties by how they stand."""


def _does_not_count(clause: Clause) -> bool:
    """Tell whether what was said here is said not to count: 刚才那条不算."""
    void = any(word.text in ("不算", "不算数", "不作数", "不对") for word in clause.words)
    return void and Sense.TOLD in clause.senses and clause.senses <= _TAKEN_BACK | {Sense.NO}


def _told_wrong_at(clause: Clause) -> int | None:
    """Return where what was reported before is said not to be so: 昨天报的已完成有误, 上周报的办结作废, 之前说的完成了是错的."""
    words = clause.words
    if Sense.FINISH not in clause.senses or not clause.senses & _TOLD_BY:
        return None
    of = next((at for at, one in enumerate(words) if at and one.text == "的" and words[at - 1].sense in _TOLD_BY), None)
    ends = next((at for at, one in enumerate(words) if one.sense is Sense.FINISH and of is not None and at > of), None)
    if ends is None:
        return None
    return next(
        (
            at
            for at in range(ends + 1, len(words))
            if words[at - 1].sense is not Sense.NO and (words[at].sense in _WRONG or _WRONGLY.match(words[at].text))
        ),
        None,
    )


_TOLD_BY = frozenset({Sense.HAND, Sense.HEARSAY, Sense.SEND, Sense.TOLD})
_WRONG = frozenset({Sense.UNDO, Sense.SLIP, Sense.RETURN})
_WRONGLY = re.compile("错|笔误|口误|不对|不算|不准|假")


def _takes_back(clause: Clause, by: Sense) -> bool:
    """Tell whether what was said here is taken back: 撤回, 撤回刚才的办结; 座谈会取消了 and 撤销了两处摊点 tell of the duty."""
    if by is Sense.SLIP:
        moved = Sense.MOVE in clause.senses and Sense.NO in clause.senses
        return not moved and slip_in_the_work(clause) is None and _is_ones_own_slip(clause)
    if clause.words[0].text in ("听说", "据说", "据悉", "有人说"):
        return False
    happened = any(word.text in _HAPPENED for word in clause.words)
    return clause.senses <= _TAKEN_BACK and (not happened or Sense.TOLD in clause.senses)


def _is_ones_own_slip(clause: Clause) -> bool:
    """Tell whether it is said as so, and of no other thing, that something was said here by mistake: not 没填错, 别搞错了, 如果填错了,
    怕说错, and not 刚才的通知填错了.
    """
    if clause.senses & {Sense.CONDITION, Sense.WISH}:
        return False
    before = [word for word in clause.words[: clause.first(Sense.SLIP)] if word.sense not in _ASIDE]
    return not before or not (before[-1].sense in (Sense.NO, Sense.URGE) or _FEARED.search(before[-1].text))


_ASIDE = frozenset({Sense.FILLER, Sense.PAST, Sense.NOW})
_FEARED = re.compile("[怕恐免防]|担心")
"""What is said of what is to be kept from happening: 怕说错, 以免报错, 防止填错."""


def slip_in_the_work(clause: Clause) -> int | None:
    """Return where a slip is told of the work, and not of what was said here: 台账报错了两处, 厂家发错货了, 数据有误."""
    words = clause.words
    place = next((place for place, word in enumerate(words) if word.sense is Sense.SLIP or word.text == "有误"), None)
    if place is None or Sense.TOLD in clause.senses or words[place].text.startswith(_OF_THE_HAND):
        return None
    of_a_system = any(word.sense is Sense.LINK for word in words[:place])
    after = [word for word in words[place + 1 :] if word.text != "的"]
    of_a_thing = any(word.sense in (Sense.UNKNOWN, Sense.PLAIN) for word in after[:1]) or _is_made(words, place)
    return place if clause.senses & _OF_THE_WORK or of_a_system or of_a_thing else None


_OF_THE_HAND = ("手", "不小心")
"""How a slip begins that is made on a screen alone: 手滑点了办结."""
_MADE_WRONG = re.compile("[发写填打报传标]错")
_MADE = frozenset({Sense.UNKNOWN, Sense.PLAIN, Sense.OBJECT, Sense.DEADLINE, Sense.EVENT})


def _is_made(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether a thing is named right before the slip, that was made or sent wrong: 证书发错了, 上报日期写错了; nobody presses one."""
    before = [word for word in words[:place] if word.sense not in _ASIDE]
    named = [word for word in words[:place] if word.sense is not Sense.PAST]
    whole = len(before[-1].text) > 1 or "的" in [word.text for word in named] if before else False
    thing = whole and before[-1].sense in _MADE
    return thing and _MADE_WRONG.fullmatch(words[place].text) is not None


_OF_THE_WORK = frozenset({Sense.COUNT, Sense.LIST, Sense.PAPER, Sense.STEP, Sense.THEIRS, Sense.UNIT})
"""What somebody else made a slip in: said here are only words."""

_HAPPENED = ("了", "过", "已", "已经")
_TAKEN_BACK = (
    BESIDE
    | {Sense.UNDO, Sense.TOLD, Sense.POLITE, Sense.BEG, Sense.MAY, Sense.ASK, Sense.THANKS, Sense.PAST, Sense.PLAN}
    | {Sense.DUTY_BOUND, Sense.EARLIER, Sense.ABOUT, Sense.DUTY, Sense.FINISH, Sense.RECEIVE, Sense.MOVE, Sense.HAND}
    | {Sense.GO, Sense.SHARE, Sense.REPLY, Sense.HEARSAY, Sense.SEND}
)
"""What stands beside 撤回 where it takes back what was said here: when it was said, and what it said."""

_AROUND_A_LIST = ("将", "提供", "来", "对账", "核对", "一份", "一张", "拉", "弄", "出", "导")
"""What says how a list is wanted: 拉一份没销号的清单."""
_OPEN = frozenset({Sense.SETTLE, Sense.RESULT})


def _is_called_by_what_is_open(clause: Clause) -> bool:
    """Tell whether verbs only say which list it is: 没办的清单, 没办完的清单, 列一下没办的."""
    place = max(place for place, word in enumerate(clause.words) if word.sense is Sense.LIST)
    if clause.words[-1].text == "的" and Sense.NO in clause.senses:
        return True
    return not any(word.sense in _OPEN for word in clause.words[place:])


def of_a_decision(clause: Clause) -> tuple[What, int] | None:
    """Return what a coordinator decides; 请销号 and 恳请同意 are a contact's wishes, and what is told of somebody decides nothing."""
    has, words = clause.senses, clause.words
    place = next((place for place, word in enumerate(words) if word.sense in _DECIDING or word.text in _CLOSES), None)
    if (
        place is None
        or words[0].text == "并"
        or _is_only_named(clause, place)
        or suffered(words, place)
        or [word.text for word in words[place + 1 : place + 2]] == ["的"]
        or (words[place].text[:2] == "重新" and words[-1].text == "了")  # 重新报上去了: they did
        or any(word.sense not in _before(words[place], words[0]) for word in words[:place])
    ):
        return None
    if words[place].sense is Sense.RETURN:
        if Sense.CONDITION in {word.sense for word in (*words[:place], *words[place + 1 : place + 2])}:
            return None
    elif has & _UNDECIDED or words[-1].text in ("不", "吗", "么", "?"):
        return None
    closes = Sense.VERIFY in has or Sense.FINISH in has or any(word.text in _CLOSES for word in words)
    if Sense.MOVE in has or Sense.DEADLINE in has:
        return (What.DENY if has & {Sense.DENY, Sense.RETURN} else What.PERMIT), place
    if closes and has & {Sense.NO, Sense.DENY, Sense.RETURN}:
        return What.RETURN, place
    if closes:
        return (What.VERIFY, place) if not has & {Sense.PAST, Sense.WHOLE} or Sense.VERIFY in has else None
    if words[place].sense is Sense.RECEIVE:
        return (What.DENY, place) if Sense.NO in has and len(words) <= 2 else None
    return _DECIDING[words[place].sense], place


_DECIDING = {
    Sense.DENY: What.DENY,
    Sense.RETURN: What.RETURN,
    Sense.PERMIT: What.PERMIT,
    Sense.VERIFY: What.VERIFY,
    Sense.RECEIVE: What.PERMIT,
}
_CLOSES = ("销号", "销账", "验收合格")
_UNDECIDED = frozenset({Sense.BEG, Sense.GO, Sense.PLAN, Sense.CONDITION})
"""What leaves a decision open; but 退回请补齐 and 退回请整改后再报 return it, and say what for; 退回后 does not."""
_TELLS_OF_IT = _UNDECIDED | {Sense.PAST, Sense.OURS, Sense.ASK, Sense.HEARSAY}
"""Beside what a report is not sent back, but told of as sent back, or perhaps."""
_BEFORE_DECIDING = (BESIDE - {Sense.OURS}) | {
    Sense.POLITE,
    Sense.NO,
    Sense.MOVE,
    Sense.DUTY,
    Sense.PAPER,
    Sense.DEADLINE,
}


def _is_only_named(clause: Clause, place: int) -> bool:
    """Tell whether what would decide names a paper or a state, 销号单, 退回原因, or how others are to do it: 按时销号."""
    words = clause.words
    refuses = words[place].sense in (Sense.RETURN, Sense.DENY)
    told = "".join(word.text for word in words[place + 1 :]) + clause.mark
    glued = place + 1 < len(words) and words[place + 1].start == words[place].end
    in_time = words[place].text in _CLOSES and word_before(words, place) in of_kind("in_time")
    return in_time or (glued and makes_a_name(told, of_a_refusal=refuses))


def suffered(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether what would decide is told of oneself: 又被打回来了."""
    return any(word.text == "被" for word in words[:place])


def _before(decides: Word, first: Word) -> frozenset[Sense]:
    """Return what may stand before the word that decides; 已核查通过 verifies, 已退回 tells of what was, 材料不全退回去 and
    A-4 省科技厅退回 send a report back.
    """
    if decides.sense is Sense.RETURN:
        told = frozenset(Sense) - _TELLS_OF_IT if decides.text.endswith("回去") else _BEFORE_DECIDING
        return told | {Sense.UNIT} if first.sense is Sense.TASK else told
    return _BEFORE_DECIDING | {Sense.PAST} if decides.sense is Sense.VERIFY else _BEFORE_DECIDING
