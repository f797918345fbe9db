"""Spreadsheets that are handed on: what they hold is seen whole, on paper too."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from jobs.sheets import Sheet, book, workbook


def sheet_of(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content)).active


def test_a_sheet_is_set_for_paper_with_its_headings_and_name_on_every_page() -> None:
    made = sheet_of(book("记分", ("单位", "任务"), [("镇安监站", "清理通道")] * 200, (30, 70), caption="6月记分 R&D"))
    assert made.print_title_rows == "$1:$1"
    assert (made.page_setup.orientation, made.page_setup.paperSize) == ("landscape", 9)
    assert (made.page_setup.fitToWidth, made.page_setup.fitToHeight) == (1, 0)
    assert made.sheet_properties.pageSetUpPr.fitToPage
    assert made.oddHeader.center.text == "6月记分 R&&D"
    assert "&P" in made.oddFooter.center.text
    assert made.freeze_panes == "A2"


def test_a_narrow_sheet_stands_upright_and_is_called_by_its_title() -> None:
    made = sheet_of(book("绑定码", ("单位", "码"), [("镇安监站", "AB12")], (36, 16)))
    assert (made.page_setup.orientation, made.oddHeader.center.text) == ("portrait", "绑定码")


@pytest.mark.parametrize(("text", "lines"), [("短", 1), ("字" * 10, 2), ("字" * 30, 4), ("一\n二\n三", 3), (7, 1)])
def test_a_row_is_as_high_as_its_longest_cell(text: str | int, lines: int) -> None:
    made = sheet_of(book("表", ("一", "二"), [("甲", text)], (8, 20)))
    assert made.row_dimensions[2].height == 15 * lines
    cell = made.cell(2, 2)
    assert (cell.alignment.wrap_text, cell.border.left.style) == (True, "thin")


def test_what_stands_below_has_the_width_of_the_table_and_starts_no_formula() -> None:
    notes = [("合计", "两项"), ("内容", "=1+1 请报数据")]
    made = sheet_of(workbook([Sheet("表", ("一", "二", "三"), [("甲", 1, 2.5)], (8, 20, 20), notes)]))
    assert [cell.value for cell in made[2]] == ["甲", 1, 2.5]
    assert [(made.cell(row, 1).value, made.cell(row, 2).value) for row in (3, 4, 5)] == [(None, None), *notes]
    assert made.cell(5, 2).data_type == "s"
    assert sorted(str(one) for one in made.merged_cells.ranges) == ["B4:C4", "B5:C5"]
