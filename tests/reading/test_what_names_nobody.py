"""What stands among units and names nobody, labels in signs without a colon, and stages in figures."""

from datetime import date

import pytest

from jobs.reading.document import TaskRead
from jobs.reading.read import read_text

ISSUED = date(2026, 3, 16)


def _task(text: str) -> TaskRead:
    (task,) = read_text(f"关于抓好公园管理的通知\n{text}\n", year=2026, issued=ISSUED).tasks
    return task


@pytest.mark.parametrize(
    "said",
    [
        "9月10日前各一次",
        "9月10日前，检修记录存档备查",
        "9月10日前，记录归档",
        "9月10日前，结果报县安委办",
        "9月10日前，台账统一报送县住建局",
        "9月10日前，下同",
    ],
)
def test_how_often_and_to_whom_it_is_told_is_no_unit(said: str) -> None:
    task = _task(f"3.游乐设施检修（县园林中心、各镇，{said}）")
    assert [one.due for one in task.milestones] == [date(2026, 9, 10)]
    assert list(task.responsible) == ["县园林中心", "各镇"]


@pytest.mark.parametrize("name", ["县档案局", "县报社", "县备灾中心", "市日报社"])
def test_a_unit_whose_name_is_near_to_it_is_one(name: str) -> None:
    assert list(_task(f"3.游乐设施检修（县园林中心、{name}，9月10日前）").responsible) == ["县园林中心", name]


def test_a_note_says_who_of_the_list_leads() -> None:
    task = _task("3.修剪行道树。（列首位的为牵头单位，下同。县园林中心、县交通局，9月10日前）")
    assert (list(task.lead), list(task.responsible)) == (["县园林中心"], ["县交通局"])


@pytest.mark.parametrize(
    "label", ["【完成时限】三季度", "【办理时限】2026年9月", "【整改期限】：9月底", "〔时限〕9月30日前"]
)
def test_a_label_in_signs_needs_no_colon(label: str) -> None:
    task = _task(f"1.更换健身器材。\n【责任单位】县园林中心\n{label}")
    assert [(one.due, one.uncertain) for one in task.milestones] == [(date(2026, 9, 30), None)]


def test_how_often_may_be_a_label() -> None:
    task = _task("1.检修游乐设施。\n责任单位：县园林中心\n频次：每季度一次")
    assert [one.rule for one in task.milestones] == ["FREQ=MONTHLY;INTERVAL=3"]


def test_a_stage_in_figures_ends_with_its_last_day() -> None:
    task = _task("一、摸底\n1.清点器材(2026.4.1-4.30)，由县园林中心负责。")
    (milestone,) = task.milestones
    assert milestone.due == date(2026, 4, 30)
    assert milestone.uncertain


def test_figures_in_a_bracket_alone_are_no_day() -> None:
    task = _task("1.按规程(1.1-1.5)清点器材，由县园林中心6月底前完成。")
    assert [one.due for one in task.milestones] == [date(2026, 6, 30)]


def test_who_is_concerned_stands_beside_an_office() -> None:
    task = _task("1.更换灯箱。\n责任单位：县园林中心、县城管局及有关经营户\n完成时限：9月底")
    assert list(task.responsible) == ["县园林中心", "县城管局", "有关经营户"]
