"""催办 of a unit by what its task is about: of that task alone."""

import pytest

from bot.dialogue import access
from db.words import Rank
from tests.harness.story import ECONOMY, EMERGENCY, Story, task


def test_a_unit_is_urged_of_the_task_that_is_called_and_of_no_other(story: Story) -> None:
    story.mornings = False
    story.begins(
        "2022-06-01 14:00",
        task(1, "2022-06-10", text="开展电梯维保专项检查"),
        task(2, "2022-06-10", text="更新避难场所名录"),
        task(3, "2022-06-10", lead=(EMERGENCY,)),
    )
    story.appoints("王协调", Rank.COORDINATOR)
    story.until("2022-06-20 10:00")
    story.forget()
    story.room.says(f"催一下{ECONOMY}的电梯维保", "王协调")
    story.room.hears("已催办〔A-1〕", ECONOMY)
    assert "〔A-2〕" not in story.group(ECONOMY).hears("【催办】").text
    story.room.says(f"再催一下{ECONOMY}", "王协调")
    story.room.hears("已催办〔A-2〕")
    story.group(ECONOMY).hears("〔A-2〕")
    story.group(EMERGENCY).hears_nothing_more()
    story.forget()


def test_more_than_can_be_urged_at_a_time_is_urged_unit_by_unit(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "MOST_URGED", 1)
    story.mornings = False
    story.begins("2022-06-01 14:00", task(1, "2022-06-10"), task(2, "2022-06-10", lead=(EMERGENCY,)))
    story.appoints("王协调", Rank.COORDINATOR)
    story.until("2022-06-20 10:00")
    story.forget()
    story.room.says("催一下过期的", "王协调")
    story.room.hears("要催的有2项，一次最多1项，还没有催；请分单位催")
    story.group(EMERGENCY).hears_nothing_more()
    story.room.says(f"催一下{EMERGENCY}", "王协调")
    story.group(EMERGENCY).hears("【催办】")
    story.room.hears("已催办〔A-2〕")
