"""Alembic's entry: migrations run on the engine of the store that called them."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from db.models import UtcDateTime, WordType

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


with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=plain_types,
        compare_type=same_type,
    )
    with context.begin_transaction():
        context.run_migrations()
