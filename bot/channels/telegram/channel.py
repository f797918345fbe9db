"""The Telegram channel: sends, edits and listens through the Bot API with python-telegram-bot, in our own loop.

Facts about the service stand here and nowhere else: what it answers, how fast it may be spoken to, what an update
looks like. Error texts are the server's own (tdlib/telegram-bot-api).
"""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from telegram import (
    BotCommand,
    InputMediaDocument,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.incoming import Answer, Attached, Call, File, Incoming, Refused, Unfetched
from bot.channels.telegram.client import ALLOWED, POLL_PATIENCE, UNREADABLE, Client, Requests, answer_to
from bot.channels.telegram.look import as_html, as_utf8, calling, file_name, keyboard, markup, place, replying_to, scope
from bot.channels.telegram.outcomes import MAX_WHY, NO_CHAT, UNCHANGED, Unreadable, outcome_of, says, seconds
from bot.channels.telegram.updates import Updates, is_number
from jobs.ports import (
    Abilities,
    Attachment,
    Changes,
    Edit,
    Menu,
    Outgoing,
    Pace,
    Rejected,
    SendResult,
    Sent,
)

log = logging.getLogger(__name__)

API_URL = "https://api.telegram.org"

LONG_POLL = 50
"""Seconds that the server lets a request for updates wait at most."""

KEEPS = timedelta(hours=24)
"""How long the service keeps updates that nobody has asked for (Bot API, Getting updates)."""

MAX_TOAST = 200

CONFLICTS = 5
"""So many refusals in a row mean that another program polls; one or two are our own earlier process dying."""

SETTLED_SECONDS = 30.0
"""Who has been asking for so long does not give way to a program that began later: that one gives up."""

REST = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Seconds of rest after so many failures to get updates in a row; from the third on the service counts as away."""

PACE = Pace(per_chat=((1, 1.0), (20, 61.0)), overall=((28, 1.0),))
"""The service allows about 30 a second in all, 20 a minute in a group, one a second in a chat. Times are taken before a
request goes out: the 61st second makes up for requests that arrive a little later than others."""

CONTESTED = "另有程序正在用同一个 Telegram 机器人接收消息（409）；请先停掉那一个，或换一个机器人"

DISTURBED = "另有程序也在用同一个 Telegram 机器人接收消息（409），可能收走了一部分；请停掉那一个"

ABILITIES = Abilities(
    title="Telegram",
    slashed=True,
    changes=Changes.ANYTIME,
    toasts=True,
    files=True,
    album=10,
    limit=4096,
    caption_limit=1024,
    measure="utf-16",
    hint="请按按钮，或回复本条",
    pace=PACE,
    overhears=True,
    pins=True,
    threads=True,
    mentions=True,
    list_word="把清单或方案作为文件发到本群并@我（私聊则直接发来）",
)


class TelegramChannel:
    """One bot account.

    ``exclusive``: who asks for updates must be alone with it. ``trouble`` is a line for the coordinators about what
    goes on working, None where all is well.
    """

    name = "telegram"
    abilities = ABILITIES
    ready = True
    keeps = KEEPS
    exclusive: str | None
    addresses: tuple[str, ...]
    trouble: str | None = None

    def __init__(
        self,
        token: str,
        api_url: str = API_URL,
        patience: float = 20.0,
        webhook: str | None = None,
        settled: float = SETTLED_SECONDS,
    ) -> None:
        """Prepare; nothing is asked of the service yet. ``patience`` is how many seconds an answer may take.

        With ``webhook``, the address under which we are reached, updates are brought there instead of asked for.
        After ``settled`` seconds of asking we no longer give way to another program.
        """
        base = api_url.rstrip("/")
        self.exclusive = None if webhook else f"{self.name}:{token.partition(':')[0]}"
        self._settled, self._introduced = settled, False
        self.addresses, self.calls = (api_url,), webhook is not None
        self._webhook = f"{webhook.rstrip('/')}/hook/{self.name}" if webhook else None
        options = {} if base.startswith("https:") else {"verify": False}  # without TLS there is nothing to verify
        self._token = token
        self._bot = Client(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=Requests(
                connection_pool_size=32,
                read_timeout=patience,
                connect_timeout=10,
                pool_timeout=10,
                httpx_kwargs=options,
            ),
            get_updates_request=Requests(
                connection_pool_size=2, read_timeout=POLL_PATIENCE, connect_timeout=10, httpx_kwargs=options
            ),
        )
        self.updates = Updates(self.name, self._bot)
        self._offset: int | None = None

    # ------------------------------------------------------------ opening and closing

    async def introduce(self) -> None:
        """Ask the service who we are.

        Raise ``Refused`` where the token is wrong, ``ConnectionError`` where the service cannot be reached now.
        """
        try:
            await answer_to(self._bot.initialize())
            self._introduced = True
        except InvalidToken:
            raise Refused("Telegram 机器人令牌无效：请核对 DUBAN_TELEGRAM_TOKEN（向 BotFather 索取）") from None
        except TelegramError as error:
            raise ConnectionError(self._words(error)) from None

    async def open(self) -> None:
        """Make ourselves known, for polling or for our webhook; raise as ``introduce`` does."""
        await self.introduce()
        self.ready = True
        try:
            if self._webhook is None:
                await answer_to(self._bot.delete_webhook())
            else:
                await answer_to(
                    self._bot.set_webhook(self._webhook, secret_token=self.secret, allowed_updates=list(ALLOWED))
                )
        except BadRequest as error:
            raise Refused(f"Telegram 不接受设置：{self._words(error)}；请核对 DUBAN_TELEGRAM_WEBHOOK") from None
        except TelegramError as error:
            raise ConnectionError(self._words(error)) from None

    async def close(self) -> None:
        """Let go of the connections; until ``open`` nothing can be sent."""
        self.ready = False
        await self._bot.shutdown()

    @property
    def greeting(self) -> str:
        """Who we are there: our name once open, our number before."""
        if not self._introduced:
            return f"Telegram 机器人{self._token.partition(':')[0]}"
        return f"Telegram @{self._bot.username}"

    def links(self) -> tuple[str, str]:
        """The links that take the bot into a group, and a person to the bot; ``CODE`` stands for the code."""
        base = f"https://t.me/{self._bot.username}"
        return f"{base}?startgroup=CODE", f"{base}?start=CODE"

    @property
    def secret(self) -> str:
        """What the service must show with every call of the webhook; made from the token."""
        return hashlib.sha256(f"webhook {self._token}".encode()).hexdigest()

    def _words(self, error: TelegramError) -> str:
        """Return what an error says in one short line, without our token: a page of some proxy's may repeat the address."""
        said = error.message.partition(". Parsing the server response")[0].replace(self._token, "…")
        return " ".join(said.split())[:MAX_WHY]

    # ------------------------------------------------------------ sending

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Send one message; answer a ``SendResult``, and never raise for the service."""
        try:
            chat, topic = place(outgoing.chat)
        except ValueError:
            return Rejected(NO_CHAT, chat_is_dead=True)
        common: dict[str, Any] = {
            "chat_id": chat,
            "message_thread_id": topic,
            "disable_notification": outgoing.silent,
            "reply_parameters": replying_to(outgoing.reply_to),
            "reply_markup": markup(outgoing),
            "parse_mode": ParseMode.HTML,
        }
        try:
            if outgoing.file is None:
                no_preview = LinkPreviewOptions(is_disabled=True)
                sent = await answer_to(
                    self._bot.send_message(
                        text=as_html(outgoing.text) + calling(outgoing, ABILITIES),
                        link_preview_options=no_preview,
                        **common,
                    )
                )
            elif outgoing.album:
                return await self._send_album(outgoing, [(outgoing.text, outgoing.file), *outgoing.album], common)
            else:
                content, name = await asyncio.to_thread(outgoing.file.path.read_bytes), file_name(outgoing.file.name)
                sent = await answer_to(
                    self._bot.send_document(document=content, filename=name, caption=as_html(outgoing.text), **common)
                )
        except TelegramError as error:
            return outcome_of(error, self._words(error), outgoing.chat)
        except OSError as error:
            return Rejected(f"文件无法读取（{error.strerror}）")
        if outgoing.pinned:
            await self._pin(chat, sent.message_id)
        return Sent(str(sent.message_id))

    async def _pin(self, chat: int, message: int) -> None:
        """Keep a message at the top of its chat; where we have no right to it, it stands where it is and is as true."""
        try:
            await answer_to(self._bot.pin_chat_message(chat, message, disable_notification=True))
        except TelegramError as error:
            log.info("not-pinned why=%s", self._words(error))

    async def _send_album(
        self, outgoing: Outgoing, files: Sequence[tuple[str, Attachment]], common: Mapping[str, Any]
    ) -> SendResult:
        """Send several files as one, which takes no buttons; they stay whole, since as pictures the service would shrink them."""
        media = [
            InputMediaDocument(
                await asyncio.to_thread(file.path.read_bytes),
                filename=file_name(file.name),
                caption=as_html(text),
                parse_mode=ParseMode.HTML,
            )
            for text, file in files
        ]
        own = {name: value for name, value in common.items() if name not in ("reply_markup", "parse_mode")}
        first, *others = await answer_to(self._bot.send_media_group(media=media, **own))
        return Sent(str(first.message_id), others=tuple(str(one.message_id) for one in others))

    async def edit(self, edit: Edit) -> SendResult:
        """Change a message that was sent."""
        chat, _topic = place(edit.chat)
        common: dict[str, Any] = {
            "chat_id": chat,
            "message_id": int(edit.message_id),
            "reply_markup": keyboard(edit.buttons),
            "parse_mode": ParseMode.HTML,
        }
        try:
            if edit.is_caption:
                await answer_to(self._bot.edit_message_caption(caption=as_html(edit.text), **common))
            else:
                no_preview = LinkPreviewOptions(is_disabled=True)
                await answer_to(
                    self._bot.edit_message_text(text=as_html(edit.text), link_preview_options=no_preview, **common)
                )
        except TelegramError as error:
            if says(error.message, UNCHANGED):
                return Sent(edit.message_id)
            return outcome_of(error, self._words(error), edit.chat)
        return Sent(edit.message_id)

    async def answer(self, press_id: str, text: str) -> None:
        """Answer a press; one that came too late is still a press, and its answer no fault."""
        try:
            said = as_utf8(text[:MAX_TOAST]) or None
            await answer_to(self._bot.answer_callback_query(press_id, text=said, show_alert=False))
        except TelegramError as error:
            log.info("press-answered-in-vain why=%s", self._words(error))

    async def fetch(self, attached: Attached, limit: int) -> File:
        """Return a file that somebody sent; raise ``Unfetched`` when the service does not give it."""
        try:
            file = await answer_to(self._bot.get_file(attached.ref))
            if (file.file_size or 0) > limit:
                raise Unfetched("文件过大")
            return File(attached.name, bytes(await file.download_as_bytearray()))
        except TelegramError as error:
            log.warning("file-not-fetched why=%s", self._words(error))
            raise Unfetched("未能取回，请重新发送") from None

    async def show_menus(self, menus: Sequence[Menu]) -> None:
        """Let people see the commands there are, each kind of chat its own."""
        for menu in menus:
            commands = [BotCommand(name, text[:256]) for name, text in menu.commands]
            try:
                await answer_to(self._bot.set_my_commands(commands, scope=scope(menu)))
            except TelegramError as error:
                log.warning("menu-not-taken why=%s", self._words(error))

    # ------------------------------------------------------------ listening

    async def listen(self, hear: Callable[[Incoming], Any], stopping: Callable[[], bool]) -> None:
        """Ask for updates until ``stopping``, unless they are brought to us.

        Raise ``Refused`` where another program was first to take them, or the token is wrong. One that comes later
        meets us again and again and gives up; meanwhile it is our ``trouble``.
        """
        if self.calls:
            return
        failures = conflicts = 0
        clock = asyncio.get_running_loop().time
        began = clock()
        while not stopping():
            try:
                if not await self.poll(hear, LONG_POLL):
                    conflicts = 0  # nobody cut this question short
                    self.trouble = None
                failures, self.ready = 0, True
            except Conflict:
                conflicts += 1
                if conflicts >= CONFLICTS:
                    if clock() - began < self._settled:
                        raise Refused(CONTESTED) from None
                    self.trouble = DISTURBED
                await asyncio.sleep(REST[0])
            except InvalidToken:
                raise Refused("Telegram 机器人令牌已失效；请更新 DUBAN_TELEGRAM_TOKEN") from None
            except RetryAfter as error:
                await asyncio.sleep(seconds(error) + 1)
            except TelegramError as error:
                if not isinstance(error, TimedOut):
                    log.warning("no-updates why=%s", self._words(error))
                await asyncio.sleep(REST[min(failures, len(REST) - 1)])
                failures, self.ready = failures + 1, failures < 2

    async def poll(self, hear: Callable[[Incoming], Any], wait: int = 0) -> int:
        """Ask for updates once, waiting up to ``wait`` seconds for the first; return how many there were.

        The next question tells the service that these are handled, so that each is in the store by then. Chats are
        independent of each other; within one chat everything goes in its order.
        """
        told = await answer_to(self._bot.updates_as_told(self._offset, wait))
        updates = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
        numbers = [one["update_id"] for one in updates if is_number(one.get("update_id"))]
        if told != [] and not numbers:  # nothing to go on by: asking again would bring the same
            raise Unreadable(UNREADABLE)
        by_chat: dict[str, list[Incoming]] = {}
        for update in updates:
            incoming = self.updates.read(update)
            if incoming is not None:
                by_chat.setdefault(incoming.chat, []).append(incoming)
        await asyncio.gather(*(_in_order(hear, some) for some in by_chat.values()))
        if numbers:
            self._offset = max(numbers) + 1
        return len(updates)

    async def called(self, call: Call, hear: Callable[[Incoming], Any]) -> Answer:
        """Take one update that the service brought to the webhook, and showed the secret with."""
        shown = call.headers.get("x-telegram-bot-api-secret-token", "")
        if call.method != "POST" or not hmac.compare_digest(shown.encode(), self.secret.encode()):
            return Answer(403)
        try:
            told = json.loads(call.body)
        except (ValueError, RecursionError):
            return Answer(400)
        incoming = self.updates.read(told) if isinstance(told, dict) else None
        if incoming is not None:
            await hear(incoming)
        return Answer()


async def _in_order(hear: Callable[[Incoming], Any], some: Sequence[Incoming]) -> None:
    for incoming in some:
        await hear(incoming)
