"""More time 延期: what a unit asks for is gathered, echoed and submitted."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from bot.dialogue import access, courtesy, prompts
from bot.dialogue.contact import answers, several
from bot.dialogue.contact.why import puts_off, says_why
from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import CODE, Target, choose, names_it, understood
from bot.dialogue.turn import Turn
from bot.dialogue.typed_days import day_and_reason
from bot.dialogue.understand import Intent, Understanding
from bot.dialogue.understanding import tasks
from bot.dialogue.understanding.clauses import words_of
from bot.dialogue.understanding.details import leftover, stated_reason
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import Sense, lexicon
from bot.dialogue.understanding.plainness import plainly
from db import ledger
from db.bodies import ReplyBody
from db.ledger import Line, undoing
from db.ledger.acts import Act, pending_extension
from db.words import EVERY, OPEN_STATES, Action
from jobs.notices.press import Verb, button
from jobs.reading.deadlines import Frame, Setting, find_deadlines


def extend(turn: Turn, line: Line, due: date | None, reason: str, *, again: bool = False) -> None:
    """Gather the new day and the reason of a request, echo both, and submit when the person confirms; ``again`` where a day was
    asked for before.
    """
    mine = access.for_unit(turn.session, turn.desk, turn.visitor, line.assignment.id)
    if mine.assignment.state not in OPEN_STATES:
        answers.tell_stale(turn, mine)
        return
    unread = _no_day(turn, mine, due)
    due = None if unread else due
    earlier = due is not None and mine.assignment.due is not None and due <= mine.assignment.due
    _tell_left(turn, mine)
    prompts.expect(turn, Action.REQUEST_EXTENSION, mine, None if earlier else due, reason)
    if earlier and mine.assignment.due is not None:
        turn.reply("ask_day", code=mine.code, why="", not_later=mine.assignment.due, line=mine, asks_text=True)
    elif due is None:
        why = unread or ("刚才这句话里没有读到日期。" if again else "")
        turn.reply("ask_day", code=mine.code, why=why, not_later=None, line=mine, asks_text=True)
    elif not reason:
        asked = turn.reply("ask_reason", code=mine.code, due=due, line=mine, asks_text=True)
        if asked is not None:  # who answers it much later, or after another request, answers it all the same
            asked.carry(replace(asked.body_as(ReplyBody), longer_until=due))
    else:
        seen = mine.assignment.id, mine.assignment.version
        shown = turn.reply(
            "extension_confirm", code=mine.code, old=mine.assignment.due, undated=ledger.undated(mine), due=due, words=reason,
            buttons=[button(Verb.SUBMIT, *seen), button(Verb.LET_BE, *seen)], line=mine,
        )  # fmt: skip
        if shown is not None:  # it may be submitted after another request has been begun
            shown.carry(replace(shown.body_as(ReplyBody), longer_until=due, longer_for=reason))


def _tell_left(turn: Turn, mine: Line) -> None:
    """Say which other request, shown and not submitted, is left for this one; one under which there is a button is not."""
    prompt = prompts.waiting(turn)
    if (
        turn.abilities.buttons
        or prompt is None
        or prompt.action is not Action.REQUEST_EXTENSION
        or prompt.assignment_id in (None, mine.assignment.id)
    ):
        return
    left = ledger.line(turn.session, prompt.assignment_id, EVERY)
    if prompt.due and prompt.words and left is not None:
        turn.reply("request_left", code=left.code, due=prompt.due, words=prompt.words, line=left)


def begun(turn: Turn, line: Line) -> tuple[date, str] | None:
    """Return the day and the reason of a request that waits to be submitted: the last that was shown, else that of the message of
    today which is pressed; stop waiting for that one alone.
    """
    prompt = prompts.waiting(turn)
    if prompt is not None and prompt.assignment_id == line.assignment.id:
        prompts.take(turn)
        return (prompt.due, prompt.words) if prompt.due and prompt.words else None
    notice = turn.source.notice if turn.source is not None else None
    body = notice.legible if notice is not None else None
    if notice is None or not isinstance(body, ReplyBody) or body.longer_until is None or not body.longer_for:
        return None
    turn.let_go_of_question()
    today = ledger.local_day(notice.created_at, line.campaign.timezone) == turn.today(line)
    return (body.longer_until, body.longer_for) if today else None


def of_promised(turn: Turn, inbound_id: int, assignment: int) -> None:
    """Take what somebody told of a task for a request: the day that they promised, with what else they said of it as its reason."""
    line = access.for_unit(turn.session, turn.desk, turn.visitor, assignment)
    text = access.own_message(turn.session, turn.visitor, inbound_id).words["text"]
    shares = several.shares(text, understood(turn, text, line).tasks, in_a_list=False)
    words = next((one.words for one in shares if any(names_it(line, task) for task in one.tasks)), text)
    extend(turn, line, understood(turn, words, line).due, why_longer(words))


def why_longer(text: str) -> str:
    """Return why a text says that a task takes longer: all but the day, and which task it is."""
    clean = heard(text)
    clean = tasks.marked(clean, tasks.find(clean, lexicon())).replace(tasks.MARK, "#")
    return stated_reason(clean) or leftover(clean) or ""


def of_dated(said: Understanding, target: Target) -> Target:
    """Return of what more time can be meant where no task is named: of what is open and has a day, if anything is."""
    dated = tuple(
        line for line in target.lines if line.assignment.due is not None and line.assignment.state in OPEN_STATES
    )
    return replace(target, lines=dated) if said.intent is Intent.EXTEND and not said.tasks and dated else target


def _no_day(turn: Turn, line: Line, due: date | None) -> str:
    """Say why the day that the person named is none that can be asked for; "" where none was named, or it can."""
    today = turn.today(line)
    found = find_deadlines(turn.incoming.text, Frame(Setting.CHAT, on=today))
    if due is None:
        why = next((one.uncertain for one in found if one.due is None and one.uncertain), "")
        return f"所写的日期没有读懂（{why}）。" if why else ""
    far = due.year > today.year and due - today > _FAR
    passed = next((one.text for one in found if far and one.due == due and _MONTH_AND_DAY.match(one.text)), "")
    return f"{passed}这一天已过，是明年的请写上年份。" if passed else ""


_FAR = timedelta(days=183)
"""A day without its year that is further away has most likely just passed, and nobody means next year's."""
_MONTH_AND_DAY = re.compile(r"\d{1,2}\s*[月./-]")

