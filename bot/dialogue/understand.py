"""Understanding one chat message by rules that compose, not by a model.

Only a plain statement of completion is ``done``; whatever is negated, hedged, promised, partial or asked is not. In
doubt ``confident`` is False, and the bot asks with buttons. The words stand in ``understanding/lexicon.toml``, what they say
together in the two tables of ``understanding/meaning.py``.
"""

from dataclasses import dataclass, replace
from datetime import date

from bot.dialogue.understanding import details, tasks
from bot.dialogue.understanding.against import finds_fault, is_left, is_signed
from bot.dialogue.understanding.beside_an_end import follows, goes_as_it_should, is_kept_up
from bot.dialogue.understanding.clauses import BESIDE, clauses_of, with_days_gone
from bot.dialogue.understanding.features import features
from bot.dialogue.understanding.hearing import as_written, heard
from bot.dialogue.understanding.left_out import left_out
from bot.dialogue.understanding.lexicon import Sense, lexicon
from bot.dialogue.understanding.meaning import Intent, Says, meant_by, said_by
from bot.dialogue.understanding.nothing_new import may_tell_of_nothing
from bot.dialogue.understanding.passing import is_of_what_is_less
from bot.dialogue.understanding.promised import Heard, given_to, last_day, without_steps
from bot.dialogue.understanding.quantities import percent
from bot.dialogue.understanding.speaking import asks_to_close
from bot.dialogue.understanding.tasks import Named
from bot.dialogue.understanding.things import may_be_one_of_many, names_one_of_several
from bot.dialogue.understanding.what import Extent, Sure, What, Whether, Whose
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
    ``denies`` that an end is denied (还没办结), ``plans`` that it is told what will be done. ``finished`` are, beside a question, the
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
    marked, names, parts = _hear(text, coordinator=coordinator is not False, on=on, known=known, about=about)
    if coordinator is None and _decides_nothing(parts):
        marked, names, parts = _hear(text, coordinator=False, on=on, known=known, about=about)
    but = left_out(marked, names)
    named, without = (
        tuple(dict.fromkeys(task for one in some for task in one.tasks))
        for some in ([one for one in names if one not in but], but)
    )
    intent, confident, deciding = _meant(marked, named, parts)
    days = [one.or_a_day and intent is Intent.DONE for one in names]
    words = tuple(word for part in parts for word in part.clause.words)
    confident = confident and not any(days) and not (intent is Intent.DONE and names_one_of_several(words, about))
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
        plans=deciding == {Says.WILL},
        or_a_day=bool(days) and all(days),
    )
    said = _with_details(said, marked.replace(tasks.MARK, "#"), parts, on, due)
    return replace(said, reason=as_written(text, said.reason)) if said.reason else said


def explain(text: str, *, coordinator: bool | None = None) -> list[str]:
    """Return for each clause its words with their senses, its features, and what it says, as a person can read them."""
    _marked, _names, parts = _hear(text, coordinator=coordinator is not False)
    lines: list[str] = []
    for part in parts:
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
    return (Says.VERIFIES in said and bool(said & _REPORTED)) or {Says.REFUSES_PERHAPS, Says.UNFINISHED} <= said


_REPORTED = {Says.FINISHED, Says.PERHAPS_FINISHED, Says.STEP, Says.PARTLY, Says.OF_OTHERS}


def _tells_of_nothing(parts: tuple[Heard, ...]) -> bool:
    """Tell whether it is told that there was nothing, and of the task itself nothing that stands against that: 不涉及，请改派."""
    nil = [part for part in parts if part.says is Says.NIL or may_tell_of_nothing(part.clause)]
    return bool(nil) and all(part in nil or part.says in _BESIDE_NOTHING for part in parts)


_BESIDE_NOTHING = frozenset({Says.NOTHING, Says.SEEN, Says.CHATS, Says.WILL, Says.PROMISES, Says.PROMISES_DAY})


def _denies_an_end(part: Heard) -> bool:
    """Tell whether a clause says of an end that it is not reached; 没进展 says so of nothing."""
    return part.says is Says.UNFINISHED and part.features.what in (What.FINISHED, What.HANDED_IN)


