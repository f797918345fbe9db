"""Contacts in their group on Telegram, privacy mode on: presses, replies, files, words."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from db.models import Evidence
from db.words import State
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess


def begun(world: InProcess, *tasks: object) -> tuple[Group, Group]:
    """One unit with its group, the coordinators' room, and one task unless others are given."""
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", *(tasks or (task(1, "2022-06-30"),)))  # type: ignore[arg-type]
    return room, group


def test_a_press_is_answered_once_and_shown_under_the_message(world: InProcess) -> None:
    _room, group = begun(world)
    slip = group.hears("交办通知", "〔A-1〕", world.platform.answer_word)
    assert "已签收〔A-1〕（张工" in group.presses(slip, "收到")
    assert world.line(1).assignment.state is State.ACKNOWLEDGED
    assert slip.text.endswith(f"✓ 张工 6月1日{world.clock_at('10:00')} 签收〔A-1〕")
    assert [label for label, _data in slip.buttons] == ["报进展", "报办结", "申请延期"]


def test_an_old_button_changes_nothing_and_says_who_did_what_meanwhile(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    old = slip.data("收到")
    group.presses(slip, "报办结", who="李工")
    group.hears("已报办结", "李工")
    room.hears("待核查")
    assert f"已由李工于6月1日{world.clock_at('10:00')}报办结" in group.presses(slip, "收到", data=old)
    assert world.line(1).assignment.state is State.REPORTED
    assert slip.buttons == []


def test_progress_is_asked_for_with_a_forced_reply_and_told_under_the_message(world: InProcess) -> None:
    _room, group = begun(world)
    slip = group.hears("交办通知")
    assert group.presses(slip, "报进展") == ""
    asked = group.hears("请回复一句进展")
    assert world.platform.asks_words(asked)
    assert asked.reply_to == slip.id or not world.platform.edits  # WeCom answers messages, not presses
    group.says("已完成八成，还差两家", reply=asked)
    group.hears("已记录〔A-1〕进展：80%", "张工")
    group.shows(slip, "报进展〔A-1〕")
    assert world.line(1).assignment.percent == 80


def test_a_reply_in_words_reports_and_can_be_taken_back(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.says("这项工作已经全部办结，请核查", reply=slip)
    done = group.hears("已报办结")
    request = room.hears("待核查", "请核查")
    assert group.presses(done, "撤回").startswith("已撤回“报办结”")
    assert world.line(1).assignment.state is State.PENDING
    assert done.buttons == []
    room.shows_no_buttons(request)
    room.learns(request, f"张工 6月1日{world.clock_at('10:00')} 撤回报办结")


def test_what_is_not_said_to_the_bot_is_not_heard(world: InProcess) -> None:
    _room, group = begun(world)
    group.hears("交办通知")
    assert group.says("大家中午吃什么") is None
    assert group.says(f"/list@{BOT_NAME}") is not None
    group.hears("待办任务（1项）")


def test_latin_commands_stand_for_the_chinese_words(world: InProcess) -> None:
    room, group = begun(world, task(1, "2022-06-30"), task(2, "2022-07-31"))
    group.hears("交办通知")
    group.says(f"/ack@{BOT_NAME} 1")
    group.hears("已签收〔A-1〕")
    group.says(f"/progress@{BOT_NAME} 2 完成一半")
    group.hears("已记录〔A-2〕进展：50%")
    group.says(f"/done@{BOT_NAME} 1")
    group.hears("〔A-1〕已报办结")
    room.hears("待核查")
    group.says(f"/extend@{BOT_NAME} 2 到8月15日，因设备到货推迟")
    confirm = group.hears("申请延期", "2022年8月15日")
    assert "已申请延期" not in group.presses(confirm, "提交申请")
    group.hears("已申请延期至2022年8月15日")
    assert "提交申请" not in [label for label, _data in confirm.buttons]
    request = room.hears("延期申请", "设备到货推迟")
    room.presses(request, "同意延期", who="王协调")
    group.hears("同意延期", "2022年8月15日")
    group.says(f"/help@{BOT_NAME}")
    group.hears("也可以写")


def test_a_message_with_several_items_is_signed_for_at_once_and_opens_each(world: InProcess) -> None:
    room, group = begun(world, task(1, "2022-06-30"), task(2, "2022-07-31"), task(3, "2022-08-31"))
    slip = group.hears("交办通知", "以下3项")
    assert "已签收〔A-1〕〔A-2〕〔A-3〕" in group.presses(slip, "全部收到")
    assert "张工 6月1日" in slip.text
    assert "签收3项" in slip.text
    assert "全部收到" not in [label for label, _data in slip.buttons]
    group.presses(slip, "A-2")
    own = group.hears("〔A-2〕", "2022年7月31日")
    group.presses(own, "报办结")
    group.hears("〔A-2〕已报办结")
    room.hears("待核查")
    assert own.buttons == []


def test_forty_items_are_signed_for_in_a_word_that_is_not_cut(world: InProcess) -> None:
    _room, group = begun(world, *(task(number, "2022-06-30") for number in range(1, 41)))
    slip = group.hears("交办通知")
    assert "已签收40项（张工" in group.presses(slip, "全部收到")
    assert "签收40项" in slip.text


def test_evidence_follows_the_report_to_who_verifies(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.presses(slip, "报办结")
    reported = group.hears(f"如有佐证材料，请{world.channel.abilities.file_word}")
    room.hears("待核查")
    group.says(reply=reported, file=("验收报告.pdf", b"%PDF report"))
    group.hears("已收存佐证〔A-1〕：验收报告.pdf")
    room.hears("补交：验收报告.pdf")
    handed = room.hears("验收报告.pdf")
    assert (handed.file.rpartition("：")[2], handed.content) == ("验收报告.pdf", b"%PDF report")


def test_evidence_that_came_before_goes_with_the_report(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.says("已完成八成", reply=slip, file=("照片.jpg", b"jpeg picture"))
    group.hears("已收存佐证")
    group.hears("80%")
    group.presses(slip, "报办结")
    group.hears("已报办结")
    room.hears("待核查", "佐证：照片.jpg")
    assert room.hears("佐证〔A-1〕省经信厅：照片.jpg").content == b"jpeg picture"


@pytest.mark.only("telegram", why="nothing is sent as one")
def test_an_album_is_one_piece_of_evidence_whichever_part_tells_what_it_is(world: InProcess) -> None:
    _room, group = begun(world)
    slip = group.hears("交办通知")
    world.api.says(group.room, world.person("张工"), photo=b"one", album="g1", reply=slip)
    world.api.says(group.room, world.person("张工"), photo=b"two", album="g1", reply=slip)
    group.says("现场照片", photo=b"three", album="g1", reply=slip)
    group.hears("已收存佐证〔A-1〕")
    with world.store.read() as session:
        kept = [one.sha256 for one in session.exec(select(Evidence))]
    assert len(kept) == 3


@pytest.mark.only("telegram", why="nothing is sent as one")
def test_an_album_s_files_that_come_first_wait_for_the_one_that_tells(world: InProcess) -> None:
    _room, group = begun(world, task(1, "2022-06-30"), task(2, "2022-07-31"))
    slip = group.hears("交办通知")
    group.says(f"/help@{BOT_NAME}")
    world.api.says(group.room, world.person("张工"), photo=b"one", album="g2", reply=group.hears("也可以写"))
    world.happens()
    group.says("办结 2", photo=b"two", album="g2", reply=slip)
    group.hears("已收存佐证〔A-2〕")
    group.hears("〔A-2〕已报办结")
    world.silent = True
    with world.store.read() as session:
        assert len(session.exec(select(Evidence)).all()) == 2


def test_files_that_cannot_be_kept_are_named_with_the_reason(world: InProcess) -> None:
    world.scan = lambda path: "病毒检查未通过" if b"EICAR" in path.read_bytes() else None
    world.restarts()
    _room, group = begun(world)
    slip = group.hears("交办通知")
    files = sorted(world.folder.rglob("evidence/*/*"))
    group.says(reply=slip, file=("巨大.zip", b"x"), size=30 * 2**20)
    group.hears("未收存“巨大.zip”：单个文件不超过20 MB")
    group.says(reply=slip, file=("病毒.doc", b"EICAR"))
    group.hears("未收存“病毒.doc”：病毒检查未通过")
    world.platform.lose_files(world.api)
    world.api.says(group.room, world.person("张工"), reply=slip, file=("丢了.doc", b"gone"))
    world.platform.lose_files(world.api)
    world.happens()
    group.hears("未收存", "请重新发送")
    assert sorted(world.folder.rglob("evidence/*/*")) == files


def test_a_file_that_was_being_fetched_when_the_program_stopped_is_fetched_after(world: InProcess) -> None:
    _room, group = begun(world)
    slip = group.hears("交办通知")
    world.api.says(group.room, world.person("张工"), reply=slip, file=("报告.doc", b"report"))

    async def stops_while_fetching() -> None:
        await world.ear.hears_all()
        for task_ in list(world.listener._fetching):
            task_.cancel()

    world.loop.run_until_complete(stops_while_fetching())
    assert [one.outcome for one in world.inbound()] == ["fetching"]
    world.restarts()
    world.happens()
    group.hears("已收存佐证〔A-1〕：报告.doc")


@pytest.mark.only("telegram", why="nobody is anonymous")
def test_an_anonymous_administrator_is_asked_to_press_a_button(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.says("办结 1", reply=slip, anonymous=True)
    asked = group.hears("匿名管理员", "请按按钮")
    assert world.line(1).assignment.state is State.PENDING
    group.presses(asked, "报办结", who="赵处长")
    group.hears("已报办结（赵处长")
    room.hears("赵处长", "报办结")


def test_a_question_is_passed_on_and_the_answer_comes_back_as_a_reply(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    asked = group.says("佐证要盖章吗？", reply=slip)
    assert asked is not None
    group.hears("已转达协调员")
    question = room.hears("【提问】", "佐证要盖章吗？")
    room.says("要盖单位公章", who="王协调", reply=question)
    room.hears("已答复省经信厅")
    answer = group.hears("【答复】王协调：要盖单位公章")
    assert answer.reply_to == world.platform.number(asked)


def test_a_reply_to_another_message_is_no_answer_to_what_was_asked(world: InProcess) -> None:
    room, group = begun(world, task(1, "2022-06-30"), task(2, "2022-07-31"))
    both = group.hears("交办通知")
    group.presses(both, "A-1")
    slip = group.hears("〔A-1〕")
    group.presses(both, "A-2")
    other = group.hears("〔A-2〕")
    group.presses(slip, "报进展")
    asked = group.hears("请回复一句进展")
    group.says("已完成一半", reply=asked)
    group.hears("50%")
    group.presses(slip, "报进展")
    group.hears("请回复一句进展")
    group.says("办结", reply=other)
    group.hears("〔A-2〕已报办结")
    room.hears("待核查", "〔A-2〕")
    assert world.line(1).assignment.state is State.IN_PROGRESS


@pytest.mark.only("telegram", why="every answer is a message")
def test_the_answer_comes_as_a_message_when_the_press_could_not_wait(
    world: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered, answer = asyncio.Event(), world.channel.answer

    async def answers(press_id: str, toast: str) -> Any:
        told = await answer(press_id, toast)
        answered.set()
        return told

    async def slowly(function: Callable[..., Any], *arguments: Any) -> Any:
        await answered.wait()
        return function(*arguments)

    _room, group = begun(world)
    slip = group.hears("交办通知")
    monkeypatch.setattr("bot.inbound.listener.ANSWER_WITHIN", 0)
    monkeypatch.setattr(world.channel, "answer", answers)
    world.listener._run = slowly
    assert group.presses(slip, "收到") == ""
    group.hears("已签收〔A-1〕")
    assert "✓ 张工" in slip.text


def test_people_s_words_are_escaped_for_the_channel(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.says("办结，说明：<b>A&B</b> 已验收 <script>", reply=slip)
    world.silent = True
    said = [sent.text for sent in world.api.sent if "<b>A&B</b>" in sent.text]
    assert said, "what people wrote is shown as they wrote it"
    assert room


@pytest.mark.only("telegram", why="every message sounds")
def test_a_digest_makes_no_sound(world: InProcess) -> None:
    room, group = begun(world)
    group.hears("交办通知")
    world.until("2022-06-23 12:00")
    world.silent = True
    digest = next(sent for sent in world.api.sent if "每日要情" in sent.text)
    assert digest.silent
    assert not next(sent for sent in world.api.sent if "【提醒】" in sent.text).silent
    assert digest.chat == room.room.id


def test_a_request_that_was_submitted_cannot_be_submitted_again(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.presses(slip, "申请延期")
    group.says("到7月15日，因设备到货推迟", reply=group.hears("请回复延期到哪一天"))
    confirm = group.hears("是否提交")
    group.presses(confirm, "提交申请")
    group.hears("已申请延期至2022年7月15日")
    assert confirm.buttons == []
    room.hears("延期申请")


def test_a_request_that_waits_to_be_submitted_swallows_nothing_else(world: InProcess) -> None:
    room, group = begun(world, task(1, "2022-06-30"), task(2, "2022-07-31"))
    slip = group.hears("交办通知")
    group.presses(slip, "A-1")
    own = group.hears("〔A-1〕")
    group.says("延期到7月15日，因设备到货推迟", reply=own)
    group.hears("是否提交")
    group.says("第2项佐证要盖章吗？", reply=slip)
    group.hears("已转达协调员")
    room.hears("【提问】")
    group.says("办结 2", reply=slip)
    group.hears("〔A-2〕已报办结")
    room.hears("待核查", "〔A-2〕")


def test_what_is_taken_back_by_its_number_is_that_and_no_later_act(world: InProcess) -> None:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"), task(2, "2022-06-30"))
    slip = group.hears("交办通知")
    group.says("A-1 已完成六成", reply=slip)
    group.hears("60%")
    group.says("A-2 已完成七成", reply=slip)
    group.hears("70%")
    group.says("撤回 A-1", reply=slip)
    group.hears("已撤回“报进展”〔A-1〕")
    assert [world.line(number).assignment.percent for number in (1, 2)] == [None, 70]
    group.says("A-1这项撤销吧", reply=slip)
    group.hears("已转达协调员")
    room.hears("提问", "〔A-1〕", "A-1这项撤销吧")
    assert world.line(2).assignment.percent == 70


def test_a_button_of_a_campaign_that_is_over_refuses_once_and_is_gone(world: InProcess) -> None:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    group.says("详情", reply=group.hears("交办通知"))
    shown = group.hears("〔A-1〕完成第1项工作。")
    room.says(f"/end@{BOT_NAME} 1", who="王协调")
    room.presses(room.hears("要结束专项行动1"), "确认结束", who="王协调")
    world.takes_silently()
    group.presses(shown, "报进展")
    world.takes_silently()
    world.until("2022-06-01 10:10")
    group.shows_no_buttons(shown)
    assert world.line(1).assignment.state is State.PENDING


def test_a_decision_shows_under_the_request_that_it_answers_alone(world: InProcess) -> None:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    slip = group.hears("交办通知")
    group.says("A-1 延期到7月10日，因设备到货推迟", reply=slip)
    group.presses(group.hears("是否提交"), "提交申请")
    asked = room.hears("延期申请")
    world.takes_silently()
    group.says("A-1 已办结", reply=slip)
    world.until("2022-06-01 10:05")
    world.takes_silently()
    report = room.said("【待核查】")
    room.says("退回，缺盖章页", who="王协调", reply=report)
    world.until("2022-06-01 10:10")
    assert "已退回" not in asked.text
    room.shows(report, "已退回")
    world.silent = True
