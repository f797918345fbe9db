"""One service's life: opened, heard, lost; where only one program may use it, by a lease."""

import asyncio
import contextlib
import itertools
import logging
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlmodel import Session

from bot.channels.incoming import Answer, Call, Refused
from bot.channels.service import Alone, Invites, IsCalled, Listens, Opens, Service, ShowsMenus, Troubled, as_called
from bot.dialogue.links import remember_links
from bot.dialogue.menus import menus
from bot.dialogue.turn import Effect
from bot.inbound.listener import Listener
from bot.inbound.taken import Taken
from bot.service.cranks import Cranks
from bot.service.lease import Holder
from bot.service.web.app import Receive
from bot.terminal import say
from bot.wiring import House
from db import register
from db.clock import passed
from db.session import StoreError, told_briefly
from jobs.delivery import missed
from jobs.delivery.deliverer import in_thread

log = logging.getLogger(__name__)

REST = (1.0, 5.0, 15.0, 30.0)
"""Seconds between tries to reach a service when the program starts."""


class Connection:
    """The program's connection with one service. ``alive`` until the service has refused it for good, ``standby`` while
    another program on the store has it."""

    def __init__(self, house: House, service: Service, worker: str, stopping: asyncio.Event, cranks: Cranks) -> None:
        """``worker`` names this program in the lease; what comes in hurries the ``cranks``."""
        self._house, self.service, self._worker = house, service, worker
        self._stopping, self._cranks = stopping, cranks
        self._holder: Holder | None = None
        self.alive, self.standby, self._closed = True, False, False
        self._reached = not isinstance(service, Opens)

    @property
    def works(self) -> bool:
        """Tell whether the service takes what we send, as far as is known."""
        return self.alive and self._reached and self.service.ready

    @property
    def trouble(self) -> str | None:
        """What a service that goes on working is troubled by."""
        return self.service.trouble if isinstance(self.service, Troubled) else None

    def hook(self) -> Receive | None:
        """Return what takes the service's calls, where it calls us."""
        called = as_called(self.service)
        return self._receiving(called) if called else None

    def _receiving(self, called: IsCalled) -> Receive:
        listener = self._listener()

        async def receive(call: Call) -> Answer:
            return Answer(503) if self._closed else await called.called(call, listener.hear)

        return receive

    async def live(self, lost: Callable[["Connection", str], Awaitable[None]]) -> None:
        """Bring the service's updates, through every trouble that may pass; what ends it for good is told to ``lost``."""
        service = self.service
        while True:
            try:
                if isinstance(service, Alone) and service.exclusive is not None:
                    await self._bring_alone(
                        Holder(self._house.store, service.exclusive, self._worker, passed, in_thread),
                        service.keeps,
                    )
                else:
                    await self._bring()
                return
            except Refused as refusal:
                self.alive = False
                self._cranks.retire(service.name)
                await lost(self, str(refusal))
                return
            except Exception as error:  # a service is not lost to a fault of ours, or to the store's bad moment
                log.error("service-stopped service=%s why=%s", service.name, told_briefly(error))
                log.debug("service-stopped service=%s", service.name, exc_info=True)
                await asyncio.sleep(REST[1])

    async def close(self) -> None:
        """Let go of the service, and of the lease; a service that calls us is asked to call again later."""
        self._closed = True
        await self.service.close()
        if self._holder is not None:
            await _let_go(self._holder)

    # ------------------------------------------------------------ listening

    def _listener(self) -> Listener:
        return Listener(self.service, self._house.inbox, self._house.now, in_thread, self._heard)

    def _heard(self, taken: Taken) -> None:
        self._cranks.hurry("deliver")
        if Effect.REHEARSE in taken.effects:
            self._cranks.hurry("errands")
        if Effect.MENUS in taken.effects:
            self._cranks.soon(self._show_menus())

    async def _bring(self) -> None:
        listener = self._listener()
        await self._open()
        await self._show_menus()
        await listener.resume()
        if isinstance(self.service, Listens):
            await self.service.listen(listener.hear, self._stopping.is_set)

    async def _bring_alone(self, holder: Holder, keeps: timedelta) -> None:
        """Bring updates while the lease is ours; without it let go, and wait for it again."""
        self._holder = holder
        while not self._stopping.is_set():
            await holder.wait(self._say_waiting)
            self.standby = False
            doing = [
                asyncio.create_task(self._bring()),
                asyncio.create_task(holder.keep(self._works(keeps), lambda: self.service.ready)),
            ]
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
                    await self.service.close()
                    await _let_go(holder)

    def _works(self, keeps: timedelta) -> Callable[[Session, timedelta | None], None]:
        """Return what asks the chats again after a gap that the service has kept nothing over."""

        def works(session: Session, gap: timedelta | None) -> None:
            if gap is not None and gap >= max(missed.AFTER, keeps):
                title = self.service.abilities.title
                count = missed.ask(session, self._house.desk, self.service.name, title, gap, self._house.now())
                log.warning("service-was-away service=%s length=%s asked=%s", self.service.name, gap, count)

        return works

    def _say_waiting(self) -> None:
        self.standby = True
        say(f"{self.service.greeting}：另一程序正在使用，等待接替。")
        sys.stdout.flush()

    # ------------------------------------------------------------ opening

    async def _open(self) -> None:
        service = self.service
        for tries in itertools.count():
            try:
                if isinstance(service, Opens):
                    await service.open()
            except ConnectionError as error:
                self._reached = False
                if tries % len(REST) == 0:
                    say(f"暂时连接不上 {service.name}（{error}），将继续尝试。")
                await asyncio.sleep(REST[min(tries, len(REST) - 1)])
            else:
                self._reached = True
                say(f"已连接：{service.greeting}")
                sys.stdout.flush()
                await asyncio.to_thread(self._remember)
                return

    def _remember(self) -> None:
        if isinstance(self.service, Invites):
            with self._house.store.write() as session:
                remember_links(session, self.service.name, *self.service.links())

    async def _show_menus(self) -> None:
        if isinstance(self.service, ShowsMenus):
            rooms, private = await asyncio.to_thread(self._menu_chats)
            await self.service.show_menus(menus(rooms, private))

    def _menu_chats(self) -> tuple[list[str], list[str]]:
        with self._house.store.read() as session:
            return register.chats_that_steer(session, self.service.name)


async def _let_go(holder: Holder) -> None:
    with contextlib.suppress(StoreError):
        await holder.release()
