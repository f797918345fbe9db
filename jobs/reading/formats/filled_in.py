"""Forms that a copy flattened: a label and what was filled in beside it in one line, or each in a line of its own."""

import re
from collections.abc import Sequence

from jobs.reading.blocks import Row
from jobs.reading.columns import TASK_HEADINGS, UNITS, columns_of, meaning_of, plain_heading
from jobs.reading.document import Place
from jobs.reading.formats.flat import Flattened

_LONGEST_LABEL = 8
_PAIRS = 3
"""Labels that a form has at least."""
_TRIED = 30
_LINES = 4
"""Lines of what was filled in beside one label."""
_SAYS = re.compile(r"[\u4e00-\u9fff\d]")
_LABELLED = re.compile(
    r"^(?P<label>[\u4e00-\u9fff ]{2,12}?)\s*(?:[\t|｜│]|[ \u3000\xa0]{2,20})\s*(?P<filled>[^\t|｜│]*)[|｜│]?\s*$"
)

Pair = tuple[str, str, int]
"""A label as it is read, what was filled in as printed, and the line of the label, from 0."""


def filled_in(lines: Sequence[str], plain: Sequence[str], at: int, number: int) -> Flattened | None:
    """Return the form that begins at a line, as the document's table ``number``, two cells a row; None where none begins.

    ``plain`` are the lines in Simplified script, by which they are read.
    """
    for pairs, end in (_in_one_line(lines, plain, at), _line_by_line(lines, plain, at)):
        if _is_form(pairs):
            rows = [
                Row((label, filled), Place(line=line + 1, table=number, row=row))
                for row, (label, filled, line) in enumerate(pairs, 1)
            ]
            return Flattened(rows, end)
    return None


def _is_form(pairs: Sequence[Pair]) -> bool:
    """Tell whether labels say who is to do what by when; labels with nothing beside them are the header of a table."""
    if sum(not filled for _label, filled, _line in pairs) * 4 > len(pairs):
        return False
    labels = tuple(dict.fromkeys(label for label, _filled, _line in pairs))
    columns = columns_of(labels)
    named, task = {*UNITS, "mixed"} & columns.keys(), {"task", "problem"} & columns.keys()
    return len(labels) >= _PAIRS and "deadline" in columns and bool(named and task)


def _is_label(text: str) -> bool:
    bare = plain_heading(text.strip())
    if not bare or len(bare) > _LONGEST_LABEL or not re.fullmatch(r"[\u4e00-\u9fff]+", bare):
        return False
    return (
        meaning_of(bare) is not None
        or bare.endswith("要求")
        or any(re.search(words, bare) for words in TASK_HEADINGS[:2])
    )


def _in_one_line(lines: Sequence[str], plain: Sequence[str], at: int) -> tuple[list[Pair], int]:
    pairs: list[Pair] = []
    while at < len(lines) and not _is_vain(pairs):
        read, printed = _LABELLED.match(plain[at].strip()), _LABELLED.match(lines[at].strip())
        if lines[at].strip():
            if read is None or printed is None or not _is_label(read["label"]) or _is_label(read["filled"]):
                break
            pairs.append((read["label"].strip(), printed["filled"].strip(), at))
        at += 1
    return pairs, at


def _line_by_line(lines: Sequence[str], plain: Sequence[str], at: int) -> tuple[list[Pair], int]:
    """Return pairs of a label's line and the lines below it; what stands below the last label is one line. Between them a label
    may have its text in its own line (工作任务：…), and labels may be numbered as headings are (二、责任单位).
    """
    pairs: list[Pair] = []
    alone = 0
    while at < len(lines) and (parted := _parted(plain[at])) and not _is_vain(pairs):
        label, beside = parted
        if beside:
            pairs.append((label, lines[at].strip()[-len(beside) :], at))
            at += 1
            continue
        alone += 1
        below = at + 1
        filled: list[int] = []
        while below < len(lines) and len(filled) < _LINES and not _parted(plain[below]):
            filled += [below] if _SAYS.search(lines[below]) else []
            below += 1
        if filled and (below >= len(lines) or not _parted(plain[below])):
            filled = filled[:1]
            below = filled[0] + 1
        if any(_ITEM.match(plain[line].strip()) for line in filled):
            return [], at  # 二、工作任务 above items of its own is a heading
        pairs.append((label, "\n".join(lines[line].strip() for line in filled), at))
        at = below
    return (pairs, at) if alone > 1 else ([], at)


_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])\s{0,4}")
_ITEM = re.compile(r"(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}[.、．](?!\d)|[①-⑳])")


def _parted(line: str) -> tuple[str, str] | None:
    """Return a line's label and what stands behind its colon, "" where nothing does; None for a line that begins with none."""
    label, _colon, beside = re.sub("[:：]", "：", _NUMBER.sub("", line.strip()), count=1).partition("：")
    return (label.strip(), beside.strip()) if _is_label(label) else None


def _is_vain(pairs: Sequence[Pair]) -> bool:
    """Tell that so many labels make no form that more will not either."""
    return len(pairs) == _TRIED and not _is_form(pairs)
