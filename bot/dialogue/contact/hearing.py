"""What a contact says is understood and acted on; what it brings is kept first."""

from bot.dialogue import by_words, courtesy, duties
from bot.dialogue.contact import (
    after_closing,
    calls,
    calls_again,
    crossed,
    evidence,
    found,
    handed_in,
    meant_another,
    more_time,
    objections,
    of_rounds,
    own_score,
    putting_right,
    reviews,
    saying,
    several,
    standing,
    unfinished,
    while_asked,
    withdrawing,
)
from bot.dialogue.targets import Target, of_contact, of_own_unit
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding

NOTHING = Target((), False)
"""What a list is asked of: no assignment needs to be found for it."""


def hear(turn: Turn, text: str) -> None:
    """Understand a contact's message and act on it; what it brings is kept first."""
    if (
        (text and calls_again.heard(turn, text))
        or calls.answered(turn, text)
        or (text and objections.objected(turn, text))
    ):
        return
    again = while_asked.put_right(turn, text) if text else None
    if again == "":
        return
    text = again or text
    rest = withdrawing.heard(turn, text) if text else None
    if rest is not None:
        text = rest
        if not (text or turn.files):
            return
    if text and reviews.in_words(turn, text):
        return
    if text:
        text = of_rounds.left_to_hear(turn, text)
        if not text or duties.in_unit(turn, text) or own_score.asked(turn, text):
            return
    if found.told(turn, text) or (text and not turn.files and handed_in.of_some_tasks_alone(turn, text)):
        return
    unit, text = of_own_unit(turn, text)
    said = of_rounds.understood(turn, _unnamed(turn, text))
    if turn.incoming.reply_to or turn.incoming.quoted:
        said = said.of_what_is_answered()
    references = said.tasks or ((said.task,) if said.task else ())
    if turn.files and not references and duties.sheet_of_unit(turn):
        return
    if turn.chosen is not None:
        target = Target((turn.chosen,), True)
    else:
        units = [unit] if unit is not None else None
        target = NOTHING if said.intent is Intent.LIST and not turn.files else of_contact(turn, references, units)
    target = evidence.of_those_just_sent(turn, target, text)
    if not references and (
        calls.goes_on_on_duty(turn, said, text, target) or calls.answered_unplaced(turn, said, text, target)
    ):
        return
    if courtesy.answered(turn, text, chats=said.intent is Intent.NONE and not text.startswith("/")):
        return
    if text and _is_of_what_was_told(turn, said, target, text):
        return
    if turn.files:
        handed_in.hear(turn, said, target, text)
    elif text:
        saying.act(turn, said, more_time.of_dated(said, target), text)
    else:
        saying.not_understood(turn, target, text)


def _is_of_what_was_told(turn: Turn, said: Understanding, target: Target, text: str) -> bool:
    """Hear what is about this person's own last words, or a request or report of the unit; tell whether it was that."""
    return (
        after_closing.denied(turn, said, target, text)
        or meant_another.heard(turn, text)
        or putting_right.heard(turn, said, target, text)
        or unfinished.of_a_colleagues_report(turn, said, target, text)
        or crossed.heard(turn, said, target, text)
        or unfinished.of_own_report(turn, said, target, text)
        or more_time.corrected(turn, target, text)
        or more_time.let_go(turn, target, text)
        or standing.answered(turn, said, target, text)
        or standing.complained(turn, target, text)
        or standing.reported_anew(turn, target, text)
        or standing.supplied(turn, said, target, text)
    )


def _unnamed(turn: Turn, text: str) -> str:
    """Return a text without the name by which it calls the task that was chosen."""
    return text if turn.chosen is None else by_words.unnamed(several.without_first(text), turn.chosen)
