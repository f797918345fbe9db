"""Which assignments: every reading of the ledger says it, and it becomes SQL."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.ledger.lamps import DATED_KINDS, GREY_STATES, YELLOW_DAYS, local_day
from db.ledger.problems import are_some
from db.models import Assignment, Campaign, Milestone, Task
from db.words import EVERY, OPEN_STATES, CampaignStatus, Lamp, Level, Role, State

Days = Mapping[str, date]
"""Today in each zone: campaigns of one store may stand in several."""


@dataclass(frozen=True, slots=True)
class Which:
    """Which assignments are meant; there is no reading without saying it, and all of it becomes SQL.

    ``of`` says of which campaigns, by their status: ``LIVING``, ``UNENDED``, ``EVERY``. What else is given narrows it;
    None narrows nothing, an empty collection leaves nothing. ``codes`` are what people call a task: A-7, 7, A-10.2, 10.2,
    the printed number. ``lamps`` are those that ``days`` make. Of a recurring duty's periods ``current`` leaves the
    first in one of ``states``. ``undecided`` is what waits for a coordinator to set a day or to say what becomes of it.
    ``ran`` leaves out drafts, also those that were dropped. ``problems`` are to set a problem right, ``levels`` those whose look a report waits for. ``led_by`` is the unit that leads what it stands on. ``within`` are the first and the last day (inclusive) on which it falls due, ``saying`` words that its task or
    deliverable says, ``acted`` the column of a moment and between which two it lies (the second exclusive), ``counted`` the column of how often it befell it, which it did.
    """

    of: Collection[CampaignStatus]
    campaign: int | None = None
    ids: Collection[int] | None = None
    units: Collection[int] | None = None
    milestone: int | None = None
    tasks: Collection[int] | None = None
    period: str | None = None
    states: Collection[State] | None = None
    roles: Collection[Role] | None = None
    levels: Collection[Level] | None = None
    codes: Collection[str] | None = None
    lamps: Collection[Lamp] | None = None
    days: Days = field(default_factory=dict)
    asked: bool = False
    ran: bool = False
    waits_for_more_time: bool = False
    undecided: bool = False
    current: bool = False
    problems: bool = False
    led_by: int | None = None
    within: tuple[date, date] | None = None
    saying: str = ""
    acted: tuple[str, datetime, datetime] | None = None
    counted: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what must hold of an assignment and its milestone."""
        wanted: list[tuple[Any, Any]] = [
            (Assignment.campaign_id, self.campaign),
            (Assignment.milestone_id, self.milestone),
            (Assignment.period, self.period),
            (Assignment.decision_pending, self.waits_for_more_time or None),
        ]
        among: list[tuple[Any, Collection[Any] | None]] = [
            (Assignment.id, self.ids),
            (Milestone.task_id, self.tasks),
            (Assignment.unit_id, self.units),
            (Assignment.state, self.states),
            (Assignment.role, self.roles),
        ]
        further: list[tuple[bool, Callable[[], Any]]] = [
            (len(self.of) < len(EVERY), lambda: _of_status(tuple(self.of))),
            (self.codes is not None, lambda: col(Assignment.milestone_id).in_(called(self.of, self.codes or ()))),
            (self.lamps is not None, lambda: _under(self.lamps or (), self.days)),
            (self.levels is not None, lambda: _waits_for(self.levels or ())),
            (self.ran, lambda: _in_campaigns(col(Campaign.activated_at).is_not(None))),
            (self.asked, lambda: col(Assignment.asked_at).is_not(None)),
            (self.undecided, lambda: or_(col(Assignment.on_hold).is_(True), _without_a_day())),
            (self.current, lambda: _first_period(tuple(self.states or State))),
            (self.problems, are_some),
            (self.led_by is not None, lambda: _stands_on(_led_by(self.led_by))),
            (self.within is not None, lambda: col(Assignment.due).between(*(self.within or ()))),
            (bool(self.saying), lambda: _says(self.saying)),
            (self.acted is not None, lambda: _acted(*(self.acted or ()))),
            (bool(self.counted), lambda: col(getattr(Assignment, self.counted)) > 0),
        ]
        return [
            *(col(column) == value for column, value in wanted if value is not None),
            *(col(column).in_(list(values)) for column, values in among if values is not None),
            *(condition() for given, condition in further if given),
        ]

    @property
    def narrows(self) -> bool:
        """Tell whether anything is left out but the campaigns of another status."""
        return bool(replace(self, of=EVERY).conditions())

    @property
    def asks_milestones(self) -> bool:
        """Tell whether the conditions speak of the milestone too, so that it is to be joined."""
        return self.tasks is not None or self.undecided or bool(self.saying)


@cache
def _of_status(statuses: tuple[CampaignStatus, ...]) -> ColumnElement[bool]:
    return _in_campaigns(col(Campaign.status).in_(list(statuses)))


