"""报早了，还有两处没换: what a unit says against what was verified and closed reaches the coordinators, who may open it again."""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from bot.dialogue.contact import answers
from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import Target, choose, closed
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding
from db.ledger import Line, asking
from db.words import State
from jobs.notices.press import Verb, button

_AS_EVER = (Intent.ACKNOWLEDGE, Intent.LIST, Intent.HELP, Intent.SHOW, Intent.QUESTION)
"""What is said of a closed task as of any other."""
_SAY = Pieces("after_closing")
_AGAINST = _SAY("{erred}|{lacks}|{anew}")


def denied(turn: Turn, said: Understanding, target: Target, text: str) -> bool:
    """Pass on what a unit says against the end of what is closed, where that is what it points at; tell whether it is that."""
    over = bool(target.lines) and all(line.assignment.state is State.CLOSED for line in target.lines)
    if turn.files or not (over and target.named) or said.intent in _AS_EVER or not _tells(text):
        return False
    if said.intent is Intent.DONE and not (said.denies or said.falls_short or _AGAINST.search(text)):
        return False
    pass_on(turn, target.lines, text)
    return True


def of_what_was_closed(turn: Turn) -> bool:
    """Take words that point at nothing, 报早了，还有两处没换, for what this person reported and was closed lately; tell whether they are of it."""
    if not _AGAINST.search(turn.text) or not _tells(turn.text):
        return False
    lines = [line for line in closed(turn).lines if _was_theirs(turn, line)]
    if len(lines) > 1:
        choose(turn, lines, turn.text, units=len(turn.visitor.units) > 1)
    else:
        pass_on(turn, lines, turn.text)
    return bool(lines)


def _was_theirs(turn: Turn, line: Line) -> bool:
    report, at = asking.last_report(turn.session, line.assignment.id), line.assignment.closed_at
    lately = at is not None and turn.now - at < _LATELY
    return lately and report is not None and report.person_id == turn.visitor.person.id


_LATELY = timedelta(days=3)


def pass_on(turn: Turn, lines: Sequence[Line], words: str) -> None:
    """Ask the coordinators what is to become of what they closed, with the press that opens it again."""
    for line in lines:
        turn.attempt(partial(_ask, turn, line, words))


def _ask(turn: Turn, line: Line, words: str) -> None:
    mine = answers.held(turn, line)
    reopen = button(Verb.REOPEN, mine.assignment.id, mine.assignment.version, "重开")
    how = f"〔{mine.code}〕{answers.happened(turn, mine)}"
    answers.ask(turn, mine, words, "after_closing", [reopen], how=how)


_NAMES = re.compile(r"[〔\[]?[A-Za-z]{1,2}\d*-\d+(?:\.\d+)?[〕\]]?|第?\d+(?:号|项)")


def _tells(text: str) -> bool:
    """Tell whether a text says more than which task it is."""
    return bool(re.search(r"\w", _NAMES.sub("", text)))
