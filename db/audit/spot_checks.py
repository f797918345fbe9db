"""Spot checks against the record: that the draw follows from its seed and its list, what was drawn, and what was found."""

import hashlib
from collections.abc import Iterator, Sequence

from sqlalchemy import inspect, select
from sqlmodel import Session, col

from db.history import FOUND_UNTRUE
from db.models import History, SpotCheck, SpotCheckItem

DRAWN, HOLDS, FAILS = "抽查", "抽查属实", FOUND_UNTRUE
"""What the record calls the turns of a spot check."""


def draw(pool: Sequence[int], count: int, seed: str) -> list[int]:
    """Return ``count`` numbers of a list, drawn by a seed: the same from the same list by the same seed, on any machine.

    Those whose SHA-256 of ``seed:number`` is lowest are drawn, so that nobody can foresee one without the seed.
    """
    by_lot = sorted(set(pool), key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).digest())
    return sorted(by_lot[:count])


def runs(numbers: Sequence[int]) -> list[list[int]]:
    """Return numbers as runs of the first and the last, so that a long list is short in the record."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def numbers_of(kept: Sequence[Sequence[int]]) -> list[int]:
    """Return the numbers of runs."""
    return [number for first, last in kept for number in range(first, last + 1)]


def of_campaign(session: Session, campaign_id: int) -> Iterator[str]:
    """Yield one line for every fault of a campaign's spot checks."""
    if not inspect(session.connection()).has_table(SpotCheck.__tablename__):  # a store before its migration
        return
    entries = session.execute(
        select(col(History.event), col(History.assignment_id), col(History.after))
        .where(col(History.campaign_id) == campaign_id, col(History.event).in_((DRAWN, HOLDS, FAILS)))
        .order_by(col(History.seq))
    ).all()
    told = {entry.after["check"]: entry.after for entry in entries if entry.event == DRAWN}
    found = {
        (entry.after["check"], entry.assignment_id): entry.event == HOLDS for entry in entries if entry.event != DRAWN
    }
    checks = select(SpotCheck).where(col(SpotCheck.campaign_id) == campaign_id).order_by(col(SpotCheck.id))
    for check in session.scalars(checks):
        after = told.pop(check.id, None)
        if after is None:
            yield f"抽查 {check.id} 不在记录中"
            continue
        items = session.scalars(select(SpotCheckItem).where(col(SpotCheckItem.check_id) == check.id)).all()
        there = sorted(item.assignment_id for item in items)
        if (check.share, check.seed, there) != (after["share"], after["seed"], after["drawn"]):
            yield f"抽查 {check.id}：抽取比例、种子或抽中的任务与记录不符"
        pool = numbers_of(after["pool"])
        if draw(pool, len(after["drawn"]), after["seed"]) != after["drawn"] or check.pool != len(pool):
            yield f"抽查 {check.id}：抽中的任务不是按记录的种子从记录的清单中抽取的"
        if any(item.holds != found.get((check.id, item.assignment_id)) for item in items):
            yield f"抽查 {check.id}：结果与记录不符"
    for number in told:
        yield f"抽查 {number} 在记录中有，在台账中没有"
