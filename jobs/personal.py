"""What is kept of one person: all of it, for who asks what that is; and gone, for who asks that it be forgotten.

The record stays a valid chain: its entries keep that something was done, when and to what, and an entry says who erased what.
"""

from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from db import history
from db.history import ERASED, OPERATOR, Actor
from db.models import (
    Account,
    Appointment,
    Broadcast,
    Chat,
    Duty,
    Extension,
    History,
    Inbound,
    Invite,
    Objection,
    Person,
    Prompt,
    Question,
    RoundSignature,
)
from db.stored import Json, without_words
from db.words import DayPart
from jobs import quoted


def of_person(session: Session, person: Person) -> Json:
    """Return everything that is kept under a person's own number, ready to be written as JSON."""
    accounts = session.exec(select(Account).where(Account.person_id == person.id)).all()
    ranks = session.exec(select(Appointment).where(Appointment.person_id == person.id)).all()
    entries = session.exec(select(History).where(History.person_id == person.id).order_by(col(History.id))).all()
    heard = session.exec(select(Inbound).where(Inbound.person_id == person.id).order_by(col(Inbound.id))).all()
    questions = session.exec(select(Question).where(Question.asked_by_id == person.id).order_by(col(Question.id))).all()
    objections = session.exec(
        select(Objection).where(Objection.person_id == person.id).order_by(col(Objection.id))
    ).all()
    signed = session.exec(select(RoundSignature).where(RoundSignature.person_id == person.id)).all()
    sent = session.exec(select(Broadcast).where(Broadcast.by_id == person.id).order_by(col(Broadcast.id))).all()
    asked = session.exec(
        select(Extension).where(Extension.requested_by_id == person.id).order_by(col(Extension.id))
    ).all()
    return {
        "person": person.id,
        "name": person.name,
        "accounts": [{"channel": one.channel, "account": one.external_id} for one in accounts],
        "ranks": [
            {"rank": str(one.rank), "unit": one.unit_id, "since": _at(one.since), "ended": _at(one.ended_at)}
            for one in ranks
        ],
        "record": [
            {
                "campaign": one.campaign_id,
                "number": one.seq,
                "at": _at(one.at),
                "event": one.event,
                "assignment": one.assignment_id,
                "who": one.who,
                "words": one.words,
                "before": one.before,
                "after": one.after,
            }
            for one in entries
        ],
        "heard": [{"at": _at(one.at), "channel": one.channel, "said": one.words} for one in heard],
        "questions": [{"at": _at(one.asked_at), "words": one.words} for one in questions],
        "requests": [
            {
                "at": _at(one.requested_at),
                "assignment": one.assignment_id,
                "until": one.new_due.isoformat(),
                "words": one.words,
            }
            for one in asked
        ],
        "broadcasts": [{"at": _at(one.sent_at), "words": one.words} for one in sent],
        "confirmed": [{"at": _at(one.at), "round": one.round_id, "entry": one.entry_id} for one in signed],
        "objections": [{"at": _at(one.at), "words": one.words} for one in objections],
        "duties": [
            {"day": one.day.isoformat(), "part": DayPart(one.part).zh, "unit": one.unit_id, "phone": one.phone}
            for one in _duties(session, person)
        ],
    }


def _duties(session: Session, person: Person) -> list[Duty]:
    """Return the days of duty under a person's name where they ever held a rank; who is on duty elsewhere is another of that name."""
    if person.nameless:
        return []
    held = set(session.exec(select(Appointment.unit_id).where(Appointment.person_id == person.id)))
    there = select(Duty).where(Duty.name == person.name).order_by(col(Duty.id))
    return [one for one in session.exec(there) if one.unit_id in held]


def forget(session: Session, person: Person, now: datetime, actor: Actor = OPERATOR, *, quotes: bool = True) -> int:
    """Forget a person's name and words, and unless they still have a rank their accounts; return how many entries of the
    record changed. With ``quotes`` the words go out of what was passed on and answered, too.

    Whoever comes with such an account again is a stranger.
    """
    heard = session.exec(select(Inbound).where(Inbound.person_id == person.id)).all()
    worded = [
        *session.exec(select(Question).where(Question.asked_by_id == person.id)),
        *session.exec(select(Extension).where(Extension.requested_by_id == person.id)),
        *session.exec(select(Objection).where(Objection.person_id == person.id)),
    ]
    if quotes:
        entries = session.exec(select(History.words).where(History.person_id == person.id, History.words != ""))
        said = {*entries, *(one.words for one in worded)}
        quoted.strike_words(session, heard, said, "" if person.nameless else person.name)
    changed = history.erase(session, person.id, actor, now)
    for update in heard:
        update.words = without_words(update.words)
    for one in worded:
        one.words = ""
    for prompt in session.exec(select(Prompt).where(Prompt.person_id == person.id)):
        session.delete(prompt)
    for day in _duties(session, person):
        day.name, day.phone = ERASED, None
    held = select(Appointment.id).where(Appointment.person_id == person.id, col(Appointment.ended_at).is_(None))
    if session.exec(held).first() is None:
        _forget_name(session, person, now)
    session.flush()
    return changed


def _forget_name(session: Session, person: Person, now: datetime) -> None:
    """Forget the name of who has no rank any more, the accounts, and their private conversations, which nothing reaches again."""
    for account in session.exec(select(Account).where(Account.person_id == person.id)):
        session.delete(account)
    for chat in session.exec(select(Chat).where(Chat.person_id == person.id)):
        chat.title, chat.person_id, chat.external_id = ERASED, None, f"{ERASED}{chat.id}"
        chat.dead_why, chat.dead_told = ERASED, True
    if not person.nameless:
        _forget_name_elsewhere(session, person, now)
    person.name, person.nameless = ERASED, False


def _forget_name_elsewhere(session: Session, person: Person, now: datetime) -> None:
    """Forget a name where it says who gave out duty, and for whom a code was made; an open one ends, but for a namesake's."""
    namesakes = select(Person.id).where(Person.name == person.name, Person.id != person.id)
    others = session.exec(namesakes).first() is not None
    for code in session.exec(select(Invite).where(Invite.person_name == person.name)):
        is_over = code.used_at is not None or code.expires_at <= now
        if is_over or not others:
            code.person_name, code.expires_at = ERASED, min(code.expires_at, now)
    for day in session.exec(select(Duty).where(or_(col(Duty.by) == person.name, col(Duty.ended_by) == person.name))):
        day.by = ERASED if day.by == person.name else day.by
        day.ended_by = ERASED if day.ended_by == person.name else day.ended_by


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
