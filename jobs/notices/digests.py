"""Digests: one a campaign and day, of today, and one of what is of no campaign; where nothing changed since the last
one, it is one line, but on the first workday of a week.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from db import days, ledger, outbox
from db.bodies import DigestBody
from db.ledger import Which
from db.models import Assignment, Campaign, Chat, Milestone, Notice, Task, Unit
from db.words import LIVING, OPEN_STATES, DeliveryState, Lamp, NoticeKind, Reason, Role, State
from jobs.notices.press import Verb, button
from jobs.notices.render import shorten
from jobs.notices.views import LAMPS
from jobs.papers import drafts
from jobs.ports import Button

_DAYS_PAST = re.compile(r"逾期\d+天")
"""What grows by itself from day to day, and is no change."""


def _of(campaign_id: int | None) -> SelectOfScalar[Notice]:
    return select(Notice).where(Notice.campaign_id == campaign_id, Notice.kind == NoticeKind.DIGEST)


def is_told(session: Session, campaign_id: int | None, day: date) -> bool:
    """Tell whether a campaign's digest of that local day was made already."""
    query = _of(campaign_id).where(Notice.day == day, Notice.state != DeliveryState.WITHDRAWN)
    return session.exec(query.limit(1)).first() is not None


def drop_older(session: Session, campaign_id: int | None, today: date, now: datetime) -> None:
    """Withdraw the digests of earlier days that still wait: today's takes their place."""
    for notice in session.exec(
        _of(campaign_id).where(col(Notice.state).in_(outbox.REVOCABLE), col(Notice.day) < today)
    ):
        outbox.finish(notice, DeliveryState.WITHDRAWN, now, Reason.SUPERSEDED.zh)


def shortened(session: Session, campaign_id: int | None, body: DigestBody, today: date) -> DigestBody:
    """Return a digest's body, marked with the day since which nothing changed; the last one that went out is compared.

    The first of a week is told whole all the same: by then nobody knows any more what it was that did not change.
    """
    query = _of(campaign_id).where(Notice.state == DeliveryState.SENT, col(Notice.day) < today)
    last = session.exec(query.order_by(col(Notice.day).desc(), col(Notice.id).desc()).limit(1)).first()
    told = last.legible if last is not None else None
    if not isinstance(told, DigestBody) or _said(told) != _said(body):
        return body
    begins_the_week = date.fromisoformat(told.day).isocalendar()[:2] != today.isocalendar()[:2]
    return replace(body, unchanged_since=told.unchanged_since or told.day, whole=begins_the_week)


def _said(body: DigestBody) -> tuple[Mapping[str, int], list[tuple[str, list[str]]]]:
    sections = [(heading, [_DAYS_PAST.sub("逾期", row) for row in rows]) for heading, rows in body.sections]
    return body.figures, sections


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


# ---------------------------------------------------------------- what a digest says


def digest_body(session: Session, campaign_id: int, today: date) -> DigestBody:
    """Return the figures and sections of a campaign's digest on the local day ``today``, ready to be stored."""
    campaign = session.get_one(Campaign, campaign_id)
    rows = _noteworthy(session, campaign_id, today)
    lamps = [(row, ledger.lamp_of(row.state, row.due, today)) for row in rows]
    stand = ledger.figures(session, campaign_id, today)
    by_due = sorted(lamps, key=lambda pair: pair[0].due or date.max)

    def told(keep: Callable[[Any, Lamp], bool]) -> list[str]:
        return [_row(row, lamp, today) for row, lamp in by_due if keep(row, lamp)]

    sections = [
        ("已报待核", told(lambda row, lamp: lamp is Lamp.BLUE)),
        ("延期待批", told(lambda row, lamp: row.decision_pending)),
        ("逾期", told(lambda row, lamp: lamp is Lamp.RED and not row.on_hold)),
        ("启动前已逾期、待定办法", told(lambda row, lamp: row.on_hold)),
        ("临期", told(lambda row, lamp: lamp is Lamp.YELLOW)),
        ("期限待定", told(lambda row, lamp: _undated(row))),
        ("待签发", unsigned_rows(session, campaign_id, today)),
        ("未能送达", [text for text, _count in _undelivered(session, col(Notice.campaign_id) == campaign_id)]),
    ]
    silent = Which(LIVING, campaign=campaign_id, states=[State.PENDING], asked=True)
    figures = {"total": stand.total, "closed": stand.closed, "waiting": stand.waiting}
    return DigestBody(
        title=campaign.title,
        day=today.isoformat(),
        figures={**stand.lamps, **figures, "silent": len(ledger.by_unit(session, silent))},
        sections=tuple((heading, tuple(told_rows)) for heading, told_rows in sections if told_rows),
    )


def _noteworthy(session: Session, campaign_id: int, today: date) -> Sequence[Any]:
    """Return what a digest may list: reported, waiting, held, near or past its day, without a day; not the rest."""
    soon = today + timedelta(days=ledger.YELLOW_DAYS)
    still_open = col(Assignment.state).in_(list(OPEN_STATES))
    query = (
        select_columns(
            col(Assignment.state),
            col(Assignment.due),
            col(Assignment.decision_pending),
            col(Assignment.on_hold),
            col(Milestone.code),
            col(Milestone.kind),
            col(Milestone.deliverable),
            col(Task.text),
            col(Unit.name),
        )
        .select_from(Assignment)
        .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
        .join(Task, col(Task.id) == Milestone.task_id)
        .join(Unit, col(Unit.id) == Assignment.unit_id)
        .where(
            col(Assignment.campaign_id) == campaign_id,
            col(Assignment.role) != Role.ASSIST,
            or_(
                col(Assignment.state) == State.REPORTED,
                col(Assignment.decision_pending).is_(True),
                still_open & (col(Assignment.due) <= soon),
                still_open & col(Assignment.due).is_(None) & col(Milestone.kind).in_(list(ledger.DATED_KINDS)),
            ),
        )
        .order_by(col(Assignment.id))
    )
    return session.execute(query).all()


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
