"""抽查 in the room: drawn by a sentence, shown item by item, found so or opened again."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from bot.dialogue import access, prompts
from bot.dialogue.access import Denied
from bot.dialogue.beside_verdicts.doubt import TRUE, UNTRUE, doubt
from bot.dialogue.contact import answers
from bot.dialogue.parts import for_each, parts, several
from bot.dialogue.room import decisions, seen
from bot.dialogue.targets import choose, names_it, of_coordinator, split
from bot.dialogue.turn import Turn
from db import ledger
from db.ledger import Line, Which, asking, evidence, undoing
from db.models import Campaign, SpotCheck
from db.words import LIVING, OPEN_STATES, Action, State
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS, say, shorten
from jobs.verification import spot_checks
from jobs.verification.spot_checks import Share

SHOWN = 20
"""How much of what was drawn is listed at once; what is decided makes room for the rest."""

_CAMPAIGN = re.compile(r"(?:专项(?:行动)?)?\s*(?P<letter>[A-Za-z]{1,2}\d{0,2})(?=[\s，,：:\d]|$)")


def begin(turn: Turn, rest: str) -> None:
    """抽查 A 10%, 抽查5项: draw and show what was drawn; without a share show how the last one stands."""
    access.require_coordinator(turn.visitor)
    last = _last_of_all(turn) if not rest.strip() else None
    if last is not None:
        _show(turn, *last)
        return
    campaign, rest = _campaign(turn, rest)
    share = Share.read(rest)
    if share is None and rest.strip():
        word = turn.spoken("抽查", "spot_check")
        raise Denied(f"请写明抽多少，例如：{word} {campaign.letter} 10%，或：{word} 5项。")
    if share is None:
        found = spot_checks.latest(turn.session, campaign.id)
        if found is None:
            raise Denied(
                f"《{campaign.title}》还没有抽查过；例如：{turn.spoken('抽查', 'spot_check')} {campaign.letter} 10%。"
            )
        _show(turn, campaign, found)
        return
    made, _drawn = spot_checks.begin(turn.session, campaign, share, turn.visitor.actor, turn.now)
    _show(turn, campaign, made)


def _last_of_all(turn: Turn) -> tuple[Campaign, SpotCheck] | None:
    """Return the last spot check of whatever campaign runs, None where there was none."""
    made = [(one, spot_checks.latest(turn.session, one.id)) for one in ledger.running(turn.session)]
    return max(((one, check) for one, check in made if check is not None), key=lambda pair: pair[1].id, default=None)


def wanted(said: str) -> str:
    """Return of which campaign how much a sentence wants drawn: 从A里抽10%查一查 is A 10%."""
    letter, share = re.search(r"(?<![A-Za-z])([A-Za-z]{1,2}\d{0,2})(?![A-Za-z\d-])", said), Share.read(said)
    return f"{letter[1] if letter else ''} {share or ''}".strip()


def _campaign(turn: Turn, rest: str) -> tuple[Campaign, str]:
    running = {one.letter: one for one in ledger.running(turn.session)}
    named = _CAMPAIGN.match(rest.strip())
    found = running.get(named["letter"].upper()) if named is not None else None
    if named is not None and found is not None:
        return found, rest.strip()[named.end() :]
    if len(running) != 1:
        letters = "、".join(f"{one.letter}（{one.title}）" for one in running.values())
        raise Denied(f"请写明哪个专项的字头：{letters}。" if running else "没有进行中的专项行动。")
    return next(iter(running.values())), rest


def _show(turn: Turn, campaign: Campaign, check: SpotCheck) -> None:
    found = spot_checks.items(turn.session, check)
    left = [line for item, line in found if item.holds is None and line.assignment.state is State.CLOSED]
    shared = Counter(line.code for line in left)
    buttons = [
        button(
            Verb.LOOK_AT_CHECKED,
            line.assignment.id,
            check.id,
            label=f"〔{line.code}〕{line.unit.name if shared[line.code] > 1 else ''}",
        )
        for line in left[:MAX_ITEM_BUTTONS]
    ]
    text = say(
        "spot_check",
        campaign=campaign,
        check=check,
        drawn=len(found),
        holds=sum(item.holds is True for item, _line in found),
        fails=sum(item.holds is False for item, _line in found),
        rows=left[:SHOWN],
        more=max(0, len(left) - SHOWN),
        spoken=turn.spoken,
    )
    turn.reply_text(text, buttons, outcome="spot_check")


def look(turn: Turn, assignment: int, _check: int = 0) -> None:
    """Show one that was drawn: who reported it with which words and files; and what may be said of it."""
    access.require_coordinator(turn.visitor)
    line = access.to_read(turn.session, turn.visitor, assignment)
    seen = line.assignment.id, line.assignment.version
    trail = asking.last_report(turn.session, line.assignment.id)
    turn.reply(
        "spot_checked",
        line=line,
        code=line.code,
        unit=line.unit.name,
        title=line.title,
        due=line.assignment.due,
        report=trail,
        at=turn.at(trail.at) if trail is not None else "",
        files=[file.name for file in evidence.of(turn.session, line.assignment.id)],
        buttons=[button(Verb.HOLDS, *seen), button(Verb.FAILS, *seen)],
    )


def _held(turn: Turn, assignment: int, version: int) -> Line | None:
    line = access.for_coordinator(turn.session, turn.desk, turn.visitor, assignment, LIVING)
    entry = answers.changed_since(turn, line.assignment, version)
    if entry is not None:
        answers.tell_stale(turn, line, entry)
    return line if entry is None else None


def hold(turn: Turn, assignment: int, version: int) -> None:
    """属实, by a press."""
    line = _held(turn, assignment, version)
    if line is not None:
        found_so(turn, line, turn.text)  # words come with a press on the board alone


def fail(turn: Turn, assignment: int, version: int) -> None:
    """不属实: it is opened again; the reason is asked for."""
    line = _held(turn, assignment, version)
    if line is not None and spot_checks.waiting(turn.session, line.assignment.id) is None:
        raise Denied(f"〔{line.code}〕{line.unit.name}没有等着的抽查。")
    if line is not None:
        decisions.decide(turn, line, Action.REOPEN, turn.text, untrue=True)


def found_so(turn: Turn, line: Line, words: str) -> None:
    """Write down that what was drawn is so."""
    spot_checks.holds(turn.session, line, turn.visitor.actor, turn.now, words)
    turn.acted("抽查属实", line.code)
    turn.reply(
        "decided",
        code=line.code,
        unit=line.unit.name,
        outcome="抽查属实",
        due=None,
        anew=False,
        valid=False,
        line=line,
        **answers.who(turn),
    )


def holds_in_words(turn: Turn, rest: str) -> None:
    """抽查属实 A-7 现场看过, and of each task at the head of the words."""
    for_each(_holds_in_words)(turn, rest)


def _holds_in_words(turn: Turn, rest: str) -> None:
    line, words = _one(turn, rest)
    if line is not None and not left_open(turn, line, words, TRUE):
        found_so(turn, line, words)


def fails_in_words(turn: Turn, rest: str) -> None:
    """抽查不属实 A-7 现场仍有堆物: it is opened again; of several the reason is wanted beside. Where it was opened again just now, or its
    reason is asked for, this says why.
    """
    references, words = several(rest)
    if len(references) > 1 and not words:
        raise Denied(
            f"几项一起的，请把理由写在后面：{turn.spoken('抽查不属实', 'fails')} {'、'.join(references)} 理由。"
        )
    again = _being_reopened(turn) if not references and turn.chosen is None else None
    if again is not None and not left_open(turn, again, words, UNTRUE):
        found_untrue(turn, again, words)
    elif again is None:
        for_each(_fails_in_words)(turn, rest)


def _being_reopened(turn: Turn) -> Line | None:
    """Return what was drawn and is being opened again by whoever speaks: its reason is asked for, or they did it last."""
    prompt = prompts.waiting(turn)
    asked = prompt.assignment_id if prompt is not None and prompt.action is Action.REOPEN else None
    last = undoing.last_decision(turn.session, turn.visitor.person.id, turn.now - LATELY)
    number = asked or (last.assignment_id if last is not None and last.action is Action.REOPEN else None)
    if number is None or spot_checks.waiting(turn.session, number) is None:
        return None
    return access.for_coordinator(turn.session, turn.desk, turn.visitor, number, LIVING)


LATELY = timedelta(days=1)
"""How long ago somebody may have opened again what they call untrue without its name."""


def _fails_in_words(turn: Turn, rest: str) -> None:
    line, words = _one(turn, rest, State.CLOSED, *OPEN_STATES)
    if line is not None and not left_open(turn, line, words, UNTRUE):
        found_untrue(turn, line, words)


def left_open(turn: Turn, line: Line, text: str, of: str) -> bool:
    """Show what was drawn, with a press for either finding, where the words beside a finding leave it open; tell whether they do."""
    open_still = doubt(text, of)
    if open_still:
        turn.say_beside(f"没有改动：话里有“{shorten(open_still, 16)}”，请看过再按。", ())
        look(turn, line.assignment.id)
    return bool(open_still)


def found_untrue(turn: Turn, line: Line, words: str) -> None:
    """Open again what was drawn, or write down of what is opened again already that this is why."""
    if spot_checks.waiting(turn.session, line.assignment.id) is None:
        raise Denied(f"〔{line.code}〕{line.unit.name}没有等着的抽查。")
    if line.assignment.state not in OPEN_STATES:
        prompt = prompts.waiting(turn)
        if prompt is not None and prompt.action is Action.REOPEN and prompt.assignment_id == line.assignment.id:
            prompts.take(turn)
            words = words or decisions.UNTRUE
        decisions.decide(turn, line, Action.REOPEN, words, untrue=True)
        return
    last = undoing.last_decision(turn.session, turn.visitor.person.id, turn.now - LATELY, [line.assignment.id])
    words = words or (last.words if last is not None and last.action is Action.REOPEN else "")
    spot_checks.reopened(turn.session, line.assignment, turn.visitor.actor, turn.now, words, turn.files)
    turn.acted(decisions.UNTRUE, line.code)
    turn.reply(
        "decided",
        code=line.code,
        unit=line.unit.name,
        outcome=f"{decisions.UNTRUE}，列入问题清单（此前已重开）",
        due=None,
        anew=False,
        valid=False,
        line=line,
        **answers.who(turn),
    )


def waiting_of(turn: Turn, references: Sequence[str], *states: State) -> list[Line]:
    """Return what is named of what was drawn and waits, and is closed or in one of ``states``; without a name what is answered."""
    closed = Which(LIVING, states=states or [State.CLOSED])
    named = references or turn.chosen is not None or turn.incoming.reply_to
    target = of_coordinator(turn, references, closed) if named else None
    return [
        line
        for line in (target.lines if target is not None and target.named else ())
        if spot_checks.waiting(turn.session, line.assignment.id) is not None
    ]


def one_of_drawn(turn: Turn, references: Sequence[str], words: str, *states: State) -> Line | None:
    """Return which of what was drawn is meant; where units share it, ask which with a button each, and keep what was said."""
    drawn = waiting_of(turn, references, *states)
    named = [line for line in drawn if line.unit.name in words] or drawn
    if len(named) > 1:
        choose(turn, named, turn.text, units=True)
        return None
    if not named:
        word = turn.spoken("抽查属实", "holds")
        raise Denied(f"没有等着核对的这一项；请写明抽中的是哪一项，例如：{word} A-7。")
    return access.for_coordinator(turn.session, turn.desk, turn.visitor, named[0].assignment.id, LIVING)


def _one(turn: Turn, rest: str, *states: State) -> tuple[Line | None, str]:
    """Return which of what was drawn, and is closed or in one of ``states``, is named, and the words behind its name."""
    references, words = split(rest)
    line = one_of_drawn(turn, references, words, *states)
    return line, words.replace(line.unit.name if line is not None else "", "").strip(" ，,：:")


# ---------------------------------------------------------------- all the rest


def offer_rest(turn: Turn) -> bool:
    """其余的都属实: list what of the last check nobody has looked at, with one press for all; tell whether there is any. What was spoken
    of here and left undecided is none of the rest.
    """
    last = _last_of_all(turn)
    waits = _waits(turn, last[1]) if last is not None else []
    left = _left(turn, last[1]) if last is not None else []
    if last is None or not waits:
        return False
    apart = "、".join(f"〔{line.code}〕{line.unit.name}" for line in waits if line not in left)
    if not left:
        raise Denied(f"没有记录：剩下的{shorten(apart, 60)}您说到了，还没有说属实还是不属实。")
    if apart:
        turn.say_beside(f"没有列入，说到了还没有说属实还是不属实：{shorten(apart, 60)}", ())
    rows = [f"〔{line.code}〕{line.unit.name}：{shorten(line.title, 24)}" for line in left[:SHOWN]]
    label = f"这{len(left)}项都属实"
    buttons = [button(Verb.REST_HOLDS, last[1].id, len(left), label)]
    text = say("rows", heading="其余待核对的", rows=rows, total=len(left))
    turn.reply_text(text, buttons, outcome="rows", seen=seen.as_seen(left))
    return True


def _waits(turn: Turn, check: SpotCheck) -> list[Line]:
    return [one.line for one in spot_checks.drawn(turn.session, check) if one.waits]


def _left(turn: Turn, check: SpotCheck) -> list[Line]:
    """Return what waits of a check and was not spoken of here since it was drawn: A-6月报数对不上吧 shows A-6 and leaves it open."""
    since = max(check.drawn_at, turn.now - LATELY)
    said = access.answered_with(turn.session, turn.visitor, ("spot_checked", "show"), since)
    spoken_of = {code for text in said for part in parts(text) for code in part.tasks}
    return [line for line in _waits(turn, check) if not any(names_it(line, code) for code in spoken_of)]


def rest_holds(turn: Turn, number: int, _count: int) -> None:
    """这几项都属实: what was listed is found so, where it is the same still."""
    access.require_coordinator(turn.visitor)
    check = spot_checks.by_number(turn.session, number)
    if check is None:
        raise Denied("该按钮不属于本会话。")
    access.to_campaign(turn.session, turn.visitor, check.campaign_id)
    same, _changed = seen.still_as_seen(turn)
    left = _left(turn, check)
    if {line.assignment.id for line in left} != seen.shown(turn).keys() or len(same) != len(left):
        raise Denied(f"情况已有变动，没有记录；还有{len(left)}项待核对，请重新写一遍。")
    with turn.in_one_answer():
        for line in left:
            turn.attempt(lambda line=line: _hold_one(turn, line))  # type: ignore[misc]


def _hold_one(turn: Turn, line: Line) -> None:
    found_so(turn, access.for_coordinator(turn.session, turn.desk, turn.visitor, line.assignment.id, LIVING), "")
