"""A published list comes in as a file: read, kept in the archive, stored as a draft campaign. The one way for all faces.

A face says where the file is and who brings it; it asks the questions of the year and words what came of it.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlmodel import Session

from db import ledger, register, stored
from db.archive import Archive
from db.history import Actor
from db.ledger import Line, Which
from db.models import Campaign, Unit
from db.whoever import is_a_kind
from db.words import UNENDED
from jobs.campaigns.import_ import Imported, import_document
from jobs.campaigns.likeness import alike
from jobs.desk import Desk
from jobs.reading.document import Document, Place
from jobs.reading.files import UnreadableFile
from jobs.reading.guard import read_guarded

SHOWN = 8
"""Places that an import tells each, of those that are uncertain, past or were not read."""

_WORDS = 24


def unread(campaign: Campaign) -> Iterator[str]:
    """Yield what reading a campaign's list left over, each with its place, its words and why."""
    for left in campaign.problems:
        place = stored.read(Place, left["place"]).zh
        words = " ".join(left["text"].split())
        words = words if len(words) <= _WORDS else f"{words[: _WORDS - 1]}…"
        yield f"{place}{f'“{words}”' if words else ''}：{left['why']}".removeprefix("：")


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file that was read and that the archive has: what its sender calls it, its digest, what was read in it."""

    name: str
    sha256: str
    document: Document


def keep(archive: Archive, path: Path, document: Document) -> ListFile:
    """Keep the file that ``document`` was read from; before the row that names it, so that a crash leaves a file too many."""
    return ListFile(path.name, archive.keep(path.read_bytes()), document)


def kept(archive: Archive, name: str, sha256: str, year: int | None) -> ListFile:
    """Return a file that the archive has as it reads in ``year``.

    What was read once is remembered. Raise ``UnreadableFile``, also where the file is gone.
    """
    if not archive.has(sha256):
        raise UnreadableFile("原文件已不在，请重新发来")
    asked = archive.path(sha256), name, year
    if asked in _refused:
        raise UnreadableFile(_refused[asked])
    return ListFile(name, sha256, _read(*asked))


def read_ahead(archive: Archive, name: str, sha256: str, year: int | None) -> None:
    """Read a file that will be asked for by ``kept``: it may take seconds, and a transaction should not."""
    if not archive.has(sha256):
        return
    asked = archive.path(sha256), name, year
    _refused.pop(asked, None)
    try:
        _read(*asked)
    except UnreadableFile as refusal:
        while len(_refused) >= REMEMBERED:
            _refused.pop(next(iter(_refused)), None)
        _refused[asked] = str(refusal)


REMEMBERED = 16
"""Files whose reading is remembered."""

_refused: dict[tuple[Path, str, int | None], str] = {}
"""Why files were refused when they were last read ahead, for the transaction that then asks for them. Sent again they are
read anew: a refusal may pass, as when there was no time.
"""


@lru_cache(maxsize=REMEMBERED)
def _read(path: Path, name: str, year: int | None) -> Document:
    """Read a kept file under the name that its sender gave it, which tells its format. Raise ``UnreadableFile``, each time
    anew.
    """
    with tempfile.TemporaryDirectory() as folder:
        named = Path(folder) / (Path(name).name or "清单.txt")
        named.write_bytes(path.read_bytes())
        try:
            return read_guarded(named, year)
        except UnreadableFile as error:
            raise UnreadableFile(str(error).replace(f"{named} ", "").replace(str(named), "文件")) from None


def bring_in(
    session: Session, desk: Desk, listed: ListFile, actor: Actor, now: datetime, *, again: bool = False
) -> Imported:
    """Store a list as a draft campaign inside the caller's transaction; the same file is stored once.

    ``again`` lets it take the place of its draft, as when it was read in another year. Raise ``ImportRefused``.
    """
    like = alike(session, listed.document)
    done = import_document(
        session,
        listed.document,
        name=listed.name,
        sha256=listed.sha256,
        timezone=desk.timezone,
        today=ledger.local_day(now, desk.timezone),
        now=now,
        actor=actor,
        again=again,
    )
    if not done.new:
        asked = listed.document.reference_year
        other = asked if asked != done.campaign.reference_year else None
        return replace(done, other_year=other or done.campaign.other_year)
    same = (listed.sha256, listed.document.checked_from)
    like = like if like is not None and like.source_hash not in same else None
    return replace(done, like=like, edits=listed.document.edits)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be told whom if a campaign were activated: ``without`` are the units that no chat is bound to, ``nobody`` the
    names, each with what it owes, of which no unit is meant before somebody says which.
    """

    lines: list[Line]
    chats: int
    units: int
    without: list[Unit]
    nobody: list[tuple[str, list[str]]]

    @property
    def first_lines(self) -> list[Line]:
        """One line of each milestone."""
        return list({line.milestone.id: line for line in self.lines}.values())


def preview(session: Session, campaign: Campaign) -> Preview:
    """Look over a campaign before it is activated."""
    lines = ledger.lines(session, Which(UNENDED, campaign=campaign.id))
    units = {line.unit.id: line.unit for line in lines}
    chats = {number: register.chats_of(session, number) for number in units}
    without = [unit for number, unit in units.items() if not chats[number]]
    nobody = {
        unit.name: [line.code for line in lines if line.unit.id == unit.id] for unit in without if is_a_kind(unit.name)
    }
    return Preview(
        lines,
        len({chat.id for some in chats.values() for chat in some}),
        len(units) - len(nobody),
        [unit for unit in without if unit.name not in nobody],
        list(nobody.items()),
    )
