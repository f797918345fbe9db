"""The service: APScheduler turns the workers' cranks, the channels and the page listen, a signal ends it cleanly.

Each worker's body does one unit of work and says whether there was any; a crank calls it until there is none, or
until the service is asked to stop.
"""

import asyncio
import contextlib
import itertools
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlmodel import Session

from bot.channels.incoming import Answer, Call, Refused
from bot.channels.service import Alone, Invites, IsCalled, Listens, Opens, Service, ShowsMenus, Troubled, as_called
from bot.dialogue.commands import menus
from bot.dialogue.links import remember_links
from bot.dialogue.turn import Effect
from bot.inbound.inbox import Taken
from bot.inbound.listener import Listener
from bot.service.errands import run_next
from bot.service.lease import Holder
from bot.service.web.app import Receive, make_app
from bot.service.web.impatient import MAX_CONNECTIONS, ImpatientProtocol
from bot.terminal import Failure, say
from bot.wiring import House, build, connect, keep_clock, parse_moment
from db import outbox, register
from db.bodies import AlarmBody
from db.clock import FastClock, WallClock, shared
from db.session import StoreError, told_briefly
from db.words import ChatRole, NoticeKind, Reason
from jobs.campaigns.policy_change import adopt_policy
from jobs.delivery import missed
from jobs.delivery.deliverer import Deliverer, in_thread
from jobs.planner import Planner
from jobs.reading import guard
from jobs.routine import Routine
from jobs.watch import Watch

log = logging.getLogger(__name__)

TICK = timedelta(seconds=60)
"""How often planning looks, in the clock's own time."""

WATCH_SECONDS = 60.0
"""How often the program looks at itself, in real seconds."""

DELIVERY_SECONDS = 1.0
ROUTINE_SECONDS = 20.0
"""How often delivery and routine work look, in real seconds."""

SHORTEST_PAUSE = 0.005
"""Real seconds: a fast clock leaves nothing to do for less than any machine can wait."""

LAST_SECONDS = 6.0
"""How long a stop waits for what is on its way; what has not landed by then is *unknown* when we start again."""

REST = (1.0, 5.0, 15.0, 30.0)
"""Seconds between tries to reach a service when the program starts."""


def serve(start_at: str | None, speed: float) -> None:
    """Run until a signal ends it; ``start_at`` and ``speed`` only for a store that lives on a virtual clock."""
    house = build()
    _own_clock(house, start_at, speed)
    services = connect(house)
    web = _Web.planned(house, services)
    if web is not None:
        _port_is_free(house.settings.web_host, house.settings.web_port)
    with house.store.write() as session:
        adopt_policy(session, house.desk, house.now())
    running = Running(house, services, web, speed)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(running.run())
    if house.virtual:
        with house.store.write() as session:
            keep_clock(session, house.now())
    if running.refusal is not None:
        raise Failure(running.refusal)
    say("已停止。")


@dataclass(frozen=True, slots=True)
class _Web:
    """What listens for the browser or for a service: the local page where no service is configured, and webhooks."""

    with_page: bool
    password: str | None

    @classmethod
    def planned(cls, house: House, services: Sequence[Service]) -> "_Web | None":
        settings = house.settings
        if services and not any(as_called(service) for service in services):
            return None
        with_page = not services
        if with_page and settings.page_is_open_to_all:
            raise Failure("网页对外监听（DUBAN_WEB_HOST）时必须设置 DUBAN_WEB_PASSWORD")
        return cls(with_page, settings.page_password)


def _own_clock(house: House, start_at: str | None, speed: float) -> None:
    """Let a virtual store's clock run on from where it stood, also where the program was killed."""
    if not house.virtual:
        if start_at is not None or speed != 1.0:
            raise Failure("--start-at 和 --speed 只能用于虚拟时钟的库；请先用 duban migrate --virtual 建立")
        return
    start = parse_moment(start_at, house.desk.timezone) if start_at else house.now()
    with house.store.read() as session:
        last = outbox.last_try(session)
    house.clock = FastClock(max(start, house.now(), last or start), speed)


def _port_is_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(f"端口 {host}:{port} 用不了（{error.strerror}）；请修改 DUBAN_WEB_PORT") from None


