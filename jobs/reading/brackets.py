"""Brackets that name units: （市应急管理局牵头，市住建局配合，6月底前完成）."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jobs.reading.deadlines import Deadline, Frame, find_deadlines
from jobs.reading.naming import looks_like_unit, names, split
from jobs.reading.units import Standing, by_label, by_words, label_at


@dataclass(slots=True)
class Bracket:
    """A bracket that names units, at ``start`` (inclusive) to ``end`` (exclusive) of the item's text."""

    start: int
    end: int
    standing: Standing
    deadlines: list[Deadline] = field(default_factory=list)


def brackets(text: str, frame: Frame) -> list[Bracket]:
    """Return the brackets that name units, and a trailing 责任单位：… without brackets, in order."""
    found = [made for start, end in _spans(text) if (made := _bracket(text, start, end, frame))]
    tail = found[-1].end if found else 0
    label = label_at(text, tail)
    if label is not None:
        rest = text[label:]
        standing = by_label(rest)
        if standing is not None and standing.everybody:
            found.append(
                Bracket(label, len(text), standing, [moved(one, label) for one in find_deadlines(rest, frame)])
            )
    return found


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the outermost brackets, with their marks."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        if char in "（(【[［〔":
            start = at if depth == 0 else start
            depth += 1
        elif char in "）)】]］〕" and depth:
            depth -= 1
            if depth == 0:
                yield start, at + 1


def _bracket(text: str, start: int, end: int, frame: Frame) -> Bracket | None:
    inner = text[start + 1 : end - 1].strip()
    if len(inner) < 3:
        return None
    deadlines = find_deadlines(inner, frame)
    bare = without(inner, deadlines)
    standing = by_label(bare) or by_words(bare) or _bare_list(text, start, end, bare, bool(deadlines))
    if standing is None or not (standing.everybody or standing.implied) or not _only_units(standing):
        return None
    shifted = [moved(one, start + 1 + text[start + 1 :].index(inner[0])) for one in deadlines]
    return Bracket(start, end, standing, shifted)


def _bare_list(text: str, start: int, end: int, inner: str, dated: bool) -> Standing | None:
    """Read （市司法局、市住建局） at the end of an item: units and nothing else, and not another name of a unit before it.

    Where a day stands beside them, （区商务局，三季度）, there is no doubt whose duty it is.
    """
    if text[end:].strip("。；; \n"):
        return None
    listed, open_ended = names(inner)
    if (
        not dated
        and len(listed) < 2
        and text[start - 1 : start] not in ("。", "；", "，", "")
        and _ends_with_unit(text[:start])
    ):
        return None
    if not listed or not all(looks_like_unit(name) for name in listed):
        return None
    return Standing(responsible=listed, open_ended=open_ended)


def _ends_with_unit(text: str) -> bool:
    """Tell whether a bracket may give another name of what stands before it: 市发改委（市粮食和物资储备局）."""
    return looks_like_unit(re.split(r"[，,。；;：:、\n]", text)[-1][-12:])


def _only_units(standing: Standing) -> bool:
    """Tell a bracket of units from one of words that happens to end in 落实."""
    everybody = [*standing.everybody, *standing.implied]
    return sum(looks_like_unit(name) for name in everybody) * 2 >= len(everybody)


def without(text: str, deadlines: list[Deadline]) -> str:
    """Return a bracket's text without the segments that only say when."""
    for one in reversed(deadlines):
        text = text[: one.start] + text[one.end :]
    kept = [
        part
        for part in split(text, "，,；;")
        if not re.fullmatch(r"\s*(?:完成|办结|前完成|(?:完成)?(?:时限|时间)[:：]?)?\s*", part)
    ]
    return "；".join(kept) if deadlines else text


def moved(one: Deadline, by: int) -> Deadline:
    return Deadline(
        one.text, one.start + by, one.end + by, one.kind, one.due, one.rule, one.next, one.shift, one.uncertain, one.how
    )
