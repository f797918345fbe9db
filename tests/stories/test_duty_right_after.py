"""后天李工, 错了，是李工: right after duty was written down somebody goes on about it; what is only planned or guessed is no fact."""

import pytest

from db.words import Rank
from tests.harness.story import Group, Story, task

WATER = "市水务局"
WHO = "韩协调"


@pytest.fixture
def room(story: Story) -> Group:
    story.begins("2022-06-01 09:00", task(1, "2022-07-30", lead=(WATER,)))
    story.appoints(WHO, Rank.COORDINATOR)
    story.until("2022-06-14 10:00")
    story.forget()
    return story.room


@pytest.mark.parametrize(
    ("goes_on", "row"),
    [
        ("后天郑洁", "2022年6月16日（周四）：郑洁"),
        ("明天还是郑洁", "2022年6月15日（周三）：郑洁"),
        ("明天改成老吴", "2022年6月15日（周三）：老吴"),
        ("错了，是郑洁", "2022年6月15日（周三）：郑洁"),
        ("6月18日是郑洁和吴工", "2022年6月18日（周六）：郑洁、吴工"),
    ],
)
def test_who_goes_on_about_duty_is_understood(story: Story, room: Group, goes_on: str, row: str) -> None:
    room.says("明天老孙值班", who=WHO)
    room.hears("已记下", "老孙")
    room.says(goes_on, who=WHO)
    room.hears("已记下", row)
    story.forget()


@pytest.mark.parametrize(
    "said", ["后天周五", "明天高温", "吴局", "吴工来了", "后天可能郑洁", "是郑洁吗", "18号起郑洁", "明天安排"]
)
def test_what_may_be_something_else_is_no_duty(story: Story, room: Group, said: str) -> None:
    room.says("明天老孙值班", who=WHO)
    room.hears("已记下", "老孙")
    room.says(said, who=WHO)
    assert not any("已记下" in message.text for message, _id in story.cast.unheard)
    story.forget()


def test_a_name_and_a_day_alone_are_no_duty_where_nothing_was_written_down_before(story: Story, room: Group) -> None:
    room.says("后天郑洁", who=WHO)
    room.hears("没听懂")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("明天本来老孙值班", "话里有“本来”，还没有定"),
        ("明天暂定老孙值班", "话里有“暂定”，还没有定"),
        ("明天就老孙值班", "2022年6月15日（周三）：老孙"),
        ("明天老孙先值班", "2022年6月15日（周三）：老孙"),
    ],
)
def test_what_stands_beside_a_name_is_no_part_of_it(story: Story, room: Group, said: str, told: str) -> None:
    room.says(said, who=WHO)
    assert told in room.hears("").text
    story.forget()
