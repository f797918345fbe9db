"""逐处核对: what reading left doubtful or open is asked one at a time, with buttons; an answer in words does as well.

The questions stand in the order of the list and are counted down. Who presses 跳过 is asked the next one; what was passed
over stays open, and 核对 asks it again.
"""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from bot.dialogue import access, prompts
from bot.dialogue.room.campaigns import campaign_in
from bot.dialogue.room.doubt_words import is_like_a_day, said_in
from bot.dialogue.room.drafts import starting
from bot.dialogue.room.register import TWO_NAMES
from bot.dialogue.turn import Turn
from db import days, register
from db.bodies import ReplyBody
from db.ledger import doubts
from db.models import Campaign, Prompt
from db.periods import rule_in_words
from db.words import UNENDED, Action, CampaignStatus, DeadlineKind, DoubtKind
from jobs.campaigns import correction, settling
from jobs.campaigns.import_ import imported
from jobs.campaigns.settling import Asked
from jobs.notices.press import Verb, button
from jobs.notices.render import shorten
from jobs.ports import Button

CHOICES = 3
"""Units that are offered at most: with the other buttons they still fit on a card."""

EVERY_UNIT, EVERYBODY = 0, 10_000
"""What stands in place of a unit's number where all of the list are meant, and how many those are at most."""

LABEL = 10
"""Characters of a button."""

IN_WORDS = "改"
"""What a prompt says of somebody who chose to write the answer: then whatever they write is one."""


# ---------------------------------------------------------------- asking


def begin(turn: Turn, rest: str) -> None:
    """核对 1: ask from the first that is open."""
    campaign, _words = campaign_in(turn, rest, *UNENDED)
    if campaign is not None:
        ask_first(turn, campaign)


def begin_pressed(turn: Turn, number: int, _version: int) -> None:
    """再问一遍, under what was passed over."""
    ask_first(turn, access.to_campaign(turn.session, turn.visitor, number))


def ask_first(turn: Turn, campaign: Campaign) -> None:
    """Ask the first that is open of a campaign, or say that nothing is."""
    found = doubts.account(turn.session, campaign.id)
    if found.open:
        _ask(turn, found.open[0])
    else:
        _end(turn, campaign)


def _ask(turn: Turn, number: int, settled: str = "") -> None:
    """Ask one, after saying what was ``settled`` just before it."""
    about = access.to_ask(turn.session, turn.visitor, number)
    doubt = about.doubt
    counted = doubts.account(turn.session, doubt.campaign_id)
    notice = turn.reply(
        "doubt",
        settled=settled,
        nth=counted.place(doubt),
        all=len(counted.numbers),
        kind=doubt.kind.zh,
        campaign=about.campaign,
        doubt=doubt,
        read=read_of(about),
        answer=_ANSWERS[doubt.kind],
        asks_text=True,
        doubt_id=doubt.id,
        buttons=[*choices(turn.session, about), *_always(about)],
    )
    if notice is not None:
        turn.session.flush()
        prompt = _expect(turn, number)
        prompt.source_id, prompt.source_part = notice.id, 1  # what is answered shows under the question itself


def _expect(turn: Turn, number: int, how: str = "") -> Prompt:
    prompt = prompts.expect(turn, Action.CORRECT, None, words=how)
    prompt.doubt_id = number
    return prompt


def _always(about: Asked) -> list[Button]:
    number = about.doubt.id
    return [button(Verb.PASS_OVER, number), button(Verb.CHECKLIST, about.campaign.id, label="全部看核对表")]


def _of_deadline(_session: Session, about: Asked) -> list[Button]:
    read, number = _deadline(about), about.doubt.id
    taken = [button(Verb.TAKE_AS_READ, number, label=shorten(f"为{read}", LABEL))] if read else []
    return [*taken, button(Verb.TAKE_AS_ONGOING, number), button(Verb.SAY_OTHERWISE, number, label="改期…")]


def _of_unit(session: Session, about: Asked) -> list[Button]:
    number, is_open = about.doubt.id, bool(about.open_units)
    several = is_open and len(settling.likely_units(session, about.campaign, 2)) > 1
    likely = settling.likely_units(session, about.campaign, CHOICES - several)
    offered = [button(Verb.TAKE_UNIT, number, unit.id, shorten(unit.name, LABEL)) for unit in likely]
    if several:
        offered.append(button(Verb.TAKE_UNIT, number, EVERY_UNIT, "清单里各单位"))
    if not is_open:
        return [*offered, button(Verb.SAY_OTHERWISE, number, label="写单位…")]
    return [*offered, button(Verb.TAKE_AS_READ, number, label=shorten(f"仍为{about.open_units[0]}", LABEL))]


def _of_task(_session: Session, about: Asked) -> list[Button]:
    number = about.doubt.id
    return [button(Verb.TAKE_AS_READ, number, label="无误"), button(Verb.LEAVE_OUT, number)]


