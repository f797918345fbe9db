"""核对表: what was read is corrected by eye in a spreadsheet, and comes back with what was changed."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from db.words import Role
from jobs.campaigns.import_ import _standing
from jobs.reading import checklist, corrected
from jobs.reading.document import Document, Place, TaskRead, Unread
from jobs.reading.read import UnreadableFile, read_document, read_text
from tests.harness.documents import write

TEXT = """关于开展燃气安全检查的通知
一、排查老旧管道，6月底前完成。（市住建局牵头，市城管局配合）
二、建立长效机制，主汛期前完成。（市应急管理局负责）
三、各有关单位要于9月30日前报送总结。
"""
ORIGIN = "a" * 64


def document() -> Document:
    found = read_text(TEXT, year=2026)
    assert len(found.tasks) == 3
    return found


def edited(change: Callable[[Any], None], before: Document | None = None) -> Document:
    """Return what comes back after somebody has changed the sheet."""
    book = load_workbook(BytesIO(checklist.book(before or document(), ORIGIN)))
    change(book[checklist.TITLE])
    out = BytesIO()
    book.save(out)
    assert corrected.is_checklist(out.getvalue())
    return corrected.read(out.getvalue())


def nothing(_sheet: Any) -> None:
    pass


def put(**cells: Any) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        for place, value in cells.items():
            sheet[place] = value

    return change


def test_a_sheet_that_is_left_alone_changes_nothing() -> None:
    back = edited(nothing)
    assert (back.tasks, back.edits, back.checked_from) == (document().tasks, (), ORIGIN)


def test_the_original_stands_beside_what_was_read_and_what_wants_a_look_has_its_colour() -> None:
    sheet = load_workbook(BytesIO(checklist.book(document(), ORIGIN)))[checklist.TITLE]
    assert sheet["C2"].value == "一、排查老旧管道，6月底前完成。（市住建局牵头，市城管局配合）"
    assert [sheet[place].value for place in ("E2", "G2", "H2", "I2")] == [
        "市住建局",
        "市城管局",
        "6月底前",
        "2026-06-30",
    ]
    colours = {place: sheet[place].fill.fgColor.rgb[2:] for place in ("D2", "I2", "I3", "K3", "E4", "F4")}
    assert (colours["I2"], colours["I3"], colours["K3"]) == ("000000", "F8CBAD", "FFF2CC")
    assert (colours["E4"], colours["F4"]) == ("F8CBAD", "F8CBAD")
    assert [one.formula1 for one in sheet.data_validations.dataValidation] == ["=单位!$A$1:$A$3"]


@pytest.mark.parametrize(
    ("value", "due", "rule"),
    [
        ("2026-07-15", date(2026, 7, 15), None),
        (date(2026, 7, 15), date(2026, 7, 15), None),
        ("2026/7/15", date(2026, 7, 15), None),
        ("7月15日前", date(2026, 7, 15), None),
        ("每季度末", None, "FREQ"),
    ],
)
def test_a_day_is_corrected_as_a_day_or_in_words(value: object, due: date | None, rule: str | None) -> None:
    back = edited(put(I2=value))
    (told,) = back.tasks[0].milestones
    assert (told.due, bool(told.rule), told.uncertain) == (due, bool(rule), None)
    shown = value.strftime("%Y-%m-%d") if isinstance(value, date) else value
    assert back.edits == (f"第1项 期限：2026-06-30 → {shown}",)
    assert back.tasks[1:] == document().tasks[1:]


def test_what_is_open_is_filled_in_and_a_doubt_that_is_cleared_is_settled() -> None:
    back = edited(put(I3="2026-05-31", K3=None, F4="市住建局，市商务局"))
    assert [one.due for one in back.tasks[1].milestones] == [date(2026, 5, 31)]
    assert [one.uncertain for one in back.tasks[1].milestones] == [None]
    assert back.tasks[2].responsible == ("市住建局", "市商务局")
    assert [task.gaps for task in back.tasks] == [(), (), ()]
    assert back.edits == ("第2项 期限：（空） → 2026-05-31", "第3项 责任单位：各有关单位 → 市住建局，市商务局")


def test_a_doubt_that_is_left_stays_and_one_that_is_cleared_goes() -> None:
    doubted = replace(document().tasks[0], uncertain="字迹看不清")
    before = replace(document(), tasks=(doubted, *document().tasks[1:]))
    assert edited(nothing, before).tasks[0].uncertain == "字迹看不清"
    assert edited(put(K2=None), before).tasks[0].uncertain is None


@pytest.mark.parametrize(("words", "why"), [("2026-02-30", "没有“2026-02-30”这一天"), ("看情况", "没有看懂“看情况”")])
def test_what_nobody_can_read_as_a_day_is_in_doubt_and_not_lost(words: str, why: str) -> None:
    (told,) = edited(put(I2=words)).tasks[0].milestones
    assert (told.due, told.text, told.uncertain) == (None, words, why)


def test_a_row_taken_out_is_no_task_and_one_put_in_is_a_new_one() -> None:
    def change(sheet: Any) -> None:
        sheet.delete_rows(3)
        sheet.append(["", "", "", "开展回头看", "市安委办", "", "", "", "2026-12-31", "总结", ""])

    back = edited(change)
    assert [task.text[:4] for task in back.tasks] == ["一、排查", "三、各有", "开展回头"]
    new = back.tasks[2]
    assert (new.lead, [(one.due, one.deliverable) for one in new.milestones]) == (
        ("市安委办",),
        [(date(2026, 12, 31), "总结")],
    )
    assert set(back.edits) == {"新增：开展回头看", "第2项：删去"}


def test_a_task_of_several_deadlines_has_a_row_each_and_each_can_go_or_move() -> None:
    before = read_text("一、制定方案，3月底前报送；6月底前完成排查；9月底前整改到位。（市住建局负责）\n", year=2026)
    assert [len(task.milestones) for task in before.tasks] == [3]
    moved = edited(put(I3="2026-07-31"), before)
    assert [one.due for one in moved.tasks[0].milestones] == [date(2026, 3, 31), date(2026, 7, 31), date(2026, 9, 30)]
    gone = edited(lambda sheet: sheet.delete_rows(4), before)
    assert [one.due for one in gone.tasks[0].milestones] == [date(2026, 3, 31), date(2026, 6, 30)]
    assert gone.edits == ("第1项 期限：2026-09-30 → （空）",)
    first = edited(lambda sheet: sheet.delete_rows(2), before)
    assert [one.due for one in first.tasks[0].milestones] == [date(2026, 6, 30), date(2026, 9, 30)]
    assert first.tasks[0].text == before.tasks[0].text


def test_what_no_task_holds_is_told_on_a_sheet_of_its_own() -> None:
    left = replace(document(), unread=(Unread(Place(line=9), "2025年底", "deadline", "是过去的事"),))
    sheet = load_workbook(BytesIO(checklist.book(left, ORIGIN)))[checklist.LEFT_OUT]
    assert [cell.value for cell in sheet[2]] == ["第9行", "2025年底", "是过去的事"]


def test_no_text_of_a_document_becomes_a_formula() -> None:
    task = TaskRead("1", "1", "", "=HYPERLINK(1)", lead=("=1+1",), source="=2")
    made = load_workbook(BytesIO(checklist.book(Document("", 2026, "", None, (task,)), ORIGIN)))
    sheet = made[checklist.TITLE]
    assert [sheet[place].data_type for place in ("C2", "D2", "E2")] == ["s", "s", "s"]
    assert made["单位"]["A1"].data_type == "s"


def test_a_file_is_known_as_a_checklist_by_what_is_in_it_and_a_damaged_one_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "改过的.xlsx", checklist.book(document(), ORIGIN))
    assert read_document(path).checked_from == ORIGIN
    book = load_workbook(path)
    del book[checklist.TITLE]
    book.save(path)
    with pytest.raises(UnreadableFile, match="是核对表，但已损坏"):
        read_document(path)
    plain = Workbook()
    plain.save(tmp_path / "plain.xlsx")
    assert not corrected.is_checklist((tmp_path / "plain.xlsx").read_bytes())


# ---------------------------------------------------------------- deadlines that are some units' own

TWO_UNITS = "1. 省经信厅于6月30日前报送方案，省应急厅于7月15日前完成检查。\n"


def owed(document: Document) -> list[dict[str, Role]]:
    """Return who owes each deadline of the first task."""
    return [_standing(document.tasks[0], one) for one in document.tasks[0].milestones]


def test_a_unit_that_was_put_right_owes_the_deadline_of_the_one_it_replaces() -> None:
    before = read_text(TWO_UNITS, year=2026)
    assert [list(one) for one in owed(before)] == [["省经信厅"], ["省应急厅"]]
    cell = next(place for place, role in (("E2", "lead"), ("F2", "responsible")) if getattr(before.tasks[0], role))
    back = edited(put(**{cell: "省经信厅、省应急管理厅"}), before)
    assert [list(one) for one in owed(back)] == [["省经信厅"], ["省应急管理厅"]]
    assert [one.uncertain for one in back.tasks[0].milestones] == [None, None]


def test_a_unit_that_was_taken_out_owes_no_deadline_and_one_that_is_left_to_nobody_is_in_doubt() -> None:
    before = read_text(TWO_UNITS, year=2026)
    cell = next(place for place, role in (("E2", "lead"), ("F2", "responsible")) if getattr(before.tasks[0], role))
    back = edited(put(**{cell: "省经信厅"}), before)
    assert [list(one) for one in owed(back)] == [["省经信厅"], ["省经信厅"]]
    assert [bool(one.uncertain) for one in back.tasks[0].milestones] == [False, True]
    more = edited(put(**{cell: "省经信厅、省应急厅、省水利厅"}), before)
    assert all("省水利厅" in one for one in owed(more))
    assert all(one.uncertain for one in more.tasks[0].milestones)


# ---------------------------------------------------------------- what people and others do to a sheet


@pytest.mark.parametrize("number", ["１", "①", "1.0", 1.0])
def test_a_number_is_known_however_it_is_written(number: object) -> None:
    back = edited(put(A2=number))
    assert (back.tasks, back.edits) == (document().tasks, ())


@pytest.mark.parametrize("number", ["一", "²³⁴⁵⁶⁷⁸", "1.2.3", "-1", "9" * 30])
def test_a_number_that_is_none_of_ours_is_a_new_row(number: str) -> None:
    assert set(edited(put(A2=number)).edits) == {f"新增：{document().tasks[0].text[:30]}", "第1项：删去"}


def test_a_row_added_under_a_number_is_one_more_deadline_and_the_same_row_twice_is_one() -> None:
    def more(sheet: Any) -> None:
        sheet.append(["1", *([""] * 7), "2026-08-01", "", ""])

    def twice(sheet: Any) -> None:
        sheet.append([cell.value for cell in sheet[2]])

    back = edited(more)
    assert [one.due for one in back.tasks[0].milestones] == [date(2026, 6, 30), date(2026, 8, 1)]
    assert back.edits == ("第1项 期限：（空） → 2026-08-01",)
    assert (edited(twice).tasks, edited(twice).edits) == (document().tasks, ())


def test_a_day_put_right_is_not_shown_beside_the_words_of_the_wrong_one() -> None:
    (told,) = edited(put(I2="2026-09-01")).tasks[0].milestones
    assert (told.text, told.due) == ("2026年9月1日前", date(2026, 9, 1))


@pytest.mark.parametrize(
    ("cells", "why"),
    [({"D2": None}, "第1项没有了任务文字"), ({"A2": None, "D2": None}, "新增的一行没有任务文字")],
)
def test_a_task_without_a_text_is_sent_back_with_its_place(tmp_path: Path, cells: dict[str, Any], why: str) -> None:
    book = load_workbook(BytesIO(checklist.book(document(), ORIGIN)))
    put(**cells)(book[checklist.TITLE])
    book.save(tmp_path / "核对表.xlsx")
    with pytest.raises(UnreadableFile, match=why):
        read_document(tmp_path / "核对表.xlsx")


@pytest.mark.parametrize(
    ("origin", "year"), [(7, 2026), ({}, 2026), ("A", 2026), (ORIGIN, 10**30), (ORIGIN, 0), (ORIGIN, 12026)]
)
def test_a_hidden_sheet_that_is_not_ours_is_damaged(tmp_path: Path, origin: Any, year: int) -> None:
    forged = replace(document(), reference_year=year)
    path = write(tmp_path / "核对表.xlsx", checklist.book(forged, origin))
    with pytest.raises(UnreadableFile, match="是核对表，但已损坏"):
        read_document(path)


def test_an_archive_that_is_damaged_or_locked_is_no_checklist() -> None:
    whole = checklist.book(document(), ORIGIN)
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        entry = archive.getinfo("xl/workbook.xml")
        name = entry.header_offset + 30 + len(entry.filename)
    broken = bytearray(whole)
    broken[name : name + entry.compress_size] = b"\xff" * entry.compress_size
    assert not corrected.is_checklist(bytes(broken))
    listed = whole.rindex(b"PK\x01\x02", 0, whole.rindex(b"xl/workbook.xml"))
    for at, value in ((8, 1), (10, 99)):  # encrypted; packed in a way that nobody knows
        hurt = bytearray(whole)
        hurt[listed + at] = value
        hurt[entry.header_offset + at - 2] = value
        assert not corrected.is_checklist(bytes(hurt))


def test_a_sheet_has_no_other_year(tmp_path: Path) -> None:
    path = write(tmp_path / "核对表.xlsx", checklist.book(document(), ORIGIN))
    assert read_document(path, 2026).tasks == document().tasks
    with pytest.raises(UnreadableFile, match="按2026年读，不能改按2027年；请把原文件按2027年重读"):
        read_document(path, 2027)


def test_signs_that_steer_a_screen_stand_in_no_task_and_break_no_sheet() -> None:
    document = read_text("某市任务清单\n\n1. 6月30日前完成排\x07查整\x9f治。（市应急\x02管理局牵头）", year=2022)
    (task,) = document.tasks
    assert ("完成排查整治。" in task.text, task.lead) == (True, ("市应急管理局",))
    assert load_workbook(BytesIO(checklist.book(document, "0" * 64))).sheetnames
