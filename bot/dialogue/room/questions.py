"""Questions of contacts, answered from the room."""

from bot.dialogue import access
from bot.dialogue.turn import Turn
from db import days, outbox, register
from db.bodies import RelayBody
from db.ledger import questions
from db.models import Question
from db.plain import whole_number
from db.words import (
    NoticeKind,
    Reason,
)
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS, shorten

SHOWN = 20
"""Questions that are listed at once, the oldest first: what is answered makes room for the rest."""

MOST = 200
"""Questions among which a unit's own is looked for."""


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
    """答复: answer a question by its number; alone, list what waits for an answer."""
    if not rest.strip():
        unanswered(turn)
        return
    of_unit = _of_a_unit(turn, rest.strip())
    if of_unit is not None:
        answer_question(turn, *of_unit)
        return
    number, _, words = rest.strip().partition(" ")
    question = access.to_answer(turn.session, turn.visitor, whole_number(number))
    if question is None or not words:
        turn.reply("refused", why=f"请写：{turn.spoken('答复', 'answer')} 提问号 内容；或直接回复那条提问。")
        return
    answer_question(turn, question, words)


def _of_a_unit(turn: Turn, rest: str) -> tuple[Question, str] | None:
    """Return the one open question of the unit that stands first, and what is answered; None where none or several are."""
    name, unit = next(iter(register.beginning_with(turn.session, rest)), ("", None))
    words = rest[len(name) :].lstrip(" 　：:，,")
    if unit is None or not words:
        return None
    asked = [
        one.question
        for one in questions.unanswered(turn.session, MOST)
        if unit in register.units_of(turn.session, one.question.chat_id)
    ]
    if len(asked) > 1:
        raise access.Denied(f"{unit.name}有{len(asked)}条提问没有答复，请写提问号（写“待答复”可查看）。")
    question = access.to_answer(turn.session, turn.visitor, asked[0].id) if asked else None
    return (question, words) if question is not None else None


def unanswered(turn: Turn, _rest: str = "") -> None:
    """待答复: list the questions that nobody has answered, each with its number, its task, who asked what and when."""
    access.require_room(turn.visitor)
    found = questions.unanswered(turn.session, SHOWN)
    rows = [
        f"{one.question.id}　{f'〔{one.code}〕' if one.code else ''}{f'{one.unit} ' if one.unit else ''}{one.who}"
        f"（{days.at(one.question.asked_at, turn.desk.zone, turn.now)}）：{shorten(one.question.words, 60)}"
        for one in found
    ]
    buttons = [button(Verb.ANSWER_QUESTION, one.question.id, label=f"答复{one.question.id}") for one in found]
    total = len(questions.open_ones(turn.session))
    turn.reply("rows", heading="待答复的提问", rows=rows, total=total, buttons=buttons[:MAX_ITEM_BUTTONS])


def ask_again(turn: Turn, number: int, _version: int = 0) -> None:
    """答复: show a question once more in this chat, so that a reply to it answers it."""
    question = access.to_answer(turn.session, turn.visitor, number)
    if question is None or question.answered_at is not None:
        raise access.Denied("这条提问已有人答复。" if question is not None else "没有这条提问。")
    one = next(iter(questions.unanswered(turn.session, 1, number)), None)
    if one is None:
        raise access.Denied("这条提问所问的专项行动已结束。")
    body = RelayBody(question_id=number, who=one.who, unit=one.unit, words=question.words, code=one.code)
    outbox.enqueue(
        turn.session,
        now=turn.now,
        kind=NoticeKind.RELAY,
        reason=Reason.ASKED,
        chat_id=turn.visitor.chat.id,
        body=body,
    )
    turn.acted("答复提问")
