"""A day without a year is of the year that the heading above it gives, and never of the document's against it."""

from datetime import date

import pytest

from jobs.reading.blocks import Grid, Paragraph, Row
from jobs.reading.document import Place
from jobs.reading.read import read_blocks, read_text
from jobs.reading.years_above import OUTSIDE


def days(text: str, year: int = 2021) -> list[tuple[str, date | None, str | None]]:
    """Return the days that a document of a year names, each with its words and why it is in doubt."""
    return [(one.text, one.due, one.uncertain) for task in read_text(text, year=year).tasks for one in task.milestones]


@pytest.mark.parametrize(
    ("heading", "line", "due"),
    [
        ("二、2022年工作安排", "1.县林业局4月20日前完成苗木调运。", date(2022, 4, 20)),
        ("二、2022年度", "1.县林业局4月20日前完成苗木调运。", date(2022, 4, 20)),
        ("二、下一年度重点任务", "1.县林业局4月底前完成苗木调运。", date(2022, 4, 30)),
        ("（三）验收阶段（2022年11月至2023年2月）", "县林业局1月15日前上报成活率。", date(2023, 1, 15)),
        ("（三）验收阶段（2022年11月至2023年2月）", "县林业局12月15日前上报成活率。", date(2022, 12, 15)),
        ("第三阶段：巩固（2023年）", "县林业局6月15日前上报成活率。", date(2023, 6, 15)),
    ],
)
def test_a_day_without_a_year_is_of_the_year_of_its_heading(heading: str, line: str, due: date) -> None:
    assert (due, None) in [(day, why) for _text, day, why in days(f"一、总体要求\n{heading}\n{line}")]


def test_what_stands_in_one_line_with_its_stage_is_of_the_year_of_the_stage() -> None:
    found = days("（二）总结阶段（2023年10月）。各乡镇10月12日前报送总结，10月25日前由县林业局汇总。")
    assert [(day, why) for text, day, why in found if "日前" in text] == [
        (date(2023, 10, 12), None),
        (date(2023, 10, 25), None),
    ]


def test_a_heading_holds_for_all_levels_below_it_until_the_next_of_its_level() -> None:
    found = days(
        "一、2022年任务\n（一）造林\n1.县林业局4月底前完成栽植。\n（二）管护\n2.县林业局9月底前完成抚育。\n二、保障措施\n3.县财政局5月底前拨付经费。"
    )
    assert [day for _text, day, _why in found] == [date(2022, 4, 30), date(2022, 9, 30), date(2021, 5, 31)]


def test_a_day_that_no_year_of_its_stage_has_is_asked_about() -> None:
    found = days("（一）验收阶段（2022年10月）\n1.县林业局11月20日前完成复验。")
    assert [(day, why) for _text, day, why in found] == [(date(2022, 11, 20), OUTSIDE)]


@pytest.mark.parametrize(
    "heading",
    [
        "二、落实2022年中央一号文件",
        "二、巩固到2025年的目标",
        "二、2020年至2024年规划",
        "二、保障措施",
        "（一）验收阶段（10月）",
    ],
)
def test_a_year_that_does_not_say_when_leaves_the_document_its_own(heading: str) -> None:
    found = days(f"{heading}\n1.县林业局4月20日前完成苗木调运。")
    assert (date(2021, 4, 20), None) in [(day, why) for _text, day, why in found]


def test_a_year_that_is_written_stands_under_any_heading() -> None:
    found = days("二、2022年工作安排\n1.县林业局2023年4月20日前完成苗木调运。")
    assert [day for _text, day, _why in found] == [date(2023, 4, 20)]


def test_the_rows_below_a_year_in_a_table_are_of_it() -> None:
    rows = [
        ("序号", "任务", "责任单位", "时限"),
        ("2022年任务", "", "", ""),
        ("1", "完成苗木调运", "县林业局", "4月20日前"),
        ("2023年任务", "", "", ""),
        ("2", "完成幼林抚育", "县林业局", "9月底前"),
    ]
    grid = Grid(1, [Row(cells, Place(row=at, table=1)) for at, cells in enumerate(rows, 1)])
    found = read_blocks([grid], "", 2021, None).tasks
    assert [one.due for task in found for one in task.milestones] == [date(2022, 4, 20), date(2023, 9, 30)]


def test_a_heading_in_a_table_holds_for_none_of_the_lines_behind_it() -> None:
    rows = [
        ("序号", "任务", "责任单位", "时限"),
        ("2022年任务", "", "", ""),
        ("1", "调运苗木", "县林业局", "4月20日前"),
    ]
    grid = Grid(1, [Row(cells, Place(row=at, table=1)) for at, cells in enumerate(rows, 1)])
    behind = Paragraph("县财政局5月底前拨付经费。", Place(line=9))
    found = read_blocks([grid, behind], "", 2021, None).tasks
    assert [one.due for task in found for one in task.milestones] == [date(2022, 4, 20), date(2021, 5, 31)]
