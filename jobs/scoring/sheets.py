"""A month's sheet: shown to the units, objected to, decided by a person, and then it counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, insert
from sqlmodel import Session, col, select

from db import days, history, locking, outbox
from db.audit.scores import NOT_UPHELD, SETTLED, SHOWN, UPHELD, WITHDRAWN, digest
from db.bodies import ObjectionBody, ScoreBody
from db.history import Actor
from db.ledger import local_day
from db.models import Assignment, Campaign, Chat, Milestone, Objection, ScorePoint, ScoreSheet, Unit
from db.outbox import Item
from db.words import LIVING, ChatRole, NoticeKind, Reason, Refusal
from jobs.desk import Desk
from jobs.planning.policy import Policy
from jobs.scoring.facts import owing
from jobs.scoring.points import Point, points, total

_ONE = timedelta(days=1)


class ScoreRefused(Refusal):
    """It cannot be shown, objected to or decided; nothing was changed."""


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_before(day: date) -> date:
    """Return the first day of the month before that of a day."""
    return month_of(month_of(day) - timedelta(days=1))


def last_of(month: date) -> date:
    """Return the last day of the month that begins on ``month``."""
    return month_of(month + timedelta(days=31)) - timedelta(days=1)


def span(first: date, last: date) -> list[date]:
    """Return the months from that of ``first`` to that of ``last``, both inclusive, each by its first day."""
    found = [month_of(first)]
    while last_of(found[-1]) < last:
        found.append(month_of(last_of(found[-1]) + _ONE))
    return found


@dataclass(frozen=True, slots=True)
class Scored:
    """What one unit gained or lost; ``tenths`` is the sum."""

    unit: int
    points: tuple[Point, ...]

    @property
    def tenths(self) -> int:
        return total(self.points)


def reckon(session: Session, desk: Desk, campaign: Campaign, first: date, last: date, today: date) -> list[Scored]:
    """Return what each unit of a campaign gained or lost from ``first`` to ``last``, both inclusive, the highest sum first.

    A day counts when it is over; a unit of whom nothing is told has no points.
    """
    weights = desk.policy_of(session, campaign.id).weights
    last = min(last, today - timedelta(days=1))
    found: dict[int, list[Point]] = {}
    for one in owing(session, campaign, today):
        theirs = points(one.subject, first, last, weights, desk.workdays.is_workday)
        found.setdefault(one.unit, []).extend(theirs)
    scored = [Scored(unit, tuple(theirs)) for unit, theirs in found.items()]
    return sorted(scored, key=lambda one: (-one.tenths, one.unit))


# ---------------------------------------------------------------- showing


def of_month(session: Session, campaign_id: int, month: date) -> ScoreSheet | None:
    """Return the sheet that was shown of a campaign's month."""
    query = select(ScoreSheet).where(ScoreSheet.campaign_id == campaign_id, ScoreSheet.month == month)
    return session.exec(query).first()


def campaigns_of(session: Session, month: date) -> list[Campaign]:
    """Return the campaigns that can have points in a month: what runs and began before it was over, and what is over since and was
    shown of it.
    """
    shown = select(ScoreSheet.campaign_id).where(ScoreSheet.month == month)
    query = select(Campaign).where(col(Campaign.status).in_(LIVING) | col(Campaign.id).in_(shown))
    found = session.exec(query.order_by(col(Campaign.id)))
    return [one for one in found if one.activated_at and local_day(one.activated_at, one.timezone) <= last_of(month)]


def require_showable(session: Session, campaign: Campaign, month: date, today: date) -> None:
    """Refuse a month that was shown before, and one that is not over on the local day ``today``."""
    shown = of_month(session, campaign.id, month)
    if shown is not None:
        day = days.short(local_day(shown.shown_at, campaign.timezone), today)
        raise ScoreRefused(f"{days.month(month)}的记分已于{day}公示，不再重算；有误的，请单位提出异议后裁定")
    if last_of(month) >= today:
        raise ScoreRefused(f"{days.month(month)}还没有过完，{days.short(last_of(month) + _ONE, today)}起可以公示")


def show(session: Session, desk: Desk, campaign: Campaign, month: date, actor: Actor, now: datetime) -> ScoreSheet:
    """Show each unit what it gained and lost in a month that is over; refuse what was shown before, and a month without points."""
    locking.hold(session, [campaign])
    today = local_day(now, campaign.timezone)
    require_showable(session, campaign, month, today)
    scored = [one for one in reckon(session, desk, campaign, month, last_of(month), today) if one.points]
    if not scored:
        raise ScoreRefused(f"{days.month(month)}没有可记的分")
    until = desk.workdays.after(today, _policy(session, desk, campaign).objection_workdays)
    sheet = ScoreSheet(campaign_id=campaign.id, month=month, shown_at=now, objections_until=until)
    session.add(sheet)
    session.flush()
    session.execute(insert(ScorePoint), [_row(sheet, one.unit, point) for one in scored for point in one.points])
    after = {"month": month.isoformat(), "sheet": sheet.id, "tenths": _stated(session, sheet)}
    after["points"] = digest(session, sheet)
    history.append(session, campaign.id, now, SHOWN, actor, after=after)
    for one in scored:
        _tell_unit(session, sheet, one.unit, ScoreBody(sheet.id, unit_id=one.unit), now)
    return sheet


