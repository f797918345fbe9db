"""Verdicts whose words leave them open, 退回 A-3 之前先打电话问问: nothing is done, and what can be pressed is shown."""

import pytest

from db.words import NoticeKind, Rank, State
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Story, task

WHO = "王协调"
LEVELS = '[verification]\nlevels = ["self", "lead", "office"]\n'


@pytest.fixture
def office(story: Story) -> Story:
    story.mornings = False
    units = (ECONOMY, EMERGENCY, ENVIRONMENT)
    story.begins("2022-06-01 14:00", *(task(place, "2022-09-30", lead=(unit,)) for place, unit in enumerate(units, 1)))
    story.appoints(WHO, Rank.COORDINATOR)
    story.forget()
    return story


def test_a_report_and_a_request_stay_where_the_words_beside_the_verdict_leave_it_open(office: Story) -> None:
    room, asking = office.room, office.group(EMERGENCY)
    office.group(ECONOMY).says("办结 A-1")
    asking.says("A-2 要延期到10月20日，船没到")
    asking.says("提交")
    office.forget()
    for said in (
        "核查 A-1 之前先看照片",
        "核查 A-1 不通过",
        "退回 A-1 之前先打电话问问",
        "A-1不该退回",
        "核查销号 A-1 还早",
        "核查 A-1 有问题",
        "核查 A-1 照片模糊",
        "A-1 通过，等王局签字后生效",
        "A-1 通过有难度",
        "A-1 退回还是通过",
        "退回 A-1 报王局批",
    ):
        room.says(said, WHO)
        shown = room.hears("〔A-1〕省经信厅没有改动：话里有“")
        assert [label for label, _data in shown.buttons] == ["核查销号", "退回"]
        room.hears_nothing_more()
    for said in (
        "A-2延期同意一半",
        "A-2延期不能同意太久",
        "同意 A-2 三天",
        "A-2延期可以考虑",
        "A-2同意延期，报王局批",
    ):
        room.says(said, WHO)
        room.hears("〔A-2〕省应急管理厅没有改动：话里有“")
        room.hears_nothing_more()
    assert office.line(1).assignment.state is State.REPORTED
    assert office.line(2, EMERGENCY).assignment.decision_pending
    room.says("退回 A-1 照片不清", WHO)
    room.hears("〔A-1〕省经信厅：已退回")
    room.says("不同意延期，时间太久", WHO)
    room.hears("〔A-2〕省应急管理厅：不同意延期")
    office.forget()


def test_what_is_closed_or_goes_on_stays_so(office: Story) -> None:
    room = office.room
    office.group(ECONOMY).says("办结 A-1")
    room.says("A-1通过", WHO)
    office.forget()
    for said, code in (
        ("重开 A-1 吗", "A-1"),
        ("重开 A-1 没必要", "A-1"),
        ("撤销 A-2 不合适", "A-2"),
        ("暂缓 A-2、A-3 不合适", ""),
        ("恢复 A-2、A-3 待定", ""),
        ("撤销 A-2 还是暂缓", "A-2"),
        ("重开 A-1 报王局批", "A-1"),
    ):
        room.says(said, WHO)
        room.hears(f"〔{code}〕" if code else "几项都没有办理", "话里有“")
        room.hears_nothing_more()
    room.says("重开 A-1 现场与报告不符", WHO)
    room.hears("〔A-1〕省经信厅：已重开")
    office.forget()


def test_what_is_written_where_a_reason_was_asked_for_and_is_none_sends_nothing_back(office: Story) -> None:
    room = office.room
    office.group(ECONOMY).says("办结 A-1")
    office.forget()
    for said in ("报王局批", "等王局看了再退"):
        room.says("退回 A-1", WHO)
        room.hears("请回复退回的理由")
        room.says(said, WHO)
        shown = room.hears("〔A-1〕省经信厅没有改动：话里有“")
        assert [label for label, _data in shown.buttons] == ["核查销号", "退回"]
    room.presses(shown, "退回", WHO)
    room.hears("请回复退回的理由")
    room.says("不合适", WHO)
    room.hears("〔A-1〕省经信厅：已退回")
    office.forget()


def test_what_nobody_has_reported_yet_is_told_as_it_stands(office: Story) -> None:
    office.group(ECONOMY).says("收到")
    office.forget()
    for said in ("A-1通过", "退回 A-1 照片不清", "同意 A-1"):
        office.room.says(said, WHO)
        office.room.hears("〔A-1〕省经信厅已签收，不能这样办理。单位还没有报办结，也没有待批的延期")
        office.room.hears_nothing_more()


def test_what_was_drawn_is_shown_where_its_finding_is_left_open(office: Story) -> None:
    room = office.room
    office.group(ECONOMY).says("办结 A-1")
    room.says("A-1通过", WHO)
    room.says("抽查 A 100%", WHO)
    office.forget()
    for said in (
        "A-1抽查不属实判错了",
        "A-1抽查不属实的话要扣几分",
        "A-1不属实要先报王局同意",
        "抽查属实 A-1 还差一张照片",
        "抽查属实 A-1 照片模糊",
    ):
        room.says(said, WHO)
        shown = room.hears("没有改动：话里有“")
        assert [label for label, _data in shown.buttons] == ["属实", "不属实（重开）"]
        room.hears_nothing_more()
    assert office.line(1).assignment.state is State.CLOSED


