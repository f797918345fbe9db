"""Who is told something by a sentence: the subject of its clause, whom it asks, whom it finds at fault."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jobs.reading.clauses import SENTENCE, clauses
from jobs.reading.deadlines.vocabulary import FIXED_EVENTS, LUNAR_EVENTS, OWN_DAYS, UNKNOWN_EVENTS
from jobs.reading.inspected import ENTERPRISE, FACILITY, GROUP, TOLD_TO, are_inspected
from jobs.reading.likely import OFFICE_FOR_SHORT, is_called, looks_like_unit
from jobs.reading.naming import LEVEL_ALONE, names
from jobs.reading.verbs import OF_A_NAME, VERBS, perhaps_unit

_FEASTS = "|".join((*FIXED_EVENTS, *LUNAR_EVENTS))
_EVENTS = "|".join(UNKNOWN_EVENTS)
NUMBERED = r"(?:[（(]?[一二三四五六七八九十\d]+[）)、.．是]+|[①-⑳]|第[一二三四五六七八九十百\d]+[条项])\s*"
IS_TOLD = rf"(?=(?:主要负责同志|主要负责人|务必|原则上|一律|均|都|各自|各(?=形成|制定|明确|组织|开展|建立|选|拿出|编制))?(?:(?<![主重])要(?!求)|应当?(?!急)|必?须|必?需|务必|负责|承担|请(?=[于在将把按\d]|务必|尽快|及时|认真|抓紧|严格|立即|各)|自(?=收到|接到|印发|本|即日|通知|文件|发布|\d)|可(?=[延推顺暂放宽于在至到\d])|(?:延[至到期长后]|推迟|顺延|放宽|宽限|提前)(?=[至到\d])|于|在(?!(?<=所在)(?:地|街道|社区|辖区|片区|单位|部门|学校|[乡镇县区市村]))|对照|对|将|不[要得准能再]|报[经请]|经(?=[省市县区州])|商(?=[省市县区州各]|人民|国家)|第[一二三四五]批|“|按照?|根据|结合|分别|借助|利用|通过|依托|\d(?!\d{{0,2}}[个家][县区市乡镇街部单成责直职])|(?:[一二两三四五六七八九十半]+个?半?|本|下|当)(?:工作日|[天日周月]|星期)|今天|明天|[当同次即]日|[当明后]天|另(?!一)|成立|组建|[收接]到|接(?:报|警|单|件|诉)|[获得知]悉|赴|前往|[会课]后|到(?![位期岗任])|隔[年月周日天]|春运|[主入]?汛期?|入[夏冬]|开学|节前|逢[五5]|季度?[末底]|全年|(?:{_FEASTS})节?(?:假期|长假)?[前后结]|(?:{_EVENTS})节?前|(?:施工|道路|路面|桥面|会议|项目)?(?:{OWN_DAYS})前(?:至少)?[\d一二两三四五六七八九十半]|正月|腊月|农历|作为|身为|就(?!业)|[一二三四五六七八九十]+月|月[底末初]|年[底末中内]|第?[一二三四]季度|[今明]年|[上下]半年|本[月周年]|周末|每|从(?=[\d今明即本下]|现在|次日)|，|,|：|(?:{VERBS})(?!的){OF_A_NAME}))"
"""What follows the subject of a clause: that it must, when, or what it does."""
_SUBJECT = re.compile(rf"^(?:{NUMBERED})?(?:同时，|此外，|其中，|另外，)?(?P<who>[^，,：:。]{{2,80}}?){IS_TOLD}")
_LEAD_IN = re.compile(
    r"^(?:[@＠]|【[^】]{1,14}】|(?:\S{0,6}?(?:提示|提醒|通知|要求|事项|议题|决定|议定|明确|指示|批示)[一二三四五六七八九十\d]{0,2})[:：])+"
)
"""What only opens a message: 【通知】, 温馨提示：, 议定事项3：, @."""
_AT_TIME = r"(?:上午|下午)?(?:\d{1,2}(?:[:：]\d\d|[时点](?:\d{1,2}分|半)?))?(?:下班)?"
_DURING = rf"(?:(?![局委办厅院校处科室站所队镇乡村道省市县区州各部])[\u4e00-\u9fff、]){{1,10}}期间(?=[省市县区州旗镇乡村各全])|(?:非)?(?:{_EVENTS}|防火期|冰冻期|旺季|淡季|平时)[期季]?[间内]?(?=[省市县区州旗镇乡村各全])"
_NO_OFFICE = r"(?:(?![局委办厅院校处科室站所队镇乡村道省市县区州各部，,：:。；;])[\u4e00-\u9fff“”·\d])"
_WITHIN_SPAN = (
    r"(?:的?(?:\d{1,3}|[一二三四五六七八九十两半]{1,3})个?(?:工作日|自然日|日|天|周|星期|月|小时)(?:之?内|以内)?)"
)
_EVENT_FIRST = (
    rf"(?:(?:{_FEASTS}|{_EVENTS})节?(?:假期|长假)?(?:前后|前夕|之?前|以前)(?=[省市县区州旗镇乡村各全])"
    rf"|{_NO_OFFICE}{{1,8}}?(?<!台)前{_WITHIN_SPAN}?(?=[省市县区州旗各][\u4e00-\u9fff])"
    rf"|{_NO_OFFICE}{{1,12}}?(?:之?后|以后|之日起|[月日]起){_WITHIN_SPAN}?(?=[省市县区州旗各][\u4e00-\u9fff])"
    r"|(?:第?[一二三四]季度|[上下]半年)(?:内|末|底)?前?(?=[省市县区州旗镇乡各]))"
)
"""What happens, and then whose duty it is: 霜降前县林业局…, 签约后一个月内市商务局…"""
_WHEN_FIRST = re.compile(
    rf"^(?P<number>{NUMBERED})?(?:{_EVENT_FIRST}|(?:[同次当翌即]日|[当今明后]天|第二天|随后|随即|届时|节[前中后]|期间)[起内前]?(?:上午|下午)?(?=[\u4e00-\u9fff])|{_DURING}|(?:(?:\d{{4}}年)?\d{{1,2}}月(?:\d{{1,2}}日|份|[上中下]旬|[底末初])?|每个?(?:工作日|[年季月周旬日天])度?(?:[一二三四五六末底]|\d{{1,2}}[日号])?){_AT_TIME}(?:之?前|内)?(?=[省市县区州旗镇乡村各全]))"
)
"""The day before a subject: 4月底前市住建局组织…, 每周四16:00前各单位报送…, 元宵期间各文化站…"""
_MENTIONED = re.compile(rf"^(?:{NUMBERED})?(?:[@＠][^\s@＠，,。：:]{{2,20}}[\s\u2005]+)+")


_PERSON_OF_IT = re.compile(r"(?<=[科股室局委办所站队部院校])[@＠][^\s@＠，,。：:]{1,8}[\s\u2005]+")
"""流通科@张工 本周五前…: whom of the unit a message calls."""


def _as_called(match: re.Match[str]) -> str:
    """Return the units that a message calls as it would call them in words: @教体局 → 教体局："""
    return "、".join(re.findall(r"[@＠]([^\s@＠]+)", match[0])) + "："


_NAMED = re.compile(rf"^(?:{NUMBERED})?[^，,：:。；;]{{1,30}}[:：](?=[\u4e00-\u9fff])")
"""What a clause is about, before a colon: 假期前（4月25日至30日）：各单位开展自查."""
_OFFICE = re.compile(r"[\u4e00-\u9fff]{2,8}[局委办处科股室部][\u4e00-\u9fff\d]{2}")
_OF_THEIRS = re.compile(
    rf"^(?:{NUMBERED})?(?P<who>(?:(?!要[根依按在于对将结]|应[当根依按]|须|根据|按照|依据|对照|结合)[^，,：:。的]){{2,60}}?)(?:所)?(?:拟[订定]|编制|制[定订]|选派|推荐|确定|填报|报送|提出|上报|签订)的"
)
"""各单位拟订的方案须于…: what is somebody's is theirs to hand in."""
_ADDRESSED = re.compile(
    r"^[^，,。；;]{0,40}?(?:提醒|要求|责成|督促|敦促|责令|望|请|限|责令|委托|通知|明确|议定|决定)(?=由?(?:各|你[们\u4e00-\u9fff]|贵[\u4e00-\u9fff]|有关|相关|省|市|县|区|州|全|项目|责任|牵头|[\u4e00-\u9fff]{2,6}(?:局|委|办|厅|镇|乡|街道|公司|单位|部门|[科处股]室?(?![学研技普目创])|中心|大队|支队|所|站|院|村(?!民|级|务)|社区)))"
)
"""Who is asked to do it stands behind: 提醒各县区切实抓好…"""
_URGES = re.compile(
    r"^(?!会议|会上)[^，,。；;]{2,30}?(?:要|应|须|负责|将|抓紧|积极)*(?<![并请])(?:督促|敦促|督导)(?=[\u4e00-\u9fff])"
)
"""市城管局要督促燃气公司…: whoever urges owes it that the others do it."""
LEADS_OTHERS = re.compile(r"^(?:并|同时)?(?:督促|敦促|指导|督导|引导|推动|监督)(?!组|[室处科局办站所队])")
"""…牵头，督促某公司6月底前完成: whoever is urged owes it to who stands before."""
_EACH = re.compile(
    rf"^(?:{NUMBERED})?(?P<who>(?:其他|其余)(?:单位|部门|地区|[县区镇乡][区县]?|乡镇|街道|科室|成员单位)|各[\u4e00-\u9fff]{{0,4}}(?:子公司|分公司|项目部|(?:党|团)?支部|车间|班组|党委|工会|班级|系部|院系|院部|[院系]|年级|小组|中队|大队|派出所|中心|卫生院|学校)(?![长员])|各(?:级|地|有关|相关|责任|牵头|成员|配合|承办|主办|业务|市直|区直|县直|县区|县市区|乡镇|镇街|街道|部门|单位)*(?:单位|部门|地区|县区|县市区|乡镇|镇街|街道|园区|[科处股]室))(?=[\u4e00-\u9fff])"
)
"""各单位联系电话于4月15日前报送: what every unit has is its own to hand in."""
_FAULT = re.compile(
    r"[^，,。：:]{0,50}?(?:不到位|缺失|滞后|不足|不力|迟缓|不实|不全|不规范|不彻底|不及时|欠报|漏报|迟报|瞒报|缺位|未(?:落实|完成|建立|报送|整改|上报|到位|按)|存在)"
)
"""A supervision that names who is at fault: what it asks for then is theirs."""
_BY_WHOM = re.compile(
    rf"^(?:{NUMBERED})?[^，,：:；;。由]{{0,30}}(?<![原曾])由(?P<who>[^，,：:。由]{{2,60}}?)(?=负责(?!的)|承担(?!的)|根据|按照?|依据|结合|于|在|每|\d|自行|[当同次即今明][日天]|(?:{VERBS}){OF_A_NAME})"
)
"""整改期间由某镇政府负责盯守."""
_JOINED = re.compile(
    rf"[：:]?(?:要|应当?|须|需|负责)?(?:会同|联合|协同|商)(?P<who>[^，,。；;：:]{{2,60}}?)(?:{IS_TOLD}|(?=$))"
)
_NOTE = re.compile(r"[（(](?:遇|逢|具体|详|见|名单|以下|简称|附|含|不含|包括)[^（）()]*[）)]")

