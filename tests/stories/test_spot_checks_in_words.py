"""What is said of a spot check as to a colleague: which of several units, what was seen there, and that all the rest is so."""

import pytest

from bot.dialogue.room.spot_check_words import judgement, reason
from db.words import Rank, State
from jobs.verification.spot_checks import Share
from tests.harness.story import ECONOMY, EMERGENCY, Story, task


@pytest.fixture
def drawn(story: Story) -> Story:
    """Four tasks that were closed, one of them of two units, all of which were drawn."""
    story.begins(
        "2022-06-06 10:00", task(1, "2022-07-29", responsible=(EMERGENCY,), text="建成应急池。"),
        *(task(number, "2022-07-29", lead=(EMERGENCY,)) for number in (2, 3, 4)),
    )  # fmt: skip
    story.appoints("王芳", Rank.COORDINATOR)
    story.group(ECONOMY).says("1办结了")
    story.group(EMERGENCY).says("1、2、3、4都办结了")
    story.room.says("核查 1 省经信厅", "王芳")
    story.room.says("核查 1 省应急管理厅", "王芳")
    story.room.says("核查 2、3、4", "王芳")
    story.room.says("抽查 A 100%", "王芳")
    story.forget()
    return story


def test_where_units_share_a_code_it_is_asked_which_and_the_reason_is_kept(drawn: Story) -> None:
    drawn.room.says("抽查", "王芳")
    labels = [label for label, _data in drawn.room.hears("待核对5项").buttons]
    assert labels[:2] == [f"〔A-1〕{ECONOMY}", f"〔A-1〕{EMERGENCY}"]
    drawn.room.says("抽查不属实 A-1 池子还没开挖", "王芳")
    asked = drawn.room.hears("请问是哪一项")
    drawn.room.presses(asked, f"A-1〕{EMERGENCY}", "王芳")
    drawn.room.hears(f"〔A-1〕{EMERGENCY}：已重开（抽查不属实，列入问题清单）")
    drawn.group(EMERGENCY).hears("抽查不属实，已重开", "池子还没开挖")
    assert drawn.line(1, ECONOMY).assignment.state is State.CLOSED
    drawn.forget()


def test_what_was_seen_there_decides_and_the_words_are_the_reason(drawn: Story) -> None:
    drawn.room.says("下午去看了，A-2的台账一页没填，不属实", "王芳")
    drawn.room.hears("〔A-2〕", "已重开（抽查不属实，列入问题清单）")
    drawn.group(EMERGENCY).hears("抽查不属实，已重开", "A-2的台账一页没填")
    drawn.room.says("A-3属实；A-4演练是虚报的，现场没人", "王芳")
    drawn.room.hears("〔A-3〕省应急管理厅：抽查属实", "〔A-4〕省应急管理厅：已重开（抽查不属实")
    drawn.forget()
    drawn.room.says("A-2不属实吗", "王芳")
    assert drawn.line(1, ECONOMY).assignment.state is State.CLOSED
    drawn.forget()


def test_what_is_not_plainly_of_what_was_reported_is_shown_with_a_press_for_either(drawn: Story) -> None:
    for words in ("A-2大部分属实", "A-2村民来信属实", "A-2去看了，值班表没问题，泵坏了", "A-2村民投诉不属实"):
        drawn.room.says(words, "王芳")
        shown = drawn.room.hears("〔A-2〕省应急管理厅", "属实按“属实”")
        drawn.room.hears_nothing_more()
    drawn.room.presses(shown, "属实", "王芳")
    drawn.room.hears("〔A-2〕省应急管理厅：抽查属实")
    drawn.room.says("A-1 应急厅现场看过，属实", "王芳")
    drawn.room.hears(f"〔A-1〕{EMERGENCY}：抽查属实")
    drawn.room.says("请A-3补一份属实的材料", "王芳")
    assert "抽查属实" not in drawn.room.hears().text
    drawn.forget()