class _Server(uvicorn.Server):
    """Leaves signals to the service, which closes the page with everything else."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class Running:
    """The running program. ``refusal`` is the line with which a service ended it."""

    def __init__(self, house: House, services: Sequence[Service], web: _Web | None, speed: float) -> None:
        """Wire the workers of ``house``; a fast clock ticks as often in its own time."""
        self._house, self._services, self._web, self._speed = house, services, web, speed
        self._worker = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self._planner = Planner(house.store, house.desk)
        self._routine = Routine(house.store, house.desk)
        self._deliverer = Deliverer(house.store, house.channels, house.desk, self._worker, real=shared)
        abilities = {name: channel.abilities for name, channel in house.channels.items()}
        self._watch = Watch(house.store, house.desk, abilities, self._troubles, socket.gethostname())
        self._tick = max(TICK.total_seconds() / speed, 0.05)
        self._stopping, self._more = asyncio.Event(), asyncio.Event()
        self._turning: dict[str, asyncio.Lock] = {}
        self._hurried: set[asyncio.Task[None]] = set()
        self._alive: set[str] = set()
        self._failing: dict[str, int] = {}
        self._holders: list[Holder] = []
        self.refusal: str | None = None

    async def run(self) -> None:
        """Work until asked to stop, then let what is being sent finish."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop)
        listening = [asyncio.create_task(self._listen(service)) for service in self._services]
        page = await self._open_web()
        scheduler = self._schedule()
        scheduler.start()
        say(self._welcome())
        sys.stdout.flush()
        await self._stopping.wait()
        guard.stop_all()
        scheduler.pause()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                for turning in self._turning.values():
                    async with turning:  # what is being sent is sent and recorded before we go
                        pass
        for task in listening:  # until here what is said still gets into the store
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        scheduler.shutdown(wait=False)
        await self._close_web(page)
        for service in self._services:
            await service.close()
        for holder in self._holders:
            await self._let_go(holder)
        await asyncio.to_thread(self._release)

    def _stop(self) -> None:
        self._stopping.set()
        self._more.set()

    def _welcome(self) -> str:
        if self._web is None:
            return "督办已运行（Ctrl-C 停止）。"
        settings = self._house.settings
        where = f"http://{settings.web_host}:{settings.web_port}/"
        return f"督办已运行。{'本地会话' if self._web.with_page else '网页接口'}：{where}（Ctrl-C 停止）"

    # ------------------------------------------------------------ the web

    async def _open_web(self) -> tuple[uvicorn.Server, asyncio.Task[None]] | None:
        if self._web is None:
            return None
        settings = self._house.settings
        hooks = {
            service.name: self._hook(self._listener(service), called)
            for service in self._services
            if (called := as_called(service))
        }
        config = uvicorn.Config(
            make_app(self._house, self._web.password, hooks, with_page=self._web.with_page), host=settings.web_host,
            port=settings.web_port, log_level="warning", timeout_graceful_shutdown=3, http=ImpatientProtocol,
            limit_concurrency=MAX_CONNECTIONS,
        )  # fmt: skip
        server = _Server(config)
        page = asyncio.create_task(server.serve())
        while not server.started and not page.done():  # noqa: ASYNC110 - uvicorn tells it by a flag alone
            await asyncio.sleep(0.02)
        return server, page

    async def _close_web(self, page: tuple[uvicorn.Server, asyncio.Task[None]] | None) -> None:
        if page is not None:
            page[0].should_exit = True
            await page[1]

    @staticmethod
    def _hook(listener: Listener, service: IsCalled) -> Receive:
        async def receive(call: Call) -> Answer:
            return await service.called(call, listener.hear)

        return receive

    # ------------------------------------------------------------ listening

    def _listener(self, service: Service) -> Listener:
        return Listener(service, self._house.inbox, self._house.now, in_thread, self._heard(service))

    def _heard(self, service: Service) -> Callable[[Taken], None]:
        def heard(taken: Taken) -> None:
            self._hurry("deliver", self._deliver)
            if Effect.REHEARSE in taken.effects:
                self._hurry("errands", self._errands)
            if Effect.MENUS in taken.effects:
                self._soon(self._show_menus(service))

        return heard

    async def _listen(self, service: Service) -> None:
        """Bring a service's updates, through every trouble that may pass; what ends it for good is told."""
        self._alive.add(service.name)
        while True:
            try:
                if isinstance(service, Alone) and service.exclusive is not None:
                    await self._bring_alone(service, service.exclusive, service.keeps)
                else:
                    await self._bring(service)
                return
            except Refused as refusal:
                self._alive.discard(service.name)
                self._deliverer.retire(service.name)
                await self._lost(service, str(refusal))
                return
            except Exception as error:  # a service is not lost to a fault of ours, or to the store's bad moment
                log.error("%s stopped (%s)", service.name, told_briefly(error))
                log.debug("%s stopped", service.name, exc_info=True)
                await asyncio.sleep(REST[1])

    async def _bring(self, service: Service) -> None:
        listener = self._listener(service)
        await self._open(service)
        await self._show_menus(service)
        await listener.resume()
        if isinstance(service, Listens):
            await service.listen(listener.hear, self._stopping.is_set)

    async def _bring_alone(self, service: Service, thing: str, keeps: timedelta) -> None:
        """Bring updates while the lease is ours; without it let go, and wait for it again."""
        holder = Holder(self._house.store, thing, self._worker, WallClock().now, in_thread)
        self._holders.append(holder)

        def works(session: Session, gap: timedelta | None) -> None:
            if gap is not None and gap >= max(missed.AFTER, keeps):
                count = missed.ask(
                    session, self._house.desk, service.name, service.abilities.title, gap, self._house.now()
                )
                log.warning("%s did not work for %s; %s chats are asked", service.name, gap, count)

        def wait() -> None:
            say(f"{service.greeting}：另一程序正在使用，等待接替。")
            sys.stdout.flush()

        while not self._stopping.is_set():
            await holder.wait(wait)
            doing = [asyncio.create_task(self._bring(service)),
                     asyncio.create_task(holder.keep(works, lambda: service.ready))]  # fmt: skip
            try:
                await asyncio.wait(doing, return_when=asyncio.FIRST_COMPLETED)
                if doing[0].done():
                    doing[0].result()
                    return
            except Refused as refusal:
                if not await holder.is_ours():  # the one that waited took over: that is no stranger
                    continue
                with contextlib.suppress(StoreError):
                    await holder.end(str(refusal))
                raise
            finally:
                for task in doing:
                    task.cancel()
                await asyncio.gather(*doing, return_exceptions=True)
                if not self._stopping.is_set():  # a stop lets what is on its way land first
                    await service.close()
                    await self._let_go(holder)

    async def _let_go(self, holder: Holder) -> None:
        with contextlib.suppress(StoreError):
            await holder.release()

    async def _lost(self, service: Service, why: str) -> None:
        """End the program with the last service; else tell the coordinators, and let the others go on."""
        if not self._alive & {one.name for one in self._services if one.abilities.hears}:
            self.refusal = why
            self._stop()
            return
        say(why)
        sys.stdout.flush()
        await asyncio.to_thread(self._tell_lost, service.greeting, why)

    def _tell_lost(self, name: str, why: str) -> None:
        body = AlarmBody(f"渠道停用：{name}", f"原因：{why}", "发往该渠道的通知会保留，处理后重新启动程序即补发。")
        with self._house.store.write() as session:
            outbox.tell_room(
                session, ChatRole.COORDINATORS, now=self._house.now(), kind=NoticeKind.FAILURE, reason=Reason.CHANGED,
                body=body,
            )  # fmt: skip

    async def _open(self, service: Service) -> None:
        for tries in itertools.count():
            try:
                if isinstance(service, Opens):
                    await service.open()
            except ConnectionError as error:
                if tries % len(REST) == 0:
                    say(f"暂时连接不上 {service.name}（{error}），将继续尝试。")
                await asyncio.sleep(REST[min(tries, len(REST) - 1)])
            else:
                say(f"已连接：{service.greeting}")
                sys.stdout.flush()
                await asyncio.to_thread(self._remember, service)
                return

    def _remember(self, service: Service) -> None:
        if isinstance(service, Invites):
            with self._house.store.write() as session:
                remember_links(session, service.name, *service.links())

    async def _show_menus(self, service: Service) -> None:
        if isinstance(service, ShowsMenus):
            rooms, private = await asyncio.to_thread(self._menu_chats, service.name)
            await service.show_menus(menus(rooms, private))

    def _menu_chats(self, channel: str) -> tuple[list[str], list[str]]:
        with self._house.store.read() as session:
            return register.chats_that_steer(session, channel)

    def _hurry(self, name: str, crank: Callable[[], Awaitable[None]]) -> None:
        """Turn a crank now; one that is turning looks again before it rests."""
        self._more.set()
        if name in self._turning and not self._turning[name].locked() and not self._stopping.is_set():
            self._soon(self._turn(name, crank))

    def _soon(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._hurried.add(task)
        task.add_done_callback(self._hurried.discard)

    # ------------------------------------------------------------ the cranks

    def _schedule(self) -> AsyncIOScheduler:
        now = WallClock().now()
        scheduler = AsyncIOScheduler(timezone="UTC")
        cranks: tuple[tuple[str, Callable[[], Awaitable[None]], float], ...] = (
            ("plan", self._plan, self._tick),
            ("routine", self._everyday, min(ROUTINE_SECONDS, self._tick)),
            ("deliver", self._deliver, min(DELIVERY_SECONDS, self._tick)),
            ("errands", self._errands, min(ROUTINE_SECONDS, self._tick)),
            ("watch", self._look, WATCH_SECONDS),
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
        """Turn one crank, and only one turn of it at a time."""
        async with self._turning[name]:
            await self._guarded(name, crank)

    async def _guarded(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do what comes again and again; what failed is tried the next time, and the log hears of it ever more rarely."""
        try:
            await work()
            if self._failing.pop(name, 0):
                log.warning("%s works again", name)
        except asyncio.CancelledError:
            if not self._stopping.is_set():
                raise
            log.warning("%s was cut short by the stop", name)
        except Exception as error:
            times = self._failing[name] = self._failing.get(name, 0) + 1
            if times & (times - 1) == 0:  # the 1st, 2nd, 4th, 8th … time
                log.error("%s failed (%s, %s times)", name, told_briefly(error), times)
            log.debug("%s failed", name, exc_info=True)

    async def _plan(self) -> None:
        await self._until_idle(self._planner.step)

    async def _everyday(self) -> None:
        """Do the routine work; where one kind of it fails, the others are done all the same."""
        routine = self._routine
        for body in (
            self._deliverer.settle,
            routine.digest,
            routine.dead_chats,
            routine.rooms,
            routine.periods,
            routine.calls,
            routine.forget,
        ):
            await self._guarded(body.__name__, partial(self._until_idle, body))

    async def _look(self) -> None:
        if self._house.virtual:
            await asyncio.to_thread(self._keep_clock)
        await asyncio.to_thread(self._watch.look, self._house.now(), WallClock().now())

    def _keep_clock(self) -> None:
        with self._house.store.write() as session:
            keep_clock(session, self._house.now())

    def _troubles(self) -> dict[str, str]:
        return {
            service.name: service.trouble
            for service in self._services
            if isinstance(service, Troubled) and service.trouble is not None
        }

    async def _until_idle(self, body: Callable[[datetime], bool]) -> None:
        while not self._stopping.is_set() and await asyncio.to_thread(body, self._house.now()):
            pass

    async def _deliver(self) -> None:
        await self._deliverer.work(self._house.now, self._stopping.is_set, self._pause)

    async def _pause(self, duration: timedelta) -> None:
        """Wait for so long of the house's time, or until there may be more to do."""
        self._more.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._more.wait(), max(duration.total_seconds() / self._speed, SHORTEST_PAUSE))

    async def _errands(self) -> None:
        house = self._house
        while not self._stopping.is_set() and await asyncio.to_thread(
            run_next, house.store, house.desk, house.now(), self._stopping.is_set
        ):
            self._hurry("deliver", self._deliver)

    def _release(self) -> None:
        with self._house.store.write() as session:
            outbox.lease_free(session, self._worker)
