"""A rehearsal: what would be sent, on a virtual clock."""

import sys
from datetime import datetime, time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.reading import Issued, Json, Year
from bot.cli.shell import a_day, a_year, app
from bot.memory import settle_down
from bot.terminal import Misuse, say_json
from db.words import PastChoice


@app.command()
def rehearse(
    file: Annotated[Path | None, typer.Argument(help="要推演的文件；不给则推演库中已有的专项行动")] = None,
    since: Annotated[str, typer.Option("--from", help="从哪天起")] = "",
    until: Annotated[str, typer.Option("--to", help="到哪天止（含）")] = "",
    year: Year = None,
    issued: Issued = None,
    answers: Annotated[Path | None, typer.Option(help="谁怎样答复的脚本（JSON）")] = None,
    past: Annotated[PastChoice, typer.Option(help="已过期限的怎么办")] = PastChoice.SUMMARY,
    as_json: Json = False,
) -> None:
    """推演：用真实的引擎、虚拟的时钟，列出会发出的每一条消息；什么都不会真的发出。"""
    from bot import settings
    from bot.tools.rehearsal import rehearse_document, rehearse_stored
    from bot.wiring import make_desk, open_store

    first, last = a_day(since, "--from"), a_day(until, "--to")
    if first is None or last is None or last < first:
        raise Misuse("请给出起止日期：--from 2022-03-01 --to 2022-12-31")
    settle_down()
    given = settings.load()
    desk = make_desk(given)
    zone = ZoneInfo(given.timezone)
    start, end = datetime.combine(first, time(9), zone), datetime.combine(last, time(23, 59), zone)
    progress = None if as_json or not sys.stderr.isatty() else _progress
    if file is not None:
        outcome = rehearse_document(
            file,
            desk,
            start,
            end,
            year=a_year(year),
            issued=a_day(issued, "--issued"),
            past=past,
            answers=answers,
            progress=progress,
        )
    else:
        outcome = rehearse_stored(open_store(given), desk, start, end, past=past, answers=answers, progress=progress)
    if as_json:
        for message in outcome.report.messages:
            say_json(message.as_json())
        return
    outcome.show()


def _progress(moment: datetime) -> None:
    sys.stderr.write(f"\r推演到 {moment:%Y-%m-%d} ")
    sys.stderr.flush()
