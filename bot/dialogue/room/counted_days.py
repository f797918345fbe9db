"""Days that are counted from the deadline, 同意三天, 给甲局多一周, A-2、A-8各延五天: each from the one of what it is said of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.dialogue.phrases import Pieces
from bot.dialogue.room import corrections
from bot.dialogue.turn import Turn
from bot.dialogue.understanding import details
from db import ledger, register
from db.ledger import Line, Which
from db.words import LIVING, OPEN_STATES
from jobs.audiences import called
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS, shorten

_SAY = Pieces(
    "counted_days",
    much=r"(?<![\d月至到-])(?P<n>\d{1,3}|[一二两三四五六七八九十半]{1,3})个?(?P<u>工作日|天|日|周|星期|礼拜|月)(?![内后前底初中\d]|[之以]?[内后前])",
)
_COUNTED = _SAY("(?:{gives}|{besides})*{gives}(?:{gives}|{besides})*(?P<who>[\u4e00-\u9fff]{0,3}?){much}")
_ASKS = _SAY("[?？吗呢]|{unsure}")
_BESIDE = _SAY("{gives}|{besides}|[，,。；;！!的了吧啊都把]|够了|可以了")


def counted(words: str, today: date, due: date | None) -> tuple[date | None, str]:
    """Return the day that is so much later than ``due`` as words give more time, and how they say it; None where they do not."""
    found = _COUNTED.search(words)
    if found is None or due is None:
        return None, ""
    day, _shift = details.more_time(f"延期{found['n']}{'个' if found['u'] == '月' else ''}{found['u']}", today, due)
    return (day, found[0]) if day is not None and day > due else (None, found[0])


@dataclass(frozen=True, slots=True)
class Given:
    """What a sentence gives more time: each with its new day; ``codes`` tells that they are named by their codes."""

    lines: Sequence[tuple[Line, date]] = ()
    codes: bool = False


def meant(turn: Turn, lines: Sequence[Line], text: str) -> Given:
    """Return what a text gives so much more time: the tasks that it names, else what a unit asks more time for, or owes."""
    spoken_of, rest = register.spoken_of(turn.session, text)
    rest = rest.replace(" ", "")
    if _COUNTED.search(rest) is None or _ASKS.search(text) is not None:
        return Given()
    named = bool(lines)
    if not named:
        rest = _COUNTED.sub(lambda found: found["who"], rest)
        short = [] if spoken_of else called(turn.session, _BESIDE.sub("", rest).strip())[0]
        units = {unit.id for unit in [*spoken_of, *short]}
        strange = _BESIDE.sub("", rest if spoken_of else "").strip()
        lines = (
            ledger.lines(turn.session, Which(LIVING, units=units, states=OPEN_STATES)) if units and not strange else []
        )
        asking = [line for line in lines if line.assignment.decision_pending]
        lines = asking or lines
    days = [
        (line, counted(text if named else _without_units(turn, text), turn.today(line), line.assignment.due)[0])
        for line in lines
    ]
    return Given([(line, day) for line, day in days if day is not None], named)


def _without_units(turn: Turn, text: str) -> str:
    return register.spoken_of(turn.session, text)[1].replace(" ", "")


def offer(turn: Turn, given: Given) -> None:
    """Show a button for each that may be meant, with the day up to which it gives."""
    buttons = [
        button(Verb.GRANT_UNTIL, line.assignment.id, day.toordinal(), shorten(_label(line, day), 30))
        for line, day in given.lines[:MAX_ITEM_BUTTONS]
    ]
    rows = [_label(line, day) for line, day in given.lines[:MAX_ITEM_BUTTONS]]
    turn.reply("offered", rows=rows if turn.abilities.card_text is not None else [], buttons=buttons)


def _label(line: Line, day: date) -> str:
    what = "同意延期至" if line.assignment.decision_pending else "期限改为"
    return f"〔{line.code}〕{what}{day:%-m月%-d日}"


def each(given: Given) -> str:
    """Return, as a button shows it, to which day each moves."""
    days = {line.code: day for line, day in given.lines}
    return "；".join(f"〔{code}〕期限改为{day:%-m月%-d日}" for code, day in days.items())


def move_each(turn: Turn, given: Given) -> None:
    """Correct the day of each from its own one."""
    days = {line.code: day for line, day in given.lines}
    with turn.in_one_answer():
        for code, day in days.items():
            turn.attempt(lambda code=code, day=day: corrections.correct(turn, f"{code} 期限{day:%Y年%-m月%-d日}"))  # type: ignore[misc]
