"""A sentence about duty → what it says, purely: 明天王工值班, 6月25日至27日张工、李工值班, 明天王工改由李工值班, 取消明天值班, 明天谁值班."""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from db.days import month as written_month
from db.plain import SURNAME
from db.words import DayPart
from jobs.duties.plainly import DUTY, SIGN, plainly
from jobs.duties.spoken_days import days_of, following
from jobs.reading import day_parts, phones


class What(Enum):
    """What a sentence wants."""

    SET = "these people are on duty on these days"
    EACH = "each of these people is on duty on the day that stands at the same place"
    REPLACE = "somebody stands in for somebody else"
    SWAP = "two people exchange their days"
    CROSS = "two people exchange two days, of which it is not said whose is which"
    CLEAR = "these people, or where a day is cancelled and none is named all of them, are on duty no more"
    ASK = "who is on duty?"


@dataclass(frozen=True, slots=True)
class Said:
    """What is wanted, of which days (one a name where two are exchanged or each has their own), with which names; ``phones`` are
    those that stand beside a name, ``parts`` of which part of the day each name is, or all where none is named; of whole days it
    is empty.
    """

    what: What
    days: tuple[date, ...] = ()
    names: tuple[str, ...] = ()
    phones: tuple[tuple[str, str], ...] = ()
    parts: tuple[DayPart, ...] = ()


ME = "我"
"""Who speaks; the caller knows the name."""

_NAME = rf"(?:(?:{SIGN}){{1,3}}(?:工|总|处|局|厅|科|主任|处长|科长|局长|厅长|经理|老师|组长)|(?:{SIGN}){{2,4}}|我)"
_NAMES = rf"{_NAME}(?:\s*[、，,和与及]\s*{_NAME}){{0,7}}"
BETWEEN = re.compile(r"\s*[、，,和与及]\s*")
_STANDS_FIRST = re.compile(
    rf"我|[小老]{SURNAME}|{SURNAME}(?:{SIGN}){{0,2}}(?:工|总|处|局|科|长|主任|经理|老师)|{SURNAME}(?:{SIGN}){{2}}"
)
"""Who may stand before the day: what can be nothing but a person, for any two words may be a name before 值班 and few before 明天."""
_PLAINLY_ONE = re.compile(rf"{_STANDS_FIRST.pattern}|(?!方[式案]|高|万|白|夏|江|金|马上|程序){SURNAME}{SIGN}")
"""Who may come in somebody's place, where 视频会议 may, too."""
_TAIL = r"(?:同志)?(?:来|负责|轮)?" + DUTY + r"?"
_ASKS = re.compile(
    rf"^(?P<when>.*?)(?:是|都|有|该|轮到)?(?:谁|哪位|哪些人|什么人)(?:在|来|负责)?{DUTY}$|^(?P<of>.*?){DUTY}(?:的)?(?:是)?(?:谁|哪位|情况|安排|表)?$"
)
_EXCHANGES = re.compile(rf"^(?P<a>{_NAME})(?:和|与|跟|同)(?P<other>.+)$")
_WITH = re.compile(rf"^(?P<b>{_NAME})(?:换班|调班|对调|互换|换一下)$")
_INSTEAD = re.compile(
    rf"^(?:{DUTY}的)?(?P<out>{_NAME})(?:的?班)?(?:改由|换成|换为|改成|改为|换)(?P<in>{_NAME}){_TAIL}$"
)
_SET = re.compile(rf"^(?:由|是|为|改由|改为|改成|换成|换|[：:])?\s*(?P<names>{_NAMES})(?:同志)?(?:来|负责|轮)?{DUTY}$")
_BY_TURNS = re.compile(
    rf"^(?:{DUTY})?(?:由|[：:])?\s*(?P<names>{_NAMES})(?:同志)?(?:依次|按日|每天一人)?(?:轮流|轮班|轮换|轮值|轮着)(?:{DUTY})?$"
)
_TURNS = rf"(?:我们?(?:这边|单位|[局厅委镇])?)?(?:轮流|轮班|轮换|轮值|轮着)(?:{DUTY})?"
_THEIR_TURNS = re.compile(rf"^{_TURNS}\s*[：:，,]\s*(?:由|是)?(?P<names>{_NAMES})$")
"""Who takes turns where that is said first: (3号到5号)轮流值班：王工、李工、赵工."""
_TURNS_FIRST = re.compile(rf"^(?P<turns>{_NAMES}(?:同志)?{_TURNS})[，,](?P<when>[^，,、]{{2,16}})$")
_AWAY = re.compile(
    rf"^(?P<out>{_NAME})(?:临时|正好|要|当天|那天)*(?:有事|有会|开会|请假|出差|外出|休假|调休|生病|不在|来不了|去不了|不能来|值不了班?|不能{DUTY})了?"
    rf"[，,。；;\s]+(?:改|请|让|换|就)?(?:由|让|请|换)?(?P<in>{_NAME})(?:来|帮忙?)?(?:值班?|带班|顶[替班上]?|[代替]值?班?)(?:他|她|我)?(?:的班|值班|一下|一天)?$"
)
"""Who cannot come, and who comes in their place: 王工明天请假，李工替他."""
_SET_AFTER = re.compile(rf"^{DUTY}(?:人员|人|的)*(?:是|为|由|[：:])\s*(?P<names>{_NAMES})$")
_SET_INSTEAD = re.compile(rf"^{DUTY}(?:人员|人|的)*(?:改由|改[成为]|换[成为]?)\s*(?P<names>{_NAMES})$")
"""Who is on duty in place of whoever was, so plainly that it can be nothing but people: 值班换个人, 值班改成视频会议 names nobody."""
_TAKE_OFF = r"(?:取消|撤销|删除|删[掉去]|去掉|清[空除掉])[掉了]?"
_OFF = re.compile(rf"^{_TAKE_OFF}|{_TAKE_OFF}吧?$|(?:不用|不再|不需要?|不必|不)(?=(?:来|{_NAMES})?{DUTY}了?$)")
"""What says that somebody's duty is taken away again: before all, behind all, or before who and 值班."""
_DENIED = re.compile("^不")
"""What says of who is on duty, and not of the day: who names nobody speaks of themselves, 明天不值班."""
_ON_DUTY = re.compile(rf"的?来?{DUTY}(?:安排|人员|任务)?[了吧]*$")
_NOBODY = re.compile(
    r"谁|哪位|什么人|今天|明天|后天|周[一二三四五六日天]|星期|[本下]周|今晚|明晚|[年月日号](?!$)|没人|无人|我们|你们|他们|取消|撤销|删除|大家|各位|领导|有人|别人|其他|自己|本人|全体|[全人职员]员|[职民员]工|[复停开]工|企业|单位|部门|科室|专家|群众|[不没别吗吧呢]|值班|安排|周末|轮|把|班$|^是|是$|^(?:节|期间|假期|放假|末|份|旬|前|后|点)|[上下中]午|凌晨|傍晚|半夜|^(?:大年|正月|腊月)?初[一二三四五六七八九十]|^[正腊]月|^除夕|^[待未暂]定|^空缺?$|^暂?无$"
)

