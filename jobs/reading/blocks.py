"""The one internal form of every document: paragraphs and grids, each with its place."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from jobs.reading.document import Place


@dataclass(frozen=True, slots=True)
class Sight:
    """How something was read from a picture: each of its texts with how surely it was, from 0 to 1; and those that are in doubt."""

    read: tuple[tuple[str, float], ...]
    doubtful: tuple[str, ...] = ()

    @property
    def sure(self) -> float:
        """How surely all of it was read: as its least sure text."""
        return min(sure for _text, sure in self.read)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of running text; ``heading`` where the format itself says that it is one.

    ``sight`` says how it was read where it was read from a picture.
    """

    text: str
    place: Place
    heading: bool = False
    sight: Sight | None = None


@dataclass(frozen=True, slots=True)
class Aside(Paragraph):
    """What stands beside the text, in a note, a comment, a page's foot, or was deleted: told where it matters, no task.

    ``now`` is what stands in place of what was deleted.
    """

    now: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a grid: its cells as printed, without the blanks around them.

    A merged cell's text stands in every place that it covers; ``right`` and ``down`` are the columns where a cell only
    goes on from the left or from above. ``torn`` marks the first row after a page break, which may go on with the
    row before. ``sight`` says how it was read where it was read from a picture.
    """

    cells: tuple[str, ...]
    place: Place
    right: frozenset[int] = frozenset()
    down: frozenset[int] = frozenset()
    torn: bool = False
    sight: Sight | None = None

    @property
    def filled(self) -> dict[int, str]:
        """The cells with anything in them, by column, a merged cell once."""
        return {at: cell for at, cell in enumerate(self.cells) if cell and at not in self.right}


@dataclass(slots=True)
class Grid:
    """A table: rows of cells, header and all. ``number`` counts the document's tables from 1."""

    number: int
    rows: list[Row] = field(default_factory=list)


Block = Paragraph | Grid


@dataclass(frozen=True, slots=True)
class Span:
    """A cell as the format tells it: its top left place, counted from 0, and how far it reaches."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


MAX_COLUMNS = 200
"""A table is never wider; what lies beyond is not read."""


def spread(spans: Iterable[Span], places: list[Place]) -> list[Row]:
    """Lay cells out as rows, a merged one in every place that it covers; ``places`` has one entry a row."""
    texts: list[dict[int, str]] = [{} for _ in places]
    right: list[set[int]] = [set() for _ in places]
    down: list[set[int]] = [set() for _ in places]
    for span in spans:
        for row in range(span.row, min(span.row + span.rows, len(places))):
            for column in range(span.column, min(span.column + span.columns, MAX_COLUMNS)):
                texts[row][column] = span.text
                if column > span.column:
                    right[row].add(column)
                if row > span.row:
                    down[row].add(column)
    width = 1 + max((column for row in texts for column in row), default=-1)
    return [
        Row(tuple(row.get(column, "") for column in range(width)), place, frozenset(over), frozenset(under))
        for row, place, over, under in zip(texts, places, right, down, strict=True)
    ]


def numbered(found: Iterable[Block]) -> list[Block]:
    """Count the tables of a document and say in each row's place which one it is."""
    counted: list[Block] = []
    number = 0
    for block in found:
        if isinstance(block, Grid):
            number += 1
            rows = [replace(row, place=replace(row.place, table=number)) for row in block.rows]
            block = Grid(number, rows)
        counted.append(block)
    return counted
