"""Showing: the message that was pressed shows what the press did."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlmodel import Session

from bot.channels.incoming import Incoming
from bot.dialogue.turn import Effect
from bot.inbound.taken import Taken
from db import days, outbox, register
from db.bodies import ReplyBody
from db.models import Chat
from db.session import Store
from jobs.delivery import redraw
from jobs.delivery.redraw import Redraw
from jobs.desk import Desk
from jobs.notices.press import name_of
from jobs.ports import Abilities, SendResult


class Showing:
    """Changes messages as the presses on them are taken."""

    def __init__(
        self, store: Store, desk: Desk, abilities: Mapping[str, Abilities], real: Callable[[], datetime] | None
    ) -> None:
        """``abilities`` are those of each channel by its name; ``real`` tells real time where ``now`` is another's."""
        self._store, self._desk, self._abilities, self._real = store, desk, abilities, real

    def begin_redraw(self, incoming: Incoming, taken: Taken | None, now: datetime) -> Redraw | None:
        """Return what the message that was pressed is to show; ``taken`` is what the press led to, None as long as nothing."""

        def begin(session: Session) -> Redraw | None:
            chat = register.find_chat(session, incoming.channel, incoming.chat)
            if chat is None or incoming.message_id is None:
                return None
            abilities = self._abilities.get(incoming.channel, Abilities())
            note = self._note(session, chat, incoming, taken, now)
            real = self._real() if self._real else now
            return redraw.begin(session, self._desk, abilities, chat, incoming.message_id, note, now, real)

        return self._store.settle(begin)

    def end_redraw(self, begun: Redraw, result: SendResult, now: datetime) -> None:
        """Write down what the service said to it."""
        self._store.settle(lambda session: redraw.end(session, begun, result, now))

    def _note(self, session: Session, chat: Chat, incoming: Incoming, taken: Taken | None, now: datetime) -> str:
        """Say who pressed what, where more is asked of them, or it is not done yet; what was done leaves its own mark."""
        person = register.find_person(session, incoming.accounts, incoming.person)
        found = outbox.find_message(session, chat.id, incoming.message_id or "")
        marks = found.marks if found is not None else []
        name = person.name if person is not None else incoming.person
        who = f"{name} {days.at(now, self._desk.zone, now)}"
        if taken is not None and (Effect.ASKS not in taken.effects or any(one.startswith(who) for one in marks)):
            return ""
        pressed = name_of(incoming.press or "")
        return f"{who} 按了“{pressed}”" if taken is not None else f"{who} {pressed}：正在办理"

    def follow_up(self, incoming: Incoming, text: str, now: datetime) -> None:
        """Say as a message what came too late to be said to who pressed."""
        with self._store.write() as session:
            chat = register.find_chat(session, incoming.channel, incoming.chat)
            if chat is not None:
                outbox.answer(session, chat.id, ReplyBody(text), now, reply_to=incoming.message_id)
