"""Plain text and Markdown: paragraphs, and the two ways in which a table is copied into text."""

import re
from collections.abc import Iterator

from jobs.reading.blocks import MAX_COLUMNS, Block, Grid, Paragraph, Row
from jobs.reading.cells import Look, look
from jobs.reading.columns import columns_of
from jobs.reading.document import Place
from jobs.reading.formats.csv import rows_in
from jobs.reading.formats.filled_in import filled_in
from jobs.reading.formats.flat import flattened
from jobs.reading.formats.headless import headless
from jobs.reading.formats.wrapping import joined
from jobs.reading.likely import looks_like_unit
from jobs.reading.repair import is_traditional, repair, simplified

_INDENT = " \u3000\xa0"
_SEPARATORS = ("\t", "|", "｜", "│", "┃", "║")
_RULE = re.compile(r"^[\s|｜+:\-—─═=━┌┐└┘├┤┬┴┼│┃║╔╗╚╝╠╣╦╩╬┏┓┗┛┣┫┳┻╋]*$")
_DRAWN_EDGE = re.compile(r"[─═━]{3}")
_DRAWN = re.compile(r"[+┼├╬╠╋┣]")
"""What stands in a line that is drawn between two rows."""


def blocks(text: str) -> list[Block]:
    """Cut a plain text into paragraphs and grids.

    Four kinds of table are known: a form (:mod:`jobs.reading.formats.filled_in`); one cell a line, each led by a TAB, rows parted by blank lines; one row a line,
    cells parted by TABs or bars; and what a copy has flattened further (:mod:`jobs.reading.formats.flat`), also without its
    header (:mod:`jobs.reading.formats.headless`).
    """
    found: list[Block] = []
    printed = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [_marked_down(repair(line)) for line in printed]
    plain = [simplified(line) for line in lines] if is_traditional(text) else lines
    at = 0
    while at < len(lines):
        if _is_cell(lines, at):
            at = _cell_lines(lines, at, found)
        elif (form := filled_in(lines, plain, at, _grids(found) + 1)) is not None:
            found.append(Grid(_grids(found) + 1, form.rows))
            at = form.end
        elif _separator(lines[at]):
            at = _row_lines(lines, at, found)
        elif rows := rows_in(lines, printed, at):
            found.append(Grid(_grids(found) + 1, rows))
            at += len(rows)
        elif (
            table := flattened(lines, plain, at, _grids(found) + 1) or headless(lines, plain, at, _grids(found) + 1)
        ) is not None:
            found.append(Grid(_grids(found) + 1, table.rows))
            at = table.end
        else:
            if lines[at].strip() and not (_RULE.match(lines[at]) and _DRAWN_EDGE.search(lines[at])):
                found.append(Paragraph(lines[at].strip(), Place(line=at + 1)))
            at += 1
    return list(joined(found, lines))


def _marked_down(line: str) -> str:
    """Return a line without the marks of Markdown: headings, emphasis, quotes and bullets."""
    line = _BREAK.sub("\n", _MARKDOWN.sub("", line))
    return _STRESSED.sub(r"\2", line)


_BREAK = re.compile(r"(?i)\s*<br\s?/?>\s*")
"""What Markdown puts between the lines of a cell."""
_MARKDOWN = re.compile(r"^\s*(?:#{1,6}\s+|>\s+|[-*+•●·]\s+(?=\S))")


_STRESSED = re.compile(r"(?<![*_\d])(\*\*|__)(?![年月日号])([^*_\s](?:[^*_]*[^*_\s])?)\1(?![*_])")
"""Words between two pairs of asterisks or underlines; 138****0000, ____ and the masks of 20**年 and __月__日 are none."""


def _grids(found: list[Block]) -> int:
    return sum(isinstance(block, Grid) for block in found)


# ---------------------------------------------------------------- one cell a line


def _is_cell(lines: list[str], at: int) -> bool:
    """Tell whether a line is a cell of its own: led by a TAB, and another such line near, or it would be an indent."""
    if not lines[at].startswith("\t") or "\t" in lines[at].strip():
        return False
    following = lines[at + 1 : at + 3]
    return any(line.startswith("\t") for line in following)


def _cell_lines(lines: list[str], at: int, found: list[Block]) -> int:
    grid = Grid(_grids(found) + 1)
    cells: list[str] = []
    begun = at
    while at < len(lines):
        line = lines[at]
        if line.startswith("\t"):
            if not cells:
                begun = at
            cells.append(line.strip())
        elif line.strip() and cells:
            whole = looks_like_unit(cells[-1]) and looks_like_unit(line.strip()) and len(line.strip()) > 3
            cells[-1] += ("\n" if whole else "") + line.strip()  # a cell of several lines, or that the copy wrapped
        elif not line.strip():
            _close(grid, cells, begun)
            cells = []
        if not line.strip() and not line.startswith("\t") and not _goes_on(lines, at + 1):
            break
        at += 1
    _close(grid, cells, begun)
    if grid.rows:
        found.append(grid)
    return at


def _goes_on(lines: list[str], at: int) -> bool:
    """Tell whether the next line with anything on it is a cell again."""
    while at < len(lines) and not lines[at].strip() and not lines[at].startswith("\t"):
        at += 1
    return at < len(lines) and lines[at].startswith("\t")


