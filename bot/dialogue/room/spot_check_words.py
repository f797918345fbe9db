"""What coordinators say of a spot check as they would to a colleague: 去现场看了，A-7的表是空的，不属实; A-3属实; 其余的都属实."""

import re

from bot.dialogue import access
from bot.dialogue.beside_verdicts.doubt import UNTRUE
from bot.dialogue.parts import Part, parts
from bot.dialogue.phrases import Pieces
from bot.dialogue.room import looked, spot_checks
from bot.dialogue.targets import without_unit
from bot.dialogue.turn import Turn
from db import ledger
from db.ledger import Which
from db.words import LIVING, Level

_UNTRUE = re.compile("不属实|不真实|(?<![^，,。；;：:\\s])不实|虚报|瞒报|弄虚作假|造假|与实际不符|不相符|对不上")
_DENIED = re.compile(f"(?:没有?|未|并非|不是|不存在|说)[^，,。；;：:\\s]{{0,4}}?(?:{_UNTRUE.pattern})")
"""Says that it is not untrue, or that somebody else calls it so: 没有发现造假, 单位说不属实."""
_OF_ANOTHER = re.compile("举报|投诉|信访|来信|反映|曝光|问题(?=.{0,2}不[属真]?实)")
"""Of what else it may be said that it is not so: 群众投诉不属实."""
_TRUE = re.compile("(?<!附)属实|真实|对得上|相符")
_SEEN = re.compile("没有?(?:什么|任何)?问题")
_LOOKED = re.compile("现场|实地|抽查|看[过了]|查[过了]|核[过对]")
_ENDS = re.compile(f"(?:{_UNTRUE.pattern}|{_TRUE.pattern}|{_SEEN.pattern})[的了吧]*(?=[，,。；;！!\\s]|$)")
_ORDERS = re.compile("重[新办开报做]|退|撤|补|请|要")
_DOUBTS = re.compile("[?？吗呢]|是否|是不是|如果|要是|万一|可能|好像|似乎|再|等|明天|后天")
"""What asks, guesses or puts off, and decides nothing."""
_SAYS_ONLY_SO = re.compile(rf"^(?:经?(?:抽查|核查|核实|查实)|情况|完全|根本|都|是)*(?:{_UNTRUE.pattern})[的了]?$")
_SAY = Pieces(
    "spot_checks",
    rest="(?:抽查的?)?(?:其[余他它]|剩下?|别)的?(?:几?[项个]|任务)?",
    looked="(?:我们?)?[都全均]?(?:现场|实地)?(?:[看查核][过对了]+)?的?[，,]?",
)
_REST = _SAY("^{rest}{looked}(?:情况)?(?:都|全部?|均)?(?:属实|没有?问题)[了的。！!]*$")


def judgement(text: str) -> bool | None:
    """Return what words find of something that was drawn: True where it is so, False where it is not; None where they decide nothing."""
    if _DOUBTS.search(text):
        return None
    if _UNTRUE.search(text):
        of_it = not (_TRUE.search(_UNTRUE.sub("", text)) or _DENIED.search(text) or _OF_ANOTHER.search(text))
        return False if of_it else None
    return True if looked.is_so(looked.clauses(text)) else None


def touches(text: str) -> bool:
    """Tell whether words may be of whether it is so, though they decide nothing, 群众投诉属实, and ask and order nothing."""
    if _DOUBTS.search(text) or _ORDERS.search(text) or not _ENDS.search(text):
        return False
    return bool(_UNTRUE.search(text) or _TRUE.search(text) or _LOOKED.search(text))


def reason(text: str) -> str:
    """Return why something is not so: all words but a clause that says no more than that."""
    clauses = [clause.strip() for clause in re.split("[，,。；;！!]", text)]
    return "，".join(clause for clause in clauses if clause and not _SAYS_ONLY_SO.match(clause))


def said(turn: Turn, text: str) -> bool:
    """Hear what a coordinator says of what was drawn and waits; tell whether it was that."""
    if not turn.visitor.steers or not turn.is_spoken_to:
        return False
    if _REST.match(text.strip()):
        return ("抽查" in text or not _reports_wait(turn)) and spot_checks.offer_rest(turn)
    named = parts(text) or ([Part((), text)] if turn.incoming.reply_to else [])
    told = [(part, _found(turn, part)) for part in named]
    if not told or not all(_all_wait(turn, part.tasks) for part, _found in told):
        return False
    if any(found is None for _part, found in told):
        return len(told) == 1 and len(named[0].tasks) < 2 and touches(text) and _ask(turn, named[0])
    with turn.in_one_answer():
        for part, found in told:
            for code in part.tasks or ("",):
                turn.attempt(lambda code=code, part=part, found=found: _judge(turn, code, part.text, found))  # type: ignore[misc]
    return True


def _reports_wait(turn: Turn) -> bool:
    """Tell whether 其余的都属实 may be of reports that are to be verified."""
    return ledger.count(turn.session, Which(LIVING, levels=(Level.OFFICE,))) > 0


def _all_wait(turn: Turn, codes: tuple[str, ...]) -> bool:
    """Tell whether a spot check waits of each of these, or of what the answered message is about."""
    return all(spot_checks.waiting_of(turn, (code,) if code else ()) for code in codes or ("",))


def _found(turn: Turn, part: Part) -> bool | None:
    """Return what a part finds, the names of its units aside: A-1 省水利厅属实."""
    words = " ".join(looked.clauses(part.text))
    lines = [line for code in part.tasks or ("",) for line in spot_checks.waiting_of(turn, (code,) if code else ())]
    for line in lines:
        words = without_unit(turn, words, line.unit)
    return judgement(words) if lines else None


def _ask(turn: Turn, part: Part) -> bool:
    """Show what is drawn, with a press for either finding, where words may be of it and do not say plainly which."""
    access.require_coordinator(turn.visitor)
    line = spot_checks.one_of_drawn(turn, part.tasks, part.text)
    if line is not None:
        spot_checks.look(turn, line.assignment.id)
    return True


def _judge(turn: Turn, code: str, words: str, found: bool | None) -> None:
    access.require_coordinator(turn.visitor)
    line = spot_checks.one_of_drawn(turn, (code,) if code else (), words)
    if line is None:
        return
    if found:
        spot_checks.found_so(turn, line, words)
    elif not spot_checks.left_open(turn, line, words, UNTRUE):
        spot_checks.found_untrue(turn, line, reason(words.replace(f"〔{code}〕", code)))
