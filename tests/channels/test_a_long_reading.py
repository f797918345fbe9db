"""A scan takes minutes to read: who sent it hears once, after some seconds, that it is being read, and how long a page takes."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.channels.incoming import Incoming
from tests.channels.test_room import LIST
from tests.harness.world import Group, InProcess

FILE = ("扫描件.txt", LIST.encode())


def reads_in(world: InProcess, monkeypatch: pytest.MonkeyPatch, *, after: float, lasts: bool) -> None:
    """Let reading go on until it was said, or be done at once; it is said ``after`` so many seconds."""
    said, plain = asyncio.Event(), world.listener._run
    inbox = world.listener._inbox

    async def run(work: Callable[..., Any], *args: Any) -> Any:
        if lasts and work == inbox.take and args[0].files:
            inbox._reading.add(args[0].external_id)
            await said.wait()
        result = await plain(work, *args)
        if work == inbox.tell_reading:
            said.set()
        return result

    monkeypatch.setattr(world.listener, "_run", run)
    monkeypatch.setattr(world.listener, "_reading_after", after)


def sends(world: InProcess) -> Group:
    room = world.room()
    room.room.admin = True
    room.says("导入 2022", who="王协调", file=FILE)
    return room


def test_who_sent_a_long_scan_hears_once_that_it_is_being_read(
    world: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads_in(world, monkeypatch, after=0.0, lasts=True)
    room = sends(world)
    room.hears("正在读取“扫描件.txt”", "每页约5秒", "最多10分钟", "不必重发")
    room.hears("【已读入，待启动】专项行动1")
    assert sum("正在读取" in sent.text for sent in world.api.sent) == 1
    world.silent = True


def test_what_is_read_at_once_is_told_without_that(world: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    reads_in(world, monkeypatch, after=5.0, lasts=False)
    sends(world).hears("【已读入，待启动】专项行动1")
    world.silent = True


def test_it_is_said_while_a_file_is_read_and_not_while_it_waits_for_anything_else(
    world: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, seen = world.listener._inbox, list[Incoming]()

    def read_ahead(_session: Any, _desk: Any, incoming: Incoming, _kept: Any) -> Callable[[], None]:
        seen.append(incoming)
        return lambda: inbox.tell_reading(incoming, world.now())

    monkeypatch.setattr("bot.inbound.inbox.lists.read_ahead", read_ahead)
    sends(world).hears("正在读取“扫描件.txt”")
    inbox.tell_reading(seen[0], world.now())
    world.happens()
    assert sum("正在读取" in sent.text for sent in world.api.sent) == 1
    world.silent = True
