"""叫应 of nobody in particular calls nobody: whom it is for is asked."""

from db.words import Rank
from tests.harness.story import ECONOMY, Story, task


def test_an_urgent_call_that_names_nobody_is_for_nobody(story: Story) -> None:
    story.mornings = False
    story.begins("2022-06-01 14:00", task(1, "2022-08-10"))
    story.appoints("王协调", Rank.COORDINATOR)
    story.forget()
    story.room.says("叫应 马上核实水位", "王协调")
    story.room.hears("发给全部单位请写：叫应 全部 内容")
    story.room.says(f"群发 {ECONOMY} 明早清点沙袋，语气严肃点", "王协调")
    story.room.hears("没有起草", "不会照印")
    story.group(ECONOMY).hears_nothing_more()
