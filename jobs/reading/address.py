"""Whom a paper is written to, and who 你局 and 贵单位 in it are: those that the line above its text calls."""

import re
from collections.abc import Iterable, Sequence

from db.whoever import is_open
from jobs.reading.brackets import is_list
from jobs.reading.likely import SO_MANY, looks_like_unit
from jobs.reading.naming import names
from jobs.reading.several import COUNTED
from jobs.reading.subjects import charged, named_first
from jobs.reading.units import Standing

_CALLS = re.compile(r"^(?P<who>[^。；;：:]{2,120})[：:]$")
_LABEL = re.compile(r"(?:如下|单位|部门|安排|措施|要求|任务|事项|内容)$")
_OTHERS = re.compile(r"(?:有关|相关|直属|成员|各)[^，、]{0,4}(?:单位|部门)$")
_OFFICES = "[厅局委办院校部处科会队站所社]|省|市|州|县|区|旗|镇|乡|村|街道|社区|单位|部门|公司|企业|中心|集团|园区|学校"
YOU = re.compile(rf"^(?:你们?|贵)(?:{_OFFICES})(?:人民政府|政府|管委会)?(?:党组|党委)?$")
"""How a paper speaks to whom it is written."""


def addressees(text: str) -> list[str]:
    """Return whom a paragraph calls, where it is the line before a paper's text: 市交通运输局："""
    match = _CALLS.match(text)
    if match is None or (_LABEL.search(match["who"]) and not _OTHERS.search(match["who"])):
        return []
    listed, _open_ended = names(match["who"])
    return listed if listed and all(looks_like_unit(name) or is_open(name) for name in listed) else []


def named(standing: Standing, called: list[str]) -> Standing:
    """Return a standing in which 你局 is whoever the paper calls; without them it stays as printed."""
    if not called or not any(YOU.match(name) for name in standing.everybody):
        return standing

    def meant(listed: list[str]) -> list[str]:
        return list(dict.fromkeys(one for name in listed for one in (called if YOU.match(name) else [name])))

    return Standing(
        meant(standing.lead),
        meant(standing.responsible),
        meant(standing.assist),
        standing.implied,
        standing.open_ended,
    )


_OURS = re.compile(rf"(?:我|本)(?:{_OFFICES})(?:党组|党委)?$")
ABOVE = re.compile(
    r"^(?:以上|上述|前述)(?:各|\d+[家个]|[一二三四五六七八九十]家)?(?:单位|部门|地区|乡镇|县区|区县|镇街|街道|科室|学校|企业)$"
    r"|^(?:[两二三四五六七八九十]|\d{1,2})(?:[县区镇乡市局院校]|个?村|家?单位|个单位|个?部门)$"
)
_NOBODY_SAID = (YOU, _OURS, ABOVE, COUNTED)
UNSAID = "“{}”是哪个单位没有写明，请核对"


def unsaid(standing: Standing) -> str | None:
    """Say why a person should look where the paper speaks of itself, or of whom it names elsewhere: 我局, 上述单位, 13个乡镇."""
    names_ = standing.everybody
    found = next((name for name in names_ if SO_MANY.fullmatch(name) or any(s.match(name) for s in _NOBODY_SAID)), None)
    return UNSAID.format(found) if found else None


def above(standing: Standing) -> bool:
    """Tell whether a standing names units only as those above: 以上单位."""
    return any(ABOVE.match(name) for name in standing.everybody)


def in_place_of_above(listed: Iterable[str], meant: Sequence[str]) -> list[str]:
    """Return names with 上述单位 as those units that are meant."""
    return list(dict.fromkeys(one for name in listed for one in (meant if ABOVE.match(name) else [name])))


_PARTS = re.compile(r"[。；;，,：:]")


def named_last(texts: list[str]) -> list[str]:
    """Return the units that the last lines of a text name: of a list of them, or of what was found with each."""
    found: list[str] = []
    for text in reversed(texts):
        here = charged(text) or (names(text)[0] if is_list(text) else [])
        here = here or [name for part in _PARTS.split(text) for name in names(named_first(part, more=2))[0]]
        here = [name for name in here if not is_open(name) and name != "单位"]
        if here:
            found = [*here, *found]
        elif found:
            break
    return list(dict.fromkeys(found))
