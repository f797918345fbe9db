"""How a line of the log looks: when, how grave, which room of the house, what happened, and what it happened to.

    2026-11-29T17:12:01.123+08:00 WARNING delivery notice-answered-too-late notice=215 outcome=sent

A call writes ``log.warning("notice-answered-too-late notice=%s outcome=%s", …)``: a key that never changes, then fields. Fields are
numbers, kinds of errors and words of our own; what people wrote, and what they are called, is in none. Every record is
one line, whatever is in a field. Where the lines go, and how long they are kept, is the system's affair.

Libraries are heard from warnings on, and of what they say only the pattern counts: what they put into it, a request, an
update, the text of an error, may be what a person wrote.
"""

import json
import logging
import os
import re
import tomllib
import traceback
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from db.plain import one_line

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
"""What ``DUBAN_LOG`` may be."""

OURS = ("bot", "jobs", "db")

_PLAIN = re.compile(r"[\w.:/+@-]+", re.ASCII)


def level(environment: Mapping[str, str] = os.environ, settings: Path = Path("duban.toml")) -> str:
    """Return the level that the operator set, in the environment or in the settings file, as it is written in capitals; what cannot be
    read there sets none, and reading the settings says why.
    """
    told = environment.get("DUBAN_LOG", "").strip()
    if not told and settings.is_file():
        try:
            told = str(tomllib.loads(settings.read_text(encoding="utf-8")).get("log", "")).strip()
        except (OSError, ValueError):
            told = ""
    return told.upper() or "WARNING"


def is_told(times: int) -> bool:
    """Tell whether what happens again and again is told this time: the 1st, 2nd, 4th, 8th …"""
    return times & (times - 1) == 0


def set_up(level: str) -> None:
    """Let everything of at least this level be written to standard error, in our form."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    handler.addFilter(is_heard)
    logging.basicConfig(level=level, handlers=[handler])
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a crank that still turns is no news
    for name in ("alembic", "httpx", "websockets"):  # httpx writes addresses, and services have their keys in them
        logging.getLogger(name).setLevel(logging.WARNING)


def is_heard(record: logging.LogRecord) -> bool:
    """Tell whether a record is written: libraries are heard from warnings on."""
    return record.levelno >= logging.WARNING or _is_ours(record)


class Lines(logging.Formatter):
    """Writes records as lines."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        at = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")
        told = _fields(record) if _is_ours(record) else ["message", f"text={_value(_pattern(record))}"]
        return " ".join([at, record.levelname, _room(record.name), *told, *_fault(record)])


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _room(name: str) -> str:
    """Return which room of the house a logger is of, of a library its name."""
    slab, _, rest = name.partition(".")
    return rest.partition(".")[0] if slab in OURS and rest else slab


def _fields(record: logging.LogRecord) -> list[str]:
    """Return the key and the fields of a record of ours."""
    key, *names = str(record.msg).split(" ")
    values = record.args if isinstance(record.args, tuple) else ()
    return [
        key,
        *(f"{name.removesuffix('=%s')}={_value(value)}" for name, value in zip(names, values, strict=False)),
    ]


def _value(value: Any) -> str:
    text = one_line(str(value))
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _pattern(record: logging.LogRecord) -> str:
    """Return what a library always says here, without what it filled in; asyncio fills in after the first line."""
    return str(record.msg).partition("\n")[0]


def _fault(record: logging.LogRecord) -> list[str]:
    """Return the kind of an error and where it arose, innermost first; never its own words."""
    if not isinstance(record.exc_info, tuple) or record.exc_info[0] is None:
        return []
    frames = traceback.extract_tb(record.exc_info[2])
    places = "<".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
    return [f"raised={record.exc_info[0].__name__}", f"at={places}"]
