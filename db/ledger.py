"""The ledger: how things stand, for messages, tables and scripts. Lamps are derived here and never stored."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from db.models import Assignment, Campaign, Milestone, Task, Unit
from db.words import EVERY, LIVING, CampaignStatus, DeadlineKind, Lamp, Role, State

YELLOW_DAYS = 7
"""Calendar days before the deadline from which a lamp is yellow, the deadline itself included."""

_ENDED_LAMPS = {State.CLOSED, State.CANCELLED, State.WAIVED, State.SUSPENDED}


def lamp_of(state: State, due: date | None, today: date, yellow_days: int = YELLOW_DAYS) -> Lamp:
    """Return the lamp of an assignment on the local day ``today``; ``due`` is the last day, inclusive."""
    if state in _ENDED_LAMPS:
        return Lamp.GREY
    if state is State.REPORTED:
        return Lamp.BLUE
    if due is None:
        return Lamp.WHITE
    days_left = (due - today).days
    if days_left < 0:
        return Lamp.RED
    return Lamp.YELLOW if days_left <= yellow_days else Lamp.GREEN


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment with everything that is shown of it."""

    assignment: Assignment
    milestone: Milestone
    task: Task
    unit: Unit
    campaign: Campaign

    def lamp(self, today: date) -> Lamp:
        """Return the lamp on the local day ``today``."""
        return lamp_of(self.assignment.state, self.assignment.due, today)

    def days_left(self, today: date) -> int | None:
        """Return the calendar days until the deadline, negative when it is past; None without one."""
        return None if self.assignment.due is None else (self.assignment.due - today).days

    @property
    def code(self) -> str:
        """The short code; a recurring duty's period is told apart by its month and day."""
        return self.milestone.code

    @property
    def title(self) -> str:
        """What is owed: the deliverable of a task with several milestones, else the task's text."""
        return self.milestone.deliverable or self.task.text

    def as_json(self, today: date) -> dict[str, Any]:
        """Return the line of ``duban ledger --json``."""
        one = self.assignment
        return {
            "assignment": one.id,
            "campaign": one.campaign_id,
            "task": self.task.number or self.task.key,
            "milestone": self.milestone.code,
            "unit": self.unit.name,
            "role": str(one.role),
            "state": str(one.state),
            "due": _iso(one.due),
            "original_due": _iso(one.original_due),
            "lamp": str(self.lamp(today)),
            "acknowledged_by": one.acknowledged_by,
            "acknowledged_at": local_iso(one.acknowledged_at, self.campaign.timezone),
            "reported_at": local_iso(one.reported_at, self.campaign.timezone),
            "closed_at": local_iso(one.closed_at, self.campaign.timezone),
            "returns": one.returns,
            "extensions": one.extensions,
        }


@dataclass(frozen=True, slots=True)
class Which:
    """Which assignments are meant; there is no reading without saying it, and all of it becomes SQL.

    ``of`` says of which campaigns, by their status: ``LIVING``, ``UNENDED``, ``EVERY``. What else is given narrows it;
    None narrows nothing, an empty collection leaves nothing.
    """

    of: Collection[CampaignStatus]
    campaign: int | None = None
    ids: Collection[int] | None = None
    units: Collection[int] | None = None
    milestone: int | None = None
    period: str | None = None
    states: Collection[State] | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what must hold of an assignment and its campaign."""
        wanted: list[tuple[Any, Any]] = [
            (Assignment.campaign_id, self.campaign), (Assignment.milestone_id, self.milestone),
            (Assignment.period, self.period),
        ]  # fmt: skip
        among: list[tuple[Any, Collection[Any] | None]] = [
            (Campaign.status, None if len(self.of) == len(EVERY) else self.of), (Assignment.id, self.ids),
            (Assignment.unit_id, self.units), (Assignment.state, self.states),
        ]  # fmt: skip
        return [
            *(col(column) == value for column, value in wanted if value is not None),
            *(col(column).in_(list(values)) for column, values in among if values is not None),
        ]


def lines(session: Session, which: Which) -> list[Line]:
    """Return the assignments that are meant, in the order of the documents."""
    query = (
        sqlalchemy.select(Assignment, Milestone, Task, Unit, Campaign)
        .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
        .join(Task, col(Task.id) == Milestone.task_id)
        .join(Unit, col(Unit.id) == Assignment.unit_id)
        .join(Campaign, col(Campaign.id) == Assignment.campaign_id)
        .where(*which.conditions())
        .order_by(
            col(Assignment.campaign_id), col(Task.position), col(Milestone.position), col(Assignment.period),
            col(Assignment.id),
        )
    )  # fmt: skip
    return [Line(*row) for row in session.execute(query).all()]


def line(session: Session, assignment_id: int, of: Collection[CampaignStatus]) -> Line:
    """Return one assignment of such a campaign; raise ``KeyError`` when there is none."""
    found = lines(session, Which(of, ids=[assignment_id]))
    if not found:
        raise KeyError(assignment_id)
    return found[0]


def standing_on(session: Session, assignment: Assignment) -> list[Line]:
    """Return every unit's assignment on the same milestone and period, the lead first; they are of one campaign."""
    order = {Role.LEAD: 0, Role.RESPONSIBLE: 1, Role.ASSIST: 2}
    found = lines(session, Which(EVERY, milestone=assignment.milestone_id, period=assignment.period))
    return sorted(found, key=lambda one: order[one.assignment.role])


def current_periods(found: Iterable[Line]) -> list[Line]:
    """Keep, of a recurring duty's periods, only the first of ``found``; the others' time has not come."""
    seen: set[tuple[int | None, int | None]] = set()
    kept = []
    for one in found:
        key = (one.milestone.id, one.unit.id)
        if not one.assignment.period or key not in seen:
            kept.append(one)
        seen.add(key)
    return kept


def running(session: Session) -> list[Campaign]:
    """Return the campaigns that have been activated and not ended."""
    return list(session.exec(select(Campaign).where(col(Campaign.status).in_(LIVING)).order_by(col(Campaign.id))))


DATED_KINDS = frozenset({DeadlineKind.IMMEDIATE, DeadlineKind.RELATIVE, DeadlineKind.EVENT, DeadlineKind.DATE})
"""Kinds that should have a day: without one, a person must still set it."""


def needs_a_day(one: Line) -> bool:
    """Tell whether a person must still set the day of what was read as immediate, relative, an event or a date."""
    return one.assignment.due is None and one.milestone.kind in DATED_KINDS


def local_day(moment: datetime, timezone: str) -> date:
    """Return the day of ``moment`` in the zone named ``timezone``."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def local_iso(moment: datetime | None, timezone: str) -> str | None:
    """Return ``moment`` in the zone, ISO 8601 with its offset, to the second."""
    return None if moment is None else moment.astimezone(ZoneInfo(timezone)).isoformat(timespec="seconds")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
