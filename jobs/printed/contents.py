"""What each paper of the office says: bulletin, summons, supervision slip, leader's page, closure. All as it stood on its day.

A signed paper speaks of the moment of its signature, whenever it is printed; a draft and the leader's page of now.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from db import days, ledger, stored
from db.history import BY_UNITS, last_words, of_assignment
from db.ledger import Line, Which, evidence
from db.ledger.past import last_word
from db.ledger.rewound import rewound
from db.models import Campaign, History, NoticeItem, Paper, Round, Unit
from db.plain import one_line
from db.words import EVERY, OPEN_STATES, Lamp, NoticeKind, Phase, Refusal, Role, State
from jobs.desk import Desk
from jobs.notices.context import NOT_REACHED
from jobs.notices.render import environment, shorten
from jobs.papers import drafts, signing
from jobs.papers.claims import claims
from jobs.printed.counted import due_of, is_late, on_time, ours
from jobs.printed.written import Figure, Table, Written, blocks_of
from jobs.problems.standing import of_lines
from jobs.reading.document import Place
from jobs.rounds.standing import closed_before
from jobs.rounds.table import title_of
from jobs.scoring.told import InForce, in_force

PAGE_ROWS = 12
"""How many units with red items one page holds."""

PAGE_SOON, PAGE_ROWS_FOR_SOON = 4, 5
"""How many items that fall due within a week it names beside them (of more it tells the number), and whose rows make room for them."""


class NoPaper(Refusal):
    """There is nothing to print; the message is one line."""


# ---------------------------------------------------------------- signed and drafted papers


def of_paper(session: Session, desk: Desk, paper: Paper, now: datetime) -> Written:
    """Return what a bulletin or summons says, as it was signed, or as it stands now while it is a draft.

    Raise ``NoPaper`` where it was dropped, or nothing is left of it.
    """
    if paper.dropped_at is not None:
        raise NoPaper(f"这份{paper.kind.zh}已作废，不再印发")
    campaign = session.get_one(Campaign, paper.campaign_id)
    moment = paper.signed_at or now
    today = ledger.local_day(moment, campaign.timezone)
    numbers = drafts.named_in(session, [paper]) if paper.signed_at else drafts.still_late(session, [paper], today)
    if not numbers:
        raise NoPaper("所列事项都已报办结、延期或办结，没有可印的内容")
    named = _in_order(rewound(session, Which(EVERY, ids=numbers), moment), numbers)
    everything = rewound(session, Which(EVERY, campaign=campaign.id), moment)
    said = claims(session, numbers, besides=[paper.id], until=today)
    late = _late_table(named, today, {number: said[number].say(today) or NOT_REACHED for number in numbers})
    stand = _stand(everything, today)
    scored = in_force(session, campaign.id, moment)
    return _written(
        "bulletin" if paper.kind is NoticeKind.BULLETIN else "summons",
        {"单位": _by_unit(everything, today, scored), "逾期": late},
        (stand if paper.kind is NoticeKind.BULLETIN else {}) | {"所列事项": _figure(named)},
        number=desk.letterhead.numbered(paper.kind, paper.year, paper.number),
        signer=signing.signer_of(session, paper),
        day=today if paper.signed_at else None,
        draft=paper.is_open,
        campaign=_title(campaign),
        today=today,
        opening=paper.words,
        workdays=desk.policy_of(session, campaign.id).workdays_until(paper.kind),
        unit=named[0].unit.name,
        scored=days.month(scored.month) if scored else "",
        annexes=[title_of(session, one) for one in annexes(session, paper, now)],
    )


def annexes(session: Session, paper: Paper, now: datetime) -> list[Round]:
    """Return the rounds whose tables are a bulletin's annexes: closed since the bulletin before it, or the campaign's beginning."""
    if paper.kind is not NoticeKind.BULLETIN:
        return []
    moment = paper.signed_at or now
    query = select(func.max(Paper.signed_at)).where(
        Paper.campaign_id == paper.campaign_id, Paper.kind == NoticeKind.BULLETIN, col(Paper.signed_at) < moment
    )
    campaign = session.get_one(Campaign, paper.campaign_id)
    since = session.exec(query).one() or campaign.activated_at or paper.drafted_at
    return closed_before(session, campaign.id, moment, since)


def supervision(session: Session, desk: Desk, unit: Unit, campaign: Campaign, now: datetime) -> Written:
    """Return the 督办单 of what a unit was supervised for and is still late; raise ``NoPaper`` where there is nothing."""
    today = ledger.local_day(now, campaign.timezone)
    which = Which(EVERY, campaign=campaign.id, units=[unit.id], states=OPEN_STATES)
    late = [line for line in ledger.lines(session, which) if is_late(line, today)]
    said = claims(session, [line.assignment.id for line in late], (NoticeKind.SUPERVISION,))
    found = [line for line in late if said[line.assignment.id].told]
    if not found:
        raise NoPaper(f"{unit.name}没有督办过且仍逾期的事项")
    return _written(
        "supervision",
        {
            "督办": _supervised(session, found, today),
            "往来": Table("往来", ("编号", "日期", "事项"), (3, 4, 17), tuple(_exchange(session, found, today))),
        },
        {"所列事项": _figure(found)},
        number=f"督办〔{today.year}〕{_first_slip(session, found)}号",
        day=today,
        campaign=_title(campaign),
        unit=unit.name,
        workdays=desk.policy_of(session, campaign.id).workdays_until(NoticeKind.SUPERVISION),
    )


def _first_slip(session: Session, found: Sequence[Line]) -> int:
    """Return the number of the first message that supervised any of these, as ``duban deliveries`` lists it."""
    query = select(func.min(NoticeItem.notice_id)).where(
        NoticeItem.kind == NoticeKind.SUPERVISION,
        col(NoticeItem.assignment_id).in_([line.assignment.id for line in found]),
    )
    return session.exec(query).one()


def page(session: Session, campaign: Campaign, now: datetime) -> Written:
    """Return the leader's page: red first, the longest over first, whose, since when, the last word; what waits to be decided."""
    today = ledger.local_day(now, campaign.timezone)
    everything = ledger.lines(session, Which(EVERY, campaign=campaign.id))
    stand = _stand(everything, today)
    soon = sorted((line for line in ours(everything) if line.lamp(today) is Lamp.YELLOW), key=due_of)
    red = _by_grief([line for line in ours(everything) if is_late(line, today)])
    shown = red[: PAGE_ROWS - (PAGE_ROWS_FOR_SOON if soon else 0)]
    words = last_words(session, [line.assignment.id for lines in shown for line in lines])
    rows = tuple(_red_row(lines, words, today) for lines in shown)
    by_number = {line.assignment.id: line for line in everything}
    drafted = {
        f"{days.short(some[0].day, today)}{some[0].kind.zh}": [by_number[one] for one in drafts.named_in(session, some)]
        for some in drafts.by_morning(drafts.unsigned(session, campaign.id))
    }
    decisions = _figure(line for line in everything if line.assignment.decision_pending)
    return _written(
        "page",
        {"逾期": Table("逾期", ("单位", "项", "编号", "最早期限", "天数", "最近答复"), (9, 2, 12, 7, 4, 12), rows)},
        {
            **stand,
            **{f"待签发 {name}": _figure(named) for name, named in drafted.items()},
            "一周内到期": _figure(soon),
            "延期待批": decisions,
        },
        inside=True,
        day=today,
        campaign=_title(campaign),
        today=today,
        red=bool(red),
        shown=len(rows),
        left_out=len(red) - len(rows),
        drafts=[
            f"{name}（{len({line.unit.id for line in named})}个单位{len(named)}项）" for name, named in drafted.items()
        ],
        decisions=len(decisions.codes),
        soon=[f"{days.short(due_of(line), today)}{line.unit.name}〔{line.code}〕" for line in soon[:PAGE_SOON]],
        due_soon=len(soon),
    )


