"""What a terminal is told: lines, tables, how far long work is, and why a command failed."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from db.words import Refusal


class Failure(Refusal):
    """A command failed; the message is one line that says what to do."""

    status = 1


class Misuse(Failure):
    """A command was used wrongly."""

    status = 2


class RefusedForGood(Failure):
    """A service does not take us, and will not before somebody has seen to it: to start again changes nothing."""

    status = 77
    """The exit status (EX_NOPERM of sysexits.h), which the unit of systemd does not start again after."""


def say(text: str = "") -> None:
    """Print one line for people."""
    sys.stdout.write(f"{text}\n")


def mutter(text: str) -> None:
    """Print one line beside the output: what long work has come to, which a pipe does not take."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def say_json(value: Any) -> None:
    """Print one JSON value on a line of its own."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show how far long work is, in a terminal only; yields what is to be told so many of how many, or None."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as shown:
        bar = shown.add_task(what, total=None)
        yield lambda done, of: shown.update(bar, completed=done, total=of)


WHOLE = 10
"""Cells of a terminal up to which what stands in a column is never parted: a day, a code, a state."""


def table(headings: Iterable[str], rows: Iterable[Iterable[Any]], title: str = "", width: int | None = None) -> None:
    """Print a table: in colour and fitted to a terminal, plain in a pipe; ``width`` is how many cells wide where that is known."""
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table

    made = Table(title=title or None, title_justify="left", header_style="bold")
    written = [[str(cell) for cell in row] for row in rows]
    for place, heading in enumerate(headings):
        longest = max((cell_len(line) for row in written for line in row[place].split("\n")), default=0)
        made.add_column(heading, overflow="fold", no_wrap=longest <= WHOLE)
    for row in written:
        made.add_row(*row)
    console = Console(width=width or (None if sys.stdout.isatty() else 140), highlight=False)
    console.print(made)
