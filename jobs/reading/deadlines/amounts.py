"""How much falls to a year: 全年抽检不少于1200批次, 其中2023年150公里、2024年120公里."""

import re

from jobs.reading.deadlines.groups import NEAR, Group

OF_ALL_YEAR = "写的是全年的数量，按年底计，请核对"
_SO_MUCH = re.compile(
    r"(?:计划|力争|确保|至少|共|累计|再)?(?:(?!产值|营收|收入|利润|销售|能耗|已|了|无|均|平|降|日照|气温|有效)[\u4e00-\u9fff“”\"]){0,14}?(?:不少于|不低于|不小于|至少|达到?|完成|突破|超过)?\s?[\d.]+(?!小时|[\d.]|天|[%％]?(?:的|左右)|[^,。;]{0,8}(?:以上|以下|以内)的)"
)
"""全年抽检不少于1200批次"""
OF_A_SHARE = "写的是这一年的数量，按年底计，请核对"
_AMOUNT = r"(?:计划|新增|新建|改造|更新|建设|建成|完成|安排|投资)?\s?[\d.]+\s?[\u4e00-\u9fff]{1,4}"
_SHARE = re.compile(rf"{_AMOUNT}(?=[、,，。;；和及)]|$)")
_AND_NEXT = re.compile(rf"{_AMOUNT}[、,，和及]\s?20\d\d年{_AMOUNT}")
_AND_BEFORE = re.compile(rf"20\d\d年{_AMOUNT}[、,，和及]\s?$")
"""其中2023年150公里、2024年120公里: of several years each has its share."""


def is_of_all_year(text: str, group: Group) -> bool:
    """Tell whether 全年 says how much of something is to be done in it."""
    return group.last.written == "全年" and _SO_MUCH.match(text, group.end) is not None


def is_share(text: str, group: Group) -> bool:
    """Tell whether a bare year is one of several of which each has its share."""
    beside = _AND_NEXT.match(text, group.end) or _AND_BEFORE.search(text[max(0, group.start - NEAR) : group.start])
    return bool(beside) and _SHARE.match(text, group.end) is not None
