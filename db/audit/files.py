"""The files that a store names: what must be there, byte for byte, and what is rightly gone."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, func, inspect, select
from sqlmodel import Session, col

from db.archive import Archive
from db.models import Assignment, Broadcast, Campaign, Evidence, History, Inbound, Notice

_BATCH = 500

GONE = "到期删除"
"""What the entry is called that says which of a campaign's files were taken away."""

_FILE = re.compile(r"[0-9a-f]{64}")

_SHA256 = re.compile(r'"sha256": *"([0-9a-f]{64})"')


def of_archive(named: Mapping[str, str], archive: Archive) -> Iterator[str]:
    """Yield one line for every one of the ``named_files`` that is missing or not what was handed in."""
    for digest, name in sorted(named.items()):
        damage = archive.damage(digest)
        if damage is not None:
            yield f"{name}（{digest[:12]}）：{damage}"


def named_files(session: Session, archive: Archive) -> dict[str, str]:
    """Return the SHA-256 of every file that the store names and that must be whole, with what people call it.

    A list that an earlier version imported and never kept is none of them, unless ``archive`` has it after all.
    """
    found: dict[str, str] = {}
    gone = _gone(session)
    there = set(inspect(session.connection()).get_table_names())  # a store before its migration has fewer
    for table, column, at in _MENTIONS:
        if table in there:
            for text, when in stream(session, select(cast(column, Text), at)):
                since = {digest for digest in _SHA256.findall(text) if digest not in gone or when > gone[digest]}
                found.update(dict.fromkeys(since, "收到的文件"))
    for (text,) in stream(session, select(cast(col(Broadcast.files), Text))) if "broadcast" in there else ():
        found.update(dict.fromkeys(_SHA256.findall(text), "收到的文件"))
    standing = {digest for (digest,) in stream(session, held())}
    for digest, name in stream(session, select(col(Evidence.sha256), col(Evidence.name))):
        if digest in standing or digest not in gone:
            found[digest] = f"佐证“{name}”"
    old = {digest: name for digest, name in _old_sources(session).items() if archive.has(digest)}
    return found | dict(_told_sources(session)) | old


_MENTIONS: tuple[tuple[str, Any, Any], ...] = (
    ("notice", col(Notice.body_json), col(Notice.created_at)),
    ("inbound", col(Inbound.words), col(Inbound.at)),
)
"""What names files in passing, the names and the moment: where that was before they went, they are rightly gone."""


def held() -> Any:
    """Select the hashes of evidence that no entry of its campaign's record has let go: handed in for a campaign whose files
    were not taken away, or since.
    """
    taken = (
        select(col(History.campaign_id), func.max(col(History.at)).label("at"))
        .where(col(History.event) == GONE)
        .group_by(col(History.campaign_id))
        .subquery()
    )
    return (
        select(col(Evidence.sha256))
        .join(Assignment, col(Assignment.id) == Evidence.assignment_id)
        .outerjoin(taken, taken.c.campaign_id == Assignment.campaign_id)
        .where(taken.c.at.is_(None) | (col(Evidence.at) > taken.c.at))
    )


def _gone(session: Session) -> dict[str, datetime]:
    """Return the files of which the record says that they were taken away, and when it last did."""
    stated: dict[str, datetime] = {}
    entries = select(col(History.at), col(History.after)).where(col(History.event) == GONE)
    for at, after in stream(session, entries.order_by(col(History.at))):
        stated.update(dict.fromkeys(after.get("gone", ()), at))
    return stated


def never_kept(session: Session, archive: Archive) -> list[str]:
    """Return a line for each list as published that an earlier version did not keep: nothing was lost of late."""
    return [
        f"{name}没有存（旧版导入时未存）；再导入一次同一文件即可补存"
        for digest, name in _old_sources(session).items()
        if not archive.has(digest)
    ]


def _told_sources(session: Session) -> Iterator[tuple[str, str]]:
    """Yield what the record says was read into campaigns: each was kept before that was written down."""
    query = select(col(Campaign.title), col(History.after)).join(History, col(History.campaign_id) == Campaign.id)
    for title, after in stream(session, query.where(reads_a_list())):
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


def reads_a_list() -> Any:
    """Return what holds of the entries that say which list a campaign was read from."""
    return col(History.assignment_id).is_(None) & col(History.event).in_(("导入", "修订"))


def _source_name(title: str, name: str) -> str:
    return f"《{title}》的原文件“{name}”"


def stream(session: Session, query: Any) -> Iterator[Any]:
    """Yield the rows of a query, however many."""
    yield from session.execute(query, execution_options={"yield_per": _BATCH})
