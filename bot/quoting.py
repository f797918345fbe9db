"""Quotes: where a service tells only the words that were replied to, our own marks in them tell which message it was."""

import re
from dataclasses import replace

from sqlmodel import Session

from bot.message import Incoming
from db import outbox, register
from db.models import Notice

_MARK = re.compile(r"〔#(\d{1,9})(?:\.(\d{1,3}))?〕")
_CODE = re.compile(r"〔([A-Za-z]{1,2}\d{0,2}-\d{1,4}(?:\.\d{1,3})?)〕")


def placed(session: Session, incoming: Incoming) -> Incoming:
    """Return the message as a reply to the one whose mark its quote, or the text itself, shows."""
    found = _MARK.search(incoming.quoted) or _MARK.search(incoming.text)
    if found is None or incoming.reply_to is not None:
        return incoming
    chat = register.find_chat(session, incoming.channel, incoming.chat)
    notice = session.get(Notice, int(found[1]))
    if chat is None or notice is None or notice.chat_id != chat.id:
        return incoming
    message = outbox.message_of_part(session, notice.id or 0, int(found[2] or 1))
    return replace(incoming, reply_to=message, text=_MARK.sub("", incoming.text).strip())


def code_in(quoted: str) -> str | None:
    """Return the short code in a quote that has just one, where no mark tells more."""
    codes = set(_CODE.findall(quoted))
    return codes.pop() if len(codes) == 1 else None
