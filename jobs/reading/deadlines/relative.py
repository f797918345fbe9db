"""Spans counted from a day: 自印发之日起30日内, 10个工作日内 — from the day of issue, which is not counted itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from db.workdays import china
from jobs.reading.deadlines.frame import Frame, Setting
from jobs.reading.deadlines.points import last_days, points
from jobs.reading.deadlines.resolve import Answer, add_days, add_months, number
from jobs.reading.deadlines.vocabulary import WITHIN

N = r"(?:\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]|半)"
"""How many days, weeks, months …: more than a date can count to."""

_RELATIVE = re.compile(
    rf"""
    (?P<from>(?:自|从|于|在)?(?:本|该|此)?(?P<what>(?:方案|通知|文件|意见|清单|台账|办法|规定|细则|要点|措施|制度|函|计划|通报)?
        (?P<issue>印发|发布|下发|公布|施行|发文|成文|出台|发出)
        |(?P<receipt>(?:收到|签收|(?<![对衔链连])接)(?:[^,。;\s]{{0,8}}?)?))
        (?:之日|当日|日|之后|以后|后)?(?:起|开始|算起)?(?:的)?,?)?
    (?:在|于)?(?<![\d月])(?<![上下本这]周)(?<![上下本这]星期)(?P<about>[一二三四五六七八](?=[二三四五六七八九](?!十))|十天(?=半))?(?P<count>{N})\s{{0,4}}(?:个)?(?P<half>半)?(?P<unit>工作日|自然日|日|天|周|星期|礼拜|月|季度|年|小时|钟头)(?P<more>半)?
    (?:{WITHIN}|(?P<after>之?后|以后|过后)|(?P<bare>(?=完成|办结|报送|上报|提交|\s*(?:[。;)]|$)))|(?P<listed>(?=[、,][^\d,。;、]{{0,8}}?{N}个?(?:工作日|月|天|周|小时){WITHIN})))
    """,
    re.VERBOSE,
)

_EVENT_BEFORE = re.compile(
    r"(?:控制|压缩|压减|缩短|缩减|减少|降低|限定|承诺|时限|耗时|用时)(?:到|至|为)?(?:不超过)?$|"
    r"(?:发生|发现|受理|事发|事故|险情|隐患|投诉|申请|检查|验收|竣工|投产|结束|完成|到期|届满|评估|培训|考核|变更|入职|上岗|届时|"
    r"结果|近|过去|前|超过|使用|服役|有效期|期限|任期|投资|每|同比|达到|运行|累计)[^,。;]{0,6}$|(?:诉求|求助|报修|工单(?!位)|来电|来访|举报|咨询)[^,。;]{0,12}$"
)
_EVENT_AFTER = re.compile(
    r"\s{0,8}(?:的(?!时间)|可?(?:给予(?=[^,。;]{0,8}(?:补|奖|贴|贷|减|免|优惠|资助))|享受|免[征收缴租]|减[征免半]|返还|补[贴助]|资助|奖励)|每|新建|发生|累计|连续|未|无(?!条件)|有效|不得|曾|已|年均)"
)
_STAGE_LENGTH = re.compile(rf"阶段\((?:为期|时间)?(?P<count>{N})(?:个(?=[月周])|(?=[天年周]))(?P<unit>月|周|天|年)\)")
_STAGE_NOTE = "只写了阶段的长短，从前一阶段结束起算，须人工确定"
_TAKES = re.compile(
    rf"(?<![费利使])(?:用|通过|经过)(?:大?约)?(?P<count>{N})(?:个(?=月))?(?P<unit>年|月)(?:左右|多)?的?(?:时间|努力)(?![^,。;]{{0,24}}(?:了|已))"
)
_TAKES_NOTE = "写的是用多长时间，从哪天算起须人工确定"
"""力争用三年时间完成改造."""
_OTHER = re.compile(
    r"(?P<event>[^,。;:\s]{1,24}?)(?:之日起?|当日起|之后|以后|后|起)(?:的)?(?:,[^,。;]{0,20}?|(?P<whose>[省市县区州旗各][^,。;\d]{2,14}?))?$"
)
"""What a span is counted from that is not this document: 资金下达后, 自合同签订之日起, 谈话结束后，各单位应在, 签约后市商务局."""
_OF_ISSUE = re.compile(r"印发|下发|发布|公布|发文|成文|出台|收到|签收|接到|施行")
_OF_AN_EVENT = re.compile(
    r"(?P<event>开学|放假|返校|入学|入职|上岗|开业|开园|投产|竣工|完工|验收|签约|到货|中标|离职|复工)$"
)
"""开学一周内."""
_STOPS = re.compile(
    r"^.*(?:在|于|自|从|须|应|要|请|由|并|且|至)(?=.)"
    r"|^[\u4e00-\u9fff]{1,12}?(?:厅|局|委(?!托)|办(?![理结事])|政府|部门|单位|街道|[支大]队|[镇乡])(?=[\u4e00-\u9fff]{2})"
)
"""What stands before it in the clause: what leads in, or whose duty it is."""
_AT_ONCE = re.compile(r"发生|发现|事发|险情|事故|接报|接到|接警|突发|遇")
"""What nobody plans: how fast it is to be reported is a rule and no deadline."""
_OTHER_DOCUMENT = re.compile(r"(?<![本该此])[\u4e00-\u9fff”》]$")

_HOURS = ("小时", "钟头")
_HOUR_NOTE = "以小时计，按次日计算"
_ABOUT = "说的是大约多久，按较长的算，请核对"
_HALVES = "半个月按15天、半年按6个月计，请核对"
_TOO_FAR = "算出的日子超出范围"
_DAY_NOTE = "从写明的日子起算，当日不计入，请核对"
_RECEIPT_NOTE = "从收到之日起算，按印发日计算"


@dataclass(frozen=True, slots=True)
class Relative:
    """A relative span in normal text: its place, its length as ISO 8601, and the day where one can be told."""

    start: int
    end: int
    shift: str
    answer: Answer
    how: str = "自印发之日起算"


def relative(text: str, frame: Frame) -> Iterator[Relative]:
    """Yield the relative spans of a normal text in order."""
    if not any(mark in text for mark in "内后起段时努"):
        return
    for match in _TAKES.finditer(text):
        shift = duration(match["count"], match["unit"])
        if shift is not None:
            yield Relative(match.start("count"), match.end(), shift, Answer(None, _TAKES_NOTE), "所用的时间")
    for match in _STAGE_LENGTH.finditer(text):
        shift = duration(match["count"], match["unit"])
        if shift is not None:
            yield Relative(match.start("count"), match.end("unit"), shift, Answer(None, _STAGE_NOTE), "阶段的长短")
    for match in _RELATIVE.finditer(text):
        found = _read(match, text, frame)
        if found is not None:
            yield found


def _read(match: re.Match[str], text: str, frame: Frame) -> Relative | None:
    explicit = match["from"] is not None
    chat = frame.setting is Setting.CHAT
    if match["unit"] in ("月", "季度") and not re.search("[个半]", match[0]):
        return None
    if match["listed"] is not None and match["unit"] == "日":
        return None
    if (match["after"] and not chat) or (match["bare"] is not None and not explicit):
        return None
    if not explicit and not chat and _of_an_event(match, text):
        return None
    shift = _length(match)
    if shift is None:
        return None
    about = _ABOUT if match["about"] else _HALVES if match["half"] or match["more"] else None
    other = None if chat else _counted_from(match, text, explicit)
    if other is not None:
        at, event = other
        begins = _begins(event, frame)
        if begins is not None:
            due = later(begins, shift, workdays=match["unit"] == "工作日")
            return Relative(at, match.end(), shift, Answer(due, _DAY_NOTE), f"自{event}起算")
        if "每" in event:
            return None  # a recurrence
        return Relative(at, match.end(), shift, Answer(None, f"从“{event}”起算，日子不明，须人工确定"), "从别的事起算")
    start = frame.reference
    due = start and later(start, shift, workdays=match["unit"] == "工作日")
    why = _RECEIPT_NOTE if match["receipt"] else _HOUR_NOTE if match["unit"] in _HOURS else about
    return Relative(match.start(), match.end(), shift, Answer(due, _TOO_FAR if start and not due else why))


def _length(match: re.Match[str]) -> str | None:
    """Return how long a span is; a month and a half are 45 days, a year and a half 18 months."""
    if not (match["half"] or match["more"]):
        return duration(match["count"], match["unit"])
    count, unit = number(match["count"]), match["unit"]
    if count < 1 or unit not in _AND_A_HALF:
        return None
    half, whole, letter = _AND_A_HALF[unit]
    return f"P{count * whole + half}{letter}"


_AND_A_HALF = {"月": (15, 30, "D"), "年": (6, 12, "M"), "周": (4, 7, "D"), "星期": (4, 7, "D"), "天": (1, 1, "D")}
"""What a half of a unit and a whole one are, and in what they are counted."""


def _begins(event: str, frame: Frame) -> date | None:
    """Return the day that a span is counted from where one is written: 自2024年6月1日起30日内."""
    point = next(points(event), None)
    if point is None or point.unit != "day" or (point.start, point.end) != (0, len(event)):
        return None
    return last_days(point, frame, None)[0].due


def _of_an_event(match: re.Match[str], text: str) -> bool:
    """Tell whether a span tells how long something was, or how fast what nobody plans is to be reported."""
    before = text[max(0, match.start() - 12) : match.start()]
    if match["unit"] in _HOURS and _AT_ONCE.search(
        re.split("[。;]", text[max(0, match.start() - 60) : match.start()])[-1]
    ):
        return True
    counted = _OTHER.search(before)
    if counted is not None and ("之日" in counted[0] or not _AT_ONCE.search(before)):
        return bool(_EVENT_AFTER.match(text, match.end()))
    return bool(_EVENT_BEFORE.search(before) or _EVENT_AFTER.match(text, match.end()))


def _counted_from(match: re.Match[str], text: str, explicit: bool) -> tuple[int, str] | None:
    """Return what a span is counted from where that is not this document's issue, and where the words begin."""
    before = text[max(0, match.start() - _FAR) : match.start()]
    if explicit:
        if match["receipt"] or match[0].startswith(_OWN) or not _OTHER_DOCUMENT.search(before):
            return None
        bare = _STOPS.sub("", re.split(r"[,。;:\s]", before)[-1])
        event = f"{bare}{match['what']}"
        return match.start() - len(bare), event
    counted = _OTHER.search(before) or _OF_AN_EVENT.search(before)
    if counted is None:
        return None
    event = _STOPS.sub("", counted["event"])
    whose = counted.groupdict().get("whose")
    if whose and _OF_ISSUE.search(event):
        return None  # 方案印发后市商务局10日内
    if whose or "," in counted[0]:  # the subject stands between
        return match.start(), event
    return match.start() - (len(before) - counted.end("event")) - len(event), event


