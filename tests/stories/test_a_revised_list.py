"""A revised list is compared, confirmed and applied; what people answered stays."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import col, select

from db import audit, ledger
from db.history import OPERATOR, Actor
from db.ledger import acts
from db.ledger.acts import Act
from db.models import Campaign, History, Milestone, Task
from db.words import LIVING, Action, DeadlineKind, State
from jobs.campaigns.comparison import Revision, compare
from jobs.campaigns.lists import ListFile
from jobs.campaigns.revision import revise
from jobs.notices.render import where_they_part
from jobs.reading.document import Document, TaskRead
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Story, at, task

FIRST = (
    task(1, "2022-06-30", responsible=(EMERGENCY,), text="对化工园区开展复核认定并公布结果。"),
    task(2, "2022-08-31", lead=(EMERGENCY,), assist=(ENVIRONMENT,), text="建设重大危险源监测预警系统。"),
    task(3, "2022-09-30", text="完成老旧装置安全评估。"),
)


def revised(story: Story, *tasks: TaskRead, sha: str = "second", dry: bool = False) -> Revision:
    document = Document("测试清单", 2022, "", None, tasks)
    with story.store.write() as session:
        campaign = session.get_one(Campaign, 1)
        if dry:
            return compare(session, campaign, document)
        return revise(session, campaign, ListFile("修订稿", sha, document), OPERATOR, story.stage.clock.now())


def states(story: Story) -> dict[tuple[str, str], tuple[State, date | None]]:
    with story.store.read() as session:
        return {
            (one.task.number, one.unit.name): (one.assignment.state, one.assignment.due)
            for one in ledger.lines(session, ledger.Which(LIVING))
        }


def test_the_same_list_changes_nothing(story: Story) -> None:
    story.begins("2022-06-01 09:00", *FIRST)
    story.forget()
    before = states(story)
    found = revised(story, *FIRST)
    assert (found.changes, found.unchanged) == ((), 3)
    assert states(story) == before
    story.until("2022-06-01 18:00")
    story.group(ECONOMY).hears_nothing_more()


def test_another_deliverable_of_the_same_day_is_told_by_what_is_due(story: Story) -> None:
    story.begins("2022-06-01 09:00", *FIRST)
    story.forget()
    one = FIRST[2]
    told = replace(one, milestones=tuple(replace(due, deliverable="评估报告") for due in one.milestones))
    (change,) = revised(story, FIRST[0], FIRST[1], told, dry=True).changes
    assert [(one.field, one.before == one.after, "评估报告" in one.after) for one in change.differences] == [
        ("期限", False, True)
    ]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("6月底前", "7月底前", "6月底前 → 7月底前"),
        ("", "省科技厅", "（无） → 省科技厅"),
        (
            "对全省化工园区逐一开展复核认定并公布结果",
            "对全省化工园区逐一开展复核认定",
            "…开展复核认定并公布结果 → …开展复核认定",
        ),
    ],
)
def test_of_two_long_texts_the_place_is_shown_where_they_part(before: str, after: str, told: str) -> None:
    assert where_they_part(before, after, 18) == told


def test_what_changed_is_told_field_by_field_before_anything_is_changed(story: Story) -> None:
    story.begins("2022-06-01 09:00", *FIRST)
    story.forget()
    before = states(story)
    one = replace(
        task(1, "2022-07-31", responsible=(ENVIRONMENT,), text="对化工园区开展复核认定，公布结果。"), section="甲"
    )
    found = revised(story, one, FIRST[1], task(4, "2022-10-31", text="组织港口储罐专项检查。"), dry=True)
    assert [(change.kind, change.number) for change in found.changes] == [("变更", "1"), ("新增", "4"), ("删去", "3")]
    assert [(each.field, each.before, each.after) for each in found.changes[0].differences] == [
        ("所属", "", "甲"), ("任务", "对化工园区开展复核认定并公布结果。", "对化工园区开展复核认定，公布结果。"),
        ("责任单位", EMERGENCY, ENVIRONMENT), ("期限", "2022-06-30", "2022-07-31"),
    ]  # fmt: skip
    assert states(story) == before


def test_a_revision_moves_days_adds_and_lets_off_units_and_keeps_answers(story: Story) -> None:
    story.begins("2022-06-01 09:00", *FIRST)
    story.forget()
    story.group(ECONOMY).says("收到 1")
    story.group(EMERGENCY).says("办结 2")
    story.forget()
    one = task(1, "2022-07-31", responsible=(ENVIRONMENT,), text=FIRST[0].text)
    revised(story, one, FIRST[1], task(4, "2022-10-31", lead=(ENVIRONMENT,), text="组织港口储罐专项检查。"))
    now = states(story)
    assert now["1", ECONOMY] == (State.ACKNOWLEDGED, date(2022, 7, 31))
    assert now["1", EMERGENCY][0] is State.WAIVED
    assert now["1", ENVIRONMENT] == (State.PENDING, date(2022, 7, 31))
    assert now["2", EMERGENCY][0] is State.REPORTED
    assert now["3", ECONOMY][0] is State.CANCELLED
    assert now["4", ENVIRONMENT] == (State.PENDING, date(2022, 10, 31))
    with story.store.read() as session:
        assert "修订" in {entry.event for entry in session.exec(select(History))}
    story.forget()
    story.until("2022-06-02 18:00")
    story.group(ENVIRONMENT).hears("【交办通知】", "〔A-1〕", "〔A-4〕")
    assert (
        revised(story, one, FIRST[1], task(4, "2022-10-31", lead=(ENVIRONMENT,), text="组织港口储罐专项检查。")).changes
        == ()
    )
    story.forget()


def test_a_day_that_an_extension_moved_later_stays(story: Story) -> None:
    story.begins("2022-06-01 09:00", *FIRST)
    story.forget()
    with story.store.write() as session:
        line = next(one for one in ledger.lines(session, ledger.Which(LIVING)) if one.task.number == "3")
        act = Act(Action.CORRECT, words="延期", due=date(2022, 12, 31))
        acts.perform(session, line.assignment, act, Actor("王协调"), at("2022-06-01 10:00"))
    story.until("2022-06-01 12:00")
    story.forget()
    revised(story, FIRST[0], FIRST[1], task(3, "2022-10-31", text=FIRST[2].text))
    assert states(story)["3", ECONOMY][1] == date(2022, 12, 31)


def test_a_task_that_was_renumbered_is_known_by_its_text(story: Story) -> None:
    story.begins("2022-06-01 09:00", *FIRST)
    story.forget()
    found = revised(
        story,
        FIRST[0],
        task(9, "2022-08-31", lead=(EMERGENCY,), assist=(ENVIRONMENT,), text="建设重大危险源监测预警系统。"),
        FIRST[2],
        dry=True,
    )
    (change,) = found.changes
    assert (change.kind, [one.field for one in change.differences]) == ("变更", ["序号"])


def test_a_recurring_duty_that_came_new_has_its_periods(story: Story) -> None:
    story.begins("2022-06-01 09:00", *FIRST)
    story.forget()
    monthly = task(5, None, text="每月报送情况。", kind=DeadlineKind.RECURRING, rule="FREQ=MONTHLY;BYMONTHDAY=25")
    new = replace(monthly, milestones=(replace(monthly.milestones[0], next=date(2022, 6, 25)),))
    revised(story, *FIRST, new)
    with story.store.read() as session:
        days = [one.assignment.due for one in ledger.lines(session, ledger.Which(LIVING)) if one.task.number == "5"]
    assert days[:3] == [date(2022, 6, 25), date(2022, 7, 25), date(2022, 8, 25)]
    story.forget()


def test_who_answers_by_name_changes_with_the_list_and_the_record_holds_it(story: Story) -> None:
    first = replace(FIRST[0], leaders=(("分管领导", "张建国"),))
    story.begins("2022-06-01 09:00", first, *FIRST[1:])
    story.forget()
    found = revised(story, replace(first, leaders=(("分管领导", "李明"), ("责任人", "王芳"))), *FIRST[1:])
    assert [(one.field, one.before, one.after) for one in found.changes[0].differences] == [
        ("领导", "分管领导：张建国", "分管领导：李明；责任人：王芳")
    ]
    assert story.line(1).task.leaders == [["分管领导", "李明"], ["责任人", "王芳"]]
    with story.store.write() as session:
        assert list(audit.of_campaign(session, 1)) == []
        session.get_one(Task, 1).leaders = [["分管领导", "赵六"]]
        session.flush()
        assert any("与记录不符" in fault for fault in audit.of_campaign(session, 1))
        session.rollback()
    story.forget()


def test_a_number_that_a_revision_gives_to_another_duty_names_the_old_one_alone(story: Story) -> None:
    story.begins("2022-06-01 09:00", *FIRST)
    other = replace(task(3, "2022-10-31", text="组织港口储罐专项检查。"), key="3")
    previewed = revised(story, FIRST[0], FIRST[1], other, dry=True)
    assert [(change.kind, change.named) for change in previewed.changes] == [
        ("新增", "〔A-04〕（原文序号3）"),
        ("删去", "〔A-3〕"),
    ]
    revised(story, FIRST[0], FIRST[1], other)
    with story.store.read() as session:
        codes = [one.code for one in session.exec(select(Milestone).order_by(col(Milestone.id)))]
    assert codes == ["A-1", "A-2", "A-3", "A-04"]
    story.forget()
