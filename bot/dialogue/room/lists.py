"""A list comes to the room: sent as a file, looked at, read again, corrected by eye, compared with the one that it revises."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from sqlmodel import Session

from bot.channels.incoming import Incoming
from bot.dialogue import access, duties
from bot.dialogue.access import Denied
from bot.dialogue.contact import answers
from bot.dialogue.room import doubts, rosters
from bot.dialogue.room.drafts import NUMBER, starting
from bot.dialogue.room.handing import hand_over
from bot.dialogue.turn import Turn, kept_with
from db import days, locking, register
from db.bodies import KeptFile
from db.history import latest
from db.ledger import Line
from db.ledger.doubts import account
from db.models import Campaign, Inbound
from db.words import CampaignStatus, ChatRole
from jobs.campaigns import lists
from jobs.campaigns.comparison import Revision, compare
from jobs.campaigns.import_ import Imported, ImportRefused
from jobs.campaigns.lists import ListFile
from jobs.campaigns.revision import revise
from jobs.desk import Desk
from jobs.notices.press import Press, Verb, button, verb_of
from jobs.notices.render import say, shorten, where_they_part
from jobs.ports import Button
from jobs.reading import checklist
from jobs.reading.files import UnreadableFile

_YEAR = re.compile(r"(?:19|20)\d\d")
_REVISES = re.compile(r"(?:修订|/revise)\s*#?(\d{1,6})")


def import_from(turn: Turn, rest: str) -> None:
    """导入: read the file that came with the message into a draft campaign, and show what was read."""
    files = turn.files
    if not files:
        turn.reply(
            "refused", why=f"请{turn.abilities.list_word}（附文字：{turn.spoken('导入', 'import')} 2022，写明年份）。"
        )
        return
    for file in files:
        turn.attempt(partial(_import_one, turn, file, _YEAR.search(rest)))


def _import_one(turn: Turn, file: KeptFile, year: re.Match[str] | None) -> None:
    access.require_coordinator(turn.visitor)
    with _refused(file.name, "未导入"):
        listed = _kept(turn, file, int(year[0]) if year else None)
        if listed.document.duties is not None:
            duties.take_sheet(turn, listed.document.duties)
            return
        if listed.document.roster is not None:
            rosters.preview(turn, listed.document.roster)
            return
        done = lists.bring_in(turn.session, turn.desk, listed, turn.visitor.actor, turn.now)
    if not done.new and done.campaign.status is not CampaignStatus.DRAFT:
        turn.reply("refused", why=f"该文件已导入为专项行动{done.campaign.id}（{done.campaign.status.zh}），未作改动。")
        return
    _show_import(turn, done)


def read_again(turn: Turn, number: int, year: int) -> None:
    """改用2027年重读: the same file, read in another year, takes the place of the draft."""
    campaign = access.to_campaign(turn.session, turn.visitor, number)
    if not turn.desk.archive.has(campaign.source_hash):
        turn.reply(
            "refused",
            why=f"原文件不在这里；请放弃专项行动{number}，再发一次文件并写：{turn.spoken('导入', 'import')} {year}。",
        )
        return
    with _refused(campaign.source_name, "未重读"):
        listed = lists.kept(turn.desk.archive, campaign.source_name, campaign.source_hash, year)
        done = lists.bring_in(turn.session, turn.desk, listed, turn.visitor.actor, turn.now, again=True)
    turn.acted(f"改用{year}年重读")
    _show_import(turn, done)


@contextmanager
def _refused(name: str, what: str) -> Iterator[None]:
    """Say of a file that was not taken what it is called and why."""
    try:
        yield
    except (UnreadableFile, ImportRefused) as refusal:
        raise Denied(f"“{name}”{what}：{refusal}") from None


def _kept(turn: Turn, file: KeptFile, year: int | None) -> ListFile:
    return lists.kept(turn.desk.archive, file.name, file.sha256, year)


def revise_from(turn: Turn, rest: str) -> None:
    """修订 1: compare the list that came with the message with a campaign, and show what would change."""
    access.require_coordinator(turn.visitor)
    files = turn.files
    number = NUMBER.match(rest)
    if len(files) != 1 or number is None:
        turn.reply(
            "refused",
            why=f"请把修订后的清单作为一个文件发到本群，附文字：{turn.spoken('修订', 'revise')} 1（专项行动的编号）。",
        )
        return
    campaign = access.to_campaign(turn.session, turn.visitor, int(number[1]))
    with _refused(files[0].name, "未读入"):
        listed = _kept(turn, files[0], campaign.reference_year)
    _show_revision(turn, campaign, compare(turn.session, campaign, listed.document), applied=False)


def apply_revision(turn: Turn, number: int, inbound_id: int) -> None:
    """按修订更新: bring the campaign up to date with the list that was shown."""
    campaign = access.to_campaign(turn.session, turn.visitor, number)
    locking.hold(turn.session, [campaign])
    inbound = turn.session.get(Inbound, inbound_id)
    files = kept_with(inbound) if inbound is not None else ()
    if len(files) != 1 or inbound is None or inbound.chat_id != turn.visitor.chat.id:
        turn.reply("refused", why="修订稿已不在，请重新发来。")
        return
    if campaign.source_hash == files[0].sha256:
        first = latest(turn.session, number, "修订")
        what = answers.who_was_first(turn, first) if first else "已更新过"
        turn.reply("refused", why=f"专项行动{number}{what}，就是按这份修订稿，未再作改动。")
        return
    with _refused(files[0].name, "未读入"):
        listed = _kept(turn, files[0], campaign.reference_year)
    found = revise(turn.session, campaign, listed, turn.visitor.actor, turn.now)
    turn.acted("修订")
    _show_revision(turn, campaign, found, applied=True)


def _show_revision(turn: Turn, campaign: Campaign, found: Revision, *, applied: bool) -> None:
    rows = [
        f"{change.kind} {change.named} {shorten(change.text, 24)}"
        + "".join(f"\n　　{one.field}：{where_they_part(one.before, one.after, 24)}" for one in change.differences)
        for change in found.changes
    ]
    buttons = [] if applied or not rows else [button(Verb.REVISE, campaign.id, turn.inbound_id)]
    turn.reply(
        "revised",
        campaign=campaign,
        rows=rows,
        kept=found.kept,
        unchanged=found.unchanged,
        applied=applied,
        shown=lists.SHOWN * 2,
        buttons=buttons,
    )


READING = frozenset({Verb.READ_AGAIN, Verb.CHECKLIST, Verb.REVISE})
"""Verbs that need a file to have been read."""


def reads_a_list(incoming: Incoming) -> bool:
    """Tell whether a press needs a list that may have to be read."""
    return verb_of(incoming.press or "") in READING


def read_ahead(session: Session, desk: Desk, incoming: Incoming, kept: Sequence[KeptFile]) -> Callable[[], None]:
    """Return what reads the files of a coordinator's message, and what may be a unit's 值班表; done before the transaction that uses them, because it may
    take seconds and everybody else would wait.
    """
    chat = register.find_chat(session, incoming.channel, incoming.chat)
    person = register.find_person(session, incoming.accounts, incoming.person)
    steers = register.coordinates(session, person)
    if (
        chat is not None
        and chat.role is ChatRole.UNIT
        and duties.may_be_a_sheet([one.name for one in kept], incoming.text)
    ):
        return partial(_read_all, desk, kept, None)
    if not steers or chat is None or chat.role is ChatRole.UNIT:
        return lambda: None
    pressed = Press.read(incoming.press or "")
    if pressed is not None:
        return _read_for(session, desk, pressed)
    revised = _REVISES.search(incoming.text)
    campaign = session.get(Campaign, int(revised[1])) if revised else None
    told = _YEAR.search(incoming.text)
    year = campaign.reference_year if campaign is not None else int(told[0]) if told else None
    return partial(_read_all, desk, kept, year)


def _read_for(session: Session, desk: Desk, pressed: Press) -> Callable[[], None]:
    """Return what reads the file that a press needs: the campaign's own, or the revised one that was sent."""
    campaign = session.get(Campaign, pressed.what)
    if campaign is None:
        return lambda: None
    year = pressed.version if pressed.verb is Verb.READ_AGAIN else campaign.reference_year
    sent = session.get(Inbound, pressed.version) if pressed.verb is Verb.REVISE else None
    kept = kept_with(sent) if sent is not None else (KeptFile(campaign.source_hash, campaign.source_name),)
    return partial(_read_all, desk, kept, year)


