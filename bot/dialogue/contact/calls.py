"""A unit's side of broadcasts and urgent calls: who presses 收到, chooses one of the options, or answers in words."""

import re
from collections.abc import Sequence

from bot.dialogue import access, access_to_calls, courtesy, prompts, quotes
from bot.dialogue.contact import rounds
from bot.dialogue.options import choice_in, says_no_more, share_words
from bot.dialogue.targets import Target, choose_or_call
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding, understand
from db import outbox
from db.bodies import RelayBody, ReplyBody
from db.broadcasts import answers_of, is_owed, notices_of, running, unconfirmed, units_of
from db.kinds import CALLS
from db.ledger import Line, local_day
from db.models import Broadcast, Unit
from db.words import ChatRole, NoticeKind, Reason
from jobs import broadcasts as work
from jobs.duties import calling
from jobs.duties.in_parts import read as duty_in
from jobs.notices.press import Verb, button
from jobs.notices.render import shorten
from jobs.ports import Button


def receive(turn: Turn, number: int, _version: int = 0) -> None:
    """收到: take the receipt of the chat's units."""
    made, units = access_to_calls.to_confirm(turn.session, turn.visitor, number)
    asked = _asked_about(turn)
    if asked is not None:
        _answer(turn, made.id, asked)
    elif not _confirm(turn, made, units):
        _already_confirmed(turn, made, units)


def choose(turn: Turn, number: int, place: int) -> None:
    """Take the option that was pressed as the answer of the chat's units; another press changes it."""
    made, units = access_to_calls.to_confirm(turn.session, turn.visitor, number)
    if place >= len(made.options):
        raise access.Denied("没有这个选项。")
    asked = _asked_about(turn)
    if asked is None:
        _choose(turn, made, units, made.options[place])
    else:
        _choose(turn, made, units, made.options[place], words=asked)


def _asked_about(turn: Turn) -> str | None:
    """Return the words of which it was asked whether they answer a broadcast, where that is what was pressed."""
    question = turn.source.notice.legible if turn.source is not None else None
    if not isinstance(question, ReplyBody) or question.which is None:
        return None
    said = access.own_message(turn.session, turn.visitor, question.which)
    said.words = {**said.words, "chosen": True}
    text: str = said.words["text"]
    return text


def _choose(turn: Turn, made: Broadcast, units: Sequence[Unit], choice: str, words: str = "") -> None:
    """Take an option as the units' answer, in place of the one before, and pass on the ``words`` that say more than it."""
    who = turn.visitor.person.name
    before = _chosen(turn, made, units)
    new = {row.unit_id for row in work.confirm(turn.session, made, [one.id for one in units], who, turn.now, choice)}
    if new:
        turn.acted(choice)
    if words or turn.files:
        _pass_on(turn, made, units, words, choice, before)
    elif new:
        named = [unit.name for unit in units if unit.id in new]
        turn.reply("chosen", units=named, choice=choice, before=before, who=who, at=turn.at())
    else:
        last = next(answers_of(row)[-1] for row, unit in units_of(turn.session, made) if unit in units)
        raise access.Denied(f"已由{last.who}于{turn.at(last.at)}答复“{choice}”。")


def _chosen(turn: Turn, made: Broadcast, units: Sequence[Unit]) -> str:
    """Return the options that the units have chosen so far, "" where they have chosen none."""
    rows = [row for row, unit in units_of(turn.session, made) if unit in units]
    return "、".join(dict.fromkeys(option for row in rows for option in work.chosen(row)))


def _already_confirmed(turn: Turn, made: Broadcast, units: Sequence[Unit]) -> None:
    row = next(row for row, unit in units_of(turn.session, made) if unit in units and row.confirmed_at is not None)
    turn.reply("already_confirmed", who=row.confirmed_by, at=turn.at(row.confirmed_at))


def answered(turn: Turn, text: str) -> bool:
    """Take a reply to a broadcast as its receipt, and pass on what it says; tell whether that is all there is to do."""
    notice = turn.source.notice if turn.source is not None else None
    if notice is None or notice.kind not in CALLS or notice.broadcast_id is None:
        return False
    return _answer(turn, notice.broadcast_id, text)


