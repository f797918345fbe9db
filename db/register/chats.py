"""Chats as the services know them, and the rooms among them."""

from sqlalchemy import bindparam, or_, update
from sqlmodel import Session, col, select

from db import locking
from db.models import Chat, Notice, Route
from db.register.routes import chats_of
from db.register.units import RegisterError, find_unit
from db.words import ChatRole


def find_chat(session: Session, channel: str, external_id: str) -> Chat | None:
    """Find one conversation on one channel."""
    return session.exec(_BY_ID, params={"channel": channel, "external": external_id}).first()


_BY_ID = select(Chat).where(Chat.channel == bindparam("channel"), Chat.external_id == bindparam("external"))


def ensure_chat(session: Session, channel: str, external_id: str, title: str) -> Chat:
    """Find a conversation or write it down, bound to nobody yet."""
    chat = find_chat(session, channel, external_id)
    if chat is None:
        chat = Chat(channel=channel, external_id=external_id, title=title)
        session.add(chat)
        session.flush()
    return chat


def siblings(session: Session, chat: Chat) -> list[Chat]:
    """Return a chat and, where it is a group or one of its topics, the group's other conversations."""
    group = chat.external_id.partition("/")[0]
    theirs = (col(Chat.external_id) > f"{group}/") & (col(Chat.external_id) < f"{group}0")  # "0" follows "/"
    query = select(Chat).where(Chat.channel == chat.channel, or_(col(Chat.external_id) == group, theirs))
    return list(session.exec(query))


def move_chats(session: Session, chat: Chat, to: str) -> None:
    """Follow a group to its new id, and its topics with it; within one group follow one topic alone.

    Where the new id is already known, the routes and what waits go there.
    """
    group = chat.external_id.partition("/")[0]
    if to.partition("/")[0] == group:
        _move_chat(session, chat, to)
        return
    for one in siblings(session, chat):
        _move_chat(session, one, to + one.external_id[len(group) :])


def _move_chat(session: Session, chat: Chat, to: str) -> None:
    known = find_chat(session, chat.channel, to)
    if known is None or known.id == chat.id:
        chat.external_id, chat.dead_why, chat.dead_told = to, None, False
        return
    for route in session.exec(select(Route).where(Route.chat_id == chat.id)).all():
        if session.get(Route, (route.unit_id, known.id)) is None:
            session.add(Route(unit_id=route.unit_id, chat_id=known.id))
        session.delete(route)
    known.role = known.role or chat.role
    session.execute(
        update(Notice)
        .where(col(Notice.chat_id) == chat.id, col(Notice.sent_at).is_(None))
        .values(chat_id=known.id)
        .execution_options(synchronize_session="fetch")
    )
    chat.role, chat.dead_why, chat.dead_told = None, f"已并入{known.title}", True
    session.flush()


def bind_room(session: Session, role: ChatRole, chat: Chat) -> None:
    """Make ``chat`` the coordinators' or the leaders' room."""
    locking.hold(session, [chat])
    if session.exec(select(Route).where(Route.chat_id == chat.id)).first() is not None:
        raise RegisterError(f"“{chat.title}”已绑定单位，不能再作{role.zh}")
    chat.briefed = chat.briefed and chat.role is role
    chat.role = role
    chat.dead_why, chat.dead_told = None, False
    session.flush()


def dead_on(session: Session, channel: str) -> list[Chat]:
    """Return the bound chats of a channel that cannot be reached."""
    query = select(Chat).where(Chat.channel == channel, col(Chat.dead_why).is_not(None), col(Chat.role).is_not(None))
    return list(session.exec(query.order_by(col(Chat.id))))


def on_trial(session: Session, channel: str) -> list[Chat]:
    """Return the chats of a channel that were dead, are tried again, and have not died since."""
    query = select(Chat).where(Chat.channel == channel, col(Chat.dead_why).is_(None), col(Chat.dead_told).is_(True))
    return list(session.exec(query))


def dead_chats(session: Session) -> list[Chat]:
    """Return the chats of ours that can no longer be reached."""
    query = select(Chat).where(col(Chat.dead_why).is_not(None), col(Chat.role).is_not(None)).order_by(col(Chat.id))
    return list(session.exec(query))


def rooms(session: Session, role: ChatRole) -> list[Chat]:
    """Return the living chats of that role (the coordinators' room, the leaders' room)."""
    return list(session.scalars(_ROOMS, {"role": role}))


_ROOMS = select(Chat).where(col(Chat.role) == bindparam("role"), col(Chat.dead_why).is_(None)).order_by(col(Chat.id))


def search_chats(session: Session, name: str) -> Chat | None:
    """Find a console chat by its id, its title or the name of a unit that it serves."""
    query = select(Chat).where(or_(col(Chat.external_id) == name, col(Chat.title) == name)).order_by(col(Chat.id))
    chat = session.exec(query).first()
    unit = find_unit(session, name) if chat is None else None
    if unit is not None:
        chat = next(iter(chats_of(session, unit.id)), None)
    return chat
