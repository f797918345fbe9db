"""What was done with a line of the ledger."""

from collections.abc import Callable, Sequence
from datetime import date

from sqlmodel import Session, col, select

from db import days
from db.history import of_assignment, of_assignments
from db.ledger.lamps import Line, local_day
from db.models import History, Task
from db.plain import one_line
from db.words import Action


def of_line(session: Session, line: Line, limit: int | None = None) -> list[History]:
    """Return what was done with an assignment and what was corrected of its whole task or milestone, the latest first."""
    corrected = [
        entry
        for entry in corrections(session, line.task)
        if entry.after.get("milestone", line.milestone.code) == line.milestone.code
    ]
    own = of_assignment(session, line.assignment.id, limit)
    return sorted([*corrected, *own], key=lambda entry: entry.seq, reverse=True)[:limit]


def of_lines(session: Session, lines: Sequence[Line], limit: int) -> list[History]:
    """Return the latest of what was done with lines of one task and what was corrected of it or of their milestones, the latest
    first.
    """
    if not lines:
        return []
    codes = {line.milestone.code for line in lines}
    corrected = [one for one in corrections(session, lines[0].task) if one.after.get("milestone") in (None, *codes)]
    own = of_assignments(session, [line.assignment.id for line in lines], limit)
    return sorted([*corrected, *own], key=lambda entry: entry.seq, reverse=True)[:limit]


def last_word(
    entry: History, timezone: str, today: date, *, named: bool = False, write: Callable[[str], str] = one_line
) -> str:
    """Say a last word (``history.last_words``) as every paper and list says it: its local day, with the year where that is not of
    ``today``, what was done, and the words as ``write`` leaves them; ``named`` says who spoke.
    """
    day = days.short(local_day(entry.at, timezone), today)
    who = (entry.who or "单位") if named else ""
    return f"{day}{who}{entry.event}" + (f"：{words}" if (words := write(entry.words)) else "")


def corrections(session: Session, task: Task) -> list[History]:
    """Return what was corrected of a whole task or of one of its milestones."""
    query = select(History).where(
        History.campaign_id == task.campaign_id, col(History.assignment_id).is_(None), History.action == Action.CORRECT
    )
    return [entry for entry in session.exec(query) if entry.after.get("task") == task.key]
