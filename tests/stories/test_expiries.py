"""A register of licences: what is renewed by word or sheet is done once verified, and the next day is planned."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlmodel import col, select

from bot.dialogue.renewals import new_day
from db import audit, ledger
from db.ledger import Which
from db.models import History
from db.words import EVERY, DeadlineKind, Rank
from jobs.reading.document import MilestoneRead, Place, Renewal, TaskRead
from tests.harness.story import ECONOMY, EMERGENCY, Story, task

ACTS = [("2023-03-30", "提出延续申请"), ("2023-06-30", "到期前办结")]


def licence(number: int, *, unit: str = ECONOMY, every: str = "", acts: Sequence[tuple[str, str]] = ACTS) -> TaskRead:
    """Return a row of a register: something that expires on 30 June 2023, renewal of which is asked for three months before."""
    milestones = [
        MilestoneRead(day, DeadlineKind.DATE, date.fromisoformat(day), deliverable=what) for day, what in acts
    ]
    return TaskRead(
        key=str(number), number=str(number), section="", text=f"第{number}家油库：经营许可证到期前办理延续", lead=(unit,),
        milestones=tuple(milestones), place=Place(row=number), renewal=Renewal("P3M", every),
    )  # fmt: skip


@pytest.fixture
def register(story: Story) -> Story:
    story.mornings = False
    story.begins("2023-03-01 09:00", licence(1), task(2, "2023-12-31"), licence(3, unit=EMERGENCY, every="P3Y"))
    story.appoints("李协调", Rank.COORDINATOR)
    story.forget()
    return story


def owed(story: Story, number: int = 1) -> list[tuple[str, str, str]]:
    with story.store.read() as session:
        found = [one for one in ledger.lines(session, Which(EVERY)) if one.task.number == str(number)]
        return [(one.code, str(one.assignment.due), one.assignment.state.zh) for one in found]


def test_a_renewed_day_by_word_is_verified_and_the_next_is_planned(register: Story) -> None:
    group = register.group(ECONOMY)
    group.says("已换证，新有效期至2026年7月1日")
    group.hears("〔A-1.2〕已报续期", "新有效期至2026年7月1日", "2026年4月1日")
    asked = register.room.hears(
        "【待核查】", "报续期", "〔A-1.2〕", "核查销号即定为：新有效期至2026年7月1日，下一次2026年4月1日前提出延续"
    )
    register.room.hears_nothing_more()
    register.room.presses(asked, "核查销号", who="协调员")
    register.room.hears("A-1.2", "核查销号")
    group.hears("已核查销号", "已排定下一次：2026年4月1日前提出延续，2026年7月1日到期")
    assert owed(register) == [
        ("A-1.1", "2023-03-30", "已销号"),
        ("A-1.1", "2026-04-01", "待签收"),
        ("A-1.2", "2023-06-30", "已销号"),
        ("A-1.2", "2026-07-01", "待签收"),
    ]


def test_what_was_renewed_is_shown_as_it_is_now_owed(register: Story) -> None:
    group = register.group(ECONOMY)
    group.says("已换证，新有效期至2026年7月1日")
    group.hears("已报续期")
    register.room.presses(register.room.hears("【待核查】"), "核查销号", who="协调员")
    register.forget()
    register.room.says("详情 A-1", "李协调")
    shown = register.room.hears("〔A-1.1〕", "2026年4月1日")
    assert "已销号" not in shown.text
    register.forget()


def test_the_next_reminder_comes_thirty_days_before_the_new_day(story: Story) -> None:
    story.mornings = False
    story.begins("2023-03-01 09:00", licence(1))
    story.forget()
    group = story.group(ECONOMY)
    group.says("新有效期至2026年7月1日")
    story.room.presses((group.hears("已报续期"), story.room.hears("【待核查】"))[1], "核查销号", who="协调员")
    story.forget()
    story.until("2026-03-01 18:00")
    group.hears_nothing_more()
    story.until("2026-03-02 18:00")
    group.hears("【提醒】", "〔A-1.1〕", "2026年4月1日", "还有30天")


def test_what_is_returned_is_renewed_by_nothing(register: Story) -> None:
    group = register.group(ECONOMY)
    group.says("A-1 已续期，有效期至2026年7月1日")
    group.hears("已报续期")
    asked = register.room.hears("【待核查】")
    register.room.says("退回 A-1.2 没有附新证", who="协调员")
    register.forget()
    group.says("办结 A-1.2")
    group.hears("〔A-1.2〕已报办结", "请再写明新的有效期")
    register.forget()
    register.room.says("核查 A-1.2", who="李协调")
    register.room.hears("还没有新的有效期，下次提醒没有排定")
    assert len(owed(register)) == 2
    register.forget()
    assert asked.buttons


def test_a_day_may_follow_a_plain_report(register: Story) -> None:
    group = register.group(ECONOMY)
    group.says("办结 A-1.2")
    group.hears("请再写明新的有效期")
    group.says("新有效期至2026年7月1日")
    register.forget()
    register.room.says("核查 A-1.2", who="协调员")
    register.forget()
    assert [due for _code, due, _state in owed(register)] == ["2023-03-30", "2026-04-01", "2023-06-30", "2026-07-01"]


def test_the_same_day_said_again_asks_nobody_again_and_takes_nothing_back(register: Story) -> None:
    group = register.group(ECONOMY)
    group.says("A-1 已换证，新有效期至2026年7月1日")
    register.forget()
    group.says("A-1 新证办好了，有效期到2026年7月1日")
    group.hears("已由张工", "新有效期至2026年7月1日", "没有再报一次")
    register.room.hears_nothing_more()
    assert events(register) == ["报办结", "报办结"]
    group.says("A-1 写错了，新有效期至2026年8月1日")
    group.hears("已报续期", "2026年8月1日")
    register.room.hears("【待核查】", "2026年8月1日")
    assert events(register) == ["报办结", "报办结", "改报续期", "报办结", "改报续期", "报办结"]
    register.forget()


def events(story: Story) -> list[str]:
    """Return what the record says was done with the licence of the first row, in order."""
    with story.store.read() as session:
        ids = [one.assignment.id for one in ledger.lines(session, Which(EVERY)) if one.task.number == "1"]
        query = select(History).where(col(History.assignment_id).in_(ids)).order_by(col(History.id))
        return [entry.event for entry in session.exec(query)]


def test_an_earlier_day_is_refused_in_a_line_and_changes_nothing(register: Story) -> None:
    group = register.group(ECONOMY)
    group.says("A-1 新有效期至2023年6月1日")
    group.hears("新有效期须晚于现有效期2023年6月30日，未作改动")
    register.room.says("A-1 有效期改为2023年6月30日", who="协调员")
    register.room.hears("新有效期须晚于现有效期2023年6月30日")
    assert [state for _code, _due, state in owed(register)] == ["待签收", "待签收"]


def test_a_coordinator_says_the_day_and_the_unit_hears_it(register: Story) -> None:
    register.room.says("A-1 有效期改为2026年7月1日", who="协调员")
    register.room.hears(f"〔A-1〕{ECONOMY}：有效期改为2026年7月1日", "2026年4月1日")
    register.group(ECONOMY).hears("【更正通知】〔A-1.2〕", "新有效期至2026年7月1日，原来的已办结")
    assert [(due, state) for _code, due, state in owed(register)] == [
        ("2023-03-30", "已销号"), ("2026-04-01", "待签收"), ("2023-06-30", "已销号"), ("2026-07-01", "待签收"),
    ]  # fmt: skip
    register.room.says("有效期 A-2 2026年7月1日", who="协调员")
    register.room.hears("请写明到期台账中的哪一项")
    register.group(ECONOMY).says("有效期 A-1 2029年7月1日")
    register.forget()


def test_an_assessment_every_three_years_needs_no_day(register: Story) -> None:
    group = register.group(EMERGENCY)
    group.says("办结 A-3.2")
    group.hears("〔A-3.2〕已报办结")
    register.forget()
    register.room.says("核查 A-3.2", who="协调员")
    register.forget()
    assert [(due, state) for _code, due, state in owed(register, 3)] == [
        ("2023-03-30", "已销号"), ("2025-12-01", "待签收"), ("2023-06-30", "已销号"), ("2026-03-01", "待签收"),
    ]  # fmt: skip


def test_the_record_holds_what_was_renewed(register: Story) -> None:
    register.room.says("A-1 有效期改为2026年7月1日", who="协调员")
    register.forget()
    with register.store.write() as session:
        assert list(audit.of_campaign(session, 1)) == []
        (late,) = [one for one in ledger.lines(session, Which(EVERY)) if str(one.assignment.due) == "2026-07-01"]
        late.assignment.original_due = date(2027, 7, 1)
        session.flush()
        assert list(audit.of_campaign(session, 1)) != []
        session.rollback()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("已换证，新有效期至2026年7月1日", "2026-07-01"),
        ("A-1 有效期改为2026年7月1日", "2026-07-01"),
        ("已完成延续，证书有效期2023年7月1日至2026年6月30日", "2026-06-30"),
        ("还没换证，预计7月1日拿到", None),
        ("7月1日前完成排查", None),
        ("有效期是哪天？7月1日吗", None),
    ],
)
def test_only_what_is_renewed_has_a_new_day(text: str, day: str | None) -> None:
    found = new_day(text, date(2023, 6, 1))
    assert (str(found) if found else None) == day
