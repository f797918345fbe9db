"""Plain text and Markdown: paragraphs, and the two ways in which a table is copied into text."""

import re
from collections.abc import Iterator

from jobs.reading.blocks import MAX_COLUMNS, Block, Grid, Paragraph, Row
from jobs.reading.document import Place
from jobs.reading.repair import repair
from jobs.reading.units import looks_like_unit

_INDENT = " \u3000\xa0"
_SEPARATORS = ("\t", "|", "｜")
_RULE = re.compile(r"^[\s|｜+:\-—─=┌┐└┘├┤┬┴┼│]*$")
_STARTS = re.compile(
    r"^\s*(?:[一二三四五六七八九十百]+[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}[.．、]|[①-⑳]|第[一二三四五六七八九十百\d]+[章节条]|附件|"
    r"(?:牵头|责任|配合|主责|承办|完成时|时限|时间节点))"
)


def blocks(text: str) -> list[Block]:
    """Cut a plain text into paragraphs and grids.

    Two kinds of table are known: one cell a line, each led by a TAB, rows parted by blank lines; and one row a line,
    cells parted by TABs or bars.
    """
    found: list[Block] = []
    lines = [_marked_down(repair(line)) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    at = 0
    while at < len(lines):
        if _is_cell(lines, at):
            at = _cell_lines(lines, at, found)
        elif _separator(lines[at]):
            at = _row_lines(lines, at, found)
        else:
            if lines[at].strip():
                found.append(Paragraph(lines[at].strip(), Place(line=at + 1)))
            at += 1
    return list(_joined(found))


def _marked_down(line: str) -> str:
    """Return a line without the marks of Markdown: headings, emphasis, quotes and bullets."""
    line = _MARKDOWN.sub("", line)
    return line.replace("**", "").replace("__", "") if "**" in line or "__" in line else line


_MARKDOWN = re.compile(r"^\s*(?:#{1,6}\s+|>\s+|[-*+•●·]\s+(?=\S))")


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


def _separator(line: str) -> str | None:
    """Return what parts the cells of a line, if it is a row of at least three."""
    for separator in _SEPARATORS:
        if line.strip(_INDENT).count(separator) >= 2:
            return separator
    return None


def _row_lines(lines: list[str], at: int, found: list[Block]) -> int:
    separator = _separator(lines[at])
    assert separator is not None
    grid = Grid(_grids(found) + 1)
    blank = False
    while at < len(lines):
        line = lines[at]
        if _RULE.match(line) and line.strip():
            at += 1
            continue
        if line.count(separator) >= 2:
            cells = _cells(line, separator)
            grid.rows.append(Row(cells, Place(line=at + 1, table=grid.number, row=len(grid.rows) + 1)))
            blank = False
        elif not line.strip() and not blank:
            blank = True
        else:
            break
        at += 1
    found.append(grid)
    return at


def _cells(line: str, separator: str) -> tuple[str, ...]:
    bare = line.strip(_INDENT).strip("\r\n")
    if separator != "\t":
        bare = bare.strip()
        bare = bare[1:] if bare.startswith(separator) else bare
        bare = bare[:-1] if bare.endswith(separator) else bare
    return tuple(cell.strip() for cell in bare.split(separator, MAX_COLUMNS)[:MAX_COLUMNS])


# ---------------------------------------------------------------- paragraphs


def _joined(found: list[Block]) -> Iterator[Block]:
    """Join lines that a copy wrapped in the middle of a sentence."""
    held: Paragraph | None = None
    for block in found:
        if isinstance(block, Grid):
            if held:
                yield held
            held = None
            yield block
        elif held and _wrapped(held, block):
            held = Paragraph(held.text + block.text, held.place)
        else:
            if held:
                yield held
            held = block
    if held:
        yield held


_TITLE = re.compile(r"关于.*(?:通知|方案|意见|分工|清单|函|通报|计划|措施)$")
"""A long title does not go on in the line of those it is addressed to."""


def _wrapped(first: Paragraph, second: Paragraph) -> bool:
    """Tell whether a line goes on in the next: long, open-ended, and the next follows at once and begins nothing."""
    close = second.place.line is not None and first.place.line is not None and second.place.line - first.place.line <= 4
    return (
        close
        and len(first.text) >= 28
        and first.text[-1] not in "。！？!?；;：:）)”》"
        and not (_TITLE.search(first.text) and re.search(r"[：:。]", second.text))
        and not _STARTS.match(second.text)
    )
