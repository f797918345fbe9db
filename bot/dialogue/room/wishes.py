"""Wishes: what coordinators write as they would to a colleague, 谁还没回, 催住建局, 把A-1的期限改成5月15号, is a command of the table.

A wish is an act that is spoken of and what it is of: tasks, units, a day. What looks, or shows first what it would do, is done at
once; what changes something is offered as a button.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.dialogue import by_words
from bot.dialogue.access import Denied
from bot.dialogue.parts import parts
from bot.dialogue.room import accounted, asked_lists, counted_days, lookups, strangers, urging
from bot.dialogue.room.accounted import Question
from bot.dialogue.room.wish_said import HANDED_OVER, Said, freed_in, stranger_in_a_role
from bot.dialogue.room.wish_said import roles as the_roles
from bot.dialogue.room.wish_table import GIVE_OUT, LATE, UNSIGNED, WISHES, Wish
from bot.dialogue.room.wished import is_a_stranger_freed, who_stays
from bot.dialogue.targets import choose, of_coordinator
from bot.dialogue.turn import Turn
from bot.dialogue.understanding import details, tasks
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import lexicon
from db import ledger
from db import register as the_register
from db.ledger import Line, Which
from db.models import Inbound, Unit
from db.words import ENDED_STATES, LIVING, UNENDED
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS
from jobs.ports import Button
from jobs.sparing import spared

CODES_ALONE = re.compile(
    r"(?:[〔\[]?(?:[A-Za-z]{1,2}\d*-)?\d{1,4}(?!\d)(?:\.\d{1,3})?[〕\]]?(?:号|项)?[\s、，,和]*)+[?？]?"
)
"""Nothing but codes: who writes them wants to see the tasks."""

LONGEST = 60
"""Characters of a wish; who writes more than that tells something else."""

LONGEST_ORDER = 400
"""Characters of what is given out in so many words, 领导交办, or pasted without the word for it."""

_LATER = re.compile(
    r"明[天早晚日]|后天|下周|下个?月|回头|待会|晚[点些]|过[几两]天|到时|[上下晚]午|[今中]?晚上?|(?:\d{1,2}|[一二两三四五六七八九十]{1,2})点(?!名)"
)


def said_in(turn: Turn, text: str) -> Said:
    """Return what a wish speaks of; a task may be called by words of its own."""
    clean = heard(text)
    named = tasks.find(clean, lexicon())
    if turn.chosen is not None:
        codes: tuple[str, ...] = (turn.chosen.code,)
    else:
        codes = parts(text)[0].tasks if named else ()
    called: dict[str, Line] = {}
    if not codes:
        found = by_words.found(turn.session, text, Which(LIVING), MAX_ITEM_BUTTONS + 1)
        called = {line.code: line for line in reversed(found)}
        codes = tuple(called)
    rest = tasks.marked(clean, named).replace(tasks.MARK, " ")
    kept, of_others = who_stays(turn.session, rest, of_a_task=bool(codes))
    units = tuple(the_register.mentioned(turn.session, of_others)) if any(sign in rest for sign in _ENDS) else ()
    units = tuple(unit for unit in units if unit not in kept) or (_all_but(turn, codes, kept) if kept else ())
    units = () if not kept and is_a_stranger_freed(turn.session, rest) else units
    given = counted_days.meant(turn, _lines_of(turn, codes), rest.replace(" ", ""))
    moved = {moved for _line, moved in given.lines} if codes else set()
    day = (moved.pop() if len(moved) == 1 else None) if moved else details.day_named(rest, turn.today())
    day = day or _moved_by(turn, codes, rest)
    day = None if day is not None and day < turn.today() and _LONGER.search(rest) else day
    handed = HANDED_OVER.search(rest) if codes and len(units) > 1 else None
    if handed is not None:  # who gets it stands before who gives it
        after = the_register.mentioned(turn.session, rest[handed.end() :])
        units = (*after, *(unit for unit in units if unit not in after))
    stranger = "" if units else strangers.given_to(clean)
    shared = _how_many_share(turn, codes) if day is not None else 1
    codes = tuple(_with_letter(turn, code) for code in codes)
    roles = the_roles(turn.session, rest) if units else {}
    left_out = spared(turn.session, clean)
    spares = bool(_URGES.search(left_out.words)) and left_out.says_so
    of_day, them = turn.today(), tuple(called.values())
    of_campaigns = asked_lists.campaigns(turn.session, rest) if not codes else ()
    asked = accounted.asked(turn.session, rest, units, of_campaigns, of_day) if not codes else Question(units=units)
    return Said(
        *(clean, codes, tuple(asked.units), day, them, text, of_day, stranger, shared, roles, spares, tuple(kept)),
        campaigns=of_campaigns,
        query=asked.query,
        but=asked.but,
        unheard=asked.unheard,
        several=asked.several,
        given=given,
        gone=tuple(freed_in(turn.session, rest)) if roles else (),
        role_stranger=stranger_in_a_role(turn.session, rest) if codes else "",
    )


_URGES = re.compile(f"催|(?:{UNSIGNED.pattern}|{LATE.pattern}).*提醒|提醒.*(?:{UNSIGNED.pattern}|{LATE.pattern})")


_LONGER = re.compile("宽限|延|推|缓|再给|多给")
"""What moves a day by so much from where it is: 宽限三天, 再给一周."""


def _moved_by(turn: Turn, codes: Sequence[str], rest: str) -> date | None:
    """Return so much later than the day on which all that is named falls due; None where that are several, or none."""
    days = {line.assignment.due for line in _lines_of(turn, codes)} if _LONGER.search(rest) else set()
    return details.more_time(rest.replace(" ", ""), turn.today(), days.pop())[0] if len(days) == 1 else None


def _lines_of(turn: Turn, codes: Sequence[str]) -> list[Line]:
    spellings = [spelt for code in codes for spelt in ledger.spelt([code])]
    return [line for spelt in spellings for line in ledger.lines(turn.session, Which(UNENDED, codes=spelt))]


def _all_but(turn: Turn, codes: Sequence[str], kept: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return the other units of a task of which some are to stay: A-3只留甲局，其他取消."""
    others = {line.unit.id: line.unit for line in _lines_of(turn, codes) if line.unit not in kept}
    return tuple(others.values())


