"""Digests: one a room and morning, of today, with a section for each campaign and one for what is of none; where nothing changed
since the last one, a section is one line, but on the first workday of a week.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from db import days, ledger, outbox
from db.bodies import DigestBody
from db.broadcasts import set_for_later
from db.ledger import questions
from db.ledger.wording import titled
from db.models import Assignment, Campaign, Chat, Milestone, Notice, Task, Unit, UtcDateTime, table_of
from db.words import OPEN_STATES, DeadlineKind, DeliveryState, Lamp, NoticeKind, Reason, Role, State
from jobs.notices import scores
from jobs.notices.press import Verb, button
from jobs.notices.render import shorten
from jobs.notices.views import LAMPS
from jobs.papers import drafts
from jobs.ports import Button

SHOWN = 10
"""How many rows of a section are told; of the rest it is said how many they are, and where they stand."""

_OURS = (
    col(Notice.kind) == NoticeKind.DIGEST,
    or_(col(Notice.campaign_id) == bindparam("campaign"), col(Notice.campaign_id).is_(None)),
)
"""The digests that may tell of one campaign: its own, and those of several, which are of none."""

_EARLIER, _GOES_OUT = col(Notice.day) < bindparam("day"), col(Notice.state)

LOOKED_AT = 6
"""How many of the last that went out are looked at for the one that told of a campaign; a row that is older is told whole."""

_LAST = (
    select_columns(col(Notice.id))
    .where(*_OURS, _EARLIER, _GOES_OUT == DeliveryState.SENT)
    .order_by(col(Notice.day).desc(), col(Notice.id).desc())
    .limit(LOOKED_AT)
)

_BEFORE = (
    select(Notice)
    .where(
        *_OURS,
        or_(
            (col(Notice.day) == bindparam("day")) & (_GOES_OUT != DeliveryState.WITHDRAWN),
            _EARLIER & _GOES_OUT.in_(outbox.REVOCABLE),
            col(Notice.id).in_(_LAST),
        ),
    )
    .order_by(col(Notice.day).desc(), col(Notice.id).desc())
)


@dataclass(frozen=True, slots=True)
class Before:
    """The digests of before the one of ``today``, or that one itself where it was made: then it ``is_told``. Each stands with what it
    says of the campaign, None where that cannot be read.
    """

    today: date
    told: Sequence[tuple[Notice, DigestBody | None]]

    @property
    def is_told(self) -> bool:
        """Tell whether today's was made already."""
        return any(one.day == self.today for one, _said in self.told)

    def drop(self, session: Session, now: datetime) -> None:
        """Withdraw those of earlier days that still wait: today's takes their place."""
        outbox.call_off(session, [notice for notice, _said in self.told], now, Reason.SUPERSEDED.zh)

    def shorten(self, body: DigestBody) -> DigestBody:
        """Return a digest's body, marked with the day since which nothing changed; the last one that went out is compared.

        The first of a week is told whole all the same: by then nobody knows any more what it was that did not change.
        """
        told = next((said for one, said in self.told if one.state is DeliveryState.SENT), None)
        if told is None or (told.figures, told.seen) != (body.figures, body.seen):
            return body
        begins_the_week = date.fromisoformat(told.day).isocalendar()[:2] != self.today.isocalendar()[:2]
        return replace(body, unchanged_since=told.unchanged_since or told.day, whole=begins_the_week)


def before(session: Session, campaign_id: int | None, today: date) -> Before:
    """Return the digests before that of a local day, of a campaign or of what is of none."""
    found = session.scalars(_BEFORE, {"campaign": campaign_id, "day": today}).all()
    read = [(one, one.legible) for one in found]
    own = [(one, body if isinstance(body, DigestBody) else None) for one, body in read]
    return Before(
        today,
        [
            (one, of_campaign(body, campaign_id) if body is not None else None)
            for one, body in own
            if (one.campaign_id == campaign_id and not (body and body.parts))
            or (body and of_campaign(body, campaign_id))
        ],
    )


def of_campaign(body: DigestBody, campaign_id: int | None) -> DigestBody | None:
    """Return what a digest says of a campaign (None: of what is of none); it is the only one, or one of its parts."""
    return next((part for part in body.parts if part.campaign == campaign_id), None if body.parts else body)


def together(bodies: Sequence[DigestBody]) -> DigestBody:
    """Return the digests of one morning as one: the only one as it is, several as its parts."""
    return bodies[0] if len(bodies) == 1 else DigestBody("", bodies[0].day, {}, parts=tuple(bodies))


# ---------------------------------------------------------------- what can be pressed under it

_LISTS = (
    ("逾期", ("red",)),
    ("待核查", ("blue", "waiting")),
    ("未签收", ("silent",)),
)
"""What a digest offers to show, and the figures of which one must be more than nothing."""

