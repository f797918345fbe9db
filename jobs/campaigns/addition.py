"""A duty in a sentence: read, filled in by a person where it leaves something open, and given out without a list.

Most duties of an office arise so: 领导批示, 会议议定事项. They stand in one campaign a year that runs from the first of them on.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from db import ledger, locking, register, stated
from db.bodies import KeptFile
from db.history import Actor, append
from db.ledger import Line, Which, evidence
from db.ledger.ending import epitaph
from db.models import Assignment, Campaign, Route, Task, Unit
from db.plain import one_line
from db.register import unit_names
from db.words import LIVING, UNENDED, CampaignStatus, DeadlineKind, Finding, Phase, Refusal
from jobs import audiences
from jobs.campaigns import correction
from jobs.campaigns.activation import policy_version
from jobs.campaigns.import_ import ADDED, Found, Owing, add_tasks, next_letter
from jobs.campaigns.recurring import begin_periods
from jobs.desk import Desk
from jobs.reading import chat
from jobs.reading.account import OWN_DATE
from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.deadlines.resolve import NO_DAY
from jobs.reading.document import Document, MilestoneRead, TaskRead
from jobs.reading.likely import OFFICE_FOR_SHORT
from jobs.reading.prose import NO_UNIT, NO_UNIT_WRITTEN
from jobs.reading.read import read_text
from jobs.reading.subjects import has_subject

EVENT, FOUND = "新增", "登记问题"
"""What the record calls a duty that is given out in a sentence, and a problem that is recorded so."""

LONGEST = 500
"""Characters of a task's text; a pasted notice that holds no task of its own is cut there."""

_BARE = re.compile(r"[\d一二三四五六七八九十]{1,3}月")
"""How a day begins that says no year: 3月5日, and neither 本月15日 nor 去年12月."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a person has said of a duty beside its words: who is to do it, and by when. ``ongoing``: without an end. ``called`` are names
    that the register did not know, each with the unit that is meant: another, or a new one of that name. ``every`` are the units of
    words to all of them, 请各单位….
    """

    unit: str = ""
    due: date | None = None
    ongoing: bool = False
    called: Mapping[str, str] = field(default_factory=dict)
    every: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """The duties that somebody's words hold, and what of the words stands in none of them: each span, and why."""

    tasks: tuple[TaskRead, ...]
    left: tuple[tuple[str, str], ...] = ()

    @property
    def no_such_days(self) -> tuple[str, ...]:
        """The days that were named and do not exist."""
        return tuple(span.removesuffix("前") for span, why in self.left if why == NO_DAY)


class StillOpen(Refusal):
    """A duty cannot be given out: nobody is named who does it, or no day by when."""


# ---------------------------------------------------------------- reading


def read_duty(session: Session, words: str, today: date, settled: Settled | None = None) -> Understood:
    """Return the duties that a sentence or a pasted notice holds, at least one: its own words, where no task is found.

    Days are counted from ``today``, which is local. A unit that the register knows is found by its name.
    """
    settled = settled or Settled()
    said_on = chat.said_on(words.splitlines(), today.year) or today
    document = read_text(_sentence(words), year=said_on.year, issued=said_on)
    found = document.tasks or (TaskRead(key="1", number="", section="", text=one_line(words)[:LONGEST]),)
    if len(found) > 1:  # a notice to all that gives each something
        settled = replace(settled, every=())
    tasks = tuple(_filled(session, task, today, settled) for task in found)
    if len(tasks) == 1 and not settled.every:
        tasks = (_with_all_of_a_row(session, tasks[0], words, settled),)
    return Understood(tasks, tuple(dict.fromkeys(_left(document, found, tasks, today))))


def _with_all_of_a_row(session: Session, task: TaskRead, words: str, settled: Settled) -> TaskRead:
    """Return a task with every unit of the row of names that its sentence begins with, also by a short name, 请甲局、乙局、消防7月1日前…;
    a name that nobody has stands there as it is written, and is asked about.
    """
    row = audiences.row(session, words)
    units = [unit.name if unit is not None else settled.called.get(name, name) for name, unit in row]
    named = [*task.lead, *task.responsible, *task.assist]
    known = {unit.name for one in named if (unit := register.find_unit(session, one)) is not None}
    if len(units) < 2 or {*units} <= {*known, *named}:
        return task
    others = [one for one in task.lead if one not in named[: len(row)]] if task.assist else []
    return replace(task, lead=tuple(others), responsible=tuple(dict.fromkeys(units)), assist=task.assist)


