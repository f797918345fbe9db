"""What the program asks of a chat service."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Protocol

from bot.channels.incoming import Answer, Attached, Call, File, Incoming
from jobs.ports import Abilities, Channel, Edit, Menu, SendResult


class Source(Protocol):
    """What listening needs of a channel."""

    name: str
    abilities: Abilities

    async def answer(self, press_id: str, text: str) -> None:
        """Say ``text`` to who pressed a button, and to them alone; an answer that comes too late is no fault."""

    async def redraw(self, press_id: str, edit: Edit) -> SendResult:
        """Change the message whose button was pressed; called only where ``changes.at_a_press``."""

    async def fetch(self, attached: Attached, limit: int) -> File:
        """Return a file that waits at the service; raise ``Unfetched`` when it cannot be had or has over ``limit`` bytes."""


class Service(Source, Channel, Protocol):
    """A chat service that brings updates of its own.

    ``exclusive`` names what only one program may use at a time, such as a bot's only connection; ``addresses`` are the
    URLs that it goes to. ``calls`` tells that the service calls us, at ``/hook/NAME``, ``invites`` that it has links
    which lead people to the bot. ``keeps`` is how long the service keeps for us what is said while we are away,
    ``trouble`` a line for the coordinators about what goes on working, None where all is well.
    """

    exclusive: str | None
    keeps: timedelta
    trouble: str | None
    addresses: tuple[str, ...]
    calls: bool
    invites: bool

    async def introduce(self) -> None:
        """Ask the service who we are, disturbing nothing that runs; raise as ``open`` does."""

    async def open(self) -> None:
        """Make ourselves known; raise ``Refused`` for good, ``ConnectionError`` where it may work later."""

    async def close(self) -> None:
        """Let go of the connections."""

    async def listen(self, hear: "Hear", stopping: Callable[[], bool]) -> None:
        """Bring updates until ``stopping``; raise ``Refused`` where the service stops that for good."""

    async def called(self, call: Call, hear: "Hear") -> Answer:
        """Take what the service brought to our address; what does not come from it is answered with 403."""

    async def show_menus(self, menus: Sequence[Menu]) -> None:
        """Let people see the commands there are."""

    @property
    def greeting(self) -> str:
        """Who we are there, once open, for the line that ``duban run`` prints."""

    @property
    def links(self) -> tuple[str, str] | None:
        """The links that take the bot into a group, and a person to the bot; ``CODE`` stands for the code."""


Hear = Callable[[Incoming], Awaitable[None]]
"""How a channel hands in what it heard."""