def closure(session: Session, line: Line) -> Written:
    """Return the 销号单 of a verified assignment; raise ``NoPaper`` where it is not closed."""
    one, zone = line.assignment, line.campaign.timezone
    if one.state is not State.CLOSED or one.closed_at is None:
        raise NoPaper(f"〔{line.code}〕{line.unit.name}尚未核查销号（现为{one.state.zh}）")
    closed = ledger.local_day(one.closed_at, zone)
    entries = reversed(of_assignment(session, one.id))
    rows = tuple(
        (days.written(ledger.local_day(entry.at, zone)), entry.action.zh, one_line(entry.who), one_line(entry.words))
        for entry in entries
        if entry.action is not None
    )
    found = of_lines(session, [line])
    handed_in = evidence.of(session, one.id)
    if found:  # what was before stands first
        handed_in.sort(key=lambda file: file.phase is not Phase.BEFORE)
    files = tuple(
        (str(place), *([(file.phase or Phase.AFTER).zh] if found else []), one_line(file.name), file.sha256)
        for place, file in enumerate(handed_in, 1)
    )
    headings: tuple[str, ...] = ("序号", "文件", "SHA-256")
    widths: tuple[int, ...] = (2, 9, 14)
    if found:
        headings, widths = ("序号", "阶段", "文件", "SHA-256"), (2, 3, 8, 13)
    return _written(
        "closure",
        {
            "经过": Table("经过", ("日期", "事项", "何人", "说明"), (5, 3, 3, 7), rows),
            "佐证": Table("佐证", headings, widths, files),
        },
        {},
        number=f"〔{line.code}〕",
        day=closed,
        inside=True,
        task=one_line(line.task.text),
        problem=one_line(found[0].found) if found else "",
        measure=one_line(found[0].measure) if found else "",
        recorded_by=found[0].recorded_by if found else "",
        found_on=found[0].problem.found_on if found else None,
        deliverable=one_line(line.milestone.deliverable),
        unit=line.unit.name,
        role=one.role.zh,
        due=one.due,
        original_due=one.original_due,
        files=files,
    )


