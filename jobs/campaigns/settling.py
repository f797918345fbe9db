"""Settling what reading left open: as it was read, otherwise, or left out. Rights and record are those of corrections.

Callers hand in a session of ``Store.write()``, and a doubt that access has granted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from db import ledger, register, stated
from db.history import Actor, append
from db.ledger import Line, Which, acts, doubts
from db.ledger.acts import Act, TooLate
from db.models import Campaign, Doubt, Milestone, Task, Unit
from db.whoever import is_open
from db.words import ENDED_STATES, UNENDED, Action, Role
from jobs.campaigns import correction

EVENT = "核对"


@dataclass(frozen=True, slots=True)
class Asked:
    """A doubt with what it is about: the task with its milestones, the one of them (None: the whole task), all that is owed."""

    doubt: Doubt
    campaign: Campaign
    task: Task
    milestones: Sequence[Milestone]
    milestone: Milestone | None
    lines: Sequence[Line]

    @property
    def own(self) -> list[Line]:
        """The assignments of the milestone, of a doubt about one."""
        return [line for line in self.lines if self.milestone is not None and line.milestone.id == self.milestone.id]

    @property
    def open_units(self) -> list[str]:
        """What stands in place of a unit without naming one: 各有关单位."""
        return list(dict.fromkeys(line.unit.name for line in self.lines if is_open(line.unit.name)))


def asked(session: Session, doubt: Doubt) -> Asked:
    """Return a doubt with what it is about."""
    task = session.get_one(Task, doubt.task_id)
    milestone = session.get_one(Milestone, doubt.milestone_id) if doubt.milestone_id is not None else None
    milestones = milestones_of(session, task)
    lines = [line for one in milestones for line in ledger.lines(session, Which(UNENDED, milestone=one.id))]
    return Asked(doubt, session.get_one(Campaign, doubt.campaign_id), task, milestones, milestone, lines)


def as_read(session: Session, about: Asked, how: str, actor: Actor, now: datetime) -> None:
    """Let it stand as it was read; ``how`` says in a few words what that is."""
    before, was = {}, stated.read(session, [about.task.id])
    after = {"task": about.task.key}
    if about.milestone is not None:
        before, after = {"uncertain": about.milestone.uncertain}, {**after, "milestone": about.milestone.code}
        about.milestone.uncertain = None
        session.flush()
    append(
        session,
        about.campaign.id,
        now,
        EVENT,
        actor,
        action=Action.CORRECT,
        before=before | was,
        after=after | stated.read(session, [about.task.id]),
        words=how,
    )
    doubts.settle(
        session,
        how,
        actor.name,
        now,
        task=about.task.id,
        kind=about.doubt.kind,
        milestone=about.doubt.milestone_id,
    )


def dated(session: Session, about: Asked, day: date, words: str, actor: Actor, now: datetime) -> None:
    """Give the milestone this day; one that it has already stands as it was read."""
    assert about.milestone is not None, "a deadline is a milestone's"
    if about.milestone.due == day:
        as_read(session, about, words, actor, now)
    else:
        correction.due(session, about.milestone, about.own, day, f"{EVENT}：{words}", actor, now)


def ongoing(session: Session, about: Asked, actor: Actor, now: datetime) -> None:
    """Let the milestone have no deadline."""
    assert about.milestone is not None, "a deadline is a milestone's"
    try:
        correction.ongoing(session, about.milestone, about.own, f"{EVENT}：为长期", actor, now)
    except TooLate:
        as_read(session, about, "为长期", actor, now)


def staffed(
    session: Session, about: Asked, names: Sequence[str], actor: Actor, now: datetime, *, leads: bool = True
) -> None:
    """Put units on every milestone of the task, the first as its lead where one ``leads``; what names nobody gives way to them."""
    lead, others = (names[:1], names[1:]) if leads else ([], names)
    for milestone in about.milestones:
        for role, some in ((Role.LEAD, lead), (Role.RESPONSIBLE, others)):
            if some:
                correction.staff(session, milestone, role, some, actor, now)
    for line in about.lines:
        if is_open(line.unit.name) and line.unit.name not in names and line.assignment.state not in ENDED_STATES:
            acts.perform(session, line.assignment, Act(Action.WAIVE, words=f"{EVENT}：已指明单位"), actor, now)


def left_out(session: Session, about: Asked, actor: Actor, now: datetime) -> None:
    """Let it be no task: what is owed of it is cancelled, and nothing more is asked of it."""
    for line in about.lines:
        if line.assignment.state not in ENDED_STATES:
            acts.perform(session, line.assignment, Act(Action.CANCEL, words=f"{EVENT}：不列入"), actor, now)
    as_read(session, about, "不列入", actor, now)
    doubts.settle(session, "不列入", actor.name, now, task=about.task.id, kind=None)


def likely_units(session: Session, campaign: Campaign, limit: int) -> list[Unit]:
    """Return the units that the campaign names most often, most first: one of them is likely meant where none is named."""
    named = [
        name for name, _count in ledger.by_unit(session, Which(UNENDED, campaign=campaign.id)) if not is_open(name)
    ]
    units = [unit for name in named if (unit := register.find_unit(session, name)) and not unit.collective]
    return units[:limit]


def milestones_of(session: Session, task: Task) -> list[Milestone]:
    """Return a task's milestones in their order."""
    query = select(Milestone).where(Milestone.task_id == task.id).order_by(col(Milestone.position))
    return list(session.exec(query).all())
