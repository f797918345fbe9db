"""Digests: one a campaign and day, of today, and one of what is of no campaign; where nothing changed since the last
one, it is one line, but on the first workday of a week.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from db import days, ledger, outbox
from db.bodies import DigestBody
from db.ledger import Which
from db.models import Assignment, Campaign, Chat, Milestone, Notice, Task, Unit, table_of
from db.words import LIVING, OPEN_STATES, DeliveryState, Lamp, NoticeKind, Reason, Role, State
from jobs.notices import scores
from jobs.notices.press import Verb, button
from jobs.notices.render import shorten
from jobs.notices.views import LAMPS
from jobs.papers import drafts
from jobs.ports import Button

_DAYS_PAST = re.compile(r"逾期\d+天")
"""What grows by itself from day to day, and is no change."""


_OURS = (
    col(Notice.kind) == NoticeKind.DIGEST,
    col(Notice.campaign_id).is_not_distinct_from(bindparam("campaign")),
)
"""The digests of one campaign, or of what is of none."""

_TOLD = select(Notice.id).where(
    *_OURS, col(Notice.day) == bindparam("day"), col(Notice.state) != DeliveryState.WITHDRAWN
)

_OLDER_THAT_WAIT = select(Notice).where(
    *_OURS, col(Notice.day) < bindparam("day"), col(Notice.state).in_(outbox.REVOCABLE)
)

_LAST = (
    select(Notice)
    .where(*_OURS, col(Notice.day) < bindparam("day"), col(Notice.state) == DeliveryState.SENT)
    .order_by(col(Notice.day).desc(), col(Notice.id).desc())
    .limit(1)
)


def is_told(session: Session, campaign_id: int | None, day: date) -> bool:
    """Tell whether a campaign's digest of that local day was made already."""
    return session.scalars(_TOLD, {"campaign": campaign_id, "day": day}).first() is not None


def drop_older(session: Session, campaign_id: int | None, today: date, now: datetime) -> None:
    """Withdraw the digests of earlier days that still wait: today's takes their place."""
    for notice in session.scalars(_OLDER_THAT_WAIT, {"campaign": campaign_id, "day": today}):
        outbox.finish(notice, DeliveryState.WITHDRAWN, now, Reason.SUPERSEDED.zh)


def shortened(session: Session, campaign_id: int | None, body: DigestBody, today: date) -> DigestBody:
    """Return a digest's body, marked with the day since which nothing changed; the last one that went out is compared.

    The first of a week is told whole all the same: by then nobody knows any more what it was that did not change.
    """
    last = session.scalars(_LAST, {"campaign": campaign_id, "day": today}).first()
    told = last.legible if last is not None else None
    if not isinstance(told, DigestBody) or _said(told) != _said(body):
        return body
    begins_the_week = date.fromisoformat(told.day).isocalendar()[:2] != today.isocalendar()[:2]
    return replace(body, unchanged_since=told.unchanged_since or told.day, whole=begins_the_week)


def _said(body: DigestBody) -> tuple[Mapping[str, int], list[tuple[str, str]]]:
    return body.figures, [(heading, _DAYS_PAST.sub("逾期", "\n".join(rows))) for heading, rows in body.sections]


# ---------------------------------------------------------------- what can be pressed under it

_LISTS = (
    ("逾期", ("red",)),
    ("待核", ("blue", "waiting")),
    ("未签收", ("silent",)),
)
"""What a digest offers to show, and the figures of which one must be more than nothing."""

NUDGED = ("red", "silent")
"""Figures of what 催一下 speaks of."""


def buttons(campaign_id: int | None, body: DigestBody) -> tuple[Button, ...]:
    """Return what a coordinator may press under a digest: lists that have something in them, and 催一下."""
    if campaign_id is None:
        return ()
    offered = [
        button(Verb.LOOK_AT_LIST, campaign_id, place, f"看{word}")
        for place, (word, figures) in enumerate(_LISTS)
        if any(body.figures.get(name) for name in figures)
    ]
    if any(body.figures.get(name) for name in NUDGED):
        offered.append(button(Verb.NUDGE_ALL, campaign_id))
    return tuple(offered)


