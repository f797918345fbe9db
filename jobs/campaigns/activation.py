"""Activation: a draft becomes a running campaign, and every chat gets one message about what it now owes.

Deadlines that are past already never cause a burst: the coordinator's choice (``PastChoice``) says what becomes of
them, and without one they are told in one summary a chat and wait for a decision.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import Session, col, select

from db import days, ledger, locking, outbox, register, stated
from db.history import Actor, append, latest, runs
from db.ledger import Line, Which, local_day
from db.ledger.ending import epitaph
from db.models import Assignment, Campaign, Milestone, PolicyVersion, Task
from db.outbox import Item
from db.stored import Json
from db.whoever import is_open
from db.words import (
    ENDED_STATES,
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
from jobs.campaigns import recurring
from jobs.desk import Desk
from jobs.planning.policy import Policy


class ActivationRefused(Refusal):
    """The campaign cannot be activated; the message is one line that says what to do."""


class YearInDoubt(ActivationRefused):
    """The year that the list was read in contradicts the document, and nobody has confirmed it yet."""


@dataclass(frozen=True, slots=True)
class Activated:
    """What activation did: how many ``tasks`` and ``assignments`` it started, as many as were read; ``periods`` are those of what
    recurs that it added to them. ``without_unit`` and ``without_day`` are the codes of what nobody was told of, and of what
    falls due on no day.
    """

    tasks: int
    assignments: int
    periods: int
    past: int
    messages: int
    without_chat: int
    without_unit: tuple[str, ...] = ()
    without_day: tuple[str, ...] = ()


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
    turned, added = recurring.first_periods(session, campaign, today)
    recurring.note_turned(session, campaign, [one for one in turned if one[1]["original_due"] is not None], now)
    session.flush()
    session.execute(
        update(Assignment)
        .where(col(Assignment.campaign_id) == campaign.id)
        .values(recurring.begins(campaign, now, today))
    )
    lines = ledger.lines(session, Which(LIVING, campaign=campaign.id))
    overdue = [line for line in lines if _is_past(line, today)]
    for line in overdue:
        _settle_past(session, line, past, redate_to, actor, now, today)
    done = {"assignments": len(lines), "past": len(overdue), "choice": str(past)}
    append(session, campaign.id, now, "启动", actor, after=done | confirmed | _stated(session, campaign.id, overdue))
    session.flush()
    messages, without = _tell(session, campaign, lines, policy, now, today)
    tasks = len({line.task.id for line in lines})
    unowned, undated = _lacking(session, campaign, lines)
    return Activated(
        tasks, len(lines) - len(added), len(added), len(overdue), messages, without, tuple(unowned), tuple(undated)
    )


def _lacking(session: Session, campaign: Campaign, lines: Sequence[Line]) -> tuple[list[str], list[str]]:
    """Return the codes of what names nobody in particular, and of what was written without a day, a rule or a span."""
    query = select(Milestone).join(Task).where(Task.campaign_id == campaign.id).order_by(col(Milestone.id))
    milestones = session.exec(query).all()
    owned = {line.milestone.id for line in lines if not is_open(line.unit.name)}
    unsaid = (one for one in milestones if one.due is None and one.rule is None)
    undated = [one.code for one in unsaid if one.kind is not DeadlineKind.ONGOING or not one.text]
    return [one.code for one in milestones if one.id not in owned], undated


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
    """Enqueue one message a chat, and one without a route for every unit that has none; none for whom no unit is named."""
    by_target: dict[tuple[int, ...], list[Line]] = defaultdict(list)
    chats_of = cache(lambda unit: tuple(chat.id for chat in register.chats_of(session, unit)))
    for line in ledger.current_periods([line for line in lines if not is_open(line.unit.name)]):
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