def _of_text(_session: Session, about: Asked) -> list[Button]:
    number = about.doubt.id
    return [button(Verb.SAY_OTHERWISE, number, label="写内容…"), button(Verb.LEAVE_OUT, number)]


_CHOICES = {
    DoubtKind.DEADLINE: _of_deadline,
    DoubtKind.UNIT: _of_unit,
    DoubtKind.TASK: _of_task,
    DoubtKind.TEXT: _of_text,
}
"""What is offered for each kind; 跳过 and the whole sheet come after it."""


def choices(session: Session, about: Asked) -> list[Button]:
    """Return the answers that are offered to a doubt."""
    return _CHOICES[about.doubt.kind](session, about)


_ANSWERS = {
    DoubtKind.DEADLINE: "6月30日",
    DoubtKind.UNIT: "市住建局",
    DoubtKind.TASK: "无误",
    DoubtKind.TEXT: "内容……",
}
"""How an answer in words may look."""


def _deadline(about: Asked) -> str:
    """Return the day, rule or kind that was read, in a few words; "" where none was."""
    milestone = about.milestone
    if milestone is None:
        return ""
    if milestone.due is not None:
        year = about.campaign.reference_year
        return days.short(milestone.due, date(year, 1, 1) if year else None)
    if milestone.rule:
        return rule_in_words(milestone.rule, milestone.first)
    return milestone.kind.zh if milestone.kind is DeadlineKind.IMMEDIATE else ""


def read_of(about: Asked) -> str:
    """Return what was read of the task in one line; its text only where that is not the original wording."""
    by_role: dict[str, list[str]] = {}
    for line in about.own or about.lines:
        names = by_role.setdefault(line.assignment.role.zh, [])
        if line.unit.name not in names:
            names.append(line.unit.name)
    facts = [f"{role}：{'、'.join(names)}" for role, names in by_role.items()] or ["单位：未定"]
    if about.milestone is not None:
        written = f"“{about.milestone.text}”→" if about.milestone.text else ""
        facts.append(f"期限：{written}{_deadline(about) or '未定'}")
    text = " ".join(about.task.text.split())
    told = "" if text in about.doubt.source else shorten(text, 60)
    return f"〔{(about.milestone or about.milestones[0]).code}〕{told}{'；'.join(facts)}"


# ---------------------------------------------------------------- answers


def take_as_read(turn: Turn, number: int, _version: int) -> None:
    """为6月30日: it stands as it was read."""
    about = access.to_settle(turn.session, turn.desk, turn.visitor, number)
    _as_read(turn, about)


def take_as_ongoing(turn: Turn, number: int, _version: int) -> None:
    """为长期: no deadline."""
    about = access.to_settle(turn.session, turn.desk, turn.visitor, number)
    if about.milestone is None:
        raise access.Denied("这一处问的不是期限。")
    settling.ongoing(turn.session, about, turn.visitor.actor, turn.now)
    _go_on(turn, about, "为长期")


def take_unit(turn: Turn, number: int, unit_id: int) -> None:
    """A unit is chosen of those that the list names most."""
    about = access.to_settle(turn.session, turn.desk, turn.visitor, number)
    if unit_id == EVERY_UNIT and about.doubt.kind is DoubtKind.UNIT:
        _staff_with_all(turn, about)
        return
    unit = next(
        (one for one in settling.likely_units(turn.session, about.campaign, CHOICES) if one.id == unit_id), None
    )
    if unit is None or about.doubt.kind is not DoubtKind.UNIT:
        raise access.Denied("该单位已不在可选之列，请写明单位。")
    _staff(turn, about, [unit.name])


def _staff_with_all(turn: Turn, about: Asked) -> None:
    """Let it be every unit's that the list names elsewhere; none of them leads the others."""
    units = [unit.name for unit in settling.likely_units(turn.session, about.campaign, EVERYBODY)]
    settling.staffed(turn.session, about, units, turn.visitor.actor, turn.now, leads=False)
    _go_on(turn, about, f"由清单里的{len(units)}个单位各自办理")


def leave_out(turn: Turn, number: int, _version: int) -> None:
    """不列入: it is no task."""
    about = access.to_settle(turn.session, turn.desk, turn.visitor, number)
    settling.left_out(turn.session, about, turn.visitor.actor, turn.now)
    _go_on(turn, about, "不列入")


def pass_over(turn: Turn, number: int, _version: int) -> None:
    """跳过: it stays open, and the next one is asked."""
    about = access.to_settle(turn.session, turn.desk, turn.visitor, number)
    _go_on(turn, about, PASSED)


def say_otherwise(turn: Turn, number: int, _version: int) -> None:
    """改期…, 写单位…: the next message says it, or the words that come with the press, as on the board."""
    about = access.to_settle(turn.session, turn.desk, turn.visitor, number)
    if turn.text:
        answer(turn, number, turn.text)
        return
    _expect(turn, number, IN_WORDS)
    turn.reply(
        "ask_doubt",
        not_read="",
        kind=about.doubt.kind.zh,
        answer=_ANSWERS[about.doubt.kind],
        asks_text=True,
        doubt_id=about.doubt.id,
    )


