"""What coordinators say of a report or a request: a decision, its reason, or that it is let go."""

import re
from collections.abc import Callable
from datetime import date
from enum import Enum, auto

from bot.dialogue.phrases import Pieces
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

_SAY = Pieces(
    "reasons",
    hesitates=r"(?:那|就|还是|我?再看看|稍?等(?:一[下等]|等)?|慢着|先)[就吧\s，,。]*+",
    lets_go=r"算了|不用了|不必了?|再说|(?:取消|放弃|撤回)(?:吧|了|退回)?(?=[\s，,。]|$)",
    not_back="(?:先|暂时?|还是)?(?:别|不[要用必]?)[再先]?(?:退|打回|驳回|重开)",
    wrong="不[对全符清够实]|有误|错[了误]",
    anew="[去再]?重新?[报做办填写搞弄](?:一[下遍次份])?[吧啊]?",
    asks_them=r"(?:[请让叫要]|麻烦)(?:{them}|[\u4e00-\u9fff]{2,10}?[局厅委办队])[把再去]?",
    short="[\u4e00-\u9fff]{2,6}(?:的?延期|的?[那这][个项条份]|的)",
    whose=r"[〔\[]?[A-Za-z]{1,2}\d{0,2}-\d{1,4}[〕\]]?|[\u4e00-\u9fff]{1,8}?[局厅委办院队站镇乡县区]|{others}",
)
_GIVES_UP = _SAY("^{hesitates}*(?:{lets_go}|{not_back}|$)")
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


_HOLDS = re.compile(
    r"^(?:情况|核查|经核)?(?:同意|属实|核实|符合|没有?(?:什么|任何)?问题|可以|通过|可?以?销号|可以?销|销)[了的吧]*[。!！]?$"
)
_FAILS = re.compile(
    r"^(?:情况|[这那](?:个|项))?(?:不同意|不行|不属实|不符合?|不可以|不通过|打回)[了的吧啊呀]*(?:[，,。：:\s]+(?P<why>.*))?$"
)


def judgement(text: str) -> tuple[Action, str] | None:
    """Return what a reply to a report says of it, 属实 or 不符 in whatever words, with the reason; None where it says neither."""
    clean = text.strip()
    fails = _FAILS.match(clean)
    if fails is not None:
        return Action.RETURN, (fails["why"] or "").strip()
    return (Action.VERIFY, "") if _HOLDS.match(clean) else None


_SENDS_BACK = _SAY(
    "(?P<why>[^，,。]{1,20}{wrong})?(?:[请让叫要]{them}?)?{anew}"
    "|[退打][回给]去?给?{them}?[请让叫要]?{anew}|退[回给]{them}[吧啊]?"
)


def sends_back(text: str) -> str | None:
    """Return the reason with which words send a report back, 退给他们重做, "" where they give none; None where they do not.

    One clause says so and nothing else but what is wrong: 重做的方案, 正在重做, 下周重报, 已重报 tell of it. What the other clauses say is
    the reason, too.
    """
    rest = re.sub(rf"[〔\[]?{CODE}[〕\]]?", "", text)
    clauses = [clause.strip(" ：:的") for clause in re.split(r"[，,。；;！!\s]", rest)]
    said = [found for found in map(_SENDS_BACK.fullmatch, clauses) if found is not None]
    if len(said) != 1 or re.search("[?？]", text):
        return None
    why = (said[0]["why"] or "" if clause == said[0][0] else clause for clause in clauses)
    return "，".join(one for one in why if len(one) > 1 and one != "不行")


_TALK = re.compile(
    r"(?:[这那](?:个|一?项|份|次)?|我看|看了|他们的?)*(?:不行|过不了|通不过|不能过|退[回给]?去?|打回去?|(?:延期)?不(?:批准?|同意|准)(?:延期)?)[的了吧啊呀呢哈]*"
)
"""What a coordinator says to colleagues beside a reason: 这个不行啊."""
_ASKS_THEM = _SAY("^(?:退回?去?|打回去?)?{asks_them}(?=[补重改换完拍写做].)")
SENT_BACK = _SAY("^(?!.*(?:[?？吗]|催|提醒)).*{asks_them}(?:把[^，,。]{1,10}?)?{redone}")
"""What a unit is told to do over: 照片不清楚，让他们重新拍."""
_MILDLY = re.compile("(?<=[补改换拍写做传发])一下(?=.)")


