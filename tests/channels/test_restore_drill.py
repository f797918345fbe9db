"""The restore drill, with processes: a backup is made while people talk, everything is destroyed, and the restored program goes on."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import select

from db.models import Notice
from db.session import Store
from db.words import DeliveryState, State
from tests.channels.test_process import Begin, begin
from tests.harness.stores import Databases
from tests.harness.story import ECONOMY, task
from tests.harness.world import AsProcess, Group

__all__ = ["begin"]


def is_destroyed(world: AsProcess) -> None:
    """The program is killed, and its database and files are gone."""
    assert world.process is not None
    world.process.kill()
    world.process.communicate()
    world.process = None
    world.store.close()
    for name in ("duban.db", "duban.db-wal", "duban.db-shm"):
        (world.folder / name).unlink(missing_ok=True)
    shutil.rmtree(world.folder / "evidence")


def is_restored(world: AsProcess, backup: Path, into: str) -> None:
    """The operator restores the backup into an empty database, and looks whether everything is in order."""
    world.database = into
    assert "恢复" in world.duban("restore", str(backup))
    world.duban("audit")
    world.store = Store(into)


def said(group: Group, world: AsProcess) -> Counter[str]:
    return Counter(sent.text for sent in world.api.sent if sent.chat == group.room.id)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_backed_up_goes_on_after_everything_is_destroyed_and_nothing_is_said_twice(
    begin: Begin, kind: str, postgresql: Databases
) -> None:
    world = begin()
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"), task(2, "2022-06-30"))
    world.starts()
    slip = group.hears("交办通知")
    group.presses(slip, "全部收到")
    group.says("A-1 已完成", reply=slip)
    reported = group.hears("已报办结")
    request = room.hears("待核查")
    group.says(reply=reported, file=("报告.pdf", b"%PDF"))
    group.hears("已收存佐证〔A-1〕：报告.pdf")
    room.hears("补交：报告.pdf")
    room.hears("报告.pdf")
    world.settles()
    backup = world.folder / "backup.zip"
    world.duban("backup", str(backup))
    group.says("A-2 完成一半", reply=slip)
    group.hears("50%")

    is_destroyed(world)
    is_restored(world, backup, world.database if kind == "sqlite" else postgresql.new())
    before = said(group, world) + said(room, world)

    world.starts()
    assert "已核查销号" in room.presses(request, "核查销号", who="王协调"), "the button from before means what it meant"
    group.hears("【办理结果】", "〔A-1〕")
    world.settles()
    after = said(group, world) + said(room, world)
    assert [text for text in before if after[text] > before[text]] == []
    assert world.line(1).assignment.state is State.CLOSED
    assert world.line(2).assignment.percent is None, (
        "what was said after the backup is not known, and can be said again"
    )
    group.says("A-2 完成一半", reply=slip)
    group.hears("50%")
    world.stops()

    world.starts("2022-06-16 11:00")
    assert "A-1" not in group.hears("【提醒】", "还有14天", "〔A-2〕").text
    room.hears("【督办自报】")
    world.settles()
    world.stops()
    with world.store.read() as session:
        assert {one.state for one in session.exec(select(Notice))} <= {DeliveryState.SENT, DeliveryState.WITHDRAWN}
    world.duban("audit")
