"""Campaigns, their tasks, and what each unit owes of them."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from db.models.columns import json_of, long_text, must_when, when, word_of
from db.stored import Json
from db.words import (
    CampaignStatus,
    DeadlineKind,
    DoubtKind,
    Finding,
    Level,
    Phase,
    Reason,
    Role,
    State,
)


class PolicyVersion(SQLModel, table=True):
    """A policy as it stood; an escalation that runs keeps the version it started with."""

    __tablename__ = "policy_version"
    id: int = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    text: str = long_text()
    created_at: datetime = must_when()


class Campaign(SQLModel, table=True):
    """One imported list or plan. ``letter`` opens its short codes; ``next_digest_at`` is when the room hears next.

    ``year_doubt`` says what in the document speaks against ``reference_year``, until somebody confirms it by activating;
    ``other_year`` is the year in which it may be read again.
    """

    __tablename__ = "campaign"
    id: int = Field(default=None, primary_key=True)
    title: str = long_text()
    status: CampaignStatus = word_of(CampaignStatus, default=CampaignStatus.DRAFT)
    letter: str
    timezone: str
    reference_year: int | None = None
    year_doubt: str | None = long_text(default=None, nullable=True)
    other_year: int | None = None
    issued: date | None = None
    source_name: str
    source_hash: str = Field(index=True)
    problems: list[Json] = json_of(default_factory=list)
    policy_id: int | None = Field(default=None, foreign_key="policy_version.id")
    activated_at: datetime | None = when()
    next_digest_at: datetime | None = when(index=True)
    periods_until: date | None = None
    history_count: int = 0
    history_head: str = ""


class Task(SQLModel, table=True):
    """One numbered row or item, as printed; ``leaders`` are who answers for it by name, each with what the document calls them."""

    __tablename__ = "task"
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    position: int
    key: str
    number: str = Field(index=True)
    section: str = long_text()
    text: str = long_text()
    open_ended: bool = False
    place: dict[str, int | str] = json_of(default_factory=dict)
    leaders: list[list[str]] = json_of(default_factory=list)


class Problem(SQLModel, table=True):
    """A task that is a problem to be set right, 问题: how and on which local day it was found, and who recorded it, who may not verify it.

    ``finding`` is what was found, where the task's text is the measure that is to be taken; "" where the text says it.
    """

    __tablename__ = "problem"
    task_id: int = Field(foreign_key="task.id", primary_key=True)
    how: Finding = word_of(Finding)
    finding: str = long_text(default="")
    found_on: date
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id")


class Expiry(SQLModel, table=True):
    """A task that is something which expires and is renewed: a licence, a periodic assessment. Its last milestone is the expiry itself.

    ``ahead`` is how long before it renewal is asked for, ``every`` after how long it expires anew where its list says so; both
    are ISO 8601 durations, "" where there is none.
    """

    __tablename__ = "expiry"
    task_id: int = Field(foreign_key="task.id", primary_key=True)
    ahead: str = ""
    every: str = ""


class Milestone(SQLModel, table=True):
    """One deliverable with one deadline. ``code`` is the short code without its brackets, such as Z-7."""

    __tablename__ = "milestone"
    id: int = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    position: int
    code: str = Field(index=True)
    text: str = long_text()
    kind: DeadlineKind = word_of(DeadlineKind)
    due: date | None = None
    rule: str | None = None
    first: date | None = None
    deliverable: str = long_text(default="")
    uncertain: str | None = long_text(default=None, nullable=True)


class Doubt(SQLModel, table=True):
    """What reading left for a person to say of a task, or of one milestone of it; rows stand in the order of the list.

    ``why`` says what is doubtful or missing, ``source`` is the original wording and ``place`` where it stands. While nobody
    has answered ``settled_at`` is None; then ``settled`` says in a few words how it was, and ``settled_by`` who said so.
    """

    __tablename__ = "doubt"
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    milestone_id: int | None = Field(default=None, foreign_key="milestone.id")
    kind: DoubtKind = word_of(DoubtKind)
    why: str = long_text()
    source: str = long_text()
    place: str = ""
    settled_at: datetime | None = when()
    settled_by: str | None = None
    settled: str = long_text(default="")


CLOSED_HAS_A_DAY = "(state = 'closed') = (closed_at IS NOT NULL)"
"""What is closed has the instant at which it was, and nothing else has one."""


class Assignment(SQLModel, table=True):
    """One milestone × one unit: the thing that is tracked.

    ``period`` is the ISO day of a recurring duty's period, else "". ``version`` counts the changes people made, and
    a button carries it. Planning's own memory: ``planned_until`` (the window's exclusive start), ``asked_at``, ``chases``
    and ``chased_at`` (a receipt that is outstanding, how often a service took a chase of it, and when the last one),
    ``next_action_at`` (the tick looks at nothing else).

    Of what is reported ``level`` says whose look it waits for before the coordinators' (None: theirs), and ``goes_on_at``
    when it goes on without.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("milestone_id", "unit_id", "period"),
        CheckConstraint(CLOSED_HAS_A_DAY, name="ck_assignment_closed"),
        Index(
            "ix_assignment_figures",
            "campaign_id",
            "state",
            "due",
            "decision_pending",
            "asked_at",
            "milestone_id",
            "unit_id",
            "period",
            "role",
        ),
        Index("ix_assignment_nearest", "due", "campaign_id", "milestone_id", "period", "id", "state"),
    )
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    milestone_id: int = Field(foreign_key="milestone.id")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    via_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    role: Role = word_of(Role)
    period: str = ""
    state: State = word_of(State, default=State.PENDING)
    resume_state: State | None = word_of(State, default=None, nullable=True)
    due: date | None = None
    original_due: date | None = None
    percent: int | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = when()
    answered_at: datetime | None = when()
    reported_by_id: int | None = Field(default=None, foreign_key="person.id")
    reported_at: datetime | None = when()
    level: Level | None = word_of(Level, default=None, nullable=True, index=True)
    goes_on_at: datetime | None = when()
    closed_at: datetime | None = when()
    returns: int = 0
    extensions: int = 0
    decision_pending: bool = False
    on_hold: bool = False
    ladder_from: date | None = None
    asked_at: datetime | None = when()
    chases: int = 0
    chased_at: datetime | None = when()
    silent_told: bool = False
    last_told_on: date | None = None
    born_at: datetime | None = when()
    planned_until: datetime | None = when()
    next_action_at: datetime | None = when(index=True)
    policy_id: int | None = Field(default=None, foreign_key="policy_version.id")
    version: int = 0


