"""约谈 by a sentence: the draft that waits for its signer, with the reason, and what came of the talk."""

import pytest
from sqlmodel import col, select

from db.history import last_words
from db.models import Message, Notice
from db.words import Action, NoticeKind, Rank
from jobs.delivery import live
from tests.harness.story import ECONOMY, EMERGENCY, Story, at, task


@pytest.fixture
def late(story: Story) -> Story:
    """One unit is two days late with A-1; A-2 of it, and A-3 of another, are not."""
    story.mornings = False
    story.begins(
        "2022-06-20 09:00", task(1, "2022-06-28"), task(2, "2022-12-30"), task(3, "2022-12-30", lead=(EMERGENCY,))
    )
    story.appoints("王主任", Rank.COORDINATOR)
    story.appoints("李厅长", Rank.LEADER)
    story.until("2022-06-30 15:00")
    story.forget()
    return story


def test_a_coordinator_proposes_a_summons_with_its_reason_and_the_leader_signs_it(late: Story) -> None:
    late.room.says(f"约谈{ECONOMY}，理由：两次催办没有回应。", "王主任")
    late.room.hears("已拟约谈通知，待签发人签发（理由：两次催办没有回应）", f"{ECONOMY}：〔A-1〕")
    late.rests()
    shown = late.leaders.hears(
        "【约谈通知（待签发）】", f"{ECONOMY}：因两次催办没有回应，现约请负责同志面谈：", "〔A-1〕"
    )
    assert "A-2" not in shown.text
    late.leaders.presses(shown, "签发", "李厅长")
    late.group(ECONOMY).hears("【约谈通知】", "因两次催办没有回应", "签发：李厅长")
    late.forget()


def test_a_leader_says_whom_and_why_in_one_sentence(late: Story) -> None:
    late.leaders.says(f"约谈{ECONOMY}，A-1 长期不回应", "李厅长")
    late.leaders.hears("已拟约谈通知，待签发人签发（理由：长期不回应）", "〔A-1〕")
    late.leaders.says(f"A-1 老是拖着，请约谈{ECONOMY}", "李厅长")
    offered = next(one for one, _id in late.cast.unheard if any(label.startswith("拟约谈") for label, _ in one.buttons))
    late.leaders.presses(offered, f"拟约谈{ECONOMY}", "李厅长")
    assert any("理由：老是拖着" in one.text for one, _id in late.cast.unheard)
    late.forget()


@pytest.mark.parametrize("said", [f"约谈{EMERGENCY}，理由：不配合", f"约谈{ECONOMY}，A-2 进展太慢"])
def test_nobody_is_summoned_for_what_is_not_late(late: Story, said: str) -> None:
    late.room.says(said, "王主任")
    late.room.hears("逾期未办的事项，没有拟约谈通知")
    late.room.hears_nothing_more()


def test_who_asks_about_summonses_drafts_none(late: Story) -> None:
    for said in (f"约谈{ECONOMY}了吗", "约谈谁"):
        late.room.says(said, "王主任")
    assert not any("已拟约谈" in one.text for one, _id in late.cast.unheard)
    late.forget()


def test_what_came_of_a_talk_is_the_last_word_on_what_was_summoned_for(late: Story) -> None:
    late.room.says(f"已约谈{ECONOMY}，结果：承诺7月底前完成", "王主任")
    late.room.hears(f"没有签发过对{ECONOMY}的约谈通知")
    late.room.says(f"约谈{ECONOMY}，理由：没有回应", "王主任")
    late.rests()
    shown = next(one for one, _id in late.cast.unheard if one.chat == "领导群" and "待签发" in one.text)
    late.leaders.presses(shown, "签发", "李厅长")
    late.forget()
    late.room.says(f"已约谈{ECONOMY}，结果：承诺7月底前完成", "王主任")
    late.room.hears(f"已记下约谈结果：{ECONOMY}〔A-1〕：承诺7月底前完成")
    number = late.line(1).assignment.id
    with late.store.read() as session:
        entry = last_words(session, [number])[number]
    assert (entry.action, entry.who, entry.words) == (Action.TALK, "王主任", "承诺7月底前完成")
    late.room.says("详情 A-1", "王主任")
    late.room.hears("王主任 约谈：承诺7月底前完成")


def test_units_and_tasks_that_the_reason_speaks_of_are_not_summoned(late: Story) -> None:
    late.room.says(f"/summon {ECONOMY}，理由：不配合{EMERGENCY}工作", "王主任")
    late.room.hears(f"（理由：不配合{EMERGENCY}工作）", f"{ECONOMY}：〔A-1〕")
    late.forget()
    late.room.says(f"/summon {EMERGENCY}，理由：不配合{ECONOMY}", "王主任")
    late.room.hears(f"{EMERGENCY}没有逾期未办的事项，没有拟约谈通知")
    late.forget()


