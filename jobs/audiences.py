"""For whom a broadcast is: a group of units, units by name, all but some. What may be meant as a name and is none is asked about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from db import ledger, register
from db.ledger import Which
from db.models import Unit
from db.plain import SURNAME
from db.whoever import is_a_kind, is_open
from db.words import LIVING, OPEN_STATES, Lamp, Role, State


@dataclass(frozen=True, slots=True)
class Audience:
    """What an audience is called, its units, and the words behind it; ``unknown`` is what may name somebody and is not understood.

    ``named`` tells that the words named it; otherwise it is everybody.
    """

    name: str
    units: Sequence[Unit]
    words: str
    unknown: str = ""
    named: bool = True


GROUPS: dict[str, tuple[str, Which]] = {
    "牵头单位": ("牵头", Which(LIVING, roles=[Role.LEAD])),
    "未办结单位": ("(?:未|没|没有|还没)办[结完]|在办", Which(LIVING, states=OPEN_STATES)),
    "逾期单位": ("(?:已)?逾期|超期", Which(LIVING, lamps=[Lamp.RED])),
    "未签收单位": ("(?:还|尚)?(?:未|没|没有)(?:签收|回应)", Which(LIVING, states=[State.PENDING], asked=True)),
}
"""What a group is called, how people write it before 单位 or alone, and which assignments make a unit part of it."""

EVERYBODY = "全部单位"

_MARKS = " 　:：，,\n"
_END = rf"(?:[{_MARKS}]+|$|(?=[（(]|不含|不包[括含]))"
_ALL_UNITS = "(?:全[省市县区])?(?:各|全部|所有|全体)(?:有关|相关|成员|责任)?(?:单位|部门)"
_ALL = f"{_ALL_UNITS}|全部|全体|大家|各位|所有人"
_UNITS = r"的?(?:单位|部门)(?![名数较将已均达])"
"""How a group's word is known for one where no mark follows, and is not spoken of: 逾期单位请抓紧, and not 逾期单位名单."""
_BUT = re.compile(
    rf"^(?:请|给)?(?P<all>{_ALL})?[（(\s，,]*除了?(?P<who>[^。；;！!\n]{{2,60}}?)(?:之外|以外|外)[）)]?的?[\s，,]*(?:其他|其余|其它)?的?"
)
_OUTSIDE = re.compile(r"^(?:请|给)?(?P<who>[^，,。；;！!\s除]{2,40}?)(?:之外|以外)的?[\s，,]*(?:其他|其余|其它)?的?")
"""The same without 除: 甲局以外各单位."""
_EXCEPT = (
    re.compile(
        r"^[（(]\s*(?:不含|不包[括含]|不[用必]?(?:发给?|通知)|除了?)\s*(?P<who>[^（()）]{2,60}?)(?:之外|以外|除?外)?\s*[）)]"
    ),
    re.compile(r"^[（(]\s*(?P<who>[^（()）]{2,60}?)(?:除外|不含|不[用必](?:发|通知)?|不(?:发|通知))\s*[）)]"),
    re.compile(
        rf"^(?P<who>[^（()）{_MARKS}。；;]{{2,40}}?)(?:除外|不[用必](?:发|通知)?|不(?:发|通知))(?=[{_MARKS}。；;])"
    ),
)
"""How it is said behind a group whom it is not for, in brackets or with a word that closes it …"""
_NOT_FOR = re.compile(r"^(?:不含|不包[括含]|不[用必]?(?:发给?|通知))\s*")
"""… and without: 全部 不含住建局 明天开会."""
_AT_THE_END = (
    re.compile(
        r"(?:^|[\s，,。；;！!（(])(?:但是?)?(?P<who>[^\s，,。；;！!（()）]{2,40}?)(?:除外|不[用必](?:发|通知|参加)?了?|不(?:发|通知)了?)[\s。！!）)]*$"
    ),
    re.compile(
        r"(?:^|[\s，,。；;！!（(])(?:但是?)?(?:先?别|不要|不用|不必)再?(?:发给|通知|叫|告诉|让|给)(?P<who>[^\s，,。；;！!（()）]{2,20}?)(?:知道|来|参加|看)?了?[\s。！!）)]*$"
    ),
    re.compile(
        r"(?:^|[\s，,。；;！!（(])(?:但是?)?(?P<who>[^\s，,。；;！!（()）]{2,20}?)(?:就|可以|先|那边|已经?[^，,。不]{1,6})*(?:不用|不必|不要|别)(?:来|参加|发|通知|去|管|报|交)?了?[\s。！!）)]*$"
    ),
    re.compile(
        r"(?:^|[\s，,。；;！!（(])(?:但是?)?(?:不含|不包[括含]|除了?|不[用必]?(?:发给?|通知))\s*(?P<who>[^\s，,。；;！!（()）]{2,40}?)(?:之外|以外|除?外)?[\s。！!）)]*$"
    ),
)
"""How it is said behind all words whom they are not for: 请报值班表，省教育厅除外."""
_AND = re.compile(r"\s*(?:、|以及|[和及与])\s*")
_END_OF_NAME = r"厅|局|委|委员会|(?<![快紧好速交督承抓])办|部|院|总队|支队|集团|公司|政府|中心|街道|镇|乡|县|区|群"
_LIKE_A_NAME = re.compile(
    rf"^(?:请|发?给|叫|通知|向|对|跟|让|@)*(?P<name>[\u4e00-\u9fff（）()]{{1,14}}?(?:{_END_OF_NAME}))"
    r"(?=[\s：:、，,]|$|[明今请尽立马于]|后天)"
)
"""Words at the beginning that may be somebody's name: 住建群, 卫健局明天开会."""
_TEAM = re.compile("[\u4e00-\u9fff]{1,10}[队所站]")
"""What may be a unit where it is left out, and is too common at the head of a sentence: 消防队不用通知."""
_SOME_UNITS = re.compile(
    r"^请?(?P<name>(?:(?!所有|全部|全体)[^\s，。：:,、各贵本我每]){1,8}(?:单位|部门))(?![名数较将已均达])"
)
"""Units that are told by a word of which no group is known: 红灯单位."""
_PERSON = re.compile(r"^(?P<name>[\u4e00-\u9fff]{1,2}(?:工|总|处长|科长|局长|主任|书记|经理|老师))")