def answered_on_duty(turn: Turn, text: str) -> bool:
    """Take what somebody writes in private who was called there because they are on duty as their unit's answer to the call: a reply to
    it, and until it has its receipt also words that name no task and want nothing of the bot; tell whether they were. What a contact
    says thereafter is heard as in their group; see ``goes_on_on_duty``.
    """
    call = _call_of_duty(turn)
    if call is None:
        return False
    made, units = call
    replied = turn.source.notice.broadcast_id == made.id if turn.source is not None else False
    if replied or (turn.source is None and quotes.is_call(turn.incoming.quoted)):
        return _answer(turn, made.id, text)
    said = understand(text, on=turn.today(), coordinator=False)
    if not _may_go_on(turn, made, said):
        return False
    if not _owes_receipt(turn, made, units) and (turn.visitor.units or _is_apart(turn, said, text)):
        return False
    return _answer(turn, made.id, text)


def goes_on_on_duty(turn: Turn, said: Understanding, text: str, target: Target) -> bool:
    """Take what a contact, called in private because they are on duty, says after the receipt as more of its answer, until the day of the
    call is over, and ask where it may be of a task as well; tell whether it was either. What is plainly of a task is not.
    """
    call = _call_of_duty(turn)
    if call is None or not _may_go_on(turn, call[0], said) or _is_apart(turn, said, text):
        return False
    made, ends = call[0], said.intent is Intent.DONE
    of_it, of_a_task = _shares_words(turn, made, text, target.lines)
    if of_it == of_a_task and (of_it or ends) and target.lines and not turn.files:
        _ask_of_which(turn, made, text, target.lines)
        return True
    tells = ends or said.percent is not None or bool(text and rounds.labelled(turn, text))
    if not of_it and (of_a_task or (tells and target.lines)):
        return False
    return _answer(turn, made.id, text)


def _call_of_duty(turn: Turn) -> tuple[Broadcast, list[Unit]] | None:
    """Return the call for which who is on duty was called in this private chat, with their units that it is for."""
    notice = access_to_calls.called_on_duty(turn.session, turn.visitor)
    if notice is None or notice.broadcast_id is None:
        return None
    try:
        return access_to_calls.to_confirm(turn.session, turn.visitor, notice.broadcast_id)
    except access.Denied:  # of the whole office, and of none of the units that are called
        return None


def _may_go_on(turn: Turn, made: Broadcast, said: Understanding) -> bool:
    """Tell whether words that are no reply may answer a call: on its day, by who answers for a unit, of no task, wanting nothing."""
    of_another = turn.incoming.reply_to or turn.incoming.quoted or turn.chosen is not None
    answers_else = of_another or turn.visitor.steers or turn.visitor.leads
    return not (answers_else or said.task is not None or said.intent in _WISHES) and _is_timely(turn, made)


def _is_apart(turn: Turn, said: Understanding, text: str) -> bool:
    """Tell whether words that come after a call's receipt are no more of its answer whatever else they say: courtesy, of duty, a question
    or a wish for time; so is a file for which the bot has asked.
    """
    chats = courtesy.word_for(text, chats=said.intent is Intent.NONE) is not None if text else False
    asks = said.intent in (Intent.EXTEND, Intent.QUESTION)
    return chats or asks or duty_in(text, turn.today()) is not None or bool(turn.files and prompts.waiting(turn))


def _shares_words(turn: Turn, made: Broadcast, text: str, lines: Sequence[Line]) -> tuple[bool, bool]:
    """Tell whether words are of the matter of a broadcast, or name one of its options, and whether they are of one of these tasks."""
    of_it = share_words(text, made.words) or bool(choice_in(text, made.options, made.words))
    return of_it, any(share_words(text, f"{one.task.text}\n{one.milestone.deliverable}") for one in lines)


def _ask_of_which(turn: Turn, made: Broadcast, text: str, lines: Sequence[Line]) -> None:
    first = _buttons(made) or [button(Verb.RECEIVE, made.id, label="答复群发")]
    call = f"{'叫应' if made.urgent else '群发'}“{shorten(made.words.rstrip('。！!'), 16)}”"
    choose_or_call(turn, lines, text, call, first)


def _owes_receipt(turn: Turn, made: Broadcast, units: Sequence[Unit]) -> bool:
    return any(row.confirmed_at is None for row, unit in units_of(turn.session, made) if unit in units)


