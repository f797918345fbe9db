"""Whom an urgent call did not reach is called over another line, once for every unit, and the outcome is written down."""

import asyncio

from bot.service import another_line
from bot.service.another_line import Outcome
from bot.wiring import House
from jobs import telephone
from jobs.telephone import Wanted

SECONDS = 5.0
"""How often it is looked whether somebody is to be called."""


class Telephone:
    """Calls whom an urgent call did not reach."""

    def __init__(self, house: House, command: str, patience: float = another_line.PATIENCE) -> None:
        """``command`` is a program with its arguments; ``patience`` is in real seconds."""
        self._house, self._command, self._patience = house, command, patience

    async def call(self) -> None:
        """Make every call that waits, one after the other."""
        while (wanted := await asyncio.to_thread(self._begin)) is not None:
            told = another_line.told_of(wanted.unit, wanted.contacts, wanted.words, wanted.who, wanted.on_duty)
            outcome = await another_line.call(self._command, told, self._patience)
            await asyncio.to_thread(self._end, wanted, outcome)

    def _begin(self) -> Wanted | None:
        with self._house.store.write() as session:
            now = self._house.now()
            telephone.give_up(session, now)
            return telephone.begin(session, self._house.desk, now)

    def _end(self, wanted: Wanted, outcome: Outcome) -> None:
        with self._house.store.write() as session:
            telephone.end(session, wanted.number, outcome.reached, outcome.said, self._house.now())
