"""What a contact says that only the coordinators' room does is told so, and what is about their own work is not."""

import pytest

from bot.dialogue.handle import OF_THE_ROOM
from tests.harness.story import ECONOMY, Story, task


@pytest.mark.parametrize(
    "said",
    [
        "核查销号 A-1",
        "A-1核查通过",
        "核查 A-1",
        "催办 A-1",
        "全部核查",
        "全部销号",
        "结束专项A",
        "叫应 全部 台风",
        "群发 全部 明天开会",
        "抽查 A 10%",
        "抽查 A 5项",
        "结束调度",
        "结束群发",
        "公示记分 6月",
        "重开 A-1",
    ],
)
def test_it_is_of_the_room(said: str) -> None:
    assert OF_THE_ROOM.search(said)


@pytest.mark.parametrize(
    "said",
    [
        "核查发现两处问题",
        "抽查 12家 合格率90%",
        "抽查完成10%",
        "结束调度会后马上报",
        "A-1通过",
        "退回 A-1 缺台账",
        "更正 A-1 进度80%",
        "核查完了",
        "催办了",
        "启动专项整治",
        "结束专项行动",
        "销号 A-1",
        "全部核查完毕",
        "群发了通知",
        "叫应机制已建立",
        "已核查销号",
    ],
)
def test_it_is_of_the_units_own_work(said: str) -> None:
    assert not OF_THE_ROOM.search(said)


def test_it_is_told_where_that_is_done(story: Story) -> None:
    story.begins("2022-06-22 10:00", task(1, "2022-12-30"))
    group = story.group(ECONOMY)
    slip = group.hears("交办通知")
    group.says("已办结", reply=slip)
    group.hears("已报办结")
    story.room.hears("待核查")
    group.says("核查销号 A-1", reply=slip)
    group.hears("该操作由协调员在协调室办理")