def _hear(
    text: str, *, coordinator: bool, on: date | None = None, known: frozenset[str] = frozenset(), about: str = ""
) -> tuple[str, tuple[Named, ...], tuple[Heard, ...]]:
    clean = heard(text)
    names = tasks.find(clean, lexicon(), known)
    marked = tasks.marked(clean, names)
    parts = []
    for cut in clauses_of(marked, names, lexicon()):
        clause = cut if on is None else with_days_gone(cut, on)
        told = features(clause, coordinator=coordinator, about=about)
        parts.append(Heard(clause, told, said_by(told)))
    parts = [part for part in parts if not _tells_how(part)] or parts
    parts = [_as_handed_in(part, then) for part, then in zip(parts, (*parts[1:], None), strict=False)]
    if any(part.says is Says.UNFINISHED for part in parts):
        parts = [replace(part, says=Says.SLIPPED) if _remarks_on_a_slip(part) else part for part in parts]
    last = next((part for part in reversed(parts) if part.says is not Says.NOTHING), None)
    if last is not None and _concludes(last):
        parts = [part for part in parts if not _led_up(part)]
    if any(asks_to_close(part.clause) for part in parts):
        parts = [_as_reported(part) for part in parts]
    parts = [_as_of_what_passed(part, parts[:place]) for place, part in enumerate(parts)]
    if any(part.says is Says.FINISHED for part in parts):
        parts = [part for part in parts if not (goes_as_it_should(part) or is_kept_up(part) or follows(part))]
        parts = [part for part in parts if not (is_signed(part.clause) or _says_none_is_left(part, parts))]
        parts = [replace(part, says=Says.SLIPPED) if _speaks_against(part) else part for part in parts]
    return marked, names, tuple(parts)


def _remarks_on_a_slip(part: Heard) -> bool:
    """Tell whether a slip of the office is only told: 没弄完，你们写错了; 是不是写错了 asks."""
    return part.features.what is What.SLIPPED and not part.clause.senses & {Sense.ASK, Sense.MAY}


def _tells_how(part: Heard) -> bool:
    """Tell whether a clause says no more than how it came about: 经全力整治，…."""
    return part.clause.words[0].text in ("经", "经过") and part.clause.mark == "," and not part.clause.senses & _ENDS


def _as_handed_in(part: Heard, then: Heard | None) -> Heard:
    """Return a clause that tells of a paper as said of the whole duty, where it was handed in, too: 表已填好并上报."""
    if then is None or part.says is not Says.PERHAPS_FINISHED or Sense.PAPER not in part.clause.senses:
        return part
    handed = then.clause.words[0].text in ("并", "并且") and then.clause.senses <= _OF_HANDING_IN
    return replace(part, says=Says.FINISHED) if handed and Sense.HAND in then.clause.senses else part


_OF_HANDING_IN = BESIDE | {Sense.HAND, Sense.PAST, Sense.POLITE}


def _as_reported(part: Heard) -> Heard:
    """Return a clause as said of the whole duty, where the office is asked to close it and only what it is about is unknown."""
    told, has = part.features, part.clause.senses
    if part.says is not Says.PERHAPS_FINISHED or told.whose is not Whose.OWN or not has & _ENDS:
        return part
    if part.clause.in_doubt or has & _OF_PARTS or not has & _OF_THE_DUTY or may_be_one_of_many(part.clause.words):
        return part
    whole = replace(told, extent=Extent.WHOLE)
    return Heard(part.clause, whole, said_by(whole))


def _as_of_what_passed(part: Heard, before: list[Heard]) -> Heard:
    """Return a clause that says only that something passed as said of what was told before: 隔壁镇已通水，验收合格."""
    told = [(one.clause, one.features) for one in before if one.says is not Says.FINISHED]
    less = part.says is Says.FINISHED and is_of_what_is_less(part.clause, told)
    return replace(part, says=Says.PERHAPS_FINISHED) if less else part


def _says_none_is_left(part: Heard, parts: list[Heard]) -> bool:
    """Tell whether a clause says of the same task beside an end that there is no more of it: 已整改完，没有此类情况了."""
    ended = any(one.says is Says.FINISHED and one.clause.tasks == part.clause.tasks for one in parts)
    return part.says is Says.NOT_OURS and ended and may_tell_of_nothing(part.clause)


def _concludes(part: Heard) -> bool:
    """Tell whether a clause says no more than that all of it is finished: 全部完成了, 任务完成."""
    all_of_it = part.says is Says.FINISHED and part.clause.senses <= _ALL_OF_IT
    at_last = any(word.text in ("总算", "终于") for word in part.clause.words)
    return all_of_it and (at_last or bool(part.clause.senses & _NAMING_IT))


