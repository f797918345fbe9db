"""Two people at once: a row is locked before it is judged, so that the second judges what the first has left.

SQLite has one writer from the beginning of a transaction, and no row to lock; there only what was loaded is read anew.
The lock lets others refer to the row meanwhile (``FOR NO KEY UPDATE``): a notice about it need not wait.
"""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel

IMPORTING = 20221
"""The number under which imports wait for each other."""


def hold(session: Session, rows: Iterable[SQLModel]) -> None:
    """Lock rows of one table to the end of the transaction, in the order of their keys, and load them as they now are.

    Whoever needs several asks for all of them at once: two who ask in different orders would wait for each other.
    """
    found = list(rows)
    if not found:
        return
    table = type(found[0])
    key = table.__table__.primary_key.columns[0]  # type: ignore[attr-defined]
    query = select(table).where(key.in_(sorted({getattr(row, key.name) for row in found}))).order_by(key)
    locking = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    session.execute(locking).scalars().all()


def alone(session: Session, what: int) -> None:
    """Wait until no other transaction does ``what``; on SQLite nobody else writes anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(what)))