@pytest.mark.parametrize("said", ["A-1 {0} {1}", "{0} A-1 {1}", "{0} A-1，结果：{1}", "A-1、{0}：{1}"])
def test_what_came_of_a_talk_is_recorded_as_it_was_said_and_on_what_it_was_about_alone(late: Story, said: str) -> None:
    words = f"承诺7月底前完成A-2，A-3的数据由{EMERGENCY}提供"
    late.room.says(f"/talked {said.format(ECONOMY, words)}", "王主任")
    late.room.hears(f"已记下约谈结果：{ECONOMY}〔A-1〕：{words}")
    late.room.hears_nothing_more()
    numbers = [late.line(one, whose).assignment.id for one, whose in ((1, ECONOMY), (2, ECONOMY), (3, EMERGENCY))]
    with late.store.read() as session:
        found = last_words(session, numbers)
    assert [one in found and found[one].action == Action.TALK for one in numbers] == [True, False, False]


def test_when_and_where_the_talk_is_to_be_is_no_reason_for_it(late: Story) -> None:
    late.leaders.says(f"约谈{ECONOMY}主要负责人，7月4日下午3点，三楼小会议室", "李厅长")
    answer = late.leaders.hears("已拟约谈通知，待签发人签发", "面谈：7月4日下午3点，三楼小会议室。")
    assert "理由" not in answer.text
    late.rests()
    asked = "已逾期，尚未办结，现约请主要负责人于7月4日下午3点到三楼小会议室面谈："
    shown = late.leaders.hears("【约谈通知（待签发）】", ECONOMY, asked)
    assert "因7月4日" not in shown.text
    late.forget()


def test_a_leader_who_agrees_to_what_waits_is_shown_it_to_be_signed_and_may_let_it_wait(late: Story) -> None:
    late.leaders.says(f"约谈{ECONOMY}，理由：一直没有回应", "李厅长")
    late.forget()
    late.leaders.says("清单", "李厅长")
    late.forget()
    for said in ("可以，发吧", "约谈通知可以发了", "同意，签发"):
        late.leaders.says(said, "李厅长")
        shown = late.leaders.hears("【约谈通知（待签发）】", "一直没有回应")
        assert "签发" in [label.strip("〔〕") for label, _data in shown.buttons]
        late.leaders.says("清单", "李厅长")
        late.forget()
    late.leaders.says("这个先放一放", "李厅长")
    late.leaders.hears("没有签发，也没有作废；仍在待签发里")
    late.leaders.presses(shown, "签发", "李厅长")
    late.group(ECONOMY).hears("【约谈通知】")
    late.forget()


def test_a_talk_that_was_had_summons_nobody_and_is_offered_to_be_written_down(late: Story) -> None:
    late.room.says(f"约谈了{ECONOMY}，他们承诺7月底完成", "王主任")
    assert [label[:3] for label, _data in late.room.hears("您是要：").buttons] == ["记省经", "看待签"]
    late.room.says(f"约谈{ECONOMY}，理由：没有回应", "王主任")
    late.rests()
    shown = next(one for one, _id in late.cast.unheard if one.chat == "领导群" and "待签发" in one.text)
    late.leaders.says("撤回约谈", "李厅长")
    late.leaders.presses(shown, "签发", "李厅长")
    late.forget()
    late.leaders.says("撤回约谈通知", "李厅长")
    late.leaders.hears("已签发，单位已收到，不能撤回；要更正请另发一条：请协调员群发")
    late.room.says(f"已经约谈{ECONOMY}了，他们承诺7月底完成", "王主任")
    offered = late.room.hears("您是要：")
    late.room.presses(offered, offered.buttons[0][0], "王主任")
    late.room.hears(f"已记下约谈结果：{ECONOMY}〔A-1〕：他们承诺7月底完成")
    late.forget()


def test_a_bulletin_that_nobody_wrote_cannot_be_taken_back(late: Story) -> None:
    for said in ("撤回通报", "把通报撤回来"):
        late.leaders.says(said, "李厅长")
        late.leaders.hears("没有待签发的文稿，也没有签发过的通报、约谈")
    late.leaders.says("通报先放一放，过两天再说", "李厅长")
    late.forget()


def test_of_a_draft_that_a_message_can_no_longer_show_leaders_are_told_when_the_office_opens(late: Story) -> None:
    late.room.says(f"约谈{ECONOMY}，理由：两次催办没有回应。", "王主任")
    late.rests()
    late.forget()
    with late.store.write() as session:
        shown = next(one for one in session.exec(select(Notice)) if one.kind is NoticeKind.SUMMONS and one.body.draft)
        message = session.exec(select(Message).where(Message.notice_id == shown.id)).one()
        live.follow_up(session, late.stage.desk, shown, message, at("2022-07-01 22:40"))
        told = session.exec(select(Notice).order_by(col(Notice.id).desc())).first()
        assert told is not None
        assert (told.chat_id, told.not_before) == (shown.chat_id, at("2022-07-04 08:30"))
        session.rollback()
