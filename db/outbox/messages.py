"""What went out: messages, their parts, what they spoke of."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, case, exists, func, or_, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import contains_eager
from sqlmodel import Session, col, select

from db.ahead import Ahead
from db.many import among
from db.models import Assignment, Campaign, Chat, Message, Notice, NoticeItem, Route, Unit, table_of
from db.outbox.states import REVOCABLE, WAITING
from db.stored import Json
from db.words import CampaignStatus, DeliveryState, NoticeKind, Reason, State


def sent_parts(session: Session, notice_id: int) -> set[int]:
    """Return the parts of a notice that the service has accepted."""
    return set(session.exec(_SENT_PARTS, params={"notice": notice_id}))


_SENT_PARTS = select(Message.part).where(Message.notice_id == bindparam("notice"), col(Message.out_at).is_not(None))


@dataclass(frozen=True, slots=True)
class Item:
    """One assignment that a notice is to speak of."""

    assignment_id: int
    kind: NoticeKind
    reason: Reason
    rule: str = ""
    asks_receipt: bool = False


class Begun(NamedTuple):
    """How far a notice in several messages has got: the last of them, the first that is not out and what it says; None
    where all are.
    """

    parts: int
    part: int | None
    sent: Json | None


def begun(session: Session, notices: Collection[int]) -> dict[int, Begun]:
    """Return those of these notices of which something is out."""
    return {number: Begun(*rest) for number, *rest in session.execute(_BEGUN, {"notices": list(notices)})}


_FAR = (
    select_columns(
        col(Message.notice_id),
        func.max(col(Message.part)).label("parts"),
        func.min(case((col(Message.out_at).is_(None), col(Message.part)))).label("part"),
    )
    .where(among(col(Message.notice_id), "notices"))
    .group_by(col(Message.notice_id))
    .having(func.count(col(Message.out_at)) > 0)
    .subquery()
)
_BEGUN = select_columns(*_FAR.c, col(Message.sent)).outerjoin(
    Message, (col(Message.notice_id) == _FAR.c.notice_id) & (col(Message.part) == _FAR.c.part)
)


def rewrite(session: Session, notice_id: int, part: int, sent: Json | None) -> None:
    """Let a message that is not out say something else, or, with None, never go out."""
    message = session.exec(select(Message).where(Message.notice_id == notice_id, Message.part == part)).one()
    if sent is None:
        session.delete(message)
    else:
        message.sent = sent
    session.flush()


def automatic_on(session: Session, chats: Iterable[int], days: Iterable[date]) -> dict[tuple[int, date], int]:
    """Count the automatic messages that each of these chats was given on each of these local days, where there were any."""
    query = (
        select_columns(col(Notice.chat_id), col(Notice.day), func.count())
        .where(
            col(Notice.chat_id).in_(sorted(set(chats))),
            col(Notice.day).in_(sorted(set(days))),
            col(Notice.state) != DeliveryState.WITHDRAWN,
        )
        .group_by(col(Notice.chat_id), col(Notice.day))
    )
    return {(chat, day): count for chat, day, count in session.execute(query)}


class Standing(NamedTuple):
    """How something that a notice speaks of stands: as what it is told, and its assignment; many of a notice stand alike."""

    kind: NoticeKind
    state: State
    due: date | None
    decision_pending: bool
    asked_at: datetime | None
    answered_at: datetime | None
    timezone: str
    status: CampaignStatus


def is_answered(assignment: Assignment | Standing, since: datetime) -> bool:
    """Tell whether the unit has answered for an assignment since something was decided to be said of it."""
    return assignment.answered_at is not None and assignment.answered_at >= since


def troubled(session: Session, limit: int = 20) -> list[Notice]:
    """Return the newest notices that could not go out or whose arrival nobody knows."""
    states = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.NO_ROUTE)
    over = select(Campaign.id).where(Campaign.status == CampaignStatus.ENDED)
    query = select(Notice).where(
        col(Notice.state).in_(states), or_(col(Notice.campaign_id).is_(None), col(Notice.campaign_id).not_in(over))
    )
    return list(session.exec(query.order_by(col(Notice.id).desc()).limit(limit)))


def notice_of_message(session: Session, chat_id: int, message_id: str) -> Notice | None:
    """Find the notice that a message in a chat was a part of."""
    found = find_message(session, chat_id, message_id)
    return found.notice if found is not None else None


def find_message(session: Session, chat_id: int, message_id: str) -> Message | None:
    """Find a message of ours by the id that its service gave it in a chat, and its notice with it."""
    asked = {"chat": chat_id, "message": message_id}
    return NAMED.answer(session, (chat_id, message_id), lambda: session.exec(_NAMED, params=asked).first())


NAMED: Ahead[tuple[int, str], Message | None] = Ahead()


_NAMED = (
    select(Message)
    .join(Notice, col(Notice.id) == Message.notice_id)
    .options(contains_eager(Message.notice))  # type: ignore[arg-type]
    .where(Message.chat_id == bindparam("chat"), Message.external_id == bindparam("message"))
)


def sent_lately(session: Session, chat_id: int, limit: int) -> list[tuple[Notice, Message]]:
    """Return the latest messages that a chat was sent and that can be named, the newest first."""
    query = (
        select(Notice, Message)
        .join(Message, col(Message.notice_id) == Notice.id)
        .where(Message.chat_id == chat_id, col(Message.external_id).is_not(None))
        .order_by(col(Message.out_at).desc(), col(Message.id).desc())
        .limit(limit)
    )
    return list(session.exec(query).all())


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


def spoken_of(session: Session, notice_id: int) -> list[int]:
    """Return the assignments of which a notice still speaks, by their numbers, in its order."""
    return [item.assignment_id for item in items_of_all(session, [notice_id]).get(notice_id, [])]


def items_of_all(session: Session, notices: Collection[int]) -> dict[int, list[Item]]:
    """Return what each of these notices still speaks of, in its order; of one that speaks of nothing, nothing."""
    found: dict[int, list[Item]] = {}
    for number, *item in session.execute(_ITEMS, {"notices": list(notices)}):
        found.setdefault(number, []).append(Item(*item))
    return found


_ITEMS = (
    select_columns(
        col(NoticeItem.notice_id),
        col(NoticeItem.assignment_id),
        col(NoticeItem.kind),
        col(NoticeItem.reason),
        col(NoticeItem.rule),
        col(NoticeItem.asks_receipt),
    )
    .where(among(col(NoticeItem.notice_id), "notices"), col(NoticeItem.withdrawn_why).is_(None))
    .order_by(col(NoticeItem.notice_id), col(NoticeItem.position))
)


def leave_out(session: Session, notice_id: int, whys: Mapping[int, Reason]) -> None:
    """Let a notice no longer speak of these assignments, and say why of each."""
    gone = [{"of": notice_id, "about": number, "because": why} for number, why in whys.items()]
    session.execute(_LEAVE_OUT, gone)


def ask_no_receipt(session: Session, notice_id: int, assignments: Collection[int]) -> None:
    """Let a notice ask for no receipt of these assignments."""
    session.execute(_ASK_NO_RECEIPT, [{"of": notice_id, "about": number} for number in assignments])


_ITEM = table_of(NoticeItem).c
_THIS = (_ITEM.notice_id == bindparam("of"), _ITEM.assignment_id == bindparam("about"))
_LEAVE_OUT = update(table_of(NoticeItem)).where(*_THIS).values(withdrawn_why=bindparam("because"))
_ASK_NO_RECEIPT = update(table_of(NoticeItem)).where(*_THIS).values(asks_receipt=False)


def standings(session: Session, notices: Collection[int]) -> dict[int, list[Standing]]:
    """Return how what each of these notices still speaks of stands, what stands alike once."""
    found: dict[int, list[Standing]] = {}
    for number, *stands in session.execute(_STANDINGS, {"notices": list(notices)}):
        found.setdefault(number, []).append(Standing(*stands))
    return found


_STANDINGS = (
    select_columns(
        col(NoticeItem.notice_id),
        col(NoticeItem.kind),
        *(getattr(Assignment, name) for name in Standing._fields[1:6]),
        col(Campaign.timezone),
        col(Campaign.status),
    )
    .join(Assignment, col(Assignment.id) == NoticeItem.assignment_id)
    .join(Campaign, col(Campaign.id) == Assignment.campaign_id)
    .where(among(col(NoticeItem.notice_id), "notices"), col(NoticeItem.withdrawn_why).is_(None))
    .distinct()
)


def chasing(session: Session, assignments: Sequence[int]) -> set[int]:
    """Return those of these assignments for which a chase of a receipt has not gone out yet."""
    return set(session.scalars(_CHASING, {"ids": list(assignments)})) if assignments else set()


_CHASING = (
    select_columns(col(NoticeItem.assignment_id))
    .join(Notice, col(Notice.id) == NoticeItem.notice_id)
    .where(
        among(col(NoticeItem.assignment_id), "ids"),
        col(NoticeItem.kind) == NoticeKind.RECEIPT_CHASE,
        col(NoticeItem.withdrawn_why).is_(None),
        col(Notice.state).in_((*REVOCABLE, DeliveryState.SENDING)),
    )
)


def sent_about(session: Session, assignment_id: int, kind: NoticeKind) -> list[Notice]:
    """Return the notices of a kind that speak of an assignment and are out."""
    query = (
        select(Notice)
        .join(NoticeItem, col(NoticeItem.notice_id) == Notice.id)
        .where(NoticeItem.assignment_id == assignment_id, Notice.kind == kind, Notice.state == DeliveryState.SENT)
    )
    return list(session.exec(query))


def waiting_in(session: Session, chat_id: int, kind: NoticeKind) -> list[Notice]:
    """Return the notices of a kind that still wait to go out to a chat."""
    query = select(Notice).where(Notice.chat_id == chat_id, Notice.kind == kind, col(Notice.state).in_(WAITING))
    return list(session.exec(query))


def answers_in(session: Session, chat_id: int, since: datetime) -> list[Notice]:
    """Return what was answered in a chat from ``since`` on (inclusive, UTC), in order."""
    query = select(Notice).where(
        Notice.chat_id == chat_id, Notice.kind == NoticeKind.REPLY, col(Notice.created_at) >= since
    )
    return list(session.exec(query.order_by(col(Notice.id))))


def unrendered_about(session: Session, assignment_id: int, kind: NoticeKind) -> list[Notice]:
    """Return the notices of a kind that speak of an assignment and of which no message is written yet, locked."""
    query = (
        select(Notice)
        .join(NoticeItem, col(NoticeItem.notice_id) == Notice.id)
        .where(
            NoticeItem.assignment_id == assignment_id,
            Notice.kind == kind,
            Notice.state == DeliveryState.QUEUED,
            col(NoticeItem.withdrawn_why).is_(None),
            Notice.tries == 0,
        )
        .with_for_update(key_share=True, of=Notice)
    )
    return list(session.exec(query))


def first_told(
    session: Session, *, ids: Collection[int] | None = None, campaign: int | None = None
) -> dict[int, datetime]:
    """Return of each of these assignments, or of a campaign's, when a message that spoke of it was first taken for a chat of its
    own unit (UTC); what never was is left out. One that may have arrived (``unknown``) counts from when it was decided.
    """
    theirs = exists().where(col(Route.chat_id) == col(Notice.chat_id), col(Route.unit_id) == col(Assignment.unit_id))
    query = (
        select_columns(
            col(NoticeItem.assignment_id), func.min(func.coalesce(col(Notice.sent_at), col(Notice.created_at)))
        )
        .join(Notice, col(Notice.id) == NoticeItem.notice_id)
        .join(Assignment, col(Assignment.id) == NoticeItem.assignment_id)
        .where(
            col(Notice.state).in_((DeliveryState.SENT, DeliveryState.UNKNOWN)),
            col(Notice.chat_id).is_not(None),
            col(NoticeItem.withdrawn_why).is_(None),
            or_(col(Notice.unit_id) == col(Assignment.unit_id), theirs),
        )
        .group_by(col(NoticeItem.assignment_id))
    )
    if ids is not None:
        query = query.where(col(NoticeItem.assignment_id).in_(ids))
    if campaign is not None:
        query = query.where(col(Assignment.campaign_id) == campaign)
    return {assignment: first for assignment, first in session.execute(query)}  # noqa: C416 - rows are no pairs of a type
