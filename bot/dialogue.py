"""The dialogue: one message or press in, an act and its answer out, independent of any channel.

Everything that a turn changes and says is in the caller's one transaction.
"""

import re
from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from bot import access, answers, binding, buttons, steering
from bot.access import Denied
from bot.message import Incoming
from bot.targets import Target, choose, inbound_text, of_contact
from bot.turn import Turn
from bot.typed_days import typed_day
from bot.understand import Intent, Understanding, understand
from db.ledger import Line, line
from db.models import Inbound, Prompt, Question
from db.words import OPEN_STATES, Action
from jobs.desk import Desk

TERSE = 10
"""Characters up to which a plain report of completion tells nothing beside itself."""

_MENTION = re.compile(r"^(?:@\S+\s*)+")


def handle(session: Session, desk: Desk, incoming: Incoming, inbound: Inbound, now: Any) -> str:
    """Act on one update inside the caller's transaction; return in a word what became of it."""
    if binding.wants(incoming.text):
        return binding.bind(session, desk, incoming, inbound, now)
    visitor = access.greet(session, incoming)
    if visitor is None:
        return binding.tell_unbound(session, incoming, inbound, now)
    inbound.chat_id, inbound.person_id = visitor.chat.id, visitor.person.id
    session.flush()
    turn = Turn(session, desk, now, visitor, incoming, inbound.id or 0)
    try:
        _dispatch(turn, inbound)
    except Denied as denial:
        turn.reply("refused", why=str(denial))
    return ",".join(turn.outcomes) or "none"


def _dispatch(turn: Turn, inbound: Inbound) -> None:
    if turn.incoming.press is not None:
        if turn.incoming.press.startswith("c:"):
            _chosen(turn, turn.incoming.press)
        else:
            buttons.press(turn, turn.incoming.press)
        return
    text = _MENTION.sub("", turn.text).strip()
    files = inbound.words.get("files_kept", [])
    if inbound.words.get("files_refused"):
        turn.reply("too_large", names=inbound.words["files_refused"])
    prompt = turn.take_prompt()
    if prompt is not None and text and not _is_command(turn, text):
        _prompted(turn, prompt, text)
    elif turn.visitor.steers or turn.visitor.leads:
        _coordinator(turn, text)
    elif turn.visitor.units:
        _contact(turn, text, files)
    else:
        raise Denied("您没有办理该事项的权限。")


def _is_command(turn: Turn, text: str) -> bool:
    """Tell whether a text stands by itself, so that it is no answer to what the bot asked for."""
    if turn.visitor.steers:
        return steering.find_command(text) is not None
    said = understand(text, on=turn.today(), coordinator=False)
    return said.confident and said.intent in (Intent.UNDO, Intent.LIST, Intent.HELP, Intent.SHOW)


# ---------------------------------------------------------------- contacts


def _contact(turn: Turn, text: str, files: list[dict[str, Any]]) -> None:
    """Understand a contact's message and act on it."""
    said = understand(text, on=turn.today(), coordinator=False)
    references = said.tasks or ((said.task,) if said.task else ())
    target = Target((turn.chosen,), True) if turn.chosen else of_contact(turn, references)
    if files:
        _with_files(turn, said, target, files, text)
        return
    simple = _WITHOUT_TARGET.get(said.intent)
    if simple is not None:
        simple(turn)
    elif said.intent is Intent.ACKNOWLEDGE:
        answers.acknowledge(turn, target)
    elif said.intent is Intent.QUESTION:
        answers.ask(turn, target.only if target.named else None, text)
    elif said.intent is Intent.NONE:
        _not_understood(turn, target, text)
    elif len(references) > 1:
        for one in target.lines:
            _on_line(turn, said, one, text)
    else:
        found = answers.which(turn, target)
        if found is not None:
            _on_line(turn, said, found, text)


_WITHOUT_TARGET: dict[Intent, Callable[[Turn], None]] = {
    Intent.LIST: answers.list_own,
    Intent.HELP: answers.help_contact,
    Intent.UNDO: answers.undo,
}

_ACTS: dict[Intent, Callable[[Turn, Line, str, Understanding], None]] = {
    Intent.PROGRESS: answers.progress,
    Intent.DONE: answers.report,
    Intent.NOT_DONE: answers.not_done,
}


