"""What was said in a chat, a page of it: the latest, or what stands before it. Pages are counted from the first message on, so
that what is said meanwhile moves nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlmodel import Session, col

from bot.service.web.views import Paper, Said
from db import stored
from db.bodies import KeptFile, RelayBody
from db.models import Chat, Inbound, Message, Notice, Person
from db.words import NoticeKind
from jobs.notices.parts import Part
from jobs.notices.press import name_of

RECENT = 80
"""Messages of a chat on one page."""


@dataclass(frozen=True, slots=True)
class Talked:
    """A page of a chat: what was said, of all ``total`` messages those from the place ``first`` (from 0) on; ``is_latest`` where it
    is the page at the end, which goes on.
    """

    said: Sequence[Said]
    first: int
    total: int
    is_latest: bool

    @property
    def earlier(self) -> int | None:
        """Return up to which place the page before it reaches, None where nothing stands before it."""
        return self.first or None

    @property
    def later(self) -> int | None:
        """Return up to which place the page after it reaches, None where that is the latest."""
        reaches = self.first + len(self.said) + RECENT
        return reaches if reaches < self.total else None


def talked_in(session: Session, chat: Chat, until: int | None = None) -> Talked:
    """Return the latest page of a chat, or the one that ends before the place ``until``, in the order of time; at one instant an answer
    stands after what it answers.
    """
    total = sum(session.execute(select(func.count()).select_from(part)).scalar_one() for part in _parts(chat))
    end = min(until, total) if until else total
    entries = union_all(*(select(part) for part in _parts(chat))).subquery().c
    order: Any = select(*entries).order_by(entries.at.desc(), entries.ours.desc(), entries.number.desc())
    found = session.execute(order.limit(min(RECENT, end)).offset(total - end)).all() if end else []
    heard = _heard(session, [number for _at, ours, number in found if not ours])
    sent = _sent(session, [number for _at, ours, number in found if ours])
    return Talked(_in_order(heard, sent), end - len(found), total, end == total)


def _parts(chat: Chat) -> tuple[Any, Any]:
    heard: Any = select(col(Inbound.at).label("at"), literal(0).label("ours"), col(Inbound.id).label("number"))
    sent: Any = select(col(Message.out_at).label("at"), literal(1).label("ours"), col(Message.id).label("number"))
    sent = sent.join(Notice, col(Notice.id) == Message.notice_id)
    return (
        heard.join(Person, col(Person.id) == Inbound.person_id).where(col(Inbound.chat_id) == chat.id).subquery(),
        sent.where(
            col(Message.chat_id) == chat.id, col(Message.out_at).is_not(None), col(Notice.kind) != NoticeKind.STANDING
        ).subquery(),
    )


def _in_order(heard: Sequence[tuple[Inbound, str]], sent: Sequence[tuple[Message, Notice]]) -> list[Said]:
    places = {inbound.words["message_id"]: place for place, (inbound, _name) in enumerate(heard)}
    begins = {message.external_id: _first_line(Part.read(message.sent).text) for message, _notice in sent}
    labels = {
        (message.external_id, button.data): button.label
        for message, _notice in sent
        for part in (message.sent, message.shown)
        if part
        for button in Part.read(part).buttons
    }
    keyed = [
        ((inbound.at, place, 0), _of_person(inbound, name, begins, labels))
        for place, (inbound, name) in enumerate(heard)
    ]
    keyed += [
        ((message.out_at, places.get(notice.reply_to, -1), 1), _of_ours(message, notice))
        for message, notice in sent
        if message.out_at is not None
    ]
    keyed.sort(key=lambda pair: pair[0])
    return [said for _key, said in keyed]


def _heard(session: Session, numbers: Sequence[int]) -> list[tuple[Inbound, str]]:
    query = select(Inbound, col(Person.name)).join(Person, col(Person.id) == Inbound.person_id)
    return [
        (one, name)
        for one, name in session.execute(query.where(col(Inbound.id).in_(numbers)).order_by(col(Inbound.id)))
    ]


def _sent(session: Session, numbers: Sequence[int]) -> list[tuple[Message, Notice]]:
    query = select(Message, Notice).join(Notice, col(Notice.id) == Message.notice_id)
    query = query.where(col(Message.id).in_(numbers)).order_by(col(Message.out_at), col(Message.id))
    return [(message, notice) for message, notice in session.execute(query)]


def _of_person(
    inbound: Inbound, name: str, begins: dict[str | None, str], labels: dict[tuple[str | None, str], str]
) -> Said:
    words = inbound.words
    press = words["press"]
    pressed = (labels.get((words["message_id"], press)) or name_of(press)) if press else ""
    kept = [stored.read(KeptFile, one) for one in words.get("files_kept", ())]
    where = "在台账上" if words["press"] and (words["message_id"] or "").startswith("b") else ""
    return Said(
        key=f"i{inbound.id}",
        at=inbound.at,
        who=name,
        ours=False,
        text="：".join(filter(None, (pressed, words["text"]))),
        files=tuple(Paper(file.name, f"/file/i/{inbound.id}/{place}") for place, file in enumerate(kept)),
        reply=begins.get(words["reply_to"] or (words["message_id"] if words["press"] else None), "") or where,
        pressed=bool(words["press"]),
    )


def _of_ours(message: Message, notice: Notice) -> Said:
    part = Part.read(message.shown or message.sent)
    marks = tuple(message.marks)
    under = "".join(f"\n✓ {mark}" for mark in marks)
    return Said(
        key=f"m{message.id}",
        at=message.out_at or notice.created_at,
        who="督办",
        ours=True,
        text=part.text.removesuffix(under) if marks else part.text,
        marks=marks if marks and part.text.endswith(under) else (),
        buttons=part.buttons,
        files=(Paper(part.file.name, f"/file/m/{message.id}"),) if part.file is not None else (),
        number=message.external_id,
        asks=notice.legible.asks_text,
        question=body.question_id if isinstance(body := notice.legible, RelayBody) and not body.answer else None,
    )


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0][:40]
