"""Coordinators write as they would to a colleague; contacts call a task by what it is about. On both services."""

from typing import Any

import pytest

from db.words import State
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import task
from tests.harness.world import Group, InProcess

HOUSING = "市住房和城乡建设局"
CRANES = "逐台检查塔吊。"


def begun(world: InProcess) -> tuple[Group, Group, Any]:
    room, group = world.room(), world.group("住建局工作群", bound_to=(HOUSING,))
    world.begins(
        "2022-06-01 10:00",
        task(1, "2022-06-30", lead=(HOUSING,)),
        task(2, "2022-07-31", lead=(HOUSING,), text=CRANES),
    )
    return room, group, group.hears("交办通知")


def says(room: Group, words: str) -> None:
    """Say it to the bot as each service hears it: in reply to what it said before."""
    room.says(f"/status@{BOT_NAME}", who="王协调")
    room.says(words, who="王协调", reply=room.hears("共2项"))


def test_another_day_in_words_is_offered_and_set_with_a_press(world: InProcess) -> None:
    room, group, _slip = begun(world)
    says(room, "把A-1的期限改成7月15号")
    offer = room.hears("您是要：")
    room.presses(offer, "〔A-1〕期限改为7月15日", who="王协调")
    room.hears("〔A-1〕已更正", "2022年7月15日")
    group.hears("更正通知", "7月15日")
    assert str(world.line(1, HOUSING).assignment.due) == "2022-07-15"


def test_a_summons_that_is_wished_for_is_offered_and_nobody_is_summoned_for_what_is_not_late(world: InProcess) -> None:
    room, _group, _slip = begun(world)
    says(room, "要约谈住建局")
    labels = [label for label, _data in room.hears("您是要：").buttons]
    assert (labels[0][:5], labels[1]) == ("拟约谈市住", "看待签发")
    says(room, "约谈住建局")
    room.hears(f"{HOUSING}没有逾期未办的事项，没有拟约谈通知")


def test_who_is_silent_is_urged_as_one_says_it(world: InProcess) -> None:
    room, group, _slip = begun(world)
    says(room, "谁没回")
    room.hears("尚未签收的单位", HOUSING)
    says(room, "给住建局再发一遍")
    room.hears("已催办", HOUSING)
    group.hears("催签收")
    says(room, "催 A-2")
    room.hears("今天不再催")


def test_a_task_is_found_by_what_it_is_about(world: InProcess) -> None:
    room, group, _slip = begun(world)
    says(room, "塔吊那项怎么样了")
    room.hears("〔A-2〕", "逐台检查塔吊")
    group.says(f"/list@{BOT_NAME}")
    group.says("塔吊那项办完了", reply=group.hears("待办任务（2项）"))
    asked = group.hears("说的是〔A-2〕逐台检查塔吊吗？", "塔吊那项办完了")
    group.presses(asked, "〔A-2〕逐台检查塔吊。")
    group.hears("〔A-2〕已报办结")
    room.hears("待核查", "〔A-2〕")
    assert world.line(2, HOUSING).assignment.state is State.REPORTED
    assert world.line(1, HOUSING).assignment.state is State.PENDING


