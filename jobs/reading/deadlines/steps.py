"""Days without 前 that say when something is to be done: a clause of its own, or what opens the sentence of a plan."""

import re

from jobs.reading.deadlines.groups import NEAR, Group

STEP = "没有写“前”，按方案里的一步处理，请核对"

_OPENS_SENTENCE = re.compile(r"(?:^|[。;\n])[。\s]{0,12}$")
_TELLS = re.compile(r",[^。;]{0,60}?(?:了(?!解)|已|印发|下发|转发|召开的|发生)")
_OF_A_UNIT = re.compile(r"[局委办科股室站所队镇乡]$")
_MEETS = re.compile(r"[^,。;]{0,12}(?:召开|会议|座谈)")
"""宣传科9月20日开展活动 may be a plan; 县教育局5月3日召开会议 is most often a report."""
_OWN_CLAUSE = re.compile(r"[,、](?!其中|共|累计)[\u4e00-\u9fff“]{2}")
_SUMS_UP = re.compile(r",[^。;]{0,60}?(?:[共均](?!同|享|建)|累计|同比)")


def step(text: str, group: Group) -> tuple[int, str | None] | None:
    """Return where a day ends that opens a sentence of a plan, and that it may be a step: 2月20日，镇政府成立专班."""
    steps = _opens(text, group) and text.startswith(",", group.end) and not _TELLS.match(text, group.end)
    return (group.end, STEP) if steps and _is_of_the_year(group) else None


def is_clause(text: str, group: Group) -> bool:
    """Tell whether a day is a clause of its own in a sentence, before what is done then, …，5月底，全部录入系统, or a range opens it:
    3月11日至4月30日，各县区逐户排查.
    """
    in_the_middle = text[max(0, group.start - 1) : group.start] in (",", ";")
    return (
        _is_of_the_year(group)
        and (in_the_middle or (group.is_range and _opens(text, group) and not _SUMS_UP.match(text, group.end)))
        and _OWN_CLAUSE.match(text, group.end) is not None
        and not _TELLS.match(text, group.end)
    )


def is_done_by(text: str, group: Group, before: str) -> bool:
    """Tell whether an office is to do something on a day that stands between both: 宣传科9月20日开展活动."""
    return group.last.unit == "day" and bool(_OF_A_UNIT.search(before)) and not _MEETS.match(text, group.end)


def _opens(text: str, group: Group) -> bool:
    return _OPENS_SENTENCE.search(text[max(0, group.start - NEAR) : group.start]) is not None


def _is_of_the_year(group: Group) -> bool:
    return not group.last.has_year and group.last.unit in ("day", "part", "month")
