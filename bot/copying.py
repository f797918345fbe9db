"""Copying a store into another one, row by row, so that a rehearsal never touches the original."""

from sqlalchemy import insert, select
from sqlmodel import SQLModel

from db.session import Store


def copy_all(source: Store, target: Store) -> None:
    """Copy every row of every table; the target has the tables and is empty."""
    with source.read() as reading, target.write() as writing:
        for table in SQLModel.metadata.sorted_tables:
            rows = [dict(row) for row in reading.execute(select(table)).mappings()]
            if rows:
                writing.execute(insert(table), rows)
