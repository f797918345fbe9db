"""What shows that a point in a text is a deadline: its place in a cell; in prose 前, 内, 到 … or a verb that finishes something.

Dates of what has happened, beginnings and terms of policies are none. What is perhaps a deadline says why.
"""

import re

from jobs.reading.deadlines.amounts import OF_A_SHARE, OF_ALL_YEAR, is_of_all_year, is_share
from jobs.reading.deadlines.frame import Frame, Setting
from jobs.reading.deadlines.groups import NEAR, Group, in_front
from jobs.reading.deadlines.halves import is_moved_by
from jobs.reading.deadlines.points import Point
from jobs.reading.deadlines.steps import is_clause, is_day_of, is_done_by, names_past, step
from jobs.reading.deadlines.vocabulary import BEFORE, FINISHING, FIXED_EVENTS, HOLDING, LUNAR_EVENTS, UNMET, WITHIN

_TIME = r"(?:上午|下午|晚上?|中午|早上|凌晨)?(?:(?:\d{1,2}|零)(?::\d\d|[时点](?:\d{1,2}分|整|半)?)|下班)?"

_SUFFIX = re.compile(
    rf"(?:\(含[^)]{{0,3}}\))?(?P<time>{_TIME})(?:开[学捕园馆业幕渔考赛市]|入汛|汛期|国庆节?|放假|[上休]市)?"
    rf"(?P<word>{BEFORE}|{WITHIN}|截止|为止|止(?![血损跌水]))"
)

_TO = re.compile(
    r"(?:(?:报送|上报|提交|反馈|办结)(?:时间|日期)[为是]|(?<![自从由直])到|至|即日起-+|截止(?:时间|日期)?[为:]?|(?:最|不得?)(?:迟|晚)于?|不得?超过|时限[为:]?|期限[为:]?|力争|争取|确保|务必)[在于]?$"
)

_AT = re.compile(r"(?:预计|计划|[于在拟须应要将需请])$")

_FROM = re.compile(r"(?:始于|早在|较|比|根据|按照|依据|执行|贯彻|落实|参照)$")

_BEGINS = re.compile(
    r"(?:起(?![草重步底])|开始|开工|以来|以后|之后|后(?![勤续期台果方备])|至今|启动|施行|生效|印发的|发布的|出台的|制定的|"
    r"以上|期间(?!完成)|左右开始|[\u4e00-\u9fff]{1,8}?(?:结束|到期|期满|启动|开始)(?:之?后|以后))"
)

_DONE = re.compile(r"[^,。;]{0,14}?(?:已(?!不|整改不)|(?<!为)了(?!解)|曾|共(?!同|享|建)|同比|累计)")

_ALREADY = re.compile(rf"(?:就|均|全部)?已|就(?:{FINISHING})|(?:全面|全部|基本|如期|顺利)?(?:{FINISHING})了(?!解)")

_ONCE_DONE = re.compile(r"(?:已经?|曾经?)[于在]?$")
"""已于3月31日下达."""

_FINISHES = re.compile(rf"[^。;]{{0,40}}?(?:{FINISHING})")

_FINISHES_SOON = re.compile(rf"(?:[^,。;]{{0,16}}?|,)(?:{FINISHING})")
"""The finishing verb stands in the same part of the sentence, or begins the next."""

_FINISHED_THING = re.compile(rf"[^,。;]{{0,8}}?(?:{FINISHING})的")

_HOLDS = re.compile(rf"(?:[^,。;]{{0,20}}?|,[^,。;]{{2,30}}?)(?:{HOLDING})(?!了(?!解)|过)")

_SUPERSEDED = re.compile(
    r"(?:原定于?|原计划|原为|原期限|原时限|早于|(?:不要|不能|不得|不可|不应|切勿|别)再?(?:等|拖延?|推迟?)[到至])[::]?$"
)

_MOVED = re.compile(r"[（(,，;]{0,2}(?:现)?(?:延期|延长|调整|顺延|推迟|变更|改)(?:到|至|为)")
"""What stands before or after a day that no longer holds, or that is none."""

