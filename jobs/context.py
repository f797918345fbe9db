"""What a kind's template needs beyond the items: gathered from the store at the moment of rendering."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, select

from db import ledger
from db.ledger import Line
from db.models import Campaign, Evidence, Extension, Notice, NoticeItem, Paper, Person
from db.words import DeliveryState, Lamp, NoticeKind, Role, State
from jobs.desk import Desk
from jobs.render import LAMPS, OUTCOMES, short_day, shorten

Found = Sequence[tuple[NoticeItem, Line]]


def extra_for(session: Session, notice: Notice, found: Found, desk: Desk, today: date) -> dict[str, Any]:
    """Return the additional values for the notice's template."""
    gather = _GATHER.get(notice.kind)
    return gather(session, notice, found, desk, today) if gather else {}


def _verify_request(session: Session, notice: Notice, found: Found, _desk: Desk, _today: date) -> dict[str, Any]:
    line = found[0][1]
    one = line.assignment
    evidence = session.exec(select(Evidence.name).where(Evidence.assignment_id == one.id)).all()
    extension = session.exec(
        select(Extension).where(Extension.assignment_id == one.id).order_by(Extension.id.desc())  # type: ignore[union-attr]
    ).first()
    others = [
        f"{other.unit.name}{other.assignment.state.zh}"
        for other in ledger.standing_on(session, one.milestone_id, one.period)
        if other.assignment.id != one.id
    ]
    return {"evidence": list(evidence), "extension": extension, "others": others if one.role is Role.LEAD else []}


def _decision(_s: Session, notice: Notice, _found: Found, _desk: Desk, _today: date) -> dict[str, Any]:
    return {"outcome": OUTCOMES[notice.body["action"]]}


def _supervision(session: Session, notice: Notice, _found: Found, desk: Desk, _today: date) -> dict[str, Any]:
    return {"workdays": desk.policy_of(session, notice.campaign_id).workdays_until(NoticeKind.SUPERVISION)}


def _paper(session: Session, notice: Notice, _found: Found, desk: Desk, _today: date) -> dict[str, Any]:
    paper = session.get_one(Paper, notice.body["paper"])
    signer = session.get(Person, paper.signed_by_id) if paper.signed_by_id else None
    return {
        "draft": bool(notice.body.get("draft")),
        "signer": signer.name if signer else "",
        "workdays": desk.policy_of(session, notice.campaign_id).workdays_until(notice.kind),
    }


def _digest(session: Session, notice: Notice, _found: Found, _desk: Desk, today: date) -> dict[str, Any]:
    assert notice.campaign_id is not None
    return digest_values(session, notice.campaign_id, today)


def digest_values(session: Session, campaign_id: int, today: date) -> dict[str, Any]:
    """Return the figures and sections of a campaign's digest on the local day ``today``."""
    campaign = session.get_one(Campaign, campaign_id)
    found = [line for line in ledger.lines(session, campaign_id) if line.assignment.role is not Role.ASSIST]
    by_lamp: dict[Lamp, list[Line]] = {lamp: [] for lamp in Lamp}
    for line in found:
        by_lamp[line.lamp(today)].append(line)
    waiting = [line for line in found if line.assignment.decision_pending]
    unroutable = _unroutable(session, campaign_id)
    sections = [
        ("已报待核", [_row(line, today) for line in by_lamp[Lamp.BLUE]]),
        ("延期待批", [_row(line, today) for line in waiting]),
        ("逾期", [_row(line, today) for line in _by_due(by_lamp[Lamp.RED])]),
        ("启动前已逾期、待定办法", [_row(line, today) for line in found if line.assignment.on_hold]),
        ("临期", [_row(line, today) for line in _by_due(by_lamp[Lamp.YELLOW])]),
        ("期限待定", [_row(line, today) for line in found if _undated(line)]),
        ("未能送达", unroutable),
    ]
    return {
        "campaign": campaign.title,
        "total": len(found),
        "red": by_lamp[Lamp.RED],
        "yellow": by_lamp[Lamp.YELLOW],
        "blue": by_lamp[Lamp.BLUE],
        "waiting": waiting,
        "closed": sum(line.assignment.state is State.CLOSED for line in found),
        "sections": [(heading, rows) for heading, rows in sections if rows],
    }


def has_something(values: dict[str, Any]) -> bool:
    """Tell whether a digest has anything that a coordinator should act on."""
    return bool(values["sections"])


def _undated(line: Line) -> bool:
    return line.assignment.state not in (State.CLOSED, State.CANCELLED, State.WAIVED) and ledger.needs_a_day(line)


def _by_due(found: list[Line]) -> list[Line]:
    return sorted(found, key=lambda line: line.assignment.due or date.max)


def _row(line: Line, today: date) -> str:
    due = line.assignment.due
    left = line.days_left(today)
    when = "" if due is None or left is None else f" {short_day(due)}" + (f" 逾期{-left}天" if left < 0 else "")
    return f"{LAMPS[line.lamp(today)]}〔{line.code}〕{line.unit.name}：{shorten(line.title, 24)}{when}"


def _unroutable(session: Session, campaign_id: int) -> list[str]:
    """Return one line a unit or chat whose notices could not go out."""
    troubled = (DeliveryState.NO_ROUTE, DeliveryState.FAILED, DeliveryState.UNKNOWN)
    counts: dict[str, int] = {}
    query = select(Notice).where(Notice.campaign_id == campaign_id, Notice.state.in_(troubled))  # type: ignore[attr-defined]
    from db.models import Unit

    for notice in session.exec(query):
        unit = session.get(Unit, notice.unit_id) if notice.unit_id else None
        name = f"{unit.name if unit else '协调室'}（{notice.state.zh}）"
        counts[name] = counts.get(name, 0) + 1
    return [f"{name}：{count}条" for name, count in counts.items()]


_GATHER: dict[NoticeKind, Callable[[Session, Notice, Found, Desk, date], dict[str, Any]]] = {
    NoticeKind.VERIFY_REQUEST: _verify_request,
    NoticeKind.DECISION: _decision,
    NoticeKind.SUPERVISION: _supervision,
    NoticeKind.BULLETIN: _paper,
    NoticeKind.SUMMONS: _paper,
    NoticeKind.DIGEST: _digest,
}
