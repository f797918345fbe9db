"""A clause with what it says; and from several who sees to it now, and by which day what they promise is to be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.dialogue.understanding import details
from bot.dialogue.understanding.clauses import Clause
from bot.dialogue.understanding.features import Features
from bot.dialogue.understanding.lexicon import Sense
from bot.dialogue.understanding.meaning import Says
from bot.dialogue.understanding.what import Extent, Sure, What


@dataclass(frozen=True, slots=True)
class Heard:
    """A clause with what it says."""

    clause: Clause
    features: Features
    says: Says


def given_to(parts: tuple[Heard, ...]) -> str | None:
    """Return who sees to it inside the unit now, "" for who speaks, None where no clause says so."""
    names = [details.in_charge(part.clause.words) for part in parts if part.says is Says.HANDS_OVER]
    return next((name for name in names if name), "") if names else None


def last_day(parts: Sequence[Heard], text: str, on: date) -> date | None:
    """Return the day of the last clause that names one, but not of one that waits for something else."""
    for part in reversed(parts):
        if part.features.sure is not Sure.CONDITIONAL and (_names_a_day(part.clause) or _ends_today(part)):
            day = details.day_named(details.without_days_that_say_which(text[part.clause.start : part.clause.end]), on)
            if day is not None:
                return day
            if part.says is Says.PROMISES_DAY and _AN_HOUR.search(text, part.clause.start, part.clause.end):
                return on
    return None


_AN_HOUR = re.compile(r"(?:上午|中午|下午|傍晚|晚上)[\d一二两三四五六七八九十]{1,3}[点时:：][^，,。；;]{0,4}前")
"""下午4点前发您: of today, where no day is named."""


def without_steps(parts: list[Heard]) -> list[Heard]:
    """Return the clauses that promise more than a step: 明天开会研究 and 周五完成招标 say of no end by when it will be."""
    return [part for part in parts if not _is_of_a_step(part)]


def _is_of_a_step(part: Heard) -> bool:
    ends = any(word.text in ("收尾", "扫尾") for word in part.clause.words)
    return not ends and (part.features.what in (What.UNDER_WAY, What.TAKEN) or part.features.extent is Extent.STEP)


def _ends_today(part: Heard) -> bool:
    """Tell whether an end is promised for today: 今天一定弄完, 今天能报; what is only to begin today, 今天下午开会研究, ends nobody knows when."""
    today = any(word.text in ("今天", "今日", "今晚") for word in part.clause.words)
    ends = part.features.what in (What.FINISHED, What.HANDED_IN)
    ends = ends or (part.features.what is What.TO_DO and bool(part.clause.senses & {Sense.HAND, Sense.SEND}))
    return today and part.says is Says.PROMISES_DAY and ends


def _names_a_day(clause: Clause) -> bool:
    """Tell whether a clause names a day: 下周 is none, and 今天 only where something is due before it ends."""
    return bool(clause.senses & {Sense.DAY, Sense.FUTURE}) or any(
        word.text == "前" or "下班前" in word.text for word in clause.words
    )
