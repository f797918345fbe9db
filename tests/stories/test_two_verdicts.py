"""Two verdicts in one sentence: each is of its own unit, or neither is carried out, and nobody reads the words of the other."""

import pytest

from db.words import Rank, State
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Group, Story, task

WHO = "王协调"
UNITS = (ECONOMY, EMERGENCY, ENVIRONMENT)


@pytest.fixture
def room(story: Story) -> Group:
    """Three tasks of three units, the first two reported; the third wants more time."""
    story.mornings = False
    story.begins("2022-06-01 14:00", *(task(place, "2022-09-30", lead=(unit,)) for place, unit in enumerate(UNITS, 1)))
    story.appoints(WHO, Rank.COORDINATOR)
    for place, unit in enumerate(UNITS[:2], 1):
        story.group(unit).says(f"办结 A-{place}")
    story.group(ENVIRONMENT).says("A-3 要延期到10月20日，泵没到货")
    story.group(ENVIRONMENT).says("提交")
    story.forget()
    return story.room


def stand(story: Story) -> list[State | bool]:
    states: list[State | bool] = [story.line(place, unit).assignment.state for place, unit in enumerate(UNITS[:2], 1)]
    return [*states, story.line(3, ENVIRONMENT).assignment.decision_pending]


UNTOUCHED = [State.REPORTED, State.REPORTED, True]


@pytest.mark.parametrize(
    "said",
    [
        "经信厅的名册齐的，销了吧；应急厅那份合同没盖章，打回",
        "应急厅那份合同没盖章，打回；经信厅的名册齐的，销了吧",
        "A-1退回，名册缺两页，应急管理厅的也退回",
        "退回省经信厅，名册缺两页，应急管理厅的也打回",
        "退回 A-1 名册缺两页，应急管理厅的也退回",
        "经信厅的可以过，应急管理厅那个没盖章，退回去",
    ],
)
def test_neither_is_carried_out_where_they_cannot_be_taken_apart(story: Story, room: Group, said: str) -> None:
    room.says(said, who=WHO)
    assert stand(story) == UNTOUCHED
    room.hears("都没有办理")


def test_a_reply_to_one_report_decides_no_other(story: Story, room: Group) -> None:
    room.says("不行，名册缺两页，应急管理厅的也退回", who=WHO)
    assert stand(story) == UNTOUCHED
    room.hears("应急管理厅的也退回")


def test_both_are_shown_where_each_names_its_unit(story: Story, room: Group) -> None:
    room.says("省生态环境厅那个不批，泵早该订了；省经信厅的通过", who=WHO)
    shown = room.hears("不同意延期1项，理由：泵早该订了", "核查销号1项", "〔A-1〕")
    room.presses(shown, "确认", who=WHO, there=True)
    assert stand(story) == [State.CLOSED, State.REPORTED, False]
    story.forget()


def test_what_stands_before_a_verdict_and_speaks_against_it_is_not_passed_over(story: Story, room: Group) -> None:
    room.says("现场还没去，省经信厅的通过", who=WHO)
    assert stand(story) == UNTOUCHED
    room.hears("现场还没去")
    room.says("名册都看了，省经信厅的通过", who=WHO)
    assert stand(story)[0] is State.CLOSED
    story.forget()


def test_a_reason_that_speaks_of_others_is_one_verdict(story: Story, room: Group) -> None:
    room.says("专家评审通过，但没盖章，A-1退回", who=WHO)
    room.says("A-2打回，合同未经县财政局审核通过", who=WHO)
    assert stand(story)[:2] == [State.IN_PROGRESS, State.IN_PROGRESS]
    story.forget()


def test_a_request_is_sent_back_by_the_words_for_a_report(story: Story, room: Group) -> None:
    room.says("生态环境厅那个不能再延了，泵去年就该订，驳回", who=WHO)
    assert stand(story) == [State.REPORTED, State.REPORTED, False]
    story.forget()


def test_what_units_are_to_be_told_decides_nothing(story: Story, room: Group) -> None:
    room.says("通知各单位：A-1的照片不清楚，重新报", WHO)
    room.hears("群发预览", "A-1的照片不清楚，重新报")
    assert stand(story) == UNTOUCHED


@pytest.mark.parametrize(
    "said", ["A-1退回，缺盖章，不过别说是我退的", "A-1退回，数据对不上，内部掌握一下", "A-1退回，理由你帮我写一下"]
)
def test_what_is_said_to_the_bot_beside_a_reason_is_sent_to_no_unit(story: Story, room: Group, said: str) -> None:
    room.says(said, WHO)
    room.hears("没有")
    assert stand(story) == UNTOUCHED
    story.group(ECONOMY).hears_nothing_more()