_ONCE = re.compile(r"原(?:定|计划|通知|要求|文件|方案|时限|期限)[^,。;]{0,10}$")
_NOW = re.compile(r"[^。;]{0,20}?(?:延长|延期|顺延|推迟|推后|调整|改|变更|提前)(?:到|至|为)")
"""原通知要求3月31日前报送的案卷，现延长至4月15日: the day once asked for holds no more."""

_CHANGED = re.compile(
    r"(?:之?前|以前|底前)?[^,。;“”\"'‘’]{0,10}?[”\"'’]?(?:完成)?(?:应该?为|改为|改到|改至|调整(?:为|到|至)|变更(?:为|到|至)|更正为|修改为|修订为"
    r"|(?:延期|延长|顺延|推迟|推后|延后|提前|延|推)(?:到|至))"
)
"""After a day that another takes the place of: 由“6月底前”调整为“10月底前”, 从4月10日延到4月20日."""

_WAS_TO_BE = re.compile(
    r"(?:之?前|以前)?[^,。;\d]{0,10}?的[^,。;\d]{1,16}?(?:延期|延长|顺延|推迟|推后|延后|提前|延|推)(?:到|至)(?=\d|[一二三四五六七八九十]|[本下次明]|年)"
)
"""6月底前完工的道路延期至10月底: by when it was to be done holds no more."""

_QUOTED_OR_FROM = re.compile(r"[“\"'‘][^”\"'’]{0,12}$|(?:[由从原将把]|期限|时限|时间)[^,。;]{0,4}$")

_POLICY = re.compile(
    r"(?:有效期限?|聘用?期|任期|服务期|租期|挂职期|(?:政策|阶段性|优惠|补贴|免[征缴]|减[征免]|缓[征缴]|扶持|租赁|质保|保修|托管)[^,。;]{0,12}期限?|(?:实施|执行|适用|享受|支持|合同|经营|建设)期限?|(?:政策|标准|优惠|试点)[^,。;]{0,8}?(?:执行|实施|延续|延长|适用)|(?:缴纳|缴费|征收|还款|还本|付息|还贷)[^,。;]{0,6}?(?:延缓|缓[征缴]|延期|延后|推迟))"
    r"(?:暂定|统一)?(?:延长|延续|执行|实施)?(?:到|至|截止)$"
)
"""How long a policy or a contract holds: nobody is to finish anything by then."""

_EVENED = re.compile(r"统一[到至]$")
"""合同期统一到6月30日前: somebody has to bring them all to one day."""

_STAGE = re.compile(r"(?:阶段|步骤|时间|时段|环节|周期|工期)(?:时间)?[为是:]?[(（]?(?:时间)?[为是:]?自?$")
"""Before a range: it says how long a stage of the work lasts."""

_HEADS = re.compile(r"(?:^|[。\n])[^,。;:\n]{2,30}\((?:时间为?[::]?)?$")

_PART_OF = re.compile(r"[;。:\n][^,。;:()\n]{2,12}\((?:时间为?[::]?)?$")
"""…；集中检查(4月21日-5月10日),某局…: a part of an item that opens as a stage does."""
_CLOSES = re.compile(r"\)(?:[。:]|\s*\n|\s*$)")
"""A bracket that closes a heading: （三）总结阶段（12月）。"""

_IS_STAGE = re.compile(r"[,，]?(?:为|是|作为)[^,。;]{0,24}?(?:阶段|周期|攻坚期)(?=[,。;)]|$)")

_VAGUE = re.compile(r"(?:约|大概|暂定|待定|拟定)[（(]?$")

_OPENS_QUOTE = re.compile(r"[“\"](?P<said>[^“”\"]{0,24})$")
_PRINCIPLE = re.compile(
    r"(?P<said>[^“”\"]{0,24})[”\"]的?[^,。;“”]{0,6}(?:原则|制度|要求|机制|办法|思路|模式|做法|闭环|工作法|理念)"
)
_ALL_YEAR = re.compile(r"年初|逐[月季]|月月|季季|平时|日常")
"""按照“年初建账、年底交账”的制度: how it is always done, and no deadline."""

