"""Papers: a bulletin (通报) or a summons (约谈, one a unit), drafted by the ladder (`jobs.papers.drafts`), issued when signed.

A paper is open until somebody signs or drops it, and closed from then on: what comes later begins another. What is signed
is exactly what the signer has seen, by the ``version`` that the press brings along.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import func
from sqlmodel import Session, col, select

from db import locking, outbox, register
from db.bodies import PaperBody
from db.history import Actor, append
from db.kinds import PAPERS
from db.ledger import Line, Which, local_day
from db.ledger.rewound import rewound
from db.models import Assignment, Campaign, Milestone, Notice, NoticeItem, Paper, PaperItem, Person
from db.words import EVERY, LIVING, Action, ChatRole, NoticeKind, Reason, Refusal
from jobs.papers.drafts import (
    all_in,
    as_items,
    drafts_of,
    lock_campaign,
    named_in,
    names,
    refresh_drafts,
    still_late,
    units_named,
)

NOTHING_LEFT = "所列事项都已报办结、延期或办结，不必签发；可以作废。"


class PaperRefused(Refusal):
    """It cannot be done; the message is one line."""


def reached(session: Session, units: Iterable[int]) -> tuple[dict[int, list[int]], list[int]]:
    """Return the units of each living chat, and the units that have none."""
    chats: dict[int, list[int]] = {}
    without = []
    units = list(dict.fromkeys(units))
    routes = register.routes_by_unit(session, units)
    for unit in units:
        theirs = register.chats_in(routes.get(unit, ()))
        for chat in theirs:
            chats.setdefault(chat.id, []).append(unit)
        if not theirs:
            without.append(unit)
    return chats, without


# ---------------------------------------------------------------- signing, changing, dropping


@dataclass(frozen=True, slots=True)
class Issued:
    """What signing did: the paper's number in its year, how many chats of units it goes to, which units have none, how
    many of its items were left out because they were answered meanwhile.
    """

    paper: Paper
    chats: frozenset[int]
    unreached: tuple[str, ...]
    left_out: int


def take(session: Session, paper: Paper) -> Campaign:
    """Lock an open draft, so that nobody else signs, changes or drops it; raise ``PaperRefused`` where it is closed."""
    locking.hold(session, [paper])
    campaign = lock_campaign(session, paper.campaign_id)
    if not paper.is_open:
        raise PaperRefused(f"这份{paper.kind.zh}已{'签发' if paper.signed_at else '作废'}。")
    if campaign.status not in LIVING:
        raise PaperRefused(f"该专项行动{campaign.status.zh}，不再签发。")
    return campaign


def issue(session: Session, paper: Paper, signer: Actor, now: datetime, away: Person | None = None) -> Issued:
    """Sign an open draft, give it its number and send it: a bulletin to all chats of the campaign, a summons to its unit.

    ``away`` is the leader for whom a deputy signs. The rooms see the signed paper in place of its draft, or get a copy where none was shown. What has been answered
    since the draft is left out; raise ``PaperRefused`` where nothing is left, or the paper is closed.
    """
    campaign = take(session, paper)
    today = local_day(now, campaign.timezone)
    items = still_late(session, [paper], today)
    if not items:
        raise PaperRefused(NOTHING_LEFT)
    left_out = [number for number in named_in(session, [paper]) if number not in items]
    _leave_out(session, paper, left_out)
    paper.signed_by_id, paper.signed_at, paper.year = signer.person_id, now, today.year
    paper.signed_for_id = away.id if away is not None else None
    paper.number = _next_number(session, paper, today.year)
    units = [paper.unit_id] if paper.unit_id is not None else _units_of(session, paper.campaign_id)
    chats, without = reached(session, units)
    missed = [unit for unit in without if unit in units_named(session, [paper])]
    append(
        session,
        paper.campaign_id,
        now,
        f"{Action.SIGN.zh}{paper.kind.zh}",
        signer,
        action=Action.SIGN,
        after={
            "paper": paper.id,
            "number": paper.number,
            "assignments": items,
            "chats": len(chats),
            "unreached": missed,
        }
        | ({"for": away.id} if away is not None else {}),
        words=f"代{away.name}签发" if away is not None else "",
    )
    common: dict[str, Any] = {
        "now": now,
        "kind": paper.kind,
        "reason": Reason.WORKDAYS_AFTER,
        "campaign_id": paper.campaign_id,
        "items": as_items(paper.kind, items),
    }
    for chat, theirs in chats.items():
        outbox.enqueue(
            session, chat_id=chat, unit_id=theirs[0], body=PaperBody(paper=paper.id, units=tuple(theirs)), **common
        )
    for unit in missed:
        outbox.enqueue(session, chat_id=None, unit_id=unit, body=PaperBody(paper=paper.id, units=(unit,)), **common)
    showing = {notice.chat_id for notice in drafts_of(session, paper)}
    role = ChatRole.COORDINATORS if paper.kind is NoticeKind.BULLETIN else ChatRole.LEADERS
    for room in register.rooms(session, role):
        if room.id not in showing:
            outbox.enqueue(session, chat_id=room.id, body=PaperBody(paper=paper.id), **common)
    session.flush()
    refresh_drafts(session, [paper], now, signer.chat_id)
    return Issued(paper, frozenset(chats), tuple(names(session, missed)), len(left_out))


def _next_number(session: Session, paper: Paper, year: int) -> int:
    query = select(func.max(Paper.number)).where(
        Paper.campaign_id == paper.campaign_id, Paper.kind == paper.kind, Paper.year == year
    )
    return (session.exec(query).one() or 0) + 1


def _units_of(session: Session, campaign_id: int) -> list[int]:
    query = select(Assignment.unit_id).where(Assignment.campaign_id == campaign_id).distinct()
    return sorted(session.exec(query))


def reword(session: Session, paper: Paper, words: str, actor: Actor, now: datetime) -> None:
    """Put ``words`` in place of a draft's opening sentence; raise ``PaperRefused`` where it is closed."""
    take(session, paper)
    before, paper.words = paper.words, words
    append(
        session,
        paper.campaign_id,
        now,
        f"修改{paper.kind.zh}",
        actor,
        action=Action.CORRECT,
        before={"paper": paper.id, "words": before},
        after={"words": words},
        words=words,
    )
    refresh_drafts(session, [paper], now, actor.chat_id)


