"""Closing labels that give each item of a list its own by its number: 完成时限：第1项5月底前，第2项6月底前; 前两项…，其余…"""

import re
from collections.abc import Sequence

from jobs.reading.deadlines.resolve import number
from jobs.reading.styles import CIRCLED

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_WHICH = re.compile(
    rf"""(?:^|(?<=[，,；;。、和及\s]))\s*(?:
    (?:第|任务|事项|问题)?(?P<first>{_N})项?(?:至|到|[-—–~～])第?(?P<last>{_N})项
  | (?:第|任务|事项|问题)?(?P<listed>{_N}(?:[、和及]第?{_N})*)项
  | (?:任务|事项|问题|措施)(?P<called>{_N})(?!项)
  | 前(?P<front>{_N})项
  | 最?后(?P<back>{_N})项
  | (?P<rest>其[余他它](?:(?:各|的|几|{_N})?(?:项|任务|事项|工作))?)
  | [（(](?P<bracket>{_N})[）)]
  | (?P<circled>[①-⑳])
  | (?P<dotted>\d{{1,2}})[.．](?=\d{{1,2}}月|[\u4e00-\u9fff])
    )(?:任务|工作)?(?:[于在为由]|[:：])?""",
    re.VERBOSE,
)
_SPEAKS = re.compile(rf"第{_N}(?:[、和及至到—–-]第?{_N})*项|[前后]{_N}项|其[余他](?:各|{_N})?项")
_MARKS = "，,；;。、 和及"
_OF_STYLE = {"bracket": ("（1）", "（一）"), "circled": ("①",), "dotted": ("1.",)}
"""By the sign of a number alone an item is meant that is numbered so."""


def speaks_of_items(body: str) -> bool:
    """Tell whether what stands behind a label speaks of items by their numbers, in whatever order."""
    return bool(_SPEAKS.search(body))


def of_items(names: Sequence[str]) -> list[str]:
    """Return names without the numbers of the items that they are of: 第1项某局."""
    return [_WHICH.sub("", name) for name in names]


def shares(body: str, style: str, numbers: Sequence[str]) -> dict[str, str]:
    """Return, by number, what stands behind a label for each of the items that have the ``numbers`` of one list; nothing where it
    does not give them something by their numbers, or speaks of another.
    """
    found = list(_WHICH.finditer(body))
    if not found or body[: found[0].start()].strip():
        return {}
    values = {number(one): one for one in numbers}
    told: dict[str, str] = {}
    waiting: list[int] = []
    for at, match in enumerate(found):
        kind = match.lastgroup or ""
        meant = _meant(match, list(values))
        if (style not in _OF_STYLE.get(kind, (style,))) or not meant or not set(meant) <= set(values):
            return {}
        text = body[match.end() : found[at + 1].start() if at + 1 < len(found) else len(body)].strip(_MARKS)
        waiting += [one for one in meant if kind != "rest" or values[one] not in told]
        if text:
            if any(values[one] in told for one in waiting):
                return {}
            told |= {values[one]: text for one in waiting}
            waiting = []
    return {} if waiting or len(set(told.values())) < len(found[:2]) else told


def _meant(match: re.Match[str], values: list[int]) -> list[int]:
    """Return the numbers of the items that are meant; of 前两项 and 其余 by where they stand in the list."""
    if match["rest"]:
        return values
    if match["front"]:
        return values[: number(match["front"])]
    if match["back"]:
        return values[-number(match["back"]) :]
    if match["last"]:
        return list(range(number(match["first"]), number(match["last"]) + 1))
    if match["circled"]:
        return [int(CIRCLED[match["circled"]])]
    said = match["listed"] or match["called"] or match["bracket"] or match["dotted"]
    return [number(one) for one in re.findall(_N, said)]
