"""OFD (GB/T 33190), the national format for official papers: a zip of XML that places every piece of text and every line.

What stands on a page may lie in the page, in the templates that it uses and in blocks within; lengths are millimetres from
the upper left corner, moved by each object's boundary and transformation. Seals, pictures and annotations hold no text.
"""

import itertools
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from jobs.reading.blocks import Block
from jobs.reading.formats.pages import Box, Page, Word, blocks, tables_of
from jobs.reading.repair import as_typed

MAX_PAGES = 300
"""Longer files are refused; a list is never that long."""

_POINTS = 72 / 25.4
"""Points a millimetre."""

_THIN = 1.5
"""A filled strip so narrow, in points, is a ruled line."""

_SHORT = 3.0
"""A line so short, in points, rules nothing."""

_APART = 0.6
"""So much of a character's size between two characters of one piece of text parts them."""


class NoText(Exception):
    """No page holds any text: the pages are pictures, or the file is protected."""


class TooManyPages(Exception):
    """The file has more pages than are read; the first argument is how many."""


Matrix = tuple[float, float, float, float, float, float]
_STILL: Matrix = (1, 0, 0, 1, 0, 0)


def read(data: bytes) -> list[Block]:
    """Return the blocks of an OFD file. Raise ``NoText``, ``TooManyPages``, or anything for what is none."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        package = _Package(archive)
        found = [page for root in package.documents() for page in _pages(package, root)]
        if len(found) > MAX_PAGES:
            raise TooManyPages(len(found))
        pages = [_page(package, number, *one) for number, one in enumerate(found, 1)]
    if not any(page.words for page in pages):
        raise NoText
    return blocks(pages)


# ---------------------------------------------------------------- the package


@dataclass(slots=True)
class _Package:
    archive: zipfile.ZipFile

    def documents(self) -> list[str]:
        """Return where the documents begin."""
        root = self.xml("OFD.xml")
        return [_resolve("OFD.xml", one.text or "") for one in _all(root, "DocRoot")]

    def xml(self, path: str) -> Any:
        """Return the root of a part; its names are compared without their namespace, of which writers use several."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        return etree.fromstring(self.archive.read(self._named(path)), parser)

    def _named(self, path: str) -> str:
        names = self.archive.namelist()
        return next((name for name in (path, unquote(path)) if name in names), path)


def _resolve(base: str, location: str) -> str:
    """Return a part's name: from the root where it begins with a slash, else beside the part that names it."""
    location = location.strip()
    start = "" if location.startswith("/") else posixpath.dirname(base)
    return posixpath.normpath(posixpath.join(start, location.lstrip("/")))


def _name(node: Any) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _all(root: Any, name: str) -> Iterator[Any]:
    return (node for node in root.iter() if _name(node) == name)


Size = tuple[float, float]
"""Width and height in millimetres."""


def _pages(package: _Package, root: str) -> list[tuple[str, tuple[str, ...], Size]]:
    """Return of each page where its content lies, where that of its templates, and how large it is."""
    document = package.xml(root)
    templates = {node.get("ID"): _resolve(root, node.get("BaseLoc", "")) for node in _all(document, "TemplatePage")}
    size = _size(document, (210.0, 297.0))
    found = []
    for listed in (node for pages in _all(document, "Pages") for node in pages if _name(node) == "Page"):
        path = _resolve(root, listed.get("BaseLoc", ""))
        page = package.xml(path)
        used = tuple(
            templates[number] for node in _all(page, "Template") if (number := node.get("TemplateID")) in templates
        )
        found.append((path, used, _size(page, size)))
    return found


def _size(root: Any, otherwise: Size) -> Size:
    box = next(_all(root, "PhysicalBox"), None)
    numbers = _numbers(box.text or "") if box is not None else []
    return (numbers[2], numbers[3]) if len(numbers) == 4 else otherwise


# ---------------------------------------------------------------- one page


def _page(package: _Package, number: int, path: str, templates: tuple[str, ...], size: Size) -> Page:
    words: list[Word] = []
    rules: list[Box] = []
    for part in (*templates, path):
        for node in _objects(package.xml(part)):
            if _name(node) == "TextObject":
                words += _words(node)
            else:
                rules += _rules(node)
    width, height = size
    return Page(number, width * _POINTS, height * _POINTS, words, tables_of(rules))


def _objects(root: Any) -> Iterator[Any]:
    """Yield what is seen: pieces of text and drawn paths, those in blocks with them."""
    for node in root:
        name = _name(node)
        if node.get("Visible") == "false" or name in ("Actions", "Clips"):
            continue
        if name in ("TextObject", "PathObject"):
            yield node
        else:
            yield from _objects(node)


