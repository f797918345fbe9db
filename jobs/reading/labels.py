"""Lines that only say who and when of what stands before them: labels, and brackets that name units."""

import re

from jobs.reading.brackets import brackets
from jobs.reading.deadlines import Frame, Setting
from jobs.reading.units import label_at

TIME_LINE = re.compile(
    r"^[（(【\[〔]?\s*(?:\d{4}年)?(?:完成|办结|办理|整改|推进|时间|进度|计划|工作|任务|落实|实施|要求|演练|培训|活动|举办|开展|召开|检查|反馈|回复|答复|报送|上报|拟)*(?:时限|时间|期限|节点|进度|日期|频次|频率)[^。:：】〕]{0,6}(?:[】\]〕]\s*[:：]?|\s*[:：])"
)
_PERSON_LABEL = re.compile(
    r"^[（(【\[]?\s*(?:[\u4e00-\u9fff]{0,4}责任人|责任领导|分管领导|市领导|县领导|领衔领导|包[保抓]领导|协调人|负责人|牵头领导|配合领导|(?:督[导办查促]|验收|监督|监管|核查|销号|考核)(?:单位|部门|责任人))[】\]]?\s*[:：]"
)
_LONGEST_LABEL = 300

_WITH_TASK = re.compile(
    r"[。；;，, \u3000](?:具体|工作|主要|重点|督办|交办|整改|承办)?(?:任务|事项|内容|问题|措施)(?:名称|内容|描述)?[:：]"
)
"""A line that says whose it is and what as well is a record of its own: 责任单位：某局。任务：…"""


def belongs(text: str) -> bool:
    """Tell whether a paragraph only says who and when of the one before: a label, or a bracket that names units."""
    if len(text) > _LONGEST_LABEL or not text:
        return False
    inner = text[1:] if text[0] in "（([" else text
    if (
        (label_at(inner.lstrip()) == 0 and not _WITH_TASK.search(text))
        or TIME_LINE.match(text)
        or _PERSON_LABEL.match(text)
    ):
        return True
    bare = text.rstrip("。；; ")
    return text[0] in "（(" and any(
        (mark.start, mark.end) == (0, len(bare)) for mark in brackets(bare, Frame(Setting.CELL))
    )
