"""From a text to its clauses: the words that stand in it, known or not, cut where marks and reasons part them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise, takewhile

from bot.dialogue.understanding import quantities
from bot.dialogue.understanding.lexicon import Lexicon, Sense, Word, in_small
from bot.dialogue.understanding.names import as_names, without_whence
from bot.dialogue.understanding.tasks import MARK, Named


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its ``words`` with what is unknown between them, the ``tasks`` named in it, the ``mark`` that ends it, and
    whether it is ``quoted`` or gives a ``reason``; ``in_doubt`` where nobody can tell whether its day is gone or to come;
    ``start`` inclusive, ``end`` exclusive in the marked text.
    """

    words: tuple[Word, ...]
    tasks: tuple[str, ...]
    start: int
    end: int
    mark: str
    quoted: bool
    reason: bool
    senses: frozenset[Sense]
    in_doubt: bool = False

    def first(self, sense: Sense) -> int:
        """Return where the first word of a sense that the clause has stands among its words."""
        return next(place for place, word in enumerate(self.words) if word.sense is sense)

    def has_before(self, sense: Sense, then: Sense) -> bool:
        """Tell whether a word of one sense stands right before one of another, but for fillers: 延期到7月10日."""
        told = [word.sense for word in self.words if word.sense is not Sense.FILLER]
        return any(one is sense and after is then for one, after in pairwise(told))


def word_before(words: tuple[Word, ...], place: int) -> str:
    """Return the text of the word before a place, "" where there is none."""
    return words[place - 1].text if place else ""


def says_which(word: Word) -> bool:
    """Tell whether a word says no more than which duty it is: 通报的, 交办的, 反映的."""
    return word.sense is Sense.FILLER and len(word.text) > 2 and word.text.endswith("的")


BESIDE = frozenset({Sense.FILLER, Sense.MANNER, Sense.OURS, Sense.NOW, Sense.TASK})
"""What stands with anything and says nothing of its own."""

# ---------------------------------------------------------------- cutting

_YIELDING = frozenset({Sense.UNIT, Sense.ASK})
"""What is known by its form only where no word of the lexicon is as long: 能不能 asks for leave."""

PASSED_ON = "转发:"
"""With what a message begins that somebody else wrote, as ``hearing`` makes it."""
_PARTING = frozenset(",。;!\n\r…~()[]|、:")
_LISTING = frozenset(",、")
_QUOTE = re.compile('“[^”]*”|「[^」]*」|《[^》]*》|『[^』]*』|"[^"]*"')


def words_of(text: str, lexicon: Lexicon) -> Iterator[Word]:
    """Yield a text's words in order, what is quoted or in no lexicon as unknown; marks and blanks are left out."""
    forms, small, at = quantities.found(text), in_small(text), 0
    unknown: int | None = None
    while at < len(text):
        word = forms.get(at)
        listed = lexicon.at(text, at, small)
        if word is None or (listed is not None and listed.end >= word.end + (word.sense not in _YIELDING)):
            word = listed or _mark_or_quote(text, at)
        if word is None:
            unknown = at if unknown is None else unknown
            at += 1
            continue
        if unknown is not None:
            yield Word(unknown, at, text[unknown:at], Sense.UNKNOWN)
            unknown = None
        yield word
        at = word.end
    if unknown is not None:
        yield Word(unknown, at, text[unknown:at], Sense.UNKNOWN)


def _mark_or_quote(text: str, at: int) -> Word | None:
    """Return the mark at a place, or what is quoted there; a whole message in quotes is a message, but for a title."""
    char = text[at]
    if char == MARK:
        return Word(at, at + len(MARK), char, Sense.TASK)
    quote = _QUOTE.match(text, at)
    if quote is not None and (char == "《" or quote[0] != text):
        return Word(at, quote.end(), quote[0], Sense.LINK)
    return None if char.isalnum() else Word(at, at + len(char), char, Sense.FILLER)


