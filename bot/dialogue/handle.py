"""The dialogue: one message or press in, an act and its answer out, independent of any channel.

Everything that a turn changes and says is in the caller's one transaction.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.channels.incoming import Incoming
from bot.dialogue import access, binding, commands, membership, names, presses, quotes
from bot.dialogue.access import Denied
from bot.dialogue.contact import answers, evidence
from bot.dialogue.room import broadcasts, decisions, papers, questions
from bot.dialogue.targets import Target, choose, closed, names_it, of_contact
from bot.dialogue.turn import Looked, Spoken, Turn
from bot.dialogue.typed_days import typed_day
from bot.dialogue.understand import Intent, Understanding, understand
from db import outbox
from db.bodies import ReplyBody
from db.ledger import Line, line
from db.models import Inbound, Prompt
from db.words import EVERY, Action, DeadlineKind, NoticeKind
from jobs.desk import Desk
from jobs.ports import Abilities

TERSE = 10
"""Characters up to which a plain report of completion tells nothing beside itself."""

_ONLY_CODES = re.compile(
    r"[〔\[]?(?:[A-Za-z]{1,2}\d{0,2}-\d{1,4}|(?<![\d.])\d{1,3}(?!\d))(?:\.\d{1,3})?[〕\]]?(?![\d.%月日年/-])|[\s、，,]|佐证(?:材料)?|附件"
)
"""What says no more than which task a file is for."""


def handle(
    session: Session, desk: Desk, abilities: Abilities, incoming: Incoming, inbound: Inbound, now: datetime,
    looked: Looked | None = None,
) -> Spoken:  # fmt: skip
    """Act on one update inside the caller's transaction; return what became of it.

    ``looked`` is what was read before it, where the update may only look.
    """
    if incoming.event is not None:
        return membership.handle(session, incoming, inbound, now)
    if not abilities.announces:
        membership.heard_from(session, incoming, now)
    if binding.wants(incoming.text):
        return binding.bind(session, incoming, inbound, abilities, now)
    if binding.names_a_unit(session, incoming):
        return binding.bind_by_name(session, incoming, inbound, abilities, now)
    with session.no_autoflush:  # the update is written once, with who and where
        visitor = access.greet(session, incoming)
    if visitor is None:
        return binding.tell_unbound(session, incoming, inbound, abilities, now)
    incoming = quotes.placed(session, incoming) if abilities.quotes else incoming
    inbound.chat_id, inbound.person_id = visitor.chat.id, visitor.person.id
    session.flush()
    turn = Turn(session, desk, abilities, now, visitor, incoming, inbound.id, looked)
    answered = incoming.reply_to or (incoming.message_id if incoming.press is not None else None)
    if answered is not None:
        turn.source = outbox.find_message(session, visitor.chat.id, answered)
    _dispatch(turn, inbound)
    names.ask_once(turn)
    return turn.close()


def _dispatch(turn: Turn, inbound: Inbound) -> None:
    if turn.incoming.press is not None:
        data = turn.incoming.press
        if turn.attempt(lambda: presses.press(turn, data)) and turn.again is not None:
            inbound, line = turn.again
            turn.attempt(lambda: _play_again(turn, inbound, line))
        return
    text = commands.in_words(commands.unaddressed(turn.text), steers=turn.visitor.steers or turn.visitor.leads)
    if inbound.words.get("files_refused"):
        turn.reply("not_kept", files=inbound.words["files_refused"])
        if not turn.files and not _ONLY_CODES.sub("", text):
            return
    if turn.incoming.anonymous:
        turn.attempt(lambda: _anonymous(turn, text))
        return
    if names.told(turn, text):
        if not turn.files:
            return
        text = ""
    prompt = turn.prompt()
    if prompt is not None and _tells(turn, text) and not _is_something_else(turn, prompt, text):
        asked = prompt
        turn.take_prompt()
        turn.attempt(lambda: _prompted(turn, asked, text))
    else:
        turn.attempt(lambda: _hear(turn, text))


def _hear(turn: Turn, text: str) -> None:
    """Hand what somebody says to whom they are here."""
    if turn.visitor.steers or turn.visitor.leads:
        _coordinator(turn, text)
    elif turn.visitor.units:
        _contact(turn, text)
    elif turn.visitor.led:
        _unit_leader(turn, text)
    else:
        raise Denied("您没有办理该事项的权限。")


def _tells(turn: Turn, text: str) -> bool:
    """Tell whether a message says anything; a code beside a file says only what the file is for."""
    return bool(_ONLY_CODES.sub("", text) if turn.files else text)


def _is_something_else(turn: Turn, prompt: Prompt, text: str) -> bool:
    """Tell whether a text is no answer to what the bot asked for: a command, or a reply to another message."""
    steers = turn.visitor.steers
    stands_alone = commands.find(text) is not None if steers else _stands_alone(turn, prompt, text)
    if stands_alone or turn.source is None:
        return stands_alone
    notice = turn.source.notice
    spoken_of = notice.body.about or [one.id for _item, one in outbox.items_of(turn.session, notice.id)]
    return bool(spoken_of) and prompt.assignment_id not in spoken_of


_ALONE = frozenset({Intent.UNDO, Intent.LIST, Intent.HELP, Intent.SHOW, Intent.QUESTION})
"""What a contact says for its own sake, whatever the bot has asked."""

_CONFIRMS = ("提交", "确认", "是", "是的", "对", "提交申请")
_REASON = re.compile(r"^(?:原因|理由|因为?|由于)")


def _stands_alone(turn: Turn, prompt: Prompt, text: str) -> bool:
    """Tell whether a contact speaks of something else: another task, a question, or after all was said for a request."""
    found = line(turn.session, prompt.assignment_id, EVERY) if prompt.assignment_id else None
    said = understand(text, on=turn.today(found), due=found.assignment.due if found else None, coordinator=False)
    if said.task is not None and found is not None and not names_it(found, said.task):
        return True
    if said.confident and said.intent in _ALONE:
        return True
    if prompt.action is Action.REQUEST_EXTENSION and prompt.due and prompt.words:
        more = said.due is not None or typed_day(text, turn.today(found)) is not None or _REASON.match(text)
        return not more and text not in _CONFIRMS
    return False


def _anonymous(turn: Turn, text: str) -> None:
    """Nobody knows who speaks: offer the buttons, whose press tells."""
    if turn.files:
        evidence.not_kept(turn, turn.files, "匿名发送，无法记录是谁提交的；请以本人身份重新发送")
    if turn.visitor.units and text:
        said = understand(text, on=turn.today(), coordinator=False)
        if said.intent is Intent.NONE and not turn.incoming.is_addressed:
            return
        answers.offer_buttons(turn, of_contact(turn, said.tasks or ((said.task,) if said.task else ())))
    elif turn.incoming.is_addressed:
        turn.reply("anonymous")


# ---------------------------------------------------------------- contacts


NOTHING = Target((), False)
"""What a list is asked of: no assignment needs to be found for it."""


def _contact(turn: Turn, text: str) -> None:
    """Understand a contact's message and act on it; what it brings is kept first."""
    if binding.wants_to_name(text):
        raise Denied("绑定由协调员办理；有绑定码的，请发送：绑定 绑定码。")
    if turn.chosen is None and _answers_which(turn, text):
        return
    if broadcasts.answered(turn, text):
        return
    said = understand(text, on=turn.today(), coordinator=False)
    references = said.tasks or ((said.task,) if said.task else ())
    if turn.chosen is not None:
        target = Target((turn.chosen,), True)
    else:
        target = NOTHING if said.intent is Intent.LIST and not turn.files else of_contact(turn, references)
    if not references and broadcasts.answered_unplaced(turn, said, text, target):
        return
    if turn.files:
        _with_files(turn, said, target, text)
    elif text:
        _said(turn, said, target, text)
    else:
        _not_understood(turn, target, text)


