"""The whole of the audit.

The chain is whole in itself, the heads that were published stand in it, what it states of the list (``db.stated``) is how
the list stands, replaying it gives the ledger, and every file that the store names is there, byte for byte. What an
earlier version did not write down cannot be compared; ``unchecked`` says so.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import chain, groupby
from math import inf
from typing import Any

from sqlalchemy import func, inspect, null, or_, select
from sqlmodel import Session, col

from db import history, stated, stored
from db.audit import rounds, scores, spot_checks
from db.audit.files import reads_a_list, stream
from db.bodies import DigestBody
from db.models import Assignment, Campaign, Evidence, History, Milestone, Notice, Task, Unit
from db.stated import Run, Statements
from db.stored import Json
from db.words import Level, NoticeKind, Role, State

_IMPORTED: dict[str, tuple[str, Any]] = {
    "state": ("状态", State.PENDING),
    "percent": ("进度", None),
    "acknowledged_by": ("签收人", None),
    "acknowledged_at": ("签收时间", None),
    "answered_at": ("答复时间", None),
    "reported_by_id": ("报送人", None),
    "reported_at": ("报送时间", None),
    "level": ("核查环节", None),
    "goes_on_at": ("环节期限", None),
    "closed_at": ("销号时间", None),
    "returns": ("退回次数", 0),
    "extensions": ("延期次数", 0),
    "decision_pending": ("延期待批", False),
}
"""The columns of an assignment that only what stands in the record changes: their names, and how a new one has them."""

_CORRECTED = {"role": "角色", "original_due": "原定期限", "period": "周期"}
"""Columns that are compared where the record says that they were changed; how they came to be is stated."""


def of_campaign(session: Session, campaign_id: int) -> Iterator[str]:
    """Yield one line for every fault of a campaign: its chain, its published heads, its ledger, its files' entries."""
    yield from history.audit(session, campaign_id)
    yield from _published(session, campaign_id)
    yield from _source(session, campaign_id)
    try:
        statements = stated.of_campaign(session, campaign_id)
        yield from _erased(session, campaign_id, statements)
        yield from _tasks(session, campaign_id, statements)
        yield from _ledger(session, campaign_id, statements)
        yield from chain(scores.of_campaign(session, campaign_id), rounds.of_campaign(session, campaign_id))
        yield from spot_checks.of_campaign(session, campaign_id)
    except (ValueError, TypeError, LookupError) as error:  # a value that no program of this version can read
        yield f"台账中有一行无法读取（{type(error).__name__}），其后各行未能核对"


def unchecked(session: Session, campaign_id: int) -> Iterator[str]:
    """Yield one line for each kind of thing of a campaign that the record says nothing of: an earlier version wrote it."""
    statements = stated.of_campaign(session, campaign_id)
    tasks = select(func.count()).select_from(Task).where(col(Task.campaign_id) == campaign_id)
    left = session.execute(tasks).scalar_one() - len(statements.tasks)
    if left > 0 and not statements.every_task:
        yield f"{left} 项任务由旧版导入，记录中没有载明其文字、成果和期限"
    owed = select(func.count()).select_from(Assignment).where(col(Assignment.campaign_id) == campaign_id)
    left = session.execute(owed).scalar_one() - sum(run.last - run.first + 1 for run in statements.owed)
    if left > 0 and not statements.everybody:
        yield f"{left} 项交办由旧版建立，记录中没有载明其单位、角色、周期和原定期限"
    blank = [seq for seq in _erased_entries(session, campaign_id, statements) if not _by_us(seq, statements)]
    if blank:
        yield f"{len(blank)} 条记录的姓名和文字由旧版删除，记录中没有载明由谁删除"


def campaigns(session: Session) -> list[tuple[int, int]]:
    """Return each campaign's number and how many entries its record is said to have."""
    query = select(col(Campaign.id), col(Campaign.history_count)).order_by(col(Campaign.id))
    return [(number, count) for number, count in session.execute(query)]


