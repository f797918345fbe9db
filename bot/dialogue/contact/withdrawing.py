"""Files that were sent by mistake, 上面那张发错了: who sent them takes them back, as long as nothing was verified by them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import col, select

from bot.dialogue import access, prompts
from bot.dialogue.access import Denied
from bot.dialogue.contact import answers, evidence
from bot.dialogue.targets import CODE, of_contact
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, understand
from bot.dialogue.understanding.clauses import BESIDE, words_of
from bot.dialogue.understanding.lexicon import Sense, lexicon
from db import outbox, register
from db.bodies import EvidenceBody, KeptFile, ReplyBody, RequestBody
from db.ledger import Line
from db.ledger import evidence as rows
from db.models import Evidence, Inbound, Notice
from db.words import Action, DeliveryState, Level, NoticeKind, State
from jobs.notices.press import Press, Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS, shorten
from jobs.verification.required import lacking, missing

LATELY = timedelta(days=1)
"""How long what nobody points at may lie back."""

TOGETHER = timedelta(minutes=10)
"""Files that came within so short a time of one another may each be the one that is meant."""

LOOKED_AT = 60
"""Messages of a person in a chat, the latest, among which the one that brought a file is looked for."""

_ALL = 1
"""What the press carries beside a file's number where all that were asked about are meant."""

_BETWEEN = re.compile(r"[，,。；;！!\n]+")
_SENT_WRONG = re.compile(r"(?:发|传|上传|交|贴)(?:错|重复?)|误[发传]")
_TAKE_BACK = re.compile(r"撤[回掉]")
_OF_THE_WORK = re.compile(r"撤销|收回")
"""What units do to land and to permits, and may say of a file: then it is asked."""
_MISTAKEN = re.compile(f"{_SENT_WRONG.pattern}|{_TAKE_BACK.pattern}|{_OF_THE_WORK.pattern}")
_ENDS_IN_IT = re.compile(rf"(?:{_SENT_WRONG.pattern})[了啦的群]*$")
_FILE = re.compile(
    "照片|图片|相片|[图表]|文件|附件|材料|佐证|截图|扫描件|视频|录像|文档|[那这前后上][一两]?[张份个]|[一二两三]张"
)
_IS_NOT = re.compile("没有?[发传上交贴撤]|是不是|有没有|[别不][要用]?撤|办结|延期|进展|申请")
"""What says that nothing was sent by mistake, or speaks of an act and not of a file."""
_BARE = re.compile(rf"^(?:不好意思|对不起|抱歉|刚才|刚刚|[啊哦呀我又那个])*(?:{_MISTAKEN.pattern})[了啦的群]*$")
_UNWANTED = re.compile("不要了|不算|作废|删[掉除了]|去掉|不用了")
"""What may be said of a file or of the work itself: then it is asked."""
_CODE = re.compile(CODE)
_WHERE = re.compile("[上下前后]面|最[前后]|第[一二三四五]")
_BESIDE_A_FILE = BESIDE | {
    Sense.BEG,
    Sense.CLEAN,
    Sense.COUNT,
    Sense.DUTY_BOUND,
    Sense.EARLIER,
    Sense.LINK,
    Sense.PAPER,
    Sense.PAST,
    Sense.POLITE,
    Sense.SEND,
    Sense.SLIP,
    Sense.THANKS,
    Sense.TOLD,
    Sense.WHOLE,
}
"""What stands beside a file and its mistake, and speaks of nothing else: no thing, no question, no denial, no condition, no wish."""
_PERHAPS = _BESIDE_A_FILE | {Sense.DUTY, Sense.HEDGE, Sense.MAY, Sense.PLAN, Sense.PART}
_OPEN = frozenset(
    {Sense.NO, Sense.ASK, Sense.WHICH, Sense.MAY, Sense.CONDITION, Sense.WISH, Sense.HEARSAY, Sense.STUCK}
)
_KINDS = (("照片", "照片|图片|相片|图|张"), ("视频", "视频|录像"), ("表格", "表"))
"""What files are by the words for them, as `jobs.verification.required` knows them."""
_WHOLE = re.compile("都|全部|所有|[这那][几些]|[两三四五]张")

_ACTS = (Intent.DONE, Intent.PROGRESS, Intent.NOT_DONE, Intent.EXTEND)


# ---------------------------------------------------------------- in words


class Meant(StrEnum):
    """Whether a clause says that a file is taken back."""

    TAKEN_BACK = "taken back"
    PERHAPS = "perhaps"
    NO = "no"


