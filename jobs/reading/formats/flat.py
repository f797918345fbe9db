"""Tables that a copy has flattened: a cell a line, with blank lines or bars between or none, or a row a line with its
cells parted by blanks or by one bar.

A table begins where lines that follow one another are headings of a task and of units or days. How far it reaches and
which cell belongs where is found by laying the cells out (:mod:`jobs.reading.laying`).
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, takewhile

from jobs.reading.blocks import Row
from jobs.reading.cells import NUMBER, Look, does_something, look
from jobs.reading.columns import columns_of, meaning_of, says_something
from jobs.reading.document import Place
from jobs.reading.laying import Cell, Laid, expected, lay_out
from jobs.reading.likely import looks_like_unit

_BARS = "|｜│"
_MOST_COLUMNS = 14
_REACHES = (64, 512, 4096, 60_000)
"""How many cells are laid out at first, and further where the table goes on."""

_MOST_EMPTY = 3
"""Headers without a row between them, after which there is no table."""

_UNITS = ("lead", "responsible", "assist", "mixed")
_LONGEST = 16
_SHORT = 6
_TITLE = re.compile(r"(?:单|书|函|方案|表|通知|分工|意见|计划|要点|台账)$")
_NO_HEADING = re.compile(
    r"[：:。；;！？，,“”\"]|^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d|[①-⑳]|第[一二三四五六七八九十\d])"
)
_SECTION = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|第[一二三四五六七八九十]+[章节部])"
)
_FOOT = re.compile(
    r"^(?:抄送|抄报|主送|填表|制表|审核|联系|录入|责任编辑|编辑|阅读|浏览|点击)[\u4e00-\u9fff]{0,3}[:：]|^(?:注|备注|说明)[:：]"
    r"|^(?:收藏|推荐|打印|关闭|分享到|上一[篇条]|下一[篇条]|相关(?:新闻|链接|阅读|文章)|本文评论|扫一扫|返回顶部)(?:$|[^\u4e00-\u9fff]|(?:本页|窗口|在手机))"
)
"""What stands below a table ends it."""
_PAGE_NUMBER = re.compile(r"^[-—–－·]\s*\d{1,4}\s*[-—–－·]$")
_SPACED = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ \u3000\xa0]+(?=[\u4e00-\u9fff](?![\u4e00-\u9fff]))")
_LONELY = re.compile(r"^(?![一二三四五六七八九十无])[\u4e00-\u9fff]$")

_PERIOD = re.compile(r"^(?:第?[一二三四1-4]季度|(?:[1-9]|1[0-2])月份?|[上下]半年)$")
"""The heading of a column that says what falls due by then."""

_WHEN = re.compile(r"^(?:检查|抽查|培训|巡查|演练|活动)(?:时间|日期|时段)$")
"""The heading of a column that in a plan says by when, and in a ledger when somebody looked."""

Cut = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Flattened:
    """A table, and the line that follows it, from 0."""

    rows: list[Row]
    end: int


def flattened(lines: Sequence[str], plain: Sequence[str], at: int, number: int) -> Flattened | None:
    """Return the table that begins at a line, as the document's table ``number``; None where none begins.

    ``plain`` are the lines in Simplified script, by which they are read.
    """
    if not says_something(_bared(plain[at])) and len(_by_blanks(plain[at])) < 2 and len(_by_bars(plain[at])) < 2:
        return None
    for cut in (_whole, _by_bars, _by_blanks):
        found = _read(lines, plain, at, number, cut)
        if found is not None:
            return found
    return None


def _read(lines: Sequence[str], plain: Sequence[str], at: int, number: int, cut: Cut) -> Flattened | None:
    """Read a table whose lines ``cut`` parts into cells; its header is one line, or one line a heading."""
    if cut is not _whole and len(cut(plain[at])) < 2:
        return None
    first = [
        cell
        for cell in islice(_cells(lines, plain, at, cut), _MOST_COLUMNS + 1)
        if cut is _whole or cell.line == at + 1
    ]
    headings = _headings(first)
    if headings is None:
        return None
    printed, over = len(headings), _over_periods(headings)
    skipped = headings
    headings = headings[:over] + headings[over + 1 :] if over else headings
    columns = _columns(headings)
    roles = expected(columns, [place for place, one in enumerate(headings) if _PERIOD.match(one)], len(headings))
    is_rolled = cut is not _whole and _is_rolled(cut(plain[at])[printed:], columns, printed)
    for reach in _REACHES:
        body = list(islice(_without_repeated(_cells(lines, plain, at, cut), skipped), reach))
        if is_rolled:
            body = [replace(cell, begins="number" not in columns or bool(NUMBER.match(cell.read))) for cell in body]
        wrapped = _wrapped(lines, at, body) if cut is _by_blanks and "number" in columns else {}
        body = [cell for cell in body if cell.line not in wrapped]
        laid, taken = lay_out(body, roles, _like_a_section)
        if not any(_is_row(row, columns["task"][0]) for row in laid):
            return None
        if taken < reach - len(headings) * 4:
            break
    laid = [_with_rest(row, wrapped, columns) for row in laid]
    header = [cell.text for place, cell in enumerate(first[:printed]) if not over or place != over]
    rows = [Row(tuple(header), Place(line=at + 1, table=number, row=1))]
    for row in laid:
        cells, down = _merged(row, rows[-1], columns)
        rows.append(Row(cells, Place(line=row.line, table=number, row=len(rows) + 1), down=down))
    return Flattened(rows, body[taken].line - 1 if taken < len(body) else max(body[-1].line, *wrapped, 0))


def _is_rolled(rest: Sequence[str], columns: Collection[str], width: int) -> bool:
    """Tell whether rows stand in the line of the header: a copy that rolled the whole table into one line."""
    return len(rest) >= width - 1 and ("number" not in columns or NUMBER.match(rest[0]) is not None)


def _wrapped(lines: Sequence[str], at: int, body: Sequence[Cell]) -> dict[int, list[Cell]]:
    """Return the cells of the lines in which rows of a numbered table go on, by line: indented, and without a number."""
    if lines[at][:1].isspace():
        return {}
    going: dict[int, list[Cell]] = {}
    numbered = 0
    for cell in body:
        line = lines[cell.line - 1]
        if cell.begins and NUMBER.match(cell.read):
            numbered = cell.line
        follows = cell.line in going or cell.line - 1 in (numbered, *list(going)[-1:])
        if (
            numbered != cell.line
            and follows
            and line[:1].isspace()
            and len(line) <= _SHORTLY
            and line[-1] not in "。；："
        ):
            going.setdefault(cell.line, []).append(cell)
    return going


_SHORTLY = 60
"""Characters of a line in which a row goes on: a paragraph below the table is longer, and ends in a full stop."""


def _with_rest(row: Laid, wrapped: dict[int, list[Cell]], columns: dict[str, tuple[int, ...]]) -> Laid:
    """Return a row with what goes on in the lines below it, each piece in the column where both together fit best."""
    cells, line = list(row.cells), row.line + 1
    owed = [at for name in _UNITS for at in columns.get(name, ())]
    while not row.heading and line in wrapped:
        pieces = [cell.text for cell in wrapped[line]]
        ways = list(combinations(sorted((*columns["task"], *owed)), len(pieces)))
        if not ways:
            break
        best = max(
            ways,
            key=lambda way: sum(_goes_on(cells[at], piece, at in owed) for at, piece in zip(way, pieces, strict=True)),
        )
        for at, piece in zip(best, pieces, strict=True):
            cells[at] += piece
        line += 1
    return replace(row, cells=tuple(cells))


def _goes_on(first: str, piece: str, of_units: bool) -> float:
    """Say how well a cell goes on with a piece: names that are whole only together, or else a text."""
    together = look(first + piece) is Look.UNITS
    return (2.0 if together and not looks_like_unit(first[-3:]) else -2.0) if of_units else -1.0 * together


def _cells(lines: Sequence[str], plain: Sequence[str], at: int, cut: Cut) -> Iterator[Cell]:
    """Yield the cells from a line on, as far as lines can belong to the same table; where each is closed by a bar, what
    stands before the bar is one cell, however many lines it has.
    """
    closed = cut is _whole and all(map(_CLOSED.search, lines[at : at + 2]))
    held: list[Cell] = []
    for cell in _single(lines, plain, at, cut):
        held.append(cell)
        if closed and len(held) < _MOST_LINES and not _CLOSED.search(lines[cell.line - 1]):
            continue
        if closed and not _CLOSED.search(lines[cell.line - 1]):
            break  # what follows the table
        yield replace(held[0], text=_lines_of(one.text for one in held), plain=_lines_of(one.read for one in held))
        held = []
    yield from held


def _lines_of(lines: Iterable[str]) -> str:
    """Put the lines of one cell together: names stay names of their own, a wrapped text is one."""
    whole, last = "", ""
    for line in lines:
        whole += ("\n" if looks_like_unit(last) and looks_like_unit(line) else "") + line
        last = line
    return whole


_CLOSED = re.compile(rf"[^\s{_BARS}]\s*[{_BARS}]\s*$")
"""How a line ends that a bar closes as a cell."""
_MOST_LINES = 12
"""Lines that one such cell has at the most."""


def _single(lines: Sequence[str], plain: Sequence[str], at: int, cut: Cut) -> Iterator[Cell]:
    """Yield what each line holds, as far as lines can belong to the same table."""
    for line in range(at, len(lines)):
        bare = _bared(lines[line])
        if "\t" in bare or sum(bare.count(bar) for bar in _BARS) > 1:
            return  # rows of another kind
        if _FOOT.match(bare):
            return
        if not _PAGE_NUMBER.match(lines[line].strip()):
            pairs = zip(cut(lines[line]), cut(plain[line]), strict=False)
            for place, (text, read) in enumerate(pairs):
                yield Cell(text, line + 1, begins=place == 0, plain=read)


def _headings(cells: list[Cell]) -> tuple[str, ...] | None:
    """Return the headings that a run of cells begins with, up to the last that means something."""
    one_line = len(cells) > 1 and cells[0].line == cells[-1].line
    counted = sum(1 for _cell in takewhile(lambda cell: not _PERIOD.match(cell.read), cells))
    periods = sum(1 for _cell in takewhile(lambda cell: _PERIOD.match(cell.read), cells[counted:]))
    of_columns = one_line or (periods > 1 and counted > 1)  # 第一季度 below 进度安排, and no row's day
    run = [
        cell.read
        for cell in takewhile(lambda cell: _is_heading(cell.read) or (of_columns and _PERIOD.match(cell.read)), cells)
    ]
    whole = one_line and len(run) == len(cells)
    while run and not whole and not says_something(run[-1]) and not _PERIOD.match(run[-1]):
        run.pop()
    if not run or not says_something(run[0]) or not _is_header(run):
        return None
    titled = len(run[0]) > 4 and _TITLE.search(run[0]) is not None and _is_header(run[1:])
    return None if titled else tuple(run)


def _is_header(run: list[str]) -> bool:
    columns = _columns(tuple(run))
    return len(run) > 1 and "task" in columns and bool(columns.keys() & {*_UNITS, "deadline"})


def _over_periods(headings: tuple[str, ...]) -> int:
    """Return the place of a heading that stands over the periods behind it, as 进度安排 over 第一季度 and 第二季度; 0 where none does."""
    at = sum(1 for _one in takewhile(lambda one: not _PERIOD.match(one), headings)) - 1
    below = sum(1 for _one in takewhile(_PERIOD.match, headings[at + 1 :]))
    return at if at > 0 and below > 1 and _SPANS.search(headings[at]) else 0


_SPANS = re.compile(r"进度|安排|节点|时限|时间|计划|目标|季度")
"""How a heading reads that says of several columns what they are."""


def _columns(headings: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """Return what the columns hold; of headings that say all but the task, it is the last that says nothing."""
    columns = columns_of(headings)
    if "number" in columns and not columns.keys() & {*_UNITS, "deadline"}:
        when = [at for at in columns.get("other", ()) if _WHEN.search(headings[at])]
        columns |= {"deadline": tuple(when[:1])}  # 检查时间 3月-6月, as a plan has it
    if "task" not in columns and "number" in columns and columns.keys() & {*_UNITS, "deadline"}:
        taken = {place for places in columns.values() for place in places}
        columns["task"] = tuple(place for place in range(len(headings)) if place not in taken)[-1:]
    return {name: places for name, places in columns.items() if places}


def _merged(row: Laid, above: Row, columns: dict[str, tuple[int, ...]]) -> tuple[tuple[str, ...], frozenset[int]]:
    """Return a row's cells with the number and the units of the row above where a numbered table leaves out both: there
    they were one cell for both rows, of which a copy prints one.
    """
    shared = [place for name in ("number", *_UNITS) for place in columns.get(name, ())]
    lacks = not row.heading and "number" in columns and not any(row.cells[place] for place in shared)
    if not lacks or not row.cells[columns["task"][0]]:
        return row.cells, frozenset()
    cells = tuple(above.cells[at] if at in shared else cell for at, cell in enumerate(row.cells))
    return cells, frozenset(place for place in shared if cells[place])


def _is_heading(text: str) -> bool:
    if sum(map(says_something, text.split())) > 2 or _SECTION.match(text):
        return False  # a whole header in one line, or a heading with its number: （一）由某局牵头的任务
    bare = re.sub(r"[（(][^）)]*[）)]|\s", "", text)
    if len(bare) > _SHORT and meaning_of(bare) is None and does_something(bare):
        return False  # the text of a task below the header
    if not bare or len(bare) > _LONGEST or _NO_HEADING.search(bare) or NUMBER.match(bare):
        return False
    return not (len(bare) >= 8 and _TITLE.search(bare)) and (look(text) is not Look.DAY)


def _without_repeated(cells: Iterator[Cell], headings: tuple[str, ...]) -> Iterator[Cell]:
    """Yield cells without the header, which may be printed again on each page."""
    held: list[Cell] = []
    empty = 0
    for cell in cells:
        held.append(cell)
        if tuple(one.read for one in held) == headings:
            held, empty = [], empty + 1
            if empty > _MOST_EMPTY:
                return
        while held and any(one.read != heading for one, heading in zip(held, headings, strict=False)):
            yield held.pop(0)
            empty = 0
    yield from held


def _is_row(row: Laid, task: int) -> bool:
    return not row.heading and bool(row.cells[task]) and sum(map(bool, row.cells)) > 1


def _like_a_section(text: str) -> float:
    return 1.0 if _SECTION.match(text) and len(text) <= 60 else -4.0


# ---------------------------------------------------------------- cutting a line


def _bared(line: str) -> str:
    return line.strip(f"{_BARS} \t\u3000\xa0")


def _whole(line: str) -> list[str]:
    """Return a line as one cell, without the bars around it."""
    bare = _bared(line)
    return [bare] if bare else []


def _by_bars(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(f"[{_BARS}]", _bared(line)) if cell.strip()]


def _by_blanks(line: str) -> list[str]:
    """Return what blanks part. A character alone is no cell: it belongs to what stands before it, or after a number."""
    cells: list[str] = []
    for piece in _SPACED.sub(r"\1", _bared(line)).split():
        held = cells[-1] if cells else ""
        lonely = held if _LONELY.match(held) else piece if _LONELY.match(piece) and not NUMBER.match(held) else ""
        if held and lonely:
            cells[-1] += piece
        else:
            cells.append(piece)
    titled = len(cells) > 3 and meaning_of(cells[1]) == "number" and _TITLE.search(cells[0])
    return cells[1:] if titled else cells
