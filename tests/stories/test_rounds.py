"""定期调度: a coordinator's sentence asks the units, they answer in their own words, the missing are chased, a table comes of it."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from sqlmodel import select

from db import audit
from db.models import History, Round
from db.words import Action, NoticeKind, Rank
from jobs.rehearsal import Message
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Story, task

SENTENCE = "本周五前报送危化专项进展，发黄灯以上单位"


@pytest.fixture
def week(story: Story) -> Story:
    """A Monday on which two units have three tasks under a yellow lamp, and a third one only later ones."""
    story.mornings = False
    story.begins(
        "2022-06-20 14:00",
        task(1, "2022-06-27"),
        task(2, "2022-06-26"),
        task(3, "2022-06-27", lead=(EMERGENCY,)),
        task(4, "2022-12-31", lead=(ENVIRONMENT,)),
    )
    story.appoints("王芳", Rank.COORDINATOR)
    story.appoints("李厅长", Rank.LEADER)
    for unit in (ECONOMY, EMERGENCY, ENVIRONMENT):
        story.group(unit).says("收到")
    story.until("2022-06-20 15:00")
    story.muted |= {NoticeKind.REMINDER, NoticeKind.PROGRESS_QUERY}
    story.forget()
    return story


def opened(story: Story, sentence: str = SENTENCE) -> None:
    """Open a round with a sentence, and let it go out."""
    story.room.says(sentence, "王芳")
    preview = story.room.hears("【调度预览】")
    story.room.presses(preview, "确认发出", "王芳")
    story.room.hears("已发出调度")
    story.rests()


def sheet(story: Story) -> list[list[object]]:
    """Return the table as it stands, as its rows."""
    from jobs.rounds.standing import stands
    from jobs.rounds.table import table

    with story.store.read() as session:
        made = session.get_one(Round, 1)
        active = load_workbook(io.BytesIO(table(session, made, stands(session, made)))).active
    assert active is not None
    return [[cell.value for cell in row] for row in active.iter_rows()]


def test_a_sentence_asks_and_answers_in_own_words_become_progress_and_a_table(week: Story) -> None:
    week.room.says(SENTENCE, "王芳")
    preview = week.room.hears(
        "【调度预览】危化专项进展", "黄灯（临期）以上单位：2个单位3项，2022年6月24日（周五）前报送",
        "请填：进展、存在问题、下一步、完成比例", ECONOMY, EMERGENCY, "到期前1个工作日、到期当天再催",
    )  # fmt: skip
    week.room.presses(preview, "确认发出", "王芳")
    week.room.hears("已发出调度：2个单位3项")
    tally = week.room.hears("【调度情况】危化专项进展", "共3项　已报0　未报3", f"未报：{ECONOMY}（2项）、{EMERGENCY}")
    asked = week.group(ECONOMY).hears(
        "【定期调度】", "请在2022年6月24日（周五）前报送“危化专项进展”，共2项", "〔A-1〕", "〔A-2〕"
    )
    week.group(EMERGENCY).hears("【定期调度】", "共1项", "〔A-3〕")
    week.group(ENVIRONMENT).hears_nothing_more()

    week.group(ECONOMY).says("A-1 已完成八成，问题是缺专家，下一步7月底前招标", reply=asked)
    week.group(ECONOMY).hears("已记录〔A-1〕进展", "调度：还差〔A-2〕")
    week.group(EMERGENCY).says("进展：已检查12家；存在问题：无；下一步：复查；完成比例：60%")
    week.group(EMERGENCY).hears("已记录〔A-3〕进展", "本单位已报齐")
    assert week.line(3, EMERGENCY).assignment.percent == 60
    week.room.presses(tally, "出表", "王芳")
    week.room.hears("本会话不能传文件")

    week.until("2022-06-23 12:00")
    week.group(ECONOMY).hears("【定期调度】", "还没有收到贵单位的报送", "〔A-2〕")
    week.group(EMERGENCY).hears_nothing_more()
    week.group(ECONOMY).says("2 正在收尾")
    week.group(ECONOMY).hears("已记录〔A-2〕进展", "本单位已报齐", "还可补充：存在问题、下一步、完成比例")

    week.room.hears("【调度情况】", "已报3　未报0", "（已报齐）")
    week.room.says("结束调度", "王芳")
    week.room.hears("调度表：3项，已报3项")
    rows = sheet(week)
    assert rows[0][7:11] == ["进展", "存在问题", "下一步", "完成比例"]
    assert rows[1][1:4] == ["A-1", "完成第1项工作。", ECONOMY]
    assert rows[1][7:12] == ["已完成八成", "缺专家", "7月底前招标", "80%", "张工"]
    assert rows[3][7:11] == ["已检查12家", "无", "复查", "60%"]
    with week.store.read() as session:
        told = session.exec(select(History).where(History.action == Action.PROGRESS)).all()
        assert [entry.words for entry in told][-1] == "2 正在收尾"


def test_who_asks_who_has_not_reported_is_told_of_the_round_that_waits(week: Story) -> None:
    week.room.says("谁还没报", "王芳")
    week.room.hears("任务清单")
    opened(week)
    week.forget()
    week.room.says("谁还没报", "王芳")
    week.room.hears("最近的调度", "已报0/3")
    week.room.hears("【调度情况】", f"未报：{ECONOMY}（2项）、{EMERGENCY}")
    week.forget()


def test_the_share_that_was_told_before_is_told_again(week: Story) -> None:
    week.group(EMERGENCY).says("3 已完成八成")
    opened(week)
    week.forget()
    week.group(EMERGENCY).says("3 已完成八成，问题是缺人手")
    assert sheet(week)[3][10] == "80%"
    week.forget()


def test_a_field_that_is_told_later_completes_the_answer_and_what_is_taken_back_is_owed_again(week: Story) -> None:
    opened(week)
    asked = week.group(EMERGENCY).hears("【定期调度】")
    week.forget()
    week.group(EMERGENCY).says("已检查12家", reply=asked)
    told = week.group(EMERGENCY).hears("已记录", "还可补充：存在问题、下一步、完成比例")
    week.group(EMERGENCY).says("下一步：7月复查", reply=asked)
    again = week.group(EMERGENCY).hears("已记录", "还可补充：存在问题、完成比例")
    assert "报齐" in told.text
    assert "报齐" not in again.text
    assert sheet(week)[3][7:11] == ["已检查12家", None, "7月复查", None]
    again = week.group(EMERGENCY)
    again.says("撤回")
    again.hears("已撤回")
    assert sheet(week)[3][9] is None
    again.says("问题：无，完成比例60%", reply=asked)
    again.says("又检查了3家", reply=asked)
    week.forget()


def test_one_sentence_answers_for_all_that_the_message_asks(week: Story) -> None:
    opened(week)

    asked = next(one for one, _id in week.cast.unheard if one.chat == ECONOMY and "定期调度" in one.text)
    week.forget()
    week.group(ECONOMY).says("都在推进，没有大的问题", reply=asked)
    week.group(ECONOMY).hears("已记录2项进展", "本单位已报齐")


@pytest.mark.parametrize(
    "said",
    ["A-1刷漆七成，2号挂牌装了9块，35%", "1号正在刷漆，七成；2号挂牌装了9块，占到35%", "2号挂牌装了35%；A-1刷漆七成"],
)
def test_a_bare_number_at_the_head_of_a_clause_is_the_task_of_the_round_that_has_it(week: Story, said: str) -> None:
    opened(week)
    asked = week.group(ECONOMY).hears("【定期调度】")
    week.forget()
    week.group(ECONOMY).says(said, reply=asked)
    first, second = sheet(week)[1:3]
    assert ("刷漆" in str(first[7]), first[10], "挂牌" in str(second[7]), second[10]) == (True, "70%", True, "35%")
    assert "挂牌" not in str(first[7])
    week.forget()


@pytest.mark.parametrize("said", ["A-1刷漆七成，2号开会定挂牌", "A-1刷漆七成，2号前挂牌", "A-1刷漆七成，2号将去挂牌"])
def test_what_is_told_of_a_day_is_of_no_other_task(week: Story, said: str) -> None:
    opened(week)
    asked = week.group(ECONOMY).hears("【定期调度】")
    week.forget()
    week.group(ECONOMY).says(said, reply=asked)
    assert sheet(week)[2][7] is None
    week.forget()


@pytest.mark.parametrize("said", ["刷漆六成，其中东区95%", "刷了20根，占全县的8%，完成比例：60%"])
def test_of_two_shares_the_answer_and_the_table_tell_the_same(week: Story, said: str) -> None:
    opened(week)
    asked = week.group(EMERGENCY).hears("【定期调度】")
    week.forget()
    week.group(EMERGENCY).says(said, reply=asked)
    week.group(EMERGENCY).hears("已记录〔A-3〕进展")
    assert (sheet(week)[3][10], week.line(3, EMERGENCY).assignment.percent) == ("60%", 60)
    week.forget()


LABELLED = "进展：封闭管理都建了；堵点：钱没到位；需协调：请财政厅支持"


@pytest.mark.parametrize("replies", [True, False])
@pytest.mark.parametrize("words", [LABELLED, "进展：正在推进"])
def test_of_which_of_several_tasks_an_answer_is_that_names_none_is_asked(
    week: Story, words: str, replies: bool
) -> None:
    opened(week, "本周五前报送危化专项进展，写明进展、堵点和需协调事项，发黄灯以上单位")
    round_ = next(one for one, _id in week.cast.unheard if one.chat == ECONOMY and "定期调度" in one.text)
    week.forget()
    week.group(ECONOMY).says(words, reply=round_ if replies else None)
    asked = week.group(ECONOMY).hears("请问是哪一项")
    week.group(ECONOMY).presses(asked, "A-2〕完成第2项工作。")
    week.group(ECONOMY).hears("已记录〔A-2〕进展", "还差〔A-1〕")
    if words == LABELLED:
        assert sheet(week)[2][7:10] == ["封闭管理都建了", "钱没到位", "请财政厅支持"]
    assert sheet(week)[1][7] is None
    week.forget()  # what is to be coordinated is passed on to the room besides


def test_whoever_is_asked_may_say_that_it_is_of_all(week: Story) -> None:
    opened(week)
    week.forget()
    week.group(ECONOMY).says("进展：封闭管理都建了；存在问题：无")
    week.group(ECONOMY).presses(week.group(ECONOMY).hears("请问是哪一项"), "全部")
    week.group(ECONOMY).hears("已记录2项进展", "本单位已报齐")


@pytest.mark.parametrize("words", ["进展：都在推进；存在问题：无", "进展：各项任务正在推进", "进展：两项都完成了八成"])
def test_an_answer_that_is_plainly_of_all_is_taken_for_all(week: Story, words: str) -> None:
    opened(week)
    week.forget()
    week.group(ECONOMY).says(words)
    week.group(ECONOMY).hears("已记录2项进展", "本单位已报齐")


@pytest.mark.parametrize(
    "words",
    [
        "A-1护栏装了七成；A-2还没动工。照这个样子填可以吗？",
        "现在能填了吗？A-1护栏装了七成；A-2还没动工",
        "A-1护栏装了七成，A-2还没动工，要不要盖章",
    ],
)
def test_what_is_asked_beside_an_answer_is_passed_on_and_the_answer_counts(week: Story, words: str) -> None:
    opened(week)
    asked = week.group(ECONOMY).hears("【定期调度】")
    week.forget()
    week.group(ECONOMY).says(words, reply=asked)
    week.room.hears(words)
    rows = {row[1]: row for row in sheet(week)}
    assert "护栏装了七成" in str(rows["A-1"])
    assert "还没动工" in str(rows["A-2"])
    assert not any(mark in str(rows) for mark in ("吗", "盖章"))
    week.forget()


def test_a_question_alone_and_a_hard_word_answer_nothing(week: Story) -> None:
    opened(week)
    asked = week.group(ECONOMY).hears("【定期调度】")
    week.forget()
    week.group(ECONOMY).says("A-1的完成比例怎么算？", reply=asked)
    week.room.hears("完成比例怎么算")
    assert "护栏" not in str(sheet(week))
    week.forget()


def test_a_unit_that_owes_both_an_answer_and_a_signature_is_one_unit(week: Story) -> None:
    opened(week, f"{SENTENCE}，双签字")
    asked = week.group(ECONOMY).hears("【定期调度】")
    week.group(ECONOMY).says("A-1护栏装了七成", reply=asked)
    week.forget()
    week.room.says("结束调度", "王芳")
    week.room.hears(f"还有2个单位没有报齐：{ECONOMY}、{EMERGENCY}。")
    week.forget()


def test_a_report_answers_too_and_what_was_told_before_does_not(week: Story) -> None:
    week.group(EMERGENCY).says("3 已完成一半")
    week.group(EMERGENCY).hears("已记录〔A-3〕进展")
    week.until("2022-06-20 15:30")
    opened(week)
    week.forget()
    week.group(EMERGENCY).says("办结 3")
    week.group(EMERGENCY).hears("〔A-3〕", "本单位已报齐")
    week.room.hears("报办结")


def test_where_two_sign_a_second_named_person_confirms_and_only_then_it_counts(week: Story) -> None:
    opened(week, SENTENCE + "，双签字")
    week.room.hears("【调度情况】")
    asked = week.group(EMERGENCY).hears("须两人签字")
    week.group(ECONOMY).hears("【定期调度】")
    week.group(EMERGENCY).says("已检查12家", "张工", reply=asked)
    told = week.group(EMERGENCY).hears("须另一名人员按“确认报送”")
    week.group(EMERGENCY).presses(told, "确认报送", "张工")
    week.group(EMERGENCY).hears("报送和确认须是两个人")
    week.until("2022-06-23 12:00")
    week.group(ECONOMY).hears("【定期调度】")
    week.group(EMERGENCY).hears("【定期调度】", "还未报齐")
    week.group(EMERGENCY).presses(told, "确认报送", "刘处")
    week.group(EMERGENCY).hears("已确认报送1项〔A-3〕（刘处")
    assert sheet(week)[3][-3:] == ["已报", "刘处", "2022-06-23 12:00"]
    week.group(EMERGENCY).says("3 又检查2家", "张工")
    week.group(EMERGENCY).hears("须另一名人员")
    week.group(EMERGENCY).says("确认报送", "刘处")
    week.group(EMERGENCY).hears("已确认报送1项")


@pytest.fixture
def signing(week: Story) -> tuple[Story, Message, Message]:
    """A round for which two sign, that one person of a unit has answered, with the messages that ask that unit and another."""
    opened(week, SENTENCE + "，双签字")
    week.room.hears("【调度情况】")
    asked = week.group(EMERGENCY).hears("须两人签字")
    another = week.group(ECONOMY).hears("【定期调度】")
    week.group(EMERGENCY).says("已检查20家，问题是缺人手", "张工", reply=asked)
    week.group(EMERGENCY).hears("须另一名人员按“确认报送”")
    return week, asked, another


@pytest.mark.parametrize("said", ["行，报吧", "没问题，就这样上报吧", "报送吧"])
def test_who_lets_it_go_as_the_second_person_has_signed(signing: tuple[Story, Message, Message], said: str) -> None:
    week, asked, _another = signing
    week.group(EMERGENCY).says(said, "刘处", reply=asked)
    week.group(EMERGENCY).hears("已确认报送1项〔A-3〕（刘处")


@pytest.mark.parametrize("replied", [True, False])
@pytest.mark.parametrize("said", ["不同意，A-3数字不对，应该是25家", "先别确认报送，数字要改", "A-3不对，应该是25家"])
def test_who_does_not_agree_as_the_second_person_takes_nothings_place(
    signing: tuple[Story, Message, Message], said: str, replied: bool
) -> None:
    week, asked, _another = signing
    week.group(EMERGENCY).says(said, "刘处", reply=asked if replied else None)
    week.group(EMERGENCY).hears(
        "刘处不同意“危化专项进展”所报的内容〔A-3〕：没有确认，已报的也没有改动", "请张工核对；要改的由张工重报"
    )
    assert sheet(week)[3][7:9] == ["已检查20家", "缺人手"]
    week.group(EMERGENCY).says("A-3 进展：已检查25家", "张工")
    week.group(EMERGENCY).hears("已记录〔A-3〕进展", "须另一名人员")
    assert sheet(week)[3][7:9] == ["已检查25家", "缺人手"]


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("商户不同意停业，申请延期到7月10日", "7月10日"),
        ("业主不同意签字，工作推不动", "〔A-3〕"),
        ("今天不能报办结，明天报", "〔A-3〕"),
        ("A-3应该是下周能完成", "已记录〔A-3〕进展"),
        ("A-3房东不同意，应该是补偿没谈好", "〔A-3〕请确认"),
    ],
)
def test_what_a_colleague_says_of_the_work_while_a_second_person_is_waited_for_is_heard_as_ever(
    signing: tuple[Story, Message, Message], said: str, heard: str
) -> None:
    week, *_asked = signing
    week.group(EMERGENCY).says(said, "刘处")
    assert "没有确认" not in week.group(EMERGENCY).hears(heard).text
    week.forget()


def test_who_does_not_agree_to_something_else_that_they_answer_does_not_speak_of_the_round(
    signing: tuple[Story, Message, Message],
) -> None:
    week, *_asked = signing
    week.group(EMERGENCY).says("我的任务", "张工")
    listed = week.group(EMERGENCY).hears("待办任务")
    week.group(EMERGENCY).says("不同意", "刘处", reply=listed)
    assert not any("没有确认" in one.text for one, _id in week.cast.unheard)
    week.forget()


def test_that_there_is_nothing_new_adds_nothing_to_an_answer_and_answers_where_there_is_none(
    signing: tuple[Story, Message, Message],
) -> None:
    week, *_asked = signing
    for said in ("A-3没有新情况", "A-3 同上次"):
        week.group(EMERGENCY).says(said, "张工")
    assert sheet(week)[3][7:9] == ["已检查20家", "缺人手"]
    week.group(ECONOMY).says("A-1没有新进展", "王工")
    assert sheet(week)[1][7] == "没有新进展"
    week.forget()


def test_who_wants_to_answer_a_round_later_asks_the_coordinators_and_gets_no_more_time_for_a_task(
    signing: tuple[Story, Message, Message],
) -> None:
    week, _asked, another = signing
    week.group(ECONOMY).says("能不能晚一天报", "王工", reply=another)
    week.group(ECONOMY).hears("已转达协调员")
    week.room.hears("“危化专项进展”调度：能不能晚一天报")
    week.forget()


@pytest.mark.parametrize(
    ("said", "told", "share"),
    [
        ("阀门延迟交付，目前完成60%", "阀门延迟交付，目前完成60%", "60%"),
        ("A-3 锅炉推迟到8月交工，完成三成", "锅炉推迟到8月交工，完成三成", "30%"),
        ("A-3 进展：阀门延迟交付；存在问题：缺人", "阀门延迟交付", None),
        ("管材晚到，安装顺序推迟了，已装7处", "管材晚到，安装顺序推迟了，已装7处", None),
    ],
)
def test_an_answer_that_tells_of_a_delay_is_an_answer(week: Story, said: str, told: str, share: str | None) -> None:
    opened(week)
    asked = week.group(EMERGENCY).hears("【定期调度】")
    week.forget()
    week.group(EMERGENCY).says(said, "王工", reply=asked)
    week.group(EMERGENCY).hears("已记录〔A-3〕进展", "本单位已报齐")
    assert [sheet(week)[3][place] for place in (7, 10)] == [told, share]
    week.forget()


@pytest.mark.parametrize("said", ["阀门推迟到8月交货，目前完成60%", "有点慢"])
def test_of_which_task_such_an_answer_is_can_be_chosen(week: Story, said: str) -> None:
    opened(week)
    round_ = week.group(ECONOMY).hears("【定期调度】")
    week.forget()
    week.group(ECONOMY).says(said, reply=round_)
    week.group(ECONOMY).presses(week.group(ECONOMY).hears("请问是哪一项"), "A-2〕完成第2项工作。")
    week.group(ECONOMY).hears("已记录〔A-2〕进展", "还差〔A-1〕")
    assert [row[7] for row in sheet(week)[1:3]] == [None, said]
    week.forget()


def test_who_answers_and_wants_to_hand_in_the_rest_later_does_both(week: Story) -> None:
    opened(week)
    asked = week.group(EMERGENCY).hears("【定期调度】")
    week.forget()
    week.group(EMERGENCY).says("已完成60%，数据晚两天报", "王工", reply=asked)
    week.group(EMERGENCY).hears("已转达协调员")
    week.group(EMERGENCY).hears("已记录〔A-3〕进展")
    week.room.hears("“危化专项进展”调度：已完成60%，数据晚两天报")
    assert sheet(week)[3][7] == "已完成60%"
    week.forget()


def test_who_asks_for_more_time_for_a_task_under_a_round_is_still_asked_why(week: Story) -> None:
    opened(week)
    asked = week.group(EMERGENCY).hears("【定期调度】")
    week.forget()
    week.group(EMERGENCY).says("管材没到货，申请延期到7月10日", "王工", reply=asked)
    week.group(EMERGENCY).hears("7月10日")
    assert sheet(week)[3][7] is None
    week.forget()


def test_what_is_opened_at_night_is_chased_no_sooner_than_on_the_day_after_it_was_asked(week: Story) -> None:
    week.until("2022-06-22 20:00")
    week.forget()
    opened(week)
    week.room.presses(week.room.hears("【调度情况】"), "催未报", "王芳")
    week.room.hears("请报送的消息等上班才发出，还没有可催的")
    week.until("2022-06-23 12:00")
    for unit in (ECONOMY, EMERGENCY):
        week.group(unit).hears("【定期调度】", "请在2022年6月24日（周五）前报送")
        week.group(unit).hears_nothing_more()
    week.until("2022-06-24 12:00")
    week.group(EMERGENCY).hears("【定期调度】", "还没有收到贵单位的报送")
    week.forget()


def test_it_goes_on_by_itself_to_its_end_and_wakes_nobody(week: Story) -> None:
    opened(week)
    week.forget()
    week.until("2022-06-24 23:00")
    chased = [one for one, _id in week.cast.unheard if one.kind is NoticeKind.ROUND]
    assert {one.at.date() for one in chased} == {date(2022, 6, 23), date(2022, 6, 24)}
    assert all(8 <= one.at.hour < 18 for one in chased)
    week.forget()
    week.until("2022-06-30 12:00")
    told = [one for one, _id in week.cast.unheard if one.kind is NoticeKind.ROUND_TALLY]
    assert "未报3" in told[0].text
    assert "（已由督办结束）" in told[-1].text
    assert all(8 <= one.at.hour < 18 for one in told)
    week.forget()


def test_the_missing_are_chased_by_a_press_and_nobody_else(week: Story) -> None:
    opened(week)
    tally = week.room.hears("【调度情况】")
    week.group(EMERGENCY).says("3 已完成60%")
    week.forget()
    week.room.presses(tally, "催未报", "王芳")
    week.room.hears("距上次发送不足30分钟")
    week.until("2022-06-20 15:40")
    week.room.says("催未报", "王芳")
    week.room.hears("已催未报的：1个会话")
    week.group(ECONOMY).hears("还没有收到贵单位的报送")
    week.group(EMERGENCY).hears_nothing_more()


def test_only_coordinators_open_chase_and_close(week: Story) -> None:
    week.leaders.says(f"调度 {SENTENCE}", "李厅长")
    week.leaders.hears("由协调员")
    week.group(ECONOMY).says(SENTENCE)
    opened(week)
    tally = week.room.hears("【调度情况】")
    week.forget()
    week.leaders.presses(tally, "结束并出表", "李厅长")
    week.leaders.hears("由协调员")
    week.group(ENVIRONMENT).presses(tally, "催未报")
    week.group(ENVIRONMENT).hears("由协调员")
    with week.store.read() as session:
        assert session.get_one(Round, 1).closed_at is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("调度 危化专项进展", "请写明几时之前"),
        ("调度 本周五前报送进展，发红灯单位", "没有红灯单位的未办结任务"),
        ("结束调度", "还没有发出过调度"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason(week: Story, said: str, why: str) -> None:
    week.room.says(said, "王芳")
    week.room.hears(why)
    with week.store.read() as session:
        assert session.exec(select(Round)).all() == []


def test_who_is_named_beside_those_under_a_lamp_is_asked_also_where_no_lamp_is_red(week: Story) -> None:
    week.room.says(f"调度 本周五前报送进展，发红灯单位和{ECONOMY}", "王芳")
    week.room.hears("【调度预览】", "红灯（逾期）单位和所列单位", ECONOMY)


@pytest.mark.parametrize(
    ("said", "asked", "items"),
    [
        (f"只发{EMERGENCY}", {EMERGENCY}, 1),
        (f"除{ECONOMY}外都发", {EMERGENCY, ENVIRONMENT}, 2),
        (f"{ECONOMY}不用报", {EMERGENCY, ENVIRONMENT}, 2),
        ("只问A-1", {ECONOMY}, 1),
        ("除A-2外", {ECONOMY, EMERGENCY, ENVIRONMENT}, 3),
        (f"除红灯单位、{ECONOMY}外", {EMERGENCY, ENVIRONMENT}, 2),
        (f"发黄灯以上单位，除{ECONOMY}外", {EMERGENCY}, 1),
        ("除黄灯以上单位外", {ENVIRONMENT}, 1),
        ("除园区办外", None, 0),
        (f"只发{ECONOMY}，除{ECONOMY}外", None, 0),
    ],
)
def test_only_who_is_named_is_asked_of_only_what_is_named(
    week: Story, said: str, asked: set[str] | None, items: int
) -> None:
    week.room.says(f"调度 本周五前报送进展，{said}", "王芳")
    if asked is None:
        week.room.hears("没有发出")
        week.room.hears_nothing_more()
        return
    preview = week.room.hears("【调度预览】", f"{len(asked)}个单位{items}项", *asked)
    week.room.presses(preview, "确认发出", "王芳")
    week.room.hears("已发出调度", f"{len(asked)}个单位{items}项")
    week.rests()
    for unit in (ECONOMY, EMERGENCY, ENVIRONMENT):
        if unit in asked:
            week.group(unit).hears("【定期调度】")
        week.group(unit).hears_nothing_more()
    week.forget()


def test_who_is_named_and_owes_nothing_is_said_and_nobody_else_is_asked(week: Story) -> None:
    week.group(EMERGENCY).says("A-3已办结")
    week.room.says("A-3通过", "王芳")
    week.forget()
    week.room.says(f"调度 本周五前报送进展，只发{EMERGENCY}", "王芳")
    week.room.hears(f"{EMERGENCY}没有未办结任务，没有发出；也没有问别的单位")
    week.room.says(f"调度 本周五前报送进展，发{EMERGENCY}、{ENVIRONMENT}", "王芳")
    week.room.hears("【调度预览】", "1个单位1项", f"没有未办结任务、不会问到：{EMERGENCY}")
    week.room.says("调度 本周五前报送A-3、A-4的进展", "王芳")
    week.room.hears("【调度预览】", "1个单位1项", "没有未办结任务、不会问到：A-3")


def test_what_was_closed_between_the_preview_and_the_press_is_not_asked(week: Story) -> None:
    week.room.says("调度 本周五前报送A-1、A-3的进展", "王芳")
    preview = week.room.hears("【调度预览】", "2个单位2项")
    week.group(EMERGENCY).says("A-3已办结")
    week.room.says("A-3通过", "王芳")
    week.forget()
    week.room.presses(preview, "确认发出", "王芳")
    week.room.hears("已发出调度", "1个单位1项")
    with week.store.read() as session:
        assert list(audit.of_campaign(session, 1)) == []
    week.forget()


def test_a_draft_can_be_dropped_and_is_sent_once(week: Story) -> None:
    week.room.says(SENTENCE, "王芳")
    preview = week.room.hears("【调度预览】")
    week.room.presses(preview, "取消", "王芳")
    week.room.hears("未发出")
    week.room.presses(preview, "确认发出", "王芳")
    week.room.hears("已经发出或取消")
    week.group(ECONOMY).hears_nothing_more()


def test_the_calendar_opens_one_at_the_end_of_a_quarter(story: Story) -> None:
    story.mornings = True
    story.begins(
        "2022-06-15 14:00", task(1, "2022-09-30"), task(2, "2022-12-31", lead=(EMERGENCY,)),
        policy='[round]\nmonths = [3, 6, 9, 12]\n',
    )  # fmt: skip
    story.appoints("王芳", Rank.COORDINATOR)
    for unit in (ECONOMY, EMERGENCY):
        story.group(unit).says("收到")
    story.until("2022-06-17 18:00")
    story.forget()
    story.until("2022-06-20 12:00")
    story.group(ECONOMY).hears("【定期调度】", "在2022年6月27日（周一）前报送“2022年二季度进展”", "〔A-1〕")
    story.group(EMERGENCY).hears("〔A-2〕")
    story.room.hears("【调度情况】2022年二季度进展", "未报2")
    story.until("2022-06-21 12:00")
    story.room.hears_nothing_more()
    story.forget()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("DELETE FROM round_item WHERE assignment_id = 3", "与记录不符"),
        ("UPDATE round SET due = '2022-07-01'", "与记录不符"),
        ("DELETE FROM round_signature", "双签与记录不符"),
        ("UPDATE round SET closed_at = NULL", "是否结束与记录不符"),
    ],
)
def test_who_changes_a_round_behind_the_record_is_found(week: Story, change: str, fault: str) -> None:
    opened(week, SENTENCE + "，双签字")
    week.group(EMERGENCY).says("3 已完成60%", "张工")
    week.group(EMERGENCY).says("确认报送", "刘处")
    week.forget()
    week.room.says("结束调度", "王芳")
    week.room.presses(week.room.hears("调度没有结束：还有1个单位没有报齐"), "结束并出表", "王芳")
    week.forget()
    with week.store.write() as session:
        assert list(audit.of_campaign(session, 1)) == []
        session.execute(text(change))
        assert any(fault in line for line in audit.of_campaign(session, 1))
        session.rollback()


# ---------------------------------------------------------------- another day


def test_a_round_that_is_moved_is_told_once_to_who_owes_and_chased_by_the_new_day(week: Story) -> None:
    opened(week)
    week.room.hears("【调度情况】")
    emergency, economy = week.group(EMERGENCY), week.group(ECONOMY)
    economy.hears("【定期调度】")
    emergency.says("进展：已检查12家；存在问题：无；下一步：复查；完成比例：60%", reply=emergency.hears("【定期调度】"))
    week.forget()
    week.room.says("危化调度改到下周一", "王芳")
    preview = week.room.hears(
        "【调度改期预览】“危化专项进展”", "由2022年6月24日（周五）改为2022年6月27日（周一）", "将告知未报的1个单位，已报的不打扰",
        "此后未报的到期前1个工作日、到期当天再催",
    )  # fmt: skip
    economy.hears_nothing_more()
    week.room.presses(preview, "确认改期", "王芳")
    week.room.hears("已改期“危化专项进展”", "告知未报的1个单位")
    economy.hears(
        "【定期调度】",
        "报送期限由2022年6月24日（周五）改为2022年6月27日（周一）。请在2022年6月27日（周一）前报送",
        "共2项",
    )
    emergency.hears_nothing_more()
    week.room.presses(preview, "确认改期", "王芳")
    week.room.hears("已经是6月27日，未再改动")
    week.until("2022-06-23 18:00")
    economy.hears_nothing_more()
    week.until("2022-06-24 18:00")
    economy.hears("【定期调度】", "还没有收到贵单位的报送，请在2022年6月27日（周一）前报送")
    with week.store.read() as session:
        made = session.get_one(Round, 1)
        entry = session.exec(select(History).where(History.event == "调度改期")).one()
        assert (str(made.due), entry.who, entry.before["due"], entry.after["due"]) == (
            "2022-06-27", "王芳", "2022-06-24", "2022-06-27",
        )  # fmt: skip
        assert list(audit.of_campaign(session, 1)) == []
        made.due = date(2022, 6, 28)
        assert "调度 1：报送的内容、期限或任务与记录不符" in list(audit.of_campaign(session, 1))


def test_a_preview_of_a_day_that_the_round_has_no_longer_moves_nothing(week: Story) -> None:
    opened(week)
    week.forget()
    week.room.says("危化调度改到下周一", "王芳")
    older = week.room.hears("【调度改期预览】", "改为2022年6月27日（周一）")
    week.room.says("危化调度改到6月28日", "王芳")
    week.room.presses(week.room.hears("【调度改期预览】", "改为2022年6月28日（周二）"), "确认改期", "王芳")
    week.room.hears("已改期“危化专项进展”")
    week.forget()
    week.room.presses(older, "确认改期", "王芳")
    week.room.hears("报送期限已改为6月28日，未再改动")
    week.rests()
    week.group(ECONOMY).hears_nothing_more()
    with week.store.read() as session:
        assert str(session.get_one(Round, 1).due) == "2022-06-28"


def test_which_round_is_moved_is_asked_and_a_day_that_cannot_be_is_told(week: Story) -> None:
    for said, why in (
        ("调度改到下周一", "没有进行中的这次调度"),
        ("/round 改到下周一", "没有进行中的这次调度"),
    ):
        week.room.says(said, "王芳")
        week.room.hears(why)
    for sentence in (SENTENCE, "6月30日前报送燃气整治情况，发各单位"):
        opened(week, sentence)
        week.forget()
    for said, why in (
        ("调度改到下周一", "改哪一次？请写明编号，例如："),
        ("危化调度改到一边", "请写明改到哪天"),
        ("危化调度改到2022年6月1日", "6月1日已过，未改期"),
        ("危化调度改到6月24日", "已经是6月24日"),
        ("危化调度提前两天", "请写明改到哪天"),
        ("/round 2 延到7月1日", "由2022年6月30日（周四）改为2022年7月1日（周五）"),
        ("燃气调度延两天", "改为2022年7月2日（周六）"),
    ):
        week.room.says(said, "王芳")
        week.room.hears(why)


def test_a_unit_and_a_leader_move_no_round(week: Story) -> None:
    opened(week)
    tally = week.room.hears("【调度情况】")
    for chat, who in ((week.group(ECONOMY), "张工"), (week.leaders, "李厅长"), (week.room, "李厅长")):
        chat.says("危化调度改到下周一", who)
    week.room.says("改到下周一", "李厅长", reply=tally)
    week.rests()
    week.forget()
    with week.store.read() as session:
        assert str(session.get_one(Round, 1).due) == "2022-06-24"
        assert session.exec(select(History).where(History.event == "调度改期")).all() == []


def test_a_round_that_is_opened_after_hours_says_when_it_goes_out_and_that_its_day_is_before(week: Story) -> None:
    week.until("2022-06-24 20:00")
    week.forget()
    week.room.says("调度 今天前报送进展，发各单位", "王芳")
    preview = week.room.hears("【调度预览】", "将于6月27日（周一）8:30起发出；期限6月24日在此以前，送到时已逾期")
    week.room.presses(preview, "确认发出", "王芳")
    week.room.hears("已发出调度", "期限6月24日在此以前")
    week.forget()


@pytest.mark.parametrize("said", ["改到6月19日", "改到19日前"])
def test_a_round_is_not_moved_to_a_day_of_the_next_year_for_one_that_is_past(week: Story, said: str) -> None:
    opened(week)
    tally = week.room.hears("【调度情况】")
    week.room.says(said, "王芳", reply=tally)
    if "月" in said:
        week.room.hears("6月19日已过，未改期")
    else:
        week.room.hears("【调度改期预览】", "7月19日")
    week.forget()