def _led_up(part: Heard) -> bool:
    """Tell whether a clause tells of the last bit that was done, before all of it is said to be: 把剩下的两户也签了, 刚收尾, 企业已关停."""
    counts = sum(word.sense is Sense.COUNT for word in part.clause.words)
    has, words = part.clause.senses, {word.text for word in part.clause.words}
    past = Sense.PAST in has and part.features.whether is Whether.SO and not part.clause.quoted
    past = past and not has & _NOT_YET and not words & {"再", "吧"}
    bit = part.says is Says.PARTLY and bool(words & _LAST_BITS) and "只" not in words and counts < 2  # 剩下两户已签一户
    end = part.says is Says.UNDER_WAY and bool(words & {"收尾", "扫尾"})
    busy = words & _BUSY and not has & {*_NOT_YET, Sense.NOW} and bool(has & {Sense.PAST, Sense.LENGTH})
    if (part.says is Says.UNDER_WAY and busy) or (
        part.says is Says.UNFINISHED and words & _LATE and not has & _NOT_YET
    ):
        return True  # 忙了一个月，总算全部办结
    theirs = part.says is Says.OF_OTHERS and part.features.sure is Sure.STATED and not counts
    return past and (bit or end or theirs)


_ALL_OF_IT = frozenset({Sense.WHOLE, Sense.DUTY, Sense.FINISH, Sense.PAST, Sense.FILLER, Sense.RESULT, Sense.SETTLE})
_NAMING_IT = frozenset({Sense.WHOLE, Sense.DUTY})
_NOT_YET = frozenset(
    {Sense.PLAN, Sense.DUTY_BOUND, Sense.CONDITION, Sense.WISH, Sense.FUTURE, Sense.LATER, Sense.DAY, Sense.BEG}
)
"""What says that a bit is still to be done, though 了 stands behind it: 下周把剩下的两户签了; a day may be to come."""
_LATE = frozenset({"拖了", "耽误", "耽搁", "延误", "拖延"})
_BUSY = frozenset({"忙", "赶", "赶工", "抢工", "攻坚", "冲刺"})
_LAST_BITS = frozenset({"剩下", "剩余", "余下", "其余"})


_ENDS = frozenset({Sense.PAST, Sense.RESULT, Sense.FINISH})
_OF_PARTS = frozenset({Sense.COUNT, Sense.PAPER, Sense.PART})
_OF_THE_DUTY = frozenset({Sense.SETTLE, Sense.FINISH})
"""What asking to close leaves in doubt, 5处已整改完 and 表填好了, and what else it needs: 基坑挖好了 may be a step."""


def _speaks_against(part: Heard) -> bool:
    """Tell whether a clause that says nothing of its own says something against an end beside it: 又坏了, 市里不认可."""
    words = part.clause.words
    again = Sense.PAST in part.clause.senses and any(word.text == "又" for word in words)
    again = again and not any(
        word.text.endswith(("核", "查", "看", "核对", "一遍", "一次")) for word in words
    )  # 又核了一遍
    against = (again and Sense.PAPER not in part.clause.senses) or Sense.RETURN in part.clause.senses
    found = finds_fault(part.clause)
    return part.says is Says.NOTHING and (against or found or is_left(part.clause))


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
_RECEIPTS = ("1", "收")
"""What stands alone where a group is asked to answer with 1, or with 收."""
_LATELY_GONE = 275
"""So many days ahead a day without a year, of which somebody asks, is one that is gone: 完成时间写成6月3日了 on 20 June."""
_WITH_SHARE = (Intent.PROGRESS, Intent.NOT_DONE, Intent.DONE, Intent.EXTEND)
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
            promising = [part for part in parts if part.says in _PROMISING]
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
            day = last_day(asking, text, on)
            lately = day is not None and (day - on).days > _LATELY_GONE and "年" not in text
            return replace(said, due=None if lately else day, finished=ended)
        case Intent.RETURN | Intent.REFUSE:
            return replace(said, reason=details.rest_after(text, (Sense.RETURN, Sense.DENY, Sense.PERMIT)))
    return said


def _who_or_when(said: Understanding, parts: tuple[Heard, ...], text: str, on: date) -> Understanding:
    """Add to what was seen who sees to it now, or by when it is to be answered."""
    who = given_to(parts)
    answers = [part for part in parts if part.says is Says.WILL_ANSWER]
    finds_out = any(part.features.what is What.FINDS_OUT for part in parts)
    leaves = who is None and any(part.says is Says.LEAVES for part in parts)
    return replace(
        said, in_charge=who, leaves=leaves, will_answer=bool(answers or finds_out), due=last_day(answers, text, on)
    )
