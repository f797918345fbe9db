"""The cranks: APScheduler turns each worker's, one turn of it at a time.

Each worker's body does one unit of work and says whether there was any; a crank calls it until there is none, or until the
service is asked to stop.
"""

import asyncio
import contextlib
import logging
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.logs import is_told
from bot.service import another_line
from bot.service.errands import run_next
from bot.wiring import House, keep_clock
from db import leases, migrate, outbox
from db.clock import WallClock, shared
from db.session import told_briefly
from jobs.delivery.deliverer import Deliverer
from jobs.planner import Planner
from jobs.routine import Routine
from jobs.strays import Tidying
from jobs.watch import Watch

log = logging.getLogger(__name__)

TICK = timedelta(seconds=60)
"""How often planning looks, in the clock's own time."""

WATCH_SECONDS = 60.0
"""How often the program looks at itself, in real seconds."""

LIFE_SECONDS = 2.0
"""How often a program says that it lives, and looks who does not any more, in real seconds."""

SCHEMA_SECONDS = 5.0
"""How often it is looked whether a later program has migrated the store, in real seconds."""

DELIVERY_SECONDS = 1.0
ROUTINE_SECONDS = 20.0
"""How often delivery and routine work look, in real seconds."""

STILL = ("schema", "heartbeat")
"""What goes on turning in a program that a later one's schema has made old: it only looks."""

PATIENT = ("errands", "call")
"""What may take minutes at a stretch, and does not hang."""

SHORTEST_PAUSE = 0.005
"""Real seconds: a fast clock leaves nothing to do for less than any machine can wait."""

LAST_SECONDS = 6.0
"""How long a stop waits for what is on its way; what has not landed by then is *unknown* when we start again."""

Crank = Callable[[], Awaitable[None]]


