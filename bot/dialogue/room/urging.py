"""What a sentence of urging says: whether it is an order, of which codes, and what stands beside it that no unit will read."""

import re
from dataclasses import dataclass

from sqlmodel import Session

from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import CODE
from db import register

_CODE = re.compile(rf"[〔\[]?({CODE})[〕\]]?", re.IGNORECASE)
_CUT = re.compile(r"[，,。；;！!\n]+|\s+")
_SAY = Pieces("urging")
_ORDER = _SAY("(?<![不别])(?<!不要)(?<!不用)(?:{order})")
_KNOWN = _SAY("{order+filler+state}|[、：:（）()“”]|和|与|及|第?(?<!\\d)\\d{1,3}(?:\\.\\d+)?(?![\\d月日天点])[号项]?")
_OFF = _SAY("{off}")
_TALK = _SAY("{talk}|(?:[吗没么呢?？]|了)$")
_ALREADY = _SAY("{state}|{hurry}")


@dataclass(frozen=True, slots=True)
class Urged:
    """A sentence of urging: ``kept`` is it without what it leaves out, of which ``spared`` are the codes, ``codes`` those that are
    left; ``doubt`` is the clause of urging in which more stands than an order, ``talks`` tells that it may be one all
    the same where it calls the task by its words, ``beside`` what is said in other clauses.
    """

    kept: str
    codes: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    doubt: str = ""
    talks: bool = False
    beside: str = ""


NOTHING = Urged("")
"""Of what is urged without a word."""


def read(session: Session, text: str) -> Urged:
    """Return what a sentence of urging says: 催A-12，A-15不用 is of A-12 alone, 再催甲局他们要翻脸了 is no order."""
    kept, spared = _parted([one for one in _CUT.split(text.strip()) if one])
    doubt, odd, beside, codes = "", "", "", list[str]()
    for clause in kept:
        codes += [one.upper() for one in _CODE.findall(clause)]
        bare = register.spoken_of(session, _CODE.sub(" ", clause))[1]
        left = _KNOWN.sub("", bare).strip()
        if _ORDER.search(clause):
            doubt, odd = (doubt, odd) if doubt or not left else (clause, bare.strip())
        elif left and not _ALREADY.search(bare) and not _CODE.search(clause):
            beside = beside or clause
    codes = list(dict.fromkeys(codes))
    left_out = tuple(code for code in spared if code not in codes)
    return Urged("，".join(kept), tuple(codes), left_out, doubt, _TALK.search(odd) is not None, beside)


def without_spared(text: str) -> str:
    """Return a sentence without the codes that it says are not urged, where it urges others; as it stands where it urges none."""
    clauses = [one for one in _CUT.split(text.strip()) if one]
    kept, spared = _parted(clauses)
    urges = any(_ORDER.search(one) and not _leaves_out(one) for one in kept)
    return "，".join(kept) if spared and urges and any(map(_CODE.search, kept)) else text


def _parted(clauses: list[str]) -> tuple[list[str], list[str]]:
    """Return the clauses that stand, and the codes of those that say of codes that they are left out."""
    kept: list[str] = []
    spared: list[str] = []
    for clause in clauses:
        if not _leaves_out(clause):
            kept.append(clause)
        elif _CODE.search(clause):
            spared += [one.upper() for one in _CODE.findall(clause)]
        elif kept and not _KNOWN.sub("", _CODE.sub("", kept[-1])) and not _ORDER.search(kept[-1]):
            spared += [one.upper() for one in _CODE.findall(kept.pop())]
        else:
            kept.append(clause)
    return kept, spared


def _leaves_out(clause: str) -> bool:
    return _OFF.search(clause) is not None and _FREED.search(clause) is None


_FREED = re.compile("(?:不用|不必|免)再?(?:报|办|做|交)")
"""A-1不用报了 lets off what it names: that is more than not to urge it."""
