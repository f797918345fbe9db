"""What says how much a year, or what a plan tells of each month, and no duty that comes again; and why of one that does it is not sure when."""

import re

from jobs.reading.deadlines.resolve import number

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


# ---------------------------------------------------------------- not sure when

_EVENT_DAY = "每年的日子随事件而定，须人工确定"
_TERMS = "每学期的日子随校历而定，按每半年计，须人工确定"
_DOUBTS = {
    "nextq": "写的是下一季度，按每季度首月计，请核对",
    "yevent": _EVENT_DAY,
    "term": _TERMS,
    "qend": "没有写哪一季度，按每季度末计，请核对",
    "hours": "写的是几小时一次，只能按每日计，请核对",
    "mweek": "写的是月里的第几周，按到那一周第七天计，请核对",
    "tenth": "按每月逢这几个数的日子计，请核对",
    "fort": "隔周办理，从哪一周起没有写明，请核对",
    "swday": "隔周办理，从哪一周起没有写明，请核对",
}
"""Why a person should look at a rule, by the words that it was read from."""
_WHILE = re.compile(r"(?<!规划)(?<!五[”\"])(?<!五)(?<!年)(?<!年[\u4e00-\u9fff]{2})期间(?!的)[^。;!?\n]{0,24}$")
_UNTIL_WHEN = "只在所写的期间每期办理，从哪天起到哪天止请核对"
"""节日期间，县应急局每天报送: it comes again as long as that lasts."""
_WORKDAYS = "以工作日计的日子每期不同，按日历日计算"

_GAP = "写的是每隔多久，按隔一期办一次计，从哪一期起请核对"
_COUNTED = ("qafter", "hafter", "qlast", "mlast", "qfront", "mfront", "mwork")


def doubt_of(text: str, match: re.Match[str]) -> str | None:
    """Return why what comes again is not sure, None where it is."""
    during = _UNTIL_WHEN if _WHILE.search(text[max(0, match.start() - 32) : match.start()]) else None
    after = "工作日" in match[0] and any(match[key] for key in _COUNTED)
    why = _WORKDAYS if after else _GAP if is_with_gap(match) else during
    return next((doubt for key, doubt in _DOUBTS.items() if match[key]), why)


def is_with_gap(match: re.Match[str]) -> bool:
    """Tell whether one week, day or month lies between: 每隔一周 is every second one."""
    counts = (match[key] for key in ("yn", "mn", "wn", "dn"))
    return match[0].startswith("每隔") and any(number(count) == 1 for count in counts if count)
