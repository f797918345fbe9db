"""The register: units with their other names and members, people with their accounts and ranks, chats and routes."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import literal, or_, update
from sqlmodel import Session, col, select

from db import locking
from db.models import Account, Appointment, Chat, Invite, Notice, Person, Route, Unit, UnitAlias, UnitMember
from db.naming import level_of, same_office
from db.plain import person_name
from db.words import ChatRole, Rank, Refusal

INVITE_LIFE = timedelta(hours=72)
"""How long a one-time code may be used."""

_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No letter or digit that can be mistaken for another when read out by telephone."""

_COLLECTIVE = re.compile(
    r"成员单位|^各|各(地|级|县|市|区|乡镇|有关|相关)|[级市省县区](有关|相关)(部门|单位)|县[（(]市、?区[)）]|(有关|相关)(部门|单位)$"
)
_SECOND_NAME = re.compile(r"[（(]([^（）()]{3,})[）)]$")


class RegisterError(Refusal):
    """Something in the register cannot be done; the message is one line for the person who asked."""


class Held(NamedTuple):
    """A rank that somebody holds: of one unit, or of the whole office where ``unit_id`` is None."""

    rank: Rank
    unit_id: int | None = None


# ---------------------------------------------------------------- units


def all_units(session: Session) -> list[Unit]:
    """Return every unit in the order in which they came."""
    return list(session.exec(select(Unit).order_by(col(Unit.id))))


def is_collective(name: str) -> bool:
    """Tell whether a printed name stands for several units (成员单位, 各县（市）区, 省级相关部门)."""
    return bool(_COLLECTIVE.search(name))


def find_unit(session: Session, name: str) -> Unit | None:
    """Find a unit by its name, a confirmed other name, its name without the bracket that gives a second one, or, where
    just one unit fits, by its usual abbreviation or with the place or level left out (DESIGN.md, section 8).
    """
    names = [name.strip(), _SECOND_NAME.sub("", name.strip())]
    for known in names:
        unit = session.exec(select(Unit).where(Unit.name == known)).first()
        if unit is None:
            alias = session.get(UnitAlias, known)
            unit = session.get(Unit, alias.unit_id) if alias else None
        if unit is not None:
            return unit
    return None if is_collective(name) else _by_office(session, names[-1])


def _by_office(session: Session, name: str) -> Unit | None:
    known = [*session.exec(select(Unit.name, Unit.id)), *session.exec(select(UnitAlias.name, UnitAlias.unit_id))]
    found = {number for other, number in known if same_office(name, other) and not is_collective(other)}
    return session.get(Unit, found.pop()) if len(found) == 1 else None


def get_unit(session: Session, name: str) -> Unit:
    """Find a unit; raise ``RegisterError`` with the nearest known names when there is none."""
    unit = find_unit(session, name)
    if unit is None:
        raise RegisterError(
            f"没有找到单位“{name}”{_nearest(session, name)}",
            terminal="；全部单位见 duban unit list",
        )
    return unit


def _nearest(session: Session, name: str) -> str:
    from rapidfuzz import process

    known = list(session.exec(select(Unit.name)))
    found = [match for match, _score, _at in process.extract(name, known, limit=3, score_cutoff=50)]
    return f"，是否指：{'、'.join(found)}" if found else ""


def ensure_unit(session: Session, name: str) -> Unit:
    """Find a unit or add it under the name as printed; a second name in brackets becomes an alias."""
    unit = find_unit(session, name)
    if unit is not None:
        return unit
    unit = Unit(name=name, collective=is_collective(name), level=level_of(name))
    session.add(unit)
    session.flush()
    second = _SECOND_NAME.search(name)
    if second and not unit.collective and find_unit(session, _SECOND_NAME.sub("", name)) is None:
        add_alias(session, unit, _SECOND_NAME.sub("", name))
    return unit


def add_alias(session: Session, unit: Unit, name: str, *, former: bool = False) -> None:
    """Remember another name of ``unit``, or that of a ``former`` office which it took over; raise ``RegisterError`` when
    the name already means another unit.
    """
    other = find_unit(session, name)
    if other is not None:
        if other.id != unit.id:
            raise RegisterError(f"“{name}”已是{other.name}的名称，不能再指{unit.name}")
        if name == unit.name or session.get(UnitAlias, name) is not None:
            return
    session.add(UnitAlias(name=name, unit_id=_id(unit.id), former=former))
    session.flush()


