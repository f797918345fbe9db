"""A sentence about duty that may part the day → what it says, purely: 明天上午王工，下午李工值班, 今晚赵工值班, 明天夜班谁值班."""

import re
from dataclasses import replace
from datetime import date

from db.plain import SURNAME
from db.words import DayPart
from jobs.duties import said
from jobs.duties.plainly import DUTY, SIGN
from jobs.duties.said import Said, What
from jobs.duties.spoken_days import days_of
from jobs.reading import day_parts, phones

_PART = re.compile(rf"也?(?:轮?值|上)?(?P<part>{day_parts.WORDS})(?:(?<!班)班)?")
_TONIGHT = (
    (re.compile("今[晚夜](?![班间])上?"), "今天夜班"),
    (re.compile("([明后])[晚夜](?![班间])上?"), r"\1天夜班"),
    (re.compile("([今明后])(?=早班)"), r"\1天"),
    (re.compile("([今明后])早(?!班)(?:上(?!班))?"), r"\1天早上"),
    (re.compile("(?<=[周期][一二三四五六日天])晚(?![上班间])|(?<=[日号])晚(?![上班间])"), "夜班"),
)
"""Nights and mornings that are told with their day in one word."""
_WATCH = re.compile("[白日夜早中晚午]班")
"""What speaks of duty by itself, and not of a morning or a night in which something else may be."""
_AROUND = "、，,；;和与及 \u3000的"
_LED = re.compile("^(?:由|是|为|安排|[：:])+")
_ENDS = re.compile(rf"(?:同志)?(?:来|负责|轮)?{DUTY}?[吧了。]{{0,3}}$")
_ONE = rf"(?:我|{SURNAME}(?:{SIGN}){{0,2}}(?:工|总|处|局|科|长|主任|经理|老师)|{SURNAME}(?:{SIGN}){{1,2}})"
_PEOPLE = re.compile(rf"{_ONE}(?:[、，,和与及]{_ONE}){{0,7}}")
"""Who may have a part of a day: any two words may be a name, and few behind a surname."""


def read(text: str, today: date) -> Said | None:
    """Return what a sentence said on the local day ``today`` says of duty, also of parts of a day; None where it says nothing of
    it, or does not say whose which part is.
    """
    words = text.strip()
    for pattern, instead in _TONIGHT:
        words = pattern.sub(instead, words)
    told = list(_PART.finditer(words))
    if not told:
        return said.read(text, today)
    if not re.search(DUTY, words) and not _WATCH.search(words):
        return None
    if len(told) == 1:
        return _of_one(words, told[0], today)
    return _of_several(words, today) or _by_clauses(words, today)


def _of_one(words: str, told: re.Match[str], today: date) -> Said | None:
    """Read a sentence of one part as that of whole days without it. The part stands behind the days or behind all who have it:
    明天王工、夜间李工 does not say when 王工 is on duty.
    """
    before, behind = words[: told.start()], words[told.end() :]
    ends = _ENDS.fullmatch(re.sub("[谁吗?？]|哪位", "", behind)) is not None and not re.search("[，,；;]", before)
    if not (_end_with_days(before, today) or ends):
        return None
    rest = f"{before}{'值班' if behind[:1] in ('：', ':') else ''}{behind}"
    whole = said.read(rest if re.search(DUTY, rest) else _ENDS.sub("", rest) + "值班", today)
    part = day_parts.called(told["part"])
    if whole is None or part is None or whole.what in (What.SWAP, What.CROSS):
        return None
    if not re.search(DUTY, words) and not all(map(_PEOPLE.fullmatch, whole.names)):  # 王工明天夜班，后天来办
        return None
    return replace(whole, parts=(part,) * max(len(whole.names), 1))


def _end_with_days(words: str, today: date) -> bool:
    words = words.rstrip(_AROUND)
    return any(days_of(words[start:], today) for start in range(max(len(words) - 24, 0), len(words) - 1))


def _of_several(words: str, today: date) -> Said | None:
    """Read who has which part of the same days, the part before its people or behind them: 明天上午王工，下午李工值班, 明天王工白班、李工夜班."""
    words, numbers = phones.parted(words)
    asks = re.search("吗?[？?]?$", words)
    words = words[: asks.start()] if asks is not None else words
    for on_days, rest in said.parted(words, today):
        pieces = [piece.strip(_AROUND) for piece in _PART.split(rest)]
        parts = [day_parts.called(word) for word in pieces[1::2]]
        people = pieces[2::2] if not pieces[0] else pieces[:-1:2]
        left = "" if not pieces[0] else pieces[-1]
        if _ENDS.fullmatch(left) is None:
            continue
        named = [_ENDS.sub("", _LED.sub("", one)) for one in people]
        if not all(_PEOPLE.fullmatch(one) and all(map(said.is_name, said.BETWEEN.split(one))) for one in named):
            continue
        if asks is not None and asks[0]:
            return Said(What.ASK, on_days)
        seats: dict[str, DayPart] = {}
        for one, part in zip(named, parts, strict=True):
            for name in said.BETWEEN.split(one):
                seats[name] = seats.get(name, DayPart(0)) | (part or DayPart(0))
        return Said(What.SET, on_days, tuple(seats), phones.of_names(seats, numbers), tuple(seats.values()))
    return None


def _by_clauses(words: str, today: date) -> Said | None:
    """Read clauses of which each has days of its own: 今晚王工，明晚李工值班, 周六白班王工、夜班李工，周日白班赵工、夜班钱工."""
    clauses = [clause for clause in re.split("[，,；;]", words) if clause.strip()]
    if len(clauses) < 2:
        return None
    heard = [read(clause if re.search(DUTY, clause) else f"{clause}值班", today) for clause in clauses]
    told = [one for one in heard if one is not None and one.what is What.SET and one.parts]
    if len(told) < len(clauses):
        return None
    if not all(map(_PEOPLE.fullmatch, (name for one in told for name in one.names))):
        return None
    seats = [
        (day, name, part) for one in told for day in one.days for name, part in zip(one.names, one.parts, strict=True)
    ]
    on_days, names, parts = zip(*seats, strict=True)
    return Said(What.EACH, on_days, names, tuple(phone for one in told for phone in one.phones), parts)
