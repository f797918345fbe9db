"""A revised list against the stored campaign: what is added, changed, gone — shown first, then applied.

Nothing that people answered is lost: what is gone is cancelled with that reason and stays in the history, a day that an
extension moved stays where it is, and what was closed stays closed.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz
from sqlmodel import Session, col, select

from db import acting, correcting, ledger
from db.acting import Act
from db.history import Actor, append
from db.intake.apply import add_assignment, add_task, expand
from db.intake.document import Document, MilestoneRead, TaskRead
from db.ledger import Line, Which
from db.models import Assignment, Campaign, Milestone, Task, Unit
from db.naming import same_office
from db.register import ensure_unit, find_unit
from db.words import UNENDED, Action, CampaignStatus, Role, State

_SAME_NUMBER = 55
"""Two tasks of one number and section are one from this likeness of their texts on, of 100."""

_SAME_TEXT = 82
"""Two tasks of different numbers are one from here on."""

GONE = "修订后的清单中已没有"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a task, before and after, as people read it."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one task: ``read`` is None for one that is gone, ``stored`` for one that is new."""

    number: str
    text: str
    read: TaskRead | None
    stored: int | None
    differences: tuple[Difference, ...] = ()

    @property
    def kind(self) -> str:
        """新增, 变更 or 删去."""
        return "新增" if self.stored is None else "删去" if self.read is None else "变更"

    def as_json(self) -> dict[str, Any]:
        """Return what scripts are told."""
        fields = [{"field": one.field, "before": one.before, "after": one.after} for one in self.differences]
        return {"kind": self.kind, "number": self.number, "text": self.text, "fields": fields}


@dataclass(frozen=True, slots=True)
class Revision:
    """A revised list compared: what changes, and how many tasks stay as they are."""

    changes: tuple[Change, ...]
    unchanged: int

    def of(self, kind: str) -> list[Change]:
        """Return the changes of one kind."""
        return [change for change in self.changes if change.kind == kind]


@dataclass(slots=True)
class _Stored:
    task: Task
    milestones: list[Milestone]
    lines: list[Line]
    names: dict[int, str]

    def name(self, line: Line) -> str:
        """Return who was named: the collective unit instead of its member."""
        return self.names.get(line.assignment.via_unit_id or 0, line.unit.name)

    @property
    def owed(self) -> list[Line]:
        """What is still owed."""
        return [line for line in self.lines if line.assignment.state not in correcting.ENDED]

    def units(self, role: Role) -> list[str]:
        """Return who stands in a role, in the order of entry; those who are done too, but not who was let off."""
        gone = (State.CANCELLED, State.WAIVED)
        return list(
            dict.fromkeys(
                self.name(line)
                for line in self.lines
                if line.assignment.role is role and line.assignment.state not in gone
            )
        )


# ---------------------------------------------------------------- comparing


def compare(session: Session, campaign: Campaign, document: Document) -> Revision:
    """Compare a document with a campaign; changes nothing."""
    stored = _stored(session, campaign)
    pairs, new = _matched(stored, document)
    changes, unchanged = [], 0
    for one, read in pairs:
        differences = tuple(_differences(session, one, read))
        if differences:
            changes.append(Change(read.number or one.task.number, read.text, read, one.task.id, differences))
        else:
            unchanged += 1
    changes += [Change(read.number, read.text, read, None) for read in new]
    kept = {one.task.id for one, _read in pairs}
    for one in stored:
        if one.task.id not in kept and one.owed:
            changes.append(Change(one.task.number, one.task.text, None, one.task.id))
    return Revision(tuple(changes), unchanged)


def alike(session: Session, document: Document) -> Campaign | None:
    """Return the campaign that has not ended of which a document looks like a revision: most of its tasks are there."""
    query = select(Campaign).where(Campaign.status != CampaignStatus.ENDED).order_by(col(Campaign.id).desc())
    for campaign in session.exec(query):
        pairs, _new = _matched(_stored(session, campaign), document)
        if document.tasks and len(pairs) * 2 >= len(document.tasks):
            return campaign
    return None


def _stored(session: Session, campaign: Campaign) -> list[_Stored]:
    tasks = session.exec(select(Task).where(Task.campaign_id == campaign.id).order_by(col(Task.position))).all()
    milestones: dict[int, list[Milestone]] = defaultdict(list)
    query = select(Milestone).join(Task, col(Task.id) == Milestone.task_id).where(Task.campaign_id == campaign.id)
    for milestone in session.exec(query.order_by(col(Milestone.position))):
        milestones[milestone.task_id].append(milestone)
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in ledger.lines(session, Which(UNENDED, campaign=campaign.id)):
        lines[line.task.id or 0].append(line)
    collective = {one.id or 0: one.name for one in session.exec(select(Unit).where(col(Unit.collective).is_(True)))}
    return [_Stored(task, milestones[task.id or 0], lines[task.id or 0], collective) for task in tasks]