def how_found(words: str) -> Finding:
    """Return how a problem came to be known, as its words say: 抽查发现…, else somebody told it."""
    return Finding.CHECK if "抽查" in words else Finding.SAID


_ASKED = ("未找到任务", NO_UNIT, NO_UNIT_WRITTEN)
"""Problems that are asked for as what is missing."""


def _left(
    document: Document, found: Sequence[TaskRead], tasks: Sequence[TaskRead], today: date
) -> Iterator[tuple[str, str]]:
    """Yield what of somebody's words no duty holds: days that do not exist, spans that are in no task, problems."""
    chat = Frame(Setting.CHAT, on=today)
    said = [one for task in found for one in (task.milestones or find_deadlines(task.text, chat))]
    no_days = {one.text for one in said if one.uncertain == NO_DAY}
    yield from ((text, NO_DAY) for text in no_days)
    whole = one_line("".join(task.text for task in tasks)) if not document.tasks else ""
    held = {one.text for task in tasks for one in task.milestones}
    units = {name for task in tasks for name in (*task.lead, *task.responsible, *task.assist)}
    for span in document.unread:
        taken = (
            any(span.text in text or text in span.text for text in held if text) if span.kind == "deadline" else False
        )
        named = whole and any(name in span.text for name in units)  # the words themselves are the duty
        if not (taken or named or span.why == OWN_DATE or span.text in no_days):
            yield span.text, span.why
    for problem in document.problems:
        if not problem.why.startswith(_ASKED):
            yield problem.text, problem.why


def _sentence(words: str) -> str:
    """Return what somebody typed as sentences, each job in a line of its own; people leave the full stop out, and without one it may be a
    heading.
    """
    words = _each_job(words.strip())
    return words if words[-1:] in "。！；.!;" else f"{words}。"


_STOP = re.compile(r"(?<=[。；;！!])\s*(?=\S)")
_CONTACT = re.compile(r"联系(?:电话|人|方式)|(?:咨询)?电话|邮箱|传真|附件")
"""How a line begins that is no part of any job."""


def _each_job(words: str) -> str:
    """Return a text of one line with each job in one of its own where several units are told each something by a day of its own:
    请市水务局…7月8日前…；请市城管局…6月30日前…. What says no unit or no day stays with what stands before it.
    """
    if "\n" in words:
        return words
    frame, jobs, whole = Frame(Setting.PROSE, 2000), [""], False
    for part in _STOP.split(words):
        tells = has_subject(part) and bool(find_deadlines(part, frame))
        if (tells and whole) or _CONTACT.match(part):
            jobs.append("")
        jobs[-1] += part
        whole = whole or tells
    return "\n".join(jobs)


def _filled(session: Session, task: TaskRead, today: date, settled: Settled) -> TaskRead:
    task = replace(
        task,
        lead=_meant(session, task.lead, settled),
        responsible=_meant(session, task.responsible, settled),
        assist=_meant(session, task.assist, settled),
    )
    if settled.every:
        task = replace(task, lead=(), responsible=settled.every, assist=())
    if "unit" in task.gaps:
        names = (settled.unit,) if settled.unit else known_units(session, task.text) or _given_to(task.text, settled)
        task = replace(task, lead=names[:1], responsible=names[1:], assist=())
    if "deadline" in task.gaps:
        told = find_deadlines(task.text, Frame(Setting.CHAT, on=today))
        spoken = [MilestoneRead(one.text, one.kind, one.due, one.rule, one.next) for one in told if one.due or one.rule]
        task = replace(task, milestones=tuple(spoken[:1]))
    task = replace(task, milestones=tuple(milestone for one in task.milestones if (milestone := _ahead(one, today))))
    if "deadline" in task.gaps and settled.due is not None:
        task = replace(task, milestones=(MilestoneRead("", DeadlineKind.DATE, settled.due),))
    if "deadline" in task.gaps and settled.ongoing:
        task = replace(task, milestones=(MilestoneRead("长期", DeadlineKind.ONGOING),))
    return task


