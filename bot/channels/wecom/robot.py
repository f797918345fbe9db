"""The group robot 群机器人, now called 消息推送: one way, into one group each, where it can mention people (91770).

A chat is a robot's name; its key, which lets anybody write into the group, stays in the settings and here.
"""

import re
from collections.abc import Iterable, Mapping

from bot.channels.wecom.api import (
    API_URL,
    PATIENCE,
    Api,
    Unsent,
    content_of,
    media_in,
    refusal_of,
    written,
)
from bot.channels.wecom.cards import Frame
from jobs.ports import Abilities, Attachment, Outgoing, Pace, Rejected, SendResult, Sent

MARKDOWN = 4096
"""Bytes of a robot's message; what is over ``limit`` is room for a code, mentions and full-width marks."""

MENTIONS = 120
"""Bytes of all mentions in one message; who does not fit in is not mentioned."""

ABILITIES = Abilities(
    title="企业微信群机器人",
    buttons=False,
    hears=False,
    answer_word="把督办机器人请回原群并@它一句（原群里的联系不上了），或电话联系本办",
    files=True,
    captions=False,
    mentions=True,
    announces=False,
    limit=3900,
    measure="wide bytes",
    hint="本群机器人只发不收；原群里的督办机器人联系不上了：请把它请回原群并@它一句，或电话联系本办",
    people="wecom",
    pace=Pace(per_chat=((20, 61.0),), avoid=frozenset({0, 30})),
)
"""20 messages a minute for each robot. The service asks that nothing automatic goes out at the full and the half hour."""

NO_KEY = "没有这个群机器人的密钥（DUBAN_WECOM_ROBOTS）"

_ACCOUNT = re.compile(r"(?!all$)[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}", re.IGNORECASE)
"""What an account of a person looks like (90313, error 40003)."""


class WecomRobot:
    """All group robots whose keys we have."""

    name = "wecom_robot"
    abilities = ABILITIES
    ready = True
    addresses: tuple[str, ...]

    def __init__(self, keys: Mapping[str, str], api_url: str = API_URL, patience: float = PATIENCE) -> None:
        """``keys`` are the robots' names with their keys. ``patience`` is how many seconds an answer may take."""
        self.addresses = (api_url,)
        self._keys, self._api = dict(keys), Api(api_url, patience)

    # ------------------------------------------------------------ closing

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()

    @property
    def greeting(self) -> str:
        """How many robots there are."""
        return f"企业微信群机器人（{len(self._keys)}个）"

    # ------------------------------------------------------------ sending

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Send one message; answer a ``SendResult``, and never raise for the service."""
        key = self._keys.get(outgoing.chat)
        if key is None:
            return Rejected(NO_KEY, chat_is_dead=True)
        try:
            body = _words(outgoing) if outgoing.file is None else await self._file(key, outgoing.file, outgoing.text)
            told = await self._api.ask("POST", "webhook/send", {"key": key}, body)
        except Unsent as unsent:
            return unsent.result
        return refusal_of(told) if told.code else Sent()

    async def _file(self, key: str, file: Attachment, caption: str) -> Frame:
        """Upload a file and return the message that shows it."""
        content = await content_of(file, caption)
        try:
            told = await self._api.ask("POST", "webhook/upload_media", {"key": key, "type": "file"}, file=content)
        except Unsent as unsent:
            raise unsent.before from None
        return {"msgtype": "file", "file": {"media_id": media_in(told)}}


def _words(outgoing: Outgoing) -> Frame:
    tail = [line for line in (_mentions(outgoing.mentions), outgoing.mark) if line]
    return written(outgoing.text, "\n".join(tail), MARKDOWN)


def _mentions(people: Iterable[str]) -> str:
    """Return mentions of people; what is no account of one person is left out, everybody above all."""
    said = ""
    for person in people:
        more = f"{said}<@{person}>"
        if _ACCOUNT.fullmatch(person) and len(more) <= MENTIONS:
            said = more
    return said
