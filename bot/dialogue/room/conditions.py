"""What is asked of a unit beside a verdict, 通过，但要补现场照片: it was shown, and goes to the unit with the verdict where that is pressed."""

from collections.abc import Callable

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.beside_verdicts.doubt import condition
from bot.dialogue.room import decisions, seen
from bot.dialogue.room.decided_days import granted_until
from bot.dialogue.targets import without_unit
from bot.dialogue.turn import Turn
from db.words import Action


def confirm(action: Action) -> Callable[[Turn, int, int], None]:
    """Return what the press does that carries out a verdict with the words that its message shows for the unit."""

    def handler(turn: Turn, said_in: int, _version: int) -> None:
        text = access.own_message(turn.session, turn.visitor, said_in).words["text"]
        lines, left = seen.still_as_seen(turn)
        if not lines:
            raise Denied("；".join(left))
        line = lines[0]
        rest, asked = condition(without_unit(turn, text, line.unit), action)
        due = granted_until(rest, turn, line) if action is Action.GRANT else None
        decisions.decide(turn, line, action, asked, due)

    return handler
