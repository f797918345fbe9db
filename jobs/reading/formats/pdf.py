"""PDF with text: its words and its ruled tables."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from io import BytesIO
from typing import Any

from jobs.reading.blocks import Block
from jobs.reading.formats.pages import Box, Page, Word, blocks
from jobs.reading.repair import as_typed

MAX_PAGES = 300
"""Longer files are refused; a list is never that long."""


Tell = Callable[[int, int], None]


class ScannedPages(Exception):
    """The pages are pictures; there is no text to read."""


class TooManyPages(Exception):
    """The file has more pages than are read; the first argument is how many."""


def read(data: bytes, tell: Tell = lambda _page, _pages: None) -> list[Block]:
    """Return the blocks of a PDF; ``tell`` hears of each page that is read. Raise ``ScannedPages``, ``TooManyPages``, or what the library raises for no PDF."""
    import pdfplumber

    with pdfplumber.open(BytesIO(data)) as pdf:
        if len(pdf.pages) > MAX_PAGES:
            raise TooManyPages(len(pdf.pages))
        pages = []
        characters = images = 0
        for page in pdf.pages:
            characters += len(page.chars)
            images += len(page.images)
            pages.append(_page(page))
            page.close()
            tell(len(pages), len(pdf.pages))
        if characters < 20 * max(1, len(pages)) and (images or not characters):
            raise ScannedPages
        return blocks(pages)


def _page(page: Any) -> Page:
    upright = page.filter(lambda one: one.get("object_type") != "char" or one.get("upright", True))
    tables = [table.cells for table in upright.find_tables() if len(table.cells) > 1]
    _mark_cells(upright.chars, tables)
    words = upright.extract_words(keep_blank_chars=False, x_tolerance=2, y_tolerance=3, extra_attrs=["size", _CELL])
    placed = [
        Word(as_typed(one["text"]), one["x0"], one["x1"], one["top"], one["bottom"], one["size"]) for one in words
    ]
    return Page(page.page_number, float(page.width), float(page.height), placed, tables)


_CELL = "cell"


def _mark_cells(chars: Any, tables: list[list[Box]]) -> None:
    """Say of each character in which cell it stands: lines that fill two cells side by side nearly touch, and are two words."""
    tops = sorted({cell[1] for table in tables for cell in table})
    bands: list[list[Box]] = [[] for _ in tops]
    for cell in (cell for table in tables for cell in table):
        for band in range(bisect_left(tops, cell[1]), bisect_left(tops, cell[3])):
            bands[band].append(cell)
    for char in chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        band = bisect_right(tops, y) - 1
        inside = (cell for cell in bands[band] if cell[0] <= x <= cell[2] and y <= cell[3]) if band >= 0 else iter(())
        char[_CELL] = next(inside, None)
