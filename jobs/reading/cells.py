"""What a cell is by itself, whatever its column is called: a number, a day, units, a measure, a long text, some words."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from db.whoever import is_open
from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.likely import is_person, looks_like_unit
from jobs.reading.naming import names


class Look(Enum):
    """What a cell looks like."""

    BLANK = "blank"
    NUMBER = "number"
    DAY = "day"
    UNITS = "units"
    MEASURE = "measure"
    LONG = "long"
    WORDS = "words"


NUMBER = re.compile(r"^[（(]?(\d{1,4}(?:[.．\-]\d{1,3})*|[一二三四五六七八九十百]{1,4}|[①-⑳])[)）]?[.、．。]?$")
_CODE = re.compile(r"^(?:No\.?|[A-Za-z]{1,3})[-—.]?\d{1,4}$")
"""A number with letters before it: A-3, G12."""

MARKS = re.compile(r"^[√✓✔☑●○■□▲△★☆◆◇◎※▇█▓→*＊]+$")
"""What is put into a cell to say yes."""

_ROLE = re.compile(r"^(?:[主参配协辅牵责]|(?:牵头|主责|主办|负责|责任|配合|协办|协助|参与)(?:单位|部门)?)$")

_YEAR = re.compile(r"^(?:19|20)\d\d(?:[.．\-](?:1[0-2]|0?[1-9])(?:[.．\-](?:[12]\d|3[01]|0?[1-9]))?)?$")
"""A year, or a day of one in digits: no number that counts rows."""
BLANK = re.compile(r"^(?:/|-+|—+|无|\\|待定)?$")
_FIGURE = re.compile(r"^(?!4\d{4}$)\d{5,}$")
"""A figure that is too long for a number of a row, and no day as a spreadsheet counts them."""
_MEASURE = re.compile(
    r"^(?:[≥≤>＞<＜约]?[\d.,，]+\s*)?(?:%|％|‰|[十百千万亿]?(?:元|亩|公顷|平方米|立方米|平方公里|公里|米|吨|千瓦|户|人|人次|件|次|处|座|个|台|套|家|项|辆|篇|场|所|张|条|期|名|栋|间|只|头|株))$"
)
_DAYLIKE = re.compile(
    r"\d{1,2}月|[一二三四]季度|[上下]半年|^(?:持续|长期|常年|常态|全年|每[年月周日季天半]|年[底内末中]|立[即行查整]|即[知查时刻交日])"
)
_RATIO = re.compile(r"[%％]|[≥≤]|不[低少]于\d")
"""全年抽查不低于5% is a measure."""
_DEPENDS = re.compile(r"(?:根据|按照?|依据?|视)[\u4e00-\u9fff]{1,24}(?:而?定|确定|安排)$")
"""根据粮食出库时间确定, where a day would stand."""
_SENTENCE = re.compile(r"[。！？!?]")
_DOES = re.compile(
    r"^(?:全面|进一步|持续|深入|积极|大力|切实|认真|严格|依法|定期|集中|统一|对|将|把|在|按|以)?(?:开展|推进|推动|加强|加快|加大|完善|建立|健全|落实|制定|修订|编制|实施|整治|排查|"
    r"改造|新建|改建|扩建|建成|支持|引导|督促|强化|提升|优化|做好|完成|培育|打造|升级|严厉|打击|检查|抽查|复查|巡查|核查|清查|清理|拆除|安装|更换|配备|设立|召开|举办|扩容|开工|动工|启动|聚焦|围绕|巩固|拓展|创建|引进|搭建|"
    r"探索|鼓励|深化|抓好|确保|提高|增强|组织开展|发放|出台|公布|对接)"
)
"""How the text of a duty begins, and no unit's name."""


def does_something(text: str) -> bool:
    """Tell whether a text begins as a duty's does: 建立台账."""
    return _DOES.match(text) is not None


_LONG = 16
_LONGEST = 120
"""A longer cell is a text; what it names inside does not make it anything else."""


@lru_cache(maxsize=8192)
def look(cell: str) -> Look:
    """Return what a cell looks like."""
    bare = re.sub(r"\s", "", cell)
    if BLANK.match(bare):
        return Look.BLANK
    if (NUMBER.match(bare) and not _YEAR.match(bare)) or _CODE.match(bare):
        return Look.NUMBER
    if len(bare) > _LONGEST:
        return Look.LONG
    if _is_day(cell, bare):
        return Look.DAY
    if _MEASURE.match(bare) or _FIGURE.match(bare):
        return Look.MEASURE
    if _is_units(cell):
        return Look.UNITS
    return Look.LONG if len(bare) > _LONG or _SENTENCE.search(bare) else Look.WORDS


