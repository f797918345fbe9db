"""Who answers for a task by name: columns and lines that say so are kept as printed."""

from pathlib import Path

import pytest

from jobs.reading.leaders import is_heading, of_cell, of_text, written
from jobs.reading.read import read_document
from tests.harness import documents


@pytest.mark.parametrize(
    ("heading", "is_one"),
    [("分管领导", True), ("责任人", True), ("责任领导", True), ("包保领导", True), ("负责人", True), ("联系人", False),
     ("验收责任人", False), ("联络员", False), ("责任单位", False)],
)  # fmt: skip
def test_a_column_of_who_answers_for_a_task_is_told_by_its_heading(heading: str, is_one: bool) -> None:
    assert is_heading(heading) is is_one


@pytest.mark.parametrize(
    ("cell", "leaders"),
    [
        ("张建国", [("分管领导", "张建国")]),
        ("张建国、李 明", [("分管领导", "张建国"), ("分管领导", "李明")]),
        ("张建国（副市长）13812345678", [("分管领导", "张建国（副市长）")]),
        ("分管领导：张建国；责任人：王芳", [("分管领导", "张建国"), ("责任人", "王芳")]),
        ("市应急管理局", []),
        ("—", []),
    ],
)
def test_names_are_kept_without_telephones_and_units_are_none(cell: str, leaders: list[tuple[str, str]]) -> None:
    assert list(of_cell("分管领导", cell)) == leaders


def test_prose_names_them_with_a_label() -> None:
    text = "（一）开展燃气排查。（责任领导：张建国；责任单位：市住建局；完成时限：6月底前）"
    assert list(of_text(text)) == [("责任领导", "张建国")]
    assert written(tuple(of_text(text))) == "责任领导：张建国"


def test_a_table_keeps_who_answers_for_each_row(tmp_path: Path) -> None:
    rows = [
        ["序号", "任务", "分管领导", "责任单位", "责任人", "完成时限"],
        ["1", "开展燃气排查", "张建国", "市住建局", "王芳", "2022年6月底"],
        ["2", "整治占道经营", "", "市城管局", "李明", "2022年7月底"],
    ]
    path = tmp_path / "清单.csv"
    path.write_bytes(documents.csv(rows))
    document = read_document(path, 2022)
    assert [task.leaders for task in document.tasks] == [
        (("分管领导", "张建国"), ("责任人", "王芳")), (("责任人", "李明"),),
    ]  # fmt: skip
    assert [task.responsible for task in document.tasks] == [("市住建局",), ("市城管局",)]
    assert document.from_json(document.as_json()).tasks[0].leaders == document.tasks[0].leaders
