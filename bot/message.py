"""What a channel hands in: one message or press, in the channel's own ids."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a message; ``content`` is its bytes, ``name`` what the sender called it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update. ``external_id`` is unique on its channel, so that the same update twice is known.

    ``press`` is the data of the button that was pressed; ``reply_to`` the id of the message that was replied to.
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

    def as_json(self) -> dict[str, Any]:
        """Return what the store keeps of it; the bytes of files are kept elsewhere."""
        return {
            "text": self.text,
            "press": self.press,
            "reply_to": self.reply_to,
            "message_id": self.message_id,
            "files": [file.name for file in self.files],
        }
