"""The bench: our numbers beside those of the obvious alternative, in the same run on the same machine.

Every row has the measured value, what it is compared with, their ratio, and the number to hold. Nothing here is asserted
by a test: a slow machine is slow for both sides.
"""

import os
import platform
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator

from bot.terminal import table
from bot.tools.bench.messages import commands, delivery, pages_of_the_board, press, telegram_delivery
from bot.tools.bench.phrases import grammar, reading_a_list
from bot.tools.bench.planning import planning_a_morning, ticks
from bot.tools.bench.timing import Row, databases_to_measure, row
from bot.tools.bench.understanding import understanding
from bot.tools.bench.whole import commands_of_a_terminal, imports, memory, rehearsal
from db.session import Store


def measure(*, quick: bool, only: str | None) -> Iterator[Row]:
    """Run every measurement whose name contains ``only``, and give each row when it is known; ``quick`` uses small sizes."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server that was started for it ends with it
    yield row("机器", _machine())
    with databases_to_measure() as databases:
        for name, run in _MEASUREMENTS:
            if only is None or only in name:
                yield from run(quick, databases)


def _machine() -> str:
    """Say what it ran on: seconds mean nothing without it."""
    return (
        f"{os.cpu_count()} 核，负载 {os.getloadavg()[0]:.1f}，{platform.system()} {platform.machine()}，"
        f"Python {platform.python_version()}，SQLite {sqlite3.sqlite_version}"
    )


def show(rows: list[Row]) -> None:
    """Print the rows as a table."""
    headings = ("项目", "数据库", "本程序", "对照", "比值", "要守的数")
    keys = ("what", "database", "ours", "other", "ratio", "target")
    table(headings, [[row.get(key, "") for key in keys] for row in rows])


_MEASUREMENTS: tuple[tuple[str, Callable[[bool, dict[str, Callable[[], Store]]], list[Row]]], ...] = (
    ("grammar", grammar),
    ("reading", reading_a_list),
    ("understanding", understanding),
    ("tick", ticks),
    ("planning", planning_a_morning),
    ("delivery", delivery),
    ("telegram", telegram_delivery),
    ("press", press),
    ("commands", commands),
    ("pages", pages_of_the_board),
    ("import", imports),
    ("rehearsal", rehearsal),
    ("start", commands_of_a_terminal),
    ("memory", memory),
)
