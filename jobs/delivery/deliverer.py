"""Delivery: prepare → send → record, with a row between each.

``turn`` writes down what the services said and prepares what may go out next: it claims, drops what no longer
applies, renders the rest and marks it as being sent, all in one transaction. The channel is called with no transaction
open. A worker that dies in between leaves a notice that is being sent and whose lease runs out: ``settle`` makes it
*unknown*, tells the coordinators, and sends it once more only from 催办 up.

One notice costs itself alone: each is prepared and recorded in a savepoint of its own, and one that cannot be is set aside.
Every channel has its own slots, so that one that hangs keeps no other waiting. ``now`` is the clock that people live by;
leases, back-off and what a service asks us to wait run on ``real`` time, which is another where a store lives on a
virtual clock.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from jinja2 import TemplateError
from sqlalchemy import update
from sqlmodel import Session, col, select

from db import outbox, register
from db.archive import Archive
from db.kinds import ABOUT_WORK, KINDS, PAPERS
from db.ledger import Line, Which, lines, local_day
from db.models import Assignment, Chat, Notice, NoticeItem
from db.session import Store, is_of_the_store
from db.words import ENDED_STATES, EVERY, OPEN_STATES, CampaignStatus, DeliveryState, NoticeKind, Reason, State
from jobs.delivery import live as refresh
from jobs.delivery import waiting
from jobs.desk import Desk
from jobs.notices import alarms
from jobs.notices.context import extra_for
from jobs.notices.render import Part, render
from jobs.papers import signing
from jobs.planning.retry import backoff
from jobs.ports import (
    Abilities,
    Attachment,
    Channel,
    Edit,
    Edits,
    Lost,
    Moved,
    Outgoing,
    Rejected,
    Retry,
    SendResult,
    Sent,
)

log = logging.getLogger(__name__)

T = TypeVar("T")
RunSync = Callable[..., Awaitable[Any]]

WIDTH = 8
"""How many messages one channel has on their way at once, and an urgent call beside them; a crash leaves at most so many
unknown."""

SEND_SECONDS = outbox.LEASE.total_seconds() * 0.8
"""How long one message may be on its way: less than its lease, so that nobody else takes it for abandoned meanwhile."""

TOLD_FROM = timedelta(minutes=15)
"""A service that closes a chat to us for so long is told of; a shorter time is no more than a pause."""

LOOK_AHEAD = timedelta(seconds=2)
"""How far ahead a worker waits by itself for the next notice's time; what comes later, a later turn finds."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One part of one notice on its way: what to send, or to change, through which channel, by which of its tries."""

    notice_id: int
    kind: NoticeKind
    channel: str
    part: int
    parts: int
    message: Outgoing | Edit
    tries: int

    @property
    def is_edit(self) -> bool:
        """Tell whether a message that is out already is to be changed."""
        return isinstance(self.message, Edit)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the service said to a ticket."""

    ticket: Ticket
    result: SendResult


@dataclass(frozen=True, slots=True)
class Found:
    """What a turn found: tickets to send, whether any row was touched, when there may be more."""

    tickets: tuple[Ticket, ...]
    did: bool
    next_at: datetime | None


async def in_thread(function: Callable[..., T], *arguments: Any) -> T:
    """Run database work in a worker thread, so that the event loop is never blocked."""
    return await asyncio.to_thread(function, *arguments)


async def at_once(function: Callable[..., T], *arguments: Any) -> T:
    """Run database work right here; for rehearsals and the command line, which have nothing else to do."""
    return function(*arguments)


class Deliverer:
    """Sends what the outbox holds through the channels it was given."""

    def __init__(
        self, store: Store, channels: Mapping[str, Channel], desk: Desk, worker: str, run: RunSync = in_thread,
        batch: int = WIDTH, real: Callable[[Session], datetime] | None = None,
    ) -> None:  # fmt: skip
        """``worker`` names this process in leases; ``batch`` is how many messages a channel has on their way at once.

        ``real`` tells real time, the same to every worker on the store, where ``now`` is another's. ``full_until`` says until when a channel takes no more.
        """
        self._store, self._channels, self._desk = store, channels, desk
        self._worker, self._run, self._batch, self._real = worker, run, batch, real
        self._retired: set[str] = set()
        self._flying: dict[int, Ticket] = {}
        self.full_until: datetime | None = None

    def retire(self, channel: str) -> None:
        """Give nothing more to a channel whose service does not let us work; what is for it waits for the next start."""
        self._retired.add(channel)

    async def step(self, now: Callable[[], datetime]) -> bool:
        """Send one batch and wait for all of it; tell whether there was anything to do."""
        found: Found = await self._run(self.turn, (), self._batch, now())
        if not found.tickets:
            return found.did
        outcomes = await asyncio.gather(*(self._send(ticket) for ticket in found.tickets))
        await self._run(self.turn, outcomes, 0, now())
        return True

    async def work(
        self, now: Callable[[], datetime], stopping: Callable[[], bool], pause: Callable[[timedelta], Awaitable[None]]
    ) -> None:
        """Send until nothing may go out within ``LOOK_AHEAD``, or until ``stopping`` and all that is on its way landed.

        ``pause`` waits for so long of the clock's time, or less. What landed is kept until the store has taken it.
        """
        flying: set[asyncio.Task[Outcome]] = set()
        landed: list[Outcome] = []
        while True:
            try:
                found: Found = await self._run(self.turn, landed, 0 if stopping() else self._batch, now())
            except Exception as error:
                if not landed and not flying:
                    raise
                log.error("what was sent is not recorded yet (%s): %s", type(error).__name__, error)
                await pause(LOOK_AHEAD)
                continue
            landed = []
            flying |= {asyncio.create_task(self._send(ticket)) for ticket in found.tickets}
            if flying:
                landed = await self._first_landed(flying, pause(self._rest(found, now())))
            elif stopping() or not self._soon(found, now()):
                return
            elif not found.did:
                await pause(self._rest(found, now()))

    @staticmethod
    async def _first_landed(flying: set[asyncio.Task[Outcome]], rest: Awaitable[None]) -> list[Outcome]:
        """Wait for the first of these, or for something else to do: what hangs on one channel hinders no other."""
        resting = asyncio.ensure_future(rest)
        done, _ = await asyncio.wait({*flying, resting}, return_when=asyncio.FIRST_COMPLETED)
        resting.cancel()
        landed = flying & done
        flying -= landed
        return [task.result() for task in landed]

    @staticmethod
    def _soon(found: Found, now: datetime) -> bool:
        return found.did or (found.next_at is not None and found.next_at - now <= LOOK_AHEAD)

    @staticmethod
    def _rest(found: Found, now: datetime) -> timedelta:
        """Return how long nothing new can go out, ``LOOK_AHEAD`` at most."""
        if found.next_at is None:
            return LOOK_AHEAD
        return min(max(found.next_at - now, timedelta(milliseconds=1)), LOOK_AHEAD)

    async def _send(self, ticket: Ticket) -> Outcome:
        message = ticket.message
        try:
            channel = self._channels[ticket.channel]
            async with asyncio.timeout(SEND_SECONDS):
                result = await _said(channel, message)
        except TimeoutError:
            result = Lost(f"{SEND_SECONDS:.0f}秒内没有结果")
        except Exception as error:  # a channel never raises for its service; whether it went out before, nobody knows
            log.error("notice %s: %s raised %s", ticket.notice_id, ticket.channel, type(error).__name__)
            result = Lost(f"渠道程序出错（{type(error).__name__}）")
        return Outcome(ticket, result)

    # ------------------------------------------------------------ one turn

    def turn(self, landed: Sequence[Outcome], width: int, now: datetime) -> Found:
        """Write down what landed and prepare up to ``width`` messages a channel, in one transaction."""
        with self._store.write() as session:
            real = self._real_time(session, now)
            for outcome in landed:
                self._take(session, outcome, now, real)
            session.flush()
            found = self._find(session, width, now, real, bool(landed))
        for outcome in landed:
            self._flying.pop(outcome.ticket.notice_id, None)
        self._flying |= {ticket.notice_id: ticket for ticket in found.tickets}
        return found

    def _real_time(self, session: Session, now: datetime) -> datetime:
        return now if self._real is None else self._real(session)

    def _find(self, session: Session, width: int, now: datetime, real: datetime, did: bool) -> Found:
        """Claim what every channel has room for and prepare it; where there is nothing, say when there may be."""
        rooms = self._rooms(width) if width > 0 else {}
        free_again: list[datetime] = []
        free = self._free_slots(session, now, free_again)
        claimed = outbox.claim(session, now, self._worker, rooms=rooms, free=free, real=real)
        self._read(session, [one.id for one in claimed])
        tickets = [self._prepare_apart(session, one, now, real) for one in claimed]
        upcoming = None
        if not claimed and width > 0:
            did = self._explain(session, now, real) or did
            open_ones = [name for name, room in rooms.items() if room.slots > 0]
            upcoming = outbox.next_at(session, open_ones, real if self._real else None, now)
        self.full_until = max(free_again, default=None)
        moments = [*free_again, *([upcoming] if upcoming else [])]
        later = [moment for moment in moments if moment > now]
        ready = tuple(ticket for ticket in tickets if ticket is not None)
        return Found(ready, bool(claimed or did), min(later, default=None))

    def _rooms(self, width: int) -> dict[str, outbox.Room]:
        """Return each working channel's free slots; an urgent call has one of its own where they are all taken."""
        flying = Counter(ticket.channel for ticket in tuple(self._flying.values()))
        return {
            name: outbox.Room(width - flying[name], urgent=flying[name] <= width)
            for name, channel in self._channels.items()
            if channel.ready and name not in self._retired
        }

    @staticmethod
    def _read(session: Session, ids: Sequence[int]) -> None:
        """Read the claimed rows at once; where one of them cannot be read, each is read by itself."""
        try:
            session.exec(
                select(Notice).where(col(Notice.id).in_(ids)).execution_options(populate_existing=True)
            ).all() if ids else None
        except (ValueError, TypeError) as error:
            log.warning("a notice among %s cannot be read: %s", ids, type(error).__name__)

    def _explain(self, session: Session, now: datetime, real: datetime) -> bool:
        """Say of what is for channels that do not work here why it waits; tell whether there was any."""
        names = [name for name in self._channels if name not in self._retired]
        unused = outbox.claim_elsewhere(session, now, self._worker, names, self._batch, real)
        for one in unused:
            outbox.explain(session, one.id, now + timedelta(minutes=5), f"渠道{one.channel}未启用")
        return bool(unused)

    def _free_slots(self, session: Session, now: datetime, free_again: list[datetime]) -> Callable[[str], int]:
        """Return how many messages a channel takes now by its overall pace; note when one that is full has room."""

        def free(name: str) -> int:
            channel = self._channels.get(name)
            slots = self._batch
            for count, seconds in channel.abilities.pace.overall if channel else ():
                tried = outbox.tried_on_channel(session, now - timedelta(seconds=seconds), name)
                slots = min(slots, count - len(tried))
                if len(tried) >= count:
                    free_again.append(tried[-count] + timedelta(seconds=seconds))
            return slots

        return free

    # ------------------------------------------------------------ prepare

    def _prepare_apart(self, session: Session, one: outbox.Claimed, now: datetime, real: datetime) -> Ticket | None:
        """Prepare one notice in a savepoint; whatever is wrong with it costs no other."""
        try:
            with session.begin_nested(), session.no_autoflush:
                ticket = self._prepare(session, one.id, now, real)
                session.flush()
        except Exception as error:
            if is_of_the_store(error):
                raise
            self._set_aside(session, one.id, error, now)
            return None
        return ticket

    def _set_aside(self, session: Session, number: int, error: Exception, now: datetime) -> None:
        """Bring a notice that cannot be prepared to rest, without reading what may be wrong in it, and tell it once."""
        log.error("notice %s is set aside (%s)", number, type(error).__name__)
        log.debug("notice %s is set aside", number, exc_info=error)
        why = (
            "消息模板有误" if isinstance(error, TemplateError) else f"内容有误，程序无法处理（{type(error).__name__}）"
        )
        about = outbox.about(session, number)
        outbox.rest_as(session, number, DeliveryState.FAILED if about.edit_of is None else DeliveryState.WITHDRAWN, why)
        if about.edit_of is None:
            self._alarm(session, about, "未能发出", why, LOOK_AND_PHONE, now)

    def _prepare(self, session: Session, number: int, now: datetime, real: datetime) -> Ticket | None:
        """Re-check, render and mark as being sent; None where the notice does not go out now."""
        notice = session.get_one(Notice, number)
        # another machine may have sent meanwhile
        chat = session.get_one(Chat, notice.chat_id, with_for_update={"key_share": True})
        channel = self._channels[chat.channel]
        if chat.dead_why is not None:
            outbox.strand(session, notice, chat.dead_why, now)
            return None
        if self._not_yet(session, notice, chat, channel.abilities, now, real):
            return None
        if notice.edit_of is not None:
            return self._prepare_edit(session, notice, chat, channel.abilities, now, real)
        if self._is_of_another_day(session, notice, now):
            outbox.finish(notice, DeliveryState.WITHDRAWN, now, Reason.TOO_LATE.zh)
            return None
        found = self._live_items(session, notice, now)
        if found is None:
            return None
        if refresh.is_needless(session, notice, channel.abilities):
            outbox.finish(notice, DeliveryState.WITHDRAWN, now, "无须更新")
            return None
        done = outbox.sent_parts(session, notice.id or 0) if notice.tries else set()
        parts = self._parts(session, notice, found, bool(done), channel.abilities, now)
        place = next((place for place in range(1, len(parts) + 1) if place not in done), None)
        if place is None:  # all of it is out, and only that was not written down
            outbox.finish(notice, DeliveryState.SENT, now)
            return None
        return self._on_its_way(session, notice, chat, channel.abilities, parts, place, now, real)

    def _is_of_another_day(self, session: Session, notice: Notice, now: datetime) -> bool:
        """Tell whether this is an earlier day's digest: its figures are old, and today has one of its own."""
        if notice.kind is not NoticeKind.DIGEST or notice.day is None:
            return False
        return notice.day < local_day(now, self._desk.timezone_of(session, notice.campaign_id))

    def _on_its_way(
        self, session: Session, notice: Notice, chat: Chat, abilities: Abilities, parts: list[Part], place: int,
        now: datetime, real: datetime,
    ) -> Ticket:  # fmt: skip
        outbox.begin_sending(session, notice, [part.as_json() for part in parts], place, now, real)
        session.flush()
        self._keep_pace(session, chat, abilities, now)
        message = _outgoing(
            notice, chat, place, parts[place - 1], self._desk.archive, _mentions(session, notice, chat, abilities)
        )
        return Ticket(notice.id or 0, notice.kind, chat.channel, place, len(parts), message, notice.tries)

    def _prepare_edit(
        self, session: Session, edit: Notice, chat: Chat, abilities: Abilities, now: datetime, real: datetime
    ) -> Ticket | None:
        original, place = session.get_one(Notice, edit.edit_of), int(edit.body["part"])
        message_id = outbox.message_of_part(session, original.id or 0, place)
        zone = self._desk.timezone_of(session, original.campaign_id)
        part = refresh.part_now(session, original, place, abilities, self._desk, local_day(now, zone))
        if message_id is None or not refresh.differs(original, place, part):
            outbox.finish(edit, DeliveryState.WITHDRAWN, now, "无须更新")
            return None
        handle = refresh.handle_of(original, place)
        if not abilities.changes.allows(handle):
            refresh.follow_up(session, edit, original, place, now)
            return None
        outbox.begin_sending(session, edit, [part.as_json()], place, now, real)
        session.flush()
        self._keep_pace(session, chat, abilities, now)
        message = edit_of(chat, message_id, f"{edit.id}-{place}-{edit.tries}", part, handle)
        return Ticket(edit.id or 0, edit.kind, chat.channel, place, 1, message, edit.tries)

    def _not_yet(
        self, session: Session, notice: Notice, chat: Chat, abilities: Abilities, now: datetime, real: datetime
    ) -> bool:
        """Put a notice off because of office hours or of the chat's pace; tell whether it was."""
        if not KINDS[notice.kind].any_hour and notice.edit_of is None and not notice.body.get("urgent"):
            opening = self._desk.next_open(session, notice.campaign_id, now)
            opening = next_allowed(opening, abilities.pace.avoid)
            if opening > now:
                why = waiting.for_the_office(session, self._desk, notice.campaign_id, opening, now)
                outbox.postpone(notice, opening, why)
                return True
        if outbox.is_held(chat, now, real):
            notice.lease_until = notice.leased_by = None
            return True
        return False

    def _keep_pace(self, session: Session, chat: Chat, abilities: Abilities, now: datetime) -> None:
        """Let nothing more out to a chat before its pace allows.

        What was tried is counted in the database, so that a restart or a second machine cannot break the pace.
        """
        limits = abilities.pace.per_chat
        if not limits:
            return
        together = register.siblings(session, chat)
        longest = max(seconds for _count, seconds in limits)
        tried = outbox.tried_since(session, now - timedelta(seconds=longest), [one.id or 0 for one in together])
        free = [tried[-count] + timedelta(seconds=seconds) for count, seconds in limits if len(tried) >= count]
        if free and max(free) > now:
            outbox.hold(together, max(free))

    def _live_items(self, session: Session, notice: Notice, now: datetime) -> list[tuple[NoticeItem, Line]] | None:
        """Return what the notice may still say; None when it was withdrawn because nothing is left."""
        pairs = outbox.items_of(session, notice.id or 0)
        if not pairs:
            return []
        shown = {
            line.assignment.id: line for line in lines(session, Which(EVERY, ids=[one.id or 0 for _item, one in pairs]))
        }
        live = []
        for item, assignment in pairs:
            line = shown[assignment.id]
            over = line.campaign.status is CampaignStatus.ENDED
            why = Reason.OVER if over else gone(item, assignment, now, line.campaign.timezone, notice.created_at)
            if why is None:
                item.asks_receipt = item.asks_receipt and not outbox.is_answered(assignment, notice.created_at)
                live.append((item, line))
            else:
                item.withdrawn_why = why
        session.flush()
        if not live:
            outbox.finish(
                notice, DeliveryState.WITHDRAWN, now, pairs[0][0].withdrawn_why and pairs[0][0].withdrawn_why.zh
            )
            return None
        return live

    def _parts(
        self, session: Session, notice: Notice, found: list[tuple[NoticeItem, Line]], begun: bool,
        abilities: Abilities, now: datetime,
    ) -> list[Part]:  # fmt: skip
        if begun:  # some parts are out already: the rest must be the same message
            return [Part.from_json(part) for part in notice.parts]
        zone = found[0][1].campaign.timezone if found else self._desk.timezone
        today = local_day(now, zone)
        return render(notice, found, abilities, today, extra_for(session, notice, found, self._desk, today))

    # ------------------------------------------------------------ record

    def _take(self, session: Session, outcome: Outcome, now: datetime, real: datetime) -> None:
        """Write down what the service said, in a savepoint: where what follows from it fails, at least that."""
        try:
            with session.begin_nested(), session.no_autoflush:
                self._record(session, outcome, now, real)
                session.flush()
        except Exception as error:
            if is_of_the_store(error):
                raise
            log.error("notice %s: what follows was left out (%s)", outcome.ticket.notice_id, type(error).__name__)
            log.debug("notice %s: what follows was left out", outcome.ticket.notice_id, exc_info=error)
            self._record_barely(session, outcome, now, real)

    def _record_barely(self, session: Session, outcome: Outcome, now: datetime, real: datetime) -> None:
        """Write down an outcome and nothing that follows from it, reading no row of it."""
        result, ticket, number = outcome.result, outcome.ticket, outcome.ticket.notice_id
        about, why = outbox.about(session, number), getattr(result, "why", None)
        if not outbox.is_this_try(about, ticket.tries):
            return
        outbox.record_part(session, number, _STATES[type(result)], getattr(result, "message_id", None), why)
        if isinstance(result, Sent) and ticket.part < ticket.parts:
            outbox.rest_as(session, number, DeliveryState.QUEUED, None, priority=outbox.BEGUN)
        elif isinstance(result, Sent):
            outbox.rest_as(session, number, DeliveryState.SENT, None, sent_at=now, message_id=result.message_id)
        elif isinstance(result, Retry | Moved):
            wait = backoff(ticket.tries, f"notice:{number}")
            outbox.rest_as(session, number, DeliveryState.RETRYING, why, retry_at=real + wait)
        elif ticket.is_edit:
            outbox.rest_as(session, number, DeliveryState.WITHDRAWN, why)
        else:
            outbox.rest_as(session, number, _STATES[type(result)], why)
            what = "是否送出不明" if isinstance(result, Lost) else "未能发出"
            self._alarm(session, about, what, why or "", LOOK_AND_PHONE, now)

    def _record(self, session: Session, outcome: Outcome, now: datetime, real: datetime) -> None:
        """Write down what the service said; nothing where somebody else has judged this try already."""
        result, ticket = outcome.result, outcome.ticket
        notice = session.get_one(Notice, ticket.notice_id, with_for_update={"key_share": True}, populate_existing=True)
        if not outbox.is_this_try(notice, ticket.tries):
            log.warning("notice %s: an answer came too late to count (%s)", notice.id, type(result).__name__.lower())
            return
        message_id = result.message_id if isinstance(result, Sent) else None
        outbox.record_part(session, ticket.notice_id, _STATES[type(result)], message_id, getattr(result, "why", None))
        notice.message_id = notice.message_id or message_id
        if isinstance(result, Sent) and result.handle is not None and notice.edit_of is None:
            refresh.keep_handle(session, notice, ticket.part, result.handle)
        log.info("notice %s %s: %s", notice.id, notice.kind, type(result).__name__.lower())
        match result:
            case Sent() if ticket.is_edit:
                original = session.get_one(Notice, notice.edit_of)
                refresh.remember(session, original, ticket.part, Part.from_json(notice.parts[0]))
                refresh.keep_handle(session, original, ticket.part, result.handle)
                outbox.finish(notice, DeliveryState.SENT, now)
            case Sent() if ticket.part < ticket.parts:
                outbox.go_on(notice)
            case Sent():
                outbox.finish(notice, DeliveryState.SENT, now)
                if notice.kind in _SPEAKS_OF_WORK:
                    _count_chases(session, notice, now)
                    _await_receipts(session, notice, now)
            case Retry():
                self._later(session, notice, result, now, real)
            case Moved():
                self._moved(session, notice, result, now)
            case Rejected():
                self._rejected(session, notice, result, now)
            case Lost() if ticket.is_edit:  # doing it twice is the same as once
                self._later(session, notice, Retry(result.why), now, real)
            case Lost():
                self._unknown(session, notice, result.why, now)
        if isinstance(result, Sent) and ticket.part in notice.body.get(outbox.STALE, ()):
            outbox.refresh(session, notice, ticket.part, now)
        refresh.tally_of(session, notice, now)

    def _later(self, session: Session, notice: Notice, result: Retry, now: datetime, real: datetime) -> None:
        """Try again later, for so many hours of real time from the first try on; what a service asks for is waited for."""
        policy = self._desk.policy_of(session, notice.campaign_id)
        since = real - (notice.tried_at or real)
        if since > timedelta(hours=policy.retry_hours) and result.after is None:
            self._give_up(session, notice, result.why, now)
            return
        wait = backoff(notice.tries, f"notice:{notice.id}") if result.after is None else timedelta(seconds=result.after)
        outbox.try_again(notice, wait, result.why, real)
        if result.whole_chat:
            chat = session.get_one(Chat, notice.chat_id)
            outbox.hold_for_service(register.siblings(session, chat), wait, real)
            if wait >= TOLD_FROM and notice.kind is not NoticeKind.FAILURE:
                self._tell_closed(session, chat, result.why, now)

    def _tell_closed(self, session: Session, chat: Chat, why: str, now: datetime) -> None:
        """Tell the coordinators of a chat that its service closes to us for long."""
        service = self._channels[chat.channel].abilities.title
        alarms.sound(
            session, cause=f"{service}要求暂停", what=f"{service}要求暂停向{chat.title}发送",
            everywhere=f"{service}要求暂停向多个会话发送", why=f"原因：{why}", advice=PHONE_MEANWHILE, now=now,
            chat_id=chat.id,
        )  # fmt: skip

    def _moved(self, session: Session, notice: Notice, result: Moved, now: datetime) -> None:
        chat = session.get_one(Chat, notice.chat_id)
        register.move_chats(session, chat, result.chat)
        session.refresh(notice)
        outbox.postpone(notice, now, result.why or None)
        if result.why:
            self._alarm(session, notice, "改发到群里", result.why, "如需另设话题，请在新话题里重新绑定。", now)

    def _rejected(self, session: Session, notice: Notice, result: Rejected, now: datetime) -> None:
        if result.chat_is_dead:
            outbox.postpone(notice, now, result.why)
            outbox.lose(session, session.get_one(Chat, notice.chat_id), result.why, now)
            return
        if notice.edit_of is not None:
            original = session.get_one(Notice, notice.edit_of)
            if notice.kind is NoticeKind.TALLY:
                refresh.show_tally_anew(session, original, now)
            else:
                refresh.follow_up(session, notice, original, int(notice.body["part"]), now, why=result.why)
                return
        self._give_up(session, notice, result.why, now)

    def _give_up(self, session: Session, notice: Notice, why: str, now: datetime) -> None:
        if notice.edit_of is not None:  # what people were told stands; only its later state is not shown there
            outbox.finish(notice, DeliveryState.WITHDRAWN, now, why)
            return
        outbox.finish(notice, DeliveryState.FAILED, now, why)
        self._alarm(session, notice, "未能发出", why, LOOK_AND_PHONE, now)

    def _unknown(self, session: Session, notice: Notice, why: str, now: datetime) -> None:
        outbox.finish(notice, DeliveryState.UNKNOWN, now, why)
        again = KINDS[notice.kind].resend and notice.resend_of is None
        if again:
            outbox.again(session, notice, now, resend_of=notice.id)
        if again and notice.kind is NoticeKind.DIGEST:  # the room would be asked to look into itself; it simply comes
            return
        advice = "已标注〔补发〕再发一次。" if again else "不自动重发，请向该群核实。"
        self._alarm(session, notice, "是否送出不明", why, advice, now)

    def _alarm(
        self, session: Session, about: Notice | outbox.About, what: str, why: str, advice: str, now: datetime
    ) -> None:
        """Put a failure in front of the coordinators; a failed alarm raises none of its own."""
        if about.kind is NoticeKind.FAILURE:
            return
        chat = session.get_one(Chat, about.chat_id)
        alarms.sound(
            session, cause=f"{what}|{why}|{advice}", of=about.kind.zh, what=f"{about.kind.zh}{what}：{chat.title}",
            everywhere=f"多个会话的通知{what}", why=f"原因：{why}", advice=advice, now=now, chat_id=chat.id,
            campaign_id=about.campaign_id,
        )  # fmt: skip

    # ------------------------------------------------------------ settle

    def settle(self, now: datetime) -> bool:
        """Make one abandoned notice's outcome *unknown*, in front of a coordinator; tell whether there was one.

        What this worker itself has on its way is not abandoned, however long it takes.
        """
        with self._store.write() as session:
            abandoned = outbox.abandoned(session, self._real_time(session, now), tuple(self._flying))
            for number in abandoned[:1]:
                self._settle_apart(session, number, now)
        return bool(abandoned)

    def _settle_apart(self, session: Session, number: int, now: datetime) -> None:
        try:
            with session.begin_nested():
                self._settle(session, session.get_one(Notice, number, populate_existing=True), now)
        except Exception as error:
            if is_of_the_store(error):
                raise
            log.error("notice %s: what follows was left out (%s)", number, type(error).__name__)
            outbox.record_part(session, number, DeliveryState.UNKNOWN, why=INTERRUPTED)
            outbox.rest_as(session, number, DeliveryState.UNKNOWN, INTERRUPTED)
            self._alarm(session, outbox.about(session, number), "是否送出不明", INTERRUPTED, LOOK_AND_PHONE, now)

    def _settle(self, session: Session, notice: Notice, now: datetime) -> None:
        if notice.edit_of is not None:
            outbox.record_part(session, notice.id or 0, DeliveryState.RETRYING, why=INTERRUPTED)
            outbox.postpone(notice, now, INTERRUPTED)
            return
        outbox.record_part(session, notice.id or 0, DeliveryState.UNKNOWN, why=INTERRUPTED)
        self._unknown(session, notice, INTERRUPTED, now)
        refresh.tally_of(session, notice, now)


