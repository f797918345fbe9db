"""The tables. Instants are aware and UTC, days are ISO days of the campaign's zone, words are `db.words`.

What people wrote themselves stands in ``words`` columns only, so that it can be erased in one place.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Index,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from db import stored
from db.bodies import Body
from db.kinds import body_of
from db.stored import Json
from db.words import (
    Action,
    CampaignStatus,
    ChatRole,
    DeadlineKind,
    DeliveryState,
    NoticeKind,
    Rank,
    Reason,
    Role,
    State,
    Word,
)

B = TypeVar("B", bound=Body)


class UtcDateTime(TypeDecorator[datetime]):
    """Stores instants in UTC and gives them back aware on every database; refuses naive ones.

    Every row that is read or written passes here, so that each way is one function and not a chain of them.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Turn an aware instant into UTC, as text on SQLite; a naive one raises ``ValueError``."""
        return _utc_as_text if dialect.name == "sqlite" else _utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Give SQLite's naive text back as the UTC it is; text that is no instant raises ``ValueError``."""
        return _utc_of_text if dialect.name == "sqlite" else _utc


def _utc(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("a naive datetime was about to be stored")
    return value.astimezone(UTC)


def _utc_as_text(value: datetime | None) -> str | None:
    moment = _utc(value)
    return None if moment is None else moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def _utc_of_text(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class WordType(TypeDecorator[Word]):
    """Stores a word of `db.words` as its plain value; both ways are a look-up in a table."""

    impl = String(32)
    cache_ok = True

    def __init__(self, word: type[Word]) -> None:
        """Store members of ``word``."""
        super().__init__()
        self.word = word

    def bind_processor(self, dialect: Dialect) -> Callable[[Word | None], str | None]:
        """Store the plain value; what is no word raises ``ValueError``, but one that was read as unknown goes back as it stands."""
        return _Values(self.word).__getitem__

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Word | None]:
        """Give the member back; a word that a newer program wrote comes back as it stands, so that the rest can be read."""
        return _Members(self.word).__getitem__


class _Values(dict[Word | None, str | None]):
    """Each word's plain value."""

    def __init__(self, word: type[Word]) -> None:
        super().__init__({None: None} | {member: member.value for member in word})
        self._word = word

    def __missing__(self, word: Word) -> str:
        return str(word if isinstance(word, self._word) else self._word(word))


class _Members(dict[str | None, Word | None]):
    """The word of each plain value."""

    def __init__(self, word: type[Word]) -> None:
        super().__init__({None: None} | {member.value: member for member in word})
        self._word = word

    def __missing__(self, value: str) -> Word:
        return self._word.read(value)


def _when(**options: Any) -> Any:
    return Field(default=None, sa_type=UtcDateTime, **options)


def _must_when(**options: Any) -> Any:
    return Field(sa_type=UtcDateTime, **options)


def _word(word: type[Word], **options: Any) -> Any:
    return Field(sa_type=WordType(word), **options)


def _json(**options: Any) -> Any:
    return Field(sa_type=JSON, **options)


def _text(**options: Any) -> Any:
    return Field(sa_type=Text, **options)


def table_of(model: type[SQLModel]) -> Table:
    """Return a model's table, for statements over many rows that need none of them as an object."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


class Setting(SQLModel, table=True):
    """A fact about the store itself, such as whether it lives on a virtual clock."""

    __tablename__ = "setting"
    key: str = Field(primary_key=True)
    value: str


# ---------------------------------------------------------------- the register


class Unit(SQLModel, table=True):
    """Who owes: a department, or a collective unit that stands for members.

    ``level`` is 省级, 市级, 县级 …, as the name tells or a person said; "" where nobody knows.
    """

    __tablename__ = "unit"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    collective: bool = False
    level: str = ""


class UnitAlias(SQLModel, table=True):
    """Another name of a unit, as a person confirmed it; ``former`` is that of an office which it took over."""

    __tablename__ = "unit_alias"
    name: str = Field(primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    former: bool = False


class UnitDistinct(SQLModel, table=True):
    """Two names that look alike and that a person said are two units; the lesser number first."""

    __tablename__ = "unit_distinct"
    one_id: int = Field(foreign_key="unit.id", primary_key=True)
    other_id: int = Field(foreign_key="unit.id", primary_key=True)


class UnitMember(SQLModel, table=True):
    """A member of a collective unit."""

    __tablename__ = "unit_member"
    collective_id: int = Field(foreign_key="unit.id", primary_key=True)
    member_id: int = Field(foreign_key="unit.id", primary_key=True)


class Person(SQLModel, table=True):
    """A contact, coordinator or leader.

    ``nameless`` while the service does not tell a name and nobody has: then ``name`` is the account's id, and the
    person is asked once, at ``name_asked_at``.
    """

    __tablename__ = "person"
    id: int = Field(default=None, primary_key=True)
    name: str
    nameless: bool = False
    name_asked_at: datetime | None = _when()


class Account(SQLModel, table=True):
    """A person's account on one channel."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)
    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    channel: str
    external_id: str


class Appointment(SQLModel, table=True):
    """A person's rank: contact of one unit, coordinator, or leader; ``ended_at`` when it was taken away."""

    __tablename__ = "appointment"
    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    rank: Rank = _word(Rank)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    since: datetime = _must_when()
    ended_at: datetime | None = _when()


class Chat(SQLModel, table=True):
    """One conversation on one channel. ``role`` is None for a private one; ``dead_why`` says why a route is dead.

    A topic of a forum is a conversation of its own: its ``external_id`` is the group's, a slash and the topic's.
    ``person_id`` is whose private conversation it is; ``not_before`` until when our own pace lets nothing out, ``retry_at``
    (real time, also where a store lives on a virtual clock) until when the service itself wants nothing, ``retry_from`` when
    it said so.
    A room of ours is ``briefed`` when it was shown what waited before it was bound.
    """

    __tablename__ = "chat"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)
    id: int = Field(default=None, primary_key=True)
    channel: str
    external_id: str
    title: str
    role: ChatRole | None = _word(ChatRole, default=None, nullable=True)
    not_before: datetime | None = _when()
    retry_at: datetime | None = _when()
    retry_from: datetime | None = _when()
    dead_why: str | None = None
    dead_told: bool = False
    briefed: bool = True
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)


