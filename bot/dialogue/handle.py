"""The dialogue: one message or press in, an act and its answer out, independent of any channel.

Everything that a turn changes and says is in the caller's one transaction.
"""

import re
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.channels.incoming import Incoming
from bot.dialogue import (
    access,
    asked_for,
    binding,
    commanding,
    courtesy,
    duties,
    membership,
    names,
    passes,
    presses,
    prompts,
    quotes,
    visitors,
    yes_or_no,
)
from bot.dialogue.access import Denied
from bot.dialogue.contact import answers, calls, edits, evidence, guiding, more_time, showing, slips
from bot.dialogue.contact.handed_in import SAYS_WHAT_A_FILE_IS_FOR, tells
from bot.dialogue.contact.hearing import hear
from bot.dialogue.phrases import Pieces
from bot.dialogue.room import (
    counter_offers,
    decisions,
    deputies,
    doubts,
    everyday,
    judging,
    not_yet,
    orders,
    papers,
    pictures,
    previews,
    problems,
    questions,
    reasons,
    renewals,
    rounds,
    scores,
    second_thoughts,
    spot_check_words,
    tallies,
    verdicts,
    wishes,
)
from bot.dialogue.targets import names_it, of_contact, understood
from bot.dialogue.turn import Looked, Spoken, Turn
from bot.dialogue.understand import Intent, understand
from db import outbox
from db.bodies import ReplyBody
from db.kinds import WORK
from db.ledger import Line, line
from db.models import Inbound, Prompt
from db.words import EVERY, Action
from jobs.desk import Desk
from jobs.ports import Abilities


def handle(
    session: Session,
    desk: Desk,
    abilities: Abilities,
    incoming: Incoming,
    inbound: Inbound,
    now: datetime,
    looked: Looked | None = None,
) -> Spoken:
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
        visitor = visitors.greet(session, incoming)
    if visitor is None:
        return binding.tell_unbound(session, incoming, inbound, abilities, now)
    incoming = quotes.placed(session, incoming) if abilities.quotes else incoming
    inbound.chat_id, inbound.person_id = visitor.chat.id, visitor.person.id
    if inbound in session.new:
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
        _press(turn, turn.incoming.press)
        return
    text = commanding.in_words(commanding.unaddressed(turn.text), steers=turn.visitor.steers or turn.visitor.leads)
    if inbound.words.get("files_refused"):
        turn.reply("not_kept", files=inbound.words["files_refused"])
        if not turn.files and not SAYS_WHAT_A_FILE_IS_FOR.sub("", text):
            return
    if turn.incoming.anonymous:
        turn.attempt(lambda: _anonymous(turn, text))
        return
    if names.told(turn, text):
        if not turn.files:
            return
        text = ""
    pass_wanted = passes.wanted(turn, text)
    if pass_wanted is not None:
        turn.attempt(lambda: pass_wanted(turn))
        return
    if turn.incoming.edited and edits.heard(turn, text):
        return
    if slips.corrected(turn, text):
        return
    meant = yes_or_no.answered(turn, text)
    if meant is not None:
        if meant:
            _press(turn, meant)
        return
    why_asked = asked_for.why_asked(turn)
    prompt = why_asked or prompts.waiting(turn)
    nods = prompt is not None and not (prompt.action is Action.REQUEST_EXTENSION and _answers_tasks(turn))
    if nods and not turn.files and courtesy.word_for(text, nods=True) is not None:
        courtesy.answered(turn, text, nods=True)
    elif prompt is not None and not turn.files and asked_for.is_put_off(prompt, text):
        prompts.asked_later(turn, prompt)
    elif prompt is not None and tells(turn, text) and not _is_something_else(turn, prompt, text):
        asked = prompt
        if why_asked is None:
            prompts.take(turn)
        turn.attempt(lambda: asked_for.answered(turn, asked, text))
    else:
        turn.attempt(lambda: _hear(turn, text))


def _press(turn: Turn, data: str) -> None:
    """Do what a button says; where it told what an earlier message was about, hear that anew."""
    if turn.attempt(lambda: presses.press(turn, data)) and turn.again is not None:
        inbound, line = turn.again
        turn.attempt(lambda: _play_again(turn, inbound, line))


def _hear(turn: Turn, text: str) -> None:
    """Hand what somebody says to whom they are here; who was called in private answers the call."""
    if calls.answered_on_duty(turn, text):
        return
    if turn.visitor.steers or turn.visitor.leads:
        _coordinator(turn, text)
    elif turn.visitor.units:
        _contact(turn, text)
    elif deputies.asks_to_sign(turn, text):
        papers.show_first(turn, "")
    elif turn.visitor.led:
        _unit_leader(turn, text)
    else:
        raise Denied("您没有办理该事项的权限。")


