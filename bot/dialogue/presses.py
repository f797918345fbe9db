"""Presses: what each verb of a button does.

The version is the one the person was looking at. A press that no longer applies changes nothing and is answered
with what happened meanwhile, by whom and when.
"""

from collections.abc import Callable, Sequence

from sqlmodel import Session

from bot.channels.incoming import Incoming
from bot.dialogue import access, access_to_reports, prompts, visitors
from bot.dialogue.access import Denied
from bot.dialogue.contact import (
    answers,
    calls,
    evidence,
    guiding,
    more_time,
    reviews,
    rounds,
    showing,
    undoing,
    withdrawing,
)
from bot.dialogue.room import (
    additions,
    broadcasts,
    campaigns,
    conditions,
    counter_offers,
    decisions,
    doubts,
    handing,
    lists,
    lookups,
    members,
    nudges,
    papers,
    pictures,
    questions,
    register,
    rosters,
    round_days,
    scores,
    spot_checks,
    successors,
    together,
    verdicts,
    wishes,
)
from bot.dialogue.room import rounds as room_rounds
from bot.dialogue.targets import EVERYBODY, Target
from bot.dialogue.turn import Turn
from bot.dialogue.understand import understand
from db import ledger, locking, outbox
from db.ledger import Line
from db.ledger.acts import NotAllowed
from db.words import LIVING, Action, State
from jobs.notices.press import Press, Verb

Handler = Callable[[Turn, int, int], None]

UNKNOWN = "该按钮无法识别。"


def press(turn: Turn, data: str) -> None:
    """Act on a button; data that is not ours is refused like a right that one does not have."""
    asked = Press.read(data)
    if asked is None or (asked.every and turn.source is None):
        raise Denied(UNKNOWN)
    if asked.every:
        _on_all(turn, asked.verb)
    elif not (asked.verb in LOOKS and turn.says_what_was_looked_at(data)):
        VERBS[asked.verb](turn, asked.what, asked.version)


ON_AN_ASSIGNMENT = frozenset(
    {
        Verb.ACKNOWLEDGE,
        Verb.PROGRESS,
        Verb.REPORT,
        Verb.SUPPLY,
        Verb.PASS_ON,
        Verb.SEND_BACK,
        Verb.EXTEND,
        Verb.SUBMIT,
        Verb.VERIFY,
        Verb.RETURN,
        Verb.GRANT,
        Verb.GRANT_UNTIL,
        Verb.REFUSE,
    }
)
"""Verbs of which the first number is an assignment's."""


def about(data: str) -> int | None:
    """Return the assignment that a press acts on; None where it is about something else, or about several."""
    asked = Press.read(data)
    return asked.what if asked is not None and asked.verb in ON_AN_ASSIGNMENT and not asked.every else None


def fit_together(waiting: Sequence[Incoming]) -> int:
    """Return how many of these may share a transaction, from the first on: each a press on an assignment of its own."""
    seen: set[object] = set()
    for place, one in enumerate(waiting):
        mine = {about(one.press or ""), (one.channel, one.external_id)}
        if None in mine or mine & seen:
            return place
        seen |= mine
    return len(waiting)


def hold_ahead(session: Session, waiting: Sequence[Incoming]) -> None:
    """Lock what presses that share a transaction are about, each about an assignment of its own, and find at once what each
    of them would ask for.
    """
    numbers = [number for one in waiting if (number := about(one.press or "")) is not None]
    ledger.hold_ahead(session, numbers)
    outbox.hold_ahead(session, [(one.channel, one.chat, one.message_id) for one in waiting if one.message_id])
    outbox.pending_ahead(session, numbers)
    visitors.greet_ahead(session, waiting)


LOOKS = frozenset({Verb.TURN_PAGE, Verb.SHOW, Verb.LOOK_AT_LIST, Verb.LEDGER, Verb.PRINT_PAPER, Verb.PRINT_PAGE})
"""Verbs that change nothing."""


