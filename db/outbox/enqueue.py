"""What is to be told goes into the outbox, and out of it again while it has not gone out."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Required, TypedDict, TypeVar, Unpack

from sqlalchemy import func, or_, update
from sqlmodel import Session, col, select

from db import locking, stored
from db.ahead import Ahead
from db.bodies import Body, ReplyBody
from db.kinds import KINDS
from db.many import Row, add_rows, among
from db.models import Assignment, Notice, NoticeItem, Unit, table_of
from db.outbox.changes import leave_as_they_are
from db.outbox.messages import Item, items_of
from db.outbox.record import finish
from db.outbox.states import REVOCABLE
from db.register import chats_of, rooms, why_dead
from db.whoever import is_open
from db.words import ChatRole, DeliveryState, NoticeKind, Reason

B = TypeVar("B", bound=Body)


class Further(TypedDict, total=False):
    """What may be said of a notice beside its kind, as ``values`` takes it."""

    campaign_id: int | None
    day: date | None
    not_before: datetime | None
    reply_to: str | None
    resend_of: int | None
    broadcast_id: int | None


class Told(Further, total=False):
    """A notice as it is enqueued, whoever it is for."""

    now: Required[datetime]
    kind: Required[NoticeKind]
    reason: Required[Reason]
    body: Body | None


class ToldOf(Told, total=False):
    """The same, with what it speaks of."""

    items: Sequence[Item]


def enqueue(
    session: Session,
    *,
    chat_id: int | None,
    unit_id: int | None = None,
    items: Sequence[Item] = (),
    **notice: Unpack[Told],
) -> Notice:
    """Add one notice inside the caller's transaction, of what ``values`` takes."""
    queued = Notice(**values(session, chat_id=chat_id, unit_id=unit_id, **notice))
    session.add(queued)
    session.flush()
    put_items(session, queued, items, 0)
    return queued


def answer(
    session: Session,
    chat_id: int | None,
    body: ReplyBody,
    now: datetime,
    *,
    reason: Reason = Reason.ASKED,
    **notice: Unpack[Further],
) -> Notice:
    """Add what the program answers in a chat, as if it had been asked where no other ``reason`` is named."""
    return enqueue(session, now=now, kind=NoticeKind.REPLY, reason=reason, chat_id=chat_id, body=body, **notice)


def values(
    session: Session,
    *,
    now: datetime,
    kind: NoticeKind,
    reason: Reason,
    chat_id: int | None,
    unit_id: int | None = None,
    campaign_id: int | None = None,
    body: Body | None = None,
    day: date | None = None,
    not_before: datetime | None = None,
    reply_to: str | None = None,
    resend_of: int | None = None,
    broadcast_id: int | None = None,
) -> Row:
    """Return the row of a notice that is to be enqueued; without a chat it is kept as ``no_route``.

    ``day`` is the local day it counts against as an automatic message; None for what a person's act causes.
    """
    return {
        "campaign_id": campaign_id,
        "chat_id": chat_id,
        "unit_id": unit_id,
        "kind": kind,
        "reason": reason,
        "priority": KINDS[kind].priority,
        "automatic": day is not None,
        "day": day,
        "body_json": {} if body is None else stored.write(body),
        "reply_to": reply_to,
        "created_at": now,
        "not_before": not_before or now,
        "state": DeliveryState.QUEUED if chat_id is not None else DeliveryState.NO_ROUTE,
        "why": None if chat_id is not None else _why_no_route(session, unit_id),
        "resend_of": resend_of,
        "broadcast_id": broadcast_id,
    }


def _why_no_route(session: Session, unit_id: int | None) -> str:
    """Say why nothing reaches a unit: it has no chat, or what its chats suffer from."""
    reasons = [] if unit_id is None else why_dead(session, unit_id)
    return "；".join(dict.fromkeys(reasons)) or Reason.NO_ROUTE.zh


def put_items(session: Session, notice: Notice, items: Sequence[Item], first: int) -> None:
    if items:
        add_rows(session, NoticeItem, item_rows(notice.id, items, first))
        _PENDING.forget(session)


def item_rows(notice_id: int, items: Sequence[Item], first: int) -> list[Row]:
    """Return the rows of what a notice is to speak of, from position ``first`` on."""
    return [
        {
            "notice_id": notice_id,
            "assignment_id": item.assignment_id,
            "position": position,
            "rule": item.rule,
            "kind": item.kind,
            "reason": item.reason,
            "asks_receipt": item.asks_receipt,
        }
        for position, item in enumerate(items, first)
    ]


def tell_unit(session: Session, unit_id: int, **notice: Unpack[ToldOf]) -> list[Notice]:
    """Enqueue the same notice for every living chat of a unit, or once without a route; none for whoever is nobody in particular."""
    if is_open(session.get_one(Unit, unit_id).name):
        return []
    chats: list[int | None] = [chat.id for chat in chats_of(session, unit_id)]
    return [enqueue(session, chat_id=chat, unit_id=unit_id, **notice) for chat in chats or [None]]


def tell_room(session: Session, role: ChatRole, **notice: Unpack[ToldOf]) -> list[Notice]:
    """Enqueue the same notice for every room of that role, or once without a route."""
    chats: list[int | None] = [chat.id for chat in rooms(session, role)]
    return [enqueue(session, chat_id=chat, **notice) for chat in chats or [None]]


def add_items(session: Session, notice: Notice, items: Sequence[Item]) -> None:
    """Let a notice speak of more, each once."""
    known = set(session.exec(select(NoticeItem.assignment_id).where(NoticeItem.notice_id == notice.id)))
    fresh = [item for item in items if item.assignment_id not in known]
    put_items(session, notice, fresh, len(known))


