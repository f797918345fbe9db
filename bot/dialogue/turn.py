"""One turn of a conversation: what a handler needs to answer one message, and how it answers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum, auto
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.channels.incoming import Incoming
from bot.dialogue.manners import ASKS, BRIEF
from bot.dialogue.visitors import Visitor
from db import days, outbox, stored
from db.bodies import KeptFile, ReplyBody
from db.ledger import Line, local_day
from db.ledger.asking import requests
from db.models import Inbound, Message, Notice
from db.session import undoable
from db.words import Action, Level, NoticeKind, Refusal, Unusable
from jobs.delivery import live
from jobs.desk import Desk
from jobs.notices.press import pairs
from jobs.notices.render import say, title_of
from jobs.ports import Abilities, Button


class Effect(Enum):
    """What a turn leads to beside what it says; the service looks at these, and never at the word for the log."""

    ASKS = auto()
    """More is wanted of the person before anything is done."""

    REHEARSE = auto()
    """A rehearsal is to be played."""

    MENUS = auto()
    """Who may command in which chat has changed, and so the commands that chats show."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What came of an update: a word for the log, what is said to who pressed a button, to them alone, and what it leads to."""

    outcome: str
    toast: str = ""
    effects: frozenset[Effect] = frozenset()


DECIDED = "decided"
"""The answer to a decision, of which one message may hold several."""

OWN_TASKS = "我的任务"
"""What a contact looks at without naming anything."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was read ahead of a turn that only looks: the act, in which chat for whom, and what it says."""

    act: str
    whose: tuple[int | None, int | None]
    said: "tuple[Callable[[Turn], object], ...]"


