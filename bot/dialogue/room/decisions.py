"""What coordinators and leaders do with assignments: verify, return, decide on more time, record, correct, look up."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot.dialogue import access, prompts
from bot.dialogue.access import Denied
from bot.dialogue.contact import answers, evidence
from bot.dialogue.parts import Part, for_each, parts, several
from bot.dialogue.room import after_refusal, matters, names_others, one_mind, pictures, plainly, said_last, seen
from bot.dialogue.room.as_they_stand import FREED, as_they_stand, given_out_anew, unit_spoke_last
from bot.dialogue.room.decided_days import granted_until, owed_by
from bot.dialogue.room.ends_for_all import show_what_ends, those_shown
from bot.dialogue.room.reasons import DECIDES, is_again, reason_in, sends_back
from bot.dialogue.room.verdict_words import OF_MORE_TIME
from bot.dialogue.targets import (
    Target,
    choose,
    names_it,
    of_coordinator,
    of_several_periods,
    split,
    without_unit,
)
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Understanding, understand
from bot.dialogue.understanding.hearing import as_written
from db import ledger, outbox, register
from db.bodies import RequestBody
from db.ledger import Line, Which, acts, many, renewal, workflow
from db.ledger.acts import Act, NotAllowed, TooLate
from db.words import (
    LIVING,
    UNENDED,
    Action,
    CampaignStatus,
    Phase,
    State,
)
from jobs.notices.render import MAX_ITEM_BUTTONS, OUTCOMES, outcome_of, shorten
from jobs.verification import levels, redoing
from jobs.verification.required import lacking
from jobs.verification.spot_checks import reopened, waiting

UNTRUE = "抽查不属实"
"""What a prompt for a reason keeps where what is opened again was found to be untrue."""


def decide(
    turn: Turn, line: Line, action: Action, words: str = "", due: date | None = None, *, untrue: bool = False
) -> bool:
    """Carry out a coordinator's act; tell whether it was done. A missing reason is asked for. ``untrue`` tells that what is opened
    again was drawn and plainly found not to be so; who opens again for any other reason leaves the spot check open.
    """
    number = line.assignment.id
    granted = access.for_coordinator(turn.session, turn.desk, turn.visitor, number, _campaigns_for(action), action)
    words = reason_in(words) if action in DECIDES.values() or action in GIVE_REASONS else words
    if workflow.TABLE[action].reason and not words:
        _ask_reason(turn, granted, action, untrue=untrue)
        return False
    missing = lacking(turn.session, turn.desk, granted) if action is Action.VERIFY else ()
    due = due or (owed_by(words, turn, granted) if action is Action.REOPEN else None)
    level, was_due = granted.assignment.level, granted.assignment.due
    proposed = redoing.proposed(turn.session, turn.desk, granted, turn.now) if action is Action.REOPEN else None
    try:
        act = Act(action, words, due, files=turn.files, lacking=missing, untrue=untrue and _is_drawn(turn, granted))
        act = levels.decided(turn.desk, turn.session, granted, turn.now, act)
        acts.perform(turn.session, granted.assignment, act, turn.visitor.actor, turn.now)
    except TooLate:
        answers.tell_stale(turn, granted)
        _files_stay(turn)
        return False
    except NotAllowed as refusal:
        turn.reply("refused", why=str(refusal))
        _files_stay(turn)
        return False
    checked = _checked(turn, granted, words, untrue=untrue) if action is Action.REOPEN else ""
    outcome = outcome_of(act.action, granted.assignment, turn.zone(granted))
    turn.acted(outcome, granted.code)
    turn.show_in_requests(granted, outcome, level, _ANSWERS.get(action))
    moved = granted.assignment.due != was_due
    anew = action is Action.REOPEN and moved and granted.assignment.due != due
    new_due = granted.assignment.due if action is Action.GRANT or (action is Action.REOPEN and moved) else None
    turn.reply(
        "decided",
        code=granted.code,
        unit=granted.unit.name,
        outcome=outcome + (f"（缺{'、'.join(missing)}）" if missing else checked),
        who=turn.visitor.person.name,
        at=turn.at(),
        due=None if anew else new_due,
        anew=proposed if anew else None,
        valid=act.action is Action.VERIFY and renewal.lacks_day(turn.session, granted.assignment),
        line=granted,
    )
    return True


def _ask_reason(turn: Turn, line: Line, action: Action, *, untrue: bool) -> None:
    """Ask for the reason of a decision, which stays at hand where a message cannot be changed unasked."""
    prompts.expect(turn, action, line, words=UNTRUE if untrue else "")
    turn.reply(
        _ASKS[action],
        code=line.code,
        unit=line.unit.name,
        line=line,
        asks_text=True,
        changes=turn.abilities.changes.unasked,
        by=redoing.proposed(turn.session, turn.desk, line, turn.now) if action is Action.REOPEN else None,
    )
    pressed = turn.source.notice if turn.incoming.press is not None and turn.source is not None else None
    if pressed is not None and not turn.abilities.changes.unasked and isinstance(pressed.body, RequestBody):
        body = outbox.body_to_change(turn.session, pressed, RequestBody)
        pressed.carry(replace(body, deciding=True))
    if turn.files:
        evidence.not_kept(turn, turn.files, "请与理由一起重新发送")


def _checked(turn: Turn, line: Line, words: str, *, untrue: bool) -> str:
    """Write down of what is opened again that its spot check failed, where that was found; what came with it shows what was found.
    Return what became of the spot check, "" where none waits.
    """
    if not untrue:
        how = f"{turn.spoken('抽查不属实', 'fails')} {line.code} 理由"
        return f"（抽查未作结论，再销号后核对；查实不属实的应写：{how}）" if _is_drawn(turn, line) else ""
    failed = reopened(turn.session, line.assignment, turn.visitor.actor, turn.now, words, turn.files)
    if failed and turn.files:
        pictures.are_of(turn, line, Phase.BEFORE)
    return "（抽查不属实，列入问题清单）" if failed else ""


def _is_drawn(turn: Turn, line: Line) -> bool:
    """Tell whether a spot check waits for somebody's word on it."""
    return waiting(turn.session, line.assignment.id) is not None


