"""A sentence about a problem, purely: what was found in it, and the measure that a unit says it takes."""

import re
from collections.abc import Iterable

from jobs.reading.cells import Look, look

_CLAUSE = re.compile(r"[，,；;。！!\n]+")
_DATED = re.compile(
    r"整改(?:责任)?(?:单位|部门|期限|时限|时间|到位|完毕|完成|销号|落实)?|责任(?:单位|部门)|牵头|配合|负责|责成|完成|落实|限期|限|期限|时限|办结|务必|尽快|立即|"
    r"[由请于在为前后内\s：:、和及与]|之前|以前"
)
"""What stands beside the unit and the day in the clauses that say who sets a problem right by when."""


def parted(text: str, named: Iterable[str], known: Iterable[str] = ()) -> tuple[str, str]:
    """Return what was found, and the clauses that only say who sets it right by when: those at the end of a sentence, and anywhere
    those of units that are ``known``.

    ``named`` are the units and the days as somebody read them in it; what reads like a unit at its beginning (围堰开裂两处) may be
    what was found. A sentence that says nothing else is what was found as a whole.
    """
    spans, sure = _longest_first(named), _longest_first(known)
    clauses = [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]
    at = len(clauses)
    while at > 1 and _only_says_who_and_when(clauses[at - 1], spans):
        at -= 1
    found = [clause for clause in clauses[:at] if not _only_says_who_and_when(clause, sure)]
    if not found:
        return "，".join(clauses), ""
    beside = [clause for clause in clauses[:at] if clause not in found]
    return "，".join(found), "，".join([*beside, *clauses[at:]])


_ITEM = re.compile(r"(?<=\S)[ \t\u3000]+(?=\d{1,2}[.．、](?!\d))")
_BLANK = re.compile(r"(?<=[^\s:：])[ \t\u3000]+(?=\S)")
_NUMBER = re.compile(r"^(\d{1,2}[.．、])[ \t\u3000]*")


def clauses_told(words: str) -> str:
    """Return what somebody wrote with each numbered problem on a line, and with commas where only blanks part the clauses: 食堂地滑
    教育局 月底前.
    """
    numbered = _NUMBER.match(words.strip())
    lines = (_ITEM.sub("\n", words.strip()) if numbered is not None else words).splitlines()
    return "\n".join(
        line if _CLAUSE.search(line.strip(" 。；;！!")) else _BLANK.sub("，", _NUMBER.sub(r"\1", line))
        for line in lines
    )


def numbered(told: str) -> list[str]:
    """Return the items, without their numbers, of what is nothing but a numbered list of two or more; of all else none."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    return [_NUMBER.sub("", line) for line in lines] if len(lines) > 1 and all(map(_NUMBER.match, lines)) else []


def clauses_of_units(text: str) -> list[str]:
    """Return the clauses behind the first that are nothing but a unit's name: 安全阀超期未检，立即整改，市市场监管局."""
    clauses = [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]
    return [clause for clause in clauses[1:] if look(clause) is Look.UNITS]


def _longest_first(spans: Iterable[str]) -> list[str]:
    return sorted({one for one in spans if one}, key=len, reverse=True)


def _only_says_who_and_when(clause: str, spans: Iterable[str]) -> bool:
    rest = clause
    for span in spans:
        rest = rest.replace(span, "")
    return rest != clause and not _DATED.sub("", rest)


_MEASURE = re.compile(
    r"^(?:整改)?措施(?P<rest>[\s：:〔\[（(A-Za-z\d].*)$"
    r"|^(?P<code>[〔\[]?[A-Za-z]{1,2}\d{0,2}-\d{1,4}[〕\]]?)?\s*(?:的|我们?(?:[局厅委]|单位)?的?|本单位的?|拟?采取的?)*(?:整改)?措施"
    r"(?:是|为|如下)[：:，,\s]*(?P<told>(?![什啥多哪谁怎否没何]).*(?<![吗呢么?？]))$",
    re.DOTALL,
)
"""A measure is told by its word and what comes after a colon, a blank or a code: 措施：…, 措施 A-3 …; 我们的整改措施是…, A-3的措施是…"""


def measure(text: str) -> str | None:
    """Return what stands behind 措施, a code and all; None where a text tells no measure."""
    told = _MEASURE.match(text.strip())
    if told is None:
        return None
    rest = told["rest"] if told["rest"] is not None else f"{told['code'] or ''} {told['told']}"
    return rest.strip(" ：:\n")
