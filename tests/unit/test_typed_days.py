"""Days that people type: what is a task's code is no day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.typed_days import typed_day

ON = date(2022, 6, 1)


@given(st.from_regex(r"\A[〔\[]?[A-Z]{1,2}[1-9]?-[1-9]\d{0,2}(\.[1-9])?[〕\]]?\Z"))
def test_a_code_is_no_day(code: str) -> None:
    assert typed_day(code, ON) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("July 15", date(2022, 7, 15)),
        ("15 July", date(2022, 7, 15)),
        ("Jul-15", date(2022, 7, 15)),
        ("7-15", date(2022, 7, 15)),
        ("2022-07-15", date(2022, 7, 15)),
        ("7月15日", date(2022, 7, 15)),
    ],
)
def test_a_day_is_one_in_either_language(text: str, day: date) -> None:
    assert typed_day(text, ON) == day