def without_talk(words: str) -> str:
    """Return a reason as its unit is to read it, without what is said to colleagues: 补照片 of 这个不行啊，让他们补一下照片. What says
    nothing else stays as it is.
    """
    told = re.split(r"([，,。；;！!\s]+)", _WRITE_THIS.sub("", words))
    kept: list[str] = []
    for clause, mark in zip(told[::2], [*told[1::2], ""], strict=True):
        if _TALK.fullmatch(clause) is None and _AMONG_US.fullmatch(clause) is None:
            kept += [_MILDLY.sub("", _ASKS_THEM.sub("", clause)), mark]
    return "".join(kept).strip("，, ；;") or words


_PARTICLES = re.compile("[了哈吧啊呢呀的嘛哦啦去，,。！!~～\\s]*(?:谢谢[了您你]*|辛苦[了您你]*)?")
"""What ends a verdict and says nothing: 退回哈; 退回吧，谢谢."""
_SAYS_NO_MORE = re.compile(
    "(?:这次|现在|目前|还|也|都|是)*(?:不能|没有?|未|没能|不会|不可以)(?:给|予以?)?(?:通过|过|同意|批准?|销号?)[了的呢啊吧]*"
)
"""What repeats that somebody does not agree, and says no reason: 不能通过."""


def reason_in(words: str) -> str:
    """Return a reason as its unit is to read it, "" where the words give none."""
    said = words.strip(" ，,。！!")
    return "" if _SAYS_NO_MORE.fullmatch(said) or _PARTICLES.fullmatch(said) else without_talk(words)


_AMONG_US = _SAY(
    "(?:但|就|记得)?{do_not}(?:[跟对和给]?{them})?{tell}.*|(?:{writes}[得的]?)?(?:{tone}{a_bit}|{a_bit}{tone})[吧啊]?"
)
"""A clause about how the reason is to be written, and none of it: 别说是李局让退的, 写客气点."""
_WRITE_THIS = _SAY(
    r"^(?:退回?的?)?(?:(?:理由|原因)[你您]?(?:[:：]|是|为(?![何什空])|写成)|(?:理由|原因)?[你您]?就(?:写|说|填)成?)[:：，,\s]*(?=.)"
)
"""What stands before the words that are to be written: 理由就写…."""
_ASKS_US = _SAY(
    "(?:那|我|你|先|得|要|再|去|还)*(?:{asks}[\u4e00-\u9fff]{0,2}{boss}{settles}?|{thinks}|[\u4e00-\u9fff]{0,2}{boss}?定)[吧呗啊。！!]*"
)
"""What is said to colleagues of whom a reason was asked, and is none: 问问李局, 我想想."""


_CHATS = _SAY(
    "{wait_for_me}|.{0,8}{comes}|.{1,4}[说讲][的得]对[啊呀]?$|(?:{things}|没有?|有)[。！!]*$|[早中]午.{0,4}[吃饭]|吃.{0,3}[饭面啥]"
)
"""What is said in the room meanwhile: 等等我接个电话, 小周过来一下, 甲局来人了."""


def is_talk(words: str) -> bool:
    """Tell whether words in answer to the question for a reason hold nothing that its unit is to read."""
    clauses = [clause for clause in re.split(r"[，,。；;！!\s]+", words) if clause]
    talks = all(_AMONG_US.fullmatch(one) or _ASKS_US.fullmatch(one) for one in clauses)
    return bool(clauses) and (talks or _CHATS.match(words.strip()) is not None)


_OTHERWISE = _SAY(
    r"(?:^|[，,。；;\s])(?P<said>[那就]?(?:{whose}的?|{short})(?:都|也|全部)?(?:可以)?{decided})[了吧]?(?=$|[，,。；;！!])"
)


def decides_otherwise(words: str) -> str:
    """Return what words that stand as a reason decide of somebody else, 教育局通过, "" where they are nothing but a reason."""
    found = _OTHERWISE.search(words)
    return found["said"] if found is not None and not _LACKS.search(found["said"]) else ""


_LACKS = re.compile("[未没须需经待不无]")
"""What makes a reason of it: 未经县局同意."""


_AGAIN = re.compile("重新(?:打开|办理?)")


def is_again(turn: Turn, references: tuple[str, ...], text: str) -> bool:
    """Tell whether what is closed is to be done again: 重新办理 returns a report and opens again what was verified."""
    lines = of_coordinator(turn, references, Which(LIVING)).lines if _AGAIN.search(text) else ()
    return bool(lines) and all(line.assignment.state is State.CLOSED for line in lines)
