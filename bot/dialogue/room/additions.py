"""新增: a coordinator gives a duty out in a sentence; what it leaves open is asked with buttons, and nothing goes out unseen.

What a leader gives out, 领导交办, is shown to the coordinators, one of whom confirms it, and the leader hears what became of it;
where the policy says so (`people.leaders_give_out`) to the leader alone.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.dialogue import access, opening
from bot.dialogue.turn import Turn, kept_with
from db import days, locking, outbox
from db import register as the_register
from db.bodies import ReplyBody
from db.ledger import evidence
from db.models import Inbound, Person, Question, Unit
from db.stored import Words
from db.words import ChatRole
from jobs import audiences
from jobs.campaigns import addition, findings
from jobs.campaigns.addition import Settled, Understood
from jobs.notices.press import Press, Verb, button, pairs
from jobs.notices.render import say, shorten, title_of
from jobs.ports import Button
from jobs.reading.document import TaskRead

CHOICES = 6
"""Units, and days, that are offered at most."""

ORDER = "领导交办"
"""As what a leader's words are brought to the coordinators."""

_SPAN = 40
"""Characters of what stands in no duty that are shown."""

_NEW = 0
"""What stands in place of a unit's number where an unknown name is that of a new one."""

_ONGOING = 1
"""What stands in place of a day where a duty has no end; no day has so small a number."""


def begin(turn: Turn, rest: str) -> None:
    """Show how a sentence is understood, a pasted or quoted notice too, and ask for what it leaves open."""
    words = rest or turn.incoming.quoted
    if not words:
        word = turn.spoken("新增", "add")
        turn.reply(
            "refused", why=f"请在后面写明交办什么，例如：{word} 请省经信厅于6月30日前报送园区名单。也可粘贴整段通知。"
        )
        return
    _begin(turn, words, problem=False)


def begin_problem(turn: Turn, rest: str) -> None:
    """问题：…: show how a sentence about something that was found is understood; pictures that come with it are from before."""
    words = rest or turn.incoming.quoted
    if not words:
        why = f"请在后面写明问题、单位和期限，例如：{turn.spoken('问题', 'problem')} 化工园区A罐区围堰开裂，市应急管理局，7月15日前整改（可附照片）。"
        turn.reply("refused", why=why)
        return
    _begin(turn, words, problem=True)


def _begin(turn: Turn, words: str, *, problem: bool) -> None:
    if turn.visitor.steers:
        _show(turn, _remember(turn, words, problem=problem))
    elif _gives_out(turn):
        _show(turn, _remember(turn, words, problem=problem, brought_as=ORDER))
    else:
        hand_over(turn, words, problem=problem, brought_as=ORDER)


_TO_ME = re.compile("(?<=[给向跟报交送])我(?![们局厅委办院队站处科室中司校省市县区乡镇街国])")
"""Whoever speaks, where something is to be handed to them: 报给我."""


def _remember(turn: Turn, words: str, *, problem: bool, brought_as: str = "") -> Inbound:
    """Keep with the message what duty it holds, and as what somebody brought it who is no coordinator."""
    record = turn.record
    words = _TO_ME.sub(turn.visitor.person.name, words)  # who reads it hears whom it is for
    said: Words = {**record.words, "duty": words, "said_on": turn.today().isoformat()}
    said = {**said, "problem": True} if problem else said
    by = " ".join([*(unit.name for unit in turn.visitor.units), turn.visitor.person.name])
    record.words = {**said, "brought_as": brought_as, "brought_by": by} if brought_as else said
    turn.session.flush()
    return record


def _gives_out(turn: Turn) -> bool:
    """Tell whether a leader's own press gives out what they said."""
    return turn.visitor.leads and turn.desk.policy_of(turn.session, None).leaders_give_out


