"""The outbox: what was decided to be told, on its way out.

A notice is enqueued in the transaction of the decision. Delivery claims it with a lease that expires, marks it
as sending, sends it, and records what the service said. Between these steps only rows carry the state, so
that a crash anywhere leaves something that can be found.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import case, func, insert, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from db import locking
from db.models import Assignment, Campaign, Chat, Delivery, Notice, NoticeItem, Route, Setting, Unit
from db.register import chats_of, rooms, units_of, why_dead
from db.words import CampaignStatus, ChatRole, DeliveryState, NoticeKind, Reason

LEASE = timedelta(seconds=60)
"""How long a claim holds, in real time; longer than any channel's own time-out."""

STRANGE_LEASE = 5 * LEASE
"""A lease that runs longer than this from now was given by a clock that ran ahead, and holds nobody."""

LONGEST_WAIT = timedelta(minutes=70)
"""No wait of our own is longer: an hour's pace, or an hour's back-off with what spreads it. What is said to wait longer
comes of a clock that ran ahead, and waits no more."""

LONGEST_ASKED = timedelta(days=1)
"""So long a service is left alone that asks for it; one that wants longer is asked once a day."""

PRIORITY = {
    NoticeKind.URGENT: 0,
    NoticeKind.REPLY: 0,
    NoticeKind.RELAY: 1,
    NoticeKind.DECISION: 1,
    NoticeKind.VERIFY_REQUEST: 1,
    NoticeKind.EVIDENCE: 1,
    NoticeKind.TALLY: 1,
    NoticeKind.SUMMONS: 2,
    NoticeKind.SUPERVISION: 2,
    NoticeKind.OVERDUE: 3,
    NoticeKind.FAILURE: 3,
    NoticeKind.DIGEST: 7,
    NoticeKind.BULLETIN: 7,
    NoticeKind.BROADCAST: 8,
}
"""Lower goes out first; what is not named here has 5."""

EDIT_PRIORITY = 6
"""Bringing an old message up to date comes after the day's messages and before what is for everybody."""

BEGUN = -1
"""What has begun is finished first: the later parts of a message in several."""

LOOK_FURTHER = 8
"""How many more rows than wanted a claim looks at, since it takes one a chat."""

STALE = "stale"
"""The key under which a notice's body keeps the parts that changed while they were on their way."""

WAITING = (DeliveryState.QUEUED, DeliveryState.RETRYING)
"""States from which delivery claims."""

REVOCABLE = (*WAITING, DeliveryState.NO_ROUTE)
"""States in which a notice can still be withdrawn."""

_NO_RESEND = frozenset({NoticeKind.REMINDER, NoticeKind.RECEIPT_CHASE, NoticeKind.PROGRESS_QUERY, NoticeKind.CHECKIN,
                        NoticeKind.REPLY, NoticeKind.TALLY, NoticeKind.EVIDENCE})  # fmt: skip


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
    broadcast_id: int | None = None,
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
        why=None if chat_id is not None else _why_no_route(session, unit_id),
        resend_of=resend_of,
        broadcast_id=broadcast_id,
    )
    session.add(notice)
    session.flush()
    _add_items(session, notice, items, 0)
    return notice


def _why_no_route(session: Session, unit_id: int | None) -> str:
    """Say why nothing reaches a unit: it has no chat, or what its chats suffer from."""
    reasons = [] if unit_id is None else why_dead(session, unit_id)
    return "；".join(dict.fromkeys(reasons)) or Reason.NO_ROUTE.zh


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
    add_items(session, waiting, items)
    return waiting


def add_items(session: Session, notice: Notice, items: Sequence[Item]) -> None:
    """Let a notice speak of more, each once."""
    known = set(session.exec(select(NoticeItem.assignment_id).where(NoticeItem.notice_id == notice.id)))
    fresh = [item for item in items if item.assignment_id not in known]
    _add_items(session, notice, fresh, len(known))


