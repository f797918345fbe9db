"""Scores: what a unit was shown, what it objected to, and what counts in the end."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.models.columns import long_text, must_when, when, word_of
from db.words import ScoreKind


class ScoreSheet(SQLModel, table=True):
    """The score of a campaign's month (its first day), shown to the units since ``shown_at``.

    Until the end of the local day ``objections_until`` a unit may object; it counts since ``settled_at``.
    """

    __tablename__ = "score_sheet"
    __table_args__ = (UniqueConstraint("campaign_id", "month", name="uq_score_sheet"),)
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    month: date
    shown_at: datetime = must_when()
    objections_until: date
    settled_at: datetime | None = when()


class ScorePoint(SQLModel, table=True):
    """What one assignment cost or earned its unit, in ``tenths`` of a point, on which local day (of several ``days`` the last).

    It comes from an entry of the record or from a notice; a point of days alone from the deadline. Since ``struck_at`` it counts no more.
    """

    __tablename__ = "score_point"
    id: int = Field(default=None, primary_key=True)
    sheet_id: int = Field(foreign_key="score_sheet.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    assignment_id: int = Field(foreign_key="assignment.id")
    kind: ScoreKind = word_of(ScoreKind)
    day: date
    days: int = 0
    tenths: int
    entry_id: int | None = Field(default=None, foreign_key="history.id")
    notice_id: int | None = Field(default=None, foreign_key="notice.id")
    struck_at: datetime | None = when()


UNDECIDED = "decided_at IS NULL"
"""Which objections wait: one at most of a unit to what one assignment cost it."""


class Objection(SQLModel, table=True):
    """What a unit objects to: what one assignment cost it in a sheet, in its own words. ``upheld`` is None while it waits."""

    __tablename__ = "objection"
    __table_args__ = (
        Index(
            "uq_objection_undecided",
            "sheet_id",
            "assignment_id",
            unique=True,
            sqlite_where=text(UNDECIDED),
            postgresql_where=text(UNDECIDED),
        ),
    )
    id: int = Field(default=None, primary_key=True)
    sheet_id: int = Field(foreign_key="score_sheet.id", index=True)
    assignment_id: int = Field(foreign_key="assignment.id")
    person_id: int = Field(foreign_key="person.id")
    at: datetime = must_when()
    words: str = long_text()
    upheld: bool | None = None
    decided_at: datetime | None = when()
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
