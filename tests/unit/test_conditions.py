"""What is asked of a unit beside a verdict that gives no reason."""

import pytest

from bot.dialogue.beside_verdicts.doubt import condition, doubt
from db.words import Action

ASKED = {
    "A-2通过，但要补航拍图": "要补航拍图",
    "A-2可以销号，附件月底前补齐": "附件月底前补齐",
    "A-2现场看过，通过，不过台账要重新盖章": "台账要重新盖章",
    "A-2销号，前提是监理签字": "前提是监理签字",
}
OF_MORE_TIME = {"A-2同意延期，但每周报进展": "每周报进展", "A-2同意延到7月20日，条件是每月报一次": "条件是每月报一次"}


@pytest.mark.parametrize("text", ASKED)
def test_what_is_asked_beside_a_verdict_leaves_it_open_and_can_go_with_it(text: str) -> None:
    assert doubt(text, Action.VERIFY)
    assert condition(text, Action.VERIFY)[1] == ASKED[text]


@pytest.mark.parametrize("text", OF_MORE_TIME)
def test_what_is_asked_for_more_time_can_go_with_it(text: str) -> None:
    rest, asked = condition(text, Action.GRANT)
    assert asked == OF_MORE_TIME[text]
    assert asked not in rest


@pytest.mark.parametrize(
    "text",
    [
        "A-2通过", "A-2通过，等孙科签字", "A-2通过，附件要不要补", "A-2通过，如果补了附件", "A-2有条件通过", "A-2通过，缺附件",
        "A-2通过，我再补个说明", "A-2补附件", "A-2通过，要补附件吗", "A-2通过，只能算一半，其余重报，再说",
    ],
)  # fmt: skip
def test_doubts_and_what_somebody_else_does_are_asked_of_no_unit(text: str) -> None:
    assert condition(text, Action.VERIFY)[1] == ""
