"""What a lead unit or a colleague says of a report that they are asked to look at, purely: the work's own words decide nothing."""

from datetime import date

import pytest

from bot.dialogue.agreeing import agrees
from bot.dialogue.contact import reviews
from bot.dialogue.room import papers, second_thoughts
from bot.dialogue.understand import Intent, understand


@pytest.mark.parametrize(
    "text", ["退回，缺照片", "不属实", "不同意", "不合格，重做", "不行", "打回重报", "不符合：没有签到表"]
)
def test_a_report_is_returned_in_words_that_say_so(text: str) -> None:
    assert reviews._RETURNS.match(text)


@pytest.mark.parametrize(
    "text",
    ["不符合项已全部整改到位", "不合格的都换了", "不行的话我再去看看", "不符合吗？", "不同意见已经沟通一致"],
)
def test_what_was_set_right_or_is_asked_returns_no_report(text: str) -> None:
    assert not reviews._RETURNS.match(text)


@pytest.mark.parametrize(
    ("text", "passes"), [("没问题了", True), ("属实", True), ("没问题了吧", False), ("属实吗", False)]
)
def test_a_report_passes_where_nobody_asks_whether_it_does(text: str, passes: bool) -> None:
    assert agrees(text) == passes


@pytest.mark.parametrize("text", ["A-1 照片已全部上传完毕", "A-1 佐证已上传完毕"])
def test_papers_that_have_come_are_not_the_work_that_is_done(text: str) -> None:
    said = understand(text, on=date(2022, 6, 1), coordinator=False)
    assert not (said.intent is Intent.DONE and said.confident)


@pytest.mark.parametrize(
    ("text", "unit"), [("去掉省经信厅", True), ("不要漏了省经信厅", False), ("不要忘了经信厅", False)]
)
def test_a_unit_is_left_out_of_a_draft_only_where_that_is_said(text: str, unit: bool) -> None:
    assert bool(papers._OMIT_UNIT.match(text)) == unit


def test_what_errs_is_told_from_what_is_to_be_sent() -> None:
    assert second_thoughts._ERRS.search("撤回A-1的核查销号")
    assert second_thoughts._MISSENT.match("群发错了")
    assert not second_thoughts._MISSENT.match("群发错峰生产要求：请各单位明天落实")
