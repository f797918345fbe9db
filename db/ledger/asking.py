"""Who is asked to look at what a unit reports: whoever's level it has come to, with all that was handed in; else who verifies."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, or_, select

from db import history, outbox, register
from db.bodies import KeptFile, RequestBody
from db.ledger import evidence
from db.ledger.leading import leads
from db.models import Assignment, History, Notice
from db.outbox import Item
from db.words import Action, ChatRole, Level, NoticeKind, Reason


def ask(session: Session, assignment: Assignment, now: datetime, *, office_task: bool) -> None:
    """Ask for a look at a report that has just come to its level."""
    entry = report_of(session, assignment.id)
    level = assignment.level
    body = RequestBody(
        Action.REPORT,
        entry.who,
        entry.words,
        assignment.version,
        evidence.not_passed_on(session, assignment.id) if level is None else _files(session, assignment.id),
        level=str(level or ""),
    )
    if level is None:
        decide(session, assignment, body, now, office_task=office_task)
        return
    units = [assignment.unit_id] if level is Level.SELF else [unit.id for unit in leads(session, assignment)]
    for unit in units:
        for chat in register.chats_of(session, unit):
            outbox.enqueue(
                session,
                now=now,
                chat_id=chat.id,
                unit_id=unit,
                kind=NoticeKind.REVIEW,
                reason=Reason.CHANGED,
                campaign_id=assignment.campaign_id,
                items=[Item(assignment.id, NoticeKind.REVIEW, Reason.CHANGED)],
                body=body if level is Level.LEAD else replace(body, files=()),
            )


def decide(session: Session, assignment: Assignment, body: RequestBody, now: datetime, *, office_task: bool) -> None:
    """Ask who verifies for a decision."""
    outbox.tell_room(
        session,
        ChatRole.LEADERS if office_task else ChatRole.COORDINATORS,
        now=now,
        kind=NoticeKind.VERIFY_REQUEST,
        reason=Reason.CHANGED,
        campaign_id=assignment.campaign_id,
        items=[Item(assignment.id, NoticeKind.VERIFY_REQUEST, Reason.CHANGED)],
        body=body,
    )


def _files(session: Session, assignment_id: int) -> tuple[KeptFile, ...]:
    return tuple(KeptFile(one.sha256, one.name) for one in evidence.of(session, assignment_id))


def report_of(session: Session, assignment_id: int) -> History:
    """Return the last report of an assignment."""
    found = last_report(session, assignment_id)
    assert found is not None, "only what is reported is looked at"
    return found


def last_report(session: Session, assignment_id: int) -> History | None:
    """Return the last report of an assignment, None of what was closed without one."""
    return last(session, assignment_id, Action.REPORT)


def last(session: Session, assignment_id: int, action: Action) -> History | None:
    """Return the last entry of an act on an assignment."""
    query = select(History).where(History.assignment_id == assignment_id, History.action == action)
    return session.exec(query.order_by(col(History.id).desc()).limit(1)).first()


def requests(session: Session, assignment_id: int, kind: NoticeKind) -> list[Notice]:
    """Return the messages of a kind that are out and ask for a decision on the last report, or request, and on no earlier one."""
    begun: dict[Action, datetime | None] = {}
    found = []
    for one in outbox.sent_about(session, assignment_id, kind):
        action = getattr(one.legible, "action", Action.REPORT)
        if action not in begun:
            entry = last(session, assignment_id, action)
            begun[action] = entry.at if entry is not None else None
        since = begun[action]
        found += [one] if since is None or one.created_at >= since else []
    return found


def looked_at(session: Session, assignment_id: int) -> list[History]:
    """Return what each level said of an assignment's last report, in order."""
    report = report_of(session, assignment_id)
    query = select(History).where(
        History.assignment_id == assignment_id, History.campaign_id == report.campaign_id, col(History.seq) > report.seq
    )
    query = query.where(col(History.action).in_((Action.CHECK, Action.REVIEW, Action.PASS_UP)))
    return list(session.exec(query.order_by(col(History.seq))))


def added_since(session: Session, report: History) -> list[str]:
    """Return what the unit added to a report, or asked beside it, since it was made, the earliest first."""
    beside = or_(History.event == history.ADDED, History.action == Action.ASK)
    since = select(History.words).where(
        History.assignment_id == report.assignment_id, col(History.id) > report.id, beside
    )
    return list(session.exec(since.order_by(col(History.id))))
