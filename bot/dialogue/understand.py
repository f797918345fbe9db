"""Understanding one chat message by rules that compose, not by a model.

Only a plain statement of completion is ``done``; whatever is negated, hedged, promised, partial or asked is not. In
doubt ``confident`` is False, and the bot asks with buttons. The words stand in ``understanding/lexicon.toml``, what they say
together in the two tables of ``understanding/meaning.py``.
"""

from dataclasses import dataclass, replace
from datetime import date

from bot.dialogue.understanding import details, tasks
from bot.dialogue.understanding.beside import weighed
from bot.dialogue.understanding.came_back import of_what_came_back
from bot.dialogue.understanding.clauses import clauses_of, with_days_gone
from bot.dialogue.understanding.features import features
from bot.dialogue.understanding.hearing import as_written, heard
from bot.dialogue.understanding.left_out import left_out
from bot.dialogue.understanding.lexicon import Sense, lexicon
from bot.dialogue.understanding.meaning import Intent, Says, meant_by, said_by
from bot.dialogue.understanding.nothing_new import may_tell_of_nothing
from bot.dialogue.understanding.of_the_task import tells_of_less, with_its_acts
from bot.dialogue.understanding.promised import Heard, given_to, last_day, without_steps
from bot.dialogue.understanding.quantities import percent
from bot.dialogue.understanding.tasks import Named
from bot.dialogue.understanding.what import Sure, What
from db.stored import Json

__all__ = ["Intent", "Understanding", "explain", "understand"]


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood. ``tasks`` are all tasks named, ``task`` the one that the intent is about, ``but`` those that are named only to
    leave them out (除了B-6都完成了); ``percent`` 0–100; ``due``
    a day that the person names, ``of_a_step`` where no more than a step is to be then (明天开会研究); ``shift`` an ISO 8601 duration counted from the deadline (days PnD, weeks PnW, months PnM).
    ``in_charge`` is who sees to it inside the unit from now on, "" for who speaks, None where nobody says so; ``will_answer``
    tells that no more than an answer is promised, perhaps for the day ``due``; ``not_ours`` that the duty is said to be another's, or of nobody there; ``nil``
    that there was nothing to tell, which with ``not_ours`` is so only of a period;
    ``leaves`` that who speaks sees to it no more and names nobody who does, ``cries`` that the office is asked to step in,
    ``denies`` that an end is denied (还没办结), ``falls_short`` that no more than a part came to its end, or that it is still to (才完成一半), ``plans`` that it is told what will be done. ``finished`` are, beside a question, the
    tasks of which a clause plainly says that they are finished, () where it names none, None where no clause says so.
    ``or_a_day`` tells that the only number may be the day on which something was done, 7号办好了, which is not sure then.
    """

    intent: Intent
    task: str | None = None
    percent: int | None = None
    due: date | None = None
    of_a_step: bool = False
    shift: str | None = None
    reason: str | None = None
    confident: bool = True
    tasks: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    in_charge: str | None = None
    will_answer: bool = False
    not_ours: bool = False
    nil: bool = False
    leaves: bool = False
    cries: bool = False
    denies: bool = False
    falls_short: bool = False
    plans: bool = False
    finished: tuple[str, ...] | None = None
    or_a_day: bool = False

    def of_what_is_answered(self) -> "Understanding":
        """Return what was said, of the task that it answers: a number that may be a day names none then."""
        return replace(self, task=None, tasks=()) if self.or_a_day else self

    def as_json(self) -> Json:
        """Return the contract's object."""
        return {
            "intent": str(self.intent),
            "task": self.task,
            "percent": self.percent,
            "due": self.due and self.due.isoformat(),
            "shift": self.shift,
            "reason": self.reason,
            "confident": self.confident,
        }


def understand(
    text: str,
    *,
    on: date,
    due: date | None = None,
    coordinator: bool | None = None,
    known: frozenset[str] = frozenset(),
    about: str = "",
) -> Understanding:
    """Understand a message said on the local day ``on`` about a task due on ``due``.

    ``coordinator`` tells whether a coordinator speaks; None admits both vocabularies. ``known`` are the numbers of the tasks that
    who speaks has: a bare one at the head of a clause is that task. ``about`` are the words of the one task that is meant: what may be
    the duty or less is the duty where they name it, and what names one of several things of theirs is not sure. Never raises.
    """
    marked, names, clauses = _hear(text, coordinator=coordinator is not False, on=on, known=known, about=about)
    parts = weighed(clauses)
    if coordinator is None and _decides_nothing(parts):
        marked, names, clauses = _hear(text, coordinator=False, on=on, known=known, about=about)
        parts = weighed(clauses)
    but = left_out(marked, names)
    named, without = (
        tuple(dict.fromkeys(task for one in some for task in one.tasks))
        for some in ([one for one in names if one not in but], but)
    )
    intent, confident, deciding = _meant(marked, named, parts)
    days = [one.or_a_day and intent is Intent.DONE for one in names]
    words = tuple(word for part in clauses if part.says not in _TO_COME for word in part.clause.words)
    confident = confident and not any(days) and not (intent is Intent.DONE and tells_of_less(words, about))
    telling = [part for part in parts if part.says in deciding and part.clause.tasks]
    telling.sort(key=lambda part: intent is Intent.PROGRESS and part.says is Says.FINISHED)
    told_of = [task for task in telling[0].clause.tasks if task in named] if telling else ()
    meant = tuple(told_of) or named
    if intent is Intent.EXTEND and telling and _is_of_what_is_finished(telling[0], parts):
        meant, confident = (), False
    cries = any(part.says is Says.CRIES for part in parts)
    said = Understanding(
        intent,
        task=meant[0] if meant else None,
        confident=confident,
        tasks=named,
        but=tuple(task for task in without if task not in named),
        cries=cries,
        nil=_tells_of_nothing(parts),
        denies=any(_denies_an_end(part) for part in parts),
        falls_short=any(_falls_short(part) for part in parts),
        plans=deciding == {Says.WILL},
        or_a_day=bool(days) and all(days),
    )
    said = _with_details(said, marked.replace(tasks.MARK, "#"), parts, on, due)
    return replace(said, reason=as_written(text, said.reason)) if said.reason else said


