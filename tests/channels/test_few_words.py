"""The bot says what it does with words, once, and in the words of the service that hears it."""

from collections.abc import Iterator
from typing import Any

import pytest

from db.kinds import WORK
from db.words import State
from jobs.notices.render import render
from tests.channels.test_contacts import begun
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import task
from tests.harness.world import Group, InProcess
from tests.messages.sample import NOTICES, TODAY
from tests.messages.written import SERVICES, notice_of


def test_of_more_than_five_tasks_a_receipt_tells_the_number(world: InProcess) -> None:
    _room, group = begun(world, *(task(number, "2022-07-30") for number in range(1, 8)))
    said = group.presses(group.hears("交办通知"), "全部收到")
    assert "已签收7项（张工" in said
    assert "A-3" not in said


def test_收到_where_no_receipt_is_waited_for_is_nodded_at_and_scolds_nobody(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.says("已完成八成", reply=slip)
    echo = group.hears("已记录〔A-1〕进展：80%")
    for words in ("收到，谢谢", "收到"):
        group.says(words, reply=echo)
        assert group.hears("好的。").text.endswith("好的。")
    group.says("已办结", reply=slip)
    group.hears("已报办结")
    room.presses(room.hears("待核查"), "核查销号", who="王协调")
    group.hears("已核查销号")
    group.says("收到", reply=slip)
    group.hears("好的。〔A-1〕已由王协调于6月1日", "核查销号，不用再办了。")
    assert world.line(1).assignment.state is State.CLOSED


def test_who_signs_second_hears_that_there_is_nothing_left_to_press(world: InProcess) -> None:
    _room, group = begun(world)
    slip = group.hears("交办通知")
    old = slip.data("收到")
    group.presses(slip, "收到")
    told = group.presses(slip, "收到", who="李工", data=old)
    assert f"〔A-1〕已由张工于6月1日{world.clock_at('10:00')}签收，不用再按。" in told


def test_a_card_is_called_what_it_says(wecom: InProcess) -> None:
    _room, group = begun(wecom, task(1, "2022-06-30"), task(2, "2022-07-31"))
    group.hears("交办通知")
    group.says("已完成八成", addressed=True)
    asked = group.hears("请选一项", "请问是哪一项", "A-1　完成第1项工作。", "A-2　完成第2项工作。")
    group.presses(asked, "〔A-1〕完成第1项工作。")
    assert group.hears("已记录〔A-1〕进展").text.startswith("已记录\n")


def lines_of_work() -> Iterator[tuple[str, str]]:
    """Yield what each service shows of each kind of work, with the hint that a service without buttons gives."""
    for service in SERVICES:
        for sample in NOTICES:
            if sample.kind in WORK:
                for part in render(notice_of(sample), sample.found, service, TODAY, sample.extra):
                    yield service.hint, f"{part.text} {part.face}"


def test_how_to_answer_is_said_once() -> None:
    texts = list(lines_of_work())
    assert len(texts) > 20
    assert [text for hint, text in texts if hint in text] == []
    assert [text for _hint, text in texts if text.count("写“收到”") > 2 or "签收签收" in text] == []


def test_a_word_of_courtesy_gets_one_short_word_or_none(world: InProcess) -> None:
    _room, group = begun(world, task(1, "2022-06-30"), task(2, "2022-07-31"))
    slip = group.hears("交办通知")
    for said, told in (("谢谢", "不客气。"), ("在吗", "在的，请讲。"), ("🎉🎉", ""), ("你好", "您好。")):
        group.says(said, reply=slip)
        if told:
            assert group.hears(told).text.endswith(told)
        group.hears_nothing_more()


def test_a_nod_to_a_question_is_no_answer_to_it(world: InProcess) -> None:
    _room, group = begun(world)
    slip = group.hears("交办通知")
    group.presses(slip, "报进展")
    asked = group.hears("请回复一句进展")
    for nod in ("好的", "👍", "谢谢"):
        group.says(nod, reply=asked)
    group.hears("不客气。")
    group.says("已完成八成", reply=asked)
    group.hears("已记录〔A-1〕进展：80%")


def asks_for_help(world: InProcess, group: Group) -> Any:
    """Return a message of the bot that is about no task, and can be answered."""
    group.says(f"/help@{BOT_NAME}" if world.platform.edits else "@督办机器人 帮助")
    return group.hears("写")


def test_an_unheard_sentence_gets_a_line_with_what_it_may_have_meant(world: InProcess) -> None:
    room, group = begun(world, task(1, "2022-06-30"), task(2, "2022-07-31"))
    group.hears("交办通知")
    group.says("甲乙丙丁戊己", reply=asks_for_help(world, group))
    unheard = group.hears("没听懂“甲乙丙丁戊己”，是要：")
    assert world.platform.labels(unheard) == ["报进展", "问协调员"]
    group.presses(unheard, "问协调员")
    group.hears("已转达协调员")
    room.hears("【提问】省经信厅", "甲乙丙丁戊己")


def test_what_was_not_heard_becomes_progress_of_the_task_that_is_chosen(world: InProcess) -> None:
    _room, group = begun(world, task(1, "2022-06-30"))
    group.hears("交办通知")
    group.says("甲乙丙丁戊己", reply=asks_for_help(world, group))
    unheard = group.hears("没听懂")
    group.presses(unheard, "报进展")
    group.hears("已记录〔A-1〕进展", "甲乙丙丁戊己")


def test_help_is_six_lines_of_what_can_be_done_now(world: InProcess) -> None:
    _room, group = begun(world, task(1, "2022-06-30"), task(2, "2022-07-31"))
    slip = group.hears("交办通知")
    group.says("帮助", reply=slip)
    told = group.hears("现有2项待办，2项待签收", " A-1——报办结")
    assert len(told.text.splitlines()) <= 6
    group.presses(slip, "全部收到")
    group.says("帮助", reply=slip)
    told = group.hears("现有2项待办。", "收回刚才的操作")
    assert "签收" not in told.text


def test_a_coordinators_wish_in_own_words_is_a_command(world: InProcess) -> None:
    room, group = begun(world, task(1, "2022-06-30"), task(2, "2022-07-31"))
    group.hears("交办通知")
    room.says(f"/help@{BOT_NAME}" if world.platform.edits else "@督办机器人 帮助", who="王协调")
    help_ = room.hears("待核查0项，延期待批0项，逾期0项，未签收2项。", "全部命令写")
    assert len(help_.text.splitlines()) <= 6
    room.says("谁还没签收？", who="王协调", reply=help_)
    room.hears("尚未签收的单位（1）", "省经信厅：2项")
    room.says("催一下没签收的", who="王协调", reply=help_)
    room.hears("将催办1个单位", "省经信厅2项")
    room.says("食堂今天吃什么", who="王协调", reply=help_)
    unheard = room.hears("没听懂“食堂今天吃什么”，是要看：")
    assert world.platform.labels(unheard) == ["看待核查", "看逾期"]
    room.presses(unheard, "看逾期", who="王协调")
    room.hears("逾期（0项）")


@pytest.mark.parametrize("words", ["A-1 进展", "A-1 报进展：", "1 工作进展情况如下", "进展"])
def test_进展_with_nothing_behind_it_asks_for_a_line_and_records_none(world: InProcess, words: str) -> None:
    _room, group = begun(world)
    group.says(words, reply=group.hears("交办通知"))
    asked = group.hears("〔A-1〕请回复一句进展")
    assert world.platform.asks_words(asked)
    assert world.line(1).assignment.state is State.PENDING
    group.says("已完成八成", reply=asked)
    group.hears("已记录〔A-1〕进展：80%")


def test_进展_of_several_asks_of_which(world: InProcess) -> None:
    _room, group = begun(world, task(1, "2022-06-30"), task(2, "2022-07-31"))
    group.says("进展", reply=group.hears("交办通知"))
    asked = group.hears("请问是哪一项")
    group.presses(asked, next(label for label in world.platform.labels(asked) if "A-2" in label))
    group.hears("〔A-2〕请回复一句进展")
    assert [world.line(number).assignment.state for number in (1, 2)] == [State.PENDING] * 2
