"""The inbox: an update is in the store before it counts as handled, and the same update twice changes nothing."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, tuple_
from sqlmodel import Session, col, select

from bot.channels.incoming import Incoming, revived
from bot.dialogue import binding, handle, presses
from bot.dialogue.room import lists
from bot.dialogue.turn import Looked
from bot.inbound import looking
from bot.inbound.keeping import NO_ROOM, Keeping, Scanner
from bot.inbound.showing import Showing
from bot.inbound.taken import Taken
from db import outbox, register, stored
from db.bodies import AlarmBody, KeptFile, ReplyBody
from db.many import number_new
from db.models import Inbound
from db.session import Contended, Store, StoreError, share
from db.stored import Words
from db.words import ChatRole, NoticeKind, Reason
from jobs.desk import Desk
from jobs.notices import alarms
from jobs.notices.alarms import Trouble
from jobs.notices.press import verb_of
from jobs.notices.render import say
from jobs.ports import Abilities
from jobs.reading.guard import WHOLE, Stopping

log = logging.getLogger(__name__)

FETCHING = "fetching"
"""The outcome of a message whose files are still on their way."""

REPEATED = "repeated"

Update = tuple[Incoming, datetime]
"""What a channel hands in, and when it came."""

UNHEARD = "unheard"
"""The outcome of what people say to each other where the bot can hear it: nothing of it is kept, not even who spoke."""

OF_STRANGERS = frozenset({UNHEARD, "stranger", "unbound", "bad_code", "too_many_codes", binding.CODE_REFUSED})
"""Outcomes after which the words are not kept: whoever said them has no place here, or they are a code that is still good."""


class Interrupted(StoreError):
    """The program is being stopped; the update was not handled and comes again."""


class Inbox:
    """Takes what the channels hand in, one update at a time, each in one transaction."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        abilities: Mapping[str, Abilities] | None = None,
        scan: Scanner | None = None,
        real: Callable[[], datetime] | None = None,
    ) -> None:
        """Keep files in the desk's archive; ``abilities`` are those of each channel by its name.

        ``real`` tells real time where the ``now`` that is handed in is another's.
        """
        self._store, self._desk = store, desk
        self._abilities, self._files = abilities or {}, Keeping(desk.archive, scan)
        self._reading = set[str]()
        self.showing = Showing(store, desk, self._abilities, real)

    def take(self, incoming: Incoming, now: datetime) -> Taken:
        """Handle one update; the outcome of one that was here before is ``REPEATED``.

        A fault of ours is recorded, said to the person in one line and told to the coordinators; what it had begun
        is undone. Raise ``StoreError`` where the store cannot be used, ``NoRoom`` where that is so for the files alone,
        ``Interrupted`` where the program stops: then nothing was recorded.
        """
        try:
            if self._is_private_talk(incoming):
                return self._store.settle(lambda session: self._let_pass(session, incoming, now))
            kept, refused = self._files.keep(incoming) if self._may_hand_in(incoming) else ([], [])
            self._read_ahead(incoming, kept)
            looked = self._look(incoming, now)
            return self._store.settle(lambda session: self._take(session, incoming, kept, refused, now, looked))
        except StoreError:
            raise
        except Stopping as stop:
            raise Interrupted(str(stop)) from None
        except Exception as error:
            log.error(
                "inbound-failed update=%s channel=%s error=%s",
                incoming.external_id,
                incoming.channel,
                type(error).__name__,
            )
            log.debug("inbound-failed", exc_info=True)
            return self._tell_fault(incoming, type(error).__name__, now)

    def goes_together(self, incoming: Incoming) -> bool:
        """Tell whether an update may share a transaction with others: a press that acts, where nothing is read before it."""
        plain = incoming.event is None and not (incoming.files or incoming.attached or incoming.unfetched)
        verb = verb_of(incoming.press or "")
        return incoming.press is not None and plain and verb not in presses.LOOKS and verb not in lists.READING

    def take_together(self, waiting: Sequence[Update]) -> list[Taken | Exception]:
        """Handle several updates, as many in one transaction as may share one; return what became of each, or why it has to
        wait. One that cannot be done there is taken by itself. Where the store cannot be used, nobody else is made to find out.
        """
        results: list[Taken | Exception] = []
        while left := waiting[len(results) :]:
            results += [results[-1]] * len(left) if results and _is_down(results[-1]) else self._take_some(left)
        return results

    def _take_some(self, waiting: Sequence[Update]) -> list[Taken | Exception]:
        """Handle the first update, and with it those that may share its transaction."""
        fit, done = presses.fit_together([incoming for incoming, _now in waiting]), list[Taken | Exception]()
        if fit < 2:
            return [self._by_itself(*waiting[0])]
        try:
            with self._store.write() as session:
                self._take_shared(session, waiting[:fit], done)
            return done
        except Exception:  # of the one after those that are done, or of the transaction itself
            before = waiting[: len(done)] if len(done) < fit else []
            return [*self.take_together(before), self._by_itself(*waiting[len(before)])]

    def _take_shared(self, session: Session, shared: Sequence[Update], done: list[Taken | Exception]) -> None:
        """Handle updates in a transaction that stands or falls with each of them, and add to ``done`` what became of it."""
        share(session)
        presses.hold_ahead(session, [incoming for incoming, _now in shared])
        named = tuple_(col(Inbound.channel), col(Inbound.external_id))
        keys = [(incoming.channel, incoming.external_id) for incoming, _now in shared]
        known = {(one.channel, one.external_id): one for one in session.exec(select(Inbound).where(named.in_(keys)))}
        new = {key: _recorded(session, *update) for key, update in zip(keys, shared, strict=True) if key not in known}
        number_new(session)
        session.flush()
        for key, (incoming, now) in zip(keys, shared, strict=True):
            done.append(self._handled(session, incoming, new[key], now) if key in new else _repeated(known[key]))
        number_new(session)

    def _by_itself(self, incoming: Incoming, now: datetime) -> Taken | Exception:
        try:
            return self.take(incoming, now)
        except Exception as error:
            return error

    def _take(
        self,
        session: Session,
        incoming: Incoming,
        kept: Sequence[KeptFile],
        refused: list[list[str]],
        now: datetime,
        looked: Looked | None,
    ) -> Taken:
        inbound = _known(session, incoming)
        if inbound is not None and inbound.outcome != FETCHING:
            return _repeated(inbound)
        words = _words(incoming, kept, refused)
        if inbound is None:
            inbound = _recorded(session, incoming, now, words)
        else:
            inbound.words = words
        taken = self._handled(session, incoming, inbound, now, looked)
        session.flush()
        return taken

    def _handled(
        self, session: Session, incoming: Incoming, inbound: Inbound, now: datetime, looked: Looked | None = None
    ) -> Taken:
        abilities = self._abilities.get(incoming.channel, Abilities())
        spoken = handle.handle(session, self._desk, abilities, incoming, inbound, now, looked)
        inbound.outcome = spoken.outcome
        if spoken.outcome in OF_STRANGERS:
            inbound.words = incoming.without_words()
        log.info("inbound-taken inbound=%s channel=%s outcome=%s", inbound.id, incoming.channel, spoken.outcome)
        return Taken(spoken.outcome, spoken.toast, spoken.effects)

    def _is_private_talk(self, incoming: Incoming) -> bool:
        """Tell whether people speak to each other; nothing is done with that but that it came."""
        if not self._may_be_overheard(incoming):
            return False
        with self._store.read() as session:
            return _known(session, incoming) is None and self._is_overheard(session, incoming)

    def _let_pass(self, session: Session, incoming: Incoming, now: datetime) -> Taken:
        inbound = _known(session, incoming)
        if inbound is not None:
            return _repeated(inbound)
        _recorded(session, incoming, now, incoming.without_words()).outcome = UNHEARD
        return Taken(UNHEARD)

    def _may_hand_in(self, incoming: Incoming) -> bool:
        """Tell whether somebody brings files who has a place here: of strangers nothing is kept."""
        if not (incoming.files or incoming.unfetched):
            return False
        with self._store.read() as session:
            return self._has_a_place(session, incoming)

    def _look(self, incoming: Incoming, now: datetime) -> Looked | None:
        """Read what an update that only looks will say before the transaction begins."""
        if not looking.may_look(incoming, now, self._desk):
            return None
        with self._store.read() as session:
            if _known(session, incoming) is not None:
                return None
            abilities = self._abilities.get(incoming.channel, Abilities())
            return looking.look(session, self._desk, abilities, incoming, now)

    def _read_ahead(self, incoming: Incoming, kept: Sequence[KeptFile]) -> None:
        """Read a list that a coordinator sent before the transaction begins."""
        if kept or lists.reads_a_list(incoming):
            with self._store.read() as session:
                read = lists.read_ahead(session, self._desk, incoming, kept)
            self._reading.add(incoming.external_id)
            try:
                read()
            finally:
                self._reading.discard(incoming.external_id)

    def _tell_fault(self, incoming: Incoming, name: str, now: datetime) -> Taken:
        """Record what could not be handled; what cannot even be recorded is let go, or it would come again for ever."""
        try:
            return self._store.settle(lambda session: self._fault(session, incoming, name, now))
        except StoreError:
            raise
        except Exception as error:
            log.error(
                "inbound-not-recorded update=%s channel=%s error=%s",
                incoming.external_id,
                incoming.channel,
                type(error).__name__,
            )
            return Taken("fault", say("fault"))

    def _fault(self, session: Session, incoming: Incoming, name: str, now: datetime) -> Taken:
        inbound = _known(session, incoming)
        if inbound is not None and inbound.outcome != FETCHING:
            return Taken(REPEATED)
        if inbound is None and self._is_overheard(session, incoming):
            return self._let_pass(session, incoming, now)
        placed = self._has_a_place(session, incoming)
        words = incoming.as_json() if placed else incoming.without_words()
        inbound = inbound or _recorded(session, incoming, now, words)
        inbound.outcome = f"fault: {name}"
        session.flush()
        chat = register.find_chat(session, incoming.channel, incoming.chat)
        if chat is not None and placed:
            alarms.sound(
                session,
                Trouble(
                    cause=f"fault|{name}",
                    what=f"一条消息未能处理：{chat.title}",
                    everywhere="多个会话的消息未能处理",
                    why=f"原因：程序内部错误（{name}）",
                    advice=f"消息已记录（编号{inbound.id}起），请联系系统管理员。",
                ),
                now,
                chat_id=chat.id,
            )
            if incoming.press is None or not self._abilities.get(incoming.channel, Abilities()).toasts:
                outbox.answer(session, chat.id, ReplyBody(say("fault")), now, reply_to=incoming.message_id)
        return Taken("fault", say("fault"))

    # ------------------------------------------------------------ files that wait at the service

    def expect(self, incoming: Incoming, now: datetime) -> str:
        """Record a message whose files are to be fetched; return its outcome so far.

        Files of somebody who has no place here are not fetched: then the outcome is "" and nothing is recorded yet.
        """
        return self._store.settle(lambda session: self._expect(session, incoming, now))

    def _expect(self, session: Session, incoming: Incoming, now: datetime) -> str:
        inbound = _known(session, incoming)
        if inbound is not None:
            inbound.repeats += 1
            return inbound.outcome or REPEATED
        if self._is_overheard(session, incoming) or not self._has_a_place(session, incoming):
            return ""
        _recorded(session, incoming, now, {**incoming.as_json(), "kept": incoming.as_kept()}).outcome = FETCHING
        return FETCHING

    def unfinished(self, channel: str) -> list[Incoming]:
        """Return the messages whose files were still to be fetched when the program stopped."""
        with self._store.read() as session:
            query = select(Inbound).where(Inbound.channel == channel, Inbound.outcome == FETCHING)
            return [
                revived(channel, inbound.external_id, inbound.words, inbound.album)
                for inbound in session.exec(query.order_by(col(Inbound.id)))
            ]

    def _may_be_overheard(self, incoming: Incoming) -> bool:
        """Tell, without the store, whether nothing of a message shows that the bot is meant."""
        overhears = self._abilities.get(incoming.channel, Abilities()).overhears
        return overhears and incoming.event is None and not incoming.is_for_us

    def _is_overheard(self, session: Session, incoming: Incoming) -> bool:
        """Tell whether people speak to each other, and the service brings it all the same; the files of an album belong to
        the one of them that speaks to us.
        """
        if not self._may_be_overheard(incoming):
            return False
        album = select(Inbound.id).where(
            Inbound.channel == incoming.channel, Inbound.album == incoming.album, Inbound.outcome != UNHEARD
        )
        return incoming.album is None or session.exec(album).first() is None

    @staticmethod
    def _has_a_place(session: Session, incoming: Incoming) -> bool:
        chat = register.find_chat(session, incoming.channel, incoming.chat)
        if chat is not None and chat.role is not None:
            return True
        person = register.find_person(session, incoming.accounts, incoming.person)
        return person is not None and bool(register.ranks(session, person))

    def tell_no_room(self, incoming: Incoming, now: datetime) -> None:
        """Tell who sent files, and the coordinators, that these wait for room; call it once a message."""
        with self._store.write() as session:
            chat = register.find_chat(session, incoming.channel, incoming.chat)
            if chat is None or not self._has_a_place(session, incoming):
                return
            names = "、".join(file.name for file in incoming.files)
            outbox.answer(session, chat.id, ReplyBody(say("no_room", files=names)), now, reply_to=incoming.message_id)
            body = AlarmBody(
                f"文件暂时存不下：{chat.title}", f"原因：{NO_ROOM}。", "有了空间会自动存下并办理，不必重发。"
            )
            outbox.tell_room(
                session, ChatRole.COORDINATORS, now=now, kind=NoticeKind.FAILURE, reason=Reason.CHANGED, body=body
            )

    def tell_reading(self, incoming: Incoming, now: datetime) -> None:
        """Tell who sent a file that it is still being read; nothing where it is not."""
        with self._store.write() as session:
            chat = register.find_chat(session, incoming.channel, incoming.chat)
            if chat is not None and incoming.external_id in self._reading:
                names = "、".join(file.name for file in incoming.files)
                body = ReplyBody(say("reading", files=names, minutes=round(WHOLE / 60)))
                outbox.answer(session, chat.id, body, now, reply_to=incoming.message_id)


def _is_down(result: Taken | Exception) -> bool:
    return isinstance(result, StoreError) and not isinstance(result, Contended)


def _known(session: Session, incoming: Incoming) -> Inbound | None:
    return session.exec(_KNOWN, params={"channel": incoming.channel, "external": incoming.external_id}).first()


_KNOWN = select(Inbound).where(Inbound.channel == bindparam("channel"), Inbound.external_id == bindparam("external"))


def _recorded(session: Session, incoming: Incoming, now: datetime, words: Words | None = None) -> Inbound:
    inbound = Inbound(
        channel=incoming.channel,
        external_id=incoming.external_id,
        at=now,
        words=_words(incoming) if words is None else words,
        album=incoming.album,
    )
    session.add(inbound)
    return inbound


def _words(incoming: Incoming, kept: Sequence[KeptFile] = (), refused: Sequence[list[str]] = ()) -> Words:
    files = [stored.write(file) for file in kept]
    return {**incoming.as_json(), "files_kept": files, "files_refused": list(refused)}


def _repeated(inbound: Inbound) -> Taken:
    inbound.repeats += 1
    return Taken(REPEATED)
