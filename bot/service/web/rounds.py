"""定期调度 on the board: rounds as they stand, who is missing, what was answered; opened, closed and answered there by forms. Of a
campaign that has ended they stay to be read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from urllib.parse import quote

from sqlmodel import Session, col, select
from starlette.responses import Response

from bot.service.web.asked import Asked
from bot.service.web.board import Asking
from bot.service.web.listing import campaigns_of
from bot.service.web.readers import Reader
from bot.service.web.sentences import FIELD, TITLE
from bot.wiring import House
from db import ledger, register
from db.models import Campaign, Round, Unit
from db.stored import Json
from db.words import LIVING, RAN
from jobs.rounds import keeping
from jobs.rounds.asked import SCOPES
from jobs.rounds.standing import Figures, Stand, figures, stands
from jobs.rounds.table import name_of, standing, table

SHOWN = 40
"""Rounds that are listed, the latest first."""

GIVEN = timedelta(days=5)
"""How much time a round gives where nobody says otherwise."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Row:
    """A round as it is listed, with its figures (None of a draft); of a unit's reader those of its own part."""

    made: Round
    campaign: Campaign
    figures: Figures | None

    @property
    def is_over(self) -> bool:
        """Whether nothing is to come any more."""
        return self.made.closed_at is not None or self.campaign.status not in LIVING


def rounds(asking: Asking) -> Json:
    """Read the page of all rounds, drafts too for who opens them; with the form that opens one."""
    session, reader = asking.session, asking.reader
    campaigns = campaigns_of(session, reader)
    query = (
        select(Round, Campaign)
        .join(Campaign, col(Campaign.id) == Round.campaign_id)
        .where(col(Campaign.status).in_(RAN))
        .order_by(col(Campaign.status).in_(LIVING).desc(), col(Round.id).desc())
    )
    found = (_row(session, reader, made, campaign) for made, campaign in session.exec(query))
    today = ledger.local_day(asking.clock.now, asking.house.desk.timezone)
    return {
        "rows": list(islice((row for row in found if row is not None), SHOWN)),
        "campaigns": campaigns if reader.reads_all else [],
        "units": register.all_units(session) if reader.reads_all else [],
        "scopes": list(SCOPES),
        "fields": "、".join(asking.house.desk.policy.round_fields),
        "longest": TITLE,
        "today": today,
        "day": asking.house.desk.workdays.on_or_after(today + GIVEN),
    }


def _row(session: Session, reader: Reader, made: Round, campaign: Campaign) -> Row | None:
    if made.opened_at is None:
        row = Row(made, campaign, None)
        return row if reader.reads_all and not row.is_over else None
    found = _readable(reader, stands(session, made))
    return Row(made, campaign, figures(found)) if found else None


def _readable(reader: Reader, found: Iterable[Stand]) -> list[Stand]:
    return [one for one in found if reader.reads_all or one.line.unit.id in (reader.units or ())]


def round_(asking: Asking) -> Json | None:
    """Read the page of one round: its figures, what each unit answered, and the form of the unit that is to answer."""
    session, reader, asked = asking.session, asking.reader, Asked.of(asking.query)
    made = session.get(Round, asking.number)
    campaign = session.get_one(Campaign, made.campaign_id) if made is not None else None
    if made is None or campaign is None or campaign.status not in RAN:
        return None
    is_draft, is_over = made.opened_at is None, Row(made, campaign, None).is_over
    if is_draft and (is_over or not reader.reads_all):
        return None
    everything = [] if is_draft else _readable(reader, stands(session, made))
    if not (is_draft or everything):
        return None
    found = [one for one in everything if asked.unit in (None, one.line.unit.id)]
    return {
        "made": made,
        "campaign": campaign,
        "is_draft": is_draft,
        "is_over": is_over,
        "asks": keeping.asks(session, made, asking.clock.now) if is_draft else [],
        "figures": figures(everything),
        "stands": found,
        "units": _by_unit(everything),
        "unit": session.get(Unit, asked.unit) if asked.unit is not None else None,
        "forms": [] if is_draft or is_over else _forms(asking, everything, asked.unit),
        "longest": FIELD,
        "standing": standing,
    }


def _by_unit(found: Sequence[Stand]) -> list[tuple[Unit, int, int, int]]:
    """Return each unit with how much it was asked for, how much of that it still owes and how much a second person is to
    confirm, who owes most first.
    """
    units: dict[int, list[Stand]] = {}
    for one in found:
        units.setdefault(one.line.unit.id, []).append(one)
    told = []
    for theirs in units.values():
        unsigned = sum(one.waits_for_signature for one in theirs)
        told.append((theirs[0].line.unit, len(theirs), sum(one.is_owed for one in theirs) - unsigned, unsigned))
    return sorted(told, key=lambda row: (-row[2], -row[3]))


def _forms(asking: Asking, found: Sequence[Stand], chosen: int | None) -> list[Json]:
    """Return what each of the reader's units, or the one that is chosen, can answer, and who would."""
    own = {one.line.unit.id: one.line.unit for one in found}
    units = [
        unit for unit in own.values() if (unit.id == chosen if asking.reader.reads_all else chosen in (None, unit.id))
    ]
    shown = [(unit, asking.contacts(unit.id)) for unit in units]
    return [
        {
            "unit": unit,
            "speakers": speakers,
            "asks": [one for one in found if one.line.unit.id == unit.id and not one.is_let_off],
            "unsigned": any(one.waits_for_signature for one in found if one.line.unit.id == unit.id),
        }
        for unit, speakers in shown
        if speakers
    ]


def book(asking: Asking) -> Json | None:
    """Read what a round's table says, for who reads all of it."""
    made = asking.session.get(Round, asking.number)
    if made is None or made.opened_at is None or not asking.reader.reads_all:
        return None
    if asking.session.get_one(Campaign, made.campaign_id).status not in RAN:
        return None
    content = table(asking.session, made, stands(asking.session, made))
    return {"content": content, "name": name_of(asking.session, made)}


def as_xlsx(_house: House, values: Json) -> Response:
    """Answer with a spreadsheet to save."""
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(values['name'])}"}
    return Response(values["content"], media_type=XLSX, headers=headers)
