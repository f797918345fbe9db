"""One sentence about several tasks: what it says of each, of the others, and of all; told in one answer, taken back at once."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.dialogue import access
from bot.dialogue.contact import answers, rounds
from bot.dialogue.parts import Part, parts, places
from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import choose, of_contact
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Understanding
from db import outbox
from db.ledger import Line, many
from db.ledger.acts import Act
from db.models import History
from db.plain import whole
from db.words import OPEN_STATES, Action
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS, say
from jobs.ports import Button
from jobs.reading.deadlines.resolve import number
from jobs.verification.required import lacking


@dataclass(frozen=True, slots=True)
class Share:
    """What a message says of some tasks: those that it names, or with none of those that it does not. ``words`` are as they were
    written, ``heard`` is by what they are understood.
    """

    tasks: tuple[str, ...]
    words: str
    heard: str


def shares(text: str, tasks: Sequence[str], *, in_a_list: bool) -> list[Share]:
    """Return what a message says of each of several tasks, for those that share words together.

    Words before the first task are said of all; tasks after which nothing more is said share what the whole says. A clause in
    front that says 都 is said of the others, and where it answers a list (``in_a_list``) so is one that is a receipt, or begins
    with 其他: each task that is named speaks for itself.
    """
    again = _named_again(text, tasks)
    if again:
        return again
    text, others = _of_others(text) if in_a_list else (text, [])
    named = places(text, tasks)
    if len(tasks) < 2 - in_a_list or not tasks or -1 in named or named != sorted(named):
        return []
    begins = [_LABEL_BEFORE.search(text[:place]).start() for place in named]  # type: ignore[union-attr]
    told: list[Share] = []
    before, waiting = text[: begins[0]].strip(), []
    if before.endswith(_ENDS) and (ALL.search(before) or (in_a_list and _RECEIPT.match(before))):
        others, before = [before.rstrip("".join(_ENDS)), *others], ""
    since = begins[0]
    for task, begin, end in zip(tasks, named, [*begins[1:], len(text)], strict=True):
        waiting.append(task)
        rest = text[begin + len(task) : end]
        if _AND.sub("", rest):
            ordinal = "第" if rest.startswith("号") and len(waiting) == 1 else ""  # 1号完成 alone would promise a day
            apart = _RECEIPT.match(before) or (told and _ERRED.match(before))
            said_of_all = "" if apart else before  # each speaks for itself, and was seen; an error is that of the first
            heard = f"{said_of_all} {ordinal}{'、'.join(waiting)}{rest}".strip(_AROUND)
            told.append(Share(tuple(waiting), f"{before}{text[since:end]}".strip(_AROUND), heard))
            waiting, since = [], end
    return [] if waiting else [*told, *(Share((), words, words) for words in others)]


def _named_again(text: str, tasks: Sequence[str]) -> list[Share]:
    """Return what is said of each task where all that are named together speak for themselves afterwards, C-1、D-1都收到，C-1明天报，D-1
    完成一半: to each its own clauses, and of what is said of them together no more than a receipt is left out. Empty where none is
    named again.
    """
    told = parts(text)
    together = {task for part in told if len(part.tasks) > 1 for task in part.tasks}
    apart = {part.tasks[0] for part in told if len(part.tasks) == 1}
    if not together & apart or set(tasks) - together - apart:
        return []
    shared: list[Share] = []
    for task in tasks:
        own = [part for part in told if task in part.tasks]
        own = [part for part in own if part.tasks == (task,) or task not in apart or not _SEEN_ALL.search(part.text)]
        words = "，".join(part.text if part.tasks == (task,) else _as_of_one(task, part) for part in own)
        shared.append(Share((task,), words, words))
    return shared


def _as_of_one(task: str, part: Part) -> str:
    """Return what is said of several tasks together as it is said of one of them."""
    last = max((found.end() for one in part.tasks for found in whole(one).finditer(part.text)), default=0)
    return f"{task}{_AND_MARK.sub('', part.text[last:])}"


_AND_MARK = re.compile(r"^[〕\]\s]+")
_SEEN_ALL = re.compile(r"(?:收到|收悉|知悉|签收|已阅|知道|明白)了?[，,。！!\s]*$")


def _of_others(text: str) -> tuple[str, list[str]]:
    """Take out of a text the clauses that speak of the other tasks."""
    others = [match["words"] for match in _OTHERS.finditer(text)]
    return (_OTHERS.sub("", text), others) if others else (text, [])


_OTHERS = re.compile(
    r"(?:^|[，,；;。\s])(?P<words>(?:其他|其它|其余|余下|剩下)(?:的|几项|各项|任务)?[^，,；;。\d]+)(?=$|[，,；;。])"
)
_AND = re.compile(r"[〕\]\s、，,;；。和及与]|项|号")
_LABEL_BEFORE = re.compile(r"(?:任务|序号|编号|第)?[〔\[]?\s*$")
_AROUND = "，,；;。 "
ALL = re.compile(r"都|均|全部|各项|每项|这几项")
SOME = re.compile(r"除了?[\d一二三四五六七八九十]|(?:前|后)[\d两二三四五六七八九十]+[项个条件]")
"""What says that not all of them are meant, though the words say 都: 前三项都完成了."""
_SAY = Pieces(
    "several",
    hail=r"(?:收到|您?好|好的|报告)[，,。！!\s]*",
    count=r"(?P<count>[\d两二三四五六七八九十]|十[一二三])(?:项(?![目\d])|[个条]任务|个(?=[都已全收办完搞弄]))",
    tasks="的?(?:任务|工作|事项)",
    told_all=r"(?:^|[：:，,；;。\s])(?:{all_of}|\d+项)?{tasks}?(?:都|均|全部(?=[已完办正在推按]))",
    nth=r"第[\d一二三四五六七八九十]+[项个条件]",
    last="最后一?[项个条件]|剩下?的?(?:一?[项个条件])?",
    each_is="(?:这几|各|每)项(?:任务|工作)?(?:[都均已正在未还进]|$)",
)
_FIRST = _SAY(r"^{hail}?(?:这|清单|单子|上面?|里)?(?:前面?|头){count}{tasks}?(?P<what>[^，,；;。？?]*)[。！!\s]*$")
"""前两项都办完了, and nothing more: of 前两个季度, 目前两项 or 前两项办完了，第三项要延期 it would be guessed which tasks are meant."""
NOT_ALL = re.compile(rf"{SOME.pattern}|除了|除外|以外|[只仅就].{{0,2}}(?:收|签)|(?:[没未]|还没).{{0,2}}(?:收|签)")
"""What says that a receipt is not given for all of a list: 只收到一项, 除了台账都收到."""
_RECEIPT = re.compile(r"^(?:收到|收悉|知悉|已阅|好的)[，,。！!]*$")
_ERRED = re.compile(
    r"^(?:不好意思|抱歉|刚才|刚刚|我|[，,。！!\s])*[搞弄说写报填点打][错反]了?[，,。！!\s]*(?:应该|其实)?是?$"
)
_ENDS = ("，", ",", "；", ";", "。", "！", "!")


def first_of(turn: Turn, lines: Sequence[Line], text: str) -> tuple[list[Line], str]:
    """Return the first tasks of the list that is answered, of which 前两项都办完了 speaks, and what it says of them; none where it
    speaks of none, or the list's order and that of its days do not agree on which they are.
    """
    found = _FIRST.match(text)
    answered = turn.incoming.reply_to
    if found is None or answered is None or not 0 < (count := _count(found)) < len(lines):
        return [], text
    notice = outbox.notice_of_message(turn.session, turn.visitor.chat.id, answered)
    shown = [one for _item, one in outbox.items_of(turn.session, notice.id)] if notice is not None else []
    by_day = sorted(shown, key=lambda one: (one.due is None, one.due))
    first = {one.milestone_id for one in shown[:count]}  # also what is over meanwhile: it was shown among them
    if first != {one.milestone_id for one in by_day[:count]} or len(shown) <= count:
        return [], text
    return [one for one in lines if one.assignment.milestone_id in first], found["what"]


_FIRST_AND_NEXT = _SAY(
    r"^{hail}?(?:前面?|头){count}{tasks}?(?P<what>[^，,；;。？?]+)[，,；;。\s]+(?P<next>{nth}|{last})(?P<rest>[^？?]+)$"
)


def with_codes(turn: Turn, text: str) -> str:
    """Return a text with the codes of the tasks that it counts, 前两项完成，第三项没有, where the unit owes just one more than the first
    of them and the order of their codes is that of their days; as it is elsewhere.
    """
    found = _FIRST_AND_NEXT.match(text.strip()) if turn.chosen is None else None
    owed = list(of_contact(turn).lines) if found is not None else []
    if found is None or len(owed) != _count(found) + 1 or len({line.campaign.id for line in owed}) > 1:
        return text
    by_code = sorted(owed, key=lambda line: [int(part) for part in re.findall(r"\d+", line.code)])
    by_day = sorted(by_code, key=lambda line: (line.assignment.due is None, line.assignment.due))
    nth = re.search(r"第([\d一二三四五六七八九十]+)", found["next"])
    if by_code != by_day or (nth is not None and number(nth[1]) != len(owed)):
        return text
    first, last = "、".join(line.code for line in by_code[:-1]), by_code[-1].code
    return f"{first}{found['what']}，{last}{found['rest']}"


def _count(found: re.Match[str]) -> int:
    return number(found["count"].replace("两", "二"))


def without_first(text: str) -> str:
    """Return what is said of the first tasks of a list: 都办完了 of 前两项都办完了."""
    found = _FIRST.match(text)
    return found["what"] if found is not None else text


_PLAINLY_ALL = _SAY(r"{told_all}|{each_is}|(?:全部|所有){tasks}|[\d两二三四五六七八九十]+项(?:任务|工作)?[都均全]")
"""What is plainly said of all tasks; 封闭管理都建了 is said of one thing."""


def told_of_round(turn: Turn, lines: Sequence[Line], words: str, said: Understanding) -> None:
    """Record what answers a round of several tasks and names none; where it is not plainly of all, ask of which it is."""
    if len(lines) > 1 and not turn.everybody and _PLAINLY_ALL.search(words) is None:
        choose(turn, lines, words, units=len(turn.visitor.units) > 1, everybody=True)
    else:
        progress(turn, lines, words, said)


def progress(turn: Turn, lines: Sequence[Line], words: str, said: Understanding) -> None:
    """Record one sentence as progress of each of several tasks."""
    done = _each(turn, lines, lambda _line: Act(Action.PROGRESS, words=words, percent=said.percent))
    more = ends_offered([line for line, _entry in done], by_code=len(done) > 1) if said.nil else []
    _tell(turn, "progress_of_several", done, more, words=words)


def ends_offered(lines: Sequence[Line], *, by_code: bool = False) -> list[Button]:
    """Return the buttons that report what asks for no more than a report, so that having had nothing to tell may be all of it."""
    asking = [line for line in lines if _TO_REPORT.search(f"{line.task.text}{line.milestone.deliverable}")]
    return [
        button(Verb.REPORT, one.assignment.id, one.assignment.version, f"〔{one.code}〕已办结" if by_code else "已办结")
        for one in asking[: MAX_ITEM_BUTTONS - 1]
        if one.assignment.state in OPEN_STATES
    ]


_TO_REPORT = re.compile("报送|上报|填报|零报告|报告|汇总|统计|台账|[月周季]报")


_LATER = timedelta(days=366)


def report(turn: Turn, lines: Sequence[Line], words: str) -> None:
    """Report several tasks as completed; what is due in more than a year, a licence's next term, is not meant by 都办完了."""
    later = [
        line for line in lines if line.assignment.due is not None and line.assignment.due - turn.today(line) > _LATER
    ]
    meant = [line for line in lines if line not in later] if len(later) < len(lines) else lines
    done = _each(turn, meant, lambda line: answers.reporting(turn, line, words))
    left = [(line.code, line.assignment.due) for line in later] if meant is not lines else []
    short = [(line.code, missing) for line, _entry in done if (missing := lacking(turn.session, turn.desk, line))]
    awaited = list(dict.fromkeys(answers.awaits(line) for line, _entry in done))
    _tell(turn, "reported_several", done, short=short, awaits="、".join(awaited), left=left)


def _each(turn: Turn, lines: Sequence[Line], act: Callable[[Line], Act]) -> list[tuple[Line, History]]:
    done: list[tuple[Line, History]] = []

    def one(line: Line) -> None:
        mine = access.for_unit(turn.session, turn.desk, turn.visitor, line.assignment.id)
        entry = answers.perform(turn, mine, act(mine))
        if entry is not None:
            done.append((mine, entry))

    open_ones = [line for line in lines if line.assignment.state in OPEN_STATES]
    many.hold(turn.session, [line.assignment for line in open_ones], turn.now)
    for line in open_ones:
        turn.attempt(lambda line=line: one(line))  # type: ignore[misc]
    return done


def _tell(
    turn: Turn, name: str, done: Sequence[tuple[Line, History]], more: Sequence[Button] = (), **values: Any
) -> None:
    """Say in one answer what was done with all of them, with one button that takes all of it back, and ``more`` beside it."""
    if done:
        rounds.told(turn, [line for line, _entry in done])
        undo = button(Verb.UNDO, done[0][1].id, len(done))
        codes = [line.code for line, _entry in done]
        turn.reply_text(say(name, codes=codes, **answers.who(turn), **values), [*more, undo], outcome=name)
