"""Running ``duban run`` for years: what machines ask of a real process, and several of them on one store."""

import json
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.channels.test_process import second
from tests.harness.bot_api import BotApi
from tests.harness.story import ECONOMY, task
from tests.harness.world import AsProcess

Begin = Callable[..., AsProcess]


@pytest.fixture
def begin(tmp_path: Path, api: BotApi) -> Iterator[Begin]:
    told: list[AsProcess] = []

    def make(moment: str = "2022-06-01 10:00", speed: float = 1.0, database: str = "") -> AsProcess:
        api.clock = lambda: time.monotonic() * speed
        told.append(AsProcess(tmp_path, api, moment, speed, database))
        return told[-1]

    yield make
    for one in told:
        one.ends()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return str(answer.read().decode())


def test_a_program_that_polls_its_service_still_tells_machines_how_it_does(begin: Begin) -> None:
    world = begin()
    _room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    port = free_port()
    world.starts(DUBAN_WEB_PORT=str(port))
    group.hears("交办通知")
    world.settles()
    assert json.loads(asked(port, "/healthz")) == {"ok": True, "wrong": []}
    assert json.loads(asked(port, "/readyz")) == {"ok": True, "wrong": []}
    figures = asked(port, "/metrics")
    assert 'duban_sends_total{channel="telegram",outcome="sent",reason="activated"} 1.0' in figures
    assert 'duban_lease_held{lease="telegram:' in figures
    assert "process_resident_memory_bytes" in figures

    other = second(world, DUBAN_WEB_PORT=str(port))
    try:
        assert other.stdout is not None
        lines = iter(other.stdout.readline, "")
        assert any("不提供健康检查和指标" in line for line in lines), "and works all the same"
        assert any("已运行" in line for line in lines)
    finally:
        other.terminate()
        other.communicate(timeout=15)
    assert other.returncode == 0