def body_to_change(session: Session, notice: Notice) -> dict[str, Any]:
    """Lock a notice and return its body as it now is: others write there too, and each writes back the whole of it.

    Every change of the body of a notice that others may know begins here; after the assignment's lock, as acts do.
    """
    session.flush()
    locking.hold(session, [notice])
    return notice.body


def refresh(
    session: Session, notice: Notice, part: int, now: datetime, *, told: bool = False, after: timedelta = timedelta()
) -> None:
    """Bring one message of a notice up to date at the service, once however often it is asked for meanwhile.

    What it is to say is found out when the edit goes out. A message that was not rendered yet needs none; one that is on
    its way is brought up to date as soon as it is out. ``told`` says that the chat knows already what changed, so that
    nothing is missing where the service cannot change messages. What changes all the time waits ``after`` for more of it.
    """
    if notice.chat_id is None:
        return
    if part not in sent_parts(session, notice.id or 0):
        if not notice.parts:
            return
        body = body_to_change(session, notice)
        if part not in sent_parts(session, notice.id or 0):  # nor did it go out while we waited for the row
            notice.body = {**body, STALE: sorted({*body.get(STALE, ()), part})}
            return
    session.flush()
    query = select(Notice).where(Notice.edit_of == notice.id, col(Notice.state).in_(WAITING))
    locked = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    for waiting in session.exec(locked):  # one that is being sent as we look is no longer among them, and shows less
        if waiting.body.get("part") == part:
            waiting.body = {"part": part, "told": bool(waiting.body.get("told")) and told}
            return
    edit = Notice(
        campaign_id=notice.campaign_id, chat_id=notice.chat_id, kind=notice.kind, reason=Reason.CHANGED,
        priority=EDIT_PRIORITY, body={"part": part, "told": told}, created_at=now, not_before=now + after,
        edit_of=notice.id,
    )  # fmt: skip
    session.add(edit)
    session.flush()


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


def waiting_of(session: Session, campaign_id: int) -> int:
    """Return how many notices of a campaign still wait to go out, changes of older ones not counted."""
    query = select(func.count()).where(
        Notice.campaign_id == campaign_id, col(Notice.state).in_(REVOCABLE), col(Notice.edit_of).is_(None)
    )
    return session.exec(query).one()


def withdraw_campaign(session: Session, campaign_id: int) -> None:
    """Withdraw what waits for a campaign that is over, changes of older messages too, in the caller's transaction.

    A message that also speaks of another campaign goes out without the items of this one.
    """
    theirs = select(Assignment.id).where(Assignment.campaign_id == campaign_id)
    waiting = select(Notice.id).where(col(Notice.state).in_(REVOCABLE))
    named = select(NoticeItem.notice_id).where(col(NoticeItem.assignment_id).in_(theirs))
    live = select(NoticeItem.notice_id).where(col(NoticeItem.withdrawn_why).is_(None))
    session.flush()
    session.execute(
        update(NoticeItem)
        .where(
            col(NoticeItem.assignment_id).in_(theirs), col(NoticeItem.notice_id).in_(waiting),
            col(NoticeItem.withdrawn_why).is_(None),
        )
        .values(withdrawn_why=Reason.OVER)
    )  # fmt: skip
    session.execute(
        update(Notice)
        .where(
            col(Notice.state).in_(REVOCABLE), or_(col(Notice.campaign_id) == campaign_id, col(Notice.id).in_(named)),
            col(Notice.id).not_in(live),
        )
        .values(state=DeliveryState.WITHDRAWN, why=Reason.OVER.zh, lease_until=None)
    )  # fmt: skip


# ---------------------------------------------------------------- claiming


class Claimed(NamedTuple):
    """A notice that was leased: only what the claim itself looked at, so that a row that cannot be read hinders no other."""

    id: int
    chat_id: int
    channel: str


@dataclass(frozen=True, slots=True)
class Room:
    """How many notices a channel takes now, and whether an urgent call finds a slot of its own beside them."""

    slots: int
    urgent: bool = False


