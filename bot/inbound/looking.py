"""Looking: what only looks is read before the transaction that records it, so that nobody waits for a list.

SQLite has one writer. A list, a page, the figures are therefore read with a session that only reads, and kept as what would be
said; the turn goes through all its gates inside the transaction that makes the update count once, and where it comes to
that very act it says what was kept. A guess that proves wrong, as when the bot waits for other words, is let go.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.channels.incoming import Incoming
from bot.dialogue import commanding, presses, visitors
from bot.dialogue.commands import Command
from bot.dialogue.contact import answers
from bot.dialogue.turn import OWN_TASKS, Looked, Turn
from bot.dialogue.understand import Intent, understand
from db import ledger, outbox
from db.words import Refusal, Unusable
from jobs.desk import Desk
from jobs.notices.press import verb_of
from jobs.ports import Abilities


@dataclass
class Looking(Turn):
    """A turn whose answers are kept instead of sent."""

    said: list[Callable[[Turn], object]] = field(default_factory=list)

    def reply_text(self, *words: Any, **values: Any) -> None:
        """Keep an answer."""
        self.said.append(lambda turn: turn.reply_text(*words, **values))

    def show_page(self, *page: Any) -> None:
        """Keep a page of a list."""
        self.said.append(lambda turn: turn.show_page(*page))


def may_look(incoming: Incoming, now: datetime, desk: Desk) -> bool:
    """Tell, without the store, whether an update may be of those that only look."""
    if incoming.event is not None or incoming.anonymous or incoming.files or incoming.unfetched:
        return False
    if incoming.press is not None:
        return verb_of(incoming.press) in presses.LOOKS
    return _command(incoming) is not None or _lists_own(incoming, now, desk)


def look(session: Session, desk: Desk, abilities: Abilities, incoming: Incoming, now: datetime) -> Looked | None:
    """Return what an update that only looks leads to, read with ``session``; None for any other."""
    visitor = visitors.known(session, incoming)
    if visitor is None:
        return None
    turn = Looking(session, desk, abilities, now, visitor, incoming, 0)
    answered = incoming.message_id if incoming.press is not None else None
    if answered is not None:
        turn.source = outbox.find_message(session, visitor.chat.id, answered)
    what, act = _act(turn)
    if act is None:
        return None
    try:
        act(turn)
    except Unusable:
        raise
    except Refusal:
        return None  # the turn itself says so
    return Looked(what, (visitor.chat.id, visitor.person.id), tuple(turn.said))


def _act(turn: Turn) -> tuple[str, Callable[[Turn], object] | None]:
    data = turn.incoming.press
    if data is not None:
        return data, (lambda turn: presses.press(turn, data)) if verb_of(data) in presses.LOOKS else None
    if turn.visitor.steers or turn.visitor.leads:
        command = _command(turn.incoming)
        return (
            ("", None)
            if command is None
            else (command[0].looked(command[1]), lambda turn: commanding.run(turn, *command))
        )
    return OWN_TASKS, answers.list_own if turn.visitor.units else None


def _command(incoming: Incoming) -> tuple[Command, str] | None:
    found = commanding.find(commanding.in_words(commanding.unaddressed(incoming.text), steers=True))
    return found if found is not None and found[0].looks else None


def _lists_own(incoming: Incoming, now: datetime, desk: Desk) -> bool:
    text = commanding.in_words(commanding.unaddressed(incoming.text), steers=False)
    return understand(text, on=ledger.local_day(now, desk.timezone), coordinator=False).intent is Intent.LIST
