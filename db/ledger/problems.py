"""Problems 问题: which assignments are to set one right, who recorded it, and what measure each unit says that it takes.

A problem is a task that was recorded as one, for every unit that stands on it; or what a spot check found untrue, for the unit
of that report alone: the assignment that was opened again, and no second duty beside it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.audit.spot_checks import FAILS
from db.ledger.lamps import Line, local_day
from db.many import among
from db.models import Assignment, History, Milestone, Problem, SpotCheckItem
from db.words import Action, Finding


@dataclass(frozen=True, slots=True)
class Found:
    """What an assignment is to set right: how and on which local day it was found, and who recorded it, who may not verify it.

    ``finding`` is what was found, "" where the task's text says it. ``since`` is when a spot check found it: what was shown
    before has not set it right.
    """

    how: Finding
    finding: str
    found_on: date
    by: int | None
    since: datetime | None = None


def of(session: Session, lines: Collection[Line]) -> dict[int, Found]:
    """Return what those of ``lines`` are to set right that are problems, by the assignment's number; of two what was found last."""
    numbers = {line.assignment.id for line in lines}
    query = select(Problem).where(among(col(Problem.task_id), "these"))
    tasks = session.execute(query, {"these": sorted({line.task.id for line in lines})}).scalars()
    by_task = {one.task_id: Found(one.how, one.finding, one.found_on, one.recorded_by_id) for one in tasks}
    untrue = {entry.assignment_id: entry for entry in _found_untrue(session, numbers)}
    found: dict[int, Found] = {}
    for line in lines:
        number, entry = line.assignment.id, untrue.get(line.assignment.id)
        if entry is not None:
            day = local_day(entry.at, line.campaign.timezone)
            found[number] = Found(Finding.CHECK, entry.words, day, entry.person_id, entry.at)
        elif line.task.id in by_task:
            found[number] = by_task[line.task.id]
    return found


def _found_untrue(session: Session, assignments: Collection[int]) -> list[History]:
    """Return the entries of what spot checks found untrue, in order."""
    query = (
        select(History)
        .join(SpotCheckItem, col(SpotCheckItem.assignment_id) == col(History.assignment_id))
        .where(among(col(History.assignment_id), "these"), col(SpotCheckItem.holds).is_(False), History.event == FAILS)
        .order_by(col(History.id))
    )
    return list(session.execute(query, {"these": sorted(assignments)}).scalars())


def are_some() -> ColumnElement[bool]:
    """Return the condition for being one: their numbers are found first, each kind from its own few rows."""
    one = aliased(Assignment)
    milestones = select(Milestone.id).where(col(Milestone.task_id).in_(select(Problem.task_id)))
    listed = select(one.id).where(col(one.milestone_id).in_(milestones))
    untrue = select(SpotCheckItem.assignment_id).where(col(SpotCheckItem.holds).is_(False))
    both: Any = sqlalchemy.union_all(listed, untrue)
    return col(Assignment.id).in_(both)


def recorders(session: Session, assignment: Assignment) -> list[int | None]:
    """Return who recorded what an assignment is to set right, none of whom may verify it (None: nobody by name); of what is no
    problem nothing.
    """
    listed = select(col(Problem.recorded_by_id)).join(Milestone, col(Milestone.task_id) == Problem.task_id)
    checked = select(col(History.person_id)).join(
        SpotCheckItem, col(SpotCheckItem.assignment_id) == col(History.assignment_id)
    )
    both: Any = sqlalchemy.union_all(
        listed.where(Milestone.id == assignment.milestone_id),
        checked.where(
            History.assignment_id == assignment.id, col(SpotCheckItem.holds).is_(False), History.event == FAILS
        ),
    )
    return list(session.execute(both).scalars())


def is_one(session: Session, assignment: Assignment) -> bool:
    """Tell whether an assignment is to set a problem right."""
    return bool(recorders(session, assignment))


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
