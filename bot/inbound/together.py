"""Together: presses that wait are taken in one transaction, while those that come meanwhile gather for the next.

A morning's messages bring many presses at once, and most are of one campaign, whose record is a chain: threads would only
wait for each other, and every transaction costs a journal of its own.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.channels.incoming import Incoming
from bot.inbound.inbox import Inbox
from bot.inbound.taken import Taken
from jobs.delivery.deliverer import RunSync

MOST = 32
"""Presses in one transaction: so many are done in about a tenth of a second, and nobody else who writes waits longer."""


class Together:
    """One worker that brings presses into the inbox, as many at a time as wait."""

    def __init__(self, inbox: Inbox, now: Callable[[], datetime], run: RunSync) -> None:
        """``run`` does the store's work where it holds up nobody."""
        self._inbox, self._now, self._run = inbox, now, run
        self._waiting: list[tuple[Incoming, datetime, asyncio.Future[Taken]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def take(self, incoming: Incoming) -> Taken:
        """Return what became of a press once it is in the store; raise as ``Inbox.take`` does."""
        answer: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        self._waiting.append((incoming, self._now(), answer))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                results = await self._run(self._inbox.take_together, [(incoming, now) for incoming, now, _ in batch])
            except BaseException as error:  # whoever waits is told, also when the program is being stopped
                results = [error] * len(batch)
                if not isinstance(error, Exception):
                    _settle(batch, results)
                    raise
            _settle(batch, results)


def _settle(
    batch: list[tuple[Incoming, datetime, asyncio.Future[Taken]]], results: list[Taken | BaseException]
) -> None:
    for (_incoming, _now, answer), result in zip(batch, results, strict=True):
        if answer.done():  # nobody waits any more
            continue
        if isinstance(result, BaseException):
            answer.set_exception(result)
        else:
            answer.set_result(result)
