"""Measuring how files are read: fifty rows in each format, and five thousand in a spreadsheet."""

import io
import tempfile
import time
from collections.abc import Callable
from html import escape
from pathlib import Path

from jobs.reading.guard import Guard

_HEADINGS = ("序号", "治理措施", "具体任务", "牵头单位", "责任单位", "完成时限")


def _rows(count: int) -> list[tuple[str, ...]]:
    return [
        (
            str(number),
            "推进治理",
            f"对第{number}批企业开展安全风险评估，推动整改闭环，形成清单报省安委办备案。",
            "省应急管理厅",
            "省公安厅、省自然资源厅、省生态环境厅",
            f"2022年{number % 12 + 1}月",
        )
        for number in range(1, count + 1)
    ]


def _docx(rows: list[tuple[str, ...]]) -> bytes:
    from docx import Document

    document = Document()
    table = document.add_table(0, len(_HEADINGS))
    for row in (_HEADINGS, *rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _xlsx(rows: list[tuple[str, ...]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("清单")
    for row in (_HEADINGS, *rows):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _html(rows: list[tuple[str, ...]]) -> bytes:
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in (_HEADINGS, *rows))
    return f"<!DOCTYPE html><meta charset='utf-8'><h1>任务清单</h1><table>{body}</table>".encode()


def _pdf(rows: list[tuple[str, ...]]) -> bytes:
    """Return a ruled table; an ImportError says that the library which writes it, for tests only, is not installed."""
    from reportlab.lib.colors import black
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("cell", fontName="STSong-Light", fontSize=10, leading=13, wordWrap="CJK")
    cells = [[Paragraph(escape(cell), style) for cell in row] for row in (_HEADINGS, *rows)]
    table = Table(
        cells, colWidths=(40, 80, 260, 110, 150, 90), repeatRows=1, style=[("GRID", (0, 0), (-1, -1), 0.5, black)]
    )
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=landscape(A4)).build([table])
    return out.getvalue()


_FORMATS: tuple[tuple[str, int, float, Callable[[list[tuple[str, ...]]], bytes]], ...] = (
    ("docx", 50, 1.0, _docx),
    ("xlsx", 50, 1.0, _xlsx),
    ("html", 50, 1.0, _html),
    ("pdf", 50, 1.0, _pdf),
    ("xlsx", 5000, 10.0, _xlsx),
)
"""Format, rows, the seconds to hold, and what writes such a file."""


def measure() -> list[tuple[str, float, float]]:
    """Return what was read, the seconds it took in a process that is up, and the seconds to hold."""
    found = []
    with tempfile.TemporaryDirectory() as folder, Guard() as guard:
        for suffix, count, target, make in _FORMATS:
            path = Path(folder) / f"list{count}.{suffix}"
            try:
                path.write_bytes(make(_rows(count)))
            except ImportError:
                continue
            small = Path(folder) / f"small.{suffix}"
            small.write_bytes(make(_rows(1)))
            guard.read(small, 2022)
            begun = time.perf_counter()
            document = guard.read(path, 2022)
            found.append((f".{suffix} {count} 行", time.perf_counter() - begun, target))
            assert len(document.tasks) == count, "the file was read whole"
    return found