def omit(
    session: Session,
    paper: Paper,
    codes: Collection[str] | None,
    actor: Actor,
    now: datetime,
    units: Collection[int] = (),
) -> bool:
    """Leave the assignments of these short codes, or of these ``units``, out of a draft; tell whether it named any.

    Raise ``PaperRefused`` where it is closed, or nothing would be left.
    """
    take(session, paper)
    query = (
        select(PaperItem.assignment_id)
        .join(Assignment, col(Assignment.id) == PaperItem.assignment_id)
        .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
        .where(PaperItem.paper_id == paper.id)
    )
    if codes is not None:
        query = query.where(func.upper(Milestone.code).in_(list(codes)))
    else:
        query = query.where(col(Assignment.unit_id).in_(list(units)))
    dropped = list(session.exec(query))
    if len(dropped) == len(named_in(session, [paper])):
        raise PaperRefused("文稿至少须保留一项；整份不发的，请回复“作废”。")
    if not dropped:
        return False
    _leave_out(session, paper, dropped)
    append(
        session,
        paper.campaign_id,
        now,
        f"修改{paper.kind.zh}",
        actor,
        action=Action.CORRECT,
        before={"paper": paper.id, "omitted": []},
        after={"omitted": dropped},
    )
    session.flush()
    refresh_drafts(session, [paper], now, actor.chat_id)
    return True


def _leave_out(session: Session, paper: Paper, assignments: Collection[int]) -> None:
    """Take assignments from a draft and from the messages that show it."""
    for number in assignments:
        session.delete(session.get_one(PaperItem, (paper.id, number)))
    for shown in drafts_of(session, paper):
        for said in session.exec(select(NoticeItem).where(NoticeItem.notice_id == shown.id)):
            if said.assignment_id in assignments:
                said.withdrawn_why = Reason.CHANGED
    session.flush()


def drop(session: Session, paper: Paper, actor: Actor, now: datetime) -> None:
    """Close a draft without sending it; raise ``PaperRefused`` where it is closed already."""
    take(session, paper)
    paper.dropped_at, paper.dropped_by_id = now, actor.person_id
    append(
        session,
        paper.campaign_id,
        now,
        f"作废{paper.kind.zh}",
        actor,
        action=Action.CANCEL,
        after={"paper": paper.id, "dropped": True},
    )
    session.flush()
    refresh_drafts(session, [paper], now, actor.chat_id)


_Item = TypeVar("_Item")


def as_signed(
    session: Session, notice: Notice, found: Sequence[tuple[_Item, Line]], today: date
) -> tuple[Sequence[tuple[_Item, Line]], date]:
    """Return what a message speaks of and the local day from which it counts: of a signed paper as the signer saw it, on
    the day of the signature, however later it goes out or is brought up to date; else as it is on ``today``.
    """
    papers = all_in(session, notice) if notice.kind in PAPERS and found else []
    signed = max((paper.signed_at for paper in papers if paper.signed_at is not None), default=None)
    if signed is None or any(paper.is_open for paper in papers):
        return found, today
    numbers = [line.assignment.id for _item, line in found]
    stood = {line.assignment.id: line for line in rewound(session, Which(EVERY, ids=numbers), signed)}
    return (
        [(item, stood[line.assignment.id]) for item, line in found],
        local_day(signed, found[0][1].campaign.timezone),
    )


def signer_of(session: Session, paper: Paper) -> str:
    """Return who signed a paper, as it stands under it: a deputy with the leader for whom; "" for a draft."""
    who, away = register.name_of(session, paper.signed_by_id), register.name_of(session, paper.signed_for_id)
    return f"{who}（代{away}）" if away else who or ""
