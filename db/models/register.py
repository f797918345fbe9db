"""Units, people, chats, and what connects them."""

from datetime import date, datetime

from sqlalchemy import (
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from db.models.columns import must_when, when, word_of
from db.words import (
    ChatRole,
    Purpose,
    Rank,
)


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
    name_asked_at: datetime | None = when()


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
    rank: Rank = word_of(Rank)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    since: datetime = must_when()
    ended_at: datetime | None = when()


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
    role: ChatRole | None = word_of(ChatRole, default=None, nullable=True)
    not_before: datetime | None = when()
    retry_at: datetime | None = when()
    retry_from: datetime | None = when()
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


class Deputy(SQLModel, table=True):
    """Who signs in a leader's place while that leader is away: from ``since``, or the local day ``begins`` where that is later, to the
    local day ``until`` (both inclusive).
    """

    __tablename__ = "deputy"
    id: int = Field(default=None, primary_key=True)
    leader_id: int = Field(foreign_key="person.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    since: datetime = must_when()
    begins: date | None = None
    until: date
    ended_at: datetime | None = when()


class Invite(SQLModel, table=True):
    """A one-time code, kept as its hash; it binds a chat to a unit, a chat as a room, or a person to a rank.

    ``person_name`` is for whom a rank's code was made.
    """

    __tablename__ = "invite"
    code_hash: str = Field(primary_key=True)
    rank: Rank = word_of(Rank)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    room: ChatRole | None = word_of(ChatRole, default=None, nullable=True)
    person_name: str | None = None
    expires_at: datetime = must_when()
    used_at: datetime | None = when()


class Pass(SQLModel, table=True):
    """A secret that lets somebody in, kept as its digest: a link that is used once, a sign-in, a calendar.

    ``ended_at`` is when it was used up or taken back; without ``expires_at`` it holds until then.
    """

    __tablename__ = "pass"
    digest: str = Field(primary_key=True)
    purpose: Purpose = word_of(Purpose)
    person_id: int = Field(foreign_key="person.id", index=True)
    made_at: datetime = must_when()
    expires_at: datetime | None = when()
    ended_at: datetime | None = when()