def next_allowed(moment: datetime, avoid: frozenset[int]) -> datetime:
    """Return the first instant from ``moment`` on that is in none of the minutes of the hour to ``avoid``.

    Zones are whole minutes of an hour apart that a service's own clock is not, so that UTC's minutes will do.
    """
    while moment.minute in avoid:
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return moment


INTERRUPTED = "发送途中程序中断"
PHONE_MEANWHILE = "限制解除后自动补发；要紧的事请先用电话通知。"
LOOK_AND_PHONE = "请查看“未送达”，必要时用电话通知。"

_STATES = {
    Sent: DeliveryState.SENT,
    Retry: DeliveryState.RETRYING,
    Moved: DeliveryState.RETRYING,
    Rejected: DeliveryState.FAILED,
    Lost: DeliveryState.UNKNOWN,
}

_SPEAKS_OF_WORK = frozenset({*ABOUT_WORK, *PAPERS})

_GONE = {
    State.REPORTED: Reason.REPORTED,
    State.SUSPENDED: Reason.SUSPENDED,
    **dict.fromkeys(ENDED_STATES, Reason.ENDED),
}


def gone(item: NoticeItem, assignment: Assignment, now: datetime, timezone: str, since: datetime) -> Reason | None:
    """Say why an item no longer applies at the moment of sending, or None when it does; ``since`` it was decided."""
    if item.kind not in _SPEAKS_OF_WORK:
        return None
    if assignment.state not in OPEN_STATES:
        return _GONE[assignment.state]
    if item.kind in (NoticeKind.RECEIPT_CHASE, NoticeKind.SILENT) and assignment.asked_at is None:
        return Reason.ANSWERED
    if KINDS[item.kind].for_receipt and outbox.is_answered(assignment, since):
        return Reason.ANSWERED
    today = local_day(now, timezone)
    if item.kind is NoticeKind.REMINDER and assignment.due is not None and today > assignment.due:
        return Reason.TOO_LATE
    escalates = item.kind in (NoticeKind.OVERDUE, NoticeKind.SUPERVISION)
    if escalates and assignment.decision_pending:
        return Reason.DECISION_PENDING
    if item.kind in PAPERS and not signing.is_late(assignment, today):
        return Reason.CHANGED
    return None


