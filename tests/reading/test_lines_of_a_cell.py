"""Cells of several lines: units that stand one below the other are each one, and further cells are no second row."""

import pytest

from jobs.reading.document import Document
from jobs.reading.naming import names
from jobs.reading.read import read_text
from jobs.reading.table import LINES_OF_A_CELL


@pytest.mark.parametrize(
    ("cell", "listed"),
    [
        ("民政局\n街道办", ["民政局", "街道办"]),
        ("司法所\n卫生院", ["司法所", "卫生院"]),
        ("水利局\n排水处\n供电所", ["水利局", "排水处", "供电所"]),
        ("县政府\n办公室", ["县政府办公室"]),
        ("沙洲镇\n卫生院", ["沙洲镇卫生院"]),
        ("中心\n卫生院", ["中心卫生院"]),
        ("县市场监督\n管理局", ["县市场监督管理局"]),
        ("市交通局\n执法队", ["市交通局执法队"]),
    ],
)
def test_offices_in_two_lines_are_two_and_a_name_that_goes_on_is_one(cell: str, listed: list[str]) -> None:
    assert names(cell)[0] == listed


def _copied(*units: str) -> Document:
    head = ["养老服务任务表", "序号", "工作任务", "牵头单位", "配合单位", "完成时限"]
    row = ["1", "改造老年食堂", *units, "2026年8月底", "2", "新增助浴点", "市民政局", "市残联", "2026年9月底"]
    return read_text("\n".join([*head, *row]), year=2026)


@pytest.mark.parametrize("more", [["市卫健局", "市消防队"], ["市卫健局", "市消防队", "市残联", "市财政局"]])
def test_further_cells_of_a_copy_are_the_lines_of_one_and_asked_about(more: list[str]) -> None:
    read = _copied("市民政局", "市住建局", *more)
    first, second = read.tasks
    assert (first.uncertain, second.uncertain) == (LINES_OF_A_CELL, None)
    assert {*first.lead, *first.assist} == {"市民政局", "市住建局", *more}
    assert first.lead[0] == "市民政局"
    assert [(one.due and one.due.month, one.units) for one in first.milestones] == [(8, None)]
    assert not read.problems


def test_a_row_that_goes_on_with_a_day_of_its_own_still_binds_it() -> None:
    (first, _second) = _copied("市民政局", "市住建局", "2026年7月底", "市卫健局", "市消防队").tasks
    assert [one.units for one in first.milestones] == [("市民政局", "市住建局"), ("市卫健局", "市消防队")]
    assert first.uncertain is None
