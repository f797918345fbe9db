"""Another line than the chats: the operator's command (DUBAN_CALL), for when the chats themselves stand still.

It is given one JSON object on standard input, as for a unit that no urgent call reached, and ends with 0 where somebody was
reached.
"""

import asyncio
import contextlib
import json
import logging
import shlex

from db.surroundings import of_a_helper

log = logging.getLogger(__name__)

PATIENCE = 120.0
"""How long one call may take, in real seconds."""

WHO = "系统管理员"
"""Who is to be called: whoever runs the program, not a unit."""


async def call(command: str, words: str, patience: float = PATIENCE) -> bool:
    """Run the command with what it is to say; tell whether somebody was reached. What went wrong is in the log."""
    told = {"unit": WHO, "contacts": [], "words": words, "from": "督办"}
    try:
        process = await asyncio.create_subprocess_exec(
            *shlex.split(command),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=of_a_helper(),
        )
    except (OSError, ValueError) as error:
        log.error("call-did-not-run error=%s", type(error).__name__)
        return False
    try:
        async with asyncio.timeout(patience):
            await process.communicate(json.dumps(told, ensure_ascii=False).encode())
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode != 0:
        log.error("call-reached-nobody status=%s", process.returncode)
    return process.returncode == 0
