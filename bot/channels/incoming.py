"""What a channel hands in: one message, press or event, in the channel's own ids."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import NamedTuple

from db import stored
from db.plain import person_name, plain, title
from db.stored import Json, Words
from db.words import Unusable


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a message; ``content`` is its bytes, ``name`` what the sender called it."""

    name: str
    content: bytes


class Attached(NamedTuple):
    """A file that waits at the service: its name, its size in bytes where the service tells it, and how to ask for it."""

    name: str
    ref: str
    size: int | None = None


_READS = re.compile(
    r"^/(?:import|revise)\b|(?<!放弃)导入(?!前)|读(?:一下|一读|读|入|取|作|成|出)|识别|修订\s*#?\d", re.IGNORECASE
)
READS_WITHIN = 40
"""Characters up to which words may be about the file that they point at, and nothing else."""


def asks_to_read(text: str) -> bool:
    """Tell whether words ask that a file be read: where they bring none, it is the one that they point at, 读一下."""
    return len(text) <= READS_WITHIN and _READS.search(text) is not None


class Event(Enum):
    """What happened to the bot or to a chat, without anybody saying anything."""

    JOINED = "joined"
    LEFT = "left"
    MUTED = "muted"
    MOVED = "moved"
    RENAMED = "renamed"
    OPENED = "opened"
    UNREAD = "unread"


class Unfetched(Exception):
    """A file cannot be had; the message is the reason, for the person who sent it, ``name`` what it is called if known."""

    def __init__(self, why: str, name: str | None = None) -> None:
        """Say why, and of which file."""
        super().__init__(why)
        self.name = name


@dataclass(frozen=True, slots=True)
class Call:
    """What a service brought to our address: header names in lower case, the query, the body."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service is answered."""

    status: int = 200
    body: str = ""


class Refused(Unusable):
    """A service does not let us work; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update. ``external_id`` is unique on its channel, so that the same update twice is known.

    ``press`` is the data of the button that was pressed, ``press_id`` what the press is answered by; ``message_id`` is
    the message itself, and for a press the one that carries the button. ``reply_to`` is the id of the message that was
    replied to. ``private`` tells that nobody else is in the chat; ``anonymous`` that the service hides who speaks.
    ``album`` is shared by messages that were sent as one. ``event`` with its ``value`` (a new id, a new title) is what
    happened where nobody said anything. Files wait at the service as ``attached``, and are ``files`` once fetched,
    or ``unfetched``, each with the reason.

    ``people`` names the channel whose account ``person`` is, where that is another. ``quoted`` are the words replied
    to where the service tells no more, or where they are not ours. ``addressed`` tells that the service brings only what is said to the bot, or that
    the bot is named. ``edited`` tells that the message was there before and its writer has changed its words.
    """

    channel: str
    external_id: str
    chat: str
    chat_title: str
    person: str
    person_name: str
    text: str = ""
    press: str | None = None
    reply_to: str | None = None
    message_id: str | None = None
    files: tuple[File, ...] = ()
    press_id: str | None = None
    private: bool = False
    anonymous: bool = False
    album: str | None = None
    event: Event | None = None
    value: str = ""
    attached: tuple[Attached, ...] = ()
    unfetched: tuple[tuple[str, str], ...] = ()
    people: str = ""
    quoted: str = ""
    addressed: bool = False
    edited: bool = False

    def __post_init__(self) -> None:
        """Keep what every store can keep, whatever the service brought: one place for all channels."""
        for names, tidied in ((_IDS, _an_id), (_NAMES, _a_name), (("person_name",), person_name), (_TEXTS, _a_text)):
            for name in names:
                value = getattr(self, name)
                if value:
                    object.__setattr__(self, name, tidied(value))
        object.__setattr__(self, "files", tuple(replace(file, name=_a_name(file.name)) for file in self.files))
        waiting = tuple(file._replace(name=_a_name(file.name)) for file in self.attached)
        object.__setattr__(self, "attached", waiting)
        object.__setattr__(self, "unfetched", tuple((_a_name(name), why) for name, why in self.unfetched))

    @property
    def accounts(self) -> str:
        """The channel whose account ``person`` is."""
        return self.people or self.channel

    @property
    def is_for_us(self) -> bool:
        """Tell whether the service shows that the bot is meant: a press, a reply to it, its name, a command, a private word."""
        return self.private or self.addressed or self.press is not None or self.reply_to is not None

    @property
    def is_addressed(self) -> bool:
        """Tell whether the bot is clearly spoken to, so that silence would be rude."""
        return self.is_for_us or self.text.startswith(("/", "@"))

    def as_json(self) -> Words:
        """Return what the store keeps of it; the bytes of files are kept elsewhere."""
        return {
            "text": self.text,
            "press": self.press,
            "reply_to": self.reply_to,
            "message_id": self.message_id,
            "files": [file.name for file in self.files] + [file.name for file in self.attached],
        }

    def without_words(self) -> Words:
        """Return what the store keeps of what is not for us, or of a stranger: no words, no names."""
        return {"text": "", "press": None, "reply_to": None, "message_id": self.message_id, "files": []}

    def as_kept(self) -> Json:
        """Return everything needed to go on with it after a restart, while its files are being fetched."""
        return stored.write(_Waiting(**{one.name: getattr(self, one.name) for one in fields(_Waiting)}))


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What is kept beside ``as_json`` of a message whose files are still to be fetched."""

    chat: str
    chat_title: str
    person: str
    person_name: str
    private: bool = False
    anonymous: bool = False
    people: str = ""
    quoted: str = ""
    addressed: bool = False
    attached: tuple[Attached, ...] = ()


def unread(channel: str, external_id: str, kind: str) -> Incoming:
    """Return an update that could not be read: by its number and ``kind``, without anything that stood in it."""
    return Incoming(channel, external_id, "", "", "", "", event=Event.UNREAD, value=kind)


_IDS = ("external_id", "chat", "person", "reply_to", "message_id", "album")
_NAMES = ("chat_title", "value")
_TEXTS = ("text", "quoted")

MAX_ID, MAX_NAME, MAX_TEXT = 200, 200, 40_000
"""Characters that are kept; a database's index takes no more than about 2,700 bytes of an id."""


def _an_id(value: str) -> str:
    """Return an id that can be kept and is still that of nothing else: one that cannot be is told by its digest."""
    readable = _readable(value)
    if readable == value and len(value) <= MAX_ID:
        return value
    return "sha256:" + hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def _a_name(value: str) -> str:
    return title(value)[:MAX_NAME]


def _a_text(value: str) -> str:
    return plain(value)[:MAX_TEXT]


def _readable(text: str) -> str:
    """Return a text without signs that no store can keep: NULs, and halves of characters."""
    return text.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def revived(channel: str, external_id: str, words: Words, album: str | None) -> Incoming:
    """Return the message whose files were still to be fetched, from what ``as_json`` and ``as_kept`` gave."""
    kept = stored.read(_Waiting, words["kept"])
    return Incoming(
        channel=channel,
        external_id=external_id,
        text=words["text"],
        reply_to=words["reply_to"],
        message_id=words["message_id"],
        album=album,
        **{one.name: getattr(kept, one.name) for one in fields(kept)},
    )


def with_files(incoming: Incoming, files: tuple[File, ...], unfetched: tuple[tuple[str, str], ...]) -> Incoming:
    """Return the message with its files fetched; ``unfetched`` are the names of the others, each with the reason."""
    return replace(incoming, files=files, attached=(), unfetched=unfetched)
