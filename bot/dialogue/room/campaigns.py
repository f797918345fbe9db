"""Campaigns run from the room: a list is imported by sending the file, looked at, rehearsed, activated, paused."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial

from sqlmodel import Session, col, select

from bot.channels.incoming import Incoming
from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.contact import answers
from bot.dialogue.turn import Effect, Turn, kept_with
from db import days, ledger, locking, register
from db.bodies import KeptFile
from db.history import append, latest
from db.ledger import Line, ending
from db.models import Campaign, Errand, Inbound
from db.words import EVERY, LIVING, UNENDED, CampaignStatus, ChatRole, PastChoice
from jobs.campaigns import lists, pausing
from jobs.campaigns.activation import YearInDoubt, activate
from jobs.campaigns.comparison import Revision, compare
from jobs.campaigns.import_ import Imported, ImportRefused
from jobs.campaigns.lists import ListFile
from jobs.campaigns.revision import revise
from jobs.desk import Desk
from jobs.notices.press import Verb, button
from jobs.notices.render import say, shorten, where_they_part
from jobs.ports import Button
from jobs.reading import checklist
from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.files import UnreadableFile

SHOWN = 8
"""Uncertain, past and unread places that an import lists each."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_READ_AGAIN = re.compile(r"Y:(\d{1,9}):((?:19|20)\d\d)")
_REVISES = re.compile(r"(?:修订|/revise)\s*#?(\d{1,6})")
_NUMBER = re.compile(r"^\s*#?(\d{1,6})\s*")
_TURNS = ("启动", "放弃导入", "暂停专项", "恢复专项")
"""What the record calls the turns that a campaign takes."""

PAST_CHOICES = (PastChoice.SUMMARY, PastChoice.CLOSE, PastChoice.ESCALATE)
"""What a button of the import can choose for past deadlines, by its place."""


# ---------------------------------------------------------------- importing


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
    number = _NUMBER.match(rest)
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
        f"{change.kind} {change.number} {shorten(change.text, 24)}"
        + "".join(f"\n　　{one.field}：{where_they_part(one.before, one.after, 24)}" for one in change.differences)
        for change in found.changes
    ]
    buttons = [] if applied or not rows else [button(Verb.REVISE, campaign.id, turn.inbound_id)]
    turn.reply("revised", campaign=campaign, rows=rows, kept=found.kept, unchanged=found.unchanged, applied=applied, shown=SHOWN * 2,
               buttons=buttons)  # fmt: skip


def reads_a_list(incoming: Incoming) -> bool:
    """Tell whether a press asks for a list to be read again."""
    return _READ_AGAIN.fullmatch(incoming.press or "") is not None


def read_ahead(session: Session, desk: Desk, incoming: Incoming, kept: Sequence[KeptFile]) -> Callable[[], None]:
    """Return what reads the files of a coordinator's message; done before the transaction that uses them, because it may
    take seconds and everybody else would wait.
    """
    chat = register.find_chat(session, incoming.channel, incoming.chat)
    person = register.find_person(session, incoming.accounts, incoming.person)
    steers = register.coordinates(session, person)
    if not steers or chat is None or chat.role is ChatRole.UNIT:
        return lambda: None
    pressed = _READ_AGAIN.fullmatch(incoming.press or "")
    if pressed is not None:
        again = session.get(Campaign, int(pressed[1]))
        kept = [KeptFile(again.source_hash, again.source_name)] if again is not None else []
    revised = _REVISES.search(incoming.text)
    campaign = session.get(Campaign, int(revised[1])) if revised else None
    told = _YEAR.search(incoming.text)
    year = campaign.reference_year if campaign is not None else int(told[0]) if told else None
    year = int(pressed[2]) if pressed is not None else year

    def read() -> None:
        for file in kept:
            lists.read_ahead(desk.archive, file.name, file.sha256, year)

    return read


def _show_import(turn: Turn, done: Imported) -> None:
    campaign, look = done.campaign, lists.preview(turn.session, done.campaign)
    uncertain = [line for line in look.first_lines if line.milestone.uncertain]
    turn.reply(
        "imported",
        campaign=campaign,
        year=campaign.reference_year,
        tasks=done.tasks,
        lines=len(look.lines),
        units=look.units,
        chats=look.chats,
        without=[unit.name for unit in look.without],
        uncertain=[f"〔{line.code}〕{line.milestone.text}：{line.milestone.uncertain}" for line in uncertain],
        past=[past for line in look.first_lines if (past := _past(turn, line)) is not None],
        unread=[f"{shorten(problem['text'], 24)}：{problem['why']}" for problem in campaign.problems],
        shown=SHOWN,
        like=done.like,
        alike=[f"“{one.unit.name}”可能就是“{one.known.name}”（{one.score}分）" for one in done.suggestions],
        edits=done.edits,
        new=done.new,
        buttons=_import_buttons(campaign, done.past, done.other_year),
    )


