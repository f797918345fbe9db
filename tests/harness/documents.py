"""Authors documents in the formats that offices publish: one table, written by the real library of each format.

In a table's rows ``UP`` is a cell merged with the one above, ``LEFT`` one merged with the one to its left.
"""

from collections.abc import Iterator, Sequence
from html import escape
from io import BytesIO, StringIO
from pathlib import Path

UP, LEFT = "\x01", "\x02"

Rows = Sequence[Sequence[str]]


def spans(rows: Rows) -> Iterator[tuple[int, int, int, int, str]]:
    """Yield row, column, height, width and text of every cell, merged ones once."""
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            if text in (UP, LEFT):
                continue
            width = 1
            while column + width < len(row) and row[column + width] == LEFT:
                width += 1
            height = 1
            while at + height < len(rows) and rows[at + height][column] == UP:
                height += 1
            yield at, column, height, width, text


def docx(title: str, rows: Rows, after: Sequence[str] = ()) -> bytes:
    from docx import Document

    document = Document()
    if title:
        document.add_paragraph(title)
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    grid = [row.cells for row in table.rows]  # asked once: Word's library counts the table anew for every cell
    for row, column, height, width, text in spans(rows):
        cell = grid[row][column]
        if height > 1 or width > 1:
            cell = cell.merge(grid[row + height - 1][column + width - 1])
        first, *rest = text.split("\n")
        cell.text = first
        for line in rest:
            cell.add_paragraph(line)
    for line in after:
        document.add_paragraph(line)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def paragraphs(lines: Sequence[str]) -> bytes:
    """Return a Word file of paragraphs."""
    from docx import Document

    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx(title: str, rows: Rows, after: Sequence[str] = ()) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    begin = 1
    if title:
        sheet.cell(1, 1, title)
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(rows[0]))
        begin = 2
    for row, column, height, width, text in spans(rows):
        sheet.cell(begin + row, column + 1, text or None)
        if height > 1 or width > 1:
            sheet.merge_cells(
                start_row=begin + row,
                start_column=column + 1,
                end_row=begin + row + height - 1,
                end_column=column + width,
            )
    for at, line in enumerate(after):
        sheet.cell(begin + len(rows) + at, 1, line)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def html(title: str, rows: Rows, after: Sequence[str] = ()) -> bytes:
    cells: dict[int, list[str]] = {at: [] for at in range(len(rows))}
    for row, _column, height, width, text in spans(rows):
        size = (f' rowspan="{height}"' if height > 1 else "") + (f' colspan="{width}"' if width > 1 else "")
        lines = "".join(f"<p><span>{escape(line)}</span></p>" for line in text.split("\n"))
        cells[row].append(f"<td{size}>{lines}</td>")
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in cells.values())
    page = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}_某省应急管理厅</title>
<script>var x = "<p>责任单位</p>";</script></head><body>
<div class="nav"><a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a> &gt; <a href="/tz">通知公告</a></div>
<ul><li><a href="/a">机构职能</a></li><li><a href="/b">领导信息</a></li></ul>
<div class="main"><h1>{escape(title)}</h1><div class="info">发布时间：2022-03-05 10:21　来源：某省应急管理厅　字号：[大 中 小]</div>
<div class="TRS_Editor"><table border="1"><tbody>{body}</tbody></table>{"".join(f"<p>{escape(line)}</p>" for line in after)}</div></div>
<div class="footer"><p>主办单位：某省应急管理厅　网站标识码：3300000001</p></div></body></html>"""
    return page.encode()


def csv(rows: Rows, encoding: str = "utf-8", separator: str = ",") -> bytes:
    import csv as writer

    out = StringIO()
    writer.writer(out, delimiter=separator).writerows(
        [["" if cell in (UP, LEFT) else cell for cell in row] for row in rows]
    )
    return out.getvalue().encode(encoding)


def text(title: str, rows: Rows) -> str:
    """Return a list as web pages are copied: one cell a line, each led by a TAB."""
    lines = ["\n".join(f"\t{'' if cell in (UP, LEFT) else cell}" for cell in row) for row in rows]
    return f"{title}\n\n" + "\n\n".join(lines) + "\n"


def pdf(title: str, rows: Rows, after: Sequence[str] = (), widths: Sequence[float] | None = None) -> bytes:
    """Return a ruled table over as many pages as it takes, its header printed on each."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("cell", fontName="STSong-Light", fontSize=10, leading=13, wordWrap="CJK")
    grid = [["" for _ in row] for row in rows]
    merged = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    content: list[list[object]] = [list(row) for row in grid]
    for row, column, height, width, words in spans(rows):
        content[row][column] = Paragraph(escape(words).replace("\n", "<br/>"), style)
        if height > 1 or width > 1:
            merged.append(("SPAN", (column, row), (column + width - 1, row + height - 1)))  # type: ignore[arg-type]
    table = Table(content, colWidths=widths, repeatRows=1, style=merged)
    out = BytesIO()

    def footer(canvas: object, document: object) -> None:
        canvas.setFont("STSong-Light", 9)  # type: ignore[attr-defined]
        canvas.drawCentredString(420, 20, f"— {document.page} —")  # type: ignore[attr-defined]

    heading = ParagraphStyle("title", parent=style, fontSize=16, leading=22, alignment=1)
    story = [Paragraph(escape(title), heading), table, *(Paragraph(escape(line), style) for line in after)]
    SimpleDocTemplate(out, pagesize=landscape(A4)).build(story, onFirstPage=footer, onLaterPages=footer)
    return out.getvalue()


def write(path: Path, content: bytes | str) -> Path:
    """Write a file and return its path."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
