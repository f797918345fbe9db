"""From a clause's words to its features: what · whether · how sure · whose · how much."""

from dataclasses import dataclass

from bot.dialogue.understanding.clauses import Clause, says_which, word_before
from bot.dialogue.understanding.extents import extent_of
from bot.dialogue.understanding.lexicon import Sense, Word, of_kind
from bot.dialogue.understanding.speaking import what_of
from bot.dialogue.understanding.sureness import sure_of
from bot.dialogue.understanding.what import Extent, Sure, What, Whether, Whose


@dataclass(frozen=True, slots=True)
class Features:
    """The five features of a clause."""

    what: What
    whether: Whether = Whether.SO
    sure: Sure = Sure.STATED
    whose: Whose = Whose.OWN
    extent: Extent = Extent.WHOLE


def features(clause: Clause, *, coordinator: bool, about: str = "") -> Features:
    """Return a clause's features; ``coordinator`` admits what only coordinators decide, ``about`` are the words of the task it is said of."""
    what, at = what_of(clause, coordinator=coordinator)
    return Features(
        what,
        _whether(clause, what, at),
        sure_of(clause, what, at),
        _whose(clause, what, at),
        extent_of(clause, what, at, about),
    )


def _whether(clause: Clause, what: What, at: int) -> Whether:
    if not _has_a_no(clause.words, at) or (what is What.MORE_TIME and not _denied(clause.words, at)):
        return Whether.SO
    return Whether.NOT if what is not What.NOTHING or len(clause.words) <= 3 else Whether.SO


def _has_a_no(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether anything is denied but what only says which trouble is over: 消防栓没水的事解决了, 路灯不亮那个修好了."""
    chief = words[at].sense
    of = next((n for n in range(at - 1, 0, -1) if _says_which_trouble(words, n)), 0)
    no = next((n for n, word in enumerate(words[:of]) if word.sense is Sense.NO), 0)
    if not no or words[no - 1].sense not in (Sense.UNKNOWN, Sense.OBJECT):
        of = 0
    told = words[of:] if chief in (Sense.SETTLE, Sense.FINISH, Sense.RESULT) else words
    return any(word.sense is Sense.NO for word in told)


def _says_which_trouble(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether what stands before a place only says which duty is meant: (没水)的事, (不亮)那个."""
    of = words[place].text == "的" and words[place + 1].sense is Sense.DUTY
    return of or (words[place].sense is Sense.DUTY and words[place].text[0] in "那这")


_ALLOWED = ("行", "可", "成", "可以")
"""What makes a must of a denial, denied: 不延期不行."""


def _denied(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether more time is what is said not to be: 不延期, but 没完成延期, and no reason behind a blank: 延三天 设备没到."""
    if (
        words[-1].text in _ALLOWED
        and words[-2].sense is Sense.NO
        and any(word.sense is Sense.NO for word in words[:-2])
    ):
        return False
    gap = next((place for place in range(at + 1, len(words)) if words[place].start > words[place - 1].end), len(words))
    return any(
        word.sense is Sense.NO and not _is_completed(words[place + 1 :]) for place, word in enumerate(words[:gap])
    )


def _is_completed(words: tuple[Word, ...]) -> bool:
    """Tell whether words begin with a completion, to which a no before them belongs: (没)完成, (没)办完, but (没)办延期."""
    senses = [word.sense for word in words[:2]]
    return senses[:1] == [Sense.FINISH] or senses == [Sense.SETTLE, Sense.RESULT]


def _whose(clause: Clause, what: What, at: int) -> Whose:
    has = clause.senses
    if what is What.SEEN:
        return Whose.OTHERS if _others_see(clause.words, at) else Whose.OWN
    if Sense.OURS in has:
        return Whose.OWN
    others = [place for place, word in enumerate(clause.words[: at + 1]) if word.sense is Sense.THEIRS]
    acting = [place for place in others if not _is_given(clause.words, place)]
    if any(
        not (_is_attribute_of_a_duty(clause.words, place) or _is_done_to_them(clause.words, place, at))
        for place in acting
    ):
        return Whose.OTHERS
    acting = [place for place in acting if not _is_about_them(clause.words, place)]
    return Whose.NAMED if Sense.UNIT in has or acting else Whose.OWN


def _others_see(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether others are those who see: 他们收到了; but 你们的通知收到了, 贵办发来的函收到了."""
    before = [word for word in words[:at] if word.sense is not Sense.PAST]
    return any(word.sense is Sense.THEIRS for word in before) and all(word.text != "的" for word in before)


def _is_given(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether those who are named are given something, and do nothing: 给你们送过去了."""
    return place > 0 and words[place - 1].text[-1] in "给向往放到在交送"


def _is_done_to_them(words: tuple[Word, ...], place: int, at: int) -> bool:
    """Tell whether those who are named may be those to whom it was done: 居民已转移安置, 企业已关停."""
    chief = words[at - 1 if words[at].sense is Sense.RESULT and at else at].text
    return words[place].text in of_kind("institutions") and (chief in of_kind("done_to") or chief in _MOVED)


_MOVED = ("转移", "安置")
"""What is done to people alone."""


def _is_attribute_of_a_duty(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether those who are named only say of whom the duty is: 企业欠薪已全部发放, 全部5家企业已完成整改."""
    if (
        word_before(words, place)
        and words[place - 1].sense in (Sense.COUNT, Sense.WHOLE)
        and any(word.sense is Sense.WHOLE for word in words)
    ):
        return True
    return _is_about_them(words, place) or (place + 1 < len(words) and words[place + 1].sense is Sense.DUTY)


_NOT_HERE = ("他们", "她们", "人家", "对方", "隔壁", "兄弟", "周边", "邻", "那边", "那头")
"""Others of whom it is told what became of their own things: 他们的闸门修好了; but 他们反映的问题已解决."""
_WHERE = ("村里", "镇里", "乡里", "社区", "街道", "区里")
"""Others by name that are as often where something stands."""


def _is_about_them(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether it is their thing that is settled, or what they spoke of: 企业排污口已封堵, 居民反映的问题已解决."""
    rest = words[place + 1 :]
    if words[place].text.startswith(_NOT_HERE) and not (rest and says_which(rest[0])):
        return False
    if words[place].text in of_kind("institutions") and rest[:1] and rest[0].sense is Sense.UNKNOWN:  # 企业电气线路
        rest = rest[1:] if rest[1:] and rest[1].sense is Sense.OBJECT else rest
    all_told = any(word.sense is Sense.WHOLE for word in rest)
    counted_all = all_told and any(word.sense is Sense.COUNT for word in words)
    if words[place].text in of_kind("institutions") and [word.text for word in rest[:1]] == ["的"] and counted_all:
        return True  # 学校的48个灭火器全部更换
    if words[place].text in _WHERE and [word.text for word in rest[:1]] in (["那"], ["这"]):
        rest = rest[1:] if rest[1:] and rest[1].sense is not Sense.UNKNOWN else rest[2:]  # 村里那座危桥
    if words[place].text in _WHERE and all_told and rest[0].sense is Sense.WORK:  # 村里换届全部结束
        return True
    after = rest[0] if rest else None
    counted = word_before(words, place) and words[place - 1].sense is Sense.COUNT
    if counted and any(word.sense is Sense.WHOLE for word in words):
        return True
    if place and words[place - 1].sense is Sense.WHOLE and any(word.sense is Sense.WORK for word in words[place:]):
        return True  # 所有企业都检查完了
    return after is not None and (after.sense is Sense.OBJECT or says_which(after))
