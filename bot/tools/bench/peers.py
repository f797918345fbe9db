"""Readers of time that others wrote, for the bench: dateparser always, JioNLP where it is installed (`make bench` does)."""

import contextlib
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

Reader = Callable[[str], Any]


def readers() -> Iterator[tuple[str, str, Reader]]:
    """Yield each peer that is at hand: its name, the ratio to hold, and what reads a phrase (None: it does not)."""
    yield "dateparser", "≥ 10×", _dateparser()
    with contextlib.suppress(ImportError):
        yield "JioNLP", "≥ 6×", _jionlp()


def _dateparser() -> Reader:
    import dateparser

    settings = {"RELATIVE_BASE": datetime(2022, 3, 2)}  # noqa: DTZ001 - dateparser wants it naive
    return lambda phrase: dateparser.parse(phrase, languages=["zh"], settings=settings)


def _jionlp() -> Reader:
    with contextlib.redirect_stdout(io.StringIO()):  # it greets on standard output
        import jionlp

    base = {"year": 2022, "month": 3, "day": 2}

    def read(phrase: str) -> Any:
        try:
            return jionlp.parse_time(phrase, time_base=base)
        except ValueError:
            return None

    return read