def _on_all(turn: Turn, verb: Verb) -> None:
    """Act on every item of the message whose choice was submitted; only a receipt can be given for all at once."""
    assert turn.source is not None, "a choice belongs to a message"
    if verb is not Verb.ACKNOWLEDGE:
        raise Denied("请先选一项任务，再选怎样办理；“全部”只能签收。")
    _acknowledge_all(turn, turn.source.notice_id, 0)


def _fresh(turn: Turn, line: Line, version: int) -> bool:
    """Tell whether nothing has happened since ``version`` that makes the button wrong; answers when it has. A report that waits is the
    same where the list was revised, or its day corrected.

    Access has locked the row, so that nothing can happen between this and the act.
    """
    of_a_report = frozenset({Action.CORRECT}) if line.assignment.state is State.REPORTED else frozenset()
    entry = answers.changed_since(turn, line.assignment, version, of_a_report)
    if entry is not None:
        answers.tell_stale(turn, line, entry)
    return entry is None


# ---------------------------------------------------------------- a contact's buttons


def _acknowledge(turn: Turn, assignment: int, version: int) -> None:
    line = access.for_unit(turn.session, turn.desk, turn.visitor, assignment)
    if _fresh(turn, line, version):
        answers.acknowledge(turn, Target((line,), True))


def _acknowledge_all(turn: Turn, notice_id: int, _version: int) -> None:
    notice = access.own_notice(turn.session, turn.visitor, notice_id)
    own = {unit.id for unit in turn.visitor.units}
    theirs = [one for _item, one in outbox.items_of(turn.session, notice.id) if one.unit_id in own]
    locking.hold(turn.session, theirs)
    found = [access.for_unit(turn.session, turn.desk, turn.visitor, one.id) for one in theirs]
    answers.acknowledge(turn, Target(tuple(found), True))


def _open(turn: Turn, assignment: int, _version: int) -> None:
    showing.show(turn, access.to_read(turn.session, turn.visitor, assignment))


def _progress(turn: Turn, assignment: int, version: int) -> None:
    line = access.for_unit(turn.session, turn.desk, turn.visitor, assignment)
    if _fresh(turn, line, version):
        guiding.ask_for_a_line(turn, line)


def _done(turn: Turn, assignment: int, version: int) -> None:
    line = access.for_unit(turn.session, turn.desk, turn.visitor, assignment)
    if _fresh(turn, line, version):
        answers.report(turn, line, "")


def _supply(turn: Turn, assignment: int, _version: int) -> None:
    evidence.ask_for(turn, access.for_unit(turn.session, turn.desk, turn.visitor, assignment))


def _level(look: Callable[[Turn, Line, str], None]) -> Handler:
    """Return what a level does with a report, as it was seen; words come with a press on the board alone."""

    def handler(turn: Turn, assignment: int, version: int) -> None:
        line = access_to_reports.to_review(turn.session, turn.desk, turn.visitor, assignment)
        if _fresh(turn, line, version):
            look(turn, line, turn.text)

    return handler


def _extend(turn: Turn, assignment: int, version: int) -> None:
    line = access.for_unit(turn.session, turn.desk, turn.visitor, assignment)
    if _fresh(turn, line, version):
        more_time.extend(turn, line, None, "")


def _submit(turn: Turn, assignment: int, version: int) -> None:
    line = access.for_unit(turn.session, turn.desk, turn.visitor, assignment)
    request = more_time.begun(turn, line)
    if not _fresh(turn, line, version):
        return
    if request is None:
        turn.reply("refused", why="该申请已失效，请重新申请延期。")
        return
    try:
        more_time.submit_extension(turn, line, *request)
    except NotAllowed as refusal:  # what was refused is not asked for any longer
        turn.reply("refused", why=str(refusal))


def _cancel(turn: Turn, assignment: int, _version: int) -> None:
    prompt = prompts.waiting(turn)
    if prompt is None or prompt.assignment_id == assignment:
        prompts.take(turn)
    else:
        turn.let_go_of_question()
    turn.acted("取消")
    turn.reply("cancelled", what="未提交申请")


