"""Which words of a question its list does not account for: then it is said which they are, and no figure of another set is told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.dialogue.phrases import Pieces
from bot.dialogue.room import asked_lists, periods
from bot.dialogue.turn import Turn
from db import ledger, register
from db.models import Unit
from db.plain import SURNAME
from jobs.audiences import called, listed
from jobs.notices.press import Verb, button
from jobs.notices.render import say, shorten

_SAY = Pieces("accounted", surname=SURNAME)
_OVER = _SAY("{over}")
_BEHIND = _SAY(r"(?P<who>[^，,。；;\s]{2,30}?)的?(?:{behind})")
_OTHERS = _SAY("^(?:以外|之外|外)?的?(?:{others})?的?")
_OTHERS_SAID = _SAY("(?:以外|之外|外)?的?(?:{others})")
_OUT_OF_TIME = _SAY("(?:{late})(?:[以之]?后)?(?:才|了)?{ended}|(?:{in_time})[地就]?{ended}")
"""How it came to its end, by which there are no lists: 逾期办结, 按期办结."""
_BESIDES = _SAY("{besides}")
_HARMLESS = _SAY("{surname}(?:[局处科]长?|总|工|主任|书记)(?=问|要|想|让)|{asks}|{others}|{figures}")
_ORDERS = _SAY("(?<![收接]到)(?:{orders})|^(?:请|让|叫)")
_STRANGE = re.compile("[\u4e00-\u9fff\\d]{2,}")
_EACH = re.compile("各自?[还剩有欠办逾待]|分别")
"""That a figure of each of several is wanted."""
_MANY = re.compile("多少|几[项个件条家]")
_LONGEST = 16


@dataclass(frozen=True, slots=True)
class Question:
    """Which list a text asks for, in the words of its command, of which ``units`` it is, whom it leaves out (``but``, as that command has
    it), the first of its words that no list accounts for, and whether it asks how much there is of several kinds or of each of several.
    """

    query: str = ""
    units: Sequence[Unit] = ()
    but: str = ""
    unheard: str = ""
    several: bool = False


def asked(session: Session, text: str, units: Sequence[Unit], campaigns: Sequence[str], today: date) -> Question:
    """Return what a text asks of lists in which these units and campaigns are named."""
    query, rest = asked_lists.asked_for(text, units, campaigns, today)
    if asked_lists.ASKS.search(text) is None:
        return Question(query, units)
    if _ORDERS.search(text) is not None:
        return Question(query, units, unheard=next(iter(_strange(session, rest, campaigns)), ""))
    spared, lost, text = _left_out(session, _BESIDES.sub(" ", text))
    units = [unit for unit in units if unit not in spared]
    query, rest = asked_lists.asked_for(text, units, campaigns, today)
    strange = _strange(session, rest, campaigns)
    out_of_time = _OUT_OF_TIME.search(text)
    lost = lost or (out_of_time[0] if out_of_time is not None else "")
    by_short_names = [called(session, one)[0] for one in strange]
    if all(by_short_names) and not lost:
        units, strange = [*units, *(unit for found in by_short_names for unit in found)], []
        query = asked_lists.asked_for(text, units, campaigns, today)[0]
    several = len(_MANY.findall(text)) > 1 or (len(units) > 1 and _EACH.search(text) is not None)
    if not lost and not strange and several and periods.names_one(text, today):
        lost = text
    but = " ".join(f"不含{unit.name}" for unit in spared)
    query = f"{query} {but}".strip() if query or not units else " ".join([*(unit.name for unit in units), but]).strip()
    return Question(query, units, but, lost or next(iter(strange), ""), several)


def _left_out(session: Session, text: str) -> tuple[list[Unit], str, str]:
    """Return whom a question leaves out, 除了甲局, 甲局不算, what of this names no unit, and the question without it."""
    behind = _BEHIND.search(text)
    units, unknown = called(session, _OVER.sub("", behind["who"])) if behind is not None else ([], "")
    if behind is not None and units and not unknown:
        return units, "", f"{text[: behind.start()]} {_OTHERS.sub('', text[behind.end() :])}"
    over = _OVER.search(text)
    if over is None:
        return [], behind[0] if behind is not None else "", text
    units, rest, unknown = listed(session, text[over.end() :], joined=True)
    if units and (not unknown or _OTHERS_SAID.match(rest)):
        return units, "", f"{text[: over.start()]} {_OTHERS.sub('', rest)}"
    return [], text[over.start() :], text


def _strange(session: Session, text: str, campaigns: Sequence[str]) -> list[str]:
    """Return the words of a question that are no unit, no campaign, and do not only ask."""
    titles = [one.title for one in ledger.running(session) if one.letter in campaigns]
    rest = asked_lists.without_campaigns(register.spoken_of(session, text)[1])
    rest = _HARMLESS.sub(" ", rest)
    return [found[0] for found in _STRANGE.finditer(rest) if not any(found[0] in title for title in titles)]


def refuse(turn: Turn, unheard: str, query: str) -> None:
    """Say which words no list accounts for, and offer the list without them."""
    why = f"没有列：没听懂话里的“{shorten(unheard, _LONGEST)}”，不按它列的数不对。"
    buttons = [button(Verb.TURN_PAGE, 1, label=f"只看{shorten(query, 16)}")] if query else []
    turn.reply_text(say("refused", why=why), buttons, outcome="refused", query=query or None)
