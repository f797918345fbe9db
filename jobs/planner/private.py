"""What goes to people in private: a word before a summons, and copies to those who answer for a task by name where the policy says so."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, col

from db import outbox, register
from db.bodies import ReplyBody
from db.ledger import Line, Which, lines
from db.models import Appointment, Assignment, Chat, Milestone, Notice, Paper, Person, Step, Task
from db.words import LIVING, CampaignStatus, DeliveryState, NoticeKind, Rank, Reason
from jobs.desk import Desk
from jobs.notices.render import say
from jobs.papers import drafts


def tell_contacts(session: Session, paper: Paper, found: Sequence[Line], workdays: int, now: datetime) -> None:
    """Write to the contacts of a unit that is to be summoned, to each in private once, where they have an account; ``workdays``
    is how long its tasks are late.
    """
    _tell(session, _chats_of(session, paper, Rank.CONTACT), paper, found, workdays, paper.day, now)


def tell_leaders(session: Session, desk: Desk, today: date, now: datetime) -> None:
    """Write to the leaders of units for which the ladder drafted a summons on the workday before ``today``, in private where they
    have an account: of what is late and was not answered since, as long as the draft waits. ``today`` is a workday in the desk's zone.
    """
    before = desk.workdays.before(today, 1)
    of_summons = select(Paper).where(col(Paper.kind) == NoticeKind.SUMMONS)
    drafted = of_summons.where(col(Paper.day) >= before, col(Paper.day) < today).order_by(col(Paper.id))
    for paper in session.scalars(drafted).all():
        policy = desk.policy_of(session, paper.campaign_id)
        leaders = _chats_of(session, paper, Rank.LEADER)
        if policy.private_before_summons and paper.is_open and leaders:
            found, workdays = _unanswered(session, paper, today), policy.workdays_until(NoticeKind.SUMMONS)
            _tell(session, leaders, paper, found, workdays, today, now, contacts=_contacts_know(session, paper))


def _unanswered(session: Session, paper: Paper, today: date) -> list[Line]:
    """Return what the ladder put on a summons that may still stand on it, of which nothing was answered since."""
    numbers = drafts.still_late(session, [paper], today)
    planned = set(session.scalars(_BY_THE_LADDER, {"ids": numbers}))
    return [
        line
        for line in lines(session, Which(LIVING, ids=numbers))
        if line.assignment.id in planned
        and line.campaign.status is CampaignStatus.ACTIVE
        and not outbox.is_answered(line.assignment, paper.drafted_at)
    ]


_BY_THE_LADDER = select(col(Step.assignment_id)).where(
    col(Step.assignment_id).in_(bindparam("ids", expanding=True)),
    col(Step.rule) == str(NoticeKind.SUMMONS),
    col(Step.told).is_(True),
)


def _contacts_know(session: Session, paper: Paper) -> bool:
    """Tell whether a contact was told of a draft when it was made, and a service took it."""
    told = select(col(Notice.id)).where(
        col(Notice.chat_id).in_(_chats_of(session, paper, Rank.CONTACT)),
        col(Notice.campaign_id) == paper.campaign_id,
        col(Notice.day) == paper.day,
        col(Notice.kind) == NoticeKind.REPLY,
        col(Notice.reason) == Reason.WORKDAYS_AFTER,
        col(Notice.state) == DeliveryState.SENT,
    )
    return session.scalars(told.limit(1)).first() is not None


def _chats_of(session: Session, paper: Paper, rank: Rank) -> list[int]:
    found = register.private_chats_of(session, paper.unit_id, rank) if paper.unit_id is not None else []
    return list(dict.fromkeys(chat.id for chat in found))


def _tell(
    session: Session,
    chats: Sequence[int],
    paper: Paper,
    found: Sequence[Line],
    workdays: int,
    today: date,
    now: datetime,
    *,
    contacts: bool = False,
) -> None:
    if not found:
        return
    text = say("before_summons", unit=found[0].unit.name, lines=found, workdays=workdays, contacts=contacts)
    body = ReplyBody(text, about=tuple(line.assignment.id for line in found))
    for chat in chats:
        outbox.answer(session, chat, body, now, reason=Reason.WORKDAYS_AFTER, campaign_id=paper.campaign_id, day=today)


_NAMED = (
    select(col(Assignment.id), col(Assignment.unit_id), col(Task.leaders))
    .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
    .join(Task, col(Task.id) == Milestone.task_id)
)

_REACHED = (
    select(col(Person.name), col(Appointment.unit_id), col(Chat.id))
    .join(Appointment, col(Appointment.person_id) == Person.id)
    .join(Chat, col(Chat.person_id) == Person.id)
    .where(col(Appointment.ended_at).is_(None), col(Person.nameless).is_(False), col(Chat.dead_why).is_(None))
    .order_by(col(Chat.id))
)


def leaders_of(session: Session, assignments: Sequence[int]) -> dict[int, list[int]]:
    """Return of each assignment the private chats of those who answer for its task by name.

    A name alone proves nothing, because people choose what a service calls them: it counts for who holds a rank for that unit
    or for the whole office.
    """
    named = [row for row in session.execute(_NAMED.where(col(Assignment.id).in_(assignments))) if row.leaders]
    units = {row.unit_id for row in named}
    if not named:
        return {}
    query = _REACHED.where(or_(col(Appointment.unit_id).in_(units), col(Appointment.unit_id).is_(None)))
    people = session.execute(query).all()
    found: dict[int, list[int]] = defaultdict(list)
    for row in named:
        for name, unit, chat in people:
            is_theirs = unit in (None, row.unit_id) and any(_is_called(printed, name) for _what, printed in row.leaders)
            if is_theirs and chat not in found[row.id]:
                found[row.id].append(chat)
    return found


def _is_called(printed: str, name: str) -> bool:
    """Tell whether a name as printed, 张建国（副市长）, is that of a person."""
    return printed == name or (len(name) > 1 and printed.startswith((f"{name}（", f"{name}(")))
