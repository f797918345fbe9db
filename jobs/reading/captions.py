"""Captions: lines above items that say whose all of them are, or in which stage they are to be done."""

import re
from collections.abc import Sequence

from jobs.reading.blocks import Paragraph
from jobs.reading.brackets import brackets, is_list
from jobs.reading.deadlines import Frame, Setting
from jobs.reading.document import Place
from jobs.reading.labels import belongs
from jobs.reading.sections import is_stage
from jobs.reading.styles import ITEM_STYLES, level, numbered
from jobs.reading.units import label_at

COUNTED = re.compile(r"[（(]\s*共?\s*\d+\s*[项条件个][）)]$")
_WHOSE = re.compile(
    r"(?:由)?(?P<who>[^。；;：:]{2,60}?)(?:牵头|主要|具体)?(?:负责|承担|办理|落实)?的?(?:重点|主要|具体|牵头|责任|工作|年度)*(?:任务|职责|事项|责任|工作)?(?:清单|分工)?"
)
"""How a line names the unit under whose name its duties stand: 县民政局, 由县民政局牵头的任务, 县民政局责任清单."""
_CELL = Frame(Setting.CELL)
OPENS = "（(【[［〔"


def owed(text: str, style: str, below: str) -> str:
    """Return what names the units of a heading, where it does: the bracket that closes it, or the units that all of it is;
    ``below`` is the next line, with which, numbered from one on, their duties begin.

    Under a number, as in 一、县民政局, the duties may have none.
    """
    bare = COUNTED.sub("", text.rstrip("：: "))
    if style not in ("一、", "（一）", "A."):
        begins = not style and numbered(below)[1] in ("1", "一") and len(bare) <= 30
        return _whose(bare) if begins else ""
    named = brackets(text, _CELL)
    closes = len(named) == 1 and named[0].start <= 48 and named[0].end == len(text.rstrip("。：:"))
    if closes and "。" not in text[: named[0].start]:
        return text[named[0].start :]
    return _whose(numbered(bare)[2]) if below and level(numbered(below)[0]) > level(style) else ""


def _whose(text: str) -> str:
    whose = _WHOSE.fullmatch(text)
    return whose["who"] if whose and is_list(whose["who"]) else ""


def is_called(text: str) -> bool:
    """Tell whether a line before a colon is nothing but units, and says nothing of what is theirs as 县民政局职责 does."""
    return is_list(text) and not text.endswith(("职责", "任务", "分工", "清单", "事项"))


def is_bracket(owed: str) -> bool:
    """Tell whether what names the units of a heading is a bracket or a label, and not the whole of it."""
    return bool(owed) and (owed[0] in OPENS or label_at(owed) == 0)


def is_stage_of_items(text: str, style: str, below: str, *, after_item: bool) -> bool:
    """Tell whether a line without a number heads the numbered items below it by a stage: 第一阶段：排查（3月1日至20日）.

    One ``after_item``, where no stage came before, is that item's own unless the items below it are numbered anew.
    """
    of_below, number, _body = numbered(below)
    heads = not style and of_below in ("（一）", *ITEM_STYLES) and is_stage(text)
    return heads and (not after_item or number in ("1", "一"))


def leading(lines: Sequence[Paragraph]) -> dict[Place, str]:
    """Return, by place, the lines that say whose the numbered items below them are, 【县民政局】 or 牵头单位：县民政局; several
    such lines are one, and of the others nothing is left.

    So it is where nothing stands above the first that could be theirs, and items stand below each.
    """
    whose = [bool(_names(one.text)) for one in lines]
    begins = [at for at, is_one in enumerate(whose) if is_one and not (at and whose[at - 1])]
    found: dict[Place, str] = {}
    for begin in begins:
        end = next((at for at in range(begin, len(lines)) if not whose[at]), len(lines))
        if end == len(lines) or numbered(lines[end].text)[0] not in ITEM_STYLES:
            return {}
        found[lines[begin].place] = "；".join(one.text for one in lines[begin:end])
        found.update((one.place, "") for one in lines[begin + 1 : end])
    if not begins or any(numbered(one.text)[0] in ITEM_STYLES for one in lines[: begins[0]]):
        return {}
    return found if len(begins) > 1 or _BRACKETED.fullmatch(lines[begins[0]].text) else {}


def _names(text: str) -> bool:
    """Tell whether a line names units by a label or a bracket, and says nothing else."""
    if numbered(text)[0] or not belongs(text):
        return bool(_BRACKETED.fullmatch(text)) and is_list(text[1:-1])
    return any((mark.start, mark.end) == (0, len(text.rstrip("。；; "))) for mark in brackets(text, _CELL))


_BRACKETED = re.compile(r"【[^【】]{2,30}】")
