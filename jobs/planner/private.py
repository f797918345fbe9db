"""What goes to people in private, where the policy says so: a word before a summons, and copies to those who answer for a task by name."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlmodel import Session, col

from db import outbox, register
from db.bodies import ReplyBody
from db.ledger import Line
from db.models import Appointment, Assignment, Chat, Milestone, Paper, Person, Task
from db.words import Rank, Reason
from jobs.notices.render import say


def tell(session: Session, paper: Paper, lines: Sequence[Line], workdays: int, now: datetime) -> None:
    """Write to the contacts, then to the leaders of a unit that is to be summoned, to each in private once, where they have an
    account; ``workdays`` is how long its tasks are late.
    """
    if paper.unit_id is None or not lines:
        return
    text = say("before_summons", unit=lines[0].unit.name, lines=lines, workdays=workdays)
    chats = [
        chat for rank in (Rank.CONTACT, Rank.LEADER) for chat in register.private_chats_of(session, paper.unit_id, rank)
    ]
    for chat_id in dict.fromkeys(chat.id for chat in chats):
        body = ReplyBody(text, about=tuple(line.assignment.id for line in lines))
        outbox.answer(session, chat_id, body, now, reason=Reason.WORKDAYS_AFTER, campaign_id=paper.campaign_id)


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
