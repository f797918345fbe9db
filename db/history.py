"""The record: append-only, one chain a campaign, valid even after a person's words were erased.

Each entry's digest covers the one before, the facts, and a salted digest of what is personal (the name and the
words). Erasing empties the personal columns and leaves that digest, so the chain still verifies.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import nlargest
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, func, or_, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, col, select

from db import locking
from db.many import among
from db.models import Campaign, History, table_of
from db.stored import Json
from db.words import Action, Role, State

ERASED = "（已删除）"


SHOWN_DIGITS = 12
"""How much of a digest people are shown: enough that nobody can make another chain end in it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which chat, through which message. ``person_id`` None is the program itself or the command line."""

    name: str
    person_id: int | None = None
    chat_id: int | None = None
    message: str | None = None


SYSTEM = Actor("督办")
"""The program acting on its own."""


OPERATOR = Actor("命令行")
"""Who acts when a command changes something."""


_CAMPAIGN = table_of(Campaign)
_NEXT = (
    update(_CAMPAIGN)
    .where(_CAMPAIGN.c.id == bindparam("campaign"))
    .values(history_count=_CAMPAIGN.c.history_count + 1)
    .returning(_CAMPAIGN.c.history_count, _CAMPAIGN.c.history_head)
)
_HEAD = update(_CAMPAIGN).where(_CAMPAIGN.c.id == bindparam("campaign")).values(history_head=bindparam("head"))
"""Built once: an entry is written with every act, and building a statement costs more than asking."""


def append(
    session: Session,
    campaign_id: int,
    at: datetime,
    event: str,
    actor: Actor,
    *,
    action: Action | None = None,
    assignment_id: int | None = None,
    before: Json | None = None,
    after: Json | None = None,
    words: str = "",
) -> History:
    """Add one entry to the campaign's chain, inside the caller's transaction.

    Taking the next number updates the campaign's row first, so that two writers queue up behind its lock; where the transaction
    holds the row nobody else can take one.
    ``before`` and ``after`` hold only what changed, as JSON values; ``words`` is what the person wrote.
    """
    at = at.astimezone(UTC)  # as the store gives it back, so that the digest is the same
    held = session.get_one(Campaign, campaign_id) if locking.is_held(session, Campaign, campaign_id) else None
    seq, previous = (
        session.execute(_NEXT, {"campaign": campaign_id}).one()
        if held is None
        else (held.history_count + 1, held.history_head)
    )
    salt = secrets.token_hex(8)
    entry = History(
        campaign_id=campaign_id,
        seq=seq,
        at=at,
        action=action,
        event=event,
        assignment_id=assignment_id,
        person_id=actor.person_id,
        chat_id=actor.chat_id,
        message=actor.message,
        before=before or {},
        after=after or {},
        who=actor.name,
        words=words,
        salt=salt,
        personal_digest=_personal(salt, actor.name, words),
        previous=previous,
        digest="",
    )
    entry.digest = _digest(entry)
    session.add(entry)
    if held is not None:  # written with the entries of all who share the transaction
        held.history_count, held.history_head = seq, entry.digest
        return entry
    session.execute(_HEAD, {"campaign": campaign_id, "head": entry.digest})
    loaded = session.identity_map.get(identity_key(Campaign, campaign_id))
    if loaded is not None:
        set_committed_value(loaded, "history_count", seq)
        set_committed_value(loaded, "history_head", entry.digest)
    return entry


def of_assignment(session: Session, assignment_id: int, limit: int | None = None) -> list[History]:
    """Return what people and the program did with an assignment, the latest first, at most ``limit`` entries."""
    query = select(History).where(History.assignment_id == assignment_id, col(History.action).is_not(None))
    return list(session.exec(query.order_by(col(History.id).desc()).limit(limit)))


def of_assignments(session: Session, assignments: Collection[int], limit: int) -> list[History]:
    """Return the latest of what was done with any of these assignments, the latest first, at most ``limit`` entries.

    They are found by their numbers, and only those that are returned are read: a task of a hundred units has thousands.
    """
    numbers = select(History.id).where(among(col(History.assignment_id), "these"), col(History.action).is_not(None))
    latest = nlargest(limit, session.execute(numbers, {"these": list(assignments)}).scalars())
    found = session.exec(select(History).where(col(History.id).in_(latest)))
    return sorted(found, key=lambda entry: entry.id, reverse=True)


def last_words(session: Session, assignments: Collection[int]) -> dict[int, History]:
    """Return the last word on each of these assignments, of those on which there is any: what its unit did, or what answered that.

    A report that was returned since, found untrue or opened again, and a request that was decided, is not how things stand.
    """
    counts = or_(col(History.action).in_((*BY_UNITS, *_ANSWERS)), col(History.event) == FOUND_UNTRUE)
    latest = (
        select(func.max(History.id))
        .where(among(col(History.assignment_id), "these"), counts)
        .group_by(col(History.assignment_id))
    )
    query = select(History).where(col(History.id).in_(latest))
    found = session.execute(query, {"these": list(assignments)}).scalars()
    return {entry.assignment_id: entry for entry in found if entry.assignment_id is not None}


BY_UNITS = (
    Action.ACKNOWLEDGE,
    Action.PROGRESS,
    Action.NOTE,
    Action.REPORT,
    Action.MEASURE,
    Action.REQUEST_EXTENSION,
    Action.ASK,
)
"""What units do themselves, or a coordinator records for them."""

_ANSWERS = (Action.UNDO, Action.RETURN, Action.REOPEN, Action.GRANT, Action.REFUSE, Action.TALK)
"""What takes back or decides what a unit said last, or was said to it in person. A report that is verified stays its word."""

ADDED = "补充情况"
"""What a unit adds to a report of its own that waits."""
FOUND_UNTRUE = "抽查不属实"
"""What the record calls it where a spot check found that a report is not so."""


def knows(session: Session, assignment_id: int | None) -> bool:
    """Tell whether the record speaks of an assignment: then its row stays, whatever becomes of it."""
    query = select(History.id).where(History.assignment_id == assignment_id)
    return session.exec(query.limit(1)).first() is not None


def changes(entry: History) -> str:
    """Say in a few words what a correction or decision changed, before → after; "" where it changed nothing shown."""
    shown = []
    for name, label in _SHOWN.items():
        if name in entry.after and entry.before.get(name) != entry.after[name]:
            shown.append(f"{label} {_said(name, entry.before.get(name))} → {_said(name, entry.after[name])}")
    return "；".join(shown)


_SHOWN = {"due": "期限", "text": "内容", "deliverable": "成果", "role": "角色", "state": "状态", "percent": "进度"}
"""What people are shown of a change, and what it is called."""


def _said(name: str, value: Any) -> str:
    if value in (None, ""):
        return "（无）"
    if name in ("role", "state"):
        return (Role(value) if name == "role" else State(value)).zh
    return f"{value}%" if name == "percent" else str(value)


PAUSE_BEGUN, PAUSE_ENDED = "暂停专项", "恢复专项"
"""What the record calls the two turns of a campaign's pause."""


