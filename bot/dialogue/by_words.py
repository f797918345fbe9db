"""Which task is meant where somebody says what it is about and no code: 塔吊那项, 名单报送那个."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlmodel import Session

from bot.dialogue.understanding.clauses import words_of
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import Sense, lexicon
from db import ledger
from db.ledger import Line, Which

_CALLED = re.compile(r"(?P<name>[^，,。；;：:！!？?\s]{2,16}?)的?(?P<that>[那这]一?[项个件块条])")
"""A name of somebody's own before 那项."""

_SHORTEST, _TRIES = 2, 8
"""Signs of the shortest name, and how many shorter ones are tried."""

_NAMING = frozenset({Sense.UNKNOWN, Sense.PLAIN})


def found(session: Session, text: str, which: Which, limit: int) -> list[Line]:
    """Return the assignments that a text calls by what stands before 那项; the longest part of it that any of them says."""
    for name in _names(heard(text)):
        lines = ledger.lines(session, replace(which, saying=name), nearest=True, limit=limit)
        if lines:
            return lines
    return []


def among(lines: Sequence[Line], text: str) -> list[Line]:
    """Return those of ``lines`` whose task says a word of the text that is no word of ours; none where it tells nothing apart."""
    clean = heard(text)
    strange = [
        word.text for word in words_of(clean, lexicon()) if word.sense in _NAMING and len(word.text) >= _SHORTEST
    ]
    for name in (*_names(clean), *strange):
        meant = [line for line in lines if name in _says(line)]
        if meant:
            return meant if len(meant) < len(lines) else []
    return []


def unnamed(text: str, line: Line) -> str:
    """Return a text without the name by which it calls this task, so that only what is said of it is left."""
    clean = heard(text)
    called = _CALLED.search(clean)
    if called is None:
        return text
    name = next((name for name in _names(clean) if name in _says(line)), None)
    return text if name is None else clean[: called.end("name") - len(name)] + clean[called.start("that") :]


def _names(clean: str) -> Iterable[str]:
    """Yield what stands before 那项, the longest first: what comes before the name is no part of it."""
    called = _CALLED.search(clean)
    if called is None:
        return
    name = called["name"]
    for start in range(min(len(name) - _SHORTEST + 1, _TRIES)):
        yield name[start:]


def _says(line: Line) -> str:
    return f"{line.task.text}\n{line.milestone.deliverable}"
