"""The WeCom channel: the AI bot 智能机器人, the one public way to buttons and answers in an ordinary group.

Sources: 100719 and 101027 (messages and events), 101031 (answers), 101032 (cards), 101463 (the WebSocket).
"""

import asyncio
import base64
import hashlib
import json
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from bot.channels.incoming import Attached, Event, File, Incoming, Unfetched
from bot.channels.wecom.cards import TEXT, as_markdown, card, file_name, pressed, selected_in
from bot.channels.wecom.crypto import decrypt_file
from bot.channels.wecom.downloads import Downloads
from bot.channels.wecom.wire import EVENT, WS_URL, Ack, NotSent, Unanswered, Wire
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
    Sent,
)

log = logging.getLogger(__name__)

GROUP, SINGLE = 2, 1
"""Kinds of conversation, as a push names them."""

PRIVATE = "single:"
"""What a private conversation's id begins with here; the service addresses it by the person's id alone."""

REPLY = "re:"
"""What the id of a message that may be answered begins with here; the rest is its callback's ``req_id``."""

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

MEDIA_GONE = 40007
"""The service has forgotten an upload, as it does after three days."""

DEAD = {
    93006: "企业微信找不到该会话：机器人已被移出群，或群里还没有人@过机器人；请在群里@机器人说一句话（例如：绑定 码）",
}
"""What the service says of a conversation that cannot be reached until somebody speaks to the bot in it."""

NEVER = {
    40008: "消息类型不受支持",
    40058: "消息内容不合要求",
    44004: "消息为空",
    853006: "机器人没有这项功能",
}
"""What the service says of a message that it will never take."""

LATER = {45009: 61.0}
"""Too often: how many seconds the conversation is left alone."""

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

    async def _deliver(self, outgoing: Outgoing, body: dict[str, Any]) -> Ack:
        """Answer the message that was replied to, where that is still possible; else push."""
        if outgoing.reply_to is not None and outgoing.reply_to.startswith(REPLY):
            ack = await self._wire.ask("aibot_respond_msg", _as_answer(body), outgoing.reply_to.removeprefix(REPLY))
            if ack.code not in STALE_REQUEST:
                return ack
        return await self._wire.ask("aibot_send_msg", _place(outgoing.chat) | body)

    def _words(self, outgoing: Outgoing, task_id: str) -> dict[str, Any] | Rejected:
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

    async def _reply_at_once(self, cmd: str, req_id: str, body: dict[str, Any]) -> Ack | None:
        try:
            ack = await self._wire.ask(cmd, body, req_id)
        except (NotSent, Unanswered):
            log.info("%s came too late", cmd)
            return None
        if ack.code:
            log.info("%s was not taken: errcode %s", cmd, ack.code)
        return ack

    # ------------------------------------------------------------ files to people

    async def _file(self, outgoing: Outgoing) -> dict[str, Any] | Ack | Rejected:
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

        def take(frame: dict[str, Any]) -> None:
            incoming = self.parse(frame)
            if incoming is not None:
                task = asyncio.create_task(self._in_order(hear, incoming))
                self._hearing.add(task)
                task.add_done_callback(self._hearing.discard)

        await self._wire.callbacks(take, stopping)

    async def _in_order(self, hear: Hear, incoming: Incoming) -> None:
        lane = self._lanes.setdefault(incoming.chat, asyncio.Lock())
        async with lane:
            await hear(incoming)

    def parse(self, frame: dict[str, Any]) -> Incoming | None:
        """Turn a callback into what the dialogue understands; None for what does not concern us."""
        try:
            body, req_id = frame["body"], frame["headers"]["req_id"]
            return self._event(body, req_id) if frame["cmd"] == EVENT else self._message(body, req_id)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            log.warning("a callback of WeCom's could not be understood (%s)", type(error).__name__)
            return None

    def _message(self, body: dict[str, Any], req_id: str) -> Incoming | None:
        quote = body.get("quote") or {}
        text = "\n".join(part for part in _texts(body) if part)
        attached = (*_attached(body), *_attached(quote))
        if body["chattype"] == "group":
            text = without_mention(text)
        return Incoming(
            **self._who(body),
            text=text,
            attached=attached,
            message_id=f"{REPLY}{req_id}",
            quoted="\n".join(_texts(quote)),
        )

    def _event(self, body: dict[str, Any], req_id: str) -> Incoming | None:
        event = body["event"]
        kind = event["eventtype"]
        if kind == "enter_chat":
            return Incoming(**self._who(body), event=Event.OPENED, press_id=req_id)
        if kind != "template_card_event":
            return None
        told = event.get(kind) or event  # the official client's types leave the inner level out
        data = pressed(str(told.get("event_key") or ""), selected_in(told.get("selected_items")))
        return Incoming(**self._who(body), press=data, press_id=req_id, message_id=str(told.get("task_id") or ""))

    def _who(self, body: dict[str, Any]) -> dict[str, Any]:
        person, group = str(body["from"]["userid"]), body.get("chattype") == "group"
        chat = str(body["chatid"]) if group else f"{PRIVATE}{person}"
        return {
            "channel": self.name,
            "external_id": f"{self._bot_id}:{body['msgid']}",
            "chat": chat,
            "chat_title": f"企业微信群{chat[-4:]}" if group else "企业微信私聊",
            "person": person,
            "person_name": "",
            "private": not group,
            "addressed": True,
        }

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


