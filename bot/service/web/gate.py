"""The gate before the page: own hosts only, no posts from other sites, sessions that end, a brake on guessed passwords,
limits that hold while a request is being read.

A webhook passes it by, but for the limits: a service shows its own secret.
"""

import asyncio
import hashlib
import hmac
import ipaddress
import logging
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.service.web.forms import WITH_PICTURES
from bot.service.web.pages import trouble
from bot.settings import LOOPBACK, Settings

log = logging.getLogger(__name__)

MAX_REQUEST = 64 * 1024 * 1024
"""Bytes of the largest request that the page takes, files included."""

MAX_SIGN_IN = 4 * 1024
"""Bytes of the largest request of somebody who has not signed in."""

MAX_FORM = 64 * 1024
"""Bytes of the largest form that stands on a page."""

MAX_UPDATE = 1024 * 1024
"""Bytes of the largest update that a webhook takes."""

PART_SECONDS = 20.0
"""How long the next part of a request may take."""

SMALL_SECONDS, LARGE_SECONDS = 20.0, 600.0
"""How long the whole of a request may take to come: of one that anybody may send, and of one with files."""

SESSION_SECONDS = 12 * 3600.0
"""How long a sign-in lasts: a working day."""

MAX_SESSIONS = 1000

FREE_TRIES = 5
"""Wrong passwords of one address before it has to wait, each time twice as long …"""

LONGEST_WAIT = 300.0
"""… at most so many seconds."""

WRONG_A_MINUTE = 100
"""Wrong passwords of all addresses together after which only who has signed in from an address before may try again."""

ALIVE, READY, METRICS = PROBES = ("/healthz", "/readyz", "/metrics")
"""What machines ask for, and pass without a sign-in: what is behind looks after itself (`probes`)."""

ANYWHERE = ("0.0.0.0", "::")

TOO_LARGE = "请求过大：单个文件不超过20 MB，一次共不超过60 MB"

COOKIE = "duban"
TOKEN = "x-duban-token"

HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""What every answer of the page tells the browser, which without a referrer would not tell us either where a form comes from; the pages themselves say which script and style are ours."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names under which the page may be asked for; another name that leads here is somebody's trick (DNS rebinding).

    An address in figures cannot be rebound: where the page listens everywhere, any is ours.
    """

    names: frozenset[str]
    any_address: bool

    @classmethod
    def of(cls, settings: Settings) -> "Hosts":
        """Return loopback, the host that is listened on, that of the address that people are told, and the further names."""
        further = {name.strip().lower() for name in settings.web_names.split(",") if name.strip()}
        further |= {name for name in (urlsplit(settings.web_url).hostname,) if name}
        return cls(frozenset({*LOOPBACK, settings.web_host.lower(), *further}), settings.web_host in ANYWHERE)

    def know(self, host: str | None) -> bool:
        """Tell whether a name, without its port, is ours."""
        name = (host or "").lower().rstrip(".")
        return name in self.names or (self.any_address and _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _name_in(host: str) -> str | None:
    """Return the name in a Host header, without the port."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


class Sessions:
    """Who has signed in with the password: each with a key of their own, until it ends. They do not outlive the program."""

    def __init__(self, now: Callable[[], float]) -> None:
        """``now`` tells seconds."""
        self._now = now
        self._secret = secrets.token_bytes(32)
        self._ends: OrderedDict[str, float] = OrderedDict()

    def begin(self) -> str:
        """Return the key of a new session; the oldest makes room where there are too many."""
        key = secrets.token_urlsafe(32)
        self._ends[key] = self._now() + SESSION_SECONDS
        while len(self._ends) > MAX_SESSIONS:
            self._ends.popitem(last=False)
        return key

    def last(self, key: str) -> bool:
        """Tell whether a session is still on."""
        end = self._ends.get(key)
        if end is not None and end <= self._now():
            del self._ends[key]
        return key in self._ends

    def end(self, key: str) -> None:
        """End a session, if it is one."""
        self._ends.pop(key, None)

    def token(self, key: str) -> str:
        """Return what the pages show with each post to who brings a key, "" to who brings none.

        A key is a secret itself, so that its token outlives the program as it may.
        """
        return hmac.new(key.encode() or self._secret, b"post", hashlib.sha256).hexdigest()


@dataclass
class Brake:
    """Slows down who guesses passwords, and locks nobody out: who has signed in is not asked again, and an address that
    was right before may try however many others are wrong.
    """

    now: Callable[[], float]
    _wrong: OrderedDict[str, tuple[int, float]] = field(default_factory=OrderedDict)
    _lately: deque[float] = field(default_factory=deque)
    _known: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def wait(self, address: str) -> float:
        """Return how many seconds an address has to wait before its next try; 0 for none."""
        now, place = self.now(), _network(address)
        while self._lately and self._lately[0] <= now - 60:
            self._lately.popleft()
        own = self._wrong.get(place, (0, 0.0))[1] - now
        crowd = self._lately[0] + 60 - now if len(self._lately) >= WRONG_A_MINUTE and place not in self._known else 0.0
        return max(own, crowd, 0.0)

    def wrong(self, address: str) -> None:
        """Count a wrong password."""
        now, place = self.now(), _network(address)
        count = self._wrong.pop(place, (0, 0.0))[0] + 1
        rest = min(2.0 ** (count - FREE_TRIES), LONGEST_WAIT) if count >= FREE_TRIES else 0.0
        self._wrong[place] = (count, now + rest)
        self._lately.append(now)
        _keep_latest(self._wrong)

    def right(self, address: str) -> None:
        """Forget what an address did wrong."""
        place = _network(address)
        self._wrong.pop(place, None)
        self._known[place] = None
        _keep_latest(self._known)


