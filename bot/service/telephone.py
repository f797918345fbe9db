"""The other line: the operator's command (DUBAN_CALL), run once for every unit that is to be called by telephone or SMS.

It is given one JSON object on standard input and ends with 0 where somebody was reached; the first line that it prints is
written down as the outcome.
"""

import asyncio
import contextlib
import json
import logging
import shlex

from bot.wiring import House
from db.surroundings import of_a_helper
from jobs import telephone
from jobs.telephone import Wanted

log = logging.getLogger(__name__)

SECONDS = 5.0
"""How often it is looked whether somebody is to be called."""

PATIENCE = 120.0
"""How long one call may take, in real seconds."""


class Telephone:
    """Calls whom an urgent call did not reach."""

    def __init__(self, house: House, command: str, patience: float = PATIENCE) -> None:
        """``command`` is a program with its arguments; ``patience`` is in real seconds."""
        self._house, self._command, self._patience = house, shlex.split(command), patience

    async def call(self) -> None:
        """Make every call that waits, one after the other."""
        while (wanted := await asyncio.to_thread(self._begin)) is not None:
            reached, outcome = await self._made(wanted)
            await asyncio.to_thread(self._end, wanted, reached, outcome)

    def _begin(self) -> Wanted | None:
        with self._house.store.write() as session:
            telephone.give_up(session, self._house.now())
            return telephone.begin(session, self._house.now())

    def _end(self, wanted: Wanted, reached: bool, outcome: str) -> None:
        with self._house.store.write() as session:
            telephone.end(session, wanted.number, reached, outcome, self._house.now())

    async def _made(self, wanted: Wanted) -> tuple[bool, str]:
        told = {"unit": wanted.unit, "contacts": wanted.contacts, "words": wanted.words, "from": wanted.who}
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=of_a_helper(),
            )
        except OSError as error:
            log.error("call-did-not-run error=%s", type(error).__name__)
            return False, "呼叫命令无法运行"
        try:
            async with asyncio.timeout(self._patience):
                said, _nothing = await process.communicate(json.dumps(told, ensure_ascii=False).encode())
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            return False, "呼叫命令超时"
        first = said.decode("utf-8", "replace").strip().split("\n", 1)[0]
        return process.returncode == 0, first
