"""What is done to the blocks of a document before they are read: put together inside a day, cut where too long, in Simplified script, lifted out of tables."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from jobs.reading.blocks import Block, Grid, Paragraph, Row, Sight
from jobs.reading.day_columns import in_one
from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.document import Place, Problem
from jobs.reading.heading import signed_off
from jobs.reading.reference import texts
from jobs.reading.repair import is_traditional, lost_characters, simplified

MAX_TEXT = 20_000
"""What of a paragraph is read at once, and of a cell at all, in characters."""


_DAY = re.compile(
    r"(?<!\d)(?:(?:20\d\d年)?(?:1[0-2]|0?[1-9])月(?:(?:3[01]|[12]\d|0?[1-9])[日号]|[底末初]|[上中下]旬)(?:前(?=[，,。；;、完报将把并形实办交全]|$))?|20\d\d年(?:1[0-2]|[1-9])月)"
)
_OF_A_SCHEDULE = re.compile(r"(?:\d{1,2}月)?\d{1,2}[日号][ \u3000：:]")
"""30日 清洁日活动: a line that a day opens by itself."""
_AROUND = 16
"""Characters on either side of a line's end in which a day stands."""


def with_whole_days(found: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks with two paragraphs as one where a line's end stands inside a day: …，6月 / 30日前完成."""
    held: Paragraph | None = None
    for block in found:
        if held is not None and isinstance(block, Paragraph) and _is_parted(held.text, block.text):
            sights = [one for one in (held.sight, block.sight) if one is not None]
            read = tuple(text for sight in sights for text in sight.read)
            doubtful = tuple(text for sight in sights for text in sight.doubtful)
            held = replace(held, text=held.text + block.text, sight=Sight(read, doubtful) if sights else None)
            continue
        if held is not None:
            yield held
        held = block if isinstance(block, Paragraph) else None
        if held is None:
            yield block
    if held is not None:
        yield held


def _is_parted(first: str, second: str) -> bool:
    """Tell whether a day that does not open the first line goes on in the second."""
    tail = first[-_AROUND:]
    days = [] if len(first) > MAX_TEXT or _OF_A_SCHEDULE.match(second) else _DAY.finditer(tail + second[:_AROUND])
    return any(len(first) - len(tail) + day.start() > 0 and day.start() < len(tail) < day.end() for day in days)


def bounded(found: Iterable[Block], problems: list[Problem]) -> Iterator[Block]:
    """Yield blocks with long paragraphs in pieces, and without the end of cells that are too long: that is told."""
    for block in found:
        if isinstance(block, Grid):
            for row in block.rows:
                cut = [cell for cell in row.cells if len(cell) > MAX_TEXT]
                problems += [Problem(row.place, cell[:60], f"这一格超过 {MAX_TEXT} 字，以后的未读取") for cell in cut]
            yield Grid(
                block.number, [replace(row, cells=tuple(cell[:MAX_TEXT] for cell in row.cells)) for row in block.rows]
            )
        else:
            yield from _sentences(block)


_STOP = re.compile(r"[。！？!?；;](?=[^。！？!?；;]*$)")


def _sentences(block: Paragraph) -> Iterator[Paragraph]:
    """Yield a paragraph, one that is too long to be read at once in pieces of whole sentences."""
    text = block.text
    while len(text) > MAX_TEXT:
        stop = _STOP.search(text, 0, MAX_TEXT)
        cut = stop.end() if stop else MAX_TEXT
        yield replace(block, text=text[:cut])
        text = text[cut:]
    yield replace(block, text=text) if text != block.text else block


def in_simplified(found: list[Block]) -> list[Block]:
    """Return blocks in Simplified script; the very same list where they are in it already."""
    if not is_traditional("".join(texts(found))):
        return found
    return [
        Grid(one.number, [replace(row, cells=tuple(map(simplified, row.cells))) for row in one.rows])
        if isinstance(one, Grid)
        else replace(one, text=simplified(one.text))
        for one in found
    ]


def by_place(found: Iterable[Block]) -> dict[Place, str]:
    """Return what stands where: the cells of a row, or a paragraph."""
    standing: dict[Place, str] = {}
    for block in found:
        for one in block.rows if isinstance(block, Grid) else (block,):
            standing[one.place] = " | ".join(one.filled.values()) if isinstance(one, Row) else one.text
    return standing


_LABEL_AND_BLANK = re.compile(
    r"(?m)^(?P<mark>[▲△●○◆◇■□★☆※·•]?)(?P<label>[\u4e00-\u9fff]{0,4}(?:单位|部门|领导|责任人|时限|时间|期限))(?:[ \t\u3000](?!\s*[\u4e00-\u9fff]{2,6}(?:单位|部门|时限|期限)(?:\s|$))|[:：])(?=\s*[\u4e00-\u9fff\d])"
)
"""▲牵头单位 县文旅局: a label that a mark and a blank set off, as slides and posters have it; a header of labels is none."""


def _with_colons(block: Paragraph) -> Paragraph:
    """Return a paragraph with its labels as a form has them, no character longer: 牵头单位：县文旅局."""
    text = _LABEL_AND_BLANK.sub(lambda one: " " * len(one["mark"]) + f"{one['label']}：", block.text)
    return block if text == block.text else replace(block, text=text)


def lifted(found: list[Block]) -> Iterator[Block]:
    """Yield blocks with the lines above a table's header, which spreadsheets keep inside it, before it as paragraphs, and with
    what signs a message in a paragraph of its own.
    """
    for block in found:
        if not isinstance(block, Grid):
            yield from map(_with_colons, signed_off(block))
            continue
        at = 0
        while at < len(block.rows) - 1 and len(block.rows[at].filled) <= 1:
            for text in block.rows[at].filled.values():
                for line in text.split("\n"):
                    yield Paragraph(line, block.rows[at].place)
            at += 1
        yield in_one(Grid(block.number, block.rows[at:]))
        yield from _notes(block.rows[at + 1 :])


_FOOT = re.compile(r"(?:注|备注|说明|填表说明|附注)\s*[:：]?\s*(?=\S)")


def _notes(rows: Sequence[Row]) -> Iterator[Paragraph]:
    """Yield what the notes with which a table ends say by when; ``rows`` are those below its header."""
    for row in rows[-_NOTES:]:
        text = next(iter(row.filled.values()), "")
        head = _FOOT.match(text)
        if len(row.filled) == 1 and head and "。" in text:
            said = (line.strip() for line in _NEXT.split(text[head.end() :]))
            yield from (Paragraph(line, row.place) for line in said if find_deadlines(line, _PROSE))


_NEXT = re.compile(r"\n|(?<=[。；;])(?=[（(]?\d{1,2}[.、．）)])")
_PROSE = Frame(Setting.PROSE, 2000)
_NOTES = 3
"""Rows below a table in which notes may stand."""


def lost(found: list[Block]) -> Iterator[Problem]:
    lost = sum(lost_characters(text) for text in texts(found))
    if lost:
        yield Problem(Place(), "", f"文中有 {lost} 处乱码，可能缺字，请对照原件")
