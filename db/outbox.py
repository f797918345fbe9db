"""The outbox: what was decided to be told, on its way out.

A notice is enqueued in the transaction of the decision. Delivery claims it with a lease that expires, marks it
as sending, sends it, and records what the service said. Between these steps only rows carry the state, so
that a crash anywhere leaves something that can be found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, or_, update
from sqlmodel import Session, col, select

from db.models import Assignment, Chat, Delivery, Notice, NoticeItem
from db.register import chats_of, rooms
from db.words import ChatRole, DeliveryState, NoticeKind, Reason

LEASE = timedelta(seconds=60)
"""How long a claim holds; longer than any channel's own time-out."""

PRIORITY = {
    NoticeKind.REPLY: 0,
    NoticeKind.RELAY: 1,
    NoticeKind.DECISION: 1,
    NoticeKind.VERIFY_REQUEST: 1,
    NoticeKind.SUMMONS: 2,
    NoticeKind.SUPERVISION: 2,
    NoticeKind.OVERDUE: 3,
    NoticeKind.FAILURE: 3,
    NoticeKind.DIGEST: 7,
    NoticeKind.BULLETIN: 7,
    NoticeKind.BROADCAST: 8,
}
"""Lower goes out first; what is not named here has 5."""

WAITING = (DeliveryState.QUEUED, DeliveryState.RETRYING)
"""States from which delivery claims."""

REVOCABLE = (*WAITING, DeliveryState.NO_ROUTE)
"""States in which a notice can still be withdrawn."""

