"""The board's first page: what the address asks for, with the figures of all that it does not narrow; a unit's page."""

from collections import Counter
from collections.abc import Sequence

from sqlmodel import Session, col, select

from bot.service.web import lists
from bot.service.web.asked import HEIGHT, LAMPS, ROWS, WAITS, Asked, bars
from bot.service.web.board import Asking
from bot.service.web.readers import Reader
from db import ledger, outbox, register
from db.ledger import Heap, Which
from db.models import Appointment, Assignment, Campaign, Chat, Milestone, Notice, NoticeItem, Person, Unit
from db.stored import Json
from db.words import LIVING, Lamp, NoticeKind, State
from jobs.papers import drafts

CAMPAIGNS = 50
"""Campaigns that the board offers to choose from, the latest first."""

TROUBLES = 1000
"""Notices that did not go out, as many as are counted."""

TOLD = 40
"""Notices that a unit's page lists."""


def index(asking: Asking) -> Json:
    """Read the page of what the address asks for."""
    found = _table(asking, Asked.of(asking.query))
    return found | {"waits": _waits(asking, found["everything"]), "unit": None}


def unit(asking: Asking) -> Json | None:
    """Read the page of one unit: what it owes, who speaks for it where, what it was told last."""
    session = asking.session
    found = session.get(Unit, asking.number)
    if found is None or asking.reader.among(found.id) == ():
        return None
    contacts = (
        select(Person.name, Appointment.rank)
        .join(Appointment, col(Appointment.person_id) == Person.id)
        .where(Appointment.unit_id == found.id, col(Appointment.ended_at).is_(None))
        .order_by(col(Appointment.id))
    )
    chats = [chat for _route, chat in register.routes_of(session, found.id, dead=True)]
    said = col(Notice.chat_id).in_([chat.id for chat in chats]), col(Notice.kind) != NoticeKind.REPLY
    told = session.exec(select(Notice).where(*said).order_by(col(Notice.id).desc()).limit(TOLD)).all()
    return _table(asking, Asked.of({**asking.query, "unit": str(found.id)})) | {
        "unit": found,
        "waits": (),
        "people": [(name, rank) for name, rank in session.exec(contacts)],
        "chats": chats,
        "told": told,
        "codes": _codes(session, told),
    }


def _codes(session: Session, told: Sequence[Notice]) -> dict[int, list[str]]:
    """Return of which tasks each notice speaks, by their codes."""
    found: dict[int, list[str]] = {notice.id: [] for notice in told}
    query = (
        select(NoticeItem.notice_id, Milestone.code)
        .join(Assignment, col(Assignment.id) == NoticeItem.assignment_id)
        .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
        .where(col(NoticeItem.notice_id).in_(found))
        .order_by(col(Milestone.id))
    )
    for notice, code in session.exec(query):
        found[notice] += [] if code in found[notice] else [code]
    return found


def _table(asking: Asking, asked: Asked) -> Json:
    session, reader = asking.session, asking.reader
    today = ledger.days(session, asking.clock.now)
    found = ledger.lines(
        session, asked.which(reader, today), nearest=asked.order != "code", limit=ROWS, offset=(asked.page - 1) * ROWS
    )
    heaps = ledger.heaps(session, asked.which(reader, today, but="lamp"))
    lamps = _lamps(heaps, today)
    of_year = ledger.heaps(session, asked.which(reader, today, but="month")) if asked.month or asked.day else heaps
    is_whole = not asked.address(order="", lamp=None, month="").partition("?")[2]
    everything = of_year if is_whole else ledger.heaps(session, Which(LIVING, units=reader.among(None)))
    total = lamps[asked.lamp] if asked.lamp is not None else lamps.total()
    units = [unit for unit in register.all_units(session) if reader.reads_all or unit.id in (reader.units or ())]
    campaigns = _campaigns(session, reader)
    return {
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
        "states": tuple(State),
    }


def _nowhere(asked: Asked, units: Sequence[Unit], campaigns: Sequence[Campaign], total: int) -> list[str]:
    """Return what the address names that is not there, or not for who reads, as it can be told."""
    known = [unit.id for unit in units]
    found = [f"{zh}“{one}”" for zh, one in (("单位", asked.unit), ("牵头", asked.lead)) if one not in (None, *known)]
    found += [f"专项“{asked.campaign}”"] if asked.campaign not in (None, *(one.id for one in campaigns)) else []
    return found + ([f"第{asked.page}页"] if asked.page > 1 and total <= (asked.page - 1) * ROWS else [])


def _campaigns(session: Session, reader: Reader) -> list[Campaign]:
    """Return the campaigns that run and are the reader's to read, the latest first."""
    if reader.reads_all:
        return ledger.running(session)[::-1][:CAMPAIGNS]
    return ledger.campaigns(session, Which(LIVING, units=reader.among(None)), CAMPAIGNS)


def _lamps(heaps: Sequence[Heap], today: ledger.Days) -> Counter[Lamp]:
    lamps: Counter[Lamp] = Counter()
    for heap in heaps:
        lamps[heap.lamp(today)] += heap.size
    return lamps


def _waits(asking: Asking, heaps: Sequence[Heap]) -> list[tuple[str, int, str]]:
    """Return what waits for somebody: what it is called, how much there is, where it is listed."""
    session = asking.session
    counts = {
        "verify": sum(heap.size for heap in heaps if heap.state is State.REPORTED),
        "extension": sum(heap.size for heap in heaps if heap.waits_for_more_time),
        "silent": sum(heap.size for heap in heaps if heap.state is State.PENDING and heap.asked),
    }
    found = [(zh, counts[name], f"/board?wait={name}") for name, (zh, _narrowing) in WAITS.items()]
    if asking.reader.reads_all:
        found.append(("清单待核对", lists.doubtful(session), "/board/lists"))
        found.append(("待签发", _drafts(session), "/board/papers"))
        found.append(("未送达", len(outbox.troubled(session, limit=TROUBLES)), "/board/undelivered"))
    return found


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
