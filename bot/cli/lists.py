"""A published list comes in: imported, or compared with the campaign that it revises."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from sqlmodel import Session

from bot.cli.asked import As, acts_as, get_campaign
from bot.cli.reading import Issued, Json, Year
from bot.cli.shell import At, a_day, a_year, app
from bot.terminal import Failure, Misuse, progress, say, say_json
from db.history import OPERATOR
from db.ledger import ending
from db.models import Campaign
from db.words import CampaignStatus

if TYPE_CHECKING:
    from bot.wiring import House
    from jobs.campaigns.comparison import Revision
    from jobs.campaigns.import_ import Imported
    from jobs.campaigns.lists import ListFile
    from jobs.reading.document import Document


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="任务清单或方案")],
    year: Year = None,
    issued: Issued = None,
    revises: Annotated[int | None, typer.Option("--revise", help="这是该专项行动的修订稿：列出增、改、删")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="与 --revise 同用：按修订稿更新")] = False,
    again: Annotated[bool, typer.Option("--again", help="重读同一文件（如换了 --year），代替待启动的那份")] = False,
    over: Annotated[bool, typer.Option("--over", help="与 --apply 同用：协调员更正过的也以修订稿为准")] = False,
    who: As = "",
    as_json: Json = False,
    at: At = None,
) -> None:
    """导入文件为待启动的专项行动；同一文件导入两次不会重复。修订稿用 --revise 比较，--apply 更新。"""
    from bot.wiring import build
    from jobs.campaigns import lists
    from jobs.reading.guard import read_guarded

    if apply and revises is None:
        raise Misuse("--apply 要和 --revise 编号 同用")
    with progress("读取") as tell:
        document = read_guarded(file, a_year(year), a_day(issued, "--issued"), tell)
    house = build(at)
    if revises is None:
        listed = lists.keep(house.desk.archive, file, document)
        done = house.store.settle(
            lambda session: lists.bring_in(session, house.desk, listed, OPERATOR, house.now(), again=again)
        )
        say_json(_as_json(done, len(document.left_over))) if as_json else _say_imported(done, file)
    elif apply:
        _say_revision(
            revises, _apply(house, revises, lists.keep(house.desk.archive, file, document), who, over), as_json
        )
    else:
        _say_revision(revises, _compare(house, revises, document, over), as_json, applied=False)


def _as_json(done: "Imported", problems: int) -> dict[str, Any]:
    units = [{"unit": one.unit.name, "known": one.known.name, "score": one.score} for one in done.suggestions]
    return {
        "campaign": done.campaign.id,
        "tasks": done.tasks,
        "uncertain": done.uncertain,
        "past": done.past,
        "year": done.campaign.reference_year,
        "year_doubt": done.campaign.year_doubt,
        "new": done.new,
        "problems": problems,
        "edits": list(done.edits),
        "suggestions": units,
        "similar": done.like.id if done.like is not None else None,
    }


def _say_imported(done: "Imported", file: Path) -> None:
    from jobs.campaigns.lists import SHOWN, unread

    campaign, number = done.campaign, done.campaign.id
    if done.new:
        say(f"已导入专项行动 {number}：{campaign.title}")
    else:
        say(f"该文件已导入为专项行动 {number}（{campaign.status.zh}），未作改动。")
    left = list(unread(campaign))
    say(f"{done.tasks} 项任务，{done.uncertain} 处期限待核对，{done.past} 处已过期限，{len(left)} 处未读懂。")
    for told in left[:SHOWN]:
        say(f"　{told}")
    if len(left) > SHOWN:
        say(f"　……逐处见 duban read {file}")
    if campaign.status is not CampaignStatus.DRAFT:
        return
    if done.edits:
        say(f"核对表改了 {len(done.edits)} 处：")
        for edit in done.edits:
            say(f"　{edit}")
    other = done.other_year or ("年份" if campaign.reference_year is None else None)
    again = f"换一年重读：duban import {file} --year {other} --again；" if other is not None else ""
    if campaign.year_doubt:
        say(f"注意：按 {campaign.reference_year} 年读入，但{campaign.year_doubt}。{again.rstrip('；')}")
    elif not done.new:
        say(f"{again}不要了：duban campaign discard {number}")
    if done.like is not None:
        like = done.like
        say(
            f"它与专项行动 {like.id}《{like.title}》多处相同；如是修订稿，请改用 duban import {file} --revise {like.id}"
        )
    for one in done.suggestions:
        say(f"“{one.unit.name}”可能就是“{one.known.name}”（{one.score}分）：duban unit same 或 different 确认。")
    say(f"下一步：duban rehearse {file} …… 推演，或 duban activate {number} 启动。")


def _compare(house: "House", number: int, document: "Document", over: bool) -> "Revision":
    from jobs.campaigns.comparison import compare

    with house.store.read() as session:
        return compare(session, _not_over(session, number), document, over=over)


def _apply(house: "House", number: int, listed: "ListFile", who: str, over: bool) -> "Revision":
    from jobs.campaigns.revision import revise

    def revised(session: Session) -> "Revision":
        campaign = _not_over(session, number)
        return revise(session, campaign, listed, acts_as(session, who, campaign), house.now(), over=over)

    return house.store.settle(revised)


def _not_over(session: Session, number: int) -> Campaign:
    campaign = get_campaign(session, number)
    if campaign.status is CampaignStatus.ENDED:
        raise Failure(ending.epitaph(session, campaign))
    return campaign


def _say_revision(number: int, found: "Revision", as_json: bool, *, applied: bool = True) -> None:
    if as_json:
        changes = [change.as_json() for change in found.changes]
        told = {"campaign": number, "applied": applied, "unchanged": found.unchanged, "changes": changes}
        say_json(told | {"kept": list(found.kept)})
        return
    for change in found.changes:
        say(f"{change.kind} {change.named} {change.text[:40]}")
        for one in change.differences:
            say(f"　{one.field}：{one.before or '（无）'} → {one.after or '（无）'}")
    for kept in found.kept:
        say(f"保持 {kept}")
    counts = "、".join(f"{kind} {len(found.of(kind))} 项" for kind in ("新增", "变更", "删去"))
    say(f"{counts}，不变 {found.unchanged} 项。" + ("已更新。" if applied else "未作改动；更新请加 --apply。"))
