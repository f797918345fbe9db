"""A duty that arises in a sentence is read, shown with what it leaves open, filled in with presses and given out."""

import pytest

from db import audit, history, ledger
from db.models import Campaign
from db.words import LIVING, Rank
from jobs.rehearsal import Message
from tests.harness.story import ECONOMY, ENVIRONMENT, Story, task

SENTENCE = f"新增 请{ECONOMY}、{ENVIRONMENT}于6月30日前报送化工园区名单。"


def begins(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-12-31", responsible=(ENVIRONMENT,)))
    story.forget()


def says(story: Story, words: str, who: str = "协调员") -> None:
    story.room.says(words, who=who)


def labels(message: Message) -> list[str]:
    return [label for label, _data in message.buttons]


def owed(story: Story, letter: str = "B") -> list[tuple[str, str, str]]:
    with story.store.read() as session:
        return [
            (line.code, line.unit.name, str(line.assignment.due))
            for line in ledger.lines(session, ledger.Which(LIVING))
            if line.campaign.letter == letter
        ]


def test_a_sentence_is_shown_and_goes_out_only_when_it_is_confirmed(story: Story) -> None:
    begins(story)
    says(story, SENTENCE)
    shown = story.room.hears(
        "【待交办，请核对】", "《临时交办事项（2022年）》", f"责任：{ECONOMY}、{ENVIRONMENT}", "2022年6月30日"
    )
    assert labels(shown) == ["交办", "不交办"]
    story.group(ECONOMY).hears_nothing_more()
    story.room.presses(shown, "交办", who="协调员")
    story.room.hears("已交办", f"〔B-1〕{ECONOMY}", f"〔B-1〕{ENVIRONMENT}")
    for unit in (ECONOMY, ENVIRONMENT):
        story.group(unit).hears("〔B-1〕", "报送化工园区名单", "2022年6月30日")
    assert owed(story) == [("B-1", ECONOMY, "2022-06-30"), ("B-1", ENVIRONMENT, "2022-06-30")]


def test_what_a_sentence_leaves_open_is_asked_with_buttons(story: Story) -> None:
    begins(story)
    says(story, "新增 报送化工园区名单")
    asked = story.room.hears("还没有写明由谁办理")
    story.room.presses(asked, ECONOMY, who="协调员")
    asked = story.room.hears("还没有写明期限", ECONOMY)
    assert labels(asked) == [
        "本周五 6月3日",
        "下周五 6月10日",
        "本月底 6月30日",
        "下月底 7月31日",
        "长期",
        "不交办",
    ]
    story.room.presses(asked, "下周五 6月10日", who="协调员")
    story.room.presses(story.room.hears("按“交办”后发给该单位", "2022年6月10日（周五）"), "交办", who="协调员")
    story.room.hears("已交办", f"〔B-1〕{ECONOMY}")
    story.group(ECONOMY).hears("报送化工园区名单")
    assert owed(story) == [("B-1", ECONOMY, "2022-06-10")]


def test_days_as_people_say_them_count_from_today_and_a_day_that_is_past_is_no_day(story: Story) -> None:
    begins(story)
    says(story, f"新增 请{ECONOMY}于下周三前报送名单")
    story.room.hears("2022年6月8日（周三）")
    says(story, f"新增 请{ECONOMY}于3月5日前报送名单")
    story.room.hears("2023年3月5日（周日）")
    says(story, f"新增 请{ECONOMY}于2022年5月20日前报送名单")
    story.room.hears("还没有写明期限（或期限已过）")


def test_a_year_s_duties_stand_together_and_the_record_tells_who_gave_each_out_and_in_which_words(story: Story) -> None:
    begins(story)
    for words in (SENTENCE, f"新增 请{ECONOMY}于7月15日前报送方案。"):
        says(story, words)
        story.room.presses(story.room.hears("待交办"), "交办", who="协调员")
        story.room.hears("已交办")
    story.forget()
    assert [code for code, _unit, _due in owed(story)] == ["B-1", "B-1", "B-2"]
    with story.store.read() as session:
        entry = history.latest(session, 2, "新增")
        assert entry is not None
        assert (entry.who, entry.words) == ("协调员", f"请{ECONOMY}于7月15日前报送方案。")
        assert session.get_one(Campaign, 2).title == "临时交办事项（2022年）"
        assert list(audit.of_campaign(session, 2)) == []
        archive = story.stage.desk.archive
        assert list(audit.of_archive(audit.named_files(session, archive), archive)) == []


def test_a_second_press_gives_nothing_out_again_and_what_was_let_go_stays_so(story: Story) -> None:
    begins(story)
    says(story, SENTENCE)
    shown = story.room.hears("待交办")
    story.room.presses(shown, "交办", who="协调员")
    story.room.hears("已交办")
    story.forget()
    story.room.presses(shown, "交办", who="协调员")
    story.room.hears("此前已经处理，未再作改动")
    says(story, SENTENCE)
    other = story.room.hears("待交办")
    story.room.presses(other, "不交办", who="协调员")
    story.room.hears("未交办")
    story.room.presses(other, "交办", who="协调员")
    story.room.hears("此前已经处理")
    assert len(owed(story)) == 2


def test_what_is_given_out_is_what_was_shown_however_late_the_press(story: Story) -> None:
    begins(story)
    says(story, f"新增 请{ECONOMY}于本周五前报送名单")
    shown = story.room.hears("2022年6月3日（周五）")
    story.until("2022-06-02 10:00")
    story.room.presses(shown, "交办", who="协调员")
    story.room.hears("已交办")
    story.forget()
    assert owed(story) == [("B-1", ECONOMY, "2022-06-03")]
    says(story, f"新增 请{ECONOMY}于明天前报送方案")
    shown = story.room.hears("2022年6月3日")
    story.until("2022-06-07 10:00")
    story.forget()
    story.room.presses(shown, "交办", who="协调员")
    story.room.hears("期限已经过去，未交办")
    assert len(owed(story)) == 1


def test_an_older_message_does_not_give_out_what_was_changed_since(story: Story) -> None:
    begins(story)
    says(story, "新增 报送化工园区名单，6月30日前报送")
    asked = story.room.hears("还没有写明由谁办理")
    story.room.presses(asked, ECONOMY, who="协调员")
    first = story.room.hears("按“交办”后发给该单位", ECONOMY)
    story.room.presses(asked, ENVIRONMENT, who="协调员")
    second = story.room.hears("按“交办”后发给该单位", ENVIRONMENT)
    story.room.presses(first, "交办", who="协调员")
    story.room.hears("这件事后来又改过，请按最新的那条消息")
    story.room.presses(second, "交办", who="协调员")
    story.room.hears("已交办")
    story.forget()
    assert [unit for _code, unit, _due in owed(story)] == [ENVIRONMENT]


@pytest.mark.parametrize("past", ["本月1日前", "昨天前", "上周五前", "2021年12月底前"])
def test_a_day_that_is_plainly_past_is_asked_for_and_never_moved_by_a_year(story: Story, past: str) -> None:
    story.begins("2022-06-10 09:00", task(1, "2022-12-31", responsible=(ENVIRONMENT,)))
    story.forget()
    says(story, f"新增 请{ECONOMY}于{past}报送名单")
    story.room.hears("还没有写明期限（或期限已过）")


def test_a_pasted_notice_gives_each_of_its_duties(story: Story) -> None:
    begins(story)
    says(
        story,
        f"新增 关于做好汛期安全工作的通知\n一、开展堤防巡查，6月20日前完成。（{ECONOMY}牵头）\n"
        f"二、储备抢险物资，6月25日前到位。（{ENVIRONMENT}牵头）",
    )
    shown = story.room.hears("1. ", "2. ", ECONOMY, ENVIRONMENT)
    story.room.presses(shown, "交办", who="协调员")
    story.room.hears("〔B-1〕", "〔B-2〕")
    story.forget()
    assert owed(story) == [("B-1", ECONOMY, "2022-06-20"), ("B-2", ENVIRONMENT, "2022-06-25")]


@pytest.mark.parametrize("words", ["新增", "新增："])
def test_without_words_it_says_how(story: Story, words: str) -> None:
    begins(story)
    says(story, words)
    story.room.hears("请在后面写明交办什么", "也可粘贴整段通知")


def test_a_contact_can_give_nothing_out(story: Story) -> None:
    begins(story)
    says(story, SENTENCE)
    shown = story.room.hears("待交办")
    story.group(ECONOMY).presses(shown, "交办", who="张工")
    story.group(ECONOMY).hears("该操作由协调员在协调室办理")
    assert owed(story) == []


def test_what_of_the_words_is_in_no_duty_is_shown_before_anything_goes_out(story: Story) -> None:
    begins(story)
    says(story, f"新增 请{ECONOMY}于6月30日前报送名单，公安、卫健要做好保障")
    shown = story.room.hears("以下没有列入，请核对", "“公安、卫健要做好保障”", ECONOMY)
    assert labels(shown) == ["交办", "不交办"]


def test_a_day_that_does_not_exist_is_told_as_that(story: Story) -> None:
    begins(story)
    says(story, f"新增 请{ECONOMY}于6月31日前报送名单")
    asked = story.room.hears("没有6月31日这一天", "请选一个")
    assert "还没有写明期限" not in asked.text


def test_a_unit_that_no_chat_reaches_is_named_before_the_duty_is_given_out(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-12-31", responsible=(ENVIRONMENT,)), unbound=(ENVIRONMENT,))
    story.forget()
    says(story, SENTENCE)
    story.room.hears(f"{ENVIRONMENT}还没有会话：交办后先存着，绑定后补送")
    says(story, f"新增 请{ECONOMY}于6月30日前报送化工园区名单。")
    assert "还没有会话" not in story.room.hears("【待交办，请核对】").text


def test_a_unit_that_the_register_does_not_know_is_asked_about_and_entered_with_a_press(story: Story) -> None:
    begins(story)
    says(story, "新增 请省卫健委于6月30日前报送接种名单")
    asked = story.room.hears("名录里没有省卫健委", "登记为新单位")
    assert labels(asked)[-2:] == ["登记为新单位", "不交办"]
    story.room.presses(asked, "登记为新单位", who="协调员")
    shown = story.room.hears("责任：省卫健委", "省卫健委还没有会话", "按“交办”后发给该单位")
    story.room.presses(shown, "交办", who="协调员")
    story.room.hears("已交办", "〔B-1〕省卫健委")
    story.forget()
    assert owed(story) == [("B-1", "省卫健委", "2022-06-30")]


def test_an_unknown_name_may_mean_a_unit_that_is_known(story: Story) -> None:
    begins(story)
    says(story, "新增 请省环境厅生态处于6月30日前报送名单")
    asked = story.room.hears("名录里没有省环境厅生态处", "请选是哪个单位")
    story.room.presses(asked, ENVIRONMENT, who="协调员")
    shown = story.room.hears(f"责任：{ENVIRONMENT}", "按“交办”后发给该单位")
    story.room.presses(shown, "交办", who="协调员")
    story.room.hears("已交办", f"〔B-1〕{ENVIRONMENT}")
    story.forget()
    assert owed(story) == [("B-1", ENVIRONMENT, "2022-06-30")]


def test_of_several_unknown_units_all_are_entered_or_none(story: Story) -> None:
    begins(story)
    says(story, f"新增 请{ECONOMY}、省卫健委、省林草局于6月30日前报送名单")
    asked = story.room.hears("名录里没有省卫健委、省林草局", "写错的，请改好再发一次")
    assert labels(asked) == ["登记为新单位", "不交办"]


def test_two_jobs_in_one_line_are_two_duties_each_with_its_own_unit_and_day(story: Story) -> None:
    begins(story)
    says(
        story,
        f"新增 请{ECONOMY}牵头于7月8日前完成园区名单复核；请{ENVIRONMENT}6月24日前清理园区排口。联系电话：12345678。",
    )
    shown = story.room.hears("【待交办，请核对】", "2022年7月8日", "2022年6月24日")
    assert "12345678" not in shown.text
    story.room.presses(shown, "交办", who="协调员")
    story.room.hears("已交办")
    assert owed(story) == [("B-1", ECONOMY, "2022-07-08"), ("B-2", ENVIRONMENT, "2022-06-24")]
    story.group(ECONOMY).hears("完成园区名单复核", "2022年7月8日")
    story.group(ENVIRONMENT).hears("清理园区排口", "2022年6月24日")


def test_a_notice_pasted_without_the_word_for_it_is_offered_to_be_given_out(story: Story) -> None:
    begins(story)
    says(
        story,
        f"请{ECONOMY}牵头于7月8日前完成园区名单复核并将复核情况报市安委办；请{ENVIRONMENT}6月24日前完成园区排口清理并报送台账。联系电话：12345678。",
    )
    shown = story.room.hears("【待交办，请核对】", "2022年7月8日", "2022年6月24日")
    assert labels(shown) == ["交办", "不交办"]


def test_what_two_units_do_by_one_day_stays_one_duty(story: Story) -> None:
    begins(story)
    says(story, f"新增 请{ECONOMY}制定方案；请{ENVIRONMENT}提供数据，于6月30日前一并报送。")
    story.room.presses(story.room.hears("【待交办，请核对】"), "交办", who="协调员")
    story.room.hears("已交办")
    assert {code for code, _unit, _due in owed(story)} == {"B-1"}
    story.forget()


def test_what_is_given_out_at_night_says_when_it_goes_out_and_that_it_comes_too_late(story: Story) -> None:
    story.begins("2022-06-24 20:00", task(1, "2022-12-31", responsible=(ENVIRONMENT,)))
    story.appoints("王芳", Rank.COORDINATOR)
    story.room.says(f"问题：液氨管道泄漏，请{ECONOMY}6月25日前整改", "王芳")
    shown = story.room.hears(
        "待登记问题", "现在是休息时间，将于6月27日（周一）8:30起发出；期限6月25日在此以前，送到时已逾期，须立即告知请用“叫应”"
    )  # fmt: skip
    story.room.presses(shown, "交办", "王芳")
    story.room.hears("问题已登记并交办", "将于6月27日（周一）8:30起发出；期限6月25日在此以前")
    story.room.says(f"/add 请{ECONOMY}6月30日前报送名单", "王芳")
    story.room.presses(
        story.room.hears("待交办", "将于6月27日（周一）8:30起发出；须立即告知请用“叫应”"), "交办", "王芳"
    )
    story.room.hears("已交办", "将于6月27日（周一）8:30起发出；须立即告知请用“叫应”")
    story.group(ECONOMY).hears_nothing_more()
