"""Days without 前 that say when something is to be done: a clause of its own, or what opens the sentence of a plan."""

import re

from jobs.reading.deadlines.frame import Frame, Setting
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
    return (group.end, STEP) if _is_of_the_year(group) and steps else None


def is_day_of(text: str, group: Group) -> bool:
    """Tell whether a plan says in a clause what is on a day, whatever the verb: 新馆6月18日开馆, 3月18日举办开幕式."""
    far = max(0, group.start - _FAR)
    begin = max(far, *(text.rfind(mark, far, group.start) + 1 for mark in ",;。\n"))
    ending = _CLAUSE_ENDS.search(text, group.end, group.end + _FAR)
    clause = text[begin : ending.start() if ending else group.end + _FAR]
    is_day = (
        _is_of_the_year(group)
        and group.last.unit == "day"
        and "月" in group.last.written
        and not group.is_range
        and _GOES_ON.match(text, group.end) is not None
    )
    return is_day and not _OF_THE_PAST.search(clause)


_FAR = 80
"""Characters of a clause on either side of a day."""
_CLAUSE_ENDS = re.compile(r"[,;。\n]")
_GOES_ON = re.compile(r"(?:上午|下午)?(?!起|至|到|以|之|后|的|前后|印发|下发|发布|发生|发文|发现)[\u4e00-\u9fff]{2}")
_OF_THE_PAST = re.compile(r"已|了(?!解)|曾|共(?!同|享|建)|累计|同比|[自从截]|根据|按照|讲话|精神|会议|发生")


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


OPENS_PART = re.compile(r"(?:^|[。;,、:\n(]|\d[.、])\s*(?:[自从在于]|到|至)?$")
_TO_DO = re.compile(r"(?!以来|起|开始|开工|启动|期间|的|份|各项|累计|已)[\u4e00-\u9fff]{2}")


def is_a_further_step(text: str, group: Group) -> bool:
    """Tell whether the end of a month, quarter or year opens a clause behind a deadline of its sentence: 6月底前完成勘界，年底全面转入日常登记."""
    ends = group.last.unit in ("yend", "quarter", "half") or group.last.written.endswith(("底", "末"))
    return ends and bool(
        OPENS_PART.search(text, max(0, group.start - 4), group.start) and _TO_DO.match(text, group.end)
    )


_PAST = re.compile(r"(?:上个?(?:月|周|星期|礼拜|季|年)|去年|前年|昨)[^\d]*$")
_OF_IT = re.compile(r"的?(?!之?前|以前|之?内|以内)[\u4e00-\u9fff]")


def names_past(text: str, group: Group, frame: Frame) -> bool:
    """Tell whether a cell says of what past time something is, 公示上月考核结果, 较去年提前: by when it is due stands elsewhere."""
    in_cell = frame.setting is Setting.CELL
    return in_cell and bool(_PAST.match(group.last.written)) and _OF_IT.match(text, group.end) is not None
