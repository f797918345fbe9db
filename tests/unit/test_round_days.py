"""What a sentence says that gives a round another day, and what is none."""

import pytest

from bot.dialogue.room.round_days import _COMMANDED, _REPLIED, _SAID, _read


@pytest.mark.parametrize(
    ("said", "called", "how"),
    [
        ("危化调度改到下周一", "危化", "改到下周一"),
        ("调度改到下周一。", "", "改到下周一"),
        ("把危化专项进展的报送期限改为6月27日", "危化专项进展的", "改为6月27日"),
        ("请把燃气调度的截止时间延到月底", "燃气", "延到月底"),
        ("调度延两天", "", "延两天"),
        ("危化调度提前到周四吧", "危化", "提前到周四"),
        ("报送时间统一推迟到下周五", "", "推迟到下周五"),
        ("危化调度再宽限三天", "危化", "宽限三天"),
        ("危化的调度顺延一周", "危化的", "顺延一周"),
    ],
)
def test_a_sentence_moves_a_round(said: str, called: str, how: str) -> None:
    found = _read(_SAID, said)
    assert found is not None
    assert (found["called"], found["how"]) == (called, how)


@pytest.mark.parametrize(
    "said",
    [
        "调度会改到下周一", "市调度中心改到下周一办公", "危化调度能改到下周一吗", "危化调度改到下周一？", "A-1调度改到下周一", "A-1的报送期限改到6月27日",
        "调度不改了", "调度别改到下周一", "危化调度", "调度情况", "危化调度改到下周一，A-1重开", "结束调度", "住建局没报调度改到哪天",
        "报送" + "改" * 60,
    ],
)  # fmt: skip
def test_what_asks_denies_or_speaks_of_something_else_moves_none(said: str) -> None:
    assert _read(_SAID, said) is None


@pytest.mark.parametrize("said", ["改到下周一", "延到周五", "期限改为6月27日", "这次改到下周一", "再宽限两天吧"])
def test_a_reply_to_the_figures_moves_it(said: str) -> None:
    assert _read(_REPLIED, said) is not None


@pytest.mark.parametrize("said", ["改到下周一行吗", "谁没报", "催没报的", "应急厅报了什么", "改天再说，先催"])
def test_another_reply_moves_none(said: str) -> None:
    assert _read(_REPLIED, said) is None


@pytest.mark.parametrize(("rest", "number"), [("改到下周一", ""), ("1 改到下周一", "1"), ("12次延到7月1日", "12")])
def test_a_command_names_the_round_by_its_number(rest: str, number: str) -> None:
    found = _read(_COMMANDED, rest)
    assert found is not None
    assert found["number"] == number


def test_what_opens_a_round_moves_none() -> None:
    for said in ("本周五前报送危化专项进展，发黄灯以上单位", "请各单位6月24日前报送改造进展", "报送整改进展"):
        assert _read(_SAID, said) is None, said
        assert _read(_COMMANDED, said) is None, said
    assert _read(_SAID, "调度会改到下周一") is None