_ENDS_OTHERWISE = re.compile("[能年月日号]$")
"""What a name may end with, 李能, 张明月, and other words do as a rule: 王工能值班, 本月值班."""
_IN_FULL = re.compile(rf"(?!方能|何[年月日]){SURNAME}(?:(?![工总处局厅科长任理师]){SIGN})?[能年月日号]")
"""Such a name, of two or three signs with the surname first, and with no office that would part it."""


def read(text: str, today: date) -> Said | None:
    """Return what a sentence said on the local day ``today`` says of duty; None where it says nothing of it."""
    words, numbers = phones.parted(re.sub(r"(?<![\s。！!？?])[\s。！!？?]++$", "", text.strip()))
    words = plainly(re.sub(rf"[ \u3000]{{1,3}}(?={DUTY})", "", words))
    if not re.search(DUTY + "|换班|调班|对调|互换|的班|轮值|轮流|轮着|[，,].*(?:值|[顶替代])", words):
        return None
    words = re.sub("^(?:请|麻烦|安排|[让叫把将])+(?=.)", "", re.sub("[。！!]\\s*", "，", words))
    words = _TURNS_FIRST.sub(r"\g<when>\g<turns>", words)
    asks = _IN_DOUBT.search(text) is not None
    words = re.sub("吗$", "", words)
    told = None if asks else _cleared(words, today)
    told = (
        told
        or _crossed(words, today)
        or _exchanged(words, today)
        or _instead(words, today)
        or _each(words, today)
        or _set(words, today)
    )
    if told is None:
        return _asks(words, today)
    if asks:
        return Said(What.ASK, told.days)
    beside = phones.of_names(told.names, numbers)
    if not beside and len(told.names) == len(numbers) == 1:  # 明天王工值班，电话13800138000
        beside = ((told.names[0], numbers[0][1]),)
    return replace(told, phones=beside)


_IN_DOUBT = re.compile("[？?]|吗|能否|能不能|可否|可不可以|要不要|是不是|是否")
"""What asks, and so changes nothing: it is told who is on duty then."""


