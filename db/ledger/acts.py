"""Acting on one assignment: the row, the history entry and the notices it causes, in one transaction.

Callers hand in a session of ``Store.write()`` and an assignment that access has granted. Nothing here asks who
may do it beyond the workflow's own two-key rule.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from db import days, locking, outbox
from db.bodies import DecisionBody, KeptFile, RequestBody
from db.history import Actor, append
from db.kinds import ABOUT_WORK
from db.ledger import asking, deciding, evidence, level_of, local_day, renewal, two_keys, workflow
from db.ledger.ending import epitaph
from db.ledger.snapshots import changed, snapshot
from db.ledger.wording import record_name
from db.ledger.workflow import Party
from db.models import Assignment, Campaign, Extension, History, Notice, NoticeItem
from db.stored import Json
from db.words import (
    ENDED_STATES,
    LIVING,
    Action,
    CampaignStatus,
    Level,
    NoticeKind,
    Reason,
    Refusal,
    Role,
    State,
)


class NotAllowed(Refusal):
    """The act does not apply; the message is one line for the person, and nothing was changed."""


class TooLate(NotAllowed):
    """The act does not apply any more, because of what somebody did before."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a person does: ``words`` is what they wrote, ``due`` a day (of a report: until when it is valid anew) and ``role`` a role that they name, ``percent`` 0–100.

    ``on_behalf`` marks what a coordinator records for a unit (代录); ``office_task`` that the unit is the
    coordinators' own office, whose reports go to a leader. ``files`` go to the unit with a coordinator's decision.
    ``lacking`` is what the policy requires as evidence of what is verified, and is not there. A report, or what a level
    says of it, leads to ``level`` (None: the coordinators), which it waits for until ``goes_on_at``, of what is resumed anew;
    ``alone`` lets who reported say it. ``untrue`` is opened again because a spot check found it so.
    """

    action: Action
    words: str = ""
    due: date | None = None
    role: Role | None = None
    percent: int | None = None
    on_behalf: bool = False
    office_task: bool = False
    files: tuple[KeptFile, ...] = ()
    lacking: tuple[str, ...] = ()
    level: Level | None = None
    goes_on_at: datetime | None = None
    alone: bool = False
    untrue: bool = False


def perform(session: Session, assignment: Assignment, act: Act, actor: Actor, now: datetime) -> History:
    """Carry out ``act``; raise ``NotAllowed`` where the workflow does not let it through.

    The row is locked before it is judged: of two at the same moment the second raises ``TooLate``.
    """
    locking.hold(session, [assignment])
    refuse_what_is_over(session, assignment)
    state = workflow.after(assignment.state, act.action, assignment.resume_state)
    if state is None:
        raise TooLate(f"该任务{assignment.state.zh}，不能{act.action.zh}")
    anothers = None if act.alone else two_keys.is_anothers(session, assignment, act.action, actor)
    if anothers is not None:
        raise NotAllowed(anothers)
    before = snapshot(assignment)
    event = record_name(act.action, assignment.level, act.lacking, on_behalf=act.on_behalf)
    _EFFECTS.get(act.action, _no_effect)(session, assignment, act, actor, now)
    if act.action is Action.SUSPEND:
        assignment.resume_state = assignment.state
    assignment.state = state
    if state not in (State.REPORTED, State.SUSPENDED):
        assignment.level = assignment.goes_on_at = None
    elif act.goes_on_at is not None:  # what is resumed waits anew
        assignment.goes_on_at = act.goes_on_at
    if workflow.TABLE[act.action].answers:
        assignment.answered_at = now
    assignment.version += 1
    _settle(session, assignment, act, now)
    if before["level"] not in (None, assignment.level):
        outbox.withdraw(session, assignment.id, Reason.ANSWERED, (NoticeKind.REVIEW,))
    entry = append(
        session,
        assignment.campaign_id,
        now,
        event,
        actor,
        action=act.action,
        assignment_id=assignment.id,
        before=changed(before, snapshot(assignment)),
        after=changed(snapshot(assignment), before) | _renewed(act),
        words=act.words,
    )
    beside = renewal.follow(session, assignment, actor, now) if act.action is Action.VERIFY else ""
    _cause(session, assignment, act, actor, now, entry.before, beside)
    return entry


def _renewed(act: Act) -> Json:
    return {"renewed": act.due.isoformat()} if act.action is Action.REPORT and act.due is not None else {}


def refuse_what_is_over(session: Session, assignment: Assignment) -> None:
    """Raise ``NotAllowed`` where the assignment's campaign is over: it says who ended it, and when."""
    number = assignment.campaign_id
    if locking.is_held(session, Campaign, number):
        status = session.get_one(Campaign, number).status
    else:  # another may have ended it since it was loaded
        status = session.execute(_STATUS, {"campaign": number}).scalar_one()
    if status is CampaignStatus.ENDED:
        raise NotAllowed(epitaph(session, session.get_one(Campaign, assignment.campaign_id)))