# ---------------------------------------------------------------- figures and tables


def _figure(lines: Iterable[Line]) -> Figure:
    return Figure(tuple(f"{line.code} {line.unit.name}" for line in lines))


def _stand(lines: Iterable[Line], today: date) -> dict[str, Figure]:
    counted = list(ours(lines))
    return {
        "交办": _figure(counted),
        "已办结": _figure(line for line in counted if line.assignment.state is State.CLOSED),
        "按期办结": _figure(filter(on_time, counted)),
        "已报待核查": _figure(line for line in counted if line.assignment.state is State.REPORTED),
        "逾期未办结": _figure(line for line in counted if is_late(line, today)),
    }


_NAMES = {
    "交办": "total",
    "已办结": "closed",
    "按期办结": "on_time",
    "已报待核查": "waiting",
    "逾期未办结": "overdue",
    "所列事项": "named",
}
"""The figures of sentences as templates call them."""


def _by_grief(lines: Iterable[Line]) -> list[list[Line]]:
    """Return what is late unit by unit, the longest over first, in each unit and among them."""
    units: dict[int, list[Line]] = {}
    for line in sorted(lines, key=due_of):
        units.setdefault(line.unit.id, []).append(line)
    return list(units.values())


def _red_row(lines: Sequence[Line], words: dict[int, History], today: date) -> tuple[str | Figure, ...]:
    """Return a unit's row of the leader's page: how many, which, since when, the last that it said of any of them."""
    said = [words[line.assignment.id] for line in lines if line.assignment.id in words]
    last = max(said, key=lambda entry: entry.at, default=None)
    first = due_of(lines[0])
    codes = tuple(line.code for line in lines)
    return (
        lines[0].unit.name,
        Figure(codes),
        shorten("、".join(codes), 40),
        days.short(first, today),
        str((today - first).days),
        _last_word(last, lines[0].campaign, today),
    )


