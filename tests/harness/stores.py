"""Stores of tests are made a thousand times in a session; what is the same each time is made once.

A program has one store: it compiles each statement once and makes its tables once. A session of tests would do both in
every test, and spend most of its time so. Here all stores of a kind share what any of them compiled, and get their
tables from a pattern that the real ``create_all`` made; an empty one is migrated by the statements that the real
migrations told the first one. No rows are shared.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, event, inspect

from db import session
from db.session import MEMORY, Store

_engine, _create_all, _upgrade = session._engine, Store.create_all, command.upgrade

_first: dict[str, Engine] = {}
"""The first engine of each kind that was connected: its dialect has asked the database what it can."""


def install() -> None:
    """Let every ``Store`` of this process share what can be shared, and make none of SQLite wait for the disk."""
    session._engine = _sharing
    Store.create_all = _from_the_pattern  # type: ignore[method-assign]
    command.upgrade = _as_the_first_was


def _sharing(url: str) -> Engine:
    engine = _engine(url)
    kind = engine.dialect.name
    if kind == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    if kind not in _first:
        event.listen(engine, "connect", lambda *_: _first.setdefault(kind, engine))
        return engine
    engine.dialect = engine.pool._dialect = _first[kind].dialect  # what is compiled is kept by dialect
    engine._compiled_cache = _first[kind]._compiled_cache
    return engine


@cache
def _pattern() -> tuple[bytes, str]:
    """Return a store of SQLite with tables and no rows, as bytes and as the statements that make it."""
    store = Store(MEMORY)
    _create_all(store)
    with store.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").scalars()
        return _driver(connection).serialize(), ";\n".join(["BEGIN", *found, "COMMIT"])


def _driver(connection: Any) -> Any:
    return connection.connection.dbapi_connection


def _from_the_pattern(store: Store) -> None:
    if store.dialect != "sqlite":
        _create_all(store)
        return
    whole, statements = _pattern()
    with store.engine.connect() as connection:
        if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar():
            _create_all(store)
            return
        connection.rollback()
        if store.engine.url.database:
            _driver(connection).executescript(statements)
        else:
            _driver(connection).deserialize(whole)


_migrated: dict[tuple[str, str], list[tuple[str, Any]]] = {}
"""What an empty store of a kind was told to come to a version, with the values."""

CHANGES = ("CREATE ", "ALTER ", "DROP ", "INSERT ", "UPDATE ", "DELETE ")


def _as_the_first_was(config: Config, version: str) -> None:
    """Migrate a store; one with nothing in it is told what the first such one was told, without asking why."""
    engine: Engine = config.attributes["engine"]
    kind = engine.dialect.name, version
    if inspect(engine).get_table_names():
        _upgrade(config, version)
    elif kind in _migrated:
        with engine.execution_options(duban_begin="BEGIN IMMEDIATE").begin() as connection:
            for statement, values in _migrated[kind]:
                connection.exec_driver_sql(statement, values)
    else:
        told: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
            if statement.lstrip().startswith(CHANGES):
                told.append((statement, values))

        event.listen(engine, "before_cursor_execute", note)
        _upgrade(config, version)
        event.remove(engine, "before_cursor_execute", note)
        _migrated[kind] = told


EMPTIES = """
SET lock_timeout = '20s';
SET session_replication_role = replica;
DO $$ DECLARE here record; BEGIN
    FOR here IN SELECT oid::regclass AS name FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
    LOOP EXECUTE 'DELETE FROM ' || here.name; END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename), start_value, false) FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""
"""Takes every row out of a database, in whatever order, and lets its numbers begin anew."""

SHAPE = """
SELECT md5(string_agg(concat_ws(' ', table_name, column_name, data_type, is_nullable), ',' ORDER BY table_name, ordinal_position))
FROM information_schema.columns WHERE table_schema = 'public'
"""
"""Tells whether a test has left a database's tables as they were."""


SETTINGS = """
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
track_commit_timestamp = on
"""
"""How a server of tests begins: what it has written need not outlive the machine, and it can tell when what was there for others."""


class Databases:
    """One PostgreSQL that a session of tests makes its databases in."""

    def __init__(self, server: Any) -> None:
        """Take a server that runs with ``SETTINGS``."""
        self._server, self._made, self._free = server, 0, list[str]()
        self._control = psycopg.connect(server.get_uri(), autocommit=True)

    def close(self) -> None:
        """Leave the server alone."""
        self._control.close()

    def keeps_house(self) -> None:
        """Let the server look after its tables as any does, for who stays in one so long that it matters."""
        for setting in ("autovacuum = on", "autovacuum_naptime = 5"):
            self._control.execute(f"ALTER SYSTEM SET {setting}".encode())
        self._control.execute("SELECT pg_reload_conf()")

    def new(self, template: str = "template1") -> str:
        """Make a database like ``template`` and return its URL."""
        return self.url(self.named(template))

    def named(self, template: str) -> str:
        """Make a database like ``template`` and return its name."""
        self._made += 1
        name = f"test{self._made}"
        self._control.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return name

    def url(self, name: str) -> str:
        """Return a database's URL."""
        return str(self._server.get_uri(database=name))

    def owned(self, owner: str) -> str:
        """Make a database that nobody but a user of its own may enter, as docs/operations.md tells; return that user's URL."""
        name = self.named(self.with_tables())
        owner = f"{owner}_{name}"  # a server's users are everybody's, and a module may be played by several runners
        for statement in (
            f"CREATE USER {owner}",
            f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC",
            f"ALTER DATABASE {name} OWNER TO {owner}",
        ):
            self._control.execute(statement.encode())
        with psycopg.connect(self._server.get_uri(database=name), autocommit=True) as connection:
            connection.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {owner}".encode())
            connection.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {owner}".encode())
        return self.url(name).replace("://postgres:", f"://{owner}:", 1)

    def beside(self, *owners: str) -> list[str]:
        """Make one database in which each user has a schema of its own, as docs/operations.md tells; return their URLs. No table
        is there yet.
        """
        name = self.named("template1")
        with psycopg.connect(self._server.get_uri(database=name), autocommit=True) as connection:
            connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
            for owner in owners:
                connection.execute(f"CREATE USER {owner}_{name}".encode())
                connection.execute(f"CREATE SCHEMA AUTHORIZATION {owner}_{name}".encode())
        return [self.url(name).replace("://postgres:", f"://{owner}_{name}:", 1) for owner in owners]

    @contextmanager
    def lent(self) -> Iterator[Store]:
        """Give a store with tables and no rows; the next test has it emptied, for a fraction of what a new one costs."""
        name = self._free.pop() if self._free else self.named(self.with_tables())
        store = Store(self.url(name))
        yield store
        store.close()
        with psycopg.connect(self._server.get_uri(database=name), autocommit=True) as connection:
            connection.execute(EMPTIES)
            if connection.execute(SHAPE).fetchone() == self._shape():
                self._free.append(name)

    @cache  # noqa: B019 - there is one for the session
    def _shape(self) -> Any:
        with psycopg.connect(self._server.get_uri(database=self.with_tables())) as connection:
            return connection.execute(SHAPE).fetchone()

    @cache  # noqa: B019 - there is one for the session
    def with_tables(self) -> str:
        """Return the name of a database with tables and no rows."""
        store = Store(self.new())
        store.create_all()
        store.close()
        return str(store.engine.url.database)
