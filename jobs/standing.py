"""在办清单: one message a group that says what its units owe now, at the top where the service can, and kept true by edits.

It follows the record: whatever is written there of an assignment, by whomever, brings the lists of its unit's chats up to date;
so does a new day.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from db import ledger, locking, outbox
from db.bodies import WorkBody
from db.ledger import Line, Which
from db.models import Assignment, Chat, Delivery, History, Message, Notice, Setting
from db.register import routes_by_unit, units_of
from db.words import LIVING, OPEN_STATES, DeliveryState, NoticeKind, Reason, State

SHOWN = 12
"""How many assignments the list names; of more it tells the number."""

GATHERING = timedelta(seconds=20)
"""How long a change of the list waits for more of it."""

_SEEN = "standing_seen"
"""The last entry of the record that the lists follow, and the local day on which they were looked through."""

OWED = (*OPEN_STATES, State.REPORTED)


def mark_of(session: Session, today: str) -> tuple[str, str]:
    """Return up to where the lists have come, and where the record stands: they differ while something is to be done."""
    seen = session.get(Setting, _SEEN)
    newest = session.exec(select(func.max(History.id))).one() or 0
    return (seen.value if seen is not None else f"0 {today}"), f"{newest} {today}"


def keep(session: Session, pins: Collection[str], today: str, now: datetime) -> bool:
    """Bring the lists up to date of what the record has told since; a chat without one gets it. Tell whether anything was new.

    ``pins`` names the channels on which there are such lists, ``today`` is the local day. Of several programs on a store
    the first does it; the others wait for it, and find nothing new.
    """
    before, after = mark_of(session, today)
    if before == after:
        return False
    mark = locking.first_or_found(session, Setting(key=_SEEN, value=before))
    before, after = mark_of(session, today)
    if before == after:
        return False
    mark.value = after
    since, _, day = before.partition(" ")
    units = _all_units(session) if day != today else _units_in_the_record(session, int(since))
    chats = {chat.id: chat for some in routes_by_unit(session, units).values() for _route, chat in some}
    pinned = [chat for chat in chats.values() if chat.channel in pins]
    lists = _lists_of(session, [chat.id for chat in pinned])
    lost = _lost(session, [notice.id for notice in lists.values()])
    for chat in pinned:
        notice = lists.get(chat.id)
        if notice is None or notice.id in lost:
            _give(session, chat, now)
        else:
            outbox.refresh(session, notice, 1, now, told=True, after=GATHERING)
    return True


def owed_in(session: Session, chat_id: int) -> tuple[list[Line], list[ledger.Heap]]:
    """Return what the list of a chat names of what its units owe or have reported, the nearest day first, and the count of all
    of it: a unit may owe a thousand, of which a dozen are read.
    """
    theirs = [unit.id for unit in units_of(session, chat_id)]
    which = Which(LIVING, units=theirs, states=OWED, current=True)
    return ledger.lines(session, which, nearest=True, limit=SHOWN), ledger.heaps(session, which)


def is_out(session: Session, chat_id: int) -> bool:
    """Tell whether a chat has its list."""
    return bool(_lists_of(session, [chat_id]))


def _give(session: Session, chat: Chat, now: datetime) -> None:
    theirs = [unit.id for unit in units_of(session, chat.id)]
    if ledger.count(session, Which(LIVING, units=theirs, states=OWED)):
        outbox.enqueue(
            session,
            now=now,
            kind=NoticeKind.STANDING,
            reason=Reason.CHANGED,
            chat_id=chat.id,
            unit_id=theirs[0],
            body=WorkBody(for_information=True),
        )


_ALIVE = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.RETRYING, DeliveryState.SENT)


def _lists_of(session: Session, chats: Collection[int]) -> dict[int | None, Notice]:
    """Return the list that each of these chats has, or is about to get."""
    query = select(Notice).where(col(Notice.chat_id).in_(chats), Notice.kind == NoticeKind.STANDING)
    lists = session.exec(query.where(col(Notice.state).in_(_ALIVE)).order_by(col(Notice.id)))
    return {notice.chat_id: notice for notice in lists}


def _lost(session: Session, lists: Collection[int]) -> set[int]:
    """Return the lists that the service no longer has, since the last change of them was refused for good."""
    last = select(func.max(Delivery.id)).join(Message, col(Message.id) == col(Delivery.change_of))
    last = last.where(col(Message.notice_id).in_(lists)).group_by(col(Message.notice_id))
    query = select(Message.notice_id).join(Delivery, col(Message.id) == col(Delivery.change_of))
    return set(session.exec(query.where(col(Delivery.id).in_(last), Delivery.outcome == DeliveryState.FAILED)))


def _all_units(session: Session) -> list[int]:
    return list(session.exec(select(Assignment.unit_id).where(col(Assignment.state).in_(OWED)).distinct()))


def _units_in_the_record(session: Session, since: int) -> list[int]:
    """Return the units of which the record tells after an entry; of a whole campaign all that stand in it."""
    news = select(History.assignment_id, History.campaign_id).where(col(History.id) > since).distinct()
    told = session.exec(news).all()
    ones = {assignment for assignment, _campaign in told if assignment is not None}
    whole = {campaign for assignment, campaign in told if assignment is None}
    query = select(Assignment.unit_id).where(col(Assignment.id).in_(ones) | col(Assignment.campaign_id).in_(whole))
    return list(session.exec(query.distinct()))
