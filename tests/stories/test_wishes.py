"""In the local room nobody need call the bot: what is said there is said to it."""

import pytest
from sqlmodel import select

from db import register
from db.ledger import Which, lines
from db.models import History
from db.words import LIVING, Rank, Role, State
from tests.harness.story import ECONOMY, EMERGENCY, Story, task


def test_a_coordinator_s_words_are_understood_or_get_a_short_line(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"))
    story.group(ECONOMY).hears("【交办通知】")
    story.appoints("王协调", Rank.COORDINATOR)
    story.room.says("谁还没回", who="王协调")
    story.room.hears("尚未签收的单位", ECONOMY)
    story.room.says("把A-1的期限改成9月15号", who="王协调")
    story.room.presses(story.room.hears("您是要："), "A-1〕期限改为9月15日", who="王协调")
    story.room.hears("〔A-1〕已更正")
    story.group(ECONOMY).hears("【更正通知】")
    story.room.says("A-1先别催了", who="王协调")
    assert [label for label, _data in story.room.hears("您是要：").buttons] == ["暂缓〔A-1〕"]
    story.room.says("今天食堂不错", who="王协调")
    story.room.hears("没听懂")


def test_each_word_that_narrows_a_list_narrows_it(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"))
    story.appoints("王协调", Rank.COORDINATOR)
    story.forget()
    for word in ("逾期", "临期", "待核", "待核查", "公示", "待复查", "延期", "未签收", "销号", "办理中", "待定"):
        story.room.says(f"清单 {word}", who="王协调")
        story.room.hears(f"{word}（")


def test_a_unit_is_known_by_a_usual_short_name_that_only_one_can_have(story: Story) -> None:
    offices = ("市住房和城乡建设局", "市公安局", "江北区公安局")
    story.begins(
        "2022-06-01 14:00", *(task(number, "2022-09-30", lead=(name,)) for number, name in enumerate(offices, 1))
    )
    story.forget()
    with story.store.read() as session:
        for said, meant in (
            ("给住建局再发一遍", [offices[0]]),
            ("约谈市公安局", [offices[1]]),
            ("公安局呢", []),
            ("局长来了", []),
        ):
            assert [unit.name for unit in register.mentioned(session, said)] == meant, said
        assert len(lines(session, Which(LIVING))) == len(offices)


def test_a_reason_that_is_asked_for_is_a_reason_and_no_other_words(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-09-30"))
    story.appoints("王协调", Rank.COORDINATOR)
    for code in ("1", "2"):
        story.group(ECONOMY).says(f"办结 {code}")
    story.forget()
    story.room.says("A-1退回", who="王协调")
    story.room.hears("请回复退回的理由")
    story.room.says("A-1退回", who="王协调")
    story.room.hears("请回复退回的理由")
    story.room.says("等一下 先不退", who="王协调")
    story.room.hears("没有退回，〔A-1〕不变")
    story.room.says("A-1退回", who="王协调")
    story.room.hears("请回复退回的理由")
    story.room.says("A-2没有照片，退回", who="王协调")
    story.room.hears("〔A-2〕", "退回")
    story.room.says("缺验收单", who="王协调")
    story.room.hears("〔A-1〕", "退回")
    story.forget()
    with story.store.read() as session:
        told = [entry.words for entry in session.exec(select(History).where(History.event == "退回"))]
    assert told == ["没有照片", "缺验收单"]


def test_each_unit_gets_the_role_that_was_said_of_a_number_without_its_letter(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(3, "2022-09-30", responsible=(EMERGENCY,)), task(4, "2022-09-30"))
    story.appoints("王协调", Rank.COORDINATOR)
    story.forget()
    for said, label in (
        ("3号那项改成省应急管理厅牵头，省经信厅配合", "〔A-3〕牵头改为省应急管理厅，配合改为省经信厅"),
        ("4号的责任单位加上省应急管理厅", "〔A-4〕责任改为省应急管理厅"),
        ("第4项转给省应急管理厅", "〔A-4〕牵头改为省应急管理厅"),
    ):
        story.room.says(said, who="王协调")
        assert story.room.hears("您是要：").buttons[0][0] == label
    story.room.says("3号那项改成省应急管理厅牵头，省经信厅配合", who="王协调")
    story.room.presses(story.room.hears("您是要："), "A-3〕牵头改为省应急管理厅，配合改为省经信厅", who="王协调")
    assert (story.line(3).assignment.role, story.line(3, EMERGENCY).assignment.role) == (Role.ASSIST, Role.LEAD)
    assert "仍为牵头" not in story.room.hears("配合单位 省经信厅").text + story.room.hears("牵头单位 省应急管理厅").text
    story.room.says("更正 A-4 牵头 省应急管理厅", who="王协调")
    story.room.hears("牵头单位 省应急管理厅；省经信厅仍为牵头，不再牵头的请写：更正 A-4 配合 省经信厅")
    story.forget()


def test_what_was_urged_by_telephone_is_offered_to_be_written_down_and_urges_nobody(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(3, "2022-09-30", responsible=(EMERGENCY,)))
    story.appoints("王协调", Rank.COORDINATOR)
    story.forget()
    story.room.says("A-3 市县的已经电话催了，说下周报", who="王协调")
    offered = story.room.hears("您是要：")
    assert [label for label, _data in offered.buttons] == ["代录〔A-3〕省经信厅", "代录〔A-3〕省应急管理厅"]
    story.room.presses(offered, "代录〔A-3〕省应急管理厅".strip("〔〕"), who="王协调")
    story.room.hears("〔A-3〕省应急管理厅：报进展（代录）")
    for said in ("A-3催了没有", "A-3昨天催过了", "A-3催了没"):
        story.room.says(said, who="王协调")
        story.room.hears("完成第3项工作")
    story.group(ECONOMY).hears_nothing_more()


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("上午有哪些要我们处理的", "待核查1项"),
        ("这个月还剩多少项没办", "〔A-2〕"),
        ("省经信厅为啥要延期", "省经信厅（"),
        ("A-1怎么又要延期", "〔A-1〕完成第1项工作"),
        ("1号通过了没", "〔A-1〕完成第1项工作"),
        ("把没签收的都提醒一下", "将催办"),
        ("别给省经信厅发消息", "没有改动：自动消息只在工作日"),
        ("现在什么情况", "共3项"),
        ("省经信厅那个方案搞出来没有", "省经信厅（"),
        ("把值班表发我", "本办值班"),
        ("大家辛苦了", "不客气"),
        ("在不在", "在的"),
        ("通报一下逾期的", "没有待签发的文稿"),
        ("撤回刚才那条群发", "群发错的请写"),
        ("明天到期的有哪些", "明天到期（"),
        ("各单位收到没有", "尚未签收的单位"),
        ("省经信厅还差多少没完成", "省经信厅（"),
        ("我们有几个专项", "专项行动（1）"),
        ("还有几个问题没整改", "问题清单（"),
        ("这次调度还差谁", "最近的调度（"),
        ("A-2编号是几", "〔A-2〕完成第2项工作"),
        ("群发给省经信厅和省应急管理厅：带材料来", "【群发】带材料来"),
        ("给没签收的单位再发一遍提醒", "将催办"),
        ("通知各乡镇做好防汛", "没有找到单位“各乡镇”"),
        ("新增一个单位市城管局", "已把市城管局登记入名录"),
        ("发起一次调度，请各单位下周三前报进展", "【调度预览】进展"),
        ("端午值班安排：20号王工，21号李工", "没有更改：写的日子有的不在“端午”里"),
        ("催一下省经信厅和省财政局", "没有叫“省财政局”的单位，没有催"),
    ],
)
def test_what_a_coordinator_says_in_a_day_is_heard(story: Story, said: str, heard: str) -> None:
    story.begins(
        "2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-09-30"), task(3, "2022-09-30", lead=(EMERGENCY,))
    )
    story.appoints("王协调", Rank.COORDINATOR)
    story.group(EMERGENCY).says("办结 A-3")
    story.forget()
    story.room.says(said, who="王协调")
    story.room.hears(heard)
    story.forget()


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        ("下午三点提醒一下省经信厅", ["催省经信厅"]),
        ("把A-1删了", ["撤销〔A-1〕", "免办〔A-1〕"]),
        ("A-2帮省应急管理厅签收一下", ["代录〔A-2〕省应急管理厅签收"]),
        ("A-1取消省经信厅", ["免办〔A-1〕省经信厅", "撤销〔A-1〕"]),
        ("第1项先挂起，等机构改革", ["暂缓〔A-1〕"]),
        ("宽限A-1三天", ["〔A-1〕期限改为10月3日"]),
        ("A-2再给一周", ["〔A-2〕期限改为10月7日"]),
        ("A-1往后延5天吧", ["〔A-1〕期限改为10月5日"]),
        ("李芳调走了，把她的权限去掉", ["移除李芳"]),
    ],
)
def test_what_would_change_something_is_offered(story: Story, said: str, labels: list[str]) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-09-30", lead=(EMERGENCY,)))
    story.appoints("王协调", Rank.COORDINATOR)
    story.forget()
    story.room.says(said, who="王协调")
    assert [label for label, _data in story.room.hears("您是要：").buttons] == labels


