"""Who owes a duty that a sentence tells: the subject of its clause, or those whom it gives a role by words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from db.words import Role
from jobs.reading.deadlines import Deadline
from jobs.reading.naming import looks_like_unit, names, split
from jobs.reading.units import Standing, by_label

_VERBS = (
    r"制定|研究|组织|开展|完成|建立|加强|落实|推进|推动|牵头|编制|提交|上报|报送|汇总|梳理|修订|出台|印发|召开|成立|明确|细化|形成|实现|指导|督促|做好|抓好|全面|认真|及时|继续|"
    r"进一步|切实|严格|定期|启动|完善|健全|排查|整改|检查|核查|备案|公布|发布|向|把|力争|确保|争取|原则上|至少|最迟|均|都|抓紧|尽快|立即|提供|协调|配合|牵头|参加|起草|拟|审核|会商|通报|督办|填报|拨付|兑现|配备|安装|改造|新建"
)


_NUMBERED = r"(?:[（(]?[一二三四五六七八九十\d]+[）)、.．是]+|[①-⑳]|第[一二三四五六七八九十百\d]+[条项])\s*"
_SUBJECT = re.compile(
    rf"^(?:{_NUMBERED})?(?:同时，|此外，|其中，|另外，)?(?P<who>[^，,：:。]{{2,80}}?)"
    rf"(?=(?:主要负责同志|主要负责人|务必|原则上)?(?:要|应当?(?!急)|须|需|务必|负责|承担|请(?=[于在将把按\d]|务必|尽快|及时|认真|抓紧|严格|立即|各)|自(?=收到|接到|印发|本|即日|通知|文件|发布|\d)|于|在|对照|对|将|按照?|根据|结合|分别|借助|利用|通过|依托|\d|(?:[一二两三四五六七八九十半]+个?|本|下|当)(?:工作日|[天日周月]|星期)|今天|明天|就(?!业)|[一二三四五六七八九十]+月|每|，|,|：|{_VERBS}))"
)
_LEAD_IN = re.compile(
    r"^(?:[@＠]|【[^】]{1,14}】|(?:\S{0,6}?(?:提示|提醒|通知|要求|事项|议题|决定|议定|明确|指示|批示)[一二三四五六七八九十\d]{0,2})[:：])+"
)
"""What only opens a message: 【通知】, 温馨提示：, 议定事项3：, @."""
_NAMED = re.compile(rf"^(?:{_NUMBERED})?[^，,：:。；;]{{1,30}}[:：](?=[\u4e00-\u9fff])")
"""What a clause is about, before a colon: 假期前（4月25日至30日）：各单位开展自查."""
_OF_THEIRS = re.compile(
    rf"^(?:{_NUMBERED})?(?P<who>[^，,：:。的]{{2,60}}?)(?:所)?(?:拟[订定]|编制|制[定订]|选派|推荐|确定|填报|报送|提出|上报|签订)的"
)
"""各单位拟订的方案须于…: what is somebody's is theirs to hand in."""
_ADDRESSED = re.compile(
    r"^[^，,。；;]{0,40}?(?:提醒|要求|责成|督促|敦促|责令|望|请|限|责令|委托|通知|明确|议定|决定)(?=由?(?:各|你[们\u4e00-\u9fff]|贵[\u4e00-\u9fff]|有关|相关|省|市|县|区|州|全|项目|责任|牵头|[\u4e00-\u9fff]{2,6}(?:局|委|办|厅|镇|乡|街道|公司|单位|部门)))"
)
"""Who is asked to do it stands behind: 提醒各县区切实抓好…"""
_URGES = re.compile(
    r"^(?!会议|会上)[^，,。；;]{2,30}?(?:要|应|须|负责|将|抓紧|积极)*(?<![并请])(?:督促|敦促|督导)(?=[\u4e00-\u9fff])"
)
"""市城管局要督促燃气公司…: whoever urges owes it that the others do it."""
_EACH = re.compile(
    rf"^(?:{_NUMBERED})?(?P<who>各(?:级|地|有关|相关|责任|牵头|成员|配合|承办|主办|业务|市直|区直|县直|县区|县市区|乡镇|镇街|街道|部门|单位)*(?:单位|部门|地区|县区|县市区|乡镇|镇街|街道))(?=[\u4e00-\u9fff])"
)
"""各单位联系电话于4月15日前报送: what every unit has is its own to hand in."""
_FAULT = re.compile(
    r"[^，,。：:]{0,50}?(?:不到位|缺失|滞后|不足|不力|迟缓|不实|不全|不规范|不彻底|不及时|欠报|漏报|迟报|瞒报|缺位|未(?:落实|完成|建立|报送|整改|上报|到位|按)|存在)"
)
"""A supervision that names who is at fault: what it asks for then is theirs."""
_NOTE = re.compile(r"[（(](?:具体|详|见|名单|以下|简称|附|含|不含|包括)[^（）()]*[）)]")

