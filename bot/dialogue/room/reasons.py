"""What coordinators say of a report or a request: a decision, its reason, or that it is let go."""

import re
from collections.abc import Callable
from datetime import date
from enum import Enum, auto

from bot.dialogue.targets import CODE, of_coordinator
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, understand
from db.ledger import Which
from db.words import LIVING, Action, State

DECIDES = {
    Intent.VERIFY: Action.VERIFY,
    Intent.RETURN: Action.RETURN,
    Intent.GRANT: Action.GRANT,
    Intent.REFUSE: Action.REFUSE,
}
"""What is decided by what is said."""

_GIVES_UP = re.compile(
    r"^(?:(?:那|就|还是|我?再看看|稍?等(?:一[下等]|等)?|慢着|先)[就吧\s，,。]*+)*"
    r"(?:算了|不用了|不必了?|再说|(?:取消|放弃|撤回)(?:吧|了|退回)?(?=[\s，,。]|$)|"
    r"(?:先|暂时?|还是)?(?:别|不(?:要|用|必)?)(?:再|先)?(?:退|打回|驳回|重开)|$)"
)
"""How somebody lets go of a decision for which a reason is asked: 等一下 先不退."""
_NO_REASON = re.compile(
    r"(?:[吗么呢?？]|了没有?)[\s。!！?？]*$|^(?:谁|哪些|哪个|为什么|怎么)|^(?:[那就再]|还是)*(?:同意|批准|通过|属实)[了吧]*$"
)
"""A question, or the other decision."""
_HEAD = re.compile(rf"^(?:[〔\[]?)(?P<code>{CODE})")


class Answer(Enum):
    """What is said where a reason was asked for."""

    REASON = auto()
    GIVES_UP = auto()
    SOMETHING_ELSE = auto()


def answer_in(text: str, action: Action, of_it: Callable[[str], bool], on: date) -> Answer:
    """Return what somebody says who was asked for the reason of ``action``; ``of_it`` tells whether a code is its task's.

    Only a reason is one: not another task at the head of the words, a question, the decision once more, another decision.
    """
    clean = text.strip()
    head = _HEAD.match(clean)
    if head is not None and not of_it(head["code"]):
        return Answer.SOMETHING_ELSE
    rest = clean[head.end() :].lstrip("〕] ，,：:") if head is not None else clean
    if rest and _GIVES_UP.match(rest):
        return Answer.GIVES_UP
    said = understand(text, on=on, coordinator=True)
    decided = DECIDES.get(said.intent) if said.confident and not said.reason else None
    again = decided is action and head is not None
    if not rest or _NO_REASON.search(rest) or decided in (Action.VERIFY, Action.GRANT) or again:
        return Answer.SOMETHING_ELSE
    return Answer.REASON


_HOLDS = re.compile(r"^(?:情况|核查|经核)?(?:同意|属实|核实|符合|没问题|可以|通过|销号)[了的吧]*[。!！]?$")
_FAILS = re.compile(
    r"^(?:情况)?(?:不同意|不行|不属实|不符合?|不可以|不通过|打回)[了的吧]*(?:[，,。：:\s]+(?P<why>.*))?$"
)


def judgement(text: str) -> tuple[Action, str] | None:
    """Return what a reply to a report says of it, 属实 or 不符 in whatever words, with the reason; None where it says neither."""
    clean = text.strip()
    fails = _FAILS.match(clean)
    if fails is not None:
        return Action.RETURN, (fails["why"] or "").strip()
    return (Action.VERIFY, "") if _HOLDS.match(clean) else None


_SENDS_BACK = re.compile(
    r"(?:不行[，,\s]*)?(?:退[回给]去?)?(?:给)?(?:[请让叫要](?=他们|她们|对方|单位|重))?(?:他们|她们|对方|单位)?(?:去|再)?重新?[报做办填写搞弄](?:一[下遍次份])?(?:[吧啊]|$)*+"
    r"|退[回给](?:他们|她们|对方|单位)"
)
_SENDS_NOTHING = re.compile(
    r"[?？]|[吗没]$|[不别未没](?:用|要|必|能|再|让|想)[^，,。]{0,2}(?:退|重)|[未没别]有?(?:退|重)|重新?[报做办填写搞弄](?:过|好|完|上来)?了|已经?[退重]|谁|哪|是否|要不要"
)
"""A question, what need not be, and what the unit has done itself: 已重报, 不用重做."""


def sends_back(text: str) -> str | None:
    """Return the reason with which words send a report back, 退给他们重做, "" where they give none; None where they do not."""
    if _SENDS_NOTHING.search(text) or not _SENDS_BACK.search(text):
        return None
    rest = re.sub(rf"[〔\[]?{CODE}[〕\]]?", "", text)
    clauses = (_SENDS_BACK.sub("", clause).strip(" ：:的") for clause in re.split(r"[，,。；;！!\s]", rest))
    return "，".join(clause for clause in clauses if len(clause) > 1 and clause != "不行")


_AGAIN = re.compile("重新(?:打开|办理?)")


def is_again(turn: Turn, references: tuple[str, ...], text: str) -> bool:
    """Tell whether what is closed is to be done again: 重新办理 returns a report and opens again what was verified."""
    lines = of_coordinator(turn, references, Which(LIVING)).lines if _AGAIN.search(text) else ()
    return bool(lines) and all(line.assignment.state is State.CLOSED for line in lines)
