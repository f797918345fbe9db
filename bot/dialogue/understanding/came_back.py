"""What did not pass and is done again, told by whoever sees to it: 不合格2批次, 在返工, 退回整改3家 are how the work goes and no verdict."""

from bot.dialogue.understanding.clauses import Clause, word_before
from bot.dialogue.understanding.lexicon import Sense
from bot.dialogue.understanding.what import What

_AGAIN = ("返工", "重新整改", "重新办理", "重新提供")
_GOING = ("在", "正在", "正", "还在", "仍在")


def of_what_came_back(clause: Clause) -> tuple[What, int] | None:
    """Return what a clause tells of what did not pass: how many they are, or that it is being done again."""
    if Sense.RETURN not in clause.senses:
        return None
    place = clause.first(Sense.RETURN)
    then = clause.words[place + 1].text if place + 1 < len(clause.words) else ""
    if clause.words[place].text in _AGAIN and (
        word_before(clause.words, place) in _GOING or then in ("中", "着", "呢")
    ):
        return What.UNDER_WAY, place
    return (What.REST, place) if tells_how_many(clause) else None


def tells_how_many(clause: Clause) -> bool:
    """Tell whether it is told how many did not pass, and of no task: 不合格2批次; 退回两项 may be a verdict on two tasks."""
    if Sense.RETURN not in clause.senses or Sense.TASK in clause.senses:
        return False
    return any(word.sense is Sense.COUNT and word.text[-1] not in "项个条" for word in clause.words)
