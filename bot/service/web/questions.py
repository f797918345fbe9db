"""提问 on the board: what units have asked and nobody has answered, for who answers."""

from bot.service.web.board import Asking
from db.ledger import questions
from db.stored import Json

SHOWN = 200
"""Questions that are listed, the oldest first: what is answered makes room for the rest."""


def unanswered(asking: Asking) -> Json | None:
    """Read the page of the questions that wait for an answer."""
    if not asking.reader.reads_all:
        return None
    return {"questions": questions.unanswered(asking.session, SHOWN)}
