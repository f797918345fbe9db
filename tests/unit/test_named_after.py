"""A paper, a record or a state that is named after an act decides nothing: 退回单, 核查记录, 免办依据."""

from datetime import date

import pytest

from bot.dialogue.commanding import find
from bot.dialogue.room.decisions import _WHY
from bot.dialogue.room.reasons import DECIDES
from bot.dialogue.room.verdict_words import verdicts
from bot.dialogue.understand import Intent, understand

ON = date(2022, 6, 8)


@pytest.mark.parametrize(
    "text",
    [
        "B-6的销号单",
        "B-6销号单给我发一张",
        "B-6销号进展情况",
        "B-6销号情况",
        "B-6销号材料",
        "B-6如期销号",
        "B-6尽快销号",
        "B-6的退回单，签过字的那张",
        "B-6退回时间",
        "B-6打回原因",
        "B-6核查记录",
        "B-6核查通过率",
        "B-6催办记录",
        "B-6批准依据",
    ],
)
def test_the_name_of_a_paper_is_no_decision(text: str) -> None:
    said = understand(text, on=ON, coordinator=True)
    assert said.intent not in DECIDES or said.reason in _WHY, said


@pytest.mark.parametrize(
    "text",
    ["核查记录 B-6", "销号单 B-6", "催办单 B-6", "退回单 B-6", "免办依据 B-6", "撤销原因 B-6", "重开条件 B-6",
     "约谈记录 市水利局", "核查材料不全 B-6", "同意情况 B-6", "全部核查记录"],
)  # fmt: skip
def test_the_name_of_a_paper_is_no_command(text: str) -> None:
    assert find(text) is None, find(text)


@pytest.mark.parametrize(
    ("text", "intent", "why"),
    [
        ("B-6退回材料不全", Intent.RETURN, "材料不全"),
        ("B-6退回理由：图上没有日期", Intent.RETURN, "图上没有日期"),
        ("B-6退回单位重新测", Intent.RETURN, "单位重新测"),
        ("B-6核查情况属实，销号", Intent.VERIFY, None),
        ("B-6销号", Intent.VERIFY, None),
    ],
)
def test_a_decision_with_its_reason_right_behind_it_is_one(text: str, intent: Intent, why: str | None) -> None:
    said = understand(text, on=ON, coordinator=True)
    assert (said.intent, said.reason) == (intent, why)


def test_a_reason_may_stand_right_behind_a_command() -> None:
    for text, latin in (("退回材料不全", "return"), ("撤销原因：与B-2重复", "cancel"), ("催办单位 市水利局", "nudge")):
        found = find(text)
        assert found is not None, text
        assert found[0].latin == latin, text


def test_a_verdict_on_the_rest_is_none_where_it_names_their_papers() -> None:
    assert verdicts("其他的退回单") == []


def test_a_contact_who_names_the_paper_of_an_end_has_not_reported_one() -> None:
    assert understand("B-6的销号单", on=ON, coordinator=False).intent is not Intent.DONE