def _in_campaigns(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return col(Assignment.campaign_id).in_(select(Campaign.id).where(condition))


def called(of: Collection[CampaignStatus], references: Collection[str]) -> Any:
    """Return the milestones that people may mean: by their code, their task's code, or its printed number.

    A number without a letter is that of any such campaign.
    """
    found: list[Any] = [
        select(Milestone.id).join(Task, col(Task.id) == Milestone.task_id).where(col(Task.number).in_(list(references)))
    ]
    for reference in references:
        code: Any = reference if "-" in reference else col(Campaign.letter).concat(f"-{reference}")
        whole_task = [code, reference + ".1" if "-" in reference else col(Campaign.letter).concat(f"-{reference}.1")]
        named = aliased(Milestone)
        query: Any = select(Milestone.id).join(named, col(named.task_id) == Milestone.task_id)
        same = col(Milestone.id) == named.id if "." in reference else sqlalchemy.true()
        query = query.where(col(named.code).in_([code] if "." in reference else whole_task), same)
        if "-" not in reference:
            query = query.join(Campaign, sqlalchemy.true()).where(col(Campaign.status).in_(of))
        found.append(query)
    return sqlalchemy.union_all(*found)


def _under(lamps: Collection[Lamp], days: Days) -> ColumnElement[bool]:
    """Return the condition for standing under one of these lamps, as ``lamp_of`` has it."""
    still_open = col(Assignment.state).in_(OPEN_STATES)
    due = col(Assignment.due)

    def burns(lamp: Lamp, today: date) -> ColumnElement[bool]:
        soon = today + timedelta(days=YELLOW_DAYS)
        return {
            Lamp.GREY: col(Assignment.state).in_(GREY_STATES),
            Lamp.BLUE: col(Assignment.state) == State.REPORTED,
            Lamp.WHITE: still_open & due.is_(None),
            Lamp.RED: still_open & (due < today),
            Lamp.YELLOW: still_open & due.between(today, soon),
            Lamp.GREEN: still_open & (due > soon),
        }[lamp]

    return or_(
        sqlalchemy.false(),
        *(
            burns(lamp, today) & _in_campaigns(col(Campaign.timezone) == zone) if len(days) > 1 else burns(lamp, today)
            for zone, today in days.items()
            for lamp in lamps
        ),
    )


def _stands_on(milestones: Any) -> ColumnElement[bool]:
    """Return the condition for standing on one of so many milestones that it is dearer to look each up than to go through all:
    they are found once (the offset keeps a planner from asking for each row anew), and every row is held against them.
    """
    return (col(Assignment.milestone_id) + 0).in_(milestones.offset(0))


def _waits_for(levels: Collection[Level]) -> ColumnElement[bool]:
    """Return the condition for being reported and waiting for one of these, as ``level_of`` has it."""
    level = col(Assignment.level)
    wanted = or_(
        level.in_([one for one in levels if one is not Level.OFFICE]), level.is_(None) & (Level.OFFICE in levels)
    )
    return (col(Assignment.state) == State.REPORTED) & wanted


def _led_by(unit: int | None) -> Any:
    return select(Assignment.milestone_id).where(Assignment.unit_id == unit, Assignment.role == Role.LEAD)


def _acted(column: str, begins: datetime, ends: datetime) -> ColumnElement[bool]:
    moment = col(getattr(Assignment, column))
    return (moment >= begins) & (moment < ends)


def _says(words: str) -> ColumnElement[bool]:
    tasks = select(Task.id).where(col(Task.text).contains(words, autoescape=True))
    return or_(col(Milestone.task_id).in_(tasks), col(Milestone.deliverable).contains(words, autoescape=True))


def _without_a_day() -> ColumnElement[bool]:
    return col(Assignment.due).is_(None) & col(Milestone.kind).in_(DATED_KINDS)


@cache
def _first_period(states: tuple[State, ...]) -> ColumnElement[bool]:
    """Return the condition for being the first period of its milestone and unit in one of these states. The first is looked up
    in the order of the periods: to compare each with all the others takes their square.
    """
    others = aliased(Assignment)
    first = select(func.min(others.period)).where(
        others.milestone_id == Assignment.milestone_id,
        others.unit_id == Assignment.unit_id,
        col(others.state).in_(list(states)),
    )
    return col(Assignment.period) == first.scalar_subquery()


def days(session: Session, now: datetime) -> Days:
    """Return the local day of ``now`` in every zone in which a campaign stands."""
    return {zone: local_day(now, zone) for zone in session.exec(select(Campaign.timezone).distinct())}


def joined(query: Any, which: Which) -> Any:
    """Join to a query of assignments what the conditions of ``which`` speak of beside them."""
    return query.join(Milestone, col(Milestone.id) == Assignment.milestone_id) if which.asks_milestones else query
