"""WeCom's HTTP side, which the group robot and the application share: asking, what answers mean, tokens, files.

A secret stands in the address of every request here. So nothing of httpx leaves this module: its errors are turned
into ours outside of the handler, so that none hangs on another, and its log is shut below warnings.
"""

import asyncio
import json
import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.channels.incoming import Unfetched
from bot.channels.wecom.cards import Frame, as_json, as_markdown, file_name
from bot.channels.wecom.downloads import name_in
from jobs.ports import Attachment, Lost, Rejected, Retry

logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells every address, with the secrets in it

API_URL = "https://qyapi.weixin.qq.com"

PATIENCE = 20.0
"""Seconds that an answer may take."""

SECRETS = ("key", "corpsecret", "access_token")
"""What of an address must not be told to anybody."""

MIN_FILE, MAX_FILE = 6, 20 * 1024 * 1024
"""Bytes of a file that the service takes (90253, 91770)."""

MAX_TEXT = 2048
"""Bytes of a message of plain text, of a robot as of an application (91770, 90236)."""

TOO_OFTEN, BLOCKED = 45009, 61.0
"""The service's word for too many calls, and how many seconds it then takes none (90454)."""

CLOSED = "与企业微信的连接已关闭"

UNTRUSTED = 60020
"""The service takes calls of an application from known addresses only."""

DEAD: dict[int, str] = {
    40003: "企业微信里没有这个成员",
    46004: "企业微信里没有这个成员",
    60111: "企业微信里没有这个成员",
    81013: "成员不在应用的可见范围，或未获许可",
    93000: "群机器人已被移除，或密钥不对",
    93004: "群机器人已被停用",
    93008: "群机器人不在群里",
}
"""What the service says of a chat that nothing will ever reach again, until somebody changes that (90313)."""

NEVER: dict[int, str] = {
    40004: "文件类型不对",
    40006: "文件大小不对",
    40007: "文件已失效",
    40008: "消息类型不对",
    40033: "消息里有不能发的字符",
    40035: "消息格式有误",
    40058: "消息格式有误或过长",
    40063: "消息格式有误",
    43012: "应用没有设置接收消息的地址，不能发按钮",
    44001: "文件是空的",
    44004: "消息为空",
    45001: "文件过大",
    45002: "消息过长",
} | dict.fromkeys((*range(42027, 42032), 42033, *range(42035, 42048), 42049, 42050, 42051), "卡片格式有误")
"""What the service says of a message that it will never take (90313)."""


class Unsent(Exception):
    """Something stands between us and an answer; ``result`` is what that means for the message on its way."""

    def __init__(self, result: Retry | Rejected | Lost, code: int = 0) -> None:
        """``code`` is the service's, where it gave one."""
        super().__init__(result.why)
        self.result, self.why, self.code = result, result.why, code

    @property
    def before(self) -> "Unsent":
        """The same where people would have seen nothing yet: then nothing can be lost."""
        return Unsent(Retry(self.why), self.code) if isinstance(self.result, Lost) else self


@dataclass(frozen=True, slots=True)
class Told:
    """What the service answered; ``code`` 0 is yes. ``text`` is its own, without our secrets."""

    code: int
    text: str = ""
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the service, with the name that it told, which is not to be trusted."""

    name: str | None
    content: bytes


class Api:
    """Asks the service, over one set of connections."""

    def __init__(self, url: str = API_URL, patience: float = PATIENCE) -> None:
        """Prepare; nothing is opened yet. ``patience`` is how many seconds each step of an answer may take."""
        base = url.rstrip("/")
        self._client = httpx.AsyncClient(
            base_url=f"{base}/cgi-bin/", timeout=patience, verify=base.startswith("https:")
        )  # without TLS there is nothing to verify

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def ask(
        self, method: str, path: str, params: Mapping[str, str], body: Any = None, file: tuple[str, bytes] | None = None
    ) -> Told:
        """Ask one thing, with a JSON ``body`` or a ``file`` (name, bytes); raise ``Unsent`` where no answer came."""
        how: Frame = {"params": dict(params)}
        if body is not None:
            how |= {"content": as_json(body).encode()}
            how |= {"headers": {"content-type": "application/json; charset=utf-8"}}
        if file is not None:
            how |= {"files": {"media": (*file, "application/octet-stream")}}
        if self._client.is_closed:
            raise Unsent(Retry(CLOSED))
        try:
            response = await self._client.request(method, path, **how)
        except httpx.HTTPError as error:
            broken = _broken(error)
        else:
            return _told(response.status_code, response.content, params)
        raise Unsent(broken)

    async def download(self, path: str, params: Mapping[str, str], limit: int) -> Download | Told:
        """Return a file of at most ``limit`` bytes, or what the service said instead: JSON that is no file.

        Raise ``Unfetched`` where it is larger, ``Unsent`` where no answer came.
        """
        if self._client.is_closed:
            raise Unsent(Retry(CLOSED))
        try:
            async with self._client.stream("GET", path, params=dict(params)) as response:
                content = await _capped(response, limit)
        except httpx.HTTPError as error:
            broken = _broken(error)
        else:
            named, kind = (response.headers.get(f"content-{part}", "") for part in ("disposition", "type"))
            if response.status_code != httpx.codes.OK or ("json" in kind and not named):
                return _told(response.status_code, content, params)
            return Download(name_in(named), content)
        raise Unsent(broken)


class Tokens:
    """The application's token, fetched once for all who need it at the same time (91039)."""

    SPARE = 0.9
    """How much of its time a token is used for; the service may end it earlier still."""

    REST = 60.0
    """Seconds after a refusal in which nothing is asked: many wrong secrets get the machine's address blocked (45009)."""

    def __init__(self, api: Api, corp_id: str, secret: str) -> None:
        """Prepare; nothing is asked yet."""
        self._api, self._asked = api, {"corpid": corp_id, "corpsecret": secret}
        self._lock = asyncio.Lock()
        self._token, self._until = "", 0.0
        self._refusal: Unsent | None = None

    async def get(self) -> str:
        """Return the token; raise ``Unsent`` where there is none now, with the service's code where it refused."""
        async with self._lock:
            if time.monotonic() < self._until:
                if self._refusal is not None:
                    raise Unsent(self._refusal.result, self._refusal.code)
                return self._token
            self._refusal = None
            told = await self._fetch()
            token, seconds = told.body.get("access_token"), told.body.get("expires_in")
            if told.code or not isinstance(token, str) or type(seconds) is not int:
                self._refusal = Unsent(Retry(trouble(told)), told.code)
                self._until = time.monotonic() + self.REST
                raise Unsent(self._refusal.result, told.code)
            self._token, self._until = token, time.monotonic() + seconds * self.SPARE
            return token

    def drop(self, token: str) -> None:
        """Forget a token that the service takes no longer, unless there is a newer one."""
        if token == self._token and self._refusal is None:
            self._until = 0.0

    async def _fetch(self) -> Told:
        try:
            return await self._api.ask("GET", "gettoken", self._asked)
        except Unsent as unsent:
            raise unsent.before from None


