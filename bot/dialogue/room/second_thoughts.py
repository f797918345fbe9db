"""撤回, 核错了, 改错了 in the room: a decision that units have heard is not undone, another takes its place; it is said which, and how."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from bot.dialogue import access_to_calls
from bot.dialogue.phrases import Pieces
from bot.dialogue.room import papers
from bot.dialogue.targets import of_coordinator
from bot.dialogue.turn import Turn
from bot.dialogue.understand import understand
from db import days, ledger
from db.ledger import Line, Which, undoing
from db.models import Broadcast, History
from db.words import ENDED_STATES, LIVING, UNENDED, Action, CampaignStatus, NoticeKind, State
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS
from jobs.papers import drafts

LONGEST = 40
"""Characters of what is said so; who writes more than that tells something else."""

LATELY = timedelta(days=1)
"""How long ago the decision may be that somebody means without a name."""

_SAY = Pieces(
    "second_thoughts",
    takes_back="^(?:撤回|收回)(?!的|了?[^，,。A-Za-z]{1,8}的)|(?:撤回|收回|取消)刚才|刚才.{0,8}(?:撤回|取消|作废)",
    errs="{acts}错|不该(?:核查?|[销退批免撤])|误[核销退批免撤]|{takes_back}",
    sorry=r"我|刚才|刚刚|不好意思|抱歉|[，,\s啊哦把]",
)
_ERRS = _SAY("{errs}")
_DECIDES = re.compile("退回(?!错)|不同意|打回|驳回|重[新报]")
"""What decides something for a reason that is called wrong: 数据写错了，退回."""
_OF_ELSE = re.compile(
    "有人|别人|他们|(?:负责人|联络员|联系人|期限|内容|名称|电话|牵头|单位|姓名)[^，,。]{0,4}[说写弄搞选填]错"
)
"""What errs is somebody else, or a word of the list that is put right: A-1的负责人写错了，应为李工."""
_MISSENT = re.compile(r"^/?群发(?:的|内容|消息)*(?:[发说写弄搞]?错(?=[了。！!，,\s]|$)|有误|发漏|发重)")
"""What begins as the command does and is no message to anybody: 群发错了."""
_BARE = _SAY(r"^{sorry}*{errs}(?:一下|刚才|[了的吧啦这那条项次个])*[。！!\s]*$")
"""Nothing but that something is to be undone, which is answered also where nothing was decided."""
_OF_A_BROADCAST = re.compile("群发|通知|消息")
_CHANGES_WORDS = re.compile(r"^(?:更正|改[为成]|[说写发]错|应该?[是为]|不是)")


def errs(text: str) -> bool:
    """Tell whether somebody wants undone what they did themselves, and decides nothing else by it."""
    return bool(_ERRS.search(text)) and not _DECIDES.search(text) and not _OF_ELSE.search(text)


_TAKES_BACK_A_PAPER = re.compile(
    "(?!.*(?:[?？吗呢]|没|未|不))(?:.{0,6}(?:撤回|收回|撤[了掉下]).{0,8}(?:通报|约谈)|.{0,6}(?:通报|约谈)[^，,。]{0,6}(?:撤[回了掉下]|收回))"
)
"""Says that a bulletin or a summons is to be taken back: 撤回通报, 通报撤回来."""


def _of_paper(turn: Turn) -> None:
    """Show the draft that waits for a signature, whose buttons drop it; of what is signed say that it went out."""
    if drafts.unsigned(turn.session):
        papers.show_first(turn, "")
        return
    signed = next((one for one in drafts.latest(turn.session, _LATEST) if one.signed_at is not None), None)
    if signed is None:
        turn.reply("refused", why="没有待签发的文稿，也没有签发过的通报、约谈。")
        return
    again = f"{turn.spoken('群发', 'broadcast')} 全部 更正：……" if turn.visitor.steers else "请协调员群发"
    number = turn.desk.letterhead.numbered(signed.kind, signed.year, signed.number)
    turn.reply(
        "refused",
        why=f"{signed.kind.zh}{number}{turn.at(signed.signed_at)}已签发，单位已收到，不能撤回；要更正请另发一条：{again}。",
    )


_LATEST = 8
"""Among so many papers, the latest, one is looked for that was signed."""


def said(turn: Turn, text: str) -> bool:
    """Say what can be done where somebody wants undone what they did; tell whether it was that."""
    if turn.is_spoken_to and not turn.files and len(text) <= LONGEST and _TAKES_BACK_A_PAPER.match(text):
        _of_paper(turn)
        return True
    if not turn.is_spoken_to or turn.files or len(text) > LONGEST or not errs(text):
        return False
    tasks = understand(text, on=turn.today(), coordinator=True).tasks
    named = of_coordinator(turn, tasks, Which(LIVING)).lines if tasks else ()
    numbers = [line.assignment.id for line in named] if tasks else None
    entry = undoing.last_decision(turn.session, turn.visitor.person.id, turn.now - LATELY, numbers)
    sent = access_to_calls.latest_broadcast(turn.session, turn.visitor) if turn.visitor.steers and not tasks else None
    lately = sent is not None and sent.sent_at is not None and turn.now - sent.sent_at < LATELY
    later = lately and (entry is None or (sent is not None and sent.sent_at is not None and sent.sent_at > entry.at))
    if sent is not None and lately and (later or _OF_A_BROADCAST.search(text)):
        _of_broadcast(turn, sent)
    elif entry is not None and not _OF_A_BROADCAST.search(text):
        together = undoing.decided_with(turn.session, entry, numbers)
        _instead(turn, [(undoing.line_of(turn.session, one), one) for one in together], named)
    elif tasks or _BARE.match(text) or _OF_A_BROADCAST.search(text):
        renewed = f"有效期写错的请写：{turn.spoken('更正', 'correct')} 7 期限2025年6月30日。"
        turn.reply("refused", why=f"没有改动。{renewed}" if "有效期" in text else _how(turn))
    else:
        return False
    return True


def of_sent(turn: Turn, text: str) -> bool:
    """Say what can be done of what was sent to all by mistake, 群发错了, which is no broadcast of the word 错了; tell whether it was that."""
    if not turn.visitor.steers or turn.files or len(text) > LONGEST or not _MISSENT.match(text.strip()):
        return False
    sent = access_to_calls.latest_broadcast(turn.session, turn.visitor)
    if sent is not None and sent.sent_at is not None and turn.now - sent.sent_at < LATELY:
        _of_broadcast(turn, sent)
    else:
        turn.reply("refused", why=_how(turn))
    return True


def _how(turn: Turn) -> str:
    written = [("重开", "reopen"), ("更正", "correct"), ("撤销", "cancel"), ("结束群发", "close")]
    reopen, correct, cancel, close = (turn.spoken(*words) for words in written)
    return (
        f"没有改动：单位已收到的决定不能撤回。核错的请写：{reopen} 7 理由；改错的请写：{correct} 7 期限6月30日；"
        f"交办错的请写：{cancel} 7；群发错的请写：{close}。"
    )


def changed_words(turn: Turn, text: str) -> bool:
    """Say how a broadcast is put right where a reply to its figures gives other words; tell whether it did."""
    notice = turn.source.notice if turn.source is not None and turn.incoming.press is None else None
    if notice is None or notice.kind is not NoticeKind.TALLY or notice.broadcast_id is None:
        return False
    if not _CHANGES_WORDS.match(text.strip().removeprefix("/")):
        return False
    _of_broadcast(turn, access_to_calls.to_broadcast(turn.session, turn.visitor, notice.broadcast_id))
    return True


def _of_broadcast(turn: Turn, made: Broadcast) -> None:
    stops = [button(Verb.CLOSE_BROADCAST, made.id, label="结束这次群发")] if made.closed_at is None else []
    if stops and made.send_at is not None and made.send_at > turn.now:
        withdraws = button(Verb.CLOSE_BROADCAST, made.id, label=f"撤回群发{made.id}")
        why = f"这次群发定于{turn.at(made.send_at)}发出，还没有发：不发的请按“撤回”；要改原话，撤回后重写一次。"
        turn.reply("refused", why=why, buttons=[withdraws])
        return
    again = turn.spoken("群发", "broadcast")
    why = f"没有改动：群发已经发出，原话改不了。要更正请另发一条：{again} 全部 更正：……" + (
        "；不再催、没发出的不再发，按下面：" if stops else "。"
    )
    turn.reply("refused", why=why, buttons=stops)


Decided = Sequence[tuple[Line, History]]
"""What somebody decided at once: assignments, each with its entry of the record."""


def _instead(turn: Turn, decided: Decided, named: Sequence[Line]) -> None:
    """Say of all that was decided at once what takes its place, as it is written here; what was closed has a button each. ``named`` is
    what the words speak of: A-8的延期批错了，应该是A-6.
    """
    line, entry = decided[0]
    did = f"您{turn.at(entry.at)}{entry.event}{_whose([one for one, _entry in decided])}"
    kept = "，一个都没有改回" if len(decided) > 1 else ""
    if entry.action is Action.CORRECT or entry.action not in _INSTEAD:
        how = _anew(turn, decided) + (_meant_for(turn, line, named) if entry.action is Action.GRANT else "")
    else:
        how = _INSTEAD[entry.action](turn, line, entry)
    alike = (
        len(decided) > 1 and len({one.code for one, _entry in decided}) == 1
    )  # a button's beginning tells them apart
    reopen = [
        button(
            Verb.REOPEN,
            one.assignment.id,
            one.assignment.version,
            f"重开{'' if alike else f'〔{one.code}〕'}{one.unit.name}",
        )
        for one, _entry in decided
        if entry.action is Action.VERIFY and one.assignment.state is State.CLOSED
    ]
    also = "，或按下面的按钮" if reopen else ""
    drafted = all(one.campaign.status is CampaignStatus.DRAFT for one, _entry in decided)
    since = "没有改动：专项行动待启动，单位还没有收到" if drafted else f"单位已收到，不能撤回{kept}"
    turn.reply(
        "refused",
        why=f"{did}，{since}；{how}{also}。",
        line=line if len(decided) == 1 else None,
        buttons=reopen[:MAX_ITEM_BUTTONS],
    )


def _whose(lines: Sequence[Line]) -> str:
    """Return which tasks of which units these are, of more than a few units how many."""
    units: dict[str, list[str]] = {}
    for line in lines:
        units.setdefault(line.code, []).append(line.unit.name)
    return "、".join(f"〔{code}〕{_few(names)}" for code, names in list(units.items())[:FEW]) + (
        f"等{len(units)}项" if len(units) > FEW else ""
    )


FEW = 6
"""Up to so many are named."""


def _few(names: Sequence[str]) -> str:
    return "、".join(names) if len(names) <= FEW else f"{'、'.join(names[:FEW])}等{len(names)}个单位"


def _written(words: tuple[str, str], what: str) -> Callable[[Turn, Line, History], str]:
    return lambda turn, line, _entry: what.format(word=turn.spoken(*words), code=line.code, unit=line.unit.name)


def _anew(turn: Turn, decided: Decided) -> str:
    """Say how days are put back: for all units of a task with one sentence where all had the same, else for those named."""
    were: dict[tuple[str, str | None], list[Line]] = {}
    for line, entry in decided:
        were.setdefault((line.code, entry.before.get("due")), []).append(line)
    word, told = turn.spoken("更正", "correct"), []
    for (code, before), lines in list(were.items())[:FEW]:
        owed = ledger.lines(turn.session, Which(UNENDED, milestone=lines[0].milestone.id))
        some = len(lines) < len({one.unit.id for one in owed if one.assignment.state not in ENDED_STATES})
        unit = f" {'、'.join(line.unit.name for line in lines)}" if some else ""
        never = "期限 长期" if all("due" in entry.before for _line, entry in decided) else "……"
        what = f"期限{days.written(date.fromisoformat(before))}" if before else never
        told.append(f"{word} {code}{unit} {what}")
    return f"要改回请写：{'；'.join(told)}"


def _meant_for(turn: Turn, line: Line, named: Sequence[Line]) -> str:
    """Say how the day that was given is given to the task of the unit that was meant, where the words name it beside ``line``."""
    meant = next((one for one in named if one.unit.id == line.unit.id and one.milestone.id != line.milestone.id), None)
    if meant is None or line.assignment.due is None:
        return ""
    day = days.written(line.assignment.due)
    return f"；{meant.code}要给这个期限请写：{turn.spoken('更正', 'correct')} {meant.code} {meant.unit.name} 期限{day}"


_INSTEAD: dict[Action | None, Callable[[Turn, Line, History], str]] = {
    Action.VERIFY: _written(("重开", "reopen"), "要重办请写：{word} {code} 理由"),
    Action.PUBLISH: _written(("退回", "return"), "公示期内要重办请写：{word} {code} 理由"),
    Action.RETURN: _written(("代录", "record"), "属实的请单位再报一次办结，或写：{word} {code} {unit} 已办结，再核查"),
    Action.REFUSE: _written(("更正", "correct"), "要给的期限请写：{word} {code} {unit} 期限6月30日"),
    Action.SUSPEND: _written(("恢复", "resume"), "要恢复请写：{word} {code}"),
    Action.RESUME: _written(("暂缓", "suspend"), "要再停请写：{word} {code}"),
    Action.REOPEN: _written(("代录", "record"), "不用重办的请写：{word} {code} {unit} 已办结，再核查"),
    Action.CANCEL: _written(("新增", "add"), "要重新交办请写：{word} 请{unit}于6月30日前……"),
    Action.WAIVE: _written(("新增", "add"), "要重新交办请写：{word} 请{unit}于6月30日前……"),
}
"""What takes the place of each decision; of others the old day, or what else stood there, is corrected."""
