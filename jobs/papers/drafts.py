"""Drafts of papers: begun by the ladder, shown to the rooms, and what they say as long as nobody has signed them.

A draft waits until the morning is complete and is shown once, the summonses of a morning in one message.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import bindparam, func, insert, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from db import locking, outbox, register
from db.bodies import PaperBody
from db.many import among
from db.models import Assignment, Campaign, Chat, Milestone, Notice, NoticeItem, Paper, PaperItem, Unit
from db.outbox import Item
from db.words import LIVING, OPEN_STATES, ChatRole, NoticeKind, Reason
from jobs.papers.claims import claims

ROOMS = (ChatRole.COORDINATORS, ChatRole.LEADERS)
"""Where drafts are shown."""


def draft(
    session: Session,
    campaign_id: int,
    kind: NoticeKind,
    day: date,
    unit_id: int | None,
    assignments: Sequence[int],
    now: datetime,
) -> Paper:
    """Add assignments to the open draft of a local day (and, for a summons, unit); where there is none, begin one."""
    lock_campaign(session, campaign_id)
    query = select(Paper).where(
        Paper.campaign_id == campaign_id, Paper.kind == kind, Paper.day == day, Paper.unit_id == unit_id
    )
    of_the_day = session.exec(query).all()
    paper = next((one for one in of_the_day if one.is_open), None)
    if paper is None:
        paper = Paper(
            campaign_id=campaign_id, kind=kind, day=day, unit_id=unit_id, seq=len(of_the_day) + 1, drafted_at=now
        )
        session.add(paper)
        session.flush()
    known = set(named_in(session, [paper]))
    fresh = [one for one in dict.fromkeys(assignments) if one not in known]
    if fresh:
        session.execute(insert(PaperItem), [{"paper_id": paper.id, "assignment_id": one} for one in fresh])
    return paper


def lock_campaign(session: Session, campaign_id: int) -> Campaign:
    """Let one writer at a time number and draft the papers of a campaign."""
    campaign = session.get_one(Campaign, campaign_id)
    locking.hold(session, [campaign])
    return campaign


def as_items(kind: NoticeKind, assignments: Sequence[int]) -> list[Item]:
    return [Item(one, kind, Reason.WORKDAYS_AFTER) for one in dict.fromkeys(assignments)]


# ---------------------------------------------------------------- how they are shown


def show(session: Session, papers: Sequence[Paper], now: datetime, not_before: datetime) -> None:
    """Show drafts of one campaign, kind and day in the rooms at ``not_before``, or bring what shows them up to date."""
    chats = [chat.id for role in ROOMS for chat in register.rooms(session, role)]
    for chat_id in dict.fromkeys(chats):
        shown = _living_draft(session, papers[0], chat_id)
        if shown is None:
            show_in(session, papers, chat_id, now, not_before=not_before)
            continue
        body = outbox.body_to_change(session, shown, PaperBody)
        more = [paper.id for paper in papers if paper.id not in papers_in(shown)]
        shown.carry(replace(body, papers=(*papers_in(shown), *more)))
        outbox.add_items(session, shown, as_items(papers[0].kind, named_in(session, papers)))
        _in_order(session, shown)
        _refresh(session, shown, now)


def _in_order(session: Session, shown: Notice) -> None:
    """Let a draft name its assignments in the order of the document, whichever chat's minute came first."""
    places = {number: place for place, number in enumerate(named_in(session, all_in(session, shown)))}
    for item in session.exec(select(NoticeItem).where(NoticeItem.notice_id == shown.id)):
        item.position = places.get(item.assignment_id, item.position)
    session.flush()


def show_in(
    session: Session, papers: Sequence[Paper], chat_id: int, now: datetime, *, alone: bool = False, **how: Any
) -> Notice:
    """Show drafts of one campaign, kind and day in one chat; one that is asked for ``alone`` is shown at any hour."""
    first = papers[0]
    body = PaperBody(tuple(paper.id for paper in papers), draft=True, alone=alone, urgent=alone)
    return outbox.enqueue(
        session,
        now=now,
        kind=first.kind,
        reason=Reason.WORKDAYS_AFTER,
        chat_id=chat_id,
        campaign_id=first.campaign_id,
        items=as_items(first.kind, named_in(session, papers)),
        body=body,
        day=first.day,
        **how,
    )


def show_alone(session: Session, paper: Paper, chat_id: int, now: datetime, reply_to: str | None = None) -> Notice:
    """Show one draft to who asks for it, at any hour."""
    return show_in(session, [paper], chat_id, now, alone=True, reply_to=reply_to)


