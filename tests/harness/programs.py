"""``duban`` as a process of its own, as the stories start it some hundred times: forked from one that has loaded it already.

What a test starts is the program in a process: with its own environment, folder, signals, output and end. What it does not
do again each time is import some thousand modules and map the tables, which is most of what a short command costs. That
``python -m bot`` and ``duban`` load and start is held by those tests that start them so (``test_start.py``,
``test_deploy.py`` and ``test_commands.py`` in ``tests/cli``).

The process that is forked from is one a session, begun when first needed. It has no threads and no connections.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import IO

HOUSE = Path(__file__).resolve().parents[2]

LOADED = (
    "bot.cli.shell",
    "bot.service.run",
    "bot.channels.telegram",
    "bot.channels.wecom",
    "bot.tools.rehearsal",
    "psycopg",
)
"""What is there before a program is forked; its commands are loaded besides."""


class Program:
    """A ``duban`` that runs; it is used as a ``subprocess.Popen`` with text."""

    returncode: int | None = None

    def __init__(self, arguments: list[str], environment: Mapping[str, str], folder: Path, *, together: bool) -> None:
        """Start it; what it says as an error is read with the rest where they are taken ``together``."""
        self.args = ["duban", *arguments]
        self._end, far = socket.socketpair()
        out, out_far = os.pipe()
        error, error_far = (out, out_far) if together else os.pipe()
        self.stdout: IO[str] = os.fdopen(out, encoding="utf-8")
        self.stderr: IO[str] | None = None if together else os.fdopen(error, encoding="utf-8")
        asked = {"arguments": arguments, "environment": dict(environment), "folder": str(folder)}
        handed = [far.fileno(), out_far, error_far]
        with _asking:
            source = _source()
            said = json.dumps(asked).encode()
            socket.send_fds(source, [len(said).to_bytes(4, "big")], handed)
            source.sendall(said)
        far.close()
        for one in {out_far, error_far}:
            os.close(one)
        self.pid = int.from_bytes(self._end.recv(4), "big")

    def poll(self) -> int | None:
        """Return how it ended, None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return its status, negative for a signal as ``subprocess`` tells it."""
        status = self._ended(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return status

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._end], [], [], timeout)[0]:
            self.returncode = int.from_bytes(self._end.recv(4), "big", signed=True)
            self._end.close()
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Read what it says to its end, and wait for that."""
        said = ["", ""]

        def read(place: int, stream: IO[str]) -> None:
            with contextlib.suppress(ValueError):
                said[place] = stream.read()

        streams = [one for one in (self.stdout, self.stderr) if one is not None and not one.closed]
        readers = [threading.Thread(target=read, args=pair, daemon=True) for pair in enumerate(streams)]
        for reader in readers:
            reader.start()
        self.wait(timeout)
        for reader, stream in zip(readers, streams, strict=True):
            reader.join(timeout)
            stream.close()
        return said[0], said[1]

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Stop it as an operator does."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> "Program":
        """Leave nothing open at the end of a block."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Wait for its end."""
        self.communicate()


def run(
    arguments: list[str], environment: Mapping[str, str], folder: Path, timeout: float
) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end and return what it said and how it ended."""
    program = Program(arguments, environment, folder, together=False)
    try:
        said, error = program.communicate(timeout)
    except subprocess.TimeoutExpired:
        program.kill()
        raise
    assert program.returncode is not None
    return subprocess.CompletedProcess(program.args, program.returncode, said, error)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


# ---------------------------------------------------------------- what they are forked from

_asking = threading.Lock()


_begun: list[tuple[socket.socket, "subprocess.Popen[bytes]"]] = []


def _source() -> socket.socket:
    """Return the way to the process that programs are forked from, begun when first asked for."""
    if not _begun:
        near, far = socket.socketpair()
        with far:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.harness.programs", str(far.fileno())],
                pass_fds=[far.fileno()], cwd=HOUSE, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        _begun.append((near, process))
    return _begun[0][0]


def end() -> None:
    """End that process, which asks for no more than to be asked no more."""
    while _begun:
        source, process = _begun.pop()
        source.close()
        process.wait()


def _load() -> None:
    import gc

    from sqlalchemy.orm import configure_mappers

    from bot.cli import shell

    for name in (*LOADED, *(f"bot.cli.{module}" for module in shell._COMMANDS)):
        import_module(name)
    configure_mappers()
    gc.freeze()


def _serve(source: socket.socket) -> None:
    """Fork a program whenever one is asked for, until nobody asks any more; in a program, return to be it."""
    running: dict[int, socket.socket] = {}
    woken, wake = socket.socketpair()
    woken.setblocking(False)
    wake.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno())
    while True:
        ready, _, _ = select.select([source, woken], [], [])
        if woken in ready:
            woken.recv(4096)
            _tell_ends(running)
            continue
        head, handed, _, _ = socket.recv_fds(source, 4, 3)
        if not head:
            os._exit(0)
        asked = json.loads(_all_of(source, int.from_bytes(head, "big")))
        pid = os.fork()
        if not pid:
            for one in (source, woken, wake, *running.values()):
                one.detach()
            _becomes(handed, **asked)
            return
        running[pid] = socket.socket(fileno=handed[0])
        running[pid].sendall(pid.to_bytes(4, "big"))
        for one in set(handed[1:]):
            os.close(one)


def _all_of(source: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        found += source.recv(length - len(found))
    return found


def _tell_ends(running: dict[int, socket.socket]) -> None:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with running.pop(pid) as who, contextlib.suppress(OSError):
            who.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, "big", signed=True))


def _becomes(handed: list[int], arguments: list[str], environment: dict[str, str], folder: str) -> None:
    """Be a program that was started with these arguments, in this environment and folder."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(handed[1], 1)
    os.dup2(handed[2], 2)
    os.closerange(3, 256)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None  # it was looked for in another environment
    time.tzset()
    sys.argv = ["duban", *arguments]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(write_through=True)  # type: ignore[union-attr]


if __name__ == "__main__":
    from bot.__main__ import main

    _load()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    main()
