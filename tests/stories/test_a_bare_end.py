"""结束 alone: of what was just sent, and of no campaign."""

from db.words import Rank
from tests.harness.story import ECONOMY, Story, task


def test_a_bare_end_is_of_what_was_just_sent_and_of_no_campaign(story: Story) -> None:
    story.mornings = False
    story.begins("2022-06-01 14:00", task(1, "2022-08-10"))
    story.appoints("王协调", Rank.COORDINATOR)
    story.forget()
    story.room.says("群发 全部 明早清点沙袋", "王协调")
    shown = story.room.hears("【群发预览】")
    story.room.presses(shown, "确认发出", "王协调")
    story.group(ECONOMY).hears("明早清点沙袋")
    story.forget()
    story.room.says("结束吧", "王协调")
    story.room.hears("群发没有结束", ECONOMY)
    story.forget()
