"""A slip of the tongue: 不是3号，是5号 puts another day in the place of the one that was just promised, or asked for."""

import re
from datetime import timedelta

from bot.dialogue import prompts
from bot.dialogue.contact import answers, more_time, renewals, undoing
from bot.dialogue.turn import Turn
from bot.dialogue.understand import understand
from bot.dialogue.understanding.details import day_named
from bot.dialogue.understanding.hearing import heard
from db import ledger
from db.ledger import undoing as taken_back
from db.ledger.acts import TooLate
from db.words import EVERY, Action

_DAY = r"[^,。;!?\s]{2,12}?"
_BEFORE = r"^(?:.{0,6}(?:错了?|更正|纠正|口误)[,:\s]*)?"
_SLIPS = (
    re.compile(rf"{_BEFORE}不是(?P<old>{_DAY})[,\s]*(?:而是|应该是|应为|是|改为)(?P<new>{_DAY})[。!]?$"),
    re.compile(rf"{_BEFORE}(?:应该是|应为|是|改为)?(?P<new>{_DAY})[,\s]*不是(?P<old>{_DAY})[。!]?$"),
)


def corrected(turn: Turn, text: str) -> bool:
    """Put the right day in place of the one that the person has just named; tell whether that was what they said."""
    if turn.files or not turn.visitor.units:
        return False
    if renewals.put_right(turn, text):
        return True
    found = next((match for slip in _SLIPS if (match := slip.search(heard(text)))), None)
    if found is None:
        return False
    old, new = (day_named(found[name], turn.today()) for name in ("old", "new"))
    if old is None or new is None:
        return False
    prompt = prompts.waiting(turn)
    if prompt is not None and prompt.action is Action.REQUEST_EXTENSION and prompt.due == old and prompt.assignment_id:
        line, reason = ledger.line(turn.session, prompt.assignment_id, EVERY), prompt.words
        turn.attempt(lambda: more_time.extend(turn, line, new, reason))
        return True
    minutes = turn.desk.policy_of(turn.session, None).undo_minutes
    entry = taken_back.last_act(turn.session, None, turn.visitor.person.id, turn.now - timedelta(minutes=minutes))
    said = heard(entry.words) if entry is not None else ""
    if entry is None or entry.action is not Action.PROGRESS or found["old"] not in said:
        return False
    promised, words = entry, said.replace(found["old"], found["new"])

    def anew() -> None:
        line = undoing.take_back(turn, promised)
        turn.corrects = True
        answers.progress(turn, line, words, understand(words, on=turn.today(line), coordinator=False))

    try:
        turn.attempt(anew)
    except TooLate:
        return False
    return True
