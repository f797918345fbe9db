"""Levels of verification 自查 → 复查 → 核查: which one a report comes to next, and until when it waits there."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from db import days, ledger, locking, outbox, register
from db.bodies import RequestBody
from db.history import PAUSE_BEGUN, PAUSE_ENDED, SYSTEM, Actor, append
from db.ledger import Line, acts
from db.ledger.acts import Act, NotAllowed
from db.ledger.leading import leads
from db.models import Assignment, Campaign, History, Notice
from db.words import EVERY, Action, CampaignStatus, Level, NoticeKind, State
from jobs.desk import Desk
from jobs.planning.policy import Policy


def following(levels: Sequence[Level], done: Level | None, able: Collection[Level]) -> Level | None:
    """Return the level that comes after ``done`` (None: the report itself) among those that can look; None: the coordinators."""
    left = levels if done is None else levels[levels.index(done) + 1 :] if done in levels else ()
    return next((level for level in left if level is not Level.OFFICE and level in able), None)


def reported(session: Session, desk: Desk, line: Line, now: datetime, act: Act) -> Act:
    """Return a report so that it comes to its first level; what is recorded for a unit is not asked of it once more."""
    return _to(session, desk, line, now, act, None)


def looked_at(session: Session, desk: Desk, line: Line, now: datetime, words: str, *, office_task: bool) -> Act:
    """Return the act by which the level that a report waits for lets it pass."""
    level = line.assignment.level
    action = Action.CHECK if level is Level.SELF else Action.REVIEW
    alone = level is Level.SELF and not desk.policy_of(session, line.campaign.id).self_two
    return _to(session, desk, line, now, Act(action, words=words, office_task=office_task, alone=alone), level)


def decided(desk: Desk, session: Session, line: Line, now: datetime, act: Act) -> Act:
    """Return a coordinator's act with what the levels make of it; raise ``NotAllowed`` as ``verified`` does."""
    with_levels = {Action.VERIFY: verified, Action.RESUME: resumed}.get(act.action)
    return act if with_levels is None else with_levels(desk, session, line, now, act)


def verified(desk: Desk, session: Session, line: Line, now: datetime, act: Act) -> Act:
    """Return what verifies a report: where the policy wants days of public notice it closes only after them.

    Raise ``NotAllowed`` where they run already.
    """
    policy = desk.policy_of(session, line.campaign.id)
    if line.assignment.level is Level.NOTICE:
        raise NotAllowed("已核查，正在公示，期满自动销号；有异议请退回并写明理由")
    if not policy.notice_days:
        return act
    until = _end_of(desk, line, now, policy.notice_days, policy)
    return replace(act, action=Action.PUBLISH, level=Level.NOTICE, goes_on_at=until)


def resumed(desk: Desk, session: Session, line: Line, now: datetime, act: Act) -> Act:
    """Return what lets a suspended assignment go on: a report that waited has the workdays that it had left when it stopped."""
    entry = session.exec(_last_of(line.assignment.id, col(History.action) == Action.SUSPEND)).first()
    if entry is None or line.assignment.goes_on_at is None:
        return act
    return replace(act, goes_on_at=_later(session, desk, line, _stopped(session, entry), now))


def _stopped(session: Session, suspended: History) -> datetime:
    """Return since when a report's days have not run: since it was suspended, or since the pause of its campaign within which it was."""
    assert suspended.assignment_id is not None, "an assignment is suspended"
    turns = select(History).where(
        History.campaign_id == suspended.campaign_id,
        col(History.event).in_((PAUSE_BEGUN, PAUSE_ENDED)),
        History.seq < suspended.seq,
    )
    turn = session.exec(turns.order_by(col(History.seq).desc())).first()
    if turn is None or turn.event == PAUSE_ENDED:
        return suspended.at
    began = session.exec(_last_of(suspended.assignment_id, _BEGINS & (col(History.seq) < suspended.seq))).first()
    return max([turn.at, *([began.at] if began is not None else [])])


PUT_OFF = "环节期限顺延"
"""What the record calls it where a report that waits has its days back, which its campaign was paused."""


def rested(session: Session, desk: Desk, campaign: Campaign, since: datetime, actor: Actor, now: datetime) -> None:
    """Give every report of a campaign that waits the workdays that it had left ``since``, when the campaign was paused; what began
    to wait in between has all of them.
    """
    waits = select(Assignment.id).where(
        Assignment.campaign_id == campaign.id,
        Assignment.state == State.REPORTED,
        col(Assignment.level).in_(list(Level)),
        col(Assignment.goes_on_at).is_not(None),
    )
    for number in session.exec(waits.order_by(col(Assignment.id))).all():
        line = ledger.line(session, number, EVERY)
        locking.hold(session, [line.assignment])
        began = session.exec(_last_of(number, _BEGINS)).first()
        before = line.assignment.goes_on_at
        after = _later(session, desk, line, max([since, *([began.at] if began is not None else [])]), now)
        if before is None or after <= before:
            continue
        line.assignment.goes_on_at = after
        told = {"goes_on_at": before.isoformat()}, {"goes_on_at": after.isoformat()}
        words = f"暂停期间不计，至{days.written(ledger.local_day(after, campaign.timezone))}"
        append(
            session, campaign.id, now, PUT_OFF, actor, assignment_id=number, before=told[0], after=told[1], words=words
        )
        for notice in outbox.sent_about(session, number, NoticeKind.REVIEW):
            if _waits(notice, line.assignment):
                _show(session, notice, words, now)


