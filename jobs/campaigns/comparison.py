"""A revised list beside the stored campaign: what would be added, changed and gone, and what people's decisions keep."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlmodel import Session

from db.ledger.decided import Decisions, decisions
from db.models import Campaign, Milestone
from db.stored import Json
from db.words import ENDED_STATES, LET_OFF_STATES, Role
from jobs.campaigns.codes import labels_of
from jobs.campaigns.import_ import ADDED
from jobs.campaigns.likeness import Stored, among, matched, roles, stored_tasks
from jobs.reading.document import Document, MilestoneRead, TaskRead
from jobs.reading.leaders import written


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a task, before and after, as people read it."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one task: ``read`` is None for one that is gone, ``stored`` for one that is new.

    ``number`` is the one that the document prints; ``code`` the name that the task has with us, or is to have.
    """

    number: str
    text: str
    read: TaskRead | None
    stored: int | None
    differences: tuple[Difference, ...] = ()
    code: str = ""

    @property
    def named(self) -> str:
        """What people call it, 〔A-10〕, and what the document prints where that is another number."""
        printed = f"（原文序号{self.number}）" if self.number and not self.code.endswith(f"-{self.number}") else ""
        return f"〔{self.code}〕{printed}"

    @property
    def kind(self) -> str:
        """新增, 变更 or 删去."""
        return "新增" if self.stored is None else "删去" if self.read is None else "变更"

    def as_json(self) -> Json:
        """Return what scripts are told."""
        fields = [{"field": one.field, "before": one.before, "after": one.after} for one in self.differences]
        return {"kind": self.kind, "number": self.number, "code": self.code, "text": self.text, "fields": fields}


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


def compare(session: Session, campaign: Campaign, document: Document, *, over: bool = False) -> Revision:
    """Compare a document with a campaign; changes nothing.

    What a coordinator has decided since stands, unless the list goes ``over`` corrections; what was waived or cancelled
    stands in any case.
    """
    stored = stored_tasks(session, campaign)
    pairs, new = matched(stored, document)
    changes, unchanged, kept = [], 0, []
    decided = decisions(session, campaign)
    for one, plain in pairs:
        read, stays = _honoured(session, one, plain, decided, over=over)
        kept += stays
        differences = tuple(_differences(session, one, read))
        if differences:
            changes.append(Change(read.number or one.task.number, read.text, read, one.task.id, differences, one.code))
        else:
            unchanged += 1
    placed = list(enumerate(new, 1 + max((one.task.position for one in stored), default=0)))
    labels = labels_of(session, campaign, placed)
    changes += [Change(read.number, read.text, read, None, code=code) for read, code in zip(new, labels, strict=True)]
    there = {one.task.id for one, _read in pairs}
    for one in stored:
        if one.task.id not in there and one.owed and not one.task.key.startswith(ADDED):
            changes.append(Change(one.task.number, one.task.text, None, one.task.id, code=one.code))
    return Revision(tuple(changes), unchanged, tuple(kept))


def _honoured(
    session: Session, one: Stored, read: TaskRead, decided: Decisions, *, over: bool
) -> tuple[TaskRead, list[str]]:
    """Return a task as the list has it, but for what a coordinator decided; and a sentence for everything that so stays."""
    stays: list[str] = []
    text = None if over else decided.on("text", one.task.key)
    if text is not None and "".join(read.text.split()) != "".join(one.task.text.split()):
        stays.append(decided.kept(one.code, "内容", text))
        read = replace(read, text=one.task.text)
    if not over:
        read = replace(read, milestones=tuple(_honoured_milestones(one, read, decided, stays)))
    lists = {role: list(listed) for role, listed in roles(read)}
    for line in one.lines:
        name = one.name(line)
        listed_in = next((role for role, listed in lists.items() if among(session, name, listed)), None)
        let_off = decided.on("state", line.assignment.id)
        role = None if over else decided.on("role", line.assignment.id) or decided.on("unit", line.assignment.id)
        if let_off is not None and line.assignment.state in LET_OFF_STATES:
            others = [other for other in one.lines if one.name(other) == name and other is not line]
            if listed_in is not None and not any(other.assignment.state not in ENDED_STATES for other in others):
                stays.append(decided.kept(line.code, line.unit.name, let_off))
                lists[listed_in] = [other for other in lists[listed_in] if not among(session, name, [other])]
        elif role is not None and listed_in is not line.assignment.role:
            stays.append(decided.kept(line.code, line.unit.name, role))
            for listed in lists.values():
                listed[:] = [other for other in listed if not among(session, name, [other])]
            lists[line.assignment.role].append(name)
    lead, responsible, assist = (tuple(lists[role]) for role in (Role.LEAD, Role.RESPONSIBLE, Role.ASSIST))
    return replace(read, lead=lead, responsible=responsible, assist=assist, implied=()), list(dict.fromkeys(stays))


def _honoured_milestones(one: Stored, read: TaskRead, decided: Decisions, stays: list[str]) -> Iterator[MilestoneRead]:
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


def _differences(session: Session, one: Stored, read: TaskRead) -> Iterator[Difference]:
    for name, field in (("number", "序号"), ("section", "所属"), ("text", "任务")):
        before, after = getattr(one.task, name), getattr(read, name)
        if "".join(before.split()) != "".join(after.split()):
            yield Difference(field, before, after)
    if read.leaders != tuple((what, name) for what, name in one.task.leaders):
        yield Difference("领导", written(one.task.leaders), written(read.leaders))
    for role, listed in roles(read):
        before = one.units(role)
        gone = [name for name in before if not among(session, name, listed)]
        new = [name for name in listed if not among(session, name, before)]
        if gone or new:
            yield Difference(f"{role.zh}单位", "、".join(before), "、".join(listed))
    if _days(one.milestones) != _days(list(read.owed)):
        yield Difference("期限", *_in_words(one.milestones, list(read.owed)))


def _days(milestones: list[Milestone] | list[MilestoneRead]) -> list[tuple[str, str]]:
    """Return what each deadline is as printed; a day that a person corrected is no change of the list."""
    return sorted((one.text, one.deliverable) for one in milestones)


def _in_words(before: list[Milestone], after: list[MilestoneRead]) -> tuple[str, str]:
    """Return the deadlines before and after; where the days read alike, with what is due on them."""
    days = [[one.text or one.kind.zh for one in some] for some in (before, after)]
    if days[0] == days[1]:
        days = [[f"{one.text or one.kind.zh} {one.deliverable}".strip() for one in some] for some in (before, after)]
    return "；".join(days[0]), "；".join(days[1])