def claim(
    session: Session, now: datetime, worker: str, limit: int = 1, free: Callable[[str], int] | None = None,
    rooms: Mapping[str, Room] | None = None, real: datetime | None = None,
) -> list[Claimed]:  # fmt: skip
    """Lease notices that may be sent at ``now``, the most urgent first; call it in a writing transaction.

    At most one a chat, and none of a chat to which something is on its way, so that a chat hears things in their
    order. With ``rooms`` each channel is asked for by itself and gives as many as it has room for, so that one that hangs
    or is full keeps no other waiting; without, up to ``limit`` of all together. ``free`` says how many a channel's own
    pace lets out. Leases and waits for a service run in ``real`` time, the same as ``now`` where none is given. On
    PostgreSQL rows that another worker holds are skipped; SQLite has one writer at a time.
    """
    real = real or now
    due = _due(now, real)
    claimed: list[Claimed] = []
    if rooms is None:
        claimed = _pick(session, due, limit, free)
    else:
        for channel, room in rooms.items():
            theirs = due.where(Chat.channel == channel)
            if room.slots > 0:
                claimed += _pick(session, theirs, room.slots, free)
            elif room.urgent:
                claimed += _pick(session, theirs.where(Notice.kind == NoticeKind.URGENT), 1, free)
    _lease(session, claimed, worker, real)
    return claimed


def claim_elsewhere(
    session: Session, now: datetime, worker: str, channels: Iterable[str], limit: int, real: datetime
) -> list[Claimed]:
    """Lease notices that are for none of these ``channels``, to say of them why they wait."""
    claimed = _pick(session, _due(now, real).where(col(Chat.channel).not_in(list(channels))), limit, None)
    _lease(session, claimed, worker, real)
    return claimed


def _due(now: datetime, real: datetime) -> Any:
    flying = select(Notice.chat_id).where(
        Notice.state == DeliveryState.SENDING, col(Notice.lease_until).between(real, real + STRANGE_LEASE)
    )
    return (
        select(Notice.id, Notice.chat_id, Chat.channel)
        .join(Chat, col(Chat.id) == Notice.chat_id)
        .where(
            col(Notice.state).in_(WAITING),
            Notice.not_before <= now,
            is_over(col(Notice.retry_at), real),
            or_(
                col(Notice.lease_until).is_(None),
                col(Notice.lease_until) < real,
                col(Notice.lease_until) > real + STRANGE_LEASE,
            ),
            is_over(col(Chat.not_before), now),
            is_taken(real),
            col(Notice.chat_id).not_in(flying),
        )
        .order_by(col(Notice.priority), col(Notice.id))
        .with_for_update(key_share=True, skip_locked=True, of=Notice)
    )


def is_over(until: Any, moment: datetime) -> Any:
    """Tell whether a wait is over at ``moment``; one that is longer than any of ours holds nobody."""
    return or_(until.is_(None), until <= moment, until > moment + LONGEST_WAIT)


def is_taken(real: datetime) -> Any:
    """Tell whether a chat's service takes messages; what a clock that ran ahead wrote down holds nobody."""
    asked: Any = func.coalesce(col(Chat.retry_from), col(Chat.retry_at))
    return or_(col(Chat.retry_at).is_(None), col(Chat.retry_at) <= real, asked > real + LONGEST_WAIT)


def _pick(session: Session, due: Any, limit: int, free: Callable[[str], int] | None) -> list[Claimed]:
    picked: dict[int, Claimed] = {}
    left: dict[str, int] = {}
    for row in session.execute(due.limit(limit * LOOK_FURTHER)):
        one = Claimed(*row)
        if one.channel not in left:
            left[one.channel] = free(one.channel) if free else limit
        if len(picked) < limit and left[one.channel] > 0 and one.chat_id not in picked:
            picked[one.chat_id] = one
            left[one.channel] -= 1
    return list(picked.values())


def _lease(session: Session, claimed: Sequence[Claimed], worker: str, real: datetime) -> None:
    if claimed:
        session.execute(
            update(Notice)
            .where(col(Notice.id).in_([one.id for one in claimed]))
            .values(lease_until=real + LEASE, leased_by=worker)
            .execution_options(synchronize_session=False)
        )


