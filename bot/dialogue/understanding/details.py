"""The details of a message: the day that is promised, asked for or asked about, the length of more time, the reason."""

import re
from collections.abc import Iterable
from datetime import date
from itertools import dropwhile, pairwise, takewhile

from bot.dialogue.understanding.charge import section_given
from bot.dialogue.understanding.clauses import words_of
from bot.dialogue.understanding.hearing import WITHOUT_A_SIGN
from bot.dialogue.understanding.lexicon import Sense, Word, lexicon
from bot.dialogue.understanding.quantities import PAPER_NUMBER
from bot.dialogue.understanding.said_next import MEASURE
from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.deadlines.relative import duration, later

_N = r"(?P<n>\d{1,3}|[一二两三四五六七八九十半]{1,3})"
_VAGUE = re.compile("[一二两三四五六七八九]{2}")
"""Three or five is no number: 三五天."""
_DAY_IN_SHORT = re.compile(rf"(?<!\d)\d{{1,2}}月\d{{1,2}}(?=[{WITHOUT_A_SIGN}]|$)")
"""7月15吧: a day whose last sign nobody writes."""
_U = "(?P<u>工作日|天|日|周|星期|礼拜|月|年)"
_LENGTH = re.compile(rf"(?<![月\d/.年到至一二两三四五六七八九十-]){_N}个?{_U}(?![\d底末初上中下]|[之以]?[后内前])")


_DAY_IN_FIGURES = re.compile(r"(?<=[到至])(\d{1,2})[./](\d{1,2})(?![\d./])")
"""延到7/1, 延到7.1: a day, and no code, right after what asks for one."""
_MOVED_TO = re.compile(r"(?:[容延推缓拖宽顺移展期迟晚后]|改|调整|变更)[^,;。\d到至为]{0,4}[到至为]")
"""What stands right before the day that is asked for; days besides belong to the reason."""
_IN_SO_LONG = re.compile(
    r"(?<![超不经通已])过((?:\d{1,3}|[一二两三四五六七八九十]{1,3})个?(?:天|周|月|星期|礼拜))(?![了多])"
)
"""过三天: 三天后."""
_SAYS_WHICH = re.compile(r"(?:\d{1,2}月)?\d{1,2}[日号](?=[发下印转交报填开说讲定提通布召][一-龥]{0,3}的)")
"""A day that only says which thing is spoken of: 12号发的通知."""
_FIGURE = "\\d一二三四五六七八九十"
_ITS_DAY = re.compile(f"[{_FIGURE}]{{1,3}}(?![{_FIGURE}{''.join(sorted(MEASURE))}])")
_LUNAR = re.compile(
    "(?:[一二三四五六七八九十正冬腊]{1,2}月)?初[一二三四五六七八九十]|[正冬腊]月[一二三四五六七八九十]{1,3}"
)
"""A day of the lunar calendar, which no day of ours is said to be: 五月初八, 腊月二十三."""
_BARE_YEAR = re.compile(r"\d{4}年")


def day_named(text: str, on: date, due: date | None = None) -> date | None:
    """Return the last day that a text names, said on the local day ``on`` of what is due on ``due``."""
    days = _days(text, on, due)
    return days[-1] if days else None


def without_days_that_say_which(text: str) -> str:
    """Return a text without the days that only say which thing is spoken of: 12号发的那个通知."""
    return _SAYS_WHICH.sub("", text)


def _days(text: str, on: date, due: date | None) -> list[date]:
    frame = Frame(Setting.CHAT, on=on, due=due)
    text = PAPER_NUMBER.sub("某文", _in_full(text))
    return [
        found.due
        for part in _ENDS.split(text)
        for found in find_deadlines(part, frame)
        if found.due and not _is_cut_short(part[: found.end], part[found.end :])
    ]


def _is_cut_short(day: str, rest: str) -> bool:
    """Tell whether a month goes on with a number that nobody can tell from a day of it, so that its last day is not meant: 延到8月3."""
    return day[-1:] in "月初" and _ITS_DAY.match(rest) is not None


def _in_full(text: str) -> str:
    """Return a text with its days in short written out: 7月15吧, 延到7/1."""
    text = _LUNAR.sub("那天", _IN_SO_LONG.sub(r"\1后", text))
    return _DAY_IN_SHORT.sub(r"\g<0>日", _DAY_IN_FIGURES.sub(r"\1月\2日", text))


def _day_asked_for(text: str, on: date, due: date | None) -> date | None:
    """Return the day up to which more time is asked for: the one right after the asking, else the last before the reason. A bare
    year is none: it says no day.
    """
    text = _in_full(text)
    for asks in reversed(list(_MOVED_TO.finditer(text))):
        rest = _ENDS.split(text[asks.end() :])[0]
        found = next(iter(find_deadlines(rest, Frame(Setting.CHAT, on=on, due=due))), None)
        if found is not None and _is_cut_short(rest[: found.end], rest[found.end :]):
            return None
        if found is not None and not rest[: found.start].strip():
            return None if _BARE_YEAR.fullmatch(found.text.strip()) else found.due
    before = _BECAUSE.sub("", text)
    parts = [part for part in _ENDS.split(before) if not _tells_only_what_is_not(part)]
    later = next((at for at, part in enumerate(parts) if _NOBODY_KNOWS.search(part)), 0)
    if later and all(_tells_why(part) for part in parts[:later]):
        return day_named(",".join(parts[later:]), on, due)
    asking = ",".join(parts)
    return day_named(asking, on, due) or (day_named(text, on, due) if asking == before else None)


