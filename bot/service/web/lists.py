"""Lists as they were read: what stands in the document beside what was understood, and what reading left to be settled."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.dialogue.room.doubts import choices, read_of
from bot.service.web.asked import Asked
from bot.service.web.board import Asking
from db import ledger, stored
from db.ledger import Line, Which
from db.models import Campaign, Doubt, Milestone, Task
from db.stored import Json
from db.words import UNENDED
from jobs.campaigns import settling
from jobs.notices.press import Press, Verb
from jobs.reading.document import Place

ROWS = 50
"""Tasks on a page."""

SETTLED = 100
"""Doubts that are settled already and are listed, the latest first."""


def doubtful(session: Session) -> int:
    """Return how much reading left open in lists that are not over."""
    query = select(func.count()).select_from(Doubt).join(Campaign, col(Campaign.id) == Doubt.campaign_id)
    return int(session.exec(query.where(col(Doubt.settled_at).is_(None), col(Campaign.status).in_(UNENDED))).one())


def lists(asking: Asking) -> Json | None:
    """Read the page of all lists that are not over."""
    if not asking.reader.reads_all:
        return None
    session = asking.session
    doubts = select(Doubt.campaign_id, func.count()).where(col(Doubt.settled_at).is_(None))
    left = dict(session.exec(doubts.group_by(col(Doubt.campaign_id))).all())
    found = ledger.overview(session, UNENDED)
    return {"lists": [(one.campaign, one.tasks, left.get(one.campaign.id, 0)) for one in reversed(found)]}


def one(asking: Asking) -> Json | None:
    """Read the page of one list: its doubts, each beside the original, then every task as it was read."""
    session = asking.session
    campaign = session.get(Campaign, asking.number)
    if not asking.reader.reads_all or campaign is None or campaign.status not in UNENDED:
        return None
    of_list = select(Doubt).where(Doubt.campaign_id == campaign.id)
    open_ones = session.exec(of_list.where(col(Doubt.settled_at).is_(None)).order_by(col(Doubt.id)).limit(ROWS)).all()
    settled = of_list.where(col(Doubt.settled_at).is_not(None)).order_by(col(Doubt.settled_at).desc()).limit(SETTLED)
    page = Asked.of(asking.query).page
    total = session.exec(select(func.count()).select_from(Task).where(Task.campaign_id == campaign.id)).one()
    tasks = select(Task).where(Task.campaign_id == campaign.id).order_by(col(Task.position))
    return {
        "campaign": campaign,
        "doubts": [_asked(session, doubt) for doubt in open_ones],
        "settled": session.exec(settled).all(),
        "tasks": _read(session, session.exec(tasks.limit(ROWS).offset((page - 1) * ROWS)).all()),
        "page": page,
        "pages": (total + ROWS - 1) // ROWS,
        "total": total,
        "read_as": _read_as,
        "otherwise": lambda data: Press.read(data).verb is Verb.SAY_OTHERWISE,  # type: ignore[union-attr]
        "say_otherwise": lambda doubt: Press(Verb.SAY_OTHERWISE, doubt.id).data,
    }


def _read_as(milestone: Milestone) -> str:
    """Return the day that was read; where one is to be set still, that; else what kind of deadline it is."""
    if milestone.due is not None:
        return milestone.due.isoformat()
    return "期限待定" if milestone.kind in ledger.DATED_KINDS else milestone.kind.zh


def _asked(session: Session, doubt: Doubt) -> Json:
    about = settling.asked(session, doubt)
    return {"doubt": doubt, "task": about.task, "read": read_of(about), "choices": choices(session, about)}


def _read(session: Session, tasks: Sequence[Task]) -> list[Json]:
    """Return each task with where it stands, and its milestones with who owes what of them."""
    numbers = [task.id for task in tasks]
    milestones = select(Milestone).where(col(Milestone.task_id).in_(numbers)).order_by(col(Milestone.position))
    by_task: dict[int, list[Milestone]] = {}
    for milestone in session.exec(milestones):
        by_task.setdefault(milestone.task_id, []).append(milestone)
    owed: dict[int, list[Line]] = {}
    for line in ledger.lines(session, Which(UNENDED, tasks=numbers)):
        owed.setdefault(line.milestone.id, []).append(line)
    return [
        {
            "task": task,
            "place": stored.read(Place, task.place).zh,
            "parts": [(milestone, owed.get(milestone.id, ())) for milestone in by_task.get(task.id, ())],
        }
        for task in tasks
    ]
