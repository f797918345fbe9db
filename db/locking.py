"""Two people at once: a row is locked before it is judged, so that the second judges what the first has left.

SQLite has one writer from the beginning of a transaction, and no row to lock; there only what was loaded is read anew.
The lock lets others refer to the row meanwhile (``FOR NO KEY UPDATE``): a notice about it need not wait.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

IMPORTING = 20221
"""The number under which imports wait for each other."""

OPENING_ROUNDS, OF_THE_OFFICE = 20222, 20223
"""Those under which programs wait for each other that open a round by the calendar, and people who change the office's roster."""

Row = TypeVar("Row", bound=SQLModel)


def hold(session: Session, rows: Iterable[SQLModel]) -> None:
    """Lock rows of one table to the end of the transaction, in the order of their keys, and load them as they now are.

    Whoever needs several asks for all of them at once: two who ask in different orders would wait for each other. What
    this transaction holds already nobody else can have changed; it is not asked for again.
    """
    found = list(rows)
    if not found:
        return
    table = type(found[0])
    key = table.__table__.primary_key.columns[0]  # type: ignore[attr-defined]
    wanted = sorted({getattr(row, key.name) for row in found} - session.info.get(table, set()))
    if not wanted:
        return
    query = select(table).where(key.in_(wanted)).order_by(key)
    locking = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    session.execute(locking).scalars().all()
    holds(session, table, wanted)


@event.listens_for(Session, "after_soft_rollback")
@event.listens_for(Session, "after_commit")
def _let_go(session: Session, *_transaction: Any) -> None:
    """What was held since a savepoint is gone with it, and all with the transaction; what was held before is asked for anew."""
    session.info.clear()


def is_held(session: Session, table: type[SQLModel], number: int) -> bool:
    """Tell whether this transaction holds a row, so that what it has loaded of it is how it stands."""
    return number in session.info.get(table, ())


def holds(session: Session, table: type[SQLModel], numbers: Iterable[int]) -> None:
    """Note that this transaction has locked these rows in another way, before it loaded any of them."""
    session.info.setdefault(table, set()).update(numbers)


def alone(session: Session, what: int) -> None:
    """Wait until no other transaction does ``what`` in this schema; on SQLite nobody else writes anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(what, func.hashtext(func.current_schema()))))


def first_or_found(session: Session, row: Row) -> Row:
    """Return the row with the key of ``row`` as it now is, locked to the end of the transaction; who comes first writes ``row``.

    Whoever comes at the same moment waits for the first one, and finds what that left: nobody's row is in the way of another's.
    """
    table = type(row)
    (column,) = table.__table__.primary_key.columns  # type: ignore[attr-defined]

    def find() -> Row | None:
        number = getattr(row, column.name)
        return session.get(table, number, with_for_update={"key_share": True}, populate_existing=True)

    found = find()
    if found is None:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(insert(table).values(**row.model_dump()).on_conflict_do_nothing())
        found = find()
        assert found is not None, "nobody takes such a row away"
    return found
