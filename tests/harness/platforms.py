"""What differs between chat services in a story: how people are named, how a press is answered, what a message looks like.

A story says what people do and what they hear; these translate it to what the service's own people would do.
"""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Protocol

from bot.channels.incoming import Incoming
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.wecom.ai_bot import WecomBot
from bot.channels.wecom.updates import PRIVATE
from bot.dialogue.manners import BRIEF
from bot.inbound.listener import Listener
from tests.harness import bot_api, wecom_api
from tests.harness.bot_api import BotApi
from tests.harness.wecom_api import WecomApi

TOLD_AT_ONCE = BRIEF | {"stranger", "unbound", "fault"}


class Ear(Protocol):
    """Takes in what people did."""

    async def hears_all(self) -> None:
        """Return when everything that people did so far was handled."""

    async def stops(self) -> None:
        """Hear no more."""


class Platform(Protocol):
    """One chat service, as stories see it."""

    name: str
    accounts: str
    links: tuple[str, str] | None
    tells_names: bool
    later: timedelta
    answer_word: str
    edits: bool

    def channel(self, api: Any) -> Any:
        """Return the channel, not yet open."""

    def ear(self, api: Any, channel: Any, listener: Listener) -> Ear:
        """Return what listens."""

    def settings(self, api: Any) -> dict[str, str]:
        """Return the environment that connects the program to the stand-in."""

    def external(self, room: Any, topic: int | None) -> str:
        """Return the id by which the store knows a chat."""

    def together(self, waiting: Sequence[Any]) -> Sequence[Any]:
        """Return the first messages of those that people see as one."""

    def seen(self, together: Sequence[Any]) -> Any:
        """Return these as one message."""

    def goes_on(self, waiting: Sequence[Any]) -> bool:
        """Tell whether the first of these is the beginning of a message whose rest is still to come."""

    def replied(self, sent: Any) -> Any:
        """Return the message of the stand-in that a person replies to."""

    def number(self, update: dict[str, Any]) -> Any:
        """Return the number of a message that somebody wrote, as an answer to it shows."""

    def lose_files(self, api: Any) -> None:
        """Let the service forget the files that wait there."""

    def manner(self, room: Any) -> dict[str, Any]:
        """Return how people speak to the bot in a chat where it hears everything."""

    def breaks(self, api: Any, room: Any) -> None:
        """Let the service take the next message of a chat and never say so."""

    def labels(self, sent: Any) -> list[str]:
        """Return what can be pressed, or chosen."""

    def look_again(self, group: Any, sent: Any, who: str) -> None:
        """Let a message that is alive show how things stand, where it does not do so by itself."""

    def press(self, world: Any, group: Any, sent: Any, label: str, user: Any, data: str | None) -> str:
        """Press a button; return what who pressed is told at once."""

    def asks_words(self, sent: Any) -> bool:
        """Tell whether a message clearly asks for an answer in words."""

    def as_shown(self, text: str) -> str:
        """Return how people's words look when the bot repeats them."""