_NOBODY_KNOWS = re.compile("[晚缓迟推延宽多][后延缓给限期]?几天")
_OF_WHEN = frozenset(
    {Sense.MOVE, Sense.SHIFT, Sense.BEG, Sense.MAY, Sense.HAND, Sense.SEND, Sense.FINISH, Sense.SETTLE, Sense.RESULT}
)


def _tells_why(part: str) -> bool:
    """Tell whether a clause before one that asks for some days says only why: 年底事多，晚几天行吗."""
    return not {word.sense for word in words_of(part, lexicon())} & _OF_WHEN


def _tells_only_what_is_not(part: str) -> bool:
    """Tell whether a clause says what cannot be, and asks for nothing: 月底完不成, whose day is not asked for."""
    senses = {word.sense for word in words_of(part, lexicon())}
    return bool(senses & {Sense.NO, Sense.STUCK}) and not senses & {*_ASKING, Sense.MAY}


def more_time(text: str, on: date, due: date | None) -> tuple[date | None, str | None]:
    """Return the day that is asked for, and the length asked for as an ISO 8601 duration where no day is named."""
    length = next(
        (one for one in _LENGTH.finditer(text) if not _VAGUE.search(one["n"]) and not _is_a_month(text, one)), None
    )
    named = _day_asked_for(text if length is None else _what_asks(text, length), on, due)
    if named is not None or length is None:
        return named, None
    shift = duration(length["n"].replace("两", "二"), "日" if length["u"] == "天" else length["u"])
    if shift is None or due is None:
        return None, shift
    return later(due, shift, workdays=length["u"] == "工作日"), shift


def _what_asks(text: str, length: re.Match[str]) -> str:
    """Return of a text in which more time is asked for by so much what may ask for a day, too: not 5月放假 of 5月放假，延一个月."""
    kept, at = [], 0
    for part in _ENDS.split(text):
        end = at + len(part)
        if at <= length.start() < end:
            kept.append(f"{text[at : length.start()]} {text[length.end() : end]}")
        elif _MOVED_TO.search(part) is not None or not _tells_why(part):
            kept.append(part)
        at = end + 1
    return ",".join(kept)


def _is_a_month(text: str, length: re.Match[str]) -> bool:
    """Tell whether what looks like a length is a month of the year: 窗口期在12月; but 延3月."""
    month = length["u"] == "月" and "个" not in length[0]
    return month and text[: length.start()][-1:] not in (
        "延",
        "缓",
        "推",
        "迟",
        "宽",
        "限",
        "长",
        "晚",
        "给",
        "多",
        "期",
        "再",
    )


def in_charge(words: Iterable[Word]) -> str:
    """Return who is to see to it, in the words of the clause that says so; "" where that is who speaks."""
    words = tuple(words)
    section = section_given(words)
    if section is not None and all(word.sense is not Sense.PERSON for word in words):
        return section[1]
    named = next((word.text for word in words if word.sense is Sense.PERSON), "")
    gives = next((place for place, word in enumerate(words) if word.sense is Sense.CHARGE), None)
    after = words[gives + 1] if gives is not None and gives + 1 < len(words) else None
    return named or (after.text[:12] if after is not None and after.sense in _SOMEBODY else "")


_SOMEBODY = frozenset({Sense.UNKNOWN, Sense.PLAIN, Sense.LEADER})
"""What a name may look like that no form tells: 转给办公室, 交由业务科."""

_STATED = re.compile(r"(?:原因|理由)(?:是|为|在于)?\s*(?P<why>.+)$")
_BECAUSE = re.compile(r"(?:因为|由于|因(?![此而地素])|鉴于|考虑到)(?P<why>.+)$")
_ENDS = re.compile(r"[,;。]")
_ASKING = frozenset({Sense.MOVE, Sense.SHIFT, Sense.BEG})


def stated_reason(text: str) -> str | None:
    """Return the reason that a text gives in so many words, up to where it asks for something."""
    text = text.replace("#", " ")  # where a task was named
    match = _STATED.search(text) or _BECAUSE.search(text)
    if match is None:
        return None
    kept: list[str] = []
    for part in _ENDS.split(match["why"]):
        senses = {word.sense for word in words_of(part, lexicon())}
        if kept and senses & {Sense.MOVE, Sense.SHIFT}:
            break
        kept.append(_without_asking(part))
    return clean(",".join(kept)) or None


