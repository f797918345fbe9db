"""What a message of a contact says is done: of one task, of several, each for itself, of all of them, or of none that is known."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from bot.dialogue import by_words
from bot.dialogue.contact import (
    ahead,
    all_but,
    another_matter,
    answers,
    crossed,
    each_its_own,
    guiding,
    more_time,
    nil,
    one_reason,
    receipts,
    rounds,
    several,
    showing,
    shown,
    undoing,
    unfinished,
)
from bot.dialogue.contact.of_rounds import understood
from bot.dialogue.contact.several import Share
from bot.dialogue.targets import Target, choose, of_contact, own
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding
from bot.dialogue.understanding import tasks
from bot.dialogue.understanding.clauses import BESIDE, words_of
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import Sense, lexicon
from db import ledger
from db.ledger import Line
from db.words import OPEN_STATES, DeadlineKind, NoticeKind, State

TERSE = 10
"""Characters up to which a plain report of completion tells nothing beside itself."""


def act(turn: Turn, said: Understanding, target: Target, text: str) -> None:
    """Do what a message says of what it is about, where no gate before has taken it."""
    if (
        guiding.asked_how(turn, said, text)
        or guiding.asked_for_a_line(turn, target, text)
        or _of_several(turn, said, target, text)
    ):
        return
    if another_matter.asked(turn, said, target, text):
        return
    simple = _WITHOUT_TARGET.get(said.intent)
    if said.intent is Intent.UNDO and said.tasks and target.lines:
        undoing.undo_of(turn, target.lines, text)
    elif simple is not None:
        simple(turn)
    elif said.leaves:
        answers.leave(turn, text)
    elif said.intent is Intent.ACKNOWLEDGE and _is_unclear(turn, target):
        choose(turn, target.lines, text)
    elif said.intent is Intent.ACKNOWLEDGE and (said.in_charge is not None or said.will_answer):
        receipts.note(turn, said, target, text)
    elif said.intent is Intent.ACKNOWLEDGE and (signed := _plans_of(said, target, text)) is not None:
        answers.progress(turn, signed, text, said)
    elif said.intent is Intent.ACKNOWLEDGE:
        receipts.sign(turn, said, target, text)
    elif nil.told(turn, said, target, text):
        return
    elif said.intent is Intent.QUESTION or said.not_ours:
        passed_on = "not_ours" if said.not_ours else "asked"
        answers.ask(turn, target.only if target.named or said.not_ours or said.cries else None, text, passed_on)
        _ended_beside_a_question(turn, said, text)
    elif said.intent is Intent.NONE and not _ended_by_name(turn, target, text):
        not_understood(turn, target, text)
    elif said.intent is Intent.NONE:
        return
    elif target.named and len(said.tasks) > 1:
        answers.tell_lost(turn, target)
        numbered = _of_more_than_one(turn, said)
        if numbered:
            choose(turn, numbered, text, units=len(turn.visitor.units) > 1)
            return
        for one in target.lines:
            turn.attempt(partial(_on_line, turn, said, one, text))
    elif said.intent is Intent.DONE and len(target.lines) > 1 and not target.named and several.ALL.search(text):
        choose(turn, target.lines, text, everybody=True)
    else:
        found = answers.which(turn, target)
        if found is not None:
            _on_line(turn, said, found, text)


def _ended_by_name(turn: Turn, target: Target, text: str) -> bool:
    """Ask whether what is told of an end by a word that one of several tasks alone has is of that, 义诊完了; tell whether it was that."""
    called = by_words.among(target.lines, text) if len(target.lines) > 1 and turn.chosen is None else []
    again = understood(turn, text, called[0]) if len(called) == 1 else None
    if again is None or again.intent is not Intent.DONE:
        return False
    choose(turn, called, text, units=len(turn.visitor.units) > 1)
    return True


def _of_more_than_one(turn: Turn, said: Understanding) -> list[Line]:
    """Return the tasks that one bare number of a message may mean, 10 of A-10 and B-10; none where each means one."""
    bare = [number for number in said.tasks if number[0].isdigit()]
    found = (of_contact(turn, (number,)).lines for number in bare)
    return next((list(lines) for lines in found if len({line.code for line in lines}) > 1), [])


def _of_several(turn: Turn, said: Understanding, target: Target, text: str) -> bool:
    """Hear what is said of several tasks, each for itself or all at once; tell whether it was that."""
    first, words = several.first_of(turn, target.lines, text)
    of_them = understood(turn, words) if first else said
    if first and of_them.intent in (*_OF_ALL, Intent.ACKNOWLEDGE):
        turn.everybody = True
        _of_all(turn, of_them, first, text)
        return True
    if _of_all_but_some(turn, said, text) or _of_others_too(turn, said, text):
        return True
    again = several.with_codes(turn, text)
    if again != text:
        named = understood(turn, again)
        act(turn, named, of_contact(turn, named.tasks), again)
        return True
    if said.intent in _OF_ALL and (left := all_but.only_left_out(turn, said)):
        choose(turn, left, text, units=len(turn.visitor.units) > 1, everybody=len(left) > 1)
        return True
    parted = another_matter.parted(turn, said, target, text)
    each = each_its_own.told_of_each(turn, said, text) or [(one, words) for lines, words in parted for one in lines]
    for (one, _words), words in zip(each, one_reason.shared(turn, [told for _one, told in each]), strict=True):
        turn.attempt(partial(_of_called, turn, one, words))
    if each:
        return True
    if not target.named or turn.incoming.reply_to:
        asked = [] if said.tasks else rounds.labelled(turn, text)
        if asked:
            several.told_of_round(turn, shown.those_asked_about(turn, asked), text, said)
            return True
    told, others = _shares(turn, said, target, text)
    if len(told) > 1:
        for share in told:
            turn.attempt(partial(_share, turn, share, others))
        return True
    called = _called(turn, said, target, text)
    if called:
        choose(turn, called, text, units=len(turn.visitor.units) > 1)
        return True
    if _speaks_of_all(turn, said, target, text):
        _of_all(turn, said, target.lines, text)
        return True
    return False


def _of_all_but_some(turn: Turn, said: Understanding, text: str) -> bool:
    """Hear what is said of all but those that are named, 除A-12外都办完了; tell whether it was that."""
    found = all_but.said_of(turn, said, text)
    if found is None:
        return False
    of_them = understood(turn, found.what, turn.chosen)
    ends = of_them.nil and all(nil.is_of_a_period(turn, one) for one in found.others)
    passes_on = of_them.not_ours and not ends
    if of_them.leaves or not (passes_on or of_them.intent in (*ON_A_TASK, Intent.ACKNOWLEDGE)):
        return False
    own = understood(turn, found.own) if found.own else None
    asks = own is not None and own.intent is Intent.QUESTION and not own.tasks  # 除A-1外都推不动，请协调
    if own is not None and not asks:
        turn.attempt(partial(act, turn, own, of_contact(turn, own.tasks or said.but or said.tasks), found.own))
    if not passes_on and turn.chosen is not None and of_them.intent in ON_A_TASK:
        _on_line(turn, of_them, turn.chosen, found.what)
    elif not passes_on:
        _of_all(turn, of_them, found.others, found.what)
    if passes_on or asks or (of_them.cries and turn.chosen is None):
        told = "not_ours" if passes_on else "asked" if asks else "cried"
        answers.ask(turn, Target(tuple(found.others), True).only, text, told)
    return True


def _of_others_too(turn: Turn, said: Understanding, text: str) -> bool:
    """Hear of some tasks what is said of them as of others, 除A-3外，A-1也办完了, and ask whether these are reported; tell whether it was that."""
    found = all_but.besides(text) if said.tasks and turn.chosen is None else None
    if found is None:
        return False
    others, own = found
    of_own = understood(turn, own)
    turn.attempt(partial(act, turn, of_own, of_contact(turn, of_own.tasks), own))
    for line in of_contact(turn, understood(turn, others).tasks).lines:
        if of_own.intent is Intent.DONE and line.assignment.state in OPEN_STATES:
            turn.attempt(partial(answers.report, turn, line, text, _DOUBTFUL))
    return True


def _of_called(turn: Turn, one: Line, words: str) -> None:
    """Hear what a message says of one task that it calls by what it is about."""
    said = understood(turn, words, one)
    turn.chosen = one
    try:
        act(turn, said, Target((one,), True), words)
    finally:
        turn.chosen = None


def _plans_of(said: Understanding, target: Target, text: str) -> Line | None:
    """Return the task, signed before, of which more is told than a nod: 我们打算先关气再换阀门."""
    found = target.only
    open_and_signed = found is not None and found.assignment.state in OPEN_STATES and not answers.awaits_receipt(found)
    return found if said.plans and len(text) > TERSE and open_and_signed else None


def _ended_beside_a_question(turn: Turn, said: Understanding, text: str) -> None:
    """Ask whether what stands beside a question, 办完了，另外……吗, is to be a report."""
    found = of_contact(turn, said.finished).only if said.finished is not None and not said.not_ours else None
    if found is not None and found.assignment.state in OPEN_STATES:
        turn.attempt(partial(answers.report, turn, found, text, _DOUBTFUL))


def _called(turn: Turn, said: Understanding, target: Target, text: str) -> list[Line]:
    """Return which of several tasks the words call by what they are about, where they neither number nor mean all of them."""
    if (
        said.intent not in (*ON_A_TASK, Intent.SHOW, Intent.EXTEND)
        or said.tasks
        or turn.everybody
        or turn.chosen is not None
    ):
        return []
    if target.named and (len(target.lines) < 2 or _asked_for_progress(turn) or several.ALL.search(text)):
        return []
    return by_words.among(target.lines, text)


def _share(turn: Turn, share: Share, others: Sequence[Line]) -> None:
    """Hear what a message says of some of several tasks: where it is asked which these are, no more than that is played again."""
    said = understood(turn, share.heard)
    turn.part = share.words
    try:
        if share.tasks:
            act(turn, said, of_contact(turn, share.tasks), share.words)
        elif others:
            _of_all(turn, said, others, share.words, of_others=True)
    finally:
        turn.part = ""


def _shares(turn: Turn, said: Understanding, target: Target, text: str) -> tuple[list[Share], list[Line]]:
    """Return what a message says of each task, and the others of the list that it answers, if it answers one."""
    if turn.chosen is not None or said.intent is Intent.QUESTION or not said.tasks:
        return [], []
    listed = of_contact(turn).lines if turn.incoming.reply_to else ()
    named = {line.assignment.id for line in target.lines}
    others = [line for line in listed if line.assignment.id not in named]
    return one_reason.reasoned(
        turn, several.shares(text, said.tasks, in_a_list=len(listed) > 1 and bool(others))
    ), others


def _of_all(turn: Turn, said: Understanding, lines: Sequence[Line], text: str, *, of_others: bool = False) -> None:
    """Act on what one sentence says of several tasks; what is to be reported, or put off, is asked about first."""
    of_periods = [line for line in lines if nil.is_of_a_period(turn, line)] if said.nil and turn.everybody else []
    lines = shown.those_asked_about(turn, of_periods or lines)
    reports = said.intent is Intent.DONE and said.confident
    if said.intent is Intent.ACKNOWLEDGE and not (said.will_answer or said.in_charge is not None):
        answers.acknowledge(turn, Target(tuple(lines), True))
    elif said.intent is Intent.ACKNOWLEDGE:
        answers.note(turn, lines, text, said)
    elif reports and turn.everybody:
        several.report(turn, lines, _telling(said, text))
    elif said.intent in (Intent.DONE, Intent.EXTEND):
        choose(turn, lines, text, everybody=reports)
    elif rounds.asked_in(turn) is not None and not of_others:
        several.told_of_round(turn, lines, text, said)
    else:
        several.progress(turn, lines, text, said)


def _speaks_of_all(turn: Turn, said: Understanding, target: Target, text: str) -> bool:
    """Tell whether what names no task is said of every task of the message that is answered: it asked for all in one, or
    the words say 都, or somebody has just chosen 全部.
    """
    if turn.everybody and target.lines and not said.tasks:
        return True
    if said.tasks or len(target.lines) < 2:
        return False
    if not target.named or said.intent not in _OF_ALL or several.SOME.search(text) or _EXCEPTS.search(text):
        return False
    if said.intent is Intent.DONE:
        return True
    if _asked_for_progress(turn):
        return True
    told_of_all = said.intent is not Intent.NONE and several.ALL.search(text) is not None
    return told_of_all and not by_words.among(target.lines, text)


_EXCEPTS = re.compile(r"除(?![险尘雪草锈患害名])了?")
"""What is left out by its name: 除塔吊外都办完了."""

_OF_ALL = (Intent.DONE, Intent.PROGRESS, Intent.NOT_DONE, Intent.NONE)


def _is_unclear(turn: Turn, target: Target) -> bool:
    """Tell whether somebody quotes something that could not be placed, so that 收到 means one of several and not all."""
    return bool(turn.incoming.quoted) and not turn.incoming.reply_to and not target.named and len(target.lines) > 1


_WITHOUT_TARGET: dict[Intent, Callable[[Turn], None]] = {
    Intent.LIST: answers.list_own,
    Intent.HELP: guiding.help_contact,
    Intent.UNDO: undoing.undo_last,
}

ON_A_TASK: dict[Intent, Callable[[Turn, Line, str, Understanding], None]] = {
    Intent.PROGRESS: answers.progress,
    Intent.DONE: answers.report,
    Intent.NOT_DONE: unfinished.not_done,
}


def _on_line(turn: Turn, said: Understanding, found: Line, text: str) -> None:
    if ahead.asked(turn, found, said, text) or (said.tasks and crossed.of_line(turn, said, found, text)):
        return
    if said.intent is Intent.SHOW:
        showing.show(turn, found)
    elif said.intent is Intent.EXTEND:
        again = understood(turn, text, found)
        more_time.extend(turn, found, again.due, again.reason or "")
    else:
        if said.intent is Intent.DONE and said.confident and _may_be_of_another(turn, said, found, text):
            said = replace(said, confident=False)
        unfinished_after_all = said.denies and found.assignment.state is State.REPORTED
        intent = Intent.NOT_DONE if unfinished_after_all else said.intent
        ON_A_TASK[intent](turn, found, _telling(said, text), said)
    if said.cries and said.intent is not Intent.SHOW:
        answers.ask(turn, found, text, "cried")


def _may_be_of_another(turn: Turn, said: Understanding, found: Line, text: str) -> bool:
    """Tell whether what is said to be finished in words that name no task may not be this one: it has no end, or they call what
    another of the unit's tasks alone is about.
    """
    if said.tasks or turn.chosen is not None:
        return False
    if found.milestone.kind is DeadlineKind.ONGOING:
        return True
    if not turn.incoming.reply_to:
        return False
    called = by_words.among(ledger.lines(turn.session, own(turn.visitor.units)), text)
    return bool(called) and all(line.task.id != found.task.id for line in called)


def _telling(said: Understanding, text: str) -> str:
    """Return a message's words, but none where it says no more than the act itself, as 办结 7 does."""
    return "" if said.intent is Intent.DONE and len(text) <= TERSE else text