def _placed(node: Any) -> tuple[Matrix, float, float]:
    """Return an object's transformation, and where its boundary begins, in millimetres."""
    boundary = _numbers(node.get("Boundary", "")) + [0.0] * 4
    matrix = _numbers(node.get("CTM", ""))
    a, b, c, d, e, f = matrix if len(matrix) == 6 else _STILL
    return (a, b, c, d, e, f), boundary[0], boundary[1]


def _at(placed: tuple[Matrix, float, float], x: float, y: float) -> tuple[float, float]:
    """Return a point of an object as a point of the page, in points."""
    (a, b, c, d, e, f), left, top = placed
    return (left + a * x + c * y + e) * _POINTS, (top + b * x + d * y + f) * _POINTS


def _words(node: Any) -> Iterator[Word]:
    placed = _placed(node)
    (a, b, _c, d, _e, _f), _left, _top = placed
    if abs(b) > abs(a) or node.get("CharDirection", "0") != "0":
        return  # it does not stand upright, as along the binding edge
    size = float(node.get("Size", "3.5"))
    drawn = size * abs(d or 1) * _POINTS
    for code in (one for one in node if _name(one) == "TextCode"):
        text = code.text or ""
        xs = _places(float(code.get("X", "0")), code.get("DeltaX", ""), text, size)
        y = float(code.get("Y", "0"))
        for begin, end in _together(text, xs, size):
            left, baseline = _at(placed, xs[begin], y)
            right = _at(placed, xs[end - 1] + _advance(text[end - 1], size), y)[0]
            yield Word(as_typed(text[begin:end]), left, right, baseline - drawn * 0.88, baseline + drawn * 0.12, drawn)


def _places(first: float, deltas: str, text: str, size: float) -> list[float]:
    """Return where each character begins; where the file does not say, after the one before."""
    steps = _numbers(_unfolded(deltas))
    places = [first]
    for at, char in enumerate(text[:-1]):
        places.append(places[-1] + (steps[at] if at < len(steps) else _advance(char, size)))
    return places


def _advance(char: str, size: float) -> float:
    return size * (0.5 if char.isascii() else 1.0)


_FOLDED = re.compile(r"g\s+(\d{1,5})\s+(\S+)")


def _unfolded(deltas: str) -> str:
    """Write out “g 3 5.6”, which stands for the same step three times."""
    return _FOLDED.sub(lambda found: f"{found[2]} " * int(found[1]), deltas)


def _together(text: str, xs: list[float], size: float) -> Iterator[tuple[int, int]]:
    """Yield the characters that stand together, as begin and end: blanks part them, and a gap as between two columns."""
    begin = None
    for at, char in enumerate(text):
        gap = at and xs[at] - xs[at - 1] - _advance(text[at - 1], size) > _APART * size
        if begin is not None and (char.isspace() or gap):
            yield begin, at
            begin = None
        if begin is None and not char.isspace():
            begin = at
    if begin is not None:
        yield begin, len(text)


_PATH = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def _numbers(text: str) -> list[float]:
    return [float(one) for one in _PATH.findall(text) if not one.isalpha()]


def _rules(node: Any) -> Iterator[Box]:
    """Yield the straight lines of a path that stand or lie: those drawn, and filled strips as thin as a line."""
    placed = _placed(node)
    for data in (one for one in node if _name(one) == "AbbreviatedData"):
        points = [_at(placed, *point) for point in _corners(data.text or "")]
        if len(points) < 2:
            continue
        box = (
            min(x for x, _y in points),
            min(y for _x, y in points),
            max(x for x, _y in points),
            max(y for _x, y in points),
        )
        sides = [box] if min(box[2] - box[0], box[3] - box[1]) <= _THIN else [_line(*pair) for pair in _pairs(points)]
        yield from (side for side in sides if _is_rule(side))


def _corners(path: str) -> Iterator[tuple[float, float]]:
    """Yield the points that a path goes through; of a curve only where it ends."""
    numbers: list[float] = []
    for token in [*_PATH.findall(path), "Z"]:
        if not token.isalpha():
            numbers.append(float(token))
            continue
        if len(numbers) >= 2:
            yield numbers[-2], numbers[-1]
        numbers = []


def _pairs(points: list[tuple[float, float]]) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    closed = [*points, points[0]] if len(points) > 2 else points
    yield from itertools.pairwise(closed)


def _line(one: tuple[float, float], other: tuple[float, float]) -> Box:
    (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return x0, y0, x1, y1


def _is_rule(side: Box) -> bool:
    width, height = side[2] - side[0], side[3] - side[1]
    return min(width, height) <= _THIN and max(width, height) >= _SHORT
