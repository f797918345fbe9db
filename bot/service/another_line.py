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
from collections.abc import Sequence
from dataclasses import dataclass

from db.stored import Json
from db.surroundings import of_a_helper

log = logging.getLogger(__name__)

PATIENCE = 120.0
"""How long one call may take, in real seconds."""

WHO = "系统管理员"
"""Who is called when the chats themselves stand still: whoever runs the program, not a unit."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether somebody was reached, and in a line how it went."""

    reached: bool
    said: str = ""


async def call(command: str, told: Json, patience: float = PATIENCE) -> Outcome:
    """Run the command with what it is ``told``; whatever it has started ends with it when its time is up (``patience``, real seconds)."""
    try:
        process = await asyncio.create_subprocess_exec(
            *shlex.split(command),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=of_a_helper(),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        log.error("call-did-not-run error=%s", type(error).__name__)
        return Outcome(False, "呼叫命令无法运行")
    try:
        async with asyncio.timeout(patience):
            said, _nothing = await process.communicate(json.dumps(told, ensure_ascii=False).encode())
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        return Outcome(False, "呼叫命令超时")
    if process.returncode != 0:
        log.error("call-reached-nobody status=%s", process.returncode)
    return Outcome(process.returncode == 0, said.decode("utf-8", "replace").strip().split("\n", 1)[0])


async def call_operator(command: str, words: str, patience: float = PATIENCE) -> bool:
    """Call whoever runs the program; tell whether somebody was reached."""
    return (await call(command, told_of(WHO, (), words, "督办"), patience)).reached


def told_of(unit: str, contacts: Sequence[str], words: str, who: str, on_duty: Sequence[tuple[str, str]] = ()) -> Json:
    """Return what the command is given: who is to be called, by which contacts, with whose words, and who is on duty there."""
    people = [{"name": name, "phone": phone} for name, phone in on_duty]
    return {"unit": unit, "contacts": list(contacts), "on_duty": people, "words": words, "from": who}
