"""核对表: every edit of a sheet that comes back is taken and told, or told as not taken, also in a task's further rows."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from db.words import Role
from jobs.campaigns.import_ import _standing
from jobs.reading import checklist, corrected
from jobs.reading.document import Document
from jobs.reading.read import UnreadableFile, read_document, read_text
from tests.harness.documents import write

STAGES = (
    "一、制定方案，3月底前报送；6月底前完成排查；9月底前整改到位。（市住建局负责）\n"
    "二、编制图册，5月底前完成。（市文旅局负责）\n"
)
ORIGIN = "b" * 64
FURTHER = 3
"""The row of the first task's second deadline."""
LEFT = "未采用的改动："


def book(change: Callable[[Any], None]) -> bytes:
    made = load_workbook(BytesIO(checklist.book(read_text(STAGES, year=2026), ORIGIN)))
    change(made)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def edited(change: Callable[[Any], None]) -> Document:
    return corrected.read(book(lambda made: change(made[checklist.TITLE])))


def put(**cells: Any) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        for place, value in cells.items():
            sheet[place] = value

    return change


def added(*rows: dict[str, str]) -> Callable[[Any], None]:
    """Return a change that puts rows in below, each by the headings of its cells."""

    def change(sheet: Any) -> None:
        for row in rows:
            sheet.append([row.get(heading, "") for heading in checklist.HEADINGS])

    return change


def owed(document: Document, at: int = 0) -> list[tuple[date | None, str, dict[str, Role]]]:
    task = document.tasks[at]
    return [(one.due, one.deliverable, _standing(task, one)) for one in task.milestones]


ALL = {"市住建局": Role.RESPONSIBLE}
MARCH, JUNE, SEPTEMBER = date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)


@pytest.mark.parametrize(("cell", "role"), [("E3", Role.LEAD), ("F3", Role.RESPONSIBLE), ("G3", Role.ASSIST)])
def test_units_in_a_further_row_owe_its_deadline_alone(cell: str, role: Role) -> None:
    back = edited(put(**{cell: "市城管局"}))
    assert [whose for _due, _what, whose in owed(back)] == [ALL, {"市城管局": role}, ALL]
    (told,) = back.edits
    assert told.startswith("第1项 2026-06-30的")
    assert told.endswith("（空） → 市城管局")


def test_the_units_of_the_task_said_again_in_a_further_row_change_nothing() -> None:
    back = edited(put(F3="市住建局", D3=read_text(STAGES, year=2026).tasks[0].text))
    assert (back.tasks, back.edits) == (read_text(STAGES, year=2026).tasks, ())


def test_a_unit_in_a_further_row_leaves_in_doubt_whose_the_others_are_where_the_task_names_nobody() -> None:
    back = edited(put(F2=None, F3="市城管局"))
    assert [bool(one.uncertain) for one in back.tasks[0].milestones] == [True, False, True]
    assert all("市城管局" in whose for _due, _what, whose in owed(back))


@pytest.mark.parametrize("cells", [{"D3": "完成复查"}, {"J3": "完成复查"}])
def test_what_is_to_be_done_in_a_further_row_is_its_deliverable(cells: dict[str, str]) -> None:
    back = edited(put(**cells))
    assert [what for _due, what, _whose in owed(back)] == ["制定方案", "完成复查", "整改到位"]
    assert back.edits == ("第1项 成果：完成排查 → 完成复查",)


def test_a_deadline_that_was_blanked_is_gone_and_what_was_left_beside_it_is_told() -> None:
    back = edited(put(I3=None))
    assert [due for due, _what, _whose in owed(back)] == [MARCH, SEPTEMBER]
    assert back.edits[1:] == ("第1项 期限：2026-06-30 → （空）",)
    assert back.edits[0].startswith(f"{LEFT}第1项的成果“完成排查”（没有期限）")


