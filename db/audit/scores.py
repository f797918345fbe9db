"""Scores against the record: what each unit was shown, what was struck, what counts in the end."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import inspect, select
from sqlmodel import Session, col

from db import days, stated
from db.models import History, Objection, ScorePoint, ScoreSheet

SHOWN, UPHELD, NOT_UPHELD, SETTLED = "记分公示", "采纳异议", "不采纳异议", "记分生效"
WITHDRAWN = "撤回异议"
"""What the record calls the turns of a month's score."""

_MERGED = "合并单位"

_POINT = ("assignment_id", "kind", "day", "days", "tenths", "entry_id", "notice_id")


def digest(session: Session, sheet: ScoreSheet) -> str:
    """Return the digest of a sheet's points as they were shown: all but the unit, which may become another's."""
    query = select(*(getattr(ScorePoint, name) for name in _POINT)).where(col(ScorePoint.sheet_id) == sheet.id)
    return stated.digest([tuple(row) for row in session.execute(query.order_by(col(ScorePoint.id)))])


def of_campaign(session: Session, campaign_id: int) -> Iterator[str]:
    """Yield one line for every fault of a campaign's scores; what an earlier version did not state is not compared."""
    if not inspect(session.connection()).has_table(ScoreSheet.__tablename__):  # a store before its migration
        return
    entries = _entries(session, campaign_id)
    shown = {entry.after["sheet"]: entry for entry in entries if entry.event == SHOWN}
    settled = {entry.after["sheet"]: entry for entry in entries if entry.event == SETTLED}
    decided = {
        entry.after["objection"]: entry.event == UPHELD
        for entry in entries
        if entry.event in (UPHELD, NOT_UPHELD, WITHDRAWN)
    }
    merged = [entry for entry in entries if entry.event == _MERGED]
    sheets = session.scalars(select(ScoreSheet).where(col(ScoreSheet.campaign_id) == campaign_id)).all()
    for sheet in sheets:
        name = f"{days.month(sheet.month)}记分"
        entry = shown.pop(sheet.id, None)
        if entry is None:
            yield f"{name}不在记录中"
            continue
        points = session.scalars(select(ScorePoint).where(col(ScorePoint.sheet_id) == sheet.id)).all()
        if entry.after.get("points") not in (None, digest(session, sheet)):
            yield f"{name}：公示的分值与第 {entry.seq} 条记录不符"
        yield from _sums(name, entry, merged, points)
        yield from _decisions(session, sheet, name, decided, points)
        if (sheet.settled_at is None) != (sheet.id not in settled):
            yield f"{name}：是否生效与记录不符"
        elif sheet.id in settled:
            yield from _sums(name, settled[sheet.id], merged, [one for one in points if one.struck_at is None])
    for number in shown:
        yield f"记分表 {number} 在记录中有，在台账中没有"


def _entries(session: Session, campaign_id: int) -> Sequence[Any]:
    query = select(col(History.seq), col(History.event), col(History.before), col(History.after)).where(
        col(History.campaign_id) == campaign_id,
        col(History.event).in_((SHOWN, UPHELD, NOT_UPHELD, WITHDRAWN, SETTLED, _MERGED)),
    )
    return session.execute(query.order_by(col(History.seq))).all()


def _sums(name: str, entry: Any, merged: Iterable[Any], points: Iterable[ScorePoint]) -> Iterator[str]:
    """Compare each unit's sum with what an entry says of it; units that were merged since count as one."""
    told: dict[int, int] = defaultdict(int)
    for unit, tenths in entry.after["tenths"].items():
        if not unit.isdigit():  # an earlier version wrote the units' names here
            return
        number = int(unit)
        for later in merged:
            if later.seq > entry.seq and later.before.get("unit_id") == number:
                number = later.after["unit_id"]
        told[number] += tenths
    sums: dict[int, int] = dict.fromkeys(told, 0)
    for point in points:
        sums[point.unit_id] = sums.get(point.unit_id, 0) + point.tenths
    if sums != dict(told):
        yield f"{name}：各单位合计与第 {entry.seq} 条记录不符"


def _decisions(
    session: Session, sheet: ScoreSheet, name: str, decided: dict[int, bool], points: Iterable[ScorePoint]
) -> Iterator[str]:
    """Compare what became of objections, and what was struck because of them, with the record."""
    query = select(Objection).where(col(Objection.sheet_id) == sheet.id).order_by(col(Objection.id))
    struck = set()
    for made in session.scalars(query):
        if made.upheld != decided.get(made.id):
            yield f"{name}：异议 {made.id} 的裁定与记录不符"
        if decided.get(made.id):
            struck.add(made.assignment_id)
    if any((one.struck_at is not None) != (one.tenths < 0 and one.assignment_id in struck) for one in points):
        yield f"{name}：取消的扣分与记录不符"
