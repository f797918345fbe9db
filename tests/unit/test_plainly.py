"""Verdicts as colleagues say them, in plain words."""

import pytest

from bot.dialogue.room.plainly import said

PLAIN = {
    "B-4过吧": "B-4通过",
    "B-4没毛病，过": "B-4没毛病，通过",
    "请把B-4销号": "B-4通过",
    "帮我把B-4销了": "B-4通过",
    "B-4可以结了": "B-4通过",
    "闸门那项通过": "闸门，通过",
    "气象局那条可以了销号吧": "气象局，通过",
    "第三条退，图纸太旧": "第三条退回，图纸太旧",
    "把B-4退了，图纸太旧": "B-4退回，图纸太旧",
    "闸门那项退回补图纸": "闸门，退回，补图纸",
    "B-4给他们延吧": "B-4同意延期",
    "B-4的申请批了": "B-4同意延期",
    "闸门那个延期同意": "闸门的延期，同意延期",
    "闸门的延期不批，时间够": "闸门的延期，不同意延期，时间够",
}
AS_IT_IS = [
    "先别退", "不退", "要退", "该退", "别过", "B-4不过", "过了", "三天过", "B-4过了", "闸门那条过了吧", "孙科说的退", "想退", "等他们的过",
    "闸门怎么样了", "延到月底",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_what_colleagues_say_is_heard_in_plain_words(text: str) -> None:
    assert said(text) == PLAIN[text]


@pytest.mark.parametrize("text", AS_IT_IS)
def test_what_is_denied_put_off_asked_or_told_stays_as_it_is(text: str) -> None:
    assert said(text) == text
