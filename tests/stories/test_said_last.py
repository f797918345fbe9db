"""A verdict that names nothing is of what was shown last; where somebody spoke of anything else it is asked of which it is."""

import pytest

from bot.dialogue.room.reasons import reason_in
from db.words import Rank, State
from tests.harness.story import ECONOMY, EMERGENCY, Group, Story, task

WHO, OTHER = "王协调", "赵协调"


@pytest.fixture
def room(story: Story) -> Group:
    """A report waits, and a request of another unit for more time."""
    story.mornings = False
    story.begins(
        "2022-06-01 14:00",
        task(1, "2022-09-30", text="更换老化电缆。"),
        task(2, "2022-09-30", lead=(EMERGENCY,), text="检修闸门。"),
    )
    for who in (WHO, OTHER):
        story.appoints(who, Rank.COORDINATOR)
    story.group(ECONOMY).says("办结 A-1")
    story.group(EMERGENCY).says("A-2 要延期到10月20日，泵没到货")
    story.group(EMERGENCY).says("提交")
    story.forget()
    story.until("2022-06-01 14:10")
    return story.room


def stand(story: Story) -> tuple[State, bool]:
    return story.line(1).assignment.state, story.line(2, EMERGENCY).assignment.decision_pending


WAITS = (State.REPORTED, True)


def test_right_after_what_waits_was_shown_it_is_decided(story: Story, room: Group) -> None:
    room.says("退回，签字不全", who=WHO)
    assert stand(story) == (State.IN_PROGRESS, True)
    story.forget()


@pytest.mark.parametrize(
    ("said", "of"), [("不行，得处长来", "A-2"), ("同意", "A-2"), ("准了", "A-2"), ("通过", "A-1"), ("退回重写", "A-1")]
)
def test_behind_a_question_it_is_asked_of_which(story: Story, room: Group, said: str, of: str) -> None:
    story.group(EMERGENCY).says("我们处长出差，派副处长参会行不行")
    story.forget()
    room.says(said, who=WHO)
    assert stand(story) == WAITS
    room.hears(of)
    story.forget()


@pytest.mark.parametrize(
    ("theirs", "said"), [("晚上打球去？", "同意"), ("复印机怎么修", "退回，保修期内"), ("体检报告出来没", "通过了")]
)
def test_behind_what_a_colleague_said_it_is_asked_of_which(story: Story, room: Group, theirs: str, said: str) -> None:
    room.says(theirs, who=OTHER)
    story.forget()
    story.until("2022-06-01 14:12")
    room.says(said, who=WHO)
    assert stand(story) == WAITS
    asked = room.hears("说的是")
    room.presses(asked, asked.buttons[0][0].strip("〔〕"), who=WHO, there=True)
    assert stand(story) != WAITS
    story.forget()


@pytest.mark.parametrize("said", ["同意延期", "闸门的延期批了", "应急管理厅的延期同意"])
def test_what_names_its_matter_is_decided_whatever_was_said_before(story: Story, room: Group, said: str) -> None:
    room.says("晚上打球去？", who=OTHER)
    story.forget()
    room.says(said, who=WHO)
    assert stand(story) == (State.REPORTED, False)
    story.forget()


@pytest.mark.parametrize("words", ["了", "哈", "吧", "吧，谢谢", "啊！"])
def test_a_particle_is_no_reason(words: str) -> None:
    assert reason_in(words) == ""
