"""Papers on the board: what waits for a signature, what was signed, what is written on the spot; each as it is printed."""

from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import quote

from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.dialogue import access
from bot.service.web.asked import Asked
from bot.service.web.board import Asking
from bot.service.web.listing import CAMPAIGNS
from bot.service.web.speakers import Speaker
from bot.wiring import House
from db import ledger, register
from db.ledger import Which
from db.models import Campaign, Paper, Person, Unit
from db.stored import Json
from db.words import LIVING, UNENDED, NoticeKind
from jobs.papers import drafts, signing
from jobs.printed import contents
from jobs.printed.official import official
from jobs.printed.written import Paragraph, Table, Written

SIGNED = 50
"""Signed papers that are listed, the latest first."""

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def papers(asking: Asking) -> Json | None:
    """Read the page of all papers: drafts that wait for a signature first."""
    if not asking.reader.reads_all:
        return None
    session = asking.session
    signed = select(Paper).where(col(Paper.signed_at).is_not(None)).order_by(col(Paper.signed_at).desc()).limit(SIGNED)
    letterhead = asking.house.desk.letterhead
    return {
        "waiting": [(one, _whose(session, one), _size(session, one)) for one in drafts.unsigned(session)],
        "signed": [
            (
                one,
                _whose(session, one),
                _size(session, one),
                letterhead.numbered(one.kind, one.year, one.number),
                _signer(session, one),
            )
            for one in session.exec(signed)
        ],
        "running": ledger.running(session)[::-1],
    }


# ---------------------------------------------------------------- one paper


def paper(asking: Asking) -> Json | None:
    """Read one bulletin or summons as it is printed; a draft as it stands now, with what is signed when it is signed."""
    if not asking.reader.reads_all:
        return None
    session, desk = asking.session, asking.house.desk
    found = session.get(Paper, asking.number)
    if found is None:
        return None
    shown = _printed(asking, found.kind.zh, lambda: contents.of_paper(session, desk, found, asking.clock.now))
    today = ledger.local_day(asking.clock.now, desk.timezone_of(session, found.campaign_id))
    shown |= {"ended": _ended(session, found), "next": _next(session, found, today)}
    if shown["written"] is None:
        return shown
    may_sign = _signers(asking, found) if found.is_open else []
    return shown | {"paper": found, "seen": drafts.version(session, [found], today), "may_sign": may_sign}


def page(asking: Asking) -> Json | None:
    """Read the leader's page of a campaign, as it stands now."""
    campaign = asking.session.get(Campaign, asking.number)
    if not asking.reader.reads_all or campaign is None or campaign.status not in LIVING:
        return None
    return _printed(asking, "一页纸", lambda: contents.page(asking.session, campaign, asking.clock.now))


def supervision(asking: Asking) -> Json | None:
    """Read what a unit was supervised for and still owes, in the campaign of the address, else the latest; the unit's own, too."""
    session, desk = asking.session, asking.house.desk
    unit = session.get(Unit, asking.number)
    if unit is None or asking.reader.among(unit.id) == ():
        return None
    those = ledger.campaigns(session, Which(LIVING, units=[unit.id]), CAMPAIGNS)
    asked = Asked.of(asking.query).campaign
    campaign = next((one for one in those if asked in (None, one.id)), None)
    if campaign is None:
        return None
    others = [(one.title, f"/board/supervision/{unit.id}?campaign={one.id}") for one in those if one is not campaign]
    written = _printed(
        asking,
        "督办单",
        lambda: contents.supervision(session, desk, unit, campaign, asking.clock.now),
        f"campaign={campaign.id}",
    )
    return written | {"parent": f"/board/unit/{unit.id}", "others": others}


def closure(asking: Asking) -> Json | None:
    """Read how an assignment was done and verified, to who may read it."""
    found = ledger.lines(asking.session, Which(UNENDED, ids=[asking.number], units=asking.reader.among(None)), limit=1)
    if not found:
        return None
    written = _printed(asking, "销号单", lambda: contents.closure(asking.session, found[0]))
    return written | {"parent": f"/board/task/{found[0].task.id}"}


def as_docx(house: House, values: Json) -> Response:
    """Answer with a paper as a document in official form."""
    written: Written | None = values["written"]
    if written is None:
        raise HTTPException(404, values["why"])
    name = f"{values['called']}{written.number or written.title}.docx"
    return Response(
        official(written, house.desk.letterhead),
        media_type=DOCX,
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )


def _printed(asking: Asking, called: str, write: Callable[[], Written], query: str = "") -> Json:
    """Return what the page of a paper says, whatever paper it is; why there is none where there is nothing to print."""
    try:
        written, why = write(), ""
    except contents.NoPaper as nothing:
        written, why = None, str(nothing)
    return {
        "called": called,
        "written": written,
        "why": why,
        "form": asking.house.desk.letterhead,
        "paper": None,
        "ended": None,
        "next": None,
        "may_sign": [],
        "parent": "/board/papers",
        "others": [],
        "file": f"{asking.path}.docx{query and '?'}{query}",
        "is_table": lambda block: isinstance(block, Table),
        "is_paragraph": lambda block: isinstance(block, Paragraph),
    }


# ---------------------------------------------------------------- who may sign, who has signed, whose it is


def _ended(session: Session, found: Paper) -> tuple[str, str, datetime] | None:
    """Return what became of a paper, by whom and when; None of one that waits."""
    if found.signed_at is not None:
        return "签发", signing.signer_of(session, found), found.signed_at
    if found.dropped_at is not None:
        return "作废", register.name_of(session, found.dropped_by_id) or "", found.dropped_at
    return None


def _next(session: Session, found: Paper, today: date) -> tuple[Paper, str] | None:
    """Return the next paper that waits for a signature and whose it is, from this one on and then from the first."""
    paper = drafts.following(session, found.id, today) or drafts.following(session, 0, today)
    return (paper, _whose(session, paper)) if paper is not None and paper.id != found.id else None


def _signers(asking: Asking, found: Paper) -> list[int]:
    """Return which of who may act can sign this one, as it is judged in the chat."""
    session, desk = asking.session, asking.house.desk
    today = ledger.local_day(asking.clock.now, desk.timezone_of(session, found.campaign_id))

    def signs(speaker: Speaker) -> bool:
        person = register.find_person(session, speaker.accounts or speaker.channel, speaker.account)
        return person is not None and access.signer(session, desk, person, found.campaign_id, today) is not None

    return [one.number for one in asking.speakers if signs(one)]


def _whose(session: Session, one: Paper) -> str:
    if one.kind is NoticeKind.BULLETIN or one.unit_id is None:
        return "、".join(drafts.names(session, drafts.units_named(session, [one])))
    return next((unit.name for unit in register.all_units(session) if unit.id == one.unit_id), "")


def _size(session: Session, one: Paper) -> int:
    return len(drafts.named_in(session, [one]))


def _signer(session: Session, one: Paper) -> str:
    person = session.get(Person, one.signed_by_id) if one.signed_by_id is not None else None
    return person.name if person is not None else ""