def _with_letter(turn: Turn, code: str) -> str:
    """Return a number with its campaign's letter where only one campaign has a task of it: then a button says which it is."""
    if not code.replace(".", "").isdigit():
        return code
    whole = {
        line.code if "." in code else line.code.split(".")[0]
        for line in of_coordinator(turn, (code,), Which(UNENDED)).lines
    }
    return whole.pop() if len(whole) == 1 else code


def _how_many_share(turn: Turn, codes: Sequence[str]) -> int:
    """Return how many units still owe something on the one milestone that is named."""
    milestones = {line.milestone.id for line in of_coordinator(turn, codes, Which(UNENDED)).lines} if codes else set()
    if len(milestones) != 1:
        return 1
    lines = ledger.lines(turn.session, Which(UNENDED, milestone=milestones.pop()))
    return len({line.unit.id for line in lines if line.assignment.state not in ENDED_STATES})


_ENDS = "局厅委办院队站心司道镇乡县区部"


def granted(turn: Turn, text: str) -> bool:
    """Do what somebody of the room wishes in their own words, or offer it; tell whether it was understood."""
    if not turn.is_spoken_to or len(text) > LONGEST_ORDER:
        return False
    told = _all_said(turn, text)
    if told[0].tasks and CODES_ALONE.fullmatch(text.strip()):
        lookups.show(turn, told[0].task)
        return True
    meant = _meant(turn, told)
    if not turn.visitor.steers or len(text) > LONGEST:
        meant = _given_out(meant, told, text)
    if meant and len(told[0].called) > 1 and meant[0].do is not GIVE_OUT:
        choose(turn, told[0].called, text)
        return True
    if not meant and len(told) > 1:
        return _looked_at_all(turn, told)
    if not meant:
        return False
    first = meant[0]
    if first.counts and told[0].unheard:
        accounted.refuse(turn, told[0].unheard, told[0].query)
    elif (first.at_once or (first.do is GIVE_OUT and not turn.visitor.steers)) and not (
        first.calls and _LATER.search(text)
    ):
        _do(turn, first, told)
    else:
        _require_there(turn, told)
        labels = [_label(one, told) for one in meant[:OFFERED]]
        turn.reply(
            "offered",
            rows=labels if turn.abilities.card_text is not None else [],  # its buttons show the beginning alone
            buttons=[button(Verb.WISH, turn.inbound_id, place, label) for place, label in enumerate(labels)],
        )
    return True