def explain(text: str, *, coordinator: bool | None = None) -> list[str]:
    """Return for each clause its words with their senses, its features, and what it says, as a person can read them."""
    _marked, _names, clauses = _hear(text, coordinator=coordinator is not False)
    lines: list[str] = []
    for part in weighed(clauses):
        words = " ".join(f"{word.text.replace(tasks.MARK, '#')}/{word.sense}" for word in part.clause.words)
        told = part.features
        lines.append(
            f"{words}\n  {told.what} · {told.whether} · {told.sure} · {told.whose} · {told.extent} → {part.says}"
        )
    return lines


def _is_of_what_is_finished(asks: Heard, parts: tuple[Heard, ...]) -> bool:
    """Tell whether more time would be asked for a task of which it was just told that it is finished: 3办完了，那个要延到月底."""
    named = any(word.sense is Sense.TASK for word in asks.clause.words)
    return not named and any(part.says is Says.FINISHED and part.clause.tasks == asks.clause.tasks for part in parts)


def _decides_nothing(parts: tuple[Heard, ...]) -> bool:
    """Tell whether what would be a coordinator's decision is none beside how the duty stands: 已通水，验收合格; 不行，没弄成."""
    said = {part.says for part in parts}
    if Says.RETURNS in said and all(of_what_came_back(part.clause) for part in parts if part.says is Says.RETURNS):
        return True  # 不合格2批次, 在返工
    if {Says.RETURNS, Says.TAKES_BACK} <= said:  # 报错了，还没销号呢
        return True
    told_of_it = Says.GRANTS_PERHAPS in said and bool(said & {Says.UNFINISHED, Says.UNDER_WAY})  # 批文批了，正在施工
    verified = Says.VERIFIES in said and bool(said & _REPORTED)
    return verified or told_of_it or {Says.REFUSES_PERHAPS, Says.UNFINISHED} <= said


_REPORTED = {Says.FINISHED, Says.PERHAPS_FINISHED, Says.STEP, Says.PARTLY, Says.OF_OTHERS}


def _tells_of_nothing(parts: tuple[Heard, ...]) -> bool:
    """Tell whether it is told that there was nothing, and of the task itself nothing that stands against that: 不涉及，请改派."""
    nil = [part for part in parts if part.says is Says.NIL or may_tell_of_nothing(part.clause)]
    return bool(nil) and all(part in nil or part.says in _BESIDE_NOTHING for part in parts)


_BESIDE_NOTHING = frozenset(
    {Says.NOTHING, Says.DENIES, Says.SEEN, Says.CHATS, Says.WILL, Says.PROMISES, Says.PROMISES_DAY}
)


def _denies_an_end(part: Heard) -> bool:
    """Tell whether a clause says of an end that it is not reached; 没进展 says so of nothing."""
    return part.says is Says.UNFINISHED and part.features.what in (What.FINISHED, What.HANDED_IN)


def _falls_short(part: Heard) -> bool:
    """Tell whether a clause says of the work, and not of a paper, that a part is left of it or that it is still to be finished."""
    left = part.says in (Says.PARTLY, Says.PROMISES) and bool(part.clause.senses & _LEAVES_SOME)
    to_come = part.says in (Says.PROMISES, Says.PROMISES_DAY) and part.features.what is What.FINISHED
    return (left or to_come or part.says is Says.UNFINISHED) and Sense.PAPER not in part.clause.senses


_LEAVES_SOME = frozenset({Sense.REST, Sense.PART, Sense.SHARE, Sense.HEDGE, Sense.NO})


def _hear(
    text: str, *, coordinator: bool, on: date | None = None, known: frozenset[str] = frozenset(), about: str = ""
) -> tuple[str, tuple[Named, ...], list[Heard]]:
    clean = heard(text)
    names = tasks.find(clean, lexicon(), known)
    marked = tasks.marked(clean, names)
    parts = []
    for cut in clauses_of(marked, names, lexicon()):
        clause = with_its_acts(cut if on is None else with_days_gone(cut, on), about)
        told = features(clause, coordinator=coordinator, about=about)
        parts.append(Heard(clause, told, said_by(told)))
    return marked, names, parts


