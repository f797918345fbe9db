"""What coordinators and leaders do with assignments: verify, return, decide on more time, record, correct, look up."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from bot import access, answers, evidence
from bot.targets import Target, choose, of_coordinator, split
from bot.turn import Turn
from bot.understand import Intent, understand
from db import acting, ledger, locking, outbox, register, workflow
from db.acting import Act, NotAllowed, TooLate
from db.intake.deadlines import Frame, Setting, find_deadlines
from db.ledger import Line, Which
from db.models import Question
from db.plain import whole_number
from db.words import (
    ENDED_STATES,
    LIVING,
    OPEN_STATES,
    UNENDED,
    Action,
    CampaignStatus,
    Lamp,
    NoticeKind,
    Reason,
    State,
)
from jobs.ports import Button
from jobs.render import MAX_ITEM_BUTTONS, OUTCOMES, shorten

# ---------------------------------------------------------------- acts on one assignment


def decide(turn: Turn, line: Line, action: Action, words: str = "", due: date | None = None) -> bool:
    """Carry out a coordinator's act; tell whether it was done. A missing reason is asked for."""
    number = line.assignment.id or 0
    granted = access.for_coordinator(turn.session, turn.desk, turn.visitor, number, _campaigns_for(action))
    if workflow.TABLE[action].reason and not words:
        turn.expect(action, granted)
        turn.reply(
            "ask_return" if action is Action.RETURN else "ask_refuse", code=granted.code, unit=granted.unit.name,
            line=granted, asks_text=True, changes=turn.abilities.edits,
        )  # fmt: skip
        if turn.incoming.press is not None and turn.source is not None and not turn.abilities.edits:
            body = outbox.body_to_change(turn.session, turn.source[0])
            turn.source[0].body = {**body, "deciding": True}
        if turn.files:
            evidence.not_kept(turn, turn.files, "请与理由一起重新发送")
        return False
    try:
        acting.perform(
            turn.session, granted.assignment, Act(action, words=words, due=due, files=tuple(turn.files)),
            turn.visitor.actor, turn.now,
        )  # fmt: skip
    except TooLate:
        answers.tell_stale(turn, granted)
        _files_stay(turn)
        return False
    except NotAllowed as refusal:
        turn.reply("refused", why=str(refusal))
        _files_stay(turn)
        return False
    turn.acted(OUTCOMES[action], granted.code)
    turn.show_in_requests(granted, OUTCOMES[action])
    new_due = granted.assignment.due if action is Action.GRANT else None
    turn.reply(
        "decided", code=granted.code, unit=granted.unit.name, outcome=OUTCOMES[action], who=turn.visitor.person.name,
        at=turn.at(), due=new_due, line=granted,
    )  # fmt: skip
    return True


def _files_stay(turn: Turn) -> None:
    """Say that what came with a decision that was not taken went to nobody."""
    if turn.files:
        evidence.not_kept(turn, turn.files, "没有这样办理，文件未转给单位")


def act(action: Action) -> Callable[[Turn, str], None]:
    """Return the command that carries out ``action`` on the assignment that is named."""

    def run(turn: Turn, rest: str) -> None:
        references, words = split(rest)
        target = of_coordinator(turn, references, _to_which(action))
        if _everybody_is_meant(turn, target, action, words):
            _decide_for_all(turn, target.lines, action, words)
            return
        line = _one(turn, target, references, for_all=action in _FOR_ALL)
        if line is not None:
            words = words.replace(line.unit.name, "").strip(" ，,：:")
            due = _day_in(words, turn, line) if action is Action.GRANT else None
            decide(turn, line, action, words, due)

    return run


_FOR_ALL = frozenset({Action.GRANT, Action.SUSPEND, Action.RESUME, Action.CANCEL, Action.WAIVE})
"""What may be decided for all units of a milestone at once; what is verified or returned is judged unit by unit."""

_EVERYBODY = re.compile(r"^(?:全部|所有|各)(?:单位)?[，,：:\s]*|[，,：:\s]*(?:全部|所有|各)(?:单位)?$")


