"""Activation: a draft becomes a running campaign, and every chat gets one message about what it now owes.

Deadlines that are past already never cause a burst: the coordinator's choice (``PastChoice``) says what becomes of
them, and without one they are told in one summary a chat and wait for a decision.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from db import days, ledger, locking, outbox, register, stated
from db.history import SYSTEM, Actor, append, latest, runs
from db.ledger import Line, Which, local_day
from db.ledger.ending import epitaph
from db.models import Assignment, Campaign, Milestone, PolicyVersion
from db.outbox import Item
from db.periods import FAR, anchor_of, due_days
from db.stored import Json
from db.words import (
    ENDED_STATES,
    LET_OFF_STATES,
    LIVING,
    CampaignStatus,
    DeadlineKind,
    NoticeKind,
    PastChoice,
    Reason,
    Refusal,
    Role,
    State,
)
from jobs.desk import Desk
from jobs.planning.policy import Policy

AHEAD = timedelta(days=366)
"""How far ahead the periods of recurring duties are made into assignments."""


class ActivationRefused(Refusal):
    """The campaign cannot be activated; the message is one line that says what to do."""


class YearInDoubt(ActivationRefused):
    """The year that the list was read in contradicts the document, and nobody has confirmed it yet."""


@dataclass(frozen=True, slots=True)
class Activated:
    """What activation did."""

    assignments: int
    past: int
    messages: int
    without_chat: int


def activate(
    session: Session,
    desk: Desk,
    campaign: Campaign,
    past: PastChoice,
    actor: Actor,
    now: datetime,
    redate_to: date | None = None,
    *,
    year_is_right: bool = False,
) -> Activated:
    """Start a draft campaign inside the caller's transaction; raise ``ActivationRefused`` when it cannot be.

    ``redate_to`` is the new day of past deadlines for ``PastChoice.REDATE``. ``year_is_right`` confirms a year that
    contradicts the document; without it such a campaign raises ``YearInDoubt``.
    """
    today = local_day(now, campaign.timezone)
    locking.hold(session, [campaign])
    if campaign.status is CampaignStatus.ENDED:
        raise ActivationRefused(epitaph(session, campaign))
    if campaign.status is not CampaignStatus.DRAFT:
        raise ActivationRefused(_no_draft(session, campaign, now))
    if past is PastChoice.REDATE and (redate_to is None or redate_to < today):
        raise ActivationRefused(
            "重定期限须写明今天或以后的日期",
            chat="，例如“重定期限12月31日”",
            terminal="，例如 --to 2026-12-31",
        )
    if campaign.year_doubt is not None and not year_is_right:
        raise YearInDoubt(
            f"专项行动{campaign.id}按{campaign.reference_year}年读入，但{campaign.year_doubt}，未启动",
            terminal="；年份无误请加 --yes，否则换一年重读：duban import 文件 --year … --again",
        )
    confirmed = {"year": campaign.reference_year} if campaign.year_doubt is not None else {}
    campaign.year_doubt = None
    campaign.status, campaign.activated_at = CampaignStatus.ACTIVE, now
    campaign.policy_id = policy_version(session, desk, now)
    policy = desk.policy_version(session, campaign.policy_id)
    campaign.next_digest_at = desk.next_digest(policy, campaign.timezone, now)
    turned, _added = _first_periods(session, campaign, today)
    _note_turned(session, campaign, [one for one in turned if one[1]["original_due"] is not None], now)
    session.flush()
    session.execute(
        update(Assignment).where(col(Assignment.campaign_id) == campaign.id).values(_begins(campaign, now, today))
    )
    lines = ledger.lines(session, Which(LIVING, campaign=campaign.id))
    overdue = [line for line in lines if _is_past(line, today)]
    for line in overdue:
        _settle_past(session, line, past, redate_to, actor, now, today)
    done = {"assignments": len(lines), "past": len(overdue), "choice": str(past)}
    append(session, campaign.id, now, "启动", actor, after=done | confirmed | _stated(session, campaign.id, overdue))
    session.flush()
    messages, without = _tell(session, campaign, lines, policy, now, today)
    return Activated(len(lines), len(overdue), messages, without)


def _stated(session: Session, campaign_id: int, overdue: Sequence[Line]) -> Json:
    """Return what the record keeps of who owes what as the campaign starts, and of what waits for a decision."""
    imported = latest(session, campaign_id, "导入")
    by_us = imported is not None and "read" in imported.after
    held = runs(line.assignment.id for line in overdue if line.assignment.on_hold)
    tasks = {} if by_us else stated.read_all(session, campaign_id)  # a version that stated nothing imported it
    return tasks | stated.afresh(session, campaign_id) | ({"held": held} if held else {})


def _no_draft(session: Session, campaign: Campaign, now: datetime) -> str:
    """Say who was first with a campaign that is no draft any more."""
    entry = latest(session, campaign.id, "启动", "放弃导入")
    if entry is None:
        return f"专项行动{campaign.id}{campaign.status.zh}，不能启动"
    when = days.at(entry.at, ZoneInfo(campaign.timezone), now)
    return f"专项行动{campaign.id}已由{entry.who}于{when}{entry.event}"


def policy_version(session: Session, desk: Desk, now: datetime) -> int:
    """Return the stored version of the desk's policy, storing it if it is new."""
    digest = desk.policy.digest
    known = session.exec(select(PolicyVersion).where(PolicyVersion.digest == digest)).first()
    if known is None:
        known = PolicyVersion(digest=digest, text=desk.policy_text, created_at=now)
        session.add(known)
        session.flush()
    return known.id


