"""Migrations: bringing a store's schema to this program's version, and refusing one that is newer."""

from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from db.session import Store, StoreError

NOT_YET = "数据库尚未初始化；请先运行 duban migrate"

_SCRIPTS = Path(__file__).parent / "migrations"


def config(store: Store) -> Config:
    """Return alembic's configuration for a store; its migrations run on the store's own engine."""
    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    made.attributes["engine"] = store.engine
    return made


def head() -> str:
    """Return the version of this program's schema."""
    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return ScriptDirectory.from_config(made).get_current_head() or ""


def current(store: Store) -> str | None:
    """Return the version of a store's schema; None when it was never migrated."""
    with store.read() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def upgrade(store: Store, version: str = "head") -> bool:
    """Bring the store to this program's version, or to ``version``; tell whether anything was done.

    Raise ``StoreError`` if it is newer, or the database somebody else's.
    """
    before = current(store)
    refuse_newer(before)
    if before is None:
        _refuse_foreign(store)
    command.upgrade(config(store), version)
    return before != (head() if version == "head" else version)


def stands(store: Store) -> bool:
    """Tell whether the store's schema is this program's; one look, which asks for nothing but the version."""
    return current(store) == _head()


def is_newer(store: Store) -> bool:
    """Tell whether the store's schema is one that this program does not know: another program, a later one, has migrated it."""
    version = current(store)
    return version is not None and version not in _known()


@cache
def _known() -> frozenset[str]:
    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return frozenset(script.revision for script in ScriptDirectory.from_config(made).walk_revisions())


@cache
def _head() -> str:
    """Return ``head()``, which does not change while the program runs."""
    return head()


def check(store: Store) -> None:
    """Raise ``StoreError`` unless the store's schema is exactly this program's."""
    version = current(store)
    if version is None:
        raise StoreError(NOT_YET)
    refuse_newer(version)
    if version != head():
        raise StoreError("数据库版本较旧；请先备份（duban backup），再运行 duban migrate")


def refuse_newer(version: str | None) -> None:
    """Raise ``StoreError`` for a version that this program does not know."""
    if version is not None and version not in _known():
        raise StoreError(f"数据库由更新版本的 duban 建立（{version}）；请升级程序后再用，数据未改动")


def _refuse_foreign(store: Store) -> None:
    with store.read() as session:
        tables: Any = inspect(session.connection()).get_table_names()
    if tables and "alembic_version" not in tables:  # where it is there, another migration came first
        raise StoreError("该数据库里已有别的程序的表；请换一个数据库（DUBAN_DATABASE_URL）")
