"""Refreshing: what a message that is out already should say by now, where the service can change messages.

A message keeps its text as sent; under it stands who did what since (its *marks*), and buttons that no longer
apply are gone. Some messages are alive as a whole: a broadcast's tally, a draft, an answer with pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from db import ledger, outbox
from db.bodies import CallBody, ReplyBody, RequestBody, RoundTallyBody, TallyBody
from db.broadcasts import Figures, figures
from db.kinds import KINDS, WORK
from db.ledger import Line, Which
from db.models import Broadcast, Campaign, Message, Notice, Paper, Round
from db.words import EVERY, Action, CampaignStatus, NoticeKind, Reason, State
from jobs.desk import Desk
from jobs.notices import alarms
from jobs.notices.cards import of_text, picker, under_its_text
from jobs.notices.context import parts_of
from jobs.notices.parts import Card, Part
from jobs.notices.press import Verb, button, pairs, verb_of
from jobs.notices.render import buttons_for, item_buttons, say
from jobs.notices.views import ItemView, item_view
from jobs.papers import drafts
from jobs.ports import Abilities, Button, Changes, Picker
from jobs.rounds import keeping

MAX_MARKS = 12
"""Marks under one message; the oldest beyond that are left out."""


def mark(session: Session, notice: Notice, part: int, what: str) -> None:
    """Keep one line about a message that is out: who did what, and when. It shows when the message is refreshed."""
    marked = outbox.to_change(session, notice.id, part)
    if marked is not None:
        marked.marks = [*marked.marks, what][-MAX_MARKS:]


@dataclass(frozen=True, slots=True)
class Around:
    """What the buttons of messages depend on, read at once for all of them: the messages as they were ``sent``, what each
    notice still speaks of, how many messages it has, and the lines that are asked for.
    """

    sent: dict[int, Part]
    items: dict[int, list[outbox.Item]]
    lengths: dict[int, int]
    lines: dict[int, Line]

    @classmethod
    def read(cls, session: Session, told: Sequence[tuple[Notice, Message]]) -> "Around":
        sent = {message.id: Part.read(message.sent) for _notice, message in told}
        buttoned = [(notice, sent[message.id]) for notice, message in told if _has_buttons(sent[message.id])]
        tasks = {notice.id for notice, _part in buttoned if _is_of_tasks(notice)}
        asking = {notice.id for notice, _part in buttoned if isinstance(notice.body, RequestBody)}
        items = outbox.items_of_all(session, tasks | asking) if tasks or asking else {}
        lengths = outbox.lengths(session, tasks) if tasks else {}
        wanted = {number for notice, part in buttoned for number in _asked_for(notice, part, items)}
        lines = ledger.lines(session, Which(EVERY, ids=sorted(wanted))) if wanted else []
        return cls(sent, items, lengths, {line.assignment.id: line for line in lines})


def _has_buttons(sent: Part) -> bool:
    return bool(sent.buttons) or sent.picker is not None


def _is_of_tasks(notice: Notice) -> bool:
    return notice.kind in WORK and not notice.body.for_information


def _asked_for(notice: Notice, sent: Part, items: dict[int, list[outbox.Item]]) -> list[int]:
    """Return the assignments on whose state a message's buttons depend."""
    if _is_of_tasks(notice):
        return [item.assignment for item in sent.items]
    if isinstance(notice.body, ReplyBody):
        return [notice.body.item] if notice.body.item is not None else []
    return [item.assignment_id for item in items.get(notice.id, ())[:1]]


def part_now(
    session: Session,
    notice: Notice,
    message: Message,
    abilities: Abilities,
    desk: Desk,
    today: date,
    around: Around | None = None,
) -> Part:
    """Return what one message of a notice should say on the local day ``today``; ``around`` may have been read for many."""
    around = around or Around.read(session, [(notice, message)])
    sent, place = around.sent[message.id], message.part
    if KINDS[notice.kind].alive or notice.body.draft:
        sent = _anew(session, notice, sent, place, abilities, desk, today) or sent
    marks = message.marks
    text = "\n".join([sent.text, *(f"✓ {one}" for one in marks)])
    if not abilities.fits(text):
        text = sent.text
    buttons, chosen = _answers(session, notice, sent, place, today, around)
    card = sent.card and Card(replace(sent.card.face, marks=tuple(marks)), chosen)
    return replace(sent, text=text, buttons=buttons, card=card)


def answerable(session: Session, notice: Notice) -> list[int]:
    """Return the messages of a notice that carry something to press, else the first."""
    written = outbox.messages_of(session, notice.id)
    parts = [(one.part, Part.read(one.sent)) for one in written]
    return [number for number, part in parts if part.buttons or part.card] or [1]


