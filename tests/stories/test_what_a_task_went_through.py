"""详情: in the room a task shows what all its units did and said, to a unit what is its own."""

from db.words import Rank
from tests.harness.story import ECONOMY, EMERGENCY, Story, task


def test_the_room_sees_every_units_words_and_a_unit_its_own(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30", responsible=(EMERGENCY,)))
    story.appoints("王芳", Rank.COORDINATOR)
    story.group(ECONOMY).says("1 已完成三成")
    story.group(EMERGENCY).says("1 卡住了，还缺企业名单")
    story.forget()
    story.room.says("详情 1", "王芳")
    shown = story.room.hears("省经信厅 张工 报进展：", "已完成三成", "省应急管理厅 张工", "还缺企业名单").text
    assert shown.index("已完成三成") < shown.index("还缺企业名单")
    story.group(ECONOMY).says("详情 1")
    assert "还缺企业名单" not in story.group(ECONOMY).hears("已完成三成").text


def test_who_acts_for_another_house_is_named_with_their_own(story: Story) -> None:
    levels = '[verification]\nlevels = ["lead", "office"]\n'
    story.begins("2022-06-06 10:00", task(1, "2022-09-30", responsible=(EMERGENCY,)), policy=levels)
    story.appoints("王芳", Rank.COORDINATOR)
    story.group(EMERGENCY).says("办结 1", "李工")
    story.group(ECONOMY).says("复查通过 A-1", "孙科")
    story.room.says(f"退回 A-1 {EMERGENCY} 缺照片", "王芳")
    story.group(EMERGENCY).says("办结 1", "李工")
    story.until("2022-06-10 10:00")
    story.forget()
    story.room.says("详情 1", "王芳")
    shown = story.room.hears("〔A-1〕").text
    assert f"{EMERGENCY} 李工 报办结" in shown
    assert f"{ECONOMY} 孙科 复查通过（{EMERGENCY}）" in shown
    assert f"协调室 王芳 退回（{EMERGENCY}）" in shown
    assert f"{EMERGENCY} 到期没有答复，转协调员核查" in shown
    assert "督办 转协调员" not in shown
