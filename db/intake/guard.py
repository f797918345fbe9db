"""Reading in a process of its own, with bounded memory and time: a file that somebody sent cannot stop the service."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from db.intake.document import Document
from db.intake.files import UnreadableFile

MEMORY = 500 * 2**20
"""Bytes that reading one file may take."""

SECONDS = 30.0
"""How long reading one file may take."""


Tell = Callable[[int, int], None]

_EVERY = 100
"""Rows between two reports of how far reading is."""


class Guard:
    """A reading process. It is started for the first file, serves any number, and is replaced after one that broke it."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.Queue[bytes] = queue.Queue()

    def __enter__(self) -> Self:
        """Begin; the process ends with the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._end()

    def read(
        self, path: Path, year: int | None = None, issued: date | None = None, tell: Tell | None = None
    ) -> Document:
        """Read a file as :func:`db.intake.read.read_document` does. Raise ``UnreadableFile``."""
        asked = {"path": str(path), "year": year, "issued": issued and issued.isoformat()}
        answer = self._ask(json.dumps(asked).encode() + b"\n", tell)
        if answer is None:
            self._end()
            raise UnreadableFile(
                f"{path} 读取时超过 {SECONDS:.0f} 秒或 {MEMORY // 2**20} MB，已停止；请只保留任务清单后再试"
            )
        if "refused" in answer:
            raise UnreadableFile(answer["refused"])
        return Document.from_json(answer["document"])

    def _ask(self, line: bytes, tell: Tell | None) -> dict[str, Any] | None:
        """Return the process's answer; None when it did not give one in time."""
        process = self._started()
        assert process.stdin is not None
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except BrokenPipeError:
            return None
        until = time.monotonic() + SECONDS
        while True:
            try:
                told = self._lines.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                return None
            answer: dict[str, Any] | None = json.loads(told) if told.endswith(b"\n") else None
            if answer is None or "done" not in answer:
                return answer
            if tell is not None:
                tell(answer["done"], answer["all"])

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            secret = ("DUBAN_",)
            environment = {name: value for name, value in os.environ.items() if not name.startswith(secret)}
            self._process = subprocess.Popen(
                [sys.executable, "-m", "db.intake.guard"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, env=environment
            )  # fmt: skip
            self._lines = queue.Queue()
            threading.Thread(target=_pass_on, args=(self._process, self._lines), daemon=True).start()
        return self._process

    def _end(self) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()
        process.wait()


def _pass_on(process: subprocess.Popen[bytes], lines: queue.Queue[bytes]) -> None:
    """Pass the process's lines on; an empty one says that it has ended."""
    assert process.stdout is not None
    with contextlib.suppress(ValueError, OSError):  # closed meanwhile
        for line in process.stdout:
            lines.put(line)
    lines.put(b"")


def read_guarded(path: Path, year: int | None = None, issued: date | None = None, tell: Tell | None = None) -> Document:
    """Read one file in a process of its own. Raise ``UnreadableFile``."""
    with Guard() as guard:
        return guard.read(path, year, issued, tell)


# ---------------------------------------------------------------- the process itself


def main() -> None:
    """Read the files named on standard input, one JSON object a line, and answer each with one line."""
    _bound()
    from db.intake.read import read_document

    for line in sys.stdin.buffer:
        asked = json.loads(line)
        issued = date.fromisoformat(asked["issued"]) if asked["issued"] else None
        try:
            document = read_document(Path(asked["path"]), asked["year"], issued, _tell)
            answer: dict[str, Any] = {"document": document.as_json()}
        except UnreadableFile as error:
            answer = {"refused": str(error)}
        except (MemoryError, RecursionError):
            answer = {"refused": f"{asked['path']} 的内容过大或嵌套过深，无法读取；请只保留任务清单后再试"}
        _write(answer)


def _tell(done: int, rows: int) -> None:
    if done % _EVERY == 0:
        _write({"done": done, "all": rows})


def _write(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


def _bound() -> None:
    """Let the process take no more memory than it may; where the system knows no such bound, only time is bounded."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


if __name__ == "__main__":
    main()
