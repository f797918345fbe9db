"""The bench of the Telegram channel: against a server that takes everything at once, beside the library's own loop."""

import asyncio
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.telegram.channel import PACE, TelegramChannel
from bot.memory import settle_down
from db import outbox, register
from db.bodies import ReplyBody
from db.clock import FastClock, WallClock
from db.models import Unit
from db.session import Store
from db.stored import Json
from jobs import broadcasts
from jobs.delivery.deliverer import Deliverer, in_thread
from jobs.desk import Desk
from jobs.ports import Abilities, Changes, Pace

TOKEN = "1:bench"

Databases = dict[str, Callable[[], Store]]
Figures = Json


class Unpaced(TelegramChannel):
    """The same channel, to a service that sets no limits."""

    abilities = Abilities(changes=Changes.ANYTIME, toasts=True, files=True, pace=Pace())


@contextmanager
def service() -> Iterator[str]:
    """Run the server in a process of its own, so that it takes no time from what is measured."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot.tools.bench.telegram"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def sending(count: int, open_store: Callable[[], Store]) -> tuple[float, float]:
    """Return messages a second: ours from the outbox, and the library's bare loop one after the other."""
    with service() as url:
        return asyncio.run(_ours(url, open_store(), count)), asyncio.run(_bare(url, count))


async def _bare(url: str, count: int) -> float:
    from telegram import Bot

    async with Bot(TOKEN, base_url=f"{url}/bot") as bot:
        began = time.perf_counter()
        for number in range(count):
            await bot.send_message(-1000 - number, f"第{number}条", disable_notification=False)
        return count / (time.perf_counter() - began)


async def _ours(url: str, store: Store, count: int) -> float:
    clock = WallClock()
    with store.write() as session:
        for number in range(count):
            chat = register.ensure_chat(session, "telegram", str(-1000 - number), f"群{number}")
            outbox.answer(session, chat.id, ReplyBody(f"第{number}条"), clock.now())
    channel = Unpaced(TOKEN, url)
    deliverer = Deliverer(store, {"telegram": channel}, Desk(), "bench", in_thread)
    settle_down()  # as the service does
    began = time.perf_counter()
    await deliverer.work(clock.now, lambda: False, pause)
    took = time.perf_counter() - began
    await channel.close()
    return count / took


async def pause(duration: timedelta) -> None:
    """Wait as long as delivery asks to."""
    await asyncio.sleep(duration.total_seconds())


def groups(count: int, open_store: Callable[[], Store]) -> tuple[float, float]:
    """Return the seconds that an urgent call to so many groups takes, and those that our own pace allows."""
    with service() as url:
        took = asyncio.run(_call(url, open_store(), count))
    allowed, seconds = PACE.overall[0]
    return took, (count / allowed - 1) * seconds


async def _call(url: str, store: Store, count: int) -> float:
    clock = FastClock(datetime(2022, 6, 1, 2, 0, tzinfo=UTC), 1.0)  # office hours, whenever this runs
    desk = Desk()
    with store.write() as session:
        room = register.ensure_chat(session, "telegram", "-1", "协调室")
        units = [Unit(name=f"单位{number}") for number in range(count)]
        session.add_all(units)
        session.flush()
        for number, unit in enumerate(units):
            register.bind(session, unit, register.ensure_chat(session, "telegram", str(-1000 - number), unit.name))
        made = broadcasts.draft(
            session,
            room_id=room.id,
            by_id=None,
            who="",
            audience="全部单位",
            units=units,
            words="请加强值守",
            files=(),
            urgent=True,
            now=clock.now(),
        )
        broadcasts.send(session, made, desk.policy, clock.now(), "王协调")
    channel = TelegramChannel(TOKEN, url)
    deliverer = Deliverer(store, {"telegram": channel}, desk, "bench", in_thread)
    began = clock.now()
    while _waits(store):
        await deliverer.work(clock.now, lambda: False, pause)
    took = (clock.now() - began).total_seconds()
    await channel.close()
    return took


def _waits(store: Store) -> bool:
    """Tell whether anything is still to go out. Nothing is held open meanwhile: the server ends who holds long."""
    with store.read() as session:
        return outbox.next_at(session) is not None


# ---------------------------------------------------------------- the server

_NUMBERS = itertools.count(1)
_ME = {"id": 1, "is_bot": True, "first_name": "督办", "username": "bench_bot"}


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take every call of one connection, and say what the service says when all is well."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = int(head.partition("content-length:")[2].split("\r\n")[0] or 0) if "content-length:" in head else 0
            await reader.readexactly(length)
            result: Any = True
            if "/getme" in head.split("\r\n")[0]:
                result = _ME
            elif "message" in head.split("\r\n")[0]:
                result = {"message_id": next(_NUMBERS), "date": 1, "chat": {"id": -1, "type": "group", "title": "群"}}
            body = json.dumps({"ok": True, "result": result}).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _serve() -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