NUDGED = ("red", "silent")
"""Figures of what 催一下 speaks of."""


def buttons(campaign_id: int | None, body: DigestBody) -> tuple[Button, ...]:
    """Return what a coordinator may press under a digest: lists that have something in them, and 催一下; of all campaigns under one of
    several.
    """
    if campaign_id is None and not body.parts:
        return ()
    told, number = body.parts or (body,), 0 if campaign_id is None else campaign_id
    offered = [
        button(Verb.LOOK_AT_LIST, number, place, f"看{word}")
        for place, (word, figures) in enumerate(_LISTS)
        if any(part.figures.get(name) for part in told for name in figures)
    ]
    if any(part.figures.get(name) for part in told for name in NUDGED):
        offered.append(button(Verb.NUDGE_ALL, number))
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
    listed: dict[str, list[Any]] = {heading: [] for heading in _HEADINGS}
    for alike, some in groupby(_noteworthy(session, campaign_id, today), _STANDS):
        rows, standing = list(some), _Standing(*alike)
        for heading in standing.headings(today):
            listed[heading] += rows
    told = {heading: [_row(row, today) for row in rows[:SHOWN]] for heading, rows in listed.items()}
    asked = asked_rows(session, campaign_id, today, ZoneInfo(campaign.timezone))
    told["待答复"] = asked
    told["待签发"] = unsigned_rows(session, campaign_id, today)
    told["异议待定"] = scores.waiting(session, campaign_id, today)
    told["未能送达"] = [text for text, _count in _undelivered(session, _OF_CAMPAIGN, campaign=campaign_id)]
    figures = {"total": stand.total, "closed": stand.closed, "waiting": stand.waiting, "asked": len(asked)}
    below = stand.lamps[str(Lamp.BLUE)] - len(listed["已报待核"])  # looked at before the room, or in public notice
    if below > 0:
        figures["below"] = below
    if stand.assisting:
        figures["assisting"] = stand.assisting
    return DigestBody(
        title=campaign.title,
        day=today.isoformat(),
        figures={**stand.lamps, **figures, "silent": ledger.silent_units(session, campaign_id)},
        sections=tuple((heading, tuple(rows[:SHOWN])) for heading, rows in told.items() if rows),
        more={name: more for name in told if (more := len(listed.get(name) or told[name]) - SHOWN) > 0},
        seen=_seen(told, listed),
        campaign=campaign_id,
    )


def _seen(told: Mapping[str, Sequence[str]], listed: Mapping[str, Sequence[Any]]) -> str:
    """Return a hash of what a digest lists, but for how many days something is late: that grows by itself, and is no change."""
    hashed = blake2b(digest_size=12)
    for heading, texts in told.items():
        lines = (f"{row.code} {row.name} {row.deliverable or row.text} {row.due}" for row in listed.get(heading, ()))
        hashed.update("\n".join([heading, *(lines if listed.get(heading) else texts)]).encode())
    return hashed.hexdigest()


_HEADINGS = (
    "已报待核",
    "延期待批",
    "逾期",
    "启动前已逾期、待定办法",
    "临期",
    "期限待定",
    "待答复",
    "待签发",
    "异议待定",
    "未能送达",
)
"""What a digest lists, in its order."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is alike of many assignments that a digest may list: the first columns of ``_NOTEWORTHY``."""

    state: State
    due: date | None
    decision_pending: bool
    on_hold: bool
    kind: DeadlineKind
    role: Role

    def headings(self, today: date) -> Iterator[str]:
        """Say under which headings they stand."""
        lamp = ledger.lamp_of(self.state, self.due, today)
        if lamp is Lamp.BLUE:
            yield "已报待核"
        if self.decision_pending:
            yield "延期待批"
        if self.role is Role.ASSIST:  # waits for us, and is not urged
            return
        if lamp is Lamp.RED and not self.on_hold:
            yield "逾期"
        if self.on_hold:
            yield "启动前已逾期、待定办法"
        if lamp is Lamp.YELLOW:
            yield "临期"
        if self.state in OPEN_STATES and self.due is None and self.kind in ledger.DATED_KINDS:
            yield "期限待定"


_STANDS = itemgetter(slice(0, 6))


def _noteworthy(session: Session, campaign_id: int, today: date) -> Sequence[Any]:
    """Return what a digest may list: reported, waiting, held, near or past its day, without a day; not the rest."""
    soon = today + timedelta(days=ledger.YELLOW_DAYS)
    return session.execute(_NOTEWORTHY, {"campaign": campaign_id, "soon": soon}).all()


_ROW = table_of(Assignment).c
_OWED = _ROW.state.in_(list(OPEN_STATES)) & (_ROW.role != Role.ASSIST)

