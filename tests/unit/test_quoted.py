"""Where somebody's words stand in what was passed on, whole or shortened."""

import pytest

from db.history import ERASED
from jobs.quoted import _Said

SAID = ("完成三成，家里有事，下周补上材料", "好的", "第一行\n第二行")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("张工：完成三成，家里有事，下周补上材料。", f"张工：{ERASED}。"),
        ("最近：完成三成，家里有事…（6月2日）", f"最近：{ERASED}（6月2日）"),
        ("第一行 第二行；第一行\n第二行", f"{ERASED}；{ERASED}"),
        ("完成三成，请继续", "完成三成，请继续"),
        ("完成三…", "完成三…"),
        ("好的，已收到", "好的，已收到"),
        ("", ""),
    ],
)
def test_a_sentence_goes_whole_or_shortened_and_what_only_begins_alike_stays(text: str, left: str) -> None:
    assert _Said(SAID).out_of(text) == left
    assert _Said(SAID).stand_in({"body": [{"text": text}], "size": 3}) is (text != left)