def _exchanged(words: str, today: date) -> Said | None:
    for when, rest in parted(words, today):
        first = _EXCHANGES.match(rest)
        for other, more in parted(first["other"], today) if first is not None else ():
            second = _WITH.match(more)
            if first is not None and second is not None and len(when) == len(other) == 1:
                return Said(What.SWAP, when + other, (first["a"], second["b"]))
    return None


_CROSSED = re.compile(
    rf"^(?P<a>{_NAME})[和与跟同](?P<b>{_NAME})把?(?P<first>[^、和与跟，,]{{2,8}})[、和与跟](?P<other>[^、和与跟，,的]{{2,8}})的?(?:班|{DUTY})"
    r"(?:对调|互换|调换|换|调)(?:一下|过来)?$"
)
"""Two people who exchange two days, of which it is not said whose is which: 李工跟王工把明天和后天的班对调一下."""


def _crossed(words: str, today: date) -> Said | None:
    found = _CROSSED.match(words)
    of_days = [days_of(found[one], today) for one in ("first", "other")] if found is not None else []
    if found is None or any(len(one) != 1 for one in of_days) or not (is_name(found["a"]) and is_name(found["b"])):
        return None
    return Said(What.CROSS, (of_days[0][0], of_days[1][0]), (found["a"], found["b"]))


def _cleared(words: str, today: date) -> Said | None:
    off = _OFF.search(words)
    if off is None or not re.search(DUTY, words):
        return None
    left = _ON_DUTY.sub("", f"{words[: off.start()]}{words[off.end() :]}".strip(" ，,的"))
    for when, rest in parted(left, today):
        names = tuple(BETWEEN.split(rest)) if re.fullmatch(_NAMES, rest) else ()
        names = (ME,) if not rest and _DENIED.match(off[0]) else names
        if all(map(is_name, names)) and (names or not rest):
            return Said(What.CLEAR, when, names)
    return None


def _instead(words: str, today: date) -> Said | None:
    for when, rest in parted(words, today):
        found = _INSTEAD.match(rest) or _AWAY.match(rest)
        if found is not None and is_name(found["out"]) and is_name(found["in"]):
            return Said(What.REPLACE, when, (found["out"], found["in"]))
    return None


def _each(words: str, today: date) -> Said | None:
    """Read people who take turns, day by day in the order in which they stand, and people of whom each has a day of their own."""
    for when, rest in _begun_with_days(words, today):
        found = _BY_TURNS.match(rest) or _THEIR_TURNS.match(rest)
        names = tuple(BETWEEN.split(found["names"])) if found is not None else ()
        if len(names) > 1 and all(map(is_name, names)):
            if len(names) > len(when):  # on one day they take turns within it; of several it is not said whose is which
                return Said(What.SET, when, names) if len(when) == 1 else None
            return Said(What.EACH, when, tuple(names[at % len(names)] for at in range(len(when))))
    headed = _HEADED.match(words) or _TURNS_HEADED.match(words)
    told = headed["told"] if headed is not None else _AT_ITS_END.sub("", words)
    if told == words and not _WITHIN.search(words):
        return None
    before = days_of(headed["when"], today) if headed is not None and headed["when"] else ()
    if headed is not None and headed["when"].startswith("下"):  # 下周值班表：周一王工
        told = _WEEKDAY.sub(r"下\g<0>", told)
    if headed is not None and headed["when"] and not before:
        return None
    own = _own_days(told, today, before[:1])
    if before and any(day not in before for day, _name in own):
        return None
    days, names = tuple(day for day, _name in own), tuple(name for _day, name in own)
    several = len(set(days)) > 1 and (len(set(names)) > 1 or headed is not None)
    return Said(What.EACH, days, names) if several else None


def outside(words: str, today: date) -> str:
    """Return the time that stands over days and people, 端午值班：3号王工，4号李工, where some of those days are none of its; "" else."""
    headed = _HEADED.match(plainly(words))
    frame = days_of(headed["when"], today) if headed is not None and headed["when"] else ()
    if headed is None or not frame:
        return ""
    own = _own_days(headed["told"], today, frame[:1])
    return headed["when"] if any(day not in frame for day, _name in own) else ""


