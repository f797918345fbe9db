"""Papers in the rooms: a draft is looked at, changed on purpose, signed by a signer who has seen it, or dropped."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from bot.dialogue import access, opening
from bot.dialogue.access import Denied
from bot.dialogue.phrases import Pieces
from bot.dialogue.room.charts import charts_of
from bot.dialogue.turn import Turn
from db import outbox, register
from db.ledger import local_day
from db.models import Notice, Paper
from db.words import NoticeKind
from jobs import pending
from jobs.notices.press import Verb, button
from jobs.notices.render import shorten
from jobs.papers import drafts, signing
from jobs.papers.signing import Issued, PaperRefused
from jobs.ports import Changes

_OPENING = re.compile(
    r"^(?:请|麻烦)?(?:[把将]|修改|改|换)?(?:一下)?开头(?:那?这?句话?)?"
    r"(?:[，,]?(?:请|应)?(?:修?改|换|写|调整)?[成为作][:：]?|[:：\s])\s*(?P<words>\S.*)$",
    re.DOTALL,
)
_OMIT = re.compile(r"^(?:去掉|删去|删除|不列)\s*((?:[〔\[]?[A-Za-z]{1,2}\d*-\d+(?:\.\d+)?[〕\]]?[、，,\s]*)+)$")
_OMIT_UNIT = re.compile(r"^(?:把)?(?:去掉|删去|删除|不列)\s*(?P<unit>[\u4e00-\u9fff]{2,20}?)[了吧]?[。！!]?$")
_SAY = Pieces(
    "papers",
    nod="{nods}[的了吧啊呀]*",
    sends="{go_on}*(?:签发?|印发|下发|发出去?|发)[了吧的啊呀]*",
    paper=r"(?:(?:这份|那份|这个)?(?:通报|约谈(?:通知)?|文稿)[\s，,]*)?",
    puts_off="{rather}*{not_now}[了吧一下着]*",
    later=r"(?:{some_day}|[下这本]个?[周月][一二三四五六日天]?)?[再才](?:[说看定议签发]|研究)[了吧]*",
)
_AGREES = _SAY(r"{paper}(?:(?:{nod}|{sends})[\s，,。.！!、~]*)+", re.IGNORECASE)
"""Who agrees to a draft in words, 可以，发吧, is shown it with its buttons: only a press signs."""
_WAITS = _SAY(r"(?:(?:{nod}|{puts_off}|{later})[\s，,。.！!、]*)+")
_PUT_OFF = _SAY(r"(?:{paper}{puts_off}[\s，,。.！!、]*)+(?:{later}[。.！!]*)?")
_SENDS_IT = re.compile("[发签]")
_DROP = re.compile(r"^(?:作废|不发了?|废弃)[。！!]?$")
_CODE = re.compile(r"[A-Za-z]{1,2}\d*-\d+(?:\.\d+)?")

HOW = (
    "这是待签发的文稿，您的话没有写进去。同意请回复“同意”，再按“签发”；换开头请写“开头：……”，"
    "删一项请写“去掉 编号”，先不发不用办，不再发请写“作废”。"
)
CHANGED = "文稿的内容或逾期天数已有变动，未签发；请看最新的一条，再按“签发”。"
CHANGED_HERE = "文稿的内容或逾期天数已有变动，未签发；这一条已更新，请看过再按“签发”。"

LONGEST = 300
"""Characters of an opening sentence that somebody writes."""


# ---------------------------------------------------------------- a reply to a draft


def replied_to(turn: Turn) -> bool:
    """Tell whether the person replies to a draft."""
    return turn.source is not None and turn.source.notice.body.draft


def change(turn: Turn, text: str) -> None:
    """Take a reply to a draft: 开头：… shows what it would be, 去掉 A-7 leaves an item out, 作废 drops it.

    Any other words change nothing.
    """
    assert turn.source is not None, "replied_to() has said yes"
    text = text.strip()
    papers = drafts.open_in(turn.session, turn.source.notice)
    opening, omitted = _OPENING.match(text), _OMIT.match(text)
    of_unit = _units_left_out(turn, text) if not (opening or omitted) else set()
    if not papers:
        turn.reply("refused", why="这份文稿已经签发或作废，不能再改。")
    elif omitted:
        _omit(turn, papers, {code.upper() for code in _CODE.findall(omitted[1])})
    elif of_unit:
        _omit(turn, papers, None, of_unit)
    elif _WAITS.fullmatch(text):
        _leave_open(turn)
    elif not (opening or _DROP.match(text)):
        turn.reply("refused", why=HOW, buttons=[button(Verb.LOOK_AT_PAPER, papers[0].id)])
    elif len(papers) > 1:
        turn.reply("refused", why=f"这一条里有{len(papers)}份文稿；请先按“逐个看”，再回复要改的那一份。")
    elif opening:
        _preview(turn, papers[0], opening["words"].strip())
    else:
        drop(turn, papers[0].id)


def agreed(turn: Turn, text: str) -> bool:
    """Show the draft that somebody answers with its buttons, where the words agree to it; tell whether they do.

    What is said right under a draft, with nothing else in between, answers it without a reply.
    """
    text = text.strip().removeprefix("/")
    if turn.files or not _AGREES.fullmatch(text):
        return False
    if not replied_to(turn):
        sends = _SENDS_IT.search(text) is not None
        if turn.source is not None or not turn.is_spoken_to or not (papers := _meant(turn, sends=sends)):
            return False
        look(turn, papers[0].id)
        return True
    show_first(turn, "")
    return True


def put_off(turn: Turn, text: str) -> bool:
    """Say that a draft stays as it is where a leader lets it wait without a reply, 这个先放一放; tell whether that is what is said."""
    if replied_to(turn) or turn.source is not None or turn.files or not _PUT_OFF.fullmatch(text.strip()):
        return False
    if not (turn.is_spoken_to and _meant(turn, sends=True)):
        return False
    _leave_open(turn)
    return True


def _leave_open(turn: Turn) -> None:
    word = turn.spoken("签发", "sign")
    turn.reply_text(f"好的，没有签发，也没有作废；仍在待签发里，写“{word}”随时可看。", outcome="left_open")


def _meant(turn: Turn, *, sends: bool) -> list[Paper]:
    """Return the drafts right above, else, of a leader whose words are about sending one, those that wait for a signature."""
    waiting = drafts.unsigned(turn.session) if sends and turn.visitor.leads else []
    return _right_above(turn) or [paper for paper in waiting if drafts.still_late(turn.session, [paper], turn.today())]


def _right_above(turn: Turn) -> list[Paper]:
    """Return the open drafts that the last message of the chat shows."""
    last = outbox.sent_lately(turn.session, turn.visitor.chat.id, 1)
    notice = last[0][0] if last else None
    return drafts.open_in(turn.session, notice) if notice is not None and notice.body.draft else []


def _units_left_out(turn: Turn, text: str) -> set[int]:
    """Return the units that are to be left out of a draft, by what they are called."""
    said = _OMIT_UNIT.match(text)
    named = register.beginning_with(turn.session, said["unit"]) if said is not None else []
    return {unit.id for name, unit in named if said is not None and name == said["unit"]}


def _to_change(turn: Turn, number: int) -> Paper:
    """Give a draft to a coordinator or signer."""
    return access.to_rewrite(turn.session, turn.desk, turn.visitor, number, turn.today())


def _omit(turn: Turn, papers: Iterable[Paper], codes: set[str] | None, units: Collection[int] = ()) -> None:
    done = [
        signing.omit(turn.session, _to_change(turn, paper.id), codes, turn.visitor.actor, turn.now, units)
        for paper in papers
    ]
    if not any(done):
        turn.reply("refused", why="文稿里没有这一项；请按文稿上的编号写，例如：去掉 A-7。")
        return
    turn.acted("修改文稿")
    turn.reply("paper_changed", what="已修改，待签发。")


def _preview(turn: Turn, paper: Paper, words: str) -> None:
    paper = _to_change(turn, paper.id)
    if len(words) > LONGEST:
        turn.reply("refused", why=f"开头最长{LONGEST}字，现为{len(words)}字。")
        return
    text = pending.text_of(turn.session, turn.desk, paper, turn.abilities, turn.today(), words)
    turn.reply_text(
        f"改后的文稿是这样，尚未修改{_replaced(paper)}：\n{text}",
        outcome="paper_preview",
        buttons=[button(Verb.CHANGE_PAPER, paper.id, turn.inbound_id), button(Verb.KEEP_PAPER, paper.id)],
    )


def _replaced(paper: Paper) -> str:
    """Say of words that take the place of others that somebody gave before what those were."""
    return f"（将代替此前改的开头“{shorten(paper.words, 40)}”）" if paper.words else ""


def confirm_change(turn: Turn, number: int, inbound_id: int) -> None:
    """确认修改: put the previewed words in place of the opening sentence."""
    paper = _to_change(turn, number)
    inbound = access.own_message(turn.session, turn.visitor, inbound_id)
    opening = _OPENING.search(_unaddressed(inbound.words["text"]))
    if not opening:
        raise Denied("该按钮不属于您刚才的消息。")
    signing.reword(turn.session, paper, opening["words"].strip(), turn.visitor.actor, turn.now)
    turn.acted("确认修改")
    turn.reply("paper_changed", what=f"{paper.kind.zh}已修改，待签发。")


def _unaddressed(text: str) -> str:
    return re.sub(r"^(?:@\S+\s*)+", "", text).strip()


def keep(turn: Turn, _number: int, _version: int = 0) -> None:
    """取消: leave a draft as it is."""
    turn.acted("取消")
    turn.reply("cancelled", what="文稿未动")


def ask_drop(turn: Turn, number: int, _version: int = 0) -> None:
    """作废: ask once more, since what is dropped does not come back."""
    paper = _to_change(turn, number)
    if not paper.is_open:
        turn.reply("refused", why=_closed(turn, paper))
        return
    units = "、".join(drafts.names(turn.session, drafts.units_named(turn.session, [paper]))[:3])
    turn.reply_text(
        f"这份{paper.kind.zh}（{units}）作废后不再发出，确认作废？",
        outcome="ask_drop",
        buttons=[button(Verb.DROP_PAPER, paper.id), button(Verb.KEEP_PAPER, paper.id)],
    )


def drop(turn: Turn, number: int, _version: int = 0) -> None:
    """Drop a draft: it is never sent, and the record says who dropped it."""
    paper = _to_change(turn, number)
    try:
        signing.drop(turn.session, paper, turn.visitor.actor, turn.now)
    except PaperRefused:
        raise Denied(_closed(turn, paper)) from None
    turn.acted("作废")
    turn.reply("paper_changed", what=f"{paper.kind.zh}已作废，不再发出；已记录。")


# ---------------------------------------------------------------- looking and signing


def look(turn: Turn, number: int, _version: int = 0) -> None:
    """看文稿, 逐个看, 下一份: show the first draft from ``number`` on that waits for a signature and has something to sign."""
    access.require_drafts(turn.session, turn.visitor, turn.today())
    paper = drafts.following(turn.session, number - 1, turn.today())
    if paper is None:
        idle = [one for one in drafts.unsigned(turn.session) if (one.id) >= number]
        _nothing_left(turn, idle[0]) if idle else turn.reply("refused", why="没有待签发的文稿。")
        return
    drafts.show_alone(turn.session, paper, turn.visitor.chat.id, turn.now, turn.incoming.message_id)
    turn.outcomes.append("shown")


def show_first(turn: Turn, _rest: str) -> None:
    """签发: show the draft that the person replies to, else the first that waits, with the buttons that sign and drop it."""
    replied = drafts.open_in(turn.session, turn.source.notice) if turn.source is not None and replied_to(turn) else []
    if replied and not drafts.still_late(turn.session, replied, turn.today()):
        access.require_room(turn.visitor)
        _nothing_left(turn, replied[0])
    else:
        look(turn, (replied[0].id or 1) if replied else 1)


def _nothing_left(turn: Turn, paper: Paper) -> None:
    """Say that all a draft names was answered meanwhile: it is no longer shown, and may be dropped."""
    turn.reply_text(signing.NOTHING_LEFT, [button(Verb.ASK_DROP_PAPER, paper.id)], "nothing_left")


def sign_one(turn: Turn, number: int, seen: int) -> None:
    """Sign a draft as it was ``seen``; it goes out at once, and once."""
    paper = access.to_sign(turn.session, turn.desk, turn.visitor, number, turn.today())
    if not paper.is_open:
        turn.reply("refused", why=_closed(turn, paper))
    elif seen != _version(turn, [paper]):
        _show_again(turn, [paper])
    else:
        _issue(turn, [paper])


def sign_all(turn: Turn, notice_id: int, seen: int) -> None:
    """全部签发: sign every draft of a message as it was ``seen``."""
    notice: Notice = access.own_notice(turn.session, turn.visitor, notice_id)
    papers = [
        access.to_sign(turn.session, turn.desk, turn.visitor, paper.id, turn.today())
        for paper in drafts.open_in(turn.session, notice)
    ]
    if not papers:
        turn.reply("refused", why="这些文稿都已签发或作废。")
    elif seen != _version(turn, papers):
        _show_again(turn, papers)
    else:
        _issue(turn, papers)


def _version(turn: Turn, papers: Sequence[Paper]) -> int:
    """Return what drafts of one campaign say now, on the day that a message about them counts from."""
    zone = turn.desk.timezone_of(turn.session, papers[0].campaign_id)
    return drafts.version(turn.session, papers, local_day(turn.now, zone))


def _show_again(turn: Turn, papers: Sequence[Paper]) -> None:
    """Show drafts that have changed since they were seen: in their own message, or where that cannot be changed in another."""
    if not drafts.still_late(turn.session, papers, turn.today()):
        _nothing_left(turn, papers[0])
        return
    in_place = turn.abilities.changes is Changes.ANYTIME
    turn.reply("refused", why=CHANGED_HERE if in_place else CHANGED)
    if in_place:
        drafts.refresh_drafts(turn.session, papers, turn.now)
    else:
        drafts.show_in(turn.session, papers, turn.visitor.chat.id, turn.now, alone=True)


def _issue(turn: Turn, papers: Iterable[Paper]) -> None:
    issued: list[Issued] = []
    refused: list[str] = []
    for paper in papers:
        try:
            away = access.signs_for(turn.session, turn.desk, turn.visitor, paper, turn.today())
            issued.append(signing.issue(turn.session, paper, turn.visitor.actor, turn.now, away))
        except PaperRefused as refusal:
            refused.append(str(refusal))
    if issued:
        turn.acted("签发")
        turn.reply(
            "signed",
            **told_of(issued),
            goes_at=opening.told(turn, opening.opens(turn, issued[0].paper.campaign_id)),
            enclosed=charts_of(
                turn, {one.paper.campaign_id for one in issued if one.paper.kind is NoticeKind.BULLETIN}
            ),
        )
    for why in dict.fromkeys(refused):
        turn.reply("refused", why=why)


def told_of(issued: list[Issued]) -> dict[str, Any]:
    """Return what the answer to signing says: numbers, chats of units, who was not reached, what was left out."""
    numbers = [one.paper.number for one in issued if one.paper.number is not None]
    return {
        "first": min(numbers),
        "last": max(numbers),
        "measure": "号" if issued[0].paper.unit_id else "期",
        "count": len({chat for one in issued for chat in one.chats}),
        "unreached": list(dict.fromkeys(name for one in issued for name in one.unreached)),
        "left_out": sum(one.left_out for one in issued),
    }


def _closed(turn: Turn, paper: Paper) -> str:
    when, who = (paper.signed_at, paper.signed_by_id) if paper.signed_at else (paper.dropped_at, paper.dropped_by_id)
    signed = signing.signer_of(turn.session, paper) if paper.signed_at else ""
    name = signed or register.name_of(turn.session, who) or "他人"
    return f"这份{paper.kind.zh}已由{name}于{turn.at(when)}{'签发' if paper.signed_at else '作废'}。"
