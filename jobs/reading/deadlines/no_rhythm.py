"""What says how much a year, or what a plan tells of each month, and no duty that comes again."""

import re

_NOT_AFTER = re.compile(
    r"\s{0,8}(?:个|人|增长|递增|下降|递减|均|约|达到?\d|[^,。;]{0,10}?(?:补助|补贴|奖励|资助|给予|奖补)[^,。;]{0,10}?\d|[^,。;\d]{0,8}\d[\d.]{0,12}[万亿]?元)"
)
_NOT_BEFORE = re.compile(r"(?:每人|每户|每亩|每家|每件|人均)$")
"""Money a year, and so much for each: no duty comes again."""
_TIMES = re.compile(r"[^,。;]{0,10}?(?:[\d一二三四五六七八九十]|两)+次")
"""每人每月探访2次"""
_PLANNED = re.compile(r"(?:细化|分解|明确|列出|倒排|排定|排出|测算)(?:到|出|好)?$")
_OF_A_PLAN = re.compile(
    r"(?:的)?[\u4e00-\u9fff]{0,6}?(?:额|量|计划|进度|目标|任务|指标|节点|安排|措施)(?=[、,。;和及与]|$)"
)
"""细化每月投资额、形象进度: what a plan says of each month, and no duty comes again."""


def is_no_duty(text: str, start: int, end: int) -> bool:
    """Tell whether words from ``start`` (inclusive) to ``end`` (exclusive) only say of what span an amount or a plan is."""
    for_each = _NOT_BEFORE.search(text[max(0, start - 2) : start])
    if _NOT_AFTER.match(text, end) or (for_each and not _TIMES.match(text, end)):
        return True
    return bool(_PLANNED.search(text[max(0, start - 4) : start]) and _OF_A_PLAN.match(text, end))