def outcome_of(ack: Ack, message_id: str | None) -> SendResult:
    """Say what an acknowledgement means; only what is known to be for good ends a message, anything else is tried again."""
    if ack.code == 0:
        return Sent(message_id)
    if ack.code in DEAD:
        return Rejected(DEAD[ack.code], chat_is_dead=True)
    if ack.code in NEVER:
        return Rejected(f"{NEVER[ack.code]}（{ack.code}）")
    if ack.code in LATER:
        return Retry("发送过于频繁", LATER[ack.code], whole_chat=True)
    return Retry(f"企业微信暂未接受（{ack.code}）")


def _as_answer(body: dict[str, Any]) -> dict[str, Any]:
    """Turn a push into an answer: its text is a stream that ends at once."""
    if body["msgtype"] != "markdown":
        return body
    stream = {"id": secrets.token_hex(8), "finish": True, "content": body["markdown"]["content"]}
    return {"msgtype": "stream", "stream": stream}


def _place(chat: str) -> dict[str, Any]:
    if chat.startswith(PRIVATE):
        return {"chatid": chat.removeprefix(PRIVATE), "chat_type": SINGLE}
    return {"chatid": chat, "chat_type": GROUP}


# ---------------------------------------------------------------- what people say

_AT_THE_EDGE = re.compile(r"^(?:@\S+\s*)+|(?:(?<![A-Za-z0-9._-])@\S+\s*)+$")
_INSIDE = re.compile(r"(?<![A-Za-z0-9._-])@\S+\s*")


def without_mention(text: str) -> str:
    """Return a group's message without the name of whom it addresses, wherever the person put it."""
    bare = _AT_THE_EDGE.sub("", text.strip()).strip()
    return _INSIDE.sub("", bare, count=1).strip() if bare == text.strip() else bare


def _texts(body: dict[str, Any]) -> list[str]:
    """Return the words of a message: its text, a voice's transcript, the text among pictures."""
    if body.get("msgtype") == "mixed":
        return [text for item in body["mixed"]["msg_item"] for text in _texts(item)]
    return [str((body.get(kind) or {}).get("content") or "") for kind in ("text", "voice") if kind in body]


_FILES = {"image": "图片.jpg", "file": "文件", "video": "视频.mp4"}
"""Kinds of file, with the name until the download tells a better one."""


def _attached(body: dict[str, Any]) -> tuple[Attached, ...]:
    if body.get("msgtype") == "mixed":
        return tuple(one for item in body["mixed"]["msg_item"] for one in _attached(item))
    return tuple(
        Attached(name, json.dumps({"url": body[kind]["url"], "aeskey": body[kind].get("aeskey")}))
        for kind, name in _FILES.items()
        if isinstance(body.get(kind), dict) and body[kind].get("url")
    )
