"""进度图 in the room: how far what is done follows what is due, as a picture, else as a table."""

from zoneinfo import ZoneInfo

from bot.dialogue import access
from bot.dialogue.room.handing import running_one
from bot.dialogue.turn import Turn
from db import ledger
from db.bodies import KeptFile
from db.ledger import Which
from db.models import Campaign
from db.words import LIVING
from jobs.printed.progress import Progress, drawn, of_year


def chart_in_words(turn: Turn, rest: str) -> None:
    """进度图, 进度图 A: of the campaign that is named, or the only one; a table where nobody can draw."""
    access.require_room(turn.visitor)
    campaign = running_one(turn, rest)
    found, picture = _charted(turn, campaign)
    today = ledger.local_day(turn.now, campaign.timezone)
    turn.reply(
        "progress_chart",
        title=campaign.title,
        year=today.year,
        due=found.due,
        done=found.done,
        total=found.total,
        rows=() if picture else found.rows,
        enclosed=picture,
    )


def charts_of(turn: Turn, campaigns: set[int]) -> tuple[KeptFile, ...]:
    """Return the pictures that go with what was signed for campaigns; none where nobody can draw."""
    found = [campaign for campaign in ledger.running(turn.session) if campaign.id in campaigns]
    return tuple(picture for campaign in found for picture in _charted(turn, campaign)[1])


def _charted(turn: Turn, campaign: Campaign) -> tuple[Progress, tuple[KeptFile, ...]]:
    """Return the progress of a campaign's year, and its picture where it can be drawn and sent."""
    session, today = turn.session, ledger.local_day(turn.now, campaign.timezone)
    which = Which(LIVING, campaign=campaign.id)
    heaps = ledger.heaps(session, which)
    found = of_year(session, which, heaps, today.year, today, ZoneInfo(campaign.timezone))
    if not turn.abilities.files:
        return found, ()
    picture = turn.desk.draw(drawn(found, heaps, campaign.title, today.year, today, ledger.days(session, turn.now)))
    if picture is None:
        return found, ()
    return found, (KeptFile(turn.desk.archive.keep(picture), f"进度图{today:%Y-%m-%d}.png"),)
