"""The form of an official paper: GB/T 9704-2012 《党政机关公文格式》 as .docx.

A4 with a text area of 156 × 225 mm, 22 lines of 28 characters in 三号仿宋, title in 二号小标宋, levels in 黑体 and 楷体,
page numbers — 1 — outside. The fonts that it names are rarely installed outside an office: each is named with others that
may stand in for it.
"""

import io
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import pairwise, zip_longest
from typing import Any

from db import days
from db.plain import one_line
from jobs.letterhead import NAMED, Letterhead
from jobs.printed.written import Blank, Block, Paragraph, Table, Written

TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
"""Margins in millimetres."""

SIZE, TITLE, NOTE, CELL, MARK = 16, 22, 14, 12, 40
"""Points: 三号, 二号, 四号, what a table is set in, and the office's name above the red line."""

LINE = 28.9
"""Points from line to line, so that 22 fit."""

SHORT = 7
"""Characters up to which a column's cells stand in its middle."""

CELL_LINE = 15.5
"""The same inside a table."""

BODY, SONG, HEI, KAI, BROAD = NAMED

STAND_INS = {
    BODY: "仿宋,FangSong,STFangsong,Noto Serif CJK SC",
    SONG: "SimSun,STSong,Noto Serif CJK SC",
    HEI: "SimHei,STHeiti,Noto Sans CJK SC",
    KAI: "楷体,KaiTi,STKaiti,Noto Serif CJK SC",
    BROAD: "小标宋,FZXiaoBiaoSong-B05S,STZhongsong,Noto Serif CJK SC",
}
"""What a reader's program may use where a font is not installed, the nearest first."""

TITLE_EMS = 20
"""Characters of a title that a line holds."""

TORN, NEVER = 6.0, 99.0
"""What it weighs, in characters of unevenness, when a title's line ends inside a clause, and where no line may."""

MOST_LINES, BROADEST = 5, 200
"""Lines into which a title is broken at most, and ways of breaking it that are looked at further."""

_BEGINS, _ENDS = "《（“〈", "》）”〉，、：的"
"""Where a clause or a name begins and ends."""

_LEVELS = (
    (re.compile(r"[一二三四五六七八九十]+、"), HEI),
    (re.compile(r"（[一二三四五六七八九十]+）"), KAI),
)
"""The font of a paragraph by its number; 1. and （1） are set like the text."""

ANNEX = "附件："
"""How the paragraph begins that names what is annexed: a blank line stands before it."""

_RED = "E60012"


def official(paper: Written, form: Letterhead) -> bytes:
    """Return a paper as .docx."""
    from docx import Document

    made = Document()
    _page(made, paper)
    if form.office and not paper.draft and not paper.inside:
        _masthead(made, form.office, paper.number)
    elif paper.number:
        _line(made, paper.number, centred=True)
        _line(made, "")
    for line in title_lines(paper.title + ("（待签发）" if paper.draft else "")):
        _line(made, line, font=BROAD, size=TITLE, centred=True)
    _line(made, "")
    if paper.to:
        _line(made, f"{paper.to}：")
    for block, below in zip_longest(paper.blocks, paper.blocks[1:]):
        _block(made, block, below)
    _signature(made, paper, form)
    if form.copies and not paper.draft and not paper.inside:
        _copies(made, form.copied)
    _rename_fonts(made, form.fonts)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


# ---------------------------------------------------------------- the title


def title_lines(title: str) -> list[str]:
    """Break a title into as few lines as hold it, even ones, rather where a name or a clause ends than inside of it.

    One that takes more than ``MOST_LINES`` is left to whoever opens it.
    """
    ways = [[title]]
    lines = math.ceil(_ems(title) / TITLE_EMS)
    for _more in range(lines - 1 if lines <= MOST_LINES else 0):
        ways = [[*way[:-1], way[-1][:place], way[-1][place:]] for way in ways for place in range(1, len(way[-1]))]
        ways = sorted((way for way in ways if _ems(way[-2]) <= TITLE_EMS), key=_unevenness)[:BROADEST]
    return next((way for way in ways if _ems(way[-1]) <= TITLE_EMS), [title])


def _unevenness(lines: list[str]) -> float:
    widths = [_ems(line) for line in lines]
    torn = sum(0 if before[-1] in _ENDS or after[0] in _BEGINS else TORN for before, after in pairwise(lines))
    bare = sum(NEVER for before, after in pairwise(lines) if before[-1] in _BEGINS or after[0] in _ENDS)
    return max(widths) - min(widths) + torn + bare


# ---------------------------------------------------------------- the page


def _page(made: Any, paper: Written) -> None:
    from docx.shared import Mm, Pt

    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.footer_distance = Mm(BOTTOM - 10)
    made.settings.odd_and_even_pages_header_footer = True
    normal = made.styles["Normal"]
    normal.font.name = "Times New Roman"
    _set_font(normal.element.get_or_add_rPr(), BODY)
    made.styles["Table Grid"].paragraph_format.line_spacing = Pt(CELL_LINE)
    made.core_properties.title = one_line(paper.title)
    made.core_properties.author = ""
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        _page_number(footer, side)
    _name_stand_ins(made)


def _page_number(footer: Any, side: str) -> None:
    """Put — 1 — at the outer side, one character in."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if side == "right" else WD_ALIGN_PARAGRAPH.LEFT
    inward = "right_indent" if side == "right" else "left_indent"
    setattr(paragraph.paragraph_format, inward, Pt(NOTE))
    for text, field in (("— ", False), ("PAGE", True), (" —", False)):
        run = _run(paragraph, "" if field else text, SONG, NOTE)
        if field:
            _field(run, text)


def _field(run: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "instruction", "end"):
        if kind == "instruction":
            part = OxmlElement("w:instrText")
            part.text = name
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def _rename_fonts(made: Any, fonts: Mapping[str, str]) -> None:
    """Let the office's own fonts stand in place of those that the standard names."""
    from docx.oxml.ns import qn

    section = made.sections[0]
    for part in (made.element, made.styles.element, section.footer._element, section.even_page_footer._element):
        for named in part.iter(qn("w:rFonts")):
            own = fonts.get(named.get(qn("w:eastAsia"), ""))
            if own is not None:
                named.set(qn("w:eastAsia"), own)


