"""What is plainly said: words that undo or decide count only where nothing asks, sets a condition, tells of others or denies them."""

import re

from bot.dialogue.understanding import tasks
from bot.dialogue.understanding.clauses import Clause, clauses_of
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import Sense, lexicon

_OPEN = frozenset({Sense.ASK, Sense.MAY, Sense.WHICH})
"""With these anywhere a message asks."""
_OF_ELSE = frozenset({Sense.THEIRS, Sense.HEARSAY, Sense.ALL})
"""With these a clause tells what others did or said."""
_DENIES = ("别", "不要", "请勿", "勿", "切勿")


def plainly(text: str, words: re.Pattern[str]) -> list[Clause]:
    """Return the clauses in which ``words`` stand plainly; none of a message that asks, none from a condition on, and none that
    tells of what was done before.

    What the words themselves deny, 不延了, is theirs; a denial before or behind them in the clause is of them: 没有撤回, 取消不了.
    """
    clean = heard(text)
    named = tasks.find(clean, lexicon())
    marked = tasks.marked(clean, named)
    cut = list(clauses_of(marked, named, lexicon()))
    if any(clause.senses & _OPEN for clause in cut):
        return []
    supposed = next((place for place, clause in enumerate(cut) if Sense.CONDITION in clause.senses), len(cut))
    cut = [clause for clause in cut[:supposed] if not {Sense.EARLIER, Sense.PAST} <= clause.senses]
    return [
        clause for clause in cut if not (clause.senses & _OF_ELSE or clause.quoted) and _stand(clause, marked, words)
    ]


def _stand(clause: Clause, marked: str, words: re.Pattern[str]) -> bool:
    found = words.search(marked[clause.start : clause.end])
    if found is None:
        return False
    first, last = clause.start + found.start(), clause.start + found.end()
    beside = [word for word in clause.words if word.end <= first or word.start >= last]
    return not any(word.sense is Sense.NO or word.text in _DENIES for word in beside)
