"""What of a whole document puts a task in doubt: that it looks back, that something was called off, of which year it is."""

import re
from dataclasses import replace

from db.words import DeadlineKind
from jobs.reading.document import TaskRead

CARRIED = "年份承前"
ASSUMED = "年份取文件的"


_LOOKS_BACK = re.compile(
    r"(?:总结|汇报|表彰|表扬|完成情况|进展情况|开展情况)(?:的?(?:报告|通报|决定))?(?:[（(][^（）()]*[）)])?$"
)
"""How the title of a report ends; 关于报送工作总结的通知 asks for one."""
_LOOKED_BACK = re.compile(r"(?:成效|成绩|做法|回顾|(?:完成|进展|开展|落实)情况)[:：]?$")
_AHEAD = re.compile(r"下一?步|打算|要求|计划|安排|整改|部署|建议")
LOOKS_BACK = "所在的文字是总结，说的可能是做过的事，请核对"


def if_past(task: TaskRead, title: str) -> TaskRead:
    """Ask of a task in a report, or under a heading that looks back, whether it is one."""
    back = _LOOKED_BACK.search(task.section) or _LOOKS_BACK.search(title)
    if task.uncertain or not back or _AHEAD.search(task.section):
        return task
    return replace(task, uncertain=LOOKS_BACK)


CHANGED = "写明办理单位有变更，请核对由谁办理"
_WRITTEN_OFF = (
    (re.compile(r"[（(]已?(?:取消|作废|撤销|终止|不再实施)[）)]"), "写明取消，请核对是否还要办理"),
    (re.compile(r"(?:[局厅委办镇乡县区]|街道|单位|部门)除外"), "写明有单位除外，请核对由谁办理"),
    (re.compile(r"[局厅委办镇乡](?:调整|变更|更改|改|更换)[为由](?=[省市县区州旗镇乡])"), CHANGED),
)


def if_written_off(task: TaskRead) -> TaskRead:
    """Ask of a task beside which the document says that it, or one of its units, is left out."""
    why = next((why for pattern, why in _WRITTEN_OFF if pattern.search(f"{task.text}\n{task.source}")), None)
    return task if task.uncertain or why is None else replace(task, uncertain=why)


GONE_YEAR = "这一年早于文件的年份，请核对是否还要办理"


def of_a_year_gone(task: TaskRead, year: int | None) -> TaskRead:
    """Ask of a day that lies in a year before the document's own."""
    milestones = tuple(
        replace(one, uncertain=one.uncertain or GONE_YEAR)
        if one.kind is DeadlineKind.DATE and one.due and year and one.due.year < year
        else one
        for one in task.milestones
    )
    return replace(task, milestones=milestones)


OF_SEVERAL = "文件跨几年而这里没有写年份，按首年计，请核对"
OF_MIXED = "文中写有几个年份而这里没有写，按先写的一年计，请核对"
OF_PAGE = "没有写年份，取自网页的日期，请核对"
OF_NEXT = "文件年末印发而这里没有写年份，按文中所写的次年计，请核对"
OF_OVER = "没有写年份，取自后文的期限，可能是上一年，请核对"
OF_ONE = "没有写年份，取自文中另一处期限，请核对"


def of_some_year(task: TaskRead, why: str) -> TaskRead:
    """Return a task of which a person must say of what year its days without one are, and ``why``."""
    written = any(one.due and str(one.due.year) in one.text for one in task.milestones)
    milestones = tuple(
        replace(one, uncertain=one.uncertain or why)
        if ASSUMED in one.how
        or (CARRIED in one.how and not written)
        or (one.kind is DeadlineKind.EVENT and one.due and str(one.due.year) not in one.text)
        else one
        for one in task.milestones
    )
    return replace(task, milestones=milestones)


def not_counted_from_a_meeting(task: TaskRead) -> TaskRead:
    """Return a task of minutes without a day of issue: 今天 is the day of the meeting, but 5个工作日内 counts from the issue."""
    milestones = tuple(
        replace(one, due=None) if one.kind is DeadlineKind.RELATIVE and one.due else one for one in task.milestones
    )
    return replace(task, milestones=milestones)
