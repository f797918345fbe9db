"""A strict stand-in for the Telegram Bot API, over real HTTP: it checks what the service checks, in the service's words.

It knows users, groups, topics, membership and privacy mode, and fails on demand in every way the service does, also
after it has taken a message. What the bot sent is in ``sent``; what it did wrong in ``faults``.
"""

import asyncio
import contextlib
import html
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

TOKEN = "123456:stand-in-token"
BOT_ID = 123456
BOT_NAME = "duban_test_bot"
ANONYMOUS = 1087968824

ANSWER_SECONDS = 15.0

PATIENCE = 60.0
"""Seconds in which the bot does what a test waits for: a machine that does much else starts a program slowly."""
GROUP_LIMIT, GROUP_SECONDS = 20, 60.0
OVERALL_LIMIT, OVERALL_SECONDS = 30, 1.0

TAGS = frozenset({"b", "strong", "i", "em", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"})


class Refusal(Exception):
    """The service says no: HTTP status, description, parameters."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(text: str) -> Refusal:
    return Refusal(400, f"Bad Request: {text}")


@dataclass(frozen=True)
class User:
    """Somebody with an account."""

    id: int
    name: str

    def told(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.name}


@dataclass
class Sent:
    """A message of the bot as it stands now."""

    chat: int
    id: int
    text: str
    buttons: list[tuple[str, str]]
    topic: int | None = None
    reply_to: int | None = None
    silent: bool = False
    force_reply: bool = False
    file: str | None = None
    content: bytes = b""
    edits: int = 0
    at: float = 0.0
    mentions: list[str] = field(default_factory=list)

    def data(self, label: str) -> str:
        """Return the data of a button."""
        found = [data for shown, data in self.buttons if shown.strip("〔〕") == label.strip("〔〕")]
        assert found, f"no button {label} among {[shown for shown, _data in self.buttons]} under:\n{self.text}"
        return found[0]


@dataclass
class Room:
    """A chat: a group, a supergroup, a forum, or a private one."""

    id: int
    kind: str
    title: str
    status: str = "member"
    topics: set[int] = field(default_factory=set)
    migrated_to: int | None = None
    deleted: bool = False
    started: bool = True
    last_id: int = 0
    bot_spoke_last: bool = False
    messages: dict[int, Sent] = field(default_factory=dict)
    recent: list[float] = field(default_factory=list)
    admin: bool = False
    pinned: int | None = None
    may_pin: bool = True

    def told(self) -> dict[str, Any]:
        about: dict[str, Any] = {"id": self.id, "type": self.kind}
        if self.kind == "private":
            return about | {"first_name": self.title}
        return about | {"title": self.title} | ({"is_forum": True} if self.topics else {})


@dataclass
class Trouble:
    """One way to fail: which calls, how, and whether the message is taken first."""

    how: str
    method: str = "sendMessage"
    chat: int | None = None
    times: int = 1
    accept: bool = False
    text: str = ""
    retry_after: int = 3


class BotApi:
    """The server and the world behind it. ``clock`` tells the seconds by which the rate limits go."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, limits: bool = True) -> None:
        self.clock, self.limits = clock, limits
        self.rooms: dict[int, Room] = {}
        self.sent: list[Sent] = []
        self.faults: list[str] = []
        self.answers: dict[str, str] = {}
        self.menus: dict[str, list[tuple[str, str]]] = {}
        self.calls: list[str] = []
        self.troubles: list[Trouble] = []
        self.files: dict[str, bytes] = {}
        self.floods = 0
        self.webhook: tuple[str, str] | None = None
        self.token = TOKEN
        self._updates: list[dict[str, Any]] = []
        self._numbers = iter(range(700_000_000, 800_000_000))
        self._queries: dict[str, float] = {}
        self._recent: list[float] = []
        self._poll: asyncio.Future[None] | None = None
        self._lock = threading.RLock()
        self.changed = threading.Condition(self._lock)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._users = iter(range(5001, 9999))

    @contextlib.contextmanager
    def running(self) -> Iterator["BotApi"]:
        """Serve alone, for who is no test of pytest's."""
        with Server().running() as server:
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
        return User(next(self._users), name)

    def group(self, title: str, *, member: bool = False, forum: tuple[int, ...] = (), plain: bool = False) -> Room:
        """Make a supergroup (or a plain group, or a forum with these topics), with the bot in it or not."""
        number = -(len(self.rooms) + 1) - (0 if plain else 1_000_000_000_000)
        room = Room(number, "group" if plain else "supergroup", title, "member" if member else "left", set(forum))
        self.rooms[number] = room
        return room

    def private(self, user: User) -> Room:
        """Return somebody's private chat with the bot; until they write it is not begun."""
        if user.id not in self.rooms:
            self.rooms[user.id] = Room(user.id, "private", user.name, started=False)
        return self.rooms[user.id]

    def push(self, **update: Any) -> dict[str, Any]:
        """Let an update wait for the bot, or bring it to its webhook."""
        with self._lock:
            made = {"update_id": next(self._numbers), **update}
            self._updates.append(made)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake)
        return made

    def push_again(self, update: dict[str, Any]) -> None:
        """Bring the same update once more, as the service does where it was not told that it was handled."""
        with self._lock:
            self._updates.append(update)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def add_bot(self, room: Room, by: User, status: str = "member") -> None:
        """Somebody brings the bot into a group, or gives it another standing."""
        before, room.status = room.status, status
        self._membership(room, by, before, status)

    def remove_bot(self, room: Room, by: User) -> None:
        """Somebody throws the bot out, or stops it in private."""
        before, room.status = room.status, "kicked"
        self._membership(room, by, before, "kicked")

    def mute_bot(self, room: Room, by: User) -> None:
        """Somebody takes the bot's right to write away."""
        before, room.status = room.status, "restricted"
        self._membership(room, by, before, "restricted")

    def _membership(self, room: Room, by: User, before: str, after: str) -> None:
        self.push(my_chat_member={
            "chat": room.told(), "from": by.told(), "date": 1_654_000_000,
            "old_chat_member": self._standing(before), "new_chat_member": self._standing(after),
        })  # fmt: skip

    def _standing(self, status: str) -> dict[str, Any]:
        made: dict[str, Any] = {"status": status, "user": self.me()}
        if status == "kicked":
            made["until_date"] = 0
        if status == "restricted":
            rights = ("is_member", "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos",
                      "can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls",
                      "can_send_other_messages", "can_add_web_page_previews", "can_change_info", "can_invite_users",
                      "can_pin_messages", "can_manage_topics", "can_edit_tag", "can_react_to_messages")  # fmt: skip
            made |= dict.fromkeys(rights, False) | {"is_member": True, "until_date": 0}
        if status == "administrator":
            rights = ("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
                      "can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info",
                      "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories")  # fmt: skip
            made |= dict.fromkeys(rights, False)
        return made

    def migrate(self, room: Room) -> Room:
        """Turn a group into a supergroup: a new id, and the old one dead."""
        new = self.group(room.title, member=True)
        new.status = room.status
        room.migrated_to = new.id
        self.push(message=self._message(room, None) | {"migrate_to_chat_id": new.id})
        self.push(message=self._message(new, None) | {"migrate_from_chat_id": room.id})
        return new

    def migrate_silently(self, room: Room) -> Room:
        """The same, but the service messages are not there yet."""
        new = self.group(room.title, member=True)
        room.migrated_to = new.id
        return new

    def rename(self, room: Room, title: str, by: User) -> None:
        """Give a group another title."""
        room.title = title
        self.push(message=self._message(room, by) | {"new_chat_title": title})

    def says(
        self, room: Room, user: User, text: str = "", *, reply: Sent | None = None, topic: int | None = None,
        anonymous: bool = False, file: tuple[str, bytes] | None = None, photo: bytes | None = None,
        album: str | None = None, size: int | None = None, names_the_bot: bool = False, forwarded: str = "",
        pointed_at: tuple[str, bytes] | None = None,
    ) -> dict[str, Any] | None:  # fmt: skip
        """Somebody writes, perhaps as a reply to words or a file that somebody forwarded; return the update, or None where privacy mode
        keeps it from the bot.
        """
        if room.kind == "private":
            room.started, room.status = True, "member"
        message = self._message(room, user, topic)
        if anonymous:
            message |= {"from": {"id": ANONYMOUS, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
                        "sender_chat": room.told()}  # fmt: skip
        if file is not None or photo is not None:
            message |= self._attachment(file, photo, size)
        text = f"@{BOT_NAME} {text}".strip() if names_the_bot and not text.startswith("/") else text
        if text:
            key = "caption" if file or photo else "text"
            message[key] = text
            message |= _entities(key, text)
        if album is not None:
            message["media_group_id"] = album
        if reply is not None:
            message["reply_to_message"] = self._bots_message(room, reply)
        if forwarded:
            origin = {"type": "hidden_user", "date": 1_653_990_000, "sender_user_name": "值班室"}
            message["reply_to_message"] = self._message(room, user) | {"text": forwarded, "forward_origin": origin}
        if pointed_at is not None:
            is_photo = pointed_at[0].endswith(".jpg")
            what = self._attachment(None, pointed_at[1], None) if is_photo else self._attachment(pointed_at, None, None)
            message["reply_to_message"] = self._message(room, user) | what
        heard = self._hears(room, text, reply)
        room.bot_spoke_last = False
        return self.push(message=message) if heard else None

    def changes(self, update: dict[str, Any], text: str) -> dict[str, Any]:
        """Somebody changes the words of a message that the bot has seen."""
        message = update.get("message") or update["edited_message"]
        key = "caption" if "caption" in message else "text"
        kept = {name: value for name, value in message.items() if name not in ("entities", "caption_entities")}
        return self.push(edited_message=kept | {key: text, "edit_date": int(self.clock())} | _entities(key, text))

    def _hears(self, room: Room, text: str, reply: Sent | None) -> bool:
        if room.kind == "private" or room.admin:
            return True
        if room.status not in ("member", "administrator"):
            return False
        command = re.match(r"/[A-Za-z_]+(?:@(\w+))?", text)
        addressed = command is not None and (command[1] == BOT_NAME or (command[1] is None and room.bot_spoke_last))
        return addressed or reply is not None

    def _attachment(self, file: tuple[str, bytes] | None, photo: bytes | None, size: int | None) -> dict[str, Any]:
        content = file[1] if file else photo or b""
        number = f"file{len(self.files) + 1}"
        self.files[number] = content
        about = {"file_id": number, "file_unique_id": number, "file_size": len(content) if size is None else size}
        if file is not None:
            return {"document": about | {"file_name": file[0]}}
        return {"photo": [about | {"width": 90, "height": 90, "file_size": 10}, about | {"width": 900, "height": 900}]}

    def presses(self, room: Room, sent: Sent, label: str, user: User, *, data: str | None = None) -> dict[str, Any]:
        """Somebody presses a button of a message of the bot."""
        query = f"query{next(self._numbers)}"
        self._queries[query] = time.monotonic()
        return self.push(callback_query={
            "id": query, "from": user.told(), "chat_instance": "1", "data": data or sent.data(label),
            "message": self._bots_message(room, sent),
        })  # fmt: skip

    def answer_to(self, update: dict[str, Any]) -> str | None:
        """Return what a press was answered; None when it was not."""
        return self.answers.get(update["callback_query"]["id"])

    def _message(self, room: Room, user: User | None, topic: int | None = None) -> dict[str, Any]:
        room.last_id += 1
        made: dict[str, Any] = {"message_id": room.last_id, "date": 1_654_000_000, "chat": room.told()}
        if user is not None:
            made["from"] = user.told()
        if topic is not None:
            made |= {"message_thread_id": topic, "is_topic_message": True}
        return made

    def _bots_message(self, room: Room, sent: Sent) -> dict[str, Any]:
        topic = {"message_thread_id": sent.topic, "is_topic_message": True} if sent.topic else {}
        return {
            "message_id": sent.id,
            "date": 1_654_000_000,
            "chat": room.told(),
            "from": self.me(),
            "text": sent.text,
        } | topic

    # ------------------------------------------------------------ serving

    def serve_at(self, url: str, loop: asyncio.AbstractEventLoop) -> None:
        """Be found at ``url``, served by ``loop``."""
        self.url, self._loop = url, loop

    async def serve(self, request: Request) -> Response:
        """Answer one call."""
        path = request.path_params["path"]
        if path.startswith(f"file/bot{self.token}/"):
            return Response(self.files[path.rsplit("/", 1)[1]])
        found = re.fullmatch(r"bot([^/]+)/(\w+)", path)
        if found is None:
            return _told(Refusal(404, "Not Found"))
        if found[1] != self.token:
            return _told(Refusal(401, "Unauthorized"))
        async with request.form() as form:
            values = {
                key: value if isinstance(value, str) else (value.filename, await value.read())
                for key, value in form.items()
            }
        method = getattr(self, f"do_{found[2]}", None)
        if method is None:
            self.faults.append(f"unknown method {found[2]}")
            return _told(Refusal(404, "Not Found"))
        if found[2] == "getUpdates":
            return await self._get_updates(values)
        return await self._call(found[2], method, values)

    async def _call(self, name: str, method: Callable[[dict[str, Any]], Any], values: dict[str, Any]) -> Response:
        trouble = self._trouble(name, values)
        try:
            if trouble is not None and not trouble.accept:
                return await self._fail(trouble)
            with self.changed:
                self.calls.append(name)
                result = method(values)
                self.changed.notify_all()
        except Refusal as refusal:
            with self.changed:
                self.changed.notify_all()
            return _told(refusal)
        if trouble is not None:
            return await self._fail(trouble)
        return JSONResponse({"ok": True, "result": result})

    def _trouble(self, name: str, values: dict[str, Any]) -> Trouble | None:
        with self._lock:
            for trouble in self.troubles:
                chat = int(values.get("chat_id", 0) or 0)
                if trouble.method == name and trouble.times > 0 and trouble.chat in (None, chat):
                    trouble.times -= 1
                    return trouble
        return None

    async def _fail(self, trouble: Trouble) -> Response:
        if trouble.how == "refuse":
            return _told(bad(trouble.text))
        if trouble.how == "forbid":
            return _told(Refusal(403, f"Forbidden: {trouble.text}"))
        if trouble.how == "flood":
            after = trouble.retry_after
            return _told(Refusal(429, f"Too Many Requests: retry after {after}", retry_after=after))
        if trouble.how == "timeout":
            await asyncio.sleep(3600)
        if trouble.how == "reset":
            return StreamingResponse(_broken_off(), headers={"content-length": "100"}, media_type="application/json")
        code = int(trouble.how)
        return _told(Refusal(code, {500: "Internal Server Error", 502: "Bad Gateway"}.get(code, "Error")))

    async def _get_updates(self, values: dict[str, Any]) -> Response:
        trouble = self._trouble("getUpdates", values)
        if trouble is not None:
            return await self._fail(trouble)
        if self.webhook is not None:
            return _told(Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"))  # fmt: skip
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(Refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"))  # fmt: skip
        offset, limit = int(values.get("offset", 0) or 0), min(int(values.get("limit", 100) or 100), 100)
        wait = min(float(values.get("timeout", 0) or 0), 50.0)
        with self._lock:
            self._updates = [one for one in self._updates if one["update_id"] >= offset]
            found = self._updates[:limit]
        if not found and wait > 0:
            self._poll = asyncio.get_running_loop().create_future()
            poll = self._poll
            try:
                with contextlib.suppress(TimeoutError):  # nothing came: an empty answer, as the service gives
                    await asyncio.wait_for(asyncio.shield(poll), wait)
            except Refusal as refusal:
                return _told(refusal)
            finally:
                if self._poll is poll:
                    self._poll = None
            with self._lock:
                found = self._updates[:limit]
        with self.changed:
            self.changed.notify_all()
        return JSONResponse({"ok": True, "result": found})

    def bring_to_webhook(self, secret: str | None = None) -> list[int]:
        """Bring what waits to the webhook, one after the other; return the statuses."""
        return [self._bring(one, secret) for one in self._take_updates()]

    def bring_at_once(self) -> list[int]:
        """Bring everything that waits to the webhook at the same moment, each by a connection of its own."""
        waiting = self._take_updates()
        together = threading.Barrier(len(waiting))

        def bring(update: dict[str, Any]) -> int:
            together.wait(30)
            return self._bring(update)

        with ThreadPoolExecutor(len(waiting)) as connections:
            return list(connections.map(bring, waiting))

    def _take_updates(self) -> list[dict[str, Any]]:
        with self._lock:
            waiting, self._updates = self._updates, []
        return waiting

    def _bring(self, update: dict[str, Any], secret: str | None = None) -> int:
        assert self.webhook is not None, "no webhook is set"
        url, own = self.webhook
        headers = {"X-Telegram-Bot-Api-Secret-Token": own if secret is None else secret}
        return httpx.post(url, json=update, headers=headers, timeout=30).status_code

    @property
    def unconfirmed(self) -> int:
        """How many updates wait, or were given out and not confirmed by a later question."""
        with self._lock:
            return len(self._updates)

    # ------------------------------------------------------------ methods

    def me(self) -> dict[str, Any]:
        """Return the bot's own account."""
        return {"id": BOT_ID, "is_bot": True, "first_name": "督办", "username": BOT_NAME, "can_join_groups": True,
                "can_read_all_group_messages": False, "supports_inline_queries": False}  # fmt: skip

    def do_getUpdates(self, values: dict[str, Any]) -> Any:
        raise AssertionError("served by itself")

    def do_getMe(self, _values: dict[str, Any]) -> Any:
        return self.me()

    def do_deleteWebhook(self, _values: dict[str, Any]) -> Any:
        self.webhook = None
        return True

    def do_setWebhook(self, values: dict[str, Any]) -> Any:
        if not values["url"].startswith(("https://", "http://127.0.0.1")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", values.get("secret_token", "")):
            raise bad("secret token contains unallowed characters")
        self.webhook = values["url"], values["secret_token"]
        return True

    def do_setMyCommands(self, values: dict[str, Any]) -> Any:
        commands = json.loads(values["commands"])
        scope = json.loads(values.get("scope", '{"type": "default"}'))
        if len(commands) > 100:
            raise bad("too many commands")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        if scope["type"] == "chat" and int(scope["chat_id"]) not in self.rooms:
            raise bad("chat not found")
        key = scope["type"] + (f":{scope['chat_id']}" if "chat_id" in scope else "")
        self.menus[key] = [(one["command"], one["description"]) for one in commands]
        return True

    def do_getFile(self, values: dict[str, Any]) -> Any:
        content = self.files.get(values["file_id"])
        if content is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(content) > 20 * 1024 * 1024:
            raise bad("file is too big")
        number = values["file_id"]
        return {
            "file_id": number,
            "file_unique_id": number,
            "file_size": len(content),
            "file_path": f"documents/{number}",
        }

    def do_answerCallbackQuery(self, values: dict[str, Any]) -> Any:
        query = values["callback_query_id"]
        if query in self.answers:
            self.faults.append(f"{query} was answered twice")
        too_old = time.monotonic() - self._queries.get(query, -1e9) > ANSWER_SECONDS
        if query in self.answers or too_old:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(values.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.answers[query] = values.get("text", "")
        return True

    def do_sendMessage(self, values: dict[str, Any]) -> Any:
        room = self._room(values)
        text = self._parsed(values.get("text", ""), values.get("parse_mode"), 4096, "message is too long")
        if not text.strip():
            raise bad("message text is empty")
        return self._take(room, values, text)

    def do_sendDocument(self, values: dict[str, Any]) -> Any:
        room = self._room(values)
        caption = self._parsed(values.get("caption", ""), values.get("parse_mode"), 1024, "message caption is too long")
        name, content = next(
            (value for key, value in values.items() if isinstance(value, tuple)), ("", b"")
        )  # fmt: skip
        if not content:
            raise bad("file must be non-empty")
        return self._take(room, values, caption, file=name, content=content)

    def do_sendMediaGroup(self, values: dict[str, Any]) -> Any:
        room, media = self._room(values), json.loads(values["media"])
        if not 2 <= len(media) <= 10:
            raise bad("wrong number of messages in the album")
        if {"reply_markup", "caption"} & values.keys() or len({one["type"] for one in media}) != 1:
            raise bad("can't parse media group")
        taken = []
        for one in media:
            caption = self._parsed(one.get("caption", ""), one.get("parse_mode"), 1024, "message caption is too long")
            name, content = values[one["media"].removeprefix("attach://")]
            if not content:
                raise bad("file must be non-empty")
            taken.append((caption, name, content))
        return [self._take(room, values, caption, file=name, content=content) for caption, name, content in taken]

    def do_pinChatMessage(self, values: dict[str, Any]) -> Any:
        room = self._room(values)
        if int(values["message_id"]) not in room.messages:
            raise bad("message to pin not found")
        if not room.may_pin:
            raise bad("not enough rights to manage pinned messages in the chat")
        room.pinned = int(values["message_id"])
        return True

    def do_editMessageText(self, values: dict[str, Any]) -> Any:
        return self._edit(values, values.get("text", ""), 4096, "message is too long")

    def do_editMessageCaption(self, values: dict[str, Any]) -> Any:
        return self._edit(values, values.get("caption", ""), 1024, "message caption is too long")

    def _edit(self, values: dict[str, Any], text: str, limit: int, too_long: str) -> Any:
        room = self._room(values)
        sent = room.messages.get(int(values["message_id"]))
        if sent is None:
            raise bad("message to edit not found")
        parsed = self._parsed(text, values.get("parse_mode"), limit, too_long)
        buttons, _force = self._markup(values)
        if (parsed, buttons) == (sent.text, sent.buttons):
            raise bad("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")  # fmt: skip
        self._limit(room)
        sent.text, sent.buttons, sent.edits = parsed, buttons, sent.edits + 1
        return self._bots_message(room, sent)

    # ------------------------------------------------------------ checks

    def _room(self, values: dict[str, Any]) -> Room:
        room = self.rooms.get(int(values["chat_id"]))
        if room is None:
            raise bad("chat not found")
        if room.migrated_to is not None:
            raise Refusal(
                400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=room.migrated_to
            )
        if room.deleted:
            raise Refusal(403, "Forbidden: the group chat was deleted")
        if room.kind == "private":
            if not room.started:
                raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
            if room.status == "kicked":
                raise Refusal(403, "Forbidden: bot was blocked by the user")
            return room
        if room.status == "kicked":
            raise Refusal(403, f"Forbidden: bot was kicked from the {room.kind} chat")
        if room.status == "left":
            raise Refusal(403, f"Forbidden: bot is not a member of the {room.kind} chat")
        if room.status == "restricted":
            raise bad("not enough rights to send text messages to the chat")
        return room

    def _take(
        self, room: Room, values: dict[str, Any], text: str, file: str | None = None, content: bytes = b""
    ) -> Any:
        buttons, force = self._markup(values)
        topic = int(values["message_thread_id"]) if values.get("message_thread_id") else None
        if topic is not None and topic not in room.topics:
            raise bad("message thread not found")
        reply = json.loads(values.get("reply_parameters", "null"))
        replied = None
        if reply is not None:
            if int(reply["message_id"]) <= room.last_id:
                replied = int(reply["message_id"])
            elif not reply.get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
        self._limit(room)
        room.last_id += 1
        sent = Sent(
            room.id, room.last_id, text, buttons, topic, replied, values.get("disable_notification") == "true", force,
            file, content, at=time.monotonic(),
            mentions=re.findall(r'<a href="tg://user\?id=(\d+)">', values.get("text", "")),
        )  # fmt: skip
        room.messages[sent.id] = sent
        room.bot_spoke_last = True
        self.sent.append(sent)
        told = self._bots_message(room, sent)
        if file is not None:
            told |= {"document": {"file_id": "own", "file_unique_id": "own", "file_name": file}}
        return told

    def _limit(self, room: Room) -> None:
        now = self.clock()
        room.recent = [at for at in room.recent if now - at < GROUP_SECONDS]
        self._recent = [at for at in self._recent if now - at < OVERALL_SECONDS]
        full = room.id < 0 and len(room.recent) >= GROUP_LIMIT
        if self.limits and (full or len(self._recent) >= OVERALL_LIMIT):
            self.floods += 1
            oldest, span = (room.recent[0], GROUP_SECONDS) if full else (self._recent[0], OVERALL_SECONDS)
            after = int(span - (now - oldest)) + 1
            raise Refusal(429, f"Too Many Requests: retry after {after}", retry_after=after)
        room.recent.append(now)
        self._recent.append(now)

    def _parsed(self, text: str, mode: str | None, limit: int, too_long: str) -> str:
        plain = _plain(text) if mode == "HTML" else text
        if len(plain.encode("utf-16-le")) // 2 > limit:
            raise bad(too_long)
        return plain

    def _markup(self, values: dict[str, Any]) -> tuple[list[tuple[str, str]], bool]:
        markup = json.loads(values.get("reply_markup", "null"))
        if not markup:
            return [], False
        if markup.get("force_reply"):
            return [], True
        rows = markup.get("inline_keyboard", [])
        buttons = [button for row in rows for button in row]
        if len(buttons) > 100 or any(len(row) > 8 for row in rows):
            raise bad("REPLY_MARKUP_TOO_LONG")
        for button in buttons:
            if not button["text"].strip():
                raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
            if not 1 <= len(button["callback_data"].encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
        return [(button["text"], button["callback_data"]) for button in buttons], False


class Server:
    """One server on a free port of this machine, behind it one world after the other."""

    def __init__(self) -> None:
        self.api = BotApi()
        self._loop = asyncio.new_event_loop()

    @contextlib.contextmanager
    def running(self) -> Iterator["Server"]:
        """Serve until the end of the block."""
        app = Starlette(routes=[Route("/{path:path}", self._serve, methods=["GET", "POST"])])
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
        self._server = uvicorn.Server(config)
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        while not self._server.started:
            time.sleep(0.005)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        try:
            yield self
        finally:
            self._server.should_exit = True
            self._server.force_exit = True
            thread.join(10)

    def adopt(self, api: BotApi) -> BotApi:
        """Put another world behind the server."""
        api.serve_at(self.url, self._loop)
        self.api = api
        return api

    async def _serve(self, request: Request) -> Response:
        return await self.api.serve(request)

    def _run(self) -> None:
        self._loop.run_until_complete(self._server.serve())
        self._loop.run_until_complete(_end_all())
        self._loop.close()


def _told(refusal: Refusal) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return JSONResponse(body, refusal.code)


async def _end_all() -> None:
    """Cancel what still hangs."""
    hanging = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in hanging:
        task.cancel()
    await asyncio.gather(*hanging, return_exceptions=True)


async def _broken_off() -> Any:
    yield b'{"ok":'


class _Entities(HTMLParser):
    """Reads the service's HTML and refuses what it refuses."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset 0')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise bad("can't parse entities: Unmatched end tag at byte offset 0")

    def handle_data(self, data: str) -> None:
        self.text += data


def _plain(text: str) -> str:
    if re.search(r"<(?![/a-z])|&(?!(lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)", text):
        raise bad("can't parse entities: Unsupported start tag at byte offset 0")
    parser = _Entities()
    parser.feed(text)
    parser.close()
    if parser.open:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{parser.open[-1]}\"")
    return parser.text if "<" in text or "&" in text else html.unescape(text)


def _entities(key: str, text: str) -> dict[str, Any]:
    """Return what the service tells of the parts of a text: whom it mentions, or the command that it begins with."""
    command = re.match(r"/[A-Za-z_]+(@\w+)?", text)
    marked = [("bot_command", command)] if command else [("mention", one) for one in re.finditer(r"@\w+", text)]
    parts = [{"type": kind, "offset": found.start(), "length": len(found[0])} for kind, found in marked]
    return {"entities" if key == "text" else "caption_entities": parts} if parts else {}
