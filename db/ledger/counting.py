"""How many: assignments counted by lamp, day, unit and campaign, in SQL."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from db.ledger.lamps import lamp_of
from db.ledger.which import Days, Which, joined
from db.models import Assignment, Campaign, Task, Unit
from db.words import OPEN_STATES, CampaignStatus, Lamp, Role, State


def count(session: Session, which: Which) -> int:
    """Return how many assignments are meant."""
    query = joined(sqlalchemy.select(func.count()).select_from(Assignment), which).where(*which.conditions())
    return int(session.execute(query).scalar_one())


class Heap(NamedTuple):
    """So many assignments that stand alike: their state, their day, their campaign's zone; whether they wait for a decision
    on more time, and for a receipt that was asked for.
    """

    state: State
    due: date | None
    zone: str
    size: int
    waits_for_more_time: bool = False
    asked: bool = False

    def lamp(self, today: Days) -> Lamp:
        """Return the lamp under which they stand, by the day in their zone."""
        return lamp_of(self.state, self.due, today[self.zone])


def heaps(session: Session, which: Which) -> list[Heap]:
    """Count the assignments that are meant by what their lamps depend on."""
    # in the order of ix_assignment_figures, so that they are counted as they come and no row is looked up
    alike = col(Assignment.campaign_id), col(Assignment.state), col(Assignment.due), col(Assignment.decision_pending)
    counts = func.count(), func.count(col(Assignment.asked_at))
    query = joined(sqlalchemy.select(*alike, *counts).select_from(Assignment), which)
    query = query.where(*which.conditions()).group_by(*alike)
    zones = dict(session.exec(select(Campaign.id, Campaign.timezone)).all())
    return [
        Heap(state, due, zones[campaign], size, bool(more_time), is_asked)
        for campaign, state, due, more_time, total, asked in session.execute(query)
        for is_asked, size in ((False, total - asked), (True, asked))
        if size
    ]


def closed_by(session: Session, which: Which, moments: Sequence[datetime]) -> list[int]:
    """Count how many of the assignments that are meant were closed before each of some moments."""
    closed = col(Assignment.closed_at)
    sums = [func.coalesce(func.sum(sqlalchemy.case((closed < moment, 1), else_=0)), 0) for moment in moments]
    query = joined(sqlalchemy.select(*sums).select_from(Assignment), which).where(
        *which.conditions(), closed.is_not(None)
    )
    return [int(count) for count in session.execute(query).one()]


def by_unit(session: Session, which: Which) -> list[tuple[str, int]]:
    """Return each unit's name with the number of its assignments that are meant, the most first."""
    number = func.count()
    query = joined(sqlalchemy.select(col(Unit.name), number).select_from(Assignment), which).where(*which.conditions())
    query = query.join(Unit, col(Unit.id) == Assignment.unit_id).group_by(col(Unit.name))
    return [(name, found) for name, found in session.execute(query.order_by(number.desc(), col(Unit.name)))]


@dataclass(frozen=True, slots=True)
class Figures:
    """How many of a campaign's assignments stand under each lamp, are closed, wait for a decision, are in all; and how many of those
    reported are ``assisting`` units', who are not in ``total``.
    """

    lamps: dict[str, int]
    closed: int
    waiting: int
    total: int
    assisting: int = 0


def figures(session: Session, campaign_id: int, today: date) -> Figures:
    """Return a campaign's figures on the local day ``today``: of the assisting units only what waits for a verdict or for more time."""
    lamps = {str(lamp): 0 for lamp in Lamp}
    closed = waiting = total = assisting = 0
    for state, due, pending, role, number in session.execute(_FIGURES, {"campaign": campaign_id}):
        waiting += number if pending else 0
        if role is Role.ASSIST:
            reported = number if state is State.REPORTED else 0
            lamps[str(Lamp.BLUE)] += reported
            assisting += reported
            continue
        lamps[str(lamp_of(state, due, today))] += number
        closed += number if state is State.CLOSED else 0
        total += number
    return Figures(lamps, closed, waiting, total, assisting)


def silent_units(session: Session, campaign_id: int) -> int:
    """Return how many units of a campaign were asked for a receipt and have given none."""
    return int(session.execute(_SILENT, {"campaign": campaign_id}).scalar_one())


_OF_CAMPAIGN = col(Assignment.campaign_id) == bindparam("campaign")
_ALIKE = col(Assignment.state), col(Assignment.due), col(Assignment.decision_pending), col(Assignment.role)

_FIGURES = sqlalchemy.select(*_ALIKE, func.count()).where(_OF_CAMPAIGN).group_by(*_ALIKE)

_SILENT = sqlalchemy.select(func.count(col(Assignment.unit_id).distinct())).where(
    _OF_CAMPAIGN, col(Assignment.state) == State.PENDING, col(Assignment.asked_at).is_not(None)
)


@dataclass(frozen=True, slots=True)
class Overview:
    """A campaign with the number of its tasks, and of its assignments that are still open."""

    campaign: Campaign
    tasks: int
    open: int


def overview(session: Session, of: Collection[CampaignStatus]) -> list[Overview]:
    """Return the campaigns of these statuses with their figures, in their order."""
    tasks = select(Task.campaign_id, func.count()).group_by(col(Task.campaign_id))
    still_open = (
        select(Assignment.campaign_id, func.count())
        .where(col(Assignment.state).in_(OPEN_STATES))
        .group_by(col(Assignment.campaign_id))
    )
    of_tasks, of_open = dict(session.exec(tasks).all()), dict(session.exec(still_open).all())
    query = select(Campaign).where(col(Campaign.status).in_(of)).order_by(col(Campaign.id))
    return [
        Overview(campaign, of_tasks.get(campaign.id, 0), of_open.get(campaign.id, 0))
        for campaign in session.exec(query)
    ]