def _said(turn: Turn, said: Understanding, target: Target, text: str) -> None:
    shares = _shares(text, said.tasks) if turn.chosen is None and said.intent is not Intent.QUESTION else []
    if len(shares) > 1:
        for tasks, words in shares:
            turn.attempt(partial(_share, turn, tasks, words))
        return
    simple = _WITHOUT_TARGET.get(said.intent)
    if simple is not None:
        simple(turn)
    elif said.intent is Intent.ACKNOWLEDGE and _is_unclear(turn, target):
        choose(turn, target.lines, text)
    elif said.intent is Intent.ACKNOWLEDGE:
        answers.acknowledge(turn, target)
    elif said.intent is Intent.QUESTION:
        answers.ask(turn, target.only if target.named else None, text)
    elif said.intent is Intent.NONE:
        _not_understood(turn, target, text)
    elif target.named and len(said.tasks) > 1:
        answers.tell_lost(turn, target)
        for one in target.lines:
            turn.attempt(partial(_on_line, turn, said, one, text))
    else:
        found = answers.which(turn, target)
        if found is not None:
            _on_line(turn, said, found, text)


def _share(turn: Turn, tasks: Sequence[str], words: str) -> None:
    _said(turn, understand(words, on=turn.today(), coordinator=False), of_contact(turn, tasks), words)