PENDING_EXTENSION = "granted IS NULL AND NOT withdrawn"
"""Which requests wait for a decision: at most one an assignment."""


class Extension(SQLModel, table=True):
    """A request for more time; ``granted`` is None while it waits, and one at most waits a time. The old day stays visible in ``old_due``."""

    __tablename__ = "extension"
    __table_args__ = (
        Index(
            "uq_extension_pending",
            "assignment_id",
            unique=True,
            sqlite_where=text(PENDING_EXTENSION),
            postgresql_where=text(PENDING_EXTENSION),
        ),
    )
    id: int = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    requested_by_id: int = Field(foreign_key="person.id")
    requested_at: datetime = must_when()
    old_due: date | None = None
    new_due: date
    words: str = long_text(default="")
    granted: bool | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = when()
    withdrawn: bool = False


class Evidence(SQLModel, table=True):
    """A file handed in with a report, stored by hash under a name we chose. Of a problem ``phase`` says of when it is; else it is None.

    Since ``withdrawn_at`` who handed it in has taken it back as sent by mistake: it stays in the archive, and is shown and counted no more.
    """

    __tablename__ = "evidence"
    id: int = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = must_when()
    sha256: str
    name: str
    size: int
    phase: Phase | None = word_of(Phase, default=None, nullable=True)
    withdrawn_at: datetime | None = when()


class GoneFile(SQLModel, table=True):
    """A file that the record of an ended campaign names and that was taken away, by its hash; ``swept`` once it is off the disk."""

    __tablename__ = "gone_file"
    sha256: str = Field(primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    at: datetime = must_when()
    swept: bool = False


class Step(SQLModel, table=True):
    """One step of the plan, told or not, with its reason. The key makes it happen once with any number of planners."""

    __tablename__ = "step"
    assignment_id: int = Field(foreign_key="assignment.id", primary_key=True)
    rule: str = Field(primary_key=True)
    occurrence: str = Field(primary_key=True)
    at: datetime = must_when()
    told: bool
    reason: Reason = word_of(Reason)
    notice_id: int | None = Field(default=None, foreign_key="notice.id")