def clauses_of(text: str, names: tuple[Named, ...], lexicon: Lexicon) -> tuple[Clause, ...]:
    """Cut a marked text into its clauses; what a clause ended by a colon says of the next ones is told to them."""
    cut: list[Clause] = []
    at = [place for place, char in enumerate(text) if char == MARK]
    named_at = {place: one.tasks for place, one in zip(at, names, strict=True)}
    tasks: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    quoted = reason = False
    carried: tuple[Word, ...] = ()
    for words, mark, end in _cut(words_of(text, lexicon)):
        words = (*carried, *as_names(without_whence(words)))
        carried = _said_of_all(words) if mark == "、" else ()
        senses = frozenset(word.sense for word in words)
        named = tuple(task for word in words if word.sense is Sense.TASK for task in named_at[word.start])
        tasks = (*only, *named) if named else tasks
        only = tasks if {*senses} <= {Sense.TASK, Sense.FILLER} and named and mark in _LISTING else ()
        gives = words[0].sense is Sense.REASON
        clause = Clause(words, tasks, words[0].start, end, mark, quoted, reason or gives, senses)
        cut.append(clause)
        if mark == ":":
            reports = bool(senses & _REPORTS) or _names_who_says(words) or _orders(words)
            quoted |= reports and _ADDRESSED.fullmatch("".join(word.text for word in words)) is None
            reason |= gives
        elif mark == ",":
            quoted |= _praises_others(words)
            quoted |= _names_who_says(words) and _tells_that_they_say(words)
            quoted |= _orders(words)
        elif mark in _ENDING:
            quoted, reason = text.startswith(PASSED_ON), False
    return tuple(cut)


