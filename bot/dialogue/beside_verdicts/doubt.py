"""Which clause beside a verdict leaves it open, by the kind of each verdict."""

import re

from bot.dialogue.beside_verdicts.settling import Settling
from bot.dialogue.beside_verdicts.unsettling import LIMITS, MISJUDGED, NOT_VERIFIED, Unsettling
from bot.dialogue.phrases import Pieces
from bot.dialogue.understanding import tasks
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import lexicon
from db.words import Action

UNTRUE, TRUE = "untrue", "true"
VERDICTS: dict[Action | str, Settling | Unsettling] = {
    Action.VERIFY: Settling("verifies", done=True),
    Action.RETURN: Unsettling("returns", goes_with=NOT_VERIFIED),
    Action.REOPEN: Unsettling("reopens"),
    Action.GRANT: Settling("grants", time=True, hurry=True),
    Action.REFUSE: Unsettling("refuses", not_against=("early", "against"), also=LIMITS),
    Action.SUSPEND: Unsettling("suspends", not_against=("puts_off",), waits=True),
    Action.RESUME: Settling("resumes", done=True, hurry=True),
    Action.CANCEL: Unsettling("cancels"),
    Action.WAIVE: Unsettling("waives"),
    UNTRUE: Unsettling("untrue", also=MISJUDGED),
    TRUE: Settling("true", done=True),
}
"""What somebody decides; of a spot check that it is so or not."""


def doubt(text: str, of: Action | str, *, day: bool = False, asked: bool = False) -> str:
    """Return the clause of the words beside a verdict that leaves it open, "" where they settle it. ``day`` tells that the words name
    until when more time is given, ``asked`` that they are the reason that was asked for, as which 不合适 alone is one.
    """
    verdict = VERDICTS.get(of)
    return verdict.open_in(_clauses(text), day=day, asked=asked) if verdict is not None else ""


def condition(text: str, of: Action | str) -> tuple[str, str]:
    """Return the words of a verdict that gives no reason without what they ask of its unit beside it, and that as the unit may read it:
    通过 and 要补现场照片 of 通过，但要补现场照片. "" where they ask nothing of it, or anything else leaves the verdict open.
    """
    verdict, clauses = VERDICTS.get(of), [one for one in _clauses(text) if not one.startswith("@")]
    asked = verdict.all_open(clauses, day=True) if isinstance(verdict, Settling) else []
    rest = [clause for clause in clauses if clause not in asked]
    if not asked or not rest or not all(_ASKS_OF_UNIT.search(one) and not _ELSEWHERE.search(one) for one in asked):
        return text, ""
    return "，".join(rest), "，".join(_BUT.sub("", one) for one in asked)


_SAY = Pieces("conditions")
_ASKS_OF_UNIT = _SAY("{demands}")
"""要补现场照片, 条件是每周报一次."""
_ELSEWHERE = _SAY("{elsewhere}|[?？吗呢等]|[局处科]长?")
"""What leaves it to somebody else, to a day or to chance: 等王局签字, 只能给三天."""
_BUT = _SAY("^{but}+")


def _clauses(text: str) -> list[str]:
    """Return the clauses of what is said without the codes of tasks; a question keeps its sign."""
    clean = heard(text)
    for one in reversed(list(tasks.find(clean, lexicon()))):
        clean = f"{clean[: one.start]} {clean[one.end :]}"
    cut = re.split(r"[，,。；;！!：:\s〔〕\[\]]+", clean)
    return [clause for clause in cut if clause.strip("、和与跟及以")]