class Route(SQLModel, table=True):
    """A chat in which a unit is reached; a unit may have several chats and a chat several units.

    A ``fallback`` is used only while every other chat of the unit is dead.
    """

    __tablename__ = "route"
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    chat_id: int = Field(foreign_key="chat.id", primary_key=True)
    fallback: bool = False


class Lease(SQLModel, table=True):
    """What only one program may use at a time, such as a bot's only connection, and who holds it until when.

    ``seen_at`` is when it last worked; ``ended_why`` says that a holder lost it for good at ``ended_at``, so that who
    waits for it does not try. All in real time, also where a store lives on a virtual clock.
    """

    __tablename__ = "lease"
    name: str = Field(primary_key=True)
    holder: str
    until: datetime = _must_when()
    seen_at: datetime | None = _when()
    ended_at: datetime | None = _when()
    ended_why: str | None = None


class Invite(SQLModel, table=True):
    """A one-time code, kept as its hash; it binds a chat to a unit, a chat as a room, or a person to a rank.

    ``person_name`` is for whom a rank's code was made.
    """

    __tablename__ = "invite"
    code_hash: str = Field(primary_key=True)
    rank: Rank = _word(Rank)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    room: ChatRole | None = _word(ChatRole, default=None, nullable=True)
    person_name: str | None = None
    expires_at: datetime = _must_when()
    used_at: datetime | None = _when()


# ---------------------------------------------------------------- the ledger


class PolicyVersion(SQLModel, table=True):
    """A policy as it stood; an escalation that runs keeps the version it started with."""

    __tablename__ = "policy_version"
    id: int = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    text: str = _text()
    created_at: datetime = _must_when()


