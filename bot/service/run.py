"""The service: the cranks turn, the channels and the page listen, a signal ends it cleanly."""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Sequence

from bot import settings
from bot.memory import settle_down
from bot.service import heartbeat as heart
from bot.service import telephone
from bot.service.connections import Connection
from bot.service.cranks import Cranks
from bot.service.health import Health
from bot.service.heartbeat import Heartbeat
from bot.service.telephone import Telephone
from bot.service.web.gate import Brake
from bot.service.web.probes import Probes
from bot.service.web.server import Served, Site, planned
from bot.service.web.steering import Unsteered
from bot.terminal import Failure, RefusedForGood, mutter, say
from bot.wiring import House, build_service, keep_clock
from db import outbox
from db.bodies import AlarmBody
from db.words import ChatRole, NoticeKind, Reason
from jobs.campaigns.policy_change import adopt_policy
from jobs.reading import guard


def serve(start_at: str | None, speed: float) -> None:
    """Run until a signal ends it; ``start_at`` and ``speed`` only for a store that lives on a virtual clock."""
    house = build_service(start_at, speed)
    site = planned(house)
    house.store.settle(lambda session: adopt_policy(session, house.desk, house.now()))  # another may start with us
    running = Running(house, site, speed)
    settle_down()
    for line in settings.unknown():
        mutter(f"请核对设置：{line}")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(running.run())
    if house.virtual:
        with house.store.write() as session:
            keep_clock(session, house.now())
    if running.refusal is not None:
        raise RefusedForGood(running.refusal)
    say("已停止。")


class Running:
    """The running program. ``refusal`` is the line with which a service ended it."""

    def __init__(self, house: House, site: Site, speed: float) -> None:
        """Run what ``house`` has; ``speed`` is its clock's."""
        self._house, self._site = house, site
        worker = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self._stopping = asyncio.Event()
        self._cranks = Cranks(house, worker, speed, self._stopping, self._troubles)
        self._connections = [
            Connection(house, service, worker, self._stopping, self._cranks) for service in house.services
        ]
        self._health = Health(house, self._cranks, self._connections, worker, time.monotonic)
        if house.settings.heartbeat is not None:
            heartbeat = Heartbeat(house.settings.heartbeat.get_secret_value(), self._health)
            self._cranks.add("heartbeat", heartbeat.beat, heart.SECONDS)
        if house.settings.call is not None:
            self._cranks.add("call", Telephone(house, house.settings.call).call, telephone.SECONDS)
        self.refusal: str | None = None

    async def run(self) -> None:
        """Work until asked to stop, then let what is being sent finish."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop)
        listening = [asyncio.create_task(one.live(self._lost)) for one in self._connections]
        served = await self._serve()
        self._cranks.start()
        say(f"督办已运行。{self._site.welcome}（Ctrl-C 停止）" if served else "督办已运行（Ctrl-C 停止）。")
        sys.stdout.flush()
        outdated = asyncio.create_task(self._make_way(listening))
        await self._stopping.wait()
        outdated.cancel()
        guard.stop_all()
        await self._cranks.rest()
        await self._listen_no_more(listening)  # until here what is said still gets into the store
        if served is not None:
            await served.close()
        await self._cranks.stop()

    async def _make_way(self, listening: Sequence[asyncio.Task[None]]) -> None:
        """Once a later program has migrated the store, let it have the services, do nothing more, and say so."""
        await self._cranks.outdated()
        say("数据库已由更新版本的 duban 升级：本程序不再排期、发送和接收，让位给新版本；请停止本程序，用新版本启动。")
        sys.stdout.flush()
        await self._listen_no_more(listening)

    async def _listen_no_more(self, listening: Sequence[asyncio.Task[None]]) -> None:
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        for connection in self._connections:
            await connection.close()

    def _stop(self) -> None:
        self._stopping.set()
        self._cranks.wake()

    async def _serve(self) -> Served | None:
        """Open the site; None where another program has the port and this one works without it."""
        hooks = {one.service.name: hook for one in self._connections if (hook := one.hook()) is not None}
        loop = asyncio.get_running_loop()

        def hurry() -> None:
            loop.call_soon_threadsafe(self._cranks.hurry, "deliver")

        open_to_all = not self._site.is_open and self._site.password is None
        probes = Probes(self._health, self._site.password, Brake(time.monotonic), open_to_all=open_to_all)
        served = Served(self._house, self._site, hooks, Unsteered(self._house, hurry), probes.routes())
        try:
            await served.open()
        except Failure as failure:
            if self._site.needed:
                raise
            say(f"本程序不提供健康检查和指标：{failure}")
            return None
        return served

    def _troubles(self) -> dict[str, str]:
        return {one.service.name: one.trouble for one in self._connections if one.trouble is not None}

    async def _lost(self, connection: Connection, why: str) -> None:
        """End the program with the last service; else tell the coordinators, and let the others go on."""
        if not any(one.alive and one.service.abilities.hears for one in self._connections):
            self.refusal = why
            self._stop()
            return
        say(why)
        sys.stdout.flush()
        await asyncio.to_thread(self._tell_lost, connection.service.greeting, why)

    def _tell_lost(self, name: str, why: str) -> None:
        body = AlarmBody(f"渠道停用：{name}", f"原因：{why}", "发往该渠道的通知会保留，处理后重新启动程序即补发。")
        with self._house.store.write() as session:
            outbox.tell_room(
                session,
                ChatRole.COORDINATORS,
                now=self._house.now(),
                kind=NoticeKind.FAILURE,
                reason=Reason.CHANGED,
                body=body,
            )
