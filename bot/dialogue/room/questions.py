"""Questions of contacts, answered from the room."""

from bot.dialogue import access
from bot.dialogue.turn import Turn
from db import outbox, register
from db.bodies import RelayBody
from db.models import Question
from db.plain import whole_number
from db.words import (
    NoticeKind,
    Reason,
)


def answer_question(turn: Turn, question: Question, words: str) -> None:
    """Send a coordinator's answer back to the chat that asked, as a reply to the question."""
    turn.acted("答复")
    question.answered_by_id, question.answered_at = turn.visitor.person.id, turn.now
    body = RelayBody(answer=True, who=turn.visitor.person.name, words=words, question=question.words, files=turn.files)
    outbox.enqueue(
        turn.session,
        now=turn.now,
        kind=NoticeKind.RELAY,
        reason=Reason.ASKED,
        chat_id=question.chat_id,
        body=body,
        reply_to=question.message_id,
    )
    units = register.units_of(turn.session, question.chat_id)
    turn.reply("answered", unit="、".join(unit.name for unit in units) or "提问人")


def answer(turn: Turn, rest: str) -> None:
    """答复: answer a question by its number."""
    number, _, words = rest.strip().partition(" ")
    question = access.to_answer(turn.session, turn.visitor, whole_number(number))
    if question is None or not words:
        turn.reply("refused", why=f"请写：{turn.spoken('答复', 'answer')} 提问号 内容；或直接回复那条提问。")
        return
    answer_question(turn, question, words)
