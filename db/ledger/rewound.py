"""The ledger as it stood: what the record says was changed later is taken back, so that a paper says what it said that day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from db.ledger.lamps import Line
from db.ledger.selection import lines
from db.ledger.snapshots import TRACKED, revive
from db.ledger.which import Which
from db.models import Assignment, History


def rewound(session: Session, which: Which, moment: datetime) -> list[Line]:
    """Return the lines that are meant as they stood at ``moment``, inclusive; their rows are copies, never to be stored.

    What the record does not keep (the assignment's text, its place in the document) is as it is now, and an assignment
    that came after ``moment`` stands as it came.
    """
    found = lines(session, which)
    later = _changed_after(session, {line.campaign.id for line in found}, moment)
    return [_as_it_stood(line, later.get(line.assignment.id, {})) for line in found]


def _changed_after(
    session: Session, campaigns: Sequence[int] | set[int], moment: datetime
) -> dict[int, dict[str, Any]]:
    """Return, of each assignment that was changed after ``moment``, the values before its first later change of each column."""
    query = (
        select(col(History.assignment_id), col(History.before))
        .where(
            col(History.campaign_id).in_(campaigns), col(History.at) > moment, col(History.assignment_id).is_not(None)
        )
        .order_by(col(History.campaign_id), col(History.seq).desc())
    )
    values: dict[int, dict[str, Any]] = {}
    for number, before in session.execute(query):
        values.setdefault(number, {}).update({name: value for name, value in before.items() if name in TRACKED})
    return values


def _as_it_stood(line: Line, values: dict[str, Any]) -> Line:
    copied = Assignment(**line.assignment.model_dump())
    for name, value in values.items():
        setattr(copied, name, revive(name, value))
    return Line(copied, line.milestone, line.task, line.unit, line.campaign)