def _is_day(cell: str, bare: str) -> bool:
    """Tell whether a cell is mostly a deadline, or begins with one and says in a few words what is due: 5月底前动工."""
    if len(bare) > 60:
        return False
    if (len(bare) <= 12 and _DAYLIKE.search(bare) and not _RATIO.search(bare)) or _DEPENDS.match(bare):
        return True
    found = find_deadlines(cell, Frame(Setting.CELL))
    covered = sum(len(text) for text in {one.text for one in found})
    if not found or covered * 5 >= len(bare) * 3:
        return bool(found)
    says_more = _SENTENCE.search(bare) is not None
    return not says_more and (covered * 5 >= len(bare) * 2 or (found[0].start <= 1 and len(bare) <= 24))


def _is_units(cell: str) -> bool:
    cell = cell.rstrip("。；; \n")
    if _SENTENCE.search(cell):
        return False
    listed, _open_ended = names(parted(cell))
    return bool(listed) and all((looks_like_unit(name) or is_open(name)) and not _DOES.match(name) for name in listed)


_BLANKS = re.compile(r"[ \u3000\xa0]+")


def parted(cell: str) -> str:
    """Return a cell with the blanks between names as marks: 安监站 公路站; other blanks stay."""
    pieces = _BLANKS.split(cell.strip())
    whole = len(pieces) > 1 and all(looks_like_unit(piece) and len(piece) > 1 for piece in pieces)
    return "、".join(pieces) if whole else cell


@dataclass(frozen=True, slots=True)
class Profile:
    """What the cells of a column look like, blank ones left out.

    ``length`` is how long they are in the middle; ``counts_up`` is a column of growing numbers, ``marked`` one of nothing
    but marks or roles, ``ahead`` one of days that are said as of what is to come: 5月底前. ``people`` is one of persons.
    """

    looks: Counter[Look]
    length: float
    counts_up: bool
    marked: bool
    ahead: bool = False
    people: bool = False

    @property
    def filled(self) -> int:
        """How many cells have something in them."""
        return sum(self.looks.values())

    def share(self, *wanted: Look) -> float:
        """Return the part of the filled cells with one of these looks; 0 where none is filled."""
        return sum(self.looks[one] for one in wanted) / self.filled if self.filled else 0.0

    def mostly(self, *wanted: Look) -> bool:
        """Tell whether at least half of the cells, and one at least, look so."""
        return self.share(*wanted) >= 0.5


def profile(cells: Iterable[str]) -> Profile:
    """Return what the cells of one column look like."""
    filled = [(cell, one) for cell in cells if (one := look(cell)) is not Look.BLANK]
    printed = [cell.strip("（()）.、．。 ") for cell, one in filled if one is Look.NUMBER]
    numbers = [int(text) for text in printed if text.isascii() and text.isdigit()]
    counts_up = len(numbers) * 2 > len(filled) and all(a < b for a, b in pairwise(numbers))
    length = sum(len(cell) for cell, _one in filled) / len(filled) if filled else 0.0
    marked = bool(filled) and all(MARKS.match(cell.strip()) or _ROLE.match(cell.strip()) for cell, _one in filled)
    days = [cell for cell, one in filled if one is Look.DAY]
    ahead = len(days) * 2 > len(filled) and sum(map(is_ahead, days)) * 2 > len(days)
    people = (
        sum(all(map(is_person, cell.split())) for cell, one in filled if one is Look.WORDS) * 5 >= len(filled) * 4 > 0
    )
    return Profile(Counter(one for _cell, one in filled), length, counts_up, marked, ahead, people)


_AHEAD = re.compile(r"[前底末止]|[上中下]旬|以内|每|年内|\d月?(?:份)?[-—–－~至到]+(?:次年|翌年)?\d{1,2}月")


def is_ahead(when: str) -> bool:
    """Tell whether a day is said as of what is to come: 检查时间 5月底前 is by when to look, 5月3日 when somebody looked."""
    return _AHEAD.search(when) is not None
