"""The log: one line a record, with a key that never changes and fields that hold nobody's words."""

import ast
import logging
import re
import sys
from pathlib import Path

import pytest

from bot.cli import shell
from bot.logs import Lines, is_heard
from tests.unit.test_house import HOUSE, everything, tree

PATTERN = re.compile(r"[a-z]+(-[a-z]+)*( [a-z]+=%s)*")
"""What a call writes: a key, then fields."""

LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d (DEBUG|INFO|WARNING|ERROR|CRITICAL) \w+ [a-z]+(-[a-z]+)*( [a-z]+=(\S+|\"(\\.|[^\"\\])*\"))*"
)
"""What a line looks like."""


def record(name: str, message: str, *values: object, level: int = logging.ERROR, error: bool = False) -> str:
    info = sys.exc_info() if error else None
    return Lines().format(logging.LogRecord(name, level, "", 1, message, values, info))


def tail(line: str) -> str:
    assert LINE.fullmatch(line), line
    return line.partition(" ")[2]


def test_a_line_says_when_how_grave_where_what_and_of_what() -> None:
    line = record("jobs.delivery.record", "notice-answered-too-late notice=%s outcome=%s", 215, "sent")
    assert tail(line) == "ERROR delivery notice-answered-too-late notice=215 outcome=sent"


def test_what_is_no_plain_word_is_quoted_and_stays_on_its_line() -> None:
    line = record(
        "bot.service.cranks", "crank-failed crank=%s why=%s", "plan", '磁盘已满\n2026 ERROR 冒充\u2028\x1b[31m "x"'
    )
    assert tail(line).startswith('ERROR service crank-failed crank=plan why="磁盘已满 2026 ERROR 冒充')
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


def test_an_error_tells_its_kind_and_place_and_never_its_own_words() -> None:
    try:
        int("我们单位的私事")
    except ValueError:
        line = record("bot.inbound.inbox", "inbound-failed", error=True)
    assert re.fullmatch(r"ERROR inbound inbound-failed raised=ValueError at=test_logs\.py:\d+", tail(line))


def test_of_a_library_only_the_pattern_counts() -> None:
    line = record("telegram.ext", "Update %s caused %s", "我们单位的私事", ValueError("私事"))
    assert tail(line) == 'ERROR telegram message text="Update %s caused %s"'
    line = record("asyncio", "Task exception was never retrieved\nfuture: <Task exception=ValueError('私事')>")
    assert tail(line) == 'ERROR asyncio message text="Task exception was never retrieved"'


def test_libraries_are_heard_from_warnings_on_and_we_as_asked() -> None:
    def heard(name: str, level: int) -> bool:
        return is_heard(logging.LogRecord(name, level, "", 1, "x", (), None))

    assert heard("jobs.watch", logging.DEBUG)
    assert heard("telegram.Bot", logging.WARNING)
    assert not heard("telegram.Bot", logging.INFO)
    assert not heard("botany", logging.INFO)


def test_every_call_of_ours_writes_a_key_and_fields() -> None:
    wrong = []
    for path in everything():
        for node in ast.walk(tree(path)):
            called = node.func if isinstance(node, ast.Call) else None
            owner = getattr(called, "value", None)
            if not isinstance(called, ast.Attribute) or called.attr not in ("debug", "info", "warning", "error"):
                continue
            if not (isinstance(owner, ast.Name) and owner.id == "log") and "getLogger" not in ast.dump(owner or node):
                continue
            assert isinstance(node, ast.Call)
            message = node.args[0]
            told = message.value if isinstance(message, ast.Constant) else ""
            if not PATTERN.fullmatch(str(told)) or str(told).count("%s") != len(node.args) - 1:
                wrong.append(f"{path.relative_to(HOUSE)}:{node.lineno}")
    assert wrong == []


@pytest.mark.parametrize("level", ["LOUD", "warn", "10", "DEBUG "])
def test_a_level_that_there_is_not_is_told_in_one_line(
    level: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DUBAN_LOG", level)
    monkeypatch.setattr(shell.logs, "set_up", lambda _level: None)
    status = shell.run(["when", "明天", "--json"])
    said = capsys.readouterr().err
    if level == "DEBUG ":
        assert (status, said) == (0, "")
    else:
        assert status == 1
        assert said.count("\n") == 1
        assert "DUBAN_LOG" in said
        assert "DEBUG、INFO、WARNING、ERROR、CRITICAL" in said


def test_the_level_stands_in_the_settings_file_and_the_environment_is_above_it(tmp_path: Path) -> None:
    settings = tmp_path / "duban.toml"
    settings.write_text('log = "info"\n', encoding="utf-8")
    assert shell.logs.level({}, settings) == "INFO"
    assert shell.logs.level({"DUBAN_LOG": "debug"}, settings) == "DEBUG"
    assert shell.logs.level({}, tmp_path / "none.toml") == "WARNING"
    settings.write_text("log = [", encoding="utf-8")
    assert shell.logs.level({}, settings) == "WARNING"