def _everybody_is_meant(turn: Turn, target: Target, action: Action, words: str) -> bool:
    """Tell whether somebody means every unit of one milestone, by the button or in words."""
    one_milestone = len({line.milestone.id for line in target.lines}) == 1
    said = turn.everybody or bool(_EVERYBODY.search(words))
    return action in _FOR_ALL and one_milestone and len(target.lines) > 1 and said


def _decide_for_all(turn: Turn, lines: Sequence[Line], action: Action, words: str) -> None:
    """Carry out an act on every unit's assignment of a milestone; one answer says for whom it was done."""
    locking.hold(turn.session, [line.assignment for line in lines])
    words, done = _EVERYBODY.sub("", words), []
    for line in lines:
        granted = access.for_coordinator(
            turn.session, turn.desk, turn.visitor, line.assignment.id or 0, _campaigns_for(action)
        )
        act = Act(action, words=words, due=_day_in(words, turn, line) if action is Action.GRANT else None)
        try:
            acting.perform(turn.session, granted.assignment, act, turn.visitor.actor, turn.now)
        except NotAllowed:  # somebody was first with this one
            continue
        turn.show_in_requests(granted, OUTCOMES[action])
        done.append(granted)
    if not done:
        answers.tell_stale(turn, lines[0])
        return
    turn.acted(OUTCOMES[action], done[0].code)
    turn.reply(
        "decided", code=done[0].code, unit="、".join(line.unit.name for line in done), outcome=OUTCOMES[action],
        who=turn.visitor.person.name, at=turn.at(), due=None,
    )  # fmt: skip


def _campaigns_for(action: Action) -> frozenset[CampaignStatus]:
    """A draft can be put right; everything else is done in campaigns that live."""
    return UNENDED if action in (Action.CANCEL, Action.WAIVE) else LIVING


def _to_which(action: Action) -> Which:
    """Return the assignments to which an act applies."""
    states = [state for state in State if workflow.after(state, action) is not None]
    decides = action in (Action.GRANT, Action.REFUSE)
    return Which(_campaigns_for(action), states=states, waits_for_more_time=decides)


def _one(
    turn: Turn, target: Target, references: tuple[str, ...] = (), *, for_all: bool = False
) -> Line | None:  # fmt: skip
    """Return the assignment that is meant; of one that is named and no longer can be acted on, say who was first.

    ``for_all`` offers to act for all units of a milestone where several stand on it.
    """
    if target.only is not None:
        return target.only
    living = of_coordinator(turn, references, Which(LIVING)) if target.named and not target.lines else target
    if target.lines:
        one_milestone = len({line.milestone.id for line in target.lines}) == 1
        choose(turn, target.lines, turn.text, units=True, everybody=for_all and one_milestone)
    elif living.only is not None:
        answers.tell_stale(turn, living.only)
    elif living.over and not living.lines:
        turn.reply("refused", why="".join(living.over))
    else:
        turn.reply("refused", why=f"没有可这样办理的任务；请用“{turn.spoken('详情', 'show')} 编号”查看现状。")
    return None


def _day_in(words: str, turn: Turn, line: Line) -> date | None:
    frame = Frame(Setting.CHAT, on=turn.today(line), due=line.assignment.due)
    days = [found.due for found in find_deadlines(words, frame) if found.due]
    return days[0] if days else None


# ---------------------------------------------------------------- recording for a unit


_ON_BEHALF = {
    Intent.ACKNOWLEDGE: Action.ACKNOWLEDGE,
    Intent.DONE: Action.REPORT,
    Intent.PROGRESS: Action.PROGRESS,
    Intent.NOT_DONE: Action.PROGRESS,
}


