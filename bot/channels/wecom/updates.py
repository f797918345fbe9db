"""From the service's callbacks to what the dialogue understands."""

import json
import logging
import re

from bot.channels.incoming import Attached, Event, Incoming
from bot.channels.wecom.cards import Frame, pressed, selected_in
from bot.channels.wecom.wire import EVENT

log = logging.getLogger(__name__)

PRIVATE = "single:"
"""What a private conversation's id begins with here; the service addresses it by the person's id alone."""

REPLY = "re:"
"""What the id of a message that may be answered begins with here; the rest is its callback's ``req_id``."""


class Updates:
    """Reads the callbacks of one bot."""

    def __init__(self, channel: str, bot_id: str) -> None:
        """``channel`` is what the channel is called here."""
        self._channel, self._bot_id = channel, bot_id

    def read(self, frame: Frame) -> Incoming | None:
        """Turn a callback into what the dialogue understands; None for what does not concern us."""
        try:
            body, req_id = frame["body"], frame["headers"]["req_id"]
            return self._event(body, req_id) if frame["cmd"] == EVENT else self._message(body, req_id)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            log.warning("callback-unreadable error=%s", type(error).__name__)
            return None

    def _message(self, body: Frame, req_id: str) -> Incoming | None:
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

    def _event(self, body: Frame, req_id: str) -> Incoming | None:
        event = body["event"]
        kind = event["eventtype"]
        if kind == "enter_chat":
            return Incoming(**self._who(body), event=Event.OPENED, press_id=req_id)
        if kind != "template_card_event":
            return None
        told = event.get(kind) or event  # the official client's types leave the inner level out
        data = pressed(str(told.get("event_key") or ""), selected_in(told.get("selected_items")))
        return Incoming(**self._who(body), press=data, press_id=req_id, message_id=str(told.get("task_id") or ""))

    def _who(self, body: Frame) -> Frame:
        person, group = str(body["from"]["userid"]), body.get("chattype") == "group"
        chat = str(body["chatid"]) if group else f"{PRIVATE}{person}"
        return {
            "channel": self._channel,
            "external_id": f"{self._bot_id}:{body['msgid']}",
            "chat": chat,
            "chat_title": f"企业微信群{chat[-4:]}" if group else "企业微信私聊",
            "person": person,
            "person_name": "",
            "private": not group,
            "addressed": True,
        }


_AT_THE_EDGE = re.compile(r"^(?:@[^\s@]+\s*)++|(?:(?<![A-Za-z0-9._-])@[^\s@]+\s*)++$")

_INSIDE = re.compile(r"(?<![A-Za-z0-9._-])@[^\s@]+\s*")


def without_mention(text: str) -> str:
    """Return a group's message without the name of whom it addresses, wherever the person put it."""
    bare = _AT_THE_EDGE.sub("", text.strip()).strip()
    return _INSIDE.sub("", bare, count=1).strip() if bare == text.strip() else bare


def _texts(body: Frame) -> list[str]:
    """Return the words of a message: its text, a voice's transcript, the text among pictures."""
    if body.get("msgtype") == "mixed":
        return [text for item in body["mixed"]["msg_item"] for text in _texts(item)]
    return [str((body.get(kind) or {}).get("content") or "") for kind in ("text", "voice") if kind in body]


_FILES = {"image": "图片.jpg", "file": "文件", "video": "视频.mp4"}
"""Kinds of file, with the name until the download tells a better one."""


def _attached(body: Frame) -> tuple[Attached, ...]:
    if body.get("msgtype") == "mixed":
        return tuple(one for item in body["mixed"]["msg_item"] for one in _attached(item))
    return tuple(
        Attached(name, json.dumps({"url": body[kind]["url"], "aeskey": body[kind].get("aeskey")}))
        for kind, name in _FILES.items()
        if isinstance(body.get(kind), dict) and body[kind].get("url")
    )
