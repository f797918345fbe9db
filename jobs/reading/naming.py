"""Names of units as they are printed: a list parted into them, without what says how and not who."""

import re

from jobs.reading.deadlines.vocabulary import FIXED_EVENTS, LUNAR_EVENTS, UNKNOWN_EVENTS
from jobs.reading.likely import CONTACT, LONGEST, OFFICER, SO_MANY, is_noise, is_person, is_unit, looks_like_unit
from jobs.reading.several import each_in_full

LEVEL = re.compile(r"^(?:各)?(?:省|自治区|直辖市|市|县|区|州|自治州|自治县|盟|旗|乡|镇|地|设区市|省级|市级|县级|乡级)$")

_LOWER = re.compile(r"^(?:自治[区州县]|直辖市|市?县|区|乡|镇|街道|旗|市[（(]|州|市级|县级|乡级|村)")

_CONJUNCTION = re.compile(
    r"以及|会同|(?<=[处科股室局])会(?!计|议|展|务|员|签|商|同|办(?!公))|协同(?=[省市县区州旗乡镇])|和|及|与"
)

_TAIL = re.compile(
    r"(?P<open>等)?(?P<many>(?:(?:有关|相关|其他|其它|其余|各)*(?:职能|成员|责任)?(?:部门|单位)|(?<=等)(?:\d{1,2}|[一二三四五六七八九十]{1,3})[个家](?:职能|成员|责任)?(?:部门|单位|地方)?)?)(?:共同|联合|具体|分别|按照?|依|根据|各自|职责|职能|分工|"
    r"责任|(?<![党会业团])组织|实施|牵头|抓总|督导|督办|承办|经办|(?:给予|提供|予以)(?:大力|积极)?支持|负责|配合|落实|协同|协助|参与|参加|承担|主办|(?<!政)协办|会办|分办|指导|抓好|推进|推动|督促|监督|统筹|分[区片段头线块级](?=包|负责|落实|管|实施|推进)|包[干保抓](?=负责|落实|[管实])|协调|为主|主责|并|的|要求|"
    r"做好|执行|跟踪|跟进|盯办|问效|(?<=[局厅])办|[”’\"」』])*$"
)

_HOW = re.compile(
    r"(?<=[局厅委办部门位府会心队处科所站校院司县区市镇乡道])(?:(?:按照?|依据?|根据)(?:各自)?(?:职责|职能|分工)[\u4e00-\u9fff]{0,8}|(?:配合|协助)(?:做好|抓好|开展)[\u4e00-\u9fff]{2,12}|分[区片段头线块](?:包[干保抓])?)$"
)
"""…等部门按职责分工抓实, 园林局配合做好清运工作: whatever they are to do, it is no part of the name."""

_LEADING = re.compile(
    r"^(?:(?:此事|此件|该件|本件|此项工作|该项工作|该事项)(?=请|由|交|责成)|[“‘\"「『\-•·*]\s*|\[[ xX√]?\]\s*|第[一二三四五六七八九十百\d]+条\s*|[①-⑳]\s*|[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．是]\s*|由|请|希?望(?=请|各|你|贵|有关|相关|[省市县区镇乡])|希(?!望)|敬请|烦请|并由|同时由|并|其中|另由|"
    r"会同|牵头单位|责任单位|责成|责令|拟由|拟请|建议由|交由)+"
)


def split(text: str, marks: str) -> list[str]:
    """Split at any of ``marks`` outside brackets."""
    pieces, depth, start = [], 0, 0
    for at, char in enumerate(text):
        if char in "（(〔[［【":
            depth += 1
        elif char in "）)〕]］】":
            depth = max(0, depth - 1)
        elif depth == 0 and char in marks:
            pieces.append(text[start:at])
            start = at + 1
    return [*pieces, text[start:]]


EXCEPTED = re.compile(r"除外[）)]?$")
"""各镇；县教育局除外: who is named to be left out."""


