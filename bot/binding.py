"""Binding: a one-time code makes a chat a unit's, or a person a coordinator or leader. Nothing else unbound is heard."""

import re
from datetime import datetime

from sqlmodel import Session

from bot.message import Incoming
from db import outbox, register
from db.models import Chat, Inbound
from db.register import RegisterError
from db.words import NoticeKind, Rank, Reason
from jobs.desk import Desk
from jobs.render import say

_BIND = re.compile(r"^(?:@\S+\s+)*(?:/?(?:绑定|bind|start)(?:@\w+)?)\s*[:：]?\s*([A-Za-z0-9]{6,16})\s*$", re.IGNORECASE)


def wants(text: str) -> bool:
    """Tell whether a message hands in a code."""
    return bool(_BIND.match(text.strip()))


def bind(session: Session, desk: Desk, incoming: Incoming, inbound: Inbound, now: datetime) -> str:
    """Use the code that a message hands in; a wrong one is answered in one line."""
    match = _BIND.match(incoming.text.strip())
    assert match is not None, "wants() has said yes"
    chat = register.ensure_chat(session, incoming.channel, incoming.chat, incoming.chat_title)
    person = register.person_of(session, incoming.channel, incoming.person, incoming.person_name)
    inbound.chat_id, inbound.person_id = chat.id, person.id
    redeemed = register.redeem(session, match[1], now)
    if redeemed is None:
        return _reply(session, chat, incoming, now, "bad_code")
    if redeemed.unit is None:
        register.appoint(session, person, redeemed.rank, None, now)
        return _reply(session, chat, incoming, now, "appointed", who=person.name, rank=redeemed.rank.zh)
    try:
        register.bind(session, redeemed.unit, chat)
    except RegisterError as error:
        return _reply(session, chat, incoming, now, "refused", why=str(error))
    if redeemed.rank is Rank.CONTACT:
        register.appoint(session, person, Rank.CONTACT, redeemed.unit, now)
    _reply(session, chat, incoming, now, "bound", what=redeemed.unit.name, rank="unit")
    outbox.release(session, redeemed.unit.id or 0, chat, now)
    return "bound"


def tell_unbound(session: Session, incoming: Incoming, inbound: Inbound, now: datetime) -> str:
    """Say once in a chat that is bound to nobody how to bind it; whatever follows there is recorded in silence."""
    chat = register.find_chat(session, incoming.channel, incoming.chat)
    if chat is not None:
        inbound.chat_id = chat.id
        return "unbound"
    chat = register.ensure_chat(session, incoming.channel, incoming.chat, incoming.chat_title)
    inbound.chat_id = chat.id
    return _reply(session, chat, incoming, now, "unbound")


def _reply(session: Session, chat: Chat, incoming: Incoming, now: datetime, name: str, **values: str) -> str:
    outbox.enqueue(
        session, now=now, kind=NoticeKind.REPLY, reason=Reason.ASKED, chat_id=chat.id,
        body={"text": say(name, **values)}, reply_to=incoming.message_id,
    )  # fmt: skip
    return name
