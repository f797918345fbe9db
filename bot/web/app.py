"""The local chat page: chats on the left, messages and buttons on the right; the console channel behind it.

It listens on loopback unless told, and asks for a password when it does not. Every answer goes through the same
inbox and outbox as on any other channel.
"""

import hmac
import secrets
import uuid
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.buttons import NAMES
from bot.message import Answer, Call, File, Incoming
from bot.wiring import House
from db.models import Chat, Delivery, Inbound, Notice, Person
from db.words import DeliveryState

RECENT = 60
"""Messages of a chat that the page shows."""

MAX_REQUEST = 64 * 1024 * 1024
"""Bytes of the largest request that the page takes, files included."""

MAX_UPDATE = 1024 * 1024
"""Bytes of the largest update that a webhook takes."""

MAX_TEXT = 4000
"""Characters of the longest message that the page takes."""

_PAGE = Path(__file__).parent / "page.html"
_SIGN_IN = Path(__file__).parent / "sign_in.html"
_COOKIE = "duban"

Next = Callable[[Request], Awaitable[Response]]


Receive = Callable[[Call], Awaitable[Answer]]
"""Takes what a service brought to its address and says what it is answered."""


def make_app(
    house: House, password: str | None, hooks: Mapping[str, Receive] | None = None, *, with_page: bool = True
) -> Starlette:
    """Return the web application: the page, unless ``with_page`` is False, and a webhook a service, ``/hook/NAME``.

    ``password`` is asked for where it is given.
    """
    routes = [
        Route(f"/hook/{name}", _hook(receive), methods=["GET", "POST"]) for name, receive in (hooks or {}).items()
    ]
    if not with_page:
        return Starlette(routes=routes)
    key = secrets.token_hex(16)
    page = Page(house)
    gate = Gate(password, key)
    routes += [
        Route("/", page.index),
        Route("/sign-in", gate.sign_in, methods=["GET", "POST"]),
        Route("/api/chats", page.chats),
        Route("/api/chats/{chat:int}", page.messages),
        Route("/api/chats/{chat:int}/say", page.say, methods=["POST"]),
    ]
    return Starlette(routes=routes, middleware=[Middleware(BaseHTTPMiddleware, dispatch=gate.check)])


def _hook(receive: Receive) -> Callable[[Request], Awaitable[Response]]:
    async def take(request: Request) -> Response:
        if int(request.headers.get("content-length") or 0) > MAX_UPDATE:
            return Response(status_code=413)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_UPDATE:
                return Response(status_code=413)
        answer = await receive(Call(request.method, dict(request.headers), dict(request.query_params), bytes(body)))
        return Response(answer.body, answer.status, media_type="text/plain")

    return take


class Gate:
    """Lets in who knows the password, and only requests that come from the page itself."""

    def __init__(self, password: str | None, key: str) -> None:
        """``key`` is the cookie's value for this run."""
        self._password, self._key = password, key

    async def check(self, request: Request, following: Next) -> Response:
        """Turn away strangers, and posts from other sites."""
        if request.method == "POST" and not _same_site(request):
            return JSONResponse({"error": "请求来自别的网站"}, 403)
        known = hmac.compare_digest(request.cookies.get(_COOKIE, "").encode(), self._key.encode())
        if request.url.path.startswith("/hook/"):  # a webhook shows its own secret
            return await following(request)
        if self._password is not None and not known and request.url.path != "/sign-in":
            return RedirectResponse("/sign-in", 303)
        return await following(request)

    async def sign_in(self, request: Request) -> Response:
        """Ask for the password and remember who knew it."""
        if request.method == "POST":
            told = (await request.body()).decode("utf-8", "replace").partition("password=")[2]
            if self._password is not None and hmac.compare_digest(_unquote(told).encode(), self._password.encode()):
                response = RedirectResponse("/", 303)
                response.set_cookie(_COOKIE, self._key, httponly=True, samesite="strict")
                return response
        return HTMLResponse(_SIGN_IN.read_text(encoding="utf-8"), 401 if request.method == "POST" else 200)


def _pressed(data: str | None) -> str:
    """Return what a person pressed, as the page shows it."""
    return f"［{NAMES.get(data.partition(':')[0], '按钮')}］" if data else ""


def _unquote(text: str) -> str:
    from urllib.parse import unquote_plus

    return unquote_plus(text.partition("&")[0])


