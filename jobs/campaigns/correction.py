"""Correcting what was read: day, text, units, or that a thing was done before. The old value stays in the history.

Callers hand in a session of ``Store.write()``; refusals are ``RegisterError`` in one line.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlmodel import Session

from db import days, ledger, locking, outbox, register, stated
from db.bodies import KeptFile, WorkBody
from db.history import Actor, append
from db.kinds import ABOUT_WORK
from db.ledger import Line, Which, acts, doubts
from db.ledger.acts import Act, TooLate
from db.ledger.done import record_as_done
from db.models import Assignment, Campaign, Milestone, Task, Unit
from db.register import RegisterError
from db.words import ENDED_STATES, UNENDED, Action, DeadlineKind, DoubtKind, NoticeKind, Reason, Role
from jobs.campaigns.import_ import add_assignment


def hold(session: Session, lines: Iterable[Line]) -> None:
    """Lock all that a correction of these assignments may touch: tasks, milestones, then assignments, each in the order of
    their keys. Whoever corrects several at once asks for them here first, or would wait for somebody who waits for them.
    """
    lines = list(lines)
    locking.hold(session, [line.task for line in lines])
    locking.hold(session, [line.milestone for line in lines])
    locking.hold(session, [line.assignment for line in lines])


def due(
    session: Session, milestone: Milestone, lines: Iterable[Line], day: date, why: str, actor: Actor, now: datetime
) -> list[Line]:
    """Set the right day of a milestone and of what is still owed on it, for all its units at once.

    Return those whose later day is their own, granted by an extension or given to them alone: theirs stays. Of a recurring duty only the period that runs
    moves. Raise ``TooLate`` where everything has that day already.
    """
    task = session.get_one(Task, milestone.task_id)
    lines = list(lines)
    hold(session, lines)
    owed = ledger.current_periods(line for line in lines if line.assignment.state not in ENDED_STATES)
    kept = [line for line in owed if _has_its_own_day(line) and (line.assignment.due or day) > day]
    moving = [line for line in owed if line not in kept and line.assignment.due != day]
    if not moving and milestone.due == day:
        raise TooLate("期限已经是这一天")
    for line in moving:
        acts.perform(session, line.assignment, Act(Action.CORRECT, words=why, due=day), actor, now)
    before, was = milestone.due.isoformat() if milestone.due else None, stated.read(session, [task.id])
    if not any(line.assignment.period for line in lines):
        milestone.due, milestone.uncertain = day, None
        if milestone.kind in (DeadlineKind.ONGOING, DeadlineKind.RECURRING):
            milestone.kind, milestone.rule, milestone.first = DeadlineKind.DATE, None, None
        session.flush()
    _settle(session, milestone, DoubtKind.DEADLINE, f"期限{days.written(day)}", actor, now)
    now_is = stated.read(session, [task.id])
    if not moving or now_is != was:
        append(
            session,
            task.campaign_id,
            now,
            "更正期限",
            actor,
            action=None if moving else Action.CORRECT,
            before={"due": before} | was,
            after={"due": day.isoformat(), "milestone": milestone.code, "task": task.key} | now_is,
            words=why,
        )
    return kept


def _has_its_own_day(line: Line) -> bool:
    """Tell whether a unit's day is not its milestone's: more time was granted, or it was given a day alone."""
    return bool(line.assignment.extensions) or (
        not line.assignment.period and line.milestone.due not in (None, line.assignment.due)
    )


def due_of_units(session: Session, lines: Iterable[Line], day: date, why: str, actor: Actor, now: datetime) -> None:
    """Set the day of some units' assignments of a milestone, and leave it and the others as they are.

    Raise ``TooLate`` where each of them has that day already, or owes nothing any more.
    """
    lines = list(lines)
    hold(session, lines)
    owed = ledger.current_periods(line for line in lines if line.assignment.state not in ENDED_STATES)
    moving = [line for line in owed if line.assignment.due != day]
    if not moving:
        raise TooLate(
            "期限已经是这一天" if owed else f"{'、'.join(line.unit.name for line in lines)}已办结或不再办理，期限不能改"
        )
    for line in moving:
        acts.perform(session, line.assignment, Act(Action.CORRECT, words=why, due=day), actor, now)


def ongoing(
    session: Session, milestone: Milestone, lines: Iterable[Line], why: str, actor: Actor, now: datetime
) -> None:
    """Let a milestone have no deadline, for all its units at once; raise ``TooLate`` where it has none already. Of one that has none
    itself the day goes that some of its units were given alone, ``lines`` being theirs: as by an extension that was granted by mistake.
    """
    task = session.get_one(Task, milestone.task_id)
    lines = list(lines)
    hold(session, lines)
    locking.hold(session, [milestone])
    none_itself = milestone.kind is DeadlineKind.ONGOING and milestone.due is None and milestone.uncertain is None
    if none_itself and not any(one.assignment.due for one in lines if one.assignment.state not in ENDED_STATES):
        raise TooLate("已经没有期限")
    before, was = milestone.due.isoformat() if milestone.due else None, stated.read(session, [task.id])
    for line in lines:
        one = line.assignment
        if one.state not in ENDED_STATES and one.due is not None:
            gone = {"due": one.due.isoformat()}
            append(
                session,
                task.campaign_id,
                now,
                "更正期限",
                actor,
                assignment_id=one.id,
                before=gone,
                after={"due": None},
            )
            one.due, one.ladder_from, one.on_hold = None, None, False
            outbox.withdraw(session, one.id, Reason.CHANGED, ABOUT_WORK)
            acts.perform(session, one, Act(Action.CORRECT, words=why), actor, now)
    if none_itself:
        return
    milestone.kind, milestone.due, milestone.rule, milestone.first = DeadlineKind.ONGOING, None, None, None
    milestone.uncertain = None
    session.flush()
    after = {"due": None, "milestone": milestone.code, "task": task.key} | stated.read(session, [task.id])
    append(
        session,
        task.campaign_id,
        now,
        "更正期限",
        actor,
        action=Action.CORRECT,
        before={"due": before} | was,
        after=after,
        words=why,
    )
    _settle(session, milestone, DoubtKind.DEADLINE, "长期", actor, now)


def _settle(session: Session, milestone: Milestone, kind: DoubtKind, how: str, actor: Actor, now: datetime) -> None:
    """Ask no more about what has been set right."""
    only = milestone.id if kind is DoubtKind.DEADLINE else None
    doubts.settle(session, how, actor.name, now, task=milestone.task_id, kind=kind, milestone=only)


def text(session: Session, task: Task, words: str, actor: Actor, now: datetime, why: str = "") -> None:
    """Set the right text of a task; raise ``TooLate`` where it is that already."""
    task = session.get_one(Task, task.id)
    locking.hold(session, [task])
    if task.text == words:
        raise TooLate("文字已经是这样")
    before = {"text": task.text} | stated.read(session, [task.id])
    task.text = words
    session.flush()
    after = {"text": words, "task": task.key} | stated.read(session, [task.id])
    append(
        session, task.campaign_id, now, "更正文字", actor, action=Action.CORRECT, before=before, after=after, words=why
    )
    doubts.settle(session, "内容已补", actor.name, now, task=task.id, kind=DoubtKind.TEXT)


def deliverable(session: Session, milestone: Milestone, words: str, actor: Actor, now: datetime, why: str = "") -> None:
    """Set what a milestone asks for, as lists and messages show it; raise ``TooLate`` where it is that already."""
    task = session.get_one(Task, milestone.task_id)
    locking.hold(session, [task])
    locking.hold(session, [milestone])
    if milestone.deliverable == words:
        raise TooLate("成果已经是这样")
    before = {"deliverable": milestone.deliverable} | stated.read(session, [task.id])
    milestone.deliverable = words
    session.flush()
    after = {"deliverable": words, "milestone": milestone.code, "task": task.key} | stated.read(session, [task.id])
    append(
        session, task.campaign_id, now, "更正成果", actor, action=Action.CORRECT, before=before, after=after, words=why
    )


def wording(session: Session, milestone: Milestone, words: str, actor: Actor, now: datetime) -> None:
    """Set what lists and messages show of a milestone: of one among several what it asks for, else the task's text."""
    if "." in milestone.code:
        deliverable(session, milestone, words, actor, now)
        return
    if milestone.deliverable:
        deliverable(session, milestone, "", actor, now)
    text(session, session.get_one(Task, milestone.task_id), words, actor, now)


