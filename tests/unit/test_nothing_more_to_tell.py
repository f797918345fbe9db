"""What tells of a period that there was no case, and of a task no more than that it goes on."""

from datetime import date

import pytest

from bot.dialogue.contact.saying import goes_on
from bot.dialogue.understand import Intent, understand

ON, DUE = date(2022, 6, 8), date(2022, 6, 30)


@pytest.mark.parametrize("text", ["本周没有溺水病例", "本周没有溺水事故", "上周零报告，本周也没有病例"])
def test_no_case_in_a_period_is_that_there_was_nothing(text: str) -> None:
    said = understand(text, on=ON, due=DUE, coordinator=False)
    assert (said.intent, said.nil) == (Intent.PROGRESS, True)


@pytest.mark.parametrize("text", ["投诉还没有处理", "没有人手处理投诉", "本周没有处理投诉"])
def test_what_was_not_done_is_no_report_of_nothing(text: str) -> None:
    assert not understand(text, on=ON, due=DUE, coordinator=False).nil


def test_a_slope_by_its_number_is_no_day_for_which_its_end_is_promised() -> None:
    said = understand("2号边坡巡查完毕，共31处，清单做好了", on=ON, due=DUE, coordinator=False)
    assert (said.intent, said.due) == (Intent.DONE, None)


@pytest.mark.parametrize("text", ["B-6再等等", "A-10按期", "A-13照旧", "C-1按时", "A-38这个月12号开会"])
def test_what_only_goes_on_is_no_end(text: str) -> None:
    assert goes_on(text)


@pytest.mark.parametrize("text", ["A-10按期好了", "A-3照片", "A-3", "A-3按期吗", "A-3现场", "A-3不按期"])
def test_what_may_be_more_is_asked_about(text: str) -> None:
    assert not goes_on(text)
