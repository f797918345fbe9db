"""What is live: one look at the store for all pages that are open, and a sign to each when anything has changed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from sqlalchemy import func, select
from sqlmodel import Session, col
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from db import outbox
from db.models import Delivery, History, Inbound, Message, Notice
from db.session import StoreError
from db.words import DeliveryState

LOOK_SECONDS = 0.25
"""How often the store is looked at while a page is open."""

QUIET_LOOKS = 60
"""After so many looks without a change a page is told that we are still here, so that a broken line is noticed."""


class Pulse:
    """Tells open pages that something has changed. It looks only while somebody listens."""

    def __init__(self, signature: Callable[[], object]) -> None:
        """``signature`` returns another value whenever anything that pages show has changed; it may block."""
        self._signature = signature
        self._listening: set[asyncio.Event] = set()
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    async def events(self, _request: Request) -> Response:
        """Answer with a stream that says *changed* once at its beginning and after every change."""
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        self._wake()

    async def _stream(self) -> AsyncIterator[str]:
        news = asyncio.Event()
        news.set()
        self._listening.add(news)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            while not self._closed:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS * QUIET_LOOKS):
                        await news.wait()
                yield "data: changed\n\n" if news.is_set() else ": still here\n\n"
                news.clear()
        finally:
            self._listening.discard(news)

    async def _look(self) -> None:
        """Look again and again, until nobody listens any more; a store that is away is looked at again."""
        last: object = None
        while self._listening and not self._closed:
            with contextlib.suppress(StoreError):
                found = await run_in_threadpool(self._signature)
                if found != last:
                    last = found
                    self._wake()
            await asyncio.sleep(LOOK_SECONDS)

    def _wake(self) -> None:
        for news in self._listening:
            news.set()


def signature(session: Session) -> tuple[int, ...]:
    """Return numbers of which one is another after anything that the page shows has changed; each is read from an index."""
    return tuple(session.execute(_SIGNATURE).one())


_SIGNATURE = select(
    *(select(func.max(table.id)).scalar_subquery() for table in (Inbound, Notice, Message, Delivery, History)),
    *(
        select(func.count()).where(condition).scalar_subquery()
        for condition in (
            col(Message.changing),
            col(Notice.state).in_(outbox.WAITING),
            col(Notice.state) == DeliveryState.SENDING,
        )
    ),
)
