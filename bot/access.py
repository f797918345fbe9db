"""Access: who is asking, and whether they may have what they ask for.

People's commands and presses get assignments, questions and papers only through here. A refusal tells one line
and nothing of the content.
"""

from dataclasses import dataclass

from sqlmodel import Session

from bot.message import Incoming
from db import register
from db.history import Actor
from db.ledger import Line, lines
from db.models import Broadcast, Campaign, Chat, Notice, Paper, Person, Unit
from db.words import ChatRole, NoticeKind, Rank
from jobs.desk import Desk


class Denied(Exception):
    """The person may not; the message is one line for them."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person in a chat, with what they stand for there.

    ``units`` are the units they act for; ``steers`` tells whether they act as a coordinator here, ``leads`` as a
    leader.
    """

    person: Person
    chat: Chat
    units: tuple[Unit, ...]
    ranks: frozenset[Rank]
    message: str | None = None

    @property
    def steers(self) -> bool:
        """Coordinators act in their room and in private; in a unit's chat nobody steers."""
        return Rank.COORDINATOR in self.ranks and self.chat.role in (None, ChatRole.COORDINATORS)

    @property
    def leads(self) -> bool:
        """Leaders act in their room, in the coordinators' room and in private."""
        return Rank.LEADER in self.ranks and self.chat.role is not ChatRole.UNIT

    @property
    def actor(self) -> Actor:
        """The visitor as the history records them."""
        return Actor(self.person.name, self.person.id, self.chat.id, self.message)


def greet(session: Session, incoming: Incoming) -> Visitor | None:
    """Find out who speaks and where; None where the chat is not bound and the person is nobody known."""
    chat = register.find_chat(session, incoming.channel, incoming.chat)
    person = register.person_of(session, incoming.accounts, incoming.person, incoming.person_name)
    ranks = register.ranks(session, person)
    if incoming.private and ranks:
        chat = register.ensure_chat(session, incoming.channel, incoming.chat, incoming.chat_title)
        chat.person_id, chat.dead_why = person.id, None
    if chat is None or (chat.role is None and not ranks):
        return None
    units = tuple(register.units_of(session, chat.id or 0)) if chat.role is ChatRole.UNIT else ()
    if chat.role is None and Rank.CONTACT in ranks:
        units = tuple(register.contact_units(session, person))
    return Visitor(person, chat, units, ranks, incoming.message_id or incoming.external_id)


def for_unit(session: Session, desk: Desk, visitor: Visitor, assignment_id: int) -> Line:
    """Give a contact an assignment of a unit that they act for; raise ``Denied`` otherwise."""
    found = lines(session, ids=[assignment_id])
    if not found or found[0].unit.id not in {unit.id for unit in visitor.units}:
        raise Denied("该任务不属于本群单位，不能在此办理。")
    line = found[0]
    if desk.policy_of(session, line.campaign.id).named_contacts_only and not register.is_contact_of(
        session, visitor.person, line.unit.id or 0
    ):
        raise Denied("本专项只接受登记的联络员办理；请联系协调员登记。")
    return line


def for_coordinator(session: Session, desk: Desk, visitor: Visitor, assignment_id: int) -> Line:
    """Give a coordinator any assignment; the coordinators' own office's only to a leader."""
    found = lines(session, ids=[assignment_id])
    if not (visitor.steers or visitor.leads):
        raise Denied("您没有办理该事项的权限。")
    if not found:
        raise Denied("没有这项任务。")
    if is_office_task(session, desk, found[0]) and not visitor.leads:
        raise Denied("本办承担的任务由领导核查。")
    if not visitor.steers and not is_office_task(session, desk, found[0]):
        raise Denied("该事项由协调员办理。")
    return found[0]


def is_office_task(session: Session, desk: Desk, line: Line) -> bool:
    """Tell whether the unit is the coordinators' own office, whose tasks a leader verifies."""
    return desk.policy_of(session, line.campaign.id).office == line.unit.name


def require_coordinator(visitor: Visitor) -> None:
    """Let coordinators through, in their room and in private."""
    if not visitor.steers:
        raise Denied("该操作由协调员在协调室办理。")


def require_room(visitor: Visitor) -> None:
    """Let coordinators and leaders through."""
    if not (visitor.steers or visitor.leads):
        raise Denied("该操作由协调员在协调室办理。")


def to_campaign(session: Session, visitor: Visitor, number: int) -> Campaign:
    """Give a coordinator a campaign."""
    require_coordinator(visitor)
    campaign = session.get(Campaign, number)
    if campaign is None:
        raise Denied("没有这个专项行动。")
    return campaign


def to_broadcast(session: Session, visitor: Visitor, number: int) -> Broadcast:
    """Give a coordinator a broadcast of the room or private chat in which they speak."""
    require_coordinator(visitor)
    broadcast = session.get(Broadcast, number)
    if broadcast is None or broadcast.room_id != visitor.chat.id:
        raise Denied("该群发不是从本会话发起的。")
    return broadcast


def to_read(session: Session, visitor: Visitor, assignment_id: int) -> Line:
    """Give an assignment to somebody who may see it: its unit, a coordinator, a leader."""
    found = lines(session, ids=[assignment_id])
    mine = bool(found) and found[0].unit.id in {unit.id for unit in visitor.units}
    if not found or not (mine or visitor.steers or visitor.leads):
        raise Denied("没有这项任务，或不属于本群单位。")
    return found[0]


def to_sign(session: Session, desk: Desk, visitor: Visitor, paper_id: int) -> Paper:
    """Give a drafted paper to a signer whom the campaign's policy names."""
    paper = session.get(Paper, paper_id)
    if paper is None:
        raise Denied("没有这份文稿。")
    policy = desk.policy_of(session, paper.campaign_id)
    if not policy.may_sign(visitor.person.name, visitor.ranks):
        raise Denied("签发须由签发人办理。")
    return paper


def own_notice(session: Session, visitor: Visitor, notice_id: int) -> Notice:
    """Give a notice that was sent to the visitor's own chat."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.chat_id != visitor.chat.id or notice.kind is NoticeKind.DIGEST:
        raise Denied("该按钮不属于本会话。")
    return notice
