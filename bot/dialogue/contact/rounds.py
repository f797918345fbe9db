"""A unit's side of a round: what it tells of a task's progress answers it; a second person confirms where that is asked for."""

import re
from collections.abc import Sequence

from bot.dialogue import access, access_to_calls
from bot.dialogue.agreeing import agrees
from bot.dialogue.targets import of_contact
from bot.dialogue.turn import Turn
from db import outbox
from db.bodies import ReplyBody
from db.ledger import Line
from db.models import Round
from db.plain import one_line
from db.words import NoticeKind
from jobs.notices.press import Press, Verb, button
from jobs.ports import Button
from jobs.rounds import keeping
from jobs.rounds.answers import is_labelled, lacking
from jobs.rounds.standing import Stand, open_for, open_with, stands

NAMED = 5
"""How many codes an answer names; of more it tells the number."""

_CONFIRMS = ("确认报送", "确认上报", "同意报送", "同意上报", "双签", "确认双签")
_SEND = re.compile(r"(?:^|[\s，,])(?:就这[么样])?(?:上?报|报送|报上去)吧$")
"""What is a second signature wherever it is said; in answer to the round's own message, or to what asks for one, any agreement is."""


def asked_in(turn: Turn) -> Round | None:
    """Return the round that the message asks for to which somebody replies."""
    notice = turn.source.notice if turn.source is not None else None
    if notice is None or notice.kind is not NoticeKind.ROUND:
        return None
    return access_to_calls.round_of(turn.session, turn.visitor, notice)


def answers_one(turn: Turn) -> bool:
    """Tell whether a message of a round is answered, also once it was chosen of which task."""
    if turn.chosen is None:
        return asked_in(turn) is not None
    answered = turn.record.words.get("reply_to")
    notice = outbox.notice_of_message(turn.session, turn.visitor.chat.id, answered) if answered else None
    return notice is not None and notice.kind is NoticeKind.ROUND


def labelled(turn: Turn, text: str) -> list[Line]:
    """Return of which tasks a text tells that names the fields of an open round and no task: all that the round still asks of
    this chat's units, or of those of the message that it answers; who was asked which has chosen one.
    """
    here = asked_in(turn)
    for made in [here] if here is not None else open_for(turn.session, [unit.id for unit in turn.visitor.units]):
        if not is_labelled(text, made.fields):
            continue
        units = {unit.id for unit in turn.visitor.units}
        theirs = [one for one in stands(turn.session, made) if one.line.unit.id in units and not one.is_let_off]
        replied = {line.assignment.id for line in of_contact(turn).lines} if here is not None else None
        found = [one for one in theirs if replied is None or one.line.assignment.id in replied]
        if turn.chosen is not None:
            return [one.line for one in found if one.line.assignment.id == turn.chosen.assignment.id]
        return [one.line for one in found if not one.entries] or [one.line for one in found]
    return []


def require_asked(turn: Turn, line: Line, number: int) -> None:
    """Raise ``Denied`` where the round of that number is not open, or does not ask of a task."""
    if number not in [made.id for made in open_with(turn.session, [line.assignment.id])]:
        raise access.Denied("这次调度已结束，或没有问到这项任务。")


def told(turn: Turn, lines: Sequence[Line]) -> None:
    """Let the rounds that ask of these tasks know that their units told something, and say beside the answer what is left."""
    numbers = [line.assignment.id for line in lines]
    rounds = open_with(turn.session, numbers)
    if not rounds:
        return
    turn.session.flush()
    keeping.answered(turn.session, rounds, numbers, turn.now)
    units = {line.unit.id for line in lines}
    for made in rounds:
        found = [one for one in stands(turn.session, made) if one.line.unit.id in units]
        said, buttons = _left(made, found, set(numbers))
        if said:
            turn.say_beside(said, buttons)


