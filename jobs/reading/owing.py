"""Whose the days of a text are: of whom each clause tells something, before a day or behind it."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from operator import attrgetter

from jobs.reading.clauses import SENTENCE
from jobs.reading.deadlines import Deadline
from jobs.reading.subjects import SENTENCE_ENDS, Others, Subject, asked, spoken_to


@dataclass(frozen=True, slots=True)
class Owed:
    """Who owes what falls due by one deadline, and why a person should look whether it is they."""

    who: list[str]
    uncertain: str | None = None


SHARED_DAY = "期限写在几个单位之后，按各单位共用处理，请核对"
UNEQUAL = "“分别”的单位和期限个数对不上，请核对"


def subjects(text: str, deadlines: list[Deadline]) -> list[Owed]:
    """Return, for each deadline, who owes what falls due then.

    That is the subject of its clause, else those of the clauses before it that have no day of their own (甲负责…，
    乙负责…，于2月底前…); for a deadline that opens its sentence (4月底前，各部门制定计划) the subject that follows in the same
    sentence; for one in a heading's bracket that of the sentence after it. 甲、乙分别于… binds in order.
    """
    if not deadlines:
        return []
    told = list(spoken_to(text))
    sentences = [sentence.start() for sentence in SENTENCE.finditer(text)]
    owed = [_owing(text, one, told, sentences, deadlines) for one in deadlines]
    for match in _SEVERALLY.finditer(text):
        _bind_in_order(text, match.end(), deadlines, owed)
    others = Others(text)
    return [_doubted(text, one, who, told, others) for one, who in zip(deadlines, owed, strict=True)]


ANOTHER = "期限前面还写有别的单位，请核对由谁办理"


_TOLD_BEHIND = re.compile(
    r"[，,][\u4e00-\u9fff（）]{2,16}(?:公司|集团|企业|[^工]厂|学校|医院)(?:均|都)?(?:要(?!求)|应当?|必?须|务必|负责)"
)
"""3月5日前，某公司要备足…: who is told something behind a day, and is nobody whom we take for its subject."""


def _doubted(text: str, one: Deadline, owed: Owed, told: list[Subject], others: Others) -> Owed:
    """Ask about a day before which, behind the subject that is said to owe it, a clause opens with another unit's name."""
    if not owed.who or owed.uncertain:
        return owed
    behind = _TOLD_BEHIND.match(text, one.end)
    if behind and not any(name in behind[0] for name in owed.who):
        return Owed(owed.who, ANOTHER)
    place = bisect_right(told, one.start, key=_begins)
    last = told[place - 1].end if place else 0
    if last > one.start:
        return owed
    begin = max(last, *(text.rfind(mark, last, one.start) + 1 for mark in SENTENCE_ENDS))
    return Owed(owed.who, ANOTHER) if others.are_named(begin, one.start, owed.who) else owed


def _owing(text: str, one: Deadline, told: list[Subject], sentences: list[int], deadlines: list[Deadline]) -> Owed:
    at = bisect_right(sentences, one.start)
    sentence = sentences[at - 1] if at else 0
    place = bisect_right(told, one.start, key=_begins)
    before = told[max(0, place - SHARERS) : place]
    own = [subject for subject in before if subject.sentence == sentence]
    if text[one.end : one.end + 1] in ("）", ")") and (
        stage := _NAMES_A_STAGE.search(text, max(0, one.start - 24), one.start)
    ):
        who = _of_part(text, one, told[max(0, place - 1) : place + 1])
        if who or stage["next"]:
            return Owed(who)
    if own and own[-1].start <= one.start < own[-1].end and _OF_WHOM.match(text, one.end):
        return Owed(own[-1].who)
    following = _opened_by(text, one, told[place : place + 1], sentence)
    if following and (not own or _DAY_ONLY.match(text, one.end)):
        another = _OF_WHOM.match(text, one.end) and re.search("[，,]", text[one.end : told[place].start])
        return Owed(following if _DAY_ONLY.match(text, one.end) else [], ANOTHER if another else None)
    if not own:
        heads = sentence == sentences[0] and text[one.end : one.end + 1] in "）)" and len(sentences) > 1
        if heads and not before:
            first = next((subject for subject in told if subject.sentence == sentences[1]), None)
            opens = first is not None and not re.search("[；;]", text[sentences[1] : first.start])
            return Owed(first.who if first else [], None if opens or not first else OF_HEADING)
    by = told[place : place + 1] if not own and _BY_NEXT.match(text, one.end) else []
    if not own and not by and (nearest := told[place : place + 1]) and nearest[0].sentence == sentence:
        clause = text[nearest[0].start : nearest[0].end].strip()
        between = text[one.end : nearest[0].start]
        if clause.startswith("由") and not re.search("[；;]", between) and not LOOKS_ON.search(clause):
            return Owed(nearest[0].who, BEHIND)
    if by and by[0].sentence == sentence:
        return Owed(by[0].who)
    if not own:
        doing = [one for one in before if not _only_sees(text[one.start : one.end])]
        if doing and doing[-1] is not before[-1] and LOOKS_ON.search(text[before[-1].start : before[-1].end]):
            return Owed(doing[-1].who, ANOTHER)
        before = doing
        if before and _SEEN_TO.search(text, sentence, one.start):
            return Owed(before[-1].who, ANOTHER)
    if not own or before[-1].end > one.start:
        return Owed(before[-1].who if before else [])
    return _sharing(text, one, own, deadlines)


