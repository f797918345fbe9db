"""Scans and photographs: their pages are looked at in a process of its own, with the extra ``ocr``."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec

from db.stored import Json
from db.surroundings import PYTHON, of_a_helper
from jobs.reading.blocks import Block
from jobs.reading.formats.pages import Page, Word, blocks, tables_of

MAX_PAGES = 40
"""Longer scans are refused: a page takes some seconds."""

NEEDED = ("rapidocr", "onnxruntime")
"""The libraries of the extra."""

Tell = Callable[[int, int], None]


class NotInstalled(Exception):
    """The extra is not there."""


class TooManyPages(Exception):
    """The file has more pages than are read; the first argument is how many."""


class Unseen(Exception):
    """The process that looks has ended without having seen every page."""


def read(data: bytes, tell: Tell) -> list[Block]:
    """Return the blocks of a scanned PDF or a picture; ``tell`` hears of each page before the next is looked at.

    Raise ``NotInstalled``, ``TooManyPages`` or ``Unseen``. How long a page may take is bounded by whoever started us.
    """
    if any(find_spec(name) is None for name in NEEDED):
        raise NotInstalled
    with subprocess.Popen(
        [sys.executable, "-m", "jobs.reading.formats.sight"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=of_a_helper(*PYTHON),
    ) as process:
        try:
            return blocks(list(_seen(process, data, tell)))
        finally:
            process.kill()


def _seen(process: "subprocess.Popen[bytes]", data: bytes, tell: Tell) -> Iterator[Page]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(data)
    process.stdin.close()
    answers = map(json.loads, process.stdout)
    first = next(answers, None)
    if first is None:
        raise Unseen
    if first["pages"] > MAX_PAGES:
        raise TooManyPages(first["pages"])
    tell(0, first["pages"])
    number = 0
    for number, answer in enumerate(answers, 1):
        yield _page(number, answer)
        tell(number, first["pages"])
    if number < first["pages"]:
        raise Unseen


def _page(number: int, answer: Json) -> Page:
    words = [
        Word(text, x0, x1, top, bottom, _size(text, x1 - x0, bottom - top), sure)
        for text, x0, top, x1, bottom, sure in answer["words"]
    ]
    tables = tables_of([(x0, top, x1, bottom) for x0, top, x1, bottom in answer["rules"]])
    return Page(number, answer["width"], answer["height"], words, tables)


def _size(text: str, width: float, height: float) -> float:
    """Return the font's size: a line is as wide as its characters, and its box a little higher than they are."""
    widths = sum(0.5 if char.isascii() else 1.0 for char in text)
    return min(height * 0.8, width / widths) if widths >= 3 else height * 0.75
