"""What asks the office to do its part, after which nothing is left: to look at what was done, and to close it."""

import re

from bot.dialogue.phrases import Pieces
from bot.dialogue.understanding.clauses import BESIDE, Clause
from bot.dialogue.understanding.lexicon import Sense

_SAY = Pieces("closing")
_SHUT = _SAY("{ticket}?(?:可以|能|就|该|请|麻烦|您|你们?|给|帮){0,3}{shut}[了掉]?(?:吧|呗|哈|了吧)?")
_LEFT_TO_YOU = _SAY("{you}{there}?{when}{0,2}[来给帮]?{us}?{closes}{softly}?{end}")
_SATISFIED = _SAY("[一-龥]{0,5}{judge}[们也都]{0,2}(?:{came}?{looked}[过了完]?)?[说都也]{0,2}{passed}了?")
_PASSED = _SAY("(?:{came}{looked}{softly}?|{looked})[过完]?了?[说都也]{0,2}{passed}了?|{came}{looked}[过完]了?")
CONCLUDES = _SAY("{this}?[也总]?就(?:算|算是)?{over}了?[呀啊吧哈]?")
"""With what a report ends of which all was told before: 这事就结了."""
OVER = _SAY(
    "[现在也都一点全]{0,4}(?:不再?{trouble}|没有?{nuisance}|{nuisance}[也都已]?没有?)了|[一-龥]{2,8}[都全](?:干净|通畅|整洁|利索)了"
)
"""That what troubled people is over: 不漏水了, 没味道了."""
TOLD_THEM = _SAY("[已也都]?(?:经)?(?:电话|书面|当面)?(?:回复|答复|告知|反馈|回访|通知)[给了]{0,2}{them}们?了?")
"""That those who complained were told, which goes along with an end: 已回复投诉人."""

_OFFICE_DOES = re.compile(
    "验收|核查|销号|核销|审核|复核|审查|复查|查看|看|看看|看下|看一下|查收|销账|核实|销掉|销项|归档|存档|结案|登记"
)
"""What the office does once it is reported: 请安排验收, 记得给我们销号, 您随时来看."""
_CALLING = frozenset({Sense.WISH, Sense.BEG, Sense.POLITE})
_FOR_THE_OFFICE = (
    BESIDE
    | _CALLING
    | {
        Sense.SETTLE,
        Sense.WORK,
        Sense.FINISH,
        Sense.SHOW,
        Sense.STEP,
        Sense.VERIFY,
        Sense.THEIRS,
        Sense.PLAN,
        Sense.RECEIVE,
    }
    | {Sense.THANKS, Sense.DUTY, Sense.LEADER, Sense.UNKNOWN}
)


def is_for_the_office(clause: Clause) -> bool:
    """Tell whether a clause only asks the office to do its part, after which nothing is left to call on anybody for."""
    sends = any(word.text == "派人" for word in clause.words) and clause.words[0].text in ("您", "请", "你们", "你")
    if not (sends or clause.senses & _CALLING or any(word.text in ("请", "随时", "可以") for word in clause.words)):
        return False
    acts = [word.text for word in clause.words if word.sense in _ACTS and word.text not in ("安排", "组织", "派")]
    told = clause.senses - {Sense.URGE} if sends else clause.senses
    return bool(acts) and told <= _FOR_THE_OFFICE and all(_OFFICE_DOES.fullmatch(act) for act in acts)


_ACTS = (Sense.SETTLE, Sense.WORK, Sense.FINISH, Sense.SHOW, Sense.STEP)


_CLOSING = re.compile(
    "(?:请|求|可以|申请|提请|报请|随时).*(?:核查|核销|销号|验收|查验|来验|核验|复核|归档|销项|关单|销号|结案|存档|登记|记录|备案|办结)|来验"
)


def asks_to_close(clause: Clause) -> bool:
    """Tell whether the office is asked to look at what was done, and to close it: 请核查, 申请销号, 可以来验."""
    polite = (word.text for word in clause.words if word.sense is Sense.POLITE)
    return (
        any(_CLOSING.fullmatch(text) for text in polite) or is_for_the_office(clause) or is_left_to_the_office(clause)
    )


_LEFT = _FOR_THE_OFFICE | {
    Sense.WHOLE,
    Sense.SEND,
    Sense.REST,
    Sense.ASK,
    Sense.MAY,
    Sense.PAST,
    Sense.LIST,
    Sense.RESULT,
    Sense.LEADER,
    Sense.OURS,
    Sense.PLAIN,
    Sense.INQUIRE,
}


def is_left_to_the_office(clause: Clause) -> bool:
    """Tell whether a clause only says that the office may look now, which asks nothing behind an end: 您那边查吧, 你们啥时候来都行."""
    if not clause.senses <= _LEFT:
        return False
    told = "".join(word.text for word in clause.words)
    shut = (
        len(told) > 2
        and (told[-1] in "了吧呗哈" or told.startswith("可以") or "请" in told)
        and _SHUT.fullmatch(told) is not None
    )  # 这单可以关了
    return (shut and Sense.NO not in clause.senses) or _LEFT_TO_YOU.fullmatch(told) is not None


def is_passed_by_others(clause: Clause) -> bool:
    """Tell whether a clause says no more than that others came to look, and what they found was good: 县里也来看过说可以."""
    who = clause.words[0].sense in (Sense.THEIRS, Sense.LEADER, Sense.UNIT, Sense.PERSON) or clause.words[
        0
    ].text.endswith("组")
    told = "".join(
        word.text for word in clause.words[1:] if word.text not in ("也", "都", "已", "已经", "昨天", "今天")
    )
    if clause.senses & {Sense.NO, Sense.ASK, Sense.REST, Sense.DUTY_BOUND}:
        return False
    satisfied = _SATISFIED.fullmatch("".join(word.text for word in clause.words)) is not None
    return satisfied or (who and _PASSED.fullmatch(told) is not None)
