"""What a document says of itself: its title and its day of issue."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from jobs.reading.blocks import Block, Grid, Paragraph
from jobs.reading.deadlines.resolve import make, number
from jobs.reading.likely import is_person, looks_like_unit

_NO_TITLE = re.compile(
    r"^(?:附件|附表|附|表)\s*[\d一二三四五六七八九十]*\s*[:：]?$|^[（(][^）)]{0,12}(?:印发|通过)|^.{0,24}[〔﹝\[（(](?:19|20)\d\d[〕﹞\]）)]\s*\d+\s*号$|文件$|^索引号|"
    r"^(?:填报|制表|填表|编制|报送)(?:单位|日期|时间|人)|^(?:计量)?单位[:：]|^(?:密级|紧急程度|签发人)|^[—－\-_=*·~─━ ]{3,}$"
)
"""Lines above a document's title, or beside it, that are no part of it."""
_ANNEX = re.compile(r"^附件?\s*\d*\s*[:：]\s*(?=\S)")
_NUMBER_FIRST = re.compile(r"^[\u4e00-\u9fff]{2,12}[〔﹝\[](?:19|20)\d\d[〕﹞\]]\s*\d+\s*号\s*(?=\S{6})")
_PAGE = re.compile(
    r"首页|导航|当前位置|您?(?:现在|所在|当前)?的?位置[:：]|索引号|来源[:：]|浏览|点击|字号|打印|分享|收藏|登录|注册|无障碍|法规库|信息公开目录|发布(?:日期|时间|机构)|成文(?:日期|时间)|发文|主题分类|"
    r"有效性|文号[:：]|责任编辑|阅读|繁体|\s>\s|^[>〉]|\d{4}-\d\d-\d\d|^(?:政策|文件|通知公告|公示公告|政务公开|政府文件|规范性文件|政策文件|正文|全文|标题|相关推荐|大|中|小|[\[\]]|\d+页|下载文档|热门搜索[:：]?|今天是[:：]?)$|^[∙·•]?\s*【[\u4e00-\u9fff ]{2,8}】"
)
"""What a web page or a form puts around a document."""
_STAMPED = re.compile(
    r"(?=[^。；;]{0,160}$)(?=.*(?:[来來]源|(?:浏览|瀏覽)(?:次数|次數|量)?|点击(?:数|量)?|阅读(?:次数|量)?|作者|编辑|字[号体]|(?:发布|更新|發布)(?:时间|日期|時間)|索引号)\s*[:：]).*?(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2})"
    r"|^[\u4e00-\u9fff]{0,4}(?:时间|日期)\s*[:：]\s*\d{4}[-/]\d{1,2}[-/]\d{1,2}\s*\d{1,2}:\d\d:\d\d"
)
"""A line in which a web page says when it was put up, and by whom: 来源：…　时间：2026-04-02 09:30:11　浏览：12."""


def is_stamp(text: str) -> bool:
    """Tell whether a line is nothing but what a web page says of itself."""
    return _STAMPED.match(text) is not None


_ENDS_TITLE = re.compile(r"[。；：:！？，,]$")
_IS_TITLE = re.compile(
    r"(?:通知|方案|清单|分工|意见|分解表|计划|要点|办法|措施|细则|安排|一览表|责任表|任务表|通报|公告|决定|规划|汇总表|台账|台帐|名单|表|纪要|预案|行动|制度|批复|函|若干规定|(?:通知|督办|交办|提示|任务|告知|派工|联系|工作)单|批示|安排|重点工作|重点任务|实事|一览|册|函|提示|令|记录|提醒|承诺书?|任务书|责任书|日程|月历|日历|事项|任务|备忘录?|公约|通告|指令)"
    r"(?:[（(][^（）()]{1,24}[）)])?$"
)
"""How a title ends, with a note in brackets."""
_UNFINISHED = re.compile(r"^(?:[^，。]{0,30})?关于")
_QUOTED = re.compile(
    r"(?:现将|印发)《([^》]{4,60})》|^《([^》]{4,60})》(?=(?:已|业|经)[^。；;]{0,40}(?:同意|通过|审定|批准))"
)
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d{1,3}[.．、]|[A-Z]\d{0,3}(?:[.．、]|\s))"
)
_LABEL = re.compile(r"^[\u4e00-\u9fff]{2,8}[:：]\s*\S")
_OF_MONTH = re.compile(r"^(?:\d{4}年)?(?:\d{1,2}月|第?[一二三四1-4]季度|[上下]半年)[^：:]{0,12}[：:]")
"""3月：制定计划 is a line of a schedule."""
_TITLE_LINES = 4
_LOOKED_AT = 40
"""So many blocks from the top are looked at for a title."""


