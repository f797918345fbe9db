"""问题 in our rooms: recorded in a sentence, with pictures from before; the two lists, shown and as a file."""

import re
from dataclasses import replace

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.contact import evidence
from bot.dialogue.problem_lists import MEASURES, PROBLEMS, text_of
from bot.dialogue.room import additions, lookups
from bot.dialogue.room.handing import hand_over
from bot.dialogue.targets import Target, choose, of_coordinator
from bot.dialogue.turn import Turn
from db import ledger
from db.ledger import Which, problems
from db.ledger import evidence as rows
from db.words import LIVING, Phase, State
from jobs.notices.render import shorten
from jobs.printed.two_lists import two_lists

_CODE = re.compile(r"[A-Za-z]{1,2}\d*-\d+(?:\.\d+)?")

record = additions.begin_problem


# ---------------------------------------------------------------- the two lists


def show_problems(turn: Turn, rest: str) -> None:
    """问题清单: what was found and is not set right yet, narrowed as 清单 is."""
    _list(turn, rest, PROBLEMS)


def show_measures(turn: Turn, rest: str) -> None:
    """整改清单: the measure of each, how far it is."""
    _list(turn, rest, MEASURES)


def _list(turn: Turn, rest: str, heading: str) -> None:
    access.require_room(turn.visitor)
    turn.reply_text(text_of(turn, _which(turn, rest), heading, units=True), outcome="problems")


def hand_out(turn: Turn, rest: str) -> None:
    """两张清单: both as a file of two sheets, what is closed too."""
    access.require_room(turn.visitor)
    which = _which(turn, rest)
    if which.states == lookups.STILL:
        which = replace(which, states=None)
    lines = ledger.lines(turn.session, which)
    if not lines:
        raise Denied("没有可导出的问题。")
    text = f"问题清单和整改措施清单，截至{turn.at()}，{len(lines)}项："
    content = two_lists(turn.session, lines, turn.now)
    hand_over(turn, text, f"两张清单{turn.today():%Y-%m-%d}.xlsx", content, "two_lists")


def _which(turn: Turn, rest: str) -> Which:
    which, unknown = lookups.narrowed(turn, rest.strip())
    if unknown:
        raise Denied(f"没有叫“{shorten(unknown, 20)}”的单位；可写单位全称、专项的字头，或 逾期／临期／待核／销号。")
    return replace(which, problems=True)


# ---------------------------------------------------------------- pictures


def took_pictures(turn: Turn, text: str) -> bool:
    """Take what a coordinator sends with 整改前 or 整改后, or in reply to a problem, as its pictures; tell whether it was such.

    What belongs to an album of which another message tells a problem waits for that one to be given out.
    """
    if not turn.files or not turn.visitor.steers:
        return False
    if not text and _is_of_a_problem(turn):
        turn.outcomes.append(evidence.WAITS)
        return True
    phase = next((phase for phase in Phase if phase.zh in text), None)
    if phase is None and not turn.incoming.reply_to:
        return False
    found = of_coordinator(turn, tuple(_CODE.findall(text)), Which(LIVING, problems=True))
    if phase is None and not (found.named and found.lines):
        return False
    turn.attempt(lambda: _keep(turn, found, phase))
    return True


def _keep(turn: Turn, found: Target, named: Phase | None) -> None:
    """Keep pictures; where nobody says of when they are, they are from before until its unit has reported."""
    line = found.only
    if line is None and found.lines:
        choose(turn, found.lines, "照片", units=True)
        return
    if line is None:
        example = f"{named.zh if named else Phase.BEFORE.zh} A-3"
        lists = turn.spoken("问题清单", "problems")
        raise Denied(f"未收存：请写明是哪一个问题再发一次，例如：{example}（“{lists}”可查看编号）。")
    reported = line.assignment.state in (State.REPORTED, State.CLOSED)
    phase = named or (Phase.AFTER if reported else Phase.BEFORE)
    granted = access.for_coordinator(turn.session, turn.desk, turn.visitor, line.assignment.id, LIVING)
    if not problems.is_one(turn.session, granted.assignment):
        raise Denied(f"〔{line.code}〕不是问题清单中的事项，未收存。")
    fresh = rows.hand_in(turn.session, granted.assignment, turn.files, turn.visitor.actor, turn.now, phase)
    if not fresh:
        raise Denied(f"〔{line.code}〕这些照片此前已经收存，没有再收一次。")
    turn.reply("pictures", code=line.code, phase=phase.zh, names=[file.name for file in fresh], line=granted)


def _is_of_a_problem(turn: Turn) -> bool:
    """Tell whether another message of the same album tells a problem that is not given out yet."""
    album = access.album_of(turn.session, turn.record)
    return any(one.words.get("problem") and "given_out" not in one.words for one in album)
