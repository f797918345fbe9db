"""Evidence 佐证: files that contacts hand in, attached to an assignment, albums together, sent on to who verifies."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlmodel import col, select

from bot.dialogue import access, prompts
from bot.dialogue.contact import answers
from bot.dialogue.targets import Target, choose
from bot.dialogue.turn import Turn, close_question, kept_with
from db import ledger, outbox, register
from db.bodies import EvidenceBody, KeptFile, ReplyBody, RequestBody
from db.ledger import Line, problems
from db.ledger import evidence as rows
from db.ledger.leading import leads
from db.models import Inbound, Notice
from db.outbox import Item
from db.words import EVERY, LET_OFF_STATES, Action, ChatRole, Level, NoticeKind, Phase, Reason, State
from jobs.notices.press import Verb, button
from jobs.verification.required import lacking

WAITS = "album_waits"
"""The outcome of a file of an album before anybody has said what the album is about."""

GATHERS = timedelta(seconds=10)
"""How long an album may take to arrive; if nothing in it tells what it is about by then, that is asked."""

ASKED = "ask_which"
"""The outcome of a message of which it was asked what it is about."""

STILL_WAITS = timedelta(days=1)
"""How long people are reminded of such a message when they answer for another."""

ANSWERED_SOON = timedelta(minutes=10)
"""How soon a code alone is the answer to that question, though it answers no message."""

LATELY = 100
"""Messages to a chat, the latest, among which a question that asks no more is looked for."""

MAX_OF_ONE = 50
"""Files that are kept for one assignment."""


_SENT_BEFORE = re.compile(
    r"(?:照片|图片|图|材料|佐证|附件|视频|文件)[^,，。；;]{0,3}(?:已|都)?(?:发|传|交|上传)(?:在?[上前]面|上去|过|了|群里)|(?:见|看)[上前]面?的?(?:照片|图片|材料|附件)"
)


def of_those_just_sent(turn: Turn, target: Target, text: str) -> Target:
    """Return of what files that have just come are, where words speak of them, 搞完了，照片发上面了, and name no task."""
    if target.named or len(target.lines) < 2 or turn.files or not _SENT_BEFORE.search(text):
        return target
    since = turn.now - ANSWERED_SOON
    entry = rows.last_entry(turn.session, turn.visitor.person.id, turn.visitor.chat.id, since)
    sent = entry.assignment_id if entry is not None and entry.event == rows.HANDED_IN else None
    meant = tuple(line for line in target.lines if line.assignment.id == sent)
    return Target(meant, True) if meant else target


def keep(turn: Turn, line: Line, files: Sequence[KeptFile]) -> bool:
    """Attach files to an assignment of the visitor's unit; what comes after the report is sent on at once.

    What was verified and closed meanwhile still takes them; what was cancelled or waived does not, and says why. Tell
    whether they are kept.
    """
    mine = access.for_unit(turn.session, turn.desk, turn.visitor, line.assignment.id)
    one = mine.assignment
    known = {kept.sha256 for kept in rows.of(turn.session, one.id)}
    fresh = {file.sha256 for file in files} - known
    if one.state in LET_OFF_STATES:
        not_kept(turn, files, f"〔{mine.code}〕{answers.happened(turn, mine)}")
        return False
    if len(known) + len(fresh) > MAX_OF_ONE:
        not_kept(turn, files, f"〔{mine.code}〕的佐证已达{MAX_OF_ONE}份，请联系协调员")
        return False
    if fresh:
        attached = rows.hand_in(turn.session, one, files, turn.visitor.actor, turn.now, _phase(turn, mine))
        if one.state in (State.REPORTED, State.CLOSED) or one.decision_pending:
            _send_on(turn, mine, attached)
    _remember(turn, one.id)
    _album_is_placed(turn)
    first = album_goes_to(turn, before_this=True)
    missing = lacking(turn.session, turn.desk, mine) if one.state is State.REPORTED else ()
    if not missing:
        _expect_no_more(turn, one.id)
    if not fresh:
        turn.reply("refused", why=f"〔{mine.code}〕{names(turn)}此前已经收存，没有再收一次。")
    elif first is None or first.assignment.id != one.id:
        late = answers.happened(turn, mine) if one.state is State.CLOSED else ""
        turn.reply(
            "evidence",
            code=mine.code,
            names=[file.name for file in files],
            late=late,
            missing=missing,
            line=mine,
            buttons=[button(Verb.WITHDRAW_FILES, turn.inbound_id)],
        )
    else:
        turn.outcomes.append("evidence")
    return True


def ask_for(turn: Turn, line: Line) -> None:
    """Say what a report lacks, and take the files that this person sends next for it; what they say is heard as ever."""
    missing = lacking(turn.session, turn.desk, line)
    prompts.expect(turn, Action.REPORT, line)
    turn.reply("ask_evidence", code=line.code, missing=missing, line=line)


def _expect_no_more(turn: Turn, assignment: int) -> None:
    """Wait for no more files of an assignment."""
    prompt = prompts.waiting(turn)
    if prompt is not None and prompt.action is Action.REPORT and prompt.assignment_id == assignment:
        turn.session.delete(prompt)
        turn.session.flush()


def _phase(turn: Turn, line: Line) -> Phase | None:
    """Return of when files of a problem are: what its unit brings shows how it was set right, unless it says 整改前."""
    if not problems.is_one(turn.session, line.assignment):
        return None
    return Phase.BEFORE if Phase.BEFORE.zh in turn.text else Phase.AFTER


def not_kept(turn: Turn, files: Sequence[KeptFile], why: str) -> None:
    """Tell whoever sent them that files are not kept, and why."""
    turn.reply("not_kept", files=[[file.name, why] for file in files])


def unplaced(turn: Turn) -> list[Inbound]:
    """Return the person's other messages of which it is still to be said what their files are about."""
    query = select(Inbound).where(
        Inbound.chat_id == turn.visitor.chat.id,
        Inbound.person_id == turn.visitor.person.id,
        col(Inbound.outcome).in_((ASKED, WAITS)),
        Inbound.id != turn.inbound_id,
        Inbound.at > turn.now - STILL_WAITS,
    )
    found = turn.session.exec(query.order_by(col(Inbound.id)))
    return [one for one in found if files_of([one]) and not one.words.keys() & {"chosen", "evidence_for"}]


