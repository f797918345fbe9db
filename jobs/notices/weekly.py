"""The leaders' page, once a week: what is late, whose it is, since when, and what its unit said last."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from db import days, history, ledger, outbox
from db.bodies import WeeklyBody
from db.ledger import Line, Which
from db.ledger.past import last_word
from db.ledger.unplaced import Unplaced, unplaced
from db.models import Assignment, Campaign, History, Notice
from db.words import OPEN_STATES, OWING, CampaignStatus, DeliveryState, Lamp, NoticeKind
from jobs.notices.press import Verb, button
from jobs.notices.render import shorten
from jobs.papers import drafts
from jobs.ports import Button

SHOWN = 12
"""How many late things are named, the longest late first: one page."""

A_WEEK, A_MONTH = timedelta(days=7), timedelta(days=30)

RUNNING = frozenset({CampaignStatus.ACTIVE})


def is_due(session: Session, today: date) -> bool:
    """Tell whether the page of the week of a local day is still to be told: not twice, and nothing that only began in it."""
    monday = today - timedelta(days=today.weekday())
    if session.scalars(_TOLD, {"monday": monday}).first() is not None:
        return False
    return any(ledger.local_day(since, timezone) < monday for since, timezone in session.execute(_RUNNING_SINCE))


_TOLD = (
    select(Notice.id)
    .where(
        Notice.kind == NoticeKind.WEEKLY,
        col(Notice.day) >= bindparam("monday"),
        Notice.state != DeliveryState.WITHDRAWN,
    )
    .limit(1)
)

_RUNNING_SINCE = select(col(Campaign.activated_at), col(Campaign.timezone)).where(
    Campaign.status == CampaignStatus.ACTIVE, col(Campaign.activated_at).is_not(None)
)


def body(session: Session, today: date, now: datetime) -> WeeklyBody:
    """Return how all running campaigns stand on the local day ``today``, ready to be stored."""
    of_today = ledger.days(session, now)
    late = Which(RUNNING, states=OPEN_STATES, roles=OWING, lamps=[Lamp.RED], days=of_today)
    owed: Counter[Lamp] = Counter()
    for heap in ledger.heaps(session, Which(RUNNING, states=OPEN_STATES, roles=OWING)):
        owed[heap.lamp(of_today)] += heap.size
    red = owed[Lamp.RED]
    lines = ledger.lines(session, late, nearest=True, limit=SHOWN) if red else []
    return WeeklyBody(
        day=today.isoformat(),
        figures={
            "open": owed.total(),
            "red": red,
            "yellow": owed[Lamp.YELLOW],
            "closed": _closed_since(session, now - A_WEEK),
            "unsigned": len(drafts.unsigned(session)),
        },
        units=_by_unit(session, lines, now),
        more=red - len(lines),
    )


def _closed_since(session: Session, moment: datetime) -> int:
    query = select(func.count()).select_from(Assignment).join(Campaign, col(Campaign.id) == Assignment.campaign_id)
    return session.exec(query.where(Campaign.status == CampaignStatus.ACTIVE, col(Assignment.closed_at) > moment)).one()


def _by_unit(session: Session, lines: Sequence[Line], now: datetime) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the rows of each unit; whose is the longest late comes first."""
    last = history.last_words(session, [line.assignment.id for line in lines])
    elsewhere = unplaced(session, {line.unit.id for line in lines}, now - A_MONTH)
    reached = outbox.first_told(session, ids=[line.assignment.id for line in lines])
    rows: dict[str, list[str]] = {}
    for line in lines:
        wrote = [one for one in elsewhere.get(line.unit.id, ()) if one.is_of(line.assignment.id)]
        said = _said(last.get(line.assignment.id), wrote[-1] if wrote else None, line, now)
        if last.get(line.assignment.id) is None and line.assignment.id not in reached:
            said = NEVER_REACHED
        rows.setdefault(line.unit.name, []).append(_row(line, said, now))
    return tuple((unit, tuple(theirs)) for unit, theirs in rows.items())


def _row(line: Line, said: str, now: datetime) -> str:
    today = ledger.local_day(now, line.campaign.timezone)
    due, left = line.assignment.due, line.days_left(today)
    since = f"{days.short(due, today)}到期，逾期{-left}天" if due is not None and left is not None else ""
    return f"〔{line.code}〕{shorten(line.title, 24)}　{since}；{said}"


NEVER_REACHED = "从未送达"
"""What is said of a unit that no message about the task reached: who was not asked is not silent."""


def _said(last: History | None, elsewhere: Unplaced | None, line: Line, now: datetime) -> str:
    """Say the last word on it; else that the unit asked about it, or wrote though not of what, or that it never answered.

    What it wrote that stands with no task is not quoted: under a task it would read as said of that.
    """
    zone, today = line.campaign.timezone, ledger.local_day(now, line.campaign.timezone)
    if last is not None:
        return last_word(last, zone, today, named=True, write=lambda words: shorten(words, 24))
    if elsewhere is None:
        return "一直没有回应"
    if elsewhere.assignment is not None:
        return written(elsewhere, zone, today)
    return f"没有答复（{days.short(ledger.local_day(elsewhere.at, zone), today)}有留言，未归到任务）"


def written(said: Unplaced, timezone: str, today: date) -> str:
    """Say what a unit asked that waits, or wrote that stands with no task."""
    day = days.short(ledger.local_day(said.at, timezone), today)
    what = "的留言未归到任务" if said.assignment is None else "提问，尚未答复"
    return f"{day}{said.who}{what}：{shorten(said.words, 24)}"


def buttons(session: Session, told: WeeklyBody) -> tuple[Button, ...]:
    """Return what a leader may press under the page: the list of all that is late, and the drafts that wait."""
    offered = [button(Verb.LOOK_AT_LIST, 0, label="看逾期")] if told.figures["red"] else []
    waiting = drafts.unsigned(session)[:1]
    offered += [button(Verb.LOOK_AT_PAPER, paper.id, label="看待签发") for paper in waiting]
    return tuple(offered)