class Campaign(SQLModel, table=True):
    """One imported list or plan. ``letter`` opens its short codes; ``next_digest_at`` is when the room hears next.

    ``year_doubt`` says what in the document speaks against ``reference_year``, until somebody confirms it by activating;
    ``other_year`` is the year in which it may be read again.
    """

    __tablename__ = "campaign"
    id: int = Field(default=None, primary_key=True)
    title: str = _text()
    status: CampaignStatus = _word(CampaignStatus, default=CampaignStatus.DRAFT)
    letter: str
    timezone: str
    reference_year: int | None = None
    year_doubt: str | None = _text(default=None, nullable=True)
    other_year: int | None = None
    issued: date | None = None
    source_name: str
    source_hash: str = Field(index=True)
    problems: list[dict[str, Any]] = _json(default_factory=list)
    policy_id: int | None = Field(default=None, foreign_key="policy_version.id")
    activated_at: datetime | None = _when()
    next_digest_at: datetime | None = _when(index=True)
    periods_until: date | None = None
    history_count: int = 0
    history_head: str = ""


class Task(SQLModel, table=True):
    """One numbered row or item, as printed."""

    __tablename__ = "task"
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    position: int
    key: str
    number: str = Field(index=True)
    section: str = _text()
    text: str = _text()
    open_ended: bool = False
    place: dict[str, int | str] = _json(default_factory=dict)


class Milestone(SQLModel, table=True):
    """One deliverable with one deadline. ``code`` is the short code without its brackets, such as Z-7."""

    __tablename__ = "milestone"
    id: int = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    position: int
    code: str = Field(index=True)
    text: str = _text()
    kind: DeadlineKind = _word(DeadlineKind)
    due: date | None = None
    rule: str | None = None
    first: date | None = None
    deliverable: str = _text(default="")
    uncertain: str | None = _text(default=None, nullable=True)


CLOSED_HAS_A_DAY = "(state = 'closed') = (closed_at IS NOT NULL)"
"""What is closed has the instant at which it was, and nothing else has one."""


class Assignment(SQLModel, table=True):
    """One milestone × one unit: the thing that is tracked.

    ``period`` is the ISO day of a recurring duty's period, else "". ``version`` counts the changes people made, and
    a button carries it. Planning's own memory: ``planned_until`` (the window's exclusive start), ``asked_at``, ``chases``
    and ``chased_at`` (a receipt that is outstanding, how often a service took a chase of it, and when the last one),
    ``next_action_at`` (the tick looks at nothing else).
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("milestone_id", "unit_id", "period"),
        CheckConstraint(CLOSED_HAS_A_DAY, name="ck_assignment_closed"),
    )
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    milestone_id: int = Field(foreign_key="milestone.id")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    via_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    role: Role = _word(Role)
    period: str = ""
    state: State = _word(State, default=State.PENDING)
    resume_state: State | None = _word(State, default=None, nullable=True)
    due: date | None = None
    original_due: date | None = None
    percent: int | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = _when()
    answered_at: datetime | None = _when()
    reported_by_id: int | None = Field(default=None, foreign_key="person.id")
    reported_at: datetime | None = _when()
    closed_at: datetime | None = _when()
    returns: int = 0
    extensions: int = 0
    decision_pending: bool = False
    on_hold: bool = False
    ladder_from: date | None = None
    asked_at: datetime | None = _when()
    chases: int = 0
    chased_at: datetime | None = _when()
    silent_told: bool = False
    last_told_on: date | None = None
    born_at: datetime | None = _when()
    planned_until: datetime | None = _when()
    next_action_at: datetime | None = _when(index=True)
    policy_id: int | None = Field(default=None, foreign_key="policy_version.id")
    version: int = 0


PENDING_EXTENSION = "granted IS NULL AND NOT withdrawn"
"""Which requests wait for a decision: at most one an assignment."""


class Extension(SQLModel, table=True):
    """A request for more time; ``granted`` is None while it waits, and one at most waits a time. The old day stays visible in ``old_due``."""

    __tablename__ = "extension"
    __table_args__ = (
        Index(
            "uq_extension_pending", "assignment_id", unique=True,
            sqlite_where=text(PENDING_EXTENSION), postgresql_where=text(PENDING_EXTENSION),
        ),
    )  # fmt: skip
    id: int = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    requested_by_id: int = Field(foreign_key="person.id")
    requested_at: datetime = _must_when()
    old_due: date | None = None
    new_due: date
    words: str = _text(default="")
    granted: bool | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = _when()
    withdrawn: bool = False


class Evidence(SQLModel, table=True):
    """A file handed in with a report, stored by hash under a name we chose."""

    __tablename__ = "evidence"
    id: int = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = _must_when()
    sha256: str
    name: str
    size: int


class Question(SQLModel, table=True):
    """A contact's question, relayed to the coordinators and answered back."""

    __tablename__ = "question"
    id: int = Field(default=None, primary_key=True)
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id")
    chat_id: int = Field(foreign_key="chat.id")
    message_id: str | None = None
    asked_by_id: int = Field(foreign_key="person.id")
    asked_at: datetime = _must_when()
    words: str = _text(default="")
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = _when()


