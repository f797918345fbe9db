"""What a contact is told who asks for help, or was not understood."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.dialogue.contact import answers
from bot.dialogue.targets import own
from bot.dialogue.turn import Turn
from db import ledger
from db.ledger import Line, undoing
from db.models import Inbound
from db.words import OPEN_STATES
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS, shorten


def help_contact(turn: Turn) -> None:
    """Say in six lines what the person can do now, with a task of theirs as the example."""
    lines = _open(turn)
    minutes = turn.desk.policy_of(turn.session, None).undo_minutes
    mine = undoing.last_act(turn.session, None, turn.visitor.person.id, turn.now - timedelta(minutes=minutes))
    turn.reply(
        "help_contact",
        open=len(lines),
        waiting=sum(map(answers.awaits_receipt, lines)),
        code=lines[0].code if lines else "",
        minutes=minutes if mine is not None else 0,
    )


def _open(turn: Turn) -> Sequence[Line]:
    which = replace(own(turn.visitor.units), current=True, states=OPEN_STATES)
    return ledger.lines(turn.session, which, nearest=True)


def not_understood(turn: Turn, text: str) -> None:
    """Say in a line that words were not understood, and offer the two things that they may have meant; who calls without
    a word is told what can be done.
    """
    if not text:
        help_contact(turn)
        return
    meant = [button(Verb.PROGRESS_OF_ONE, turn.inbound_id), button(Verb.AS_QUESTION, turn.inbound_id)]
    turn.reply("not_understood", words=text, buttons=meant)


def progress_of_one(turn: Turn, said_in: Inbound) -> None:
    """Record an earlier message as progress of the one task that is open, else ask of which."""
    lines, words = _open(turn), said_in.words["text"]
    if not lines:
        turn.reply("refused", why=answers.NOT_FOUND)
    elif len(lines) == 1:
        answers.progress(turn, lines[0], words)
    else:
        offered = [
            button(Verb.AS_PROGRESS, said_in.id, line.assignment.id, f"〔{line.code}〕{shorten(line.title, 12)}")
            for line in lines[:MAX_ITEM_BUTTONS]
        ]
        more = len(lines) > len(offered)
        turn.reply("ask_which", only="", what=shorten(words, 30), rows=[], buttons=offered, more=more)