def staff(
    session: Session, milestone: Milestone, role: Role, names: Iterable[str], actor: Actor, now: datetime
) -> list[str]:
    """Put units on a milestone in a role: who stands there already changes it, who does not is added. Return whom it
    changed; raise ``TooLate`` where all stand there so.
    """
    locking.hold(session, [session.get_one(Task, milestone.task_id)])
    locking.hold(session, [milestone])
    locking.hold(session, [line.assignment for line in ledger.lines(session, Which(UNENDED, milestone=milestone.id))])
    changed, named = [], list(names)
    for name in named:
        unit = register.find_unit(session, name)
        there = Which(UNENDED, milestone=milestone.id, units=[unit.id] if unit else [])
        standing = [line for line in ledger.lines(session, there) if line.assignment.state not in ENDED_STATES]
        if unit is None or not standing:
            add_unit(session, milestone, name, role, actor, now)
            changed.append(name)
        for line in standing:
            if line.assignment.role is not role:
                why = f"{line.assignment.role.zh}改为{role.zh}"
                acts.perform(session, line.assignment, Act(Action.CORRECT, words=why, role=role), actor, now)
                changed.append(line.unit.name)
    if not changed:
        known = ((name, register.find_unit(session, name)) for name in named)
        under = "；".join(f"“{name}”在名录里登记为“{unit.name}”" for name, unit in known if unit and unit.name != name)
        raise TooLate(f"这些单位的角色已经是这样{f'（{under}）' if under else ''}")
    _settle(session, milestone, DoubtKind.UNIT, f"{role.zh}{'、'.join(named)}", actor, now)
    return list(dict.fromkeys(changed))


