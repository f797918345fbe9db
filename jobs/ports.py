"""What the workers need of the outside: a channel that sends, and what it answers.

A channel knows its service and these values; it knows no task, no database and no settings object.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, runtime_checkable


class Button(NamedTuple):
    """One button: ``data`` comes back with the press, at most 64 bytes."""

    label: str
    data: str


class Picker(NamedTuple):
    """Choose one of several things, then what to do with it: the press's data is then ``ACT:THING``."""

    things: tuple[Button, ...]
    acts: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Face:
    """A message with buttons in short pieces, for a service that shows it as a card; the channel cuts each to its room.

    ``fields`` are short names with values; ``marks`` say who did what since the message went out, the latest last.
    """

    title: str
    note: str = ""
    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send: the name that people see and where its bytes are."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for one chat. ``chat`` and ``reply_to`` are the service's own ids; ``text`` is plain text.

    A topic of a group is a chat of its own, ``GROUP/TOPIC``. ``key`` names this try for good, so that a channel whose
    service knows about duplicates can say so. With ``file`` the text is its caption. ``asks_text`` marks a question
    that is to be answered in words by whoever is replied to. ``album`` are further files with their captions, which go out
    together with the first one, at most as many in all as the channel's ``album``. ``face`` and ``picker`` are given where the channel shows
    cards, ``mark`` (a code such as 〔#215〕 that a quote can be placed by) where it ``quotes``, ``mentions`` (people who should look,
    by their accounts, with their names) where it mentions. What is ``pinned`` is to stay at the top of the chat, where the channel ``pins``.
    """

    chat: str
    text: str
    key: str
    buttons: tuple[Button, ...] = ()
    reply_to: str | None = None
    silent: bool = False
    file: Attachment | None = None
    album: tuple[tuple[str, Attachment], ...] = ()
    asks_text: bool = False
    face: Face | None = None
    picker: Picker | None = None
    mark: str = ""
    mentions: Mapping[str, str] = field(default_factory=dict)
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """What a message that was sent earlier is to say from now on; ``handle`` is what the service wants to see for it."""

    chat: str
    message_id: str
    text: str
    key: str
    buttons: tuple[Button, ...] = ()
    is_caption: bool = False
    face: Face | None = None
    picker: Picker | None = None
    mark: str = ""
    handle: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The service accepted the message. Nobody says 已送达 of that. ``handle`` lets the message be changed once, ``others`` are
    the ids of an album's further files.
    """

    message_id: str | None = None
    handle: str | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now: try again in ``after`` seconds at the earliest (None: with our own back-off). ``whole_chat`` stops the chat."""

    why: str
    after: float | None = None
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


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat lives on under another id; nothing was sent. ``why`` is given where somebody should know."""

    chat: str
    why: str = ""


