"""What contacts do: sign for, tell progress, report, ask for more time, take back, ask, look things up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.dialogue import access, binding
from bot.dialogue.contact import promised, rounds
from bot.dialogue.targets import TELLABLE, Target, choose, own
from bot.dialogue.turn import OWN_TASKS, Turn
from bot.dialogue.understand import Understanding
from db import history, ledger, outbox, register
from db.bodies import RelayBody
from db.ledger import Line, Which, acts, many, renewal
from db.ledger.acts import Act, TooLate
from db.models import Assignment, History, Question
from db.outbox import Item
from db.words import OPEN_STATES, Action, ChatRole, Level, NoticeKind, Reason, State
from jobs.notices.press import Verb, button, pairs
from jobs.notices.render import item_buttons, say
from jobs.notices.views import item_view
from jobs.ports import Button
from jobs.verification import levels
from jobs.verification.required import lacking

PAGE = 12
"""Lines of a list in one message."""

OWN = "我的任务"
"""What a contact's list was asked for with, so that the other pages are theirs, too."""

NOT_FOUND = "没有找到这项任务；请回复“我的任务”查看编号。"


def perform(turn: Turn, line: Line, act: Act) -> History | None:
    """Carry out a contact's act; what does not apply is answered with what happened meanwhile."""
    try:
        entry = acts.perform(turn.session, line.assignment, act, turn.visitor.actor, turn.now)
        turn.acted(act.action.zh, line.code)
        return entry
    except TooLate:
        tell_stale(turn, line)
        return None


def tell_stale(turn: Turn, line: Line, entry: History | None = None) -> None:
    """Say who did what meanwhile, and that this changed nothing."""
    what = happened(turn, line, entry)
    one = line.assignment
    buttons = item_buttons(item_view(line, turn.today(line))) if line.unit in turn.visitor.units else ()
    turn.reply(
        "stale", code=line.code, what=what, state=one.state.zh, due=one.due, buttons=buttons, line=line,
        item=bool(buttons),
    )  # fmt: skip


def happened(turn: Turn, line: Line, entry: History | None = None) -> str:
    """Say who did what, and when, that made an assignment what it is."""
    entry = entry or latest_entry(turn, line)
    return who_was_first(turn, entry) if entry else f"{line.assignment.state.zh}，不能这样办理"


def who_was_first(turn: Turn, entry: History) -> str:
    """Say who did what when, for whoever comes second."""
    return f"已由{entry.who}于{turn.at(entry.at)}{entry.event}"


def latest_entry(turn: Turn, line: Line) -> History | None:
    """Return the last thing that made an assignment what it is; talk about it, 提问 and the like, did not."""
    entries = history.of_assignment(turn.session, line.assignment.id)
    return next((entry for entry in entries if entry.action not in _TALK), None)


_TALK = frozenset({Action.NOTE, Action.ASK, Action.ANSWER, Action.NUDGE})


_HARMLESS = frozenset(
    {Action.ACKNOWLEDGE, Action.PROGRESS, Action.MEASURE, Action.NOTE, Action.ASK, Action.ANSWER, Action.NUDGE}
)
"""Acts that leave the other buttons of an older message in force."""


def changed_since(
    turn: Turn, assignment: Assignment, version: int, harmless: frozenset[Action] = frozenset()
) -> History | None:
    """Return the last act on an assignment, seen in this version, that makes what was shown of it wrong; none that is ``harmless``."""
    if assignment.version <= version:
        return None
    for entry in history.of_assignment(turn.session, assignment.id):
        seen = entry.after.get("version")
        if seen is not None and seen <= version:
            return None
        if seen is not None and entry.action not in _HARMLESS | harmless:  # what only was said has no version
            return entry
    return None


# ---------------------------------------------------------------- receipts