_NOTEWORTHY = (
    select_columns(
        _ROW.state,
        _ROW.due,
        _ROW.decision_pending,
        _ROW.on_hold,
        table_of(Milestone).c.kind,
        _ROW.role,
        table_of(Milestone).c.code,
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
        or_(  # what waits for a verdict does so whoever reported it; who only assists is not urged
            (_ROW.state == State.REPORTED) & _ROW.level.is_(None),
            _ROW.decision_pending.is_(True),
            _OWED & (_ROW.due <= bindparam("soon")),
            _OWED & _ROW.due.is_(None) & table_of(Milestone).c.kind.in_(list(ledger.DATED_KINDS)),
        ),
    )
    .order_by(_ROW.due.is_(None), _ROW.due, _ROW.id)
)


def has_something(body: DigestBody) -> bool:
    """Tell whether a digest has anything that a coordinator should act on."""
    return bool(body.sections)


def _row(row: Any, today: date) -> str:
    lamp = ledger.lamp_of(row.state, row.due, today)
    left = None if row.due is None else (row.due - today).days
    when = "" if left is None else f" {days.short(row.due, today)}" + (f" 逾期{-left}天" if left < 0 else "")
    return f"{LAMPS[lamp]}〔{row.code}〕{row.name}：{shorten(titled(row.text, row.deliverable), 24)}{when}"


def asked_rows(session: Session, campaign_id: int | None, today: date, zone: ZoneInfo) -> list[str]:
    """Return one line a question that nobody has answered, about a campaign's tasks or about none (None), the oldest first."""
    return [
        f"{f'〔{one.code}〕' if one.code else ''}{one.unit or one.who}：{shorten(one.question.words, 24)} "
        f"{days.short(one.question.asked_at.astimezone(zone).date(), today)}"
        for one in questions.of_campaign(session, campaign_id, MOST)
    ]


MOST = 200
"""Questions that are counted for a digest."""


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


def of_no_campaign(session: Session, today: date, now: datetime, zone: ZoneInfo) -> DigestBody:
    """Return the body of the digest of what is of no campaign: broadcasts that wait for their time, and what could not go out.

    A digest is left out: today's takes the place of one that failed.
    """
    rows = _undelivered(session, _OF_NONE, since=now - STANDS)
    texts = [text for text, _count in rows]
    later = [
        f"{days.at(one.send_at, zone, now)} 发给{shorten(one.audience, 20)}：{shorten(one.words, 30)}"
        for one in set_for_later(session, None, now)
        if one.send_at is not None
    ]
    asked = asked_rows(session, None, today, zone)
    told = {"待答复": asked, "定时待发": later, "未能送达": texts}
    return DigestBody(
        title="不属于专项行动的通知",
        day=today.isoformat(),
        figures={"undelivered": sum(count for _name, count in rows), "scheduled": len(later), "asked": len(asked)},
        sections=tuple((heading, tuple(rows[:SHOWN])) for heading, rows in told.items() if rows),
        more={heading: len(rows) - SHOWN for heading, rows in told.items() if len(rows) > SHOWN},
        seen=_seen(told, {}),
    )


_TROUBLES = (
    select_columns(col(Unit.name), col(Chat.title), col(Notice.state), col(Notice.kind), func.count())
    .select_from(Notice)
    .join(Unit, col(Unit.id) == Notice.unit_id, isouter=True)
    .join(Chat, col(Chat.id) == Notice.chat_id, isouter=True)
    .where(col(Notice.state).in_(TROUBLED))
    .group_by(col(Unit.name), col(Chat.title), col(Notice.state), col(Notice.kind))
    .order_by(func.min(col(Notice.id)))
)

_OF_CAMPAIGN = _TROUBLES.where(col(Notice.campaign_id) == bindparam("campaign"))

_OF_NONE = _TROUBLES.where(
    col(Notice.campaign_id).is_(None),
    col(Notice.kind) != NoticeKind.DIGEST,
    or_(col(Notice.state) == DeliveryState.NO_ROUTE, col(Notice.created_at) > bindparam("since", type_=UtcDateTime())),
)


def _undelivered(session: Session, which: Any, **values: Any) -> list[tuple[str, int]]:
    """Return one line a unit or chat whose notices could not go out, with how many; the oldest trouble first."""
    lines: dict[str, dict[str, int]] = {}
    for unit, chat, state, kind, count in session.execute(which, values):
        kinds = lines.setdefault(f"{unit or chat or '协调室'}（{state.zh}）", {})
        kinds[kind.zh] = kinds.get(kind.zh, 0) + count
    return [
        (f"{whom}：{'、'.join(f'{kind}{count}条' for kind, count in kinds.items())}", sum(kinds.values()))
        for whom, kinds in lines.items()
    ]
