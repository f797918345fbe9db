"""Which assignment a message is about: the code it names, the message it replies to, or the only one there is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot import quoting
from bot.turn import Turn
from db import ledger, outbox
from db.ledger import Line, Which, current_periods
from db.models import Unit
from db.words import LIVING, OPEN_STATES, UNENDED, NoticeKind, State
from jobs.ports import Button
from jobs.render import MAX_ITEM_BUTTONS, shorten

_TELLABLE = (*OPEN_STATES, State.REPORTED)

WHICH = "which"
"""The key under which a question's body keeps the number of the message that it is about."""


@dataclass(frozen=True, slots=True)
class Target:
    """What was found; ``named`` tells that the person pointed at it, by code or by replying."""

    lines: tuple[Line, ...]
    named: bool

    @property
    def only(self) -> Line | None:
        """The one assignment that is meant, or None where there are none or several."""
        return self.lines[0] if len(self.lines) == 1 else None


def of_contact(turn: Turn, references: Sequence[str] = (), units: Sequence[Unit] | None = None) -> Target:
    """Find what a contact means among the assignments of the chat's units, or of those ``units``.

    What is over is found only where it is pointed at.
    """
    theirs = turn.visitor.units if units is None else units
    found = _find(turn, references, _of_units(turn, theirs, _TELLABLE))
    if (found.named and found.lines) or not (references or turn.incoming.reply_to or turn.incoming.quoted):
        return found
    over = _find(turn, references, _of_units(turn, theirs, None))
    return over if over.named and over.lines else found


def _of_units(turn: Turn, units: Sequence[Unit], states: Sequence[State] | None) -> list[Line]:
    own = Which(LIVING, units=[unit.id or 0 for unit in units], states=states)
    return current_periods(ledger.lines(turn.session, own))


def of_coordinator(turn: Turn, references: Sequence[str], allowed: Callable[[Line], bool]) -> Target:
    """Find what a coordinator means among all assignments to which the act applies; a unit's name narrows it."""
    if turn.chosen is not None:
        return Target((turn.chosen,) if allowed(turn.chosen) else (), True)
    target = _find(turn, references, [line for line in ledger.lines(turn.session, Which(UNENDED)) if allowed(line)])
    named = [line for line in target.lines if line.unit.name in turn.text]
    return Target(tuple(named), target.named) if named else target


def _find(turn: Turn, references: Sequence[str], lines: list[Line]) -> Target:
    if not references and turn.incoming.quoted and not _replied_to(turn):
        references = quoting.codes_in(turn.incoming.quoted)
    if references:
        meant = {_normal(reference) for reference in references}
        return Target(tuple(line for line in lines if meant & _names(line)), True)
    replied = _replied_to(turn)
    if replied:
        found = tuple(line for line in lines if line.assignment.id in replied)
        if found:
            return Target(found, True)
    return Target(tuple(lines), False)


def names_it(line: Line, reference: str) -> bool:
    """Tell whether people may mean this assignment by ``reference``."""
    return _normal(reference) in _names(line)


def _names(line: Line) -> set[str]:
    """Return what people may call an assignment: A-7, 7, A-10.2, 10.2, the printed number."""
    code = line.milestone.code
    return {_normal(code), _normal(code.split("-", 1)[-1]), _normal(line.task.number), _normal(code.split(".")[0])}


def _normal(reference: str) -> str:
    return reference.strip("〔〕[] ").upper()


def _replied_to(turn: Turn) -> set[int | None]:
    if not turn.incoming.reply_to:
        return set()
    notice = outbox.notice_of_message(turn.session, turn.visitor.chat.id or 0, turn.incoming.reply_to)
    if notice is None:
        return set()
    if notice.kind is NoticeKind.REPLY:
        return set(notice.body.get("about", ()))
    return {assignment.id for _item, assignment in outbox.items_of(turn.session, notice.id or 0)}


def choose(turn: Turn, lines: Sequence[Line], what: str = "", units: bool = False, **how: Any) -> None:
    """Ask which of several assignments is meant, with one button each; the press, or the code in a reply, plays the
    message again. ``how`` are ways in which a turn replies.
    """
    nearest = sorted(lines, key=lambda line: (line.assignment.due is None, line.assignment.due))[:MAX_ITEM_BUTTONS]
    buttons = [
        Button(
            f"〔{line.code}〕{line.unit.name if units else shorten(line.title, 12)}",
            f"c:{turn.inbound_id}:{line.assignment.id}",
        )
        for line in nearest
    ]
    how["body"] = {WHICH: turn.inbound_id, **how.get("body", {})}
    turn.reply("ask_which", what=shorten(what, 30), buttons=buttons, more=len(lines) > len(nearest), **how)