_SOMEBODY = re.compile(
    rf"^(?P<name>[小老]{SURNAME}|(?!周[一二三四五六日天末边围]|马上|高[温考]|万一|方[案便]|白天|夏[季天]|程序){SURNAME}[\u4e00-\u9fff]{{1,2}}?)"
    r"(?=[今明]天|后天|[上下]午|今晚|明晚|晚上|周[一二三四五六日]|值班|\d)"
)
"""Somebody by name, who is no unit: 通知刘敏下午开会."""


def audience(session: Session, text: str, now: datetime, *, joined: bool = False) -> Audience:
    """Read for whom a text is at its beginning; without a name or group there it is for everybody.

    ``joined`` tells that a name may be followed by the words without a mark between them, as in 通知住建局明天开会.
    """
    text = text.strip()
    but = _BUT.match(text)
    if but is not None:
        return _all_but(session, text[but.end() :].lstrip(_MARKS), but["who"], now)
    outside = _OUTSIDE.match(text)
    if outside is not None and called(session, outside["who"])[0]:
        return _all_but(session, text[outside.end() :].lstrip(_MARKS), outside["who"], now)
    group = _group(session, text, now, joined=joined)
    if group is None and _NOT_FOR.match(text):
        group = Audience(EVERYBODY, everybody(session), text)
    if group is not None:
        another = _OF_A_KIND.match(group.words[1:]) if group.words[:1] in ("、", "和", "及", "与") else None
        return replace(group, unknown=another["name"]) if another is not None else _but_some(session, group)
    units, rest, unknown = listed(session, text, joined=joined)
    if units and not unknown:
        return Audience("、".join(unit.name for unit in units), with_members(session, units), rest)
    return Audience(EVERYBODY, everybody(session), text, unknown or like_a_name(text, joined=joined), named=False)


def with_members(session: Session, units: Sequence[Unit]) -> list[Unit]:
    """Return units, of a collective one whose members are known these instead of it, each once."""
    each = {one.id: one for unit in units for one in register.members(session, unit) or [unit]}
    return list(each.values())


_OF_A_KIND = re.compile(
    r"^(?:请|发?给|叫|通知|向|对|跟|让)*(?P<name>(?:各|所有|全体)(?:有关|相关)?(?!单位|部门)[\u4e00-\u9fff（）()、]{0,6}?"
    r"(?:乡镇|镇街|街道|乡镇?|县区|市区|[县市区]|镇|村|社区|园区|企业|学校|医院|工地|科室|处室|厅局|委办局?|公司|党委|政府)(?:和街道|、街道)?)"
)
"""A kind of units that are to be told something, 各乡镇: of which nobody knows who these are."""


