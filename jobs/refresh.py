"""Refreshing: what a message that is out already should say by now, where the service can change messages.

A message keeps its text as sent; under it stands who did what since (its *marks*), and buttons that no longer
apply are gone. Some messages are alive as a whole: a broadcast's tally, a draft, an answer with pages.
"""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from db import ledger, outbox
from db.models import Broadcast, Notice, NoticeItem, Paper
from db.words import OPEN_STATES, NoticeKind, State
from jobs.context import extra_for
from jobs.desk import Desk
from jobs.ports import Abilities, Button
from jobs.render import BUNDLED, Part, buttons_for, item_buttons, item_view, render

MAX_MARKS = 12
"""Marks under one message; the oldest beyond that are left out."""


def mark(session: Session, notice: Notice, part: int, what: str, now: datetime) -> None:
    """Put one line under a message that is out: who did what, and when."""
    marks = {**notice.body.get("marks", {})}
    marks[str(part)] = [*marks.get(str(part), []), what][-MAX_MARKS:]
    notice.body = {**notice.body, "marks": marks}
    outbox.refresh(session, notice, part, now)


def part_now(session: Session, notice: Notice, place: int, abilities: Abilities, desk: Desk, today: date) -> Part:
    """Return what one message of a notice should say on the local day ``today``."""
    sent = Part.from_json(notice.parts[place - 1])
    if notice.kind in (NoticeKind.TALLY, NoticeKind.REPLY) or notice.body.get("draft"):
        sent = _anew(session, notice, place, abilities, desk, today) or sent
    text = "\n".join([sent.text, *(f"✓ {one}" for one in notice.body.get("marks", {}).get(str(place), []))])
    if not abilities.fits(text):
        text = sent.text
    return Part(text, _buttons(session, notice, sent, place, today), sent.items, sent.file)


def _anew(session: Session, notice: Notice, place: int, abilities: Abilities, desk: Desk, today: date) -> Part | None:
    pairs = outbox.items_of(session, notice.id or 0)
    shown = {line.assignment.id: line for line in ledger.lines(session, ids=[one.id or 0 for _item, one in pairs])}
    found = [(item, shown[one.id]) for item, one in pairs]
    parts = render(notice, found, abilities, today, extra_for(session, notice, found, desk, today))
    return parts[place - 1] if place <= len(parts) else None


def _buttons(session: Session, notice: Notice, sent: Part, place: int, today: date) -> tuple[Button, ...]:
    if notice.kind in BUNDLED and not notice.body.get("for_information"):
        return _task_buttons(session, notice, sent, place, today)
    if notice.kind is NoticeKind.VERIFY_REQUEST:
        return sent.buttons if _is_undecided(session, notice) else ()
    if notice.body.get("draft"):
        paper = session.get(Paper, notice.body["paper"])
        return () if paper is None or paper.signed_at is not None else sent.buttons
    if notice.kind is NoticeKind.REPLY and "item" in notice.body:
        line = ledger.line(session, notice.body["item"])
        answered = line.assignment.answered_at
        waits = answered is None or (notice.sent_at is not None and answered < notice.sent_at)
        made = item_buttons(item_view(line, today))
        return made if waits else tuple(button for button in made if not button.data.startswith("a:"))
    if notice.kind in (NoticeKind.BROADCAST, NoticeKind.URGENT):
        return () if notice.body.get("confirmed") else sent.buttons
    return sent.buttons


def _task_buttons(session: Session, notice: Notice, sent: Part, place: int, today: date) -> tuple[Button, ...]:
    """Return a contact's buttons as things stand, without 收到 where an answer came since the message went out."""
    numbers = [item["assignment"] for item in sent.items]
    rows = {item.assignment_id: item for item, _one in outbox.items_of(session, notice.id or 0)}
    lines = {line.assignment.id: line for line in ledger.lines(session, ids=numbers)}
    views = []
    for number in numbers:
        line, row = lines[number], rows.get(number)
        answered = line.assignment.answered_at
        waits = answered is None or (notice.sent_at is not None and answered < notice.sent_at)
        view = item_view(line, today, row if isinstance(row, NoticeItem) else None)
        views.append({**view, "asks": view["asks"] and waits and line.assignment.state in OPEN_STATES, "waits": waits})
    buttons = buttons_for(notice, views, last=place == len(notice.parts))
    if len(views) == 1 and not views[0]["waits"]:
        buttons = tuple(button for button in buttons if not button.data.startswith("a:"))
    return buttons


def _is_undecided(session: Session, notice: Notice) -> bool:
    pairs = outbox.items_of(session, notice.id or 0)
    if not pairs:
        return False
    one = pairs[0][1]
    return one.state is State.REPORTED if notice.body["action"] == "report" else one.decision_pending


def differs(notice: Notice, place: int, part: Part) -> bool:
    """Tell whether ``part`` is other than what the message says at the service."""
    shown = notice.body.get("shown", {}).get(str(place)) or notice.parts[place - 1]
    now = part.as_json()
    return (now["text"], now["buttons"]) != (shown["text"], shown["buttons"])


def remember(notice: Notice, place: int, part: Part) -> None:
    """Keep what the message says at the service from now on."""
    shown: dict[str, Any] = {"text": part.text, "buttons": part.as_json()["buttons"]}
    notice.body = {**notice.body, "shown": {**notice.body.get("shown", {}), str(place): shown}}


# ---------------------------------------------------------------- a broadcast's tally


def tally_of(session: Session, notice: Notice, now: datetime) -> None:
    """Bring the tally up to date that counts this notice, if one does."""
    if notice.broadcast_id is None or notice.edit_of is not None or notice.kind is NoticeKind.TALLY:
        return
    show_tally(session, session.get_one(Broadcast, notice.broadcast_id), now)


def show_tally(session: Session, broadcast: Broadcast, now: datetime) -> None:
    """Bring a broadcast's tally up to date."""
    tally = session.get(Notice, broadcast.tally_id) if broadcast.tally_id else None
    if tally is not None:
        outbox.refresh(session, tally, 1, now)


def show_tally_anew(session: Session, tally: Notice, now: datetime) -> None:
    """Send a tally once more as a new message, where the old one can no longer be changed."""
    broadcast = session.get_one(Broadcast, tally.broadcast_id)
    broadcast.tally_id = outbox.enqueue(
        session, now=now, kind=tally.kind, reason=tally.reason, chat_id=tally.chat_id, body={},
        broadcast_id=broadcast.id,
    ).id  # fmt: skip
