"""A sentence about a problem, purely: what was found in it, and the measure that a unit says it takes."""

import re
from collections.abc import Iterable, Sequence

from jobs.reading.cells import Look, look

_CLAUSE = re.compile(r"[，,；;。！!\n]+")
_DATED = re.compile(
    r"整改(?:责任)?(?:单位|部门|期限|时限|时间|到位|完毕|完成|销号|落实)?|责任(?:单位|部门)|牵头|配合|负责|责成|完成|落实|限期|限|期限|时限|办结|务必|尽快|立即|立行立改|即知即改|责令|核实|处理|处置|"
    r"[让叫由请于在为前后内\s：:、和及与]|之前|以前"
)
"""What stands beside the unit and the day in the clauses that say who sets a problem right by when."""


def parted(text: str, named: Iterable[str], known: Iterable[str] = ()) -> tuple[str, str]:
    """Return what was found, and the clauses that only say who sets it right by when: those at the end of a sentence, and anywhere
    those of units that are ``known``.

    ``named`` are the units and the days as somebody read them in it; what reads like a unit at its beginning (围堰开裂两处) may be
    what was found. A sentence that says nothing else is what was found as a whole.
    """
    spans, sure = _longest_first(named), _longest_first(known)
    clauses = [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]
    at = len(clauses)
    while at > 1 and only_says_who_and_when(clauses[at - 1], spans):
        at -= 1
    found = [clause for clause in clauses[:at] if not only_says_who_and_when(clause, sure)]
    if not found:
        return "，".join(clauses), ""
    beside = [clause for clause in clauses[:at] if clause not in found]
    return "，".join(found), "，".join([*beside, *clauses[at:]])


_ITEM = re.compile(r"(?<=\S)[ \t\u3000]+(?=\d{1,2}[.．、](?!\d))")
_BLANK = re.compile(r"(?<=[^\s:：])[ \t\u3000]+(?=\S)")
_NUMBER = re.compile(r"^(\d{1,2}[.．、])[ \t\u3000]*")


def clauses_told(words: str) -> str:
    """Return what somebody wrote with each numbered problem on a line, and with commas where only blanks part the clauses: 食堂地滑
    教育局 月底前.
    """
    numbered = _NUMBER.match(words.strip())
    lines = (_ITEM.sub("\n", words.strip()) if numbered is not None else words).splitlines()
    return "\n".join(
        line if _CLAUSE.search(line.strip(" 。；;！!")) else _BLANK.sub("，", _NUMBER.sub(r"\1", line))
        for line in lines
    )