class Paper(SQLModel, table=True):
    """A bulletin (of a campaign) or a summons (of one unit), drafted on a local ``day``, sent only when signed.

    Signed or dropped it is closed; what comes later that day begins another, with the next ``seq``. A signed one has a
    ``number`` of its kind, campaign and ``year``. ``words`` is what a coordinator wrote in place of the opening sentence.
    """

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("campaign_id", "kind", "day", "unit_id", "seq", name="uq_paper_day"),
        UniqueConstraint("campaign_id", "kind", "year", "number", name="uq_paper_number"),
    )
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    kind: NoticeKind = _word(NoticeKind)
    day: date
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    seq: int = 1
    drafted_at: datetime = _must_when()
    words: str = _text(default="")
    signed_by_id: int | None = Field(default=None, foreign_key="person.id")
    signed_at: datetime | None = _when()
    year: int | None = None
    number: int | None = None
    dropped_by_id: int | None = Field(default=None, foreign_key="person.id")
    dropped_at: datetime | None = _when()

    @property
    def is_open(self) -> bool:
        """Tell whether it is a draft that waits: neither signed nor dropped."""
        return self.signed_at is None and self.dropped_at is None


class PaperItem(SQLModel, table=True):
    """An assignment that a paper names."""

    __tablename__ = "paper_item"
    paper_id: int = Field(foreign_key="paper.id", primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", primary_key=True)


class Step(SQLModel, table=True):
    """One step of the plan, told or not, with its reason. The key makes it happen once with any number of planners."""

    __tablename__ = "step"
    assignment_id: int = Field(foreign_key="assignment.id", primary_key=True)
    rule: str = Field(primary_key=True)
    occurrence: str = Field(primary_key=True)
    at: datetime = _must_when()
    told: bool
    reason: Reason = _word(Reason)
    notice_id: int | None = Field(default=None, foreign_key="notice.id")


# ---------------------------------------------------------------- the outbox


class Notice(SQLModel, table=True):
    """One decision to tell one chat something. ``body`` is what it carries beside its items (`db.bodies`), kept as JSON.

    ``day`` is the local day that an automatic notice counts against; a lower ``priority`` goes out first. What it was
    rendered to is its messages (``Message``). ``lease_until``, ``retry_at`` (not tried again before) and ``tried_at`` (the first try) are real time, also
    where a store lives on a virtual clock.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_claim", "state", "not_before"), Index("ix_notice_chat_day", "chat_id", "day"))
    id: int = Field(default=None, primary_key=True)
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")
    chat_id: int | None = Field(default=None, foreign_key="chat.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    kind: NoticeKind = _word(NoticeKind)
    reason: Reason = _word(Reason)
    priority: int = 5
    automatic: bool = False
    day: date | None = None
    body_json: Json = Field(sa_column=Column("body", JSON, nullable=False), default_factory=dict)
    reply_to: str | None = None
    created_at: datetime = _must_when()
    not_before: datetime = _must_when()
    state: DeliveryState = _word(DeliveryState, default=DeliveryState.QUEUED)
    tries: int = 0
    tried_at: datetime | None = _when()
    retry_at: datetime | None = _when()
    lease_until: datetime | None = _when()
    leased_by: str | None = None
    sent_at: datetime | None = _when()
    message_id: str | None = None
    why: str | None = _text(default=None, nullable=True)
    resend_of: int | None = Field(default=None, foreign_key="notice.id")
    broadcast_id: int | None = Field(default=None, foreign_key="broadcast.id", index=True)

    @property
    def body(self) -> Body:
        """What the notice carries, of its kind's type; raises ``ValueError`` where the row keeps no such thing."""
        return body_of(self.kind, self.body_json)

    def body_as(self, of: type[B]) -> B:
        """Return the body of a notice that is known to be of a family; raise ``TypeError`` where it is of another."""
        body = self.body
        if not isinstance(body, of):
            raise TypeError(f"a {self.kind} carries no {of.__name__}")
        return body

    def carry(self, body: Body) -> None:
        """Let the notice carry another body from now on; one that others may know is held first (`outbox.body_to_change`)."""
        self.body_json = stored.write(body)


class NoticeItem(SQLModel, table=True):
    """One assignment that a notice speaks of; ``withdrawn_why`` when it no longer should."""

    __tablename__ = "notice_item"
    __table_args__ = (Index("ix_notice_item_assignment", "assignment_id"),)
    notice_id: int = Field(foreign_key="notice.id", primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", primary_key=True)
    position: int = 0
    rule: str = ""
    kind: NoticeKind = _word(NoticeKind)
    reason: Reason = _word(Reason)
    asks_receipt: bool = False
    withdrawn_why: Reason | None = _word(Reason, default=None, nullable=True)


_IS_STALE = "stale_since IS NOT NULL"


class Message(SQLModel, table=True):
    """One message of a notice: as it was sent, as it is shown now, and whether it must be shown anew.

    It is out since ``out_at``, and only rendered before. ``sent`` is what was sent, ``shown`` what the service shows where
    that is another by now, ``marks`` who did what since, ``handle`` what the service wants to see for the next change.
    A change waits since ``stale_since`` and goes out from ``not_before`` on; with ``told`` the chat knows already what
    changed. It is on its way while ``changing``; ``tries`` are those of all changes, ``failures`` and the times of this one.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("notice_id", "part", name="uq_message_part"),
        UniqueConstraint("chat_id", "external_id", name="uq_message_external"),
        Index("ix_message_stale", "not_before", sqlite_where=text(_IS_STALE), postgresql_where=text(_IS_STALE)),
        Index("ix_message_changing", "chat_id", sqlite_where=text("changing"), postgresql_where=text("changing")),
    )
    id: int = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id")
    part: int
    chat_id: int = Field(foreign_key="chat.id")
    external_id: str | None = None
    out_at: datetime | None = _when()
    sent: dict[str, Any] = _json()
    shown: dict[str, Any] | None = _json(default=None, nullable=True)
    marks: list[str] = _json(default_factory=list)
    handle: str | None = None
    stale_since: datetime | None = _when()
    told: bool = False
    not_before: datetime | None = _when()
    changing: bool = False
    tries: int = 0
    failures: int = 0
    tried_at: datetime | None = _when()
    retry_at: datetime | None = _when()
    lease_until: datetime | None = _when()
    leased_by: str | None = None


class Delivery(SQLModel, table=True):
    """One try to send one part of a notice, or to change that message (``change_of``); written before the try, with the
    outcome *sending*."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_chat_message", "chat_id", "message_id"),
        Index("ix_delivery_pace", "chat_id", "at"),
        Index("ix_delivery_at", "at"),
    )
    id: int = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id", index=True)
    chat_id: int = Field(foreign_key="chat.id")
    part: int
    at: datetime = _must_when()
    outcome: DeliveryState = _word(DeliveryState)
    message_id: str | None = None
    why: str | None = _text(default=None, nullable=True)
    change_of: int | None = Field(default=None, foreign_key="message.id", index=True)