class Cranks:
    """The workers of a house, and what turns them."""

    def __init__(
        self, house: House, worker: str, speed: float, stopping: asyncio.Event, troubles: Callable[[], dict[str, str]]
    ) -> None:
        """``worker`` names this program in leases; a fast clock ticks as often in its own time; ``troubles`` tells what
        each service that goes on working is troubled by. ``faults`` counts by name what failed since the start."""
        self._house, self._worker, self.speed, self._stopping = house, worker, speed, stopping
        self._planner = Planner(house.store, house.desk)
        self._routine = Routine(
            house.store,
            house.desk,
            reports=True,
            pins=[name for name, its in house.abilities.items() if its.pins],
        )
        self._tidying = Tidying(house.store, house.desk.archive)
        self._life = leases.Life()
        self._deliverer = Deliverer(house.store, house.channels, house.desk, worker, real=shared, life=self._life)
        self._watch = Watch(house.store, house.desk, house.abilities, troubles, socket.gethostname())
        tick = max(TICK.total_seconds() / speed, 0.05)
        self._cranks: dict[str, tuple[Crank, float]] = {
            "life": (self._live, LIFE_SECONDS),
            "plan": (self._plan, tick),
            "routine": (self._everyday, min(ROUTINE_SECONDS, tick)),
            "deliver": (self._deliver, min(DELIVERY_SECONDS, tick)),
            "tidy": (self._tidy, min(ROUTINE_SECONDS, tick)),
            "errands": (self._errands, min(ROUTINE_SECONDS, tick)),
            "watch": (self._look, WATCH_SECONDS),
            "schema": (self._look_at_the_schema, SCHEMA_SECONDS),
        }
        self._turning = {name: asyncio.Lock() for name in self._cranks}
        self._scheduler: AsyncIOScheduler | None = None
        self._more = asyncio.Event()
        self._hurried: set[asyncio.Task[object]] = set()
        self._failing: dict[str, int] = {}
        self._alive: dict[str, float] = {}
        self.faults: Counter[str] = Counter()
        self._outdated = asyncio.Event()

    # ------------------------------------------------------------ how they do

    @property
    def failing(self) -> list[str]:
        """What failed the last time it was done."""
        return sorted(self._failing)

    @property
    def sends(self) -> Counter[tuple[str, str, str]]:
        """What was sent, by channel, outcome and reason."""
        return self._deliverer.sends

    def silent_for(self, seconds: float, now: float) -> list[str]:
        """Return the cranks without a sign of life for so long (real seconds, as ``time.monotonic`` tells them)."""
        return sorted(name for name, at in self._alive.items() if name not in PATIENT and now - at > seconds)

    def _beats(self, name: str) -> None:
        self._alive[name] = time.monotonic()

    # ------------------------------------------------------------ starting and stopping

    def add(self, name: str, crank: Crank, seconds: float) -> None:
        """Turn another one, too, every so many real seconds; before the start."""
        self._cranks[name], self._turning[name] = (crank, seconds), asyncio.Lock()

    def start(self) -> None:
        """Turn every crank now, and again and again."""
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        now = WallClock().now()
        for name, (crank, seconds) in self._cranks.items():
            self._scheduler.add_job(
                self._turn,
                "interval",
                args=(name, crank),
                seconds=seconds,
                id=name,
                next_run_time=now,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    async def rest(self) -> None:
        """Turn none any more; what is being sent is sent and recorded first, as far as time allows."""
        if self._scheduler is not None:
            self._scheduler.pause()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                for turning in self._turning.values():
                    async with turning:
                        pass

    async def stop(self) -> None:
        """End for good, and let go of what this program had taken on."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        await asyncio.to_thread(self._release)

    def _release(self) -> None:
        with self._house.store.write() as session:
            outbox.lease_free(session, self._worker)
            leases.leaves(session, self._worker)

    def retire(self, channel: str) -> None:
        """Send nothing more through a channel that is lost."""
        self._deliverer.retire(channel)

    # ------------------------------------------------------------ sooner than in turn

    def wake(self) -> None:
        """Look again whether there is more to do, or an end."""
        self._more.set()

    def hurry(self, name: str) -> None:
        """Turn a crank now; one that is turning looks again before it rests."""
        self.wake()
        if self._scheduler is not None and not self._turning[name].locked() and not self._stopping.is_set():
            self.soon(self._turn(name, self._cranks[name][0]))

    def soon(self, doing: Coroutine[Any, Any, object]) -> None:
        """Do something beside everything else."""
        task = asyncio.create_task(doing)
        self._hurried.add(task)
        task.add_done_callback(self._hurried.discard)

    # ------------------------------------------------------------ turning

    async def _turn(self, name: str, crank: Crank) -> None:
        """Turn one crank, and only one turn of it at a time."""
        async with self._turning[name]:
            self._beats(name)
            if self._outdated.is_set() and name not in STILL:
                return
            await self._guarded(name, crank)
            self._beats(name)

    async def _guarded(self, name: str, work: Crank) -> None:
        """Do what comes again and again; what failed is tried the next time, and the log hears of it ever more rarely."""
        try:
            await work()
            if self._failing.pop(name, 0):
                log.warning("crank-works-again crank=%s", name)
        except asyncio.CancelledError:
            if not self._stopping.is_set():
                raise
            log.warning("crank-cut-short crank=%s", name)
        except Exception as error:
            times = self._failing[name] = self._failing.get(name, 0) + 1
            self.faults[name] += 1
            if is_told(times):
                log.error("crank-failed crank=%s why=%s times=%s", name, told_briefly(error), times)
            log.debug("crank-failed crank=%s", name, exc_info=True)

    async def _until_idle(self, name: str, body: Callable[[datetime], bool]) -> None:
        while not self._must_end() and await asyncio.to_thread(body, self._house.now()):
            self._beats(name)

    def _must_end(self) -> bool:
        """Tell whether nothing new may be begun: at a stop, or where a later program's schema has made this one old."""
        return self._stopping.is_set() or self._outdated.is_set()

    @property
    def is_outdated(self) -> bool:
        """Tell whether a later program has migrated the store."""
        return self._outdated.is_set()

    async def outdated(self) -> None:
        """Return once a later program has migrated the store, which this one then leaves alone."""
        await self._outdated.wait()

    async def _look_at_the_schema(self) -> None:
        if not self._outdated.is_set() and await asyncio.to_thread(migrate.is_newer, self._house.store):
            log.error("schema-is-newer")
            self._outdated.set()
            self.wake()

    async def _live(self) -> None:
        began = asyncio.get_running_loop().time()
        dead, unbroken = await asyncio.to_thread(self._lives)
        self._life.goes_on(began, unbroken=unbroken)
        if dead:
            self.hurry("routine")

    def _lives(self) -> tuple[list[str], bool]:
        """Say that this program lives, and take from those that do not what they had claimed; tell who they are, and whether
        nobody took this one for gone.
        """
        with self._house.store.write() as session:
            real = shared(session)
            unbroken = leases.lives(session, self._worker, real)
            dead = leases.bury(session, real, self._worker)
            if dead:
                outbox.cut_short(session, dead, real)
        for worker in dead:
            log.error("program-gone program=%s", worker)
        return dead, unbroken

    async def _plan(self) -> None:
        await self._look_at_the_schema()
        await self._until_idle("plan", self._planner.step)

    async def _everyday(self) -> None:
        """Do the routine work; where one kind of it fails, the others are done all the same."""
        routine = self._routine
        for body in (
            self._deliverer.settle,
            routine.digest,
            routine.dead_chats,
            routine.scores,
            routine.rounds,
            routine.levels,
            routine.rooms,
            routine.periods,
            routine.calls,
            routine.lists,
            routine.forget,
            routine.retain,
        ):
            await self._guarded(body.__name__, partial(self._until_idle, "routine", body))

    async def _deliver(self) -> None:
        def now() -> datetime:
            self._beats("deliver")
            return self._house.now()

        await self._deliverer.work(now, self._must_end, self._pause)

    async def _pause(self, duration: timedelta) -> None:
        """Wait for so long of the house's time, or until there may be more to do."""
        self._more.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._more.wait(), max(duration.total_seconds() / self.speed, SHORTEST_PAUSE))

    async def _tidy(self) -> None:
        await self._until_idle("tidy", self._tidying.tidy)

    async def _errands(self) -> None:
        house = self._house
        while not self._must_end() and await asyncio.to_thread(
            run_next, house.store, house.desk, house.now(), self._stopping.is_set
        ):
            self.hurry("deliver")

    async def _look(self) -> None:
        if self._house.virtual:
            await asyncio.to_thread(self._keep_clock)
        calls = await asyncio.to_thread(self._watch.look, self._house.now(), WallClock().now())
        command = self._house.settings.call
        if command is not None:
            for words in calls:
                self.soon(another_line.call_operator(command, words))

    def _keep_clock(self) -> None:
        with self._house.store.write() as session:
            keep_clock(session, self._house.now())
