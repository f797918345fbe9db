"""A line of a schedule that has neither header nor marks: 4月 读书日活动 文化科、图书馆."""

import re
from dataclasses import dataclass

from jobs.reading.brackets import is_list
from jobs.reading.deadlines import Deadline, Frame, read_deadline
from jobs.reading.naming import names

_LINE = re.compile(
    r"(?:\d{1,3}[.、．]?\s{0,4})?(?P<when>[^\s。，、.]{2,12})\s{1,9}(?P<what>[^\s。；][^。；\n]{1,60}?)\s{1,9}(?P<who>[^\s。]{2,60})$"
)

_HEADED = re.compile(
    r"(?P<when>[^\s。，、：:（(]{2,12}?)(?:上午|下午|全天)?[:：](?P<what>[^。；;：:\n（(]{2,80})[（(](?P<who>[^（）()]{2,60})[）)][。；;]?$"
)
"""周三上午：企业座谈会（招商科）: the day stands before a colon, and the bracket holds nothing but units."""

_OF_EACH = re.compile(
    r"(?:[（(]?[\d一二三四五六七八九十]{1,3}[）)、.．]|[①-⑳])\s{0,4}(?!联系|抄|主讲|主持|来源|地点|附件|会议|培训师)(?P<what>[^\s。；;，,、：:（(]{2,30})[:：](?P<who>[^。；;：:（()）]{2,60}?)[，,](?P<when>[^。；;：:，,、]{2,16})[。；;]?$"
)
"""（2）养老机构：市民政局，9月15日: of each sort of place whose it is and by when; what a paper says at its foot bears no number."""


_TASK_FIRST = re.compile(
    r"(?:[（(]?\d{1,3}[）)、.．](?!\d)|[①-⑳])\s{0,4}(?P<what>[^\s。；;：:][^。；;：:\n]{1,60}?)\s{1,9}(?P<who>[^\s。；;：:]{2,60})\s{1,9}(?P<when>[^\s。；;：:]{2,16})$"
)
"""1.修订防汛预案 县应急局、县水利局 4月10日前: a numbered row of which a copy left the blanks."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What such a line says: when, what, and whose it is."""

    when: Deadline
    what: str
    who: list[str]


def scheduled(text: str, frame: Frame) -> Scheduled | None:
    """Return what a line says whose words are parted by blanks: a day, what is done, units; None for any other line."""
    line = _HEADED.match(text) or _OF_EACH.match(text) or _TASK_FIRST.match(text) or _LINE.match(text)
    when = read_deadline(line["when"], frame) if line else None
    if line is None or when is None or not is_list(line["who"]):
        return None
    return Scheduled(when, line["what"], names(line["who"])[0])