_ANSWERS = {
    **dict.fromkeys((Action.VERIFY, Action.RETURN), Action.REPORT),
    **dict.fromkeys((Action.GRANT, Action.REFUSE), Action.REQUEST_EXTENSION),
}
"""Which request a decision answers, where it answers one; others end both."""

_ASKS = {Action.RETURN: "ask_return", Action.REFUSE: "ask_refuse", Action.REOPEN: "ask_reopen"}
"""How the reason is asked for that an act needs."""
_WRITTEN = {
    Action.RETURN: ("退回", "return"),
    Action.REFUSE: ("不同意", "refuse"),
    Action.REOPEN: ("重开", "reopen"),
}
"""How each of these is written."""


def _wants_reason(turn: Turn, action: Action, codes: Sequence[str]) -> str:
    return f"几项一起办的，请把理由写在后面：{turn.spoken(*_WRITTEN[action])} {'、'.join(codes)} 理由。"


GIVE_REASONS = frozenset(_ASKS)
"""Decisions that want a reason."""


def _files_stay(turn: Turn) -> None:
    """Say that what came with a decision that was not taken went to nobody."""
    if turn.files:
        evidence.not_kept(turn, turn.files, "没有这样办理，文件未转给单位")


def act(action: Action) -> Callable[[Turn, str], None]:
    """Return the command that carries out ``action`` on the assignment that is named, or on each of several."""

    def run(turn: Turn, rest: str) -> None:
        references, words = split(rest)
        target = of_coordinator(turn, references, to_which(action))
        if _everybody_is_meant(turn, target, action, words):
            one_mind.require_settled(turn, action, _EVERYBODY.sub("", words))
            if action in _SEEN_FIRST and not (turn.everybody and seen.shown(turn)):
                show_what_ends(turn, target.lines, action)
            else:
                lines = those_shown(turn, target.lines, action) if turn.everybody else target.lines
                _decide_for_all(turn, lines, action, words)
            return
        if action is Action.GRANT and not target.lines and after_refusal.offered(turn, references, words):
            return
        one_mind.require(turn, action, words)
        if _is_of_another(turn, target, action, words):
            return
        line = one_of(turn, target, references, for_all=action in _FOR_ALL, unseen=action not in _SEEN_FIRST)
        if line is not None and not said_last.is_elsewhere(turn, target, line, turn.text, action):
            words = without_unit(turn, words, line.unit)
            day = granted_until(words, turn, line) if action is Action.GRANT else None
            told = words if references else matters.without_matter(words, line)
            if not one_mind.left_open(turn, line, action, told, day):
                decide(turn, line, action, words, day)

    def of_all(turn: Turn, rest: str) -> None:
        references, words = several(rest)
        if action in GIVE_REASONS and len(references) > 1 and not words and turn.chosen is None:
            raise Denied(_wants_reason(turn, action, references))
        if len(references) > 1 and turn.chosen is None:
            one_mind.require_settled(turn, action, words)
        for_each(run)(turn, rest)

    return of_all


def _is_of_another(turn: Turn, target: Target, action: Action, words: str) -> bool:
    """Ask where what stands behind a command speaks of another report than the one that waits; tell whether it asked."""
    if action not in DECIDES.values():
        return False
    return matters.asks_of_which(turn, target, to_which(action), words if action is Action.VERIFY else "", words)