def _meant(marked: str, named: tuple[str, ...], parts: tuple[Heard, ...]) -> tuple[Intent, bool, frozenset[Says]]:
    """Weigh what the clauses say; what only gives a reason counts where nothing else says anything."""
    bare = marked.strip(" ?!。,.")
    if not bare.strip(tasks.MARK + " "):
        intent = Intent.SHOW if named else Intent.HELP if "?" in marked else Intent.NONE
        return intent, intent is Intent.HELP, frozenset()
    if bare in _RECEIPTS:
        return Intent.ACKNOWLEDGE, True, frozenset()
    telling = [part for part in parts if not part.clause.reason or part.says in _TOLD_IN_A_REASON]
    supposed = next((place for place, part in enumerate(parts) if Sense.CONDITION in part.clause.senses), len(parts))
    telling = [part for part in telling if part.says is not Says.TAKES_BACK or part in parts[:supposed]]
    said = [part.says for part in telling if part.says is not Says.NOTHING]
    return meant_by(said or [part.says for part in parts if part.says is not Says.TAKES_BACK])


_TOLD_IN_A_REASON = (Says.UNFINISHED, Says.WANTS_TIME)
"""What counts wherever it stands: 因设备未到申请延期."""
_RECEIPTS = ("1", "收", "中", "成", "得")
"""What stands alone where a group is asked to answer with 1, or with 收, and where people nod so."""
_LATELY_GONE = 275
"""So many days ahead a day without a year, of which somebody asks, is one that is gone: 完成时间写成6月3日了 on 20 June."""
_TAGS = ("对不对", "对吗", "对么", "是吗", "是不是")
"""What asks no more than whether what was said before is so: 最晚9月5号报，对吗."""
_WITH_SHARE = (Intent.PROGRESS, Intent.NOT_DONE, Intent.DONE, Intent.EXTEND)
_TO_COME = (Says.PROMISES_DAY, Says.WILL, Says.PROMISES, Says.UNDER_WAY, Says.UNFINISHED)
_PROMISING = (Says.PROMISES_DAY, Says.WILL, Says.PROMISES)


def _with_details(
    said: Understanding, text: str, parts: tuple[Heard, ...], on: date, due: date | None
) -> Understanding:
    if said.intent is Intent.UNDO and not said.tasks and percent(text) is not None:  # 打错了 60%: what is right now
        said = replace(said, intent=Intent.PROGRESS)
    share = percent(text) if said.intent in _WITH_SHARE else None
    said = said if share is None else replace(said, percent=share)
    match said.intent:
        case Intent.EXTEND | Intent.GRANT:
            day, shift = details.more_time(text, on, due)
            return replace(said, due=day, shift=shift, reason=details.stated_reason(text) or details.leftover(text))
        case Intent.PROGRESS | Intent.NOT_DONE:
            promising = [part for part in parts if part.says in _PROMISING or _is_left_for_a_day(part)]
            promised = last_day(promising, text, on)
            of_a_step = promised is not None and last_day(without_steps(promising), text, on) is None
            said = replace(said, due=promised, of_a_step=of_a_step)
            foreign = any(part.features.what is What.FOREIGN for part in parts)
            not_ours = foreign and said.intent is Intent.NOT_DONE
            who = given_to(parts)
            return replace(said, reason=details.stated_reason(text), not_ours=not_ours, in_charge=who)
        case Intent.ACKNOWLEDGE:
            return _who_or_when(said, parts, text, on)
        case Intent.QUESTION:
            asking = [part for part in parts if part.says is Says.ASKS and Sense.CONDITION not in part.clause.senses]
            ended = next((part.clause.tasks for part in parts if part.says is Says.FINISHED), None)
            tags = asking and all("".join(word.text for word in part.clause.words) in _TAGS for part in asking)
            day = last_day(asking, text, on) or (last_day(parts, text, on) if tags else None)
            lately = day is not None and (day - on).days > _LATELY_GONE and "年" not in text
            return replace(said, due=None if lately else day, finished=ended)
        case Intent.RETURN | Intent.REFUSE:
            return replace(said, reason=details.rest_after(text, (Sense.RETURN, Sense.DENY, Sense.PERMIT)))
    return said


def _is_left_for_a_day(part: Heard) -> bool:
    """Tell whether what is left is promised for a day: 剩下两户18号前签完."""
    return part.says is Says.PARTLY and part.features.what is What.REST and part.features.sure is Sure.DATED


def _who_or_when(said: Understanding, parts: tuple[Heard, ...], text: str, on: date) -> Understanding:
    """Add to what was seen who sees to it now, or by when it is to be answered."""
    who = given_to(parts)
    answers = [part for part in parts if part.says is Says.WILL_ANSWER]
    finds_out = any(part.features.what is What.FINDS_OUT for part in parts)
    leaves = who is None and any(part.says is Says.LEAVES for part in parts)
    return replace(
        said, in_charge=who, leaves=leaves, will_answer=bool(answers or finds_out), due=last_day(answers, text, on)
    )
