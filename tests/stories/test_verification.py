"""核查: a report brings what its task requires, or says what is missing; whoever verifies sees it too."""

import pytest
from sqlmodel import select

from db.models import History
from db.words import Action, Rank, State
from tests.harness.story import ECONOMY, Story, task

EVIDENCE = '[[evidence]]\nwords = ["隐患"]\nrequired = ["照片", "报告"]\n'


def opens(story: Story, policy: str, *tasks: object) -> Story:
    """Begin a campaign whose units have signed, with two coordinators."""
    story.mornings = False
    story.begins("2022-06-06 10:00", *tasks, policy=policy)  # type: ignore[arg-type]
    story.appoints("王芳", Rank.COORDINATOR)
    story.appoints("赵敏", Rank.COORDINATOR)
    story.forget()
    return story


# ---------------------------------------------------------------- required evidence


@pytest.fixture
def hazards(story: Story) -> Story:
    """A unit with two tasks: one of hazards, which wants a photograph and a report, and one that wants nothing."""
    return opens(story, EVIDENCE, task(1, "2022-07-29", text="完成消防通道隐患排查。"), task(2, "2022-07-29"))


def test_a_report_without_what_its_task_requires_says_what_is_missing_until_it_came(hazards: Story) -> None:
    group, room = hazards.group(ECONOMY), hazards.room
    group.says("办结 1")
    told = group.hears("〔A-1〕已报办结", "还缺佐证：照片、报告")
    room.hears("【待核查】", "缺：照片、报告")
    group.presses(told, "补交照片、报告")
    group.hears("〔A-1〕还缺佐证：照片、报告", "收作这一项的")
    group.says("", file="现场.jpg")
    group.hears("已收存佐证〔A-1〕：现场.jpg", "还缺：报告。")
    room.hears("【佐证】〔A-1〕", "现场.jpg", "还缺：报告")
    group.says("", file="情况报告.docx", content=b"report")
    assert "还缺" not in group.hears("已收存佐证〔A-1〕：情况报告.docx").text
    assert "还缺" not in room.hears("【佐证】〔A-1〕").text
    group.says(
        "", file="又一份.docx", content=b"more"
    )  # nothing is asked for any more: of which task it is must be said again
    group.hears("请问是哪一项")


def test_what_is_said_while_a_file_is_waited_for_is_heard_as_ever(hazards: Story) -> None:
    group, room = hazards.group(ECONOMY), hazards.room
    group.says("办结 1")
    group.presses(group.hears("还缺佐证"), "补交照片、报告")
    group.hears("还缺佐证")
    room.hears("【待核查】")
    group.says("2 已完成一半")
    group.hears("已记录〔A-2〕进展")


def test_a_file_that_comes_with_the_report_counts_and_where_nothing_is_required_nothing_is_missing(
    hazards: Story,
) -> None:
    group, room = hazards.group(ECONOMY), hazards.room
    group.says("办结 1", file="照片.jpg")
    group.hears("已收存佐证")
    group.hears("还缺佐证：报告")
    room.hears("缺：报告")
    group.says("办结 2")
    assert "还缺" not in group.hears("〔A-2〕已报办结").text
    assert "缺" not in room.hears("【待核查】").text


def test_a_coordinator_sees_what_is_missing_and_may_verify_all_the_same_which_the_record_says(hazards: Story) -> None:
    group, room = hazards.group(ECONOMY), hazards.room
    group.says("1、2都办结了")
    group.hears("〔A-1〕已报办结", "还缺佐证：照片、报告")
    group.hears("〔A-2〕已报办结")
    room.hears("【待核查】")
    room.hears("【待核查】")
    room.says("详情 1", "王芳")
    room.hears("缺佐证：照片、报告")
    room.says("全部核查", "王芳")
    seen = room.hears("待核查2项", "（缺照片、报告）")
    assert seen.text.count("缺") == 1
    room.says("核查 1", "王芳")
    room.hears("已核查销号（缺照片、报告）")
    group.hears("【办理结果】〔A-1〕")
    room.says("核查 2", "王芳")
    room.hears("〔A-2〕", "已核查销号（")
    group.hears("【办理结果】〔A-2〕")
    assert hazards.line(1).assignment.state is State.CLOSED
    with hazards.store.read() as session:
        events = session.exec(select(History.event).where(History.action == Action.VERIFY)).all()
    assert events == ["核查销号（缺照片、报告）", "核查销号"]