def record_for_unit(turn: Turn, rest: str) -> None:
    """代录: write down what a unit said by telephone."""
    references, words = split(rest)
    line = _one(turn, of_coordinator(turn, references, Which(LIVING, states=OPEN_STATES)), references)
    if line is None:
        return
    said = understand(words.replace(line.unit.name, "").strip(), on=turn.today(line), due=line.assignment.due)
    action = _ON_BEHALF.get(said.intent)
    if action is None or not said.confident:
        turn.reply(
            "refused",
            why=f"请写明单位说了什么，例如：{turn.spoken('代录', 'record')} 7 省经信厅 收到／进展 已完成八成／办结。",
        )
        return
    access.for_coordinator(turn.session, turn.desk, turn.visitor, line.assignment.id or 0, LIVING)
    office = access.is_office_task(turn.session, turn.desk, line)
    act = Act(action, words=words, percent=said.percent, on_behalf=True, office_task=office)
    try:
        acting.perform(turn.session, line.assignment, act, turn.visitor.actor, turn.now)
    except TooLate:
        answers.tell_stale(turn, line)
        return
    except NotAllowed as refusal:
        turn.reply("refused", why=str(refusal))
        return
    turn.reply(
        "decided", code=line.code, unit=line.unit.name, outcome=f"{action.zh}（代录）", who=turn.visitor.person.name,
        at=turn.at(), due=None,
    )  # fmt: skip


# ---------------------------------------------------------------- questions, papers


def answer_question(turn: Turn, question: Question, words: str) -> None:
    """Send a coordinator's answer back to the chat that asked, as a reply to the question."""
    turn.acted("答复")
    question.answered_by_id, question.answered_at = turn.visitor.person.id, turn.now
    body = {"answer": True, "who": turn.visitor.person.name, "words": words, "question": question.words,
            "files": turn.files}  # fmt: skip
    outbox.enqueue(
        turn.session, now=turn.now, kind=NoticeKind.RELAY, reason=Reason.ASKED, chat_id=question.chat_id, body=body,
        reply_to=question.message_id,
    )  # fmt: skip
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


# ---------------------------------------------------------------- looking things up

_FILTERS: dict[str, dict[str, Any]] = {
    "逾期": {"lamps": [Lamp.RED]},
    "临期": {"lamps": [Lamp.YELLOW]},
    "待核": {"lamps": [Lamp.BLUE]},
    "延期": {"waits_for_more_time": True},
    "未签收": {"states": [State.PENDING]},
    "销号": {"states": [State.CLOSED]},
    "办理中": {"states": [State.IN_PROGRESS]},
    "待定": {"undecided": True},
}
"""What narrows a list; two words for the same thing list both."""

_STILL = tuple(state for state in State if state not in ENDED_STATES)
_BETWEEN = re.compile(r"[\s、，,/／和的]+|单位|任务|项目")


def show_list(turn: Turn, rest: str) -> None:
    """清单: the open assignments, narrowed by a lamp's or state's word, by units and campaigns, page by page."""
    pages = re.search(r"第?(\d+)页", rest)
    words = (rest.replace(pages[0], "") if pages else rest).strip()
    which, unknown = _narrowed(turn, words)
    if unknown:
        turn.reply(
            "refused",
            why=f"没有叫“{shorten(unknown, 20)}”的单位。可写：{turn.spoken('清单', 'list')} {'／'.join(_FILTERS)}，或单位全称。",
        )
        return
    page = int(pages[1]) if pages else 1
    answers.show_list(turn, which, words or "任务清单", units=True, page=page, query=words)


def _narrowed(turn: Turn, words: str) -> tuple[Which, str]:
    """Return which assignments the words of a list ask for, and the first word that says nothing to us."""
    narrowing: dict[str, Any] = {}
    for word, narrower in _FILTERS.items():
        if word in words:
            words = words.replace(word, " ")
            for name, value in narrower.items():
                narrowing[name] = [*narrowing.get(name, ()), *value] if isinstance(value, list) else value
    units = set()
    for name, unit in register.named_in(turn.session, words):
        if name in words:
            words = words.replace(name, " ")
            units.add(unit.id or 0)
    letters = {one.letter: one.id for one in ledger.running(turn.session)}
    for word in _BETWEEN.split(words):
        if word.upper() in letters:
            narrowing["campaign"] = letters[word.upper()]
        elif word and (called := register.find_unit(turn.session, word)) is not None:
            units.add(called.id or 0)
        elif word:
            return Which(LIVING), word
    narrowing = narrowing or {"states": _STILL}
    if set(narrowing) == {"campaign"}:
        narrowing["states"] = _STILL
    return Which(LIVING, units=units or None, days=ledger.days(turn.session, turn.now), **narrowing), ""


