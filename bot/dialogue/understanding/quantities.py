"""What is known by its form and not by a word: shares, counts, days, lengths of time, names of offices and of people."""

import re

from bot.dialogue.understanding.asides import said_aside
from bot.dialogue.understanding.lexicon import Sense, Word
from jobs.reading.deadlines.resolve import number

FRACTIONS = {"二分之一": 50, "一半": 50, "三分之一": 33, "三分之二": 67, "四分之三": 75, "四分之一": 25, "五分之四": 80,
             "五分之三": 60, "五分之二": 40, "五分之一": 20, "百分百": 100}  # fmt: skip
_ZH = "一二两三四五六七八九十"
_SHARES = (
    re.compile(
        r"[从由]\s*(?:\d{1,3}\s*%?|[一二两三四五六七八九]成)[提上增升涨变长高到加]{0,3}[到至成]\s*(?P<n>\d{1,3})\s*%"
    ),  # 从60%到80%, 由三成到70%
    re.compile(r"(?P<n>\d{1,3})(?:\.\d+)?\s*%"),
    re.compile(r"百分之(?P<n>[零一二三四五六七八九十百]{1,4}|\d{1,3})"),
    re.compile(
        r"(?<![周期拜])(?!八成(?:是|没|还|得|要|会|能|不|黄|来))(?P<tenths>[一二两三四五六七八九十\d])成(?![立效果功本为绩品员]|都[市江会])(?P<half>[一二三四五六七八九半])?"
    ),  # 八成是 says no share but how sure it is
    re.compile(rf"(?P<part>{'|'.join(FRACTIONS)})(?!多)"),
    re.compile(r"(?:进度|进展|完成率|完成度|办结率)[:为是达到约]{0,3}\s*(?P<n>\d{1,3})(?![\d家项个处月日.%/])"),
)
_DAYS = (
    re.compile(
        rf"(?:\d{{2,4}}年)?(?:\d{{1,2}}|[{_ZH}]{{1,2}})月(?:份|[底末初]|[上中下]旬|\d{{1,2}}[日号]?|[{_ZH}]{{1,3}}[日号])?"
    ),
    re.compile(
        r"(?<![\d第])\d{1,2}[日号](?![楼院线馆井机点地泵塔桥仓库厂门桩标栋坝闸]|边坡)|(?<![\d.])\d{1,2}\.\d{1,2}(?![\d%个家公万米亿])"
    ),
    re.compile(r"(?:本|这|下)?个?(?:周|星期|礼拜)[一二三四五六日天末](?!期)|(?:本|[这下]个?)?[月年季][底末]"),
)
_FUTURE = re.compile(rf"(?:\d{{1,3}}|[{_ZH}半]{{1,3}})(?:个)?(?:天|周|月|工作日|星期|年|小时)(?:之|以)?[后内]")
_IN_SO_LONG = re.compile(rf"(?<![超不经通已])过(?:\d{{1,3}}|[{_ZH}]{{1,3}})个?(?:天|周|月|星期|礼拜)(?![了多])")
"""过三天: 三天后."""
_SAID_OFTEN = re.compile(
    f"[说讲催提问][了过](?:多少|好?几|[{_ZH}百]{{1,2}})[遍次回]了?|反映[了过](?:多少|好?几)[遍次回]了?"
)
"""How often it was said, which asks nothing: 说了多少遍."""
_LENGTH = re.compile(
    rf"(?:\d{{1,3}}|[{_ZH}半]{{1,3}})个?(?:天|周|月|工作日|星期|礼拜)|几(?:天|周|个月|个?星期|个?礼拜|个工作日)"
)
_PUT_OFF = re.compile(
    rf"[延缓宽晚推][后迟缓限期长]?(?=个?[\d{_ZH}半几]{{1,3}}(?:天|日|周|年|工作日|星期|礼拜|个[月季星礼工]))"
)
_DELAYED = re.compile(rf"(?:(?<=[要得想再会能以])|^)[拖迟](?=个?(?:[\d{_ZH}半]{{1,3}}|几)(?:天|日|周|个月|星期|礼拜))")
"""要拖几天: asked for like 缓几天; but 拖了几天 tells what was."""
_ASKED_FOR = re.compile("(?<=[能想要再得])延(?=[吗么不吧?。,]|$)")
"""More time by so much: 延四天, 缓两个月, 推迟半年."""
_MEASURES = "公里|(?<!一)起|平方米|万元?|[个家项处件户条台套份人名栋幢座所辆批宗类种米吨亩元笔块村镇间]"
_FIGURE = rf"(?<![第\d])(?:\d{{1,6}}(?:\.\d+)?|[{_ZH}百]{{1,4}})[多余]?"
_COUNTS = (
    re.compile(f"{_FIGURE}(?:{_MEASURES})"),
    re.compile(f"{_FIGURE}[口盏株棵根艘头只眼具幅面副枚桶樘孔顶册袋筐趟捆]"),
)
_SAID_OF = "(?=[已说反那还也都均全完办:未没弄整搞处解报提落做])"
_OFFICE = r"(?<![我本全])[省市县区州][一-龥]{1,7}?[局厅委](?!办(?!公室))"
_DISTRICT = r"(?:(?![请各听据说已向给把将我俺咱们就差剩还只等的])[一-龥]){2}(?<![园小校片社辖景户罐库矿厂公业活工存卸油殖养护冲餐心民])[区县镇乡](?!长)"
_SHORT_OFFICE = r"(?<=[给交转由归到是该])(?![我本全各该贵你给到由交转是归])[一-龥]{2,4}?(?<!分)(?:局|厅|(?<![党常纪])委)(?![长里内机])"
"""An office by its short name, where something is handed to it: 转给交通局; 转给城东分局 stays inside."""
_UNITS = (
    re.compile(_OFFICE),
    re.compile(_SHORT_OFFICE),
    re.compile(rf"{_DISTRICT}{_SAID_OF}"),
    re.compile(rf"(?<![一-龥]){_DISTRICT}"),
)
_FAMILIES = "李王张刘陈杨赵黄吴徐孙胡朱林郭罗郑梁谢宋唐许邓韩冯曹彭曾肖董袁潘蒋蔡杜叶苏魏吕丁沈姚卢傅钟姜崔谭廖范汪陆戴贾韦邱侯邹熊孟秦马"
_PEOPLE = (
    re.compile(rf"(?:[{_FAMILIES}][一-龥]{{0,2}}|[高周何])(?:主任|[科处局队站所镇乡县市区院校厂]长|经理|书记)"),
    re.compile(rf"[{_FAMILIES}](?:工(?![作程地期业人会单])|总(?![结体量数计共])|[科处局](?![室技学理置罚部面]))"),
    re.compile(rf"[小老][{_FAMILIES}高周何](?![路达库期家旧人校区])"),
)
_AS_ASKED = re.compile(
    r"(?:按照?|照|依照|对照|根据|依据|遵照)(?:(?![哪什谁几啥何])[一-龥]){0,6}?(?:要求|规定|标准|指示|部署|意见|[说讲教提]的)(?=[一-龥,])"
)
"""How something was done where somebody said how: 按你们的要求, 对照清单要求."""
_MOVED = re.compile(
    "[移挪搬迁运放][到至出在](?:[室户屋楼院棚店库]外面?|外面|外头|高处|安全地带|安全区域?|安全处|安全地方|指定地点|指定位置|指定区域)"
)
"""What was moved out of harm's way, by the place to which: 移到室外, 放至指定地点."""
_EITHER = re.compile(r"(?![呢了吧啊的])(?:还(?=[要得需用该]))?([一-龥])[不没]\1")
_LACKED = re.compile(
    r"[没未]([一-龥]{1,2})的(?=(?:都|全部?|均|统统|也){0,2}(?:已经?(?:全部|都|全)?补?\1|\1[一-龥]{0,2}[了啦咯]))"
)
"""Which of them it is that is told of, by what was still to be done with it and is done: 没报的(都报了), 未整改的(已全部整改)."""
PAPER_NUMBER = re.compile(
    r"[〔\[(【](?:19|20)\d\d[〕\])】] ?第? ?\d{1,4} ?号文?|文号[:是]? ?\d{1,4}号?|第?\d{1,4}号文(?![件章本字明书])"
)
"""The number of an official paper, which is no task and no day: 浙水〔2022〕12号, (2022)第5号, 3号文."""
_NEEDED = re.compile(rf"[\d{_ZH}半几百按照据不没未移挪搬迁运放周星礼月年季局厅委省市县区镇州乡{_FAMILIES}高何延多]")

