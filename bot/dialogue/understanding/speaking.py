"""What a clause speaks of, told by its words together: an act and its end, what is wanted of the bot, of the office, of time."""

from enum import StrEnum

from bot.dialogue.understanding.clauses import PROOFS, Clause
from bot.dialogue.understanding.lexicon import Sense, Word


class What(StrEnum):
    """What a clause speaks of."""

    FINISHED = "finished"
    HANDED_IN = "handed in"
    TAKEN = "a step taken"
    UNDER_WAY = "under way"
    TO_DO = "to do"
    STUCK = "stuck"
    FOREIGN = "foreign"
    SEEN = "seen"
    IN_CHARGE = "in charge"
    LEAVES = "leaves"
    CRIES = "cries for help"
    FINDS_OUT = "finds out"
    ANSWERS = "answers"
    MORE_TIME = "more time"
    UNDO = "undo"
    LIST = "list"
    SHOW = "show"
    HELP = "help"
    VERIFY = "verify"
    RETURN = "return"
    PERMIT = "permit"
    DENY = "deny"
    REST = "rest"
    SHARE = "share"
    CHAT = "chat"
    NOTHING = "nothing"


_FINISHING = frozenset({Sense.SETTLE, Sense.WORK, Sense.HAND, Sense.STEP, Sense.DUTY, Sense.PAPER, Sense.SEND})
_BESIDE = frozenset({Sense.FILLER, Sense.MANNER, Sense.OURS, Sense.NOW, Sense.TASK})
"""What stands with anything and says nothing of its own."""

_BARELY = (
    _BESIDE
    | {Sense.POLITE, Sense.PAST, Sense.WHOLE, Sense.RESULT, Sense.HEDGE}
    | {Sense.NO, Sense.UNIT, Sense.DAY, Sense.THANKS, Sense.ASK}
)
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
_OWN_DUTIES = frozenset({Sense.OURS, Sense.SHOW, Sense.DUTY, Sense.FILLER, Sense.POLITE, Sense.ASK})
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
    }
)


def what_of(clause: Clause, *, coordinator: bool) -> tuple[What, int]:
    """Return what a clause speaks of, and where its chief word stands among the words."""
    has, words = clause.senses, clause.words
    for found in (
        _of_the_bot(clause),
        _of_a_decision(clause) if coordinator else None,
        _of_time(clause),
        _of_who_sees_to_it(clause),
    ):
        if found is not None:
            return found
    if Sense.ABOUT in has and Sense.SHARE in has and not has & {Sense.FINISH, Sense.HAND}:
        return What.SHARE, _first(words, Sense.SHARE)
    if (Sense.ABOUT in has and Sense.SHARE not in has) or Sense.CHAT in has:
        return (What.CHAT if Sense.CHAT in has else What.NOTHING), 0
    for sense, what in (
        (Sense.LEAVE, What.LEAVES),
        (Sense.CRY, What.CRIES),
        (Sense.FOREIGN, What.FOREIGN),
        (Sense.STUCK, What.STUCK),
    ):
        if sense in has:
            return what, _first(words, sense)
    if Sense.RETURN in has and _suffered(words, _first(words, Sense.RETURN)):
        return What.STUCK, _first(words, Sense.RETURN)
    if has & {Sense.EVENT, Sense.LINK} and not has & {Sense.BEGIN, Sense.STEP, Sense.WORK, Sense.FINISH}:
        return What.NOTHING, 0
    finished = _finished_at(clause)
    if finished is not None and not (has & {Sense.GO, Sense.BEGIN} and words[finished].sense is not Sense.FINISH):
        return What.FINISHED, finished
    if Sense.RECEIVE in has and not has & {Sense.GO, Sense.BEGIN, Sense.STEP}:
        return What.SEEN, _first(words, Sense.RECEIVE)
    if (
        has <= _NOT_YET
        and has > {Sense.NO}
        and any(word.text in ("没", "没有", "尚未", "未", "没得") for word in words)
    ):
        return What.STUCK, _first(words, Sense.NO)
    if Sense.HAND in has and Sense.PAST in has:
        return What.HANDED_IN, _first(words, Sense.HAND)
    if Sense.SEND in has and Sense.PAST in has and any(word.text in _US for word in words):
        return What.HANDED_IN, _first(words, Sense.SEND)
    for sense in (Sense.GO, Sense.BEGIN):
        if sense in has and not (has <= _OF_A_SHARE and Sense.SHARE in has):
            return What.UNDER_WAY, _first(words, sense)
    for sense in (Sense.STEP, Sense.SETTLE, Sense.WORK, Sense.URGE):
        if sense in has and has & {Sense.PAST, Sense.COUNT} and not _names_a_paper(words, _first(words, sense)):
            return What.TAKEN, _first(words, sense)
    for sense, what in _DOING.items():
        if sense in has and not _names_a_paper(words, _first(words, sense)):
            return what, _first(words, sense)
    return _of_an_extent(clause)


