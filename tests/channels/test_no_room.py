"""A disk that fills while evidence arrives: it is told once, tried again, and nothing is lost."""

import errno
from typing import Any

import pytest

from tests.harness.story import ECONOMY, task
from tests.harness.world import InProcess


class FullDisk:
    """An archive on a full disk, until somebody makes room; what happens while who waits rests is up to the test."""

    def __init__(self, world: InProcess, monkeypatch: pytest.MonkeyPatch, rests: int) -> None:
        self.rests, self.left, self._keep = [], rests, world.desk.archive.keep  # type: ignore[var-annotated]
        monkeypatch.setattr(world.desk.archive, "keep", self.keep, raising=False)
        monkeypatch.setattr(world.listener, "_sleep", self.sleep)

    def keep(self, content: bytes) -> str:
        if self.left > 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._keep(content)

    async def sleep(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.left -= 1


def test_evidence_on_a_full_disk_is_told_once_and_kept_when_there_is_room(
    world: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.begins("2022-06-01 10:00")
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    world.happens()
    slip = group.hears("交办通知")
    disk = FullDisk(world, monkeypatch, rests=3)
    group.says("A-1 佐证", reply=slip, file=("报告.pdf", b"%PDF"))
    world.happens()
    group.hears("报告.pdf", "磁盘已满", "不必重发")
    room.hears("文件暂时存不下")
    group.hears("已收存佐证〔A-1〕：报告.pdf")
    assert len(disk.rests) == 3
    assert disk.rests == sorted(disk.rests)


def test_a_fault_of_ours_over_a_file_is_told_to_who_sent_it(world: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    world.begins("2022-06-01 10:00")
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    world.happens()
    slip = group.hears("交办通知")

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("bot.dialogue.contact.evidence.keep", broken)
    group.says("A-1 佐证", reply=slip, file=("报告.pdf", b"%PDF"))
    world.happens()
    group.hears("出了点问题")
    room.hears("一条消息未能处理")
