"""第一项, 第2条, 最后一项 in reply to a list of the bot are the items of that list; right after it, or of none of them, it is asked which."""

import pytest

from db.words import Rank, State
from tests.harness.story import Group, Story, task

FORESTS, HEALTH, WATER = "市林业局", "市卫生健康委员会", "市水务局"
WHO = "韩协调"
OF = {(1, FORESTS): "2022-07-30", (2, HEALTH): "2022-07-20", (3, WATER): "2022-07-10", (4, FORESTS): "2022-08-10"}


@pytest.fixture
def room(story: Story) -> Group:
    tasks = [task(place, due, lead=(unit,)) for (place, unit), due in OF.items()]
    story.begins("2022-06-01 09:00", *tasks[:3], task(4, "2022-08-10", lead=(FORESTS,), responsible=(WATER,)))
    story.appoints(WHO, Rank.COORDINATOR)
    story.until("2022-06-14 10:00")
    for place, unit in (*OF, (4, WATER)):
        story.group(unit).says(f"办结 A-{place}")
    story.forget()
    return story.room


def _closed(story: Story) -> list[tuple[int, str]]:
    return [one for one in (*OF, (4, WATER)) if story.line(*one).assignment.state is State.CLOSED]


@pytest.mark.parametrize(
    ("words", "closed"),
    [
        ("第一项通过", [(3, WATER)]),
        ("第2条通过", [(2, HEALTH)]),
        ("第3个通过", [(1, FORESTS)]),
        ("第一、二项通过", [(2, HEALTH), (3, WATER)]),
    ],
)
def test_a_place_in_a_list_that_is_replied_to_is_its_item(
    story: Story, room: Group, words: str, closed: list[tuple[int, str]]
) -> None:
    room.says("待核查的有哪些", who=WHO)
    shown = room.hears("待核查（5项）")
    room.says(words, who=WHO, reply=shown)
    assert _closed(story) == closed
    story.forget()


def test_of_a_task_of_two_units_the_item_is_the_one_of_its_line(story: Story, room: Group) -> None:
    room.says("待核查的有哪些", who=WHO)
    shown = room.hears("待核查（5项）")
    last = WATER if f"〔A-4〕{WATER}" in shown.text.rstrip().splitlines()[-1] else FORESTS
    room.says("最后一项通过", who=WHO, reply=shown)
    room.hears("核查销号1项", f"〔A-4〕{last}")
    story.forget()


@pytest.mark.parametrize("replies", [True, False])
def test_of_a_place_that_may_be_a_task_s_number_or_is_none_it_is_asked(
    story: Story, room: Group, replies: bool
) -> None:
    room.says("待核查的有哪些", who=WHO)
    shown = room.hears("待核查（5项）")
    room.says("第九项通过" if replies else "第一项通过", who=WHO, reply=shown if replies else None)
    room.hears("这张清单只有5项" if replies else "“第一项”是上面清单上的〔A-3〕，还是编号为1的")
    assert _closed(story) == []
    story.forget()


def test_without_a_list_a_place_is_a_task_s_number(story: Story, room: Group) -> None:
    room.says("第二项通过", who=WHO)
    assert _closed(story) == [(2, HEALTH)]
    story.forget()
