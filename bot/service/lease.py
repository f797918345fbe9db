"""Holding what only one program may use at a time, such as a bot's only connection, by a lease in the store.

A second program waits instead of throwing the first out, and follows it when its lease runs out. Leases run in the real time
that all programs on the store share; by its own clock a program only measures how long it has left.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.channels.incoming import Refused
from bot.logs import is_told
from db import clock, leases
from db.session import Store, StoreError
from jobs.delivery.deliverer import RunSync

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""How often who waits looks, and who holds renews; a lease lives for several of these."""

SPARE = timedelta(seconds=3)
"""So long before a lease that could not be renewed runs out, what it stands for is let go."""


Works = Callable[[Session, timedelta | None], None]
"""Is told that the thing works, and for how long it had not."""


class Holder:
    """One program's hold on one thing."""

    def __init__(self, store: Store, name: str, worker: str, passed: Callable[[], float], run: RunSync) -> None:
        """``worker`` names this program; ``passed`` tells real seconds (``db.clock.passed``)."""
        self._store, self._name, self._worker, self._passed, self._run = store, name, worker, passed, run
        self._since: datetime | None = None
        self._unseen = 0

    async def wait(self, waiting: Callable[[], None]) -> None:
        """Return when the thing is ours; ``waiting`` is called once if another has it.

        Raise ``Refused`` where another program has lost it for good meanwhile.
        """
        told = False
        while not await self._acquired():
            if not told:
                waiting()
                told = True
            await asyncio.sleep(LOOK_SECONDS)

    async def keep(self, works: Works, ready: Callable[[], bool]) -> None:
        """Renew the lease until it is lost.

        While the thing is ``ready``, ``works`` is called in the same transaction, with how long it had not worked
        before, None for never.
        """
        for_sure = (leases.LIFE - SPARE).total_seconds()
        until = self._passed() + for_sure
        while (left := until - self._passed()) > 0:
            try:
                async with asyncio.timeout(left):
                    if not await self._run(self._renew, works if ready() else None):
                        return
                until = self._passed() + for_sure
            except (StoreError, TimeoutError) as error:
                log.error("lease-not-renewed error=%s why=%s", type(error).__name__, error)
            await asyncio.sleep(LOOK_SECONDS)

    async def is_ours(self) -> bool:
        """Tell whether nobody else has it now."""
        return await self._acquired()

    async def release(self) -> None:
        """Let the next one have it at once."""
        await self._run(self._release)

    async def end(self, why: str) -> None:
        """Say that it was lost for good."""
        await self._run(self._end, why)

    async def _acquired(self) -> bool:
        try:
            taken: bool = await self._run(self._acquire)
        except leases.Ended as ended:
            raise Refused(str(ended)) from None
        except StoreError as error:
            self._unseen += 1
            if is_told(self._unseen):
                log.error("lease-not-seen why=%s times=%s", error, self._unseen)
            return False
        self._unseen = 0
        return taken

    def _since_when(self, session: Session) -> datetime:
        """Return when this program first asked for the thing."""
        self._since = self._since or clock.shared(session)
        return self._since

    def _acquire(self) -> bool:
        with self._store.write() as session:
            return leases.acquire(session, self._name, self._worker, clock.shared(session), self._since_when(session))

    def _renew(self, works: Works | None) -> bool:
        with self._store.write() as session:
            ours = leases.acquire(session, self._name, self._worker, clock.shared(session), self._since_when(session))
            if ours and works is not None:
                works(session, leases.seen(session, self._name, clock.shared(session)))
            return ours

    def _release(self) -> None:
        with self._store.write() as session:
            leases.release(session, self._name, self._worker, clock.shared(session))

    def _end(self, why: str) -> None:
        with self._store.write() as session:
            leases.end(session, self._name, self._worker, clock.shared(session), why)
