"""Problems 问题: which tasks are some, who recorded them, and what measure each unit says that it takes."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from db.many import among
from db.models import Assignment, History, Milestone, Problem
from db.words import Action


def of(session: Session, tasks: Collection[int]) -> dict[int, Problem]:
    """Return those of these tasks that are problems, by the task's number."""
    query = select(Problem).where(among(col(Problem.task_id), "these"))
    found = session.execute(query, {"these": sorted(set(tasks))}).scalars()
    return {one.task_id: one for one in found}


def of_assignment(session: Session, assignment: Assignment) -> Problem | None:
    """Return the problem that an assignment is to set right; None for any other task."""
    query = select(Problem).join(Milestone, col(Milestone.task_id) == Problem.task_id)
    return session.exec(query.where(Milestone.id == assignment.milestone_id)).first()


TAKEN_BACK = Action.UNDO.zh + Action.MEASURE.zh
"""What the record calls a measure that was taken back: the one before it stands again."""


def measures(session: Session, assignments: Collection[int]) -> dict[int, History]:
    """Return the measure that stands of each of these assignments, as its unit told it last."""
    query = (
        select(History)
        .where(among(col(History.assignment_id), "these"), col(History.action).in_((Action.MEASURE, Action.UNDO)))
        .order_by(col(History.id))
    )
    told: dict[int | None, list[History]] = {}
    for entry in session.execute(query, {"these": sorted(set(assignments))}).scalars():
        standing = told.setdefault(entry.assignment_id, [])
        if entry.action is Action.MEASURE:
            standing.append(entry)
        elif entry.event.startswith(TAKEN_BACK) and standing:
            standing.pop()
    return {number: standing[-1] for number, standing in told.items() if standing and number is not None}
