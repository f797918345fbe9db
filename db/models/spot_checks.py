"""Spot checks 抽查: closed assignments drawn at random, and what was found of each."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from db.models.columns import must_when, when


class SpotCheck(SQLModel, table=True):
    """A draw among the closed assignments of a campaign: how large a ``share`` was asked for, by which ``seed``, among how many."""

    __tablename__ = "spot_check"
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    share: str
    seed: str
    pool: int
    drawn_at: datetime = must_when()


class SpotCheckItem(SQLModel, table=True):
    """An assignment that was drawn; ``holds`` is None until somebody has looked. Who did, with which words, is in the record."""

    __tablename__ = "spot_check_item"
    check_id: int = Field(foreign_key="spot_check.id", primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", primary_key=True, index=True)
    holds: bool | None = None
    decided_at: datetime | None = when()