class OnTelegram:
    """Telegram: a press is answered to who pressed, messages are edited."""

    name = accounts = "telegram"
    links = (f"https://t.me/{bot_api.BOT_NAME}?startgroup=CODE", f"https://t.me/{bot_api.BOT_NAME}?start=CODE")
    tells_names = True
    later = timedelta()
    answer_word = "回复本条"
    edits = True

    def channel(self, api: BotApi) -> TelegramChannel:
        return TelegramChannel(bot_api.TOKEN, api.url, patience=1.0)

    def ear(self, api: BotApi, channel: TelegramChannel, listener: Listener) -> Ear:
        return _Polling(channel, listener)

    def settings(self, api: BotApi) -> dict[str, str]:
        return {"DUBAN_TELEGRAM_TOKEN": bot_api.TOKEN, "DUBAN_TELEGRAM_API_URL": api.url}

    def external(self, room: Any, topic: int | None) -> str:
        return f"{room.id}/{topic}" if topic else str(room.id)

    def together(self, waiting: Sequence[Any]) -> Sequence[Any]:
        return waiting[:1]

    def seen(self, together: Sequence[Any]) -> Any:
        return together[0]

    def goes_on(self, waiting: Sequence[Any]) -> bool:
        return False

    def replied(self, sent: Any) -> Any:
        return sent

    def labels(self, sent: Any) -> list[str]:
        return [label for label, _data in sent.buttons]

    def look_again(self, group: Any, sent: Any, who: str) -> None:
        """It is alive."""

    def breaks(self, api: BotApi, room: Any) -> None:
        api.troubles.append(bot_api.Trouble("reset", chat=room.id, accept=True))

    def manner(self, room: Any) -> dict[str, Any]:
        return {"names_the_bot": True} if room.admin else {}

    def number(self, update: dict[str, Any]) -> Any:
        return update["message"]["message_id"]

    def lose_files(self, api: BotApi) -> None:
        api.files.clear()

    def press(self, world: Any, group: Any, sent: Any, label: str, user: Any, data: str | None) -> str:
        update = world.api.presses(group.room, sent, label, user, data=data)
        world.happens()
        world.api.wait_for(lambda: world.api.answer_to(update) is not None)
        return world.api.answer_to(update) or ""

    def asks_words(self, sent: Any) -> bool:
        return bool(sent.force_reply)

    def as_shown(self, text: str) -> str:
        return text


class _Polling:
    def __init__(self, channel: TelegramChannel, listener: Listener) -> None:
        self._channel, self._listener = channel, listener

    async def hears_all(self) -> None:
        while await self._channel.poll(self._listener.hear):
            pass

    async def stops(self) -> None:
        """Nothing goes on by itself."""


class Seen:
    """A text and the card under it, as people see them: one message, with the card's buttons."""

    def __init__(self, parts: Sequence[Any]) -> None:
        self.parts = list(parts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.parts[-1], name)

    @property
    def text(self) -> str:
        """What both say."""
        return _unmarked("\n".join(part.text for part in self.parts))

    @property
    def reply_to(self) -> Any:
        """The message that the first of them answers."""
        return self.parts[0].reply_to


_MARK = re.compile(r"\s*〔#(\d+)(?:\.(\d+))?〕")


def _unmarked(text: str) -> str:
    return _MARK.sub("", text).removeprefix("督办\n").strip()


def _mark(sent: Any) -> tuple[int, int] | None:
    found = _MARK.search(sent.text)
    return (int(found[1]), int(found[2] or 1)) if found else None