def next_at(
    session: Session, channels: Sequence[str] | None = None, real: datetime | None = None, now: datetime | None = None
) -> datetime | None:
    """Return when the first waiting notice may go out, as far as its own time and its chat's tell.

    Only what is for these ``channels`` counts. With ``real`` the waits for a service run on another clock than ``now``
    and the rest, and what still waits for one does not count.
    """
    waits = [col(Notice.not_before), col(Chat.not_before)]
    query = select(Notice.id).join(Chat, col(Chat.id) == Notice.chat_id).where(col(Notice.state).in_(WAITING))
    if real is None:
        waits += [col(Notice.retry_at), col(Chat.retry_at)]
    else:
        query = query.where(is_over(col(Notice.retry_at), real), is_taken(real))
    if now is not None:
        query = query.where(or_(col(Chat.not_before).is_(None), col(Chat.not_before) <= now + LONGEST_WAIT))
    if channels is not None:
        query = query.where(col(Chat.channel).in_(list(channels)))
    later: Any = waits[0]
    for wait in waits[1:]:
        later = case((wait > later, wait), else_=later)
    found: datetime | None = session.execute(query.with_only_columns(func.min(later))).scalar_one()
    return found


def begin_sending(
    session: Session, notice: Notice, parts: list[dict[str, Any]], part: int, now: datetime,
    real: datetime | None = None, lease: timedelta = LEASE,
) -> None:  # fmt: skip
    """Mark one part of a claimed notice as on its way; to be committed before the channel is called.

    ``now`` is when people will say that it was tried; the ``lease`` runs in ``real`` time, the same where none is given.
    """
    assert notice.id is not None
    assert notice.chat_id is not None
    real = real or now
    notice.state = DeliveryState.SENDING
    notice.parts = parts
    notice.tries += 1
    notice.tried_at = notice.tried_at or real
    notice.why = notice.retry_at = None
    notice.lease_until = real + lease
    session.add(Delivery(notice_id=notice.id, chat_id=notice.chat_id, part=part, at=now, outcome=DeliveryState.SENDING))


def is_this_try(notice: "Notice | About", tries: int) -> bool:
    """Tell whether a notice is still on its way by its try number ``tries``: else somebody has judged that one already."""
    return notice.state is DeliveryState.SENDING and notice.tries == tries


def record_part(
    session: Session, notice_id: int, outcome: DeliveryState, message_id: str | None = None, why: str | None = None
) -> None:
    """Write down what became of the part that is on its way."""
    session.execute(
        update(Delivery)
        .where(col(Delivery.notice_id) == notice_id, col(Delivery.outcome) == DeliveryState.SENDING)
        .values(outcome=outcome, message_id=message_id, why=why)
        .execution_options(synchronize_session=False)
    )


def go_on(notice: Notice) -> None:
    """Give a notice back whose next part is to follow."""
    notice.state, notice.priority = DeliveryState.QUEUED, BEGUN
    notice.lease_until, notice.leased_by = None, None


def finish(notice: Notice, state: DeliveryState, now: datetime, why: str | None = None) -> None:
    """Bring a notice to rest in ``state``."""
    notice.state, notice.why, notice.lease_until, notice.leased_by = state, why, None, None
    notice.retry_at = None
    if state is DeliveryState.SENT:
        notice.sent_at = now


def postpone(notice: Notice, until: datetime, why: str | None) -> None:
    """Give a notice back to the queue: ``why`` says what it waits for, ``until`` when it may go out at the earliest."""
    notice.state, notice.why = DeliveryState.RETRYING if notice.tries else DeliveryState.QUEUED, why
    notice.not_before, notice.lease_until, notice.leased_by = until, None, None


def try_again(notice: Notice, wait: timedelta, why: str | None, real: datetime) -> None:
    """Give a notice back that a service did not take: it is tried again after ``wait`` of real time."""
    notice.state, notice.why, notice.retry_at = DeliveryState.RETRYING, why, real + min(wait, LONGEST_WAIT)
    notice.lease_until, notice.leased_by = None, None


