"""What is said stays whole on cards: lead and ask on a card that stands alone, choices told apart, answers shown."""

import pytest

from bot.channels.wecom.cards import OPTION
from bot.dialogue.room.lists import _import_buttons
from db import outbox
from db.bodies import RelayBody
from db.models import Campaign
from db.words import NoticeKind, Reason
from tests.channels.test_contacts import begun
from tests.harness.world import InProcess


@pytest.mark.only("wecom", why="only there a message is a card")
def test_a_card_that_stands_alone_says_why_it_comes_and_what_is_asked(world: InProcess) -> None:
    _room, group = begun(world)
    slip = group.hears("【交办通知】〔A-1〕", "请按期完成", "请按“收到”")
    assert len(slip.parts) == 1
    world.silent = True
    world.until("2022-06-02 17:00")
    group.said("【催签收】〔A-1〕", "尚未签收", "请按“收到”")
    group.presses(slip, "收到")
    world.until("2022-07-05 18:00")
    group.said("【提醒】〔A-1〕", "期限临近，请抓紧办理")
    group.said("【催办】〔A-1〕", "请尽快办理")
    group.said("【督办单】〔A-1〕", "现予督办", "请今日说明进展和完成日期")
    assert "省经信厅：" not in group.said("【督办单】〔A-1〕").text


@pytest.mark.only("wecom", why="elsewhere the message itself is changed")
def test_a_question_that_was_answered_shows_who_did_what_and_asks_no_more(world: InProcess) -> None:
    _room, group = begun(world)
    slip = group.hears("交办通知")
    group.says("延期到7月31日，因企业停产", reply=slip)
    confirm = group.hears("是否提交？")
    group.presses(confirm, "提交申请")
    assert "是否提交" not in confirm.text
    assert f"✓ 张工 6月1日{world.clock_at('10:00')} 申请延期〔A-1〕" in confirm.text
    world.silent = True


@pytest.mark.only("wecom", why="elsewhere the message itself is changed")
def test_a_report_that_is_being_returned_has_no_buttons_left(world: InProcess) -> None:
    room, group = begun(world)
    group.presses(group.hears("交办通知"), "报办结")
    group.hears("已报办结")
    request = room.hears("待核查", "属实按“核查销号”")
    room.presses(request, "退回", who="王协调")
    assert request.parts[-1].buttons == []
    room.hears("请回复退回的理由", "如改变主意，请写：核查 A-1")


@pytest.mark.only("wecom", why="only there the bot is @ed without a word")
def test_the_bot_that_is_called_without_a_word_says_what_it_can_do_and_is_reached_again(world: InProcess) -> None:
    _room, group = begun(world)
    group.hears("交办通知")
    group.says("", addressed=True)
    group.hears("也可以写")
    world.api.remove_bot(group.room)
    with world.store.write() as session:
        outbox.tell_unit(
            session, world.line(1).unit.id, now=world.now(), kind=NoticeKind.RELAY, reason=Reason.ASKED,
            body=RelayBody(answer=True, who="王协调", words="见附件"),
        )  # fmt: skip
    world.happens()
    world.api.add_bot(group.room)
    world.silent = True
    group.says("", addressed=True)
    group.said("【答复】王协调：见附件")


def test_the_choices_about_what_is_past_are_told_apart_on_a_card() -> None:
    draft = Campaign(id=1, title="", letter="A", timezone="Asia/Shanghai", source_name="", source_hash="")
    labels = [one.label for one in _import_buttons(draft, past=3, other_year=2027)]
    assert all(len(label) <= OPTION for label in labels)
    assert len(set(labels)) == len(labels)
