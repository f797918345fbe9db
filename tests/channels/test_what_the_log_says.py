"""A played story, with everything logged that can be: no line holds what people wrote, handed in, or are called."""

import logging
from collections.abc import Iterator

import pytest

from bot import logs
from tests.channels.test_contacts import begun
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, task
from tests.harness.world import InProcess

PRIVATE = (
    "张工",
    "王协调",
    "李四",
    "家里有事",
    "资金未到位",
    "七成",
    "说明.pdf",
    "why",
    "今晚有暴雨",
    "经信厅",
    "应急",
    "材料不全",
    "测试清单",
    "聊聊",
)
"""What people wrote, handed in, or are called in this story; names of groups, units and lists, too."""


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Write everything down as ``DUBAN_LOG=DEBUG`` does."""
    lines: list[str] = []

    class Paper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(logs.Lines().format(record))

    paper = Paper()
    paper.addFilter(logs.is_heard)
    caplog.set_level(logging.DEBUG)
    logging.getLogger().addHandler(paper)
    yield lines
    logging.getLogger().removeHandler(paper)


def test_no_line_of_a_played_story_holds_peoples_words_or_names(
    world: InProcess, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    room, group = begun(world, task(1, "2022-06-30"), task(2, "2022-07-31"))
    world.silent = True
    slip = group.hears("交办通知")
    group.presses(slip, "A-1")
    own = group.hears("〔A-1〕")
    group.presses(own, "报进展")
    group.says("完成七成，家里有事，见附件", reply=group.hears("请回复一句进展"), file=("说明.pdf", b"%PDF why"))
    group.says("延期到7月31日，因资金未到位", reply=own)
    group.says("聊聊家里有事", who="李四", reply=own)
    group.says("报办结", reply=own)
    room.says(f"/return@{BOT_NAME} 1 材料不全", who="王协调")
    room.says(f"/broadcast@{BOT_NAME} 全部 今晚有暴雨", who="王协调")
    group.says("收到", who="李四", reply=own)

    def breaks(*_of: object, **_how: object) -> None:
        raise ValueError("张工 家里有事")

    monkeypatch.setattr("bot.dialogue.handle.handle", breaks)
    group.says("聊聊家里有事", reply=own)
    world.until("2022-07-12 12:00")
    assert any(" inbound inbound-taken " in line for line in log)
    assert any(" inbound-failed " in line and "raised=ValueError" in line for line in log)
    assert any(" delivery notice-sent " in line for line in log)
    assert any(" planner planned " in line for line in log)
    told = [(word, line) for line in log for word in (*PRIVATE, ECONOMY) if word in line]
    assert told == []