def aliases(session: Session, unit: Unit, *, former: bool = False) -> list[str]:
    """Return the other names of a unit, or those of the offices which it took over."""
    query = select(UnitAlias.name).where(UnitAlias.unit_id == unit.id, col(UnitAlias.former).is_(former))
    return list(session.exec(query.order_by(UnitAlias.name)))


def members(session: Session, unit: Unit) -> list[Unit]:
    """Return the members of a collective unit in the order of their names; empty until somebody said who they are."""
    query = (
        select(Unit)
        .join(UnitMember, col(UnitMember.member_id) == Unit.id)
        .where(UnitMember.collective_id == unit.id)
        .order_by(Unit.name)
    )
    return list(session.exec(query))


def set_members(session: Session, unit: Unit, names: list[str]) -> list[Unit]:
    """Say who the members of ``unit`` are, making it collective; returns those that are new."""
    unit.collective = True
    known = {member.id for member in members(session, unit)}
    new = []
    for name in names:
        member = ensure_unit(session, name)
        if member.id == unit.id:
            raise RegisterError(f"{unit.name}不能是它自己的成员")
        if member.id not in known:
            session.add(UnitMember(collective_id=_id(unit.id), member_id=_id(member.id)))
            known.add(member.id)
            new.append(member)
    session.flush()
    return new


# ---------------------------------------------------------------- people


def find_person(session: Session, channel: str, external_id: str) -> Person | None:
    """Find who holds an account."""
    query = select(Person).join(Account, col(Account.person_id) == Person.id)
    return session.exec(query.where(Account.channel == channel, Account.external_id == external_id)).first()


def person_of(session: Session, channel: str, external_id: str, name: str) -> Person:
    """Find who holds an account, or write the person down under the name that the service tells.

    Where it tells none, the account's id stands for it until somebody says the name.
    """
    known = find_person(session, channel, external_id)
    if known is not None:
        if known.nameless and name:
            rename(known, name)
        return known
    person = Person(name=person_name(name) or external_id, nameless=not name)
    session.add(person)
    session.flush()
    session.add(Account(person_id=_id(person.id), channel=channel, external_id=external_id))
    session.flush()
    return person


def name_of(session: Session, person_id: int | None) -> str:
    """Return what a person is called; "" of nobody."""
    person = session.get(Person, person_id) if person_id is not None else None
    return person.name if person is not None else ""


def rename(person: Person, name: str) -> None:
    """Call a person by the name that somebody has told."""
    person.name, person.nameless = person_name(name), False


def accounts_of_contacts(session: Session, unit_id: int, channel: str) -> list[str]:
    """Return the accounts that a unit's named contacts hold on a channel."""
    query = (
        select(Account.external_id)
        .join(Appointment, col(Appointment.person_id) == Account.person_id)
        .where(
            Appointment.unit_id == unit_id, Appointment.rank == Rank.CONTACT, col(Appointment.ended_at).is_(None),
            Account.channel == channel,
        )
        .order_by(col(Account.id))
    )  # fmt: skip
    return list(session.exec(query))


def appoint(session: Session, person: Person, rank: Rank, unit: Unit | None, now: datetime) -> None:
    """Give a person a rank: a contact of one unit, a coordinator of all, a leader of either; doing it twice changes nothing.

    Raise ``RegisterError`` for a contact without a unit and for a coordinator of one.
    """
    if rank is Rank.CONTACT and unit is None:
        raise RegisterError("联络员须写明单位")
    if rank is Rank.COORDINATOR and unit is not None:
        raise RegisterError("协调员不分单位，请不要写单位")
    unit_id = unit.id if unit else None
    locking.hold(session, [person])
    if not _appointment(session, person, rank, unit_id):
        session.add(Appointment(person_id=_id(person.id), rank=rank, unit_id=unit_id, since=now))
        session.flush()


def dismiss(session: Session, person: Person, rank: Rank | None, now: datetime) -> list[str]:
    """Take a rank, or every one, away from a person; return what they had, as people say it."""
    query = (
        select(Appointment, Unit.name)
        .join(Unit, col(Unit.id) == Appointment.unit_id, isouter=True)
        .where(Appointment.person_id == person.id, col(Appointment.ended_at).is_(None))
        .order_by(col(Appointment.id))
    )
    held = [(one, unit) for one, unit in session.exec(query) if rank is None or one.rank is rank]
    for appointment, _unit in held:
        appointment.ended_at = now
    session.flush()
    return [rank_of(appointment.rank, unit) for appointment, unit in held]