def meant_by(clause: str, called: Sequence[str] = (), *, pointed: bool = False) -> Meant:
    """Return what a clause says of files, one ``called`` by its name, or one that is ``pointed`` at by a reply.

    Only what speaks of nothing but a file says it plainly; 撤销, 收回 and 不要了 may be said of the work, 照片发错给企业了 of others.
    """
    by_name = any(name in clause for name in called)
    of_a_file = bool(_FILE.search(clause)) or by_name
    wrong, unwanted = _MISTAKEN.search(clause), _UNWANTED.search(clause)
    if not (wrong or unwanted) or _IS_NOT.search(clause) or not (of_a_file or pointed):
        return Meant.NO
    rest = clause
    for name in called:
        rest = rest.replace(name, "、")
    for known in (_CODE, _UNWANTED, _MISTAKEN, _WHERE, _FILE):
        rest = known.sub("、", rest)
    words = list(words_of(rest, lexicon()))
    senses = frozenset(word.sense for word in words)
    ended = any(word.text in _ALREADY for word in words)
    if _SENT_WRONG.search(clause):
        if senses <= _BESIDE_A_FILE:
            return Meant.TAKEN_BACK
        return Meant.PERHAPS if _ENDS_IN_IT.search(clause) and senses.isdisjoint(_OPEN) else Meant.NO
    if ended or not senses <= _PERHAPS:
        return Meant.NO
    plain = _TAKE_BACK.search(clause) and senses <= _BESIDE_A_FILE and not re.search(r"撤[回掉][了过]", clause)
    return Meant.TAKEN_BACK if plain else Meant.PERHAPS


_ALREADY = ("已", "已经", "现已", "业已", "早已", "都已", "已将", "现已将")
"""What tells of something that was taken back, and takes nothing back."""


def heard(turn: Turn, text: str) -> str | None:
    """Take back the files of which a text says that they were sent by mistake; return what else it tells of a task, "" where that is
    nothing, None where it is about no file of theirs.
    """
    if not (_MISTAKEN.search(text) or _UNWANTED.search(text)) or _supposes(text):
        return None
    brought = _pointed_at(turn)
    clauses = [clause.strip() for clause in _BETWEEN.split(text)]
    names = [one.name.rpartition(".")[0] for one in _mine(turn, turn.now - LATELY)]
    called = [name for name in names if len(name) > 1]
    meanings = [_says(turn, clause, called, pointed=brought is not None) for clause in clauses]
    sure = Meant.TAKEN_BACK in meanings
    wanted = Meant.TAKEN_BACK if sure else Meant.PERHAPS
    said = [clause for clause, meaning in zip(clauses, meanings, strict=True) if meaning is wanted]
    if said and brought is None and (waiting := _not_kept_yet(turn)):
        _say_not_kept(turn, waiting)
        return ""
    found = _meant(turn, "，".join(said), brought) if said else []
    if not found:
        return None
    whole = bool(_WHOLE.search("，".join(said)))
    turn.attempt(lambda: _take_back(turn, found, whole=whole) if sure else _ask(turn, found))
    rest = "，".join(clause for clause in clauses if clause not in said).strip("，")
    more = understand(rest, on=turn.today(), coordinator=False)
    return rest if more.intent in _ACTS and (more.confident or more.tasks) else ""


def _supposes(text: str) -> bool:
    """Tell whether a text only says what would be if: 要是照片发错了，请撤回."""
    return any(word.sense is Sense.CONDITION for word in words_of(text, lexicon()))


def _says(turn: Turn, clause: str, called: Sequence[str], *, pointed: bool) -> Meant:
    meaning = meant_by(clause, called, pointed=pointed)
    bare = meaning is Meant.NO and bool(_BARE.match(clause)) and not pointed
    return Meant.TAKEN_BACK if bare and (_came_last(turn, LATELY) or bool(_not_kept_yet(turn))) else meaning


def _came_last(turn: Turn, within: timedelta) -> bool:
    """Tell whether what this person did last here, and lately, was to hand in files."""
    entry = rows.last_entry(turn.session, turn.visitor.person.id, turn.visitor.chat.id, turn.now - within)
    return entry is not None and entry.event == rows.HANDED_IN


def _not_kept_yet(turn: Turn) -> list[Inbound]:
    """Return the messages whose files are kept nowhere yet, where they came after all that this person did."""
    waiting = [one for one in evidence.unplaced(turn) if one.at > turn.now - LATELY]
    since = turn.now - LATELY
    entry = rows.last_entry(turn.session, turn.visitor.person.id, turn.visitor.chat.id, since) if waiting else None
    return [one for one in waiting if entry is None or one.at >= entry.at]


