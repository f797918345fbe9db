"""A photograph of a list that is sent to the room is read as a file is: looked at, asked about, and started."""

from db import ledger
from db.words import EVERY
from tests.harness.world import InProcess
from tests.reading.test_pictures import ROWS, TITLE, pages, pytestmark, saved

__all__ = ["pytestmark"]


def test_a_photograph_of_a_list_becomes_a_draft_that_says_it_was_read_from_a_picture(world: InProcess) -> None:
    room = world.room()
    room.room.admin = True
    world.begins("2026-03-02 10:00")
    room.says("导入 2026", who="王协调", file=("照片.jpg", saved(pages()[0])))
    room.hears("【已读入，待启动】专项行动1", TITLE, "由图片识别", "对照原件核对")
    with world.store.read() as session:
        read = {(line.task.number, line.unit.name) for line in ledger.lines(session, ledger.Which(EVERY))}
    assert read >= {(number, lead) for number, _text, lead, _others, _day in ROWS[1:]}
    world.silent = True