def _answer(turn: Turn, number: int, text: str) -> bool:
    made, units = access_to_calls.to_confirm(turn.session, turn.visitor, number)
    choice = choice_in(text, made.options, made.words)
    if choice:
        _choose(turn, made, units, choice, words="" if says_no_more(text, choice, made.words) else text)
        return True
    said = understand(text, on=turn.today(), coordinator=False)
    plain = (said.intent is Intent.ACKNOWLEDGE or not text) and not turn.files
    new = _confirm(turn, made, units, say_so=plain)
    if plain and (new or not (made.urgent and said.plans)):
        if not new:
            _already_confirmed(turn, made, units)
        return True
    if said.task is not None:
        return False
    _pass_on(turn, made, units, text)
    return True


def say_anew(turn: Turn, made: Broadcast, choice: str, words: str) -> None:
    """Take what somebody says against their own answer for it: an option where they name one, and what the words say more."""
    made, units = access_to_calls.to_confirm(turn.session, turn.visitor, made.id)
    if choice:
        _choose(turn, made, units, choice, words=words)
    else:
        _pass_on(turn, made, units, words)


def _pass_on(turn: Turn, made: Broadcast, units: Sequence[Unit], text: str, choice: str = "", before: str = "") -> None:
    """Tell the coordinators what a unit answered in its own words; which of the options that is, is asked where no ``choice`` says
    so, and what it chose ``before`` stays until it does.
    """
    files = [file.name for file in turn.files]
    body = RelayBody(
        who=turn.visitor.person.name,
        unit="、".join(unit.name for unit in units),
        words=text or f"（文件：{'、'.join(files)}）",
        broadcast=shorten(made.words, 30),
        urgent=made.urgent,
        files=turn.files,
    )
    outbox.tell_room(
        turn.session,
        ChatRole.COORDINATORS,
        now=turn.now,
        kind=NoticeKind.RELAY,
        reason=Reason.ASKED,
        body=body,
        broadcast_id=made.id,
    )
    if made.urgent:
        calling.tell_office(turn.session, turn.desk, body.unit, body.words, turn.now)
    options = () if choice else made.options
    turn.reply(
        "passed_on",
        files=files,
        choice=choice,
        before=before if choice else _chosen(turn, made, units),
        options=options,
        buttons=_buttons(made) if options else (),
    )


def _options_owed(turn: Turn, made: Broadcast, units: Sequence[Unit]) -> list[str]:
    """Return the options, where one of the units has chosen none yet."""
    owes = any(is_owed(made, row) for row, unit in units_of(turn.session, made) if unit in units)
    return made.options if owes else []


def _buttons(made: Broadcast) -> list[Button]:
    return work.answer_buttons(made) if made.options else []


def answered_unplaced(turn: Turn, said: Understanding, text: str, target: Target) -> bool:
    """Take words that point at no task as the answer to what this chat was called for and has not confirmed; tell whether
    they were.

    While an urgent call is open anything that is said to the bot is its answer, but what only wants something of the bot. A
    quote that begins like a broadcast means the latest one and never a task, one of anything else never means an old one.
    Else 收到 is the answer where no task waits for it, and an option of what still runs.
    """
    quoted = turn.incoming.quoted if turn.source is None else ""
    to_us = turn.is_spoken_to
    asked = _that_offers(turn, text) if to_us and not (target.named or quoted) else None
    if asked is not None:
        _point_at(turn, asked)
        return _answer(turn, asked.id, text)
    made = None if target.named else _unconfirmed(turn)
    if quotes.is_call(quoted) and made is None:
        turn.reply("refused", why="您引用的那条此前已确认收到，或已经结束。")
        return True
    if made is None or not (text or turn.files):
        return _may_answer(turn, said, text, target)
    urgent = made.urgent and to_us and said.intent not in _WISHES and bool(text)
    received = (
        (said.intent is Intent.ACKNOWLEDGE or (_RECEIVED.match(text) is not None and said.intent is Intent.PROGRESS))
        and turn.source is None
        and not quoted
        and not any(line.assignment.asked_at for line in target.lines)
    )
    if not (urgent or received or quotes.is_call(quoted)):
        return _may_answer(turn, said, text, target)
    _point_at(turn, made)
    return _answer(turn, made.id, text)


