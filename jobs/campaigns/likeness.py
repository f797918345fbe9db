"""Which stored task each task of a list is, and which campaign a list looks like."""

from collections import defaultdict
from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlmodel import Session, col, select

from db import ledger
from db.ledger import Line, Which
from db.models import Campaign, Milestone, Task, Unit
from db.register import find_unit
from db.register.naming import same_office
from db.words import ENDED_STATES, LET_OFF_STATES, UNENDED, CampaignStatus, Role
from jobs.reading.document import Document, TaskRead

_SAME_NUMBER = 55
"""Two tasks of one number and section are one from this likeness of their texts on, of 100."""

_SAME_TEXT = 82
"""Two tasks of different numbers are one from here on."""


@dataclass(slots=True)
class Stored:
    """A task of a campaign with what stands under it; ``names`` are those of the collective units."""

    task: Task
    milestones: list[Milestone]
    lines: list[Line]
    names: dict[int | None, str]

    def name(self, line: Line) -> str:
        """Return who was named: the collective unit instead of its member."""
        return self.names.get(line.assignment.via_unit_id, line.unit.name)

    @property
    def code(self) -> str:
        """The task's name with us, A-10, of which its milestones are A-10.1, A-10.2."""
        return self.milestones[0].code.split(".")[0] if self.milestones else self.task.key

    @property
    def owed(self) -> list[Line]:
        """What is still owed."""
        return [line for line in self.lines if line.assignment.state not in ENDED_STATES]

    def units(self, role: Role) -> list[str]:
        """Return who stands in a role, in the order of entry; those who are done too, but not who was let off."""
        named = [line for line in self.lines if line.assignment.role is role]
        return list(dict.fromkeys(self.name(line) for line in named if line.assignment.state not in LET_OFF_STATES))


def alike(session: Session, document: Document) -> Campaign | None:
    """Return the campaign that has not ended of which a document looks like a revision: most of its tasks are there."""
    query = select(Campaign).where(Campaign.status != CampaignStatus.ENDED).order_by(col(Campaign.id).desc())
    for campaign in session.exec(query):
        pairs, _new = matched(stored_tasks(session, campaign), document)
        if document.tasks and len(pairs) * 2 >= len(document.tasks):
            return campaign
    return None


def stored_tasks(session: Session, campaign: Campaign) -> list[Stored]:
    """Return the tasks of a campaign in their order."""
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
    return [Stored(task, milestones[task.id], lines[task.id], collective) for task in tasks]


def matched(stored: list[Stored], document: Document) -> tuple[list[tuple[Stored, TaskRead]], list[TaskRead]]:
    """Pair stored tasks with those of the document: first by number, then by the likeness of their texts."""
    left = {one.task.id: one for one in stored}
    found: dict[int, Stored] = {}
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


def roles(read: TaskRead) -> tuple[tuple[Role, list[str]], ...]:
    """Return the units that a task names in each role, the graver one where it names a unit twice."""
    responsible = [name for name in (*read.responsible, *read.implied) if name not in read.lead]
    assist = [name for name in read.assist if name not in read.lead and name not in responsible]
    return (Role.LEAD, list(read.lead)), (Role.RESPONSIBLE, responsible), (Role.ASSIST, assist)


def among(session: Session, name: str, names: list[str]) -> bool:
    """Tell whether one of ``names`` means the office that ``name`` means."""
    if name in names or any(same_office(name, other) for other in names):
        return True
    unit = find_unit(session, name)
    return unit is not None and any(
        (found := find_unit(session, other)) is not None and found.id == unit.id for other in names
    )