def hand_over(turn: Turn, words: str, *, problem: bool, brought_as: str) -> None:
    """Show the coordinators what somebody brings who is none of them, and them how it was understood; it stands among what waits
    for an answer until a coordinator has decided on it.
    """
    rooms = the_register.rooms(turn.session, ChatRole.COORDINATORS)
    if not rooms:
        raise access.Denied("还没有协调室，没有交办；请先让协调员绑定协调室。")
    record, today = _remember(turn, words, problem=problem, brought_as=brought_as), turn.today()
    asked = Question(
        chat_id=turn.visitor.chat.id,
        message_id=turn.incoming.message_id,
        asked_by_id=turn.visitor.person.id,
        asked_at=turn.now,
        words=words,
    )
    turn.session.add(asked)
    turn.session.flush()
    record.words = {**record.words, "question": asked.id}
    text, buttons = _shown(turn, record)
    for room in rooms:
        body = ReplyBody(text, pairs(buttons), title=title_of("duty"), files=turn.files)
        outbox.answer(turn.session, room.id, body, turn.now)
    understood = _read(turn, record)
    turn.reply(
        "brought",
        rows=[_row(task) for task in understood.tasks],
        problem=problem,
        open=not any(
            press is not None and press.verb is Verb.GIVE_OUT
            for press in map(Press.read, (one.data for one in buttons))
        ),
        today=today,
    )


def choose_unit(turn: Turn, inbound_id: int, unit_id: int) -> None:
    """Say who is to do what nobody was named for, or who is meant by a name that the register does not know."""
    record = _own(turn, inbound_id)
    unknown = addition.unknown(turn.session, _read(turn, record).tasks, _settled(turn, record))
    if unknown:
        _call(turn, record, unknown, unit_id)
        return
    unit = next((one for one in addition.likely_units(turn.session, CHOICES) if one.id == unit_id), None)
    if unit is None:
        raise access.Denied("该单位已不在可选之列，请写明单位再发一次。")
    _settle(turn, record, "unit", unit.name)


def _call(turn: Turn, record: Inbound, unknown: Sequence[str], unit_id: int) -> None:
    """Let unknown names be those of new units, or the first of them that of one that is known."""
    if unit_id == _NEW:
        meant = {name: name for name in unknown}
        said = "登记为新单位"
    else:
        said = next((unit.name for unit in _alike(turn, unknown[0]) if unit.id == unit_id), "")
        meant = {unknown[0]: said}
    if not said:
        raise access.Denied("该单位已不在可选之列，请写明单位再发一次。")
    _settled_now(turn, record, {**record.words, "called": {**record.words.get("called", {}), **meant}}, said)


def _alike(turn: Turn, name: str) -> list[Unit]:
    """Return the units that a name may mean."""
    return [the_register.get_unit(turn.session, one) for one in the_register.nearest(turn.session, name)]


def choose_day(turn: Turn, inbound_id: int, day: int) -> None:
    """Say by when; a day is told by its ordinal number."""
    record = _own(turn, inbound_id)
    _settle(turn, record, "due", "长期" if day == _ONGOING else date.fromordinal(day).isoformat())


def give_out(turn: Turn, inbound_id: int, version: int) -> None:
    """Give the duties out as they were shown: days count from the day on which they were said."""
    record = _own(turn, inbound_id)
    if version != _version(record):
        raise access.Denied("这件事后来又改过，请按最新的那条消息。")
    words, tasks = record.words["duty"], _read(turn, record).tasks
    if any(one.due is not None and one.due < turn.today() for task in tasks for one in task.milestones):
        raise access.Denied("期限已经过去，未交办；请写明新的期限再发一次。")
    files = [*kept_with(record), *(file for one in access.album_of(turn.session, record) for file in kept_with(one))]
    pictures = files if _is_problem(record) else []
    if "brought_as" in record.words:
        words = f"{record.words['brought_as']}（{record.words['brought_by']}）：{words}"
    new = addition.add(
        turn.session, turn.desk, tasks, words=words, actor=turn.visitor.actor, now=turn.now, files=pictures
    )
    record.words = {**record.words, "given_out": True}
    opens = opening.opens(turn, new[0].campaign.id)
    rows = [f"〔{line.code}〕{line.unit.name}：{shorten(line.task.text, 24)}" for line in new]
    turn.acted("交办")
    _tell_back(turn, record, rows)
    turn.reply(
        "duty_given",
        campaign=new[0].campaign,
        rows=rows,
        problem=_is_problem(record),
        pictures=sum(evidence.shows(file.name) for file in pictures),
        goes_at=opening.told(turn, opens),
        late=opening.late(turn, opens, [line.assignment.due for line in new]),
        line=new[0] if len(new) == 1 else None,
    )


def _is_problem(record: Inbound) -> bool:
    return bool(record.words.get("problem"))


def waits(turn: Turn, inbound_id: int) -> bool:
    """Tell whether a message holds a duty on which nobody has decided yet."""
    record = turn.session.get(Inbound, inbound_id)
    return record is not None and "duty" in record.words and "given_out" not in record.words


