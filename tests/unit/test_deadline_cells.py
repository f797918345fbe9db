"""The forms that make up lists are read at a glance, and mean what the grammar makes of them."""

from calendar import monthrange
from datetime import date
from itertools import product

import pytest

from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.deadlines.cells import cell, is_term
from jobs.reading.deadlines.find import _by_grammar, forget

FRAMES = (
    Frame(Setting.CELL),
    Frame(Setting.CELL, 2022, date(2022, 3, 2)),
    Frame(Setting.CELL, None, None, date(2023, 6, 15)),
)

YEARS = ("", *(f"{year}年" for year in (2022, 2024)))
MONTHS, DAYS = range(1, 13), range(1, 32)


FORMS = {
    "a day": [f"{year}{month}月{day}日" for year, month, day in product(YEARS, MONTHS, DAYS)],
    "a day in digits": [
        f"{year}-{month:02}-{day:02}"
        for year, month, day in product((2022, 2024), MONTHS, DAYS)
        if day <= monthrange(year, month)[1]
    ],
    "a day with dots or strokes": [
        f"{year}{sign}{month}{sign}{day}"
        for year, month, day, sign in product((2022, 2024), MONTHS, DAYS, "./-")
        if day <= monthrange(year, month)[1]
    ],
    "a month": [f"{year}{month}月" for year, month in product(YEARS, MONTHS)],
    "a month's end": [f"{year}{month}月{part}" for year, month, part in product(YEARS, MONTHS, "底末")],
    "a quarter": [f"{year}{nth}{quarter}季度" for year, nth, quarter in product(YEARS, ("", "第"), "一二三四")],
    "a quarter's end": [f"{year}{nth}{quarter}季度末" for year, nth, quarter in product(YEARS, ("", "第"), "一二三四")],
    "a year's end": [f"{year}年底" for year in range(2000, 2100)],
    "the year's end": ["年底"],
    "a day to which": [f"{word}{year}6月{day}日" for word, year, day in product("到至于", YEARS, DAYS) if day < 31],
    "an hour of a day": [f"{year}6月30日{hour}{sign}前" for year, hour, sign in product(YEARS, range(1, 25), "时点")],
}
"""Every cell that is read at a glance, of some years."""

SINCE = ("", "自印发之日起", "从印发之日起")

TAILS = [word + done for word, done in product(("", "前", "之前", "以前"), ("", "完成"))]
"""What may follow a cell; after a day, of which there are a thousand, two of them in their turn do."""


def cells(form: str) -> list[str]:
    """Return the cells of a form."""
    if form == "an hour of a day":
        return FORMS[form]
    turns = 4 if form.startswith("a day") else 1
    return [written + tail for place, written in enumerate(FORMS[form]) for tail in TAILS[place % turns :: turns]]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("frame", FRAMES, ids=["nothing known", "a year and a day", "a day of issue"])
def test_a_cell_read_at_a_glance_means_what_the_grammar_makes_of_it(form: str, frame: Frame) -> None:
    forget()
    assert [written for written in cells(form) if cell(written) is None] == []
    assert [written for written in cells(form) if find_deadlines(written, frame) != _by_grammar(written, frame)] == []


@pytest.mark.parametrize("frame", FRAMES, ids=["nothing known", "a year and a day", "a day of issue"])
def test_a_term_read_at_a_glance_means_what_the_grammar_makes_of_it(frame: Frame) -> None:
    forget()
    counts = [f"{number}{unit}" for number, unit in product((1, 3, 10, 45, 120), ("个工作日", "日", "天", "个月"))]
    terms = [f"{since}{count}内{done}" for since, count, done in product(SINCE, counts, ("", "完成"))]
    assert [written for written in terms if not is_term(written)] == []
    assert [written for written in terms if find_deadlines(written, frame) != _by_grammar(written, frame)] == []


@pytest.mark.parametrize(
    "text",
    [
        "2022年13月",
        "6月32日前",
        "6月0日",
        "2022-6.30",
        "2022.13.30",
        "2022.6",
        "截至2022年6月30日",
        "6月底17时前",
        "2022年6月前期",
        "6月底前完成80%",
        "１０月底前",
        "五月底前",
        "2022年",
        " 6月底",
    ],
)
def test_what_says_anything_more_or_else_is_left_to_the_grammar(text: str) -> None:
    assert cell(text) is None
