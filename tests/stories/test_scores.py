"""记分: what a month cost and earned each unit, shown to it first, objected to, decided by a person, then in force."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlmodel import select

from db import audit
from db.models import Campaign, History, Objection, ScorePoint, ScoreSheet
from db.words import Rank, ScoreKind
from jobs.scoring.told import in_force as told_in_force
from jobs.scoring.told import told
from tests.harness.story import ECONOMY, EMERGENCY, Story, at, task

JUNE = "2022-06-01 14:00"


def a_month(story: Story, *, mornings: bool = False) -> None:
    """Let one unit report in time, after a return, and another be two workdays late; a score settles in the mornings."""
    story.mornings = mornings
    story.begins(JUNE, task(1, "2022-06-22"), task(2, "2022-06-22", lead=(EMERGENCY,)))
    story.appoints("王芳", Rank.COORDINATOR)
    story.appoints("李厅长", Rank.LEADER)
    group = story.group(ECONOMY)
    for unit in (ECONOMY, EMERGENCY):
        story.group(unit).says("收到")
    story.until("2022-06-20 10:00")
    group.says("办结 1")
    story.room.says("退回 1 缺少验收单", "王芳")
    story.until("2022-06-21 10:00")
    group.says("办结 1，验收单已补")
    story.room.says("核查 1", "王芳")
    story.until("2022-06-27 09:00")
    story.group(EMERGENCY).says("办结 2")
    story.room.says("核查 2", "王芳")
    story.until("2022-07-01 11:00")
    story.forget()


def shows(story: Story, words: str = "公示记分 6月") -> None:
    """Let the coordinator look at what would be shown, and press for it."""
    story.room.says(words, "王芳")
    preview = story.room.hears("【记分】2022年6月", "按“确认公示”告知2个单位", f"{ECONOMY}　0", f"{EMERGENCY}　−0.2")
    story.room.presses(preview, "确认公示", "王芳")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("公示记分了吗", "尚未公示"),
        ("公示记分 六月", "按“确认公示”"),
        ("公示记分 6月", "按“确认公示”"),
        ("公示记分 省应急管理厅", "没有公示：一次公示一个月，各单位一并公示"),
        ("公示记分 第二季度", "没有公示"),
        ("公示记分 5月、6月", "没有公示"),
        ("公示记分 先等等", "没有公示"),
        ("记分 6月 应急管理厅", "省应急管理厅　合计 −0.2"),
        ("记分 6月 海事局", "没有叫“海事局”的单位"),
    ],
)
def test_no_words_show_a_score_to_the_units_before_somebody_saw_it_and_pressed(
    story: Story, words: str, answer: str
) -> None:
    a_month(story)
    story.room.says(words, "王芳")
    story.room.hears(answer)
    assert not story.cast.unheard
    with story.store.read() as session:
        assert session.exec(select(ScoreSheet)).all() == []


def test_a_month_is_shown_to_each_unit_objected_to_decided_and_counts(story: Story) -> None:
    a_month(story, mornings=True)
    story.room.says("记分 6月", "王芳")
    looked = story.room.hears("【记分】2022年6月", "尚未公示", f"{ECONOMY}　0", f"{EMERGENCY}　−0.2")
    story.room.presses(looked, "公示", "王芳")
    story.room.hears("已公示2022年6月记分，告知2个单位；7月6日前可提异议")
    story.group(ECONOMY).hears(
        "【记分公示】省经信厅", "合计 0", "〔A-1〕报办结被退回 −1（6月20日）", "〔A-1〕按期办结 +1（6月21日）"
    )
    shown = story.group(EMERGENCY).hears("合计 −0.2", "〔A-2〕逾期2个工作日 −0.2", "异议 编号 理由")
    story.group(EMERGENCY).says("异议 A-2 验收专家当周无法到场", reply=shown)
    story.group(EMERGENCY).hears("已记录〔A-2〕的异议")
    asked = story.room.hears("【记分异议】省应急管理厅", "〔A-2〕", "验收专家当周无法到场", "逾期2个工作日 −0.2")
    story.room.presses(asked, "采纳", "王芳")
    story.room.hears("已采纳")
    story.group(EMERGENCY).hears("【异议裁定】", "采纳，这一项不再扣分", "合计 0", "已取消")
    story.until("2022-07-07 12:00")
    story.room.hears("【记分生效】2022年6月", "省应急管理厅　0")
    story.leaders.hears("【记分生效】2022年6月")
    with story.store.read() as session:
        late = session.exec(select(ScorePoint).where(ScorePoint.kind == ScoreKind.LATE)).one()
        assert late.struck_at is not None
        assert session.exec(select(ScoreSheet)).one().settled_at is not None


def test_units_that_neither_gained_nor_lost_are_counted_wherever_a_month_is_told(story: Story) -> None:
    story.mornings = True
    story.begins(JUNE, task(1, "2022-06-28"), task(2, "2022-12-30", lead=(EMERGENCY,)))
    story.appoints("王芳", Rank.COORDINATOR)
    for unit in (ECONOMY, EMERGENCY):
        story.group(unit).says("收到")
    story.until("2022-07-01 11:00")
    story.forget()
    for words in ("记分 6月", "公示记分 6月"):
        story.room.says(words, "王芳")
        preview = story.room.hears("【记分】2022年6月", f"{ECONOMY}　−0.2", "其余1个单位没有加分或扣分")
    story.room.presses(preview, "确认公示", "王芳")
    story.forget()
    story.until("2022-07-07 12:00")
    counts = next(one.text for one, _id in story.cast.unheard if "【记分生效】2022年6月" in one.text)
    assert counts.endswith("其余1个单位没有加分或扣分。")
    story.forget()


def test_it_does_not_count_while_an_objection_waits_and_the_morning_says_so(story: Story) -> None:
    a_month(story, mornings=True)
    shows(story)
    story.group(ECONOMY).says("异议 A-1 退回当天已补报")
    story.group(ECONOMY).hears("【记分公示】")
    story.group(ECONOMY).hears("已记录")
    story.room.hears("已公示")
    asked = story.room.hears("【记分异议】")
    story.group(EMERGENCY).hears("【记分公示】")
    story.muted.clear()
    story.until("2022-07-07 12:00")
    heard = [one.text for one, _id in story.cast.unheard if one.chat == "协调室"]
    assert any("异议待定" in text and "退回当天已补报" in text for text in heard)
    assert not any("记分生效" in text for text in heard)
    story.forget()
    story.room.presses(asked, "不采纳", "王芳")
    story.room.hears("未采纳")
    story.room.hears("【记分生效】")
    story.group(ECONOMY).hears("【异议裁定】", "不采纳", "合计 0")
    story.leaders.hears("【记分生效】")


def test_no_month_is_shown_twice_nor_before_it_is_over_nor_without_points(story: Story) -> None:
    a_month(story)
    for words, why in (
        ("公示记分 7月", "7月还没有过完，8月1日起可以公示"),
        ("公示记分 5月", "5月没有可记的分"),
        ("公示记分 13月", "月份须为1月到12月"),
    ):
        story.room.says(words, "王芳")
        story.room.hears(why)
    shows(story, "公示记分")
    story.room.hears("已公示2022年6月记分")
    story.room.says("公示记分 五月", "王芳")
    story.room.hears("5月没有可记的分")
    story.room.says("公示记分 6月", "王芳")
    story.room.hears("已于7月1日公示，不再重算")
    story.forget()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("异议", "还缺理由"),
        ("异议 A-2 不是我们的", "这份记分里没有“A-2”"),
        ("异议 A-1", "还缺理由"),
        ("对记分没有异议", "好的，没有异议"),
    ],
)
def test_an_objection_names_what_of_its_own_and_why(story: Story, words: str, why: str) -> None:
    a_month(story)
    shows(story)
    story.forget()
    story.group(ECONOMY).says(words)
    story.group(ECONOMY).hears(why)
    with story.store.read() as session:
        assert session.exec(select(Objection)).all() == []


@pytest.mark.parametrize(
    "words",
    ["异议 A-1 退回时没有意见反馈给我们", "A-1有异议，当天已补报，其余无异议", "异议 A-1 当天已补报，没有任何意见"],
)
def test_who_objects_to_one_thing_is_not_taken_to_agree(story: Story, words: str) -> None:
    a_month(story)
    shows(story)
    shown = story.group(ECONOMY).hears("【记分公示】")
    story.group(ECONOMY).says(words, reply=shown)
    story.group(ECONOMY).hears("已记录〔A-1〕的异议")
    story.forget()


@pytest.mark.parametrize(
    ("words", "replied"),
    [
        ("我们不认可，A-2 那天专家没来", True),
        ("有意见，A-2不该扣，专家没来", True),
        ("对A-2扣分有异议，专家当周无法到场", False),
    ],
)
def test_who_speaks_against_a_score_in_other_words_objects(story: Story, words: str, replied: bool) -> None:
    a_month(story)
    shows(story)
    shown = next(one for one, _id in story.cast.unheard if one.chat == EMERGENCY)
    story.forget()
    story.group(EMERGENCY).says(words, reply=shown if replied else None)
    story.group(EMERGENCY).hears("已记录〔A-2〕的异议")
    story.room.hears("【记分异议】", "专家")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("A-2 那天专家没来", "要提异议请写：异议 A-2 那天专家没来"),
        ("A-2为什么扣分？", "已转达协调员"),
        ("没意见", "没有异议"),
    ],
)
def test_what_answers_a_score_and_does_not_plainly_object_is_not_lost(story: Story, words: str, answer: str) -> None:
    a_month(story)
    shows(story)
    shown = next(one for one, _id in story.cast.unheard if one.chat == EMERGENCY)
    story.forget()
    story.group(EMERGENCY).says(words, reply=shown)
    story.group(EMERGENCY).hears(answer)
    with story.store.read() as session:
        assert session.exec(select(Objection)).all() == []
    story.forget()


@pytest.mark.parametrize(
    ("words", "replied", "upheld"),
    [
        ("采纳", True, True),
        ("不成立", True, False),
        ("采纳 A-2 的异议", False, True),
        ("A-2的异议不予采纳", False, False),
        ("异议收到了", True, None),
        ("不成立，没有批复这一说", True, None),
        ("A-2的异议再研究一下", False, None),
        ("同意A-2的异议", False, True),
        ("A-2的异议不能采纳", False, False),
        ("采纳A-2的异议吗", False, None),
        ("A-2异议成立，分退回", False, True),
        ("A-2的异议成立 扣的2分给他们加回去", False, True),
        ("A-2异议不采纳", False, False),
        ("A-2异议成立，分先不退", False, None),
        ("应急厅A-2的异议不成立", False, False),
        ("采纳应急厅的异议", False, True),
        ("省应急管理厅A-2的异议成立", False, True),
        ("不采纳经信厅的异议", False, None),
        ("应急厅的异议再看看", False, None),
    ],
)
def test_an_objection_is_decided_in_words(story: Story, words: str, replied: bool, upheld: bool | None) -> None:
    a_month(story)
    shows(story)
    story.group(EMERGENCY).says("异议 A-2 专家当周无法到场")
    asked = next(one for one, _id in story.cast.unheard if "【记分异议】" in one.text)
    story.forget()
    story.room.says(words, "王芳", reply=asked if replied else None)
    with story.store.read() as session:
        assert [one.upheld for one in session.exec(select(Objection))] == [upheld]
    story.forget()


@pytest.mark.parametrize("words", ["异议撤回，不提了", "我们的异议撤回", "撤回A-2的异议"])
def test_an_objection_that_its_unit_takes_back_waits_no_more(story: Story, words: str) -> None:
    a_month(story)
    shows(story)
    story.group(EMERGENCY).says("异议 A-2 专家当周无法到场")
    story.forget()
    story.group(EMERGENCY).says(words)
    story.group(EMERGENCY).hears("已撤回〔A-2〕的异议")
    story.room.hears(EMERGENCY, "撤回了〔A-2〕的记分异议")
    story.room.hears("【记分异议后续】", "单位已撤回")
    with story.store.read() as session:
        (objection,) = session.exec(select(Objection))
    assert objection.decided_at is not None
    assert objection.upheld is False
    story.room.says("采纳 A-2 的异议", "王芳")
    story.room.hears("没有待定的异议")
    story.group(EMERGENCY).says("异议 A-2 专家当周无法到场")
    story.group(EMERGENCY).hears("已记录〔A-2〕的异议")
    story.forget()


@pytest.mark.parametrize("words", ["异议能不能撤回", "要不异议撤回？", "A-2的异议不撤回"])
def test_who_only_asks_about_it_or_keeps_it_takes_no_objection_back(story: Story, words: str) -> None:
    a_month(story)
    shows(story)
    story.group(EMERGENCY).says("异议 A-2 专家当周无法到场")
    story.forget()
    story.group(EMERGENCY).says(words)
    with story.store.read() as session:
        assert [one.decided_at for one in session.exec(select(Objection))] == [None]
    story.forget()


def test_who_objects_to_a_task_inside_a_sentence_is_told_how(story: Story) -> None:
    a_month(story)
    shows(story)
    story.forget()
    story.group(EMERGENCY).says("我们不服，A-2的逾期是因为专家没来")
    story.group(EMERGENCY).hears("没有记作异议；要提异议请写：异议 A-2")
    story.forget()


def test_who_asks_about_an_objection_is_offered_to_decide_it(story: Story) -> None:
    a_month(story)
    shows(story)
    story.group(EMERGENCY).says("异议 A-2 专家当周无法到场")
    story.forget()
    story.room.says("驳回A-2异议前先问一下省厅", "王芳")
    offered = story.room.hears("异议待定", "〔A-2〕")
    assert not story.cast.unheard
    story.room.presses(offered, "不采纳异议1", "王芳")
    story.group(EMERGENCY).hears("【异议裁定】", "不采纳")
    story.forget()


def test_what_is_agreed_beside_an_objection_is_not_objected_to(story: Story) -> None:
    a_month(story)
    shows(story)
    shown = next(one for one, _id in story.cast.unheard if one.chat == EMERGENCY)
    story.forget()
    story.group(EMERGENCY).says("A-1没有意见，A-2不该扣", reply=shown)
    story.group(EMERGENCY).hears("已记录〔A-2〕的异议")
    story.forget()


def test_a_report_of_work_that_speaks_of_points_is_no_objection(story: Story) -> None:
    a_month(story)
    story.group(ECONOMY).says("A-1 检查扣分的3处问题已整改到位，专家意见已落实")
    assert not any("公示中的记分" in one.text for one, _id in story.cast.unheard)
    story.forget()


def test_an_objection_to_a_task_is_no_objection_to_a_score(story: Story) -> None:
    a_month(story)
    story.group(EMERGENCY).says("我们有异议，这项任务不归我们管")
    assert not any("记分" in one.text for one, _id in story.cast.unheard)
    story.forget()


def test_an_upheld_objection_shows_wherever_the_month_is_looked_at(story: Story) -> None:
    a_month(story)
    shows(story)
    story.group(EMERGENCY).says("异议 A-2 专家当周无法到场")
    asked = next(one for one, _id in story.cast.unheard if "【记分异议】" in one.text)
    story.room.presses(asked, "采纳", "王芳")
    story.forget()
    story.room.says("记分 6月 省应急管理厅", "王芳")
    story.room.hears("合计 0", "已取消")
    story.room.says("记分 0000年1月", "王芳")
    story.room.hears("年份须为四位")


def test_after_its_days_nobody_objects_any_more_and_what_waits_is_not_asked_twice(story: Story) -> None:
    a_month(story)
    story.group(ECONOMY).says("异议 A-1 退回当天已补报")
    story.group(ECONOMY).hears("没有公示中的记分")
    shows(story)
    story.group(ECONOMY).says("异议 A-1 退回当天已补报")
    story.group(ECONOMY).says("异议 A-1 再说一遍")
    shown = story.group(ECONOMY).hears("【记分公示】")
    story.group(ECONOMY).hears("已记录")
    story.group(ECONOMY).hears("正等待裁定")
    asked = story.room.hears("已公示") and story.room.hears("【记分异议】")
    story.room.presses(asked, "不采纳", "王芳")
    story.room.presses(asked, "采纳", "王芳")
    story.room.hears("未采纳")
    story.room.hears("这件异议已经裁定不采纳")
    story.until("2022-07-08 12:00")
    story.forget()
    story.group(ECONOMY).says("对这个有异议", reply=shown)
    story.group(ECONOMY).hears("异议期已于7月6日届满")


def test_only_coordinators_show_and_decide_and_leaders_look(story: Story) -> None:
    a_month(story)
    story.leaders.says("记分 6月", "李厅长")
    story.leaders.hears("【记分】2022年6月")
    story.leaders.says("公示记分 6月", "李厅长")
    story.leaders.hears("由协调员")
    story.group(ECONOMY).says("公示记分 6月")
    with story.store.read() as session:
        assert session.exec(select(ScoreSheet)).all() == []
    story.forget()


def test_each_point_of_one_unit_can_be_looked_at(story: Story) -> None:
    a_month(story)
    story.room.says("记分 6月 省应急管理厅", "王芳")
    story.room.hears("省应急管理厅　合计 −0.2", "〔A-2〕逾期2个工作日 −0.2（6月24日）")


def in_force(story: Story) -> None:
    """Let June's score count without an objection."""
    a_month(story, mornings=True)
    shows(story)
    story.until("2022-07-07 12:00")
    story.forget()


