"""What sounds like a report and is none, by why it is none; beside it, what looks alike and is one. On 8 June 2022, due on 30 June."""

from datetime import date

import pytest

from bot.dialogue.understand import Intent, Understanding, understand

ON, DUE = date(2022, 6, 8), date(2022, 6, 30)


def heard(said: str, on: date = ON, due: date = DUE) -> Understanding:
    return understand(said, on=on, due=due, coordinator=False)


def is_sure_report(said: str, on: date = ON) -> bool:
    understood = heard(said, on)
    return understood.intent is Intent.DONE and understood.confident


# ---------------------------------------------------------------- months and days

YEAR_END = date(2022, 12, 31)
PLANS = [
    (date(2022, 3, 2), "12月底办完|12月底全部整改到位|我局12月完成|12月底完成"),
    (date(2022, 1, 10), "10月完成|11月底办结|我们12月份完成"),
    (date(2022, 2, 15), "11月底完成|12月完工"),
]
"""Months ahead that were also the last ones of the year before."""


@pytest.mark.parametrize(("on", "said"), [(on, said) for on, every in PLANS for said in every.split("|")])
def test_a_month_at_the_end_of_the_year_is_a_plan_at_its_beginning(on: date, said: str) -> None:
    understood = heard(said, on, YEAR_END)
    year = understood.due and understood.due.year
    assert (understood.intent, understood.confident, year) == (Intent.PROGRESS, True, 2022)


@pytest.mark.parametrize(
    ("on", "said"),
    [(ON, said) for said in ("5月完成", "4月底办结", "我们3月份完成", "5月底整改完成", "5月整改完毕")]
    + [(date(2022, 1, 10), said) for said in ("12月20日完成", "11月30日办结")],
)
def test_whether_a_month_or_a_day_of_last_year_is_gone_or_to_come_is_asked_where_nothing_is_told_as_past(
    on: date, said: str
) -> None:
    understood = heard(said, on)
    assert (understood.intent, understood.confident) == (Intent.DONE, False)


@pytest.mark.parametrize(
    ("on", "said"),
    [(ON, said) for said in ("5月底已完成", "5月完成了", "5月20日完成", "5月底就办完了")]
    + [(date(2022, 1, 10), said) for said in ("12月底已完成", "12月20日办结了")],
)
def test_what_is_told_as_past_was_finished_in_its_month(on: date, said: str) -> None:
    assert is_sure_report(said, on)
