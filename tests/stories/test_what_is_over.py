"""Campaigns that are over: a discarded draft and an ended campaign are nobody's any more."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from db import ledger
from db.history import SYSTEM, audit
from db.ledger import Which, ending
from db.ledger.ending import EndingRefused
from db.models import Assignment, Campaign, Evidence, Notice, Paper
from db.words import EVERY, LIVING, UNENDED, DeliveryState, NoticeKind, PastChoice, Rank, State
from jobs.campaigns.activation import ActivationRefused, activate
from jobs.campaigns.import_ import import_document
from jobs.reading.document import Document
from jobs.rehearsal import Message
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
        return done.campaign.id


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
    story.room.hears("专项行动2已由王协调于2022年6月1日放弃，不再办理")
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
    story.group(ECONOMY).hears("专项行动1已由王协调于2022年6月16日结束，不再办理")
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


def test_who_ends_a_campaign_sees_first_what_waits_for_a_decision_and_will_never_go_out(story: Story) -> None:
    running(story)
    story.group(ECONOMY).says("A-7 延期到7月31日，因设备停产检修")
    story.group(ECONOMY).presses(story.group(ECONOMY).hears("申请延期"), "提交申请")
    with story.store.write() as session:
        for kind, day in ((NoticeKind.BULLETIN, 1), (NoticeKind.SUMMONS, 1), (NoticeKind.SUMMONS, 2)):
            session.add(Paper(campaign_id=1, kind=kind, day=date(2022, 6, day), drafted_at=at("2022-06-01 09:00")))
        signed = {"signed_at": at("2022-06-01 09:00"), "drafted_at": at("2022-06-01 09:00")}
        session.add(Paper(campaign_id=1, kind=NoticeKind.BULLETIN, day=date(2022, 6, 3), **signed))
    story.forget()
    story.room.says("结束", "王协调")
    asked = story.room.hears("未办结2项，已报待核0项，待批延期1项；", "待签发的通报1份、约谈2份不会发出")
    story.room.presses(asked, "确认结束", "王协调")
    story.room.hears("已结束专项行动1", "待批延期1项", "待签发的通报1份、约谈2份不会发出")
    story.forget()


OVER = "专项行动1已由王协调于2022年6月1日结束，不再办理"


def one_of_two_campaigns_is_over(story: Story) -> Message:
    """A-7 is of a campaign that was ended; B-9 and B-10 of one that runs. Return the slip of A-7."""
    story.begins("2022-06-01 09:00", task(7, "2022-06-30"), task(8, "2022-07-31", lead=(EMERGENCY,)))
    story.appoints("王协调", Rank.COORDINATOR)
    slip = story.group(ECONOMY).hears("〔A-7〕")
    starts(story, draft(story, task(9, "2022-06-30"), task(10, "2022-07-31")))
    story.until("2022-06-01 19:00")
    story.room.says("结束 1", "王协调")
    story.room.presses(story.room.hears("要结束专项行动1"), "确认结束", "王协调")
    story.forget()
    return slip


def starts(story: Story, number: int) -> None:
    """A draft is activated."""
    with story.store.write() as session:
        campaign = session.get_one(Campaign, number)
        activate(session, story.stage.desk, campaign, PastChoice.SUMMARY, SYSTEM, story.stage.clock.now())


@pytest.mark.parametrize("words", [
    "A-7已完成", "7 收到", "A-7 完成七成", "A-7 延期到7月31日，因停产", "详情 7", "A-7 未完成",
])  # fmt: skip
def test_words_about_an_ended_campaign_are_told_who_ended_it(story: Story, words: str) -> None:
    one_of_two_campaigns_is_over(story)
    story.group(ECONOMY).says(words)
    story.group(ECONOMY).hears(OVER)
    story.group(ECONOMY).hears_nothing_more()
    assert story.line(9).assignment.state is State.PENDING


@pytest.mark.parametrize("words", ["收到", "已完成", "完成七成", "延期到7月31日，因停产", "详情", "这事有点说不清"])
def test_a_reply_to_a_reminder_of_an_ended_campaign_touches_no_other_task(story: Story, words: str) -> None:
    reminder = one_of_two_campaigns_is_over(story)
    story.group(ECONOMY).says(words, reply=reminder)
    story.group(ECONOMY).hears(OVER)
    story.group(ECONOMY).hears_nothing_more()
    assert {story.line(9).assignment.state, story.line(10).assignment.state} == {State.PENDING}


@pytest.mark.parametrize("words", ["", "A-7", "7 已完成，见附件"])
def test_a_file_for_an_ended_campaign_is_not_kept_and_says_who_ended_it(story: Story, words: str) -> None:
    reminder = one_of_two_campaigns_is_over(story)
    story.group(ECONOMY).says(words, reply=None if words else reminder, file="佐证.pdf")
    story.group(ECONOMY).hears("未收存“佐证.pdf”", OVER)
    story.group(ECONOMY).hears_nothing_more()
    with story.store.read() as session:
        assert session.exec(select(Evidence)).all() == []


@pytest.mark.parametrize(("words", "did"), [
    ("A-7、B-9 已完成", "〔B-9〕"), ("A-7已完成，B-9 收到", "〔B-9〕"), ("收到 A-7、B-9", "〔B-9〕"),
])  # fmt: skip
def test_of_several_tasks_that_are_named_none_is_passed_over_in_silence(story: Story, words: str, did: str) -> None:
    one_of_two_campaigns_is_over(story)
    story.group(ECONOMY).says(words)
    story.group(ECONOMY).hears(OVER)
    story.group(ECONOMY).hears(did)
    assert story.line(9).assignment.state is not State.PENDING


def test_what_was_cancelled_or_never_was_is_told_beside_what_is_done(story: Story) -> None:
    one_of_two_campaigns_is_over(story)
    story.room.says("撤销 B-10", "王协调")
    story.room.hears("〔B-10〕")
    story.forget()
    story.group(ECONOMY).says("B-9、B-10、B-99 已完成")
    story.group(ECONOMY).hears("没有编号为“B-99”的任务")
    story.group(ECONOMY).hears("〔B-9〕")
    story.group(ECONOMY).hears("〔B-10〕", "已由王协调于", "撤销")
    story.group(ECONOMY).hears_nothing_more()


def test_a_number_means_the_task_that_runs_before_one_that_is_over(story: Story) -> None:
    running(story)
    number = draft(story)
    starts(story, number)
    with story.store.write() as session:
        ending.end(session, session.get_one(Campaign, 1), SYSTEM, at("2022-06-01 10:00"))
    story.until("2022-06-01 19:00")
    story.forget()
    story.group(ECONOMY).says("7 已完成")
    story.group(ECONOMY).hears("〔B-7〕")


@pytest.mark.parametrize("words", [
    "核查 A-7", "退回 7 缺签字", "撤销 7", "代录 7 已收到", "更正 7 期限7月15日", "详情 A-7", "7 核查通过",
])  # fmt: skip
def test_a_coordinator_who_names_a_task_of_an_ended_campaign_hears_who_ended_it(story: Story, words: str) -> None:
    one_of_two_campaigns_is_over(story)
    story.room.says(words, "王协调")
    story.room.hears(OVER)
    story.room.hears_nothing_more()


def test_a_coordinator_s_reply_means_the_task_it_is_about_and_no_other(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(7, "2022-06-30"), task(8, "2022-07-31"))
    for name in ("王协调", "李协调"):
        story.appoints(name, Rank.COORDINATOR)
    story.forget()
    story.group(ECONOMY).says("7 已完成")
    first = story.room.hears("〔A-7〕")
    story.group(ECONOMY).says("8 已完成")
    story.room.hears("〔A-8〕")
    story.room.says("核查", "王协调", reply=first)
    story.room.hears("〔A-7〕")
    story.room.says("核查", "李协调", reply=first)
    story.room.hears("〔A-7〕", "已由王协调于")
    assert story.line(8).assignment.state is State.REPORTED
    story.forget()


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


# ---------------------------------------------------------------- what ran can still be looked at


def test_an_ended_campaign_can_be_looked_at_by_code_and_by_letter_and_nothing_can_be_pressed(story: Story) -> None:
    running(story)
    story.group(ECONOMY).says("A-7 进展：已整改12处")
    story.forget()
    story.room.says("结束", "王协调")
    story.room.presses(story.room.hears("要结束专项行动1"), "确认结束", "王协调")
    story.room.hears("已结束专项行动1")
    story.room.says("详情 A-7", "王协调")
    whole = story.room.hears(
        "〔A-7〕", "报进展：", "已整改12处", "专项行动1已由王协调于2022年6月1日结束，不再办理，只供查阅"
    )
    assert not whole.buttons
    story.room.says("清单 A", "王协调")
    story.room.hears("“测试清单”已结束（2项）", "〔A-7〕", "〔A-8〕")
    story.room.says("清单", "王协调")
    assert "A-7" not in story.room.hears("任务清单（0项）").text
    story.group(ECONOMY).says("A-7 是什么")
    story.forget()


def test_who_asked_about_what_is_ended_is_told_that_no_answer_comes(story: Story) -> None:
    running(story)
    story.group(ECONOMY).says("A-7 能不能换个单位来办？")
    story.group(ECONOMY).hears("已转达协调员")
    story.room.hears("【提问】")
    story.room.says("结束", "王协调")
    asked = story.room.hears("要结束专项行动1", "待答复的1条提问将告知提问人不再答复")
    story.room.presses(asked, "确认结束", "王协调")
    story.room.hears("1条未答复的提问已告知提问人")
    story.group(ECONOMY).hears("【答复】〔A-7〕“A-7 能不能换个单位来办？”", "已由王协调结束，这条提问不再单独答复")
    story.room.says("待答复", "王协调")
    story.room.hears("待答复的提问（0）")
    story.forget()
