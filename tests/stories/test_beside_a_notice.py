"""What a unit says of its own report after it was verified, or beside it while it waits, reaches whoever decides on it."""

import pytest

from db.words import Rank
from tests.harness.story import ECONOMY, Story, task

NOTICE = "[verification]\nnotice_days = 3\n"


@pytest.fixture
def office(story: Story) -> Story:
    story.mornings = False
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-09-30"), policy=NOTICE)
    story.appoints("王芳", Rank.COORDINATOR)
    story.group(ECONOMY).says("办结 A-1", "张工")
    story.forget()
    return story


@pytest.mark.parametrize(
    "said",
    [
        "公示期我们发现还有一台没改，要求撤回办结",
        "A-1其实还有一台塔吊没整改完",
        "A-1公示有问题，还有一台没改",
        "撤回A-1",
    ],
)
def test_a_unit_that_speaks_against_its_own_report_in_public_notice_is_passed_on_as_a_question(
    office: Story, said: str
) -> None:
    office.room.says("A-1通过", "王芳")
    office.forget()
    office.group(ECONOMY).says(said, "李工")
    office.group(ECONOMY).hears("该项已核查，正在公示；您的话已转达协调员，是否退回重办由协调员决定")
    office.room.hears("【提问】省经信厅 李工〔A-1〕", said)


def test_what_was_added_to_a_report_stands_where_several_are_verified(office: Story) -> None:
    office.group(ECONOMY).says("A-1其实还差一台塔吊没整改", "李工")
    office.forget()
    office.room.says("全部核查", "王芳")
    office.room.hears("〔A-1〕省经信厅", "另补充：A-1其实还差一台塔吊没整改")


@pytest.mark.parametrize(
    "said", ["/verify 1", "/round 本周五前报送进展", "抽查 A 10%", "结束调度", "公示记分 6月", "重开 A-2"]
)
def test_a_command_of_the_room_is_none_in_a_units_group_nor_its_progress(office: Story, said: str) -> None:
    for who in ("王芳", "张工"):
        office.group(ECONOMY).says(said, who)
        office.group(ECONOMY).hears("该操作由协调员在协调室办理")
    office.room.hears_nothing_more()