def test_every_point_says_from_what_it_follows(story: Story) -> None:
    a_month(story)
    with story.store.read() as session:
        campaign = session.get_one(Campaign, 1)
        before = told(session, story.stage.desk, campaign, date(2022, 6, 1), date(2022, 7, 1))
        entries = {entry.seq: entry for entry in session.exec(select(History))}
    assert [(row.unit, row.kind.zh, row.tenths) for row in before] == [
        (EMERGENCY, "逾期", -2), (ECONOMY, "报办结被退回", -10), (ECONOMY, "按期办结", 10),
    ]  # fmt: skip
    assert before[0].source == "期限"
    assert [entries[int(row.source[3:-1])].event for row in before[1:]] == ["退回", "核查销号"]
    shows(story)
    story.forget()
    with story.store.read() as session:
        campaign = session.get_one(Campaign, 1)
        assert told(session, story.stage.desk, campaign, date(2022, 6, 1), date(2022, 7, 1)) == before


def test_a_bulletin_shows_the_score_that_was_in_force_on_its_day_and_no_other(story: Story) -> None:
    in_force(story)
    with story.store.read() as session:
        assert told_in_force(session, 1, at("2022-07-06 23:00")) is None
        found = told_in_force(session, 1, at("2022-07-07 12:00"))
    assert found is not None
    assert (found.month, found.written(ECONOMY), found.written(EMERGENCY), found.written("省文旅厅")) == (
        date(2022, 6, 1), "0", "−0.2", "0",
    )  # fmt: skip