def acknowledge(turn: Turn, target: Target) -> None:
    """Sign for what is named, or for everything in this chat that waits for a receipt."""
    if tell_lost(turn, target):
        return
    waiting = [line for line in target.lines if awaits_receipt(line)]
    many.hold(turn.session, [line.assignment for line in waiting], turn.now)
    signed_meanwhile = [line for line in waiting if not awaits_receipt(line)]
    waiting = [line for line in waiting if awaits_receipt(line)]
    if signed_meanwhile and not waiting:
        tell_stale(turn, signed_meanwhile[0])
        return
    if not waiting:
        _already(turn, target)
        return
    done = [line for line in waiting if perform(turn, held(turn, line), Act(Action.ACKNOWLEDGE))]
    if done:
        turn.reply("acknowledged", codes=[line.code for line in done], who=turn.visitor.person.name, at=turn.at())


def tell_lost(turn: Turn, target: Target) -> bool:
    """Say of what was pointed at and cannot be had why; tell whether nothing else was meant."""
    if target.lost:
        turn.reply("refused", why=target.lost)
    return bool(target.lost) and not target.lines


def awaits_receipt(line: Line) -> bool:
    """Tell whether a receipt of an assignment is still to come."""
    one = line.assignment
    return one.state is State.PENDING or (one.state in OPEN_STATES and one.asked_at is not None)


def _already(turn: Turn, target: Target) -> None:
    """Take 收到 as a word of courtesy where no receipt is waited for; who is late by a moment, or by a button, hears who
    was first.
    """
    beaten = (
        target.lines[:1]
        if turn.incoming.press is not None
        else [one for one in target.lines if _just_signed(turn, one)]
    )
    if beaten:
        tell_stale(turn, beaten[0])
        return
    ended = next((line for line in target.lines if line.assignment.state not in TELLABLE), None)
    over = f"〔{ended.code}〕{happened(turn, ended)}" if ended is not None and target.named else ""
    nothing = not (over or target.named) and turn.source is None
    turn.reply("noted", over=over, nothing=nothing, line=target.lines[0] if target.named and target.lines else None)


AT_ONCE = timedelta(minutes=1)
"""Who writes 收到 so soon after somebody else signed meant to sign, and hears who was first."""


def _just_signed(turn: Turn, line: Line) -> bool:
    one = line.assignment
    if one.acknowledged_at is None or one.acknowledged_by == turn.visitor.person.name:
        return False
    return turn.now - one.acknowledged_at < AT_ONCE


def held(turn: Turn, line: Line) -> Line:
    return access.for_unit(turn.session, turn.desk, turn.visitor, line.assignment.id)


# ---------------------------------------------------------------- progress and reports


def progress(
    turn: Turn,
    line: Line,
    words: str,
    said: Understanding | None = None,
    *,
    nil: bool = False,
    more: Sequence[Button] = (),
) -> None:
    """Record a line of progress with its percentage; ``nil`` where it is that there was nothing, with what ``more`` may be pressed then."""
    if line.assignment.state is State.REPORTED and words:
        tell_besides(turn, held(turn, line), words)
        return
    percent, late = said.percent if said else None, promised.late_day(line, said)
    entry = perform(turn, held(turn, line), Act(Action.PROGRESS, words=words, percent=percent))
    if entry is not None:
        rounds.told(turn, [line])
        buttons = [*more, *promised.offer(turn, line, late), *undo_button(turn, entry)]
        turn.reply(
            "progress", code=line.code, percent=percent, words=words, expected=said.due if said and not said.of_a_step else None, late=late,
            due=line.assignment.due, undated=ledger.undated(line), **who(turn), buttons=buttons, line=line,
            in_charge=_in_charge(turn, said), nil=nil, report=bool(more), foreign=nil and said is not None and said.not_ours,
        )  # fmt: skip


