"""The service: APScheduler turns the workers' cranks, the local page listens, a signal ends it cleanly.

Each worker's body does one unit of work and says whether there was any; a crank calls it until there is none, or
until the service is asked to stop.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.cli.shell import Failure, say
from bot.web.app import make_app
from bot.wiring import House, build, keep_clock, parse_moment
from db import outbox
from db.clock import FastClock, WallClock
from jobs.deliver import Deliverer
from jobs.policy_change import adopt_policy
from jobs.routine import Routine
from jobs.tick import Planner

log = logging.getLogger(__name__)

TICK = timedelta(seconds=60)
"""How often planning looks, in the clock's own time."""

DELIVERY_SECONDS = 1.0
ROUTINE_SECONDS = 20.0
"""How often delivery and routine work look, in real seconds."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serve(start_at: str | None, speed: float) -> None:
    """Run until a signal ends it; ``start_at`` and ``speed`` only for a store that lives on a virtual clock."""
    house = build()
    _own_clock(house, start_at, speed)
    password = house.settings.web_password
    if house.settings.web_host not in LOOPBACK and password is None:
        raise Failure("网页对外监听（DUBAN_WEB_HOST）时必须设置 DUBAN_WEB_PASSWORD")
    _port_is_free(house.settings.web_host, house.settings.web_port)
    with house.store.write() as session:
        adopt_policy(session, house.desk, house.now())
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(Service(house, speed).run(password.get_secret_value() if password else None))
    if house.virtual:
        with house.store.write() as session:
            keep_clock(session, house.now())
    say("已停止。")


def _own_clock(house: House, start_at: str | None, speed: float) -> None:
    if start_at is None and speed == 1.0:
        if house.virtual:
            house.clock = FastClock(house.now(), 1.0)
        return
    if not house.virtual:
        raise Failure("--start-at 和 --speed 只能用于虚拟时钟的库；请先用 duban migrate --virtual 建立")
    start = parse_moment(start_at, house.desk.timezone) if start_at else house.now()
    house.clock = FastClock(max(start, house.now()), speed)


def _port_is_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(f"端口 {host}:{port} 用不了（{error.strerror}）；请修改 DUBAN_WEB_PORT") from None


class Service:
    """The running program."""

    def __init__(self, house: House, speed: float) -> None:
        """Wire the workers of ``house``; a fast clock ticks as often in its own time."""
        self._house = house
        self._worker = f"{socket.gethostname()}-{os.getpid()}"
        self._planner = Planner(house.store, house.desk)
        self._routine = Routine(house.store, house.desk)
        self._deliverer = Deliverer(house.store, house.channels, house.desk, self._worker)
        self._tick = max(TICK.total_seconds() / speed, 0.2)
        self._stopping = asyncio.Event()
        self._turning: dict[str, asyncio.Lock] = {}

    async def run(self, password: str | None) -> None:
        """Work until asked to stop, then let what is being sent finish."""
        settings = self._house.settings
        config = uvicorn.Config(
            make_app(self._house, password), host=settings.web_host, port=settings.web_port, log_level="warning",
            timeout_graceful_shutdown=3,
        )  # fmt: skip
        server = uvicorn.Server(config)
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        scheduler = self._schedule()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopping.set)
        page = asyncio.create_task(server.serve())
        while not server.started and not page.done():  # noqa: ASYNC110 - uvicorn tells it by a flag alone
            await asyncio.sleep(0.02)
        scheduler.start()
        say(f"督办已运行。本地会话：http://{settings.web_host}:{settings.web_port}/（Ctrl-C 停止）")
        await self._stopping.wait()
        scheduler.pause()
        for turning in self._turning.values():
            async with turning:  # what is being sent is sent and recorded before we go
                pass
        scheduler.shutdown(wait=False)
        server.should_exit = True
        await page
        await asyncio.to_thread(self._release)

    def _schedule(self) -> AsyncIOScheduler:
        now = WallClock().now()
        scheduler = AsyncIOScheduler(timezone="UTC")
        cranks: tuple[tuple[str, Callable[[], Awaitable[None]], float], ...] = (
            ("plan", self._plan, self._tick),
            ("routine", self._everyday, min(ROUTINE_SECONDS, self._tick)),
            ("deliver", self._deliver, min(DELIVERY_SECONDS, self._tick)),
        )
        for name, crank, seconds in cranks:
            self._turning[name] = asyncio.Lock()
            scheduler.add_job(
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
        return scheduler

    async def _turn(self, name: str, crank: Callable[[], Awaitable[None]]) -> None:
        """Turn one crank; a failure is one line of the log, and the next turn tries again."""
        async with self._turning[name]:
            try:
                await crank()
            except Exception as error:
                log.error("%s failed (%s): %s", name, type(error).__name__, error)
                log.debug("%s failed", name, exc_info=True)

    async def _plan(self) -> None:
        await self._until_idle(self._planner.step)

    async def _everyday(self) -> None:
        routine = self._routine
        for body in (self._deliverer.settle, routine.digest, routine.dead_chats, routine.periods, routine.calls):
            await self._until_idle(body)

    async def _until_idle(self, body: Callable[[datetime], bool]) -> None:
        while not self._stopping.is_set() and await asyncio.to_thread(body, self._house.now()):
            pass

    async def _deliver(self) -> None:
        while not self._stopping.is_set() and await self._deliverer.step(self._house.now):
            pass

    def _release(self) -> None:
        with self._house.store.write() as session:
            outbox.lease_free(session, self._worker)
