"""What passed: 验收合格 alone is told of what was told before it, of whose it is, and of how much of it."""

import re
from collections.abc import Sequence

from bot.dialogue.understanding.clauses import BESIDE, Clause
from bot.dialogue.understanding.features import Features
from bot.dialogue.understanding.lexicon import Sense, Word
from bot.dialogue.understanding.things import is_one_thing
from bot.dialogue.understanding.what import Sure, What, Whether, Whose

_PASSED = ("合格", "正常", "通过验收")
"""Ends of verbs that tell of what was done before, and not what it was."""
_VERBS = frozenset({Sense.SETTLE, Sense.FINISH})
_ALONE = BESIDE | _VERBS | {Sense.PAST, Sense.POLITE, Sense.NOW}
_TELLING = (What.FINISHED, What.HANDED_IN, What.TAKEN, What.UNDER_WAY, What.TO_DO)
_OF_A_THING = BESIDE | _VERBS | {Sense.PAST, Sense.WHOLE, Sense.RESULT, Sense.DUTY, Sense.OBJECT}
_NAMES = (Sense.UNKNOWN, Sense.PLAIN, Sense.OBJECT)
_LOOKED = re.compile("[看来]|签[字名]")
"""What those who pass it do: 县里来看过, 监理已签字."""
_OF_WHO_LOOKS = BESIDE | {Sense.THEIRS, Sense.UNKNOWN, Sense.PAST, Sense.SHOW, Sense.STEP}
_IN_DOUBT = frozenset({Sense.NO, Sense.HEDGE, Sense.PLAN, Sense.CONDITION, Sense.ASK, Sense.HEARSAY})
_GOES = ("通电",)
"""Steps that are the end of a work as often, once it passed: 船闸已通电，检测合格."""


def is_of_what_is_less(clause: Clause, before: Sequence[tuple[Clause, Features]]) -> bool:
    """Tell whether an end is no more than that of what was told ``before`` it, which was not the whole duty: 隔壁镇已通水，验收合格."""
    of_others = any(_names_others(one) for one, _told in before[-1:])
    return of_others or (_only_passed(clause) and any(_may_be_less(one, told) for one, told in before))


def _names_others(clause: Clause) -> bool:
    """Tell whether a clause only says whose the next one is: 别的局的，已改完."""
    return Sense.THEIRS in clause.senses <= BESIDE | {Sense.THEIRS} and clause.words[-1].text == "的"


def _only_passed(clause: Clause) -> bool:
    """Tell whether a clause says no more than that something passed, or is as it should be again: 验收合格, 恢复正常."""
    verbs = [word for word in clause.words if word.sense in _VERBS]
    return bool(verbs) and clause.senses <= _ALONE and all(word.text.endswith(_PASSED) for word in verbs)


def _may_be_less(clause: Clause, told: Features) -> bool:
    """Tell whether a clause speaks of what may be less than the duty, or another's, so that what passed is no more than that:
    隔壁镇已通水, 样板段已完工, 3号泵已修好.
    """
    if told.whose is not Whose.OWN:
        looked = any(_LOOKED.search(word.text) for word in clause.words)
        return not (looked and clause.senses <= _OF_WHO_LOOKS)
    if told.what not in _TELLING:
        return bool(clause.senses & _IN_DOUBT)
    plain = told.whether is Whether.SO and told.sure is Sure.STATED
    return not plain or not all(_may_be_all_of_it(word) for word in clause.words)


def _may_be_all_of_it(word: Word) -> bool:
    if word.sense in _NAMES:
        return is_one_thing(word.text)
    return word.sense in _OF_A_THING or word.text in _GOES
