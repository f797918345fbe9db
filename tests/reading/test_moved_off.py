"""What moves a day that falls on a day off makes no second deadline, and is told where the day is one."""

from datetime import date

import pytest

from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.deadlines.doubts import UNDER_A_CONDITION
from jobs.reading.deadlines.moving import EACH_TIME, IS_OFF

ON = date(2026, 4, 7)
IN_PROSE = Frame(Setting.PROSE, 2026, ON, ON)


@pytest.mark.parametrize(
    "said",
    [
        "于5月{day}日（遇周末顺延）前报送票据",
        "于5月{day}日前（遇法定节假日顺延至节后第一个工作日）报送票据",
        "于5月{day}日(周六提前至周五)前报送票据",
        "于5月{day}日前（周六，提前至周五）报送票据",
        "于5月{day}日前报送票据，遇节假日顺延",
        "于5月{day}日前报送票据，如遇周六、周日则提前至周五",
        "于5月{day}日前报送票据，逢双休日，顺延至下周一",
    ],
)
@pytest.mark.parametrize(("day", "why"), [(16, IS_OFF), (14, None)])
def test_it_is_one_deadline_and_in_doubt_on_a_day_off(said: str, day: int, why: str | None) -> None:
    (one,) = find_deadlines(f"市粮食局{said.format(day=day)}。", IN_PROSE)
    assert (one.due, one.uncertain) == (date(2026, 5, day), why)


@pytest.mark.parametrize("said", ["每月8日（遇周末顺延）前", "每月8日前（遇节假日顺延）"])
@pytest.mark.parametrize("setting", [Setting.PROSE, Setting.CELL])
def test_what_comes_again_may_fall_on_one(said: str, setting: Setting) -> None:
    (one,) = find_deadlines(said, Frame(setting, 2026, ON, ON))
    assert (one.rule, one.uncertain) == ("FREQ=MONTHLY;BYMONTHDAY=8", EACH_TIME)


def test_what_comes_each_friday_moves_with_a_public_holiday_alone() -> None:
    (one,) = find_deadlines("市粮食局每周五前报送台账，遇节假日提前一天。", IN_PROSE)
    assert (one.rule, one.uncertain) == ("FREQ=WEEKLY;BYDAY=FR", None)
    assert "遇休息日" in one.how


def test_only_the_sentence_that_says_it_is_in_doubt() -> None:
    said = "市粮食局于5月16日前报送票据，遇节假日顺延。市供销社于5月17日前报送台账。"
    assert [one.uncertain for one in find_deadlines(said, IN_PROSE)] == [IS_OFF, None]


def test_what_is_done_on_days_off_moves_nothing() -> None:
    said = "市粮食局在节假日提前备货，5月16日前完成检查。"
    assert [one.uncertain for one in find_deadlines(said, IN_PROSE)] == [None]


def test_a_day_to_which_it_would_move_is_one_under_a_condition() -> None:
    found = find_deadlines("市粮食局5月14日开仓，遇雨顺延至5月18日。", IN_PROSE)
    assert found[-1].uncertain == UNDER_A_CONDITION
