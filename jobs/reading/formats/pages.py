"""Pages as they are looked at: words and ruled lines in their places become paragraphs and tables.

Every format that tells places and no structure (PDF, OFD, pictures) hands in its pages here. All lengths are points.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from jobs.reading.blocks import Block, Grid, Paragraph, Sight, Span, spread
from jobs.reading.document import Place
from jobs.reading.repair import repair

_PAGE_NUMBER = re.compile(
    r"^(?:[-—–－·•\s]*\d{1,4}[-—–－·•\s]*|第?\s*\d{1,4}\s*页?(?:\s*[,，/]?\s*共?\s*\d{1,4}\s*页?)?|Page\s*\d+.*)$"
)
_BEGINS = re.compile(
    r"^(?:[一二三四五六七八九十百]+[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}[.．、](?!\d)|[①-⑳]|第[一二三四五六七八九十百\d]+[章节条]|附件)"
)
_MARGIN = 0.085
"""The part of a page's height, above and below, in which headers and footers stand."""

_NUMBER_MARGIN = 0.125
"""The part in which page numbers stand: 7 mm below the text, which ends 35 mm above the paper's edge (GB/T 9704)."""

_WIDE = 0.45
"""The part of a page's width that a line takes at least which the edge has broken."""

_PADDING = 8.0
"""The widest padding of a cell that is believed."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, counted from the page's upper left corner."""


@dataclass(frozen=True, slots=True)
class Word:
    """Characters that stand together, upright; ``size`` is the font's.

    ``sure`` says how surely they were read from a picture, from 0 to 1; None where they are the file's own.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    sure: float | None = None


@dataclass(slots=True)
class Page:
    """One page: what is written where, and the cells of each ruled table."""

    number: int
    width: float
    height: float
    words: list[Word]
    tables: list[list[Box]] = field(default_factory=list)


def blocks(pages: Iterable[Page]) -> list[Block]:
    """Return what stands on the pages: page headers and numbers left out, what goes on over a page's end joined."""
    return list(_continued(_joined(_without_margins([_sorted(page) for page in pages]))))


def tables_of(rules: Iterable[Box]) -> list[list[Box]]:
    """Return the cells of every table that straight lines make; lines that nearly meet are taken to meet."""
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

    edges = [_edge(rule) for rule in rules]
    joined = merge_edges(edges, 3, 3, 3, 3)
    cells = intersections_to_cells(edges_to_intersections(joined, 3, 3))
    return [list(table) for table in cells_to_tables(cells) if len(table) > 1]


def _edge(rule: Box) -> dict[str, Any]:
    x0, top, x1, bottom = rule
    orientation = "h" if x1 - x0 >= bottom - top else "v"
    return {
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": orientation,
        "object_type": "line",
    }


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    sure: float | None = None


SURE = 0.9
"""What was read from a picture less surely than this is in doubt."""


def _sight(pieces: Iterable[tuple[str, Iterable[float | None]]]) -> Sight | None:
    """Return how texts were read, each from words read so surely; None where nothing of them was read from a picture."""
    read = [(text, min(known)) for text, sure in pieces if (known := [one for one in sure if one is not None])]
    if not read:
        return None
    return Sight(tuple(read), tuple(text for text, sure in read if sure < SURE))


# ---------------------------------------------------------------- one page


@dataclass(slots=True)
class _Page:
    number: int
    width: float
    height: float
    items: list[_Line | Grid]
    left: float


def _sorted(page: Page) -> _Page:
    """Return a page's lines and tables from top to bottom."""
    around = [_around(cells) for cells in page.tables]
    outside = [word for word in page.words if not any(_inside(word, box) for box in around)]
    placed: list[tuple[float, _Line | Grid]] = [(line.top, line) for line in _lines(outside)]
    for cells, box in zip(page.tables, around, strict=True):
        grid = _grid(cells, [word for word in page.words if _inside(word, box)], page.number)
        if grid.rows:
            placed.append((box[1], grid))
    placed.sort(key=lambda one: one[0])
    left = min((item.x0 for _top, item in placed if isinstance(item, _Line)), default=0.0)
    return _Page(page.number, page.width, page.height, [item for _top, item in placed], left)