def _count_chases(session: Session, notice: Notice, now: datetime) -> None:
    """Count the chases that a service took just now: the next one, or the room, comes so many workdays from here."""
    chased = select(NoticeItem.assignment_id).where(
        NoticeItem.notice_id == notice.id,
        NoticeItem.kind == NoticeKind.RECEIPT_CHASE,
        col(NoticeItem.withdrawn_why).is_(None),
    )
    session.execute(
        update(Assignment)
        .where(
            col(Assignment.id).in_(chased),
            col(Assignment.asked_at).is_not(None),
            col(Assignment.chased_at).is_(None) | (col(Assignment.chased_at) < notice.created_at),  # of each chat, once
        )
        .values(chases=col(Assignment.chases) + 1, chased_at=now, next_action_at=now)
        .execution_options(synchronize_session=False)
    )


def _await_receipts(session: Session, notice: Notice, now: datetime) -> None:
    """From now on the receipts that the notice asked for are outstanding."""
    asked = select(NoticeItem.assignment_id).where(
        NoticeItem.notice_id == notice.id,
        col(NoticeItem.asks_receipt).is_(True),
        col(NoticeItem.withdrawn_why).is_(None),
    )
    session.execute(
        update(Assignment)
        .where(
            col(Assignment.id).in_(asked),
            col(Assignment.asked_at).is_(None),
            col(Assignment.state).in_(list(OPEN_STATES)),
            col(Assignment.answered_at).is_(None) | (col(Assignment.answered_at) < notice.created_at),
        )
        .values(asked_at=now, chases=0, chased_at=None, silent_told=False, next_action_at=now)
        .execution_options(synchronize_session=False)
    )