def rank_of(rank: Rank, unit: str | None) -> str:
    """Return a rank as people say it: 省经信厅联络员, 协调员."""
    return f"{unit or ''}{rank.zh}"


def coordinators(session: Session) -> list[Person]:
    """Return everybody who is a coordinator, each once."""
    appointed = select(Appointment.person_id).where(
        Appointment.rank == Rank.COORDINATOR,
        col(Appointment.unit_id).is_(None),
        col(Appointment.ended_at).is_(None),
    )
    return list(session.exec(select(Person).where(col(Person.id).in_(appointed)).order_by(col(Person.id))))


def private_chat(session: Session, person: Person, channel: str) -> Chat | None:
    """Return the private conversation with somebody on a channel, where there is one that lives."""
    query = select(Chat).where(Chat.person_id == person.id, Chat.channel == channel, col(Chat.dead_why).is_(None))
    return session.exec(query.order_by(col(Chat.id))).first()


def ranks(session: Session, person: Person) -> frozenset[Held]:
    """Return the ranks that a person holds now, each with its unit: only one without a unit gives rights over all."""
    query = select(Appointment.rank, Appointment.unit_id).where(
        Appointment.person_id == person.id, col(Appointment.ended_at).is_(None)
    )
    return frozenset(Held(Rank(rank), unit_id) for rank, unit_id in session.exec(query))


def office_ranks(held: Iterable[Held]) -> frozenset[Rank]:
    """Return those ranks that are held for the whole office."""
    return frozenset(one.rank for one in held if one.unit_id is None)


def coordinates(session: Session, person: Person | None) -> bool:
    """Tell whether somebody is a coordinator."""
    return person is not None and Held(Rank.COORDINATOR) in ranks(session, person)


def is_contact_of(session: Session, person: Person, unit_id: int) -> bool:
    """Tell whether a person is a named contact of the unit."""
    return _appointment(session, person, Rank.CONTACT, unit_id)


def units_held(session: Session, person: Person, rank: Rank) -> list[Unit]:
    """Return the units of which a person is a named contact, or a leader."""
    query = (
        select(Unit)
        .join(Appointment, col(Appointment.unit_id) == Unit.id)
        .where(Appointment.person_id == person.id, Appointment.rank == rank, col(Appointment.ended_at).is_(None))
        .order_by(col(Unit.id))
    )
    return list(session.exec(query))


def appointments(session: Session) -> list[tuple[Person, Rank, str | None]]:
    """Return everybody who holds a rank now, with their unit's name."""
    query = (
        select(Person, Appointment.rank, Unit.name)
        .join(Appointment, col(Appointment.person_id) == Person.id)
        .join(Unit, col(Unit.id) == Appointment.unit_id, isouter=True)
        .where(col(Appointment.ended_at).is_(None))
        .order_by(col(Person.id), col(Appointment.id))
    )
    return [(person, Rank(rank), unit) for person, rank, unit in session.exec(query)]


def accounts_of(session: Session, person: Person) -> list[str]:
    """Return the channels on which somebody has an account."""
    return list(session.exec(select(Account.channel).where(Account.person_id == person.id).distinct()))


def people_named(session: Session, name: str) -> list[Person]:
    """Return everybody of that name."""
    return list(session.exec(select(Person).where(Person.name == name)))


def _appointment(session: Session, person: Person, rank: Rank, unit_id: int | None) -> bool:
    query = select(Appointment.id).where(
        Appointment.person_id == person.id,
        Appointment.rank == rank,
        Appointment.unit_id == unit_id,
        col(Appointment.ended_at).is_(None),
    )
    return session.exec(query).first() is not None


# ---------------------------------------------------------------- chats and routes


def find_chat(session: Session, channel: str, external_id: str) -> Chat | None:
    """Find one conversation on one channel."""
    return session.exec(select(Chat).where(Chat.channel == channel, Chat.external_id == external_id)).first()


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
            session.add(Route(unit_id=route.unit_id, chat_id=_id(known.id)))
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


