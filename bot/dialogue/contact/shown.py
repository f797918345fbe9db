"""全部 under 请问是哪一项: all of what was asked about then, and nothing that was given out or changed since."""

from collections.abc import Sequence

from bot.dialogue.access import Denied
from bot.dialogue.contact import answers
from bot.dialogue.turn import Turn
from db.bodies import ReplyBody
from db.ledger import Line

NAMED = 5
"""How many of what is left out are named; of more it tells the number."""


def shown(turn: Turn) -> dict[int, int]:
    """Return of which assignments the message that is pressed keeps which version; none where it shows none to decide on."""
    body = turn.source.notice.body if turn.source is not None else None
    return dict(body.seen) if isinstance(body, ReplyBody) else {}


def those_asked_about(turn: Turn, lines: Sequence[Line]) -> Sequence[Line]:
    """Return of ``lines`` those of which the pressed question asked and that are the same still; of the rest it is told that nothing
    was done. All of them where nobody pressed 全部, or the question kept nothing of what it asked about.
    """
    versions = shown(turn) if turn.everybody and turn.again is not None else {}
    if not versions:
        return lines
    kept, left = [], []
    for line in lines:
        version = versions.get(line.assignment.id)
        entry = answers.changed_since(turn, line.assignment, version) if version is not None else None
        if version is not None and entry is None:
            kept.append(line)
        else:
            why = answers.who_was_first(turn, entry) if entry is not None else "后来才交办"
            left.append(f"〔{line.code}〕{why}")
    if not kept:
        raise Denied("都已有变动，没有办理；请重新写一遍。")
    if left:
        more = f"等{len(left)}项" if len(left) > NAMED else ""
        turn.say_beside(f"没有一并办理：{'；'.join(left[:NAMED])}{more}。", ())
    return kept
