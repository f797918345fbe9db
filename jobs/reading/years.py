"""The year that a document was read in, against what the document itself says: a wrong one is asked about, never guessed.

Every day without a year stands or falls with it, so a year that contradicts the document must be confirmed by a person
before the campaign starts.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from jobs.reading.document import Document

_YEAR = r"(?<!\d)((?:19|20)\d\d)(?!\d)"
_IN_TITLE = re.compile(rf"(?<![〔\[（(]){_YEAR}(?=\s*(?:年|[—–－\-~至到]))")
_RANGE = re.compile(rf"{_YEAR}年?\s*[—–－\-~至到]+\s*{_YEAR}")
_IN_SPAN = re.compile(rf"{_YEAR}(?=\s*[年.\-/—–])")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the year is doubtful, in a few words, and the year that the document suggests instead."""

    why: str
    instead: int


def doubt(document: Document, today: date) -> Doubt | None:
    """Return what speaks against the document's reference year; None where nothing does, or no year was needed.

    The title is asked first, then the day of issue, then the years that deadlines name, and where the document says
    nothing at all, the calendar. ``today`` is the local day of the import.
    """
    year = document.reference_year
    if year is None:
        return None
    titled = _years_of(document.title)
    if titled:
        near = document.issued is not None and year - document.issued.year in (0, 1)
        wrong = year < min(titled) or (year > max(titled) and not near)
        return Doubt(f"标题写的是{_listed(titled)}年", max(titled)) if wrong else None
    if document.issued is not None:
        issued = document.issued.year
        return None if year - issued in (0, 1) else Doubt(f"文件是{issued}年印发的", issued)
    named = Counter(
        int(found) for task in document.tasks for one in task.milestones for found in _IN_SPAN.findall(one.text)
    )
    if named:
        wrong = not min(named) <= year <= max(named)
        return Doubt(f"期限里写的是{_listed(set(named))}年", named.most_common(1)[0][0]) if wrong else None
    return Doubt(f"文件里没有写年份，今年是{today.year}年", today.year) if abs(year - today.year) > 1 else None


def _years_of(title: str) -> set[int]:
    """Return the years that a title names, those between the ends of a range too."""
    years = {int(found) for found in _IN_TITLE.findall(title)}
    for first, last in _RANGE.findall(title):
        years |= set(range(int(first), int(last) + 1))
    return years


def _listed(years: set[int]) -> str:
    first, last = min(years), max(years)
    return str(first) if first == last else f"{first}—{last}"
