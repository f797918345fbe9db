"""Alembic's entry: migrations run on the engine of the store that called them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from db.models import UtcDateTime, WordType
from db.session import BUSY_SECONDS

_PLAIN = {
    UtcDateTime: "sa.DateTime(timezone=True)",
    WordType: "sa.String(length=32)",
    AutoString: "sa.String()",
}
"""Our types as a migration writes them: what the database holds, whatever the models become later."""


def plain_types(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write a column's type without naming our classes."""
    return _PLAIN.get(type(item), False) if kind == "type" else False


def same_type(_context: Any, _inspected: Any, _column: Any, stored: Any, declared: Any) -> bool | None:
    """Compare our types by what they hold; leave the others to alembic."""
    plain = declared.impl if isinstance(declared, sa.TypeDecorator) else declared
    return not isinstance(stored, sa.String) if isinstance(plain, sa.String) else None


MIGRATING = 20220
"""The number under which migrations of one PostgreSQL database wait for each other."""

PATIENCE_SECONDS = 600
"""So long a migration of a SQLite store waits for another's: a big store takes longer than a statement is given."""


@contextmanager
def one_at_a_time(connection: sa.Connection) -> Iterator[None]:
    """Let one program migrate a store at a time, inside the transaction; SQLite's own beginning sees to that.

    There tables are rebuilt, as its manual says, while nothing looks at what refers to them; that is checked at the end.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATING})
        yield
        return
    yield
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise RuntimeError(f"a migration left a row of {broken[0]} that refers to nothing")


with context.config.attributes["engine"].connect() as plain:
    connection = plain.execution_options(duban_begin="BEGIN IMMEDIATE")
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute(f"PRAGMA busy_timeout={PATIENCE_SECONDS * 1000}")
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        transactional_ddl=True,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=plain_types,
        compare_type=same_type,
    )
    try:
        with context.begin_transaction(), one_at_a_time(connection):
            context.run_migrations()
    finally:
        if connection.dialect.name == "sqlite":
            raw.execute("PRAGMA foreign_keys=ON")
            raw.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}")
