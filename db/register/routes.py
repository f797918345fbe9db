"""Routes: which chats reach which unit."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from db import locking
from db.ahead import Ahead
from db.many import among
from db.models import Appointment, Chat, Route, Unit
from db.register.units import RegisterError, require_named
from db.whoever import is_a_kind
from db.words import ChatRole, Rank

BOARD = "board"
"""The channel of what people do on the board: what it answers stands there, and nobody is reached by it."""


def bind(session: Session, unit: Unit, chat: Chat, *, fallback: bool = False) -> bool:
    """Make ``chat`` a route of ``unit``; tell whether that is new. A room of ours cannot serve a unit too.

    A ``fallback`` serves only while the unit's other chats are dead. A name that says nobody in particular has no chat.
    """
    require_named(unit)
    locking.hold(session, [chat])
    if chat.role not in (None, ChatRole.UNIT):
        raise RegisterError(f"“{chat.title}”是{chat.role.zh if chat.role else ''}，不能再绑定单位")
    chat.role = ChatRole.UNIT
    chat.dead_why, chat.dead_told = None, False
    known = session.get(Route, (unit.id, chat.id))
    if known is not None:
        known.fallback = fallback
        return False
    session.add(Route(unit_id=unit.id, chat_id=chat.id, fallback=fallback))
    session.flush()
    return True


def unbind(session: Session, unit: Unit, chat: Chat) -> bool:
    """Take a route away; tell whether there was one. A chat without any unit left is nobody's."""
    route = session.get(Route, (unit.id, chat.id))
    if route is None:
        return False
    session.delete(route)
    session.flush()
    if not units_of(session, chat.id):
        chat.role = None
    return True


def why_dead(session: Session, unit_id: int) -> list[str]:
    """Return what the dead chats of a unit suffer from."""
    query = (
        select(Chat.dead_why)
        .join(Route, col(Route.chat_id) == Chat.id)
        .where(Route.unit_id == unit_id, col(Chat.dead_why).is_not(None))
        .order_by(col(Chat.id))
    )
    return [why for why in session.exec(query) if why is not None]


def chats_of(session: Session, unit_id: int) -> list[Chat]:
    """Return the living chats in which a unit is reached: its own, or where none of those lives, its fallbacks."""
    return chats_in(routes_of(session, unit_id))


def chats_in(living: Sequence[tuple[Route, Chat]]) -> list[Chat]:
    """Return the chats in which a unit with these routes to living chats is reached."""
    own = [chat for route, chat in living if not route.fallback]
    return own or [chat for _route, chat in living]


def routes_of(session: Session, unit_id: int, *, dead: bool = False, own: bool = False) -> list[tuple[Route, Chat]]:
    """Return every route of a unit to a living chat, fallbacks too unless only its ``own`` are wanted; with ``dead`` also
    those to dead ones.
    """
    query = select(Route, Chat).join(Chat, col(Chat.id) == Route.chat_id).where(Route.unit_id == unit_id)
    if not dead:
        query = query.where(col(Chat.dead_why).is_(None))
    if own:
        query = query.where(col(Route.fallback).is_(False))
    return list(session.exec(query.order_by(col(Chat.id))).all())


def house_of(session: Session, chat_id: int | None) -> str:
    """Return for whom people speak in a chat: our room, or the units that it is bound to; "" for neither."""
    chat = session.get(Chat, chat_id) if chat_id is not None else None
    if chat is None:
        return ""
    if chat.role is not ChatRole.UNIT:
        return chat.role.zh if chat.role is not None else ""
    return "、".join(unit.name for unit in units_of(session, chat.id))


def units_of(session: Session, chat_id: int) -> list[Unit]:
    """Return the units that a chat serves."""
    return _SERVED.answer(session, chat_id, lambda: list(session.scalars(_UNITS, {"chat": chat_id})))


def units_ahead(session: Session, chats: Collection[int]) -> None:
    """Find the units of all of these chats at once."""
    served: dict[int, list[Unit]] = {chat: [] for chat in chats}
    for chat, unit in session.execute(_UNITS_OF_ALL, {"chats": list(chats)}):
        served[chat].append(unit)
    _SERVED.learn(session, served)


_SERVED: Ahead[int, list[Unit]] = Ahead()

_UNITS = (
    select(Unit)
    .join(Route, col(Route.unit_id) == Unit.id)
    .where(col(Route.chat_id) == bindparam("chat"))
    .order_by(col(Unit.id))
)
_UNITS_OF_ALL = (
    select_columns(col(Route.chat_id), Unit)
    .join(Unit, col(Unit.id) == Route.unit_id)
    .where(among(col(Route.chat_id), "chats"))
    .order_by(col(Unit.id))
)


def routes_by_unit(
    session: Session, units: Collection[int] | None = None, *, dead: bool = False
) -> dict[int, list[tuple[Route, Chat]]]:
    """Return the routes of every unit, or of these ``units``, at once, as ``routes_of`` gives them for one."""
    query = select(Route, Chat).join(Chat, col(Chat.id) == Route.chat_id).order_by(col(Chat.id))
    if units is not None:
        query = query.where(col(Route.unit_id).in_(units))
    found: dict[int, list[tuple[Route, Chat]]] = {}
    for route, chat in session.exec(query if dead else query.where(col(Chat.dead_why).is_(None))):
        found.setdefault(route.unit_id, []).append((route, chat))
    return found


def bound_units(session: Session) -> list[Unit]:
    """Return the units that have a living chat."""
    query = (
        select(Unit)
        .join(Route, col(Route.unit_id) == Unit.id)
        .join(Chat, col(Chat.id) == Route.chat_id)
        .where(col(Chat.dead_why).is_(None))
    )
    return list(session.exec(query.distinct().order_by(col(Unit.id))))


def leaders_chats(session: Session, unit_id: int) -> list[Chat]:
    """Return the private chats of a unit's own leaders."""
    return private_chats_of(session, unit_id, Rank.LEADER)


def private_chats_of(session: Session, unit_id: int, rank: Rank) -> list[Chat]:
    """Return the living private chats of those who hold a rank of a unit."""
    query = (
        select(Chat)
        .join(Appointment, col(Appointment.person_id) == Chat.person_id)
        .where(
            Appointment.unit_id == unit_id,
            Appointment.rank == rank,
            col(Appointment.ended_at).is_(None),
            col(Chat.dead_why).is_(None),
            Chat.channel != BOARD,
        )
        .order_by(col(Chat.id))
    )
    return list(session.exec(query))


def chats_that_steer(session: Session, channel: str) -> tuple[list[str], list[str]]:
    """Return a channel's rooms of ours, and the private chats of its coordinators, by the channel's own ids."""
    living = select(Chat.external_id).where(Chat.channel == channel, col(Chat.dead_why).is_(None))
    ours = living.where(col(Chat.role).in_([ChatRole.COORDINATORS, ChatRole.LEADERS]))
    private = living.join(Appointment, col(Appointment.person_id) == Chat.person_id).where(
        Appointment.rank == Rank.COORDINATOR, col(Appointment.unit_id).is_(None), col(Appointment.ended_at).is_(None)
    )
    return list(session.exec(ours)), list(session.exec(private))


def unbound_units(session: Session) -> list[Unit]:
    """Return the units without any living chat, of those that could have one: 各县区 is none of them."""
    bound = select(Route.unit_id).join(Chat, col(Chat.id) == Route.chat_id).where(col(Chat.dead_why).is_(None))
    without = session.exec(select(Unit).where(col(Unit.id).not_in(bound)).order_by(col(Unit.id)))
    return [unit for unit in without if not is_a_kind(unit.name)]
