"""Quotes: where a service tells only the words that were replied to, they tell which message of ours it was.

Our own code in them says it at once. Nobody knows what a quote of a card brings, so that words without a code are compared
with what the chat was told lately; the one that fits best is meant, and where several fit alike none is.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from bot.channels.incoming import Incoming
from db import outbox, register
from db.kinds import CALLS
from db.models import Chat, Notice
from jobs.notices.parts import Part

LATELY = 100
"""Messages to a chat, the latest, that somebody may quote."""

ALIKE = 0.8
"""How much of a quote must be found in a message that it is taken for."""

LEAST = 4
"""Characters of a quote that are enough to be compared."""

_MARK = re.compile(r"〔#(\d{1,9})(?:\.(\d{1,3}))?〕")
_CODE = re.compile(r"〔([A-Za-z]{1,2}\d{0,2}-\d{1,4}(?:\.\d{1,3})?)〕")
_CALL = re.compile(r"^(?:督办)?(?:〔补发〕)?【(?:群发|紧急叫应)】")
_NO_WORDS = re.compile(r"[\s*…]|\.\.\.$")


def placed(session: Session, incoming: Incoming) -> Incoming:
    """Return the message as a reply to the one that its quote means, or whose code the text itself shows."""
    chat = register.find_chat(session, incoming.channel, incoming.chat)
    if chat is None or incoming.reply_to is not None:
        return incoming
    found = _MARK.search(incoming.quoted) or _MARK.search(incoming.text)
    notice = session.get(Notice, int(found[1])) if found else None
    if found is not None and notice is not None and notice.chat_id == chat.id:
        message = outbox.message(session, notice.id, int(found[2] or 1))
        return replace(
            incoming, reply_to=message.external_id if message else None, text=_MARK.sub("", incoming.text).strip()
        )
    return replace(incoming, reply_to=_recognised(session, chat, incoming.quoted))


def is_call(quoted: str) -> bool:
    """Tell whether a quote is of a broadcast or an urgent call, as its first word says."""
    return _CALL.match(_plain(quoted)) is not None


def codes_in(quoted: str) -> tuple[str, ...]:
    """Return the tasks' codes in a quote, each once."""
    return tuple(dict.fromkeys(_CODE.findall(quoted)))


# ---------------------------------------------------------------- comparing words


def _recognised(session: Session, chat: Chat, quoted: str) -> str | None:
    """Return the one message of those lately sent to a chat that a quote fits best, None where none or several do."""
    lines = [plain for line in quoted.splitlines() if (plain := _plain(line))]
    if sum(map(len, lines)) < LEAST:
        return None
    calls = is_call(quoted)
    sent = [one for one in outbox.sent_lately(session, chat.id, LATELY) if (one[0].kind in CALLS) == calls]
    alike = [_alike(lines, Part.read(message.sent)) for _notice, message in sent]
    best = max(alike, default=0.0)
    meant = [one for one, how_much in zip(sent, alike, strict=True) if how_much == best]
    subjects = {_subject(session, notice) for notice, _message in meant}
    return meant[0][1].external_id if best >= ALIKE and len(subjects) == 1 else None


def _alike(lines: list[str], part: Part) -> float:
    """Return how much of a quote a message says, from 0 to 1: of the quote's lines, or of it as one line of pieces."""
    quote = "".join(lines)
    told = 0
    for words in _looks_of(part):
        pieces = [plain for one in words if (plain := _plain(one))]
        whole = "".join(pieces)
        told = max(
            told,
            sum(len(line) for line in lines if line in whole),
            sum(len(piece) for piece in pieces if piece in quote),
        )
    return min(told / len(quote), 1.0)


def _looks_of(part: Part) -> Iterable[list[str]]:
    """Return what one message shows in pieces from top to bottom: as a text, and as a card where it is one."""
    yield part.text.splitlines()
    face = part.face
    if face is not None:
        fields = [f"{name}：{value}" for name, value in face.fields]
        yield [face.title, face.note, *face.text.splitlines(), *fields]


def _plain(text: str) -> str:
    """Return words without what a service may change in them: blanks, width, stars, our own codes, a cut's dots."""
    return _NO_WORDS.sub("", unicodedata.normalize("NFKC", _MARK.sub("", text))).casefold()


def _subject(session: Session, notice: Notice) -> Any:
    """Return what a notice is about: messages about the same need not be told apart, the latest will do."""
    about = outbox.spoken_of(session, notice.id)
    return notice.broadcast_id or tuple(about or notice.body.about) or -(notice.id)
