"""Who turns the clock behind the page: nobody where it is real, whoever tries the program in a trial."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.channels.incoming import Incoming
from bot.inbound.taken import Taken
from bot.wiring import House


@dataclass(frozen=True, slots=True)
class Clock:
    """How the clock stands: ``now`` and when something can happen next (UTC), and what of it can be steered."""

    now: datetime
    virtual: bool = False
    steered: bool = False
    plays: bool = False
    cast: bool = False
    next_at: datetime | None = None


class Steering(Protocol):
    """What the page speaks into. Every method may block, and is called from a worker thread."""

    name: str
    """Tells this store's pages from those of another that was served here before."""

    def take(self, incoming: Incoming) -> Taken:
        """Let somebody say something; raise as ``Inbox.take`` does."""

    def clock(self) -> Clock:
        """Tell how the clock stands."""

    def turn(self, act: str) -> bool:
        """Do what a button of the clock says; False where there is no such."""

    def is_answered(self, chat: str) -> bool:
        """Tell whether people who are played answer in a chat."""


class Unsteered:
    """The program as it serves: its clock goes on by itself, and nobody is played."""

    name = ""

    def __init__(self, house: House, hurry: Callable[[], None] = lambda: None) -> None:
        """``hurry`` lets delivery look at once; it may be called from any thread."""
        self._house, self._hurry = house, hurry

    def take(self, incoming: Incoming) -> Taken:
        """Let somebody say something now."""
        taken = self._house.inbox.take(incoming, self._house.now())
        self._hurry()
        return taken

    def clock(self) -> Clock:
        """Tell the house's time."""
        return Clock(self._house.now(), virtual=self._house.virtual)

    def turn(self, act: str) -> bool:
        """Turn nothing."""
        return False

    def is_answered(self, chat: str) -> bool:
        """Nobody is played."""
        return False
