"""The wire to WeCom's AI bot: one WebSocket, requests that are acknowledged, callbacks that are handed on (101463).

A request is ``{"cmd", "headers": {"req_id"}, "body"}``; its acknowledgement has the same ``req_id`` and no ``cmd``.
Nothing that was missed while the wire was down is ever sent again by the service.
"""

import asyncio
import contextlib
import json
import logging
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidURI, WebSocketException

from bot.channels.incoming import Refused
from bot.channels.wecom.cards import Frame, as_json

log = logging.getLogger(__name__)

WS_URL = "wss://openws.work.weixin.qq.com"

PING_SECONDS = 30.0
"""How often the service wants to hear from us."""

SILENT_PINGS = 2
"""So many pings without an answer mean that the wire is dead."""

OPEN_SECONDS = 10.0

REST_FIRST, REST_MOST = 1.0, 60.0
"""Seconds between tries to connect: twice as many after each failure, up to the latter, less up to half by chance."""

TURNS_KEPT = 1000
"""Callbacks that may still be answered, each with its turn."""

MAX_FRAME = 4 * 1024 * 1024
"""Bytes of the largest frame that is read."""

WRONG_SECRET = 853000

MESSAGE, EVENT = "aibot_msg_callback", "aibot_event_callback"
KICKED = "disconnected_event"


class NotSent(Exception):
    """The request did not go out."""


class Unanswered(Exception):
    """The request went out and was not acknowledged: nobody knows what became of it."""


@dataclass(frozen=True, slots=True)
class Ack:
    """What the service says to a request; ``code`` 0 is yes."""

    code: int
    text: str = ""
    body: Frame = field(default_factory=dict)


