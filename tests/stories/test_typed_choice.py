"""What is typed right after the bot's question, and is no more than one of its choices, is the answer, quoted or not."""

import pytest

from db.words import State
from tests.harness.story import ECONOMY, Group, Story, task


@pytest.fixture
def unit(story: Story) -> Group:
    story.mornings = False
    texts = ("更换码头老旧缆桩。", "完成渔船安检登记。", "编印防台宣传折页800份。")
    story.begins("2022-06-20 09:00", *(task(n, f"2022-07-1{n}", text=text) for n, text in enumerate(texts, 1)))
    story.group(ECONOMY).says("收到")
    story.forget()
    return story.group(ECONOMY)


@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize("typed", ["A-2", "2号", "是A-2", "渔船安检", "渔船那个", "安检登记的"])
def test_which_task_it_is(story: Story, unit: Group, typed: str, quoted: bool) -> None:
    unit.says("昨天已经办完了")
    asked = unit.hears("请问是哪一项？")
    unit.says(typed, reply=asked if quoted else None)
    unit.hears("〔A-2〕已报办结")
    assert [story.line(n).assignment.state for n in (1, 2, 3)] == [
        State.ACKNOWLEDGED,
        State.REPORTED,
        State.ACKNOWLEDGED,
    ]
    story.forget()


@pytest.mark.parametrize("typed", ["第二个", "是第二项。"])
def test_the_second_is_the_second_that_is_offered(story: Story, unit: Group, typed: str) -> None:
    unit.says("昨天已经办完了")
    asked = unit.hears("请问是哪一项？")
    code = [label for label, _data in asked.buttons if "A-" in label][1][1:4]
    unit.says(typed)
    unit.hears(f"〔{code}〕已报办结")
    story.forget()


def test_all_of_them(story: Story, unit: Group) -> None:
    unit.says("都办完了")
    unit.hears("请问是哪一项？")
    unit.says("都是")
    assert {story.line(n).assignment.state for n in (1, 2, 3)} == {State.REPORTED}
    story.forget()


@pytest.mark.parametrize(
    ("typed", "state"), [("已办结", State.REPORTED), ("报进展", State.IN_PROGRESS), ("还没办结", State.IN_PROGRESS)]
)
def test_whether_it_is_finished(story: Story, unit: Group, typed: str, state: State) -> None:
    unit.says("A-1缆桩换新的")
    unit.hears("是说已经办结，还是报一次进展？")
    unit.says(typed)
    assert story.line(1).assignment.state is state
    story.forget()


@pytest.mark.parametrize("typed", ["不是A-2", "A-2换了一半", "谢谢", "码头渔船", "完成", "更换"])
def test_what_says_more_or_else_is_heard_as_ever(story: Story, unit: Group, typed: str) -> None:
    unit.says("昨天已经办完了")
    unit.hears("请问是哪一项？")
    unit.says(typed)
    assert State.REPORTED not in {story.line(n).assignment.state for n in (1, 2, 3)}
    story.forget()


def test_after_a_while_a_code_shows_its_task(story: Story, unit: Group) -> None:
    unit.says("昨天已经办完了")
    story.until("2022-06-20 09:30")
    story.forget()
    unit.says("A-2")
    unit.hears("〔A-2〕完成渔船安检登记")
    assert story.line(2).assignment.state is State.ACKNOWLEDGED