def _living_draft(session: Session, paper: Paper, chat_id: int) -> Notice | None:
    """Return the message of a chat that shows the day's drafts of this kind and still has an open one."""
    for notice in _drafts_of_day(session, paper):
        if notice.chat_id == chat_id and not notice.body_as(PaperBody).alone and open_in(session, notice):
            return notice
    return None


def _drafts_of_day(session: Session, paper: Paper) -> list[Notice]:
    """Return the messages of a day that show drafts, the newest first: in our rooms and in private, nowhere else."""
    ours = select(Chat.id).where(or_(col(Chat.role).is_(None), col(Chat.role).in_(ROOMS)))
    query = select(Notice).where(
        col(Notice.chat_id).in_(ours),
        Notice.day == paper.day,
        Notice.kind == paper.kind,
        Notice.campaign_id == paper.campaign_id,
    )
    return [notice for notice in session.exec(query.order_by(col(Notice.id).desc())) if notice.legible.draft]


def papers_in(notice: Notice) -> tuple[int, ...]:
    """Return the numbers of the papers that a message shows: of several drafts, or of the one that was issued."""
    body = notice.body_as(PaperBody)
    return body.papers or (() if body.paper is None else (body.paper,))


def all_in(session: Session, notice: Notice) -> list[Paper]:
    """Return the papers that a message shows, in its order."""
    found = {paper.id: paper for paper in session.exec(select(Paper).where(col(Paper.id).in_(papers_in(notice))))}
    return [found[number] for number in papers_in(notice) if number in found]


def open_in(session: Session, notice: Notice) -> list[Paper]:
    """Return the drafts of a message that nobody has signed or dropped."""
    return [paper for paper in all_in(session, notice) if paper.is_open]


def drafts_of(session: Session, paper: Paper) -> list[Notice]:
    """Return the messages in which a paper's draft is shown."""
    return [notice for notice in _drafts_of_day(session, paper) if paper.id in papers_in(notice)]


def refresh_drafts(session: Session, papers: Iterable[Paper], now: datetime, here: int | None = None) -> None:
    """Bring the messages up to date that show these drafts; the chat ``here`` knows already what changed."""
    shown = {notice.id: notice for paper in papers for notice in drafts_of(session, paper)}
    for notice in shown.values():
        _refresh(session, notice, now, told=notice.chat_id == here)


def _refresh(session: Session, notice: Notice, now: datetime, *, told: bool = False) -> None:
    for message in outbox.messages_of(session, notice.id):
        outbox.refresh(session, notice, message.part, now, told=told)


# ---------------------------------------------------------------- what a paper says


def named_in(session: Session, papers: Collection[Paper]) -> list[int]:
    """Return the assignments that papers name, in the order of the document."""
    return list(dict.fromkeys(number for _paper, number in _named(session, papers)))


def _named(session: Session, papers: Collection[Paper]) -> list[tuple[int, int]]:
    """Return what papers name in the order of the document, each with the number of the paper."""
    return [
        (row.paper_id, row.assignment_id) for row in session.execute(_NAMED, {"papers": [one.id for one in papers]})
    ]


_NAMED = (
    select_columns(col(PaperItem.paper_id), col(PaperItem.assignment_id))
    .join(Assignment, col(Assignment.id) == PaperItem.assignment_id)
    .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
    .where(among(col(PaperItem.paper_id), "papers"))
    .order_by(col(Milestone.task_id), col(Milestone.position), col(PaperItem.assignment_id))
)


def is_late(assignment: Assignment | outbox.Standing, today: date) -> bool:
    """Tell whether a paper may still name an assignment on the local day ``today``: owed, past its day, undecided."""
    late = assignment.due is not None and assignment.due < today
    return late and assignment.state in OPEN_STATES and not assignment.decision_pending


def still_late(session: Session, papers: Collection[Paper], today: date) -> list[int]:
    """Return what papers name that they may still name on the local day ``today``."""
    named = named_in(session, papers)
    rows = {one.id: one for one in session.exec(select(Assignment).where(col(Assignment.id).in_(named)))}
    return [number for number in named if is_late(rows[number], today)]


def version(session: Session, papers: Sequence[Paper], today: date) -> int:
    """Return a number of up to nine digits that changes with the drafts' words, items, days and claims, and with the
    campaign's local day ``today``, since a paper says how many days its items are late.

    What was reported meanwhile leaves a paper without changing it: that much is in the signer's sense.
    """
    named: dict[int, list[int]] = defaultdict(list)
    for paper_id, number in _named(session, papers):
        named[paper_id].append(number)
    numbers = {number for some in named.values() for number in some}
    dues = {row.id: row.due for row in session.execute(_DUES, {"numbers": list(numbers)})}
    said = claims(session, numbers)
    facts = [
        [paper.id, paper.words, [(one, str(dues[one]), said[one].say(paper.day)) for one in named[paper.id]]]
        for paper in papers
        if paper.is_open
    ]
    return int.from_bytes(blake2b(json.dumps([str(today), facts]).encode(), digest_size=8).digest()) % 10**9


