"""Records: those that say first whose they are and then what is to be done, 责任单位：…⏎任务：…⏎时限：…, and those whose lines are
numbered, 1.活动时间：…⏎2.活动内容：…⏎3.组织单位：…
"""

import re
from collections.abc import Sequence

from jobs.reading.blocks import Paragraph
from jobs.reading.document import Place
from jobs.reading.labels import belongs
from jobs.reading.sections import heads
from jobs.reading.styles import level, numbered
from jobs.reading.units import label_at

_TASK_LABEL = re.compile(
    r"^[【\[]?\s*[\u4e00-\u9fff]{0,4}(?:任务|事项|内容|问题|措施|举措|要求|项目|工作|目标)[\u4e00-\u9fff]{0,2}[】\]]?\s*[:：]"
)
_LEADS_IN = re.compile(r"[:：]$|(?:如下|见下)[。：:]?$|^[（(][^（）()]*[）)]$")


_LABEL = re.compile(r"[\u4e00-\u9fff]{2,8}[:：]")


def fields(lines: Sequence[Paragraph]) -> dict[Place, str]:
    """Return, by place and without their numbers, the lines that fill in the record which the heading above them is: numbered
    from one on, each behind a label, and one of them says whose it is.
    """
    found: dict[Place, str] = {}
    run: list[tuple[Paragraph, str]] = []
    over = ""
    for at, one in enumerate([*lines, None]):
        style, number, body = numbered(one.text) if one else ("", "", "")
        goes_on = bool(run) and style == over and number == str(len(run) + 1) and _LABEL.match(body)
        if not goes_on:
            if len(run) > 1 and any(label_at(text) == 0 for _line, text in run):
                found.update((line.place, text) for line, text in run)
            run = []
        above = numbered(lines[at - 1].text)[0] if at and one else ""
        begins = style in ("1.", "（1）") and number == "1" and above and level(above) < level(style)
        if one and (goes_on or (begins and _LABEL.match(body))):
            run.append((one, body))
            over = style
    return found


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
