"""What contacts put right, what they were asked and answer later, and which part of a message is asked about."""

import pytest

from db.words import DeadlineKind, Rank, State
from tests.harness.story import ECONOMY, Group, Story, task


@pytest.fixture
def unit(story: Story) -> Group:
    """One unit with three tasks, signed."""
    story.mornings = False
    story.begins("2022-06-20 09:00", *(task(number, "2022-07-31") for number in (1, 2, 3)))
    story.appoints("王协调", Rank.COORDINATOR)
    story.group(ECONOMY).says("收到")
    story.forget()
    return story.group(ECONOMY)


# ---------------------------------------------------------------- why more time is asked for


def test_a_reply_to_the_question_why_is_the_reason_though_another_request_was_begun_since(unit: Group) -> None:
    unit.says("A-1延期到8月15日")
    first = unit.hears("〔A-1〕延期至", "请再回复一句原因")
    unit.says("A-2延期到8月20日")
    unit.hears("〔A-2〕延期至")
    unit.says("检测机构排不过来")
    unit.hears("〔A-2〕申请延期", "原因：检测机构排不过来")
    unit.says("改造方案还没批", reply=first)
    unit.hears("〔A-1〕申请延期", "8月15日", "原因：改造方案还没批")


def test_it_is_also_the_next_day_and_by_a_colleague(story: Story, unit: Group) -> None:
    unit.says("A-1延期到8月15日")
    asked = unit.hears("请再回复一句原因")
    story.until("2022-06-21 10:00")
    story.forget()
    unit.says("改造方案还没批", "李工", reply=asked)
    unit.hears("〔A-1〕申请延期", "原因：改造方案还没批")
    assert story.line(1).assignment.state is State.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("said", "day", "reason"),
    [
        ("理由写错了，是图纸没批", "8月15日", "图纸没批"),
        ("A-1延期的原因写错了，应为图纸没批", "8月15日", "图纸没批"),
        ("时间写错了，是8月25日", "8月25日", "设备没到货"),
    ],
)
def test_another_reason_or_day_stands_in_the_request_before_and_after_it_is_submitted(
    story: Story, unit: Group, said: str, day: str, reason: str
) -> None:
    unit.says("A-1延期到8月15日，因设备没到货")
    unit.hears("8月15日", "设备没到货")
    unit.says(said)
    unit.hears("〔A-1〕申请延期", day, f"原因：{reason}\n")
    unit.says("A-1延期到8月15日，因设备没到货")
    unit.says("提交")
    story.forget()
    unit.says(said)
    unit.hears("已按您改过的话更正：〔A-1〕已申请延期至", day)
    story.room.hears("【延期申请】", day, f"理由：{reason}\n")
    story.room.hears("撤回申请延期")
    assert story.line(1).assignment.decision_pending


# ---------------------------------------------------------------- other figures, tasks, names


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        ("A-1排查12处", "更正，应为21处", "“A-1排查21处”"),
        ("A-1排查12处", "更正：12处改为21处", "“A-1排查21处”"),
        ("A-1排查12处", "不是12处，是21处", "“A-1排查21处”"),
        ("A-1排查12处", "上一条数写错了，是21处", "“A-1排查21处”"),
        ("A-2完成60%", "说错了，A-2是70%", "〔A-2〕进展：70%"),
        ("A-1转给李工办", "说错了，是王工", "〔A-1〕：现由王工办理"),
    ],
)
def test_what_was_just_told_is_told_anew_in_a_line(unit: Group, first: str, then: str, told: str) -> None:
    unit.says(first)
    unit.hears("〔A-")
    unit.says(then)
    unit.hears("已按您改过的话更正", told)


