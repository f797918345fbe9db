"""The audit: does everything that is kept still tell the same story?

The chain is whole in itself, the heads that were published stand in it, replaying it gives the ledger as it stands,
and every file that the store names is there, byte for byte.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Text, cast, inspect, select
from sqlmodel import Session, col

from db import history
from db.archive import Archive
from db.models import Assignment, Broadcast, Campaign, Evidence, History, Inbound, Milestone, Notice, Unit
from db.words import NoticeKind, State

_BATCH = 500

_IMPORTED: dict[str, tuple[str, Any]] = {
    "state": ("状态", State.PENDING),
    "percent": ("进度", None),
    "acknowledged_by": ("签收人", None),
    "acknowledged_at": ("签收时间", None),
    "answered_at": ("答复时间", None),
    "reported_by_id": ("报送人", None),
    "reported_at": ("报送时间", None),
    "closed_at": ("销号时间", None),
    "returns": ("退回次数", 0),
    "extensions": ("延期次数", 0),
    "decision_pending": ("延期待批", False),
}
"""The columns of an assignment that only what stands in the record changes: their names, and how a new one has them."""

_NOTHING: tuple[int | None, Iterable[Any]] = (None, ())

_FILE = re.compile(r"[0-9a-f]{64}")

_SHA256 = re.compile(r'"sha256": *"([0-9a-f]{64})"')


def of_campaign(session: Session, campaign_id: int) -> Iterator[str]:
    """Yield one line for every fault of a campaign: its chain, its published heads, its ledger, its files' entries."""
    yield from history.audit(session, campaign_id)
    yield from _published(session, campaign_id)
    yield from _source(session, campaign_id)
    try:
        yield from _ledger(session, campaign_id)
    except (ValueError, TypeError) as error:  # a value that no program of this version can read
        yield f"台账中有一行无法读取（{type(error).__name__}），其后各行未能核对"


def of_archive(named: Mapping[str, str], archive: Archive) -> Iterator[str]:
    """Yield one line for every one of the ``named_files`` that is missing or not what was handed in."""
    for digest, name in sorted(named.items()):
        damage = archive.damage(digest)
        if damage is not None:
            yield f"{name}（{digest[:12]}）：{damage}"


def campaigns(session: Session) -> list[tuple[int, int]]:
    """Return each campaign's number and how many entries its record is said to have."""
    query = select(col(Campaign.id), col(Campaign.history_count)).order_by(col(Campaign.id))
    return [(number, count) for number, count in session.execute(query)]


def named_files(session: Session, archive: Archive) -> dict[str, str]:
    """Return the SHA-256 of every file that the store names and that must be whole, with what people call it.

    A list that an earlier version imported and never kept is none of them, unless ``archive`` has it after all.
    """
    found: dict[str, str] = {}
    there = set(inspect(session.connection()).get_table_names())  # a store before its migration has fewer
    for table, column in ((Notice, Notice.body), (Broadcast, Broadcast.files), (Inbound, Inbound.words)):
        if table.__tablename__ not in there:
            continue
        for (text,) in _stream(session, select(cast(col(column), Text))):
            found.update(dict.fromkeys(_SHA256.findall(text), "收到的文件"))
    for digest, name in _stream(session, select(col(Evidence.sha256), col(Evidence.name))):
        found[digest] = f"佐证“{name}”"
    old = {digest: name for digest, name in _old_sources(session).items() if archive.has(digest)}
    return found | dict(_told_sources(session)) | old


def never_kept(session: Session, archive: Archive) -> list[str]:
    """Return a line for each list as published that an earlier version did not keep: nothing was lost of late."""
    return [
        f"{name}没有存（旧版导入时未存）；再导入一次同一文件即可补存，已有的专项行动不会重复"
        for digest, name in _old_sources(session).items()
        if not archive.has(digest)
    ]


def _told_sources(session: Session) -> Iterator[tuple[str, str]]:
    """Yield what the record says was read into campaigns: each was kept before that was written down."""
    query = select(col(Campaign.title), col(History.after)).join(History, col(History.campaign_id) == Campaign.id)
    for title, after in _stream(session, query.where(_reads_a_list())):
        if _FILE.fullmatch(str(after.get("sha256"))):
            yield after["sha256"], _source_name(title, after.get("source", ""))


def _old_sources(session: Session) -> dict[str, str]:
    """Return the lists that campaigns name and the record does not: those of versions that did not always keep them."""
    told = {digest for digest, _name in _told_sources(session)}
    query = select(col(Campaign.source_hash), col(Campaign.title), col(Campaign.source_name)).order_by(col(Campaign.id))
    return {
        digest: _source_name(title, name)
        for digest, title, name in session.execute(query)
        if _FILE.fullmatch(digest) and digest not in told
    }


def _reads_a_list() -> Any:
    return col(History.assignment_id).is_(None) & col(History.event).in_(("导入", "修订"))


