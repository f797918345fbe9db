"""What reading left for a person to say: counted in the order of the list, and settled once, however it is settled."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.models import Doubt, Milestone
from db.words import DoubtKind


@dataclass(frozen=True, slots=True)
class Account:
    """A campaign's doubts: how many there were, and those that nobody has settled, in the order of the list."""

    numbers: tuple[int, ...]
    open: tuple[int, ...]

    def place(self, doubt: Doubt) -> int:
        """Return which of all of them it is, from 1."""
        return self.numbers.index(doubt.id) + 1

    def after(self, doubt: Doubt) -> int | None:
        """Return the next one that is open, None after the last."""
        return next((number for number in self.open if number > doubt.id), None)


def account(session: Session, campaign_id: int) -> Account:
    """Return how many doubts a campaign had and which are open."""
    query = select(Doubt.id, Doubt.settled_at).where(Doubt.campaign_id == campaign_id).order_by(col(Doubt.id))
    found = session.exec(query).all()
    return Account(tuple(number for number, _at in found), tuple(number for number, at in found if at is None))


def by_kind(session: Session, campaign_id: int) -> list[tuple[str, list[str]]]:
    """Return what is open of a campaign by its kind, as it is called, each with the codes that it is about."""
    first = aliased(Milestone)
    code = select(func.min(first.code)).where(col(first.task_id) == col(Doubt.task_id)).scalar_subquery()
    query = (
        select_columns(col(Doubt.kind), func.coalesce(col(Milestone.code), code))
        .join(Milestone, col(Milestone.id) == Doubt.milestone_id, isouter=True)
        .where(col(Doubt.campaign_id) == campaign_id, col(Doubt.settled_at).is_(None))
        .order_by(col(Doubt.id))
    )
    found: dict[str, list[str]] = {}
    for kind, called in session.execute(query):
        found.setdefault(kind.zh, []).append(called)
    return list(found.items())


def settle(
    session: Session,
    how: str,
    by: str,
    now: datetime,
    *,
    task: int,
    kind: DoubtKind | None,
    milestone: int | None = None,
) -> None:
    """Settle what is open of a task in the caller's transaction: of one ``kind`` (None: of any), of one ``milestone``.

    ``how`` says in a few words what was decided, ``by`` is who decided it.
    """
    rows = update(Doubt).where(col(Doubt.task_id) == task, col(Doubt.settled_at).is_(None))
    if kind is not None:
        rows = rows.where(col(Doubt.kind) == kind)
    if milestone is not None:
        rows = rows.where(col(Doubt.milestone_id) == milestone)
    session.flush()
    session.execute(rows.values(settled_at=now, settled_by=by, settled=how))