def _shares(text: str, tasks: Sequence[str]) -> list[tuple[tuple[str, ...], str]]:
    """Return what a message says of each of several tasks, for those that share words together.

    Words before the first task are said of all; tasks after which nothing more is said share what the whole says.
    """
    places = [text.upper().find(task.upper()) for task in tasks]
    if len(tasks) < 2 or -1 in places or places != sorted(places):
        return []
    before, shares, waiting = text[: places[0]].strip("〔[ "), [], []
    for task, begin, end in zip(tasks, places, [*places[1:], len(text)], strict=True):
        waiting.append(task)
        if _AND.sub("", text[begin + len(task) : end]):
            words = f"{before} {'、'.join(waiting)}{text[begin + len(task) : end]}".strip("，,；;。 〔[")
            shares.append((tuple(waiting), words))
            waiting = []
    return [] if waiting else shares


_AND = re.compile(r"[〕\]\s、，,;；。和及与]|项")


def _is_unclear(turn: Turn, target: Target) -> bool:
    """Tell whether somebody quotes something that could not be placed, so that 收到 means one of several and not all."""
    return bool(turn.incoming.quoted) and not turn.incoming.reply_to and not target.named and len(target.lines) > 1


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


def _with_files(turn: Turn, said: Understanding, target: Target, text: str) -> None:
    """Keep what was handed in, once it is known for which assignment, then hear what was said with it."""
    if evidence.was_kept(turn):
        turn.reply("refused", why="这些文件此前已经收存，没有再收一次；还要交给另一项的，请写编号再发一次。")
        return
    if not (target.lines or target.named):
        target = closed(turn)
    found = _what_files_are_for(turn, said, target, text)
    if not found and turn.incoming.album and target.lines and not text:
        evidence.wait_for_album(turn, target)
    elif not found and said.intent is Intent.QUESTION:
        answers.ask(turn, None, text)
    elif not found and target.lines:
        choose(turn, target.lines, text or evidence.names(turn), units=len(turn.visitor.units) > 1)
    elif not found:
        why = "".join(target.over).rstrip("。") or "没有找到可收存佐证的任务；请写编号，“我的任务”可查看编号"
        evidence.not_kept(turn, turn.files, why)
    else:
        answers.tell_lost(turn, target)
        files = [*turn.files, *evidence.waiting_in_album(turn)]
        others = _placed_by_the_same_choice(turn)
        kept = [one for one in found if evidence.keep(turn, one, [*files, *evidence.files_of(others)])]
        if kept and turn.chosen is not None:
            evidence.went_along(turn, others, kept[0])
        if kept and said.intent in _BESIDE_FILES and _tells(turn, text):
            turn.attempt(lambda: _said(turn, said, Target(tuple(kept), True), text))


def _placed_by_the_same_choice(turn: Turn) -> list[Inbound]:
    """Return the messages whose files a choice takes along: all that wait, but those that say something of their own."""
    if turn.chosen is None:
        return []
    waiting = [
        (one, understand(one.words["text"], on=turn.today(), coordinator=False)) for one in evidence.unplaced(turn)
    ]
    return [one for one, said in waiting if said.intent not in _BESIDE_FILES and said.task is None and not said.tasks]


_BESIDE_FILES = frozenset({*_ACTS, Intent.EXTEND, Intent.ACKNOWLEDGE, Intent.QUESTION})
"""What is acted on where it is said beside a file; other words only tell what the file shows."""


def _what_files_are_for(turn: Turn, said: Understanding, target: Target, text: str) -> tuple[Line, ...]:
    """Return the assignments: those that are named, the album's, what the bot has just asked about, the only one."""
    if target.named and (target.only is not None or len(said.tasks) > 1):
        return target.lines
    found = evidence.album_goes_to(turn)
    prompt = turn.prompt()
    if found is None and prompt is not None and prompt.assignment_id and not target.named:
        found = line(turn.session, prompt.assignment_id, EVERY) if said.intent not in _BESIDE_FILES else None
    found = found or target.only
    return (found,) if found else ()


def _not_understood(turn: Turn, target: Target, text: str) -> None:
    """In doubt ask with buttons, but only where the person clearly spoke to the bot."""
    if target.named and target.only is not None and _asks_progress(turn, target.only):
        answers.progress(turn, target.only, text)
    elif target.named and target.only is not None:
        answers.report(turn, target.only, text, _DOUBTFUL)
    elif turn.incoming.reply_to and target.lines:
        choose(turn, target.lines, text)
    elif target.over:
        answers.tell_lost(turn, target)
    elif turn.incoming.is_addressed:
        answers.help_contact(turn)


