"""The walks of docs/architecture.md are gone as they are told (that every place is there, the test of the house holds)."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess
from tests.unit.test_house import HOUSE, PLACE

TOLD = (HOUSE / "docs/architecture.md").read_text(encoding="utf-8")


def walk(title: str) -> list[tuple[str, str]]:
    """Return the places of one walk, in order."""
    return PLACE.findall(TOLD.split(f"**{title}**\n", 1)[1].split("\n\n**", 1)[0].split("\n## ", 1)[0])


@contextmanager
def watched() -> Iterator[list[tuple[str, str]]]:
    """Give the functions of the house that are called meanwhile, in order."""
    called: list[tuple[str, str]] = []

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        path = frame.f_code.co_filename
        if event == "call" and path.startswith(f"{HOUSE}/") and "/.venv/" not in path:
            called.append((path.removeprefix(f"{HOUSE}/"), frame.f_code.co_qualname))

    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(None)


def went(title: str, called: list[tuple[str, str]]) -> None:
    """Expect that the places of a walk were visited in its order."""
    rest = iter(called)
    for stay in walk(title):
        assert stay in rest, f"{title}: {stay} was not visited in its turn"


def begun(world: InProcess) -> tuple[Group, Group]:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    return room, group


def test_a_notice_is_planned_and_goes_out_by_the_walks(telegram: InProcess) -> None:
    room, group = begun(telegram)
    group.presses(group.hears("交办通知"), "收到")
    with watched() as called:
        telegram.until("2022-06-23 12:00")
    group.hears("提醒")
    group.hears("提醒")
    room.hears("每日要情")
    went("A minute passes, and a notice waits", called)
    went("A notice goes out, and what the service said comes back", called)


def test_a_press_goes_its_walk(telegram: InProcess) -> None:
    room, group = begun(telegram)
    slip = group.hears("交办通知")
    with watched() as called:
        group.presses(slip, "报办结")
    went("A press on Telegram changes a state and is answered", called)
    group.hears("已报办结")
    room.hears("待核查")


def test_words_on_wecom_go_their_walk(wecom: InProcess) -> None:
    _room, group = begun(wecom)
    slip = group.hears("交办通知")
    with watched() as called:
        group.says("已完成八成，还差两家", reply=slip)
    went("Words on WeCom are understood", called)
    group.hears("已记录")


def test_a_broadcast_goes_its_walk(telegram: InProcess) -> None:
    room, group = begun(telegram)
    group.hears("交办通知")
    with watched() as called:
        room.says(f"/broadcast@{BOT_NAME} 全部 今晚有暴雨，请加强值守。", who="王协调")
        room.presses(room.hears("预览】"), "确认发出", who="王协调")
        telegram.happens()
    went("A broadcast", called)
    group.hears("今晚有暴雨")
    room.hears("回执】")


@pytest.mark.parametrize("title", re.findall(r"^\*\*(.+)\*\*$", TOLD.split("## Six walks")[1].split("\n## ")[0], re.M))
def test_no_walk_is_longer_than_sixteen_stays(title: str) -> None:
    assert 4 <= len(walk(title)) <= 16