def report(turn: Turn, line: Line, words: str, said: Understanding | None = None) -> None:
    """Record a report of completion; what is not a plain statement is asked about first."""
    doubtful = said is not None and not said.confident
    if line.assignment.state is State.REPORTED and doubtful and words:
        tell_besides(turn, held(turn, line), words)
        return
    if line.assignment.state not in OPEN_STATES:
        tell_stale(turn, held(turn, line))
        return
    if doubtful:
        seen, unsigned = line.assignment, awaits_receipt(line)
        buttons = [
            button(Verb.REPORT, seen.id, seen.version, "已办结"),
            button(Verb.AS_PROGRESS, turn.inbound_id, seen.id),
            *([button(Verb.ACKNOWLEDGE, seen.id, seen.version)] if unsigned else ()),
        ]
        turn.reply("ask_done", code=line.code, words=words or turn.text, unsigned=unsigned, buttons=buttons, line=line)
        return
    mine = held(turn, line)
    entry = perform(turn, mine, reporting(turn, mine, words))
    if entry is not None:
        rounds.told(turn, [line])
        missing = lacking(turn.session, turn.desk, mine)
        supply = [button(Verb.SUPPLY, mine.assignment.id, label=f"补交{'、'.join(missing)}")] if missing else []
        turn.reply(
            "reported",
            code=line.code,
            missing=missing,
            valid=renewal.lacks_day(turn.session, mine.assignment),
            awaits=awaits(mine),
            **who(turn),
            buttons=[*supply, *undo_button(turn, entry)],
            line=line,
        )


def reporting(turn: Turn, line: Line, words: str, due: date | None = None) -> Act:
    """Return the act that reports an assignment, to whoever looks at it first."""
    office = access.is_office_task(turn.session, turn.desk, line)
    act = Act(Action.REPORT, words=words, due=due, office_task=office)
    return levels.reported(turn.session, turn.desk, line, turn.now, act)


def awaits(line: Line) -> str:
    """Say whose look a report waits for."""
    return _AWAITS[line.assignment.level or Level.OFFICE]


_AWAITS = {Level.SELF: "另一名人员自查确认", Level.LEAD: "牵头单位复查", Level.OFFICE: "协调员核查"}


def who(turn: Turn) -> dict[str, Any]:
    return {"who": turn.visitor.person.name, "at": turn.at()}


def undo_button(turn: Turn, entry: History, several: int = 0) -> list[Button]:
    turn.session.flush()  # from now on it has a number
    return [button(Verb.UNDO, entry.id, several)]


def note(turn: Turn, lines: Sequence[Line], words: str, said: Understanding) -> None:
    """Record who sees to it now inside the unit, or that an answer is to come; both are receipts with words."""
    many.hold(turn.session, [line.assignment for line in lines], turn.now)
    noted = [(line, perform(turn, held(turn, line), Act(Action.NOTE, words=words))) for line in lines]
    entries = [entry for _line, entry in noted if entry is not None]
    if entries:
        turn.reply(
            "note",
            codes=[line.code for line, entry in noted if entry is not None],
            words=words,
            in_charge=_in_charge(turn, said),
            **who(turn),
            buttons=undo_button(turn, entries[0], len(entries)),
            line=lines[0] if len(lines) == 1 else None,
        )


def _in_charge(turn: Turn, said: Understanding | None) -> str | None:
    """Return who sees to it from now on inside the unit, None where nobody says so."""
    return None if said is None or said.in_charge is None else said.in_charge or turn.visitor.person.name


# ---------------------------------------------------------------- questions and look-ups


def leave(turn: Turn, words: str) -> None:
    """Record that somebody sees to their unit's tasks no more: the room is told who is to be found anew, and the unit what comes next."""
    unit = "、".join(unit.name for unit in turn.visitor.units)
    contact = any(register.is_contact_of(turn.session, turn.visitor.person, unit.id) for unit in turn.visitor.units)
    binding.announce(
        turn.session,
        say("leaves_room", who=turn.visitor.person.name, unit=unit, words=words, contact=contact, spoken=turn.spoken),
        turn.now,
    )
    turn.reply("leaves", unit=unit)