def _say_not_kept(turn: Turn, waiting: Sequence[Inbound]) -> None:
    names = "、".join(file.name for file in evidence.files_of(waiting))
    turn.reply("refused", why=f"{names}还没有收存，也没有转给谁：不选是哪一项，就不会收存。")


def taken_back_last(turn: Turn, within: timedelta) -> bool:
    """Take back files where 撤回 alone stands behind them, and the words speak of no act; tell whether it was that."""
    if _IS_NOT.search(turn.text):
        return False
    if waiting := _not_kept_yet(turn):
        _say_not_kept(turn, waiting)
    elif _came_last(turn, within) and (found := _meant(turn, "", None)):
        _take_back(turn, found, whole=False)
    else:
        return False
    return True


def _pointed_at(turn: Turn) -> Inbound | None:
    """Return the message with files that somebody answers: one of a person's, or ours that says that its files are kept."""
    ours = turn.source.notice if turn.source is not None and turn.incoming.press is None else None
    number = ours.reply_to if ours is not None else turn.incoming.reply_to
    found = _brought_by(turn, number) if number and (ours is None or ours.kind is NoticeKind.REPLY) else None
    return found if found is not None and found.words.get("files_kept") else None


def _brought_by(turn: Turn, number: str) -> Inbound | None:
    lately = select(Inbound).where(Inbound.chat_id == turn.visitor.chat.id, Inbound.id != turn.inbound_id)
    lately = lately.order_by(col(Inbound.id).desc()).limit(LOOKED_AT)
    return next((one for one in turn.session.exec(lately) if one.words.get("message_id") == number), None)


def _meant(turn: Turn, words: str, brought: Inbound | None) -> list[Evidence]:
    """Return the files that are meant: of the message that is pointed at, called by their names, else those that came last."""
    if brought is not None:
        return _of_message(turn, brought)
    mine = _mine(turn, turn.now - LATELY)
    tasks = understand(words, on=turn.today(), coordinator=False).tasks
    if tasks:
        named = {line.assignment.id for line in of_contact(turn, tasks).lines}
        mine = [one for one in mine if one.assignment_id in named]
    return _called(words, mine) or _of_their_kind(words, [one for one in mine if mine[-1].at - one.at <= TOGETHER])


def _of_their_kind(words: str, files: list[Evidence]) -> list[Evidence]:
    """Return the pictures where words speak of one, and so on; all where none is of that kind."""
    kinds = [kind for kind, called in _KINDS if re.search(called, words)]
    return [one for one in files if any(not missing((kind,), [one.name]) for kind in kinds)] or files


def _called(words: str, files: Sequence[Evidence]) -> list[Evidence]:
    """Return the files whose names stand in the words."""
    return [one for one in files if len(stem := one.name.rpartition(".")[0]) > 1 and stem in words]


def _mine(turn: Turn, since: datetime) -> list[Evidence]:
    return rows.of_person(turn.session, turn.visitor.person.id, [unit.id for unit in turn.visitor.units], since)


def _of_message(turn: Turn, brought: Inbound) -> list[Evidence]:
    """Return what a message brought, with the others of its album and those that were placed with it."""
    if brought.person_id != turn.visitor.person.id:
        raise Denied(f"该文件由{register.name_of(turn.session, brought.person_id)}提交，请由其本人撤回，或联系协调员。")
    along = [one for one in evidence.went_with(turn, brought) if one.id != brought.id]
    files = {file.sha256 for file in evidence.files_of([brought, *along])}
    messages = [one.words for one in (brought, *along)]  # the same file may stand with another, too
    tasks = {task for words in messages for task in words.get("evidence_of", [words.get("evidence_for", 0)])}
    return [one for one in _mine(turn, brought.at - LATELY) if one.sha256 in files and one.assignment_id in tasks]


# ---------------------------------------------------------------- presses


def of_message(turn: Turn, inbound_id: int, _version: int) -> None:
    """撤回 under 已收存佐证: what that message brought."""
    found = _of_message(turn, access.own_message(turn.session, turn.visitor, inbound_id))
    if not found:
        raise Denied("这些文件此前已经撤回，没有再作改动。")
    _take_back(turn, found, whole=False)