def names(text: str) -> tuple[list[str], bool]:
    """Return the unit names of a list, as printed and in order, and whether it ends in 等."""
    found: list[str] = []
    open_ended = False
    text = _WIDE.sub("、", CONTACT.sub("", text))
    parts = [part.strip() for part in split(_spaced(_unwrapped(text)), "、，,；;。\n")]
    for piece in _merged(each_in_full([part for part in parts if not EXCEPTED.search(part)])):
        bare, open_here = _bare(piece)
        open_ended = open_ended or open_here
        for one in _conjoined(_HANDS_IN.sub("", _LONG_NOTE.sub("", bare))):
            name = _of_their_unit(
                _OF_PERSON.sub(
                    _unless_person,
                    _SAID_OF.sub("", OFFICER.sub("", one.strip(" 　：:·‖¦|").rstrip("（(" + NOTE_MARKS))),
                )
            )
            if name and not is_noise(name) and not is_person(name):
                found.append(name)
    return list(dict.fromkeys(found)), open_ended


NOTE_MARKS = "".join(map(chr, range(0x2460, 0x2474)))
"""市教育局①: what points to a note is no part of the name."""
_HANDS_IN = re.compile(
    r"(?<=[位门局委镇乡道科处所站])(?:报送?|上报|提?交|送)(?![警通运投管易社刊业管])[\u4e00-\u9fff]{2,12}$"
)
"""各单位报安监部: to whom it is handed in is no part of the name."""
_LONG_NOTE = re.compile(r"[（(][^（）()]*(?:包联|包保|挂钩|结对|联系|负责)[^（）()]*[）)]$")
"""包联单位（甲包联某社区、乙包联某社区）: what the bracket says of them is no name."""
_WIDE = re.compile(r"(?<=\S)[ \u3000\xa0]{2,40}(?=\S)")
"""Wide blanks part what stands beside one another in a line of a form."""

_SAID_OF = re.compile(r"[（(][^（）()]{0,12}(?:包保|包抓|挂联|挂点|业主|监管|督促)[）)]$")
"""李家集镇（县财政局包保）: the bracket gives no other name of it."""

_OF_PERSON = re.compile(r"[（(]([^（）()]{2,8})[）)]$")


_BESIDE_PERSON = re.compile(r"^(?P<unit>[^（）():：]{2,20})[:：]\s*(?P<who>[^（）()]{2,4})$")
_PERSON_OF = re.compile(r"^(?P<who>[^（）()]{2,4})[（(](?P<unit>[^（）()]{2,20})[）)]$")


def _of_their_unit(name: str) -> str:
    """Take 张某某（综合科） and 综合科：张某某 for the unit that the person is of."""
    match = _PERSON_OF.match(name) or _BESIDE_PERSON.match(name)
    return match["unit"] if match and is_person(match["who"]) and looks_like_unit(match["unit"]) else name


def _unless_person(match: re.Match[str]) -> str:
    """Take 市政公司（张某某） for the firm, and 市发改委（市粮食局） as it is printed."""
    return "" if is_person(match[1]) else match[0]


_SPACE = re.compile(
    r"(?<=[厅局委办部会队院府区县站所室科处社司行校团镇乡村心联协道关馆厂）)])[ \u3000]+(?=[\u4e00-\u9fff][\u4e00-\u9fff（(])"
    r"|(?<=[\u4e00-\u9fff])[ \u3000]+(?=各[\u4e00-\u9fff]{2})"
)

_SLASH = re.compile(r"(?<=[\u4e00-\u9fff）)])\s*[/／|]\s*(?=[\u4e00-\u9fff])")

_COUNTED = re.compile(
    r"(?<=[\u4e00-\u9fff）)])\s*(?:\d{1,2}[.、．](?!\d)|[①-⑳]|[（(]\d{1,2}[）)])\s*(?=[\u4e00-\u9fff]{2})"
)
"""What parts names beside the usual marks: blanks, strokes, numbers."""


_WHOLE = re.compile(r".{2}(?:[局厅镇乡]|街道|公司|集团)$")
"""How a name ends that goes on in no next line with another such end: 教育局 / 南山镇."""


