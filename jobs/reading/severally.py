"""分别: the units, or what is to be done, of several days of a task, in the order in which they are written."""

import re
from dataclasses import replace

from db.words import DeadlineKind
from jobs.reading.document import MilestoneRead, TaskRead
from jobs.reading.due import SEVERALLY

IN_ORDER = "写的是“分别”，单位与期限按先后对应，请核对"
_SHARED_OUT = re.compile(r"分别(?:牵头|具体|抓好|组织|认真|按职责){0,2}(?:负责|落实|承担|实施|办理|完成|推进)")
"""甲、乙分别负责: the units are shared out, wherever their days stand."""
_BEFORE_DAYS = re.compile(r"分别(?:应|须|要|是|为)?[于在为到至]?[:：]?[^，,。；;：:、（）()\d]{0,10}$")
_BEHIND_DAYS = re.compile(r"(?:之?前)?[，,]?分别")
_WHAT = re.compile(r"(?:之?前)?[，,]?(?:分别)?(?P<what>(?!由)[^，,。；;|\n\t（）()]+)")
_FIGURE = re.compile(r"\d[\d.]*(?:%|％|[\u4e00-\u9fff]{0,4})$")
_DOES = re.compile(r"^(?:完成|开展|组织|实施|进行|达到|做好)")
_ENDS = re.compile(r"[、，,。；;：:|\n\t（）()]")


def severally(task: TaskRead) -> TaskRead:
    """Return a task of whose days 分别 is said: each with its own of what is listed, and with its own unit, to be looked at."""
    dated = [one for one in task.milestones if one.kind is DeadlineKind.DATE and one.due]
    text = task.source or task.text
    if len(dated) < 2 or "分别" not in text:
        return task
    at = [text.find(one.text) for one in dated]
    led = _BEFORE_DAYS.search(text[: at[0]]) is not None
    behind = _BEHIND_DAYS.match(text, at[-1] + len(dated[-1].text)) is not None
    if led or behind:
        dated = _each_its_own(dated, at, text, led=led)
    units = task.responsible or task.lead
    everybody = {*task.lead, *task.responsible}
    alike = all(one.units is None or {*units} <= {*one.units} <= everybody for one in dated)
    if len(units) > 1 and alike and (led or behind or (_SHARED_OUT.search(text) and len(units) == len(dated))):
        dated = _shared_out(dated, units, task.lead if task.responsible else ())
    elif len(units) == 1:
        dated = [
            replace(one, uncertain=None) if one.uncertain == SEVERALLY and one.deliverable else one for one in dated
        ]
    told = iter(dated)
    return replace(
        task,
        milestones=tuple(next(told) if one.kind is DeadlineKind.DATE and one.due else one for one in task.milestones),
    )


def _shared_out(dated: list[MilestoneRead], units: tuple[str, ...], lead: tuple[str, ...]) -> list[MilestoneRead]:
    """Give each of as many units its own of the days; where there are more or fewer each is asked whose it is."""
    if len(units) != len(dated):
        return [replace(one, uncertain=one.uncertain or SEVERALLY) for one in dated]
    return [
        replace(one, units=(*lead, who), uncertain=IN_ORDER if one.uncertain in (None, SEVERALLY) else one.uncertain)
        for one, who in zip(dated, units, strict=True)
    ]


def _each_its_own(dated: list[MilestoneRead], at: list[int], text: str, *, led: bool) -> list[MilestoneRead]:
    """Give each day what it is for: of a list behind them all, or what stands right before each in its own place."""
    if len({*at}) == len(dated) and led:
        before = [_ENDS.split(text[:place])[-1].removeprefix("分别").lstrip("为于在") for place in at]
        return [replace(one, deliverable=what or one.deliverable) for one, what in zip(dated, before, strict=True)]
    said = _WHAT.match(text, at[-1] + len(dated[-1].text))
    listed = re.split(r"[、和]", said["what"]) if said else []
    if len(listed) != len(dated):
        return dated
    figure = _FIGURE.search(listed[0])
    if figure and all(_FIGURE.fullmatch(one) for one in listed[1:]):
        listed = [listed[0], *(listed[0][: figure.start()] + one for one in listed[1:])]
    elif len({len(_DOES.sub("", one)) for one in listed}) > 1:
        return dated  # 春季、秋季检查: the end of the last may be that of all
    return [replace(one, deliverable=what) for one, what in zip(dated, listed, strict=True)]
