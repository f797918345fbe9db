"""Another line than the chats: the operator's command (DUBAN_CALL), by which somebody is called by telephone or SMS.

It is given one JSON object on standard input and ends with 0 where somebody was reached; the first line that it prints is
the outcome.
"""

import asyncio
import contextlib
import json
import logging
import os
import shlex
import signal
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

from db.stored import Json
from db.surroundings import of_a_helper

log = logging.getLogger(__name__)

PATIENCE = 120.0
"""How long one call may take, in real seconds."""

LONGEST = 64 * 1024
"""Bytes of what a command prints that are kept; it may print more."""

WHO = "系统管理员"
"""Who is called when the chats themselves stand still: whoever runs the program, not a unit."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether somebody was reached, and in a line how it went."""

    reached: bool
    said: str = ""


async def call(command: str, told: Json, patience: float = PATIENCE) -> Outcome:
    """Run the command with what it is ``told``, until it ends itself, whatever it leaves running; when its time is up
    (``patience``, real seconds) or the program stops, it ends with all that it has started.
    """
    with _Output() as output:
        try:
            process = await _begun(command, told, output)
        except (OSError, ValueError) as error:
            log.error("call-did-not-run error=%s", type(error).__name__)
            return Outcome(False, "呼叫命令无法运行")
        try:
            async with asyncio.timeout(patience):
                await process.wait()
        except TimeoutError:
            return Outcome(False, "呼叫命令超时")
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if process.returncode != 0:
            log.error("call-reached-nobody status=%s", process.returncode)
        return Outcome(process.returncode == 0, output.first_line())


async def _begun(command: str, told: Json, output: "_Output") -> asyncio.subprocess.Process:
    """Begin the command. Its input is a file, so that one that reads nothing holds nobody up."""
    with tempfile.TemporaryFile() as given:
        given.write(json.dumps(told, ensure_ascii=False).encode())
        given.seek(0)
        process = await asyncio.create_subprocess_exec(
            *shlex.split(command),
            stdin=given,
            stdout=output.end,
            stderr=asyncio.subprocess.DEVNULL,
            env=of_a_helper(),
            start_new_session=True,
        )
    output.listen()
    return process


class _Output:
    """What a command prints: a pipe of our own, which is read as long as the command runs, and of which the beginning is kept.

    Whether it is closed says nothing: what a command leaves in the background may hold it open.
    """

    def __enter__(self) -> "_Output":
        self._here, self.end = os.pipe()
        os.set_blocking(self._here, False)
        self._kept = b""
        self._listens = False
        return self

    def __exit__(self, *_error: object) -> None:
        if self._listens:
            asyncio.get_running_loop().remove_reader(self._here)
        else:
            os.close(self.end)
        os.close(self._here)

    def listen(self) -> None:
        """Read what the command prints from now on; its end of the pipe is its own."""
        os.close(self.end)
        asyncio.get_running_loop().add_reader(self._here, self._read)
        self._listens = True

    def _read(self) -> bool:
        """Read a piece; tell whether there may be more."""
        try:
            piece = os.read(self._here, LONGEST)
        except BlockingIOError:
            return False
        if not piece:
            asyncio.get_running_loop().remove_reader(self._here)
        self._kept += piece[: LONGEST - len(self._kept)]
        return bool(piece)

    def first_line(self) -> str:
        """Return the first line of what has been printed until now."""
        while len(self._kept) < LONGEST and self._read():
            pass
        return self._kept.decode("utf-8", "replace").strip().split("\n", 1)[0]


async def call_operator(command: str, words: str, patience: float = PATIENCE) -> bool:
    """Call whoever runs the program; tell whether somebody was reached."""
    return (await call(command, told_of(WHO, (), words, "督办"), patience)).reached


def told_of(unit: str, contacts: Sequence[str], words: str, who: str, on_duty: Sequence[tuple[str, str]] = ()) -> Json:
    """Return what the command is given: who is to be called, by which contacts, with whose words, and who is on duty there."""
    people = [{"name": name, "phone": phone} for name, phone in on_duty]
    return {"unit": unit, "contacts": list(contacts), "on_duty": people, "words": words, "from": who}
