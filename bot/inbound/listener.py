"""Listening: what comes in on a channel goes into the inbox, files are fetched, every press is answered once."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from bot.channels.incoming import Attached, File, Incoming, Unfetched, unread, with_files
from bot.channels.service import Answers, Fetches, Redraws, Source
from bot.inbound.inbox import FETCHING, REPEATED, Inbox, Interrupted
from bot.inbound.keeping import MAX_FILE, TOO_LARGE, NoRoom
from bot.inbound.taken import Taken
from bot.inbound.together import Together
from db.session import StoreError
from jobs.delivery.deliverer import RunSync
from jobs.delivery.redraw import Redraw
from jobs.ports import Lost

log = logging.getLogger(__name__)


T = TypeVar("T")


ANSWER_WITHIN = 2.0
"""Seconds in which a press is answered, with its result if there is one by then."""


REDRAW_WITHIN = 3.5
"""Seconds in which a pressed message is changed: WeCom takes the change for five (101031)."""


REDRAW_SECONDS = 5.0


FETCH_SECONDS = 120.0
"""How long fetching one file may take."""


READING_AFTER = 5.0
"""Seconds after which who sent a file is told that it is still being read."""


NOT_FETCHED = "未能取回，请重新发送"


STORE_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between tries to get an update into a store that cannot be used, at first and at most; the service keeps it
meanwhile."""


LOG_EVERY = 10
"""Of so many tries one is logged."""


