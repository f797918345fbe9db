"""Reports verified together: those that are named (核查 3、5、7), or all that wait, once they were seen and confirmed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.contact import answers
from bot.dialogue.parts import several
from bot.dialogue.room import decisions, narrowing, one_mind, seen
from bot.dialogue.targets import of_coordinator
from bot.dialogue.turn import Turn
from db import history, ledger
from db.ledger import Line, Which, acts, asking, evidence, many
from db.ledger.acts import Act
from db.models import History
from db.plain import one_line
from db.words import LIVING, Action, Level, Refusal, State
from jobs.notices.press import Verb, button
from jobs.notices.render import outcome_of, say
from jobs.verification import levels
from jobs.verification.required import lacking

MOST = 20
"""How many reports are shown and verified at once: nobody confirms what they have not seen."""

_REPORTED, _WAITING = Which(LIVING, states=[State.REPORTED]), Which(LIVING, levels=[Level.OFFICE])
"""What is reported, whoever's look it waits for, and what waits for the coordinators'."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report, or request for more time, as it is listed: whose and what, by whom and when, with which words and how many files, what of
    the evidence is missing, and ``due`` until when more time is given.
    """

    code: str
    unit: str
    title: str
    who: str
    at: str
    words: str
    files: int
    missing: tuple[str, ...] = ()
    due: date | None = None


def verify(turn: Turn, rest: str) -> None:
    """核查 7, or several at once: 核查 3、5、7. Where several units of a task have reported, all are shown first."""
    references, words = several(rest)
    if len(references) < 2:
        decisions.act(Action.VERIFY)(turn, rest)
        return
    one_mind.require_settled(turn, Action.VERIFY, words)
    lines: dict[int, Line] = {}
    left, unclear = [], False
    for reference in references:
        target = of_coordinator(turn, (reference,), _REPORTED)
        lines |= {line.assignment.id: line for line in target.lines}
        unclear = unclear or len(target.lines) > 1
        if not target.lines:
            left.append(why_not(turn, reference))
    if not lines:
        turn.reply("refused", why="；".join(left).rstrip("。") + "。")
    elif unclear:
        show(turn, list(lines.values()), left)
    else:
        _verify(turn, list(lines.values()), left, words)


def why_not(turn: Turn, reference: str) -> str:
    """Say why what is named cannot be verified: who was first, or that nothing has its code."""
    living = of_coordinator(turn, (reference,), Which(LIVING))
    if living.only is not None:
        return f"〔{living.only.code}〕{living.only.unit.name}：{answers.happened(turn, living.only)}"
    return living.lost.rstrip("。") or f"〔{reference}〕没有单位报办结"


def all_reports(turn: Turn, rest: str) -> None:
    """全部核查: show all reports that wait, of units or a campaign where they are named, to be verified with one press."""
    which, unknown = narrowing.narrowed(turn, _SAYS_NO_MORE.sub("", rest))
    if unknown:
        raise Denied(f"没有叫“{unknown[:20]}”的单位；可写单位全称或专项的字头，都要核查的不用写。")
    _look(turn, replace(which, states=None, lamps=None, levels=_WAITING.levels))


_SAYS_NO_MORE = re.compile("^(?:了|吧|通过|销号|掉|一遍|一下)+|(?:通过|销号)?[了吧]*$")
"""What may stand behind 全部核查 and names nobody: 全部核查通过吧."""


def look(turn: Turn, campaign: int, _version: int = 0) -> None:
    """全部核查 under a list of reports: of its campaign, or of all (0)."""
    _look(turn, replace(_WAITING, campaign=campaign or None))


def _look(turn: Turn, which: Which) -> None:
    access.require_room(turn.visitor)
    found = ledger.lines(turn.session, which, nearest=True)
    waiting = [line for line in found if may_decide(turn, line)]
    if not waiting:
        leave_to_others(turn, found, Action.VERIFY)
        turn.reply("refused", why="现在没有待核查的。")
        return
    show(turn, waiting, [])


def may_decide(turn: Turn, line: Line) -> bool:
    """Tell whether it is for who speaks to verify, return and give more time: a coordinator, of the office's own tasks a leader."""
    office = access.is_office_task(turn.session, turn.desk, line)
    return turn.visitor.leads if office else turn.visitor.steers


def leave_to_others(turn: Turn, lines: Iterable[Line], action: Action) -> None:
    """Say whose decision it is where what waits is not for who speaks: a leader's word on what coordinators verify."""
    for line in lines:
        if not may_decide(turn, line):
            access.for_coordinator(turn.session, turn.desk, turn.visitor, line.assignment.id, LIVING, action)


def show(turn: Turn, lines: Sequence[Line], left: Sequence[str]) -> None:
    """Show reports, each with its words and evidence, to be verified with one press; ``left`` says of others why they are not."""
    shown = lines[:MOST]
    reports = [report(turn, line) for line in shown]
    turn.reply_text(
        say("verify_preview", rows=reports, more=len(lines) - len(shown), left=left),
        [button(Verb.VERIFY_THESE, turn.inbound_id)],
        outcome="verify_preview",
        seen=seen.as_seen(shown),
    )


def report(turn: Turn, line: Line) -> Report:
    """Return a report as it is listed."""
    one = line.assignment
    trail = history.of_assignment(turn.session, one.id)
    entry = next((entry for entry in trail if entry.action is Action.REPORT), None)
    return Report(
        code=line.code,
        unit=line.unit.name,
        title=line.title,
        who=entry.who if entry else "",
        at=turn.at(entry.at) if entry else "",
        words="；".join(_words(turn, entry)) if entry else "",
        files=len(evidence.of(turn.session, one.id)),
        missing=lacking(turn.session, turn.desk, line),
    )


def _words(turn: Turn, report: History) -> list[str]:
    """Return the words of a report, and what was added to it since."""
    added = [f"另补充：{one_line(words)}" for words in asking.added_since(turn.session, report)]
    return [words for words in (one_line(report.words), *added) if words]


def confirm(turn: Turn, _inbound: int, _version: int = 0) -> None:
    """确认核查: verify what the message shows, but for what has changed since."""
    _verify(turn, *seen.still_as_seen(turn))


def _verify(turn: Turn, lines: Iterable[Line], left: list[str], words: str = "") -> None:
    lines = list(lines)
    many.hold(turn.session, [line.assignment for line in lines], turn.now)
    done: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        level = line.assignment.level
        try:
            with turn.session.begin_nested():
                number = line.assignment.id
                granted = access.for_coordinator(turn.session, turn.desk, turn.visitor, number, LIVING, Action.VERIFY)
                missing = lacking(turn.session, turn.desk, granted)
                act = Act(Action.VERIFY, words=words, lacking=missing)
                act = levels.verified(turn.desk, turn.session, granted, turn.now, act)
                acts.perform(turn.session, granted.assignment, act, turn.visitor.actor, turn.now)
        except Refusal as refusal:
            left.append(f"〔{line.code}〕{line.unit.name}：{refusal}")
            continue
        outcome = outcome_of(act.action, granted.assignment, turn.zone(granted))
        turn.acted(outcome, granted.code)
        turn.show_in_requests(granted, outcome, level)
        done.setdefault(outcome, []).append((granted.code, granted.unit.name))
    if not done:
        why = "；".join(one.rstrip("。") for one in left) or "这些任务已随专项行动结束，不再办理"
        turn.reply("refused", why=f"{why}。")
        return
    # campaigns may differ in whether they close at once or after their days of notice
    turn.reply("verified", done=list(done.items()), left=left, who=turn.visitor.person.name, at=turn.at())