# ---------------------------------------------------------------- what is said once something was asked


def told_anew(text: str, said: Understanding, on: date) -> tuple[date | None, str]:
    """Return the day that a text asks for, and its reason; a day that stands in a reason alone is none: 7月3日才到货."""
    day, reason = day_and_reason(text.rstrip("吧呀啊嘛哈。！! "), on)
    if day is not None:
        return day, reason
    if said.due is not None and (said.intent is Intent.EXTEND or leftover(heard(text)) is None):
        return said.due, said.reason or ""
    return None, ""


def day_meant(text: str, said: Understanding) -> date | None:
    """Return the day by which a text promises the duty itself, which stands for the day that was asked for; of a step, 7月3日才到货,
    it is none.
    """
    of_a_step = any(word.sense is Sense.STEP or word.text == "才" for word in words_of(heard(text), lexicon()))
    return None if of_a_step else said.due


def is_answer(text: str, said: Understanding, on: date, asked: date | None, reason: str, *, directly: bool) -> bool:
    """Tell whether a text answers what a request still needs, for which ``asked`` and ``reason`` are known: a day, a reason,
    or more of either. ``directly`` tells that no other message is answered with it.
    """
    if gives_up(text):
        return True
    if said.intent is Intent.DONE or not _tells(text):
        return False
    if asked is not None and reason and said.intent is Intent.EXTEND and _speaks_of_another_too(text):
        return False
    if told_anew(text, said, on)[0] is not None or said.intent is Intent.EXTEND:
        return True
    because = _REASON.match(text) is not None and not puts_off(text)
    if because or (asked is not None and reason):
        return because
    if said.due is not None or said.reason:
        return True
    chats = courtesy.word_for(text, chats=said.intent is Intent.NONE) is not None
    if chats or _tells_of_the_work(said):
        return False
    return says_why(text, said, on) if asked is not None else directly


def _speaks_of_another_too(text: str) -> bool:
    """Tell whether more time is asked for something else as well, where one request is said already: 那个也要往后推半个月."""
    words = tuple(words_of(heard(text), lexicon()))
    asks = (Sense.MOVE, Sense.BEG, Sense.DUTY_BOUND, Sense.PLAN)
    return any(one.text == "也" and then.sense in asks for one, then in pairwise(words))


def _tells_of_the_work(said: Understanding) -> bool:
    """Tell whether a text that names its task tells how the work goes, A-10 已完成八成, and nothing of a request."""
    return bool(said.tasks) and said.intent in (Intent.PROGRESS, Intent.ACKNOWLEDGE)


def _tells(text: str) -> bool:
    """Tell whether a text says more than yes, no or that it was seen."""
    words = tuple(words_of(heard(text), lexicon()))
    return any(word.sense not in _NODS for word in words)


_NODS = frozenset({Sense.PERMIT, Sense.DENY, Sense.FILLER, Sense.RECEIVE, Sense.POLITE, Sense.THANKS, Sense.CHAT})
_REASON = re.compile(r"^(?:原因|理由|因为?|由于)")
_GIVES_UP = re.compile(
    "^(?:那就?|还是)?(?:算了|不[延申]|不用了|不需要了|取消|放弃|(?:谁|没有?|[我们]+没)说.{0,3}延|没(?:有|要|想)?.{0,2}申?请?延)"
)
"""How somebody lets go of what they have begun to ask for."""