_SORT_OF_OFFICE = r"(?!管理|监督|执法|服务|监察|工作|办公|审批|指导|技术|业务|分|第|[支大中总]队)"
_INNER = re.compile(
    rf"(?:^|(?<=[、，,；;。：: ])){_SORT_OF_OFFICE}[\u4e00-\u9fff]{{2,6}}(?:处|科|室|股|部|办|中心|站|所|队|[校医分]院|学院|医院)$"
)
"""An office inside a bureau, a school or a firm: 后勤处. What says only what sort of office goes on with the line above."""
_TWO_OFFICES = re.compile(
    rf"[局委办厅所院站队处科]\n{_SORT_OF_OFFICE}(?!人民|管委|党工|镇街)[\u4e00-\u9fff]{{2}}[办所院处站队校社]$"
)
"""城管局 / 街道办 are two; behind a place, 城关镇 / 卫生院, the name goes on."""
_APART = re.compile(
    rf"{_SORT_OF_OFFICE}(?!人民|管委|党工|镇街)(?:团委|工会|妇联|校医院|[\u4e00-\u9fff]{{2}}[局厅镇乡])$"
)


_GOES_ON = re.compile(r"(?:人民政府|管理委员会|街道办事处|办事处|[支大中总]队)(?:$|[（(])")
"""What by itself names no office: the line goes on with the one above."""


def _unwrapped(text: str) -> str:
    """Join lines of a cell where a name goes on: 省应急管理 / 厅."""
    if "\n" not in text:
        return text
    first, *rest = text.split("\n")
    joined = [first]
    last, depth = _last_piece("", 0, first)
    for line in rest:
        following = split(line[:LONGEST], "、，,；;。：:")[0]
        whole = not _GOES_ON.match(following) and (
            not last
            or len(last) >= LONGEST
            or following.startswith("各")
            or is_person(last.split(" ")[-1].strip())  # 园区管委会 王某 / 县应急局 杜某
            or (_WHOLE.search(last) and _WHOLE.search(following) and is_unit(following))
            or (_INNER.search(last) and _INNER.match(following))
            or (is_unit(last) and _APART.match(following))
            or (is_unit(last) and _TWO_OFFICES.search(f"{last}\n{following}"))
            or (last.startswith("各") and is_unit(last) and is_unit(following))
            or (is_unit(last) and len(last) >= 3 and (len(following) > 3 or not is_unit(last + following)))
        )
        joined.append(("\n" if whole else "") + line)
        last, depth = _last_piece(last, depth, joined[-1])
    return "".join(joined)


def _last_piece(last: str, depth: int, text: str) -> tuple[str, int]:
    """Return what stands after the last mark outside brackets once ``text`` follows ``last``, and how many brackets are open."""
    start = None
    for at, char in enumerate(text):
        if char in "（(〔[［【":
            depth += 1
        elif char in "）)〕]］】":
            depth = max(0, depth - 1)
        elif depth == 0 and char in "、，,；;。：:\n":
            start = at + 1
    return (text[start:] if start is not None else last + text)[-LONGEST:], depth


def _spaced(text: str) -> str:
    """Take blanks between names for commas, but not those that a copy put inside a name."""
    return _SPACE.sub("、", _COUNTED.sub("、", _SLASH.sub("、", text.strip())))


_SORT = re.compile(r"^(?:单位|部门|企业|地方)(?![\u4e00-\u9fff]*(?:厅|局|委|办|中心)$)")
"""部门、单位 is one way to say whoever is meant, and 单位 alone is no name."""


_BESIDE_PARTY = ("政府", "管委会", "办事处")
"""白河镇党委、政府 are asked together."""
_OF_A_SCHOOL = ("部", "系", "所", "中心", "处", "馆")
"""各学院、部 are all that a school has."""