def _as_read(turn: Turn, about: Asked) -> None:
    read = {
        DoubtKind.DEADLINE: _deadline(about) and f"为{_deadline(about)}",
        DoubtKind.UNIT: about.open_units and f"{_STILL}{'、'.join(about.open_units)}",
        DoubtKind.TASK: "无误",
        DoubtKind.TEXT: about.task.text and "无误",
    }
    how = read[about.doubt.kind]
    if not how:
        raise access.Denied(f"这一处没有读到{about.doubt.kind.zh}，请写明。")
    settling.as_read(turn.session, about, how, turn.visitor.actor, turn.now)
    _go_on(turn, about, how)


def _staff(turn: Turn, about: Asked, names: list[str]) -> None:
    settling.staffed(turn.session, about, names, turn.visitor.actor, turn.now)
    _go_on(turn, about, f"由{'、'.join(names)}办理")


def _go_on(turn: Turn, about: Asked, how: str) -> None:
    """Show under the question what was answered, say which place was set to what, and ask the next one."""
    turn.acted(how)
    counted = doubts.account(turn.session, about.campaign.id)
    code = (about.milestone or about.milestones[0]).code
    told = "先放着，仍没有定" if how == PASSED else how.removeprefix("为")
    told += "，不通知任何人" if about.doubt.kind is DoubtKind.UNIT and told.startswith(_STILL) else ""
    settled = f"第{counted.place(about.doubt)}处〔{code}〕{about.doubt.kind.zh}：{told}。"
    following = counted.after(about.doubt)
    if following is not None:
        _ask(turn, following, settled)
    else:
        _end(turn, about.campaign, settled)


PASSED = "跳过"
"""What is told of what was passed over."""

_STILL = "仍为"
"""What is told of what still names no unit: nobody is told of it, then."""


def _end(turn: Turn, campaign: Campaign, settled: str = "") -> None:
    found = doubts.account(turn.session, campaign.id)
    again = [button(Verb.CHECK, campaign.id)] if found.open else []
    start = _starting(turn, campaign) if campaign.status is CampaignStatus.DRAFT else []
    prompt = prompts.waiting(turn)
    if prompt is not None and prompt.doubt_id is not None:
        turn.session.delete(prompt)
    turn.reply(
        "doubts_asked",
        settled=settled,
        campaign=campaign,
        all=len(found.numbers),
        open=len(found.open),
        buttons=[*again, *start],
    )


def _starting(turn: Turn, campaign: Campaign) -> Sequence[Button]:
    return starting(campaign, imported(turn.session, campaign, turn.today()).past)


# ---------------------------------------------------------------- answers in words


def replied_to(turn: Turn) -> int | None:
    """Return the number of what the message asks about that somebody replies to, None where it asks about none."""
    body = turn.source.notice.body if turn.source is not None and turn.incoming.press is None else None
    return body.doubt_id if isinstance(body, ReplyBody) else None


def is_answered(turn: Turn, number: int, text: str, *, chosen: bool) -> bool:
    """Tell whether a text answers what was asked of a list; who has ``chosen`` to write answers with anything."""
    if turn.files or TWO_NAMES.fullmatch(text.strip()):
        return False
    about = access.to_ask(turn.session, turn.visitor, number)
    meant = about.doubt.kind is DoubtKind.DEADLINE and is_like_a_day(text)
    return meant or chosen or replied_to(turn) is not None or said_in(about, text, turn.today()) is not None


def answer(turn: Turn, number: int, text: str) -> None:
    """Settle a doubt by what somebody wrote; what cannot be read is asked again."""
    about = access.to_settle(turn.session, turn.desk, turn.visitor, number)
    said = said_in(about, text, turn.today(), chosen=True)
    if said is None:
        _expect(turn, number, IN_WORDS)
        turn.reply(
            "ask_doubt",
            kind=about.doubt.kind.zh,
            answer=_ANSWERS[about.doubt.kind],
            not_read=text,
            asks_text=True,
            doubt_id=number,
        )
    elif said.passes:
        _go_on(turn, about, PASSED)
    elif said.as_read:
        _as_read(turn, about)
    elif said.ongoing:
        settling.ongoing(turn.session, about, turn.visitor.actor, turn.now)
        _go_on(turn, about, "为长期")
    elif said.out:
        settling.left_out(turn.session, about, turn.visitor.actor, turn.now)
        _go_on(turn, about, "不列入")
    elif said.day is not None:
        settling.dated(turn.session, about, said.day, text, turn.visitor.actor, turn.now)
        _go_on(turn, about, f"为{days.written(said.day)}")
    elif said.everybody:
        _staff_with_all(turn, about)
    elif said.units:
        known = [found.name if (found := register.find_unit(turn.session, name)) else name for name in said.units]
        _staff(turn, about, known)
    else:
        correction.text(turn.session, about.task, said.text, turn.visitor.actor, turn.now)
        _go_on(turn, about, "内容已补")