def just_asked(turn: Turn) -> Inbound | None:
    """Return the person's last message with files of which it was just asked what they are for; None where none waits."""
    waiting = [one for one in unplaced(turn) if turn.now - one.at <= ANSWERED_SOON]
    return waiting[-1] if waiting else None


def files_of(messages: Iterable[Inbound]) -> list[KeptFile]:
    """Return the files that came with messages and are in the archive."""
    return [file for one in messages for file in kept_with(one)]


def tell_what_waits(turn: Turn) -> None:
    """Tell whoever has just said what one message was about which files of their other messages still wait for that."""
    placed = turn.record.words.get("evidence_for")
    known = {file.sha256 for file in rows.of(turn.session, placed)} if placed else set()
    waiting = files_of(one for one in unplaced(turn) if one.outcome == ASKED)
    files = [file for file in waiting if file.sha256 not in known]  # the same picture twice is kept once
    if files and "not_kept" not in turn.outcomes:
        turn.reply("files_wait", names=[file.name for file in files])


def went_along(turn: Turn, messages: Sequence[Inbound], line: Line) -> None:
    """Write down that the choice for one message placed the files of others, too; nobody need be asked about any of them."""
    for one in messages:
        one.words = {**one.words, "evidence_for": line.assignment.id, "chosen": True, "placed_with": turn.inbound_id}
    placed = {turn.inbound_id, *(one.id for one in messages)}
    chat = turn.visitor.chat.id
    asking = [one for one in outbox.waiting_in(turn.session, chat, NoticeKind.REPLY) if _asks_about(one) in placed]
    outbox.call_off(turn.session, asking, turn.now, Reason.ANSWERED.zh)
    for notice, message in outbox.sent_lately(turn.session, chat, LATELY):
        if _asks_about(notice) in placed:
            close_question(turn.session, notice)
            outbox.refresh(turn.session, notice, message.part, turn.now, told=True)


def went_with(turn: Turn, brought: Inbound) -> list[Inbound]:
    """Return the person's messages whose files were kept together with those of one: of its album, and placed by the same choice."""
    query = select(Inbound).where(
        Inbound.chat_id == brought.chat_id,
        Inbound.person_id == brought.person_id,
        Inbound.at > brought.at - STILL_WAITS,
    )
    lately = turn.session.exec(query.order_by(col(Inbound.id)))
    return [
        one
        for one in lately
        if one.words.get("placed_with") == brought.id or (brought.album is not None and one.album == brought.album)
    ]


def _asks_about(notice: Notice) -> int | None:
    """Return the message of which a question asks what it is about."""
    body = notice.legible
    return body.which if isinstance(body, ReplyBody) else None


def was_kept(turn: Turn) -> bool:
    """Tell whether the files of this message are kept already, where it is played again."""
    return bool(turn.record.words.get("evidence_for"))


def _remember(turn: Turn, assignment: int) -> None:
    turn.record.words = {
        **turn.record.words,
        "evidence_for": assignment,
        "evidence_of": [*turn.record.words.get("evidence_of", []), assignment],
    }
    turn.session.flush()


