"""The archive: files by the hash of their content, below the data folder, under names that we choose."""

import hashlib
from pathlib import Path


class Archive:
    """Keeps bytes for good; the same bytes twice are one file."""

    def __init__(self, folder: Path) -> None:
        """Keep files below ``folder``/evidence; nothing is made before the first file is kept."""
        self._folder = folder / "evidence"

    def keep(self, content: bytes) -> str:
        """Keep ``content`` and return its SHA-256; a crash half-way leaves no file under that name."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(".part")
            partial.write_bytes(content)
            partial.replace(path)
        return digest

    def path(self, digest: str) -> Path:
        """Return where the file of that SHA-256 is, or would be."""
        return self._folder / digest[:2] / digest