_STATUS = select(Campaign.status).where(col(Campaign.id) == bindparam("campaign"))


# ---------------------------------------------------------------- what each action does to the row


def _acknowledge(_s: Session, assignment: Assignment, _a: Act, actor: Actor, now: datetime) -> None:
    _sign_for(assignment, actor, now)


def _progress(_s: Session, assignment: Assignment, act: Act, actor: Actor, now: datetime) -> None:
    _implied_receipt(assignment, actor, now)
    if act.percent is not None:
        assignment.percent = act.percent


def _note(_s: Session, assignment: Assignment, _act: Act, actor: Actor, now: datetime) -> None:
    _implied_receipt(assignment, actor, now)


def _report(session: Session, assignment: Assignment, act: Act, actor: Actor, now: datetime) -> None:
    expiry = renewal.of(session, assignment) if act.due is not None else None
    if expiry is not None and act.due is not None:
        renewal.require_later(session, expiry, assignment.unit_id, act.due)
    _implied_receipt(assignment, actor, now)
    assignment.reported_by_id, assignment.reported_at = actor.person_id, now
    _to_level(session, assignment, act, actor, now)


def _to_level(_s: Session, assignment: Assignment, act: Act, _actor: Actor, _now: datetime) -> None:
    assignment.level, assignment.goes_on_at = act.level, act.goes_on_at


def _implied_receipt(assignment: Assignment, actor: Actor, now: datetime) -> None:
    if assignment.acknowledged_at is None:
        _sign_for(assignment, actor, now)


def _sign_for(assignment: Assignment, actor: Actor, now: datetime) -> None:
    assignment.acknowledged_by, assignment.acknowledged_at = actor.name, now


def _verify(_s: Session, assignment: Assignment, _a: Act, _actor: Actor, now: datetime) -> None:
    assignment.closed_at, assignment.on_hold = now, False


def _return(_s: Session, assignment: Assignment, _a: Act, _actor: Actor, _now: datetime) -> None:
    assignment.returns += 1
    assignment.reported_at = None


def _reopen(session: Session, assignment: Assignment, act: Act, _actor: Actor, now: datetime) -> None:
    """Open again what was closed. It is owed anew: by the day that is given, else, where its own has passed, as of today, so that
    whatever tells how late it is counts from there; the former day stays visible beside it.
    """
    assignment.closed_at = assignment.reported_at = None
    today = local_day(now, session.get_one(Campaign, assignment.campaign_id).timezone)
    if act.due is not None and act.due >= today:  # an earlier day is part of the reason
        _move_due(session, assignment, act.due, now)
    elif assignment.due is not None and assignment.due < today:
        _move_due(session, assignment, today, now)
        assignment.last_told_on = today  # what was decided tells of it: no reminder of the same day beside it


