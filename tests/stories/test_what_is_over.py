"""Campaigns that are over: a discarded draft and an ended campaign are nobody's any more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from db import ending, ledger
from db.ending import EndingRefused
from db.history import SYSTEM, audit
from db.intake.apply import import_document
from db.intake.document import Document
from db.ledger import Which
from db.models import Assignment, Campaign, Notice
from db.words import EVERY, LIVING, UNENDED, DeliveryState, PastChoice, Rank
from jobs.activation import ActivationRefused, activate
from tests.harness.story import ECONOMY, EMERGENCY, Story, at, task


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    one = Story(tmp_path)
    yield one
    one.nothing_was_left_unheard()


def running(story: Story, *more: object) -> None:
    """A campaign of two tasks runs, and its slips were heard."""
    story.begins("2022-06-01 09:00", task(7, "2022-06-30"), task(8, "2022-07-31", lead=(EMERGENCY,)))
    story.appoints("王协调", Rank.COORDINATOR)
    story.forget()


def draft(story: Story, *tasks: object, title: str = "第二份清单") -> int:
    """Import another list, as the command line or the room would."""
    now = story.stage.clock.now()
    document = Document(title, 2022, "", None, tasks or (task(7, "2022-06-30"),))  # type: ignore[arg-type]
    with story.store.write() as session:
        done = import_document(
            session, document, name=title, sha256=title, timezone="Asia/Shanghai",
            today=ledger.local_day(now, "Asia/Shanghai"), now=now, actor=SYSTEM,
        )  # fmt: skip
        return done.campaign.id or 0


def test_a_discarded_draft_is_nobody_s_any_more(story: Story) -> None:
    running(story)
    number = draft(story)
    story.room.says(f"放弃 {number}", "王协调")
    story.room.hears("已放弃专项行动2")
    story.room.says("代录 7 已收到", "王协调")
    story.room.hears("〔A-7〕省经信厅：签收（代录）")
    story.room.says("更正 7 期限7月15日", "王协调")
    story.room.hears("〔A-7〕")
    story.group(ECONOMY).hears("【更正通知】〔A-7〕")
    story.room.says("详情 B-7", "王协调")
    story.room.hears("没有编号为“B-7”的任务")
    story.room.says("清单", "王协调")
    assert "B-7" not in story.room.hears("任务清单（2项）").text
    assert draft(story) == 3


def test_an_ended_campaign_is_silent_and_old_buttons_say_so(story: Story) -> None:
    running(story)
    story.until("2022-06-16 19:00")
    reminder = story.group(ECONOMY).hears("〔A-7〕")
    story.forget()
    story.room.says("结束", "王协调")
    asked = story.room.hears("要结束专项行动1", "未办结2项")
    story.room.presses(asked, "确认结束", "王协调")
    story.room.hears("已结束专项行动1", "未办结2项")
    assert [notice for notice in story.pending_notices() if notice.campaign_id == 1] == []
    story.group(ECONOMY).presses(reminder, "报进展")
    story.group(ECONOMY).hears("专项行动1已由王协调于2022年6月16日结束，不再办理")
    story.group(ECONOMY).says("办结 7")
    story.group(ECONOMY).hears("没有找到这项任务")
    story.room.presses(asked, "确认结束", "王协调")
    story.room.hears("专项行动1已由王协调于2022年6月16日结束")
    story.until("2022-08-31 19:00")
    story.group(ECONOMY).hears_nothing_more()
    story.room.says("状态", "王协调")
    story.room.hears("没有进行中的专项行动")
    story.room.says("专项 全部", "王协调")
    story.room.hears("1 〔A〕测试清单（已结束）2项任务，未办结2项")
    with story.store.read() as session:
        assert list(audit(session, 1)) == []


def test_ending_withdraws_what_waits_and_leaves_others_alone(story: Story) -> None:
    running(story)
    number = draft(story, task(1, "2022-06-30"))
    with story.store.write() as session:
        campaign = session.get_one(Campaign, number)
        activate(session, story.stage.desk, campaign, PastChoice.SUMMARY, SYSTEM, at("2022-06-01 23:00"))
        assert ending.left_by(session, campaign).waiting == 1
        ending.end(session, campaign, SYSTEM, at("2022-06-01 23:01"))
        slip = session.exec(select(Notice).where(Notice.campaign_id == number)).one()
        assert (slip.state, slip.why) == (DeliveryState.WITHDRAWN, "专项行动已结束")
        due = session.exec(select(Assignment.next_action_at).where(Assignment.campaign_id == number)).all()
        assert set(due) == {None}
        assert {line.campaign.id for line in ledger.lines(session, Which(LIVING))} == {1}
    story.until("2022-06-08 19:00")
    story.forget()


def test_what_is_over_can_be_neither_started_nor_ended_nor_dropped_again(story: Story) -> None:
    running(story)
    number = draft(story)
    now = at("2022-06-02 10:00")
    with story.store.write() as session:
        living, dropped = session.get_one(Campaign, 1), session.get_one(Campaign, number)
        with pytest.raises(EndingRefused, match="尚未启动"):
            ending.end(session, dropped, SYSTEM, now)
        with pytest.raises(EndingRefused, match="已由督办于2022年6月1日启动，不能放弃"):
            ending.discard(session, living, SYSTEM, now)
        ending.discard(session, dropped, SYSTEM, now)
        with pytest.raises(EndingRefused, match="6月2日放弃"):
            ending.discard(session, dropped, SYSTEM, now)
        with pytest.raises(ActivationRefused, match="6月2日放弃，不再办理"):
            activate(session, story.stage.desk, dropped, PastChoice.SUMMARY, SYSTEM, now)


def test_a_draft_s_tasks_stand_in_no_list_until_it_runs_but_can_be_put_right(story: Story) -> None:
    running(story)
    draft(story, task(9, "2022-05-01"))
    story.room.says("清单 逾期", "王协调")
    story.room.hears("逾期（0项）")
    story.room.says("更正 9 期限7月20日", "王协调")
    story.room.hears("〔B-9〕")
    story.room.says("核查 9", "王协调")
    story.room.hears("没有可这样办理的任务")
    with story.store.read() as session:
        found = {line.code: str(line.assignment.due) for line in ledger.lines(session, Which(UNENDED))}
        assert found["B-9"] == "2022-07-20"
        assert len(ledger.lines(session, Which(EVERY))) == 3


@pytest.mark.parametrize("words", ["清单 张三", "清单 逾期 不存在的单位"])
def test_a_list_of_nobody_we_know_is_not_the_list_of_everybody(story: Story, words: str) -> None:
    running(story)
    story.room.says(words, "王协调")
    story.room.hears("没有叫“")


def test_a_list_is_narrowed_by_lamp_unit_and_campaign(story: Story) -> None:
    running(story)
    for words, total in [
        ("清单 省应急管理厅", 1),
        ("清单 应急厅", 1),
        ("清单 A", 2),
        ("清单 临期／逾期", 0),
        ("清单 未签收 省经信厅", 1),
    ]:
        story.room.says(words, "王协调")
        story.room.hears(f"（{total}项）")
