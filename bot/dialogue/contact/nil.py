"""零报告: that there was nothing to tell answers for the period or the round of which it is said; of any other task 我局不涉及 says that it
is not theirs.
"""

import re
from dataclasses import replace

from bot.dialogue.contact import answers, several
from bot.dialogue.targets import Target, choose
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding
from db.ledger import Line
from db.words import DeadlineKind, NoticeKind
from jobs.rounds.standing import open_with

_TOLD_WITH = (Intent.PROGRESS, Intent.NOT_DONE, Intent.NONE)
_ALL_OF_THEM = re.compile("(?:都|均|全部?|各项)(?:[是为报])?零报告")


def told(turn: Turn, said: Understanding, target: Target, text: str) -> bool:
    """Take that there was nothing to tell as the answer of a period or of a round; tell whether it was that."""
    if not said.nil or said.intent not in _TOLD_WITH or turn.files:
        return False
    if said.intent is Intent.NONE and not target.named:
        return False
    asked = [line for line in target.lines if is_of_a_period(turn, line)]
    if said.intent is Intent.PROGRESS and not asked and target.only is not None:
        asked = [target.only]
    if not asked or (target.named and len(target.lines) > len(asked)):
        return False
    if said.not_ours and not target.named and len(target.lines) > 1:
        choose(turn, target.lines, text, units=len(turn.visitor.units) > 1)
    elif len(asked) == 1:
        answers.progress(turn, asked[0], text, replace(said, due=None), nil=True, more=several.ends_offered(asked[:1]))
    elif len(said.tasks) > 1 or turn.everybody or _ALL_OF_THEM.search(text):
        several.progress(turn, asked, text, said)
    else:
        choose(turn, asked, text, units=len(turn.visitor.units) > 1, everybody=True)
    return True


def is_of_a_period(turn: Turn, line: Line) -> bool:
    """Tell whether a task comes again, so that this is said of its period, or a round asks of it."""
    if line.milestone.kind is DeadlineKind.RECURRING:
        return True
    notice = turn.source.notice if turn.source is not None else None
    return (notice is not None and notice.kind is NoticeKind.ROUND) or bool(
        open_with(turn.session, [line.assignment.id])
    )
