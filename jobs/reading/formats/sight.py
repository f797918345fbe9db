"""The process that looks at pictures of pages: straightens them, finds the ruled lines and recognises the characters.

It gets one file on standard input and answers one JSON object a line: first how many pages there are, then each page. It
needs the extra ``ocr`` (rapidocr, which brings its models and OpenCV, and onnxruntime) and is started by
:mod:`jobs.reading.formats.scan` alone. Lengths in the answers are points; an A4 page is 595 wide, however large its picture.
"""

import contextlib
import json
import logging
import math
import sys
from collections.abc import Iterator
from typing import Any

from db.stored import Json
from jobs.reading.formats.pages import tables_of

DPI = 200
"""A page of PDF is drawn so large: characters of 五号 are then 29 pixels high, which is read nearly without error."""

SIDE = 2339
"""The longer side of a picture that is looked at, in pixels: an A4 page at that resolution. Larger ones are made smaller."""

A4 = (595.0, 842.0)
"""The short and the long side that a page is taken to have, in points."""

MAX_SIDE = 20_000
"""A picture with a longer side is not unpacked."""

MAX_PIXELS = 50_000_000
"""Nor one with more pixels; a telephone's has twelve million."""

_TILT = 8.0
"""Degrees: a page that lies more askew than that is not straightened."""

_STEP = 0.2
"""How finely the tilt is looked for, in degrees."""

_FAINT = 0.1
"""What is read less surely than this is no character; anything above is taken, and told as uncertain."""

_INK = 30
"""A cell with fewer dark pixels is empty."""

_FRAME = 0.03
"""What has four corners and fills at least this part of a picture is a page's edge or a table's frame."""

_LEVEL = 4.0
"""A frame whose opposite sides end within so many pixels lies level."""

_PULLS = 3
"""How often a picture is pulled straight at most: by the page's edge, by the table's frame, and once more."""


def main() -> None:
    """Look at the pages of what comes on standard input."""
    logging.disable(logging.CRITICAL)
    _unbound()
    data = sys.stdin.buffer.read()
    pages = _Pages(data)
    _write({"pages": len(pages)})
    eyes = _Eyes()
    for picture in pages.drawn():
        _write(eyes.page(picture))


