"""抽查: closed assignments drawn by a seed that is recorded; how the last draw stands."""

from typing import TYPE_CHECKING, Annotated

import typer
from sqlmodel import Session

from bot.cli.asked import As, acts_as, one_campaign
from bot.cli.reading import Json
from bot.cli.shell import At, app
from bot.terminal import Misuse, say, say_json
from db.ledger import Line
from db.models import SpotCheck, SpotCheckItem
from db.stored import Json as Row
from jobs.verification import spot_checks
from jobs.verification.spot_checks import Share

if TYPE_CHECKING:
    from bot.wiring import House


@app.command()
def spotcheck(
    share: Annotated[str | None, typer.Argument(help="抽多少：10% 或 5项；不写则看最近一次抽查")] = None,
    seed: Annotated[str, typer.Option(help="种子；不写则随机，并记入记录。同一清单、同一种子抽中的相同")] = "",
    campaign: Annotated[int | None, typer.Option(help="哪个专项行动；只有一个时不用写")] = None,
    who: As = "",
    as_json: Json = False,
    at: At = None,
) -> None:
    """抽查：从已销号的里随机抽取，告知单位；属实、不属实在协调室判定。"""
    from bot.wiring import build

    wanted = Share.read(share) if share is not None else None
    if share is not None and wanted is None:
        raise Misuse(f"不认识“{share}”：请写 10% 或 5项")
    house = build(at)
    check, items = _drawn(house, wanted, campaign, who, seed) if wanted is not None else _latest(house, campaign)
    if as_json:
        say_json(_as_json(check, items) if check is not None else None)
    elif check is None:
        say("还没有抽查过；例如：duban spotcheck 10%")
    else:
        say(f"抽查 {check.id}：已销号 {check.pool} 项中抽{check.share}，抽中 {len(items)} 项（种子 {check.seed}）")
        for item, line in items:
            say(f"  {_STANDS[item.holds]} 〔{line.code}〕{line.unit.name}")


_STANDS = {None: "待核对", True: "属实　", False: "不属实"}

Items = list[tuple[SpotCheckItem, Line]]


def _drawn(house: "House", share: Share, number: int | None, who: str, seed: str) -> tuple[SpotCheck, Items]:
    now = house.now()

    def drawn(session: Session) -> tuple[SpotCheck, Items]:
        found = one_campaign(session, number)
        made, _lines = spot_checks.begin(session, found, share, acts_as(session, who, found), now, seed)
        items = spot_checks.items(session, made)
        session.refresh(made)
        return made, items

    return house.store.settle(drawn)


def _latest(house: "House", number: int | None) -> tuple[SpotCheck | None, Items]:
    with house.store.read() as session:
        found = spot_checks.latest(session, one_campaign(session, number).id)
        return found, spot_checks.items(session, found) if found is not None else []


def _as_json(check: SpotCheck, items: Items) -> Row:
    return {
        "check": check.id,
        "campaign": check.campaign_id,
        "share": check.share,
        "seed": check.seed,
        "pool": check.pool,
        "drawn": [
            {
                "assignment": line.assignment.id,
                "milestone": line.code,
                "unit": line.unit.name,
                "holds": item.holds,
            }
            for item, line in items
        ],
    }
