"""Arrivals: the bot comes into a chat and is removed from it, a group moves or is renamed."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.channels.incoming import Event, Incoming
from bot.dialogue.turn import Spoken
from db import outbox, register
from db.bodies import RelayBody, ReplyBody
from db.models import Chat, Inbound, Notice
from db.words import ChatRole, NoticeKind, Reason
from jobs.notices.render import say

GREETING_AFTER = timedelta(seconds=10)
"""A group that was added by a link is bound a moment later; one that is still unbound then is told how."""


def handle(session: Session, incoming: Incoming, inbound: Inbound, now: datetime) -> Spoken:
    """Take note of an event; what it changes and says is in the caller's transaction."""
    assert incoming.event is not None, "the dialogue hands over events only"
    if incoming.event is Event.UNREAD:
        return Spoken(f"{incoming.event.value}: {incoming.value}")
    known = register.find_chat(session, incoming.channel, incoming.chat)
    inbound.chat_id = known.id if known else None
    if incoming.event is Event.OPENED:
        person = register.find_person(session, incoming.accounts, incoming.person)
        known_here = person is not None and bool(register.ranks(session, person))
        return Spoken(incoming.event.value, say("opened", known=known_here))
    _HANDLERS[incoming.event](session, incoming, known, now)
    return Spoken(incoming.event.value)


def _joined(session: Session, incoming: Incoming, known: Chat | None, now: datetime) -> None:
    chat = known or register.ensure_chat(session, incoming.channel, incoming.chat, incoming.chat_title)
    chat.title = incoming.chat_title
    was_here = known is not None and known.dead_why is None  # and has only been given other rights
    outbox.revive(session, chat, now)
    if chat.role is None and not incoming.private and not was_here:
        _greet(session, incoming, chat, now)


def heard_from(session: Session, incoming: Incoming, now: datetime) -> None:
    """Who speaks to us can be reached again, where the service does not tell when the bot comes and goes."""
    chat = register.find_chat(session, incoming.channel, incoming.chat)
    if chat is not None:
        outbox.revive(session, chat, now)


def _greet(session: Session, incoming: Incoming, chat: Chat, now: datetime) -> None:
    outbox.answer(
        session, chat.id, ReplyBody(say("joined", bind="/bind"), greeting=True), now, not_before=now + GREETING_AFTER
    )
    person = register.find_person(session, incoming.accounts, incoming.person)
    if register.coordinates(session, person):
        outbox.tell_room(
            session,
            ChatRole.COORDINATORS,
            now=now,
            kind=NoticeKind.RELAY,
            reason=Reason.CHANGED,
            not_before=now + GREETING_AFTER,
            body=RelayBody(new_chat=chat.id, title=chat.title, greeting=True),
        )


def withdraw_greeting(session: Session, chat: Chat, now: datetime) -> None:
    """A chat that is bound need not be told how to bind it, nor the coordinators that it is there."""
    query = select(Notice).where(
        col(Notice.state).in_(outbox.WAITING), col(Notice.kind).in_([NoticeKind.REPLY, NoticeKind.RELAY])
    )
    for notice in session.exec(query):
        body = notice.legible
        greets = isinstance(body, RelayBody | ReplyBody) and body.greeting
        newcomer = body.new_chat if isinstance(body, RelayBody) else notice.chat_id
        if greets and newcomer == chat.id:
            outbox.call_off(session, [notice], now, Reason.ANSWERED.zh)


def _left(session: Session, incoming: Incoming, known: Chat | None, now: datetime) -> None:
    if known is not None:
        outbox.lose(session, known, "对方已停用机器人" if incoming.private else "机器人已被移出群", now)


def _muted(session: Session, _incoming: Incoming, known: Chat | None, now: datetime) -> None:
    if known is not None:
        outbox.lose(session, known, "机器人在群里没有发言权限", now)


def _moved(session: Session, incoming: Incoming, known: Chat | None, now: datetime) -> None:
    if known is not None:
        register.move_chats(session, known, incoming.value)
        moved = register.find_chat(session, incoming.channel, incoming.value)
        if moved is not None:
            outbox.revive(session, moved, now)


def _renamed(_session: Session, incoming: Incoming, known: Chat | None, _now: datetime) -> None:
    if known is not None:
        known.title = incoming.value


_HANDLERS: dict[Event, Callable[[Session, Incoming, Chat | None, datetime], None]] = {
    Event.JOINED: _joined,
    Event.LEFT: _left,
    Event.MUTED: _muted,
    Event.MOVED: _moved,
    Event.RENAMED: _renamed,
}