def of_file(turn: Turn, number: int, all_with_it: int) -> None:
    """One file, chosen of several, or all that the question named."""
    mine = _mine(turn, turn.now - LATELY)
    chosen = next((one for one in mine if one.id == number), None)
    if chosen is None:
        raise Denied("该文件此前已经撤回，没有再作改动。")
    offered = _offered(turn) if all_with_it == _ALL else frozenset()
    if all_with_it == _ALL and number not in offered:
        raise Denied("没有找到所问的是哪些文件，没有改动；请逐份选择。")
    found = [one for one in mine if one is chosen or one.id in offered]
    _take_back(turn, found, whole=True)


def _offered(turn: Turn) -> frozenset[int]:
    """Return the files that the question names whose button was pressed."""
    body = turn.source.notice.legible if turn.source is not None else None
    presses = [Press.read(data) for _label, data in body.buttons] if isinstance(body, ReplyBody) else []
    return frozenset(one.what for one in presses if one is not None and one.verb is Verb.WITHDRAW_FILE)


# ---------------------------------------------------------------- taking back


def _take_back(turn: Turn, found: Sequence[Evidence], *, whole: bool) -> None:
    if len({one.sha256 for one in found}) > 1 and not whole:
        _ask(turn, found)
        return
    for number in dict.fromkeys(one.assignment_id for one in found):
        files = [one for one in found if one.assignment_id == number]
        _of_task(turn, access.for_unit(turn.session, turn.desk, turn.visitor, number), files)


def _ask(turn: Turn, found: Sequence[Evidence]) -> None:
    """Ask which file is to be taken back, the newest first."""
    newest = list(reversed(found))[: MAX_ITEM_BUTTONS - 1]
    buttons = [button(Verb.WITHDRAW_FILE, one.id, label=shorten(one.name, 12)) for one in newest]
    every = [button(Verb.WITHDRAW_FILE, newest[0].id, _ALL, "全部")] if len(newest) > 1 else []
    turn.reply("ask_which_file", names=[one.name for one in newest], buttons=[*buttons, *every])


def _of_task(turn: Turn, line: Line, found: Sequence[Evidence]) -> None:
    """Take back files of a task, which is locked: what somebody has taken back meanwhile is left out."""
    files = rows.still(turn.session, found)
    if not files:
        raise Denied("这些文件此前已经撤回，没有再作改动。")
    one, names = line.assignment, [file.name for file in files]
    if one.state is State.CLOSED or one.level is Level.NOTICE:
        answers.ask(turn, line, turn.text or f"请求撤回佐证：{'、'.join(names)}", "evidence_verified")
        return
    told = _no_longer_sent(turn, line, {file.sha256 for file in files})
    rows.withdraw(turn.session, one, files, turn.visitor.actor, turn.now)
    body = EvidenceBody(turn.visitor.person.name, tuple(names), withdrawn=True)
    for unit, chat in told:
        evidence.tell_of_files(turn, line, unit, chat, body)
    if prompts.waiting(turn) is None:
        prompts.expect(turn, Action.REPORT, line)
    turn.acted(rows.WITHDRAWN, line.code)
    reported = one.state is State.REPORTED
    lacks = lacking(turn.session, turn.desk, line) if reported else ()
    turn.reply("evidence_withdrawn", code=line.code, names=names, reported=reported, missing=lacks, line=line)


def _no_longer_sent(turn: Turn, line: Line, files: set[str]) -> list[tuple[int | None, int | None]]:
    """Take files from what is still to go out to who looks at them; return the units and chats that have them already."""
    told: list[tuple[int | None, int | None]] = []
    for kind in (NoticeKind.REVIEW, NoticeKind.VERIFY_REQUEST, NoticeKind.EVIDENCE):
        for notice in outbox.unrendered_about(turn.session, line.assignment.id, kind):
            _leave_out(turn, notice, files)
        for notice in outbox.sent_about(turn.session, line.assignment.id, kind):
            if any(file.sha256 in files for file in notice.legible.files):
                told.append((notice.unit_id, notice.chat_id))
    return list(dict.fromkeys(told))


def _leave_out(turn: Turn, notice: Notice, files: set[str]) -> None:
    body = notice.legible
    left: tuple[KeptFile, ...] = tuple(file for file in body.files if file.sha256 not in files)
    if len(left) == len(body.files):
        return
    if isinstance(body, RequestBody):
        notice.carry(replace(body, files=left))
    elif isinstance(body, EvidenceBody) and left:
        notice.carry(replace(body, files=left, names=tuple(file.name for file in left)))
    else:
        outbox.finish(notice, DeliveryState.WITHDRAWN, turn.now, rows.WITHDRAWN)