def test_a_row_added_under_a_number_has_its_own_day_units_and_deliverable() -> None:
    back = edited(added({"编号": "1.4", "任务": "开展回访", "责任单位": "市信访局", "期限": "2026-12-01"}))
    assert owed(back)[3:] == [(date(2026, 12, 1), "开展回访", {"市信访局": Role.RESPONSIBLE})]
    assert [whose for _due, _what, whose in owed(back)[:3]] == [ALL] * 3
    assert len(back.edits) == 3


@pytest.mark.parametrize("number", ["2", "1.1", "1"])
def test_a_copied_row_in_which_another_task_was_written_is_a_new_task(number: str) -> None:
    back = edited(added({"编号": number, "任务": "公布电话", "责任单位": "市信访局", "期限": "2026-12-01"}))
    assert sorted(task.text[:4] for task in back.tasks) == ["一、制定", "二、编制", "公布电话"]
    at = next(at for at, task in enumerate(back.tasks) if task.text == "公布电话")
    assert owed(back, at) == [(date(2026, 12, 1), "", {"市信访局": Role.RESPONSIBLE})]
    assert back.edits == ("新增：公布电话",)


def test_new_rows_of_one_number_are_one_task_or_several_by_their_text() -> None:
    first = {"编号": "7", "任务": "公布电话", "责任单位": "市信访局", "期限": "2026-12-01"}
    back = edited(
        added(
            first,
            {"编号": "7.2", "期限": "2026-12-20"},
            {"编号": "7", "任务": "回访", "期限原文": "12月底前", "请核对": "由谁"},
        )
    )
    assert [[due for due, _what, _whose in owed(back, at)] for at in (2, 3)] == [
        [date(2026, 12, 1), date(2026, 12, 20)],
        [date(2026, 12, 31)],
    ]
    assert back.tasks[3].uncertain == "由谁"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (put(H3="7月底前"), "编号1.2的“期限原文”"),
        (put(C2="另一段"), "编号1.1的“原文”"),
        (put(K5="已问过"), "编号2的“请核对”"),
        (put(L3="请延后"), "表上第3行另加的栏"),
        (added({"编号": "1", "成果": "总结"}), "第1项的成果“总结”（没有期限）"),
        (added({"任务": "回访", "成果": "总结"}), "“回访”的成果“总结”（没有期限）"),
        (put(D3="完成复查", J3="台账"), "第1项的“完成复查”（成果另写了）"),
    ],
)
def test_what_was_changed_and_cannot_be_taken_is_told_in_one_line(change: Callable[[Any], None], what: str) -> None:
    told = edited(change).edits
    assert [one.startswith(f"{LEFT}{what}（可改的是") for one in told if one.startswith(LEFT)] == [True]


def test_what_was_written_on_another_sheet_is_told() -> None:
    def change(made: Any) -> None:
        made.create_sheet("补充")["A1"] = "公布电话"
        made[checklist.LEFT_OUT]["D2"] = "这条要办"

    (told,) = corrected.read(book(change)).edits
    assert "“未取”表里写的、另加的“补充”表" in told


def test_many_that_cannot_be_taken_are_one_line_still() -> None:
    (told,) = edited(
        put(
            **{f"L{at}": "x" for at in range(2, 6)},
            **{f"C{at}": f"甲{at}" for at in range(2, 6)},
            **{f"B{at}": "乙" for at in range(2, 6)},
            K3="丙",
        )
    ).edits
    assert told.count("“") + told.count("另加的栏") >= 12
    assert "等13处" in told


def test_columns_are_known_by_their_headings_and_a_sheet_that_lost_one_is_sent_back(tmp_path: Path) -> None:
    moved = edited(lambda sheet: sheet.insert_cols(2))
    assert (moved.tasks, moved.edits) == (read_text(STAGES, year=2026).tasks, ())
    path = write(tmp_path / "缺栏.xlsx", book(lambda made: made[checklist.TITLE].delete_cols(8)))
    with pytest.raises(UnreadableFile, match="没有了“期限原文”一栏"):
        read_document(path)