_FORMS: tuple[tuple[Sense, re.Pattern[str]], ...] = tuple(
    (sense, pattern)
    for sense, patterns in (
        (Sense.UNKNOWN, (PAPER_NUMBER,)), (Sense.SHARE, _SHARES), (Sense.FUTURE, (_FUTURE, _IN_SO_LONG)), (Sense.DAY, _DAYS), (Sense.LENGTH, (_LENGTH,)), (Sense.COUNT, _COUNTS),
        (Sense.UNIT, _UNITS), (Sense.SETTLE, (_MOVED,)), (Sense.PERSON, _PEOPLE), (Sense.ASK, (_EITHER,)),
        (Sense.MOVE, (_PUT_OFF, _DELAYED, _ASKED_FOR)), (Sense.MANNER, (_AS_ASKED,)),
        (Sense.FILLER, (_SAID_OFTEN, _LACKED)),
    )
    for pattern in patterns
)  # fmt: skip


def found(text: str) -> dict[int, Word]:
    """Return what a text has of such, by where it begins; of two that begin together the earlier kind."""
    words: dict[int, Word] = {}
    for word in said_aside(text):
        words.setdefault(word.start, word)
    for sense, pattern in _FORMS if _NEEDED.search(text) else ():
        for match in pattern.finditer(text):
            start = match.start()
            if start not in words:
                words[start] = Word(start, match.end(), match[0], sense)
    return words


