"""What a paper says before it has a form: paragraphs, tables and blanks, every figure with the assignments that it counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of assignments and their codes: what is printed is how many there are, so it can always be traced."""

    codes: tuple[str, ...]

    def __str__(self) -> str:
        return str(len(self.codes))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; ``widths`` are shares of the line. What a row is about stands in its first cell."""

    name: str
    headings: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str | Figure, ...], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text; its number (一、 （一） 1.) says of which level it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """Space of so many lines that is filled in by hand, under its label."""

    label: str
    lines: int


Block = Paragraph | Table | Blank


@dataclass(frozen=True, slots=True)
class Written:
    """A paper: ``number`` as printed, ``to`` whom, ``signer`` and ``day`` empty while it is a draft. What stays ``inside``
    the house has no red heading, signature or copies.

    ``figures`` are the numbers that its sentences quote, by what they are called.
    """

    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    to: str = ""
    signer: str = ""
    day: date | None = None
    draft: bool = False
    inside: bool = False
    figures: tuple[tuple[str, Figure], ...] = ()

    def explained(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield every figure of the paper by its name, with the codes that it counts."""
        for name, figure in self.figures:
            yield name, figure.codes
        for table in self.blocks:
            if not isinstance(table, Table):
                continue
            for row in table.rows:
                for heading, cell in zip(table.headings, row, strict=True):
                    if isinstance(cell, Figure):
                        yield f"{row[0]} · {heading}", cell.codes


def blocks_of(text: str, tables: dict[str, Table]) -> tuple[str, str, tuple[Block, ...]]:
    """Read a rendered template: ``# title``, ``@ addressee``, ``| table``, ``_ label lines``, else paragraphs; what people
    wrote stands after ``. `` and is never read as anything else.

    Return title, addressee and the blocks in order; a table without rows is left out.
    """
    title = to = ""
    blocks: list[Block] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        mark, rest = line[:2], line[2:].strip()
        if mark == "# ":
            title = rest
        elif mark == "@ ":
            to = rest
        elif mark == ". ":
            blocks.append(Paragraph(rest))
        elif mark == "| ":
            blocks += [tables[rest]] if tables[rest].rows else []
        elif mark == "_ ":
            label, _space, lines = rest.rpartition(" ")
            blocks.append(Blank(label, int(lines)))
        else:
            blocks.append(Paragraph(line))
    return title, to, tuple(blocks)
