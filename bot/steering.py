"""What coordinators and leaders do: verify, return, decide on more time, record for a unit, correct, sign, look up.

``COMMANDS`` is the one table from which the room's help and the docs are made.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from bot import access, answers
from bot.targets import Target, choose, of_coordinator
from bot.turn import Turn
from bot.understand import Intent, understand
from db import acting, ledger, outbox, register, workflow
from db.acting import Act, NotAllowed
from db.intake.deadlines import Frame, Setting, find_deadlines
from db.ledger import Line
from db.models import Paper, Question
from db.words import OPEN_STATES, Action, Lamp, NoticeKind, Reason, Role, State
from jobs.render import OUTCOMES
from jobs.sign import issue

Words = Sequence[str]


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a coordinator can say: Chinese words, a Latin name for menus, what it does, how it is written."""

    words: tuple[str, ...]
    latin: str
    help: str
    run: Callable[[Turn, str], None]


# ---------------------------------------------------------------- acts on one assignment


def decide(turn: Turn, line: Line, action: Action, words: str = "", due: date | None = None) -> bool:
    """Carry out a coordinator's act; tell whether it was done. A missing reason is asked for."""
    granted = access.for_coordinator(turn.session, turn.desk, turn.visitor, line.assignment.id or 0)
    if workflow.TABLE[action].reason and not words:
        turn.expect(action, granted)
        turn.reply("ask_return" if action is Action.RETURN else "ask_refuse", code=granted.code, unit=granted.unit.name)
        return False
    try:
        acting.perform(
            turn.session, granted.assignment, Act(action, words=words, due=due), turn.visitor.actor, turn.now
        )
    except NotAllowed as refusal:
        if workflow.after(granted.assignment.state, action) is None:
            answers.tell_stale(turn, granted)
        else:
            turn.reply("refused", why=str(refusal))
        return False
    new_due = granted.assignment.due if action in (Action.GRANT, Action.CORRECT) else None
    turn.reply(
        "decided", code=granted.code, unit=granted.unit.name, outcome=OUTCOMES[action], who=turn.visitor.person.name,
        at=turn.at(), due=new_due,
    )  # fmt: skip
    return True


def _act(action: Action) -> Callable[[Turn, str], None]:
    def run(turn: Turn, rest: str) -> None:
        references, words = _split(turn, rest)
        target = of_coordinator(turn, references, lambda line: _applies(line, action))
        line = _one(turn, target)
        if line is not None:
            words = words.replace(line.unit.name, "").strip(" ，,：:")
            due = _day_in(words, turn, line) if action in (Action.GRANT, Action.CORRECT) else None
            if action is Action.CORRECT and due is None:
                turn.reply(
                    "refused", why="请写明更正后的期限，例如：更正 7 期限6月30日。其他内容请用 duban edit 更正。"
                )
                return
            decide(turn, line, action, words, due)

    return run


def _applies(line: Line, action: Action) -> bool:
    if action in (Action.GRANT, Action.REFUSE) and not line.assignment.decision_pending:
        return False
    return workflow.after(line.assignment.state, action) is not None


def _one(turn: Turn, target: Target) -> Line | None:
    if target.only is not None:
        return target.only
    if target.lines:
        choose(turn, target.lines, turn.text, units=True)
    else:
        turn.reply("refused", why="没有可这样办理的任务；请用“详情 编号”查看现状。")
    return None


_REFERENCE = re.compile(r"^\s*[〔\[]?([A-Za-z]{1,2}\d*-\d+(?:\.\d+)?|\d+(?:\.\d+)?)[〕\]]?(?:项|号)?(?![\d%月日年.])")


def _split(turn: Turn, rest: str) -> tuple[tuple[str, ...], str]:
    """Take the code or number at the beginning; the rest are words."""
    found = _REFERENCE.match(rest)
    return ((found[1],), rest[found.end() :].strip()) if found else ((), rest.strip())


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


def _record_for_unit(turn: Turn, rest: str) -> None:
    """代录: write down what a unit said by telephone."""
    references, words = _split(turn, rest)
    line = _one(turn, of_coordinator(turn, references, lambda line: line.assignment.state in OPEN_STATES))
    if line is None:
        return
    said = understand(words.replace(line.unit.name, "").strip(), on=turn.today(line), due=line.assignment.due)
    action = _ON_BEHALF.get(said.intent)
    if action is None or not said.confident:
        turn.reply("refused", why="请写明单位说了什么，例如：代录 7 省经信厅 收到／进展 已完成八成／办结。")
        return
    access.for_coordinator(turn.session, turn.desk, turn.visitor, line.assignment.id or 0)
    office = access.is_office_task(turn.session, turn.desk, line)
    act = Act(action, words=words, percent=said.percent, on_behalf=True, office_task=office)
    try:
        acting.perform(turn.session, line.assignment, act, turn.visitor.actor, turn.now)
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
    question.answered_by_id, question.answered_at = turn.visitor.person.id, turn.now
    body = {"answer": True, "who": turn.visitor.person.name, "words": words, "question": question.words}
    outbox.enqueue(
        turn.session, now=turn.now, kind=NoticeKind.RELAY, reason=Reason.ASKED, chat_id=question.chat_id, body=body,
        reply_to=question.message_id,
    )  # fmt: skip
    units = register.units_of(turn.session, question.chat_id)
    turn.reply("answered", unit="、".join(unit.name for unit in units) or "提问人")


