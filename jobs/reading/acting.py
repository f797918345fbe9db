"""Clauses in which units are told to do something, whether or not a task was made of it."""

import re
from collections.abc import Collection, Iterator

from db.whoever import is_open
from jobs.reading.clauses import SENTENCE, clauses
from jobs.reading.likely import looks_like_unit
from jobs.reading.owing import LOOKS_ON
from jobs.reading.subjects import IS_TOLD, NUMBERED, Subject, asked, named_first, spoken_to, subject_of
from jobs.reading.verbs import DOES


def acting(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the clauses of a text in which units are told to do something, each with the units."""
    for subject in spoken_to(text):
        clause = text[subject.start : subject.end].strip()
        if ACTS.search(clause) or asked(clause) or _is_told(clause, subject.who):
            yield clause, subject.who


def _is_told(clause: str, who: list[str]) -> bool:
    """Tell whether a clause says of units what they do, and not of the past, whom a paper calls, or what they asked."""
    said = clause.partition(who[-1])[2]
    return (
        (len(said) > 3 or _DOES.fullmatch(said) is not None)
        and not _PAST.search(clause)
        and "：" not in clause
        and not said.endswith(("要求", "如下", "通知"))
    )


_DOES = re.compile(DOES)


def is_anybody(listed: list[str]) -> bool:
    """Tell whether units are named of which nobody in particular is one: 各成员单位, 有关企业."""
    return any(is_open(name) or _ANY.match(name) for name in listed)


ACTS = re.compile(
    r"负责(?!同志|人|领导)|牵头|配合|做好|要(?!求)|须|务必|抓好|落实|完成|跟踪|督办|监督|验收|巡查|会同|核实|印发|提供"
)
_ANY = re.compile(r"各|有关|相关|全|所有|企业|单位|部分|一些|个别|少数|某些")


_TOLD = re.compile(r"负责(?!同志|人|领导)|承担|要(?!求|点|素)|应(?!急|用|对|邀)|须|(?:^|[、.．）)])(?:由|请)")
_CHARGES = re.compile(r"[^。！!？?\n]*?负责(?!同志|人|领导)")
_THEN = re.compile(
    rf"(?:{NUMBERED})?(?:去年|前年|上[年月周]|昨[天日晚]|前[天日]|近日|日前|近期|此前|今年以来|(?:19|20)\d\d年(?:以来|期间|底)?[，,])"
)
"""去年，甲负责…，乙做好…: whose it was."""
_HEARTENS = re.compile(r"高度重视|站位|统一思想|加强[^，,。]{0,4}领导|认识|压实[^，,。]{0,6}责任")
"""What is asked of everybody and tells nobody to do anything: 要提高政治站位."""


def undated(text: str, *, numbered: bool) -> list[str]:
    """Return whose duties a text without a day tells: who opens a numbered item, 3.甲、乙要建立…; else of a sentence in which at
    least two have theirs, 甲负责…，乙做好….
    """
    told: dict[int, list[Subject]] = {}
    for subject in _told(text, plainly=numbered):
        told.setdefault(subject.sentence, []).append(subject)
    owing = (
        name
        for at, subjects in told.items()
        if (numbered and subjects[0].start == at) or (len(subjects) > 1 and _CHARGES.match(text, at))
        for subject in subjects
        for name in subject.who
    )
    return list(dict.fromkeys(owing))


def beside(text: str, known: Collection[str]) -> list[str]:
    """Return who is told something in a text of which days are known to be others', but by no day: 甲6月底前完成…，乙做好…."""
    found = (subject.who for subject in _told(text, plainly=True) if _is_theirs(text, subject))
    return list(dict.fromkeys(name for listed in found for name in listed if name not in known))


def told_besides(text: str, known: Collection[str]) -> list[str]:
    """Return who is told to do something in a text, other than those known and whoever in general."""
    told = (name for _clause, who in acting(text) if not is_anybody(who) for name in who)
    return [name for name in dict.fromkeys(told) if name not in known]


def _is_theirs(text: str, subject: Subject) -> bool:
    """Tell whether a clause opens with units and says what is theirs to do: not what they will see to with those that fail."""
    clause = _OPENING.sub("", text[subject.start : subject.end].strip())
    if text[: subject.start].endswith(("的，", "的,")) or not clause.startswith(subject.who[0]):
        return False
    said = clause.partition(subject.who[-1])[2]
    named = all(looks_like_unit(name) and not _OURS.match(name) for name in subject.who)
    return named and not (LOOKS_ON.search(clause) or _WILL.match(said) or _SEES_TO.search(said))


_OPENING = re.compile(rf"(?:{NUMBERED})?(?:同时|此外|其中|另外)?[，,]?(?:由|请)?")
_OURS = re.compile(r"[我本该贵]")
_WILL = re.compile(r"(?:将|拟|可|准予|予以|不再|有权|适时)")
_SEES_TO = re.compile(r"催办|通报|批评|问责|追责|约谈|处罚|处分|曝光|移[交送]|立案|考核|备案|同意|审议|批准")


def _told(text: str, *, plainly: bool) -> Iterator[Subject]:
    """Yield the subjects that are told to do something, or with ``plainly`` of whom it is said that they do."""
    for subject in spoken_to(text):
        clause = text[subject.start : subject.end]
        if (
            is_anybody(subject.who)
            or _HEARTENS.search(clause)
            or _PAST.search(clause)
            or _THEN.match(text, subject.sentence)
        ):
            continue
        told = _TOLD.search(clause) or ACTS.search(clause) or asked(clause)
        if told or (plainly and _is_told(clause.strip(), subject.who)):
            yield subject


_BRINGS_IN = re.compile(
    r"(?P<how>会同|联合|协同|商请?|组织|协调|邀请)(?P<who>[省市县区州旗镇乡][\u4e00-\u9fff、]{2,80})"
)
"""With whom it is to be done: 甲会同乙…, 甲组织乙、丙…"""
_GATHERS = ("组织", "协调", "邀请")


def brought_in(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield whom a clause brings in, one by one: the words that say so, and all that may be the name of the unit."""
    for match in _BRINGS_IN.finditer(text):
        if _PAST.search(re.split(r"[，,。；;\n]", text[max(0, match.start() - 40) : match.start()])[-1]):
            continue
        parts = match["who"].split("、")
        for at, part in enumerate(parts):
            known = [part[:end] for end in range(len(part), 2, -1) if looks_like_unit(part[:end])]
            if not known:
                break
            last = at + 1 == len(parts)
            if (
                match["how"] in _GATHERS
                and last
                and not any(_IS_TOLD.match(text, _end(match, part, name)) for name in known)
            ):
                break  # 组织县医院医护人员 asks for people
            yield match["how"] + known[-1], known
            if not last and part not in known:
                break


def _end(match: re.Match[str], part: str, name: str) -> int:
    return match.end() - len(part) + len(name)


_IS_TOLD = re.compile(IS_TOLD)


def unheard(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the clauses that open with a unit which we took for no subject, but those that tell of the past."""
    for sentence in SENTENCE.finditer(text):
        for _at, clause in clauses(sentence[0]):
            passed = _PAST.search(clause) or clause.endswith(("：", ":", "要求")) or subject_of(clause.strip())
            name = "" if passed else named_first(clause, more=3)
            if name:
                yield clause.strip(), [name]


def opens_unheard(text: str, numbered: bool) -> list[str]:
    """Return the unit with which a ``numbered`` item opens, where it is said what it does by no verb that we know."""
    bare = _NAMES_IT.sub("", text.lstrip("。"))
    clause, listed = next(unheard(bare), ("", list[str]()))
    return listed if numbered and clause and bare.startswith(clause) and not is_anybody(listed) else []


_NAMES_IT = re.compile(r"^[^，,。；;：:]{2,16}[。：:](?=.)")
"""食品抽检。县市场监管局全年抽检1200批次: what an item is about stands before whoever is to do it."""


_PAST = re.compile(
    r"已|了(?!解)|曾|以来|同比|未[在于能按]|听取|汇报|负责同志|出席|列席|主持(?:召开|会议)|指出|强调|认为|介绍"
)