_OF_A_SHARE = _BESIDE | {Sense.GO, Sense.SHARE, Sense.PAST}
"""What tells no more than how far it is: 进度六成了."""

_US = ("你们", "贵办", "贵局", "你办", "你局", "督办办", "您", "你")
"""To whom something is sent that may be what was to be handed in."""

_NOT_YET = _BESIDE | {Sense.NO}
"""What may stand beside a bare denial: 还没呢, 目前还没有."""

_DOING = {Sense.STEP: What.UNDER_WAY, Sense.SETTLE: What.TO_DO, Sense.WORK: What.TO_DO, Sense.HAND: What.TO_DO,
          Sense.SEND: What.TO_DO, Sense.URGE: What.UNDER_WAY}  # fmt: skip
"""What a verb says that is not told as past."""


_DAYS = frozenset({Sense.DAY, Sense.LATER, Sense.FUTURE})
_FOR_A_DAY = _BESIDE | _DAYS | {Sense.PLAN, Sense.HEDGE, Sense.DUTY_BOUND, Sense.PAST, Sense.PERIOD, Sense.EARLIER}
"""What is said where somebody tells no more than until when it will take: 预计要到九月了."""


def _names_a_paper(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether a verb only says which paper it is: 验收报告."""
    return words[at].sense in (Sense.SETTLE, Sense.WORK) and words[min(at + 1, len(words) - 1)].sense is Sense.PAPER


def _of_an_extent(clause: Clause) -> tuple[What, int]:
    if Sense.REST in clause.senses:
        return What.REST, _first(clause.words, Sense.REST)
    if Sense.SHARE in clause.senses:
        return What.SHARE, _first(clause.words, Sense.SHARE)
    if clause.senses <= _FOR_A_DAY and clause.senses & {Sense.PLAN, Sense.HEDGE} and clause.senses & _DAYS:
        return What.TO_DO, 0
    if clause.senses & {Sense.HEDGE, Sense.PART}:
        return What.SHARE, 0
    if Sense.RESULT in clause.senses and clause.senses <= _BARELY:
        return What.SEEN, 0
    if Sense.THANKS in clause.senses:
        return What.CHAT, 0
    return What.NOTHING, 0


def _of_the_bot(clause: Clause) -> tuple[What, int] | None:
    has = clause.senses
    if Sense.HELP in has:
        return What.HELP, _first(clause.words, Sense.HELP)
    taken_back = next((sense for sense in (Sense.SLIP, Sense.UNDO) if sense in has), None)
    if taken_back is not None and _takes_back(clause, taken_back):
        return What.UNDO, _first(clause.words, taken_back)
    if Sense.WHICH in has and not has & {Sense.PAPER, Sense.LEADER, Sense.TASK}:
        return What.LIST, _first(clause.words, Sense.WHICH)
    if Sense.LIST in has and (has <= _LISTING or (has <= _LISTING | _OPEN and _is_called_by_what_is_open(clause))):
        return What.LIST, _first(clause.words, Sense.LIST)
    if (
        has & {Sense.OURS, Sense.SHOW, Sense.ASK}
        and has <= _OWN_DUTIES
        and any(word.text in ("任务", "事项") for word in clause.words)
    ):
        return What.LIST, _first(clause.words, Sense.DUTY)
    if Sense.ABOUT in has and Sense.LIST in has:
        return What.LIST, _first(clause.words, Sense.LIST)
    if Sense.SHOW in has and Sense.TASK in has and has <= _SHOWING:
        return What.SHOW, _first(clause.words, Sense.SHOW)
    return None


def _takes_back(clause: Clause, by: Sense) -> bool:
    """Tell whether what was said here is taken back: 撤回, 撤回刚才的办结; 座谈会取消了 and 撤销了两处摊点 tell of the duty."""
    if by is Sense.SLIP:
        return not (Sense.MOVE in clause.senses and Sense.NO in clause.senses)
    happened = any(word.text in _HAPPENED for word in clause.words)
    return clause.senses <= _TAKEN_BACK and (not happened or Sense.TOLD in clause.senses)


_HAPPENED = ("了", "过", "已", "已经")
_TAKEN_BACK = (
    _BESIDE
    | {Sense.UNDO, Sense.TOLD, Sense.POLITE, Sense.BEG, Sense.MAY, Sense.ASK, Sense.THANKS, Sense.PAST, Sense.PLAN}
    | {Sense.DUTY_BOUND, Sense.EARLIER, Sense.ABOUT, Sense.DUTY, Sense.FINISH, Sense.RECEIVE, Sense.MOVE, Sense.HAND}
    | {Sense.GO, Sense.SHARE, Sense.REPLY, Sense.HEARSAY}
)
"""What stands beside 撤回 where it takes back what was said here: when it was said, and what it said."""

_OPEN = frozenset({Sense.SETTLE, Sense.RESULT})


def _is_called_by_what_is_open(clause: Clause) -> bool:
    """Tell whether verbs only say which list it is: 没办的清单, 没办完的清单."""
    place = _first(clause.words, Sense.LIST)
    return not any(word.sense in _OPEN for word in clause.words[place:])


def _of_a_decision(clause: Clause) -> tuple[What, int] | None:
    """Return what a coordinator decides; 请销号 and 恳请同意 are a contact's wishes, and what is told of somebody decides nothing."""
    has, words = clause.senses, clause.words
    place = next((place for place, word in enumerate(words) if word.sense in _DECIDING or word.text in _CLOSES), None)
    if (
        place is None
        or _suffered(words, place)
        or any(word.sense not in _before(words[place]) for word in words[:place])
    ):
        return None
    if words[place].sense is Sense.RETURN:
        if Sense.CONDITION in {word.sense for word in (*words[:place], *words[place + 1 : place + 2])}:
            return None
    elif has & _UNDECIDED:
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
_BEFORE_DECIDING = (_BESIDE - {Sense.OURS}) | {
    Sense.POLITE,
    Sense.NO,
    Sense.MOVE,
    Sense.DUTY,
    Sense.PAPER,
    Sense.DEADLINE,
}


def _suffered(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether what would decide is told of oneself: 又被打回来了."""
    return any(word.text == "被" for word in words[:place])


def _before(decides: Word) -> frozenset[Sense]:
    """Return what may stand before the word that decides; 已核查通过 verifies, 已退回 tells of what was."""
    return _BEFORE_DECIDING | {Sense.PAST} if decides.sense is Sense.VERIFY else _BEFORE_DECIDING


def _of_time(clause: Clause) -> tuple[What, int] | None:
    has, words = clause.senses, clause.words
    if has & {Sense.EVENT, Sense.ABOUT, Sense.PERMIT} and not has & {Sense.BEG, Sense.MAY, Sense.DEADLINE}:
        return (What.MORE_TIME, _first(words, Sense.MOVE)) if clause.has_before(Sense.MOVE, Sense.DAY) else None
    if Sense.LENGTH in has and (has & {Sense.BEG, Sense.MAY} or any(word.text in ("给", "多", "再") for word in words)):
        return What.MORE_TIME, _first(words, Sense.LENGTH)
    if Sense.MOVE in has and not (words[0].text in PROOFS and Sense.SEND in has):
        return What.MORE_TIME, _first(words, Sense.MOVE)
    if (
        Sense.SHIFT in has
        and has & {Sense.DEADLINE, Sense.BEG, Sense.MAY}
        and has & {Sense.DAY, Sense.DEADLINE, Sense.FUTURE}
    ):
        return What.MORE_TIME, _first(words, Sense.SHIFT)
    asks_leave_for_a_day = Sense.MAY in has and has & {Sense.DAY, Sense.FUTURE, Sense.LATER} and has <= _LEAVE_FOR_A_DAY
    return (What.MORE_TIME, _first(words, Sense.MAY)) if asks_leave_for_a_day else None


_LEAVE_FOR_A_DAY = (
    _BESIDE
    | {Sense.MAY, Sense.DAY, Sense.FUTURE, Sense.LATER, Sense.POLITE, Sense.HAND, Sense.DUTY, Sense.PAPER}
    | {Sense.BEG, Sense.HEDGE, Sense.ASK, Sense.THANKS, Sense.EARLIER, Sense.PERIOD}
)
"""What is said where leave is asked for a later day: 下月中旬行吗, 材料下周三交可以吗."""

_ABLE = ("能", "可", "就", "就能", "能够", "肯定", "马上")
"""What makes a plan of 完: 周五能完."""


def word_before(words: tuple[Word, ...], place: int) -> str:
    """Return the text of the word before a place, "" where there is none."""
    return words[place - 1].text if place else ""


def _of_who_sees_to_it(clause: Clause) -> tuple[What, int] | None:
    """Return whether a clause says who inside the unit sees to it, or that somebody asks around first, or will answer."""
    has, words = clause.senses, clause.words
    if Sense.CHARGE in has and has & {Sense.UNIT, Sense.THEIRS}:
        return What.FOREIGN, _first(words, Sense.CHARGE)
    handed = next((place for place, word in enumerate(words) if word.text in _HANDED), None)
    if (
        handed is not None
        and Sense.UNIT in has
        and has <= _HANDED_ON
        and not any(word.text in _CASES for word in words)
    ):
        return What.FOREIGN, handed
    if has & {Sense.FINISH, Sense.PAPER}:
        return None
    if Sense.CHARGE in has:
        return What.IN_CHARGE, _first(words, Sense.CHARGE)
    if Sense.PERSON in has:
        place = _first(words, Sense.PERSON)
        if word_before(words, place) in _GIVES or any(word.text in _TAKES for word in words[place + 1 : place + 3]):
            return What.IN_CHARGE, place
    if Sense.REPLY in has:
        return What.ANSWERS, _first(words, Sense.REPLY)
    if words[-1].text in ("回复", "反馈") and has & {Sense.FUTURE, Sense.NOW, Sense.LATER, Sense.PLAN, Sense.DAY}:
        return What.ANSWERS, len(words) - 1
    return (What.FINDS_OUT, _first(words, Sense.INQUIRE)) if Sense.INQUIRE in has else None


_HANDED = ("移交", "移送", "已转", "转", "转办", "转交", "流转", "转到")
_HANDED_ON = _BESIDE | {Sense.URGE, Sense.STEP, Sense.UNIT, Sense.PAST, Sense.DUTY, Sense.SETTLE, Sense.WHOLE}
_CASES = ("线索", "案件", "问题", "隐患", "投诉", "工单", "信访件")
"""What is handed to another office as a step of the work: 线索已移交公安局; the work itself is handed on: 已移交市交通局."""

_GIVES = ("交给", "转", "已转", "转交", "安排", "派", "换", "找", "让")
_TAKES = ("负责", "牵头", "对接", "跟进", "跟", "办理", "联系", "落实", "处理", "盯", "盯着")
"""What is said before, and after, the name of who sees to it from now on."""


def _finished_at(clause: Clause) -> int | None:
    """Return where a clause says that something is finished: by one word, by a verb and its result, by 已 and a verb."""
    words, has = clause.words, clause.senses
    finishing = [place for place, word in enumerate(words) if word.sense is Sense.FINISH]
    for place in finishing:
        if not is_tick(words[place]):
            return place
    results = [place for place, word in enumerate(words) if word.sense is Sense.RESULT]
    for place in results:
        bare = has <= _BARELY and (has & {Sense.PAST, Sense.NO} or len(words[place].text) > 1)
        bare = bare or (has <= _BARELY | _SEEING and _is_told_as_past(words, place))
        bare = bare or (word_before(words, place) in _ABLE and words[place].text == "完")
        if bare or any(word.sense in _FINISHING for word in words[:place]):
            return place
    if Sense.SETTLE in has:
        place = _first(words, Sense.SETTLE)
        if any(word.sense in (Sense.WORK, Sense.STEP, Sense.URGE) for word in words[:place]):
            return None
        if any(word.sense in (Sense.PAST, Sense.WHOLE) for word in words[:place]) or words[-1].sense is Sense.PAST:
            return place
    return finishing[0] if finishing and Sense.RECEIVE not in has else None


_SEEING = frozenset({Sense.RECEIVE, Sense.DUTY})
"""What stands with what was seen: 收到好了, 任务收到妥了."""


def _is_told_as_past(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether a result is past by itself, 好了, or by the word after it, 完 了; 嗯好 知道啦 is neither."""
    return len(words[place].text) > 1 or [word.sense for word in words[place + 1 : place + 2]] == [Sense.PAST]


def is_tick(word: Word) -> bool:
    """Tell whether a word that says that something is finished is a mark, which beside 收到 says no more than 收到."""
    return word.sense is Sense.FINISH and not word.text[0].isalnum()


def _first(words: tuple[Word, ...], sense: Sense) -> int:
    return next(place for place, word in enumerate(words) if word.sense is sense)