def test_a_report_is_judged_by_what_stands_last_beside_its_code_or_unit(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-09-30", lead=(EMERGENCY,)))
    story.appoints("王协调", Rank.COORDINATOR)
    for code, unit in (("A-1", ECONOMY), ("A-2", EMERGENCY)):
        story.group(unit).says(f"办结 {code}")
    story.forget()
    for said in ("A-1还没去现场，属实吗", "A-1照片不全，属实", "A-1属实的话再说"):
        story.room.says(said, who="王协调")
        assert story.line(1).assignment.state is State.REPORTED, said
    story.forget()
    story.room.says("A-1我现场看过了，属实", who="王协调")
    story.room.hears("〔A-1〕省经信厅：已核查销号")
    story.room.says("应急厅材料不全，打回去让他们补报告", who="王协调")
    story.room.hears("〔A-2〕省应急管理厅：已退回")
    story.forget()


def test_a_report_of_which_more_is_said_than_that_somebody_looked_is_shown_first(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"))
    story.appoints("王协调", Rank.COORDINATOR)
    story.group(ECONOMY).says("办结 A-1")
    story.forget()
    for said in ("A-1又有村民来信，属实", "A-1照片是前年的，经核实，属实", "A-1管道又漏了，没有问题"):
        story.room.says(said, who="王协调")
        shown = story.room.hears("待核查1项", "〔A-1〕省经信厅")
        assert story.line(1).assignment.state is State.REPORTED, said
    story.room.presses(shown, "确认核查", who="王协调", there=True)
    assert story.line(1).assignment.state is State.CLOSED
    story.forget()


@pytest.mark.parametrize("said", ["A-1昨天去现场看过了，没有问题", "A-1省经信厅的材料我们核对过，属实"])
def test_a_report_that_somebody_looked_at_and_found_so_is_verified(story: Story, said: str) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"))
    story.appoints("王协调", Rank.COORDINATOR)
    story.group(ECONOMY).says("办结 A-1")
    story.forget()
    story.room.says(said, who="王协调")
    story.room.hears("〔A-1〕省经信厅：已核查销号")
    story.forget()


def test_a_question_is_answered_by_the_name_of_the_unit_that_asked(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"))
    story.appoints("王协调", Rank.COORDINATOR)
    economy = story.group(ECONOMY)
    economy.says("A-1的表格报哪个科？")
    story.forget()
    story.room.says("答复经信厅：报综合科", who="王协调")
    story.room.hears("已答复省经信厅")
    economy.hears("【答复】王协调：报综合科")
    story.room.says("答复省经信厅：报综合科", who="王协调")
    story.room.hears("请写：答复 提问号 内容")


@pytest.mark.parametrize(("word", "head"), [("群发", "【群发答复】"), ("叫应", "【叫应答复】")])
def test_an_answer_is_headed_by_what_it_answers(story: Story, word: str, head: str) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"))
    story.appoints("王协调", Rank.COORDINATOR)
    story.forget()
    story.room.says(f"{word} 全部 请报危房转移情况", who="王协调")
    story.room.presses(story.room.hears("预览"), "确认发出", who="王协调")
    asked = story.group(ECONOMY).hears("请报危房转移情况")
    story.forget()
    story.group(ECONOMY).says("南街还有两户没走", reply=asked)
    told = next(one.text for one, _id in story.cast.unheard if one.chat == story.room.name and "答复】" in one.text)
    assert told.startswith(head)
    story.forget()


def test_the_name_of_a_paper_gives_the_paper_or_shows_the_task_and_decides_nothing(story: Story) -> None:
    story.mornings = False
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-06-01", lead=(EMERGENCY,)))
    story.appoints("王协调", Rank.COORDINATOR)
    story.group(ECONOMY).says("A-1已全部办结", "小周")
    story.forget()
    story.room.says("A-1的销号单", "王协调")
    story.room.hears("〔A-1〕还没有销号的")
    for said in ("A-1退回单，签过字的那张", "核查记录 A-1", "A-1如期销号的依据"):
        story.room.says(said, "王协调")
        story.room.hears("〔A-1〕", "已报待核")
    story.room.says("催办单 A-2", "王协调")
    story.room.hears("〔A-2〕", EMERGENCY)
    story.group(EMERGENCY).hears_nothing_more()
    assert story.line(1).assignment.state is State.REPORTED
    story.room.says("核查 A-1", "王协调")
    story.forget()
    story.room.says("A-1的销号单打一份", "王协调")
    story.room.hears("本会话不能传文件")  # and is a file elsewhere


def test_who_is_to_stay_on_a_task_is_freed_by_no_button(story: Story) -> None:
    story.mornings = False
    story.begins("2022-06-01 14:00", task(1, "2022-09-30", lead=(ECONOMY, EMERGENCY)), task(2, "2022-09-30"))
    story.appoints("王协调", Rank.COORDINATOR)
    story.forget()
    for said in (f"A-1{EMERGENCY}的免了，保留{ECONOMY}", f"A-1只留{ECONOMY}，其他的取消"):
        story.room.says(said, "王协调")
        offered = story.room.hears("您是要：")
        assert [label for label, _data in offered.buttons] == [f"免办〔A-1〕{EMERGENCY}（留{ECONOMY}）"]
    for said in (f"A-1{EMERGENCY}不用办了，{ECONOMY}一家办就行", f"A-1应急厅的免了，{ECONOMY}继续报"):
        story.room.says(said, "王协调")
        offered = story.room.hears("您是要：")
        assert offered.buttons[0][0] == f"免办〔A-1〕{EMERGENCY}（留{ECONOMY}）"
    story.room.says(f"A-1救援中队的不用办了，{ECONOMY}做完了", "王协调")  # a name that nobody knows
    assert not any(ECONOMY in label for label, _data in story.room.hears("您是要：").buttons)
    story.room.presses(offered, f"免办〔A-1〕{EMERGENCY}（留{ECONOMY}）".strip("〔〕"), "王协调")
    assert story.line(1, ECONOMY).assignment.state is State.PENDING
    assert story.line(1, EMERGENCY).assignment.state is State.WAIVED
    story.forget()


def test_what_stands_behind_the_word_for_sending_is_what_is_sent(story: Story) -> None:
    story.mornings = False
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-09-30", lead=(EMERGENCY,)))
    story.appoints("王协调", Rank.COORDINATOR)
    story.forget()
    story.room.says(f"给{ECONOMY}和{EMERGENCY}发：今晚断电检修，请提前备份", "王协调")
    story.room.hears("2个单位", "【群发】今晚断电检修，请提前备份")


def test_what_was_waived_by_mistake_is_told_how_it_is_given_out_anew_and_waives_nobody_else(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-09-30", lead=(EMERGENCY,)))
    story.appoints("王协调", Rank.COORDINATOR)
    story.room.says("免办 A-1", who="王协调")
    story.forget()
    for said in ("A-1免办错了，恢复一下", "A-1不该免，还要办"):
        story.room.says(said, who="王协调")
        story.room.hears("免办〔A-1〕省经信厅，单位已收到，不能撤回；要重新交办请写：新增 请省经信厅于6月30日前……")
    story.room.says("重开 A-1", who="王协调")
    story.room.hears("不用再办了。\n要重新交办请写：新增 请省经信厅于6月30日前……")


def test_of_whom_it_is_said_that_their_day_stays_keeps_it(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30", responsible=(EMERGENCY,)))
    story.appoints("王协调", Rank.COORDINATOR)
    story.forget()
    story.room.says("A-1延到10月15日，省应急管理厅的不变", who="王协调")
    offered = story.room.hears("您是要：")
    assert [label for label, _data in offered.buttons] == ["〔A-1〕省经信厅期限改为10月15日"]
    story.room.presses(offered, "A-1〕省经信厅期限改为10月15日", who="王协调")
    days = [str(story.line(1, unit).assignment.due) for unit in (ECONOMY, EMERGENCY)]
    assert days == ["2022-10-15", "2022-09-30"]
    story.forget()


def test_talk_with_colleagues_is_no_reason_and_the_question_stays_open(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"))
    story.appoints("王协调", Rank.COORDINATOR)
    story.group(ECONOMY).says("办结 1")
    story.forget()
    story.room.says("A-1退回", who="王协调")
    story.room.hears("请回复退回的理由")
    story.room.says("问问孙局", who="王协调")
    story.room.hears("〔A-1〕")
    story.group(ECONOMY).hears_nothing_more()
    story.room.says("理由就写围挡没修好，别说是孙局让退的", who="王协调")
    story.room.hears("已退回")
    assert "孙局" not in story.group(ECONOMY).hears("已退回（王协调）：围挡没修好").text
    story.forget()
