"""What is struck through in a file does not stand any more: it is in no task, and is told."""

from pathlib import Path
from typing import Any

from jobs.reading.document import STRUCK, Document
from jobs.reading.read import read_document, read_text

PARTS = [
    [("一、荷花镇", False), ("3月4日", True), ("3月8日", False), ("前疏通渠道。", False)],
    [("二、竹溪镇3月6日前修补堤防。", True)],
    [("三、兰亭镇3月9日前清点沙袋。", False)],
]


def days(document: Document) -> list[list[str]]:
    return [[f"{one.due:%m-%d}" for one in task.milestones if one.due] for task in document.tasks]


def struck(document: Document) -> list[str]:
    return [one.text for one in document.problems if one.why == STRUCK]


def test_in_a_word_file(tmp_path: Path) -> None:
    from docx import Document as Word

    made: Any = Word()
    made.add_paragraph("某县防汛方案")
    for line in PARTS:
        paragraph = made.add_paragraph()
        for text, gone in line:
            paragraph.add_run(text).font.strike = gone
    table = made.add_table(3, 3)
    rows = [
        ("任务", "责任单位", "完成时限"),
        ("检修闸门", "县水利局", "4月5日前"),
        ("加固泵房", "县住建局", "4月7日前"),
    ]
    for at, row in enumerate(rows):
        for cell, text in zip(table.rows[at].cells, row, strict=True):
            cell.paragraphs[0].add_run(text).font.strike = at == 1
    made.save(tmp_path / "plan.docx")
    document = read_document(tmp_path / "plan.docx", 2026)
    assert sorted(days(document)) == [["03-08"], ["03-09"], ["04-07"]]
    assert struck(document) == ["3月4日", "二、竹溪镇3月6日前修补堤防。", "检修闸门", "县水利局", "4月5日前"]


def test_in_a_spreadsheet(tmp_path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.styles import Font

    book = Workbook()
    sheet: Any = book.active
    for row in (("任务", "责任单位", "完成时限"), ("检修闸门", "县水利局", "4月5日前"), ("加固泵房", "县住建局", "")):
        sheet.append(row)
    for cell in sheet[2]:
        cell.font = Font(strike=True)
    sheet["C3"] = CellRichText(
        TextBlock(InlineFont(strike=True), "4月7日前"), TextBlock(InlineFont(b=True), "4月9日前")
    )
    book.save(tmp_path / "list.xlsx")
    document = read_document(tmp_path / "list.xlsx", 2026)
    assert days(document) == [["04-09"]]
    assert struck(document) == ["检修闸门 县水利局 4月5日前", "4月7日前"]


def test_in_a_page() -> None:
    lines = (
        "<p>一、荷花镇<del>3月4日</del><ins>3月8日</ins>前疏通渠道。</p><p><s>二、竹溪镇3月6日前修补堤防。</s></p>"
        "<p>三、兰亭镇3月9日前清点沙袋。</p><p style='text-decoration: line-through'>四、梅岭镇3月10日前报名单。</p>"
    )
    document = read_text(f"<html><body><h1>某县防汛方案</h1>{lines}</body></html>", year=2026)
    assert days(document) == [["03-08"], ["03-09"]]
    assert struck(document) == ["3月4日", "二、竹溪镇3月6日前修补堤防。", "四、梅岭镇3月10日前报名单。"]