def _matched(stored: list[_Stored], document: Document) -> tuple[list[tuple[_Stored, TaskRead]], list[TaskRead]]:
    """Pair stored tasks with those of the document: first by number, then by the likeness of their texts."""
    left = {one.task.id: one for one in stored}
    found: dict[int, _Stored] = {}
    for at, read in enumerate(document.tasks):
        same = [one for one in left.values() if read.number and one.task.number == read.number]
        best = max(same, key=lambda one: fuzz.ratio(one.task.text, read.text), default=None)
        if best is not None and fuzz.ratio(best.task.text, read.text) >= _SAME_NUMBER:
            found[at] = left.pop(best.task.id)
    for at, read in enumerate(document.tasks):
        if at not in found and left:
            best = max(left.values(), key=lambda one: fuzz.ratio(one.task.text, read.text))
            if fuzz.ratio(best.task.text, read.text) >= _SAME_TEXT:
                found[at] = left.pop(best.task.id)
    pairs = [(found[at], read) for at, read in enumerate(document.tasks) if at in found]
    return pairs, [read for at, read in enumerate(document.tasks) if at not in found]


def _differences(session: Session, one: _Stored, read: TaskRead) -> Iterator[Difference]:
    for name, field in (("number", "序号"), ("section", "所属"), ("text", "任务")):
        before, after = getattr(one.task, name), getattr(read, name)
        if "".join(before.split()) != "".join(after.split()):
            yield Difference(field, before, after)
    for role, listed in _roles(read):
        before = one.units(role)
        gone = [name for name in before if not _among(session, name, listed)]
        new = [name for name in listed if not _among(session, name, before)]
        if gone or new:
            yield Difference(f"{role.zh}单位", "、".join(before), "、".join(listed))
    if _days(one.milestones) != _days(_read_or_ongoing(read)):
        yield Difference("期限", _in_words(one.milestones), _in_words(_read_or_ongoing(read)))


def _roles(read: TaskRead) -> tuple[tuple[Role, list[str]], ...]:
    responsible = [name for name in (*read.responsible, *read.implied) if name not in read.lead]
    assist = [name for name in read.assist if name not in read.lead and name not in responsible]
    return (Role.LEAD, list(read.lead)), (Role.RESPONSIBLE, responsible), (Role.ASSIST, assist)


def _among(session: Session, name: str, names: list[str]) -> bool:
    if name in names or any(same_office(name, other) for other in names):
        return True
    unit = find_unit(session, name)
    return unit is not None and any(
        (found := find_unit(session, other)) is not None and found.id == unit.id for other in names
    )


def _read_or_ongoing(read: TaskRead) -> list[MilestoneRead]:
    from db.intake.apply import ONGOING

    return list(read.milestones) or [ONGOING]


def _days(milestones: list[Milestone] | list[MilestoneRead]) -> list[tuple[str, str]]:
    """Return what each deadline is as printed; a day that a person corrected is no change of the list."""
    return sorted((one.text, one.deliverable) for one in milestones)


def _in_words(milestones: list[Milestone] | list[MilestoneRead]) -> str:
    return "；".join(one.text or one.kind.zh for one in milestones)


# ---------------------------------------------------------------- applying


def apply(
    session: Session, campaign: Campaign, document: Document, *, name: str, sha256: str, actor: Actor, now: datetime
) -> Revision:
    """Bring a campaign up to date inside the caller's transaction; return what changed.

    A second time with the same file changes nothing. Of a campaign that runs, each unit hears in one message what it
    owes anew.
    """
    revision = compare(session, campaign, document)
    _Applier(session, campaign, actor, now).apply(revision)
    campaign.source_name, campaign.source_hash = name, sha256
    campaign.problems = document.as_json()["problems"]
    if revision.changes:
        counts = {kind: len(revision.of(kind)) for kind in ("新增", "变更", "删去")}
        append(session, campaign.id or 0, now, "修订", actor, after=counts | {"source": name})
    session.flush()
    return revision


