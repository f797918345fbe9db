"""What the program keeps for itself."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from db.models.columns import must_when, when


class Setting(SQLModel, table=True):
    """A fact about the store itself, such as whether it lives on a virtual clock."""

    __tablename__ = "setting"
    key: str = Field(primary_key=True)
    value: str


class Lease(SQLModel, table=True):
    """What only one program may use at a time, such as a bot's only connection, and who holds it until when.

    ``seen_at`` is when it last worked; ``ended_why`` says that a holder lost it for good at ``ended_at``, so that who
    waits for it does not try. All in real time, also where a store lives on a virtual clock.
    """

    __tablename__ = "lease"
    name: str = Field(primary_key=True)
    holder: str
    until: datetime = must_when()
    seen_at: datetime | None = when()
    ended_at: datetime | None = when()
    ended_why: str | None = None


class Errand(SQLModel, table=True):
    """A rehearsal that a coordinator asked for in a chat: it takes seconds, so that its summary follows."""

    __tablename__ = "errand"
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    chat_id: int = Field(foreign_key="chat.id")
    reply_to: str | None = None
    created_at: datetime = must_when()
    done_at: datetime | None = when(index=True)