def _may_answer(turn: Turn, said: Understanding, text: str, target: Target) -> bool:
    """Take what speaks of the matter of a broadcast as its answer while it waits for one, or on its day, and ask where it may be about a
    task as well; tell whether it was either. While an answer is owed to an urgent one, or what is said is said to us, no sentence
    meets silence; what people say to each other beside another broadcast stays theirs.
    """
    apart = target.named or turn.chosen is not None or turn.files or (turn.incoming.quoted and turn.source is None)
    if apart or not text or said.intent in _FOR_THEMSELVES or courtesy.word_for(text) is not None:
        return False
    made, owed = _on_its_day(turn)
    if made is None:
        return False
    of_it, of_a_task = _shares_words(turn, made, text, target.lines)
    if of_it and not of_a_task:
        _point_at(turn, made)
        return _answer(turn, made.id, text)
    if not (of_it or (owed and not of_a_task and (turn.is_spoken_to or made.urgent))):
        return False
    if not target.lines and said.intent is not Intent.NONE:
        _point_at(turn, made)
        return _answer(turn, made.id, text)
    _ask_of_which(turn, made, text, target.lines)
    return True


def _on_its_day(turn: Turn) -> tuple[Broadcast | None, bool]:
    """Return the latest broadcast of this chat that waits for an answer, or that went out today, and whether it waits for one."""
    calls = running(turn.session, turn.visitor.chat.id, [unit.id for unit in turn.visitor.units])
    here = [(made, is_owed(made, row)) for made, row in calls if _is_timely(turn, made)]
    return next((one for one in here if one[1]), here[0] if here else (None, False))


def _is_timely(turn: Turn, made: Broadcast) -> bool:
    """Tell whether the day on which a broadcast went out, went out again, or is to be answered is not over."""
    zone = turn.desk.timezone
    until = max(at for at in (made.sent_at, made.send_at, made.chased_at, made.due_at) if at is not None)
    return turn.today() <= local_day(until, zone)


_RECEIVED = re.compile(r"(?:收到|知道了|知悉|明白)了?[，,。！!；;、\s]")
"""收到，明天派人参会: who begins so answers what was said last, and tells nothing of a task."""


def _that_offers(turn: Turn, text: str) -> Broadcast | None:
    """Return the latest broadcast that still runs in this chat and of which somebody names an option."""
    calls = running(turn.session, turn.visitor.chat.id, [unit.id for unit in turn.visitor.units])
    return next(
        (
            made
            for made, _row in calls
            if choice_in(text, made.options)
            or (_is_timely(turn, made) and share_words(text, made.words) and choice_in(text, made.options, made.words))
        ),
        None,
    )


def _point_at(turn: Turn, made: Broadcast) -> None:
    """Take what is said as a reply to a broadcast's last message in this chat."""
    notice = next(one for one in reversed(notices_of(turn.session, made)) if one.chat_id == turn.visitor.chat.id)
    turn.source = outbox.message(turn.session, notice.id, 1)


_FOR_THEMSELVES = frozenset(
    {Intent.LIST, Intent.HELP, Intent.UNDO, Intent.SHOW, Intent.QUESTION, Intent.EXTEND, Intent.ACKNOWLEDGE}
)
"""What is never about a broadcast unless it points at one: it is wanted of the bot, or of the office, or is a task's receipt."""
_WISHES = frozenset({Intent.LIST, Intent.HELP, Intent.UNDO, Intent.SHOW})
"""What is wanted of the bot itself."""


def _unconfirmed(turn: Turn) -> Broadcast | None:
    """Return the latest broadcast that still runs and that this chat's units have not confirmed."""
    units = [unit.id for unit in turn.visitor.units]
    return unconfirmed(turn.session, turn.visitor.chat.id, units)


def _confirm(turn: Turn, made: Broadcast, units: Sequence[Unit], *, say_so: bool = True) -> bool:
    numbers = [unit.id for unit in units]
    new = work.confirm(turn.session, made, numbers, turn.visitor.person.name, turn.now)
    if new:
        named = {row.unit_id for row in new}
        turn.acted("收到")
    if new and say_so:
        owed = _options_owed(turn, made, units)
        turn.reply(
            "confirmed",
            units=[unit.name for unit in units if unit.id in named],
            who=turn.visitor.person.name,
            at=turn.at(),
            options=owed,
            buttons=_buttons(made) if owed else (),
        )
    return bool(new)