_REFUSED = re.compile(r"不(?:予)?(?:同意|批准|赞成)[^,。;]*$")
"""会议不同意延期至12月底的请求: what was asked for and refused."""

_OF_YEAR = re.compile(r"第[一二三四五六七八九十\d]+[轮批次期]|工作|计划|任务|目标|版|考核|实施方案")
"""After a bare year: it only names what belongs to that year."""

_PAPER_OF_YEAR = re.compile(r"[\u4e00-\u9fff]{0,12}?(?:报告|总结|述职|预算|决算|台账|年鉴|考评|自评|测评|评价)")
"""报送2025年度安全生产自评报告: a paper about the year."""

_OF_SOMETHING = re.compile(rf"(?!(?:全面|基本)?(?:{FINISHING})|[并且和及每])[\u4e00-\u9fff]")
"""After a bare year in a cell: it may name what belongs to that year."""

_FEAST = re.compile(rf"[“\"'‘]?(?:{'|'.join((*FIXED_EVENTS, *LUNAR_EVENTS))})")
"""10月国庆假期后: the month only says of which year's feast."""

_INCLUDED = {"month": "月", "quarter": "季度", "year": "年", "half": "半年"}


def shown_until(text: str, group: Group, frame: Frame) -> tuple[int, str | None] | None:
    """Return where the span ends and why a person should look; None where this is no deadline."""
    last = group.last
    suffix = _SUFFIX.match(text, group.end)
    if suffix and suffix["time"] and last.unit not in _WITH_TIME:
        suffix = None
    end = suffix.end() if suffix else group.end
    if last.unit == "bday" and suffix is not None and "内" in suffix["word"]:
        return None  # 5日内 is how long, and no day of a month
    if last.unit == "masked":
        return end, None
    during = group.is_range and text.startswith("期间", end)
    if suffix is None and _BEGINS.match(text, end) and "内" not in last.written and not during:
        return None
    before = "" if group.is_range else in_front(text, group.start)
    if _REFUSED.search(text[max(0, group.start - 24) : group.start]) or before.endswith(
        ("未在", "未于", "未能在", "未能于")
    ):
        return None
    if last.unit == "month" and _FEAST.match(text, group.end):
        return None
    if _is_principle(text, group) or _WAS_TO_BE.match(text, group.end) or names_past(text, group, frame):
        return None
    if _SUPERSEDED.search(before) or _MOVED.match(text, end):
        return (end, None) if is_moved_by(text, group.start, end) else None
    if _ONCE.search(text[max(0, group.start - 24) : group.start]) and _NOW.match(text, end):
        return None
    if _CHANGED.match(text, group.end) and _QUOTED_OR_FROM.search(in_front(text, group.start)):
        return None
    evened = suffix is not None and _is_before(suffix) and _EVENED.search(before)
    if frame.setting is Setting.PROSE and not evened and _POLICY.search(text[max(0, group.start - 24) : group.start]):
        return None
    if (
        frame.setting is Setting.PROSE
        and not group.is_range
        and (GONE.match(last.written) or (suffix is None and "内" not in last.written and _is_past(last, frame)))
    ):
        return None
    if frame.setting is not Setting.PROSE:
        return _shown_by_place(text, group, suffix, before)
    if _ONCE_DONE.search(before):
        return None
    if (
        (last.unit == "bday" and not _is_due_on(text, group, suffix))
        or (_FROM.search(before) and not suffix)
        or before.endswith(("截至", "自", "从"))
    ):
        return None
    if UNMET.match(text, end) or (not suffix and _FINISHED_THING.match(text, end)):
        return None
    if _DONE.match(text, end) and (not suffix or _ALREADY.match(text, end)):
        return None
    if suffix:
        return _with_suffix(group, suffix, frame)
    shown = _without_suffix(text, group, before)
    planned = step(text, group) if frame.plan else None
    if shown is None and planned is None and frame.plan and is_day_of(text, group):
        return group.end, PERHAPS
    return planned if planned and (shown is None or shown[1] == PERHAPS) else shown


