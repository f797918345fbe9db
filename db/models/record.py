"""The record: what happened, entry after entry."""

from datetime import datetime

from sqlalchemy import (
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from db.models.columns import json_of, long_text, must_when, word_of
from db.stored import Json
from db.words import (
    Action,
)


class History(SQLModel, table=True):
    """One entry of the append-only record. ``words`` and ``who`` are personal and may be erased: the chain runs
    over ``personal_digest``, their salted digest, so that it stays valid.
    """

    __tablename__ = "history"
    __table_args__ = (UniqueConstraint("campaign_id", "seq"),)
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    seq: int
    at: datetime = must_when()
    action: Action | None = word_of(Action, default=None, nullable=True)
    event: str
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    chat_id: int | None = Field(default=None, foreign_key="chat.id")
    message: str | None = None
    before: Json = json_of(default_factory=dict)
    after: Json = json_of(default_factory=dict)
    who: str
    words: str = long_text(default="")
    erased: bool = False
    salt: str
    personal_digest: str
    previous: str
    digest: str
