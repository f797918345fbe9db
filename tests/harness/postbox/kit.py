"""The postbox under the contract that every channel keeps."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from db.clock import VirtualClock
from tests.harness.kit import PATIENCE, Kit
from tests.harness.postbox.channel import Postbox


class OnPostbox(Kit):
    """Two folders, which people look into."""

    abilities = Postbox.abilities
    chat, room, person = "经信厅", "协调室", "张工"

    def make(self, patience: float = PATIENCE) -> Postbox:
        return Postbox(self.folder / "postbox")

    @property
    def seen(self) -> list[Any]:
        written = [path for path in (self.folder / "postbox").rglob("*") if path.is_file()]
        return [_letter(path) for path in sorted(written, key=lambda path: path.stat().st_mtime_ns)]

    def turns_with(self, clock: VirtualClock) -> None:
        """It counts nothing."""


def _letter(path: Path) -> Any:
    return SimpleNamespace(id=path.name, chat=path.parent.name, text=path.read_bytes().decode(), buttons=[])