def _send_on(turn: Turn, line: Line, files: Sequence[KeptFile]) -> None:
    """Give files to who looks at the report now: with the request itself where that is still to go out, else after it."""
    level = line.assignment.level
    if level is Level.SELF:
        return
    kind = NoticeKind.REVIEW if level is Level.LEAD else NoticeKind.VERIFY_REQUEST
    theirs = _chats_of_leads(turn, line) if level is Level.LEAD else _rooms_that_verify(turn, line)
    waiting = {
        notice.chat_id: (notice, request)
        for notice in outbox.unrendered_about(turn.session, line.assignment.id, kind)
        if isinstance(request := notice.legible, RequestBody)
    }
    for unit, chat in theirs:
        if chat in waiting:
            notice, request = waiting[chat]
            notice.carry(replace(request, files=(*request.files, *files)))
            continue
        body = EvidenceBody(turn.visitor.person.name, tuple(file.name for file in files), tuple(files))
        tell_of_files(turn, line, unit, chat, body)
    turn.session.flush()


def tell_of_files(turn: Turn, line: Line, unit: int | None, chat: int | None, body: EvidenceBody) -> None:
    """Tell a chat that looks at a report which files came for it, or were taken back."""
    outbox.enqueue(
        turn.session,
        now=turn.now,
        chat_id=chat,
        unit_id=unit,
        kind=NoticeKind.EVIDENCE,
        reason=Reason.CHANGED,
        campaign_id=line.campaign.id,
        body=body,
        items=[Item(line.assignment.id, NoticeKind.EVIDENCE, Reason.CHANGED)],
    )


def _rooms_that_verify(turn: Turn, line: Line) -> list[tuple[int | None, int | None]]:
    office = access.is_office_task(turn.session, turn.desk, line)
    rooms = register.rooms(turn.session, ChatRole.LEADERS if office else ChatRole.COORDINATORS)
    return [(None, chat.id) for chat in rooms] or [(None, None)]


def _chats_of_leads(turn: Turn, line: Line) -> list[tuple[int | None, int | None]]:
    units = leads(turn.session, line.assignment)
    return [(unit.id, chat.id) for unit in units for chat in register.chats_of(turn.session, unit.id)]


# ---------------------------------------------------------------- albums


def album_goes_to(turn: Turn, *, before_this: bool = False) -> Line | None:
    """Return the assignment for which another message of the same album was kept."""
    for inbound in _album(turn):
        number = inbound.words.get("evidence_for")
        if number is not None and (not before_this or inbound.id != turn.inbound_id):
            return ledger.line(turn.session, number, EVERY)
    return None


def wait_for_album(turn: Turn, target: Target) -> None:
    """Let a file wait for the one of its album that tells what they are about; ask if none does."""
    if not any(one.outcome == WAITS for one in _album(turn)):
        choose(turn, target.lines, names(turn), later=GATHERS, album=turn.incoming.album)
    turn.outcomes.clear()
    turn.outcomes.append(WAITS)


def names(turn: Turn) -> str:
    """Return what the files of a message are called."""
    return "、".join(file.name for file in turn.files)


def _album_is_placed(turn: Turn) -> None:
    """Nobody need be asked any more what an album is about."""
    if turn.incoming.album is None:
        return
    waiting = outbox.waiting_in(turn.session, turn.visitor.chat.id, NoticeKind.REPLY)
    bodies = ((notice, notice.legible) for notice in waiting)
    asking = [one for one, body in bodies if isinstance(body, ReplyBody) and body.album == turn.incoming.album]
    outbox.call_off(turn.session, asking, turn.now, Reason.ANSWERED.zh)


def waiting_in_album(turn: Turn) -> list[KeptFile]:
    """Return the files of the album's other messages that came before it was known what they are about."""
    files: list[KeptFile] = []
    for inbound in _album(turn):
        if inbound.id != turn.inbound_id and inbound.outcome == WAITS and "evidence_for" not in inbound.words:
            files += kept_with(inbound)
            inbound.words = {**inbound.words, "evidence_for": 0}
    return files


def _album(turn: Turn) -> list[Inbound]:
    """Return the messages of the same album by the same person in the same chat."""
    if turn.incoming.album is None:
        return []
    query = select(Inbound).where(
        Inbound.channel == turn.incoming.channel,
        Inbound.album == turn.incoming.album,
        Inbound.chat_id == turn.visitor.chat.id,
        Inbound.person_id == turn.visitor.person.id,
    )
    return [one for one in turn.session.exec(query.order_by(col(Inbound.id))) if one.words.get("evidence_for") != 0]
