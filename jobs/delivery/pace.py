"""Pace: how much goes out to a chat and through a channel, and in which minutes.

What was tried is counted in the database, so that a restart or a second machine cannot break the pace.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from db import outbox, register
from db.models import Chat
from jobs.ports import Pace


def next_allowed(moment: datetime, avoid: frozenset[int]) -> datetime:
    """Return the first instant from ``moment`` on that is in none of the minutes of the hour to ``avoid``.

    Zones are whole minutes of an hour apart that a service's own clock is not, so that UTC's minutes will do.
    """
    while moment.minute in avoid:
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return moment


def keep(session: Session, chat: Chat, pace: Pace, now: datetime) -> None:
    """Let nothing more out to a chat, and the other topics of its group, before its pace allows."""
    until = chat_is_free(session, chat, pace, now)
    if until > now:
        outbox.hold(register.siblings(session, chat), until)


def chat_is_free(session: Session, chat: Chat, pace: Pace, now: datetime) -> datetime:
    """Return the instant from which a chat's pace lets one more out; ``now`` where it does already."""
    if not pace.per_chat:
        return now
    together = [one.id for one in register.siblings(session, chat)]
    longest = max(seconds for _count, seconds in pace.per_chat)
    tried = outbox.tried_since(session, now - timedelta(seconds=longest), together)
    free = [tried[-count] + timedelta(seconds=seconds) for count, seconds in pace.per_chat if len(tried) >= count]
    return max([now, *free])


def room(session: Session, chat: Chat, pace: Pace, now: datetime) -> int:
    """Return how many messages may go out to a chat in one request; how long requests are apart is no matter of that."""
    together, free = [one.id for one in register.siblings(session, chat)], []
    for count, seconds in pace.per_chat:
        if count > 1:
            free.append(count - len(outbox.tried_since(session, now - timedelta(seconds=seconds), together)))
    return max(1, min(free, default=1))


def slots(session: Session, channel: str, pace: Pace, most: int, now: datetime) -> tuple[int, list[datetime]]:
    """Return how many messages, up to ``most``, a channel's overall pace lets out now, and when what is full has room."""
    free_again = []
    for count, seconds in pace.overall:
        tried = outbox.tried_on_channel(session, now - timedelta(seconds=seconds), channel)
        most = min(most, count - len(tried))
        if len(tried) >= count:
            free_again.append(tried[-count] + timedelta(seconds=seconds))
    return most, free_again