def _same_site(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is None or origin.split("//")[-1] == request.headers.get("host")


class Page:
    """The page's own questions: which chats there are, what was said in one, say something."""

    def __init__(self, house: House) -> None:
        """Read from and speak into ``house``."""
        self._house = house

    async def index(self, _request: Request) -> Response:
        """Return the page."""
        return HTMLResponse(_PAGE.read_text(encoding="utf-8"))

    async def chats(self, _request: Request) -> Response:
        """List the console channel's chats."""
        return JSONResponse(await run_in_threadpool(self._chats))

    def _chats(self) -> list[dict[str, Any]]:
        with self._house.store.read() as session:
            query = select(Chat).where(Chat.channel == "console").order_by(col(Chat.id))
            return [
                {"id": chat.id, "title": chat.title, "role": str(chat.role) if chat.role else "private"}
                for chat in session.exec(query)
            ]

    async def messages(self, request: Request) -> Response:
        """Return the latest messages of one chat, the oldest first."""
        return JSONResponse(await run_in_threadpool(self._messages, request.path_params["chat"]))

    def _messages(self, chat_id: int) -> list[dict[str, Any]]:
        """Merge what was sent and heard by time; at the same instant an answer stands after what it answers."""
        with self._house.store.read() as session:
            heard = self._heard(session, chat_id)
            places = {message.pop("own"): place for place, message in enumerate(heard)}
            for place, message in enumerate(heard):
                message["key"] = (message["at"], place, 0)
            sent = self._sent(session, chat_id)
            for message in sent:
                message["key"] = (message["at"], places.get(message.pop("answers"), -1), 1)
        both = sorted([*heard, *sent], key=lambda message: message.pop("key"))
        return both[-RECENT:]

    def _sent(self, session: Session, chat_id: int) -> list[dict[str, Any]]:
        query = (
            select(Delivery, Notice)
            .join(Notice, col(Notice.id) == Delivery.notice_id)
            .where(Delivery.chat_id == chat_id, Delivery.outcome == DeliveryState.SENT, col(Notice.edit_of).is_(None))
            .order_by(col(Delivery.id).desc())
            .limit(RECENT)
        )
        found = session.exec(query).all()
        return [
            {
                "answers": notice.reply_to,
                "at": delivery.at.isoformat(),
                "who": "督办",
                "text": notice.parts[delivery.part - 1]["text"],
                "buttons": notice.parts[delivery.part - 1]["buttons"],
                "message": delivery.message_id,
            }
            for delivery, notice in reversed(found)
        ]

    def _heard(self, session: Session, chat_id: int) -> list[dict[str, Any]]:
        query = (
            select(Inbound, Person)
            .join(Person, col(Person.id) == Inbound.person_id)
            .where(Inbound.chat_id == chat_id)
            .order_by(col(Inbound.id).desc())
            .limit(RECENT)
        )
        found = session.exec(query).all()
        return [
            {
                "own": inbound.words["message_id"],
                "at": inbound.at.isoformat(),
                "who": person.name,
                "text": inbound.words["text"] or _pressed(inbound.words["press"]),
                "files": inbound.words["files"],
                "buttons": [],
                "message": None,
            }
            for inbound, person in reversed(found)
        ]

    async def say(self, request: Request) -> Response:
        """Take what somebody says or presses in a chat."""
        if int(request.headers.get("content-length") or 0) > MAX_REQUEST:
            return JSONResponse({"error": "文件过大：单个文件不超过20 MB"}, 413)
        form = await request.form(max_files=5, max_part_size=1024 * 1024)
        text, who = str(form.get("text") or "")[:MAX_TEXT], str(form.get("who") or "").strip()[:40]
        files = [
            File(upload.filename or "文件", await upload.read())
            for upload in form.getlist("file")
            if not isinstance(upload, str) and upload.filename
        ]
        press, reply = str(form.get("press") or "") or None, str(form.get("reply") or "") or None
        if not who or not (text or press or files):
            return JSONResponse({"error": "请写明您是谁，并写一句话"}, 400)
        outcome = await run_in_threadpool(self._say, request.path_params["chat"], who, text, press, reply, tuple(files))
        return JSONResponse({"outcome": outcome} if outcome else {"error": "没有这个会话"}, 200 if outcome else 404)

    def _say(
        self, chat_id: int, who: str, text: str, press: str | None, reply: str | None, files: tuple[File, ...]
    ) -> str | None:
        with self._house.store.read() as session:
            chat = session.get(Chat, chat_id)
        if chat is None or chat.channel != "console":
            return None
        number = uuid.uuid4().hex
        incoming = Incoming(
            channel="console", external_id=number, chat=chat.external_id, chat_title=chat.title, person=who,
            person_name=who, text=text, press=press, reply_to=reply, message_id=f"u{number[:12]}", files=files,
        )  # fmt: skip
        return self._house.inbox.take(incoming, self._house.now()).outcome
