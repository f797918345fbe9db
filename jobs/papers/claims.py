"""Claims: what a paper may say of an assignment, namely the rungs of which its unit was really told, and when.

Only what the service accepted counts, in a chat of the unit itself: not what the rooms and other units were told, not a
draft, not what failed or whose arrival nobody knows.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from db import days, register
from db.bodies import Body, PaperBody
from db.kinds import legible
from db.ledger import local_day
from db.many import among
from db.models import Assignment, Campaign, Chat, Notice, NoticeItem, Paper, Route
from db.words import DeliveryState, NoticeKind

RUNGS = (NoticeKind.OVERDUE, NoticeKind.SUPERVISION, NoticeKind.BULLETIN)
"""What comes before a summons, in the ladder's order."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One rung of which a unit was told: the local day, a bulletin's number, whether it came with the catch-up."""

    kind: NoticeKind
    day: date
    number: int | None = None
    caught_up: bool = False

    def say(self, today: date) -> str:
        """Write it as 7月11日通报（第1期）; with the year where that is not of ``today``."""
        return f"{days.short(self.day, today)}{self.named}"

    @property
    def named(self) -> str:
        """What it was, without its day: 通报（第1期）."""
        number = f"（第{self.number}期）" if self.number else ""
        return f"{'补送' if self.caught_up else ''}{_WORDS[self.kind]}{number}"


_WORDS = {NoticeKind.OVERDUE: "催办", NoticeKind.SUPERVISION: "督办", NoticeKind.BULLETIN: "通报"}


@dataclass(frozen=True, slots=True)
class Claim:
    """What was told of one assignment since it is late, in order; where it was nothing, ``why``."""

    told: tuple[Telling, ...] = ()
    why: str = ""

    def say(self, today: date) -> str:
        """Write what was told; empty where it was nothing."""
        return "、".join(telling.say(today) for telling in self.told)


UNKNOWN, FAILED = "此前通知是否送达不明", "此前通知发送失败，从未送达"
UNBOUND, DEAD = "未绑定会话，从未送达", "会话已失效，从未送达"
NEVER = "此前未曾催办、督办"

_WHY = {DeliveryState.UNKNOWN: UNKNOWN, DeliveryState.FAILED: FAILED}
"""Why nothing is known to have reached a unit, the first that applies."""


def claims(
    session: Session,
    assignments: Collection[int],
    kinds: Iterable[NoticeKind] = RUNGS,
    besides: Collection[int] = (),
    until: date | None = None,
) -> dict[int, Claim]:
    """Return what may be claimed of each assignment: which of ``kinds`` its unit was told after its deadline.

    ``besides`` are papers that do not count: a bulletin does not say of itself that it went out. ``until`` is the local
    day, inclusive, after which nothing counts: that of a paper's signature.
    """
    tellings: dict[int, dict[tuple[NoticeKind, int | None], Telling]] = {number: {} for number in assignments}
    states: dict[int, set[DeliveryState]] = {number: set() for number in assignments}
    spoken = _spoken(session, assignments, kinds)
    notices = [
        (notice, legible(notice.kind, notice.body_json, notice.id))
        for notice in session.execute(_NOTICES, {"notices": list(spoken)})
    ]
    numbers = _numbers(session, {body.paper for _notice, body in notices if isinstance(body, PaperBody)})
    for notice, body in notices:
        if type(body) is Body:  # damaged: nobody knows any more whom it was for
            for row in spoken[notice.id]:
                states[row.id].add(DeliveryState.UNKNOWN)
            continue
        paper = body.paper if isinstance(body, PaperBody) else None
        if paper in besides or body.for_information or body.draft:  # for who only takes note of it
            continue
        number, caught_up = numbers.get(paper), notice.kind is NoticeKind.CATCH_UP
        for row in spoken[notice.id]:
            if not _to_its_unit(session, row, notice, body):
                continue
            states[row.id].add(notice.state)
            day = local_day(notice.sent_at, row.timezone) if notice.sent_at is not None else None
            if notice.state is not DeliveryState.SENT or day is None or (row.due is not None and day <= row.due):
                continue
            if until is not None and day > until:
                continue
            tellings[row.id].setdefault((row.kind, number), Telling(row.kind, day, number, caught_up))
    whys = _whys(session, {number: states[number] for number, told in tellings.items() if not told})
    return {
        number: Claim(tuple(sorted(told.values(), key=lambda one: (one.day, RUNGS.index(one.kind)))))
        if told
        else Claim(why=whys[number])
        for number, told in tellings.items()
    }


def _spoken(session: Session, assignments: Collection[int], kinds: Iterable[NoticeKind]) -> dict[int, list[Any]]:
    """Return what speaks of a rung, by the notice that does: a notice speaks of many, and is read once."""
    spoken: dict[int, list[Any]] = {}
    for row in session.execute(_ITEMS, {"assignments": list(assignments), "kinds": list(kinds)}):
        spoken.setdefault(row.notice_id, []).append(row)
    return spoken


_ITEMS = (
    select(
        col(Assignment.id),
        col(Assignment.unit_id),
        col(Assignment.due),
        col(Campaign.timezone),
        col(NoticeItem.kind),
        col(NoticeItem.notice_id),
    )
    .select_from(NoticeItem)
    .join(Assignment, col(Assignment.id) == NoticeItem.assignment_id)
    .join(Campaign, col(Campaign.id) == Assignment.campaign_id)
    .where(
        among(col(NoticeItem.assignment_id), "assignments"),
        col(NoticeItem.kind).in_(bindparam("kinds", expanding=True)),
        col(NoticeItem.withdrawn_why).is_(None),
    )
)

_NOTICES = (
    select(
        col(Notice.id),
        col(Notice.kind),
        col(Notice.state),
        col(Notice.sent_at),
        col(Notice.chat_id),
        col(Notice.body_json),
    )
    .where(among(col(Notice.id), "notices"))
    .order_by(col(Notice.sent_at), col(Notice.id))
)
"""The earliest first."""


def _to_its_unit(session: Session, row: Any, notice: Any, body: Body) -> bool:
    """Tell whether a notice was for the unit that owes: a bulletin is for many."""
    if row.kind is not NoticeKind.BULLETIN:
        return True
    if isinstance(body, PaperBody) and body.units is not None:
        return row.unit_id in body.units
    return any(chat.id == notice.chat_id for _route, chat in register.routes_of(session, row.unit_id, dead=True))


def _numbers(session: Session, papers: Collection[int | None]) -> dict[int | None, int | None]:
    """Return which issue each of these papers is that is a bulletin."""
    wanted = [number for number in papers if number is not None]
    found = session.execute(_ISSUES, {"papers": wanted}) if wanted else ()
    return {number: issue for number, issue in found}  # noqa: C416 - rows are no pairs


_ISSUES = select(col(Paper.id), col(Paper.number)).where(
    among(col(Paper.id), "papers"), col(Paper.kind) == NoticeKind.BULLETIN
)


def _whys(session: Session, states: dict[int, set[DeliveryState]]) -> dict[int, str]:
    """Say of each assignment why nothing is known to have reached its unit."""
    whys = {number: next((why for state, why in _WHY.items() if state in seen), "") for number, seen in states.items()}
    untold = [number for number, why in whys.items() if not why]
    if not untold:
        return whys
    units = {row.id: row.unit_id for row in session.execute(_UNITS, {"assignments": untold})}
    routes = register.routes_by_unit(session, set(units.values()), dead=True)
    return whys | {number: _why_never(routes.get(units[number], ())) for number in untold}


_UNITS = select(col(Assignment.id), col(Assignment.unit_id)).where(among(col(Assignment.id), "assignments"))


def _why_never(routes: Sequence[tuple[Route, Chat]]) -> str:
    if not routes:
        return UNBOUND
    return DEAD if all(chat.dead_why for _route, chat in routes) else NEVER
