"""How one assignment stands: its line, its lamp, its day. Lamps are derived here and never stored."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from db.ledger.wording import titled
from db.models import Assignment, Campaign, Milestone, Task, Unit
from db.stored import Json
from db.words import ENDED_STATES, DeadlineKind, Lamp, Level, State

YELLOW_DAYS = 7
"""Calendar days before the deadline from which a lamp is yellow, the deadline itself included."""

GREY_STATES = ENDED_STATES | {State.SUSPENDED}
"""States under a grey lamp, whatever the day."""


def lamp_of(state: State, due: date | None, today: date) -> Lamp:
    """Return the lamp of an assignment on the local day ``today``; ``due`` is the last day, inclusive."""
    if state in GREY_STATES:
        return Lamp.GREY
    if state is State.REPORTED:
        return Lamp.BLUE
    if due is None:
        return Lamp.WHITE
    days_left = (due - today).days
    if days_left < 0:
        return Lamp.RED
    return Lamp.YELLOW if days_left <= YELLOW_DAYS else Lamp.GREEN


def level_of(one: Assignment) -> Level | None:
    """Return whose look an assignment waits for; None where nothing is reported."""
    return (one.level or Level.OFFICE) if one.state is State.REPORTED else None


def stands(one: Assignment) -> str:
    """Say how an assignment stands: its state, and of a report whose look it waits for."""
    level = level_of(one)
    return _AWAITS.get(level, one.state.zh) if level is not None else one.state.zh


_AWAITS = {Level.SELF: "已报待自查", Level.LEAD: "已报待牵头单位复查", Level.NOTICE: "公示中"}


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
        """What is owed, as ``wording.titled`` says it."""
        return titled(self.task.text, self.milestone.deliverable)

    def as_json(self, today: date) -> Json:
        """Return the line of ``duban ledger --json``; ``level`` stands in it while somebody looks at a report before the office."""
        one = self.assignment
        return {
            "assignment": one.id,
            "campaign": one.campaign_id,
            "task": self.task.number or self.task.key,
            "milestone": self.milestone.code,
            "unit": self.unit.name,
            "role": str(one.role),
            "state": str(one.state),
            **({"level": str(level)} if (level := level_of(one)) is not None else {}),
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


DATED_KINDS = frozenset({DeadlineKind.IMMEDIATE, DeadlineKind.RELATIVE, DeadlineKind.EVENT, DeadlineKind.DATE})
"""Kinds that should have a day: without one, a person must still set it."""


def needs_a_day(one: Line) -> bool:
    """Tell whether a person must still set the day of what was read as immediate, relative, an event or a date."""
    return one.assignment.due is None and one.milestone.kind in DATED_KINDS


def undated(one: Line) -> str:
    """Return what people read in place of a day that an assignment does not have: 待定 where one must be set."""
    return "待定" if needs_a_day(one) else "长期"


def local_day(moment: datetime, timezone: str) -> date:
    """Return the day of ``moment`` in the zone named ``timezone``."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def local_iso(moment: datetime | None, timezone: str) -> str | None:
    """Return ``moment`` in the zone, ISO 8601 with its offset, to the second."""
    return None if moment is None else moment.astimezone(ZoneInfo(timezone)).isoformat(timespec="seconds")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