_DUES = select_columns(col(Assignment.id), col(Assignment.due)).where(among(col(Assignment.id), "numbers"))


def names(session: Session, units: Collection[int]) -> list[str]:
    """Return the names of units, in the register's order."""
    return list(session.exec(select(Unit.name).where(col(Unit.id).in_(list(units))).order_by(col(Unit.id))))


def units_named(session: Session, papers: Collection[Paper]) -> list[int]:
    """Return the units whose assignments papers name."""
    query = select(Assignment.unit_id).where(col(Assignment.id).in_(named_in(session, papers))).distinct()
    return sorted(session.exec(query))


# ---------------------------------------------------------------- what waits


def find(session: Session, number: int) -> Paper | None:
    """Return a paper by its number."""
    return session.get(Paper, number)


def latest(session: Session, limit: int) -> list[Paper]:
    """Return the papers of living campaigns that were not dropped, the latest first."""
    query = select(Paper).join(Campaign).where(col(Campaign.status).in_(LIVING), col(Paper.dropped_at).is_(None))
    return list(session.exec(query.order_by(col(Paper.id).desc()).limit(limit)))


def last_summoned(session: Session, units: Collection[int]) -> list[int]:
    """Return the assignments that the last signed summons of each of these units named."""
    signed = col(Paper.signed_at).is_not(None)
    query = select(func.max(Paper.id)).where(
        Paper.kind == NoticeKind.SUMMONS, signed, col(Paper.unit_id).in_(list(units))
    )
    last = list(session.exec(query.group_by(col(Paper.unit_id))))
    return named_in(session, list(session.exec(select(Paper).where(col(Paper.id).in_(last)))))


def unsigned(session: Session, campaign_id: int | None = None) -> list[Paper]:
    """Return the drafts of one campaign, or of all that run or are paused, that wait for a signature."""
    query = (
        select(Paper)
        .join(Campaign, col(Campaign.id) == Paper.campaign_id)
        .where(col(Paper.signed_at).is_(None), col(Paper.dropped_at).is_(None), col(Campaign.status).in_(LIVING))
    )
    if campaign_id is not None:
        query = query.where(Paper.campaign_id == campaign_id)
    return list(session.exec(query.order_by(col(Paper.id))))


def following(session: Session, number: int, today: date) -> Paper | None:
    """Return the next draft after paper ``number`` that waits for a signature and may still name something on ``today``."""
    later = (paper for paper in unsigned(session) if (paper.id) > number)
    return next((paper for paper in later if still_late(session, [paper], today)), None)


def waiting_by_morning(session: Session, campaign_id: int) -> dict[tuple[NoticeKind, date], dict[str, int]]:
    """Return what waits for a signature in a campaign, by kind and day: how many items of each unit, in the register's order.

    Open drafts of one kind and day never name an item twice.
    """
    waiting: dict[tuple[NoticeKind, date], dict[str, int]] = {}
    for row in session.execute(_WAITING, {"campaign": campaign_id}).all():
        units = waiting.setdefault((row.kind, row.day), {})
        units[row.name] = units.get(row.name, 0) + row.items
    return waiting


_FIRST_DRAFT = func.min(col(Paper.id)).over(partition_by=(col(Paper.kind), col(Paper.day)))

_DRAFTED = (
    select_columns(col(Paper.id), col(Paper.kind), col(Paper.day), _FIRST_DRAFT.label("first"))
    .where(
        col(Paper.campaign_id) == bindparam("campaign"), col(Paper.signed_at).is_(None), col(Paper.dropped_at).is_(None)
    )
    .subquery()
)

_WAITING = (
    select_columns(_DRAFTED.c.kind, _DRAFTED.c.day, col(Unit.name), func.count().label("items"))
    .join(PaperItem, col(PaperItem.paper_id) == _DRAFTED.c.id)
    .join(Assignment, col(Assignment.id) == PaperItem.assignment_id)
    .join(Unit, col(Unit.id) == Assignment.unit_id)
    .group_by(_DRAFTED.c.first, _DRAFTED.c.kind, _DRAFTED.c.day, col(Unit.id), col(Unit.name))
    .order_by(_DRAFTED.c.first, col(Unit.id))
)


def by_morning(papers: Iterable[Paper]) -> list[list[Paper]]:
    """Return papers as they are shown together: those of one campaign, kind and day."""
    mornings: dict[tuple[int, NoticeKind, date], list[Paper]] = {}
    for paper in papers:
        mornings.setdefault((paper.campaign_id, paper.kind, paper.day), []).append(paper)
    return list(mornings.values())
