"""The number of an official paper is no task and no day, whoever writes it: 浙水〔2022〕12号, (2022)第5号, 3号文."""

from datetime import date

import pytest

from bot.dialogue.understand import Intent, understand
from bot.dialogue.understanding import tasks
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import lexicon

ON = date(2022, 6, 8)


@pytest.mark.parametrize(
    "text",
    ["细则已发布，文号甬农〔2021〕37号", "文号：皖林[2022]6号，已经印好", "按照鲁建（2022）第9号组织落实", "已依据14号文办好",
     "请市林业局按〔2022〕8号文要求，7月3日前报送方案", "文号45号"],
)  # fmt: skip
@pytest.mark.parametrize("known", [frozenset(), frozenset({"6", "8", "9", "12", "14", "37", "41", "45"})])
def test_the_number_of_a_paper_names_no_task(text: str, known: frozenset[str]) -> None:
    assert tasks.find(heard(text), lexicon(), known) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [("7号任务按〔2022〕8号文办结了", ("7",)), ("〔A-7〕已按9号文办结", ("A-7",)), ("9号已办结", ("9",))],
)
def test_a_task_beside_it_is_still_named(text: str, names: tuple[str, ...]) -> None:
    assert understand(text, on=ON).tasks == names


def test_what_was_done_with_a_numbered_paper_is_told_and_promised_for_its_own_day_alone() -> None:
    issued = understand("细则已发布，文号甬农〔2021〕37号", on=ON, coordinator=False)
    assert (issued.intent, issued.due) == (Intent.PROGRESS, None)
    asked = understand("请市林业局按〔2022〕8号文要求，7月3日前报送方案", on=ON)
    assert (asked.tasks, asked.due) == ((), date(2022, 7, 3))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("培训计划能延到7月20日吗？师资合同要七月中旬才签下来", "师资合同要七月中旬才签下来"),
        ("码头检查申请延到7月25号，台账没来；大坝清单9号没问题", "台账没来"),
        ("模板没到，所以想延到7月12日", "模板没到"),
        ("模板没到所以想延到7月12日", "模板没到"),
        ("雨季影响申请延期至7月12日", "雨季影响"),
        ("码头检查申请延到7月25号", None),
        ("采购计划能延到7月25号吗", None),
    ],
)
def test_a_reason_is_a_clause_as_it_was_written(text: str, reason: str | None) -> None:
    said = understand(text, on=ON, due=date(2022, 6, 30), coordinator=False)
    assert (said.intent, said.reason) == (Intent.EXTEND, reason)
