"""A bracket behind a day that says it once more makes no second deadline: 3月20日（本周五）."""

from datetime import date

import pytest

from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.deadlines.doubts import OTHER_WEEKDAY

ON = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("said", "due", "fits"),
    [
        ("2026年3月13日（本周五）前", date(2026, 3, 13), True),
        ("3月20日（本周五）前", date(2026, 3, 20), False),
        ("3月17日（下周二）前", date(2026, 3, 17), True),
        ("3月31日（下周二）前", date(2026, 3, 31), False),
        ("2026-03-20（周五）前", date(2026, 3, 20), True),
        ("2026-03-20（周四）前", date(2026, 3, 20), False),
        ("3月20日（周五上午）前", date(2026, 3, 20), True),
        ("明天（3月10日）下午5点前", date(2026, 3, 10), True),
        ("明天（3月12日）下午5点前", date(2026, 3, 12), False),
        ("下周二（3月17日）前", date(2026, 3, 17), True),
        ("下周二（3月24日）前", date(2026, 3, 24), False),
    ],
)
def test_it_is_one_deadline_and_in_doubt_where_the_two_do_not_fit(said: str, due: date, fits: bool) -> None:
    (one,) = find_deadlines(f"市体育局于{said}报送场馆清单。", Frame(Setting.PROSE, 2026, ON, ON))
    assert (one.text, one.due, one.uncertain) == (said, due, None if fits else OTHER_WEEKDAY)


def test_each_day_of_a_list_has_its_own_day_of_the_week() -> None:
    found = find_deadlines("市体育局于3月17日（周二）、3月20日（周五）前报送。", Frame(Setting.PROSE, 2026, ON, ON))
    assert [(one.due, one.uncertain) for one in found] == [(date(2026, 3, 17), None), (date(2026, 3, 20), None)]
