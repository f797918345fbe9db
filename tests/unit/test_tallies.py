"""A reply to the figures of a broadcast or a round asks for what their buttons do."""

import pytest

from bot.dialogue.room.tallies import asked_in


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("催一下", "chase"),
        ("再催一下吧", "chase"),
        ("催没回的", "chase"),
        ("提醒还没确认的单位", "chase"),
        ("把没回的再催一下", "chase"),
        ("催未确认", "chase"),
        ("结束", "close"),
        ("撤回", "close"),
        ("结束群发", "close"),
        ("不用再催了", "hush"),
        ("先别催", "hush"),
        ("今天别催", "hush"),
        ("暂时不要催了", "hush"),
        ("收表吧", "close"),
        ("导出", "export"),
        ("把表给我", "export"),
        ("导出回执", "export"),
        ("谁没回", "tally"),
        ("谁还没确认？", "tally"),
        ("还有谁没回", "tally"),
        ("哪些单位没回", "tally"),
        ("谁没报", "tally"),
        ("催没报的", "chase"),
        ("哪些单位还没报送", "tally"),
        ("结束调度", "close"),
        ("出表", "export"),
        ("汇总一下", "export"),
        ("催A-4", None),
        ("催住建局", None),
        ("结束专项1", None),
        ("清单 逾期", None),
        ("明天开会", None),
    ],
)
def test_a_reply_to_the_figures_is_about_that_broadcast(text: str, what: str | None) -> None:
    assert asked_in(text) == what
