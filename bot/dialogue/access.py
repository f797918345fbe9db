"""Access: who is asking, and whether they may have what they ask for.

People's commands and presses get assignments, questions, papers, broadcasts, chats and earlier messages only through
here. A refusal tells one line and nothing of the content.
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.dialogue.visitors import Visitor
from db import days, locking, outbox, register
from db.bodies import RelayBody
from db.ledger import Line, Which, any_line, lines, past, problems
from db.ledger.counting import count
from db.ledger.ending import epitaph
from db.models import Campaign, Chat, Doubt, History, Inbound, Notice, Paper, Person, Question
from db.plain import whole_number
from db.words import LIVING, UNENDED, Action, CampaignStatus, ChatRole, NoticeKind, Refusal
from jobs.campaigns import settling
from jobs.desk import Desk


class Denied(Refusal):
    """The person may not; the message is one line for them."""


# ---------------------------------------------------------------- assignments


def for_unit(session: Session, desk: Desk, visitor: Visitor, assignment_id: int) -> Line:
    """Give a contact an assignment of a unit that they act for, locked; raise ``Denied`` otherwise."""
    if assignment_id in visitor.granted:
        return visitor.granted[assignment_id]
    line = any_line(session, assignment_id)
    if line is None or line.unit.id not in {unit.id for unit in visitor.units}:
        raise Denied("该任务不属于本群单位，不能在此办理。")
    require_of(session, line, LIVING)
    if desk.policy_version(session, line.campaign.policy_id).named_contacts_only and not register.is_contact_of(
        session, visitor.person, line.unit.id
    ):
        raise Denied("本专项只接受登记的联络员办理；请联系协调员登记。")
    locking.hold(session, [line.assignment])
    visitor.granted[assignment_id] = line
    return line


def for_coordinator(
    session: Session,
    desk: Desk,
    visitor: Visitor,
    assignment_id: int,
    of: Collection[CampaignStatus],
    action: Action | None = None,
) -> Line:
    """Give a coordinator any assignment of such campaigns, locked; the coordinators' own office's only to a leader. A problem's
    report a leader may judge too (``action``): its second person may be none of the coordinators.
    """
    if not (visitor.steers or visitor.leads):
        raise Denied("您没有办理该事项的权限。")
    line = any_line(session, assignment_id)
    if line is None:
        raise Denied("没有这项任务。")
    if is_office_task(session, desk, line) and not visitor.leads:
        raise Denied("本办承担的任务由领导核查。")
    if not visitor.steers and not is_office_task(session, desk, line) and not _judges(session, line, action):
        raise Denied("该事项由协调员办理。")
    require_of(session, line, of)
    locking.hold(session, [line.assignment])
    return line


def _judges(session: Session, line: Line, action: Action | None) -> bool:
    judged = action in (Action.VERIFY, Action.RETURN)
    return judged and problems.is_one(session, line.assignment)


def require_of(session: Session, line: Line, of: Collection[CampaignStatus]) -> None:
    """Raise ``Denied`` with the reason where the campaign of ``line`` is none of these."""
    if line.campaign.status not in of:
        raise Denied(_why_not(session, line.campaign))


def _why_not(session: Session, campaign: Campaign) -> str:
    if campaign.status is CampaignStatus.ENDED:
        return f"{epitaph(session, campaign)}。"
    return f"专项行动{campaign.id}{campaign.status.zh}，还不能办理。"


MOST_URGED = 20_000
"""Assignments that are urged at a time: nobody else is heard while they are read, and of these it takes seconds."""


def to_nudge(session: Session, visitor: Visitor, which: Which) -> list[Line]:
    """Give a coordinator assignments of living campaigns, to urge their units. Raise ``Denied`` where they are more than ``MOST_URGED``."""
    require_coordinator(visitor)
    many = count(session, which) if which.ids is None else 0
    if many > MOST_URGED:
        raise Denied(f"要催的有{many}项，一次最多{MOST_URGED}项，还没有催；请分单位催，例如：催一下省经信厅。")
    return lines(session, which)


def to_read(session: Session, visitor: Visitor, assignment_id: int) -> Line:
    """Give an assignment to who may see it, also when what ran is over: its unit, its unit's leader, a coordinator, a leader."""
    line = any_line(session, assignment_id)
    mine = line is not None and line.unit.id in {unit.id for unit in visitor.reads}
    if line is None or not (mine or visitor.steers or visitor.leads):
        raise Denied("没有这项任务，或不属于本群单位。")
    if line.campaign.status is not CampaignStatus.ENDED or line.campaign.activated_at is None:
        require_of(session, line, UNENDED if visitor.steers or visitor.leads else LIVING)
    return line


def to_correct(session: Session, desk: Desk, visitor: Visitor, milestone_id: int) -> list[Line]:
    """Give a coordinator every unit's assignment of a milestone, to set right what was read of it; where one is the
    coordinators' own office's, only a leader.
    """
    require_room(visitor)
    found = lines(session, Which(UNENDED, milestone=milestone_id))
    if not found:
        raise Denied("没有这项任务。")
    office = any(is_office_task(session, desk, line) for line in found)
    if office and not visitor.leads:
        raise Denied("本办承担的任务由领导核查。")
    if not office:
        require_coordinator(visitor)
    return found


