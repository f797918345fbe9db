"""记分 in the room: looked at, shown to the units, and what they object to is decided."""

import re
from collections.abc import Sequence
from datetime import date

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.phrases import Pieces
from bot.dialogue.room.campaigns import campaign_in
from bot.dialogue.room.drafts import LETTER, NUMBER
from bot.dialogue.targets import names_it
from bot.dialogue.turn import Turn
from db import days, ledger, outbox, register
from db.bodies import ObjectionBody
from db.ledger import Which, local_day
from db.models import Campaign, Objection, ScoreSheet
from db.words import LIVING, NoticeKind
from jobs.notices import scores
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS, shorten
from jobs.ports import Button
from jobs.reading.deadlines.resolve import number
from jobs.scoring import sheets
from jobs.scoring.points import written
from jobs.scoring.told import Told, sums, told, without

_MONTH = re.compile(
    r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3})月份?|(?P<word>上个?月|本月|这个月)"
)
_SAYS_NO_MORE = re.compile(
    r"各单位|所有单位|全部|的|了|吧|请|一下|情况|记分|得分|分数|看|查|给我|多少|几分|怎么样|[\s，,。:：、]"
)
"""What may stand beside a month and a unit and narrows nothing."""
_IS_ASKED = re.compile("[吗呢?？]|了没|没有|是不是|是否|有没有")


FIRST, LAST = 1901, 2199
"""Years of which anybody asks."""


def look(turn: Turn, rest: str) -> None:
    """记分, 记分 7月, 记分 7月 省经信厅, 记分 异议: how the units stand, or each point of one; of this month as far as it has gone."""
    access.require_room(turn.visitor)
    if "异议" in rest:
        _objections(turn)
        return
    said = _MONTH.sub("", rest)
    named = register.mentioned(turn.session, said)
    if not named and _unread(said):
        raise Denied(f"没有叫“{shorten(_unread(said), 20)}”的单位；请写：{turn.spoken('记分', 'score')} 7月 单位名称。")
    month = month_in(rest, turn.today()) or sheets.month_of(turn.today())
    found = _of_month(turn, month)
    for unit in named:
        theirs = [
            (one, today, mine)
            for one, today, rows in found
            if (mine := [row for row in rows if row.unit_id == unit.id])
        ]
        for campaign, today, mine in theirs:
            _of_unit(turn, campaign, month, today, unit.name, mine)
        if found and not theirs:
            turn.reply("score", month=month, campaign="", stands=unit.name, rows=[], rest=0)
    for campaign, today, rows in found if not named else ():
        _of_all(turn, campaign, month, today, rows)
    if not found and ledger.running(turn.session):
        turn.reply("refused", why=f"{days.month(month)}没有进行中的专项行动，没有记分。")
    elif not found:
        turn.reply("refused", why="没有进行中的专项行动；已读入的请先启动。")


def _of_month(turn: Turn, month: date) -> list[tuple[Campaign, date, list[Told]]]:
    """Return the campaigns that can have points in a month, each with its today and these points."""
    found = [(one, local_day(turn.now, one.timezone)) for one in sheets.campaigns_of(turn.session, month)]
    return [(one, today, told(turn.session, turn.desk, one, month, today)) for one, today in found]


def _unread(said: str) -> str:
    """Return what somebody said beside a month that we have not read."""
    return _SAYS_NO_MORE.sub("", _IS_ASKED.sub("", said))


def _objections(turn: Turn) -> None:
    """记分 异议: what waits for a decision, each with its two answers."""
    _offer(turn, _waiting(turn))


def _waiting(turn: Turn) -> list[Objection]:
    return [one for each in ledger.running(turn.session) for one in sheets.undecided(turn.session, each.id)]


