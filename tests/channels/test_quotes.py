"""Quotes on WeCom, under each reading of what a quote of a card brings: what was quoted is what is answered."""

import pytest

from bot.dialogue import quotes
from db.broadcasts import figures
from db.models import Broadcast
from db.words import State
from tests.channels.test_contacts import begun
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess


@pytest.fixture(autouse=True)
def hears_the_room_in_passing(wecom: InProcess) -> None:
    """What the room is told beside all this is not this story's."""
    wecom.silent = True


def called(wecom: InProcess, room: Group, how: str, words: str) -> Group:
    """Let the coordinator call the unit."""
    room.says(f"@督办机器人 {how} 全部 {words}", who="王协调")
    room.presses(room.said("预览", words), "确认发出", who="王协调")
    wecom.takes_silently()
    return wecom.groups["经信厅工作群"]


def confirmed(wecom: InProcess, number: int = 1) -> int:
    with wecom.store.read() as session:
        return figures(session, session.get_one(Broadcast, number)).confirmed


def test_a_broadcast_that_is_quoted_is_confirmed_and_no_task_is_signed(wecom: InProcess) -> None:
    room, _group = begun(wecom, task(1, "2022-06-30"), task(2, "2022-07-31"))
    group = called(wecom, room, "群发", "今晚有暴雨，请加强值守。")
    group.says("收到", reply=group.said("【群发】今晚有暴雨"))
    group.hears("已记录：省经信厅收到")
    assert confirmed(wecom) == 1
    assert wecom.line(1).assignment.state is State.PENDING


@pytest.mark.parametrize(
    "words",
    ["收到，已安排值班", "收到，已核实，无人员被困", "正在组织转移", "已完成转移", "人手不足怎么办？", "A组已出发"],
)
def test_any_words_that_quote_an_urgent_call_are_its_answer(wecom: InProcess, words: str) -> None:
    room, _group = begun(wecom, task(1, "2022-06-30"), task(2, "2022-07-31"))
    group = called(wecom, room, "叫应", "山洪预警，请立即核查。")
    group.says(words, reply=group.said("【紧急叫应】山洪预警"))
    assert group.hears() is not None
    assert confirmed(wecom) == 1
    assert {wecom.line(number).assignment.state for number in (1, 2)} == {State.PENDING}


@pytest.mark.parametrize("words", ["收到，已安排值班", "已完成转移", "需要支援！", "收到"])
def test_while_a_call_is_open_whatever_is_said_to_the_bot_is_its_answer(wecom: InProcess, words: str) -> None:
    room, _group = begun(wecom, task(1, "2022-06-30"), task(2, "2022-07-31"))
    group = called(wecom, room, "叫应", "山洪预警，请立即核查。")
    group.says(f"@督办机器人 {words}")
    assert confirmed(wecom) == 1
    assert {wecom.line(number).assignment.state for number in (1, 2)} == {State.PENDING}


@pytest.mark.parametrize("words", ["A-1 完成五成", "我的任务", "帮助"])
def test_what_is_said_of_a_task_or_wanted_of_the_bot_answers_no_call(wecom: InProcess, words: str) -> None:
    room, _group = begun(wecom, task(1, "2022-06-30"), task(2, "2022-07-31"))
    group = called(wecom, room, "叫应", "山洪预警，请立即核查。")
    group.says(f"@督办机器人 {words}")
    assert confirmed(wecom) == 0


def test_a_reminder_that_is_quoted_is_signed_and_no_old_broadcast_confirmed(wecom: InProcess) -> None:
    room, group = begun(wecom)
    group.hears("交办通知")
    called(wecom, room, "群发", "请报送联络员名单。")
    wecom.until("2022-06-23 17:00")
    reminder = group.said("【提醒】〔A-1〕")
    wecom.takes_silently()
    group.says("收到", reply=reminder)
    group.hears("已签收〔A-1〕")
    assert confirmed(wecom) == 0


def test_what_was_said_twice_alike_is_the_later_where_it_is_of_the_same(wecom: InProcess) -> None:
    _room, group = begun(wecom, task(1, "2022-06-30"), task(2, "2022-06-30"))
    group.hears("交办通知")
    wecom.until("2022-06-24 17:00")
    wecom.takes_silently()
    group.says("办结 2", reply=group.said("【交办通知】"))
    group.hears("〔A-2〕已报办结")


def test_two_calls_in_the_same_words_are_asked_apart_by_what_is_still_open(wecom: InProcess) -> None:
    room, _group = begun(wecom)
    group = called(wecom, room, "群发", "请报送名单。")
    first = group.said("【群发】请报送名单")
    group.says("收到", reply=first)
    called(wecom, room, "群发", "请报送名单。")
    group.says("收到", reply=first)
    assert confirmed(wecom) == 1
    assert confirmed(wecom, 2) == (1 if wecom.api.quotes == "words" else 0)


def test_words_that_no_message_of_the_bot_s_said_point_at_nothing(wecom: InProcess) -> None:
    _room, group = begun(wecom, task(1, "2022-06-30"), task(2, "2022-07-31"))
    slip = group.hears("交办通知")
    slip.parts[-1].card, slip.parts[-1].text = {}, "你们单位的材料交了没有"
    group.says("收到", reply=slip)
    group.hears("请问是哪一项？")
    assert wecom.line(1).assignment.state is State.PENDING


@pytest.mark.parametrize(
    ("quoted", "call"),
    [
        ("【群发】请报送", True),
        ("督办\n【紧急叫应】山洪", True),
        ("〔补发〕【群发】请报送", True),
        ("【提醒】〔A-1〕", False),
        ("群发的事", False),
    ],
)
def test_a_call_is_known_by_its_first_word(quoted: str, call: bool) -> None:
    assert quotes.is_call(quoted) is call


def test_the_code_stands_in_the_card_s_own_words(wecom: InProcess) -> None:
    _room, group = begun(wecom, task(1, "2022-06-30"))
    card = group.hears("交办通知").parts[-1].card
    assert "〔#" in card["sub_title_text"]
    assert card["source"] == {"desc": "督办"}
    assert ECONOMY in str(card)
