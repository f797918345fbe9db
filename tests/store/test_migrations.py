"""Migrations of stores that hold something: each version comes to the next one with a row in every table."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from db import migrate
from db.session import Store

WORDS = {
    "state": "pending", "kind": "reminder", "status": "active", "role": "lead", "reason": "asked",
    "timezone": "Asia/Shanghai", "rank": "contact", "action": "report",
}  # fmt: skip
"""What stands in columns of such a name, as the program writes it; anything will do in the others."""

LISTS = frozenset({"items", "options", "answers", "leaders", "units", "fields", "papers", "hints"})


def value_of(column: Any) -> Any:
    """Return what may stand in a column, by its type."""
    if isinstance(column["type"], sa.JSON):
        return [] if column["name"] in LISTS else {}
    if isinstance(column["type"], sa.Boolean):
        return False
    if isinstance(column["type"], sa.Integer):
        return 1
    if isinstance(column["type"], sa.DateTime):
        return datetime(2022, 6, 1, 2, 0, tzinfo=UTC)
    if isinstance(column["type"], sa.Date):
        return date(2022, 6, 1)
    return WORDS.get(column["name"], "x")


def fill(store: Store) -> None:
    """Put a row into every table that has none."""
    plain = sa.create_engine(store.engine.url)  # which asks nobody whether what a row points at is there
    with plain.connect() as connection:
        found = sa.inspect(connection)
        for name in found.get_table_names():
            if name == "alembic_version" or connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar():
                continue
            columns = found.get_columns(name)
            table = sa.Table(name, sa.MetaData(), *(sa.Column(one["name"], one["type"]) for one in columns))
            connection.execute(table.insert().values({one["name"]: value_of(one) for one in columns}))
        connection.commit()
    plain.dispose()


def test_each_version_comes_to_the_next_with_a_row_in_every_table(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'duban.db'}")
    versions = [one.revision for one in ScriptDirectory.from_config(migrate.config(store)).walk_revisions()]
    for version in reversed(versions):
        migrate.upgrade(store, version)
        fill(store)
    migrate.check(store)
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT name, part FROM duty").all() == [("x", 7)]
    store.close()