@dataclass(slots=True)
class _Applier:
    session: Session
    campaign: Campaign
    actor: Actor
    now: datetime

    def apply(self, revision: Revision) -> None:
        """Carry out every change, then tell the units what is new to them."""
        known = {line.assignment.id for line in ledger.lines(self.session, Which(UNENDED, campaign=self.campaign.id))}
        stored = {one.task.id: one for one in _stored(self.session, self.campaign)}
        position = max((one.task.position for one in stored.values()), default=0)
        for change in revision.changes:
            if change.read is None:
                self._cancel(stored[change.stored].owed)
            elif change.stored is None:
                position += 1
                add_task(self.session, self.campaign, position, change.read, {})
            else:
                self._update(stored[change.stored], change.read, {one.field for one in change.differences})
        self.session.flush()
        self._begin(
            [
                line
                for line in ledger.lines(self.session, Which(UNENDED, campaign=self.campaign.id))
                if line.assignment.id not in known
            ]
        )

    def _begin(self, new: list[Line]) -> None:
        by_unit: dict[int, list[Line]] = defaultdict(list)
        for line in new:
            if correcting.begin(self.campaign, line.assignment, self.now):
                by_unit[line.unit.id or 0].append(line)
        for some in by_unit.values():
            correcting.send_slip(
                self.session, self.campaign, some[0].unit, [line.assignment for line in some], self.now
            )

    def _cancel(self, lines: list[Line]) -> None:
        for line in lines:
            acting.perform(self.session, line.assignment, Act(Action.CANCEL, words=GONE), self.actor, self.now)

    def _update(self, one: _Stored, read: TaskRead, fields: set[str]) -> None:
        if "任务" in fields:
            correcting.text(self.session, one.task, read.text, self.actor, self.now)
        if fields & {"序号", "所属"}:
            self._note("更正序号", {"number": one.task.number, "section": one.task.section},
                       {"number": read.number, "section": read.section})  # fmt: skip
            one.task.number, one.task.section = read.number, read.section
        if "期限" in fields:
            self._redate(one, read)
        if any(field.endswith("单位") for field in fields):
            self._restaff(one, read)

    def _note(
        self, event: str, before: dict[str, Any], after: dict[str, Any], assignment: Assignment | None = None
    ) -> None:
        append(
            self.session, self.campaign.id or 0, self.now, event, self.actor, action=Action.CORRECT,
            assignment_id=assignment.id if assignment else None, before=before, after=after,
        )  # fmt: skip

    def _redate(self, one: _Stored, read: TaskRead) -> None:
        """Give the milestones their new deadlines, in order; one too many is cancelled, one that is new is added."""
        new = _read_or_ongoing(read)
        for milestone, told in zip(one.milestones, new, strict=False):
            self._redate_one(milestone, told, [line for line in one.owed if line.milestone.id == milestone.id])
        surplus = {milestone.id for milestone in one.milestones[len(new) :]}
        self._cancel([line for line in one.owed if line.milestone.id in surplus])
        for at, told in enumerate(new[len(one.milestones) :], len(one.milestones) + 1):
            base = one.milestones[0].code.split(".")[0] if one.milestones else one.task.key
            milestone = Milestone(
                task_id=one.task.id or 0, position=at, code=f"{base}.{at}", text=told.text, kind=told.kind,
                due=told.due, rule=told.rule, first=told.next, deliverable=told.deliverable, uncertain=told.uncertain,
            )  # fmt: skip
            self.session.add(milestone)
            self.session.flush()
            for role, listed in _roles(read):
                for name in listed:
                    if told.units is None or name in told.units:
                        self._assign(milestone, name, role)

    def _redate_one(self, milestone: Milestone, told: MilestoneRead, lines: list[Line]) -> None:
        """Give a milestone its new deadline; a later day that an extension granted stays."""
        was = milestone.due
        moves = [
            line
            for line in lines
            if told.due is not None
            and (line.assignment.due == was or line.assignment.due is None or line.assignment.due < told.due)
        ]
        milestone.text, milestone.kind, milestone.rule = told.text, told.kind, told.rule
        milestone.deliverable, milestone.first = told.deliverable, told.next
        if told.due is not None and told.due != was:
            correcting.due(self.session, milestone, moves, told.due, "清单修订", self.actor, self.now)
        milestone.due, milestone.uncertain = told.due, told.uncertain
        if told.due is None and was is not None:
            for line in lines:
                self._note("更正期限", {"due": was.isoformat()}, {"due": None}, line.assignment)
                line.assignment.due = None
                acting.replan(self.session, line.assignment, self.now)

    def _assign(self, milestone: Milestone, name: str, role: Role) -> None:
        unit = ensure_unit(self.session, name)
        for member, via in expand(self.session, unit):
            added = add_assignment(self.session, self.campaign.id or 0, milestone, member, role, via)
            if added is not None:
                self._note("加入单位", {}, {"unit": member.name, "role": str(role)}, added)

    def _restaff(self, one: _Stored, read: TaskRead) -> None:
        """Waive who is no longer named, give the others their roles, put who is new on every milestone."""
        wanted = {name: role for role, listed in reversed(_roles(read)) for name in listed}
        for line in one.owed:
            role = next((r for other, r in wanted.items() if _among(self.session, one.name(line), [other])), None)
            if role is None:
                acting.perform(self.session, line.assignment, Act(Action.WAIVE, words=GONE), self.actor, self.now)
            elif role is not line.assignment.role:
                self._note("更正角色", {"role": str(line.assignment.role)}, {"role": str(role)}, line.assignment)
                line.assignment.role = role
                line.assignment.version += 1
        there = [one.name(line) for line in one.lines]
        for milestone in one.milestones:
            for name, role in wanted.items():
                if not _among(self.session, name, there):
                    self._assign(milestone, name, role)
