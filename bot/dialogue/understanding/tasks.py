"""Names of tasks as people write them: A-7, 〔A-7.2〕, #7, 第七项, 任务7, 7号, “7：已办结”, “办结 7”. Counts and days are none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.dialogue.understanding import quantities
from bot.dialogue.understanding.lexicon import Lexicon, Sense, Word
from bot.dialogue.understanding.said_next import (
    ENDS,
    MEASURE,
    TELLING,
    asks_for_time,
    came_to_its_end,
    state_at,
    tells_at,
    tells_of_a_task,
    tells_what_became,
    word_at,
)
from jobs.reading.deadlines.resolve import number

MARK = "\x00"
"""What stands in a text in place of a name."""


@dataclass(frozen=True, slots=True)
class Named:
    """Tasks that a text names at one place: ``start`` inclusive, ``end`` exclusive; ``or_a_day`` where the number may be a day of
    the month on which something was done: 7号办好了, 6.3完成.
    """

    start: int
    end: int
    tasks: tuple[str, ...]
    or_a_day: bool = False


_CODE = re.compile(r"(?<![A-Za-z\d])[〔\[【(]?\s*([A-Za-z]{1,2}\d{0,2}-\d{1,4}(?:\.\d{1,3})?)(?![\d-])\s*[〕\]】)]?")
_CLOSE_ALONE = r"(?:(?<=^)|(?<=[,。;、和\n ]))([A-Fa-f])(\d{1,3})"
_CLOSE = re.compile(_CLOSE_ALONE + r"(?= ?[已:,]|[都均]?(?:已|完成|办[结完])|[ 、,和]{1,2}[A-Fa-f]\d{1,3}[都均已完办])")
_CLOSE_TOLD = re.compile(_CLOSE_ALONE + "(?=弄[完好]|搞定|收到|还?没[完办弄动有]|延期)")
_N = r"(?:\d{1,4}(?:\.\d{1,3})?|[一二三四五六七八九十]{1,3})"
_NUMBERS = re.compile(rf"(?<![A-Za-z\d./-]){_N}(?:[、,和][\d.一二三四五六七八九十]{{1,6}})*(?![A-Za-z\d%/]|\.\d)")
_NEXT = re.compile(r"(?<=[^\s\d] )\d{1,3}(?= ?[^\s\d%,、.:/-])")
"""A number after a blank, in a message that has named a task before: 1和3都完了 2还没动."""
_IN_A_ROW = re.compile(r"(?<![A-Za-z\d./:-])(\d{1,2})(号)?(?![\d%./:-])")
"""A number that may be the next of a row that the message opens with: 1弄完了2还差一点3要延到7月5号."""
_FROM_TO = re.compile(r"(?:^第?|(?<=[,。;\n ])第?|第)(?P<first>\d{1,2})(?:-|—|~|到|至)第?(?P<last>\d{1,2})项")
"""Tasks from one to another: 1-3项都办完了. Of 5-7号 nobody knows whether they are days."""
_UP_TO = re.compile(r"\s?[-~到至]\s?")
"""What stands between two codes of a row: A-1~A-3已完成."""
_LONGEST_ROW = 20
_OPENS = re.compile(r"^(?:(?:收到|好的)[,。!\s]*)?")
_PARTED = frozenset(" ,;。\n")
_NEXT_OF_A_ROW = re.compile(r"(?:^|(?<=[\s,;。]))(\d{1,3})号(?:[、和]\d{1,3}号)*")
"""What would be a day by itself, in a message that calls a task in the same way: 1号办完了 2号延到8月 3号还差两家."""
_DOTS = frozenset(".、")
_NEXT_WITH_A_DOT = re.compile(r"(?<=[\s;,。])(\d{1,2})(?=[.、][^\d\s])")
"""The next of a list whose numbers have dots: 2.已完成 3.进行中."""
_AND_ANOTHER = re.compile(r"[、,和]第[\d一二三四五六七八九十]+[项条号]")
_ALTOGETHER = re.compile("这?[两三四五几]项")
_PARTS = re.compile(r"[、,和]")
_LABEL = re.compile(r"(?:任务|序号|编号|项目|事项|#)\s*$")
_MORE_NUMBERS = re.compile(r"(?:[、,和及与跟]?\d{1,3}号)+")
_THING = re.compile(
    r"(?:任务|工作|事项|问题|督办件|交办件|那个|这个|那项|这项|那件|的(?!时候)|[改转定设列][成为作]长期)"
)


_COMMANDS = frozenset({
    Sense.FINISH, Sense.RECEIVE, Sense.MOVE, Sense.SHOW, Sense.UNDO, Sense.RETURN, Sense.VERIFY, Sense.PERMIT, Sense.GO, Sense.NO,
    Sense.BEG, Sense.POLITE, Sense.HAND, Sense.PAST, Sense.DENY,
})  # fmt: skip
"""What may stand before the number at the head of a message: 办结 7, 申请延期 7."""


def find(text: str, words: Lexicon, known: frozenset[str] = frozenset()) -> tuple[Named, ...]:
    """Return where a text names tasks, in order; none over another. ``known`` are the numbers of the tasks that who speaks has."""
    text = quantities.PAPER_NUMBER.sub(lambda paper: "某" * len(paper[0]), text)
    found = list(_coded(text))
    found += [
        Named(match.start(), match.end(), (f"{match[1].upper()}-{match[2]}",))
        for form in (_CLOSE, _CLOSE_TOLD)
        for match in form.finditer(text)
    ]
    found += [one for match in _NUMBERS.finditer(text) for one in _numbered(text, match, words)]
    found += [one for match in _FROM_TO.finditer(text) for one in _from_to(match)]
    if found:
        found += [
            Named(*match.span(), (_plain(match[0]),))
            for match in _NEXT.finditer(text)
            if tells_at(text, match.end(), words)
        ]
    if any(text[one.end - 1] == "号" for one in found):
        found += [
            Named(*match.span(), tuple(_FIGURES.findall(match[0])))
            for match in _NEXT_OF_A_ROW.finditer(text)
            if tells_what_became(text, match.end(), words)
        ]
    if any(text[one.end : one.end + 1] in _DOTS for one in found if one.end < len(text)):
        found += [
            Named(*match.span(), (match[1],))
            for match in _NEXT_WITH_A_DOT.finditer(text)
            if state_at(text, match.end() + 1, words) or any(str(int(match[1]) - 1) in one.tasks for one in found)
        ]
    found += _row(text, words)
    found += _of_known(text, words, known)
    found += _glued(text, known)
    names: list[Named] = []
    for one in sorted(found, key=lambda one: one.start):
        if not names or one.start >= names[-1].end:
            names.append(one)
    return tuple(_without_days(text, names))


def _without_days(text: str, names: list[Named]) -> Iterator[Named]:
    """Yield the names without those that are days beside a code, A-2 7号办好了; of several numbers one is no day: 1号办完了 2号延到8月."""
    counted = sum(text[one.end - 1] == "号" for one in names)
    for place, one in enumerate(names):
        before = names[place - 1].end if place else 0
        if one.or_a_day and place and text[before - 1] != "号" and _BESIDE_A_CODE.fullmatch(text[before : one.start]):
            continue
        yield replace(one, or_a_day=False) if one.or_a_day and counted > 1 else one


_BESIDE_A_CODE = re.compile(r"[\s:]*(?:已|是|在|于)?")
_FIGURES = re.compile(r"\d+")


_AT_A_HEAD = re.compile(
    r"(?:^|(?<=[\s,;。、和及与]))(?P<number>\d{1,3}(?:\.\d{1,3})?)(?P<counts>[号项]?)(?![\dA-Za-z%/\-]|[.:]\d)\s?"
)


def _of_known(text: str, words: Lexicon, known: frozenset[str]) -> Iterator[Named]:
    """Yield the numbers of known tasks at the head of a clause, where what follows is neither counted nor called by them: 46的模块,
    27还没完, 13材料补好了; but 2车间, 3处隐患.
    """
    for match in _AT_A_HEAD.finditer(text) if known else ():
        said = word_at(text, match.end(), words)
        parted = match[0][-1].isspace()
        if match["number"] not in known or text[match.end() : match.end() + 1] in ("", *MEASURE - {*"点分多"}):
            continue
        if match["counts"] == "号":
            then = word_at(text, said.end, words) if said is not None else None
            fits = said is not None and said.text in ("也", "也都") and then is not None and then.sense in TELLING
        elif match["counts"] == "项":
            many = float(match["number"]) > len(known)  # so many tasks there are none: it is no count of them
            fits = many and match.start() == 0 and said is not None and said.sense not in _COUNTED
        else:
            fits = (said is None and parted) or _is_said_of_one(text, match.end(), said, known)
        may_be_a_day = _MONTH_AND_DAY.fullmatch(match["number"]) is not None
        if fits and may_be_a_day and said is not None:  # of no second number that joins it
            fits = said.sense in _OF_NO_DAY or said.text in (*_LIGHT, *_ANDS)
        if fits:
            end = match.start() + len(match["number"] + match["counts"])
            or_a_day = may_be_a_day and said is not None and said.sense in _TOLD_OF_A_DAY
            yield Named(match.start(), end, (match["number"],), or_a_day=or_a_day)


def _glued(text: str, known: frozenset[str]) -> Iterator[Named]:
    """Yield known numbers with a dot that stand right behind a word, where a sister is named beside them: 电动车10.1干了一半 10.2还没动."""
    dotted = {number for number in _DOTTED.findall(text) if number in known}
    for match in _DOTTED.finditer(text) if len(dotted) > 1 else ():
        sisters = {number for number in dotted if number.partition(".")[0] == match[1].partition(".")[0]}
        before = text[match.start() - 1 : match.start()]
        behind_a_word = "一" <= before <= "龥" and before not in _DAYS_BEGIN
        measured = text[match.end() : match.end() + 1] in MEASURE
        if len(sisters) > 1 and match[1] in sisters and behind_a_word and not measured:
            yield Named(*match.span(), (match[1],))


_DOTTED = re.compile(r"(?<![\d.])(\d{1,3}\.\d{1,3})(?![\d.])")
_DAYS_BEGIN = frozenset("到至于在前自从第约")
_ANDS = ("和", "及", "与")
_OF_NO_DAY = TELLING | {Sense.PERIOD, Sense.MOVE, Sense.STUCK}
"""What is told of a task 8.2, and of no second of August: 8.2本月没进展; 8.2开会 is of that day."""


def _is_said_of_one(text: str, at: int, said: Word | None, known: frozenset[str]) -> bool:
    """Tell whether what follows a number is said of a task, or joins another: 27和46."""
    joined = _JOINED.match(text, at)
    if joined is not None:
        return joined["more"] in known
    return said is not None and said.sense not in _CALLED and (said.sense is not Sense.FILLER or said.text in _LIGHT)


_JOINED = re.compile(r"[、和及与](?P<more>\d{1,3}(?:\.\d{1,3})?)")
_LIGHT = frozenset({"的", "还", "也", "仍", "先", "再", "在", "有", "是", "一直", "继续", "确实", "现场"})
"""What may follow a task's number; but 中 of 7中队 and 上 of 4上游 call something."""
_CALLED = frozenset({Sense.UNKNOWN, Sense.PLAIN, Sense.OBJECT, Sense.THEIRS, Sense.UNIT})
"""What may itself be called by a number: 2车间, 3水库."""
_COUNTED = _CALLED | {Sense.DUTY, Sense.PAPER, Sense.STEP, Sense.WHOLE, Sense.PART, Sense.REST}
"""What may be counted in 项: 44项工作, 44项都."""