def _source_name(title: str, name: str) -> str:
    return f"《{title}》的原文件“{name}”"


def _source(session: Session, campaign_id: int) -> Iterator[str]:
    """Compare which list a campaign says it was read from with what the record says, where that says it."""
    query = select(col(History.after)).where(col(History.campaign_id) == campaign_id, _reads_a_list())
    told = session.execute(query.order_by(col(History.seq).desc()).limit(1)).scalar_one_or_none()
    query = select(col(Campaign.source_hash), col(Campaign.source_name)).where(col(Campaign.id) == campaign_id)
    named = session.execute(query).one()
    if told is not None and "sha256" in told and (told["sha256"], told.get("source")) != tuple(named):
        yield f"专项原文件与记录不符（台账：{named.source_name}；记录：{told.get('source')}）"


def _stream(session: Session, query: Any) -> Iterator[Any]:
    yield from session.execute(query, execution_options={"yield_per": _BATCH})


# ---------------------------------------------------------------- published heads


def _published(session: Session, campaign_id: int) -> Iterator[str]:
    """Compare the chain with the heads that the coordinators' room was shown: a rebuilt or shortened one lacks them."""
    query = select(col(Notice.body)).where(
        col(Notice.campaign_id) == campaign_id, col(Notice.kind) == NoticeKind.DIGEST
    )
    for (body,) in _stream(session, query.order_by(col(Notice.id))):
        shown = body.get("fingerprint")
        if shown is not None and not history.holds(session, campaign_id, shown):
            yield f"{body['day']}要情所载的台账指纹 {shown} 已不在记录中：记录被重做或截短"


# ---------------------------------------------------------------- the record against the ledger


def _ledger(session: Session, campaign_id: int) -> Iterator[str]:
    """Replay what the record says of each assignment, and compare it with the row."""
    columns = [
        col(getattr(Assignment, name)) for name in ("id", "due", "original_due", "period", "version", *_IMPORTED)
    ]
    rows = _stream(
        session,
        select(*columns, col(Milestone.code), col(Unit.name))
        .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
        .join(Unit, col(Unit.id) == Assignment.unit_id)
        .where(col(Assignment.campaign_id) == campaign_id)
        .order_by(col(Assignment.id)),
    )
    told = groupby(_told(session, campaign_id), key=lambda entry: entry.assignment_id)
    number, entries = next(told, _NOTHING)
    for row in rows:
        while number is not None and number < row.id:
            yield f"交办 {number} 在记录中有，在台账中没有"
            number, entries = next(told, _NOTHING)
        mine: list[Any] = []
        if number == row.id:
            mine = list(entries)
            number, entries = next(told, _NOTHING)
        for fault in _compare(session, row, mine):
            yield f"〔{row.code}〕{row.name}：{fault}"


def _told(session: Session, campaign_id: int) -> Iterator[Any]:
    columns = (History.assignment_id, History.seq, History.at, History.before, History.after)
    query = select(*(col(column) for column in columns)).where(
        col(History.campaign_id) == campaign_id, col(History.assignment_id).is_not(None)
    )
    yield from _stream(session, query.order_by(col(History.assignment_id), col(History.seq)))


def _compare(session: Session, row: Any, entries: list[Any]) -> Iterator[str]:
    replayed = _replay(entries)
    for name, (label, imported) in _IMPORTED.items():
        expected = replayed.get(name, imported)
        if _same(getattr(row, name)) != _same(expected):
            yield f"{label}与记录不符（台账：{_shown(getattr(row, name))}；记录：{_shown(expected)}）"
    due = replayed.get("due", row.original_due)
    if _same(row.due) not in (_same(due), row.period or None):
        yield f"期限与记录不符（台账：{_shown(row.due)}；记录：{_shown(due)}）"
    if row.version < replayed.get("version", 0):
        yield "办理次数少于记录"
    yield from _handed_in(session, row.id, entries)


def _replay(entries: list[Any]) -> dict[str, Any]:
    """Return the last value that the record gives each column; what closes without a moment closes at that entry's."""
    replayed: dict[str, Any] = {}
    for entry in entries:
        if entry.after.get("state") == State.CLOSED and entry.before.get("state") != State.CLOSED:
            replayed["closed_at"] = entry.at
        replayed |= entry.after
    return replayed


def _handed_in(session: Session, assignment_id: int, entries: list[Any]) -> Iterator[str]:
    handed_in = [(digest, name) for entry in entries
                 for digest, name in zip(entry.after.get("sha256", ()), entry.after.get("files", ()), strict=False)]  # fmt: skip
    if not handed_in:
        return
    there = set(
        session.execute(select(col(Evidence.sha256)).where(col(Evidence.assignment_id) == assignment_id)).scalars()
    )
    for digest, name in handed_in:
        if digest not in there:
            yield f"佐证“{name}”已不在台账中"


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
    if isinstance(value, State):
        return value.zh
    return State(value).zh if value in set(State) else str(value)