def _is_principle(text: str, group: Group) -> bool:
    """Tell whether a day stands in quotes that say how the year is always kept: “年初建账、年底交账”的原则."""
    last = group.last
    opened = _OPENS_QUOTE.search(text[max(0, group.start - 25) : group.start])
    closed = _PRINCIPLE.match(text, group.end)
    said = opened["said"] + "," + closed["said"] if opened and closed else ""
    return last.unit in ("yend", "half", "quarter") and not last.has_year and bool(_ALL_YEAR.search(said))


_ON = re.compile(r"(?:[于在请须应]|务必|最迟|不迟于|不晚于|截止到?|限)$")
_GIVES = ("将", "把", "报", "送", "反馈", "提交")
_HANDED_IN = re.compile(r"[^,。;]{0,24}?(?:报|送|交|反馈|完成|办结|到位|回复|答复)")


def _is_due_on(text: str, group: Group, suffix: re.Match[str] | None) -> bool:
    """Tell whether a day without its month is one by which something is handed in, or by a time of it done:
    于12日前将情况报…, 12日20:00前撤离.
    """
    if suffix is None or not _is_before(suffix):
        return False
    if suffix["time"]:
        return True
    led = _ON.search(in_front(text, group.start)) or text.startswith(_GIVES, suffix.end())
    return bool(led) and _HANDED_IN.match(text, suffix.end()) is not None


_WITH_TIME = ("day", "week", "word", "bday", "part", "rmonth")
"""What a time of the day may stand after."""


def _shown_by_place(
    text: str, group: Group, suffix: re.Match[str] | None, before: str
) -> tuple[int, str | None] | None:
    if suffix:
        return suffix.end(), includes(group.last, suffix) or _noted(text, suffix.end())
    if before.endswith(("自", "从")):
        return None
    if group.last.unit == "year" and not group.is_range:
        if _OF_YEAR.match(text, group.end):
            return None
        if _OF_SOMETHING.match(text, group.end):
            return group.end, "年份后面还有话，请核对"
    vague = _VAGUE.search(before) or text.startswith(("左右", "前后"), group.end)
    return group.end, ABOUT if vague else _noted(text, group.end)


_NOTED = re.compile(
    r"\s{0,4}(?:完成)?[(（,，]?\s{0,4}(?:已|现已|业已)(?:经)?(?:全部|基本)?(?:完成|办结|整改|销号|落实|到位|办理|报送|验收|清零|解决)"
)


def _noted(text: str, end: int) -> str | None:
    """Say of 2023年12月底前（已完成） that the cell itself tells that it is done."""
    return "旁边注明已经完成，请核对" if _NOTED.match(text, end) else None


def _is_before(suffix: re.Match[str]) -> bool:
    """Tell whether 前 stands after a point, and not 内 or 止."""
    return "前" in suffix["word"]


def includes(last: Point, suffix: re.Match[str]) -> str | None:
    """Say why 6月前 is not sure: the month named is included, and some would not read it so."""
    if not _is_before(suffix) or last.unit not in _INCLUDED or last.written.endswith(("底", "末")):
        return None
    return f"“{last.written}{suffix['word']}”是否含当{_INCLUDED[last.unit]}不明，按含计算"


def _is_past(last: Point, frame: Frame) -> bool:
    """Tell whether a bare year is gone in the document's: 2025年卫片执法发现的图斑."""
    return last.unit == "year" and last.year is not None and last.year < (frame.year_meant or last.year)


def _with_suffix(group: Group, suffix: re.Match[str], frame: Frame) -> tuple[int, str | None] | None:
    last = group.last
    if _is_past(last, frame) and _is_before(suffix):
        return None
    return suffix.end(), includes(last, suffix)


_BEGUN = re.compile(r"(?:(?:必)?须|要|应|务必|力争|争取|确保)|[^,。;]{0,12}?(?:开工|动工|启动|开建)")

_GOES_ON = re.compile(
    r"(?:再|计划|至少|全部|全面)?(?:更新|新增|新建|改造|改建|扩建|培育|培训|建设|打造|整治|治理|开展|组织|实施|推进|引进|争取|力争|修复|种植|创建)"
)
_VAGUE_UNITS = ("month", "part", "quarter", "half", "yend")
_GOES_ON_IN_WORDS = re.compile(r"[\u4e00-\u9fff]{2}")
_ENDS = re.compile(r"\s{0,4}(?:[,。;)\n]|$)")
"""After 入户核查：4月6日-15日 nothing more is said."""
_OF_YEARS = re.compile(r"[\d一二三四五六七八九十两几近]$")
"""年内新建 is by the end of this year, 三年内新建 within three."""

