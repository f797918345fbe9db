"""打错了，是13台; 不延了; 批了吗: what people say of their own last words, of their requests and reports, on both services."""

import re
from typing import Any

import pytest

from db.words import State
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess


def begun(world: InProcess, *numbers: int) -> tuple[Group, Group, Any]:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", *(task(number, "2022-06-30") for number in numbers or (1, 2)))
    return room, group, group.hears("交办通知")


@pytest.mark.parametrize("words", ["打错了，是13台", "说错了，应该是13台", "刚才写错了，应为13台"])
def test_what_was_told_wrong_is_told_anew_in_one_answer(world: InProcess, words: str) -> None:
    _room, group, slip = begun(world)
    group.says("A-2 查了12台", reply=slip)
    echo = group.hears("已记录〔A-2〕进展")
    group.says(words, reply=echo)
    group.hears("已按您改过的话更正：已记录〔A-2〕进展", "查了13台")


def test_a_share_that_was_told_wrong_is_that_of_the_task_just_told_of(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.says("A-1 40%", reply=slip)
    echo = group.hears("40%")
    group.says("进度刚才报错了，应该是50%", reply=echo)
    group.hears("已按您改过的话更正：已记录〔A-1〕进展：50%")
    assert [world.line(number).assignment.percent for number in (1, 2)] == [50, None]


def test_a_request_that_was_never_made_is_not_taken_back_in_the_place_of_a_report(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("A-2 已办结", reply=slip)
    echo = group.hears("已报办结")
    room.hears("待核查")
    group.says("延期那条撤回", reply=echo)
    world.takes_silently()
    assert world.line(2).assignment.state is State.REPORTED


def test_another_task_and_how_far_it_is_are_two_things_and_how_to_say_them_is_told(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.says("A-1 完成60%", reply=slip)
    echo = group.hears("60%")
    group.says("说错了，是A-2完成60%", reply=echo)
    group.hears("没有改动", "是A-2不是")
    assert [world.line(number).assignment.percent for number in (1, 2)] == [60, None]


def test_later_it_stands_and_the_words_are_heard_as_ever(world: InProcess) -> None:
    _room, group, slip = begun(world, 1)
    group.says("A-1 40%", reply=slip)
    group.hears("40%")
    world.until("2022-06-01 10:30")
    group.says("A-1 报错了，应该是50%", reply=slip)
    assert "更正" not in group.hears("已记录〔A-1〕进展：50%").text
    assert world.line(1).assignment.percent == 50


def asks_for_more_time(group: Group, slip: Any) -> Any:
    group.says("A-1 延期到7月10日，因设备到货推迟", reply=slip)
    group.presses(group.hears("是否提交"), "提交申请")
    return group.hears("已申请延期至2022年7月10日")


@pytest.mark.parametrize("words", ["不延了，能按期完成", "延期申请撤回吧", "不用延期了"])
def test_a_request_that_nobody_has_decided_on_is_let_go_at_any_time(world: InProcess, words: str) -> None:
    room, group, slip = begun(world)
    asked = asks_for_more_time(group, slip)
    request = room.hears("延期申请")
    world.until("2022-06-02 10:00")
    world.takes_silently()
    group.says(words, reply=asked)
    group.hears("〔A-1〕已撤回延期申请，期限仍为2022年6月30日")
    room.learns(request, "撤回申请延期")
    assert not world.line(1).assignment.decision_pending
    room.shows_no_buttons(request)
    world.silent = True


def test_what_waits_for_a_decision_is_told_and_the_office_is_asked_only_with_a_press(world: InProcess) -> None:
    room, group, slip = begun(world)
    asked = asks_for_more_time(group, slip)
    room.hears("延期申请")
    group.says("延期批了吗", reply=asked)
    told = group.hears("〔A-1〕已由张工于6月1日", "申请延期，等待协调员批复")
    room.hears_nothing_more()
    group.presses(told, "再问协调员")
    group.hears("已转达协调员")
    room.hears("提问", "延期批了吗")


def test_where_a_report_has_got_to_is_told(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("A-2 已办结", reply=slip)
    echo = group.hears("已报办结")
    room.hears("待核查")
    group.says("A-2到哪一步了", reply=echo)
    group.hears("〔A-2〕已由张工于6月1日", "报办结，等待协调员核查")


def test_what_was_decided_is_told_too(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("A-2 已办结", reply=slip)
    group.hears("已报办结")
    room.presses(room.hears("待核查"), "核查销号", who="王协调")
    world.takes_silently()
    group.says("A-2核查通过了吗", reply=slip)
    group.hears("〔A-2〕已由王协调于6月1日", "核查销号（已销号）")
    world.silent = True


def test_a_question_of_what_was_never_sent_in_goes_to_the_office(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("A-2审批流程走完了吗", reply=slip)
    group.hears("已转达协调员")
    room.hears("提问", "A-2审批流程")


def test_a_code_alone_answers_what_files_are_for(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.says(reply=slip, file=("复核意见.pdf", b"evidence"))
    group.hears("请问是哪一项")
    world.group("经信厅工作群").room.admin = True
    group.says("A-2")
    group.hears("已收存佐证〔A-2〕：复核意见.pdf")


def test_the_day_of_a_request_may_stand_behind_its_code(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.says("A-1 再宽限几天行不行", reply=slip)
    asked = group.hears("请回复延期到哪一天和原因")
    group.says("A-1 7月5号，因设备到货推迟", reply=asked)
    group.hears("2022年7月5日", "设备到货推迟")


def test_a_question_for_a_day_keeps_the_reason_lets_a_report_pass_and_ends_when_told(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.room.admin = True
    group.says("A-1 申请延期", reply=slip)
    group.hears("请回复延期到哪一天和原因")
    group.says("设备还没到货")
    group.hears("没有读到日期", "请回复延期到哪一天和原因", "不延期的，请写“不延期了”")
    group.says("2022年9月5日")
    group.hears("2022年9月5日", "原因：设备还没到货", "是否提交")
    group.says("不延期了")
    group.hears("没有申请，期限不变")
    group.says("A-1 申请延期", reply=slip)
    group.hears("请回复延期到哪一天和原因")
    group.says("A-1 园区台账已做好")
    group.hears("〔A-1〕", "园区台账已做好", "已经办结")


def test_where_only_the_reason_is_missing_what_is_something_else_is_heard_as_that(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.room.admin = True
    group.says("A-1 申请延期到7月15日", reply=slip)
    group.hears("7月15日", "原因")
    group.says("在吗")
    group.hears("在的，请讲")
    for words in ("那个表发我一下", "晚点写"):
        group.says(words)
        world.takes_silently()
    group.says("设备没到")
    group.hears("2022年7月15日", "原因：设备没到", "是否提交")


def test_more_time_is_asked_for_what_has_a_day_and_offered_for_no_other(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, None), task(2, "2022-06-30"), task(3, None))
    group.hears("交办通知")
    group.room.admin = True
    group.says("延期到7月15日，因设备到货推迟")
    group.hears("〔A-2〕", "2022年7月15日", "是否提交")


def test_more_time_is_offered_first_for_what_was_just_spoken_of(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", *(task(number, f"2022-06-{20 + number}") for number in range(1, 5)))
    slip = group.hears("交办通知")
    group.room.admin = True
    group.says("A-3 完成一半", reply=slip)
    group.hears("〔A-3〕")
    group.says("A-2 完成一半", who="刘工", reply=slip)
    group.hears("〔A-2〕")
    group.says("延期到7月15日，因设备到货推迟")
    asked = group.hears("请问是哪一项")
    shown = f"{asked.text}{''.join(label for label, _data in asked.buttons)}"
    assert list(dict.fromkeys(re.findall(r"A-\d", shown))) == ["A-3", "A-1", "A-2", "A-4"]


def test_more_time_is_offered_for_nothing_that_was_reported(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("A-1 已办结", reply=slip)
    group.hears("已报办结")
    room.hears("待核查")
    group.room.admin = True
    group.says("延期到7月15日，因设备到货推迟")
    group.hears("〔A-2〕", "2022年7月15日", "是否提交")


def test_all_that_is_said_to_be_done_is_offered_as_all(world: InProcess) -> None:
    _room, group, _slip = begun(world)
    group.room.admin = True
    group.says("全部办结")
    asked = group.hears("请问是哪一项")
    group.presses(asked, "全部")
    world.takes_silently()
    assert [world.line(number).assignment.state for number in (1, 2)] == [State.REPORTED, State.REPORTED]


@pytest.mark.parametrize("words", ["是A-2不是A-1", "不是A-1，是A-2", "说错了，是A-2", "上面说的是A-2"])
def test_what_was_told_of_the_wrong_task_counts_for_the_one_that_was_meant(world: InProcess, words: str) -> None:
    _room, group, slip = begun(world)
    group.says("A-1 已完成六成", reply=slip)
    echo = group.hears("已记录〔A-1〕进展：60%")
    group.says(words, reply=echo)
    group.hears("已按您改过的话更正：已记录〔A-2〕进展：60%")
    assert [world.line(number).assignment.percent for number in (1, 2)] == [None, 60]


def test_a_report_of_the_wrong_task_is_taken_back_and_made_of_the_right_one(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("A-1 已办结", reply=slip)
    echo = group.hears("〔A-1〕已报办结")
    request = room.hears("待核查", "〔A-1〕")
    group.says("是A-2不是A-1", reply=echo)
    group.hears("已按您改过的话更正：〔A-2〕已报办结")
    room.shows_no_buttons(request)
    assert [world.line(number).assignment.state for number in (1, 2)] == [State.PENDING, State.REPORTED]
    world.silent = True


def test_a_code_that_answers_which_one_a_photo_is_for_leaves_the_report_before_it(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("A-1 已办结", reply=slip)
    group.hears("〔A-1〕已报办结")
    room.hears("待核查")
    group.says("", file=("现场.jpg", b"1"), reply=slip)
    asked = group.hears("请问是哪一项")
    group.says("是A-2的", reply=asked)
    group.hears("已收存佐证〔A-2〕：现场.jpg")
    assert [world.line(number).assignment.state for number in (1, 2)] == [State.REPORTED, State.PENDING]


def test_what_waits_to_be_placed_is_placed_first(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("A-1 已办结", reply=slip)
    echo = group.hears("〔A-1〕已报办结")
    room.hears("待核查")
    group.says("", file=("现场.jpg", b"1"), reply=slip)
    group.hears("请问是哪一项")
    group.says("说错了，是A-2", reply=echo)
    group.hears("没有改动", "请先在该提问下选择")
    assert [world.line(number).assignment.state for number in (1, 2)] == [State.REPORTED, State.PENDING]


def test_of_two_tasks_told_at_once_only_the_one_that_is_named_as_wrong_is_changed(world: InProcess) -> None:
    _room, group, slip = begun(world, 1, 2, 3)
    group.says("A-1、A-3 已办结", reply=slip)
    world.takes_silently()
    group.says("说错了，是A-2", reply=slip)
    group.hears("没有改动", "刚才一并报了A-1、A-3", "请写明哪一项错了")
    assert [world.line(number).assignment.state for number in (1, 2, 3)] == [
        State.REPORTED,
        State.PENDING,
        State.REPORTED,
    ]
    group.says("是A-2不是A-1", reply=slip)
    world.takes_silently()
    assert [world.line(number).assignment.state for number in (1, 2, 3)] == [
        State.PENDING,
        State.REPORTED,
        State.REPORTED,
    ]


def test_files_that_came_with_what_was_told_of_the_wrong_task_are_spoken_of(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.says("A-1 已完成六成", file=("现场.jpg", b"1"), reply=slip)
    group.hears("已收存佐证〔A-1〕")
    echo = group.hears("60%")
    group.says("说错了，是A-2", reply=echo)
    group.hears("已按您改过的话更正：已记录〔A-2〕进展：60%")
    group.hears("现场.jpg仍收存在〔A-1〕", "照片发错了")


def test_an_end_told_instead_of_progress_is_a_report(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("A-1 已安装30台", reply=slip)
    echo = group.hears("已记录〔A-1〕进展")
    group.says("报错了，应该是已办结", reply=echo)
    group.hears("〔A-1〕已报办结")
    room.hears("待核查")
    assert world.line(1).assignment.state is State.REPORTED


def test_what_was_told_of_two_tasks_is_put_right_of_both(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.says("A-1、A-2 已完成30%", reply=slip)
    world.takes_silently()
    group.says("打错了，是40%", reply=slip)
    world.takes_silently()
    assert [world.line(number).assignment.percent for number in (1, 2)] == [40, 40]


def test_a_sentence_without_an_amount_takes_nothing_back(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.says("A-1 已完成30%", reply=slip)
    echo = group.hears("30%")
    group.says("不对，是系统问题", reply=echo)
    world.silent = True
    assert world.line(1).assignment.percent == 30


def test_what_was_told_yesterday_is_not_what_was_told_just_now(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.says("A-1 已完成六成", reply=slip)
    echo = group.hears("60%")
    group.says("昨天报的那个撤回", reply=echo)
    group.hears("没有可撤回的操作")
    assert world.line(1).assignment.percent == 60


@pytest.mark.parametrize(
    ("words", "percents"),
    [
        ("经信厅A-1 已完成五成", (50, None)),
        ("A-1 应急厅已完成七成", (None, 70)),
        ("省应急管理厅 A-1 已完成八成", (None, 80)),
    ],
)
def test_in_a_chat_of_two_units_the_one_that_is_named_is_meant(
    world: InProcess, words: str, percents: tuple[int | None, int | None]
) -> None:
    world.room()
    group = world.group("两厅工作群", bound_to=(ECONOMY, EMERGENCY))
    world.begins("2022-06-01 10:00", task(1, "2022-06-30", responsible=(EMERGENCY,)))
    slip = group.hears("交办通知", "〔A-1〕")
    world.until("2022-06-01 10:20")
    world.takes_silently()
    group.says(words, reply=slip)
    group.hears("已记录〔A-1〕进展")
    assert (world.line(1).assignment.percent, world.line(1, EMERGENCY).assignment.percent) == percents


@pytest.mark.parametrize(
    ("words", "answer", "reason"),
    [
        ("A-1 6月底搞不出来，要到9月20号，招标流标了", "晚于期限", "原因：6月底搞不出来，招标流标了"),
        ("A-1来不及了，9月20日才能建成", "晚于期限", "原因：来不及了"),
    ],
)
def test_a_day_after_the_deadline_is_recorded_and_offered_as_what_to_ask_for(
    world: InProcess, words: str, answer: str, reason: str
) -> None:
    room, group, slip = begun(world)
    group.says(words, reply=slip)
    told = group.hears("〔A-1〕", answer, "申请延期至9月20日")
    group.presses(told, "申请延期至9月20日")
    echo = group.hears("2022年9月20日", reason, "是否提交")
    group.presses(echo, "提交申请")
    group.hears("已")
    room.hears("9月20日")


def test_a_day_within_the_deadline_asks_for_no_more_time(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.says("A-1 6月20日能完成", reply=slip)
    told = group.hears("预计2022年6月20日", "期限2022年6月30日")
    assert "延期" not in told.text


def test_more_time_for_another_task_too_leaves_the_first_request_to_be_submitted(world: InProcess) -> None:
    _room, group, slip = begun(world, 1, 2)
    group.room.admin = True
    group.says("A-1 延期到7月20日，招标流标了", reply=slip)
    first = group.hears("〔A-1〕申请延期", "7月20日", "是否提交")
    group.says("A-2也要往后推半个月")
    group.hears("〔A-2〕", "7月15日", "原因")
    group.presses(first, "提交申请")
    group.hears("〔A-1〕", "已申请延期至2022年7月20日")
    world.silent = True


def test_more_time_for_something_else_that_is_not_named_asks_for_which(world: InProcess) -> None:
    _room, group, slip = begun(world, 1, 2)
    group.room.admin = True
    group.says("A-1 延期到7月20日，招标流标了", reply=slip)
    group.hears("〔A-1〕申请延期", "是否提交")
    group.says("那个也要往后推半个月")
    group.hears("请问是哪一项")


def test_what_is_added_to_a_report_is_passed_on_and_waits_for_no_answer(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("A-1 已办结", reply=slip)
    echo = group.hears("已报办结")
    room.hears("待核查")
    group.says("另外通报了3家企业", reply=echo)
    group.hears("已报办结，等待核查", "已转达协调员")
    added = room.hears("补充", "〔A-1〕", "通报了3家企业")
    assert "作答" not in added.text
    assert world.line(1).assignment.state is State.REPORTED
