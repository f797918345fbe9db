"""Which assignments: every reading of the ledger says it, and it becomes SQL."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import aliased, defer
from sqlmodel import Session, col, select

from db import locking
from db.ahead import Ahead
from db.ledger.lamps import DATED_KINDS, GREY_STATES, YELLOW_DAYS, Line, local_day
from db.ledger.problems import are_some
from db.many import among
from db.models import Assignment, Campaign, Milestone, Task, Unit
from db.words import EVERY, LIVING, OPEN_STATES, CampaignStatus, Lamp, Level, Role, State

_Row = TypeVar("_Row", Assignment, Milestone, Task, Unit, Campaign)

Days = Mapping[str, date]
"""Today in each zone: campaigns of one store may stand in several."""


@dataclass(frozen=True, slots=True)
class Which:
    """Which assignments are meant; there is no reading without saying it, and all of it becomes SQL.

    ``of`` says of which campaigns, by their status: ``LIVING``, ``UNENDED``, ``EVERY``. What else is given narrows it;
    None narrows nothing, an empty collection leaves nothing. ``codes`` are what people call a task: A-7, 7, A-10.2, 10.2,
    the printed number. ``lamps`` are those that ``days`` make. Of a recurring duty's periods ``current`` leaves the
    first in one of ``states``. ``undecided`` is what waits for a coordinator to set a day or to say what becomes of it.
    ``problems`` are to set a problem right, ``levels`` those whose look a report waits for. ``led_by`` is the unit that leads what it stands on. ``within`` are the first and the last day (inclusive) on which it falls due, ``saying`` words that its task or
    deliverable says.
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
    waits_for_more_time: bool = False
    undecided: bool = False
    current: bool = False
    problems: bool = False
    led_by: int | None = None
    within: tuple[date, date] | None = None
    saying: str = ""

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
            (self.codes is not None, lambda: col(Assignment.milestone_id).in_(_called(self.of, self.codes or ()))),
            (self.lamps is not None, lambda: _under(self.lamps or (), self.days)),
            (self.levels is not None, lambda: _waits_for(self.levels or ())),
            (self.asked, lambda: col(Assignment.asked_at).is_not(None)),
            (self.undecided, lambda: or_(col(Assignment.on_hold).is_(True), _without_a_day())),
            (self.current, lambda: _first_period(tuple(self.states or State))),
            (self.problems, are_some),
            (self.led_by is not None, lambda: _stands_on(_led_by(self.led_by))),
            (self.within is not None, lambda: col(Assignment.due).between(*(self.within or ()))),
            (bool(self.saying), lambda: _says(self.saying)),
        ]
        return [
            *(col(column) == value for column, value in wanted if value is not None),
            *(col(column).in_(list(values)) for column, values in among if values is not None),
            *(condition() for given, condition in further if given),
        ]

    @property
    def asks_milestones(self) -> bool:
        """Tell whether the conditions speak of the milestone too, so that it is to be joined."""
        return self.tasks is not None or self.undecided or bool(self.saying)


@cache
def _of_status(statuses: tuple[CampaignStatus, ...]) -> ColumnElement[bool]:
    return _in_campaigns(col(Campaign.status).in_(list(statuses)))


