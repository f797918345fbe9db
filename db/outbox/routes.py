"""What becomes of notices when a chat dies, lives again, or is bound."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from db.bodies import PaperBody
from db.kinds import KINDS, PAPERS
from db.models import Chat, Message, Notice, NoticeItem, Route
from db.outbox.changes import leave_as_they_are
from db.outbox.claim import LONGEST_ASKED, LONGEST_WAIT
from db.outbox.enqueue import again, enqueue
from db.outbox.messages import Item, is_answered, items_of, sent_parts
from db.outbox.record import finish
from db.outbox.states import WAITING
from db.register import chats_of, units_of
from db.words import DeliveryState, NoticeKind, Reason


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


def release(session: Session, unit_id: int, chat: Chat, now: datetime) -> Notice | None:
    """Turn what waited without a route into one catch-up message, now that the unit has a chat."""
    waiting = session.exec(
        select(Notice).where(Notice.unit_id == unit_id, Notice.state == DeliveryState.NO_ROUTE).order_by(col(Notice.id))
    ).all()
    items: dict[int, Item] = {}
    for notice in waiting:
        rows = session.exec(select(NoticeItem).where(NoticeItem.notice_id == notice.id)).all()
        whole = not rows or _is_issued(notice)  # nothing else will say it: of no task, or a signed paper
        if whole and not sent_parts(session, notice.id):
            notice.chat_id, notice.state, notice.why = chat.id, DeliveryState.QUEUED, None
            continue
        if whole:  # some of it went to a chat that is gone: the whole of it goes here
            again(session, notice, now, chat_id=chat.id)
        finish(notice, DeliveryState.WITHDRAWN, now, "并入补送")
        for row, assignment in () if whole else items_of(session, notice.id):
            answered = is_answered(assignment, notice.created_at)
            if not (answered and KINDS[row.kind].for_receipt):
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


def _is_issued(notice: Notice) -> bool:
    body = notice.legible
    return notice.kind in PAPERS and not (isinstance(body, PaperBody) and body.paper is None)  # nor what cannot be read


def revive(session: Session, chat: Chat, now: datetime, *, on_trial: bool = False) -> None:
    """A chat that could not be reached can be: what waited for it goes out as one message.

    ``on_trial`` nobody knows that yet: if it is dead still, the coordinators, who know, are not told again.
    """
    if chat.dead_why is None:
        return
    chat.dead_why, chat.dead_told = None, on_trial and chat.dead_told
    session.flush()
    for unit in units_of(session, chat.id):
        release(session, unit.id, chat, now)


def lose(session: Session, chat: Chat, why: str, now: datetime) -> None:
    """Record that a route is dead; what waited for its units is kept until they have a chat again.

    A unit that is reached in another chat has its own copy there.
    """
    mark_dead(chat, why)
    session.flush()
    leave_as_they_are(session, select(Message.notice_id).where(Message.chat_id == chat.id))
    query = select(Notice).where(Notice.chat_id == chat.id, col(Notice.state).in_(WAITING))
    for notice in session.exec(query).all():
        strand(session, notice, why, now)


def strand(session: Session, notice: Notice, why: str, now: datetime) -> None:
    """Bring a notice whose chat is dead to rest: it goes to the unit's fallback, is kept without a route, or is over."""
    if notice.unit_id is None:
        finish(notice, DeliveryState.FAILED, now, why)
        return
    chats = chats_of(session, notice.unit_id)
    if not chats:
        finish(notice, DeliveryState.NO_ROUTE, now, why)
        notice.chat_id = None
        return
    was_own = _is_own(session, notice.unit_id, session.get_one(Chat, notice.chat_id))
    if was_own != any(_is_own(session, notice.unit_id, chat) for chat in chats):  # the others have no copy of their own
        for chat in chats:
            again(session, notice, now, chat_id=chat.id)
        why = f"{why}；改由{'备用会话' if was_own else '单位的会话'}发送"
    finish(notice, DeliveryState.WITHDRAWN, now, why)


def _is_own(session: Session, unit_id: int, chat: Chat) -> bool:
    route = session.get(Route, (unit_id, chat.id))
    return route is None or not route.fallback


def mark_dead(chat: Chat, why: str) -> None:
    """Record that a route is dead; the coordinators are told once, not again of one that was on trial."""
    if chat.dead_why is None:
        chat.dead_why = why
