"""A day after the deadline, told with what a unit reports (要到9月20号, 年底才能建成): recorded, and offered as what to ask for."""

from datetime import date

from bot.dialogue.turn import Turn
from bot.dialogue.understand import Understanding
from db.ledger import Line
from db.words import OPEN_STATES
from jobs.notices.press import Verb, button
from jobs.ports import Button


def late_day(line: Line, said: Understanding | None) -> date | None:
    """Return the day that was promised where it is after the deadline and nobody decides on more time yet; else None."""
    if said is None or said.of_a_step:
        return None
    seen, day = line.assignment, said.due
    if day is None or seen.due is None or day <= seen.due:
        return None
    return None if seen.state not in OPEN_STATES or seen.decision_pending else day


def offer(turn: Turn, line: Line, late: date | None) -> list[Button]:
    """Return the button that asks for the late day that was told, if one was."""
    if late is None:
        return []
    return [button(Verb.AS_EXTENSION, turn.inbound_id, line.assignment.id, f"申请延期至{late:%-m月%-d日}")]
