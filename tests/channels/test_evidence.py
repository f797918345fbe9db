"""Evidence over both services: whatever comes in as a file is kept once and sent on once, or its sender is told why not."""

import pytest
from sqlmodel import select

from db.models import Evidence
from db.words import State
from tests.channels.test_contacts import begun
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import task
from tests.harness.world import Group, InProcess

PDF = ("说明.pdf", b"%PDF why")


def kept(world: InProcess) -> list[tuple[str, str]]:
    """Return what is kept, each with the code of its task."""
    with world.store.read() as session:
        codes = {world.line(number).assignment.id: f"A-{number}" for number in (1, 2) if _there(world, number)}
        return [(codes[one.assignment_id], one.name.rpartition("：")[2]) for one in session.exec(select(Evidence))]


def _there(world: InProcess, number: int) -> bool:
    try:
        world.line(number)
    except AssertionError:
        return False
    return True


def brings(room: Group, name: str) -> None:
    """Expect the file itself."""
    assert room.hears(name).file.rpartition("：")[2] == name


def test_a_file_with_the_answer_to_a_question_is_kept_for_that_task(world: InProcess) -> None:
    _room, group = begun(world, task(1, "2022-06-30"), task(2, "2022-07-31"))
    slip = group.hears("交办通知")
    group.presses(slip, "A-2")
    own = group.hears("〔A-2〕")
    group.presses(own, "报进展")
    asked = group.hears("请回复一句进展")
    group.says("已完成七成，见附件", reply=asked, file=PDF)
    group.hears("已收存佐证〔A-2〕：说明.pdf")
    group.hears("已记录〔A-2〕进展：70%")
    assert kept(world) == [("A-2", "说明.pdf")]


def test_a_file_without_a_word_belongs_to_what_was_asked_and_the_question_stands(telegram: InProcess) -> None:
    _room, group = begun(telegram, task(1, "2022-06-30"), task(2, "2022-07-31"))
    slip = group.hears("交办通知")
    group.presses(slip, "A-2")
    own = group.hears("〔A-2〕")
    group.presses(own, "报进展")
    asked = group.hears("请回复一句进展")
    group.says(reply=asked, file=PDF)
    group.hears("已收存佐证〔A-2〕：说明.pdf")
    group.says("已完成七成", reply=asked)
    group.hears("已记录〔A-2〕进展：70%")


