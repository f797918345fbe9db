"""The library's client as we use it: what the service says is looked at before the library reads it."""

import json
import logging
import os
from collections.abc import Awaitable
from typing import Any, TypeVar

from telegram import (
    Bot,
)
from telegram.error import (
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.channels.telegram.outcomes import NO_ANSWER, Unreadable

os.environ.setdefault("PTB_TIMEDELTA", "true")  # durations as timedeltas: what the library gives from its next version

# the library writes addresses with the token, and people's words
logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)

T = TypeVar("T")

POLL_PATIENCE = 10.0
"""Seconds that an answer to a request for updates may take beyond what the server lets it wait."""

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update that we ask for."""

UNREADABLE = "Telegram 的应答无法读懂"


class Requests(HTTPXRequest):
    """Reads answers as the library does, but an answer that is none is an error and is written into no log."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer; raise ``TelegramError`` for what the service never says."""
        try:
            told = json.loads(payload)
        except (ValueError, RecursionError):
            told = None
        parameters = told.get("parameters", {}) if isinstance(told, dict) else None
        if not isinstance(told, dict) or not isinstance(parameters, dict):
            raise TelegramError(NO_ANSWER)
        numbers = [parameters.get(name, 0) for name in ("retry_after", "migrate_to_chat_id")]
        if not isinstance(told.get("description", ""), str) or not all(isinstance(one, int) for one in numbers):
            raise TelegramError(NO_ANSWER)
        return told


class Client(Bot):
    """The library's client, which also gives updates as the service told them."""

    async def updates_as_told(self, offset: int | None, wait: int) -> Any:
        """Return the answer's JSON: the library reads a whole batch or nothing, and one bad update would stop all."""
        asked = {"offset": offset, "timeout": wait, "allowed_updates": list(ALLOWED)}
        return await self._post("getUpdates", asked, read_timeout=POLL_PATIENCE + wait)


async def answer_to(asking: Awaitable[T]) -> T:
    """Wait for an answer; raise ``Unreadable`` for one that the library cannot make anything of."""
    try:
        return await asking
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"{UNREADABLE}（{type(error).__name__}）") from None
