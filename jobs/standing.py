"""在办清单: one message a group that says what its units owe now, at the top where the service can, and kept true by edits.

It follows the record: whatever is written there of an assignment, by whomever, brings the lists of its unit's chats up to date;
so does a new day.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from db import ledger, outbox
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

    ``pins`` names the channels on which there are such lists, ``today`` is the local day.
    """
    before, after = mark_of(session, today)
    if before == after:
        return False
    session.merge(Setting(key=_SEEN, value=after))
    since, _, day = before.partition(" ")
    units = _all_units(session) if day != today else _units_in_the_record(session, int(since))
    chats = {chat.id: chat for some in routes_by_unit(session, units).values() for _route, chat in some}
    for chat in chats.values():
        if chat.channel in pins:
            _bring_up_to_date(session, chat, now)
    return True


def lines_of_chat(session: Session, chat_id: int) -> list[Line]:
    """Return what the units of a chat owe, or have reported, the nearest day first."""
    theirs = [unit.id for unit in units_of(session, chat_id)]
    which = Which(LIVING, units=theirs, states=OWED, current=True)
    return ledger.lines(session, which, nearest=True)


def is_out(session: Session, chat_id: int) -> bool:
    """Tell whether a chat has its list."""
    return _list_of(session, chat_id) is not None


def _bring_up_to_date(session: Session, chat: Chat, now: datetime) -> None:
    notice = _list_of(session, chat.id)
    if notice is None or _is_lost(session, notice):
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
    else:
        outbox.refresh(session, notice, 1, now, told=True, after=GATHERING)


_ALIVE = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.RETRYING, DeliveryState.SENT)


def _list_of(session: Session, chat_id: int) -> Notice | None:
    query = select(Notice).where(Notice.chat_id == chat_id, Notice.kind == NoticeKind.STANDING)
    return session.exec(query.where(col(Notice.state).in_(_ALIVE)).order_by(col(Notice.id).desc())).first()


def _is_lost(session: Session, notice: Notice) -> bool:
    """Tell whether the service no longer has the message, since the last change of it was refused for good."""
    query = select(Delivery.outcome).join(Message, col(Message.id) == col(Delivery.change_of))
    last = session.exec(query.where(Message.notice_id == notice.id).order_by(col(Delivery.id).desc())).first()
    return last is DeliveryState.FAILED


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