def _source(session: Session, campaign_id: int) -> Iterator[str]:
    """Compare which list a campaign says it was read from with what the record says, where that says it."""
    query = select(col(History.after)).where(col(History.campaign_id) == campaign_id, reads_a_list())
    told = session.execute(query.order_by(col(History.seq).desc()).limit(1)).scalar_one_or_none()
    source = select(col(Campaign.source_hash), col(Campaign.source_name)).where(col(Campaign.id) == campaign_id)
    named = session.execute(source).one()
    if told is not None and "sha256" in told and (told["sha256"], told.get("source")) != tuple(named):
        yield f"专项原文件与记录不符（台账：{named.source_name}；记录：{told.get('source')}）"


# ---------------------------------------------------------------- published heads


def _published(session: Session, campaign_id: int) -> Iterator[str]:
    """Compare the chain with the heads that the coordinators' room was shown: a rebuilt or shortened one lacks them."""
    query = select(col(Notice.id), col(Notice.body_json)).where(
        or_(col(Notice.campaign_id) == campaign_id, col(Notice.campaign_id).is_(None)),
        col(Notice.kind) == NoticeKind.DIGEST,
    )
    for number, kept in stream(session, query.order_by(col(Notice.id))):
        try:
            digest = stored.read(DigestBody, kept)
        except ValueError:
            yield f"第 {number} 条通知（每日要情）已损坏，所载的台账指纹未能核对"
            continue
        parts = digest.parts or (digest,)
        shown = next((one.fingerprint for one in parts if one.campaign in (None, campaign_id)), "")
        if shown and not history.holds(session, campaign_id, shown):
            yield f"{digest.day}要情所载的台账指纹 {shown} 已不在记录中：记录被重做或截短"


# ---------------------------------------------------------------- the record against the list


def _tasks(session: Session, campaign_id: int, statements: Statements) -> Iterator[str]:
    """Compare the tasks and milestones with what the record last stated of them."""
    left, codes = dict(statements.tasks), {}
    for number, code, digest in stated.digests(session, col(Task.campaign_id) == campaign_id, of_any_version=True):
        codes[number], told = code, left.pop(number, None)
        if told is None and statements.every_task:
            yield f"〔{code}〕任务不在记录中"
        elif told not in (None, digest):
            yield f"〔{code}〕任务、节点的文字、成果或期限与记录不符"
    for number in left:
        yield f"任务 {number} 在记录中有，在台账中没有"
    for number, seq in statements.changed:
        yield f"〔{codes.get(number, number)}〕任务、节点在第 {seq} 条记录之前已被改动"


def _erased(session: Session, campaign_id: int, statements: Statements) -> Iterator[str]:
    for seq in _erased_entries(session, campaign_id, statements):
        if _by_us(seq, statements):
            yield f"第 {seq} 条的姓名和文字被抹去，记录中没有载明由谁删除"


def _erased_entries(session: Session, campaign_id: int, statements: Statements) -> list[int]:
    """Return the entries whose words are blank although no entry says that they were erased."""
    query = select(col(History.seq)).where(col(History.campaign_id) == campaign_id, col(History.erased).is_(True))
    return [
        seq
        for seq in session.execute(query.order_by(col(History.seq))).scalars()
        if not stated.among(seq, statements.erased)
    ]


def _by_us(seq: int, statements: Statements) -> bool:
    """Tell whether an entry is of a version that writes down what it erases."""
    return statements.since is not None and seq >= statements.since


# ---------------------------------------------------------------- the record against the ledger