def gives_up(text: str) -> bool:
    """Tell whether somebody wants no more time after all: 算了, 谁说要延期了."""
    return _GIVES_UP.search(text) is not None


_SAY = Pieces(
    "more_time",
    light_end=r"(?:的?(?:申请|请求))?(?:[了吧啦呀啊]|一下|谢谢|麻烦|我们.*)*$",
    no_more="{not_needed}再?延(?:期{light_end}|[了吧])",
    let_be="延期{request}?[^,。不没未别的]{0,4}(?:{withdrawn}|{off})[了吧]*{light_end}",
    takes_back="{withdrawn}[^,。不没未别]{0,10}延期{light_end}",
    code=rf"[〔\[]?(?:{CODE})[〕\]]?的?",
    wrong="(?:[写说填打报发搞弄]错|错|有误|不对)了?",
    rather="(?:应该?|应当|其实|改)?(?:[是为成])?",
)
_LETS_GO = _SAY("{no_more}|{let_be}|{takes_back}")
_WRONG = _SAY(
    r"^{code}?(?:延期的?|申请的?)*(?P<what>理由|原因|日期|时间){wrong}[，,：:。\s]*{rather}[：:\s]*(?P<right>[^？?]+)$"
)
"""How somebody lets go of what they have asked for; of its picture, its length or its answer they say more."""


def lets_go(text: str) -> bool:
    """Tell whether a text plainly lets go of a request: 不延了, and not 能撤回吗, 别撤回, 没有撤回 or 如果……就撤回."""
    return bool(plainly(text, _LETS_GO.compiled))


def let_go(turn: Turn, target: Target, text: str) -> bool:
    """Take back a request that nobody has decided on, 不延了，能按期完成; tell whether it was that."""
    waiting = [line for line in target.lines if line.assignment.decision_pending]
    if turn.files or not waiting or not lets_go(text):
        return False
    if len(waiting) > 1:
        choose(turn, waiting, text)
        return True
    line = answers.held(turn, waiting[0])
    entry = undoing.take_back_request(turn.session, line.assignment, turn.visitor.actor, turn.now)
    turn.acted(f"撤回{entry.event}", line.code)
    turn.show_in_requests(line, f"撤回{entry.event}", None, Action.REQUEST_EXTENSION)
    turn.reply("request_let_go", code=line.code, due=line.assignment.due, undated=ledger.undated(line), line=line)
    rest = "，".join(clause for clause in re.split("[，,。；;！!]", text) if clause and not lets_go(clause))
    said = understood(turn, rest, line)
    if said.intent is Intent.DONE:  # 不延了，办完了
        turn.attempt(lambda: answers.report(turn, answers.held(turn, line), text, said))
    return True


@dataclass(frozen=True, slots=True)
class PutRight:
    """What of a request is wrong, its reason or its day, and what is ``right``."""

    is_reason: bool
    right: str


def put_right(text: str) -> PutRight | None:
    """Return what is right where the words say that the reason of a request, or its day, was wrong: 理由写错了，是图纸没批; else None."""
    found = _WRONG.match(text.strip())
    return PutRight(found["what"] in ("理由", "原因"), found["right"].rstrip("。！! ")) if found is not None else None


def corrected(turn: Turn, target: Target, text: str) -> bool:
    """Let another reason, or another day, stand in a request that nobody has decided on; tell whether the words say so."""
    wrong = put_right(text) if not turn.files else None
    waiting = [line for line in target.lines if line.assignment.decision_pending]
    if wrong is None or not waiting:
        return False
    if len(waiting) > 1:
        choose(turn, waiting, text)
        return True
    line = answers.held(turn, waiting[0])
    asked = pending_extension(turn.session, line.assignment)
    day = None if wrong.is_reason else day_and_reason(wrong.right, turn.today(line))[0]
    if asked is None or not (wrong.is_reason or day):
        return False
    entry = undoing.take_back_request(turn.session, line.assignment, turn.visitor.actor, turn.now)
    turn.show_in_requests(line, f"撤回{entry.event}", None, Action.REQUEST_EXTENSION)
    turn.corrects = True
    submit_extension(turn, line, day or asked.new_due, wrong.right if wrong.is_reason else asked.words)
    return True


def submit_extension(turn: Turn, line: Line, due: date, reason: str) -> None:
    """Submit a request that the person has confirmed."""
    office = access.is_office_task(turn.session, turn.desk, line)
    entry = answers.perform(turn, line, Act(Action.REQUEST_EXTENSION, words=reason, due=due, office_task=office))
    if entry is not None:
        turn.reply(
            "extension_asked",
            code=line.code,
            due=due,
            **answers.who(turn),
            buttons=answers.undo_button(turn, entry),
            line=line,
        )
