"""Connections that begin a request and do not end its head are closed: they would be held for nothing."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""How long a connection may take to say what it wants."""

MAX_CONNECTIONS = 400
"""Connections that are served at once; one more is told to come later."""


class ImpatientProtocol(H11Protocol):
    """Uvicorn's own protocol, which waits for the head of a request as long as the other side likes."""

    _closing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give a new connection its time."""
        super().connection_made(transport)
        self._closing = self.loop.call_later(HEAD_SECONDS, transport.close)

    def data_received(self, data: bytes) -> None:
        """Give each request its time, the first byte of its head being the beginning."""
        super().data_received(data)
        waits = self.conn.their_state is h11.IDLE
        if not waits or not self.conn.trailing_data[0]:
            self._let_be()
        elif self._closing is None:
            self._closing = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Close nothing that is closed."""
        self._let_be()
        super().connection_lost(exc)

    def _let_be(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