def edit_of(chat: Chat, message_id: str, key: str, part: Part, handle: str | None = None) -> Edit:
    """Return what makes a message that is out say what ``part`` says."""
    return Edit(
        chat.external_id, message_id, part.text, key, part.buttons, part.file is not None, part.face, part.picker,
        part.mark, handle,
    )  # fmt: skip


def _mentions(session: Session, notice: Notice, chat: Chat, abilities: Abilities) -> tuple[str, ...]:
    """Return the accounts of the unit's named contacts, where the channel can point at them."""
    if not abilities.mentions or notice.unit_id is None:
        return ()
    return tuple(register.accounts_of_contacts(session, notice.unit_id, abilities.people or chat.channel))


def _outgoing(
    notice: Notice, chat: Chat, place: int, part: Part, archive: Archive, mentions: tuple[str, ...]
) -> Outgoing:
    file = None
    if part.file is not None:
        file = Attachment(part.file["name"], archive.path(part.file["sha256"]))
    return Outgoing(
        chat=chat.external_id,
        text=part.text,
        key=f"{notice.id}-{place}-{notice.tries}",
        buttons=part.buttons,
        reply_to=notice.reply_to if place == 1 else None,
        silent=KINDS[notice.kind].silent,
        file=file,
        asks_text=bool(notice.body.get("asks_text")),
        face=part.face,
        picker=part.picker,
        mark=part.mark,
        mentions=mentions,
    )


async def _said(channel: Channel, message: Outgoing | Edit) -> SendResult:
    if isinstance(message, Outgoing):
        return await channel.send(message)
    assert isinstance(channel, Edits), "an edit is prepared where the channel's abilities allow one"
    return await channel.edit(message)
