"""Files that people sent: fetched from the link that the service gives, which lives five minutes, up to a limit."""

import re
from email.message import Message
from urllib.parse import unquote, urlsplit

import httpx

from bot.channels.incoming import Unfetched

SECONDS = 60.0

PADDING = 64
"""Bytes that encryption may add to a file."""

_ENCODED = re.compile(r"filename\*\s*=\s*UTF-8''([^;\s]+)", re.IGNORECASE)


class Downloads:
    """Fetches links of the service; ``plain`` allows links without TLS, for a service on this machine."""

    def __init__(self, *, plain: bool = False) -> None:
        """Prepare; no connection is opened yet."""
        self._schemes = ("https", "http") if plain else ("https",)
        self._client: httpx.AsyncClient | None = None

    async def get(self, url: str, limit: int) -> tuple[str | None, bytes]:
        """Return a file's name, where one is told, and its bytes; raise ``Unfetched``."""
        if urlsplit(url).scheme not in self._schemes:
            raise Unfetched("链接不安全，未取回")
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=SECONDS, verify="http" not in self._schemes)
        try:
            async with self._client.stream("GET", url) as response:
                if response.status_code != httpx.codes.OK:
                    raise Unfetched("链接已失效（五分钟内有效），请重新发送")
                name = name_in(response.headers.get("content-disposition", ""))
                return name, await _bounded(response, limit, name)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            raise Unfetched("未能取回，请重新发送") from None

    async def close(self) -> None:
        """Let go of the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()


async def _bounded(response: httpx.Response, limit: int, name: str | None) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > limit + PADDING:
            raise Unfetched(f"单个文件不超过{limit // 2**20} MB", name)
    return bytes(content)


def name_in(disposition: str) -> str | None:
    """Return the file name that a ``Content-Disposition`` tells, as it stands there; it is not to be trusted."""
    encoded = _ENCODED.search(disposition)
    if encoded:
        return unquote(encoded[1]) or None
    told = Message()
    told["content-disposition"] = disposition
    name = told.get_param("filename", header="content-disposition")
    return unquote(name) or None if isinstance(name, str) else None
