"""What happens, and right behind it whose duty it is: the event is the deadline, and no part of the name."""

from datetime import date

import pytest

from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.document import TaskRead
from jobs.reading.read import read_text
from jobs.reading.subjects import subject_of

ON = date(2026, 3, 16)


def _task(sentence: str) -> TaskRead:
    (task,) = read_text(f"关于抓好茶园管理的通知\n1.{sentence}\n", year=2026, issued=ON).tasks
    return task


@pytest.mark.parametrize(
    "said",
    [
        "白露前市茶业局",
        "数九前市茶业局",
        "春分前后市茶业局",
        "入汛前市茶业局",
        "双抢前市茶业局",
        "采收后20日内市茶业局",
        "育苗结束后一个月内市茶业局",
        "定植后市茶业局",
        "会前两天市茶业局",
        "三季度市茶业局",
        "下半年市茶业局",
    ],
)
def test_the_event_is_no_part_of_the_name(said: str) -> None:
    assert subject_of(f"{said}完成田间管护") == ["市茶业局"]


@pytest.mark.parametrize("name", ["台前县茶业局", "市茶业局", "会后镇政府"])
def test_a_name_that_only_looks_so_stays_whole(name: str) -> None:
    assert subject_of(f"{name}要完成田间管护") == [name]


def test_each_of_several_units_owes_what_its_own_event_says() -> None:
    task = _task("白露前市茶业局完成采收，霜降前市农机局完成修剪，小雪前市供销社完成入库。")
    assert [(one.text, one.units) for one in task.milestones] == [
        ("白露前", ("市茶业局",)),
        ("霜降前", ("市农机局",)),
        ("小雪前", ("市供销社",)),
    ]
    assert all(one.due is None and one.uncertain for one in task.milestones)


def test_units_behind_events_of_their_own_in_one_list_are_each_read() -> None:
    task = _task("端午前市茶业局、国庆前市供销社分别完成质量抽检。")
    assert [(one.due, one.units) for one in task.milestones] == [
        (date(2026, 6, 18), ("市茶业局",)),
        (date(2026, 9, 30), ("市供销社",)),
    ]


def test_quarters_before_units_in_one_list_are_each_theirs() -> None:
    task = _task("二季度市茶业局、四季度市供销社分别报送产销分析。")
    assert [(one.due, one.units) for one in task.milestones] == [
        (date(2026, 6, 30), ("市茶业局",)),
        (date(2026, 12, 31), ("市供销社",)),
    ]


def test_a_quarter_is_no_part_of_who_leads() -> None:
    task = _task("二季度市茶业局牵头开展普查，四季度市供销社牵头开展核查。")
    assert task.lead == ("市茶业局", "市供销社")


@pytest.mark.parametrize(
    ("said", "shift", "due"),
    [
        ("开秤后市茶业局10日内公布行情", "P10D", None),
        ("招标完成后市茶业局一个月内进场", "P1M", None),
        ("通知印发后市茶业局10日内公布行情", "P10D", date(2026, 3, 26)),
    ],
)
def test_a_span_behind_an_event_and_a_unit_is_counted_from_the_event(said: str, shift: str, due: date | None) -> None:
    (one,) = find_deadlines(said, Frame(Setting.PROSE, 2026, ON, ON))
    assert (one.shift, one.due, bool(one.uncertain)) == (shift, due, due is None)


@pytest.mark.parametrize("said", ["元宵节前后", "谷雨前后", "正月十二前", "腊月廿三前"])
def test_a_time_that_is_no_day_is_told(said: str) -> None:
    task = _task(f"市茶业局{said}组织一次巡园。")
    ((one,), who) = task.milestones, task.responsible
    assert (one.text, one.due, bool(one.uncertain), who) == (said, None, True, ("市茶业局",))
