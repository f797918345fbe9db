"""When and where a talk is to be, in the sentence that summons somebody: 约谈甲局主要负责人，6月7日上午9点，二楼会议室."""

import re
from dataclasses import dataclass
from datetime import date

from bot.dialogue.phrases import Pieces
from bot.dialogue.understanding import details


@dataclass(frozen=True, slots=True)
class Appointment:
    """Whom a talk is with, when and where, each "" where nothing is said, and the words without that; a day is written as a date."""

    whom: str
    when: str
    where: str
    rest: str

    @property
    def said(self) -> str:
        """When and where, "" where neither is said."""
        return "，".join(filter(None, (self.when, self.where)))

    @property
    def asks(self) -> str:
        """The clause of the summons: 现约请负责同志于6月7日上午9点到二楼会议室面谈."""
        when, where = self.when and f"于{self.when}", self.where and f"到{self.where}"
        return f"现约请{self.whom or '负责同志'}{when}{where}面谈"


_SAY = Pieces(
    "appointments",
    day=r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]|\d{1,2}[日号]|{today}|(?:[下本这]个?)?(?:周|星期)[一二三四五六日天]",
    set="时间(?:是|为|定于)?[:：]?|定于|于",
    clock=r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:[:：]\d{2}|[点时](?:\d{1,2}分?|半|整)?)",
    place=r"(?:地点[是为在]?[:：]?|{at})?(?P<where>[^\s，,；;。]{0,16}?{room})(?:面?谈)?",
)
_TIME = _SAY(r"(?:理由[:：]\s*)?{set}?(?P<when>(?P<day>{day})?\s*{part}?\s*{clock}?){place}?")
_DAY = _SAY("{day}")
_PLACE = _SAY("{place}")
_NAMED_PLACE = re.compile(r"地点")
_WHOM = re.compile(
    r"^[^，,；;。：:\s]*?(?P<whom>(?:主要|分管)(?:负责人|负责同志|领导)|主要领导|一把手)(?=$|[，,；;。\s])"
)
_MARKS = re.compile(r"([，,；;。\n\s]+)")


def appointed(text: str, today: date) -> Appointment:
    """Return when and where a talk is to be: clauses that are a time and nothing else, and the place in them or right behind."""
    when, where, rest = "", "", ""
    pieces = _MARKS.split(text)
    right_behind = False
    for clause, mark in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        time, place = _TIME.fullmatch(clause), _PLACE.fullmatch(clause)
        if clause and time is not None and time["when"]:
            when += _dated(time["when"], today)
            where, right_behind = time["where"] or where, True
        elif place is not None and not where and (right_behind or _NAMED_PLACE.match(clause)):
            where = place["where"]
        else:
            rest, right_behind = f"{rest}{clause}{mark}", False
    whom = _WHOM.match(rest)
    if whom is not None:
        rest = rest[: whom.start("whom")] + rest[whom.end() :]
    return Appointment(whom["whom"] if whom is not None else "", when, where, rest.strip(" ，,；;。\n"))


def _dated(when: str, today: date) -> str:
    """Return a time with its day as a date: who reads a paper does not know when 明天 was said."""
    said = _DAY.match(when)
    day = details.day_named(said[0], today) if said is not None and not said[0][0].isdigit() else None
    return when if said is None or day is None else f"{day:%-m月%-d日}{when[said.end() :]}"
