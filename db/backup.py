"""Backing up and restoring: one zip with the whole store as a SQLite file, and every file of the archive.

A backup is one moment of the store, whatever people do meanwhile, of the version of the schema that the store has. It
gets its name only once it was compared with what was read, audited, and is on the disk.
"""

import hashlib
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session

from db import audit, migrate
from db.archive import Archive, sync_folder
from db.copying import contents, copy_rows, stored_tables
from db.session import Store, StoreError, take_time

DATABASE = "duban.db"
"""The name of the store's copy in a backup."""

_EVIDENCE = re.compile(r"evidence/([0-9a-f]{2})/(\1[0-9a-f]{62})")

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds, or what was restored from it: the schema's version, rows, files, and the faults it was let
    through with."""

    version: str
    rows: int
    files: int
    faults: tuple[str, ...] = ()


def back_up(store: Store, archive: Archive, target: Path, *, faulty: bool = False) -> Kept:
    """Write a backup of ``store`` to ``target``; nothing is left there, nor beside it, when it cannot be whole.

    Raise ``StoreError`` with the faults of a store that is not in order, unless ``faulty`` says that they are known.
    """
    if target.exists():
        raise StoreError(f"{target} 已存在；请换一个文件名")
    if not target.parent.is_dir():
        raise StoreError(f"没有这个文件夹：{target.parent}")
    with tempfile.TemporaryDirectory(prefix=".duban-", dir=target.parent) as folder:
        with _store_at(Path(folder) / DATABASE) as copy:
            version, rows = _copied(store, copy)
            faults = _faults(copy)
            _flat(copy)
        partial = Path(folder) / "backup.zip"
        packed = _pack(partial, Path(folder) / DATABASE, archive)
        with _store_at(Path(folder) / DATABASE) as copy:
            faults += [
                f"{what}：{archive.damage(digest) or '读取时有变'}"
                for digest, what in _named(copy, archive).items()
                if digest not in packed
            ]
        _refuse(faults, faulty, "备份")
        partial.replace(target)
    sync_folder(target.parent)
    return Kept(version, rows, len(packed), tuple(faults))


def restore(backup: Path, store: Store, archive: Archive, *, faulty: bool = False) -> Kept:
    """Bring a backup into ``store``, which must be empty, and its files into ``archive``.

    The store has the backup's version of the schema afterwards, and row by row what the backup has. Raise
    ``StoreError`` where the store is not empty, or the backup is not in order (unless ``faulty``); then the store is as
    empty as it was.
    """
    with tempfile.TemporaryDirectory(prefix="duban-") as folder, _opened(backup) as zipped:
        files = _checked(backup, zipped)
        _database(backup, zipped, Path(folder) / DATABASE)
        with _store_at(Path(folder) / DATABASE) as copy:
            version = migrate.current(copy)
            migrate.refuse_newer(version)
            if version is None:
                raise StoreError(f"{backup} 里的数据库没有版本，不是 duban 的备份")
            faults = _faults(copy) + [
                f"{what}：{damage}"
                for digest, what in _named(copy, archive).items()
                if digest not in files and (damage := archive.damage(digest))
            ]
            _refuse(faults, faulty, "恢复")
            _refuse_full(store, version)
            with _brought(zipped, files, archive):
                migrate.upgrade(store, version)
                rows = _moved(copy, store)
    return Kept(version, rows, len(files), tuple(faults))


def _copied(store: Store, copy: Store) -> tuple[str, int]:
    """Copy one moment of ``store``; return the version of its schema, and how many rows it has."""
    version = migrate.current(store)
    migrate.refuse_newer(version)
    if version is None:
        raise StoreError(migrate.NOT_YET)
    migrate.upgrade(copy, version)
    return version, _moved(store, copy)


def _moved(source: Store, target: Store) -> int:
    """Copy every row in one transaction, and compare before it ends; return how many."""
    with source.snapshot() as reading, target.write() as writing:
        take_time(writing)
        tables = stored_tables(reading)
        copied = copy_rows(reading, writing, tables)
        if contents(writing, tables) != copied:
            raise StoreError("复制后的内容与原库不一致，未写入任何内容；请再试一次")
    return sum(content.rows for content in copied.values())


@contextmanager
def _store_at(path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{path}")
    try:
        yield store
    finally:
        store.close()


def _flat(copy: Store) -> None:
    """Let the copy be one file, without the log that SQLite keeps beside it."""
    with copy.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")


# ---------------------------------------------------------------- what is checked


def _faults(copy: Store) -> list[str]:
    with copy.read() as session:
        broken = session.connection().exec_driver_sql("PRAGMA foreign_key_check").all()
        faults = [f"表 {table} 第 {row} 行指向不存在的 {other}" for table, row, other, _key in broken]
        for number, _count in audit.campaigns(session):
            faults += [f"专项行动 {number}：{fault}" for fault in audit.of_campaign(session, number)]
    return faults


def _named(copy: Store, archive: Archive) -> dict[str, str]:
    """Return the files that the copy names, in order, each with what it is called."""
    with copy.read() as session:
        named = audit.named_files(session, archive)
    return {digest: f"{name}（{digest[:12]}）" for digest, name in sorted(named.items())}


def _refuse(faults: list[str], known: bool, what: str) -> None:
    if faults and not known:
        more = f"等 {len(faults)} 处" if len(faults) > 1 else ""
        raise StoreError(f"有缺损，未{what}：{faults[0]}{more}；duban audit 可查看全部，确要{what}请加 --faulty")


def _refuse_full(store: Store, version: str) -> None:
    """Refuse a store with anything in it. One that was migrated to the same version, and has no rows, is empty."""
    where = f"目标数据库（{store.shown_url}）"
    there = migrate.current(store)
    with store.read() as session:
        if there is None:
            return  # tables of somebody else's are found when the schema is made
        if any(_has_rows(session)):
            raise StoreError(f"{where}里已有数据，只能恢复到空库；请用 --to 指向新的数据库")
    if there != version:
        raise StoreError(f"{where}已是版本 {there}，备份是版本 {version}；请用 --to 指向未初始化的新数据库")


def _has_rows(session: Session) -> Iterator[bool]:
    for table in stored_tables(session):
        yield bool(session.execute(select(func.count()).select_from(table)).scalar_one())


# ---------------------------------------------------------------- the zip


def _pack(target: Path, database: Path, archive: Archive) -> set[str]:
    """Write the zip, and have it on the disk; return the SHA-256 of every file that was packed whole."""
    packed = set()
    with target.open("xb") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
            zipped.write(database, DATABASE)
            for digest in archive.kept():
                if archive.damage(digest) is None and _packed(zipped, archive, digest):
                    packed.add(digest)
        stream.flush()
        os.fsync(stream.fileno())
    return packed


def _packed(zipped: zipfile.ZipFile, archive: Archive, digest: str) -> bool:
    seen = hashlib.sha256()
    with archive.path(digest).open("rb") as source, zipped.open(f"evidence/{digest[:2]}/{digest}", "w") as target:
        while piece := source.read(_PIECE):
            seen.update(piece)
            target.write(piece)
    return seen.hexdigest() == digest


@contextmanager
def _opened(backup: Path) -> Iterator[zipfile.ZipFile]:
    """Give the zip, and turn what is wrong with it into one line."""
    try:
        with zipfile.ZipFile(backup) as zipped:
            yield zipped
    except FileNotFoundError:
        raise StoreError(f"没有这个文件：{backup}") from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error) as error:
        raise StoreError(f"{backup} 不是完整的备份文件：{error}") from None


def _checked(backup: Path, zipped: zipfile.ZipFile) -> dict[str, str]:
    """Return the name in the zip of every file by its SHA-256, each read through once; nothing is written.

    Whatever else stands in the zip is refused: it is none of ours.
    """
    files = {}
    for name in zipped.namelist():
        found = _EVIDENCE.fullmatch(name)
        if found is None and name != DATABASE:
            raise StoreError(f"{backup} 里有不属于备份的文件：{name[:80]}")
        if found is not None:
            with zipped.open(name) as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != found[2]:  # type: ignore[arg-type]
                    raise StoreError(f"{backup} 里的佐证文件 {found[2][:12]} 内容不符，未恢复")
            files[found[2]] = name
    return files


def _database(backup: Path, zipped: zipfile.ZipFile, target: Path) -> None:
    if DATABASE not in zipped.namelist():
        raise StoreError(f"{backup} 里没有 {DATABASE}，不是 duban 的备份")
    with zipped.open(DATABASE) as source, target.open("xb") as copy:
        shutil.copyfileobj(source, copy, _PIECE)


@contextmanager
def _brought(zipped: zipfile.ZipFile, files: dict[str, str], archive: Archive) -> Iterator[None]:
    """Bring the files into the archive before the rows that name them; take away again what is new if those do not come."""
    new = []
    try:
        for digest, name in files.items():
            if not archive.has(digest):
                new.append(digest)
            archive.keep(zipped.read(name))
        yield
    except BaseException:
        for digest in new:
            archive.path(digest).unlink(missing_ok=True)
        raise
