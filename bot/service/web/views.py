"""What the page shows, as it stands in the store: chats, what waits in one to go out, who may speak there."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot.wiring import House
from db import ledger, outbox, register, stored
from db.bodies import KeptFile
from db.models import (
    Account,
    Appointment,
    Assignment,
    Chat,
    Inbound,
    Message,
    Notice,
    NoticeItem,
    Person,
)
from db.words import LIVING, ChatRole, Lamp, Level, NoticeKind, Rank
from jobs.delivery import waiting
from jobs.notices.parts import Part
from jobs.notices.press import name_of
from jobs.notices.views import LAMPS
from jobs.papers import drafts
from jobs.ports import Button

CHANNEL = "console"

ROLES = {ChatRole.COORDINATORS: "协调员", ChatRole.LEADERS: "领导", ChatRole.UNIT: "单位群", None: "未绑定"}

_ORDER = (ChatRole.COORDINATORS, ChatRole.LEADERS, ChatRole.UNIT, None)


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at: the moment, in which zone, and the local day."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The local day."""
        return ledger.local_day(self.now, self.zone.key)


@dataclass(frozen=True, slots=True)
class Talk:
    """One chat in the list: how many of its units' things are red and yellow, of the coordinators' room how many wait to be
    verified, of the leaders' to be signed, and its latest words. ``seen`` grows with what it says."""

    id: int
    key: str
    title: str
    kind: str
    role: str
    red: int
    yellow: int
    waits: int
    at: datetime | None
    latest: str
    seen: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of a message: what it is called, and where the page gets it."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message: ``marks`` tell who did what with it since, ``reply`` begins with the words that it answers.

    ``pressed`` marks a press, ``asks`` a question of ours that is answered in words, ``question`` is a unit's that it passes on.
    """

    key: str
    at: datetime
    who: str
    ours: bool
    text: str
    marks: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    files: tuple[Paper, ...] = ()
    number: str | None = None
    reply: str = ""
    pressed: bool = False
    asks: bool = False
    question: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that has not gone out yet: what it is, of how many things it speaks, and why it waits."""

    kind: str
    items: int
    why: str


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is known in a chat: the account that they speak with, and their name."""

    account: str
    name: str


# ---------------------------------------------------------------- the list


def talks(session: Session, now: datetime) -> list[Talk]:
    """Return every chat of the page: the rooms first, then the units in the order of the register."""
    chats = list(session.exec(select(Chat).where(Chat.channel == CHANNEL)))
    red, yellow = (_burning(session, lamp, now) for lamp in (Lamp.RED, Lamp.YELLOW))
    waits: dict[ChatRole | None, int] = {
        ChatRole.COORDINATORS: ledger.count(session, ledger.Which(LIVING, levels=(Level.OFFICE,))),
        ChatRole.LEADERS: len(drafts.unsigned(session)),
    }
    units: dict[int, list[str]] = defaultdict(list)
    names = {unit.id: unit.name for unit in register.all_units(session)}
    for unit_id, routes in register.routes_by_unit(session).items():
        for _route, chat in routes:
            units[chat.id].append(names[unit_id])
    sent, heard = _latest_sent(session), _latest_heard(session)
    return [
        _talk(
            chat,
            sum(red.get(unit, 0) for unit in units[chat.id]),
            sum(yellow.get(unit, 0) for unit in units[chat.id]),
            waits.get(chat.role, 0),
            sent.get(chat.id),
            heard.get(chat.id),
        )
        for chat in sorted(chats, key=lambda one: (_ORDER.index(one.role), one.id))
    ]


def _talk(chat: Chat, red: int, yellow: int, waits: int, sent: Message | None, heard: Inbound | None) -> Talk:
    sent_at = sent.out_at if sent is not None else None
    is_sent = sent_at is not None and (heard is None or sent_at >= heard.at)
    return Talk(
        id=chat.id,
        key=chat.external_id,
        title=chat.title,
        kind=str(chat.role) if chat.role is not None else "private",
        role=ROLES[chat.role],
        red=red,
        yellow=yellow,
        waits=waits,
        at=sent_at if is_sent else heard.at if heard is not None else None,
        latest=_in_short(sent, heard, is_sent),
        seen=f"{sent.id if sent is not None else 0}",
    )


def _in_short(sent: Message | None, heard: Inbound | None, is_sent: bool) -> str:
    if is_sent and sent is not None:
        return in_short(Part.read(sent.sent).text)
    if heard is not None:
        press = heard.words["press"]
        return str(heard.words["text"] or (name_of(press) if press else ""))[:60]
    return ""


def in_short(text: str) -> str:
    """Return what a message is about, for a list: what it is called and its first item, else its first words."""
    first, _, rest = text.partition("\n")
    title = _TITLE.match(first)
    if title is None:
        return first[:60]
    items = [line for line in rest.split("\n") if line.startswith(tuple(LAMPS.values()))]
    return f"{title[1]} {items[0] if items else first[title.end() :]}"[:60]


_TITLE = re.compile(r"【([^】]+)】")


def _burning(session: Session, lamp: Lamp, now: datetime) -> dict[str, int]:
    which = ledger.Which(LIVING, lamps=(lamp,), days=ledger.days(session, now))
    return dict(ledger.by_unit(session, which))


def _latest_sent(session: Session) -> dict[int, Message]:
    """Return the last word of each chat; what stays at its top and is kept true is none."""
    latest = select(func.max(Message.id)).join(Notice, col(Notice.id) == Message.notice_id)
    latest = latest.where(col(Message.out_at).is_not(None), Notice.kind != NoticeKind.STANDING)
    latest = latest.group_by(col(Message.chat_id))
    return {one.chat_id: one for one in session.exec(select(Message).where(col(Message.id).in_(latest)))}


def _latest_heard(session: Session) -> dict[int, Inbound]:
    latest = select(func.max(Inbound.id)).where(Inbound.channel == CHANNEL).group_by(col(Inbound.chat_id))
    return {
        one.chat_id: one
        for one in session.exec(select(Inbound).where(col(Inbound.id).in_(latest)))
        if one.chat_id is not None
    }


# ---------------------------------------------------------------- a chat


def chat_of(session: Session, number: int) -> Chat | None:
    """Return a chat that the page shows."""
    chat = session.get(Chat, number)
    return chat if chat is not None and chat.channel == CHANNEL else None


def standing_in(session: Session, chat: Chat) -> str:
    """Return what stays at the top of a chat: what is owed there now, "" where nothing is."""
    query = select(Message).join(Notice, col(Notice.id) == Message.notice_id)
    query = query.where(
        Message.chat_id == chat.id, Notice.kind == NoticeKind.STANDING, col(Message.out_at).is_not(None)
    )
    found = session.exec(query.order_by(col(Message.id).desc())).first()
    return Part.read(found.shown or found.sent).text if found is not None else ""


def waits_in(session: Session, house: House, chat: Chat, now: datetime) -> list[Waiting]:
    """Return what was decided to be told to a chat and has not gone out, the first to go first."""
    query = (
        select(Notice)
        .where(Notice.chat_id == chat.id, col(Notice.state).in_(outbox.WAITING), col(Notice.not_before) > now)
        .order_by(col(Notice.not_before), col(Notice.id))
        .limit(5)
    )
    found = list(session.exec(query))
    counts = (
        select(NoticeItem.notice_id, func.count())
        .where(col(NoticeItem.notice_id).in_([one.id for one in found]))
        .group_by(col(NoticeItem.notice_id))
    )
    items = dict(session.exec(counts).all())
    return [
        Waiting(one.kind.zh, items.get(one.id, 0), waiting.why(session, house.desk, one, now, now) or "即将发出")
        for one in found
    ]


def next_at(session: Session, now: datetime) -> datetime | None:
    """Return when something goes out or is planned next, after ``now``; None where nothing is to come."""
    planned = session.execute(select_columns(func.min(Assignment.next_action_at))).scalar_one()
    moments = [moment for moment in (outbox.next_at(session), planned) if moment is not None]
    return min((moment for moment in moments if moment > now), default=None)


# ---------------------------------------------------------------- who speaks there


def known_in(session: Session, chat: Chat) -> list[Known]:
    """Return who is known in a chat: who was appointed for it, then who has spoken there."""
    appointed = select(Appointment.person_id).where(col(Appointment.ended_at).is_(None), *_ranks(session, chat))
    spoke = select(Inbound.person_id).where(Inbound.chat_id == chat.id)
    found: dict[str, Known] = {}
    for people in (appointed, spoke):
        found |= {one.account: one for one in _accounts(session, people) if one.account not in found}
    return list(found.values())


def _ranks(session: Session, chat: Chat) -> list[Any]:
    if chat.role is ChatRole.COORDINATORS:
        return [Appointment.rank == Rank.COORDINATOR, col(Appointment.unit_id).is_(None)]
    if chat.role is ChatRole.LEADERS:
        return [Appointment.rank == Rank.LEADER, col(Appointment.unit_id).is_(None)]
    units = [unit.id for unit in register.units_of(session, chat.id)]
    return [Appointment.rank == Rank.CONTACT, col(Appointment.unit_id).in_(units)]


def _accounts(session: Session, people: Any) -> Iterable[Known]:
    query = (
        select(Account.external_id, Person.name)
        .join(Person, col(Person.id) == Account.person_id)
        .where(Account.channel == CHANNEL, col(Person.id).in_(people))
        .order_by(col(Person.id))
    )
    return [Known(account, name) for account, name in session.exec(query)]


def name_of_account(session: Session, account: str) -> str | None:
    """Return the name of whoever speaks with an account, None where nobody does."""
    person = register.find_person(session, CHANNEL, account)
    return person.name if person is not None else None


# ---------------------------------------------------------------- files


def file_of_message(session: Session, number: int) -> KeptFile | None:
    """Return the file that a message of ours brought to a chat of the page."""
    message = session.get(Message, number)
    if message is None or chat_of(session, message.chat_id) is None:
        return None
    return Part.read(message.sent).file


def file_of_person(session: Session, number: int, place: int) -> KeptFile | None:
    """Return one of the files that somebody handed in on the page."""
    inbound = session.get(Inbound, number)
    if inbound is None or inbound.channel != CHANNEL:
        return None
    kept = inbound.words.get("files_kept", ())
    return stored.read(KeptFile, kept[place]) if place < len(kept) else None