def test_what_is_said_of_a_unit_by_telephone_is_recorded_with_a_press(world: InProcess) -> None:
    room, _group, _slip = begun(world)
    says(room, "住建局打电话说A-1已经办完了")
    offer, world.silent = room.hears("您是要："), True
    room.presses(offer, "代录〔A-1〕", who="王协调")
    room.said("报办结（代录）")
    assert world.line(1, HOUSING).assignment.state is State.REPORTED


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("A-1办结了吗", "〔A-1〕完成第1项工作。"),
        ("住建局那边什么情况", f"{HOUSING}（2项）"),
        ("有没有要批的延期", "延期（0项）"),
        ("总体情况怎么样", "共2项"),
        ("你能干啥", "全部"),
        ("晚上吃什么", "没听懂"),
        ("谁还没签", "尚未签收的单位"),
        ("上周办结了几项", "上周销号（0项）"),
        ("为什么住建局还没收到通知", "未签收（2项）"),
        ("给各单位发个通知 明天下午三点开会", "【群发】明天下午三点开会"),
        ("领导要看总体进展 给一页纸", "督查一页纸"),
        ("催一下住建局", "已催办"),
        ("住建局签收了没", f"{HOUSING}（2项）"),
        ("住建局回了没有", f"{HOUSING}（2项）"),
        ("催没回的", "将催办1个单位"),
        ("把A-1的期限改成6月31号", "没有看懂新的期限"),
        ("通知各单位：今晚有暴雨，请加强值守！（24小时）", "【群发】今晚有暴雨，请加强值守！（24小时）"),
        ("通知住建局明天开会", f"发给：{HOUSING}"),
        ("通知卫健局明天开会", "没有找到单位“卫健局”"),
        ("发给领导", "没有找到单位“领导”"),
        ("A-2抓紧办", "您是要："),
        ("住建局赶紧弄", "您是要："),
        ("A-2", "〔A-2〕逐台检查塔吊"),
        ("2号", "〔A-2〕逐台检查塔吊"),
        ("发我一份逾期清单", "逾期（0项）"),
        ("统计一下各单位完成情况", "共2项"),
        ("6月记分", "【记分】2022年6月"),
        ("排个名", "【记分】2022年6月"),
        ("A-2内容改成逐台检查塔吊和升降机", "您是要："),
        ("A-9延到7月1日", "没有编号为“A-9”的任务"),
        ("/invite", "请写明邀请谁"),
        ("卫健局什么情况", "名录里没有“卫健局”"),
        ("A-2转给市卫健局", "名录里没有“市卫健局”"),
        ("请住建局上报塔吊清单", "您是要："),
        ("请卫健局报送名单", "名录里没有卫健局"),
        ("今天别催了", "自动消息只在工作日的上班时间发"),
        ("周末不要发消息", "没有改动"),
        ("好的", "好的。"),
        ("通报谁", "没有待签发的文稿"),
        ("住建局怎么这么慢", f"{HOUSING}（2项）"),
        ("请市卫健局于6月20日前报送接种名单", "名录里没有市卫健局"),
        ("请市住房和城乡建设局、市卫健局于6月20日前报送名单", "名录里没有市卫健局"),
    ],
)
def test_what_is_asked_for_is_shown(world: InProcess, words: str, answer: str) -> None:
    room, _group, _slip = begun(world)
    says(room, words)
    room.hears(answer)
    world.silent = True


def test_who_is_to_be_urged_later_is_not_urged_now_but_offered(world: InProcess) -> None:
    room, group, _slip = begun(world)
    says(room, "明天提醒我催住建局")
    room.hears("您是要：")
    group.hears_nothing_more()


def test_a_task_that_is_no_longer_wanted_is_offered_to_be_cancelled_or_waived(world: InProcess) -> None:
    room, group, _slip = begun(world)
    says(room, "A-2算了吧 不用报了")
    offer = room.hears("您是要：")
    assert [label for label, _data in offer.buttons] == ["撤销〔A-2〕", "免办〔A-2〕"]
    group.hears_nothing_more()
    assert world.line(2, HOUSING).assignment.state is State.PENDING


def test_nothing_is_offered_of_a_campaign_that_is_over(world: InProcess) -> None:
    room, _group, _slip = begun(world)
    room.says(f"/end@{BOT_NAME} 1", who="王协调")
    room.presses(room.hears("要结束专项行动1"), "确认结束", who="王协调")
    world.takes_silently()
    room.says(f"/campaigns@{BOT_NAME}", who="王协调")
    room.says("A-2延到7月1日", who="王协调", reply=room.hears("专项行动"))
    assert "已由王协调于2022年6月1日结束" in room.hears("专项行动1").text


def test_a_new_text_in_words_is_offered_and_set_with_a_press(world: InProcess) -> None:
    room, _group, _slip = begun(world)
    says(room, "A-2内容改成逐台检查塔吊和升降机")
    offer = room.hears("您是要：")
    assert [label for label, _data in offer.buttons] == ["〔A-2〕改内容", "看〔A-2〕"]
    room.presses(offer, "〔A-2〕改内容", who="王协调")
    room.hears("〔A-2〕已更正", "逐台检查塔吊和升降机")
    assert world.line(2, HOUSING).task.text == "逐台检查塔吊和升降机"


def test_of_a_day_that_is_read_only_that_is_offered(world: InProcess) -> None:
    room, _group, _slip = begun(world)
    says(room, "A-1给住建局延到7月20")
    offer = room.hears("您是要：")
    assert len(world.platform.labels(offer)) == 1
    assert "〔A-1〕期限改为7月20日" in (
        offer.text if world.platform.name == "wecom" else world.platform.labels(offer)[0]
    )