def rest_as(session: Session, notice_id: int, state: DeliveryState, why: str | None, **more: Any) -> None:
    """Bring a notice to rest whatever stands in its row, which is not read: it may be the row that is bad."""
    session.execute(
        update(Notice)
        .where(col(Notice.id) == notice_id)
        .values(state=state, why=why, lease_until=None, leased_by=None, **more)
        .execution_options(synchronize_session=False)
    )


def explain(session: Session, notice_id: int, until: datetime, why: str) -> None:
    """Give a claimed notice back that nobody here can send, and say why it waits."""
    session.execute(
        update(Notice)
        .where(col(Notice.id) == notice_id)
        .values(why=why, not_before=until, lease_until=None, leased_by=None)
        .execution_options(synchronize_session=False)
    )


class About(NamedTuple):
    """What can be said of a notice without reading the rest of its row."""

    kind: NoticeKind
    chat_id: int | None
    campaign_id: int | None
    edit_of: int | None
    state: DeliveryState
    tries: int


def about(session: Session, notice_id: int) -> About:
    """Return what can be said of a notice whose row may not be readable as a whole."""
    columns = (getattr(Notice, name) for name in About._fields)
    return About(*session.execute(select_columns(*columns).where(col(Notice.id) == notice_id)).one())


def abandoned(session: Session, real: datetime, flying: Collection[int] = ()) -> list[int]:
    """Return notices that were being sent when their worker went away: nobody knows whether they arrived.

    ``flying`` are those that the asking worker itself has on their way. Leases run in ``real`` time.
    """
    query = select(Notice.id).where(
        Notice.state == DeliveryState.SENDING,
        or_(col(Notice.lease_until) < real, col(Notice.lease_until) > real + STRANGE_LEASE),
        col(Notice.id).not_in(list(flying)),
    )
    return [number or 0 for number in session.exec(query.with_for_update(key_share=True, skip_locked=True))]


def may_resend(kind: NoticeKind) -> bool:
    """Tell whether a notice of unknown outcome is sent once more: from 催办 up, never a reminder."""
    return kind not in _NO_RESEND


def sent_parts(session: Session, notice_id: int) -> set[int]:
    """Return the parts of a notice that the service has accepted."""
    query = select(Delivery.part).where(Delivery.notice_id == notice_id, Delivery.outcome == DeliveryState.SENT)
    return set(session.exec(query))


def last_try(session: Session) -> datetime | None:
    """Return the instant of the last try to send anything, None where there was none."""
    return session.exec(select(func.max(Delivery.at))).one()


def tried_since(session: Session, since: datetime, chats: Sequence[int]) -> list[datetime]:
    """Return the instants of tries after ``since`` in these chats together, oldest first."""
    query = select(Delivery.at).where(Delivery.at > since, col(Delivery.chat_id).in_(chats)).order_by(col(Delivery.at))
    return list(session.exec(query))


def tried_on_channel(session: Session, since: datetime, channel: str) -> list[datetime]:
    """Return the instants of tries after ``since`` on one channel, oldest first, keeping other workers from counting.

    The channel's row is written first, so that two machines count one after the other.
    """
    key = f"pace:{channel}"
    if session.get(Setting, key, with_for_update={"key_share": True}) is None:
        session.add(Setting(key=key, value="held while counting"))
        session.flush()
    query = (
        select(Delivery.at)
        .join(Chat, col(Chat.id) == Delivery.chat_id)
        .where(Delivery.at > since, Chat.channel == channel)
        .order_by(col(Delivery.at))
    )
    return list(session.exec(query))


def hold(chats: Iterable[Chat], until: datetime) -> None:
    """Let nothing out to these chats before ``until``, as our own pace wants it: a chat and the other topics of its group."""
    for chat in chats:
        chat.not_before = until


def is_held(chat: Chat, now: datetime, real: datetime) -> bool:
    """Tell whether a chat waits for our pace or for its service; what runs ahead of all sense holds nobody."""
    ours = chat.not_before is not None and now < chat.not_before <= now + LONGEST_WAIT
    return ours or asked_until(chat, real) is not None