# ---------------------------------------------------------------- what the service says


def refusal_of(told: Told) -> Retry | Rejected:
    """Say what an answer that is no yes means for the message.

    Only what is known to be for good ends it; anything unknown is tried again.
    """
    if told.code == TOO_OFTEN:
        return Retry(trouble(told), BLOCKED, whole_chat=True)
    if told.code in DEAD:
        return Rejected(DEAD[told.code], chat_is_dead=True)
    if told.code in NEVER:
        return Rejected(f"{NEVER[told.code]}（{told.code} {told.text}）")
    return Retry(trouble(told))


def trouble(told: Told) -> str:
    """Say in one line what the service did not like."""
    if told.code == UNTRUSTED:
        found = re.search(r"from ip: *([0-9a-fA-F.:]+)", told.text)
        return f"请把本机出口IP{f'（{found[1]}）' if found else ''}加入企业微信应用的“企业可信IP”（{UNTRUSTED}）"
    return f"企业微信未接受（{told.code} {told.text}）"


def _told(status: int, content: bytes, params: Mapping[str, str]) -> Told:
    """Read an answer; raise ``Unsent`` for what is none."""
    try:
        body = json.loads(content) if status < httpx.codes.INTERNAL_SERVER_ERROR else None
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict) or type(body.get("errcode")) is not int:
        raise Unsent(Retry(f"企业微信没有正常应答（HTTP {status}）"))
    return Told(body["errcode"], _without(str(body.get("errmsg") or ""), params), body)


def _without(text: str, params: Mapping[str, str]) -> str:
    """Return the service's text in one short line, without our secrets and its advice for developers."""
    for name in SECRETS:
        text = text.replace(params[name], "…") if params.get(name) else text
    return " ".join(re.sub(r",? *(hint: *\[[^\]]*\]|more info at .*)", "", text).split())[:120]


_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


def _broken(error: httpx.HTTPError) -> Retry | Lost:
    if isinstance(error, _NOT_SENT):
        return Retry("连接不上企业微信")
    return Lost(f"与企业微信的连接中断（{type(error).__name__}）")


# ---------------------------------------------------------------- texts and files


def written(text: str, tail: str, room: int) -> Frame:
    """Return a message of ``text`` and the lines of ``tail``, which is markdown already, in at most ``room`` bytes.

    Words with so many marks in them that the markdown is too long go out as plain text; raise ``Unsent`` where that
    is too long too. In plain text only ``<`` would mean something.
    """
    ways = (("markdown", as_markdown(text), room), ("text", text.replace("<", "＜"), MAX_TEXT))
    for kind, words, most in ways:
        content = f"{words}\n{tail}" if tail else words
        if len(content.encode("utf-8", "replace")) <= most:
            return {"msgtype": kind, kind: {"content": content}}
    raise Unsent(Rejected("消息过长"))


async def content_of(file: Attachment, caption: str) -> tuple[str, bytes]:
    """Return a file to send as a safe name and its bytes; raise ``Unsent`` where the service would not take it.

    Files have no caption here: one that ends with the file's name becomes its name, and tells what it is.
    """
    try:
        content = await asyncio.to_thread(file.path.read_bytes)
    except OSError as error:
        raise Unsent(Rejected(f"文件无法读取（{error.strerror}）")) from None
    if not MIN_FILE <= len(content) <= MAX_FILE:
        raise Unsent(Rejected("文件过大（企业微信限20MB）" if content[MIN_FILE:] else "文件是空的，或太小"))
    return file_name(caption if caption.endswith(file.name) else file.name), content


def media_in(told: Told) -> str:
    """Return the number under which an uploaded file can be sent; raise ``Unsent`` where it was not taken."""
    media = told.body.get("media_id")
    if told.code == 0 and isinstance(media, str):
        return media
    raise Unsent(refusal_of(told), told.code)


async def _capped(response: httpx.Response, limit: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in response.aiter_bytes():
        size += len(piece)
        if size > limit:
            raise Unfetched("文件过大")
        pieces.append(piece)
    return b"".join(pieces)
