"""Who sees to a duty: another office, somebody inside the unit, or who speaks, once they have asked around."""

import re
from itertools import pairwise

from bot.dialogue.understanding.clauses import BESIDE, Clause, word_before
from bot.dialogue.understanding.lexicon import Sense, Word, of_kind
from bot.dialogue.understanding.what import What


def of_who_sees_to_it(clause: Clause) -> tuple[What, int] | None:
    """Return whether a clause says who inside the unit sees to it, or that somebody asks around first, or will answer."""
    has, words = clause.senses, clause.words
    urged = _asked_to_urge(words)
    if urged is not None:
        return What.CRIES, urged
    if Sense.CHARGE in has and any(word.text == "值班" for word in words):
        return What.CHAT, clause.first(Sense.CHARGE)
    if Sense.CHARGE in has and any(word.text in of_kind("below") for word in words):
        return What.TAKEN, clause.first(Sense.CHARGE)
    if Sense.CHARGE in has and has & {Sense.UNIT, Sense.THEIRS}:
        return What.FOREIGN, clause.first(Sense.CHARGE)
    if has & {Sense.UNIT, Sense.THEIRS} and _is_said_to_be_theirs(words):
        return What.FOREIGN, 0
    handed = next((place for place, word in enumerate(words) if word.text in _HANDED), None)
    if (
        handed is not None
        and Sense.UNIT in has
        and has <= _HANDED_ON
        and not any(word.text in _CASES for word in words)
    ):
        return What.FOREIGN, handed
    if has & {Sense.FINISH, Sense.PAPER}:
        return None
    if Sense.CHARGE in has and _is_a_thing_changed(words, clause.first(Sense.CHARGE)):
        past = bool(has & {Sense.PAST, Sense.WHOLE})
        return (What.FINISHED if past else What.TO_DO), clause.first(Sense.CHARGE)
    if Sense.CHARGE in has:
        return What.IN_CHARGE, clause.first(Sense.CHARGE)
    if Sense.PERSON in has:
        place = clause.first(Sense.PERSON)
        before = word_before(words, place)
        if (
            before in _GIVES
            or before[-1:] in ("找", "归")
            or any(word.text in _TAKES for word in words[place + 1 : place + 3])
        ):
            return What.IN_CHARGE, place
    section = section_given(words) if Sense.UNIT not in has else None
    if section is not None:
        return What.IN_CHARGE, section[0]
    if Sense.INQUIRE in has and Sense.PAST in has:
        return What.TAKEN, clause.first(Sense.INQUIRE)
    if Sense.REPLY in has and word_before(words, clause.first(Sense.REPLY))[:1] in ("已", "刚"):  # 信访件已答复
        over = any(word.text in of_kind("answered") for word in words)
        return What.HANDED_IN if over else What.TAKEN, clause.first(Sense.REPLY)
    if is_answered(words):
        return What.HANDED_IN, clause.first(Sense.HEARSAY)
    if Sense.REPLY in has:
        return What.ANSWERS, clause.first(Sense.REPLY)
    if words[-1].text in ("回复", "反馈") and has & {Sense.FUTURE, Sense.NOW, Sense.LATER, Sense.PLAN, Sense.DAY}:
        return What.ANSWERS, len(words) - 1
    return (What.FINDS_OUT, clause.first(Sense.INQUIRE)) if Sense.INQUIRE in has else None


def _is_a_thing_changed(words: tuple[Word, ...], place: int) -> bool:
    """Tell whether it is a thing that was changed for another, and nobody for somebody else: 井盖都换成防坠落的了, 课件换成今年的了."""
    things = any(word.sense is Sense.OBJECT for word in words[:place])
    of_a_kind = any(word.text == "的" for word in words[place:]) and all(
        word.sense is not Sense.PERSON for word in words[place:]
    )
    return words[place].text == "换成" and (things or of_a_kind)


_BEGS = ("请", "麻烦", "帮", "劳烦", "烦请", "拜托", "劳驾", "你们", "您", "望", "求", "恳")
_URGED = frozenset({Sense.THEIRS, Sense.UNIT, Sense.PERSON, Sense.UNKNOWN, Sense.PLAIN, Sense.LEADER})