def ask(
    turn: Turn, line: Line | None, words: str, told: str = "asked", may_press: Sequence[Button] = (), how: str = ""
) -> None:
    """Relay a question to the coordinators' room; the answer comes back as a reply. ``told`` is the reply that says so and, where
    that matters, ``how`` it stands, ``may_press`` what else they can do about it.
    """
    question = Question(
        assignment_id=line.assignment.id if line else None, chat_id=turn.visitor.chat.id,
        message_id=turn.incoming.message_id, asked_by_id=turn.visitor.person.id, asked_at=turn.now, words=words,
    )  # fmt: skip
    turn.session.add(question)
    turn.session.flush()
    unit = "、".join(unit.name for unit in turn.visitor.units)
    body = RelayBody(
        question_id=question.id, who=turn.visitor.person.name, unit=unit, words=words,
        code=line.code if line else "", files=() if line else turn.files, buttons=pairs(may_press),
    )  # fmt: skip
    items = [Item(line.assignment.id, NoticeKind.RELAY, Reason.ASKED)] if line else []
    campaign = line.campaign.id if line else None
    outbox.tell_room(
        turn.session, ChatRole.COORDINATORS, now=turn.now, kind=NoticeKind.RELAY, reason=Reason.ASKED,
        campaign_id=campaign, items=items, body=body,
    )  # fmt: skip
    if line is not None:
        history.append(
            turn.session, line.campaign.id, turn.now, Action.ASK.zh, turn.visitor.actor, action=Action.ASK,
            assignment_id=line.assignment.id, words=words,
        )  # fmt: skip
    turn.reply(told, how=how)


def tell_besides(turn: Turn, line: Line, words: str) -> None:
    """Pass on what a unit adds to a report that waits: whoever decides on it is to know, and nobody has to answer; what it adds in the
    days of public notice is asked about, for nobody looks at the report any more.
    """
    if line.assignment.level is Level.NOTICE:
        ask(turn, line, words, "beside_a_notice")
        return
    unit, number = "、".join(unit.name for unit in turn.visitor.units), line.assignment.id
    outbox.tell_room(
        turn.session,
        ChatRole.COORDINATORS,
        now=turn.now,
        kind=NoticeKind.RELAY,
        reason=Reason.ASKED,
        campaign_id=line.campaign.id,
        items=[Item(number, NoticeKind.RELAY, Reason.ASKED)],
        body=RelayBody(who=turn.visitor.person.name, unit=unit, words=words, code=line.code, added=True),
    )
    about = turn.session, line.campaign.id, turn.now, history.ADDED, turn.visitor.actor
    history.append(*about, assignment_id=number, words=words)
    turn.reply("beside_a_report")


def list_own(turn: Turn, page: int = 1) -> None:
    """Show a page of what the visitor's units still owe, the nearest deadline first."""
    if page == 1 and turn.says_what_was_looked_at(OWN_TASKS):
        return
    which = replace(own(turn.visitor.reads), current=True)
    show_list(turn, which, "待办任务", units=len(turn.visitor.reads) > 1, page=page, query=OWN)


def show_list(
    turn: Turn,
    which: Which,
    heading: str,
    *,
    units: bool,
    page: int = 1,
    query: str | None = None,
    more: Sequence[Button] = (),
    assisting: tuple[int, bool] = (0, False),
) -> None:
    """Show one page of assignments; ``query`` is what a coordinator asked for, so that the other pages can be shown,
    ``more`` what else may be pressed, ``assisting`` how many who only assists has, and whether they are among those shown.

    A press on another page shows it in the same message, where the channel can change messages.
    """
    total = ledger.count(turn.session, which)
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    found = ledger.lines(turn.session, which, nearest=True, limit=PAGE, offset=(page - 1) * PAGE)
    items = [item_view(line, turn.today(line)) for line in found]
    text = say(
        "list", heading=heading, total=total, page=page, pages=pages, items=items, units=units, assisting=assisting
    )
    turns = (("上一页", page - 1), ("下一页", page + 1)) if query is not None else ()
    buttons = [button(Verb.TURN_PAGE, number, label=label) for label, number in turns if 1 <= number <= pages]
    turn.show_page(text, [*buttons, *more], query)


def which(turn: Turn, target: Target) -> Line | None:
    """Return the one assignment that is meant, or ask which, or say that there is none."""
    line = target.only
    if line is None and target.lines:
        choose(turn, target.lines, turn.text, units=len(turn.visitor.units) > 1)
    elif line is None:
        turn.reply("refused", why="".join(target.over) or NOT_FOUND)
    return line
