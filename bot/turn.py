"""One turn of a conversation: what a handler needs to answer one message, and how it answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.access import Visitor
from bot.message import Incoming
from db import outbox
from db.ledger import Line, local_day
from db.models import Prompt
from db.words import Action, NoticeKind, Reason
from jobs.desk import Desk
from jobs.ports import Button
from jobs.render import say

PROMPT_LIFE = timedelta(minutes=30)
"""How long the bot waits for the text that it asked for."""


@dataclass
class Turn:
    """The session of the transaction, the instant, who speaks, what came in, and what they pointed at when asked."""

    session: Session
    desk: Desk
    now: datetime
    visitor: Visitor
    incoming: Incoming
    inbound_id: int
    chosen: Line | None = None
    outcomes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the person wrote."""
        return self.incoming.text

    def reply(self, name: str, *, buttons: Sequence[Button] = (), **values: Any) -> None:
        """Answer in the same chat with the reply template ``name``."""
        self.reply_text(say(name, **values), buttons, outcome=name)

    def reply_text(self, text: str, buttons: Sequence[Button] = (), outcome: str = "text") -> None:
        """Answer in the same chat with a text that is ready."""
        outbox.enqueue(
            self.session,
            now=self.now,
            kind=NoticeKind.REPLY,
            reason=Reason.ASKED,
            chat_id=self.visitor.chat.id,
            body={"text": text, "buttons": [[button.label, button.data] for button in buttons]},
            reply_to=self.incoming.message_id,
        )
        self.outcomes.append(outcome)

    def today(self, line: Line | None = None) -> date:
        """Return the local day: of the campaign's zone, else of the desk's."""
        return local_day(self.now, line.campaign.timezone if line else self.desk.timezone)

    def at(self, moment: datetime | None = None) -> str:
        """Write an instant as people read it, month, day and minute of the desk's zone."""
        local = (moment or self.now).astimezone(self.desk.zone)
        return f"{local.month}月{local.day}日{local:%H:%M}"

    def expect(self, action: Action, line: Line | None, due: date | None = None, words: str = "") -> None:
        """Take the person's next message in this chat as the text of ``action``."""
        self.session.merge(
            Prompt(
                chat_id=self.visitor.chat.id or 0,
                person_id=self.visitor.person.id or 0,
                action=action,
                assignment_id=line.assignment.id if line else None,
                due=due,
                words=words,
                expires_at=self.now + PROMPT_LIFE,
            )
        )
        self.session.flush()

    def take_prompt(self) -> Prompt | None:
        """Return what the bot asked this person for and is still waiting for, and stop waiting."""
        prompt = self.session.get(Prompt, (self.visitor.chat.id, self.visitor.person.id))
        if prompt is None:
            return None
        self.session.delete(prompt)
        self.session.flush()
        return prompt if prompt.expires_at > self.now else None