_FAR = 40
_OWN = ("自", "从", "于", "在", "本", "该", "此")
"""What shows that a span is counted from this document."""


_UNITS = {
    "工作日": "D",
    "自然日": "D",
    "日": "D",
    "天": "D",
    "周": "W",
    "星期": "W",
    "礼拜": "W",
    "月": "M",
    "年": "Y",
}


def duration(count: str, unit: str) -> str | None:
    """Return an ISO 8601 duration: days as PnD, weeks PnW, months PnM, years PnY; None for nothing.

    Half a month is 15 days, half a year 6 months; hours count as the days that they begin.
    """
    if count == "半":
        return {"月": "P15D", "年": "P6M", "天": "P1D", "日": "P1D"}.get(unit)
    number_of = number(count)
    if number_of < 1:
        return None
    if unit in _HOURS:
        return f"P{-(-number_of // 24)}D"
    if unit == "季度":
        return f"P{number_of * 3}M"
    return f"P{number_of}{_UNITS[unit]}"


def later(start: date, shift: str, *, workdays: bool = False) -> date | None:
    """Return the day that lies ``shift`` after ``start``, which is not counted; in workdays with make-up days."""
    count, unit = int(shift[1:-1]), shift[-1]
    if workdays:
        return china().after(start, count) if count <= 400 else None
    if unit in "MY":
        return add_months(start, count * (12 if unit == "Y" else 1))
    return add_days(start, count * (7 if unit == "W" else 1))
