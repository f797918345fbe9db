"""催办 by hand: a coordinator urges units of what they owe, at once and at most once a day of each thing.

Planning goes on by itself; it hears of it through the day on which the unit was last told, so that nobody is told twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from db import locking, outbox
from db.history import Actor, append
from db.ledger import Line, local_day
from db.models import History
from db.outbox import Item
from db.register import chats_of
from db.whoever import is_open
from db.words import Action, NoticeKind, Reason, State
from jobs.planning.bundle import gravity
from jobs.planning.nudging import Standing, kind_of

A_DAY = timedelta(days=1)


Told = tuple[Line, NoticeKind]


@dataclass(frozen=True, slots=True)
class Nudge:
    """What is urged, each as what its unit is told, and what is not, each with the reason."""

    told: tuple[Told, ...]
    left: tuple[tuple[Line, str], ...]

    @property
    def units(self) -> dict[str, int]:
        """How many things each unit is urged of."""
        counts: dict[str, int] = {}
        for line, _kind in self.told:
            counts[line.unit.name] = counts.get(line.unit.name, 0) + 1
        return counts


def last_of_today(
    session: Session, lines: Sequence[Line], now: datetime, action: Action = Action.NUDGE
) -> dict[int, History]:
    """Return, of each of these assignments whose unit was urged by hand (or with which that was done) on this local day, who did it last."""
    zones = {line.assignment.id: line.campaign.timezone for line in lines}
    query = select(History).where(
        col(History.assignment_id).in_(list(zones)), History.action == action, History.at > now - A_DAY
    )
    found = {}
    for entry in session.exec(query.order_by(col(History.id))):
        number = entry.assignment_id
        if number is not None and local_day(entry.at, zones[number]) == local_day(now, zones[number]):
            found[number] = entry
    return found


def plan(session: Session, lines: Sequence[Line], now: datetime) -> Nudge:
    """Say of each what would be told now; nothing is written."""
    before, reported = (last_of_today(session, lines, now, done) for done in (Action.NUDGE, Action.PROGRESS))
    told, left = [], []
    for line in lines:
        one = line.assignment
        standing = Standing(
            one.state,
            one.due,
            one.asked_at is not None,
            one.decision_pending,
            one.on_hold,
            nudged=one.id in before,
            told_today=one.state is State.IN_PROGRESS and one.id in reported,
        )
        kind = kind_of(standing, local_day(now, line.campaign.timezone))
        kind = "没有指明单位" if is_open(line.unit.name) else kind
        if isinstance(kind, NoticeKind):
            told.append((line, kind))
        else:
            left.append((line, kind))
    return Nudge(tuple(told), tuple(left))


def nudge(session: Session, lines: Sequence[Line], actor: Actor, now: datetime) -> Nudge:
    """Urge the units of these assignments, one message a chat; return what was told and what was not.

    The rows are locked before they are judged: of two who urge at once the second finds that it was done. Their campaigns are
    locked behind them, as each entry of the record would do by itself, ten thousand times where a whole list is urged.
    """
    locking.hold(session, [line.assignment for line in lines])
    nudged = plan(session, lines, now)
    locking.hold(session, {line.campaign.id: line.campaign for line, _kind in nudged.told}.values())
    for line, _kind in nudged.told:
        one = line.assignment
        append(
            session,
            one.campaign_id,
            now,
            Action.NUDGE.zh,
            actor,
            action=Action.NUDGE,
            assignment_id=one.id,
            after={"version": one.version},
        )
        one.last_told_on = local_day(now, line.campaign.timezone)
    for chats, theirs in _by_chat(session, nudged.told).items():
        _tell(session, chats, theirs, now)
    session.flush()
    return nudged


def _by_chat(session: Session, told: Sequence[Told]) -> dict[tuple[int | None, ...], list[Told]]:
    """Return what is told in which chats; of units that have none, by themselves."""
    units = {line.unit.id for line, _kind in told}
    routes = {unit: tuple(chat.id for chat in chats_of(session, unit)) for unit in units}
    by_chat: dict[tuple[int | None, ...], list[Told]] = defaultdict(list)
    for line, kind in told:
        by_chat[routes[line.unit.id] or (None, -line.unit.id)].append((line, kind))
    return by_chat


def _tell(session: Session, chats: tuple[int | None, ...], told: Sequence[Told], now: datetime) -> None:
    """Enqueue one message for each chat of a unit, the gravest first; without a chat it is kept until there is one."""
    told = sorted(told, key=lambda pair: -gravity(pair[1]))
    (first, gravest), without = told[0], chats[0] is None
    items = [
        Item(line.assignment.id, kind, Reason.BY_HAND, asks_receipt=kind is NoticeKind.RECEIPT_CHASE)
        for line, kind in told
    ]
    for chat in (None,) if without else chats:
        outbox.enqueue(
            session,
            chat_id=chat,
            items=items,
            now=now,
            kind=gravest,
            reason=Reason.BY_HAND,
            unit_id=first.unit.id,
            campaign_id=first.campaign.id,
        )