def _meant(session: Session, names: Sequence[str], settled: Settled) -> tuple[str, ...]:
    return tuple(dict.fromkeys(settled.called.get(name) or _known_as(session, name) for name in _apart(session, names)))


def _known_as(session: Session, name: str) -> str:
    """Return a name, or where nobody is called so the unit of which alone it is a short name: 消防."""
    if register.find_unit(session, name) is not None:
        return name
    units, unknown = audiences.called(session, name)
    return units[0].name if len(units) == 1 and not unknown else name


def unknown(session: Session, tasks: Sequence[TaskRead], settled: Settled) -> list[str]:
    """Return the units of duties that the register does not know, but those of which a person has said that they are new."""
    named = dict.fromkeys(name for task in tasks for name in (*task.lead, *task.responsible, *task.assist))
    new = set(settled.called.values())
    return [name for name in named if name not in new and register.find_unit(session, name) is None]


def _apart(session: Session, names: Sequence[str]) -> tuple[str, ...]:
    """Return names of units without the words that stand before a blank: 食堂地滑 教育局, where the register knows only the latter."""
    return tuple(
        name.split()[-1] if name.split()[1:] and register.find_unit(session, name) is None else name for name in names
    )


def known_units(session: Session, text: str) -> tuple[str, ...]:
    """Return the units of the register that a text names, in its order; of names within one another the longest."""
    found: dict[int, str] = {}
    for name in sorted((name for name, _unit in unit_names(session)), key=len, reverse=True):
        for match in re.finditer(re.escape(name), text):
            if not any(at <= match.start() < at + len(known) for at, known in found.items()):
                found[match.start()] = name
    return tuple(dict.fromkeys(name for _at, name in sorted(found.items())))


_GIVEN_TO = re.compile(rf"^(?:请|由|让|责成|安排)(?P<name>{OFFICE_FOR_SHORT.pattern})")


def _given_to(text: str, settled: Settled) -> tuple[str, ...]:
    """Return the office to which a sentence gives something at its beginning, known or not."""
    found = _GIVEN_TO.match(text)
    return (settled.called.get(found["name"], found["name"]),) if found is not None else ()


def _ahead(told: MilestoneRead, today: date) -> MilestoneRead | None:
    """Return a deadline as one that lies ahead: a day without a year is the next one, a day that is past is none."""
    if told.due is None or told.due >= today:
        return told
    if not _BARE.match(told.text):
        return None
    try:
        due = told.due.replace(year=told.due.year + 1)
    except ValueError:
        return None
    return replace(told, due=due, uncertain=f"未写年份，按{due.year}年") if due >= today else None


def likely_units(session: Session, limit: int) -> list[Unit]:
    """Return the units that have a chat and owe most, most first."""
    query = (
        select(Unit)
        .join(Route, col(Route.unit_id) == Unit.id)
        .outerjoin(Assignment, col(Assignment.unit_id) == Unit.id)
        .where(col(Unit.collective).is_(False))
        .group_by(col(Unit.id))
        .order_by(func.count(col(Assignment.id)).desc(), col(Unit.id))
    )
    return list(session.exec(query.limit(limit)))


# ---------------------------------------------------------------- giving out


def standing(session: Session, title: str) -> Campaign | None:
    """Return the campaign in which a year's duties of this kind stand, None before the first."""
    query = select(Campaign).where(Campaign.title == title, col(Campaign.status).in_(LIVING))
    return session.exec(query.order_by(col(Campaign.id))).first()


def title_of(year: int, *, problems: bool = False) -> str:
    """Return what the campaign is called in which a year's duties stand, or its ``problems``."""
    return f"{'问题隐患整改' if problems else '临时交办事项'}（{year}年）"


