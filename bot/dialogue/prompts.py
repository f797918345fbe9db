"""What the bot asked somebody for in words, a reason, a day, a line of progress, and still waits for: one thing a person and chat."""

from datetime import date, timedelta

from bot.dialogue.turn import Turn
from db import days, ledger, outbox
from db.ledger import Line, line
from db.models import Prompt
from db.words import EVERY, Action

FRESH = timedelta(minutes=30)
"""How long whatever somebody says answers what the bot asked for; to the end of the day a reply to it does."""

_REASONS = frozenset({Action.RETURN, Action.REFUSE, Action.REOPEN})
"""Decisions of which one waits at a time for its reason: another takes its place, and says so."""


def expect(turn: Turn, action: Action, line: Line | None, due: date | None = None, words: str = "") -> Prompt:
    """Take the person's next message in this chat as the text of ``action``."""
    before = waiting(turn) if action in _REASONS else None
    if before is not None and before.action in _REASONS and line is not None:
        other = ledger.line(turn.session, before.assignment_id, EVERY) if before.assignment_id else None
        if other is not None and other.assignment.id != line.assignment.id:
            turn.say_beside(f"〔{other.code}〕的理由没有写，还没有{before.action.zh}；要办请另写一条，带上编号。", ())
    prompt = turn.session.merge(
        Prompt(
            chat_id=turn.visitor.chat.id,
            person_id=turn.visitor.person.id,
            action=action,
            assignment_id=line.assignment.id if line else None,
            due=due,
            words=words,
            source_id=turn.source.notice_id if turn.source else None,
            source_part=turn.source.part if turn.source else 0,
            fresh_until=turn.now + FRESH,
            expires_at=max(turn.now + FRESH, days.end_of(turn.today(line), turn.zone(line))),
        )
    )
    turn.session.flush()
    return prompt


def waiting(turn: Turn) -> Prompt | None:
    """Return what the bot asked this person for and is still waiting for."""
    key = (turn.visitor.chat.id, turn.visitor.person.id)
    prompt = turn.session.get(Prompt, key, with_for_update={"key_share": True}, populate_existing=True)
    return prompt if prompt is not None and prompt.expires_at > turn.now else None


def asked_later(turn: Turn, prompt: Prompt) -> None:
    """Go on waiting for what somebody says that they will write later."""
    prompt.fresh_until = turn.now + FRESH
    found = line(turn.session, prompt.assignment_id, EVERY) if prompt.assignment_id is not None else None
    turn.reply("no_hurry", code=found.code if found is not None else "", line=found)


def take(turn: Turn) -> Prompt | None:
    """Return what the bot is waiting for, and stop waiting."""
    prompt = waiting(turn)
    if prompt is not None:
        turn.session.delete(prompt)
        turn.session.flush()
        if prompt.source_id is not None:
            turn.let_go_of_question()
            turn.source = outbox.message(turn.session, prompt.source_id, prompt.source_part)
    return prompt