def _as_progress(turn: Turn, inbound_id: int, assignment: int) -> None:
    line = access.for_unit(turn.session, turn.desk, turn.visitor, assignment)
    inbound = access.own_message(turn.session, turn.visitor, inbound_id)
    answers.progress(turn, line, inbound.words["text"])


def _choose(turn: Turn, said_in: int, assignment: int) -> None:
    """Let an earlier message be played again, now that the person has said which assignment it was about."""
    inbound = access.own_message(turn.session, turn.visitor, said_in)
    turn.everybody = assignment == EVERYBODY
    turn.again = inbound, None if turn.everybody else access.to_read(turn.session, turn.visitor, assignment)


def _progress_of_one(turn: Turn, said_in: int, _version: int) -> None:
    """Take words that were not understood as progress of the one task there is, else of the one that is chosen."""
    guiding.progress_of_one(turn, access.own_message(turn.session, turn.visitor, said_in))


def _as_question(turn: Turn, said_in: int, _version: int) -> None:
    inbound = access.own_message(turn.session, turn.visitor, said_in)
    turn.acted("问协调员")
    answers.ask(turn, None, inbound.words["text"])


def _answer_round(turn: Turn, assignment: int, number: int) -> None:
    """Take what a unit filled in of one task that a round asks of; words come with a press on the board alone."""
    line = access.for_unit(turn.session, turn.desk, turn.visitor, assignment)
    rounds.require_asked(turn, line, number)
    answers.progress(turn, line, turn.text, understand(turn.text, on=turn.today(line), coordinator=False))


def _undo(turn: Turn, entry: int, several: int) -> None:
    undoing.undo(turn, entry, whole=several > 1)


# ---------------------------------------------------------------- a coordinator's buttons


def _decision(action: Action) -> Handler:
    def handler(turn: Turn, assignment: int, version: int) -> None:
        line = access.for_coordinator(turn.session, turn.desk, turn.visitor, assignment, LIVING, action)
        if _fresh(turn, line, version):
            decisions.decide(turn, line, action, turn.text)  # words come with a press on the board alone

    return handler


def _wish(turn: Turn, said_in: int, place: int) -> None:
    access.require_room(turn.visitor)
    wishes.press(turn, access.own_message(turn.session, turn.visitor, said_in), place)


