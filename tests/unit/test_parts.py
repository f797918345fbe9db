"""Several tasks in one message: all that are named together are meant, and each part has its own words."""

import pytest

from bot.dialogue.parts import Part, parts, places, several


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A-1、A-2通过", [(("A-1", "A-2"), "A-1、A-2通过")]),
        ("催一下A-1和A-2，还有A-3", [(("A-1", "A-2", "A-3"), "催一下A-1和A-2,还有A-3")]),
        ("A-1 A-2 催一下", [(("A-1", "A-2"), "A-1 A-2 催一下")]),
        ("把A-1和A-2都延到月底", [(("A-1", "A-2"), "把A-1和A-2都延到月底")]),
        ("A-1转给应急局，A-2转给交通局", [(("A-1",), "A-1转给应急局"), (("A-2",), "A-2转给交通局")]),
        ("A-1通过，A-2退回 缺照片", [(("A-1",), "A-1通过"), (("A-2",), "A-2退回 缺照片")]),
        ("A-1退回，与A-2重复", [(("A-1",), "A-1退回,与A-2重复")]),
        ("A-1不用报了，并到A-2", [(("A-1",), "A-1不用报了,并到A-2")]),
        ("今天食堂不错", []),
    ],
)
def test_a_message_speaks_of_tasks_part_by_part(text: str, found: list[tuple[tuple[str, ...], str]]) -> None:
    assert parts(text) == [Part(*one) for one in found]


@pytest.mark.parametrize(
    ("rest", "references", "words"),
    [
        ("3、5、7", ["3", "5", "7"], ""),
        ("3 5 7 属实", ["3", "5", "7"], "属实"),
        ("A-2 A-3", ["A-2", "A-3"], ""),
        ("A-1、A-2和A-3 重复立项", ["A-1", "A-2", "A-3"], "重复立项"),
        ("7 3家单位重复", ["7"], "3家单位重复"),
        ("7 2022年6月30日", ["7"], "2022年6月30日"),
        ("7 6月30日", ["7"], "6月30日"),
        ("A-1 与A-2重复", ["A-1"], "与A-2重复"),
        ("省经信厅", [], "省经信厅"),
    ],
)
def test_a_command_is_of_all_tasks_at_its_head(rest: str, references: list[str], words: str) -> None:
    assert several(rest) == (references, words)


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("A-12弄好了，A-2差三家", ("A-12", "A-2"), [0, 8]),
        ("〔A-2.1〕好了，A-2还没", ("A-2.1", "A-2"), [1, 10]),
        ("第12项查了1处，第2项没动", ("12", "2"), [1, 10]),
        ("12号差2处，2号弄完了", ("12", "2"), [0, 7]),
        ("a-12收到", ("A-12", "A-1"), [0, -1]),
    ],
)
def test_a_name_is_found_as_a_whole_and_not_in_a_longer_one(
    text: str, names: tuple[str, ...], found: list[int]
) -> None:
    assert places(text, names) == found