def _asks_progress(turn: Turn, line: Line) -> bool:
    """Tell whether whatever is said of a task is progress: it has no end to be reported, or the bot has just asked for it."""
    asked = turn.source is not None and turn.source.notice.kind in (NoticeKind.CHECKIN, NoticeKind.PROGRESS_QUERY)
    return asked or line.milestone.kind is DeadlineKind.ONGOING


_DOUBTFUL = Understanding(intent=Intent.NONE, confident=False)


def _answers_which(turn: Turn, text: str) -> bool:
    """Play an earlier message again where the answer to 请问是哪一项 is a code; tell whether it was."""
    question = turn.source.notice.body if turn.source else None
    number = question.which if isinstance(question, ReplyBody) else None
    if number is None or turn.files or not text or _ONLY_CODES.sub("", text):
        return False
    said = understand(text, on=turn.today(), coordinator=False)
    found = of_contact(turn, said.tasks or ((said.task,) if said.task else ())).only
    if found is not None:
        _play_again(turn, access.own_message(turn.session, turn.visitor, number), found)
    return found is not None


def _play_again(turn: Turn, inbound: Inbound, line: Line | None) -> None:
    turn.incoming = replace(
        turn.incoming, text=inbound.words["text"], press=None, press_id=None, album=inbound.album,
        message_id=inbound.words.get("message_id"),
    )  # fmt: skip
    turn.inbound_id, turn.chosen = inbound.id, line
    inbound.words = {**inbound.words, evidence.CHOSEN: True}
    steers = turn.visitor.steers or turn.visitor.leads
    _hear(turn, commands.in_words(commands.unaddressed(turn.text), steers=steers))
    evidence.tell_what_waits(turn)


# ---------------------------------------------------------------- leaders of one unit


def _unit_leader(turn: Turn, text: str) -> None:
    """A unit's leader looks at what that unit owes; what it does is done in its group."""
    if turn.files:
        evidence.not_kept(turn, turn.files, "请在该单位的群里提交")
    said = understand(text, on=turn.today(), coordinator=False)
    if said.intent is Intent.LIST:
        answers.list_own(turn)
    elif said.intent is Intent.SHOW:
        shown = answers.which(turn, of_contact(turn, (said.task,) if said.task else (), turn.visitor.led))
        if shown is not None:
            answers.show(turn, shown)
    elif turn.incoming.is_addressed:
        raise Denied("您可以查看所分管单位的任务：写“我的任务”，或“详情 编号”；办理请在该单位的群里。")


# ---------------------------------------------------------------- coordinators


def _coordinator(turn: Turn, text: str) -> None:
    command = commands.find(text)
    if command is not None:
        commands.run(turn, *command)
        if turn.files and not command[0].files:
            evidence.not_kept(turn, turn.files, f"“{command[0].words[0]}”不带文件")
        elif turn.files and turn.outcomes == ["stale"]:
            evidence.not_kept(turn, turn.files, "没有这样办理，文件未转给单位")
        return
    question = access.to_answer_by_reply(turn.session, turn.visitor, turn.incoming.reply_to)
    if question is not None:
        questions.answer_question(turn, question, text)
    elif turn.files:
        commands.for_files(turn, text)
    elif papers.replied_to(turn):
        papers.change(turn, text)
    elif not decisions.in_own_words(turn, text) and turn.incoming.is_addressed:
        commands.help_coordinator(turn)


# ---------------------------------------------------------------- what the bot had asked for


def _prompted(turn: Turn, prompt: Prompt, text: str) -> None:
    if prompt.assignment_id is None:
        question = access.to_answer(turn.session, turn.visitor, prompt.question_id)
        if question is not None:
            questions.answer_question(turn, question, text)
        return
    found = line(turn.session, prompt.assignment_id, EVERY)
    if prompt.action in (Action.RETURN, Action.REFUSE, Action.REOPEN):
        decisions.decide(turn, found, prompt.action, text)
        return
    if turn.files:
        evidence.keep(turn, found, turn.files)
    if prompt.action is Action.REQUEST_EXTENSION:
        turn.attempt(lambda: _more_on_extension(turn, prompt, found, text))
    else:
        turn.attempt(lambda: _progress_told(turn, found, text))


def _more_on_extension(turn: Turn, prompt: Prompt, found: Line, text: str) -> None:
    if prompt.due and prompt.words and text in _CONFIRMS:
        mine = access.for_unit(turn.session, turn.desk, turn.visitor, found.assignment.id)
        answers.submit_extension(turn, mine, prompt.due, prompt.words)
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
