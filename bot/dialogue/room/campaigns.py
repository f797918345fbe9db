"""Campaigns run from the room: rehearsed, activated, paused, ended."""

import re
from datetime import date

from sqlmodel import col, select

from bot.dialogue import access, opening
from bot.dialogue.access import Denied
from bot.dialogue.contact import answers
from bot.dialogue.room.drafts import LETTER, NUMBER, PAST_CHOICES
from bot.dialogue.turn import Effect, Turn
from db import ledger, locking
from db.history import PAUSE_BEGUN, PAUSE_ENDED, latest
from db.ledger import Which, ending
from db.ledger.doubts import account, by_kind
from db.models import Campaign, Errand
from db.words import EVERY, LIVING, UNENDED, CampaignStatus, PastChoice
from jobs.campaigns import pausing
from jobs.campaigns.activation import YearInDoubt, activate
from jobs.notices.press import Verb, button
from jobs.notices.render import shorten
from jobs.reading.deadlines import Frame, Setting, find_deadlines

_TURNS = ("启动", "放弃导入", PAUSE_BEGUN, PAUSE_ENDED)
"""What the record calls the turns that a campaign takes."""


# ---------------------------------------------------------------- rehearsing, activating


def rehearse(turn: Turn, number: int, _version: int = 0) -> None:
    """推演: an errand that takes seconds; the summary follows."""
    campaign = access.to_campaign(turn.session, turn.visitor, number)
    turn.session.add(
        Errand(
            campaign_id=campaign.id,
            chat_id=turn.visitor.chat.id,
            reply_to=turn.incoming.message_id,
            created_at=turn.now,
        )
    )
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
    campaign, words = campaign_in(turn, rest, CampaignStatus.DRAFT)
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
        )
    except YearInDoubt as question:
        _ask_about_year(turn, campaign, choice, question)
        return
    turn.acted("启动")
    left = by_kind(turn.session, campaign.id)
    undated = ledger.count(turn.session, Which(LIVING, campaign=campaign.id, undecided=True)) if left else 0
    asked = {code for _kind, codes in left for code in codes}
    further = [button(Verb.CHECK, campaign.id, label="接着核对")] if left else []
    turn.reply(
        "activated",
        campaign=campaign,
        done=done,
        choice=choice.zh,
        left=left,
        undated=undated,
        unowned=[code for code in done.without_unit if code not in asked],
        dayless=[code for code in done.without_day if code not in asked],
        goes_at=opening.told(turn, opening.opens(turn, campaign.id)),
        buttons=further,
    )


def _ask_about_year(turn: Turn, campaign: Campaign, choice: PastChoice, question: YearInDoubt) -> None:
    year, number = campaign.reference_year, campaign.id
    other = campaign.other_year
    buttons = [button(Verb.READ_AGAIN, number, other, f"改用{other}年重读")] if other is not None else []
    if choice in PAST_CHOICES:
        buttons.append(button(Verb.START_IN_YEAR, number, PAST_CHOICES.index(choice), f"仍按{year}年启动"))
    turn.reply(
        "ask_year",
        campaign=campaign,
        why=str(question),
        year=year,
        word=turn.spoken("启动", "activate"),
        buttons=buttons,
    )


# ---------------------------------------------------------------- pausing, resuming


def pause(turn: Turn, rest: str) -> None:
    """暂停: nothing automatic goes out for a campaign until it is resumed."""
    campaign, words = campaign_in(turn, rest, CampaignStatus.ACTIVE)
    if campaign is None:
        return
    _require_no_more(turn, campaign, words, ("暂停", "pause"))
    pausing.pause(turn.session, campaign, turn.visitor.actor, turn.now)
    turn.reply("paused", campaign=campaign)


def resume(turn: Turn, rest: str) -> None:
    """继续: what fell due meanwhile is told as after an outage, one message a chat."""
    campaign, words = campaign_in(turn, rest, CampaignStatus.PAUSED)
    if campaign is None:
        return
    _require_no_more(turn, campaign, words, ("继续", "unpause"))
    pausing.resume(turn.session, turn.desk, campaign, turn.visitor.actor, turn.now)
    turn.reply("resumed", campaign=campaign)


_NO_MORE = re.compile(r"[\s，,。！!：:“”《》〔〕]|整个|全部|这个|那个|导入|草稿|专项(?:行动)?|提醒|督办|[吧了啊]|一下")
"""What may stand behind a campaign and says no more than it."""


def _require_no_more(turn: Turn, campaign: Campaign, words: str, command: tuple[str, str]) -> None:
    """Raise ``Denied`` where more is said than which campaign, 暂停两天: it would be done otherwise than it is meant."""
    more = _NO_MORE.sub("", words)
    titles = campaign.title, _NO_MORE.sub("", campaign.title)
    if more and more.upper() != campaign.letter and not any(more in title for title in titles):
        raise Denied(
            f"“{shorten(words.strip(), 20)}”没有看懂，没有改动。整个专项行动请写：{turn.spoken(*command)} {campaign.id}"
            f"（没有期限，直到再改）；只一项任务请写：{turn.spoken('暂缓', 'suspend')} 7。"
        )


# ---------------------------------------------------------------- ending, dropping, looking over


def discard(turn: Turn, number: int, _version: int = 0) -> None:
    """放弃: a draft is not wanted; the same file can be imported again."""
    _discard(turn, access.to_campaign(turn.session, turn.visitor, number))


def discard_in_words(turn: Turn, rest: str) -> None:
    """放弃 2, whoever imported it and from where."""
    campaign, words = campaign_in(turn, rest, CampaignStatus.DRAFT)
    if campaign is not None:
        _require_no_more(turn, campaign, words, ("放弃", "discard"))
        _discard(turn, campaign)


def _discard(turn: Turn, campaign: Campaign) -> None:
    ending.discard(turn.session, campaign, turn.visitor.actor, turn.now)
    turn.acted("放弃")
    turn.reply("discarded", campaign=campaign)


def end(turn: Turn, rest: str) -> None:
    """结束 1: show what would be left unfinished, and ask."""
    campaign, _words = campaign_in(turn, rest, *LIVING)
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
        f"{one.tasks}项任务，未办结{one.open}项{_still_to_check(turn, one.campaign)}"
        for one in found
    ]
    turn.reply("rows", heading="专项行动", rows=rows)


def _still_to_check(turn: Turn, campaign: Campaign) -> str:
    """Say of a draft how many places nobody has settled."""
    left = len(account(turn.session, campaign.id).open) if campaign.status is CampaignStatus.DRAFT else 0
    return f"，待核对{left}处" if left else ""


# ---------------------------------------------------------------- which campaign


def campaign_in(turn: Turn, rest: str, *statuses: CampaignStatus) -> tuple[Campaign | None, str]:
    """Return the campaign that is named by its number or letter, or the only one that stands so."""
    access.require_coordinator(turn.visitor)
    query = select(Campaign).where(col(Campaign.status).in_(statuses)).order_by(col(Campaign.id))
    able = list(turn.session.exec(query))
    number, letter = NUMBER.match(rest), LETTER.match(rest)
    lettered = [one for one in able if letter is not None and one.letter == letter[1].upper()]
    if letter is not None and lettered:
        rest = rest[letter.end() :]
    named = [one for one in able if number is not None and one.id == int(number[1])] or lettered
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
