"""Several verdicts in one breath: each is of its own task, and what names another task or unit is sent to nobody as a reason."""

import pytest

from bot.dialogue.room.apart import another, apart
from db.words import Rank, State
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Group, Story, task

WHO = "王协调"
UNITS = (ECONOMY, EMERGENCY, ENVIRONMENT)
CLOSED, BACK, REPORTED = State.CLOSED, State.IN_PROGRESS, State.REPORTED


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("B-1过 B-2过 B-3退 图纸旧", "B-1过，B-2过，B-3退 图纸旧"),
        ("B-1通过B-2退回图纸旧", "B-1通过，B-2退回图纸旧"),
        ("B-1销 B-2退没签字", "B-1销，B-2退回，没签字"),
        ("1过 2退 图纸旧", "1过，2退 图纸旧"),
        ("B-1、B-2通过 B-3打回 没签字", "B-1、B-2通过，B-3打回 没签字"),
        ("不同意B-4延期，泵早该订", "B-4不同意延期，泵早该订"),
        ("B-1和B-2都通过", "B-1和B-2都通过"),
        ("B-4退回，与B-2重复", "B-4退回，与B-2重复"),
        ("B-4退回 缺3过程照片", "B-4退回 缺3过程照片"),
        ("通过 B-1 退回 B-2 没签字", "通过 B-1 退回 B-2 没签字"),
    ],
)
def test_verdicts_without_a_sign_between_them_are_parted(text: str, parted: str) -> None:
    assert apart(text) == parted


def test_what_is_decided_behind_the_first_is_found() -> None:
    assert another("B-1、2通过 5、7退回 没签字") == "5、7"
    assert another("B-4退回，缺3处照片") == ""


@pytest.fixture
def room(story: Story) -> Group:
    """Three tasks of three units, all reported."""
    story.mornings = False
    story.begins("2022-06-01 14:00", *(task(place, "2022-09-30", lead=(unit,)) for place, unit in enumerate(UNITS, 1)))
    story.appoints(WHO, Rank.COORDINATOR)
    for place, unit in enumerate(UNITS, 1):
        story.group(unit).says(f"办结 A-{place}")
    story.forget()
    return story.room


def stand(story: Story) -> list[State]:
    return [story.line(place, unit).assignment.state for place, unit in enumerate(UNITS, 1)]


def test_each_task_has_its_own_verdict(story: Story, room: Group) -> None:
    room.says("A-1过 A-2销 A-3退 图纸是旧版", who=WHO)
    assert stand(story) == [CLOSED, CLOSED, BACK]
    story.group(ENVIRONMENT).hears("已退回（王协调）：图纸是旧版")
    story.forget()


@pytest.mark.parametrize(
    ("said", "hears"),
    [
        ("A-1退回，签字不全，和A-2一个毛病", "和A-2一个毛病"),
        ("退回 A-1 跟应急厅报的对不上", "应急厅"),
        ("A-1通过 2、3退回 签字不全", "2、3退回"),
        ("A-1退回缺台账，另外A-2你们看过没有", "没有看懂"),
        ("环境那个通过，A-1退回，签字不全", "环境那个通过"),
    ],
)
def test_what_names_another_is_no_reason(story: Story, room: Group, said: str, hears: str) -> None:
    room.says(said, who=WHO)
    assert stand(story) == [REPORTED] * 3
    room.hears(hears)
    story.forget()


def test_who_writes_the_word_before_it_means_the_reason(story: Story, room: Group) -> None:
    room.says("A-1退回，理由：与A-2重复", who=WHO)
    assert stand(story) == [BACK, REPORTED, REPORTED]
    story.group(ECONOMY).hears("已退回（王协调）：与A-2重复")
    story.forget()