def _is_something_else(turn: Turn, prompt: Prompt, text: str) -> bool:
    """Tell whether a text is no answer to what the bot asked for: a command, or a reply to another message."""
    if prompt.action is Action.REPORT:  # files are asked for
        return True
    if prompt.doubt_id is not None:
        return commanding.find(text) is not None or not doubts.is_answered(
            turn, prompt.doubt_id, text, chosen=prompt.words == doubts.IN_WORDS
        )
    if prompt.fresh_until is not None and turn.now > prompt.fresh_until and not _answers(turn, prompt):
        return True
    steers = turn.visitor.steers
    stands_alone = commanding.find(text) is not None if steers else _stands_alone(turn, prompt, text)
    if prompt.action in decisions.GIVE_REASONS:
        stands_alone = stands_alone or asked_for.decides_apart(turn, prompt, text) is reasons.Answer.SOMETHING_ELSE
    if stands_alone or turn.source is None:
        return stands_alone
    notice = turn.source.notice
    spoken_of = notice.body.about or outbox.spoken_of(turn.session, notice.id)
    return bool(spoken_of) and prompt.assignment_id not in spoken_of


def _answers(turn: Turn, prompt: Prompt) -> bool:
    """Tell whether a reply is to a message about what the bot asked for."""
    notice = turn.source.notice if turn.source is not None else None
    if notice is None:
        return False
    if prompt.question_id is not None:
        return getattr(notice.legible, "question_id", None) == prompt.question_id
    return prompt.assignment_id in {
        *notice.body.about,
        *outbox.spoken_of(turn.session, notice.id),
    }


_ALONE = frozenset({Intent.UNDO, Intent.LIST, Intent.HELP, Intent.SHOW, Intent.QUESTION})
"""What a contact says for its own sake, whatever the bot has asked."""


def _answers_tasks(turn: Turn) -> bool:
    """Tell whether somebody answers a message about tasks, under which 收到 is a receipt and a word of its own counts."""
    return turn.source is not None and turn.source.notice.kind in WORK


def _stands_alone(turn: Turn, prompt: Prompt, text: str) -> bool:
    """Tell whether a contact speaks of something else: another task, a question, or after all was said for a request."""
    found = line(turn.session, prompt.assignment_id, EVERY) if prompt.assignment_id else None
    said = understood(turn, text, found)
    named = said.tasks or ((said.task,) if said.task else ())
    if found is not None and not all(names_it(found, one) for one in named):
        return True
    if prompt.action is Action.REQUEST_EXTENSION and more_time.put_right(text) is not None:
        return False
    if said.confident and said.intent in _ALONE:
        return True
    if prompt.action is not Action.REQUEST_EXTENSION or (prompt.due and prompt.words and text in asked_for.CONFIRMS):
        return False
    return commanding.find(text) is not None or not more_time.is_answer(
        text, said, turn.today(found), prompt.due, prompt.words, directly=not _answers_tasks(turn)
    )


def _anonymous(turn: Turn, text: str) -> None:
    """Nobody knows who speaks: offer the buttons, whose press tells."""
    if turn.files:
        evidence.not_kept(turn, turn.files, "匿名发送，无法记录是谁提交的；请以本人身份重新发送")
    if turn.visitor.units and text:
        said = understood(turn, text)
        if said.intent is Intent.NONE and not turn.incoming.is_addressed:
            return
        guiding.offer_buttons(turn, of_contact(turn, said.tasks or ((said.task,) if said.task else ())))
    elif turn.incoming.is_addressed:
        turn.reply("anonymous")


_SAY = Pieces(
    "handle",
    task=r"[〔\[]?[A-Za-z]{1,2}\d{0,2}-\d{1,4}(?:\.\d{1,3})?[〕\]]?",
    passes="核查(?:销号|通过)",
    share=r"抽查\s*(?:专项)?[A-Za-z]{1,2}\d{0,2}\s*\d{1,3}\s*(?:%|％|项|个)",
    ends="(?:结束|撤回)(?:调度|群发)|催未[报确][认]?|催报|公示记分|记分公示",
    judges=r"(?:重开|代录|抽查不?属实)\s*{task}",
    decides=r"(?:全部)?{passes}(?:\s*{task})?|(?:核查|催办)\s*{task}|{task}\s*{passes}|全部(?:核查|销号)",
    steers=r"(?:结束|启动|暂停|继续)专项\s*[A-Za-z\d]{1,3}",
)
OF_THE_ROOM = _SAY(
    r"^(?:群发|叫应)[\s：:]|^(?:{decides}|{steers}|{share}|{judges})[。！]?$|^(?:{ends})(?![了过会前后])"
)
"""What only the coordinators' room does, said so that it can be nothing about a unit's own work."""


def _contact(turn: Turn, text: str) -> None:
    """Hear a contact, who may answer which task an earlier message was about."""
    if binding.wants_to_name(text):
        raise Denied("绑定由协调员办理；有绑定码的，请发送：绑定 绑定码。")
    if turn.chosen is None and _answers_which(turn, text):
        return
    of_room = OF_THE_ROOM.search(text) or (text.startswith("/") and commanding.find(text) is not None)
    if turn.is_spoken_to and not turn.files and of_room:
        raise Denied("该操作由协调员在协调室办理；您这里写“帮助”可看能办什么。")
    hear(turn, text)


