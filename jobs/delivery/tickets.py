"""Tickets: what one pass gives to a service, and gets back from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from db import register
from db.archive import Archive
from db.kinds import KINDS
from db.models import Chat, Message, Notice
from db.words import NoticeKind, Reason
from jobs.desk import Desk
from jobs.notices.parts import Part
from jobs.ports import Abilities, Attachment, Channel, Edit, Outgoing, SendResult


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass has at hand, for as long as its transaction lasts.

    ``now`` is the clock that people live by; leases, back-off and a service's own waits run on ``real`` time. With ``since``
    each notice goes out as of its own time, or of ``since`` where that is later, though the clock has gone on.
    """

    session: Session
    channels: Mapping[str, Channel]
    desk: Desk
    now: datetime
    real: datetime
    since: datetime | None = None

    def as_of(self, moment: datetime) -> "Pass":
        """Return the same as of the time of one notice."""
        return self if self.since is None else replace(self, now=max(self.since, moment))


@dataclass(frozen=True, slots=True)
class Ticket:
    """One part of one notice on its way since ``at``: what to send through which channel, by which of its tries, and the
    ``reason`` of the notice. Of an album it is the first of so many parts ``together``.

    Where a message that is out is to be changed, ``changes`` is its number and ``shows`` what it says then.
    """

    notice_id: int
    kind: NoticeKind
    reason: Reason
    channel: str
    part: int
    parts: int
    message: Outgoing | Edit
    tries: int
    at: datetime
    changes: int | None = None
    shows: Part | None = None
    together: int = 1

    @property
    def last(self) -> int:
        """The last part that is on its way."""
        return self.part + self.together - 1

    @property
    def is_edit(self) -> bool:
        """Tell whether a message that is out already is to be changed."""
        return self.changes is not None

    @property
    def changed(self) -> int:
        """The number of the message that an edit changes."""
        assert self.changes is not None, "no edit"
        return self.changes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the service said to a ticket."""

    ticket: Ticket
    result: SendResult


def edit_of(chat: Chat, message: Message, part: Part) -> Edit:
    """Return what makes a message that is out say what ``part`` says."""
    key = f"m{message.id}-{message.part}-{message.tries}"
    return Edit(
        chat.external_id,
        message.external_id or "",
        part.text,
        key,
        part.buttons,
        part.file is not None,
        part.face,
        part.picker,
        part.mark,
        message.handle,
    )


def mentions(session: Session, notice: Notice, chat: Chat, abilities: Abilities) -> dict[str, str]:
    """Return the unit's named contacts, where the channel can point at them: on one that hears nothing always, elsewhere
    where the unit was silent or is late, so that nobody is called to what a group reads anyway.
    """
    if not abilities.mentions or notice.unit_id is None or notice.body.for_information:
        return {}
    if abilities.hears and not KINDS[notice.kind].names:
        return {}
    return register.accounts_of_contacts(session, notice.unit_id, abilities.people or chat.channel)


def outgoing(
    notice: Notice,
    chat: Chat,
    place: int,
    parts: Sequence[Part],
    archive: Archive,
    pointed_at: Mapping[str, str],
    *,
    earlier: str | None = None,
    quiet: bool = False,
) -> Outgoing:
    """Return one part of a notice as a channel takes it, or several files as an album; ``earlier`` is the message to which
    the first one replies where nobody is answered, and what is ``quiet`` arrives without a sound.
    """
    part = parts[0]
    album = [(one.text, Attachment(one.file.name, archive.path(one.file.sha256))) for one in parts if one.file]
    return Outgoing(
        chat=chat.external_id,
        text=part.text,
        key=f"{notice.id}-{place}-{notice.tries}",
        buttons=part.buttons,
        reply_to=notice.reply_to or earlier if place == 1 else notice.message_id if len(album) > 1 else None,
        silent=quiet or KINDS[notice.kind].silent,
        file=album[0][1] if album else None,
        album=tuple(album[1:]),
        asks_text=notice.body.asks_text,
        face=part.face,
        picker=part.picker,
        mark=part.mark,
        mentions=pointed_at,
        pinned=KINDS[notice.kind].pinned,
    )
