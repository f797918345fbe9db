"""Files that people hand in: which of them are kept, and in a few words why another is not."""

import logging
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.channels.incoming import File, Incoming
from db.archive import Archive
from db.bodies import KeptFile
from db.session import StoreError
from db.surroundings import of_a_helper

log = logging.getLogger(__name__)

MAX_FILE = 20 * 1024 * 1024
"""Bytes of the largest file that is kept; Telegram gives a bot no larger one either."""

TOO_LARGE = "单个文件不超过20 MB"

MAX_FILES = 10
"""Files of one message that are kept."""

SCAN_SECONDS = 60
"""How long the scanner may look at one file."""

NO_ROOM = "磁盘已满或不可写，文件暂时存不下；请管理员清理磁盘"

Scanner = Callable[[Path], str | None]
"""Looks at a file and says in a few words why it is not kept, or nothing."""


class NoRoom(StoreError):
    """The files of a message could not be kept; nothing was recorded, and it is to be tried again."""


class Keeping:
    """Keeps the files of messages in the archive."""

    def __init__(self, archive: Archive, scan: Scanner | None = None) -> None:
        """Let ``scan`` look at each file first, where there is one."""
        self._archive, self._scan = archive, scan

    def keep(self, incoming: Incoming) -> tuple[list[KeptFile], list[list[str]]]:
        """Keep the files that may be kept; return them, and the others each with the reason."""
        kept: list[KeptFile] = []
        refused = [[Path(name).name[:120], why] for name, why in incoming.unfetched]
        for place, file in enumerate(incoming.files):
            why = "一次最多10个文件" if place >= MAX_FILES else self._why_not(file)
            if why is None:
                name = Path(file.name).name[:120] or "文件"
                kept.append(KeptFile(self._archived(file), name, len(file.content)))
            else:
                refused.append([Path(file.name).name[:120], why])
        return kept, refused

    def _archived(self, file: File) -> str:
        try:
            return self._archive.keep(file.content)
        except OSError as error:
            raise NoRoom(NO_ROOM) from error

    def _why_not(self, file: File) -> str | None:
        if not file.content:
            return "文件是空的"
        if len(file.content) > MAX_FILE:
            return TOO_LARGE
        if self._scan is None:
            return None
        with tempfile.NamedTemporaryFile() as waiting:
            waiting.write(file.content)
            waiting.flush()
            return self._scan(Path(waiting.name))


def command_scanner(command: str) -> Scanner:
    """Return a scanner that runs ``command`` with the file's path as its last argument.

    Exit status 0 says clean and 1 infected, as virus scanners have it; anything else means that nothing is known,
    and the file is not kept either.
    """

    def scan(path: Path) -> str | None:
        try:
            done = subprocess.run(
                [*shlex.split(command), str(path)],
                timeout=SCAN_SECONDS,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=of_a_helper(),
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            log.error("scanner-did-not-run error=%s", type(error).__name__)
            return "病毒检查未能完成，请稍后重新发送"
        if done.returncode == 1:
            return "病毒检查未通过"
        return None if done.returncode == 0 else "病毒检查未能完成，请稍后重新发送"

    return scan
