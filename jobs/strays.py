"""Files that no row names any more, or that never came to be named: taken out of the archive.

A file is kept before the row that names it, so that a refusal, a failed import or a crash leaves one too many; and what the program
wrote itself and handed over in a chat (a ledger, a round's table) is a copy that is let go with the words of conversations.
"""

import hashlib
import logging
import re
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Text, cast, select
from sqlmodel import Session, SQLModel, col

from db import audit, outbox
from db.archive import Archive
from db.audit import stream
from db.models import GoneFile, Message, Notice
from db.session import Store
from db.stored import Json
from db.words import DeliveryState, NoticeKind

log = logging.getLogger(__name__)

YOUNG = timedelta(days=1)
"""How long a file that no row names is left alone: a message of which it came may be on its way into the store."""

HANDED_OVER_LASTS = timedelta(days=180)
"""How long what the program wrote and handed over in a chat is kept, as the words of conversations are."""

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

    Only the store whose archive it is may do so: one that was set up beside it on the same folder would take all that is the
    other's. An archive that is nobody's yet is that of the store which names most of what is there.
    """
    whose = hashlib.sha256(store.shown_url.encode()).hexdigest()
    with store.read() as session:
        there = set(archive.kept())
        strays = there - audit.named_files(session, archive).keys() if there else there
        if not archive.belongs_to(whose, claim=2 * len(strays) <= len(there)):
            if strays:
                log.warning("strays-left files=%s why=%s", len(strays), "another-store")
            return 0
        strays -= _named_anywhere(session, strays)
        return sum(archive.sweep(digest, now - YOUNG) for digest in sorted(strays))


class Tidying:
    """Does so once a day."""

    def __init__(self, store: Store, archive: Archive) -> None:
        """Work on a store and its archive."""
        self._store, self._archive = store, archive
        self._done: datetime | None = None

    def tidy(self, now: datetime) -> bool:
        """Let go of what was handed over long ago, and sweep; how many files went is in the log."""
        if self._done is not None and now - self._done < YOUNG:
            return False
        self._done = now
        with self._store.write() as session:
            let_go(session, now - HANDED_OVER_LASTS)
        swept = sweep(self._store, self._archive, now)
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
