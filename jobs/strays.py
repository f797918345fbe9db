"""Files that no row names any more, or that never came to be named: taken out of the archive.

A file is kept before the row that names it, so that a refusal, a failed import or a crash leaves one too many; and what the program
wrote itself and handed over in a chat (a ledger, a round's table) is a copy that is let go with the words of conversations.
"""

import logging
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Text, cast, func, select
from sqlmodel import Session, SQLModel, col

from db import audit, locking, outbox
from db.archive import Archive
from db.audit import stream
from db.lived import lived
from db.models import GoneFile, History, Message, Notice, Setting
from db.session import Store
from db.stored import Json
from db.words import DeliveryState, NoticeKind

log = logging.getLogger(__name__)

YOUNG = timedelta(days=1)
"""How long a file that no row names is left alone: a message of which it came may be on its way into the store."""

HANDED_OVER_LASTS = timedelta(days=180)
"""How long what the program wrote and handed over in a chat is kept, as the words of conversations are."""

FEW = 10
"""So many strays are never too many, however few files there are."""

_KEY, _TIDIED = "archive_key", "tidied_at"

_OF_SEVERAL = "several"
"""The mark of an archive in which two stores name files."""

_DIGEST = re.compile(r"[0-9a-f]{64}")

_ON_ITS_WAY = (*outbox.WAITING, DeliveryState.SENDING)


def let_go(session: Session, before: datetime) -> int:
    """Let go of the files that the program handed over in chats before that moment; return how many messages had one.

    What is evidence, or a list, is named by its own rows as well, and stays.
    """
    replies = select(Notice).where(
        col(Notice.kind) == NoticeKind.REPLY,
        col(Notice.created_at) < before,
        col(Notice.state).not_in(_ON_ITS_WAY),
        cast(col(Notice.body_json), Text).like('%"files"%'),
    )
    count = 0
    for notice in session.scalars(replies).all():
        notice.body_json = _without(notice.body_json, "files")
        for message in session.scalars(select(Message).where(col(Message.notice_id) == notice.id)):
            message.sent = _without(message.sent, "file")
            message.shown = _without(message.shown, "file") if message.shown is not None else None
            count += 1
    session.flush()
    return count


def _without(kept: Json, name: str) -> Json:
    return {key: value for key, value in kept.items() if key != name}


def sweep(store: Store, archive: Archive, now: datetime) -> int:
    """Take the files away that nothing in the store names and that were kept more than a day before ``now``; return how many.

    What goes is gone for good, so that nothing does where it is not sure whose it is: only the store whose archive it is may
    sweep, while it is no older than it was and names nearly all of what is there.
    """
    with store.write() as session:
        whose = _Own.of(session)
    with store.read() as session:
        there = set(archive.kept())
        strays = there - audit.named_files(session, archive).keys() if there else there
        why = _why_not(archive, whose, len(strays), len(there))
        if why:
            if strays:
                log.warning("strays-left files=%s why=%s", len(strays), why)
            return 0
        strays -= _named_anywhere(session, strays)
        return sum(archive.sweep(digest, now - YOUNG) for digest in sorted(strays))


class _Own(NamedTuple):
    """Which store one is, whatever its address, and how far its record goes."""

    key: str
    entries: int

    @classmethod
    def of(cls, session: Session) -> "_Own":
        setting = locking.first_or_found(session, Setting(key=_KEY, value=secrets.token_hex(8)))
        return cls(setting.value, session.scalar(select(func.max(col(History.id)))) or 0)


def _why_not(archive: Archive, own: _Own, strays: int, there: int) -> str:
    """Return why a store may not sweep an archive now, "" where it may; whose it is is written down.

    A new database at the old address, a copy that somebody opened, one that was brought back from a backup: to each of them
    all that came since would be nobody's. Where two name files in one folder, neither may sweep, until somebody has taken the
    mark away. And who would sweep more than a tenth has not got what it had.
    """
    mark = archive.mark()
    key, _, entries = (mark or "").partition(" ")
    if mark is not None and (key != own.key or own.entries < int(entries)):
        if strays < there:
            archive.marks(_OF_SEVERAL)
        return "another-store"
    if strays > max(FEW, there // 10):
        return "too-many"
    archive.marks(f"{own.key} {own.entries}")
    return "new-mark" if mark is None else ""


class Tidying:
    """Does so once a day."""

    def __init__(self, store: Store, archive: Archive) -> None:
        """Work on a store and its archive."""
        self._store, self._archive = store, archive
        self._done: datetime | None = None

    def tidy(self, now: datetime) -> bool:
        """Let go of what was handed over long ago, and sweep; how many files went is in the log. What a clock leapt over does not
        count, and of several programs on one store one does it.
        """
        if self._done is not None and now - self._done < YOUNG:
            return False
        self._done = now
        with self._store.write() as session:
            done = locking.first_or_found(session, Setting(key=_TIDIED, value=""))
            if done.value and timedelta() <= now - datetime.fromisoformat(done.value) < YOUNG:
                return False
            done.value = now.isoformat()
            until = lived(session, now)
            let_go(session, until - HANDED_OVER_LASTS)
        self._archive.clear(until - YOUNG)
        swept = sweep(self._store, self._archive, until)
        if swept:
            log.info("strays-swept files=%s", swept)
        return False


def _named_anywhere(session: Session, strays: Collection[str]) -> set[str]:
    """Return which of them stand in any text of any table but that of what is gone: what this program does not know to be a file's
    name may be one to a later program.
    """
    found: set[str] = set()
    for table in SQLModel.metadata.sorted_tables if strays else ():
        if table.name != GoneFile.__tablename__:
            for row in stream(session, select(*(cast(one, Text) for one in table.columns))):
                found.update(digest for text in row if text for digest in _DIGEST.findall(text) if digest in strays)
    return found