def like_a_name(text: str, *, joined: bool = False) -> str:
    """Return what words begin with that may name somebody, or ""."""
    found = (
        (_SOMEBODY.match(text) if joined else None)
        or _OF_A_KIND.match(text)
        or _LIKE_A_NAME.match(text)
        or _SOME_UNITS.match(text)
        or (_PERSON.match(text) if joined else None)
    )
    whole = re.match(rf"请?(?:{_ALL})", text)
    return found["name"] if found is not None and whole is None else ""


def excepted_at_the_end(session: Session, text: str) -> tuple[str, str]:
    """Return a text without what its end says of whom it is not for, and those names; "" where nobody is named there: 节假日除外."""
    for pattern in _AT_THE_END:
        found = pattern.search(text)
        if found is None:
            continue
        units, rest, unknown = listed(session, found["who"], joined=True)
        if (units and not rest) or unknown or like_a_name(found["who"]) or _TEAM.fullmatch(found["who"]):
            return text[: found.start()].rstrip(f"{_MARKS}（("), found["who"]
    return text, ""


def addressed(session: Session, words: str, now: datetime) -> Audience | None:
    """Return all units where a sentence begins with them, 请各单位7月20日前报送…, without those whom it excepts; None where it does not."""
    begun = _TO_ALL.match(words)
    if begun is None:
        return None
    rest, who = excepted_at_the_end(session, words)
    group = audience(session, rest[begun.end("asks") :], now, joined=True)
    return but(session, group, who) if who else group


_TO_ALL = re.compile(rf"\s*(?P<asks>(?:请|让|要求|责成)?)(?:{_ALL_UNITS})(?!配合|协助|按照?分工)")


def but(session: Session, group: Audience, who: str) -> Audience:
    """Return an audience without those whom the end of the words excepts, where it has any of them."""
    left_out, more, unknown = listed(session, who, joined=True)
    return _without(session, group, left_out, group.words, unknown or more or ("" if left_out else who))


def _all_but(session: Session, rest: str, who: str, now: datetime) -> Audience:
    left_out, more, unknown = listed(session, who)
    inner = _group(session, rest, now, joined=True) or Audience(EVERYBODY, everybody(session), rest)
    return _without(session, inner, left_out, inner.words, unknown or more or ("" if left_out else who))


def _but_some(session: Session, group: Audience) -> Audience:
    """Return a group without those whom the words behind it except: 全部 不含住建局, 各单位（住建局除外）."""
    closed = next((found for one in _EXCEPT if (found := one.match(group.words)) is not None), None)
    if closed is not None:
        left_out, more, unknown = listed(session, closed["who"])
        if left_out or closed[0][0] in "（(":
            rest = group.words[closed.end() :].lstrip(_MARKS)
            return _without(session, group, left_out, rest, unknown or more or ("" if left_out else closed["who"]))
    begun = _NOT_FOR.match(group.words)
    if begun is None:
        return group
    left_out, rest, unknown = listed(session, group.words[begun.end() :])
    return _without(
        session, group, left_out, rest, unknown or ("" if left_out else rest.split()[0] if rest else begun[0])
    )


def _without(session: Session, group: Audience, left_out: Sequence[Unit], words: str, unknown: str) -> Audience:
    without = {unit.id for unit in [*left_out, *with_members(session, left_out)]}
    return replace(
        group,
        name=f"除{'、'.join(unit.name for unit in left_out)}外的{group.name}",
        units=[unit for unit in group.units if unit.id not in without],
        words=re.sub(rf"^的?单位[{_MARKS}]*", "", words),
        unknown=unknown,
    )


def _group(session: Session, text: str, now: datetime, *, joined: bool) -> Audience | None:
    for name, (said, which) in GROUPS.items():
        found = re.match(rf"(?:请|各|所有|全部)?(?:{said})(?:{_UNITS}[{_MARKS}]*|{_END})", text)
        if found is not None:
            units = ledger.units(session, replace(which, days=ledger.days(session, now)))
            return Audience(name, [unit for unit in units if not is_open(unit.name)], text[found.end() :])
    found = re.match(rf"(?:{_ALL}){f'[{_MARKS}]*' if joined else _END}", text)
    return Audience(EVERYBODY, everybody(session), text[found.end() :]) if found is not None else None


def listed(session: Session, text: str, *, joined: bool = False) -> tuple[list[Unit], str, str]:
    """Return the units with whose names a text begins, the rest, and what stands among them like a name and is none."""
    found: list[Unit] = []
    head, owed = text.strip(), False
    while True:
        hit = _first(session, head, joined=joined) or _short_first(session, head)
        if hit is None:
            break
        found.append(hit[1])
        head = head[len(hit[0]) :]
        and_another = _AND.match(head)
        owed = and_another is not None
        head = head[and_another.end() :] if and_another is not None else head.lstrip(_MARKS)
    spaced = re.match(r"[^\s：:，,、。]*", head)
    named_without_mark = register.beginning_with(session, head) if not found else []
    unknown = ""
    if named_without_mark:
        unknown = named_without_mark[0][0]
    elif owed:
        unknown = like_a_name(head) or (spaced[0] if spaced is not None else "") or head
    elif found:
        unknown = like_a_name(head) if _LIKE_A_NAME.match(head) else ""
    return found, head, unknown


