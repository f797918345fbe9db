"""What came in, and what the bot waits to hear."""

from datetime import date, datetime

from sqlalchemy import (
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from db.models.columns import json_of, long_text, must_when, when, word_of
from db.stored import Words
from db.words import (
    Action,
)


class Question(SQLModel, table=True):
    """A contact's question, relayed to the coordinators and answered back."""

    __tablename__ = "question"
    id: int = Field(default=None, primary_key=True)
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id")
    chat_id: int = Field(foreign_key="chat.id")
    message_id: str | None = None
    asked_by_id: int = Field(foreign_key="person.id")
    asked_at: datetime = must_when()
    words: str = long_text(default="")
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = when()


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
    at: datetime = must_when()
    words: Words = json_of(default_factory=dict)
    outcome: str | None = None
    album: str | None = Field(default=None, index=True)
    repeats: int = 0


class Prompt(SQLModel, table=True):
    """The bot asked one person in one chat for a text; their next message answers it.

    ``due`` and ``words`` keep what the person has said so far of a request for more time; ``doubt_id`` is what of a list they
    were asked about, where only what answers it is taken for an answer unless ``words`` say that they chose to write. ``source_id`` and
    ``source_part`` are the message whose button began it. It waits to the end of the local day; after ``fresh_until`` only for a
    reply to what it is about.
    """

    __tablename__ = "prompt"
    chat_id: int = Field(foreign_key="chat.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    action: Action = word_of(Action)
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id")
    question_id: int | None = Field(default=None, foreign_key="question.id")
    doubt_id: int | None = Field(default=None, foreign_key="doubt.id")
    due: date | None = None
    words: str = long_text(default="")
    source_id: int | None = Field(default=None, foreign_key="notice.id")
    source_part: int = 0
    fresh_until: datetime | None = when()
    expires_at: datetime = must_when()