SendResult = Sent | Retry | Rejected | Lost | Moved


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a service may be spoken to: each limit is (messages, seconds).

    In the minutes of the hour that ``avoid`` names nothing automatic goes out.
    """

    per_chat: tuple[tuple[int, float], ...] = ()
    overall: tuple[tuple[int, float], ...] = ()
    avoid: frozenset[int] = frozenset()


class Changes(Enum):
    """When a message that is out can be changed: never, right after a press on it, once for each handle, at any time.

    A handle comes with the answer to the message and with each press on it, so that ``ONCE`` is more than ``ON_PRESS``.
    """

    NEVER = "never"
    ON_PRESS = "on press"
    ONCE = "once"
    ANYTIME = "anytime"

    @property
    def unasked(self) -> bool:
        """Tell whether a message can be changed although nobody has just pressed on it."""
        return self in (Changes.ONCE, Changes.ANYTIME)

    @property
    def at_a_press(self) -> bool:
        """Tell whether the press itself is what allows a change, which then is made at once."""
        return self in (Changes.ON_PRESS, Changes.ONCE)

    def allows(self, handle: str | None) -> bool:
        """Tell whether a message can be changed now, with the handle that the service gave for it, if it did."""
        return self is Changes.ANYTIME or (self is Changes.ONCE and handle is not None)


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can do, as data: nobody asks which channel it is.

    ``limit`` is the length of one message and ``caption_limit`` of a file's text, in ``measure``. With ``toasts`` a
    press is answered to the person who pressed, so that no message need say it to all.

    ``album`` is how many files go out as one. ``changes`` tells when a message that is out can be changed. ``card_text`` is how many characters fit into a
    message with buttons (None: as many as into any), ``card_buttons`` and ``card_label`` how many buttons and how long. ``quotes`` tells that a reply brings the words replied to and not the
    message, ``names`` that the service tells what people and groups are called, ``announces`` that it tells when the
    bot comes into a chat and leaves it, ``overhears`` that it may bring what people say to each other, ``spoken_first`` that somebody must have spoken to the bot before it may write,
    ``hears`` that anything comes back at all. With ``pins`` a message can stay at the top of a chat and change there; with ``threads`` a message can reply to an earlier
    one of ours. ``people`` names the channel whose
    accounts are this one's too. ``bind_word`` is how a group is told to hand in its code, ``ask_hint`` what follows a
    question that is answered in words, ``answer_word``, ``file_word`` and ``list_word`` how people answer a message, hand in
    a file, and send a list there; ``title`` is how people call the service. With ``slashed`` a group is heard only when
    a message begins with a ``/command``, so that what one may write there is told as one.
    """

    title: str = "本地会话"
    slashed: bool = False
    buttons: bool = True
    changes: Changes = Changes.NEVER
    toasts: bool = False
    files: bool = False
    album: int = 1
    limit: int = 4096
    caption_limit: int = 1024
    measure: Literal["characters", "utf-16", "bytes", "wide bytes"] = "characters"
    hint: str = "请按按钮，或回复本条"
    pace: Pace = field(default_factory=Pace)
    card_text: int | None = None
    card_buttons: int = 6
    card_label: int = 10
    captions: bool = True
    quotes: bool = False
    names: bool = True
    announces: bool = True
    overhears: bool = False
    spoken_first: bool = False
    hears: bool = True
    mentions: bool = False
    pins: bool = False
    threads: bool = False
    people: str = ""
    bind_word: str = "/bind"
    ask_hint: str = ""
    answer_word: str = "回复本条"
    file_word: str = "回复本条发送文件"
    list_word: str = "把清单或方案作为文件发到本群"

    def spoken(self, word: str, latin: str) -> str:
        """Return how a command is written where this channel hears it: its word, or ``/latin``."""
        return f"/{latin}" if self.slashed else word

    def fits(self, text: str) -> bool:
        """Tell whether ``text`` goes into one message."""
        return _LENGTHS[self.measure](text) <= self.limit


MAY_BE_WIDENED = "*`<>[]~|\\#-+"
"""Signs of which a channel may send the full-width like, which has two bytes more."""

_LENGTHS: dict[str, Callable[[str], int]] = {
    "characters": len,
    "utf-16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "bytes": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "wide bytes": lambda text: (
        len(text.encode("utf-8", "surrogatepass")) + 2 * sum(text.count(sign) for sign in MAY_BE_WIDENED)
    ),
}


class Channel(Protocol):
    """One chat service. While it is not ``ready`` nothing is given to it, and what is for it waits."""

    name: str
    abilities: Abilities

    @property
    def ready(self) -> bool:
        """Tell whether messages can go out now."""

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Send one message; answer a ``SendResult``, and never raise for the service."""


@runtime_checkable
class Edits(Protocol):
    """A channel that can change a message ``unasked``."""

    async def edit(self, edit: Edit) -> SendResult:
        """Change a message that was sent; doing it twice is the same as once. Called only where ``changes`` allows it."""


class MenuFor(Enum):
    """For whom a menu of commands is."""

    GROUPS = "groups"
    PRIVATE = "private"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands that people of one kind of chat, or of one ``chat``, are shown: Latin names with what they do."""

    whom: MenuFor
    commands: tuple[tuple[str, str], ...]
    chat: str | None = None
