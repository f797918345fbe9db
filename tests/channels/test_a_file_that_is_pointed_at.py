"""A file that somebody merely forwarded to the room is read when it is pointed at and asked for: on both services."""

import pytest

from bot.channels.incoming import asks_to_read
from db import ledger
from db.words import EVERY
from tests.channels.test_room import LIST
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY
from tests.harness.world import Group, InProcess
from tests.reading.test_pictures import pages, saved
from tests.reading.test_pictures import pytestmark as with_ocr

CONTENT = LIST.encode()


def points_at(world: InProcess, room: Group, words: str, name: str, content: bytes) -> None:
    """A coordinator answers what a colleague forwarded, which the bot was never told of."""
    how = "pointed_at" if world.platform.edits else "file"
    room.says(words, who="王协调", **{how: (name, content)})


@pytest.mark.parametrize("words", [f"/import@{BOT_NAME} 2022", "导入 2022", "读一下", "2022年的，帮忙读一下这个"])
def test_a_forwarded_list_is_read_where_it_is_pointed_at(world: InProcess, words: str) -> None:
    room = world.room()
    room.room.admin = True
    points_at(world, room, words, "2022年清单.txt", CONTENT)
    room.hears("【已读入，待启动】专项行动1")
    world.silent = True  # a day that is open is asked about


def test_a_list_pointed_at_is_compared_with_the_one_that_it_revises(world: InProcess) -> None:
    room = world.room()
    room.room.admin = True
    points_at(world, room, "导入 2022", "2022年清单.txt", CONTENT)
    room.hears("专项行动1")
    world.takes_silently()
    points_at(world, room, "修订 1", "2022年清单（修订）.txt", CONTENT.replace("6月30日".encode(), "7月8日".encode()))
    room.hears("修订")
    world.silent = True


def test_a_file_pointed_at_without_a_word_of_reading_is_left_alone(world: InProcess) -> None:
    room = world.room()
    room.room.admin = True
    if world.platform.edits:  # elsewhere whatever is quoted is handed to the bot
        points_at(world, room, "谁还没签收", "2022年清单.txt", CONTENT)
        assert not [sent for sent in world.api.sent if "已读入" in sent.text or "不带文件" in sent.text]
        world.takes_silently()


def test_a_unit_s_group_imports_nothing(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    group.room.admin = True
    points_at(world, group, "导入", "2022年清单.txt", CONTENT)
    with world.store.read() as session:
        assert not list(ledger.lines(session, ledger.Which(EVERY)))
    world.silent = True


@with_ocr
def test_a_forwarded_photograph_is_read(world: InProcess) -> None:
    room = world.room()
    room.room.admin = True
    points_at(world, room, "读一下 2026", "清单.jpg", saved(pages()[0]))
    room.hears("【已读入，待启动】专项行动1", "由图片识别")
    world.silent = True


@pytest.mark.parametrize(
    ("words", "reads"),
    [
        ("/import", True),
        ("导入 2022", True),
        ("这个读一下", True),
        ("识别一下", True),
        ("修订 1", True),
        ("放弃导入 1", False),
        ("更正 7 导入前已办结", False),
        ("谁还没签收", False),
        ("收到", False),
        ("修订稿什么时候发", False),
        ("请把这份通知认真读一下，" + "对照要求逐项落实，" * 5, False),
    ],
)
def test_words_that_ask_to_read_what_they_point_at(words: str, reads: bool) -> None:
    assert asks_to_read(words) is reads
