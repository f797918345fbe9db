"""Taking back: within the policy's minutes a person undoes their own last act, or all that one sentence of theirs did."""

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.dialogue import access
from bot.dialogue.contact import after_closing, answers, rounds, withdrawing
from bot.dialogue.targets import choose
from bot.dialogue.turn import Turn
from db import ledger
from db.ledger import Line, Which
from db.ledger import undoing as taken_back
from db.ledger.acts import TooLate
from db.models import History
from db.words import EVERY, LIVING, Action, Level

_NO_MORE = re.compile("撤销|取消|作废|免办|不用|不办|不做")
"""What says of a task that it is to be none, and not that something was done by mistake."""


_LONG_AGO = re.compile("昨[天日晚]|前[天日]|上周|上个?月|上次|那天")
"""What says that something is meant which lies further back than what may be taken back."""


def undo_of(turn: Turn, lines: Sequence[Line], words: str) -> None:
    """Take back the last thing that the person did with each task that they name, and with no other; that a task is to be none is asked
    of the coordinators.
    """
    minutes = turn.desk.policy_of(turn.session, None).undo_minutes
    since = turn.now - timedelta(minutes=minutes)
    for line in lines:
        entry = taken_back.last_act(turn.session, line.assignment.id, turn.visitor.person.id, since)
        if entry is not None:
            turn.attempt(lambda entry=entry: undo(turn, entry.id, whole=False))  # type: ignore[misc]
        elif line.assignment.level is Level.NOTICE:
            answers.ask(turn, line, words, "beside_a_notice")
        elif _NO_MORE.search(words):
            answers.ask(turn, line, words)
        else:
            turn.reply("nothing_to_undo", minutes=minutes)


def undo_last(turn: Turn) -> None:
    """Take back the last thing that the person did here, files too, with all that was done by the same words."""
    minutes = turn.desk.policy_of(turn.session, None).undo_minutes
    if _LONG_AGO.search(turn.text):
        turn.reply("nothing_to_undo", minutes=minutes)
        return
    if _of_a_notice(turn):
        return
    if withdrawing.taken_back_last(turn, timedelta(minutes=minutes)):
        return
    if "延期" in turn.text and not _asked_for_time_last(turn, minutes):  # 之前的延期申请撤回 takes nothing else back
        turn.reply("nothing_to_undo", minutes=minutes)
        return
    undo(turn, None, whole=True)


def _of_a_notice(turn: Turn) -> bool:
    """Pass on that a unit wants back what is in public notice already, 公示期发现还有一台没改，要求撤回办结, where it speaks of that; tell
    whether it did. What of several is meant is asked.
    """
    if not _SPEAKS_OF_A_REPORT.search(turn.text):
        return False
    which = Which(LIVING, units=[unit.id for unit in turn.visitor.units], levels=[Level.NOTICE])
    shown = ledger.lines(turn.session, which, nearest=True)
    if len(shown) > 1:
        choose(turn, shown, turn.text, units=len(turn.visitor.units) > 1)
    elif shown:
        answers.ask(turn, shown[0], turn.text, "beside_a_notice")
    return bool(shown)


_SPEAKS_OF_A_REPORT = re.compile("公示|办结|销号|[没未][^，,。]{0,4}(?:[改完好]|整改|到位)")


def _asked_for_time_last(turn: Turn, minutes: int) -> bool:
    since = turn.now - timedelta(minutes=minutes)
    entry = taken_back.last_act(turn.session, None, turn.visitor.person.id, since)
    return entry is not None and entry.action is Action.REQUEST_EXTENSION


def undo(turn: Turn, entry_id: int | None, *, whole: bool) -> None:
    """Take back one act of the person's own, the last one where none is named; ``whole`` with what its words did besides."""
    minutes = turn.desk.policy_of(turn.session, None).undo_minutes
    since = turn.now - timedelta(minutes=minutes)
    if entry_id is None:
        entry = taken_back.last_act(turn.session, None, turn.visitor.person.id, since)
    else:
        entry = access.own_act(turn.session, turn.visitor, entry_id)
    if entry is None or not taken_back.is_undoable(entry) or entry.at < since or entry.chat_id != turn.visitor.chat.id:
        _nothing_to_undo(turn, entry_id, minutes)
        return
    entries = taken_back.with_it(turn.session, entry) if whole else [entry]
    undone = [(one.event, line) for one in entries if (line := _undone(turn, one)) is not None]
    if undone:
        turn.reply("undone", done=[(what, line.code, line.assignment.state.zh) for what, line in undone])


def _undone(turn: Turn, entry: History) -> Line | None:
    """Take back one act; where somebody has built on it, say so and return None."""
    try:
        return take_back(turn, entry)
    except TooLate:
        if turn.incoming.press is not None or not after_closing.of_what_was_closed(turn):
            answers.tell_stale(turn, taken_back.line_of(turn.session, entry))
        return None


def take_back(turn: Turn, entry: History) -> Line:
    """Take back one act and show it wherever it was told; raise ``TooLate`` where somebody has built on it."""
    assignment = taken_back.undo(turn.session, entry, turn.visitor.actor, turn.now)
    line = ledger.line(turn.session, assignment.id, LIVING)
    turn.acted(f"撤回{entry.event}", line.code)
    if entry.action in (Action.REPORT, Action.REQUEST_EXTENSION):
        turn.show_in_requests(line, f"撤回{entry.event}", entry.after.get("level"), entry.action)
    rounds.taken_back(turn, line)
    return line


def _nothing_to_undo(turn: Turn, entry_id: int | None, minutes: int) -> None:
    """Say what became of the person's own act; of anything else only that there is nothing."""
    pressed = access.own_act(turn.session, turn.visitor, entry_id)
    if pressed is not None and pressed.assignment_id is not None:
        answers.tell_stale(turn, ledger.line(turn.session, pressed.assignment_id, EVERY))
    elif entry_id is None and after_closing.of_what_was_closed(turn):
        return
    else:
        turn.reply("nothing_to_undo", minutes=minutes)