def question_replied_to(turn: Turn) -> Question | None:
    """Return the question whose relayed message a coordinator replies to."""
    if not turn.incoming.reply_to:
        return None
    notice = outbox.notice_of_message(turn.session, turn.visitor.chat.id or 0, turn.incoming.reply_to)
    if notice is None or notice.kind is not NoticeKind.RELAY or "question_id" not in notice.body:
        return None
    return turn.session.get(Question, notice.body["question_id"])


def _answer(turn: Turn, rest: str) -> None:
    number, _, words = rest.strip().partition(" ")
    question = turn.session.get(Question, int(number)) if number.isdigit() and len(number) < 10 else None
    if question is None or not words:
        turn.reply("refused", why="请写：答复 提问号 内容；或直接回复那条提问。")
        return
    answer_question(turn, question, words)


def sign(turn: Turn, paper_id: int) -> None:
    """Sign a drafted bulletin or summons; it goes out at once, and once."""
    paper = access.to_sign(turn.session, turn.desk, turn.visitor, paper_id)
    if paper.signed_at is not None:
        turn.reply("refused", why=f"这份{paper.kind.zh}已于{turn.at(paper.signed_at)}签发。")
        return
    turn.reply("signed", count=issue(turn.session, paper, turn.visitor.actor, turn.now))


def _sign_latest(turn: Turn, _rest: str) -> None:
    query = select(Paper).where(col(Paper.signed_at).is_(None)).order_by(col(Paper.id).desc())
    paper = turn.session.exec(query).first()
    if paper is None:
        turn.reply("refused", why="没有待签发的文稿。")
        return
    sign(turn, paper.id or 0)


# ---------------------------------------------------------------- looking things up

_FILTERS: dict[str, Callable[[Line, date], bool]] = {
    "逾期": lambda line, today: line.lamp(today) is Lamp.RED,
    "临期": lambda line, today: line.lamp(today) is Lamp.YELLOW,
    "待核": lambda line, today: line.lamp(today) is Lamp.BLUE,
    "延期": lambda line, today: line.assignment.decision_pending,
    "未签收": lambda line, today: line.assignment.state is State.PENDING,
    "销号": lambda line, today: line.assignment.state is State.CLOSED,
    "待定": lambda line, today: ledger.needs_a_day(line) or line.assignment.on_hold,
}


def _list(turn: Turn, rest: str) -> None:
    pages = re.search(r"第?(\d+)页", rest)
    words = rest.replace(pages[0], "") if pages else rest
    wanted = [keep for word, keep in _FILTERS.items() if word in words]
    named = [unit for unit in register.all_units(turn.session) if unit.name in words]
    found = [
        line
        for line in ledger.lines(turn.session)
        if all(keep(line, turn.today(line)) for keep in wanted)
        and (not named or line.unit.name in {unit.name for unit in named})
        and (wanted or line.assignment.state not in (State.CLOSED, State.CANCELLED, State.WAIVED))
    ]
    answers.show_list(turn, found, words.strip() or "任务清单", units=True, page=int(pages[1]) if pages else 1)


def _show(turn: Turn, rest: str) -> None:
    references, _words = _split(turn, rest)
    target = of_coordinator(turn, references, lambda line: True)
    if target.lines and (references or target.only):
        answers.show(turn, target.lines[0])
    else:
        turn.reply("refused", why="请写编号，例如：详情 7。")


def _silent(turn: Turn, _rest: str) -> None:
    silent = [line for line in ledger.lines(turn.session, states=[State.PENDING]) if line.assignment.asked_at]
    counts: dict[str, int] = {}
    for line in silent:
        counts[line.unit.name] = counts.get(line.unit.name, 0) + 1
    rows = [f"{name}：{count}项" for name, count in sorted(counts.items(), key=lambda pair: -pair[1])]
    turn.reply("who_silent", heading="尚未签收的单位", rows=rows)