_CHARGED = re.compile(
    rf"^(?:{NUMBERED})?(?P<who>[^，,：:。；;（()）\n—]{{3,60}})(?:[:：]|—+|。(?=(?:负责|承担|牵头|组织|指导|配合)[\u4e00-\u9fff]))(?=.{{6,}})"
)

_SORTS = re.compile(
    rf"^(?:{NUMBERED})?(?:[省市县区乡镇村街]{{1,3}}[级道]?|学校|企业|单位|部门)(?:自查|抽查|检查|核查|督查|复查|验收|互查|排查|评估|考核|整改)(?![局室组队处科委办中])"
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


def asked(clause: str) -> bool:
    """Tell whether a clause asks somebody: 提醒各县区切实抓好…"""
    return _ADDRESSED.match(clause) is not None


def opening(text: str) -> list[str]:
    """Return the units that are the first subject of a text; none where nobody is."""
    return next((subject.who for subject in spoken_to(text)), [])


def _subjects_of(sentence: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the units that are the grammatical subject of a clause, with where the clause begins."""
    for at, clause in clauses(sentence):
        listed = subject_of(clause.strip())
        if listed:
            yield at, listed


_BLANK_IN_DAY = re.compile(r"(?<=\d)[ \u3000\xa0]{1,2}(?=[年月日号])|(?<=[年月于在至到])[ \u3000\xa0]{1,2}(?=\d)")


def subject_of(clause: str) -> list[str]:
    """Return the units that are the grammatical subject of a clause."""
    clause = _BLANK_IN_DAY.sub("", _PERSON_OF_IT.sub("", clause))
    bare = _WHEN_FIRST.sub("", _LEAD_IN.sub("", _MENTIONED.sub(_as_called, _NOTE.sub("", clause))))
    if _BRINGS_IN.match(bare) or _ANSWERS.search(bare):
        return []
    if parted := _each_with_its_amount(bare):
        return parted
    if (by := _OF_BY.match(bare)) and (by_whom := subject_of(bare[by.end() - 1 :])):
        return by_whom
    asked = None if _URGES.match(bare) else _ADDRESSED.match(bare)
    tried = [(bare[asked.end() :], True), (bare, False)] if asked else [(bare, False)]
    named = _NAMED.match(bare)
    within = [(_WHEN_FIRST.sub("", bare[named.end() :]), False)] if named else []
    heads = named and named[0].rstrip("：:").endswith(_NO_SUBJECT)  # 各部门任务：公安局…
    inside = named and (GROUP.search(named[0]) or (FACILITY.search(named[0]) and _OFFICE.match(within[0][0])))
    tried = within if heads else within + tried if inside else tried + within
    for text, called in tried:
        for pattern in (_OF_THEIRS, _SUBJECT, _EACH, _BY_WHOM):
            match = pattern.match(f"{text}，") if text else None
            listed = _cut(names(match["who"])[0]) if match and not _is_label(match) else []
            listed = [] if match and (_SORTS.match(text) or match["who"].endswith(_NO_SUBJECT)) else listed
            told = called or pattern is _BY_WHOM  # 由供电公司改造 says who, but 公司整改 who is inspected
            if match and listed and _are_units(match, listed) and (told or not are_inspected(match, listed)):
                return [*listed, *_joining(match)]
    named_for_short = named_first(bare[asked.end() :], more=3) if asked else ""
    return [named_for_short] if named_for_short else _by_whom_at_length(bare) or _at_fault(bare)


_ANSWERS = re.compile(
    r"(?:书记|[市县区乡镇村局处科院校]长|主任|负责人|负责同志)(?:为|是|作为|任)[^，,。；;]{0,8}(?:第一|直接|主要|具体)?责任人$"
)
"""各镇党委书记、镇长为第一责任人: persons, who answer for it."""
_AMOUNT = re.compile(r"(?P<who>[\u4e00-\u9fff]{2,10})\d[\d.]*(?:%|[\u4e00-\u9fff]{1,4})")


def _each_with_its_amount(clause: str) -> list[str]:
    """Return all who are told how much of it is theirs: 城关镇0.4万亩、白石镇0.6万亩."""
    parts = clause.split("、")
    told = [match["who"] for part in parts if (match := _AMOUNT.fullmatch(part)) and looks_like_unit(match["who"])]
    return told if len(told) == len(parts) > 1 else []


_BY = re.compile(rf"^(?:{NUMBERED})?[^，,：:；;。由]{{0,30}}(?<![原曾自理事缘])由(?=[\u4e00-\u9fff（]{{4}})")

_OF_BY = re.compile(
    rf"^(?:{NUMBERED})?(?:(?!要|应[当由]|须|将|负责|牵头|组织|会同|根据|按照?|并|或|但|其中)[^，,：:；;。由\d（）()]){{4,40}}(?<![原曾自理事缘后])由(?=[\u4e00-\u9fff]{{3}})"
)
"""甲、乙土地权属由丙于6月底前登记: what opens with units is a thing of theirs, and the duty is of whom 由 names."""

_PUNISHES = re.compile(r"约谈|问责|追责|追究|通报|处罚|处理|立案|移[交送]|核减|扣")
"""未完成的，由县纪委约谈: who sees to those that did not owes nothing by the day that follows."""


def _by_whom_at_length(clause: str) -> list[str]:
    """Return who stands behind 由 where the verb is none that we know: 由市城管局兜底."""
    by = _BY.match(clause)
    rest = re.split(r"[（(]", clause[by.end() :])[0] if by else ""
    for end in range(min(len(rest) - 2, 24), 2, -1):
        if _PUNISHES.match(rest, end):
            return []
        if looks_like_unit(rest[:end]) and not ENTERPRISE.search(rest[:end]) and "的" not in rest[end : end + 1]:
            listed, _open = names(rest[:end])
            return listed if all(map(looks_like_unit, listed)) else []
    return []


_NO_SUBJECT = ("要求", "职责", "分工", "任务", "安排")
"""成员单位职责：市教育局… names what follows and nobody."""


def _are_units(match: re.Match[str], listed: list[str]) -> bool:
    """Tell whether a clause's subject is units; 消防、应急 are where they are told something, but not in 消防检查."""
    if any(_WHERE.fullmatch(name) for name in listed):
        return False
    if all(looks_like_unit(name) for name in listed):
        return True
    if any(map(looks_like_unit, listed)) and all(
        looks_like_unit(name) or _LEVELLED.match(name) or LEVEL_ALONE.fullmatch(name) for name in listed
    ):
        return True  # 县交通局、县公路段: of two that are named alike one is known
    told = match["who"].endswith(("部门", "单位")) or TOLD_TO.match(match.string, match.end())
    return bool(told) and all(is_called(name) for name in listed)


def _cut(listed: list[str]) -> list[str]:
    """Return names, of several the last without a verb that we do not know: 县农业农村局、县林业局航测一遍."""
    last = _THEN_DOES.match(listed[-1]) if len(listed) > 1 and not looks_like_unit(listed[-1]) else None
    return [*listed[:-1], last["who"]] if last else listed


_THEN_DOES = re.compile(
    r"(?P<who>[省市州县区旗镇乡][\u4e00-\u9fff]{2,8}?(?:[局委厅]|办(?![公理]))(?:[（(][^（）()]{2,12}[）)])?)(?=[\u4e00-\u9fff]{2})"
)
_LEVELLED = re.compile(r"[省市州县区旗镇乡][\u4e00-\u9fff]{3,8}(?<![未不已仍尚没])$")
_WHERE = re.compile(r"全[国省市州县区旗镇乡村]")
"""全市统一考评 says where and not who."""


def joined_by(clause: str) -> list[str]:
    """Return whom a clause brings in: 会同市住建局建成充电端口."""
    return _joining(match) if (match := _BRINGS_IN.match(clause)) else []


_BRINGS_IN = re.compile(rf"(?:{NUMBERED})?(?:并|同时)?(?=会同|联合|会[省市县区州])")


def _joining(match: re.Match[str]) -> list[str]:
    """Return with whom a subject is to do it: 市城管局：会同市燃气公司."""
    joined = _JOINED.match(match.string, match.end())
    listed = names(joined["who"])[0] if joined else []
    known = is_called if joined and joined["who"].endswith(("部门", "单位")) else looks_like_unit
    return listed if all(known(name) for name in listed) else []


def _at_fault(clause: str) -> list[str]:
    """Return whom a clause finds at fault: 县交通运输局台账缺失."""
    text = re.sub(rf"^(?:{NUMBERED})", "", clause)
    for end in range(2, min(len(text), 30)):
        name = text[:end]
        if text[end : end + 1] in "（(）)" or looks_like_unit(text[: end + 1]):
            continue  # 县农业农村局 is not 县农业农村
        if looks_like_unit(name) and _FAULT.match(text, end):
            return [] if ENTERPRISE.search(name) else [name]
    return []


def _is_label(match: re.Match[str]) -> bool:
    """Tell 成员单位：甲、乙, which names who it is after the colon, from a unit that is told something."""
    return match.string[match.end() : match.end() + 1] in "：:" and bool(_LABEL.match(match["who"]))


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is the subject of the clause from ``start`` (inclusive) to ``end`` (exclusive), in the sentence that begins at
    ``sentence``.
    """

    sentence: int
    start: int
    end: int
    who: list[str]


class Others:
    """Tells whether another unit is named between whoever is said to owe something and its day; days are asked about in the
    order of the text, and each clause of it is looked at once.
    """

    def __init__(self, text: str) -> None:
        """Look at the clauses of ``text``."""
        self._text = text
        self._looked: dict[tuple[int, tuple[str, ...]], tuple[int, bool]] = {}

    def are_named(self, begin: int, end: int, who: Sequence[str]) -> bool:
        """Tell whether a clause from ``begin`` (inclusive) to ``end`` (exclusive) opens with a unit's name that is none of ``who``."""
        key = begin, tuple(who)
        at, found = self._looked.get(key, (begin, False))
        while not found and (stop := _STOPS.search(self._text, at, end)):
            at, found = stop.end(), _names_another(self._text[at : stop.start()], key[1])
        self._looked[key] = at, found
        last = self._text[at:end]
        return found or _names_another(last, key[1], perhaps_unit(last.strip()))


def _names_another(clause: str, who: tuple[str, ...], perhaps: str = "") -> bool:
    every = _EVERY_SORT.match(clause.strip())
    opening_units = filter(None, (named_first(clause), every["who"] if every else "", perhaps))
    return any(not name.startswith(who) for name in opening_units)


_EVERY_SORT = re.compile(
    r"(?P<who>各[\u4e00-\u9fff]{2,10}?|[\u4e00-\u9fff、“”]{2,30}?(?:部门|单位))(?=根据|按|结合|分别|\d|于|在|应|须|要|每|将|自)"
)
"""各收储库点5月20日前…: whoever they are, they are others."""


def named_first(clause: str, more: int = 0) -> str:
    """Return the longest unit with whose name a clause opens, if at least ``more`` characters follow; "" where none does."""
    opens = _OPENS_WITH.match(clause.strip())
    if not opens and (short := OFFICE_FOR_SHORT.match(clause.strip())):
        return short[0] if len(clause.strip()) >= short.end() + more else ""
    words = opens["who"] if opens else ""
    follow = len(clause.strip()) - (opens.end("who") if opens else 0)
    longest = len(words) - max(0, more - follow)
    name = next((words[:end] for end in range(longest, 2, -1) if looks_like_unit(words[:end])), "")
    behind = words[len(name) :]
    return "" if ENTERPRISE.search(name) or behind.startswith(("的", "（", "、")) or _OF_RANK.match(behind) else name


_OF_RANK = re.compile(r"长(?![期效远久年江沙春])")
"""各科科长, 各分管副县长: persons, of whom no unit is cut."""


SENTENCE_ENDS = "。！!？?\n"
_STOPS = re.compile(r"[，,；;。！!？?\n]")
_OPENS_WITH = re.compile(
    rf"(?:{NUMBERED})?(?:[^，,：:；;。由]{{0,14}}由|并|同时|此外)?(?P<who>[省市县区州旗镇乡各][\u4e00-\u9fff（）()、“”]{{3,24}})"
)


_ASSISTS = re.compile(r"(?:做好|积极|密切|共同|予以|给予)?(?:配合|协助|(?<!政)协办|支持|指导)(?:工作|落实|实施)?$")
"""…，年级组配合: who only assists is not whose the next day is."""


_HELPS = re.compile(r"(?:积极|密切|全力|主动)?(?:配合|协助)(?!单位|部门|的)")
"""学校逐户走访，乡镇政府配合劝返: who assists in it is not whose the day is."""


_HAS_DONE = re.compile(r"(?:目前|现)?(?:已经?|正在?|基本)")
_PLANS = re.compile(r"(?:下一步|后续|目前)?(?:计划|拟|预计|将)(?=[于在到\d]|[本下]|年底)")


def _going_on(before: str, clause: str) -> list[str]:
    """Return who has done something and now plans by when: 甲局已制定方案，计划于6月底前整改到位."""
    name = named_first(before, more=3) if _PLANS.match(clause) else ""
    return [name] if name and _HAS_DONE.match(before.partition(name)[2]) else []


def spoken_to(text: str) -> Iterator[Subject]:
    """Yield who is the subject of each clause that has one, in order."""
    for sentence in SENTENCE.finditer(text):
        named, before = False, ""
        for at, clause in clauses(sentence[0]):
            led = named and (LEADS_OTHERS.match(clause.strip()) or _ASSISTS.search(clause))
            who = [] if led else subject_of(clause.strip()) or _going_on(before, clause.strip())
            before = clause.strip()
            if who and _HELPS.match(clause.strip().partition(who[-1])[2]):
                continue
            if who:
                named = True
                yield Subject(sentence.start(), sentence.start() + at, sentence.start() + at + len(clause), who)
