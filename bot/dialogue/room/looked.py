"""What coordinators say who looked at what was reported: that they looked, 昨天去现场看了, and that it is so, 情况属实."""

import re
from collections.abc import Iterable

from bot.dialogue.phrases import Pieces
from bot.dialogue.understanding import tasks
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import lexicon

_SAY = Pieces("looked")
_ONLY_LOOKED = _SAY("(?=.*{looks}){looks+around+things}*+")
_FOUND = _SAY("(?P<around>{looks+around+reported}*+)(?:(?P<so>{so})|没有?(?:什么|任何)?问题)[的了]*+")
_POLITE = re.compile("好的?|辛苦.{0,3}|谢谢.{0,3}")


def clauses(text: str) -> list[str]:
    """Return the clauses of what is said without the codes and numbers of the tasks that it names."""
    clean = heard(text)
    for one in reversed(list(tasks.find(clean, lexicon()))):
        clean = f"{clean[: one.start]} {clean[one.end :]}"
    return [clause for clause in re.split(r"[，,。；;！!：:\s〔〕\[\]]+", clean) if clause]


def only_looked(clause: str) -> bool:
    """Tell whether a clause says that somebody looked, and nothing of what they saw: 我们昨天去现场看过了."""
    return _ONLY_LOOKED.fullmatch(clause) is not None


def is_so(said: Iterable[str]) -> bool:
    """Tell whether clauses say of what was reported that it is so, and nothing else but that somebody looked.

    群众投诉属实 is said of something else, 部分属实 with a reservation, and 台账没问题，灭火器过期了 of a part of it.
    没问题 says it only where somebody looked.
    """
    found = looked = False
    for clause in said:
        one = _FOUND.fullmatch(clause)
        if one is not None:
            found = True
            looked = looked or one["so"] is not None or only_looked(one["around"])
        elif only_looked(clause):
            looked = True
        elif _POLITE.fullmatch(clause) is None:
            return False
    return found and looked
