"""续期 in a unit's chat: it has renewed what expires, and says until when it is valid now."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.dialogue import access
from bot.dialogue.contact import answers, unfinished
from bot.dialogue.renewals import new_day, require_likely
from bot.dialogue.targets import TELLABLE, choose, of_contact
from bot.dialogue.turn import Turn
from bot.dialogue.understand import understand
from db import locking, outbox
from db.ledger import Line, asking, renewal, undoing
from db.models import Assignment
from db.words import NoticeKind, Reason, State


def heard(turn: Turn, text: str) -> bool:
    """Take a new day of expiry for a report of what it renews; tell whether it was one."""
    day = new_day(text, turn.today())
    if day is None:
        return False
    said = understand(text, on=turn.today(), coordinator=False)
    if turn.chosen is None:
        target = of_contact(turn, said.tasks or ((said.task,) if said.task else ()))
        lines: tuple[Line, ...] = target.lines if target.named or "有效期" in text else ()
    else:
        lines = (turn.chosen,)
    expiring = {line.task.id: line for line in lines if renewal.of(turn.session, line.assignment) is not None}
    if len(expiring) > 1:
        choose(turn, list(expiring.values()), text, units=len(turn.visitor.units) > 1)
    for line in expiring.values() if len(expiring) == 1 else ():
        _report(turn, line, day, text)
    return bool(expiring)


_PUTS_RIGHT = re.compile(
    r"^(?:不好意思|抱歉)?[，,\s]*(?:刚才|上面)?(?:[说写打报填]?错了?|不对|更正)[，,：:\s]*(?:应该?|应当)?[是为]?(?:到|至)?(?P<day>[^，,。]{4,16})[。！]?$"
)


def put_right(turn: Turn, text: str) -> bool:
    """Take another day, 写错了，是2027年7月31日, for that of the renewal that this person has just told; tell whether it was that."""
    said = _PUTS_RIGHT.match(text.strip())
    if said is None or turn.files:
        return False
    since = turn.now - timedelta(minutes=turn.desk.policy_of(turn.session, None).undo_minutes)
    entry = undoing.last_act(turn.session, None, turn.visitor.person.id, since)
    day = new_day(f"新有效期至{said['day']}", turn.today())
    if entry is None or day is None or not entry.after.get("renewed"):
        return False
    line = undoing.line_of(turn.session, entry)
    turn.attempt(lambda: _report(turn, line, day, text))
    return True


def _report(turn: Turn, line: Line, day: date, words: str) -> None:
    """Report the expiry, and what was still to be done for it, as renewed; who verifies is asked once."""
    mine = access.for_unit(turn.session, turn.desk, turn.visitor, line.assignment.id)
    expiry = renewal.of(turn.session, mine.assignment)
    assert expiry is not None, "only what expires is renewed"
    renewal.require_later(turn.session, expiry, mine.unit.id, day)
    require_likely(words, day, renewal.expires(turn.session, expiry, mine.unit.id), turn.today())
    parts = [one for _milestone, one in renewal.of_unit(turn.session, expiry, mine.unit.id) if one.state in TELLABLE]
    locking.hold(turn.session, parts)
    if _said_before(turn, mine, parts, day):
        return
    done = [one for part in reversed(parts) if (one := _report_one(turn, part.id, day, words)) is not None]
    for besides in done[1:]:
        outbox.withdraw(
            turn.session, besides.assignment.id, Reason.SUPERSEDED, (NoticeKind.REVIEW, NoticeKind.VERIFY_REQUEST)
        )
    if not done:
        turn.reply("refused", why=f"〔{mine.code}〕没有待办的续期，未作改动；有误的请联系协调员。")
        return
    asked = renewal.asked_by(expiry, day)
    turn.reply(
        "renewed",
        code=done[0].code,
        day=day,
        asked=asked,
        awaits=answers.awaits(done[0]),
        **answers.who(turn),
        line=done[0],
    )


def _said_before(turn: Turn, mine: Line, parts: Sequence[Assignment], day: date) -> bool:
    """Say that all of it waits already with this new day, who said so and when, and do it no second time; tell whether it does."""
    told = [asking.last_report(turn.session, one.id) for one in parts if one.state is State.REPORTED]
    same = [entry for entry in told if entry is not None and entry.after.get("renewed") == day.isoformat()]
    if not parts or len(same) < len(parts):
        return False
    turn.acted("报续期", mine.code)
    turn.reply(
        "renewed_already",
        code=mine.code,
        day=day,
        when=answers.who_was_first(turn, same[0]),
        awaits=answers.awaits(mine),
        line=mine,
    )
    return True


AGAIN = "改报续期"
"""What the record calls it when a report gives way to one with another day, or with a day."""


def _report_one(turn: Turn, number: int, day: date, words: str) -> Line | None:
    mine = access.for_unit(turn.session, turn.desk, turn.visitor, number)
    unfinished.take_back_report(turn, mine, AGAIN)
    return mine if answers.perform(turn, mine, answers.reporting(turn, mine, words, day)) else None
