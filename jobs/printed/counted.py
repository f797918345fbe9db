"""What figures of papers count: which assignments, what is late, what was in time."""

from collections.abc import Iterable, Iterator
from datetime import date

from db import ledger
from db.ledger import Line
from db.words import LET_OFF_STATES, OPEN_STATES, Role, State


def ours(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield what counts in figures: not what a unit only assists in, not what nobody owes any more."""
    for line in lines:
        if line.assignment.role is not Role.ASSIST and line.assignment.state not in LET_OFF_STATES:
            yield line


def is_late(line: Line, today: date) -> bool:
    """Tell whether it is owed and its deadline passed before the local day ``today``."""
    return line.assignment.state in OPEN_STATES and line.assignment.due is not None and line.assignment.due < today


def on_time(line: Line) -> bool:
    """Tell whether it was closed by its deadline; what is reported in time and verified later counts as in time."""
    one = line.assignment
    if one.state is not State.CLOSED:
        return False
    done = one.reported_at or one.closed_at
    return one.due is None or (done is not None and ledger.local_day(done, line.campaign.timezone) <= one.due)


def due_of(line: Line) -> date:
    """Return the last day, inclusive, of what has one."""
    assert line.assignment.due is not None, "only what has a day is late"
    return line.assignment.due