def turn_page(turn: Turn, page: int, _version: int = 0) -> None:
    """Show another page of the list under which the button stands."""
    if turn.source is not None and turn.source[0].body.get("query") == answers.OWN:
        answers.list_own(turn, page)
        return
    access.require_room(turn.visitor)
    if turn.source is None or "query" not in turn.source[0].body:
        turn.reply("refused", why=f"请重新发送“{turn.spoken('清单', 'list')}”。")
        return
    show_list(turn, f"{turn.source[0].body['query']} 第{page}页")


def show(turn: Turn, rest: str) -> None:
    """详情: one assignment whole; of several tasks that are called so, which?"""
    references, _words = split(rest)
    target = of_coordinator(turn, references, Which(UNENDED))
    several = {line.milestone.task_id: line for line in target.lines}
    if not target.lines or not target.named:
        turn.reply(
            "refused",
            why=target.lost if target.lost else f"请写编号，例如：{turn.spoken('详情', 'show')} 7。",
        )
    elif len(several) > 1:
        buttons = [
            Button(f"〔{line.code}〕{shorten(line.title, 12)}", f"o:{line.assignment.id}") for line in several.values()
        ]
        turn.reply("ask_which", what="", buttons=buttons[:MAX_ITEM_BUTTONS], more=len(buttons) > MAX_ITEM_BUTTONS)
    else:
        answers.show(turn, target.lines[0])


def silent(turn: Turn, _rest: str) -> None:
    """未签收: which units have not answered what asked for a receipt."""
    found = ledger.by_unit(turn.session, Which(LIVING, states=[State.PENDING], asked=True))
    turn.reply("who_silent", heading="尚未签收的单位", rows=[f"{name}：{count}项" for name, count in found])


def status(turn: Turn, _rest: str) -> None:
    """状态: the lamps of every running campaign."""
    running = ledger.running(turn.session)
    for campaign in running:
        today = ledger.local_day(turn.now, campaign.timezone)
        found = ledger.figures(turn.session, campaign.id or 0, today)
        turn.reply("status", campaign=campaign.title, today=today, total=found.total, counts=found.lamps)
    if not running:
        turn.reply("refused", why="没有进行中的专项行动；已读入的请先启动。")


def failures(turn: Turn, _rest: str) -> None:
    """未送达: what could not go out, or may not have arrived."""
    rows = []
    for notice in outbox.troubled(turn.session):
        whom = outbox.whom(turn.session, notice) or "协调室"
        rows.append(f"{whom} {notice.kind.zh}（{notice.state.zh}）{turn.at(notice.created_at)}：{notice.why or ''}")
    turn.reply("who_silent", heading="未能送达", rows=rows)


_INTENTS = {
    Intent.VERIFY: Action.VERIFY,
    Intent.RETURN: Action.RETURN,
    Intent.GRANT: Action.GRANT,
    Intent.REFUSE: Action.REFUSE,
}


def in_own_words(turn: Turn, text: str) -> bool:
    """Act on a coordinator's free text where it is plain; tell whether it was understood."""
    said = understand(text, on=turn.today(), coordinator=True)
    action = _INTENTS.get(said.intent)
    if action is None:
        return False
    references = (said.task,) if said.task else ()
    line = _one(turn, of_coordinator(turn, references, _to_which(action)), references)
    if line is not None:
        decide(turn, line, action, said.reason or "", said.due)
    return True
