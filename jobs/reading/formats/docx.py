"""Word files: paragraphs with the numbers that Word prints, tables with merged cells, text boxes; what was deleted and what
stands beside the text as such.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

from jobs.reading.blocks import MAX_COLUMNS, Aside, Block, Grid, Paragraph, Span, spread
from jobs.reading.document import STRUCK, Place, Problem
from jobs.reading.formats.beside import REFERENCES, Noted, beside
from jobs.reading.formats.numbering import Numbering
from jobs.reading.repair import repair

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {
    f"{_W}del",
    f"{_W}moveFrom",
    f"{_W}pPr",
    f"{_W}instrText",
    f"{_W}tbl",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
"""What a paragraph holds that nobody sees, or that is said twice."""

_BOX = f"{_W}txbxContent"
_SINCE = {*(f"{_W}{name}" for name in ("ins", "moveFrom", "moveTo")), *_SKIPPED, _BOX} - {f"{_W}del"}
"""What a paragraph holds that did not stand there before it was changed, or stands elsewhere."""

_DEEPEST = 12
"""Tables in tables are followed so far."""


def read(data: bytes, problems: list[Problem]) -> list[Block]:
    """Return the blocks of a .docx (or .docm, .dotx, whose macros are not looked at), last what stands beside its text;
    raise for what is none. What is struck through is told in ``problems``.
    """
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.package import OpcPackage
    from docx.oxml import parse_xml

    main = OpcPackage.open(BytesIO(data)).main_document_part

    def related(kind: str) -> Any:
        found = [one for one in main.rels.values() if one.reltype == kind and not one.is_external]
        return parse_xml(found[0].target_part.blob) if found else None

    numbering = Numbering(related(RELATIONSHIP_TYPE.NUMBERING), related(RELATIONSHIP_TYPE.STYLES))
    body = parse_xml(main.blob).find(f"{_W}body")
    if body is None:
        return []
    reader, apart = _Reader(numbering, problems), _Reader(Numbering(None, None), problems)
    found = reader.blocks(body)
    return [*found, *reader.asides, *beside(main, reader.noted, apart.text_of, problems)]


@dataclass(slots=True)
class _Reader:
    numbering: Numbering
    problems: list[Problem]
    struck: list[str] = field(default_factory=list)
    """What is struck through in the paragraph that is read."""
    hidden: list[str] = field(default_factory=list)
    """What is formatted as hidden in it."""
    boxes: list[Any] = field(default_factory=list)
    """Text boxes that are fixed to it."""
    asides: list[Aside] = field(default_factory=list)
    noted: Noted = field(default_factory=dict)
    page: int = 1
    paragraphs: int = 0
    depth: int = 0

    def blocks(self, parent: Any) -> list[Block]:
        """Return what stands directly in a body, a content control or a cell, in order."""
        found: list[Block] = []
        for child in parent.iterchildren():
            if child.tag == f"{_W}p":
                found += self._paragraph(child)
            elif child.tag == f"{_W}tbl" and self.depth < _DEEPEST:
                found += self._table(child)
            elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}moveTo"):
                found += self.blocks(child)
        return found

    def text_of(self, node: Any) -> str:
        """Return the text of a note, or of the head or foot of a page."""
        rows = (one.rows if isinstance(one, Grid) else (one,) for one in self.blocks(node))
        return "\n".join(
            one.text if isinstance(one, Paragraph) else " ".join(one.filled.values()) for some in rows for one in some
        )

    def _paragraph(self, node: Any) -> Iterator[Block]:
        self.paragraphs += 1
        text = "".join(self._runs(node))
        boxes, self.boxes = self.boxes, []
        yield from self._lines(node, text)
        self._deleted(node, text)
        if "".join(self.hidden).strip():
            place = Place(part="表格中隐藏文字") if self.depth else replace(self._place(), part="隐藏文字")
            self.asides.append(Aside(repair("".join(self.hidden).strip()), place))
        self.hidden.clear()
        for box in boxes:
            for one in self.blocks(box):
                yield replace(one, place=replace(one.place, part="文本框")) if isinstance(one, Paragraph) else one

    def _deleted(self, node: Any, now: str) -> None:
        """Tell of a paragraph, or of a row that is gone, how it was before something in it was deleted."""
        if next(node.iter(f"{_W}delText"), None) is not None or node.tag == f"{_W}tr":
            place = Place(part="表格中修订删除") if self.depth else replace(self._place(), part="修订删除")
            self.asides.append(Aside(repair("".join(_before(node)).strip()), place, now=repair(now)))

    def _lines(self, node: Any, text: str) -> Iterator[Paragraph]:
        label = self.numbering.label(node) if text.strip() or self.struck else ""
        if "".join(self.struck).strip():
            place = Place() if self.depth else self._place()
            self.problems.append(Problem(place, "".join(self.struck).strip()[:120], STRUCK))
        self.struck.clear()
        if not text.strip():
            return
        for line in f"{label}{text.strip()}".split("\n"):
            if line.strip():
                yield Paragraph(repair(line.strip()), self._place(), self.numbering.is_heading(node))

    def _place(self) -> Place:
        return Place(page=self.page if self.page > 1 else None, line=self.paragraphs)

    def _runs(self, node: Any) -> Iterator[str]:
        for child in node.iterchildren():
            tag = child.tag
            if tag in REFERENCES:
                self.noted[REFERENCES[tag], child.get(f"{_W}id", "")] = Place() if self.depth else self._place()
            elif tag == _BOX:
                self.boxes.append(child)
            elif tag in _SKIPPED:
                continue
            elif tag == f"{_W}r" and _is_on(child, "vanish"):
                self.hidden += (one.text or "" for one in child.iter(f"{_W}t"))
            elif tag == f"{_W}r" and any(_is_on(child, how) for how in ("strike", "dstrike")):
                self.struck += (one.text or "" for one in child.iter(f"{_W}t"))
            elif tag == f"{_W}t":
                yield child.text or ""
            elif tag == f"{_W}tab":
                yield " "
            elif tag == f"{_W}noBreakHyphen":
                yield "-"
            elif tag == f"{_W}cr" or (tag == f"{_W}br" and child.get(f"{_W}type") is None):
                yield "\n"
            elif tag == f"{_W}lastRenderedPageBreak" or (tag == f"{_W}br" and child.get(f"{_W}type") == "page"):
                self.page += tag != f"{_W}br"
            elif isinstance(tag, str):
                yield from self._runs(child)

    # ------------------------------------------------------------ tables

    def _table(self, node: Any) -> list[Block]:
        """Return a table as a grid with the tables inside it after it; one that only lays text out as its text."""
        self.depth += 1
        cells: list[tuple[int, int, int, list[Block], bool]] = []
        row = -1
        for tr in _rows(node):
            if tr.find(f"{_W}trPr/{_W}del") is not None:
                self._deleted(tr, "")
                continue
            row += 1
            column = _number(tr.find(f"{_W}trPr/{_W}gridBefore"))
            for tc in _cells(tr):
                properties = tc.find(f"{_W}tcPr")
                columns = max(1, _number(_under(properties, "gridSpan"))) if properties is not None else 1
                merge = _under(properties, "vMerge") if properties is not None else None
                goes_on = merge is not None and merge.get(f"{_W}val") != "restart"
                content = self.blocks(tc)
                cells.append((row, column, min(columns, MAX_COLUMNS), content, goes_on))
                column = min(column + columns, MAX_COLUMNS)
        self.depth -= 1
        if _only_layout(cells):
            return [block for cell in cells for block in cell[3]]
        page = self.page if self.page > 1 else None
        places = [Place(page=page, row=at + 1) for at in range(row + 1)]
        inner = [block for cell in cells for block in cell[3] if isinstance(block, Grid)]
        return [Grid(0, spread(_merged(cells), places)), *inner]


def _before(node: Any) -> Iterator[str]:
    """Yield the text as it was before it was changed."""
    for child in node.iterchildren():
        if child.tag in (f"{_W}t", f"{_W}delText"):
            yield child.text or ""
        elif child.tag not in _SINCE:
            yield from _before(child)
            yield " " if child.tag == f"{_W}tc" else ""


def _rows(table: Any) -> Iterator[Any]:
    for child in table.iterchildren():
        if child.tag == f"{_W}tr":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml"):
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row.iterchildren():
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml"):
            yield from _cells(child)


def _under(properties: Any, name: str) -> Any:
    return properties.find(f"{_W}{name}")


def _number(node: Any) -> int:
    value = node.get(f"{_W}val", "") if node is not None else ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 0


def _is_on(run: Any, name: str) -> bool:
    mark = run.find(f"{_W}rPr/{_W}{name}")
    return mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false", "off")


def _only_layout(cells: list[tuple[int, int, int, list[Block], bool]]) -> bool:
    """Tell a frame around text or around another table from a table: one cell, or one column of long text."""
    return (
        max((cell[1] + cell[2] for cell in cells), default=0) - min((cell[1] for cell in cells), default=0) <= 1
        or len(cells) <= 1
    )


def _merged(cells: list[tuple[int, int, int, list[Block], bool]]) -> Iterator[Span]:
    """Yield the cells with how far down each one goes."""
    open_cells: dict[int, Span] = {}
    for row, column, columns, content, goes_on in cells:
        above = open_cells.get(column)
        if goes_on and above is not None and above.row + above.rows == row:
            open_cells[column] = replace(above, rows=above.rows + 1)
            continue
        if above is not None:
            yield above
        text = "\n".join(block.text for block in content if isinstance(block, Paragraph))
        open_cells[column] = Span(row, column, text, 1, columns)
    yield from open_cells.values()
