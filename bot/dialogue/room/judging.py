"""What coordinators say of a report in words of their own: in reply to its message, or of its code with what they saw."""

import re

from bot.dialogue.room import decisions, looked, one_mind, together
from bot.dialogue.room.decided_days import granted_until
from bot.dialogue.room.reasons import judgement
from bot.dialogue.targets import choose, of_coordinator, without_unit
from bot.dialogue.turn import Turn
from bot.dialogue.understand import understand
from db import ledger, register
from db.bodies import RequestBody
from db.ledger import Line, Which
from db.words import LIVING, Action, NoticeKind, State
from jobs.notices.press import Verb, button
from jobs.notices.render import shorten


def _report_answered(turn: Turn) -> Line | None:
    """Return the one report to whose message somebody replies."""
    notice = turn.source.notice if turn.source is not None and turn.incoming.press is None else None
    if notice is None or notice.kind is not NoticeKind.VERIFY_REQUEST:
        return None
    return of_coordinator(turn, (), Which(LIVING, states=[State.REPORTED])).only


def judged(turn: Turn, text: str) -> bool:
    """Decide on a report by a reply to its message: 同意 is of the report, and not of an extension; tell whether it was that."""
    if _granted(turn, text):
        return True
    said = judgement(text)
    line = _report_answered(turn) if said is not None else None
    if said is None or line is None or line.assignment.decision_pending:
        return False
    one_mind.require(turn, *said, text)
    if not one_mind.left_open(turn, line, said[0], text):
        decisions.decide(turn, line, *said)
    return True


_AGREES = re.compile(
    r"(?:(?:嗯+|好|行|是)[的吧啊]*[，,\s]*)?(?:可以|没有?(?:什么)?问题|同意)(?:同意|批准?)?[的了吧啊呀]*[。！!]?"
)
_NODS = re.compile(r"(?:(?:嗯+|好|行|成|ok|是|对|收到|知道)[的了吧啊呀]*[，,。！!\s]*)+", re.IGNORECASE)


def _granted(turn: Turn, text: str) -> bool:
    """Give more time where a reply to who asks for it agrees, 可以; to a nod, 好的, say that nothing is decided. Tell whether it was such
    a reply.
    """
    notice = turn.source.notice if turn.source is not None and turn.incoming.press is None else None
    body = notice.legible if notice is not None else None
    if turn.files or not isinstance(body, RequestBody) or body.action is not Action.REQUEST_EXTENSION:
        return False
    agrees, nods = _AGREES.fullmatch(text.strip()), _NODS.fullmatch(text.strip())
    line = of_coordinator(turn, (), Which(LIVING, waits_for_more_time=True)).only if agrees or nods else None
    if line is None:
        return False
    if agrees:
        decisions.decide(turn, line, Action.GRANT, due=granted_until("", turn, line))
        return True
    ways = [button(verb, line.assignment.id, line.assignment.version) for verb in (Verb.GRANT, Verb.REFUSE)]
    turn.reply(
        "refused", why=f"〔{line.code}〕{line.unit.name}的延期还没有批；要办请按下面的按钮。", line=line, buttons=ways
    )
    return True


def said_well(turn: Turn, text: str) -> bool:
    """Decide what a reply to a report or a request ends well of, 看过了，属实 or 行，延吧, or ask where other words leave it open; tell whether
    it was one.
    """
    notice = turn.source.notice if turn.source is not None and turn.incoming.press is None else None
    body = notice.legible if notice is not None else None
    if turn.files or len(text) > _SHORT or not isinstance(body, RequestBody) or body.action not in _WELL:
        return False
    action, form, which = _WELL[body.action]
    if not form.search(text) or _AGAINST.search(text) or understand(text, on=turn.today(), coordinator=True).tasks:
        return False
    line = of_coordinator(turn, (), which).only
    units = {unit.id for unit in register.mentioned(turn.session, text)}
    if line is None or units - {line.unit.id}:
        return False
    one_mind.require(turn, action, "", text)
    due = granted_until(text, turn, line) if action is Action.GRANT else None
    if not one_mind.left_open(turn, line, action, text, due):
        decisions.decide(turn, line, action, due=due)
    return True


