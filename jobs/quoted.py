"""Where people's words were passed on: in notices, and in the messages that those became; how they are taken out there.

What was sent stands in the chats; what the store keeps of it is a copy, in which a person's words need not outlive their own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, and_, cast, update
from sqlmodel import Session, col, select

from db import outbox
from db.audit import stream
from db.bodies import CallBody
from db.history import ERASED
from db.kinds import CALLS, KINDS, Family
from db.models import Inbound, Message, Notice
from db.plain import one_line
from db.stored import Json
from db.words import NoticeKind

TALK = [kind for kind, row in KINDS.items() if row.family in (Family.REQUEST, Family.TALK)]
"""The kinds of notices that say what somebody wrote."""

_BLANK: Json = {
    "words": "",
    "text": ERASED,
    "question": "",
    "who": ERASED,
    "names": [],
    "announced": ERASED,
    "longer_for": "",
}
"""What of a notice's body is somebody's, and what stands there instead."""

_NOTHING: Json = {"text": ERASED}
"""What is kept of a message that says nothing any more (`jobs.notices.parts`)."""

_SURE = 4
"""Characters with which a sentence begins that is looked for; a shorter one is nobody's own."""

_WHOLE = 8
"""Characters of a whole message that is looked for where it was passed on; a shorter one is a command of ours."""

_BATCH = 500

_CUT = "…"
"""What stands where a sentence was shortened."""

_LEAST_CUT = 6
"""Characters that must be left of a shortened sentence."""


def blank(session: Session, which: Any) -> int:
    """Blank what was passed on and answered in conversations, of the notices that hold ``which``; return how many messages
    said anything.
    """
    query = select(Notice).where(col(Notice.kind).in_(TALK), which)
    messages = select(Message).where(col(Message.notice_id).in_(query.with_only_columns(col(Notice.id))))
    count = 0
    for message in session.exec(messages):
        if message.sent != _NOTHING:
            message.sent, message.shown, message.marks, message.stale_since = dict(_NOTHING), None, [], None
            count += 1
    for notice in session.exec(query):
        notice.body_json = notice.body_json | {
            name: _BLANK[name] for name, said in notice.body_json.items() if said and name in _BLANK
        }
    session.flush()
    return count


def unmark(session: Session, which: Any) -> None:
    """Take the names of who did what since off the messages of the notices that hold ``which``: nothing shows those anew."""
    those = col(Message.notice_id).in_(select(Notice.id).where(which))
    session.execute(
        update(Message)
        .where(those, cast(col(Message.marks), Text) != "[]")
        .values(marks=[], shown=None, stale_since=None)
        .execution_options(synchronize_session="fetch")
    )


def forget_who_was_on_duty(session: Session, until: datetime) -> None:
    """Take names and telephone numbers of who was on duty out of what went above before ``until``; and who answered the calls."""
    old = and_(col(Notice.kind).in_(CALLS), col(Notice.created_at) < until)
    unmark(session, old)
    above = select(Notice).where(old, cast(col(Notice.body_json), Text).like('%"on_duty"%'))
    for notice in session.exec(above):
        body = notice.legible
        if isinstance(body, CallBody) and body.above is not None:
            _strike(session, notice, _Said(people for _unit, people in body.above.on_duty))


def strike_words(session: Session, heard: Sequence[Inbound], said: Collection[str], name: str) -> None:
    """Take what one person ``said`` out of all that was passed on, with their ``name`` ("" for none) where it stands
    beside that, and blank what they were answered. ``heard`` are the updates that came from them, still with their words.
    """
    own = {(one.chat_id, one.words.get("message_id")) for one in heard}
    talked = [one.words["text"] for one in heard if len(one.words["text"]) >= _WHOLE]
    if not own and not any(said):
        return
    answers = select(col(Notice.id), col(Notice.chat_id), col(Notice.reply_to)).where(
        col(Notice.reply_to).is_not(None), col(Notice.state).not_in(outbox.WAITING)
    )
    theirs = [number for number, chat, to in session.execute(answers) if (chat, to) in own]
    for some in range(0, len(theirs), _BATCH):
        blank(session, col(Notice.id).in_(theirs[some : some + _BATCH]))
    bodies = select(col(Notice.id), col(Notice.kind), col(Notice.state), col(Notice.body_json))
    told = (body for *_row, body in stream(session, bodies) if name and body.get("who") == name)
    own_words = {body["words"] for body in told if body.get("words") and any(body["words"] in text for text in talked)}
    everywhere, in_talk = _Said(said), _Said([*said, *talked, *own_words])
    quoting: set[tuple[int, NoticeKind]] = set()
    for number, kind, state, body in stream(session, bodies):
        announced = name and name in body.get("announced", "") and state not in outbox.WAITING
        if announced or (in_talk if kind in TALK else everywhere).stand_in(body):
            quoting.add((number, kind))
    shown = select(col(Message.notice_id), col(Notice.kind), col(Message.sent), col(Message.shown))
    for number, kind, *parts in stream(session, shown.join(Notice, col(Notice.id) == Message.notice_id)):
        if (in_talk if kind in TALK else everywhere).stand_in(parts):
            quoting.add((number, kind))
    for number, kind in sorted(quoting):
        _strike(session, session.get_one(Notice, number), in_talk if kind in TALK else everywhere, name)


class _Said:
    """Sentences that are looked for in what was passed on, whole or shortened."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self._by_beginning: dict[str, list[str]] = defaultdict(list)
        for said in sorted({form for one in sentences for form in (one.strip(), one_line(one))}, key=len, reverse=True):
            if len(said) >= _SURE:
                self._by_beginning[said[:_SURE]].append(said)

    def stand_in(self, value: Any) -> bool:
        """Tell whether any of them stands in a text, or in any text of what was kept as JSON."""
        if isinstance(value, str):
            return self.out_of(value) != value
        parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        return any(map(self.stand_in, parts))

    def out_of(self, text: str) -> str:
        """Return the text without them."""
        left, begun, at = [], 0, 0
        while at < len(text):
            length = max(
                (_length(text, at, said) for said in self._by_beginning.get(text[at : at + _SURE], ())), default=0
            )
            if length:
                left += [text[begun:at], ERASED]
                begun = at + length
            at += length or 1
        return "".join([*left, text[begun:]])


def _length(text: str, at: int, said: str) -> int:
    """Return how many characters of a text from ``at`` on are that sentence, whole or shortened; 0 where it does not stand there."""
    if text.startswith(said, at):
        return len(said)
    end = text.find(_CUT, at, at + len(said) + 1)
    return end + 1 - at if end - at >= _LEAST_CUT and said.startswith(text[at:end]) else 0


def _strike(session: Session, notice: Notice, said: "_Said", name: str = "") -> None:
    """Put ``ERASED`` for what was ``said``, and for the name of who said it, in a notice and its messages."""

    def without(value: Any) -> Any:
        if isinstance(value, str):
            left = said.out_of(value)
            return left.replace(name, ERASED) if name else left
        if isinstance(value, Mapping):
            return {key: without(one) for key, one in value.items()}
        return [without(one) for one in value] if isinstance(value, list) else value

    notice.body_json = without(notice.body_json)
    for message in session.exec(select(Message).where(Message.notice_id == notice.id)):
        message.sent, message.shown, message.marks = (
            without(message.sent),
            without(message.shown),
            without(message.marks),
        )
    session.flush()
