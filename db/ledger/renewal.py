"""Renewals 续期: what expires has, once its renewal is verified, its next day as a period of its own.

A unit reports with the new day (已换证，新有效期至…), which stands in the record of its report; who verifies lets the next
period begin. A periodic assessment (每三年) needs no day: its next one is counted from the day on which it was reported.
"""

from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from sqlmodel import Session, col, select

from db import days, locking, stated
from db.history import SYSTEM, Actor, append
from db.ledger.done import record_as_done
from db.ledger.lamps import local_day
from db.models import Assignment, Campaign, Expiry, History, Milestone
from db.words import ENDED_STATES, LIVING, Action, CampaignStatus, Refusal

EVENT = "续期"
"""What the record calls it when the next period of what expires begins."""


class NotLater(Refusal):
    """A new day is no later than the one that it is to take the place of."""


def of(session: Session, assignment: Assignment) -> Expiry | None:
    """Return what expires that an assignment is to renew; None for any other task."""
    query = select(Expiry).join(Milestone, col(Milestone.task_id) == Expiry.task_id)
    return session.exec(query.where(Milestone.id == assignment.milestone_id)).first()


def of_unit(session: Session, expiry: Expiry, unit_id: int) -> list[tuple[Milestone, Assignment]]:
    """Return what a unit is to do for the present expiry, the last period of each milestone; the expiry itself comes last."""
    query = (
        select(Milestone, Assignment)
        .join(Assignment, col(Assignment.milestone_id) == Milestone.id)
        .where(Milestone.task_id == expiry.task_id, Assignment.unit_id == unit_id)
        .order_by(col(Milestone.position), col(Assignment.period))
    )
    latest = {milestone.id: (milestone, assignment) for milestone, assignment in session.exec(query)}
    return list(latest.values())


def expires(session: Session, expiry: Expiry, unit_id: int) -> date | None:
    """Return the day on which it expires at present, as it stands for a unit; None where nobody has said so yet."""
    parts = of_unit(session, expiry, unit_id)
    return parts[-1][1].due if parts else None


def require_later(session: Session, expiry: Expiry, unit_id: int, day: date) -> None:
    """Raise ``NotLater`` where a new day of expiry is not after the present one."""
    present = expires(session, expiry, unit_id)
    if present is not None and day <= present:
        raise NotLater(f"新有效期须晚于现有效期{days.written(present)}，未作改动；原来读错的请协调员更正期限")


def asked_by(expiry: Expiry, day: date) -> date:
    """Return the day by which renewal is to be asked for where it expires on ``day``."""
    return day - _length(expiry.ahead) if expiry.ahead else day


def _length(duration: str) -> relativedelta:
    count = int(duration[1:-1])
    return relativedelta(**{_UNITS[duration[-1]]: count})  # type: ignore[arg-type]


_UNITS = {"D": "days", "W": "weeks", "M": "months", "Y": "years"}


def told(session: Session, expiry: Expiry, assignment: Assignment) -> date | None:
    """Return until when what was reported is valid anew: as the report says; of the expiry itself else by how often it is done;
    None where neither does.
    """
    query = select(History).where(
        History.assignment_id == assignment.id, col(History.action).in_((Action.REPORT, Action.UNDO, Action.RETURN))
    )
    last = session.exec(query.order_by(col(History.id).desc())).first()
    if last is None or last.action is not Action.REPORT:
        return None
    if "renewed" in last.after:
        return date.fromisoformat(last.after["renewed"])
    parts = of_unit(session, expiry, assignment.unit_id)
    if not expiry.every or parts[-1][1].id != assignment.id:
        return None
    zone = session.get_one(Campaign, assignment.campaign_id).timezone
    return local_day(last.at, zone) + _length(expiry.every)


def lacks_day(session: Session, assignment: Assignment) -> bool:
    """Tell whether it is the expiry itself that was reported, and nobody has said until when it is valid now."""
    expiry = of(session, assignment)
    if expiry is None or told(session, expiry, assignment) is not None:
        return False
    return of_unit(session, expiry, assignment.unit_id)[-1][1].id == assignment.id


def besides(session: Session, expiry: Expiry, assignment: Assignment) -> list[Assignment]:
    """Return what else its unit owes of the same expiry: it is done with it."""
    parts = of_unit(session, expiry, assignment.unit_id)
    return [one for _milestone, one in parts if one.id != assignment.id and one.state not in ENDED_STATES]


def plan(session: Session, expiry: Expiry, unit_id: int, day: date, now: datetime) -> list[Assignment]:
    """Begin the next period of what now expires on ``day``: by when renewal is asked for, and the expiry. Return what is owed anew."""
    parts = of_unit(session, expiry, unit_id)
    if not parts or any(one.period == day.isoformat() for _milestone, one in parts):
        return []
    campaign = session.get_one(Campaign, parts[0][1].campaign_id)
    locking.hold(session, [campaign])
    begun = now if campaign.status in LIVING else None
    made = [
        Assignment(
            campaign_id=campaign.id,
            milestone_id=milestone.id,
            unit_id=unit_id,
            via_unit_id=one.via_unit_id,
            role=one.role,
            period=day.isoformat(),
            due=due,
            original_due=due,
            policy_id=campaign.policy_id,
            born_at=begun,
            planned_until=begun,
            next_action_at=begun if campaign.status is CampaignStatus.ACTIVE else None,
        )
        for milestone, one in parts
        for due in [day if milestone.id == parts[-1][0].id else asked_by(expiry, day)]
    ]
    session.add_all(made)
    session.flush()
    after = {"renewed": day.isoformat()} | stated.owed(session, [one.id for one in made])
    append(session, campaign.id, now, EVENT, SYSTEM, after=after)
    return made


def follow(session: Session, assignment: Assignment, actor: Actor, now: datetime) -> str:
    """Let the next period of what was renewed begin, and what is left of the present one be done; return what is said of that."""
    expiry = of(session, assignment)
    day = told(session, expiry, assignment) if expiry is not None else None
    if expiry is None or day is None:
        return ""
    locking.hold(session, besides(session, expiry, assignment))
    for other in besides(session, expiry, assignment):
        record_as_done(session, other, f"随续期办结（新有效期至{days.written(day)}）", actor, now)
    plan(session, expiry, assignment.unit_id, day, now)
    return f"已排定下一次：{days.written(asked_by(expiry, day))}前提出延续，{days.written(day)}到期"