def _request(session: Session, assignment: Assignment, act: Act, actor: Actor, now: datetime) -> None:
    if act.due is None:
        raise NotAllowed("请写明延期到哪一天，例如：延期到7月15日，因设备到货推迟")
    if assignment.decision_pending:
        raise TooLate("已有一项延期申请待批，请等待答复，或先撤回")
    if assignment.due is not None and act.due <= assignment.due:
        raise NotAllowed(f"新期限须晚于现期限{days.written(assignment.due)}")
    if actor.person_id is None:
        raise NotAllowed("延期须由具名人员申请")
    _implied_receipt(assignment, actor, now)
    assignment.decision_pending = True
    session.add(
        Extension(
            assignment_id=assignment.id,
            requested_by_id=actor.person_id,
            requested_at=now,
            old_due=assignment.due,
            new_due=act.due,
            words=act.words,
        )
    )


def _grant(session: Session, assignment: Assignment, act: Act, actor: Actor, now: datetime) -> None:
    extension = _decide(session, assignment, actor, now, granted=True)
    if act.due is not None:
        extension.new_due = act.due
    _move_due(session, assignment, extension.new_due, now)
    assignment.extensions += 1


def _refuse(session: Session, assignment: Assignment, _act: Act, actor: Actor, now: datetime) -> None:
    _decide(session, assignment, actor, now, granted=False)


def _decide(session: Session, assignment: Assignment, actor: Actor, now: datetime, *, granted: bool) -> Extension:
    extension = pending_extension(session, assignment)
    if extension is None:
        raise TooLate("没有待批的延期申请")
    extension.granted, extension.decided_by_id, extension.decided_at = granted, actor.person_id, now
    assignment.decision_pending = False
    return extension


def _correct(session: Session, assignment: Assignment, act: Act, _actor: Actor, now: datetime) -> None:
    named = act.due is not None or act.role is not None
    if named and act.due in (None, assignment.due) and act.role in (None, assignment.role):
        raise TooLate("已经更正过，内容相同")
    if act.due is not None:
        _move_due(session, assignment, act.due, now)
    if act.role is not None:
        assignment.role = act.role


def _move_due(session: Session, assignment: Assignment, due: date, now: datetime) -> None:
    """Set a new day. Planning starts anew from now; for a day already past from the beginning, to find its rung.

    What is past is told by the campaign's own day.
    """
    today = local_day(now, session.get_one(Campaign, assignment.campaign_id).timezone)
    assignment.due = due
    assignment.original_due = assignment.original_due or due
    assignment.ladder_from, assignment.on_hold = None, False
    if assignment.planned_until is not None:
        assignment.planned_until = assignment.born_at if due < today else now


def _no_effect(_s: Session, _assignment: Assignment, _act: Act, _actor: Actor, _now: datetime) -> None:
    """Suspending, resuming, cancelling and waiving change the state alone."""


_EFFECTS = {
    Action.ACKNOWLEDGE: _acknowledge,
    Action.PROGRESS: _progress,
    Action.NOTE: _note,
    Action.REPORT: _report,
    Action.MEASURE: _progress,
    Action.CHECK: _to_level,
    Action.REVIEW: _to_level,
    Action.PASS_UP: _to_level,
    Action.PUBLISH: _to_level,
    Action.VERIFY: _verify,
    Action.RETURN: _return,
    Action.REOPEN: _reopen,
    Action.REQUEST_EXTENSION: _request,
    Action.GRANT: _grant,
    Action.REFUSE: _refuse,
    Action.CORRECT: _correct,
}


# ---------------------------------------------------------------- what follows from it


