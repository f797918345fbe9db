"""A bare number at the head of a clause: the task of who has one so numbered, unless it counts or calls something."""

from datetime import date

import pytest

from bot.dialogue.contact.several import shares
from bot.dialogue.understand import Intent, understand

OWN = frozenset({"4", "7", "9", "10", "13", "27", "44", "46", "3.2", "8.2", "8.3"})


def named(text: str) -> tuple[str, ...]:
    return understand(text, on=date(2022, 6, 27), coordinator=False, known=OWN).tasks


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        ("27还没完，看错了", ("27",)),
        ("等下，13还没完，说错了", ("13",)),
        ("13完了 46还没动", ("13", "46")),
        ("13材料补好了，46还得两天，其他的正常", ("13", "46")),
        ("44项上线了，麻烦销一下", ("44",)),
        ("46的闭环模块已经跑起来了", ("46",)),
        ("46 闭环模块跑起来了", ("46",)),
        ("7号也完成了", ("7",)),
        ("27和46还没动", ("27", "46")),
        ("8.2也要晚三天", ("8.2",)),
        ("4已完成七成；3.2这个月没什么进展", ("4", "3.2")),
        ("8.2和8.3还没动", ("8.2", "8.3")),
        ("1号办完了 3号等电力的图纸", ("1", "3")),
    ],
)
def test_it_names_the_task(text: str, tasks: tuple[str, ...]) -> None:
    assert named(text) == tasks


@pytest.mark.parametrize(
    "text",
    [
        "44项隐患已整改", "44项都完成了", "7项已完成", "9车间整改完毕", "9标段已完成", "4处已整改", "4个已完成", "4 个点位已完成", "10多家已整改",
        "13点前报送", "10:30开会", "10天后完成", "10大类都已完成", "4水库已加固", "7月4日前完成", "4楼已完成", "7中队已整改", "7村已完成",
        "10所学校完成", "7号完成", "7号开会", "共50项，44项已完成", "5还没完", "4/5已完成", "4-5月完成", "10%", "4上游已清淤", "4G基站已建", "8.2前办结", "8.2日办结", "3.2处隐患", "3.2万户已完成", "3.2-3.5办结",
        "8.2开会", "3.2公里已铺", "8.2排查了三家",
    ],
)  # fmt: skip
def test_it_counts_or_calls_something(text: str) -> None:
    assert named(text) == understand(text, on=date(2022, 6, 27), coordinator=False).tasks


def test_a_number_with_a_point_may_be_the_day_on_which_it_was_done() -> None:
    said = understand("8.2完成了", on=date(2022, 6, 27), coordinator=False, known=OWN)
    assert (said.or_a_day, said.confident) == (True, False)


def test_what_was_seen_in_front_of_several_tasks_is_not_what_is_said_of_each() -> None:
    told = shares("收到，1号弄了一半，3号等电力的图纸", ("1", "3"), in_a_list=False)
    of = [understand(one.heard, on=date(2022, 6, 27), coordinator=False) for one in told]
    assert [(one.words, said.intent, said.tasks) for one, said in zip(told, of, strict=True)] == [
        ("收到，1号弄了一半", Intent.PROGRESS, ("1",)),
        ("收到，3号等电力的图纸", Intent.PROGRESS, ("3",)),
    ]


def test_each_share_is_as_it_was_written() -> None:
    text = "都在推进，〔A-10〕已完成，第46项要晚几天"
    assert [(one.tasks, one.words) for one in shares(text, ("A-10", "46"), in_a_list=False)] == [
        (("A-10",), "〔A-10〕已完成"),
        (("46",), "第46项要晚几天"),
        ((), "都在推进"),
    ]


@pytest.mark.parametrize(
    ("text", "tasks", "told"),
    [
        ("A-24已完成，A-2还差三个村", ("A-24", "A-2"), ["A-24已完成", "A-2还差三个村"]),
        ("A-15七成，A-12办好了，A-1没动", ("A-15", "A-12", "A-1"), ["A-15七成", "A-12办好了", "A-1没动"]),
        ("12号还差2处；2号弄完了", ("12", "2"), ["12号还差2处", "2号弄完了"]),
    ],
)
def test_a_short_number_behind_a_longer_one_has_its_own_share(
    text: str, tasks: tuple[str, ...], told: list[str]
) -> None:
    assert [one.words for one in shares(text, tasks, in_a_list=False)] == told