def asked_until(chat: Chat, real: datetime) -> datetime | None:
    """Return until when a chat's service wants nothing (real time), None where it takes messages."""
    if chat.retry_at is None or chat.retry_at <= real or (chat.retry_from or chat.retry_at) > real + LONGEST_WAIT:
        return None
    return chat.retry_at


def hold_for_service(chats: Iterable[Chat], wait: timedelta, real: datetime) -> None:
    """Let nothing out to these chats for ``wait`` of real time, since their service asked for it."""
    for chat in chats:
        chat.retry_at, chat.retry_from = real + min(wait, LONGEST_ASKED), real


# ---------------------------------------------------------------- what a chat was told


def automatic_today(session: Session, chat_id: int, day: date) -> int:
    """Count the automatic messages that a chat was given on one local day."""
    query = select(Notice.id).where(
        Notice.chat_id == chat_id,
        Notice.day == day,
        Notice.state != DeliveryState.WITHDRAWN,
    )
    return len(session.exec(query).all())


# ---------------------------------------------------------------- routes that come and go


FOR_A_RECEIPT = frozenset({NoticeKind.SLIP, NoticeKind.RECEIPT_CHASE})
"""Kinds with nothing left to say once the unit has answered."""


def is_answered(assignment: Assignment, since: datetime) -> bool:
    """Tell whether the unit has answered for an assignment since something was decided to be said of it."""
    return assignment.answered_at is not None and assignment.answered_at >= since


def release(session: Session, unit_id: int, chat: Chat, now: datetime) -> Notice | None:
    """Turn what waited without a route into one catch-up message, now that the unit has a chat."""
    waiting = session.exec(
        select(Notice).where(Notice.unit_id == unit_id, Notice.state == DeliveryState.NO_ROUTE).order_by(col(Notice.id))
    ).all()
    items: dict[int, Item] = {}
    for notice in waiting:
        rows = session.exec(select(NoticeItem).where(NoticeItem.notice_id == notice.id)).all()
        whole = not rows or "paper" in notice.body  # nothing else will say it: of no task, or a signed paper
        if whole and not sent_parts(session, notice.id or 0):
            notice.chat_id, notice.state, notice.why = chat.id, DeliveryState.QUEUED, None
            continue
        if whole:  # some of it went to a chat that is gone: the whole of it goes here
            again(session, notice, now, chat_id=chat.id)
        finish(notice, DeliveryState.WITHDRAWN, now, "并入补送")
        for row, assignment in () if whole else items_of(session, notice.id or 0):
            answered = is_answered(assignment, notice.created_at)
            if not (answered and row.kind in FOR_A_RECEIPT):
                items[row.assignment_id] = Item(row.assignment_id, row.kind, row.reason, row.rule, not answered)
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


def revive(session: Session, chat: Chat, now: datetime, *, on_trial: bool = False) -> None:
    """A chat that could not be reached can be: what waited for it goes out as one message.

    ``on_trial`` nobody knows that yet: if it is dead still, the coordinators, who know, are not told again.
    """
    if chat.dead_why is None:
        return
    chat.dead_why, chat.dead_told = None, on_trial and chat.dead_told
    session.flush()
    for unit in units_of(session, chat.id or 0):
        release(session, unit.id or 0, chat, now)


def lose(session: Session, chat: Chat, why: str, now: datetime) -> None:
    """Record that a route is dead; what waited for its units is kept until they have a chat again.

    A unit that is reached in another chat has its own copy there.
    """
    mark_dead(chat, why)
    session.flush()
    query = select(Notice).where(Notice.chat_id == chat.id, col(Notice.state).in_(WAITING))
    for notice in session.exec(query).all():
        strand(session, notice, why, now)


