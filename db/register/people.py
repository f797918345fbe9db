"""People: their accounts, their names, and the ranks that they hold."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, literal, tuple_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from db import locking
from db.ahead import Ahead
from db.models import Account, Appointment, Chat, Person, Unit
from db.plain import person_name
from db.register.routes import units_ahead
from db.register.units import RegisterError
from db.words import Rank


class Held(NamedTuple):
    """A rank that somebody holds: of one unit, or of the whole office where ``unit_id`` is None."""

    rank: Rank
    unit_id: int | None = None


def find_person(session: Session, channel: str, external_id: str) -> Person | None:
    """Find who holds an account."""
    return session.exec(_BY_ACCOUNT, params={"channel": channel, "external": external_id}).first()


_BY_ACCOUNT = (
    select(Person)
    .join(Account, col(Account.person_id) == Person.id)
    .where(Account.channel == bindparam("channel"), Account.external_id == bindparam("external"))
)


class Met(NamedTuple):
    """A conversation, who speaks there and the ranks that they hold now, as far as they are known."""

    chat: Chat | None
    person: Person | None
    ranks: frozenset[Held]


class Meeting(NamedTuple):
    """Where somebody is met: a conversation on ``channel``, an account among ``accounts``."""

    channel: str
    chat: str
    accounts: str
    person: str


def meet(session: Session, where: Meeting) -> Met:
    """Find a conversation and who holds an account, with their ranks, in one question."""
    return _MEETINGS.answer(session, where, lambda: _meet(session, *where))


def met(session: Session, where: Meeting, whom: Met) -> None:
    """Let who was met there stand for the rest of the transaction."""
    _MEETINGS.learn(session, {where: whom})


_MEETINGS: Ahead[Meeting, Met] = Ahead()


def meet_ahead(session: Session, meetings: Collection[Meeting]) -> None:
    """Find all of these at once, and the units that their conversations serve. Who is not known yet is asked for later, when
    somebody else may have come to know them.
    """
    places, accounts = {one[:2] for one in meetings}, {one[2:] for one in meetings}
    found = session.scalars(select(Chat).where(_CHAT.in_(sorted(places))))
    chats = {(chat.channel, chat.external_id): chat for chat in found}
    people: dict[tuple[str, str], tuple[Person, set[Held]]] = {}
    for channel, number, person, *held in session.execute(_HOLDERS.where(_ACCOUNT.in_(sorted(accounts)))):
        ranks = people.setdefault((channel, number), (person, set()))[1]
        ranks |= {Held(*held)} if held[0] is not None else set()
    _MEETINGS.learn(
        session,
        {
            one: Met(chats.get(one[:2]), known[0], frozenset(known[1]))
            for one in meetings
            if (known := people.get(one[2:])) is not None
        },
    )
    units_ahead(session, [chat.id for chat in chats.values()])


_CHAT = tuple_(col(Chat.channel), col(Chat.external_id))
_ACCOUNT = tuple_(col(Account.channel), col(Account.external_id))
_HOLDERS = (
    select_columns(
        col(Account.channel), col(Account.external_id), Person, col(Appointment.rank), col(Appointment.unit_id)
    )
    .join(Person, col(Person.id) == Account.person_id)
    .outerjoin(Appointment, and_(col(Appointment.person_id) == Person.id, col(Appointment.ended_at).is_(None)))
)


def _meet(session: Session, channel: str, chat: str, accounts: str, person: str) -> Met:
    given = {"channel": channel, "chat": chat, "accounts": accounts, "person": person}
    rows = session.execute(_MET, given).all()
    held = frozenset(Held(Rank(row.rank), row.unit_id) for row in rows if row.rank is not None)
    return Met(rows[0][0], rows[0][1], held)


_MET = (
    select_columns(Chat, Person, col(Appointment.rank), col(Appointment.unit_id))
    .select_from(select_columns(literal(1)).subquery())  # a row also where neither is known
    .outerjoin(Chat, and_(col(Chat.channel) == bindparam("channel"), col(Chat.external_id) == bindparam("chat")))
    .outerjoin(
        Account, and_(col(Account.channel) == bindparam("accounts"), col(Account.external_id) == bindparam("person"))
    )
    .outerjoin(Person, col(Person.id) == col(Account.person_id))
    .outerjoin(Appointment, and_(col(Appointment.person_id) == Person.id, col(Appointment.ended_at).is_(None)))
)


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
    session.add(Account(person_id=person.id, channel=channel, external_id=external_id))
    session.flush()
    return person


def name_of(session: Session, person_id: int | None) -> str:
    """Return what a person is called; "" of nobody."""
    person = session.get(Person, person_id) if person_id is not None else None
    return person.name if person is not None else ""


def rename(person: Person, name: str) -> None:
    """Call a person by the name that somebody has told."""
    person.name, person.nameless = person_name(name), False


def accounts_of_contacts(session: Session, unit_id: int, channel: str) -> dict[str, str]:
    """Return the accounts that a unit's named contacts hold on a channel, with their names."""
    query = (
        select(Account.external_id, Person.name)
        .join(Appointment, col(Appointment.person_id) == Account.person_id)
        .join(Person, col(Person.id) == Account.person_id)
        .where(
            Appointment.unit_id == unit_id,
            Appointment.rank == Rank.CONTACT,
            col(Appointment.ended_at).is_(None),
            Account.channel == channel,
        )
        .order_by(col(Account.id))
    )
    return dict(session.exec(query).all())


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
        session.add(Appointment(person_id=person.id, rank=rank, unit_id=unit_id, since=now))
        session.flush()


def dismiss(
    session: Session, person: Person, rank: Rank | None, now: datetime, unit_id: int | None = None
) -> list[str]:
    """Take a rank, or every one, away from a person, of one unit or of all; return what they had, as people say it."""
    query = (
        select(Appointment, Unit.name)
        .join(Unit, col(Unit.id) == Appointment.unit_id, isouter=True)
        .where(Appointment.person_id == person.id, col(Appointment.ended_at).is_(None))
        .order_by(col(Appointment.id))
    )
    held = [
        (one, unit)
        for one, unit in session.exec(query)
        if (rank is None or one.rank is rank) and unit_id in (None, one.unit_id)
    ]
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


def contacts_of(session: Session, unit_id: int) -> list[str]:
    """Return the names of a unit's registered contacts."""
    query = select(Person.name).join(Appointment, col(Appointment.person_id) == Person.id)
    held = (Appointment.unit_id == unit_id, Appointment.rank == Rank.CONTACT, col(Appointment.ended_at).is_(None))
    return list(session.exec(query.where(*held).order_by(col(Person.id))))


def people_within(session: Session, text: str) -> list[Person]:
    """Return everybody whose whole name stands in a text and who holds a rank: others call themselves what they like."""
    held = select(Appointment.person_id).where(col(Appointment.ended_at).is_(None))
    known = session.exec(select(Person).where(col(Person.id).in_(held), col(Person.nameless).is_(False)))
    return [person for person in known if len(person.name) > 1 and person.name in text]


def _appointment(session: Session, person: Person, rank: Rank, unit_id: int | None) -> bool:
    query = select(Appointment.id).where(
        Appointment.person_id == person.id,
        Appointment.rank == rank,
        Appointment.unit_id == unit_id,
        col(Appointment.ended_at).is_(None),
    )
    return session.exec(query).first() is not None
