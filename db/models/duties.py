"""Duty 值班: who is on duty on which day, for the coordinators' office or for a unit."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from db.models.columns import must_when, when
from db.words import DayPart


class Duty(SQLModel, table=True):
    """A person on duty on a local ``day``, by name; without a unit for the coordinators' office. What was said otherwise since has
    ended and stays to be looked up; ``by`` are the names of who said so, ``phone``
    is the number by which they are reached, as it was said with the name; ``part`` is a ``DayPart``.
    """

    __tablename__ = "duty"
    __table_args__ = (Index("ix_duty_day_unit", "day", "unit_id"),)
    id: int = Field(default=None, primary_key=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    day: date
    name: str
    part: int = Field(default=DayPart.WHOLE)
    phone: str | None = None
    made_at: datetime = must_when()
    by: str
    ended_at: datetime | None = when()
    ended_by: str | None = None