def latest(session: Session, campaign_id: int, *events: str) -> History | None:
    """Return the last entry of a campaign itself, of none of its assignments, that is called one of ``events``."""
    query = select(History).where(
        History.campaign_id == campaign_id, col(History.assignment_id).is_(None), col(History.event).in_(events)
    )
    return session.exec(query.order_by(col(History.seq).desc())).first()


def erase(session: Session, person_id: int, actor: Actor, now: datetime) -> int:
    """Erase a person's name and words from the record; the chain stays valid, and says who erased which and when.

    Return how many entries changed.
    """
    query = select(History).where(History.person_id == person_id, col(History.erased).is_(False))
    entries = session.exec(query.order_by(col(History.campaign_id), col(History.seq))).all()
    for entry in entries:
        entry.who, entry.words, entry.erased = ERASED, "", True
    for campaign, some in groupby(entries, key=lambda entry: entry.campaign_id):
        append(session, campaign, now, "删除个人信息", actor, after={"erased": runs(entry.seq for entry in some)})
    return len(entries)


def blank(session: Session, campaign_id: int) -> list[int]:
    """Erase the names and words of all people from a campaign's record; return the numbers of the entries.

    Whoever does so appends an entry that says which (``erased``).
    """
    entries = session.exec(
        select(History)
        .where(History.campaign_id == campaign_id, col(History.person_id).is_not(None), col(History.erased).is_(False))
        .order_by(col(History.seq))
    ).all()
    for entry in entries:
        entry.who, entry.words, entry.erased = ERASED, "", True
    return [entry.seq for entry in entries]


