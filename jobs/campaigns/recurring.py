"""Duties that recur: each of their periods is an assignment of its own, made a year ahead and again before they run out."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from db import locking, stated
from db.history import SYSTEM, append
from db.ledger import local_day
from db.models import Assignment, Campaign, Milestone
from db.periods import FAR, anchor_of, due_days
from db.stored import Json
from db.words import LET_OFF_STATES, CampaignStatus, DeadlineKind

AHEAD = timedelta(days=366)
"""How far ahead the periods of recurring duties are made into assignments."""


def begins(campaign: Campaign, now: datetime, told_on: date | None) -> Json:
    """Return what is set in an assignment that begins: from ``now`` on it is planned."""
    return {
        "born_at": now,
        "planned_until": now,
        "next_action_at": now,
        "policy_id": campaign.policy_id,
        "last_told_on": told_on,
    }


def _start(assignment: Assignment, campaign: Campaign, now: datetime) -> None:
    for name, value in begins(campaign, now, None).items():
        setattr(assignment, name, value)


def first_periods(
    session: Session, campaign: Campaign, today: date
) -> tuple[list[tuple[Assignment, Json]], list[Assignment]]:
    """Turn the assignment of each recurring milestone into one a period; return those that were turned, with what the
    record calls them before, and those that were added.
    """
    turned, added = [], []
    for milestone, assignments in _recurring(session, campaign):
        after = today - timedelta(days=1)
        days = _days(campaign, milestone, after, today + AHEAD) or _days(campaign, milestone, after, today + FAR)[:1]
        for assignment in assignments:
            if days and not assignment.period:
                turned.append((assignment, _when(assignment)))
                assignment.period, assignment.due, assignment.original_due = days[0].isoformat(), days[0], days[0]
        session.flush()
        added += _add_periods(session, campaign, milestone, assignments, days[1:])
    campaign.periods_until = today + AHEAD
    return turned, added


def _when(assignment: Assignment) -> Json:
    """Return the period and the days of an assignment as the record keeps them."""
    days = {"due": assignment.due, "original_due": assignment.original_due}
    return {"period": assignment.period} | {name: day and day.isoformat() for name, day in days.items()}


def note_turned(session: Session, campaign: Campaign, turned: Sequence[tuple[Assignment, Json]], now: datetime) -> None:
    for assignment, before in turned:
        append(
            session,
            campaign.id,
            now,
            "排定周期",
            SYSTEM,
            assignment_id=assignment.id,
            before=before,
            after=_when(assignment),
        )


def _note_periods(session: Session, campaign: Campaign, added: Sequence[Assignment], now: datetime) -> None:
    if added:
        session.flush()
        are = {"periods": len(added)} | stated.owed(session, [one.id for one in added])
        append(session, campaign.id, now, "排定周期", SYSTEM, after=are)


def begin_periods(session: Session, campaign: Campaign, now: datetime) -> None:
    """Make the periods of recurring duties that came into a running campaign."""
    if campaign.activated_at is None:
        return
    today, until = local_day(now, campaign.timezone), campaign.periods_until
    turned, added = first_periods(session, campaign, today)
    campaign.periods_until = until
    note_turned(session, campaign, turned, now)
    _note_periods(session, campaign, added, now)
    query = select(Assignment).where(Assignment.campaign_id == campaign.id, col(Assignment.born_at).is_(None))
    for assignment in session.exec(query):
        _start(assignment, campaign, now)


def running_short(session: Session, now: datetime) -> list[int]:
    """Return the running campaigns whose recurring duties want further periods, or will by tomorrow."""
    return list(session.scalars(_RUNNING_SHORT, {"tomorrow": _half_ahead(now)}))


def runs_short(until: date, now: datetime) -> bool:
    """Tell whether a campaign whose periods are made to ``until`` may be one of those."""
    return until <= _half_ahead(now)


def _half_ahead(now: datetime) -> date:
    return now.date() + AHEAD / 2 + timedelta(days=1)


_RUNNING_SHORT = (
    select(Campaign.id)
    .where(Campaign.status == CampaignStatus.ACTIVE, col(Campaign.periods_until) <= bindparam("tomorrow"))
    .order_by(col(Campaign.id))
)


def roll_periods(session: Session, campaign: Campaign, now: datetime) -> int:
    """Make the next periods of recurring duties when less than half of ``AHEAD`` is left; return how many were made."""
    today = local_day(now, campaign.timezone)
    if not _runs_short(campaign.periods_until, today):
        return 0
    locking.hold(session, [campaign])
    until = campaign.periods_until
    if until is None or not _runs_short(until, today):  # another program made them while we waited for the row
        return 0
    made = []
    for milestone, assignments in _recurring(session, campaign):
        days = _days(campaign, milestone, until, today + AHEAD)
        made += _add_periods(session, campaign, milestone, assignments, days)
    for assignment in made:
        _start(assignment, campaign, now)
    _note_periods(session, campaign, made, now)
    campaign.periods_until = today + AHEAD
    return len(made)


def _runs_short(until: date | None, today: date) -> bool:
    """Tell whether less than half of ``AHEAD`` is left of periods that were made; False where no duty recurs."""
    return until is not None and until <= today + AHEAD / 2


def _days(campaign: Campaign, milestone: Milestone, after: date, until: date) -> list[date]:
    begun = local_day(campaign.activated_at, campaign.timezone) if campaign.activated_at else after
    return due_days(milestone.rule or "", anchor_of(milestone.rule, milestone.first, begun), after, until)


def _recurring(session: Session, campaign: Campaign) -> list[tuple[Milestone, list[Assignment]]]:
    query = (
        select(Milestone, Assignment)
        .join(Assignment, col(Assignment.milestone_id) == Milestone.id)
        .where(Assignment.campaign_id == campaign.id, Milestone.kind == DeadlineKind.RECURRING)
        .order_by(col(Milestone.id), col(Assignment.id))
    )
    found: dict[int, tuple[Milestone, list[Assignment]]] = {}
    for milestone, assignment in session.exec(query):
        found.setdefault(milestone.id, (milestone, []))[1].append(assignment)
    return list(found.values())


def _add_periods(
    session: Session, campaign: Campaign, milestone: Milestone, assignments: Sequence[Assignment], days: Sequence[date]
) -> list[Assignment]:
    standing = {one.unit_id: one for one in assignments if one.state not in LET_OFF_STATES}
    there = {(one.unit_id, one.period) for one in assignments}
    made = [
        Assignment(
            campaign_id=campaign.id,
            milestone_id=milestone.id,
            unit_id=one.unit_id,
            via_unit_id=one.via_unit_id,
            role=one.role,
            period=day.isoformat(),
            due=day,
            original_due=day,
        )
        for day in days
        for one in standing.values()
        if (one.unit_id, day.isoformat()) not in there
    ]
    session.add_all(made)
    session.flush()
    return made
