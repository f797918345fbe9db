"""What falls due: the words beside a day that say what is to be there by then."""

import re

from jobs.reading.brackets import Bracket
from jobs.reading.deadlines import Deadline

_STOPS = "，,。；;！!？?"


_ONLY_DONE = re.compile(
    r"(?:前|之前)?(?:并(?:长期|持续)(?:坚持|推进|开展|实施|深化|巩固|抓好)|各(?:开展|组织|进行)?[一二两]次)?(?:全部|全面|基本)?(?:完成|办结|报送|到位|落实|见效|整改完成|整改到位)?"
)


_CLOCK = re.compile(r"^\d{1,2}[:：]\d\d(?:[:：]\d\d)?\s*(?:之?前)?")


def within(text: str, one: Deadline) -> str:
    """Return what a bracket or label says beside its deadline: 完成时限：9月底前动态清零."""
    after = re.split(r"[，,。；;！!？?、）)〕】\]\n]", text[one.end :])[0].strip()
    after = _CLOCK.sub("", after)
    return "" if _ONLY_DONE.fullmatch(after) else after[:80]


def closed_by(hidden: str, mark: Bracket) -> str:
    """Return what one of several brackets closes: …；开展督查（市督查办，3月底前）."""
    return _OPENS.sub("", re.split(rf"[{_STOPS}]", hidden[: mark.start].rstrip(_STOPS))[-1]).strip()[:80]


_STAGE_NAME = re.compile(
    r"(?:^|[。\n])(?:[（(]?[一二三四五六七八九十\d]+[）)、.．]\s*)?(?P<name>[^，,。；;：:（()）\n]{2,30})[（(](?:时间)?[:：]?(?:即日起|从[^（()）]{1,8}起|[^（()）]{0,8})[至到—-]*$"
)


def deliverable(text: str, one: Deadline) -> str:
    """Return what falls due: the clause after the deadline, or the one before it where nothing follows; of a stage its
    name.
    """
    stage = _STAGE_NAME.search(text[: one.start]) if text[one.end : one.end + 1] in ("）", ")") else None
    if stage:
        return stage["name"]
    rest = _BRACKET.sub("", text[one.end :].removeprefix("前"))
    goes_on = _NEXT_DAY.match(rest)
    rest = rest.lstrip("，, 、：:")
    another = _ANOTHERS.search(rest)
    end = next((at for at, char in enumerate(rest) if char in _STOPS), len(rest))
    end = min(end, another.start()) if another else end
    after = "" if goes_on else _HALF_OPEN.sub("", rest[:end]).lstrip("）)】 ").strip()
    if len(after) >= 4 or (len(after) >= 2 and not _ONLY_DONE.fullmatch(after)):
        return after[:80]
    parts = re.split(rf"[{_STOPS}]", text[: one.start].rstrip("，,请于在到至（( "))
    parts = parts[:-1] if len(parts) > 1 and _AT_THE_LATEST.fullmatch(parts[-1].strip()) else parts
    before = _OPENS.sub("", parts[-1].strip())
    return (after if after and _HEDGE.search(before) else before or after)[:80]


_ANOTHERS = re.compile(r"、(?=[省市县区州旗镇乡各][^、，,。；;]{1,14}?(?:\d{1,2}月|每[月季周年]))")
"""完成排查、乙6月15日前…: what follows the stroke is another's."""
_NEXT_DAY = re.compile(r"、[^，,。；;！!？?、]{1,16}?(?:于|在)?\d{1,2}月")
"""方案请于10月18日前、报告请于12月5日前报送: what follows the stroke is the next day's."""
_OPENS = re.compile(
    r"^(?:[（(][一二三四五六七八九十]{1,3}[）)]\s*)?(?:[\u4e00-\u9fff]{2,12}[:：]\s*)?(?:\d{1,3}[.、．](?!\d)|[①-⑳]|[（(][一二三四五六七八九十\d]{1,2}[）)]|[一二三四五六七八九十]{1,2}[、是])?\s*"
)
"""What stands before the words of a duty: its label, its number."""
_BRACKET = re.compile(r"^[（(][^（）()]*[）)]")
_HALF_OPEN = re.compile(r"[（(](?:[^（）()]*$|[^（）()]*(?:联系|电话|邮箱|传真)[^（）()]*[）)])")
_AT_THE_LATEST = re.compile(
    r"(?:但|且)?(?:最迟|最晚|至迟)(?:应|须|要)?(?:不(?:得|能|应)?(?:超过|晚于|迟于))?[于在到至]?"
)
"""抓紧改造，最迟不超过5月底: what is to be done stands before."""
_HEDGE = re.compile(r"(?:力争|争取|确保|务必|计划|预计|拟|原则上)[于在]?$|^[并且]?$")