def let_go(turn: Turn, inbound_id: int, _version: int = 0, *, why: str = "") -> None:
    """Give nothing out, perhaps for a reason that who brought it hears."""
    record = _own(turn, inbound_id)
    record.words = {**record.words, "given_out": False}
    _tell_back(turn, record, [], why)
    turn.acted("不交办")
    turn.reply("cancelled", what="未交办")


def _tell_back(turn: Turn, record: Inbound, rows: Sequence[str], why: str = "") -> None:
    """Tell who brought a duty what became of it, where somebody else has decided that."""
    if "question" not in record.words:
        return
    question = turn.session.get_one(Question, record.words["question"])
    if question.answered_at is None:
        question.answered_by_id, question.answered_at = turn.visitor.person.id, turn.now
    words, who = shorten(record.words["duty"], 40), f"{turn.visitor.person.name} {turn.at()}"
    text = say("brought_decided", words=words, who=who, rows=rows, problem=_is_problem(record), why=why)
    body = ReplyBody(text, title=title_of("brought_decided"))
    outbox.answer(turn.session, record.chat_id, body, turn.now, reply_to=record.words.get("message_id"))


def _own(turn: Turn, inbound_id: int) -> Inbound:
    """Return the message that holds the duty, for who may still decide on it: a coordinator, of what they said or was brought to them."""
    if not (turn.visitor.steers or _gives_out(turn)):
        raise access.Denied("该操作由协调员在协调室办理。")
    brought = turn.session.get(Inbound, inbound_id) if turn.visitor.steers else None
    if brought is None or "brought_as" not in brought.words:
        _require_own(turn, inbound_id)
        brought = access.own_message(turn.session, turn.visitor, inbound_id)
    record = brought
    locking.hold(turn.session, [record])
    if "duty" not in record.words or "given_out" in record.words:
        raise access.Denied(
            "这件事此前已经处理，未再作改动。" if "given_out" in record.words else "该消息已不在，请重新发来。"
        )
    return record


def _require_own(turn: Turn, inbound_id: int) -> None:
    """Say whose it is where another of this chat wrote down what waits."""
    record = turn.session.get(Inbound, inbound_id)
    other = record.person_id if record is not None and record.chat_id == turn.visitor.chat.id else None
    if other is not None and other != turn.visitor.person.id:
        name = turn.session.get_one(Person, other).name
        raise access.Denied(f"这件事是{name}写的，由{name}决定是否交办；您要交办的，请自己再写一遍。")


def _settle(turn: Turn, record: Inbound, what: str, said: str) -> None:
    settled = {**record.words.get("settled", {}), what: said}
    _settled_now(turn, record, {**record.words, "settled": settled}, said)


def _settled_now(turn: Turn, record: Inbound, words: Words, said: str) -> None:
    record.words = {**words, "filled_in": _version(record)}
    turn.session.flush()
    turn.acted(said)
    _show(turn, record)


def _settled(turn: Turn, record: Inbound) -> Settled:
    said = record.words.get("settled", {})
    every = audiences.addressed(turn.session, record.words["duty"], turn.now)
    if every is not None and every.unknown:
        raise access.Denied(f"没有叫“{every.unknown[:20]}”的单位，没有交办；请写名录里的名称再发一次。")
    due = said.get("due")
    ongoing = due == "长期"
    day = date.fromisoformat(due) if due and not ongoing else None
    all_units = tuple(unit.name for unit in every.units) if every is not None else ()
    return Settled(said.get("unit", ""), day, ongoing, record.words.get("called", {}), all_units)


def _read(turn: Turn, record: Inbound) -> Understood:
    said_on = date.fromisoformat(record.words["said_on"])
    read = findings.read_problem if _is_problem(record) else addition.read_duty
    return read(turn.session, record.words["duty"], said_on, _settled(turn, record))


def _version(record: Inbound) -> int:
    """Return how often a person has filled something in, from 1."""
    return 1 + int(record.words.get("filled_in", 0))


def _show(turn: Turn, record: Inbound) -> None:
    """Show how a duty is understood, and ask for the first thing that it leaves open."""
    text, buttons = _shown(turn, record)
    turn.reply_text(text, buttons, outcome="duty")


