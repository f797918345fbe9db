"""The assignments that are meant, read with what they stand on."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import func, or_
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from db import locking
from db.ahead import Ahead
from db.ledger.lamps import GREY_STATES, Line
from db.ledger.which import Which, called, joined
from db.many import among
from db.models import Assignment, Campaign, Milestone, Task, Unit
from db.words import EVERY, LIVING, UNENDED, CampaignStatus, Role

_Row = TypeVar("_Row", Assignment, Milestone, Task, Unit, Campaign)


def lines(
    session: Session, which: Which, *, nearest: bool = False, limit: int | None = None, offset: int = 0
) -> list[Line]:
    """Return the assignments that are meant, in the order of the documents, or the nearest day first and what is over last.

    A page of the nearest is found by their numbers alone, before anything else is read of it.
    """
    if nearest and limit is not None:
        found = _nearest(session, which, limit, offset) if which.narrows else _walked(session, which.of, limit, offset)
        by_number = lines_of(session, found)
        return [by_number[number] for number in found]
    order = (*_NEAREST_FIRST, *_IN_ORDER) if nearest else _IN_ORDER
    query = _LINES.where(*which.conditions()).order_by(*order).limit(limit).offset(offset or None)
    return [Line(*row) for row in session.execute(query).all()]


def _nearest(session: Session, which: Which, limit: int, offset: int) -> list[int]:
    numbers = joined(sqlalchemy.select(col(Assignment.id)), which).where(*which.conditions())
    numbers = numbers.order_by(*_NEAREST_FIRST, *_AS_ENTERED).limit(limit).offset(offset or None)
    return list(session.execute(numbers).scalars())


def _walked(session: Session, of: Collection[CampaignStatus], limit: int, offset: int) -> list[int]:
    """Return the same of all that stands in campaigns of such a status. Few among many are sooner sorted; all are read as they
    come from `ix_assignment_nearest`, first what is open, with a day and without, then what is over.
    """
    campaign = sqlalchemy.select(1).where(
        col(Campaign.id) == Assignment.campaign_id, col(Campaign.status).in_(list(of))
    )
    over, undated = col(Assignment.state).in_(GREY_STATES), col(Assignment.due).is_(None)
    found: list[int] = []
    for part in (~over & ~undated, ~over & undated, over & ~undated, over & undated):
        numbers = sqlalchemy.select(col(Assignment.id)).where(campaign.exists(), part)
        page = numbers.order_by(col(Assignment.due), *_AS_ENTERED).limit(limit - len(found)).offset(offset or None)
        found += session.execute(page).scalars()
        if len(found) == limit:
            break
        if found:
            offset = 0
        elif offset:
            offset -= session.execute(sqlalchemy.select(func.count()).select_from(numbers.subquery())).scalar_one()
    return found


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

_NEAREST_FIRST = (
    sqlalchemy.case((col(Assignment.state).in_(GREY_STATES), 1), else_=0),
    col(Assignment.due).is_(None),
    col(Assignment.due),
)

_AS_ENTERED = (col(Assignment.campaign_id), col(Assignment.milestone_id), col(Assignment.period), col(Assignment.id))

_IN_ORDER = (
    col(Assignment.campaign_id),
    col(Task.position),
    col(Milestone.position),
    col(Assignment.period),
    col(Assignment.id),
)


def the_only(session: Session, which: Which) -> Line | None:
    """Return the one duty that is meant, its first period where it recurs; None where there are none or several, however many, none
    of which is read.
    """
    duties = joined(sqlalchemy.select(col(Assignment.milestone_id), col(Assignment.unit_id)), which)
    found = session.execute(duties.where(*which.conditions()).distinct().limit(2)).all()
    if len(found) != 1:
        return None
    (milestone, unit) = found[0]
    meant = current_periods(lines(session, replace(which, milestone=milestone, units=[unit])))
    return meant[0] if len(meant) == 1 else None


def units(session: Session, which: Which) -> list[Unit]:
    """Return the units to which any of the assignments belongs, in the order of the register."""
    theirs = joined(sqlalchemy.select(col(Assignment.unit_id)), which).where(*which.conditions())
    return list(session.exec(select(Unit).where(col(Unit.id).in_(theirs)).order_by(col(Unit.id))))


def campaigns(session: Session, which: Which, limit: int) -> list[Campaign]:
    """Return the campaigns to which any of the assignments belongs, the latest first, at most ``limit``."""
    theirs = joined(sqlalchemy.select(col(Assignment.campaign_id)), which).where(*which.conditions())
    query = select(Campaign).where(col(Campaign.id).in_(theirs)).order_by(col(Campaign.id).desc())
    return list(session.exec(query.limit(limit)))


def milestones_called(session: Session, reference: str, of: Collection[CampaignStatus]) -> list[Milestone]:
    """Return the milestones that ``reference`` may mean, those too on which no unit stands yet."""

    def found(codes: list[str]) -> list[Milestone]:
        query = select(Milestone).join(Task, col(Task.id) == Milestone.task_id)
        query = query.join(Campaign, col(Campaign.id) == Task.campaign_id).where(col(Campaign.status).in_(of))
        return list(session.exec(query.where(col(Milestone.id).in_(called(of, codes))).order_by(col(Milestone.id))))

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


def readable(session: Session) -> list[Campaign]:
    """Return the campaigns that may be looked at: all but drafts that were dropped, the latest last."""
    ran = or_(col(Campaign.status).in_(UNENDED), col(Campaign.activated_at).is_not(None))
    return list(session.exec(select(Campaign).where(ran).order_by(col(Campaign.id))))


def running(session: Session) -> list[Campaign]:
    """Return the campaigns that have been activated and not ended."""
    return list(session.exec(select(Campaign).where(col(Campaign.status).in_(LIVING)).order_by(col(Campaign.id))))