def numbered(told: str) -> list[str]:
    """Return the items, without their numbers, of what is nothing but a numbered list of two or more; of all else none."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    return [_NUMBER.sub("", line) for line in lines] if len(lines) > 1 and all(map(_NUMBER.match, lines)) else []


_MARK = re.compile(
    r"(?:^|(?<=[：:；;。，,！!\s）)]))(?:(?P<plain>\d{1,2})[.．、](?!\d)|[（(](?P<aside>\d{1,2})[)）]"
    r"|(?P<ring>[①②③④⑤⑥⑦⑧⑨])|(?P<word>[一二三四五六七八九])是)\s*"
)
_STOPS = re.compile(r"[。；;！!\n]")
_ORDERS = re.compile(r"^(?:以上|上述|前述|这些|均|都|请|由|让|责令|责成|要求|限期?|务必)")
_HEADS_ONLY = re.compile(
    r"今天|昨天|今日|昨日|上午|下午|现场|实地|我们?|你们?|[经在对等了有的中时组次共还]|执法|安全|联合|检查|暗访|抽查|巡查|督查|发现|存在|查出|[以如]下|下列|几"
    r"|[一二两三四五六七八九十\d]+[个处项条]|主要|问题|隐患|情况|[：:，,\s]"
)


def in_a_line(text: str) -> list[str]:
    """Return the problems of a text that numbers several of them among other words, 1.锅炉房无人值守；2.配电箱未接地。请…整改: each behind
    what stands before the first, where that says of what they are, and with what is asked behind the last of all that are asked
    nothing else; none of any other text.
    """
    marks: list[re.Match[str]] = []
    for mark in _MARK.finditer(text):
        if _place(mark) == len(marks) + 1:
            marks.append(mark)
    if len(marks) < 2:
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    items = [text[mark.end() : end].strip(" ，,；;。！!\n\u3000") for mark, end in zip(marks, ends, strict=True)]
    items[-1], asked = _asked_of_all(items[-1], [_order_at(item) for item in items[:-1]])
    head = text[: marks[0].start()].strip(" ：:，,\n")
    before = f"{head}：" if _HEADS_ONLY.sub("", head) else ""
    return [f"{before}{item}{f'，{asked}' if asked and not _order_at(item) else ''}" for item in items if item]


def _place(mark: re.Match[str]) -> int:
    number = mark["plain"] or mark["aside"]
    if number:
        return int(number)
    return "①②③④⑤⑥⑦⑧⑨".index(mark["ring"]) + 1 if mark["ring"] else "一二三四五六七八九".index(mark["word"]) + 1


def _order_at(item: str) -> int:
    """Return where the clause of an item begins that says who is to do what; 0 where none does."""
    at = 0
    for clause in re.split(r"(?<=[，,])", item):
        if at and (_ORDERS.match(clause) or re.search("整改|前完成", clause)):
            return at
        at += len(clause)
    return 0


def _asked_of_all(last: str, orders: Sequence[int]) -> tuple[str, str]:
    """Return the last item without what is asked of all behind it: in a sentence of its own, or where no other item asks anything."""
    stop = _STOPS.search(last)
    if stop is not None and last[stop.end() :].strip():
        return last[: stop.start()], last[stop.end() :].strip(" ，,；;。\n")
    at = _order_at(last)
    return (last[:at].strip("，,"), last[at:]) if at and not any(orders) else (last, "")


def clauses_of_units(text: str) -> list[str]:
    """Return the clauses behind the first that are nothing but a unit's name: 安全阀超期未检，立即整改，市市场监管局."""
    clauses = [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]
    return [clause for clause in clauses[1:] if look(clause) is Look.UNITS]


def _longest_first(spans: Iterable[str]) -> list[str]:
    return sorted({one for one in spans if one}, key=len, reverse=True)


def only_says_who_and_when(clause: str, spans: Iterable[str]) -> bool:
    rest = clause
    for span in spans:
        rest = rest.replace(span, "")
    return rest != clause and not _DATED.sub("", rest)


_MEASURE = re.compile(
    r"^(?P<again>[〔\[]?[A-Za-z]{1,2}\d{0,2}-\d{1,4}[〕\]]?)?\s*(?:[把将]?(?:整改)?措施)?(?:修改|更改|更新|更正|改|换)(?:一下|下|个)?(?:整改)?(?:措施)?(?:为|成)?[：:]\s*(?P<anew>.+)$"
    r"|^(?:整改)?措施(?P<rest>[\s：:〔\[（(A-Za-z\d].*)$"
    r"|^(?P<code>[〔\[]?[A-Za-z]{1,2}\d{0,2}-\d{1,4}[〕\]]?)?\s*(?:的|我们?(?:[局厅委]|单位)?的?|本单位的?|拟?采取的?)*(?:整改)?措施"
    r"(?:是|为|如下)[：:，,\s]*(?P<told>(?![什啥多哪谁怎否没何]).*(?<![吗呢么?？]))$",
    re.DOTALL,
)
"""A measure is told by its word and what comes after a colon, a blank or a code: 措施：…, 措施 A-3 …; 我们的整改措施是…, A-3的措施是…"""


_ASKS = re.compile(r"(?:怎么|如何|咋)(?:写|填|报|定)|写什么|[?？]\s*$|[吗呢]\s*$")
"""What asks how a measure is to be written, and tells none."""


def measure(text: str) -> str | None:
    """Return what stands behind 措施, a code and all; None where a text tells no measure."""
    told = _MEASURE.match(text.strip())
    if told is None or _ASKS.search(text) or (told["anew"] and "措施" not in text[: told.start("anew")]):
        return None
    if told["anew"]:
        return f"{told['again'] or ''} {told['anew']}".strip(" ：:\n")
    rest = told["rest"] if told["rest"] is not None else f"{told['code'] or ''} {told['told']}"
    return rest.strip(" ：:\n")
