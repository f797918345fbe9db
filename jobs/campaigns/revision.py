"""A campaign is brought up to date with a revised list, as the comparison showed it.

Nothing that people answered is lost: what is gone is cancelled with that reason and stays in the history, a day that an
extension moved stays where it is, and what was closed stays closed.
"""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from db import ledger, locking, stated
from db.history import Actor, append
from db.ledger import Line, Which, acts, local_day
from db.ledger.acts import Act, TooLate
from db.ledger.decided import GONE, REVISED
from db.models import Assignment, Campaign, Expiry, Milestone, Task
from db.register import ensure_unit
from db.stored import Json
from db.words import UNENDED, Action, Finding, Role
from jobs.campaigns import correction, renewing
from jobs.campaigns.comparison import Revision, compare
from jobs.campaigns.import_ import Found, Owing, add_assignment, add_tasks, expand
from jobs.campaigns.likeness import Stored, among, roles, stored_tasks
from jobs.campaigns.lists import ListFile
from jobs.campaigns.recurring import begin_periods
from jobs.reading.document import MilestoneRead, TaskRead


def revise(
    session: Session, campaign: Campaign, listed: ListFile, actor: Actor, now: datetime, *, over: bool = False
) -> Revision:
    """Bring a campaign up to date inside the caller's transaction; return what changed.

    A second time with the same file changes nothing. Of a campaign that runs, each unit hears in one message what it
    owes anew.
    """
    locking.hold(session, [campaign])  # what others add meanwhile would pass for something that the list added
    revision = compare(session, campaign, listed.document, over=over)
    is_new = campaign.source_hash != listed.sha256
    added = _Applier(session, campaign, actor, now).apply(revision)
    campaign.source_name, campaign.source_hash = listed.name, listed.sha256
    campaign.problems = [one.as_json() for one in listed.document.left_over]
    if revision.changes or is_new:
        source = {"source": listed.name, "sha256": listed.sha256}
        counts = {kind: len(revision.of(kind)) for kind in ("新增", "变更", "删去")}
        append(session, campaign.id, now, "修订", actor, after=counts | source | added)
    session.flush()
    begin_periods(session, campaign, now)
    return revision


