"""What was read is corrected once for all its units; what a unit does is of one, with 全部 offered; a revision undoes neither."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from db import ledger, locking
from db.history import Actor
from db.models import Assignment, Campaign, Milestone, Task
from db.words import UNENDED, DeadlineKind, Rank, Role, State
from jobs.campaigns.comparison import Revision, compare
from jobs.campaigns.lists import ListFile
from jobs.campaigns.revision import revise
from jobs.reading.document import Document, MilestoneRead, TaskRead
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Story, task

UNITS = (ECONOMY, EMERGENCY, ENVIRONMENT)


def three(number: int = 1, due: str | None = "2022-09-30", text: str = "完成评估。") -> TaskRead:
    """Return a task of three units."""
    return task(number, due, lead=(ECONOMY,), responsible=(EMERGENCY,), assist=(ENVIRONMENT,), text=text)


def staged() -> TaskRead:
    """Return a task with two milestones."""
    first, second = (
        MilestoneRead(text=day, kind=DeadlineKind.DATE, due=date.fromisoformat(day), deliverable=what)
        for day, what in (("2022-07-31", "初稿，印发"), ("2022-09-30", "初稿，印发"))
    )
    return replace(three(), milestones=(first, second))


def begins(story: Story, *tasks: TaskRead) -> None:
    story.begins("2022-06-01 09:00", *tasks)
    story.forget()


def says(story: Story, words: str) -> None:
    story.room.says(words, who="协调员")


def states(story: Story) -> set[State]:
    with story.store.read() as session:
        return {line.assignment.state for line in ledger.lines(session, ledger.Which(UNENDED))}


def days(story: Story) -> dict[str, date | None]:
    with story.store.read() as session:
        found = ledger.lines(session, ledger.Which(UNENDED))
        return {line.unit.name: line.assignment.due for line in found}


def test_of_what_has_no_end_a_unit_is_not_told_that_its_day_is_open(story: Story) -> None:
    begins(story, replace(three(), milestones=(MilestoneRead(text="持续推进", kind=DeadlineKind.ONGOING),)))
    story.group(ECONOMY).says("A-1 还没办完，正在推进")
    story.group(ECONOMY).hears("已记下尚未办结", "期限长期")


def test_a_misread_day_is_corrected_for_every_unit_with_one_sentence_and_nobody_is_asked_which(story: Story) -> None:
    begins(story, three(due=None))
    says(story, "更正 1 期限7月15日")
    story.room.hears("〔A-1〕已更正（协调员", "期限 待定 → 2022年7月15日")
    for unit in UNITS:
        story.group(unit).hears("【更正通知】〔A-1〕", "期限由待定更正为2022年7月15日（周五）", "（协调员）")
    assert set(days(story).values()) == {date(2022, 7, 15)}
    says(story, "更正 1 期限7月15日")
    story.room.hears("期限已经是这一天，已由协调员于6月1日09:00更正，未再作改动")


def test_a_later_day_that_was_granted_stays_and_is_named(story: Story) -> None:
    begins(story, three())
    story.group(EMERGENCY).says("延期 1 到12月31日，因设备推迟")
    story.group(EMERGENCY).says("提交")
    says(story, "同意 1")
    story.forget()
    says(story, "更正 1 期限10月31日")
    story.room.hears(
        "期限 2022年9月30日（周五） → 2022年10月31日（周一）", "省应急管理厅已获准延期至2022年12月31日（周六），保持"
    )
    assert days(story) == {
        ECONOMY: date(2022, 10, 31), EMERGENCY: date(2022, 12, 31), ENVIRONMENT: date(2022, 10, 31)
    }  # fmt: skip
    story.forget()


@pytest.mark.parametrize(
    "words",
    ["更正 1 省应急管理厅 期限10月8日", "更正 1 期限10月8日，省应急管理厅", "更正 A-1 应急厅的期限改到10月8日"],
)
def test_a_day_of_a_unit_that_is_named_is_corrected_for_it_alone(story: Story, words: str) -> None:
    begins(story, three())
    says(story, words)
    story.room.hears("〔A-1〕已更正", "期限 2022年9月30日（周五） → 2022年10月8日（周六）（只改省应急管理厅）")
    story.group(EMERGENCY).hears("【更正通知】〔A-1〕", "期限由2022年9月30日（周五）更正为2022年10月8日")
    old = date(2022, 9, 30)
    assert days(story) == {ECONOMY: old, EMERGENCY: date(2022, 10, 8), ENVIRONMENT: old}
    says(story, words)
    story.room.hears("期限已经是这一天")
    says(story, "更正 1 期限10月1日")
    story.room.hears("2个单位一并改", "省应急管理厅另定为2022年10月8日（周六），保持")
    assert days(story)[EMERGENCY] == date(2022, 10, 8)
    story.forget()


def test_in_own_words_a_unit_s_day_is_offered_apart_and_everybody_s_says_how_many_it_moves(story: Story) -> None:
    begins(story, three())
    says(story, "把A-1应急厅的期限改成10月8日")
    offered = story.room.hears("您是要")
    mine, every = "〔A-1〕省应急管理厅期限改为10月8日", "〔A-1〕期限改为10月8日（3个单位一并改）"
    assert [label for label, _data in offered.buttons] == [mine, every]
    story.room.presses(offered, mine.strip("〔"), who="协调员")
    story.room.hears("（只改省应急管理厅）")
    story.group(EMERGENCY).hears("【更正通知】")
    assert days(story)[ECONOMY] == date(2022, 9, 30)


def test_what_was_done_before_is_written_down_of_the_unit_that_is_named_and_no_text_is_changed_for_one(
    story: Story,
) -> None:
    begins(story, three())
    says(story, "更正 1 省应急管理厅 此前已办结")
    story.room.hears("记为此前已办结", "只改省应急管理厅")
    assert [story.line(1, unit).assignment.state is State.CLOSED for unit in UNITS] == [False, True, False]
    says(story, "更正 1 省经信厅 内容 完成修订。")
    story.room.hears("不能只改一个单位的")
    says(story, "更正 1 省教育厅 期限10月8日")
    story.room.hears("没有找到单位“省教育厅”")
    says(story, "更正 1 期限10月8日（按省经信厅意见）")
    story.room.hears("2个单位一并改")
    story.forget()


def test_text_and_deliverable_are_corrected_and_shown_everywhere(story: Story) -> None:
    begins(story, staged())
    says(story, "更正 1.2 成果 正式印发")
    story.room.hears("成果 初稿，印发 → 正式印发")
    says(story, "更正 A-1 内容 修订应急预案。")
    story.room.hears("内容 完成评估。 → 修订应急预案。")
    story.group(ECONOMY).says("我的任务")
    story.group(ECONOMY).hears("〔A-1.1〕初稿，印发", "〔A-1.2〕正式印发")
    story.group(ECONOMY).says("详情 1.2")
    story.group(ECONOMY).hears(
        "任务：修订应急预案。", "更正成果：成果 初稿，印发 → 正式印发", "更正文字：内容 完成评估。 → 修订应急预案。"
    )


def test_of_two_milestones_it_is_asked_which_day_is_meant(story: Story) -> None:
    begins(story, staged())
    says(story, "更正 1 期限8月15日")
    asked = story.room.hears("请问是哪一项")
    assert [label for label, _data in asked.buttons] == ["〔A-1.1〕初稿，印发", "〔A-1.2〕初稿，印发"]
    story.room.presses(asked, "A-1.1〕初稿，印发", who="协调员")
    story.room.hears("〔A-1.1〕已更正", "2022年8月15日")
    story.forget()


def test_units_and_roles_are_corrected(story: Story) -> None:
    begins(story, three(), task(2, "2022-09-30", lead=("省科技厅",)))
    says(story, "更正 1 牵头 省应急管理厅")
    story.room.hears("〔A-1〕已更正", "牵头单位 省应急管理厅")
    story.group(EMERGENCY).hears("【更正通知】〔A-1〕", "改为牵头单位（协调员）")
    assert story.line(1, EMERGENCY).assignment.role is Role.LEAD
    says(story, "更正 1 牵头 省应急厅")
    story.room.hears("角色已经是这样", "“省应急厅”在名录里登记为“省应急管理厅”")
    says(story, "省应急厅就是省应急管理厅")
    story.room.hears("已经是同一个单位", "登记为“省应急管理厅”")
    says(story, "更正 1 配合 省科技厅")
    story.room.hears("配合单位 省科技厅")
    story.group("省科技厅").hears("〔A-1〕")
    says(story, "更正 1 去掉 省生态环境厅")
    story.room.hears("去掉 省生态环境厅")
    story.group(ENVIRONMENT).hears("已免办")
    assert story.line(1, ENVIRONMENT).assignment.state is State.WAIVED
    says(story, "更正 1 责任 省外事半")
    story.room.hears("省外事半")


@pytest.mark.parametrize("words", ["更正", "更正 1", "更正 9 期限7月1日", "更正 1 期限不知道"])
def test_a_correction_that_says_too_little_is_told_how_without_a_word_of_programs(story: Story, words: str) -> None:
    begins(story, three())
    says(story, words)
    assert "duban" not in story.room.hears("例如：更正 7 期限6月30日").text
    assert set(days(story).values()) == {date(2022, 9, 30)}


def test_suspending_offers_all_units_and_no_closed_one(story: Story) -> None:
    begins(story, three())
    says(story, "撤销 1 省生态环境厅")
    story.forget()
    says(story, "暂缓 1")
    asked = story.room.hears("请问是哪一项")
    assert [label for label, _data in asked.buttons] == ["全部", "〔A-1〕省经信厅", "〔A-1〕省应急管理厅"]
    story.room.presses(asked, "全部", who="协调员")
    story.room.hears("〔A-1〕省经信厅、省应急管理厅：已暂缓")
    story.group(ECONOMY).hears("已暂缓")
    story.group(EMERGENCY).hears("已暂缓")
    says(story, "恢复 1 全部")
    story.room.hears("省经信厅、省应急管理厅：已恢复")
    story.forget()


# ---------------------------------------------------------------- revisions


def revised(story: Story, *tasks: TaskRead, over: bool = False) -> Revision:
    document = Document("测试清单", 2022, "", None, tasks)
    with story.store.write() as session:
        campaign, now = session.get_one(Campaign, 1), story.stage.clock.now()
        shown = compare(session, campaign, document, over=over)
        listed = ListFile("修订稿", f"s{over}", document)
        done = revise(session, campaign, listed, Actor("王协调", 1), now, over=over)
        assert shown.kept == done.kept
        return done


def test_a_revision_leaves_a_waived_unit_and_a_cancelled_task_alone_and_says_so(story: Story) -> None:
    begins(story, three(), three(2, text="建设监测系统。"))
    says(story, "免办 1 省生态环境厅")
    story.forget()
    says(story, "撤销 2 全部")
    story.room.presses(story.room.hears("将撤销〔A-2〕", "3个单位共3项"), "确认撤销3项", "协调员", there=True)
    story.forget()
    found = revised(story, three(), three(2, text="建设监测系统。"))
    assert found.changes == ()
    assert "〔A-1〕省生态环境厅：已由协调员于2022年6月1日免办，保持" in found.kept
    assert "〔A-2〕省经信厅：已由协调员于2022年6月1日撤销，保持" in found.kept
    assert story.line(1, ENVIRONMENT).assignment.state is State.WAIVED
    story.group(ENVIRONMENT).hears_nothing_more()


def test_a_revision_leaves_corrected_words_days_and_units_alone_unless_it_is_to_go_over_them(story: Story) -> None:
    begins(story, three(), task(2, "2022-09-30", lead=("省科技厅",)))
    for words in (
        "更正 1 期限10月31日",
        "更正 1 内容 完成全面评估。",
        "更正 1 配合 省科技厅",
        "更正 1 责任 省生态环境厅",
    ):
        says(story, words)
    story.forget()
    other = (three(due="2022-08-31", text="完成评估工作。"), task(2, "2022-09-30", lead=("省科技厅",)))
    found = revised(story, *other)
    assert set(days(story).values()) == {date(2022, 10, 31), date(2022, 9, 30)}
    assert story.line(1).task.text == "完成全面评估。"
    assert story.line(1, "省科技厅").assignment.state is State.PENDING
    assert story.line(1, ENVIRONMENT).assignment.role is Role.RESPONSIBLE
    assert {one.split("：已由")[0] for one in found.kept} == {
        "〔A-1〕内容", "〔A-1〕期限", "〔A-1〕省科技厅", "〔A-1〕省生态环境厅"
    }  # fmt: skip
    story.forget()


def test_a_revision_that_is_to_go_over_corrections_does(story: Story) -> None:
    begins(story, three())
    says(story, "更正 1 内容 完成全面评估。")
    story.forget()
    found = revised(story, three(text="完成评估工作。"), over=True)
    assert found.kept == ()
    assert story.line(1).task.text == "完成评估工作。"
    assert revised(story, three(text="完成评估报告。")).kept == ()


@pytest.mark.parametrize("words", ["更正 1 期限12月30日", "更正 1 配合 省应急管理厅", "更正 1 内容 改写。"])
def test_what_the_office_itself_must_do_is_corrected_by_a_leader_only(story: Story, words: str) -> None:
    other = task(2, "2022-09-30", lead=(EMERGENCY,))
    story.begins("2022-06-01 09:00", task(1, "2022-09-30"), other, policy=f'[people]\noffice = "{ECONOMY}"\n')
    story.appoints("领导", Rank.LEADER)
    story.forget()
    says(story, words)
    story.room.hears("本办承担的任务由领导核查")
    assert days(story) == {ECONOMY: date(2022, 9, 30), EMERGENCY: date(2022, 9, 30)}
    story.leaders.says(words, who="领导")
    story.leaders.hears("〔A-1〕已更正（领导")
    story.forget()


@pytest.mark.parametrize("words", [
    "更正 1 去掉 省生态环境厅、省应急管理厅", "更正 1 责任 省经信厅、省生态环境厅", "更正 1 内容 完成自评。",
    "更正 A-1.2 期限8月15日", "更正 A-1.1 去掉 省应急管理厅、省经信厅",
])  # fmt: skip
def test_a_correction_locks_all_that_it_touches_at_once(
    story: Story, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins(story, staged())
    held: list[tuple[type, set[int]]] = []
    hold = locking.hold

    def noting(session: Any, rows: Iterable[Any]) -> None:
        rows = list(rows)
        if rows:
            held.append((type(rows[0]), {row.id for row in rows}))
        hold(session, rows)

    monkeypatch.setattr(locking, "hold", noting)
    says(story, words)
    story.room.hears("已更正")
    for table in (Task, Milestone, Assignment):
        first, *later = [numbers for what, numbers in held if what is table]
        assert all(more <= first for more in later), f"{table.__name__} is locked in several goes"
    tables = list(dict.fromkeys(what for what, _numbers in held if what in (Task, Milestone, Assignment)))
    assert tables == [Task, Milestone, Assignment]
    story.forget()


def test_what_recurs_is_decided_of_by_its_days_and_every_name_is_said_once(story: Story) -> None:
    units = (ECONOMY, EMERGENCY)
    monthly = {"kind": DeadlineKind.RECURRING, "rule": "FREQ=MONTHLY;BYMONTHDAY=25"}
    story.begins("2022-03-01 09:00", task(1, None, lead=units[:1], responsible=units[1:], **monthly))
    story.forget()
    says(story, "撤销 1")
    asked = story.room.hears("请问是哪一项")
    labels = [label for label, _data in asked.buttons]
    assert len(set(labels)) == len(labels), "two buttons are called alike"
    assert "3月25日〔A-1〕省经信厅" in labels
    says(story, "撤销 1 全部")
    shown = story.room.hears("将撤销〔A-1〕", "2个单位共", "省经信厅：待签收，3月25日到期", "现在还没有改动")
    assert states(story) == {State.PENDING}
    story.room.presses(shown, shown.buttons[0][0], "协调员", there=True)
    told = story.room.hears("省经信厅、省应急管理厅（3月25日至", "期，", "已撤销")
    assert told.text.count(ECONOMY) == 1
    story.forget()


def test_what_was_added_or_reported_since_all_were_shown_is_not_among_what_is_cancelled(story: Story) -> None:
    story.begins(
        "2022-06-01 14:00",
        task(1, "2022-09-30", lead=(ECONOMY,), responsible=(EMERGENCY,)),
        task(2, "2022-09-30", lead=(ENVIRONMENT,)),
    )
    says(story, "撤销 1 全部")
    story.group(ECONOMY).says("A-1办结了")
    says(story, f"更正 1 配合 {ENVIRONMENT}")
    found = [one for one in story.cast.unheard if "将撤销〔A-1〕" in one[0].text]
    story.room.presses(found[0][0], "确认撤销2项", "协调员", there=True)
    told = next(one.text for one, _number in story.cast.unheard if "已撤销" in one.text and one.chat == "协调室")
    assert EMERGENCY in told.splitlines()[0]
    assert f"没有撤销：〔A-1〕{ECONOMY}：已由张工" in told
    assert f"没有撤销：〔A-1〕{ENVIRONMENT}：后来才加上" in told
    assert [story.line(1, unit).assignment.state for unit in (ECONOMY, EMERGENCY, ENVIRONMENT)] == [
        State.REPORTED, State.CANCELLED, State.PENDING,
    ]  # fmt: skip
    story.forget()


@pytest.mark.parametrize("act", ["撤销", "免办", "暂缓"])
def test_all_of_which_it_was_asked_are_those_that_were_to_choose_from(story: Story, act: str) -> None:
    story.begins(
        "2022-06-01 14:00",
        task(1, "2022-09-30", lead=(ECONOMY,), responsible=(EMERGENCY,)),
        task(2, "2022-09-30", lead=(ENVIRONMENT,)),
    )
    story.forget()
    says(story, f"{act} 1")
    asked = story.room.hears("请问是哪一项")
    says(story, f"更正 1 配合 {ENVIRONMENT}")
    story.forget()
    story.room.presses(asked, "全部", "协调员", there=True)
    story.room.hears(f"〔A-1〕{ECONOMY}、{EMERGENCY}：已{act}", f"没有{act}：〔A-1〕{ENVIRONMENT}：后来才加上")
    assert story.line(1, ENVIRONMENT).assignment.state is State.PENDING
    story.forget()


def test_all_of_more_than_could_be_named_are_shown_before_they_are_cancelled(story: Story) -> None:
    units = [f"省{name}厅" for name in ("财政", "水利", "教育", "商务", "民政", "司法", "交通", "农业", "文旅", "审计")]
    story.begins("2022-06-01 14:00", task(1, "2022-09-30", lead=(units[0],), responsible=tuple(units[1:])))
    story.forget()
    says(story, "撤销 1")
    story.room.presses(story.room.hears("请问是哪一项"), "全部", "协调员", there=True)
    shown = story.room.hears("将撤销〔A-1〕", "10个单位共10项", "现在还没有改动")
    assert states(story) == {State.PENDING}
    story.room.presses(shown, "确认撤销10项", "协调员", there=True)
    assert states(story) == {State.CANCELLED}
    story.forget()


def test_another_day_of_what_recurs_says_which_period_it_is_of_and_that_the_others_stay(story: Story) -> None:
    monthly = {"kind": DeadlineKind.RECURRING, "rule": "FREQ=MONTHLY;BYMONTHDAY=25"}
    story.begins("2022-03-01 09:00", task(1, None, **monthly))
    story.forget()
    says(story, "更正 1 期限改为4月8日")
    told = story.room.hears("3月25日", "→ 2022年4月8日", "只改了眼下这一期，以后各期不变")
    assert "待定" not in told.text
    story.forget()
