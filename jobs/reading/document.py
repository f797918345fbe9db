"""What reading returns: a document's tasks, units, roles and deadlines, each beside its literal text.

The JSON of :meth:`Document.as_json` is a contract that scripts rely on.
"""

from dataclasses import asdict, dataclass, field
from datetime import date

from db import stored
from db.stored import Json
from db.whoever import is_open
from db.words import DeadlineKind
from jobs.reading.duty_sheet import DutyRow
from jobs.reading.leaders import Leader
from jobs.reading.roster import Roster


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the file, as far as the format allows; all numbers count from 1.

    ``line`` is the line of a text or the paragraph of a Word file or page; ``row`` the row of a table, which in a
    spreadsheet is the sheet's own. ``part`` says what it stands in where that is not the text itself: 脚注1, 页脚.
    """

    page: int | None = None
    line: int | None = None
    table: int | None = None
    row: int | None = None
    sheet: str | None = None
    part: str | None = None

    def as_json(self) -> dict[str, int | str]:
        """Return only what is known."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @property
    def zh(self) -> str:
        """The place in words, such as 第2页 表1第5行."""
        parts = (
            f"“{self.sheet}”" if self.sheet else "",
            f"第{self.page}页" if self.page else "",
            f"表{self.table}" if self.table and not self.sheet else "",
            f"第{self.row}行" if self.row else "",
            f"第{self.line}行" if self.line and not self.row else "",
            self.part or "",
        )
        return "".join(parts) or "全文"


@dataclass(frozen=True, slots=True)
class MilestoneRead:
    """One deliverable with one deadline, as printed.

    ``due`` is the last day, inclusive. ``rule`` is RFC 5545 for a recurring duty, whose ``due`` is None and
    whose ``next`` is the first due day where there is a reference day. ``units`` are the units bound to this
    milestone where the task has several brackets, else None. ``uncertain`` says why a person should look.
    ``shift`` is the ISO 8601 duration of a relative deadline, counted from the day of issue; of a window before an
    expiry it begins with a minus and counts from that. ``how`` says in words which rule read it. ``place`` is where
    the span stands, where that is not the task's own place: in the heading of a stage, in a line below the task.
    """

    text: str
    kind: DeadlineKind
    due: date | None = None
    rule: str | None = None
    next: date | None = None
    shift: str | None = None
    deliverable: str = ""
    units: tuple[str, ...] | None = None
    uncertain: str | None = None
    how: str = ""
    place: Place | None = None

    @property
    def is_told(self) -> bool:
        """Tell whether the document says when: by a day, a rule or a span, or that it has no end or is to be done at once."""
        return bool(self.due or self.rule or self.kind in (DeadlineKind.ONGOING, DeadlineKind.IMMEDIATE))


@dataclass(frozen=True, slots=True)
class Renewal:
    """Of what expires: how long before renewal is asked for, and after how long it expires anew where that is written; ISO 8601 durations."""

    ahead: str
    every: str = ""


@dataclass(frozen=True, slots=True)
class TaskRead:
    """One numbered row or item. Units stand as printed, in order; a blank cell is an empty tuple.

    ``key`` is unique in the document. ``number`` is as printed without its punctuation; for an unnumbered
    paragraph its heading, or "". ``original`` is the text before it was repaired, where that changed it;
    ``how`` says in words where each part was read. ``implied`` are units that an earlier item assigns to all later ones.
    ``uncertain`` says why a person should look whether this is a task at all, or whose. ``source`` is the literal text of
    its place: the cells of its row, or its paragraph. ``leaders`` are who answers for it by name, each with what the document
    calls them. ``finding`` is what was found, where a table has a column for it: such a task is a problem to be set right,
    and where it has one for the measure too, that is its ``text``. ``renewal`` is that of a row of a register of expiries.
    """

    key: str
    number: str
    section: str
    text: str
    lead: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    assist: tuple[str, ...] = ()
    implied: tuple[str, ...] = ()
    open_ended: bool = False
    milestones: tuple[MilestoneRead, ...] = ()
    place: Place = field(default_factory=Place)
    original: str | None = None
    how: tuple[str, ...] = ()
    uncertain: str | None = None
    source: str = ""
    leaders: tuple[Leader, ...] = ()
    finding: str = ""
    renewal: Renewal | None = None

    @property
    def gaps(self) -> tuple[str, ...]:
        """What a person must still say, of ``unit``, ``deadline`` and ``text``. 各有关单位 names nobody: the unit stays open."""
        named = [name for name in (*self.lead, *self.responsible, *self.assist) if not is_open(name)]
        missing = {
            "unit": not named,
            "deadline": not any(one.is_told for one in self.milestones),
            "text": not self.text,
        }
        return tuple(gap for gap, lacks in missing.items() if lacks)

    @property
    def owed(self) -> tuple[MilestoneRead, ...]:
        """What falls due: the milestones, and without a day what no milestone is bound to; a task without any is ongoing."""
        if not self.milestones:
            return (MilestoneRead("", DeadlineKind.ONGOING),)
        bound = {name for one in self.milestones for name in one.units or ()}
        if any(one.units is None for one in self.milestones):
            return self.milestones
        left = tuple(name for name in (*self.lead, *self.responsible, *self.assist) if name not in bound)
        undated = (MilestoneRead("", DeadlineKind.ONGOING, units=left, uncertain=NO_DAY_OF_THEIRS),) if left else ()
        return (*self.milestones, *undated)