class Wire:
    """One bot's connection."""

    def __init__(self, url: str, bot_id: str, secret: str, patience: float) -> None:
        """Prepare; nothing is opened yet. ``patience`` is how many seconds an acknowledgement may take."""
        self._url, self._bot_id, self._secret, self._patience = url, bot_id, secret, patience
        self._socket: ClientConnection | None = None
        self._waiting: dict[str, asyncio.Future[Ack]] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._callbacks: asyncio.Queue[Frame | None] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._unanswered_pings = 0
        self._kicked = False
        self.ready = False

    # ------------------------------------------------------------ opening and closing

    async def open(self) -> None:
        """Connect and subscribe.

        Raise ``Refused`` where the bot's id or secret is wrong, ``ConnectionError`` where the service cannot be
        reached now.
        """
        await self.close()
        self._kicked = False
        self._socket = await self._connect()
        self._tasks = [asyncio.create_task(self._read(self._socket))]
        try:
            ack = await self.ask("aibot_subscribe", {"bot_id": self._bot_id, "secret": self._secret})
        except (NotSent, Unanswered):
            await self.close()
            raise ConnectionError("没有应答") from None
        if ack.code:
            await self.close()
            if ack.code == WRONG_SECRET:
                raise Refused(
                    "企业微信智能机器人的 ID 或 Secret 不对；请核对 DUBAN_WECOM_BOT_ID 和 DUBAN_WECOM_BOT_SECRET"
                )
            raise ConnectionError(f"errcode {ack.code}")
        if self._socket is None:
            raise ConnectionError("连接随即中断")
        self._unanswered_pings, self.ready = 0, not self._kicked
        self._tasks.append(asyncio.create_task(self._keep_alive(self._socket)))

    async def look(self) -> None:
        """Connect and hang up, without subscribing; raise as ``open`` does."""
        await self._hang_up(await self._connect())

    async def _connect(self) -> ClientConnection:
        try:
            return await connect(
                self._url, open_timeout=OPEN_SECONDS, close_timeout=2, ping_interval=None, max_size=MAX_FRAME
            )
        except InvalidURI:
            raise Refused("企业微信的长连接地址不对；请核对 DUBAN_WECOM_WS_URL") from None
        except (OSError, TimeoutError, InvalidHandshake, WebSocketException) as error:
            raise ConnectionError(type(error).__name__) from None

    async def close(self) -> None:
        """Close the connection; what waits for an answer is told that none will come."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        if self._socket is not None:
            socket, self._socket = self._socket, None
            with contextlib.suppress(WebSocketException, OSError):
                await socket.close()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._down()

    def _down(self) -> None:
        self.ready = False
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(Unanswered())
        self._waiting.clear()

    # ------------------------------------------------------------ asking

    async def ask(self, cmd: str, body: Frame | None = None, req_id: str | None = None) -> Ack:
        """Send a request and return its acknowledgement; raise ``NotSent`` or ``Unanswered``.

        With ``req_id`` it answers a callback; one after the other, since their acknowledgements look the same.
        """
        number = req_id or f"{cmd}_{secrets.token_hex(8)}"
        turn = self._turns.setdefault(number, asyncio.Lock())
        try:
            async with turn:
                return await self._ask(cmd, number, body)
        finally:
            if number != req_id:
                del self._turns[number]
            elif len(self._turns) > TURNS_KEPT:
                self._turns = {kept: one for kept, one in self._turns.items() if one.locked()}

    async def _ask(self, cmd: str, number: str, body: Frame | None) -> Ack:
        socket = self._socket
        if socket is None:
            raise NotSent
        frame: Frame = {"cmd": cmd, "headers": {"req_id": number}} | ({"body": body} if body else {})
        answer = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            await socket.send(as_json(frame))
            async with asyncio.timeout(self._patience):
                ack: Ack = await answer
                return ack
        except (TimeoutError, WebSocketException, OSError):
            raise Unanswered from None
        finally:
            self._waiting.pop(number, None)

    # ------------------------------------------------------------ hearing

    async def callbacks(self, hear: Callable[[Frame], None], stopping: Callable[[], bool]) -> None:
        """Hand callbacks to ``hear`` until ``stopping``, once open, connecting again whenever the connection is lost.

        Raise ``Refused`` where another program took the bot's connection, or the secret holds no longer.
        """
        while True:
            frame = await self._callbacks.get()
            if frame is not None:
                hear(frame)
            elif self._kicked:
                await self.close()
                raise Refused(
                    "企业微信智能机器人的连接被另一处顶替（同一机器人只能有一个连接）；已停止接收，不再重连：请先停掉那一处，再启动本程序"
                )
            elif self._socket is None:  # else it is the end of a connection before this one
                await self._open_again(stopping)

    async def _open_again(self, stopping: Callable[[], bool]) -> None:
        failures = 0
        while not stopping():
            try:
                await self.open()
                log.warning("connected-again")
                return
            except ConnectionError as error:
                log.warning("no-connection why=%s", error)
                rest = min(REST_MOST, REST_FIRST * 2**failures)
                failures += 1
                await asyncio.sleep(rest * (1 - random.random() / 2))

    async def _read(self, socket: ClientConnection) -> None:
        try:
            with contextlib.suppress(WebSocketException, OSError):
                async for message in socket:
                    self._take(message)
        finally:
            if socket is self._socket:
                self._socket = None
                self._down()
                self._callbacks.put_nowait(None)

    def _take(self, message: str | bytes) -> None:
        try:
            frame = json.loads(message)
            number = str(frame["headers"]["req_id"])
        except (ValueError, KeyError, TypeError, RecursionError):
            log.warning("frame-unreadable")
            return
        if frame.get("cmd") not in (MESSAGE, EVENT):
            self._answer(number, frame)
        elif _kind(frame) == KICKED and self._socket is not None:
            self._kicked, self.ready = True, False
            self._tasks.append(asyncio.create_task(self._hang_up(self._socket)))
        else:
            self._callbacks.put_nowait(frame)

    def _answer(self, number: str, frame: Frame) -> None:
        waiting = self._waiting.get(number)
        if waiting is None or waiting.done():
            return
        code, body = frame.get("errcode"), frame.get("body")
        waiting.set_result(
            Ack(
                code if type(code) is int else -1,
                str(frame.get("errmsg") or ""),
                body if isinstance(body, dict) else {},
            )
        )

    async def _hang_up(self, socket: ClientConnection) -> None:
        with contextlib.suppress(WebSocketException, OSError):
            await socket.close()

    async def _keep_alive(self, socket: ClientConnection) -> None:
        while socket is self._socket:
            await asyncio.sleep(PING_SECONDS)
            try:
                await self.ask("ping")
                self._unanswered_pings = 0
            except (NotSent, Unanswered):
                self._unanswered_pings += 1
            if self._unanswered_pings >= SILENT_PINGS:
                log.warning("answers-no-more")
                await self._hang_up(socket)


def _kind(frame: Frame) -> str:
    body = frame.get("body")
    event = body.get("event") if isinstance(body, dict) else None
    return str(event.get("eventtype") or "") if isinstance(event, dict) else ""
