"""A revised list against the stored campaign: what is added, changed, gone — shown first, then applied.

Nothing that people answered is lost: what is gone is cancelled with that reason and stays in the history, a day that an
extension moved stays where it is, and what was closed stays closed.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz
from sqlmodel import Session, col, select

from db import ledger, locking, stated
from db.history import Actor, append
from db.ledger import Line, Which, acts
from db.ledger.acts import Act, TooLate
from db.ledger.decided import GONE, REVISED, Decisions, decisions
from db.models import Assignment, Campaign, Milestone, Task, Unit
from db.register import ensure_unit, find_unit
from db.register.naming import same_office
from db.words import UNENDED, Action, CampaignStatus, Role, State
from jobs.campaigns import correction
from jobs.campaigns.activation import begin_periods
from jobs.campaigns.import_ import ONGOING, Owing, add_assignment, add_tasks, expand
from jobs.reading.document import Document, MilestoneRead, TaskRead

_SAME_NUMBER = 55
"""Two tasks of one number and section are one from this likeness of their texts on, of 100."""

_SAME_TEXT = 82
"""Two tasks of different numbers are one from here on."""


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
    """A revised list compared: what changes, how many tasks stay as they are, and which decisions of people ``kept``
    something as it is although the list says otherwise, each in a sentence.
    """

    changes: tuple[Change, ...]
    unchanged: int
    kept: tuple[str, ...] = ()

    def of(self, kind: str) -> list[Change]:
        """Return the changes of one kind."""
        return [change for change in self.changes if change.kind == kind]


@dataclass(slots=True)
class _Stored:
    task: Task
    milestones: list[Milestone]
    lines: list[Line]
    names: dict[int | None, str]

    def name(self, line: Line) -> str:
        """Return who was named: the collective unit instead of its member."""
        return self.names.get(line.assignment.via_unit_id, line.unit.name)

    @property
    def owed(self) -> list[Line]:
        """What is still owed."""
        return [line for line in self.lines if line.assignment.state not in correction.ENDED]

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


def compare(session: Session, campaign: Campaign, document: Document, *, over: bool = False) -> Revision:
    """Compare a document with a campaign; changes nothing.

    What a coordinator has decided since stands, unless the list goes ``over`` corrections; what was waived or cancelled
    stands in any case.
    """
    stored = _stored(session, campaign)
    pairs, new = _matched(stored, document)
    changes, unchanged, kept = [], 0, []
    decided = decisions(session, campaign)
    for one, plain in pairs:
        read, stays = _honoured(session, one, plain, decided, over=over)
        kept += stays
        differences = tuple(_differences(session, one, read))
        if differences:
            changes.append(Change(read.number or one.task.number, read.text, read, one.task.id, differences))
        else:
            unchanged += 1
    changes += [Change(read.number, read.text, read, None) for read in new]
    there = {one.task.id for one, _read in pairs}
    for one in stored:
        if one.task.id not in there and one.owed:
            changes.append(Change(one.task.number, one.task.text, None, one.task.id))
    return Revision(tuple(changes), unchanged, tuple(kept))


def _honoured(
    session: Session, one: _Stored, read: TaskRead, decided: Decisions, *, over: bool
) -> tuple[TaskRead, list[str]]:
    """Return a task as the list has it, but for what a coordinator decided; and a sentence for everything that so stays."""
    stays: list[str] = []
    code = one.milestones[0].code.split(".")[0] if one.milestones else one.task.key
    text = None if over else decided.on("text", one.task.key)
    if text is not None and "".join(read.text.split()) != "".join(one.task.text.split()):
        stays.append(decided.kept(code, "内容", text))
        read = replace(read, text=one.task.text)
    if not over:
        read = replace(read, milestones=tuple(_honoured_milestones(one, read, decided, stays)))
    lists = {role: list(listed) for role, listed in _roles(read)}
    for line in one.lines:
        name = one.name(line)
        listed_in = next((role for role, listed in lists.items() if _among(session, name, listed)), None)
        let_off = decided.on("state", line.assignment.id)
        role = None if over else decided.on("role", line.assignment.id) or decided.on("unit", line.assignment.id)
        if let_off is not None and line.assignment.state in (State.WAIVED, State.CANCELLED):
            others = [other for other in one.lines if one.name(other) == name and other is not line]
            if listed_in is not None and not any(other.assignment.state not in correction.ENDED for other in others):
                stays.append(decided.kept(line.code, line.unit.name, let_off))
                lists[listed_in] = [other for other in lists[listed_in] if not _among(session, name, [other])]
        elif role is not None and listed_in is not line.assignment.role:
            stays.append(decided.kept(line.code, line.unit.name, role))
            for listed in lists.values():
                listed[:] = [other for other in listed if not _among(session, name, [other])]
            lists[line.assignment.role].append(name)
    lead, responsible, assist = (tuple(lists[role]) for role in (Role.LEAD, Role.RESPONSIBLE, Role.ASSIST))
    return replace(read, lead=lead, responsible=responsible, assist=assist, implied=()), list(dict.fromkeys(stays))


def _honoured_milestones(one: _Stored, read: TaskRead, decided: Decisions, stays: list[str]) -> Iterator[MilestoneRead]:
    """Yield the deadlines as the list has them, but for the days and deliverables that a coordinator corrected."""
    for place, told in enumerate(read.milestones):
        milestone = one.milestones[place] if place < len(one.milestones) else None
        if milestone is None:
            yield told
            continue
        wording = decided.on("deliverable", milestone.code)
        if wording is not None and told.deliverable != milestone.deliverable:
            if told.deliverable not in (wording.before.get("deliverable"), ""):
                stays.append(decided.kept(milestone.code, "成果", wording))
            told = replace(told, deliverable=milestone.deliverable)
        lines = [line for line in one.lines if line.milestone.id == milestone.id]
        day = decided.on("due", milestone.code) or decided.on_any("due", lines)
        if day is not None and told.due != milestone.due:
            if told.text != milestone.text:
                stays.append(decided.kept(milestone.code, "期限", day))
            told = replace(told, due=milestone.due, uncertain=None)
        yield told


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
        lines[line.task.id].append(line)
    collective: dict[int | None, str] = {
        one.id: one.name for one in session.exec(select(Unit).where(col(Unit.collective).is_(True)))
    }
    return [_Stored(task, milestones[task.id], lines[task.id], collective) for task in tasks]


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
        yield Difference("期限", *_in_words(one.milestones, _read_or_ongoing(read)))


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
    return list(read.milestones) or [ONGOING]


def _days(milestones: list[Milestone] | list[MilestoneRead]) -> list[tuple[str, str]]:
    """Return what each deadline is as printed; a day that a person corrected is no change of the list."""
    return sorted((one.text, one.deliverable) for one in milestones)


def _in_words(before: list[Milestone], after: list[MilestoneRead]) -> tuple[str, str]:
    """Return the deadlines before and after; where the days read alike, with what is due on them."""
    days = [[one.text or one.kind.zh for one in some] for some in (before, after)]
    if days[0] == days[1]:
        days = [[f"{one.text or one.kind.zh} {one.deliverable}".strip() for one in some] for some in (before, after)]
    return "；".join(days[0]), "；".join(days[1])


# ---------------------------------------------------------------- applying


def revise(
    session: Session, campaign: Campaign, document: Document, *, name: str, sha256: str, actor: Actor, now: datetime,
    over: bool = False,
) -> Revision:  # fmt: skip
    """Bring a campaign up to date inside the caller's transaction; return what changed.

    The file, of that ``sha256``, is in the archive already. A second time with the same file changes nothing. Of a
    campaign that runs, each unit hears in one message what it owes anew.
    """
    locking.hold(session, [campaign])  # what others add meanwhile would pass for something that the list added
    revision = compare(session, campaign, document, over=over)
    is_new = campaign.source_hash != sha256
    added = _Applier(session, campaign, actor, now).apply(revision)
    campaign.source_name, campaign.source_hash = name, sha256
    campaign.problems = document.as_json()["problems"]
    if revision.changes or is_new:
        counts = {kind: len(revision.of(kind)) for kind in ("新增", "变更", "删去")}
        append(session, campaign.id, now, "修订", actor, after=counts | {"source": name, "sha256": sha256} | added)
    session.flush()
    begin_periods(session, campaign, now)
    return revision


@dataclass(slots=True)
class _Applier:
    session: Session
    campaign: Campaign
    actor: Actor
    now: datetime

    def apply(self, revision: Revision) -> dict[str, Any]:
        """Carry out every change, then tell the units what is new to them; return what the record states of that."""
        locking.hold(
            self.session, [self.session.get_one(Task, one.stored) for one in revision.changes if one.stored is not None]
        )
        tasks: list[int] = []
        known = {line.assignment.id for line in ledger.lines(self.session, Which(UNENDED, campaign=self.campaign.id))}
        stored = {one.task.id: one for one in _stored(self.session, self.campaign)}
        position = max((one.task.position for one in stored.values()), default=0)
        for change in revision.changes:
            was = None if change.stored is None else stored[change.stored]
            if was is None and change.read is not None:
                position += 1
                tasks += add_tasks(self.session, self.campaign, [(position, change.read)], Owing(self.session))
            elif was is not None and change.read is None:
                self._cancel(was.owed)
            elif was is not None and change.read is not None:
                self._update(was, change.read, {one.field for one in change.differences})
        self.session.flush()
        new = [
            line
            for line in ledger.lines(self.session, Which(UNENDED, campaign=self.campaign.id))
            if line.assignment.id not in known
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

    def _update(self, one: _Stored, read: TaskRead, fields: set[str]) -> None:
        if "任务" in fields:
            correction.text(self.session, one.task, read.text, self.actor, self.now, REVISED)
        if fields & {"序号", "所属"}:
            was = {"number": one.task.number, "section": one.task.section} | self._read(one)
            one.task.number, one.task.section = read.number, read.section
            self._note("更正序号", was, {"number": read.number, "section": read.section} | self._read(one))
        if "期限" in fields:
            self._redate(one, read)
        if any(field.endswith("单位") for field in fields):
            self._restaff(one, read)

    def _read(self, one: _Stored) -> dict[str, Any]:
        self.session.flush()
        return stated.read(self.session, [one.task.id])

    def _note(
        self, event: str, before: dict[str, Any], after: dict[str, Any], assignment: Assignment | None = None
    ) -> None:
        append(
            self.session, self.campaign.id, self.now, event, self.actor, action=Action.CORRECT,
            assignment_id=assignment.id if assignment else None, before=before, after=after, words=REVISED,
        )  # fmt: skip

    def _redate(self, one: _Stored, read: TaskRead) -> None:
        """Give the milestones their new deadlines, in order; one too many is cancelled, one that is new is added."""
        new = _read_or_ongoing(read)
        pairs = list(zip(one.milestones, new, strict=False))
        for milestone, told in pairs:
            self._move(milestone, told, [line for line in one.owed if line.milestone.id == milestone.id])
        was = self._read(one)
        for milestone, told in pairs:
            milestone.text, milestone.kind, milestone.rule = told.text, told.kind, told.rule
            milestone.deliverable, milestone.first = told.deliverable, told.next
            milestone.due, milestone.uncertain = told.due, told.uncertain
        surplus = {milestone.id for milestone in one.milestones[len(new) :]}
        self._cancel([line for line in one.owed if line.milestone.id in surplus])
        for at, told in enumerate(new[len(one.milestones) :], len(one.milestones) + 1):
            base = one.milestones[0].code.split(".")[0] if one.milestones else one.task.key
            milestone = Milestone(
                task_id=one.task.id, position=at, code=f"{base}.{at}", text=told.text, kind=told.kind,
                due=told.due, rule=told.rule, first=told.next, deliverable=told.deliverable, uncertain=told.uncertain,
            )  # fmt: skip
            self.session.add(milestone)
            self.session.flush()
            for role, listed in _roles(read):
                for name in listed:
                    if told.units is None or name in told.units:
                        self._assign(milestone, name, role)
        now_is = self._read(one)
        if now_is != was:
            append(self.session, self.campaign.id, self.now, "更正节点", self.actor, before=was, after=now_is,
                   words=REVISED)  # fmt: skip

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

    def _restaff(self, one: _Stored, read: TaskRead) -> None:
        """Waive who is no longer named, give the others their roles, put who is new on every milestone."""
        wanted = {name: role for role, listed in reversed(_roles(read)) for name in listed}
        for line in one.owed:
            role = next((r for other, r in wanted.items() if _among(self.session, one.name(line), [other])), None)
            if role is None:
                acts.perform(self.session, line.assignment, Act(Action.WAIVE, words=GONE), self.actor, self.now)
            elif role is not line.assignment.role:
                self._note("更正角色", {"role": str(line.assignment.role)}, {"role": str(role)}, line.assignment)
                line.assignment.role = role
                line.assignment.version += 1
        there = [one.name(line) for line in one.lines]
        for milestone in one.milestones:
            for name, role in wanted.items():
                if not _among(self.session, name, there):
                    self._assign(milestone, name, role)