def _only_sees(clause: str) -> bool:
    """Tell whether a clause says of somebody only that they look whether it was done, or see to those that did not."""
    return bool(_SANCTIONS.search(clause) or _LOOKS.search(clause))


_SEEN_TO = re.compile(r"由[\u4e00-\u9fff（）()]{2,16}?(?:约谈|问责|立案|处罚|查处|处理|移送)")
"""…由我局立案查处，9月15日前办结: whoever sees to it is not who stood in the sentence before."""
OF_HEADING = "期限写在标题里，请核对由谁办理"
_LOOKS = re.compile(r"(?:复核|复查|验收|初验|审核|销号)$")
_SANCTIONS = re.compile(r"将[^，,。；;]{0,12}(?:约谈|问责|追责|追究|通报|处罚|立案|移送|曝光|扣分)")
"""对整改不力的，市攻坚办将提请约谈: whoever sees to those that did not is not whose the next sentence is."""

_begins = attrgetter("start")


def _opened_by(text: str, one: Deadline, following: list[Subject], sentence: int) -> list[str]:
    """Return who is the subject that follows a day in what the day opens, a sentence or what a semicolon parts of one."""
    at, begin = one.end, max(sentence, *(text.rfind(mark, sentence, one.start) + 1 for mark in "；;"))
    opens = not re.search(r"[\u4e00-\u9fff]", _OPENING.sub("", text[begin : one.start]))
    here = [who.who for who in following if who.sentence == sentence and not re.search("[；;]", text[at : who.start])]
    return here[0] if opens and here else []


SHARERS = 24
"""Subjects of one sentence that one day may close, at the most."""


def _sharing(text: str, one: Deadline, before: list[Subject], deadlines: list[Deadline]) -> Owed:
    """Return who owes what a clause without a subject dates: the last before it, and those before that who have no day."""
    together = before[-1:]
    all_at_once = is_all_at_once(text, together[0].start, one.start, one.end)
    dated = max((other.start for other in deadlines if other.start < together[0].start), default=-1)
    for subject in reversed(before[-SHARERS:-1]):
        between = text[subject.start : together[0].start]
        # who stands before one who is asked is who asks
        apart = asked(text[together[0].start : together[0].end]) or re.search("[；;]", between)
        if (apart and not all_at_once) or subject.start <= dated:
            break
        together.insert(0, subject)
    clause = re.split(r"[，,；;。]", text[one.end :])[0]
    doing = [subject for subject in together if not LOOKS_ON.search(text[subject.start : subject.end])]
    together = doing if doing and _IS_DONE.search(clause) and not all_at_once else together
    who = list(dict.fromkeys(name for subject in together for name in subject.who))
    alike = not all_at_once and all("负责" in text[subject.start : subject.end] for subject in together)
    return Owed(who, None if len(together) == 1 or alike else SHARED_DAY)


