"""What a unit hears in the course of a campaign, on a virtual clock."""

from datetime import date

import pytest

from db import ledger
from db.ledger import Which, lamp_of
from db.models import Campaign
from db.words import EVERY, DeadlineKind, Lamp, NoticeKind, PastChoice, Reason, Role, State
from jobs.campaigns.recurring import roll_periods
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, ROOM, Story, at, task


@pytest.fixture
def story(story: Story) -> Story:
    """Tell the year without its mornings: half of its work, and of most stories nobody hears them."""
    story.mornings = False
    return story


def test_a_unit_that_answers_is_left_alone_until_its_day_comes_near(story: Story) -> None:
    story.begins("2022-03-01 09:00", task(1, "2022-06-30"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】", "〔A-1〕", "6月30日")
    story.until("2022-03-01 14:00")
    group.says("收到")
    group.hears("已签收〔A-1〕", "张工")
    story.until("2022-05-30 18:00")
    group.hears_nothing_more()
    story.until("2022-05-31 12:00")
    group.hears("【提醒】", "还有30天")


def test_who_signed_once_is_asked_for_no_receipt_anew_and_chased_for_none(story: Story) -> None:
    story.begins("2022-06-20 09:00", task(1, "2022-06-30"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says("收到")
    group.hears("已签收〔A-1〕")
    story.until("2022-06-24 18:00")
    told = group.hears("【提醒】", "还有7天", "已办结请按“报办结”")
    assert "请按“收到”" not in told.text
    group.hears_nothing_more()


def test_a_unit_that_reported_hears_nothing_more(story: Story) -> None:
    story.begins("2022-03-01 09:00", task(1, "2022-06-30"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says("已完成")
    group.hears("已报办结")
    story.room.hears("【待核查】", "省经信厅", "张工")
    story.until("2022-12-31 18:00")
    group.hears_nothing_more()


def test_the_silent_one_climbs_the_ladder_step_by_step_to_the_drafted_summons(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    for day, number in (("2022-06-02", 1), ("2022-06-06", 2), ("2022-06-07", 3)):
        story.until(f"{day} 18:00")
        group.hears("【催签收】")
        assert story.line(1).assignment.chases == number
    story.until("2022-06-08 18:00")
    story.room.hears("【未签收报告】", ECONOMY)
    for day, words in (
        ("2022-06-16", "还有14天"), ("2022-06-23", "还有7天"), ("2022-06-27", "还有3天"), ("2022-06-29", "还有1天"),
        ("2022-06-30", "今天到期"),
    ):  # fmt: skip
        story.until(f"{day} 18:00")
        group.hears("【提醒】", words)
    story.until("2022-07-01 18:00")
    group.hears("【催办】", "已逾期1天")
    story.until("2022-07-05 18:00")
    group.hears("【督办单】")
    story.room.hears("【督办知悉】", ECONOMY)
    story.until("2022-07-11 18:00")
    group.hears_nothing_more()
    story.room.hears("【通报（待签发）】", ECONOMY)
    story.leaders.hears("【通报（待签发）】")
    story.until("2022-07-21 18:00")
    group.hears_nothing_more()
    story.room.hears("【约谈通知（待签发）】")
    story.leaders.hears("【约谈通知（待签发）】")
    story.until("2022-12-31 18:00")
    group.hears_nothing_more()


def test_a_signed_bulletin_goes_to_every_chat_and_a_summons_to_the_unit_and_the_leaders_alone(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"), task(2, None, lead=(EMERGENCY,)))
    story.group(EMERGENCY).hears("【交办通知】")
    story.group(EMERGENCY).says("收到")
    story.until("2022-07-11 18:00")
    story.forget()
    story.leaders.says("签发", who="领导")
    draft = story.leaders.hears("【通报（待签发）】", "（7月1日催办、7月5日督办）")
    story.leaders.presses(draft, "签发", who="领导")
    story.leaders.hears("已签发（第1期），发往2个会话")
    story.until("2022-07-12 18:00")
    story.room.hears("通报（省经信厅）：已签发（第1期）")
    story.group(ECONOMY).hears("【通报】测试清单（2022年第1期）", "签发：领导")
    story.group(EMERGENCY).hears("【通报】")
    story.until("2022-07-21 18:00")
    story.room.hears("【约谈通知（待签发）】")
    draft = story.leaders.hears("【约谈通知（待签发）】")
    story.room.presses(draft, "签发", who="协调员")
    story.room.hears("签发须由签发人办理")
    story.leaders.presses(draft, "签发", who="领导")
    story.leaders.hears("已签发（第1号），发往1个会话")
    story.until("2022-07-22 18:00")
    story.room.hears("约谈（省经信厅）：已签发（第1号）")
    story.group(ECONOMY).hears("【约谈通知】测试清单（2022年第1号）", "7月1日催办、7月5日督办、7月12日通报（第1期）")
    story.leaders.hears_nothing_more()
    story.group(EMERGENCY).hears_nothing_more()


def test_closing_stops_everything_that_is_pending(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says("办结 1")
    group.hears("已报办结")
    request = story.room.hears("【待核查】")
    story.room.presses(request, "核查销号", who="协调员")
    story.room.hears("已核查销号")
    group.hears("【办理结果】", "已核查销号")
    assert story.line(1).assignment.state is State.CLOSED
    assert story.pending_notices() == []
    story.until("2022-12-31 18:00")
    group.hears_nothing_more()


def test_a_returned_report_finds_its_reminders_again(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says("办结 1")
    group.hears("已报办结")
    request = story.room.hears("【待核查】")
    story.until("2022-06-28 15:00")
    group.hears_nothing_more()
    story.room.presses(request, "退回", who="协调员")
    story.room.hears("请回复退回的理由")
    story.room.says("缺少照片", who="协调员")
    story.room.hears("已退回")
    group.hears("【办理结果】", "已退回", "缺少照片")
    group.hears("【提醒】", "还有2天")
    told = {(step.rule, step.told) for step in story.steps()}
    assert {("reminder-14", False), ("reminder-7", False), ("reminder-3", True)} <= told
    story.until("2022-06-28 18:00")
    group.hears_nothing_more()


def test_an_extension_replans_the_reminders_and_the_old_day_stays_visible(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says("申请延期到7月29日，因设备到货推迟")
    echo = group.hears("申请延期", "7月29日", "设备到货推迟", "是否提交")
    group.presses(echo, "提交申请")
    group.hears("已申请延期至2022年7月29日")
    request = story.room.hears("【延期申请】", "7月29日", "设备到货推迟")
    story.until("2022-06-20 12:00")
    group.hears_nothing_more()
    story.room.presses(request, "同意延期", who="协调员")
    story.room.hears("同意延期", "现期限2022年7月29日")
    group.hears("【办理结果】", "同意延期", "原6月30日")
    story.until("2022-07-14 18:00")
    group.hears("【提醒】", "还有30天")
    group.hears_nothing_more()
    one = story.line(1).assignment
    assert (str(one.due), str(one.original_due), one.extensions) == ("2022-07-29", "2022-06-30", 1)


def test_a_refused_extension_leaves_the_day_and_gives_the_reason(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says("延期一周，因招标流标")
    group.presses(group.hears("7月7日", "招标流标"), "提交申请")
    group.hears("已申请延期")
    story.room.presses(story.room.hears("【延期申请】"), "不同意", who="协调员")
    story.room.hears("请回复不同意延期的理由")
    story.room.says("年中必须见效", who="协调员")
    story.room.hears("不同意延期")
    group.hears("不同意延期", "年中必须见效", "6月30日")
    assert story.line(1).assignment.due == story.line(1).assignment.original_due


def test_an_old_button_says_who_was_first_and_changes_nothing(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"))
    group = story.group(ECONOMY)
    slip = group.hears("【交办通知】")
    group.presses(slip, "收到", who="张工")
    group.hears("已签收〔A-1〕（张工")
    group.presses(slip, "收到", who="李工")
    group.hears("已由张工于", "签收，不用再按")
    group.presses(slip, "报办结", who="张工")
    group.hears("已报办结")
    story.room.hears("【待核查】")
    before = story.line(1).assignment.version
    group.presses(slip, "报办结", who="李工")
    group.hears("已由张工于", "报办结，不用再报")
    group.presses(slip, "申请延期", who="李工")
    group.hears("已由张工于", "不用再")
    assert story.line(1).assignment.version == before
    assert story.line(1).assignment.acknowledged_by == "张工"


def test_a_make_up_saturday_is_a_workday(story: Story) -> None:
    story.begins("2022-09-01 09:00", task(1, "2022-09-29"))
    group = story.group(ECONOMY)
    story.until("2022-09-29 18:00")
    story.forget()
    story.until("2022-09-30 18:00")
    group.hears("【催办】")
    story.until("2022-10-08 08:00")
    group.hears_nothing_more()
    story.until("2022-10-09 18:00")
    group.hears("【督办单】")
    story.room.hears("【督办知悉】")


def test_a_reminder_that_falls_on_a_day_off_moves_to_the_workday_before(story: Story) -> None:
    story.begins("2022-09-01 09:00", task(1, "2022-10-04"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says("收到")
    group.hears("已签收")
    story.until("2022-09-27 15:00")
    for words in ("还有32天", "还有14天", "还有7天"):
        group.hears("【提醒】", words)
    story.until("2022-09-30 18:00")
    group.hears("【提醒】", "还有4天")
    group.hears_nothing_more()
    suppressed = {step.rule: step.reason for step in story.steps() if not step.told}
    assert suppressed["reminder-3"] is Reason.SUPERSEDED
    assert suppressed["reminder-1"] is Reason.SUPERSEDED


def test_nothing_goes_out_at_night_or_on_a_day_off_and_never_at_the_crowded_minutes(story: Story) -> None:
    story.mornings = True
    story.begins(
        "2022-01-04 09:00", *(task(n, f"2022-{n:02}-28", responsible=(EMERGENCY, ENVIRONMENT)) for n in range(2, 12, 2))
    )
    story.until("2022-12-31 18:00")
    workdays = story.stage.desk.workdays
    for message, _id in story.cast.unheard:
        assert workdays.is_workday(message.at.date()), message
        assert at("2022-01-01 08:30").time() <= message.at.time() < at("2022-01-01 18:00").time()
        if message.kind is NoticeKind.REMINDER:
            assert message.at.minute % 30
    story.forget()


def test_what_falls_together_is_one_message_with_several_items(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"), task(2, "2022-06-30"), task(3, "2022-07-07"))
    group = story.group(ECONOMY)
    slip = group.hears("【交办通知】", "〔A-1〕", "〔A-2〕", "〔A-3〕", "以下3项")
    group.presses(slip, "全部收到")
    group.hears("已签收〔A-1〕〔A-2〕〔A-3〕")
    story.until("2022-06-23 18:00")
    group.hears("【提醒】", "〔A-3〕", "还有30天")
    group.hears("【提醒】", "〔A-1〕", "〔A-2〕", "还有14天")
    message = group.hears("【提醒】", "〔A-1〕", "〔A-2〕", "〔A-3〕")
    assert [item.days_left for item in message.items] == [7, 7, 14]
    group.hears_nothing_more()


def test_a_unit_that_assists_never_climbs_the_ladder_and_never_holds_up_closing(story: Story) -> None:
    story.begins("2022-06-20 09:00", task(1, "2022-06-30", assist=(EMERGENCY,)))
    helper = story.group(EMERGENCY)
    helper.hears("【交办通知】", "配合")
    story.until("2022-06-30 18:00")
    for words in ("还有7天", "还有3天", "还有1天", "今天到期"):
        helper.hears("【提醒】", words)
    story.until("2022-09-30 18:00")
    helper.hears_nothing_more()
    story.forget()


def test_an_ongoing_task_is_asked_about_four_times_a_year_and_is_never_overdue(story: Story) -> None:
    story.begins("2022-01-04 09:00", task(1, None))
    group = story.group(ECONOMY)
    group.hears("【交办通知】", "长期")
    group.says("收到")
    group.hears("已签收")
    for day in ("2022-03-21", "2022-06-20", "2022-09-20", "2022-12-20"):
        story.until(f"{day} 18:00")
        group.hears("【进展报送】")
    story.until("2023-01-31 18:00")
    group.hears_nothing_more()
    line = story.line(1)
    assert line.lamp(at("2023-01-31 18:00").date()) is Lamp.WHITE


def test_each_period_of_a_recurring_duty_is_an_assignment_of_its_own(story: Story) -> None:
    story.begins("2022-03-01 09:00", task(1, None, kind=DeadlineKind.RECURRING, rule="FREQ=MONTHLY;INTERVAL=3"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】", "3月31日")
    story.until("2022-03-03 15:00")
    story.forget()
    group.says("已完成")
    group.hears("已报办结")
    story.room.presses(story.room.hears("【待核查】"), "核查销号", who="协调员")
    story.forget()
    story.until("2022-05-30 18:00")
    group.hears_nothing_more()
    story.until("2022-05-31 18:00")
    group.hears("【提醒】", "6月30日", "还有30天")
    story.forget()


def test_what_is_due_every_three_years_has_its_day_from_the_beginning_and_comes_again(story: Story) -> None:
    story.begins("2022-03-01 09:00", task(1, None, kind=DeadlineKind.RECURRING, rule="FREQ=YEARLY;INTERVAL=3"))
    story.group(ECONOMY).hears("【交办通知】", "2024年12月31日")
    with story.store.write() as session:
        campaign = session.get_one(Campaign, 1)
        campaign.periods_until = date(2027, 1, 10)
        assert roll_periods(session, campaign, at("2027-01-11 09:00")) == 1
        assert [str(one.assignment.due) for one in ledger.lines(session, Which(EVERY))] == ["2024-12-31", "2027-12-31"]
    story.forget()


def test_ten_days_of_outage_bring_one_message_a_chat(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"), task(2, "2022-06-27"), task(3, "2022-06-23"))
    group = story.group(ECONOMY)
    group.says("收到")
    story.until("2022-06-13 18:00")
    story.forget()
    story.sleeps_until("2022-06-24 09:30")
    story.until("2022-06-24 18:00")
    message = group.hears("〔A-1〕", "〔A-2〕", "〔A-3〕")
    assert {item.kind for item in message.items} == {"reminder", "overdue"}
    group.hears_nothing_more()
    story.forget()


def test_a_list_from_2022_activated_in_2026_bursts_nothing(story: Story) -> None:
    story.begins("2026-03-02 09:00", *(task(n, f"2022-{n:02}-20", responsible=(EMERGENCY,)) for n in range(1, 13)))
    story.group(ECONOMY).hears("【逾期汇总】", "12项", "不催办")
    story.group(EMERGENCY).hears("【逾期汇总】", "12项")
    story.until("2026-12-31 18:00")
    story.group(ECONOMY).hears_nothing_more()
    story.group(EMERGENCY).hears_nothing_more()
    story.room.hears_nothing_more()


def test_past_deadlines_may_be_escalated_from_today(story: Story) -> None:
    story.begins("2026-03-02 09:00", task(1, "2022-06-30"), past=PastChoice.ESCALATE)
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    story.until("2026-03-03 18:00")
    group.hears("【催办】")
    story.forget()


def test_past_deadlines_may_be_taken_as_closed(story: Story) -> None:
    story.begins("2026-03-02 09:00", task(1, "2022-06-30"), past=PastChoice.CLOSE)
    story.group(ECONOMY).hears_nothing_more()
    assert story.line(1).assignment.state is State.CLOSED


def test_a_unit_without_a_chat_loses_nothing(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"), unbound=(ECONOMY,))
    story.until("2022-06-23 18:00")
    from db import outbox, register

    with story.store.write() as session:
        unit = register.get_unit(session, ECONOMY)
        chat = register.ensure_chat(session, "console", ECONOMY, ECONOMY)
        register.bind(session, unit, chat)
        outbox.release(session, unit.id, chat, story.stage.clock.now())
    story.until("2022-06-24 12:00")
    story.group(ECONOMY).hears("【补送】", "〔A-1〕")
    story.group(ECONOMY).hears_nothing_more()
    story.forget()


def test_a_ceiling_keeps_the_ladder_below_those_who_may_not_be_summoned(story: Story) -> None:
    policy = '[[ceiling]]\nunit = "省经*"\nhighest = "overdue"\n'
    story.begins("2022-06-28 09:00", task(1, "2022-06-30"), policy=policy)
    group = story.group(ECONOMY)
    story.until("2022-07-01 18:00")
    story.forget()
    story.until("2022-12-31 18:00")
    group.hears_nothing_more()
    reasons = {step.rule: step.reason for step in story.steps() if not step.told}
    assert reasons["supervision"] is Reason.CEILING
    assert reasons["summons"] is Reason.CEILING
    story.forget()


def test_an_acknowledged_task_without_news_is_asked_about_once_when_its_day_is_near(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says("收到")
    group.hears("已签收")
    story.until("2022-06-16 18:00")
    group.hears("【提醒】", "14天")
    story.until("2022-06-23 18:00")
    group.hears("还有7天")
    asked = [step for step in story.steps() if step.rule == "progress_query"]
    assert [(step.told, step.reason) for step in asked] == [(False, Reason.SUPERSEDED)]
    story.forget()


@pytest.mark.parametrize(
    ("state", "due", "lamp"),
    [
        (State.PENDING, "2022-07-08", Lamp.GREEN),
        (State.PENDING, "2022-07-07", Lamp.YELLOW),
        (State.IN_PROGRESS, "2022-06-30", Lamp.YELLOW),
        (State.IN_PROGRESS, "2022-06-29", Lamp.RED),
        (State.REPORTED, "2022-06-29", Lamp.BLUE),
        (State.CLOSED, "2022-06-29", Lamp.GREY),
        (State.PENDING, None, Lamp.WHITE),
    ],
)
def test_lamps(state: State, due: str | None, lamp: Lamp) -> None:
    day = at(f"{due} 00:00").date() if due else None
    assert lamp_of(state, day, at("2022-06-30 00:00").date()) is lamp


def test_a_supervision_slip_also_reaches_the_lead(story: Story) -> None:
    story.begins("2022-06-28 09:00", task(1, "2022-06-30", lead=(EMERGENCY,), responsible=(ECONOMY,)))
    story.group(EMERGENCY).says("已完成")
    story.until("2022-07-04 18:00")
    story.forget()
    story.until("2022-07-05 18:00")
    story.group(ECONOMY).hears("【督办单】", "请今日说明进展")
    copy = story.group(EMERGENCY).hears("【督办知悉】", "请知悉", ECONOMY)
    assert copy.buttons == ()
    story.room.hears("【督办知悉】", "请知悉")
    assert story.line(1, EMERGENCY).assignment.role is Role.LEAD
    assert story.room.name == ROOM
