"""Columns of what was before and what is now: the later state holds, and the former is told."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from jobs.reading.changed import former_and_later
from jobs.reading.document import Document
from jobs.reading.read import read_document, read_text
from tests.harness import documents
from tests.harness.documents import LEFT, UP, write


def read(*rows: Sequence[str]) -> Document:
    return read_text("某县重点任务调整表\n\n" + "\n".join("\t".join(row) for row in rows) + "\n", year=2022)


def days(document: Document) -> list[list[tuple[str, bool]]]:
    return [[(str(one.due)[5:], bool(one.uncertain)) for one in task.milestones] for task in document.tasks]


@pytest.mark.parametrize(
    ("former", "later"),
    [
        ("原定时限", "调整后时限"),
        ("原完成时限", "现完成时限"),
        ("完成时限", "延期至"),
        ("变更前时限", "变更后时限"),
        ("完成时限（调整前）", "完成时限（调整后）"),
        ("原时限", "新时限"),
        ("原计划完成时间", "完成时限"),
    ],
)
def test_the_later_day_holds_and_the_former_is_told(former: str, later: str) -> None:
    document = read(
        ["序号", "工作任务", "责任单位", former, later],
        ["1", "完成渠道清淤", "县水利局", "2022年6月底", "2022年9月底"],
        ["2", "完成补植", "县林业局", "2022年7月底", "不变"],
        ["3", "完成测绘", "县资规局", "2022年8月底", "/"],
    )
    assert days(document) == [[("09-30", False)], [("07-31", False)], [("08-31", False)]]
    assert [one.text for one in document.unread] == ["2022年6月底"]


def test_of_several_changes_the_last_that_a_row_tells_holds() -> None:
    document = read(
        ["序号", "工作任务", "责任单位", "原定时限", "第一次调整", "第二次调整"],
        ["1", "完成渠道清淤", "县水利局", "2022年6月底", "2022年9月底", "2022年10月底"],
        ["2", "完成补植", "县林业局", "2022年7月底", "2022年8月底", ""],
    )
    assert days(document) == [[("10-31", False)], [("08-31", False)]]
    assert [one.text for one in document.unread] == ["2022年6月底", "2022年9月底", "2022年7月底"]


def test_the_later_unit_owes_and_the_former_is_told() -> None:
    document = read(
        ["序号", "工作任务", "原责任单位", "调整后责任单位", "完成时限"],
        ["1", "完成渠道清淤", "县水利局", "县农业局", "2022年6月底"],
        ["2", "完成补植", "县林业局", "", "2022年7月底"],
    )
    assert [(task.responsible, task.uncertain) for task in document.tasks] == [
        (("县农业局",), None),
        (("县林业局",), None),
    ]
    assert [(one.text, "原责任单位" in one.why) for one in document.unread] == [("县水利局", True)]


def test_before_and_now_stand_below_a_heading_of_both(tmp_path: Path) -> None:
    rows = [
        ["序号", "工作任务", "责任单位", LEFT, "完成时限", LEFT],
        [UP, UP, "原", "现", "原定", "调整后"],
        ["1", "完成渠道清淤", "县水利局", "县农业局", "2022年6月底", "2022年9月底"],
        ["2", "完成补植", "县林业局", "", "2022年7月底", ""],
    ]
    document = read_document(write(tmp_path / "table.docx", documents.docx("某县任务清单", rows)), 2022)
    assert [task.responsible for task in document.tasks] == [("县农业局",), ("县林业局",)]
    assert days(document) == [[("09-30", False)], [("07-31", False)]]
    assert [one.text for one in document.unread] == ["县水利局", "2022年6月底"]


def test_a_column_of_what_was_before_alone_is_the_deadline() -> None:
    document = read(
        ["序号", "工作任务", "责任单位", "原定时限"],
        ["1", "完成渠道清淤", "县水利局", "2022年6月底"],
        ["2", "完成补植", "县林业局", "2022年7月底"],
    )
    assert days(document) == [[("06-30", False)], [("07-31", False)]]


def test_what_was_actually_done_below_a_heading_of_both_is_no_deadline() -> None:
    document = read(
        ["序号", "工作任务", "责任单位", "时间", ""],
        ["", "", "", "计划", "实际"],
        ["1", "完成渠道清淤", "县水利局", "2022年6月底", "2022年5月20日"],
        ["2", "完成补植", "县林业局", "2022年7月底", ""],
    )
    assert [day for told in days(document) for day, _doubt in told] == ["06-30", "07-31"]
    assert [one.text for one in document.unread] == ["2022年5月20日"]


@pytest.mark.parametrize(
    ("headings", "pairs"),
    [
        (["任务", "责任单位", "方案报送时间", "完成时限"], []),
        (["任务", "原因", "原料", "完成时限"], []),
        (["任务", "新增任务", "现状", "责任单位"], []),
        (["任务", "原牵头单位", "现牵头单位", "配合单位"], [(1, 2, "lead")]),
        (["任务", "调整后时限", "原定时限"], [(2, 1, "deadline")]),
    ],
)
def test_which_columns_say_what_was_before(headings: list[str], pairs: list[tuple[int, int, str]]) -> None:
    assert list(former_and_later(headings)) == pairs
