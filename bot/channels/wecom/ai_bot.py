"""The WeCom channel: the AI bot 智能机器人, the one public way to buttons and answers in an ordinary group.

Sources: 100719 and 101027 (messages and events), 101031 (answers), 101032 (cards), 101463 (the WebSocket).
"""

import asyncio
import base64
import hashlib
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import urlsplit

from bot.channels.incoming import Attached, File, Incoming, Unfetched
from bot.channels.wecom.cards import TEXT, Frame, as_markdown, card, file_name
from bot.channels.wecom.crypto import decrypt_file
from bot.channels.wecom.downloads import Downloads
from bot.channels.wecom.outcomes import MEDIA_GONE, outcome_of
from bot.channels.wecom.updates import PRIVATE, REPLY, Updates
from bot.channels.wecom.wire import WS_URL, Ack, NotSent, Unanswered, Wire
from jobs.ports import (
    Abilities,
    Changes,
    Edit,
    Lost,
    Outgoing,
    Pace,
    Rejected,
    Retry,
    SendResult,
)

log = logging.getLogger(__name__)

GROUP, SINGLE = 2, 1
"""Kinds of conversation, as a push names them."""

MARK = 14
"""Characters of a card that are kept for the code by which a quote is placed."""

ABILITIES = Abilities(
    title="企业微信",
    files=True,
    changes=Changes.ON_PRESS,
    card_text=TEXT - MARK,
    captions=False,
    quotes=True,
    names=False,
    announces=False,
    spoken_first=True,
    limit=20_000,
    measure="wide bytes",
    hint="请按按钮，或引用本条并@我",
    ask_hint="（请@我回复）",
    bind_word="@机器人 绑定",
    answer_word="引用本条并@我",
    file_word="先把文件发到群里，再引用它并@我，写上编号",
    list_word="先把清单或方案的文件发到群里，再引用它并@我",
    pace=Pace(per_chat=((30, 61.0), (1000, 3601.0)), avoid=frozenset({0, 30})),
)
"""30 messages a minute and 1,000 an hour in a conversation, answers and pushes together (101463); a markdown of at most
20,480 bytes, less room for a code. The service asks that nothing automatic goes out at the full and the half hour."""

MARKDOWN = 20_480
"""Bytes of a markdown; what is over ``limit`` is room for a code and full-width marks."""

MIN_FILE, CHUNK, CHUNKS = 5, 512 * 1024, 100

FIRST_CHUNK = 0
"""The official client counts from 0; the page's own words say from 1."""

MEDIA_KEPT = 50
"""Files whose upload is remembered, so that one that goes to many groups is uploaded once."""

NO_NUMBER = -1
"""Our own word for a yes without the number that belongs to it."""

STALE_REQUEST = frozenset({846605, 846608})
"""A callback that can no longer be answered: the message goes out as a push."""

Hear = Callable[[Incoming], Awaitable[None]]


