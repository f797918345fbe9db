"""A kit: one channel against its stand-in, with the handles that the contract of a channel is held by.

A kit says how its channel is made, how the service behind it breaks and what people saw. What a channel cannot do it
declares, in its abilities or here.
"""

import asyncio
import traceback
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from starlette.responses import Response

from bot.channels.incoming import Incoming, Refused
from bot.channels.service import Opens, introduce
from db.clock import VirtualClock
from jobs.ports import Abilities, Attachment, Outgoing, SendResult, Sent

T = TypeVar("T")

NOBODY = "http://127.0.0.1:9"
"""Where no service is."""

PATIENCE, IMPATIENCE = 3.0, 0.1
"""Seconds that an answer may take, and where a test knows that none comes."""


class Kit:
    """One channel against its stand-in, with one chat that may break and one that never does."""

    stand_in: ClassVar = ""
    """The fixture that gives the stand-in; without one there is no service that could refuse, break and be told secrets."""
    abilities: ClassVar[Abilities]
    numbered: ClassVar = True
    """The service, or we, number what is sent."""
    upload: ClassVar = ""
    """The call by which files are brought to the service before the message that shows them."""
    plain_signs: ClassVar = False
    """The service takes no control signs in texts."""
    wrong: ClassVar = "wrong-secret"

    api: Any
    channel: Any
    chat: str
    room: str
    person: str

    def __init__(self, folder: Path, api: Any) -> None:
        self.folder, self.api, self.loop, self.patch = folder, api, asyncio.new_event_loop(), pytest.MonkeyPatch()
        self.made: list[Any] = []
        self.heard: list[Incoming] = []
        self.said: list[str] = []

    # ------------------------------------------------------------ what each says of itself

    @classmethod
    def can(cls, abilities: Abilities) -> set[str]:
        """Return what tests may need that a channel of these abilities has."""
        has = {
            "a service": bool(cls.stand_in), "buttons": abilities.buttons, "files": abilities.files,
            "cards": abilities.buttons and abilities.card_text is not None, "uploads": bool(cls.upload),
            "numbers": cls.numbered,
        }  # fmt: skip
        return {name for name, able in has.items() if able}

    def make(self, patience: float = PATIENCE) -> Any:
        """Return the channel, not yet open."""
        raise NotImplementedError

    def variants(self) -> list[Any]:
        """Return channels with the right secrets that are set up in other ways."""
        return []

    def strangers(self) -> list[Any]:
        """Return channels with wrong secrets."""
        return []

    def lonely(self) -> Any:
        """Return a channel whose service is not there."""
        raise NotImplementedError

    @property
    def secrets(self) -> list[str]:
        """What must never be told."""
        return []

    @property
    def seen(self) -> list[Any]:
        """What people saw, in order."""
        raise NotImplementedError

    def goes_wrong(self, how: str, *, cmd: str = "", accept: bool = False) -> None:
        """Let the next message to the chat (or the call ``cmd``) go wrong: timeout, reset, busy, flood."""
        raise NotImplementedError

    def dies(self) -> None:
        """Let the chat be out of reach for good."""
        raise NotImplementedError

    def presses(self, sent: Any, data: str) -> Incoming:
        """Somebody presses what carries ``data``; return what the channel makes of it."""
        raise NotImplementedError

    def babbles(self, status: int, body: bytes) -> None:
        """From now on every answer of the service is this."""

        async def babbling(_request: Any) -> Response:
            return Response(body, status, media_type="application/json")

        self.patch.setattr(self.api, "serve", babbling)

    def turns_with(self, clock: VirtualClock) -> None:
        """Let the service live on a virtual clock, and count by it."""
        self.api.clock, self.api.limits = lambda: clock.now().timestamp(), True

    async def opens(self, channel: Any) -> None:
        """Open a channel, where it has to be opened."""
        if isinstance(channel, Opens):
            await channel.open()

    async def closes(self, channel: Any) -> None:
        """Close a channel."""
        await channel.close()

    # ------------------------------------------------------------ what all share

    def does(self, doing: Coroutine[Any, Any, T]) -> T:
        """Do something to its end; what comes of it must tell no secret."""
        try:
            result = self.loop.run_until_complete(doing)
        except Exception as error:
            self.said += [str(error), "".join(traceback.format_exception(error))]
            raise
        self.said.append(repr(result))
        return result

    async def hear(self, incoming: Incoming) -> None:
        """Take in what the channel heard."""
        self.heard.append(incoming)

    def refusal_of(self, doing: Coroutine[Any, Any, Any]) -> str | None:
        """Do what a channel may refuse to do; return why it did, None where it did not. Any other error is a crash."""
        try:
            self.does(doing)
        except (Refused, ConnectionError) as refusal:
            return str(refusal)
        return None

    def meetings_of(self, channel: Any) -> list[str | None]:
        """Open a channel and let it tell who it is; return why it refused either, None where it did not."""
        return [self.refusal_of(doing) for doing in (self.opens(channel), introduce(channel))]

    def begins(self, patience: float = PATIENCE) -> None:
        """Make and open the channel; after a restart it is another."""
        if self.made:
            self.does(self.closes(self.channel))
        self.channel = self.keeps(self.make(patience))
        self.opens_at_last()

    def opens_at_last(self) -> None:
        """Open the channel, after some tries if it is in haste."""
        for _again in range(20):
            if self.refusal_of(self.opens(self.channel)) is None:
                return
        raise AssertionError("the channel does not open")

    def keeps(self, channel: Any) -> Any:
        """Remember a channel, so that it is closed in the end."""
        self.made.append(channel)
        return channel

    def recovers(self) -> None:
        """Let the service talk sense again; then the same channel gets a message out, after some tries if it is in haste."""
        self.patch.undo()
        for _again in range(20):
            if not self.channel.ready:
                self.opens_at_last()
            if isinstance(self.sends(), Sent):
                return
        raise AssertionError("the channel never got well again")

    def outgoing(self, text: str = "你好", **more: Any) -> Outgoing:
        """Return a message for the chat, or another ``chat``."""
        return Outgoing(more.pop("chat", self.chat), text, more.pop("key", f"{len(self.said)}-1-1"), **more)

    def sends(self, text: str = "你好", **more: Any) -> SendResult:
        """Send a message."""
        channel = more.pop("channel", self.channel)
        result: SendResult = self.does(channel.send(self.outgoing(text, **more)))
        return result

    def sends_at_once(self, *messages: dict[str, Any]) -> list[SendResult]:
        """Send messages all at once; return the answers in their order."""

        async def all_of_them() -> list[SendResult]:
            return list(await asyncio.gather(*(self.channel.send(self.outgoing(**one)) for one in messages)))

        return self.does(all_of_them())

    def arrives(self, text: str = "你好", **more: Any) -> Any:
        """Send a message that must arrive, and return what people saw."""
        before = len(self.seen)
        result = self.sends(text, **more)
        assert isinstance(result, Sent), result
        assert len(self.seen) == before + 1
        return self.seen[-1]

    def file(self, name: str = "报告.pdf", content: bytes = b"%PDF-1.7") -> Attachment:
        """Return a file to send."""
        path = self.folder / "stored"
        path.write_bytes(content)
        return Attachment(name, path)

    def ends(self, log: str) -> None:
        """Close everything; no secret was told, and the service was asked for nothing that it refuses."""
        self.patch.undo()
        self.said.append(str(getattr(self.channel, "greeting", "")))
        for channel in self.made:
            self.said.append(repr(channel))
            self.loop.run_until_complete(self.closes(channel))
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()
        everything = "\n".join([log, *self.said])
        assert [secret for secret in (*self.secrets, self.wrong) if secret in everything] == []
        assert not self.stand_in or self.api.faults == []