def _from_to(match: re.Match[str]) -> Iterator[Named]:
    first, last = int(match["first"]), int(match["last"])
    if 0 < first < last <= first + _LONGEST_ROW:
        yield Named(*match.span(), tuple(str(number) for number in range(first, last + 1)))


def _coded(text: str) -> Iterator[Named]:
    """Yield what is named by its code; of codes from one to another all, before these two."""
    codes = list(_CODE.finditer(text))
    for one, then in pairwise(codes):
        (letter, _, first), (other, _, last) = one[1].upper().partition("-"), then[1].upper().partition("-")
        row = range(int(first), int(last) + 1) if first.isdecimal() and last.isdecimal() and letter == other else ()
        if 1 < len(row) <= _LONGEST_ROW and _UP_TO.fullmatch(text[one.end() : then.start()]):
            yield Named(one.start(), then.end(), tuple(f"{letter}-{number}" for number in row))
    yield from (Named(one.start(), one.end(), (one[1].upper(),)) for one in codes)


def _row(text: str, words: Lexicon) -> list[Named]:
    """Return the numbers with which a message opens and goes on one by one, of each of which something is told.

    Days are none: with 号 one of them must be in a state of now, as in 1号完成，2号进行中.
    """
    opens = _OPENS.match(text)
    row: list[re.Match[str]] = []
    for match in _IN_A_ROW.finditer(text):
        if not row and match.start() != (opens.end() if opens else 0):
            return []
        if row and int(match[1]) != int(row[-1][1]) + 1:
            continue
        joined = (
            text[match.end() : match.end() + 1] in ("、", "和") and text[match.end() + 1 : match.end() + 2].isdigit()
        )
        state = state_at(text, match.end(), words)
        parted = not row or text[match.start() - 1] in _PARTED or text[match.start() - 1] in "、和"
        if joined or state or (parted and row and text[match.end() : match.end() + 1] == "等"):
            row.append(match)
    states = [state_at(text, match.end(), words) for match in row]
    if len(row) < 2 or not any(states) or (any(match[2] for match in row) and "now" not in states):
        return []
    return [Named(*match.span(), (match[1],)) for match in row]


