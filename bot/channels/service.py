"""What the program asks of a chat service: what every one does, and what only some can.

A service has the methods of what it can do, and no others. Whoever wants more of one than that it speaks asks
``isinstance`` of the protocols here; what is a matter of degree stands in ``Abilities``. Nobody asks which service it is.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Protocol, runtime_checkable

from bot.channels.incoming import Answer, Attached, Call, File, Incoming
from jobs.ports import Abilities, Channel, Edit, Menu, SendResult

Hear = Callable[[Incoming], Awaitable[None]]
"""How a channel hands in what it heard."""


class Service(Channel, Protocol):
    """A chat service that speaks; ``addresses`` are the URLs that it goes to. It may do any of what follows, too."""

    addresses: tuple[str, ...]

    @property
    def greeting(self) -> str:
        """Who we are there, once open, for the line that ``duban run`` prints."""

    async def close(self) -> None:
        """Let go of the connections; doing it twice is the same as once."""


# ---------------------------------------------------------------- before it speaks


@runtime_checkable
class Opens(Protocol):
    """Has to be opened, and knows who we are."""

    async def introduce(self) -> None:
        """Ask the service who we are, disturbing nothing that runs; raise as ``open`` does."""

    async def open(self) -> None:
        """Make ourselves known; raise ``Refused`` for good, ``ConnectionError`` where it may work later."""


@runtime_checkable
class Alone(Protocol):
    """Has, where ``exclusive`` names it, what only one program may use at a time, such as a bot's only connection.

    ``keeps`` is how long the service keeps for us what is said while we are away.
    """

    exclusive: str | None
    keeps: timedelta


@runtime_checkable
class Invites(Protocol):
    """Has links that lead people to the bot."""

    def links(self) -> tuple[str, str]:
        """Return, once introduced, the links that take the bot into a group, and a person to the bot; ``CODE`` stands for the code."""


@runtime_checkable
class ShowsMenus(Protocol):
    """Shows people the commands there are."""

    async def show_menus(self, menus: Sequence[Menu]) -> None:
        """Let people see these."""


@runtime_checkable
class Troubled(Protocol):
    """May go on working in spite of something: a line about it for the coordinators, None where all is well."""

    trouble: str | None


# ---------------------------------------------------------------- what it brings


class Source(Protocol):
    """What brings updates: by itself, or when it is called. It may do any of what follows, too."""

    name: str
    abilities: Abilities


@runtime_checkable
class Listens(Protocol):
    """Brings updates by itself."""

    async def listen(self, hear: Hear, stopping: Callable[[], bool]) -> None:
        """Bring updates until ``stopping``; raise ``Refused`` where the service stops that for good."""


@runtime_checkable
class IsCalled(Protocol):
    """Is called by its service at ``/hook/NAME``, where ``calls`` tells that it is set up so."""

    calls: bool

    async def called(self, call: Call, hear: Hear) -> Answer:
        """Take what the service brought to our address; what does not come from it is answered with 403."""


@runtime_checkable
class Answers(Protocol):
    """Can say something to who has just pressed a button, or opened the conversation, and to them alone."""

    async def answer(self, press_id: str, text: str) -> None:
        """Say it; an answer that comes too late is no fault."""


@runtime_checkable
class Redraws(Protocol):
    """Can change a message right after a press on it (``changes.at_a_press``)."""

    async def redraw(self, press_id: str, edit: Edit) -> SendResult:
        """Change the message whose button was pressed."""


@runtime_checkable
class Fetches(Protocol):
    """Has files that people sent."""

    async def fetch(self, attached: Attached, limit: int) -> File:
        """Return a file that waits at the service; raise ``Unfetched`` when it cannot be had or has over ``limit`` bytes."""


# ---------------------------------------------------------------- asked in more than one place


def as_called(service: Service) -> IsCalled | None:
    """Return the service as one that calls us, where it is set up to."""
    return service if isinstance(service, IsCalled) and service.calls else None


async def introduce(service: Service) -> None:
    """Let the service tell who we are, where it can; raise as ``Opens.introduce`` does."""
    if isinstance(service, Opens):
        await service.introduce()
