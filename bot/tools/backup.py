"""Backing up the store that settings name, and restoring one into it."""

from pathlib import Path

from bot import settings as settings_module
from bot.wiring import data_folder
from db import backup
from db.archive import Archive
from db.backup import Kept
from db.session import Store


def back_up(target: Path, *, faulty: bool) -> Kept:
    """Write ``target``. The store's schema may be older than this program's: one backs up before one migrates."""
    settings = settings_module.load()
    data_folder(settings)
    return backup.back_up(Store(settings.url), Archive(settings.data_dir), target, faulty=faulty)


def restore(source: Path, to: str | None, *, faulty: bool) -> tuple[Kept, str, Path]:
    """Bring ``source`` into the empty store at ``to``, by default the one that settings name, and its files into the data
    folder; return what was restored, the store's URL without its password, and the folder."""
    settings = settings_module.load()
    data_folder(settings)
    store = Store(to or settings.url)
    return backup.restore(source, store, Archive(settings.data_dir), faulty=faulty), store.shown_url, settings.data_dir
