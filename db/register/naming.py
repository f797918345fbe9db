"""Names of units as offices write them: one office under several names is told by its place, level and office.

Pure: the register decides what to do with a likeness. The usual abbreviations are data (``data/abbreviations.toml``).
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

LEVELS = {
    "国": "国家级",
    "省": "省级",
    "自治区": "省级",
    "市": "市级",
    "州": "市级",
    "盟": "市级",
    "县": "县级",
    "区": "县级",
    "旗": "县级",
    "乡": "乡级",
    "镇": "乡级",
    "街道": "乡级",
    "村": "村级",
}
"""What stands before an office's name, and the level that it tells."""

_PREFIX = re.compile(
    r"^(?:(?P<bare>自治区|省|市(?!场)|州|盟|县|区(?!域)|旗|(?:乡|镇|街道)(?=人民政府|政府|党委|办事处))"
    r"|(?P<place>(?!各|有关|相关|全|省|市|县|区)[\u4e00-\u9fff]{2,6}?)"
    r"(?P<level>自治区|省|市(?!场)|州|盟|县|区(?!域)|旗|(?:乡|镇|街道)(?=人民政府|政府|党委|办事处)))(?=[\u4e00-\u9fff]{2,})"
)
_ENDING = re.compile(r"(?:委员会|办公室|局|厅|委|办|部|处|院|会|总队|支队|大队|中心|公司)$")
_NOT_A_COMMITTEE = re.compile(r"(?:党委|省委|市委|县委|区委|工委|纪委|监委)$|^(?:省|市|县|区)委$")
SUGGESTED = 78
"""From this likeness on, of 100, two names are suggested to be one office."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office by its parts: the place (徐州), the level as printed (市), and the office in full (应急管理局)."""

    place: str
    level: str
    office: str


def level_of(name: str) -> str:
    """Return the level that a name tells (省级, 市级 …), or ""."""
    if name.startswith(("国家", "国务院", "应急管理部", "中央")):
        return LEVELS["国"]
    return LEVELS.get(office_of(name).level, "")


@lru_cache(maxsize=8192)
def office_of(name: str) -> Office:
    """Return the parts of a name, abbreviations written out."""
    bare = re.sub(r"\s", "", name)
    match = _PREFIX.match(bare)
    place, level, rest = "", "", bare
    if match:
        place, level, rest = match["place"] or "", match["bare"] or match["level"], bare[match.end() :]
    if rest.startswith("委") and len(rest) <= 2:  # 市委
        place, level, rest = "", "", bare
    return Office(place, level, _in_full(rest))


def _in_full(office: str) -> str:
    stems, whole = _abbreviations()
    if office in whole:
        return whole[office]
    ending = _ENDING.search(office)
    stem, end = (office[: ending.start()], ending[0]) if ending else (office, "")
    stem = stems.get(stem, stem)
    if end == "委" and not _NOT_A_COMMITTEE.search(office):
        end = "委员会"
    return stem + end


@cache
def _abbreviations() -> tuple[dict[str, str], dict[str, str]]:
    data = tomllib.loads((Path(__file__).parent / "abbreviations.toml").read_text(encoding="utf-8"))
    return data["stems"], data["whole"]


def same_office(one: str, other: str) -> bool:
    """Tell whether two names surely mean one office, apart from a place or level that only one of them prints."""
    first, second = office_of(one), office_of(other)
    return (
        first.office == second.office
        and len(first.office) > 2
        and (first.level == second.level or not first.level or not second.level)
        and (first.place == second.place or not first.place or not second.place)
    )


def likeness(one: str, other: str) -> float:
    """Return how alike two names are, 0–100; offices of different levels or places are not alike at all."""
    from rapidfuzz import fuzz

    first, second = office_of(one), office_of(other)
    if (first.level and second.level and first.level != second.level) or (
        first.place and second.place and first.place != second.place
    ):
        return 0.0
    return max(fuzz.ratio(first.office, second.office), fuzz.ratio(one, other))