def bind(session: Session, unit: Unit, chat: Chat, *, fallback: bool = False) -> bool:
    """Make ``chat`` a route of ``unit``; tell whether that is new. A room of ours cannot serve a unit too.

    A ``fallback`` serves only while the unit's other chats are dead.
    """
    locking.hold(session, [chat])
    if chat.role not in (None, ChatRole.UNIT):
        raise RegisterError(f"“{chat.title}”是{chat.role.zh if chat.role else ''}，不能再绑定单位")
    chat.role = ChatRole.UNIT
    chat.dead_why, chat.dead_told = None, False
    known = session.get(Route, (unit.id, chat.id))
    if known is not None:
        known.fallback = fallback
        return False
    session.add(Route(unit_id=_id(unit.id), chat_id=_id(chat.id), fallback=fallback))
    session.flush()
    return True


def unbind(session: Session, unit: Unit, chat: Chat) -> bool:
    """Take a route away; tell whether there was one. A chat without any unit left is nobody's."""
    route = session.get(Route, (unit.id, chat.id))
    if route is None:
        return False
    session.delete(route)
    session.flush()
    if not units_of(session, chat.id or 0):
        chat.role = None
    return True


def bind_room(session: Session, role: ChatRole, chat: Chat) -> None:
    """Make ``chat`` the coordinators' or the leaders' room."""
    locking.hold(session, [chat])
    if session.exec(select(Route).where(Route.chat_id == chat.id)).first() is not None:
        raise RegisterError(f"“{chat.title}”已绑定单位，不能再作{role.zh}")
    chat.briefed = chat.briefed and chat.role is role
    chat.role = role
    chat.dead_why, chat.dead_told = None, False
    session.flush()


def why_dead(session: Session, unit_id: int) -> list[str]:
    """Return what the dead chats of a unit suffer from."""
    query = (
        select(Chat.dead_why)
        .join(Route, col(Route.chat_id) == Chat.id)
        .where(Route.unit_id == unit_id, col(Chat.dead_why).is_not(None))
        .order_by(col(Chat.id))
    )
    return [why for why in session.exec(query) if why is not None]


def dead_on(session: Session, channel: str) -> list[Chat]:
    """Return the bound chats of a channel that cannot be reached."""
    query = select(Chat).where(Chat.channel == channel, col(Chat.dead_why).is_not(None), col(Chat.role).is_not(None))
    return list(session.exec(query.order_by(col(Chat.id))))


def on_trial(session: Session, channel: str) -> list[Chat]:
    """Return the chats of a channel that were dead, are tried again, and have not died since."""
    query = select(Chat).where(Chat.channel == channel, col(Chat.dead_why).is_(None), col(Chat.dead_told).is_(True))
    return list(session.exec(query))


def chats_of(session: Session, unit_id: int) -> list[Chat]:
    """Return the living chats in which a unit is reached: its own, or where none of those lives, its fallbacks."""
    living = routes_of(session, unit_id)
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


def dead_chats(session: Session) -> list[Chat]:
    """Return the chats of ours that can no longer be reached."""
    query = select(Chat).where(col(Chat.dead_why).is_not(None), col(Chat.role).is_not(None)).order_by(col(Chat.id))
    return list(session.exec(query))


def units_of(session: Session, chat_id: int) -> list[Unit]:
    """Return the units that a chat serves."""
    query = select(Unit).join(Route, col(Route.unit_id) == Unit.id).where(Route.chat_id == chat_id)
    return list(session.exec(query.order_by(col(Unit.id))))


def unit_names(session: Session) -> list[tuple[str, Unit]]:
    """Return every name and confirmed other name of every unit."""
    units = {unit.id: unit for unit in all_units(session)}
    names = [(unit.name, unit) for unit in units.values()]
    return names + [(alias.name, units[alias.unit_id]) for alias in session.exec(select(UnitAlias))]


def named_in(session: Session, text: str) -> list[tuple[str, Unit]]:
    """Return the units whose name or alias stands in ``text``, each with that name, the longest names first."""

    def stands(name: Any) -> Any:
        return literal(text).like(literal("%").concat(name).concat("%"))

    by_name = session.exec(select(Unit.name, Unit).where(stands(col(Unit.name)))).all()
    by_alias = session.exec(
        select(UnitAlias.name, Unit).join(Unit, col(Unit.id) == UnitAlias.unit_id).where(stands(col(UnitAlias.name)))
    ).all()
    return sorted([*by_name, *by_alias], key=lambda pair: -len(pair[0]))