def _settle(session: Session, assignment: Assignment, act: Act, now: datetime) -> None:
    """Withdraw what no longer applies and let the next tick plan anew."""
    move = workflow.TABLE[act.action]
    replan(session, assignment, now)
    if move.answers:
        if assignment.silent_told:
            outbox.refresh_report_of(session, assignment.id, now)
        assignment.asked_at, assignment.chases, assignment.silent_told = None, 0, False
        assignment.chased_at = None
        outbox.withdraw(
            session,
            assignment.id,
            Reason.ANSWERED,
            (NoticeKind.RECEIPT_CHASE, NoticeKind.SILENT, NoticeKind.PROGRESS_QUERY),
        )
    why = _SILENCING.get(assignment.state)
    if assignment.decision_pending:
        why = why or Reason.DECISION_PENDING
    if act.action is Action.GRANT or (act.action is Action.CORRECT and act.due is not None):
        why = why or Reason.CHANGED
    if why is not None:
        outbox.withdraw(session, assignment.id, why, ABOUT_WORK)
    undecided = level_of(assignment) is Level.OFFICE or assignment.decision_pending
    if act.action in _DECIDES and not undecided:
        _ask_no_more(session, assignment.id)


_DECIDES = (Action.PUBLISH, Action.VERIFY, Action.RETURN, Action.GRANT, Action.REFUSE)


def _ask_no_more(session: Session, assignment_id: int) -> None:
    """Withdraw what would still ask for a decision that was made; what brings files goes out, for nothing else brings them."""
    waiting = (
        select(Notice)
        .join(NoticeItem, col(NoticeItem.notice_id) == Notice.id)
        .where(
            NoticeItem.assignment_id == assignment_id,
            Notice.kind == NoticeKind.VERIFY_REQUEST,
            col(Notice.state).in_(outbox.REVOCABLE),
        )
    )
    if not any(notice.legible.files for notice in session.exec(waiting)):
        outbox.withdraw(session, assignment_id, Reason.ANSWERED, (NoticeKind.VERIFY_REQUEST,))


_SILENCING = {
    State.REPORTED: Reason.REPORTED,
    State.SUSPENDED: Reason.SUSPENDED,
    **dict.fromkeys(ENDED_STATES, Reason.ENDED),
}


def replan(session: Session, assignment: Assignment, now: datetime) -> None:
    """Let the next tick look at the assignment, if its campaign is running."""
    campaign = session.get_one(Campaign, assignment.campaign_id)
    if campaign.status is CampaignStatus.ACTIVE:
        assignment.next_action_at = now


def _cause(
    session: Session, assignment: Assignment, act: Act, actor: Actor, now: datetime, before: Json, beside: str
) -> None:
    """Enqueue what the act makes known to the other side; of a correction, what stood there ``before``; ``beside`` is what follows
    from it.
    """
    campaign = session.get_one(Campaign, assignment.campaign_id)
    if campaign.status not in LIVING:
        return
    if act.action is Action.REQUEST_EXTENSION:
        files = evidence.not_passed_on(session, assignment.id)
        body = RequestBody(act.action, actor.name, act.words, assignment.version, files)
        asking.decide(session, assignment, body, now, office_task=act.office_task)
    elif act.action is Action.REPORT or workflow.TABLE[act.action].party is Party.REVIEWER:
        session.flush()
        asking.ask(session, assignment, now, office_task=act.office_task)
    elif workflow.TABLE[act.action].party is Party.COORDINATOR:
        was: dict[str, str | None] = {
            name: before[name] for name in ("due", "role") if name in before and act.action is Action.CORRECT
        }
        words = "；".join(part for part in (act.words, beside) if part)
        told = DecisionBody(act.action, actor.name, words, assignment.version, act.files, was, act.untrue)
        deciding.tell(session, assignment, told, now)


# ---------------------------------------------------------------- look-ups and snapshots


def pending_extension(session: Session, assignment: Assignment) -> Extension | None:
    """Return the request that waits for a decision."""
    query = select(Extension).where(
        Extension.assignment_id == assignment.id,
        col(Extension.granted).is_(None),
        col(Extension.withdrawn).is_(False),
    )
    return session.exec(query.order_by(col(Extension.id).desc())).first()
