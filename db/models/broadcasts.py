"""What coordinators tell many units in their own words."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from db.models.columns import json_of, long_text, must_when, when
from db.stored import Json


class Broadcast(SQLModel, table=True):
    """A coordinator's own message to chosen units, with receipts. An urgent one is a call (叫应).

    It is a draft until ``sent_at``, and goes out at ``send_at`` where somebody wants that. Units choose one of its ``options``,
    if it has any. Whoever confirms after ``due_at`` is late. ``sent_by``, ``chased_by`` and
    ``closed_by`` are names, for whoever comes second. ``rounds`` counts how often the silent
    were called again, ``next_round_at`` is when an urgent one goes on, ``tally_id`` the notice that shows the figures.
    """

    __tablename__ = "broadcast"
    id: int = Field(default=None, primary_key=True)
    room_id: int = Field(foreign_key="chat.id")
    by_id: int | None = Field(default=None, foreign_key="person.id")
    who: str
    audience: str
    words: str = long_text(default="")
    options: list[str] = json_of(default_factory=list)
    files: list[Json] = json_of(default_factory=list)
    urgent: bool = False
    created_at: datetime = must_when()
    send_at: datetime | None = when()
    sent_at: datetime | None = when()
    due_at: datetime | None = when()
    chased_at: datetime | None = when()
    sent_by: str | None = None
    chased_by: str | None = None
    closed_by: str | None = None
    rounds: int = 0
    next_round_at: datetime | None = when(index=True)
    closed_at: datetime | None = when()
    tally_id: int | None = None


class BroadcastUnit(SQLModel, table=True):
    """One unit that a broadcast is for, and its receipt. ``above_told`` when it went to the person above.

    ``answers`` are its choices (`db.broadcasts.Answer`), the latest last.
    """

    __tablename__ = "broadcast_unit"
    broadcast_id: int = Field(foreign_key="broadcast.id", primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    confirmed_by: str | None = None
    confirmed_at: datetime | None = when()
    above_told: bool = False
    answers: list[Json] = json_of(default_factory=list)


class PhoneCall(SQLModel, table=True):
    """A unit that kept silent to an urgent call, or could not be reached, to be called over another line; and what came of it.

    ``begun_at`` is when the operator's command was begun, ``done_at`` when it ended; ``reached`` is None while nobody knows.
    """

    __tablename__ = "phone_call"
    id: int = Field(default=None, primary_key=True)
    at: datetime = must_when()
    broadcast_id: int = Field(foreign_key="broadcast.id")
    unit_id: int = Field(foreign_key="unit.id")
    begun_at: datetime | None = when()
    done_at: datetime | None = when(index=True)
    reached: bool | None = None
    outcome: str = long_text(default="")
