"""A word in private before a summons: the unit's contacts and leaders read what is about to be signed, where the policy says so."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from db import outbox, register
from db.bodies import ReplyBody
from db.ledger import Line
from db.models import Paper
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
