"""From a document that was read to a draft campaign in the store: tasks, milestones, assignments."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from db import locking, stated
from db.history import Actor, append
from db.ledger import ending
from db.many import Row, add_numbered, add_rows
from db.models import Assignment, Campaign, Doubt, Expiry, Milestone, Problem, Task, Unit
from db.periods import is_daily
from db.register import ensure_unit, members, set_members
from db.register.likeness import Suggestion, suggestions
from db.words import CampaignStatus, DeadlineKind, Finding, Refusal, Role
from jobs.campaigns import doubts, named
from jobs.campaigns.codes import labels_of
from jobs.reading import years
from jobs.reading.document import Document, MilestoneRead, TaskRead

ADDED = "交办"
"""How the key of a task begins that stands in no list: a revised list does not take it away."""

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class ImportRefused(Refusal):
    """The document cannot become a campaign; the message is one line."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did.

    ``new`` is False when the same file is already there, which changes nothing; ``suggestions`` are units of it that may
    be known under another name. Of a new one ``like`` is the campaign that it looks like a revision of. ``other_year`` is
    the one that it may be read in instead. ``edits`` are what a person changed in the 核对表 that it was read from. ``called`` are names
    of the list that were taken for units of another name, each with that.
    """

    campaign: Campaign
    tasks: int
    uncertain: int
    past: int
    new: bool
    other_year: int | None
    suggestions: tuple[Suggestion, ...] = ()
    like: Campaign | None = None
    edits: tuple[str, ...] = ()
    called: tuple[tuple[str, str], ...] = ()


def import_document(
    session: Session,
    document: Document,
    *,
    name: str,
    sha256: str,
    timezone: str,
    today: date,
    now: datetime,
    actor: Actor,
    again: bool = False,
) -> Imported:
    """Store ``document`` as a draft campaign, inside the caller's transaction, one import at a time.

    The file that it was read from, of that ``sha256``, is in the archive already: the row that names it comes after it.
    ``today`` is the local day against which past deadlines are counted. The same file is there once: a second import
    changes nothing, but with ``again`` it takes the place of the draft. Raise ``ImportRefused`` when the document holds
    no task, or the campaign that it would replace is no draft.
    """
    locking.alone(session, locking.IMPORTING)
    known = session.exec(
        select(Campaign).where(Campaign.source_hash == sha256, Campaign.status != CampaignStatus.ENDED)
    ).first()
    if known is not None and not again:
        return imported(session, known, today)
    if known is not None and known.status is not CampaignStatus.DRAFT:
        raise ImportRefused(f"该文件的专项行动{known.id}{known.status.zh}，不能重读；清单改了请按修订稿更新")
    if not document.tasks:
        raise ImportRefused(
            "未找到任务，未导入任何内容",
            chat="；请核对是否任务清单，或发一份 Word、Excel 版本",
            terminal="；请用 duban read 查看读到了什么",
        )
    if known is not None:
        ending.discard(session, known, actor, now)
    _let_go_of_unchecked(session, document, actor, now)
    campaign = _draft(session, document, name, sha256, timezone, today)
    owing = Owing(session)
    _add_groups(session, document)
    named.meet_in_full(session, document)
    listed = Found(Finding.LIST, document.issued or today)
    add_tasks(session, campaign, list(enumerate(document.tasks, 1)), owing, listed, asks=True)
    append(
        session,
        campaign.id,
        now,
        "导入",
        actor,
        after={"tasks": len(document.tasks), "source": name, "sha256": sha256}
        | stated.read_all(session, campaign.id)
        | stated.afresh(session, campaign.id),
    )
    session.flush()
    alike = suggestions(session, list(owing.units.values()))
    called = named.called_otherwise(session, owing.units)
    return replace(imported(session, campaign, today, new=True), suggestions=tuple(alike), called=called)


def _let_go_of_unchecked(session: Session, document: Document, actor: Actor, now: datetime) -> None:
    """Discard the draft whose 核对表 came back: the corrected one takes its place."""
    if document.checked_from is None:
        return
    found = select(Campaign).where(
        Campaign.source_hash == document.checked_from, Campaign.status != CampaignStatus.ENDED
    )
    for campaign in session.exec(found).all():
        if campaign.status is not CampaignStatus.DRAFT:
            raise ImportRefused(f"这是专项行动{campaign.id}（{campaign.status.zh}）的核对表；要改它，请按修订稿更新")
        ending.discard(session, campaign, actor, now)


def _draft(session: Session, document: Document, name: str, sha256: str, timezone: str, today: date) -> Campaign:
    doubtful = years.doubt(document, today)
    campaign = Campaign(
        title=document.title or name,
        letter=next_letter(session),
        timezone=timezone,
        reference_year=document.reference_year,
        year_doubt=doubtful.why if doubtful else None,
        other_year=_other_year(document, doubtful),
        issued=document.issued,
        source_name=name,
        source_hash=sha256,
        problems=[one.as_json() for one in document.left_over],
    )
    session.add(campaign)
    session.flush()
    return campaign


def _other_year(document: Document, doubtful: years.Doubt | None) -> int | None:
    """Return the year that the same file may be read in instead; a 核对表 tells its days, and has no other."""
    if document.checked_from is not None:
        return None
    return doubtful.instead if doubtful else document.reference_year and document.reference_year + 1


def _add_groups(session: Session, document: Document) -> None:
    """Remember who the members of a collective unit are, where the document itself says so."""
    for group in document.groups:
        named = {
            name for task in document.tasks for name in (*task.lead, *task.responsible, *task.assist, *task.implied)
        }
        for name in sorted(named):
            if name in (group.name, f"{group.name}成员单位", f"{group.name}各成员单位"):
                unit = ensure_unit(session, name)
                if not members(session, unit):
                    set_members(session, unit, list(group.members))


def next_letter(session: Session) -> str:
    count = len(session.exec(select(Campaign.id)).all())
    rounds, place = divmod(count, len(_LETTERS))
    return _LETTERS[place] + (str(rounds) if rounds else "")


class Owing:
    """Who owes what a document gives to a name; each name is looked up once."""

    def __init__(self, session: Session) -> None:
        """Look in the register of ``session``, adding what is not there."""
        self._session = session
        self.units: dict[str, Unit] = {}
        self._members: dict[str, list[tuple[Unit, Unit | None]]] = {}

    def through(self, name: str) -> list[tuple[Unit, Unit | None]]:
        """Return the units that owe what ``name`` was given, each with the collective unit it owes it through."""
        if name not in self._members:
            self.units[name] = unit = ensure_unit(self._session, name)
            self._members[name] = expand(self._session, unit)
        return self._members[name]


@dataclass(frozen=True, slots=True)
class Found:
    """How problems among tasks that are added came to be known, on which local day, and who recorded them."""

    how: Finding
    on: date
    by: int | None = None


def add_tasks(
    session: Session,
    campaign: Campaign,
    found: Sequence[tuple[int, TaskRead]],
    owing: Owing,
    problems: Found,
    *,
    asks: bool = False,
) -> list[int]:
    """Add tasks, each at its position, with their milestones and assignments; return the tasks' numbers. What was found is a
    problem, as ``problems`` says.

    All of one kind are added at once: a list may have thousands of rows, and each several units. With ``asks`` what is
    doubtful or missing in them waits for a person; without, a person has seen it already.
    """
    labels = labels_of(session, campaign, found)
    numbers = add_numbered(session, Task, [_task_row(campaign, position, read) for position, read in found])
    under = [
        (number, place, code, milestone, read)
        for number, label, (_position, read) in zip(numbers, labels, found, strict=True)
        for place, (code, milestone) in enumerate(_milestones(label, read), 1)
    ]
    rows = [_milestone_row(number, place, code, milestone) for number, place, code, milestone, _read in under]
    milestones = add_numbered(session, Milestone, rows)
    owed = [
        row
        for number, (_task, _place, _code, milestone, read) in zip(milestones, under, strict=True)
        for row in _assignment_rows(campaign, number, milestone, read, owing)
    ]
    add_rows(session, Assignment, owed)
    expiring = [(number, read.renewal) for number, (_at, read) in zip(numbers, found, strict=True) if read.renewal]
    renewed = [{"task_id": number, "ahead": one.ahead, "every": one.every} for number, one in expiring]
    add_rows(session, Expiry, renewed)
    add_rows(session, Problem, list(_problem_rows(zip(numbers, found, strict=True), problems)))
    if asks:
        standing = {(number, at): milestone for milestone, (number, at, *_rest) in zip(milestones, under, strict=True)}
        add_rows(session, Doubt, list(_doubt_rows(campaign, zip(numbers, found, strict=True), standing)))
    return numbers


def _problem_rows(tasks: Iterable[tuple[int, tuple[int, TaskRead]]], problems: Found) -> Iterator[Row]:
    for number, (_position, read) in tasks:
        if read.finding:
            yield {
                "task_id": number,
                "how": problems.how,
                "finding": read.finding if read.finding != read.text else "",
                "found_on": problems.on,
                "recorded_by_id": problems.by,
            }


def _doubt_rows(
    campaign: Campaign, tasks: Iterable[tuple[int, tuple[int, TaskRead]]], milestones: dict[tuple[int, int], int]
) -> Iterator[Row]:
    """Yield what is to be asked of tasks; ``milestones`` are the numbers of theirs by task and position."""
    for number, (_position, read) in tasks:
        for doubt in doubts.found(read):
            yield {
                "campaign_id": campaign.id,
                "task_id": number,
                "milestone_id": None if doubt.milestone is None else milestones[number, doubt.milestone + 1],
                "kind": doubt.kind,
                "why": doubt.why,
                "source": doubts.source_of(read),
                "place": read.place.zh,
            }


def _task_row(campaign: Campaign, position: int, read: TaskRead) -> Row:
    return {
        "campaign_id": campaign.id,
        "position": position,
        "key": read.key,
        "number": read.number,
        "section": read.section,
        "text": read.text,
        "open_ended": read.open_ended,
        "place": read.place.as_json(),
        "leaders": [list(one) for one in read.leaders],
    }


def _milestones(label: str, read: TaskRead) -> list[tuple[str, MilestoneRead]]:
    """Return the milestones of a task of this code, each with its own."""
    found = read.owed
    if len(found) == 1:
        return [(label, found[0])]
    return [(f"{label}.{place}", milestone) for place, milestone in enumerate(found, 1)]


def _milestone_row(task_id: int, position: int, code: str, read: MilestoneRead) -> Row:
    daily = is_daily(read.rule)
    return {
        "task_id": task_id,
        "position": position,
        "code": code,
        "text": read.text,
        "kind": DeadlineKind.ONGOING if daily else read.kind,
        "due": read.due,
        "rule": None if daily else read.rule,
        "first": read.next,
        "deliverable": read.deliverable,
        "uncertain": read.uncertain or ("每日事项按长期任务跟踪" if daily else None),
    }


def _assignment_rows(
    campaign: Campaign, milestone_id: int, read: MilestoneRead, task: TaskRead, owing: Owing
) -> list[Row]:
    """Return the rows of a new milestone: a unit that stands on it twice has its graver role, which comes first."""
    rows: dict[int | None, Row] = {}
    for name, role in _standing(task, read).items():
        for unit, via in owing.through(name):
            rows.setdefault(
                unit.id,
                {
                    "campaign_id": campaign.id,
                    "milestone_id": milestone_id,
                    "unit_id": unit.id,
                    "via_unit_id": via.id if via else None,
                    "role": role,
                    "due": read.due,
                    "original_due": read.due,
                },
            )
    return list(rows.values())


def _standing(task: TaskRead, milestone: MilestoneRead) -> dict[str, Role]:
    """Return each unit that stands on the milestone with its gravest role; the bound units only, where given."""
    standing: dict[str, Role] = {}
    lists = (
        (Role.LEAD, task.lead),
        (Role.RESPONSIBLE, (*task.responsible, *task.implied)),
        (Role.ASSIST, task.assist),
    )
    for role, names in lists:
        for name in names:
            if milestone.units is None or name in milestone.units or name in task.implied:
                standing.setdefault(name, role)
    for name in milestone.units or ():
        standing.setdefault(name, Role.RESPONSIBLE)
    return standing


def expand(session: Session, unit: Unit) -> list[tuple[Unit, Unit | None]]:
    """Return the units that owe what ``unit`` was given, each with the collective unit it owes it through."""
    found = members(session, unit) if unit.collective else []
    return [(member, unit) for member in found] or [(unit, None)]


def add_assignment(
    session: Session,
    campaign_id: int,
    milestone: Milestone,
    unit: Unit,
    role: Role,
    via: Unit | None,
    period: str = "",
    due: date | None = None,
) -> Assignment | None:
    """Add milestone × unit; None where that unit already stands on the milestone (the graver role came first)."""
    there = select(Assignment.id).where(
        Assignment.milestone_id == milestone.id, Assignment.unit_id == unit.id, Assignment.period == period
    )
    if session.exec(there).first() is not None:
        return None
    day = due or milestone.due
    assignment = Assignment(
        campaign_id=campaign_id,
        milestone_id=milestone.id,
        unit_id=unit.id,
        via_unit_id=via.id if via else None,
        role=role,
        period=period,
        due=day,
        original_due=day,
    )
    session.add(assignment)
    session.flush()
    return assignment


def imported(session: Session, campaign: Campaign, today: date, *, new: bool = False) -> Imported:
    """Return what was read into a campaign; ``today`` as above."""
    milestones = session.exec(
        select(Milestone).join(Task, col(Task.id) == Milestone.task_id).where(Task.campaign_id == campaign.id)
    ).all()
    tasks = session.exec(select(Task.id).where(Task.campaign_id == campaign.id)).all()
    uncertain = sum(milestone.uncertain is not None for milestone in milestones)
    past = sum(milestone.due is not None and milestone.due < today for milestone in milestones)
    return Imported(campaign, len(tasks), uncertain, past, new, campaign.other_year)
