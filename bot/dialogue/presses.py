"""Presses: a button's data is ``verb:what:version``, and this table says what each verb does.

The version is the one the person was looking at. A press that no longer applies changes nothing and is answered
with what happened meanwhile, by whom and when.
"""

from collections.abc import Callable

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.contact import answers
from bot.dialogue.room import broadcasts, campaigns, decisions, lookups, papers, register
from bot.dialogue.targets import Target
from bot.dialogue.turn import Turn
from db import history, locking, outbox
from db.ledger import Line
from db.plain import whole_number
from db.words import LIVING, OPEN_STATES, Action
from jobs.notices.cards import ALL

Handler = Callable[[Turn, int, int], None]

UNKNOWN = "该按钮无法识别。"

_HARMLESS = frozenset({Action.ACKNOWLEDGE, Action.PROGRESS, Action.ASK, Action.ANSWER})
"""Acts that leave the other buttons of an older message in force."""


def press(turn: Turn, data: str) -> None:
    """Act on a button; data that is not ours is refused like a right that one does not have."""
    verb, _, rest = data.partition(":")
    if rest == ALL and turn.source is not None:
        _on_all(turn, verb)
        return
    handler = VERBS.get(verb)
    if handler is None:
        raise Denied(UNKNOWN)
    if not (verb in LOOKS and turn.says_what_was_looked_at(data)):
        handler(turn, *numbers_in(rest))


LOOKS = frozenset({"L", "o"})
"""Verbs that change nothing."""


def numbers_in(rest: str) -> tuple[int, int]:
    """Read one or two numbers of a button's data, the second 0 where there is none; people can send any data."""
    numbers = [whole_number(number) for number in rest.split(":")]
    if len(numbers) > 2 or None in numbers:
        raise Denied(UNKNOWN)
    what, version = (*numbers, 0)[:2]
    return what or 0, version or 0


def _on_all(turn: Turn, verb: str) -> None:
    """Act on every item of the message whose choice was submitted; only a receipt can be given for all at once."""
    assert turn.source is not None, "a choice belongs to a message"
    if verb == "a":
        _acknowledge_all(turn, turn.source[0].id or 0, 0)
    else:
        turn.reply("refused", why="请先选一项任务，再选怎样办理；“全部”只能签收。")


def _fresh(turn: Turn, line: Line, version: int) -> bool:
    """Tell whether nothing has happened since ``version`` that makes the button wrong; answers when it has.

    Access has locked the row, so that nothing can happen between this and the act.
    """
    for entry in history.of_assignment(turn.session, line.assignment.id or 0):
        if entry.after.get("version", 0) <= version:
            break
        if entry.action not in _HARMLESS:
            answers.tell_stale(turn, line, entry)
            return False
    return True


# ---------------------------------------------------------------- a contact's buttons


def _acknowledge(turn: Turn, assignment: int, version: int) -> None:
    line = access.for_unit(turn.session, turn.desk, turn.visitor, assignment)
    if _fresh(turn, line, version):
        answers.acknowledge(turn, Target((line,), True))


def _acknowledge_all(turn: Turn, notice_id: int, _version: int) -> None:
    notice = access.own_notice(turn.session, turn.visitor, notice_id)
    own = {unit.id for unit in turn.visitor.units}
    theirs = [one for _item, one in outbox.items_of(turn.session, notice.id or 0) if one.unit_id in own]
    locking.hold(turn.session, theirs)
    found = [access.for_unit(turn.session, turn.desk, turn.visitor, one.id or 0) for one in theirs]
    answers.acknowledge(turn, Target(tuple(found), True))


def _open(turn: Turn, assignment: int, _version: int) -> None:
    answers.show(turn, access.to_read(turn.session, turn.visitor, assignment))


def _progress(turn: Turn, assignment: int, version: int) -> None:
    line = access.for_unit(turn.session, turn.desk, turn.visitor, assignment)
    if not _fresh(turn, line, version):
        return
    if line.assignment.state not in OPEN_STATES:
        answers.tell_stale(turn, line)
        return
    turn.expect(Action.PROGRESS, line)
    turn.reply("ask_progress", code=line.code, line=line, asks_text=True)