def _anew(
    session: Session, notice: Notice, sent: Part, place: int, abilities: Abilities, desk: Desk, today: date
) -> Part | None:
    """Return a message as it would be rendered now; a card stays the card, whatever text would stand before it."""
    rows = outbox.items_of_all(session, [notice.id]).get(notice.id, [])
    shown = ledger.lines_of(session, {row.assignment_id for row in rows}) if rows else {}
    waits = notice.body.draft and bool(drafts.open_in(session, notice))
    found = [
        (row, shown[row.assignment_id])
        for row in rows
        if not waits or drafts.is_late(shown[row.assignment_id].assignment, today)
    ]
    parts = parts_of(session, notice, found, abilities, desk, today)
    if sent.face is not None:
        body = notice.body
        face = under_its_text(of_text(body.text, body.title)) if isinstance(body, ReplyBody) else sent.face
        let_go = replace(sent, buttons=(), card=Card(face))
        card = next((part for part in parts if part.face is not None), let_go)
        return replace(card, mark=sent.mark)
    return parts[place - 1] if place <= len(parts) else None


def _answers(
    session: Session, notice: Notice, sent: Part, place: int, today: date, around: Around
) -> tuple[tuple[Button, ...], Picker | None]:
    """Return the buttons, or the choice, that still apply."""
    if not _has_buttons(sent) or _is_over(session, notice):
        return (), None
    if _is_of_tasks(notice):
        views = _views(notice, sent, today, around)
        if sent.picker is not None:
            still_open = [view for view in views if view.open]
            return (), picker(still_open) if still_open else None
        return _task_buttons(notice, views, last=place == around.lengths[notice.id]), None
    return _buttons(notice, sent, today, around), None


def _buttons(notice: Notice, sent: Part, today: date, around: Around) -> tuple[Button, ...]:
    body = notice.body
    if isinstance(body, RequestBody):
        return sent.buttons if not body.deciding and _is_undecided(notice, body, around) else ()
    if isinstance(body, ReplyBody) and body.item is not None:
        line = around.lines[body.item]
        if line.campaign.status is CampaignStatus.ENDED:
            return ()
        answered = line.assignment.answered_at
        waits = answered is None or (notice.sent_at is not None and answered < notice.sent_at)
        made = item_buttons(item_view(line, today))
        return made if waits else _without_receipt(made)
    if isinstance(body, CallBody):
        return () if body.confirmed else sent.buttons
    return sent.buttons


def _views(notice: Notice, sent: Part, today: date, around: Around) -> list[ItemView]:
    """Return a message's items as things stand, without a receipt being asked for where an answer came since."""
    rows = {item.assignment_id: item for item in around.items.get(notice.id, ())}
    views = []
    for number in (item.assignment for item in sent.items):
        line, row = around.lines[number], rows.get(number)
        answered = line.assignment.answered_at
        waits = answered is None or (notice.sent_at is not None and answered < notice.sent_at)
        view = item_view(line, today, row)
        views.append(replace(view, asks=view.asks and waits and view.open, waits=waits))
    return views


def _task_buttons(notice: Notice, views: list[ItemView], *, last: bool) -> tuple[Button, ...]:
    """Return a contact's buttons as things stand, without 收到 where an answer came since the message went out."""
    buttons = buttons_for(notice, views, last=last)
    if len(views) == 1 and not views[0].waits:
        buttons = _without_receipt(buttons)
    return buttons


def _without_receipt(buttons: Sequence[Button]) -> tuple[Button, ...]:
    return tuple(one for one in buttons if verb_of(one.data) is not Verb.ACKNOWLEDGE)


def _is_over(session: Session, notice: Notice) -> bool:
    campaign = session.get(Campaign, notice.campaign_id) if notice.campaign_id is not None else None
    return campaign is not None and campaign.status is CampaignStatus.ENDED


def _is_undecided(notice: Notice, asks: RequestBody, around: Around) -> bool:
    items = around.items.get(notice.id)
    if not items:
        return False
    one = around.lines[items[0].assignment_id].assignment
    if asks.action is not Action.REPORT:
        return one.decision_pending
    return one.state is State.REPORTED and (one.level or "") == asks.level


def differs(message: Message, part: Part) -> bool:
    """Tell whether ``part`` is other than what the message says at the service."""
    return _look(Part.read(message.shown or message.sent)) != _look(part)


def _look(part: Part) -> Part:
    """Return what people see of a message, and what may change."""
    return Part(part.text, part.buttons, card=part.card)


def remember(message: Message, part: Part, handle: str | None) -> None:
    """Keep what the message says at the service from now on, and the ``handle`` of its next change; each serves once."""
    message.shown, message.handle = _look(part).kept(), handle


# ---------------------------------------------------------------- where a message cannot be changed