def _offer(turn: Turn, waiting: Sequence[Objection]) -> None:
    answers = ((Verb.UPHOLD, "采纳"), (Verb.OVERRULE, "不采纳")) if turn.visitor.steers else ()
    shown = waiting[: MAX_ITEM_BUTTONS // 2]
    buttons = [button(verb, one.id, label=f"{word}异议{one.id}") for one in shown for verb, word in answers]
    rows = [scores.waiting_row(turn.session, one, turn.today()) for one in waiting]
    turn.reply("rows", heading="异议待定", rows=rows, buttons=buttons)


def _of_all(turn: Turn, campaign: Campaign, month: date, today: date, told_rows: list[Told]) -> None:
    sheet = sheets.of_month(turn.session, campaign.id, month)
    stands = how_it_stands(sheet, month, today)
    rows, rest = _units(turn, campaign, told_rows)
    buttons = _may_publish(campaign, month, today) if turn.visitor.steers and sheet is None and rows else []
    turn.reply("score", month=month, campaign=_titled(campaign), stands=stands, rows=rows, rest=rest, buttons=buttons)


def how_it_stands(sheet: ScoreSheet | None, month: date, today: date) -> str:
    """Say how far the score of a campaign's month is, of which nobody was shown a ``sheet`` or somebody was."""
    if sheet is None:
        return "尚未公示" if sheets.last_of(month) < today else "截至昨天"
    until = days.short(sheet.objections_until, today)
    return "已生效" if sheet.settled_at is not None else f"公示中，{until}前可提异议"


def _titled(campaign: Campaign) -> str:
    over = "" if campaign.status in LIVING else f"（{campaign.status.zh}）"
    return f"{shorten(campaign.title, 30 - len(over))}{over}"


def _units(turn: Turn, campaign: Campaign, told_rows: list[Told]) -> tuple[list[str], int]:
    """Write a month by unit, and count the units that neither gained nor lost."""
    summed = sums(told_rows)
    rest = without(turn.session, campaign.id, [name for name, _tenths in summed])
    return scores.by_unit(summed), len(rest)


def _may_publish(campaign: Campaign, month: date, today: date) -> list[Button]:
    over = sheets.last_of(month) < today
    return [button(Verb.PUBLISH_SCORE, campaign.id, month.year * 100 + month.month)] if over else []


def _of_unit(turn: Turn, campaign: Campaign, month: date, today: date, name: str, told_rows: list[Told]) -> None:
    rows = [scores.row(row.code, row, today, struck=row.struck) for row in told_rows]
    total = sum(tenths for _name, tenths in sums(told_rows))
    how = how_it_stands(sheets.of_month(turn.session, campaign.id, month), month, today)
    stands = f"{name}　合计 {written(total)}（{how}）"
    turn.reply("score", month=month, campaign=_titled(campaign), stands=stands, rows=rows, rest=0)


def month_in(words: str, today: date) -> date | None:
    """Return the month that is named: 7月 is the latest that has begun."""
    found = _MONTH.search(words)
    if found is None:
        return None
    if found["word"]:
        return sheets.month_before(today) if found["word"].startswith("上") else sheets.month_of(today)
    month, year = number(found["month"]), int(found["year"] or today.year)
    if not (1 <= month <= 12 and FIRST <= year <= LAST):
        raise Denied("月份须为1月到12月，年份须为四位。")
    named = date(year, month, 1)
    return named if found["year"] or named <= today else date(year - 1, month, 1)


def publish(turn: Turn, rest: str) -> None:
    """公示记分 7月: show what each unit would be told of a month that is over, of the last one where none is named; a press
    tells them. What is not read is asked about, and no other month or unit takes its place.
    """
    access.require_coordinator(turn.visitor)
    said = _MONTH.sub("", rest).strip()
    if not (NUMBER.match(said) or LETTER.match(said) or _unread(said)) and len(ledger.running(turn.session)) > 1:
        _publish_which(turn, rest)
        return
    campaign, more = campaign_in(turn, said, *LIVING)
    if campaign is None:
        return
    today = local_day(turn.now, campaign.timezone)
    month = month_in(rest, today) or sheets.month_before(today)
    if len(_MONTH.findall(rest)) > 1 or _unread(more):
        word, look_at = turn.spoken("公示记分", "publish"), turn.spoken("记分", "score")
        raise Denied(
            f"没有公示：一次公示一个月，各单位一并公示，请只写月份，例如：{word} 7月。看一个单位的：{look_at} 7月 单位名称。"
        )
    rows = told(turn.session, turn.desk, campaign, month, today)
    if _IS_ASKED.search(more):
        _of_all(turn, campaign, month, today, rows)
        return
    sheets.require_showable(turn.session, campaign, month, today)
    _preview(turn, campaign, month, rows)


def _publish_which(turn: Turn, rest: str) -> None:
    """Show each campaign with points of a month that nobody was shown, where several run and none is named."""
    month = month_in(rest, turn.today()) or sheets.month_before(turn.today())
    waiting = [
        (one, today, rows)
        for one, today, rows in _of_month(turn, month)
        if one.status in LIVING and rows and sheets.of_month(turn.session, one.id, month) is None
    ]
    if not waiting:
        raise Denied(f"{days.month(month)}没有还没公示的记分。")
    for campaign, today, rows in waiting:
        sheets.require_showable(turn.session, campaign, month, today)
        _preview(turn, campaign, month, rows)


def _preview(turn: Turn, campaign: Campaign, month: date, rows: list[Told]) -> None:
    if not rows:
        raise Denied(f"{days.month(month)}没有可记的分。")
    count = len({row.unit for row in rows})
    units, rest = _units(turn, campaign, rows)
    turn.reply(
        "score",
        month=month,
        campaign=campaign.title,
        stands=f"尚未公示；按“确认公示”告知{count}个单位",
        rows=units,
        rest=rest,
        buttons=[button(Verb.PUBLISH_SCORE, campaign.id, month.year * 100 + month.month, "确认公示")],
    )


def publish_pressed(turn: Turn, number: int, month: int) -> None:
    """公示: show the units the month that was looked at."""
    access.require_coordinator(turn.visitor)
    if not (FIRST <= month // 100 <= LAST and 1 <= month % 100 <= 12):
        raise Denied("该按钮不属于本会话。")
    _publish(turn, access.to_campaign(turn.session, turn.visitor, number), date(month // 100, month % 100, 1))


def _publish(turn: Turn, campaign: Campaign, month: date) -> None:
    sheet = sheets.show(turn.session, turn.desk, campaign, month, turn.visitor.actor, turn.now)
    count = len({point.unit_id for point, _code in sheets.rows(turn.session, sheet)})
    until = days.short(sheet.objections_until, turn.today())
    turn.acted("公示记分")
    turn.reply("score_shown", month=month, count=count, until=until)


# ---------------------------------------------------------------- objections


def uphold(turn: Turn, number: int, _version: int = 0) -> None:
    """采纳: what the objection is about costs no points."""
    _decide(turn, number, upheld=True)


def overrule(turn: Turn, number: int, _version: int = 0) -> None:
    """不采纳: it stays as it is."""
    _decide(turn, number, upheld=False)


_UPHELD = re.compile(
    r"(?:请|同意|认可|可以|予以)*(?:采纳|成立|同意|认可|接受|支持|属实|不(?:再|用|予)?扣(?:分)?)[了吧]*"
)
_SAY = Pieces(
    "scores",
    points=r"(?:[这那]|所?扣的?)?[一二两三四五六七八九十\d.]{0,4}分[数值]?",
    code=r"[A-Za-z]{0,2}\d{0,2}-?\d{1,4}(?:\.\d{1,3})?",
    decided="[先请拟能对把将予]|{before}",
)
_THEIR_POINTS = _SAY("[，,、 ]*把?{points}(?:给{them}?|[都要应]|予以)*{back}(?:给?{them})?[去来了吧]*$")
"""What follows of an objection that is upheld, and says no more: 成立，分退回."""
_OVERRULED = re.compile(
    r"(?:不予?|不能(?:予以)?|没有?)(?:采纳|同意|成立|认可|接受|支持)[了吧]*|(?:予以)?(?:驳回|维持(?:原样|原分)?|照扣)[了吧]*"
)
_OF_ONE = _SAY(
    r"^(?P<before>{decided}*)\s*[〔\[]?(?P<code>{code})[〕\]]?\s*的?(?:记分)?异议\s*(?P<after>.*)$", re.DOTALL
)
_OF_A_UNIT = _SAY(
    r"^(?P<before>{decided}*)\s*(?P<unit>[一-龥]{2,16}?)的?\s*[〔\[]?(?P<code>{code})?[〕\]]?\s*的?异议\s*(?P<after>.*)$",
    re.DOTALL,
)
"""What begins with an objection by its task, and what may stand before it when it is decided or asked about."""


def decision(before: str, after: str = "") -> bool | None:
    """Return what is decided by the words before and after 异议, True where it is upheld; None unless they are plainly one decision."""
    after = _THEIR_POINTS.sub("", after.strip(" 。！!"))
    before = re.sub("^[请把将对]+|[把将对]$", "", before)
    said = before or after
    if before and after not in ("", "吧", "了"):
        return None
    return True if _UPHELD.fullmatch(said) else False if _OVERRULED.fullmatch(said) else None


_CLAUSE = re.compile(r"[，,。；;！!\s]")
CODED = re.compile("[A-Za-z]{1,2}\\d{0,2}-|\\d")


def decided_in_words(turn: Turn, text: str) -> bool:
    """Decide on an objection in reply to what asks for it, 采纳, 不成立, or by its task, 采纳 A-2 的异议; tell whether it was that.

    Who names one and does not plainly decide, 采纳A-2的异议吗, is offered the buttons.
    """
    if not turn.visitor.steers:
        return False
    notice = turn.source.notice if turn.source is not None else None
    upheld = decision(text.strip(" 。！!"))
    if notice is not None and notice.kind is NoticeKind.OBJECTION and upheld is not None:
        number = notice.body_as(ObjectionBody).objection
        turn.attempt(lambda: _decide(turn, number, upheld=upheld))
        return True
    if (
        notice is not None
        and notice.kind is NoticeKind.OBJECTION
        and decision(_CLAUSE.split(text.strip())[0]) is not None
    ):
        number = notice.body_as(ObjectionBody).objection
        waiting = [one for one in _waiting(turn) if one.id == number]
        if waiting:  # what else is said goes to nobody with the decision
            _offer(turn, waiting)
        return bool(waiting)
    named = _OF_ONE.match(text.strip()) or _of_a_unit(turn, text.strip())
    whose = named.groupdict().get("unit", "") if named is not None else ""
    found = _waiting_of(turn, named["code"] or "", whose) if named is not None else []
    told = decision(named["before"], named["after"]) if named is not None else None
    if named is not None and not found and told is not None and CODED.match(named["code"] or ""):
        look_at = turn.spoken("记分", "score")
        raise Denied(f"〔{named['code']}〕现在没有待定的异议，没有改动；待定的请写：{look_at} 异议。")
    if named is None or not found:
        return False
    if told is None or len(found) > 1:
        _offer(turn, found)
    else:
        turn.attempt(lambda: _decide(turn, found[0].id, upheld=told))
    return True


def _of_a_unit(turn: Turn, text: str) -> re.Match[str] | None:
    """Return what is said of the objection of a unit that is named first: 省经信厅A-2的异议不成立, 采纳省经信厅的异议."""
    named = _OF_A_UNIT.match(text)
    return named if named is not None and register.mentioned(turn.session, named["unit"]) else None


def _waiting_of(turn: Turn, code: str, whose: str = "") -> list[Objection]:
    """Return the objections to a task, or of the unit that is named before it, that nobody has decided."""
    waiting = _waiting(turn)
    which = Which(LIVING, ids=[one.assignment_id for one in waiting])
    units = {unit.id for unit in register.mentioned(turn.session, whose)} if whose else set()
    meant = {
        line.assignment.id
        for line in ledger.lines(turn.session, which)
        if (not code or names_it(line, code)) and (not units or line.unit.id in units)
    }
    return [one for one in waiting if one.assignment_id in meant]


def _decide(turn: Turn, number: int, *, upheld: bool) -> None:
    access.require_coordinator(turn.visitor)
    objection = sheets.objection(turn.session, number)
    if objection is None:
        raise Denied("没有这件异议。")
    sheets.decide(turn.session, objection, turn.visitor.actor, turn.now, upheld=upheld)
    turn.acted("采纳" if upheld else "不采纳")
    asked = outbox.sent_about(turn.session, objection.assignment_id, NoticeKind.OBJECTION)
    turn.show_in(
        (one for one in asked if one.body_as(ObjectionBody).objection == number), f"{'' if upheld else '不'}采纳"
    )
    turn.reply("score_decided", upheld=upheld)
