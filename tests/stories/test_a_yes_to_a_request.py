"""A word in reply to who asks for more time: what agrees gives it, and a nod gives nothing and says so."""

import pytest

from db.words import Rank
from tests.harness.story import ENVIRONMENT, Group, Message, Story, task

WHO = "王协调"


@pytest.fixture
def asked(story: Story) -> Message:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30", lead=(ENVIRONMENT,)))
    story.appoints(WHO, Rank.COORDINATOR)
    story.forget()
    unit: Group = story.group(ENVIRONMENT)
    unit.says("A-1 要延期到10月20日，船没到")
    unit.says("提交")
    shown = story.room.hears("申请延期")
    story.forget()
    return shown


@pytest.mark.parametrize("said", ["可以", "没问题", "嗯，可以", "可以的。", "好，同意"])
def test_what_agrees_gives_more_time(story: Story, asked: Message, said: str) -> None:
    story.room.says(said, who=WHO, reply=asked)
    story.room.hears("〔A-1〕省生态环境厅：同意延期", "2022年10月20日")
    assert not story.line(1, ENVIRONMENT).assignment.decision_pending
    story.forget()


@pytest.mark.parametrize("said", ["行", "OK", "好的", "嗯嗯", "收到"])
def test_a_nod_gives_nothing_and_is_told_so(story: Story, asked: Message, said: str) -> None:
    story.room.says(said, who=WHO, reply=asked)
    told = story.room.hears("〔A-1〕省生态环境厅的延期还没有批")
    assert [label for label, _data in told.buttons] == ["同意延期", "不同意"]
    story.room.presses(told, "同意延期", who=WHO, there=True)
    story.room.hears("〔A-1〕省生态环境厅：同意延期")
    story.forget()


@pytest.mark.parametrize("said", ["可以再等等吗", "可以，最多给到10月10日"])
def test_what_says_more_gives_nothing_by_its_first_word(story: Story, asked: Message, said: str) -> None:
    story.room.says(said, who=WHO, reply=asked)
    assert story.line(1, ENVIRONMENT).assignment.decision_pending
    story.forget()


@pytest.mark.parametrize(
    "said", ["A-1延期同意，但最多到10月8日", "A-1同意延期，不过最晚到10月8日", "同意，但不能超过10月8日"]
)
def test_who_agrees_but_only_up_to_another_day_is_offered_that_day(story: Story, asked: Message, said: str) -> None:
    story.room.says(said, who=WHO, reply=None if "A-1" in said else asked)
    told = next(one for one, _id in reversed(story.cast.unheard) if one.buttons)
    assert "同意延期至10月8日" in [label for label, _data in told.buttons]
    assert story.line(1, ENVIRONMENT).assignment.decision_pending
    story.forget()
