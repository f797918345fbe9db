"""都没有 denies and asks nothing; what is changed for another thing is given to nobody."""

from datetime import date

import pytest

from bot.dialogue.understand import Intent, understand

ON = date(2022, 6, 20)


@pytest.mark.parametrize("said", ["都没有，零报告", "两处都没有，零报告", "全没有，本周零报告"])
def test_that_all_have_none_is_no_question(said: str) -> None:
    heard = understand(said, on=ON)
    assert (heard.intent, heard.nil) == (Intent.PROGRESS, True)


@pytest.mark.parametrize("said", ["都收到没有", "都完成了没有", "都好了没有", "大家都没有吗"])
def test_whether_all_have_done_it_is_one(said: str) -> None:
    assert understand(said, on=ON).intent is Intent.QUESTION


@pytest.mark.parametrize("said", ["课件换成今年的了", "A-1的照片换成新的了", "井盖都换成防坠落的了"])
def test_a_thing_that_is_changed_for_another_is_given_to_nobody(said: str) -> None:
    heard = understand(said, on=ON)
    assert (heard.in_charge, heard.intent is Intent.ACKNOWLEDGE) == (None, False)


@pytest.mark.parametrize("said", ["联络员换成李工了", "换成王工了"])
def test_who_takes_somebody_s_place_is_in_charge(said: str) -> None:
    assert understand(said, on=ON).in_charge is not None