_OF_WHOM = re.compile("(?:是|归|由|该)[一-龥]{1,6}?(?:牵头|负责|管|主办|承办)|具体|详细")
_UNTIL = re.compile(
    r"还?[要得需等拖]{1,2}到(?:\d{1,2}[月号日.]|[下本这]?个?[月周年季](?:[底末初中]|[一二三四五六日])|国庆|中秋|春节|节后|年后)"
)


def is_of_a_task(text: str, at: int) -> bool:
    """Tell whether a text goes on with what is asked or told of a task by its number, and of no day: 9号是我们牵头吗, 7号具体啥要求, 12号要到月底."""
    return (_OF_WHOM.match(text, at) or _UNTIL.match(text, at)) is not None


def share_at(text: str, at: int) -> bool:
    """Tell whether a share is stated where a text goes on: (6号完成)七成."""
    return percent(text[at : at + 5]) is not None


BY_THEN = re.compile(
    "(?:截[至止]|(?:最迟|最晚|至迟|顶多|大概|估计|预计|争取|不晚于|不迟于)(?:到|在|要)?|申请[到至]|[容迟延拖推缓顺移改宽晚期后调][到至])\\s?$"
)
"""What makes a day of 15号: 最迟15号."""


def put_off_at(text: str, at: int) -> Word | None:
    """Return the word by which more time is asked for by so much, where it stands: 晚 of 晚几天."""
    match = _PUT_OFF.match(text, at)
    return Word(at, match.end(), match[0], Sense.MOVE) if match is not None else None


def percent(text: str) -> int | None:
    """Return the first share that a text states, 0–100; None where there is none, or none that can be."""
    stated = [match for pattern in _SHARES if (match := pattern.search(text)) is not None]
    if not stated:
        return None
    value = _value(min(stated, key=re.Match.start).groupdict())
    return value if 0 <= value <= 100 else None


def _value(told: dict[str, str | None]) -> int:
    if part := told.get("part"):
        return FRACTIONS[part]
    if tenths := told.get("tenths"):
        half = told.get("half")
        return number(tenths.replace("两", "二")) * 10 + (number(half.replace("半", "五")) if half else 0)
    text = told["n"] or ""
    return 100 if text in ("百", "一百") else number(text)
