"""Who may act on the board: people in their own name, and at this machine whoever the local rooms and groups know."""

import uuid
from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot.channels.incoming import File, Incoming
from bot.service.web import views
from bot.service.web.readers import Reader
from db import register
from db.models import Account, Chat, Person
from db.register import Held
from db.register.routes import BOARD
from db.words import ChatRole, Rank


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who may act, and where: who has signed in as themselves, in a conversation of the board's own; at this machine
    anybody whom the local rooms know, in their room.
    """

    number: int
    name: str
    channel: str
    chat: str
    chat_title: str
    accounts: str
    account: str
    rank: Rank

    def says(self, text: str = "", press: str | None = None, files: tuple[File, ...] = ()) -> Incoming:
        """Return what they say, or press, as the dialogue hears it."""
        own = uuid.uuid4().hex
        return Incoming(
            channel=self.channel,
            external_id=own,
            chat=self.chat,
            chat_title=self.chat_title,
            person=self.account,
            person_name=self.name,
            text=text,
            press=press,
            files=files,
            message_id=f"b{own[:12]}",
            private=self.channel == BOARD,
            people=self.accounts,
            addressed=True,
        )


def speakers(session: Session, reader: Reader, *, with_room: bool) -> list[Speaker]:
    """Return who may act for a reader: they themselves, by their rank; at this machine whoever the local rooms know."""
    if reader.person is not None:
        rank = Rank.COORDINATOR if reader.coordinates else Rank.LEADER if reader.leads else None
        return _themselves(session, reader.person, rank) if rank is not None else []
    return _of_rooms(session) if with_room else []


def contacts(session: Session, reader: Reader, unit: int, *, with_room: bool) -> list[Speaker]:
    """Return who may answer for a unit: the reader, where they are its contact; at this machine whom its local group knows."""
    here = Held(Rank.CONTACT, unit)
    if reader.person is not None:
        is_contact = here in register.ranks(session, reader.person)
        return _themselves(session, reader.person, Rank.CONTACT) if is_contact else []
    chats = [chat for _route, chat in register.routes_of(session, unit) if chat.channel == views.CHANNEL]
    return [
        Speaker(place, known.name, views.CHANNEL, chat.external_id, chat.title, "", known.account, Rank.CONTACT)
        for chat in (chats if with_room else [])
        for place, known in enumerate(views.known_in(session, chat), 1)
        if (person := register.find_person(session, views.CHANNEL, known.account)) is not None
        and here in register.ranks(session, person)
    ]


def _themselves(session: Session, person: Person, rank: Rank) -> list[Speaker]:
    query = select(Account).where(Account.person_id == person.id).order_by(col(Account.id))
    account = session.exec(query).first()
    if account is None:
        return []
    return [
        Speaker(person.id, person.name, BOARD, f"p{person.id}", "网页台账", account.channel, account.external_id, rank)
    ]


def _of_rooms(session: Session) -> list[Speaker]:
    found: dict[tuple[str, Rank], Speaker] = {}
    for role, rank in ((ChatRole.COORDINATORS, Rank.COORDINATOR), (ChatRole.LEADERS, Rank.LEADER)):
        rooms = select(Chat).where(Chat.channel == views.CHANNEL, Chat.role == role).order_by(col(Chat.id)).limit(1)
        for room in session.exec(rooms):
            for known in views.known_in(session, room):
                person = register.find_person(session, views.CHANNEL, known.account)
                if person is not None and Held(rank) in register.ranks(session, person):
                    found[known.account, rank] = Speaker(
                        len(found) + 1, known.name, views.CHANNEL, room.external_id, room.title, "", known.account, rank
                    )
    return list(found.values())