def to_ask(session: Session, visitor: Visitor, doubt_id: int) -> settling.Asked:
    """Give our rooms what reading left open of a task, to be asked or looked at."""
    require_room(visitor)
    doubt = session.get(Doubt, doubt_id)
    if doubt is None:
        raise Denied("没有这一处。")
    return settling.asked(session, doubt)


def to_settle(session: Session, desk: Desk, visitor: Visitor, doubt_id: int) -> settling.Asked:
    """Give who may correct a task what reading left open of it, locked with all that an answer may touch.

    Raise ``Denied`` where somebody has settled it: it says who, when and how.
    """
    about = to_ask(session, visitor, doubt_id)
    if about.campaign.status not in UNENDED:
        raise Denied(_why_not(session, about.campaign))
    for milestone in {line.milestone.id for line in about.lines}:
        to_correct(session, desk, visitor, milestone)
    if not about.lines:
        require_coordinator(visitor)
    for rows in ([about.task], about.milestones, [line.assignment for line in about.lines], [about.doubt]):
        locking.hold(session, rows)
    doubt = about.doubt
    if doubt.settled_at is not None:
        when = days.at(doubt.settled_at, desk.zone, doubt.settled_at)
        raise Denied(f"这一处已由{doubt.settled_by}于{when}定为“{doubt.settled}”，未再作改动。")
    return about


def album_of(session: Session, record: Inbound) -> list[Inbound]:
    """Give whoever sent a message of an album its other messages: theirs, in the same chat."""
    if record.album is None:
        return []
    query = select(Inbound).where(
        Inbound.channel == record.channel,
        Inbound.album == record.album,
        Inbound.chat_id == record.chat_id,
        Inbound.person_id == record.person_id,
        Inbound.id != record.id,
    )
    return list(session.exec(query.order_by(col(Inbound.id))))


def corrected_before(session: Session, visitor: Visitor, line: Line) -> History | None:
    """Give our rooms the last correction of an assignment or its task."""
    require_room(visitor)
    return next((entry for entry in past.of_line(session, line) if entry.action is Action.CORRECT), None)


def is_office_task(session: Session, desk: Desk, line: Line) -> bool:
    """Tell whether the unit is the coordinators' own office, whose tasks a leader verifies."""
    return desk.policy_of(session, line.campaign.id).office == line.unit.name


# ---------------------------------------------------------------- what only our rooms may do


def require_coordinator(visitor: Visitor) -> None:
    """Let coordinators through, in their room and in private."""
    if not visitor.steers:
        raise Denied("该操作由协调员在协调室办理。")


def require_room(visitor: Visitor) -> None:
    """Let coordinators and leaders of the whole through."""
    if not (visitor.steers or visitor.leads):
        raise Denied("该操作由协调员在协调室办理。")


def require_drafts(session: Session, visitor: Visitor, today: date) -> None:
    """Let through who may look at what waits for a signature: the rooms' people, and who signs for somebody who is away."""
    if visitor.chat.role is ChatRole.UNIT or not register.deputised_by(session, visitor.person, today):
        require_room(visitor)


def to_campaign(session: Session, visitor: Visitor, number: int) -> Campaign:
    """Give a coordinator a campaign that is not over."""
    require_coordinator(visitor)
    campaign = session.get(Campaign, number)
    if campaign is None:
        raise Denied("没有这个专项行动。")
    if campaign.status is CampaignStatus.ENDED:
        raise Denied(_why_not(session, campaign))
    return campaign


def to_bind(session: Session, visitor: Visitor, name: str) -> Chat | None:
    """Give a coordinator a group of the channel they speak on, by its number or its title; neither a room nor a private
    chat.
    """
    require_coordinator(visitor)
    chat = session.get(Chat, number) if (number := whole_number(name)) is not None else None
    if chat is None:
        named = register.search_chats(session, name)
        chat = named if named is not None and named.channel == visitor.chat.channel else None
    return chat if chat is not None and chat.role in (None, ChatRole.UNIT) and chat.person_id is None else None


def to_dismiss(session: Session, visitor: Visitor, person_id: int) -> Person:
    """Give a coordinator a person whose ranks may be taken away: anybody but the last coordinator.

    All coordinators are locked before they are counted: of two who remove each other at once the second is none any more.
    """
    require_coordinator(visitor)
    person = session.get(Person, person_id)
    if person is None:
        raise Denied("没有这个人员。")
    locking.hold(session, register.coordinators(session))
    left = [one.id for one in register.coordinators(session)]
    if left == [person.id]:
        raise Denied("至少须留一名协调员：请先邀请另一名，再移除。")
    if visitor.person.id not in left:
        raise Denied("您已不是协调员。")
    return person


# ---------------------------------------------------------------- questions


