"""值班 in words: in a unit's chat of that unit, in the coordinators' room of the office or of a unit that is named."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.dialogue import access, prompts, right_after
from bot.dialogue.access import Denied
from bot.dialogue.targets import own
from bot.dialogue.turn import Turn
from db import days, ledger, register
from db.kinds import WORK
from db.models import Unit
from db.words import OPEN_STATES, DayPart
from jobs.campaigns import lists
from jobs.duties import keeping
from jobs.duties.feasts import unpublished
from jobs.duties.in_parts import read
from jobs.duties.plainly import DUTY
from jobs.duties.said import ME, Said, What, outside
from jobs.reading import day_parts
from jobs.reading.duty_sheet import DutyRow
from jobs.reading.files import UnreadableFile


def begin(turn: Turn, rest: str) -> None:
    """值班 明天王工、李工; 值班 省经信厅 明天谁值班: of the office, or of the unit that stands first. Leaders may ask."""
    access.require_room(turn.visitor)
    unit, words = _unit_first(turn, rest)
    said = _read(turn, words)
    if said is None or said.what is not What.ASK:
        access.require_coordinator(turn.visitor)
    if said is None:
        raise Denied(
            f"请写明哪天、谁，例如：{turn.spoken('值班', 'duty')} 明天王工、李工；换班：明天王工改由李工值班。"
        )
    _act(turn, said, unit)


_WORD = re.compile(r"^值班表?[\s：:]+|^值班表?$")
"""How a sentence begins where it is written as a command."""


_WHO = re.compile("谁|哪")
"""What in reply to a task asks who is on duty; 值班表 alone may be what the task wants."""


def _read(turn: Turn, words: str) -> Said | None:
    """Return what words say of duty where it is known that they speak of it; without words it is asked who is."""
    return _said(turn, words or "谁值班") or _said(turn, f"{words}值班")


def _said(turn: Turn, words: str) -> Said | None:
    """Return what words say of duty. Raise ``Denied`` where they do not say who has which part of a day, or in the days off of a
    feast that nobody knows yet.
    """
    today = turn.today()
    guess = _GUESS.search(words) if re.search(DUTY, words) else None
    if guess is not None and _gives(read(_GUESS.sub("", words), today)):
        raise Denied(
            f"没有记下：话里有“{guess[0]}”，还没有定。定了请写，例如：{turn.spoken('值班', 'duty')} 明天王工。"
        )
    said = read(words, today)
    if said is not None:
        return said
    frame = outside(words, today)
    if frame:
        raise Denied(
            f"没有更改：写的日子有的不在“{frame}”里，或已经过去；请写明月份，例如：6月10日王工、11日李工值班。"
        )
    feast = unpublished(words, today)
    if feast and _gives(read(words.replace(feast, "明天"), today)):
        raise Denied(f"{feast}的放假安排还没有公布，请写明日期，例如：10月1日至7日王工值班。")
    lunar = _LUNAR.search(words[:LONGEST]) if re.search(DUTY, words) else None
    if lunar is not None and _gives(read(_in_order(words[:LONGEST], today), today)):
        raise Denied(
            f"没有更改：农历的日子（{lunar[0]}）不能认，请写公历日期，例如：{days.short(today + timedelta(days=1), today)}王工值班。"
        )
    whole = read(day_parts.ANY.sub("", words), today) if day_parts.ANY.search(words) else None
    if whole is not None and whole.names:
        when = days.short(whole.days[0], today) if len(set(whole.days)) == 1 else "明天"
        raise Denied(
            f"没有更改：没有看懂谁值哪一班。请照这样写，几天的分几次写：{when}上午王工，下午李工值班；{when}白班王工，夜班李工。"
        )
    return None


_GUESS = re.compile(
    "本来是?|原[来本]是?|暂定是?|(?:打算|准备|想)让?|(?:很)?可能是?|应该是?|估计是?|好像是?|大概是?|也许是?|或许是?|没准是?|说不定是?|八成是?"
)
"""What says that nobody is sure yet who is on duty."""
_LUNAR = re.compile("(?:大年|[正腊]月)?初[一二三四五六七八九十]|大年三十|除夕(?:夜)?")
"""Days of the lunar calendar, of which it is not known which month is meant."""
LONGEST = 200
"""Characters of a sentence in which such days are looked for."""


def _in_order(words: str, today: date) -> str:
    """Return a sentence with days of the common calendar in place of its lunar ones, to know whether it gives duty."""
    count = 0

    def instead(_found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return days.short(today + timedelta(days=count), today)

    return re.sub(r"^[^：:，,]{0,12}[：:]\s*", "", _LUNAR.sub(instead, words)) + (
        "" if re.search(f"{DUTY}[了吧。]*$", words) else "值班"
    )


def _gives(said: Said | None) -> bool:
    return said is not None and bool(said.names)


def in_room(turn: Turn, text: str) -> bool:
    """Take a plain sentence about duty in the coordinators' room, and a question of a leader; tell whether it was one."""
    if not (turn.visitor.steers or turn.visitor.leads):
        return False
    unit, words = _unit_first(turn, text)
    said = _said(turn, words)
    if said is None and turn.visitor.steers and turn.is_spoken_to:
        unit, said = right_after.said(turn, text)
    if said is None or (said.what is not What.ASK and not turn.visitor.steers):
        return False
    turn.attempt(lambda: _act(turn, _plainly_named(turn, said), unit))
    return True


