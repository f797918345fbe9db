"""问题 in a unit's chat: the measure that it takes, and its own problems as two lists."""

from dataclasses import replace

from bot.dialogue import access
from bot.dialogue.contact import answers
from bot.dialogue.problem_lists import MEASURES, PROBLEMS, text_of
from bot.dialogue.targets import choose, of_contact, own, split
from bot.dialogue.turn import Turn
from db.ledger import problems
from db.ledger.acts import Act
from db.words import OPEN_STATES, Action, NoticeKind
from jobs.notices.press import Verb, button
from jobs.problems.said import measure

LISTS = {
    "问题清单": PROBLEMS,
    "隐患清单": PROBLEMS,
    "整改清单": MEASURES,
    "措施清单": MEASURES,
    "整改措施清单": MEASURES,
}
"""The two lists, by what people call them."""


def heard(turn: Turn, text: str) -> bool:
    """Show a unit its problems, or keep the measure that it tells; tell whether it spoke of either."""
    shown = LISTS.get(text.strip(" 。？?"))
    if shown is not None and not turn.files:
        which = replace(own(turn.visitor.units), problems=True)
        turn.reply_text(text_of(turn, which, shown, units=len(turn.visitor.units) > 1), outcome="problems")
        return True
    told = measure(text)
    if told is None or (turn.source is not None and turn.source.notice.kind is NoticeKind.ROUND):
        return False
    return _measure(turn, told)


def _measure(turn: Turn, told: str) -> bool:
    """Keep what a unit will do about a problem; tell whether it has any that it may mean."""
    references, words = split(told)
    words = words.strip(" ：:\n")
    target = of_contact(turn, references) if turn.chosen is None else None
    lines = (turn.chosen,) if target is None and turn.chosen is not None else target.lines if target else ()
    ours = problems.of(turn.session, lines)
    found = [line for line in lines if line.assignment.id in ours and line.assignment.state in OPEN_STATES]
    if not found and target is not None and not target.named:
        return False
    if not found:
        turn.reply("refused", why="".join(target.lost if target else "") or "这一项不是要整改的问题，或已经报办结。")
    elif not words:
        turn.reply(
            "refused",
            why=f"请写明措施，例如：{turn.spoken('措施', 'measure')} {found[0].code} 停用A罐，7月10日前修复围堰。",
        )
    elif len(found) > 1:
        choose(turn, found, turn.text, units=len(turn.visitor.units) > 1)
    else:
        mine = access.for_unit(turn.session, turn.desk, turn.visitor, found[0].assignment.id)
        entry = answers.perform(turn, mine, Act(Action.MEASURE, words=words))
        if entry is not None:
            turn.session.flush()  # from now on it has a number
            undo = [button(Verb.UNDO, entry.id)]
            turn.reply("measure", code=mine.code, words=words, **answers.who(turn), buttons=undo, line=mine)
    return True
