"""Copying a store's rows into another store: on either database, of any version of the schema, none read twice."""

import hashlib
import json
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, MetaData, Table, insert, select
from sqlalchemy.exc import SAWarning
from sqlalchemy.types import UserDefinedType
from sqlmodel import Session

from db.many import Row
from db.models import UtcDateTime

BATCH = 500
"""Rows that are in memory at a time."""

_MODULUS = 1 << 256


class _Verbatim(UserDefinedType[str]):
    """JSON as the text it is kept as, so that a copy has the same bytes."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """Name the column's type; no table is ever made with it."""
        return "JSON"

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Keep drivers from reading it."""
        return sa.cast(column, sa.Text)


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds: how many rows, and a digest that does not depend on their order or on the database."""

    rows: int = 0
    digest: int = 0

    def plus(self, rows: Iterable[Mapping[Any, Any]]) -> "Content":
        """Return this content with ``rows`` added."""
        count, digest = self.rows, self.digest
        for row in rows:
            text = json.dumps(sorted(row.items()), ensure_ascii=False, default=_plain)
            digest += int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
            count += 1
        return Content(count, digest % _MODULUS)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} stands in a table")


def stored_tables(session: Session) -> Sequence[Table]:
    """Return the tables that a store really has, those that others refer to first, but not the schema's version."""
    metadata = MetaData()

    @sa.event.listens_for(metadata, "column_reflect")
    def reflect(_inspector: Any, _table: Any, column: Any) -> None:
        if isinstance(column["type"], sa.DateTime):
            column["type"] = UtcDateTime()
        elif isinstance(column["type"], sa.JSON):
            column["type"] = _Verbatim()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # of indexes that it cannot describe; none is made from this
        metadata.reflect(session.connection())
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def copy_rows(reading: Session, writing: Session, tables: Iterable[Table]) -> dict[str, Content]:
    """Copy every row of ``tables``, given in the order of ``stored_tables``, and return what was read of each.

    The target has the same tables, empty; new rows of it are numbered on after those that were copied.
    """
    copied: dict[str, Content] = {}
    for table in tables:
        content = Content()
        for rows in _batches(reading, table):
            writing.execute(insert(table), rows)
            content = content.plus(rows)
        copied[table.name] = content
        number_on(writing, table)
    return copied


def contents(session: Session, tables: Iterable[Table]) -> dict[str, Content]:
    """Return what a store holds of ``tables``."""
    held: dict[str, Content] = {}
    for table in tables:
        content = Content()
        for rows in _batches(session, table):
            content = content.plus(rows)
        held[table.name] = content
    return held


def _batches(session: Session, table: Table) -> Iterator[list[Row]]:
    found = session.execute(
        select(table).order_by(*table.primary_key.columns), execution_options={"yield_per": BATCH}
    ).mappings()
    for some in found.partitions():
        yield [dict(row) for row in some]


def number_on(writing: Session, table: Table) -> None:
    """Let PostgreSQL's sequence go on after the highest number; SQLite looks for itself."""
    if writing.get_bind().dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        sequence = writing.execute(select(sa.func.pg_get_serial_sequence(f'"{table.name}"', column.name))).scalar()
        if sequence is not None:
            highest = writing.execute(select(sa.func.max(column))).scalar()
            writing.execute(select(sa.func.setval(sequence, highest or 1, highest is not None)))
