"""有效期 in our rooms: a coordinator says until when what expires is valid now; the present one is done, the next is planned."""

import re

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.parts import for_each, several
from bot.dialogue.renewals import new_day, require_likely
from bot.dialogue.targets import choose, of_coordinator, split
from bot.dialogue.turn import Turn
from db import ledger, locking
from db.ledger import Which, renewal
from db.words import EVERY, LIVING
from jobs.campaigns import renewing

_SAID = re.compile(r"^\s*把?\s*(?P<codes>[^，。]*?)\s*的?(?P<rest>新?有效期.*)$", re.DOTALL)


def begin(turn: Turn, rest: str) -> None:
    """有效期 A-3 2026年7月1日, and of each task at the head of the words."""
    access.require_coordinator(turn.visitor)
    for_each(_begin)(turn, rest)


def _begin(turn: Turn, rest: str) -> None:
    references, words = split(rest)
    _renew(turn, references, f"有效期{words}")


def in_room(turn: Turn, text: str) -> bool:
    """Take A-3 有效期改为2026年7月1日 in a coordinator's own words; tell whether it was that."""
    said = _SAID.match(text)
    codes, more = several(said["codes"]) if said is not None else ([], "")
    if said is None or not codes or more or not turn.visitor.steers:
        return False
    turn.attempt(lambda: begin(turn, f"{'、'.join(codes)} {said['rest'].removeprefix('新').removeprefix('有效期')}"))
    return True


def _renew(turn: Turn, references: tuple[str, ...], words: str) -> None:
    found = of_coordinator(turn, references, Which(LIVING)) if references else None
    lines = [one for one in (found.lines if found else ()) if renewal.of(turn.session, one.assignment) is not None]
    tasks = {line.task.id: line for line in lines}
    day = new_day(words, turn.today())
    if len(tasks) > 1:
        choose(turn, list(tasks.values()), turn.text, units=True)
        return
    if not tasks or day is None:
        word = turn.spoken("有效期", "renew")
        why = found.lost if found is not None and found.lost else ""
        raise Denied(why or f"请写明到期台账中的哪一项、到哪一天，例如：{word} A-3 2026年7月1日。")
    line = next(iter(tasks.values()))
    everybody = ledger.lines(turn.session, Which(EVERY, tasks=[line.task.id]))
    locking.hold(turn.session, [one.assignment for one in everybody])
    for one in everybody:
        access.for_coordinator(turn.session, turn.desk, turn.visitor, one.assignment.id, LIVING)
    expiry = renewal.of(turn.session, line.assignment)
    assert expiry is not None, "only what expires is renewed"
    require_likely(words, day, renewal.expires(turn.session, expiry, line.unit.id), turn.today())
    units = renewing.renew(turn.session, expiry, everybody, day, turn.visitor.actor, turn.now)
    turn.acted("续期", line.code)
    turn.reply(
        "renewed_in_room",
        code=line.milestone.code.split(".")[0],
        units=units,
        day=day,
        asked=renewal.asked_by(expiry, day),
        who=turn.visitor.person.name,
        at=turn.at(),
        line=line,
    )