def marked(text: str, names: tuple[Named, ...]) -> str:
    """Return the text with a mark in place of each name."""
    for one in reversed(names):
        text = text[: one.start] + MARK + text[one.end :]
    return text


def _numbered(text: str, match: re.Match[str], words: Lexicon) -> Iterator[Named]:
    start, end = match.span()
    before, after = text[:start], text[end:]
    tasks = tuple(_plain(part) for part in _PARTS.split(match[0]))
    label = _LABEL.search(before)
    if before.endswith("第") and after[:1] in ("项", "条", "号"):
        yield Named(start - 1, end + 1, tasks)
    elif (before.endswith("第") and _AND_ANOTHER.match(after)) or (len(tasks) > 1 and _ALTOGETHER.match(after)):
        yield Named(start - before.endswith("第"), end, tasks)
    elif label and not _AS_A_WORD.match(text, start) and (after[:1] not in MEASURE or after[:1] in ("号", "项")):
        yield Named(label.start(), end + (after[:1] in ("号", "项")), tasks)
    elif text[start - 1 : end + 1] == f"〔{match[0]}〕":
        yield Named(start - 1, end + 1, tasks)
    elif after[:3] == "号任务" or (after[:1] in ("号", "项") and before[-1:] != "月" and match[0][0].isascii()):
        yield from _of_number_word(text, start, end, tasks, words)
    elif _heads(text, match, words) or _is_commanded(text, match, words):
        yield Named(start, end, tasks, or_a_day=_MONTH_AND_DAY.fullmatch(match[0]) is not None)


