"""What is done every second week keeps its rhythm, and it is asked from which week on: 双周周三, 隔周周三, 每隔一周."""

from datetime import date

import pytest

from jobs.reading.deadlines import Frame, Setting, find_deadlines

ON = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("said", "rule", "sure"),
    [
        ("每双周周三", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", False),
        ("每逢双周的周五", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", False),
        ("单周周一", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", False),
        ("隔周周三前", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", False),
        ("每隔一周周三", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", False),
        ("每隔一天", "FREQ=DAILY;INTERVAL=2", False),
        ("每两周的周五", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", True),
        ("隔周", "FREQ=WEEKLY;INTERVAL=2", True),
        ("每周周三", "FREQ=WEEKLY;BYDAY=WE", True),
    ],
)
def test_a_rhythm_of_two_weeks(said: str, rule: str, sure: bool) -> None:
    (one,) = find_deadlines(f"市体育局{said}报送场馆客流。", Frame(Setting.PROSE, 2026, ON, ON))
    assert (one.text, one.rule, one.uncertain is None) == (said, rule, sure)


def test_every_day_of_work_is_no_day_of_the_weekend() -> None:
    (one,) = find_deadlines("市体育局工作日每天17点前报送客流。", Frame(Setting.PROSE, 2026, ON, ON))
    assert one.rule == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