_NO_RESEND = frozenset({NoticeKind.REMINDER, NoticeKind.RECEIPT_CHASE, NoticeKind.PROGRESS_QUERY, NoticeKind.CHECKIN,
                        NoticeKind.DIGEST, NoticeKind.REPLY})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One assignment that a notice is to speak of."""

    assignment_id: int
    kind: NoticeKind
    reason: Reason
    rule: str = ""
    asks_receipt: bool = False


def enqueue(
    session: Session,
    *,
    now: datetime,
    kind: NoticeKind,
    reason: Reason,
    chat_id: int | None,
    unit_id: int | None = None,
    campaign_id: int | None = None,
    items: Sequence[Item] = (),
    body: dict[str, Any] | None = None,
    day: date | None = None,
    not_before: datetime | None = None,
    reply_to: str | None = None,
    resend_of: int | None = None,
) -> Notice:
    """Add one notice inside the caller's transaction; without a chat it is kept as ``no_route``.

    ``day`` is the local day it counts against as an automatic message; None for what a person's act causes.
    """
    notice = Notice(
        campaign_id=campaign_id,
        chat_id=chat_id,
        unit_id=unit_id,
        kind=kind,
        reason=reason,
        priority=PRIORITY.get(kind, 5),
        automatic=day is not None,
        day=day,
        body=body or {},
        reply_to=reply_to,
        created_at=now,
        not_before=not_before or now,
        state=DeliveryState.QUEUED if chat_id is not None else DeliveryState.NO_ROUTE,
        why=None if chat_id is not None else Reason.NO_ROUTE.zh,
        resend_of=resend_of,
    )
    session.add(notice)
    session.flush()
    _add_items(session, notice, items, 0)
    return notice


def _add_items(session: Session, notice: Notice, items: Sequence[Item], first: int) -> None:
    rows = [
        {
            "notice_id": notice.id, "assignment_id": item.assignment_id, "position": position, "rule": item.rule,
            "kind": item.kind, "reason": item.reason, "asks_receipt": item.asks_receipt, "withdrawn_why": None,
        }
        for position, item in enumerate(items, first)
    ]  # fmt: skip
    if rows:
        session.execute(insert(NoticeItem), rows)


def tell_unit(session: Session, unit_id: int, **notice: Any) -> list[Notice]:
    """Enqueue the same notice for every living chat of a unit, or once without a route."""
    chats: list[int | None] = [chat.id for chat in chats_of(session, unit_id)]
    return [enqueue(session, chat_id=chat, unit_id=unit_id, **notice) for chat in chats or [None]]


def tell_room(session: Session, role: ChatRole, **notice: Any) -> list[Notice]:
    """Enqueue the same notice for every room of that role, or once without a route."""
    chats: list[int | None] = [chat.id for chat in rooms(session, role)]
    return [enqueue(session, chat_id=chat, **notice) for chat in chats or [None]]


def gather(
    session: Session, chat_id: int | None, kind: NoticeKind, day: date, items: Sequence[Item], **notice: Any
) -> Notice:
    """Add items to the day's waiting notice of that kind for a chat that only takes note, or enqueue the first.

    Rooms and lead units hear of many units' rungs: one message a day, not one a unit.
    """
    query = select(Notice).where(
        Notice.chat_id == chat_id, Notice.kind == kind, Notice.day == day, Notice.state == DeliveryState.QUEUED,
        Notice.campaign_id == notice["campaign_id"],
    )  # fmt: skip
    waiting = next((one for one in session.exec(query) if one.body.get("for_information")), None)
    if waiting is None:
        body = {"for_information": True}
        return enqueue(session, chat_id=chat_id, kind=kind, day=day, items=items, body=body, **notice)
    known = set(session.exec(select(NoticeItem.assignment_id).where(NoticeItem.notice_id == waiting.id)))
    fresh = [item for item in items if item.assignment_id not in known]
    _add_items(session, waiting, fresh, len(known))
    return waiting


# ---------------------------------------------------------------- withdrawing


def withdraw(session: Session, assignment_id: int, why: Reason, kinds: Iterable[NoticeKind] | None = None) -> None:
    """Withdraw what is pending for an assignment (only of ``kinds`` where given), in the caller's transaction.

    A notice that has nothing left to say is withdrawn whole.
    """
    query = (
        select(NoticeItem)
        .join(Notice, col(Notice.id) == NoticeItem.notice_id)
        .where(
            NoticeItem.assignment_id == assignment_id,
            col(NoticeItem.withdrawn_why).is_(None),
            col(Notice.state).in_(REVOCABLE),
        )
    )
    if kinds is not None:
        query = query.where(col(NoticeItem.kind).in_(list(kinds)))
    touched = set()
    for item in session.exec(query):
        item.withdrawn_why = why
        touched.add(item.notice_id)
    session.flush()
    for notice_id in touched:
        drop_if_empty(session, session.get_one(Notice, notice_id), why)


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


# ---------------------------------------------------------------- claiming


def claim(session: Session, now: datetime, worker: str, limit: int = 1) -> list[Notice]:
    """Lease up to ``limit`` notices that may be sent now, the most urgent first; call it in a writing transaction.

    On PostgreSQL rows that another worker holds are skipped; SQLite has one writer at a time.
    """
    query = (
        select(Notice)
        .join(Chat, col(Chat.id) == Notice.chat_id)
        .where(
            col(Notice.state).in_(WAITING),
            Notice.not_before <= now,
            or_(col(Notice.lease_until).is_(None), col(Notice.lease_until) < now),
            or_(col(Chat.not_before).is_(None), col(Chat.not_before) <= now),
        )
        .order_by(col(Notice.priority), col(Notice.id))
        .limit(limit)
        .with_for_update(skip_locked=True, of=Notice)
    )
    claimed = list(session.exec(query))
    for notice in claimed:
        notice.lease_until, notice.leased_by = now + LEASE, worker
    return claimed


def begin_sending(notice: Notice, parts: list[dict[str, Any]], now: datetime) -> None:
    """Mark a claimed notice as on its way; to be committed before the channel is called."""
    notice.state = DeliveryState.SENDING
    notice.parts = parts
    notice.tries += 1
    notice.lease_until = now + LEASE


def record_part(
    session: Session,
    notice: Notice,
    part: int,
    at: datetime,
    outcome: DeliveryState,
    message_id: str | None = None,
    why: str | None = None,
) -> None:
    """Write down one try to send one part."""
    assert notice.id is not None
    assert notice.chat_id is not None
    session.add(
        Delivery(
            notice_id=notice.id, chat_id=notice.chat_id, part=part, at=at, outcome=outcome,
            message_id=message_id, why=why,
        )
    )  # fmt: skip


def finish(notice: Notice, state: DeliveryState, now: datetime, why: str | None = None) -> None:
    """Bring a notice to rest in ``state``."""
    notice.state, notice.why, notice.lease_until, notice.leased_by = state, why, None, None
    if state is DeliveryState.SENT:
        notice.sent_at = now


def postpone(notice: Notice, until: datetime, why: str | None) -> None:
    """Give a notice back to the queue, to be tried again at ``until`` at the earliest."""
    notice.state, notice.why = DeliveryState.RETRYING, why
    notice.not_before, notice.lease_until, notice.leased_by = until, None, None


def abandoned(session: Session, now: datetime) -> list[Notice]:
    """Return notices that were being sent when their worker went away: nobody knows whether they arrived."""
    query = select(Notice).where(Notice.state == DeliveryState.SENDING, col(Notice.lease_until) < now)
    return list(session.exec(query.with_for_update(skip_locked=True)))


def may_resend(kind: NoticeKind) -> bool:
    """Tell whether a notice of unknown outcome is sent once more: from 催办 up, never a reminder."""
    return kind not in _NO_RESEND


def sent_parts(session: Session, notice_id: int) -> set[int]:
    """Return the parts of a notice that the service has accepted."""
    query = select(Delivery.part).where(Delivery.notice_id == notice_id, Delivery.outcome == DeliveryState.SENT)
    return set(session.exec(query))


def sent_since(session: Session, since: datetime, chat_id: int | None = None) -> list[datetime]:
    """Return the instants of tries after ``since``, oldest first; of one chat, or of all chats."""
    query = select(Delivery.at).where(Delivery.at > since).order_by(col(Delivery.at))
    if chat_id is not None:
        query = query.where(Delivery.chat_id == chat_id)
    return list(session.exec(query))


def automatic_today(session: Session, chat_id: int, day: date) -> int:
    """Count the automatic messages that a chat was given on one local day."""
    query = select(Notice.id).where(
        Notice.chat_id == chat_id,
        Notice.day == day,
        Notice.state != DeliveryState.WITHDRAWN,
    )
    return len(session.exec(query).all())


# ---------------------------------------------------------------- routes that come and go


def release(session: Session, unit_id: int, chat: Chat, now: datetime) -> Notice | None:
    """Turn what waited without a route into one catch-up message, now that the unit has a chat."""
    waiting = session.exec(
        select(Notice).where(Notice.unit_id == unit_id, Notice.state == DeliveryState.NO_ROUTE).order_by(col(Notice.id))
    ).all()
    items: dict[int, Item] = {}
    for notice in waiting:
        finish(notice, DeliveryState.WITHDRAWN, now, "并入补送")
        for row in session.exec(select(NoticeItem).where(NoticeItem.notice_id == notice.id)):
            if row.withdrawn_why is None:
                items[row.assignment_id] = Item(row.assignment_id, row.kind, row.reason, row.rule, True)
    if not items:
        return None
    return enqueue(
        session,
        now=now,
        kind=NoticeKind.CATCH_UP,
        reason=Reason.NO_ROUTE,
        chat_id=chat.id,
        unit_id=unit_id,
        campaign_id=waiting[-1].campaign_id,
        items=list(items.values()),
    )


def troubled(session: Session, limit: int = 20) -> list[Notice]:
    """Return the newest notices that could not go out or whose arrival nobody knows."""
    states = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.NO_ROUTE)
    query = select(Notice).where(col(Notice.state).in_(states)).order_by(col(Notice.id).desc()).limit(limit)
    return list(session.exec(query))


def mark_dead(chat: Chat, why: str) -> None:
    """Record that a route is dead; the coordinators are told once."""
    if chat.dead_why is None:
        chat.dead_why, chat.dead_told = why, False


def notice_of_message(session: Session, chat_id: int, message_id: str) -> Notice | None:
    """Find the notice that a message in a chat was a part of."""
    query = (
        select(Notice)
        .join(Delivery, col(Delivery.notice_id) == Notice.id)
        .where(Delivery.chat_id == chat_id, Delivery.message_id == message_id)
    )
    return session.exec(query).first()


def items_of(session: Session, notice_id: int) -> list[tuple[NoticeItem, Assignment]]:
    """Return what a notice still speaks of, in its order."""
    query = (
        select(NoticeItem, Assignment)
        .join(Assignment, col(Assignment.id) == NoticeItem.assignment_id)
        .where(NoticeItem.notice_id == notice_id, col(NoticeItem.withdrawn_why).is_(None))
        .order_by(col(NoticeItem.position))
    )
    return list(session.exec(query).all())


def lease_free(session: Session, worker: str) -> None:
    """Give back what a worker had claimed and not begun to send, so that a clean stop delays nothing."""
    session.execute(
        update(Notice)
        .where(col(Notice.leased_by) == worker, col(Notice.state).in_(WAITING))
        .values(lease_until=None, leased_by=None)
    )
