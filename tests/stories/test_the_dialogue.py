"""What people say and press, and what becomes of it."""

import pytest
from sqlmodel import select

from db import ledger, register
from db.models import Evidence, History, Inbound
from db.words import LIVING, Rank, State
from tests.harness.story import ECONOMY, EMERGENCY, ROOM, Story, task


def begins(story: Story, *numbers: int) -> None:
    """Begin a campaign with some tasks of one unit, and hear its slip."""
    story.begins("2022-06-01 14:00", *(task(number, "2022-09-30") for number in numbers or (1,)))
    story.group(ECONOMY).hears("【交办通知】")


def test_of_several_tasks_the_bot_asks_which_and_the_press_plays_the_message_again(story: Story) -> None:
    begins(story, 1, 2)
    group = story.group(ECONOMY)
    group.says("已完成")
    question = group.hears("请问是哪一项")
    group.presses(question, "A-2〕完成第2项工作。")
    group.hears("〔A-2〕已报办结")
    story.room.hears("【待核查】", "〔A-2〕")
    assert story.line(1).assignment.state is State.PENDING


def test_a_reply_to_a_message_needs_no_number(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-09-30", lead=(ECONOMY,)))
    group = story.group(ECONOMY)
    slip = group.hears("【交办通知】")
    group.presses(slip, "A-2")
    shown = group.hears("〔A-2〕", "牵头")
    group.presses(shown, "报进展")
    group.hears("请回复一句进展")
    group.says("已完成八成，预计下周收尾")
    group.hears("已记录〔A-2〕进展：80%")
    assert story.line(2).assignment.percent == 80


def test_a_doubtful_completion_is_asked_about_and_never_taken_for_a_report(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("桥面铺装已完成")
    question = group.hears("请确认", "已经办结")
    assert story.line(1).assignment.state is State.PENDING
    group.presses(question, "报进展")
    group.hears("已记录〔A-1〕进展")
    assert story.line(1).assignment.state is State.IN_PROGRESS


def test_not_finished_is_an_answer_and_no_report(story: Story) -> None:
    begins(story)
    story.group(ECONOMY).says("还没完成")
    story.group(ECONOMY).hears("尚未办结")
    assert story.line(1).assignment.state is State.IN_PROGRESS


def test_what_was_understood_can_be_taken_back_for_ten_minutes(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("办结 1")
    echo = group.hears("已报办结")
    story.room.hears("【待核查】")
    group.presses(echo, "撤回", who="李工")
    group.hears("没有可撤回的操作")
    story.until("2022-06-01 14:09")
    group.presses(echo, "撤回")
    group.hears("已撤回“报办结”", "待签收")
    story.room.hears("【待核查后续】〔A-1〕张工", "撤回报办结")
    assert story.line(1).assignment.reported_at is None
    group.says("办结 1")
    group.hears("已报办结")
    story.room.hears("【待核查】")
    story.until("2022-06-01 14:30")
    group.says("撤回")
    group.hears("没有可撤回的操作")


def test_evidence_is_kept_with_the_report_and_shown_to_the_coordinator(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("已完成", file="../../复核意见.pdf")
    group.hears("已收存佐证〔A-1〕：复核意见.pdf")
    group.hears("已报办结")
    story.room.hears("【待核查】", "佐证：复核意见.pdf")
    with story.store.read() as session:
        kept = session.exec(select(Evidence)).one()
    assert (story._folder / "evidence" / kept.sha256[:2] / kept.sha256).read_bytes() == b"evidence"


def test_what_was_decided_at_night_is_not_asked_for_in_the_morning(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    story.until("2022-06-01 22:00")
    story.forget()
    group.says("延期到10月20日，因设备到货推迟")
    group.presses(group.hears("是否提交"), "提交申请")
    group.hears("已申请延期")
    story.room.says("/grant A-1", who="协调员")
    story.room.hears("同意延期")
    story.until("2022-06-02 10:00")
    group.hears("【办理结果】", "同意延期")
    story.room.hears_nothing_more()


def test_a_request_that_brings_files_comes_though_it_was_decided(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    story.until("2022-06-01 22:00")
    story.forget()
    group.says("已完成", file="复核意见.pdf")
    group.hears("已收存佐证")
    group.hears("已报办结")
    story.room.says("/verify A-1", who="协调员")
    story.room.hears("已核查销号")
    story.until("2022-06-02 10:00")
    group.hears("【办理结果】")
    story.room.hears("【待核查】", "佐证：复核意见.pdf")


def test_a_day_that_the_grammar_does_not_know_is_read_by_the_library_and_echoed(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("申请延期")
    group.hears("请回复延期到哪一天和原因")
    group.says("延期到9999年12月31日")
    group.hears("所写的日期没有读懂（年份不在1949—2100年之内，须人工核对）", "请回复延期到哪一天")
    group.says("Oct 20 2022")
    group.hears("延期至2022年10月20日", "再回复一句原因")
    group.says("设备到货推迟")
    group.presses(group.hears("10月20日", "设备到货推迟", "是否提交"), "提交申请")
    group.hears("已申请延期至2022年10月20日")
    story.room.hears("【延期申请】")


@pytest.mark.parametrize(
    "words", ["10月8日，因验收排期", "10月8日 验收排期", "到10月8日，原因是验收排期", "10月8日。验收排期"]
)
def test_who_is_asked_for_a_day_and_a_reason_says_both_without_the_word_for_more_time(story: Story, words: str) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("申请延期")
    group.hears("请回复延期到哪一天和原因")
    group.says(words)
    group.hears("2022年10月8日", "原因：验收排期", "是否提交")


def test_a_question_goes_to_the_room_and_the_answer_comes_back(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("请问验收按哪个标准？", who="陈工")
    group.hears("已转达协调员")
    question = story.room.hears("【提问】", ECONOMY, "陈工", "验收按哪个标准")
    story.room.says("按2021年的标准", who="协调员", reply=question)
    story.room.hears("已答复省经信厅")
    group.hears("【答复】", "按2021年的标准", "验收按哪个标准")


def test_my_tasks_and_one_of_them_are_shown(story: Story) -> None:
    begins(story, 1, 2, 3)
    group = story.group(ECONOMY)
    group.says("我的任务")
    group.hears("待办任务（3项）", "〔A-1〕", "〔A-3〕", "9月30日")
    group.says("详情 2")
    group.hears("〔A-2〕", "牵头 省经信厅：待签收")
    group.says("帮助")
    group.hears("收到——签收")


def test_chatter_is_not_answered(story: Story) -> None:
    begins(story)
    story.group(ECONOMY).says("哈哈，今天天气不错")
    story.group(ECONOMY).hears_nothing_more()


def test_coordinators_act_by_words_with_the_unit_named(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30", responsible=(EMERGENCY,)))
    story.forget()
    for unit in (ECONOMY, EMERGENCY):
        story.group(unit).says("办结 1")
        story.group(unit).hears("已报办结")
        story.room.hears("【待核查】", unit)
    story.room.says("核查 1", who="协调员")
    choice = story.room.hears("请问是哪一项")
    story.room.presses(choice, f"A-1〕{EMERGENCY}", who="协调员")
    story.room.hears(EMERGENCY, "已核查销号")
    story.group(EMERGENCY).hears("已核查销号")
    story.room.says("退回 1 缺少会议纪要", who="协调员")
    story.room.hears(ECONOMY, "已退回")
    story.group(ECONOMY).hears("已退回", "缺少会议纪要")


def test_a_telephone_answer_is_recorded_for_the_unit_and_marked(story: Story) -> None:
    begins(story)
    story.room.says("代录 1 省经信厅 已完成八成", who="协调员")
    story.room.hears("报进展（代录）")
    with story.store.read() as session:
        entry = session.exec(select(History).where(History.event == "报进展（代录）")).one()
    assert entry.who == "协调员"
    assert story.line(1).assignment.percent == 80


def test_a_correction_moves_the_day_and_tells_the_unit(story: Story) -> None:
    begins(story)
    story.room.says("更正 1 期限10月31日", who="协调员")
    story.room.hears("〔A-1〕已更正", "期限 2022年9月30日（周五） → 2022年10月31日（周一）")
    told = story.group(ECONOMY).hears(
        "【更正通知】〔A-1〕", "期限由2022年9月30日（周五）更正为2022年10月31日（周一）", "（协调员）"
    )
    assert "办理结果" not in told.text


def test_suspending_silences_and_resuming_brings_back(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-06-30"))
    group = story.group(ECONOMY)
    story.room.says("暂缓 1", who="协调员")
    story.forget()
    story.until("2022-06-28 15:00")
    group.hears_nothing_more()
    story.room.says("恢复 1", who="协调员")
    story.room.hears("已恢复")
    group.hears("已恢复")
    group.hears("【提醒】", "还有2天")


def test_who_has_no_right_is_told_so_in_one_line_and_nothing_changes(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-09-30", lead=(EMERGENCY,)))
    slip = story.group(ECONOMY).hears("【交办通知】")
    story.group(EMERGENCY).hears("【交办通知】")
    other = story.group(EMERGENCY)
    other.presses(slip, "报办结", who="外人")
    refusal = other.hears("不属于本群单位")
    assert "完成第1项工作" not in refusal.text
    other.presses(slip, "收到", who="外人")
    other.hears("不属于本群单位")
    story.group(ECONOMY).says("核查 1", who="张工")
    story.forget()
    story.room.says("核查 1", who="路人")
    story.room.hears("没有办理该事项的权限")
    assert story.line(1).assignment.state is State.PENDING


def test_a_removed_coordinator_steers_no_more(story: Story) -> None:
    begins(story)
    story.group(ECONOMY).says("办结 1")
    story.forget()
    with story.store.write() as session:
        person = register.person_of(session, "console", "协调员", "协调员")
        register.dismiss(session, person, Rank.COORDINATOR, story.stage.clock.now())
    story.room.says("核查 1", who="协调员")
    story.room.hears("没有办理该事项的权限")
    assert story.line(1).assignment.state is State.REPORTED


def test_a_coordinator_may_not_verify_the_own_report(story: Story) -> None:
    begins(story)
    story.group(ECONOMY).says("办结 1", who="协调员")
    story.group(ECONOMY).hears("已报办结")
    story.room.presses(story.room.hears("【待核查】"), "核查销号", who="协调员")
    story.room.hears("不能由本人核查")
    story.appoints("王协调", Rank.COORDINATOR)
    story.room.says("核查 1", who="王协调")
    story.room.hears("已核查销号")
    story.group(ECONOMY).hears("已核查销号")


def test_the_offices_own_tasks_are_verified_by_a_leader(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"), policy=f'[people]\noffice = "{ECONOMY}"\n')
    story.group(ECONOMY).hears("【交办通知】")
    story.group(ECONOMY).says("办结 1")
    story.group(ECONOMY).hears("已报办结")
    request = story.leaders.hears("【待核查】")
    story.room.says("核查 1", who="协调员")
    story.room.hears("由领导核查")
    story.leaders.presses(request, "核查销号", who="领导")
    story.leaders.hears("已核查销号")
    story.group(ECONOMY).hears("已核查销号")


def test_the_same_update_twice_is_recorded_once_and_answered_once(story: Story) -> None:
    begins(story)
    from bot.channels.incoming import Incoming

    update = Incoming("console", "77", ECONOMY, ECONOMY, "张工", "张工", "收到", message_id="77")
    assert story.takes(update) == "acknowledged"
    assert story.takes(update) == "repeated"
    story.group(ECONOMY).hears("已签收")
    with story.store.read() as session:
        assert len(session.exec(select(Inbound).where(Inbound.external_id == "77")).all()) == 1


def test_an_unbound_chat_is_told_once_how_to_bind_and_then_hears_nothing(story: Story) -> None:
    begins(story)
    stranger = story.group("某个群")
    stranger.says("核查 1")
    stranger.hears("尚未绑定")
    stranger.says("收到")
    stranger.hears_nothing_more()


def test_a_one_time_code_binds_a_chat_once(story: Story) -> None:
    begins(story)
    with story.store.write() as session:
        code, _expires = register.invite(
            session, Rank.CONTACT, register.get_unit(session, ECONOMY), story.stage.clock.now()
        )
    new = story.group("经信厅新群")
    new.says(f"绑定 {code}")
    new.hears("已绑定：本群为省经信厅")
    story.group(ROOM).hears("【登记】省经信厅已绑定“经信厅新群”")
    again = story.group("别的群")
    again.says(f"绑定 {code}")
    again.hears("绑定码不对、已用过或已过期")
    with story.store.read() as session:
        assert len(register.chats_of(session, ledger.lines(session, ledger.Which(LIVING))[0].unit.id)) == 2


def test_a_button_from_before_a_return_does_not_report_again(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("详情 1")
    shown = group.hears("〔A-1〕")
    group.says("办结 1")
    group.hears("已报办结")
    story.room.says("退回 1 缺少照片", who="协调员")
    story.room.hears("【待核查】")
    story.room.hears("已退回")
    group.hears("已退回")
    group.presses(shown, "报办结")
    fresh = group.hears("已由协调员于", "退回", "没有改动")
    assert story.line(1).assignment.state is State.IN_PROGRESS
    group.presses(fresh, "报办结")
    group.hears("已报办结")
    story.room.hears("【待核查】")


def test_while_an_urgent_call_is_open_whatever_the_unit_says_is_its_answer_where_nobody_overhears(story: Story) -> None:
    begins(story, 1, 2)
    story.appoints("王协调", Rank.COORDINATOR)
    story.room.says(f"叫应 {ECONOMY} 请立即报告现场情况", "王协调")
    story.room.presses(story.room.hears("【叫应预览】"), "确认发出", "王协调")
    story.group(ECONOMY).hears("【紧急叫应】")
    story.forget()
    story.group(ECONOMY).says("现场正常")
    story.group(ECONOMY).hears("已确认收到", "已转达")
    story.room.hears("现场正常")
    story.forget()


def test_who_writes_that_it_arrived_a_moment_after_somebody_else_hears_who_was_first(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"))
    story.forget()
    story.group(ECONOMY).says("收到", who="张工")
    story.group(ECONOMY).hears("已签收〔A-1〕")
    story.group(ECONOMY).says("收到", who="李工")
    story.group(ECONOMY).hears("已由张工于6月1日09:00签收")
    story.until("2022-06-01 09:05")
    story.group(ECONOMY).says("收到", who="李工")
    story.group(ECONOMY).hears("好的，没有待签收的任务。")


@pytest.mark.parametrize("words", ["谁还没签收", "还有谁没签收呢？", "谁没签收"])
def test_who_has_not_signed_is_asked_in_the_room_as_of_a_colleague(story: Story, words: str) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"))
    story.forget()
    story.room.says(words, who="协调员")
    story.room.hears("尚未签收的单位（1）", "省经信厅：1项")


def test_a_day_that_has_passed_this_year_is_asked_about_and_a_receipt_beside_a_request_signs(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"))
    group = story.group(ECONOMY)
    slip = group.hears("交办通知")
    group.says("延期到2月1日，缺人", reply=slip)
    asked = group.hears("2月1日这一天已过，是明年的请写上年份", "请回复延期到哪一天")
    assert "没有读懂" not in asked.text
    group.says("收到", reply=slip)
    group.hears("已签收〔A-1〕")
    group.says("延期到2023年2月1日，缺人", reply=slip)
    group.hears("2023年2月1日", "原因：缺人", "是否提交")
    group.says("谁说要延期了", reply=slip)
    group.hears("没有申请，期限不变")