def _said_of_all(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the words of a clause which only names the first of several things that are said of all of them: 听说 of 听说水闸、(护坡都修好了)."""
    over = tuple(word for word in words if word.sense in _OVER_ALL)
    return over if over and all(word.sense in _OVER_ALL | _NAMING for word in words) else ()


def _names_who_says(words: tuple[Word, ...]) -> bool:
    """Tell whether a clause names others, of whom something is told: 小王, 张厂长, 据说; not us."""
    if any(word.sense is Sense.OURS for word in words):
        return False
    return any(
        word.sense in _OTHERS or word.text in _SAID_TO_BE or (word.sense is Sense.UNKNOWN and _CALLED.search(word.text))
        for word in words
    )


def _praises_others(words: tuple[Word, ...]) -> bool:
    """Tell whether a clause praises an office, of which the next clauses tell: 水利局真快, 向住建局学习."""
    if any(word.sense is Sense.PRAISE and word.text[:1] in "表点给赞" for word in words):  # 表扬一下三中
        return True
    praises = any(word.sense is Sense.PRAISE for word in words) or (
        words[0].text[0] == "向" and words[-1].text == "学习"
    )
    return praises and any(word.sense in _OTHERS or _OFFICE.search(word.text) for word in words)


def _orders(words: tuple[Word, ...]) -> bool:
    """Tell whether a clause names a leader, and that they order something: 领导要求, 局长批示, 张局交代."""
    told = "".join(word.text for word in words)
    return words[0].sense in (Sense.LEADER, Sense.PERSON, Sense.THEIRS) and _ORDERING.search(told) is not None


def _tells_that_they_say(words: tuple[Word, ...]) -> bool:
    """Tell whether a clause ends in what others say, which the next clauses tell: 据企业反馈, 对方答复, 镇里来电."""
    said = "".join(word.text for word in words if word.text not in ("了", "称", "过"))
    if any(word.sense is Sense.WISH for word in words):  # 别听他们瞎说
        return False
    return _SAYING.search(said) is not None


_OVER_ALL = frozenset(
    {Sense.CONDITION, Sense.HEARSAY, Sense.ALL, Sense.PLAN, Sense.HEDGE, Sense.DUTY_BOUND, Sense.WISH}
)
_OVER_ALL |= {Sense.FUTURE, Sense.LATER, Sense.THEIRS, Sense.UNIT, Sense.PERSON, Sense.PART}
_NAMING = BESIDE | {Sense.UNKNOWN, Sense.PLAIN, Sense.OBJECT, Sense.PAPER, Sense.LIST, Sense.STEP, Sense.DUTY}
_ADDRESSED = re.compile(
    "现?(?:报告|汇报|(?:回复|答复|反馈|报告|汇报|告知|回告|致|呈|报)(?:贵[办局委室]|[你您][办局们]?|督[办查][办室科]?|上级|领导|办公室|情况)(?:如下)?)"
)
"""To whom a formal report is addressed: 回复贵办：…."""
_ORDERING = re.compile(
    "(?:要求|批示|指示|强调|交代|嘱咐|叮嘱|吩咐|转告|[说讲])[过了]?$|让[你我大][们家]?(?:转告|转达|说|通知)[一下声]{0,2}$"
)
_OTHERS = frozenset({Sense.THEIRS, Sense.UNIT, Sense.PERSON})
_SAID_TO_BE = frozenset({"听说", "据说", "据悉", "据反馈", "有人说", "据称", "反馈说", "回复说", "说是"})
_CALLED = re.compile("^(?:据|根据|按照?)|[厂校院所站队组班村店]长$|经理$|老板$|主任$|书记$|负责人$|方$|人员$")
_SAYING = re.compile(
    "(?:反馈|回复|反映|答复|来电|来函|来信|回话|保证|承诺|表示|表态|汇报|报告|通知|告知|说|听说|据说|据悉|据反馈|介绍|讲|声称|说是|上报)(?:情况)?$"
    "|[发传寄拍]来?(?:照片|图片|视频|截图|消息|微信)$"
)
_OFFICE = re.compile("[局委厅办镇乡科站队院所]$")
_ENDING = frozenset("\n。;?")
_REPORTS = frozenset({Sense.HEARSAY, Sense.UNIT, Sense.THEIRS})


PROOFS = ("照片", "图片", "影像", "截图", "佐证", "佐证材料", "附件", "图文")
"""What shows that something is finished, and may follow later: 搞完了照片晚点发."""
_SENT_LATER = frozenset({Sense.PLAN, Sense.MOVE, Sense.FUTURE, Sense.LATER, Sense.NOW, Sense.SEND})
_ENDED = frozenset({Sense.PAST, Sense.RESULT})


_ENDING_WORDS = frozenset("了啦喽咯嘞过呢吧啊哈哦噢嘛噻呗哒")
"""With what a clause may end before a blank, which stands for a comma where people write none."""
_GOES_ON = frozenset({Sense.NO, Sense.ASK, Sense.MAY, Sense.FILLER, Sense.PAST, Sense.RESULT})
"""What still belongs to what stands before a blank: 完成了 吗, 完成了 没有."""


_SAYS_NOTHING_ITSELF = frozenset({Sense.UNKNOWN, Sense.PLAIN, Sense.DUTY, Sense.FILLER, Sense.TASK, Sense.PERSON})


def _begins_anew(following: tuple[Word, ...]) -> bool:
    """Tell whether something of its own is said behind a blank, and no more of what stands before it: 办完了 东边那块."""
    part = list(takewhile(lambda word: not word.text.isspace() and word.text not in _PARTING, following))
    if not part or part[0].sense in _GOES_ON:
        return False
    return any(word.sense not in _SAYS_NOTHING_ITSELF for word in part)


def _turns(following: tuple[Word, ...]) -> bool:
    """Tell whether something new is said without a mark between, as where somebody dictates: 弄完了您可以来看, 到位了材料也交了."""
    part = list(takewhile(lambda word: not word.text.isspace() and word.text not in _PARTING, following))
    if not part:
        return False
    begins = part[0].sense is Sense.PAPER or part[0].text in ("您", "你们", "你", "别", "麻烦")
    return begins and any(word.sense in _TURNING for word in part[1:])


_TURNING = frozenset({Sense.PAST, Sense.HAND, Sense.SEND, Sense.FINISH, Sense.SHOW, Sense.SETTLE, Sense.WISH})


def _has_told_of_a_task(clause: list[Word], before: Word) -> bool:
    """Tell whether a task that is named now is the next one: A-1完成八成 A-2没动, 1弄完了2还差一点."""
    return (before.text.isspace() or before.sense in _TELLS) and any(
        one.sense is Sense.TASK and any(word.sense not in BESIDE for word in clause[place:])
        for place, one in enumerate(clause)
    )


_ENDS = frozenset({Sense.FINISH, Sense.RESULT})
"""What has come to its end before 并 goes on to something else: 已办结并答复举报人."""
_CLOSES = ("销号", "办结", "闭环", "销账", "清零")
"""What closes the whole, whatever is told before it: 均已落实措施并销号."""
_IN_FACT = ("其实", "实际上")
"""What stands against what was said before it: 说完成了其实没有."""
_TELLS = frozenset({Sense.PAST, Sense.RESULT, Sense.FINISH, Sense.GO, Sense.SHARE})


def _has_come_to_an_end(clause: list[Word]) -> bool:
    """Tell whether an end is told before 并, by which what follows goes along with it: 已完成并上报, 已全部整改并公示."""
    past = any(word.sense is Sense.PAST and word.text[0] == "已" for word in clause)
    return any(one.sense in _ENDS for one in clause) or (past and any(one.sense is Sense.SETTLE for one in clause))


def _says_what_passed(following: tuple[Word, ...]) -> bool:
    """Tell whether what passed is told of the end before it, and decides nothing: 并通过海事部门验收."""
    return following[0].text == "通过" and any(
        word.text in _TESTS or word.text[-2:] in _TESTS for word in following[1:]
    )


_TESTS = ("验收", "检验", "检测", "测评", "评审", "认证", "鉴定", "测试", "核验", "年检")


def _is_ended(word: Word) -> bool:
    return word.text[-1] in _ENDING_WORDS and word.sense in (Sense.PAST, Sense.RESULT, Sense.FILLER, Sense.FINISH)


def _cut(words: Iterable[Word]) -> Iterator[tuple[tuple[Word, ...], str, int]]:
    clause: list[Word] = []
    every = tuple(words)
    for place, (word, following) in enumerate(zip(every, (*every[1:], None), strict=False)):  # of nothing there is none
        if word.text in _PARTING:
            if clause:
                yield tuple(clause), word.text, word.start
            clause = []
        elif word.text.isspace():
            rest = every[place + 1 :]
            paper_follows = clause and clause[-1].sense in (Sense.FINISH, Sense.RESULT) and rest and _turns(rest)
            if paper_follows or (clause and _is_ended(clause[-1]) and _begins_anew(rest)):
                yield tuple(clause), "", word.start
                clause = []
        else:
            next_task = word.sense is Sense.TASK and _has_told_of_a_task(clause, every[place - 1])
            passed = following is not None and following.sense is Sense.VERIFY
            closes = following is not None and following.text in _CLOSES
            goes_along = word.text in ("并", "并且") and _has_come_to_an_end(clause)
            passed = passed and not _says_what_passed(every[place + 1 : place + 8])
            goes_along = (goes_along or (closes and word.text == "并")) and not passed
            if (word.sense is Sense.REASON and clause) or next_task or goes_along:
                yield tuple(clause), "", word.start
                clause = []
            later = following is not None and following.sense in _SENT_LATER
            if clause and clause[-1].sense in _ENDED and _is_ended(clause[-1]) and _turns(every[place:]):
                yield tuple(clause), "", word.start
                clause = []
            if word.text in _IN_FACT and clause and _is_ended(clause[-1]):
                yield tuple(clause), "", word.start
                clause = []
            if word.text in PROOFS and later and clause and clause[-1].sense in _ENDED:
                yield tuple(clause), "", word.start
                clause = []
            if word.sense is Sense.RECEIVE and not word.text[0].isalnum():
                yield from ((part, "", word.start) for part in (tuple(clause), (word,)) if part)
                clause = []
                continue
            clause.append(word)
            if word.text == "?" and following is not None and following.text not in _PARTING and following.text != "?":
                yield tuple(clause), "?", word.start
                clause = []
    if clause:
        yield tuple(clause), "", clause[-1].end


# ---------------------------------------------------------------- days that are gone

_GONE_FOR = timedelta(days=60)
"""So long ago a day without a year is past and not next year's."""
_WEEKDAY = re.compile(r"[这本]?个?(?:周|星期|礼拜)([一二三四五六日天])")
_DAY_ALONE = re.compile(r"(\d{1,2})[日号]")
_NEEDS_PAST = re.compile(rf"{_WEEKDAY.pattern}|{_DAY_ALONE.pattern}")
_BEFORE = ("前", "之前", "以前")
_MONTHS_GONE = 3
_MONTH = re.compile(r"(?P<month>\d{1,2})月(?:份|[底末初]|[上中下]旬)?")
_MONTH_AND_DAY = re.compile(r"(?P<month>\d{1,2})(?:月|\.)(?P<day>\d{1,2})[日号]?")


def with_days_gone(clause: Clause, on: date) -> Clause:
    """Return a clause whose days lately gone, seen on the local day ``on``, say that it is past: 6月5号就完成了 on 8 June. What nothing
    else tells as past is in doubt by a month, or by a day of last year: 5月完成 may be a plan, 12月底完成 in March is one.
    """
    ended = clause.senses & _ENDS or {Sense.HAND, Sense.PAST} <= clause.senses
    if not ended or Sense.DAY not in clause.senses:
        return clause
    past = Sense.PAST in clause.senses or any(word.text.endswith("了") for word in clause.words)
    words = tuple(
        replace(word, sense=Sense.PAST)
        if word.sense is Sense.DAY
        and _is_gone(word.text, on)
        and after not in _BEFORE
        and (past or not (_NEEDS_PAST.fullmatch(word.text) or _is_of_last_year(_MONTH, word.text, on)))
        else word
        for word, after in zip(clause.words, (*(word.text for word in clause.words[1:]), ""), strict=True)
    )
    gone = [one.text for one, was in zip(words, clause.words, strict=True) if one.sense is not was.sense]
    in_doubt = not past and any(_MONTH.fullmatch(day) or _is_of_last_year(_MONTH_AND_DAY, day, on) for day in gone)
    return replace(clause, words=words, senses=frozenset(word.sense for word in words), in_doubt=in_doubt)


def _is_of_last_year(form: re.Pattern[str], text: str, on: date) -> bool:
    match = form.fullmatch(text)
    return match is not None and int(match["month"]) > on.month


def _is_gone(text: str, on: date) -> bool:
    alone = _DAY_ALONE.fullmatch(text)
    if alone is not None:
        return int(alone[1]) < on.day
    weekday = _WEEKDAY.fullmatch(text)
    if weekday is not None:
        return min("一二三四五六日天".index(weekday[1]), 6) < on.weekday()
    month = _MONTH.fullmatch(text)
    if month is not None:
        return 0 < (on.month - int(month["month"])) % 12 <= _MONTHS_GONE
    match = _MONTH_AND_DAY.fullmatch(text)
    if match is None:
        return False
    for year in (on.year, on.year - 1):
        try:
            day = date(year, int(match["month"]), int(match["day"]))
        except ValueError:
            continue
        if timedelta() < on - day <= _GONE_FOR:
            return True
    return False
