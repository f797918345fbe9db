"""What coordinators say in a day and no command says: a new contact, other words in a task, a table, who somebody is."""

import pytest

from db import register
from db.words import DeadlineKind, Rank, State
from tests.harness.story import ECONOMY, EMERGENCY, Story, task
from tests.stories.test_duties import registered


@pytest.fixture
def room(story: Story) -> Story:
    """Four tasks, of which one was reported, and a coordinator."""
    story.begins(
        "2022-06-01 14:00",
        task(1, "2022-09-30"),
        task(2, "2022-09-30", lead=(EMERGENCY,), text="排查沿街商铺，验收后建档。"),
        task(3, "2022-09-30"),
        task(4, "2022-09-30", responsible=(EMERGENCY,)),
    )
    story.appoints("王协调", Rank.COORDINATOR)
    story.group(ECONOMY).says("办结 1")
    story.forget()
    return story


def contacts(story: Story) -> list[str]:
    with story.store.read() as session:
        return [
            f"{person.name}{unit or ''}"
            for person, rank, unit in register.appointments(session)
            if rank is Rank.CONTACT
        ]


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("省经信厅的联络员换成周老师了", "周老师进了该单位的群"),
        ("省经信厅换了联络员", "新联络员进了该单位的群"),
        ("省经信厅联系人变更为周敏，请知悉", "周敏进了该单位的群"),
    ],
)
def test_of_a_unit_with_another_contact_the_one_before_is_taken_off_or_stays(room: Story, words: str, who: str) -> None:
    registered(room, "郑一鸣", ECONOMY)
    registered(room, "郑一鸣", EMERGENCY)
    room.room.says(words, who="王协调")
    asked = room.room.hears("登记的是郑一鸣", who)
    assert [label for label, _data in asked.buttons] == ["撤下郑一鸣", "保留"]
    room.room.presses(asked, "保留", who="王协调")
    room.room.hears("原联络员保留")
    assert len(contacts(room)) == 2
    room.room.says(words, who="王协调")
    room.room.presses(room.room.hears("登记的是郑一鸣"), "撤下郑一鸣", who="王协调")
    room.forget()
    assert contacts(room) == [f"郑一鸣{EMERGENCY}"]


def test_who_asks_about_a_contact_takes_nobody_off(room: Story) -> None:
    registered(room, "郑一鸣", ECONOMY)
    for words in ("省经信厅的联络员换了吗", "省经信厅联络员是谁"):
        room.room.says(words, who="王协调")
        assert "撤下" not in room.room.hears("").text
    room.forget()


def test_a_task_is_made_one_without_an_end_for_all_its_units_and_not_for_one(room: Story) -> None:
    room.room.says("更正 A-4 省经信厅 期限 长期", who="王协调")
    room.room.hears("不能只改一个单位")
    room.room.says("4号改成长期任务", who="王协调")
    room.room.presses(room.room.hears("您是要："), "A-4〕改为长期，不设期限", who="王协调")
    room.room.hears("〔A-4〕已更正", "2022年9月30日（周五） → 长期")
    for unit in (ECONOMY, EMERGENCY):
        room.group(unit).hears("【更正通知】", "：期限改为长期")
        line = room.line(4, unit)
        assert (line.milestone.kind, line.assignment.due) == (DeadlineKind.ONGOING, None)
    room.room.says("更正 A-4 期限 长期", who="王协调")
    room.room.hears("已经没有期限")
    room.forget()


def test_words_within_a_task_are_put_right_and_what_does_not_stand_there_is_said(room: Story) -> None:
    room.room.says("A-2里的“验收”改成“复核”", who="王协调")
    room.room.presses(room.room.hears("您是要："), "A-2〕“验收”改为“复核”", who="王协调")
    room.room.hears("〔A-2〕已更正")
    assert room.line(2, EMERGENCY).task.text == "排查沿街商铺，复核后建档。"
    room.forget()
    room.room.says("把A-2“评审”改为“复核”", who="王协调")
    room.room.presses(room.room.hears("您是要："), "A-2〕“评审”改为“复核”", who="王协调")
    room.room.hears("没有“评审”，没有改动")


def test_a_person_is_looked_up_by_name_or_by_a_surname_with_a_title(room: Story) -> None:
    registered(room, "郑一鸣", ECONOMY)
    for words in ("郑一鸣是谁", "郑老师是谁？"):
        room.room.says(words, who="王协调")
        room.room.hears("郑一鸣：省经信厅联络员")
    room.room.says("孙科是哪位", who="王协调")
    room.room.hears("没有登记“孙科”")


def test_what_is_left_and_what_is_asked_of_all_is_heard_in_other_words(room: Story) -> None:
    for words, answer in (
        ("还有哪些尾巴", "任务清单（5项）"),
        ("开一次调度，下周三前报送专项进展", "【调度预览】"),
        ("这周五把进度收一收", "2022年6月3日（周五）前报送"),
        ("把进度收一收", "请写明几时之前"),
        ("导出进度表", "不能传文件"),
        ("把完成情况做成表", "不能传文件"),
    ):
        room.room.says(words, who="王协调")
        room.room.hears(answer)


def test_what_may_be_closed_is_closed_alone_and_what_does_not_wait_is_said(room: Story) -> None:
    room.room.says("A-2看过没问题，可以销了", who="王协调")
    room.room.hears("〔A-2〕待签收，不能这样办理")
    room.room.says("A-1看过没问题，可以销了", who="王协调")
    room.room.hears("〔A-1〕省经信厅：已核查销号")
    room.forget()
    assert room.line(1).assignment.state is State.CLOSED


def test_who_keeps_watch_on_a_weekend_is_on_duty(room: Story) -> None:
    room.room.says("这周末我们这边李工盯着", who="王协调")
    room.room.hears("本办值班（已记下）", "6月4日（周六）：李工", "6月5日（周日）：李工")
    room.group(ECONOMY).says("周末咱们单位王工盯着")
    room.group(ECONOMY).hears(f"{ECONOMY}值班（已记下）", "6月4日（周六）：王工")


def test_who_keeps_watch_over_a_task_urges_nobody(room: Story) -> None:
    room.room.says("A-2这周末李工盯着", who="王协调")
    room.room.hears("A-2")
    room.group(ECONOMY).hears_nothing_more()