def _past(turn: Turn, line: Line) -> str | None:
    due = line.milestone.due
    if due is None or due >= turn.today():
        return None
    return f"〔{line.code}〕{days.short(due, turn.today(line))} {shorten(line.title, 20)}"


_IN_SHORT = {PastChoice.SUMMARY: "只汇总", PastChoice.CLOSE: "视为办结", PastChoice.ESCALATE: "今起催办"}
"""What is done with tasks that are past, so short that no card cuts it."""


def _import_buttons(campaign: Campaign, past: int, other_year: int | None) -> list[Button]:
    number = campaign.id
    start = [button(Verb.START, number, place, f"启动 {_IN_SHORT[choice]}" if past else "")
             for place, choice in enumerate(PAST_CHOICES) if past or place == 0]  # fmt: skip
    again = [button(Verb.READ_AGAIN, number, other_year, f"改用{other_year}年重读")] if other_year is not None else []
    more = [button(Verb.CHECKLIST, number), button(Verb.DISCARD, number)]
    return [button(Verb.REHEARSE, number), *start, *again, *more]


def hand_out_checklist(turn: Turn, number: int, _version: int = 0) -> None:
    """核对表: what was read beside the original, to be corrected in a spreadsheet and sent back."""
    campaign = access.to_campaign(turn.session, turn.visitor, number)
    if not turn.abilities.files:
        raise Denied("本会话不能传文件；请从能传文件的会话发起。")
    archive = turn.desk.archive
    try:
        listed = lists.kept(archive, campaign.source_name, campaign.source_hash, campaign.reference_year)
    except UnreadableFile as refusal:
        raise Denied(f"“{campaign.source_name}”未读入：{refusal}") from None
    digest = archive.keep(checklist.book(listed.document, campaign.source_hash))
    files = (KeptFile(digest, f"核对表{number}.xlsx"),)
    turn.reply_text(say("checklist", number=number), outcome="checklist", files=files)


# ---------------------------------------------------------------- rehearsing, activating


def rehearse(turn: Turn, number: int, _version: int = 0) -> None:
    """推演: an errand that takes seconds; the summary follows."""
    campaign = access.to_campaign(turn.session, turn.visitor, number)
    turn.session.add(
        Errand(campaign_id=campaign.id, chat_id=turn.visitor.chat.id, reply_to=turn.incoming.message_id,
               created_at=turn.now)
    )  # fmt: skip
    turn.reply("rehearsing", campaign=campaign)
    turn.effects.add(Effect.REHEARSE)


def start(turn: Turn, number: int, choice: int) -> None:
    """启动, by a button of the import."""
    if 0 <= choice < len(PAST_CHOICES):
        _activate(turn, number, PAST_CHOICES[choice], None)


def start_in_that_year(turn: Turn, number: int, choice: int) -> None:
    """仍按2027年启动: the year contradicts the document, and somebody who was told so confirms it."""
    if 0 <= choice < len(PAST_CHOICES):
        _activate(turn, number, PAST_CHOICES[choice], None, year_is_right=True)


def start_in_words(turn: Turn, rest: str) -> None:
    """启动 1 (视为办结 / 自今日起催办 / 重定期限 12月31日) (年份无误)."""
    campaign, words = _campaign_in(turn, rest, CampaignStatus.DRAFT)
    if campaign is None:
        return
    choice, day = PastChoice.SUMMARY, None
    if "办结" in words:
        choice = PastChoice.CLOSE
    elif "催办" in words:
        choice = PastChoice.ESCALATE
    elif "重定" in words or "改期" in words:
        choice, day = PastChoice.REDATE, _day_in(turn, words)
    _activate(turn, campaign.id, choice, day, year_is_right="年份无误" in words)


def _activate(turn: Turn, number: int, choice: PastChoice, day: date | None, *, year_is_right: bool = False) -> None:
    campaign = access.to_campaign(turn.session, turn.visitor, number)
    try:
        done = activate(
            turn.session, turn.desk, campaign, choice, turn.visitor.actor, turn.now, day, year_is_right=year_is_right
        )  # fmt: skip
    except YearInDoubt as question:
        _ask_about_year(turn, campaign, choice, question)
        return
    turn.acted("启动")
    turn.reply("activated", campaign=campaign, done=done, choice=choice.zh)


def _ask_about_year(turn: Turn, campaign: Campaign, choice: PastChoice, question: YearInDoubt) -> None:
    year, number = campaign.reference_year, campaign.id
    buttons = [button(Verb.READ_AGAIN, number, campaign.other_year, f"改用{campaign.other_year}年重读")]
    if choice in PAST_CHOICES:
        buttons.append(button(Verb.START_IN_YEAR, number, PAST_CHOICES.index(choice), f"仍按{year}年启动"))
    turn.reply("ask_year", campaign=campaign, why=str(question), year=year, word=turn.spoken("启动", "activate"),
               buttons=buttons)  # fmt: skip


