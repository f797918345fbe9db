"""The two lists 两张清单 as a chat shows them: the problems, and the measure that is taken of each."""

from bot.dialogue.turn import Turn
from db import ledger
from db.ledger import Which
from jobs.notices.render import say
from jobs.problems.standing import of_lines

SHOWN = 15
"""Problems that one message lists."""

PROBLEMS, MEASURES = "问题清单", "整改措施清单"


def text_of(turn: Turn, which: Which, heading: str, *, units: bool) -> str:
    """Return one of the two lists as it is shown in a chat, the nearest day first."""
    lines = ledger.lines(turn.session, which, nearest=True, limit=SHOWN)
    return say(
        "problems",
        heading=heading,
        measures=heading == MEASURES,
        total=ledger.count(turn.session, which),
        rows=of_lines(turn.session, lines),
        today=turn.today(),
        units=units,
        spoken=turn.spoken,
    )