_AS_A_WORD = re.compile("一[览律直并定起旦共些样般致再味度向贯道边切拖等]")
"""What begins with one and is no number: 任务一览, 任务一律完成."""
_MONTH_AND_DAY = re.compile(r"(?:1[0-2]|[1-9])\.(?:3[01]|[12]\d|[1-9])")


def _of_number_word(text: str, start: int, end: int, tasks: tuple[str, ...], words: Lexicon) -> Iterator[Named]:
    """7号 before what is said of a task, or before 任务; 7项 only before what is asked of one, for it counts otherwise."""
    others = _MORE_NUMBERS.match(text, end + 1)
    rest = others.end() if others and text[end] == "号" else end + 1
    thing = _THING.match(text, rest)
    said = word_at(text, rest, words)
    if text[end] == "号":
        plain = (
            not quantities.BY_THEN.search(text[:start])
            and not _is_a_day_of_a_thing(text, start, words)
            and not _IS_DUE.match(text, rest)
            and (
                rest >= len(text)
                or quantities.is_of_a_task(text, rest)  # 9号是我们牵头吗
                or text[rest] in ",。;!?:、 "
                or (said is not None and tells_of_a_task(said, word_at(text, said.end, words)))
                or (said is not None and said.sense in ENDS and came_to_its_end(text, said, words))
            )
        )
        fits = bool(thing) or plain
    else:
        asked = said is not None and (said.sense in _ASKED_OF or said.text in ("具体", "要求"))
        fits = start == 0 and (asked or len(tasks) > 1 or (text[rest : rest + 1] == ":" and rest + 1 < len(text)))
        fits = fits or (start == 0 and _ITS_WORDS.match(text, rest) is not None)
        fits = fits or (_ITS_DEADLINE.match(text, rest) is not None and text[start - 1 : start] not in _COUNTED_SO)
    day = (
        text[end] == "号" and not thing and len(tasks) == 1 and rest == end + 1 and _DAY_OF_A_MONTH.fullmatch(tasks[0])
    )
    if fits:
        yield Named(start, end + 1, tasks, or_a_day=bool(day) and said is not None and said.sense in _TOLD_OF_A_DAY)