def _shown(turn: Turn, record: Inbound) -> tuple[str, list[Button]]:
    """Return how a duty is understood, and the buttons that settle what it leaves open or give it out."""
    today, understood = turn.today(), _read(turn, record)
    tasks = understood.tasks
    gaps = [gap for gap in ("unit", "deadline") if any(gap in task.gaps for task in tasks)]
    unknown = addition.unknown(turn.session, tasks, _settled(turn, record))
    asked = "name" if unknown and gaps[:1] != ["unit"] else gaps[0] if gaps else None
    if asked == "name":
        buttons = _names(turn, record.id, unknown)
    elif asked:
        buttons = _ASKS[asked](turn, record.id, today)
    else:
        buttons = [button(Verb.GIVE_OUT, record.id, _version(record))]
    opens = opening.opens(turn)
    sent = (record, *access.album_of(turn.session, record)) if _is_problem(record) else ()
    text = say(
        "duty",
        rows=[_row(task) for task in tasks],
        left=[f"“{shorten(span, _SPAN)}”（{why}）" for span, why in understood.left],
        no_such_days=understood.no_such_days,
        asked=asked,
        unknown=unknown,
        alike=asked == "name" and len(buttons) > 1,
        without=_without_chat(turn, tasks),
        campaign=addition.title_of(today.year, problems=_is_problem(record)),
        problem=_is_problem(record),
        pictures=sum(evidence.shows(file.name) for one in sent for file in kept_with(one)),
        brought_as=record.words.get("brought_as", ""),
        brought_by=record.words.get("brought_by", ""),
        spoken=turn.spoken,
        goes_at=opening.told(turn, opens),
        late=opening.late(turn, opens, [one.due for task in tasks for one in task.milestones]),
    )
    return text, [*buttons, button(Verb.LET_GO, record.id)]


def _without_chat(turn: Turn, tasks: Sequence[TaskRead]) -> list[str]:
    """Return the units that no chat reaches, so that nobody there will hear of it yet."""
    names = dict.fromkeys(name for task in tasks for name in (*task.lead, *task.responsible, *task.assist))
    found = {name: the_register.find_unit(turn.session, name) for name in names}
    return [name for name, unit in found.items() if unit is None or not the_register.chats_of(turn.session, unit.id)]


def _row(task: TaskRead) -> dict[str, object]:
    return {
        "text": task.text,
        "units": [("牵头", _few(task.lead)), ("责任", _few(task.responsible)), ("配合", _few(task.assist))],
        "days": [_day(one.due, one.text, one.kind.zh, one.uncertain) for one in task.milestones],
    }


NAMED = 12
"""Units of a duty that are named at most; of more it is told how many there are."""


def _few(names: Sequence[str]) -> Sequence[str]:
    more = len(names) > NAMED
    return [*names[: NAMED - 1], f"{names[NAMED - 1]}等{len(names)}个单位"] if more else names


def _day(due: date | None, text: str, kind: str, doubt: str | None) -> str:
    told = days.with_weekday(due) if due else text or kind
    return f"{told}（{doubt}，请核对）" if doubt else told


def _units(turn: Turn, record: int, _today: date) -> Sequence[Button]:
    found = addition.likely_units(turn.session, CHOICES)
    return [button(Verb.CHOOSE_UNIT, record, unit.id, shorten(unit.name, 12)) for unit in found]


def _names(turn: Turn, record: int, unknown: Sequence[str]) -> Sequence[Button]:
    """Offer whom an unknown name may mean, and to enter it; of several to enter them."""
    alike = _alike(turn, unknown[0]) if len(unknown) == 1 else []
    known = [button(Verb.CHOOSE_UNIT, record, unit.id, shorten(unit.name, 12)) for unit in alike]
    return [*known, button(Verb.CHOOSE_UNIT, record, _NEW, "登记为新单位")]


def _days(_turn: Turn, record: int, today: date) -> Sequence[Button]:
    friday = today + timedelta((4 - today.weekday()) % 7)
    following = friday + timedelta(7)
    month = (today.replace(day=28) + timedelta(4)).replace(day=1)
    last = month - timedelta(1)
    next_last = (month.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)
    named = {friday: "本周五", following: "下周五", last: "本月底", next_last: "下月底"}
    offered = [
        button(Verb.CHOOSE_DAY, record, day.toordinal(), f"{label} {days.short(day, today)}")
        for day, label in named.items()
        if day > today
    ]
    return [*offered, button(Verb.CHOOSE_DAY, record, _ONGOING, "长期")]


_ASKS = {"unit": _units, "deadline": _days}
"""What is offered for what a duty leaves open."""