def test_that_all_the_rest_is_so_is_shown_before_it_is_written_down(drawn: Story) -> None:
    drawn.room.says("抽查属实 A-2", "王芳")
    drawn.forget()
    drawn.room.says("其余的都属实", "王芳")
    listed = drawn.room.hears("其余待核对的（4）", f"〔A-1〕{ECONOMY}", f"〔A-1〕{EMERGENCY}", "〔A-3〕", "〔A-4〕")
    drawn.room.hears_nothing_more()
    drawn.room.says("抽查属实 A-3", "王芳")
    drawn.forget()
    drawn.room.presses(listed, "这4项都属实", "王芳", there=True)
    drawn.room.hears("情况已有变动，没有记录；还有3项待核对")
    drawn.room.says("其余的都属实", "王芳")
    drawn.room.presses(drawn.room.hears("其余待核对的（3）"), "这3项都属实", "王芳", there=True)
    drawn.room.hears("抽查属实")
    drawn.forget()
    drawn.room.says("抽查", "王芳")
    drawn.room.hears("属实5项，不属实0项，待核对0项")


def test_what_was_spoken_of_and_left_open_is_none_of_the_rest(drawn: Story) -> None:
    drawn.room.says("A-4不属实要先报王局同意", "王芳")
    drawn.room.hears("没有改动：话里有")
    drawn.room.says("其余的都属实", "王芳")
    listed = drawn.room.hears("其余待核对的", "〔A-2〕", "〔A-3〕", "没有列入，说到了还没有说属实还是不属实：〔A-4〕")
    drawn.room.presses(listed, next(label for label, _data in listed.buttons), "王芳", there=True)
    drawn.forget()
    drawn.room.says("其余的都属实", "王芳")
    drawn.room.hears("没有记录", "〔A-4〕")
    drawn.forget()


def test_as_many_others_than_were_shown_are_not_found_so_by_the_press(drawn: Story) -> None:
    drawn.room.says("重开 A-2 值班表要重填", "王芳")
    drawn.forget()
    drawn.room.says("其余的都属实", "王芳")
    listed = drawn.room.hears("其余待核对的（4）", "〔A-3〕")
    drawn.room.says("抽查属实 A-3", "王芳")
    drawn.group(EMERGENCY).says("A-2办结了")
    drawn.room.says("核查 A-2", "王芳")
    drawn.forget()
    drawn.room.presses(listed, "这4项都属实", "王芳", there=True)
    drawn.room.hears("情况已有变动，没有记录；还有4项待核对", "请重新写一遍")
    drawn.forget()


def test_a_unit_judges_nothing_of_it(drawn: Story) -> None:
    drawn.group(ECONOMY).says("A-1属实")
    drawn.group(ECONOMY).says("其余的都属实")
    drawn.forget()
    drawn.room.says("抽查", "王芳")
    drawn.room.hears("属实0项，不属实0项，待核对5项")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("A-2现场看过没问题", True),
        ("A-2情况属实", True),
        ("A-2跟报的对得上", True),
        ("A-2不属实", False),
        ("A-2的照片是造假的", False),
        ("A-2是否属实", None),
        ("A-2属实吗", None),
        ("A-2没问题", None),
        ("A-2明天再去看是不是属实", None),
        ("A-2有的属实有的不属实", None),
        ("A-2前天我们派人去现场核过，单位报的情况属实", True),
        ("A-2去看过了，没有任何问题，辛苦了", True),
        ("A-2大部分属实", None),
        ("A-2恐怕并非属实", None),
        ("A-2数据不太真实", None),
        ("A-2基本属实，围挡还缺一段", None),
        ("A-2村民来信属实", None),
        ("A-2单位报属实", None),
        ("A-2查过，信访反映的漏水问题属实", None),
        ("A-2查过，村民投诉不属实", None),
        ("A-2现场没有发现虚报", None),
        ("A-2去看了，值班表没问题，泵坏了", None),
        ("A-2看过了没问题，就是照片是旧的", None),
        ("A-2附属实训楼漏水", None),
    ],
)
def test_only_what_is_plainly_found_decides(words: str, found: bool | None) -> None:
    assert judgement(words) is found


def test_the_reason_is_all_but_that_it_is_not_so() -> None:
    assert reason("去看了，表是空的，不属实。") == "去看了，表是空的"
    assert reason("A-2完全不属实") == "A-2完全不属实"
    assert reason("不属实") == ""


def test_a_share_may_be_said_in_words() -> None:
    shares = [str(Share.read(text)) for text in ("销号的抽一半去看看", "抽三成", "抽2成核一核", "成员单位里抽5项")]
    assert shares == ["50%", "30%", "20%", "5项"]
