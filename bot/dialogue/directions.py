"""Directions: what a coordinator writes beside the words of a broadcast, what units may choose from and when it goes out.

Only what is plainly said of the broadcast itself is one, 选项：已转移/未转移 and 定于明天8点发送: days in the words stay there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from unicodedata import normalize
from zoneinfo import ZoneInfo

from bot.dialogue.phrases import Pieces
from bot.dialogue.typed_days import typed_day
from db.words import Refusal
from jobs.reading.deadlines.resolve import number

MOST, LONGEST = 5, 10
"""Options that a broadcast may have, and the characters of one: what fits on every service's buttons."""


@dataclass(frozen=True, slots=True)
class Directed:
    """The words that units read, what they may choose from, and when it is to go out, as it was written."""

    words: str
    options: tuple[str, ...] = ()
    when: str = ""


_NUMERAL = "零一二两三四五六七八九十"
_SAY = Pieces(
    "directions",
    when=r"(?P<when>[\d０-９零一二两三四五六七八九十年月日号周星期礼拜天本下大今明后昨前早晚上下午中凌晨傍夜里点时分半整刻:：./ -]{2,24})",
    wishes=r"(?P<wish>{how}|落款[写用署][^，,。；;]{1,16}|(?:语气|口气|措辞)[^，,。；;]{1,6}[点些]|记得加上[^，,。；;]{1,16})",
    send="再?(?:发送|发出|群发|发)",
    begin="(?:^|(?<=[\\s，,。；;！!：:（(]))[（(]?",
    end=r"[）)]?(?=[\s，,。；;！!：:]|$)[，,。：:]?",
    number=r"\d{1,2}|[零一二两三四五六七八九十]{1,3}",
    past_the_hour=r":(?P<digits>\d{2})|[点时](?:整|(?P<half>半)|(?P<quarters>[一三])刻|(?P<minute>{number})分?)?",
)
_SET = (
    _SAY(r"{begin}定[于在]\s*{when}\s*{send}{end}"),
    _SAY(r"{begin}定[于在]\s*(?P<when>[^\s，,。；;！!]{2,16}?)\s*(?:发送|发出|群发){end}"),
    _SAY(
        r"[，,。；;]\s*(?=[^，,。；;]*[点时])(?P<when>[今明后下周\d一二三四五六七八九十早晚上中午点时分半月日号]{3,12}){send}(?:出去)?吧?[。！!]?$"
    ),
    _SAY(r"{begin}定时(?:发送|发出)?\s*[：:]?\s*{when}{send}?[）)]?(?=[\s，,。；;！!]|$)[，,。]?"),
)
_FIRST = _SAY(r"^{when}(?P<send>{send})?[\s，,：:]+")

_WISH = _SAY("(?:^|(?<=[，,。；;！!\\s])){wishes}[。！!]?(?=[，,；;\\s]|$)")
"""What a coordinator wishes of the words, 语气严肃点, and no unit is to read."""

_AT_ONCE = re.compile(r"[\s，,。；;！!、]{1,3}(?:现在|马上|这)就?(?:发送|发出|群发|发)(?:出去)?吧?[。！!]?$")
"""How a coordinator says behind all words that they are to go out now, as they do in any case."""

_OPTIONS = re.compile(r"[（(\[【]?(?:选项|可选)\s*[：:]\s*(?P<all>[^\n）)\]】。；;]+)[）)\]】]?[。；;]?")
_BETWEEN = re.compile(r"\s*[/／、|｜，,]\s*|\s+")