def _policy(session: Session, desk: Desk, campaign: Campaign) -> Policy:
    return desk.policy_of(session, campaign.id)


def _row(sheet: ScoreSheet, unit: int, point: Point) -> dict[str, object]:
    return {
        "sheet_id": sheet.id,
        "unit_id": unit,
        "assignment_id": point.assignment,
        "kind": point.kind,
        "day": point.day,
        "days": point.days,
        "tenths": point.tenths,
        "entry_id": point.entry,
        "notice_id": point.notice,
    }


def _tell_unit(session: Session, sheet: ScoreSheet, unit: int, body: ScoreBody, now: datetime) -> None:
    outbox.tell_unit(
        session,
        unit,
        now=now,
        kind=NoticeKind.SCORE,
        reason=Reason.MONTHLY,
        campaign_id=sheet.campaign_id,
        body=body,
    )


def by_number(session: Session, number: int) -> ScoreSheet | None:
    """Return a sheet by its number."""
    return session.get(ScoreSheet, number)


def rows(session: Session, sheet: ScoreSheet, unit: int | None = None) -> list[tuple[ScorePoint, str]]:
    """Return the points of a sheet, of one unit or of all, with the code of what each is about; those that were struck too."""
    query = (
        select(ScorePoint, Milestone.code)
        .join(Assignment, col(Assignment.id) == ScorePoint.assignment_id)
        .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
        .where(ScorePoint.sheet_id == sheet.id)
        .order_by(col(ScorePoint.unit_id), col(ScorePoint.day), col(ScorePoint.id))
    )
    return list(session.exec(query if unit is None else query.where(ScorePoint.unit_id == unit)))


def sums(session: Session, sheet: ScoreSheet) -> list[tuple[str, int]]:
    """Return the units of a sheet by name with what counts, in tenths, the highest first."""
    names = dict(session.exec(select(Unit.id, Unit.name)).all())
    found = _by_unit(session, sheet).items()
    return [(names[unit], tenths) for unit, tenths in sorted(found, key=lambda one: (-one[1], one[0]))]


def _by_unit(session: Session, sheet: ScoreSheet) -> dict[int, int]:
    """Return what counts of each unit of a sheet, in tenths."""
    found: dict[int, int] = {}
    for point, _code in rows(session, sheet):
        found[point.unit_id] = found.get(point.unit_id, 0) + (0 if point.struck_at else point.tenths)
    return found


def _stated(session: Session, sheet: ScoreSheet) -> dict[str, int]:
    """Return what the record says of each unit's sum, by the unit's number."""
    return {str(unit): tenths for unit, tenths in _by_unit(session, sheet).items()}


# ---------------------------------------------------------------- objecting


def open_for(session: Session, units: Iterable[int], today: date) -> list[ScoreSheet]:
    """Return the sheets to which these units may object on a local day, the latest first."""
    theirs = select(ScorePoint.sheet_id).where(col(ScorePoint.unit_id).in_(list(units)))
    query = select(ScoreSheet).where(
        col(ScoreSheet.id).in_(theirs), col(ScoreSheet.settled_at).is_(None), col(ScoreSheet.objections_until) >= today
    )
    return list(session.exec(query.order_by(col(ScoreSheet.month).desc(), col(ScoreSheet.id).desc())))


def object_to(
    session: Session, sheet: ScoreSheet, assignment: Assignment, words: str, actor: Actor, now: datetime
) -> Objection:
    """Keep what a unit objects to of one assignment, and ask the coordinators' room; refuse what waits already."""
    locking.hold(session, [sheet])
    if sheet.settled_at is not None:
        raise ScoreRefused("这个月的记分已经生效，不再受理异议")
    if actor.person_id is None:
        raise ScoreRefused("异议须由具名人员提出")
    costs = [point for point, _code in rows(session, sheet, assignment.unit_id) if point.assignment_id == assignment.id]
    if not costs:
        raise ScoreRefused("这一项在本次记分中没有加分或扣分")
    if _waiting(session, sheet, assignment.id):
        raise ScoreRefused("这一项的异议已经提出，正等待裁定")
    if all(point.struck_at for point in costs):
        raise ScoreRefused("这一项的扣分已经取消")
    made = Objection(sheet_id=sheet.id, assignment_id=assignment.id, person_id=actor.person_id, at=now, words=words)
    session.add(made)
    session.flush()
    history.append(
        session, sheet.campaign_id, now, "记分异议", actor, after={"objection": made.id, "sheet": sheet.id}, words=words
    )
    outbox.tell_room(
        session,
        ChatRole.COORDINATORS,
        now=now,
        kind=NoticeKind.OBJECTION,
        reason=Reason.CHANGED,
        campaign_id=sheet.campaign_id,
        items=[Item(assignment.id, NoticeKind.OBJECTION, Reason.CHANGED)],
        body=ObjectionBody(made.id, actor.name),
    )
    return made


