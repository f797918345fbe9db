"""Who leads a task: its lead units, which look at what the others report."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from db.models import Assignment, Milestone, Unit
from db.words import LET_OFF_STATES, Role


def leads(session: Session, assignment: Assignment) -> list[Unit]:
    """Return the lead units of an assignment's milestone; where that has none, of its task."""
    task = select(Milestone.task_id).where(Milestone.id == assignment.milestone_id).scalar_subquery()
    whole = select(Milestone.id).where(col(Milestone.task_id) == task)
    return _leads(session, [assignment.milestone_id]) or _leads(session, session.exec(whole).all())


def _leads(session: Session, milestones: Collection[int]) -> list[Unit]:
    theirs = select(Assignment.unit_id).where(
        col(Assignment.milestone_id).in_(milestones),
        Assignment.role == Role.LEAD,
        col(Assignment.state).not_in(LET_OFF_STATES),
    )
    return list(session.exec(select(Unit).where(col(Unit.id).in_(theirs)).order_by(col(Unit.id))))


def tasks_led(session: Session, unit: int) -> list[int]:
    """Return the tasks that a unit leads, the whole or a part."""
    theirs = (
        select(Milestone.task_id)
        .join(Assignment, col(Assignment.milestone_id) == Milestone.id)
        .where(Assignment.unit_id == unit, Assignment.role == Role.LEAD, col(Assignment.state).not_in(LET_OFF_STATES))
    )
    return list(session.exec(theirs.distinct()))
