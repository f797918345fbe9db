"""逐处核对 in words, purely: what an answer says of the place that is asked about."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from bot.dialogue.room.doubt_words import Said, said_in
from db.words import DoubtKind

TODAY = date(2026, 3, 2)


def heard(text: str, kind: DoubtKind = DoubtKind.DEADLINE, *, chosen: bool = False) -> Said | None:
    about: Any = SimpleNamespace(
        doubt=SimpleNamespace(kind=kind), campaign=SimpleNamespace(reference_year=2026, issued=None)
    )
    return said_in(about, text, TODAY, chosen=chosen)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("没问题，就是8月31", date(2026, 8, 31)),
        ("对，8月31日", date(2026, 8, 31)),
        ("7月底吧", date(2026, 7, 31)),
        ("先定12月10日", date(2026, 12, 10)),
        ("暂定12月10日吧", date(2026, 12, 10)),
        ("那就定在12月10日", date(2026, 12, 10)),
        ("还没通知，先定12月10日", date(2026, 12, 10)),
        ("就按8月31日", date(2026, 8, 31)),
        ("改为7月底", date(2026, 7, 31)),
        ("大概6月15日左右", date(2026, 6, 15)),
        ("入汛前就是5月底吧", date(2026, 5, 31)),
        ("开学指的是9月1日", date(2026, 9, 1)),
    ],
)
def test_a_day_is_heard_beside_a_nod_a_reason_or_a_word_that_it_is_for_now(text: str, day: date) -> None:
    assert heard(text) == Said(day=day)


@pytest.mark.parametrize("kind", [DoubtKind.DEADLINE, DoubtKind.UNIT, DoubtKind.TASK])
@pytest.mark.parametrize(
    "text", ["还没通知，先放着", "先放一放", "再说吧", "还没定", "等省里通知", "暂不定", "目前还不清楚", "跳过"]
)
def test_who_cannot_tell_yet_leaves_it_open(text: str, kind: DoubtKind) -> None:
    assert heard(text, kind) == Said(passes=True)


@pytest.mark.parametrize("text", ["没问题", "对的", "没问题，就按这个", "好的，没错", "就按读到的吧"])
def test_a_nod_lets_it_stand_as_it_was_read(text: str) -> None:
    assert heard(text) == Said(as_read=True)


@pytest.mark.parametrize(
    "text",
    [
        "不知所云",
        "大家辛苦了",
        "6月30日不对，改成7月15日前后",
        "好的",
        "收到",
        "请省经信厅8月31日前报送整改方案和下一步计划",
    ],
)
def test_what_says_none_of_it_is_no_answer(text: str) -> None:
    assert heard(text) is None


def test_who_chose_to_write_the_text_has_written_it() -> None:
    assert heard("待定名单由厅里确定", DoubtKind.TEXT, chosen=True) == Said(text="待定名单由厅里确定")


def test_units_are_heard_by_their_names() -> None:
    assert heard("由市住建局负责", DoubtKind.UNIT) == Said(units=("市住建局",))


def test_all_units_of_the_list_are_meant_by_what_says_so_and_by_nothing_else() -> None:
    for text in ("清单里的所有单位", "就是各单位都办", "全体单位各自办理"):
        assert heard(text, DoubtKind.UNIT) == Said(everybody=True), text
    for text in ("全部退回", "各自负责"):
        assert heard(text, DoubtKind.UNIT) is None, text
