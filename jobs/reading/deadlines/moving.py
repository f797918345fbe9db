"""Days that move where they fall on a day off: 6月15日（遇周末顺延）前, …前完成，遇节假日顺延."""

import re
from collections.abc import Iterable
from dataclasses import replace

from db.workdays import china
from jobs.reading.deadlines.frame import Deadline

_OFF = r"(?:国家|法定){0,2}(?:周末|双休日|节假日|节日|假日|假期|休息日|公休日?|(?:周|星期|礼拜)[六日天])"
_MOVES = r"(?:顺延|提前|延后|推迟|延至|[前后]移)"
_TO = r"(?:[到至](?:节|假)?后?(?:下一?|次|最近的?|[前上]一?)?(?:第?一?个)?(?:周[一二三四五]|工作日|上班日)|[一二两]个?(?:天|日|工作日))?"
MOVED = re.compile(
    rf"\((?:[如若逢遇恰因为是系]|正值|当[日天]){{0,4}}{_OFF}[^()。;\d]{{0,24}}?{_MOVES}[^()。;\d]{{0,20}}\)"
    rf"|,?(?:[如若]|如果)?[遇逢]{_OFF}(?:[、和或]{_OFF})*[^()。;\d]{{0,8}}?{_MOVES}{_TO}"
)
"""What is said of a day that falls on a day off, in a normal text; no day in it is one by which something is due."""
_SAID = re.compile(rf"(?:[遇逢]|[（(][如若恰因为是系]{{0,4}}){_OFF}[^（()）。；;\d]{{0,24}}?{_MOVES}")
_SENTENCE = re.compile(r"[。；;\n]")
IS_OFF = "写明遇休息日顺延或提前，这一天是休息日，请核对"
EACH_TIME = "写明遇休息日顺延或提前，每次的日子请核对"
_HOW = "写明遇休息日顺延或提前"


def moved_off(found: Iterable[Deadline], text: str) -> list[Deadline]:
    """Return deadlines, those beside which the sentence says that they move where they fall on a day off in doubt if they
    do, or if it is so sooner or later; what comes each Friday moves with a public holiday alone, and is only told.
    """
    said = [match.start() for match in _SAID.finditer(text)] if "延" in text or "前" in text else []
    return [_moved(one) if any(_is_of(one, at, text) for at in said) else one for one in found]


def _is_of(one: Deadline, at: int, text: str) -> bool:
    """Tell whether what is said at a place is of a day, in whose sentence it stands."""
    return not _SENTENCE.search(text, min(one.start, at), max(one.start, at))


def _moved(one: Deadline) -> Deadline:
    days = china()
    off = one.due is not None and (not days.is_workday(one.due) or days.provisional(one.due))
    why = EACH_TIME if "BYMONTHDAY" in (one.rule or "") else IS_OFF if off else None
    return replace(one, uncertain=one.uncertain or why, how=f"{one.how}；{_HOW}")