class Listener:
    """Brings one channel's updates into the inbox."""

    def __init__(
        self,
        source: Source,
        inbox: Inbox,
        now: Callable[[], datetime],
        run: RunSync,
        heard: Callable[[Taken], None] = lambda _taken: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        reading_after: float = READING_AFTER,
    ) -> None:
        """``heard`` is called after each update, when there may be something to send; ``sleep`` waits for real seconds.

        After ``reading_after`` seconds it is said of a list that it is still being read.
        """
        self._source, self._inbox, self._now, self._run, self._heard = source, inbox, now, run, heard
        self._sleep, self._reading_after = sleep, reading_after
        self._together = Together(inbox, now, lambda *work: self._run(*work))
        self._fetching: set[asyncio.Task[None]] = set()

    async def hear(self, incoming: Incoming) -> None:
        """Return when the update is in the store; from then on it need not come again.

        One that not even a fault could be recorded of costs itself alone: its number is.
        """
        try:
            await self._hear(incoming)
        except Interrupted:
            raise
        except Exception as error:
            log.error(
                "update-failed update=%s channel=%s error=%s",
                incoming.external_id,
                incoming.channel,
                type(error).__name__,
            )
            log.debug("update-failed", exc_info=True)
            await self._take(unread(incoming.channel, incoming.external_id, type(error).__name__))

    async def _hear(self, incoming: Incoming) -> None:
        if incoming.attached:
            await self._with_files(incoming)
        elif incoming.press is not None and isinstance(self._source, Redraws):
            await self._press_redrawn(self._source, incoming)
        elif incoming.press_id is not None and isinstance(self._source, Answers):
            await self._press(self._source, incoming)
        else:
            await self._take(incoming)

    async def resume(self) -> None:
        """Go on fetching what was being fetched when the program stopped."""
        for incoming in await self._run(self._inbox.unfinished, self._source.name):
            self._fetch_later(incoming)

    async def idle(self) -> None:
        """Wait until nothing is being fetched."""
        while self._fetching:
            await asyncio.wait(self._fetching)

    async def _take(self, incoming: Incoming) -> Taken:
        if self._inbox.goes_together(incoming):
            taken = await self._surely(self._together.take, incoming)
        else:
            taken = await self._surely(self._in_turn(self._inbox.take), incoming)
        self._heard(taken)
        return taken

    def _in_turn(self, function: Callable[..., T]) -> Callable[[Incoming], Awaitable[T]]:
        async def done(incoming: Incoming) -> T:
            result: T = await self._run(function, incoming, self._now())
            return result

        return done

    async def _surely(self, work: Callable[[Incoming], Awaitable[T]], incoming: Incoming) -> T:
        """Do it until the store has it: an update that is not in the store is not handled.

        Whoever sent files that find no room is told so, once, as soon as the store can take that.
        """
        told, pauses = False, 0
        while True:
            try:
                return await work(incoming)
            except Interrupted:
                raise
            except StoreError as error:
                log.error("update-waits-for-store why=%s", error) if pauses % LOG_EVERY == 0 else None
                if isinstance(error, NoRoom) and not told:
                    told = await self._tell_no_room(incoming)
                await self._sleep(min(STORE_PAUSE * 2**pauses, LONGEST_PAUSE))
                pauses += 1

    async def _tell_no_room(self, incoming: Incoming) -> bool:
        try:
            await self._run(self._inbox.tell_no_room, incoming, self._now())
        except StoreError:
            return False
        self._heard(Taken("no_room"))
        return True

    async def _press(self, source: Answers, incoming: Incoming) -> None:
        """Answer once: with the result when it is there in time, else empty, and the result follows."""
        taking = asyncio.ensure_future(self._take(incoming))
        await asyncio.wait({taking}, timeout=ANSWER_WITHIN)
        press_id = incoming.press_id or ""
        if taking.done():
            if taking.result().outcome != REPEATED:
                await source.answer(press_id, taking.result().toast)
            return
        await source.answer(press_id, "")
        taken = await taking
        if taken.toast:
            await self._run(self._inbox.showing.follow_up, incoming, taken.toast, self._now())

    async def _press_redrawn(self, source: Redraws, incoming: Incoming) -> None:
        """Let the message that was pressed show what came of it, or that it is being done, while the service allows it."""
        taking = asyncio.ensure_future(self._take(incoming))
        await asyncio.wait({taking}, timeout=REDRAW_WITHIN)
        taken = taking.result() if taking.done() else None
        if taken is None or taken.outcome != REPEATED:
            await self._redraw(source, incoming, taken)
        await taking

    async def _redraw(self, source: Redraws, incoming: Incoming, taken: Taken | None) -> None:
        try:
            begun: Redraw | None = await self._run(self._inbox.showing.begin_redraw, incoming, taken, self._now())
            if begun is not None:
                try:
                    async with asyncio.timeout(REDRAW_SECONDS):
                        result = await source.redraw(incoming.press_id or "", begun.message)
                except TimeoutError:
                    result = Lost("没有确认")
                await self._run(self._inbox.showing.end_redraw, begun, result, self._now())
        except StoreError as error:
            log.error("press-not-shown why=%s", error)

    # ------------------------------------------------------------ files

    async def _with_files(self, incoming: Incoming) -> None:
        outcome = await self._surely(self._in_turn(self._inbox.expect), incoming)
        if outcome == FETCHING:
            self._fetch_later(incoming)
        elif outcome == "":
            await self._take(with_files(incoming, (), ()))

    def _fetch_later(self, incoming: Incoming) -> None:
        """Fetch in the background, so that a large file keeps nobody waiting."""
        task = asyncio.create_task(self._fetch_and_take(incoming))
        self._fetching.add(task)
        task.add_done_callback(self._fetched)

    def _fetched(self, task: asyncio.Task[None]) -> None:
        self._fetching.discard(task)
        if task.cancelled() or task.exception() is None:
            return
        log.error("files-failed error=%s", type(task.exception()).__name__)

    async def _fetch_and_take(self, incoming: Incoming) -> None:
        files, missing = [], []
        for attached in incoming.attached:
            if attached.size is not None and attached.size > MAX_FILE:
                missing.append((attached.name, TOO_LARGE))
                continue
            try:
                async with asyncio.timeout(FETCH_SECONDS):
                    files.append(await self._fetch(attached))
            except Unfetched as why:
                missing.append((why.name or attached.name, str(why)))
            except Exception as error:  # whatever it is, the person hears that the file is not there
                log.warning("file-not-fetched error=%s", type(error).__name__)
                missing.append((attached.name, NOT_FETCHED))
        with contextlib.suppress(Interrupted):  # its row says that it is to be fetched again
            await self._take_long(with_files(incoming, tuple(files), tuple(missing)))

    async def _take_long(self, incoming: Incoming) -> None:
        """Take a message with its files; say once that they are being read where that lasts, as a scan does."""
        taking = asyncio.ensure_future(self._take(incoming))
        await asyncio.wait({taking}, timeout=self._reading_after)
        if not taking.done() and incoming.files:
            with contextlib.suppress(StoreError):
                await self._run(self._inbox.tell_reading, incoming, self._now())
                self._heard(Taken("reading"))
        await taking

    async def _fetch(self, attached: Attached) -> File:
        if not isinstance(self._source, Fetches):
            raise Unfetched(NOT_FETCHED)
        return await self._source.fetch(attached, MAX_FILE)
