"""What is said in reply to 【群发回执】 or 【调度情况】 is about that broadcast or round: 催一下, 谁没回, 导出, 结束, as its buttons do."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.dialogue import access, access_to_calls
from bot.dialogue.phrases import Pieces
from bot.dialogue.room import broadcasts, campaigns, round_days, rounds
from bot.dialogue.turn import Turn
from db.bodies import RoundTallyBody
from db.models import Broadcast, Round
from db.words import NoticeKind
from jobs.rounds.standing import latest

_SILENT = "(?:还?(?:没有?|未)(?:回复?|确认|收到|答复?|反应|动静|选|[上填]?报送?|交)的?)"
_AGAIN = "(?:再|都|请|帮我|给我)*(?:催办?|提醒|催一催|再发)(?:一[下遍次]|他们|大家|各单位)*"
_WHO = "(?:还有|都有?|看看?|现在|目前)*(?:谁|哪些(?:单位)?|哪几家|几家|多少家?|有谁)"
_ASKED = (
    ("chase", f"{_AGAIN}{_SILENT}?(?:单位)?|把?{_SILENT}(?:单位)?[都再]*催一?下?"),
    ("close", "(?:结束|撤回|停止?|收了|收表|到此为止|不再?等了?)(?:群发|调度|催促|催办|这次|本次)*"),
    ("hush", "(?:先|暂时|今天)?(?:别|不用|不要|不)再?催"),
    ("export", "(?:导出|下载|出表|导一下|要表|汇总|(?:把)?表格?[给发]我)(?:群发|调度|回执|表格?|一[份下]|excel)*"),
    ("tally", f"{_WHO}{_SILENT}|还[有差]谁|刷新|情况(?:怎么样|如何)?|{_SILENT}"),
)
_ENDS = re.compile(r"[了吧呀啊呢吗的\s。，,!！?？]+$")


def asked_in(text: str) -> str | None:
    """Return what a reply to the figures asks for: chase, close, hush, export or tally; None for anything else."""
    clean = _ENDS.sub("", text.strip().removeprefix("/"))
    return next((what for what, words in _ASKED if re.fullmatch(words, clean)), None)


_OF_A_BROADCAST = Pieces("tallies", silent=_SILENT)("(?=.*群发).*[谁哪].{0,6}{silent}|{silent}.{0,4}群发.{0,4}[谁哪]")
"""怎么看谁没回复群发: says itself that it is about what was sent to all."""
JUST = timedelta(hours=2)
"""How long ago the broadcast may have gone out that somebody means who asks 谁还没报 and names nothing."""


def of_what_was_sent(turn: Turn, text: str) -> bool:
    """Show the figures of the broadcast that just went out where it is asked who is silent, and chase who is where that is said, 催没回的, of the
    broadcast or the round that was opened last; tell whether it was that.
    """
    if not turn.visitor.steers or turn.incoming.press is not None or turn.files or len(text) > LONGEST:
        return False
    clean = _ENDS.sub("", text.strip().removeprefix("/"))
    named = _OF_A_BROADCAST.search(clean) is not None
    chases = asked_in(clean) == "chase" and re.search(_SILENT, clean) is not None
    if not named and not chases and not re.fullmatch(f"{_WHO}{_SILENT}", clean):
        return False
    if named:
        broadcasts.latest("tally", turn)
        return True
    sent, made = _just_sent(turn), _round_of_now(turn, ever=chases and _REPORTS.search(clean) is not None)
    if sent is not None and (made is None or (made.opened_at or turn.now) <= (sent.sent_at or turn.now)):
        broadcasts.TOLD_OF["chase" if chases else "tally"](turn, sent.id)
        return True
    if made is not None and chases:
        rounds.TOLD_OF["chase"](turn, made.id)
        return True
    return False


_REPORTS = re.compile("[报交]")
"""What units owe a round that waits for answers, however long ago it was opened."""


def _just_sent(turn: Turn) -> Broadcast | None:
    """Return the broadcast that went out a short while ago and still counts who answers."""
    sent = access_to_calls.latest_broadcast(turn.session, turn.visitor)
    counts = sent is not None and sent.sent_at is not None and sent.closed_at is None
    return sent if sent is not None and counts and turn.now - (sent.sent_at or turn.now) <= JUST else None


def _round_of_now(turn: Turn, *, ever: bool = False) -> Round | None:
    """Return the round that was opened a short while ago, or ``ever``, and still waits for answers."""
    made = next(iter(latest(turn.session, 1)), None)
    waits = made is not None and made.opened_at is not None and made.closed_at is None
    return made if made is not None and waits and (ever or turn.now - (made.opened_at or turn.now) <= JUST) else None


LONGEST = 30
"""Characters of such a question; who writes more than that says something else."""


def answered(turn: Turn, text: str) -> bool:
    """Do what a reply to the figures of a broadcast or a round asks for; tell whether it was such a reply."""
    notice = turn.source.notice if turn.source is not None and turn.incoming.press is None else None
    if notice is None or turn.files:
        return False
    what, body = asked_in(text), notice.body
    told: dict[str, Callable[[Turn, int], None]]
    if notice.kind is NoticeKind.TALLY and notice.broadcast_id is not None:
        number, told = notice.broadcast_id, {**broadcasts.TOLD_OF, "hush": broadcasts.tell_when_chased}
        if what is None:
            return broadcasts.asked_of_units(turn, number, text)
    elif isinstance(body, RoundTallyBody):
        number, told = body.round, {**rounds.TOLD_OF, "hush": rounds.tell_when_chased}
        if what is None:
            return round_days.replied(turn, number, text) or rounds.asked_of_units(turn, number, text)
    else:
        return False
    if what is not None:
        told[what](turn, number)
    return what is not None


def end(turn: Turn, rest: str) -> None:
    """结束, 结束吧: right after a broadcast or a round it is about that, and a campaign is ended only by its number."""
    if _ENDS.sub("", rest):
        campaigns.end(turn, rest)
        return
    access.require_coordinator(turn.visitor)
    sent, asked = _just_sent(turn), _round_of_now(turn)
    just: list[tuple[datetime, Callable[[], None]]] = []
    if sent is not None and sent.sent_at is not None:
        just.append((sent.sent_at, lambda: broadcasts.close_in_words(turn, sent.id)))
    if asked is not None and asked.opened_at is not None:
        just.append((asked.opened_at, lambda: rounds.TOLD_OF["close"](turn, asked.id)))
    if just:
        max(just, key=lambda one: one[0])[1]()
    else:
        campaigns.end(turn, rest)
