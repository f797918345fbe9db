"""Binding: a one-time code makes a chat a unit's or one of our rooms, or a person a coordinator or leader.

Nothing else unbound is heard. A coordinator may bind a group by naming the unit in it.
"""

import re
from datetime import datetime

from sqlmodel import Session

from bot import arrivals
from bot.message import Incoming
from bot.turn import Spoken
from db import outbox, register
from db.models import Chat, Inbound, Person, Unit
from db.register import RegisterError
from db.words import ChatRole, NoticeKind, Rank, Reason
from jobs.ports import Abilities
from jobs.render import say

_BIND = re.compile(r"^(?:@\S+\s+)*(?:/?(?:绑定|bind|start)(?:@\w+)?)\s*[:：]?\s*([A-Za-z0-9]{6,16})\s*$", re.IGNORECASE)
_BY_NAME = re.compile(r"^(?:@\S+\s+)*/?(?:绑定|bind)(?:@\w+)?\s*[:：]?\s*(\S+)\s*$", re.IGNORECASE)

ROOM_NAMES = {"协调室": ChatRole.COORDINATORS, "领导群": ChatRole.LEADERS}


def wants(text: str) -> bool:
    """Tell whether a message hands in a code."""
    return bool(_BIND.match(text.strip()))


def bind(session: Session, incoming: Incoming, inbound: Inbound, abilities: Abilities, now: datetime) -> Spoken:
    """Use the code that a message hands in; a wrong one is answered in one line."""
    match = _BIND.match(incoming.text.strip())
    assert match is not None, "wants() has said yes"
    chat, person = _who_and_where(session, incoming, inbound)
    redeemed = register.redeem(session, match[1], now)
    if redeemed is None:
        return _reply(session, chat, incoming, now, "bad_code")
    try:
        if redeemed.room is not None:
            return bind_room(session, redeemed.room, chat, incoming, abilities, now)
        if redeemed.unit is None or (incoming.private and redeemed.rank is not Rank.CONTACT):
            return _appoint(session, person, redeemed.rank, redeemed.unit, chat, incoming, now)
        if redeemed.rank is Rank.CONTACT and not incoming.anonymous:
            register.appoint(session, person, Rank.CONTACT, redeemed.unit, now)
        return bind_unit(session, redeemed.unit, chat, incoming, abilities, now)
    except RegisterError as error:
        return _reply(session, chat, incoming, now, "refused", why=str(error))


def names_a_unit(session: Session, incoming: Incoming) -> bool:
    """Tell whether a coordinator binds the group they speak in by naming a unit or a room."""
    if incoming.private or incoming.anonymous or not _BY_NAME.match(incoming.text.strip()):
        return False
    chat = register.find_chat(session, incoming.channel, incoming.chat)
    person = register.find_person(session, incoming.accounts, incoming.person)
    in_a_room = chat is not None and chat.role in (ChatRole.COORDINATORS, ChatRole.LEADERS)
    return register.coordinates(session, person) and not in_a_room


def bind_by_name(session: Session, incoming: Incoming, inbound: Inbound, abilities: Abilities, now: datetime) -> Spoken:
    """Bind the group that a coordinator speaks in to the unit or as the room that they name."""
    match = _BY_NAME.match(incoming.text.strip())
    assert match is not None, "names_a_unit() has said yes"
    chat, _person = _who_and_where(session, incoming, inbound)
    try:
        if match[1] in ROOM_NAMES:
            return bind_room(session, ROOM_NAMES[match[1]], chat, incoming, abilities, now)
        return bind_unit(session, register.get_unit(session, match[1]), chat, incoming, abilities, now)
    except RegisterError as error:
        return _reply(session, chat, incoming, now, "refused", why=str(error))


def bind_unit(
    session: Session, unit: Unit, chat: Chat, incoming: Incoming, abilities: Abilities, now: datetime
) -> Spoken:
    """Bind a chat to a unit, say so there, and let out what waited for it; raise ``RegisterError``."""
    register.bind(session, unit, chat)
    call_after(chat, unit.name, abilities)
    arrivals.withdraw_greeting(session, chat, now)
    spoken = _reply(session, chat, incoming, now, "bound", what=unit.name, rank="unit")
    outbox.release(session, unit.id or 0, chat, now)
    return spoken


def bind_room(
    session: Session, role: ChatRole, chat: Chat, incoming: Incoming, abilities: Abilities, now: datetime
) -> Spoken:
    """Make a chat one of our rooms and say so there; raise ``RegisterError``."""
    register.bind_room(session, role, chat)
    call_after(chat, role.zh, abilities)
    arrivals.withdraw_greeting(session, chat, now)
    return _reply(session, chat, incoming, now, "bound", what=role.zh, rank="room")


def call_after(chat: Chat, name: str, abilities: Abilities) -> None:
    """Call a chat after what it is bound to, where the service does not tell what it is called."""
    if not abilities.names:
        chat.title = name


def _appoint(
    session: Session, person: Person, rank: Rank, unit: Unit | None, chat: Chat, incoming: Incoming, now: datetime
) -> Spoken:
    if incoming.anonymous:
        return _reply(session, chat, incoming, now, "refused", why="请在与机器人的私聊中使用这个绑定码。")
    register.appoint(session, person, rank, unit, now)
    if incoming.private:
        chat.person_id = person.id
    return _reply(session, chat, incoming, now, "appointed", who=person.name, rank=rank.zh)


def tell_unbound(session: Session, incoming: Incoming, inbound: Inbound, abilities: Abilities, now: datetime) -> Spoken:
    """Refuse in one line who clearly speaks to the bot where nothing is bound; other talk there is recorded in silence."""
    known = register.find_chat(session, incoming.channel, incoming.chat)
    chat = known or register.ensure_chat(session, incoming.channel, incoming.chat, incoming.chat_title)
    inbound.chat_id = chat.id
    name = "stranger" if incoming.private else "unbound"
    if incoming.press is not None and abilities.toasts:
        return Spoken(name, say(name, bind=abilities.bind_word))
    if known is not None and not incoming.is_addressed:
        return Spoken("unheard")
    return _reply(session, chat, incoming, now, name, bind=abilities.bind_word)


def _who_and_where(session: Session, incoming: Incoming, inbound: Inbound) -> tuple[Chat, Person]:
    chat = register.ensure_chat(session, incoming.channel, incoming.chat, incoming.chat_title)
    person = register.person_of(session, incoming.accounts, incoming.person, incoming.person_name)
    inbound.chat_id, inbound.person_id = chat.id, person.id
    return chat, person


def _reply(session: Session, chat: Chat, incoming: Incoming, now: datetime, name: str, **values: str) -> Spoken:
    outbox.enqueue(
        session, now=now, kind=NoticeKind.REPLY, reason=Reason.ASKED, chat_id=chat.id,
        body={"text": say(name, **values)}, reply_to=incoming.message_id,
    )  # fmt: skip
    return Spoken(name)
