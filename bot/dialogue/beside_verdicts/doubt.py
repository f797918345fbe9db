"""Which clause beside a verdict leaves it open, by the kind of each verdict."""

import re

from bot.dialogue.beside_verdicts.settling import Settling
from bot.dialogue.beside_verdicts.unsettling import LIMITS, MISJUDGED, NOT_VERIFIED, Unsettling
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


def _clauses(text: str) -> list[str]:
    """Return the clauses of what is said without the codes of tasks; a question keeps its sign."""
    clean = heard(text)
    for one in reversed(list(tasks.find(clean, lexicon()))):
        clean = f"{clean[: one.start]} {clean[one.end :]}"
    cut = re.split(r"[，,。；;！!：:\s〔〕\[\]]+", clean)
    return [clause for clause in cut if clause.strip("、和与跟及以")]