class OnWecom:
    """WeCom: a pressed card is redrawn and the answer follows; only what @s the bot is heard; a quote brings words."""

    name = accounts = "wecom"
    links = None
    tells_names = False
    later = timedelta(minutes=1)
    answer_word = "引用本条并@我"
    edits = False

    def channel(self, api: WecomApi) -> WecomBot:
        return WecomBot(wecom_api.BOT_ID, wecom_api.SECRET, api.ws_url, patience=2.0)

    def ear(self, api: WecomApi, channel: WecomBot, listener: Listener) -> Ear:
        return _Connected(api, channel, listener)

    def settings(self, api: WecomApi) -> dict[str, str]:
        return {
            "DUBAN_WECOM_BOT_ID": wecom_api.BOT_ID,
            "DUBAN_WECOM_BOT_SECRET": wecom_api.SECRET,
            "DUBAN_WECOM_WS_URL": api.ws_url,
        }

    def external(self, room: Any, topic: int | None) -> str:
        return f"{PRIVATE}{room.id}" if room.kind == "private" else str(room.id)

    def together(self, waiting: Sequence[Any]) -> Sequence[Any]:
        first, second = [*waiting[:2], None, None][:2]
        if first is None or second is None or first.buttons or first.picks or second.kind != "card":
            return waiting[:1]
        one, other = _mark(first), _mark(second)
        return waiting[:2] if one and other and (one[0], one[1] + 1) == other else waiting[:1]

    def seen(self, together: Sequence[Any]) -> Any:
        return Seen(together)

    def goes_on(self, waiting: Sequence[Any]) -> bool:
        found = _MARK.search(waiting[0].text)
        return found is not None and found[2] is not None and waiting[0].kind != "card" and len(waiting) == 1

    def breaks(self, api: WecomApi, room: Any) -> None:
        api.troubles.append(wecom_api.Trouble("timeout", chat=room.id, accept=True))

    def look_again(self, group: Any, sent: Any, who: str) -> None:
        group.presses(sent, "刷新", who=who)

    def labels(self, sent: Any) -> list[str]:
        return [label for label, _data in sent.buttons or sent.picks[0][2]]

    def manner(self, room: Any) -> dict[str, Any]:
        """Nowhere does it hear everything; people quote their file, or write, and @ it."""
        return {"addressed": True} if getattr(room, "admin", False) else {}

    def number(self, update: dict[str, Any]) -> Any:
        return update["body"]["msgid"]

    def lose_files(self, api: WecomApi) -> None:
        api._media.clear()

    def replied(self, sent: Any) -> Any:
        return sent.parts[-1] if isinstance(sent, Seen) else sent

    def press(self, world: Any, group: Any, sent: Any, label: str, user: Any, data: str | None) -> str:
        pressed = self.replied(sent)
        before = len(world.api.sent)
        picks = _picked(pressed, label) if data is None else None
        update = world.api.presses(
            group.room, pressed, label if picks is None else "提交", user, data=data, picks=picks
        )
        world.happens()
        world.api.wait_for(lambda: world.platform_is_done(update))
        outcomes = world.outcome_of(update["body"]["msgid"]).partition(":")[0].split(",")
        if not set(outcomes) - {"ask_name"} <= TOLD_AT_ONCE:
            return ""
        told = world.awaits(group, before)
        return told.text if told is not None else ""

    def asks_words(self, sent: Any) -> bool:
        return sent.text.endswith("（请@我回复）")

    def as_shown(self, text: str) -> str:
        return text.translate(str.maketrans("*`<>[]~|\\", "＊｀＜＞［］～｜＼"))


def _picked(sent: Any, label: str) -> dict[str, str] | None:
    """Return what to choose on a card of choices so that it means the button of that label."""
    if not sent.picks:
        return None
    things = next(options for key, _title, options in sent.picks if key == "thing")
    bare = label.strip("〔〕")
    if len(sent.picks) == 1:
        return {"thing": next(data for text, data in things if label.startswith(text.rstrip("…")))}
    if label == "全部收到":
        return {"thing": "all", "act": "a"}
    return {"thing": next(data for text, data in things if text.split(" ")[0] == bare), "act": "o"}


class _Connected:
    """Hears over the connection, and knows when everything that came over it was handled."""

    def __init__(self, api: WecomApi, channel: WecomBot, listener: Listener) -> None:
        self._api, self._done, self._progress = api, len(api.pushed), asyncio.Event()
        parse = channel.updates.read

        def parsed(frame: dict[str, Any]) -> Incoming | None:
            incoming = parse(frame)
            if incoming is None:
                self._count()
            return incoming

        channel.updates.read = parsed  # type: ignore[method-assign]
        self._task: asyncio.Task[None] | None = None
        self._channel, self._hear = channel, listener.hear

    def _counted(self, hear: Callable[[Incoming], Awaitable[None]]) -> Callable[[Incoming], Awaitable[None]]:
        async def counted(incoming: Incoming) -> None:
            try:
                await hear(incoming)
            finally:
                self._count()

        return counted

    def _count(self) -> None:
        self._done += 1
        self._progress.set()

    async def hears_all(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._channel.listen(self._counted(self._hear), lambda: False))
        async with asyncio.timeout(20):
            while self._done < len(self._api.pushed):
                self._progress.clear()
                await self._progress.wait()

    async def stops(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task


def platform_of(api: Any) -> Platform:
    """Return the service behind a stand-in."""
    return OnWecom() if isinstance(api, WecomApi) else OnTelegram()
