"""A receipt is asked once a state: an answer counts as one, and every answered message shows who gave it."""

from db.words import State
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, task
from tests.harness.world import InProcess


def test_a_unit_that_tells_progress_is_asked_for_no_receipt_and_chased_for_none(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-09-30"))
    slip = group.hears("交办通知", "收到")
    group.says("已完成三成", reply=slip)
    group.hears("已记录〔A-1〕进展：30%")
    assert world.line(1).assignment.acknowledged_by == "张工"
    world.until("2022-06-10 18:00")
    group.hears_nothing_more()
    world.silent = True


def test_a_receipt_that_was_given_leaves_the_message_with_a_tick_and_no_button_for_it(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-09-30"), task(2, "2022-09-30"))
    slip = group.hears("交办通知")
    group.says("收到", reply=slip)
    group.hears("已签收〔A-1〕〔A-2〕")
    group.shows(slip, "✓ 张工", "签收〔A-1〕〔A-2〕")
    group.says("收到", reply=slip)
    group.hears("好的。")
    assert {world.line(number).assignment.state for number in (1, 2)} == {State.ACKNOWLEDGED}


def test_of_more_than_five_codes_the_number_is_told(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", *(task(number, "2022-09-30") for number in range(1, 8)))
    slip = group.hears("交办通知")
    group.says("转给李工", reply=slip)
    question = group.hears("请问是哪一项")
    group.presses(question, "全部")
    group.hears("已记下7项：现由李工办理")


def test_a_reply_to_the_earlier_message_of_a_task_is_about_that_task(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"), task(2, "2022-07-31"))
    group.says("收到", reply=group.hears("交办通知"))
    group.hears("已签收")
    world.until("2022-06-23 11:00")
    earlier = group.said("提醒", "〔A-1〕")
    world.until("2022-07-01 11:00")
    world.silent = True
    group.says("已完成六成", reply=earlier)
    assert group.said("已记录〔A-1〕进展：60%")
    assert world.line(2).assignment.percent is None


def test_a_receipt_under_what_asks_for_none_signs_for_nothing(world: InProcess) -> None:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-09-30"), task(2, "2022-09-30"))
    world.silent = True
    group.says("这项由谁验收？", reply=group.hears("交办通知"))
    room.says("由牵头单位验收", reply=room.said("这项由谁验收"), who="王协调")
    group.says("收到", reply=group.said("【答复】", "由牵头单位验收"))
    assert group.said("好的。")
    world.takes_silently()
    room.says(f"/correct@{BOT_NAME} 2 期限8月31日", who="王协调")
    group.says("收到", reply=group.said("【更正通知】"))
    assert group.said("好的。")
    assert {world.line(number).assignment.state for number in (1, 2)} == {State.PENDING}