_ENTERPRISE = re.compile(r"(?:公司|企业|厂|集团|园区|集中区|商户|学校|医院)$")
"""Whoever is inspected is not who owes the duty to the office."""


_CHARGED = re.compile(rf"^(?:{_NUMBERED})?(?P<who>[^，,：:。；;（()）\n]{{3,60}})[:：](?=.{{6,}})")


_SORTS = re.compile(
    rf"^(?:{_NUMBERED})?(?:[省市县区乡镇村街]{{1,3}}[级道]?|学校|企业|单位|部门)(?:自查|抽查|检查|核查|督查|复查|验收|互查|排查|评估|考核|整改)(?![局室组队处科委办中])"
)
"""县区检查 names a stage and nobody in particular."""
_LABEL = re.compile(r"(?!各)[\u4e00-\u9fff]{2,8}(?:单位|部门|机关|机构)$")
"""督导单位：… names who looks on, and is no unit itself."""


def charged(text: str) -> list[str]:
    """Return whose duties a paragraph lists after a colon: 县气象局：负责发布预警."""
    match = _CHARGED.match(text)
    listed = names(match["who"])[0] if match and not _LABEL.match(match["who"]) else []
    return listed if listed and all(looks_like_unit(name) for name in listed) else []


def has_subject(text: str) -> bool:
    """Tell whether a text opens with a unit as its subject."""
    return any(_subjects_of(text))