NO_DAY_OF_THEIRS = "这几个单位的期限没有写明，请核对"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not understood: never a guess and never silence."""

    place: Place
    text: str
    why: str

    def as_json(self) -> Json:
        """Return it as the contract has it."""
        return {"place": self.place.as_json(), "text": self.text, "why": self.why}


STRUCK = "带删除线的文字未读取；仍要办理的请去掉删除线"
"""Why what is struck through stands in no task."""
LOOK = "请核对"
"""How the reason ends wherever a person should look."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A span of the source that names a deadline, or lists units with a role, and was taken into no task; of what stands
    beside the text (a note, a comment) the sentence, also where it only says that a task changed.

    ``text`` is the literal span, ``kind`` is ``deadline`` or ``units``, ``why`` the reason: a report of the past, the
    term of a policy, the document's own date …
    """

    place: Place
    text: str
    kind: str
    why: str

    @property
    def asks(self) -> bool:
        """Tell whether a person should look at it: it may be a duty, and is not known to be something else."""
        return self.why.endswith(LOOK)


@dataclass(frozen=True, slots=True)
class Group:
    """A collective unit whose members the document itself names: 专班由甲、乙为成员单位."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read. ``reference_basis`` says what the reference year rests on.

    Of a 核对表 that came back ``edits`` say what a person changed, and ``checked_from`` is the SHA-256 of the file that was
    read at first. Of a 名录 that came back there is nothing but its ``roster``, of a 值班表 its ``duties``.
    """

    title: str
    reference_year: int | None
    reference_basis: str
    issued: date | None
    tasks: tuple[TaskRead, ...]
    problems: tuple[Problem, ...] = ()
    groups: tuple[Group, ...] = ()
    unread: tuple[Unread, ...] = ()
    edits: tuple[str, ...] = ()
    checked_from: str | None = None
    roster: Roster | None = None
    duties: tuple[DutyRow, ...] | None = None

    @property
    def deadlines_taken(self) -> int:
        """How many deadline phrases of the source stand in tasks; a list of days sharing one 前 is one phrase."""
        return sum(len({(one.text, one.place) for one in task.milestones if one.text}) for task in self.tasks)

    @property
    def left_over(self) -> tuple[Problem, ...]:
        """What somebody who takes the reading over must be told beside its tasks: the problems, and what no task holds and
        may be a duty all the same.
        """
        return (*self.problems, *(Problem(one.place, one.text, one.why) for one in self.unread if one.asks))

    def as_json(self) -> Json:
        """Return the contract's object: days as ISO strings, enums as their words, places as objects."""
        data: Json = asdict(self)
        for name in ("roster", "duties"):
            if data[name] is None:
                del data[name]
        data["issued"] = _iso(self.issued)
        for told, task in zip(data["tasks"], self.tasks, strict=True):
            told["place"] = task.place.as_json()
            told["gaps"] = task.gaps
            for milestone, read in zip(told["milestones"], task.milestones, strict=True):
                milestone["place"] = read.place and read.place.as_json()
                milestone["kind"] = str(milestone["kind"])
                milestone["due"] = _iso(milestone["due"])
                milestone["next"] = _iso(milestone["next"])
        data["problems"] = [one.as_json() for one in self.problems]
        for told, span in zip(data["unread"], self.unread, strict=True):
            told["place"] = span.place.as_json()
        return data

    @classmethod
    def from_json(cls, data: Json) -> "Document":
        """Return the document of which ``data`` is the JSON; what follows from the rest, as gaps do, is passed over."""
        return stored.read(cls, data)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