_KEYS_OF_PAGE = re.compile(
    r"^(?:文件类型|文种|效力状态|有效性|主题分类|主题词|公开方式|公开形式|体裁分类|组配分类|发文(?:单位|机关|字号|日期)|发布(?:机构|日期)|索引号)$"
)
_LONGEST_VALUE = 24


def title(found: list[Block]) -> str:
    """Return the title: the last line before the text that ends as titles do, with the lines that it began on; else the
    lines before the first sentence, heading or table; else the document that the first sentence puts out.
    """
    lines = list(_above(found))
    told = next((at for at in reversed(range(len(lines))) if _IS_TITLE.search(lines[at])), None)
    if told is None:
        plain = lines[:_TITLE_LINES]
        return "".join(plain) or _quoted(found)
    begin = told
    while begin and told - begin < _TITLE_LINES - 1 and _goes_on(lines[begin - 1], lines[begin]):
        begin -= 1
    end = told + 1
    while end < len(lines) and re.match(r"^[（(][^（）()]{1,24}[）)]$", lines[end]):
        end += 1
    return "".join(lines[begin:end])


def is_title(text: str, named: str) -> bool:
    """Tell whether a paragraph is the title ``named``, or a line of it that ends as titles do: it is no duty."""
    bare = _ANNEX.sub("", text).strip("《》")
    return (
        bool(bare)
        and "，" not in bare
        and bare in named
        and (bare == named or len(bare) > 4)
        and bool(_IS_TITLE.search(bare))
    )


def _goes_on(before: str, line: str) -> bool:
    """Tell whether a title began on the line before: with its office, or with a part that is no title by itself."""
    if _IS_TITLE.search(before):
        return False
    return looks_like_unit(before) or (
        (not line.startswith("关于") and bool(_UNFINISHED.match(before))) or len(line) < 8
    )


def _above(found: list[Block]) -> Iterator[str]:
    """Yield the lines that may be of the title: those before the first sentence, numbered heading or table."""
    told, lines, key = False, 0, ""
    above: list[str] = []
    for block in found[:_LOOKED_AT]:
        if isinstance(block, Grid) or (told and not block.heading):
            return
        text = block.text
        key, before = text, key
        if _KEYS_OF_PAGE.match(before) and len(text) <= _LONGEST_VALUE:
            continue  # 文件类型⏎通知: what a page says of a paper
        told = told or block.heading
        if (_NO_TITLE.search(text) and len(text) <= 60) or (_PAGE.search(text) and not _IS_TITLE.search(text)):
            continue
        text = _NUMBER_FIRST.sub("", _ANNEX.sub("", text))
        text = text[1:-1] if text.startswith("《") and text.endswith("》") and "》" not in text[1:-1] else text
        if _LABEL.match(text):
            if told or lines:
                return
            continue
        lines += 1
        if lines > 1 and looks_like_unit(text) and any(_IS_TITLE.search(line) for line in above):
            return  # whose tasks follow
        above.append(text)
        if (
            len(text) > 60
            or _OF_MONTH.match(text)
            or _ENDS_TITLE.search(text)
            or _NUMBERED.match(text)
            or is_signature(text)
        ):
            return
        yield text