def in_unit(turn: Turn, text: str) -> bool:
    """Take a plain sentence about duty that a unit's chat says to the bot, also in reply to a task; tell whether it was one."""
    if turn.files or not turn.is_spoken_to:
        return False
    about_work = turn.source is not None and turn.source.notice.kind in WORK
    asked = _WORD.match(text)
    unit, words = _unit_first(turn, text[asked.end() :] if asked else text)
    said = _read(turn, words) if asked else _said(turn, words)
    own = [one for one in turn.visitor.units if unit is None or one.id == unit.id]
    if said is None or not own or (about_work and said.what is What.ASK and not _WHO.search(text)):
        return False
    if len(own) > 1:
        turn.reply("refused", why="本群有几个单位，请在前面写明单位，例如：省经信厅明天王工值班。")
    else:
        turn.attempt(lambda: _act(turn, said if asked else _plainly_named(turn, said), own[0]))
    return True


def _plainly_named(turn: Turn, said: Said) -> Said:
    """Return what a sentence says, unless it may say of somebody who is known only that they can: 王世能值班 where there is a 王世."""
    for name in said.names:
        if name.endswith("能") and not keeping.knows(turn.session, name) and keeping.knows(turn.session, name[:-1]):
            written = f"{turn.spoken('值班', 'duty')} 明天"
            raise Denied(
                f"没有更改：值班的是“{name[:-1]}”还是“{name}”？请照这样写明：{written}{name[:-1]}，或：{written}{name}。"
            )
    return said


def take_sheet(turn: Turn, rows: Sequence[DutyRow]) -> None:
    """A 值班表 that a coordinator sends: of the office, or of the units that its rows name."""
    access.require_coordinator(turn.visitor)
    _take(turn, rows)


_SHEET = re.compile("值[班守]|排班")


def may_be_a_sheet(names: Sequence[str], text: str) -> bool:
    """Tell whether a file that a unit sends is called, by its name or beside it, a 值班表."""
    return len(names) == 1 and names[0].lower().endswith(".xlsx") and bool(_SHEET.search(f"{names[0]} {text}"))