_CLOSES_ALL = re.compile(r"(?:上午|下午)?(?:[。;\n]|$)")
_IS_SAID = re.compile(r"(?:^|[。;\n])[^。;:\n]{4,40},$")
"""组织安全大检查，4月30日。"""
_SURELY = re.compile(r"[^,。;]{0,10}?(?:必须|务必|确保|一定要)[^,。;]{2}")
"""9月1日秋季学期必须如期开学"""
_MUST = re.compile(r"之?内?(?:必须|务必|一定要)")

ABOUT = "只是大约的日子，请核对"
PERHAPS = "没有写“前”，请核对是否期限"


def _is_plain(text: str, group: Group, before: str) -> bool:
    """Tell whether a day closes a sentence that says what is done, or something must be on it."""
    said = text[max(0, group.start - 40) : group.start] if before.endswith(",") else ""
    closes = bool(said) and _CLOSES_ALL.match(text, group.end) and _IS_SAID.search(said)
    return bool(closes) or _SURELY.match(text, group.end) is not None


_OPENS_LINE = re.compile(r"(?:^|\n)[。\s]{0,12}$")
_SAYS_WHAT = re.compile(r"(?:[上下]午|晚上?)?(?:\([^()]{1,8}\))?[ :][^,。;\n(]{2,40}(?=[,。;\n(]|$)")
"""A line of a schedule: 4月25日 预检."""

_NAMES_A_REPORT = re.compile(
    rf"的?(?:(?!{FINISHING}|{HOLDING}|做|收集|编|填|更新|推进|启动|力争|争取|确保|把|将|为|是|送)[\u4e00-\u9fff“”\"]){{1,8}}?(?:材料|资料|报表|数据|报告|总结|成绩)|的?(?:工资|薪酬|津贴|奖金|[水电]费|租金|社保|个税|账[单目]|考勤)|的?(?:报表|数据|统计|成绩|指标|税收|台账|重点工作|(?:项目|任务|问题|隐患)?清单|(?:绩效|目标|综合)*(?:考核|考评)(?=结果|后|排名|情况)|绩效考[核评]|(?:工作|任务)?(?:完成|进展|开展|落实|推进|办理|整改)情况|(?:重点)?工作(?:完成|进展|开展|落实)?(?:情况|总结|要点|计划|打算|简报|台账))"
)
"""一季度报表 says of when the report is, and not by when."""


_SAYS_WHEN = re.compile(r"(?:时间|时段|阶段)[::][^。;\n]{0,60}\($")
"""时间：麦收前（5月30日—6月4日）、秋收前（9月20日—30日）。"""
_OF_ITS_OBJECT = re.compile(r"(?:调度|研判|审议|审核|审查|公布|公示|通报|汇总|统计|上报|报送|填报|评选|分析|核对)$")
"""审议三季度学籍材料, 通报10月考勤: the period is that of what is looked at, and not by when."""


