"""The local chat page: chats on the left, messages and buttons on the right; the console channel behind it.

It listens on loopback unless told, and asks for a password when it does not. Every answer goes through the same
inbox and outbox as on any other channel.
"""

import base64
import hashlib
import hmac
import html
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.incoming import Answer, Call, File, Incoming
from bot.service.web.gate import COOKIE, SESSION_SECONDS, Brake, Gate, Hosts, Sessions
from bot.wiring import House
from db.models import Chat, Inbound, Message, Notice, Person
from db.plain import LARGEST
from db.session import StoreError
from db.stored import Json
from jobs.notices.parts import Part
from jobs.notices.press import name_of

RECENT = 60
"""Messages of a chat that the page shows."""

MAX_TEXT = 4000
"""Characters of the longest message that the page takes."""

_FOLDER = Path(__file__).parent

Receive = Callable[[Call], Awaitable[Answer]]
"""Takes what a service brought to its address and says what it is answered."""


def make_app(
    house: House,
    password: str | None,
    hooks: Mapping[str, Receive] | None = None,
    *,
    with_page: bool = True,
    now: Callable[[], float] = time.monotonic,
) -> Starlette:
    """Return the web application: the page, unless ``with_page`` is False, and a webhook a service, ``/hook/NAME``.

    ``password`` is asked for where it is given; ``now`` tells seconds, for how long a sign-in lasts.
    """
    sessions = Sessions(now)
    page, door = Page(house), Door(password, sessions, Brake(now))
    routes = [
        Route(f"/hook/{name}", _hook(receive), methods=["GET", "POST"]) for name, receive in (hooks or {}).items()
    ]
    if with_page:
        routes += [
            Route("/", page.index),
            Route("/sign-in", door.sign_in, methods=["GET", "POST"]),
            Route("/api/chats", page.chats),
            Route("/api/chats/{chat:int}", page.messages),
            Route("/api/chats/{chat:int}/say", page.say, methods=["POST"]),
        ]
    gate = Middleware(Gate, hosts=Hosts.of(house.settings), sessions=sessions, asks=with_page and password is not None)
    handlers: Mapping[Any, Any] = {HTTPException: _told, StoreError: _store_away}
    return Starlette(routes=routes, middleware=[gate], exception_handlers=handlers)


def _hook(receive: Receive) -> Callable[[Request], Awaitable[Response]]:
    async def take(request: Request) -> Response:
        body = await request.body()
        answer = await receive(Call(request.method, dict(request.headers), dict(request.query_params), body))
        return Response(answer.body, answer.status, media_type="text/plain")

    return take


async def _told(_request: Request, error: HTTPException) -> Response:
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