def list_of(place: int) -> str | None:
    """Return what the list is asked for that a button of a digest carries; None for no button of ours."""
    return _LISTS[place][0] if place < len(_LISTS) else None


def place_of(word: str) -> int:
    """Return what a button carries that shows the list of this name."""
    return next(place for place, told in enumerate(_LISTS) if told[0] == word)


# ---------------------------------------------------------------- what a digest says


def digest_body(session: Session, campaign_id: int, today: date) -> DigestBody:
    """Return the figures and sections of a campaign's digest on the local day ``today``, ready to be stored."""
    campaign = session.get_one(Campaign, campaign_id)
    stand = ledger.figures(session, campaign_id, today)
    told: dict[str, list[str]] = {heading: [] for heading in _HEADINGS}
    for row in _noteworthy(session, campaign_id, today):
        lamp = ledger.lamp_of(row.state, row.due, today)
        text = _row(row, lamp, today)
        for heading in _headings(row, lamp):
            told[heading].append(text)
    told["待签发"] = unsigned_rows(session, campaign_id, today)
    told["异议待定"] = scores.waiting(session, campaign_id, today)
    told["未能送达"] = [text for text, _count in _undelivered(session, col(Notice.campaign_id) == campaign_id)]
    silent = Which(LIVING, campaign=campaign_id, states=[State.PENDING], asked=True)
    figures = {"total": stand.total, "closed": stand.closed, "waiting": stand.waiting}
    return DigestBody(
        title=campaign.title,
        day=today.isoformat(),
        figures={**stand.lamps, **figures, "silent": len(ledger.by_unit(session, silent))},
        sections=tuple((heading, tuple(rows)) for heading, rows in told.items() if rows),
    )


_HEADINGS = (
    "已报待核",
    "延期待批",
    "逾期",
    "启动前已逾期、待定办法",
    "临期",
    "期限待定",
    "待签发",
    "异议待定",
    "未能送达",
)
"""What a digest lists, in its order."""


def _headings(row: Any, lamp: Lamp) -> Iterator[str]:
    """Say under which headings an assignment stands."""
    if lamp is Lamp.BLUE:
        yield "已报待核"
    if row.decision_pending:
        yield "延期待批"
    if lamp is Lamp.RED and not row.on_hold:
        yield "逾期"
    if row.on_hold:
        yield "启动前已逾期、待定办法"
    if lamp is Lamp.YELLOW:
        yield "临期"
    if _undated(row):
        yield "期限待定"


def _noteworthy(session: Session, campaign_id: int, today: date) -> Sequence[Any]:
    """Return what a digest may list: reported, waiting, held, near or past its day, without a day; not the rest."""
    soon = today + timedelta(days=ledger.YELLOW_DAYS)
    return session.execute(_NOTEWORTHY, {"campaign": campaign_id, "soon": soon}).all()


_ROW, _OPEN = table_of(Assignment).c, list(OPEN_STATES)

_NOTEWORTHY = (
    select_columns(
        _ROW.state,
        _ROW.due,
        _ROW.decision_pending,
        _ROW.on_hold,
        table_of(Milestone).c.code,
        table_of(Milestone).c.kind,
        table_of(Milestone).c.deliverable,
        table_of(Task).c.text,
        table_of(Unit).c.name,
    )
    .select_from(
        table_of(Assignment)
        .join(table_of(Milestone), table_of(Milestone).c.id == _ROW.milestone_id)
        .join(table_of(Task), table_of(Task).c.id == table_of(Milestone).c.task_id)
        .join(table_of(Unit), table_of(Unit).c.id == _ROW.unit_id)
    )
    .where(
        _ROW.campaign_id == bindparam("campaign"),
        _ROW.role != Role.ASSIST,
        or_(
            _ROW.state == State.REPORTED,
            _ROW.decision_pending.is_(True),
            _ROW.state.in_(_OPEN) & (_ROW.due <= bindparam("soon")),
            _ROW.state.in_(_OPEN) & _ROW.due.is_(None) & table_of(Milestone).c.kind.in_(list(ledger.DATED_KINDS)),
        ),
    )
    .order_by(_ROW.due.is_(None), _ROW.due, _ROW.id)
)