def add_unit(session: Session, milestone: Milestone, name: str, role: Role, actor: Actor, now: datetime) -> Assignment:
    """Put a unit on a milestone; in a campaign that runs it gets its slip. Refuse where it stands there already."""
    task = session.get_one(Task, milestone.task_id)
    campaign = session.get_one(Campaign, task.campaign_id)
    unit = register.ensure_unit(session, name)
    others = ledger.lines(session, Which(UNENDED, milestone=milestone.id))
    one = others[0].assignment if others else None
    added = add_assignment(
        session,
        task.campaign_id,
        milestone,
        unit,
        role,
        None,
        one.period if one else "",
        one.due if one and one.period else None,
    )
    if added is None:
        raise RegisterError(f"{name}已在〔{milestone.code}〕之列")
    if begin(campaign, added, now):
        send_slip(session, campaign, unit, [added], now)
    append(
        session,
        task.campaign_id,
        now,
        stated.ADDED,
        actor,
        action=Action.CORRECT,
        assignment_id=added.id,
        after={"unit": name, "role": str(role)} | stated.owed(session, [added.id]),
    )
    return added


def begin(campaign: Campaign, added: Assignment, now: datetime) -> bool:
    """Let a new assignment of a campaign that runs be planned; False for a draft's, which waits for activation."""
    if campaign.activated_at is None:
        return False
    added.policy_id = campaign.policy_id
    added.born_at = added.planned_until = added.next_action_at = now
    return True


def send_slip(
    session: Session,
    campaign: Campaign,
    unit: Unit,
    added: Iterable[Assignment],
    now: datetime,
    files: Sequence[KeptFile] = (),
) -> None:
    """Tell a unit in one message what it owes anew, with the pictures of what was found."""
    items = [
        outbox.Item(one.id, NoticeKind.SLIP, Reason.CHANGED, asks_receipt=one.role is not Role.ASSIST) for one in added
    ]
    outbox.tell_unit(
        session,
        unit.id,
        now=now,
        kind=NoticeKind.SLIP,
        reason=Reason.CHANGED,
        campaign_id=campaign.id,
        items=items,
        body=WorkBody(files=tuple(files)),
    )


def remove_unit(session: Session, lines: list[Line], name: str, why: str, actor: Actor, now: datetime) -> None:
    """Waive what a unit owes on a milestone, of which ``lines`` are all; refuse where it is not among them."""
    unit = register.get_unit(session, name)
    hold(session, lines)
    mine = [line for line in lines if line.unit.id == unit.id]
    if not mine:
        raise RegisterError(f"{name}不在〔{lines[0].code}〕之列")
    for line in mine:
        if line.assignment.state in ENDED_STATES and len(mine) > 1:
            continue
        acts.perform(session, line.assignment, Act(Action.WAIVE, words=why), actor, now)


def already_closed(session: Session, lines: Iterable[Line], why: str, actor: Actor, now: datetime) -> None:
    """Write down what was done before the campaign began."""
    lines = list(lines)
    locking.hold(session, [line.assignment for line in lines])
    for line in lines:
        one = line.assignment
        if one.state in ENDED_STATES:
            continue
        record_as_done(session, one, why, actor, now)