def _merged(pieces: list[str]) -> list[str]:
    """Put 市、县（市、区）党委政府 together again."""
    merged: list[str] = []
    held: list[str] = []
    for piece in pieces:
        last = merged[-1] if merged and not held else ""
        if (
            (piece in _BESIDE_PARTY and last.endswith(("党委", "党工委")))
            or (piece in _OF_A_SCHOOL and last.endswith(("学院", "院系", "各院", "各系", "、部")))
            or (_SORT.match(piece) and last.endswith(("部门", "单位")))
            or (SO_MANY.fullmatch(last) and SO_MANY.fullmatch(f"{last}、{piece}"))
        ):
            merged[-1] += f"、{piece}"
        elif held and _LOWER.match(piece):
            held.append(piece)
            if not LEVEL.match(piece):
                merged.append("、".join(held))
                held = []
        elif LEVEL.match(piece):
            if held[:1] and held[0].startswith("各") and not piece.startswith("各"):
                held.append(piece)  # 各县、市、区政府
                continue
            merged += _together(held)
            held = [piece]
        else:
            merged += _together(held)
            held = []
            merged.append(piece)
    return [*merged, "、".join(held)] if len(held) > 1 else merged + held


def _together(held: list[str]) -> list[str]:
    """Return 各区、县 as one name, and levels that stand by themselves as they are."""
    return ["、".join(held)] if len(held) > 1 and held[0].startswith("各") else held


def _bare(piece: str) -> tuple[str, bool]:
    """Strip what says how and not who: 等部门按职责分工负责."""
    piece = _HOW.sub("", _WHEN.sub("", _WAS.sub("", _LEADING.sub("", piece))))
    tail = _TAIL.search(piece, max(0, len(piece) - LONGEST))
    if tail is None or tail.start() == len(piece):
        return piece, False
    if tail["open"]:
        return piece[: tail.start()], True
    kept = piece[: tail.start()] + (tail["many"] or "")
    return kept, False


_WAS = re.compile(r"^(?:[\u4e00-\u9fff]{2,16}[局厅委办])?(?:调整|变更|更改|改|更换)为(?=[省市县区州旗镇乡])")
"""市住建局调整为市体育局: whose it was."""
_EVENTS = "|".join((*FIXED_EVENTS, *LUNAR_EVENTS, *UNKNOWN_EVENTS))
_WHEN = re.compile(
    rf"^(?:第?[一二三四]季度|[上下]半年|(?:{_EVENTS})节?(?:前后?|期间))(?=[省市县区州旗各][\u4e00-\u9fff])"
)
"""一季度市发改委牵头: when it is to be is no part of the name."""
_GENERIC = re.compile(r"(?:单位|部门|企业|地方|地区)(?:的|$|按|负责|落实|分)")
"""After 和: 有关部门和单位 is one name."""

_TWO_IN_ONE = re.compile(r"(?<=党委.)(?:人民)?政府|(?<=党工委.)管委会|(?<=党工委.)管理委员会")
"""各县党委和政府 is one name."""


_CONCERNED = re.compile("各?(?:有关|相关)[\u4e00-\u9fff]{2,8}[人户主方者]")
"""市农业农村局及有关养殖户: who is concerned, by what they are."""
LEVEL_ALONE = re.compile(r"各?(?:乡镇|镇街|[乡镇村]|街道)")
"""县交通局和镇: the level by itself says who, beside an office."""


def _conjoined(text: str) -> list[str]:
    """Split at 和, 及, 与, 会同 where both sides are units by themselves."""
    pieces, start, looked, depth = [], 0, 0, 0
    for match in _CONJUNCTION.finditer(text):
        depth += sum((char in "（(") - (char in "）)") for char in text[looked : match.start()])
        looked = match.end()
        if depth > 0 or _GENERIC.match(text, match.end()) or _TWO_IN_ONE.match(text, match.end()):
            continue
        after = match.end()
        beside = is_unit(text, after) or LEVEL_ALONE.fullmatch(text, after) or _CONCERNED.fullmatch(text, after)
        if is_unit(text, start, match.start()) and beside:
            pieces.append(text[start : match.start()])
            start, depth = match.end(), 0
    return [*pieces, text[start:]]