def _quoted(found: list[Block]) -> str:
    for block in found[:_LOOKED_AT]:
        match = _QUOTED.search(block.text) if isinstance(block, Paragraph) else None
        if match:
            return match[1] or match[2]
    return ""


# ---------------------------------------------------------------- day of issue

_NUMERAL = r"[\d０-９零〇○Ｏ一二三四五六七八九十]"
_DAY = rf"(?P<year>{_NUMERAL}{{4}})\s*年\s*(?P<month>{_NUMERAL}{{1,2}})\s*月\s*(?P<day>{_NUMERAL}{{1,3}})\s*日"
_ISO = r"(?P<iyear>(?:19|20)\d\d)[-/.](?P<imonth>\d{1,2})[-/.](?P<iday>\d{1,2})"
_ISO_ALONE = re.compile(rf"^{_ISO}$")
_ALONE = re.compile(rf"^[（(]?\s*{_DAY}\s*(?:印发)?\s*[）)]?$")
_SIGNED = re.compile(rf"^[（(]?(?P<who>[\u4e00-\u9fff×Xx（）()、\s]{{4,40}}?)[，,\s]*{_DAY}\s*(?:印发|制发|制)?[）)]?$")
_SIGNED_AFTER = re.compile(
    rf"^[（(]\s*{_DAY}[，,\s]*(?P<who>[\u4e00-\u9fff（）()、\s]{{3,40}}?)(?:印发|制发|制)?[）)]$"
)
_SURENESS = ("成文", "印发", "签发", "制发", "发文", "交办", "下达", "生成", "公布", "发布", "公开", "更新")
"""Labels of a day, the one that means the document's own day first."""
_FILLED_IN = ("填报", "填表", "制表", "编制")
"""Labels of the day on which somebody filled a sheet in."""
_LABEL_OF_DAY = rf"(?P<label>{'|'.join(_SURENESS)})(?:日期|时间)"
_LABELLED = re.compile(rf"{_LABEL_OF_DAY}?(?:\s*[:：]|】\s*[:：]?)\s*(?:{_DAY}|{_ISO})")
_ONLY_LABELLED = re.compile(
    rf"^(?:[\u4e00-\u9fff]{{2,8}}[:：][^：:，,。；;]{{1,24}}\s+)?(?:{'|'.join((*_SURENESS, *_FILLED_IN))})(?:日期|时间)\s*[:：]\s*(?:{_DAY}|{_ISO})(?:\s+\S+)*$"
)
"""A line that says when a paper was put out or filled in, perhaps after who did it: 填报单位：某局　填报日期：2026年4月2日."""
_OF_FORM = re.compile(rf"^{_LABEL_OF_DAY}$")


def issued(found: list[Block]) -> date | None:
    """Return the day of issue: the last line that is nothing but a date, or an office and a date; else what the page
    or the head says of it.
    """
    texts = [block.text for block in found if isinstance(block, Paragraph) and len(block.text) <= 400]
    for text in reversed(texts):
        day = _day_alone(text) or _day_signed(text)
        if day is not None:
            return day
    labelled = [
        (_SURENESS.index(match["label"]), day)
        for text in texts
        for match in _LABELLED.finditer(text)
        if (day := _day(match))
    ]
    labelled += list(_filled_in(found))
    return min(labelled, key=lambda one: one[0])[1] if labelled else None


_MINUTES = re.compile(
    r"纪要|记录|议定|会议上?(?:明确|决定|要求|强调|指出|认为|同意)|主持召开|例会|碰头会|调度会|工作群"
)
_CALLS = re.compile(r"(?<!工作群)(?:通知|通告|公告|邀请函?|预备通知|预告)(?:[（(][^（）()]{1,24}[）)])?$")
"""A notice of a meeting to come: what it asks for is due before, and not counted from then."""
_HELD = re.compile(
    rf"^(?:(?:会议|开会|召开|调度)?(?:时间|日期)\s*[:：]|(?=[^。]{{0,90}}(?:召开|主持|听取|召集)))\s*{_DAY}"
)
"""时间：2026年4月13日 at the head of minutes, or 2026年4月13日，…主持召开…"""


