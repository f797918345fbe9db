"""Taking back what a unit did: the row as it was before, and an entry of its own in the record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from db import locking, outbox
from db.history import Actor, append
from db.ledger import asking, workflow
from db.ledger.acts import NotAllowed, TooLate, pending_extension, refuse_what_is_over, replan
from db.ledger.lamps import Line
from db.ledger.selection import line
from db.ledger.snapshots import changed, revive, snapshot
from db.ledger.workflow import Party
from db.models import Assignment, History
from db.words import EVERY, Action, Level, NoticeKind, Reason, State


def undo(session: Session, entry: History, actor: Actor, now: datetime) -> Assignment:
    """Take back one act of a unit; raise ``TooLate`` when somebody has built on it since."""
    if entry.assignment_id is None:
        raise NotAllowed("这一条不能撤回")
    assignment = session.get_one(Assignment, entry.assignment_id)
    locking.hold(session, [assignment])
    refuse_what_is_over(session, assignment)
    if entry.after.get("version") != assignment.version:
        raise TooLate("此后该任务已有新的办理，不能再撤回；请联系协调员")
    if entry.action is Action.REQUEST_EXTENSION:
        extension = pending_extension(session, assignment)
        if extension is not None:
            extension.withdrawn = True
    return _as_before(session, assignment, entry, entry.before, actor, now)


def take_back_report(
    session: Session, assignment: Assignment, actor: Actor, now: datetime, called: str = ""
) -> History:
    """Take back the report that waits, and what its levels have said of it since; return it. The record calls that ``called``, where
    it is not simply taken back. Raise ``TooLate`` where none waits, or where
    it is verified and stands in public notice.
    """
    locking.hold(session, [assignment])
    refuse_what_is_over(session, assignment)
    entry = asking.last_report(session, assignment.id)
    if entry is None or assignment.state is not State.REPORTED or assignment.level is Level.NOTICE:
        raise TooLate(f"该任务{assignment.state.zh}，没有可撤回的报办结")
    looks = asking.looked_at(session, assignment.id)
    values = {name: value for one in (*reversed(looks), entry) for name, value in one.before.items()}
    _as_before(session, assignment, entry, values, actor, now, called)
    return entry


def take_back_request(session: Session, assignment: Assignment, actor: Actor, now: datetime) -> History:
    """Take back the request for more time that waits, whatever was told since; return it. Raise ``TooLate`` where none waits."""
    locking.hold(session, [assignment])
    refuse_what_is_over(session, assignment)
    extension = pending_extension(session, assignment)
    query = select(History).where(History.assignment_id == assignment.id, History.action == Action.REQUEST_EXTENSION)
    entry = session.exec(query.order_by(col(History.id).desc())).first()
    if extension is None or entry is None:
        raise TooLate("没有待批的延期申请")
    extension.withdrawn = True
    _as_before(session, assignment, entry, {"decision_pending": False}, actor, now)
    return entry


def _as_before(
    session: Session,
    assignment: Assignment,
    entry: History,
    values: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    called: str = "",
) -> Assignment:
    """Let a row have again the ``values`` that it had; ``entry`` gives what is taken back its name, where it is not ``called`` otherwise."""
    before = snapshot(assignment)
    version = assignment.version + 1
    for name, value in values.items():
        setattr(assignment, name, revive(name, value))
    assignment.version = version
    append(
        session,
        assignment.campaign_id,
        now,
        called or Action.UNDO.zh + entry.event,
        actor,
        action=Action.UNDO,
        assignment_id=assignment.id,
        before=changed(before, snapshot(assignment)),
        after=changed(snapshot(assignment), before),
    )
    if entry.action in (Action.REPORT, Action.REQUEST_EXTENSION):
        outbox.withdraw(session, assignment.id, Reason.CHANGED, (NoticeKind.REVIEW, NoticeKind.VERIFY_REQUEST))
    replan(session, assignment, now)
    session.flush()
    return assignment


_UNDOABLE = [action for action, move in workflow.TABLE.items() if move.party is Party.UNIT]


def line_of(session: Session, entry: History) -> Line:
    """Return the assignment that an entry is about; raise ``KeyError`` where it is about none."""
    if entry.assignment_id is None:
        raise KeyError(entry.id)
    return line(session, entry.assignment_id, EVERY)


def is_undoable(entry: History) -> bool:
    """Tell whether an entry is what a unit did with one assignment, which it may take back."""
    return entry.assignment_id is not None and entry.action in _UNDOABLE


def last_act(session: Session, assignment_id: int | None, person_id: int, since: datetime) -> History | None:
    """Find the last thing a person did (on one assignment, or on any) at or after ``since`` that can be undone."""
    query = select(History).where(
        History.person_id == person_id, History.at >= since, col(History.action).in_([*_UNDOABLE, Action.UNDO])
    )
    if assignment_id is not None:
        query = query.where(History.assignment_id == assignment_id)
    entry = session.exec(query.order_by(col(History.id).desc())).first()
    return None if entry is None or entry.action is Action.UNDO else entry


_DECISIONS = [action for action, move in workflow.TABLE.items() if move.party is Party.COORDINATOR]


def last_decision(
    session: Session, person_id: int, since: datetime, assignments: Sequence[int] | None = None
) -> History | None:
    """Return what somebody of our rooms decided last, at or after ``since``, of these assignments or of any."""
    query = select(History).where(
        History.person_id == person_id,
        History.at >= since,
        col(History.action).in_(_DECISIONS),
        col(History.assignment_id).is_not(None),
    )
    if assignments is not None:
        query = query.where(col(History.assignment_id).in_(list(assignments)))
    return session.exec(query.order_by(col(History.id).desc())).first()


def decided_with(session: Session, entry: History, assignments: Sequence[int] | None = None) -> list[History]:
    """Return what somebody of our rooms decided in the same turn as ``entry`` and in the same way, ``entry`` among it: of these
    assignments or of any, as the list has them.
    """
    query = select(History).where(
        History.person_id == entry.person_id,
        History.at == entry.at,
        History.action == entry.action,
        col(History.assignment_id).is_not(None),
    )
    if assignments is not None:
        query = query.where(col(History.assignment_id).in_(list(assignments)))
    return list(session.exec(query.order_by(col(History.id))))


def by_message(session: Session, person_id: int, chat_id: int, message: str) -> list[History]:
    """Return what a person did by one message of theirs, the last first; whether it was taken back since is not looked at."""
    query = select(History).where(
        History.person_id == person_id,
        History.chat_id == chat_id,
        History.message == message,
        col(History.action).in_(_UNDOABLE),
    )
    return list(session.exec(query.order_by(col(History.id).desc())))


def stands(session: Session, entry: History) -> bool:
    """Tell whether what an entry did is how its assignment is now: neither taken back nor built on since."""
    return entry.after.get("version") == line_of(session, entry).assignment.version


def with_it(session: Session, entry: History) -> list[History]:
    """Return what a person did in the same turn as ``entry``, the last first: one sentence may speak of several tasks."""
    query = select(History).where(
        History.person_id == entry.person_id,
        History.chat_id == entry.chat_id,
        History.message == entry.message,
        History.at == entry.at,
        col(History.action).in_(_UNDOABLE),
    )
    return list(session.exec(query.order_by(col(History.id).desc())))