class _Along:
    """What belongs to assignments, handed out beside them in the order of their numbers."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._groups = groupby(rows, key=lambda row: row.assignment_id)
        self._number: int | None
        self._rows: Iterable[Any]
        self._number, self._rows = next(self._groups, _NOTHING)

    def before(self, number: float) -> Iterator[int]:
        """Yield the assignments lower than ``number`` to which something belongs and that were passed over."""
        while self._number is not None and self._number < number:
            yield self._number
            self._number, self._rows = next(self._groups, _NOTHING)

    def of(self, number: int) -> list[Any]:
        """Return what belongs to an assignment."""
        if self._number != number:
            return []
        rows = list(self._rows)
        self._number, self._rows = next(self._groups, _NOTHING)
        return rows


_NOTHING: tuple[int | None, Iterable[Any]] = (None, ())


def _ledger(session: Session, campaign_id: int, statements: Statements) -> Iterator[str]:
    """Replay what the record says of each assignment, and compare it with the row and with how it came to be."""
    told, files = _Along(_told(session, campaign_id)), _Along(_files(session, campaign_id))
    runs = deque(statements.owed)
    members: list[tuple[str, list[Any]]] = []
    for row in _rows(session, campaign_id):
        name = f"〔{row.code}〕{row.unit}"
        for number in told.before(row.id):
            yield f"交办 {number} 在记录中有，在台账中没有"
        while runs and runs[0].last < row.id:
            yield from _came(runs.popleft(), members)
            members = []
        entries = told.of(row.id)
        is_stated = bool(runs) and runs[0].first <= row.id
        if is_stated:
            members.append((name, statements.as_it_came(row, runs[0].seq, entries)))
        elif statements.everybody:
            yield f"{name}：交办不在记录中"
        held = stated.among(row.id, statements.held) if is_stated else None
        for _other in files.before(row.id):
            pass  # of an assignment that is not there, which the database itself forbids
        for fault in (*_compare(row, entries, held), *_handed_in(files.of(row.id), entries)):
            yield f"{name}：{fault}"
    for number in told.before(inf):
        yield f"交办 {number} 在记录中有，在台账中没有"
    for run in runs:
        yield from _came(run, members)
        members = []


def _rows(session: Session, campaign_id: int) -> Iterator[Any]:
    names = (
        "id",
        "milestone_id",
        "unit_id",
        "role",
        "due",
        "original_due",
        "period",
        "on_hold",
        "ladder_from",
        "version",
    )
    there = {one["name"] for one in inspect(session.connection()).get_columns(Assignment.__tablename__)}
    columns = [
        col(getattr(Assignment, name)) if name in there else null().label(name)  # a store before its migration
        for name in (*names, *_IMPORTED)
    ]
    return stream(
        session,
        select(*columns, col(Milestone.code), col(Unit.name).label("unit"))
        .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
        .join(Unit, col(Unit.id) == Assignment.unit_id)
        .where(col(Assignment.campaign_id) == campaign_id)
        .order_by(col(Assignment.id)),
    )


def _came(run: Run, members: list[tuple[str, list[Any]]]) -> Iterator[str]:
    """Compare some assignments with how the record says that they came to be."""
    there = {facts[0] for _name, facts in members}
    gone = [number for number in range(run.first, run.last + 1) if number not in there]
    yield from (f"交办 {number} 已不在台账中（第 {run.seq} 条记录载有）" for number in gone)
    if not gone and stated.digest([facts for _name, facts in members]) != run.digest:
        which = dict.fromkeys((members[0][0], members[-1][0]))
        yield f"{'至'.join(which)}：单位、角色、周期或原定期限与第 {run.seq} 条记录不符"


def _told(session: Session, campaign_id: int) -> Iterator[Any]:
    columns = (History.assignment_id, History.seq, History.at, History.before, History.after)
    query = select(*(col(column) for column in columns)).where(
        col(History.campaign_id) == campaign_id, col(History.assignment_id).is_not(None)
    )
    yield from stream(session, query.order_by(col(History.assignment_id), col(History.seq)))


def _files(session: Session, campaign_id: int) -> Iterator[Any]:
    evidence = {one["name"] for one in inspect(session.connection()).get_columns("evidence")}
    # a store before its migration has no such column
    phase: Any = col(Evidence.phase) if "phase" in evidence else null().label("phase")
    withdrawn: Any = col(Evidence.withdrawn_at) if "withdrawn_at" in evidence else null().label("withdrawn_at")
    query = (
        select(col(Evidence.assignment_id), col(Evidence.sha256), col(Evidence.name), phase, withdrawn)
        .join(Assignment, col(Assignment.id) == Evidence.assignment_id)
        .where(col(Assignment.campaign_id) == campaign_id)
    )
    yield from stream(session, query.order_by(col(Evidence.assignment_id), col(Evidence.id)))


def _compare(row: Any, entries: list[Any], held: bool | None) -> Iterator[str]:
    """Compare a row with what its entries say; ``held`` tells whether it began on hold, None where nobody wrote that down."""
    replayed = _replay(entries)
    known = {} if held is None else {"on_hold": held, "ladder_from": None}
    expected: dict[str, tuple[str, Any]] = {
        name: (label, replayed.get(name, imported)) for name, (label, imported) in _IMPORTED.items()
    }
    for name, label in _CORRECTED.items():
        if name in replayed:
            expected[name] = label, replayed[name]
    for name, label in (("on_hold", "待定"), ("ladder_from", "催办起算日")):
        if name in known | replayed:
            expected[name] = label, (known | replayed)[name]
    for name, (label, value) in expected.items():
        if _same(getattr(row, name)) != _same(value):
            yield f"{label}与记录不符（台账：{_shown(getattr(row, name))}；记录：{_shown(value)}）"
    due = replayed.get("due", row.original_due)
    if _same(row.due) not in (_same(due), row.period or None):
        yield f"期限与记录不符（台账：{_shown(row.due)}；记录：{_shown(due)}）"
    if row.version < replayed.get("version", 0):
        yield "办理次数少于记录"


def _replay(entries: list[Any]) -> Json:
    """Return the last value that the record gives each column; what closes without a moment closes at that entry's."""
    replayed: Json = {}
    for entry in entries:
        if entry.after.get("state") == State.CLOSED and entry.before.get("state") != State.CLOSED:
            replayed["closed_at"] = entry.at
        replayed |= entry.after
    return replayed


