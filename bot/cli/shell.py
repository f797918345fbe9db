"""The shell around all commands: one app, one place where failures become one line and an exit status.

Exit status 0: done; 1: failed; 2: wrong use; 77: a service refuses us for good. Errors go to standard error and say what to do.
"""

import errno
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import logs
from bot.cli import outline, wrong_use
from bot.terminal import Failure, Misuse, say


def _tell_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"duban {version('duban')}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="本程序的版本")]


def _program(_version: Version = False) -> None:
    """督办：读取任务清单，按期提醒，逾期督办，记录每一次答复。"""


def _without_commands() -> typer.Typer:
    made = typer.Typer(
        name="duban",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(_program)
    return made


app = _without_commands()

UsageError: Any = typer.BadParameter.__bases__[0]
"""What typer raises for wrong use; it names only this subclass of it."""

At = Annotated[str | None, typer.Option("--at", help="只用于虚拟时钟的库：此刻的时间")]

_COMMANDS = {
    "reading": ("read", "when", "understand"),
    "lists": ("import",),
    "campaigns": ("campaign", "activate"),
    "corrections": ("edit", "renew"),
    "duties": ("add",),
    "problems": ("problems",),
    "rehearsal": ("rehearse",),
    "ledger": ("ledger",),
    "broadcasts": ("broadcast",),
    "papers": ("bulletin",),
    "printed": ("paper", "calendar"),
    "scores": ("score",),
    "rounds": ("round",),
    "spot_checks": ("spotcheck",),
    "on_duty": ("roster",),
    "units": ("unit",),
    "people": ("contact", "invite", "bind"),
    "talk": ("say", "tick"),
    "record": ("history", "deliveries", "audit"),
    "service": ("run", "demo", "try", "migrate", "doctor", "backup", "restore", "bench"),
}
"""Which module adds which commands, so that a command loads only what it needs."""

OVERVIEW = ("", "-h", "--help", "--version")
"""First words that ask of the program what it is, and nothing of a command."""


def _app_for(asked: str) -> typer.Typer:
    """Return the program with the commands that this first word may mean."""
    if asked in OVERVIEW:
        return _overview()
    for module in _modules(asked):
        import_module(f"bot.cli.{module}")
    return app


def _overview() -> typer.Typer:
    """Return the program with commands that can be told of and not be run."""
    every = _without_commands()
    for module in _COMMANDS:
        path = Path(__file__).with_name(f"{module}.py")
        for name, purpose in outline.commands(path):
            every.command(name, help=purpose)(lambda: None)
        for name, purpose in outline.groups(path):
            every.add_typer(typer.Typer(help=purpose), name=name)
    return every


def _modules(asked: str) -> list[str]:
    """Return the module of the command that is asked for, or all of them for what nobody knows."""
    return [module for module, commands in _COMMANDS.items() if asked in commands] or list(_COMMANDS)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit status."""
    os.umask(0o077)  # whatever we write, and whatever we start writes, is for its owner alone
    program = _app_for(arguments[0] if arguments else "")
    level = logs.level()
    if level not in logs.LEVELS:
        return _fail(f"设置 DUBAN_LOG（或 duban.toml 里的 log）不对：“{level}”；须为 {'、'.join(logs.LEVELS)} 之一", 1)
    logs.set_up(level)
    try:
        status = program(arguments, prog_name="duban", standalone_mode=False)
    except UsageError as error:
        return _wrong_use(error)
    except typer.Abort:
        return _fail("已中止。", 1)
    except Misuse as error:
        return _fail(str(error), error.status)
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:
        return _fail(*_explain(error))
    return status if isinstance(status, int) else 0


def _wrong_use(error: Any) -> int:
    """Show a group's help where no command was given, else one line."""
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stdout.write(f"{error.format_message()}\n")
        return 0
    return _fail(wrong_use.told(error), 2)


def _explain(error: Exception) -> tuple[str, int]:
    """Turn a failure that is expected into its own line; any other into one that hides nothing but the traceback."""
    from db.session import DISK_FULL, known_failure
    from db.words import Refusal

    if isinstance(error, Refusal):
        return error.terminal, error.status if isinstance(error, Failure) else 1
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL, 1
    if said := known_failure(error):
        return said, 1
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}：{error.strerror}", 1
    logging.getLogger(__name__).debug("command-failed", exc_info=error)
    return f"内部错误（{type(error).__name__}）：{str(error).splitlines()[0][:200] if str(error) else ''}", 1


def _fail(line: str, status: int) -> int:
    sys.stderr.write(f"错误：{' '.join(line.split())}\n")
    return status


def a_day(text: str | None, name: str) -> date | None:
    """Read an ISO day of the command line; ``Misuse`` names the option."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misuse(f"{name} 须写成 2022-03-02 这样的日期，不是“{text}”") from None


def a_year(year: int | None) -> int | None:
    """Check the reference year of the command line (1949–2100)."""
    if year is not None and not 1949 <= year <= 2100:
        raise Misuse(f"--year 须在 1949 到 2100 之间，不是 {year}")
    return year


def batch(path: Path, answer: Callable[[Mapping[str, Any]], tuple[str, Any]]) -> None:
    """Answer a file of JSON lines with JSON lines: ``{"id", KEY: value}`` each, in one process."""
    write = sys.stdout.write
    for number, line in enumerate(_lines(path), 1):
        try:
            asked = json.loads(line)
            if not isinstance(asked, dict):
                raise TypeError
        except (ValueError, TypeError):
            raise Failure(f"{path} 第 {number} 行不是 JSON 对象") from None
        try:
            key, value = answer(asked)
        except (Failure, KeyError, TypeError, ValueError) as error:
            raise Failure(f"{path} 第 {number} 行：{error}") from error
        write(json.dumps({"id": asked.get("id"), key: value}, ensure_ascii=False) + "\n")


def _lines(path: Path) -> Iterator[str]:
    try:
        with sys.stdin if str(path) == "-" else path.open(encoding="utf-8") as stream:
            yield from (line for line in stream if line.strip())
    except FileNotFoundError:
        raise Failure(f"没有这个文件：{path}") from None
    except UnicodeDecodeError:
        raise Failure(f"{path} 不是 UTF-8 文本") from None
