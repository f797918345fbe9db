"""What one unit of work tells, enqueued together: one INSERT for all its notices, and one for all that they speak of."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NotRequired, TypedDict, Unpack

from sqlalchemy import select
from sqlmodel import Session, col

from db.bodies import Body, WorkBody
from db.kinds import legible
from db.many import Row, add_numbered, add_rows
from db.models import Notice, NoticeItem
from db.outbox.enqueue import item_rows, values
from db.outbox.messages import Item, automatic_on
from db.words import DeliveryState, NoticeKind, Reason


class Decided(TypedDict):
    """What is decided of an automatic notice beside whom it is for and what it speaks of."""

    now: datetime
    kind: NoticeKind
    reason: Reason
    campaign_id: int
    not_before: NotRequired[datetime]


@dataclass(slots=True, eq=False)
class Queued:
    """A notice of a batch. ``id`` is 0 until the batch is written; ``there`` is what it spoke of before this batch."""

    values: Row = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    id: int = 0
    there: set[int] = field(default_factory=set)

    def add(self, items: Iterable[Item]) -> None:
        """Let it speak of more, each once."""
        known = self.there.union(item.assignment_id for item in self.items)
        self.items += [item for item in items if item.assignment_id not in known]


class Batch:
    """Automatic notices that are decided on together. Nothing is in the store before ``write``; their order is kept."""

    def __init__(self, session: Session, chats: Iterable[int], days: Iterable[date]) -> None:
        """Count what ``chats`` were given on ``days`` (local) before."""
        self._session = session
        self._told: Counter[tuple[int, date]] = Counter(automatic_on(session, chats, days))
        self._new: list[Queued] = []
        self._more: dict[int, Queued] = {}
        self._gathered: dict[tuple[NoticeKind, date], dict[tuple[int | None, int | None], Queued]] = {}

    def told(self, chat_id: int, day: date) -> int:
        """Return how many automatic messages a chat was given on a local day, those of this batch with them."""
        return self._told[chat_id, day]

    def enqueue(
        self,
        *,
        chat_id: int | None,
        unit_id: int | None,
        day: date,
        items: Sequence[Item],
        body: Body | None = None,
        **notice: Unpack[Decided],
    ) -> Queued:
        """Add one notice; without a chat it is kept as ``no_route``. The rest is as ``outbox.enqueue`` takes it."""
        queued = Queued(
            values(self._session, chat_id=chat_id, unit_id=unit_id, day=day, body=body, **notice), list(items)
        )
        self._new.append(queued)
        if chat_id is not None:
            self._told[chat_id, day] += 1
        return queued

    def gather(
        self,
        chat_id: int | None,
        day: date,
        items: Sequence[Item],
        *,
        unit_id: int | None,
        **notice: Unpack[Decided],
    ) -> Queued:
        """Add items to the day's waiting notice of that kind for a chat that only takes note, or enqueue the first.

        Rooms and lead units hear of many units' rungs: one message a day, not one a unit.
        """
        waiting, key = self._waiting(notice["kind"], day), (chat_id, notice["campaign_id"])
        queued = waiting.get(key)
        if queued is None:
            queued = waiting[key] = self.enqueue(
                chat_id=chat_id,
                unit_id=unit_id,
                day=day,
                items=items,
                body=WorkBody(for_information=True),
                **notice,
            )
        else:
            self._speak_of_more(queued, items)
        return queued

    def write(self) -> None:
        """Put everything into the store, inside the caller's transaction."""
        numbers = add_numbered(self._session, Notice, [queued.values for queued in self._new])
        for queued, number in zip(self._new, numbers, strict=True):
            queued.id = number
        rows = [
            row
            for queued in (*self._new, *self._more.values())
            for row in item_rows(queued.id, queued.items, len(queued.there))
        ]
        add_rows(self._session, NoticeItem, rows)

    def _speak_of_more(self, queued: Queued, items: Iterable[Item]) -> None:
        if queued.id and queued.id not in self._more:
            there = select(col(NoticeItem.assignment_id)).where(col(NoticeItem.notice_id) == queued.id)
            queued.there = set(self._session.scalars(there))
            self._more[queued.id] = queued
        queued.add(items)

    def _waiting(self, kind: NoticeKind, day: date) -> dict[tuple[int | None, int | None], Queued]:
        """Return what waits of a kind and day for those who only take note, by chat and campaign."""
        if (kind, day) not in self._gathered:
            query = (
                select(col(Notice.id), col(Notice.chat_id), col(Notice.campaign_id), col(Notice.body_json))
                .where(col(Notice.state) == DeliveryState.QUEUED, col(Notice.kind) == kind, col(Notice.day) == day)
                .order_by(col(Notice.id).desc())
            )
            self._gathered[kind, day] = {
                (row.chat_id, row.campaign_id): Queued(id=row.id)
                for row in self._session.execute(query)
                if legible(kind, row.body_json, row.id).for_information
            }
        return self._gathered[kind, day]