def _begins(campaign: Campaign, now: datetime, told_on: date | None) -> Json:
    """Return what is set in an assignment that begins: from ``now`` on it is planned."""
    return {
        "born_at": now,
        "planned_until": now,
        "next_action_at": now,
        "policy_id": campaign.policy_id,
        "last_told_on": told_on,
    }


def _start(assignment: Assignment, campaign: Campaign, now: datetime) -> None:
    for name, value in _begins(campaign, now, None).items():
        setattr(assignment, name, value)


def _is_past(line: Line, today: date) -> bool:
    due = line.assignment.due
    return due is not None and due < today and line.assignment.state not in ENDED_STATES


def _settle_past(
    session: Session, line: Line, past: PastChoice, redate_to: date | None, actor: Actor, now: datetime, today: date
) -> None:
    assignment = line.assignment
    if past is PastChoice.SUMMARY:
        assignment.on_hold = True
        return
    before = _plain(assignment)
    if past is PastChoice.CLOSE:
        assignment.state, assignment.closed_at = State.CLOSED, now
    elif past is PastChoice.REDATE and redate_to is not None:
        assignment.due = redate_to
    else:
        assignment.ladder_from = today
    append(
        session,
        assignment.campaign_id,
        now,
        f"启动时已逾期：{past.zh}",
        actor,
        assignment_id=assignment.id,
        before=before,
        after=_plain(assignment),
    )


def _plain(assignment: Assignment) -> Json:
    days = {"due": assignment.due, "ladder_from": assignment.ladder_from}
    return {"state": str(assignment.state)} | {name: day and day.isoformat() for name, day in days.items()}


# ---------------------------------------------------------------- the first message


def _tell(
    session: Session, campaign: Campaign, lines: Sequence[Line], policy: Policy, now: datetime, today: date
) -> tuple[int, int]:
    """Enqueue one message a chat, and one without a route for every unit that has none."""
    by_target: dict[tuple[int, ...], list[Line]] = defaultdict(list)
    chats_of = cache(lambda unit: tuple(chat.id for chat in register.chats_of(session, unit)))
    for line in ledger.current_periods(lines):
        if line.assignment.state in (State.PENDING, State.ACKNOWLEDGED, State.IN_PROGRESS):
            by_target[chats_of(line.unit.id) or (-(line.unit.id),)].append(line)
    messages = without = 0
    for target, some in by_target.items():
        routes: tuple[int | None, ...] = target if target[0] > 0 else (None,)
        for chat in routes:
            _slip(session, campaign, chat, some, now, today)
        messages += len(routes) if routes[0] is not None else 0
        without += routes[0] is None
    return messages, without


def _slip(
    session: Session, campaign: Campaign, chat: int | None, lines: Sequence[Line], now: datetime, today: date
) -> None:
    items = [_item(line) for line in sorted(lines, key=lambda line: line.assignment.on_hold)]
    kind = items[0].kind
    outbox.enqueue(
        session,
        now=now,
        kind=kind,
        reason=items[0].reason,
        chat_id=chat,
        unit_id=lines[0].unit.id,
        campaign_id=campaign.id,
        items=items,
        day=today,
    )


def _item(line: Line) -> Item:
    if line.assignment.on_hold:
        return Item(line.assignment.id, NoticeKind.SUMMARY, Reason.PAST_ON_ACTIVATION)
    return Item(
        line.assignment.id, NoticeKind.SLIP, Reason.ACTIVATED, asks_receipt=line.assignment.role is not Role.ASSIST
    )


# ---------------------------------------------------------------- recurring duties


def _first_periods(
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


def _note_turned(
    session: Session, campaign: Campaign, turned: Sequence[tuple[Assignment, Json]], now: datetime
) -> None:
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
    turned, added = _first_periods(session, campaign, today)
    campaign.periods_until = until
    _note_turned(session, campaign, turned, now)
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
