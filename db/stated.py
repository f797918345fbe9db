"""What the record states of a list as it was read: who owes what by when cannot be changed behind its back.

An entry of the chain that adds or changes what was read says so in two ways, beside what it is about:

- ``read``: a digest of each task by its number in the store, over its text and its milestones with theirs, their
  deliverables, rules and days, who answers for it by name and, of a problem how it was found, of an expiry when it is renewed. What changes a task has
  the digest ``before`` as well as ``after``: a change by hand that came first shows there, and is not covered up.
- ``owed``: assignments as they came to be, ``[first, last, digest]`` for up to ``RUN`` of them whose numbers follow one
  another, over milestone, unit, role, period and original day. What a later entry changed (role, days, a unit that
  became another's: ``moved``) is taken back before it is compared. With ``afresh`` they are all that there are, and
  what was stated before counts no more: so do an import, an activation and what rearranges a draft.

Besides, ``held`` are those that an activation put on hold, and ``erased`` the entries whose words were erased. Versions
before this stated nothing; of what they imported the audit says that it could not check it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import inspect, null, select
from sqlmodel import Session, col

from db import locking
from db.models import Assignment, Campaign, Expiry, History, Milestone, Problem, Task
from db.stored import Json

ADDED = "加入单位"
"""The one entry of an assignment that states something: it came alone."""

RUN = 20
"""How many assignments one digest covers at most: where it does not fit, it is one of these."""

_TASK = ("id", "position", "key", "number", "section", "text", "open_ended", "place")
_MILESTONE = ("id", "position", "code", "text", "kind", "due", "rule", "first", "deliverable", "uncertain")
OWED = ("id", "milestone_id", "unit_id", "role", "period", "original_due")
"""The columns of an assignment that stay as they came to be, but for what the record says."""


# ---------------------------------------------------------------- what an entry says


def read(session: Session, tasks: Iterable[int | None]) -> Json:
    """Return what an entry states of some tasks as they now are."""
    found = (one for some in _batches(tasks) for one in digests(session, col(Task.id).in_(some)))
    return {"read": {str(number): digest for number, _code, digest in found}}


def read_all(session: Session, campaign_id: int) -> Json:
    """Return what an entry states of all tasks of a campaign."""
    found = digests(session, col(Task.campaign_id) == campaign_id)
    return {"read": {str(number): digest for number, _code, digest in found}}


def owed(session: Session, numbers: Iterable[int | None]) -> Json:
    """Return what an entry states of some assignments that have come to be."""
    return {"owed": [run for some in _batches(numbers) for run in _stated(session, col(Assignment.id).in_(some))]}


def afresh(session: Session, campaign_id: int) -> Json:
    """Return what an entry states of all assignments of a campaign, whatever was stated of them before.

    Nobody else writes an entry until this one is written: what it stated would count no more.
    """
    locking.hold(session, [session.get_one(Campaign, campaign_id)])
    return {"owed": _stated(session, col(Assignment.campaign_id) == campaign_id), "afresh": True}


def _batches(numbers: Iterable[int | None]) -> Iterator[list[int]]:
    wanted = sorted({number for number in numbers if number is not None})
    return (wanted[at : at + 500] for at in range(0, len(wanted), 500))


# ---------------------------------------------------------------- digests


def digests(session: Session, which: Any, *, of_any_version: bool = False) -> Iterator[tuple[int, str, str]]:
    """Yield the number of each task, the short code of its first milestone and its digest, in the order of their numbers.

    A store that is still to be migrated (``of_any_version``) may lack the column of who answers for a task by name.
    """
    named: Any = col(Task.leaders)
    there = inspect(session.connection()) if of_any_version else None
    if there is not None and "leaders" not in {one["name"] for one in there.get_columns("task")}:
        named = null()
    columns = [getattr(Task, name) for name in _TASK], [getattr(Milestone, name) for name in _MILESTONE]
    beside = [model for model in (Problem, Expiry) if there is None or there.has_table(str(model.__tablename__))]
    found = [_beside(session, model, which) for model in beside]
    query = (
        select(*columns[0], *columns[1], named)
        .outerjoin(Milestone, col(Milestone.task_id) == Task.id)
        .where(which)
        .order_by(col(Task.id), col(Milestone.id))
    )
    rows = session.execute(query, execution_options={"yield_per": 500})
    for number, some in groupby(rows, key=lambda row: row[0]):
        lines = [tuple(row) for row in some]
        leaders = [] if lines[0][-1] in (None, []) else [lines[0][-1]]  # beside the rest: older lists had none
        more = [rows[number] for rows in found if number in rows]
        facts = [lines[0][: len(_TASK)], *(line[len(_TASK) : -1] for line in lines), *leaders, *more]
        yield number, lines[0][len(_TASK) + _MILESTONE.index("code")] or lines[0][2], digest(facts)


def _beside(session: Session, model: type[Problem] | type[Expiry], which: Any) -> dict[int, tuple[Any, ...]]:
    """Return what these tasks are beside tasks, problems or expiries, by the task's number."""
    columns: list[Any] = [getattr(model, name) for name in model.model_fields]
    query = select(*columns).join(Task, col(Task.id) == model.task_id).where(which)
    return {row[0]: (str(model.__tablename__), *row) for row in session.execute(query)}