VERBS: dict[Verb, Handler] = {
    Verb.ACKNOWLEDGE: _acknowledge,
    Verb.ACKNOWLEDGE_ALL: _acknowledge_all,
    Verb.SHOW: _open,
    Verb.PROGRESS: _progress,
    Verb.REPORT: _done,
    Verb.SUPPLY: _supply,
    Verb.PASS_ON: _level(reviews.pass_on),
    Verb.SEND_BACK: _level(reviews.send_back),
    Verb.EXTEND: _extend,
    Verb.SUBMIT: _submit,
    Verb.LET_BE: _cancel,
    Verb.AS_PROGRESS: _as_progress,
    Verb.AS_EXTENSION: more_time.of_promised,
    Verb.PROGRESS_OF_ONE: _progress_of_one,
    Verb.AS_QUESTION: _as_question,
    Verb.ANSWER_QUESTION: questions.ask_again,
    Verb.UNDO: _undo,
    Verb.WITHDRAW_FILE: withdrawing.of_file,
    Verb.WITHDRAW_FILES: withdrawing.of_message,
    Verb.CHOOSE: _choose,
    Verb.VERIFY: _decision(Action.VERIFY),
    Verb.RETURN: _decision(Action.RETURN),
    Verb.LOOK_AT_REPORTS: together.look,
    Verb.VERIFY_THESE: together.confirm,
    Verb.DECIDE_THESE: verdicts.confirm,
    Verb.VERIFY_SAYING: conditions.confirm(Action.VERIFY),
    Verb.GRANT_SAYING: conditions.confirm(Action.GRANT),
    Verb.REOPEN: _decision(Action.REOPEN),
    Verb.GRANT: _decision(Action.GRANT),
    Verb.GRANT_UNTIL: counter_offers.grant,
    Verb.REFUSE: _decision(Action.REFUSE),
    Verb.SIGN: papers.sign_one,
    Verb.SIGN_ALL: papers.sign_all,
    Verb.LOOK_AT_PAPER: papers.look,
    Verb.ASK_DROP_PAPER: papers.ask_drop,
    Verb.DROP_PAPER: papers.drop,
    Verb.CHANGE_PAPER: papers.confirm_change,
    Verb.KEEP_PAPER: papers.keep,
    Verb.RECEIVE: calls.receive,
    Verb.CHOOSE_OPTION: calls.choose,
    Verb.BROADCAST: broadcasts.confirm_sending,
    Verb.CANCEL_BROADCAST: broadcasts.drop,
    Verb.CHASE: broadcasts.chase,
    Verb.HURRY: broadcasts.hurry,
    Verb.CLOSE_BROADCAST: broadcasts.close,
    Verb.EXPORT: broadcasts.export,
    Verb.APPLY_ROSTER: rosters.confirm,
    Verb.EXPAND: members.confirm,
    Verb.MERGE: register.confirm_same,
    Verb.LEDGER: handing.ledger_of,
    Verb.PRINT_PAPER: handing.paper,
    Verb.PRINT_PAGE: handing.page,
    Verb.TURN_PAGE: lookups.turn_page,
    Verb.REHEARSE: campaigns.rehearse,
    Verb.START: campaigns.start,
    Verb.DISCARD: campaigns.discard,
    Verb.END: campaigns.end_confirmed,
    Verb.START_IN_YEAR: campaigns.start_in_that_year,
    Verb.READ_AGAIN: lists.read_again,
    Verb.REVISE: lists.apply_revision,
    Verb.LOOK_AT_TALLY: broadcasts.look,
    Verb.DISMISS: register.confirm_removal,
    Verb.AS_LIST: pictures.as_list,
    Verb.TAKE_OFF: successors.take_off,
    Verb.KEEP_CONTACT: successors.keep,
    Verb.GIVE_OUT: additions.give_out,
    Verb.CHOOSE_UNIT: additions.choose_unit,
    Verb.CHOOSE_DAY: additions.choose_day,
    Verb.LET_GO: additions.let_go,
    Verb.CHECKLIST: lists.hand_out_checklist,
    Verb.LOOK_AT_LIST: lookups.look_at_list,
    Verb.WISH: _wish,
    Verb.NUDGE_ALL: nudges.preview_all,
    Verb.NUDGE: nudges.nudge_one,
    Verb.CONFIRM_NUDGE: nudges.confirm,
    Verb.CHECK: doubts.begin_pressed,
    Verb.TAKE_AS_READ: doubts.take_as_read,
    Verb.TAKE_AS_ONGOING: doubts.take_as_ongoing,
    Verb.TAKE_UNIT: doubts.take_unit,
    Verb.SAY_OTHERWISE: doubts.say_otherwise,
    Verb.LEAVE_OUT: doubts.leave_out,
    Verb.PASS_OVER: doubts.pass_over,
    Verb.OPEN_ROUND: room_rounds.confirm,
    Verb.DROP_ROUND: room_rounds.drop,
    Verb.CHASE_ROUND: room_rounds.chase,
    Verb.MOVE_ROUND: round_days.move,
    Verb.CLOSE_ROUND: room_rounds.close,
    Verb.EXPORT_ROUND: room_rounds.export,
    Verb.LOOK_AT_ROUND: room_rounds.look,
    Verb.COSIGN: rounds.cosign,
    Verb.ANSWER_ROUND: _answer_round,
    Verb.LOOK_AT_CHECKED: spot_checks.look,
    Verb.HOLDS: spot_checks.hold,
    Verb.FAILS: spot_checks.fail,
    Verb.REST_HOLDS: spot_checks.rest_holds,
    Verb.UPHOLD: scores.uphold,
    Verb.OVERRULE: scores.overrule,
    Verb.PUBLISH_SCORE: scores.publish_pressed,
}
"""What each verb does: it gets the turn and the two numbers of the press."""
