"""A coordinator's sentence → what a round asks for, purely: 本周五前报送危化专项进展，发黄灯以上单位."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from db.words import Lamp
from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.rounds.narrowed import Narrowed, codes, narrowed

WHOLE = "未办结单位"
"""The scope of a round that names none: whoever still owes something."""

SCOPES: dict[str, tuple[Lamp, ...] | None] = {
    "黄灯以上单位": (Lamp.YELLOW, Lamp.RED),
    "红灯单位": (Lamp.RED,),
    WHOLE: None,
}
"""Of which assignments a round asks, by what a scope is called: those under these lamps, or all that is open."""

JOINED = {f"{name}和所列单位": name for name, lamps in SCOPES.items() if lamps is not None}
"""The scopes of a round that asks units by name beside those under a lamp, 发红灯单位和省应急管理厅, and which lamps those are."""

_SAID = (
    (
        "黄灯以上单位",
        re.compile(
            r"黄灯(?:及|和|与)?(?:其)?以上|黄灯?[和、及与]红灯|红灯?[和、及与]?黄灯|黄红灯|临期(?:和|、|及|以及)?(?:逾期|以上)"
        ),
    ),
    ("红灯单位", re.compile(r"红灯|逾期(?:的)?(?:单位|任务)?")),
    (WHOLE, re.compile(r"全部|所有|各(?:有关|相关)?(?:责任|牵头)?(?:单位|部门)|未办结|在办")),
)
_REPORTED = re.compile(
    r"(?:报送|上报|填报|报来|报)(?:一下|本单位|各自|各单位)?(?P<title>[^，,。；;！!\n]{0,40}?(?:进展|情况|进度|成效))(?:情况)?"
)
_HANDED_UP = re.compile(
    r"(?:把|将)(?P<title>[^，,。；;！!\n]{0,40}?(?:进展|情况|进度|成效))(?:都|再|也|给我们?|一并)*(?:(?:报|交|填)(?:上来|过来|一下|一报|送|来)|收(?:上来|过来|一下|一收|齐|集))"
)
"""What is to be reported stands before that: 各单位把危化专项进展报上来."""
_TO = re.compile(r"(?:^|[，,。；;\s])(?:发(?![起现生展])|发给|发至|下发|面向|范围)[：:]?\s*(?P<who>[^，,。；;！!\n]+)")
_ASKED = re.compile(r"请(?P<who>[^，,。；;！!\n]{2,40}?)(?:[于在][^，,。；;！!\n]*?)?(?=把|报送|上报|填报|报来|报)")
_TWICE = re.compile(r"双签|[两双二2]人签|[两二2][名个]?(?:同志|人员|人)(?:共同|一起|都|要|来|分别)*(?:签|确认)")
_FIELDS = re.compile(r"(?:填写|栏目|内容为?|写明|说明)[：:]?\s*(?P<all>[^，,。；;！!\n]+)")
_BETWEEN = re.compile(r"[、/／和及与]")

MOST, LONGEST = 6, 10
"""Fields that a round asks for at most, and the characters of one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sentence asks for: what is reported until which day (None where it names none), of which scope and to whom
    as written, ``asks`` whom it asks politely, with which fields where it names some, and whether two persons sign. ``plain`` tells that it can be nothing else.
    ``narrowed`` is what narrows it, ``words`` the sentence without who is left out where it says nothing of all, else "".
    """

    title: str
    due: date | None
    scope: str
    who: str = ""
    fields: tuple[str, ...] = ()
    twice: bool = False
    plain: bool = False
    asks: str = ""
    narrowed: Narrowed = field(default_factory=Narrowed)
    words: str = ""


def read(text: str, today: date) -> Asked | None:
    """Return what a sentence said on the local day ``today`` asks for; None where nothing is to be reported."""
    fewer, kept = narrowed(text)
    handed_up = _HANDED_UP.search(kept)
    said = handed_up or _REPORTED.search(kept)
    if said is None:
        return None
    days = _days(text, today)
    to = _TO.search(kept)
    who = fewer.who or (to["who"].strip() if to is not None else "")
    who = "" if codes(who) or _ALL_OTHERS.fullmatch(who) else who
    scope = scope_of(who or kept) or WHOLE
    beside = _beside(who)
    scope, who = (f"{scope}和所列单位", beside) if beside and SCOPES[scope] is not None else (scope, who)
    fields, asked = _FIELDS.search(text), _ASKED.search(kept)
    named = tuple(dict.fromkeys(one.strip() for one in _BETWEEN.split(fields["all"]) if one.strip())) if fields else ()
    return Asked(
        title=said["title"].strip(" 的") or "进展",
        due=days[0] if days else None,
        scope=scope,
        who=who,
        fields=named if 1 <= len(named) <= MOST and all(len(one) <= LONGEST for one in named) else (),
        twice=_TWICE.search(text) is not None,
        plain=bool(days)
        and not _wants_none(kept, said.start())
        and (
            to is not None
            or bool(fewer.who or fewer.but)
            or (handed_up is not None and (is_scope(kept[: handed_up.start()]) or "收" in handed_up[0]))
            or _TWICE.search(text) is not None
            or _asks_all(asked)
        ),
        asks=asked["who"].strip() if asked is not None and not codes(asked["who"]) else "",
        narrowed=fewer,
        words="" if is_scope(kept) else kept,
    )


def _beside(who: str) -> str:
    """Return the names that are joined to what all have in common, before it or behind it: 红灯单位和省应急管理厅; "" for none."""
    said = next((found for _name, pattern in _SAID if (found := pattern.search(who)) is not None), None)
    if said is None:
        return ""
    before, behind = who[: said.start()].strip(), _OF_IT.sub("", who[said.end() :].strip())
    joined = _JOINS.match(behind), _JOINED_BEHIND.search(before)
    named = [
        behind[joined[0].end() :] if joined[0] is not None else "",
        before[: joined[1].start()] if joined[1] else "",
    ]
    return "、".join(one for one in named if one)


_ALL_OTHERS = re.compile(r"(?:其[他余它]的?)?(?:单位|部门)?")
"""Who is left where somebody was left out: 发除应急局外的单位."""
_OF_IT = re.compile(r"^的?(?:单位|部门|任务)")
_JOINS = re.compile(r"\s*(?:、|以及|[和及与])\s*(?=.{2})")
_JOINED_BEHIND = re.compile(r"\s?(?:、|以及|[和及与])\s?$")

HALF_A_YEAR = timedelta(days=183)


def _days(text: str, today: date) -> list[date]:
    """Return the days that a text names; one without a year that has just been is past, and not meant a year later."""
    ahead, read = (find_deadlines(text, Frame(setting, on=today)) for setting in (Setting.CHAT, Setting.PROSE))
    gone = {one.start: one.due for one in read if one.due and one.due < today}
    return [
        gone[one.start] if one.start in gone and one.due - today > HALF_A_YEAR else one.due for one in ahead if one.due
    ]


_YEAR = re.compile(r"(?<!\d)20\d\d|[明来次]年")


def not_a_year_later(text: str, day: date, today: date) -> date:
    """Return the day that a text means which names no year: one that was not half a year ago, and no day a year later than it."""
    past = day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
    return past if not _YEAR.search(text) and past < today and day - today > HALF_A_YEAR else day


_NOT_NOW = re.compile(
    r"(?:不用|不必|不需|不要|别|无需|不得|暂不|先不|暂缓|取消|是否|能否|可否|要不要|能不能)|(?:已经?|昨[天日]|上周|刚才?)[^，,。；;]{0,4}(?:请|让|要求|通知|安排|布置|催)|^\s*[〔\[]?[A-Za-z]{1,2}\d{0,2}-\d"
)
"""What stands before 报送 where nobody is to be asked now: who need not, who was asked already, what is said of one task."""
_NOT_AT_ALL = re.compile(r"[?？]\s*$|[吗呢]$|了没|是否|合适|退回|(?:先|暂|还|就)不[发用要]|不[发用]了?$|取消|作罢|暂缓")
"""What takes it back behind it, or asks."""


def _wants_none(text: str, at: int) -> bool:
    """Tell whether a sentence whose 报送 begins ``at`` asks, denies or tells what was asked, and so opens no round."""
    return _NOT_NOW.search(text[:at]) is not None or _NOT_AT_ALL.search(text, at) is not None


def _asks_all(asked: re.Match[str] | None) -> bool:
    """Tell whether a sentence politely asks all of some kind, 请各单位, and nobody by name."""
    return asked is not None and is_scope(asked["who"])


def is_scope(who: str) -> bool:
    """Tell whether somebody is told by what all have in common, 红灯单位, and not by name."""
    return scope_of(who) is not None


def scope_of(who: str) -> str | None:
    """Return by what all have in common somebody is told, as scopes are called; None where not so."""
    return next((name for name, pattern in _SAID if pattern.search(who)), None)


def named_in(title: str, titles: Sequence[str]) -> list[int]:
    """Return which of some campaigns' titles a round's title names, 危化专项进展: those that share its longest run of characters
    with them, of two at least that say something.
    """
    words = _PLAIN.sub("", title)
    shared = [_longest(words, _PLAIN.sub("", one)) for one in titles]
    most = max(shared, default=0)
    return [place for place, length in enumerate(shared) if length == most] if most >= 2 else []


_PLAIN = re.compile(
    r"专项(?:行动|整治)?|工作|任务|进展|情况|进度|成效|整治|方案|清单|责任|[《》〈〉“”\s\d年月度季一二三四的]"
)


def _longest(one: str, other: str) -> int:
    """Return the length of the longest run of characters that both have."""
    return max(
        (end - begin for begin in range(len(one)) for end in range(begin + 1, len(one) + 1) if one[begin:end] in other),
        default=0,
    )
