"""催办 is the one act of the room that is done without a preview: what may be no order is shown first."""

from db.words import Rank
from tests.harness.story import ECONOMY, EMERGENCY, Story, task


def test_talk_is_shown_first_and_a_code_that_is_left_out_is_not_urged(story: Story) -> None:
    story.mornings = False
    story.begins("2022-06-01 14:00", task(1, "2022-06-10"), task(2, "2022-06-10", lead=(EMERGENCY,)))
    story.appoints("王协调", Rank.COORDINATOR)
    story.until("2022-06-20 10:00")
    story.forget()
    story.room.says(f"催{ECONOMY}的事老赵在管", "王协调")
    shown = story.room.hears("话里有", "还没有催")
    story.room.says(f"约谈{ECONOMY}的事回头再说", "王协调")
    story.room.hears("没有拟约谈通知")
    story.room.says("A-2催一下，A-1不用催，月底要开会", "王协调")
    story.room.hears("已催办〔A-2〕", "不催：〔A-1〕", "“月底要开会”没有转给单位")
    story.group(EMERGENCY).hears("【催办】")
    story.group(ECONOMY).hears_nothing_more()
    story.room.presses(shown, "确认催办", "王协调", there=True)
    story.group(ECONOMY).hears("【催办】")
    story.forget()