def test_the_reason_of_an_extension_may_come_with_a_file_which_goes_on_with_the_request(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.says("延期到7月31日", reply=slip)
    asked = group.hears("请再回复一句原因")
    group.says("因资金未到位，说明见附件", reply=asked, file=PDF)
    group.hears("已收存佐证〔A-1〕：说明.pdf")
    confirm = group.hears("原因：", "因资金未到位，说明见附件")
    group.presses(confirm, "提交申请")
    group.hears("已申请延期")
    room.hears("延期申请", "佐证：说明.pdf")
    brings(room, "说明.pdf")


@pytest.mark.parametrize("caption", ["A-1", "1", "补充材料", "1 附件"])
def test_a_file_does_not_change_what_a_request_says(world: InProcess, caption: str) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.says("延期到7月31日，因企业停产", reply=slip)
    confirm = group.hears("企业停产", "是否提交")
    group.says(caption, reply=confirm, file=PDF)
    group.hears("已收存佐证〔A-1〕：说明.pdf")
    group.presses(confirm, "提交申请")
    group.hears("已申请延期至2022年7月31日")
    room.hears("延期申请", "企业停产", "佐证：说明.pdf")
    brings(room, "说明.pdf")


def test_what_comes_while_a_request_waits_is_sent_on_at_once(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.says("延期到7月31日，因企业停产", reply=slip)
    group.presses(group.hears("是否提交"), "提交申请")
    group.hears("已申请延期")
    room.hears("延期申请")
    group.says("A-1", reply=slip, file=PDF)
    group.hears("已收存佐证〔A-1〕")
    room.hears("补交：说明.pdf")
    brings(room, "说明.pdf")


def test_a_request_for_more_time_is_heard_beside_its_file(world: InProcess) -> None:
    _room, group = begun(world)
    slip = group.hears("交办通知")
    group.says("A-1 延期到7月31日，因企业停产", reply=slip, file=PDF)
    group.hears("已收存佐证〔A-1〕")
    group.hears("是否提交", "企业停产")


def test_files_go_to_who_verifies_once_also_after_a_return(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.says("已办结", reply=slip, file=("一.pdf", b"page one"))
    group.hears("已收存佐证")
    group.hears("已报办结")
    request = room.hears("待核查", "佐证：一.pdf")
    brings(room, "一.pdf")
    room.presses(request, "退回", who="王协调")
    room.says("缺签字页", who="王协调", reply=room.hears("理由"))
    group.hears("已退回", "缺签字页")
    room.hears("已退回")
    group.says("已办结", reply=slip, file=("二.pdf", b"page two"))
    group.hears("已收存佐证")
    group.hears("已报办结")
    room.hears("待核查", "佐证：一.pdf、二.pdf")
    brings(room, "二.pdf")
    room.hears_nothing_more()


def test_an_album_that_reports_is_brought_to_the_room_once(telegram: InProcess) -> None:
    room, group = begun(telegram)
    slip = group.hears("交办通知")
    telegram.api.says(
        group.room, telegram.person("张工"), "A-1 已办结", file=("一.pdf", b"page 1"), album="g", reply=slip
    )
    telegram.api.says(group.room, telegram.person("张工"), file=("二.pdf", b"page 2"), album="g", reply=slip)
    telegram.happens()
    group.hears("已收存佐证〔A-1〕")
    group.hears("已报办结")
    room.hears("待核查", "佐证：一.pdf、二.pdf")
    brings(room, "一.pdf")
    brings(room, "二.pdf")
    room.hears_nothing_more()


def test_an_album_that_tells_nothing_is_asked_about_once(telegram: InProcess) -> None:
    _room, group = begun(telegram, task(1, "2022-06-30"), task(2, "2022-07-31"))
    slip = group.hears("交办通知")
    for name in ("一", "二"):
        telegram.api.says(
            group.room, telegram.person("张工"), file=(f"{name}.pdf", name.encode()), album="g", reply=slip
        )
    telegram.happens()
    group.hears_nothing_more()
    telegram.until("2022-06-01 10:01")
    asked = group.hears("请问是哪一项？（一.pdf）")
    group.presses(asked, "〔A-2〕完成第2项工作。")
    group.hears("已收存佐证〔A-2〕：一.pdf、二.pdf")
    assert kept(telegram) == [("A-2", "一.pdf"), ("A-2", "二.pdf")]
    again = f"c:{telegram.inbound()[0].id}:{telegram.line(1).assignment.id}"
    group.presses(asked, "〔A-1〕完成第1项工作。", data=again)
    group.hears("此前已经收存")
    assert len(kept(telegram)) == 2


def test_a_code_said_to_which_one_is_its_answer(world: InProcess) -> None:
    _room, group = begun(world, task(1, "2022-06-30"), task(2, "2022-07-31"))
    slip = group.hears("交办通知")
    group.says("已完成七成", reply=slip)
    asked = group.hears("请问是哪一项？")
    group.says("A-2", reply=asked)
    group.hears("已记录〔A-2〕进展：70%")


def test_evidence_after_the_closing_is_kept_and_sent_on(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.presses(slip, "报办结")
    reported = group.hears("如有佐证材料")
    room.presses(room.hears("待核查"), "核查销号", who="王协调")
    group.hears("已核查销号")
    world.takes_silently()
    group.says("A-1 佐证", reply=reported, file=PDF)
    group.hears("已收存佐证〔A-1〕：说明.pdf", f"已由王协调于6月1日{world.clock_at('10:00')}核查销号，佐证作为补交")
    room.hears("补交：说明.pdf（该项已销号）")
    brings(room, "说明.pdf")
    assert world.line(1).assignment.state is State.CLOSED


def test_evidence_for_what_was_waived_is_refused_with_the_reason(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    room.says(f"/waive@{BOT_NAME} 1", who="王协调")
    room.hears("已免办")
    group.hears("已免办")
    group.says("A-1", reply=slip, file=PDF)
    group.hears("未收存“说明.pdf”：〔A-1〕已由王协调", "免办")
    assert kept(world) == []


@pytest.mark.parametrize("words", ["A-1 已办结", "A-1 已经上报了", "A-1 完成七成", "A-1 收到"])
def test_words_about_what_is_over_are_told_who_closed_it_and_when(world: InProcess, words: str) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.presses(slip, "报办结")
    group.hears("已报办结")
    room.presses(room.hears("待核查"), "核查销号", who="王协调")
    group.hears("已核查销号")
    world.takes_silently()
    group.says(words, reply=slip)
    group.hears(f"〔A-1〕已由王协调于6月1日{world.clock_at('10:00')}核查销号")
    if "七成" in words:  # against what was closed: the coordinators hear it
        room.hears("七成", "重开")


def test_a_reason_for_a_return_takes_its_file_along(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.presses(slip, "报办结")
    group.hears("已报办结")
    room.presses(room.hears("待核查"), "退回", who="王协调")
    room.says("材料不全，样式见附件", who="王协调", reply=room.hears("理由"), file=("样式.doc", b"form sheet"))
    room.hears("已退回")
    group.hears("已退回", "材料不全")
    brings(group, "样式.doc")


def test_an_answer_to_a_question_takes_its_file_along_and_so_does_the_question(world: InProcess) -> None:
    room, group = begun(world, task(1, "2022-06-30"), task(2, "2022-07-31"))
    slip = group.hears("交办通知")
    group.says("这张表怎么填？", reply=slip, file=("表.xls", b"table"))
    group.hears("已转达协调员")
    question = room.hears("【提问】", "这张表怎么填？")
    brings(room, "表.xls")
    room.says("见附件", who="王协调", reply=question, file=("说明.doc", b"how to fill it in"))
    group.hears("【答复】王协调：见附件")
    brings(group, "说明.doc")
    room.hears("已答复")


def test_a_command_that_takes_no_file_says_so(telegram: InProcess) -> None:
    room, group = begun(telegram)
    group.hears("交办通知")
    room.room.admin = True
    room.says("/status", who="王协调", file=PDF)
    room.hears("测试清单")
    room.hears("未收存“说明.pdf”：“状态”不带文件")


def test_an_answer_to_a_broadcast_takes_its_file_along(world: InProcess) -> None:
    room, group = begun(world)
    group.hears("交办通知")
    room.says(f"/broadcast@{BOT_NAME} 全部 报值班表", who="王协调")
    room.presses(room.hears("群发预览", "报值班表"), "确认发出", who="王协调")
    world.happens()
    call = group.hears("【群发】报值班表")
    world.takes_silently()
    group.says("值班表见附件", reply=call, file=("值班表.xls", b"roster"))
    group.hears("已确认收到，您的话和文件值班表.xls已转达协调员")
    room.hears("【群发答复】", "值班表见附件")
    brings(room, "值班表.xls")
    assert kept(world) == []
    world.silent = True


def test_a_file_of_nobody_known_is_not_kept_and_says_why(telegram: InProcess) -> None:
    _room, group = begun(telegram)
    slip = group.hears("交办通知")
    group.room.admin = True
    group.says("A-1", reply=slip, file=PDF, anonymous=True)
    group.hears("未收存“说明.pdf”：匿名发送")
    assert kept(telegram) == []
    telegram.silent = True


def test_a_file_that_waits_for_a_choice_is_told_of_when_another_is_chosen_first(telegram: InProcess) -> None:
    _room, group = begun(telegram, task(1, "2022-06-30"), task(2, "2022-07-31"))
    slip = group.hears("交办通知")
    group.says("延期一周", reply=slip, file=("理由一.pdf", b"one"))
    first = group.hears("请问是哪一项？")
    group.says("见附件", reply=slip, file=("照片二.pdf", b"two"))
    second = group.hears("请问是哪一项？")
    group.presses(second, "〔A-2〕完成第2项工作。")
    group.hears("已收存佐证〔A-2〕：照片二.pdf")
    group.hears("“理由一.pdf”在等您选定是哪一项，选定后就收存")
    group.presses(first, "〔A-1〕完成第1项工作。")
    group.hears("已收存佐证〔A-1〕：理由一.pdf")
    group.hears("〔A-1〕")
    assert kept(telegram) == [("A-2", "照片二.pdf"), ("A-1", "理由一.pdf")]


def test_one_choice_takes_all_the_files_that_wait_for_one(telegram: InProcess) -> None:
    _room, group = begun(telegram, task(1, "2022-06-30"), task(2, "2022-07-31"))
    slip = group.hears("交办通知")
    asked = []
    for name in ("一.pdf", "二.pdf", "三.pdf"):
        group.says("" if name == "一.pdf" else "见附件", reply=slip, file=(name, name.encode()))
        asked.append(group.hears("请问是哪一项？"))
    group.presses(asked[1], "〔A-2〕完成第2项工作。")
    group.hears("已收存佐证〔A-2〕：二.pdf、一.pdf、三.pdf")
    group.hears_nothing_more()
    assert sorted(kept(telegram)) == [("A-2", "一.pdf"), ("A-2", "三.pdf"), ("A-2", "二.pdf")]
    for question in asked:
        group.shows_no_buttons(question)


def test_a_file_after_the_only_task_was_closed_is_kept_with_it_and_sent_on_once(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    group.says("已办结", reply=slip)
    group.hears("已报办结")
    room.presses(room.hears("待核查"), "核查销号", who="王协调")
    group.hears("已核查销号")
    group.room.admin = True  # the bot hears who names it
    group.says(f"@{BOT_NAME} 再补一份", file=PDF)
    group.hears("已收存佐证〔A-1〕：说明.pdf", "作为补交转给核查人")
    room.hears("补交：说明.pdf")
    brings(room, "说明.pdf")
    assert kept(world) == [("A-1", "说明.pdf")]


def test_a_file_after_several_were_closed_is_asked_about(telegram: InProcess) -> None:
    room, group = begun(telegram, task(1, "2022-06-30"), task(2, "2022-07-31"))
    slip = group.hears("交办通知")
    for number in (1, 2):
        group.says(f"{number} 已办结", reply=slip)
        group.hears("已报办结")
        room.presses(room.hears("待核查"), "核查销号", who="王协调")
        group.hears("已核查销号")
    group.room.admin = True  # the bot hears who names it
    group.says(f"@{BOT_NAME} 再补一份", file=PDF)
    group.presses(group.hears("请问是哪一项？"), "〔A-2〕完成第2项工作。")
    group.hears("已收存佐证〔A-2〕：说明.pdf")
    room.hears("补交：说明.pdf")
    brings(room, "说明.pdf")
    assert kept(telegram) == [("A-2", "说明.pdf")]


def test_the_same_file_again_is_told_to_be_kept_already(world: InProcess) -> None:
    _room, group = begun(world)
    slip = group.hears("交办通知")
    group.says("A-1", reply=slip, file=PDF)
    group.hears("已收存佐证〔A-1〕：说明.pdf")
    group.says("A-1", reply=slip, file=PDF)
    group.hears("说明.pdf此前已经收存")
    assert kept(world) == [("A-1", "说明.pdf")]
