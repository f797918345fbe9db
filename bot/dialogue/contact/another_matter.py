"""Who answers the notice of one task may speak of another of theirs by its name, 缆桩那个换了两根: that is asked, and not written down here."""

import re
from collections.abc import Sequence

from bot.dialogue import by_words
from bot.dialogue.options import share_words
from bot.dialogue.targets import Target, choose, own
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding
from db import ledger
from db.ledger import Line, current_periods
from db.words import OPEN_STATES

_TELLS = (Intent.DONE, Intent.PROGRESS, Intent.NOT_DONE, Intent.NONE, Intent.EXTEND)

_BETWEEN = re.compile(r"[，,。；;！!\s]+")


def asked(turn: Turn, said: Understanding, target: Target, text: str) -> bool:
    """Ask of which task words are that call another than the one whose notice they answer, and say nothing of this one; tell whether
    they were such.
    """
    noticed = _noticed(turn, said, target)
    if noticed is None or said.intent not in _TELLS or share_words(text, _says(noticed)):
        return False
    called = _called(_theirs(turn), text)
    if called is None or called.assignment.id == noticed.assignment.id:
        return False
    choose(turn, [called, noticed], text, units=len(turn.visitor.units) > 1)
    return True


def parted(turn: Turn, said: Understanding, target: Target, text: str) -> list[tuple[list[Line], str]]:
    """Return what a text says of each task that it calls, where it is of the one whose notice it answers and of others as well."""
    if said.tasks or turn.chosen is not None:
        return []
    noticed = _noticed(turn, said, target)
    if noticed is None:
        return by_words.parted(target.lines, text)
    told = by_words.parted(theirs := _theirs(turn), text)
    named = {line.assignment.id for lines, _words in told for line in lines}
    heads = {found.assignment.id for one in _clauses(text) if (found := _at_the_head(theirs, one)) is not None}
    return told if noticed.assignment.id in named and named - heads <= {noticed.assignment.id} else []


def _noticed(turn: Turn, said: Understanding, target: Target) -> Line | None:
    """Return the one task whose notice is answered in words that number none."""
    apart = said.tasks or turn.chosen is not None or turn.everybody or not turn.incoming.reply_to
    return None if apart or not target.named else target.only


def _theirs(turn: Turn) -> Sequence[Line]:
    lines = current_periods(ledger.lines(turn.session, own(turn.visitor.units)))
    return [line for line in lines if line.assignment.state in OPEN_STATES]


def _called(lines: Sequence[Line], text: str) -> Line | None:
    """Return the one task that a text calls: before 那项, or at the head of its first clause."""
    before = by_words.before_that(lines, text)
    if before:
        return before[0] if len(before) == 1 else None
    return next((_at_the_head(lines, one) for one in _clauses(text)), None)


def _clauses(text: str) -> list[str]:
    return [one for one in _BETWEEN.split(text) if one and not by_words.greets(one)]


def _at_the_head(lines: Sequence[Line], clause: str) -> Line | None:
    """Return the task that a clause begins by calling, by a thing and not by what is done with many: 检查组来过 calls none."""
    found = by_words.at_the_head(lines, clause)
    return found[0] if found is not None and by_words.begins_with_a_thing(clause) else None


def _says(line: Line) -> str:
    return f"{line.task.text}\n{line.milestone.deliverable}"
