"""Campaigns: started, listed, ended, discarded."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.asked import get_campaign
from bot.cli.reading import Json
from bot.cli.shell import At, a_day, app
from bot.terminal import Misuse, say, say_json, table
from db import ledger
from db.history import OPERATOR
from db.ledger import ending
from db.words import EVERY, UNENDED, PastChoice


@app.command()
def activate(
    campaign: Annotated[int, typer.Argument(help="专项行动编号")],
    past: Annotated[PastChoice, typer.Option(help="已过期限的怎么办")] = PastChoice.SUMMARY,
    to: Annotated[str | None, typer.Option(help="--past redate 时的新期限")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="年份与文件不一致时：确认年份无误")] = False,
    as_json: Json = False,
    at: At = None,
) -> None:
    """启动专项行动：发出交办通知，开始按期提醒。"""
    from bot.wiring import build
    from jobs.campaigns.activation import activate as start

    house = build(at)
    new_due = a_day(to, "--to")
    done = house.store.settle(
        lambda session: start(
            session,
            house.desk,
            get_campaign(session, campaign),
            past,
            OPERATOR,
            house.now(),
            new_due,
            year_is_right=yes,
        )
    )
    if as_json:
        say_json(
            {
                "campaign": campaign,
                "assignments": done.assignments,
                "past": done.past,
                "messages": done.messages,
                "no_route": done.without_chat,
                "no_unit": list(done.without_unit),
                "no_day": list(done.without_day),
            }
        )
        return
    say(
        f"已启动：{done.tasks} 项任务，{done.assignments} 项交办{f'（定期的另排出以后 {done.periods} 期）' if done.periods else ''}，"
        f"{done.messages} 个会话将收到交办通知，{done.without_chat} 个单位尚未绑定会话。"
    )
    if done.past:
        say(f"{done.past} 项在启动前已逾期：{past.zh}。")
    lacking = (
        (done.without_unit, "没有单位，没有人收到：请用 duban edit {} --add 单位 补上"),
        (done.without_day, "没有期限，不会到期提醒：请用 duban edit {} --due 日期 定下"),
    )
    told = [f"{_some(codes)}{what.format(codes[0])}" for codes, what in lacking if codes]
    if told:
        say("；".join(told) + "。")


def _some(codes: Sequence[str]) -> str:
    """Return codes as they are called, of many the first few."""
    shown = "".join(f"〔{code}〕" for code in codes[:8])
    return shown if len(codes) <= 8 else f"{shown}等{len(codes)}项"


campaign_app = typer.Typer(help="专项行动：查看、结束、放弃、导出、删除个人信息。", no_args_is_help=True)

app.add_typer(campaign_app, name="campaign")


@campaign_app.command("list")
def campaign_list(
    everything: Annotated[bool, typer.Option("--all", help="含已结束和已放弃的")] = False, as_json: Json = False
) -> None:
    """列出专项行动：编号、名称、情况、任务数、未办结数。"""
    from bot.wiring import build

    house = build()
    with house.store.read() as session:
        found = ledger.overview(session, EVERY if everything else UNENDED)
    if as_json:
        say_json(
            [
                {
                    "campaign": one.campaign.id,
                    "title": one.campaign.title,
                    "letter": one.campaign.letter,
                    "status": str(one.campaign.status),
                    "year": one.campaign.reference_year,
                    "tasks": one.tasks,
                    "open": one.open,
                    "activated_at": ledger.local_iso(one.campaign.activated_at, one.campaign.timezone),
                }
                for one in found
            ]
        )
        return
    rows = [
        (
            one.campaign.id,
            one.campaign.letter,
            one.campaign.title,
            ending.standing(one.campaign),
            one.campaign.reference_year or "",
            one.tasks,
            one.open,
        )
        for one in found
    ]
    table(("编号", "字头", "名称", "情况", "年份", "任务", "未办结"), rows)


@campaign_app.command("end")
def campaign_end(
    campaign: Annotated[int, typer.Argument(help="专项行动编号")],
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接结束")] = False,
    as_json: Json = False,
    at: At = None,
) -> None:
    """结束专项行动：不再提醒、催办，待发的通知撤回；不能恢复。"""
    from bot.wiring import build

    house = build(at)
    if not yes:
        with house.store.read() as session:
            found = get_campaign(session, campaign)
            left = ending.left_by(session, found)
        say(f"《{found.title}》{_left(left)}，待发通知 {left.waiting} 条将撤回。")
        if not sys.stdin.isatty():
            raise Misuse("确认请加 --yes")
        typer.confirm("结束？结束后不能恢复。", abort=True)
    left = house.store.settle(
        lambda session: ending.end(session, get_campaign(session, campaign), OPERATOR, house.now())
    )
    if as_json:
        say_json(
            {
                "campaign": campaign,
                "open": left.open,
                "reported": left.reported,
                "withdrawn": left.waiting,
                "requests": left.requests,
                "drafts": {str(kind): number for kind, number in left.drafts},
            }
        )
    else:
        say(f"已结束专项行动 {campaign}：{_left(left)}；不再提醒。")


def _left(left: ending.Left) -> str:
    unsigned = f"，待签发的{left.unsigned}不会发出" if left.unsigned else ""
    return f"未办结 {left.open} 项，已报待核 {left.reported} 项，待批延期 {left.requests} 项{unsigned}"


@campaign_app.command("discard")
def campaign_discard(
    campaign: Annotated[int, typer.Argument(help="专项行动编号")], as_json: Json = False, at: At = None
) -> None:
    """放弃一份待启动的专项行动；同一文件可以重新导入。"""
    from bot.wiring import build

    house = build(at)
    house.store.settle(lambda session: ending.discard(session, get_campaign(session, campaign), OPERATOR, house.now()))
    say_json({"campaign": campaign}) if as_json else say(f"已放弃专项行动 {campaign}，同一文件可以重新导入。")


@campaign_app.command("forget")
def campaign_forget(
    campaign: Annotated[int, typer.Argument(help="专项行动编号")],
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接删除")] = False,
    as_json: Json = False,
    at: At = None,
) -> None:
    """删除已结束专项中的个人信息：姓名、来往文字、佐证文件；台账、记录和发文保留，链条仍可核验。不能恢复。"""
    from bot.wiring import build
    from jobs import retention, strays

    house = build(at)
    with house.store.read() as session:
        title = get_campaign(session, campaign).title
    if not yes:
        say(f"将删除《{title}》记录中的姓名和文字、来往消息的内容、佐证文件；需要留存的请先 duban campaign export。")
        if not sys.stdin.isatty():
            raise Misuse("确认请加 --yes")
        typer.confirm("删除？删除后不能恢复。", abort=True)
    taken = house.store.settle(
        lambda session: retention.take(session, get_campaign(session, campaign), OPERATOR, house.now())
    )
    with house.store.write() as session:
        retention.sweep(session, house.desk.archive)
    swept = strays.sweep(house.store, house.desk.archive, house.now())
    if as_json:
        say_json(
            {
                "campaign": campaign,
                "entries": taken.entries,
                "messages": taken.messages,
                "files": taken.files,
                "strays": swept,
            }
        )
    else:
        say(f"已删除{taken.told()}{f'，另有{swept}个不再使用的文件' if swept else ''}。")


@campaign_app.command("export")
def campaign_export(
    campaign: Annotated[int, typer.Argument(help="专项行动编号")],
    out: Annotated[Path, typer.Option("--out", help="写到哪个 .zip 文件")],
    at: At = None,
) -> None:
    """导出一个专项行动的全部内容：JSON、台账.xlsx、原文件和佐证，装成一个 .zip。"""
    from bot.wiring import build
    from jobs.printed import bundle

    house = build(at)
    if out.exists():
        raise Misuse(f"{out} 已存在；请换一个文件名")
    with house.store.snapshot() as session:
        found = get_campaign(session, campaign)
        missing = bundle.write(session, house.desk.archive, found, house.now(), out)
        title = found.title
    say(f"已导出《{title}》：{out}")
    for line in missing:
        say(f"　缺：{line}")
