"""When and where a talk is to be is no reason for it."""

from datetime import date

import pytest

from bot.dialogue.room.appointments import appointed

ON = date(2022, 6, 30)


@pytest.mark.parametrize(
    ("said", "rest", "asks"),
    [
        ("县水利局和县气象局主要负责人，7月4日下午3点，三楼小会议室", "县水利局和县气象局",
         "现约请主要负责人于7月4日下午3点到三楼小会议室面谈"),
        ("县水利局，明天上午10点半在我办公室，理由：四次没有回应", "县水利局，理由：四次没有回应",
         "现约请负责同志于7月1日上午10点半到我办公室面谈"),
        ("县水利局 7月4日 15:00 地点：县政府2号楼 长期不回应", "县水利局 长期不回应",
         "现约请负责同志于7月4日15:00到县政府2号楼面谈"),
        ("县水利局，理由：7月4日上午9点", "县水利局", "现约请负责同志于7月4日上午9点面谈"),
        ("县水利局，理由：材料迟迟不报到指挥部办公室", "县水利局，理由：材料迟迟不报到指挥部办公室", "现约请负责同志面谈"),
        ("县水利局，6月1日交办的至今没动", "县水利局，6月1日交办的至今没动", "现约请负责同志面谈"),
    ],
)  # fmt: skip
def test_when_and_where_a_talk_is_to_be_stands_in_its_own_clause(said: str, rest: str, asks: str) -> None:
    found = appointed(said, ON)
    assert (found.rest, found.asks) == (rest, asks)