def _by_unit(lines: Iterable[Line], today: date, scored: InForce | None) -> Table:
    """Return the table by unit of what is due or done: owed, closed, on time, overdue, returned, and the last score in force."""
    units: dict[str, list[Line]] = {}
    for line in ours(lines):
        if line.assignment.state is State.CLOSED or (line.assignment.due is not None and line.assignment.due <= today):
            units.setdefault(line.unit.name, []).append(line)

    def those(theirs: Sequence[Line], keep: Any) -> Figure:
        return Figure(tuple(line.code for line in theirs if keep(line)))

    rows = tuple(
        (
            unit,
            those(theirs, lambda _line: True),
            those(theirs, lambda line: line.assignment.state is State.CLOSED),
            those(theirs, on_time),
            those(theirs, lambda line: is_late(line, today)),
            those(theirs, lambda line: line.assignment.returns),
        )
        for unit, theirs in sorted(units.items(), key=lambda pair: -sum(is_late(one, today) for one in pair[1]))
    )
    headings, widths = ("单位", "应办", "办结", "按期", "逾期", "退回"), (8, 2, 2, 2, 2, 2)
    if scored is None:
        return Table("单位", headings, widths, rows)
    with_score = tuple((*row, scored.written(row[0])) for row in rows)
    return Table("单位", (*headings, "记分"), (*widths, 2), with_score)


def _supervised(session: Session, lines: Sequence[Line], today: date) -> Table:
    """Return what a unit is supervised for: each task as printed with its place, and who owes it with them."""
    owing: dict[int, dict[Role, list[str]]] = {}
    for one in ledger.lines(session, Which(EVERY, tasks=sorted({line.task.id for line in lines}))):
        owing.setdefault(one.milestone.id, {}).setdefault(one.assignment.role, []).append(one.unit.name)
    rows = tuple(
        (
            line.code,
            f"{one_line(line.task.text)}（{stored.read(Place, line.task.place).zh}）",
            "；".join(
                f"{role.zh}：{'、'.join(units)}" for role in Role if (units := owing[line.milestone.id].get(role))
            ),
            days.short(due_of(line), today),
            str((today - due_of(line)).days),
        )
        for line in lines
    )
    return Table("督办", ("编号", "任务（清单中的位置）", "承办单位", "期限", "逾期天数"), (4, 15, 11, 6, 4), rows)


def _late_table(lines: Iterable[Line], today: date, told: dict[int, str]) -> Table:
    rows = tuple(
        (
            line.code,
            line.unit.name,
            one_line(line.title),
            days.short(due_of(line), today),
            str((today - due_of(line)).days),
            told[line.assignment.id],
        )
        for line in lines
    )
    return Table("逾期", ("编号", "单位", "任务", "期限", "天数", "已发通知"), (4, 6, 12, 6, 4, 8), rows)


def _exchange(session: Session, lines: Iterable[Line], today: date) -> Iterator[tuple[str, str, str]]:
    """Yield what was sent of each item and what was answered, in the order of days."""
    found = list(lines)
    sent = claims(session, [line.assignment.id for line in found])
    for line in found:
        zone = line.campaign.timezone
        rows = [(one.day, one.named) for one in sent[line.assignment.id].told]
        rows += [
            (
                ledger.local_day(entry.at, zone),
                f"{entry.who}{entry.action.zh}" + (f"：{entry.words}" if entry.words else ""),
            )
            for entry in of_assignment(session, line.assignment.id)
            if entry.action in BY_UNITS
        ]
        for day, what in sorted(rows, key=lambda row: row[0]):
            yield line.code, days.short(day, today), shorten(what, 80)


def _last_word(entry: History | None, campaign: Campaign, today: date) -> str:
    if entry is None:
        return "没有答复"
    return last_word(entry, campaign.timezone, today, write=lambda words: shorten(words, 24))


def _in_order(lines: Iterable[Line], numbers: Sequence[int]) -> list[Line]:
    return sorted(lines, key=lambda line: numbers.index(line.assignment.id))


def _title(campaign: Campaign) -> str:
    """Return a campaign's title to stand between 《 and 》: what it quotes itself is quoted inside."""
    return one_line(campaign.title).replace("《", "〈").replace("》", "〉")


def _written(
    template: str,
    tables: dict[str, Table],
    figures: dict[str, Figure],
    *,
    number: str = "",
    signer: str = "",
    day: date | None = None,
    draft: bool = False,
    inside: bool = False,
    **told: Any,
) -> Written:
    values = {_NAMES[name]: figure for name, figure in figures.items() if name in _NAMES}
    text = environment().get_template(f"papers/{template}.j2").render(**told, **values)
    title, to, blocks = blocks_of(text, tables)
    return Written(title, blocks, number, to, signer, day, draft, inside, tuple(figures.items()))
