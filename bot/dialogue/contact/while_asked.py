"""打错了，是25箱 while the bot asks what a message was about: what is put right, or let go, are those words, and nothing told before them."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import col, select

from bot.dialogue import access
from bot.dialogue.contact.crossed import takes_back
from bot.dialogue.contact.evidence import files_of
from bot.dialogue.contact.putting_right import in_its_place, instead_of, right_words
from bot.dialogue.turn import Turn, close_question
from bot.dialogue.understand import understand
from db import outbox
from db.bodies import ReplyBody
from db.models import Inbound, Notice

_SOON = timedelta(minutes=10)
_ASKS = ("ask_which", "ask_done")


def put_right(turn: Turn, text: str) -> str | None:
    """Return what is to be heard in place of the words that were just asked about, where a text puts them right, "" where it only takes
    them back; None where nothing is asked or it does neither.
    """
    asked = _asked(turn) if not turn.files and turn.chosen is None else None
    if asked is None:
        return None
    right = right_words(text) or instead_of(text, asked.words["text"])
    back, rest = takes_back(text)
    if right is not None and any(sign.isdigit() for sign in right):
        words = in_its_place(asked.words["text"], right)
    elif back and not understand(rest, on=turn.today(), coordinator=False).tasks:
        words = rest
    else:
        return None
    question = _question(turn, asked)
    if question is None:
        return None
    close_question(turn.session, question)
    asked.words = {**asked.words, "chosen": True}
    if not words:
        turn.reply_text("好的，没有办理。", outcome="given_up")
        return ""
    about = question.legible.about if asked.outcome == "ask_done" else ()
    if len(about) == 1 and right is None:
        turn.chosen = access.to_read(turn.session, turn.visitor, about[0])
    number = turn.incoming.reply_to or asked.words.get("reply_to")
    turn.record.words = {**turn.record.words, "text": words, "puts_right": text}  # what the next press is about
    turn.incoming = replace(turn.incoming, text=words, reply_to=asked.words.get("reply_to"))
    turn.source = outbox.find_message(turn.session, turn.visitor.chat.id, number) if number else None
    return words


def _asked(turn: Turn) -> Inbound | None:
    """Return this person's last message here, where it was asked what it is about and nobody has said so yet."""
    query = select(Inbound).where(
        Inbound.chat_id == turn.visitor.chat.id,
        Inbound.person_id == turn.visitor.person.id,
        Inbound.id != turn.inbound_id,
        Inbound.at > turn.now - _SOON,
    )
    last = turn.session.exec(query.order_by(col(Inbound.id).desc())).first()
    open_one = last is not None and last.outcome in _ASKS and "chosen" not in last.words
    return last if open_one and last is not None and last.words.get("text") and not files_of([last]) else None


def _question(turn: Turn, asked: Inbound) -> Notice | None:
    query = select(Notice).where(
        Notice.chat_id == turn.visitor.chat.id, Notice.reply_to == asked.words.get("message_id")
    )
    found = turn.session.exec(query.order_by(col(Notice.id).desc())).first()
    return found if found is not None and isinstance(found.legible, ReplyBody) and found.legible.buttons else None