def has_something(body: DigestBody) -> bool:
    """Tell whether a digest has anything that a coordinator should act on."""
    return bool(body.sections)


def _undated(row: Any) -> bool:
    return row.state in OPEN_STATES and row.due is None and row.kind in ledger.DATED_KINDS


def _row(row: Any, lamp: Lamp, today: date) -> str:
    left = None if row.due is None else (row.due - today).days
    when = "" if left is None else f" {days.short(row.due, today)}" + (f" 逾期{-left}天" if left < 0 else "")
    return f"{LAMPS[lamp]}〔{row.code}〕{row.name}：{shorten(row.deliverable or row.text, 24)}{when}"


def unsigned_rows(session: Session, campaign_id: int, today: date) -> list[str]:
    """Return one line for the drafts of each morning that wait for a signature: which units, how many items."""
    rows = []
    for (kind, day), named in drafts.waiting_by_morning(session, campaign_id).items():
        units = list(named)
        more = f"等{len(units)}个单位" if len(units) > NAMED else ""
        what = f"{'、'.join(units[:NAMED])}{more}，{sum(named.values())}项"
        rows.append(f"{kind.zh}（{days.short(day, today)}拟稿）：{what}")
    return rows


NAMED = 3
"""How many units a line about drafts names."""


TROUBLED = (DeliveryState.NO_ROUTE, DeliveryState.FAILED, DeliveryState.UNKNOWN)

STANDS = timedelta(days=14)
"""How long what failed and is of no campaign stands in the digest: longer than the longest holiday, on which none is told.
What waits for a chat stands as long as it waits; what is of a campaign, as long as that runs."""


def of_no_campaign(session: Session, today: date, now: datetime) -> DigestBody:
    """Return the body of the digest of what could not go out and is of no campaign: broadcasts, urgent calls, answers.

    A digest is left out: today's takes the place of one that failed.
    """
    lately = or_(col(Notice.state) == DeliveryState.NO_ROUTE, col(Notice.created_at) > now - STANDS)
    told = col(Notice.campaign_id).is_(None) & (col(Notice.kind) != NoticeKind.DIGEST) & lately
    rows = _undelivered(session, told)
    return DigestBody(
        title="不属于专项行动的通知",
        day=today.isoformat(),
        figures={"undelivered": sum(count for _name, count in rows)},
        sections=(("未能送达", tuple(text for text, _count in rows)),) if rows else (),
    )


def _undelivered(session: Session, which: Any) -> list[tuple[str, int]]:
    """Return one line a unit or chat whose notices could not go out, with how many; the oldest trouble first."""
    query = (
        select_columns(col(Unit.name), col(Chat.title), col(Notice.state), col(Notice.kind), func.count())
        .select_from(Notice)
        .join(Unit, col(Unit.id) == Notice.unit_id, isouter=True)
        .join(Chat, col(Chat.id) == Notice.chat_id, isouter=True)
        .where(which, col(Notice.state).in_(TROUBLED))
        .group_by(col(Unit.name), col(Chat.title), col(Notice.state), col(Notice.kind))
        .order_by(func.min(col(Notice.id)))
    )
    lines: dict[str, dict[str, int]] = {}
    for unit, chat, state, kind, count in session.execute(query):
        kinds = lines.setdefault(f"{unit or chat or '协调室'}（{state.zh}）", {})
        kinds[kind.zh] = kinds.get(kind.zh, 0) + count
    return [
        (f"{whom}：{'、'.join(f'{kind}{count}条' for kind, count in kinds.items())}", sum(kinds.values()))
        for whom, kinds in lines.items()
    ]