def sheet_of_unit(turn: Turn) -> bool:
    """Take the 值班表 that a unit sends for itself; tell whether it was one. Where a file is asked for, or some task of theirs is
    about duty, it may be meant for that and is heard as any other.
    """
    files, theirs = turn.files, turn.visitor.units
    if not theirs or not may_be_a_sheet([file.name for file in files], turn.text):
        return False
    if turn.source is not None or turn.chosen is not None or prompts.waiting(turn) is not None:
        return False
    of_theirs = replace(own(theirs), states=OPEN_STATES)
    if any(_SHEET.search(line.title) for line in ledger.lines(turn.session, of_theirs)):
        return False
    try:
        rows = lists.kept(turn.desk.archive, files[0].name, files[0].sha256, None).document.duties
    except UnreadableFile:
        return False
    if rows is None:
        return False
    if len(theirs) > 1 and not all(row.unit for row in rows):
        turn.reply("refused", why="本群有几个单位，请在值班表里加“单位”一栏，写明各行是哪个单位的，再发一次。")
    else:
        _take(turn, rows, theirs)
    return True


def _take(turn: Turn, rows: Sequence[DutyRow], brought_by: Sequence[Unit] = ()) -> None:
    taken = keeping.take_sheet(turn.session, rows, turn.visitor.person.name, turn.today(), turn.now, brought_by)
    turn.reply("duty_sheet", counts=taken.counts, changed=taken.changed, refused=taken.refused, shown=SHOWN)


SHOWN = 5
"""How many rows that were left out are named; of more it tells the number."""


def _unit_first(turn: Turn, text: str) -> tuple[Unit | None, str]:
    """Return the unit with whose name a text begins, and the rest."""
    text = text.strip()
    found = next(iter(register.beginning_with(turn.session, text)), None)
    return (found[1], text[len(found[0]) :].strip(" ：:，,")) if found is not None else (None, text)


def _act(turn: Turn, said: Said, unit: Unit | None) -> None:
    today, whose, speaker = turn.today(), unit.id if unit is not None else None, turn.visitor.person.name
    phones = {speaker if name == ME else name: number for name, number in said.phones}
    people = tuple(speaker if name == ME else name for name in said.names)
    if ME in said.names and turn.visitor.person.nameless:
        raise Denied("请写明姓名，例如：明天王工值班。")
    before: list[tuple[str, str]] = []
    parts, part = dict(zip(people, said.parts, strict=False)), said.parts[0] if said.parts else DayPart.WHOLE
    if said.what is What.SET:
        changed = keeping.put(turn.session, whose, said.days, people, speaker, today, turn.now, phones, parts)
        before = [(days.short(day, today), "、".join(names)) for day, names in changed]
    elif said.what is What.EACH:
        for day in dict.fromkeys(said.days):
            theirs = _of_day(said, people, day)
            changed = keeping.put(turn.session, whose, (day,), tuple(theirs), speaker, today, turn.now, phones, theirs)
            before += [(days.short(one, today), "、".join(names)) for one, names in changed]
    elif said.what is What.CLEAR:
        changed = keeping.clear(turn.session, whose, said.days, people, speaker, today, turn.now, part)
        before = [(days.short(day, today), "、".join(names)) for day, names in changed]
    elif said.what is What.REPLACE:
        for day in said.days:
            keeping.stand_in(turn.session, whose, day, people[0], people[1], speaker, today, turn.now, phones, part)
    elif said.what is What.CROSS:
        keeping.cross(turn.session, whose, said.days, people, speaker, today, turn.now)
    elif said.what is What.SWAP:
        keeping.swap(turn.session, whose, said.days, people, speaker, today, turn.now)
    rows = [
        f"{days.with_weekday(day)}：{'、'.join(keeping.reached(keeping.on(turn.session, whose, day))) or '没有人'}"
        for day in dict.fromkeys(said.days)
    ]
    turn.reply(
        "on_duty",
        whose=unit.name if unit is not None else keeping.OFFICE,
        noted=said.what is not What.ASK,
        rows=rows,
        before=before,
    )


def _of_day(said: Said, people: Sequence[str], day: date) -> dict[str, DayPart]:
    """Return who is on duty on one of the days of a sentence in which each has their own, and for which part of it."""
    theirs: dict[str, DayPart] = {}
    for one, name, part in zip(said.days, people, said.parts or (DayPart.WHOLE,) * len(people), strict=True):
        if one == day:
            theirs[name] = theirs.get(name, DayPart(0)) | part
    return theirs