def to_answer(session: Session, visitor: Visitor, number: int | None) -> Question | None:
    """Give our rooms a question by its number; None where there is none."""
    require_room(visitor)
    return session.get(Question, number) if number is not None else None


def to_answer_by_reply(session: Session, visitor: Visitor, message: str | None) -> Question | None:
    """Give our rooms the question that a message in their own chat passed on; None where it passed on none."""
    notice = outbox.notice_of_message(session, visitor.chat.id, message) if message else None
    body = notice.body if notice is not None else None
    number = body.question_id if isinstance(body, RelayBody) else None
    return to_answer(session, visitor, number) if number is not None else None


# ---------------------------------------------------------------- papers


def signs(session: Session, desk: Desk, visitor: Visitor, paper: Paper, today: date) -> bool:
    """Tell whether somebody signs a paper on the local day ``today``: in their own right, or for a signer who is away."""
    outside = visitor.chat.role is not ChatRole.UNIT
    return outside and signer(session, desk, visitor.person, paper.campaign_id, today) is not None


def signs_for(session: Session, desk: Desk, visitor: Visitor, paper: Paper, today: date) -> Person | None:
    """Return for whom a deputy signs on the local day ``today``; None for who signs in their own right, or not at all."""
    found = signer(session, desk, visitor.person, paper.campaign_id, today)
    return found if visitor.chat.role is not ChatRole.UNIT and found is not visitor.person else None


def signer(session: Session, desk: Desk, person: Person, campaign_id: int, today: date) -> Person | None:
    """Return in whose name somebody signs on the local day ``today``: in their own, or for one who is away; None for who may not."""
    away = register.deputised_by(session, person, today)
    return next((one for one in (person, *away) if is_signer(session, desk, one, campaign_id)), None)


def is_signer(session: Session, desk: Desk, person: Person, campaign_id: int | None) -> bool:
    """Tell whether a campaign's policy names somebody as a signer: their rank for the whole office, or their name.

    A name alone proves nothing, because people choose what a service calls them: it counts only for who holds a rank
    for the whole office.
    """
    ranks = register.office_ranks(register.ranks(session, person))
    return bool(ranks) and desk.policy_of(session, campaign_id).may_sign(person.name, ranks)


def to_sign(session: Session, desk: Desk, visitor: Visitor, paper_id: int, today: date) -> Paper:
    """Give a drafted paper, locked, to a signer whom the campaign's policy names, or the deputy of one who is away."""
    paper = session.get(Paper, paper_id)
    if paper is None or not signs(session, desk, visitor, paper, today):
        raise Denied("签发须由签发人办理。")
    _require_living(session, paper)
    locking.hold(session, [paper])
    return paper


def _require_living(session: Session, paper: Paper) -> None:
    campaign = session.get_one(Campaign, paper.campaign_id)
    if campaign.status not in LIVING:
        raise Denied(_why_not(session, campaign))


def to_rewrite(session: Session, desk: Desk, visitor: Visitor, paper_id: int, today: date) -> Paper:
    """Give a drafted paper, locked, to a coordinator or a signer, who may change it."""
    paper = session.get(Paper, paper_id)
    if paper is None or not (visitor.steers or signs(session, desk, visitor, paper, today)):
        raise Denied("文稿由协调员或签发人修改。")
    _require_living(session, paper)
    locking.hold(session, [paper])
    return paper


# ---------------------------------------------------------------- the visitor's own messages


def own_act(session: Session, visitor: Visitor, number: int | None) -> History | None:
    """Give what the visitor themselves did, by its number in the record; None for anything else."""
    entry = session.get(History, number) if number is not None else None
    return entry if entry is not None and entry.person_id == visitor.person.id else None


def own_notice(session: Session, visitor: Visitor, notice_id: int) -> Notice:
    """Give a notice that was sent to the visitor's own chat."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.chat_id != visitor.chat.id or notice.kind is NoticeKind.DIGEST:
        raise Denied("该按钮不属于本会话。")
    return notice


def own_message(session: Session, visitor: Visitor, inbound_id: int) -> Inbound:
    """Give what the visitor themselves said in this chat, to be played again."""
    inbound = session.get(Inbound, inbound_id)
    if inbound is None or inbound.person_id != visitor.person.id or inbound.chat_id != visitor.chat.id:
        raise Denied("该按钮不属于您刚才的消息。")
    return inbound


def is_own(session: Session, visitor: Visitor, inbound_id: int) -> bool:
    """Tell whether the visitor themselves said it in this chat."""
    inbound = session.get(Inbound, inbound_id)
    return inbound is not None and (inbound.person_id, inbound.chat_id) == (visitor.person.id, visitor.chat.id)


def answered_with(session: Session, visitor: Visitor, outcomes: Collection[str], since: datetime) -> list[str]:
    """Give a chat the words that were written in it since a moment and answered so."""
    query = select(Inbound).where(
        Inbound.chat_id == visitor.chat.id, Inbound.at >= since, col(Inbound.outcome).in_(outcomes)
    )
    return [one.words.get("text") or "" for one in session.exec(query)]
