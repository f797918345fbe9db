"""Collective units whose members a document itself names: 工作专班由甲、乙、丙为成员单位."""

import re
from collections.abc import Iterable, Iterator

from jobs.reading.document import Group
from jobs.reading.likely import looks_like_unit
from jobs.reading.naming import names

_GROUP = re.compile(
    r"(?P<name>(?:自由|(?!由)[\u4e00-\u9fff]){2,24}?)(?:[（(](?:以下)?(?:简称)?[:：]?[“\"]?(?P<short>[^（）()“”\"]{2,12})[”\"]?[）)])?[，,]?由"
    r"(?P<members>[^。；;]{4,400}?)(?:等(?:部门|单位)?)?(?:为|作为|担任|组成|参加|构成)"
)


def groups(texts: Iterable[str]) -> Iterator[Group]:
    """Yield the collective units whose members a text names: 工作专班由甲、乙、丙为成员单位; under its short name too."""
    for text in texts:
        for match in _GROUP.finditer(text):
            listed = tuple(name for name in names(match["members"])[0] if looks_like_unit(name))
            name = re.split(r"成立|设立|建立|组建|的", match["name"])[-1]
            for called in (name, match["short"]):
                if len(listed) > 1 and called and len(called) > 1:
                    yield Group(called, listed)
