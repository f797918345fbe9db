"""Who answers for a task by name: the columns 分管领导, 责任人, and the lines that say so in prose. Kept as printed."""

import re
from collections.abc import Iterator

Leader = tuple[str, str]
"""What somebody is called in the document (分管领导), and their name as printed."""

_WHAT = r"(?:分管|责任|包[保抓]|牵头|领衔|挂[点钩]|主要|督办|联系)?(?:市|县|区|镇|厅|局)?(?:领导|负责同志)|(?:[\u4e00-\u9fff]{0,4})?(?:责任人|负责人)"
_HEADING = re.compile(rf"(?:{_WHAT})$")
_NOT_ONE = re.compile(r"联系人|联络员|经办人|电话|验收|核查|销号|督[导查]责任人|监[督管]责任人|考核|填报")
_LABEL = re.compile(
    rf"(?:^|[（(【\[；;。\n，,\s])(?P<what>{_WHAT})[】\]]?\s*[:：]\s*(?P<who>[^；;。：:\n（(）)】\]]{{2,40}}(?:[（(][^（()）]{{1,20}}[)）])?)"
)
_TELEPHONE = re.compile(r"(?:电话|手机|联系方式)?[:：]?\s{0,4}\d[\d\s\-—]{6,40}\d")
_BETWEEN = re.compile(r"[、，,/；;\n]")
LONGEST = 20
"""Characters of the longest name with its office that is taken for one."""


def is_heading(heading: str) -> bool:
    """Tell whether a column of people holds those who answer for a task, not whom one calls or who looks at it."""
    return _HEADING.search(heading) is not None and _NOT_ONE.search(heading) is None


def of_cell(heading: str, cell: str) -> Iterator[Leader]:
    """Yield who stands in a cell: under the column's heading, or under the labels that the cell has itself."""
    labelled = list(of_text(cell))
    yield from labelled or ((heading, name) for name in _names(cell))


def of_text(text: str) -> Iterator[Leader]:
    """Yield who is named with a label, 分管领导：张三."""
    for said in _LABEL.finditer(text):
        if _NOT_ONE.search(said["what"]) is None:
            yield from ((said["what"], name) for name in _names(said["who"]))


def _names(text: str) -> Iterator[str]:
    """Yield names as printed, without telephones; what is longer than a name and its office is none, nor is a unit."""
    for part in _BETWEEN.split(_TELEPHONE.sub("", text)):
        name = (
            re.sub(r"\s+", "", part)
            if re.fullmatch(r"[\u4e00-\u9fff]\s+[\u4e00-\u9fff]", part.strip())
            else part.strip()
        )
        if 2 <= len(name) <= LONGEST and re.search(r"[\u4e00-\u9fff]", name) and not _UNIT.search(name):
            yield name


_UNIT = re.compile(r"(?:单位|部门|委员会|办公室|[^副正]局|[^副正]厅|集团|公司|政府|中心|科室|支队|总队|大队)$")


def written(leaders: tuple[Leader, ...] | list[list[str]]) -> str:
    """Write leaders as people read them: 分管领导：张三、李四；责任人：王五."""
    named: dict[str, list[str]] = {}
    for what, name in leaders:
        named.setdefault(what, []).append(name)
    return "；".join(f"{what}：{'、'.join(names)}" for what, names in named.items())
