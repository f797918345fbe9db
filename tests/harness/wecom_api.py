"""A strict stand-in for WeCom (企业微信), over real HTTP and WebSocket: it checks what the service checks.

One world: people, groups, one AI bot, webhook robots and one self-built application. What the bot sent is in ``sent``;
what it did wrong in ``faults``. What cards and texts must be like is in ``wecom_cards``.
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import itertools
import json
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as serve_websockets
from websockets.exceptions import ConnectionClosed

from tests.harness.bot_api import BOT_NAME, PATIENCE, Server, _broken_off, _end_all
from tests.harness.wecom_cards import (
    BOT_MARKDOWN_BYTES,
    INTERACTIVE,
    MARKDOWN_BYTES,
    MENTION,
    NOTICES,
    TEXT_BYTES,
    Refusal,
    bad,
    check_card,
    content_of,
    face,
    image_of,
    look_of,
    news_of,
    shown,
)  # fmt: skip

READINGS = ("all", "text", "words")
"""What a quote of a message may bring, since no page tells: all of it; a card without the line of who speaks; and words from
which whatever looks like a code of ours is gone, so that they can only be compared with what was said."""

NO_QUOTES = "none"
"""The reading for a story in which nobody quotes, and nobody may."""

CODE = re.compile(r"\s*〔#[\d.]+〕")

BOT = "督办机器人"
BOT_ID, SECRET = "aibStandInForTests", "stand-in-secret"
CORP_ID, CORP_SECRET, AGENT_ID = "ww1234567890abcdef", "stand-in-corp-secret", 1000002
TOKEN = "standInToken"
AES_KEY = base64.b64encode(b"0123456789abcdefghijklmnopqrstuv").decode().rstrip("=")

CONVERSATION_WINDOWS = ((30, 60.0), (1000, 3600.0))
ROBOT_WINDOWS = ((20, 60.0),)
EVENT_SECONDS, MESSAGE_SECONDS, STREAM_SECONDS = 5.0, 24 * 3600.0, 360.0
URL_SECONDS, UPLOAD_SECONDS, MEDIA_SECONDS = 300.0, 1800.0, 3 * 86400.0
TOKEN_SECONDS, CODE_SECONDS = 7200.0, 72 * 3600.0
CHUNK_BYTES, CHUNKS, FILE_BYTES = 512 * 1024, 100, 20 * 1024 * 1024
FIRST_CHUNK = 0
MEDIA = ("file", "image", "voice", "video")

NOT_SPOKEN = "invalid chatid, no user has sent a message to the bot in this chat"
NOT_SUBSCRIBED = 853001
"""Our own choice: what the service answers to a frame before the subscription is not documented."""
BAD_CODE = 40058
"""Our own choice: what the service answers to a used or old response_code is not documented."""


@dataclass(frozen=True)
class User:
    """Somebody with an account."""

    id: str
    name: str


@dataclass
class Sent:
    """A message of the bot as it stands now; ``via`` tells by which of the three ways it came."""

    chat: str
    id: str
    text: str
    buttons: list[tuple[str, str]] = field(default_factory=list)
    topic: int | None = None
    reply_to: str | None = None
    silent: bool = False
    force_reply: bool = False
    file: str | None = None
    content: bytes = b""
    edits: int = 0
    at: float = 0.0
    kind: str = "markdown"
    via: str = "bot"
    picks: list[tuple[str, str, list[tuple[str, str]]]] = field(default_factory=list)
    submit: str = ""
    mentions: list[str] = field(default_factory=list)
    card: dict[str, Any] = field(default_factory=dict)

    def data(self, label: str) -> str:
        """Return the key of a button, or the id of an option."""
        shown_ = self.buttons + [option for _key, _title, options in self.picks for option in options]
        found = [data for text, data in shown_ if text.strip("〔〕") == label.strip("〔〕")]
        assert found, f"no button {label} among {[text for text, _data in shown_]} under:\n{self.text}"
        return found[0]

    def chosen(self, label: str, data: str | None, picks: dict[str, str] | None) -> tuple[str, dict[str, str]]:
        """Return the key and the picked options that pressing ``label`` sends; without a word the first ones."""
        picked = {key: options[0][1] for key, _title, options in self.picks}
        for key, _title, options in self.picks:
            if picks and key in picks:
                picked[key] = dict(options).get(picks[key], picks[key])
        bare = label.strip("〔〕")
        button = [key for text, key in self.buttons if text.strip("〔〕") == bare]
        if data is not None or button:
            return data if data is not None else button[0], picked
        if bare == self.card.get("submit_button", {}).get("text", "").strip("〔〕"):
            return self.submit, picked
        exact = {key: id_ for key, _title, options in self.picks for text, id_ in options if text.strip("〔〕") == bare}
        parts = [] if exact else list(zip(bare.split("/", max(len(self.picks) - 1, 0)), self.picks, strict=False))
        for part, (key, _title, options) in parts:
            exact |= {key: next((id_ for text, id_ in options if part in text), "")}
        found = bool(exact) and all(exact.values())
        assert found, f"no button {label} among {self.buttons} {self.picks} under:\n{self.text}"
        return self.submit, picked | exact


@dataclass
class Room:
    """A conversation: a group, a private one, or what a webhook robot writes to."""

    id: str
    kind: str
    title: str
    status: str = "member"
    spoken: bool = False
    key: str = ""
    last_id: int = 0
    recent: list[float] = field(default_factory=list)


@dataclass
class Trouble:
    """One way to fail: which calls, how ("errcode", "timeout", "reset", "500"), and whether the message is taken."""

    how: str
    cmd: str = "aibot_send_msg"
    chat: str | None = None
    times: int = 1
    accept: bool = False
    code: int = -1
    text: str = "system busy"


@dataclass
class Link:
    """One connection of a client."""

    number: int
    socket: ServerConnection
    loop: asyncio.AbstractEventLoop
    subscribed: bool = False
    out: "asyncio.Queue[dict[str, Any] | None]" = field(default_factory=asyncio.Queue)

    def put(self, frame: dict[str, Any] | None) -> None:
        """Let a frame go out; None closes."""
        self.loop.call_soon_threadsafe(self.out.put_nowait, frame)

    def abort(self) -> None:
        """Break off."""
        self.loop.call_soon_threadsafe(self.socket.transport.abort)

    async def pump(self) -> None:
        """Send what waits."""
        with contextlib.suppress(ConnectionClosed):
            while (frame := await self.out.get()) is not None:
                await self.socket.send(json.dumps(frame, ensure_ascii=False))
            await self.socket.close()


@dataclass
class Callback:
    """A frame that was pushed, by whose req_id the client may answer; ``born`` goes by real seconds."""

    kind: str
    room: Room
    msgid: str
    at: float
    born: float = field(default_factory=time.monotonic)
    sent: Sent | None = None
    answer: str | None = None


@dataclass
class Media:
    """A file at the service: uploaded (``owner`` may send it), or sent by somebody and waiting to be fetched."""

    kind: str
    name: str
    content: bytes
    at: float
    owner: str
    size: int | None = None


class WecomApi:
    """The service and the world behind it. ``clock`` tells the seconds by which limits and time windows go."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, limits: bool = True) -> None:
        self.clock, self.limits = clock, limits
        self.clock_wall: Callable[[], float] = time.time
        self.rooms: dict[str, Room] = {}
        self.users: dict[str, User] = {}
        self.visible: set[str] = set()
        self.sent: list[Sent] = []
        self.faults: list[str] = []
        self.calls: list[str] = []
        self.frames: list[dict[str, Any]] = []
        self.pushed: list[str] = []
        self.troubles: list[Trouble] = []
        self.welcomed: dict[str, str] = {}
        self.subscribes: list[float] = []
        self.floods = self.missed = self.kicks = self.dropped = self.duplicates = 0
        self.flat_events = self.mute_acks = self.refuse_connections = self.untrusted_ip = False
        self.has_callback = True
        self.quotes = "text"
        self.url = self.ws_url = ""
        self._links: list[Link] = []
        self._link: Link | None = None
        self._numbers = iter(range(700_000_000, 800_000_000))
        self._doors = itertools.count(1)
        self._callbacks: dict[str, Callback] = {}
        self._tasks: dict[str, Sent] = {}
        self._app_tasks: dict[str, list[Sent]] = {}
        self._streams: dict[str, tuple[Sent, float, Room]] = {}
        self._uploads: dict[str, tuple[dict[str, Any], dict[int, bytes], float]] = {}
        self._upload_times: list[float] = []
        self._media: dict[str, Media] = {}
        self._keys: dict[str, bytes] = {}
        self._tokens: dict[str, float] = {}
        self._codes: dict[str, tuple[str, float]] = {}
        self._members: dict[str, list[float]] = {}
        self._bodies: dict[str, float] = {}
        self._lock = threading.RLock()
        self.changed = threading.Condition(self._lock)

    @contextlib.contextmanager
    def running(self) -> Iterator["WecomApi"]:
        """Serve alone, for who is no test of pytest's."""
        with WecomServer().running() as server:
            server.adopt(self)
            yield self

    def wait_for(self, what: Callable[[], Any], seconds: float = PATIENCE) -> Any:
        """Return the first true answer of ``what``, asked again whenever the bot has called."""
        with self.changed:
            found = self.changed.wait_for(what, seconds)
        assert found, "the bot did nothing more"
        return found

    # ------------------------------------------------------------ the world

    def user(self, name: str) -> User:
        """Make somebody."""
        user = User(f"user{len(self.users) + 1}", name)
        self.users[user.id] = user
        self.visible.add(user.id)
        return user

    def group(self, title: str, *, member: bool = False, spoken: bool = False) -> Room:
        """Make a group, with the bot in it or not."""
        room = Room(f"wrStandIn{len(self.rooms) + 1:02}Ab", "group", title, "member" if member else "left", spoken)
        self.rooms[room.id] = room
        return room

    def private(self, user: User) -> Room:
        """Return somebody's private chat with the bot; until they write the bot may not."""
        if user.id not in self.rooms:
            self.rooms[user.id] = Room(user.id, "private", user.name)
        return self.rooms[user.id]

    def robot(self, title: str, key: str | None = None) -> Room:
        """Make a webhook robot; its ``status`` may become "removed", "disabled" or "absent"."""
        key = key or f"robot-key-{len(self.rooms) + 1}"
        self.rooms[key] = Room(key, "robot", title, key=key)
        return self.rooms[key]

    def add_bot(self, room: Room, by: User | None = None) -> None:
        """Somebody brings the bot into a group; the platform tells nobody."""
        room.status = "member"

    def remove_bot(self, room: Room, by: User | None = None) -> None:
        """Somebody throws the bot out; the platform tells nobody."""
        room.status = "kicked"

    def says(
        self, room: Room, user: User, text: str = "", *, reply: Sent | None = None, file: tuple[str, bytes] | None = None,
        photo: bytes | None = None, addressed: bool | None = None, voice: str | None = None, size: int | None = None,
        topic: int | None = None, album: str | None = None, anonymous: bool = False, forwarded: str = "",
    ) -> dict[str, Any] | None:  # fmt: skip
        """Somebody writes, perhaps quoting what somebody forwarded; return the frame, or None where the platform keeps it from the bot or the bot is away."""
        named = f"@{BOT_NAME}" in text or f"@{BOT}" in text
        text = text.replace(f"@{BOT_NAME}", "").strip()
        group = room.kind == "group"
        if addressed is None:
            addressed = named or reply is not None
        if room.status != "member" or (group and (not addressed or voice is not None)):
            return None
        room.spoken = True
        quoted = {"quote": self._quote(reply)} if reply is not None else {}
        if forwarded:
            quoted = {"quote": {"msgtype": "text", "text": {"content": forwarded}}}
        if group and file is not None:
            code = re.search(r"〔[^〕]*〕", reply.text) if reply is not None else None
            text = f"{code[0]} {text}".strip() if code else text
            kind = _kind_of(file[0])
            quoted = {"quote": {"msgtype": kind, kind: self._offer(file[0], file[1], size)}}
        if group:
            text = text.replace(f"@{BOT} ", f"@{BOT}\u2005") if f"@{BOT}" in text else f"@{BOT}\u2005{text}"
        words = {"msgtype": "text", "text": {"content": text}}
        if voice is not None:
            return self._told(room, user, {"msgtype": "voice", "voice": {"content": voice}} | quoted)
        if photo is not None:
            image = {"msgtype": "image", "image": self._offer("图片.jpg", photo, size)}
            mixed = {"msgtype": "mixed", "mixed": {"msg_item": [words, image]}} if text else image
            return self._told(room, user, mixed | quoted)
        if file is not None and not group:
            kind = _kind_of(file[0])
            frame = self._told(room, user, {"msgtype": kind, kind: self._offer(file[0], file[1], size)})
            return self._told(room, user, words | quoted) if text else frame
        return self._told(room, user, words | quoted)

    def presses(
        self, room: Room, sent: Sent, label: str, user: User, *, data: str | None = None,
        picks: dict[str, str] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Somebody presses a button of a card, or picks an option and submits ("A-1/收到" picks in two lists)."""
        key, picked = sent.chosen(label, data, picks)
        about: dict[str, Any] = {"card_type": sent.card["card_type"], "event_key": key, "task_id": sent.id}
        if picked:
            items = [{"question_key": name, "option_ids": {"option_id": [one]}} for name, one in picked.items()]
            about["selected_items"] = {"selected_item": items}
        event = about if self.flat_events else {"template_card_event": about}
        return self._event(room, user, "template_card_event", event, sent)

    def enters(self, user: User) -> dict[str, Any]:
        """Somebody opens their private chat with the bot, the first time today."""
        return self._event(self.private(user), user, "enter_chat", {})

    def answer_to(self, frame: dict[str, Any]) -> str | None:
        """Return the text of the card after a press, or None where the bot did not change it."""
        return self._callbacks[frame["headers"]["req_id"]].answer

    def push_again(self, frame: dict[str, Any]) -> bool:
        """Bring a frame (once more) to the bot; it is lost where the bot is not connected."""
        with self.changed:
            if self._link is None:
                self.missed += 1
                return False
            self.pushed.append(frame["body"]["msgid"])
            self._link.put(frame)
            self.changed.notify_all()
        return True

    def _told(self, room: Room, user: User, content: dict[str, Any]) -> dict[str, Any] | None:
        frame = self._frame(room, user, "aibot_msg_callback", "message", content)
        return frame if self.push_again(frame) else None

    def _event(
        self, room: Room, user: User, kind: str, about: dict[str, Any], sent: Sent | None = None
    ) -> dict[str, Any]:
        content = {"msgtype": "event", "event": {"eventtype": kind} | about}
        frame = self._frame(room, user, "aibot_event_callback", kind, content, sent)
        self.push_again(frame)
        return frame

    def _frame(
        self, room: Room, user: User, cmd: str, kind: str, content: dict[str, Any], sent: Sent | None = None
    ) -> dict[str, Any]:
        number = next(self._numbers)
        where = {"chatid": room.id, "chattype": "group"} if room.kind == "group" else {"chattype": "single"}
        self._callbacks[f"req{number}"] = Callback(kind, room, f"msg{number}", self.clock(), sent=sent)
        body = {"msgid": f"msg{number}", "create_time": int(self.clock_wall()), "aibotid": BOT_ID, **where,
                "from": {"userid": user.id}, **content}  # fmt: skip
        if kind == "message":
            body["response_url"] = f"{self.url}/cgi-bin/aibot/response?response_code={number}"
        return {"cmd": cmd, "headers": {"req_id": f"req{number}"}, "body": body}

    def _quote(self, reply: Sent) -> dict[str, Any]:
        if reply.file is not None:
            return {"msgtype": "file", "file": self._offer(reply.file, reply.content, None)}
        assert self.quotes != NO_QUOTES, "a story that quotes is told under each reading"
        words = face(reply.card, without=() if self.quotes == "all" else ("source.desc",)) if reply.card else reply.text
        return {"msgtype": "text", "text": {"content": CODE.sub("", words) if self.quotes == "words" else words}}

    def _offer(self, name: str, content: bytes, size: int | None) -> dict[str, str]:
        """Let a file be fetched for a while, encrypted under a key of its own."""
        number, key = f"file{next(self._numbers)}", secrets.token_bytes(32)
        self._media[number] = Media("offer", name, _encrypt(key, content), self.clock(), "", size)
        self._keys[number] = key
        told = base64.b64encode(key).decode()
        return {"url": f"{self.url}/media/{number}", "aeskey": told if len(self._keys) % 2 else told.rstrip("=")}

    # ------------------------------------------------------------ the socket

    def serve_at(self, url: str, loop: asyncio.AbstractEventLoop, ws_url: str = "") -> None:
        """Be found at ``url`` and ``ws_url``."""
        self.url, self.ws_url = url, ws_url

    @property
    def connections(self) -> int:
        """How many connections are subscribed."""
        with self._lock:
            return int(self._link is not None)

    @property
    def open_streams(self) -> list[Sent]:
        """The streams that were begun and not finished."""
        return [sent for sent, _at, _room in self._streams.values() if sent.kind == "stream unfinished"]

    def sever(self) -> None:
        """Break every connection off."""
        with self.changed:
            links, self._links, self._link = self._links, [], None
            self.changed.notify_all()
        for link in links:
            link.abort()

    async def serve_socket(self, socket: ServerConnection) -> None:
        """Talk with one client until it goes."""
        with self._lock:
            link = Link(next(self._doors), socket, asyncio.get_running_loop())
            self._links.append(link)
        pump = asyncio.create_task(link.pump())
        try:
            with contextlib.suppress(ConnectionClosed):  # a client may go without a word
                async for raw in socket:
                    self._heard(link, raw)
        finally:
            pump.cancel()
            self._gone(link)

    def _gone(self, link: Link) -> None:
        with self.changed:
            if link in self._links:
                self._links.remove(link)
            if self._link is link:
                self._link = None
            self.changed.notify_all()

    def _heard(self, link: Link, raw: str | bytes) -> None:
        """Take one frame of a client and acknowledge it."""
        with self.changed:
            if link not in self._links:
                return
            try:
                frame = json.loads(raw)
                cmd, req_id, body = frame["cmd"], frame["headers"]["req_id"], frame.get("body") or {}
                if not (isinstance(raw, str) and isinstance(body, dict) and req_id):
                    raise ValueError(raw)
            except (ValueError, KeyError, TypeError):
                self.faults.append(f"no frame: {raw[:200]!r}")
                return
            self.frames.append({"connection": link.number} | frame)
            callback = self._callbacks.get(req_id)
            trouble = self._trouble(cmd, str(body.get("chatid") or (callback.room.id if callback else "")))
            ack: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
            if trouble is None or trouble.accept:
                ack = self._run(cmd, f"do_{cmd}", link, req_id, body)
            if trouble is not None and trouble.how == "errcode":
                ack = {"errcode": trouble.code, "errmsg": trouble.text}
            if trouble is not None and trouble.how == "reset":
                self._gone(link)
                link.abort()
            elif not self.mute_acks and (trouble is None or trouble.how != "timeout"):
                link.put({"headers": {"req_id": req_id}} | ack)
            self.changed.notify_all()

    def _run(self, name: str, method: str, *arguments: Any) -> dict[str, Any]:
        """Call a method of the service; its refusal is an answer too."""
        self.calls.append(name)
        try:
            known = getattr(self, method, None)
            if known is None:
                raise bad(f"unknown command {name}", 40008)
            result = known(*arguments)
            return result if isinstance(result, Response) else {"errcode": 0, "errmsg": "ok"} | (result or {})
        except Refusal as refusal:
            if refusal.fault:
                self.faults.append(f"{name}: {refusal.code} {refusal.text}")
            return {"errcode": refusal.code, "errmsg": refusal.text}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self.faults.append(f"{name}: a body in no shape: {error!r}")
            return {"errcode": 40058, "errmsg": f"invalid Request Parameter: {error!r}"}

    def _trouble(self, cmd: str, chat: str) -> Trouble | None:
        for trouble in self.troubles:
            if trouble.cmd == cmd and trouble.times > 0 and trouble.chat in (None, chat):
                trouble.times -= 1
                return trouble
        return None

    # ------------------------------------------------------------ commands of the bot

    def do_aibot_subscribe(self, link: Link, _req_id: str, body: dict[str, Any]) -> None:
        self.subscribes.append(self.clock())
        if (body.get("bot_id"), body.get("secret")) != (BOT_ID, SECRET):
            raise Refusal(853000, "invalid bot_id or secret")
        older, self._link, link.subscribed = self._link, link, True
        if older is not None and older is not link:
            self.kicks += 1
            number = next(self._numbers)
            about = {"msgid": f"msg{number}", "create_time": int(self.clock_wall()), "aibotid": BOT_ID,
                     "msgtype": "event", "event": {"eventtype": "disconnected_event"}}  # fmt: skip
            older.put({"cmd": "aibot_event_callback", "headers": {"req_id": f"req{number}"}, "body": about})
            older.put(None)

    def do_ping(self, link: Link, _req_id: str, _body: dict[str, Any]) -> None:
        self._subscribed(link)

    def do_aibot_send_msg(self, link: Link, _req_id: str, body: dict[str, Any]) -> None:
        self._subscribed(link)
        kind = body.get("chat_type", 0)
        if kind not in (0, 1, 2):
            raise bad(f"chat_type {kind}")
        room = self.rooms.get(body.get("chatid", ""))
        if room is None or room.kind not in {0: ("group", "private"), 1: ("private",), 2: ("group",)}[kind]:
            raise Refusal(93006, "invalid chatid")
        self._say(room, body, ("markdown", "template_card", *MEDIA))

    def do_aibot_respond_msg(self, link: Link, req_id: str, body: dict[str, Any]) -> None:
        self._subscribed(link)
        callback = self._callbacks.get(req_id)
        if callback is None or callback.kind != "message" or self.clock() - callback.at > MESSAGE_SECONDS:
            raise Refusal(846605, "invalid req_id")
        kinds = ("stream", "stream_with_template_card", "markdown", "template_card", *MEDIA)
        self._say(callback.room, body, kinds, callback.msgid)

    def do_aibot_respond_welcome_msg(self, link: Link, req_id: str, body: dict[str, Any]) -> None:
        self._subscribed(link)
        callback = self._event_of(req_id, "enter_chat")
        if callback.answer is not None:
            raise Refusal(846605, "invalid req_id")
        if body.get("msgtype") == "text":
            text = content_of(body, "text", TEXT_BYTES)
        elif body.get("msgtype") == "template_card":
            text = self._card(body.get("template_card"))["text"]
        else:
            raise bad("invalid message type", 40008)
        self._limit(callback.room.recent, CONVERSATION_WINDOWS)
        callback.answer = self.welcomed[req_id] = text

    def do_aibot_respond_update_msg(self, link: Link, req_id: str, body: dict[str, Any]) -> None:
        self._subscribed(link)
        callback = self._event_of(req_id, "template_card_event")
        if body.get("response_type") != "update_template_card":
            raise bad("response_type")
        if not set(body.get("userids", [])) <= set(self.users):
            raise bad("userids")
        card, sent = body.get("template_card"), callback.sent
        check_card(card)
        if sent is None or card.get("task_id") != sent.id:
            raise Refusal(846605, "invalid req_id, task_id does not match", fault=True)
        self._reachable(callback.room)
        self._limit(callback.room.recent, CONVERSATION_WINDOWS)
        _repaint(sent, look_of(card))
        callback.answer = sent.text

    def do_aibot_upload_media_init(self, link: Link, _req_id: str, body: dict[str, Any]) -> dict[str, Any]:
        self._subscribed(link)
        size, chunks = body.get("total_size"), body.get("total_chunks")
        if body.get("type") not in MEDIA:
            raise bad("type")
        if not 1 <= len(str(body.get("filename", "")).encode()) <= 256:
            raise bad("filename")
        if not isinstance(chunks, int) or not 1 <= chunks <= CHUNKS:
            raise bad("total_chunks")
        if not isinstance(size, int) or not 5 <= size <= chunks * CHUNK_BYTES:
            raise bad("total_size")
        self._limit(self._upload_times, CONVERSATION_WINDOWS)
        upload = f"upload{next(self._numbers)}"
        self._uploads[upload] = body, {}, self.clock()
        return {"body": {"upload_id": upload}}

    def do_aibot_upload_media_chunk(self, link: Link, _req_id: str, body: dict[str, Any]) -> None:
        self._subscribed(link)
        about, chunks = self._upload(body)
        index = body.get("chunk_index")
        if not isinstance(index, int) or not FIRST_CHUNK <= index < about["total_chunks"] + FIRST_CHUNK:
            raise bad(f"chunk_index {index}")
        try:
            chunk = base64.b64decode(body["base64_data"], validate=True)
        except (ValueError, KeyError, TypeError):
            raise bad("base64_data") from None
        if not 1 <= len(chunk) <= CHUNK_BYTES:
            raise bad("base64_data exceed max length")
        chunks[index] = chunk

    def do_aibot_upload_media_finish(self, link: Link, _req_id: str, body: dict[str, Any]) -> dict[str, Any]:
        self._subscribed(link)
        about, chunks = self._upload(body)
        content = b"".join(chunks[index] for index in sorted(chunks))
        if len(chunks) != about["total_chunks"] or len(content) != about["total_size"]:
            raise bad("chunks are missing")
        if about.get("md5") not in (None, hashlib.md5(content).hexdigest()):
            raise bad("md5")
        del self._uploads[body["upload_id"]]
        return {"body": self._keep(about["type"], about["filename"], content, "bot")}

    # ------------------------------------------------------------ checks

    def _subscribed(self, link: Link) -> None:
        if link is not self._link:
            raise Refusal(NOT_SUBSCRIBED, "not subscribed", fault=not link.subscribed)

    def _event_of(self, req_id: str, kind: str) -> Callback:
        callback = self._callbacks.get(req_id)
        if callback is None or callback.kind != kind or time.monotonic() - callback.born > EVENT_SECONDS:
            raise Refusal(846605, "invalid req_id")
        return callback

    def _reachable(self, room: Room) -> None:
        if room.status != "member":
            raise Refusal(93006, "invalid chatid")
        if not room.spoken:
            raise Refusal(93006, NOT_SPOKEN)

    def _limit(self, recent: list[float], windows: tuple[tuple[int, float], ...]) -> None:
        if self._full(recent, windows):
            self.floods += 1
            raise Refusal(45009, "api freq out of limit")

    def _full(self, recent: list[float], windows: tuple[tuple[int, float], ...]) -> bool:
        """Count one more in, or tell that there are enough."""
        now = self.clock()
        recent[:] = [at for at in recent if now - at < windows[-1][1]]
        if self.limits and any(sum(now - at < span for at in recent) >= limit for limit, span in windows):
            return True
        recent.append(now)
        return False

    def _upload(self, body: dict[str, Any]) -> tuple[dict[str, Any], dict[int, bytes]]:
        about, chunks, at = self._uploads.get(body.get("upload_id", ""), ({}, {}, -1e9))
        if self.clock() - at > UPLOAD_SECONDS:
            raise bad("upload_id")
        return about, chunks

    def _keep(self, kind: str, name: str, content: bytes, owner: str) -> dict[str, Any]:
        number = f"media{next(self._numbers)}"
        self._media[number] = Media(kind, name, content, self.clock(), owner)
        return {"type": kind, "media_id": number, "created_at": str(int(self.clock_wall()))}

    def _blame(self, text: str) -> None:
        self.faults.append(text)

    def _mentions(self, content: str) -> list[str]:
        return [one for one in MENTION.findall(content) if one in self.users or one == "all"]

    # ------------------------------------------------------------ messages

    def _say(self, room: Room, body: dict[str, Any], kinds: tuple[str, ...], reply_to: str | None = None) -> None:
        """Take a message of the bot into a conversation."""
        kind = body.get("msgtype")
        if kind not in kinds:
            raise bad(f"invalid message type {kind}", 40008)
        self._reachable(room)
        if kind.startswith("stream"):
            card = body.get("template_card") if kind == "stream_with_template_card" else None
            look = self._card(card) if card is not None else None
            self._stream(room, body.get("stream"), reply_to)
        else:
            look = self._look(kind, body, "bot")
            self._limit(room.recent, CONVERSATION_WINDOWS)
        if look is not None:
            sent = self._take(room, "bot", look | {"reply_to": reply_to})
            if sent.kind == "card" and "task_id" in sent.card:
                self._tasks[sent.id] = sent

    def _look(self, kind: str, body: dict[str, Any], owner: str) -> dict[str, Any]:
        """Return how a message looks, refusing what the service refuses."""
        if kind == "template_card":
            return self._card(body.get("template_card"))
        if kind == "markdown":
            limit = BOT_MARKDOWN_BYTES if owner == "bot" else MARKDOWN_BYTES
            return {"kind": kind, "text": shown(content_of(body, kind, limit), self._blame)}
        media = self._media.get((body.get(kind) or {}).get("media_id", ""))
        if media is None or (media.kind, media.owner) != (kind, owner) or self.clock() - media.at > MEDIA_SECONDS:
            raise Refusal(40007, "invalid media_id", fault=True)
        return {"kind": kind, "text": media.name, "file": media.name, "content": media.content}

    def _card(self, card: Any) -> dict[str, Any]:
        check_card(card)
        if card.get("task_id") in self._tasks:
            raise bad("template_card.task_id is repeated")
        return look_of(card)

    def _stream(self, room: Room, stream: Any, reply_to: str | None) -> None:
        if not isinstance(stream, dict) or not isinstance(stream.get("id"), str) or not stream["id"]:
            raise bad("stream.id missing")
        content, finish = stream.get("content", ""), stream.get("finish", False)
        if not isinstance(finish, bool) or (stream.get("msg_item") and not finish):
            raise bad("stream.finish")
        if finish or content:
            content_of({"stream": stream}, "stream", BOT_MARKDOWN_BYTES)
        known = self._streams.get(stream["id"])
        if known is not None and known[2] is not room:
            raise bad("stream.id of another conversation")
        if known is not None and (known[0].kind == "stream" or self.clock() - known[1] > STREAM_SECONDS):
            raise Refusal(846608, "stream message update expired")
        self._limit(room.recent, CONVERSATION_WINDOWS)
        text = shown(content, self._blame)
        kind = "stream" if finish else "stream unfinished"
        if known is None:
            sent = self._take(room, "bot", {"kind": kind, "text": text, "reply_to": reply_to})
            self._streams[stream["id"]] = sent, self.clock(), room
        else:
            known[0].text, known[0].kind = text, kind

    def _take(self, room: Room, via: str, look: dict[str, Any]) -> Sent:
        room.last_id += 1
        number = look.get("card", {}).get("task_id") or str(room.last_id)
        sent = Sent(room.id, number, via=via, at=time.monotonic(), **look)
        self.sent.append(sent)
        return sent

    # ------------------------------------------------------------ over HTTP

    async def serve(self, request: Request) -> Response:
        """Answer one call."""
        path = request.path_params["path"]
        if path.startswith("media/"):
            return self._fetched(path.removeprefix("media/"))
        name, query = path.removeprefix("cgi-bin/"), dict(request.query_params)
        if not hasattr(self, f"call_{name.replace('/', '_')}"):
            self.faults.append(f"unknown path {path}")
            return Response(status_code=404)
        try:
            body = await _body_of(request)
        except ValueError:
            self.faults.append(f"{name}: no JSON")
            return JSONResponse({"errcode": 47001, "errmsg": "data format error"})
        with self.changed:
            trouble = self._trouble(name, str(query.get("key") or body.get("touser") or ""))
            answer: Any = {}
            if trouble is None or trouble.accept:
                answer = self._run(name, f"call_{name.replace('/', '_')}", query, body)
            self.changed.notify_all()
        if trouble is not None:
            return await _failed(trouble)
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    def _fetched(self, number: str) -> Response:
        with self._lock:
            media = self._media.get(number)
            if media is None or media.kind != "offer" or self.clock() - media.at > URL_SECONDS:
                return Response(status_code=404)
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(media.name, safe='')}"}
        if media.size is not None and media.size > len(media.content):
            headers["content-length"] = str(media.size)
            return StreamingResponse(_zeros(media.size), headers=headers, media_type="application/octet-stream")
        return Response(media.content, headers=headers, media_type="application/octet-stream")

    # ------------------------------------------------------------ webhook robots

    def _robot(self, query: dict[str, str]) -> Room:
        room = self.rooms.get(query.get("key", ""))
        if room is None or room.kind != "robot" or room.status == "removed":
            raise Refusal(93000, "invalid webhook url")
        if room.status == "disabled":
            raise Refusal(93004, "robot is disabled")
        if room.status == "absent":
            raise Refusal(93008, "robot is not in the group")
        return room

    def call_webhook_send(self, query: dict[str, str], body: dict[str, Any]) -> None:
        room, kind = self._robot(query), body.get("msgtype")
        names = {one.id: one.name for one in self.users.values()} | {"all": "所有人"}
        look: dict[str, Any] = {"kind": kind}
        if kind == "text":
            content, part = content_of(body, kind, TEXT_BYTES), body["text"]
            lists = [part.get(name, []) for name in ("mentioned_list", "mentioned_mobile_list")]
            if not all(isinstance(one, str) for several in lists for one in several):
                raise bad("text.mentioned_list")
            look["mentions"] = [one for several in lists for one in several] + self._mentions(content)
            look["text"] = MENTION.sub(lambda found: f"@{names.get(found[1], found[1])}", content)
        elif kind in ("markdown", "markdown_v2"):
            content = content_of(body, kind, MARKDOWN_BYTES)
            look["text"] = shown(content, self._blame, names if kind == "markdown" else None)
            look["mentions"] = self._mentions(content) if kind == "markdown" else []
        elif kind == "image":
            look |= {"text": "", "file": "image", "content": image_of(body.get("image"))}
        elif kind == "news":
            look["text"] = "\n".join(news_of((body.get("news") or {}).get("articles")))
        elif kind in ("file", "voice"):
            look = self._look(kind, body, room.id)
        elif kind == "template_card":
            card = body.get("template_card")
            check_card(card, kinds=NOTICES, action=(1, 2))
            look = look_of(card)
        else:
            raise bad(f"invalid message type {kind}", 40008)
        self._limit(room.recent, ROBOT_WINDOWS)
        self._take(room, "robot", look)

    def call_webhook_upload_media(self, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        room = self._robot(query)
        return self._uploaded(query, body, {"file": FILE_BYTES, "voice": 2 * 1024 * 1024}, room.id)

    def _uploaded(
        self, query: dict[str, str], body: dict[str, Any], limits: dict[str, int], owner: str
    ) -> dict[str, Any]:
        kind, media = query.get("type", ""), body.get("media")
        if kind not in limits:
            raise bad("invalid media type", 40004)
        if not isinstance(media, tuple) or not media[0]:
            raise bad("no media data", 41005)
        if not 5 < len(media[1]) <= limits[kind]:
            raise bad("invalid file size", 40006)
        return self._keep(kind, media[0], media[1], owner)

    # ------------------------------------------------------------ the self-built application

    def call_gettoken(self, query: dict[str, str], _body: dict[str, Any]) -> dict[str, Any]:
        if query.get("corpid") != CORP_ID:
            raise Refusal(40013, "invalid corpid")
        if query.get("corpsecret") != CORP_SECRET:
            raise Refusal(40001, "invalid credential")
        now = self.clock()
        token = next((one for one, at in self._tokens.items() if now - at < TOKEN_SECONDS), None)
        if token is None:
            token = secrets.token_urlsafe(160)
            self._tokens[token] = now
        return {"access_token": token, "expires_in": int(TOKEN_SECONDS - (now - self._tokens[token]))}

    def expire_token(self) -> None:
        """Let the tokens given out die before their time."""
        with self._lock:
            self._tokens = dict.fromkeys(self._tokens, -1e18)

    def _authorised(self, query: dict[str, str]) -> None:
        if self.untrusted_ip:
            raise Refusal(60020, "not allow to access from your ip, from ip: 127.0.0.1")
        if "access_token" not in query:
            raise bad("access_token missing", 41001)
        if query["access_token"] not in self._tokens:
            raise Refusal(40014, "invalid access_token")
        if self.clock() - self._tokens[query["access_token"]] >= TOKEN_SECONDS:
            raise Refusal(42001, "access_token expired")

    def call_message_send(self, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        self._authorised(query)
        kind, task = body.get("msgtype"), None
        to = [one for one in str(body.get("touser", "")).split("|") if one]
        if body.get("agentid") != AGENT_ID:
            raise bad("invalid agentid", 40056)
        if not 1 <= len(to) <= 1000:
            raise bad("touser")
        result = {"invalidparty": "", "invalidtag": "", "unlicenseduser": "", "msgid": f"app{next(self._numbers)}"}
        if body.get("enable_duplicate_check") and self._repeated(body):
            self.duplicates += 1
            return {"invaliduser": ""} | result
        if kind == "template_card":
            look = self._app_card(body.get("template_card"))
            task = look["card"].get("task_id")
        elif kind == "text":
            look = {"kind": kind, "text": content_of(body, kind, TEXT_BYTES)}
        elif kind == "markdown":
            look = {"kind": kind, "text": shown(content_of(body, kind, TEXT_BYTES), self._blame)}
        elif kind == "file":
            look = self._look(kind, body, "app")
        else:
            raise bad(f"invalid message type {kind}", 40008)
        valid = sorted(self.visible) if to == ["@all"] else [one for one in to if one in self.visible]
        if not valid:
            raise Refusal(81013, "all touser & toparty & totag invalid")
        result["invaliduser"] = "|".join(one for one in to if one not in valid and one != "@all")
        copies = self._app_tasks.setdefault(task, []) if task else []
        for one in valid:
            if self._full(self._members.setdefault(one, []), CONVERSATION_WINDOWS):
                self.dropped += 1
            else:
                copies.append(self._take(self.private(self.users[one]), "app", dict(look)))
        if kind == "template_card" and look["card"]["card_type"] in INTERACTIVE:
            result["response_code"] = self._code(str(task))
        return result

    def _repeated(self, body: dict[str, Any]) -> bool:
        told, now = json.dumps(body, sort_keys=True), self.clock()
        repeated = now - self._bodies.get(told, -1e18) < int(body.get("duplicate_check_interval", 1800))
        self._bodies[told] = self._bodies[told] if repeated else now
        return repeated

    def _app_card(self, card: Any) -> dict[str, Any]:
        check_card(card, action=(1, 2))
        if (card["card_type"] in INTERACTIVE or "action_menu" in card) and not self.has_callback:
            raise bad("template_card of an application without a callback url")
        if card.get("task_id") in self._app_tasks:
            raise bad("template_card.task_id is repeated")
        return look_of(card)

    def _code(self, task: str) -> str:
        code = secrets.token_urlsafe(24)
        self._codes[code] = task, self.clock()
        return code

    def call_message_update_template_card(self, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        self._authorised(query)
        if body.get("agentid") != AGENT_ID:
            raise bad("invalid agentid", 40056)
        task, at = self._codes.get(body.get("response_code", ""), ("", -1e18))
        if self.clock() - at > CODE_SECONDS:
            raise Refusal(BAD_CODE, "invalid response_code")
        users, button, card = body.get("userids", []), body.get("button"), body.get("template_card")
        if not users and not body.get("atall"):
            raise bad("userids missing")
        copies = [one for one in self._app_tasks[task] if body.get("atall") or one.chat in users]
        if isinstance(button, dict) and isinstance(button.get("replace_name"), str) and button["replace_name"]:
            looks = [{"text": f"{one.text}\n{button['replace_name']}", "buttons": [], "picks": [], "submit": ""}
                     for one in copies]  # fmt: skip
        elif isinstance(card, dict):
            card = {name: value for name, value in card.items() if name != "replace_text"}
            check_card({"task_id": task} | card, action=(1, 2))
            if card.get("task_id", task) != task:
                raise bad("template_card.task_id does not match")
            looks = [look_of(card) for _one in copies]
        else:
            raise bad("button and template_card are both missing")
        del self._codes[body["response_code"]]
        for one, look in zip(copies, looks, strict=True):
            _repaint(one, look)
        return {"invaliduser": "|".join(set(users) - self.visible)}

    def call_media_upload(self, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        self._authorised(query)
        small = {"image": 10 * 1024 * 1024, "voice": 2 * 1024 * 1024, "video": 10 * 1024 * 1024}
        return self._uploaded(query, body, small | {"file": FILE_BYTES}, "app")

    def call_media_get(self, query: dict[str, str], _body: dict[str, Any]) -> Response:
        self._authorised(query)
        media = self._media.get(query.get("media_id", ""))
        if media is None or media.owner != "app" or self.clock() - media.at > MEDIA_SECONDS:
            raise Refusal(40007, "invalid media_id")
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(media.name, safe='')}"}
        return Response(media.content, headers=headers, media_type="application/octet-stream")

    # ------------------------------------------------------------ callbacks of the application

    def app_presses(
        self, sent: Sent, label: str, user: User, *, data: str | None = None, picks: dict[str, str] | None = None
    ) -> tuple[dict[str, str], bytes]:
        """Somebody presses a button of a card of the application; return what the service brings to our address."""
        key, picked = sent.chosen(label, data, picks)
        event: dict[str, Any] = {
            "MsgType": "event", "Event": "template_card_event", "EventKey": key, "TaskId": sent.id,
            "CardType": sent.card["card_type"], "ResponseCode": self._code(sent.id), "AgentID": AGENT_ID,
        }  # fmt: skip
        if picked:
            items = [{"QuestionKey": name, "OptionIds": {"OptionId": one}} for name, one in picked.items()]
            event["SelectedItems"] = {"SelectedItem": items}
        return self._sealed(user, event)

    def app_says(
        self, user: User, text: str = "", *, file: tuple[str, bytes] | None = None, photo: bytes | None = None
    ) -> tuple[dict[str, str], bytes]:
        """Somebody writes to the application."""
        about: dict[str, Any] = {"MsgType": "text", "Content": text}
        if file is not None:
            about = {"MsgType": "file", "MediaId": self._keep("file", file[0], file[1], "app")["media_id"]}
        if photo is not None:
            number = self._keep("image", "图片.jpg", photo, "app")["media_id"]
            about = {"MsgType": "image", "PicUrl": f"{self.url}/picture/{number}", "MediaId": number}
        return self._sealed(user, about | {"MsgId": next(self._numbers), "AgentID": AGENT_ID})

    def _sealed(self, user: User, about: dict[str, Any]) -> tuple[dict[str, str], bytes]:
        head = {"ToUserName": CORP_ID, "FromUserName": user.id, "CreateTime": int(self.clock_wall())}
        encrypted = seal(f"<xml>{_xml(head | about)}</xml>")
        outer = _xml({"ToUserName": CORP_ID, "AgentID": str(AGENT_ID), "Encrypt": encrypted})
        return self.signed(encrypted), f"<xml>{outer}</xml>".encode()

    def signed(self, encrypted: str) -> dict[str, str]:
        """Return the query that goes with an encrypted text."""
        stamp, nonce = str(int(self.clock_wall())), secrets.token_hex(8)
        return {"msg_signature": sign(stamp, nonce, encrypted), "timestamp": stamp, "nonce": nonce}

    def verify_query(self, echo: str = "1234567890123456789") -> dict[str, str]:
        """Return the query of the check of our address; the answer must be ``echo``."""
        encrypted = seal(echo)
        return self.signed(encrypted) | {"echostr": encrypted}


def bring(url: str, query: dict[str, str], body: bytes) -> httpx.Response:
    """Bring a callback to our address."""
    return httpx.post(url, params=query, content=body, headers={"content-type": "text/xml"})


# ------------------------------------------------------------ small things


def _repaint(sent: Sent, look: dict[str, Any]) -> None:
    """Change a card in place."""
    for name, value in look.items():
        setattr(sent, name, value)
    sent.edits += 1


def _kind_of(name: str) -> str:
    return "video" if name.lower().endswith((".mp4", ".mov")) else "file"


async def _body_of(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("multipart/"):
        async with request.form() as form:
            return {name: value if isinstance(value, str) else (value.filename, await value.read())
                    for name, value in form.items()}  # fmt: skip
    raw = await request.body()
    body = json.loads(raw) if raw else {}
    if not isinstance(body, dict):
        raise ValueError(body)
    return body


async def _failed(trouble: Trouble) -> Response:
    if trouble.how == "timeout":
        await asyncio.sleep(3600)
    if trouble.how == "reset":
        return StreamingResponse(_broken_off(), headers={"content-length": "100"}, media_type="application/json")
    if trouble.how == "errcode":
        return JSONResponse({"errcode": trouble.code, "errmsg": trouble.text})
    return Response(HTTPStatus(int(trouble.how)).phrase, int(trouble.how))


async def _zeros(size: int) -> Any:
    for start in range(0, size, 65536):
        yield b"\0" * min(65536, size - start)


# ------------------------------------------------------------ secrets


def _encrypt(key: bytes, content: bytes) -> bytes:
    pad = 32 - len(content) % 32
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return encryptor.update(content + bytes([pad]) * pad) + encryptor.finalize()


def seal(text: str, receiver: str = CORP_ID, key: str = AES_KEY) -> str:
    """Encrypt as the service does for callbacks."""
    content = text.encode()
    raw = os.urandom(16) + len(content).to_bytes(4, "big") + content + receiver.encode()
    return base64.b64encode(_encrypt(base64.b64decode(key + "="), raw)).decode()


def unseal(encrypted: str, receiver: str = CORP_ID, key: str = AES_KEY) -> str:
    """Decrypt what a client answered, and check whom it is for."""
    secret = base64.b64decode(key + "=")
    decryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).decryptor()
    raw = decryptor.update(base64.b64decode(encrypted)) + decryptor.finalize()
    assert 1 <= raw[-1] <= 32, "padding"
    assert raw.endswith(raw[-1:] * raw[-1]), "padding"
    raw, size = raw[: -raw[-1]], int.from_bytes(raw[16:20], "big")
    assert raw[20 + size :].decode() == receiver, "receiver"
    return raw[20 : 20 + size].decode()


def sign(stamp: str, nonce: str, encrypted: str, token: str = TOKEN) -> str:
    """Sign as the service does."""
    return hashlib.sha1("".join(sorted((token, stamp, nonce, encrypted))).encode()).hexdigest()


def opened(reply: bytes) -> str:
    """Check and decrypt a passive answer to a callback."""
    parts = {part.tag: part.text or "" for part in ElementTree.fromstring(reply)}
    wanted = sign(parts["TimeStamp"], parts["Nonce"], parts["Encrypt"])
    assert hmac.compare_digest(wanted, parts["MsgSignature"]), "signature"
    return unseal(parts["Encrypt"])


def _xml(about: dict[str, Any]) -> str:
    made = ""
    for name, value in about.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                inner = _xml(one)
            else:
                inner = str(one) if isinstance(one, int) else f"<![CDATA[{one.replace(']]>', ']]]]><![CDATA[>')}]]>"
            made += f"<{name}>{inner}</{name}>"
    return made


class WecomServer(Server):
    """One server on two free ports of this machine, HTTP and WebSocket, behind it one world after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.api: Any = WecomApi()

    def adopt(self, api: Any) -> Any:
        """Put another world behind the server."""
        self.api.sever()
        api.serve_at(self.url, self._loop, self.ws_url)
        self.api = api
        return api

    def _run(self) -> None:
        self._loop.run_until_complete(self._both())
        self._loop.run_until_complete(_end_all())
        self._loop.close()

    async def _both(self) -> None:
        async with serve_websockets(
            self._talk, "127.0.0.1", 0, process_request=self._shake, compression=None, ping_interval=None,
            max_size=4 * CHUNK_BYTES, close_timeout=1,
        ) as sockets:  # fmt: skip
            self.ws_url = f"ws://127.0.0.1:{next(iter(sockets.sockets)).getsockname()[1]}"
            await self._server.serve()
            self.api.sever()

    async def _talk(self, socket: ServerConnection) -> None:
        await self.api.serve_socket(socket)

    def _shake(self, connection: ServerConnection, _request: Any) -> Any:
        return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "") if self.api.refuse_connections else None
