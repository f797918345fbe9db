"""12号办好了, said on the 8th: a day to come and an end that is past contradict each other, so it is asked which is meant."""

import re
from datetime import date, timedelta

from bot.dialogue.phrases import Pieces
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding
from bot.dialogue.understanding import tasks
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import lexicon
from db.ledger import Line
from db.words import OPEN_STATES
from jobs.notices.press import Verb, button
from jobs.reading.deadlines import Frame, Setting, find_deadlines

_SAY = Pieces("ahead", ended="(?:[办做弄搞完交报]|整改)[好结完成妥齐毕]")
_ENDED = _SAY("{when}?(?:我们)?{all}?(?:(?:已经?|就)(?:都|全部)?{ended}|{ended}了|搞定了|结束了)")
"""What stands right behind a day on which something is said to have ended; 12号办好 and 12号前办好了 promise."""


def day_to_come(text: str, on: date) -> date | None:
    """Return the later day than ``on``, the local day, on which a text says that something has ended; None where it says none."""
    clean = heard(text)
    clean = tasks.marked(clean, tasks.find(clean, lexicon())).replace(tasks.MARK, "#")
    return next(
        (
            day.due
            for day in find_deadlines(clean, Frame(Setting.CHAT, on=on))
            if day.due is not None and on < day.due <= on + _far(day.text)
            if not day.text.endswith("前") and _ENDED.match(clean, day.end)
        ),
        None,
    )


def _far(day: str) -> timedelta:
    """Return how far ahead a day may be that is not rather the last such day: the 12th, said on the 8th, is to come, the 5th is past."""
    return timedelta(days=15 if re.fullmatch(r"\d{1,2}[日号]", day) else 183)


def asked(turn: Turn, line: Line, said: Understanding, text: str) -> bool:
    """Ask whether it is done, or will be that day; tell whether a text says both."""
    if said.intent not in (Intent.DONE, Intent.PROGRESS) or line.assignment.state not in OPEN_STATES:
        return False
    day = day_to_come(text, turn.today(line))
    if day is None:
        return False
    seen = line.assignment
    turn.reply(
        "ask_ahead",
        code=line.code,
        day=day,
        line=line,
        buttons=[
            button(Verb.REPORT, seen.id, seen.version, "已经办结"),
            button(Verb.AS_PROGRESS, turn.inbound_id, seen.id, f"预计{day:%-m月%-d日}办结"),
        ],
    )
    return True
