"""5号正在刷漆 in an answer to a round: the task with that number, where the round asks this unit for one, and no day."""

import re

from bot.dialogue.contact import rounds
from bot.dialogue.phrases import Pieces
from bot.dialogue.turn import Turn
from db.ledger import Line
from jobs.rounds.narrowed import codes
from jobs.rounds.standing import open_for, stands

_SAY = Pieces("round_numbers")
_AT_HEADS = _SAY(
    r"(?P<head>(?:^|[，,；;。！!\n])\s*(?:{and_then})*)(?P<number>\d{1,2})号(?P<rest>[^，,；;。！!？?\n]*)"
)
_IS_A_DAY = _SAY(r"\s*(?:$|(?:{of_a_day}|{to_come})|[\d、和及与到至~—-])")
_CODE = re.compile(r"[A-Za-z]{1,2}\d*-(\d{1,2})")


def with_codes(turn: Turn, text: str) -> str:
    """Return a text with the codes of the tasks that it numbers in answer to a round, beside another that it names: A-2七成，5号正在刷漆.

    What is told of a day, 5号开会, stays as it is, and so does a number that is said twice or of a task that is named by its code.
    """
    if turn.chosen is not None:
        return text
    found = [one for one in _AT_HEADS.finditer(text) if not _IS_A_DAY.match(one["rest"])]
    if not found or len(found) + len(codes(text)) < 2:
        return text
    asked = _asked_of(turn, text)
    named = [*codes(text), *(asked.get(one["number"], "") for one in found)]
    meant = [one for one in found if named.count(asked.get(one["number"], "")) == 1 and one["number"] in asked]
    for one in reversed(meant):
        start, end = one.end("head"), one.start("rest")
        text = f"{text[:start]}{asked[one['number']]} {text[end:]}"
    return text


def _asked_of(turn: Turn, text: str) -> dict[str, str]:
    """Return the number of each task that the round asks of this chat's units, with its code; none that two of them have."""
    here = rounds.asked_in(turn)
    units = {unit.id for unit in turn.visitor.units}
    made = [here] if here is not None else open_for(turn.session, list(units)) if codes(text) else []
    lines: list[Line] = [one.line for each in made for one in stands(turn.session, each) if not one.is_let_off]
    theirs = dict.fromkeys(line.code for line in lines if line.unit.id in units)
    numbered = [(found[1], code) for code in theirs if (found := _CODE.fullmatch(code)) is not None]
    numbers = [number for number, _code in numbered]
    return {number: code for number, code in numbered if numbers.count(number) == 1}
