"""Papers on the board: what waits for a signature, what was signed, and each as it is printed."""

from urllib.parse import quote

from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.dialogue import access
from bot.service.web.acting import Speaker
from bot.service.web.board import Asking
from bot.wiring import House
from db import ledger, register
from db.models import Paper, Person
from db.stored import Json
from db.words import NoticeKind
from jobs.papers import drafts
from jobs.printed import contents
from jobs.printed.official import official
from jobs.printed.written import Paragraph, Table, Written

SIGNED = 50
"""Signed papers that are listed, the latest first."""


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
            (one, _whose(session, one), letterhead.numbered(one.kind, one.year, one.number), _signer(session, one))
            for one in session.exec(signed)
        ],
    }


def paper(asking: Asking) -> Json | None:
    """Read one paper as it is printed; a draft as it stands now, with what is signed when it is signed."""
    if not asking.reader.reads_all:
        return None
    session, house = asking.session, asking.house
    found = session.get(Paper, asking.number)
    if found is None:
        return None
    try:
        written = contents.of_paper(session, house.desk, found, asking.clock.now)
    except contents.NoPaper as nothing:
        return {"paper": found, "written": None, "why": str(nothing), "may_sign": [], "form": house.desk.letterhead}
    return {
        "paper": found,
        "written": written,
        "why": "",
        "seen": drafts.version(session, [found]),
        "form": house.desk.letterhead,
        "may_sign": _signers(asking, found) if found.is_open else [],
        "is_table": lambda block: isinstance(block, Table),
        "is_paragraph": lambda block: isinstance(block, Paragraph),
    }


def as_docx(house: House, values: Json) -> Response:
    """Answer with a paper as a document in official form."""
    written: Written | None = values["written"]
    if written is None:
        raise HTTPException(404, values["why"])
    name = f"{values['paper'].kind.zh}{written.number or values['paper'].id}.docx"
    return Response(
        official(written, house.desk.letterhead),
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )


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