class WecomBot:
    """One AI bot."""

    name = "wecom"
    abilities = ABILITIES
    exclusive: str | None
    keeps = timedelta()
    addresses: tuple[str, ...]

    def __init__(self, bot_id: str, secret: str, ws_url: str = WS_URL, patience: float = 10.0) -> None:
        """Prepare; nothing is asked of the service yet. ``patience`` is how many seconds an answer may take."""
        self._bot_id = bot_id
        self._wire = Wire(ws_url, bot_id, secret, patience)
        self.updates = Updates(self.name, bot_id)
        self._downloads = Downloads(plain=urlsplit(ws_url).scheme == "ws")
        self._salt = secrets.token_hex(4)  # ids of cards must be new for good, also after a new database
        self._media: dict[str, str] = {}
        self._hearing: set[asyncio.Task[None]] = set()
        self._lanes: dict[str, asyncio.Lock] = {}
        self.exclusive, self.addresses = f"wecom:{bot_id}", (ws_url,)

    # ------------------------------------------------------------ opening and closing

    @property
    def ready(self) -> bool:
        """Tell whether the connection stands."""
        return self._wire.ready

    async def introduce(self) -> None:
        """Look whether the service is there, without saying who we are: that would break the connection that works."""
        await self._wire.look()

    async def open(self) -> None:
        """Connect; raise ``Refused`` for a wrong id or secret, ``ConnectionError`` where it may work later."""
        await self._wire.open()

    async def close(self) -> None:
        """Let what was heard get into the store, then close the connection."""
        if self._hearing:
            await asyncio.wait(self._hearing, timeout=3)
        await self._wire.close()
        await self._downloads.close()

    @property
    def greeting(self) -> str:
        """Who we are there."""
        return f"企业微信智能机器人 {self._bot_id}"

    # ------------------------------------------------------------ sending

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Send one message; answer a ``SendResult``, and never raise for the service."""
        task_id = f"{outgoing.key}@{self._salt}"
        try:
            body = await self._file(outgoing) if outgoing.file is not None else self._words(outgoing, task_id)
            if isinstance(body, Rejected):
                return body
            if isinstance(body, Ack):
                return outcome_of(body, None)
            ack = await self._deliver(outgoing, body)
        except NotSent:
            return Retry("与企业微信的连接未建立")
        except Unanswered:
            return Lost("企业微信没有确认")
        except OSError as error:
            return Rejected(f"文件无法读取（{error.strerror}）")
        if ack.code == MEDIA_GONE:
            self._media.clear()
        return outcome_of(ack, task_id)

    async def _deliver(self, outgoing: Outgoing, body: Frame) -> Ack:
        """Answer the message that was replied to, where that is still possible; else push."""
        if outgoing.reply_to is not None and outgoing.reply_to.startswith(REPLY):
            ack = await self._wire.ask("aibot_respond_msg", _as_answer(body), outgoing.reply_to.removeprefix(REPLY))
            if ack.code not in STALE_REQUEST:
                return ack
        return await self._wire.ask("aibot_send_msg", _place(outgoing.chat) | body)

    def _words(self, outgoing: Outgoing, task_id: str) -> Frame | Rejected:
        if outgoing.face is not None and (outgoing.buttons or outgoing.picker):
            made = card(outgoing.face, outgoing.buttons, outgoing.picker, outgoing.mark, task_id)
            return {"msgtype": "template_card", "template_card": made}
        text = f"{outgoing.text}\n{outgoing.mark}" if outgoing.mark else outgoing.text
        content = as_markdown(text)
        if len(content.encode("utf-8", "replace")) > MARKDOWN:
            return Rejected("消息过长")
        return {"msgtype": "markdown", "markdown": {"content": content}}

    async def answer(self, press_id: str, text: str) -> None:
        """Welcome who opened the conversation; one that comes too late is no fault."""
        await self._reply_at_once("aibot_respond_welcome_msg", press_id, {"msgtype": "text", "text": {"content": text}})

    async def redraw(self, press_id: str, edit: Edit) -> SendResult:
        """Change the card that was pressed, for all who see it; the service takes it for five seconds."""
        if edit.face is None:
            return Rejected("不是卡片")
        body = {
            "response_type": "update_template_card",
            "template_card": card(edit.face, edit.buttons, edit.picker, edit.mark, edit.message_id),
        }
        ack = await self._reply_at_once("aibot_respond_update_msg", press_id, body)
        return Lost("企业微信没有确认") if ack is None else outcome_of(ack, edit.message_id)

    async def _reply_at_once(self, cmd: str, req_id: str, body: Frame) -> Ack | None:
        try:
            ack = await self._wire.ask(cmd, body, req_id)
        except (NotSent, Unanswered):
            log.info("answer-too-late command=%s", cmd)
            return None
        if ack.code:
            log.info("not-taken command=%s code=%s", cmd, ack.code)
        return ack

    # ------------------------------------------------------------ files to people

    async def _file(self, outgoing: Outgoing) -> Frame | Ack | Rejected:
        """Upload a file and return the message that shows it, or what the service said against it.

        Files have no caption here: one that ends with the file's name becomes its name, and tells what it is.
        """
        assert outgoing.file is not None, "called for files only"
        content = await asyncio.to_thread(outgoing.file.path.read_bytes)
        if not MIN_FILE <= len(content) <= CHUNK * CHUNKS:
            return Rejected("文件过大（企业微信限50MB）" if content[MIN_FILE:] else "文件是空的，或太小")
        caption, own = outgoing.text, outgoing.file.name
        name = file_name(caption if caption.endswith(own) else own)
        key = hashlib.sha256(name.encode() + b"/" + content).hexdigest()
        if key not in self._media:
            try:
                uploaded = await self._upload(name, content)
            except Unanswered:
                raise NotSent from None  # the message itself did not go out
            if isinstance(uploaded, Ack):
                return uploaded
            self._media[key] = uploaded
            while len(self._media) > MEDIA_KEPT:
                self._media.pop(next(iter(self._media)))
        return {"msgtype": "file", "file": {"media_id": self._media[key]}}

    async def _upload(self, name: str, content: bytes) -> str | Ack:
        chunks = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
        began = await self._wire.ask(
            "aibot_upload_media_init",
            {
                "type": "file",
                "filename": name,
                "total_size": len(content),
                "total_chunks": len(chunks),
                "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
            },
        )
        if began.code or not isinstance(began.body.get("upload_id"), str):
            return Ack(began.code or NO_NUMBER)
        upload = {"upload_id": began.body["upload_id"]}
        for number, chunk in enumerate(chunks, FIRST_CHUNK):
            data = {"chunk_index": number, "base64_data": base64.b64encode(chunk).decode()}
            ack = await self._wire.ask("aibot_upload_media_chunk", upload | data)
            if ack.code:
                return ack
        done = await self._wire.ask("aibot_upload_media_finish", upload)
        media = done.body.get("media_id")
        return media if done.code == 0 and isinstance(media, str) else Ack(done.code or NO_NUMBER)

    # ------------------------------------------------------------ listening

    async def listen(self, hear: Hear, stopping: Callable[[], bool]) -> None:
        """Bring what is said, in each chat in its order, until ``stopping``.

        Raise ``Refused`` where another program took the connection.
        """

        def take(frame: Frame) -> None:
            incoming = self.updates.read(frame)
            if incoming is not None:
                task = asyncio.create_task(self._in_order(hear, incoming))
                self._hearing.add(task)
                task.add_done_callback(self._hearing.discard)

        await self._wire.callbacks(take, stopping)

    async def _in_order(self, hear: Hear, incoming: Incoming) -> None:
        lane = self._lanes.setdefault(incoming.chat, asyncio.Lock())
        async with lane:
            await hear(incoming)

    # ------------------------------------------------------------ files from people

    async def fetch(self, attached: Attached, limit: int) -> File:
        """Return a file that somebody sent, decrypted; its link lives five minutes. Raise ``Unfetched``."""
        link = json.loads(attached.ref)
        name, content = await self._downloads.get(link["url"], limit)
        if link.get("aeskey"):
            try:
                content = await asyncio.to_thread(decrypt_file, content, link["aeskey"])
            except ValueError:
                raise Unfetched("未能解密，请重新发送") from None
        return File(name or attached.name, content)


def _as_answer(body: Frame) -> Frame:
    """Turn a push into an answer: its text is a stream that ends at once."""
    if body["msgtype"] != "markdown":
        return body
    stream = {"id": secrets.token_hex(8), "finish": True, "content": body["markdown"]["content"]}
    return {"msgtype": "stream", "stream": stream}


def _place(chat: str) -> Frame:
    if chat.startswith(PRIVATE):
        return {"chatid": chat.removeprefix(PRIVATE), "chat_type": SINGLE}
    return {"chatid": chat, "chat_type": GROUP}