def _around(cells: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*cells, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _inside(word: Word, box: Box) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _lines(words: list[Word]) -> list[_Line]:
    """Put words that stand at one height together."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda one: (one.top, one.x0)):
        middle = (word.top + word.bottom) / 2
        same = next((line for line in reversed(lines[-3:]) if line[0].top <= middle <= line[0].bottom), None)
        if same is None:
            lines.append([word])
        else:
            same.append(word)
    return [_line(sorted(line, key=lambda one: one.x0)) for line in lines]


def _line(words: list[Word]) -> _Line:
    text = words[0].text
    for before, word in pairwise(words):
        ascii_both = before.text[-1].isascii() and word.text[0].isascii()
        wide = word.x0 - before.x1 > word.size * 0.8
        text += (" " if ascii_both or wide else "") + word.text
    top, bottom = min(one.top for one in words), max(one.bottom for one in words)
    sure = min((one.sure for one in words if one.sure is not None), default=None)
    return _Line(text, words[0].x0, words[-1].x1, top, bottom, max(one.size for one in words), sure)


# ---------------------------------------------------------------- tables


def _grid(cells: Sequence[Box], words: list[Word], page: int) -> Grid:
    """Lay a ruled table out by its lines, so that a merged cell is known by its size."""
    xs, ys = (
        _edges(x for cell in cells for x in (cell[0], cell[2])),
        _edges(y for cell in cells for y in (cell[1], cell[3])),
    )
    spans = []
    seen: list[list[tuple[str, list[float | None]]]] = [[] for _ in ys]
    for box in cells:
        left, right, top, bottom = _at(xs, box[0]), _at(xs, box[2]), _at(ys, box[1]), _at(ys, box[3])
        inside = [word for word in words if _inside(word, box)]
        text = _cell(inside, box)
        spans.append(Span(top, left, text, max(1, bottom - top), max(1, right - left)))
        for row in range(top, bottom):
            seen[row].append((text, [word.sure for word in inside]))
    places = [Place(page=page, row=at + 1) for at in range(max(0, len(ys) - 1))]
    rows = [replace(row, sight=_sight(seen[at])) for at, row in enumerate(spread(spans, places))]
    return Grid(0, [row for row in rows if any(row.cells)])


def _edges(values: Iterator[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > 3:
            found.append(value)
    return found


def _at(edges: list[float], value: float) -> int:
    return min(range(len(edges)), key=lambda at: abs(edges[at] - value))


def _cell(words: list[Word], box: Box) -> str:
    """Return a cell's text; a line that fills the cell goes on in the next one."""
    lines = _lines(words)
    if not lines:
        return ""
    slack = min((min(line.x0 - box[0], box[2] - line.x1) for line in lines), default=0.0)
    room = box[2] - box[0] - 2 * min(max(slack, 1.0), _PADDING)
    text = lines[0].text
    for line, following in pairwise(lines):
        full = line.x1 - line.x0 + _unbroken(following) > room
        text += ("" if full else "\n") + following.text
    return "\n".join(repair(part.strip()) for part in text.strip().split("\n"))


_LEAD = re.compile(r"[A-Za-z0-9.%/-]+|.[，。、；：！？）》”〕】,.;:)]*")


def _unbroken(line: _Line) -> float:
    """Return how wide the beginning of a line is that no line break may part, in points."""
    lead = _LEAD.match(line.text)
    return sum(line.size * (0.5 if char.isascii() else 1.0) for char in lead[0]) if lead else line.size


# ---------------------------------------------------------------- pages together


def _without_margins(pages: list[_Page]) -> list[_Page]:
    """Drop page numbers, and the lines that several pages print in their margins."""
    repeated = Counter(
        re.sub(r"\d+", "#", item.text)
        for page in pages
        for item in page.items
        if isinstance(item, _Line) and _in_margin(item, page)
    )
    for page in pages:
        page.items = [
            item
            for item in page.items
            if isinstance(item, Grid)
            or not (
                (_in_margin(item, page, _NUMBER_MARGIN) and _PAGE_NUMBER.match(item.text.strip()))
                or (_in_margin(item, page) and repeated[re.sub(r"\d+", "#", item.text)] >= max(2, len(pages) // 2))
            )
        ]
    return pages


def _in_margin(line: _Line, page: _Page, margin: float = _MARGIN) -> bool:
    return line.bottom < page.height * margin or line.top > page.height * (1 - margin)


def _joined(pages: list[_Page]) -> Iterator[tuple[Block, bool]]:
    """Yield blocks, a paragraph's lines together; each with whether it is the first of its page."""
    held: list[_Line] = []
    place = Place()
    count = 0
    right = _right(pages)
    for page in pages:
        first = True
        for item in page.items:
            if isinstance(item, Grid):
                if held:
                    yield _paragraph(held, place), False
                    held = []
                yield item, first
            elif held and _goes_on(held[-1], item, page, right):
                held.append(item)
            else:
                if held:
                    yield _paragraph(held, place), False
                count += 1
                held, place = [item], Place(page=page.number, line=count)
            first = False
    if held:
        yield _paragraph(held, place), False


def _paragraph(lines: list[_Line], place: Place) -> Paragraph:
    return Paragraph(repair(_text(lines)), place, sight=_sight((line.text, [line.sure]) for line in lines))


def _right(pages: list[_Page]) -> float:
    """Return where full lines end: where the longest do of those in the size that most is written in."""
    lines = [item for page in pages for item in page.items if isinstance(item, _Line)]
    written: Counter[int] = Counter()
    for line in lines:
        written[round(line.size)] += len(line.text)
    body = max(written, key=lambda size: written[size], default=0)
    return max((line.x1 for line in lines if abs(line.size - body) < 1.5), default=0.0)


def _text(lines: list[_Line]) -> str:
    text = ""
    for line in lines:
        latin = text[-1:].isascii() and text[-1:].isalnum() and line.text[:1].isascii() and line.text[:1].isalnum()
        text += (" " if latin and not text[-1:].isdigit() else "") + line.text
    return text.strip()


def _goes_on(before: _Line, line: _Line, page: _Page, right: float) -> bool:
    """Tell whether a line goes on with the paragraph: the one before was full, and this one is neither set in nor numbered."""
    full = before.x1 > right - 2.5 * before.size and before.x1 - page.left > page.width * _WIDE
    indented = line.x0 > page.left + 1.2 * line.size
    numbered = bool(_BEGINS.match(line.text)) and before.text[-1] in "。；;：:！？）)"
    return full and not indented and not numbered and abs(before.size - line.size) < 1.5


def _continued(found: Iterator[tuple[Block, bool]]) -> Iterator[Block]:
    """Join a table that goes on at the top of the next page, without the header that is printed again."""
    held: Grid | None = None
    for block, first in found:
        if held is not None and isinstance(block, Grid) and first and _width(block) == _width(held):
            again = 0
            while (
                again < min(3, len(block.rows))
                and again < len(held.rows)
                and block.rows[again].cells == held.rows[again].cells
            ):
                again += 1
            rows = block.rows[again:]
            held.rows += [replace(row, torn=at == 0) for at, row in enumerate(rows)]
            continue
        if held is not None:
            yield held
        held = None
        if isinstance(block, Grid):
            held = block
        else:
            yield block
    if held is not None:
        yield held


def _width(grid: Grid) -> int:
    return max(len(row.cells) for row in grid.rows)
