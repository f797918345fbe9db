"""A coordinator names several tasks in one message: all of them are meant, or it is said which are left out."""

import pytest

from db import ledger
from db.ledger import Line, Which
from db.words import EVERY, Rank, Role, State
from tests.harness.story import ECONOMY, EMERGENCY, Story, task

TRAFFIC = "省交通运输厅"
WANG = "王协调"


@pytest.fixture
def begun(story: Story) -> Story:
    story.begins(
        "2022-06-01 14:00",
        task(1, "2022-09-30"),
        task(2, "2022-09-30"),
        task(3, "2022-09-30"),
        task(4, "2022-09-30", lead=(EMERGENCY,), responsible=(TRAFFIC,)),
    )
    story.appoints(WANG, Rank.COORDINATOR)
    story.forget()
    return story


def lines(story: Story) -> list[Line]:
    with story.store.read() as session:
        return ledger.lines(session, Which(EVERY))


def states(story: Story) -> dict[str, State]:
    return {line.code: line.assignment.state for line in lines(story) if line.unit.name == ECONOMY}


def reported(story: Story) -> None:
    for code in ("1", "2", "3"):
        story.group(ECONOMY).says(f"办结 {code}")
    story.forget()


def test_all_that_are_named_are_verified(begun: Story) -> None:
    reported(begun)
    begun.room.says("A-1、A-2通过", who=WANG)
    begun.room.hears("〔A-1〕省经信厅：已核查销号", "〔A-2〕省经信厅：已核查销号")
    begun.group(ECONOMY).hears("以下2项已核查销号")
    assert states(begun) == {"A-1": State.CLOSED, "A-2": State.CLOSED, "A-3": State.REPORTED}


def test_each_part_decides_of_its_own_task(begun: Story) -> None:
    reported(begun)
    begun.room.says("A-1通过，A-2、A-3退回 缺照片", who=WANG)
    begun.room.hears("〔A-1〕省经信厅：已核查销号", "〔A-2〕省经信厅：已退回", "〔A-3〕省经信厅：已退回")
    begun.group(ECONOMY).hears("〔A-1〕", "已核查销号")
    begun.group(ECONOMY).hears("以下2项已退回（王协调）：缺照片", "〔A-2〕", "〔A-3〕")
    assert states(begun) == {"A-1": State.CLOSED, "A-2": State.IN_PROGRESS, "A-3": State.IN_PROGRESS}


def test_nothing_is_done_where_a_part_is_not_understood_or_several_reasons_are_missing(begun: Story) -> None:
    reported(begun)
    begun.room.says("A-1通过，A-2晚上再看一遍图纸", who=WANG)
    begun.room.hears("没有看懂，几项都没有办理")
    begun.room.says("退回 A-1、A-2", who=WANG)
    begun.room.hears("请把理由写在后面：退回 A-1、A-2 理由")
    assert set(states(begun).values()) == {State.REPORTED}


@pytest.mark.parametrize(
    ("words", "press", "code", "state"),
    [
        ("撤销 A-2 A-3", "", ("A-2", "A-3"), State.CANCELLED),
        ("撤销 A-2、A-3 重复立项", "", ("A-2", "A-3"), State.CANCELLED),
        ("A-1、A-2不用报了", "撤销〔A-1、A-2", ("A-1", "A-2"), State.CANCELLED),
    ],
)
def test_all_that_are_named_are_cancelled(
    begun: Story, words: str, press: str, code: tuple[str, ...], state: State
) -> None:
    begun.room.says(words, who=WANG)
    if press:
        begun.room.presses(begun.room.hears("您是要："), press, WANG)
    begun.forget()
    assert {one for one, stands in states(begun).items() if stands is state} == {*code}


@pytest.mark.parametrize(
    "words", ["A-1、A-2期限改为8月30日", "A-1和A-2都延到8月30日", "A-1改到8月30日，A-2改到8月30日"]
)
def test_the_days_of_all_that_are_named_are_set(begun: Story, words: str) -> None:
    begun.room.says(words, who=WANG)
    offer = begun.room.hears("您是要：")
    begun.room.presses(offer, offer.buttons[0][0].strip("〔〕"), WANG)
    begun.forget()
    assert {line.code for line in lines(begun) if str(line.milestone.due) == "2022-08-30"} == {"A-1", "A-2"}


@pytest.mark.parametrize(
    ("words", "urged"),
    [
        ("催 A-1、A-3", "〔A-1〕〔A-3〕：省经信厅（2项）"),
        ("A-1 A-2 催一下", "〔A-1〕〔A-2〕：省经信厅（2项）"),
        ("催A-4 交通厅", "〔A-4〕：省交通运输厅（"),
        ("给A-4交通厅催", "〔A-4〕：省交通运输厅（"),
        ("催A-1 交通厅", "省交通运输厅没有〔A-1〕要催的"),
    ],
)
def test_who_is_named_is_urged_of_all_that_is_named_and_nobody_else(begun: Story, words: str, urged: str) -> None:
    begun.room.says(words, who=WANG)
    begun.room.hears(urged)
    begun.forget()


def test_what_is_handed_to_two_units_goes_to_each_its_own(begun: Story) -> None:
    begun.room.says("A-1转给应急厅，A-2转给交通厅", who=WANG)
    offer = begun.room.hears("您是要：")
    begun.room.presses(offer, f"A-1〕牵头改为{EMERGENCY}；〔A-2〕牵头改为{TRAFFIC}", WANG)
    begun.forget()
    led = {
        line.code: line.unit.name
        for line in lines(begun)
        if line.assignment.role is Role.LEAD and line.code in ("A-1", "A-2")
    }
    assert led == {"A-1": EMERGENCY, "A-2": TRAFFIC}


def test_two_different_wishes_are_not_half_granted(begun: Story) -> None:
    begun.room.says("A-1不用报了，A-2再催一下", who=WANG)
    begun.room.hears("都没有办理；请一项写一条")


def test_a_day_in_another_year_or_one_that_is_past_is_offered_as_such(begun: Story) -> None:
    begun.room.says("把A-1改到2022年5月1日", who=WANG)
    assert begun.room.hears("您是要：").buttons[0][0] == "〔A-1〕期限改为5月1日（已过）"
    begun.room.says("A-1期限改为2027年7月1日", who=WANG)
    assert begun.room.hears("您是要：").buttons[0][0] == "〔A-1〕期限改为2027年7月1日"


@pytest.mark.parametrize(
    ("words", "answer", "state"),
    [
        ("同意", "核查销号", State.CLOSED),
        ("不符，缺照片", "退回", State.IN_PROGRESS),
        ("不行", "请回复退回的理由", State.REPORTED),
        ("照片呢？", "要退回的请写：", State.REPORTED),
    ],
)
def test_a_reply_to_a_report_is_of_that_report(begun: Story, words: str, answer: str, state: State) -> None:
    begun.group(ECONOMY).says("办结 1")
    request = begun.room.hears("待核查", "〔A-1〕")
    begun.forget()
    begun.room.says(words, who=WANG, reply=request)
    begun.room.hears(answer)
    begun.forget()
    assert states(begun)["A-1"] is state


def test_what_is_returned_before_it_was_reported_tells_what_can_be_done(begun: Story) -> None:
    begun.room.says("退回 4 没有照片", who=WANG)
    begun.room.hears("单位还没有报办结，也没有待批的延期；要催可写")
