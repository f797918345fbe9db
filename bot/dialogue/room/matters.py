"""Of which matter or unit a verdict without a code speaks, 护栏我去看了，不合格, so that it lands on nothing else that happens to wait."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.access import Denied
from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import REFERENCE, Target, choose
from bot.dialogue.turn import Turn
from bot.dialogue.understanding.clauses import words_of
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import Sense, lexicon
from db import history, ledger, register
from db.ledger import Line, Which
from db.models import Unit
from db.words import LIVING, Action

_SAYS_WHICH = frozenset({Sense.UNKNOWN, Sense.OBJECT, Sense.PLAIN, Sense.UNIT})
_SAYS_LESS = frozenset({Sense.STEP})
"""What tells a matter only where nothing says more: 培训 of 加油站培训."""

_OF_ANY = Pieces("matters")("{of_any}")
"""What may be said of any report: that somebody looked, how it is judged, what its papers lack, and in which manner."""


def words(text: str) -> tuple[str, ...]:
    """Return the words of a matter that a text says, in order: 粉尘 of 粉尘检查我看过了，没问题; () where it speaks of looking and judging alone."""
    said = list(words_of(heard(text), lexicon()))
    for senses in (_SAYS_WHICH, _SAYS_LESS):
        told = [left for word in said if word.sense in senses for left in _OF_ANY.sub(" ", word.text).split()]
        if found := tuple(one for one in told if len(one) > 1):
            return found
    return ()


def shares(said: Sequence[str], about: str) -> bool:
    """Tell whether any of these words has two signs in a row that stand in ``about``."""
    return any(word[place : place + 2] in about for word in said for place in range(len(word) - 1))


def before_judging(text: str, action: Action) -> str:
    """Return what of a verdict may say of which report it is: of one that gives a reason what stands before it, of more time what has it."""
    if action in (Action.GRANT, Action.REFUSE):
        asked = _MORE_TIME.search(text)
        return asked["whose"] if asked is not None else ""
    if action is Action.VERIFY:
        return text
    judged = next((word for word in words_of(heard(text), lexicon()) if word.sense is Sense.RETURN), None)
    return text if judged is None else text[: judged.start]


_MORE_TIME = re.compile(r"(?:^|[，,。；;\s])(?P<whose>[^，,。；;\s]{2,20}?)的?(?:延期|申请)")


def asks_of_which(turn: Turn, target: Target, which: Which, head: str, behind: str = "") -> bool:
    """Ask of which report a verdict is, where nobody pointed at one and its ``head`` speaks of a matter or a unit that is not that of
    the only one that waits, or ``behind`` begins with the name of another unit; of several offer those that fit. Tell whether it asked.
    """
    if target.named or not target.lines:
        return False
    units = register.mentioned(turn.session, head) or [
        unit for _name, unit in register.beginning_with(turn.session, behind.lstrip(" ，,：:给"))[:1]
    ]
    said = tuple(word for word in words(head) if not _names_a_unit(turn, word, units))
    if not said and not units:
        return False
    waiting = ledger.lines(turn.session, replace(which, units=None), nearest=True)
    fitting = [
        line
        for line in waiting
        if (not units or line.unit.id in {one.id for one in units}) and (not said or shares(said, _about(turn, line)))
    ]
    if fitting and (len(waiting) == 1 or (units and not said)):
        return False
    if len(fitting) == 1 and _is_the_only_one(turn, fitting[0], said):
        turn.chosen = fitting[0]
        return False
    missed = "、".join(unit.name for unit in units) if units else "、".join(said[:2])
    choose(turn, fitting or waiting, f"话里的“{missed}”对不上" if not fitting else turn.text, units=True)
    return True


def _is_the_only_one(turn: Turn, line: Line, said: Sequence[str]) -> bool:
    """Tell whether every word of a matter is said of one assignment, and none of them of any other that is not over: 大坝那项通过."""
    own = f"{line.task.text}\n{line.milestone.deliverable}"
    if not all(shares([word], own) for word in said):
        return False
    others = (one for one in ledger.lines(turn.session, Which(LIVING)) if one.assignment.id != line.assignment.id)
    return not any(shares(said, f"{one.task.text}\n{one.milestone.deliverable}") for one in others)


def without_matter(words: str, line: Line) -> str:
    """Return words without what they begin with of the task itself: 核查 配电箱，现场看过."""
    begun, about = words.lstrip(" 的，,：:"), f"{line.task.text}\n{line.milestone.deliverable}"
    length = next((length for length in range(len(begun), 1, -1) if begun[:length] in about), 0)
    return begun[length:].lstrip(" 的") if length else words


def without_unit_before_code(turn: Turn, text: str) -> str:
    """Return a text without the unit before the only code that it names: 省水利厅B-1通过. Raises ``Denied`` where the unit has no such task."""
    name, unit = next(iter(register.beginning_with(turn.session, text)), ("", None))
    code = REFERENCE.match(text[len(name) :].lstrip(" 的，,：:")) if unit is not None else None
    if unit is None or code is None or not code[1][0].isalpha():
        return text
    if not ledger.lines(turn.session, Which(LIVING, codes=[code[1].upper()], units=[unit.id])):
        raise Denied(f"〔{code[1].upper()}〕不是{unit.name}的任务，没有办理；请核对后再写。")
    return text[len(name) :].lstrip(" 的，,：:")


def _names_a_unit(turn: Turn, word: str, units: Sequence[Unit]) -> bool:
    return any(word in unit.name for unit in units) or bool(register.mentioned(turn.session, word))


def _about(turn: Turn, line: Line) -> str:
    """Return the words of a task and of what was last told of it."""
    told = next(iter(history.of_assignment(turn.session, line.assignment.id)), None)
    return f"{line.task.text}\n{line.milestone.deliverable}\n{told.words if told is not None else ''}"
