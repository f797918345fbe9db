"""Reading in a process of its own, with bounded memory and time: a file that somebody sent cannot stop the service."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from db.stored import Json
from db.surroundings import PYTHON, of_a_helper
from jobs.reading.document import Document
from jobs.reading.files import UnreadableFile

MEMORY = 500 * 2**20
"""Bytes that reading one file may take."""

SEEING = 2 * 2**30
"""Bytes that the process may take which looks at a scan's pages; the reading process may give it so much."""

SECONDS = 30.0
"""How long reading one file may take."""

A_PAGE = 90.0
"""How long a page of a scan may take: some five seconds of the processor, and far longer on a machine that has much to do."""

WHOLE = 600.0
"""How long reading one file may take in all, a scan of many pages too: who else waits for a place waits so long."""

AT_ONCE = 2
"""Reading processes that one program has at a time; what is over it waits."""

Tell = Callable[[int, int], None]

WAIT_SECONDS = 0.2
"""How often who waits for a place looks whether the program is being stopped."""

_EVERY = 100
"""Rows between two reports of how far reading is, at most; of few rows or pages each twentieth is told."""


class Stopping(Exception):
    """The program is being stopped; what was to be read is read when it runs again."""


class _Readers:
    """The reading processes of this program, so that a stop ends them all."""

    def __init__(self) -> None:
        self._places = threading.Semaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self.stopping = False

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """Wait for a place; raise ``Stopping`` where the program ends meanwhile."""
        while not self._places.acquire(timeout=WAIT_SECONDS):
            self.look()
        try:
            self.look()
            yield
        finally:
            self._places.release()

    def look(self) -> None:
        """Raise ``Stopping`` where the program is being stopped."""
        if self.stopping:
            raise Stopping("程序正在停止；请稍后再试")

    def began(self, process: subprocess.Popen[bytes]) -> None:
        """Know a process, and end it at once where it began too late."""
        with self._lock:
            self._processes.add(process)
            if self.stopping:
                _kill(process)

    def ended(self, process: subprocess.Popen[bytes]) -> None:
        """Forget a process."""
        with self._lock:
            self._processes.discard(process)

    def stop(self) -> None:
        """End all of them, and let none begin."""
        with self._lock:
            self.stopping = True
            for process in self._processes:
                _kill(process)


_readers = _Readers()


def stop_all() -> None:
    """End every reading process of this program; whoever waits for one hears ``Stopping``."""
    _readers.stop()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a reading process with everything it has started, such as LibreOffice."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


class Guard:
    """A reading process. It is started for the first file, serves any number, and is replaced after one that broke it."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._place = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Begin when there is a place; the process ends with the block. Raise ``Stopping``."""
        self._place.enter_context(_readers.place())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._end()
        self._place.close()

    def read(
        self, path: Path, year: int | None = None, issued: date | None = None, tell: Tell | None = None
    ) -> Document:
        """Read a file as :func:`jobs.reading.read.read_document` does. Raise ``UnreadableFile``, or ``Stopping``."""
        asked = {"path": str(path), "year": year, "issued": issued and issued.isoformat()}
        answer = self._ask(json.dumps(asked).encode() + b"\n", tell)
        if answer is None:
            why = self._why_silent()
            self._end()
            _readers.look()
            raise UnreadableFile(f"{path} {why}")
        if "refused" in answer:
            if answer["refused"] is _GARBLED:
                self._end()
            refusal = UnreadableFile(answer["refused"])
            refusal.terminal = answer.get("terminal", refusal.terminal)
            raise refusal
        try:
            return Document.from_json(answer["document"])
        except Exception as error:  # whatever the answer is, it is no document
            self._end()
            raise UnreadableFile(f"{path} {_GARBLED}") from error

    def _ask(self, line: bytes, tell: Tell | None) -> Json | None:
        """Return the process's answer; None when it did not give one in time."""
        process = self._started()
        assert process.stdin is not None
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except BrokenPipeError:
            return None
        began = time.monotonic()
        until = began + SECONDS
        while True:
            try:
                told = self._lines.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                return None
            answer = _answer(told)
            if answer is None or "all" not in answer:
                return answer
            if tell is not None:
                tell(answer["done"], answer["all"])
            if answer["pages"]:  # of a scan every page has as long, and all of them together no longer than a while
                until = min(time.monotonic() + A_PAGE, began + WHOLE)

    def _why_silent(self) -> str:
        """Say why there is no answer: the time was over, or the process ended by itself, which no long file explains."""
        assert self._process is not None
        try:
            self._process.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            return f"读取超过 {SECONDS:.0f} 秒（扫描件每页 {A_PAGE:.0f} 秒，共 {WHOLE / 60:.0f} 分钟），已停止；请只保留任务清单后再试"
        return "读取中断：读取程序意外退出，可能是文件过大或已损坏；请另存为 .docx 或 .xlsx 后再试"

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jobs.reading.guard"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=of_a_helper(*PYTHON),
                start_new_session=True,
            )
            _readers.began(self._process)
            self._lines = queue.Queue()
            threading.Thread(target=_pass_on, args=(self._process, self._lines), daemon=True).start()
        return self._process

    def _end(self) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        _readers.ended(process)
        if process.poll() is None:
            _kill(process)
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()
        process.wait()


_GARBLED = "读取程序的回答无法识别，文件可能已损坏；请另存为其他格式再试"


def _answer(told: bytes) -> Json | None:
    """Return what a line of the process says; None where it ended, or said what nobody can read."""
    if not told.endswith(b"\n"):
        return None
    try:
        answer: Json = json.loads(told)
    except ValueError:
        return {"refused": _GARBLED}
    return answer if isinstance(answer, dict) else {"refused": _GARBLED}


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
    from jobs.reading.read import read_document

    for line in sys.stdin.buffer:
        asked = json.loads(line)
        issued = date.fromisoformat(asked["issued"]) if asked["issued"] else None
        try:
            document = read_document(Path(asked["path"]), asked["year"], issued, _tell, _tell_of_page)
            answer: Json = {"document": document.as_json()}
        except UnreadableFile as error:
            answer = {"refused": str(error), "terminal": error.terminal}
        except (MemoryError, RecursionError):
            answer = {"refused": f"{asked['path']} 的内容过大或嵌套过深，无法读取；请只保留任务清单后再试"}
        except Exception as error:  # a fault of ours, in a file that is sound: said so, and the next file is read
            answer = {
                "refused": f"{asked['path']} 读取时程序出错（{_of_ours(error)}）；请把它另存为其他格式再试，并告知维护者"
            }
        _write(answer)


def _of_ours(error: Exception) -> str:
    """Name an error and where it arose, without a word of the file."""
    trace = traceback.extract_tb(error.__traceback__)
    return type(error).__name__ + (f"，{Path(trace[-1].filename).name} 第{trace[-1].lineno}行" if trace else "")


def _tell(done: int, rows: int) -> None:
    if done % max(1, min(_EVERY, rows // 20)) == 0:
        _write({"done": done, "all": rows, "pages": False})


def _tell_of_page(page: int, pages: int) -> None:
    _write({"done": page, "all": pages, "pages": True})


def _write(answer: Json) -> None:
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


def _bound() -> None:
    """Let the process take no more memory than it may; where the system knows no such bound, only time is bounded."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        highest = SEEING if hard == resource.RLIM_INFINITY else min(SEEING, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (min(MEMORY, highest), highest))


if __name__ == "__main__":
    main()
