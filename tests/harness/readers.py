"""Files that people of a story send are read by one process for the whole session, and not each by one of its own.

It is a real reading process, begun anew after a file that broke it; that a program reads every list in a fresh one, no more than
two at once and none when it stops, is held by ``tests/unit/test_reading_processes.py`` and ``tests/reading``.
"""

import threading
from datetime import date
from pathlib import Path

from jobs.campaigns import lists
from jobs.reading.document import Document
from jobs.reading.guard import Guard, Tell

_reader, _lock = Guard(), threading.Lock()


def install() -> None:
    """Let lists that come in be read by the session's own process."""
    lists.read_guarded = _read


def end() -> None:
    """End that process."""
    _reader._end()


def _read(path: Path, year: int | None = None, issued: date | None = None, tell: Tell | None = None) -> Document:
    with _lock:
        return _reader.read(path, year, issued, tell)
