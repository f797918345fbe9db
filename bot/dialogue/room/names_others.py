"""What the words of a verdict say of other tasks and units than its own: its unit is never to read them unseen."""

import re
from collections.abc import Iterator

from bot.dialogue.room import apart
from bot.dialogue.targets import CODE, names_it
from bot.dialogue.turn import Turn
from db import register
from db.ledger import Line
from db.words import Action

_CLAUSES = re.compile(r"[，,。；;！!\n]+")
_CODES = re.compile(rf"(?<![A-Za-z\d])({CODE})(?![\d-])")
_NAMES = re.compile(rf"{CODE}|\d{{1,3}}")
_REASON = re.compile("(?:理由|原因)(?:是|为)?[:：]")
"""Who writes this before a reason means it, whatever it says."""
_TELLS = frozenset({Action.RETURN, Action.REFUSE})


def clause(turn: Turn, text: str, line: Line, action: Action) -> str:
    """Return the clause that names another task, or beside a verdict with a reason another unit, "" where none does; who has pressed
    which is meant saw their words.
    """
    said = _REASON.split(text)[0]
    own = apart.FIRST.search(said)
    if own is not None and any(names_it(line, code) for code in _NAMES.findall(own[0])):
        said = f"{said[: own.start()]}{said[own.end() :]}"
    return next((one for one in _CLAUSES.split(said) if _is_of_another(turn, one, line, action)), "").strip()


def written(text: str) -> str:
    """Return the reason that stands behind the word for it, as it is written and with the codes that it names; "" without that word."""
    _before, *behind = _REASON.split(text, maxsplit=1)
    return behind[0].strip() if behind else ""


def _is_of_another(turn: Turn, one: str, line: Line, action: Action) -> bool:
    if any(not names_it(line, code) for code in [*_CODES.findall(one), *_numbers(one)]):
        return True
    told = action in _TELLS and turn.chosen is None
    return told and any(unit.id != line.unit.id for unit in register.mentioned(turn.session, one))


def _numbers(one: str) -> Iterator[str]:
    yield from re.findall(r"\d{1,3}", _CODES.sub("", apart.another(f"，{one}")))