def strand(session: Session, notice: Notice, why: str, now: datetime) -> None:
    """Bring a notice whose chat is dead to rest: it goes to the unit's fallback, is kept without a route, or is over."""
    if notice.unit_id is None or notice.edit_of is not None:
        finish(notice, DeliveryState.WITHDRAWN if notice.edit_of else DeliveryState.FAILED, now, why)
        return
    chats = chats_of(session, notice.unit_id)
    if not chats:
        finish(notice, DeliveryState.NO_ROUTE, now, why)
        notice.chat_id = None
        return
    was_own = _is_own_route(session, notice)
    if was_own != any(_is_own(session, notice.unit_id, chat) for chat in chats):  # the others have no copy of their own
        for chat in chats:
            again(session, notice, now, chat_id=chat.id)
        why = f"{why}；改由{'备用会话' if was_own else '单位的会话'}发送"
    finish(notice, DeliveryState.WITHDRAWN, now, why)


def _is_own_route(session: Session, notice: Notice) -> bool:
    chat = session.get_one(Chat, notice.chat_id)
    return _is_own(session, notice.unit_id or 0, chat)


def _is_own(session: Session, unit_id: int, chat: Chat) -> bool:
    route = session.get(Route, (unit_id, chat.id))
    return route is None or not route.fallback


_OF_ONE_MESSAGE = frozenset({"marks", "shown", "handles", STALE})
"""What a notice's body keeps of the message that was sent, and a copy does not have."""


def again(session: Session, notice: Notice, now: datetime, **changes: Any) -> Notice:
    """Enqueue the same once more, with these ``changes``; what it speaks of no longer is left out."""
    items = [
        Item(item.assignment_id, item.kind, item.reason, item.rule, item.asks_receipt)
        for item, _assignment in items_of(session, notice.id or 0)
    ]
    body = {key: value for key, value in notice.body.items() if key not in _OF_ONE_MESSAGE}
    same: dict[str, Any] = {
        "kind": notice.kind, "reason": notice.reason, "chat_id": notice.chat_id, "unit_id": notice.unit_id,
        "campaign_id": notice.campaign_id, "items": items, "body": body, "day": notice.day,
        "broadcast_id": notice.broadcast_id, "resend_of": notice.resend_of,
    }  # fmt: skip
    return enqueue(session, now=now, **(same | changes))


def troubled(session: Session, limit: int = 20) -> list[Notice]:
    """Return the newest notices that could not go out or whose arrival nobody knows."""
    states = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.NO_ROUTE)
    over = select(Campaign.id).where(Campaign.status == CampaignStatus.ENDED)
    query = select(Notice).where(
        col(Notice.state).in_(states), or_(col(Notice.campaign_id).is_(None), col(Notice.campaign_id).not_in(over))
    )
    return list(session.exec(query.order_by(col(Notice.id).desc()).limit(limit)))


def mark_dead(chat: Chat, why: str) -> None:
    """Record that a route is dead; the coordinators are told once, not again of one that was on trial."""
    if chat.dead_why is None:
        chat.dead_why = why


def notice_of_message(session: Session, chat_id: int, message_id: str) -> Notice | None:
    """Find the notice that a message in a chat was a part of."""
    found = part_of_message(session, chat_id, message_id)
    return found[0] if found else None


def part_of_message(session: Session, chat_id: int, message_id: str) -> tuple[Notice, int] | None:
    """Find the notice that a message in a chat was a part of, and which part."""
    query = (
        select(Notice, Delivery.part)
        .join(Delivery, col(Delivery.notice_id) == Notice.id)
        .where(Delivery.chat_id == chat_id, Delivery.message_id == message_id, col(Notice.edit_of).is_(None))
        .order_by(col(Delivery.id).desc())  # a group that moved counts its messages anew
    )
    return session.exec(query).first()


def sent_lately(session: Session, chat_id: int, limit: int) -> list[tuple[Notice, int, str]]:
    """Return the latest messages that a chat was sent, the newest first: the notice, its part, the service's id."""
    query = (
        select(Notice, Delivery.part, Delivery.message_id)
        .join(Delivery, col(Delivery.notice_id) == Notice.id)
        .where(
            Delivery.chat_id == chat_id, Delivery.outcome == DeliveryState.SENT, col(Notice.edit_of).is_(None),
            col(Delivery.message_id).is_not(None),
        )
        .order_by(col(Delivery.at).desc(), col(Delivery.id).desc())
        .limit(limit)
    )  # fmt: skip
    return [(notice, part, str(message)) for notice, part, message in session.exec(query)]