def _name_stand_ins(made: Any) -> None:
    """Write the fonts that may stand in for the named ones into the font table."""
    from lxml import etree

    for part in made.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            table = etree.fromstring(part.blob)
            space = table.nsmap["w"]
            for name, others in STAND_INS.items():
                font = etree.SubElement(table, f"{{{space}}}font", {f"{{{space}}}name": name})
                etree.SubElement(font, f"{{{space}}}altName", {f"{{{space}}}val": others})
            part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)


# ---------------------------------------------------------------- lines


def _line(
    made: Any,
    text: str,
    *,
    font: str = BODY,
    size: float = SIZE,
    centred: bool = False,
    first: float = 0,
    right: float = 0,
) -> Any:
    """Add a line or paragraph; ``first`` and ``right`` are indents in characters."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = made.add_paragraph()
    kept = paragraph.paragraph_format
    kept.space_before = kept.space_after = Pt(0)
    kept.line_spacing = Pt(LINE if size <= TITLE else size * 1.4)
    kept.first_line_indent = Pt(first * size)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        kept.right_indent = Pt(right * size)
    elif centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, font, size)
    return paragraph


def _run(paragraph: Any, text: str, font: str, size: float) -> Any:
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    _set_font(run._r.get_or_add_rPr(), font)
    return run


def _set_font(properties: Any, font: str) -> None:
    from docx.oxml.ns import qn

    properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _block(made: Any, block: Block, below: Block | None) -> None:
    """Set a block; a heading stays with what is under it, and a sentence with the table that it introduces (``below``)."""
    if isinstance(block, Paragraph):
        font = next((font for pattern, font in _LEVELS if pattern.match(block.text)), None)
        if block.text.startswith(ANNEX):
            _line(made, "")
        text, *more = block.text.split("\t") if block.text.startswith(ANNEX) else [block.text]
        line = _line(made, one_line(text), font=font or BODY, first=2)
        line.paragraph_format.keep_with_next = font is not None or isinstance(below, Table)
        for annex in more:
            _line(made, one_line(annex), first=2 + len(ANNEX))
    elif isinstance(block, Blank):
        _line(made, f"{block.label}：", font=HEI, first=2)
        for _ in range(block.lines):
            _line(made, "")
    else:
        _table(made, block)


def _masthead(made: Any, office: str, number: str) -> None:
    """Put the office's name in red above the number and a red line."""
    from docx.shared import RGBColor

    name = _line(made, one_line(office), font=BROAD, size=min(MARK, 430 / max(1, len(office))), centred=True)
    name.runs[0].font.color.rgb = RGBColor.from_string(_RED)
    _line(made, "")
    _border(_line(made, number, centred=True), "bottom", _RED, 12)
    _line(made, "")
    _line(made, "")


def _border(paragraph: Any, side: str, colour: str, eighths: int) -> None:
    """Draw a line at one side of a paragraph, so many eighths of a point thick."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "6"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)


# ---------------------------------------------------------------- tables


def _table(made: Any, table: Table) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm

    grid = made.add_table(rows=1, cols=len(table.headings))
    grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    widths = [Mm(156 * share / sum(table.widths)) for share in table.widths]
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    centred = [all(len(str(cell)) <= SHORT for cell in column) for column in zip(*table.rows, strict=True)]
    _fill(grid.rows[0], table.headings, widths, HEI, [True] * len(widths))
    _mark_row(grid.rows[0], "w:tblHeader")
    for row in table.rows:
        _fill(grid.add_row(), map(str, row), widths, BODY, centred)
    for row in grid.rows:
        _mark_row(row, "w:cantSplit")


def _fill(row: Any, texts: Iterable[str], widths: list[Any], font: str, centred: list[bool]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for cell, text, width, in_middle in zip(row.cells, texts, widths, centred, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if in_middle else WD_ALIGN_PARAGRAPH.LEFT
        _run(paragraph, one_line(text), font, CELL)


def _mark_row(row: Any, mark: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(mark))


# ---------------------------------------------------------------- the foot


def _ems(text: str) -> float:
    """Return how many full characters wide a text is."""
    return sum(1 if unicodedata.east_asian_width(sign) in "WF" else 0.5 for sign in text)


def _signature(made: Any, paper: Written, form: Letterhead) -> None:
    """Put the signer, the office and below it the day, the narrower centred on the wider, to the right, all on one page, and the
    end of the text with them: no page holds a signature alone.
    """
    if paper.draft or paper.day is None or paper.inside:
        return
    together = [*made.paragraphs[-1:], _line(made, "")]
    if paper.signer:
        together.append(_line(made, f"签发人：{one_line(paper.signer)}", first=2))
    day = days.written(paper.day)
    office = one_line(form.office)
    wider = _ems(office) > _ems(day)
    between = abs(_ems(office) - _ems(day)) / 2
    if office:
        together.append(_line(made, office, right=2 if wider else 4 + between))
    for line in together:
        line.paragraph_format.keep_with_next = True
    _line(made, day, right=2 + between if office and wider else 4)


def _copies(made: Any, copies: str) -> None:
    _line(made, "")
    line = _line(made, f"抄送：{copies}", size=NOTE, first=1)
    _border(line, "top", "000000", 6)
    _border(line, "bottom", "000000", 6)
