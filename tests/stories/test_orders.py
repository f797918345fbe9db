"""What is given out to all units, and 交办 or 不交办 said in words of what waits to be given out."""

import pytest

from db.words import Rank
from tests.harness.story import ECONOMY, EMERGENCY, Story, task

WHO, LEADER = "王协调", "刘副市长"


@pytest.fixture
def begun(story: Story) -> Story:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-09-30", lead=(EMERGENCY,)))
    story.appoints(WHO, Rank.COORDINATOR)
    story.appoints(LEADER, Rank.LEADER)
    story.forget()
    return story


def test_a_leader_s_order_to_all_units_is_shown_to_the_coordinators_who_say_why_not(begun: Story) -> None:
    begun.leaders.says("请各单位7月8日前报送防汛小结", who=LEADER)
    begun.room.hears("【领导交办，请核对】", f"责任：{ECONOMY}、{EMERGENCY}", "2022年7月8日")
    begun.leaders.hears("已转协调员核对")
    begun.room.says("不交办，上周已经报过", who=WHO)
    begun.leaders.hears("没有发出（王协调", "上周已经报过")
    begun.room.hears("未交办")


def test_a_coordinator_s_order_to_all_but_one_goes_to_the_others_alone(begun: Story) -> None:
    begun.room.says("请各单位7月8日前报送防汛小结，省经信厅除外", who=WHO)
    begun.room.hears("【待交办，请核对】", f"责任：{EMERGENCY}\n")
    begun.room.says("可以，交办吧", who=WHO)
    begun.room.hears("已交办", f"〔B-1〕{EMERGENCY}")
    begun.group(EMERGENCY).hears("【交办通知】")
    begun.group(ECONOMY).hears_nothing_more()


def test_what_another_coordinator_wrote_down_is_theirs_to_give_out_or_not(begun: Story) -> None:
    begun.appoints("李协调", Rank.COORDINATOR)
    begun.room.says("请各单位7月8日前报送防汛小结，省经信厅除外", who=WHO)
    begun.room.hears("【待交办，请核对】")
    for words in ("不交办", "好，交办吧"):
        begun.room.says(words, who="李协调")
        begun.room.hears("这件事是王协调写的，由王协调决定是否交办")
    begun.room.says("不交办", who=WHO)
    begun.room.hears("未交办")


def test_of_two_that_wait_none_is_given_out_by_a_word_that_names_none(begun: Story) -> None:
    for unit in (ECONOMY, EMERGENCY):
        begun.room.says(f"新增 请{unit}7月8日前报送防汛小结", who=WHO)
    first = begun.room.hears("【待交办，请核对】", ECONOMY)
    begun.room.hears("【待交办，请核对】", EMERGENCY)
    begun.room.says("交办", who=WHO)
    begun.room.hears("有2件等着交办")
    begun.room.says("交办", who=WHO, reply=first)
    begun.room.hears("已交办", f"〔B-1〕{ECONOMY}")
    begun.group(ECONOMY).hears("【交办通知】")
    begun.room.says("不用交办了", who=WHO)
    begun.room.hears("未交办")
    begun.room.says("不用交办了", who=WHO)
    begun.room.hears("没听懂")


def test_what_all_are_to_mind_is_offered_as_a_broadcast(begun: Story) -> None:
    begun.room.says("请各单位加强值班，省经信厅除外", who=WHO)
    begun.room.presses(begun.room.hears("您是要："), "群发：先看预览", who=WHO)
    begun.room.hears(f"发给：除{ECONOMY}外的全部单位——1个单位", "【群发】请各单位加强值班")