def _is_a_day_of_a_thing(text: str, start: int, words: Lexicon) -> bool:
    """Tell whether 8号 is the day for what stands right before it, or on which it has to be: 隧道清单8号没问题, 今天8号, 要10号."""
    if text[:start].endswith(_SET_FOR):
        return True
    at = max(start - _LOOKED_BACK, *(text.rfind(mark, 0, start) + 1 for mark in _PARTED))
    before: Word | None = None
    while at < start:
        before = words.at(text, at)
        at = before.end if before is not None and before.end <= start else at + 1
    return before is not None and before.end == start and (before.sense in _HAS_A_DAY or before.text in _DAY_BY)


_SET_FOR = ("定在", "定于", "排在", "排到", "放在", "放到", "改在", "约在", "选在", "挪到", "推到", "安排到")
"""What is said of the day for which something is set: 演练定在28号."""
_LOOKED_BACK = 12
"""So many signs before a number what they say is looked at."""
_HAS_A_DAY = frozenset({Sense.LIST, Sense.PAPER, Sense.DAY, Sense.OBJECT})
_DAY_BY = frozenset({"要", "得", "定", "到", "等到", "改到", "今天", "今日", "明天", "后天", "昨天"})

_ASKED_OF = frozenset({Sense.RECEIVE, Sense.SHOW, Sense.ASK})
_ITS_DEADLINE = re.compile("的?(?:完成|办结|整改)?(?:时限|期限|截止)")
"""What one task has, and no count of them: 27项的期限; but 这3项的期限."""
_ITS_WORDS = re.compile("(?:是|讲|说)的?(?:啥|什么)(?:内容|要求|事)?[啊呀呢?]?$")
"""How it is asked what one task says: 27项是啥内容."""
_COUNTED_SO = (*"这那共几有等余前后余第",)
_IS_DUE = re.compile("截止|到期")
"""What makes a day of 25号, too: 是25号截止吗."""
_DAY_OF_A_MONTH = re.compile(r"3[01]|[12]?\d")
_TOLD_OF_A_DAY = frozenset({Sense.SETTLE, Sense.FINISH, Sense.HAND, Sense.PAST, Sense.WHOLE, Sense.PLAN})
"""What is told of a task, 7号办好了, and as well of the day on which it was done."""


def _heads(text: str, match: re.Match[str], words: Lexicon) -> bool:
    """Tell whether a number opens a sentence of which something is told: “7：已办结”, “七，已办结”, 7已办结."""
    start, end = match.span()
    if text[:start].strip() and text[:start].rstrip(" ")[-1] not in "\n。;,":
        return False
    if text[end : end + 1] in MEASURE:  # 20日前办结
        return False
    rest = len(text) - len(text[end:].lstrip(" :,、."))
    said = word_at(text, rest, words)
    parted = rest > end or match[0][0].isascii()
    if not parted or said is None:
        return False
    told = said.sense in TELLING or (said.sense is Sense.STEP and text[end] == ":")
    return told or asks_for_time(said, word_at(text, said.end, words))


def _is_commanded(text: str, match: re.Match[str], words: Lexicon) -> bool:
    """Tell whether a number follows a command that opens the message: 办结 7, 看7."""
    start, end = match.span()
    if start == 0 or not match[0][0].isascii() or text[end : end + 1] in MEASURE:
        return False
    at = 0
    while at < start:
        if text[at] in " :":
            at += 1
            continue
        word = words.at(text, at)
        if word is None or word.sense not in _COMMANDS or word.text == "进度":
            return False
        at = word.end
    return not text[:start].endswith(_COUNTS)


_COUNTS = ("完成", "进度", "延到", "期到", "推到", "拖到", "缓到", "延至", "期至", "推至")
"""What is said of a number of things, or of a day, where no blank parts them."""


def _plain(text: str) -> str:
    return text if text[0].isascii() else str(number(text))