def _on_line(turn: Turn, said: Understanding, found: Line, text: str) -> None:
    if said.intent is Intent.SHOW:
        answers.show(turn, found)
    elif said.intent is Intent.EXTEND:
        again = understand(text, on=turn.today(found), due=found.assignment.due, coordinator=False)
        answers.extend(turn, found, again.due, again.reason or "")
    else:
        _ACTS[said.intent](turn, found, _telling(said, text), said)


def _telling(said: Understanding, text: str) -> str:
    """Return a message's words, but none where it says no more than the act itself, as 办结 7 does."""
    return "" if said.intent is Intent.DONE and len(text) <= TERSE else text


def _with_files(turn: Turn, said: Understanding, target: Target, files: list[dict[str, Any]], text: str) -> None:
    found = answers.which(turn, target)
    if found is None:
        return
    answers.keep_evidence(turn, found, files)
    if said.intent in _ACTS and found.assignment.state in OPEN_STATES:
        _on_line(turn, said, found, text)


def _not_understood(turn: Turn, target: Target, text: str) -> None:
    """In doubt ask with buttons, but only where the person clearly spoke to the bot."""
    if target.named and target.only is not None:
        answers.report(turn, target.only, text, _DOUBTFUL)
    elif turn.incoming.reply_to:
        choose(turn, target.lines, text) if target.lines else answers.help_contact(turn)


_DOUBTFUL = Understanding(intent=Intent.NONE, confident=False)


def _chosen(turn: Turn, data: str) -> None:
    """Play an earlier message again, now that the person has said which assignment it was about."""
    numbers = data.split(":")[1:]
    if len(numbers) != 2 or not all(number.isdigit() for number in numbers):
        raise Denied("该按钮无法识别。")
    inbound = inbound_text(turn, int(numbers[0]))
    if inbound is None:
        raise Denied("该按钮不属于您刚才的消息。")
    shown = access.to_read(turn.session, turn.visitor, int(numbers[1]))
    turn.incoming = _again(turn.incoming, inbound)
    turn.inbound_id, turn.chosen = inbound.id or 0, shown
    text = _MENTION.sub("", turn.text).strip()
    if turn.visitor.units:
        _contact(turn, text, inbound.words.get("files_kept", []))
    else:
        _coordinator(turn, text)


def _again(incoming: Incoming, inbound: Inbound) -> Incoming:
    return Incoming(
        channel=incoming.channel, external_id=incoming.external_id, chat=incoming.chat, chat_title=incoming.chat_title,
        person=incoming.person, person_name=incoming.person_name, text=inbound.words["text"],
        reply_to=None, message_id=inbound.words.get("message_id"),
    )  # fmt: skip


# ---------------------------------------------------------------- coordinators


def _coordinator(turn: Turn, text: str) -> None:
    command = steering.find_command(text)
    if command is not None:
        found, rest = command
        found.run(turn, rest)
        return
    question = steering.question_replied_to(turn)
    if question is not None:
        steering.answer_question(turn, question, text)
    elif not steering.in_own_words(turn) and turn.incoming.reply_to:
        steering.help_coordinator(turn)


# ---------------------------------------------------------------- what the bot had asked for


def _prompted(turn: Turn, prompt: Prompt, text: str) -> None:
    if prompt.assignment_id is None:
        question = turn.session.get_one(Question, prompt.question_id)
        steering.answer_question(turn, question, text)
        return
    found = line(turn.session, prompt.assignment_id)
    if prompt.action in (Action.RETURN, Action.REFUSE, Action.REOPEN):
        steering.decide(turn, found, prompt.action, text)
    elif prompt.action is Action.REQUEST_EXTENSION:
        _more_on_extension(turn, prompt, found, text)
    else:
        _progress_told(turn, found, text)


def _more_on_extension(turn: Turn, prompt: Prompt, found: Line, text: str) -> None:
    if prompt.due and prompt.words and text in ("提交", "确认", "是", "是的", "对", "提交申请"):
        answers.submit_extension(turn, found, prompt.due, prompt.words)
        return
    said = understand(text, on=turn.today(found), due=found.assignment.due, coordinator=False)
    named = said.due or (None if prompt.due else typed_day(text, turn.today(found)))
    if named is None:
        answers.extend(turn, found, prompt.due, text if prompt.due else said.reason or prompt.words)
    else:
        answers.extend(turn, found, named, (said.reason if said.due else None) or prompt.words)


def _progress_told(turn: Turn, found: Line, text: str) -> None:
    said = understand(text, on=turn.today(found), due=found.assignment.due, coordinator=False)
    if said.intent is Intent.DONE:
        answers.report(turn, found, text, said)
    else:
        answers.progress(turn, found, text, said)