def body_to_change(session: Session, notice: Notice, of: type[B]) -> B:
    """Lock a notice and return its body as it now is: others write there too, and each writes back the whole of it.

    Every change of the body of a notice that others may know begins here; after the assignment's lock, as acts do.
    """
    session.flush()
    locking.hold(session, [notice])
    return notice.body_as(of)


def withdraw(session: Session, assignment_id: int, why: Reason, kinds: Iterable[NoticeKind] | None = None) -> None:
    """Withdraw what is pending for an assignment (only of ``kinds`` where given), in the caller's transaction.

    A notice that has nothing left to say is withdrawn whole. What is pending is locked as it is found: what a program takes on
    its way meanwhile would else go out and count as withdrawn.
    """
    meant = set(NoticeKind if kinds is None else kinds)
    pending = _PENDING.answer(session, assignment_id, lambda: _pending_of(session, [assignment_id])[assignment_id])
    touched = set()
    for item in pending:
        if item.kind in meant and item.withdrawn_why is None:
            item.withdrawn_why = why
            touched.add(item.notice_id)
    if touched:
        session.flush()
    for notice_id in touched:
        drop_if_empty(session, session.get_one(Notice, notice_id), why)


def pending_ahead(session: Session, assignments: Collection[int]) -> None:
    """Find what is pending for all of these assignments at once, in case it is to be withdrawn."""
    _PENDING.learn(session, _pending_of(session, assignments))


def _pending_of(session: Session, assignments: Collection[int]) -> dict[int, list[NoticeItem]]:
    found: dict[int, list[NoticeItem]] = {number: [] for number in assignments}
    for item in session.scalars(_PENDING_OF, {"assignments": list(assignments)}):
        found[item.assignment_id].append(item)
    return found


_PENDING: Ahead[int, list[NoticeItem]] = Ahead()
_PENDING_OF = (
    select(NoticeItem)
    .join(Notice, col(Notice.id) == NoticeItem.notice_id)
    .where(
        among(col(NoticeItem.assignment_id), "assignments"),
        col(NoticeItem.withdrawn_why).is_(None),
        col(Notice.state).in_(REVOCABLE),
    )
    .order_by(col(Notice.id))
    .with_for_update(key_share=True, of=table_of(Notice))
)


def call_off(session: Session, notices: Sequence[Notice], now: datetime, why: str) -> None:
    """Withdraw those of these notices that still wait; what was taken on its way since they were read goes out."""
    waiting = [notice for notice in notices if notice.state in REVOCABLE]
    session.flush()
    locking.hold(session, waiting)
    for notice in waiting:
        if notice.state in REVOCABLE:
            finish(notice, DeliveryState.WITHDRAWN, now, why)


def drop_if_empty(session: Session, notice: Notice, why: Reason) -> bool:
    """Withdraw a notice whose every item was withdrawn; tell whether it was."""
    left = session.exec(
        select(NoticeItem.assignment_id).where(
            NoticeItem.notice_id == notice.id, col(NoticeItem.withdrawn_why).is_(None)
        )
    ).first()
    if left is not None:
        return False
    notice.state, notice.why, notice.lease_until = DeliveryState.WITHDRAWN, why.zh, None
    return True


def waiting_of(session: Session, campaign_id: int) -> int:
    """Return how many notices of a campaign still wait to go out, changes of older ones not counted."""
    query = select(func.count()).where(Notice.campaign_id == campaign_id, col(Notice.state).in_(REVOCABLE))
    return session.exec(query).one()


def withdraw_campaign(session: Session, campaign_id: int) -> None:
    """Withdraw what waits for a campaign that is over, changes of older messages too, in the caller's transaction.

    A message that also speaks of another campaign goes out without the items of this one.
    """
    leave_as_they_are(session, select(Notice.id).where(Notice.campaign_id == campaign_id))
    theirs = select(Assignment.id).where(Assignment.campaign_id == campaign_id)
    waiting = select(Notice.id).where(col(Notice.state).in_(REVOCABLE))
    named = select(NoticeItem.notice_id).where(col(NoticeItem.assignment_id).in_(theirs))
    live = select(NoticeItem.notice_id).where(col(NoticeItem.withdrawn_why).is_(None))
    session.flush()
    session.execute(
        update(NoticeItem)
        .where(
            col(NoticeItem.assignment_id).in_(theirs),
            col(NoticeItem.notice_id).in_(waiting),
            col(NoticeItem.withdrawn_why).is_(None),
        )
        .values(withdrawn_why=Reason.OVER)
    )
    session.execute(
        update(Notice)
        .where(
            col(Notice.state).in_(REVOCABLE),
            or_(col(Notice.campaign_id) == campaign_id, col(Notice.id).in_(named)),
            col(Notice.id).not_in(live),
        )
        .values(state=DeliveryState.WITHDRAWN, why=Reason.OVER.zh, lease_until=None)
    )


def again(
    session: Session, notice: Notice, now: datetime, *, chat_id: int | None = None, resend_of: int | None = None
) -> Notice:
    """Enqueue the same once more, for another chat or as sent again where that is said; what it speaks of no longer is left out."""
    made = enqueue(
        session,
        now=now,
        kind=notice.kind,
        reason=notice.reason,
        chat_id=notice.chat_id if chat_id is None else chat_id,
        unit_id=notice.unit_id,
        campaign_id=notice.campaign_id,
        items=[
            Item(item.assignment_id, item.kind, item.reason, item.rule, item.asks_receipt)
            for item, _assignment in items_of(session, notice.id)
        ],
        day=notice.day,
        broadcast_id=notice.broadcast_id,
        resend_of=notice.resend_of if resend_of is None else resend_of,
    )
    made.body_json = notice.body_json  # as it is kept: what cannot be read fails where that is told
    return made