def message_of_part(session: Session, notice_id: int, part: int) -> str | None:
    """Return the service's id of one part that it accepted."""
    query = select(Delivery.message_id).where(
        Delivery.notice_id == notice_id, Delivery.part == part, Delivery.outcome == DeliveryState.SENT
    )
    return session.exec(query).first()


def whom(session: Session, notice: Notice) -> str:
    """Return the name of the unit, else of the chat, that a notice is for; "" where it is for neither."""
    unit = session.get(Unit, notice.unit_id) if notice.unit_id else None
    chat = session.get(Chat, notice.chat_id) if notice.chat_id else None
    return unit.name if unit else chat.title if chat else ""


def items_of(session: Session, notice_id: int) -> list[tuple[NoticeItem, Assignment]]:
    """Return what a notice still speaks of, in its order."""
    query = (
        select(NoticeItem, Assignment)
        .join(Assignment, col(Assignment.id) == NoticeItem.assignment_id)
        .where(NoticeItem.notice_id == notice_id, col(NoticeItem.withdrawn_why).is_(None))
        .order_by(col(NoticeItem.position))
    )
    return list(session.exec(query).all())


def chasing(session: Session, assignments: Sequence[int]) -> set[int]:
    """Return those of these assignments for which a chase of a receipt has not gone out yet."""
    states = (*REVOCABLE, DeliveryState.SENDING)
    query = (
        select(NoticeItem.assignment_id)
        .join(Notice, col(Notice.id) == NoticeItem.notice_id)
        .where(
            col(NoticeItem.assignment_id).in_(assignments),
            NoticeItem.kind == NoticeKind.RECEIPT_CHASE,
            col(NoticeItem.withdrawn_why).is_(None),
            col(Notice.state).in_(states),
        )
    )
    return set(session.exec(query)) if assignments else set()


def sent_about(session: Session, assignment_id: int, kind: NoticeKind) -> list[Notice]:
    """Return the notices of a kind that speak of an assignment and are out."""
    query = (
        select(Notice)
        .join(NoticeItem, col(NoticeItem.notice_id) == Notice.id)
        .where(
            NoticeItem.assignment_id == assignment_id, Notice.kind == kind, Notice.state == DeliveryState.SENT,
            col(Notice.edit_of).is_(None),
        )
    )  # fmt: skip
    return list(session.exec(query))


def waiting_in(session: Session, chat_id: int, kind: NoticeKind) -> list[Notice]:
    """Return the notices of a kind that still wait to go out to a chat."""
    query = select(Notice).where(Notice.chat_id == chat_id, Notice.kind == kind, col(Notice.state).in_(WAITING))
    return list(session.exec(query))


def unrendered_about(session: Session, assignment_id: int, kind: NoticeKind) -> list[Notice]:
    """Return the notices of a kind that speak of an assignment and of which no message is written yet, locked."""
    query = (
        select(Notice)
        .join(NoticeItem, col(NoticeItem.notice_id) == Notice.id)
        .where(
            NoticeItem.assignment_id == assignment_id, Notice.kind == kind, Notice.state == DeliveryState.QUEUED,
            col(NoticeItem.withdrawn_why).is_(None), Notice.tries == 0, col(Notice.edit_of).is_(None),
        )
        .with_for_update(key_share=True, of=Notice)
    )  # fmt: skip
    return list(session.exec(query))


def lease_free(session: Session, worker: str) -> None:
    """Give back what a worker had claimed and not begun to send, so that a clean stop delays nothing."""
    session.execute(
        update(Notice)
        .where(col(Notice.leased_by) == worker, col(Notice.state).in_(WAITING))
        .values(lease_until=None, leased_by=None)
    )
