"""The board's first page: what the address asks for, with the figures of all that it does not narrow."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException

from bot.service.web import lists, looks
from bot.service.web.asked import HEIGHT, KINDS, ROWS, WAITS, Asked, bars
from bot.service.web.board import Asking
from bot.service.web.readers import Reader
from db import ledger, outbox, register
from db.ledger import Heap, Line, Which, questions
from db.models import Campaign, Chat, Unit
from db.stored import Json
from db.words import LIVING, CampaignStatus, Lamp, State
from jobs.papers import drafts
from jobs.printed.ledger_book import ledger_book
from jobs.printed.progress import LAMPS
from jobs.printed.two_lists import two_lists
from jobs.problems.standing import of_lines

CAMPAIGNS = 50
"""Campaigns that the board offers to choose from, the latest first."""

MOST = 20000
"""Assignments that one spreadsheet holds: what a person can look through, made in seconds."""

PRINTED = 1000
"""Assignments that are printed at once: some thirty sheets, made in well under a second; more is handed on as a spreadsheet."""

TROUBLES = 1000
"""Notices that did not go out, as many as are counted."""


def index(asking: Asking) -> Json:
    """Read the page of what the address asks for."""
    found = table(asking, Asked.of(asking.query))
    return found | {"waits": _waits(asking, found["everything"]), "unit": None}


def printed(asking: Asking) -> Json:
    """Read what the address asks for as it is printed: all of it, up to a bound, with what narrows it in words."""
    found = table(asking, replace(Asked.of(asking.query), page=1), PRINTED)
    return found | {"narrowed": _in_words(found), "most": PRINTED, "book_most": MOST}


def _in_words(found: Json) -> list[str]:
    """Return of which campaigns a page tells, and what narrows it."""
    asked: Asked = found["asked"]
    units = {unit.id: unit.name for unit in found["units"]}
    titles = [one.title for one in found["shown"]]
    said = (
        ("单位", units.get(asked.unit)),
        ("牵头", units.get(asked.lead)),
        ("灯", asked.lamp and asked.lamp.zh),
        ("状态", asked.state and asked.state.zh),
        ("等着办的", WAITS[asked.wait][0] if asked.wait else ""),
        ("类别", KINDS.get(asked.kind)),
        ("到期", asked.day or asked.month),
        ("内容", asked.text),
    )
    return ["、".join(titles[:3]) + ("等" if len(titles) > 3 else ""), *(f"{name}：{one}" for name, one in said if one)]


def table(asking: Asking, asked: Asked, size: int = ROWS) -> Json:
    """Read the rows that are asked for, ``size`` a page, with the lamps and months beside which they stand."""
    session, reader = asking.session, asking.reader
    today = ledger.days(session, asking.clock.now)
    found = ledger.lines(
        session, asked.which(reader, today), nearest=asked.order != "code", limit=size, offset=(asked.page - 1) * size
    )
    heaps = ledger.heaps(session, asked.which(reader, today, but="lamp"))
    lamps = _lamps(heaps, today)
    of_year = ledger.heaps(session, asked.which(reader, today, but="month")) if asked.month or asked.day else heaps
    is_whole = not asked.address(order="", lamp=None, month="").partition("?")[2]
    everything = of_year if is_whole else ledger.heaps(session, Which(LIVING, units=reader.among(None)))
    total = lamps[asked.lamp] if asked.lamp is not None else lamps.total()
    units = [unit for unit in register.all_units(session) if reader.reads_all or unit.id in (reader.units or ())]
    campaigns = with_ended(session, reader)
    wrong = of_lines(session, found) if asked.kind == "problem" else ()
    return {
        "problems": {one.line.assignment.id: one for one in wrong},
        "everything": everything,
        "asked": asked,
        "unheard": (*asked.unheard, *_nowhere(asked, units, campaigns, total)),
        "total": total,
        "rows": [(line, today[line.campaign.timezone]) for line in found],
        "lamps": [(lamp, lamps[lamp]) for lamp in LAMPS],
        "bars": bars([heap for heap in of_year if asked.lamp in (None, heap.lamp(today))], today),
        "height": HEIGHT,
        "page_rows": ROWS,
        "units": units,
        "campaigns": campaigns,
        "shown": [one for one in campaigns if (one.id == asked.campaign if asked.campaign else one.status in LIVING)],
        "states": tuple(State),
        "kinds": KINDS,
    }


def book(asking: Asking) -> Json | None:
    """Read the ledger of what the address asks for, as it is handed on: a row a task, or with ``by_unit`` a row a unit."""
    lines = _to_hand_out(asking, Asked.of(asking.query))
    by_unit = "by_unit" in asking.query
    content = ledger_book(asking.session, lines, asking.clock.now, by_unit=by_unit)
    return {"content": content, "name": f"台账{'（按单位）' if by_unit else ''}{_today(asking)}.xlsx"}


def problems(asking: Asking) -> Json | None:
    """Read the two lists of what the address asks for that is a problem: what was found, and what is done about each."""
    lines = _to_hand_out(asking, replace(Asked.of(asking.query), kind="problem"))
    content = two_lists(asking.session, lines, asking.clock.now)
    return {"content": content, "name": f"两张清单{_today(asking)}.xlsx"}


def _to_hand_out(asking: Asking, asked: Asked) -> list[Line]:
    """Return what goes into one spreadsheet; raise where that is nothing, or more than a person can look through."""
    today = ledger.days(asking.session, asking.clock.now)
    lines = ledger.lines(asking.session, asked.which(asking.reader, today), limit=MOST + 1)
    if not lines:
        raise HTTPException(404, "没有可导出的任务")
    if len(lines) > MOST:
        raise HTTPException(413, f"超过{MOST}项，一张表放不下；请先在台账上筛选（专项、单位、月份）再导出")
    return lines


def _today(asking: Asking) -> date:
    return ledger.local_day(asking.clock.now, asking.house.desk.timezone)


def _nowhere(asked: Asked, units: Sequence[Unit], campaigns: Sequence[Campaign], total: int) -> list[str]:
    """Return what the address names that is not there, or not for who reads, as it can be told."""
    known = [unit.id for unit in units]
    found = [f"{zh}“{one}”" for zh, one in (("单位", asked.unit), ("牵头", asked.lead)) if one not in (None, *known)]
    found += [f"专项“{asked.campaign}”"] if asked.campaign not in (None, *(one.id for one in campaigns)) else []
    return found + ([f"第{asked.page}页"] if asked.page > 1 and total <= (asked.page - 1) * ROWS else [])


def campaigns_of(session: Session, reader: Reader) -> list[Campaign]:
    """Return the campaigns that run and are the reader's to read, the latest first."""
    if reader.reads_all:
        return ledger.running(session)[::-1][:CAMPAIGNS]
    return ledger.campaigns(session, Which(LIVING, units=reader.among(None)), CAMPAIGNS)


