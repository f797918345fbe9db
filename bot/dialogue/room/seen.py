"""What a message shows before one press decides on all of it: it is pressed for that, and for nothing that changed since."""

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.contact import answers
from bot.dialogue.contact.shown import shown
from bot.dialogue.targets import as_seen
from bot.dialogue.turn import Turn
from db import ledger, locking
from db.bodies import ReplyBody
from db.ledger import Line, Which
from db.words import LIVING, CampaignStatus

__all__ = ["as_seen", "require_open", "shown", "still_as_seen"]


def require_open(turn: Turn) -> None:
    """Raise ``Denied`` where the preview that is pressed was taken back."""
    body = turn.source.notice.legible if turn.source is not None else None
    if isinstance(body, ReplyBody) and not body.buttons:
        raise Denied("该按钮已失效，请重新写一遍。")


def still_as_seen(turn: Turn, of: frozenset[CampaignStatus] = LIVING) -> tuple[list[Line], list[str]]:
    """Return of what the message that is pressed shows what is still so, locked, in campaigns ``of`` these, and of the rest who was first."""
    versions = shown(turn)
    if not versions:
        raise Denied("该按钮已失效，请重新写一遍。")
    access.require_room(turn.visitor)
    lines = ledger.lines(turn.session, Which(of, ids=sorted(versions)))
    locking.hold(turn.session, [line.assignment for line in lines])
    left = []
    for line in list(lines):
        entry = answers.changed_since(turn, line.assignment, versions[line.assignment.id])
        if entry is not None:
            left.append(f"〔{line.code}〕{line.unit.name}：{answers.who_was_first(turn, entry)}")
            lines.remove(line)
    return lines, left
