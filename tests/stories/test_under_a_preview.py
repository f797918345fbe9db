"""What is said under a preview: it is taken back, somebody is taken out of it, or it is agreed to, and nothing is done against it."""

import pytest

from db.words import Rank, State
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Group, Story, task

WHO = "王协调"
UNITS = (ECONOMY, EMERGENCY, ENVIRONMENT)


@pytest.fixture
def room(story: Story) -> Group:
    """Two reports of two units, and more time that a third asks for."""
    story.begins("2022-06-01 14:00", *(task(place, "2022-09-30", lead=(unit,)) for place, unit in enumerate(UNITS, 1)))
    story.appoints(WHO, Rank.COORDINATOR)
    for place, unit in enumerate(UNITS[:2], 1):
        story.group(unit).says(f"办结 A-{place}")
    story.group(ENVIRONMENT).says("A-3 要延期到10月20日，船没到")
    story.group(ENVIRONMENT).says("提交")
    story.forget()
    return story.room


@pytest.mark.parametrize("replies", [True, False])
def test_who_is_taken_out_of_a_list_after_it_was_shown_is_not_verified_by_its_button(
    story: Story, room: Group, replies: bool
) -> None:
    room.says("报上来的全部通过", who=WHO)
    shown = room.hears("核查销号2项")
    room.says("省经信厅的先别销号", who=WHO, reply=shown if replies else None)
    room.hears("核查销号1项", f"〔A-2〕{EMERGENCY}", f"没有列入：〔A-1〕{ECONOMY}：照旧等着", "上面那条的按钮已失效")
    room.presses(shown, "确认", who=WHO, there=True)
    room.hears("该按钮已失效，请重新写一遍")
    assert [story.line(place, unit).assignment.state for place, unit in enumerate(UNITS[:2], 1)] == [State.REPORTED] * 2
    story.forget()


@pytest.mark.parametrize(
    "said", ["慢，经信厅的先不过", "不对，经信除外", "A-1再等等", "哦，经信厅的也先别", "去掉A-1", "A-1先别动"]
)
def test_who_is_taken_out_in_the_next_breath_is_left_out_of_what_is_shown_anew(
    story: Story, room: Group, said: str
) -> None:
    room.says("报上来的全部通过", who=WHO)
    shown = room.hears("核查销号2项")
    room.says(said, who=WHO)
    anew = room.hears("核查销号1项", f"没有列入：〔A-1〕{ECONOMY}：照旧等着")
    room.presses(shown, "确认", who=WHO, there=True)
    room.hears("该按钮已失效，请重新写一遍")
    room.presses(anew, "确认", who=WHO, there=True)
    room.hears(f"〔A-2〕{EMERGENCY}：已核查销号")
    assert [story.line(place, unit).assignment.state for place, unit in enumerate(UNITS[:2], 1)] == [
        State.REPORTED,
        State.CLOSED,
    ]
    story.forget()


@pytest.mark.parametrize("said", ["除了经信厅", "先不过", "A-1、A-2先别过"])
def test_of_what_is_taken_out_nothing_or_all_nothing_is_shown_anew(story: Story, room: Group, said: str) -> None:
    room.says("报上来的全部通过", who=WHO)
    room.hears("核查销号2项")
    story.forget()
    room.says(said, who=WHO)
    told = "\n".join(message.text for message, _id in story.cast.unheard)
    assert ("核查销号1项" in told) is (said == "除了经信厅")
    assert [story.line(place, unit).assignment.state for place, unit in enumerate(UNITS[:2], 1)] == [State.REPORTED] * 2
    story.forget()


@pytest.mark.parametrize("said", ["先不发", "先别发，还要改", "省经信厅不用发", "等等，我再看看"])
def test_a_broadcast_that_is_held_back_in_reply_to_its_preview_is_sent_to_nobody(
    story: Story, room: Group, said: str
) -> None:
    room.says("群发 全部 明早八点集合演练", who=WHO)
    shown = room.hears("【群发预览】")
    room.says(said, who=WHO, reply=shown)
    room.hears("已取消，未发出")
    room.presses(shown, "确认发出", who=WHO, there=True)
    room.hears("取消，未发出")
    for unit in UNITS:
        story.group(unit).hears_nothing_more()


def test_who_is_taken_out_of_a_preview_of_whom_to_urge_is_not_urged_by_its_button(story: Story, room: Group) -> None:
    story.until("2022-10-08 10:00")
    room.says("A-3的延期不同意，汛期要紧", who=WHO)
    story.forget()
    room.says("催办 逾期", who=WHO)
    shown = room.hears("将催办")
    room.says("省生态环境厅先不催", who=WHO, reply=shown)
    room.hears("都没有办理")
    room.presses(shown, "确认催办", who=WHO, there=True)
    room.hears("该按钮已失效")
    story.group(ENVIRONMENT).hears_nothing_more()
    story.forget()


@pytest.mark.parametrize("said", ["可以", "行", "好的，发吧", "没问题", "OK"])
def test_a_yes_under_a_preview_is_told_that_nothing_is_done_yet_and_shown_the_buttons(
    story: Story, room: Group, said: str
) -> None:
    room.says(f"叫应{ECONOMY}：水库开闸，立即报水位", who=WHO)
    room.says(said, who=WHO, reply=room.hears("【叫应预览】"))
    again = room.hears("还没有办理；要办请按下面的按钮")
    room.presses(again, "确认发出", who=WHO, there=True)
    story.group(ECONOMY).hears("【紧急叫应】水库开闸")
    story.forget()


def test_a_yes_under_a_list_that_is_to_be_verified_shows_the_same_list_s_button(story: Story, room: Group) -> None:
    room.says("报上来的全部通过", who=WHO)
    room.hears("核查销号2项")
    room.says("行", who=WHO)
    room.presses(room.hears("还没有办理"), "确认", who=WHO, there=True)
    room.hears("〔A-1〕省经信厅：已核查销号", "〔A-2〕")
    story.forget()


def test_what_decides_in_reply_to_a_list_still_decides(story: Story, room: Group) -> None:
    room.says("报上来的全部通过", who=WHO)
    room.says("A-1退回，缺检测表", who=WHO, reply=room.hears("核查销号2项"))
    room.hears("〔A-1〕省经信厅：已退回")
    story.forget()
