"""A message that its writer changed: what it said before is taken back and what it says now is heard, in one short answer."""

from sqlmodel import col, select

from bot.dialogue.contact.handed_in import SAYS_WHAT_A_FILE_IS_FOR
from bot.dialogue.contact.hearing import hear
from bot.dialogue.contact.undoing import take_back
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, understand
from db.ledger import undoing
from db.ledger.acts import TooLate
from db.models import History, Inbound
from jobs.notices.press import Verb, button

LATELY = 60
"""Messages of a person in a chat, the latest, that they may still change."""


def heard(turn: Turn, text: str) -> bool:
    """Hear a contact's changed message; tell whether it was one that had been heard before, and so is done with.

    What nobody has built on is replaced, as long as it may be taken back; later it stands, and the new words are heard
    beside it.
    """
    earlier = _earlier(turn)
    if earlier is None:
        return False
    if earlier.words["text"] == turn.record.words["text"]:
        turn.outcomes.append("unchanged")
        return True
    if turn.visitor.steers or turn.visitor.leads or not turn.visitor.units:
        turn.reply("refused", why="改过的消息不重新办理；要更正，请再发一条。")
        return True
    if earlier.words.get("files_kept") and not SAYS_WHAT_A_FILE_IS_FOR.sub("", text):
        turn.reply("refused", why="文件已按原来的编号收存，没有改动；交给另一项的，请写编号再发一次。")
        return True
    said = understand(text, on=turn.today(), coordinator=False)
    done = _done_by(turn, earlier)
    if done and said.intent is Intent.NONE and not turn.incoming.reply_to:
        _keep(turn, done)
        return True
    taken_back = [entry for entry in done if _taken_back(turn, entry)]
    about = {entry.assignment_id for entry in taken_back}
    if len(about) == 1 and not said.tasks:
        turn.chosen = undoing.line_of(turn.session, taken_back[0])
    turn.corrects = bool(taken_back)
    turn.attempt(lambda: hear(turn, text))
    return True


def _earlier(turn: Turn) -> Inbound | None:
    """Return the message as it was heard before, its latest wording."""
    mine = (
        select(Inbound)
        .where(
            Inbound.chat_id == turn.visitor.chat.id,
            Inbound.person_id == turn.visitor.person.id,
            Inbound.id != turn.inbound_id,
        )
        .order_by(col(Inbound.id).desc())
        .limit(LATELY)
    )
    number = turn.incoming.message_id
    return next((one for one in turn.session.exec(mine) if one.words.get("message_id") == number), None)


def _done_by(turn: Turn, earlier: Inbound) -> list[History]:
    """Return what the message did that may still be taken back, the last first."""
    minutes = turn.desk.policy_of(turn.session, None).undo_minutes
    last = undoing.by_message(
        turn.session, turn.visitor.person.id, turn.visitor.chat.id, earlier.words["message_id"] or ""
    )
    lately = [entry for entry in last if (turn.now - entry.at).total_seconds() <= minutes * 60]
    return [entry for entry in lately if undoing.stands(turn.session, entry)]


def _taken_back(turn: Turn, entry: History) -> bool:
    try:
        take_back(turn, entry)
    except TooLate:
        return False
    return True


def _keep(turn: Turn, done: list[History]) -> None:
    """Ask for what is missing: the new words say nothing, so that what was recorded stands."""
    line = undoing.line_of(turn.session, done[0])
    undo = button(Verb.UNDO, done[0].id, len(done))
    turn.reply("edited_unclear", words=turn.text, what=done[0].event, code=line.code, buttons=[undo], line=line)