def routes_by_unit(session: Session, *, dead: bool = False) -> dict[int, list[tuple[Route, Chat]]]:
    """Return every unit's routes at once, as ``routes_of`` gives them for one."""
    query = select(Route, Chat).join(Chat, col(Chat.id) == Route.chat_id).order_by(col(Chat.id))
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
    query = (
        select(Chat)
        .join(Appointment, col(Appointment.person_id) == Chat.person_id)
        .where(
            Appointment.unit_id == unit_id, Appointment.rank == Rank.LEADER, col(Appointment.ended_at).is_(None),
            col(Chat.dead_why).is_(None),
        )
        .order_by(col(Chat.id))
    )  # fmt: skip
    return list(session.exec(query))


def chats_that_steer(session: Session, channel: str) -> tuple[list[str], list[str]]:
    """Return a channel's rooms of ours, and the private chats of its coordinators, by the channel's own ids."""
    living = select(Chat.external_id).where(Chat.channel == channel, col(Chat.dead_why).is_(None))
    ours = living.where(col(Chat.role).in_([ChatRole.COORDINATORS, ChatRole.LEADERS]))
    private = living.join(Appointment, col(Appointment.person_id) == Chat.person_id).where(
        Appointment.rank == Rank.COORDINATOR, col(Appointment.unit_id).is_(None), col(Appointment.ended_at).is_(None)
    )
    return list(session.exec(ours)), list(session.exec(private))


def rooms(session: Session, role: ChatRole) -> list[Chat]:
    """Return the living chats of that role (the coordinators' room, the leaders' room)."""
    query = select(Chat).where(Chat.role == role, col(Chat.dead_why).is_(None)).order_by(col(Chat.id))
    return list(session.exec(query))


# ---------------------------------------------------------------- invitations


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What a one-time code stands for; ``room`` where it makes a chat one of our own, ``name`` for whom it was made."""

    rank: Rank
    unit: Unit | None
    room: ChatRole | None = None
    name: str | None = None

    @property
    def for_a_person(self) -> bool:
        """Tell whether it gives somebody a rank, so that only they may use it."""
        return self.room is None and self.rank is not Rank.CONTACT


def invite(
    session: Session,
    rank: Rank,
    unit: Unit | None,
    now: datetime,
    room: ChatRole | None = None,
    name: str | None = None,
) -> tuple[str, datetime]:
    """Make a one-time code, perhaps for somebody of that ``name``, and say when it expires (72 hours from ``now``); only
    its hash is kept.
    """
    code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(10))
    expires_at = now + INVITE_LIFE
    session.add(Invite(
        code_hash=_hash(code), rank=rank, unit_id=unit.id if unit else None, room=room, expires_at=expires_at,
        person_name=person_name(name) if name else None,
    ))  # fmt: skip
    session.flush()
    return code, expires_at


def look_up_code(session: Session, code: str) -> tuple[Invite, Redeemed] | None:
    """Find a code, used or not, and what it stands for; whoever looks at the same meanwhile waits."""
    found = session.get(
        Invite, _hash(code.strip().upper()), with_for_update={"key_share": True}, populate_existing=True
    )
    if found is None:
        return None
    unit = session.get(Unit, found.unit_id) if found.unit_id else None
    return found, Redeemed(found.rank, unit, found.room, found.person_name)


def redeem(session: Session, code: str, now: datetime) -> Redeemed | None:
    """Use a code once; None when it is unknown, used or expired."""
    known = look_up_code(session, code)
    if known is None or known[0].used_at is not None or known[0].expires_at <= now:
        return None
    known[0].used_at = now
    return known[1]


def unbound_units(session: Session) -> list[Unit]:
    """Return the units without any living chat."""
    bound = select(Route.unit_id).join(Chat, col(Chat.id) == Route.chat_id).where(col(Chat.dead_why).is_(None))
    return list(session.exec(select(Unit).where(col(Unit.id).not_in(bound)).order_by(col(Unit.id))))


def search_chats(session: Session, name: str) -> Chat | None:
    """Find a console chat by its id, its title or the name of a unit that it serves."""
    query = select(Chat).where(or_(col(Chat.external_id) == name, col(Chat.title) == name)).order_by(col(Chat.id))
    chat = session.exec(query).first()
    unit = find_unit(session, name) if chat is None else None
    if unit is not None:
        chat = next(iter(chats_of(session, _id(unit.id))), None)
    return chat


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _id(value: int | None) -> int:
    assert value is not None, "flushed rows have an id"
    return value