def _asked_to_urge(words: tuple[Word, ...]) -> int | None:
    """Return where the office is asked to urge somebody else, for whom it would have to step in: 麻烦催一下他们, 帮我们催催教育局."""
    at = next((place for place, word in enumerate(words) if word.text[0] == "催" and word.sense in _URGING), None)
    if at is None or any(word.sense in (Sense.PAST, Sense.NO) for word in words):
        return None
    begs = any(word.text.startswith(_BEGS) for word in words[:at])
    behind = words[at + 1 :]
    whom = words[at].text.endswith("他们") or any(word.sense in _URGED for word in behind)
    return at if begs and whom and all(word.sense is not Sense.OURS for word in behind[:2]) else None


_URGING = frozenset({Sense.WISH, Sense.URGE, Sense.INQUIRE})


def is_answered(words: tuple[Word, ...]) -> bool:
    """Tell whether 回复 is told of what is over once it is answered: 信访件已回复."""
    answers = any(then.text == "回复" and one.text[:1] in ("已", "刚") for one, then in pairwise(words))
    return answers and any(word.text in of_kind("answered") for word in words)


def _is_said_to_be_theirs(words: tuple[Word, ...]) -> bool:
    """Tell whether a duty is said to be somebody's: 这个归市场局管, 这是他们的活."""
    texts = [word.text for word in words]
    leads = any(
        word.sense is Sense.UNIT and {"牵头", "负责", "主管", "主责"} & {*texts[place + 1 : place + 3]}
        for place, word in enumerate(words)
        if place and word_before(words, place)[-1] in "是该由应"
    )
    owned = any(
        then.sense in (Sense.UNIT, Sense.THEIRS)
        and word.text[-1] in "是该归"
        and [after.text for after in words[place + 2 : place + 3]] == ["的"]
        and all(after.sense in (Sense.DUTY, Sense.FILLER) for after in words[place + 3 :])
        for place, (word, then) in enumerate(pairwise(words))
    )
    ends = words[-1].sense is Sense.UNIT and word_before(words, len(words) - 1)[-1:] == "是"
    if leads or owned or (ends and _LEADING & {*texts}):
        return True
    ought = any(one.text.endswith(("归", "该", "由")) and then.sense is Sense.UNIT for one, then in pairwise(words))
    return (ought or any(text.endswith("归") for text in texts)) and bool(_SEEING_TO & {*texts})


_LEADING = frozenset({"主要", "牵头", "主责", "牵头单位", "责任单位", "主管部门", "负责"})
_SEEING_TO = frozenset({"管", "负责", "办", "办理", "处理", "牵头", "干", "弄", "做", "搞", "整改"})
"""What is said with the name of an office whose duty it is: 主要是应急厅, 这活该水利局干."""


_HANDED = ("移交", "移送", "已转", "转", "转办", "转交", "流转", "转到")
_HANDED_ON = BESIDE | {Sense.URGE, Sense.STEP, Sense.UNIT, Sense.PAST, Sense.DUTY, Sense.SETTLE, Sense.WHOLE}
_CASES = ("线索", "案件", "问题", "隐患", "投诉", "工单", "信访件")
"""What is handed to another office as a step of the work: 线索已移交公安局; the work itself is handed on: 已移交市交通局."""


def section_given(words: tuple[Word, ...]) -> tuple[int, str] | None:
    """Return where a duty is given to a section of the unit itself, and the section's name: 转应急科办理, 交给办公室处理."""
    given = next((place for place, word in enumerate(words) if word.text in _GIVES_TO), None)
    if given is None:
        return None
    match = _SECTION.match("".join(word.text for word in words[given + 1 :]))
    return (given, match[1]) if match is not None else None


_GIVES_TO = ("转", "已转", "转交", "交给", "转办", "流转", "转到", "交")
_SECTION = re.compile(
    "((?:[一-龥]{1,5}?(?:科室?|股|组)|[一-龥]{0,3}办公室|[一-龥]{2}办))(?:去|来)?(?:办理|办|处理|负责|落实|跟进|跟|牵头|对接|盯|了|$)"
)


_GIVES = ("交给", "转", "已转", "转交", "安排", "派", "换", "找", "让", "归", "后归")
_TAKES = ("负责", "牵头", "对接", "跟进", "跟", "办理", "联系", "落实", "处理", "盯", "盯着")
"""What is said before, and after, the name of who sees to it from now on."""