class Alarm(SQLModel, table=True):
    """One trouble that lasts: its cause and chat (None: many), how often it befell what, and the messages that tell it.

    ``told`` is the count that was last told in a message of its own, at ``told_at``.
    """

    __tablename__ = "alarm"
    __table_args__ = (Index("ix_alarm_cause", "cause", "last_at"),)
    id: int = Field(default=None, primary_key=True)
    cause: str
    chat_id: int | None = Field(default=None, foreign_key="chat.id")
    counts: dict[str, int] = _json(default_factory=dict)
    notices: list[int] = _json(default_factory=list)
    first_at: datetime = _must_when()
    last_at: datetime = _must_when()
    told: int = 1
    told_at: datetime = _must_when()


# ---------------------------------------------------------------- broadcasts


class Broadcast(SQLModel, table=True):
    """A coordinator's own message to chosen units, with receipts. An urgent one is a call (叫应).

    It is a draft until ``sent_at``; whoever confirms after ``due_at`` is late. ``sent_by``, ``chased_by`` and
    ``closed_by`` are names, for whoever comes second. ``rounds`` counts how often the silent
    were called again, ``next_round_at`` is when an urgent one goes on, ``tally_id`` the notice that shows the figures.
    """

    __tablename__ = "broadcast"
    id: int = Field(default=None, primary_key=True)
    room_id: int = Field(foreign_key="chat.id")
    by_id: int | None = Field(default=None, foreign_key="person.id")
    who: str
    audience: str
    words: str = _text(default="")
    files: list[dict[str, Any]] = _json(default_factory=list)
    urgent: bool = False
    created_at: datetime = _must_when()
    sent_at: datetime | None = _when()
    due_at: datetime | None = _when()
    chased_at: datetime | None = _when()
    sent_by: str | None = None
    chased_by: str | None = None
    closed_by: str | None = None
    rounds: int = 0
    next_round_at: datetime | None = _when(index=True)
    closed_at: datetime | None = _when()
    tally_id: int | None = None