def _keep_latest(rows: OrderedDict[str, object] | OrderedDict[str, tuple[int, float]] | OrderedDict[str, None]) -> None:
    while len(rows) > 10_000:
        rows.popitem(last=False)


def _network(address: str) -> str:
    """Return an address, of IPv6 its network: one house has 2⁶⁴ of those."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else str(known)


class Gate:
    """Lets in who may come in, and only requests that come from the page itself."""

    def __init__(self, app: ASGIApp, hosts: Hosts, sessions: Sessions, *, asks: bool) -> None:
        """``asks`` tells that a password is asked for."""
        self._app, self._hosts, self._sessions, self._asks = app, hosts, sessions, asks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or turn it away."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith("/hook/"):
            await self._app(scope, bounded(receive, MAX_UPDATE), send)
            return
        asked = HTTPConnection(scope)
        key = asked.cookies.get(COOKIE, "")
        scope.setdefault("state", {}).update(key=key, token=self._sessions.token(key))
        is_inside = not self._asks or self._sessions.last(key)
        scope["state"]["signed_in"] = self._asks and is_inside
        refused = self._refused(asked, scope, key, is_inside)
        brings_files = scope["path"].startswith("/api/") or scope["path"] == WITH_PICTURES
        most = MAX_SIGN_IN if not is_inside else MAX_REQUEST if brings_files else MAX_FORM
        await self._guarded(refused or self._app, scope, bounded(receive, most), with_headers(send))

    async def _guarded(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """A fault of ours is one line of the log and one for the person."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await app(scope, receive, watched)
        except ClientDisconnect:  # whoever asked has gone, and nothing was done
            log.debug("request-broke-off")
        except Exception as error:
            log.error("page-failed method=%s error=%s", scope["method"], type(error).__name__)
            log.debug("page-failed", exc_info=True)
            if not begun:
                await trouble(scope["path"], 500, "程序出了点问题，请稍后再试")(scope, receive, send)

    def _refused(self, asked: HTTPConnection, scope: Scope, key: str, is_inside: bool) -> ASGIApp | None:
        """Return the answer to a request that is turned away."""
        if not self._hosts.know(_name_in(asked.headers.get("host", ""))):
            return trouble(scope["path"], 421, "不认识这个网址；请在 DUBAN_WEB_NAMES 中写明")
        if scope["method"] not in ("GET", "HEAD") and not self._from_here(asked, scope, key):
            return trouble(scope["path"], 403, "请求不是从本页面发出的；请刷新页面后再试")
        is_public = scope["path"] in ("/sign-in", *PROBES) or scope["path"].startswith("/static/")
        if not is_inside and not is_public:
            if scope["path"].startswith("/api/"):
                return trouble(scope["path"], 401, "请先登录")
            return RedirectResponse("/sign-in", 303)
        return None

    def _from_here(self, asked: HTTPConnection, scope: Scope, key: str) -> bool:
        """Tell whether a post comes from our page: where the browser says so, and by the page's token.

        Scripts bring the token in a header; forms in the body, where whoever takes them looks for it (``forms.posted``).
        """
        headers = Headers(scope=scope)
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = headers.get("origin")
        if origin is not None and not self._is_ours(origin, headers.get("host", "")):
            return False
        shown = headers.get(TOKEN, "").encode()
        by_script = scope["path"].startswith("/api/")
        return not by_script or hmac.compare_digest(shown, self._sessions.token(key).encode())

    def _is_ours(self, origin: str, host: str) -> bool:
        """Compare where a request comes from with where it goes; a proxy before us may have changed the latter."""
        try:
            told = urlsplit(origin)
            name = told.hostname
        except ValueError:
            return False
        if told.scheme not in ("http", "https") or told.path or told.query or told.fragment or "@" in told.netloc:
            return False
        same = told.netloc.lower() == host.lower()
        return self._hosts.know(name) and (same or name in self._hosts.names - {*LOOPBACK})


def bounded(receive: Receive, most: int) -> Receive:
    """Return what reads a request of at most ``most`` bytes, whatever length was stated, each part and the whole in time."""
    taken, whole = 0, False
    clock = asyncio.get_running_loop().time
    until = clock() + (SMALL_SECONDS if most <= MAX_UPDATE else LARGE_SECONDS)

    async def part() -> Message:
        nonlocal taken, whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout(min(PART_SECONDS, until - clock())):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, "请求没有及时发完") from None
        taken += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if taken > most:
            raise HTTPException(413, TOO_LARGE)
        return message

    return part


def with_headers(send: Send) -> Send:
    """Return what sends an answer with the headers that every answer of the page has."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