def digest(facts: Sequence[Sequence[Any]]) -> str:
    """Return the digest of rows: days as ISO days, words as their values."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _stated(session: Session, which: Any) -> list[list[Any]]:
    query = select(*(getattr(Assignment, name) for name in OWED)).where(which).order_by(col(Assignment.id))
    stated: list[list[Any]] = []
    run: list[tuple[Any, ...]] = []
    for row in session.execute(query, execution_options={"yield_per": 500}):
        if run and (len(run) == RUN or row[0] != run[-1][0] + 1):
            stated.append([run[0][0], run[-1][0], digest(run)])
            run = []
        run.append(tuple(row))
    return [*stated, [run[0][0], run[-1][0], digest(run)]] if run else stated


# ---------------------------------------------------------------- what a whole record says


@dataclass(frozen=True, slots=True)
class Run:
    """Assignments ``first`` to ``last`` (inclusive) as entry ``seq`` states them."""

    seq: int
    first: int
    last: int
    digest: str


@dataclass(slots=True)
class Statements:
    """All that a campaign's record states.

    ``tasks`` are their last digests, ``changed`` those that were no more as stated when entry ``seq`` corrected them;
    ``every_task`` and ``everybody`` say that there is none beside those stated. ``since`` is the first entry that states
    anything, None where none does.
    """

    tasks: dict[int, str] = field(default_factory=dict)
    changed: list[tuple[int, int]] = field(default_factory=list)
    every_task: bool = False
    owed: list[Run] = field(default_factory=list)
    everybody: bool = False
    moves: list[tuple[int, int, list[list[int]]]] = field(default_factory=list)
    held: list[list[int]] = field(default_factory=list)
    erased: list[list[int]] = field(default_factory=list)
    since: int | None = None

    def take(self, seq: int, event: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Take in one entry, in the order of the chain."""
        if self.since is None and {"read", "owed"} & set(after):
            self.since = seq
        was = {int(number): digest for number, digest in before.get("read", {}).items()}
        self.changed += [(number, seq) for number, digest in was.items() if self.tasks.get(number, digest) != digest]
        self.tasks |= {int(number): digest for number, digest in after.get("read", {}).items()}
        self.every_task |= "read" in after and event in ("导入", "启动")
        if "afresh" in after:
            self.owed, self.everybody = [], True
        self.owed += [Run(seq, *run) for run in after.get("owed", ())]
        if "moved" in after:
            self.moves.append((seq, before["unit_id"], after["moved"]))
        self.held += after.get("held", ())
        self.erased += after.get("erased", ())

    def as_it_came(self, row: Any, seq: int, entries: Sequence[Any]) -> list[Any]:
        """Return the facts of an assignment as entry ``seq`` stated them: what later ones changed is taken back."""
        facts = {name: getattr(row, name) for name in OWED}
        for entry in reversed(entries):
            if entry.seq > seq:
                facts |= {name: entry.before[name] for name in OWED if name in entry.before}
        for at, unit, moved in reversed(self.moves):
            if at > seq and among(row.id, moved):
                facts["unit_id"] = unit
        return list(facts.values())


def among(number: int, found: Iterable[Sequence[int]]) -> bool:
    """Tell whether a number is in one of several runs."""
    return any(first <= number <= last for first, last in found)


def of_campaign(session: Session, campaign_id: int) -> Statements:
    """Gather what the record of a campaign states."""
    query = select(col(History.seq), col(History.event), col(History.before), col(History.after)).where(
        col(History.campaign_id) == campaign_id,
        col(History.assignment_id).is_(None) | (col(History.event) == ADDED),
    )
    found = Statements()
    for entry in session.execute(query.order_by(col(History.seq)), execution_options={"yield_per": 500}):
        found.take(*entry)
    found.owed.sort(key=lambda run: run.first)
    return found
