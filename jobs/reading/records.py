"""Records that say first whose they are and then what is to be done: 责任单位：…⏎任务：…⏎时限：…"""

import re
from collections.abc import Sequence

from jobs.reading.blocks import Paragraph
from jobs.reading.document import Place
from jobs.reading.labels import belongs
from jobs.reading.sections import heads
from jobs.reading.styles import numbered
from jobs.reading.units import label_at

_TASK_LABEL = re.compile(
    r"^[【\[]?\s*[\u4e00-\u9fff]{0,4}(?:任务|事项|内容|问题|措施|举措|要求|项目|工作|目标)[\u4e00-\u9fff]{0,2}[】\]]?\s*[:：]"
)
_LEADS_IN = re.compile(r"[:：]$|(?:如下|见下)[。：:]?$|^[（(][^（）()]*[）)]$")


def beginnings(lines: Sequence[Paragraph]) -> set[Place]:
    """Return where records begin that say first whose they are and then what: 责任单位：…⏎任务：…⏎时限：…

    So it is where below every run of labels stands what is to be done, and nothing above the first that could be it.
    """
    labels = [belongs(one.text) and not numbered(one.text)[0] for one in lines]
    blocks: list[tuple[int, int]] = []
    for at, one in enumerate(lines):
        whose = labels[at] and label_at(one.text) == 0
        if whose and (not blocks or blocks[-1][1] <= at):
            end = next((below for below in range(at, len(lines)) if not labels[below]), len(lines))
            blocks.append((at, end))
    if not blocks or any(end == len(lines) or numbered(lines[end].text)[0] for _begin, end in blocks):
        return set()
    above = [lines[begin - 1].text if begin else "" for begin, _end in blocks]
    said = len(blocks) > 1 and all(_TASK_LABEL.match(lines[end].text) for _begin, end in blocks)
    led = not above[0] or _LEADS_IN.search(above[0]) or (said and heads(above[0], ""))
    headed = any(heads(text, "") for text in above[1:])
    return {lines[begin].place for begin, _end in blocks} if led and not headed else set()
