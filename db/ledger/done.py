"""What is written down as done without a report of its own: before a campaign began, or together with something else."""

from datetime import datetime

from sqlmodel import Session

from db import outbox
from db.history import Actor, append
from db.ledger.snapshots import changed, snapshot
from db.models import Assignment
from db.words import Reason, State


def record_as_done(session: Session, assignment: Assignment, why: str, actor: Actor, now: datetime) -> None:
    """Close an assignment that nobody verifies; ``why`` stands in the record."""
    before = snapshot(assignment)
    assignment.state, assignment.closed_at = State.CLOSED, now
    assignment.on_hold, assignment.next_action_at = False, None
    assignment.level = assignment.goes_on_at = None
    outbox.withdraw(session, assignment.id, Reason.ENDED)
    after = snapshot(assignment)
    append(
        session,
        assignment.campaign_id,
        now,
        "记为已办结",
        actor,
        assignment_id=assignment.id,
        before=changed(before, after),
        after=changed(after, before),
        words=why,
    )