def add(
    session: Session,
    desk: Desk,
    tasks: Sequence[TaskRead],
    *,
    words: str,
    actor: Actor,
    now: datetime,
    campaign: Campaign | None = None,
    files: Sequence[KeptFile] = (),
) -> list[Line]:
    """Give duties out inside the caller's transaction and tell each unit in one message; return what is owed.

    They stand in ``campaign``, else in the year's own, which begins with the first. What of them was found is a problem, of which ``files`` are pictures from before; those go out with the message. Raise ``StillOpen`` where something
    is missing, ``Refusal`` where the campaign has ended.
    """
    for task in tasks:
        _require_whole(task)
    problems = any(task.finding for task in tasks)
    campaign = campaign or _begun(session, desk, words, actor, now, problems=problems)
    locking.hold(session, [campaign])
    if campaign.status is CampaignStatus.ENDED:
        raise Refusal(epitaph(session, campaign))
    if campaign.status is CampaignStatus.DRAFT:
        raise Refusal(f"专项行动{campaign.id}待启动，启动后才能加入任务")
    first = 1 + _highest(session, campaign)
    placed = [
        (at, replace(task, number=str(at), key=f"{ADDED}{at}", section="")) for at, task in enumerate(tasks, first)
    ]
    found = Found(how_found(words), ledger.local_day(now, campaign.timezone), actor.person_id)
    numbers = add_tasks(session, campaign, placed, Owing(session), found)
    session.flush()
    codes = {str(at) for at, _task in placed}
    new = [
        line
        for line in ledger.lines(session, Which(UNENDED, campaign=campaign.id, codes=codes))
        if line.task.id in numbers
    ]
    told = stated.read(session, numbers) | stated.owed(session, [line.assignment.id for line in new])
    append(
        session, campaign.id, now, FOUND if problems else EVENT, actor, words=words, after={"tasks": len(tasks)} | told
    )
    for line in new if files else ():
        evidence.hand_in(session, line.assignment, files, actor, now, Phase.BEFORE)
    _begin(session, campaign, new, now, files)
    begin_periods(session, campaign, now)
    return new


def _highest(session: Session, campaign: Campaign) -> int:
    """Return the highest number of a task, by its place or as printed."""
    found = session.exec(select(Task.position, Task.number).where(Task.campaign_id == campaign.id))
    return max((max(position, int(number) if number.isdecimal() else 0) for position, number in found), default=0)


def _require_whole(task: TaskRead) -> None:
    missing = [_MISSING[gap] for gap in task.gaps]
    if missing:
        raise StillOpen(f"还缺{'、'.join(missing)}，未交办")


_MISSING = {"unit": "办理单位", "deadline": "期限", "text": "内容"}


def _begun(session: Session, desk: Desk, words: str, actor: Actor, now: datetime, *, problems: bool) -> Campaign:
    """Return the year's campaign, which starts with the words of its first duty as what it was read from."""
    locking.alone(session, locking.IMPORTING)
    year = ledger.local_day(now, desk.timezone).year
    title = title_of(year, problems=problems)
    found = standing(session, title)
    if found is not None:
        return found
    source = desk.archive.keep(words.encode())
    campaign = Campaign(
        title=title,
        status=CampaignStatus.ACTIVE,
        letter=next_letter(session),
        timezone=desk.timezone,
        reference_year=year,
        source_name="交办.txt",
        source_hash=source,
        activated_at=now,
        policy_id=policy_version(session, desk, now),
    )
    session.add(campaign)
    session.flush()
    policy = desk.policy_version(session, campaign.policy_id)
    campaign.next_digest_at = desk.next_digest(policy, campaign.timezone, now)
    nothing = stated.read_all(session, campaign.id) | stated.afresh(session, campaign.id)
    append(
        session, campaign.id, now, "导入", actor, after={"tasks": 0, "source": "交办.txt", "sha256": source} | nothing
    )
    append(session, campaign.id, now, "启动", actor, after={"assignments": 0, "past": 0} | nothing)
    return campaign


def _begin(session: Session, campaign: Campaign, new: Iterable[Line], now: datetime, files: Sequence[KeptFile]) -> None:
    by_unit: dict[int, list[Line]] = defaultdict(list)
    for line in new:
        if correction.begin(campaign, line.assignment, now):
            by_unit[line.unit.id].append(line)
    for some in by_unit.values():
        correction.send_slip(session, campaign, some[0].unit, [line.assignment for line in some], now, files)
