"""Whom a sentence that opens a round names; a name that no unit has is told, so that nobody else is asked."""

from sqlmodel import Session

from db.words import Refusal
from jobs.audiences import like_a_name, listed
from jobs.rounds.asked import Asked, is_scope


class WhomRefused(Refusal):
    """A name that no unit has; nobody is asked."""


def whom(session: Session, said: Asked) -> list[int]:
    """Return the units that a sentence names to be asked, none where it asks a scope; raise ``WhomRefused`` for a name that no
    unit has.
    """
    for who in (said.who, said.asks):
        units, rest, unknown = listed(session, who, joined=True)
        if units and all(
            is_scope(unit.name) for unit in units
        ):  # a list that names 各单位 alone entered that as a unit
            continue
        if unknown or (who and who == said.who and not units and not is_scope(who)):
            raise WhomRefused(
                f"没有找到单位“{unknown or rest}”；请写单位全称，或：发黄灯以上单位、发红灯单位、发各单位。"
            )
        if units:
            return [unit.id for unit in units]
        if who and not is_scope(who) and like_a_name(who):
            raise WhomRefused(f"没有找到单位“{like_a_name(who)}”；请写单位全称，例如：……，发市应急管理局。")
    return []