def _unbound() -> None:
    """Take the memory that this process may have, which is more than its parent's."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def _write(answer: Json) -> None:
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


# ---------------------------------------------------------------- pictures of pages


class _Pages:
    """The pages of a PDF, or the frames of a picture, one at a time in memory."""

    def __init__(self, data: bytes) -> None:
        from io import BytesIO

        self._pdf: Any = None
        self._picture: Any = None
        if b"%PDF-" in data[:1024]:
            import pypdfium2

            self._pdf = pypdfium2.PdfDocument(data)
        else:
            from PIL import Image

            Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # twice that is refused
            self._picture = Image.open(BytesIO(data))
            if max(self._picture.size) > MAX_SIDE:
                raise ValueError("too large")

    def __len__(self) -> int:
        return len(self._pdf) if self._pdf is not None else getattr(self._picture, "n_frames", 1)

    def drawn(self) -> Iterator[Any]:
        """Yield each page as an array of blue, green and red."""
        import numpy
        from PIL import ImageOps

        if self._pdf is not None:
            for page in self._pdf:
                yield numpy.ascontiguousarray(page.render(scale=scale_of(*page.get_size())).to_numpy()[:, :, :3])
            return
        for frame in range(len(self)):
            self._picture.seek(frame)
            if self._picture.width * self._picture.height > MAX_PIXELS:
                raise ValueError("too large")  # only the first frame is measured where a picture is opened
            upright = ImageOps.exif_transpose(self._picture).convert("RGB")
            yield numpy.ascontiguousarray(numpy.asarray(upright)[:, :, ::-1])


def scale_of(width: float, height: float) -> float:
    """Return how many pixels a point of a page is drawn with: at 200 dpi, less where that would be too many of them."""
    return min(DPI / 72, math.sqrt(MAX_PIXELS / max(width * height, 1.0)))


class _Eyes:
    """Sees one page after another."""

    def __init__(self) -> None:
        import cv2
        from rapidocr import RapidOCR

        self._cv: Any = cv2
        cv2.setNumThreads(1)
        self._read: Any = RapidOCR(params={"Global.log_level": "critical"})

    def page(self, picture: Any) -> Json:
        """Return a page's size, words with how surely each was read, and ruled lines."""
        picture = self._without_seals(self._sized(picture))
        picture = self._straight(picture)
        words = self._words(picture)
        if _lies_on_its_side(words):
            picture = self._cv.rotate(picture, self._cv.ROTATE_90_CLOCKWISE)
            words = self._words(picture)
        height, width = picture.shape[:2]
        scale = (A4[0] if width <= height else A4[1]) / width
        rules = self._rules(picture)
        words += self._overlooked(picture, words, rules)
        return {
            "width": width * scale,
            "height": height * scale,
            "rules": [[side * scale for side in rule] for rule in rules],
            "words": [[text, *(side * scale for side in box), sure] for box, text, sure in _parted(words, rules)],
        }

    def _sized(self, picture: Any) -> Any:
        longer = max(picture.shape[:2])
        if longer <= SIDE * 1.2:
            return picture
        return self._cv.resize(picture, None, fx=SIDE / longer, fy=SIDE / longer, interpolation=self._cv.INTER_AREA)

    def _without_seals(self, picture: Any) -> Any:
        """See what is reddish through a red glass: a seal vanishes, the black text that it lies over stays."""
        import numpy

        reddish = picture[:, :, 2].astype(numpy.int16) - picture[:, :, :2].max(axis=2) > 25
        picture = picture.copy()
        picture[reddish] = picture[:, :, 2:3][reddish]
        return picture

    # ------------------------------------------------------------ straight

    def _straight(self, picture: Any) -> Any:
        """Pull the page, and a table's frame on it, straight where they are seen aslant; turn the page until it lies level."""
        for _again in range(_PULLS):
            corners = self._aslant(picture)
            if corners is None:
                break
            picture = self._pulled(picture, corners)
        return self._turned(picture)

    def _aslant(self, picture: Any) -> Any:
        """Return the corners, from the upper left one clockwise, of the largest frame that is no rectangle lying level."""
        import numpy

        marks = self._cv.dilate(self._inked(picture), numpy.ones((3, 3), numpy.uint8))
        shapes, _ = self._cv.findContours(marks, self._cv.RETR_LIST, self._cv.CHAIN_APPROX_SIMPLE)
        least = _FRAME * picture.shape[0] * picture.shape[1]
        for shape in sorted(shapes, key=self._cv.contourArea, reverse=True):
            if self._cv.contourArea(shape) < least:
                return None
            corners = self._corners(shape)
            if corners is not None and _slant(corners.tolist()) > _LEVEL:
                return corners
        return None

    def _corners(self, shape: Any) -> Any:
        import numpy

        around = self._cv.approxPolyDP(shape, 0.02 * self._cv.arcLength(shape, True), True)
        if len(around) != 4 or not self._cv.isContourConvex(around):
            return None
        corners = around.reshape(4, 2).astype(numpy.float32)
        by_sum, by_difference = corners.sum(axis=1), numpy.diff(corners, axis=1).ravel()
        order = [by_sum.argmin(), by_difference.argmin(), by_sum.argmax(), by_difference.argmax()]
        return corners[order] if len(set(map(int, order))) == 4 else None

    def _pulled(self, picture: Any, corners: Any) -> Any:
        import numpy

        upper_left, upper_right, lower_right, lower_left = corners
        width = max(numpy.linalg.norm(upper_right - upper_left), numpy.linalg.norm(lower_right - lower_left))
        height = max(numpy.linalg.norm(lower_left - upper_left), numpy.linalg.norm(lower_right - upper_right))
        left, top = corners.min(axis=0)
        right, bottom = left + width, top + height
        wanted = numpy.array([[left, top], [right, top], [right, bottom], [left, bottom]], numpy.float32)
        change = self._cv.getPerspectiveTransform(corners, wanted)
        size = (int(max(picture.shape[1], right + 20)), int(max(picture.shape[0], bottom + 20)))
        return self._cv.warpPerspective(picture, change, size, flags=self._cv.INTER_CUBIC, borderValue=(255, 255, 255))

    def _turned(self, picture: Any) -> Any:
        tilt = self._tilt(picture)
        if abs(tilt) < _STEP / 2:
            return picture
        height, width = picture.shape[:2]
        change = self._cv.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
        return self._cv.warpAffine(
            picture, change, (width, height), flags=self._cv.INTER_CUBIC, borderValue=(255, 255, 255)
        )

    def _tilt(self, picture: Any) -> float:
        """Return by how many degrees the page must be turned: then its rows are either full of ink or empty."""
        import numpy

        small = self._cv.resize(self._inked(picture), None, fx=0.35, fy=0.35, interpolation=self._cv.INTER_AREA)
        height, width = small.shape[:2]

        def sharpness(angle: float) -> float:
            change = self._cv.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
            rows = self._cv.warpAffine(small, change, (width, height)).sum(axis=1, dtype=numpy.float64)
            return float(((rows[1:] - rows[:-1]) ** 2).sum())

        return float(max(numpy.arange(-_TILT, _TILT + _STEP, _STEP), key=sharpness))

    def _inked(self, picture: Any) -> Any:
        """Return what is dark on its surroundings as white on black, so that a shadow over the page does no harm."""
        grey = self._cv.cvtColor(picture, self._cv.COLOR_BGR2GRAY)
        return self._cv.adaptiveThreshold(
            grey, 255, self._cv.ADAPTIVE_THRESH_MEAN_C, self._cv.THRESH_BINARY_INV, 31, 15
        )

    # ------------------------------------------------------------ lines and characters

    def _rules(self, picture: Any) -> list[list[float]]:
        """Return the straight lines that lie or stand, each as left, top, right, bottom."""
        inked = self._inked(picture)
        height, width = inked.shape[:2]
        found = []
        for across, down in ((max(40, width // 25), 1), (1, max(30, height // 45))):
            kernel = self._cv.getStructuringElement(self._cv.MORPH_RECT, (across, down))
            lines = self._cv.morphologyEx(inked, self._cv.MORPH_OPEN, kernel)
            joining = self._cv.getStructuringElement(self._cv.MORPH_RECT, (max(3, across // 2), max(3, down // 2)))
            lines = self._cv.morphologyEx(lines, self._cv.MORPH_CLOSE, joining)
            shapes, _ = self._cv.findContours(lines, self._cv.RETR_EXTERNAL, self._cv.CHAIN_APPROX_SIMPLE)
            for shape in shapes:
                x, y, wide, high = self._cv.boundingRect(shape)
                if across > down and high < 14:
                    found.append([x, y + high / 2, x + wide, y + high / 2])
                elif across < down and wide < 14:
                    found.append([x + wide / 2, y, x + wide / 2, y + high])
        return [[float(side) for side in one] for one in found]

    def _words(self, picture: Any) -> list["_Seen"]:
        """Return what is written, each line of a cell with its box and how sure the reader is, from 0 to 1."""
        read = self._read(picture, text_score=_FAINT)
        if read.boxes is None or read.txts is None:
            return []
        return [
            (
                (float(box[:, 0].min()), float(box[:, 1].min()), float(box[:, 0].max()), float(box[:, 1].max())),
                text,
                float(score),
            )
            for box, text, score in zip(read.boxes, read.txts, read.scores, strict=True)
            if text.strip()
        ]

    def _overlooked(self, picture: Any, words: list["_Seen"], rules: list[list[float]]) -> Iterator["_Seen"]:
        """Yield what stands in cells in which no line was found, such as a single figure: each is looked at by itself."""
        inked = self._inked(picture)
        boxes = [box for box, _text, _sure in words]
        for cell in (one for table in tables_of([(x0, y0, x1, y1) for x0, y0, x1, y1 in rules]) for one in table):
            if any(_within(box, cell) for box in boxes):
                continue
            x0, y0, x1, y1 = (int(side) for side in cell)
            marks = self._cv.findNonZero(inked[y0 + 5 : y1 - 4, x0 + 5 : x1 - 4])
            if marks is None or len(marks) < _INK:
                continue
            x, y, wide, high = self._cv.boundingRect(marks)
            box = (float(x0 + x), float(y0 + y), float(x0 + x + wide + 10), float(y0 + y + high + 10))
            seen = picture[int(box[1]) : int(box[3]), int(box[0]) : int(box[2])]
            read = self._read(seen, use_det=False, use_cls=False)
            if read.txts and read.txts[0].strip():
                yield box, read.txts[0].strip(), float(read.scores[0])


_Box = tuple[float, float, float, float]
_Seen = tuple[_Box, str, float]


def _slant(corners: list[list[float]]) -> float:
    """Return by how many pixels the sides of a frame, from the upper left corner clockwise, do not lie level or upright."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    return max(abs(ay - by), abs(cy - dy), abs(ax - dx), abs(bx - cx))


def _within(box: _Box, cell: _Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]


def _lies_on_its_side(words: list[_Seen]) -> bool:
    long = [box for box, text, _sure in words if len(text) >= 3]
    return bool(long) and sum(box[3] - box[1] > box[2] - box[0] for box in long) * 2 > len(long)


def _parted(words: list[_Seen], rules: list[list[float]]) -> Iterator[_Seen]:
    """Yield words, one that runs over a standing line in two: two cells' lines may be taken for one."""
    for box, text, sure in words:
        cuts = sorted(
            x
            for x, top, x1, bottom in rules
            if x == x1 and box[0] + 12 < x < box[2] - 12 and top <= (box[1] + box[3]) / 2 <= bottom
        )
        yield from _cut(box, text, sure, cuts)


def _cut(box: _Box, text: str, sure: float, cuts: list[float]) -> Iterator[_Seen]:
    """Cut a line's characters where the lines stand, taking each character for as wide as its kind is."""
    if not cuts:
        yield box, text, sure
        return
    widths = [0.5 if char.isascii() else 1.0 for char in text]
    unit = (box[2] - box[0]) / sum(widths)
    at, left, begin = box[0], box[0], 0
    waiting = list(cuts)
    for place, width in enumerate(widths):
        at += width * unit
        if waiting and at >= waiting[0] - unit / 2:
            if text[begin : place + 1].strip():
                yield (left, box[1], min(at, waiting[0]), box[3]), text[begin : place + 1].strip(), sure
            left, begin = waiting.pop(0), place + 1
    if text[begin:].strip():
        yield (left, box[1], box[2], box[3]), text[begin:].strip(), sure


if __name__ == "__main__":
    main()
