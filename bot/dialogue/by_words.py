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

_NAMING = frozenset({Sense.UNKNOWN, Sense.PLAIN, Sense.OBJECT})


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


def before_that(lines: Sequence[Line], text: str) -> list[Line]:
    """Return those of ``lines`` that a text calls by what stands before 那项, 塔吊那项; the longest part of it that any of them says."""
    for name in _names(heard(text)):
        meant = [line for line in lines if name in _says(line)]
        if meant:
            return meant
    return []


def parted(lines: Sequence[Line], text: str) -> list[tuple[list[Line], str]]:
    """Return what a text says of each of ``lines`` that it calls at the head of a clause, 塔吊查了一半，消防通道没动: the tasks
    that share words, and the words without their names. Empty where it calls fewer than two, or begins with something else.
    """
    told: list[tuple[list[Line], str]] = []
    for match in _CLAUSE.finditer(text):
        named, rest = _called_at_the_head(lines, match["clause"])
        words = f"{rest}{match['end']}"
        if not named and not told:
            if _GREETS.fullmatch(match["clause"]):
                continue
            return []
        if named and not (told and not _SAYS.search(told[-1][1])):
            told.append((named, words if rest else ""))
        else:
            others, before = told.pop()
            told.append(([*others, *named], f"{before}{words}" if rest else before))
    called = [line.assignment.id for named, _words in told for line in named]
    if len(called) < 2 or len(set(called)) < len(called) or not _SAYS.search(told[-1][1]):
        return []
    return [(named, words.strip("，,；;。、 ")) for named, words in told]


_CLAUSE = re.compile(r"(?P<clause>[^，,；;。、\s]+)(?P<end>[，,；;。、\s]*)")
_GREETS = re.compile(r"(?:收到|好的?|您好|领导好?|报告|汇报)[!！]*")
_SAYS = re.compile(r"\w")
_JOINS = re.compile(r"(?:那[项个]|这[项个])?(?P<more>[和及与])?的?")
_LONGEST = 8
"""Signs of the longest name at the head of a clause."""


def _called_at_the_head(lines: Sequence[Line], clause: str) -> tuple[list[Line], str]:
    """Return the tasks that a clause begins by calling, and what it says after them."""
    first = next(iter(words_of(heard(clause), lexicon())), None)
    if first is None or first.sense not in _HEADING or first.text[:_SHORTEST] != clause[: len(first.text)][:_SHORTEST]:
        return [], clause
    for length in range(min(_LONGEST, len(clause)), _SHORTEST - 1, -1):
        meant = [line for line in lines if clause[:length] in _says(line)]
        if len(meant) == 1:
            joined = _JOINS.match(clause, length)
            rest = clause[joined.end() :] if joined else clause[length:]
            others, after = _called_at_the_head(lines, rest) if joined and joined["more"] else ([], rest)
            return [*meant, *others], after
    return [], clause


def at_the_head(lines: Sequence[Line], clause: str) -> tuple[Line, str] | None:
    """Return the one of ``lines`` that a clause begins by calling, and what it says after the name. A plain word that may be of any task,
    企业还在整改, calls none unless 那项 or more of the task's words stand behind it.
    """
    bare = clause.strip(_AROUND)
    told = tuple(words_of(heard(bare), lexicon()))
    light = next((at for at, word in enumerate(told) if word.sense not in _LIGHT), 0)
    start = told[light].start if told and heard(bare) == bare else 0
    named, rest = _called_at_the_head(lines, bare[start:])
    if len(named) != 1 or not rest:
        return None
    longer = len(bare) - start - len(rest) > _SHORTEST
    sure = longer or told[light].sense is not Sense.PLAIN or begins_with(named[0], rest)
    return (named[0], bare[:start] + rest) if sure else None


_AROUND = "，,；;。、！! \n"
_LIGHT = frozenset({Sense.PLAN, Sense.HEDGE, Sense.FILLER, Sense.DAY, Sense.LATER, Sense.FUTURE, Sense.LINK})
"""What may stand before a name at the head of a clause: 预计隧道清单20号报."""


def begins_with_a_thing(clause: str) -> bool:
    """Tell whether a clause begins with what may be a thing, and not with a word of work, 检查, that stands in many a task."""
    told = words_of(heard(clause.strip(_AROUND)), lexicon())
    first = next((word for word in told if word.sense not in _LIGHT), None)
    return first is not None and first.sense in _NAMING


def begins_with(line: Line, words: str) -> bool:
    """Tell whether the task says the two signs with which words begin."""
    begun = words.strip()[:_SHORTEST]
    return len(begun) == _SHORTEST and begun in _says(line)


def greets(clause: str) -> bool:
    """Tell whether a clause is no more than a nod before what is told."""
    return _GREETS.fullmatch(clause.strip(_AROUND)) is not None


_HEADING = frozenset({*_NAMING, Sense.LIST, Sense.WORK})
"""What the name of a task may begin with: no word of telling, for 完成 stands in many a task's text."""

_ITS_RECEIPT = re.compile(
    r"^(?P<name>[^，,。；;：:\s的]{2,12}?)(?:的|那[项个]|这[项个])+(?:任务|工作|通知)?(?:已|已经)?(?:收到|收悉|知悉|签收)"
)


def whose_receipt(lines: Sequence[Line], text: str) -> list[Line]:
    """Return those of ``lines`` for which alone a receipt is given by what they are about: 塔吊的收到."""
    called = _ITS_RECEIPT.match(text)
    meant = [line for line in lines if called["name"] in _says(line)] if called else []
    return meant if len(meant) < len(lines) else []


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
