"""Papers: a bulletin (one a campaign and day) or a summons (one a unit and day), drafted by the ladder, issued when signed."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from db import ledger, outbox, register
from db.history import Actor, append
from db.ledger import Which
from db.models import Notice, Paper, PaperItem
from db.outbox import Item
from db.words import LIVING, OPEN_STATES, Action, ChatRole, NoticeKind, Reason


def draft(
    session: Session, campaign_id: int, kind: NoticeKind, day: date, unit_id: int | None, assignments: Sequence[int],
    now: datetime,
) -> Paper:  # fmt: skip
    """Add assignments to the day's paper, making it where there is none; a signed one is not added to.

    A new paper is shown to the coordinators' and the leaders' rooms with the button that signs it.
    """
    query = select(Paper).where(
        Paper.campaign_id == campaign_id, Paper.kind == kind, Paper.day == day, Paper.unit_id == unit_id
    )
    paper = session.exec(query).first()
    if paper is None:
        paper = Paper(campaign_id=campaign_id, kind=kind, day=day, unit_id=unit_id, drafted_at=now)
        session.add(paper)
        session.flush()
        _show_draft(session, paper, assignments, now)
    else:
        for notice in drafts_of(session, paper):
            outbox.add_items(session, notice, _items(paper, assignments))
            outbox.refresh(session, notice, 1, now)
    for assignment in assignments:
        session.merge(PaperItem(paper_id=paper.id or 0, assignment_id=assignment))
    session.flush()
    return paper


def _show_draft(session: Session, paper: Paper, assignments: Sequence[int], now: datetime) -> None:
    body = {"paper": paper.id, "draft": True, "buttons": [["签发", f"s:{paper.id}"]]}
    for role in (ChatRole.COORDINATORS, ChatRole.LEADERS):
        if role is ChatRole.LEADERS and not register.rooms(session, role):
            continue
        outbox.tell_room(
            session, role, now=now, kind=paper.kind, reason=Reason.WORKDAYS_AFTER, campaign_id=paper.campaign_id,
            items=_items(paper, assignments), body=body,
        )  # fmt: skip


def drafts_of(session: Session, paper: Paper) -> list[Notice]:
    """Return the messages in which a paper's draft is shown; not those in whose place another was sent."""
    query = select(Notice).where(
        Notice.campaign_id == paper.campaign_id, Notice.kind == paper.kind, col(Notice.edit_of).is_(None)
    )
    return [
        one
        for one in session.exec(query)
        if one.body.get("draft") and one.body.get("paper") == paper.id and not one.body.get("superseded")
    ]


def issue(session: Session, paper: Paper, signer: Actor, now: datetime) -> int:
    """Sign a paper and send it: a bulletin to all chats of the campaign, a summons to its unit and the leaders' room.

    What has been answered since the draft is left out. Return how many chats it goes to.
    """
    paper.signed_by_id, paper.signed_at = signer.person_id, now
    named = session.exec(select(PaperItem.assignment_id).where(PaperItem.paper_id == paper.id)).all()
    open_ones = [
        line.assignment.id or 0 for line in ledger.lines(session, Which(LIVING, ids=named, states=OPEN_STATES))
    ]
    append(
        session, paper.campaign_id, now, f"{Action.SIGN.zh}{paper.kind.zh}", signer, action=Action.SIGN,
        after={"paper": paper.id, "assignments": open_ones},
    )  # fmt: skip
    if not open_ones:
        return 0
    body = {"paper": paper.id, "urgent": False}
    common = {
        "now": now, "kind": paper.kind, "reason": Reason.WORKDAYS_AFTER, "campaign_id": paper.campaign_id,
        "items": _items(paper, open_ones), "body": body,
    }  # fmt: skip
    if paper.kind is NoticeKind.SUMMONS:
        sent = outbox.tell_unit(session, paper.unit_id or 0, **common)
        sent += outbox.tell_room(session, ChatRole.LEADERS, **common)
    else:
        sent = [outbox.enqueue(session, chat_id=chat, **common) for chat in _chats(session, paper.campaign_id)]  # type: ignore[arg-type]
    return sum(notice.chat_id is not None for notice in sent)


def _items(paper: Paper, assignments: Sequence[int]) -> list[Item]:
    return [Item(one, paper.kind, Reason.WORKDAYS_AFTER) for one in dict.fromkeys(assignments)]


def _chats(session: Session, campaign_id: int) -> list[int]:
    """Return every living chat of a campaign: its units' and the coordinators' room, each once."""
    units = dict.fromkeys(line.unit.id or 0 for line in ledger.lines(session, Which(LIVING, campaign=campaign_id)))
    chats = [chat for unit in units for chat in register.chats_of(session, unit)]
    chats += register.rooms(session, ChatRole.COORDINATORS)
    return list(dict.fromkeys(chat.id or 0 for chat in chats))


def unsigned(session: Session, campaign_id: int) -> list[Paper]:
    """Return the papers of a campaign that wait for a signature."""
    query = select(Paper).where(Paper.campaign_id == campaign_id, col(Paper.signed_at).is_(None))
    return list(session.exec(query.order_by(col(Paper.id))))
