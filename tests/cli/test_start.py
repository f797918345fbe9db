"""The start: who asks only what there is, or reads without a store, waits for no library that needs one."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from bot.cli import outline, shell

HEAVY = ("sqlmodel", "sqlalchemy", "telegram", "alembic", "jinja2", "uvicorn")

LOADED = f"""
import sys
from bot.cli import shell
status = shell.run(sys.argv[1:])
print(status, *(name for name in {HEAVY} if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "line", ["--version", "--help", "-h", "", "run --help", "when 6月底前 --year 2022", "understand 收到"]
)
def test_what_needs_no_store_loads_no_library_of_one_and_of_no_service(line: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *line.split()], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == "0\n"
    assert done.stdout


def test_the_version_is_told_in_one_line() -> None:
    done = subprocess.run([sys.executable, "-m", "bot", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("duban ")
    assert done.stdout.count("\n") == 1


def test_the_overview_tells_the_commands_and_groups_that_the_modules_add() -> None:
    modules = [import_module(f"bot.cli.{name}") for name in shell._COMMANDS]
    paths = [Path(module.__file__ or "") for module in modules]
    added = {command.name or getattr(command.callback, "__name__", ""): (command.callback.__doc__ or "").strip()
             for command in shell.app.registered_commands if command.callback}  # fmt: skip
    told = {name: purpose for path in paths for name, purpose in outline.commands(path)}
    assert {name: purpose.split("\n")[0] for name, purpose in told.items()} == {
        name: purpose.split("\n")[0] for name, purpose in added.items()
    }
    groups = {
        group.name: group.typer_instance.info.help for group in shell.app.registered_groups if group.typer_instance
    }
    assert {name: purpose for path in paths for name, purpose in outline.groups(path)} == groups
    assert set(told) | set(groups) == {name for names in shell._COMMANDS.values() for name in names}
