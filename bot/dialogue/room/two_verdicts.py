"""Two verdicts in one message that no form takes apart, 甲局的清单没问题，销了吧；乙局那份照片是去年的，打回: neither is carried out, as the
words of the other would be told as its own.
"""

import re

from sqlmodel import Session

from bot.dialogue.phrases import Phrase, Pieces
from bot.dialogue.understanding import tasks
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import lexicon
from db import register
from db.models import Unit

_SAY = Pieces(
    "verdicts",
    no="{refuses}|{sends_back}|退",
    yes="{grants}|{closes}|批",
    softly="[了掉吧的]*",
    theirs="(?:的|[那这][个项份]|[也都])(?:可以|一并|一起|就|给)*",
    leads="[那就把也都先可以给予准请]*",
)
_ACT = _SAY(
    "^{leads}(?:(?P<no>{no})|(?P<yes>{yes})){softly}(?!了?[的率后前过时])|(?:(?P<back>{no})|(?P<pass>{yes})){softly}$"
)
_BARE = _SAY("{leads}(?:{yes}){softly}|.*(?:销|{theirs}(?:{yes})){softly}")
"""Nothing but that something is closed or granted; who has 专家评审通过 in a reason does not decide."""
_THEIRS = _SAY("{theirs}(?:{no}|{yes}){softly}$")
"""That somebody's is decided: 甲局的也退回."""
_TOLD = re.compile("[没未须需待不无已别]")
"""What makes a reason of it: 未经县局同意, 已退回."""


def crossed(session: Session, text: str) -> tuple[str, str] | None:
    """Return the clauses of the first verdict and of one that is of another unit, or is the opposite one; None where all are one."""
    whose: frozenset[int] = frozenset()
    told: list[tuple[frozenset[int], bool, str]] = []
    for clause in _clauses(text):
        whose = frozenset(unit.id for unit in register.mentioned(session, clause)) or whose
        act = _act(_ACT, clause)
        if act is not None:
            told.append((whose, bool(act["yes"] or act["pass"]), clause))
    closes = any(yes and _BARE.fullmatch(clause) for _whose, yes, clause in told)
    for one in told[1:]:
        if one[0] != told[0][0] or (closes and one[1] != told[0][1]):
            return told[0][2], one[2]
    return None


def of_another(session: Session, text: str, unit: Unit) -> str:
    """Return the clause that decides what another unit than that of the verdict has, "" where none does: 照片不清，乙局的也退回."""
    for clause in _clauses(text):
        units = {one.id for one in register.mentioned(session, clause)}
        if units and unit.id not in units and _act(_THEIRS, clause) is not None:
            return clause
    return ""


def _act(form: Phrase, clause: str) -> re.Match[str] | None:
    act = form.search(clause)
    return None if act is None or _TOLD.search(clause[: act.start()]) else act


def _clauses(text: str) -> list[str]:
    """Return the clauses of a text without the codes of tasks."""
    clean = heard(text)
    for one in reversed(list(tasks.find(clean, lexicon()))):
        clean = f"{clean[: one.start]}{clean[one.end :]}"
    return [clause.strip() for clause in re.split(r"[，,。；;！!\n]", clean)]