_FOR_ALL = frozenset({Action.GRANT, Action.SUSPEND, Action.RESUME, Action.CANCEL, Action.WAIVE})
"""What may be decided for all units of a milestone at once; what is verified or returned is judged unit by unit."""

_SEEN_FIRST = frozenset({Action.CANCEL, Action.WAIVE})
"""What nobody does to all of them before they have seen which these are: no unit is asked for it any more."""


_EVERYBODY = re.compile(r"^(?:全部|所有|各)(?:单位)?[，,：:\s]*|[，,：:\s]*(?:全部|所有|各)(?:单位)?$")


def _everybody_is_meant(turn: Turn, target: Target, action: Action, words: str) -> bool:
    """Tell whether somebody means every unit of one milestone, by the button or in words."""
    one_milestone = len({line.milestone.id for line in target.lines}) == 1
    said = turn.everybody or bool(_EVERYBODY.search(words))
    return action in _FOR_ALL and one_milestone and (len(target.lines) > 1 or turn.everybody) and said


def _decide_for_all(turn: Turn, lines: Sequence[Line], action: Action, words: str) -> None:
    """Carry out an act on every unit's assignment of a milestone; one answer says for whom it was done."""
    many.hold(turn.session, [line.assignment for line in lines], turn.now)
    words, done = _EVERYBODY.sub("", words), []
    for line in lines:
        granted = access.for_coordinator(
            turn.session, turn.desk, turn.visitor, line.assignment.id, _campaigns_for(action)
        )
        act = Act(action, words=words, due=granted_until(words, turn, line) if action is Action.GRANT else None)
        try:
            act = levels.decided(turn.desk, turn.session, granted, turn.now, act)
            acts.perform(turn.session, granted.assignment, act, turn.visitor.actor, turn.now)
        except NotAllowed:  # somebody was first with this one
            continue
        turn.show_in_requests(granted, OUTCOMES[action], of=_ANSWERS.get(action))
        done.append(granted)
    if not done:
        answers.tell_stale(turn, lines[0])
        return
    turn.acted(OUTCOMES[action], done[0].code)
    turn.reply(
        "decided",
        code=done[0].code,
        unit="、".join(dict.fromkeys(line.unit.name for line in done)) + of_several_periods(turn, done),
        outcome=OUTCOMES[action],
        who=turn.visitor.person.name,
        at=turn.at(),
        due=None,
        anew=False,
        valid=False,
    )


def _campaigns_for(action: Action) -> frozenset[CampaignStatus]:
    """A draft can be put right; everything else is done in campaigns that live."""
    return UNENDED if action in (Action.CANCEL, Action.WAIVE) else LIVING


def to_which(action: Action) -> Which:
    """Return the assignments to which an act applies."""
    states = [state for state in State if workflow.after(state, action) is not None]
    decides = action in (Action.GRANT, Action.REFUSE)
    return Which(_campaigns_for(action), states=states, waits_for_more_time=decides)


def one_of(
    turn: Turn, target: Target, references: tuple[str, ...] = (), *, for_all: bool = False, unseen: bool = True
) -> Line | None:
    """Return the assignment that is meant; of one that is named and no longer can be acted on, say who was first.

    ``for_all`` offers to act for all units of a milestone where several stand on it: for those of now, ``unseen`` also where they
    are more than can be named.
    """
    if target.only is not None:
        return target.only
    living = of_coordinator(turn, references, Which(LIVING)) if target.named and not target.lines else target
    if target.lines:
        one_milestone = len({line.milestone.id for line in target.lines}) == 1
        for_all = for_all and one_milestone
        kept = seen.as_seen(target.lines) if for_all and (unseen or len(target.lines) < MAX_ITEM_BUTTONS) else ()
        choose(turn, target.lines, turn.text, units=True, everybody=for_all, seen=kept)
    elif living.only is not None and turn.incoming.press is None and unit_spoke_last(turn, living.only):
        turn.reply("refused", why=as_they_stand(turn, [living.only]))
    elif living.only is not None:
        if living.only.assignment.state in FREED:
            turn.say_beside(given_out_anew(turn, living.only), ())
        answers.tell_stale(turn, living.only)
    elif living.over and not living.lines:
        turn.reply("refused", why="".join(living.over))
    elif living.lines and living.named:
        turn.reply("refused", why=as_they_stand(turn, living.lines))
    else:
        turn.reply("refused", why=f"没有可这样办理的任务；请用“{turn.spoken('详情', 'show')} 编号”查看现状。")
    return None