def _given_out(meant: Sequence[Wish], told: Sequence[Said], text: str) -> list[Wish]:
    """Return what a leader, or a long text, may mean: of a long text nothing but that it gives something out, of one about tasks that stand already not that."""
    gives = len(told) == 1 and len(told[0].tasks) == len(told[0].called)
    return [one for one in meant if (gives if one.do is GIVE_OUT else len(text) <= LONGEST)]


def _require_there(turn: Turn, told: Sequence[Said]) -> None:
    """Raise ``Denied`` where nothing can be done with a task that is spoken of, because its campaign is over or it is none."""
    for said in told:
        target = of_coordinator(turn, said.tasks, Which(UNENDED)) if said.tasks else None
        if target is not None and not target.lines:
            raise Denied(target.lost or f"没有编号为“{said.task}”的任务。")


def _looked_at_all(turn: Turn, told: Sequence[Said]) -> bool:
    """Look at all tasks where a message asks for one and names the others behind it (A-1怎么样了，A-2呢); let nothing be done in part."""
    first, others = _meant(turn, told[:1])[:1], [said for said in told[1:] if _meant(turn, [said])]
    if first and not others and first[0].leaders:
        first[0].do(turn, replace(told[0], tasks=tuple(code for said in told for code in said.tasks)))
        return True
    if first or others:
        raise Denied("这几项要办的不一样，或没有都看懂，都没有办理；请一项写一条。")
    return False


def _all_said(turn: Turn, text: str) -> list[Said]:
    """Return what each part of a message speaks of that says something of each of several tasks; else the whole of it."""
    text = urging.without_spared(text)
    told = parts(text) if turn.chosen is None else []
    return [said_in(turn, part.text) for part in told] if len(told) > 1 else [said_in(turn, text)]


def _label(wish: Wish, told: Sequence[Said]) -> str:
    return "；".join(wish.label(said) for said in told)


def _do(turn: Turn, wish: Wish, told: Sequence[Said]) -> None:
    if len(told) == 1:
        wish.do(turn, told[0])
        return
    with turn.in_one_answer():
        for said in told:
            turn.attempt(lambda said=said: wish.do(turn, said))  # type: ignore[misc]


OFFERED = 2
"""How many meanings of a wish are offered."""


def _meant(turn: Turn, told: Sequence[Said]) -> list[Wish]:
    """Return what may be meant by every part of a message."""
    steers = turn.visitor.steers
    return [wish for wish in WISHES if all(wish.fits(said) for said in told) and (steers or wish.leaders)]


def press(turn: Turn, said_before: Inbound, place: int) -> None:
    """Do what an earlier message was offered to mean."""
    text = said_before.words["text"]
    turn.incoming, turn.inbound_id = replace(turn.incoming, press=None, press_id=None, text=text), said_before.id
    told = _all_said(turn, text)
    meant = _meant(turn, told)
    if place >= len(meant):
        turn.reply("refused", why="情况已有变动，请重新写一遍。")
        return
    if meant[place].once and said_before.words.get("drawn"):
        turn.reply("refused", why="已经抽取过了，这次未再抽取；要再抽，请重新写一遍。")
        return
    turn.acted(_label(meant[place], told))
    _do(turn, meant[place], told)
    if meant[place].once:
        said_before.words = {**said_before.words, "drawn": True}


def nearest(text: str) -> list[Button]:
    """Return the two lists that words which were not understood speak of, else the two that are asked for most."""
    likely = sorted(_LISTS, key=lambda one: one[0].search(text) is None)[:2]
    return [button(Verb.LOOK_AT_LIST, 0, place, label) for _pattern, place, label in likely]


_LISTS = ((re.compile("待核|核查|报上来|办结"), 1, "看待核查"), (LATE, 0, "看逾期"), (UNSIGNED, 2, "看未签收"))
"""What is spoken of, and the list that a press shows, as `jobs.notices.digests` counts them."""
