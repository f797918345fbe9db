"""A month's points as rows, for whoever looks them up or takes them along: as they were shown, else as they stand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from db import ledger, register
from db.ledger import Which
from db.many import among
from db.models import Assignment, Campaign, History, ScorePoint, ScoreSheet, Unit
from db.words import EVERY, Role, ScoreKind
from jobs.desk import Desk
from jobs.scoring import sheets
from jobs.scoring.points import Point, written


@dataclass(frozen=True, slots=True)
class Told:
    """One point: whose, of what, by what, on which local day (of several ``days`` the last), and from what it follows: the
    ``entry`` of the record or the ``notice``, else the deadline.

    What an upheld objection struck counts no more.
    """

    unit: str
    unit_id: int
    task_id: int
    code: str
    task: str
    kind: ScoreKind
    day: date
    days: int
    tenths: int
    source: str
    entry: int | None
    notice: int | None
    struck: bool = False

    def as_json(self) -> dict[str, str | float | int | bool]:
        """Return it for programs, in points."""
        return {
            "unit": self.unit,
            "code": self.code,
            "kind": str(self.kind),
            "day": self.day.isoformat(),
            "workdays": self.days,
            "points": self.tenths / 10,
            "source": self.source,
            "struck": self.struck,
        }


def told(session: Session, desk: Desk, campaign: Campaign, month: date, today: date, unit: str = "") -> list[Told]:
    """Return the points of a campaign's month in the order of the units' names, of one ``unit`` or of all."""
    whose = register.get_unit(session, unit).id if unit else None
    sheet = sheets.of_month(session, campaign.id, month)
    found: list[tuple[Point | ScorePoint, int, int | None, int | None, bool]] = []
    if sheet is not None:
        for point, _code in sheets.rows(session, sheet, whose):
            found.append((point, point.assignment_id, point.entry_id, point.notice_id, point.struck_at is not None))
    else:
        for one in sheets.reckon(session, desk, campaign, month, sheets.last_of(month), today):
            if whose in (None, one.unit):
                found += [(point, point.assignment, point.entry, point.notice, False) for point in one.points]
    entries = _entries(session, [entry for _p, _a, entry, _n, _s in found if entry is not None])
    which = Which(EVERY, ids=sorted({assignment for _p, assignment, *_rest in found}))
    lines = {line.assignment.id: line for line in ledger.lines(session, which)} if found else {}
    rows = [
        Told(
            lines[assignment].unit.name,
            lines[assignment].unit.id,
            lines[assignment].task.id,
            lines[assignment].code,
            lines[assignment].title,
            point.kind,
            point.day,
            point.days,
            point.tenths,
            f"记录第{entries[entry]}条" if entry is not None else f"通知{notice}" if notice is not None else "期限",
            entry,
            notice,
            struck,
        )
        for point, assignment, entry, notice, struck in found
    ]
    return sorted(rows, key=lambda row: (row.unit, row.day, row.code))


def _entries(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """Return where each entry stands in its campaign's record, as ``duban history`` counts."""
    query = select(History.id, History.seq).where(among(col(History.id), "these"))
    return dict(session.execute(query, {"these": list(numbers)}).all()) if numbers else {}


def sums(rows: Sequence[Told]) -> list[tuple[str, int]]:
    """Return the units of rows with what counts, in tenths, the highest first."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.unit] = found.get(row.unit, 0) + (0 if row.struck else row.tenths)
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def without(session: Session, campaign_id: int, scored: Collection[str]) -> list[str]:
    """Return the units of a campaign that are scored and are not among the names ``scored``, in the order of their names.

    A month says of them that they neither gained nor lost: who is not named anywhere may not have been counted.
    """
    query = (
        select(Unit.name)
        .join(Assignment, col(Assignment.unit_id) == Unit.id)
        .where(Assignment.campaign_id == campaign_id, col(Assignment.role) != Role.ASSIST)
        .distinct()
    )
    return sorted(set(session.exec(query)).difference(scored))


@dataclass(frozen=True, slots=True)
class InForce:
    """The last month whose score counts, with each unit's sum in tenths."""

    month: date
    tenths: dict[str, int]

    def written(self, unit: str) -> str:
        """Write a unit's score; of one that has none, 0."""
        return written(self.tenths.get(unit, 0))


def in_force(session: Session, campaign_id: int, moment: datetime) -> InForce | None:
    """Return the score of a campaign that counted last at ``moment``; None where none did."""
    query = select(ScoreSheet).where(ScoreSheet.campaign_id == campaign_id, col(ScoreSheet.settled_at) <= moment)
    sheet = session.exec(query.order_by(col(ScoreSheet.month).desc()).limit(1)).first()
    return None if sheet is None else InForce(sheet.month, dict(sheets.sums(session, sheet)))