def _subjects_of(sentence: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the units that are the grammatical subject of a clause, with where the clause begins."""
    at = 0
    for clause in split(sentence, "，,；;"):
        listed = _subject_of(clause.strip())
        if listed:
            yield at, listed
        at += len(clause) + 1


def _subject_of(clause: str) -> list[str]:
    bare = _LEAD_IN.sub("", _NOTE.sub("", clause))
    asked = None if _URGES.match(bare) else _ADDRESSED.match(bare)
    tried = [(bare[asked.end() :], True), (bare, False)] if asked else [(bare, False)]
    named = _NAMED.match(bare)
    tried += [(bare[named.end() :], False)] if named else []
    for text, called in tried:
        for pattern in (_OF_THEIRS, _SUBJECT, _EACH):
            match = pattern.match(f"{text}，") if text else None
            listed = names(match["who"])[0] if match and not _is_label(match) else []
            listed = [] if match and _SORTS.match(text) else listed
            if listed and all(looks_like_unit(name) and (called or not _ENTERPRISE.search(name)) for name in listed):
                return listed
    return _at_fault(bare)


def _at_fault(clause: str) -> list[str]:
    """Return whom a clause finds at fault: 县交通运输局台账缺失."""
    text = re.sub(rf"^(?:{_NUMBERED})", "", clause)
    for end in range(2, min(len(text), 30)):
        name = text[:end]
        if text[end : end + 1] in "（(）)" or looks_like_unit(text[: end + 1]):
            continue  # 县农业农村局 is not 县农业农村
        if looks_like_unit(name) and _FAULT.match(text, end):
            return [] if _ENTERPRISE.search(name) else [name]
    return []


def _is_label(match: re.Match[str]) -> bool:
    """Tell 成员单位：甲、乙, which names who it is after the colon, from a unit that is told something."""
    return match.string[match.end() : match.end() + 1] in "：:" and bool(_LABEL.match(match["who"]))


@dataclass(frozen=True, slots=True)
class _Subject:
    """Who is the subject of a clause that begins at ``start``, in the sentence that begins at ``sentence``."""

    sentence: int
    start: int
    who: list[str]


def subjects(text: str, deadlines: list[Deadline]) -> list[list[str]]:
    """Return, for each deadline, who owes what falls due then.

    That is the subject of its clause or of the last one before it; for a deadline that opens its sentence (4月底前，
    各部门制定计划) the subject that follows in the same sentence; for one in a heading's bracket that of the sentence after it.
    """
    sentences = list(re.finditer(r"[^。！!？?\n]+", text))
    told = [
        _Subject(sentence.start(), sentence.start() + at, who)
        for sentence in sentences
        for at, who in _subjects_of(sentence[0])
    ]
    return [_owing(text, one, told, [sentence.start() for sentence in sentences]) for one in deadlines]


def _owing(text: str, one: Deadline, told: list[_Subject], sentences: list[int]) -> list[str]:
    sentence = max((start for start in sentences if start <= one.start), default=0)
    before = [subject for subject in told if subject.start <= one.start]
    if not any(subject.sentence == sentence for subject in before):
        opens = not re.search(r"[\u4e00-\u9fff]", _OPENING.sub("", text[sentence : one.start]))
        following = [subject.who for subject in told if subject.sentence == sentence and subject.start > one.start]
        if opens and following:
            return following[0]
        heads = sentence == sentences[0] and text[one.end : one.end + 1] in "）)" and len(sentences) > 1
        if heads and not before:
            return next((subject.who for subject in told if subject.sentence == sentences[1]), [])
    return before[-1].who if before else []


_OPENING = re.compile(
    r"^[。\s]*(?:[（(]?[一二三四五六七八九十\d]+[）)、.．是]+)?(?:[^，,：:。；;]{1,14}[:：])?(?:其中|力争|争取|确保|于|在|到|至|自|从|，)*"
)


_SENTENCE = re.compile(r"[^。！!？?\n]+")
_INLINE = re.compile(
    r"^(?:由|请)?(?P<who>.{2,80}?)(?:负责|具体)?(?:(?P<role>牵头|主办|总抓|抓总|统筹|配合|协助|(?<!政)协办|会办|参与|协同|参加)(?:负责|组织|实施|落实|做好|抓总|推进)*$|(?P<leads>牵头|主办)(?!单位|部门|人|领导|的|作用)\S)"
)
_LEADS = ("牵头", "主办", "总抓", "抓总", "统筹")
_IS = re.compile(
    r"^(?P<who>.{2,60}?)(?:为|是|作为|任)(?:本项|该项|此项|这项)?(?:工作|任务)?的?(?P<label>[\u4e00-\u9fff]{0,6}(?:单位|部门))$"
)
"""县医保局为第一责任单位: what a label says, said of them."""
_SAID_OF = re.compile(
    r"^(?P<label>[\u4e00-\u9fff]{0,4}(?:牵头|责任|配合|协办|承办|主办|落实|实施)(?:单位|部门))(?:为|是|由)?(?P<who>[^:：为是]{2,80})$"
)
"""牵头单位为县禁毒办, 责任单位县公安局: a label whose colon is a word, or was left out."""
_BY = re.compile(
    r"^(?:[^，,；;。由]{0,30})由(?P<who>.{2,80}?)(?:共同|具体|分别)?(?:负责|承办|承担|办理|组织实施|落实)(?:组织|实施|落实|办理|推进)*$"
)
_WITH = re.compile(r"^(?:并)?(?:会同|联合|商)(?P<who>.{2,80}?)$")
_EACH_HIS_OWN = re.compile(
    r"^(?P<who>.{2,80}?)(?:按照?|依据?|根据)(?:各自)?(?:工作)?(?:职责|职能)(?:分工|任务)?(?:抓好|做好|负责|认真|组织|推进|实施|落实|具体)+$"
)
"""After who leads: 市气象局、市水利局按各自职责抓好落实."""
_PASSED_ON = re.compile(
    r"^(?:请|转|送|批转|转请)(?P<who>.{2,60}?)(?:阅处|阅办|阅研|研处|研办|核处|办理|牵头办理|抓好落实|认真落实|落实|处理)$"
)
"""What is written on a paper: 转县住建局阅处."""
_BEFORE = re.compile(rf"^(?:{_NUMBERED})?(?:[^，,；;。由]{{0,30}}由)?")


@dataclass(frozen=True, slots=True)
class Roles:
    """Who has which role in the sentence that begins at ``start`` (inclusive) and ends at ``end`` (exclusive)."""

    start: int
    end: int
    standing: Standing


def roles(text: str) -> list[Roles]:
    """Return what sentences say of roles: 由甲牵头，乙、丙配合，于8月底前…; 由丁负责."""
    found = []
    for sentence in _SENTENCE.finditer(text):
        standing = Standing()
        for clause in split(sentence[0], "，,；;"):
            _add_role(standing, clause.strip())
        if standing.lead or standing.responsible:
            found.append(Roles(sentence.start(), sentence.end(), standing))
    return found


def _add_role(standing: Standing, clause: str) -> None:
    named = _IS.match(clause) or _SAID_OF.match(clause)
    if named is not None:
        said_of = by_label(f"{named['label']}：{named['who']}")
        if said_of is not None and all(looks_like_unit(name) for name in said_of.everybody):
            standing.take(said_of)
        return
    joined = _WITH.match(clause) if standing.lead else None
    theirs = _EACH_HIS_OWN.match(clause) if standing.lead else None
    said = _INLINE.match(_BEFORE.sub("", clause))
    if (
        said is not None
        and said["role"] not in _LEADS
        and not said["leads"]
        and not standing.everybody
        and _BY.match(clause)
    ):
        said = None
    by = joined or theirs or (None if said else _BY.match(clause) or _PASSED_ON.match(clause))
    match = by or said
    listed = names(match["who"])[0] if match else []
    if match is None or not listed or not all(looks_like_unit(name) for name in listed):
        return
    if by:
        standing.add(Role.ASSIST if joined else Role.RESPONSIBLE, listed)
    else:
        standing.add(Role.LEAD if match["leads"] or match["role"] in _LEADS else Role.ASSIST, listed)
