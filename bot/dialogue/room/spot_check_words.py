"""What coordinators say of a spot check as they would to a colleague: 去现场看了，A-7的表是空的，不属实; A-3属实; 其余的都属实."""

import re

from bot.dialogue import access
from bot.dialogue.parts import Part, parts
from bot.dialogue.room import spot_checks
from bot.dialogue.turn import Turn
from db import ledger
from db.ledger import Which
from db.words import LIVING, Level

_UNTRUE = re.compile("不属实|不真实|(?<![^，,。；;：:\\s])不实|虚报|瞒报|弄虚作假|造假|与实际不符|不相符|对不上")
_TRUE = re.compile("(?<!不)(?<!否)属实|(?<!不)真实|对得上|(?<!不)相符")
_SEEN = re.compile("没有?(?:什么|任何)?问题")
_LOOKED = re.compile("现场|实地|抽查|看[过了]|查[过了]|核[过对]")
_DOUBTS = re.compile("[?？吗呢]|是否|是不是|如果|要是|万一|可能|好像|似乎|再|等|明天|后天")
"""What asks, guesses or puts off, and decides nothing."""
_SAYS_ONLY_SO = re.compile(rf"^(?:经?(?:抽查|核查|核实|查实)|情况|完全|根本|都|是)*(?:{_UNTRUE.pattern})[的了]?$")
_REST = re.compile(
    r"^(?:抽查的?)?(?:其[余他它]|剩下?|别)的?(?:几?[项个]|任务)?(?:我们?)?(?:都|全|均)?(?:现场|实地)?(?:[看查核][过对了]+)?(?:的)?[，,]?(?:情况)?(?:都|全部?|均)?(?:属实|没有?问题)[了的。！!]*$"
)


def judgement(text: str) -> bool | None:
    """Return what words find of something that was drawn: True where it is so, False where it is not; None where they decide nothing."""
    if _DOUBTS.search(text):
        return None
    if _UNTRUE.search(text):
        return None if _TRUE.search(_UNTRUE.sub("", text)) else False
    is_so = _TRUE.search(text) or (_SEEN.search(text) and _LOOKED.search(text))
    return True if is_so else None


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
    told = [(part, judgement(part.text)) for part in parts(text)]
    if not told and turn.incoming.reply_to and (found := judgement(text)) is not None:
        told = [(Part((), text), found)]
    if not told or any(found is None or not _all_wait(turn, part.tasks) for part, found in told):
        return False
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


def _judge(turn: Turn, code: str, words: str, found: bool | None) -> None:
    access.require_coordinator(turn.visitor)
    line = spot_checks.one_of_drawn(turn, (code,) if code else (), words)
    if line is None:
        return
    if found:
        spot_checks.found_so(turn, line, words)
    else:
        spot_checks.found_untrue(turn, line, reason(words.replace(f"〔{code}〕", code)))
