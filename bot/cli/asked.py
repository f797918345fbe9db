"""What several commands are asked for: which campaign, and who acts."""

import getpass
from typing import Annotated

import typer
from sqlmodel import Session, col, select

from bot.terminal import Failure, Misuse
from db import register
from db.history import OPERATOR, Actor
from db.models import Campaign
from db.register import Held
from db.words import UNENDED, CampaignStatus, Rank

As = Annotated[str, typer.Option("--as", help="由谁办理：登记的协调员或领导的姓名")]


def get_campaign(session: Session, number: int) -> Campaign:
    """Return a campaign or fail in one line."""
    campaign = session.get(Campaign, number)
    if campaign is None:
        raise Failure(f"没有编号为 {number} 的专项行动；已有的见 duban campaign list")
    return campaign


def one_campaign(session: Session, number: int | None) -> Campaign:
    """Return the campaign that is named, or the only one that has not ended; fail where that is not one."""
    if number is not None:
        return get_campaign(session, number)
    found = list(session.exec(select(Campaign).where(col(Campaign.status).in_(UNENDED))))
    if len(found) != 1:
        raise Misuse("请用 --campaign 写明哪个专项行动；已有的见 duban campaign list")
    return found[0]


def acts_as(session: Session, who: str, campaign: Campaign) -> Actor:
    """Return as whom a command acts: the registered coordinator or leader of that name, without one of the name that
    this machine knows its user by. What is still a draft reaches nobody, and may be changed by the program's operator.
    """
    known = _registered(session, who or getpass.getuser())
    if known is not None:
        return known
    if who:
        return named(session, who)
    if campaign.status is CampaignStatus.DRAFT:
        return OPERATOR
    raise Failure("专项行动已启动，更正会通知各单位；请用 --as 写明由谁更正（登记的协调员或领导）")


def named(session: Session, who: str) -> Actor:
    """Return the registered coordinator or leader of that name, or fail in one line."""
    known = _registered(session, who)
    if known is None:
        raise Failure(f"没有登记的协调员或领导“{who}”；登记的见 duban contact list")
    return known


def _registered(session: Session, name: str) -> Actor | None:
    for person in register.people_named(session, name):
        if register.ranks(session, person) & {Held(Rank.COORDINATOR), Held(Rank.LEADER)}:
            return Actor(person.name, person.id)
    return None