_ASKS_THEM = re.compile(r"\s*(?:请|由|让|叫|责成|安排|交给|要求)")
_NO_NAME = re.compile(
    "[\u4e00-\u9fff]{2,6}?(?=[、和及与]|[今明本下][天日周月]|后天|周[一二三四五六日末天]|\\d|月底|尽快|马上|立即)"
)


def row(session: Session, words: str) -> list[tuple[str, Unit | None]]:
    """Return the row of names to whom a sentence gives something at its beginning, 请甲局、乙局和消防7月1日前…, each as it is written and the
    unit that it means; None for one that nobody is called by, which stands among others.
    """
    asks = _ASKS_THEM.match(words)
    head, found = words[asks.end() :] if asks is not None else "", list[tuple[str, Unit | None]]()
    while head:
        hit: tuple[str, Unit | None] | None = _first(session, head, joined=True) or _short_first(session, head)
        if hit is None and (found or re.match("[\u4e00-\u9fff]{2,6}[、和及与]", head)):
            said = _NO_NAME.match(head)
            hit = (said[0], None) if said is not None else None
        if hit is None:
            break
        found.append(hit)
        head = head[len(hit[0]) :]
        another = _AND.match(head)
        if another is None:
            break
        head = head[another.end() :]
    return found if any(unit is not None for _name, unit in found) else []


def called(session: Session, who: str) -> tuple[list[Unit], str]:
    """Return the units that words name, also by a short name without its end, 应急、住建, and which of them name no unit."""
    units, rest, unknown = listed(session, who, joined=True)
    if units and not unknown and not rest.strip("的 "):
        return units, ""
    found: list[Unit] = []
    for one in filter(None, _AND.split(who.strip("的 "))):
        named = next((named for end in _SHORT if (named := register.mentioned(session, f"{one}{end}"))), [])
        if not named:
            return found, one
        found += named
    return list({unit.id: unit for unit in found}.values()), ""


_SHORT = ("", "局", "厅", "委", "办", "队")
"""With what a short name of a unit is made whole: 公安, 应急."""


_SHORT_NAME = re.compile(
    r"(?:请|给|叫|让)?(?P<name>[\u4e00-\u9fff]{2,4}?)(?=[：:，,、\s和及与]|$|请|[今明]|后天|周[一二三四五六日天末]|星期|[本下上][周月午]|晚上|\d|马上|立即|立刻|尽快|都?[来派到去])"
)
_OF_A_PLACE = re.compile(r"^(?:[\u4e00-\u9fff]{1,3}?)?[省市县区]")


def _short_first(session: Session, text: str) -> tuple[str, Unit] | None:
    """Return the short name without an end with which a text begins, 消防、住建周五开会, and the only unit whose name begins so."""
    said = _SHORT_NAME.match(text)
    if said is None or said["name"][-1] in "局厅委办院队部站":
        return None
    known = register.unit_names(session)
    units = {
        unit.id: unit
        for name, unit in known
        if not unit.collective and _OF_A_PLACE.sub("", name).startswith(said["name"])
    }
    found = [unit for end in _SHORT[1:] for unit in register.mentioned(session, f"{said['name']}{end}")]
    units = units or {unit.id: unit for unit in found}
    return (said[0], next(iter(units.values()))) if len(units) == 1 else None


def _first(session: Session, text: str, *, joined: bool) -> tuple[str, Unit] | None:
    """Return the name, as it is written, and the unit with which a text begins."""
    for name, unit in register.beginning_with(session, text):
        after = text[len(name) :]
        if joined or not after or after[0] in f"{_MARKS}请" or _AND.match(after):
            return name, unit
    return None


def everybody(session: Session) -> list[Unit]:
    """Return every unit that stands in a running campaign or has a chat; a collective one only without members, and none of whom
    nobody knows who they are: 各有关单位, and without a chat 各县区.
    """
    bound = {unit.id: unit for unit in register.bound_units(session)}
    units = {unit.id: unit for unit in ledger.units(session, Which(LIVING)) if not is_a_kind(unit.name)} | bound
    return [unit for _id, unit in sorted(units.items()) if not is_open(unit.name)]