def _handed_in(files: list[Any], entries: list[Any]) -> Iterator[str]:
    """Compare the evidence of an assignment with what was handed in and taken back; an earlier version wrote down the names alone."""
    told: set[tuple[str, str, str]] = set()
    gone: set[tuple[str, str]] = set()
    for entry in entries:
        phase = entry.after.get("phase", "")
        brought = zip(entry.after.get("sha256", ()), entry.after.get("files", ()), strict=False)
        told |= {(digest, name, phase) for digest, name in brought}
        taken = {(digest, name) for digest, name in entry.after.get("withdrawn", ())}
        gone, told = gone | taken, {one for one in told if one[:2] not in taken}
    names = {name for entry in entries if "sha256" not in entry.after for name in entry.after.get("files", ())}
    there = {(one.sha256, one.name, str(one.phase or "")) for one in files if one.withdrawn_at is None}
    withdrawn = {(one.sha256, one.name) for one in files if one.withdrawn_at is not None}
    yield from (f"佐证“{name}”已不在台账中" for _digest, name, _phase in sorted(told - there))
    yield from (f"佐证“{name}”不在记录中" for _digest, name, _phase in sorted(there - told) if name not in names)
    yield from (f"佐证“{name}”的撤回与记录不符" for _digest, name in sorted(withdrawn ^ gone))


def _same(value: Any) -> Any:
    """Bring what the row has and what the record says to one form."""
    if isinstance(value, str) and len(value) > len("2022-06-01T"):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return value.isoformat() if isinstance(value, date) else value


def _shown(value: Any) -> str:
    if value is None:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, State | Role | Level):
        return value.zh
    return next((str(words(value).zh) for words in (State, Role, Level) if value in set(words)), str(value))