def with_ended(session: Session, reader: Reader) -> list[Campaign]:
    """Return the campaigns that run, and behind them those that ran and are over, as far as they are the reader's to read."""
    over = Which([CampaignStatus.ENDED], units=reader.among(None), ran=True)
    return (campaigns_of(session, reader) + ledger.campaigns(session, over, CAMPAIGNS))[:CAMPAIGNS]


def _lamps(heaps: Sequence[Heap], today: ledger.Days) -> Counter[Lamp]:
    lamps: Counter[Lamp] = Counter()
    for heap in heaps:
        lamps[heap.lamp(today)] += heap.size
    return lamps


def _waits(asking: Asking, heaps: Sequence[Heap]) -> list[tuple[str, int, str, str]]:
    """Return what waits for somebody: what it is called, how much there is of what, where it is listed."""
    session = asking.session
    today = ledger.days(session, asking.clock.now)
    reported = sum(heap.size for heap in heaps if heap.state is State.REPORTED)
    review, notice = (
        ledger.count(session, Asked(wait=one).which(asking.reader, today)) if reported else 0 for one in _OF_POLICY
    )
    counts = {
        "verify": reported - review - notice,
        "review": review,
        "notice": notice,
        "extension": sum(heap.size for heap in heaps if heap.waits_for_more_time),
        "silent": sum(heap.size for heap in heaps if heap.state is State.PENDING and heap.asked),
    }
    found = [
        (zh, counts[name], "项", f"/board?wait={name}")
        for name, (zh, _narrowing) in WAITS.items()
        if counts[name] or name not in _OF_POLICY
    ]
    if ours := looks.waiting(session, asking.reader):
        found.append(("等本单位看", len(ours), "项", "/board/looks"))
    if asking.reader.reads_all:
        found.append(("清单待核对", lists.doubtful(session), "处", "/board/lists"))
        found.append(("待答复", len(questions.open_ones(session)), "条", "/board/questions"))
        found.append(("待签发", _drafts(session), "份", "/board/papers"))
        found.append(("未送达", len(outbox.troubled(session, limit=TROUBLES)), "条", "/board/undelivered"))
    return found


_OF_POLICY = ("review", "notice")
"""What waits only where a policy has levels, or days of public notice."""


def _drafts(session: Session) -> int:
    return len(drafts.unsigned(session))


def undelivered(asking: Asking) -> Json | None:
    """Read the page of what could not go out, or may not have arrived."""
    if not asking.reader.reads_all:
        return None
    session = asking.session
    found = outbox.troubled(session, limit=TROUBLES)
    dead = select(Chat).where(col(Chat.dead_why).is_not(None)).order_by(col(Chat.id))
    return {
        "rows": [(notice, outbox.whom(session, notice) or "协调室") for notice in found],
        "dead": session.exec(dead).all(),
        "without": register.unbound_units(session),
    }