def in_own_words(turn: Turn, text: str) -> bool:
    """Act on a coordinator's free text where it is plain; tell whether it was understood."""
    text = matters.without_unit_before_code(turn, text)
    said = understand(text, on=turn.today(), coordinator=True)
    if said.intent not in DECIDES and (plain := plainly.said(text)) != text:
        said = understand(plain, on=turn.today(), coordinator=True)
        if said.intent in DECIDES:
            turn.incoming, text = replace(turn.incoming, text=plain), plain
    action = DECIDES.get(said.intent)
    references = (said.task,) if said.task else ()
    if action is None:
        return _sent_back(turn, said.tasks, text)
    if said.reason in _WHY or (said.but and not said.tasks):
        return False
    if action is Action.RETURN and references and is_again(turn, references, text):
        return False
    if not references:
        _decide_said(turn, references, said, text)
        return True
    return _each_part(turn, parts(text))


_WHY = ("原因", "理由")
"""Who writes no more than that of a decision, 打回原因, asks for it."""


def _sent_back(turn: Turn, references: tuple[str, ...], text: str) -> bool:
    """Return a report where words say so in another way, 退给他们重做; tell whether there is one that they can mean."""
    why = None if turn.files or len(references) > 1 else sends_back(text)
    target = of_coordinator(turn, references, to_which(Action.RETURN)) if why is not None else None
    if target is None or not target.lines:
        return False
    one_mind.require(turn, Action.RETURN, why or "", text)
    before = turn.chosen
    if matters.asks_of_which(turn, target, to_which(Action.RETURN), text):
        return True
    line = turn.chosen if turn.chosen is not before else one_of(turn, target, references)
    if line is None or said_last.is_elsewhere(turn, target, line, text, Action.RETURN):
        return True
    if not one_mind.left_open(turn, line, Action.RETURN, text):
        decide(turn, line, Action.RETURN, why or "")
    return True


def _each_part(turn: Turn, told: list[Part]) -> bool:
    """Decide what each part of a message says of its tasks, or nothing of it where one part is not understood."""
    if turn.chosen is not None:
        chosen = turn.chosen
        told = [one for one in told if any(names_it(chosen, code) for code in one.tasks)][:1] or told[:1]
        told = [replace(told[0], tasks=told[0].tasks[:1])]
    heard = [(one, plainly.understood(as_written(turn.text, one.text), turn.today())) for one in told]
    unread = next((part.text for part, said in heard if said.intent not in DECIDES), None)
    if unread is not None:
        raise Denied(f"“{shorten(unread, 20)}”没有看懂，几项都没有办理；请一项写一条。")
    asks = [part for part, said in heard if DECIDES[said.intent] in GIVE_REASONS and not said.reason]
    if sum(len(part.tasks) for part in asks) > 1:
        first = next(DECIDES[said.intent] for part, said in heard if part is asks[0])
        raise Denied(_wants_reason(turn, first, [code for part in asks for code in part.tasks]))
    with turn.in_one_answer():
        for part, said in heard:
            for code in part.tasks:
                turn.attempt(lambda code=code, part=part, said=said: _decide_said(turn, (code,), said, part.text))  # type: ignore[misc]
    return True


def _decide_said(turn: Turn, references: tuple[str, ...], said: Understanding, text: str) -> None:
    action = _of_what_waits(turn, references, DECIDES[said.intent])
    target = of_coordinator(turn, references, to_which(action))
    if action is Action.GRANT and not target.lines and after_refusal.offered(turn, references, turn.text):
        return
    one_mind.require(turn, action, said.reason or "", text)
    before = turn.chosen
    if matters.asks_of_which(turn, target, to_which(action), matters.before_judging(turn.text, action)):
        return
    line = turn.chosen if turn.chosen is not before else one_of(turn, target, references)
    if line is None or said_last.is_elsewhere(turn, target, line, text, action):
        return
    told = without_unit(turn, text, line.unit)
    told = told if references else matters.without_matter(told, line)
    if one_mind.left_open(turn, line, action, told, said.due):
        return
    due = said.due or (granted_until("", turn, line) if action is Action.GRANT else None)
    decide(turn, line, action, names_others.written(as_written(turn.text, text)) or said.reason or "", due)


def _of_what_waits(turn: Turn, references: tuple[str, ...], action: Action) -> Action:
    """Return what is decided of a request where its words are those for a report, 不能再延了，驳回, and its unit has no report that waits."""
    of_request = OF_MORE_TIME.get(action)
    units = [unit.id for unit in register.mentioned(turn.session, turn.text)]
    if of_request is None or references or not units or "延" not in turn.text:
        return action
    asked, reported = (ledger.lines(turn.session, replace(to_which(one), units=units)) for one in (of_request, action))
    return of_request if asked and not reported else action