_SHORT = 40
"""Characters of what somebody replies who says no more than that it is well."""
_SO = "[了吧的掉啊]*(?=$|[，,。；;！!\\s])"
_WELL = {
    Action.REPORT: (
        Action.VERIFY,
        re.compile(f"(?:属实|没有?(?:什么)?问题|通过|销号?|核销|可以|准|(?:^|[，,\\s可])过){_SO}"),
        Which(LIVING, states=[State.REPORTED]),
    ),
    Action.REQUEST_EXTENSION: (
        Action.GRANT,
        re.compile(f"(?:同意|可以|批|准|延期?){_SO}"),
        Which(LIVING, waits_for_more_time=True),
    ),
}
"""What a reply to each means that says it is well."""
_AGAINST = re.compile(
    "[退驳谁哪怎吗呢?？]|打回|不(?:通过|行|符|合格|属实|同意|批|准|能|可以|要|用)|[没未别](?!有?(?:什么)?问题)"
)


def told_how(turn: Turn, text: str) -> bool:
    """Say how a report is decided where a reply to it says something else: 没照片, 照片呢; tell whether it was such a reply."""
    line = _report_answered(turn) if text else None
    if line is None:
        return False
    how = f"{turn.spoken('退回', 'return')} {line.code} {shorten(text.strip(' ?？。！!'), 20)}"
    turn.reply("refused", why=f"〔{line.code}〕没有改动：属实请回复“属实”；要退回的请写：{how}。")
    return True


def held(turn: Turn, text: str) -> bool:
    """Verify a report of which the last clause says that it holds, where the others say only that somebody looked: A-4我现场看过了，属实.
    Where they say anything else, A-4群众又举报，属实, the report is shown with a press; where something is amiss, it is none of this.
    """
    references = understand(text, on=turn.today(), coordinator=True).tasks
    if turn.files or len(references) > 1 or _AMISS.search(text):
        return False
    clauses = [one for one in re.split(r"[，,。；;！!\s]+", text) if one]
    last = judgement(clauses[-1]) if len(clauses) > 1 else None
    reported = Which(LIVING, states=[State.REPORTED])
    if not references:
        closes = bool(clauses) and judgement(clauses[-1]) == (Action.VERIFY, "") and _CLOSES.search(clauses[-1])
        return bool(closes) and _of_which(turn, reported)
    target = of_coordinator(turn, references, reported) if last == (Action.VERIFY, "") else None
    line = decisions.one_of(turn, target, references) if target is not None and target.lines else None
    if line is not None:
        before = without_unit(turn, " ".join(looked.clauses("，".join(clauses[:-1]))), line.unit)
        if all(looked.only_looked(one) for one in before.split()):
            decisions.decide(turn, line, Action.VERIFY)
        else:
            together.show(turn, [line], [])
    return target is not None and bool(target.lines)


_CLOSES = re.compile("销|通过")


def _of_which(turn: Turn, reported: Which) -> bool:
    """Show the report that waits, or ask which of several, of the units that are named where any are: 材料齐了，可以销号了."""
    units = {unit.id for unit in register.mentioned(turn.session, turn.text)}
    waiting = [line for line in ledger.lines(turn.session, reported, nearest=True) if together.may_decide(turn, line)]
    if turn.chosen is not None:
        shown = [line for line in waiting if line.assignment.id == turn.chosen.assignment.id]
    else:
        shown = [line for line in waiting if not units or line.unit.id in units]
    if len(shown) > 1:
        choose(turn, shown, turn.text, units=True)
    elif shown:
        together.show(turn, shown, [])
    return bool(shown)


_AMISS = re.compile("(?:不|没(?!有?(?:什么|任何)?问题)有?|未|但|缺|差|还|等|先|再|如果|要是)(?!错)|[?？吗]")
