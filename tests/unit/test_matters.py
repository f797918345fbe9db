"""Which words of a verdict tell of a matter, and which are of any report."""

import pytest

from bot.dialogue.room.matters import before_judging, shares, words
from db.words import Action


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("路灯我们昨晚去看了，没问题，销号", ("路灯",)),
        ("锅炉的材料核对过了，属实", ("锅炉",)),
        ("旅馆培训没问题，通过", ("旅馆",)),
        ("培训没问题，通过", ("培训",)),
        ("我昨天派人去现场看过了，没问题，通过", ()),
        ("他们报的材料齐全，数据无误，核查通过", ()),
        ("现场复核了，整改到位，可以销号", ()),
        ("经核查情况属实，同意销号", ()),
        ("辛苦了，这项通过", ()),
        ("好，通过", ()),
        ("通过，请他们长效保持，后续加强维护", ()),
        ("没有发票和合同", ()),
        ("签字页模糊，公章也没盖", ()),
    ],
)
def test_a_matter_is_what_is_not_said_of_any_report(text: str, said: tuple[str, ...]) -> None:
    assert words(text) == said


def test_of_a_report_that_is_returned_the_reason_is_no_matter() -> None:
    assert before_judging("锅炉房不合格，烟囱没清", Action.RETURN) == "锅炉房"
    assert before_judging("退回，烟囱没清", Action.RETURN) == ""
    assert before_judging("锅炉房的延期同意", Action.GRANT) == "锅炉房"
    assert before_judging("设备没到货，同意延期", Action.GRANT) == "同意"
    assert before_judging("锅炉房看了，通过", Action.VERIFY) == "锅炉房看了，通过"


def test_two_signs_in_a_row_are_shared() -> None:
    assert shares(("锅炉房",), "改造老旧锅炉")
    assert not shares(("锅炉房", "路灯"), "改造老旧电炉和灯具")