def runs(numbers: Iterable[int | None]) -> list[list[int]]:
    """Return numbers as runs ``[first, last]`` (inclusive) of those that follow one another."""
    ends: list[list[int]] = []
    for number in sorted({number for number in numbers if number is not None}):
        if ends and number == ends[-1][1] + 1:
            ends[-1][1] = number
        else:
            ends.append([number, number])
    return ends


def fingerprint(count: int, head: str) -> str:
    """Return a chain's head as people are shown it and type it: the number of its last entry and the digest's beginning."""
    return f"{count}-{head[:SHOWN_DIGITS]}"


def audit(session: Session, campaign_id: int) -> Iterator[str]:
    """Yield one line for every fault of the campaign's chain; nothing when it is whole."""
    count_told, head_told = session.execute(
        select_columns(col(Campaign.history_count), col(Campaign.history_head)).where(col(Campaign.id) == campaign_id)
    ).one()
    previous, count = "", 0
    for entry in _entries(session, campaign_id):
        count += 1
        if entry.seq != count:
            yield f"第 {count} 条缺失（下一条是第 {entry.seq} 条）"
            count = entry.seq
        if entry.previous != previous:
            yield f"第 {entry.seq} 条与前一条不衔接"
        if entry.digest != _digest(entry):
            yield f"第 {entry.seq} 条的内容被改动"
        if entry.erased and (entry.who, entry.words) != (ERASED, ""):
            yield f"第 {entry.seq} 条标为已删除，却又写有姓名或文字"
        if not entry.erased and entry.personal_digest != _personal(entry.salt, entry.who, entry.words):
            yield f"第 {entry.seq} 条的姓名或文字被改动"
        previous = entry.digest
    if (count, previous) != (count_told, head_told):
        yield f"末尾缺失：应有 {count_told} 条，现有 {count} 条"


def holds(session: Session, campaign_id: int, shown: str) -> bool:
    """Tell whether ``shown``, a fingerprint as it was once published, is still that of the campaign's chain."""
    count, _, digits = shown.partition("-")
    query = select(History.digest).where(History.campaign_id == campaign_id, History.seq == int(count))
    digest = session.exec(query).first()
    return digest is not None and digest.startswith(digits)


def _entries(session: Session, campaign_id: int) -> Iterator[Any]:
    """Yield the chain entry by entry, however long it is."""
    columns = [column for column in History.__table__.columns if column.name != "id"]  # type: ignore[attr-defined]
    query = select_columns(*columns).where(col(History.campaign_id) == campaign_id).order_by(col(History.seq))
    yield from session.execute(query, execution_options={"yield_per": 500})


def _personal(salt: str, who: str, words: str) -> str:
    return hashlib.sha256(json.dumps([salt, who, words], ensure_ascii=False).encode()).hexdigest()


def _digest(entry: Any) -> str:
    facts = [
        entry.campaign_id,
        entry.seq,
        entry.at.isoformat(),
        entry.action,
        entry.event,
        entry.assignment_id,
        entry.person_id,
        entry.chat_id,
        entry.message,
        entry.before,
        entry.after,
        entry.personal_digest,
        entry.previous,
    ]
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
