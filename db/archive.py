"""The archive: files by the hash of their content, below the data folder, under names that we choose."""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{64}")

_OWNER = "of"
"""The file that says whose archive this is."""

_PARTIAL = ".part"
"""How the name ends of a file that is being kept."""

_ASIDE = ".gone"
"""How the name ends of a file that is being taken away."""


class Archive:
    """Keeps bytes for good; the same bytes twice are one file."""

    def __init__(self, folder: Path) -> None:
        """Keep files below ``folder``/evidence; nothing is made before the first file is kept."""
        self._folder = folder / "evidence"

    def keep(self, content: bytes) -> str:
        """Keep ``content`` and return its SHA-256; a file of that name that was damaged is whole again afterwards.

        A crash half-way, of the machine too, leaves no half file under that name. One that is there already is young again, so
        that nobody sweeps it before a row names it.
        """
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        with contextlib.suppress(OSError):  # not there yet, or not to be read: seen to below
            os.utime(path)
        if self.damage(digest) is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, content)
        return digest

    def path(self, digest: str) -> Path:
        """Return where the file of that SHA-256 is, or would be."""
        return self._folder / digest[:2] / digest

    def has(self, digest: str) -> bool:
        """Tell whether there is a file of that SHA-256, whole or not."""
        return self.path(digest).exists()

    def drop(self, digest: str) -> None:
        """Take the file of that SHA-256 away, where there is one."""
        self.path(digest).unlink(missing_ok=True)

    def mark(self) -> str | None:
        """Return what was last written down of whose archive this is, None where nothing was."""
        try:
            return (self._folder / _OWNER).read_text()
        except FileNotFoundError:
            return None

    def marks(self, whose: str) -> None:
        """Write down whose archive this is."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self.mark() != whose:
            _write(self._folder / _OWNER, whose.encode())

    def sweep(self, digest: str, before: datetime) -> bool:
        """Take away the file of that SHA-256 that nobody has kept again since ``before``; tell whether it was."""
        path = self.path(digest)
        aside = path.with_suffix(_ASIDE)
        try:
            if path.stat().st_mtime >= before.timestamp():
                return False
            path.replace(aside)
            if aside.stat().st_mtime >= before.timestamp():  # kept again between the two
                aside.replace(path)
                return False
            aside.unlink()
        except OSError:
            return False
        return True

    def clear(self, before: datetime) -> None:
        """Take away what a crash before that moment left half kept, or half taken away."""
        for left in (*self._folder.glob(f"??/*{_ASIDE}"), *self._folder.glob(f"??/*{_PARTIAL}")):
            with contextlib.suppress(OSError):
                if left.stat().st_mtime < before.timestamp():
                    left.unlink()

    def damage(self, digest: str) -> str | None:
        """Return what is wrong with the file of that SHA-256 in a few words; None when it is what it should be."""
        try:
            return None if digest_of(self.path(digest)) == digest else "内容被改动或不全"
        except FileNotFoundError:
            return "文件缺失"
        except OSError as error:
            return f"文件无法读取（{error.strerror}）"

    def kept(self) -> Iterator[str]:
        """Yield the SHA-256 under which each file is kept, in order."""
        yield from sorted(path.name for path in self._folder.glob("??/*") if _NAME.fullmatch(path.name))


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Put ``content`` under ``path`` all at once, and on the disk before it has that name."""
    number, partial = tempfile.mkstemp(suffix=_PARTIAL, dir=path.parent)
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(partial).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(partial).unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Let a folder's own entries reach the disk, where the system can."""
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
