"""Counter-offers: 不行，最多给到7月12 neither grants more time nor refuses it; it is asked which, and nothing goes out before."""

import re
from datetime import date

from bot.dialogue import access
from bot.dialogue.room import after_refusal, counted_days, decisions
from bot.dialogue.targets import of_coordinator
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, understand
from bot.dialogue.understanding import details, tasks
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import lexicon
from db.ledger import Line, Which
from db.ledger.acts import pending_extension
from db.words import LIVING, Action
from jobs.notices.press import Verb, button

_LIMITS = re.compile(
    "最多|至多|顶多|最长|最晚|最迟|只能|只给|只同意|只准|只批|不[能得要]?超过|不[能得]?晚于|太久|太长|太晚|[给放宽批]到|宽限[到至]"
)
"""How somebody says that less is given than was asked for."""


def of_request(turn: Turn, text: str) -> bool:
    """Ask what is meant where a request for more time is answered with another day, by a reply or by its code; tell whether it was."""
    if turn.incoming.press is not None or turn.files or not _LIMITS.search(text):
        return False
    said = understand(text, on=turn.today(), coordinator=True)
    if said.intent is Intent.GRANT or len(said.tasks) > 1:
        return False
    target = of_coordinator(turn, said.tasks, Which(LIVING, waits_for_more_time=True))
    return target.named and target.only is not None and offered(turn, target.only, text)


def offered(turn: Turn, line: Line, text: str) -> bool:
    """Ask what is meant where words about a request name another day than it asks for; tell whether they do."""
    if not line.assignment.decision_pending or not _LIMITS.search(text):
        return False
    granted = access.for_coordinator(turn.session, turn.desk, turn.visitor, line.assignment.id, LIVING, Action.GRANT)
    clean = heard(text)
    words = tasks.marked(clean, tasks.find(clean, lexicon())).replace(tasks.MARK, " ")
    limit = _LIMITS.search(words)
    day = details.day_named(words[limit.start() if limit else 0 :], turn.today(line), line.assignment.due)
    day = day or counted_days.counted(words, turn.today(line), line.assignment.due)[0]
    if day is None or (line.assignment.due is not None and day <= line.assignment.due):
        return False
    number, asked = granted.assignment.id, pending_extension(turn.session, granted.assignment)
    turn.reply(
        "ask_another_day",
        code=granted.code,
        unit=granted.unit.name,
        asked=asked.new_due if asked is not None else None,
        due=day,
        line=granted,
        buttons=[
            button(Verb.GRANT_UNTIL, number, day.toordinal(), f"同意延期至{day:%-m月%-d日}"),
            button(Verb.REFUSE, number, granted.assignment.version),
        ],
    )
    return True


def grant(turn: Turn, assignment: int, day: int) -> None:
    """同意延期至7月12日: grant more time up to the day that the button names; where nothing waits any more, correct the day."""
    line = access.for_coordinator(turn.session, turn.desk, turn.visitor, assignment, LIVING, Action.GRANT)
    if line.assignment.decision_pending:
        decisions.decide(turn, line, Action.GRANT, due=date.fromordinal(day))
    else:
        after_refusal.correct(turn, line, date.fromordinal(day))