def _without_asking(part: str) -> str:
    """Return a clause up to where it asks for more time: 疫情影响 of 疫情影响申请延期至7月10日."""
    words = tuple(words_of(part, lexicon()))
    asks = (
        one.start
        for one, after in pairwise(words)
        if one.sense in (Sense.BEG, Sense.DUTY_BOUND) and after.sense in (Sense.MOVE, Sense.SHIFT)
    )
    return part[: next(asks, len(part))]


_ASKED_WITH = frozenset({
    Sense.MOVE, Sense.SHIFT, Sense.BEG, Sense.ASK, Sense.MAY, Sense.OURS, Sense.FILLER, Sense.POLITE, Sense.DUTY, Sense.PERMIT,
    Sense.DAY, Sense.FUTURE, Sense.SHARE, Sense.LENGTH, Sense.DEADLINE, Sense.PLAN, Sense.DUTY_BOUND, Sense.CHAT, Sense.FINISH,
    Sense.NOW, Sense.THANKS, Sense.RECEIVE, Sense.LEADER, Sense.PERSON,
})  # fmt: skip


def leftover(text: str) -> str | None:
    """Return the clauses of a request that say why, as they were written: of two signs only behind the asking, and of the clause
    that asks no more than what stands before it and tells something, never signs put together from its pieces.
    """
    kept, asked = [], False
    text = _TASK_AT_HEAD.sub(" ", text).replace("#", "")  # where a task was named
    for part in re.split(r"[,;。!?\s]+", _BARE_YEAR.sub(" ", _in_full(text))):
        words = tuple(words_of(part, lexicon()))
        telling = [word for word in words if word.sense not in _ASKED_WITH]
        only_names = all(word.sense in _NAMING for word in telling) and not _WHAT_HINDERS.search(part)
        if any(word.sense in _ASKING for word in words):
            rest = "" if only_names else _before_asking(part, words)
        elif only_names and any(word.sense is Sense.RECEIVE for word in words):  # 隧道清单没问题
            rest = ""
        else:
            rest = part if telling and clean(part) not in ("原因", "理由") else ""
        if len(clean(rest)) >= (2 if asked and rest == part else 3):
            kept.append(clean(rest))
        asked = asked or any(word.sense in _ASKING for word in words)
    return "，".join(kept) or None


_NAMING = frozenset(
    {Sense.UNKNOWN, Sense.PLAIN, Sense.OBJECT, Sense.WORK, Sense.PAPER, Sense.LIST, Sense.STEP, Sense.UNIT, Sense.HAND}
)
"""What may be no more than the name of what more time is asked for: 停车场检查申请延到…."""

_TASK_AT_HEAD = re.compile(r"(?:^|(?<=[,;。!?\s]))#")
_WHAT_HINDERS = re.compile("影响|不足|紧张|困难|短缺|滞后|延误|冲突|[变波]动")
"""What is a reason though it only names something: 疫情影响."""
_LEADS_TO_IT = frozenset({Sense.PLAN, Sense.MAY, Sense.ASK, Sense.POLITE, Sense.DUTY_BOUND, Sense.OURS, Sense.FUTURE})
_SO = re.compile("(?:所以|因此|故此?|就|特|只好|只能|[现再])$")


def _before_asking(part: str, words: tuple[Word, ...]) -> str:
    """Return a clause up to where it asks, as it was written: 设备没到 of 设备没到想延到7月10日."""
    told = dropwhile(lambda word: word.sense in _ASKED_WITH, words)
    why = tuple(takewhile(lambda word: word.sense not in _ASKING, told))
    while why and why[-1].sense in _LEADS_TO_IT:
        why = why[:-1]
    return _SO.sub("", part[why[0].start : why[-1].end]) if why else ""


def rest_after(text: str, deciding: Iterable[Sense]) -> str | None:
    """Return what a decision says beside deciding."""
    stated = stated_reason(text)
    if stated:
        return stated
    text = text.replace("#", " ")
    without = frozenset(deciding)
    first = next((word for word in words_of(text, lexicon()) if word.sense in without), None)
    if first is None:
        return clean(text)
    before, after = text[: first.start], text[first.end :]
    if first.text.startswith("重新") and clean(before):  # says what is to be done
        return clean(text)
    following = next(iter(words_of(after, lexicon())), None)
    if following is not None and following.sense is Sense.MOVE:
        after = after[following.end :]
    negation = next((word for word in reversed(tuple(words_of(before, lexicon()))) if word.sense is Sense.NO), None)
    if negation is not None and negation.end == len(before):
        before = before[: negation.start]
    says_why = {word.sense for word in words_of(clean(before), lexicon())} - _NAMES
    before, after = clean(before) if says_why else "", "" if _SAYS_NO_MORE.fullmatch(clean(after)) else clean(after)
    return clean(text) if before and after else before or after or None  # said in the middle, it is quoted whole


_SAYS_NO_MORE = re.compile("[了吧呀啊哦吗呢]*")
_NAMES = frozenset({Sense.UNIT, Sense.FILLER, Sense.POLITE})
"""What stands before a decision and gives no reason: whose it is, and 请."""


def clean(text: str) -> str:
    """Return a text without blanks and marks around it, its blanks single."""
    return " ".join(text.split()).strip(" ,，。.;；:：、!！~")
