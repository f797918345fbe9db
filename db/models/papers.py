"""Papers that a leader signs."""

from datetime import date, datetime

from sqlalchemy import (
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from db.models.columns import long_text, must_when, when, word_of
from db.words import (
    NoticeKind,
)


class Paper(SQLModel, table=True):
    """A bulletin (of a campaign) or a summons (of one unit), drafted on a local ``day``, sent only when signed.

    Signed or dropped it is closed; what comes later that day begins another, with the next ``seq``. A signed one has a
    ``number`` of its kind, campaign and ``year``. ``words`` is what a coordinator wrote in place of the opening sentence; ``signed_for_id``
    is the leader in whose place a deputy signed.
    """

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("campaign_id", "kind", "day", "unit_id", "seq", name="uq_paper_day"),
        UniqueConstraint("campaign_id", "kind", "year", "number", name="uq_paper_number"),
    )
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    kind: NoticeKind = word_of(NoticeKind)
    day: date
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    seq: int = 1
    drafted_at: datetime = must_when()
    words: str = long_text(default="")
    signed_by_id: int | None = Field(default=None, foreign_key="person.id")
    signed_for_id: int | None = Field(default=None, foreign_key="person.id")
    signed_at: datetime | None = when()
    year: int | None = None
    number: int | None = None
    dropped_by_id: int | None = Field(default=None, foreign_key="person.id")
    dropped_at: datetime | None = when()

    @property
    def is_open(self) -> bool:
        """Tell whether it is a draft that waits: neither signed nor dropped."""
        return self.signed_at is None and self.dropped_at is None


class PaperItem(SQLModel, table=True):
    """An assignment that a paper names."""

    __tablename__ = "paper_item"
    paper_id: int = Field(foreign_key="paper.id", primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", primary_key=True)