_ALL_AT_ONCE = re.compile(r"[^，,；;。\d]{0,12}?(?:一并|一起|一同|分别)(?:[报上提送反交]|完成|办结)")
_PUTS_TOGETHER = re.compile(r"汇总|汇集|归集|统稿|牵头|收齐")
"""Who puts together what it is given hands it in alone: 乙汇总后于6月30日前一并报送."""


def is_all_at_once(text: str, last: int, start: int, end: int) -> bool:
    """Tell whether what falls due by the day from ``start`` to ``end`` is handed in together with what was told before the
    clause at ``last``: 请甲制定方案；请乙提供数据，于6月30日前一并报送.
    """
    return bool(_ALL_AT_ONCE.match(text, end)) and not _PUTS_TOGETHER.search(text, last, start)


def _bind_in_order(text: str, start: int, deadlines: list[Deadline], owed: list[Owed]) -> None:
    """Give each of the units before 分别 its own of the days after it."""
    listed: list[int] = []
    for at, one in enumerate(deadlines):
        end = deadlines[listed[-1]].end if listed else start
        if one.start >= start and (one.start <= end or not text[end : one.start].strip("、，,和及与于在前 ")):
            listed.append(at)
    who = owed[listed[0]].who if listed else []
    if len(listed) == 1 and len(who) > 1 and "," in (deadlines[listed[0]].rule or ""):
        owed[listed[0]] = Owed(who, UNEQUAL)  # 分别于每月5日、10日: one rule of several days
    if len(listed) < 2 or len(who) < 2:
        return
    for at, place in enumerate(listed):
        owed[place] = Owed([who[at]]) if len(who) == len(listed) else Owed(who, UNEQUAL)


_SEVERALLY = re.compile(r"分别(?:应|须|要)?[于在为]?")
BEHIND = "办理的单位写在期限之后，请核对"
"""原则上每月召开一次，由甲召集."""
_NAMES_A_STAGE = re.compile(
    r"(?:(?P<next>[；;])|^|(?<=[。.、\n]))[^，,。；;：:（()）\n\d]{2,12}[（(](?:即日起|自|从|时间[:：]?|至|到){0,2}$"
)
"""自查（即日起至4月20日），甲…；提升（5月底前）: stages inside one item, each for whoever is told something in its part."""


def _of_part(text: str, one: Deadline, near: list[Subject]) -> list[str]:
    """Return who is told something in the part, between semicolons and full stops, in which a day stands."""
    far = max(0, one.start - _FAR)
    begin = max(far, *(text.rfind(mark, far, one.start) + 1 for mark in "；;。\n"))
    ending = _PART_ENDS.search(text, one.end, one.end + _FAR)
    end = ending.start() if ending else one.end + _FAR
    return next((subject.who for subject in near if begin <= subject.start < end), [])


_FAR = 300
_PART_ENDS = re.compile(r"[；;。\n]")
_BY_NEXT = re.compile(r"[）)][，,]?由")
"""验收阶段（11月20日前），由公路中心组织验收."""
_DAY_ONLY = re.compile(r"(?:之?前|完成)?[，,：:、）)]|(?:之?前)?(?:由|请|各)|$")
"""4月底前，各部门制定计划; in 7月底前完成转移，水利局巡堤 the day is not that of who follows."""
_OF_WHOM = re.compile(r"(?:之?前)?(?:由|请|各)")
"""4月底前由甲设点，乙保障: the day is that of whom its own clause names, and not of who follows."""
LOOKS_ON = re.compile(r"验收|销号|复查|复核|督办|跟踪|监督|审核|把关")
_IS_DONE = re.compile(r"完成|整改|到位|办结|清零|关停|拆除")
"""Who looks whether it was done does not owe it by the day by which it is to be done."""


_OPENING = re.compile(
    r"^[。\s]*(?:[（(]?[一二三四五六七八九十\d]+[）)、.．是]+)?(?:[^，,：:。；;]{1,14}[:：]|[^，,：:。；;（(]{1,12}(?:阶段|环节|步骤|时段)[（(](?:时间)?[:：]?)?(?:其中|力争|争取|确保|即日起|进入|临近|于|在|到|至|自|从|，)*"
)