def _left(made: Round, found: Sequence[Stand], told: set[int]) -> tuple[str, list[Button]]:
    """Return what a unit still owes a round, and the button for the second person; that it owes nothing more is said once, when
    that becomes true, and then "".
    """
    missing = [one.line.code for one in found if one.is_owed and not one.entries]
    unsigned = [one for one in found if one.waits_for_signature]
    here = [one for one in found if one.line.assignment.id in told and one.entries]
    more = list(dict.fromkeys(field for one in here for field in lacking(one.answer, made.fields)))
    newly = any(len(one.entries) == 1 for one in here)
    said = [
        f"还差{_codes(missing)}" if missing else "本单位各项已报" if unsigned else "本单位已报齐" if newly else "",
        f"还可补充：{'、'.join(more)}" if more else "",
        ("另须一人“确认报送”" if missing else "须另一名人员按“确认报送”（或写“确认报送”）才算报齐") if unsigned else "",
    ]
    left = "；".join(part for part in said if part)
    buttons = [button(Verb.COSIGN, made.id)] if unsigned else []
    return f"“{one_line(made.title)}”调度：{left}。" if left else "", buttons


def _codes(codes: Sequence[str]) -> str:
    return "".join(f"〔{code}〕" for code in codes) if len(codes) <= NAMED else f"{len(codes)}项"


def taken_back(turn: Turn, line: Line) -> None:
    """Let rounds know that what was told of a task was taken back."""
    for made in open_with(turn.session, [line.assignment.id]):
        keeping.refresh(turn.session, made, turn.now)


# ---------------------------------------------------------------- the second signature


def cosign(turn: Turn, number: int, _version: int = 0) -> None:
    """确认报送: a second person confirms what their unit answered."""
    made, units = access_to_calls.to_cosign(turn.session, turn.visitor, number)
    _confirm(turn, made, [unit.id for unit in units])


def confirmed_in_words(turn: Turn, text: str) -> bool:
    """Take 确认报送 as the second signature under what waits for one, and as nothing else; tell whether it was said."""
    said, here = text.strip(" 。！!"), asked_in(turn) or asked_to_sign(turn)
    if said not in _CONFIRMS and not (here is not None and _lets_it_go(said) and _is_second(turn, here)):
        return False
    units = [unit.id for unit in turn.visitor.units]
    rounds = [one for one in open_for(turn.session, units) if one.signatures > 1 and here in (None, one)]
    if not rounds:
        turn.reply("refused", why="本单位现在没有等待确认的报送，所以什么都没有改动；签收请写“收到”。")
        return True
    waiting = [one for one in rounds if any(each.waits_for_signature for each in stands(turn.session, one))]
    made = (waiting or rounds)[0]
    turn.attempt(lambda: _confirm(turn, made, units))
    return True


def _lets_it_go(said: str) -> bool:
    """Tell whether words agree, also to its being sent: 可以，报吧."""
    words = _SEND.sub("", said)
    return agrees(said) or (words != said and (words in ("", "行", "好", "好的") or agrees(words)))


def asked_to_sign(turn: Turn) -> Round | None:
    """Return the round that the answer to which somebody replies asks a second person to sign for."""
    notice = turn.source.notice if turn.source is not None else None
    body = notice.legible if notice is not None and notice.kind is NoticeKind.REPLY else None
    presses = [Press.read(data) for _label, data in body.buttons] if isinstance(body, ReplyBody) else []
    numbers = {one.what for one in presses if one is not None and one.verb is Verb.COSIGN}
    units = [unit.id for unit in turn.visitor.units]
    return next((one for one in open_for(turn.session, units) if one.id in numbers), None) if numbers else None


def _is_second(turn: Turn, made: Round) -> bool:
    """Tell whether somebody else of who speaks' unit has answered a round, which waits for a second person."""
    units, me = {unit.id for unit in turn.visitor.units}, turn.visitor.person.id
    waiting = [one for one in stands(turn.session, made) if one.waits_for_signature and one.line.unit.id in units]
    return any(one.last.person_id != me for one in waiting)


def _confirm(turn: Turn, made: Round, units: Sequence[int]) -> None:
    if turn.incoming.anonymous:
        raise access.Denied("匿名发言不能双签；请以本人身份确认。")
    done = keeping.confirm(turn.session, made, units, turn.visitor.person, turn.visitor.actor, turn.now)
    turn.acted("确认报送")
    codes = [one.line.code for one in done]
    turn.reply("cosigned", codes=codes, who=turn.visitor.person.name, at=turn.at())