def _answers_which(turn: Turn, text: str) -> bool:
    """Play an earlier message again where the answer to 请问是哪一项 is a code; tell whether it was."""
    question = turn.source.notice.body if turn.source else None
    number = question.which if isinstance(question, ReplyBody) else None
    text = _IS_THAT.sub("", text)
    if turn.files or not text or SAYS_WHAT_A_FILE_IS_FOR.sub("", text):
        return False
    if number is None and turn.source is None and (waiting := evidence.just_asked(turn)) is not None:
        number = waiting.id
    if number is None:
        return False
    said = understood(turn, text)
    found = of_contact(turn, said.tasks or ((said.task,) if said.task else ())).only
    if found is not None:
        _play_again(turn, access.own_message(turn.session, turn.visitor, number), found)
    return found is not None


_IS_THAT = re.compile(r"^(?:嗯|对|是)[的啊]?[，,\s]*(?:就?是)?\s*|\s*的?[。！!]*$")
"""What stands around a code that answers which one it is: 是A-2的."""


def _play_again(turn: Turn, inbound: Inbound, line: Line | None) -> None:
    question = turn.source.notice.body if turn.source is not None else None
    part = question.part if isinstance(question, ReplyBody) and question.which == inbound.id else ""
    turn.incoming = replace(
        turn.incoming,
        text=part or inbound.words["text"],
        press=None,
        press_id=None,
        addressed=True,  # whoever chose spoke to the bot
        album=inbound.album,
        message_id=inbound.words.get("message_id"),
    )
    turn.inbound_id, turn.chosen = inbound.id, line
    if turn.everybody:  # of all that the message spoke of which it answered
        turn.incoming = replace(turn.incoming, reply_to=inbound.words["reply_to"])
    inbound.words = {**inbound.words, "chosen": True}
    steers = turn.visitor.steers or turn.visitor.leads
    _hear(turn, commanding.in_words(commanding.unaddressed(turn.text), steers=steers))
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
            showing.show(turn, shown)
    elif courtesy.answered(turn, text):
        return
    elif turn.incoming.is_addressed:
        raise Denied("您可以查看所分管单位的任务：写“我的任务”，或“详情 编号”；办理请在该单位的群里。")


# ---------------------------------------------------------------- coordinators


def _coordinator(turn: Turn, text: str) -> None:
    notice = commanding.is_for_units(text)
    if (meant := everyday.written(turn, not_yet.meant(turn, text))) != text:
        turn.incoming, text = replace(turn.incoming, text=meant), meant
    if tallies.answered(turn, text) or second_thoughts.changed_words(turn, text) or judging.judged(turn, text):
        return
    if previews.answered(turn, text) or counter_offers.of_request(turn, text) or tallies.of_what_was_sent(turn, text):
        return
    if second_thoughts.of_sent(turn, text) or papers.agreed(turn, text) or papers.put_off(turn, text):
        return
    if not_yet.held_back(turn, text):
        return
    if orders.decided(turn, text) or problems.in_own_words(turn, text) or scores.decided_in_words(turn, text):
        return
    command = commanding.find(text)
    if command is not None:
        commanding.run(turn, *command)
        if turn.files and not command[0].files:
            evidence.not_kept(turn, turn.files, f"“{command[0].words[0]}”不带文件")
        elif turn.files and turn.outcomes == ["stale"]:
            evidence.not_kept(turn, turn.files, "没有这样办理，文件未转给单位")
        return
    question = access.to_answer_by_reply(turn.session, turn.visitor, turn.incoming.reply_to)
    doubt = doubts.replied_to(turn)
    if question is not None:
        questions.answer_question(turn, question, text)
    elif doubt is not None and text and not turn.files:
        doubts.answer(turn, doubt, text)
    elif pictures.took(turn, text):
        return
    elif turn.files:
        commanding.for_files(turn, text)
    elif papers.replied_to(turn):
        papers.change(turn, text)
    elif (
        spot_check_words.said(turn, text)
        or (not notice and verdicts.in_own_words(turn, text))
        or rounds.in_own_words(turn, text)
        or renewals.in_room(turn, text)
        or duties.in_room(turn, text)
        or deputies.in_own_words(turn, text)
        or courtesy.answered(turn, text)
        or second_thoughts.said(turn, text)
        or judging.said_well(turn, text)
        or (not notice and decisions.in_own_words(turn, text))
        or judging.held(turn, text)
        or wishes.granted(turn, text)
    ):
        return
    elif turn.is_spoken_to and not judging.told_how(turn, text):
        if courtesy.word_for(text, nods=True) is None:
            commanding.not_understood(turn, text)
        else:
            turn.reply_text("好的。", outcome="courtesy")