# ---------------------------------------------------------------- pausing, resuming


def pause(turn: Turn, rest: str) -> None:
    """暂停: nothing automatic goes out for a campaign until it is resumed."""
    campaign, _words = _campaign_in(turn, rest, CampaignStatus.ACTIVE)
    if campaign is None:
        return
    pausing.pause(turn.session, campaign, turn.now)
    _note(turn, campaign, "暂停专项")
    turn.reply("paused", campaign=campaign)


def resume(turn: Turn, rest: str) -> None:
    """继续: what fell due meanwhile is told as after an outage, one message a chat."""
    campaign, _words = _campaign_in(turn, rest, CampaignStatus.PAUSED)
    if campaign is None:
        return
    pausing.resume(turn.session, campaign, turn.now)
    _note(turn, campaign, "恢复专项")
    turn.reply("resumed", campaign=campaign)


def _note(turn: Turn, campaign: Campaign, event: str) -> None:
    append(turn.session, campaign.id, turn.now, event, turn.visitor.actor, after={"status": str(campaign.status)})


# ---------------------------------------------------------------- ending, dropping, looking over


def discard(turn: Turn, number: int, _version: int = 0) -> None:
    """放弃: a draft is not wanted; the same file can be imported again."""
    _discard(turn, access.to_campaign(turn.session, turn.visitor, number))


def discard_in_words(turn: Turn, rest: str) -> None:
    """放弃 2, whoever imported it and from where."""
    campaign, _words = _campaign_in(turn, rest, CampaignStatus.DRAFT)
    if campaign is not None:
        _discard(turn, campaign)


def _discard(turn: Turn, campaign: Campaign) -> None:
    ending.discard(turn.session, campaign, turn.visitor.actor, turn.now)
    turn.acted("放弃")
    turn.reply("discarded", campaign=campaign)


def end(turn: Turn, rest: str) -> None:
    """结束 1: show what would be left unfinished, and ask."""
    campaign, _words = _campaign_in(turn, rest, *LIVING)
    if campaign is not None:
        left = ending.left_by(turn.session, campaign)
        turn.reply("end_preview", campaign=campaign, left=left, buttons=[button(Verb.END, campaign.id)])


def end_confirmed(turn: Turn, number: int, _version: int = 0) -> None:
    """确认结束: the campaign is over, for good."""
    campaign = access.to_campaign(turn.session, turn.visitor, number)
    left = ending.end(turn.session, campaign, turn.visitor.actor, turn.now)
    turn.acted("结束")
    turn.reply("ended", campaign=campaign, left=left)


def overview(turn: Turn, rest: str) -> None:
    """专项: the campaigns with their numbers, those that are over when 全部 is asked for."""
    access.require_room(turn.visitor)
    found = ledger.overview(turn.session, EVERY if "全部" in rest else UNENDED)
    rows = [
        f"{one.campaign.id} 〔{one.campaign.letter}〕{shorten(one.campaign.title, 30)}（{ending.standing(one.campaign)}）"
        f"{one.tasks}项任务，未办结{one.open}项"
        for one in found
    ]
    turn.reply("rows", heading="专项行动", rows=rows)


# ---------------------------------------------------------------- which campaign


def _campaign_in(turn: Turn, rest: str, *statuses: CampaignStatus) -> tuple[Campaign | None, str]:
    """Return the campaign that is named by its number, or the only one that stands so."""
    access.require_coordinator(turn.visitor)
    query = select(Campaign).where(col(Campaign.status).in_(statuses)).order_by(col(Campaign.id))
    able = list(turn.session.exec(query))
    number = _NUMBER.match(rest)
    named = [one for one in able if number is not None and one.id == int(number[1])]
    found = named or (able if number is None else [])
    locking.hold(turn.session, found)
    found = [one for one in found if one.status in statuses]
    if len(found) == 1:
        return found[0], rest[number.end() :] if number else rest
    elsewhere = access.to_campaign(turn.session, turn.visitor, int(number[1])) if number is not None else None
    first = latest(turn.session, int(number[1]), *_TURNS) if number else None
    if first is not None:
        turn.reply("refused", why=f"专项行动{first.campaign_id}{answers.who_was_first(turn, first)}，未再作改动。")
        return None, ""
    listed = "；".join(f"{one.id} {shorten(one.title, 20)}" for one in able)
    words = "或".join(status.zh for status in CampaignStatus if status in statuses)
    turn.reply(
        "refused",
        why=(f"专项行动{elsewhere.id}{elsewhere.status.zh}。" if elsewhere is not None else "")
        + (f"请写明编号。{words}的专项行动：{listed}" if able else f"没有{words}的专项行动。"),
    )
    return None, ""


def _day_in(turn: Turn, words: str) -> date | None:
    days = [found.due for found in find_deadlines(words, Frame(Setting.CHAT, on=turn.today())) if found.due]
    return days[0] if days else None
