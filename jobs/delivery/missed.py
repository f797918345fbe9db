"""What was missed: a service that sends nothing again is followed by a question to the chats that may have spoken.

It is asked only after a while offline, and at most once a day and chat; who had said nothing need not answer.
"""

from datetime import datetime, time, timedelta

from sqlmodel import Session, col, select

from db import days, ledger, outbox, register
from db.bodies import AlarmBody, MissedBody
from db.ledger import Which
from db.models import Chat, Notice
from db.words import CampaignStatus, ChatRole, NoticeKind, Reason, State
from jobs.desk import Desk

UNCLOSED = frozenset(State) - {State.CLOSED}

AFTER = timedelta(minutes=10)
"""A shorter time offline is not worth a message to everybody."""


def ask(session: Session, desk: Desk, channel: str, service: str, gap: timedelta, now: datetime) -> int:
    """Ask the chats of a channel for what they said during the last ``gap``; return how many are asked.

    ``service`` is how people call the service that was away.
    """
    if gap < AFTER:
        return 0
    midnight = datetime.combine(ledger.local_day(now, desk.timezone), time(), desk.zone)
    query = select(Notice.chat_id).where(Notice.kind == NoticeKind.MISSED, Notice.created_at >= midnight)
    asked = set(session.exec(query))
    body = MissedBody(days.at(now - gap, desk.zone, now), days.at(now, desk.zone, now), service)
    may_have = _that_may_have_spoken(session, channel)
    chats = [chat for chat in may_have if chat.id not in asked]
    if len(chats) < len(may_have):
        outbox.tell_room(
            session,
            ChatRole.COORDINATORS,
            now=now,
            kind=NoticeKind.FAILURE,
            reason=Reason.CHANGED,
            body=AlarmBody(
                f"连接中断：{body.since}至{body.until}",
                f"原因：与{service}断开，其间的话没有收到。",
                f"{len(may_have) - len(chats)}个会话今天已问过一次，不再打扰；如在等重要答复，请用电话核实。",
            ),
        )
    for chat in chats:
        outbox.enqueue(session, now=now, kind=NoticeKind.MISSED, reason=Reason.CHANGED, chat_id=chat.id, body=body)
    return len(chats)


def _that_may_have_spoken(session: Session, channel: str) -> list[Chat]:
    """Return our rooms, people's private chats, and the chats of units that owe something in a running campaign."""
    query = select(Chat).where(Chat.channel == channel, col(Chat.dead_why).is_(None)).order_by(col(Chat.id))
    owing = {unit.id for unit in ledger.units(session, Which([CampaignStatus.ACTIVE], states=UNCLOSED))}

    def may_have(chat: Chat) -> bool:
        if chat.role is ChatRole.UNIT:
            return any(unit.id in owing for unit in register.units_of(session, chat.id))
        return chat.role is not None or chat.person_id is not None

    return [chat for chat in session.exec(query) if may_have(chat)]
