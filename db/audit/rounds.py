"""Rounds against the record: what was asked of whom until when, who confirmed, and whether it is over."""

from collections.abc import Iterator

from sqlalchemy import inspect, select
from sqlmodel import Session, col

from db.models import History, Round, RoundItem, RoundSignature
from db.stored import Json

OPENED, CHASED, SIGNED, CLOSED, MOVED = "调度发出", "调度催报", "双签确认", "调度结束", "调度改期"
"""What the record calls the turns of a round."""


def of_campaign(session: Session, campaign_id: int) -> Iterator[str]:
    """Yield one line for every fault of a campaign's rounds. What was answered is the record itself."""
    if not inspect(session.connection()).has_table("round"):  # a store before its migration
        return
    query = select(col(History.id), col(History.seq), col(History.event), col(History.after)).where(
        col(History.campaign_id) == campaign_id, col(History.event).in_((OPENED, SIGNED, CLOSED, MOVED))
    )
    entries = session.execute(query.order_by(col(History.seq))).all()
    opened = {entry.after["round"]: entry.after for entry in entries if entry.event == OPENED}
    for entry in entries:
        if entry.event == MOVED and entry.after["round"] in opened:
            opened[entry.after["round"]] = {**opened[entry.after["round"]], "due": entry.after["due"]}
    closed = {entry.after["round"] for entry in entries if entry.event == CLOSED}
    signed = {(entry.after["round"], entry.after["entry"]) for entry in entries if entry.event == SIGNED}
    found: set[tuple[int, int]] = set()
    made = select(Round).where(col(Round.campaign_id) == campaign_id, col(Round.opened_at).is_not(None))
    for one in session.scalars(made.order_by(col(Round.id))):
        told = opened.pop(one.id, None)
        if told is None:
            yield f"调度 {one.id} 不在记录中"
            continue
        if _asked(session, one) != {name: told[name] for name in _FIELDS}:
            yield f"调度 {one.id}：报送的内容、期限或任务与记录不符"
        if (one.closed_at is not None) != (one.id in closed):
            yield f"调度 {one.id}：是否结束与记录不符"
        found |= {(one.id, seq) for seq in _signed(session, one)}
    if found != signed:
        yield "调度的双签与记录不符"
    for number in opened:
        yield f"调度 {number} 在记录中有，在台账中没有"


_FIELDS = ("title", "due", "fields", "signatures", "assignments")


def _asked(session: Session, made: Round) -> Json:
    items = select(col(RoundItem.assignment_id)).where(col(RoundItem.round_id) == made.id)
    return {
        "title": made.title,
        "due": made.due.isoformat(),
        "fields": made.fields,
        "signatures": made.signatures,
        "assignments": sorted(session.scalars(items)),
    }


def _signed(session: Session, made: Round) -> list[int]:
    query = select(col(History.seq)).join(RoundSignature, col(RoundSignature.entry_id) == History.id)
    return list(session.scalars(query.where(col(RoundSignature.round_id) == made.id)))
