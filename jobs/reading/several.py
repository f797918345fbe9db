"""Lists of which the last says what all of them are: 清溪、石门两镇, 住建局、水务三局."""

import re

_PLACE = r"[镇乡县区村]|街道|社区|园区"
_SORT = rf"[局厅委校]|部门|单位|街道办事处|{_PLACE}"
_COUNT = "[两二三四五六]"
_FIRM = "中铁|中建|中交|中冶|中水|水电|铁(?=[道二三四五六])|中电建|中核"
"""中铁四局 is one."""
_OF_SEVERAL = re.compile(
    rf"^(?!{_FIRM}|各|全|其[他它余]|以上|上述|有关|相关|.*等)(?P<name>[\u4e00-\u9fff]{{2,12}}?)(?P<count>{_COUNT})[个家]?(?P<sort>{_SORT})$"
)
_COUNTS = {char: value for value, char in enumerate("一二三四五六", start=1)} | {"两": 2}
_IS_PLACE = re.compile(rf"(?:{_PLACE})$")
_IS_OFFICE = re.compile(r"(?:[局厅委办院校中]|部门?|单位|中心|公司|集团|[支大]队|政府|[妇残文侨工商]联)$")

COUNTED = re.compile(rf"(?!{_FIRM})[\u4e00-\u9fff]{{1,6}}{_COUNT}[个家]?(?:[局厅镇乡县]|部门|单位)$")
"""市两局, 住建三部门: how many there are, and not who."""


def each_in_full(parts: list[str]) -> list[str]:
    """Return 清溪、石门两镇 as 清溪镇 and 石门镇, and what is a name already, 城关镇、石门两镇, as it stands. A list shorter than
    its last says stays as it is.
    """
    full: list[str] = []
    for part in parts:
        last = _OF_SEVERAL.match(part)
        begin = len(full) + 1 - _COUNTS[last["count"]] if last else -1
        if last and begin >= 0 and all(re.fullmatch(r"[\u4e00-\u9fff]{2,12}", one) for one in full[begin:]):
            full[begin:] = [_in_full(one, last["sort"]) for one in (*full[begin:], last["name"])]
        else:
            full.append(part)
    return full


def _in_full(name: str, sort: str) -> str:
    """Return a name with the sort that it lacks: a place may end as an office does, 新市 and 沙市两镇."""
    whole = (_IS_PLACE if _IS_PLACE.fullmatch(sort) else _IS_OFFICE).search(name)
    return name if whole or sort == "单位" else name + sort