class BroadcastUnit(SQLModel, table=True):
    """One unit that a broadcast is for, and its receipt. ``above_told`` when it went to the person above."""

    __tablename__ = "broadcast_unit"
    broadcast_id: int = Field(foreign_key="broadcast.id", primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    confirmed_by: str | None = None
    confirmed_at: datetime | None = _when()
    above_told: bool = False


# ---------------------------------------------------------------- what came in


class Inbound(SQLModel, table=True):
    """An update as it arrived; stored before it counts as handled, and handled once.

    ``album`` is shared by the updates that people sent as one; ``repeats`` counts how often the same came again.
    """

    __tablename__ = "inbound"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)
    id: int = Field(default=None, primary_key=True)
    channel: str
    external_id: str
    chat_id: int | None = Field(default=None, foreign_key="chat.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime = _must_when()
    words: dict[str, Any] = _json(default_factory=dict)
    outcome: str | None = None
    album: str | None = Field(default=None, index=True)
    repeats: int = 0


class Prompt(SQLModel, table=True):
    """The bot asked one person in one chat for a text; their next message answers it.

    ``due`` and ``words`` keep what the person has said so far of a request for more time; ``source_id`` and
    ``source_part`` are the message whose button began it.
    """

    __tablename__ = "prompt"
    chat_id: int = Field(foreign_key="chat.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    action: Action = _word(Action)
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id")
    question_id: int | None = Field(default=None, foreign_key="question.id")
    due: date | None = None
    words: str = _text(default="")
    source_id: int | None = Field(default=None, foreign_key="notice.id")
    source_part: int = 0
    expires_at: datetime = _must_when()


class Errand(SQLModel, table=True):
    """A rehearsal that a coordinator asked for in a chat: it takes seconds, so that its summary follows."""

    __tablename__ = "errand"
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    chat_id: int = Field(foreign_key="chat.id")
    reply_to: str | None = None
    created_at: datetime = _must_when()
    done_at: datetime | None = _when(index=True)


# ---------------------------------------------------------------- the record


class History(SQLModel, table=True):
    """One entry of the append-only record. ``words`` and ``who`` are personal and may be erased: the chain runs
    over ``personal_digest``, their salted digest, so that it stays valid.
    """

    __tablename__ = "history"
    __table_args__ = (UniqueConstraint("campaign_id", "seq"),)
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    seq: int
    at: datetime = _must_when()
    action: Action | None = _word(Action, default=None, nullable=True)
    event: str
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    chat_id: int | None = Field(default=None, foreign_key="chat.id")
    message: str | None = None
    before: dict[str, Any] = _json(default_factory=dict)
    after: dict[str, Any] = _json(default_factory=dict)
    who: str
    words: str = _text(default="")
    erased: bool = False
    salt: str
    personal_digest: str
    previous: str
    digest: str
