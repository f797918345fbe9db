"""What comes again within a stage that says when it is begins and ends with the stage."""

from datetime import date

import pytest

from jobs.reading.document import MilestoneRead
from jobs.reading.in_stage import OF_STAGE
from jobs.reading.read import read_text

ISSUED = date(2026, 3, 16)


def _recurring(text: str) -> MilestoneRead:
    tasks = read_text(f"关于整治城市公园的通知\n{text}\n", year=2026, issued=ISSUED).tasks
    (one,) = (milestone for task in tasks for milestone in task.milestones if milestone.rule)
    return one


@pytest.mark.parametrize(
    ("heading", "first", "until"),
    [
        ("二、集中整治（4月1日—6月30日）", date(2026, 4, 25), "20260630"),
        ("二、集中整治阶段（5月至9月）", date(2026, 5, 25), "20260930"),
        ("二、集中整治阶段（4月下旬至8月底）", date(2026, 4, 25), "20260831"),
        ("二、集中整治（2026年10月8日至12月20日）", date(2026, 10, 25), "20261220"),
        ("二、自查自改（即日起至5月底）", date(2026, 3, 25), "20260531"),
    ],
)
def test_it_begins_and_ends_with_the_stage(heading: str, first: date, until: str) -> None:
    one = _recurring(f"{heading}\n1.县园林中心每月25日前报送台账。")
    assert one.rule == f"FREQ=MONTHLY;BYMONTHDAY=25;UNTIL={until}"
    assert one.next == first
    assert one.uncertain is None


def test_a_stage_that_its_own_line_names_counts_too() -> None:
    one = _recurring("（二）集中攻坚（4月6日至5月31日）。县园林中心每周四报送进展。")
    assert (one.next, one.rule) == (date(2026, 4, 9), "FREQ=WEEKLY;BYDAY=TH;UNTIL=20260531")


def test_without_an_end_it_is_asked_about() -> None:
    one = _recurring("（三）巩固阶段（7月1日起长期坚持）\n1.县园林中心每季度末报送台账。")
    assert one.uncertain == OF_STAGE


@pytest.mark.parametrize(
    "heading", ["一、工作任务", "三、巩固提升（每月一次）", "一、重点任务（县园林中心、县城管局）"]
)
def test_a_heading_that_is_no_dated_stage_bounds_nothing(heading: str) -> None:
    one = _recurring(f"{heading}\n1.县园林中心每月25日前报送台账。")
    assert (one.rule, one.uncertain) == ("FREQ=MONTHLY;BYMONTHDAY=25", None)


def test_what_comes_once_a_year_is_left_as_it_is() -> None:
    one = _recurring("二、集中整治（4月1日—6月30日）\n1.县园林中心每年12月底前报送总结。")
    assert "UNTIL" not in (one.rule or "")
