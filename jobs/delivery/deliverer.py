"""Delivery: prepare → send → record, with a row between each.

``turn`` writes down what the services said (``record``) and prepares what may go out next: it claims, drops what no longer
applies, renders the rest and marks it as being sent (``prepare``), all in one transaction. The channel is called with no transaction
open. A worker that dies in between leaves a notice that is being sent and whose lease runs out: ``settle`` makes it
*unknown*, tells the coordinators, and sends it once more only from 催办 up.

One notice costs itself alone: what is prepared and recorded together is in a savepoint, where that fails each is in one of
its own, and one that cannot be prepared is set aside.
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

from sqlmodel import Session

from db import leases, outbox
from db.session import Store, told_briefly
from jobs.delivery import pace, prepare, record
from jobs.delivery.tickets import Outcome, Pass, Ticket
from jobs.desk import Desk
from jobs.ports import Channel, Edit, Edits, Lost, Outgoing, Pace, Retry, SendResult

log = logging.getLogger(__name__)

T = TypeVar("T")
RunSync = Callable[..., Awaitable[Any]]

WIDTH = 8
"""How many messages one channel has on their way at once, and an urgent call beside them; a crash leaves at most so many
unknown."""

SEND_SECONDS = outbox.LEASE.total_seconds() * 0.8
"""How long one message may be on its way: less than its lease, so that nobody else takes it for abandoned meanwhile."""

OLDEST_SECONDS = outbox.LEASE.total_seconds() - SEND_SECONDS
"""How old what was prepared may be when it begins to go out: it lands within the lease all the same."""

FRESH_SECONDS = leases.LIFE.total_seconds() * leases.SURELY
"""How long after it was prepared a message may begin to go out. A program that hung meanwhile may be taken for gone: others
have told that nobody knows of its messages, or have heard an answer to them."""

CHANGE = "change"
"""The reason under which changes of messages that are out are counted."""

WITH_THE_FIRST = timedelta(milliseconds=10)
"""What lands so soon after the first is written down with it: a transaction for each would cost more than to send it."""

LOOK_AHEAD = timedelta(seconds=2)
"""How far ahead a worker waits by itself for the next notice's time; what comes later, a later turn finds."""


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
        self,
        store: Store,
        channels: Mapping[str, Channel],
        desk: Desk,
        worker: str,
        run: RunSync = in_thread,
        batch: int = WIDTH,
        real: Callable[[Session], datetime] | None = None,
        life: leases.Life | None = None,
    ) -> None:
        """``worker`` names this process in leases; ``batch`` is how many messages a channel has on their way at once; ``life`` tells
        whether others may have taken this process for gone, where it gives signs of life.

        ``real`` tells real time, the same to every worker on the store, where ``now`` is another's. ``full_until`` says until when a channel takes no more;
        ``sends`` counts what this worker sent, by channel, outcome and reason.
        """
        self._store, self._channels, self._desk = store, channels, desk
        self._worker, self._run, self._batch, self._real, self._life = worker, run, batch, real, life
        self._retired: set[str] = set()
        self._flying: dict[tuple[int, int | None], Ticket] = {}
        self._width = batch
        self.full_until: datetime | None = None
        self.sends: Counter[tuple[str, str, str]] = Counter()

    def retire(self, channel: str) -> None:
        """Give nothing more to a channel whose service does not let us work; what is for it waits for the next start."""
        self._retired.add(channel)

    async def step(self, now: Callable[[], datetime], since: datetime | None = None) -> bool:
        """Send one batch and wait for all of it; tell whether there was anything to do.

        With ``since`` each goes out as of its own time, or of ``since`` where that is later: a rehearsal's morning at once.
        """
        began = _seconds()
        found: Found = await self._run(self.turn, (), self._width, now(), since)
        if not found.tickets:
            return found.did
        outcomes = await asyncio.gather(*(self._send(ticket, began) for ticket in found.tickets))
        await self._run(self.turn, outcomes, 0, now(), since)
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
            began = _seconds()
            try:
                found: Found = await self._run(self.turn, landed, 0 if stopping() else self._width, now())
            except Exception as error:
                if not landed and not flying:
                    raise
                log.error("sent-not-recorded-yet why=%s", told_briefly(error))
                await pause(LOOK_AHEAD)
                continue
            landed = []
            flying |= {asyncio.create_task(self._send(ticket, began)) for ticket in found.tickets}
            if flying:
                landed = await self._first_landed(flying, pause(self._rest(found, now())))
            elif stopping() or not self._soon(found, now()):
                return
            elif not found.did:
                await pause(self._rest(found, now()))

    @staticmethod
    async def _first_landed(flying: set[asyncio.Task[Outcome]], rest: Awaitable[None]) -> list[Outcome]:
        """Wait for the first of these and what lands with it, or for something else to do: what hangs on one channel hinders no
        other.
        """
        resting = asyncio.ensure_future(rest)
        done, _ = await asyncio.wait({*flying, resting}, return_when=asyncio.FIRST_COMPLETED)
        resting.cancel()
        if flying & done and flying - done:
            done |= (await asyncio.wait(flying - done, timeout=WITH_THE_FIRST.total_seconds()))[0]
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

    async def _send(self, ticket: Ticket, began: float) -> Outcome:
        """Send what was prepared since ``began``; what lay too long is not sent, and is due again: where that is because so much
        was prepared together, and not because the program hung, there is less the next time, or nothing would ever go out.
        """
        message = ticket.message
        if not self._is_ours(began):
            self._width = max(1, self._width // 2)
            return Outcome(ticket, Retry("程序停顿过久，当时没有发送", after=0))
        self._width = min(self._batch, self._width + 1)
        try:
            channel = self._channels[ticket.channel]
            async with asyncio.timeout(SEND_SECONDS):
                result = await _said(channel, message)
        except TimeoutError:
            result = Lost(f"{SEND_SECONDS:.0f}秒内没有结果")
        except Exception as error:  # a channel never raises for its service; whether it went out before, nobody knows
            log.error(
                "channel-raised notice=%s channel=%s error=%s", ticket.notice_id, ticket.channel, type(error).__name__
            )
            result = Lost(f"渠道程序出错（{type(error).__name__}）")
        return Outcome(ticket, result)

    def _is_ours(self, began: float) -> bool:
        """Tell whether what was claimed since ``began`` is still this program's: it was not taken for gone meanwhile. On a machine
        that does much else all takes long, and nothing would go out if that alone were held against it.
        """
        now = _seconds()
        if now - began <= FRESH_SECONDS:
            return True
        return self._life is not None and now - began <= OLDEST_SECONDS and self._life.has_lasted(began, now)

    # ------------------------------------------------------------ one turn

    def turn(self, landed: Sequence[Outcome], width: int, now: datetime, since: datetime | None = None) -> Found:
        """Write down what landed and prepare up to ``width`` messages a channel, in one transaction; ``since`` as in ``step``.

        Where it had to give way to others who wrote the same it is done anew.
        """

        def work(session: Session) -> Found:
            here = self._here(session, now, since)
            record.outcomes(here, landed)
            session.flush()
            return self._find(here, width, bool(landed))

        found = self._store.settle(work)
        for outcome in landed:
            self._flying.pop((outcome.ticket.notice_id, outcome.ticket.changes), None)
            said = record.STATES[type(outcome.result)]
            self.sends[outcome.ticket.channel, said, CHANGE if outcome.ticket.is_edit else outcome.ticket.reason] += 1
        self._flying |= {(ticket.notice_id, ticket.changes): ticket for ticket in found.tickets}
        return found

    def _here(self, session: Session, now: datetime, since: datetime | None = None) -> Pass:
        real = now if self._real is None else self._real(session)
        return Pass(session, self._channels, self._desk, now, real, since)

    def _find(self, here: Pass, width: int, did: bool) -> Found:
        """Claim what every channel has room for and prepare it; where there is nothing, say when there may be."""
        rooms = self._rooms(width) if width > 0 else {}
        free_again: list[datetime] = []
        free = self._free_slots(here, free_again)
        claimed = outbox.claim(here.session, here.now, self._worker, rooms=rooms, free=free, real=here.real)
        tickets = prepare.tickets(here, [one.id for one in claimed if not one.is_change])
        tickets += prepare.changes(here, [one.id for one in claimed if one.is_change])
        upcoming = None
        if not claimed and width > 0:
            did = self._explain(here) or did
            open_ones = [name for name, room in rooms.items() if room.slots > 0]
            upcoming = outbox.next_at(here.session, open_ones, here.real if self._real else None, here.now)
        self.full_until = max(free_again, default=None)
        moments = [*free_again, *([upcoming] if upcoming else [])]
        later = [moment for moment in moments if moment > here.now]
        return Found(tuple(tickets), bool(claimed or did), min(later, default=None))

    def _rooms(self, width: int) -> dict[str, outbox.Room]:
        """Return each working channel's free slots; an urgent call has one of its own where they are all taken."""
        flying = Counter(ticket.channel for ticket in tuple(self._flying.values()))
        return {
            name: outbox.Room(width - flying[name], urgent=flying[name] <= width)
            for name, channel in self._channels.items()
            if channel.ready and name not in self._retired
        }

    def _explain(self, here: Pass) -> bool:
        """Say of what is for channels that do not work here why it waits; tell whether there was any."""
        names = [name for name in self._channels if name not in self._retired]
        unused = outbox.claim_elsewhere(here.session, here.now, self._worker, names, self._batch, here.real)
        for one in unused:
            outbox.explain(here.session, one.id, here.now + timedelta(minutes=5), f"渠道{one.channel}未启用")
        return bool(unused)

    def _free_slots(self, here: Pass, free_again: list[datetime]) -> Callable[[str], int]:
        """Return how many messages a channel takes now by its overall pace; note when one that is full has room."""

        def free(name: str) -> int:
            channel = self._channels.get(name)
            overall = channel.abilities.pace if channel else Pace()
            slots, full_until = pace.slots(here.session, name, overall, self._batch, here.now)
            free_again.extend(full_until)
            return slots

        return free

    # ------------------------------------------------------------ settle

    def settle(self, now: datetime) -> bool:
        """Make one abandoned notice's outcome *unknown*, in front of a coordinator, and changes due again; tell whether any was.

        What this worker itself has on its way is not abandoned, however long it takes.
        """
        with self._store.write() as session:
            here = self._here(session, now)
            flying = tuple(self._flying)
            notices = outbox.abandoned(session, here.real, [notice for notice, changes in flying if changes is None])
            changes = outbox.abandoned_changes(session, here.real, [changes for _, changes in flying if changes])
            for number in notices[:1]:
                record.settle(here, number)
            for number in changes:
                record.settle_change(here, number)
        return bool(notices or changes)


def _seconds() -> float:
    """Return seconds that only ever grow, also while this program is held up."""
    return asyncio.get_running_loop().time()


async def _said(channel: Channel, message: Outgoing | Edit) -> SendResult:
    if isinstance(message, Outgoing):
        return await channel.send(message)
    assert isinstance(channel, Edits), "an edit is prepared where the channel's abilities allow one"
    return await channel.edit(message)