def test_what_happens_after_a_month_was_shown_changes_nothing_of_it(story: Story) -> None:
    in_force(story)
    story.room.says("重开 1 现场与报告不符", "王芳")
    story.forget()
    story.room.says("记分 6月", "王芳")
    story.room.hears("已生效", f"{ECONOMY}　0")


def test_what_waits_for_a_decision_is_listed_where_it_can_be_decided(story: Story) -> None:
    a_month(story)
    shows(story)
    story.group(EMERGENCY).says("异议 A-2 专家当周无法到场")
    story.forget()
    story.room.says("记分 异议", "王芳")
    listed = story.room.hears("异议待定", "〔A-2〕省应急管理厅", "专家当周无法到场")
    story.room.presses(listed, "采纳异议1", "王芳")
    story.room.hears("已采纳")
    story.group(EMERGENCY).hears("【异议裁定】")
    story.leaders.says("记分 异议", "李厅长")
    assert not story.leaders.hears("异议待定").buttons


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE score_point SET tenths = 0 WHERE tenths = -2", "公示的分值与第"),
        ("UPDATE score_point SET unit_id = 1", "各单位合计与第"),
        ("UPDATE score_point SET struck_at = NULL", "取消的扣分与记录不符"),
        ("UPDATE objection SET upheld = FALSE", "异议 1 的裁定与记录不符"),
        ("UPDATE score_sheet SET settled_at = NULL", "是否生效与记录不符"),
    ],
)
def test_who_changes_a_score_behind_the_record_is_found(story: Story, change: str, fault: str) -> None:
    a_month(story, mornings=True)
    shows(story)
    story.group(EMERGENCY).says("异议 A-2 专家当周无法到场")
    asked = next(one for one, _id in story.cast.unheard if "【记分异议】" in one.text)
    story.room.presses(asked, "采纳", "王芳")
    story.until("2022-07-07 12:00")
    story.forget()
    with story.store.write() as session:
        assert list(audit.of_campaign(session, 1)) == []
        session.execute(text(change))
        assert any(fault in line for line in audit.of_campaign(session, 1))
        session.rollback()