def not_understood(turn: Turn, target: Target, text: str) -> None:
    """In doubt ask with buttons, but only where the person clearly spoke to the bot."""
    if target.named and target.only is not None and text.strip() in _WHOLE_TEXT:
        showing.show(turn, target.only)
    elif target.named and target.only is not None and (_asks_progress(turn, target.only) or goes_on(text)):
        answers.progress(turn, target.only, text)
    elif target.named and target.only is not None:
        answers.report(turn, target.only, text, _DOUBTFUL)
    elif turn.incoming.reply_to and target.named and target.lines:
        choose(turn, target.lines, text)
    elif target.over:
        answers.tell_lost(turn, target)
    elif turn.incoming.is_addressed:
        guiding.not_understood(turn, text)


def goes_on(text: str) -> bool:
    """Tell whether no more is said of a task than that it goes on as it should, or is waited for: 按期, 照旧, 再等等, 12号开会."""
    clean = heard(text)
    words = tuple(words_of(tasks.marked(clean, tasks.find(clean, lexicon())), lexicon()))
    tells = any(word.sense in (Sense.MANNER, Sense.EVENT) or word.text in _AS_BEFORE for word in words)
    return tells and all(word.sense in _BESIDE_GOING_ON or word.text in _AS_BEFORE for word in words)


_AS_BEFORE = ("照旧", "照常", "等等", "不变")
_BESIDE_GOING_ON = BESIDE | {Sense.DAY, Sense.PERIOD, Sense.EVENT, Sense.FUTURE, Sense.PLAN}


def _asks_progress(turn: Turn, line: Line) -> bool:
    """Tell whether whatever is said of a task is progress: it has no end to be reported, or the bot has just asked for it."""
    return _asked_for_progress(turn) or line.milestone.kind is DeadlineKind.ONGOING


def _asked_for_progress(turn: Turn) -> bool:
    return rounds.answers_one(turn) or (turn.source is not None and turn.source.notice.kind in _ASK_PROGRESS)


_WHOLE_TEXT = ("详情", "全文", "看全文", "原文", "具体内容")
"""What in answer to one task's message asks to see all of it."""

_ASK_PROGRESS = (NoticeKind.CHECKIN, NoticeKind.PROGRESS_QUERY, NoticeKind.ROUND)


_DOUBTFUL = Understanding(intent=Intent.NONE, confident=False)
