"""The bench of pages: the board over a large ledger, served as it is served, and what open pages hear of a change."""

import asyncio
import contextlib
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlmodel import col, select

from bot.tools.bench.stores import NOW, imported_and_activated
from db import migrate, register
from db.models import Assignment, Setting, Unit
from db.session import Store
from jobs.notices.press import Press, Verb

PAGES = (
    ("首页", "/board"),
    ("逾期的", "/board?lamp=red"),
    ("一个单位的", "/board?unit=2"),
    ("含某字的", "/board?text=第77"),
    ("牵头的", "/board?lead=2"),
    ("第400页", "/board?page=400"),
    ("打印全部", "/board/print"),
    ("一项任务", "/board/task/77"),
    ("单位页", "/board/unit/2"),
    ("全年", "/board/year"),
    ("未送达", "/board/undelivered"),
    ("清单", "/board/list/1?page=100"),
    ("调度", "/board/rounds"),
    ("值班", "/board/duties"),
    ("记分", "/board/scores"),
    ("抽查", "/board/checks"),
    ("文书", "/board/papers"),
    ("群里", "/"),
)
"""What is asked for, and what it is called."""

ROUNDS = 9

SETTLED, IDLE = 5, 0.05
"""Seconds for which the service is watched before it is asked, and the share of the processor under which it rests."""

OPEN = 50
"""Pages that are open at once."""


@dataclass(frozen=True, slots=True)
class Measured:
    """For each page its name, the milliseconds to its first byte and to its end, and those of the processor that the service
    spent meanwhile; those until each of the open pages heard of a press, sorted; those that the press took.
    """

    pages: list[tuple[str, float, float, float]]
    heard: list[float]
    pressed: float


def over(store: Store, assignments: int) -> Measured:
    """Fill a store, serve it in a process of its own, and measure its pages."""
    migrate.upgrade(store)
    imported_and_activated(store, assignments // 4)
    with store.write() as session:
        unit = session.exec(select(Unit).order_by(col(Unit.id))).first()
        assert unit is not None
        register.bind(session, unit, register.ensure_chat(session, "console", unit.name, unit.name))
        session.merge(Setting(key="virtual_now", value=NOW.isoformat()))
        one = session.exec(
            select(Assignment.id).where(Assignment.unit_id == unit.id).order_by(col(Assignment.id))
        ).first()
    with TemporaryDirectory() as folder, _served(store, folder) as (address, number):
        return asyncio.run(_measured(address, number, Press(Verb.ACKNOWLEDGE, one or 0).data))


@contextlib.contextmanager
def _served(store: Store, folder: str) -> Iterator[tuple[str, int]]:
    """Run the service, and give the address of its page, and the number of its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = store.engine.url.render_as_string(hide_password=False)
    own = {"DUBAN_DATABASE_URL": url, "DUBAN_DATA_DIR": folder, "DUBAN_WEB_PORT": str(port)}
    service = subprocess.Popen([sys.executable, "-m", "bot", "run"], env=os.environ | own, stdout=subprocess.PIPE)
    try:
        assert service.stdout is not None
        service.stdout.readline()
        yield f"http://127.0.0.1:{port}", service.pid
    finally:
        service.terminate()
        service.wait(15)


async def _measured(address: str, number: int, press: str) -> Measured:
    async with httpx.AsyncClient(base_url=address, timeout=60) as browser:
        await _quiet(browser, number)
        pages = [(name, *(await _asked(browser, path, number))) for name, path in PAGES]
        heard, pressed = await _heard(browser, press)
        return Measured(pages, heard, pressed)


async def _quiet(browser: httpx.AsyncClient, number: int) -> None:
    """Wait until the service has told what activation left to tell, and rests."""
    before, spent = None, _spent(number)
    while True:
        now = (await browser.get("/board/undelivered")).text
        await asyncio.sleep(SETTLED)
        busy, spent = _spent(number) - spent, _spent(number)
        if before == now and busy < SETTLED * IDLE:
            return
        before = now


async def _asked(browser: httpx.AsyncClient, address: str, number: int) -> tuple[float, float, float]:
    """Return the medians of the milliseconds to a page's first byte and to its end, and those of the processor a time."""
    firsts, wholes, before = [], [], _spent(number)
    for _ in range(ROUNDS):
        began = time.perf_counter()
        async with browser.stream("GET", address) as answer:
            first = None
            async for _part in answer.aiter_raw():
                first = first or time.perf_counter() - began
            answer.raise_for_status()
        firsts.append((first or 0.0) * 1000)
        wholes.append((time.perf_counter() - began) * 1000)
    return statistics.median(firsts), statistics.median(wholes), (_spent(number) - before) * 1000 / ROUNDS


def _spent(number: int) -> float:
    """Return the seconds of the processor that a process has spent; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _heard(browser: httpx.AsyncClient, press: str) -> tuple[list[float], float]:
    """Open so many pages, press once, and return the milliseconds until each heard of it, and those of the press."""
    token = re.search(r'name="token" content="(\w+)"', (await browser.get("/")).text)
    chat = re.search(r'href="/chat/(\d+)"', (await browser.get("/")).text)
    assert token is not None
    assert chat is not None
    limits = httpx.Limits(max_connections=OPEN + 5)
    async with (
        httpx.AsyncClient(base_url=browser.base_url, timeout=60, limits=limits) as pages,
        contextlib.AsyncExitStack() as stack,
    ):
        streams = [await stack.enter_async_context(_stream(pages)) for _ in range(OPEN)]
        for stream in streams:
            await anext(stream)
        hearing = [asyncio.create_task(_next(stream)) for stream in streams]
        began = time.perf_counter()
        answer = await browser.post(
            f"/api/chats/{chat[1]}/say", data={"who": "张工", "press": press}, headers={"X-Duban-Token": token[1]}
        )
        answer.raise_for_status()
        pressed = (time.perf_counter() - began) * 1000
        heard = [(moment - began) * 1000 for moment in await asyncio.gather(*hearing)]
    return sorted(heard), pressed


@contextlib.asynccontextmanager
async def _stream(pages: httpx.AsyncClient) -> AsyncIterator[AsyncIterator[str]]:
    async with pages.stream("GET", "/board/events") as answer:
        yield (line async for line in answer.aiter_lines() if line.startswith("data:"))


async def _next(stream: AsyncIterator[str]) -> float:
    await anext(stream)
    return time.perf_counter()