def _status(turn: Turn, _rest: str) -> None:
    for campaign in ledger.running(turn.session):
        found = [line for line in ledger.lines(turn.session, campaign.id) if line.assignment.role is not Role.ASSIST]
        today = ledger.local_day(turn.now, campaign.timezone)
        counts = {str(lamp): sum(line.lamp(today) is lamp for line in found) for lamp in Lamp}
        turn.reply("status", campaign=campaign.title, today=today, total=len(found), counts=counts)


def _units(turn: Turn, _rest: str) -> None:
    rows = [
        f"{unit.name}：{'、'.join(chat.title for chat in register.chats_of(turn.session, unit.id or 0)) or '未绑定'}"
        for unit in register.all_units(turn.session)
    ]
    turn.reply("who_silent", heading="单位和会话", rows=rows)


def _failures(turn: Turn, _rest: str) -> None:
    rows = [f"{notice.kind.zh}（{notice.state.zh}）：{notice.why or ''}" for notice in outbox.troubled(turn.session)]
    turn.reply("who_silent", heading="未能送达", rows=rows)


def help_coordinator(turn: Turn, _rest: str = "") -> None:
    """List the room's commands."""
    turn.reply("help_coordinator", rows=[f"{command.help}" for command in COMMANDS])


COMMANDS: tuple[Command, ...] = (
    Command(("核查销号", "核查", "销号", "核查通过"), "verify", "核查 7——核查属实，销号", _act(Action.VERIFY)),
    Command(("退回",), "return", "退回 7 理由——退回重办", _act(Action.RETURN)),
    Command(("不同意延期", "不同意", "不批准"), "refuse", "不同意 7 理由——不同意延期", _act(Action.REFUSE)),
    Command(("同意延期", "同意", "批准"), "grant", "同意 7——同意延期（可另写日期）", _act(Action.GRANT)),
    Command(("代录",), "record", "代录 7 省经信厅 已办结——记下电话里的答复", _record_for_unit),
    Command(("更正",), "correct", "更正 7 期限6月30日——更正期限", _act(Action.CORRECT)),
    Command(("暂缓",), "suspend", "暂缓 7——暂停督办", _act(Action.SUSPEND)),
    Command(("恢复",), "resume", "恢复 7——恢复督办", _act(Action.RESUME)),
    Command(("撤销",), "cancel", "撤销 7——撤销任务", _act(Action.CANCEL)),
    Command(("免办",), "waive", "免办 7 省科技厅——免去一个单位", _act(Action.WAIVE)),
    Command(("重开",), "reopen", "重开 7 理由——已销号的重新办理", _act(Action.REOPEN)),
    Command(("答复",), "answer", "答复 提问号 内容——答复单位的提问（也可直接回复）", _answer),
    Command(("签发",), "sign", "签发——签发最近一份待签发的通报或约谈（限签发人）", _sign_latest),
    Command(("清单", "列表", "任务清单"), "list", "清单 逾期／临期／待核／延期／未签收／待定 单位 第2页", _list),
    Command(("详情", "查看"), "show", "详情 7——看一项的全部情况", _show),
    Command(("未签收", "谁没签收"), "who", "未签收——看哪些单位没有回应", _silent),
    Command(("状态", "总览"), "status", "状态——各色灯的数目", _status),
    Command(("单位",), "units", "单位——单位和它们的会话", _units),
    Command(("失败", "未送达"), "failures", "未送达——发不出去的通知", _failures),
    Command(("帮助", "?", "？"), "help", "帮助——本说明", help_coordinator),
)


def find_command(text: str) -> tuple[Command, str] | None:
    """Find the command that a text begins with, by its Chinese word or /latin, and return it with the rest."""
    words = text.strip()
    for command in COMMANDS:
        names = (*command.words, f"/{command.latin}")
        for name in sorted(names, key=len, reverse=True):
            rest = words[len(name) :]
            if words.startswith(name) and (not rest or not rest[0].isascii() or not rest[0].isalpha()):
                return command, rest.strip(" ：:")
    return None


_INTENTS = {
    Intent.VERIFY: Action.VERIFY,
    Intent.RETURN: Action.RETURN,
    Intent.GRANT: Action.GRANT,
    Intent.REFUSE: Action.REFUSE,
}


def in_own_words(turn: Turn) -> bool:
    """Act on a coordinator's free text where it is plain; tell whether it was understood."""
    said = understand(turn.text, on=turn.today(), coordinator=True)
    action = _INTENTS.get(said.intent)
    if action is None:
        return False
    references = (said.task,) if said.task else ()
    target = of_coordinator(turn, references, lambda line: _applies(line, action))
    line = _one(turn, target)
    if line is not None:
        decide(turn, line, action, said.reason or "", said.due)
    return True