@pytest.mark.parametrize(
    ("first", "then", "why"),
    [
        ("A-1排查12处", "更正", "没有改动：请把正确的写在后面"),
        ("A-1完成60%", "说错了，A-2才是60%", "没有改动：要改到〔A-2〕"),
        ("A-1完成60%", "说错了，A-2收到", "没有改动：要改到〔A-2〕"),
    ],
)
def test_what_cannot_be_put_right_is_told_and_takes_nothing_back(
    story: Story, unit: Group, first: str, then: str, why: str
) -> None:
    unit.says(first)
    unit.hears("〔A-1〕")
    unit.says(then)
    unit.hears(why)
    assert [story.line(number).assignment.state for number in (1, 2)] == [State.IN_PROGRESS, State.ACKNOWLEDGED]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("A-1已办结", "序号填错了，应为A-2"),
        ("A-1已办结", "看岔了，是2号"),
        ("第1项已办结", "不是1号是2号"),
        ("A-1已办结", "A-2写成A-1了"),
        ("第1项已办结，名册交给档案室了", "A-1填错了，应该是A-2"),
        ("A-1已办结", "刚才那个是A-2的"),
    ],
)
def test_what_was_told_under_a_wrong_number_is_told_of_the_task_that_was_meant(
    story: Story, unit: Group, first: str, then: str
) -> None:
    unit.says(first)
    unit.hears("〔A-1〕已报办结")
    story.forget()
    unit.says(then)
    told = unit.hears("已按您改过的话更正：〔A-2〕已报办结")
    assert [story.line(number).assignment.state for number in (1, 2)] == [State.ACKNOWLEDGED, State.REPORTED]
    assert "第1项已" not in story.room.hears("【待核查】", "〔A-2〕").text
    unit.presses(told, "撤回")
    unit.hears("已撤回“报办结”〔A-2〕")
    story.forget()


def test_a_number_that_may_be_a_day_moves_nothing_to_another_task(story: Story, unit: Group) -> None:
    unit.says("A-1培训120人，3号全部结束")
    unit.hears("〔A-1〕")
    unit.says("写错了，是2号")
    assert story.line(2).assignment.state is State.ACKNOWLEDGED
    story.forget()


@pytest.mark.parametrize("then", ["打错了，是210人", "更正一下，是210人", "更正：A-1培训210人", "A-1课件补上了"])
def test_what_is_put_right_or_supplied_beside_a_report_reaches_who_verifies_and_the_report_stands(
    story: Story, unit: Group, then: str
) -> None:
    unit.says("A-1已办结，培训120人")
    story.forget()
    unit.says(then)
    unit.hears("您的话已转达协调员")
    story.room.hears("【补充】", "〔A-1〕", then)
    assert story.line(1).assignment.state is State.REPORTED


@pytest.mark.parametrize("then", ["课件已补", "已经重新补了签到表", "课件换成今年的了"])
def test_of_what_is_supplied_to_what_was_returned_it_is_asked_whether_that_is_all(
    story: Story, unit: Group, then: str
) -> None:
    unit.says("A-1已办结")
    story.room.says("A-1退回，课件是去年的", "王协调")
    returned = next(one for one, _id in story.cast.unheard if "已退回" in one.text and one.chat == ECONOMY)
    story.forget()
    unit.says(then, reply=returned)
    unit.presses(unit.hears("是说已经办结，还是报一次进展"), "已办结")
    unit.hears("〔A-1〕已报办结")
    story.forget()


# ---------------------------------------------------------------- which part, and all of them


def test_it_is_asked_only_of_the_part_that_is_open_and_no_more_is_heard_again(story: Story, unit: Group) -> None:
    story.also_begins("第二份清单", *(task(number, "2022-08-31") for number in (1, 2)))
    story.forget()
    unit.says("A-1办完了，2完成一半")
    unit.hears("〔A-1〕已报办结")
    asked = unit.hears("请问是哪一项？（2完成一半）")
    unit.presses(asked, "B-2〕完成第2项工作。", there=True)
    unit.hears("已记录〔B-2〕进展：50%", "“2完成一半”")
    story.forget()


def test_nothing_to_report_may_be_of_all_duties_that_come_again_and_offers_to_end_each(story: Story) -> None:
    story.mornings = False
    weekly = [
        task(number, None, kind=DeadlineKind.RECURRING, rule="FREQ=WEEKLY;BYDAY=FR", text=f"每周五报送{what}情况。")
        for number, what in ((1, "高温救治"), (2, "施工事故"))
    ]
    story.begins("2022-06-20 09:00", *weekly, task(3, "2022-07-31"))
    unit = story.group(ECONOMY)
    unit.says("收到")
    story.forget()
    unit.says("本周零报告")
    unit.presses(unit.hears("请问是哪一项"), "全部", there=True)
    told = unit.hears("已记录2项进展〔A-1〕〔A-2〕")
    assert "A-3" not in told.text
    assert [label for label, _data in told.buttons] == ["〔A-1〕已办结", "〔A-2〕已办结", "撤回"]
    unit.presses(told, "A-1〕已办结")
    unit.hears("〔A-1〕已报办结")
    unit.says("全部零报告")
    unit.hears("已记录")
    story.forget()
