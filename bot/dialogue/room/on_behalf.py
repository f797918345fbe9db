"""代录 in the room: what a unit said by telephone is written down for it, and marked so."""

from bot.dialogue import access
from bot.dialogue.contact import answers, rounds
from bot.dialogue.parts import for_each, several
from bot.dialogue.room.decisions import one_of
from bot.dialogue.targets import of_coordinator, split, without_unit
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, understand
from db.ledger import Which, acts, problems
from db.ledger.acts import Act, TooLate
from db.words import LIVING, OPEN_STATES, Action
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS
from jobs.problems.said import measure
from jobs.verification import levels

_ON_BEHALF = {
    Intent.ACKNOWLEDGE: Action.ACKNOWLEDGE,
    Intent.DONE: Action.REPORT,
    Intent.PROGRESS: Action.PROGRESS,
    Intent.NOT_DONE: Action.PROGRESS,
}


def record_for_unit(turn: Turn, rest: str) -> None:
    """代录: write down what a unit said by telephone, of each task at the head of the words."""
    for_each(_record)(turn, rest)


def offer(turn: Turn, rest: str) -> None:
    """Offer to write down what was said by telephone of tasks at the head of the words, a button for each unit that owes them; whoever
    has pressed one has said which.
    """
    references, _words = several(rest)
    target = of_coordinator(turn, references, Which(LIVING, states=OPEN_STATES))
    if turn.chosen is not None or not target.lines:
        record_for_unit(turn, rest)
        return
    shown = target.lines[:MAX_ITEM_BUTTONS]
    labels = [f"代录〔{line.code}〕{line.unit.name}" for line in shown]
    turn.reply(
        "offered",
        rows=labels if turn.abilities.card_text is not None else [],  # its buttons show the beginning alone
        buttons=[
            button(Verb.CHOOSE, turn.inbound_id, line.assignment.id, label)
            for line, label in zip(shown, labels, strict=True)
        ],
    )


def _record(turn: Turn, rest: str) -> None:
    references, words = split(rest)
    line = one_of(turn, of_coordinator(turn, references, Which(LIVING, states=OPEN_STATES)), references)
    if line is None:
        return
    words = without_unit(turn, words, line.unit)
    said = understand(words, on=turn.today(line), due=line.assignment.due)
    measured = measure(words) if problems.is_one(turn.session, line.assignment) else None
    action = _ON_BEHALF.get(said.intent) if not measured else Action.MEASURE
    if action is None or not (said.confident or measured):
        turn.reply(
            "refused",
            why=f"请写明单位说了什么，例如：{turn.spoken('代录', 'record')} 7 省经信厅 收到／进展 已完成八成／办结。",
        )
        return
    access.for_coordinator(turn.session, turn.desk, turn.visitor, line.assignment.id, LIVING)
    office = access.is_office_task(turn.session, turn.desk, line)
    percent = None if measured else said.percent
    act = Act(action, words=measured or words, percent=percent, on_behalf=True, office_task=office)
    act = levels.reported(turn.session, turn.desk, line, turn.now, act) if action is Action.REPORT else act
    try:
        acts.perform(turn.session, line.assignment, act, turn.visitor.actor, turn.now)
    except TooLate:
        answers.tell_stale(turn, line)
        return
    rounds.told(turn, [line])
    turn.reply(
        "decided",
        code=line.code,
        unit=line.unit.name,
        outcome=f"{action.zh}（代录）",
        who=turn.visitor.person.name,
        at=turn.at(),
        due=None,
        anew=False,
        valid=False,
    )
