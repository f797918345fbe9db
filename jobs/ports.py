"""What the workers need of the outside: a channel that sends, and what it answers.

A channel knows its service and these values; it knows no task, no database and no settings object.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Button:
    """One button: ``data`` comes back with the press, at most 64 bytes."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for one chat. ``chat`` and ``reply_to`` are the service's own ids; ``text`` is plain text.

    ``key`` names this try for good, so that a channel whose service knows about duplicates can say so.
    """

    chat: str
    text: str
    key: str
    buttons: tuple[Button, ...] = ()
    reply_to: str | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """The service accepted the message. Nobody says 已送达 of that."""

    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now: try again at ``at`` at the earliest (None: with our own back-off). ``whole_chat`` stops the chat."""

    why: str
    at: datetime | None = None
    whole_chat: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """Never, and why; ``chat_is_dead`` when nothing will ever go out to this chat again."""

    why: str
    chat_is_dead: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection broke after the request went out: nobody knows whether the service accepted it."""

    why: str


SendResult = Sent | Retry | Rejected | Lost


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a service may be spoken to: each limit is (messages, seconds)."""

    per_chat: tuple[tuple[int, float], ...] = ()
    overall: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can do, as data: nobody asks which channel it is.

    ``limit`` is the length of one message, in UTF-8 bytes where ``limit_in_bytes``, else in characters.
    """

    buttons: bool = True
    edits: bool = False
    files: bool = False
    limit: int = 4096
    limit_in_bytes: bool = False
    hint: str = "请按按钮，或回复本条"
    pace: Pace = field(default_factory=Pace)

    def fits(self, text: str) -> bool:
        """Tell whether ``text`` goes into one message."""
        return len(text.encode() if self.limit_in_bytes else text) <= self.limit


class Channel(Protocol):
    """One chat service."""

    name: str
    abilities: Abilities

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Send one message; answer ``Sent``, ``Retry``, ``Rejected`` or ``Lost``, and never raise for the service."""