@dataclass(slots=True)
class _Applier:
    session: Session
    campaign: Campaign
    actor: Actor
    now: datetime
    stated: set[int] = field(default_factory=set)
    """Assignments that the record knows already: the next periods of what was renewed."""

    def apply(self, revision: Revision) -> Json:
        """Carry out every change, then tell the units what is new to them; return what the record states of that."""
        locking.hold(
            self.session, [self.session.get_one(Task, one.stored) for one in revision.changes if one.stored is not None]
        )
        tasks: list[int] = []
        known = {line.assignment.id for line in ledger.lines(self.session, Which(UNENDED, campaign=self.campaign.id))}
        stored = {one.task.id: one for one in stored_tasks(self.session, self.campaign)}
        position = max((one.task.position for one in stored.values()), default=0)
        for change in revision.changes:
            was = None if change.stored is None else stored[change.stored]
            if was is None and change.read is not None:
                position += 1
                listed = Found(Finding.LIST, local_day(self.now, self.campaign.timezone))
                tasks += add_tasks(
                    self.session, self.campaign, [(position, change.read)], Owing(self.session), listed, asks=True
                )
            elif was is not None and change.read is None:
                self._cancel(was.owed)
            elif was is not None and change.read is not None:
                self._update(was, change.read, {one.field for one in change.differences})
        self.session.flush()
        new = [
            line
            for line in ledger.lines(self.session, Which(UNENDED, campaign=self.campaign.id))
            if line.assignment.id not in known | self.stated
        ]
        self._begin(new)
        return stated.read(self.session, tasks) | stated.owed(self.session, [line.assignment.id for line in new])

    def _begin(self, new: list[Line]) -> None:
        by_unit: dict[int, list[Line]] = defaultdict(list)
        for line in new:
            if correction.begin(self.campaign, line.assignment, self.now):
                by_unit[line.unit.id].append(line)
        for some in by_unit.values():
            correction.send_slip(
                self.session, self.campaign, some[0].unit, [line.assignment for line in some], self.now
            )

    def _cancel(self, lines: list[Line]) -> None:
        for line in lines:
            acts.perform(self.session, line.assignment, Act(Action.CANCEL, words=GONE), self.actor, self.now)

    def _update(self, one: Stored, read: TaskRead, fields: set[str]) -> None:
        if "任务" in fields:
            correction.text(self.session, one.task, read.text, self.actor, self.now, REVISED)
        if fields & {"序号", "所属"}:
            was = {"number": one.task.number, "section": one.task.section} | self._read(one)
            one.task.number, one.task.section = read.number, read.section
            self._note("更正序号", was, {"number": read.number, "section": read.section} | self._read(one))
        if "领导" in fields:
            named: Json = {"leaders": one.task.leaders} | self._read(one)
            one.task.leaders = [list(pair) for pair in read.leaders]
            self._note("更正领导", named, {"leaders": one.task.leaders} | self._read(one))
        if "期限" in fields:
            self._redate(one, read, renewed=self._renewed(one, read))
        if any(field.endswith("单位") for field in fields):
            self._restaff(one, read)

    def _read(self, one: Stored) -> Json:
        self.session.flush()
        return stated.read(self.session, [one.task.id])

    def _note(self, event: str, before: Json, after: Json, assignment: Assignment | None = None) -> None:
        append(
            self.session,
            self.campaign.id,
            self.now,
            event,
            self.actor,
            action=Action.CORRECT,
            assignment_id=assignment.id if assignment else None,
            before=before,
            after=after,
            words=REVISED,
        )

    def _renewed(self, one: Stored, read: TaskRead) -> bool:
        """Take a later day of expiry for a renewal: the present one is done, the next period begins; tell whether it was one."""
        expiry = self.session.get(Expiry, one.task.id)
        day = read.owed[-1].due
        present = max((line.assignment.due for line in one.owed if line.assignment.due), default=None)
        if expiry is None or day is None or (present is not None and day < present):
            return False
        if present is None or day > present:
            renewing.renew(self.session, expiry, one.lines, day, self.actor, self.now)
            periods = ledger.lines(self.session, Which(UNENDED, tasks=[one.task.id], period=day.isoformat()))
            self.stated |= {line.assignment.id for line in periods}
        return True

    def _redate(self, one: Stored, read: TaskRead, *, renewed: bool) -> None:
        """Give the milestones their new deadlines, in order; one too many is cancelled, one that is new is added. What was ``renewed``
        has its days already.
        """
        new = list(read.owed)
        pairs = list(zip(one.milestones, new, strict=False))
        for milestone, told in pairs if not renewed else ():
            self._move(milestone, told, [line for line in one.owed if line.milestone.id == milestone.id])
        was = self._read(one)
        for milestone, told in pairs:
            milestone.text, milestone.kind, milestone.rule = told.text, told.kind, told.rule
            milestone.deliverable, milestone.first = told.deliverable, told.next
            milestone.due, milestone.uncertain = told.due, told.uncertain
        surplus = {milestone.id for milestone in one.milestones[len(new) :]}
        self._cancel([line for line in one.owed if line.milestone.id in surplus])
        for at, told in enumerate(new[len(one.milestones) :], len(one.milestones) + 1):
            milestone = Milestone(
                task_id=one.task.id,
                position=at,
                code=f"{one.code}.{at}",
                text=told.text,
                kind=told.kind,
                due=told.due,
                rule=told.rule,
                first=told.next,
                deliverable=told.deliverable,
                uncertain=told.uncertain,
            )
            self.session.add(milestone)
            self.session.flush()
            for role, listed in roles(read):
                for name in listed:
                    if told.units is None or name in told.units:
                        self._assign(milestone, name, role)
        now_is = self._read(one)
        if now_is != was:
            append(
                self.session,
                self.campaign.id,
                self.now,
                "更正节点",
                self.actor,
                before=was,
                after=now_is,
                words=REVISED,
            )

    def _move(self, milestone: Milestone, told: MilestoneRead, lines: list[Line]) -> None:
        """Give what is owed on a milestone its new deadline; a later day that an extension granted stays."""
        was = milestone.due
        moves = [
            line
            for line in lines
            if told.due is not None
            and (line.assignment.due == was or line.assignment.due is None or line.assignment.due < told.due)
        ]
        if told.due is not None and told.due != was:
            with suppress(TooLate):
                correction.due(self.session, milestone, moves, told.due, REVISED, self.actor, self.now)
        if told.due is None and was is not None:
            for line in lines:
                self._note("更正期限", {"due": was.isoformat()}, {"due": None}, line.assignment)
                line.assignment.due = None
                acts.replan(self.session, line.assignment, self.now)

    def _assign(self, milestone: Milestone, name: str, role: Role) -> None:
        unit = ensure_unit(self.session, name)
        for member, via in expand(self.session, unit):
            added = add_assignment(self.session, self.campaign.id, milestone, member, role, via)
            if added is not None:
                self._note(stated.ADDED, {}, {"unit": member.name, "role": str(role)}, added)

    def _restaff(self, one: Stored, read: TaskRead) -> None:
        """Waive who is no longer named, give the others their roles, put who is new on every milestone."""
        wanted = {name: role for role, listed in reversed(roles(read)) for name in listed}
        for line in one.owed:
            role = next((r for other, r in wanted.items() if among(self.session, one.name(line), [other])), None)
            if role is None:
                acts.perform(self.session, line.assignment, Act(Action.WAIVE, words=GONE), self.actor, self.now)
            elif role is not line.assignment.role:
                self._note("更正角色", {"role": str(line.assignment.role)}, {"role": str(role)}, line.assignment)
                line.assignment.role = role
                line.assignment.version += 1
        there = [one.name(line) for line in one.lines]
        for milestone in one.milestones:
            for name, role in wanted.items():
                if not among(self.session, name, there):
                    self._assign(milestone, name, role)
