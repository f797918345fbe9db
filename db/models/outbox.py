"""Notices, the messages that they became, and every try to send one."""

from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import (
    JSON,
    Column,
    Index,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, Relationship, SQLModel

from db import stored
from db.bodies import Body
from db.kinds import body_of, legible
from db.models.columns import json_of, long_text, must_when, when, word_of
from db.stored import Json
from db.words import (
    DeliveryState,
    NoticeKind,
    Reason,
)

B = TypeVar("B", bound=Body)


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
    kind: NoticeKind = word_of(NoticeKind)
    reason: Reason = word_of(Reason)
    priority: int = 5
    automatic: bool = False
    day: date | None = None
    body_json: Json = Field(sa_column=Column("body", JSON, nullable=False), default_factory=dict)
    reply_to: str | None = None
    created_at: datetime = must_when()
    not_before: datetime = must_when()
    state: DeliveryState = word_of(DeliveryState, default=DeliveryState.QUEUED)
    tries: int = 0
    tried_at: datetime | None = when()
    retry_at: datetime | None = when()
    lease_until: datetime | None = when()
    leased_by: str | None = None
    sent_at: datetime | None = when()
    message_id: str | None = None
    why: str | None = long_text(default=None, nullable=True)
    resend_of: int | None = Field(default=None, foreign_key="notice.id")
    broadcast_id: int | None = Field(default=None, foreign_key="broadcast.id", index=True)

    @property
    def body(self) -> Body:
        """What the notice carries, of its kind's type; raises ``ValueError`` where the row keeps no such thing."""
        return body_of(self.kind, self.body_json)

    @property
    def legible(self) -> Body:
        """What the notice carries, for who reads many: nothing where the row is damaged (`db.kinds.legible`)."""
        return legible(self.kind, self.body_json, self.id)

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
    kind: NoticeKind = word_of(NoticeKind)
    reason: Reason = word_of(Reason)
    asks_receipt: bool = False
    withdrawn_why: Reason | None = word_of(Reason, default=None, nullable=True)


_IS_STALE = "stale_since IS NOT NULL"

IS_CHANGING = text("message.changing")
"""The change of a message is on its way; said so that SQLite, too, finds it by its index, which ``changing = 1`` is not."""


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
    out_at: datetime | None = when()
    sent: Json = json_of()
    shown: Json | None = json_of(default=None, nullable=True)
    marks: list[str] = json_of(default_factory=list)
    handle: str | None = None
    stale_since: datetime | None = when()
    told: bool = False
    not_before: datetime | None = when()
    changing: bool = False
    tries: int = 0
    failures: int = 0
    tried_at: datetime | None = when()
    retry_at: datetime | None = when()
    lease_until: datetime | None = when()
    leased_by: str | None = None
    notice: Notice = Relationship()


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
    at: datetime = must_when()
    outcome: DeliveryState = word_of(DeliveryState)
    message_id: str | None = None
    why: str | None = long_text(default=None, nullable=True)
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
    counts: dict[str, int] = json_of(default_factory=dict)
    notices: list[int] = json_of(default_factory=list)
    first_at: datetime = must_when()
    last_at: datetime = must_when()
    told: int = 1
    told_at: datetime = must_when()
