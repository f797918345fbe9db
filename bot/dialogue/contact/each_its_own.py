"""B-2七成，隧道清单8号交: of each task its own clauses, where a message numbers one and calls another by what it is about."""

import re
from collections.abc import Sequence

from bot.dialogue import by_words
from bot.dialogue.targets import CODE, names_it, of_contact
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Understanding
from db.ledger import Line

_CLAUSE = re.compile(r"[^，,；;。！!\n]+[，,；;。！!\n]*")
_NUMBERED = re.compile(
    rf"^\s*第?[〔\[]?(?P<number>{CODE}|\d{{1,3}}(?:\.\d{{1,3}})?)[〕\]]?[号项]?(?P<rest>.*)$", re.DOTALL
)
_AROUND = "，,；;。！! \n"


def told_of_each(turn: Turn, said: Understanding, text: str) -> list[tuple[Line, str]]:
    """Return each task with what a text says of it; empty unless it numbers one at the head of a clause, and calls another so.

    A clause that names nothing is of the task that was named before it.
    """
    clauses = _CLAUSE.findall(text)
    if not said.tasks or turn.chosen is not None or len(clauses) < 2:
        return []
    owed = of_contact(turn).lines
    told: list[tuple[Line, str]] = []
    numbered, called = set(), set()
    left = list(said.tasks)
    for clause in clauses:
        by_number = _numbered(owed, said, clause)
        by_name = None if by_number else by_words.at_the_head(owed, clause)
        if by_number is not None:
            line, number = by_number
            left = [one for one in left if one != number]
            numbered.add(line.assignment.id)
            told.append((line, clause))
        elif by_name is not None:
            line, rest = by_name
            called.add(line.assignment.id)
            told.append((line, rest))
        elif told:
            line, before = told.pop()
            told.append((line, before + clause))
        elif not by_words.greets(clause):
            return []
    apart = called - numbered
    if left or not numbered or not apart:
        return []
    return [(line, words.strip(_AROUND)) for line, words in told]


def _numbered(owed: Sequence[Line], said: Understanding, clause: str) -> tuple[Line, str] | None:
    """Return the one task that a clause begins by numbering, also where what it is about stands right behind: 7号演练定15号搞."""
    found = _NUMBERED.match(clause)
    if found is None:
        return None
    number = found["number"].upper()
    meant = [line for line in owed if names_it(line, number)]
    if len(meant) > 1:
        meant = [line for line in meant if by_words.begins_with(line, found["rest"])]
    if len(meant) != 1 or not (number in said.tasks or by_words.begins_with(meant[0], found["rest"])):
        return None
    return meant[0], number