def _close(grid: Grid, cells: list[str], begun: int) -> None:
    if any(cells):
        grid.rows.append(Row(tuple(cells), Place(line=begun + 1, table=grid.number, row=len(grid.rows) + 1)))


# ---------------------------------------------------------------- one row a line


_OF_THE_SITE = re.compile(r"\W*(?:(?:收藏|推荐|打印|关闭|分享|返回|字号)\W+){2,}")
"""收藏 推荐 打印 | 录入：…: what a page puts below a table, and no row of it."""


def _separator(line: str) -> str | None:
    """Return what parts the cells of a line, if it is a row of at least three."""
    if _OF_THE_SITE.match(line):
        return None
    for separator in _SEPARATORS:
        if line.strip(_INDENT).count(separator) >= 2:
            return separator
    cells = tuple(line.strip().split("\t"))
    return "\t" if len(cells) == 2 and len(columns_of(cells).keys() & _TWO) == 2 else None


_TWO = {"task", "lead", "responsible", "mixed", "deadline"}
"""What the two columns of a table hold that has no more."""


def _row_lines(lines: list[str], at: int, found: list[Block]) -> int:
    separator = _separator(lines[at])
    assert separator is not None
    grid = Grid(_grids(found) + 1)
    drawn: list[int] = []
    blank = True
    while at < len(lines):
        begun = at
        line, at = _quoted(lines, at) if separator == "\t" else (lines[at], at)
        cells = _cells(line, separator)
        if not line.strip():
            if blank and grid.rows:
                break
            blank = True
        elif _RULE.match(line):
            drawn += [len(grid.rows)] * bool(_DRAWN.search(line))
        elif grid.rows and not blank and _wraps(grid, lines[begun - 1], line, cells, separator):
            last = grid.rows[-1]
            joined = (*last.cells[:-1], _put_on(last.cells[-1], cells[0]), *cells[1:])
            grid.rows[-1] = Row(joined, last.place)
        elif len(cells) > 1 or line.count(separator) > 1:
            grid.rows.append(Row(cells, Place(line=begun + 1, table=grid.number, row=len(grid.rows) + 1)))
            blank = False
        else:
            at = begun
            break
        at += 1
    if len({place for place in drawn if 0 < place < len(grid.rows)}) > 1 or (
        drawn and any(not row.cells[0] for row in grid.rows[drawn[0] :])
    ):
        grid.rows = list(_boxed(grid.rows, set(drawn)))
    if any(cell for row in grid.rows for cell in row.cells):
        found.append(grid)
    return at


def _boxed(rows: list[Row], begins: set[int]) -> Iterator[Row]:
    """Yield the rows of a drawn table: what stands between two lines is one row, however many lines of text it has."""
    held: Row | None = None
    for at, row in enumerate(rows):
        if held is None or at in begins or len(held.cells) != len(row.cells):
            if held is not None:
                yield held
            held = row
        else:
            cells = tuple(_stacked(first, second) for first, second in zip(held.cells, row.cells, strict=True))
            held = Row(cells, held.place)
    if held is not None:
        yield held


def _stacked(first: str, second: str) -> str:
    parted = Look.UNITS in (look(first), look(second)) and first and second
    return f"{first}\n{second}" if parted else first + second


_MOST_QUOTED = 30
"""Lines of one quoted cell."""


def _quoted(lines: list[str], at: int) -> tuple[str, int]:
    """Return a line with those that a quoted cell goes on in, as spreadsheets copy a cell of several lines, and the last of them."""
    if lines[at].count('"') % 2 == 0:
        return lines[at], at
    for last in range(at + 1, min(len(lines), at + _MOST_QUOTED)):
        if lines[last].count('"') % 2:
            whole = "\n".join(lines[at : last + 1])
            return re.sub(r'(^|\t)"([^"\t]*)"(?=\t|$)', r"\1\2", whole), last
    return lines[at], at


def _wraps(grid: Grid, before: str, line: str, cells: tuple[str, ...], separator: str) -> bool:
    """Tell whether a line goes on in the last cell of the row before: together they fill a row of the header's width,
    and both parts of the cell are of a kind.
    """
    last = grid.rows[-1].cells
    is_open = separator != "\t" and not before.rstrip(_INDENT).endswith(separator)
    fills = len(last) + len(cells) - 1 <= len(grid.rows[0].cells)
    return (
        len(grid.rows) > 1
        and is_open
        and fills
        and bool(last[-1] and cells[0])
        and not line.strip(_INDENT).startswith(separator)
        and look(last[-1]) is look(cells[0])
    )


def _put_on(first: str, second: str) -> str:
    return first + ("、" if look(first) is look(second) is Look.UNITS else "") + second


def _cells(line: str, separator: str) -> tuple[str, ...]:
    bare = line.strip(_INDENT).strip("\r\n")
    if separator != "\t":
        bare = bare.strip()
        closed = bare.endswith(separator)
        opened = bare.startswith(separator) and (closed or not line[:1].isspace())  # a blank before the bar is a cell
        bare = bare[1:] if opened else bare
        bare = bare[:-1] if closed else bare
    return tuple(cell.strip() for cell in bare.split(separator, MAX_COLUMNS)[:MAX_COLUMNS])