async def _store_away(request: Request, error: StoreError) -> Response:
    """The store is away for the moment: say so in its own words, as the command line does."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": str(error)}, 503)
    return HTMLResponse(f"<!doctype html><meta charset=utf-8><p>{html.escape(str(error))}", 503)


def _shown(name: str, token: str, *, said: str = "", status: int = 200) -> Response:
    """Return a page with the token of its posts; the browser is told by their hashes which script and style are ours."""
    text = (_FOLDER / name).read_text(encoding="utf-8")
    allowed = " ".join(
        f"{kind}-src {' '.join(_hash(part) for part in re.findall(rf'<{tag}>(.*?)</{tag}>', text, re.DOTALL)) or chr(39) + 'none' + chr(39)};"
        for kind, tag in (("script", "script"), ("style", "style"))
    )
    policy = (
        f"default-src 'none'; {allowed} connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    return HTMLResponse(
        text.replace("{{ token }}", token).replace("{{ said }}", html.escape(said)),
        status,
        {"content-security-policy": policy},
    )


def _hash(part: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()}'"


def _pressed(data: str | None) -> str:
    """Return what a person pressed, as the page shows it."""
    return f"［{name_of(data)}］" if data else ""


class Door:
    """Asks for the password, and remembers who knew it until the session ends."""

    def __init__(self, password: str | None, sessions: Sessions, brake: Brake) -> None:
        """``brake`` slows down who guesses."""
        self._password, self._sessions, self._brake = password, sessions, brake

    async def sign_in(self, request: Request) -> Response:
        """Show the form, or look at what it brought."""
        token: str = request.state.token
        if request.method != "POST":
            return _shown("sign_in.html", token)
        form = await request.form(max_files=0, max_fields=4)
        if not hmac.compare_digest(str(form.get("token") or "").encode(), token.encode()):
            return _shown("sign_in.html", token, said="页面已过期，请再试一次。", status=403)
        address = request.client.host if request.client else ""
        wait = self._brake.wait(address)
        if wait > 0:
            answer = _shown("sign_in.html", token, said=f"试得太多了，请{wait:.0f}秒后再试。", status=429)
            answer.headers["retry-after"] = str(int(wait) + 1)
            return answer
        told = str(form.get("password") or "")
        if self._password is None or not hmac.compare_digest(told.encode(), self._password.encode()):
            self._brake.wrong(address)
            return _shown("sign_in.html", token, said="密码不对。", status=401)
        self._brake.right(address)
        response = RedirectResponse("/", 303)
        response.set_cookie(
            COOKIE,
            self._sessions.begin(),
            max_age=int(SESSION_SECONDS),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response


class Page:
    """The page's own questions: which chats there are, what was said in one, say something."""

    def __init__(self, house: House) -> None:
        """Read from and speak into ``house``."""
        self._house = house

    async def index(self, request: Request) -> Response:
        """Return the page."""
        return _shown("page.html", request.state.token)

    async def chats(self, _request: Request) -> Response:
        """List the console channel's chats."""
        return JSONResponse(await run_in_threadpool(self._chats))

    def _chats(self) -> list[Json]:
        with self._house.store.read() as session:
            query = select(Chat).where(Chat.channel == "console").order_by(col(Chat.id))
            return [
                {"id": chat.id, "title": chat.title, "role": str(chat.role) if chat.role else "private"}
                for chat in session.exec(query)
            ]

    async def messages(self, request: Request) -> Response:
        """Return the latest messages of one chat, the oldest first."""
        return JSONResponse(await run_in_threadpool(self._messages, _chat_in(request)))

    def _messages(self, chat_id: int) -> list[Json]:
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

    def _sent(self, session: Session, chat_id: int) -> list[Json]:
        query = (
            select(Message, Notice.reply_to)
            .join(Notice, col(Notice.id) == Message.notice_id)
            .where(Message.chat_id == chat_id, col(Message.out_at).is_not(None))
            .order_by(col(Message.out_at).desc(), col(Message.id).desc())
            .limit(RECENT)
        )
        found = session.exec(query).all()
        return [
            {
                "answers": reply_to,
                "at": message.out_at.isoformat() if message.out_at else "",
                "who": "督办",
                "text": sent.text,
                "buttons": sent.buttons,
                "message": message.external_id,
            }
            for message, reply_to in reversed(found)
            for sent in (Part.read(message.sent),)
        ]

    def _heard(self, session: Session, chat_id: int) -> list[Json]:
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
        number = _chat_in(request)
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
        outcome = await run_in_threadpool(self._say, number, who, text, press, reply, tuple(files))
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
            channel="console",
            external_id=number,
            chat=chat.external_id,
            chat_title=chat.title,
            person=who,
            person_name=who,
            text=text,
            press=press,
            reply_to=reply,
            message_id=f"u{number[:12]}",
            files=files,
        )
        return self._house.inbox.take(incoming, self._house.now()).outcome


def _chat_in(request: Request) -> int:
    """Return the chat that an address names; no row has a number that is longer than any."""
    number: int = request.path_params["chat"]
    if number > LARGEST:
        raise HTTPException(404, "没有这个会话")
    return number
