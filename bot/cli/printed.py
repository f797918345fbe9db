"""What the office hands on in print: a paper as .docx, the deadlines of a unit as a calendar."""

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.asked import get_campaign, one_campaign
from bot.cli.reading import Json
from bot.cli.shell import At, app
from bot.terminal import Failure, Misuse, say, say_json
from bot.wiring import House
from db import ledger, register
from db.ledger import Which
from db.models import Paper
from db.words import EVERY, UNENDED
from jobs.printed import contents
from jobs.printed.calendars import calendar
from jobs.printed.official import official
from jobs.printed.written import Written

Campaigns = Annotated[int | None, typer.Option(help="哪个专项行动；只有一个时不用写")]
OfUnit = Annotated[str, typer.Option("--unit", help="哪个单位")]

KINDS = "文稿编号，或 督办单（加 --unit）、一页纸、销号单（加 --item，必要时加 --unit）"


@app.command()
def paper(
    what: Annotated[str, typer.Argument(help=KINDS)],
    out: Annotated[Path | None, typer.Option(help="写到哪个 .docx 文件")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="列出每个数字数的是哪些编号")] = False,
    unit: OfUnit = "",
    item: Annotated[str, typer.Option(help="销号单：哪一项，例如 A-7")] = "",
    campaign: Campaigns = None,
    as_json: Json = False,
    at: At = None,
) -> None:
    """印发：通报、约谈通知、督办单、一页纸、销号单，按公文格式写成 .docx。"""
    from bot.wiring import build

    if out is None and not explain:
        raise Misuse("请用 --out 写明写到哪个 .docx 文件，或用 --explain 看数字的来历")
    if out is not None and out.suffix.lower() != ".docx":
        raise Misuse(f"文稿写成 .docx，不是“{out.name}”")
    house = build(at)
    with house.store.read() as session:
        written = _written(session, house, what, unit, item, campaign)
    if out is not None:
        out.write_bytes(official(written, house.desk.letterhead))
    if as_json:
        told = [{"figure": name, "count": len(codes), "codes": codes} for name, codes in written.explained()]
        say_json({"title": written.title, "number": written.number, "file": str(out or ""), "figures": told})
        return
    if out is not None:
        say(f"已写出 {out}：{written.title}{'（待签发）' if written.draft else ''}")
    if explain:
        for name, codes in written.explained():
            say(f"{name} {len(codes)}：{'、'.join(codes) or '无'}")


@app.command(name="calendar")
def make_calendar(
    out: Annotated[Path, typer.Option(help="写到哪个 .ics 文件")],
    unit: OfUnit = "",
    campaign: Campaigns = None,
    at: At = None,
) -> None:
    """日历：把一个单位（不写则全部）的期限写成 .ics，手机和办公软件都能打开。"""
    from bot.wiring import build

    if out.suffix.lower() != ".ics":
        raise Misuse(f"日历写成 .ics，不是“{out.name}”")
    house = build(at)
    with house.store.read() as session:
        whose = register.get_unit(session, unit) if unit else None
        if campaign is not None:
            get_campaign(session, campaign)
        units = None if whose is None else [whose.id]
        lines = ledger.lines(session, Which(UNENDED if campaign is None else EVERY, campaign=campaign, units=units))
        made = calendar(lines, f"{whose.name if whose else '全部单位'} · 督办期限", house.now())
    out.write_bytes(made)
    say(f"已写出 {out}：{made.count(b'BEGIN:VEVENT')} 个期限。")


def _written(session: Session, house: House, what: str, unit: str, item: str, number: int | None) -> Written:
    if what.isdecimal():
        found = session.get(Paper, int(what))
        if found is None:
            raise Failure(f"没有文稿 {what}；待签发的见 duban bulletin")
        return contents.of_paper(session, house.desk, found, house.now())
    if what == "督办单":
        if not unit:
            raise Misuse("督办单须用 --unit 写明单位")
        whose = register.get_unit(session, unit)
        return contents.supervision(session, house.desk, whose, one_campaign(session, number), house.now())
    if what == "一页纸":
        return contents.page(session, one_campaign(session, number), house.now())
    if what == "销号单":
        return contents.closure(session, _item(session, item, unit))
    raise Misuse(f"没有“{what}”这种文稿；可写：{KINDS}")


def _item(session: Session, code: str, unit: str) -> ledger.Line:
    if not code:
        raise Misuse("销号单须用 --item 写明哪一项，例如 A-7")
    units = [register.get_unit(session, unit).id] if unit else None
    called = [spelling for spellings in ledger.spelt([code]) for spelling in spellings]
    found = ledger.lines(session, Which(EVERY, codes=called, units=units))
    if not found:
        raise Failure(f"没有〔{code}〕这一项；已有的见 duban ledger")
    if len(found) > 1:
        named = "、".join(dict.fromkeys(f"{line.code} {line.unit.name}" for line in found[:6]))
        raise Misuse(f"〔{code}〕有{len(found)}条：{named}；请写全编号，并用 --unit 写明单位")
    return found[0]
