"""Another day for a round: 危化调度改到下周一. It is shown first whom that is told, since the units were told another."""

import re
from collections.abc import Sequence
from datetime import date

from bot.dialogue import access_to_calls, opening
from bot.dialogue.access import Denied
from bot.dialogue.phrases import Phrase, Pieces
from bot.dialogue.turn import Turn
from bot.dialogue.understanding.details import more_time
from db import days
from db.models import Round
from jobs.notices.press import DAYS_APART, Verb, button, from_to
from jobs.notices.render import shorten
from jobs.rounds import keeping
from jobs.rounds.asked import not_a_year_later
from jobs.rounds.standing import Stand, open_called, stands

LONGEST = 60
"""Characters of a sentence that moves a round; who writes more says something else."""

_SAY = Pieces(
    "round_days",
    moves=r"(?:延[期后长]?|推[迟后]?|顺延|[改调挪移]|提前|放宽|宽限)(?=[到至为成在\d一二两三四五六七八九十半])",
    then="(?:的?(?:报送)?{limit}|统一|都|再|先)*(?P<how>{moves}[^，,。；;？?]{1,20})$",
    please="(?:[请把将]|麻烦)*",
    what="(?P<plain>调度)(?![会室员台表站司处科中])|报送",
    number=r"\s*(?P<number>\d{0,9})\s*[次的]?",
)
_SAID = _SAY("^{please}(?P<called>[^，,。；;？?]{0,30}?){what}{number}{then}")
"""Which round is called how; 调度会, 调度室 and 调度中心 are none."""
_REPLIED = _SAY("^{please}(?:这[次个]|本次)?{then}")
_COMMANDED = _SAY("^{number}{then}")
_ASKS = re.compile(r"[?？]\s*$|[吗呢]$|行不行|可以不|能不能|好不好|哪|谁|几时|什么|没")
_ENDS = re.compile(r"[\s。！!吧了哈啊]+$")
_CODE = re.compile(r"[A-Za-z]{1,2}\d{0,2}-\d")


def _read(phrase: Phrase, text: str) -> re.Match[str] | None:
    """Return how a sentence moves a round; what asks, or speaks of a task by its code, moves none."""
    clean = _ENDS.sub("", text.strip())
    if len(clean) > LONGEST or _ASKS.search(clean) or _CODE.search(clean):
        return None
    return phrase.match(clean)


def in_own_words(turn: Turn, text: str) -> bool:
    """Take a sentence that moves a round which is open; tell whether it was one."""
    said = _read(_SAID, text) if turn.visitor.steers else None
    if said is None:
        return False
    found = open_called(turn.session, said["called"], said["number"])
    if not found and not (said["plain"] and not said["called"]):
        return False  # the hand-in of a task is called so, too
    turn.attempt(lambda: _preview(turn, _only(turn, found), said["how"]))
    return True


def commanded(turn: Turn, rest: str) -> bool:
    """Take what stands behind the command where it moves a round, 调度 1 改到下周一; tell whether it does."""
    said = _read(_COMMANDED, rest)
    if said is None:
        return False
    _preview(turn, _only(turn, open_called(turn.session, "", said["number"])), said["how"])
    return True


def replied(turn: Turn, number: int, text: str) -> bool:
    """Take a reply to the figures of a round that moves it; tell whether it does."""
    said = _read(_REPLIED, text) or _read(_SAID, text)
    if said is None:
        return False
    _preview(turn, access_to_calls.to_round(turn.session, turn.visitor, number), said["how"])
    return True


def _only(turn: Turn, found: Sequence[Round]) -> Round:
    if not found:
        raise Denied("没有进行中的这次调度，未改期。")
    if len(found) > 1:
        listed = "；".join(f"调度{made.id} {shorten(made.title, 20)}" for made in found)
        raise Denied(
            f"改哪一次？请写明编号，例如：{turn.spoken('调度', 'round')} {found[0].id} 改到下周一。进行中的：{listed}。"
        )
    return found[0]


def _preview(turn: Turn, made: Round, how: str) -> None:
    day, _length = more_time(how, turn.today(), made.due)
    day = not_a_year_later(how, day, turn.today()) if day is not None else None
    if day is None or ("前" in how[:2] and _length is not None):
        raise Denied(f"请写明改到哪天，例如：{turn.spoken('调度', 'round')} {made.id} 改到下周一。")
    keeping.require_movable(turn.session, made, day, turn.now)
    policy = turn.desk.policy_of(turn.session, made.campaign_id)
    turn.reply(
        "round_day",
        title=made.title,
        was=made.due,
        due=day,
        moved=False,
        units=_units(stands(turn.session, made)),
        chases=keeping.chases(policy.round_chases),
        goes_at=opening.told(turn, opening.opens(turn, made.campaign_id)),
        buttons=[button(Verb.MOVE_ROUND, made.id, from_to(made.due.toordinal(), day.toordinal()))],
    )


def _units(found: Sequence[Stand]) -> int:
    return len({one.line.unit.id for one in found if one.is_owed})


def move(turn: Turn, number: int, pressed: int) -> None:
    """确认改期: the units that still owe an answer are told the new day, once; whoever is missing is chased by it. Nothing is moved
    where the round has another day by now than the one that was shown.
    """
    made = access_to_calls.to_round(turn.session, turn.visitor, number)
    day, shown = divmod(pressed, DAYS_APART)
    if not 1 <= day <= date.max.toordinal():
        raise Denied("请写明改到哪天。")
    if shown != made.due.toordinal() % DAYS_APART and day != made.due.toordinal():
        raise Denied(f"报送期限已改为{days.short(made.due, turn.today())}，未再改动；要再改请重写。")
    due, was, opens = date.fromordinal(day), made.due, opening.opens(turn, made.campaign_id)
    units = keeping.move(turn.session, turn.desk, made, due, turn.visitor.actor, turn.now, opens)
    turn.acted(f"改到{days.short(due, turn.today())}")
    told = opening.told(turn, opens)
    turn.reply("round_day", title=made.title, was=was, due=due, moved=True, units=units, chases="", goes_at=told)