def test_what_never_reached_a_unit_costs_it_nothing(story: Story) -> None:
    story.begins(JUNE, task(1, "2022-06-22"), task(2, "2022-06-22", lead=(EMERGENCY,)), unbound=(EMERGENCY,))
    story.appoints("王芳", Rank.COORDINATOR)
    story.until("2022-07-01 11:00")
    story.forget()
    story.room.says("记分 6月", "王芳")
    shown = story.room.hears("【记分】2022年6月", f"{ECONOMY}　−").text
    assert f"{EMERGENCY}　−" not in shown
    story.forget()


def test_of_several_lists_a_unit_is_answered_for_those_in_which_it_has_points_each_by_its_name(story: Story) -> None:
    a_month(story)
    story.also_begins("第二清单", task(1, "2022-12-30"))
    story.forget()
    story.room.says("记分 6月 应急管理厅", "王芳")
    story.room.hears("省应急管理厅　合计 −0.2（尚未公示）", "测试清单", "〔A-2〕逾期2个工作日")
    story.room.says("记分 5月 应急管理厅", "王芳")
    story.room.hears("2022年5月没有进行中的专项行动")
    story.room.says("记分 7月 应急管理厅", "王芳")
    story.room.hears("【记分】2022年7月　省应急管理厅", "没有加分或扣分")
    story.room.says("记分 6月", "王芳")
    story.room.hears("测试清单", "省应急管理厅　−0.2")  # the second list began in July
    story.room.hears_nothing_more()


def test_of_several_lists_those_are_offered_to_be_shown_that_have_points(story: Story) -> None:
    a_month(story)
    story.also_begins("第二清单", task(1, "2022-12-30"))
    story.forget()
    shows(story)
    story.room.hears("已公示2022年6月记分")
    story.forget()
    story.room.says("公示记分 6月", "王芳")
    story.room.hears("2022年6月没有还没公示的记分")
    story.room.says("公示记分 B 6月", "王芳")
    story.room.hears("2022年6月没有可记的分")


def test_a_month_that_was_shown_is_read_after_its_list_is_over(story: Story) -> None:
    a_month(story)
    shows(story)
    story.forget()
    story.room.says("结束专项 A", "王芳")
    story.room.presses(story.room.hears("要结束专项行动1"), "确认结束", "王芳")
    story.forget()
    story.room.says("记分 6月", "王芳")
    story.room.hears("测试清单（已结束）", f"{EMERGENCY}　−0.2")
    story.group(EMERGENCY).says("我们6月扣了几分")
    story.group(EMERGENCY).hears("合计 −0.2", "逾期2个工作日")