def _in_campaigns(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return col(Assignment.campaign_id).in_(select(Campaign.id).where(condition))


def _called(of: Collection[CampaignStatus], references: Collection[str]) -> Any:
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
    """Return the condition for standing on one of so many milestones that it is dearer to look each up than to go through all."""
    return (col(Assignment.milestone_id) + 0).in_(milestones)


def _waits_for(levels: Collection[Level]) -> ColumnElement[bool]:
    """Return the condition for being reported and waiting for one of these, as ``level_of`` has it."""
    level = col(Assignment.level)
    wanted = or_(
        level.in_([one for one in levels if one is not Level.OFFICE]), level.is_(None) & (Level.OFFICE in levels)
    )
    return (col(Assignment.state) == State.REPORTED) & wanted


def _led_by(unit: int | None) -> Any:
    return select(Assignment.milestone_id).where(Assignment.unit_id == unit, Assignment.role == Role.LEAD)


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


def lines(
    session: Session, which: Which, *, nearest: bool = False, limit: int | None = None, offset: int = 0
) -> list[Line]:
    """Return the assignments that are meant, in the order of the documents, or the nearest day first and what is over last.

    A page of the nearest is found by their numbers alone, before anything else is read of it.
    """
    if nearest and limit is not None:
        numbers = joined(sqlalchemy.select(col(Assignment.id)), which).where(*which.conditions())
        numbers = numbers.order_by(*_NEAREST_FIRST, *_AS_ENTERED).limit(limit).offset(offset or None)
        found = list(session.execute(numbers).scalars())
        by_number = lines_of(session, found)
        return [by_number[number] for number in found]
    order = (*_NEAREST_FIRST, *_IN_ORDER) if nearest else _IN_ORDER
    query = _LINES.where(*which.conditions()).order_by(*order).limit(limit).offset(offset or None)
    return [Line(*row) for row in session.execute(query).all()]


def lines_of(session: Session, assignments: Collection[int]) -> dict[int, Line]:
    """Return these assignments by their number, however many: what they share is read once and not with each."""
    ones = _read(session, Assignment, assignments)
    return _lines_about(session, ones, _read(session, Campaign, (one.campaign_id for one in ones.values())))


def _lines_about(
    session: Session, ones: Mapping[int, Assignment], campaigns: Mapping[int, Campaign]
) -> dict[int, Line]:
    milestones = _read(session, Milestone, (one.milestone_id for one in ones.values()))
    tasks = _read(session, Task, (one.task_id for one in milestones.values()))
    units = _read(session, Unit, (one.unit_id for one in ones.values()))
    return {
        number: Line(
            one,
            milestones[one.milestone_id],
            tasks[milestones[one.milestone_id].task_id],
            units[one.unit_id],
            campaigns[one.campaign_id],
        )
        for number, one in ones.items()
    }


def hold_ahead(session: Session, assignments: Collection[int]) -> None:
    """Lock what several acts that share a transaction are about, before the first of them: what one act holds to the end
    another would else ask for too early. They take their locks as a single act does: assignments, then the records of their
    campaigns, of each kind in the order of the keys. What is held is read with it.
    """
    ones = _read(session, Assignment, assignments, lock=True)
    campaigns = _read(session, Campaign, (one.campaign_id for one in ones.values()), lock=True)
    _HELD.learn(session, _lines_about(session, ones, campaigns))


_HELD: Ahead[int, Line | None] = Ahead()


def any_line(session: Session, assignment_id: int) -> Line | None:
    """Return an assignment whatever became of its campaign, so that what is over can be told from what never was."""

    def ask() -> Line | None:
        found = lines(session, Which(EVERY, ids=[assignment_id]))
        return found[0] if found else None

    return _HELD.answer(session, assignment_id, ask)


def _read(session: Session, model: type[_Row], numbers: Iterable[int], *, lock: bool = False) -> dict[int, _Row]:
    wanted = sorted(set(numbers))
    found = {row.id: row for row in session.scalars(_by_number(model, lock), {"numbers": wanted})}
    if lock:
        locking.holds(session, model, found)
    return found


@cache
def _by_number(model: type[_Row], lock: bool) -> Any:
    unshown = {Task: _UNSHOWN[:1], Campaign: _UNSHOWN[1:]}.get(model, ())
    query = select(model).where(among(col(model.id), "numbers")).options(*unshown)
    return (
        query.order_by(col(model.id)).with_for_update(key_share=True).execution_options(populate_existing=True)
        if lock
        else query
    )


_UNSHOWN = (defer(Task.place), defer(Campaign.problems))  # type: ignore[arg-type]
"""What no line shows: it would be decoded anew for each; whoever wants it all the same is given it."""

_LINES = (
    sqlalchemy.select(Assignment, Milestone, Task, Unit, Campaign)
    .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
    .join(Task, col(Task.id) == Milestone.task_id)
    .join(Unit, col(Unit.id) == Assignment.unit_id)
    .join(Campaign, col(Campaign.id) == Assignment.campaign_id)
    .options(*_UNSHOWN)
)

_NEAREST_FIRST = (col(Assignment.state).in_(GREY_STATES), col(Assignment.due).is_(None), col(Assignment.due))

_AS_ENTERED = (col(Assignment.campaign_id), col(Assignment.milestone_id), col(Assignment.period), col(Assignment.id))

_IN_ORDER = (
    col(Assignment.campaign_id),
    col(Task.position),
    col(Milestone.position),
    col(Assignment.period),
    col(Assignment.id),
)


def units(session: Session, which: Which) -> list[Unit]:
    """Return the units to which any of the assignments belongs, in the order of the register."""
    theirs = joined(sqlalchemy.select(col(Assignment.unit_id)), which).where(*which.conditions())
    return list(session.exec(select(Unit).where(col(Unit.id).in_(theirs)).order_by(col(Unit.id))))


def campaigns(session: Session, which: Which, limit: int) -> list[Campaign]:
    """Return the campaigns to which any of the assignments belongs, the latest first, at most ``limit``."""
    theirs = joined(sqlalchemy.select(col(Assignment.campaign_id)), which).where(*which.conditions())
    query = select(Campaign).where(col(Campaign.id).in_(theirs)).order_by(col(Campaign.id).desc())
    return list(session.exec(query.limit(limit)))


def joined(query: Any, which: Which) -> Any:
    """Join to a query of assignments what the conditions of ``which`` speak of beside them."""
    return query.join(Milestone, col(Milestone.id) == Assignment.milestone_id) if which.asks_milestones else query


def milestones_called(session: Session, reference: str, of: Collection[CampaignStatus]) -> list[Milestone]:
    """Return the milestones that ``reference`` may mean, those too on which no unit stands yet."""

    def found(codes: list[str]) -> list[Milestone]:
        query = select(Milestone).join(Task, col(Task.id) == Milestone.task_id)
        query = query.join(Campaign, col(Campaign.id) == Task.campaign_id).where(col(Campaign.status).in_(of))
        return list(session.exec(query.where(col(Milestone.id).in_(_called(of, codes))).order_by(col(Milestone.id))))

    exact, padded = map(found, spelt([reference]))
    return exact or padded


def spelt(references: Collection[str]) -> list[list[str]]:
    """Return how codes spell ``references``, such as A-7, 7 or 10.2, whatever brackets stand around them: as they are, and
    with the zero that opens the code of a paragraph without a number, which is meant where nothing else is called so.
    """
    codes = [reference.strip("〔〕[] ").upper() for reference in references]
    return [codes, [_DIGITS.sub(r"\g<1>0\2", code) for code in codes]]


_DIGITS = re.compile(r"^([A-Z]{1,2}\d*-|)(\d)")


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
