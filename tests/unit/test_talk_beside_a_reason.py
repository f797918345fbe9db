"""理由就写现场照片不清楚，别说是李局让退的: a unit reads what is to be written and nothing that colleagues say beside it."""

import pytest

from bot.dialogue.room.reasons import is_talk, without_talk


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("理由就写围挡没有修好，别说是孙局让退的", "围挡没有修好"),
        ("就写清单缺页", "清单缺页"),
        ("理由：泵房数量对不上", "泵房数量对不上"),
        ("原因是签字页漏了，别提我", "签字页漏了"),
        ("缺检测单，写客气点", "缺检测单"),
        ("千万别说是领导让的，台账缺页", "台账缺页"),
        ("理由不充分", "理由不充分"),
        ("理由写得太简单", "理由写得太简单"),
        ("照片不清楚，别写去年的数据", "照片不清楚，别写去年的数据"),
        ("请不要再报旧数据", "请不要再报旧数据"),
        ("等检测报告出来", "等检测报告出来"),
    ],
)
def test_only_what_is_to_be_written_is_the_reason(said: str, written: str) -> None:
    assert without_talk(said) == written
    assert not is_talk(said)


@pytest.mark.parametrize(
    "said", ["问问孙局", "我再想想", "先请示一下吴主任", "等领导定", "孙局定吧", "写客气点", "别说是孙局让退的"]
)
def test_what_colleagues_say_to_each_other_is_no_reason(said: str) -> None:
    assert is_talk(said)
