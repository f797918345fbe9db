"""The bench: what was measured is shown, and nothing that it started is left behind."""

import json

import pytest

from bot.cli.service import bench
from bot.tools.bench import run, telegram
from bot.tools.bench.timing import row


class Broken(Exception):
    """What a measurement meets in this test."""


def test_a_measurement_that_fails_leaves_no_server_behind() -> None:
    with pytest.raises(Broken), telegram.service():
        raise Broken


@pytest.mark.parametrize("as_json", [False, True])
def test_what_was_measured_before_a_fault_is_shown_all_the_same(
    as_json: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(*_: object) -> list[dict[str, str]]:
        raise Broken

    monkeypatch.setattr(run, "_MEASUREMENTS", (("one", lambda *_: [row("首项", "7 ms")]), ("two", breaks)))
    with pytest.raises(Broken):
        bench(as_json=as_json)
    shown = capsys.readouterr().out
    assert "7 ms" in shown
    assert not as_json or [json.loads(line)["what"] for line in shown.splitlines()][1:] == ["首项"]