_BEGIN = (Action.REPORT, Action.CHECK, Action.REVIEW, Action.PUBLISH, Action.RESUME)
_BEGINS = col(History.action).in_(_BEGIN) | (col(History.event) == PUT_OFF)
"""From when on a report waits for a level, or stands in public notice, anew."""


def _last_of(assignment: int, which: ColumnElement[bool]) -> SelectOfScalar[History]:
    query = select(History).where(History.assignment_id == assignment, which)
    return query.order_by(col(History.seq).desc()).limit(1)


def _later(session: Session, desk: Desk, line: Line, stopped: datetime, now: datetime) -> datetime:
    """Return when what waited until ``stopped`` goes on, with as many workdays from now as it had left then."""
    waits, zone = line.assignment.goes_on_at, ZoneInfo(line.campaign.timezone)
    assert waits is not None, "what waits says until when"
    policy = desk.policy_of(session, line.campaign.id)
    left = desk.workdays.between(stopped.astimezone(zone).date(), waits.astimezone(zone).date())
    until = _end_of(desk, line, now, left, policy)
    return until if until > now else _end_of(desk, line, now, 1, policy)


def _end_of(desk: Desk, line: Line, now: datetime, workdays: int, policy: Policy) -> datetime:
    """Return when the office closes so many workdays from now."""
    zone = ZoneInfo(line.campaign.timezone)
    last = desk.workdays.after(now.astimezone(zone).date(), workdays)
    return datetime.combine(last, policy.closes, zone).astimezone(UTC)


def _to(session: Session, desk: Desk, line: Line, now: datetime, act: Act, done: Level | None) -> Act:
    policy = desk.policy_of(session, line.campaign.id)
    able = _able(session, line, act) if len(policy.levels) > 1 else frozenset()
    level = following(policy.levels, done, able)
    if level is None:
        return act
    return replace(act, level=level, goes_on_at=_end_of(desk, line, now, policy.level_workdays, policy))


def _able(session: Session, line: Line, act: Act) -> frozenset[Level]:
    """Return who can look at a report: its own unit unless a coordinator records for it, its task's lead unless that is who reports;
    neither without a chat.
    """
    found = set()
    if not act.on_behalf and register.chats_of(session, line.unit.id):
        found.add(Level.SELF)
    first = leads(session, line.assignment)
    if line.unit.id not in {unit.id for unit in first} and any(register.chats_of(session, unit.id) for unit in first):
        found.add(Level.LEAD)
    return frozenset(found)


_WAITED = (
    select(Assignment.id)
    .join(Campaign, col(Campaign.id) == Assignment.campaign_id)
    .where(
        Campaign.status == CampaignStatus.ACTIVE,
        Assignment.state == State.REPORTED,
        col(Assignment.level).in_(list(Level)),  # by its index: hardly anything waits for one
    )
    .order_by(col(Assignment.goes_on_at), col(Assignment.id))
    .limit(1)
)


def next_waiting(session: Session, now: datetime, besides: Collection[int] = ()) -> int | None:
    """Return a report that its level has let lie, or whose days of public notice are over, and none of ``besides``."""
    over = _WAITED.where(col(Assignment.goes_on_at) <= now, col(Assignment.id).not_in(list(besides)))
    return session.exec(over).first()


def go_on(session: Session, desk: Desk, number: int, now: datetime) -> None:
    """Pass a report up to the coordinators that its level has let lie, or close it when its days of public notice are over."""
    line = ledger.line(session, number, EVERY)
    locking.hold(session, [line.assignment])
    waited = line.assignment.goes_on_at
    if line.assignment.level is not None and waited is not None and waited <= now:
        ends = line.assignment.level is Level.NOTICE
        asked = [one for one in outbox.sent_about(session, number, NoticeKind.REVIEW) if _waits(one, line.assignment)]
        verified = outbox.sent_about(session, number, NoticeKind.VERIFY_REQUEST)[-1:] if ends else []
        office = desk.policy_of(session, line.campaign.id).office == line.unit.name
        action = Action.VERIFY if ends else Action.PASS_UP
        actor = _who_verified(session, number) if ends else SYSTEM
        acts.perform(session, line.assignment, Act(action, office_task=office, alone=ends), actor, now)
        for notice in asked:
            _show(session, notice, f"没有答复，已{Action.PASS_UP.zh}", now)
        for notice in verified:
            _show(session, notice, "公示期满，已销号", now, told=True)  # the digest counts it


def _who_verified(session: Session, number: int) -> Actor:
    """Return who found a report so before its days of public notice, that nobody verifies but a person; with what these add to it."""
    query = select(History).where(History.assignment_id == number, History.action == Action.PUBLISH)
    entry = session.exec(query.order_by(col(History.seq).desc()).limit(1)).first()
    return Actor(f"{entry.who}（公示期满）", entry.person_id) if entry is not None else SYSTEM


def _waits(notice: Notice, assignment: Assignment) -> bool:
    """Tell whether a message asks for the look that a report waits for, in the version that it has."""
    body = notice.legible
    return isinstance(body, RequestBody) and (body.level, body.version) == (assignment.level, assignment.version)


def _show(session: Session, notice: Notice, what: str, now: datetime, *, told: bool = False) -> None:
    """Show under a message what became of what it asked for."""
    for message in outbox.messages_of(session, notice.id):
        marked = outbox.to_change(session, notice.id, message.part)
        if marked is not None and message.sent.get("buttons"):
            marked.marks = [*marked.marks, what]
            outbox.refresh(session, notice, message.part, now, told=told)
