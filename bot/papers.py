"""Papers in the rooms: a drafted bulletin or summons is edited by replying to it, and signed by a signer's press."""

import re

from sqlmodel import col, select

from bot import access
from bot.access import Denied
from bot.turn import Turn
from db import ledger, outbox, register
from db.history import append
from db.ledger import Which
from db.models import NoticeItem, Paper, PaperItem
from db.words import LIVING, Action, Reason
from jobs import refresh
from jobs.sign import drafts_of, issue

_OMIT = re.compile(r"^(?:去掉|删去|删除|不列)\s*((?:[〔\[]?[A-Za-z]{1,2}\d*-\d+(?:\.\d+)?[〕\]]?[、，,\s]*)+)$")
_CODE = re.compile(r"[A-Za-z]{1,2}\d*-\d+(?:\.\d+)?")


def replied_to(turn: Turn) -> bool:
    """Tell whether the person replies to a draft."""
    return turn.source is not None and bool(turn.source[0].body.get("draft"))


def rewrite(turn: Turn, text: str) -> None:
    """Change a draft: 去掉 A-7 leaves an item out, anything else takes the place of the opening sentence."""
    assert turn.source is not None, "replied_to() has said yes"
    paper = access.to_rewrite(turn.session, turn.desk, turn.visitor, turn.source[0].body["paper"])
    if paper.signed_at is not None:
        turn.reply("refused", why=f"这份{paper.kind.zh}已{_signed_by(turn, paper)}签发，不能再改。")
        return
    omitted = _OMIT.match(text.strip())
    before = paper.words
    if omitted:
        codes = {code.upper() for code in _CODE.findall(omitted[1])}
        if not _omit(turn, paper, codes):
            turn.reply("refused", why="文稿里没有这一项；请按文稿上的编号写，例如：去掉 A-7。")
            return
    else:
        paper.words = text.strip()
    append(
        turn.session, paper.campaign_id, turn.now, f"修改{paper.kind.zh}", turn.visitor.actor, action=Action.CORRECT,
        before={"paper": paper.id, "words": before}, after={"words": paper.words}, words=text,
    )  # fmt: skip
    turn.acted("修改文稿")
    for draft in drafts_of(turn.session, paper):
        outbox.refresh(turn.session, draft, 1, turn.now)
    turn.reply("paper_changed", kind=paper.kind.zh)


def _omit(turn: Turn, paper: Paper, codes: set[str]) -> bool:
    named = turn.session.exec(select(PaperItem.assignment_id).where(PaperItem.paper_id == paper.id)).all()
    dropped = {
        line.assignment.id
        for line in ledger.lines(turn.session, Which(LIVING, ids=named))
        if line.code.upper() in codes
    }
    if len(dropped) == len(named):
        raise Denied("文稿至少须保留一项；不需要发的，不签发即可。")
    for assignment in dropped:
        turn.session.delete(turn.session.get_one(PaperItem, (paper.id, assignment)))
    for draft in drafts_of(turn.session, paper):
        for item in turn.session.exec(select(NoticeItem).where(NoticeItem.notice_id == draft.id)):
            if item.assignment_id in dropped:
                item.withdrawn_why = Reason.CHANGED
    turn.session.flush()
    return bool(dropped)


def sign(turn: Turn, paper_id: int) -> None:
    """Sign a drafted bulletin or summons; it goes out at once, and once."""
    paper = access.to_sign(turn.session, turn.desk, turn.visitor, paper_id)
    if turn.source is not None and refresh.is_outdated(turn.session, turn.source[0]):
        turn.reply("refused", why="这份文稿已经修改，未签发；请看最新的一条，再按“签发”。")
        return
    if paper.signed_at is not None:
        turn.reply("refused", why=f"这份{paper.kind.zh}已{_signed_by(turn, paper)}签发。")
        return
    count = issue(turn.session, paper, turn.visitor.actor, turn.now)
    turn.acted("签发")
    for draft in drafts_of(turn.session, paper):
        outbox.refresh(turn.session, draft, 1, turn.now)
    turn.reply("signed", count=count)


def _signed_by(turn: Turn, paper: Paper) -> str:
    return f"由{register.name_of(turn.session, paper.signed_by_id) or '签发人'}于{turn.at(paper.signed_at)}"


def sign_latest(turn: Turn, _rest: str) -> None:
    """签发: sign the newest draft."""
    query = select(Paper).where(col(Paper.signed_at).is_(None)).order_by(col(Paper.id).desc())
    paper = turn.session.exec(query).first()
    if paper is None:
        turn.reply("refused", why="没有待签发的文稿。")
        return
    sign(turn, paper.id or 0)
