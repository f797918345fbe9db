"""Running ``duban run`` for years: what machines ask of a real process, and several of them on one store."""

import json
import urllib.request

from tests.channels.test_process import Begin, begin
from tests.harness.programs import free_port
from tests.harness.story import ECONOMY, task

__all__ = ["begin"]


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

    other = world.another(DUBAN_WEB_PORT=str(port))
    try:
        assert other.stdout is not None
        lines = iter(other.stdout.readline, "")
        assert any("不提供健康检查和指标" in line for line in lines), "and works all the same"
        assert any("已运行" in line for line in lines)
    finally:
        other.terminate()
        other.communicate(timeout=15)
    assert other.returncode == 0
