"""A published list comes in: imported, or compared with the campaign that it revises."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from sqlmodel import Session

from bot.cli.asked import As, acts_as, get_campaign
from bot.cli.reading import Issued, Json, Year
from bot.cli.shell import At, a_day, a_year, app
from bot.terminal import Failure, Misuse, progress, say, say_json
from db import ledger
from db.history import OPERATOR
from db.ledger import ending
from db.words import CampaignStatus

if TYPE_CHECKING:
    from bot.wiring import House
    from jobs.campaigns.comparison import Revision
    from jobs.campaigns.import_ import Imported
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
    from jobs.campaigns.import_ import import_document
    from jobs.campaigns.likeness import alike
    from jobs.reading.guard import read_guarded

    with progress("读取") as tell:
        document = read_guarded(file, a_year(year), a_day(issued, "--issued"), tell)
    house = build(at)
    content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if revises is None or apply:
        house.desk.archive.keep(content)  # before the row that names it; a crash between leaves a file too many
    if revises is not None:
        _revise(house, revises, document, file.name, digest, apply=apply, over=over, who=who, as_json=as_json)
        return
    if apply:
        raise Misuse("--apply 要和 --revise 编号 同用")

    def store(session: Session) -> tuple["Imported", tuple[int | None, str] | None]:
        like = alike(session, document)
        similar = (like.id, like.title) if like is not None and like.source_hash != digest else None
        done = import_document(
            session,
            document,
            name=file.name,
            sha256=digest,
            timezone=house.settings.timezone,
            today=ledger.local_day(house.now(), house.settings.timezone),
            now=house.now(),
            actor=OPERATOR,
            again=again,
        )
        return done, similar

    done, similar = house.store.settle(store)
    told: dict[str, Any] = {
        "campaign": done.campaign.id,
        "tasks": done.tasks,
        "uncertain": done.uncertain,
        "past": done.past,
        "year": done.campaign.reference_year,
        "year_doubt": done.campaign.year_doubt,
    }
    if as_json:
        alike_units = [{"unit": one.unit.name, "known": one.known.name, "score": one.score} for one in done.suggestions]
        told |= {"new": done.new, "problems": len(document.problems), "suggestions": alike_units}
        say_json(told | {"similar": similar[0] if similar and done.new else None})
        return
    number, year = done.campaign.id, done.campaign.reference_year
    if done.new:
        say(f"已导入专项行动 {number}：{done.campaign.title}")
    else:
        say(f"该文件已导入为专项行动 {number}（{done.campaign.status.zh}），未作改动。")
    problems = len(done.campaign.problems)
    say(f"{done.tasks} 项任务，{done.uncertain} 处期限待核对，{done.past} 处已过期限，{problems} 处未读懂。")
    if done.campaign.status is not CampaignStatus.DRAFT:
        return
    if done.campaign.year_doubt:
        say(
            f"注意：按 {year} 年读入，但{done.campaign.year_doubt}。换一年重读：duban import {file} --year {done.campaign.other_year} --again"
        )
    elif not done.new:
        say(
            f"换一年重读：duban import {file} --year {done.campaign.other_year or '年份'} --again；不要了：duban campaign discard {number}"
        )
    if similar and done.new:
        say(
            f"它与专项行动 {similar[0]}《{similar[1]}》多处相同；如是修订稿，请改用 duban import {file} --revise {similar[0]}"
        )
    for one in done.suggestions:
        say(f"“{one.unit.name}”可能就是“{one.known.name}”（{one.score}分）：duban unit same 或 different 确认。")
    say(f"下一步：duban rehearse {file} …… 推演，或 duban activate {done.campaign.id} 启动。")


def _revise(
    house: "House",
    number: int,
    document: "Document",
    name: str,
    digest: str,
    *,
    apply: bool,
    over: bool,
    who: str,
    as_json: bool,
) -> None:
    """Compare a revised list with a campaign and, if asked, bring the campaign up to date."""
    from jobs.campaigns.comparison import compare
    from jobs.campaigns.revision import revise

    def compared(session: Session) -> "Revision":
        campaign = get_campaign(session, number)
        if campaign.status is CampaignStatus.ENDED:
            raise Failure(ending.epitaph(session, campaign))
        if not apply:
            return compare(session, campaign, document, over=over)
        actor = acts_as(session, who, campaign)
        return revise(session, campaign, document, name=name, sha256=digest, actor=actor, now=house.now(), over=over)

    found = house.store.settle(compared)
    if as_json:
        changes = [change.as_json() for change in found.changes]
        told = {"campaign": number, "applied": apply, "unchanged": found.unchanged, "changes": changes}
        say_json(told | {"kept": list(found.kept)})
        return
    for change in found.changes:
        say(f"{change.kind} {change.number or '—'} {change.text[:40]}")
        for one in change.differences:
            say(f"　{one.field}：{one.before or '（无）'} → {one.after or '（无）'}")
    for kept in found.kept:
        say(f"保持 {kept}")
    counts = "、".join(f"{kind} {len(found.of(kind))} 项" for kind in ("新增", "变更", "删去"))
    say(f"{counts}，不变 {found.unchanged} 项。" + ("已更新。" if apply else "未作改动；更新请加 --apply。"))