def objection(session: Session, number: int) -> Objection | None:
    """Return an objection by its number."""
    return session.get(Objection, number)


def undecided(session: Session, campaign_id: int) -> Sequence[Objection]:
    """Return the objections of a campaign that wait for a decision, the oldest first."""
    query = (
        select(Objection)
        .join(ScoreSheet, col(ScoreSheet.id) == Objection.sheet_id)
        .where(ScoreSheet.campaign_id == campaign_id, col(Objection.decided_at).is_(None))
        .order_by(col(Objection.id))
    )
    return session.exec(query).all()


def _waiting(session: Session, sheet: ScoreSheet, assignment: int | None = None) -> int:
    query = select(func.count()).where(Objection.sheet_id == sheet.id, col(Objection.decided_at).is_(None))
    if assignment is not None:
        query = query.where(Objection.assignment_id == assignment)
    return session.exec(query).one()


def decide(session: Session, objection: Objection, actor: Actor, now: datetime, *, upheld: bool) -> None:
    """Uphold an objection, so that what its assignment cost counts no more, or do not; tell the unit. Refuse what was decided."""
    locking.hold(session, [objection])
    if objection.decided_at is not None:
        raise ScoreRefused(f"这件异议已经{'采纳' if objection.upheld else '裁定不采纳'}")
    sheet = session.get_one(ScoreSheet, objection.sheet_id)
    unit = session.get_one(Assignment, objection.assignment_id).unit_id
    objection.upheld, objection.decided_at, objection.decided_by_id = upheld, now, actor.person_id
    for point, _code in rows(session, sheet, unit):
        if upheld and point.assignment_id == objection.assignment_id and point.tenths < 0:
            point.struck_at = now
    event = UPHELD if upheld else NOT_UPHELD
    history.append(session, sheet.campaign_id, now, event, actor, after={"objection": objection.id})
    _tell_unit(session, sheet, unit, ScoreBody(sheet.id, unit_id=unit, objection=objection.id), now)
    session.flush()
    settle(session, sheet, now)


def withdraw(session: Session, objection: Objection, actor: Actor, now: datetime) -> None:
    """Let a unit take its objection back, so that nobody decides it any more. Refuse what was decided."""
    locking.hold(session, [objection])
    if objection.decided_at is not None:
        raise ScoreRefused(f"这件异议已经{'采纳' if objection.upheld else '裁定不采纳或撤回'}")
    sheet = session.get_one(ScoreSheet, objection.sheet_id)
    objection.upheld, objection.decided_at, objection.decided_by_id = False, now, actor.person_id
    history.append(session, sheet.campaign_id, now, WITHDRAWN, actor, after={"objection": objection.id})
    session.flush()
    settle(session, sheet, now)


def waiting_of(session: Session, units: Sequence[int]) -> list[Objection]:
    """Return what these units object to and nobody has decided, the oldest first."""
    query = (
        select(Objection)
        .join(Assignment, col(Assignment.id) == Objection.assignment_id)
        .where(col(Assignment.unit_id).in_(units), col(Objection.decided_at).is_(None))
    )
    return list(session.exec(query.order_by(col(Objection.id))))


# ---------------------------------------------------------------- what counts


def settle(session: Session, sheet: ScoreSheet, now: datetime) -> bool:
    """Let a sheet count once its days for objections are over and all were decided, and tell the rooms; tell whether it does so now."""
    locking.hold(session, [sheet])
    campaign = session.get_one(Campaign, sheet.campaign_id)
    over = local_day(now, campaign.timezone) > sheet.objections_until
    if sheet.settled_at is not None or not over or _waiting(session, sheet):
        return False
    sheet.settled_at = now
    after = {"month": sheet.month.isoformat(), "sheet": sheet.id, "tenths": _stated(session, sheet)}
    history.append(session, campaign.id, now, SETTLED, history.SYSTEM, after=after)
    for role in (ChatRole.COORDINATORS, ChatRole.LEADERS):
        if role is ChatRole.LEADERS and not session.exec(select(Chat.id).where(Chat.role == role)).first():
            continue
        outbox.tell_room(
            session,
            role,
            now=now,
            kind=NoticeKind.SCORE,
            reason=Reason.MONTHLY,
            campaign_id=campaign.id,
            body=ScoreBody(sheet.id),
        )
    return True


def to_settle(session: Session) -> Sequence[ScoreSheet]:
    """Return the sheets that do not count yet."""
    return session.exec(select(ScoreSheet).where(col(ScoreSheet.settled_at).is_(None))).all()