@pytest.fixture
def looked_at(story: Story) -> Story:
    """The lead is asked to look at what a unit reported, that has a task of its own under the same code."""
    story.mornings = False
    one = task(1, "2022-07-29", lead=(ECONOMY,), responsible=(EMERGENCY,))
    story.begins("2022-06-06 10:00", one, policy=LEVELS)
    story.forget()
    story.group(EMERGENCY).says("办结 1", "钱工")
    story.group(EMERGENCY).says("自查通过 A-1", "孙工")
    story.forget()
    return story


@pytest.mark.parametrize(
    "said",
    ["A-1复查通过不了", "复查通过 A-1 还早，先别报", "复查通过 A-1 照片模糊", "复查退回 A-1 错了", "A-1不该退回"],
)
def test_a_lead_whose_words_leave_it_open_passes_nothing_on_and_sends_nothing_back(looked_at: Story, said: str) -> None:
    lead = looked_at.group(ECONOMY)
    lead.says(said)
    shown = lead.hears("〔A-1〕省应急管理厅没有改动：话里有“")
    assert [label for label, _data in shown.buttons] == ["通过", "退回"]
    assert looked_at.line(1, EMERGENCY).assignment.state is State.REPORTED


@pytest.mark.parametrize(
    "said",
    ["A-1应急厅的退回，还有两家企业没查", "应急厅的A-1退回，还有两家企业没查", "A-1复查不能通过，还有两家企业没查"],
)
def test_a_lead_sends_back_by_name_what_another_unit_reported(looked_at: Story, said: str) -> None:
    looked_at.group(ECONOMY).says(said)
    looked_at.group(ECONOMY).hears("〔A-1〕省应急管理厅：已退回")
    looked_at.group(EMERGENCY).hears("已退回（张工）：还有两家企业没查")


def test_a_lead_passes_on_by_name_what_another_unit_reported(looked_at: Story) -> None:
    looked_at.group(ECONOMY).says("应急厅的A-1属实")
    looked_at.group(ECONOMY).hears("〔A-1〕省应急管理厅：复查通过")
    looked_at.forget()


def test_who_is_to_look_at_a_colleagues_report_sends_it_back_with_why(looked_at: Story) -> None:
    lead = looked_at.group(ECONOMY)
    lead.says("办结 1", "钱工")
    looked_at.forget()
    lead.says("A-1自查不通过，方案还没盖章", "孙工")
    lead.hears("〔A-1〕省经信厅：已退回")
    lead.hears("已退回（孙工）：方案还没盖章")


def test_a_round_and_a_broadcast_end_by_words_where_nobody_is_missing_and_nothing_else_is_said(office: Story) -> None:
    room = office.room
    room.says("/round 6月10日前报送进展，发各单位", WHO)
    room.presses(room.hears("【调度预览】"), "确认发出", WHO)
    office.forget()
    for said, words in (("结束调度之前再催一次", "话里有“之前再催一次”"), ("结束调度", "还有3个单位没有报齐")):
        room.says(said, WHO)
        room.hears("调度没有结束：", words)
        room.hears_nothing_more()
    room.says("是", WHO)
    room.hears("调度表：3项，已报0项")
    office.forget()
    room.says("/broadcast 全部 今晚有暴雨，请加强值守", WHO)
    room.presses(room.hears("今晚有暴雨"), "确认发出", WHO)
    office.until("2022-06-01 15:00")
    office.forget()
    room.says("结束群发", WHO)
    shown = room.hears("群发没有结束：还有3个单位没有答复")
    room.presses(shown, "结束", WHO)
    room.hears("结束")
    office.forget()


@pytest.mark.parametrize(("said", "silent"), [("A-2 锁具", [1]), ("", [1, 2])])
def test_who_spoke_of_a_task_and_was_asked_back_is_not_told_of_as_silent(
    story: Story, said: str, silent: list[int]
) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-08-26"), task(2, "2022-08-26", text="做好栏杆加固整改工作。"))
    story.until("2022-06-02 10:00")
    if said:
        story.group(ECONOMY).says(said)
    story.until("2022-06-15 18:00")
    told = "".join(one.text for one, _id in story.cast.unheard if one.kind is NoticeKind.SILENT)
    chased = "".join(one.text for one, _id in story.cast.unheard if one.kind is NoticeKind.RECEIPT_CHASE)
    for number in (1, 2):
        assert (f"A-{number}〕" in told, f"A-{number}〕" in chased) == (number in silent, number in silent)
    story.forget()


def test_who_spoke_of_a_task_to_no_effect_is_not_silent_of_it_though_they_signed_another_since(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-08-26"), task(2, "2022-08-26", text="做好栏杆加固整改工作。"))
    story.until("2022-06-02 10:00")
    story.group(ECONOMY).says("A-2 锁具")
    story.until("2022-06-02 11:00")
    story.group(ECONOMY).says("A-1收到")
    story.until("2022-06-15 18:00")
    kinds = (NoticeKind.SILENT, NoticeKind.RECEIPT_CHASE)
    assert not [one.text for one, _id in story.cast.unheard if one.kind in kinds and "〔A-2〕" in one.text]
    story.forget()
