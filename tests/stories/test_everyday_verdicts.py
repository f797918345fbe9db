"""A2通过, 3号销了, A-1到A-3都过, 都同意，某局除外: verdicts in the forms of every day; what only looks like one decides nothing."""

import pytest

from db.words import Rank, State
from tests.harness.story import Story, task

FORESTS, HEALTH, WATER = "市林业局", "市卫生健康委员会", "市水务局"
WHO = "韩协调"
OF = {1: FORESTS, 2: HEALTH, 3: WATER, 4: FORESTS}


@pytest.fixture
def waits(story: Story) -> Story:
    texts = ("清理防火隔离带。", "核对急救药品。", "检修泄洪闸。", "更新瞭望塔设备。")
    tasks = [task(place, "2022-07-30", lead=(OF[place],), text=text) for place, text in enumerate(texts, 1)]
    story.begins("2022-06-01 09:00", *tasks)
    story.appoints(WHO, Rank.COORDINATOR)
    story.until("2022-06-14 10:00")
    for place in (1, 2, 3):
        story.group(OF[place]).says(f"办结 A-{place}")
    story.forget()
    return story


def _states(story: Story) -> list[State]:
    return [story.line(place, unit).assignment.state for place, unit in OF.items()][:3]


DONE = (
    ("A2通过", [2], []),
    ("A1、A3通过", [1, 3], []),
    ("3号销号", [3], []),
    ("2号销了", [2], []),
    ("A-1过了", [1], []),
    ("A-3没毛病", [3], []),
    ("A-2 ok", [2], []),
    ("A2退回，没盖公章", [], [2]),
    ("水务局那条退回，照片是去年的", [], [3]),
    ("领导同意A-1销号", [1], []),
    ("李局批准A-3销号", [3], []),
)


@pytest.mark.parametrize(("words", "closed", "sent_back"), DONE)
def test_what_is_said_as_every_day_is_done(waits: Story, words: str, closed: list[int], sent_back: list[int]) -> None:
    waits.room.says(words, who=WHO)
    states = _states(waits)
    assert [place for place in (1, 2, 3) if states[place - 1] is State.CLOSED] == closed
    assert [place for place in (1, 2, 3) if states[place - 1] is State.IN_PROGRESS] == sent_back
    waits.forget()


SHOWN = (
    ("A-1到A-3都通过", "核查销号3项"),
    ("A-1、2通过", "核查销号2项"),
    ("都通过，水务局除外", "核查销号2项"),
    ("报上来的都通过，2号除外", "核查销号2项"),
)
NOTHING = (
    "A2通过不了",
    "A2通过没",
    "A-1过了吧",
    "A-1过了没",
    "A-3过了汛期再报",
    "3号过了",
    "2号销了假回来",
    "C2通过",
    "A-1、2号楼都通过验收",
    "领导不同意A-1销号",
    "领导还没同意A-1销号",
)


def test_of_several_a_list_is_shown_first_and_of_what_is_no_verdict_nothing_is_done(waits: Story) -> None:
    for words, told in SHOWN:
        waits.forget()
        waits.room.says(words, who=WHO)
        waits.room.hears(told)
    for words in NOTHING:
        waits.room.says(words, who=WHO)
    assert _states(waits) == [State.REPORTED] * 3
    waits.forget()


def test_of_two_of_a_unit_it_is_asked_which_goes_back(waits: Story) -> None:
    waits.group(FORESTS).says("办结 A-4")
    waits.forget()
    waits.room.says("林业局那条退回，没附照片", who=WHO)
    waits.room.hears("请问是哪一项")
    assert _states(waits) == [State.REPORTED] * 3
    waits.forget()


@pytest.mark.parametrize("words", ["催没回的", "催一下没回的", "催一下没确认的"])
def test_who_has_not_answered_what_just_went_out_is_chased(waits: Story, words: str) -> None:
    waits.room.says("群发 全部 周五下午到岗备汛", who=WHO)
    waits.room.presses(waits.room.hears("【群发预览】"), "确认发出", who=WHO, there=True)
    waits.until("2022-06-14 11:00")
    waits.group(WATER).says("收到")
    waits.forget()
    waits.room.says(words, who=WHO)
    assert not any(message.chat == WATER for message, _id in waits.cast.unheard)
    assert {message.chat for message, _id in waits.cast.unheard} >= {FORESTS, HEALTH}
    waits.forget()


def test_who_has_not_reported_to_a_round_is_chased(waits: Story) -> None:
    waits.room.says("调度 本周五前报送进展", who=WHO)
    waits.room.presses(waits.room.hears("调度"), "确认发出", who=WHO, there=True)
    waits.until("2022-06-15 10:00")
    waits.forget()
    waits.room.says("催一下没报的", who=WHO)
    told = [message.text for message, _id in waits.cast.unheard if message.chat == FORESTS]
    assert any("调度" in text or "报送" in text for text in told)
    waits.forget()