_WEEKDAY = re.compile("(?<![下个上本])(?:周|星期|礼拜)(?=[一二三四五六日天])")
_HEADED = re.compile(rf"(?P<when>[^：:，,。；;]{{0,12}}?)的?{DUTY}(?:安排|表|人员)?(?:如下)?[：:]\s*(?P<told>.+)$")
"""What stands over days and people of their own: 国庆值班：王工1号2号，李工3号."""
_TURNS_HEADED = re.compile(rf"^(?P<when>[^：:，,]{{0,12}}?){_TURNS}[，,：:]\s*(?P<told>.+)$")
_WITHIN = re.compile(rf"{DUTY}[，,；;]")
"""That the first of several days says that it is about duty: 明天小周值班，后天刘敏."""
_AT_ITS_END = re.compile(rf"(?:来|负责)?{DUTY}$")
_PARTS = re.compile(r"\s*[、，,；;和与及]\s*")
_BARE = re.compile(r"(?P<day>\d{1,2})(?:[日号]|\s*[至到—–~-])")
_ONE_AND_ANOTHER = re.compile(r"(?<=[日号])(?=\d)")


def _own_days(told: str, today: date, before: tuple[date, ...]) -> list[tuple[date, str]]:
    """Return who has which day where each part names one or goes on with the one before; empty where a part says anything else.

    A day without its month stands in that of the day ``before`` it, 10月1日王工、2日李工, or in the next one where it is lower.
    """
    own: list[tuple[date, str]] = []
    heard, begun = before, 0
    for part in _PARTS.split(told):
        part = _AT_ITS_END.sub("", part)
        dated = _day_and_name(part, today, heard)
        if dated is None and (not begun or not _is_one(part)):
            return []
        heard, name = dated or (heard, part)
        begun += dated is not None
        own += [(day, name) for day in heard]
    return own if begun > 1 else []


def _day_and_name(part: str, today: date, before: tuple[date, ...]) -> tuple[tuple[date, ...], str] | None:
    """Return the days of a part and whose they are, whichever stands first."""
    for days, rest in _begun_with_days(_in_its_month(part, before), today):
        if _is_one(rest):
            return days, rest
    for end in range(2, min(len(part), 6)):
        if _STANDS_FIRST.fullmatch(part[:end]) and is_name(part[:end]):
            found: tuple[date, ...] = ()
            for one in _ONE_AND_ANOTHER.split(part[end:]):
                more = days_of(_in_its_month(one, found or before), today)
                if not more:
                    break
                found += more
            else:
                return found, part[:end]
    return None


def _in_its_month(part: str, before: tuple[date, ...]) -> str:
    """Return a part that begins with a day of no month with the month that the day ``before`` it gives."""
    bare = _BARE.match(part)
    if bare is None or not before:
        return part
    first = before[-1].replace(day=1)
    month = first if int(bare["day"]) >= before[-1].day else following(first)
    return f"{written_month(month)}{part}"


def _is_one(name: str) -> bool:
    return re.fullmatch(_NAME, name) is not None and is_name(name)


def _set(words: str, today: date) -> Said | None:
    for when, rest in parted(words, today):
        instead = _SET_INSTEAD.match(rest)
        found = instead or _SET.match(rest) or _SET_AFTER.match(rest)
        if found is not None:
            names = tuple(BETWEEN.split(found["names"]))
            people = instead is None and not re.search("[，,]", found["names"])
            if all(map(is_name, names)) and (people or all(map(_PLAINLY_ONE.fullmatch, names))):
                return Said(What.SET, when, tuple(dict.fromkeys(names)))
    return None


def _asks(words: str, today: date) -> Said | None:
    found = _ASKS.match(words)
    if found is None:
        return None
    when = (found["when"] or found["of"] or "").strip(" ，,的")
    days = days_of(when, today) if when else (today,)
    return Said(What.ASK, days) if days else None


def parted(words: str, today: date) -> list[tuple[tuple[date, ...], str]]:
    """Return the ways in which a text begins with days, the longest first, each with the rest; who stands before the days, as in
    王工明天值班, is read as standing behind them.
    """
    found = _begun_with_days(words, today)
    for end in range(2, min(len(words), 16)) if not found else ():
        who, behind = words[:end].strip(), words[end:].lstrip(" ，,")
        if all(_STANDS_FIRST.fullmatch(name) and is_name(name) for name in BETWEEN.split(who)):
            found += [(days, f"{who}{rest}") for days, rest in _begun_with_days(behind, today)]
    return found


def _begun_with_days(words: str, today: date) -> list[tuple[tuple[date, ...], str]]:
    found = []
    for end in range(min(len(words), 24), 1, -1):
        days = days_of(words[:end].rstrip(" ，,的"), today)
        if days:
            found.append((days, words[end:].lstrip(" ，,的")))
    return found


def is_name(name: str) -> bool:
    if _NOBODY.search(name) or day_parts.ANY.match(name):  # a part of the day is read before
        return False
    return not _ENDS_OTHERWISE.search(name) or _IN_FULL.fullmatch(name) is not None