def directed(text: str, names_audience: Callable[[str], bool]) -> Directed:
    """Part the directions from what is written; raise ``Refusal`` where options are no choice.

    A time at the beginning is one where it is said that it is sent then, or where what follows names whom it is for.
    """
    text, when = _AT_ONCE.sub("", text.strip()), ""
    wish = _WISH.search(text)
    if wish is not None:
        raise Refusal(f"没有起草：“{wish['wish']}”说的是怎么写、怎么发，不会照印；请把内容按要发的样子写好，再发一次。")
    first = _FIRST.match(text)
    if first is not None and (first["send"] or names_audience(text[first.end() :])):
        text, when = text[first.end() :], first["when"]
    for pattern in _SET if not when else ():
        said = pattern.search(text)
        if said is not None and not when:
            text, when = _without(text, said), said["when"]
    said = _OPTIONS.search(text)
    options = _checked(said["all"]) if said is not None else ()
    words = _without(text, said).rstrip("，,、；; ") if said is not None else text
    return Directed(words, options, when.strip(" ：:"))


def _without(text: str, said: re.Match[str]) -> str:
    before, after = text[: said.start()].rstrip(), text[said.end() :].lstrip()
    return f"{before}\n{after}".strip() if before and after else (before or after).strip()


def _checked(written: str) -> tuple[str, ...]:
    options = tuple(dict.fromkeys(one for one in _BETWEEN.split(written.strip()) if one))
    too_long = next((one for one in options if len(one) > LONGEST), None)
    if too_long is not None:
        raise Refusal(f"选项“{too_long}”太长，每项不超过{LONGEST}个字；例如：选项：已转移/未转移/需支援。")
    if not 2 <= len(options) <= MOST:
        raise Refusal(f"选项要有2至{MOST}个，用“/”隔开；例如：选项：已转移/未转移/需支援。")
    return options


# ---------------------------------------------------------------- when

_CLOCK = _SAY("(?P<part>{part})?(?P<hour>{number}){past_the_hour}$")
_LATER = ("午后", "下午", "傍晚", "晚上", "夜里", "晚")


def moment_of(written: str, now: datetime, zone: ZoneInfo, opens: time) -> datetime:
    """Return the instant that is meant, after ``now``: a day without a time is when the office ``opens``.

    Raise ``Refusal`` where it cannot be read, or is past.
    """
    local = now.astimezone(zone)
    found = _read(normalize("NFKC", written).replace(" ", ""), local, opens)
    if found is None:
        raise Refusal(f"没有看懂几时发送（“{written}”），请写：定于明天8点发送，或：定于6月5日15:30发送。")
    if found <= local:
        raise Refusal(f"“{written}”已经过了，请另写时间；要现在就发，不写时间即可。")
    return found


def _read(text: str, local: datetime, opens: time) -> datetime | None:
    clock = _CLOCK.search(text)
    day_word = text[: clock.start()] if clock is not None else text
    day_word = {"今": "今天", "明": "明天", "后": "后天"}.get(day_word, day_word)
    day = typed_day(day_word, local.date()) if day_word else local.date()
    if day is None or (clock is None and re.search("[早晚夜午]", text)):
        return None
    if clock is None:
        return datetime.combine(day, opens, local.tzinfo)
    found = _at(day, clock, local)
    if found is not None and not day_word and found <= local:
        found = _at(day + timedelta(days=1), clock, local)
    return found


def _at(day: date, clock: re.Match[str], local: datetime) -> datetime | None:
    """Return a day at the time that is written; 晚上12点 and 24点 are the beginning of the next."""
    part, hour = clock["part"] or "", number(clock["hour"].replace("两", "二"))
    minute = 30 if clock["half"] else 15 * number(clock["quarters"]) if clock["quarters"] else 0
    minute = number(clock["digits"] or clock["minute"]) if clock["digits"] or clock["minute"] else minute
    if (part in _LATER and hour < 12) or (part == "中午" and hour < 3):
        hour += 12
    elif part in ("晚", "晚上", "夜里") and hour == 12:
        hour = 24
    if not (0 <= hour <= 24 and 0 <= minute < 60) or (hour == 24 and minute):
        return None
    midnight = datetime.combine(day, time(), local.tzinfo)
    return datetime.combine(day, time(hour, minute), local.tzinfo) if hour < 24 else midnight + timedelta(days=1)
