"""A decision that applies to no unit of a task is answered with how they stand and what can be done."""

from db.words import Rank
from tests.harness.story import ECONOMY, EMERGENCY, Story, task


def test_the_states_are_named_and_the_way_on(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30", responsible=(EMERGENCY,)))
    story.appoints("王芳", Rank.COORDINATOR)
    story.group(ECONOMY).says("办结 1")
    story.room.says("核查 1", "王芳")
    story.forget()
    story.room.says("退回 1 缺验收单", "王芳")
    story.room.hears("〔A-1〕省经信厅已销号", "省应急管理厅待签收", "不能这样办理", "已销号的先", "A-1 理由")
    story.room.hears_nothing_more()
