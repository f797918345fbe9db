"""What an answer in words says of what reading left open: that it stands, a day, units, that it is left open for now."""

import re
from dataclasses import dataclass
from datetime import date

from bot.dialogue.phrases import Pieces
from bot.dialogue.typed_days import typed_day
from db.models import Campaign
from db.words import DoubtKind
from jobs.campaigns.settling import Asked
from jobs.reading.deadlines import Frame, Setting, read_deadline
from jobs.reading.likely import looks_like_unit


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer in words says: one of these."""

    as_read: bool = False
    ongoing: bool = False
    out: bool = False
    passes: bool = False
    day: date | None = None
    units: tuple[str, ...] = ()
    everybody: bool = False
    text: str = ""


_PLAIN = {
    "跳过": Said(passes=True),
    "下一处": Said(passes=True),
    "下一个": Said(passes=True),
    "长期": Said(ongoing=True),
    "为长期": Said(ongoing=True),
    "不列入": Said(out=True),
    "不是任务": Said(out=True),
} | {word: Said(as_read=True) for word in ("无误", "对", "对的", "是", "是的", "没错", "没问题", "正确", "按读到的")}

_SAY = Pieces(
    "doubt_words",
    unheard="(?:还|暂时?|目前)?[没未]有?(?:接?到?通知|定下?来?|确定|明确|下来|消息|收到)",
    waits="先?[放搁](?:一[放下]|着)|等.{0,8}(?:通知|文件|再[说定])",
)
_LEAVES_OPEN = _SAY("{unheard}|{waits}|{open}")
"""How people say that they cannot tell yet: it stays open, and the next one is asked."""

_NODS = re.compile(
    r"(?:好的?|嗯|行|可以|对的?|是的?|没错|没问题|正确|无误|同意|就(?:是|按)?(?:这个|这样|这天|读到的)(?:定|来|办)?|按(?:读到的|这个)(?:定|来|办)?)(?:[吧了]*)"
)
_BEFORE = _SAY(r"^(?:那?就)?先?{perhaps}?{becomes}?(?:大概|大约|差不多|到)?[:：]?\s*")
_AFTER = re.compile(r"(?:(?:之?前)?(?:左右|为准|来|算)?(?:牵头|负责|办理|承办|落实)?[。.！!吧了]*)$")
_CALLED = re.compile(r"^[^\d，,；;。不没]{1,10}?(?:也?就是|就按|是指|指的?是)(?=.)")
"""汛期前就是6月底: what is asked about stands before its day."""
_EVERYBODY = re.compile(
    "(?:就?是|给|由)?(?:清单|通知|名单|表)?(?:里|上|中)?的?(?:所有|全部|全体|各)(?:列出)?的?单位(?:都[要有办做]|各自办理)?[吧了]?|都[要有办做]|全部都?[要是]?"
)
"""各单位: every one that the list names elsewhere."""
_CLAUSE = re.compile(r"[，,；;。！!\s]+")
_REASON = 10
"""Characters of the longest clause beside a day that is passed over: 还没通知，先定12月10日."""


def said_in(about: Asked, text: str, today: date, *, chosen: bool = False) -> Said | None:
    """Return what ``text``, written on the local day ``today``, answers to a doubt, None where it is no answer to it.

    With ``chosen`` the person chose to write one: then a name of a unit may be one that nobody knows yet.
    """
    words = text.strip().rstrip("。.！!")
    kind = about.doubt.kind
    plain = _PLAIN.get(words)
    if plain is not None and not (plain.ongoing and kind is not DoubtKind.DEADLINE):
        return plain
    if kind is DoubtKind.TEXT and chosen:
        return Said(text=text.strip())
    said = _dated(about.campaign, words, today) if kind is DoubtKind.DEADLINE else None
    if said is not None:
        return said
    if _LEAVES_OPEN.search(words) and len(words) <= _REASON * 2:
        return Said(passes=True)
    clauses = [one for one in _CLAUSE.split(words) if one]
    if (len(clauses) > 1 and all(map(_NODS.fullmatch, clauses))) or (words.startswith("就") and _NODS.fullmatch(words)):
        return Said(as_read=True)
    if kind is DoubtKind.UNIT and _EVERYBODY.fullmatch(words):
        return Said(everybody=True)
    if kind is DoubtKind.UNIT:
        names = tuple(name for name in re.split(r"[、，,；;\s]+", _bare(words)) if name)
        return Said(units=names) if names and all(map(looks_like_unit, names)) else None
    return None


def _bare(words: str) -> str:
    return _AFTER.sub("", _BEFORE.sub("", words))


def _dated(campaign: Campaign, words: str, today: date) -> Said | None:
    """Return the one day that words name, whole or in one of their clauses beside a nod or a short reason."""
    words = _CALLED.sub("", words)
    whole = _day(campaign, words, today) or _day(campaign, _bare(words), today)
    if whole is not None:
        return Said(day=whole)
    clauses = [one for one in _CLAUSE.split(words) if one]
    days = [day for one in clauses if (day := _day(campaign, _bare(one), today)) is not None]
    others = [one for one in clauses if _day(campaign, _bare(one), today) is None]
    short = all(len(one) <= _REASON and not re.search(r"\d", one) for one in others)
    return Said(day=days[0]) if len(days) == 1 and short else None


def _day(campaign: Campaign, words: str, today: date) -> date | None:
    """Return the day that words name: as the list would, whose year it is of, else as people say it."""
    found = read_deadline(words, Frame(Setting.CELL, campaign.reference_year, None, campaign.issued))
    return found.due if found is not None and found.due is not None else typed_day(words, today)


_LIKE_A_DAY = re.compile(
    r"(?=.*[月日号年/.\-])(?:改(?:为|成|到|期到?))?[\d年月日号底末初旬上中下前内./\-— ]{2,20}[。.！!吧]*"
)


def is_like_a_day(text: str) -> bool:
    """Tell whether a text is written as days are, 6月31日, whether or not there is such a day: then it was meant as an answer."""
    return _LIKE_A_DAY.fullmatch(text.strip()) is not None