def _read_all(desk: Desk, kept: Sequence[KeptFile], year: int | None) -> None:
    for file in kept:
        lists.read_ahead(desk.archive, file.name, file.sha256, year)


def _show_import(turn: Turn, done: Imported) -> None:
    campaign, look = done.campaign, lists.preview(turn.session, done.campaign)
    uncertain = [line for line in look.first_lines if line.milestone.uncertain]
    asked = account(turn.session, campaign.id)
    turn.reply(
        "imported",
        campaign=campaign,
        year=campaign.reference_year,
        tasks=done.tasks,
        lines=len(look.lines),
        units=look.units,
        chats=look.chats,
        without=[unit.name for unit in look.without],
        nobody=look.nobody,
        uncertain=[f"〔{line.code}〕{line.milestone.text}：{line.milestone.uncertain}" for line in uncertain],
        past=[past for line in look.first_lines if (past := _past(turn, line)) is not None],
        unread=list(lists.unread(campaign)),
        shown=lists.SHOWN,
        like=done.like,
        alike=[f"“{one.unit.name}”可能就是“{one.known.name}”（{one.score}分）" for one in done.suggestions],
        called=[f"“{name}”→{unit}" for name, unit in done.called],
        edits=done.edits,
        new=done.new,
        doubts=len(asked.open),
        buttons=_import_buttons(campaign, done.past, done.other_year),
    )
    if asked.open:
        doubts.ask_first(turn, campaign)


def _past(turn: Turn, line: Line) -> str | None:
    due = line.milestone.due
    if due is None or due >= turn.today():
        return None
    return f"〔{line.code}〕{days.short(due, turn.today(line))} {shorten(line.title, 20)}"


def _import_buttons(campaign: Campaign, past: int, other_year: int | None) -> list[Button]:
    again = (
        [button(Verb.READ_AGAIN, campaign.id, other_year, f"改用{other_year}年重读")] if other_year is not None else []
    )
    more = [button(Verb.CHECKLIST, campaign.id), button(Verb.DISCARD, campaign.id)]
    return [*starting(campaign, past), *again, *more]


def hand_out_checklist(turn: Turn, number: int, _version: int = 0) -> None:
    """核对表: what was read beside the original, to be corrected in a spreadsheet and sent back."""
    campaign = access.to_campaign(turn.session, turn.visitor, number)
    archive = turn.desk.archive
    try:
        listed = lists.kept(archive, campaign.source_name, campaign.source_hash, campaign.reference_year)
    except UnreadableFile as refusal:
        raise Denied(f"“{campaign.source_name}”未读入：{refusal}") from None
    content = checklist.book(listed.document, campaign.source_hash)
    hand_over(turn, say("checklist", number=number), f"核对表{number}.xlsx", content, "checklist")
