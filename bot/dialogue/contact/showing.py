"""详情: one assignment whole: how its units stand, what happened to it, and what may be pressed."""

from collections.abc import Sequence

from bot.dialogue import access
from bot.dialogue.turn import Turn
from db import history, ledger, register
from db.ledger import Line, past
from db.ledger.ending import epitaph
from db.models import History
from db.plain import one_line
from db.words import OPEN_STATES, Action, CampaignStatus, Role, State
from jobs.notices.press import Verb, button
from jobs.notices.render import item_buttons, say
from jobs.notices.views import item_view
from jobs.ports import Button
from jobs.verification.required import lacking


def show(turn: Turn, line: Line) -> None:
    """Show one assignment, how its other units stand, and what happened to it."""
    shown = access.to_read(turn.session, turn.visitor, line.assignment.id)
    one, today = shown.assignment, turn.today(shown)
    standing = ledger.standing_on(turn.session, one)
    others = [item_view(other, today) for other in standing]
    trail = _trail(turn, standing if turn.visitor.steers or turn.visitor.leads else [shown])
    own = shown.unit in turn.visitor.units
    over = epitaph(turn.session, shown.campaign) if shown.campaign.status is CampaignStatus.ENDED else ""
    buttons = () if over else item_buttons(item_view(shown, today)) if own else _for_the_room(turn, shown)
    text = say(
        "show", item=item_view(shown, today), section=shown.task.section, literal=shown.milestone.text, whole=shown.task.text,
        others=others, trail=trail, missing=_missing(turn, shown), over=over,
    )  # fmt: skip
    turn.reply_text(text, buttons, outcome="show", line=shown, item=own and bool(buttons))


def _missing(turn: Turn, line: Line) -> tuple[str, ...]:
    """Return what its report lacks, of what is reported and waits to be looked at."""
    return lacking(turn.session, turn.desk, line) if line.assignment.state is State.REPORTED else ()


TRAIL = 8
"""How many entries of the record are shown of a task, the latest."""


def _trail(turn: Turn, lines: Sequence[Line]) -> list[str]:
    """Write what was done with a task by its units, the latest last; of several, whose it was."""
    units: dict[int | None, str] = {line.assignment.id: line.unit.name for line in lines} if len(lines) > 1 else {}
    latest = past.of_lines(turn.session, lines, TRAIL)
    return [_told_of(turn, entry, units.get(entry.assignment_id, "")) for entry in reversed(latest)]


def _for_the_room(turn: Turn, line: Line) -> Sequence[Button]:
    """Return what a coordinator may press under one assignment: to urge a unit that owes it."""
    urged = line.assignment.state in OPEN_STATES and line.assignment.role is not Role.ASSIST
    return [button(Verb.NUDGE, line.assignment.id)] if turn.visitor.steers and urged else []


def _told_of(turn: Turn, entry: History, unit: str = "") -> str:
    """Write one entry of the record as a line; of a correction what stood there before.

    ``unit`` is whose it was, where several are shown: who acted for another house stands under that one's name, and whose it
    was behind what was done.
    """
    changed = history.changes(entry) if entry.action is Action.CORRECT else ""
    words = "；".join(part for part in (changed, one_line(entry.words)) if part)
    house = register.house_of(turn.session, entry.chat_id) if unit else ""
    who = "到期没有答复，" if entry.action is Action.PASS_UP and entry.person_id is None else f"{entry.who} "
    own = house in ("", unit)
    whose = f"{unit} " if unit and own else f"{house} " if house else ""
    behind = "" if own else f"（{unit}）"
    return f"{turn.at(entry.at)} {whose}{who}{entry.event}{behind}" + (f"：{words}" if words else "")
