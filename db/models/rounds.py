"""Rounds 定期调度: units are asked how some of their tasks go; what they answer stands in the record of those tasks."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from db.models.columns import json_of, long_text, must_when, when


class Round(SQLModel, table=True):
    """One round of a campaign: of what it asks (``title``, ``fields``) until the end of the local day ``due``.

    It is a draft until ``opened_at``; who opened, chased and closed it are names. With two ``signatures`` a second person confirms
    each answer. ``next_at`` is when it goes on by itself, ``tally_id`` the notice that shows the figures. ``period`` is the
    month of one that the calendar opened; ``units`` are those that it is for, where somebody named them.
    """

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("campaign_id", "period", name="uq_round_period"),)
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    room_id: int | None = Field(default=None, foreign_key="chat.id")
    period: str | None = None
    title: str = long_text()
    scope: str
    units: list[int] = json_of(default_factory=list)
    fields: list[str] = json_of(default_factory=list)
    signatures: int = 1
    due: date
    created_at: datetime = must_when()
    opened_at: datetime | None = when()
    opened_by: str = ""
    due_at: datetime | None = when()
    chased_at: datetime | None = when()
    chased_by: str | None = None
    next_at: datetime | None = when(index=True)
    closed_at: datetime | None = when()
    closed_by: str | None = None
    tally_id: int | None = None


class RoundItem(SQLModel, table=True):
    """An assignment of which a round asks."""

    __tablename__ = "round_item"
    round_id: int = Field(foreign_key="round.id", primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", primary_key=True, index=True)


class RoundSignature(SQLModel, table=True):
    """A second person's confirmation of an answer, which is an entry of the record."""

    __tablename__ = "round_signature"
    round_id: int = Field(foreign_key="round.id", primary_key=True)
    entry_id: int = Field(foreign_key="history.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = must_when()
