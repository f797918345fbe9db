"""What is asked right after an act is about that act: who is silent, what was a mistake, which of them it was."""

import pytest

from db.words import Rank
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Story, task

WANG = "王协调"


@pytest.fixture
def begun(story: Story) -> Story:
    story.begins(
        "2022-06-01 14:00",
        task(1, "2022-09-30", lead=(ECONOMY,), responsible=(EMERGENCY, ENVIRONMENT)),
        task(2, "2022-09-30"),
    )
    story.appoints(WANG, Rank.COORDINATOR)
    story.forget()
    return story


def test_who_takes_a_correction_back_hears_of_every_unit_that_it_changed(begun: Story) -> None:
    begun.room.says("更正 1 期限10月8日", who=WANG)
    begun.forget()
    begun.room.says("撤回", who=WANG)
    begun.room.hears(
        f"〔A-1〕{ECONOMY}、{EMERGENCY}、{ENVIRONMENT}", "一个都没有改回", "要改回请写：更正 A-1 期限2022年9月30日"
    )
    begun.room.says(f"更正 1 {EMERGENCY} 期限10月20日", who=WANG)
    begun.forget()
    begun.room.says("改错了", who=WANG)
    begun.room.hears(f"更正 A-1 {EMERGENCY} 期限2022年10月8日")


@pytest.mark.parametrize("words", ["谁还没报", "谁没回复", "怎么看谁没回复群发"])
def test_who_is_silent_is_asked_of_what_was_just_sent_to_all(begun: Story, words: str) -> None:
    begun.room.says("群发 全部 请报转移情况。选项：已转移/未转移", who=WANG)
    begun.room.presses(begun.room.hears("群发"), "确认发出", who=WANG)
    begun.forget()
    begun.room.says(words, who=WANG)
    begun.room.hears("【群发回执】请报转移情况", "未答复3")


def test_hours_later_who_is_silent_is_asked_of_the_tasks(begun: Story) -> None:
    begun.room.says("群发 全部 今晚有暴雨", who=WANG)
    begun.room.presses(begun.room.hears("群发"), "确认发出", who=WANG)
    begun.until("2022-06-01 17:30")
    begun.forget()
    begun.room.says("谁没回", who=WANG)
    begun.room.hears("尚未签收的单位")


def test_a_round_is_called_by_its_number_and_a_spot_check_alone_is_the_last_one(begun: Story) -> None:
    begun.also_begins("另一份清单", task(1, "2022-09-30"))
    for what in ("第一轮", "第二轮"):
        begun.room.says(f"调度 专项1 6月10日前报送{what}情况，发各单位", who=WANG)
        begun.room.presses(begun.room.hears(what), "确认发出", who=WANG)
        begun.forget()
    begun.room.says("结束调度 1", who=WANG)
    begun.room.presses(begun.room.hears("“第一轮情况”调度没有结束"), "结束并出表", who=WANG)
    begun.room.hears("第一轮", "调度表")
    begun.forget()
    begun.room.says("结束调度 9", who=WANG)
    begun.room.hears("没有这次调度")
    begun.group(ECONOMY).says("办结 A-2")
    begun.forget()
    begun.room.says("核查 A-2", who=WANG)
    begun.room.says("抽查 A 1项", who=WANG)
    begun.forget()
    begun.room.says("抽查", who=WANG)
    begun.room.hears("【抽查】测试清单")
    begun.forget()