def _done(turn: Turn, assignment: int, version: int) -> None:
    line = access.for_unit(turn.session, turn.desk, turn.visitor, assignment)
    if _fresh(turn, line, version):
        answers.report(turn, line, "")


def _extend(turn: Turn, assignment: int, version: int) -> None:
    line = access.for_unit(turn.session, turn.desk, turn.visitor, assignment)
    if _fresh(turn, line, version):
        answers.extend(turn, line, None, "")


def _submit(turn: Turn, assignment: int, version: int) -> None:
    line = access.for_unit(turn.session, turn.desk, turn.visitor, assignment)
    prompt = turn.take_prompt()
    if not _fresh(turn, line, version):
        return
    if prompt is None or prompt.assignment_id != line.assignment.id or prompt.due is None or not prompt.words:
        turn.reply("refused", why="该申请已失效，请重新申请延期。")
        return
    answers.submit_extension(turn, line, prompt.due, prompt.words)


def _cancel(turn: Turn, _assignment: int, _version: int) -> None:
    turn.take_prompt()
    turn.acted("取消")
    turn.reply("refused", why="已取消，未提交申请。")


def _as_progress(turn: Turn, inbound_id: int, assignment: int) -> None:
    line = access.for_unit(turn.session, turn.desk, turn.visitor, assignment)
    inbound = access.own_message(turn.session, turn.visitor, inbound_id)
    answers.progress(turn, line, inbound.words["text"])


def _undo(turn: Turn, entry: int, _version: int) -> None:
    answers.undo(turn, entry)


# ---------------------------------------------------------------- a coordinator's buttons


def _decision(action: Action) -> Handler:
    def handler(turn: Turn, assignment: int, version: int) -> None:
        line = access.for_coordinator(turn.session, turn.desk, turn.visitor, assignment, LIVING)
        if _fresh(turn, line, version):
            decisions.decide(turn, line, action)

    return handler


NAMES = {
    "a": "收到", "A": "全部收到", "o": "看一项", "p": "报进展", "d": "报办结", "e": "申请延期", "y": "提交申请", "n": "取消",
    "P": "报进展", "u": "撤回", "v": "核查销号", "r": "退回", "g": "同意延期", "x": "不同意", "s": "签发", "c": "选一项",
    "k": "收到", "B": "确认发出", "Q": "取消", "h": "催未确认", "q": "结束", "X": "导出", "L": "翻页", "R": "推演",
    "G": "启动", "D": "放弃", "E": "确认结束", "J": "仍按此年启动", "Y": "换年重读", "V": "按修订更新", "t": "刷新", "H": "现在就发",
    "S": "全部签发", "O": "看文稿", "w": "作废", "z": "确认作废", "W": "确认移除", "M": "确认修改", "m": "取消",
}  # fmt: skip
"""What a press is called where it is shown afterwards."""

VERBS: dict[str, Handler] = {
    "a": _acknowledge,
    "A": _acknowledge_all,
    "o": _open,
    "p": _progress,
    "d": _done,
    "e": _extend,
    "y": _submit,
    "n": _cancel,
    "P": _as_progress,
    "u": _undo,
    "v": _decision(Action.VERIFY),
    "r": _decision(Action.RETURN),
    "g": _decision(Action.GRANT),
    "x": _decision(Action.REFUSE),
    "s": papers.sign_one,
    "S": papers.sign_all,
    "O": papers.look,
    "w": papers.ask_drop,
    "z": papers.drop,
    "M": papers.confirm_change,
    "m": papers.keep,
    "k": broadcasts.receive,
    "B": broadcasts.confirm_sending,
    "Q": broadcasts.drop,
    "h": broadcasts.chase,
    "H": broadcasts.hurry,
    "q": broadcasts.close,
    "X": broadcasts.export,
    "L": lookups.turn_page,
    "R": campaigns.rehearse,
    "G": campaigns.start,
    "D": campaigns.discard,
    "E": campaigns.end_confirmed,
    "J": campaigns.start_in_that_year,
    "Y": campaigns.read_again,
    "V": campaigns.apply_revision,
    "t": broadcasts.look,
    "W": register.confirm_removal,
}
"""``c`` (which of several) is the dialogue's own: it plays an earlier message again."""