@dataclass
class Turn:
    """The session of the transaction, the instant, who speaks, what came in, and what they pointed at when asked.

    ``source`` is the message of ours that the person answers: it shows afterwards what was done, and so does the ``question`` that was asked between. ``again`` is an earlier message that is to be played once more, with the assignment
    it turned out to be about. ``corrects`` tells that what is said now stands in place of what the same message said before,
    ``part`` is what of the message is heard, where that is not all of it, ``beside`` is what the next answer says besides, ``gathered`` the answers of one act on several things, which are one message.
    """

    session: Session
    desk: Desk
    abilities: Abilities
    now: datetime
    visitor: Visitor
    incoming: Incoming
    inbound_id: int
    looked: Looked | None = None
    chosen: Line | None = None
    everybody: bool = False
    corrects: bool = False
    part: str = ""
    again: tuple[Inbound, Line | None] | None = None
    source: Message | None = None
    question: Message | None = None
    outcomes: list[str] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)
    effects: set[Effect] = field(default_factory=set)
    changed: dict[int, Message] = field(default_factory=dict)
    acts: dict[str, list[str]] = field(default_factory=dict)
    beside: list[tuple[str, Sequence[Button]]] = field(default_factory=list)
    gathered: list[tuple[str, Line | None]] | None = None

    def spoken(self, word: str, latin: str) -> str:
        """Return how a command is written where this chat's service hears it."""
        return self.abilities.spoken(word, latin)

    @property
    def text(self) -> str:
        """What the person wrote."""
        return self.incoming.text

    @property
    def is_spoken_to(self) -> bool:
        """Tell whether what is said is said to the bot: all that a service brings which does not overhear."""
        return self.incoming.is_addressed or not self.abilities.overhears

    @property
    def record(self) -> Inbound:
        """The turn's message as the store keeps it."""
        return self.session.get_one(Inbound, self.inbound_id)

    @property
    def files(self) -> tuple[KeptFile, ...]:
        """What came with the message and is in the archive."""
        return kept_with(self.record)

    def says_what_was_looked_at(self, act: str) -> bool:
        """Answer with what was read before this transaction, if it was read for this act; tell whether it was."""
        looked = self.looked
        if looked is None or (looked.act, looked.whose) != (act, (self.visitor.chat.id, self.visitor.person.id)):
            return False
        for answer in looked.said:
            answer(self)
        return True

    # ------------------------------------------------------------ answering

    def reply(
        self,
        name: str,
        /,
        *,
        buttons: Sequence[Button] = (),
        line: Line | None = None,
        item: bool = False,
        asks_text: bool = False,
        which: int | None = None,
        album: str | None = None,
        later: timedelta | None = None,
        doubt_id: int | None = None,
        enclosed: Sequence[KeptFile] = (),
        seen: tuple[tuple[int, int], ...] = (),
        **values: Any,
    ) -> Notice | None:
        """Answer with the reply template ``name``: to who pressed alone where that is enough, else in the chat.

        ``line`` is what the answer is about, so that a reply to it can be placed; with ``item`` its buttons are that
        assignment's own. ``asks_text`` marks a question that is answered in words; ``later`` lets it wait so long.
        """
        always = {
            "file_word": self.abilities.file_word,
            "hint": self.abilities.hint,
            "today": self.today(line),
            "spoken": self.abilities.spoken,
        }
        text = say(name, **(always | values))
        if self.gathered is not None and name == DECIDED:
            self.gathered.append((text, line))
            return None
        return self.reply_text(
            text,
            buttons,
            outcome=name,
            line=line,
            item=item,
            asks_text=asks_text,
            brief=name in BRIEF,
            which=which,
            album=album,
            later=later,
            doubt_id=doubt_id,
            files=tuple(enclosed),
            seen=seen,
        )

    def reply_text(
        self,
        text: str,
        buttons: Sequence[Button] = (),
        outcome: str = "text",
        *,
        line: Line | None = None,
        item: bool = False,
        brief: bool = False,
        later: timedelta | None = None,
        **how: Any,
    ) -> Notice | None:
        """Answer with a text that is ready; return the notice where it is a message. ``how`` are fields of its body."""
        self.outcomes.append(outcome)
        if self.corrects:
            text, self.corrects = f"已按您改过的话更正：{text}", False
        for more, theirs in self.beside:
            text, buttons, brief = f"{text}\n{more}", [*theirs, *buttons], brief and not theirs
        self.beside = []
        if outcome in ASKS:
            self.effects.add(Effect.ASKS)
        if how.get("asks_text") and not self.incoming.private:
            text += self.abilities.ask_hint
        if brief and not how.get("files") and self.incoming.press is not None and self.abilities.toasts:
            self.toasts.append(text)
            self.refresh_source()
            return None
        return outbox.answer(
            self.session,
            self.visitor.chat.id,
            ReplyBody(
                text,
                pairs(buttons),
                about=(line.assignment.id,) if line else (),
                title=title_of(outcome),
                item=line.assignment.id if line and item else None,
                part=self.part if how.get("which") is not None else "",
                **how,
            ),
            self.now,
            reply_to=self.incoming.message_id,
            not_before=self.now + later if later else None,
        )

    @contextmanager
    def in_one_answer(self) -> Iterator[None]:
        """Let what is decided of several things by one act be answered in one message, a line each, and not one by one."""
        if self.gathered is not None:
            yield
            return
        self.gathered = []
        try:
            yield
        finally:
            gathered, self.gathered = self.gathered, None
        if gathered:
            text, line = "\n".join(text for text, _line in gathered), gathered[0][1] if len(gathered) == 1 else None
            self.reply_text(text, outcome=DECIDED, line=line, brief=DECIDED in BRIEF)

    def say_beside(self, text: str, buttons: Sequence[Button]) -> None:
        """Add a line, and what may be pressed because of it, to the next answer of this turn."""
        self.beside.append((text, buttons))

    def show_page(self, text: str, buttons: Sequence[Button], query: str | None) -> None:
        """Answer with a page of a list: in the message that was pressed, where the channel can change messages."""
        pressed = (
            self.source.notice
            if self.source and self.incoming.press is not None and self.abilities.changes.unasked
            else None
        )
        if pressed is not None and self.source_query() is not None:
            body = outbox.body_to_change(self.session, pressed, ReplyBody)
            pressed.carry(replace(body, text=text, buttons=pairs(buttons)))
            self.outcomes.append("list")
            self.refresh_source()
        else:
            self.reply_text(text, buttons, outcome="list", query=query)

    def source_query(self) -> str | None:
        """Return what the list was asked for that the person answered; None where it is no list with pages."""
        body = self.source.notice.body if self.source is not None else None
        return body.query if isinstance(body, ReplyBody) else None

    def let_go_of_question(self) -> None:
        """Take the buttons from the question that was pressed: what is done shows under the message that began it."""
        source = self.source
        if self.incoming.press is not None and source is not None and source.notice.kind is NoticeKind.REPLY:
            self.question = source
            close_question(self.session, source.notice)
            self.refresh_source()

    def acted(self, what: str, code: str = "") -> None:
        """Note what the person did, to be shown under the message that they answered."""
        self.acts.setdefault(what, []).append(f"〔{code}〕" if code else "")

    def show_in_requests(
        self, line: Line, what: str, level: Level | str | None = None, of: Action | None = None
    ) -> None:
        """Show what was done under the other messages that ask for a decision on it; their buttons no longer apply.

        What waited for a ``level`` was asked of that alone; what stands in public notice was asked of who verified it. ``of``
        says which request it answers, a report or one for more time; None: both.
        """
        if level in (None, Level.NOTICE):
            asked = requests(self.session, line.assignment.id, NoticeKind.VERIFY_REQUEST)
            self.show_in((one for one in asked if of in (None, getattr(one.legible, "action", of))), what)
            return
        asking = requests(self.session, line.assignment.id, NoticeKind.REVIEW)
        self.show_in((one for one in asking if getattr(one.legible, "level", "") == level), what)

    def show_in(self, notices: Iterable[Notice], what: str) -> None:
        """Show what was done under messages of ours beside the one that the person answered."""
        for notice in notices:
            if self.source is None or notice.id != self.source.notice_id:
                here = notice.chat_id == self.visitor.chat.id
                for part in live.answerable(self.session, notice):
                    live.mark(self.session, notice, part, f"{self.visitor.person.name} {self.at()} {what}")
                    if self.abilities.changes.unasked or not here:
                        outbox.refresh(self.session, notice, part, self.now, told=here)

    def refresh_source(self) -> None:
        """Bring the message that the person answered up to date, at the close: its buttons may no longer apply."""
        if self.source is not None:
            self._show_anew(self.source)

    def _show_anew(self, message: Message) -> None:
        if self.abilities.changes.unasked:
            self.changed[message.id] = message

    def attempt(self, work: Callable[[], object]) -> bool:
        """Do ``work`` in a savepoint; where it is refused nothing of it stays, and the person hears why in one line.

        Tell whether it was done. What can be done in part is attempted part by part.
        """
        noted = self.outcomes, self.toasts, self.acts, self.effects, self.source, self.question, self.changed
        self.outcomes, self.toasts, self.effects = [*noted[0]], [*noted[1]], {*noted[3]}
        self.changed = {**noted[6]}
        self.acts = {what: [*codes] for what, codes in noted[2].items()}
        try:
            with undoable(self.session):
                work()
        except Unusable:
            raise
        except Refusal as refusal:
            self.outcomes, self.toasts, self.acts, self.effects, self.source, self.question, self.changed = noted
            self.visitor.granted.clear()  # with the savepoint its locks are gone
            self.reply("refused", why=str(refusal))
            return False
        return True

    def close(self) -> Spoken:
        """Show under the message that the person answered what they did, and return what came of the turn."""
        if self.acts and self.source is not None:
            source, notice = self.source, self.source.notice
            did = "，".join(what + _counted(codes) for what, codes in self.acts.items())
            body = notice.body
            if isinstance(body, ReplyBody) and body.item is None:
                close_question(self.session, notice)
            asked = [self.question] if self.question is not None and self.question.notice_id != notice.id else []
            for shown in [*asked, source]:
                live.mark(self.session, shown.notice, shown.part, f"{self.visitor.person.name} {self.at()} {did}")
                self._show_anew(shown)
        for message in self.changed.values():
            outbox.refresh(self.session, message.notice, message.part, self.now, told=True)
        return Spoken(",".join(self.outcomes) or "none", "\n".join(self.toasts), frozenset(self.effects))

    # ------------------------------------------------------------ time

    def today(self, line: Line | None = None) -> date:
        """Return the local day: of the campaign's zone, else of the desk's."""
        return local_day(self.now, line.campaign.timezone if line else self.desk.timezone)

    def zone(self, line: Line | None = None) -> ZoneInfo:
        """Return the zone of the campaign, else of the desk."""
        return ZoneInfo(line.campaign.timezone) if line else self.desk.zone

    def at(self, moment: datetime | None = None) -> str:
        """Write an instant (now, where none is given) as people read it, to the minute of the desk's zone."""
        return days.at(moment or self.now, self.desk.zone, self.now)


def kept_with(inbound: Inbound) -> tuple[KeptFile, ...]:
    """Return the files that came with a message and are in the archive."""
    return tuple(stored.read(KeptFile, file) for file in inbound.words.get("files_kept", ()))


NAMED = 2
"""How many codes a mark under a message names; of more it tells the number."""


def close_question(session: Session, notice: Notice) -> None:
    """Let a question that is answered ask no more: its buttons go, and the line that asked."""
    body = outbox.body_to_change(session, notice, ReplyBody)
    told, line, asked = body.text.rpartition("\n")
    text = told if line and asked.endswith("？") else body.text
    notice.carry(replace(body, buttons=(), text=text))


def _counted(codes: Sequence[str]) -> str:
    return "".join(codes) if len(codes) <= NAMED else f"{len(codes)}项"
