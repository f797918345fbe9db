"""The program as it serves: what it is made of is not looked through again and again."""

import asyncio
import gc
import socket
from types import SimpleNamespace

import pytest

from bot.service import run
from bot.service.web import server
from db.session import Store
from jobs.desk import Desk
from tests.harness.races import NOW


def test_what_the_program_is_made_of_is_left_out_of_collections_while_it_serves(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen: list[int] = []

    class Running:
        refusal = None

        def __init__(self, *_of: object) -> None:
            self.made_of = [object()]

        async def run(self) -> None:
            frozen.append(gc.get_freeze_count())

    house = SimpleNamespace(store=store, desk=Desk(), now=lambda: NOW, virtual=False)
    monkeypatch.setattr(run, "build_service", lambda *_given: house)
    monkeypatch.setattr(run, "planned", lambda _house: None)
    monkeypatch.setattr(run, "Running", Running)
    try:
        run.serve(None, 1.0)
    finally:
        gc.unfreeze()
    assert frozen[0] > 0


def test_no_part_of_an_answer_waits_for_the_one_before_it_to_be_acknowledged() -> None:
    async def nodelay() -> int:
        made: list[asyncio.Transport] = []

        class Listens(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                assert isinstance(transport, asyncio.Transport)
                made.append(transport)

        site = server.Site("127.0.0.1", 0, with_room=False, password=None, is_open=True)
        listening = await asyncio.get_running_loop().create_server(Listens, sock=server._bound(site))
        _reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname()[:2])
        while not made:  # noqa: ASYNC110 - the loop tells it by a call of ours
            await asyncio.sleep(0)
        told: int = made[0].get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        for one in (writer, made[0], listening):
            one.close()
        return told

    assert asyncio.run(nodelay()) != 0