def follow_up(session: Session, desk: Desk, notice: Notice, message: Message, now: datetime) -> None:
    """Say in a message of its own what a message that is out can no longer say; nothing where people know already. That a draft has
    changed waits for the office to open.
    """
    if notice.kind is NoticeKind.TALLY:
        _tell_figures(session, notice, now)
    elif isinstance(notice.body, RoundTallyBody):
        _tell_round(session, notice.body, now)
    elif notice.kind is NoticeKind.FAILURE:
        alarms.tell_again(session, notice, now)
    elif message.told:
        return
    elif notice.body.draft:
        if message.part == answerable(session, notice)[-1]:
            _tell_of_drafts(session, notice, now, desk.next_open(session, notice.campaign_id, now))
    elif message.marks:
        codes = "".join(f"〔{item.milestone}〕" for item in Part.read(message.sent).items)
        text = say("since_then", kind=notice.kind.zh, codes=codes, what=message.marks[-1])
        outbox.answer(
            session, notice.chat_id, ReplyBody(text), now, reason=Reason.CHANGED, campaign_id=notice.campaign_id
        )


def _tell_of_drafts(session: Session, notice: Notice, now: datetime, opens: datetime) -> None:
    """Say in one line that a draft has changed or is closed; whoever wants to sign looks at it anew."""
    papers = drafts.all_in(session, notice)
    waiting = [paper for paper in papers if paper.is_open]
    closed = [f"{'已签发' if paper.signed_at else '已作废'}{_number(paper)}" for paper in papers if not paper.is_open]
    units = drafts.names(session, drafts.units_named(session, papers))
    text = say(
        "draft_moved",
        kind=notice.kind.zh,
        units=units,
        closed=list(dict.fromkeys(closed)),
        waiting=len(waiting),
        items=len(drafts.named_in(session, waiting)),
    )
    body = ReplyBody(text, pairs([button(Verb.LOOK_AT_PAPER, waiting[0].id)] if waiting else []))
    outbox.answer(
        session, notice.chat_id, body, now, reason=Reason.CHANGED, campaign_id=notice.campaign_id, not_before=opens
    )


def _number(paper: Paper) -> str:
    unit = "期" if paper.kind is NoticeKind.BULLETIN else "号"
    return f"（第{paper.number}{unit}）" if paper.number else ""


def _tell_figures(session: Session, tally: Notice, now: datetime) -> None:
    """Show a broadcast's figures anew when all have confirmed, or nobody more will; between that a press shows them."""
    broadcast = session.get_one(Broadcast, tally.broadcast_id)
    numbers = figures(session, broadcast)
    over = broadcast.urgent and broadcast.next_round_at is None
    complete = over or not (_owing(numbers) or numbers.waiting)
    if complete and not tally.body_as(TallyBody).complete:
        show_tally_anew(session, tally, now, complete=True)


def _tell_round(session: Session, told: RoundTallyBody, now: datetime) -> None:
    """Show a round's figures anew when nothing more is waited for; between that a press shows them."""
    made = session.get_one(Round, told.round)
    if not told.complete and keeping.is_complete(session, made):
        keeping.show_tally_anew(session, made, now, complete=True)


# ---------------------------------------------------------------- a broadcast's tally


def tally_of(session: Session, notice: Notice, now: datetime) -> None:
    """Bring the tally up to date that counts this notice, if one does."""
    if notice.broadcast_id is None or notice.kind is NoticeKind.TALLY:
        return
    show_tally(session, session.get_one(Broadcast, notice.broadcast_id), now)


def show_tally(session: Session, broadcast: Broadcast, now: datetime) -> None:
    """Bring a broadcast's tally up to date."""
    tally = session.get(Notice, broadcast.tally_id) if broadcast.tally_id else None
    if tally is not None:
        outbox.refresh(session, tally, 1, now)


def is_needless(session: Session, notice: Notice, abilities: Abilities) -> bool:
    """Tell whether a tally that was to be shown when its time is up tells nothing new: one is alive, or it is over."""
    body = notice.body
    if not (isinstance(body, TallyBody) and body.when_due):
        return False
    broadcast = session.get_one(Broadcast, notice.broadcast_id)
    alive = abilities.changes is Changes.ANYTIME
    return alive or broadcast.closed_at is not None or not _owing(figures(session, broadcast))


def _owing(numbers: Figures) -> int:
    """Return of how many units an answer is still waited for."""
    return len(numbers.silent) + len(numbers.received)


def show_tally_anew(session: Session, tally: Notice, now: datetime, *, complete: bool = False) -> None:
    """Send a tally once more as a new message, where the old one can no longer be changed."""
    broadcast = session.get_one(Broadcast, tally.broadcast_id)
    broadcast.tally_id = outbox.enqueue(
        session,
        now=now,
        kind=tally.kind,
        reason=tally.reason,
        chat_id=tally.chat_id,
        body=TallyBody(complete=complete),
        broadcast_id=broadcast.id,
    ).id
