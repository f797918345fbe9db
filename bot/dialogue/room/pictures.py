"""Pictures of a problem in our rooms, from before and after: sent with a word, in reply, or as an album of which one message says so."""

import re

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.contact.evidence import WAITS
from bot.dialogue.targets import TELLABLE, Target, choose, of_coordinator
from bot.dialogue.turn import Turn, kept_with
from db import register
from db.ledger import Line, Which, evidence, problems
from db.models import Inbound, Unit
from db.words import LIVING, Phase, State
from jobs.notices.press import Verb, button

_CODE = re.compile(r"[A-Za-z]{1,2}\d*-\d+(?:\.\d+)?")


def took(turn: Turn, text: str) -> bool:
    """Take what a coordinator sends with 整改前 or 整改后, in reply to a problem, or beside such in one album, as its pictures;
    tell whether it was such.
    """
    if not turn.files or not turn.visitor.steers:
        return False
    if not text and _with_its_album(turn):
        return True
    phase = next((phase for phase in Phase if phase.zh in text), None)
    if phase is None and _shows_a_task(turn, text):
        return True
    if phase is None and not turn.incoming.reply_to:
        return False
    found = of_coordinator(turn, tuple(_CODE.findall(text)), Which(LIVING, problems=True))
    if phase is None and not (found.named and found.lines):
        return False
    _note(turn.record, None)
    turn.attempt(lambda: _keep(turn, found, phase))
    return True


def _shows_a_task(turn: Turn, text: str) -> bool:
    """Keep a photograph of which a coordinator says no more than the task or unit that it shows, under their own name; tell whether it
    was that.
    """
    if (chosen := turn.chosen) is not None and _is_picture(turn):
        turn.attempt(lambda: _keep(turn, of_coordinator(turn, (chosen.code,), Which(LIVING)), None, of_problems=False))
        return True
    rest, units = _CODE.sub(" ", text), list[Unit]()
    while (named := register.beginning_with(turn.session, rest := rest.lstrip(_BETWEEN))) and not units:
        units, rest = [named[0][1]], rest[len(named[0][0]) :]
    codes = tuple(_CODE.findall(text))
    if not _is_picture(turn) or not _NO_MORE.fullmatch(rest):
        return False
    if not (codes or units or turn.chosen):
        return False
    which = Which(LIVING, units=[unit.id for unit in units] or None, states=None if codes else TELLABLE)
    found = of_coordinator(turn, codes, which)
    if not found.lines:
        return False
    turn.attempt(lambda: _keep(turn, found, None, of_problems=False))
    return True


def _is_picture(turn: Turn) -> bool:
    return all(_PICTURE.search(file.name) for file in turn.files)


def asked_what(turn: Turn, text: str) -> bool:
    """Ask what a photograph is, whose words are not understood and speak of no list: which task it shows, or a list; tell whether it was
    asked.
    """
    if (
        not (text and turn.visitor.steers and _is_picture(turn))
        or _LIST.search(text)
        or turn.record.words.get("as_list")
    ):
        return False
    found = of_coordinator(turn, tuple(_CODE.findall(text)), Which(LIVING, states=TELLABLE))
    lines = found.lines or of_coordinator(turn, (), Which(LIVING, states=TELLABLE)).lines
    if not lines:
        return False
    turn.say_beside("这张照片是哪一项的佐证？是清单的，请按“读作清单”。", [button(Verb.AS_LIST, turn.inbound_id)])
    choose(turn, lines, text, units=True)
    return True


_LIST = re.compile(r"清单|名单|名录|台账|值班|导入|任务|表|读[一入取作成出]|识别|(?:19|20)\d\d")
"""What a picture of a list comes with."""


def as_list(turn: Turn, said_in: int, _version: int = 0) -> None:
    """读作清单: the photograph of an earlier message is a list."""
    inbound = access.own_message(turn.session, turn.visitor, said_in)
    inbound.words = {**inbound.words, "as_list": True}
    turn.again = inbound, None


_PICTURE = re.compile(r"\.(?:jpe?g|png|heic|webp|bmp)$", re.IGNORECASE)
_BETWEEN = " 　、，,：:的〔〕"
_NO_MORE = re.compile(
    r"[\s、，,：:的〔〕]*(?:今天|昨天)?(?:去|到)?(?:现场)?(?:拍摄?|看到?)?的?(?:现场|佐证|照片|图片|情况|图)*[。！]?"
)


def are_of(turn: Turn, line: Line, phase: Phase) -> None:
    """Write down of what the pictures of this message are: the rest of its album is of the same."""
    _note(turn.record, (line.assignment.id, str(phase)))


def _note(record: Inbound, of: tuple[int, str] | None) -> None:
    record.words = {**record.words, "pictures_of": of}


def _with_its_album(turn: Turn) -> bool:
    """Take what belongs to an album as another message of it has it: pictures of a problem, or of one that is still to be given out."""
    album = access.album_of(turn.session, turn.record)
    told = next((of for one in album if (of := one.words.get("pictures_of")) is not None), None)
    if told is not None:
        number, phase = told
        turn.attempt(lambda: _quietly(turn, number, Phase(phase)))
    elif any("pictures_of" in one.words or ("problem" in one.words and "given_out" not in one.words) for one in album):
        turn.outcomes.append(WAITS)
    else:
        return False
    return True


def _quietly(turn: Turn, number: int, phase: Phase) -> None:
    """Keep what follows in an album of which it was answered already."""
    line = access.for_coordinator(turn.session, turn.desk, turn.visitor, number, LIVING)
    evidence.hand_in(turn.session, line.assignment, turn.files, turn.visitor.actor, turn.now, phase)
    are_of(turn, line, phase)
    turn.outcomes.append("pictures")


def _keep(turn: Turn, found: Target, named: Phase | None, *, of_problems: bool = True) -> None:
    """Keep pictures, ``of_problems`` alone or of any task, with those of their album that came before; where nobody says of when they are, they are from before until
    their unit has reported.
    """
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
    is_problem = problems.is_one(turn.session, granted.assignment)
    if not is_problem and of_problems:
        raise Denied(f"〔{line.code}〕不是问题清单中的事项，未收存。")
    before = [
        one
        for one in access.album_of(turn.session, turn.record)
        if not (one.words.get("pictures_of") or one.words.get("text"))
    ]
    files = [*turn.files, *(file for one in before for file in kept_with(one))]
    stage = phase if is_problem else None
    fresh = evidence.hand_in(turn.session, granted.assignment, files, turn.visitor.actor, turn.now, stage)
    if not fresh:
        raise Denied(f"〔{line.code}〕这些照片此前已经收存，没有再收一次。")
    shown = any(evidence.shows(file.name) for file in fresh)
    if is_problem:
        are_of(turn, granted, phase)
        for one in before:
            _note(one, (granted.assignment.id, str(phase)))
    turn.reply(
        "pictures",
        code=line.code,
        phase=phase.zh if is_problem and shown else "",
        shown=shown,
        names=[file.name for file in fresh],
        line=granted,
    )
