"""What notices say of a round: the room sees how it stands."""

from datetime import date

from sqlmodel import Session

from db.bodies import RoundTallyBody
from db.models import Campaign, Notice, Round
from jobs.desk import Desk
from jobs.notices.press import Verb, button
from jobs.notices.views import Extra, Found, RoundExtra
from jobs.ports import Button
from jobs.rounds.standing import Figures, figures, stands


def tally(session: Session, notice: Notice, _found: Found, _desk: Desk, _today: date) -> Extra:
    """Return how a round stands, and what a coordinator may do with it."""
    made = session.get_one(Round, notice.body_as(RoundTallyBody).round)
    numbers = figures(stands(session, made))
    is_over = made.closed_at is not None
    return RoundExtra(
        title=made.title,
        campaign=session.get_one(Campaign, made.campaign_id).title,
        scope=made.scope,
        due=made.due,
        n=numbers,
        closed_by=(made.closed_by or "") if is_over else "",
        buttons=_buttons(made, numbers),
        again=None if is_over else button(Verb.LOOK_AT_ROUND, made.id),
    )


def _buttons(made: Round, numbers: Figures) -> tuple[Button, ...]:
    if made.closed_at is not None:
        return (button(Verb.EXPORT_ROUND, made.id),)
    chase = () if numbers.is_complete else (button(Verb.CHASE_ROUND, made.id),)
    return (*chase, button(Verb.EXPORT_ROUND, made.id), button(Verb.CLOSE_ROUND, made.id))
