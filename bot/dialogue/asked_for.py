"""What the bot had asked for, a reason, a day, a line of progress, an answer, and what somebody says then."""

from dataclasses import replace

from bot.dialogue import access, courtesy, prompts
from bot.dialogue.contact import ahead, answers, evidence, more_time, reviews
from bot.dialogue.room import aside_from_reasons, counter_offers, decisions, doubts, one_mind, questions, reasons
from bot.dialogue.targets import names_it, split, understood
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent
from db.bodies import ReplyBody
from db.ledger import Line, line
from db.models import Prompt
from db.words import EVERY, OPEN_STATES, Action

CONFIRMS = ("提交", "确认", "是", "是的", "对", "提交申请")
"""How a request that was echoed is submitted in words."""


def why_asked(turn: Turn) -> Prompt | None:
    """Return what is waited for where somebody answers 请再回复一句原因 and nobody waits for that any more: another request has taken
    its place, the day is over, or somebody else was asked.
    """
    body = turn.source.notice.legible if turn.source is not None and turn.incoming.press is None else None
    if not isinstance(body, ReplyBody) or body.longer_until is None or body.longer_for or not body.about:
        return None
    found, prompt = line(turn.session, body.about[0], EVERY), prompts.waiting(turn)
    theirs = found is not None and found.unit in turn.visitor.units and found.assignment.state in OPEN_STATES
    asked_of = (prompt.action, prompt.assignment_id) if prompt is not None and not prompt.words else None
    still = asked_of == (Action.REQUEST_EXTENSION, body.about[0])
    if not theirs or still or found.assignment.decision_pending:
        return None
    mine = turn.visitor.chat.id, turn.visitor.person.id
    asked = Action.REQUEST_EXTENSION, body.about[0], body.longer_until
    return Prompt(chat_id=mine[0], person_id=mine[1], action=asked[0], assignment_id=asked[1], due=asked[2])


def decides_apart(turn: Turn, prompt: Prompt, text: str) -> reasons.Answer:
    """Return what is said where the reason of a decision was asked for."""
    found = line(turn.session, prompt.assignment_id, EVERY) if prompt.assignment_id else None
    told = reasons.answer_in(
        text, prompt.action, lambda code: found is not None and names_it(found, code), turn.today(found)
    )
    rooms = turn.visitor.steers or turn.visitor.leads
    if told is reasons.Answer.REASON and rooms and aside_from_reasons.is_aside(turn, text, found):
        code = f"〔{found.code}〕" if found is not None else ""
        turn.say_beside(f"{code}{prompt.action.zh}的理由还等着，没有办理。", ())
        return reasons.Answer.SOMETHING_ELSE
    return told


def is_put_off(prompt: Prompt, text: str) -> bool:
    """Tell whether somebody says no more than that the words will come later, or talks with colleagues about them: 在忙, 问问李局."""
    if prompt.action in decisions.GIVE_REASONS and reasons.is_talk(text):
        return True
    return courtesy.puts_off(text, of_more_time=prompt.action is Action.REQUEST_EXTENSION)


def answered(turn: Turn, prompt: Prompt, text: str) -> None:
    """Take a text for what the bot had asked for."""
    if prompt.doubt_id is not None:
        doubts.answer(turn, prompt.doubt_id, text)
        return
    if prompt.assignment_id is None:
        question = access.to_answer(turn.session, turn.visitor, prompt.question_id)
        if question is not None:
            questions.answer_question(turn, question, text)
        return
    found = line(turn.session, prompt.assignment_id, EVERY)
    if prompt.action in decisions.GIVE_REASONS:
        if decides_apart(turn, prompt, text) is reasons.Answer.GIVES_UP:
            turn.reply_text(f"好的，没有{prompt.action.zh}，〔{found.code}〕不变。", outcome="given_up")
        elif prompt.action is Action.REFUSE and counter_offers.offered(turn, found, text):
            return
        elif prompt.action is Action.RETURN and not (turn.visitor.steers or turn.visitor.leads):
            reviews.send_back_as_asked(turn, found, text)
        elif not one_mind.left_open(turn, found, prompt.action, text, asked=True):
            decisions.decide(turn, found, prompt.action, text, untrue=prompt.words == decisions.UNTRUE)
        return
    if turn.files:
        evidence.keep(turn, found, turn.files)
    if prompt.action is Action.REQUEST_EXTENSION:
        turn.attempt(lambda: _more_on_extension(turn, prompt, found, text))
    else:
        turn.attempt(lambda: _progress_told(turn, found, text))


def _more_on_extension(turn: Turn, prompt: Prompt, found: Line, text: str) -> None:
    references, rest = split(text)
    if references and rest and names_it(found, references[0]):  # A-1 7月5号: the code says no more than which
        text = rest
        turn.incoming = replace(turn.incoming, text=rest)
    if more_time.gives_up(text):
        turn.reply_text("好的，没有申请，期限不变。", outcome="given_up")
        return
    if prompt.due and prompt.words and text in CONFIRMS:
        mine = access.for_unit(turn.session, turn.desk, turn.visitor, found.assignment.id)
        more_time.submit_extension(turn, mine, prompt.due, prompt.words)
        return
    wrong = more_time.put_right(text)
    if wrong is not None and wrong.is_reason:
        more_time.extend(turn, found, prompt.due, wrong.right)
        return
    text = wrong.right if wrong is not None else text
    said = understood(turn, text, found)
    day, reason = more_time.told_anew(text, said, turn.today(found))
    day = day or (None if prompt.due else more_time.day_meant(text, said))
    if day is None:
        is_a_reason = said.due or said.intent in (Intent.NOT_DONE, Intent.PROGRESS)
        told = said.reason or prompt.words or (text if is_a_reason else "")
        more_time.extend(turn, found, prompt.due, text if prompt.due else told, again=prompt.due is None)
    else:
        more_time.extend(turn, found, day, reason or said.reason or prompt.words)


def _progress_told(turn: Turn, found: Line, text: str) -> None:
    said = understood(turn, text, found)
    if ahead.asked(turn, found, said, text):
        return
    if said.intent is Intent.DONE:
        answers.report(turn, found, text, said)
    else:
        answers.progress(turn, found, text, said)