def _without_suffix(text: str, group: Group, before: str) -> tuple[int, str | None] | None:
    last, end = group.last, group.end
    if last.written in ("全年", "半年"):
        return (end, OF_ALL_YEAR) if is_of_all_year(text, group) else None
    if last.unit in ("quarter", "month", "half", "yend", "rmonth", "rquarter") and _NAMES_A_REPORT.match(text, end):
        return None
    if last.unit in ("quarter", "month", "half", "year") and _OF_ITS_OBJECT.search(in_front(text, group.start)):
        return None
    ranged = group.is_range or re.search("[-至到]", last.written)
    if ranged and text.startswith(")", end) and _SAYS_WHEN.search(text[max(0, group.start - 70) : group.start]):
        return end, None
    if _HEADS.search(text[max(0, group.start - 40) : group.start]) and _CLOSES.match(text, end):
        return end, None
    if ranged and (_STAGE.search(text[max(0, group.start - NEAR) : group.start]) or _IS_STAGE.match(text, end)):
        return end, None
    if ranged and text.startswith(")", end) and _PART_OF.search(text[max(0, group.start - 24) : group.start]):
        return end, PERHAPS
    finishes = _FINISHES.match(text, end) is not None
    led = _TO.search(before) is not None
    if not led and before.endswith(":") and last.unit in ("day", "part", "month") and _ENDS.match(text, end):
        return end, None if ranged else PERHAPS
    if "内" in last.written and (finishes or _BEGUN.match(text, end)):
        return end, None
    if last.written == "年内" and not _OF_YEARS.search(before) and _GOES_ON.match(text, end):
        return end, PERHAPS
    if last.unit == "year":
        return _bare_year(text, group, led, finishes, before)
    if led and not before.endswith(("力争", "争取", "确保", "务必")):
        return end, None
    if finishes and (led or _FINISHES_SOON.match(text, end) or _AT.search(before)):
        return end, None
    if led and last.unit in _VAGUE_UNITS and _GOES_ON_IN_WORDS.match(text, end):
        return end, PERHAPS
    held = finishes or _HOLDS.match(text, end + int(bool(ranged) and text.startswith(",", end))) is not None
    if (
        last.unit in ("day", "week")
        and _OPENS_LINE.search(text[max(0, group.start - NEAR) : group.start])
        and _SAYS_WHAT.match(text, end)
    ):
        return end, PERHAPS
    if ranged or len(group.points) > 1:
        return (end, PERHAPS) if held or is_clause(text, group) else None
    if last.unit == "day" and _is_plain(text, group, before):
        return end, PERHAPS
    if last.unit in _VAGUE_UNITS and _MUST.match(text, end):
        return end, None
    if last.unit == "yend" and finishes and last.written.endswith(("底", "末")):
        return end, None
    if held and last.unit in ("day", "part") and text.startswith("前后", end):
        return end + 2, ABOUT
    vague = last.unit in _VAGUE_UNITS or last.written in ("月底", "月末")
    if (held and (vague or is_done_by(text, group, before))) or is_clause(text, group):
        return end, PERHAPS
    return None


GONE = re.compile(r"上个?(?:月|周|星期|礼拜|季)|昨")
"""上月的报表, 上周五: in a sentence, what is past is no deadline."""

_OWN_YEAR = ("当年", "当年度", "该年", "该年度", "上年", "上年度", "去年", "前年")
"""A year of whoever is spoken of: 当年度支出 is no deadline."""


_OTHER_DAY = re.compile(r"[^,。;]{0,24}?(?:\d{1,2}月|每(?!个|名|人|户|家|项))")
"""2026年申报延长至4月15日, 2026年每季度…: the year is only that of what follows."""


_MADE_FOR_A_YEAR = re.compile(r"(?:制定|制订|编制|启动|谋划|申报|储备)(?:并|和)?[\u4e00-\u9fff]{0,8}$")
_PLAN_OF_YEAR = re.compile(r"[\u4e00-\u9fff]{0,8}?(?:计划|要点|方案|名单|清单|项目|课题|资金|经费)")
"""启动2026年农村公厕建设, 制定班子2026年度学习计划: of what year it is, and not by when."""


def _bare_year(text: str, group: Group, led: bool, finishes: bool, before: str) -> tuple[int, str | None] | None:
    if not led and _OTHER_DAY.match(text, group.end):
        return None
    if is_share(text, group):
        return group.end, OF_A_SHARE
    if not led and (
        _MADE_FOR_A_YEAR.search(text[max(0, group.start - 12) : group.start])
        or (group.last.written.endswith("年度") and _PLAN_OF_YEAR.match(text, group.end))
    ):
        return None
    if _OF_YEAR.match(text, group.end) or _PAPER_OF_YEAR.match(text, group.end) or group.last.written in _OWN_YEAR:
        return None
    if led and before.endswith(("到", "至")):
        return group.end, None
    return (group.end, "只写了年份，请核对是否期限") if led or finishes else None
