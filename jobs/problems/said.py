"""A sentence about a problem, purely: what was found in it, and the measure that a unit says it takes."""

import re
from collections.abc import Iterable

_CLAUSE = re.compile(r"[，,；;。！!\n]+")
_DATED = re.compile(
    r"整改(?:责任)?(?:单位|部门|期限|时限|时间|到位|完毕|完成|销号|落实)?|责任(?:单位|部门)|牵头|配合|负责|责成|完成|落实|限期|限|期限|时限|办结|务必|尽快|立即|"
    r"[由请于在为前后内\s：:、和及与]|之前|以前"
)
"""What stands beside the unit and the day in the clauses that say who sets a problem right by when."""


def finding(text: str, named: Iterable[str]) -> str:
    """Return what was found: the sentence without the clauses that only say who sets it right and by when.

    ``named`` are the units and the days as they stand in it. A sentence that says nothing else is returned whole.
    """
    spans = sorted({one for one in named if one}, key=len, reverse=True)
    clauses = [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]
    kept = [clause for clause in clauses if not _only_says_who_and_when(clause, spans)]
    return "，".join(kept or clauses)


def _only_says_who_and_when(clause: str, spans: Iterable[str]) -> bool:
    rest = clause
    for span in spans:
        rest = rest.replace(span, "")
    return rest != clause and not _DATED.sub("", rest)


_MEASURE = re.compile(r"^(?:整改)?措施(?P<rest>[\s：:〔\[（(A-Za-z\d].*)$", re.DOTALL)
"""A measure is told by its word and what comes after a colon, a blank or a code: 措施：…, 措施 A-3 …"""


def measure(text: str) -> str | None:
    """Return what stands behind 措施, a code and all; None where a text tells no measure."""
    told = _MEASURE.match(text.strip())
    return told["rest"].strip(" ：:\n") if told is not None else None
