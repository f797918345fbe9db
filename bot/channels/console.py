"""The console channel: an embedded local chat, for trying the product and for rehearsals.

Its messages are what the store records of them; whoever wants to see them as they go out hands in ``show``. In a terminal
and in a rehearsal what was said stands; in the browser (``InBrowser``) it is shown as it is now.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from jobs.ports import Abilities, Changes, Edit, Outgoing, Rejected, SendResult, Sent

MAX_NAME = 200
"""Bytes of a file's name; systems take 255."""


class ConsoleChannel:
    """Accepts every message at once."""

    name = "console"
    abilities = Abilities(hint="请按按钮，或回复本条")
    ready = True

    def __init__(self, show: Callable[[Outgoing], None] | None = None) -> None:
        """Call ``show`` with every message that is sent."""
        self._show = show

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Accept the message; its id is made from its key, which is unique for good."""
        if self._show is not None:
            self._show(outgoing)
        return Sent(f"c{outgoing.key}")


class InBrowser(ConsoleChannel):
    """The same chats as a page shows them: a message can change at any time, and brings its file.

    What only who pressed need hear is the answer to the press, and no message.
    """

    abilities = Abilities(changes=Changes.ANYTIME, toasts=True, files=True, pins=True, hint="请按按钮，或回复本条")

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Accept the message, with a file only where there is something to open."""
        if outgoing.file is not None and not _has_content(outgoing.file.path):
            return Rejected("文件是空的，或已不在")
        return await super().send(outgoing)

    async def edit(self, edit: Edit) -> SendResult:
        """Accept the change: the page shows what the store has."""
        return Sent(edit.message_id)


class OnBoard(InBrowser):
    """What the board answers to who acts there: it stands in the store, and whoever acted reads it on the page."""

    name = "board"
    abilities = replace(InBrowser.abilities, pins=False, title="网页台账", hint="请在网页台账上办理")


def _has_content(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size > 0
    except OSError:
        return False


_UNSAFE_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def file_name(name: str) -> str:
    """Return a name under which a browser may save a file: no path, no control sign, not too long, its ending kept."""
    path = Path(_UNSAFE_IN_NAMES.sub("_", name).strip(" .") or "文件")
    ending = path.suffix if len(path.suffix) <= 10 else ""
    stem = path.name.removesuffix(ending)
    return stem.encode()[: MAX_NAME - len(ending.encode())].decode(errors="ignore") + ending
