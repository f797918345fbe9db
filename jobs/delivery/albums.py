"""Albums: files that follow each other go out as one message, under the text that they belong to, where a service can."""

from itertools import takewhile

from sqlmodel import Session

from db import outbox
from db.models import Chat, Notice
from jobs.delivery import pace
from jobs.delivery.tickets import Pass
from jobs.notices.parts import Part


def with_first(here: Pass, notice: Notice, chat: Chat, place: int, part: Part) -> list[Part]:
    """Return the files that go out together with the ``place``-th message of a notice, that one first; where it is none of
    several, or an album of this notice was refused before, it alone: one bad file costs itself alone.
    """
    abilities = here.channels[chat.channel].abilities
    most = min(abilities.album, pace.room(here.session, chat, abilities.pace, here.now)) if part.file else 1
    if most < 2 or outbox.was_refused(here.session, notice.id):
        return [part]
    return [part, *_files_after(here.session, notice, place)[: most - 1]]


def _files_after(session: Session, notice: Notice, place: int) -> list[Part]:
    following = [Part.read(one.sent) for one in outbox.messages_of(session, notice.id) if one.part > place]
    return list(takewhile(lambda part: part.file is not None, following))