def held(found: list[Block]) -> date | None:
    """Return the day of the meeting whose minutes a document is: 明天 and 本周五 in it count from that day."""
    lines = [block.text for block in found[:_LOOKED_AT] if isinstance(block, Paragraph)]
    above = lines[:_TITLE_LINES]
    if not any(map(_MINUTES.search, above)) or any(map(_CALLS.search, above)):
        return None
    days = (match for line in lines if (match := _HELD.search(line)))
    return next(filter(None, map(_day, days)), None)


def _filled_in(found: list[Block]) -> Iterator[tuple[int, date]]:
    """Yield the days that forms say of themselves: 交办日期, and the day in the cell to its right."""
    for row in (row for block in found if isinstance(block, Grid) for row in block.rows[:_LOOKED_AT]):
        for label, cell in pairwise(row.filled.values()):
            match, day = _OF_FORM.match(label), _ALONE.match(cell) or _ISO_ALONE.match(cell)
            if match and day and (when := _day(day)):
                yield _SURENESS.index(match["label"]), when


def is_signature(text: str) -> bool:
    """Tell whether a line says whose a document is and of which day: （某市安委办 2026年3月2日）."""
    if _day_alone(text) or _day_signed(text):
        return True
    return len(text) <= 120 and _ONLY_LABELLED.match(text) is not None


_SIGNED_OFF = re.compile(r"(?<=[。；;！!])\s*(?P<sign>[^。；;！!，,\n]{4,44}日\s*[）)]?)$")


def signed_off(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Yield a paragraph, and whose it is and of which day apart where a message ends with that: …零报告。（镇应急办 2026年1月17日）"""
    match = _SIGNED_OFF.search(paragraph.text)
    if match and is_signature(match["sign"]):
        yield replace(paragraph, text=paragraph.text[: match.start()])
        yield replace(paragraph, text=match["sign"])
    else:
        yield paragraph


def unsigned(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Return paragraphs without those that say whose the document is and of which day, in one line or in two."""
    listed = list(paragraphs)
    signs = [is_signature(one.text) for one in listed]
    for at in range(1, len(listed)):
        if signs[at] and _day_alone(listed[at].text) is not None and _is_office(listed[at - 1].text):
            signs[at - 1] = True
    return [one for one, is_sign in zip(listed, signs, strict=True) if not is_sign]


def _is_office(text: str) -> bool:
    name = re.sub(r"\s", "", text)
    return len(name) <= 30 and looks_like_unit(name)


def _day_alone(text: str) -> date | None:
    match = _ALONE.match(text)
    return _day(match) if match else None


def _day_signed(text: str) -> date | None:
    match = _SIGNED.match(text) or _SIGNED_AFTER.match(text)
    if not match:
        return None
    office, _blank, person = match["who"].strip().rpartition(" ")
    by_hand = bool(office) and is_person(person) and looks_like_unit(office.strip())  # （教育局招办 老施 …）
    return _day(match) if by_hand or looks_like_unit(re.sub(r"\s", "", match["who"])) else None


_SAME_DIGITS = str.maketrans("０１２３４５６７８９〇○Ｏ", "0123456789零零零")


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    written = [parts.get(name) or parts.get(f"i{name}") for name in ("year", "month", "day")]
    year, month, day = (_number((one or "").translate(_SAME_DIGITS)) for one in written)
    return make(year, month, day)


def _number(text: str) -> int:
    """Read digits, numerals, or both mixed as in 二00九."""
    if not text.isdecimal() and re.search(r"\d", text):
        text = "".join(char if char.isdecimal() else str(number(char)) for char in text)
    return number(text)
