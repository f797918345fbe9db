"""Backing up: a consistent copy of the database and the evidence files, in one zip."""

import sqlite3
import tempfile
import zipfile
from pathlib import Path

from bot import settings as settings_module
from bot.cli.shell import Failure
from bot.copying import copy_all
from bot.wiring import open_store
from db import migrate
from db.session import Store


def back_up(target: Path) -> int:
    """Write ``target``; return how many files it holds. PostgreSQL is written as the same SQLite file.

    A backup is opened again by unpacking it and pointing DUBAN_DATA_DIR there.
    """
    if target.exists():
        raise Failure(f"{target} 已存在；请换一个文件名")
    settings = settings_module.load()
    store = open_store(settings)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "duban.db"
        fresh = Store(f"sqlite:///{copy}")
        migrate.upgrade(fresh)
        copy_all(store, fresh)
        fresh.close()
        with sqlite3.connect(copy) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return _pack(target, copy, settings.data_dir / "evidence")


def _pack(target: Path, database: Path, evidence: Path) -> int:
    partial = target.with_name(target.name + ".part")
    files = [database, *sorted(path for path in evidence.rglob("*") if path.is_file())]
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            name = path.name if path == database else f"evidence/{path.relative_to(evidence)}"
            archive.write(path, name)
    partial.replace(target)
    return len(files)
