"""What a second person says of what another has told: it agrees in every clause, or it is no agreement."""

import pytest

from bot.dialogue.agreeing import agrees


@pytest.mark.parametrize(
    "said",
    [
        "同意",
        "属实",
        "同意上报",
        "同意报送。",
        "可以报",
        "没问题",
        "没有意见",
        "情况属实",
        "情况属实，同意上报",
        "以上情况属实，同意报送",
        "已审核，没有问题",
        "已核实，情况属实！",
        "数据核对过了，无误，可以上报",
        "我看过了，都属实",
        "审核通过",
        "确认无误",
        "好的，同意",
        "符合要求，通过",
        "自查过了，情况属实",
        "自查没问题，可以报",
        "我看了，都对得上",
        "核对过了，一致",
        "这回行了",
    ],
)
def test_who_agrees_in_every_clause_agrees(said: str) -> None:
    assert agrees(said)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "好的",
        "不同意",
        "不属实",
        "情况属实吗",
        "属实，但缺签到表",
        "同意上报A-1，A-2再等等",
        "没有问题，已检查12家",
        "基本属实",
        "还没核实",
        "等我核实后同意",
        "看过了",
        "自查过了",
        "有问题",
        "数据不准确",
        "请核实情况",
        "同意延期",
        "行",
        "跟现场对不上",
        "不一致",
    ],
)
def test_who_says_anything_else_does_not(said: str) -> None:
    assert not agrees(said)
