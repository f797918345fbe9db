"""The inbox: an update is in the store before it counts as handled, and the same update twice changes nothing."""

import hashlib
import logging
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, select

from bot import dialogue
from bot.message import File, Incoming
from db.models import Inbound
from db.session import Store
from jobs.desk import Desk

log = logging.getLogger(__name__)

MAX_FILE = 20 * 1024 * 1024
"""Bytes of the largest file that is kept."""


class Inbox:
    """Takes what the channels hand in, one update at a time, each in one transaction."""

    def __init__(self, store: Store, desk: Desk, folder: Path) -> None:
        """Keep files below ``folder``, named by their hash."""
        self._store, self._desk, self._folder = store, desk, folder

    def take(self, incoming: Incoming, now: datetime) -> str:
        """Handle one update; return in a word what became of it ("repeated" for one that was here before)."""
        kept = [self._keep(file) for file in incoming.files if len(file.content) <= MAX_FILE]
        refused = [Path(file.name).name for file in incoming.files if len(file.content) > MAX_FILE]
        with self._store.write() as session:
            if _known(session, incoming):
                return "repeated"
            words = incoming.as_json() | {"files_kept": kept, "files_refused": refused}
            inbound = Inbound(channel=incoming.channel, external_id=incoming.external_id, at=now, words=words)
            session.add(inbound)
            session.flush()
            inbound.outcome = dialogue.handle(session, self._desk, incoming, inbound, now)
            log.info("inbound %s on %s: %s", inbound.id, incoming.channel, inbound.outcome)
            return inbound.outcome

    def _keep(self, file: File) -> dict[str, str | int]:
        digest = hashlib.sha256(file.content).hexdigest()
        path = self._folder / "evidence" / digest[:2] / digest
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(".part")
            partial.write_bytes(file.content)
            partial.replace(path)
        return {"sha256": digest, "name": Path(file.name).name[:120], "size": len(file.content)}


def _known(session: Session, incoming: Incoming) -> bool:
    query = select(Inbound.id).where(Inbound.channel == incoming.channel, Inbound.external_id == incoming.external_id)
    return session.exec(query).first() is not None
