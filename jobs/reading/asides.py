"""What the columns beside a task say that puts it in doubt: that it is done or called off, that others take part in it."""

import re
from collections.abc import Iterable, Iterator

from db.whoever import is_open
from db.words import Role
from jobs.reading.acting import acting
from jobs.reading.cells import Look, is_ahead, look, parted
from jobs.reading.columns import plain_heading
from jobs.reading.likely import is_called
from jobs.reading.naming import names
from jobs.reading.subjects import opening
from jobs.reading.units import Standing, by_label, by_words

_STATES = re.compile(r"状态|情况|进展|进度|备注|说明|是否|结果|销号|办结|完成|整改|落实")
"""Headings of columns that may say how far something is."""

_DONE = re.compile(
    r"^(?:目前|现)?(?:已(?:全部|经|按期|按时|提前|如期){0,3}(?:于[^，。；于]{1,12})?(?:全部|按期|按时|提前|如期){0,3}(?:完成|办结|销号|整改|落实|建成|竣工|完工|验收|闭环|关闭|解决|清零|报送|拆除|到位|通过)(?:整改|销号|办结|验收|任务|到位|完毕|完成)?"
    r"|(?:全部|按期|按时)?(?:完成|办结|整改)(?:整改|销号|办结|到位|完毕|完成|闭环)?|完毕|闭环|销号|100[%％])(?:[。，,；;（(\s]|$)"
)
_FINISHED = re.compile(r"^实际(?!.*(?:开|启|始|动))|(?:完成|办结|销号|竣工|完工)(?:时间|日期)$")
"""Headings of columns that say on which day something was done."""
_ASKS_WHETHER, _YES = re.compile(r"是否.{0,2}(?:完成|整改|办结|销号|落实|闭环)"), re.compile(r"^(?:是|√|✓|已)$")
_CALLED_OFF = re.compile(
    r"^(?:拟|已|经[^，。；]{2,16}|建议)?(?:取消|作废|暂缓|暂停|缓办|终止|撤销|停建|不再|并入|合并|移交|转由|顺延|延期)"
)
_REMARKS = re.compile(r"备注|说明|附注|其[他它]|补充|^注$|要求")


def doubt_beside(beside: Iterable[tuple[str, str]], standing: Standing) -> str | None:
    """Say why a task is to be looked at, by the columns beside it, each its heading and its cell; ``standing`` are those
    that the table's own columns name for it.
    """
    for heading, cell in ((plain_heading(heading), cell.strip()) for heading, cell in beside):
        told = _STATES.search(heading) and (_DONE.match(cell) or _CALLED_OFF.match(cell))
        finished = _FINISHED.search(heading) and look(cell) is Look.DAY and not is_ahead(cell)
        if told or finished or (_ASKS_WHETHER.search(heading) and _YES.match(cell)):
            return f"“{heading}”一栏写的是“{cell[:12]}”，请核对是否还要办理"
        named = dict.fromkeys(_named(cell)) if _REMARKS.search(heading) else ()
        others = [name for name in named if name not in standing.everybody]
        if others:
            return f"“{heading}”一栏另写有单位（{'、'.join(others)[:40]}），请核对"
    return None


def told_in(text: str) -> Standing:
    """Return who is told in a task's own words to do something, for a table without a column of units: 区发改局牵头…，区应急局配合."""
    standing, worded = Standing(), by_words(text) or Standing()
    for role in (Role.LEAD, Role.ASSIST):
        standing.add(role, filter(is_called, worded.of(role)))
    for clause, listed in acting(text):
        leads = re.match("牵头|主办", clause.partition(listed[-1])[2])
        standing.add(Role.LEAD if leads else Role.RESPONSIBLE, [one for one in listed if one not in standing.everybody])
    standing.add(Role.RESPONSIBLE, [name for name in opening(text) if name not in standing.everybody])
    return standing


def _named(cell: str) -> Iterator[str]:
    """Yield the units of a remark: of which it is said what they do, under a label, or alone."""
    if look(cell) is Look.UNITS:
        yield from (name for name in names(parted(cell))[0] if not is_open(name))
        return
    for told in (by_label(cell), by_words(cell)):
        yield from filter(is_called, told.everybody if told is not None else ())
    for _clause, listed in acting(cell):
        yield from listed
